"""What became of each source of a document that was written elsewhere."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from footnotary.adopting.claims_found import FoundSource, Survey
from footnotary.citing import unreadable
from footnotary.deadline import Deadline, running_deadline
from footnotary.errors import (
    FetchError,
    FootnotaryError,
    HttpStatusError,
    OutOfTime,
    UnreadableError,
)
from footnotary.fetch import Fetches
from footnotary.fetch.readings import first_page
from footnotary.markers import blocks_of
from footnotary.markers.structure import lines_of
from footnotary.match import match_quote, weighed
from footnotary.models import Page
from footnotary.rules.sentences import sentences_of

GONE = (404, 410)
MINIMUM_WORDS = 4


class Verdict(StrEnum):
    """What a source turned out to be."""

    HOLDS = "holds"
    SAYS_ELSE = "says something else"
    NO_QUOTE = "has no quote"
    GONE = "is not there"
    UNREADABLE = "cannot be read"
    UNREAD = "unread"
    NO_ADDRESS = "has no address"


@dataclass(frozen=True)
class JudgedSource:
    """One source, judged.

    Attributes:
        source: The source.
        verdict: What it turned out to be.
        detail: The nearest passage, or why it could not be read.
        differences: What differs in words.
    """

    source: FoundSource
    verdict: Verdict
    detail: str = ""
    differences: tuple[str, ...] = ()


def judge_sources(
    survey: Survey, fetcher: Fetches | None, text: str = ""
) -> Iterator[JudgedSource]:
    """Read the sources of a document and say what became of each.

    Args:
        survey: What the document cites.
        fetcher: Reads the web; None leaves every source unread.
        text: The document: where a source has no quote, the page's passage nearest to the
            sentence that cites it is shown. It is never taken for a quote.

    Yields:
        Each source: `unread` without a fetcher or an answer, never verified and never false.
    """
    pages: dict[str, Page | JudgedSource] = {}
    claims = _claims_by_line(text)
    for source in survey.sources:
        url = source.entry.url
        if not url:
            yield JudgedSource(source, Verdict.NO_ADDRESS)
            continue
        if fetcher is None:
            yield JudgedSource(source, Verdict.UNREAD, "the network was not used")
            continue
        if url not in pages:
            pages[url] = _read(source, fetcher)
        page = pages[url]
        if isinstance(page, JudgedSource):
            yield JudgedSource(source, page.verdict, page.detail)
            continue
        yield _compared_in_time(source, page, claims, fetcher.timeout)


def _read(source: FoundSource, fetcher: Fetches) -> Page | JudgedSource:
    """Fetch and extract one page, or say why that could not be done."""
    try:
        return first_page(source.entry.url, fetcher)
    except HttpStatusError as error:
        verdict = Verdict.GONE if error.status in GONE else Verdict.UNREADABLE
        return JudgedSource(source, verdict, error.message)
    except UnreadableError as error:
        return JudgedSource(source, Verdict.UNREADABLE, error.message)
    except FetchError as error:
        return JudgedSource(source, Verdict.UNREAD, error.message)
    except FootnotaryError as error:
        return JudgedSource(source, Verdict.UNREADABLE, error.message)


def _claims_by_line(text: str) -> dict[int, str]:
    """Return the first sentence that begins on each line of a document."""
    found: dict[int, str] = {}
    for sentence in sentences_of(blocks_of(text), lines_of(text), ()):
        found.setdefault(sentence.line, sentence.text)
    return found


def _compared_in_time(
    source: FoundSource, page: Page, claims: dict[int, str], timeout: float
) -> JudgedSource:
    """Look for the quote of a source on its page, within the timeout."""
    try:
        with running_deadline(Deadline(timeout, source.entry.url)):
            return _compared(source, page, claims)
    except OutOfTime as error:
        return JudgedSource(source, Verdict.UNREAD, error.message)


def _compared(source: FoundSource, page: Page, claims: dict[int, str]) -> JudgedSource:
    """Look for the quote of a source on its page."""
    if not source.entry.quote and page.unreadable is not None:
        return JudgedSource(source, Verdict.UNREADABLE, unreadable(page).message)
    if not source.entry.quote:
        return JudgedSource(source, Verdict.NO_QUOTE, _nearest(source, page, claims))
    found = weighed(source.entry.quote, page)
    if found is None:
        return JudgedSource(source, Verdict.UNREADABLE, unreadable(page).message)
    if found.found:
        return JudgedSource(source, Verdict.HOLDS, found.exact)
    return JudgedSource(source, Verdict.SAYS_ELSE, found.exact, found.differences)


def _nearest(source: FoundSource, page: Page, claims: dict[int, str]) -> str:
    """Return the page's words nearest to the first sentence that cites a source."""
    cited = (claims.get(line) for line in source.cited_on if line != source.entry.line)
    claim = next(filter(None, cited), "")
    words = re.sub(r"https?://\S+|\[\^?[^\]\s]+\]", "", claim)
    return match_quote(words, page).exact if len(words.split()) >= MINIMUM_WORDS else ""
