"""JSON values: their kinds, when they are equal, whether they keep limits; how long is looked."""

import math
import re
from collections.abc import Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
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


_MAX_STEPS = 200_000  # some microseconds each


class TooLarge(Exception):
    """The steps that a comparison may take are used up."""


class Budget:
    """The steps that are left. Everything in one comparison spends from one budget."""

    def __init__(self, steps: int = _MAX_STEPS) -> None:
        """Begin with some steps."""
        self.left = steps

    def spend(self, steps: int = 1) -> None:
        """Take steps.

        Raises:
            TooLarge: They are not left.
        """
        self.left -= steps
        if self.left < 0:
            raise TooLarge

    @contextmanager
    def share(self, most: int) -> Iterator[None]:
        """Leave no more than some steps to what runs inside; what it does not use is kept."""
        kept = max(self.left - most, 0)
        self.left -= kept
        try:
            yield
        finally:
            self.left = kept + max(self.left, 0)


_KIND_OF = ((bool, "boolean"), (int, "number"), (float, "number"), (str, "string"),
            (list, "array"), (dict, "object"))  # fmt: skip


def json_kind_of(value: Any) -> str:
    """Return the kind of a JSON value."""
    return next((kind for type_, kind in _KIND_OF if isinstance(value, type_)), "null")


def same_value(one: Any, other: Any) -> bool:
    """Return whether two JSON values are equal; a number is no boolean, as Python has it."""
    return value_key(one) == value_key(other)


def value_key(value: Any) -> Hashable:
    """Return what a JSON value is known by: the same for values that are equal, and no others."""
    kind = json_kind_of(value)
    if isinstance(value, list):
        return kind, tuple(map(value_key, value))
    if isinstance(value, dict):
        return kind, frozenset((key, value_key(one)) for key, one in value.items())
    return kind, value


def fits_number(value: float, words: Mapping[str, Any]) -> bool:
    """Return whether a number keeps its bounds and steps."""
    low, high = words.get("low"), words.get("high")
    if words.get("whole") and value != int(value):
        return False
    if low and (value < low[0] or (low[1] and value == low[0])):
        return False
    if high and (value > high[0] or (high[1] and value == high[0])):
        return False
    return all(is_multiple(value, one) for one in words.get("multipleOf", ()))


def is_multiple(value: float, step: float) -> bool:
    """Return whether a number is a multiple of another, as decimals are written."""
    if not step or not math.isfinite(value):
        return True
    return abs(value / step - round(value / step)) < 1e-9  # noqa: PLR2004  of binary fractions


def sample_number(words: Mapping[str, Any]) -> float:
    """Return a number within its bounds."""
    low, high = words.get("low"), words.get("high")
    step = 1 if words.get("whole") else 0.5
    value: float = 1
    if low:
        value = low[0] + step * low[1]
    elif high:
        value = high[0] - step * high[1]
    for one in words.get("multipleOf", ())[:1]:
        value = -(-value // one) * one
    return value


def fits_text(value: str, words: Mapping[str, Any]) -> set[bool | None]:
    """Return whether a text keeps its limits: what each of them says."""
    found: set[bool | None] = {is_counted(len(value), words, "Length")}
    found |= {is_matched(value, one) for one in words.get("pattern", ())}
    formats = [*words.get("format", ()), *words.get("contentEncoding", ())]
    return found | ({None} if formats else set())


def is_matched(text: str, pattern: str) -> bool | None:
    """Return whether a pattern matches anywhere in a text; None for what Python cannot read."""
    try:
        return re.search(pattern, text) is not None
    except (re.error, RecursionError, OverflowError):
        return None


def is_counted(number: int, words: Mapping[str, Any], of: str) -> bool:
    """Return whether a length or count keeps its bounds."""
    most = words.get(f"max{of}")
    return number >= words.get(f"min{of}", 0) and (most is None or number <= most)
