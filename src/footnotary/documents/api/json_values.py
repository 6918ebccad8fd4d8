"""JSON values: their kinds, when they are equal, and whether they keep limits."""

import math
import re
from collections.abc import Hashable, Mapping
from typing import Any

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
