"""Functions that are replaced: those that raise no audit event, and the machine's own name."""

from __future__ import annotations

import errno
import os
import posix
import signal
import sys
import time
from collections.abc import Callable
from typing import Any

from . import paths
from .layer import Layer
from .limits import Watch

_PROCESSORS = 4
_URI_AT = 6  # behind the database: timeout, detect_types, isolation_level, check_same_thread, …
_FACTORY_AT = 4  # behind the database, too
_ATTACH, _OK, _DENY = 24, 0, 1  # https://sqlite.org/c3ref/c_alter_table.html


class Replacement:
    """A function in the place of a built-in one: like these it binds to no class it is in."""

    def __init__(self, original: Any, call: Callable[..., Any]) -> None:
        self._call = call
        self.__name__ = self.__qualname__ = original.__name__
        self.__module__ = original.__module__
        self.__doc__ = original.__doc__

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        """Call the new function."""
        return self._call(*arguments, **options)


def replace(module: Any, name: str, make: Callable[[Any], Callable[..., Any]]) -> None:
    """Replace a function in every module that holds it; do nothing where the system lacks it.

    Args:
        module: Where it is looked up.
        name: Its name.
        make: Makes the new function out of the old one.
    """
    original = getattr(module, name, None)
    if original is None:
        return
    new = Replacement(original, make(original))
    stand_in(original, new)
    for able in (os.supports_dir_fd, os.supports_fd, os.supports_follow_symlinks,
                 os.supports_effective_ids):  # fmt: skip
        if original in able:
            able.add(new)


def stand_in(original: Any, new: Any) -> None:
    """Put something in the place of something else in every module that holds it but our own."""
    for one in list(sys.modules.values()):
        if (getattr(one, "__name__", None) or "").startswith(__name__.partition(".")[0]):
            continue
        for key, value in list(getattr(one, "__dict__", {}).items()):
            if value is original:
                setattr(one, key, new)


def guard_functions(watch: Watch) -> None:
    """Have the functions judged that an audit hook does not hear of."""
    for name in ("mkfifo", "mknod"):
        replace(posix, name, lambda original: _made(watch, original))
    for module, name, event in (
        (posix, "chroot", "os.chroot"),
        (time, "clock_settime", "time.clock_settime"),
        (time, "clock_settime_ns", "time.clock_settime"),
        (signal, "pidfd_send_signal", "signal.pidfd_send_signal"),
    ):
        replace(module, name, lambda original, event=event: _judged(watch, event, original))  # type: ignore[misc]
    replace(posix, "open", lambda original: _opened_below(watch, original))
    for name in ("rename", "replace"):
        replace(posix, name, _moved)
    for name in ("_gdbm", "_dbm"):
        replace(optional(name), "open", lambda original: _opened_store(watch, original))
    replace(optional("_posixsubprocess"), "fork_exec", lambda original: _forked(watch, original))


def optional(name: str) -> Any:
    """Return a module that some builds of Python lack; None there."""
    try:
        return __import__(name)
    except ImportError:
        return None


def _judged(watch: Watch, event: str, original: Any) -> Callable[..., Any]:
    def call(*arguments: Any, **options: Any) -> Any:
        watch.judge(event, arguments)
        return original(*arguments, **options)

    return call


def _made(watch: Watch, original: Any) -> Callable[..., Any]:
    """Make `os.mkfifo` and `os.mknod` known."""

    def call(path: Any, *rest: Any, **options: Any) -> Any:
        watch.judge("os.mknod", (path, None, options.get("dir_fd")))
        return original(path, *rest, **options)

    return call


def _opened_below(watch: Watch, original: Any) -> Callable[..., Any]:
    """Make the folder's descriptor known, which the audit event of `os.open` leaves out."""

    def call(path: Any, flags: int, *rest: Any, **options: Any) -> Any:
        if options.get("dir_fd") is not None:
            watch.judge("os.open", (path, flags, options["dir_fd"]))
        return original(path, flags, *rest, **options)

    return call


def _opened_store(watch: Watch, original: Any) -> Callable[..., Any]:
    """Make the stores of `dbm` known, which a C library opens."""

    def call(path: Any, flags: str = "r", *rest: Any) -> Any:
        if not flags.startswith("r"):
            watch.judge("dbm.open", (path,))
        return original(path, flags, *rest)

    return call


def _forked(watch: Watch, original: Any) -> Callable[..., Any]:
    """Make the function below `subprocess` known, which `multiprocessing` calls by itself."""

    def call(*arguments: Any) -> Any:
        words, programs, folder, environment = (*arguments[:2], *arguments[4:6])
        watch.judge("subprocess.Popen", (programs, words, folder, environment))
        return original(*arguments)

    return call


def _moved(original: Any) -> Callable[..., Any]:
    """Rename folders of the project too: an overlay leaves that to its users (EXDEV)."""

    def call(old: Any, new: Any, **options: Any) -> Any:
        try:
            return original(old, new, **options)
        except OSError as error:
            if error.errno != errno.EXDEV or options or not paths.is_directory(os.fsdecode(old)):
                raise
        import shutil

        if paths.is_directory(os.fsdecode(new)):
            os.rmdir(new)
        shutil.copytree(old, new, symlinks=True)
        shutil.rmtree(old)
        return None

    return call


def conceal(name: str) -> None:
    """Let the machine have a name that is not its own, and a usual number of processors."""
    replace(posix, "uname", lambda original: _with_name(original, name))
    replace(optional("_socket"), "gethostname", lambda _original: lambda: name)
    replace(posix, "cpu_count", lambda _original: lambda: _PROCESSORS)


def _with_name(original: Callable[[], Any], name: str) -> Callable[[], Any]:
    def uname() -> Any:
        told = original()
        return os.uname_result((told.sysname, name, told.release, told.version, told.machine))

    return uname


def redirect_databases(watch: Watch, layer: Layer | None) -> None:
    """Have `sqlite3.connect` open what an import may write to, or may only read.

    Args:
        watch: What judges, and remembers what was opened read-only.
        layer: Where the project's databases are copied to; None where the system does that.
    """
    library, kind = optional("_sqlite3"), None
    if library is not None and layer is not None:
        kind = _guarded(library.Connection, watch)
        stand_in(library.Connection, kind)
    replace(library, "connect", lambda original: _connected(original, kind, watch, layer))


def _guarded(kind: Any, watch: Watch) -> Any:
    """Return a class of connections that ask before a file is attached, whatever else they ask."""
    ours = _authorizer(watch)

    class Connection(kind):  # type: ignore[misc]
        def __init__(self, database: Any, *rest: Any, **options: Any) -> None:
            watch.judge("sqlite3.connect", (database,))  # which Python 3.9 does not tell of a class
            super().__init__(database, *rest, **options)
            super().set_authorizer(ours)

        def set_authorizer(self, authorizer_callback: Any) -> None:
            def both(action: int, *rest: Any) -> Any:
                denied = ours(action, *rest) != _OK
                return _DENY if denied else authorizer_callback(action, *rest)

            super().set_authorizer(ours if authorizer_callback is None else both)

    Connection.__module__, Connection.__qualname__ = kind.__module__, kind.__qualname__
    return Connection


def _connected(original: Any, kind: Any, watch: Watch, layer: Layer | None) -> Callable[..., Any]:
    def call(database: Any, *rest: Any, **options: Any) -> Any:
        if kind is not None and len(rest) <= _FACTORY_AT:
            options.setdefault("factory", kind)
        told = rest[_URI_AT] if len(rest) > _URI_AT else options.get("uri", False)
        names = paths.written_files(database)
        if not names:
            return asking(original(_read(database, bool(told), layer), *rest, **options))
        uri = paths.is_uri(database, uri=bool(told))
        path = names[0] if uri else os.fsdecode(database)
        elsewhere, read_only = _place(path, watch, layer)
        name, is_uri = paths.elsewhere(database, elsewhere, uri=uri, read_only=read_only)
        rest, options = rest[:_URI_AT], {**options, "uri": is_uri}
        return asking(original(name, *rest, **options))

    def asking(connection: Any) -> Any:
        if kind is not None and not isinstance(connection, kind):  # of the application's own making
            connection.set_authorizer(_authorizer(watch))
        return connection

    return call


def _place(path: str, watch: Watch, layer: Layer | None) -> tuple[str, bool]:
    """Return where a database is opened, and whether read-only."""
    if layer is not None and layer.is_inside(path):
        for beside in ("-journal", "-wal"):
            layer.to_change(path + beside)
        return layer.to_change(path), False
    whole = paths.resolve(path)
    if watch.may_write(whole) or not paths.is_regular_file(whole):
        return path, False
    watch.note_read_only(whole)
    return path, True


def _read(database: Any, uri: bool, layer: Layer | None) -> Any:  # noqa: FBT001  as sqlite3 has it
    """Return where a database that is only read is found."""
    if layer is None or not layer.changed or not uri:
        return database
    path, query = paths.parted(os.fsdecode(database))
    if query.get("mode") != ["ro"] or not path:
        return database
    return paths.elsewhere(database, layer.seen(path), uri=True)[0]


def _authorizer(watch: Watch) -> Callable[..., int]:
    """Return what judges `ATTACH`, of which nothing else hears."""

    def authorize(action: int, first: str | None, *_rest: Any) -> int:
        if action != _ATTACH:
            return _OK
        try:
            if first is None:
                watch.deny("write to an attached database")
            watch.judge("sqlite3.connect", (first,))
        except PermissionError:
            return _DENY
        return _OK

    return authorize
