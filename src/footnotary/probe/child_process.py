"""Running a child process to its end or its time limit, with all that it started."""

import os
import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from footnotary.errors import ProjectError

MAX_OUTPUT_BYTES = 20_000
TOO_LONG = "it was not imported within"
_GROUPS = Path("/sys/fs/cgroup")
_OF_THIS_PROCESS = Path("/proc/self/cgroup")


def run_child(
    command: Sequence[str], folder: Path, environment: Mapping[str, str], timeout: float
) -> tuple[str, str]:
    """Run a child in a process group of its own, to its end or the time limit.

    Returns:
        The end of what it printed, and why it ended early ("" if it did not).

    Raises:
        ProjectError: The interpreter cannot be started.
    """
    try:
        child = subprocess.Popen(  # noqa: S603  the command is ours, the interpreter the user's
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except OSError as error:
        raise ProjectError(
            f"{command[0]} cannot be started: {error.strerror or error}.",
            hint="Give --python the path of the python in the project's environment.",
        ) from None
    output = bytearray()
    reader = threading.Thread(target=_keep_end, args=(child.stdout, output), daemon=True)
    reader.start()
    ended = ""
    try:
        child.wait(timeout=timeout)
    except subprocess.TimeoutExpired:
        ended = f"{TOO_LONG} {timeout:g} seconds"
    finally:
        _kill_group(child)
    reader.join(timeout=2)  # what the child left running may hold the pipe
    return bytes(output).decode("utf-8", "replace"), ended or _ending(child.returncode)


def _keep_end(stream: Any, output: bytearray) -> None:
    """Read all that is printed, and keep the end of it."""
    with stream:
        while block := stream.read1(65536):
            output += block
            del output[:-MAX_OUTPUT_BYTES]


def _ending(code: int) -> str:
    """Say how a child ended by itself."""
    if code >= 0:
        return f"it ended the process with {code} while it was imported" if code else ""
    if -code == signal.SIGXCPU:
        return "it took more CPU time than an import may"
    known = {one.value: one.name for one in signal.Signals}
    name = known.get(-code, f"signal {-code}")
    return f"it crashed the interpreter ({name}) while it was imported"


def _kill_group(child: subprocess.Popen[bytes]) -> None:
    """End the child and whatever it started."""
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        child.kill()
    child.wait()


def read_memory(membership: Path = _OF_THIS_PROCESS, groups: Path = _GROUPS) -> int:
    """Return the bytes of memory that may be filled before something has to end.

    The smallest of what the machine has and of what its control groups allow, ours and those
    above it (Linux: man 7 cgroups; the first version's and the second's files).
    """
    machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return min([machine, *_group_limits(membership, groups)])


def _group_limits(membership: Path, groups: Path) -> Iterator[int]:
    """Yield the limits of the control groups that a process belongs to."""
    try:
        lines = membership.read_text(encoding="utf-8").splitlines()
    except OSError:
        return
    for line in lines:
        _, controllers, path = line.split(":", 2)
        base, name = groups, "memory.max"
        if controllers:
            if "memory" not in controllers.split(","):
                continue
            base, name = groups / "memory", "memory.limit_in_bytes"
        folder = base / path.lstrip("/")
        for one in (folder, *folder.parents):
            if one.is_relative_to(base):
                yield from _limit(one / name)


def _limit(file: Path) -> Iterator[int]:
    """Yield the number in a file; nothing where there is none, or no limit."""
    try:
        text = file.read_text(encoding="utf-8").strip()
    except OSError:
        return
    if text.isdecimal():
        yield int(text)
