"""Statuses that a handler can end with: raised in it, in its dependencies, and in what they call.

Read from the syntax tree of each function, with names resolved in the running module, so
that `status.HTTP_409_CONFLICT` and an exception class with a fixed status are numbers.
Libraries are not followed; neither are calls on objects of unknown type.
"""

from __future__ import annotations

import ast
import builtins
import inspect
import time
from collections.abc import Callable, Iterator
from typing import Any

from . import sources

DEPTH = 4
FUNCTIONS = 250
SECONDS = 20.0
LOWEST_ERROR = 400
HIGHEST_STATUS = 599
_UNKNOWN = object()


def handled(app: Any) -> dict[type, int]:
    """Return the exceptions that the application turns into a response, with its status."""
    found: dict[type, int] = {}
    for key, handler in getattr(app, "exception_handlers", {}).items():
        if not inspect.isclass(key) or _module(handler).startswith(("fastapi.", "starlette.")):
            continue
        function = sources.written(handler)
        for status, _, _ in _Reader(function, {}).statuses():
            found.setdefault(key, status)
    return found


class Scanner:
    """Finds the statuses of routes; functions that several routes share are read once.

    Attributes:
        cut_short: Whether calls were no longer followed, because that took too long.
    """

    def __init__(self, handlers: dict[type, int], root: str) -> None:
        self._handlers = handlers
        self._root = root
        self._began = time.process_time()
        self.cut_short = False
        self._known: dict[Any, _Reader] = {}

    def scan(self, calls: list[Callable[..., Any]]) -> list[dict[str, Any]]:
        """Return each status once a place: `status`, `detail`, `place`, `by`.

        Args:
            calls: The handler first, then its dependencies.
        """
        found: dict[tuple[Any, ...], dict[str, Any]] = {}
        seen: set[Any] = set()
        roots = {_package(_module(call)) for call in calls[:1]}
        waiting = [(sources.written(call), 0) for call in calls]
        while waiting and len(seen) < FUNCTIONS:
            function, depth = waiting.pop(0)
            code = getattr(function, "__code__", None)
            if code is None or code in seen:
                continue
            seen.add(code)
            if not _is_own(function, roots):
                continue
            reader = self._reader(function, code)
            for one in reader.described:
                found.setdefault((one["status"], one["place"]["path"], one["place"]["line"]), one)
            if time.process_time() - self._began > SECONDS:
                self.cut_short = True
            elif depth < DEPTH:
                waiting.extend((called, depth + 1) for called in reader.called)
        return sorted(found.values(), key=lambda one: (one["status"], str(one["place"])))

    def _reader(self, function: Any, code: Any) -> _Reader:
        """Return what a function raises and calls, read once."""
        if code not in self._known:
            reader = _Reader(function, self._handlers)
            path = sources.relative(code.co_filename, self._root)
            by = sources.qualified(function)
            reader.described = [
                {
                    "status": status,
                    "detail": detail,
                    "place": {"path": path, "line": line},
                    "by": by,
                }
                for status, detail, line in reader.statuses()
            ]
            reader.called = list(reader.calls())
            reader._nodes = []  # noqa: SLF001  same module; large applications have thousands
            self._known[code] = reader
        return self._known[code]


def _module(call: Any) -> str:
    """Return the name of the module in which a callable is written."""
    return str(getattr(sources.written(call), "__module__", "") or "")


def _package(module: str) -> str:
    """Return the first part of a module's name."""
    return module.split(".", 1)[0]


def _is_own(function: Any, roots: set[str]) -> bool:
    """Tell whether a function belongs to the application rather than to a library."""
    module = str(getattr(function, "__module__", "") or "")
    if _package(module) in {"fastapi", "starlette", "pydantic", "sqlalchemy"}:
        return False
    file = function.__code__.co_filename
    return _package(module) in roots or ("site-packages" not in file and "/lib/python" not in file)


class _Reader:
    """One function's syntax tree, with names resolved as the function would."""

    def __init__(self, function: Any, handlers: dict[type, int]) -> None:
        self._function = function
        self._handlers = handlers
        code = getattr(function, "__code__", None)
        tree = sources.function(code.co_filename, code.co_firstlineno) if code else None
        self._nodes = list(ast.walk(tree)) if tree else []
        self._types = _annotated(function)
        self.described: list[dict[str, Any]] = []
        self.called: list[Any] = []

    def statuses(self) -> Iterator[tuple[int, str, int]]:
        """Yield status, detail and line of what is raised or returned as an error."""
        for node in self._nodes:
            if isinstance(node, ast.Raise) and node.exc is not None:
                status, detail = self._raised(node.exc)
            elif isinstance(node, ast.Return) and isinstance(node.value, ast.Call):
                status, detail = self._returned(node.value), ""
            else:
                continue
            if LOWEST_ERROR <= status <= HIGHEST_STATUS:
                yield status, detail, node.lineno

    def calls(self) -> Iterator[Any]:
        """Yield the functions that are called, as far as names and annotations tell."""
        for node in self._nodes:
            if isinstance(node, ast.Call):
                value = self._value(node.func)
                if inspect.isfunction(value) or inspect.ismethod(value):
                    yield sources.unwrap(value)
                elif inspect.isclass(value) and "__init__" in vars(value):
                    yield vars(value)["__init__"]

    def _raised(self, node: ast.expr) -> tuple[int, str]:
        """Return status and detail of a raised expression, or 0."""
        if isinstance(node, ast.Call):
            made = self._value(node.func)
            return self._status(made, node), self._detail(node, made)
        value = self._value(node)
        status = getattr(value, "status_code", None)
        if isinstance(status, int) and isinstance(value, BaseException):
            return status, str(getattr(value, "detail", "") or "")[:120]
        if inspect.isclass(value):
            return self._status(value, None), ""
        local = self._local(node)
        return self._raised(local) if isinstance(local, ast.Call) else (0, "")

    def _returned(self, node: ast.Call) -> int:
        """Return the status of a response that is made with one, or 0."""
        made = self._value(node.func)
        if inspect.isclass(made) and any(base.__name__ == "Response" for base in made.__mro__):
            return self._number(self._argument(node, "status_code", 1))
        return 0

    def _status(self, made: Any, node: ast.Call | None) -> int:
        """Return the status that an exception class means when it is raised like this."""
        if not inspect.isclass(made) or not issubclass(made, BaseException):
            return 0
        if any(base.__name__ == "HTTPException" for base in made.__mro__):
            first = 0 if made.__name__ == "HTTPException" else None
            given = self._number(self._argument(node, "status_code", first)) if node else 0
            return given or _fixed(made, self._handlers)
        for base in made.__mro__:
            if base in self._handlers and base is not Exception:
                return self._handlers[base]
        return 0

    def _argument(self, node: ast.Call, name: str, position: int | None) -> ast.expr | None:
        """Return an argument by name, or by position."""
        for keyword in node.keywords:
            if keyword.arg == name:
                return keyword.value
        if position is not None and position < len(node.args):
            return node.args[position]
        return None

    def _number(self, node: ast.expr | None) -> int:
        """Return the number that an expression is, or 0."""
        if isinstance(node, ast.Constant):
            return node.value if isinstance(node.value, int) else 0
        value = self._value(node) if node is not None else None
        try:
            return int(value) if isinstance(value, int) else 0
        except (TypeError, ValueError):
            return 0

    def _detail(self, node: ast.Call, made: Any) -> str:
        """Return the literal words of an exception; of the application's own, else its name."""
        named = {one.arg: one.value for one in node.keywords}
        given = [named[name] for name in ("detail", "message", "msg") if name in named]
        for one in (*given, *node.args):
            if isinstance(one, ast.Constant) and isinstance(one.value, str):
                return one.value[:120]
            if isinstance(one, ast.JoinedStr):
                return "".join(
                    str(part.value) if isinstance(part, ast.Constant) else "…"
                    for part in one.values
                )[:120]
        name = getattr(made, "__name__", "")
        return "" if name == "HTTPException" else str(name)

    def _local(self, node: ast.expr) -> ast.expr | None:
        """Return what a local name was assigned last, or None."""
        if not isinstance(node, ast.Name):
            return None
        found = None
        for one in self._nodes:
            if isinstance(one, ast.Assign) and any(
                isinstance(target, ast.Name) and target.id == node.id for target in one.targets
            ):
                found = one.value
        return found

    def _value(self, node: ast.AST) -> Any:
        """Return the object that a name, an attribute or a made object means here."""
        if isinstance(node, ast.Name):
            return self._name(node.id)
        if isinstance(node, ast.Call):
            made = self._value(node.func)
            hint = (
                getattr(made, "__annotations__", {}).get("return")
                if inspect.isfunction(made)
                else made
            )
            return hint if inspect.isclass(hint) else _UNKNOWN
        if not isinstance(node, ast.Attribute):
            return _UNKNOWN
        holder = self._value(node.value)
        if holder is _UNKNOWN or not (inspect.ismodule(holder) or inspect.isclass(holder)):
            return getattr(type(holder), node.attr, _UNKNOWN) if _is_plain(holder) else _UNKNOWN
        value = inspect.getattr_static(holder, node.attr, _UNKNOWN)
        return value.__func__ if isinstance(value, (staticmethod, classmethod)) else value

    def _name(self, name: str) -> Any:
        """Return a name's object: an annotated parameter's class, a cell, a global."""
        if name in self._types:
            return self._types[name]
        code = self._function.__code__
        if name in code.co_freevars:
            cell = (self._function.__closure__ or ())[code.co_freevars.index(name)]
            try:
                return cell.cell_contents
            except ValueError:
                return _UNKNOWN
        if name in code.co_varnames:
            return _UNKNOWN
        return self._function.__globals__.get(name, getattr(builtins, name, _UNKNOWN))


def _is_plain(holder: Any) -> bool:
    """Tell whether an object is an instance of the application's own class."""
    module = str(getattr(type(holder), "__module__", ""))
    return holder is not _UNKNOWN and module not in {"builtins", "unittest.mock"}


def _annotated(function: Any) -> dict[str, Any]:
    """Return the classes of a function's parameters, `self` included."""
    annotations = dict(getattr(function, "__annotations__", {}))
    space = getattr(function, "__globals__", {})
    found = {}
    for name, hint in annotations.items():
        while hasattr(hint, "__metadata__"):
            hint = hint.__origin__  # noqa: PLW2901  Annotated[X, …] is an X
        hint = space.get(hint) if isinstance(hint, str) else hint  # noqa: PLW2901  as above
        if inspect.isclass(hint):
            found[name] = hint
    owner, _, _ = getattr(function, "__qualname__", "").rpartition(".")
    if owner and "<" not in owner and inspect.isclass(space.get(owner)):
        found.setdefault("self", space[owner])
        found.setdefault("cls", space[owner])
    return found


def _fixed(made: type, handlers: dict[type, int]) -> int:
    """Return the status that an exception class always has: attribute, default or `super()`."""
    attribute = getattr(made, "status_code", None)
    if isinstance(attribute, int):
        return int(attribute)
    for base in made.__mro__:
        start = vars(base).get("__init__")
        if not inspect.isfunction(start) or base.__name__ == "HTTPException":
            continue
        parameter = inspect.signature(start).parameters.get("status_code")
        if parameter is not None and isinstance(parameter.default, int):
            return int(parameter.default)
        reader = _Reader(start, handlers)
        for node in reader._nodes:  # noqa: SLF001  same module
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "__init__":
                number = reader._number(reader._argument(node, "status_code", 0))  # noqa: SLF001  as above
                if number:
                    return number
    return 0
