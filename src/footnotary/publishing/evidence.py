"""The citations behind the site: read once, read again only where a file has changed."""

import contextlib
import time
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from pathlib import Path

from footnotary.errors import RecordError
from footnotary.facts.research import DECISION, Standing
from footnotary.fetch.repositories import is_local
from footnotary.match.fragment import recorded_link
from footnotary.models import CheckOutcome, Citation, Quote
from footnotary.project import Project, record_names
from footnotary.publishing.markup import web_url
from footnotary.record_files import read_record
from footnotary.writing.trails import research_notes, standing_of

SCAN_INTERVAL = 1.0  # seconds; asking the disk for 500 records on each page costs 1.5 ms


class State(Enum):
    """Whether a citation still holds: (word for the reader, mark, class of the style sheet).

    The mark has its own shape for each state: colour is never the only sign.
    """

    HELD = ("held", "✓", "good")
    RECORDED = ("recorded", "●", "good")
    MOVED = ("moved", "→", "note")
    SUPERSEDED = ("superseded", "↻", "note")
    UNREACHABLE = ("unreachable", "?", "note")
    CHANGED = ("changed", "≠", "bad")
    GONE = ("gone", "✕", "bad")
    UNRECORDED = ("no record", "○", "note")

    @property
    def word(self) -> str:
        """What the reader sees."""
        return self.value[0]

    @property
    def mark(self) -> str:
        """A sign of its own shape."""
        return self.value[1]

    @property
    def tone(self) -> str:
        """`good`, `note` or `bad`."""
        return self.value[2]

    @property
    def holds(self) -> bool:
        """Whether the source says it, as far as is known; at another address too."""
        return self in (State.HELD, State.RECORDED, State.MOVED)


_OF_CHECKS = {
    CheckOutcome.HELD: State.HELD,
    CheckOutcome.MOVED: State.MOVED,
    CheckOutcome.CHANGED: State.CHANGED,
    CheckOutcome.GONE: State.GONE,
    CheckOutcome.UNREACHABLE: State.UNREACHABLE,
}


def state_of(citation: Citation) -> State:
    """Return what the last reading found; `RECORDED` before the first re-reading."""
    if citation.superseded_by:
        return State.SUPERSEDED
    if not citation.checks:
        return State.RECORDED
    last = citation.checks[-1]
    is_followed = is_local(citation.url) or last.detail == f"now at {citation.final_url}"
    if last.outcome is CheckOutcome.MOVED and is_followed:
        return State.HELD  # and the record names the place
    return _OF_CHECKS[last.outcome]


def last_seen_on_page(citation: Citation) -> date:
    """Return the last day on which the quote was seen on its page."""
    held = [check.date for check in citation.checks if check.outcome is CheckOutcome.HELD]
    return max([citation.accessed, *held])


@dataclass
class EvidenceOfFolder:
    """The records of one folder.

    Attributes:
        folder: Where they lie.
        citations: Those that read, by key.
        rendered: What is shown of a citation, kept by whoever renders it, until it changes.
        pinned: Whether a build is under way that reads the disk once and for all.
        broken: What is wrong with those that do not, by file name.
    """

    folder: Path
    citations: dict[str, Citation] = field(default_factory=dict)
    broken: dict[str, RecordError] = field(default_factory=dict)
    rendered: dict[tuple[str, str], str] = field(default_factory=dict)
    pinned: bool = False
    _decisions: dict[str, tuple[Standing, str]] | None = None
    _signs: dict[str, tuple[int, int]] = field(default_factory=dict)
    _scanned: float = float("-inf")

    def refresh(self, *, now: bool = False) -> None:
        """Read the files that changed since the last time.

        Args:
            now: Look at the disk even if that was done less than a second ago.
        """
        if self.pinned and not now:
            return
        moment = time.monotonic()
        if not now and moment - self._scanned < SCAN_INTERVAL:
            return
        self._scanned = moment
        self._decisions = None
        signs = _signs(self.folder)
        for name in self._signs.keys() - signs.keys():
            self._forget(name)
        for name, sign in signs.items():
            if self._signs.get(name) != sign:
                self._forget(name)
                self._read(name)
        self._signs = signs

    @property
    def decisions(self) -> dict[str, tuple[Standing, str]]:
        """The decisions of the research notes, by `decision:KEY`, each with its page's place."""
        if self._decisions is None:
            notes = research_notes(Project(self.folder.parent))
            self._decisions = {
                DECISION + key: (standing_of(one), f"documents/{one.kind.folder}/{one.stem}.md")
                for key, one in notes.items()
            }
        return self._decisions

    def _forget(self, name: str) -> None:
        self.citations.pop(name.removesuffix(".yaml"), None)
        self.rendered.clear()
        self.broken.pop(name, None)

    def _read(self, name: str) -> None:
        try:
            citation = read_record(self.folder / name)
        except RecordError as error:
            self.broken[name] = error
        else:
            self.citations[citation.key] = citation


def _signs(folder: Path) -> dict[str, tuple[int, int]]:
    """Return size and time of change of every record, sorted by name."""
    keys, others = record_names(folder)
    found: dict[str, tuple[int, int]] = {}
    for name in (*(f"{key}.yaml" for key in keys), *others):
        with contextlib.suppress(OSError):
            status = (folder / name).lstat()
            found[name] = status.st_mtime_ns, status.st_size
    return found


_known: dict[Path, EvidenceOfFolder] = {}


def evidence_in(folder: Path) -> EvidenceOfFolder:
    """Return the records of a folder, up to date within a second.

    Engines make a new Markdown converter for every page; the records outlive it here.
    """
    evidence = _known.get(folder)
    if evidence is None:
        evidence = _known[folder] = EvidenceOfFolder(folder)
    evidence.refresh()
    return evidence


def sentence_url(citation: Citation) -> str:
    """Return where a reader finds the words of a citation.

    Args:
        citation: The record; words that were read beside the page may not be on it, so it is
            opened as it was cited (a file at its lines).
    """
    if citation.evidence.text_url:
        return web_url(citation.url)
    return fragment_url(citation.final_url, citation.quote, citation.evidence.media_type)


def fragment_url(address: str, quote: Quote, media_type: str = "") -> str:
    """Return a link that makes the browser scroll to a quote and mark it.

    Args:
        address: The page's URL; a fragment of its own is kept in front.
        quote: The quote of a record.
        media_type: What the page was read as.

    Returns:
        The URL, without a directive where it would not be certain to lead to the quote, or an
        empty string where the address is none a reader may follow.
    """
    target = web_url(address)
    return recorded_link(target, quote, media_type) if target else ""
