"""What names mean in a module: imports followed to the definition behind them, across modules."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple, TypeAlias

from footnotary.source.package import Package
from footnotary.source.parsing import (
    Modules,
    Source,
    parse_expression,
    statements_at_top,
    walk_statements,
)

MAX_HOPS = 12
UNKNOWN = object()
"""What an expression means that its source alone does not tell."""
# A definition, or an expression, and the module it is in.
Defined: TypeAlias = tuple[ast.stmt, Source]
Placed: TypeAlias = tuple[ast.expr, Source]


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
    for node in walk_statements(module):
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


def last_name(node: ast.expr | None) -> str:
    """Return the last part of a dotted name, of a call's or a subscript's too."""
    if isinstance(node, ast.Call):
        return last_name(node.func)
    if isinstance(node, ast.Subscript):
        return last_name(node.value)
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def keyword(call: ast.Call | ast.ClassDef, name: str) -> ast.expr | None:
    """Return an argument of a call, or of a class statement, by its name."""
    return next((word.value for word in call.keywords if word.arg == name), None)


def text_of(node: ast.expr | None) -> str:
    """Return a literal string; nothing for anything else."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def says_true(node: ast.expr | None) -> bool:
    """Tell whether an expression is `True`."""
    return isinstance(node, ast.Constant) and node.value is True


def texts_of(node: ast.expr | None) -> list[str]:
    """Return the literal strings of a list, a set or a tuple."""
    elements = node.elts if isinstance(node, ast.List | ast.Tuple | ast.Set) else []
    return [text for text in map(text_of, elements) if text]


class Identifiers:
    """The identifiers of a module, gathered only where one is asked for."""

    def __init__(self, source: Source) -> None:
        self.source = source

    def __contains__(self, name: object) -> bool:
        """Tell whether the module's code has an identifier."""
        return name in self._all

    @cached_property
    def _all(self) -> frozenset[str]:
        found = set(self.source.name.split("."))
        for node in ast.walk(self.source.tree):
            for each in ("id", "attr", "arg", "name", "asname", "module"):
                value = getattr(node, each, None)
                if isinstance(value, str):
                    found.update((value, *value.split(".")))
        return frozenset(found)


@dataclass
class _Scope:
    """What one module defines and imports."""

    source: Source
    defined: dict[str, ast.stmt] = field(default_factory=dict)
    imported: dict[str, str] = field(default_factory=dict)
    # modules of which it imports all names
    stars: list[str] = field(default_factory=list)


class DefinitionIndex:
    """The definitions of a project by full name, and what each module's names mean.

    Modules are read when a name leads into them; a name of another distribution stays as it is.

    Args:
        modules: The project's modules.
    """

    def __init__(self, modules: Modules) -> None:
        self.modules = modules
        self._scopes: dict[str, _Scope] = {}
        self._followed: dict[tuple[str, str], tuple[str, Defined | None]] = {}

    @classmethod
    def of_package(cls, package: Package) -> "DefinitionIndex":
        """Return the index of a package, whose modules are called by its import name."""
        for source in package.sources:
            package.modules.add(source)
        for broken in package.unparsed:
            package.modules.add(broken)
        return cls(package.modules)

    def imports(self, source: Source) -> dict[str, str]:
        """Return the full name behind each name that a module imports."""
        return self._scope(source).imported

    def resolve(self, node: ast.expr, source: Source) -> str:
        """Return the full name of an expression, re-exports followed; empty if it has none."""
        return self._look_up(node, source)[0]

    def define(self, node: ast.expr, source: Source) -> Defined | None:
        """Return the statement that defines what an expression names, and its module."""
        return self._look_up(node, source)[1]

    def definition(self, full: str, source: Source) -> Defined | None:
        """Return the statement behind a full name that is used in a module."""
        return self._follow(full, source.path)[1]

    def follow(self, full: str, source: Source) -> str:
        """Follow a full name, as it is imported in a module, through those that re-export it."""
        return self._follow(full, source.path)[0]

    def follow_value(self, node: ast.expr, source: Source) -> Placed:
        """Follow an expression through variables to what they are made of.

        Returns:
            The expression behind it, itself where it names no variable, and its module.
        """
        for _ in range(MAX_HOPS):
            if not isinstance(node, ast.Name | ast.Attribute):
                break
            found = self.define(node, source)
            value = assigned_value(found[0]) if found else None
            if found is None or value is None or value is node:
                break
            node, source = value, found[1]
        return node, source

    def literal(self, node: ast.expr | None, source: Source) -> object:
        """Return the value of an expression of constants; `UNKNOWN` for what is computed.

        Constants of other modules, of classes and of enums, `+` between texts and texts with
        constants in braces are followed.
        """
        return self._literal(node, source, 0)

    def _literal(self, node: ast.expr | None, source: Source, depth: int) -> object:
        if node is None or depth > MAX_HOPS:
            return UNKNOWN
        node, source = self.follow_value(node, source)
        if isinstance(node, ast.Constant):
            return node.value
        if isinstance(node, ast.Attribute) and node.attr == "value":  # of an enum's member
            return self._literal(node.value, source, depth + 1)
        parts: list[ast.expr] = []
        if isinstance(node, ast.JoinedStr):
            plain = all(
                not isinstance(one, ast.FormattedValue)
                or (one.conversion == -1 and one.format_spec is None)
                for one in node.values
            )
            parts = [getattr(one, "value", one) if isinstance(one, ast.FormattedValue) else one
                     for one in node.values] if plain else []  # fmt: skip
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            parts = [node.left, node.right]
        values = [self._literal(one, source, depth + 1) for one in parts]
        if values and all(isinstance(one, str) for one in values):
            return "".join(map(str, values))
        return UNKNOWN

    def _scope(self, source: Source) -> _Scope:
        scope = self._scopes.get(source.path)
        if scope is None:
            scope = self._scopes[source.path] = _Scope(source)
            scope.imported = imported_names(source.tree, source.name, is_package=source.is_package)
            for node in statements_at_top(source.tree.body):
                scope.defined.update((name, node) for name in defined_names(node))
                if isinstance(node, ast.ImportFrom) and any(a.name == "*" for a in node.names):
                    origin = resolve_from(node, source.name, is_package=source.is_package)
                    scope.stars.append(origin)
        return scope

    def _look_up(self, node: ast.expr, source: Source) -> tuple[str, Defined | None]:
        parts: list[str] = []
        inner = node
        while isinstance(inner, ast.Attribute):
            parts.insert(0, inner.attr)
            inner = inner.value
        if not isinstance(inner, ast.Name):
            return "", None
        return self._member(inner.id, parts, source, source.path)

    def _member(
        self, name: str, rest: list[str], source: Source, near: str
    ) -> tuple[str, Defined | None]:
        """Look a name up in a module, and attributes in what it names."""
        key = (near, ".".join([source.name, name, *rest]))
        if key in self._followed:
            return self._followed[key]
        self._followed[key] = (".".join([name, *rest]), None)  # for imports in a circle
        self._followed[key] = found = self._looked_up(name, rest, source, near)
        return found

    def _looked_up(
        self, name: str, rest: list[str], source: Source, near: str
    ) -> tuple[str, Defined | None]:
        scope = self._scope(source)
        if name in scope.defined:
            return self._attribute(f"{source.name}.{name}", scope.defined[name], rest, source)
        if name in scope.imported and name != "*":
            full = ".".join([scope.imported[name], *rest])
            # What a module re-exports of another of its own name, which cannot be read, is not
            # known; nor is what leads on and on.
            own = f"{source.name}.{name}"
            is_inside = full.startswith(f"{own}.") and self.modules.find(own, near) is None
            return (full, None) if is_inside or len(rest) > MAX_HOPS else self._follow(full, near)
        for origin in scope.stars:
            other = self.modules.find(origin, near)
            if other is not None and (
                name[0] != "_" or name in getattr(read_exports(other.tree), "names", ())
            ):
                full, found = self._member(name, rest, other, near)
                if found is not None or full != ".".join([name, *rest]):
                    return full, found
        return ".".join([name, *rest]), None

    def _follow(self, full: str, near: str) -> tuple[str, Defined | None]:
        """Look a full name up: the longest part of it that is a module, then what is in it."""
        parts = full.split(".")
        for length in range(len(parts) - 1, 0, -1):
            other = self.modules.find(".".join(parts[:length]), near)
            if other is None:
                continue
            found, definition = self._member(parts[length], parts[length + 1 :], other, other.path)
            if definition is None and found == ".".join(parts[length:]):
                return f"{other.name}.{found}", None
            return found, definition
        return full, None

    def _attribute(
        self, full: str, node: ast.stmt, rest: list[str], source: Source
    ) -> tuple[str, Defined | None]:
        """Look attributes up in a definition: members of classes, nothing in what is computed."""
        for at, name in enumerate(rest):
            full = f"{full}.{name}"
            members = (
                {known: one for one in node.body for known in defined_names(one)}
                if isinstance(node, ast.ClassDef)
                else {}
            )
            if name not in members:
                return ".".join([full, *rest[at + 1 :]]), None
            node = members[name]
        return full, (node, source)

    def bases(self, node: ast.ClassDef, source: Source) -> Iterator[tuple[str, Defined | None]]:
        """Yield full name and definition of each base of a class, in order."""
        for base in node.bases:
            plain = base.value if isinstance(base, ast.Subscript) else base
            yield self._look_up(plain, source)

    def lineage(self, node: ast.ClassDef, source: Source) -> list[tuple[ast.ClassDef, Source]]:
        """Return a class and its bases in the project, itself first, each once."""
        found: list[tuple[ast.ClassDef, Source]] = []
        waiting = [(node, source)]
        while waiting:
            one, origin = waiting.pop(0)
            if any(one is known for known, _ in found):
                continue
            found.append((one, origin))
            above = [defined for _, defined in self.bases(one, origin) if defined]
            waiting[:0] = [(b, where) for b, where in above if isinstance(b, ast.ClassDef)]
        return found

    def roots(self, node: ast.ClassDef, source: Source) -> set[str]:
        """Return the full names of all bases of a class, those of its bases too."""
        return {
            name for one, origin in self.lineage(node, source)
            for name, _ in self.bases(one, origin)
        }  # fmt: skip

    def annotation(self, node: ast.expr | None) -> ast.expr | None:
        """Return an annotation, one in quotes parsed (PEP 563)."""
        return parse_expression(text_of(node)) if text_of(node) else node


def defined_names(node: ast.stmt) -> list[str]:
    """Return the names that a statement defines."""
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


def assigned_value(node: ast.stmt) -> ast.expr | None:
    """Return what a variable or a type alias is made of."""
    if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        return None
    value = getattr(node, "value", None)
    return value if isinstance(value, ast.expr) else None


class Exports(NamedTuple):
    """What a module's `__all__` names.

    Attributes:
        names: In the order of the code.
        is_whole: Whether nothing else is put into it that only running the code would tell.
    """

    names: tuple[str, ...]
    is_whole: bool


def read_exports(tree: ast.Module) -> Exports | None:
    """Read a module's `__all__`, as it is assigned, added to and taken from; None without one."""
    found: Exports | None = None
    for node in statements_at_top(tree.body):
        call = node.value if isinstance(node, ast.Expr) else None
        if "__all__" in defined_names(node):
            found = _read_names(assigned_value(node), found)
        elif isinstance(node, ast.AugAssign) and _is_exports(node.target):
            found = _join(found, _read_names(node.value, found))
        elif isinstance(call, ast.Call) and _is_exports(getattr(call.func, "value", None)):
            found = _apply(call, found or Exports((), is_whole=False))
    return found


def _is_exports(node: ast.AST | None) -> bool:
    """Tell whether an expression is `__all__` itself."""
    return isinstance(node, ast.Name) and node.id == "__all__"


def _join(first: Exports | None, second: Exports) -> Exports:
    """Add names to others."""
    first = first or Exports((), is_whole=False)
    return Exports((*first.names, *second.names), is_whole=first.is_whole and second.is_whole)


def _apply(call: ast.Call, found: Exports) -> Exports:
    """Apply a method of `__all__`."""
    method, given = last_name(call.func), next(iter(call.args), None)
    if method == "extend":
        return _join(found, _read_names(given, found))
    if method == "append" and text_of(given):
        return _join(found, Exports((text_of(given),), is_whole=True))
    if method == "remove" and text_of(given):
        return found._replace(names=tuple(one for one in found.names if one != text_of(given)))
    return found._replace(is_whole=found.is_whole and method in {"sort", "copy", "index", "count"})


def _read_names(node: ast.expr | None, known: Exports | None) -> Exports:
    """Read an expression that gives names; `known` is what `__all__` names before it."""
    if _is_exports(node):
        return known or Exports((), is_whole=False)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _join(_read_names(node.left, known), _read_names(node.right, known))
    if not isinstance(node, ast.List | ast.Tuple | ast.Set):
        return Exports((), is_whole=False)
    found = Exports((), is_whole=True)
    for one in node.elts:
        inner = _read_names(one.value, known) if isinstance(one, ast.Starred) else None
        text = text_of(one)
        found = _join(found, inner or Exports((text,) if text else (), is_whole=bool(text)))
    return found
