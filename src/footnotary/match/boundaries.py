"""Where a quote may begin and end: never inside a word, a number or an operator.

Judged twice. `whole` sees the normal form, where what is drawn nowhere is gone and dashes,
which part (`slow\u2014blocking`), are still told from hyphens, which join (`non-blocking`).
`cuts_token` sees the page's own characters, where a space inside a number (`10 000`) is told
from the end of a line or a cell.
"""

import re
import unicodedata
from collections.abc import Iterator

from footnotary.models import UNREADABLE

# Scripts written without spaces between words: there, every character is a boundary.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u303f\u3040-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
_HAN_NUMERALS = frozenset("\u3007零一二三四五六七八九十百千万億兆萬亿两兩0123456789")
# Signs that are one with their like: a part of `>=`, `&&`, `--`, `->` or `...` is another thing.
_OPERATOR = frozenset("<>=!+*/%&|^~")
_RUNS = frozenset({"--", "->", ".."})
# Negations that are written against what they negate; without them it says the opposite.
_NEGATING = frozenset("!¬~")
_NEGATING_HAN = frozenset("不非未無无沒没勿毋")
# Japanese negates at the end of the verb, inside the word.
_NEGATED_BEHIND = re.compile("ない|なかった|なければ|なくて|ません|(?<=ま)せん")
_EN_DASH = "\u2013"
# What some write with a dash where others have a hyphen: `non\u2013negative`.
_PREFIX = re.compile(
    r"(?<!\w)(?:non|not?|un|in|dis|mis|anti|contra|ex|pre|post|sub|de|re)\u2013\Z", re.IGNORECASE
)
_PREFIX_ROOM = 8
# What parts a number from what belongs to it: `10'000`, `10..20`, `10\u00b12`, `2**10`.
_JOINT = r"[^\w\s()\[\]{}]{1,3}"
_JOINED_BEFORE = re.compile(rf"\d{_JOINT}\Z")
_JOINED_BEHIND = re.compile(rf"{_JOINT}\d")
# What goes on without a digit: `2001:db8:1:a::1`, `1.2~rc1`.
_CONTINUED = re.compile(r"[:~][0-9A-Za-z]")
# `10 MB` is no `10 MB/s`; what `C` is, `C++` and `C#` are not; `Node.` is not `Node.js`.
_UNIT_BEFORE = re.compile(r"\d ?[A-Za-z]{1,4}\Z")
_RATE_BEHIND = re.compile(r"/[A-Za-z]")
_SIGN_OF_NAME = re.compile(r"\+\+|(?<!\w\w)#(?!\w)")
_NAME_BEHIND = re.compile(r"[a-z_]{2}")
# The rest of `don't` says the opposite; of `we've` it does not, and `homme` of `l'homme` is a word.
_CONTRACTED = re.compile(r"t\b", re.IGNORECASE)
_GROUP_SPACE = "[ \u00a0\u2000-\u200a\u202f\u205f]"
# `10 000`: up to three digits, a space, three digits that are not the start of more.
_GROUP_BEFORE = re.compile(rf"(?<!\d)\d{{1,3}}(?:{_GROUP_SPACE}\d{{3}})*{_GROUP_SPACE}\Z")
_GROUP_BEHIND = re.compile(rf"{_GROUP_SPACE}\d{{3}}(?!\d)")
_FIRST_GROUP = re.compile(r"\d{3}(?!\d)")
_LAST_GROUP = re.compile(r"(?<!\d)\d{1,3}\Z")
_SHARE_BEHIND = re.compile(r"\s?(?:[%\u2030\u2031\uff05\ufe6a\u066a](?!\w)|[\u00b0\u2103\u2109])")
# Print breaks words at the end of a line.
_BROKEN_BEFORE = re.compile(r"\w[-\u2010][ \t]*\n\s*\Z")
_BROKEN_BEHIND = re.compile(r"[-\u2010][ \t]*\n\s*[^\W\d_]")
_LOOK_BACK = 40  # characters: more than a number has
_MOST_COMPARED = 20_000_000  # characters of needles that stand inside of tokens


def stretches(needle: str, haystack: str, bounds: str = "") -> Iterator[tuple[int, int]]:
    """Yield where a needle is in a text between token boundaries.

    In a text that is one token over and over, a needle of the same is everywhere and between
    boundaries nowhere: the search ends when it has compared more than any other text asks for.

    Args:
        needle: Normalised quote, not empty.
        haystack: Normalised text.
        bounds: The text by which boundaries are judged, of the same length; itself if empty.
    """
    bounds = bounds or haystack
    compared = 0
    start = haystack.find(needle) if needle else -1
    while start >= 0 and compared <= _MOST_COMPARED:
        end = start + len(needle)
        if whole(bounds, start, end):
            yield start, end
            start = haystack.find(needle, end)
        else:
            compared += len(needle)
            start = haystack.find(needle, start + 1)


def whole(text: str, start: int, end: int) -> bool:
    """Return whether a stretch of normalised text begins and ends between tokens.

    Args:
        text: Normalised text.
        start: Where the stretch begins.
        end: Where it ends; greater than `start`.
    """
    return _begins(text, start) and _ends(text, end)


def cuts_token(text: str, start: int, end: int) -> bool:
    """Return whether a passage leaves off a part of the number or word it begins or ends in."""
    before = text[max(0, start - _LOOK_BACK) : start]
    if text[start].islower() and _BROKEN_BEFORE.search(before):
        return True
    if _FIRST_GROUP.match(text, start) and _GROUP_BEFORE.search(before):
        return True
    if text[end - 1].isalpha():
        return _BROKEN_BEHIND.match(text, end) is not None
    if not text[end - 1].isdigit():
        return False
    return _SHARE_BEHIND.match(text, end) is not None or bool(
        _GROUP_BEHIND.match(text, end) and _LAST_GROUP.search(text, max(0, end - _LOOK_BACK), end)
    )


def is_unspaced(text: str) -> bool:
    """Return whether a text has characters of a script that is written without spaces."""
    return _UNSPACED.search(text) is not None


def _begins(text: str, start: int) -> bool:
    """Return whether nothing before `start` belongs to the token there."""
    before, first = _at(text, start - 1), text[start]
    if before == UNREADABLE and _is_word(first):
        return False
    if _is_joined(before, first) or before in _NEGATING_HAN or _is_rest(text, start):
        return False
    if before == "-":
        return _is_typed_dash(text, start - 1)
    if before in _NEGATING and (_is_word(first) or first in "($"):
        return _is_word(_at(text, start - 2))
    if first.isdigit():
        return not _is_in_number(text, start)
    return before != _EN_DASH or not _PREFIX.search(text[max(0, start - _PREFIX_ROOM) : start])


def _is_rest(text: str, start: int) -> bool:
    """Return whether what begins at `start` is the rest of a number, or of a contraction."""
    before = _at(text, start - 1)
    if before.isdigit():
        return _JOINED_BEHIND.match(text, start) is not None
    is_behind_word = before == "'" and _at(text, start - 2).isalpha()
    return is_behind_word and _CONTRACTED.match(text, start) is not None


def _is_in_number(text: str, start: int) -> bool:
    """Return whether what is before a digit, and is no digit, belongs to its number."""
    before, further = _at(text, start - 1), _at(text, start - 2)
    if _is_sign(before):
        return True
    if before == ".":
        return further in " ." or _is_word(further)
    if before == "=" and further in _OPERATOR:
        return True
    return _JOINED_BEFORE.search(text[max(0, start - 4) : start]) is not None


def _is_sign(character: str) -> bool:
    """Return whether a character before a digit is of its number: a sign, bound or currency."""
    if character in "-^" or character == _EN_DASH:
        return True
    return character not in "=|" and unicodedata.category(character) in ("Sm", "Sc")


def _ends(text: str, end: int) -> bool:
    """Return whether nothing behind `end` belongs to the token there."""
    last, after = text[end - 1], _at(text, end)
    if after == " ":
        return True
    if _is_joined(last, after) or (after == UNREADABLE and _is_word(last)):
        return False
    following = _at(text, end + 1)
    if after == "-" and _is_word(last):
        return not _is_word(following)
    if last.isdigit():
        return not _goes_on(text, end)
    if last.isalpha():
        return not (after in "'`" and following.isalpha()) and not _is_of_name(text, end)
    return not _is_inside(text, end)


def _is_of_name(text: str, end: int) -> bool:
    """Return whether what follows a letter makes another thing of its word or unit."""
    if _SIGN_OF_NAME.match(text, end) or _NEGATED_BEHIND.match(text, end):
        return True
    if not _RATE_BEHIND.match(text, end):
        return False
    return _UNIT_BEFORE.search(text, max(0, end - _LOOK_BACK), end) is not None


def _is_inside(text: str, end: int) -> bool:
    """Return whether a sign before `end` joins what is around it: `2.` of `2.5`."""
    if text[end].isdigit():
        return _JOINED_BEFORE.search(text[max(0, end - 4) : end]) is not None
    return (
        text[end - 1] == "."
        and _is_word(_at(text, end - 2))
        and _NAME_BEHIND.match(text, end) is not None
    )


def _goes_on(text: str, end: int) -> bool:
    """Return whether what follows a digit, and is no digit, belongs to its number."""
    after = text[end]
    if after in "%‰°+" or unicodedata.category(after) == "Sc":
        return True
    if _CONTINUED.match(text, end):
        return True
    if after == "/" and _at(text, end + 1).isalpha():  # 10/s
        return True
    return _JOINED_BEHIND.match(text, end) is not None


def _is_joined(left: str, right: str) -> bool:
    """Return whether two neighbours are part of one character, word, number or operator."""
    if left != " " and _is_mark(right):
        return True
    if _is_word(left) and _is_word(right):
        if left in _HAN_NUMERALS and right in _HAN_NUMERALS:
            return True
        return not (_UNSPACED.match(left) or _UNSPACED.match(right))
    return left + right in _RUNS or (left in _OPERATOR and right in _OPERATOR)


def _is_word(character: str) -> bool:
    """Return whether a character is a letter, digit, mark of one, or underscore."""
    return character.isalnum() or character == "_" or _is_mark(character)


def _is_mark(character: str) -> bool:
    """Return whether a character is an accent or a vowel of the one before it (UAX #44)."""
    return not character.isascii() and unicodedata.category(character) in ("Mn", "Mc")


def _is_typed_dash(text: str, position: int) -> bool:
    """Return whether a hyphen ends the `--` that typewriters have for a dash (`slow--the`)."""
    return _at(text, position - 1) == "-" and _is_word(_at(text, position - 2))


def _at(text: str, place: int) -> str:
    """Return a character of a text, or a space beyond its ends."""
    return text[place] if 0 <= place < len(text) else " "
