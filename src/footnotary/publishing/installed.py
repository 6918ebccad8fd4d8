"""What mkdocstrings' Python handler is told: where packages lie, that docstrings are foreign."""

from pathlib import Path
from typing import Any

_VENV_FOLDERS = (".venv", "venv", "env")
_GUARD = "footnotary.griffe_extension"


def site_packages(root: Path) -> tuple[str, ...]:
    """Return the package folders of a project's virtual environments.

    They are read as text by mkdocstrings (griffe), never imported.

    Args:
        root: The project's root.

    Returns:
        Absolute paths, newest Python first; none where there is no environment.
    """
    found = [
        folder
        for name in _VENV_FOLDERS
        for pattern in ("lib/python3.*/site-packages", "Lib/site-packages")
        for folder in sorted((root / name).glob(pattern), reverse=True)
    ]
    return tuple(str(folder) for folder in found)


def add_paths(handlers: Any, root: Path) -> None:
    """Let mkdocstrings' Python handler find what is installed for the project.

    Args:
        handlers: The plugin's `handlers` option; changed in place. Paths are added only
            where the author names some: without any, mkdocstrings looks where it likes.
        root: The project's root.
    """
    python = handlers.get("python") if isinstance(handlers, dict) else None
    if isinstance(python, dict) and python.get("paths"):
        python["paths"] = [*python["paths"], *site_packages(root)]


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
