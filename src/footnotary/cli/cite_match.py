"""`cite match`: look for quotes in saved pages; nothing is recorded."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer

from footnotary.cli.options import Printing, Where
from footnotary.cli.printing import echo, json_line, print_json
from footnotary.cli.refusals import QuoteLookup
from footnotary.errors import UsageError

FOUND = ("exact", "normalized")
REFUSED = ("near", "absent")


def register_match(app: typer.Typer) -> None:
    """Add the command to the `cite` group."""
    app.command("match")(run_match)


def run_match(
    file: Annotated[Path | None, typer.Argument(help="A saved page.", metavar="FILE")] = None,
    quote: Annotated[str, typer.Option("--quote", "-Q", help="Words to look for.")] = "",
    url: Annotated[str, typer.Option("--url", help="Where the page was saved from.")] = "",
    batch: Annotated[
        Path | None,
        typer.Option("--batch", help="JSON lines with file, url and quote; answered in order."),
    ] = None,
    *,
    printing: Printing,
    where: Where,
) -> None:
    """Look for a quote in a saved page, or for many in many; nothing is recorded.

    A batch is answered by one JSON line a row, in order, with at least outcome (exact,
    normalized, near, not_shown, absent, or unreadable, which says nothing about the quote),
    score and passage; a refused quote that another page says, of those that were ever read, has
    that page in elsewhere. A row that cannot be done has the outcome error, and the exit code
    is then 2.

    Example: cite match saved.html --quote "Be cautious when parsing JSON data"

    Exit codes: 0 found (or all rows done), 1 the page does not say it, 2 could not.
    """
    from footnotary.inspecting import describe_match, match_rows, read_page

    project, settings = where.project_and_settings()
    elsewhere = QuoteLookup(settings, project.citations)
    if batch is not None:
        print_rows(_attributed(row, elsewhere) for row in match_rows(batch))
        return
    if file is None or not quote.strip():
        raise UsageError(
            "There is nothing to look for.",
            hint='Give FILE and --quote "…", or --batch FILE.jsonl.',
        )
    answer = _attributed(describe_match(quote, read_page(file, url)), elsewhere, quote, url)
    if printing.as_json:
        print_json(answer)
    elif not printing.quiet:
        _tell(answer)
    if answer["outcome"] == "unreadable":
        raise typer.Exit(2)
    if answer["outcome"] not in FOUND:
        raise typer.Exit(1)


def _attributed(
    row: dict[str, Any], elsewhere: QuoteLookup, quote: str = "", url: str = ""
) -> dict[str, Any]:
    """Return an answer, of a refused quote with the pages that say it."""
    if row["outcome"] not in REFUSED:
        return row
    found = elsewhere.look_up(quote or str(row.get("quote", "")), {url or str(row.get("url", ""))})
    pages = [{"url": one.url, "read": one.read.isoformat()} for one in found.pages]
    return row | {"elsewhere": pages} if pages else row


def print_rows(rows: Iterable[dict[str, Any]]) -> None:
    """Print one JSON line a row as it comes; leave with 2 if any could not be done.

    Args:
        rows: The answers; those with `error` could not be done.
    """
    failed = False
    for row in rows:
        failed = failed or "error" in row
        echo(json_line(row))
    if failed:
        raise typer.Exit(2)


def _tell(answer: dict[str, Any]) -> None:
    """Print an answer for people."""
    reason = f" ({answer['reason']})" if answer["reason"] else ""
    echo(f"{answer['outcome']}{reason}")
    if answer["exact"]:
        where = f"section “{answer['section']}”: " if answer["section"] else ""
        echo(f"  {where}“{answer['exact']}”")
    for difference in answer["differences"]:
        echo(f"  - {difference}")
    for page in answer.get("elsewhere", ()):
        echo(f"  {page['url']} says it (read {page['read']})")
