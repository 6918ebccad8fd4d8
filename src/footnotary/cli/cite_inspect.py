"""`cite inspect`: what is read out of a page: metadata, headings, text."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from footnotary.cli.fetching import Fetching, open_fetcher
from footnotary.cli.options import Printing, Where
from footnotary.cli.printing import echo, print_json
from footnotary.errors import UsageError

if TYPE_CHECKING:
    from footnotary.models import Page

_SHOWN = (
    "title",
    "authors",
    "site",
    "published",
    "modified",
    "canonical_url",
    "language",
    "license",
)


def register_inspect(app: typer.Typer) -> None:
    """Add the command to the `cite` group."""
    app.command("inspect")(inspect)


def inspect(
    source: Annotated[str, typer.Argument(help="A URL or a saved page.", metavar="URL|FILE")] = "",
    text: Annotated[bool, typer.Option("--text", help="Show the text that was read.")] = False,
    url: Annotated[str, typer.Option("--url", help="Where a file was saved from.")] = "",
    batch: Annotated[
        Path | None,
        typer.Option("--batch", help="JSON lines with file and url; answered in order."),
    ] = None,
    *,
    fetching: Fetching,
    printing: Printing,
    where: Where,
) -> None:
    """Show what is read out of a page: metadata and where each field came from, headings, text.

    Example: cite inspect https://docs.python.org/3/library/json.html --text

    Exit codes: 0 the page can be read, 2 it cannot (the reason is shown).
    """
    from footnotary.extract.forges import spelled_out
    from footnotary.inspecting import describe_page, inspect_rows, read_page

    if batch is not None:
        from footnotary.cli.cite_match import print_rows

        print_rows(inspect_rows(batch, with_text=text))
        return
    if not source:
        raise UsageError(
            "There is nothing to inspect.", hint="Give a URL, a saved page or --batch."
        )
    source = spelled_out(source)
    if "://" in source:
        from footnotary.fetch.readings import first_page

        _, settings = where.project_and_settings()
        with open_fetcher(settings, **asdict(fetching)) as fetcher:
            page = first_page(source, fetcher)
    else:
        page = read_page(Path(source), url)
    answer = describe_page(page, with_text=text)
    if printing.as_json:
        print_json(answer)
    elif not printing.quiet:
        _tell(answer, page)
    if page.unreadable is not None:
        raise typer.Exit(2)


def _tell(answer: dict[str, Any], page: "Page") -> None:
    """Print an answer for people."""
    for name in _SHOWN:
        value = answer[name]
        if value:
            shown = ", ".join(value) if isinstance(value, list) else value
            origin = page.origins.get(name, "")
            echo(f"{name:<14}{shown}" + (f"  [{origin}]" if origin else ""))
    state = "yes" if answer["readable"] else f"no: {answer['explanation']} ({answer['reason']})"
    echo(f"{'readable':<14}{state}; {answer['characters']} characters of text")
    for heading in page.headings:
        anchor = f"  #{heading.anchor}" if heading.anchor else ""
        echo(f"{'  ' * heading.level}{heading.text}{anchor}")
    if "text" in answer:
        echo(f"\n{page.text}")
