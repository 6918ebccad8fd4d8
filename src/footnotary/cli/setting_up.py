"""`footnotary init`, `site`, `tour`, `mcp`, `handoff`, `install-project`: beside the documents."""

import contextlib
import json
import shlex
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from footnotary.cli.options import Printing, Where
from footnotary.cli.printing import echo, print_json
from footnotary.errors import FootnotaryError

if TYPE_CHECKING:
    from footnotary.config import Settings
    from footnotary.project import Project
    from footnotary.publishing.initialising import Plan


def tour(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="A folder that does not exist yet.")
    ] = Path("shop-tour"),
    serve: Annotated[
        bool, typer.Option("--serve", help="Serve the site when it is built, and open it.")
    ] = False,
) -> None:
    """Show the whole job on an example backend; needs no internet.

    Lays out a small FastAPI project, cites true quotes, has a false one refused, writes the
    four documents and a research note, checks them and builds the site.

    Example: footnotary tour my-tour --serve
    """
    from footnotary import clock
    from footnotary.touring import lay_out, served, steps

    folder = folder.absolute()
    lay_out(folder)
    echo(f"A small shop backend is in {folder}.\n")
    note = f".claude/docs/current/research/RESEARCH-connection-pools-{clock.today()}.md"
    with contextlib.chdir(folder), served(folder / "sources") as address:
        for step in steps(address, note):
            _show(step.about, step.program, step.words, step.expected)
    echo(f"\nThe site is in {folder / 'site'}. Look at it with:\n")
    echo(f"  cd {shlex.quote(str(folder))} && {_program()} site serve --open")
    if serve:
        with contextlib.chdir(folder):
            _show("", "footnotary", ("site", "serve", "--open"), 0)


def _program() -> str:
    """Return how the user can start us again: by name, or by path where it is not on PATH."""
    known = shutil.which("footnotary")
    started = Path(sys.argv[0])
    if known or not started.exists():
        return "footnotary"
    return shlex.quote(str(started.absolute()))


def _show(about: str, program: str, words: tuple[str, ...], expected: int) -> None:
    """Print a command, run it as the user would, and insist on its exit code."""
    from footnotary.cli.running import exit_code

    if about:
        echo(f"\n{about}\n")
    echo(f"$ {program} {shlex.join(words)}")
    code = exit_code(program, list(words))
    if code != expected:
        raise FootnotaryError(
            f"The tour's `{program} {words[0]}` ended with {code}, not {expected}.",
            hint="The folder is left as it is; please report what is printed above.",
        )


def run_handoff(
    no_check: Annotated[
        bool, typer.Option("--no-check", help="Do not run the gate, and say so.")
    ] = False,
    *,
    printing: Printing,
    where: Where,
) -> None:
    """Print what the next person or agent has to know, as Markdown.

    Branch, last commits and uncommitted files, open questions and decisions of research notes,
    the documents and how they are, the gate, what to read first, and what could not be told.

    Example: footnotary handoff > HANDOFF.md
    """
    from footnotary.cli.doc_check import gate_options
    from footnotary.handing_over import render_handoff, write_handoff

    project, settings = where.project_and_settings()
    found = write_handoff(project, None if no_check else gate_options(settings, project))
    if printing.as_json:
        print_json(found.as_json())
    else:
        echo(render_handoff(found), nl=False)


def mcp(*, where: Where) -> None:
    """Serve the commands as tools to a coding agent, over stdin and stdout (MCP).

    Needs the extra: pip install 'footnotary[mcp]'.

    Example: claude mcp add footnotary -- footnotary mcp
    """
    from importlib.util import find_spec

    from footnotary.errors import FootnotaryError

    project, _ = where.project_and_settings()
    if find_spec("mcp") is None:
        raise FootnotaryError(
            "The server for agents needs an extra.", hint="pip install 'footnotary[mcp]'."
        )
    from footnotary.cli.running import prepare_calls, run_call
    from footnotary.mcp_server.processes import serve_calls

    with serve_calls(project.root, prepare_calls, run_call) as processes:  # before any thread
        from footnotary.mcp_server.resources import make_server

        make_server(project, processes).run("stdio")


def run_install_project(
    extra: Annotated[
        list[str] | None,
        typer.Option("--extra", help="Optional dependencies to install too; repeatable."),
    ] = None,
    if_missing: Annotated[
        bool, typer.Option("--if-missing", help="Do nothing where the project has an environment.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print the commands and run nothing.")
    ] = False,
    *,
    where: Where,
) -> None:
    """Install the project into its .venv with its own tool: uv, poetry, pdm or pip.

    For CI, before `doc check`: a document is compared with the code as it is imported, and so
    needs the packages of the project. The lock file tells the tool; a tool that is not on PATH
    is installed for this run.

    Example: footnotary install-project --extra postgres

    Exit codes: 0 installed, or there was nothing to install, 2 a command failed.
    """
    from footnotary import installing
    from footnotary.probe.interpreter import has_environment

    project, _ = where.project_and_settings()
    if if_missing and has_environment(project):
        return
    installer = installing.find_installer(project, tuple(extra or ()))
    if not installer.commands:
        echo("Nothing to install: no lock file, pyproject.toml or requirements.txt.", err=True)
        return
    echo(f"{installer.reason}: installing with {installer.tool}", err=True)
    if dry_run:
        for command in installer.commands:
            echo(shlex.join(command))
        return
    installing.install_project(installer, project, installing.run_visibly)


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
    save: Annotated[
        bool,
        typer.Option(
            "--save",
            help="Write how the project is read (application, environment file) to"
            " [tool.footnotary] of pyproject.toml.",
        ),
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
    from footnotary.config import write_settings
    from footnotary.publishing.initialising import initialise, propose_settings

    project, _ = where.project_and_settings()
    if where.root is None and project.root != Path.cwd() and not printing.quiet:
        echo(f"note: Project: {project.root}; `--root .` uses this folder instead.", err=True)
    plan = initialise(project, dry_run=dry_run, ci=ci, agent=agent, engine=engine)
    proposed = propose_settings(project)
    saved = save and not dry_run and bool(proposed)
    if saved:
        write_settings(project, proposed)
    if printing.as_json:
        print_json(
            {
                "dry_run": dry_run,
                "changes": [
                    {"path": one.path, "created": one.before is None, "diff": one.diff}
                    for one in plan.changes
                ],
                "notes": list(plan.notes),
                "settings": {"proposed": proposed, "saved": saved},
            }
        )
    elif not printing.quiet:
        _tell(plan, dry_run=dry_run)
        if proposed:
            lines = "; ".join(f"{name} = {json.dumps(value)}" for name, value in proposed.items())
            verb = "Written" if saved else "`--save` writes"
            echo(f"note: {verb} to [tool.footnotary]: {lines}", err=True)


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
    from footnotary.publishing.engine import SHOWN_WARNINGS, build_site

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
                "left_out": list(built.left_out),
            }
        )
        return
    for warning in built.warnings:
        echo(f"warning: {warning}", err=True)
    more = len(built.left_out) - SHOWN_WARNINGS
    notes = (*notes, *built.left_out[:SHOWN_WARNINGS])
    if more > 0:
        notes += (f"{more} more are left out of the reference; their pages say why.",)
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
