"""What a refresh changes, told in the document's own change log; the facts of its date are kept."""

import os
from dataclasses import dataclass, field
from pathlib import Path

from footnotary import clock, git
from footnotary.documents import front_matter
from footnotary.documents.kinds import Context, Part, Region
from footnotary.documents.what_changed import (
    MOST,
    REGION,
    ChangeLog,
    Refresh,
    changes_between,
    not_compared,
    render_refreshes,
    rendered_log,
    why_not_compared,
)
from footnotary.errors import DocumentError
from footnotary.facts.basis import Facts
from footnotary.facts.stored import facts_bytes
from footnotary.project import Project
from footnotary.writing.documents_on_disk import (
    StoredDocument,
    facts_at,
    facts_of,
    log_of,
    read_document,
)

_UP_TO = "What its refreshes found; what changed after the last of them was not compared:"


@dataclass(frozen=True)
class DocumentHistory:
    """What lies beside a document and tells what it was on its date.

    Attributes:
        refreshed: Whether a refresh wrote something since, so that its facts are not those of
            its date.
        log: Its change log; an empty one where there is none that reads.
        day: The facts of its date; None where they are missing or do not read.
        lost: That they are, as a clause; or empty.
        unlogged: That its change log is missing or does not read, as a clause; or empty.
    """

    refreshed: bool = False
    log: ChangeLog = field(default_factory=ChangeLog)
    day: Facts | None = None
    lost: str = ""
    unlogged: str = ""

    @property
    def untold(self) -> str:
        """What is lost, and not said in the document yet; empty where nothing is."""
        lost = "" if self.log.tells_loss else self.lost
        return "; ".join(filter(None, (lost, self.unlogged)))


def read_history(stored: StoredDocument) -> DocumentHistory:
    """Return what is known of a document's date and of the refreshes since."""
    if stored.kind_name == "research":  # which is about no code
        return DocumentHistory()
    log = log_of(stored)
    beside = (stored.log_path, stored.dated_facts_path)
    refreshed = any(map(os.path.lexists, beside)) or _has_log(stored)
    path = stored.dated_facts_path if refreshed else stored.facts_path
    day = facts_at(path, stored)
    unlogged = refreshed and not log.refreshes
    return DocumentHistory(
        refreshed,
        log,
        day,
        "" if day else _lost(f"the facts of {stored.date} are", path),
        _lost("what earlier refreshes found is", stored.log_path) if unlogged else "",
    )


def _has_log(stored: StoredDocument) -> bool:
    """Tell whether a document's own text has a change log."""
    try:
        matter = front_matter.read_front_matter(read_document(stored.path))
    except DocumentError:
        return False
    return matter is not None and REGION in matter.regions


def _lost(what: str, path: Path) -> str:
    """Return that a file is missing or does not read, as a clause."""
    return f"{what} {'unreadable' if os.path.lexists(path) else 'missing'} ({path.name})"


def log_with(project: Project, last: StoredDocument | None, stem: str, facts: Facts) -> ChangeLog:
    """Return the change log of a document that is written now."""
    if last is None or last.stem != stem:
        return ChangeLog()
    history = read_history(last)
    before = facts_of(last) if history.refreshed else history.day
    notes = [f"Lost: {history.unlogged}" if history.unlogged else ""]
    lost = "" if history.log.tells_loss else history.lost
    if before is None and history.refreshed:
        gone = _lost("the facts of the last refresh are", last.facts_path)
        before = history.day
        notes.append(f"Compared with {last.date}, as {gone}" if before else "")
        lost = lost if before else f"{history.lost}; {gone}"
    found = changes_between(before, facts) if before else ()
    notes.append(why_not_compared(before, facts) if before else "")
    if not (found or lost or any(notes)):
        return history.log
    notes.append(f"and {len(found) - MOST} more" if len(found) > MOST else "")
    repository = git.read_repository(project.root)
    commit = repository.commit if repository else None
    return history.log.with_refresh(
        Refresh(
            day=clock.today(),
            commit=commit.short if commit else "",
            breaking=tuple(words for told, words in found if told)[:MOST],
            others=tuple(
                words if told is False else f"Not compared: {words}"
                for told, words in found
                if not told
            )[:MOST],
            note="; ".join(filter(None, notes)),
            lost=lost,
        )
    )


def render_loss(history: DocumentHistory) -> str:
    """Return what is said where a document's facts are lost; nothing where they read."""
    if not history.lost:
        return ""
    parts = [not_compared(history.lost)]
    if history.log.refreshes:
        parts += [_UP_TO, render_refreshes(history.log)]
    return "\n\n".join(parts)


def with_log(parts: tuple[Part, ...], log: ChangeLog) -> tuple[Part, ...]:
    """Return a document's parts with its change log behind what changed since the last one."""
    text = rendered_log(log)
    if not text:
        return parts
    names = [part.name if isinstance(part, Region) else "" for part in parts]
    at = names.index("changes") + 1 if "changes" in names else len(parts)
    return (*parts[:at], Region(REGION, text), *parts[at:])


def notes_on_history(
    last: StoredDocument | None, context: Context, log: ChangeLog
) -> tuple[str, ...]:
    """Return what could not be compared, for who writes a document now."""
    if last is None:
        return ()
    if last.stem != context.stem:
        return (context.lost.partition("\n")[0],) if context.lost else ()
    return tuple(one for one in _said_in(log) if one not in _said_in(log_of(last)))


def _said_in(log: ChangeLog) -> list[str]:
    """Return what a change log says besides changes."""
    said = [(not_compared(one.lost) if one.lost else "", one.note) for one in log.refreshes]
    return [words for pair in said for words in pair if words]


def kept_beside(last: StoredDocument | None, stem: str, log: ChangeLog) -> dict[Path, bytes | None]:
    """Return what is kept beside a document that was refreshed: its log, the facts of its date."""
    if last is None or last.stem != stem or log == log_of(last):
        return {}
    kept: dict[Path, bytes | None] = {
        last.log_path: log.model_dump_json(indent=2, exclude_defaults=True).encode() + b"\n"
    }
    history = read_history(last)
    if history.day and not history.refreshed:  # later ones are not of its date
        kept[last.dated_facts_path] = facts_bytes(history.day)
    return kept
