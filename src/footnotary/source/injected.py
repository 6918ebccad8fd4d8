"""What FastAPI injects: the dependencies that parameters, annotations and lists name.

`Depends(…)` may stand where it is used or behind a name: an alias such as
`CurrentUser = Annotated[User, Depends(user)]`, a variable, a list; names are followed.
"""

import ast
import copy
from collections.abc import Iterator
from typing import TypeAlias

from footnotary.source.names import Defined, DefinitionIndex, Placed, assigned_value, last_name
from footnotary.source.parsing import Source

_MAX_HOPS = 4
_ASKING = {"Depends", "Security"}
Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
Called: TypeAlias = Function | ast.Lambda
# A function that serves a route, and its module.
Served: TypeAlias = tuple[Function, Source]


class Injected:
    """Finds the dependencies of functions and expressions of a package.

    Args:
        index: The package's definitions.
    """

    def __init__(self, index: DefinitionIndex) -> None:
        self.index = index

    def of_function(self, node: Called, source: Source) -> Iterator[Placed]:
        """Yield what the parameters of a function ask for."""
        for _, annotation, default in parameters_of(node.args):
            if annotation is not None:
                yield from self.of_expression(annotation, source)
            if default is not None:
                yield from self.of_expression(default, source, annotation)

    def of_expression(
        self, expression: ast.expr, source: Source, annotated: ast.expr | None = None
    ) -> Iterator[Placed]:
        """Yield what `Depends(…)` and `Security(…)` name in an expression, names followed.

        Args:
            expression: An annotation, a default, or a list of dependencies.
            source: The module it is in.
            annotated: The type that an empty `Depends()` stands for.
        """
        waiting = [(expression, source, annotated, 0)]
        while waiting:
            node, origin, kept, hops = waiting.pop()
            if isinstance(node, ast.Call) and last_name(node.func) in _ASKING:
                yield from ((one, origin) for one in _asked(node) or ([kept] if kept else ()))
            elif self.makes_dependency(node, origin):
                yield node, origin  # whose functions are those inside of what is called
            elif isinstance(node, ast.Name | ast.Attribute):
                found = self.index.define(node, origin)
                value = assigned_value(found[0]) if found and hops < _MAX_HOPS else None
                if found and value is not None:
                    waiting.append((value, found[1], kept, hops + 1))
            else:
                inside = [one for one in ast.iter_child_nodes(node) if isinstance(one, ast.expr)]
                kept = _annotated(node) or kept
                waiting += [(one, origin, kept, hops) for one in reversed(inside)]

    def makes_dependency(self, node: ast.expr, source: Source) -> bool:
        """Tell whether an expression calls a function of the project that returns `Depends(…)`."""
        found = self.index.define(node.func, source) if isinstance(node, ast.Call) else None
        made = [one.value for one in ast.walk(found[0]) if isinstance(one, ast.Return)
                ] if found and isinstance(found[0], Function) else []  # fmt: skip
        return any(isinstance(one, ast.Call) and last_name(one) in _ASKING for one in made)

    def of_dependency(
        self, name: ast.expr, source: Source
    ) -> tuple[str, Defined | None, list[Placed]]:
        """Return the full name and definition of a dependency, and what is injected into it.

        A class is made by its `__init__`, an instance of it called by its `__call__`, and what
        a function returns may be one of the functions inside of it.
        """
        named = name.func if isinstance(name, ast.Call) else name
        injected = [
            one
            for function, origin in self.functions_of(name, source)
            for one in self.of_function(function, origin)
        ]
        return self.index.resolve(named, source), self.index.define(named, source), injected

    def functions_of(
        self, name: ast.expr, source: Source, hops: int = 0
    ) -> Iterator[tuple[Called, Source]]:
        """Yield the functions that are called for a dependency, with their modules.

        Args:
            name: What is in `Depends(…)`.
            source: The module it is in.
            hops: How many variables were followed to get here.
        """
        if isinstance(name, ast.Lambda):
            yield name, source
            return
        called = isinstance(name, ast.Call)
        found = self.index.define(name.func if isinstance(name, ast.Call) else name, source)
        value = assigned_value(found[0]) if found else None
        if found and isinstance(value, ast.Call) and hops < _MAX_HOPS:
            yield from self.functions_of(value, found[1], hops + 1)
        elif found and isinstance(found[0], ast.ClassDef):
            lineage = self.index.lineage(found[0], found[1])
            yield from _method(lineage, "__call__" if called else "__init__")
        elif found and isinstance(found[0], Function):
            yield from ((one, found[1]) for one in _injecting(found[0], called=called))

    def endpoint_of(
        self, node: ast.expr, source: Source, around: ast.ClassDef | None = None
    ) -> Served | None:
        """Return the function that serves a route, by the name that FastAPI has for it.

        Args:
            node: A function, a lambda, a bound method, an object that can be called, or a call of
                a function that returns one of its own.
            source: The module it is in.
            around: The class that it is written in.

        Returns:
            None where the source does not tell.
        """
        if isinstance(node, ast.Lambda):
            body: list[ast.stmt] = [ast.copy_location(ast.Return(node.body), node)]
            made = ast.FunctionDef("<lambda>", node.args, body, [], lineno=node.lineno)
            return ast.copy_location(made, node), source
        found = self.index.define(node, source)
        if found and isinstance(found[0], Function):
            return found[0], found[1]
        if isinstance(node, ast.Attribute):
            owner = self.origin_of(node.value, source)[1]
            if last_name(node.value) in {"self", "cls"} and around is not None:
                owner = around, source
            if owner and isinstance(owner[0], ast.ClassDef):
                return next(_method(self.index.lineage(owner[0], owner[1]), node.attr), None)
            return None
        every = [*self.functions_of(node, source)]
        if len(every) != 1 or not isinstance(every[0][0], Function):
            return None
        named = self.origin_of(node, source)[1]
        served = copy.copy(every[0][0])
        if named and isinstance(named[0], ast.ClassDef):  # an object is called as its class is
            served.name = named[0].name
        return served, every[0][1]

    def origin_of(
        self, name: ast.expr, source: Source, hops: int = 0
    ) -> tuple[str, Defined | None]:
        """Return the full name of what makes a dependency, and its definition in the project.

        Args:
            name: What is in `Depends(…)`.
            source: The module it is in.
            hops: How many variables were followed to get here.

        Returns:
            The name of the function or class, of an instance too; no definition where a library
            has it.
        """
        named = name.func if isinstance(name, ast.Call) else name
        found = self.index.define(named, source)
        value = assigned_value(found[0]) if found else None
        if found and isinstance(value, ast.expr) and hops < _MAX_HOPS:
            return self.origin_of(value, found[1], hops + 1)
        return self.index.resolve(named, source) or ast.unparse(named), found


def _asked(call: ast.Call) -> list[ast.expr]:
    """Return what a `Depends(…)` names; nothing where it is empty."""
    named = [one.value for one in call.keywords if one.arg == "dependency"]
    return [*call.args[:1], *named]


def parameters_of(
    arguments: ast.arguments,
) -> Iterator[tuple[str, ast.expr | None, ast.expr | None]]:
    """Yield name, annotation and default of each parameter."""
    positional = [*arguments.posonlyargs, *arguments.args]
    without = len(positional) - len(arguments.defaults)
    defaults = [*[None] * without, *arguments.defaults, *arguments.kw_defaults]
    for argument, default in zip([*positional, *arguments.kwonlyargs], defaults, strict=True):
        yield argument.arg, argument.annotation, default


def _annotated(expression: ast.expr) -> ast.expr | None:
    """Return the type of an `Annotated[type, …]`."""
    if not isinstance(expression, ast.Subscript) or last_name(expression) != "Annotated":
        return None
    inside = expression.slice
    return inside.elts[0] if isinstance(inside, ast.Tuple) and inside.elts else None


def _method(
    lineage: list[tuple[ast.ClassDef, Source]], name: str
) -> Iterator[tuple[Function, Source]]:
    """Yield the method that a class has or inherits."""
    for one, source in lineage:
        for each in one.body:
            if isinstance(each, Function) and each.name == name:
                yield each, source
                return


def _injecting(definition: Function, *, called: bool) -> list[Function]:
    """Return the functions whose parameters a dependency is called with."""
    every = [one for one in ast.walk(definition) if isinstance(one, Function)]
    return _returned_by(every[0], every[1:]) if called else every[:1]


def _returned_by(definition: Function, inside: list[Function]) -> list[Function]:
    """Return the functions inside of one that it returns by name, in `Depends(…)` too; else all."""
    deeper = {id(node) for one in inside for node in ast.walk(one)}
    returned = [
        node.value
        for node in ast.walk(definition)
        if isinstance(node, ast.Return) and id(node) not in deeper
    ]
    asked = [one.args[0] if isinstance(one, ast.Call) and last_name(one) in _ASKING and one.args
             else one for one in returned]  # fmt: skip
    return [one for one in inside if one.name in map(last_name, asked)] or inside
