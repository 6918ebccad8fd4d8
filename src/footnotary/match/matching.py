"""Looking for a quote in a page: the one place that decides whether the page says it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import islice

from footnotary.deadline import check_deadline
from footnotary.match.boundaries import cuts_token, stretches
from footnotary.match.crossings import find_crossing, joins_lines
from footnotary.match.edges import find_edge
from footnotary.match.near import (
    ALONE,
    PASSAGE,
    Near,
    describe_edits,
    grown,
    near_kind,
    nearest,
    passage_around,
    section_at,
)
from footnotary.match.normalization import NormalText, normal_text, normalize
from footnotary.models import UNREADABLE, Model, Page


class Outcome(StrEnum):
    """What became of looking for a quote in a page's text."""

    EXACT = "exact"
    NORMALIZED = "normalized"
    NEAR = "near"
    NOT_SHOWN = "not_shown"
    ABSENT = "absent"


class Match(Model):
    """A quote looked for in a page.

    Attributes:
        outcome: Only `exact` and `normalized` are found; `near`, `not_shown` (the words are in
            the source, and no reader sees them) and `absent` are refused.
        start: Offset of the passage in `Page.text`; -1 when absent without any passage.
        end: Offset behind the passage.
        exact: The page's own words at that place.
        prefix: Words before it, grown until the passage is unique.
        suffix: Words behind it, likewise.
        section: Heading above it, or empty.
        page: 1-based page for paged media, or 0.
        occurrences: How often the passage is in the text.
        score: Similarity of the nearest passage, 0 to 1; 1 when found. For showing only.
        passage: Some 600 characters around the passage, or around the nearest one.
        differences: For refused quotes, what differs in words, such as
            `quote has "40 %", page has "4 %"`.
        reason: For `near`, the kind of difference: case, markup, ellipsis …; for `not_shown`
            what hides the words, also for `absent` in a paged file, where nothing can be opened;
            for a quote that was found, `in a closed tab` where it is in one, and `shown by a
            script` where the style alone would hide it.
    """

    outcome: Outcome
    start: int = -1
    end: int = -1
    exact: str = ""
    prefix: str = ""
    suffix: str = ""
    section: str = ""
    page: int = 0
    occurrences: int = 0
    score: float = 0.0
    passage: str = ""
    differences: tuple[str, ...] = ()
    reason: str = ""

    @property
    def found(self) -> bool:
        """Whether the page says it."""
        return self.outcome in (Outcome.EXACT, Outcome.NORMALIZED)

    @property
    def place(self) -> str:
        """Where the page says it: the heading above, else `p. N`; what is said of it behind."""
        place = self.section or (f"p. {self.page}" if self.page else "")
        return f"{place} ({self.reason})".strip() if self.found and self.reason else place


CLOSED_TAB = "in a closed tab"  # what a reader opens with one act is text, and is said to be so
BY_SCRIPT = "shown by a script"  # or an animation: style alone would hide it
DOUBTED = "may be hidden"  # by a rule that depends on what is not read
_BORDERS = "\n\t" + UNREADABLE
_WORD = re.compile(r"[^\W\d_]{2,}")
_WEIGHED = 5_000  # characters of which it is told how alike they are
_MOST_PLACES = 200  # that are looked at of words that stand everywhere
MINIMUM = 12  # characters; shorter quotes stand everywhere and prove nothing


@dataclass(frozen=True)
class Hit:
    """Where a text says a quote.

    Attributes:
        start: Offset in the text.
        end: Offset behind the passage.
        occurrences: How often it is there.
        verbatim: Whether it is the same but for white space.
    """

    start: int
    end: int
    occurrences: int
    verbatim: bool


def find_quote(quote: str, text: str) -> Hit | None:
    """Return where a text says a quote by the rule, or None."""
    return _literal(quote, text) or _by_rule(quote, text)


def _literal(quote: str, text: str) -> Hit | None:
    """Return where a text has a quote character for character, between spaces: the fast path."""
    words = quote.strip()
    provable = UNREADABLE not in words and long_enough(normalize(words))
    start = text.find(words) if provable else -1
    end = start + len(words)
    if start < 0 or not all(
        character.isspace() for character in text[max(0, start - 1) : start] + text[end : end + 1]
    ):
        return None
    return (
        None if cuts_token(text, start, end) else Hit(start, end, text.count(words), verbatim=True)
    )


def _by_rule(quote: str, text: str) -> Hit | None:
    """Return where a text says a quote in normal form."""
    spans = _places(quote, text)
    return _hit(quote, text, spans[0], len(spans)) if spans else None


def _places(quote: str, text: str) -> list[tuple[int, int]]:
    """Return every place where a text says a quote in normal form."""
    needle = normalize(quote)
    if not needle or UNREADABLE in needle:
        return []
    page = normal_text(text)
    spans = _spans(quote, needle, page)
    if not long_enough(needle):
        spans = [span for span in spans if _is_line(page, span)]
    return spans


def _hit(quote: str, text: str, place: tuple[int, int], occurrences: int) -> Hit:
    """Return the hit at one of the places."""
    start, end = place
    verbatim = " ".join(quote.split()) == " ".join(text[start:end].split())
    return Hit(start, end, occurrences, verbatim)


def _spans(quote: str, needle: str, page: NormalText) -> list[tuple[int, int]]:
    """Return where a page's own text has the quote, or one of its two other spellings."""
    spans = _uncut(stretches(needle, page.text, page.bounds), page, quote)
    if spans:
        return spans
    if _is_headline(needle) and len(page.text) == len(page.lowered):
        spans = _uncut(stretches(needle.lower(), page.lowered, page.bounds), page, quote)
    return spans or _uncut(dashed(quote, page), page, quote)


def _uncut(spans: Iterable[tuple[int, int]], page: NormalText, quote: str) -> list[tuple[int, int]]:
    """Return where stretches are in the page's own text, but for those that cut a token."""
    places = (page.raw_span(*span, quote) for span in islice(spans, _MOST_PLACES))
    return [place for place in places if not cuts_token(page.raw, *place)]


def _is_headline(needle: str) -> bool:
    """Return whether a quote is words in capitals, as style sheets make them, not a constant."""
    words = [word for word in _WORD.findall(needle) if word.isupper()]
    return needle.isupper() and len(words) > 1 and "_" not in needle and "=" not in needle


def _is_line(page: NormalText, place: tuple[int, int]) -> bool:
    """Return whether a passage is one whole line of the page: a heading, a cell, a label."""
    start, end = place
    before = page.raw[:start].rstrip(" \u00a0")
    behind = page.raw[end:].lstrip(" \u00a0")
    return (not before or before[-1] in _BORDERS) and (not behind or behind[0] in _BORDERS)


def match_quote(quote: str, page: Page, *, recorded: bool = False) -> Match:
    """Look for a quote in a page.

    Args:
        quote: The words that the page must contain.
        page: The page.
        recorded: Whether it is the quote of a record, of which only the words are looked for:
            not what is outside of them, nor what they run across.

    Returns:
        `exact` (the same but for white space) or `normalized` where the page says it.
        `near` where it says it but for one difference named in `reason`, or where every place
        that has the words is cut from what turns them round; `not_shown` where its source has
        the words and no reader sees them as it loads; `absent` with the nearest passage. All
        are refused.
    """
    check_deadline()
    places = _places(quote, page.text)
    refusals: list[Near] = []
    for start, end in places:
        refusal = None if recorded else _turned(quote, page, start, end)
        if refusal is None:
            hit = _hit(quote, page.text, (start, end), len(places))
            if hit.verbatim and joins_lines(quote, page, start, end):
                hit = replace(hit, verbatim=False)
            return _found(hit, page)
        refusals.append(refusal)
    if refusals:
        first = refusals[0]
        return _refused(quote, page, (first.start, first.end), Outcome.NEAR, first.reason)
    check_deadline()
    if not long_enough(normalize(quote)):
        return _refused(quote, page, nearest(quote, page.text), Outcome.ABSENT, "too short")
    hidden = next((one for one in page.unseen if find_quote(quote, one.text) is not None), None)
    if hidden is not None:
        # What a page hides may be shown later; what a paged file does not paint, never.
        outcome = Outcome.ABSENT if page.page_starts else Outcome.NOT_SHOWN
        return Match(outcome=outcome, reason=hidden.reason, passage=hidden.text[:PASSAGE])
    kind = near_kind(quote, page.text)
    if kind is not None:
        return _refused(quote, page, (kind.start, kind.end), Outcome.NEAR, kind.reason)
    return _refused(quote, page, nearest(quote, page.text), Outcome.ABSENT, "")


def _turned(quote: str, page: Page, start: int, end: int) -> Near | None:
    """Return what makes words say something else than where the page has them, or None."""
    return find_edge(page.text, start, end, page.generated) or find_crossing(
        quote, page, start, end
    )


def weighed(quote: str, page: Page, *, recorded: bool = False) -> Match | None:
    """Look for a quote in a page that may be unreadable.

    A page of which hardly anything came has what it has; what it lacks, nobody knows. What
    is on a wall was not said by the source.

    Returns:
        What `match` says; None where the page cannot be relied on.
    """
    if page.unreadable is None:
        return match_quote(quote, page, recorded=recorded)
    check_deadline()
    found = match_quote(quote, page, recorded=recorded) if page.unreadable.is_little else None
    return found if found is not None and found.found else None


def long_enough(needle: str) -> bool:
    """Return whether a normalised quote has enough characters to prove something.

    A character of a script without letters (Han, kana, Hangul) counts twice: it says more.
    """
    return len(needle) + sum(character >= "\u1100" for character in needle) >= MINIMUM


def _found(hit: Hit, page: Page) -> Match:
    """Return the match for a hit."""
    prefix, suffix = (
        grown(page.text, hit.start, hit.end)
        if hit.occurrences > 1
        else (
            page.text[max(0, hit.start - ALONE) : hit.start],
            page.text[hit.end : hit.end + ALONE],
        )
    )
    return Match(
        outcome=Outcome.EXACT if hit.verbatim else Outcome.NORMALIZED,
        start=hit.start,
        end=hit.end,
        exact=page.text[hit.start : hit.end],
        prefix=prefix,
        suffix=suffix,
        section=section_at(page, hit.start),
        page=page_at(page, hit.start),
        occurrences=hit.occurrences,
        score=1.0,
        reason=_said_of(page, hit.start, hit.end),
        passage=passage_around(page.text, hit.start, hit.end),
    )


def _said_of(page: Page, start: int, end: int) -> str:
    """Return what is said of a passage that is not seen as the page loads; else nothing."""
    saying = ((page.closed, CLOSED_TAB), (page.unsure, BY_SCRIPT), (page.doubtful, DOUBTED))
    for stretches_of, said in saying:
        if any(start < behind and first < end for first, behind in stretches_of):
            return said
    return ""


def page_at(page: Page, offset: int) -> int:
    """Return the 1-based page of paged media, or 0.

    Args:
        page: The page, of which `page_starts` tells whether it is paged.
        offset: Offset in its text.
    """
    return sum(start <= offset for start in page.page_starts)


def _refused(
    quote: str,
    page: Page,
    span: tuple[int, int] | None,
    outcome: Outcome,
    reason: str,
) -> Match:
    """Return the match for a quote that the page lacks."""
    if span is None:
        return Match(outcome=outcome, reason=reason)
    start, end = span
    exact = page.text[start:end]
    return Match(
        outcome=outcome,
        start=start,
        end=end,
        exact=exact,
        section=section_at(page, start),
        page=page_at(page, start),
        score=similarity(quote, exact),
        passage=passage_around(page.text, start, end),
        differences=describe_edits(quote, exact),
        reason=reason,
    )


def similarity(quote: str, passage: str) -> float:
    """Return how alike two texts are, 0 to 1, below 1 unless equal; for showing only."""
    from rapidfuzz.fuzz import ratio

    left, right = normalize(quote), normalize(passage)
    if left == right:
        return 1.0
    return min(0.999, round(ratio(left[:_WEIGHED], right[:_WEIGHED]) / 100, 3))


_LONG = "\u2014\u2015"
_PRINTED = re.compile("[\u2013\u2014\u2015]")
_TYPED = re.compile(r"(?<=\w)--(?=\w)|(?<=\s)--(?=\s)|(?<=[\w.,;:!?)\"'\u2019\u201d])--(?=\s)")


def dashed(quote: str, page: NormalText) -> list[tuple[int, int]]:
    """Return where a page has a quote but for how its dashes are typed."""
    return _printed_on_page(quote, page) or _typed_on_page(quote, page)


def _printed_on_page(quote: str, page: NormalText) -> list[tuple[int, int]]:
    """The quote types two hyphens where the page has a dash."""
    folded, count = _TYPED.subn("\u2014", quote)
    if not count:
        return []
    found = []
    for span in stretches(normalize(folded), page.text, page.bounds):
        start, end = page.raw_span(*span)
        if _outline(folded) == _outline(page.raw[start:end]):
            found.append(span)
    return found


def _typed_on_page(quote: str, page: NormalText) -> list[tuple[int, int]]:
    """The page types two hyphens where the quote has a dash."""
    if not any(mark in quote for mark in _LONG):
        return []
    typed = quote
    for mark in _LONG:
        typed = typed.replace(mark, "--")
    return list(stretches(normalize(typed), page.text, page.bounds))


def _outline(text: str) -> str:
    """Return which dashes a text has in order: printed ones, and plain hyphens."""
    return re.sub("[^-\u2014]", "", _PRINTED.sub("\u2014", text))
