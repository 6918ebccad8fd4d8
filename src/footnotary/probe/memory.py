"""How much memory this machine, or the container we run in, has."""

import os
from collections.abc import Iterator
from pathlib import Path

_GROUPS = Path("/sys/fs/cgroup")
_OF_THIS_PROCESS = Path("/proc/self/cgroup")


def read_memory(membership: Path = _OF_THIS_PROCESS, groups: Path = _GROUPS) -> int:
    """Return the bytes of memory that may be filled before something has to end.

    The smallest of what the machine has and of what its control groups allow, ours and those
    above it (Linux: man 7 cgroups; the first version's and the second's files).

    Args:
        membership: The file that names the control groups of this process.
        groups: Where they are mounted.
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
