"""How good each document is: its citations by state, its claims, what is still open."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from footnotary import clock
from footnotary.gating.collecting import Collected
from footnotary.gating.freshness import stale
from footnotary.gating.records_read_once import LazyRecords
from footnotary.markers import Marker
from footnotary.models import Citation
from footnotary.project import Project
from footnotary.records import RecordStore
from footnotary.rules.basis import CheckedDocument, Library
from footnotary.rules.claim_signals import signal_of
from footnotary.writing.documents_on_disk import Stored, read_text


@dataclass(frozen=True)
class Quality:
    """The figures of one document.

    Attributes:
        citations: How many records it cites, by state: `read` (never checked again), `held`,
            `moved`, `changed`, `gone`, `unreachable`, `superseded`, `missing`.
        cited_claims: Sentences with a marker that stands for a record.
        uncited_claims: Sentences that need a source and have none.
        edited_regions: Regions that were edited by hand.
        drift: What the code has become since, in words; None where it was not asked.
    """

    citations: dict[str, int]
    cited_claims: int
    uncited_claims: int
    edited_regions: int
    drift: tuple[str, ...] | None = None

    @property
    def coverage(self) -> float:
        """The share of the claims that are cited, 1 where there are none."""
        claims = self.cited_claims + self.uncited_claims
        return self.cited_claims / claims if claims else 1.0


def qualities(
    project: Project, documents: tuple[Stored, ...], *, drift: bool = False
) -> dict[Path, Quality]:
    """Return the figures of documents.

    Args:
        project: The user's project.
        documents: The documents.
        drift: Compare the current ones with the code.

    Raises:
        DocumentError: A document does not read.
    """
    records = LazyRecords(RecordStore(project.citations))
    library = Library(records, records.broken, clock.today())
    current = [each for each in documents if not each.archived]
    changed = stale(project, current) if drift else {}
    found = {}
    for stored in documents:
        collected = Collected(stored.path, stored.path.name, stored, read_text(stored.path))
        checked = CheckedDocument(collected.shown, collected.text or "")
        found[stored.path] = _quality(checked, library, changed.get(stored.path))
    return found


def _quality(checked: CheckedDocument, library: Library, drift: tuple[str, ...] | None) -> Quality:
    """Return the figures of one document."""
    bound = checked.bound(library)
    keys = {key for found in bound.values() for key in found}
    states = Counter(_state(library.citations[key]) if key else "missing" for key in keys)
    sentences = checked.sentences
    return Quality(
        citations=dict(sorted(states.items())),
        cited_claims=sum(1 for each in sentences if _is_cited(each.markers, bound)),
        uncited_claims=sum(
            1
            for each in sentences
            if not each.covered
            and not each.quoted
            and each.kind != "heading"
            and signal_of(each.claim)
        ),
        edited_regions=sum(region.edited for region in checked.regions),
        drift=drift,
    )


def _is_cited(markers: tuple[Marker, ...], bound: dict[Marker, tuple[str, ...]]) -> bool:
    """Return whether a marker of a sentence stands for a record."""
    return any(any(bound.get(marker, ())) for marker in markers)


def _state(citation: Citation) -> str:
    """Return what is known of a record's source."""
    if citation.superseded_by:
        return "superseded"
    return citation.checks[-1].outcome.value if citation.checks else "read"
