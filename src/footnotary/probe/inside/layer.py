"""A copy-on-write view of the project for systems without namespaces: changes go to a folder.

What is written is copied there first; what is removed is remembered. As in an overlay of Linux,
a name is looked up in the layer first, and below it where it was not removed. Only functions that
are told to ask the layer see it (`redirects`); for all others the project is as it was.
"""

from __future__ import annotations

import errno
import os
import posix
import stat
from collections.abc import Iterator
from typing import Any

from . import paths

# The system's own, whatever is in `os` later.
_close, _listdir, _lstat, _mkdir, _open, _read = (
    posix.close, posix.listdir, posix.lstat, posix.mkdir, posix.open, posix.read)  # fmt: skip
_link, _readlink, _rename, _rmdir, _symlink, _unlink = (
    posix.link, posix.readlink, posix.rename, posix.rmdir, posix.symlink, posix.unlink)  # fmt: skip
_chmod, _getcwd, _utime, _write = posix.chmod, posix.getcwd, posix.utime, posix.write
_CHUNK = 1 << 20
_CLONE = 0x40049409  # FICLONE: Btrfs and XFS share the blocks


class Layer:
    """The project as an import sees it that writes to it.

    Attributes:
        changed: Whether anything was: before, every name means what it says.
    """

    def __init__(self, root: str, upper: str, most: int) -> None:
        """Begin without changes."""
        self.changed = False
        self._root = paths.resolve(root)
        self._upper = paths.resolve(upper)
        self._left = most
        self._gone: set[str] = set()

    def cwd(self) -> str:
        """Return the working folder as the import sees it."""
        return self._shown(_getcwd())

    def canonical(self, path: str, *, follow: bool = True) -> str:
        """Return an absolute path without links, as the import sees it."""
        whole = path if path.startswith("/") else self.cwd() + "/" + path
        return paths.resolve(self._shown(whole), follow=follow, link=self._target)

    def seen(self, path: str, *, follow: bool = True) -> str:
        """Return the path behind which a name is found now.

        Args:
            path: What the import names.
            follow: Whether the last part is followed if it is a link.
        """
        return self._behind(self.canonical(path, follow=follow))

    def is_inside(self, path: str, *, follow: bool = True) -> bool:
        """Tell whether a name is the project's."""
        return self._inner(self.canonical(path, follow=follow)) is not None

    def to_change(self, path: str, *, follow: bool = True, empty: bool = False) -> str:
        """Return where a file or folder may be changed: in the layer, copied if it was there.

        Args:
            path: What the import names; outside the project it is returned as it is.
            follow: Whether the last part is followed if it is a link.
            empty: Whether the contents may be left out.
        """
        canonical = self.canonical(path, follow=follow)
        name = self._inner(canonical)
        if name is None:
            return canonical if self.changed else path
        self.changed = True
        self._open_folders(name)
        if name and not self._has(name) and not self._is_hidden(name):
            self._copy(name, empty=empty)
        return self._above(name)

    def to_make(self, path: str) -> str:
        """Return where something new is made.

        Raises:
            FileExistsError: There is something.
        """
        name = self._inner(self.canonical(path, follow=False))
        if name is None:
            return path
        self._status(name, missing=True)
        self.changed = True
        self._open_folders(name)
        return self._above(name)

    def remove(self, path: str) -> bool:
        """Remove what is no folder; false if it is not the project's."""
        name = self._inner(self.canonical(path, follow=False))
        if name is None:
            return False
        if stat.S_ISDIR(self._status(name)):
            raise _error(errno.EISDIR, path)
        if self._has(name):
            _unlink(self._above(name))
        self._hide(name)
        return True

    def remove_folder(self, path: str) -> bool:
        """Remove an empty folder; false if it is not the project's."""
        name = self._inner(self.canonical(path, follow=False))
        if name is None:
            return False
        if not stat.S_ISDIR(self._status(name)):
            raise _error(errno.ENOTDIR, path)
        if self.names(path):
            raise _error(errno.ENOTEMPTY, path)
        if name == "":
            raise _error(errno.EBUSY, path)
        if self._has(name):
            _rmdir(self._above(name))
        self._hide(name)
        return True

    def move(self, old: str, new: str) -> bool:
        """Rename within the project; false if one of the names is not the project's."""
        here = self._inner(self.canonical(old, follow=False))
        there = self._inner(self.canonical(new, follow=False))
        if here is None or there is None:
            return False
        folder = stat.S_ISDIR(self._status(here))
        if here == there:
            return True
        if paths.is_below("/" + there, "/" + here):
            raise _error(errno.EINVAL if folder else errno.ENOTDIR, old)
        if paths.is_below("/" + here, "/" + there):
            raise _error(errno.ENOTEMPTY, new)
        self._make_way(there, new, folder=folder)
        self._copy_whole(here)
        self._open_folders(there)
        _rename(self._above(here), self._above(there))
        for one in (here, there):
            self._hide(one)
        return True

    def names(self, path: str) -> list[str]:
        """Return the names in a folder."""
        canonical = self.canonical(path)
        name = self._inner(canonical)
        if name is None or not self.is_mixed(path):
            return _listdir(canonical)
        above = _listdir(self._above(name)) if paths.is_directory(self._above(name)) else []
        if self._is_hidden(name) or not paths.is_directory(canonical):
            return above or _listdir(self._above(name))  # which says why where there is none
        below = [one for one in _listdir(canonical) if _joined(name, one) not in self._gone]
        return below + [one for one in above if one not in below]

    def is_mixed(self, path: str) -> bool:
        """Tell whether a folder's names are not those of the one folder behind it."""
        name = self._inner(self.canonical(path))
        if name is None or not self.changed:
            return False
        return name == "" or self._has(name) or self._is_hidden(name)

    def folder_behind(self, path: str) -> str:
        """Return a folder that is found under a name, the project's own where it still is."""
        canonical = self.canonical(path)
        name = self._inner(canonical)
        if name is None or (paths.is_directory(canonical) and not self._is_hidden(name)):
            return canonical
        return self._above(name)

    def _behind(self, canonical: str) -> str:
        name = self._inner(canonical)
        if name is None or not (self._has(name) or self._is_hidden(name)):
            return canonical
        return self._above(name)

    def _target(self, path: str) -> str | None:
        return paths.link_target(self._behind(path))

    def _shown(self, path: str) -> str:
        """Return a path of the project for one of the layer's folder."""
        if not paths.is_below(path, self._upper):
            return path
        return self._root + path[len(self._upper) :]

    def _inner(self, canonical: str) -> str | None:
        """Return a path relative to the project; None outside of it."""
        if not paths.is_below(canonical, self._root):
            return None
        return canonical[len(self._root) :].strip("/")

    def _above(self, name: str) -> str:
        return _joined(self._upper, name)

    def _below(self, name: str) -> str:
        return _joined(self._root, name)

    def _has(self, name: str) -> bool:
        return name != "" and _exists(self._above(name))

    def _is_hidden(self, name: str) -> bool:
        """Tell whether what the project has under a name was removed, or a folder above it."""
        if name in self._gone:
            return True
        return any(one in self._gone or self._is_file(one) for one in _folders_of(name))

    def _is_file(self, name: str) -> bool:
        """Tell whether the layer has what is no folder."""
        return self._has(name) and not paths.is_directory(self._above(name))

    def _hide(self, name: str) -> None:
        self.changed = True
        if _exists(self._below(name)) and not self._is_hidden(name):
            self._open_folders(name)
            self._gone.add(name)

    def _status(self, name: str, *, missing: bool = False) -> int:
        """Return the mode of what is there."""
        behind = self._behind(self._below(name))
        try:
            mode = _lstat(behind).st_mode
        except FileNotFoundError:
            if missing:
                return 0
            raise _error(errno.ENOENT, self._below(name)) from None
        if missing:
            raise _error(errno.EEXIST, self._below(name))
        return mode

    def _open_folders(self, name: str) -> None:
        """Make the folders above a name in the layer, where the import sees them."""
        for folder in _folders_of(name):
            if self._has(folder):
                continue
            if self._is_hidden(folder) or not paths.is_directory(self._below(folder)):
                return
            self._copy(folder)

    def _copy(self, name: str, *, empty: bool = False) -> None:
        """Copy one file, link or folder (without what is in it) into the layer."""
        below, above = self._below(name), self._above(name)
        try:
            status = _lstat(below)
        except OSError:
            return
        if stat.S_ISLNK(status.st_mode):
            _symlink(_readlink(below), above)
            return
        if stat.S_ISDIR(status.st_mode):
            _mkdir(above, 0o700)
        elif stat.S_ISREG(status.st_mode):
            self._copy_contents(below, above, 0 if empty else status.st_size)
        else:
            return
        _chmod(above, stat.S_IMODE(status.st_mode) | 0o600)
        _utime(above, ns=(status.st_atime_ns, status.st_mtime_ns))

    def _copy_contents(self, below: str, above: str, size: int) -> None:
        if size > self._left:
            raise _error(errno.ENOSPC, below)
        self._left -= size
        source = _open(below, os.O_RDONLY)
        target = _open(above, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            if size and not _cloned(source, target):
                while block := _read(source, _CHUNK):
                    _write(target, block)
        finally:
            _close(source)
            _close(target)

    def _copy_whole(self, name: str) -> None:
        """Copy a file, or a folder with all that the import sees in it."""
        self.changed = True
        self._open_folders(name)
        if not self._has(name):
            self._copy(name)
        if stat.S_ISDIR(_lstat(self._above(name)).st_mode):
            for one in self.names(self._below(name)):
                self._copy_whole(_joined(name, one))

    def _make_way(self, name: str, path: str, *, folder: bool) -> None:
        """Check what a rename would replace, as the system does."""
        try:
            replaced = stat.S_ISDIR(self._status(name))
        except FileNotFoundError:
            return
        if replaced and not folder:
            raise _error(errno.EISDIR, path)
        if folder and not replaced:
            raise _error(errno.ENOTDIR, path)
        if replaced and self.names(self._below(name)):
            raise _error(errno.ENOTEMPTY, path)


def _joined(folder: str, name: str) -> str:
    return "/".join(filter(None, (folder, name)))


def _folders_of(name: str) -> Iterator[str]:
    """Yield the folders that a relative name lies in, the outermost first."""
    parts = name.split("/")
    for at in range(1, len(parts)):
        yield "/".join(parts[:at])


def _exists(path: str) -> bool:
    try:
        _lstat(path)
    except (OSError, ValueError):
        return False
    return True


def _cloned(source: int, target: int) -> bool:
    """Share a file's blocks, where the file system can."""
    import fcntl

    try:
        fcntl.ioctl(target, _CLONE, source)
    except OSError:
        return False
    return True


def _error(number: int, path: Any) -> OSError:
    return OSError(number, os.strerror(number), path)
