"""Which statuses an exception or a response has as it is made, and which of them last."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from typing import Any

from . import sources
from .catching import is_response, same_as
from .meaning import Function


def numbers_of(function: Function, node: ast.expr | None) -> list[int]:
    """Return the numbers that an expression can be in a function."""
    found = (one for one in function.values(node) if isinstance(one, int))
    return [int(one) for one in found if not isinstance(one, bool)]


def http_statuses(
    made: Any, lineage: list[Any], node: ast.Call | None, function: Function
) -> Iterator[int]:
    """Yield the statuses of an HTTPException: given, or passed on by the class's `__init__`."""
    while lineage:
        base = lineage.pop(0)
        start = vars(base).get("__init__")
        if base.__name__ == "HTTPException":
            yield from numbers_of(function, _argument_at(node, "status_code", 0)) if node else ()
            return
        if not inspect.isfunction(start):
            continue
        nothing = ast.Call(ast.Name(base.__name__), [], [])
        bound = function.bind(start, node or nothing, made)
        inner = Function(start, bound, function.depth + 1)
        for one in inner.nodes:
            if isinstance(one, ast.Call) and getattr(one.func, "attr", "") == "__init__":
                found = list(http_statuses(made, list(lineage), _without_self(one), inner))
                if not found and _passes_on(one):
                    found = list(http_statuses(made, list(lineage), node, function))
                yield from found
        for value in inner.set_on_self("status_code"):
            yield from numbers_of(inner, value)
        return


def response_statuses(
    made: Any, lineage: list[Any], node: ast.Call, function: Function
) -> Iterator[int]:
    """Yield the statuses of a response: given, set by the class's `__init__`, or its default."""
    while lineage:
        base = lineage.pop(0)
        start = vars(base).get("__init__")
        if _sets_elsewhere(base):
            return
        if not inspect.isfunction(start):
            continue
        names = list(inspect.signature(start).parameters)
        is_library = base.__module__.startswith(_LIBRARIES)
        if is_library and "status_code" in names:
            yield from _given_or_default(start, node, function)
            return
        inner = Function(start, function.bind(start, node, made), function.depth + 1)
        own = list(inner.set_on_self("status_code"))
        for value in own:
            yield from numbers_of(inner, value)
        for one in inner.nodes if not own else ():
            if isinstance(one, ast.Call) and getattr(one.func, "attr", "") == "__init__":
                call = _without_self(one)
                found = list(response_statuses(made, list(lineage), call, inner))
                if not found and _passes_on(one) and _is_untouched(inner, one):
                    found = list(response_statuses(made, list(lineage), node, function))
                yield from found
        return


_LIBRARIES = ("starlette.", "fastapi.")


def _sets_elsewhere(base: type) -> bool:
    """Tell whether a class of the application sets a status outside its `__init__`."""
    if base.__module__.startswith(_LIBRARIES) or base is object:
        return False
    return "__new__" in vars(base) or any(
        "status_code" in getattr(getattr(one, "__code__", None), "co_names", ())
        for name, one in vars(base).items()
        if name != "__init__"
    )


def _given_or_default(start: Any, node: ast.Call, function: Function) -> Iterator[int]:
    """Yield the statuses that a call of a library's response gives, or its default."""
    parameters = inspect.signature(start).parameters
    given = _argument_at(node, "status_code", list(parameters).index("status_code") - 1)
    default = parameters["status_code"].default
    if given is not None and not _is_of_response(function, given):
        yield from numbers_of(function, given)
    elif given is None and not _passes_on(node) and isinstance(default, int):
        yield int(default)


def _is_of_response(function: Function, given: ast.expr) -> bool:
    """Tell whether a status is another response's: `response.status_code`."""
    holder = holder_of_status(given)
    return holder is not None and any(map(is_response, function.values(holder)))


def _is_untouched(function: Function, call: ast.Call) -> bool:
    """Tell whether `**kwargs` that are passed on are used for nothing else."""
    passed = {one.value.id for one in call.keywords if not one.arg and hasattr(one.value, "id")}
    named = [one.id for one in function.nodes if isinstance(one, ast.Name)]
    return all(named.count(name) == 1 for name in passed)


def parameter_names(function: Any) -> set[str]:
    """Return the names of a function's parameters."""
    code = getattr(function, "__code__", None)
    return set(code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]) if code else set()


def holder_of_status(target: Any) -> ast.expr | None:
    """Return the response of `response.status_code`; None for other targets."""
    is_status = isinstance(target, ast.Attribute) and target.attr == "status_code"
    return target.value if is_status else None


def replaced_in(function: Function) -> set[int]:
    """Return the returned expressions that a `return` in `finally` replaces."""
    return {
        id(inner.value)
        for one in function.nodes
        if isinstance(one, ast.Try) and any(isinstance(last, ast.Return) for last in one.finalbody)
        for each in (*one.body, *one.handlers, *one.orelse)
        for inner in ast.walk(each)
        if isinstance(inner, ast.Return)
    }


def given_anew(function: Function) -> tuple[dict[str, bool], set[int]]:
    """Return names whose status is set, whether for sure, and the settings that others follow."""
    found: dict[str, bool] = {}
    overwritten: set[int] = set()
    body = getattr(sources.read_tree(getattr(function.function, "__code__", None)), "body", ())
    for block in [body, *(getattr(one, "body", ()) for one in function.nodes)]:
        last: dict[str, int] = {}
        for one in block if isinstance(block, list) else ():
            targets = one.targets if isinstance(one, ast.Assign) else []
            for holder in filter(None, map(holder_of_status, targets)):
                name = ast.unparse(holder)
                overwritten |= {last[name]} if name in last else set()
                last[name] = id(one)
                found[name] = found.get(name, False) or block is body
            waits = any(isinstance(inner, ast.Yield) for inner in ast.walk(one))
            if waits or not isinstance(one, (ast.Assign, ast.Expr)):
                last = {}
    for name in list(found):
        for other in same_as(function, ast.parse(name).body[0]):
            found.setdefault(other, False)
    return found, overwritten


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


def _argument_at(node: ast.Call, name: str, position: int) -> ast.expr | None:
    """Return an argument by name, or by position."""
    for keyword in node.keywords:
        if keyword.arg == name:
            return keyword.value
    before = node.args[: position + 1]
    if len(before) > position and not any(isinstance(one, ast.Starred) for one in before):
        return before[position]
    return None
