"""`doc commit`: documents and citations into git, behind the gate."""

from typing import Annotated

import typer

from footnotary.cli.options import Printing, Where
from footnotary.cli.printing import echo, print_json


def register_commit(app: typer.Typer) -> None:
    """Add the command to the `doc` group."""
    app.command("commit")(run_doc_commit)


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
    from footnotary.gating import GateOptions, check_project
    from footnotary.reports import formatted
    from footnotary.reports.formats import Result
    from footnotary.writing.committing import commit_documents as write_commit
    from footnotary.writing.committing import pending

    project, settings = where.project_and_settings()
    found = pending(project)
    words = message or found.message
    if not no_check:
        report = check_project(
            project,
            GateOptions(
                pages=settings.pages,
                select=settings.select,
                ignore=settings.ignore,
                per_file_ignores=settings.per_file_ignores,
                baseline=project.root / settings.baseline if settings.baseline else None,
            ),
        )
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
