"""Imports of a package: between its own modules, and of other distributions.

The graph is built from the parsed modules, so that nothing is imported and a package
without `__init__.py` is read like any other; `grimp` finds the imports to cut.
"""

import configparser
import re
from collections import Counter
from collections.abc import Container
from dataclasses import dataclass, field
from typing import Any

from footnotary.facts.basis import Place
from footnotary.facts.impl import Architecture, PackageImport
from footnotary.readers import literals
from footnotary.readers.identity import read_pyproject
from footnotary.readers.mentions import PLAIN, TYPING, computed_imports, imported_by
from footnotary.secrecy import prose
from footnotary.source import Tree
from footnotary.source.package import Package

MAX_BREAKERS = 40
MAX_TOPS = 3
MANY_MODULES = 40


@dataclass
class Use:
    """How something outside of a package is imported."""

    ways: dict[str, set[str]] = field(default_factory=dict)

    @property
    def modules(self) -> set[str]:
        """The modules that import it."""
        return set(self.ways)

    @property
    def optional(self) -> bool:
        """Whether each module goes on where it is missing, or imports it for type checkers."""
        return all(PLAIN not in ways for ways in self.ways.values())

    @property
    def typing(self) -> bool:
        """Whether each module imports it for type checkers alone."""
        return all(ways == {TYPING} for ways in self.ways.values())

    def add(self, module: str, way: str) -> None:
        """Add an import."""
        self.ways.setdefault(module, set()).add(way)

    def of(self, modules: Container[str]) -> "Use":
        """Return what some of the modules do."""
        return Use({name: ways for name, ways in self.ways.items() if name in modules})


@dataclass
class Imports:
    """The imports of a package.

    Attributes:
        internal: Importer, imported module and line, each pair once; those for type checkers
            alone are left out.
        external: What is imported from elsewhere, by full name: `google.cloud.storage`.
        computed: Where modules import under computed names, by name of the module.
    """

    internal: dict[tuple[str, str], int] = field(default_factory=dict)
    external: dict[str, Use] = field(default_factory=dict)
    computed: dict[str, list[Place]] = field(default_factory=dict)


def read_imports(package: Package) -> Imports:
    """Collect every import of a package.

    Returns:
        Imports between its modules, and of other names.
    """
    modules = {source.name for source in package.sources} | {one.name for one in package.unparsed}
    found = Imports()
    for source in package.sources:
        for name, line, way in imported_by(source):
            nearest = _nearest(name, modules)
            if nearest in modules:
                if nearest != source.name and way is not TYPING:
                    found.internal.setdefault((source.name, nearest), line)
            elif not name.startswith(f"{package.name}."):
                found.external.setdefault(name, Use()).add(source.name, way)
        if computed := list(computed_imports(source, package.name)):
            found.computed[source.name] = computed
    return found


def _nearest(name: str, modules: set[str]) -> str:
    """Return the longest prefix that is a module of ours, else the name."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        prefix = ".".join(parts[:length])
        if prefix in modules:
            return prefix
    return name


def read_architecture(tree: Tree, package: Package, imports: Imports) -> Architecture:
    """Describe a package by the imports between its parts.

    Returns:
        Parts, layers, cycles with the cheapest imports to cut, and declared contracts.
    """
    tops = _tops(package)
    part_of = {source.name: _part_of(source.name, tops) for source in package.sources}
    parts = sorted(set(part_of.values()) - {""})
    edges: Counter[tuple[str, str]] = Counter()
    for importer, imported in imports.internal:
        pair = part_of.get(importer, ""), part_of.get(imported, "")
        if all(pair) and pair[0] != pair[1]:
            edges[pair] += 1
    cycles = _cycles(parts, set(edges))
    breakers = _breakers(package, imports, tops) if cycles else []
    cut = Counter(
        (part_of[one.importer], part_of[one.imported])
        for one in breakers
        if one.importer in part_of and one.imported in part_of
    )
    kept = {pair for pair, count in edges.items() if count > cut[pair]}
    return Architecture(
        parts=tuple(parts),
        layers=_layers(parts, kept) if not _cycles(parts, kept) else (),
        imports=tuple(
            PackageImport(importer=importer, imported=imported, count=count)
            for (importer, imported), count in sorted(edges.items())
        ),
        cycles=tuple(cycles),
        breakers=tuple(breakers[:MAX_BREAKERS]),
        contracts=_contracts(tree),
    )


def _tops(package: Package) -> tuple[str, ...]:
    """Return the packages whose children are the parts, outer ones first.

    That is the first package with more than one child; and where one child of a package with
    many modules holds more than half of them (`PACKAGE._internal`), that child too: its own
    children say more.
    """
    names = [source.name for source in package.sources]
    first = package.name.partition(".")[0]
    tops = [package.name if any(name.partition(".")[0] == first for name in names) else ""]
    while len(tops) <= MAX_TOPS:
        sizes = Counter(_part(name, tops[-1]) for name in names if _part(name, tops[-1]))
        largest, size = max(sizes.items(), key=lambda item: (item[1], item[0]), default=("", 0))
        inner = {_part(name, largest) for name in names if name.startswith(f"{largest}.")}
        if not largest or not inner or 2 * size <= len(names):
            break
        if len(sizes) == 1:
            tops[-1] = largest
        elif len(inner) > 1 and len(names) >= MANY_MODULES:
            tops.append(largest)
        else:
            break
    return tuple(tops)


def _part_of(name: str, tops: tuple[str, ...]) -> str:
    """Return the part a module lies in, by the innermost package that has parts."""
    parts = [_part(name, top) for top in tops]
    return next((part for part in reversed(parts) if part), "")


def _part(name: str, top: str) -> str:
    """Return the part a module lies in; empty for the package itself and those above it.

    Modules beside each other in a project's folder have no package above them: an empty top.
    """
    if not top:
        return name.partition(".")[0]
    if not name.startswith(f"{top}."):
        return ""
    return f"{top}.{name[len(top) + 1 :].partition('.')[0]}"


def _cycles(parts: list[str], edges: set[tuple[str, str]]) -> list[tuple[str, ...]]:
    """Return the groups of parts that reach each other."""
    following: dict[str, set[str]] = {part: set() for part in parts}
    for importer, imported in edges:
        following[importer].add(imported)
    reach = {part: _reachable(part, following) for part in parts}
    groups = {
        tuple(sorted(other for other in reach[part] if part in reach[other])) for part in parts
    }
    return sorted(group for group in groups if len(group) > 1)


def _reachable(start: str, following: dict[str, set[str]]) -> set[str]:
    """Return everything that can be reached from a part, itself only through a cycle."""
    seen: set[str] = set()
    stack = [start]
    while stack:
        for name in following[stack.pop()] - seen:
            seen.add(name)
            stack.append(name)
    return seen


def _layers(parts: list[str], edges: set[tuple[str, str]]) -> tuple[tuple[str, ...], ...]:
    """Put each part one floor above the highest it imports; highest floor first."""
    from graphlib import TopologicalSorter

    below: dict[str, set[str]] = {part: set() for part in parts}
    for importer, imported in edges:
        below[importer].add(imported)
    floor: dict[str, int] = {}
    for part in TopologicalSorter(below).static_order():
        floor[part] = 1 + max((floor[other] for other in below[part]), default=-1)
    return tuple(
        tuple(sorted(part for part in parts if floor[part] == level))
        for level in range(max(floor.values(), default=-1), -1, -1)
    )


def _breakers(package: Package, imports: Imports, tops: tuple[str, ...]) -> list[PackageImport]:
    """Return the imports that grimp nominates to cut, with where they stand."""
    import grimp

    graph = grimp.ImportGraph()
    names = {source.name for source in package.sources}
    for name in sorted({above for one in names for above in _with_ancestors(one)}):
        graph.add_module(name)
    for importer, imported in sorted(imports.internal):
        if importer not in names or imported not in names:
            continue  # of another package
        graph.add_import(importer=importer, imported=imported)
    paths = {source.name: source.path for source in package.sources}
    return [
        PackageImport(
            importer=importer,
            imported=imported,
            place=Place(path=paths[importer], line=imports.internal[importer, imported]),
        )
        for importer, imported in sorted(
            {pair for top in tops for pair in graph.nominate_cycle_breakers(top)}
        )
        if (importer, imported) in imports.internal
    ]


def _with_ancestors(name: str) -> list[str]:
    """Return a dotted name and the names above it: a folder may lack an `__init__.py`."""
    parts = name.split(".")
    return [".".join(parts[:length]) for length in range(1, len(parts) + 1)]


def _contracts(tree: Tree) -> tuple[str, ...]:
    """Return import-linter's contracts, from wherever its documentation lets them stand."""
    tool: Any = read_pyproject(tree).get("tool", {})
    try:
        found = tool.get("importlinter", {}).get("contracts", []) if isinstance(tool, dict) else []
        pairs = [(one.get("name"), one.get("type")) for one in found if isinstance(one, dict)]
    except (AttributeError, TypeError):
        pairs = []
    for name in (".importlinter", "setup.cfg"):
        parser = configparser.ConfigParser(interpolation=None, strict=False)
        try:
            parser.read_string(tree.text(name) or "")
        except configparser.Error:
            continue
        pairs += [
            (parser[part].get("name"), parser[part].get("type"))
            for part in parser.sections()
            if re.match(r"importlinter:contract", part)
        ]
    return tuple(
        f"{prose.display_prose(str(name))} ({literals.label(kind)})" for name, kind in pairs
    )
