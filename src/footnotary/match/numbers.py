"""Numbers, versions and bounds of a claim that none of its quotes contains."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from footnotary.match.normalization import folded

_UNITS = {
    unit: name
    for name, units in {
        "%": "% percent",
        "x": "x × times fold",
        "ns": "ns nanosecond nanoseconds",
        "us": "us µs μs microsecond microseconds",
        "ms": "ms msec millisecond milliseconds",
        "s": "s sec secs second seconds",
        "min": "min mins minute minutes",
        "h": "h hr hrs hour hours",
        "d": "d day days",
        "week": "week weeks",
        "month": "month months",
        "year": "year years",
        "b": "b byte bytes",
        "kb": "kb kib kilobyte kilobytes",
        "mb": "mb mib megabyte megabytes",
        "gb": "gb gib gigabyte gigabytes",
        "tb": "tb tib terabyte terabytes",
    }.items()
    for unit in units.split()
}
_UNIT = "|".join(sorted((u for u in _UNITS if u.isalpha()), key=len, reverse=True))
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
_MONTH = r"(jan|feb|mar|apr|may|june?|july?|aug|sep|oct|nov|dec)[a-z]*\.?"
_DAY_FIRST = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)? {_MONTH},? (\d{{4}})\b", re.IGNORECASE)
_MONTH_FIRST = re.compile(rf"\b{_MONTH} (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}})\b", re.IGNORECASE)
# A number with its sign, groups and decimals; a version; a date; an address with its port.
_NUMBER = re.compile(
    r"(?<![\w.])(?P<number>\d{4}-\d\d-\d\d|v?\d+(?:[.,:/]\d+|(?<=\d)[ ](?=\d{3}(?!\d))\d{3})*)"
    rf"(?:(?P<ordinal>st|nd|rd|th)\b|[\s-]?(?P<unit>{_UNIT})\b|\s?(?P<sign>[%×])|\s(?P<cent>per cent)\b)?",
    re.IGNORECASE,
)
_MINUS = re.compile(r"(?<!\w)-\s?$")
_OF_VERSION = re.compile(r"(?:\b(?:version|release|since|v)|\b[A-Z][\w+.-]*)\s?$")
_MAGNITUDES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_MAGNITUDE = re.compile(r"\s?(thousand|million|billion|trillion)\b", re.IGNORECASE)
_WORDS = {
    word: str(value)
    for value, words in enumerate(
        (
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
            ("twelve",),
        )
    )
    for word in words
}
_WORD = re.compile(rf"(?<![\w-])(?:{'|'.join(_WORDS)})(?![\w-])", re.IGNORECASE)
_COUNTED = re.compile(
    r"(?<![\w-])(?:(twice|thrice)\b|(two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
    r"[ -]([a-z]+))",
    re.IGNORECASE,
)
# Names that end in a number: UTF-8, SHA-256, x86_64.
_NUMBERED_NAME = re.compile(r"(?<![\w.])([A-Za-z][A-Za-z]*\d*)[-_](\d+)(?![\w.]*\.\w)")
_COMPARISONS = (
    ("at least", re.compile(r">=|\u2265|\bat least\b|\bno (?:less|fewer) than\b|\bminimum\b|\bor (?:more|later|newer|higher|above)\b|\d\+")),
    ("at most", re.compile(r"<=|\u2264|\bat most\b|\bno more than\b|\bup to\b|\bmaximum\b|\bor (?:less|fewer|earlier|older|lower)\b")),
    ("more than", re.compile(r"(?<![-=<])>(?!=)|(?<!no )\bmore than\b|\bgreater than\b|\bover\b(?= \d)|\babove\b(?= \d)|\bexceed\w*\b")),
    ("less than", re.compile(r"<(?![\w=/!])|(?<!no )\bless than\b|\bfewer than\b|\bunder\b(?= \d)|\bbelow\b(?= \d)")),
)  # fmt: skip
_REFERENCE = re.compile(r"\^\[[^\]]*\]|\[\d+\]|https?://\S+")


@dataclass(frozen=True)
class _Number:
    """A number as it is compared.

    Attributes:
        value: Without groups and leading `v`, with its sign.
        unit: Its unit's one name, or an empty string.
        version: Whether a name or `version` stands before it.
        written: As the text has it.
    """

    value: str
    unit: str
    version: bool
    written: str


def unsupported(claim: str, quotes: Iterable[str]) -> tuple[str, ...]:
    """Return the numbers, versions and bounds of a claim that no quote contains.

    Numbers are equal whatever their groups, unit's spelling or date's form: `40 %` is `40%`,
    `1,000` is `1000`, `10ms` is `10 milliseconds`, and `three` supports `3`. A version of the
    quote supports its beginning (`3.12.1` says 3.12), nothing supports a longer one.

    Args:
        claim: The sentence that the quotes are to support; markers and URLs in it are no part.
        quotes: Words of the sources.

    Returns:
        What is missing, as the claim writes it, in its order; empty when all is there.
    """
    said = [_plain(quote, keep_urls=True) for quote in quotes]
    plain = _plain(claim)
    known = [number for quote in said for number in _numbers(quote)]
    known += [
        _Number(_WORDS[found[0].lower()], "", version=False, written=found[0])
        for quote in said
        for found in _WORD.finditer(quote)
    ]
    missing = [
        number.written
        for number in _numbers(plain)
        if not any(_supports(other, number) for other in known)
    ]
    missing += _other_counts(plain, said, known)
    missing += _other_names(plain, said)
    return tuple(dict.fromkeys([*missing, *_other_bounds(plain, said)]))


def _plain(text: str, *, keep_urls: bool = False) -> str:
    """Return folded text without references, its dates in ISO form."""
    words = _REFERENCE.sub(lambda found: found[0] if keep_urls else " ", folded(text))
    words = _DAY_FIRST.sub(lambda d: _iso(d[3], d[2], d[1]), words)
    return _MONTH_FIRST.sub(lambda d: _iso(d[3], d[1], d[2]), words)


def _iso(year: str, month: str, day: str) -> str:
    """Return a date as ISO 8601 has it."""
    return f"{year}-{_MONTHS[month[:3].lower()]:02}-{int(day):02}"


def _supports(known: _Number, asked: _Number) -> bool:
    """Return whether a number of a quote is one of a claim."""
    if known.unit != asked.unit and (
        (known.unit and asked.unit) or "%" in (known.unit, asked.unit)
    ):
        return False
    if known.value == asked.value:
        return True
    return asked.version and known.version and known.value.startswith(f"{asked.value}.")


def _numbers(text: str) -> list[_Number]:
    """Return the numbers in a text that stand in digits."""
    found = []
    named = {match.start(2) for match in _NUMBERED_NAME.finditer(text)}
    for match in _NUMBER.finditer(text):
        if match.start() not in named:
            found += _read(text, match)
    return found


def _read(text: str, match: re.Match[str]) -> list[_Number]:
    """Return what one match says: a number; for a date its year too, for an address its port."""
    written = match[0].strip()
    digits = match["number"]
    value = _ungrouped(digits)
    unit = _UNITS.get((match["unit"] or match["sign"] or "").lower(), "%" if match["cent"] else "")
    before = text[: match.start()]
    magnitude = _MAGNITUDE.match(text, match.end("number"))
    if magnitude and re.fullmatch(r"\d+(?:\.\d+)?", value):
        value = f"{float(value) * _MAGNITUDES[magnitude[1].lower()]:.15g}"
        written = f"{digits} {magnitude[1]}"
        unit = ""
    if _MINUS.search(before):
        value, written = f"-{value}", f"-{written}"
    version = not unit and (
        digits[0] in "vV" or digits.count(".") > 1 or bool(_OF_VERSION.search(before))
    )
    found = [_Number(value, unit, version, written)]
    if re.fullmatch(r"\d{4}-\d\d-\d\d", digits):
        found.append(_Number(digits[:4], "", version=False, written=digits))
    if re.fullmatch(r"[\d.]+:\d+", digits) and digits.count(".") > 1:
        found.append(_Number(digits.partition(":")[2], "", version=False, written=digits))
    return found


def _ungrouped(number: str) -> str:
    """Return a number without its groups: `1,000` and `1 000` are 1000."""
    number = number.lower().removeprefix("v")
    grouped = re.fullmatch(r"\d{1,3}(?:[, ]\d{3})+(\.\d+)?", number)
    return number.replace(",", "").replace(" ", "") if grouped else number


def _other_counts(claim: str, said: list[str], known: list[_Number]) -> list[str]:
    """Return numbers in words where a quote counts the same thing and has another number."""
    missing = []
    for found in _COUNTED.finditer(claim):
        value = _WORDS[(found[1] or found[2]).lower()]
        unit = "x" if found[1] else _UNITS.get(found[3].lower(), "")
        asked = _Number(value, unit, version=False, written=found[0])
        if any(_supports(other, asked) for other in known):
            continue
        noun = "" if found[1] else found[3].lower().removesuffix("s")
        counted = re.compile(
            rf"(?:\d|\b(?:{'|'.join(_WORDS)}))[ -]{re.escape(noun)}s?\b", re.IGNORECASE
        )
        if unit or (noun and any(counted.search(quote) for quote in said)):
            missing.append(found[0])
    return missing


def _other_names(claim: str, said: list[str]) -> list[str]:
    """Return names such as SHA-256 of which the quotes have other numbers alone."""
    names = {(n[1].lower(), n[2]) for quote in said for n in _NUMBERED_NAME.finditer(quote)}
    return [
        found[0]
        for found in _NUMBERED_NAME.finditer(claim)
        if found[1].lower() in {name for name, _ in names}
        and (found[1].lower(), found[2]) not in names
    ]


def _other_bounds(claim: str, said: list[str]) -> list[str]:
    """Return the bounds (`at most`) of a claim with a number that no quote states."""
    if not any(character.isdigit() for character in claim):
        return []
    stated = ((pattern, pattern.search(claim.lower())) for _, pattern in _COMPARISONS)
    return [
        found[0].strip()
        for pattern, found in stated
        if found and not any(pattern.search(quote.lower()) for quote in said)
    ]
