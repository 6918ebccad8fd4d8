"""A cross-check by Docker itself, where it is installed: does it see the same services?

Never a need: without Docker, or where it refuses the stack, there is nothing to say. Its
messages may quote values and are not repeated.
"""

import shutil
import subprocess
from pathlib import Path

from footnotary.facts.stack import Stack

TIMEOUT = 20.0


def differences(root: Path, stack: Stack) -> str:
    """Compare a stack with `docker compose config`.

    Args:
        root: The project's root.
        stack: A stack that was read.

    Returns:
        One sentence where Docker names other services; empty where it agrees or cannot say.
    """
    docker = shutil.which("docker")
    if docker is None or stack.error or stack.missing:
        return ""
    files = [word for name in stack.files for word in ("-f", name)]
    words = [docker, "compose", *files, "--profile", "*", "config", "--no-interpolate"]
    try:
        done = subprocess.run(  # noqa: S603  fixed words and the project's own file names
            [*words, "--services"],
            cwd=root,
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
            timeout=TIMEOUT,
        )
    except (OSError, subprocess.TimeoutExpired, UnicodeDecodeError):
        return ""
    if done.returncode:
        return ""
    theirs, ours = set(done.stdout.split()), {service.name for service in stack.services}
    if theirs == ours:
        return ""
    return (
        f"docker compose config sees {len(theirs)} services in {stack.name},"
        f" this document {len(ours)}: trust Docker, and report the difference."
    )
