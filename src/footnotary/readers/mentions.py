"""What is imported where, and where else a project uses a distribution.

Scripts and tests import it, a command starts it, a setting or an address names it.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from footnotary import yaml_text
from footnotary.facts.basis import Place
from footnotary.readers.requirements import Declarations
from footnotary.source import Tree
from footnotary.source.names import full_name, imported_names, last_name, resolve_from, text_of
from footnotary.source.parsing import Source, catches, parse_text, suppresses

PLAIN, _OPTIONAL, TYPING = "plain", "optional", "typing"
"""How an import is meant: for all, where it is there, or for type checkers alone."""
_BODIES = ("body", "orelse", "finalbody", "handlers", "cases")
_CAUGHT = {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"}
_BY_NAME = {"import_module", "__import__", "importorskip", "find_spec"}
# What imports, or runs code that may, under a name that is given to it.
_COMPUTING = {
    *("exec", "eval", "__import__", "importlib.import_module", "importlib.__import__"),
    *("runpy.run_module", "runpy.run_path", "pkgutil.resolve_name", "pydoc.locate"),
    *("importlib.metadata.entry_points", "pkg_resources.iter_entry_points"),
    *("django.utils.module_loading.import_string", "werkzeug.utils.import_string"),
}
COMPUTING_WORDS = frozenset(name.rpartition(".")[2] for name in _COMPUTING)
"""Words of which each module that imports under computed names has one."""


def imported_by(source: Source) -> Iterator[tuple[str, int, str]]:
    """Yield the full name of each thing that a module imports, the line, and the way."""
    for node, way in _nodes(source.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno, way
        elif isinstance(node, ast.ImportFrom):
            origin = resolve_from(node, source.name, is_package=source.is_package)
            for alias in node.names:
                yield f"{origin}.{alias.name}".removesuffix(".*"), node.lineno, way
    if any(name in source.text for name in _BY_NAME):
        yield from _imported_by_name(source)


def _imported_by_name(source: Source) -> Iterator[tuple[str, int, str]]:
    """Yield what `importlib.import_module("x")` and its like name."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and last_name(node.func) in _BY_NAME and node.args:
            name = getattr(node.args[0], "value", None)
            if isinstance(name, str) and all(map(str.isidentifier, name.split("."))):
                yield name, node.lineno, _OPTIONAL


def computed_imports(source: Source, package: str = "") -> Iterator[Place]:
    """Yield where a module imports under a computed name, or runs code that may."""
    if not any(word in source.text for word in COMPUTING_WORDS):
        return
    names = imported_names(source.tree, source.name, is_package=source.is_package)
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and full_name(node.func, names) in _COMPUTING:
            begin = _literal_begin(node.args[0], package) if node.args else ""
            is_literal = node.args and isinstance(node.args[0], ast.Constant)
            is_code = last_name(node.func) in {"exec", "eval"} and "import" in (begin or "import")
            if not (begin.startswith((".", f"{package}.")) or is_literal) or is_code:
                yield source.place(node)


def _literal_begin(node: ast.expr, package: str) -> str:
    """Return the text that a computed name begins with; a module's own name is its package's."""
    if isinstance(node, ast.JoinedStr) and node.values:
        return _literal_begin(node.values[0], package)
    if isinstance(node, ast.BinOp):
        return _literal_begin(node.left, package)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return _literal_begin(node.func.value, package)  # `"x.{}".format(…)`
    if isinstance(node, ast.FormattedValue):
        return _literal_begin(node.value, package)
    if last_name(node) in {"__name__", "__package__"}:
        return f"{package}."
    return text_of(node)


def _nodes(tree: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    """Walk a tree, each node with the way in which an import at that place is meant."""
    stack: list[tuple[ast.AST, str]] = [(tree, PLAIN)]
    while stack:
        node, way = stack.pop()
        yield node, way
        if isinstance(node, ast.If):
            guarded, other = _branches(node.test, way)
            stack.extend((child, guarded) for child in node.body)
            stack.extend((child, other) for child in node.orelse)
        elif isinstance(node, ast.Try):
            tried = _OPTIONAL if any(catches(one.type, _CAUGHT) for one in node.handlers) else way
            stack.extend((child, tried) for child in (*node.body, *node.handlers))
            stack.extend((child, way) for child in (*node.orelse, *node.finalbody))
        elif isinstance(node, ast.With) and any(suppresses(one, _CAUGHT) for one in node.items):
            stack.extend((child, _OPTIONAL) for child in node.body)
        else:
            for name in _BODIES:
                stack.extend((child, way) for child in getattr(node, name, ()))


def _branches(test: ast.expr, way: str) -> tuple[str, str]:
    """Return the ways of the two branches of an `if`: one may be for type checkers alone."""
    negated = isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not)
    plain = test.operand if isinstance(test, ast.UnaryOp) else test
    if isinstance(plain, ast.Name | ast.Attribute) and last_name(plain) == "TYPE_CHECKING":
        return (way, TYPING) if negated else (TYPING, way)
    return way, way


# Files of commands and settings. What declares a requirement, or pins one, is no use of it.
_COMMANDS = ("Dockerfile*", "*.Dockerfile", "Containerfile*", "Procfile*", "Makefile", "*.mk",
             "justfile", "*.sh", "tox.ini", "noxfile.py", "*.service", "supervisord*.conf",
             "*.ini", ".pre-commit-config.yaml", ".env*.example", ".env.*sample*", ".env.template",
             ".env.dist", "*.env.example")  # fmt: skip
# Code that no parser of ours reads: a line that imports is told.
_OTHER_CODE = ("*.pyx", "*.pxd", "*.ipynb")
_COMPOSE = ("compose*.y*ml", "docker-compose*.y*ml", "*compose.y*ml")
_WORKFLOWS = ".github/workflows/"
_SERVED = ("command", "entrypoint", "environment", "healthcheck")
MAX_WORD = 200  # a command, a setting or an address; longer texts are prose


def read_mentions(
    found: Declarations, words: Mapping[str, Iterable[str]]
) -> tuple[dict[str, Place], list[str]]:
    """Find where the project names distributions in commands, settings and addresses.

    Returns:
        The first place by distribution, those that are named nowhere left out; and the files that
        could not be read.
    """
    unread: list[str] = []
    patterns = {
        name: re.compile("|".join(rf"(?<![\w.-]){re.escape(word)}(?![\w-])" for word in given))
        for name, given in words.items()
        if given
    }
    places: dict[str, Place] = {}
    every = {word for given in words.values() for word in given}
    for path, line, text in _texts(found, every, unread) if patterns else ():
        for name, pattern in patterns.items():
            if name not in places and pattern.search(text):
                places[name] = Place(path=path, line=line)
    return places, unread


def _texts(
    found: Declarations, words: Iterable[str], unread: list[str]
) -> Iterator[tuple[str, int, str]]:
    """Yield path, line and text of what may name a distribution; note what could not be read."""
    tree = found.tree
    for path in tree.python:
        data = tree.data(path) if found.holds(path) else None
        if data and any(word.encode() in data for word in words):
            yield from _constants(data, path)
    for path in tree.named(*_COMPOSE):
        yield from _served(tree, path, unread)
    workflows = [path for path in tree.named("*.y*ml") if path.startswith(_WORKFLOWS)]
    commands = [path for path in tree.named(*_COMMANDS) if path not in tree.python]
    for path, number, line in _lines(tree, (*commands, *workflows), unread):
        if not line.startswith(("#", ";", "FROM ", "COPY ", "image:", "uses:")):
            yield path, number, line
    for path, number, line in _lines(tree, tree.named(*_OTHER_CODE), unread):
        if "import " in line:
            yield path, number, line
    for path, number, line in _lines(tree, filter(tree.has, [found.at("pyproject.toml")]), unread):
        if line.lstrip("[").startswith("tool."):
            yield path, number, line.lstrip("[").removeprefix("tool.").partition("]")[0]


def _lines(tree: Tree, paths: Iterable[str], unread: list[str]) -> Iterator[tuple[str, int, str]]:
    """Yield path, number and text of each line of some files."""
    for path in paths:
        text = tree.text(path)
        if text is None:
            unread.append(path)
        for number, line in enumerate((text or "").splitlines(), start=1):
            yield path, number, line.strip()


def _constants(data: bytes, path: str) -> Iterator[tuple[str, int, str]]:
    """Yield the short strings of a module that are no prose: names, addresses, commands."""
    try:
        module = parse_text(data)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in ast.walk(module):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            continue
        if len(node.value) < MAX_WORD and " " not in node.value:
            yield path, node.lineno, node.value


def _served(tree: Tree, path: str, unread: list[str]) -> Iterator[tuple[str, int, str]]:
    """Yield what the services of a compose file run, and are given as settings."""
    text = tree.text(path)
    try:
        data = yaml_text.parse_yaml("[" if text is None else text)
    except ValueError:
        unread.append(path)
        return
    services = data.get("services") if isinstance(data, dict) else None
    for service in services.values() if isinstance(services, dict) else ():
        for key in _SERVED if isinstance(service, dict) else ():
            for text in _strings(service.get(key)):
                yield path, 0, text


def _strings(value: Any) -> Iterator[str]:
    """Yield the strings in a value of YAML, keys left out."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _strings(one)
