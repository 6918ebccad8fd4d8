"""Modules of a project as syntax trees, each file parsed once and when it is asked for.

Nothing is imported. A module that cannot be parsed is kept with the reason, so that it is counted
and named instead of left out.
"""

import ast
import io
import sys
import tokenize
import warnings
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from footnotary.facts.basis import Place
from footnotary.source import Tree

# Parses files with another interpreter's grammar: syntax trees by path, of those that it can read.
ParseElsewhere = Callable[[tuple[Path, ...]], Mapping[str, ast.Module]]
_SYNTAX = "syntax this Python cannot read"
_BROKEN = (SyntaxError, ValueError, RecursionError, MemoryError)


@dataclass(frozen=True, eq=False)
class Source:
    """One parsed module.

    Attributes:
        name: Import name.
        path: Relative to the project's root.
        text: Its source.
        tree: Its syntax tree.
        is_package: Whether it is an `__init__.py`.
    """

    name: str
    path: str
    text: str
    tree: ast.Module
    is_package: bool

    def place(self, node: ast.stmt | ast.expr) -> Place:
        """Return where a node is."""
        return Place(path=self.path, line=node.lineno)


@dataclass(frozen=True)
class Unparsed:
    """One module that cannot be parsed: where and why, in words of ours."""

    name: str
    path: str
    line: int
    reason: str


class Modules:
    """The Python files of a project, by path and by the names that imports give them.

    Attributes:
        unparsed: Modules that were asked for and could not be parsed, by path.
    """

    def __init__(self, tree: Tree, elsewhere: ParseElsewhere | None = None) -> None:
        """Find the files."""
        self._tree = tree
        self._elsewhere = elsewhere
        self._parsed: dict[str, Source | Unparsed] = {}
        self._names: dict[str, str] = {}
        self._by_last: dict[str, list[str]] | None = None
        self.unparsed: dict[str, Unparsed] = {}

    def add(self, source: Source | Unparsed) -> None:
        """Take in a module under a name of its own, such as a package's import name."""
        self._parsed[source.path] = source
        self._names[source.name] = source.path
        if isinstance(source, Unparsed):
            self.unparsed[source.path] = source

    def parse(self, path: str) -> Source | None:
        """Return the module of a file; None where it cannot be parsed."""
        return next(iter(self.parse_all([path])), None)

    def parse_all(self, paths: Iterable[str]) -> tuple[Source, ...]:
        """Return the modules of some files, those left out that cannot be parsed."""
        paths = tuple(paths)
        missing = [Asked(one, dotted_name(one), one) for one in paths if one not in self._parsed]
        for parsed in parse_files(self._tree, missing, self._elsewhere):
            self.add(parsed)
        found = (self._parsed[path] for path in paths)
        return tuple(one for one in found if isinstance(one, Source))

    def find(self, name: str, near: str) -> Source | None:
        """Return the module that an import of a name means."""
        if name in self._names:
            return self.parse(self._names[name])
        if self._by_last is None:
            self._by_last = {}
            for path in self._tree.files:
                if path.endswith(".py"):
                    last = dotted_name(path).rpartition(".")[2]
                    self._by_last.setdefault(last, []).append(path)
        if name.partition(".")[0] in sys.stdlib_module_names:
            return None
        found = [
            path
            for path in self._by_last.get(name.rpartition(".")[2], ())
            if self._is_imported_as(path, name)
        ]
        return self.parse(max(found, key=lambda path: _nearness(path, near))) if found else None

    def _is_imported_as(self, path: str, name: str) -> bool:
        """Tell whether a name leads to a file, from a folder that is no package itself."""
        whole = dotted_name(path)
        if whole == name:
            return True
        above = whole.removesuffix(f".{name}")
        return above != whole and not self._tree.has(above.replace(".", "/") + "/__init__.py")


def dotted_name(path: str) -> str:
    """Return a file's path as a dotted name, from the project's root on."""
    parts = list(PurePosixPath(path).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


def _nearness(path: str, near: str) -> tuple[int, int, str]:
    """Order candidates: most folders in common with the importing file, then fewest at all."""
    folders, others = path.split("/")[:-1], near.split("/")[:-1]
    common = 0
    while common < min(len(folders), len(others)) and folders[common] == others[common]:
        common += 1
    return (common, -len(folders), path)


@dataclass(frozen=True)
class Asked:
    """A file to parse.

    Attributes:
        file: Where it is read, relative to the root or absolute.
        name: Its import name.
        path: How it is called in documents.
    """

    file: str | Path
    name: str
    path: str


def parse_files(
    tree: Tree, files: Iterable[Asked], elsewhere: ParseElsewhere | None = None
) -> list[Source | Unparsed]:
    """Parse files; reasons never quote the source.

    Args:
        tree: The project's files.
        files: What to parse.
        elsewhere: Parses what our own grammar cannot, all at once.
    """
    found = {one: _parse(tree, one.file, one.name, one.path) for one in files}
    newer = {
        one: tree.root / one.file
        for one, parsed in found.items()
        if isinstance(parsed, Unparsed) and parsed.reason == _SYNTAX
    }
    trees = elsewhere(tuple(newer.values())) if newer and elsewhere is not None else {}
    for one, file in newer.items():
        whole, data = trees.get(str(file)), tree.data(one.file)
        text = decode_source(data) if data is not None else None
        if whole is not None and text is not None:
            found[one] = Source(one.name, one.path, text, whole, is_package=_is_package(one.path))
    return list(found.values())


def _is_package(path: str) -> bool:
    return PurePosixPath(path).name == "__init__.py"


def _parse(tree: Tree, file: str | Path, name: str, path: str) -> Source | Unparsed:
    """Parse one file with our own grammar."""
    data = tree.data(file)
    if data is None:
        return Unparsed(name, path, 0, "no readable text")
    text = decode_source(data)
    if text is None:
        return Unparsed(name, path, 0, "not the encoding it declares")
    try:
        return Source(name, path, text, parse_text(data), is_package=_is_package(path))
    except _BROKEN as error:
        return Unparsed(name, path, getattr(error, "lineno", 0) or 0, _reason(error))


def _reason(error: Exception) -> str:
    """Return why a file cannot be parsed, in words of ours."""
    if isinstance(error, SyntaxError):
        return _SYNTAX
    return "no readable text" if isinstance(error, ValueError) else "nested too deeply"


def parse_text(text: bytes | str) -> ast.Module:
    """Parse a module without a word about its doubtful escapes.

    Raises:
        SyntaxError: Our own grammar cannot read it.
        ValueError: It is no text.
        RecursionError: It is nested too deeply.
        MemoryError: As `RecursionError`.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text)


def parse_expression(text: str) -> ast.expr | None:
    """Parse an expression, such as an annotation in quotes; None where it is none."""
    try:
        return ast.parse(text.strip(), mode="eval").body
    except _BROKEN:
        return None


def decode_source(data: bytes) -> str | None:
    """Decode source, by its PEP 263 cookie where it has one; None where it is not that encoding."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        return data.decode(encoding)
    except (UnicodeDecodeError, SyntaxError, LookupError):
        return None


# Statements that others are in which run at once.
_HOLDERS = (ast.If, ast.Try, ast.TryStar, ast.With, ast.Match)


def statements_at_top(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements that run on import, those under `if`, `try`, `with` and `match` too."""
    for node in body:
        yield node
        if isinstance(node, ast.If) and "__main__" in ast.unparse(node.test):
            continue
        if isinstance(node, _HOLDERS):
            for name in ("body", "handlers", "cases", "orelse", "finalbody"):
                for inner in getattr(node, name, ()):
                    is_part = isinstance(inner, ast.ExceptHandler | ast.match_case)
                    yield from statements_at_top(inner.body if is_part else [inner])


def walk_statements(tree: ast.AST) -> Iterator[ast.stmt]:
    """Walk the statements of a tree in order: a fifth of the work of `ast.walk`."""
    stack: list[ast.AST] = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.stmt):
            yield node
        for name in ("finalbody", "orelse", "handlers", "cases", "body"):
            found = getattr(node, name, ())
            if isinstance(found, list):
                stack.extend(reversed(found))


def catches(caught: ast.expr | None, names: Container[str]) -> bool:
    """Tell whether an `except` catches one of some exceptions.

    Args:
        caught: What stands behind `except`; None for all.
        names: Last parts of the exceptions' names.
    """
    kinds = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    parts = (getattr(one, "attr", getattr(one, "id", "")) for one in kinds)
    return caught is None or any(part in names for part in parts)


def suppresses(item: ast.withitem, names: Container[str]) -> bool:
    """Tell whether a `with` is `contextlib.suppress(…)` of one of some exceptions."""
    call = item.context_expr
    func = call.func if isinstance(call, ast.Call) else None
    is_it = getattr(func, "attr", getattr(func, "id", "")) == "suppress"
    return isinstance(call, ast.Call) and is_it and any(catches(one, names) for one in call.args)
