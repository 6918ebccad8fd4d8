"""What is kept of a project in `.footnotary/`: read as what anybody may have put there.

A cloned repository can bring such a folder along. So nothing in it is believed that git tracks,
that is reached through a symbolic link, that is not a regular file, too large, or not of the form
in which it was written; what is not believed counts as not there. Losing any of it costs time.

The folder is made by commands that write (`make_state_folder`); those that only read keep what
they learned where the folder is there already, and nowhere else.
"""

import contextlib
import sqlite3
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from footnotary import git
from footnotary.errors import FootnotaryError
from footnotary.files import (
    is_linked,
    is_there,
    make_folder,
    read_regular,
    sweep,
    write_atomically,
)

_FOLDER = ".footnotary"
CURRENT_NOTE = "note.json"
MAX_STATE_BYTES = 50_000_000

ModelT = TypeVar("ModelT", bound=BaseModel)


def state_folder(root: Path) -> Path:
    """Return where the state of a project lies, whether it is there or not."""
    return root / _FOLDER


def make_state_folder(root: Path, name: str = "") -> Path:
    """Make the folder of a project's state, kept out of git, and tidy it.

    Raises:
        FootnotaryError: A symbolic link is in its place, or it cannot be made.
    """
    folder = state_folder(root)
    if is_linked(folder / name, root):
        raise FootnotaryError(
            f"A symbolic link is in the place of {folder / name}.",
            hint="Remove it; FOOTNOTARY_CACHE_DIR puts the cache of pages into another folder.",
        )
    ignore = folder / ".gitignore"
    if not ignore.exists():
        write_atomically(ignore, b"*\n")
    make_folder(folder / name)
    sweep(folder / name)
    return folder / name


def read_state(root: Path, name: str, model: type[ModelT]) -> ModelT | None:
    """Read a file of a project's state.

    Returns:
        What it holds; None where it is not there or not to be believed.
    """
    path = state_folder(root) / name
    if not is_believed(path, root):
        return None
    try:
        return model.model_validate_json(read_regular(path, MAX_STATE_BYTES))
    except (OSError, ValueError, RecursionError):
        return None


def write_state(root: Path, name: str, value: BaseModel) -> None:
    """Keep something until the next run, where there is a folder for it.

    A folder that is not there, or cannot be written, is no reason to fail.
    """
    folder = state_folder(root)
    if folder.is_dir() and not folder.is_symlink():
        with contextlib.suppress(FootnotaryError):
            write_atomically(folder / name, value.model_dump_json(by_alias=True).encode())


def is_believed(path: Path, top: Path) -> bool:
    """Tell whether something below a folder was put there by nobody else, as far as can be told.

    Args:
        path: A file or folder that may have come with the project.
        top: The folder below which no link may stand and nothing may be tracked.

    Returns:
        False also where there is nothing.
    """
    return (
        is_there(path)
        and not is_linked(path, top)
        and not _is_tracked(path.relative_to(top).as_posix(), top)
    )


def _is_tracked(name: str, top: Path) -> bool:
    """Tell whether git tracks a path or the folders it lies in."""
    tracked = _tracked(top, name.split("/", maxsplit=1)[0])
    if tracked is None:
        return any((folder / ".git").exists() for folder in (top, *top.parents))
    name = name.casefold()
    return any(name == one or name.startswith(f"{one}/") for one in tracked)


_known: dict[tuple[Path, str], frozenset[str]] = {}


def _tracked(top: Path, first: str) -> frozenset[str] | None:
    """Return what git tracks below a name; asked once a process where git has an answer."""
    if (top, first) not in _known:
        found = git.tracked(top, first)
        if found is None:
            return None
        _known[top, first] = frozenset(one.casefold() for one in found)
    return _known[top, first]


def forget_tracked() -> None:
    """Ask git again what it tracks: another command begins in this process."""
    _known.clear()


def is_damage(error: Exception) -> bool:
    """Return whether an error means that a file is not a database.

    Locked, read-only or full ones are not ours to drop.
    """
    return isinstance(error, sqlite3.DatabaseError) and not isinstance(
        error, sqlite3.OperationalError | sqlite3.ProgrammingError | sqlite3.InterfaceError
    )
