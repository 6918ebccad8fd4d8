"""Research notes: begun with a question, one of them current in a working copy.

What is searched, read and quoted meanwhile is logged to the trail of the current note
(`recording`). Which one that is is kept in `.footnotary/`: each worktree has its own.
"""

import hashlib
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pydantic import StringConstraints

from footnotary import clock, git
from footnotary.documents.research import RESEARCH
from footnotary.errors import DocumentError, FootnotaryError, FootnotaryWarning, UsageError
from footnotary.facts.options import ReadOptions
from footnotary.facts.research import (
    STATES,
    NoteState,
    QuestionAsked,
    ResearchTrail,
    TrailEvent,
)
from footnotary.models import Model
from footnotary.project import NAME_PATTERN, Project, make_slug
from footnotary.state import CURRENT_NOTE, make_state_folder, read_state, state_folder, write_state
from footnotary.writing import write_document
from footnotary.writing.composing import WrittenDocument
from footnotary.writing.documents_on_disk import StoredDocument, last_document, make_stem
from footnotary.writing.trails import (
    log_events,
    read_note,
    read_raw_trail,
    read_trail,
    research_notes,
    with_events,
)
from footnotary.writing.transaction import apply, writing

_MOST_QUESTION = 1_000
_DIGEST = 6


class _Current(Model):
    """Which note is current."""

    key: Annotated[str, StringConstraints(pattern=f"^{NAME_PATTERN.pattern}$")]


@dataclass(frozen=True)
class Note:
    """A research note.

    Attributes:
        stored: Its document.
        trail: Its trail; empty where it has none, or where that does not read.
        problem: Why the trail does not read; empty where it does.
        hint: What to do about that.
    """

    stored: StoredDocument
    trail: ResearchTrail
    problem: str = ""
    hint: str = ""

    @property
    def key(self) -> str:
        """Its key: the topic in its file name, which stays when the note is written anew."""
        return self.stored.name

    @property
    def title(self) -> str:
        """Its question, or its topic where none was logged."""
        return self.trail.question or self.key.replace("-", " ")

    @property
    def state(self) -> NoteState:
        """What it is."""
        return self.trail.state

    @property
    def day(self) -> date | None:
        """When it was decided, or else asked, by its trail; None where that is not known.

        Its document's day is that on which it was written anew, and only counts without a trail.
        """
        return self.trail.day if self.trail.events else self.stored.date


@dataclass(frozen=True)
class StartedNote:
    """A note that is current now.

    Attributes:
        note: The note.
        created: Whether it was made.
        before: Key of the note that was current before; empty where none was, or the same.
    """

    note: Note
    created: bool
    before: str = ""


def start_note(project: Project, question: str) -> StartedNote:
    """Make a research note current, and write it where there is none yet.

    Raises:
        UsageError: There is no question.
        DocumentError: The note, or its trail, is in a state that must not be guessed at.
    """
    before = _current_key(project)
    key = choose_topic(project, question)
    stored = last_document(project, RESEARCH.name, key)
    created = stored is None
    if stored is None:
        write_note(project, question)
    elif question.strip() != key and not read_trail(stored.trail_path).question:
        log_events(project, {stored: [_asked(project, question)]})
    make_state_folder(project.root)
    write_state(project.root, CURRENT_NOTE, _Current(key=key))
    return StartedNote(find_note(project, key), created, before if before != key else "")


def stop_note(project: Project) -> str:
    """Let no note be current.

    Returns:
        Key of the note that was; empty where none was.
    """
    key = _current_key(project)
    (state_folder(project.root) / CURRENT_NOTE).unlink(missing_ok=True)
    return key


def write_note(
    project: Project,
    question: str,
    *,
    force: bool = False,
    key: str = "",
    begin: Sequence[TrailEvent] = (),
) -> WrittenDocument:
    """Write today's document of a research note; a question that is no key begins its trail.

    Args:
        project: The user's project.
        question: The question, or the topic as a key.
        force: Overwrite regions that were edited by hand.
        key: The note's key, if it is not to be made of the question.
        begin: The events with which a new note begins, if not with the question alone.

    Raises:
        UsageError: There is no question.
        RegionEdited: A region was edited by hand, and `force` is not set.
        DocumentError: The last document is in a broken state.
    """
    key = key or choose_topic(project, question)
    stem = make_stem(RESEARCH, key, clock.today())
    path = project.current / RESEARCH.folder / f"{stem}.md"
    last = last_document(project, RESEARCH.name, key)
    trail = (last or StoredDocument(path, RESEARCH.name, key, clock.today())).trail_path
    begins = False
    if begin or (last is None and question.strip() != key):
        with writing(project):
            raw = read_raw_trail(trail)
            begins = not raw
            if begins or begin:
                events = begin or [_asked(project, question)]
                apply(project, {trail: with_events(raw, events)})
    try:
        return write_document(project, RESEARCH.name, key, ReadOptions(), force=force)
    except FootnotaryError:
        if begins:
            trail.unlink(missing_ok=True)
        raise


def choose_topic(project: Project, question: str) -> str:
    """Return the key of a question's note: of the one that is there, or of a new one.

    Raises:
        UsageError: There is no question, or a longer one than a title can be.
    """
    words = " ".join(question.split())
    words = words.encode(errors="replace").decode()
    if not any(map(str.isalnum, words)):
        raise UsageError("A note needs a question.", hint='note start "Which …?"')
    if len(words) > _MOST_QUESTION:
        raise UsageError(
            f"A question may have {_MOST_QUESTION:,} characters.",
            hint='Ask in one sentence; `note add "…"` takes the rest.',
        )
    digest = hashlib.sha256(_folded(words).encode(errors="replace")).hexdigest()[:_DIGEST]
    slug = make_slug(words)
    key = slug or f"note-{digest}"
    stored = research_notes(project).get(key)
    asked = read_trail(stored.trail_path).question if stored else ""
    if words == key or not asked or _folded(asked) == _folded(words):
        return key
    return f"{key[: 59 - _DIGEST].rstrip('-')}-{digest}"


def _folded(words: str) -> str:
    """Return the words of a question without what people type differently."""
    return " ".join(re.findall(r"\w+", words.casefold()))


def _asked(project: Project, question: str) -> QuestionAsked:
    """Return the event with which a note begins."""
    return QuestionAsked(
        at=clock.now(),
        by=user_name(project),
        question=" ".join(question.encode(errors="replace").decode().split()),
    )


def user_name(project: Project) -> str:
    """Return the name of git's user; empty where git knows none."""
    return " ".join((git.git_output(project.root, "config", "user.name") or "").split())[:200]


def _current_key(project: Project) -> str:
    """Return the key of the current note, whether it is there or not; empty where none is."""
    if not (state_folder(project.root) / CURRENT_NOTE).exists():
        return ""
    kept = read_state(project.root, CURRENT_NOTE, _Current)
    return kept.key if kept else ""


def current_note(project: Project) -> StoredDocument | None:
    """Return the note that is current in this working copy; None where none is.

    A note that is not here, such as one of another branch, is told as a warning.
    """
    key = _current_key(project)
    stored = last_document(project, RESEARCH.name, key) if key else None
    if key and stored is None:
        warnings.warn(
            f"Nothing is logged: the current note {key!r} is not among the documents."
            " `footnotary note stop` ends it.",
            FootnotaryWarning,
            stacklevel=2,
        )
    return stored


def find_note(project: Project, key: str = "") -> Note:
    """Return a note by its key, or the current one.

    Raises:
        UsageError: There is no such note, several are meant, or none is current.
    """
    if not key:
        stored = current_note(project)
        if stored is None:
            raise UsageError(
                "No note is current.", hint='`footnotary note start "question"` begins one.'
            )
        return _read(stored)
    notes = research_notes(project)
    found = [key] if key in notes else [one for one in notes if one.startswith(key)]
    if len(found) == 1:
        return _read(notes[found[0]])
    raise UsageError(
        f"Ambiguous key {key!r}: {len(found)} notes." if found else f"There is no note {key!r}.",
        hint="`footnotary note list` prints the keys.",
    )


def _read(stored: StoredDocument) -> Note:
    """Return a note with its trail."""
    try:
        return Note(stored, read_note(stored))
    except DocumentError as error:
        return Note(stored, ResearchTrail(), error.message, error.hint)


def list_notes(project: Project) -> tuple[Note, ...]:
    """Return every note: open questions first, each group by date, oldest first."""
    found = [_read(stored) for stored in research_notes(project).values()]
    return tuple(
        sorted(found, key=lambda one: (STATES.index(one.state), one.day or date.min, one.key))
    )
