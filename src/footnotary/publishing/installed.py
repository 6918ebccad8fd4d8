"""What mkdocstrings' Python handler is told: where packages lie, that docstrings are foreign."""

from pathlib import Path
from typing import Any

from footnotary.probe.interpreter import environment_folders, find_interpreter, has_environment
from footnotary.project import Project
from footnotary.readers.layout import import_roots
from footnotary.source.tree import Tree

_GUARD = "footnotary.griffe_extension"


def _package_paths(root: Path) -> list[str]:
    """Return from where a project's packages, and those it has installed, are imported.

    They are read as text by mkdocstrings (griffe), never imported.
    """
    project = Project(root)
    folders = [root / one for one in import_roots(Tree(root))]
    if has_environment(project):
        folders += environment_folders(find_interpreter(project))
    return [str(folder) for folder in folders]


def add_paths(handlers: Any, root: Path) -> None:
    """Let mkdocstrings' Python handler find the project's packages and what is installed for it.

    Args:
        handlers: The plugin's `handlers` option; changed in place. Paths are added only
            where the author names some: without any, mkdocstrings looks where it likes.
        root: The project's root.
    """
    python = handlers.get("python") if isinstance(handlers, dict) else None
    if isinstance(python, dict) and python.get("paths"):
        python["paths"] = [*python["paths"], *_package_paths(root)]


def guard_docstrings(handlers: Any) -> None:
    """Let nothing but CommonMark act in docstrings (`footnotary.griffe_extension`).

    Args:
        handlers: The plugin's `handlers` option; changed in place.
    """
    if not isinstance(handlers, dict):
        return
    python = handlers["python"] = handlers.get("python") or {}
    options = python["options"] = python.get("options") or {}
    extensions = options.get("extensions") or []
    # The last one: what others add to a docstring is foreign too.
    options["extensions"] = [*(one for one in extensions if one != _GUARD), _GUARD]
