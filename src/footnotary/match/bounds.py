"""Bounds and rates of a claim (`at most`, `per hour`) that none of its quotes states."""

import re

_THAN = r"(?=\W+(?:\w+\W+){0,2}?\d)"
_LARGER = r"more|greater|larger|longer|bigger|higher|older|newer|later"
_SMALLER = r"less|fewer|smaller|shorter|lower|younger|earlier"
_NO = r"(?:\bno|\bnot|n't|\bcannot|\bnever)(?: be)? "
_NOT_MORE = rf"{_NO}(?:(?:{_LARGER}) than|exceed\w*)\b|\b(?:{_SMALLER}) than or equal\b"
_NOT_LESS = rf"{_NO}(?:{_SMALLER}) than\b|\b(?:{_LARGER}) than or equal\b"
# What a claim states and, where a quote has more ways of stating it, those.
_BOUNDS = (
    (
        (
            rf">=|\u2265|\bat least\b|{_NOT_LESS}|\bminimum\b|\d\+"
            r"|\bor (?:more|later|newer|higher|above|greater)\b"
        ),
        (
            r"\bmin(?:\.|_|(?= \d))|\bstarting (?:with|from)\b|\bonwards?\b"
            r"|\band (?:later|newer|above|up|higher)\b"
        ),
    ),
    (
        (
            rf"<=|\u2264|\bat most\b|{_NOT_MORE}|\bup to\b|\bmaximum\b"
            r"|\bor (?:less|fewer|earlier|older|lower|below)\b"
        ),
        r"\bmax(?:\.|_|\b)|\blimit(?:s|ed)?\b|\bupper bound\b|\bcapped\b|\bwithin\b",
    ),
    (
        (
            rf"(?<![-=<])>(?!=)|\b(?:{_LARGER}) than\b{_THAN}|\bexceed\w*\b"
            r"|\bover\b(?= \d)|\babove\b(?= \d)"
        ),
        rf"\bbeyond\b|\b(?:{_LARGER}) than\b",
    ),
    (
        rf"<(?![\w=/!])|\b(?:{_SMALLER}) than\b{_THAN}|\bunder\b(?= \d)|\bbelow\b(?= \d)",
        rf"\bwithin\b|\b(?:{_SMALLER}) than\b",
    ),
)
_STATED = tuple(
    (re.compile(claimed), re.compile(f"{claimed}|{quoted}")) for claimed, quoted in _BOUNDS
)
# `cannot be more than` is at most, and no more than.
_DENIED = re.compile(f"{_NOT_MORE}|{_NOT_LESS}")
_STRICT = 2  # from here on a bound leaves out its number
_PERIODS = {
    name: period
    for period, names in {
        "second": "second s sec",
        "minute": "minute min",
        "hour": "hour h hr",
        "day": "day d daily",
        "week": "week weekly",
        "month": "month mo monthly",
        "year": "year yr yearly",
    }.items()
    for name in names.split()
}
_PERIOD = "|".join(sorted(_PERIODS, key=len, reverse=True))
_RATE = re.compile(rf"(?:\bper |(?<=[a-z0-9])/)({_PERIOD})\b", re.IGNORECASE)
_QUOTED_RATE = re.compile(rf"(?:\b(?:per|an?|each|every) |/ ?|\b)({_PERIOD})\b", re.IGNORECASE)


def unstated_bounds(claim: str, quotes: list[str]) -> list[str]:
    """Return the bounds of a claim with a number that no quote states.

    Args:
        claim: Folded claim.
        quotes: Folded quotes.
    """
    if not any(character.isdigit() for character in claim):
        return []
    words = claim.lower()
    missing = []
    for place, (claimed, stated) in enumerate(_STATED):
        found = claimed.search(_undenied(words) if place >= _STRICT else words)
        if found and not any(
            stated.search(_undenied(quote.lower()) if place >= _STRICT else quote.lower())
            for quote in quotes
        ):
            missing.append(found[0].strip())
    return missing


def unstated_rates(claim: str, quotes: list[str]) -> list[str]:
    """Return the rates of a claim (`per hour`) of which the quotes have other periods alone.

    Args:
        claim: Folded claim.
        quotes: Folded quotes.
    """
    said = {_PERIODS[found[1].lower()] for quote in quotes for found in _RATE.finditer(quote)}
    known = {
        _PERIODS[found[1].lower()] for quote in quotes for found in _QUOTED_RATE.finditer(quote)
    }
    return [
        found[0]
        for found in _RATE.finditer(claim)
        if said and _PERIODS[found[1].lower()] not in known
    ]


def _undenied(text: str) -> str:
    """Return text without bounds that are denied: they are the opposite ones."""
    return _DENIED.sub(" ", text)
