"""`doc list`, `doc facts`, `doc diff`, which only read, and `doc adopt` of strange files."""

import difflib
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from footnotary.cli.doc_writing import DocumentsArgument, choose_documents, display_path
from footnotary.cli.fetching import Private, document_reader, open_fetcher
from footnotary.cli.options import KindArgument, Printing, ReadingGroup, Where
from footnotary.cli.printing import echo, print_facts, print_json, waiting
from footnotary.counting import counted

if TYPE_CHECKING:
    from footnotary.adopting.claims_found import Survey
    from footnotary.adopting.taking_over import JudgedSource
    from footnotary.gating.quality import Quality
    from footnotary.writing import StoredDocument


def adopt(
    paths: Annotated[list[str], typer.Argument(metavar="PATH", help="Documents or folders.")],
    write: Annotated[
        bool, typer.Option("--write", help="Record the sources that hold, and name them.")
    ] = False,
    offline: Annotated[
        bool, typer.Option("--offline", help="Do not use the network: no source is read.")
    ] = False,
    *,
    private: Private,
    printing: Printing,
    where: Where,
) -> None:
    """Read the sources of documents that were written elsewhere and say which hold.

    Example: doc adopt docs/research --write

    Exit codes: 0 every source has its quote, 1 one has not, was not read or is cited without
    one, or a marker leads nowhere.
    """
    from footnotary.adopting.claims_found import surveyed
    from footnotary.adopting.taking_over import Verdict, judge_sources, taken_over
    from footnotary.gating.collecting import collected

    project, settings = where.project_and_settings()
    rows: list[dict[str, Any]] = []
    clean = True
    opened = nullcontext() if offline else open_fetcher(settings, **asdict(private), create=write)
    with opened as fetcher:
        for document in collected(project, paths):
            if document.text is None:
                echo(f"{document.shown}: {document.unreadable}", err=True)
                clean = False
                continue
            survey = surveyed(document.shown, document.text)
            verdicts = list(judge_sources(survey, fetcher, document.text))
            keys: tuple[str, ...] = ()
            if write and fetcher is not None:
                keys = taken_over(project, document.path, verdicts, fetcher)
            clean = clean and not survey.dangling and not survey.broken
            clean = clean and all(each.verdict is Verdict.HELD for each in verdicts)
            rows.append(_row(survey, verdicts, keys))
            if not printing.as_json and not printing.quiet:
                for line in _lines(survey, verdicts, keys):
                    echo(line)
    if printing.as_json:
        print_json(rows)
    elif not printing.quiet:
        echo(_summary(rows), err=True)
    if not clean:
        raise typer.Exit(1)


def _lines(
    survey: "Survey", verdicts: "list[JudgedSource]", keys: tuple[str, ...]
) -> Iterator[str]:
    """Yield what is said of one document."""
    if not (verdicts or survey.markers or survey.sample_markers or survey.links):
        return
    sources = counted(len(survey.sources), "source")
    yield f"{survey.path}: {counted(survey.markers, 'marker')}, {sources}"
    if survey.broken:
        yield f"  {survey.broken}"
    for each in verdicts:
        entry = each.source.entry
        label = f"[{entry.number}]" if entry.number else "-"
        yield f"  {entry.line}: {label} {entry.url or entry.title}: {each.verdict.value}"
        yield from _details(each)
    for label, line in survey.dangling:
        yield f"  {line}: ^[{label}] has no source"
    if survey.uncited:
        yield f"  no marker names [{'], ['.join(survey.uncited)}]"
    for address, line in survey.links:
        yield f"  {line}: {address}: left out: a link with no quotation beside it"
    if survey.sample_markers:
        yield f"  {survey.sample_markers} markers in code samples are left alone"
    for key in keys:
        yield f"  recorded {key}"


def _details(each: "JudgedSource") -> Iterator[str]:
    """Yield what more is said of one source."""
    verdict = each.verdict.value
    if verdict == "absent":
        yield f"      it was to say “{each.source.entry.quote}”"
        yield f"      it says       “{each.detail}”"
    elif each.detail and verdict == "no quote":
        yield f"      nearest to the claim: “{each.detail}”"
    elif each.detail and verdict != "held":
        yield f"      {each.detail}"


def _row(survey: "Survey", verdicts: "list[JudgedSource]", keys: tuple[str, ...]) -> dict[str, Any]:
    """Return what is said of one document, for scripts."""
    return {
        "path": survey.path,
        "markers": survey.markers,
        "dangling": [{"label": label, "line": line} for label, line in survey.dangling],
        "uncited": list(survey.uncited),
        "has_sources_block": survey.has_sources_block,
        "has_research_context": survey.has_research_context,
        "sample_markers": survey.sample_markers,
        "links": [{"url": address, "line": line} for address, line in survey.links],
        "broken": survey.broken,
        "recorded": list(keys),
        "sources": [
            {
                "line": each.source.entry.line,
                "number": each.source.entry.number,
                "form": each.source.form,
                "title": each.source.entry.title,
                "url": each.source.entry.url,
                "accessed": each.source.entry.accessed_text,
                "quote": each.source.entry.quote,
                "cited_on": list(each.source.cited_on),
                "outcome": each.verdict.value,
                "detail": each.detail,
                "differences": list(each.differences),
            }
            for each in verdicts
        ],
    }


def _summary(rows: list[dict[str, Any]]) -> str:
    """Return the counts in one line."""
    from collections import Counter

    verdicts = Counter(source["outcome"] for row in rows for source in row["sources"])
    counts = ", ".join(f"{count} {name}" for name, count in verdicts.most_common())
    sources = counted(sum(verdicts.values()), "source")
    return f"{counted(len(rows), 'document')}, {sources}: {counts or 'none'}"


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
    from footnotary.documents.what_changed import notes_on_reading, what_is_partial
    from footnotary.writing import read_facts
    from footnotary.writing.options import options_to_read_with

    project, settings = where.project_and_settings()
    options = options_to_read_with(project, kind_named(kind), reading.options(project.root, kind))
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
    options = reading.options(project.root, *{each.kind_name for each in wanted})
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
