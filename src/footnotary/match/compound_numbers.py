"""English numbers of several words: `two hundred and fifty`, `half a million`, `two and a half`."""

import re
from collections.abc import Iterator

from footnotary.match.number_words import OF_TIME, VALUES

UNREAD = "\ue000"
"""Takes the place of words that are a number of which nobody can tell which one."""

_LARGE = {"dozen": 12, "hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9}
_CLOSING = frozenset({"thousand", "million", "billion"})  # they close a group
_SMALL = {
    word: int(value)
    for word, value in VALUES.items()
    if word not in {*_LARGE, "once", "twice", "thrice", "first", "second"}
    and not word.endswith(("th", "third"))
}
_LARGE_WORD = "|".join(_LARGE)
_SMALL_WORD = "|".join(sorted(_SMALL, key=len, reverse=True))
_PIECE = rf"(?:{_SMALL_WORD}|{_LARGE_WORD})(?!\w)"
_PART = re.compile(rf"{_PIECE}|half|\d[\d.]*|an?\b", re.IGNORECASE)
_BEGINNING = (
    rf"(?:(?:half an?|half|an?)[ -](?=(?:{_LARGE_WORD})\b)"
    r"|\d+(?:\.\d+)?[ -](?=(?:dozen|hundred)\b))"
)
_AND = r"(?:(?<=red)|(?<=sand)|(?<=lion))(?:[ -]and[ -]|, (?:and )?)"  # hundred, thousand, million
_COMPOUND = re.compile(
    r"(?<![\w.,:/-])"
    rf"(?P<vague>(?:{_SMALL_WORD}|\d+) (?:or|to) (?=(?:{_SMALL_WORD}|\d+) (?:{_LARGE_WORD})\b)"
    rf"|(?:few|several|some|many|couple(?: of)?|tens of) (?=(?:{_LARGE_WORD})\b))?"
    rf"(?P<number>{_BEGINNING}?{_PIECE}(?:(?:[ -]|{_AND}){_PIECE})*)(?P<half> and a half\b)?",
    re.IGNORECASE,
)
_OF_UNIT = re.compile(rf"\b(an?|{_SMALL_WORD}) ({OF_TIME}) and a half\b", re.IGNORECASE)
_IN_RANGE = re.compile(r"\b(?:between|from|both) $", re.IGNORECASE)
_GROUPED = re.compile(r"(?:thousand|million|billion), ", re.IGNORECASE)
_LISTED = re.compile(r"(?:[ -]and[ -]|, (?:and )?)", re.IGNORECASE)
_FOREIGN = re.compile(
    r"\b(?:\w+hundert\w*|hundert\w+|\w*tausend\w*|\w+honderd\w*|honderd\w+|\w*duizend\w*"
    r"|\w+cient[oa]s|\w+cento\w*|\w+mila|mille"
    r"|(?:deux|trois|quatre|cinq|six|sept|huit|neuf)[ -]cents?"
    r"|(?:dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|cien) mil)\b",
    re.IGNORECASE,
)
_BELOW_HUNDRED = 100
_ROOM = 10  # characters before a number that say that it is one of two


def compounds_in(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield the numbers of several words: where each begins and ends, and its digits.

    `several hundred`, `two or three hundred`, `nineteen ninety-nine` and compounds of other
    languages than English are `UNREAD`.
    """
    for found in _COMPOUND.finditer(text):
        yield from _read(found)
    yield from ((each.start(), each.end(), UNREAD) for each in _FOREIGN.finditer(text))
    for each in _OF_UNIT.finditer(text):
        value = float(_SMALL.get(each[1].lower(), 1)) + 0.5
        yield each.start(), each.end(), f"{value:g} {each[2]}"


def with_digits(text: str) -> str:
    """Return a text with its numbers of several words in digits."""
    written, at = [], 0
    for start, end, digits in sorted(compounds_in(text)):
        if start >= at:
            written += [text[at:start], digits]
            at = end
    return "".join((*written, text[at:]))


def _read(found: re.Match[str]) -> Iterator[tuple[int, int, str]]:
    """Yield what a run of number words says: one number, several, or one that cannot be told."""
    words, start, end = found["number"], found.start("number"), found.end("number")
    is_small = re.search(_LARGE_WORD, words, re.IGNORECASE) is None
    is_glued = re.match(r"-\w", found.string[end : end + 2]) is not None
    if found["vague"] or _GROUPED.search(words):
        yield found.start(), end, UNREAD
    elif is_glued and is_small:
        return  # two five-minute windows
    elif is_glued and " " in words and not re.match("an? ", words, re.IGNORECASE):
        yield start, end, UNREAD  # two hundred-byte blocks
    elif found["half"]:
        value = _value_of(words)
        yield start, found.end(), UNREAD if value is None else f"{value + 0.5:.15g}"
    elif _IN_RANGE.search(found.string[max(0, start - _ROOM) : start]) or _value_of(words) is None:
        yield from _apart(words, start)
    else:
        yield from _piece(words, start)


def _apart(words: str, start: int) -> Iterator[tuple[int, int, str]]:
    """Yield the numbers of a run that are listed: `one hundred and two hundred`."""
    at = 0
    for joint in (*_LISTED.finditer(words), None):
        yield from _piece(words[at : joint.start() if joint else None], start + at)
        at = joint.end() if joint else at


def _piece(words: str, start: int) -> Iterator[tuple[int, int, str]]:
    """Yield a number of several words; one of a single word is read as it is."""
    if words.lower() not in VALUES and words.lower() not in _LARGE:
        value = _value_of(words)
        yield start, start + len(words), UNREAD if value is None else f"{value:.15g}"


def _value_of(words: str) -> float | None:
    """Return what a run of number words says; None where it does not say one number."""
    total, current, last, least = 0.0, 0.0, "", float("inf")
    for part in _PART.findall(words):
        word = part.lower()
        if word in _CLOSING:
            if not current or _LARGE[word] >= least:
                return None
            total, current, least = total + current * _LARGE[word], 0.0, _LARGE[word]
        elif word in _LARGE:
            if last in _LARGE or not 0 < current < _BELOW_HUNDRED:
                return None
            current *= _LARGE[word]
        elif word not in {"a", "an"} or not current:
            value = _unit_value(word)
            if last and (last not in _LARGE or last == "dozen" or value >= _BELOW_HUNDRED):
                return None
            current += value
        last = word
    return total + current


def _unit_value(word: str) -> float:
    """Return what one word or figure counts."""
    if word in {"a", "an"}:
        return 1.0
    return 0.5 if word == "half" else float(_SMALL.get(word, word))
