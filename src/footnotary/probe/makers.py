"""What a module makes: applications and factories, by its source alone."""

import ast
import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

from footnotary.source.names import statements_at_top

_MADE = re.compile(r"^(\w+)(?:\s*:[^=\n]+)?\s*=\s*(?:\w+\.)*FastAPI\(", re.MULTILINE)


@dataclass(frozen=True)
class Made:
    """An application or a factory that a file defines."""

    path: Path
    name: str
    is_factory: bool


def parse_module(text: str) -> ast.Module | None:
    """Return a module's syntax tree; None where this Python cannot parse it.

    Args:
        text: Its source.
    """
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def find_factories(text: str, tree: ast.Module, makers: frozenset[str]) -> Iterator[str]:
    """Yield the functions of a module that return an application, and subclasses of its class.

    Args:
        text: The module's source.
        tree: Its syntax tree.
        makers: Names of classes whose objects are applications.
    """
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
        target.id
        for one in ast.walk(node)
        if isinstance(one, ast.Assign | ast.AnnAssign) and _makes_one(one.value, makers)
        for target in (one.targets if isinstance(one, ast.Assign) else [one.target])
        if isinstance(target, ast.Name)
    }
    returned = [one.value for one in ast.walk(node) if isinstance(one, ast.Return)]
    return any(
        _makes_one(one, makers) or (isinstance(one, ast.Name) and one.id in made)
        for one in returned
    )


def find_made(
    path: Path, text: str, tree: ast.Module | None, makers: frozenset[str], factories: set[str]
) -> Iterator[Made]:
    """Yield the applications that a file makes, and its factories that need no argument.

    Args:
        path: The file.
        text: Its source.
        tree: Its syntax tree, if it can be parsed.
        makers: Names of classes whose objects are applications.
        factories: Names of functions of the project that return one.
    """
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
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            hint = node.annotation if isinstance(node, ast.AnnAssign) else None
            is_told = hint is not None and ast.unparse(hint).split(".")[-1] in makers
            if node.value and (is_told or _makes_one(node.value, every | renamed.keys())):
                for one in targets:
                    if isinstance(one, ast.Name):
                        yield Made(path, one.id, is_factory=False)


def _needed(arguments: ast.arguments) -> bool:
    """Whether a function cannot be called without arguments."""
    positional = len(arguments.posonlyargs) + len(arguments.args) - len(arguments.defaults)
    return positional > 0 or any(one is None for one in arguments.kw_defaults)


def _makes_one(value: ast.expr | None, makers: AbstractSet[str]) -> bool:
    """Whether an expression is a call of a framework's class or of a factory."""
    if isinstance(value, ast.Await):
        value = value.value
    return isinstance(value, ast.Call) and ast.unparse(value.func).split(".")[-1] in makers
