"""What a project declares to depend on, from every file of the ecosystem that it has."""

import contextlib
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from packaging.dependency_groups import resolve_dependency_groups
from packaging.pylock import Pylock, PylockValidationError
from packaging.version import InvalidVersion, Version

from footnotary import yaml_text
from footnotary.readers import literals
from footnotary.readers.identity import table_in
from footnotary.readers.requirements import MAX_SPECIFIER, Declarations, Declared, normalised
from footnotary.readers.setup_files import read_setup_files
from footnotary.source import Tree

_RUN_TIME = {"", "app", "base", "common", "core", "default", "install", "main", "prod",
             "production", "requirements", "run", "runtime"}  # fmt: skip
_SCRIPT = "# /// script"  # PEP 723
_PIPFILE = {"packages": "", "dev-packages": "dev"}
_NOT_PACKAGES = {"source", "requires", "scripts", "pipenv"}


def read_declarations(tree: Tree, folder: str) -> Declarations:
    """Read what a project declares.

    Args:
        tree: The files of the repository.
        folder: The project's folder, relative to the root; empty for the root.

    Returns:
        Each requirement with its file and group, and what was seen and not read.
    """
    found = Declarations(tree, folder)
    path = found.at("pyproject.toml")
    data = found.toml(path)
    is_static = any([_project(found, data, path), _tools(found, data, path)])
    is_static = any([is_static, read_setup_files(found)])
    if not is_static and "dependencies" in _list(table_in(data, "project").get("dynamic")):
        found.skip(path, "its dependencies are computed when it is built")
    _other_tables(found)
    _conda(found)
    _requirement_files(found)
    _locks(found)
    _scripts(found)
    return found


def _list(value: object) -> list[Any]:
    """Return a list; one string is a list of itself."""
    return value if isinstance(value, list) else [value] if isinstance(value, str) else []


def _add_all(found: Declarations, lines: object, group: str, path: str) -> bool:
    """Add requirement lines; tells whether there was such a list."""
    for line in _list(lines):
        if isinstance(line, str):
            found.add(line, group, path)
    return isinstance(lines, list)


def _project(found: Declarations, data: Mapping[str, Any], path: str) -> bool:
    """Read `[project]` (PEP 621) and `[dependency-groups]` (PEP 735)."""
    project = table_in(data, "project")
    given = _add_all(found, project.get("dependencies"), "", path)
    for name, lines in table_in(project, "optional-dependencies").items():
        _add_all(found, lines, literals.label(name), path)
    groups = table_in(data, "dependency-groups")
    for name, lines in groups.items():
        try:
            whole: object = list(resolve_dependency_groups(groups, name))
        except (ValueError, LookupError, TypeError, RecursionError, ExceptionGroup):
            whole = lines  # what it includes is missing, or listed under its own name
            if any(isinstance(o, dict) and "include-group" not in o for o in _list(lines)):
                found.skip(path, f"an entry of group {literals.label(name)} that is unknown")
        _add_all(found, whole, literals.label(name), path)
    return given or bool(project and "dependencies" not in _list(project.get("dynamic")))


def _tools(found: Declarations, data: Mapping[str, Any], path: str) -> bool:
    """Read the tables of tools; tells whether one declares run-time dependencies."""
    tool = table_in(data, "tool")
    for name, value in table_in(tool, "pdm", "dev-dependencies").items():
        _add_all(found, value, literals.label(name), path)
    for name in ("uv", "rye"):
        _add_all(found, table_in(tool, name).get("dev-dependencies"), "dev", path)
    for name, environment in table_in(tool, "hatch", "envs").items():
        _hatch(found, name, environment, path)
    _pixi(found, table_in(tool, "pixi"), path)
    flit = table_in(tool, "flit", "metadata")
    for name, value in table_in(flit, "requires-extra").items():
        _add_all(found, value, literals.label(name), path)
    given = [
        _poetry(found, table_in(tool, "poetry"), path),
        _add_all(found, flit.get("requires"), "", path),
    ]
    return any([*given, *_named_files(found, tool)])


def _named_files(found: Declarations, tool: Mapping[str, Any]) -> Iterator[bool]:
    """Read the files that a build backend takes requirements from; tells if there is one."""
    dynamic = table_in(tool, "setuptools", "dynamic")
    hook = table_in(tool, "hatch", "metadata", "hooks", "requirements_txt")
    tables = [("", table_in(dynamic, "dependencies").get("file")), ("", hook.get("files"))]
    tables += [("", hook.get("filename"))]
    for name, value in table_in(dynamic, "optional-dependencies").items():
        tables.append((literals.label(name), table_in(value).get("file")))
    for name, value in table_in(hook, "optional-dependencies").items():
        tables.append((literals.label(name), value))
    for group, names in tables:
        for name in _list(names):
            found.read_file(found.at(str(name)), group, found.at("pyproject.toml"))
            yield not group


def _hatch(found: Declarations, name: str, environment: object, path: str) -> None:
    """Read one environment of Hatch."""
    for key in ("dependencies", "extra-dependencies"):
        _add_all(found, table_in(environment).get(key), literals.label(name), path)


def _poetry(found: Declarations, table: Mapping[str, Any], path: str) -> bool:
    """Read Poetry's dependencies, groups and extras; tells whether it has a run-time table."""
    extras: dict[str, list[str]] = {}
    for extra, names in table_in(table, "extras").items():
        for name in map(str, _list(names)):
            extras.setdefault(normalised(name.partition("[")[0]), []).append(literals.label(extra))
    for name, given in table_in(table, "dependencies").items():
        optional = any(isinstance(one, dict) and one.get("optional") for one in _forms(given))
        groups = (extras.get(normalised(name)) or ["optional"]) if optional else [""]
        for group in groups:
            _put(found, name, given, group, path)
    _tabled(found, table_in(table, "dev-dependencies"), "dev", path)
    for group, value in table_in(table, "group").items():
        _tabled(found, table_in(value, "dependencies"), literals.label(group), path)
    return "dependencies" in table


def _tabled(
    found: Declarations, table: Mapping[str, Any], group: str, path: str, *, conda: bool = False
) -> None:
    """Add a table of names and versions, as Poetry, Pipenv and Pixi write them."""
    for name, given in table.items():
        _put(found, name, given, group, path, conda=conda)


def _forms(given: object) -> list[Any]:
    """Return the forms of one dependency: Poetry allows several with markers."""
    return given if isinstance(given, list) else [given]


def _put(  # noqa: PLR0913  one cell each
    found: Declarations, name: str, given: object, group: str, path: str, *, conda: bool = False
) -> None:
    """Add one entry of a table."""
    plain = normalised(name.partition("[")[0])
    if not plain:
        found.skip(path, "a requirement without a readable name")
        return
    forms = _forms(given)
    if any(isinstance(one, dict) and str(one.get("path")) in {".", "./"} for one in forms):
        return  # the project itself
    versions = [one.get("version", "") if isinstance(one, dict) else one for one in forms]
    extras = [extra for one in forms if isinstance(one, dict) for extra in _list(one.get("extras"))]
    specifier = _constraint(str(versions[0])) if len(versions) == 1 else ""
    found.put(Declared(plain, specifier, group, path, tuple(map(str, extras)), conda))


def _constraint(text: str) -> str:
    """Return the versions of Poetry, Pipenv, Pixi or Conda, if they are versions alone."""
    parts = [part.strip() for part in text.replace("||", ",").replace("|", ",").split(",")]
    for part in parts:
        number = part.lstrip("^~=<>! ").split(" ")[0].split("=")[0]
        try:
            Version(number.replace("*", "0").rstrip("."))
        except InvalidVersion:
            return text if text == "*" else ""
    return text if len(text) < MAX_SPECIFIER else ""


def _pixi(found: Declarations, table: Mapping[str, Any], path: str) -> None:
    """Read Pixi's tables: Conda's and PyPI's, of features and of platforms too."""
    features = [("", table)]
    features += [(literals.label(k), table_in(v)) for k, v in table_in(table, "feature").items()]
    for group, feature in features:
        for one in (feature, *map(table_in, table_in(feature, "target").values())):
            _tabled(found, table_in(one, "dependencies"), group, path, conda=True)
            _tabled(found, table_in(one, "pypi-dependencies"), group, path)


def _other_tables(found: Declarations) -> None:
    """Read Pipfile, pixi.toml and hatch.toml."""
    path = found.at("Pipfile")
    for name, value in found.toml(path).items():
        if name not in _NOT_PACKAGES:
            _tabled(found, table_in(value), _PIPFILE.get(name, literals.label(name)), path)
    path = found.at("pixi.toml")
    _pixi(found, found.toml(path), path)
    path = found.at("hatch.toml")
    for name, environment in table_in(found.toml(path), "envs").items():
        _hatch(found, name, environment, path)


def _beside(found: Declarations, depth: int, *patterns: str) -> Iterator[str]:
    """Yield the project's files of some names, down to a number of folders."""
    above = found.folder.count("/") + bool(found.folder)
    for path in found.tree.named(*patterns):
        if path.count("/") <= above + depth and found.holds(path):
            yield path


def _conda(found: Declarations) -> None:
    """Read the environment files of Conda; recipes are templates."""
    for path in _beside(found, 2, "meta.yaml", "recipe.yaml"):
        if "recipe" in path.rpartition("/")[0]:
            found.skip(path, "a recipe is a template")
    for path in _beside(found, 1, "environment*.y*ml", "conda*.y*ml", "*environment.y*ml"):
        text = found.tree.text(path)
        try:
            data = yaml_text.parse_yaml("[" if text is None else text)
        except ValueError:
            found.skip(path, "it is no valid YAML")
            continue
        lines = data.get("dependencies") if isinstance(data, dict) else None
        if not isinstance(lines, list):
            continue
        found.files.append(path)
        name = path.rpartition("/")[2]
        group = _group_of(name.rpartition(".")[0].replace("environment", "").replace("conda", ""))
        for line in lines:
            if isinstance(line, dict):
                _pip_of_conda(found, line, group, path)
            else:
                _match_spec(found, str(line), group, path)


def _pip_of_conda(found: Declarations, entry: Mapping[str, Any], group: str, path: str) -> None:
    """Read what a Conda environment installs with pip."""
    for line in map(str, _list(entry.get("pip"))):
        found.add_line(line, group, path)


def _match_spec(found: Declarations, line: str, group: str, path: str) -> None:
    """Add a package of a channel: `channel::name version` (conda's MatchSpec)."""
    text = line.rpartition("::")[2].strip()
    end = next((at for at, sign in enumerate(text) if sign in " =<>!~["), len(text))
    version = text[end:].strip(" =")  # `2.1=py3_cuda`: a version and a build
    version = version.partition("=")[0] if version[:1].isdigit() else version
    _put(found, text[:end], version, group, path, conda=True)


def _group_of(words: str) -> str:
    """Return the group that the name of a file speaks of; empty for run-time."""
    group = words.strip("-_. ")
    return "" if group.casefold() in _RUN_TIME else literals.label(group)


def _requirement_files(found: Declarations) -> None:
    """Read the requirements files, those of run-time and the sources of compiled ones first."""
    names = ("*requirements*.txt", "*requirements*.in", "reqs*.txt")
    wanted = [(path, _group_of_file(found, path)) for path in _beside(found, 1, *names)]
    inner = [one for one in _beside(found, 2, "*.txt", "*.in") if _folder_of(one) in _FOLDERS]
    wanted += [(path, _group_of_file(found, path)) for path in inner]
    stems = {path.removesuffix(".in") for path, _ in wanted if path.endswith(".in")}
    for path, group in sorted(set(wanted), key=lambda one: (one[1] != "", one[0])):
        if "constraints" not in path.rpartition("/")[2]:
            locked = path.endswith(".txt") and path.removesuffix(".txt") in stems
            found.read_file(path, group, locked=locked)


_FOLDERS = {"requirements", "reqs", "requires"}


def _folder_of(path: str) -> str:
    """Return the name of the folder that a file is in."""
    return path.rpartition("/")[0].rpartition("/")[2]


def _group_of_file(found: Declarations, path: str) -> str:
    """Return the group of a requirements file: its own name's, else its folder's."""
    inner = path.removeprefix(f"{found.folder}/") if found.folder else path
    folder, _, name = inner.rpartition("/")
    own = _group_of(name.rpartition(".")[0].replace("requirements", "").replace("reqs", ""))
    apart = folder.partition("/")[0] in {"docs", "doc", "tests", "test", "examples", "scripts"}
    return own or (literals.label(folder.partition("/")[0]) if apart else "")


def _locks(found: Declarations) -> None:
    """Read the names that a pylock.toml pins (PEP 751)."""
    for path in _beside(found, 0, "pylock.toml", "pylock.*.toml"):
        data = found.toml(path)
        try:
            packages = Pylock.from_dict(data).packages if data else ()
        except PylockValidationError:
            found.skip(path, "it is no valid pylock")
            continue
        for one in packages:
            version = f"=={one.version}" if one.version else ""
            found.put(Declared(one.name, version, "", path), locked=True)


def _scripts(found: Declarations) -> None:
    """Read the headers of scripts (PEP 723)."""
    for path in found.tree.python:
        if found.holds(path):
            data = found.tree.data(path) or b""
            if _SCRIPT.encode() in data:
                _script(found, data.decode("utf-8", "replace"), path)


def _script(found: Declarations, text: str, path: str) -> None:
    """Read the header of one script."""
    lines = text.splitlines()
    if _SCRIPT not in lines:
        return
    inner: list[str] = []
    for line in lines[lines.index(_SCRIPT) + 1 :]:
        if line == "# ///" or not line.startswith("#"):
            break
        inner.append(line[2:])
    with contextlib.suppress(tomllib.TOMLDecodeError, RecursionError):
        data = tomllib.loads("\n".join(inner))
        found.files.append(path)
        _add_all(found, data.get("dependencies"), f"script {literals.label(path)}", path)
        return
    found.skip(path, "its header is no valid TOML")
