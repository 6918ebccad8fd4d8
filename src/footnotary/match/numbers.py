"""The numbers of a text, as they are compared: values, units, versions, days."""

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache

from footnotary.match.normalization import fold_text
from footnotary.match.number_words import (
    VALUES,
    WORD,
    amounts_in_words,
    figures_of,
    foreign_counts,
    periods_in,
    with_digits,
)
from footnotary.match.units import HAN_UNIT, UNIT, UNITS, dimension, is_same_amount

# A number with its sign, groups and decimals; a version; a date; an address with its port.
_NUMBER = re.compile(
    r"(?<![^\W\u3040-\u30ff\u4e00-\u9fff])(?<!\.)(?P<number>\d{4}-\d\d(?:-\d\d)?(?![\d-])"
    r"|\d+(?:\.\d+)?e[+-]?\d+\b|v?\d+(?:[.,:/_]\d+|(?<=\d)[ ](?=\d{3}(?!\d))\d{3})*)"
    r"(?P<stage>(?<=\.\d)[-.]?(?:a|b|c|rc|alpha|beta|dev|post)\.?\d+\b)?"
    rf"(?:(?P<ordinal>st|nd|rd|th)\b|[\s-]?(?P<unit>{UNIT})\b|\s?(?P<han>{HAN_UNIT})"
    r"|\s?(?P<sign>[%×])|\s(?P<cent>(?:per|pour|por|per) ?(?:cent|ciento|cento)\b))?",
    re.IGNORECASE,
)
# Numbers that a word ends with: HTTP2, TLSv1.3, p99.
_GLUED = re.compile(r"(?<=[A-Za-z])\d+(?:\.\d+)*")
_MINUS = re.compile(r"(?<!\w)-\s?$")
_OF_VERSION = re.compile(r"(?:\b(?:versions?|release|since|v)|[=~<>]=)\s?$")
# A name before a number makes it a version; a word that begins a sentence is no name.
_NAME_BEFORE = re.compile(
    r"\b(?!(?:About|Above|After|Almost|Another|Around|At|Before|Below|Between|By|Default|Exactly"
    r"|Every|Fewer|For|From|In|Least|Less|Limit|Max|Maximum|Min|Minimum|More|Most|Nearly|Only|Over"
    r"|Roughly|Some|Than|The|These|To|Total|Under|Up|Until|With|Within)\b)([A-Z][\w+.-]*)\s?$"
)
_MAGNITUDES = {
    "thousand": 10**3,
    "million": 10**6,
    "billion": 10**9,
    "trillion": 10**12,
}
_MAGNITUDE = re.compile(r"\s?(thousand|million|billion|trillion)\b", re.IGNORECASE)
# `10k` is a thousand of something, and `10M` may be a setting's way to say 10 MB.
_SUFFIXES = {"k": (10**3, "kb"), "m": (10**6, "mb"), "g": (10**9, "gb")}
_SUFFIX = re.compile(r"[kKMG](?!\w)")
_CURRENCY = re.compile(r"([$\u20ac\u00a3])\s?$")
# Names that end in a number: UTF-8, SHA-256, x86_64.
NUMBERED_NAME = re.compile(r"(?<![\w.])([A-Za-z][A-Za-z]*\d*)[-_](\d+)(?![\w.]*\.\w)")
PLAIN_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_REFERENCE = re.compile(r"\^\[[^\]]*\]|\[\^?\d+\]|https?://\S+")
_LISTED = re.compile(r" ?(?:,|and|or|to|-|bis|und|oder|à|et|ou|y|o|a) ?(?:(?:and|or|und|et) )?")
_SHORT = 2  # digits of a version without a point: Python 3, Node 20
_ROOM = 60  # characters before a number that say what it is of
_PORTS = re.compile(r"(\d{3,5}):(\d{2,5})")
_FULL_HOUR = re.compile(r"0?(\d{1,2}):00")
_DOTTED_GROUPS = re.compile(r"\d{1,3}(?:\.\d{3})+")


@dataclass(frozen=True)
class Number:
    """A number as it is compared.

    Attributes:
        value: Without groups and leading `v`, with its sign.
        unit: Its unit's one name, or an empty string.
        version: Whether a name or `version` is before it.
        written: As the text has it.
        also: What else it may mean, as value and unit: `10M` is 10 million, or 10 MB.
        listed: Whether its unit is that of the next number: `60 to 80 %`, `1, 2 and 4 s`.
        start: Where it begins in the plain text; -1 where it is there in words.
        end: Where it ends.
    """

    value: str
    unit: str
    version: bool
    written: str
    also: tuple[str, str] | None = None
    listed: bool = field(default=False, compare=False)
    start: int = field(default=-1, compare=False)
    end: int = field(default=-1, compare=False)

    def before(self, text: str) -> str:
        """Return the words that stand before it in its text."""
        return text[max(0, self.start - _ROOM) : self.start]

    @property
    def meanings(self) -> set[tuple[str, str]]:
        """Its values with their units."""
        first = (self.value, self.unit)
        return {first, self.also} if self.also else {first}

    @property
    def is_day(self) -> bool:
        """Whether it is a day or a month of a year."""
        return re.fullmatch(r"\d{4}-\d\d(?:-\d\d)?", self.value) is not None


@lru_cache(maxsize=1024)  # each rule asks for the same few texts
def plain_numbers(text: str, *, keep_urls: bool = False) -> str:
    """Return folded text without references, its dates in ISO form, long number words in digits."""
    words = _REFERENCE.sub(lambda u: u[0] if keep_urls else " ", fold_text(text))
    return with_iso_days(with_digits(words))


@lru_cache(maxsize=1024)
def numbers_in(text: str) -> tuple[Number, ...]:
    """Return the numbers of a plain text that are in digits."""
    found = [number for match in _NUMBER.finditer(text) for number in _read(text, match)]
    for at in range(len(found) - 2, -1, -1):
        number, following = found[at], found[at + 1]
        joint = text[number.end : following.start]
        if not number.unit and number.also is None and following.unit and _LISTED.fullmatch(joint):
            found[at] = replace(number, also=(number.value, following.unit), listed=True)
        elif following.listed and following.also and _LISTED.fullmatch(joint):
            found[at] = replace(number, also=(number.value, following.also[1]), listed=True)
    return tuple(found)


def known_numbers(quote: str) -> list[Number]:
    """Return the numbers that a plain quote contains, in digits or in words."""
    words = [(VALUES[found[0].lower()], found[0]) for found in WORD.finditer(quote)]
    words += [(found[0], found[0]) for found in _GLUED.finditer(quote)]
    words += list(foreign_counts(quote))
    parts = [number for figure in figures_of(quote) for number in numbers_in(figure)]
    in_words = [Number(value, "", version=False, written=word) for value, word in words]
    amounts = [
        Number(value, unit, version=False, written=written)
        for value, unit, written, _ in amounts_in_words(quote)
    ]
    periods = [Number(value, unit, version=False, written="") for value, unit in periods_in(quote)]
    return [*numbers_in(quote), *parts, *in_words, *amounts, *periods]


def supports_number(known: Number, asked: Number) -> bool:
    """Return whether a number of a quote is one of a claim.

    A version of the quote supports its beginning (`3.12.1` says 3.12), nothing supports a
    longer one.
    """
    if _is_same(known, asked) or any(
        unit == other_unit and value == other
        for value, unit in known.meanings
        for other, other_unit in asked.meanings
    ):
        return True
    if not (known.version or asked.version) and _is_same(_whole(known), _whole(asked)):
        return True
    if re.fullmatch(r"\d{4}-\d\d", asked.value):
        return known.value.startswith(f"{asked.value}-")
    is_version = (known.version or (asked.version and not known.unit)) and (
        asked.version or "." in asked.value
    )
    return is_version and known.value.startswith(f"{asked.value}.")


def _whole(number: Number) -> Number:
    """Return a number without `.0`: 1.0 is 1, where it is no version."""
    return replace(number, value=number.value.removesuffix(".0"))


def _is_same(known: Number, asked: Number) -> bool:
    """Return whether a value is the one asked for; without a unit it may be any but per cent."""
    if known.unit and asked.unit:
        return any(
            is_same_amount(value, unit, other, other_unit)
            for value, unit in known.meanings
            for other, other_unit in asked.meanings
        )
    if "%" in (known.unit, asked.unit) and known.unit != asked.unit:
        return False
    return known.value == asked.value


def is_of_one_kind(number: Number, other: Number) -> bool:
    """Return whether two numbers count the same sort of thing: both seconds, both versions."""
    if number.is_day or other.is_day:
        return number.is_day and other.is_day
    return dimension(number.unit) == dimension(other.unit) and number.version == other.version


def _read(text: str, match: re.Match[str]) -> list[Number]:
    """Return what one match says: a number; for a date its year too, for an address its port."""
    digits, before = match["number"], text[max(0, match.start() - _ROOM) : match.start()]
    value, written = f"{_ungrouped(digits)}{match['stage'] or ''}", match[0].strip()
    currency = _CURRENCY.search(before)
    unit = currency[1] if currency else _unit(match)
    magnitude = _MAGNITUDE.match(text, match.end("number"))
    suffix = _SUFFIX.match(text, match.end("number"))
    also = (digits.replace(".", ""), unit) if _DOTTED_GROUPS.fullmatch(digits) else None
    hour = _FULL_HOUR.fullmatch(digits)
    also = (hour[1], "") if hour else also
    if magnitude and PLAIN_NUMBER.fullmatch(value):
        value = _times(value, _MAGNITUDES[magnitude[1].lower()])
        written, unit = f"{digits} {magnitude[1]}", currency[1] if currency else ""
    elif suffix and PLAIN_NUMBER.fullmatch(value):
        factor, size = _SUFFIXES[suffix[0].lower()]
        also, value, written = (value, size), _times(value, factor), f"{digits}{suffix[0]}"
    if _MINUS.search(before):
        value, written = f"-{value}", f"-{written}"
    version = not unit and _is_version(digits, before)
    number = Number(value, unit, version, written, also, start=match.start(), end=match.end())
    return [number, *_parts(digits, match)]


def _is_version(digits: str, before: str) -> bool:
    """Return whether digits are a version, by their form or by what is before them."""
    if digits[0] in "vV" or digits.count(".") > 1 or _OF_VERSION.search(before):
        return True
    name = _NAME_BEFORE.search(before)
    is_acronym = name is not None and sum(map(str.isupper, name[1])) > 1
    return name is not None and ("." in digits or len(digits) <= _SHORT or is_acronym)


def _unit(match: re.Match[str]) -> str:
    """Return the one name of the unit behind a number, or nothing."""
    named = match["unit"] or match["han"] or match["sign"] or ""
    return UNITS.get(named.lower(), "%" if match["cent"] else "")


def _times(value: str, factor: int) -> str:
    """Return a value multiplied, as it is written in full."""
    return f"{float(value) * factor:.15g}"


def _parts(digits: str, match: re.Match[str]) -> list[Number]:
    """Return what a date or an address contains: the year, the port."""
    part = ""
    start, end = match.span()
    if ports := _ports(digits):
        return [
            Number(port, "", version=False, written=digits, start=start, end=end) for port in ports
        ]
    if re.fullmatch(r"\d{4}-\d\d(?:-\d\d)?", digits):
        part = digits[:4]
    elif re.fullmatch(r"[\d.]+:\d+", digits) and digits.count(".") > 1:
        part = digits.partition(":")[2]
    if not part:
        return []
    return [Number(part, "", version=False, written=digits, start=start, end=end)]


def _ports(digits: str) -> tuple[str, ...]:
    """Return the ports that are joined: `8080:80`, not the hours and minutes of `10:30`."""
    found = _PORTS.fullmatch(digits)
    return tuple(dict.fromkeys(found.groups())) if found else ()


def _ungrouped(number: str) -> str:
    """Return a number in full: `1,000`, `1 000`, `1_000` and `1e3` are 1000."""
    number = number.lower().removeprefix("v")
    if "e" in number:
        return f"{float(number):.15g}"
    grouped = re.fullmatch(r"\d{1,3}(?:[, _]\d{3})+(\.\d+)?", number)
    if re.fullmatch(r"0\d:\d\d", number):
        return number[1:]  # 02:30 is 2:30
    return re.sub("[, _]", "", number) if grouped else number


_NAMES = (
    "january jan januar janvier enero gennaio januari janeiro",
    "february feb februar février fevrier febrero febbraio februari fevereiro",
    "march mar märz mars marzo maart março",
    "april apr avril abril aprile",
    "may mai mayo maggio mei maio",
    "june jun juni juin junio giugno junho",
    "july jul juli juillet julio luglio julho",
    "august aug août agosto augustus",
    "september sep sept septembre septiembre settembre setembro",
    "october oct oktober octobre octubre ottobre outubro",
    "november nov novembre noviembre novembro",
    "december dec dezember décembre diciembre dicembre dezembro",
)
_MONTHS = {name: number for number, names in enumerate(_NAMES, 1) for name in names.split()}
MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
"""Names of months, for a pattern that ignores case."""
_MONTH = rf"({MONTH})(?!\w)\.?"
_OF = r"(?: of| de| del)?"
_DAY_FIRST = re.compile(
    rf"(?<!\w)(\d{{1,2}})(?:st|nd|rd|th|er|\.)?{_OF} {_MONTH},?{_OF} (\d{{4}})\b", re.IGNORECASE
)
_MONTH_FIRST = re.compile(
    rf"(?<!\w){_MONTH} (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}})\b", re.IGNORECASE
)
_DOTTED = re.compile(
    r"(?<![\w.])(0?[1-9]|[12]\d|3[01])\.(0?[1-9]|1[0-2])\.((?:19|20)\d\d)(?![\w.]*\d)"
)
_MONTH_ALONE = re.compile(rf"(?<!\w){_MONTH}{_OF} (\d{{4}})\b", re.IGNORECASE)


def with_iso_days(text: str) -> str:
    """Return text whose days and months are written as ISO 8601 has them."""
    text = _DOTTED.sub(lambda found: f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}", text)
    text = _DAY_FIRST.sub(lambda found: _iso(found[3], found[2], found[1]), text)
    text = _MONTH_FIRST.sub(lambda found: _iso(found[3], found[1], found[2]), text)
    return _MONTH_ALONE.sub(lambda found: _iso(found[2], found[1]), text)


def _iso(year: str, month: str, day: str = "") -> str:
    """Return a day, or a month, as ISO 8601 has it."""
    in_month = f"-{int(day):02}" if day else ""
    return f"{year}-{_MONTHS[month.lower()]:02}{in_month}"
