"""Statuses that a handler can end with: raised in it, in its dependencies, and in what they call.

Read from the syntax tree of each function, with names resolved in the running module, so that
`status.HTTP_409_CONFLICT` and an exception class with a fixed status are numbers. Libraries are not
followed; neither are calls on objects of unknown type.
"""

from __future__ import annotations

import contextlib
import inspect
import time
from collections.abc import Callable, Iterator
from typing import Any

from . import sources
from .assigning import written_call
from .catching import DEPTH
from .ending import LOWEST_ERROR, Reader, functions_of
from .meaning import Function

FUNCTIONS = 250
SECONDS = 20.0
_LIBRARIES = {"fastapi", "starlette", "pydantic", "sqlalchemy"}


def handled(app: Any) -> dict[type, Any]:
    """Return the exceptions that the application turns into a response, with their handlers."""
    return {
        key: sources.written_callable(handler)
        for key, handler in getattr(app, "exception_handlers", {}).items()
        if inspect.isclass(key) and not _module(handler).startswith(("fastapi.", "starlette."))
    }


class Scanner:
    """Finds the statuses of routes; functions that several routes share are read once.

    Attributes:
        cut_short: Whether calls were no longer followed, because that took too long.
        unfollowed: What may raise others in what was scanned last: functions and dependencies that
            were not followed, places where what is raised is not known.
    """

    def __init__(self, handlers: dict[type, Any], root: str) -> None:
        self._handlers = handlers
        self._root = root
        self._began = time.process_time()
        self.cut_short = False
        self.unfollowed: dict[str, None] = {}
        self._known: dict[Any, tuple[list[dict[str, Any]], list[Any], list[str]]] = {}

    def scan(self, calls: list[Callable[..., Any]]) -> list[dict[str, Any]]:
        """Return each status once a place: `status`, `detail`, `place`, `by`."""
        found: dict[tuple[Any, ...], dict[str, Any]] = {}
        seen: set[Any] = set()
        entered = [one for call in calls[:1] for one, _ in _entered(call)]
        readers = [Reader(Function(one), self._handlers, answers=True) for one in entered]
        itself = [one.answers_itself() for one in readers[:-1]]
        entered = entered[: itself.index(True) + 1] if True in itself else entered
        answering = {getattr(one, "__code__", None) for one in entered}
        decides = any(one.decides() for one in readers)
        roots = {_package(_module(call)) for call in calls[:1]}
        self.unfollowed = {}
        waiting: list[tuple[Any, dict[str, list[Any]], int]] = []
        for call in calls:
            begun = [(one, bound, 0) for one, bound in _entered(call)]
            waiting += begun
            own = (one is None or (_is_own(one, roots) and _is_read(one)) for one, _, _ in begun)
            if not any(own):
                self._leave(call)
        while waiting:
            function, bound, depth = waiting.pop(0)
            code = getattr(function, "__code__", None)
            key = (code, _key_of(bound))
            if code is None or key in seen or not _is_own(function, roots):
                continue
            if len(seen) >= FUNCTIONS or depth > DEPTH:
                self._leave(function)
                continue
            seen.add(key)
            described, called, left = self._read(function, bound, key, answers=code in answering)
            self.unfollowed |= dict.fromkeys(left)
            for one in described:
                if decides and code not in answering and one["status"] < LOWEST_ERROR:
                    self._leave(function)
                    continue
                found.setdefault((one["status"], one["place"]["path"], one["place"]["line"]), one)
            if time.process_time() - self._began > SECONDS:
                self.cut_short = True
            else:
                waiting.extend((inner, given, depth + 1) for inner, given in called)
        return sorted(found.values(), key=lambda one: (one["status"], str(one["place"])))

    def _leave(self, call: Any) -> None:
        """Note a function that is not followed; what FastAPI brings is told by the document."""
        name = sources.qualified(call)
        if _package(_module(call)) not in _LIBRARIES and name.split(".")[0] not in _LIBRARIES:
            self.unfollowed[name] = None

    def _read(
        self, function: Any, bound: dict[str, list[Any]], key: Any, *, answers: bool
    ) -> tuple[list[dict[str, Any]], list[Any], list[str]]:
        """Return what a function raises and calls, and what of it is not known, read once."""
        key = (key, answers)
        if key not in self._known:
            reader = Reader(Function(function, bound), self._handlers, answers=answers)
            path = sources.relative_to_project(function.__code__.co_filename, self._root)
            by = sources.qualified(function)
            described = [
                {
                    "status": status,
                    "detail": detail,
                    "place": {"path": path, "line": line},
                    "by": by,
                }
                for status, detail, line in reader.statuses()
            ]
            called = list(reader.calls())
            lines = [f"{path}:{line}" for line in reader.unknown]
            self._known[key] = described, called, [*lines, *reader.guessed()]
        return self._known[key]


def _entered(call: Any) -> Iterator[tuple[Any, dict[str, list[Any]]]]:
    """Yield the functions that run when a dependency is called, with what it gives them itself."""
    bare: Any
    bare, given, named = written_call(call)
    if inspect.ismethod(bare):
        bare, given = bare.__func__, [bare.__self__, *given]
    elif not (inspect.isroutine(bare) or inspect.isclass(bare)):
        given = [bare, *given]
    for one in functions_of(bare):
        bound: dict[str, list[Any]] = {}
        with contextlib.suppress(TypeError, ValueError):
            signature = inspect.signature(sources.unwrap(one))
            first = [one] * inspect.isclass(bare) if given or named else []
            told = signature.bind_partial(*first, *given, **named).arguments
            bound = {name: [value] for name, value in told.items()}
        yield one, bound


def _is_read(function: Any) -> bool:
    """Whether the source of a function is known."""
    return hasattr(function, "__code__") and bool(Function(function).nodes)


def _key_of(bound: dict[str, list[Any]]) -> Any:
    """Return what tells two calls of a function apart: numbers and classes that it is given."""
    return tuple(
        (name, *(one if isinstance(one, int) else id(one) for one in values))
        for name, values in sorted(bound.items())
    )


def _module(call: Any) -> str:
    """Return the name of the module in which a callable is written."""
    return str(getattr(sources.written_callable(call), "__module__", "") or "")


def _package(module: str) -> str:
    """Return the first part of a module's name."""
    return module.split(".", 1)[0]


def _is_own(function: Any, roots: set[str]) -> bool:
    """Tell whether a function belongs to the application rather than to a library."""
    module = str(getattr(function, "__module__", "") or "")
    if _package(module) in _LIBRARIES:
        return False
    return _package(module) in roots or not sources.is_of_library(function)
