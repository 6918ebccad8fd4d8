"""Numbers and versions in text, written so that equal ones are equal strings."""

import re

_WORDS = {
    "zero": "0",
    "two": "2",
    "three": "3",
    "four": "4",
    "five": "5",
    "six": "6",
    "seven": "7",
    "eight": "8",
    "nine": "9",
    "ten": "10",
    "eleven": "11",
    "twelve": "12",
    "twice": "2",
    "half": "0.5",
}
_NUMBER = re.compile(
    r"(?<![\w.])v?(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)*)(?=$|[^\w.]|\.(?!\d)|"
    r"[A-Za-z%]{1,5}\b)"
)
_WORD = re.compile(r"\b(?:" + "|".join(_WORDS) + r")\b", re.IGNORECASE)


def numbers_in(text: str) -> list[str]:
    """Return the numbers that stand in digits, in order.

    Args:
        text: Plain text.

    Returns:
        Each without thousands separators and trailing zeros: `1,000` is `1000`, `2.0` is `2`;
        versions with two points or more stay as they are.
    """
    return [_canonical(found[1]) for found in _NUMBER.finditer(text)]


def numbers_said(text: str) -> set[str]:
    """Return the numbers that stand in digits or in words, and the versions' beginnings.

    Args:
        text: Plain text; `3.12.1` says 3.12 and 3 too.
    """
    said = set()
    for number in numbers_in(text):
        said.add(number)
        parts = number.split(".")
        if len(parts) > 2:  # noqa: PLR2004  a version, not a decimal
            said |= {".".join(parts[:length]) for length in range(1, len(parts))}
    return said | {_WORDS[word.lower()] for word in _WORD.findall(text)}


def _canonical(digits: str) -> str:
    """Return a number as every equal one is written."""
    plain = digits.replace(",", "")
    if plain.count(".") == 1:
        whole, decimals = plain.split(".")
        decimals = decimals.rstrip("0")
        plain = f"{whole}.{decimals}" if decimals else whole
    return plain.lstrip("0") or "0" if "." not in plain else plain
