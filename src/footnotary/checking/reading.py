"""One source read again, and what it says of the quotes that were taken from it.

"Cannot be read" is never "not there": a login wall, a refusal or a failing server leaves
the quote unjudged.
"""

import hashlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from http import HTTPStatus
from threading import Lock

from footnotary.checking.outcomes import Checked, ReadingOutcome, word_diff
from footnotary.checking.own_files import judge_lines
from footnotary.checking.superseding import has_registry, successor
from footnotary.citing import WHY_UNREADABLE
from footnotary.deadline import Deadline, current_deadline, running_deadline
from footnotary.errors import AddressRefused, FetchError, HttpStatusError, OutOfTime
from footnotary.extract import extract
from footnotary.extract.forges import package_address, publisher_of
from footnotary.fetch import Fetches
from footnotary.fetch.repositories import LinesMissing, ProjectSources, is_local
from footnotary.fetch.urls import parse
from footnotary.match import find_quote, match_quote, weighed
from footnotary.models import CheckOutcome, Citation, How, Page, Response

# Threads wait for the network side by side. Parsing they share one interpreter, and fighting
# for it costs a fifth more CPU than taking turns.
_PARSING = Lock()
_GONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})


def address(citation: Citation) -> str:
    """Return what is asked to read a citation's words again."""
    return citation.evidence.text_url or citation.url


def asked_host(citation: Citation) -> str:
    """Return the host that is asked for a citation's words; empty for a file of the project."""
    try:
        return parse(address(citation), any_port=True).host
    except FetchError:
        return ""


def unasked(citation: Citation, fetcher: Fetches) -> Checked | None:
    """Judge a citation by the cache alone, where a fresh answer has the recorded body.

    Returns:
        The result, or None where the source has to be read.
    """
    if has_registry(citation.url):
        return None
    try:
        kept = fetcher.still_fresh(address(citation))
    except FetchError:
        return None
    if kept is None or (kept.url, kept.body_sha256) != (
        citation.evidence.text_url or citation.final_url,
        citation.evidence.body_sha256,
    ):
        return None
    since = kept.retrieved_at.date()
    return Checked(
        citation, ReadingOutcome.UNCHANGED, final_url=citation.final_url, kept_since=since
    )


def reread_source(
    citations: Sequence[Citation], fetcher: Fetches, *, text_only: bool = False
) -> list[Checked]:
    """Read one source again and judge every citation of it.

    Args:
        citations: Records with the same `address`.
        fetcher: Reads the web.
        text_only: Whether the pages in the results may be without metadata.

    Returns:
        One result a citation, in their order.
    """
    try:
        response = fetcher.get(address(citations[0]), asked_for=citations[0].url)
    except FetchError as error:
        return [_rescued(_failed(citation, error), fetcher) for citation in citations]
    reader = _Reader(response, fetcher, text_only=text_only)
    return [_rescued(reader.judged(citation), fetcher) for citation in citations]


class _Reader:
    """A response and its page, parsed only when a quote has to be looked for."""

    def __init__(self, response: Response, fetcher: Fetches, *, text_only: bool) -> None:
        self.response = response
        self._text_only = text_only
        self._fetcher = fetcher
        self._digest = hashlib.sha256(response.body).hexdigest()
        self._page: Page | None = None

    @property
    def page(self) -> Page:
        """The page."""
        if self._page is None:
            from footnotary.fetch.style_sheets import with_styles

            self.response = with_styles(self.response, self._fetcher)
            began = time.monotonic()
            with _PARSING:
                deadline = current_deadline()
                if deadline is not None:
                    deadline.put_off(time.monotonic() - began)  # the others' turn
                self._page = extract(self.response, text_only=self._text_only)
            self._fetcher.note_page(self.response, self._page)
        return self._page

    def _is_read_in_part(self, citation: Citation) -> bool:
        """Return whether an index's answer is none, or lacks the README that it had."""
        read_before = citation.evidence.text_url
        publisher = publisher_of(citation.url, self._fetcher.publishers) if read_before else None
        if publisher is None or not package_address(citation.url, publisher):
            return False
        from footnotary.extract.package_index import package_in

        package = package_in(self.response)
        return package is None or not package.has_description

    def judged(self, citation: Citation) -> Checked:
        """Return what the page says of one citation."""
        response = self.response
        found = Checked(
            citation, ReadingOutcome.UNCHANGED, final_url=response.final_url, response=response
        )
        moved = response.final_url != (citation.evidence.text_url or citation.final_url)
        newer = successor(citation, response, self._fetcher)
        if self._digest != citation.evidence.body_sha256:
            try:
                with running_deadline(Deadline(self._fetcher.timeout, response.final_url)):
                    found = _fair(self._looked_up(found))
            except OutOfTime as error:
                return _failed(citation, error)
        if found.holds and newer:
            return replace(
                found,
                reading=ReadingOutcome.SUPERSEDED,
                detail=f"superseded by {newer}; the old text still says it",
                successor=newer,
            )
        if found.holds and moved:
            return replace(
                found, reading=ReadingOutcome.MOVED, detail=f"now at {response.final_url}"
            )
        return found

    def _looked_up(self, found: Checked) -> Checked:
        """Look for the quote in a page that is not the recorded one."""
        page, quote = self.page, found.citation.quote.exact
        found = replace(found, page=page)
        if page.unreadable is not None and weighed(quote, page, recorded=True) is None:
            reason = page.unreadable
            return replace(
                found,
                reading=ReadingOutcome.UNREADABLE,
                detail=f"{reason.value}: {WHY_UNREADABLE[reason]}; says nothing about the quote",
            )
        intact = replace(found, reading=ReadingOutcome.INTACT, detail="page changed, quote intact")
        if self._text_only and find_quote(quote, page.text) is not None:
            return intact  # where it is is told to nobody
        hit = match_quote(quote, page, recorded=True)
        if hit.found:
            return replace(intact, match=hit)
        from footnotary.extract.readability import ended_at_front

        found = replace(found, match=hit)
        if ended_at_front(self.response):
            detail = "soft-404: it leads to the site's front page; says nothing about the quote"
            return replace(found, reading=ReadingOutcome.UNREADABLE, detail=detail)
        if self._is_read_in_part(found.citation):
            detail = "the index does not give the whole text; says nothing about the quote"
            return replace(found, reading=ReadingOutcome.UNREADABLE, detail=detail)
        differences = "; ".join(hit.differences[:3])
        return replace(
            found,
            reading=ReadingOutcome.CHANGED,
            detail=differences or "the page no longer says it",
            diff=word_diff(quote, hit.exact),
        )


def _fair(found: Checked) -> Checked:
    """Judge a page cited from a saved copy only by what programs were once shown of it.

    The user's browser may have been logged in: that the quote is missing here proves nothing.
    """
    citation = found.citation
    if is_local(citation.url):
        return found
    seen = any(past.outcome is CheckOutcome.HELD for past in citation.checks)
    if found.reading is ReadingOutcome.CHANGED and citation.evidence.how is How.FILE and not seen:
        detail = "cited from a saved copy; what programs are shown has never had the quote"
        return replace(found, reading=ReadingOutcome.UNREADABLE, detail=detail, diff="")
    return found


def _failed(citation: Citation, error: FetchError) -> Checked:
    """Return the result for a page that could not be had: gone only where the server says so."""
    if is_local(citation.url) and isinstance(error, AddressRefused):
        detail = f"{citation.final_url.partition(':')[0]} is not in the project any more"
        return Checked(citation, ReadingOutcome.GONE, detail=detail)
    if isinstance(error, LinesMissing):
        return Checked(citation, ReadingOutcome.CHANGED, detail=error.message)
    gone = isinstance(error, HttpStatusError) and error.status in _GONE
    reading = ReadingOutcome.GONE if gone else ReadingOutcome.UNREACHABLE
    return Checked(citation, reading, detail=error.message, hint=error.hint)


def _rescued(checked: Checked, fetcher: Fetches) -> Checked:
    """Look where else the words may stand: at the recorded address, then in the snapshot.

    The outcome stays what the source itself gave; the detail says what was found.
    """
    if is_local(checked.citation.url):
        return judge_lines(checked, fetcher) if isinstance(fetcher, ProjectSources) else checked
    if checked.holds:
        return checked
    for address, name in _elsewhere(checked):
        from footnotary.fetch.style_sheets import with_styles

        try:
            with running_deadline(Deadline(fetcher.timeout, address)):
                response = fetcher.get(address, asked_for=checked.citation.url)
                page = extract(with_styles(response, fetcher))
                hit = weighed(checked.citation.quote.exact, page, recorded=True)
        except FetchError:
            continue
        if hit is not None and hit.found:
            return _held_elsewhere(checked, response, page, name)
    return checked


def _elsewhere(checked: Checked) -> Iterator[tuple[str, str]]:
    """Yield addresses that may still have the words, with their names."""
    citation = checked.citation
    if citation.final_url not in (address(citation).partition("#")[0], checked.final_url):
        yield citation.final_url, "page"
    if citation.archive_url:
        yield citation.archive_url, "snapshot"


def _held_elsewhere(checked: Checked, response: Response, page: Page, name: str) -> Checked:
    """Return the result for words found at another address."""
    citation = checked.citation
    if name == "snapshot":
        note = f"{checked.detail.rstrip('.')}; the snapshot still has it: {citation.archive_url}"
        archived = response.model_copy(update={"how": How.ARCHIVE})
        return replace(checked, detail=note, response=archived)
    return replace(
        checked,
        reading=ReadingOutcome.INTACT,
        detail=f"{citation.url} leads elsewhere now; {citation.final_url} still says it",
        final_url=response.final_url,
        page=page,
        response=response,
        diff="",
    )
