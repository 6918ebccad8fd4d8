"""`doc adopt`: documents that were written elsewhere, their sources read one by one."""

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from footnotary.cli.fetching import Private, open_fetcher
from footnotary.cli.options import Printing, Where
from footnotary.cli.printing import echo, print_json
from footnotary.counting import counted

if TYPE_CHECKING:
    from footnotary.adopting.claims_found import Survey
    from footnotary.adopting.judging import JudgedSource


def adopt(
    paths: Annotated[list[str], typer.Argument(metavar="PATH", help="Documents or folders.")],
    write: Annotated[
        bool, typer.Option("--write", help="Record the sources that hold, and name them.")
    ] = False,
    offline: Annotated[
        bool, typer.Option("--offline", help="Ask no network: every source is unread.")
    ] = False,
    *,
    private: Private,
    printing: Printing,
    where: Where,
) -> None:
    """Read the sources of documents that were written elsewhere and say which hold.

    Example: doc adopt docs/research --write

    Exit codes: 0 every source holds, 1 one does not, is unread or has no quote, or a marker
    leads nowhere.
    """
    from footnotary.adopting.claims_found import surveyed
    from footnotary.adopting.judging import Verdict, judge_sources
    from footnotary.adopting.taking_over import taken_over
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
            clean = clean and all(each.verdict is Verdict.HOLDS for each in verdicts)
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
    if not verdicts and not survey.markers and not survey.sample_markers:
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
    if survey.sample_markers:
        yield f"  {survey.sample_markers} markers in code samples are left alone"
    for key in keys:
        yield f"  recorded {key}"


def _details(each: "JudgedSource") -> Iterator[str]:
    """Yield what more is said of one source."""
    verdict = each.verdict.value
    if verdict == "says something else":
        yield f"      it was to say “{each.source.entry.quote}”"
        yield f"      it says       “{each.detail}”"
    elif each.detail and verdict == "has no quote":
        yield f"      nearest to the claim: “{each.detail}”"
    elif each.detail and verdict != "holds":
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
                "verdict": each.verdict.value,
                "detail": each.detail,
                "differences": list(each.differences),
            }
            for each in verdicts
        ],
    }


def _summary(rows: list[dict[str, Any]]) -> str:
    """Return the counts in one line."""
    from collections import Counter

    verdicts = Counter(source["verdict"] for row in rows for source in row["sources"])
    counts = ", ".join(f"{count} {name}" for name, count in verdicts.most_common())
    sources = counted(sum(verdicts.values()), "source")
    return f"{counted(len(rows), 'document')}, {sources}: {counts or 'none'}"
