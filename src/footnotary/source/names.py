"""What names mean in a module: imports followed to the full name behind them."""

import ast
from collections.abc import Iterator, Mapping
from functools import cached_property

from footnotary.source.package import Package, Source

MAX_HOPS = 8


def statements(tree: ast.AST) -> Iterator[ast.stmt]:
    """Walk the statements of a tree in order: a fifth of the work of `ast.walk`."""
    stack: list[ast.AST] = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.stmt):
            yield node
        for name in ("finalbody", "orelse", "handlers", "cases", "body"):
            stack.extend(reversed(getattr(node, name, ())))


def imported_names(
    module: ast.Module, name: str = "", *, is_package: bool = False
) -> dict[str, str]:
    """Return the full name behind each name that a module imports, anywhere in it.

    Args:
        module: The module's syntax tree.
        name: Its import name, which relative imports start from.
        is_package: Whether it is an `__init__.py`.

    Returns:
        Full dotted name by local name.
    """
    names: dict[str, str] = {}
    for node in statements(module):
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.partition(".")[0]
                names[alias.asname or top] = alias.name if alias.asname else top
        elif isinstance(node, ast.ImportFrom):
            origin = resolve_from(node, name, is_package=is_package)
            for alias in node.names:
                names[alias.asname or alias.name] = f"{origin}.{alias.name}".lstrip(".")
    return names


def resolve_from(node: ast.ImportFrom, name: str, *, is_package: bool) -> str:
    """Return the module that a `from … import` names, relative ones resolved (PEP 328)."""
    if not node.level:
        return node.module or ""
    parts = name.split(".")
    up = node.level - is_package
    base = parts[: len(parts) - up] if up else parts
    return ".".join([*base, *([node.module] if node.module else [])])


def full_name(node: ast.expr, names: Mapping[str, str]) -> str:
    """Return the full dotted name of an expression such as `os.environ.get`, or empty."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.insert(0, node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ""
    return ".".join([names.get(node.id, node.id), *parts])


def last_name(node: ast.expr) -> str:
    """Return the last part of a dotted name, of a call's or a subscript's too."""
    if isinstance(node, ast.Call):
        return last_name(node.func)
    if isinstance(node, ast.Subscript):
        return last_name(node.value)
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


class Identifiers:
    """The identifiers of a module, gathered only where one is asked for.

    Attributes:
        source: The module.
    """

    def __init__(self, source: Source) -> None:
        self.source = source

    def __contains__(self, name: object) -> bool:
        """Tell whether the module's code has an identifier."""
        return name in self._all

    @cached_property
    def _all(self) -> frozenset[str]:
        found = set(self.source.name.split("."))
        for node in ast.walk(self.source.tree):
            for field in ("id", "attr", "arg", "name", "asname", "module"):
                value = getattr(node, field, None)
                if isinstance(value, str):
                    found.update((value, *value.split(".")))
        return frozenset(found)


class Index:
    """The definitions of a package by full name, and what each module's names mean.

    Attributes:
        definitions: Class or function and its module, by full name.
        names: Imported names of each module, by module name.
    """

    def __init__(self, package: Package) -> None:
        self.definitions: dict[str, tuple[ast.stmt, Source]] = {}
        self.names: dict[str, dict[str, str]] = {}
        for source in package.sources:
            self.names[source.name] = imported_names(
                source.tree, source.name, is_package=source.is_package
            )
            for node in source.tree.body:
                for name in _defined(node):
                    self.definitions[f"{source.name}.{name}"] = (node, source)

    def resolve(self, node: ast.expr, source: Source) -> str:
        """Return the full name of an expression, re-exports followed; empty if it has none.

        Args:
            node: A name or attribute in `source`.
            source: The module it stands in.
        """
        name = full_name(node, self.names[source.name])
        if not name:
            return ""
        if f"{source.name}.{name}" in self.definitions:
            return f"{source.name}.{name}"
        return self.follow(name)

    def follow(self, name: str) -> str:
        """Follow a full name through modules that re-export it."""
        for _ in range(MAX_HOPS):
            if name in self.definitions:
                break
            module, _, last = name.rpartition(".")
            behind = self.names.get(module, {}).get(last)
            if behind is None or behind == name:
                break
            name = behind
        return name


def _defined(node: ast.stmt) -> list[str]:
    """Return the names that a top-level statement defines."""
    if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        return [node.name]
    if isinstance(node, ast.Assign):
        return [target.id for target in node.targets if isinstance(target, ast.Name)]
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return [node.target.id]
    alias = getattr(ast, "TypeAlias", None)  # Python 3.12
    if alias is not None and isinstance(node, alias):
        return [node.name.id]
    return []
