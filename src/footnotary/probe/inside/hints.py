"""Annotations: which classes they allow, and whether they leave open which."""

from __future__ import annotations

import collections.abc
import contextlib
import inspect
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
