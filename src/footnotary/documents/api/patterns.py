"""A short text that a regular expression accepts, for the patterns that APIs use.

Python's own parser reads the expression; look-arounds and back references are not
followed, and what comes out is checked against the expression before it is used.
"""

import math
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

try:
    from re import _parser as parser  # type: ignore[attr-defined]
except ImportError:  # pragma: no cover  before Python 3.11
    parser = None

MAX_LENGTH = 200
_ENDLESS = 4_294_967_295  # what Python's parser calls unlimited, at least
_CATEGORIES = {
    "CATEGORY_DIGIT": "1",
    "CATEGORY_WORD": "a",
    "CATEGORY_SPACE": " ",
    "CATEGORY_NOT_DIGIT": "a",
    "CATEGORY_NOT_SPACE": "a",
    "CATEGORY_NOT_WORD": "-",
}
_USUAL = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-_. /"


@lru_cache(maxsize=512)
def matching(pattern: str, least: int = 0, most: int | None = None) -> str:
    """Return a text that a pattern matches, within bounds of length.

    Args:
        pattern: A regular expression, as JSON Schema has it (it may match anywhere).
        least: Shortest length.
        most: Longest length, or None.

    Returns:
        The text; empty where none was found.
    """
    try:
        tree = parser.parse(pattern)
        compiled = re.compile(pattern)
    except (re.error, OverflowError, RecursionError, AttributeError):
        return ""
    for more in (0, least, max(least - 8, 0), 1, 2, 4, 8):
        text = "".join(_parts(tree, more))[:MAX_LENGTH]
        if compiled.search(text) and len(text) >= least and (most is None or len(text) <= most):
            return text
    return ""


def _parts(tree: Iterable[Any], more: int) -> list[str]:
    """Return the pieces of a sequence; repeats take `more` beyond their least."""
    found = []
    for operation, argument in tree:
        found.append(_part(str(operation), argument, more))
    return found


def _part(operation: str, argument: Any, more: int) -> str:
    """Return the text of one element of a parsed expression."""
    if operation == "LITERAL":
        text = chr(argument)
    elif operation == "NOT_LITERAL":
        text = "a" if argument != ord("a") else "b"
    elif operation == "ANY":
        text = "a"
    elif operation == "IN":
        text = _one_of(argument)
    elif operation in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        least, most, inner = argument
        count = min(int(most), max(int(least), min(int(least) + more, MAX_LENGTH)))
        text = "".join("".join(_parts(inner, 0)) for _ in range(count))
    elif operation == "SUBPATTERN":
        text = "".join(_parts(argument[-1], more))
    elif operation == "ATOMIC_GROUP":
        text = "".join(_parts(argument, more))
    elif operation == "BRANCH":
        text = "".join(_parts(argument[1][0], more))
    else:
        text = ""
    return text


def _one_of(members: list[Any]) -> str:
    """Return a character of a class."""
    if str(members[0][0]) == "NEGATE":
        return next((char for char in _USUAL if not any(_holds(m, char) for m in members[1:])), "a")
    operation, argument = members[0]
    if str(operation) == "RANGE":
        low, high = argument
        return next((char for char in _USUAL if low <= ord(char) <= high), chr(low))
    if str(operation) == "LITERAL":
        return chr(argument)
    return _CATEGORIES.get(str(argument), "a")


def _holds(member: Any, char: str) -> bool:
    """Whether a member of a character class holds a character."""
    operation, argument = member
    if str(operation) == "LITERAL":
        return bool(argument == ord(char))
    if str(operation) == "RANGE":
        return bool(argument[0] <= ord(char) <= argument[1])
    checks = {"CATEGORY_DIGIT": char.isdigit(), "CATEGORY_SPACE": char.isspace(),
              "CATEGORY_WORD": char.isalnum() or char == "_"}  # fmt: skip
    name = str(argument)
    if name.startswith("CATEGORY_NOT_"):
        return not checks.get(name.replace("NOT_", ""), False)
    return checks.get(name, False)


@lru_cache(maxsize=512)
def widths(pattern: str) -> tuple[int, float]:
    """Return how many characters a text that is matched has at least and at most.

    Args:
        pattern: A regular expression; one that Python cannot read tells nothing.
    """
    try:
        least, most = parser.parse(pattern).getwidth()
    except (re.error, RecursionError, OverflowError, AttributeError):
        return 0, math.inf
    anchored = pattern.startswith("^") and pattern.endswith("$") and "|" not in pattern
    return int(least), int(most) if anchored and most < _ENDLESS else math.inf
