"""Several files written as one: after a kill they are all old or, at the next run, all new.

The new files are staged first; then one atomic write of the journal decides that they are
to be; then each is renamed into place. Whoever writes next finishes what a killed process
left: before the journal nothing has happened, behind it everything will.

A journal may have come with a cloned repository. It is followed only if git does not track it
and every path in it lies, through no link, below the project's documents or records; otherwise
it is forgotten, with a warning.
"""

import contextlib
import os
import re
import shutil
import stat
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated

from pydantic import Field, RootModel, StringConstraints

from footnotary.errors import DocumentError, FootnotaryError, FootnotaryWarning
from footnotary.files import is_linked, make_folder, printable, sweep, write_atomically
from footnotary.models import Model
from footnotary.project import Project
from footnotary.state import is_believed, make_state_folder, read_state, state_folder

_JOURNAL = "journal.json"
_STAGED = "staged"
_LOCK = "writing.lock"
_MOST_STEPS = 10_000
_NOT_IN_PATHS = re.compile(r"/|.*[\\:\x00-\x1f]", re.DOTALL)


class _Step(Model):
    """One file of a journal.

    Attributes:
        path: Where it goes, relative to the project's root, with `/`.
        staged: Name of its content below the staged files; None where the file is removed.
    """

    path: Annotated[str, StringConstraints(min_length=1, max_length=4096)]
    staged: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,6}$")] | None = Field(alias="from")


class _Journal(RootModel[Annotated[tuple[_Step, ...], Field(max_length=_MOST_STEPS)]]):
    """What is to be done, in order."""


@contextlib.contextmanager
def writing(project: Project) -> Iterator[None]:
    """Hold the project's writing lock, and finish first what a killed process left.

    Raises:
        FootnotaryError: The folder for the lock cannot be written.
    """
    folder = make_state_folder(project.root)
    with _locked(folder / _LOCK):
        _finish(project)
        yield


def apply(project: Project, changes: Mapping[Path, bytes | None]) -> None:
    """Write and remove files as one. Call it inside `writing`.

    Documents and records go into place as one; pages of the user's own, which depend on nothing
    else, and files whose name is no UTF-8, are each written whole, before anything is promised.

    Args:
        project: Whose files they are; every path lies below its root.
        changes: New content by path; None removes the file. Written in this order.

    Raises:
        DocumentError: A path leads out of the project.
        FootnotaryError: A file cannot be written; then nothing is changed, or the next run
            finishes it.
    """
    for path in changes:
        _refuse_outside(project, path)
    for folder in dict.fromkeys(path.parent for path in changes):
        sweep(folder)
    for path, content in changes.items():
        if content is not None:  # what cannot be written is known before anything is promised
            make_folder(path.parent)
    together = {
        path: content
        for path, content in changes.items()
        if _is_ours(project, path) and _is_text(path.relative_to(project.root))
    }
    for path, content in changes.items():
        if path not in together and content is not None:
            write_atomically(path, content)
        elif path not in together:
            path.unlink(missing_ok=True)
    if together:
        _do(project, _promised(project, together))


def _promised(
    project: Project, changes: Mapping[Path, bytes | None]
) -> list[tuple[Path, Path | None]]:
    """Stage the new files, and write the journal that makes them the ones that are to be."""
    folder = make_state_folder(project.root)
    staged = folder / _STAGED
    _clear(staged)
    promised: list[tuple[Path, Path | None]] = []
    steps: list[_Step] = []
    for number, (path, content) in enumerate(changes.items()):
        source = None if content is None else staged / str(number)
        if source is not None and content is not None:
            write_atomically(source, content)
        relative = path.relative_to(project.root).as_posix()
        steps.append(_Step.model_validate({"path": relative, "from": source and source.name}))
        promised.append((path, source))
    text = _Journal(tuple(steps)).model_dump_json(by_alias=True)
    write_atomically(folder / _JOURNAL, text.encode())
    return promised


def _finish(project: Project) -> None:
    """Do what the journal of a killed process says, if there is one."""
    journal = state_folder(project.root) / _JOURNAL
    if not os.path.lexists(journal):
        return
    steps = _steps(project)
    if steps is None:
        warnings.warn(
            f"{journal} was forgotten: it is not what an interrupted command leaves behind."
            " If a command was interrupted, `git status` shows what it has not done.",
            FootnotaryWarning,
            stacklevel=2,
        )
    _do(project, steps or [])


def _do(project: Project, steps: list[tuple[Path, Path | None]]) -> None:
    """Put files in their places, target by source, and forget the journal."""
    folder = state_folder(project.root)
    try:
        for path, source in steps:
            _step(path, source)
        _forget(folder / _JOURNAL)
    except OSError as error:
        raise _unwritable(error.filename or project.root, error) from error
    _clear(folder / _STAGED)


def _steps(project: Project) -> list[tuple[Path, Path | None]] | None:
    """Return what a journal says, target by source; None where it cannot be ours."""
    journal = read_state(project.root, _JOURNAL, _Journal)
    if journal is None:
        return None
    staged = state_folder(project.root) / _STAGED
    found: list[tuple[Path, Path | None]] = []
    for step in journal.root:
        path = project.root / step.path
        if _NOT_IN_PATHS.match(step.path) or not _is_ours(project, path) or not _can_be(path):
            return None
        source = None if step.staged is None else staged / step.staged
        if source and os.path.lexists(source) and not _is_plain(source, project.root):
            return None
        found.append((path, source))
    return found


def _is_plain(path: Path, root: Path) -> bool:
    """Tell whether something is a regular file that nobody else brought."""
    return is_believed(path, root) and stat.S_ISREG(path.lstat().st_mode)


def _can_be(path: Path) -> bool:
    """Tell whether a path is that of a file that is there, or that could be."""
    try:
        return not stat.S_ISDIR(path.lstat().st_mode)
    except FileNotFoundError:
        return True
    except OSError:  # no file can have such a name, or a file is where its folder would be
        return False


def _is_ours(project: Project, path: Path) -> bool:
    """Tell whether a path lies, through no link, below the documents or the records."""
    tops = (project.current, project.archive, project.citations)
    return not is_linked(path, project.root) and any(
        path.is_relative_to(top) and path != top for top in tops
    )


def _is_text(path: Path) -> bool:
    """Tell whether a path can be in a journal: names that footnotary gives are UTF-8."""
    return str(path).isascii() or printable(str(path)) == str(path)


def _refuse_outside(project: Project, path: Path) -> None:
    """Refuse to write where a link leads out of the project."""
    if not path.parent.resolve().is_relative_to(project.root.resolve()):
        raise DocumentError(
            f"{path} leads out of the project in {project.root}.",
            hint="Replace the symbolic link by a folder; nothing was changed.",
        )


def _step(path: Path, source: Path | None) -> None:
    """Do one step; done twice it is the same as once."""
    if source is None:
        path.unlink(missing_ok=True)
        return
    if not source.exists():  # done before the kill
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        source.replace(path)
    except OSError:  # another file system
        write_atomically(path, source.read_bytes())
        source.unlink()


def _forget(path: Path) -> None:
    """Remove something of ours, whatever it is; what a link leads to stays."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _clear(staged: Path) -> None:
    """Remove staged files; none of them is named by a journal."""
    with contextlib.suppress(FileNotFoundError):
        _forget(staged)


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold a lock file; the lock goes with the process, however that ends."""
    try:
        if os.path.lexists(path) and not stat.S_ISREG(path.lstat().st_mode):
            _forget(path)  # a link or a pipe that came with the project
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
        handle = os.open(path, flags, 0o666)
    except OSError as error:
        raise _unwritable(path.parent, error) from error
    try:
        _lock(handle)
        yield
    finally:
        os.close(handle)


def _lock(handle: int) -> None:
    """Wait for the lock."""
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        os.lseek(handle, 0, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_LOCK, 1)  # type: ignore[attr-defined, unused-ignore]
    else:
        fcntl.flock(handle, fcntl.LOCK_EX)


def _unwritable(path: Path | str, error: OSError) -> FootnotaryError:
    """Return the error for what cannot be written."""
    return FootnotaryError(
        f"{path} cannot be written: {error.strerror or error}.",
        hint="Check the folder's permissions and the free space.",
    )
