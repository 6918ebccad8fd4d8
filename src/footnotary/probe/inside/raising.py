"""Statuses that a handler can end with: raised in it, in its dependencies, and in what they call.

Read from the syntax tree of each function, with names resolved in the running module, so that
`status.HTTP_409_CONFLICT` and an exception class with a fixed status are numbers. Libraries are not
followed; neither are calls on objects of unknown type.
"""

from __future__ import annotations

import ast
import functools
import inspect
import time
from collections.abc import Callable, Iterator
from typing import Any

from . import sources
from .meaning import Function, Method, parts_of

DEPTH = 4
FUNCTIONS = 250
SECONDS = 20.0
LOWEST_ERROR = 400
HIGHEST_STATUS = 599
_LONGEST = 120
# Functions that call what they are given, and wait for it.
_CALLING = {"run_in_threadpool", "to_thread", "run_sync", "run_in_executor", "gather", "wait_for"}
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
    """

    def __init__(self, handlers: dict[type, Any], root: str) -> None:
        self._handlers = handlers
        self._root = root
        self._began = time.process_time()
        self.cut_short = False
        self._known: dict[Any, tuple[list[dict[str, Any]], list[Any]]] = {}

    def scan(self, calls: list[Callable[..., Any]]) -> list[dict[str, Any]]:
        """Return each status once a place: `status`, `detail`, `place`, `by`.

        Args:
            calls: The handler first, then its dependencies.
        """
        found: dict[tuple[Any, ...], dict[str, Any]] = {}
        seen: set[Any] = set()
        roots = {_package(_module(call)) for call in calls[:1]}
        waiting: list[tuple[Any, dict[str, list[Any]], int]] = [
            (one, {}, 0) for call in calls for one in _written(call)
        ]
        while waiting and len(seen) < FUNCTIONS:
            function, bound, depth = waiting.pop(0)
            code = getattr(function, "__code__", None)
            key = (code, _key_of(bound))
            if code is None or key in seen:
                continue
            seen.add(key)
            if not _is_own(function, roots):
                continue
            described, called = self._read(function, bound, key)
            for one in described:
                found.setdefault((one["status"], one["place"]["path"], one["place"]["line"]), one)
            if time.process_time() - self._began > SECONDS:
                self.cut_short = True
            elif depth < DEPTH:
                waiting.extend((inner, given, depth + 1) for inner, given in called)
        return sorted(found.values(), key=lambda one: (one["status"], str(one["place"])))

    def _read(
        self, function: Any, bound: dict[str, list[Any]], key: Any
    ) -> tuple[list[dict[str, Any]], list[Any]]:
        """Return what a function raises and calls, read once."""
        if key not in self._known:
            reader = _Reader(Function(function, bound), self._handlers)
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
            self._known[key] = described, list(reader.calls())
        return self._known[key]


def _written(call: Any) -> Iterator[Any]:
    """Yield the functions that run when a handler or dependency is called, its wrappers too."""
    while isinstance(call, functools.partial) or inspect.ismethod(call):
        call = call.func if isinstance(call, functools.partial) else call.__func__
    layer = call
    while hasattr(layer, "__wrapped__") and not inspect.isclass(layer):
        yield layer
        layer = layer.__wrapped__
    bare = sources.written_callable(call)
    yield vars(bare).get("__init__") if inspect.isclass(bare) else bare


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
    file = function.__code__.co_filename
    return _package(module) in roots or ("site-packages" not in file and "/lib/python" not in file)


class _Reader:
    """What one function raises, returns and calls."""

    def __init__(self, function: Function, handlers: dict[type, Any]) -> None:
        self._function = function
        self._handlers = handlers
        self._following: set[str] = set()

    def statuses(self) -> Iterator[tuple[int, str, int]]:
        """Yield status, detail and line of what is raised or returned as an error."""
        for node in self._function.nodes:
            found: list[tuple[int, str]] = []
            if isinstance(node, ast.Raise) and node.exc is not None:
                found = list(self._raised(node.exc))
            elif isinstance(node, ast.Return) and node.value is not None:
                found = [(one, "") for one in self._returned(node.value)]
            elif isinstance(node, ast.Assign):
                found = [(one, "") for one in self._set(node)]
            for status, detail in dict.fromkeys(found):
                if LOWEST_ERROR <= status <= HIGHEST_STATUS:
                    yield status, detail, getattr(node, "lineno", 0)

    def calls(self) -> Iterator[tuple[Any, dict[str, list[Any]]]]:
        """Yield the functions that are called, and what they are given."""
        for node in self._function.nodes:
            if not isinstance(node, ast.Call):
                continue
            named = getattr(node.func, "attr", getattr(node.func, "id", ""))
            passed = node.args if named in _CALLING else []
            for value in self._function.values(node.func):
                yield from self._calling(value, node)
            for value in (one for given in passed for one in self._function.values(given)):
                yield from self._calling(value, ast.Call(node.func, [], []))

    def _calling(self, value: Any, node: ast.Call) -> Iterator[tuple[Any, dict[str, list[Any]]]]:
        """Yield the function behind an object that is called."""
        if isinstance(value, functools.partial):
            value = value.func
        function: Any = value.function if isinstance(value, Method) else value
        owner: Any = value.owner if isinstance(value, Method) else None
        if inspect.ismethod(function):
            function, owner = function.__func__, function.__self__
        if inspect.isclass(function):
            function, owner = vars(function).get("__init__"), function
        elif not inspect.isroutine(function):
            function, owner = vars(type(function)).get("__call__"), function
        for one in _written(function) if inspect.isfunction(function) else ():
            yield one, self._function.bind(one, node, owner)

    def _raised(self, node: Any) -> Iterator[tuple[int, str]]:
        """Yield status and detail of a raised expression."""
        for part in parts_of(node):
            yield from self._raised(part)
        if isinstance(node, ast.Call):
            for made in self._function.values(node.func):
                yield from self._raised_by_call(made, node)
            return
        for assigned in self._assigned(node):
            yield from self._raised(assigned)
        if isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)):
            for value in self._function.values(node):
                yield from self._raised_object(value)

    def _assigned(self, node: Any) -> Iterator[ast.expr]:
        """Yield what a local name is assigned, once while that is followed: `one = one or two`."""
        if isinstance(node, ast.Name) and node.id not in self._following:
            self._following.add(node.id)
            yield from self._function.assigned(node.id)
            self._following.discard(node.id)

    def _raised_object(self, value: Any) -> Iterator[tuple[int, str]]:
        """Yield status and detail of an exception, or of a class that is raised as it is."""
        if isinstance(value, BaseException):
            status = getattr(value, "status_code", None)
            if isinstance(status, int):
                yield int(status), str(getattr(value, "detail", "") or "")[:_LONGEST]
        else:
            for one in self._statuses_of(value, None):
                yield one, ""

    def _raised_by_call(self, made: Any, node: ast.Call) -> Iterator[tuple[int, str]]:
        """Yield status and detail of what a call makes, or of what a helper returns."""
        if isinstance(made, functools.partial):
            given = [ast.Constant(one) for one in made.args]
            named = [ast.keyword(name, ast.Constant(one)) for name, one in made.keywords.items()]
            node = ast.Call(node.func, [*given, *node.args], [*node.keywords, *named])
            made = made.func
        if inspect.isclass(made):
            for one in self._statuses_of(made, node):
                yield one, _detail(node, made)
            return
        function, owner = made if isinstance(made, Method) else (made, None)
        if inspect.isroutine(function) and self._function.depth < DEPTH:
            bound = self._function.bind(function, node, owner)
            inner = Function(function, bound, self._function.depth + 1)
            for value in inner.returned():
                yield from _Reader(inner, self._handlers)._raised(value)  # noqa: SLF001  same class

    def _returned(self, node: Any) -> Iterator[int]:
        """Yield the statuses of a response that is made with one."""
        for part in parts_of(node):
            yield from self._returned(part)
        for assigned in self._assigned(node):
            yield from self._returned(assigned)
        if isinstance(node, ast.Call) and any(map(_is_response, self._function.values(node.func))):
            yield from self._numbers(_argument(node, "status_code", 1))

    def _set(self, node: ast.Assign) -> Iterator[int]:
        """Yield the statuses that a response is given: `response.status_code = 404`."""
        for target in node.targets:
            is_status = isinstance(target, ast.Attribute) and target.attr == "status_code"
            holders = self._function.values(getattr(target, "value", None)) if is_status else ()
            if any(map(_is_response, holders)):
                yield from self._numbers(node.value)

    def _statuses_of(self, made: Any, node: ast.Call | None) -> Iterator[int]:
        """Yield the statuses that an exception class means when it is raised like this."""
        if not inspect.isclass(made) or not issubclass(made, BaseException):
            return
        if any(base.__name__ == "HTTPException" for base in made.__mro__):
            found = list(_http_statuses(made, list(made.__mro__), node, self._function))
            fixed = getattr(made, "status_code", None)
            yield from found or ([int(fixed)] if isinstance(fixed, int) else [])
            return
        for base in made.__mro__:
            if base in self._handlers and base is not Exception:
                yield from _of_handler(self._handlers[base], made)
                return

    def _numbers(self, node: ast.expr | None) -> list[int]:
        """Return the numbers that an expression can be."""
        return _numbers(self._function, node)


def _numbers(function: Function, node: ast.expr | None) -> list[int]:
    """Return the numbers that an expression can be in a function."""
    found = (one for one in function.values(node) if isinstance(one, int))
    return [int(one) for one in found if not isinstance(one, bool)]


def _of_handler(handler: Any, made: type) -> Iterator[int]:
    """Yield the statuses that an exception handler answers an exception with."""
    names = list(inspect.signature(handler).parameters) if inspect.isroutine(handler) else []
    reader = _Reader(Function(handler, {names[-1]: [made]} if names else {}), {})
    for status, _, _ in reader.statuses():
        yield status


def _http_statuses(
    made: Any, lineage: list[Any], node: ast.Call | None, function: Function
) -> Iterator[int]:
    """Yield the statuses of an HTTPException: given, or passed on by the class's `__init__`."""
    while lineage:
        base = lineage.pop(0)
        start = vars(base).get("__init__")
        if base.__name__ == "HTTPException":
            yield from _numbers(function, _argument(node, "status_code", 0)) if node else ()
            return
        if not inspect.isfunction(start):
            continue
        nothing = ast.Call(ast.Name(base.__name__), [], [])
        bound = function.bind(start, node or nothing, made)
        inner = Function(start, bound, function.depth + 1)
        for one in inner.nodes:
            if isinstance(one, ast.Call) and getattr(one.func, "attr", "") == "__init__":
                found = list(_http_statuses(made, list(lineage), _without_self(one), inner))
                if not found and _passes_on(one):
                    found = list(_http_statuses(made, list(lineage), node, function))
                yield from found
        for value in inner.set_on_self("status_code"):
            yield from _numbers(inner, value)
        return


def _without_self(node: ast.Call) -> ast.Call:
    """Return `Base.__init__(self, …)` as `super().__init__(…)`."""
    holder = getattr(node.func, "value", None)
    if isinstance(holder, ast.Call):
        return node
    return ast.Call(node.func, node.args[1:], node.keywords)


def _passes_on(node: ast.Call) -> bool:
    """Tell whether a call passes on what its function was given."""
    starred = any(isinstance(one, ast.Starred) for one in node.args)
    return starred or any(one.arg is None for one in node.keywords)


def _is_response(made: Any) -> bool:
    return inspect.isclass(made) and any(base.__name__ == "Response" for base in made.__mro__)


def _argument(node: ast.Call, name: str, position: int) -> ast.expr | None:
    """Return an argument by name, or by position."""
    for keyword in node.keywords:
        if keyword.arg == name:
            return keyword.value
    before = node.args[: position + 1]
    if len(before) > position and not any(isinstance(one, ast.Starred) for one in before):
        return before[position]
    return None


def _detail(node: ast.Call, made: Any) -> str:
    """Return the literal words of an exception; of the application's own, else its name."""
    named = {one.arg: one.value for one in node.keywords}
    given = [named[name] for name in ("detail", "message", "msg") if name in named]
    for one in (*given, *node.args):
        if isinstance(one, ast.Constant) and isinstance(one.value, str):
            return one.value[:_LONGEST]
        if isinstance(one, ast.JoinedStr):
            return "".join(
                str(part.value) if isinstance(part, ast.Constant) else "…" for part in one.values
            )[:_LONGEST]
    name = getattr(made, "__name__", "")
    return "" if name == "HTTPException" else str(name)
