"""Files: read as what anybody may have put there, written so that none is ever half there."""

import contextlib
import errno
import os
import re
import stat
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from footnotary.errors import FootnotaryError

TEMPORARY = ".footnotary.*.tmp"
"""Names of the files that are not yet whole, as a pattern of git and of `glob`."""

# A random name of `tempfile`, behind our own name, or behind a record's or an index's (to 0.1.0).
_LEFTOVER = re.compile(r"\.(?:footnotary|\.index|[a-z0-9][a-z0-9-]{0,59}\.yaml)\.[a-z0-9_]{8}\.tmp")
_LEFT_AFTER = 60.0  # seconds: a file of a system without locks may still be written
_HALF_OF_PAIR = re.compile(r"[\ud800-\udfff]")


def read_regular(path: Path, limit: int, *, follow: bool = False) -> bytes:
    """Read a whole file that anybody may have put there.

    Args:
        path: The file. Pipes, sockets, devices and folders are not opened.
        limit: Bytes that it may have.
        follow: Also read what a symbolic link leads to.

    Raises:
        OSError: It is missing, not a regular file, or larger than `limit`; `strerror` says so.
    """
    status = path.stat() if follow else path.lstat()
    if stat.S_ISLNK(status.st_mode):
        raise OSError(errno.ELOOP, "it is a symbolic link", str(path))
    _refuse_special(status, path)
    handle = os.open(path, os.O_RDONLY | _flag("O_NONBLOCK") | _flag("O_BINARY"))
    with os.fdopen(handle, "rb") as stream:
        _refuse_special(os.fstat(stream.fileno()), path)
        data = stream.read(limit + 1)
    if len(data) > limit:
        raise OSError(errno.EFBIG, f"it is larger than {limit:,} bytes", str(path))
    return data


def is_there(path: Path) -> bool:
    """Tell whether there is something by this name; nothing has a name that none can have.

    `Path.exists` raises `OSError` for names that are too long, before Python 3.14.
    """
    return os.path.exists(path)  # noqa: PTH110  see above


def is_file(path: Path) -> bool:
    """Tell whether there is a file by this name, as `is_there` does."""
    return os.path.isfile(path)  # noqa: PTH113  see `is_there`


def is_folder(path: Path) -> bool:
    """Tell whether there is a folder by this name, as `is_there` does."""
    return os.path.isdir(path)  # noqa: PTH112  see `is_there`


def read_inside(path: Path, top: Path, limit: int) -> bytes:
    """Read a whole file that came with a project; a link may lead to the project's other files.

    Args:
        path: The file, below `top` or not.
        top: The folder that it must lie in once links are followed.
        limit: Bytes that it may have.

    Raises:
        OSError: There is none, it is not a regular file, larger than `limit`, or lies elsewhere;
            `strerror` says so.
    """
    if not is_linked(path, top):
        return read_regular(path, limit)
    real = resolve_path(path)
    if not real.is_relative_to(top.resolve()):
        raise OSError(errno.ELOOP, "it leads out of the project", str(path))
    return read_regular(real, limit)


def is_inside(path: Path, top: Path) -> bool:
    """Tell whether a path is a regular file that lies in a folder once links are followed."""
    try:
        return path.is_file() and (
            not is_linked(path, top) or resolve_path(path).is_relative_to(top.resolve())
        )
    except OSError:
        return False


def resolve_path(path: Path) -> Path:
    """Return where a path leads once links are followed; what is not there leads to itself.

    Raises:
        OSError: Its links lead in a circle (`pathlib` raises RuntimeError before Python 3.13,
            and answers with a link from 3.13 on), or cannot be followed.
    """
    with contextlib.suppress(RuntimeError):
        real = path.resolve()
        if not any(one.is_symlink() for one in (real, *real.parents)):
            return real
    raise OSError(errno.ELOOP, "it is a circle of links", str(path))


def printable(name: str) -> str:
    r"""Return a file's name as text; bytes in it that are no UTF-8 as `\xff`."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def without_surrogates(text: str) -> str:
    """Return text that every encoding can hold: `\ufffd` for halves of surrogate pairs."""
    return _HALF_OF_PAIR.sub("\ufffd", text)


def is_linked(path: Path, top: Path) -> bool:
    """Tell whether a symbolic link is on the way from a folder to what lies below it.

    Args:
        path: A path below `top`, of something that is there or not.
        top: Where the way begins; it may itself be a link.

    Returns:
        True also where `path` does not lie below `top`.
    """
    if not path.is_relative_to(top) or ".." in path.relative_to(top).parts:
        return True
    below = path.relative_to(top).parts
    on_the_way = (top.joinpath(*below[: number + 1]) for number in range(len(below)))
    return any(os.path.islink(each) for each in on_the_way)  # noqa: PTH114  see `is_there`


def _is_device(path: Path) -> bool:
    """Tell whether a path is a device, such as `/dev/stdout`, which a rename would replace."""
    try:
        return stat.S_ISCHR(path.stat().st_mode) or path.is_relative_to("/dev")
    except OSError:
        return False


def write_atomically(path: Path, data: bytes, *, new: bool = False) -> None:
    """Write a file whole: temporary file, fsync, then one rename (or link, for a new file).

    What is written to a device goes through it.

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
        if not new and _is_device(path):
            path.write_bytes(data)
            return
        handle, temporary = tempfile.mkstemp(prefix=".footnotary.", suffix=".tmp", dir=path.parent)
        with os.fdopen(handle, "wb") as stream:
            _try_lock(stream.fileno())
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


def sweep(folder: Path) -> None:
    """Remove the temporary files that killed processes left in a folder.

    Only those go that are ours by their name, their form and their owner, that no process holds
    a lock on, and that are no longer new.
    """
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for name in [entry.name for entry in entries if _LEFTOVER.fullmatch(entry.name)]:
            with contextlib.suppress(OSError):
                if _is_left(folder / name):
                    (folder / name).unlink()


@contextlib.contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Hold a folder while a file of it is read and written again: no other change gets lost.

    The lock is the folder's own (`flock`), leaves no file behind, and goes with the process.
    Where the system cannot lock folders, the last writer wins.
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

    Raises:
        FootnotaryError: A file is in the way, or it may not be made.
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


def _flag(name: str) -> int:
    """Return a flag of `os.open`, 0 where the system has none of this name."""
    return int(getattr(os, name, 0))


def _refuse_special(status: os.stat_result, path: Path) -> None:
    """Refuse what is not a regular file: opening it may wait for ever, or do something."""
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "it is not a regular file", str(path))


def _is_left(path: Path) -> bool:
    """Tell whether a temporary file is one that nobody will finish."""
    status = path.lstat()
    own = not hasattr(os, "geteuid") or status.st_uid == os.geteuid()
    if not own or not stat.S_ISREG(status.st_mode) or time.time() - status.st_mtime < _LEFT_AFTER:
        return False
    handle = os.open(path, os.O_RDONLY | _flag("O_NOFOLLOW") | _flag("O_NONBLOCK"))
    try:
        return _try_lock(handle)
    finally:
        os.close(handle)


def _try_lock(handle: int) -> bool:
    """Lock an open file unless somebody holds a lock on it; it goes with the process."""
    try:
        import fcntl
    except ImportError:  # Windows, where an open file cannot be removed
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks
        return True
    return True


def _mode_of(path: Path) -> int:
    """Return the permissions of the file that is replaced, or those of a new file."""
    try:
        return path.stat().st_mode & 0o7777
    except OSError:
        umask = os.umask(0)
        os.umask(umask)
        return 0o666 & ~umask
