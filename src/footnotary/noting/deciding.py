"""Decisions of research notes: what was considered and chosen, why, and what that replaces."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from footnotary import clock
from footnotary.errors import UsageError
from footnotary.facts.research import DecisionMade, OptionWeighed, Replaced, TrailEvent
from footnotary.facts.stored import without_secrets_in
from footnotary.noting import Note, find_note, user_name
from footnotary.noting.recording import Logged, checked_words
from footnotary.project import Project
from footnotary.writing.documents_on_disk import StoredDocument
from footnotary.writing.trails import log_events, research_notes, standing_of

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
