"""A cross-check by Docker itself, where it is installed: does it see the same services?

Never a need: without Docker, or where it refuses the stack, there is nothing to say. Its
messages may quote values and are not repeated.
"""

import shutil
import subprocess
from functools import cache
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
    if stack.error or stack.missing or stack.refused or not docker or not _has_compose(docker):
        return ""
    files = [word for name in stack.files for word in ("-f", name)]
    words = ["compose", *files, "--profile", "*", "config", "--no-interpolate", "--services"]
    answer = _run(docker, words, root)
    if answer is None:
        return ""
    theirs, ours = set(answer.split()), {service.name for service in stack.services}
    if theirs == ours:
        return ""
    return (
        f"docker compose config sees {len(theirs)} services in {stack.name},"
        f" this document {len(ours)}: trust Docker, and report the difference."
    )


@cache
def _has_compose(docker: str) -> bool:
    """Tell whether Docker's command has the compose plugin; asked once, not for each stack."""
    return _run(docker, ["compose", "version"], Path.cwd()) is not None


def _run(docker: str, words: list[str], folder: Path) -> str | None:
    """Return what a command of Docker prints; None where it fails."""
    try:
        done = subprocess.run(  # noqa: S603  fixed words and the project's own file names
            [docker, *words],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
            timeout=TIMEOUT,
        )
    except (OSError, subprocess.TimeoutExpired, UnicodeDecodeError):
        return None
    return None if done.returncode else done.stdout
