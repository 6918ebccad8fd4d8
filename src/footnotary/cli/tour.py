"""`footnotary tour`: the main job end to end, in a fresh folder, by the commands themselves."""

import os
import shlex
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from footnotary.cli.printing import echo
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
    with _inside(folder), served(folder / "sources") as address:
        for step in steps(address, note):
            _show(step.about, step.program, step.words, step.expected)
    echo(f"\nThe site is in {folder / 'site'}. Look at it with:\n")
    echo(f"  cd {shlex.quote(str(folder))} && {_program()} site serve --open")
    if serve:
        with _inside(folder):
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


@contextmanager
def _inside(folder: Path) -> Iterator[None]:
    """Work in a folder while the context is open."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
