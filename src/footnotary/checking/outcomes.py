"""What a check found of one citation, and what changed in its words."""

import re
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from enum import StrEnum

from footnotary import clock
from footnotary.match.matching import Match
from footnotary.models import CheckOutcome, Citation, Page, Response


class ReadingOutcome(StrEnum):
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
    ReadingOutcome.UNCHANGED: CheckOutcome.HELD,
    ReadingOutcome.INTACT: CheckOutcome.HELD,
    ReadingOutcome.MOVED: CheckOutcome.MOVED,
    ReadingOutcome.SUPERSEDED: CheckOutcome.HELD,  # the old text still says it
    ReadingOutcome.CHANGED: CheckOutcome.CHANGED,
    ReadingOutcome.GONE: CheckOutcome.GONE,
    ReadingOutcome.UNREADABLE: CheckOutcome.UNREACHABLE,
    ReadingOutcome.UNREACHABLE: CheckOutcome.UNREACHABLE,
}


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
        hint: What to do about a source that could not be had; may be empty.
    """

    citation: Citation
    reading: ReadingOutcome
    detail: str = ""
    final_url: str = ""
    diff: str = ""
    successor: str = ""
    match: Match | None = None
    page: Page | None = None
    response: Response | None = None
    kept_since: date | None = None
    hint: str = ""

    @property
    def day(self) -> date:
        """The day the source itself was last heard: a kept answer is as old as it is."""
        if self.response is not None:
            return self.response.retrieved_at.date()
        return self.kept_since or clock.today()

    @property
    def has_moved(self) -> bool:
        """Whether the words stand at another address now."""
        return self.reading is ReadingOutcome.MOVED

    @property
    def outcome(self) -> CheckOutcome:
        """The outcome that a record keeps."""
        return self.reading.outcome

    @property
    def is_judged(self) -> bool:
        """Whether the source said anything about the quote: that it is gone does."""
        return self.reading not in (ReadingOutcome.UNREADABLE, ReadingOutcome.UNREACHABLE)

    @property
    def holds(self) -> bool:
        """Whether the source still says it."""
        return self.outcome in (CheckOutcome.HELD, CheckOutcome.MOVED)


MOST_WORDS = 400


def word_diff(old: str, new: str) -> str:
    """Return two passages as one, in the marks of wdiff: `[-gone-] {+come+}`."""
    before, after = _bounded_words(old), _bounded_words(new)
    parts: list[str] = []
    comparer = SequenceMatcher(None, before, after, autojunk=False)
    for _, start, end, new_start, new_end in comparer.get_opcodes():
        gone, come = " ".join(before[start:end]), " ".join(after[new_start:new_end])
        if gone == come:
            parts.append(gone)
            continue
        if gone:
            parts.append(f"[-{gone}-]")
        if come:
            parts.append(f"{{+{come}+}}")
    return " ".join(parts)


def _bounded_words(text: str) -> list[str]:
    """Return the words of a passage, bounded: the comparison is quadratic."""
    return re.findall(r"\S+", text)[:MOST_WORDS]
