"""Decision records brought in and written: MADR, the form that other tools keep decisions in."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path

from footnotary import clock
from footnotary.documents.decision_records import DecisionRecord, parse_decision, render_decision
from footnotary.documents.research import RESEARCH
from footnotary.documents.skeleton import without_questions
from footnotary.errors import FootnotaryError, UsageError
from footnotary.facts.research import DecisionMade, QuestionAsked, Replaced
from footnotary.facts.stored import without_secrets_in
from footnotary.files import read_regular, write_atomically
from footnotary.markers.structure import front_matter_end
from footnotary.noting import Note, choose_topic, find_note, list_notes, write_note
from footnotary.project import Project, make_slug
from footnotary.writing.documents_on_disk import read_document
from footnotary.writing.trails import log_events
from footnotary.writing.transaction import apply, writing

MAX_RECORD = 1_000_000


@dataclass(frozen=True)
class ImportedDecision:
    """What became of one decision record.

    Attributes:
        file: Its file.
        key: The note that was made of it; empty where none was.
        new: Whether something was logged.
        problem: Why it was not imported; empty where it was.
        warning: What was not understood.
    """

    file: Path
    key: str = ""
    new: bool = False
    problem: str = ""
    warning: str = ""


def import_decisions(project: Project, files: Iterable[Path]) -> tuple[ImportedDecision, ...]:
    """Make research notes of decision records; one that is known already changes nothing."""
    found = []
    for file in files:
        try:
            found.append(_import(project, file))
        except FootnotaryError as error:
            found.append(ImportedDecision(file, problem=error.message))
    _link_superseded(project)
    return tuple(found)


def _import(project: Project, file: Path) -> ImportedDecision:
    """Make a research note of one decision record."""
    try:
        text = read_regular(file, MAX_RECORD, follow=True).decode()
    except OSError as error:
        raise UsageError(f"it cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise UsageError("it is not UTF-8") from None
    record = parse_decision(text, file.name, DecisionMade(at=clock.now(), state="open"))
    warnings = [record.warning]
    made = without_secrets_in(record.made)
    if made != record.made:
        warnings.append("what looks like a password or key was masked")
    known = [one for one in list_notes(project) if _file_of(one) == file.name]
    before = known[0].trail.decision if known else None
    warning = "; ".join(filter(None, warnings))
    if known and before and before.record == made.record:
        return ImportedDecision(file, known[0].key, warning=warning)
    if known:
        key = known[0].key
        log_events(project, {known[0].stored: [made]})
    else:
        key = _write(project, record, made, file)
    return ImportedDecision(file, key, new=True, warning=warning)


def _write(project: Project, record: DecisionRecord, made: DecisionMade, file: Path) -> str:
    """Write the note of a decision record, and return its key."""
    key = choose_topic(project, record.title)
    note = next((one for one in list_notes(project) if one.key == key), None)
    if note and _file_of(note):  # two records of one title
        key = make_slug(file.stem) or key
    now = clock.now()
    asked = datetime.combine(made.day, time(), UTC) if made.day else now
    begin = QuestionAsked(at=min(asked, now), question=record.title)
    is_asked = note is not None and note.key == key and note.trail.question
    written = write_note(
        project, record.title, key=key, begin=(made,) if is_asked else (begin, made)
    )
    context = parse_decision(made.record, made.file, made).context
    question = RESEARCH.prose[0].markdown.rpartition("\n")[2]
    if context and "footnotary:" not in context:
        with writing(project):
            text = read_document(written.path).replace(f"\n{question}\n", f"\n{context}\n", 1)
            apply(project, {written.path: text.encode()})
    return key


def _file_of(note: Note) -> str:
    """Return the name of the record that a note was read from; empty where it was from none."""
    files = (one.file for one in note.trail.events if isinstance(one, DecisionMade) and one.file)
    return next(files, "")


def _link_superseded(project: Project) -> None:
    """Log to notes whose records name a successor that is a note, too, that they are superseded."""
    notes = list_notes(project)
    names = {_file_of(one) or f"{one.key}.md": one for one in notes}
    for note in notes:
        made = note.trail.decision
        if made is None or not made.record or note.trail.superseded_by:
            continue
        named = parse_decision(made.record, made.file, made).superseded_by
        new = next((names[one] for one in names if _is_named(one, named)), None)
        if new and new.key != note.key:
            log_events(project, {note.stored: [Replaced(at=clock.now(), key=new.key)]})


def _is_named(file: str, named: str) -> bool:
    """Tell whether a file is the one that a status names, by its name or number."""
    if not named:
        return False
    number = file.partition("-")[0]
    by_number = named.isdigit() and number.isdigit() and int(named) == int(number)
    bare = re.sub(r"\A\d+-|\.md\Z", "", named)
    return by_number or file in (named, f"{named}.md", f"{bare}.md")


def export_decisions(
    project: Project, keys: Collection[str], folder: Path, *, force: bool = False
) -> dict[str, Path]:
    """Write decisions as decision records.

    Args:
        project: The user's project.
        keys: The notes; all with a decision if empty.
        folder: Where the records go; it is made.
        force: Overwrite files that hold other words than the notes know.

    Returns:
        The files by key.

    Raises:
        UsageError: There is no such note, none with a decision, a trail does not read, or a file
            holds words that would be lost; nothing is written.
    """
    notes = list_notes(project)
    chosen = [find_note(project, key) for key in keys] or [
        one for one in notes if one.trail.decision or one.problem
    ]
    for one in chosen:
        if one.problem:
            raise UsageError(one.problem, hint=one.hint)
    if not chosen:
        raise UsageError("No note has a decision.", hint="`footnotary note decide` logs one.")
    decided = [one for one in notes if one.trail.decision and one not in chosen]
    names = dict(_names([*chosen, *decided], folder))
    texts: dict[Path, str] = {}
    written = {}
    for one in chosen:
        successor = names.get(one.trail.superseded_by, "").removesuffix(".md")
        text = render_decision(one.trail, one.title, _question_of(one), successor)
        written[one.key] = folder / names[one.key]
        texts[written[one.key]] = text
        if not force:
            _refuse_loss(written[one.key], text, one)
    for path, text in texts.items():
        write_atomically(path, text.encode())
    return written


def _refuse_loss(path: Path, text: str, note: Note) -> None:
    """Refuse to overwrite a file that holds other words than the note's trail."""
    try:
        there = read_regular(path, MAX_RECORD, follow=True)
    except FileNotFoundError:
        return
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}.") from None
    records = [one.record for one in note.trail.events if isinstance(one, DecisionMade)]
    if there not in [one.encode() for one in (text, *records)]:
        raise UsageError(
            f"{path} is there and differs; nothing was written.",
            hint="Import it, name another folder by --output, or overwrite it with --force.",
        )


def _names(notes: Iterable[Note], folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the file name of each note's record: its own, or the next number and its key."""
    known = {one.key: _file_of(one) for one in notes}
    taken = {name for name in known.values() if name}
    taken |= {path.name for path in folder.glob("*.md")} if folder.is_dir() else set()
    numbers = (name.partition("-")[0] for name in taken)
    last = max((int(one) for one in numbers if one.isdigit()), default=0)
    for key, name in known.items():
        mine = next((one for one in sorted(taken) if one.partition("-")[2] == f"{key}.md"), "")
        if not (name or mine):
            last += 1
        yield key, name or mine or f"{last:04d}-{key}.md"


def _question_of(note: Note) -> str:
    """Return what the author has written under Question; empty where nothing is."""
    text = read_document(note.stored.path)
    body = without_questions(text[front_matter_end(text) :], RESEARCH.prose)
    _, found, rest = body.partition("\n## Question\n")
    words = rest.partition("\n## ")[0].partition("\n<!-- footnotary:")[0] if found else ""
    return words.strip()
