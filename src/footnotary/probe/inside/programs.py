"""Which programs an imported project may start: those that only say what the system is."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from posix import access, getcwd
from typing import Any

from . import paths

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
    folder, resolved = os.path.dirname(found), paths.resolve(found)
    if paths.resolve(folder) not in _on_path() or any(
        paths.is_below(one, root) for one in (found, folder, resolved)
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
    return {paths.resolve(one) for one in entries if one.startswith("/")}


def _found(candidates: Iterable[str], folder: str, seen: Callable[[str], str]) -> str | None:
    """Return what would be executed, absolute: the first that is there, as execvp looks."""
    base = folder if folder.startswith("/") else getcwd() + "/" + folder
    for one in candidates:
        whole = one if one.startswith("/") else base + "/" + one
        behind = seen(whole)
        if paths.is_regular_file(behind) and access(behind, os.X_OK):
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
