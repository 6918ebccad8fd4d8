"""What names in a function are assigned, what a call is given, and what hints say of them."""

from __future__ import annotations

import ast
import collections.abc
import contextlib
import functools
import inspect
import operator
import sys
import types
import typing
from collections.abc import Iterator
from typing import Any

_DEPTH = 6
_YIELDING = (
    collections.abc.Iterator, collections.abc.Iterable, collections.abc.Generator,
    collections.abc.AsyncIterator, collections.abc.AsyncIterable, collections.abc.AsyncGenerator,
    collections.abc.Awaitable, collections.abc.Coroutine,
)  # fmt: skip


def hints_of(what: Any) -> dict[str, Any]:
    """Return the annotations of a function or class, each that can be resolved."""
    raw = dict(getattr(what, "__annotations__", None) or {}) if hasattr(what, "__dict__") else {}
    if inspect.isclass(what):
        raw = dict(vars(what).get("__annotations__") or {})
    space = getattr(what, "__globals__", None)
    if space is None:
        space = vars(sys.modules.get(getattr(what, "__module__", ""), types))
    found = {}
    for name, hint in raw.items():
        holder = types.SimpleNamespace(__annotations__={name: hint})
        with contextlib.suppress(Exception):  # names that are there for type checkers alone
            found[name] = typing.get_type_hints(holder, space, None, include_extras=True)[name]
    return found


def classes_of(hint: Any, depth: int = 0) -> Iterator[Any]:
    """Yield the classes that an annotation allows; of an iterator, what it gives."""
    hint = getattr(hint, "__value__", hint)  # of a `type` statement
    while hasattr(hint, "__metadata__"):
        hint = hint.__origin__  # Annotated[X, …] is an X
    arguments, origin = typing.get_args(hint), typing.get_origin(hint)
    if depth > _DEPTH or hint is None:
        return
    if origin in _YIELDING:
        yield from classes_of(arguments[-1 if "Coroutine" in str(origin) else 0], depth + 1)
    elif origin is typing.Union or "Union" in type(hint).__name__:
        for one in arguments:
            yield from classes_of(one, depth + 1)
    elif origin is type:
        yield from classes_of(arguments[0], depth + 1)
    elif inspect.isclass(origin or hint) and (origin or hint) not in (object, type(None)):
        made = origin or hint
        if made.__module__ != "builtins":
            yield made


def is_one_of(value: Any, hinted: list[Any]) -> bool:
    """Whether a class, or an object, is one of some classes; a protocol may be met by any."""
    made = value if inspect.isclass(value) else type(value)
    return not hinted or any(
        getattr(one, "_is_protocol", False) or one in made.__mro__ for one in hinted
    )


def may_be_another(made: Any) -> bool:
    """Whether an annotation leaves open what it is: a protocol, or a class with others below."""
    below = type.__subclasses__(made) if made is not type else []
    return bool(getattr(made, "_is_protocol", False) or inspect.isabstract(made) or below)


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
