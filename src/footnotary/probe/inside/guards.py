"""Functions that raise no audit event, or one that tells too little: judged like the others."""

from __future__ import annotations

import errno
import os
import posix
import signal
import time
from collections.abc import Callable
from typing import Any

from . import paths
from .limits import Watch
from .replacing import replace


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
