"""Rules about the sources of citations: each still says what its record says it does."""

from collections.abc import Iterator
from datetime import timedelta

from footnotary.findings import Severity
from footnotary.models import CheckOutcome, Citation
from footnotary.rules.basis import CheckedDocument, CitationLibrary, FindingPlace, Rule


def _held(document: CheckedDocument, library: CitationLibrary) -> Iterator[FindingPlace]:
    """Sources that their last check found changed or gone, or that were replaced."""
    for place, citation in _cited(document, library):
        last = citation.checks[-1] if citation.checks else None
        if citation.superseded_by:
            yield FindingPlace(
                f"{citation.key} was superseded by {citation.superseded_by}.",
                *place,
                f"doc check --fix {document.path}",
            )
        elif _is_own_file(citation):
            continue  # looked at where it is, see below
        elif last and last.outcome in (CheckOutcome.CHANGED, CheckOutcome.GONE):
            detail = f" ({last.detail})" if last.detail else ""
            yield FindingPlace(
                f"the source {citation.key} was found {last.outcome.value} on {last.date}{detail}.",
                *place,
                f"cite update {citation.key}",
            )


def _old(document: CheckedDocument, library: CitationLibrary) -> Iterator[FindingPlace]:
    """Sources that nobody has looked at for too long."""
    for place, citation in _cited(document, library):
        if _is_own_file(citation):
            continue
        limits = [
            library.stale_after_days_by_tag[tag]
            for tag in citation.tags
            if tag in library.stale_after_days_by_tag
        ]
        limit = min(limits, default=library.stale_after_days)
        held = [check.date for check in citation.checks if check.outcome is CheckOutcome.HELD]
        seen = max([citation.accessed, *held])
        if seen < library.today - timedelta(days=limit):
            yield FindingPlace(
                f"the source {citation.key} was last seen on {seen}, more than {limit} days ago.",
                *place,
                f"cite update {citation.key}",
            )


def _own_files(document: CheckedDocument, library: CitationLibrary) -> Iterator[FindingPlace]:
    """Lines of the project's own files that are not what was cited any more."""
    for place, citation in _cited(document, library):
        said = document.around.own_file(citation.key) if _is_own_file(citation) else ""
        if not said or citation.superseded_by:
            continue
        reading, detail, diff = said.split("\n")
        key, where = citation.key, citation.final_url
        if reading == "moved":
            message = f"{where} is {detail} ({key})."
            yield FindingPlace(
                message, *place, f"doc check --fix, or cite update {key}", Severity.NOTE
            )
        elif reading == "changed":
            words = f"{where} has changed: {diff or detail} ({key})."
            yield FindingPlace(words, *place, f"cite update {key} --accept takes the new words")
        elif reading == "untracked":
            fix = f"git add {detail.partition(' ')[0]}, or cite another file"
            yield FindingPlace(f"{detail}, so nobody else can check it ({key}).", *place, fix)
        elif reading == "gone":
            yield FindingPlace(
                f"{detail} ({key}).", *place, f"Cite other lines, then cite rm {key}"
            )
        else:
            message = f"{where} was not read, so it is unknown whether it holds: {detail} ({key})."
            yield FindingPlace(message, *place, f"cite check {key} says more", Severity.WARNING)


def _is_own_file(citation: Citation) -> bool:
    """Return whether a source is a file of the project."""
    return "://" not in citation.url


def _cited(
    document: CheckedDocument, library: CitationLibrary
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
        fix="cite update KEY",
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
        fix="cite update KEY; doc check --fix cites the successor of one that was superseded",
        fixable=True,
        document=_held,
    ),
    Rule(
        code="CIT012",
        name="own-file-changed",
        severity=Severity.ERROR,
        about="Cited lines of the project's own files that have changed (in Python and YAML their"
        " indentation too), are gone or not tracked by git, were not read (a warning), or have"
        " moved (a note).",
        why="The file is here, so no network is needed to see that it says something else.",
        wrong="^[key] of src/app/config.py:15, where `timeout = 30` is `timeout = 60` by now",
        right="^[key] of the line as it is",
        fix="cite update KEY",
        fixable=True,
        document=_own_files,
    ),
)
