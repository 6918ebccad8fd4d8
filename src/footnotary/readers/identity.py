"""What a project says it is, and the ways into it."""

import ast
import re
import tomllib
from collections.abc import Iterator
from typing import Any

from footnotary.facts.basis import Place
from footnotary.facts.impl import EntryPoint, Identity
from footnotary.readers import literals
from footnotary.secrecy import prose
from footnotary.source.names import last_name
from footnotary.source.package import Package
from footnotary.source.parsing import Source
from footnotary.source.tree import Tree

PROJECT_FILES = ("pyproject.toml", "setup.py", "setup.cfg")
MAX_PARAGRAPH = 600
_VERSION = re.compile(r"v?\d[\w.+!-]{0,40}")
_VERSIONS = re.compile(r"[\d.,<>=!~^*| ]{1,60}")
_FACTORIES = {
    "FastAPI": "FastAPI application",
    "Starlette": "Starlette application",
    "Typer": "Typer application",
    "Flask": "Flask application",
    "Celery": "Celery application",
    "FastMCP": "MCP server",
}
_NOISE = re.compile(r"^\s*(?:#|<|[-*+]\s|\d+[.)]\s|!\[|\[!\[|\[!|=|-{3,}|\*{3,}|\||>|```|:::)")


def read_pyproject(tree: Tree, path: str = "pyproject.toml") -> dict[str, Any]:
    """Return the content of a pyproject.toml; empty where it is missing or broken."""
    try:
        return tomllib.loads(tree.text(path) or "")
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}


def _table(data: Any, *keys: str) -> dict[str, Any]:
    """Return a nested table, or an empty one."""
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    return data if isinstance(data, dict) else {}


def read_identity(tree: Tree, package: Package, project_name: str) -> Identity:
    """Read name, version, description and Python versions.

    Args:
        tree: The project's files.
        package: The documented package.
        project_name: The project's slug, where it declares no name.
    """
    data = read_pyproject(tree)
    project = _table(data, "project") or _table(data, "tool", "poetry")
    licence = project.get("license", "")
    if isinstance(licence, dict):
        licence = licence.get("text", "") if len(str(licence.get("text", ""))) < 80 else ""  # noqa: PLR2004  a name, not the licence itself
    python = project.get("requires-python") or _table(project, "dependencies").get("python", "")
    version = str(project.get("version", ""))
    known = {package.name, str(project.get("name")), *package.name.split(".")}
    return Identity(
        name=literals.label(project.get("name") or project_name),
        version=version if _VERSION.fullmatch(version) else "",
        description=prose.shown(str(project.get("description", ""))[:MAX_PARAGRAPH], known),
        readme=prose.shown(_readme(tree), known),
        requires_python=str(python) if _VERSIONS.fullmatch(str(python)) else "",
        licence=literals.label(licence) if licence else "",
        package=package.name,
        package_path=package.path,
    )


def _readme(tree: Tree) -> str:
    """Return the first paragraph of prose of the README, as plain text."""
    for name in ("README.md", "readme.md", "README.rst", "README.txt", "README"):
        text = tree.text(name)
        if text:
            break
    else:
        return ""
    for block in re.split(r"\n\s*\n", re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)):
        lines = [line.strip() for line in block.strip().splitlines()]
        if lines and not any(_NOISE.match(line) for line in lines):
            plain = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", " ".join(lines))
            return re.sub(r"[*_`]{1,3}(\S[^*_`]*)[*_`]{1,3}", r"\1", plain)[:MAX_PARAGRAPH]
    return ""


def home(tree: Tree, package_path: str) -> str:
    """Return the folder of the project that a package belongs to.

    Args:
        tree: The project's files.
        package_path: The package's folder, relative to the root.

    Returns:
        The nearest folder at or above the package that has one of `PROJECT_FILES` (a
        repository may hold several projects), relative to the root; empty for the root itself.
    """
    folder = package_path
    while folder:
        if any(tree.has(f"{folder}/{name}") for name in PROJECT_FILES):
            return folder
        folder = folder.rpartition("/")[0]
    return ""


def read_entry_points(tree: Tree, package: Package, folder: str) -> tuple[EntryPoint, ...]:
    """Return console scripts, entry points, `python -m`, and application objects.

    Args:
        tree: The files of the package's own project.
        package: The parsed package.
        folder: That project's folder, relative to the root, for places.
    """
    data = read_pyproject(tree)
    declared = Place(path=f"{folder}/pyproject.toml".lstrip("/"))
    found = [
        EntryPoint(kind="console script", name=name, target=target, place=declared)
        for table in (
            _table(data, "project", "scripts"),
            _table(data, "project", "gui-scripts"),
            _table(data, "tool", "poetry", "scripts"),
        )
        for name, target in _texts(table)
    ]
    groups = _table(data, "project", "entry-points")
    found += [
        EntryPoint(kind=f"entry point {literals.label(group)}", name=name, target=t, place=declared)
        for group in groups
        for name, t in _texts(_table(groups, group))
    ]
    return (*found, *_in_code(package))


def _texts(table: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the names and targets of a table of entry points."""
    for name, target in table.items():
        if isinstance(target, str):
            yield literals.label(name), literals.label(target)


def _in_code(package: Package) -> Iterator[EntryPoint]:
    """Yield `__main__` modules and application objects at module level."""
    for source in package.sources:
        if source.name.rpartition(".")[2] == "__main__":
            name = source.name.removesuffix(".__main__")
            yield EntryPoint(
                kind="python -m",
                name=f"python -m {name}",
                target=source.name,
                place=Place(path=source.path, line=1),
            )
        yield from _applications(source)


def _applications(source: Source) -> Iterator[EntryPoint]:
    """Yield the application objects of a module, and functions that are said to return one."""
    for node in source.tree.body:
        kind, name = "", ""
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Call):
            kind = _FACTORIES.get(last_name(node.value), "")
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            name = target.id if isinstance(target, ast.Name) else ""
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.returns:
            made = _FACTORIES.get(last_name(node.returns), "")
            kind, name = f"function that makes a {made}" if made else "", f"{node.name}()"
        if kind and name:
            yield EntryPoint(
                kind=kind,
                name=name,
                target=f"{source.name}:{name}",
                place=Place(path=source.path, line=node.lineno),
            )
