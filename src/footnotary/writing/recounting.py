"""What a refresh changes, told in the document's own change log; the facts of its date are kept."""

from pathlib import Path

from footnotary import clock, git
from footnotary.documents.change_log import REGION, ChangeLog, Refresh, rendered_log
from footnotary.documents.kinds import Part, Region
from footnotary.documents.ways_of_reading import why_not_compared
from footnotary.documents.what_changed import changes_between
from footnotary.facts.basis import Facts
from footnotary.facts.stored import facts_bytes
from footnotary.project import Project
from footnotary.writing.documents_on_disk import StoredDocument, facts_of, log_of

_MOST = 100  # of one refresh: a renamed project is no news line by line


def log_with(project: Project, last: StoredDocument | None, stem: str, facts: Facts) -> ChangeLog:
    """Return the change log of a document that is written now.

    Args:
        project: The user's project.
        last: The document as it is; None where there is none.
        stem: Stem of the document that is written: another one begins a log of its own.
        facts: What the code is now.
    """
    if last is None or last.stem != stem:
        return ChangeLog()
    log, before = log_of(last), facts_of(last)
    if before is None:
        return log
    found = changes_between(before, facts)
    note = why_not_compared(before, facts)
    if not found and not note:
        return log
    repository = git.read_repository(project.root)
    commit = repository.commit if repository else None
    return log.with_refresh(
        Refresh(
            day=clock.today(),
            commit=commit.short if commit else "",
            breaking=tuple(words for told, words in found if told)[:_MOST],
            others=tuple(
                words if told is False else f"Not compared: {words}"
                for told, words in found
                if not told
            )[:_MOST],
            note=note or (f"and {len(found) - _MOST} more" if len(found) > _MOST else ""),
        )
    )


def with_log(parts: tuple[Part, ...], log: ChangeLog) -> tuple[Part, ...]:
    """Return a document's parts with its change log behind what changed since the last one.

    Args:
        parts: The parts as the kind has them.
        log: The document's own log.
    """
    text = rendered_log(log)
    if not text:
        return parts
    names = [part.name if isinstance(part, Region) else "" for part in parts]
    at = names.index("changes") + 1 if "changes" in names else len(parts)
    return (*parts[:at], Region(REGION, text), *parts[at:])


def kept_beside(last: StoredDocument | None, stem: str, log: ChangeLog) -> dict[Path, bytes | None]:
    """Return what is kept beside a document that was refreshed: its log, the facts of its date.

    Args:
        last: The document as it is; None where there is none.
        stem: Stem of the document that is written.
        log: Its log from now on.
    """
    if last is None or last.stem != stem or log == log_of(last):
        return {}
    kept: dict[Path, bytes | None] = {
        last.log_path: log.model_dump_json(indent=2, exclude_defaults=True).encode() + b"\n"
    }
    before = facts_of(last)
    if before is not None and not last.dated_facts_path.is_file():
        kept[last.dated_facts_path] = facts_bytes(before)
    return kept
