"""What became of looking for a quote in a page."""

from enum import StrEnum

from footnotary.models import Model


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
