"""The code of a function that can run, and what it imports."""

from __future__ import annotations

import ast
import functools
import sys
from collections.abc import Iterator
from typing import Any

from . import sources


def read_tree(code: Any) -> Any:
    """Return the syntax tree of a function; None where its source is not known."""
    if code is None:
        return None
    if code.co_name == "<lambda>":
        return sources.lambda_function(code)
    return sources.function(code.co_filename, code.co_firstlineno)


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
