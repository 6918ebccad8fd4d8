"""The answer, and what it takes to give it: kept from before the application had its say."""

from __future__ import annotations

import contextlib
import importlib
import os
import posix
import re
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
# Of an object without a `repr` of its own: `<shop.Thing object at 0x7f32c8a1b5d0>`, `<weakref at
# 0x7f32c8a1b5d0; dead>`, `<code object f at 0x7f32c8a1b5d0, file "…", line 1>`.
_ADDRESS = re.compile(r"(<[^<>\n]{1,200}?) at 0x[0-9A-Fa-f]{6,16}(?=[>;,])")
_ADDRESSES = 8  # of one object


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
        """Open it."""
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


def settled(data: Any, root: str) -> Any:
    """Return data as JSON has it; addresses, and folders of this machine, are left out.

    What comes of a set is sorted: its order is another one on another Python.
    """
    text = json.dumps(data, default=_plain)
    for _ in range(_ADDRESSES if " at 0x" in text else 0):
        text = _ADDRESS.sub(r"\1", text)
    for folder, shown in _folders(root).items():
        quoted = json.dumps(folder)[1:-1]
        if quoted in text:
            text = re.sub(re.escape(quoted) + r"(/(?=\w)|(?![\w.-]))", shown, text)
    return _sorted(json.loads(text))


def _plain(value: Any) -> Any:
    """Return what JSON lacks: a set as a sorted list, everything else as text."""
    if isinstance(value, (set, frozenset)):
        return sorted(value, key=lambda one: (type(one).__name__, str(one)))
    return str(value)


def _sorted(value: Any) -> Any:
    """Sort the defaults of arrays that are sets (JSON Schema: `uniqueItems`), at any depth."""
    if isinstance(value, dict):
        found = {name: _sorted(one) for name, one in value.items()}
        if found.get("uniqueItems") is True and isinstance(found.get("default"), list):
            found["default"].sort(key=json.dumps)
        return found
    return [_sorted(one) for one in value] if isinstance(value, list) else value


def _folders(root: str) -> dict[str, str]:
    """Return folders of this machine, and what is in their place, longest first."""
    found = {sys.prefix: "environment/", os.environ.get("HOME", ""): "~/"}
    found.update(dict.fromkeys((root, os.path.realpath(root)), ""))
    usual = {folder: shown for folder, shown in found.items() if len(folder) > 1}
    return dict(sorted(usual.items(), key=lambda one: -len(one[0])))
