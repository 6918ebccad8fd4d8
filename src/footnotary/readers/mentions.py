"""Where a project uses a distribution without importing it in its packages.

Scripts and tests import it, a command starts it, a setting or an address names it.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from footnotary import yaml_text
from footnotary.facts.basis import Place
from footnotary.readers.requirements import Declarations
from footnotary.source.parsing import parse_text
from footnotary.source.tree import Tree

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
