"""`footnotary note`: the research notebook, and what other commands log to its current note."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from footnotary.cli.options import Printing, Where
from footnotary.cli.printing import echo, print_json
from footnotary.counting import counted
from footnotary.errors import AddressRefused, FootnotaryError, RecordError, UsageError

if TYPE_CHECKING:
    from footnotary.facts.research import TrailEvent
    from footnotary.noting import Note
    from footnotary.noting.recording import Logged
    from footnotary.project import Project

NoteOption = Annotated[
    str, typer.Option("--note", help="Key of the note. [default: the current one]")
]


def tell_logged(logged: "Logged | None", printing: Printing) -> None:
    """Say on stderr to which note something was logged, in one line; nothing where none is."""
    if logged is None:
        return
    if not printing.quiet:
        echo(f"logged to note {logged.key}", err=True)
    if logged.problem:
        echo(f"warning: its page was not written anew: {logged.problem}", err=True)


ENGINE_HERE = "what was read and written"


def log_here(project: "Project", printing: Printing, log: "Callable[[Any], Logged | None]") -> None:
    """Log something to the current note, where one is; that it cannot be is a warning.

    Args:
        project: The user's project.
        printing: How it is printed.
        log: Calls a function of the module `noting.recording`, which it is given.
    """
    from footnotary.state import CURRENT_NOTE, state_folder

    if not (state_folder(project.root) / CURRENT_NOTE).exists():
        return
    from footnotary.noting import recording

    try:
        tell_logged(log(recording), printing)
    except FootnotaryError as error:
        echo(f"warning: not logged: {error.message}", err=True)


def log_unread(project: "Project", printing: Printing, url: str, error: FootnotaryError) -> None:
    """Log to the current note that a source could not be read.

    Args:
        project: The user's project.
        printing: How it is printed.
        url: The source.
        error: Why; wrong words of the command are no such reason.
    """
    is_no_address = isinstance(error, AddressRefused) and "://" not in url
    if not (is_no_address or isinstance(error, UsageError | RecordError)):
        log_here(project, printing, lambda to: to.log_reading(project, url, "", error.message))


def start(
    question: Annotated[
        list[str], typer.Argument(metavar="QUESTION", help="The question, or a note's key.")
    ],
    *,
    printing: Printing,
    where: Where,
) -> None:
    """Begin a research note, or make one current: searches, readings and quotes are logged to it.

    One note is current in a working copy; each worktree has its own.

    Example: footnotary note start "Which pool size does the driver use?"
    """
    from footnotary.noting import start_note

    project, _ = where.project_and_settings()
    started = start_note(project, " ".join(question))
    note = started.note
    shown = note.stored.path.relative_to(project.root)
    if printing.as_json:
        print_json(
            {
                "key": note.key,
                "path": str(shown),
                "created": started.created,
                "before": started.before,
            }
        )
        return
    echo(str(shown))
    if printing.quiet:
        return
    echo(f"{'started' if started.created else 'current now'}: {note.key}", err=True)
    if started.before:
        echo(
            f"{started.before} was current before; `footnotary note start {started.before}`"
            " makes it current again.",
            err=True,
        )


def stop(*, printing: Printing, where: Where) -> None:
    """End the current note: nothing more is logged to it.

    Example: footnotary note stop
    """
    from footnotary.noting import stop_note

    project, _ = where.project_and_settings()
    key = stop_note(project)
    if printing.as_json:
        print_json({"stopped": key})
    elif not printing.quiet:
        echo(f"stopped: {key}" if key else "No note was current.", err=True)


def run_note_add(
    text: Annotated[list[str], typer.Argument(metavar="TEXT", help="Your words.")],
    note: NoteOption = "",
    *,
    printing: Printing,
    where: Where,
) -> None:
    """Add a remark to a note.

    Example: footnotary note add "The maintainers advise against it in the changelog."
    """
    from footnotary.noting import find_note
    from footnotary.noting.recording import add_remark

    project, _ = where.project_and_settings()
    _tell([add_remark(project, find_note(project, note), " ".join(text))], printing)


def reject(
    url: Annotated[str, typer.Argument(metavar="URL", help="The source.")],
    why: Annotated[str, typer.Argument(metavar="WHY", help="Why it is left out.")],
    note: NoteOption = "",
    *,
    printing: Printing,
    where: Where,
) -> None:
    """Log that a source is not used, and why.

    Example: footnotary note reject https://example.org/blog "of 2019, about version 1"
    """
    from footnotary.noting import find_note
    from footnotary.noting.recording import reject_source

    project, _ = where.project_and_settings()
    _tell([reject_source(project, find_note(project, note), url, why)], printing)


def decide(
    chosen: Annotated[str, typer.Option("--chosen", help="What was chosen.")] = "",
    why: Annotated[str, typer.Option("--why", help="The reason.")] = "",
    options: Annotated[
        list[str] | None, typer.Option("--option", help="What was considered; repeatable.")
    ] = None,
    consequences: Annotated[
        list[str] | None, typer.Option("--consequence", help="What follows; repeatable.")
    ] = None,
    supersedes: Annotated[
        list[str] | None,
        typer.Option("--supersedes", help="Key of a note whose decision it replaces; repeatable."),
    ] = None,
    is_open: Annotated[
        bool, typer.Option("--open", help="Nothing is decided yet; log the options.")
    ] = False,
    is_withdrawn: Annotated[
        bool, typer.Option("--withdrawn", help="The decision is no longer in force.")
    ] = False,
    note: NoteOption = "",
    *,
    printing: Printing,
    where: Where,
) -> None:
    """Log the decision of a note; deciding again takes the place of the last decision.

    Documents cite it as ^[decision:KEY]; their Sources blocks are brought in step.

    Example: footnotary note decide --chosen "pool size 10" --why "it is the default"
    --option "pool size 10" --option "one connection a request"
    """
    from footnotary.facts.research import DECISION
    from footnotary.gating.mending import sync_citing
    from footnotary.noting import find_note
    from footnotary.noting.exchanging import DecisionChoice, decide_note

    if is_open and is_withdrawn:
        raise UsageError("--open and --withdrawn exclude each other.")
    state: Literal["open", "decided", "withdrawn"] = "withdrawn" if is_withdrawn else "decided"
    project, settings = where.project_and_settings()
    choice = DecisionChoice(
        chosen=chosen,
        why=why,
        options=tuple(options or ()),
        consequences=tuple(consequences or ()),
        supersedes=tuple(supersedes or ()),
        state="open" if is_open else state,
    )
    logged = decide_note(project, find_note(project, note), choice)
    synced = sync_citing(project, [f"{DECISION}{one.key}" for one in logged], settings.pages)
    _tell(logged, printing, synced)


def _tell(
    logged: "list[Logged] | tuple[Logged, ...]", printing: Printing, synced: tuple[str, ...] = ()
) -> None:
    """Say to which notes something was logged, and which documents were brought in step."""
    if printing.as_json:
        keys = [one.key for one in logged]
        print_json({"logged": keys, "synced": list(synced)})
    for one in logged:
        tell_logged(one, printing)
    for shown in () if printing.quiet else synced:
        echo(f"synced: {shown}", err=True)


def run_note_list(*, printing: Printing, where: Where) -> None:
    """Print the notes: open questions first, then decisions.

    Example: footnotary note list
    """
    from footnotary import clock
    from footnotary.noting import current_note, list_notes

    project, _ = where.project_and_settings()
    notes, current = list_notes(project), current_note(project)
    if printing.as_json:
        print_json([_summary(project, one, one.stored == current) for one in notes])
        return
    for one in notes:
        age = counted((clock.today() - one.day).days, "day") if one.day else ""
        when = f"{one.day}, {age} old" if one.day else "day not stated"
        by = f", {one.trail.author}" if one.trail.author else ""
        mark = " (current)" if one.stored == current else ""
        echo(f"{_state(one)}  {one.key}{mark}\n  {one.title}\n  {when}{by}")
        if one.problem:
            echo(f"warning: {one.problem}", err=True)
    if not notes and not printing.quiet:
        echo('There are no notes; `footnotary note start "question"` begins one.', err=True)


def _state(note: "Note") -> str:
    """Return a note's state, with what has superseded it."""
    by = note.trail.superseded_by
    return "unknown" if note.problem else f"{note.state} by {by}" if by else note.state


def _summary(project: "Project", note: "Note", is_current: bool) -> dict[str, Any]:
    """Return a note for scripts, without its events."""
    made = note.trail.decision
    return {
        "key": note.key,
        "question": note.title,
        "state": None if note.problem else note.state,
        "superseded_by": note.trail.superseded_by,
        "date": note.day.isoformat() if note.day else "",
        "author": note.trail.author,
        "chosen": made.chosen if made else "",
        "why": made.why if made else "",
        "current": is_current,
        "path": str(note.stored.path.relative_to(project.root)),
        "problem": note.problem,
    }


def run_note_show(
    key: Annotated[
        str, typer.Argument(metavar="KEY", help="The note. [default: the current one]")
    ] = "",
    *,
    printing: Printing,
    where: Where,
) -> None:
    """Print a note's trail: what was searched, read, quoted, left out and decided.

    Example: footnotary note show which-pool-size
    """
    from footnotary.noting import current_note, find_note

    project, _ = where.project_and_settings()
    note = find_note(project, key)
    if note.problem:
        raise UsageError(note.problem, hint=note.hint)
    if printing.as_json:
        events = [one.model_dump(mode="json") for one in note.trail.events]
        found = _summary(project, note, note.stored == current_note(project))
        print_json(found | {"events": events})
        return
    echo(f"{note.title}\n{_state(note)}  {note.stored.path.relative_to(project.root)}\n")
    for one in note.trail.events:
        echo(f"{one.at:%Y-%m-%d %H:%M}  {describe_event(one)}")


def describe_event(event: "TrailEvent") -> str:
    """Return an event in words, on one line."""
    words: str
    match event.event:
        case "question":
            words = f"asked: {event.question}"
        case "search":
            words = f"searched {event.engine} for “{event.terms}”: {event.found_results}"
        case "reading":
            words = f"could not read {event.url}: {event.problem}"
            words = words if event.problem else f"read {event.url}"
        case "quote":
            words = f"quoted {event.url}: “{event.quote}” ({event.key})"
        case "refusal":
            words = f"refused ({event.outcome}), {event.url}: “{event.quote}”"
        case "rejection":
            words = f"left out {event.url}: {event.why}"
        case "remark":
            words = f"remark: {event.text}"
        case "decision":
            about = event.withdrawn or ": ".join(filter(None, (event.chosen, event.why)))
            words = f"{event.state}: {about}" if about else event.state
        case _:
            words = f"superseded by {event.key}"
    return " ".join(words.split())


def run_note_import(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Decision records in MADR's form.")
    ],
    *,
    printing: Printing,
    where: Where,
) -> None:
    """Make research notes of decision records (MADR, versions 2 to 4).

    The records stay as they are, and are exported word for word.

    Example: footnotary note import docs/decisions/*.md

    Exit codes: 0 all were imported, 1 some were not (each is named), 2 none could be.
    """
    from footnotary.noting.exchanging import import_decisions

    project, _ = where.project_and_settings()
    found = import_decisions(project, files)
    if printing.as_json:
        print_json(
            [
                {"file": str(one.file), "key": one.key, "new": one.new, "problem": one.problem}
                for one in found
            ]
        )
    for one in found:
        if one.problem:
            echo(f"not imported: {one.file}: {one.problem}", err=True)
        elif not (printing.quiet or printing.as_json):
            echo(f"{'imported' if one.new else 'known already'}: {one.file} as {one.key}", err=True)
        if one.warning:
            echo(f"warning: {one.file}: {one.warning}", err=True)
    if any(one.problem for one in found):
        raise typer.Exit(1)


def run_note_export(
    keys: Annotated[
        list[str] | None, typer.Argument(metavar="KEY", help="Notes. [default: all decisions]")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Their folder. [default: docs/decisions]"),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Overwrite files that hold other words.")
    ] = False,
    *,
    printing: Printing,
    where: Where,
) -> None:
    """Write decisions as decision records (MADR 4); imported ones in the form they had.

    Example: footnotary note export --output docs/decisions
    """
    from footnotary.noting.exchanging import export_decisions

    project, _ = where.project_and_settings()
    folder = output or project.inside("docs", "decisions")
    written = export_decisions(project, keys or (), folder, force=force)
    if printing.as_json:
        print_json({key: str(path) for key, path in written.items()})
        return
    for path in written.values():
        echo(str(path))
