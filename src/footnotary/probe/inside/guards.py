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
from .limits import Watch

_PROCESSORS = 4


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
    """Put something in the place of something else in every module that holds it but our own.

    Args:
        original: What they hold.
        new: What they hold from now on.
    """
    for one in list(sys.modules.values()):
        if (getattr(one, "__name__", None) or "").startswith(__name__.partition(".")[0]):
            continue
        for key, value in list(getattr(one, "__dict__", {}).items()):
            if value is original:
                setattr(one, key, new)


def guard_functions(watch: Watch) -> None:
    """Have the functions judged that an audit hook does not hear of.

    Args:
        watch: What judges.
    """
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
    """Let the machine have a name that is not its own, and a usual number of processors.

    Args:
        name: The name.
    """
    replace(posix, "uname", lambda original: _with_name(original, name))
    replace(optional("_socket"), "gethostname", lambda _original: lambda: name)
    replace(posix, "cpu_count", lambda _original: lambda: _PROCESSORS)


def _with_name(original: Callable[[], Any], name: str) -> Callable[[], Any]:
    def uname() -> Any:
        told = original()
        return os.uname_result((told.sysname, name, told.release, told.version, told.machine))

    return uname
