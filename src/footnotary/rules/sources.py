"""Rules about the sources of citations: each still says what its record says it does."""

from collections.abc import Iterator
from datetime import timedelta

from footnotary.findings import Severity
from footnotary.models import CheckOutcome, Citation
from footnotary.rules.basis import CheckedDocument, Library, Place, Rule


def _held(document: CheckedDocument, library: Library) -> Iterator[Place]:
    """Sources that their last check found changed or gone, or that were replaced."""
    for place, citation in _cited(document, library):
        last = citation.checks[-1] if citation.checks else None
        if citation.superseded_by:
            yield Place(
                f"{citation.key} was superseded by {citation.superseded_by}.",
                *place,
                f"Cite ^[{citation.superseded_by}] instead.",
            )
        elif last and last.outcome in (CheckOutcome.CHANGED, CheckOutcome.GONE):
            detail = f" ({last.detail})" if last.detail else ""
            yield Place(
                f"the source {citation.key} was found {last.outcome.value} on {last.date}{detail}.",
                *place,
                f"cite update {citation.key}",
            )


def _old(document: CheckedDocument, library: Library) -> Iterator[Place]:
    """Sources that nobody has looked at for too long."""
    for place, citation in _cited(document, library):
        limits = [
            library.stale_after_days_by_tag[tag]
            for tag in citation.tags
            if tag in library.stale_after_days_by_tag
        ]
        limit = min(limits, default=library.stale_after_days)
        held = [check.date for check in citation.checks if check.outcome is CheckOutcome.HELD]
        seen = max([citation.accessed, *held])
        if seen < library.today - timedelta(days=limit):
            yield Place(
                f"the source {citation.key} was last seen on {seen}, more than {limit} days ago.",
                *place,
                f"cite update {citation.key}",
            )


def _cited(
    document: CheckedDocument, library: Library
) -> Iterator[tuple[tuple[int, int], Citation]]:
    """Yield each record that a current document cites, where it does so first."""
    if document.around.archived:
        return
    seen: set[str] = set()
    for marker, keys in document.bound(library).items():
        for key in keys:
            if key and key not in seen:
                seen.add(key)
                yield (marker.line, marker.column), library.citations[key]


SOURCE_RULES = (
    Rule(
        code="CIT006",
        name="old-source",
        severity=Severity.WARNING,
        about="A source that was last seen longer ago than the limit.",
        why="Pages change; what was true of a version two years ago may not be now.",
        wrong="accessed: 2023-01-10",
        right="accessed: 2026-11-20",
        mend="cite update KEY",
        document=_old,
    ),
    Rule(
        code="CIT007",
        name="source-no-longer-holds",
        severity=Severity.ERROR,
        about="A source that its last check found changed or gone, or that was superseded.",
        why="The claim rests on words that the page no longer has.",
        wrong="checks: [{date: 2026-11-01, outcome: changed}]",
        right="checks: [{date: 2026-11-20, outcome: held}]",
        mend="cite update KEY",
        document=_held,
    ),
)
