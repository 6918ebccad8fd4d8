"""Where a path leads, by the system's own calls; which files SQLite writes, which programs tell."""

from __future__ import annotations

import os
import stat as modes
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from posix import access, getcwd, readlink, stat
from typing import Any
from urllib.parse import parse_qs, quote, unquote

# By program, with the arguments that they may have: what `platform` asks.
_TELLING = {"uname": ("-a", "-m", "-n", "-o", "-p", "-r", "-s", "-v"), "file": ("-b",)}
_VERSION = (["version"], ["--version"])
_TRACKER = "from multiprocessing.resource_tracker import main;main("
# What makes a program run code that is not its own.
_LOADING = ("LD_", "DYLD_")


def may_start(  # noqa: PLR0913  what subprocess is told, and two of ours
    program: Any,
    words: Any,
    environment: Any,
    folder: Any,
    *,
    root: str,
    seen: Callable[[str], str] = str,
) -> bool:
    """Tell whether a program of the system's is asked what it is, and nothing else.

    It must lie in a folder that PATH named at the start, and outside the project: where an import
    may write, it could have put the program itself.

    Args:
        program: What is executed: a path, a name to be found on PATH, or paths of which the
            first that is there counts.
        words: The arguments, the program's name first.
        environment: Its variables; None for ours.
        folder: Where it is started; None for here.
        root: The project's folder, without links.
        seen: Tells the path behind which the import finds a name.
    """
    if isinstance(words, (str, bytes)) or not words:
        return False
    told = [os.fsdecode(one) for one in words]
    variables = _named(os.environ if environment is None else environment)
    if any(name.startswith(_LOADING) and value != _AT_START.get(name)
           for name, value in variables.items()):  # fmt: skip
        return False
    candidates = _candidates(program, variables.get("PATH"))
    found = _found(candidates, os.fsdecode(folder or "."), seen)
    if found is None:
        return True  # starting it fails by itself
    if found == sys.executable and told[-2:-1] == ["-c"] and told[-1].startswith(_TRACKER):
        return True  # it keeps count of what processes share
    folder, resolved = os.path.dirname(found), resolve(found)
    if resolve(folder) not in _on_path() or any(
        is_below(one, root) for one in (found, folder, resolved)
    ):
        return False
    allowed = _TELLING.get(os.path.basename(found), ())
    return told[1:] in _VERSION or (allowed != () and _all_told(told[1:], allowed))


def _all_told(words: list[str], allowed: tuple[str, ...]) -> bool:
    """Tell whether every option is one of those; `file` is asked of one file besides."""
    if allowed == _TELLING["file"]:
        return len(words) == 2 and words[0] in allowed and not words[1].startswith("-")  # noqa: PLR2004
    return all(one in allowed for one in words)


def _named(environment: Any) -> dict[str, str]:
    """Return variables as text."""
    pairs: Iterable[tuple[Any, Any]] = (
        environment.items()
        if isinstance(environment, Mapping)
        else (os.fsencode(one).partition(b"=")[::2] for one in environment)
    )
    return {os.fsdecode(name): os.fsdecode(value) for name, value in pairs}


_AT_START = _named(os.environ)


def _on_path() -> set[str]:
    """Return the folders that PATH named at the start, without links."""
    entries = _AT_START.get("PATH", os.defpath).split(os.pathsep)
    return {resolve(one) for one in entries if one.startswith("/")}


def _found(candidates: Iterable[str], folder: str, seen: Callable[[str], str]) -> str | None:
    """Return what would be executed, absolute: the first that is there, as execvp looks."""
    base = folder if folder.startswith("/") else getcwd() + "/" + folder
    for one in candidates:
        whole = one if one.startswith("/") else base + "/" + one
        behind = seen(whole)
        if is_regular_file(behind) and access(behind, os.X_OK):
            return os.path.normpath(whole)
    return None


def _candidates(program: Any, path: str | None) -> Iterator[str]:
    """Yield the paths under which a program is looked for."""
    if not isinstance(program, (str, bytes, os.PathLike)):
        yield from map(os.fsdecode, program)
        return
    name = os.fsdecode(program)
    if "/" in name:
        yield name
        return
    for one in (os.defpath if path is None else path).split(os.pathsep):
        yield (one or ".") + "/" + name


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
