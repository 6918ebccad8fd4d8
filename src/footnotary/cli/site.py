"""`footnotary init` and `footnotary site build|serve`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from footnotary.cli.options import Printing, Where
from footnotary.cli.printing import echo, print_json

if TYPE_CHECKING:
    from footnotary.config import Settings
    from footnotary.project import Project
    from footnotary.publishing.initialising import Plan


# A build is not held up for links: without the network it goes on after this.
INVENTORY_SECONDS = 5.0
EngineOption = Annotated[
    str,
    typer.Option(
        "--engine", help="mkdocs, properdocs or zensical. [default: the setting site_engine]"
    ),
]


def init(
    ci: Annotated[
        str, typer.Option("--ci", help="Add a workflow that publishes: github or gitlab.")
    ] = "",
    agent: Annotated[
        bool,
        typer.Option("--agent", help="Add AGENTS.md, an agent, and a hook for coding agents."),
    ] = False,
    engine: Annotated[
        str, typer.Option("--engine", help="zensical: write zensical.toml in place of mkdocs.yml.")
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would change and write nothing.")
    ] = False,
    *,
    printing: Printing,
    where: Where,
) -> None:
    """Add what the site needs: mkdocs.yml, a home page, citations/, .gitignore.

    Asks nothing and overwrites nothing; prints what it adds as a diff. A second run adds
    nothing.

    Example: footnotary init --dry-run
    """
    from footnotary.publishing.initialising import initialise

    project, _ = where.project_and_settings()
    if where.root is None and project.root != Path.cwd() and not printing.quiet:
        echo(f"note: Project: {project.root}; `--root .` uses this folder instead.", err=True)
    plan = initialise(project, dry_run=dry_run, ci=ci, agent=agent, engine=engine)
    if printing.as_json:
        print_json(
            {
                "dry_run": dry_run,
                "changes": [
                    {"path": one.path, "created": one.before is None, "diff": one.diff}
                    for one in plan.changes
                ],
                "notes": list(plan.notes),
            }
        )
    elif not printing.quiet:
        _tell(plan, dry_run=dry_run)


def _tell(plan: "Plan", *, dry_run: bool) -> None:
    """Print additions to files as diffs, new files by name, then what was done."""
    for change in plan.changes:
        if change.before is None:
            lines = change.after.count("\n")
            verb = "would be created" if dry_run else "created"
            echo(f"{change.path}: {verb} ({lines} lines)")
        else:
            echo(change.diff, nl=False)
    for note in plan.notes:
        echo(f"note: {note}", err=True)
    if not plan.changes:
        echo("Nothing is missing.", err=True)
    elif dry_run:
        echo("Nothing was written.", err=True)


def _inventories(project: "Project", settings: "Settings") -> tuple[str, ...]:
    """Fetch the inventories by which types link out, once a week; say which are not available."""
    from footnotary.publishing.inventories import refresh_inventories, stale_inventories

    urls = stale_inventories(project)
    if not urls:
        return ()
    from footnotary.cli.fetching import open_fetcher

    short = settings.model_copy(update={"timeout": min(settings.timeout, INVENTORY_SECONDS)})
    with open_fetcher(short) as fetcher:
        return refresh_inventories(project, urls, fetcher.get)


def run_build(
    strict: Annotated[bool, typer.Option("--strict", help="Fail on warnings.")] = False,
    site_dir: Annotated[
        Path | None, typer.Option("--site-dir", "-d", help="Output folder. [default: site]")
    ] = None,
    engine: EngineOption = "",
    *,
    printing: Printing,
    where: Where,
) -> None:
    """Build the site into a folder that any static server can serve.

    Example: footnotary site build --strict

    Exit codes: 0 built, 1 strict and there were warnings, 2 it could not be built.
    """
    from footnotary.publishing.engine import build_site

    project, settings = where.project_and_settings()
    notes = _inventories(project, settings)
    built = build_site(
        project, strict=strict, site_dir=site_dir, engine=engine or settings.site_engine
    )
    if printing.as_json:
        print_json(
            {
                "site": str(built.site),
                "engine": built.engine,
                "pages": built.pages,
                "seconds": round(built.seconds, 3),
                "warnings": list(built.warnings),
            }
        )
        return
    for warning in built.warnings:
        echo(f"warning: {warning}", err=True)
    for note in () if printing.quiet else notes:
        echo(f"note: {note}", err=True)
    if not printing.quiet:
        echo(f"{built.site}: {built.pages} pages by {built.engine}, {built.seconds:.1f} s")


def run_serve(
    address: Annotated[
        str, typer.Option("--address", "-a", help="Host and port.")
    ] = "127.0.0.1:8001",
    port: Annotated[
        int | None, typer.Option("--port", "-p", help="Another port.", min=1, max=65535)
    ] = None,
    browse: Annotated[bool, typer.Option("--open", "-o", help="Open a browser.")] = False,
    engine: EngineOption = "",
    *,
    where: Where,
) -> None:
    """Serve the site; it is rebuilt when a document, a citation or a page changes.

    Example: footnotary site serve --open

    Exit codes: 2 it could not be served (the port is in use), 130 ended by a signal.
    """
    from footnotary.publishing.engine import serve_site
    from footnotary.publishing.serving import free_address

    project, settings = where.project_and_settings()
    free = free_address(address, port)
    for note in _inventories(project, settings):
        echo(f"note: {note}", err=True)
    code = serve_site(project, free, engine=engine or settings.site_engine, browse=browse)
    if code:
        raise typer.Exit(2)
