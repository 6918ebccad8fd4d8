"""Statuses that handlers and their dependencies raise, found by reading their source."""

import ast
from collections.abc import Iterable, Iterator
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path

from footnotary.facts.api import Dependency, Handler, Raised
from footnotary.facts.basis import Place


def raised_by(handler: Handler, root: Path) -> tuple[Raised, ...]:
    """Return the statuses of `HTTPException`s that an operation's own code raises.

    Looked at are the handler, its dependencies, and the functions of the project that they
    call by name, two calls deep. What library code raises is not seen.

    Args:
        handler: The operation's handler.
        root: The project's root.

    Returns:
        Each status once a place, by status.
    """
    found: dict[tuple[int, str], Raised] = {}
    for place, name in _functions(handler):
        for one in _raises(root, place, name, depth=2):
            found.setdefault((one.status, str(one.place)), one)
    return tuple(found[key] for key in sorted(found))


def _functions(handler: Handler) -> Iterator[tuple[Place, str]]:
    """Yield place and name of a handler and all its dependencies."""
    if handler.place:
        yield handler.place, handler.name.rsplit(".", 1)[-1]
    stack: list[Dependency] = list(handler.dependencies)
    while stack:
        one = stack.pop()
        if one.place:
            yield one.place, one.name.rsplit(".", 1)[-1]
        stack.extend(one.dependencies)


def _raises(root: Path, place: Place, name: str, depth: int) -> Iterator[Raised]:
    """Yield what a function raises, and what the functions it calls raise."""
    module = _module(root / place.path) if not place.path.startswith("..") else None
    function = module and _function_at(module, place.line, name)
    if module is None or function is None:
        return
    for node in ast.walk(function):
        if isinstance(node, ast.Raise):
            status = _status(node.exc)
            if status:
                where = Place(path=place.path, line=node.lineno)
                yield Raised(status=status, detail=_detail(node.exc), place=where, by=name)
        elif isinstance(node, ast.Call) and depth:
            yield from _called(root, place.path, module, node, depth)


def _called(
    root: Path, path: str, module: ast.Module, call: ast.Call, depth: int
) -> Iterator[Raised]:
    """Follow a call to a function of the same file or of a module that it imports."""
    parts = ast.unparse(call.func).split(".")
    if len(parts) == 1:
        for node in module.body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == parts[0]:
                yield from _raises(root, Place(path=path, line=node.lineno), parts[0], depth - 1)
                return
    for target, names in _imports(module, path):
        file, name = None, ""
        if len(parts) == 1 and parts[0] in names:
            file, name = _file(root, target), names[parts[0]]
        elif len(parts) == 2 and parts[0] in names:  # noqa: PLR2004  module.function
            file, name = _file(root, f"{target}.{names[parts[0]]}"), parts[1]
        if file is None:
            continue
        line = _line_of(root / file, name)
        if line:
            yield from _raises(root, Place(path=file, line=line), name, depth - 1)
        return


def _imports(module: ast.Module, path: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield module and names (as used: as defined) of the file's `from` imports."""
    package = path.removesuffix(".py").split("/")[:-1]
    for node in module.body:
        if isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            target = ".".join([*base, *((node.module or "").split(".") if node.module else [])])
            yield target, {one.asname or one.name: one.name for one in node.names}


def _file(root: Path, module: str) -> str | None:
    """Return the project's file of a module, relative to the root."""
    path = module.replace(".", "/")
    for folder in ("", "src/", "backend/"):
        for name in (f"{folder}{path}.py", f"{folder}{path}/__init__.py"):
            if (root / name).is_file():
                return name
    return None


def _line_of(path: Path, name: str) -> int:
    module = _module(path)
    functions = module.body if module else []
    for node in functions:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == name:
            return node.lineno
    return 0


@lru_cache(maxsize=256)
def _module(path: Path) -> ast.Module | None:
    try:
        return ast.parse(path.read_text(encoding="utf-8"))
    except (OSError, SyntaxError, ValueError, RecursionError):
        return None


def _function_at(module: ast.Module, line: int, name: str) -> ast.AST | None:
    """Return the function of this name that begins at a line, its decorators included."""
    nodes: Iterable[ast.AST] = ast.walk(module)
    for node in nodes:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
            if first <= line <= node.lineno and node.name == name:
                return node
    return None


def _status(raised: ast.expr | None) -> int:
    """Return the status of `HTTPException(…)`; 0 for anything else, or one computed."""
    if not isinstance(raised, ast.Call) or not ast.unparse(raised.func).endswith("HTTPException"):
        return 0
    keyword = next((one.value for one in raised.keywords if one.arg == "status_code"), None)
    value = keyword or (raised.args[0] if raised.args else None)
    if isinstance(value, ast.Constant) and isinstance(value.value, int):
        return value.value
    name = ast.unparse(value).split(".")[-1] if value is not None else ""
    if name.startswith("HTTP_"):
        digits = name.split("_")[1]
        return int(digits) if digits.isdigit() else 0
    return int(HTTPStatus[name]) if name in HTTPStatus.__members__ else 0


def _detail(raised: ast.expr | None) -> str:
    """Return the literal detail of an exception."""
    if not isinstance(raised, ast.Call):
        return ""
    value = next((one.value for one in raised.keywords if one.arg == "detail"), None)
    if value is None and len(raised.args) > 1:
        value = raised.args[1]
    literal = isinstance(value, ast.Constant) and isinstance(value.value, str)
    return str(value.value) if literal and isinstance(value, ast.Constant) else ""
