"""Parsing files for an older interpreter: syntax trees as JSON; nothing is imported or run.

Started as a script: `python grammar.py ANSWER MAJOR.MINOR FILE …`.
"""

import ast
import json
import sys
import warnings
from typing import Any


def plain(value: Any) -> Any:
    """Return a node, a list of nodes, or a constant as JSON has it."""
    if isinstance(value, ast.AST):
        names = [*value._fields, "lineno", "col_offset", "end_lineno", "end_col_offset"]
        found = {name: plain(getattr(value, name)) for name in names if hasattr(value, name)}
        return {"_": type(value).__name__, "is_statement": isinstance(value, ast.stmt), **found}
    if isinstance(value, list):
        return [plain(one) for one in value]
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int) and abs(value) < 1 << 53:
        return value
    return {"_": "", "kind": type(value).__name__, "text": repr(value)[:1000]}


def main() -> None:
    """Parse the files that are named, and write the trees of those that can be."""
    answer, asking, *files = sys.argv[1:]
    trees = {}
    if sys.version_info[:2] > tuple(map(int, asking.split("."))):
        warnings.simplefilter("ignore")
        sys.setrecursionlimit(5000)
        for name in files:
            try:
                with open(name, "rb") as stream:
                    trees[name] = plain(ast.parse(stream.read()))
            except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
                continue
    with open(answer, "w", encoding="utf-8") as stream:
        json.dump(trees, stream)


if __name__ == "__main__":
    main()
