"""Where a quote may begin and end: never inside a word, a number or an operator."""

import re
from collections.abc import Iterator

# Scripts written without spaces between words: there, every character is a boundary.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u303f\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
_OPERATOR = frozenset("<>=!+*/%&|^~")
_NEGATING = frozenset("!¬~")
# Negations that are written against what they negate; without them it says the opposite.
# A hyphen belongs to a number, an option, or a compound such as `non-negative`.
_BOUND = frozenset("不非未無无沒没勿毋-")
_SIGNS = frozenset("-+<>≤≥~≈≠±")


def stretches(needle: str, haystack: str, bounds: str = "") -> Iterator[tuple[int, int]]:
    """Yield where a needle stands in a text between token boundaries.

    Args:
        needle: Normalised quote, not empty.
        haystack: Normalised text.
        bounds: The text by which boundaries are judged, of the same length; itself if empty.
    """
    bounds = bounds or haystack
    start = haystack.find(needle)
    while start >= 0:
        end = start + len(needle)
        if whole(bounds, start, end):
            yield start, end
            start = haystack.find(needle, end)
        else:
            start = haystack.find(needle, start + 1)


def whole(text: str, start: int, end: int) -> bool:
    """Return whether a stretch of normalised text begins and ends between tokens.

    Args:
        text: Normalised text.
        start: Where the stretch begins.
        end: Where it ends; greater than `start`.
    """
    return _begins(text, start) and _ends(text, end)


def _begins(text: str, start: int) -> bool:
    """Return whether nothing before `start` belongs to the token there."""
    if start == 0 or text[start - 1] == " ":
        return True
    before, first = text[start - 1], text[start]
    if _in_word(before, first) or (before in _OPERATOR and first in _OPERATOR):
        return False
    if before in _BOUND:
        return _is_typed_dash(text, start - 1)
    if before in _NEGATING and (_is_word(first) or first in "($"):
        return not _is_prefix(text, start - 1)
    if first.isdigit():
        return not (
            before in _SIGNS or (before in ".,:/" and text[start - 2 : start - 1].isdigit())
        )
    return True


def _ends(text: str, end: int) -> bool:
    """Return whether nothing behind `end` belongs to the token there."""
    if end == len(text) or text[end] == " ":
        return True
    last, after = text[end - 1], text[end]
    if _in_word(last, after) or (last in _OPERATOR and after in _OPERATOR):
        return False
    following = text[end + 1 : end + 2]
    if after == "-" and _is_word(last):
        return not (following and _is_word(following))
    if last.isdigit():
        return not (after in "%‰°+" or (after in ".,:/^*×·" and following.isdigit()))
    if after == "'" and last.isalpha():
        return not following.isalpha()
    return True


def _in_word(left: str, right: str) -> bool:
    """Return whether two neighbours are part of one word or number."""
    if not (_is_word(left) and _is_word(right)):
        return False
    return not (_UNSPACED.match(left) or _UNSPACED.match(right))


def _is_word(character: str) -> bool:
    """Return whether a character is a letter, digit, mark of one, or underscore."""
    return character.isalnum() or character == "_"


def _is_typed_dash(text: str, position: int) -> bool:
    """Return whether a hyphen ends the `--` that typewriters have for a dash (`slow--the`)."""
    return text[position - 1 : position + 1] == "--" and _is_word(text[position - 2 : position - 1])


def _is_prefix(text: str, position: int) -> bool:
    """Return whether a sign begins a token (`!enabled`), rather than ending one (`Stop!`)."""
    return position == 0 or not _is_word(text[position - 1])
