"""Whether a passage leaves off a part of the word or number that it begins or ends in.

Judged on the page's own characters, because normal form no longer tells a hyphen, which joins
(`non-blocking`, `--no-cache`), from a dash, which parts (`slow—blocking`).
"""

import re

_HYPHENS = frozenset("-\u2010\u2011")
_CURRENCIES = frozenset("$\u00a2\u00a3\u00a5\u20ac\u20b9\u20bd\u20a9\u20aa\u20ba\u0e3f")
_SHARES = ("%", "\u2030")
_NEGATIONS = frozenset("!~\u00ac")
_HAN_NUMERALS = frozenset("\u3007零一二三四五六七八九十百千万億兆萬亿两兩0123456789")
_GROUP_SPACE = "[ \u00a0\u2009\u202f]"
# `10 000`: up to three digits, a space, three digits that are not the start of more.
_GROUP_BEFORE = re.compile(rf"(?<!\d)\d{{1,3}}(?:{_GROUP_SPACE}\d{{3}})*{_GROUP_SPACE}\Z")
_GROUP_BEHIND = re.compile(rf"{_GROUP_SPACE}\d{{3}}(?!\d)")
_FIRST_GROUP = re.compile(r"\d{3}(?!\d)")
_LAST_GROUP = re.compile(r"(?<!\d)\d{1,3}\Z")
_LONGEST_NUMBER = 40


def cuts_token(text: str, start: int, end: int) -> bool:
    """Say whether a passage begins or ends inside a compound word or a number.

    Args:
        text: The page's own text.
        start: Where the passage begins.
        end: Where it ends.
    """
    return _cuts_before(text, start) or _cuts_behind(text, end)


def _cuts_before(text: str, start: int) -> bool:
    """Say whether something before a passage belongs to its first word or number."""
    before, first = _at(text, start - 1), _at(text, start)
    if before in _HYPHENS:
        return _is_word(first) and not _is_typed_dash(text, start - 1)
    if before in _NEGATIONS and _is_word(first):
        return _at(text, start - 2).isspace() or _at(text, start - 2) in "(["
    if first.isdigit() and before in _CURRENCIES:
        return True
    if first.isdigit() and before == ".":
        return _at(text, start - 2).isspace()
    return _parts_numerals(before, first) or _splits_group(text, start)


def _cuts_behind(text: str, end: int) -> bool:
    """Say whether something behind a passage belongs to its last word or number."""
    last, behind = _at(text, end - 1), _at(text, end)
    if behind in _HYPHENS:
        return _is_word(last) and _is_word(_at(text, end + 1))
    if _parts_numerals(last, behind):
        return True
    if last.isdigit() and text[end : end + 3].lstrip()[:1] in _SHARES:
        return True
    return bool(
        last.isdigit()
        and _LAST_GROUP.search(text, max(0, end - _LONGEST_NUMBER), end)
        and _GROUP_BEHIND.match(text, end)
    )


def _splits_group(text: str, start: int) -> bool:
    """Say whether a passage begins with a later group of a number such as `10 000`."""
    if not _FIRST_GROUP.match(text, start):
        return False
    return _GROUP_BEFORE.search(text, max(0, start - _LONGEST_NUMBER), start) is not None


def _is_typed_dash(text: str, place: int) -> bool:
    """Say whether a hyphen is the end of `--` between two words, as typewriters have a dash."""
    return _at(text, place - 1) == "-" and _is_word(_at(text, place - 2))


def _parts_numerals(one: str, other: str) -> bool:
    """Say whether two characters are of one number in Han numerals."""
    return one in _HAN_NUMERALS and other in _HAN_NUMERALS


def _is_word(character: str) -> bool:
    """Say whether a character can be inside a word or number."""
    return character.isalnum() or character == "_"


def _at(text: str, place: int) -> str:
    """Return a character of a text, or a space beyond its ends."""
    return text[place] if 0 <= place < len(text) else " "
