"""Figures that a quote has without writing them: rounded, as a share, as a sum or a difference.

Precision comes first: a claim may say `15 % free` of a quote that says `85 % used`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from http import HTTPStatus
from itertools import combinations

from footnotary.match.number_words import VALUES, WORD, periods_in
from footnotary.match.numbers import Number, known_numbers, supports_number
from footnotary.match.units import bare_units, converted_sizes, dimension, is_same_amount
from footnotary.rules.claim_bounds import bounds_in

_ABOUT = re.compile(
    r"(?:\b(?:about|around|roughly|approximately|approx\.?|nearly|almost|some|circa|ca\.|etwa|rund"
    r"|ungefähr|environ|unos|unas|aproximadamente|alrededor de|cerca de|ongeveer)"
    r"|~|\u2248)\s?$",
    re.IGNORECASE,
)
_ABOVE = re.compile(
    r"(?:\b(?:more than|over|above|exceeds?|mehr als|über|plus de|más de|più di|mais de)|>)\s?$",
    re.IGNORECASE,
)
_AT_LEAST = re.compile(
    r"(?:\b(?:at least|mindestens|au moins|al menos)|>=|\u2265)\s?$", re.IGNORECASE
)
_BELOW = re.compile(
    r"(?:\b(?:less than|fewer than|under|below|weniger als|unter|moins de|menos de|meno di)|<)\s?$",
    re.IGNORECASE,
)
_RETRIED = re.compile(r"\bretr(?:y|ie[sd])\b", re.IGNORECASE)
_TRIED = re.compile(r"\b(?:tried|tries|attempts?|attempted)\b", re.IGNORECASE)
_POINTS = re.compile(r"\bpoints?\b|\bpp\b|Punkt|punto|ponto", re.IGNORECASE)
_CLOSE, _ROUND, _FAR = 0.05, 0.1, 0.5
_SUMMED = re.compile(
    r"\b(?:additional(?:ly)?|more|extra|plus|further|on top|overflow|total|in all|together"
    r"|altogether|combined|times|each|insgesamt|en total|au total)\b",
    re.IGNORECASE,
)
_COMPARED = re.compile(
    r"\b(?:\w+er|more|less|fewer|times|by|save[sd]?|difference|grew|grow\w*|fell|fall\w*|drop\w*"
    r"|increase\w*|decrease\w*|reduc\w*|doubl\w*|tripl\w*|halv\w*|half|twice|as (?:much|many)|free"
    r"|left|remain\w*)\b",
    re.IGNORECASE,
)
_LEAST_SETTING = 60
_FEW = 6  # numbers of a quote that are combined with each other
_COUNT = rf"(\d{{1,3}}|{WORD.pattern})"
_SHARE = re.compile(
    rf"(?<![\w.]){_COUNT}(?: [a-z]+)? (?:in|of|out of) (?:every )?{_COUNT}(?![\w.])", re.IGNORECASE
)
_PERCENTILE = re.compile(r"\bp(\d\d)\b|\b(\d\d)th[ -]percentile", re.IGNORECASE)
_ORDINARY = frozenset({"OK", "Created", "Accepted", "Continue", "Found", "Gone", "Processing"})
_PHRASES = tuple(
    (str(int(status)), status.phrase, re.compile(rf"\b{re.escape(status.phrase)}\b"))
    for status in HTTPStatus
    if status.phrase not in _ORDINARY
)
_BARE = ("", "bare")  # marks a number that may be of any unit but those that the quote names


def figures_of_quote(quote: str) -> Iterator[Number]:
    """Yield what a quote says in figures, words, names of statuses and units that stand alone."""
    found = known_numbers(quote)
    units = [*bare_units(quote), *(unit for _, unit in periods_in(quote))]
    for number in found:
        if number.unit or number.version or not units:
            yield number
        else:
            yield from (replace(number, unit=unit) for unit in dict.fromkeys(units))
            yield replace(number, also=_BARE)
    for code, phrase, whole in _PHRASES:
        if phrase in quote and whole.search(quote):
            yield Number(code, "", version=False, written=code)
    for percent, written in shares_in(quote):
        yield Number(percent, "%", version=False, written=written)
    yield from _sums(quote, found)


def shares_in(text: str) -> Iterator[tuple[str, str]]:
    """Yield the shares that a text states as `nine of ten` or `p90`: per cent, as written.

    Args:
        text: A claim or a quote in plain form.
    """
    for found in _SHARE.finditer(text):
        part, whole = (int(VALUES.get(word.lower(), word)) for word in found.groups())
        if 0 < part < whole:
            yield f"{100 * part / whole:.4g}", found[0]
    for found in _PERCENTILE.finditer(text):
        yield found[1] or found[2], found[0]


def _sums(quote: str, found: Sequence[Number]) -> Iterator[Number]:
    """Yield the sums of a quote's counts, where it says that one comes on top of another."""
    whole = [int(n.value) for n in found if n.value.isdigit() and not n.unit and not n.version]
    if _SUMMED.search(quote) and len(whole) <= _FEW:
        for one, other in combinations(whole, 2):
            yield Number(str(one + other), "", version=False, written=f"{one} + {other}")


def is_figure(known: Number, asked: Number, quote_figures: Sequence[Number]) -> bool:
    """Return whether one figure of a quote is the number asked for.

    Args:
        known: A figure of the quote.
        asked: A number of the claim.
        quote_figures: All of them: a unit that the quote names is the one of a bare number.
    """
    if known.also != _BARE:
        return (
            supports_number(known, asked)
            or _is_setting(known, asked)
            or is_rounded_size(known, asked)
        )
    named = {dimension(one.unit) for one in quote_figures if one.value == known.value and one.unit}
    return dimension(asked.unit) not in named and supports_number(replace(known, also=None), asked)


def _is_setting(known: Number, asked: Number) -> bool:
    """Return whether a bare number is a time in seconds or milliseconds: `ttl = 3600`, 1 hour."""
    if known.unit or known.version or not known.value.isdigit() or not asked.unit:
        return False
    return int(known.value) >= _LEAST_SETTING and any(
        is_same_amount(known.value, unit, asked.value, asked.unit) for unit in ("s", "ms", "b")
    )


def is_rounded_size(known: Number, asked: Number) -> bool:
    """Return whether a size of a quote is the claim's in another unit, rounded as it is written.

    Args:
        known: A figure of the quote: `250000 bytes`.
        asked: A number of the claim: `244 KiB`.
    """
    return (
        known.unit != asked.unit
        and dimension(known.unit) == dimension(asked.unit) == "size"
        and any(
            format(size, f".{len(asked.value.partition('.')[2])}f") == asked.value
            for size in converted_sizes(known.value, known.unit, asked.unit)
        )
    )


def follows(asked: Number, before: str, claim: str, quotes: Sequence[str]) -> bool:
    """Return whether a number follows from those of the quotes.

    Args:
        asked: A number of the claim.
        before: What is before it there.
        claim: The claim in plain form.
        quotes: Words of the sources in plain form.
    """
    value = _float(asked.value)
    if value is None or not value:
        return False
    if not asked.unit and _POINTS.search(claim):
        asked = replace(asked, unit="%")  # a difference of two of them
    for quote in quotes:
        figures, bound = _readings(quote)
        exact = [
            float(one.value)
            for one in figures
            if asked.unit in (one.unit, one.also[1] if one.also else None) and not one.version
        ]
        if any(_is_rounded(value, one, before, is_bound=one in bound) for one in exact):
            return True
        if asked.unit == "%" and any(abs(value + one - 100) < 1e-9 for one in exact):  # noqa: PLR2004  per cent
            return True
        is_tried = asked.unit in ("", "x") and _RETRIED.search(quote) and _TRIED.search(claim)
        if is_tried and value - 1 in (float(one.value) for one in figures if not one.version):
            return True  # the first one is no retry
        if len(exact) > _FEW:
            continue
        apart = {abs(one - other) for one, other in combinations(exact, 2)}
        apart = apart if _COMPARED.search(claim) else set()
        if _is_combined(value, asked.unit, exact, figures, claim) or any(
            _is_rounded(value, one, before, is_bound=False) for one in apart
        ):
            return True
    return False


@lru_cache(maxsize=16)
def _readings(quote: str) -> tuple[tuple[Number, ...], frozenset[float]]:
    """Return the numbers of a quote that can be reckoned with, each once, and those of bounds."""
    figures = (one for one in known_numbers(quote) if _float(one.value) is not None)
    bounds = (_float(one.number.value) for one in bounds_in(quote))
    return tuple(dict.fromkeys(figures)), frozenset(one for one in bounds if one)


def _is_rounded(value: float, exact: float, before: str, *, is_bound: bool) -> bool:
    """Return whether a claim rounds a number, and says so: about, more than, less than."""
    apart = (exact - value) / value
    if _ABOUT.search(before):
        return abs(apart) <= _CLOSE or round(exact) == value
    if _AT_LEAST.search(before):
        return 0 < apart <= _ROUND
    if _ABOVE.search(before):
        return 0 < apart < (_ROUND if is_bound else _FAR)
    if _BELOW.search(before):
        return 0 < -apart < (_ROUND if is_bound else _FAR)
    return False


def _is_combined(
    value: float, unit: str, exact: Sequence[float], figures: Sequence[Number], claim: str
) -> bool:
    """Return whether a number is the total, difference or ratio of two of a quote."""
    summed, compared = _reckons(claim)
    if summed:
        totals = {one + other for one, other in combinations(exact, 2)} | {sum(exact)}
        plain = [float(one.value) for one in figures if not one.version]
        totals |= {one * other for one, other in combinations(plain, 2)}
        if value in totals:
            return True
    if not compared:
        return False
    pairs = list(combinations(exact, 2))
    if unit == "%" and not _POINTS.search(claim):
        pairs = []  # 2 % and 3 % are a point apart, or half as much again
    if value in {abs(one - other) for one, other in pairs}:
        return True
    alike: dict[str, list[float]] = {}
    for one in figures:
        alike.setdefault(one.unit, []).append(float(one.value))
    return unit in ("%", "x") and any(
        is_ratio(value, unit, one, other)
        for values in alike.values()
        for one, other in combinations(values[:_FEW], 2)
    )


@lru_cache(maxsize=16)
def _reckons(claim: str) -> tuple[bool, bool]:
    """Return whether a claim adds up, and whether it compares; asked for each of its numbers."""
    return _SUMMED.search(claim) is not None, _COMPARED.search(claim) is not None


def is_ratio(value: float, unit: str, one: float, other: float) -> bool:
    """Return whether two numbers are so many times, or per cent, apart."""
    small, large = sorted((one, other))
    if small <= 0 or small == large:
        return False
    ratios = (
        {large / small}
        if unit == "x"
        else {
            100 * (large - small) / large,
            100 * (large - small) / small,
            100 * small / large,
        }
    )
    return any(abs(ratio - value) <= _CLOSE * value / 5 for ratio in ratios)


def _float(value: str) -> float | None:
    """Return a value as a number, None for a version or a day."""
    try:
        return float(value)
    except ValueError:
        return None
