"""Numbers, versions and bounds of a claim that none of its quotes contains."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from footnotary.match.bounds import unstated_bounds, unstated_rates
from footnotary.match.normalization import folded
from footnotary.match.number_words import COUNTED, VALUES, WORD, figures_of, measured_parts

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
        "bit": "bit bits",
        "b": "b byte bytes",
        "kb": "kb kib kilobyte kilobytes",
        "mb": "mb mib megabyte megabytes",
        "gb": "gb gib gigabyte gigabytes",
        "tb": "tb tib terabyte terabytes",
        **{f"{m}bps": f"{m}bps {m}bit {m}bits" for m in "kmg"},
        **{f"{m}hz": f"{m}hz" for m in ("", "k", "m", "g")},
        "$": "$ usd dollar dollars",
        "\u20ac": "\u20ac eur euro euros",
        "\u00a3": "\u00a3 gbp",
    }.items()
    for unit in units.split()
}
UNIT_WORDS = "|".join(sorted((u for u in _UNITS if u.isalpha()), key=len, reverse=True))
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
_MONTH = r"(jan|feb|mar|apr|may|june?|july?|aug|sep|oct|nov|dec)[a-z]*\.?"
_DAY_FIRST = re.compile(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {_MONTH},? (\d{{4}})\b", re.IGNORECASE
)
_MONTH_ALONE = re.compile(rf"\b{_MONTH} (?:of )?(\d{{4}})\b", re.IGNORECASE)
_MONTH_FIRST = re.compile(rf"\b{_MONTH} (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}})\b", re.IGNORECASE)
# A number with its sign, groups and decimals; a version; a date; an address with its port.
_NUMBER = re.compile(
    r"(?<![\w.])(?P<number>\d{4}-\d\d(?:-\d\d)?(?![\d-])|\d+(?:\.\d+)?e[+-]?\d+\b"
    r"|v?\d+(?:[.,:/_]\d+|(?<=\d)[ ](?=\d{3}(?!\d))\d{3})*)"
    r"(?P<stage>(?<=\.\d)[-.]?(?:a|b|c|rc|alpha|beta|dev|post)\.?\d+\b)?"
    rf"(?:(?P<ordinal>st|nd|rd|th)\b|[\s-]?(?P<unit>{UNIT_WORDS})\b|\s?(?P<sign>[%×])|\s(?P<cent>per cent)\b)?",
    re.IGNORECASE,
)
# Numbers that a word ends with: HTTP2, TLSv1.3, p99.
_GLUED = re.compile(r"(?<=[A-Za-z])\d+(?:\.\d+)*")
_MINUS = re.compile(r"(?<!\w)-\s?$")
_OF_VERSION = re.compile(
    r"(?:\b(?:version|release|since|v)|[=~<>]=)\s?$|\b(?!(?:At|About|Between|By|For|From|In|Only|Over|The|To|Under|Up|With)\b)[A-Z][\w+.-]*\s?$"
)
_MAGNITUDES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_MAGNITUDE = re.compile(r"\s?(thousand|million|billion|trillion)\b", re.IGNORECASE)
# `10k` is a thousand of something, and `10M` may be a setting's way to say 10 MB.
_SUFFIXES = {"k": (10**3, "kb"), "m": (10**6, "mb"), "g": (10**9, "gb")}
_SUFFIX = re.compile(r"[kKMG](?!\w)")
_CURRENCY = re.compile(r"([$\u20ac\u00a3])\s?$")
# Names that end in a number: UTF-8, SHA-256, x86_64.
_NUMBERED_NAME = re.compile(r"(?<![\w.])([A-Za-z][A-Za-z]*\d*)[-_](\d+)(?![\w.]*\.\w)")
_COUNTED_NOUN = re.compile(rf"(?:\d|{WORD.pattern})(?=[ -]([a-z]+)\b)", re.IGNORECASE)
_PLAIN_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_LOOK_BACK = 100  # characters: more than the word before a number has
_REFERENCE = re.compile(r"\^\[[^\]]*\]|\[\d+\]|https?://\S+")


@dataclass(frozen=True)
class _Number:
    """A number as it is compared.

    Attributes:
        value: Without groups and leading `v`, with its sign.
        unit: Its unit's one name, or an empty string.
        version: Whether a name or `version` stands before it.
        written: As the text has it.
        also: What else it may mean, as value and unit: `10M` is 10 million, or 10 MB.
    """

    value: str
    unit: str
    version: bool
    written: str
    also: tuple[str, str] | None = None

    @property
    def meanings(self) -> set[tuple[str, str]]:
        """Its values with their units."""
        first = (self.value, self.unit)
        return {first, self.also} if self.also else {first}


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
    known = _Known(number for quote in said for number in _known(quote))
    missing = [number.written for number in _asked(plain) if not known.supports(number)]
    missing += _other_counts(plain, said, known)
    missing += _other_parts(plain, said, known)
    missing += _other_names(plain, said)
    missing += unstated_rates(plain, said)
    return tuple(dict.fromkeys([*missing, *unstated_bounds(plain, said)]))


class _Known:
    """The numbers of the quotes, by the values that they may be asked for with.

    Args:
        numbers: The numbers.
    """

    def __init__(self, numbers: Iterable[_Number]) -> None:
        self._by_value: dict[str, list[_Number]] = {}
        for number in dict.fromkeys(numbers):
            for form in {form for value, _ in number.meanings for form in _forms(value)}:
                self._by_value.setdefault(form, []).append(number)

    def supports(self, asked: _Number) -> bool:
        """Return whether one of them is a number of a claim."""
        values = {value.removesuffix(".0") for value, _ in asked.meanings}
        return any(
            _supports(number, asked) for value in values for number in self._by_value.get(value, ())
        )


def _forms(value: str) -> Iterator[str]:
    """Yield the values under which a number is looked for: its own, and what it begins with."""
    yield value.removesuffix(".0")
    for found in islice(_JOINTS.finditer(value), _MOST_PARTS):
        yield value[: found.start()].removesuffix(".0")


_JOINTS = re.compile(r"[.-]")
_MOST_PARTS = 8  # of a version


def _known(quote: str) -> list[_Number]:
    """Return the numbers that a quote contains, in digits or in words."""
    values = [VALUES[found[0].lower()] for found in WORD.finditer(quote)]
    values += [found[0] for found in _GLUED.finditer(quote)]
    parts = [number for figure in figures_of(quote) for number in _numbers(figure)]
    plain = [_Number(value, "", version=False, written=value) for value in values]
    return [*_numbers(quote), *parts, *plain]


def _plain(text: str, *, keep_urls: bool = False) -> str:
    """Return folded text without references, its dates in ISO form."""
    words = _REFERENCE.sub(lambda found: found[0] if keep_urls else " ", folded(text))
    words = _DAY_FIRST.sub(lambda d: _iso(d[3], d[2], d[1]), words)
    words = _MONTH_FIRST.sub(lambda d: _iso(d[3], d[1], d[2]), words)
    return _MONTH_ALONE.sub(lambda d: _iso(d[2], d[1]), words)


def _iso(year: str, month: str, day: str = "") -> str:
    """Return a date, or a month, as ISO 8601 has it."""
    in_month = f"-{int(day):02}" if day else ""
    return f"{year}-{_MONTHS[month[:3].lower()]:02}{in_month}"


def _supports(known: _Number, asked: _Number) -> bool:
    """Return whether a number of a quote is one of a claim."""
    if _is_same(known, asked) or known.meanings & asked.meanings:
        return True
    if not (known.version or asked.version) and _is_same(_whole(known), _whole(asked)):
        return True
    if re.fullmatch(r"\d{4}-\d\d", asked.value):
        return known.value.startswith(f"{asked.value}-")
    is_version = known.version and (asked.version or "." in asked.value)
    return is_version and known.value.startswith(f"{asked.value}.")


def _whole(number: _Number) -> _Number:
    """Return a number without `.0`: 1.0 is 1, where it is no version."""
    return replace(number, value=number.value.removesuffix(".0"))


def _is_same(known: _Number, asked: _Number) -> bool:
    """Return whether a value is the one asked for; without a unit it may be any but per cent."""
    if known.unit != asked.unit and (
        (known.unit and asked.unit) or "%" in (known.unit, asked.unit)
    ):
        return False
    return known.value == asked.value


def _numbers(text: str) -> list[_Number]:
    """Return the numbers in a text that stand in digits."""
    return [number for match in _NUMBER.finditer(text) for number in _read(text, match)]


def _asked(claim: str) -> list[_Number]:
    """Return the numbers of a claim; those that names end in are looked for with their names."""
    named = {match.start(2) for match in _NUMBERED_NAME.finditer(claim)}
    matches = [match for match in _NUMBER.finditer(claim) if match.start() not in named]
    return [number for match in matches for number in _read(claim, match)]


def _read(text: str, match: re.Match[str]) -> list[_Number]:
    """Return what one match says: a number; for a date its year too, for an address its port."""
    digits, before = match["number"], text[max(0, match.start() - _LOOK_BACK) : match.start()]
    value, written = f"{_ungrouped(digits)}{match['stage'] or ''}", match[0].strip()
    currency = _CURRENCY.search(before)
    unit = currency[1] if currency else _unit(match)
    magnitude = _MAGNITUDE.match(text, match.end("number"))
    suffix = _SUFFIX.match(text, match.end("number"))
    also = None
    if magnitude and _PLAIN_NUMBER.fullmatch(value):
        value = _times(value, _MAGNITUDES[magnitude[1].lower()])
        written, unit = f"{digits} {magnitude[1]}", currency[1] if currency else ""
    elif suffix and _PLAIN_NUMBER.fullmatch(value):
        factor, size = _SUFFIXES[suffix[0].lower()]
        also, value, written = (value, size), _times(value, factor), f"{digits}{suffix[0]}"
    if _MINUS.search(before):
        value, written = f"-{value}", f"-{written}"
    version = not unit and (
        digits[0] in "vV" or digits.count(".") > 1 or bool(_OF_VERSION.search(before))
    )
    return [_Number(value, unit, version, written, also), *_parts(digits)]


def _unit(match: re.Match[str]) -> str:
    """Return the one name of the unit behind a number, or nothing."""
    return _UNITS.get((match["unit"] or match["sign"] or "").lower(), "%" if match["cent"] else "")


def _times(value: str, factor: int) -> str:
    """Return a value multiplied, as it is written in full."""
    return f"{float(value) * factor:.15g}"


def _parts(digits: str) -> list[_Number]:
    """Return what a date or an address contains: the year, the port."""
    if re.fullmatch(r"\d{4}-\d\d(?:-\d\d)?", digits):
        return [_Number(digits[:4], "", version=False, written=digits)]
    if re.fullmatch(r"[\d.]+:\d+", digits) and digits.count(".") > 1:
        return [_Number(digits.partition(":")[2], "", version=False, written=digits)]
    return []


def _ungrouped(number: str) -> str:
    """Return a number in full: `1,000`, `1 000`, `1_000` and `1e3` are 1000."""
    number = number.lower().removeprefix("v")
    if "e" in number:
        return f"{float(number):.15g}"
    grouped = re.fullmatch(r"\d{1,3}(?:[, _]\d{3})+(\.\d+)?", number)
    return re.sub("[, _]", "", number) if grouped else number


def _other_counts(claim: str, said: list[str], known: _Known) -> list[str]:
    """Return numbers in words where a quote counts the same thing and has another number."""
    missing = []
    counted = {noun[1].lower() for quote in said for noun in _COUNTED_NOUN.finditer(quote)}
    for found in COUNTED.finditer(claim):
        value = VALUES[(found[1] or found[2]).lower()]
        unit = "x" if found[1] else _UNITS.get(found[3].lower(), "")
        asked = _Number(value, unit, version=False, written=found[0])
        if known.supports(asked):
            continue
        noun = "" if found[1] else found[3].lower().removesuffix("s")
        if unit or (noun and {noun, f"{noun}s"} & counted):
            missing.append(found[0])
    return missing


def _other_parts(claim: str, said: list[str], known: _Known) -> list[str]:
    """Return the parts and multiples (`half the size`) of a claim that no quote states."""
    in_words = {figure for quote in said for figure in figures_of(quote)}
    return [
        words
        for words, figures in measured_parts(claim)
        if not in_words.intersection(figures)
        and not any(known.supports(asked) for figure in figures for asked in _numbers(figure))
    ]


def _other_names(claim: str, said: list[str]) -> list[str]:
    """Return names such as SHA-256 of which the quotes have other numbers alone."""
    names = {(n[1].lower(), n[2]) for quote in said for n in _NUMBERED_NAME.finditer(quote)}
    return [
        found[0]
        for found in _NUMBERED_NAME.finditer(claim)
        if found[1].lower() in {name for name, _ in names}
        and (found[1].lower(), found[2]) not in names
    ]
