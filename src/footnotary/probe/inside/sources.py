"""Where a callable is written: name, file and line; and what of its code can run."""

from __future__ import annotations

import ast
import functools
import gc
import inspect
import linecache
import os
import sys
import textwrap
from collections.abc import Iterator
from typing import Any

# By the object's identity, and with it, so that the identity stays its own.
_PLACES: dict[int, tuple[Any, dict[str, Any] | None]] = {}


def unwrap(call: Any) -> Any:
    """Return the function behind partials, wrappers and bound methods."""
    for _ in range(20):
        if isinstance(call, functools.partial):
            call = call.func
        elif inspect.ismethod(call):
            call = call.__func__
        elif hasattr(call, "__wrapped__") and not inspect.isclass(call):
            call = call.__wrapped__
        else:
            break
    return call


def written_callable(call: Any) -> Any:
    """Return the function or class whose source says what the callable does."""
    bare = unwrap(call)
    if inspect.isfunction(bare) or inspect.isclass(bare):
        return bare
    return getattr(type(bare), "__call__", bare)  # noqa: B004  the method itself is wanted


def qualified(call: Any) -> str:
    """Return `module.name` of a callable; of its class, for an instance."""
    bare = unwrap(call)
    named = bare if hasattr(bare, "__qualname__") else type(bare)
    return f"{getattr(named, '__module__', '')}.{named.__qualname__}".lstrip(".")


def is_of_library(function: Any) -> bool:
    """Whether a function's file is among the installed packages or Python's own."""
    file = getattr(getattr(function, "__code__", None), "co_filename", "site-packages")
    return "site-packages" in file or "/lib/python" in file


def place(call: Any, root: str) -> dict[str, Any] | None:
    """Return where the `def` or `class` is, or None where that is not known.

    Returns:
        `path` relative to the root, or `../` and the path inside site-packages; and `line`.
    """
    bare = unwrap(call)
    if not (inspect.isfunction(bare) or inspect.isclass(bare)):
        bare = type(bare)
    if id(bare) not in _PLACES:
        _PLACES[id(bare)] = (bare, _place(bare, root))
    return _PLACES[id(bare)][1]


def classes_in_memory(*bases: Any) -> list[Any]:
    """Return every class that is derived from one of some; lazy proxies are not touched."""
    return [
        one
        for one in gc.get_objects()
        if issubclass(type(one), type) and issubclass(one, bases) and one not in bases
    ]


def told(call: Any, root: str) -> dict[str, Any]:
    """Return what a callable is called, and where it is written."""
    return {"name": qualified(call), "place": place(call, root)}


def _place(bare: Any, root: str) -> dict[str, Any] | None:
    """Return where a function or class is."""
    try:
        file = inspect.getsourcefile(bare) or ""
        if inspect.isfunction(bare):
            line = bare.__code__.co_firstlineno
            node = function(file, line)
            line = node.lineno if node else line
        else:
            line, _, _ = _classes(file).get(bare.__qualname__, (0, {}, {}))
            if not line:
                return None
    except (TypeError, OSError):
        return None
    if not file or file.startswith("<"):  # code that was made while the program ran
        return None
    return {"path": relative_to_project(file, root), "line": line}


@functools.lru_cache(maxsize=512)
def _classes(file: str) -> dict[str, tuple[int, dict[str, str], dict[str, tuple[int, str]]]]:
    """Return line, attribute docstrings and attributes of each class of a file by qualified name.

    The file is parsed once: a module may hold hundreds of classes.
    """
    found: dict[str, tuple[int, dict[str, str], dict[str, tuple[int, str]]]] = {}
    try:
        tree = ast.parse("".join(linecache.getlines(file)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return found
    waiting: list[tuple[ast.AST, str]] = [(tree, "")]
    while waiting:
        node, prefix = waiting.pop()
        for one in ast.iter_child_nodes(node):
            below = prefix
            if isinstance(one, ast.ClassDef):
                found.setdefault(
                    prefix + one.name, (one.lineno, _attribute_docstrings(one), _attributes(one))
                )
                below = prefix + one.name + "."
            elif isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef)):
                below = prefix + one.name + ".<locals>."
            if isinstance(one, ast.stmt) or below != prefix:
                waiting.append((one, below))
    return found


def attribute_docstrings(made: type) -> dict[str, str]:
    """Return the strings that stand below a class's own attributes (PEP 257), by attribute."""
    try:
        file = inspect.getsourcefile(made) or ""
    except (TypeError, OSError):
        return {}
    _, strings, _ = _classes(file).get(made.__qualname__, (0, {}, {}))
    return strings


def annotated_attributes(made: type) -> dict[str, tuple[int, str]]:
    """Return line and annotation, as source, of a class's own annotated attributes."""
    try:
        file = inspect.getsourcefile(made) or ""
    except (TypeError, OSError):
        return {}
    return _classes(file).get(made.__qualname__, (0, {}, {}))[2]


def _attributes(node: ast.ClassDef) -> dict[str, tuple[int, str]]:
    """Return line and annotation of the annotated attributes of a class."""
    return {
        one.target.id: (one.lineno, ast.unparse(one.annotation))
        for one in node.body
        if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)
    }


def _attribute_docstrings(node: ast.ClassDef) -> dict[str, str]:
    """Return the strings below the attributes of a class."""
    found: dict[str, str] = {}
    for at, after in enumerate(node.body[1:]):
        before = node.body[at]
        if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
            target: Any = getattr(before, "target", None)
            if isinstance(before, ast.Assign):
                target = before.targets[0]
            if isinstance(target, ast.Name) and isinstance(after.value.value, str):
                found[target.id] = inspect.cleandoc(after.value.value)
    return found


@functools.lru_cache(maxsize=4096)
def relative_to_project(file: str, root: str) -> str:
    """Return a file's path relative to the project; nothing else of this machine is named."""
    real, base = os.path.realpath(file), os.path.realpath(root)
    if real.startswith(base + os.sep) and "site-packages" not in real[len(base) :]:
        return os.path.relpath(real, base).replace(os.sep, "/")
    parts = real.replace(os.sep, "/").split("site-packages/")
    return "../" + (parts[-1] if len(parts) > 1 else real.rsplit(os.sep, 1)[-1])


@functools.lru_cache(maxsize=8192)
def function(file: str, first_line: int) -> Any:
    """Return the syntax tree of the function whose decorators begin at a line, or None.

    Only the function's own lines are parsed: whole files of large applications take minutes.
    """
    try:
        block = inspect.getblock(linecache.getlines(file)[first_line - 1 :])
        tree = ast.parse("\n" * (first_line - 1) + textwrap.dedent("".join(block)))
    except (SyntaxError, ValueError, RecursionError, IndexError, OSError):
        return None
    if not tree.body or not isinstance(tree.body[0], (ast.FunctionDef, ast.AsyncFunctionDef)):
        return None
    return tree.body[0]


@functools.lru_cache(maxsize=4096)
def lambda_function(code: Any) -> Any:
    """Return a lambda's syntax tree as that of a function; None where it cannot be told apart."""
    names = list(code.co_varnames[: code.co_argcount + code.co_kwonlyargcount])
    found = [one for one in _lambdas(code.co_filename).get(code.co_firstlineno, ())
             if [each.arg for each in (*one.args.args, *one.args.kwonlyargs)] == names]  # fmt: skip
    if len(found) > 1 and hasattr(code, "co_positions"):  # since Python 3.11
        at = {(line, column) for line, _, column, _ in code.co_positions()}
        found = [one for one in found if (one.body.lineno, one.body.col_offset) in at]
    if len(found) != 1:
        return None
    (one,) = found
    body = ast.copy_location(ast.Return(one.body), one.body)
    return ast.FunctionDef("<lambda>", one.args, [body], [], lineno=one.lineno, col_offset=0)


@functools.lru_cache(maxsize=512)
def _lambdas(file: str) -> dict[int, list[ast.Lambda]]:
    """Return the lambdas of a file by their line."""
    found: dict[int, list[ast.Lambda]] = {}
    try:
        tree = ast.parse("".join(linecache.getlines(file)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return found
    for node in ast.walk(tree):
        if isinstance(node, ast.Lambda):
            found.setdefault(node.lineno, []).append(node)
    return found


def read_tree(code: Any) -> Any:
    """Return the syntax tree of a function; None where its source is not known."""
    if code is None:
        return None
    if code.co_name == "<lambda>":
        return lambda_function(code)
    return function(code.co_filename, code.co_firstlineno)


@functools.lru_cache(maxsize=2048)
def read_nodes(code: Any) -> list[ast.AST]:
    """Return the nodes of a function that can run."""
    found: list[ast.AST] = []
    waiting: list[Any] = [read_tree(code)]
    while waiting:
        node = waiting.pop(0)
        if node is not None:
            found.append(node)
            waiting.extend(_reached(node))
    return found


def _reached(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes below one, without the branches and statements that never run."""
    test = getattr(node, "test", None) if isinstance(node, (ast.If, ast.While, ast.IfExp)) else None
    known = _truth(test)
    for name, value in ast.iter_fields(node):
        if (name == "body" and known is False) or (name == "orelse" and known is True):
            continue
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, ast.AST):
                yield one
            if isinstance(one, (ast.Return, ast.Raise, ast.Continue, ast.Break)):
                break  # what is below it in the same block


def _truth(test: Any) -> bool | None:
    """Return what a condition always is; None where that is not known."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        inner = _truth(test.operand)
        return None if inner is None else not inner
    if isinstance(test, ast.BoolOp):
        parts = [_truth(one) for one in test.values]
        decides = isinstance(test.op, ast.Or)
        return decides if decides in parts else None if None in parts else not decides
    if getattr(test, "attr", getattr(test, "id", "")) == "TYPE_CHECKING":
        return False
    return bool(test.value) if isinstance(test, ast.Constant) else None


def imported(function: Any, nodes: list[ast.AST], name: str) -> Iterator[Any]:
    """Yield what a name means that is imported in the function; nothing is imported for it."""
    space = getattr(function, "__globals__", {})
    for node in nodes:
        if not isinstance(node, (ast.Import, ast.ImportFrom)):
            continue
        for one in node.names:
            if (one.asname or one.name.partition(".")[0]) != name:
                continue
            if isinstance(node, ast.Import):
                found = sys.modules.get(one.name if one.asname else name)
            else:
                above = str(space.get("__package__") or "").split(".")
                package = above[: len(above) - node.level + 1] if node.level else []
                whole = ".".join([*package, *filter(None, [node.module])])
                found = getattr(sys.modules.get(whole), one.name, None)
                found = found or sys.modules.get(f"{whole}.{one.name}")
            if found is not None:
                yield found


def find_callers(calls: list[Any], names: frozenset[str]) -> list[str]:
    """Return the functions of the project that run with some calls and use one of some names."""
    seen: set[Any] = set()
    return [name for call in calls for name in _callers(call, names, seen)]


def _callers(call: Any, names: frozenset[str], seen: set[Any]) -> Iterator[str]:
    """Yield the functions that run with a call and use one of some names, each once."""
    bare = unwrap(call)
    code = getattr(bare, "__code__", None)
    if code is None or code in seen or is_of_library(bare):
        return
    seen.add(code)
    used = {*code.co_names}
    for inner in code.co_consts:
        used |= {*getattr(inner, "co_names", ())}
    if used & names:
        yield qualified(bare)
    space = getattr(bare, "__globals__", {})
    for name in sorted(used & space.keys()):
        yield from _callers(space[name], names, seen)
