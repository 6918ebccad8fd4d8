"""Which Python the user's project is imported with: its own."""

import os
import shutil
import sys
from pathlib import Path

from footnotary.errors import ProjectError
from footnotary.project import Project

_VENV_FOLDERS = (".venv", "venv", "env")


def find_interpreter(project: Project, wanted: str = "") -> str:
    """Return the interpreter of a project.

    Args:
        project: The user's project.
        wanted: What `--python` says: a path, or a name on PATH.

    Returns:
        An absolute path: `wanted`; else the project's virtual environment (`.venv`, which
        uv, poetry's and hatch's in-project settings use, `venv`, `env`); else the one that
        `VIRTUAL_ENV` names, when a shell has it active; else the one that poetry or hatch
        keeps in its own folder; else the one we run on.

    Raises:
        ProjectError: `wanted` is no interpreter.
    """
    if wanted:
        found = shutil.which(wanted) or shutil.which(str(project.root / wanted))
        if not found:
            raise ProjectError(
                f"There is no interpreter {wanted!r}.",
                hint="Give --python the path of the python in the project's environment.",
            )
        return str(Path(found).absolute())
    folders = [project.root / name for name in _VENV_FOLDERS]
    if active := os.environ.get("VIRTUAL_ENV"):
        folders.append(Path(active))
    folders += _kept_elsewhere(project)
    for folder in folders:
        for name in ("bin/python", "Scripts/python.exe"):
            if (folder / name).exists():
                return str(folder / name)
    return sys.executable


def _kept_elsewhere(project: Project) -> list[Path]:
    """Return the environments that poetry and hatch keep outside the project, newest first.

    Both name them after the project: poetry `NAME-HASH-pyX.Y`, hatch `NAME/HASH/NAME`. The
    hash is of the project's path, and of two projects with one name the newer is taken.
    """
    data = Path(os.environ.get("XDG_DATA_HOME", "") or Path.home() / ".local" / "share")
    cache = Path(os.environ.get("XDG_CACHE_HOME", "") or Path.home() / ".cache")
    found: list[Path] = []
    tools = project.pyproject().get("tool", {})
    if (isinstance(tools, dict) and "poetry" in tools) or (project.root / "poetry.lock").exists():
        found += (cache / "pypoetry" / "virtualenvs").glob(f"{project.name}-*-py3*")
    if isinstance(tools, dict) and "hatch" in tools:
        found += (data / "hatch" / "env" / "virtual" / project.name).glob("*/*")
    return sorted(found, key=lambda one: -one.stat().st_mtime)
