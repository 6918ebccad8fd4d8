"""Reads everything the IMPL document says from a package's source; nothing is imported."""

import ast
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from pathlib import Path

from footnotary.facts.basis import Read
from footnotary.facts.impl import (
    API_FORM,
    Architecture,
    DocstringProblem,
    EntryPoint,
    ImplFacts,
    PackageImport,
    PackageOutline,
)
from footnotary.facts.options import ReadOptions
from footnotary.project import Project
from footnotary.readers import dependencies, identity, imports, remnants, signatures, traces
from footnotary.readers.distributions import Environment
from footnotary.readers.layout import Home, PackagePlace, find_places, read_entry_points, read_home
from footnotary.readers.mentions import PLAIN
from footnotary.readers.setup_files import find_computed_scripts
from footnotary.readers.telemetry import read_telemetry
from footnotary.source import Tree, package
from footnotary.source.names import DefinitionIndex
from footnotary.source.parsing import ParseElsewhere


@dataclass(frozen=True)
class _Member:
    """A package with where it belongs."""

    home: Home
    package: package.Package


def read_impl(
    project: Project,
    options: ReadOptions,
    name: str = "",
    folders: Sequence[Path] = (),
    elsewhere: ParseElsewhere | None = None,
) -> ImplFacts:
    """Read the implementation facts of a project.

    Args:
        project: The user's project.
        options: `package` names the one package to read, by folder or import name; else all are
            read, and the one that is called like the project leads.
        name: What the project is called where pyproject.toml does not say; else its folder's name.
        folders: From where the project's interpreter imports packages; nothing without one.
        elsewhere: Parses what our own grammar cannot.

    Returns:
        The facts. Modules that cannot be parsed are counted and named.

    Raises:
        ProjectError: There is no package, or not the one that was named.
    """
    tree = Tree(project.root)
    name = project.declared_name or name or project.name
    places = find_places(tree)
    chosen = _chosen(tree, places, options.package, name)
    members = [
        _Member(one.home, package.load_package(tree, one.folder, elsewhere, one.name))
        for one in chosen
    ]
    main, home = members[0].package, members[0].home
    found = _together([one.package for one in members])
    problems = signatures.read_problems(found)
    index = DefinitionIndex.of_package(found)
    imported = imports.read_imports(found)
    own = Tree(project.root / home.folder) if home.folder else tree
    judged = _dependencies(tree, places, members, imported, Environment(folders))
    return ImplFacts(
        summary=count_impl(found, problems),
        identity=identity.read_identity(own, main, name),
        read_from=_read_from(tree, members),
        read=Read(
            versions={
                one.name: one.installed
                for one in judged.rows
                if one.installed and not one.group and not one.project
            },
            failed=tuple(one.path for one in found.unparsed),
            caveats=(
                *_caveats(tree, own, found, has_environment=bool(folders)),
                *_unread(tree, members),
            ),
        ),
        packages=_outlines(tree, members, imported),
        others=tuple(
            sorted(one.name or Path(one.folder).name for one in places if one not in chosen)
        ),
        between=_between(members, imported),
        outside=_outside(tree, members),
        entry_points=_entry_points(tree, members),
        dependencies=judged.rows,
        declared_in=judged.files,
        unread=judged.unread,
        doubts=judged.doubts,
        modules=traces.describe_modules(found, _coverage(tree, members)),
        api=signatures.read_api(found),
        api_form=API_FORM,
        unparsed=tuple(f"{one.path}:{one.line} ({one.reason})" for one in found.unparsed),
        legacy=found.legacy,
        architecture=imports.read_architecture(own, main, imported),
        docstrings=problems,
        remnants=remnants.read_remnants(tree, found, index),
        traces=traces.read_traces(found, index),
        telemetry=read_telemetry(found, index),
        pending=identity.describe_pending(project),
    )


def _chosen(tree: Tree, places: list[PackagePlace], wanted: str, name: str) -> list[PackagePlace]:
    """Return the packages to describe: the one that is wanted, else all, the leading one first."""
    named = [one.folder for one in places if wanted and one.is_called(wanted)]
    folder = named[0] if len(named) == 1 else package.find_package(tree, wanted, name)
    first = next((one for one in places if one.folder == folder), None)
    if first is None:
        home = read_home(tree, identity.home(tree, folder))
        first = PackagePlace(folder, home.import_name(folder), home)
    rest = [] if wanted or folder == "." else [one for one in places if one is not first]
    return [first, *rest]


def _together(found: list[package.Package]) -> package.Package:
    """Return packages as one, under the name of the first."""
    return replace(
        found[0],
        sources=tuple(source for one in found for source in one.sources),
        unparsed=tuple(source for one in found for source in one.unparsed),
        legacy=tuple(name for one in found for name in one.legacy),
    )


def _homes(members: list[_Member]) -> dict[str, list[_Member]]:
    """Return the packages by the folder of their project, the leading project first."""
    found: dict[str, list[_Member]] = {}
    for one in members:
        found.setdefault(one.home.folder, []).append(one)
    return found


def _dependencies(
    tree: Tree,
    places: list[PackagePlace],
    members: list[_Member],
    imported: imports.Imports,
    environment: Environment,
) -> dependencies.Judged:
    """Compare what each project declares with what its packages import."""
    loaded = {one.package.path: one.package.name for one in members}
    given = {
        loaded.get(one.folder) or one.name or one.folder.rpartition("/")[2]: one.home.name
        for one in reversed(places)
        if one.home.name
    }
    found: list[dependencies.Judged] = []
    for folder, inside in _homes(members).items():
        names = {source.name for one in inside for source in one.package.sources}
        uses = {
            name: use.of(names)
            for name, use in imported.external.items()
            if not use.modules.isdisjoint(names)
        }
        for importer, other in imported.internal:
            if importer in names and other not in names:
                uses.setdefault(other, imports.Use()).add(importer, PLAIN)
        judged = dependencies.read_dependencies(
            tree,
            folder,
            uses,
            own=frozenset({inside[0].home.name}),
            members=given,
            environment=environment,
            packages=tuple(one.package.path for one in inside),
            doubts=_doubts(inside, imported),
        )
        found.append(judged.of_project(inside[0].home.name or folder) if found else judged)
    for folder in _without_packages(tree, members):
        name = read_home(tree, folder).name
        judged = dependencies.read_dependencies(
            tree,
            folder,
            imported.external,
            own=frozenset({name}),
            members=given,
            environment=environment,
            packages=tuple(one.package.path for one in members),
            doubts=_doubts(members, imported),
        )
        found.append(judged.of_declared().of_project(name or folder or "the repository"))
    return dependencies.Judged(
        *(tuple(part for one in found for part in parts(one)) for parts in _PARTS)
    )


def _doubts(members: list[_Member], imported: imports.Imports) -> tuple[str, ...]:
    """Say why not all that some packages import is known."""
    broken = any(one.package.unparsed for one in members)
    names = {source.name for one in members for source in one.package.sources}
    places = [
        place for name, found in imported.computed.items() if name in names for place in found
    ]
    said = ["some modules could not be parsed"] if broken else []
    return (*said, *dependencies.describe_computed(places))


def _without_packages(tree: Tree, members: list[_Member]) -> list[str]:
    """Return the folders of projects without a package, where several packages are read."""
    folders = {path.rpartition("/")[0] for path in tree.named("pyproject.toml")}
    known = {one.home.folder for one in members}
    return sorted(f for f in folders - known if len(members) > 1 and not package.is_beside(f))


_PARTS = tuple(map(attrgetter, ("rows", "files", "unread", "doubts")))


def _outlines(
    tree: Tree, members: list[_Member], imported: imports.Imports
) -> tuple[PackageOutline, ...]:
    """Return each package, and the projects of the repository that have none; nothing of one."""
    found = [
        PackageOutline(
            name=one.package.name,
            path=one.package.path,
            project=one.home.name,
            modules=len(one.package.sources) + len(one.package.unparsed),
            architecture=imports.read_architecture(tree, one.package, imported)
            if at
            else Architecture(),
        )
        for at, one in enumerate(members)
    ]
    found += [
        PackageOutline(name="", path=folder, project=read_home(tree, folder).name)
        for folder in filter(None, _without_packages(tree, members))
    ]
    return tuple(found) if len(found) > 1 else ()


def _between(members: list[_Member], imported: imports.Imports) -> tuple[PackageImport, ...]:
    """Count the imports between packages."""
    of = {source.name: one.package.name for one in members for source in one.package.sources}
    pairs = Counter((of.get(one, ""), of.get(other, "")) for one, other in imported.internal)
    return tuple(
        PackageImport(importer=one, imported=other, count=count)
        for (one, other), count in sorted(pairs.items())
        if one and other and one != other
    )


def _outside(tree: Tree, members: list[_Member]) -> dict[str, int]:
    """Count the Python files outside of the packages, by their topmost folder."""
    inside = tuple(f"{one.package.path}/" for one in members)
    files = {one.path for member in members for one in member.package.sources}
    counts = Counter(
        path.rpartition("/")[0].partition("/")[0] or "."
        for path in tree.python
        if not path.startswith(inside) and path not in files
    )
    return dict(sorted(counts.items()))


def _entry_points(tree: Tree, members: list[_Member]) -> tuple[EntryPoint, ...]:
    """Return the ways into each project."""
    return tuple(
        point
        for folder, inside in _homes(members).items()
        for point in read_entry_points(tree, _together([one.package for one in inside]), folder)
    )


def _read_from(tree: Tree, members: list[_Member]) -> tuple[str, ...]:
    """Return what was read: the packages as folders, and what describes their projects."""
    names = ("README.md", "coverage.json", "pyproject.toml")
    beside = {f"{one.home.folder}/{name}".lstrip("/") for one in members for name in names}
    return tuple(sorted({*(one.package.path for one in members), *filter(tree.has, beside)}))


def _coverage(tree: Tree, members: list[_Member]) -> dict[str, float]:
    """Return coverage by path from the root, measured there or in a package's project."""
    found: dict[str, float] = {}
    for folder in _homes(members):
        if folder:
            inner = traces.read_coverage(Tree(tree.root / folder))
            found |= {f"{folder}/{path}": value for path, value in inner.items()}
    return found | traces.read_coverage(tree)


def _caveats(
    tree: Tree, own: Tree, found: package.Package, *, has_environment: bool
) -> tuple[str, ...]:
    """Say what could not be read, or was counted apart."""
    lines = []
    if found.unparsed:
        lines.append(
            f"Modules that could not be parsed: {len(found.unparsed)}. They are named below."
        )
    if found.legacy:
        lines.append(
            f"{len(found.legacy)} modules are a copy of an older version and are not described."
        )
    if not has_environment:
        lines.append(
            "No environment of the project was found: which distribution a module comes from is"
            " told by names alone."
        )
    if not tree.has("coverage.json") and not own.has("coverage.json"):
        lines.append(
            "There is no coverage.json: coverage json writes it, and test coverage appears here."
        )
    return tuple(lines)


def _unread(tree: Tree, members: list[_Member]) -> Iterator[str]:
    """Yield what may hold entry points or samples, and was not read."""
    for folder in _homes(members):
        for path in find_computed_scripts(tree, folder):
            yield f"{path} computes scripts or entry points: there may be more of them."
    for path in remnants.find_unread_samples(tree):
        yield f"{path} is not text in UTF-8, or too large: its samples were not looked at."


_COUNTED = ("classes", "functions", "methods", "with_docstring", "conditional")


def count_impl(found: package.Package, problems: tuple[DocstringProblem, ...]) -> dict[str, int]:
    """Count what a package defines.

    Returns:
        `modules` (those that could not be parsed included, `unparsed` of them), `classes`
        (nested ones too), `functions` at module level, `methods`, `with_docstring`
        (functions and methods), `docstring_mismatches` (functions whose Args names a
        parameter that the signature lacks), and `conditional` (definitions under `if`, `try`,
        `with` and `match`) and `legacy_modules`, which no other number includes.
    """
    counts = dict.fromkeys(_COUNTED, 0)
    for source in found.sources:
        for _, node, in_class in package.definitions(source):
            if isinstance(node, ast.ClassDef):
                counts["classes"] += 1
                continue
            counts["methods" if in_class else "functions"] += 1
            counts["with_docstring"] += ast.get_docstring(node, clean=False) is not None
        every = sum(1 for _ in package.definitions(source, variants=True))
        counts["conditional"] += every - sum(1 for _ in package.definitions(source))
    return {
        "modules": len(found.sources) + len(found.unparsed),
        **counts,
        "unparsed": len(found.unparsed),
        "docstring_mismatches": sum(bool(problem.contradicts) for problem in problems),
        "legacy_modules": len(found.legacy),
    }
