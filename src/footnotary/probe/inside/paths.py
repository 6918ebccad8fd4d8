"""Where a path leads, by the system's own calls, whatever an application has put in their place."""

from __future__ import annotations

import os
import stat as modes
from collections.abc import Callable
from posix import getcwd, readlink, stat
from typing import Any

_LINKS = 40  # as many as Linux follows
_DESCRIPTOR_PATH = 1024  # bytes, macOS


def link_target(path: str) -> str | None:
    """Return where a symbolic link points; None where there is no link."""
    try:
        return readlink(path)
    except (OSError, ValueError):
        return None


def resolve(
    path: str,
    *,
    follow: bool = True,
    link: Callable[[str], str | None] = link_target,
) -> str:
    """Return an absolute path without links, `.` and `..`; what does not exist counts as it is.

    Args:
        path: A path.
        follow: Whether the last part is followed if it is a link.
        link: What tells where a link points.
    """
    waiting = _parts(path if path.startswith("/") else getcwd() + "/" + path)
    done: list[str] = []
    links = 0
    while waiting:
        name = waiting.pop()
        if name == "..":
            del done[-1:]
            continue
        done.append(name)
        target = link("/" + "/".join(done)) if waiting or follow else None
        if target is not None and links < _LINKS:
            links += 1
            done = [] if target.startswith("/") else done[:-1]
            waiting += _parts(target)
    return "/" + "/".join(done)


def _parts(path: str) -> list[str]:
    """Return the parts of a path, the last first."""
    return [one for one in reversed(path.split("/")) if one not in ("", ".")]


def is_directory(path: str) -> bool:
    """Tell whether there is a folder."""
    try:
        return modes.S_ISDIR(stat(path).st_mode)
    except (OSError, ValueError):
        return False


def is_regular_file(path: str) -> bool:
    """Tell whether there is a file."""
    try:
        return modes.S_ISREG(stat(path).st_mode)
    except (OSError, ValueError):
        return False


def is_below(path: str, folder: str) -> bool:
    """Tell whether a path is a folder or lies in it; both without links."""
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def of_descriptor(number: int) -> str:
    """Return the path of an open file; an empty one where it has none (any more)."""
    try:
        if is_directory("/proc/self/fd"):
            path = readlink(f"/proc/self/fd/{number}")
            return "" if path.endswith(" (deleted)") or not path.startswith("/") else path
        import fcntl

        told = fcntl.fcntl(number, 50, b"\0" * _DESCRIPTOR_PATH)  # F_GETPATH, macOS
        return os.fsdecode(told.rstrip(b"\0"))
    except (OSError, ValueError, TypeError):
        return ""


def name_path(path: Any, folder: Any = None) -> str:
    """Return a path argument as text: of an open file its path, below an open folder the whole.

    Args:
        path: What a function of `os` was given.
        folder: Its `dir_fd`.
    """
    if isinstance(path, int):
        return of_descriptor(path)
    text = os.fsdecode(path)
    if isinstance(folder, int) and folder >= 0 and not text.startswith("/"):
        return of_descriptor(folder) + "/" + text
    return text
