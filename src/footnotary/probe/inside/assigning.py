"""What names in a function are assigned, and what a call is given, as expressions."""

from __future__ import annotations

import ast
import functools
import operator
from collections.abc import Iterator
from typing import Any

_ARITHMETIC = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul,
               ast.FloorDiv: operator.floordiv, ast.BitOr: operator.or_}  # fmt: skip
_LARGEST = 1_000_000


class Each(ast.expr):
    """One of the things that an expression gives one by one."""

    def __init__(self, whole: ast.expr) -> None:
        """Stand for each of what it gives."""
        super().__init__()
        self.whole = whole


def assignments(nodes: list[ast.AST]) -> dict[str, list[ast.expr]]:
    """Return the expressions that each local name of a function is assigned."""
    found: dict[str, list[ast.expr]] = {}
    for node in nodes:
        for target, value in _pairs(node):
            for name, one in _unpacked(target, value):
                found.setdefault(name, []).append(one)
    return found


def _pairs(node: Any) -> Iterator[tuple[Any, ast.expr]]:
    """Yield target and value of each assignment that a node makes."""
    if isinstance(node, ast.Assign):
        yield from ((target, node.value) for target in node.targets)
    elif isinstance(node, (ast.AnnAssign, ast.NamedExpr)) and node.value is not None:
        yield node.target, node.value
    elif isinstance(node, ast.withitem) and node.optional_vars is not None:
        yield node.optional_vars, node.context_expr
    elif isinstance(node, (ast.For, ast.AsyncFor, ast.comprehension)):
        yield node.target, Each(node.iter)
    elif isinstance(node, ast.ExceptHandler) and node.name and node.type is not None:
        kinds = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
        yield from ((ast.Name(node.name), kind) for kind in kinds)


def _unpacked(target: Any, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    """Yield each name of a target with the expression that it is given."""
    if isinstance(target, ast.Name):
        yield target.id, value
    elif isinstance(target, (ast.Tuple, ast.List)):
        written = value.elts if isinstance(value, (ast.Tuple, ast.List)) else []
        for at, one in enumerate(target.elts):
            other = ast.Subscript(value, ast.Constant(at))
            yield from _unpacked(one, written[at] if len(written) == len(target.elts) else other)


def each_of(holder: Any) -> list[Any]:
    """Return what an object gives one by one, where that is known."""
    if isinstance(holder, (list, tuple, set, frozenset, dict)):
        return list(holder)
    return list(getattr(holder, "__members__", {}).values()) if isinstance(holder, type) else []


def whole_numbers(node: ast.BinOp, left: list[Any], right: list[Any]) -> Iterator[int]:
    """Yield what two whole numbers make."""
    operation = _ARITHMETIC.get(type(node.op))
    for one in left:
        for other in right:
            numbers = isinstance(one, int) and isinstance(other, int)
            if operation and numbers and max(abs(one), abs(other)) < _LARGEST and other:
                yield int(operation(int(one), int(other)))


def written_call(call: Any) -> tuple[Any, list[Any], dict[str, Any]]:
    """Return what is called behind partials, with what they give."""
    given: list[Any] = []
    named: dict[str, Any] = {}
    while isinstance(call, functools.partial):
        given, named, call = [*call.args, *given], {**call.keywords, **named}, call.func
    return call, given, named


def with_partial(made: Any, node: ast.Call) -> tuple[Any, ast.Call]:
    """Return what a partial calls, and the call with what it gives."""
    made, given, named = written_call(made)
    before = [ast.Constant(one) for one in given]
    after = [ast.keyword(name, ast.Constant(one)) for name, one in named.items()]
    return made, ast.Call(node.func, [*before, *node.args], [*node.keywords, *after])


def spread(node: ast.Call, values: Any) -> Iterator[ast.Call]:
    """Yield a call with what `*some` and `**others` hold written out, where that is known.

    Args:
        node: The call.
        values: Returns the objects that an expression can mean.
    """
    starred = [one for one in node.args if isinstance(one, ast.Starred)]
    double = [one for one in node.keywords if one.arg is None]
    if len(starred) + len(double) != 1:
        yield node
        return
    written: Any = [*starred, *double][0]
    held = [one for one in values(written.value) if isinstance(one, (list, tuple, dict))]
    for one in held:
        if isinstance(one, dict):
            more = [ast.keyword(str(name), ast.Constant(value)) for name, value in one.items()]
            yield ast.Call(node.func, node.args, [*(k for k in node.keywords if k.arg), *more])
        else:
            at = node.args.index(starred[0]) if starred else 0
            inner = [ast.Constant(value) for value in one]
            yield ast.Call(
                node.func, [*node.args[:at], *inner, *node.args[at + 1 :]], node.keywords
            )
    if not held:
        yield node
