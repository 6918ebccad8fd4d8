"""Which Python the user's project is imported with: its own."""

import base64
import hashlib
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from footnotary.errors import ProjectError
from footnotary.files import read_regular
from footnotary.project import Project, workspace_root

MAX_SETTINGS = 100_000  # bytes of a pyvenv.cfg
_VENV_FOLDERS = (".venv", "venv", "env")


def find_interpreter(project: Project, wanted: str = "") -> str:
    """Return the interpreter of a project.

    Args:
        project: The user's project.
        wanted: What `--python` says, a path or a name on PATH; else the project's setting.

    Returns:
        An absolute path: `wanted`; else the project's virtual environment (`.venv`, which
        uv, poetry's and hatch's in-project settings use, `venv`, `env`, or what
        `UV_PROJECT_ENVIRONMENT` says); else that of the uv workspace it is a member of; else the
        one that `VIRTUAL_ENV` names, when a shell has it active; else the one that poetry or
        hatch keeps in its own folder; else the one we run on.

    Raises:
        ProjectError: `wanted` is no interpreter, or that of the project's environment is gone.
    """
    wanted = wanted or project.python
    if wanted:
        found = shutil.which(wanted) or shutil.which(str(project.root / wanted))
        if not found:
            raise ProjectError(
                f"There is no interpreter {wanted!r}.",
                hint="Give --python, or the setting python, the path of the python in the"
                " project's environment.",
            )
        return str(Path(found).absolute())
    return next(filter(None, map(_interpreter_of, _environments(project))), sys.executable)


def has_environment(project: Project) -> bool:
    """Return whether the project has an environment of its own; one that is active may be ours.

    Args:
        project: The user's project.
    """
    try:
        return any(map(_interpreter_of, (*_own(project), *_kept_elsewhere(project))))
    except ProjectError:
        return False


def _environments(project: Project) -> Iterator[Path]:
    """Yield the folders in which a project's environment may be, likely ones first."""
    yield from _own(project)
    if active := os.environ.get("VIRTUAL_ENV"):
        yield Path(active)
    yield from _kept_elsewhere(project)


def _own(project: Project) -> Iterator[Path]:
    """Yield where an environment may be in the project, or in the workspace it belongs to."""
    told = os.environ.get("UV_PROJECT_ENVIRONMENT")
    workspace = workspace_root(project.root)
    for root in (project.root, *([workspace] if workspace else ())):
        yield from (root / name for name in ((told,) if told else ()) + _VENV_FOLDERS)


def _interpreter_of(folder: Path) -> str:
    """Return the interpreter of an environment; empty where there is no environment.

    Raises:
        ProjectError: It leads to a Python that is no longer there.
    """
    for name in ("bin/python", "Scripts/python.exe"):
        path = folder / name
        if path.exists():
            return str(path)
        if path.is_symlink():
            raise ProjectError(
                f"{folder.name}/{name} leads to {path.readlink()}, which is gone.",
                hint=f"Remove {folder} and make it again: footnotary install-project.",
            )
    return ""


def package_folders(interpreter: str) -> tuple[Path, ...]:
    """Return the folders from which an interpreter imports packages; it is not started.

    Args:
        interpreter: Its path.

    Returns:
        Those of a virtual environment that shows its base's packages, too, hold those as well.
    """
    if interpreter == sys.executable:
        return tuple(Path(entry) for entry in sys.path if entry.endswith("-packages"))
    prefix = Path(interpreter).parent.parent
    settings = environment_settings(prefix)
    prefixes = [prefix]
    if settings.get("include-system-site-packages") == "true" and "home" in settings:
        prefixes.append(Path(settings["home"]).parent)
    patterns = ("lib*/python*/*-packages", "lib/python3/dist-packages", "Lib/site-packages")
    found = [one for each in prefixes for pattern in patterns for one in each.glob(pattern)]
    return tuple(dict.fromkeys(found))


def environment_settings(prefix: Path) -> dict[str, str]:
    """Return what a virtual environment's pyvenv.cfg says; nothing where there is none.

    Args:
        prefix: The environment's folder.
    """
    try:
        data = read_regular(prefix / "pyvenv.cfg", MAX_SETTINGS, follow=True)
    except OSError:
        return {}
    pairs = (line.partition("=") for line in data.decode("utf-8", "replace").splitlines())
    return {name.strip().casefold(): value.strip() for name, equals, value in pairs if equals}


def _kept_elsewhere(project: Project) -> list[Path]:
    """Return the environments that poetry and hatch keep outside the project, newest first.

    Both name the folder after the project's path, as the beginning of its SHA-256 in base64:
    poetry `NAME-HASH-pyX.Y`, hatch `NAME/HASH/ENVIRONMENT`.
    """
    digest = hashlib.sha256(str(project.root).encode()).digest()
    mark = base64.urlsafe_b64encode(digest).decode()[:8]
    found: list[Path] = []
    for folder in _poetry_folders():
        found += folder.glob(f"*-{mark}-py3*")
    for folder in _hatch_folders():
        found += folder.glob(f"env/virtual/*/{mark}/*")
    # of hatch's environments, the one named like the project is the default
    return sorted(found, key=lambda one: (one.name != one.parent.parent.name, -one.stat().st_mtime))


def _poetry_folders() -> list[Path]:
    """Return where poetry keeps environments, unless the project's own folder."""
    told = os.environ.get("POETRY_VIRTUALENVS_PATH")
    cache = os.environ.get("POETRY_CACHE_DIR")
    usual = Path(os.environ.get("XDG_CACHE_HOME", "") or Path.home() / ".cache") / "pypoetry"
    caches = [Path(cache)] if cache else [usual, Path.home() / "Library" / "Caches" / "pypoetry"]
    return [Path(told)] if told else [one / "virtualenvs" for one in caches]


def _hatch_folders() -> list[Path]:
    """Return where hatch keeps its data."""
    told = os.environ.get("HATCH_DATA_DIR")
    usual = Path(os.environ.get("XDG_DATA_HOME", "") or Path.home() / ".local" / "share") / "hatch"
    mac = Path.home() / "Library" / "Application Support" / "hatch"
    return [Path(told)] if told else [usual, mac]
