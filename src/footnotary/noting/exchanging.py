"""What a note decides, and decisions that leave a project or come to it."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Literal

from footnotary import clock
from footnotary.documents.decision_records import DecisionRecord, parse_decision, render_decision
from footnotary.documents.kinds import without_questions
from footnotary.documents.research import RESEARCH
from footnotary.errors import FootnotaryError, UsageError
from footnotary.facts.research import (
    DecisionMade,
    OptionWeighed,
    QuestionAsked,
    Replaced,
    TrailEvent,
)
from footnotary.facts.stored import without_secrets_in
from footnotary.files import read_regular, write_atomically
from footnotary.markers.structure import front_matter_end
from footnotary.noting import Note, choose_topic, find_note, list_notes, user_name, write_note
from footnotary.noting.recording import Logged, checked_words
from footnotary.project import Project, make_slug
from footnotary.writing.documents_on_disk import StoredDocument, read_document
from footnotary.writing.trails import log_events, research_notes, standing_of
from footnotary.writing.transaction import apply, writing

_MOST_ITEMS = 100


@dataclass(frozen=True)
class DecisionChoice:
    """What the author says of a decision; what is empty stays as it was.

    Attributes:
        chosen: Title of the chosen option.
        why: The reason.
        options: Titles of the options that were considered.
        consequences: What follows from it.
        supersedes: Keys of the notes whose decisions it replaces.
        state: What it is.
        day: When it was decided, if not today.
    """

    chosen: str = ""
    why: str = ""
    options: tuple[str, ...] = ()
    consequences: tuple[str, ...] = ()
    supersedes: tuple[str, ...] = ()
    state: Literal["open", "decided", "withdrawn"] = "decided"
    day: date | None = None


def decide_note(project: Project, note: Note, choice: DecisionChoice) -> tuple[Logged, ...]:
    """Log the decision of a note, and to the notes that it supersedes that they are.

    Returns:
        What was logged: to the note first.

    Raises:
        UsageError: Something is missing or too long, or a note that is superseded is not there.
    """
    made = _decision(project, note, choice)
    replaced = [find_note(project, key) for key in choice.supersedes]
    if note.key in (one.key for one in replaced):
        raise UsageError(
            f"{note.key} cannot supersede itself.", hint="`note decide` alone changes a decision."
        )
    keys = dict.fromkeys([*made.supersedes, *(one.key for one in replaced)])
    made = made.model_copy(update={"supersedes": tuple(keys)})
    events: dict[StoredDocument, Iterable[TrailEvent]] = {note.stored: [without_secrets_in(made)]}
    for one in replaced:
        if one.trail.superseded_by != note.key:
            events[one.stored] = [Replaced(at=made.at, by=made.by, key=note.key)]
    problems = log_events(project, events)
    return tuple(Logged(stored.name, problem) for stored, problem in problems.items())


def _decision(project: Project, note: Note, choice: DecisionChoice) -> DecisionMade:
    """Return the event of a decision."""
    before = note.trail.decision
    chosen, why = choice.chosen.strip(), choice.why.strip()
    if choice.state == "decided" and not chosen:
        raise UsageError(
            "A decision names what was chosen.",
            hint='note decide --chosen "…" --why "…"; --open keeps the question open.',
        )
    if choice.supersedes and choice.state != "decided":
        raise UsageError(
            "Only a decision can supersede another.",
            hint='note decide --chosen "…" --why "…" --supersedes KEY',
        )
    if choice.state == "withdrawn" and not why:
        raise UsageError("Why is it withdrawn?", hint='note decide --withdrawn --why "…"')
    for words, what in ((chosen, "choice"), (why, "reason")):
        if words:
            checked_words(words, what)
    known = {one.title: one for one in before.options} if before else {}
    titles = [checked_words(one, "option") for one in choice.options] or list(known)
    titles = list(dict.fromkeys([*titles, *([chosen] if chosen else [])]))
    consequences = tuple(checked_words(one, "consequence") for one in choice.consequences)
    if max(len(titles), len(consequences)) > _MOST_ITEMS:
        raise UsageError(f"More than {_MOST_ITEMS} options or consequences.", hint="Group them.")
    withdrawn = ""
    if choice.state == "withdrawn":
        withdrawn, why = why, before.why if before else ""
        chosen = chosen or (before.chosen if before else "")
    return DecisionMade(
        at=clock.now(),
        by=user_name(project),
        state=choice.state,
        day=None if choice.state == "open" else choice.day or clock.today(),
        options=tuple(known.get(title) or OptionWeighed(title=title) for title in titles),
        chosen=chosen,
        why=why,
        withdrawn=withdrawn,
        consequences=consequences or (before.consequences if before else ()),
        supersedes=tuple(_still_superseded(project, note)),
    )


def _still_superseded(project: Project, note: Note) -> Iterator[str]:
    """Yield the notes that a note's decision has superseded and that did not decide anew since."""
    notes = research_notes(project)
    for key in note.trail.decision.supersedes if note.trail.decision else ():
        if key not in notes or standing_of(notes[key]).superseded_by == note.key:
            yield key


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
