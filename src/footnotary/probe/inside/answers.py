"""The answer, and what it takes to give it: kept from before the application had its say."""

from __future__ import annotations

import contextlib
import importlib
import os
import posix
import resource
import signal
import sys
from types import ModuleType
from typing import Any

_WRITE, _OPEN, _STAT, _TRUNCATE = posix.write, posix.open, posix.stat, posix.ftruncate
_FSTAT, _SEEK = posix.fstat, posix.lseek
_EXIT = posix._exit  # noqa: SLF001  its only name
_GET_LIMIT, _SET_LIMIT = resource.getrlimit, resource.setrlimit
# What describing an application takes from the library: an application may replace any of it.
_NEEDED = (
    "builtins", "posix", "os", "posixpath", "genericpath", "stat", "io", "_io", "re", "ast",
    "enum", "inspect", "linecache", "tokenize", "textwrap", "traceback", "functools", "types", "gc",
    "contextlib", "unittest.mock", "importlib", "importlib.util", "importlib.metadata",
)  # fmt: skip


def own(name: str) -> ModuleType:
    """Return a module of the library that no other code gets hold of.

    Args:
        name: A package that imports nothing twice.
    """
    kept = _taken(name)
    copy = importlib.import_module(name)
    _taken(name)
    sys.modules.update(kept)
    return copy


def _taken(name: str) -> dict[str, ModuleType]:
    """Take a package out of the modules that are known."""
    found = [one for one in sys.modules if one == name or one.startswith(name + ".")]
    return {one: sys.modules.pop(one) for one in found}


json: Any = own("json")


class PristineLibrary:
    """The library as it was before the import."""

    def __init__(self) -> None:
        self._modules = {name: importlib.import_module(name) for name in _NEEDED}
        self._names = {name: dict(vars(one)) for name, one in self._modules.items()}
        self._recursion = sys.getrecursionlimit()

    def restore(self) -> None:
        """Put back what the application replaced; what it added stays."""
        for name, module in self._modules.items():
            sys.modules[name] = module
            module.__dict__.update(self._names[name])  # of builtins first: no call before
        sys.setrecursionlimit(max(self._recursion, sys.getrecursionlimit()))
        for one in (resource.RLIMIT_DATA, resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE):
            with contextlib.suppress(OSError, ValueError):  # it may have used up what it had
                _SET_LIMIT(one, (_GET_LIMIT(one)[1],) * 2)


class AnswerFile:
    """The file of the answer, open from the beginning."""

    def __init__(self, path: str, token: str) -> None:
        """Open it.

        Args:
            path: Where it is read.
            token: What shows that it is ours.
        """
        self._path = path
        self._token = token
        self._handle = _OPEN(path, os.O_WRONLY | os.O_CREAT, 0o600)
        self._file = _FSTAT(self._handle)

    def give(self, answer: dict[str, Any]) -> None:
        """Write the answer and end the process: threads and exit handlers have no say."""
        with contextlib.suppress(OSError, ValueError, AttributeError):
            signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        # in one piece: `dump` is ten times slower
        text = json.JSONEncoder(default=str).encode({**answer, "token": self._token})
        left = memoryview(text.encode("utf-8", "replace"))
        handle = self._opened()
        _TRUNCATE(handle, 0)
        _SEEK(handle, 0, os.SEEK_SET)
        while left:
            left = left[_WRITE(handle, left) :]
        _EXIT(0)

    def _opened(self) -> int:
        """Return the open file; the application may have closed or removed it."""
        with contextlib.suppress(OSError):
            now = _FSTAT(self._handle)
            is_ours = (now.st_dev, now.st_ino) == (self._file.st_dev, self._file.st_ino)
            if is_ours and now.st_nlink:
                return self._handle
        return _OPEN(self._path, os.O_WRONLY | os.O_CREAT, 0o600)
