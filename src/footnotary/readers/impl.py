"""Reads everything the IMPL document says from a package's source; nothing is imported."""

import ast
import gc
from collections.abc import Iterator
from contextlib import contextmanager

from footnotary import git
from footnotary.facts.basis import Read
from footnotary.facts.impl import DocstringProblem, ImplFacts, Pending
from footnotary.facts.options import ReadOptions
from footnotary.project import Project
from footnotary.readers import (
    dependencies,
    docstrings,
    identity,
    imports,
    modules,
    remnants,
    traces,
)
from footnotary.secrecy import prose
from footnotary.source import package
from footnotary.source.names import Index
from footnotary.source.tree import Tree

MAX_CHANGES = 60
_OWN = (".claude/docs/", "citations/", ".footnotary/")


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Pause the cyclic garbage collector.

    Syntax trees have no cycles, and walking millions of their nodes again and again takes
    half of the time that a large package needs.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@_collector_paused()
def read(project: Project, options: ReadOptions, name: str = "") -> ImplFacts:
    """Read the implementation facts of a project.

    Args:
        project: The user's project.
        options: `package` names the package's folder or import name; found if empty.
        name: What the project is called where pyproject.toml does not say; else its folder's name.

    Returns:
        The facts. Modules that cannot be parsed are counted and named.

    Raises:
        ProjectError: There is no package, or not the one that was named.
    """
    tree = Tree(project.root)
    name = project.declared_name or name or project.name
    found = package.load(tree, package.find(tree, options.package, name))
    problems = docstrings.read_problems(found)
    index = Index.of_package(found)
    imported = imports.read_imports(found)
    folder = identity.home(tree, found.path)
    own = Tree(project.root / folder) if folder else tree
    top = found.name.partition(".")[0]
    declared = dependencies.read_dependencies(own, imported.external, top, tree)
    return ImplFacts(
        summary=summary(found, problems),
        identity=identity.read_identity(own, found, name),
        read_from=_read_from(own, folder, found),
        read=Read(
            versions={
                one.name: one.installed for one in declared if one.installed and not one.group
            },
            failed=tuple(one.path for one in found.unparsed),
            caveats=_caveats(tree, own, found),
        ),
        entry_points=identity.read_entry_points(own, found, folder),
        dependencies=declared,
        modules=modules.read_modules(found, _coverage(tree, own, folder)),
        api=modules.read_api(found),
        unparsed=tuple(f"{one.path}:{one.line} ({one.reason})" for one in found.unparsed),
        legacy=found.legacy,
        architecture=imports.read_architecture(own, found, imported),
        docstrings=problems,
        remnants=remnants.read_remnants(tree, found, index),
        traces=traces.read_traces(found, index),
        pending=_pending(project),
    )


def _read_from(own: Tree, folder: str, found: package.Package) -> tuple[str, ...]:
    """Return what was read: the package as one folder, and what describes the project."""
    names = ("README.md", "coverage.json", "pyproject.toml")
    beside = {f"{folder}/{name}".lstrip("/") for name in names if own.has(name)}
    return tuple(sorted({found.path, *beside}))


def _coverage(tree: Tree, own: Tree, folder: str) -> dict[str, float]:
    """Return coverage by path from the root, measured there or in the package's project."""
    inner = modules.read_coverage(own) if folder else {}
    return {f"{folder}/{path}": value for path, value in inner.items()} | modules.read_coverage(
        tree
    )


def _caveats(tree: Tree, own: Tree, found: package.Package) -> tuple[str, ...]:
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
    if not tree.has("coverage.json") and not own.has("coverage.json"):
        lines.append(
            "There is no coverage.json: coverage json writes it, and test coverage appears here."
        )
    return tuple(lines)


def _pending(project: Project) -> Pending:
    """Return the state of the repository, without the documents that we write ourselves."""
    state = git.read(project.root)
    if state is None:
        return Pending()
    changes = tuple(one for one in state.changes if not _is_own(project, one.path))
    commit = state.commit
    return Pending(
        branch=state.branch,
        commit=commit.short if commit else "",
        commit_date=commit.date if commit else "",
        subject=prose.shown(commit.subject) if commit else "",
        changes=tuple(f"{one.status} {one.path}" for one in changes[:MAX_CHANGES]),
        suggestion=git.suggested_message(changes),
    )


def _is_own(project: Project, path: str) -> bool:
    """Tell whether a change is of what we write; git names a new folder by itself alone."""
    if not path.endswith("/"):
        return path.startswith(_OWN)
    below = (project.root / path).rglob("*")
    names = (one.relative_to(project.root).as_posix() for one in below if one.is_file())
    return path.startswith(_OWN) or all(name.startswith(_OWN) for name in names)


def summary(found: package.Package, problems: tuple[DocstringProblem, ...]) -> dict[str, int]:
    """Count what a package defines.

    Args:
        found: The parsed package.
        problems: What `docstrings.read_problems` found in it.

    Returns:
        `modules` (those that could not be parsed included, `unparsed` of them), `classes`
        (nested ones too), `functions` at module level, `methods`, `with_docstring`
        (functions and methods), `docstring_mismatches` (functions whose Args names a
        parameter that the signature lacks), and `legacy_modules`, which no other number
        includes.
    """
    counts = dict.fromkeys(("classes", "functions", "methods", "with_docstring"), 0)
    for source in found.sources:
        for _, node, in_class in package.definitions(source):
            if isinstance(node, ast.ClassDef):
                counts["classes"] += 1
                continue
            counts["methods" if in_class else "functions"] += 1
            counts["with_docstring"] += ast.get_docstring(node, clean=False) is not None
    return {
        "modules": len(found.sources) + len(found.unparsed),
        **counts,
        "unparsed": len(found.unparsed),
        "docstring_mismatches": sum(bool(problem.contradicts) for problem in problems),
        "legacy_modules": len(found.legacy),
    }
