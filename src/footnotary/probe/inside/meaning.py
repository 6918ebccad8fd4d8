"""What expressions in a function mean, as far as names, annotations and assignments tell.

An object stands for itself; an instance that is made while the program runs is stood for by its
class. Nothing of the application is called.
"""

from __future__ import annotations

import ast
import builtins
import enum
import functools
import inspect
import types
import typing
from collections.abc import Iterator
from typing import Any, NamedTuple

from . import sources
from .assigning import (
    Each,
    assignments,
    classes_of,
    each_of,
    hints_of,
    is_one_of,
    may_be_another,
    spread,
    whole_numbers,
    with_partial,
)
from .sources import imported, read_nodes, read_tree

_DEPTH = 6
_MOST = 24  # meanings of one expression
Bound = typing.Dict[str, typing.List[Any]]  # noqa: UP006  of older interpreters, too


class Method(NamedTuple):
    """A function of a class, with what `self` is."""

    function: Any
    owner: Any


class Function:
    """A function's syntax tree, with names resolved as the function would.

    Attributes:
        nodes: Every node of its body.
        guessed: Functions of which only the annotation told what they return, as far as anything
            was asked: it may be something else that fits it.
    """

    def __init__(self, function: Any, bound: Bound | None = None, depth: int = 0) -> None:
        """Read it."""
        self.function = function
        self.depth = depth
        self._bound = dict(bound or {})
        self._code = getattr(self.function, "__code__", None)
        self.nodes = read_nodes(self._code)
        self._known: dict[int, list[Any]] = {}
        self._hints: dict[str, Any] | None = None
        self._assigned: dict[str, list[ast.expr]] | None = None
        self.guessed: list[str] = []

    def values(self, node: ast.AST | None) -> list[Any]:
        """Return the objects that an expression can mean; nothing where that is not known."""
        if node is None:
            return []
        if id(node) not in self._known:
            self._known[id(node)] = []  # for what is assigned in a circle
            self._known[id(node)] = list(self._values(node))[:_MOST]
        return self._known[id(node)]

    def assigned(self, name: str) -> list[ast.expr]:
        """Return the expressions that a local name is assigned."""
        if self._assigned is None:
            self._assigned = assignments(self.nodes)
        return self._assigned.get(name, [])

    def bind(self, function: Any, call: ast.Call, owner: Any = None) -> Bound:
        """Return what the parameters of a function mean when it is called like this."""
        found: Bound = {}
        try:
            parameters = list(inspect.signature(sources.unwrap(function)).parameters.values())
        except (TypeError, ValueError):
            return found
        if owner is not None and parameters:
            found[parameters.pop(0).name] = [owner]
        for one in spread(call, self.values):
            for name, values in self._given(parameters, one):
                found.setdefault(name, []).extend(values)
        return found

    def _given(self, parameters: list[Any], call: ast.Call) -> Iterator[tuple[str, list[Any]]]:
        """Yield what each parameter means in one call."""
        starred = any(isinstance(one, ast.Starred) for one in call.args)
        named = {one.arg: one.value for one in call.keywords}
        for at, parameter in enumerate(parameters):
            if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
                continue
            given = named.get(parameter.name)
            by_position = not starred and parameter.kind is not parameter.KEYWORD_ONLY
            if given is None and by_position and at < len(call.args):
                given = call.args[at]
            if given is not None:
                yield parameter.name, self.values(given)
            elif parameter.default is not parameter.empty and None not in named and not starred:
                yield parameter.name, [parameter.default]

    def returned(self) -> Iterator[ast.expr]:
        """Yield the expressions that the function returns or yields, not those nested in it."""
        waiting: list[Any] = list(getattr(read_tree(self._code), "body", ()))
        while waiting:
            node = waiting.pop(0)
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
                continue
            if isinstance(node, (ast.Return, ast.Yield)) and node.value is not None:
                yield node.value
            waiting.extend(ast.iter_child_nodes(node))

    def called(self, callee: Any, call: ast.Call) -> Iterator[Any]:
        """Yield what a call of an object gives: what the function returns, else what it says."""
        if isinstance(callee, functools.partial):
            callee, call = with_partial(callee, call)
        if inspect.isclass(callee):
            yield from self._made(callee, call)
            return
        function, owner = callee if isinstance(callee, Method) else (callee, None)
        bare = sources.unwrap(function)
        if not inspect.isroutine(function) or not hasattr(bare, "__code__"):
            return
        hinted = list(classes_of(hints_of(bare).get("return")))
        concrete = [one for one in hinted if not inspect.isabstract(one)]
        own = not sources.is_of_library(bare)
        found: list[Any] = []
        if self.depth < _DEPTH and (own or not concrete):
            inner = Function(bare, self.bind(bare, call, owner), self.depth + 1)
            found = [one for node in inner.returned() for one in inner.values(node)]
            self.guessed += inner.guessed
        kept = [one for one in found if one is not None and is_one_of(one, hinted)]
        if own and hinted and not kept and any(map(may_be_another, hinted)):
            self.guessed.append(sources.qualified(bare))
        yield from kept or concrete or found or hinted

    def _made(self, made: Any, call: ast.Call) -> Iterator[Any]:
        """Yield what calling a class gives: a member of an enum, a number, else the class."""
        given = [one for node in call.args[:1] for one in self.values(node)]
        if made is functools.partial:
            rest = [next(iter(self.values(node)), None) for node in call.args[1:]]
            named = {one.arg: next(iter(self.values(one.value)), None) for one in call.keywords}
            known = {name: one for name, one in named.items() if name}
            yield from (functools.partial(one, *rest, **known) for one in given if callable(one))
        elif made is int:
            yield from (int(one) for one in given if isinstance(one, int) or str(one).isdecimal())
        elif issubclass(made, enum.Enum):
            known = made._value2member_map_
            yield from (known[one] for one in given if isinstance(one, (int, str)) and one in known)
        elif not issubclass(made, type):  # a class that is made while the program runs is not known
            yield made

    def _values(self, node: Any) -> Iterator[Any]:
        if isinstance(node, ast.Constant):
            yield node.value
        elif isinstance(node, ast.Name):
            yield from self._name(node.id)
        elif isinstance(node, ast.Attribute):
            for holder in self.values(node.value):
                yield from self._attribute(holder, node.attr)
        elif isinstance(node, ast.Call) and is_super(node):
            owner = _owner(self.function)
            yield from owner.__mro__[1:2] if owner is not None else ()
        elif isinstance(node, ast.Call):
            yield from self._looked_up(node)
            for callee in self.values(node.func):
                yield from self.called(callee, node)
        elif isinstance(node, (ast.Subscript, ast.Dict)):
            yield from self._held(node)
        elif isinstance(node, Each):
            yield from self._each(node.whole)
        else:
            yield from self._joined(node)

    def _joined(self, node: Any) -> Iterator[Any]:
        """Yield what several expressions make: a tuple, a number, or one of them."""
        if isinstance(node, (ast.Tuple, ast.List)):
            yield tuple(next(iter(self.values(one)), None) for one in node.elts)
        elif isinstance(node, ast.BinOp):
            yield from whole_numbers(node, self.values(node.left), self.values(node.right))
        for one in parts_of(node):
            yield from self.values(one)

    def _held(self, node: ast.Subscript | ast.Dict) -> Iterator[Any]:
        """Yield a mapping that is written out, or what one holds under a key."""
        if isinstance(node, ast.Subscript):
            for holder in self.values(node.value):
                yield from _known_items(holder, self.values(node.slice))
        else:
            pairs = zip(node.keys, node.values, strict=False)
            named = ((self.values(key), self.values(value)) for key, value in pairs)
            yield {key[0]: value[0] for key, value in named
                   if key and value and isinstance(key[0], (str, int))}  # fmt: skip

    def _each(self, whole: ast.expr) -> Iterator[Any]:
        """Yield what a loop gives: of a list that is written out, all that each part can be."""
        if isinstance(whole, (ast.Tuple, ast.List, ast.Set)):
            yield from (value for one in whole.elts for value in self.values(one))
            return
        function = whole.func if isinstance(whole, ast.Call) else None
        if isinstance(function, ast.Attribute) and function.attr in ("items", "values", "keys"):
            for holder in self.values(function.value):
                if isinstance(holder, dict):
                    yield from getattr(holder, function.attr)()
            return
        for holder in self.values(whole):
            yield from each_of(holder)

    def _looked_up(self, node: ast.Call) -> Iterator[Any]:
        """Yield what `mapping.get(key, default)` gives."""
        if isinstance(node.func, ast.Attribute) and node.func.attr == "get" and node.args:
            for holder in self.values(node.func.value):
                if isinstance(holder, dict):
                    yield from _known_items(holder, self.values(node.args[0]))
                    yield from self.values(node.args[1]) if len(node.args) > 1 else ()

    def _name(self, name: str) -> Iterator[Any]:
        """Yield what a name means: a parameter, a local name, a cell, a global."""
        if name in self._bound:
            yield from self._bound[name]
            return
        code: Any = self._code
        if name in getattr(code, "co_freevars", ()):
            cell = (self.function.__closure__ or ())[code.co_freevars.index(name)]
            try:
                yield cell.cell_contents
            except ValueError:
                return
        elif (
            name in getattr(code, "co_varnames", ())
            or name in getattr(code, "co_cellvars", ())
            or self.assigned(name)  # in a comprehension, before Python 3.12
        ):
            yield from self._parameter(name)
            yield from imported(self.function, self.nodes, name)
            for one in self.assigned(name):
                yield from self.values(one)
        else:
            space = getattr(self.function, "__globals__", {})
            missing = object()
            found = space.get(name, getattr(builtins, name, missing))
            if found is not missing:
                yield found

    def _parameter(self, name: str) -> Iterator[Any]:
        """Yield what a parameter is: what its dependency gives, its class, its default."""
        if self._hints is None:
            self._hints = hints_of(self.function)
        hint = self._hints.get(name)
        default = _default_values(self.function).get(name)
        asked = [one for one in (*getattr(hint, "__metadata__", ()), default) if _asks(one)]
        given: list[Any] = []
        nothing = ast.Call(ast.Name("given"), [], [])
        for one in asked:
            callee = sources.unwrap(one.dependency) if one.dependency else None
            if callee is not None and not inspect.isroutine(callee) and not inspect.isclass(callee):
                callee = Method(getattr(type(callee), "__call__", None), callee)  # noqa: B004
            given += list(self.called(callee, nothing)) if callee is not None else []
        yield from given or classes_of(hint)
        if isinstance(default, int):
            yield default
        owner = _owner(self.function)
        if not given and hint is None and owner is not None and name in {"self", "cls"}:
            yield owner

    def _attribute(self, holder: Any, name: str) -> Iterator[Any]:
        """Yield what an attribute of an object, or of an instance of a class, means."""
        if isinstance(holder, enum.Enum) and name in {"value", "_value_"}:
            yield holder.value
            return
        if inspect.isclass(holder) and issubclass(holder, enum.Enum) and name in holder.__members__:
            yield holder.__members__[name]
            return
        if type(holder).__module__ == "unittest.mock" or holder is None:
            return
        missing = object()
        found = inspect.getattr_static(holder, name, missing)
        if isinstance(found, (staticmethod, classmethod)):
            yield (
                found.__func__
                if isinstance(found, staticmethod)
                else Method(found.__func__, holder)
            )
        elif isinstance(found, (property, functools.cached_property)):
            getter = found.fget if isinstance(found, property) else found.func
            yield from self.called(Method(getter, holder), ast.Call(ast.Name("get"), [], []))
        elif inspect.isfunction(found) and not inspect.ismodule(holder):
            yield Method(found, holder)
        elif found is not missing and not isinstance(found, types.MemberDescriptorType):
            yield found
        else:
            yield from self._of_instance(holder, name)

    def _of_instance(self, holder: Any, name: str) -> Iterator[Any]:
        """Yield what `__init__` assigns to an attribute, or the class that is declared for it."""
        made = holder if inspect.isclass(holder) else type(holder)
        if self.depth >= _DEPTH or made.__module__ == "builtins":
            return
        for base in made.__mro__:
            declared = list(classes_of(hints_of(base).get(name)))
            if declared:
                yield from declared
                return
            start = vars(base).get("__init__")
            if not inspect.isfunction(start):
                continue
            inner = Function(start, {"self": [holder]}, self.depth + 1)
            for value in inner.set_on_self(name):
                yield from inner.values(value)

    def set_on_self(self, name: str) -> Iterator[ast.expr]:
        """Yield what a method assigns to an attribute of its instance."""
        yield from (value for attribute, value in self._set_on_self() if attribute == name)

    def names_on_self(self) -> list[str]:
        """Return the attributes that a method assigns."""
        return list(dict.fromkeys(name for name, _ in self._set_on_self()))

    def _set_on_self(self) -> Iterator[tuple[str, ast.expr]]:
        """Yield attribute and value of each assignment to an attribute."""
        for node in self.nodes:
            targets = (
                node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
            )
            value = getattr(node, "value", None)
            for target in targets:
                if isinstance(target, ast.Attribute) and value is not None:
                    yield target.attr, value


def is_super(node: ast.Call) -> bool:
    """Return whether a call is `super()`."""
    return isinstance(node.func, ast.Name) and node.func.id == "super" and not node.args


def parts_of(node: Any) -> list[Any]:
    """Return the expressions of which one is what an expression means."""
    if isinstance(node, ast.IfExp):
        return [node.body, node.orelse]
    if isinstance(node, ast.BoolOp):
        return node.values
    return [node.value] if isinstance(node, (ast.NamedExpr, ast.Await)) else []


def _asks(value: Any) -> bool:
    """Tell whether a value is FastAPI's `Depends(…)` or `Security(…)`."""
    return hasattr(value, "dependency") and type(value).__module__.startswith("fastapi.")


def _default_values(function: Any) -> dict[str, Any]:
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return {}
    return {one.name: one.default for one in parameters if one.default is not one.empty}


def _owner(function: Any) -> Any:
    """Return the class in whose body a function is, where its module has it by name."""
    found: Any = None
    owner = getattr(function, "__qualname__", "").rpartition(".")[0]
    if owner and "<" not in owner:
        first, *rest = owner.split(".")
        found = getattr(function, "__globals__", {}).get(first)
        for name in rest:
            found = inspect.getattr_static(found, name, None)
    return found if inspect.isclass(found) else None


def _known_items(holder: Any, keys: list[Any]) -> Iterator[Any]:
    """Yield the values of a mapping or a sequence, of known keys where there are some."""
    if inspect.isclass(holder) and issubclass(holder, enum.Enum):
        holder = dict(holder.__members__)
    if isinstance(holder, dict):
        known = [holder[key] for key in keys if isinstance(key, (str, int)) and key in holder]
        yield from known or list(holder.values())
    elif isinstance(holder, (list, tuple)):
        yield from (holder[key] for key in keys if isinstance(key, int) and key < len(holder))
