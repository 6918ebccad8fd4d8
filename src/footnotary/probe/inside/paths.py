"""Where a path leads, by the system's own calls, and which files a connection of SQLite writes."""

from __future__ import annotations

import os
import stat as modes
from collections.abc import Callable
from posix import getcwd, readlink, stat
from typing import Any
from urllib.parse import parse_qs, quote, unquote

_LINKS = 40  # as many as Linux follows
_DESCRIPTOR_PATH = 1024  # bytes, macOS
_MEMORY = (":memory:", "")


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


def written_files(database: Any) -> list[str]:
    """Return the files that may be written when a database is connected to.

    A name that begins with `file:` is taken for a URI (https://sqlite.org/uri.html): where it is
    none, because neither the call nor the library says so, it names a file in the same folder.

    Args:
        database: The first argument of `sqlite3.connect`.
    """
    try:
        name = os.fsdecode(database)
    except TypeError:
        return []
    if not name.startswith("file:"):
        return [] if name in _MEMORY else [name]
    path, query = parted(name)
    mode = query.get("mode", [""])[-1]
    if mode in ("memory", "ro") or path in _MEMORY:
        return []
    return [path]


def parted(uri: str) -> tuple[str, dict[str, list[str]]]:
    """Return the path of a database's URI, and its query."""
    whole, _, query = uri.partition("#")[0].partition("?")
    path = whole[len("file:") :]
    if path.startswith("//"):
        path = "/" + path[2:].partition("/")[2]
    return unquote(path), parse_qs(query, keep_blank_values=True)


def elsewhere(database: Any, path: str, *, uri: bool, read_only: bool = False) -> tuple[str, bool]:
    """Return the name of a database at another path, and whether it is a URI."""
    if not uri and not read_only:
        return path, False
    _, query = parted(os.fsdecode(database)) if uri else ("", {})
    if read_only:
        query["mode"] = ["ro"]
    words = "&".join(f"{quote(name)}={quote(value[-1])}" for name, value in query.items())
    return "file:" + quote(path) + ("?" + words if words else ""), True


def is_uri(database: Any, *, uri: bool) -> bool:
    """Tell whether a database's name is a URI: some libraries take every `file:` for one."""
    if not os.fsdecode(database).startswith("file:"):
        return False
    if uri:
        return True
    import sqlite3

    with_options = sqlite3.Connection(":memory:")
    options = [one for (one,) in with_options.execute("PRAGMA compile_options")]
    with_options.close()
    return any(one.startswith("USE_URI") and not one.endswith("=0") for one in options)
