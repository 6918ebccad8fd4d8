"""Declared distributions against imported names: used, unused, undeclared."""

import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from footnotary.facts.impl import Dependency
from footnotary.readers import literals
from footnotary.readers.identity import read_pyproject
from footnotary.source.tree import ENVIRONMENTS, Tree, read_text

_REQUIREMENT = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]]*\])?\s*(.*)")
_SPECIFIER = re.compile(r"(?:[<>=!~^]=?=?\s*[\w.*+!-]+\s*,?\s*)+|\*")
# Import names of distributions that are called otherwise; used where no environment of the
# project can be asked.
_DISTRIBUTIONS = {
    "attr": "attrs",
    "bs4": "beautifulsoup4",
    "Crypto": "pycryptodome",
    "cv2": "opencv-python",
    "dateutil": "python-dateutil",
    "decouple": "python-decouple",
    "docx": "python-docx",
    "dotenv": "python-dotenv",
    "environ": "django-environ",
    "fitz": "pymupdf",
    "git": "gitpython",
    "github": "pygithub",
    "google": "google-cloud",
    "griffe": "griffelib",
    "grpc": "grpcio",
    "jose": "python-jose",
    "jwt": "pyjwt",
    "ldap": "python-ldap",
    "magic": "python-magic",
    "multipart": "python-multipart",
    "MySQLdb": "mysqlclient",
    "OpenSSL": "pyopenssl",
    "PIL": "pillow",
    "pkg_resources": "setuptools",
    "pptx": "python-pptx",
    "psycopg2": "psycopg2-binary",
    "pythonjsonlogger": "python-json-logger",
    "rest_framework": "djangorestframework",
    "sass": "libsass",
    "serial": "pyserial",
    "skimage": "scikit-image",
    "sklearn": "scikit-learn",
    "slugify": "python-slugify",
    "socks": "pysocks",
    "telegram": "python-telegram-bot",
    "usb": "pyusb",
    "websocket": "websocket-client",
    "yaml": "pyyaml",
    "zmq": "pyzmq",
}
# The standard library of every supported Python, not of the one that runs us alone.
_STANDARD = sys.stdlib_module_names | {"annotationlib", "asynchat", "asyncore", "cgi", "cgitb"}
_STANDARD |= {"compression", "crypt", "distutils", "imp", "nntplib", "pipes", "smtpd", "telnetlib"}
# Distributions that work without being imported: drivers, servers, plugins, tools.
_PLUGINS = re.compile(
    r"(?:uvicorn|gunicorn|hypercorn|granian|alembic|asyncpg|psycopg.*|aiosqlite|aiomysql|pymysql"
    r"|mysqlclient|python-multipart|email-validator|tzdata|orjson|ujson|uvloop|httptools|bcrypt"
    r"|argon2-cffi|cryptography|greenlet|setuptools|wheel|pip|hatchling|mkdocs.*|pytest.*|ruff"
    r"|mypy|black|isort|flake8.*|pylint|coverage|tox|nox|pre-commit|types-.*|.*-stubs"
    r"|fastapi-cli|typing-extensions|jinja2|itsdangerous|gevent|h2|brotli.*|lxml|pyyaml)"
)


@dataclass(frozen=True)
class Declared:
    """One declared requirement."""

    name: str
    specifier: str
    group: str


@dataclass(frozen=True)
class Installed:
    """What the project's own environment holds.

    Attributes:
        versions: Version by normalised distribution name.
        distributions: Distribution by top-level import name.
    """

    versions: Mapping[str, str]
    distributions: Mapping[str, str]


def normalised(name: str) -> str:
    """Return a distribution's normalised name (PyPA name normalization, PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def read_dependencies(
    tree: Tree, external: Mapping[str, set[str]], own: str, root: Tree
) -> tuple[Dependency, ...]:
    """Compare what is declared with what is imported.

    Args:
        tree: The files of the package's own project.
        external: Importing modules by imported top-level name.
        own: Top-level name of the documented package.
        root: The files of the whole repository, which may hold the environment.

    Returns:
        Run-time dependencies first, then groups, then undeclared imports. Nothing where
        the project declares no dependencies at all: then nothing can be undeclared.
    """
    declared = list(_declared(tree))
    installed = read_installed(tree) if tree.has_environment else read_installed(root)
    members = _members(root)
    first_party = _first_party(tree) | {own}
    imported: dict[str, dict[str, set[str]]] = {}
    for name, modules in external.items():
        if name and name not in _STANDARD and name not in first_party:
            distribution = _distribution(name, declared, installed, members)
            imported.setdefault(distribution, {})[name] = modules
    found = [_dependency(one, imported.get(one.name, {}), installed) for one in declared]
    names = {one.name for one in declared}
    if declared:
        found += [
            _undeclared(distribution, imports, installed)
            for distribution, imports in sorted(imported.items())
            if distribution not in names
        ]
    return tuple(found)


def _dependency(one: Declared, imports: Mapping[str, set[str]], installed: Installed) -> Dependency:
    """Describe a declared distribution."""
    if imports:
        status = "used"
    else:
        status = "plugin" if one.group or _PLUGINS.fullmatch(one.name) else "unused"
    return Dependency.model_validate(
        {
            "name": one.name,
            "specifier": one.specifier,
            "group": one.group,
            "imports": tuple(sorted(imports)),
            "used_by": tuple(sorted(set().union(*imports.values()))) if imports else (),
            "status": status,
            "installed": installed.versions.get(one.name, ""),
        }
    )


def _undeclared(name: str, imports: Mapping[str, set[str]], installed: Installed) -> Dependency:
    """Describe an imported distribution that is declared nowhere."""
    return Dependency(
        name=name,
        imports=tuple(sorted(imports)),
        used_by=tuple(sorted(set().union(*imports.values()))),
        status="undeclared",
        installed=installed.versions.get(name, ""),
    )


def _distribution(
    name: str, declared: list[Declared], installed: Installed, members: Mapping[str, str]
) -> str:
    """Return the distribution that a top-level name comes from."""
    known = installed.distributions.get(name) or members.get(name)
    if known:
        return known
    names = {one.name for one in declared}
    plain = normalised(name)
    table = _DISTRIBUTIONS.get(name, plain)
    for candidate in (plain, table, f"python-{plain}", f"py{plain}", f"{plain}-binary"):
        if candidate in names:
            return candidate
    variants = sorted(n for n in names if n.startswith((f"{table}-", f"{plain}-")))
    return variants[0] if variants else table


def _first_party(tree: Tree) -> set[str]:
    """Return the top-level names that the project itself defines, at its root or in src."""
    names = {
        path.removeprefix("src/").partition("/")[0].removesuffix(".py")
        for path in tree.files
        if path.endswith(".py")
    }
    return names - {"__init__", "src"}


def _members(root: Tree) -> dict[str, str]:
    """Return the distribution of each top-level name that a project of the repository defines.

    Args:
        root: The files of the repository, whose `pyproject.toml` files make it a workspace.
    """
    packages = [path.removesuffix("/__init__.py") for path in root.named("__init__.py")]
    found: dict[str, str] = {}
    for path in root.named("pyproject.toml"):
        folder = path.rpartition("/")[0]
        name = _table(read_pyproject(root, path).get("project")).get("name")
        for package in packages if folder and isinstance(name, str) else ():
            above, _, top = package.rpartition("/")
            if above in {folder, f"{folder}/src"} and top not in {"tests", "docs"}:
                found.setdefault(top, normalised(str(name)))
    return found


def _declared(tree: Tree) -> Iterator[Declared]:
    """Yield every declared requirement, each distribution of a group once."""
    data = read_pyproject(tree)
    seen: set[tuple[str, str]] = set()
    for group, lines in _groups(tree, data):
        for line in lines:
            found = _REQUIREMENT.fullmatch(line.partition(";")[0].partition(" #")[0])
            if found is None:
                continue
            name = normalised(found[1])
            if (name, group) not in seen and name != "python":
                seen.add((name, group))
                specifier = found[2].strip().strip("()")
                shown = specifier if _SPECIFIER.fullmatch(specifier) else ""
                yield Declared(name, shown if len(shown) < 80 else "", group)  # noqa: PLR2004  one line of a table


def _groups(tree: Tree, data: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """Yield requirement lines with their group: PEP 621, PEP 735, Poetry, requirements."""
    project = _table(data.get("project"))
    yield "", _lines(project.get("dependencies"))
    for name, lines in _table(project.get("optional-dependencies")).items():
        yield literals.label(name), _lines(lines)
    for name, lines in _table(data.get("dependency-groups")).items():
        yield literals.label(name), _lines(lines)
    poetry = _table(_table(data.get("tool")).get("poetry"))
    yield "", _poetry(poetry.get("dependencies"))
    for name, group in _table(poetry.get("group")).items():
        yield literals.label(name), _poetry(_table(group).get("dependencies"))
    for path in tree.named("requirements*.txt", "requirements*.in"):
        if path.count("/") > 1:
            continue
        stem = path.rpartition("/")[2].partition(".")[0].removeprefix("requirements").strip("-_")
        text = tree.text(path) or ""
        yield stem, [line for line in text.splitlines() if not line.lstrip().startswith(("-", "#"))]


def _table(value: object) -> dict[str, Any]:
    """Return a table, or an empty one."""
    return value if isinstance(value, dict) else {}


def _lines(value: object) -> list[str]:
    """Return the strings of a list; include-group tables are left out."""
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _poetry(value: object) -> list[str]:
    """Return Poetry's table of dependencies as requirement lines."""
    lines = []
    for name, given in _table(value).items():
        version = given.get("version", "") if isinstance(given, dict) else given
        lines.append(f"{name} {version}" if isinstance(version, str) else str(name))
    return lines


def read_installed(tree: Tree) -> Installed:
    """Read the metadata of the project's own environment, without running it.

    Args:
        tree: The project's files; its `.venv` or `venv` is looked at.
    """
    versions: dict[str, str] = {}
    distributions: dict[str, str] = {}
    for folder in ENVIRONMENTS:
        for info in sorted((tree.root / folder).glob("lib/python3*/site-packages/*.dist-info")):
            name, _, version = info.name.removesuffix(".dist-info").rpartition("-")
            distribution = normalised(name)
            versions[distribution] = version
            for top in _top_level(read_text(info / "top_level.txt"), read_text(info / "RECORD")):
                distributions.setdefault(top, distribution)
    return Installed(versions, distributions)


def _top_level(listed: str | None, record: str | None) -> set[str]:
    """Return the top-level import names of a distribution."""
    if listed:
        return set(listed.split())
    names = set()
    for line in (record or "").splitlines():
        first, slash, rest = line.partition(",")[0].partition("/")
        if slash and rest.endswith(".py") and first.isidentifier():
            names.add(first)
        elif not slash and first.endswith(".py"):
            names.add(first.removesuffix(".py"))
    return names
