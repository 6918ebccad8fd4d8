"""What a project's files say of its applications, by their text alone.

Which frameworks it uses, which modules make an application or a factory, and what its Dockerfiles,
compose files and scripts start a server with.
"""

import ast
import os
import re
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

from footnotary import git
from footnotary.files import read_regular
from footnotary.source.names import defined_names
from footnotary.source.parsing import statements_at_top

_MADE = re.compile(r"^(\w+)(?:\s*:[^=\n]+)?\s*=\s*(?:\w+\.)*FastAPI\(", re.MULTILINE)
_FILES = re.compile(
    r"(?i)([\w.-]*dockerfile[\w.-]*|[\w.-]*containerfile[\w.-]*|[\w.-]*compose[\w.-]*\.ya?ml"
    r"|procfile[\w.-]*|makefile|justfile|\.?justfile|taskfile\.ya?ml|fly\.toml|render\.yaml"
    r"|app\.yaml|supervisord?\.conf|[\w.-]+\.sh|package\.json|pyproject\.toml|gunicorn[\w.-]*\.py)"
)
_SKIPPED = {"node_modules", "site-packages", "__pycache__", "venv", "env", "build", "dist"}
_DEEPEST = 3
_MOST_FILES = 200
_MOST_BYTES = 300_000
_MOST_WORDS = 60  # of a command
_SERVERS = {"uvicorn", "gunicorn", "hypercorn", "granian", "daphne", "fastapi"}
_TARGET = re.compile(r"([A-Za-z_]\w*(?:\.\w+)*):([A-Za-z_][\w.]*)(?:\(.*\))?")
_FILE = re.compile(r"(?:\./)?[\w./-]+\.py")
_ENDS = {"&&", "||", ";", "|", "RUN", "FROM", "COPY"}
_SET = re.compile(r"\b(?:APP_MODULE|wsgi_app)\b\s*[=:]\s*[\"']?([\w.]+:\w+)")
_DEFAULT = re.compile(r"\$\{\w+:?-([^{}]*)\}")
_MARKS = str.maketrans(dict.fromkeys("\"',[]\\()", " "))


@dataclass(frozen=True)
class Framework:
    """What makes the applications of a framework.

    Attributes:
        name: What people call it.
        package: What is imported for its OpenAPI document, by some file of the project.
        makers: Names of classes whose objects are applications.
        describes: Whether an application has an OpenAPI document of its own.
    """

    name: str
    package: str
    makers: frozenset[str]
    describes: bool = False


FASTAPI = Framework("FastAPI", "fastapi", frozenset({"FastAPI"}), describes=True)
OTHERS = (
    Framework("Litestar", "litestar", frozenset({"Litestar"}), describes=True),
    Framework("APIFlask", "apiflask", frozenset({"APIFlask"}), describes=True),
    Framework("Flask-Smorest", "flask_smorest", frozenset({"Flask"}), describes=True),
    Framework("Connexion", "connexion", frozenset({"FlaskApp", "AsyncApp", "App"}), describes=True),
    Framework("Django Ninja", "ninja", frozenset({"NinjaAPI", "NinjaExtraAPI"}), describes=True),
    Framework("Flask", "flask", frozenset({"Flask"})),
    Framework("Quart", "quart", frozenset({"Quart"})),
    Framework("Sanic", "sanic", frozenset({"Sanic"})),
    Framework("Starlette", "starlette", frozenset({"Starlette"})),
    Framework("aiohttp", "aiohttp", frozenset({"Application"})),
    Framework("BlackSheep", "blacksheep", frozenset({"Application"})),
    Framework("Falcon", "falcon", frozenset({"App", "API"})),
    Framework("Tornado", "tornado", frozenset({"Application"})),
    Framework("Bottle", "bottle", frozenset({"Bottle"})),
    Framework("Pyramid", "pyramid", frozenset({"Configurator"})),
)
SPECTACULAR = "drf_spectacular.generators:SchemaGenerator()"
"""What makes the OpenAPI document of a Django project with drf-spectacular."""
_SETTINGS = re.compile(r"DJANGO_SETTINGS_MODULE[\"']\s*,\s*[\"']([\w.]+)[\"']")


def uses(package: str, texts: Mapping[Path, str]) -> bool:
    """Tell whether a file imports a package."""
    pattern = re.compile(rf"^\s*(?:from|import)\s+{re.escape(package)}\b", re.MULTILINE)
    return any(pattern.search(text) for text in texts.values())


def django_settings(texts: Mapping[Path, str]) -> tuple[Path, str] | None:
    """Return where a Django project is started and its settings module; None where it is none."""
    found = [
        (len(path.parts), path, hit[1])
        for path, text in texts.items()
        if path.name == "manage.py" and (hit := _SETTINGS.search(text))
    ]
    return min(found)[1:] if found else None


@dataclass(frozen=True)
class Made:
    """An application or a factory that a file defines."""

    path: Path
    name: str
    is_factory: bool


def parse_module(text: str) -> ast.Module | None:
    """Return a module's syntax tree; None where this Python cannot parse it."""
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def find_factories(text: str, tree: ast.Module, makers: frozenset[str]) -> Iterator[str]:
    """Yield the functions of a module that return an application, and subclasses of its class."""
    lines = _lines_with(text, makers)
    for node in statements_at_top(tree.body):
        if isinstance(node, ast.ClassDef):
            is_one = any(ast.unparse(base).split(".")[-1] in makers for base in node.bases)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            is_one = _spans(node, lines) and _returns_one(node, makers)
        else:
            continue
        if is_one:
            yield node.name


def _lines_with(text: str, makers: frozenset[str]) -> list[int]:
    """Return the lines of a text that name one of the classes."""
    named = re.compile(rf"\b({'|'.join(sorted(makers))})\b")
    return [number for number, line in enumerate(text.split("\n"), 1) if named.search(line)]


def _spans(node: ast.stmt, lines: list[int]) -> bool:
    """Whether one of the lines is a statement's."""
    return any(node.lineno <= one <= (node.end_lineno or 0) for one in lines)


def _returns_one(node: ast.FunctionDef | ast.AsyncFunctionDef, makers: frozenset[str]) -> bool:
    """Whether a function says that it returns an application, or returns one it makes."""
    hint = ast.unparse(node.returns).strip("'\"") if node.returns is not None else ""
    if hint.split(".")[-1] in makers:
        return True
    made = {
        name
        for one in ast.walk(node)
        if isinstance(one, ast.Assign | ast.AnnAssign) and _makes_one(one.value, makers)
        for name in defined_names(one)
    }
    returned = [one.value for one in ast.walk(node) if isinstance(one, ast.Return)]
    return any(
        _makes_one(one, makers) or (isinstance(one, ast.Name) and one.id in made)
        for one in returned
    )


def find_made(
    path: Path, text: str, tree: ast.Module | None, makers: frozenset[str], factories: set[str]
) -> Iterator[Made]:
    """Yield the applications that a file makes, and its factories that need no argument."""
    if tree is None and "FastAPI" not in makers:
        return
    if tree is None:  # for the project's own interpreter it may be no error
        yield from (Made(path, name, is_factory=False) for name in _MADE.findall(text))
        return
    every, lines = factories | makers, _lines_with(text, makers)
    renamed = {
        one.asname: one.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        for one in node.names
        if one.asname and one.name in every
    }
    for node in statements_at_top(tree.body):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            if _spans(node, lines) and _returns_one(node, makers) and not _needed(node.args):
                yield Made(path, node.name, is_factory=True)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            hint = node.annotation if isinstance(node, ast.AnnAssign) else None
            is_told = hint is not None and ast.unparse(hint).split(".")[-1] in makers
            if node.value and (is_told or _makes_one(node.value, every | renamed.keys())):
                yield from (Made(path, one, is_factory=False) for one in defined_names(node))


def _needed(arguments: ast.arguments) -> bool:
    """Whether a function cannot be called without arguments."""
    positional = len(arguments.posonlyargs) + len(arguments.args) - len(arguments.defaults)
    return positional > 0 or any(one is None for one in arguments.kw_defaults)


def _makes_one(value: ast.expr | None, makers: AbstractSet[str]) -> bool:
    """Whether an expression is a call of a framework's class or of a factory."""
    if isinstance(value, ast.Await):
        value = value.value
    return isinstance(value, ast.Call) and ast.unparse(value.func).split(".")[-1] in makers


def served_targets(root: Path) -> Iterator[tuple[str, str]]:
    """Yield what the project's files start a server with, likely ones first.

    Yields:
        Where a command is, relative to the root, and `module:attribute`, or the path of a file
        that FastAPI's own command is given. That such a module is there, nobody has looked.
    """
    for path in _command_files(root):
        try:
            text = read_regular(path, _MOST_BYTES).decode("utf-8", "replace")
        except OSError:
            continue
        shown = path.relative_to(root).as_posix()
        yield from ((shown, found) for found in _SET.findall(text))
        yield from ((shown, found) for found in targets_in_commands(text))


def targets_in_commands(text: str) -> Iterator[str]:
    """Yield the applications that commands in a text start, in shell form or as a list."""
    lines = (line for line in text.splitlines() if not line.lstrip().startswith("#"))
    words = _DEFAULT.sub(r"\1", "\n".join(lines)).translate(_MARKS).split()
    for at, word in enumerate(words):
        server = word.rpartition("/")[2]
        if server not in _SERVERS:
            continue
        for other in words[at + 1 : at + _MOST_WORDS]:
            if other in _ENDS or other.rpartition("/")[2] in _SERVERS:
                break
            is_file = server == "fastapi" and _FILE.fullmatch(other)
            if is_file or _TARGET.fullmatch(other):
                yield other.partition("(")[0]
                break


def _command_files(root: Path) -> list[Path]:
    """Return the files in which commands may stand: outermost first, plain names first."""
    found: list[Path] = []
    ignored = git.ignored(root)
    for folder, below, names in os.walk(root):
        inner = Path(folder).relative_to(root)
        below[:] = sorted(
            one for one in below
            if one not in _SKIPPED and not one.startswith(".") and len(inner.parts) < _DEEPEST
            and f"{(inner / one).as_posix()}/" not in ignored
            and not Path(folder, one, "pyvenv.cfg").exists()
        )  # fmt: skip
        found += [Path(folder, one) for one in sorted(names) if _FILES.fullmatch(one)]
        if len(found) > _MOST_FILES:
            break
    return sorted(found, key=lambda one: (len(one.parts), len(one.name), one))[:_MOST_FILES]
