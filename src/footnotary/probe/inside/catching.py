"""Where what a function raises is caught and ends, or is given another status."""

from __future__ import annotations

import ast
import contextlib
import inspect
from collections.abc import Iterator
from typing import Any

from . import sources
from .meaning import Function, Method

DEPTH = 4
# What ends where it is caught: everything, or HTTP exceptions alone.
ENDS_ALL, ENDS_HTTP = "all", "http"
CHANGES = "changes"  # what is caught is raised again with another status


def changed_in(function: Function) -> set[str]:
    """Return the expressions whose status is set anew, other than a response's: `e`, `self.e`."""
    found: set[str] = set()
    for node in function.nodes:
        targets: list[Any] = [node] if isinstance(getattr(node, "ctx", None), ast.Store) else []
        if isinstance(node, ast.Call):
            found |= set(_changed_by(function, node))
        for one in targets:
            if getattr(one, "attr", "") == "status_code" and not _is_said_response(function, one):
                found.add(ast.unparse(one.value))
            whole = getattr(one, "value", None)  # vars(e)["status_code"], e.__dict__["status_code"]
            if isinstance(one, ast.Subscript) and isinstance(whole, (ast.Call, ast.Attribute)):
                inner = whole.args[:1] if isinstance(whole, ast.Call) else [whole.value]
                found |= set(map(ast.unparse, inner))
    return {name for one in found for name in (one, *same_as(function, ast.parse(one).body[0]))}


def _changed_by(function: Function, node: ast.Call) -> Iterator[str]:
    """Yield what a call sets the status of: by `setattr`, or in the function that is called."""
    named = getattr(node.func, "attr", getattr(node.func, "id", ""))
    if named in ("setattr", "__setattr__"):
        yield from map(ast.unparse, node.args[:1])
        return
    if function.depth >= DEPTH:
        return
    for made in function.values(node.func):
        bare = made.function if isinstance(made, Method) else made
        if not inspect.isfunction(bare) or sources.is_of_library(bare):
            continue
        if any(
            isinstance(one, ast.Attribute)
            and one.attr == "status_code"
            and isinstance(one.ctx, ast.Store)
            for one in Function(bare, {}, DEPTH).nodes
        ):
            if isinstance(node.func, ast.Attribute):
                yield ast.unparse(node.func.value)
            yield from (ast.unparse(one) for one in node.args if isinstance(one, ast.Name))


def _is_said_response(function: Function, target: Any) -> bool:
    """Whether what an attribute is set of is a response, or the object of a method."""
    is_self = getattr(target.value, "id", "") == "self"
    return is_self or any(map(is_response, function.values(target.value)))


def same_as(function: Function, node: Any) -> set[str]:
    """Return the expressions that mean the same object as one: itself, and what is assigned it."""
    node = getattr(node, "value", node) if isinstance(node, ast.Expr) else node
    found: set[str] = set()
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if (
            isinstance(one, (ast.Name, ast.Attribute, ast.Subscript))
            and (shown := ast.unparse(one)) not in found
        ):
            found.add(shown)
            waiting += function.assigned(shown)
    return found


def caught_in(function: Function, changed: set[str]) -> Iterator[tuple[int, str]]:
    """Yield each node that a `try` or `suppress` is around, and what of it ends there.

    `ENDS_ALL` where all does, `ENDS_HTTP` where only HTTP exceptions do. Where a handler
    raises again what it caught, or something made of it, nothing ends; `CHANGES` where it sets
    its status.
    """
    for node in function.nodes:
        if isinstance(node, ast.Try) and {one.name for one in node.handlers} & changed:
            yield from ((id(inner), CHANGES) for one in node.body for inner in ast.walk(one))
            continue
        kinds: list[ast.expr | None] = []
        if isinstance(node, ast.Try):
            kinds = [one.type for one in node.handlers if not _raises_again(one)]
        elif isinstance(node, (ast.With, ast.AsyncWith)):
            made = [one.context_expr for one in node.items]
            kinds += [given for one in made if isinstance(one, ast.Call)
                      and contextlib.suppress in function.values(one.func)
                      for given in one.args]  # fmt: skip
        caught = {kind for one in kinds for kind in _kinds_of(function, one)}
        for one in getattr(node, "body", ()) if caught else ():
            yield from ((id(inner), max(caught, key=ENDS_ALL.__eq__)) for inner in ast.walk(one))


def _kinds_of(function: Function, node: ast.expr | None) -> Iterator[str]:
    """Yield what an `except` catches of what ends a request: everything, HTTP exceptions."""
    if node is None:
        yield ENDS_ALL
    for one in node.elts if isinstance(node, ast.Tuple) else [node]:
        for kind in function.values(one):
            if kind in (Exception, BaseException):
                yield ENDS_ALL
            elif is_http(kind) and kind.__name__ == "HTTPException":
                yield ENDS_HTTP


def _raises_again(handler: ast.ExceptHandler) -> bool:
    """Whether a handler may raise what it caught, or something made of it."""
    inside = [one for each in handler.body for one in ast.walk(each)]
    raised = [one for one in inside if isinstance(one, ast.Raise)]
    named = {one.id for one in inside if isinstance(one, ast.Name)} if handler.name else set()
    return any(one.exc is None for one in raised) or handler.name in named


def is_http(made: Any) -> bool:
    """Tell whether an exception, or a class of them, is an HTTPException."""
    kind = made if inspect.isclass(made) else type(made)
    return any(base.__name__ == "HTTPException" for base in kind.__mro__)


def is_response(made: Any) -> bool:
    """Tell whether something is a class of responses."""
    return inspect.isclass(made) and any(base.__name__ == "Response" for base in made.__mro__)
