"""Functions over files that show an import the layer, in the place of those of `os` and `io`."""

from __future__ import annotations

import builtins
import contextlib
import io
import os
import posix
from collections.abc import Callable, Iterator
from typing import Any

from . import paths
from .guards import optional, replace
from .layer import Layer

_Make = Callable[[Any], Callable[..., Any]]
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC


class _Redirects:
    """Makes the functions for one layer."""

    def __init__(self, layer: Layer) -> None:
        self._layer = layer

    def seeing(self, *, follow: bool = True) -> _Make:
        """For functions that read what one path names."""

        def make(original: Any) -> Callable[..., Any]:
            def call(path: Any = ".", *rest: Any, **options: Any) -> Any:
                if not self._layer.changed:
                    return original(path, *rest, **options)
                follows = follow and options.get("follow_symlinks", True)
                return _called(original, path, rest, options,
                               lambda told: self._layer.seen(told, follow=follows))  # fmt: skip

            return call

        return make

    def changing(self) -> _Make:
        """For functions that change what is there."""

        def make(original: Any) -> Callable[..., Any]:
            def call(path: Any, *rest: Any, **options: Any) -> Any:
                follow = options.get("follow_symlinks", not original.__name__.startswith("l"))
                return _called(original, path, rest, options,
                               lambda told: self._layer.to_change(told, follow=follow))  # fmt: skip

            return call

        return make

    def making(self, original: Any) -> Callable[..., Any]:
        """For functions that make something at their first path."""

        def call(path: Any, *rest: Any, **options: Any) -> Any:
            return _called(original, path, rest, options, self._layer.to_make)

        return call

    def removing(self, original: Any) -> Callable[..., Any]:
        """For functions that remove a file, or an empty folder."""
        remove = self._layer.remove_folder if original is posix.rmdir else self._layer.remove

        def call(path: Any, *, dir_fd: Any = None) -> Any:
            told = _told(path, dir_fd)
            if told is not None and remove(told):
                return None
            return original(path, **({} if dir_fd is None else {"dir_fd": dir_fd}))

        return call

    def moving(self, original: Any) -> Callable[..., Any]:
        """For `os.rename` and `os.replace`."""

        def call(src: Any, dst: Any, *, src_dir_fd: Any = None, dst_dir_fd: Any = None) -> Any:
            old, new = _told(src, src_dir_fd), _told(dst, dst_dir_fd)
            if old is None or new is None:
                return original(src, dst, src_dir_fd=src_dir_fd, dst_dir_fd=dst_dir_fd)
            if self._layer.move(old, new):
                return None
            return original(self._layer.to_change(old, follow=False), new)

        return call

    def linking(self, original: Any) -> Callable[..., Any]:
        """For `os.link`."""

        def call(src: Any, dst: Any, *, src_dir_fd: Any = None, dst_dir_fd: Any = None,
                 follow_symlinks: bool = True) -> Any:  # fmt: skip
            old, new = _told(src, src_dir_fd), _told(dst, dst_dir_fd)
            if old is None or new is None:
                return original(src, dst, src_dir_fd=src_dir_fd, dst_dir_fd=dst_dir_fd)
            here = self._layer.to_change(old, follow=follow_symlinks)
            return original(here, self._layer.to_make(new))

        return call

    def pointing(self, original: Any) -> Callable[..., Any]:
        """For `os.symlink`."""

        def call(src: Any, dst: Any, target_is_directory: bool = False, *,  # noqa: FBT001, FBT002  as os has it
                 dir_fd: Any = None) -> Any:  # fmt: skip
            del target_is_directory  # which Windows alone asks
            told = _told(dst, dir_fd)
            return original(src, dst if told is None else _like(self._layer.to_make(told), src))

        return call

    def opening(self, original: Any) -> Callable[..., Any]:
        """For `open`; the file keeps the name that it was opened by."""

        def call(file: Any, mode: Any = "r", *rest: Any, **options: Any) -> Any:
            told = _told(file, None)
            if told is None or not isinstance(mode, str):
                return original(file, mode, *rest, **options)
            if "x" in mode:
                place = self._layer.to_make(told)
            elif any(letter in mode for letter in "wa+"):
                place = self._layer.to_change(told, empty="w" in mode)
            elif self._layer.changed:
                place = self._layer.seen(told)
            else:
                return original(file, mode, *rest, **options)
            return _renamed(_with_name(original, place, file, (mode, *rest), options), file)

        return call

    def opening_descriptor(self, original: Any) -> Callable[..., Any]:
        """For `os.open`."""

        def call(path: Any, flags: int, mode: int = 0o777, *, dir_fd: Any = None) -> Any:
            return _called(original, path, (flags, mode), {"dir_fd": dir_fd},
                           lambda told: self._opened(told, flags))  # fmt: skip

        return call

    def _opened(self, told: str, flags: int) -> str:
        """Return what `os.open` is to open."""
        follow = not flags & os.O_NOFOLLOW
        if not flags & _WRITING:
            return self._layer.seen(told, follow=follow) if self._layer.changed else told
        if flags & os.O_CREAT and flags & os.O_EXCL:
            return self._layer.to_make(told)
        return self._layer.to_change(told, follow=follow, empty=bool(flags & os.O_TRUNC))

    def listing(self, original: Any) -> Callable[..., Any]:
        """For `os.listdir`."""

        def call(path: Any = None) -> Any:
            told = _told("." if path is None else path, None, descriptor=True)
            if told is None or not self._layer.is_mixed(told):
                return original(path)
            names = self._layer.names(told)
            return [os.fsencode(one) for one in names] if isinstance(path, bytes) else names

        return call

    def scanning(self, original: Any) -> Callable[..., Any]:
        """For `os.scandir`."""

        def call(path: Any = None) -> Any:
            told = _told("." if path is None else path, None, descriptor=True)
            if told is None or not self._layer.is_mixed(told):
                return original(path)
            folder = "." if path is None else "" if isinstance(path, int) else os.fspath(path)
            return _Entries(
                _Entry(told, _like(one, folder), folder) for one in self._layer.names(told)
            )

        return call

    def storing(self, original: Any) -> Callable[..., Any]:
        """For the stores of `dbm`: some libraries put an ending behind the name."""

        def call(path: Any, *rest: Any) -> Any:
            told = _told(path, None)
            if told is None:
                return original(path, *rest)
            for ending in (".db", ".dir", ".pag"):
                self._layer.to_change(told + ending)
            return _with_name(original, self._layer.to_change(told), path, rest, {})

        return call

    def here(self, *, as_bytes: bool) -> _Make:
        """For `os.getcwd`."""

        def make(original: Any) -> Callable[..., Any]:
            del original
            return lambda: os.fsencode(self._layer.cwd()) if as_bytes else self._layer.cwd()

        return make

    def going(self, original: Any) -> Callable[..., Any]:
        """For `os.chdir`."""

        def call(path: Any) -> Any:
            return _called(original, path, (), {}, self._layer.folder_behind)

        return call


class _Entry:
    """What `os.scandir` yields."""

    def __init__(self, folder: str, name: Any, shown: Any) -> None:
        self._whole = folder + "/" + os.fsdecode(name)
        self.name = name
        self.path = os.path.join(shown, name) if shown else name

    def __fspath__(self) -> Any:
        return self.path

    def __repr__(self) -> str:
        return f"<DirEntry {self.name!r}>"

    def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:
        """Return what `os.stat` says."""
        return os.stat(self._whole, follow_symlinks=follow_symlinks)

    def inode(self) -> int:
        """Return its number."""
        return self.stat(follow_symlinks=False).st_ino

    def is_dir(self, *, follow_symlinks: bool = True) -> bool:
        """Tell whether it is a folder."""
        return os.path.isdir(self._whole) and (follow_symlinks or not self.is_symlink())

    def is_file(self, *, follow_symlinks: bool = True) -> bool:
        """Tell whether it is a file."""
        return os.path.isfile(self._whole) and (follow_symlinks or not self.is_symlink())

    def is_symlink(self) -> bool:
        """Tell whether it is a link."""
        return os.path.islink(self._whole)

    def is_junction(self) -> bool:
        """Tell whether it is what Windows alone has."""
        return False


class _Entries:
    """An iterator that can be closed."""

    def __init__(self, entries: Iterator[_Entry]) -> None:
        self._entries = entries

    def __iter__(self) -> Iterator[_Entry]:
        return self

    def __next__(self) -> _Entry:
        return next(self._entries)

    def __enter__(self) -> _Entries:  # noqa: PYI034  Python 3.9 has no Self
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        """Yield no more."""
        self._entries = iter(())


def redirect_files(layer: Layer) -> None:
    """Have the library's functions over files ask a layer."""
    made = _Redirects(layer)
    for name in ("stat", "access", "statvfs", "pathconf", "getxattr", "listxattr"):
        replace(posix, name, made.seeing())
    for name in ("lstat", "readlink"):
        replace(posix, name, made.seeing(follow=False))
    for name in ("chmod", "lchmod", "chown", "lchown", "chflags", "lchflags", "truncate", "utime",
                 "setxattr", "removexattr"):  # fmt: skip
        replace(posix, name, made.changing())
    for name in ("mkdir", "mkfifo", "mknod"):
        replace(posix, name, made.making)
    for name in ("remove", "unlink", "rmdir"):
        replace(posix, name, made.removing)
    for name in ("rename", "replace"):
        replace(posix, name, made.moving)
    replace(posix, "link", made.linking)
    replace(posix, "symlink", made.pointing)
    replace(posix, "open", made.opening_descriptor)
    replace(posix, "listdir", made.listing)
    replace(posix, "scandir", made.scanning)
    replace(posix, "getcwd", made.here(as_bytes=False))
    replace(posix, "getcwdb", made.here(as_bytes=True))
    replace(posix, "chdir", made.going)
    for name in ("_gdbm", "_dbm"):
        replace(optional(name), "open", made.storing)
    replace(builtins, "open", made.opening)
    replace(io, "open_code", made.seeing())


def _told(path: Any, folder: Any, *, descriptor: bool = False) -> str | None:
    """Return a path argument as text; None where the original function has to deal with it."""
    if isinstance(path, int) and not descriptor:
        return None
    if folder is not None and not paths.of_descriptor(folder):
        return None
    try:
        return paths.name_path(path, folder) or None
    except (TypeError, ValueError):
        return None


def _like(path: str, model: Any) -> Any:
    """Return a path as bytes where the model is of bytes."""
    return os.fsencode(path) if isinstance(model, bytes) else path


def _called(
    original: Any, path: Any, rest: tuple[Any, ...], options: dict[str, Any],
    place: Callable[[str], str],
) -> Any:  # fmt: skip
    """Call a function with the place that a layer gives to its path."""
    folder = options.get("dir_fd")
    told = _told(path, folder)
    if told is None:
        return original(path, *rest, **options)
    below = {name: value for name, value in options.items() if name != "dir_fd"}
    return _with_name(original, place(told), path, rest, below)


def _with_name(
    original: Any, place: str, path: Any, rest: tuple[Any, ...], options: dict[str, Any]
) -> Any:
    """Call a function; errors tell the name that it was called with."""
    try:
        return original(_like(place, path), *rest, **options)
    except OSError as error:
        if error.filename is not None and os.fsdecode(error.filename) == place:
            error.filename = path
        raise


def _renamed(file: Any, name: Any) -> Any:
    """Give an open file the name that it was opened by."""
    raw = getattr(file, "buffer", file)
    raw = getattr(raw, "raw", raw)
    with contextlib.suppress(AttributeError):
        raw.name = name
    return file
