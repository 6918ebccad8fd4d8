"""What a project says it is, and the state of its repository."""

import re
import tomllib
from typing import Any

from footnotary import git
from footnotary.facts.impl import ProjectIdentity, RepositoryState
from footnotary.project import Project
from footnotary.readers import literals
from footnotary.secrecy import prose
from footnotary.source import Tree
from footnotary.source.package import Package

PROJECT_FILES = ("pyproject.toml", "setup.py", "setup.cfg")
MAX_PARAGRAPH = 600
MAX_CHANGES = 60
_OWN = (".claude/docs/", "citations/", ".footnotary/")
_VERSION = re.compile(r"v?\d[\w.+!-]{0,40}")
_NOISE = re.compile(r"^\s*(?:#|<|[-*+]\s|\d+[.)]\s|!\[|\[!\[|\[!|=|-{3,}|\*{3,}|\||>|```|:::)")


def read_pyproject(tree: Tree, path: str = "pyproject.toml") -> dict[str, Any]:
    """Return the content of a pyproject.toml; empty where it is missing or broken."""
    try:
        return tomllib.loads(tree.text(path) or "")
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}


def table_in(data: Any, *keys: str) -> dict[str, Any]:
    """Return a nested table of a TOML file; an empty one where it is missing or no table."""
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    return data if isinstance(data, dict) else {}


def read_identity(tree: Tree, package: Package, project_name: str) -> ProjectIdentity:
    """Read name, version, description and Python versions."""
    data = read_pyproject(tree)
    project = table_in(data, "project") or table_in(data, "tool", "poetry")
    licence = project.get("license", "")
    if isinstance(licence, dict):
        licence = licence.get("text", "") if len(str(licence.get("text", ""))) < 80 else ""  # noqa: PLR2004  a name, not the licence itself
    python = project.get("requires-python") or table_in(project, "dependencies").get("python", "")
    version = str(project.get("version", ""))
    known = {package.name, str(project.get("name")), *package.name.split(".")}
    return ProjectIdentity(
        name=literals.label(project.get("name") or project_name),
        version=version if _VERSION.fullmatch(version) else "",
        description=prose.display_prose(str(project.get("description", ""))[:MAX_PARAGRAPH], known),
        readme=prose.display_prose(_readme(tree), known),
        requires_python=str(python) if re.fullmatch(r"[\d.,<>=!~^*| ]{1,60}", str(python)) else "",
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


def describe_pending(project: Project) -> RepositoryState:
    """Return the state of the repository, without the documents that we write ourselves."""
    state = git.read_repository(project.root)
    if state is None:
        return RepositoryState()
    changes = tuple(one for one in state.changes if not _is_own(project, one.path))
    commit = state.commit
    return RepositoryState(
        branch=state.branch,
        commit=commit.short if commit else "",
        commit_date=commit.date if commit else "",
        subject=prose.display_prose(commit.subject) if commit else "",
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
