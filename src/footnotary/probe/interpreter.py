"""Which Python the user's project is imported with: its own."""

import ast
import base64
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from footnotary.errors import ProjectError
from footnotary.files import read_regular
from footnotary.project import Project, repository_of, workspace_root
from footnotary.yaml_text import parse_yaml

_MAX_SETTINGS = 100_000  # bytes of a pyvenv.cfg
_VENV_FOLDERS = (".venv", "venv", "env")
_CONDA_FOLDERS = ("miniconda3", "miniforge3", "mambaforge", "anaconda3", "micromamba")
_SECONDS = 60
MAX_ANSWER = 500_000_000
_POSITIONS = ("lineno", "col_offset", "end_lineno", "end_col_offset")
# Nodes of later versions, as the nearest of ours.
_NEWER = {"TypeAlias": "Assign", "TemplateStr": "JoinedStr", "Interpolation": "FormattedValue"}


def find_interpreter(project: Project, wanted: str = "") -> str:
    """Return the interpreter of a project.

    Args:
        project: The user's project.
        wanted: What `--python` says, a path or a name on PATH; else the project's setting.

    Returns:
        An absolute path: `wanted`; else the project's virtual environment (`.venv`, which
        uv, poetry's and hatch's in-project settings use, `venv`, `env`, or what
        `UV_PROJECT_ENVIRONMENT` or `.pdm-python` says), from the project's folder up to its
        workspace and its repository; else the one that `VIRTUAL_ENV` or `CONDA_PREFIX` names,
        when a shell has it active; else the one that poetry, hatch, Pipenv, pyenv or conda keeps
        in its own folder; else the one we run on.

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


def is_borrowed(project: Project, wanted: str = "") -> bool:
    """Tell whether a project is imported with our own interpreter, as it has none."""
    return not (wanted or project.python or any(map(_interpreter_of, _environments(project))))


def has_environment(project: Project) -> bool:
    """Return whether the project has an environment of its own; one that is active may be ours."""
    try:
        return any(map(_interpreter_of, (*_own(project), *_kept_elsewhere(project))))
    except ProjectError:
        return False


def _environments(project: Project) -> Iterator[Path]:
    """Yield the folders in which a project's environment may be, likely ones first."""
    yield from _own(project)
    for variable in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        if active := os.environ.get(variable):
            yield Path(active)
    yield from _kept_elsewhere(project)


def _own(project: Project) -> Iterator[Path]:
    """Yield where an environment may be in the project, its workspace or its repository."""
    told = os.environ.get("UV_PROJECT_ENVIRONMENT")
    for root in _roots(project):
        yield from (root / name for name in ((told,) if told else ()) + _VENV_FOLDERS)
        if interpreter := _first_line(root / ".pdm-python"):
            yield Path(interpreter).parent.parent


def _roots(project: Project) -> list[Path]:
    """Return the project's folder, and those above it that belong to it, innermost first."""
    tops = {repository_of(project.root), workspace_root(project.root) or project.root}
    above = [one for one in project.root.parents if any(one.is_relative_to(top) for top in tops)]
    return [project.root, *above]


def _interpreter_of(folder: Path) -> str:
    """Return the interpreter of an environment; empty where there is no environment."""
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


def environment_folders(interpreter: str) -> tuple[Path, ...]:
    """Return the folders from which an interpreter imports packages; it is not started.

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
    """Return what a virtual environment's pyvenv.cfg says; nothing where there is none."""
    try:
        data = read_regular(prefix / "pyvenv.cfg", _MAX_SETTINGS, follow=True)
    except OSError:
        return {}
    pairs = (line.partition("=") for line in data.decode("utf-8", "replace").splitlines())
    return {name.strip().casefold(): value.strip() for name, equals, value in pairs if equals}


def _kept_elsewhere(project: Project) -> list[Path]:
    """Return the environments that other tools keep outside the project, newest first.

    Poetry, hatch and Pipenv name the folder after a path, as the beginning of its SHA-256 in
    base64: poetry `NAME-HASH-pyX.Y`, hatch `NAME/HASH/ENVIRONMENT`, Pipenv `NAME-HASH`, where the
    path is that of the Pipfile. Pyenv's and conda's have the name that a file of the project says.
    """
    found: list[Path] = []
    for root in _roots(project):
        mark = _mark(root)
        for folder in _poetry_folders():
            found += folder.glob(f"*-{mark}-py3*")
        for folder in _folders_of(
            "hatch", "HATCH_DATA_DIR", "XDG_DATA_HOME", ".local/share", "Application Support"
        ):
            found += folder.glob(f"env/virtual/*/{mark}/*")
        pipenv = Path(os.environ.get("WORKON_HOME") or _home() / ".local/share/virtualenvs")
        found += pipenv.glob(f"*-{_mark(root / 'Pipfile')}")
        found += _named_environments(root)
    # of hatch's environments, the one named like the project is the default
    return sorted(found, key=lambda one: (one.name != one.parent.parent.name, -one.stat().st_mtime))


def _mark(path: Path) -> str:
    """Return the mark that a tool makes of a path."""
    digest = hashlib.sha256(str(path).encode()).digest()
    return base64.urlsafe_b64encode(digest).decode()[:8]


def _named_environments(root: Path) -> Iterator[Path]:
    """Yield pyenv's and conda's environments of the names that files of a folder say."""
    home = _home()
    name = _first_line(root / ".python-version")
    pyenv = Path(os.environ.get("PYENV_ROOT", "") or home / ".pyenv") / "versions" / name
    if name and (pyenv / "pyvenv.cfg").is_file():
        yield pyenv
    for file in ("environment.yml", "environment.yaml"):
        name = _name_in_yaml(root / file)
        prefixes = [home / one for one in _CONDA_FOLDERS]
        if told := os.environ.get("MAMBA_ROOT_PREFIX"):
            prefixes.insert(0, Path(told))
        folders = [*(one / "envs" for one in prefixes), home / ".conda" / "envs"]
        yield from (one / name for one in folders if name and (one / name).is_dir())


def _first_line(file: Path) -> str:
    """Return the first line of a small file; empty where it has none."""
    try:
        lines = read_regular(file, _MAX_SETTINGS).decode("utf-8", "replace").splitlines()
    except OSError:
        return ""
    return lines[0].strip() if lines and "\0" not in lines[0] else ""


def _name_in_yaml(file: Path) -> str:
    """Return the name that conda's file says; empty where there is none, or it leads elsewhere."""
    try:
        data = parse_yaml(read_regular(file, _MAX_SETTINGS).decode("utf-8", "replace"))
    except (OSError, ValueError):
        return ""
    name = data.get("name") if isinstance(data, dict) else ""
    return name if isinstance(name, str) and "/" not in name and name != ".." else ""


def _poetry_folders() -> list[Path]:
    """Return where poetry keeps environments, unless the project's own folder."""
    if told := os.environ.get("POETRY_VIRTUALENVS_PATH"):
        return [Path(told)]
    caches = _folders_of("pypoetry", "POETRY_CACHE_DIR", "XDG_CACHE_HOME", ".cache", "Caches")
    return [one / "virtualenvs" for one in caches]


def _folders_of(name: str, told: str, base: str, usual: str, mac: str) -> list[Path]:
    """Return where a tool keeps things: what a variable says, else in the system's folders."""
    if given := os.environ.get(told):
        return [Path(given)]
    home = _home()
    return [Path(os.environ.get(base, "") or home / usual) / name, home / "Library" / mac / name]


def _home() -> Path:
    return Path(os.path.expanduser("~"))  # noqa: PTH111  Path.home() raises where there is none


def parser_of(
    project: Project, wanted: str = ""
) -> Callable[[tuple[Path, ...]], Mapping[str, ast.Module]]:
    """Return what parses files with the project's interpreter; it is started when it is needed."""

    def parse(files: tuple[Path, ...]) -> Mapping[str, ast.Module]:
        try:
            interpreter = find_interpreter(project, wanted)
        except ProjectError:
            return {}
        return {} if interpreter == sys.executable else parse_with(interpreter, files)

    return parse


def parse_with(interpreter: str, files: tuple[Path, ...]) -> dict[str, ast.Module]:
    """Parse files with an interpreter; none of their code is run.

    Returns:
        Syntax trees of our own Python by path, of the files that it can parse; nothing where it
        is not newer than ours. What our Python lacks is the nearest that it has: a template
        string is a string, an alias of types an assignment.
    """
    script = Path(__file__).parent / "inside" / "grammar.py"
    with tempfile.TemporaryDirectory(prefix="footnotary-grammar-") as folder:
        answer = Path(folder, "trees.json")
        ours = ".".join(map(str, sys.version_info[:2]))
        command = [interpreter, "-I", "-S", "-B", str(script), str(answer), ours, *map(str, files)]
        try:
            subprocess.run(  # noqa: S603  the interpreter is the user's
                command,
                check=False,
                capture_output=True,
                timeout=_SECONDS,
                stdin=subprocess.DEVNULL,
            )
            told = json.loads(read_regular(answer, MAX_ANSWER))
        except (OSError, ValueError, RecursionError, subprocess.TimeoutExpired):
            return {}
    found = {}
    for name, tree in told.items():
        try:
            made = tree_of(tree)
            compile(made, "<tree>", "exec", ast.PyCF_ONLY_AST)
        except (TypeError, ValueError, RecursionError, KeyError):
            continue
        if isinstance(made, ast.Module):
            found[name] = made
    return found


def tree_of(told: Any) -> Any:
    """Return what a part of the answer means: a node, a list of nodes, or a constant.

    Args:
        told: From `inside.grammar.plain`.
    """
    if isinstance(told, list):
        return [made for one in told if (made := tree_of(one)) is not None or one is None]
    if not isinstance(told, dict):
        return told
    if not told["_"]:
        return _constant(told["kind"], told["text"])
    name = str(_NEWER.get(told["_"], told["_"]))
    made = getattr(ast, name, None)
    if made is None:
        return ast.Pass(**_positions(told)) if told["is_statement"] else None
    values = {each: tree_of(told[each]) for each in made._fields if each in told}
    if told["_"] == "TypeAlias":
        values["targets"] = [tree_of(told["name"])]
    elif told["_"] == "Interpolation":
        values.setdefault("conversion", -1)
    return made(**values, **_positions(told))


def _positions(told: Mapping[str, Any]) -> dict[str, int]:
    return {name: told[name] for name in _POSITIONS if isinstance(told.get(name), int)}


def _constant(kind: str, text: str) -> Any:
    """Return a constant that JSON lacks; only its kind matters where it is a number."""
    if kind in {"bytes", "int", "float", "complex"}:
        try:
            return ast.literal_eval(text)
        except (ValueError, SyntaxError, MemoryError):
            return None
    return ... if kind == "ellipsis" else None
