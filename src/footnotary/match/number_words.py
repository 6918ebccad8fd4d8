"""Numbers that are written in words: `three`, `twenty-five`, `a dozen`, `half`."""

import re

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
COUNTED = re.compile(
    rf"(?<![\w-])(?:(twice|thrice)\b|({_COUNTING})[ -]([a-z]+))", re.IGNORECASE
)  # fmt: skip
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
    r"(?= (?:of|the|as|that|its|their)\b)|doubles|doubled|triples|tripled|halves|halved"
    r"|twofold|threefold)\b",
    re.IGNORECASE,
)


def figures_of(text: str) -> list[str]:
    """Return the figures that a text's words for parts and multiples stand for.

    Args:
        text: Folded text.

    Returns:
        Such as `0.5`, `1/2` and `50%` for `half`.
    """
    return [figure for figures, words in _SAID if words.search(text) for figure in figures]


def measured_parts(text: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return the words for parts and multiples that a text measures with, and their figures.

    Args:
        text: Folded text.
    """
    return [
        (found[0], figures)
        for found in _MEASURED.finditer(text)
        for figures, words in _SAID
        if words.fullmatch(found[0])
    ]
