"""Numbers, units, versions and days of a claim that none of its quotes has.

A number that only names something (a section, an issue, the version of the subject), or that an
author decides (`we retry 3 times`), is nothing that a source has to say.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from footnotary.match.number_words import (
    COUNTED,
    COUNTS,
    VALUES,
    WORD,
    amounts_in_words,
    figures_of,
    measured_parts,
)
from footnotary.match.numbers import (
    MONTH,
    NUMBERED_NAME,
    Number,
    is_of_one_kind,
    known_numbers,
    numbers_in,
    supports_number,
)
from footnotary.match.units import UNITS, dimension
from footnotary.rules.claim_bounds import keeps_bound, unstated_rates
from footnotary.rules.claim_figures import figures_of_quote, follows, is_figure, shares_in
from footnotary.rules.claim_versions import (
    asserts_version,
    is_covered,
    is_of_subject,
    is_too_old,
    says_version,
)

_NAMED_BY = re.compile(
    r"(?:\b(?:sections?|tables?|figures?|fig\.|chapters?|appendix|steps?|parts?|pages?|p\.|lines?"
    r"|rules?|items?|notes?|levels?|layers?|phases?|stages?|questions?|examples?|listings?"
    r"|issues?|tickets?|PR|pull requests?|ADR|articles?|Abschnitt|Kapitel|Seite|Tabelle|Schritt"
    r"|sección|tabla|página|paso|figura|capítulo|chapitre|étape|tableau)|#|\u00a7|\bno\.|\bnr\.)\s?$",
    re.IGNORECASE,
)
_NO_NUMBER = re.compile(
    r"^\s*\(?\d{1,2}[.)]\s|\(\d\)|\b[1n][:\-][nm1]\b|\b24/7\b|\b\dxx\b|"
    r"\S{1,100}\.[a-z]{1,5}:\d+\b|\b\d-based\b|\{\d+\}|\b\d+\.x\b"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th|\.)?(?: of| de)? (?:{MONTH})\b|\b(?:{MONTH}) \d{{1,2}}(?!\d)"
    r"|(?-i:\b[a-z]\w+/\d+\b)"
    r"|(?:\be\.g\.|\bfor example|\bsuch as|\bz\. ?B\.|\bp\. ?ex\.|\bpor ejemplo)"
    r"[^.;)]*(?:\.\d[^.;)]*)*",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"\d+(?:\.\d+){3}(?::\d+)?")
_CLAUSE = re.compile(
    r"[;()\u2014\u2013]|,(?!\d)|\s-\s"
    r"|\b(?:because|as|so|while|whereas|but|since(?! v?\d)|weil|da|parce que|porque)\b"
)
_OWN = re.compile(
    r"\b(?:(?i:we|our|ours|us|my|wir|unsere?[rnms]?|uns|nous|notre|nos|nuestr[oa]s?|nosotros)|I(?![/-]))\b"
)
# `twice as fast` is a figure; `twice a day` is a frequency.
_FACTOR = re.compile(r" (?:as|the|that|its|their|more|less|\w+er)\b", re.IGNORECASE)
_TIMES = re.compile(rf"(?:\b(?:twice|thrice)|(?:\d|{WORD.pattern})[ -]times)\b", re.IGNORECASE)
_OFTEN = re.compile(r" (?:an?|per|each|every|daily|hourly|weekly)\b", re.IGNORECASE)
# What an author concludes from it: `it is retried twice, so it runs three times`.
_CONCLUDED = re.compile(
    r"^(?:so|thus|hence|therefore|that is|which makes|in all|together|also|donc|así que)\b"
)
# What we may do is said by the source; what we do is not.
_BOUND_BY = re.compile(r"\b(?:may|can|cannot|must|have to|need|allowed|limited|at most|at least)\b")
# What is counted by the claim itself, not by its source.
_NO_COUNT = re.compile(
    r"\b(?:the|these|those|of|all|both|other|there are|our|any|its)\s$", re.IGNORECASE
)
_OF_NOTHING = re.compile(
    r"(?:third|quarter|reason|way|thing|step|part|kind|type|case|option|point|time|form|level|sort|mode|side)s?$",
    re.IGNORECASE,
)
_PLACED_ON = re.compile(r"\b(?:on|under|with|auf|mit|sous|avec|con) $", re.IGNORECASE)
_LOOSELY = re.compile(r" or (?:two|so|more|less|thereabouts)\b", re.IGNORECASE)
_AMOUNT_OF = re.compile(
    r"\b(?:after|for|within|of|than|least|most|lasts?|takes?|is|are|nach|für|innerhalb|après"
    r"|pendant|durant|de|tras|durante|dopo|na|após)\s$",
    re.IGNORECASE,
)
_RELEASE = re.compile(r"(?<![\w-])([A-Za-z][\w.-]*) $")
_ORDINAL = re.compile(r"(\d{1,2})(?:st|nd|rd|th)")
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True)
class Missing:
    """A number of a claim that no quote has.

    Attributes:
        kind: `number`, `unit`, `version`, `release` (a version that the claim only
            names) or `date`.
        written: As the claim has it.
        said: What the quotes have of its kind, as they write it.
    """

    kind: str
    written: str
    said: tuple[str, ...] = ()


def missing_numbers(claim: str, quotes: Sequence[str]) -> Iterator[Missing]:
    """Yield the numbers of a claim that no quote contains, in its order.

    Numbers are equal whatever their groups, unit or date's form: `40 %` is `40%`, `1,000` is
    `1000`, `60 min` is `1 hour`, and `three` supports `3`.
    """
    known = tuple(dict.fromkeys(number for quote in quotes for number in figures_of_quote(quote)))
    named = {name.start(2) for name in NUMBERED_NAME.finditer(claim)}
    skipped = _skipped(claim)
    for number in numbers_in(claim):
        if any(first <= number.start < last for first, last in skipped) or number.start in named:
            continue
        if not _is_said(number, claim, known, quotes):
            is_beyond = number.version and keeps_bound(number, claim, quotes) is False
            kind = "version" if is_beyond else _kind(number, claim, known)
            yield Missing(kind, number.written, _alike(number, known))
    yield from _other_amounts(claim, quotes, known)
    counts = tuple(dict.fromkeys(one.written for one in known if one.start >= 0 and not one.unit))
    for words in _other_in_words(claim, quotes, known):
        yield Missing("number", words, counts)
    for words in unstated_rates(claim, list(quotes)):
        yield Missing("unit", words)


def is_said_in(written: str, texts: Sequence[str]) -> bool:
    """Return whether texts beside the quotes have a number: a title, a day, a version."""
    known = [number for text in texts for number in figures_of_quote(text)]
    asked = numbers_in(written) or known_numbers(written)
    return bool(asked) and all(
        any(is_figure(other, number, known) for other in known) for number in asked
    )


def _is_said(number: Number, claim: str, known: Sequence[Number], quotes: Sequence[str]) -> bool:
    """Return whether the quotes have a number, or say what it follows from."""
    if any(is_figure(other, number, known) for other in known):
        return True
    is_kept = keeps_bound(number, claim, quotes)
    return _is_implied(number, claim, known, quotes) if is_kept is None else is_kept


def _is_implied(number: Number, claim: str, known: Sequence[Number], quotes: Sequence[str]) -> bool:
    """Return whether a number follows from the quotes, or is nothing that they have to say."""
    if number.value.isdigit() and not number.unit and says_version(claim, number):
        number = replace(number, version=True)  # `needs 125` of `Firefox 125.0`
        if any(supports_number(other, number) for other in known):
            return True
    is_old = is_too_old(number, claim, quotes)
    if is_old or _is_of_release(number, claim, quotes) or _is_day_of(number, known):
        return True
    if _ADDRESS.fullmatch(number.value) and not any(_ADDRESS.search(quote) for quote in quotes):
        return True
    if number.version or ("." in number.value and not number.unit and _runs_on(number, claim)):
        return is_of_subject(number, claim, quotes) or is_covered(number, claim, quotes)
    return follows(number, number.before(claim), claim, quotes)


def _is_of_release(number: Number, claim: str, quotes: Sequence[str]) -> bool:
    """Return whether a number names the release that the claim is about: `pytest 8 dropped …`.

    A quote has a version of it, or the claim begins with a name that no quote has.
    """
    name = _RELEASE.search(number.before(claim))
    if name is None or number.unit:
        return False
    release = rf"(?<!\w){re.escape(name[1])}[ -]v?{re.escape(number.value)}\.\d"
    if any(re.search(release, quote, re.IGNORECASE) for quote in quotes):
        return True
    is_first = name.start() == 0 and name[1][0].islower() and number.value.isdigit()
    return is_first and not any(name[1] in quote.lower() for quote in quotes)


def _is_day_of(number: Number, known: Sequence[Number]) -> bool:
    """Return whether a number is the day of a date: `the 15th` of 2026-11-15."""
    day = _ORDINAL.fullmatch(number.written)
    return day is not None and any(
        one.is_day and one.value.endswith(f"-{int(day[1]):02}") for one in known
    )


def _runs_on(number: Number, claim: str) -> bool:
    """Return whether a number with a point is what something runs on: `does not run on 3.12`."""
    return _PLACED_ON.search(number.before(claim)) is not None


def _skipped(claim: str) -> list[tuple[int, int]]:
    """Return where numbers stand that name something or are the author's own."""
    spans = [found.span() for found in _NO_NUMBER.finditer(claim)]
    spans += [(at, at + len(words)) for _, words in shares_in(claim) for at in [claim.find(words)]]
    for number in numbers_in(claim):
        behind = claim[number.end : number.end + 1]
        glued = behind.isalpha() and behind.isascii() and not number.unit and number.also is None
        if _NAMED_BY.search(number.before(claim)) or glued:
            spans.append((number.start, number.end))
    edges = [0, *(found.start() for found in _CLAUSE.finditer(claim)), len(claim)]
    for first, last in pairwise(edges):
        clause = claim[first:last]
        is_own = _OWN.search(clause) and not _BOUND_BY.search(clause)
        if is_own or _CONCLUDED.match(clause.lstrip(" ,;:")):
            spans.append((first, last))
    return spans


def _kind(number: Number, claim: str, known: Sequence[Number]) -> str:
    """Return what sort of number is missing."""
    if number.is_day or (_YEAR.fullmatch(number.value) and not number.unit):
        return "date"
    if number.unit and any(
        other.value == number.value and other.unit not in ("", number.unit) for other in known
    ):
        return "unit"
    if "." in number.value and not number.unit and (number.version or says_version(claim, number)):
        return "version" if asserts_version(claim) else "release"
    return "number"


def _alike(number: Number, known: Sequence[Number]) -> tuple[str, ...]:
    """Return what the quotes have instead, as they write it: of its kind, in digits, or all."""
    written = [other for other in known if other.written]
    digits = [other for other in written if other.start >= 0] or written
    alike = [other for other in digits if is_of_one_kind(number, other)]
    return tuple(dict.fromkeys(other.written for other in alike or digits))


def _other_amounts(claim: str, quotes: Sequence[str], known: Sequence[Number]) -> Iterator[Missing]:
    """Yield amounts in words (`after an hour`) where the quotes have others of their kind."""
    for value, unit, written, start in amounts_in_words(claim):
        if unit == "x" and not _is_factor(claim, start + len(written), quotes):
            continue
        is_one = value in ("1", "0.5")
        if is_one and not _AMOUNT_OF.search(claim[:start]):
            continue
        if any(first <= start < last for first, last in _skipped(claim)):
            continue
        asked = Number(value, unit, version=False, written=written)
        others = [each for each in known if dimension(each.unit) == dimension(unit)]
        said = any(is_figure(each, asked, known) for each in known if each.unit or value != "1")
        said = said or any(is_figure(each, asked, known) for each in known if each.start >= 0)
        if _LOOSELY.match(claim, start + len(written)):
            continue
        if (others or not is_one) and not said and not follows(asked, claim[:start], claim, quotes):
            yield Missing("number", written, _alike(asked, known))


def _is_factor(claim: str, end: int, quotes: Sequence[str]) -> bool:
    """Return whether `three times` is a factor, or counts what a quote counts so, too."""
    if _FACTOR.match(claim, end):
        return True
    often = _OFTEN.match(claim, end) is not None
    return any(often in _counts_of_times(quote) for quote in quotes)


@lru_cache(maxsize=16)
def _counts_of_times(quote: str) -> frozenset[bool]:
    """Return whether a quote counts times (False), and times a day (True)."""
    return frozenset(
        _OFTEN.match(quote, found.end()) is not None for found in _TIMES.finditer(quote)
    )


def _other_in_words(claim: str, quotes: Sequence[str], known: Sequence[Number]) -> Iterator[str]:
    """Yield counts, parts and names of which the quotes have others alone."""
    yield from _other_counts(claim, quotes, known)
    yield from _other_parts(claim, quotes, known)
    names = {(n[1].lower(), n[2]) for quote in quotes for n in NUMBERED_NAME.finditer(quote)}
    yield from (
        found[0]
        for found in NUMBERED_NAME.finditer(claim)
        if found[1].lower() in {name for name, _ in names}
        and (found[1].lower(), found[2]) not in names
    )


def _other_counts(claim: str, quotes: Sequence[str], known: Sequence[Number]) -> Iterator[str]:
    """Yield numbers in words where a quote has another number for the same thing."""
    skipped = _skipped(claim)
    for found in COUNTED.finditer(claim):
        is_own = any(first <= found.start() < last for first, last in skipped)
        if is_own or (found[1] and not _is_factor(claim, found.end(), quotes)):
            continue
        unit = "x" if found[1] else UNITS.get(found[3].lower(), "")
        if unit and not found[1]:
            continue  # amounts of time and size are looked at as such
        value = COUNTS[(found[1] or found[2]).lower()]
        asked = Number(value, unit, version=False, written=found[0])
        if any(supports_number(other, asked) for other in known):
            continue
        if unit or _counts(found[3], quotes) or _is_the_only_number(found, claim, known):
            yield found[0]


def _counts(noun: str, quotes: Sequence[str]) -> bool:
    """Return whether quotes count a thing."""
    name = re.escape(noun.lower().removesuffix("s"))
    setting = rf"(?:\b|_){name}s?[\"'`]? ?[=:] ?\d|--[\w-]*{name}s? \d"
    counted = rf"(?:\d|{WORD.pattern})[ -]{name}s?\b|{setting}"
    return any(re.search(counted, quote, re.IGNORECASE) for quote in quotes)


def _is_the_only_number(found: re.Match[str], claim: str, known: Sequence[Number]) -> bool:
    """Return whether claim and quotes have one number each: then they speak of the same thing."""
    in_digits = {each.value for each in known if each.start >= 0 and not each.unit}
    of_something = not _NO_COUNT.search(claim[: found.start()]) and not _OF_NOTHING.match(found[3])
    others = [each for each in known if each.start < 0 and each.written]
    plural = found[3].lower().endswith("s") or (found[2] or "").lower() not in VALUES
    alone = not numbers_in(claim) and len(list(COUNTED.finditer(claim))) == 1
    return of_something and plural and alone and len(in_digits) == 1 and not others


def _other_parts(claim: str, quotes: Sequence[str], known: Sequence[Number]) -> Iterator[str]:
    """Yield the parts and multiples (`half the size`) of a claim that no quote states."""
    in_words = {figure for quote in quotes for figure in figures_of(quote)}
    skipped = _skipped(claim)
    for words, figures in measured_parts(claim):
        at = claim.index(words)
        if any(first <= at < last for first, last in skipped):
            continue
        asked = [number for figure in figures for number in numbers_in(figure)]
        before = claim[: claim.index(words)]
        said = any(_is_share(other, number) for number in asked for other in known) or any(
            follows(number, before, claim, quotes) for number in asked
        )
        if not said and not in_words.intersection(figures):
            yield words
    yield from _other_shares(claim, quotes, known)


def _is_share(known: Number, asked: Number) -> bool:
    """Return whether a number is the one of a part: `two thirds` is 67 % and 66.7 %."""
    if supports_number(known, asked):
        return True
    if not known.unit == asked.unit == "%":
        return False
    return abs(float(known.value) - float(asked.value)) < 1


def _other_shares(claim: str, quotes: Sequence[str], known: Sequence[Number]) -> Iterator[str]:
    """Yield the shares (`nine of ten`) of a claim where quotes have others."""
    for percent, words in shares_in(claim):
        asked = [Number(percent, "%", version=False, written=words)]
        shares = [other for other in known if other.unit == "%"]
        before = claim[: claim.index(words)]
        is_said = any(supports_number(other, asked[0]) for other in shares)
        if shares and not is_said and not follows(asked[0], before, claim, quotes):
            yield words
