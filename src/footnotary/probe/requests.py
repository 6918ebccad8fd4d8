"""What a child process is asked to import, and with what.

Files of this machine alone, which git ignores, are hidden from it: what they decide is no fact of
the code. Modules, and what is in ignored folders without looking like settings, may be made when
the project is built, and stay.
"""

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any

from footnotary import git
from footnotary.errors import ProjectError
from footnotary.facts.options import ReadOptions
from footnotary.files import read_regular
from footnotary.probe.interpreter import find_interpreter, is_borrowed
from footnotary.probe.placeholders import EnvironmentFile, example_settings, given_settings
from footnotary.project import Project

_MOST = 2_000
_DEEPEST = 3
_CODE = {".py", ".pyi", ".so", ".pyd", ".pyx", ".c", ".pth"}
_SETTINGS = {".toml", ".ini", ".cfg", ".conf", ".yaml", ".yml", ".json", ".properties"}
_PERSONAL = {"secret", "secrets", "credentials", "instance", "env", "envs", "local", "private"}
_MADE = {"node_modules", "__pycache__", "dist", "build", ".git", ".footnotary", "site-packages"}
_BUILT_SITE = {"index.html", "404.html", "sitemap.xml"}  # by each engine
# Modules of settings that are one developer's: `local_settings.py`, `settings_local.py`.
_LOCAL = re.compile(r"(?i)(\w*local\w*|secrets?|credentials|(my|user|dev)_?(settings|config))\.py")
_NAME = re.compile(r"\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?=$|[\[(<>=!~@#\\])")
_MAX_REQUIREMENTS = 1_000_000


@dataclass(frozen=True)
class ImportRequest:
    """What a child is asked to do.

    Attributes:
        task: `api`, `schema`, `settings` or `reflect`.
        interpreter: The Python that runs it.
        borrowed: Whether that is ours, as the project has none.
        root: The project's root; also the working directory.
        paths: Folders put in front of the import path.
        target: `module:expression`, or empty.
        django: Settings module of the Django project that is loaded first, or empty.
        modules: Modules to import.
        exposing: Modules imported after the tables were read, for models that show rows.
        only: Whether no other module is looked for.
        dialect: SQLAlchemy dialect.
        database_url: Database to connect to, for `reflect` and `catalog`.
        server: Of the live server: for `schema`, what its statements are written for; for
            `catalog`, what is executed before it is read.
        migrations: Alembic's, by revision and path, each after those it follows, for `schema`.
        mocks: Modules replaced by mocks.
        settings: Values for the environment, the user's own.
        examples: Values of `.env.example`, used when a setting is missing.
        hidden: Files of this machine alone that the import does not see, relative to the root.
        extras: Distributions by extra of the project; which are installed is told.
        elsewhere: Whether it runs as if on another machine, on another day.
        timeout: Seconds.
    """

    task: str
    interpreter: str
    root: Path
    paths: tuple[str, ...]
    target: str = ""
    django: str = ""
    modules: tuple[str, ...] = ()
    exposing: tuple[str, ...] = ()
    only: bool = False
    dialect: str = ""
    database_url: str = field(default="", repr=False)
    server: Mapping[str, Any] = field(default_factory=dict, repr=False)
    migrations: tuple[tuple[str, str], ...] = ()
    mocks: tuple[str, ...] = ()
    settings: EnvironmentFile = field(default_factory=dict)
    examples: EnvironmentFile = field(default_factory=dict)
    hidden: tuple[str, ...] = ()
    extras: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    elsewhere: bool = False
    borrowed: bool = False
    timeout: float = 120.0


def request_import(
    project: Project, options: ReadOptions, task: str, paths: Iterable[str]
) -> ImportRequest:
    """Return a request to import a project as the options say.

    Args:
        project: The user's project.
        options: `python`, `env_file`, `mocks`, `elsewhere` and `timeout` are used.
        task: `api`, `schema` or `settings`.
        paths: Folders that are put in front of the import path.

    Raises:
        ProjectError: The interpreter that the user named is not there.
        UsageError: The file of settings cannot be read.
    """
    settings = given_settings(options.env_file)
    return replace(
        request_database(project, options, task),
        paths=tuple(dict.fromkeys(paths)),
        mocks=options.mocks,
        settings=settings,
        examples=example_settings(project.root),
        hidden=find_local_files(project.root),
        elsewhere=options.elsewhere,
        extras=wanted_by_extras(project),
        database_url="",
    )


def request_database(project: Project, options: ReadOptions, task: str) -> ImportRequest:
    """Return a request to read the live database that the options name; no code is imported.

    Args:
        project: The user's project.
        options: `database_url`, `python` and `timeout` are used.
        task: `reflect` or `catalog`.

    Raises:
        ProjectError: The interpreter that the user named is not there.
    """
    return ImportRequest(
        task=task,
        interpreter=find_interpreter(project, options.python),
        root=project.root,
        paths=(),
        database_url=options.database_url,
        borrowed=is_borrowed(project, options.python),
        timeout=options.timeout,
    )


def find_local_files(root: Path) -> tuple[str, ...]:
    """Return the files of this machine alone that may decide what an application is.

    Returns:
        Their paths relative to the root, sorted; at most some thousands.
    """
    found: set[str] = set()
    for one in sorted(git.ignored(root)):
        if not _MADE.isdisjoint(PurePosixPath(one).parts[:-1]):
            continue
        if not one.endswith("/"):
            found |= {one} if is_personal(one) or Path(one).suffix not in _CODE else set()
        elif PurePosixPath(one).name not in _MADE:
            inner = _files_in(root, one.rstrip("/"), _DEEPEST)
            found |= set(filter(is_settings, inner))
        if len(found) > _MOST:
            break
    return tuple(sorted(found))


def is_personal(path: str) -> bool:
    """Tell whether a file that git ignores holds one developer's settings, and is not made."""
    *folders, name = PurePosixPath(path).parts
    in_folder = any(each.strip(".").lower() in _PERSONAL for each in folders)
    return in_folder or ".env" in name or _LOCAL.fullmatch(name) is not None


def is_settings(path: str) -> bool:
    """Tell whether a file that git ignores looks like settings, by its name."""
    return is_personal(path) or PurePosixPath(path).suffix in _SETTINGS


def _files_in(root: Path, folder: str, depth: int) -> Iterator[str]:
    """Yield the files in an ignored folder; none of an environment, a cache or a built site."""
    try:
        with os.scandir(root / folder) as listed:
            entries = sorted(listed, key=lambda entry: entry.name)
    except OSError:
        return
    names = {entry.name for entry in entries}
    if len(entries) > _MOST or "pyvenv.cfg" in names or names >= _BUILT_SITE:
        return
    for entry in entries:
        path = f"{folder}/{entry.name}"
        if not entry.is_dir(follow_symlinks=False):
            yield path
        elif depth > 1 and entry.name not in _MADE:
            yield from _files_in(root, path, depth - 1)


def wanted_by_extras(project: Project) -> dict[str, tuple[str, ...]]:
    """Return the distributions that each extra or group of a project wants.

    Returns:
        Names by extra, those of the project itself under an empty one; requirements with a
        marker, which need not apply, and extras that want nothing else are left out.
    """
    try:
        data = project.pyproject()
    except ProjectError:
        return {}
    table = _mapping(data.get("project"))
    poetry = _mapping(_mapping(data.get("tool")).get("poetry"))
    listed = {
        "": [*_list(table.get("dependencies")), *_requirements(project)],
        **_mapping(table.get("optional-dependencies")),
        **_mapping(data.get("dependency-groups")),
    }
    found = {str(name): _names(rows) for name, rows in listed.items()}
    for name, group in _mapping(poetry.get("group")).items():
        found[str(name)] = tuple(_mapping(_mapping(group).get("dependencies")))
    own = str(table.get("name", "")).casefold()
    named = {
        name: tuple(one for one in names if one.casefold() != own) for name, names in found.items()
    }
    return {name: names for name, names in sorted(named.items()) if names}


def _names(rows: object) -> tuple[str, ...]:
    """Return the names of requirements that have no marker."""
    texts = [row for row in _list(rows) if isinstance(row, str)]
    matched = (_NAME.match(row) for row in texts if ";" not in row)
    return tuple(one[1] for one in matched if one)


def _requirements(project: Project) -> list[str]:
    """Return the lines of requirements.txt; what is an option or an address there has no name."""
    try:
        raw = read_regular(project.root / "requirements.txt", _MAX_REQUIREMENTS, follow=True)
    except OSError:
        return []
    return raw.decode("utf-8", "replace").splitlines()


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
