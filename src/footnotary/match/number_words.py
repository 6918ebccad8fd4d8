"""Numbers that are written in words: `three`, `twenty-five`, `a dozen`, `half an hour`."""

import re
from collections.abc import Iterator

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
