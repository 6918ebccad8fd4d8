"""Several files written as one: after a kill they are all old or, at the next run, all new.

The new files are staged first; then one atomic write of the journal decides that they are
to be; then each is renamed into place. Whoever writes next finishes what a killed process
left: before the journal nothing has happened, behind it everything will.
"""

import contextlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from footnotary.errors import FootnotaryError
from footnotary.files import make_folder, write_atomically
from footnotary.project import Project

_FOLDER = ".footnotary"
_JOURNAL = "journal.json"
_STAGED = "staged"


@contextlib.contextmanager
def writing(project: Project) -> Iterator[None]:
    """Hold the project's writing lock, and finish first what a killed process left.

    Args:
        project: Whose documents are written.

    Raises:
        FootnotaryError: The folder for the lock cannot be written.
    """
    folder = _folder(project)
    try:
        stream = (folder / "writing.lock").open("a+b")
    except OSError as error:
        raise _unwritable(folder, error) from error
    with stream:
        _lock(stream.fileno())
        _finish(project)
        yield


def apply(project: Project, changes: Mapping[Path, bytes | None]) -> None:
    """Write and remove files as one. Call it inside `writing`.

    Args:
        project: Whose files they are; every path lies below its root.
        changes: New content by path; None removes the file. Written in this order.

    Raises:
        FootnotaryError: A file cannot be written; then nothing is changed, or the next run
            finishes it.
    """
    for path, content in changes.items():
        if content is not None:  # what cannot be written is known before anything is promised
            make_folder(path.parent)
    folder = _folder(project)
    staged = folder / _STAGED
    _clear(staged)
    steps: list[dict[str, str | None]] = []
    for number, (path, content) in enumerate(changes.items()):
        if content is not None:
            write_atomically(staged / str(number), content)
        relative = path.relative_to(project.root).as_posix()
        steps.append({"path": relative, "from": str(number) if content is not None else None})
    write_atomically(folder / _JOURNAL, json.dumps(steps).encode())
    _finish(project)


def _finish(project: Project) -> None:
    """Do what the journal says, if there is one, and forget it."""
    folder = project.root / _FOLDER
    journal = folder / _JOURNAL
    try:
        steps = json.loads(journal.read_bytes())
    except FileNotFoundError:
        return
    except (OSError, ValueError) as error:
        raise FootnotaryError(
            f"{journal} cannot be read: {error}.",
            hint="It names files that were being written; look at git status, then delete it.",
        ) from error
    try:
        for step in steps:
            _step(project.root / step["path"], folder / _STAGED, step["from"])
        journal.unlink(missing_ok=True)
    except OSError as error:
        raise _unwritable(project.root, error) from error
    _clear(folder / _STAGED)


def _step(path: Path, staged: Path, number: str | None) -> None:
    """Do one step; done twice it is the same as once."""
    if number is None:
        path.unlink(missing_ok=True)
        return
    source = staged / number
    if not source.exists():  # done before the kill
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        source.replace(path)
    except OSError:  # another file system
        write_atomically(path, source.read_bytes())
        source.unlink()


def _folder(project: Project) -> Path:
    """Return the folder of lock and journal, made and kept out of git."""
    folder = project.root / _FOLDER
    ignore = folder / ".gitignore"
    if not ignore.exists():
        write_atomically(ignore, b"*\n")
    return folder


def _clear(staged: Path) -> None:
    """Remove staged files; none of them is named by a journal."""
    with contextlib.suppress(FileNotFoundError):
        shutil.rmtree(staged)


def _lock(handle: int) -> None:
    """Wait for the lock; it goes with the process, however that ends."""
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        os.lseek(handle, 0, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_LOCK, 1)  # type: ignore[attr-defined, unused-ignore]
    else:
        fcntl.flock(handle, fcntl.LOCK_EX)


def _unwritable(path: Path, error: OSError) -> FootnotaryError:
    """Return the error for what cannot be written."""
    return FootnotaryError(
        f"{path} cannot be written: {error.strerror or error}.",
        hint="Check the folder's permissions and the free space.",
    )
