"""`doc check` and `doc commit`: the gate, as people run it, as CI does, and before a commit."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from footnotary.cli.options import Printing, Where
from footnotary.cli.printing import echo, print_json
from footnotary.counting import counted

if TYPE_CHECKING:
    from footnotary.config import Settings
    from footnotary.gating import GateOptions, Report
    from footnotary.project import Project


def run_doc_check(
    documents: Annotated[
        list[str] | None,
        typer.Argument(metavar="DOC", help="Documents or folders. [default: everything]"),
    ] = None,
    select: Annotated[
        list[str] | None,
        typer.Option("--select", help="Rules that run: CIT001, CIT, or a name; repeatable."),
    ] = None,
    ignore: Annotated[
        list[str] | None, typer.Option("--ignore", help="Rules that do not run; repeatable.")
    ] = None,
    changed: Annotated[
        bool, typer.Option("--changed", help="Check only what differs from the last commit.")
    ] = False,
    since: Annotated[
        str, typer.Option("--since", metavar="COMMIT", help="Check only what differs from it.")
    ] = "",
    fix: Annotated[
        bool, typer.Option("--fix", help="Fix what can be fixed safely, then check.")
    ] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="Show what --fix would change; write nothing.")
    ] = False,
    explain: Annotated[
        str, typer.Option("--explain", metavar="CODE", help="Explain a rule and exit.")
    ] = "",
    output_format: Annotated[
        str,
        typer.Option("--format", help="text, json, sarif, github, gitlab, junit or markdown."),
    ] = "text",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", hidden=True, help="As --report.")
    ] = None,
    other_reports: Annotated[
        list[str] | None,
        typer.Option(
            "--report", metavar="FORMAT=FILE", help="Write another report to a file; repeatable."
        ),
    ] = None,
    baseline: Annotated[Path | None, typer.Option("--baseline", hidden=True)] = None,
    write_baseline: Annotated[
        Path | None,
        typer.Option("--write-baseline", hidden=True, help="Write the findings to a file."),
    ] = None,
    online: Annotated[
        bool, typer.Option("--online", help="Read the cited pages again first, and save it.")
    ] = False,
    no_code: Annotated[
        bool, typer.Option("--no-code", help="Do not compare the documents with the code.")
    ] = False,
    *,
    context: typer.Context,
    printing: Printing,
    where: Where,
) -> None:
    """Check documents, citations and site: is everything they say still so?

    Offline unless --online: quotes are compared with the evidence in their records.

    --changed and --since choose the changed documents and records, the documents that name
    something changed, and, where code has changed, all that are about code.

    Example: doc check --since origin/main --report sarif=footnotary.sarif

    Exit codes: 0 nothing found (notes do not count), 1 errors or warnings (with --diff:
    something would be changed), 2 it could not be checked, the code could not be read as it
    was read for a document, or there was nothing to check.
    """
    if explain:
        _explain(explain)
        return
    from footnotary.errors import UsageError
    from footnotary.files import write_atomically
    from footnotary.gating import check_project as gate
    from footnotary.reports import formatted

    others = _named_reports(other_reports)
    project, settings = where.project_and_settings()
    since = since or "HEAD" * changed
    if since and (fix or diff or write_baseline):
        raise UsageError(
            "--changed and --since only check; --fix, --diff and --write-baseline take everything.",
            hint="Run `doc check --fix` without them.",
        )
    options = gate_options(settings, project, documents, select, ignore, baseline, code=not no_code)
    options = replace(options, since=since)
    if online:
        _read_again(project, settings)
    if fix or diff:
        changes = _mend(project, options, write=not diff)
        if diff:
            raise typer.Exit(1 if changes else 0)
    report = gate(project, replace(options, baseline=None) if write_baseline else options)
    if write_baseline:
        from footnotary.gating import baseline as known

        count = known.write(write_baseline, report.findings)
        echo(f"{write_baseline}: {counted(count, 'finding')}", err=True)
        return
    verbose = bool(context.params.get("verbose"))
    whole = replace(report, verbose=verbose)
    for name, path in others:
        write_atomically(path, formatted(name, whole).encode())
    chosen = "json" if printing.as_json else output_format
    quiet = printing.quiet and chosen == "text"
    result = replace(whole, findings=report.weighty) if quiet else whole
    _put(formatted(chosen, result), output, report, quiet=quiet)
    if report.failed:
        raise typer.Exit(2 if report.incomplete else 1)


def gate_options(
    settings: "Settings",
    project: "Project",
    documents: list[str] | None = None,
    select: list[str] | None = None,
    ignore: list[str] | None = None,
    baseline: Path | None = None,
    *,
    code: bool = True,
) -> "GateOptions":
    """Return settings and flags as one value; flags win."""
    from footnotary.gating import GateOptions

    known = project.root / settings.baseline if settings.baseline else None
    return GateOptions(
        named=tuple(documents or ()),
        pages=settings.pages,
        select=_codes(select) or settings.select,
        ignore=(*settings.ignore, *_codes(ignore)),
        per_file_ignores=settings.per_file_ignores,
        stale_after_days=settings.stale_after_days,
        stale_after_days_by_tag=settings.stale_after_days_by_tag,
        baseline=baseline or known,
        code=code,
    )


def _codes(words: list[str] | None) -> tuple[str, ...]:
    """Return codes from repeated options, each of which may hold several with commas."""
    return tuple(code.strip() for each in words or () for code in each.split(",") if code.strip())


def _named_reports(words: list[str] | None) -> list[tuple[str, Path]]:
    """Return the formats and files that `--report` names, checked before anything is read."""
    from footnotary.errors import UsageError
    from footnotary.reports import FORMATS

    found = []
    for each in words or ():
        name, _, path = each.partition("=")
        if name not in FORMATS or not path:
            raise UsageError(
                f"Invalid --report {each!r}.",
                hint=f"Write FORMAT=FILE; the formats are {', '.join(FORMATS)}.",
            )
        found.append((name, Path(path)))
    return found


def _put(text: str, output: Path | None, report: "Report", *, quiet: bool) -> None:
    """Write the report to its place."""
    from footnotary.files import write_atomically

    if output is not None:
        write_atomically(output, text.encode())
    elif not quiet or report.failed:
        echo(text, nl=False)


def _mend(project: "Project", options: "GateOptions", *, write: bool) -> int:
    """Fix what can be fixed safely and say what was done, or show it as a diff."""
    from footnotary.gating.mending import fixed

    lines = list(fixed(project, options, write=write))
    for line in lines:
        echo(line, err=write)
    return len(lines)


def _read_again(project: "Project", settings: "Settings") -> None:
    """Read the cited pages again and keep the outcome in the records."""
    from footnotary.checking import check_citations, choose_citations
    from footnotary.checking.renewing import save_outcomes
    from footnotary.cli.fetching import open_fetcher
    from footnotary.fetch.repositories import ProjectSources
    from footnotary.records import RecordStore

    store = RecordStore(project.citations)
    good, _ = store.readable()
    with open_fetcher(settings, project.root, rechecking=True) as fetcher:
        sources = ProjectSources(project.root, fetcher, max_bytes=settings.max_bytes)
        save_outcomes(check_citations(choose_citations(good), sources), store)


def _explain(words: str) -> None:
    """Print a rule's page."""
    from footnotary.rules.registry import render_rule_page, rule_named

    echo(render_rule_page(rule_named(words)), nl=False)


def run_doc_commit(
    message: Annotated[
        str, typer.Option("--message", "-m", help="The message. [default: a suggested one]")
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be committed, and as what.")
    ] = False,
    no_check: Annotated[
        bool, typer.Option("--no-check", help="Commit even if the gate finds something.")
    ] = False,
    *,
    printing: Printing,
    where: Where,
) -> None:
    """Commit the documents and citations alone, if the gate lets them pass.

    What else is changed or staged stays as it is.

    Example: doc commit --dry-run

    Exit codes: 0 committed, 1 the gate found something, 2 git refused or nothing is pending.
    """
    from footnotary.gating import check_project
    from footnotary.reports import Result, formatted
    from footnotary.writing.committing import commit_documents as write_commit
    from footnotary.writing.committing import pending

    project, settings = where.project_and_settings()
    found = pending(project)
    words = message or found.message
    if not no_check:
        report = check_project(project, gate_options(settings, project))
        if report.failed:
            result = Result(report.findings, report.documents, report.citations)
            echo(formatted("text", result), err=True, nl=False)
            echo("Nothing was committed; --no-check commits all the same.", err=True)
            raise typer.Exit(1)
    made = "" if dry_run else write_commit(project, found, words)
    if printing.as_json:
        paths = [{"status": each.status, "path": each.path} for each in found.changes]
        print_json({"commit": made or None, "message": words, "changes": paths})
    elif not printing.quiet:
        echo(f"{made} {words}".strip())
        for each in found.changes:
            echo(f"  {each.status:<10} {each.path}", err=True)
