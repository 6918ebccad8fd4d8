"""`footnotary tour`, `mcp`, `handoff`, `install-project`: a first look, an agent's tools, CI."""

import contextlib
import shlex
import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer

from footnotary.cli.options import Printing, Where
from footnotary.cli.printing import echo, print_json
from footnotary.errors import FootnotaryError


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
