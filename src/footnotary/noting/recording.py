"""What is logged to a note's trail: searches, readings, quotes, refusals, remarks."""

from collections.abc import Iterable
from dataclasses import dataclass

from footnotary import clock
from footnotary.errors import DocumentError, UsageError
from footnotary.facts.research import (
    MOST_CHARACTERS,
    LeftOut,
    Quoted,
    QuoteRefused,
    Remarked,
    Searched,
    SourceRead,
    TrailEvent,
)
from footnotary.facts.stored import without_secrets_in
from footnotary.noting import Note, current_note, user_name
from footnotary.project import Project
from footnotary.writing.documents_on_disk import StoredDocument
from footnotary.writing.trails import log_events, read_trail

ENGINE_ELSEWHERE = "elsewhere"


@dataclass(frozen=True)
class Logged:
    """What was logged.

    Attributes:
        key: The note.
        problem: Why its page was not rendered anew; empty where it was.
    """

    key: str
    problem: str = ""


def log(project: Project, *events: TrailEvent) -> Logged | None:
    """Log events to the current note.

    Args:
        project: The user's project.
        events: What happened; what must not be written down is masked.

    Returns:
        What was logged; None where no note is current.
    """
    stored = current_note(project)
    return log_to(project, stored, events) if stored else None


def log_to(project: Project, stored: StoredDocument, events: Iterable[TrailEvent]) -> Logged:
    """Log events to a note.

    Args:
        project: The user's project.
        stored: The note.
        events: What happened; what must not be written down is masked.
    """
    masked = [without_secrets_in(one) for one in events]
    return Logged(stored.name, log_events(project, {stored: masked})[stored])


def log_search(
    project: Project, engine: str, terms: str, results: int | None, limit: int = 0
) -> Logged | None:
    """Log a search to the current note; terms that the author names, once.

    Args:
        project: The user's project.
        engine: What was asked.
        terms: What was searched for.
        results: How many results there were; None where that is not known.
        limit: How many were asked for; 0 for all.
    """
    stored = current_note(project) if engine == ENGINE_ELSEWHERE else None
    if stored and any(one.terms == terms for one in _searches(stored)):
        return None
    event = Searched(
        at=clock.now(),
        engine=_cut(engine),
        terms=_cut(terms),
        results=results,
        is_cut=results == limit > 0,
    )
    return log(project, event)


def _searches(stored: StoredDocument) -> tuple[Searched, ...]:
    """Return the searches of a note; none where its trail does not read."""
    try:
        return read_trail(stored.trail_path).searches
    except DocumentError:
        return ()


def log_reading(
    project: Project, url: str, title: str, problem: str = "", asked: str = ""
) -> Logged | None:
    """Log that a source was read, or could not be."""
    read = SourceRead(
        at=clock.now(),
        url=_cut(url),
        title=_cut(title),
        problem=_cut(problem),
        asked=_cut(asked) if asked != url else "",
    )
    return log(project, read)


def log_quote(  # noqa: PLR0913, PLR0917  what is known of a quote
    project: Project, url: str, title: str, key: str, quote: str, asked: str = ""
) -> Logged | None:
    """Log a quote that was recorded."""
    quoted = Quoted(
        at=clock.now(),
        url=_cut(url),
        title=_cut(title),
        key=key,
        quote=_cut(quote),
        asked=_cut(asked) if asked != url else "",
    )
    return log(project, quoted)


def log_refusal(  # noqa: PLR0913  what is known of a refusal
    project: Project, url: str, title: str, *, quote: str, outcome: str, claim: str = ""
) -> Logged | None:
    """Log a quote that was refused.

    Args:
        project: The user's project.
        url: The source.
        title: Its title.
        quote: The words.
        outcome: Why: `absent`, `near`, `not_shown`, `unsupported-claim`.
        claim: What the quote does not support.
    """
    return log(
        project,
        QuoteRefused(
            at=clock.now(),
            url=_cut(url),
            title=_cut(title),
            quote=_cut(quote),
            outcome=outcome,
            claim=_cut(claim),
        ),
    )


def add_remark(project: Project, note: Note, text: str) -> Logged:
    """Add words of the author to a note.

    Raises:
        UsageError: There are none, or too many.
    """
    words = checked_words(text, "text")
    remark = Remarked(at=clock.now(), by=user_name(project), text=words)
    return log_to(project, note.stored, [remark])


def reject_source(project: Project, note: Note, url: str, why: str) -> Logged:
    """Log that a source is left out, and why.

    Raises:
        UsageError: Source or reason are missing or too long.
    """
    url, why = checked_words(url, "URL"), checked_words(why, "reason")
    event = LeftOut(at=clock.now(), by=user_name(project), url=url, why=why)
    return log_to(project, note.stored, [event])


def checked_words(text: str, what: str) -> str:
    """Return words that an event can hold.

    Raises:
        UsageError: They are missing or too long.
    """
    words = text.strip()
    try:
        words.encode()
    except UnicodeEncodeError:
        raise UsageError(
            f"The {what} holds bytes that are not UTF-8.", hint="Give it as Unicode text."
        ) from None
    if not words:
        raise UsageError(f"The {what} is empty.", hint="`footnotary note --help` shows examples.")
    if len(words) > MOST_CHARACTERS:
        raise UsageError(
            f"The {what} has more than {MOST_CHARACTERS:,} characters.",
            hint="Write it into the note itself.",
        )
    return words


def _cut(text: str) -> str:
    """Return the beginning of a text that an event can hold."""
    return text if len(text) <= MOST_CHARACTERS else f"{text[: MOST_CHARACTERS - 1]}…"
