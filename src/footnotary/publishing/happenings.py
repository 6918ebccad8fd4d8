"""What happened to documents, by day: each was written, and refreshed when the code had changed."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from footnotary.counting import counted
from footnotary.documents.change_log import HEADING, ChangeLog
from footnotary.documents.escape import make_anchor
from footnotary.publishing.collection import Document
from footnotary.writing.documents_on_disk import log_at

_LOG = ".changes.json"
_CHANGES = re.compile(r"^## Changes since (\d{4}-\d{2}-\d{2})\s*$", re.MULTILINE)
_SECTION_END = re.compile(r"^(?:#{1,2} |---\s*$)", re.MULTILINE)
_NOT_COMPARED = "Not compared:"


@dataclass(frozen=True)
class Happening:
    """One event of a document.

    Attributes:
        day: When, as `YYYY-MM-DD`.
        document: The document.
        words: What changed, such as `3 changes since 2026-11-23`; empty where that is not told.
        anchor: Where that is in the document; empty where it does not.
        refreshed: Whether it was refreshed, rather than written.
    """

    day: str
    document: Document
    words: str = ""
    anchor: str = ""
    refreshed: bool = False


def happenings(documents: Iterable[Document]) -> tuple[Happening, ...]:
    """Return the events of documents, newest first, those of one day by name.

    Args:
        documents: The documents.
    """
    found = [one for document in documents for one in _of(document)]
    found.sort(key=lambda one: (one.document.stem, one.refreshed))
    return tuple(sorted(found, key=lambda one: one.day, reverse=True))


def _of(document: Document) -> Iterator[Happening]:
    """Yield the events of one document."""
    found = _CHANGES.search(document.body)
    words = anchor = ""
    if found:
        part = _SECTION_END.split(document.body[found.end() :], maxsplit=1)[0]
        count = sum(line.startswith("- ") for line in part.splitlines())
        words = f"{counted(count, 'change') if count else 'no changes'} since {found[1]}"
        anchor = f"changes-since-{found[1]}"
        if _NOT_COMPARED in part:
            words = f"not compared with {found[1]}"
    yield Happening(document.date, document, words, anchor)
    for one in _log_of(document).refreshes:
        words = f"refreshed: {counted(one.count, 'change')}" if one.count else "refreshed"
        yield Happening(one.day.isoformat(), document, words, make_anchor(HEADING), refreshed=True)


def _log_of(document: Document) -> ChangeLog:
    """Return a document's own change log; an empty one where there is none."""
    path = next((path for suffix, path in document.attachments if suffix == _LOG), None)
    return log_at(path) if path else ChangeLog()
