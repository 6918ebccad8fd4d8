"""Versions in a claim: what it says something about, and what only names its subject."""

import re
from collections.abc import Sequence

from footnotary.match.numbers import Number, numbers_in

# What makes a version more than the name of what the claim is about.
_VERSION_CUE = (
    r"(?:since|until|before|after|as of|added|new|introduced|removed|dropped|deprecated|fixed"
    r"|changed|renamed|requires?|required|needs?|needed|minimum|supports?|supported|support"
    r"|works? with|starting|came|comes?|arrived|brought|landed|appeared|from|up to|only|least|most"
    r"|than|seit|ab|bis|vor|neu|depuis|desde|hasta|avant|version|release)"
)
_CUE_BEFORE = re.compile(rf"\b{_VERSION_CUE}\b(?: \w+)?\W*$|[<>=]=?\s?$", re.IGNORECASE)
_CHANGE = re.compile(
    r"\b(?:since|added|new|introduc\w*|remov\w*|drop(?:s|ped)|deprecat\w*|fix(?:es|ed)|came|brought"
    r"|brings|appeared|arrived|renam\w*|replac\w*|chang\w*|gone|first|exists|seit|ab|neu|depuis"
    r"|desde|entfernt|ajouté\w*|añadid\w*|need(?:s|ed)?|requir\w*|minimum|least|asked for|must"
    r"|or (?:later|newer|higher)|benötigt|nécessaire|necesita)\b",
    re.IGNORECASE,
)
_CUE_BEHIND = re.compile(
    r"\+|,? (?:or|and) (?:later|newer|higher|above|older|earlier|up)\b| onwards?\b"
    r"| (?:(?:is|are|was|were|has|have|been|no longer|not|also|already) )*"
    r"(?:supported|required|needed|added|removed|dropped|introduced|deprecated|adds?|removes?"
    r"|drops?|introduces?|fixes|fixed|changed|renamed|released|enough)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"([^\W\d_][\w.+#-]*?)[ /v-]{0,2}(?:(?:>=|==|<=|[<>]) ?)?$")
_PLACED = re.compile(r"\b(?:on|under|with|for|in|unter|auf|mit|sous|avec|en|con) $", re.IGNORECASE)
_FEW_DIGITS = 2
_NO_NAMES = frozenset({"version", "release", "v", "since", "in"})
_VERSION = re.compile(r"\bv?\d+\.\d+|\bv\d+\b|\bversion \d", re.IGNORECASE)
_WORKS_WITH = re.compile(r"\b(?:support(?:s|ed)?|works?|runs?|compatible)\b", re.IGNORECASE)
_HAS = re.compile(
    r"\b(?:support(?:s|ed)?|works?|runs?|compatible|can|has|have|knows?|offers?|allows?|available"
    r"|understands?|accepts?|provides?|comes? with|includes?)\b",
    re.IGNORECASE,
)
_SINCE = re.compile(
    r"\b(?:since|added|new|introduced|removed|dropped|requires?d?|needs?|minimum|from|until|before"
    r"|after|came|brought|least|first|earliest|oldest)\b",
    re.IGNORECASE,
)
_SINCE_VERSION = re.compile(
    r"\b(?:(?:added|new|introduced|changed|available)(?: in| since)?|since|as of|starting with"
    r"|from)(?: version| release)? (?:[A-Z][\w.+-]* )?v?(\d+(?:\.\d+)+)"
    r"|\bv?(\d+(?:\.\d+)+):? (?:introduc|add|bring|brought)",
    re.IGNORECASE,
)
_FAILS_WITH = re.compile(r"\b(?:not|never|cannot|nicht|pas|no)\b|n't\b", re.IGNORECASE)
_ALONE = re.compile(r"\b(?:only|alone|exactly|nur|seulement|solo|sólo)\b", re.IGNORECASE)
_FROM_VERSION = re.compile(
    r"(?:>=|\u2265)\s?v?(\d+(?:\.\d+)*)|\bv?(\d+(?:\.\d+)*)"
    r"(?:\+| (?:or|and) (?:later|newer|higher|above|up)| onwards?)",
    re.IGNORECASE,
)
_BEFORE_VERSION = re.compile(
    r"(?:\b(?:before|prior to|earlier than|older than|below|lower than)|(?<![=<>])<) ?"
    r"(?:version )?v?(\d+(?:\.\d+)*)",
    re.IGNORECASE,
)
_AFFECTED = re.compile(r"\b(?:affected|vulnerable|insecure|unpatched|exposed)\b", re.IGNORECASE)
_TOO_OLD = re.compile(
    r"\b(?:not|never|isn't) (?:enough|sufficient|supported|new enough)\b"
    r"|\b(?:too old|insufficient)\b",
    re.IGNORECASE,
)
_NEEDS = r"\b(?:require[sd]?|needs?|needed|minimum|at least)(?: \w+){0,2}? "
_RANGE_OF_VERSIONS = re.compile(r"\bv?(\d+(?:\.\d+)*) ?(?:-|to|through|bis|à) ?v?(\d+(?:\.\d+)*)")


def is_of_subject(number: Number, claim: str, quotes: Sequence[str]) -> bool:
    """Return whether a version only names what the claim is about: `Ubuntu 24.04`, `RFC 9110`.

    The claim says nothing about the version, and the quotes have none of that name.

    Args:
        number: A version of the claim.
        claim: The claim in plain form.
        quotes: Words of the sources in plain form.
    """
    before = number.before(claim)
    name = _NAME.search(before)
    if not name or not name[1][0].isupper() or name[1].lower() in _NO_NAMES:
        is_bare = number.written[0] in "vV" and not says_version(claim, number)
        return is_bare and not any(map(_VERSION.search, quotes))
    own = re.compile(rf"(?<!\w){re.escape(name[1])}s?[ /v-]{{0,2}}\d", re.IGNORECASE)
    is_acronym = sum(map(str.isupper, name[1])) > 1
    is_short = "." in number.value or len(number.value) <= _FEW_DIGITS
    if any(map(own.search, quotes)) or not (is_short or is_acronym):
        return False
    if is_acronym and "." not in number.value:
        return True
    if _CUE_BEFORE.search(before[: name.start()]) or _CUE_BEHIND.match(claim, number.end):
        return False
    placed = _PLACED.search(before[: name.start()])
    return placed is not None or not _has_nameless_version(quotes)


def _has_nameless_version(quotes: Sequence[str]) -> bool:
    """Return whether quotes have a version without saying of what: `added in version 3.10`."""
    return any(
        not (found := _NAME.search(number.before(quote))) or found[1].lower() in _NO_NAMES
        for quote in quotes
        for number in numbers_in(quote)
        if number.version or ("." in number.value and not number.unit)
    )


def asserts_version(claim: str) -> bool:
    """Return whether a claim says in which version something changed, or which one is needed."""
    return _CHANGE.search(claim) is not None


def says_version(claim: str, number: Number) -> bool:
    """Return whether a claim says something about a version, rather than naming it."""
    before = number.before(claim)
    return bool(_CUE_BEFORE.search(before) or _CUE_BEHIND.match(claim, number.end))


def is_covered(number: Number, claim: str, quotes: Sequence[str]) -> bool:
    """Return whether a version that works lies in a range that the quotes name.

    Args:
        number: A version of the claim.
        claim: The claim in plain form.
        quotes: Words of the sources in plain form.
    """
    if _is_since(number, claim, quotes) or _is_before(number, claim, quotes):
        return True
    if not _WORKS_WITH.search(claim):
        return False
    if _FAILS_WITH.search(claim) and any(map(_ALONE.search, quotes)):
        return True  # it is for 3.11 alone: it does not run on 3.12
    asked = _parts_of(number.value)
    for quote in quotes:
        for found in _FROM_VERSION.finditer(quote):
            first = _parts_of(found[1] or found[2])
            if first[:1] == asked[:1] and first <= asked:
                return True
        for found in _RANGE_OF_VERSIONS.finditer(quote):
            first, last = _parts_of(found[1]), _parts_of(found[2])
            if first <= asked <= last and len(first) == len(asked):
                return True
    return False


def _is_since(number: Number, claim: str, quotes: Sequence[str]) -> bool:
    """Return whether a claim says that a version has what quotes date to it or an earlier one."""
    if not _HAS.search(claim) or _SINCE.search(claim) or _FAILS_WITH.search(claim):
        return False
    asked = _parts_of(number.value)
    bounds = (found[1] or found[2] for quote in quotes for found in _SINCE_VERSION.finditer(quote))
    return any(_parts_of(bound) <= asked for bound in bounds)


def is_too_old(number: Number, claim: str, quotes: Sequence[str]) -> bool:
    """Return whether a claim calls a version too old, and quotes require a newer one of its name.

    `Java 11 is not enough` of `requires Java 17`.
    """
    name = _NAME.search(number.before(claim))
    if name is None or not _TOO_OLD.search(claim):
        return False
    version = rf"{re.escape(name[1])}[ /v-]{{0,2}}(\d+(?:\.\d+)*)"
    needed = re.compile(_NEEDS + version, re.IGNORECASE)
    bounds = [found[1] for quote in quotes for found in needed.finditer(quote)]
    return bool(bounds) and all(_parts_of(number.value) < _parts_of(one) for one in bounds)


def _is_before(number: Number, claim: str, quotes: Sequence[str]) -> bool:
    """Return whether a version is affected, as one older than what the quotes name as fixed."""
    if not _AFFECTED.search(claim) or _FAILS_WITH.search(claim):
        return False
    asked = _parts_of(number.value)
    bounds = (found[1] for quote in quotes for found in _BEFORE_VERSION.finditer(quote))
    return any(asked < _parts_of(bound) for bound in bounds)


def _parts_of(version: str) -> tuple[int, ...]:
    """Return the numbers of a version."""
    return tuple(int(part) for part in re.findall(r"\d+", version))
