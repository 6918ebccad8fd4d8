"""Numbers that are written in words: `three`, `twenty-five`, `a dozen`, `half an hour`."""

import re
from collections.abc import Iterator
from functools import cache

from footnotary.match.units import UNITS

_ONES = (
    ("zero",),
    ("one", "once", "first"),
    ("two", "twice", "second"),
    ("three", "thrice", "third"),
    ("four", "fourth"),
    ("five", "fifth"),
    ("six", "sixth"),
    ("seven", "seventh"),
    ("eight", "eighth"),
    ("nine", "ninth"),
    ("ten", "tenth"),
    ("eleven",),
    ("twelve", "dozen"),
    *(
        (f"{word}teen",)
        for word in ("thir", "four", "fif", "six", "seven", "eigh", "nine")
    ),
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
VALUES = {
    **{word: str(value) for value, words in enumerate(_ONES) for word in words},
    **{word: str(10 * value) for value, word in enumerate(_TENS, 2)},
    **{
        f"{ten}{joint}{_ONES[one][0]}": str(10 * value + one)
        for value, ten in enumerate(_TENS, 2)
        for one in range(1, 10)
        for joint in "- "
    },
    "hundred": "100",
    "thousand": "1000",
}
_LONGEST_FIRST = "|".join(sorted(VALUES, key=len, reverse=True))
WORD = re.compile(rf"(?<![\w-])(?:{_LONGEST_FIRST})(?!\w)", re.IGNORECASE)
# Counting words of other languages, as they stand before what is counted.
_FOREIGN = {
    name: str(value)
    for value, names in {
        0.5: "halbe halben demi demie media medio mezza mezzo meia halve",
        1: "eine einer einem einen ein une un una uno uma um een",
        2: "zwei deux dos due dois duas twee",
        3: "drei trois tres tre três drie",
        4: "vier quatre cuatro quattro quatro",
        5: "fünf cinq cinco cinque vijf",
        6: "sechs seis sei zes",
        7: "sieben sept siete sette sete zeven",
        8: "acht huit ocho otto oito",
        9: "neun neuf nueve nove negen",
        10: "zehn dix diez dieci dez tien",
        12: "zwölf douze doce dodici doze twaalf",
        15: "fünfzehn quinze quince quindici vijftien",
        20: "zwanzig vingt veinte venti vinte twintig",
        30: "dreißig trente treinta trenta trinta dertig",
        60: "sechzig soixante sesenta sessanta sessenta zestig",
        100: "hundert cent cien cento cem honderd",
    }.items()
    for name in names.split()
}
COUNTS = {"a": "1", "an": "1", "single": "1", **_FOREIGN, **VALUES}
"""Values of the words that count, in several languages."""
OF_TIME = "|".join(
    sorted((name for name in UNITS if name.isalpha() and len(name) > 2), key=len, reverse=True)  # noqa: PLR2004  no abbreviations
)
_COUNT = "|".join(sorted(COUNTS, key=len, reverse=True))
_IN_WORDS = re.compile(
    rf"(?<![\w-])(?:(?P<half>half an?|une demi-?|media|mezz[ao]|meia) ?"
    rf"|(?P<quarters>an?|one|three)[ -]quarters? of an? |(?P<count>{_COUNT})[ -]"
    rf"(?P<part>halbe[nr]? |halve )?)(?P<unit>{OF_TIME})(?!\w)",
    re.IGNORECASE,
)
_REGULARLY = {
    "hourly": ("1", "h"),
    "daily": ("1", "d"),
    "weekly": ("1", "week"),
    "monthly": ("1", "month"),
    "yearly": ("1", "year"),
    "annually": ("1", "year"),
}
_REGULAR = re.compile(rf"\b(?:{'|'.join(_REGULARLY)})\b", re.IGNORECASE)
_EVERY = re.compile(
    rf"\b(?:every|each|per|jede[rn]?|pro|chaque|par|cada|por|ogni|al|elke) ({OF_TIME})(?!\w)",
    re.IGNORECASE,
)


def amounts_in_words(text: str) -> Iterator[tuple[str, str, str, int]]:
    """Yield the amounts that a text states in words: value, unit, as written, where."""
    for found in _IN_WORDS.finditer(text):
        if found["quarters"]:
            value = "0.75" if found["quarters"].lower() == "three" else "0.25"
        else:
            is_half = found["half"] or found["part"]
            value = "0.5" if is_half else COUNTS[found["count"].lower()]
        yield value, UNITS[found["unit"].lower()], found[0], found.start()


def periods_in(text: str) -> Iterator[tuple[str, str]]:
    """Yield the periods that a text names as such: `daily`, `every hour`, as one of their unit."""
    yield from (_REGULARLY[found[0].lower()] for found in _REGULAR.finditer(text))
    yield from (("1", UNITS[found[1].lower()]) for found in _EVERY.finditer(text))


# What is counted by a word of two or more; `one` is mostly a pronoun.
_COUNTING = "|".join(
    sorted(
        (
            word
            for word, value in VALUES.items()
            if int(value) > 1 and word not in {"second", "twice", "thrice"}
            and not word.endswith(("th", "third"))
        ),
        key=len,
        reverse=True,
    )
)  # fmt: skip
_FOREIGN_COUNTING = "|".join(
    sorted((w for w, v in _FOREIGN.items() if float(v) > 2 and len(w) > 3), key=len, reverse=True)  # noqa: PLR2004  short ones are other words too
)
COUNTED = re.compile(
    rf"(?<![\w-])(?:(twice|thrice)\b|({_COUNTING}|{_FOREIGN_COUNTING})[ -]([^\W\d_]+))",
    re.IGNORECASE,
)
# Parts and multiples: how a text may say them in figures, and the words for them.
_PARTS = (
    (("0.5", "1/2", "50%"), r"half|halves|halved|halving"),
    (("0.25", "1/4", "25%"), r"(?:a|one) quarter"),
    (("0.75", "3/4", "75%"), r"three[ -]quarters"),
    (("1/3", "33%"), r"(?:a|one)[ -]third"),
    (("2/3", "66%", "67%"), r"two[ -]thirds"),
    (("2x", "100%"), r"double[sd]?|doubling|twofold|two-fold"),
    (("3x", "200%"), r"triple[sd]?|tripling|threefold|three-fold"),
)
_SAID = tuple(
    (figures, re.compile(rf"\b(?:{words})\b", re.IGNORECASE)) for figures, words in _PARTS
)
# Only where they measure: not in `double quotes`, `half-open` or `a third-party library`.
_MEASURED = re.compile(
    r"\b(?:(?:half|double|triple|a quarter|one quarter|three quarters|a third|one third|two thirds)"
    rf"(?= (?:of|the|as|that|its|their)\b)(?! of an? (?:{OF_TIME})\b)"
    r"|(?:doubles|triples|halves)(?= (?:the|its|their|in|with|when|every|each|\w+put)\b|[.,]|$)"
    r"|(?<=\bby )(?:half|a third|a quarter|two thirds)(?= |[.,]|$)"
    r"|(?:(?<=\bis )|(?<=\bare )|(?<=\bwas )|(?<=\bwere )|(?<=\bhas )|(?<=\bbe ))"
    r"(?:doubled|tripled|halved)|(?:doubled|tripled|halved)(?= (?:the|its|their)\b)"
    r"|twofold|threefold)\b",
    re.IGNORECASE,
)


def figures_of(text: str) -> list[str]:
    """Return the figures that a text's words for parts and multiples stand for."""
    return [figure for figures, words in _SAID if words.search(text) for figure in figures]


def measured_parts(text: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return the words for parts and multiples that a text measures with, and their figures."""
    return [
        (found[0], figures)
        for found in _MEASURED.finditer(text)
        for figures, words in _SAID
        if words.fullmatch(found[0])
    ]


_OTHER = re.compile(rf"(?<![\w-])(?:{_FOREIGN_COUNTING})(?!\w)", re.IGNORECASE)
_ANY = re.compile(rf"\d|{_IN_WORDS.pattern}|{COUNTED.pattern}|{_MEASURED.pattern}", re.IGNORECASE)


def foreign_counts(text: str) -> Iterator[tuple[str, str]]:
    """Yield the counting words of other languages than English: value, as written."""
    for found in _OTHER.finditer(text):
        yield _FOREIGN[found[0].lower()], found[0]


def has_number(text: str) -> bool:
    """Return whether a text has a number, in digits or in words that count."""
    return _ANY.search(text) is not None


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
_COMPOUND = (
    r"(?<![\w.,:/-])"
    rf"(?P<vague>(?:{_SMALL_WORD}|\d+) (?:or|to) (?=(?:{_SMALL_WORD}|\d+) (?:{_LARGE_WORD})\b)"
    rf"|(?:few|several|some|many|couple(?: of)?|tens of) (?=(?:{_LARGE_WORD})\b))?"
    rf"(?P<number>{_BEGINNING}?{_PIECE}(?:(?:[ -]|{_AND}){_PIECE})*)(?P<half> and a half\b)?"
)
_OF_UNIT = rf"\b(an?|{_SMALL_WORD}) ({OF_TIME}) and a half\b"
_IN_RANGE = re.compile(r"\b(?:between|from|both) $", re.IGNORECASE)
_GROUPED = re.compile(r"(?:thousand|million|billion), ", re.IGNORECASE)
_LISTED = re.compile(r"(?:[ -]and[ -]|, (?:and )?)", re.IGNORECASE)
_COMPOUNDED = re.compile(
    r"\b(?:\w+hundert\w*|hundert\w+|\w*tausend\w*|\w+honderd\w*|honderd\w+|\w*duizend\w*"
    r"|\w+cient[oa]s|\w+cento\w*|\w+mila|mille"
    r"|(?:deux|trois|quatre|cinq|six|sept|huit|neuf)[ -]cents?"
    r"|(?:dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|cien) mil)\b",
    re.IGNORECASE,
)
_ANY_WORD = re.compile(r"\w+")
_COMPOUNDING = frozenset({*_SMALL, *_LARGE, "half"})
_IN_COMPOUNDS = ("cent", "cient", "duizend", "honderd", "hundert", "mil", "tausend")
_BELOW_HUNDRED = 100
_ROOM = 10  # characters before a number that say that it is one of two


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Return a pattern of ours, compiled once it is needed: few texts come so far."""
    return re.compile(pattern, re.IGNORECASE)


def compounds_in(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield the numbers of several words: where each begins and ends, and its digits.

    `several hundred`, `two or three hundred`, `nineteen ninety-nine` and compounds of other
    languages than English are `UNREAD`.
    """
    if text.isascii() and not _may_have_compounds(text.lower()):
        return
    for found in _compiled(_COMPOUND).finditer(text):
        yield from _read(found)
    yield from ((each.start(), each.end(), UNREAD) for each in _COMPOUNDED.finditer(text))
    for each in _compiled(_OF_UNIT).finditer(text):
        value = float(_SMALL.get(each[1].lower(), 1)) + 0.5
        yield each.start(), each.end(), f"{value:g} {each[2]}"


def _may_have_compounds(lowered: str) -> bool:
    """Return whether any pattern of `compounds_in` can match: they are slow to say no."""
    return not _COMPOUNDING.isdisjoint(_ANY_WORD.findall(lowered)) or any(
        part in lowered for part in _IN_COMPOUNDS
    )


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
