"""What became of a citation: the outcomes, finer than those that records have."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from http import HTTPStatus

from footnotary import clock
from footnotary.checking.differing import word_diff
from footnotary.errors import AddressRefused, FetchError, HttpStatusError
from footnotary.fetch.local import LinesMissing, is_local
from footnotary.models import CheckOutcome, Citation, Match, Page, Response


class Reading(StrEnum):
    """What a reading found, finer than `CheckOutcome`, which records have."""

    UNCHANGED = "unchanged"
    INTACT = "page changed, quote intact"
    MOVED = "moved"
    SUPERSEDED = "superseded"
    CHANGED = "changed"
    GONE = "gone"
    UNREADABLE = "unreadable"
    UNREACHABLE = "unreachable"

    @property
    def outcome(self) -> CheckOutcome:
        """The outcome that a record keeps of it."""
        return _OUTCOMES[self]


_OUTCOMES = {
    Reading.UNCHANGED: CheckOutcome.HELD,
    Reading.INTACT: CheckOutcome.HELD,
    Reading.MOVED: CheckOutcome.MOVED,
    Reading.SUPERSEDED: CheckOutcome.HELD,  # the old text still says it
    Reading.CHANGED: CheckOutcome.CHANGED,
    Reading.GONE: CheckOutcome.GONE,
    Reading.UNREADABLE: CheckOutcome.UNREACHABLE,
    Reading.UNREACHABLE: CheckOutcome.UNREACHABLE,
}
GONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})


@dataclass(frozen=True)
class Checked:
    """What became of a citation.

    Attributes:
        citation: The record as it was read.
        reading: What was found.
        detail: One line about it; may be empty.
        final_url: Where the page is now; empty if it was not had.
        diff: For a changed quote, the words that went and came.
        successor: URL of what replaced a superseded source.
        match: The quote in the page as it is now, if it was looked for.
        page: The page as it is now, if it was parsed.
        response: The answer it came in.
        kept_since: Day of the kept answer that was judged without asking, if one was.
    """

    citation: Citation
    reading: Reading
    detail: str = ""
    final_url: str = ""
    diff: str = ""
    successor: str = ""
    match: Match | None = None
    page: Page | None = None
    response: Response | None = None
    kept_since: date | None = None

    @property
    def day(self) -> date:
        """The day the source itself was last heard: a kept answer is as old as it is."""
        if self.response is not None:
            return self.response.retrieved_at.date()
        return self.kept_since or clock.today()

    @property
    def outcome(self) -> CheckOutcome:
        """The outcome that a record keeps."""
        return self.reading.outcome

    @property
    def holds(self) -> bool:
        """Whether the source still says it."""
        return self.outcome in (CheckOutcome.HELD, CheckOutcome.MOVED)


def changed(found: Checked, hit: Match) -> Checked:
    """Return the result for a text that can be read and does not have the quote.

    Args:
        found: What is known of the citation.
        hit: The nearest passage.
    """
    return replace(
        found,
        reading=Reading.CHANGED,
        detail="; ".join(hit.differences[:3]) or "the page no longer says it",
        diff=word_diff(found.citation.quote.exact, hit.exact),
        match=hit,
    )


def failed(citation: Citation, error: FetchError) -> Checked:
    """Return the result for a page that could not be had: gone only where the server says so.

    Args:
        citation: The record.
        error: Why there is no page.
    """
    if is_local(citation.url) and isinstance(error, AddressRefused):
        detail = f"{citation.final_url.partition(':')[0]} is not in the project any more"
        return Checked(citation, Reading.GONE, detail=detail)
    if isinstance(error, LinesMissing):
        return Checked(citation, Reading.CHANGED, detail=error.message)
    gone = isinstance(error, HttpStatusError) and error.status in GONE
    return Checked(citation, Reading.GONE if gone else Reading.UNREACHABLE, detail=error.message)
