"""What `Depends(…)` names: in place, through aliases and through variables."""

import ast
from collections.abc import Iterator

from footnotary.readers.names import Index, last_name
from footnotary.readers.package import Source

Function = ast.FunctionDef | ast.AsyncFunctionDef
_MARKERS = {"Depends", "Security"}
_MAX_HOPS = 4
_METHODS = {"__init__", "__call__"}  # FastAPI calls a class to make it, and an instance


def dependencies_of(
    node: Function, source: Source, index: Index
) -> Iterator[tuple[ast.expr, Source]]:
    """Yield what a function depends on, in the order in which FastAPI asks it.

    Args:
        node: The function.
        source: The module it stands in.
        index: The definitions of the package.

    Yields:
        An expression that names a callable, and the module in which the name is to be read.
    """
    for decorator in node.decorator_list:
        if isinstance(decorator, ast.Call):
            for given in (*decorator.args, *(k.value for k in decorator.keywords)):
                yield from dependencies_in(given, source, index)
    arguments = node.args
    positional = [*arguments.posonlyargs, *arguments.args]
    without = [None] * (len(positional) - len(arguments.defaults))
    for argument, default in (
        *zip(positional, (*without, *arguments.defaults), strict=True),
        *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
    ):
        if argument.annotation:
            yield from dependencies_in(argument.annotation, source, index)
        if default is not None and _is_bare(default) and argument.annotation:
            yield argument.annotation, source  # `service: Service = Depends()`
        elif default is not None:
            yield from dependencies_in(default, source, index)


def dependencies_in(
    expression: ast.expr, source: Source, index: Index, *, hops: int = _MAX_HOPS
) -> Iterator[tuple[ast.expr, Source]]:
    """Yield what an expression depends on, names in it followed to what they were assigned.

    Args:
        expression: An annotation, a default, a list of dependencies …
        source: The module it stands in.
        index: The definitions of the package.
        hops: How many names may be followed one behind the other.

    Yields:
        As `dependencies_of`.
    """
    inside: set[ast.AST] = set()
    for node in ast.walk(expression):
        if node in inside:
            continue
        if isinstance(node, ast.Call) and last_name(node.func) in _MARKERS:
            inside.update(ast.walk(node))
            yield from ((name, source) for name in _named_by(node))
        elif isinstance(node, ast.Subscript) and last_name(node.value) == "Annotated":
            parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else []
            if parts and any(map(_is_bare, parts[1:])):
                yield parts[0], source  # `Annotated[Service, Depends()]`
        elif isinstance(node, ast.Name | ast.Attribute) and hops:
            inside.update(ast.walk(node))
            value, origin = _assigned(index, index.resolve(node, source))
            if value is not None and origin is not None:
                yield from dependencies_in(value, origin, index, hops=hops - 1)


def parts_of(definition: ast.stmt) -> Iterator[Function]:
    """Yield the functions of a dependency that have dependencies of their own.

    Args:
        definition: A function, or a class that is called.
    """
    if isinstance(definition, Function):
        yield definition
    elif isinstance(definition, ast.ClassDef):
        for node in definition.body:
            if isinstance(node, Function) and node.name in _METHODS:
                yield node


def callable_in(name: ast.expr) -> ast.expr:
    """Return what is called: of `RoleChecker("admin")` the class.

    Args:
        name: What stands in `Depends(…)`.
    """
    return name.func if isinstance(name, ast.Call) else name


def _named_by(call: ast.Call) -> Iterator[ast.expr]:
    """Yield the argument of a `Depends` or `Security` call."""
    yield from call.args[:1]
    yield from (k.value for k in call.keywords if k.arg == "dependency")


def _is_bare(node: ast.expr) -> bool:
    """Return whether an expression is `Depends()`, which means the annotation's class."""
    return (
        isinstance(node, ast.Call)
        and last_name(node.func) in _MARKERS
        and not any(True for _ in _named_by(node))
    )


def _assigned(index: Index, full: str) -> tuple[ast.expr | None, Source | None]:
    """Return the value that a name of a module was assigned, with its module."""
    definition, source = index.definitions.get(full, (None, None))
    if isinstance(definition, ast.Assign | ast.AnnAssign) or (
        _TYPE_ALIAS is not None and isinstance(definition, _TYPE_ALIAS)
    ):
        value: ast.expr | None = getattr(definition, "value", None)
        return value, source
    return None, None


# `type CurrentUser = Annotated[…]`, of which Python before 3.12 knows nothing
_TYPE_ALIAS: type[ast.stmt] | None = getattr(ast, "TypeAlias", None)
