"""Numbers, versions and comparisons of a claim that none of its quotes contains."""

import re
from collections.abc import Iterable

from footnotary.match.normalization import folded

# A number with its sign, groups and decimals; a version; with a unit glued or a percent sign.
_NUMBER = re.compile(
    r"(?<![\w.])(?P<number>\d{4}-\d\d-\d\d|v?\d+(?:[.,:/]\d+|(?<=\d)[ ](?=\d{3}(?!\d))\d{3})*)"
    r"(?P<unit>\s?(?:%|percent\b|per cent\b|‰|°[CF]?)|\s?(?:[kmg\u00b5n]?(?:s|b|m|g|hz|w|v)|[kmgt]i?b"
    r"|cm|km|px|min|h|kbit|mbit|gbit)\b|[a-z\u00b5]{1,4}\b)?",
    re.IGNORECASE,
)
_SIGN = re.compile(r"(?<!\w)-\s?$")
_MAGNITUDES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_MAGNITUDE = re.compile(r"^\s?(thousand|million|billion|trillion)\b", re.IGNORECASE)
_WORDS = {
    word: str(value)
    for value, word in enumerate(
        ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    )
}
_WORD = re.compile(rf"(?<![\w-])(?:{'|'.join(_WORDS)})(?![\w-])", re.IGNORECASE)
_COMPARISONS = (
    ("at least", re.compile(r">=|\u2265|\bat least\b|\bno (?:less|fewer) than\b|\bminimum\b|\bor (?:more|later|newer|higher|above)\b|\d\+")),
    ("at most", re.compile(r"<=|\u2264|\bat most\b|\bno more than\b|\bup to\b|\bmaximum\b|\bor (?:less|fewer|earlier|older|lower)\b")),
    ("more than", re.compile(r"(?<![-=<])>(?!=)|(?<!no )\bmore than\b|\bgreater than\b|\bover\b(?= \d)|\babove\b(?= \d)|\bexceed\w*\b")),
    ("less than", re.compile(r"<(?![=\w/!])|(?<!no )\bless than\b|\bfewer than\b|\bunder\b(?= \d)|\bbelow\b(?= \d)")),
)  # fmt: skip
_REFERENCE = re.compile(r"\^\[[^\]]*\]|\[\d+\]|https?://\S+")


def unsupported(claim: str, quotes: Iterable[str]) -> tuple[str, ...]:
    """Return the numbers, versions and comparisons of a claim that no quote contains.

    `40 %` and `40%` are one number, `1,000` and `1000` too, and `three` supports `3`;
    `4.0` and `4` are two, since a version is no quantity.

    Args:
        claim: The sentence that the quotes are to support; markers and URLs in it are no part.
        quotes: Words of the sources.

    Returns:
        What is missing, as the claim writes it, in its order; empty when all is there.
    """
    said = [_REFERENCE.sub(" ", folded(quote)) for quote in quotes]
    known = {value for quote in said for value, _ in _numbers(quote)}
    known |= {_WORDS[word.lower()] for quote in said for word in _WORD.findall(quote)}
    plain = _REFERENCE.sub(" ", folded(claim))
    missing = [written for value, written in _numbers(plain) if not _known(value, known)]
    for _, pattern in _COMPARISONS:
        stated = pattern.search(plain.lower())
        counted = any(character.isdigit() for character in plain)
        if stated and counted and not any(pattern.search(quote.lower()) for quote in said):
            missing.append(stated[0].strip())
    return tuple(dict.fromkeys(missing))


def _known(value: str, known: set[str]) -> bool:
    """Return whether a number is among those known; a bare one also with its unit."""
    if value in known:
        return True
    return value[-1:].isdigit() and any(
        other.startswith(value)
        and not other[len(value)].isdigit()
        and other[len(value)] not in ".,:/%"
        for other in known
        if len(other) > len(value)
    )


def _numbers(text: str) -> list[tuple[str, str]]:
    """Return the numbers in a text: what is compared, and as it is written."""
    found = []
    for match in _NUMBER.finditer(text):
        written = match[0].strip()
        value = _plain(match["number"])
        unit = (match["unit"] or "").strip().lower()
        unit = "%" if unit in ("percent", "per cent") else unit
        magnitude = _MAGNITUDE.match(text[match.end("number") :])
        if magnitude and _is_decimal(value):
            value = f"{float(value) * _MAGNITUDES[magnitude[1].lower()]:.15g}"
            written = match["number"] + " " + magnitude[1]
            unit = ""
        if _SIGN.search(text[: match.start()]):
            value, written = "-" + value, "-" + written
        found.append((value + unit, written))
    return found


def _plain(number: str) -> str:
    """Return a number without its groups: `1,000` and `1 000` are 1000."""
    number = number.lower().removeprefix("v")
    grouped = re.fullmatch(r"\d{1,3}(?:[, ]\d{3})+(\.\d+)?", number)
    return number.replace(",", "").replace(" ", "") if grouped else number


def _is_decimal(value: str) -> bool:
    """Return whether a value is a quantity, not a version or a time."""
    return re.fullmatch(r"\d+(?:\.\d+)?", value) is not None
