"""`doc list`, `doc facts`, `doc diff`: the commands that only read."""

import difflib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from footnotary.cli.doc_writing import DocumentsArgument, choose_documents, display_path
from footnotary.cli.fetching import document_reader
from footnotary.cli.options import KindArgument, Printing, ReadingGroup, Where
from footnotary.cli.printing import echo, print_facts, print_json, waiting
from footnotary.counting import counted

if TYPE_CHECKING:
    from footnotary.gating.quality import Quality
    from footnotary.writing import StoredDocument

_NONE = "No documents yet: `doc new KIND` writes one."


def list_documents(
    archived: Annotated[
        bool, typer.Option("--archived", help="List the superseded documents.")
    ] = False,
    drift: Annotated[
        bool, typer.Option("--drift", help="Compare the current documents with the code.")
    ] = False,
    *,
    printing: Printing,
    where: Where,
) -> None:
    """List the documents: kind, project, date, citations by state, share of cited claims.

    With --archived the superseded ones, oldest first: how the figures went.

    Example: doc list --drift
    """
    from footnotary.writing import stored_documents

    project, _ = where.project_and_settings()
    stored = stored_documents(project, archived=archived)
    figures: dict[Path, Quality] = {}
    if stored:
        from footnotary.gating.quality import qualities

        figures = qualities(project, stored, drift=drift)
    if printing.as_json:
        print_json([_listed(each, figures[each.path], project.root) for each in stored])
        return
    for each in stored:
        found = figures[each.path]
        if found.unreadable:
            echo(f"{display_path(each.path, project.root)}\n  {found.unreadable}")
            continue
        states = ", ".join(f"{count} {state}" for state, count in found.citations.items())
        claims = found.cited_claims + found.uncited_claims
        share = f"{found.cited_claims}/{claims} claims cited" if claims else "no claims"
        echo(f"{display_path(each.path, project.root)}")
        if printing.quiet:
            continue
        notes = [f"citations: {states or 'none'}", share]
        notes += [f"{found.edited_regions} regions edited"] if found.edited_regions else []
        notes += [f"{counted(len(found.drift), 'change')} in the code"] if found.drift else []
        echo(f"  {each.kind_name} {each.name} {each.date}; {'; '.join(notes)}")
    if not stored and not printing.quiet:
        echo(_NONE, err=True)


def _listed(each: "StoredDocument", found: "Quality", root: Path) -> dict[str, object]:
    """Return a document and its figures, for scripts."""
    return {
        "kind": each.kind_name,
        "project": each.name,
        "date": each.date.isoformat(),
        "status": "superseded" if each.archived else "current",
        "path": str(display_path(each.path, root)),
        "citations": found.citations,
        "cited_claims": found.cited_claims,
        "uncited_claims": found.uncited_claims,
        "coverage": round(found.coverage, 3),
        "edited_regions": found.edited_regions,
        "drift": list(found.drift) if found.drift is not None else None,
        "unreadable": found.unreadable or None,
    }


def facts(
    kind: KindArgument,
    name: Annotated[str, typer.Argument(metavar="PROJECT", help="As for `doc new`.")] = "",
    *,
    reading: ReadingGroup,
    context: typer.Context,
    printing: Printing,
    where: Where,
) -> None:
    """Read the facts of one kind from the code and print them; nothing is written.

    Example: doc facts schema --json
    """
    from footnotary.documents.registry import kind_named
    from footnotary.documents.ways_of_reading import notes_on_reading, what_is_partial
    from footnotary.writing import read_facts
    from footnotary.writing.options import options_to_read_with

    project, settings = where.project_and_settings()
    options = options_to_read_with(project, kind_named(kind), reading.options(kind))
    fetch = document_reader(settings, allow_private=reading.allow_private, create=False)
    with waiting("reading the project", hidden=printing.quiet):
        found = read_facts(project, kind, name or project.name, options, fetch)
    if printing.as_json:
        print_facts(found)
        return
    for label, count in found.summary.items():
        echo(f"{count:>7} {label.replace('_', ' ')}")
    if partial := what_is_partial(found):
        echo(f"{partial}.", err=True)
    for note in notes_on_reading(found):
        echo(f"note: {note}", err=True)
    if found.read.detail and context.params.get("verbose"):
        echo(found.read.detail, err=True)


def diff(
    documents: DocumentsArgument = None,
    *,
    reading: ReadingGroup,
    printing: Printing,
    where: Where,
) -> None:
    """Show what `doc refresh` would change; nothing is written.

    Example: doc diff

    Exit codes: 0 nothing would change, 1 something would.
    """
    from footnotary.writing.composing import preview
    from footnotary.writing.documents_on_disk import read_document

    project, settings = where.project_and_settings()
    wanted = choose_documents(project, documents)
    options = reading.options(*{each.kind_name for each in wanted})
    fetch = document_reader(settings, allow_private=reading.allow_private, create=False)
    found: dict[str, str] = {}
    for each in wanted:
        before = read_document(each.path)
        with waiting(f"reading the project for {each.stem}", hidden=printing.quiet):
            after = preview(project, each, options, force=True, fetch=fetch)
        name = str(display_path(each.path, project.root))
        found[name] = "\n".join(
            difflib.unified_diff(
                before.splitlines(), after.splitlines(), f"a/{name}", f"b/{name}", lineterm=""
            )
        )
    if printing.as_json:
        print_json([{"path": name, "diff": text} for name, text in found.items()])
    else:
        for text in found.values():
            if text:
                echo(text)
    if any(found.values()):
        raise typer.Exit(1)
    if not printing.quiet:
        echo("Nothing would change." if found else _NONE, err=True)
