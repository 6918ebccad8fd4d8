"""The syntax trees of a project's modules, for reading what cannot be imported."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from footnotary.facts.basis import Place
from footnotary.files import read_inside
from footnotary.probe.discovery import module_of, python_files
from footnotary.project import repository_of

MAX_BYTES = 2_000_000


@dataclass(frozen=True)
class Source:
    """One module.

    Attributes:
        name: Its dotted name.
        path: Relative to the project's root, with `/`.
        tree: Its syntax tree.
    """

    name: str
    path: str
    tree: ast.Module

    def place(self, node: ast.stmt) -> Place:
        """Return where a statement stands."""
        return Place(path=self.path, line=node.lineno)


def sources(root: Path) -> tuple[tuple[Source, ...], tuple[str, ...]]:
    """Parse a project's Python files.

    Args:
        root: The project's root.

    Returns:
        The modules, and the paths of files that could not be parsed.
    """
    found, failed = [], []
    repository = repository_of(root)
    for path in python_files(root):
        relative = path.relative_to(root).as_posix()
        try:
            tree = ast.parse(read_inside(path, repository, MAX_BYTES))
        except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
            failed.append(relative)
            continue
        found.append(Source(module_of(path, root)[1], relative, tree))
    return tuple(found), tuple(failed)


def classes(modules: tuple[Source, ...]) -> Iterator[tuple[Source, ast.ClassDef]]:
    """Yield every class at the top of a module."""
    for module in modules:
        for node in module.tree.body:
            if isinstance(node, ast.ClassDef):
                yield module, node


def keyword(call: ast.Call, name: str) -> ast.expr | None:
    """Return an argument of a call by its name."""
    return next((word.value for word in call.keywords if word.arg == name), None)


def text_of(node: ast.expr | None) -> str:
    """Return a literal string; nothing for anything else."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def texts_of(node: ast.expr | None) -> list[str]:
    """Return the literal strings of a list or tuple."""
    elements = node.elts if isinstance(node, ast.List | ast.Tuple | ast.Set) else []
    return [text for text in map(text_of, elements) if text]
