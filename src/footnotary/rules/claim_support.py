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
from footnotary.rules.claim_numbers import is_said_in, missing_numbers
from footnotary.rules.claim_relations import (
    bared_in,
    bound_elsewhere,
    conditions_in,
    denied_apart,
    swapped_in,
)
from footnotary.rules.claim_senses import denials_in, opposites_in, overstated_in
from footnotary.rules.claim_words import (
    NEGATIONS,
    ClaimSentence,
    Found,
    is_content,
    read_sentences,
    stem,
    word_set,
)

_FEWEST = 5  # words of a sentence in which one is exchanged
_NEARLY = 0.8
_VERSION = re.compile(r"v?\d+(?:\.\d+)+")
_NAME = re.compile(
    r"(?<=[\w,;)] )[A-Z](?:[\w.+#-]*\w)?|\w*[a-z\d][A-Z]\w*|\w+[_]\w+|\b[A-Z]{2,}\w*"
    r"|\b[a-z]+[a-z-]*\d[\w-]*"
)
_MEASURES = word_set("bytes bits characters tokens words lines rows columns pages records fields")
_EACH = word_set("each every")
_SHORT_NAME = 4
_UP_TO = word_set("up close down compared next equal similar")


def exchanged_in(claim: str, quotes: Sequence[str]) -> Iterator[Found]:
    """Yield the name, version or measure that a claim has in the place of its quote's."""
    said = read_sentences(*map(plain_numbers, quotes))
    names = {found.lower() for text in (claim, *quotes) for found in _NAME.findall(fold_text(text))}
    for own in read_sentences(plain_numbers(claim)):
        for other in said if own.is_english else ():
            found = _find_exchanged(own, other, names) or _find_ends(own, other)
            if found and not any(one.has(frozenset((found[0],))) for one in said):
                mine, theirs = found
                yield mine, f"the claim says “{mine}” where the quote says “{theirs}”"
                return


def other_times(claim: str, quotes: Sequence[str]) -> Iterator[Found]:
    """Yield `exactly once` and its kin of a claim of which the quotes have another alone."""
    said = [found for quote in quotes for found in _ONCE.findall(quote)]
    for found in _ONCE.finditer(claim):
        own = _times_of(found[1])
        is_denied = not NEGATIONS.isdisjoint(claim[: found.start()].lower().split())
        if said and not is_denied and all(own - _times_of(one) for one in said):
            yield found[0], f"{said[0]} once"


_ONCE = re.compile(r"\b(at[ -]least|at[ -]most|exactly|no more than)[ -]once\b", re.IGNORECASE)


def _times_of(words: str) -> frozenset[str]:
    """Return the bounds of `at least` (once), `exactly` (once)."""
    least, most = words.lower().startswith(("at least", "at-least")), "exactly" in words.lower()
    return frozenset(("least", "most") if most else ("least",) if least else ("most",))


def _find_exchanged(own: ClaimSentence, other: ClaimSentence, names: set[str]) -> Found | None:
    """Return the one word in which two sentences differ, where it cannot be the same thing."""
    if len(own.words) != len(other.words) or len(own.words) < _FEWEST:
        return None
    pairs = zip(own.words, other.words, strict=True)
    apart = [at for at, (one, two) in enumerate(pairs) if stem(one) != stem(two)]
    if len(apart) != 1:
        return None
    at = apart[0]
    mine, theirs = own.words[at], other.words[at]
    is_named = {mine, theirs} <= names or (at == 0 and _is_subject(own) and _is_subject(other))
    is_named = is_named or all(map(_VERSION.fullmatch, (mine, theirs)))
    is_other = is_named or _is_measured(own, at, theirs)
    is_reach = {mine, theirs} == {"by", "to"} and any(w[0].isdigit() for w in own.words[at:][:3])
    return (mine, theirs) if is_reach or (is_other and not _may_be_one(mine, theirs)) else None


def _is_subject(sentence: ClaimSentence) -> bool:
    """Return whether a sentence begins with a name: `Redis removes`, not `The key expires`."""
    first, second = sentence.words[:2]
    is_verb = second.endswith("s") and not second.endswith(("ss", "us", "is"))
    return is_verb and is_content(first) and first not in sentence.named


def _is_measured(own: ClaimSentence, at: int, theirs: str) -> bool:
    """Return whether a word is what a number is of: `per host`, `72 bytes`."""
    mine, before = own.words[at], own.words[at - 1] if at else ""
    has_number = any(word[0].isdigit() for word in own.words)
    if before == "per" or (before in _EACH and has_number):
        return is_content(mine) and is_content(theirs)
    return bool(before) and before[0].isdigit() and {mine, theirs} <= _MEASURES


def _may_be_one(one: str, other: str) -> bool:
    """Return whether two names may be those of one thing: `Postgres`, `PostgreSQL`, `pg`."""
    short, long = sorted((one.lower(), other.lower()), key=len)
    letters = iter(long)
    return short in long or (len(short) <= _SHORT_NAME and all(char in letters for char in short))


def _find_ends(own: ClaimSentence, other: ClaimSentence) -> Found | None:
    """Return the ends of a change that a claim has the other way round: `from 3 to 2`."""
    if own.covered_by(other) < _NEARLY:
        return None
    mine = list(_ends_in(own))
    for first, last in _ends_in(other):
        if (last, first) in mine:
            return f"from {last} to {first}", f"from {first} to {last}"
        for before, word, behind in zip(("", *own.words), own.words, own.words[1:], strict=False):
            if (word, behind) == ("to", first) and not mine and before not in _UP_TO:
                return f"to {first}", f"from {first} to {last}"
    return None


def _ends_in(sentence: ClaimSentence) -> Iterator[Found]:
    """Yield the numbers of each `from 2 to 3` of a sentence."""
    words = sentence.words
    for at, word in enumerate(words):
        rest = words[at + 1 :]
        numbers = [one for one in rest[:6] if one[0].isdigit()] if word == "from" else []
        if len(numbers) > 1 and "to" in rest[: rest.index(numbers[1])] and numbers[0] != numbers[1]:
            yield numbers[0], numbers[1]


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
