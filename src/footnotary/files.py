"""Writing files so that a reader sees the old one or the new one, never half of one."""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from footnotary.errors import FootnotaryError


def write_atomically(path: Path, data: bytes, *, new: bool = False) -> None:
    """Write a file whole: temporary file, fsync, then one rename (or link, for a new file).

    Args:
        path: Where the file goes; its folder is made if it is missing.
        data: The whole content.
        new: Refuse if the file exists already (made with `link()`, which cannot overwrite).

    Raises:
        FileExistsError: `new` is set and the file exists.
        FootnotaryError: The folder cannot be made or written.
    """
    make_folder(path.parent)
    temporary: str | None = None
    try:
        handle, temporary = tempfile.mkstemp(
            prefix=f".{path.name}.", suffix=".tmp", dir=path.parent
        )
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).chmod(_mode_of(path))
        if new:
            os.link(temporary, path)
        else:
            Path(temporary).replace(path)
            temporary = None
    except FileExistsError:
        raise
    except OSError as error:
        raise FootnotaryError(
            f"{path} cannot be written: {error.strerror or error}.",
            hint="Check the folder's permissions and the free space; nothing was changed.",
        ) from error
    finally:
        if temporary is not None:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()


@contextlib.contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Hold a folder while a file of it is read and written again: no other change gets lost.

    The lock is the folder's own (`flock`), leaves no file behind, and goes with the process.
    Where the system cannot lock folders, the last writer wins.

    Args:
        folder: It must exist.
    """
    try:
        import fcntl
    except ImportError:  # Windows
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # a file system without locks
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def make_folder(folder: Path) -> None:
    """Make a folder with those above it.

    Args:
        folder: It may exist.

    Raises:
        FootnotaryError: A file stands in the way, or it may not be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        blocking = next(one for one in (folder, *folder.parents) if one.exists())
        raise FootnotaryError(
            f"{blocking} is a file, not a folder.", hint="Move it out of the way."
        ) from None
    except OSError as error:
        raise FootnotaryError(
            f"{folder} cannot be made: {error.strerror or error}.",
            hint="Check the permissions of the folder above it; nothing was changed.",
        ) from error


def _mode_of(path: Path) -> int:
    """Return the permissions of the file that is replaced, or those of a new file."""
    try:
        return path.stat().st_mode & 0o7777
    except OSError:
        umask = os.umask(0)
        os.umask(umask)
        return 0o666 & ~umask
