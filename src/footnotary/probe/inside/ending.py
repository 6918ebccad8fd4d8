"""What one function raises, returns as an error, and calls, as far as names tell."""

from __future__ import annotations

import ast
import functools
import inspect
from collections.abc import Callable, Iterator
from typing import Any

from . import sources
from .assigning import Each, spread, with_partial
from .catching import (
    CHANGES,
    DEPTH,
    ENDS_ALL,
    ENDS_HTTP,
    caught_in,
    changed_in,
    is_http,
    is_response,
    same_as,
)
from .making import (
    given_anew,
    holder_of_status,
    http_statuses,
    numbers_of,
    parameter_names,
    replaced_in,
    response_statuses,
)
from .meaning import Function, Method, parts_of

LOWEST_ERROR = 400
STATUSES = range(200, 600)
_LONGEST = 120
# Functions that call what they are given with what follows it, or with each part of the rest.
_CALLING = {"run_in_threadpool", "to_thread", "run_sync", "run_in_executor", "gather", "wait_for",
            "submit", "call_soon"}  # fmt: skip
_CALLING_EACH = {"map", "filter", "sorted", "sort", "min", "max", "reduce", "starmap", "takewhile",
                 "dropwhile", "filterfalse", "accumulate", "groupby", "nlargest",
                 "nsmallest"}  # fmt: skip
_ENTERED = ("__enter__", "__exit__")
_ENTERED_LATER = ("__aenter__", "__aexit__")
_LOOPED = ("__iter__", "__next__", "__aiter__", "__anext__")
# What runs without being called: of which expressions of a node, and which methods.
_SYNTAX: dict[type, tuple[Callable[[Any], list[ast.expr]], tuple[str, ...]]] = {
    ast.With: (lambda node: [one.context_expr for one in node.items], _ENTERED),
    ast.AsyncWith: (lambda node: [one.context_expr for one in node.items], _ENTERED_LATER),
    ast.For: (lambda node: [node.iter], _LOOPED),
    ast.AsyncFor: (lambda node: [node.iter], _LOOPED),
    ast.comprehension: (lambda node: [node.iter], _LOOPED),
    ast.Subscript: (lambda node: [node.value], ("__getitem__",)),
    ast.Await: (lambda node: [node.value], ("__await__",)),
}


class Reader:
    """What one function raises, returns and calls.

    Args:
        function: The function.
        handlers: What the application answers exceptions with.
        answers: Whether what it returns is the answer, whatever its status; what a helper returns
            counts as an answer only where it is an error.
    """

    def __init__(
        self, function: Function, handlers: dict[type, Any], *, answers: bool = False
    ) -> None:
        self._function = function
        self._answers = answers
        self._handlers = handlers
        self._following: set[str] = set()
        self._is_known, self._is_changed = True, False
        self.unknown: list[int] = []
        self._changed = changed_in(function)
        self._caught = dict(caught_in(function, self._changed))
        returned = list(function.returned())
        self._returns = set(map(id, returned)) - replaced_in(function)
        self._named = {one.id for one in returned if isinstance(one, ast.Name)}
        self._parameters = parameter_names(function.function)
        self._given_anew, self._overwritten = given_anew(function)

    def statuses(self) -> Iterator[tuple[int, str, int]]:
        """Yield status, detail and line of what is raised, returned or set."""
        for node in self._function.nodes:
            found: list[tuple[int, str]] = []
            self._is_known, self._is_changed = True, False
            if self._is_caught(node):
                continue
            if isinstance(node, ast.Raise) and self._caught.get(id(node)) == CHANGES:
                self._is_known = False
            elif isinstance(node, ast.Raise) and node.exc is not None:
                found = list(self._raised(node.exc))
                means = bool(found) or (self._is_known and self._means(node.exc))
                self._is_known = means and not self._is_changed
            elif isinstance(node, ast.Return) and node.value is not None:
                found = [(one, "") for one in self._answered(node.value)]
            elif isinstance(node, (ast.Assign, ast.AnnAssign)):
                found = [(one, "") for one in self._set(node)]
            if not self._is_known:
                self.unknown.append(getattr(node, "lineno", 0))
            for status, detail in dict.fromkeys(found):
                if status in STATUSES:
                    yield status, detail, getattr(node, "lineno", 0)

    def _is_caught(self, node: Any) -> bool:
        """Whether what a node raises is caught around it, and ends there."""
        caught = self._caught.get(id(node)) if isinstance(node, ast.Raise) else None
        if caught == CHANGES:
            return False
        if caught != ENDS_HTTP or node.exc is None:
            return caught is not None
        made = self._function.values(getattr(node.exc, "func", node.exc))
        return bool(made) and all(map(is_http, made))

    def _means(self, node: Any) -> bool:
        """Whether it is known what an expression is, or what makes it."""
        inner = parts_of(node)
        if inner:
            return all(map(self._means, inner))
        made = node.func if isinstance(node, ast.Call) else node
        return any(one is not None for one in self._function.values(made))

    def guessed(self) -> list[str]:
        """Return the functions of which it is not known what they return, as far as was asked."""
        return list(dict.fromkeys(self._function.guessed))

    def calls(self) -> Iterator[tuple[Any, dict[str, list[Any]]]]:
        """Yield the functions that are called, and what they are given."""
        for node in self._function.nodes:
            caught = self._caught.get(id(node))
            if caught == ENDS_ALL:
                continue
            yield from self._called_by_syntax(node)
            if not isinstance(node, ast.Call):
                continue
            if caught and any(map(inspect.isroutine, self._function.values(node.func))):
                self.unknown.append(node.lineno)  # it may raise others than what is caught
                continue
            for value in self._function.values(node.func):
                yield from self._calling(value, node)
            yield from self._passed(node)

    def _passed(self, node: ast.Call) -> Iterator[tuple[Any, dict[str, list[Any]]]]:
        """Yield the functions that a call is given and that it calls, with their arguments."""
        named = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if named not in _CALLING | _CALLING_EACH:
            return
        keys = [one.value for one in node.keywords if one.arg == "key"]
        for at, one in enumerate((*node.args, *keys)):
            others = [other for other in node.args if other is not one]
            if named == "sort":
                others = [node.func.value]  # type: ignore[attr-defined]
            given: list[Any] = [Each(other) for other in others]
            call = ast.Call(node.func, given, [])
            if named in _CALLING:
                call = ast.Call(node.func, node.args[at + 1 :], node.keywords)
            for value in self._function.values(one):
                yield from self._calling(value, call)

    def _called_by_syntax(self, node: Any) -> Iterator[tuple[Any, dict[str, list[Any]]]]:
        """Yield the functions that run without being called: properties, `with`, `for`, `x[y]`."""
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            for holder in self._function.values(node.value):
                found = inspect.getattr_static(holder, node.attr, None)
                getter = getattr(found, "fget", getattr(found, "func", None))
                if isinstance(found, (property, functools.cached_property)) and getter:
                    yield from self._calling(Method(getter, holder), ast.Call(node, [], []))
            return
        entered, names = _SYNTAX.get(type(node), (lambda _: [], ()))
        for holder in (one for each in entered(node) for one in self._function.values(each)):
            made = holder if inspect.isclass(holder) else type(holder)
            for name in names:
                found = inspect.getattr_static(made, name, None)
                if inspect.isfunction(found):
                    yield from self._calling(Method(found, holder), ast.Call(node, [], []))

    def _calling(self, value: Any, node: ast.Call) -> Iterator[tuple[Any, dict[str, list[Any]]]]:
        """Yield the function behind an object that is called."""
        if isinstance(value, functools.partial):
            value, node = with_partial(value, node)
        function: Any = value.function if isinstance(value, Method) else value
        owner: Any = value.owner if isinstance(value, Method) else None
        if inspect.ismethod(function):
            function, owner = function.__func__, function.__self__
        if inspect.isclass(function):
            function, owner = _start_of(function), function
        elif not inspect.isroutine(function):
            function, owner = vars(type(function)).get("__call__"), function
        for one in functions_of(function) if inspect.isfunction(function) else ():
            yield one, self._function.bind(one, node, owner)

    def _raised(self, node: Any) -> Iterator[tuple[int, str]]:
        """Yield status and detail of a raised expression."""
        if self._changed and isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)):
            self._is_changed |= not self._changed.isdisjoint(same_as(self._function, node))
            if self._is_changed:
                return
        for part in parts_of(node):
            yield from self._raised(part)
        if isinstance(node, ast.Call):
            for made in self._function.values(node.func):
                for call in spread(node, self._function.values):
                    yield from self._raised_by_call(made, call)
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
            made, node = with_partial(made, node)
        if inspect.isclass(made):
            for one in self._statuses_of(made, node):
                yield one, _detail(node, made)
            return
        function, owner = made if isinstance(made, Method) else (made, None)
        if inspect.isroutine(function) and self._function.depth < DEPTH:
            bound = self._function.bind(function, node, owner)
            inner = Function(function, bound, self._function.depth + 1)
            reader = Reader(inner, self._handlers)
            for value in inner.returned():
                yield from reader._raised(value)
            self._is_changed |= reader._is_changed

    def _answered(self, node: ast.expr) -> Iterator[int]:
        """Yield the statuses that a returned expression answers with."""
        answers = self._answers and id(node) in self._returns
        known = self._is_known
        for status in self._returned(node):
            if answers or status >= LOWEST_ERROR:
                yield status
        self._is_known = self._is_known if answers else known

    def _returned(self, node: Any) -> Iterator[int]:
        """Yield the statuses of a response that is made; not where it is given another later."""
        for part in parts_of(node):
            yield from self._returned(part)
        if isinstance(node, ast.Name) and node.id in self._given_anew:
            self._is_known = self._is_known and self._given_anew[node.id]
            return
        if isinstance(node, ast.Name) and node.id in self._changed:
            self._is_known = False
            return
        for assigned in self._assigned(node):
            yield from self._returned(assigned)
        if not isinstance(node, ast.Call):
            return
        for made in filter(is_response, self._function.values(node.func)):
            for call in spread(node, self._function.values):
                found = list(response_statuses(made, list(made.__mro__), call, self._function))
                self._is_known = self._is_known and bool(found)
                yield from found

    def answers_itself(self) -> bool:
        """Tell whether all that the function returns are responses that it makes."""
        made = [
            isinstance(node, ast.Call) and any(map(is_response, self._function.values(node.func)))
            for node in self._function.returned()
        ]
        return bool(made) and all(made)

    def decides(self) -> bool:
        """Tell whether the function's own status is the answer's, whatever dependencies set."""
        return self.answers_itself() or any(
            self._given_anew.get(name, False) for name in self._parameters
        )

    def _set(self, node: ast.Assign | ast.AnnAssign) -> Iterator[int]:
        """Yield the statuses that a response is given: `response.status_code = 404`.

        Of a response that is made here only where it is returned; of the one that FastAPI gives
        only where none is returned instead of it; of two in a row the last.
        """
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            holder = holder_of_status(target)
            if holder is None or id(node) in self._overwritten:
                continue
            if not any(map(is_response, self._function.values(holder))):
                continue
            name = getattr(holder, "id", "")
            if name in self._parameters and self._is_too_late(node):
                continue
            found = self._numbers(node.value)
            self._is_known = self._is_known and bool(found)
            is_answer = name in self._parameters or (self._answers and name in self._named)
            if name in self._parameters and self._answers and self._makes_some():
                is_answer = self._is_known = False
            yield from (one for one in found if is_answer or one >= LOWEST_ERROR)

    def _is_too_late(self, node: ast.stmt) -> bool:
        """Tell whether a response is returned instead, or the answer is on its way: `yield`."""
        yields = [one for one in self._function.nodes if isinstance(one, ast.Yield)]
        place = (node.lineno, node.col_offset)
        late = any((one.lineno, one.col_offset) < place for one in yields)
        return late or (self._answers and self.answers_itself())

    def _makes_some(self) -> bool:
        """Tell whether some of what the function returns is a response that it makes."""
        waiting = list(self._function.returned())
        calls = [one for node in waiting for one in ast.walk(node) if isinstance(one, ast.Call)]
        return any(is_response(made) for one in calls for made in self._function.values(one.func))

    def _statuses_of(self, made: Any, node: ast.Call | None) -> Iterator[int]:
        """Yield the statuses that an exception class means when it is raised like this."""
        if not inspect.isclass(made) or not issubclass(made, BaseException):
            return
        if is_http(made):
            found = list(http_statuses(made, list(made.__mro__), node, self._function))
            fixed = getattr(made, "status_code", None)
            found = found or ([int(fixed)] if isinstance(fixed, int) else [])
            self._is_known = self._is_known and bool(found or node is None)
            yield from found
            return
        for base in made.__mro__:
            if base in self._handlers and base is not Exception:
                raised = self._instances(made, node) or [made]
                found = [one for each in raised for one in _of_handler(self._handlers[base], each)]
                self._is_known = self._is_known and bool(found)
                yield from found
                return

    def _instances(self, made: type, node: ast.Call | None) -> list[Any]:
        """Return exceptions as a call makes them, with what `__init__` keeps; nothing is called."""
        start = _start_of(made)
        if node is None or start is None or self._function.depth >= DEPTH:
            return []
        bound = self._function.bind(start, node, made)
        inner = Function(start, bound, self._function.depth + 1)
        kept = {}
        for name in inner.names_on_self():
            kept[name] = [one for node in inner.set_on_self(name) for one in inner.values(node)]
        kept = {name: some for name, some in kept.items() if some}
        found: list[Any] = []
        for at in range(max(map(len, kept.values()), default=0)):
            one: Any = BaseException.__new__(made)
            vars(one).update({name: some[min(at, len(some) - 1)] for name, some in kept.items()})
            found.append(one)
        return found

    def _numbers(self, node: ast.expr | None) -> list[int]:
        """Return the numbers that an expression can be."""
        return numbers_of(self._function, node)


def _of_handler(handler: Any, made: type) -> Iterator[int]:
    """Yield the statuses that an exception handler answers an exception with."""
    names = list(inspect.signature(handler).parameters) if inspect.isroutine(handler) else []
    reader = Reader(Function(handler, {names[-1]: [made]} if names else {}), {}, answers=True)
    for status, _, _ in reader.statuses():
        yield status


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


def functions_of(call: Any) -> Iterator[Any]:
    """Yield the functions that run when a callable is called, its wrappers too."""
    while isinstance(call, functools.partial) or inspect.ismethod(call):
        call = call.func if isinstance(call, functools.partial) else call.__func__
    layer = call
    while hasattr(layer, "__wrapped__") and not inspect.isclass(layer):
        yield layer
        layer = layer.__wrapped__
    bare = sources.written_callable(call)
    yield _start_of(bare) if inspect.isclass(bare) else bare


def _start_of(made: type) -> Any:
    """Return the `__init__` of a class, its own or an inherited one; None for Python's."""
    found = inspect.getattr_static(made, "__init__", None)
    return found if inspect.isfunction(found) else None
