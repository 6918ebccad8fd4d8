"""Whether a quote supports a claim, as far as words can tell: numbers, bounds, negation, strength.

A claim may say less than its quote, and other things beside; what is looked for is only what the
quote contradicts or does not have and would have to. Precision and recall of each rule are those
of docs/claims.md, measured on pairs that were written for it.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from footnotary.match.normalization import bounded, fold_text
from footnotary.match.number_words import UNREAD, compounds_in, has_number
from footnotary.match.numbers import PLAIN_NUMBER, plain_numbers
from footnotary.models import Citation, Claim, StatedBy, Support
from footnotary.rules.claim_bounds import claimed_defaults, other_bounds
from footnotary.rules.claim_exchanges import exchanged_in, other_times
from footnotary.rules.claim_numbers import is_said_in, missing_numbers
from footnotary.rules.claim_relations import (
    bared_in,
    bound_elsewhere,
    conditions_in,
    denied_apart,
    swapped_in,
)
from footnotary.rules.claim_senses import denials_in, opposites_in, overstated_in

Judge = Callable[[str, Sequence[str]], Iterable[tuple[str, str]]]
_MOST_SHOWN = 3
_LAST_STOP = re.compile(r"(?<=[^\s.])\.$")
_ASKING = frozenset("?\u061f")
# What is before and behind a sentence of a page: another one, or the beginning of a block.
_BEGINS = re.compile(r"(?:[.!?\u2026\u3002][\"')\]]*+\s*|[^:\s]\s*\n\s*)$")
_ENDS = re.compile(r".?[.!?\u2026\u3002](?!\w)|.\s*$|.[^\S\n]*+\n\s*+(?![a-z])")


@dataclass(frozen=True)
class Unsupported:
    """Something that a claim says and its quotes do not.

    Attributes:
        rule: One of `RULES` or `NOTED`.
        said: The claim's own words.
        message: What differs, in one sentence.
    """

    rule: str
    said: str
    message: str


RULES = (
    "number",
    "unit",
    "version",
    "date",
    "comparison",
    "negation",
    "strength",
    "relation",
    "condition",
    "binding",
    "exchange",
)
"""The rules, each measured by itself: what they find is refused."""
NOTED = ("release",)
"""Rules that are right too seldom for that: what they find is a note."""
_OF_NUMBERS = frozenset({"number", "unit", "version", "date", "release"})


def unsupported(
    claim: str, quotes: Sequence[str], beside: Sequence[str] = (), rules: Sequence[str] = RULES
) -> tuple[Unsupported, ...]:
    """Return what a claim says that its quotes do not support.

    Args:
        claim: The sentence; markers and addresses in it are no part.
        quotes: Words of the sources; it is enough if one of them says a thing.
        beside: What else is known of the sources, such as title and dates: a number may be there.
        rules: The rules that judge.

    Returns:
        In the order of the rules; empty where nothing is known to be unsupported.
    """
    said = [quote for quote in quotes if quote.strip()]
    if not claim.strip() or not said:
        return ()
    found = {each.said: each for each in _judged(claim, tuple(said)) if each.rule in rules}
    if _OF_NUMBERS.isdisjoint(each.rule for each in found.values()):
        return tuple(found.values())
    known = [plain_numbers(words) for words in beside]
    return tuple(
        each
        for words, each in found.items()
        if each.rule not in _OF_NUMBERS or not is_said_in(words, known)
    )


@lru_cache(maxsize=4096)
def _judged(claim: str, quotes: tuple[str, ...]) -> tuple[Unsupported, ...]:
    """Return what the judges of words find, and where they find nothing those of form."""
    by_words = (*_numbers(claim, quotes), *_asked(_OF_WORDS, claim, quotes))
    if any(each.rule in RULES for each in by_words):
        return by_words
    return (*by_words, *_asked(_OF_FORM, claim, quotes))


def _asked(
    judges: Iterable[tuple[str, Judge]], claim: str, quotes: Sequence[str]
) -> Iterator[Unsupported]:
    """Yield what judges find, each with the name of its rule."""
    for rule, judge in judges:
        for word, message in judge(claim, quotes):
            yield Unsupported(rule, word, message)


def unsupported_by(
    claim: str, records: Sequence[Citation], rules: Sequence[str] = RULES
) -> tuple[Unsupported, ...]:
    """Return what a claim says that the records it rests on do not support.

    Args:
        claim: The sentence.
        records: The records of its markers, or those that hold this very claim.
        rules: The rules that judge.
    """
    beside = [words for each in records for words in _beside(each)]
    return unsupported(claim, [each.quote.exact for each in records], beside, rules)


@dataclass(frozen=True)
class WeighedClaim:
    """A claim held against the records that it rests on.

    Attributes:
        support: `supported` where a quote says it to the letter, `insisted` where a rule has found
            what they do not support, else `undecided`.
        unsupported: What that is.
        joint: Whether one record alone does not support it, and several together do.
    """

    support: Support
    unsupported: tuple[Unsupported, ...] = ()
    joint: bool = False


def weigh_claim(claim: str, records: Sequence[Citation]) -> WeighedClaim:
    """Hold a claim against all records it rests on: the one judgement that everybody asks."""
    found = unsupported_by(claim, records)
    if found:
        return WeighedClaim(Support.INSISTED, found)
    is_said = all(_is_quote_of(each, claim) for each in records)
    return WeighedClaim(Support.SUPPORTED if is_said else Support.UNDECIDED)


def weigh_recorded(claim: str, record: Citation, records: Iterable[Citation]) -> WeighedClaim:
    """Hold a claim against the record that has it, and against all that have it if need be."""
    alone = weigh_claim(claim, [record])
    if not alone.unsupported:
        return alone
    together = unsupported_by(claim, [record, *others_holding(claim, record, records)])
    support = Support.INSISTED if together else Support.UNDECIDED
    return WeighedClaim(support, together, joint=not together)


def known_support(claim: Claim, record: Citation, records: Iterable[Citation]) -> Support:
    """Return what is shown of a claim of a record: judged anew, whatever the record says."""
    if claim.support is Support.INSISTED:
        return Support.INSISTED
    return weigh_recorded(claim.text, record, records).support


def others_holding(
    claim: str, record: Citation, records: Iterable[Citation]
) -> tuple[Citation, ...]:
    """Return the other records that have a claim and were not replaced.

    Args:
        claim: The sentence.
        record: The record that is none of them, nor another one of its quote.
        records: All records.
    """
    return tuple(
        one
        for one in records
        if not one.superseded_by
        and (one.final_url, one.quote.exact) != (record.final_url, record.quote.exact)
        and any(each.is_of(claim) for each in one.claims)
    )


def _is_quote_of(record: Citation, claim: str) -> bool:
    """Return whether a claim is a record's quote to the letter, and that is whole sentences.

    Of what else a quote says nobody can tell whether it limits the claim, and `rows are locked`
    of `In debug mode, rows are locked` says less than the page. White space, backticks of the
    claim and a last full stop do not matter; letter case, signs, operators and units do.
    """
    exact, before = record.quote.exact, record.quote.prefix
    own, said = (_LAST_STOP.sub("", bounded(text)) for text in (claim.replace("`", ""), exact))
    if own != said or not _ASKING.isdisjoint(own) or claim.count("\u00a7") != exact.count("\u00a7"):
        return False
    is_begun = _BEGINS.search(before) is not None and not exact[0].islower()
    return (is_begun or not before) and _ENDS.match(exact[-1] + record.quote.suffix) is not None


def _beside(record: Citation) -> Iterator[str]:
    """Yield what a record bears out besides its quote: title, dates, versions it is about."""
    of_page = record.stated_by is StatedBy.PAGE  # no machine has checked what an import states
    if of_page and record.title != record.final_url:  # the lines of a file are no figures of it
        yield record.title
    days = (record.accessed, record.published if of_page else None)
    yield from (day.isoformat() for day in days if day)
    yield from (f"{name} v{said}" for name, said in record.versions.items() if name != "commit")


def _numbers(claim: str, quotes: Sequence[str]) -> Iterator[Unsupported]:
    """Numbers, units, versions and days that the quotes do not have.

    Where a quote has a number that nobody can read for sure, it may be any.
    """
    words = plain_numbers(claim)
    said = [plain_numbers(quote, keep_urls=True) for quote in quotes] if has_number(words) else []
    if not said or any(UNREAD in quote for quote in said):
        return
    found = list(missing_numbers(words, said))
    own, theirs = (_words_of([claim]), _words_of(quotes)) if found else ({}, {})
    for missing in found:
        shown = [_in_words(each, theirs) for each in missing.said[:_MOST_SHOWN]]
        message = _about_number(_in_words(missing.written, own), shown)
        yield Unsupported(missing.kind, missing.written, message)


def _about_number(written: str, said: Sequence[str]) -> str:
    """Return what differs about a number."""
    words = f"the claim says “{written}”"
    if not said:
        return f"{words}, the quote does not"
    return f"{words}, the quote says {', '.join(f'“{each}”' for each in said)}"


def _words_of(texts: Iterable[str]) -> dict[str, str]:
    """Return the numbers of several words that texts have, by their digits."""
    return {
        digits: text[start:end]
        for text in map(fold_text, texts)
        for start, end, digits in compounds_in(text)
    }


def _in_words(written: str, words: Mapping[str, str]) -> str:
    """Return a number as its text has it: `nine hundred` for 900."""
    digits = PLAIN_NUMBER.match(written)
    return f"{words.get(digits[0], digits[0])}{written[digits.end() :]}" if digits else written


def _comparisons(claim: str, quotes: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield bounds and comparisons in another direction, and what differs."""
    words = plain_numbers(claim)
    said = [plain_numbers(quote, keep_urls=True) for quote in quotes] if has_number(words) else []
    found = [*other_bounds(words, said), *claimed_defaults(words, said)]
    found += other_times(claim, quotes)
    found = found or list(opposites_in(claim, quotes))
    for own, other in found:
        yield own, f"the claim says “{own}”, the quote says “{other}”"


_OF_WORDS: tuple[tuple[str, Judge], ...] = (
    ("comparison", _comparisons),
    ("negation", denials_in),
    ("strength", overstated_in),
)
_OF_FORM: tuple[tuple[str, Judge], ...] = (
    ("negation", denied_apart),
    ("strength", bared_in),
    ("relation", swapped_in),
    ("condition", conditions_in),
    ("binding", bound_elsewhere),
    ("exchange", exchanged_in),
)
