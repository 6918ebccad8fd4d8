"""How good each document is: its citations by state, its claims, what is still open."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import NonNegativeInt

from footnotary.errors import DocumentError
from footnotary.facts.research import DECISION
from footnotary.gating.freshness import compared_all, remembered_fresh
from footnotary.gating.remembering import TextMemory
from footnotary.markers import keys_named
from footnotary.models import Citation, Model
from footnotary.project import Project
from footnotary.records import Records
from footnotary.rules.basis import CheckedDocument, Compared
from footnotary.rules.claim_signals import signal_of
from footnotary.rules.sentences import Sentence
from footnotary.writing.documents_on_disk import StoredDocument, read_document, stored_documents


class _Figures(Model):
    """What a text alone says.

    Attributes:
        keys: The keys it names.
        cited: The keys that each cited sentence names.
        uncited: How many sentences need a source and have none.
        edited: How many regions were edited by hand.
    """

    keys: tuple[str, ...]
    cited: tuple[tuple[str, ...], ...]
    uncited: NonNegativeInt
    edited: NonNegativeInt


@dataclass(frozen=True)
class Quality:
    """The figures of one document.

    Attributes:
        citations: How many records it cites, by state: `recorded` (never checked again),
            `held`, `moved`, `changed`, `gone`, `unreachable`, `superseded`, `no record`.
        cited_claims: Sentences with a marker that stands for a record.
        uncited_claims: Sentences that need a source and have none.
        edited_regions: Regions that were edited by hand.
        drift: What the code has become since, in words; None where it was not compared.
        unreadable: Why the document does not read; its figures are 0 then.
    """

    citations: dict[str, int]
    cited_claims: int
    uncited_claims: int
    edited_regions: int
    drift: tuple[str, ...] | None = None
    unreadable: str = ""

    @property
    def coverage(self) -> float:
        """The share of the claims that are cited, 1 where there are none."""
        claims = self.cited_claims + self.uncited_claims
        return self.cited_claims / claims if claims else 1.0


@dataclass(frozen=True)
class History:
    """One document over its dates.

    Attributes:
        kind_name: Its kind.
        name: The project or topic.
        versions: Each version with its figures, oldest first; the last one is the current one
            where there is one.
    """

    kind_name: str
    name: str
    versions: tuple[tuple[StoredDocument, Quality], ...]


def qualities(
    project: Project, documents: Iterable[StoredDocument], *, drift: bool = False
) -> dict[Path, Quality]:
    """Return the figures of documents.

    Texts that were seen before are not parsed again: what depends on the text alone is kept
    beside the caches.

    Args:
        project: The user's project.
        documents: The documents.
        drift: Compare the current ones with the code, which may take seconds; otherwise the
            drift is known only where the last comparison still holds.
    """
    records = Records(project.citations)
    documents = tuple(documents)
    current = [each for each in documents if not each.archived]
    compared = compared_all(project, current) if drift else remembered_fresh(project, current)
    memory = TextMemory(project, "quality", _Figures)
    found = {}
    for stored in documents:
        try:
            text = read_document(stored.path)
        except DocumentError as error:
            found[stored.path] = Quality({}, 0, 0, 0, unreadable=error.message)
            continue
        figures = memory.recall(text, _figures)
        found[stored.path] = _quality(figures, records, compared.get(stored.path))
    memory.close()
    return found


def histories(project: Project) -> tuple[History, ...]:
    """Return every document of a project over its dates, archived versions included."""
    stored = [
        each for archived in (True, False) for each in stored_documents(project, archived=archived)
    ]
    figures = qualities(project, stored)
    groups: dict[tuple[str, str], list[StoredDocument]] = {}
    for each in stored:
        groups.setdefault((each.kind_name, each.name), []).append(each)
    return tuple(
        History(
            kind_name,
            name,
            tuple(
                (each, figures[each.path])
                for each in sorted(versions, key=lambda one: (one.date, not one.archived))
            ),
        )
        for (kind_name, name), versions in groups.items()
    )


def _figures(text: str) -> _Figures:
    """Return what a text alone says."""
    checked = CheckedDocument("", text)
    named = keys_named(checked.markers, checked.closing)
    cited = [sorted({k for m in s.basis for k in named[m]}) for s in _resting(checked)]
    return _Figures(
        keys=tuple(sorted({key for keys in named.values() for key in keys})),
        cited=tuple(tuple(keys) for keys in cited if keys),
        uncited=sum(
            1
            for each in checked.sentences
            if not each.basis
            and not each.quoted
            and each.kind != "heading"
            and signal_of(each.claim)
        ),
        edited=sum(region.edited for region in checked.regions),
    )


def _resting(checked: CheckedDocument) -> Iterator[Sentence]:
    """Yield the sentences that carry a marker, or need a source and have it from above."""
    yield from (each for each in checked.sentences if each.markers or signal_of(each.claim))


def _quality(figures: _Figures, records: Records, compared: Compared | None) -> Quality:
    """Return the figures of one document, its keys looked up in the records."""
    keys = [key for key in figures.keys if not key.startswith(DECISION)]
    states = Counter(_state(records.get(key)) for key in keys)
    return Quality(
        citations=dict(sorted(states.items())),
        cited_claims=sum(
            any(key in records or key.startswith(DECISION) for key in cited)
            for cited in figures.cited
        ),
        uncited_claims=figures.uncited,
        edited_regions=figures.edited,
        drift=None if compared is None or compared.unread or compared.lost else compared.changed,
    )


def _state(citation: Citation | None) -> str:
    """Return what is known of a record's source."""
    if citation is None:
        return "no record"
    if citation.superseded_by:
        return "superseded"
    return citation.checks[-1].outcome.value if citation.checks else "recorded"
