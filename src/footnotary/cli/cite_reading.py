"""`cite match`, `cite inspect`, `cite open`: the commands that only read."""

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from footnotary.cli.fetching import Fetching, open_fetcher
from footnotary.cli.note import log_here, log_unread
from footnotary.cli.options import Printing, Where
from footnotary.cli.printing import echo, json_line, print_json
from footnotary.cli.refusals import QuoteLookup
from footnotary.errors import FootnotaryError, UsageError

if TYPE_CHECKING:
    from footnotary.models import Citation, Page
    from footnotary.project import Project


FOUND = ("exact", "normalized")
REFUSED = ("near", "absent")


def run_match(
    file: Annotated[Path | None, typer.Argument(help="A saved page.", metavar="FILE")] = None,
    quote: Annotated[str, typer.Option("--quote", "-Q", help="Words to look for.")] = "",
    url: Annotated[str, typer.Option("--url", help="Where the page was saved from.")] = "",
    batch: Annotated[Path | None, typer.Option("--batch", hidden=True)] = None,
    *,
    printing: Printing,
    where: Where,
) -> None:
    """Look for a quote in a saved page, or for many in many; nothing is recorded.

    --batch FILE reads JSON lines with file, url and quote. Each is answered by one JSON line, in
    order, with at least outcome (exact, normalized, near, not_shown, absent, or unreadable,
    which says nothing about the quote), score and passage; a refused quote that another page
    says, of those that were ever read, has that page in elsewhere. A row that cannot be done
    has the outcome error, and the exit code is then 2.

    Example: cite match saved.html --quote "Be cautious when parsing JSON data"

    Exit codes: 0 found (or all rows done), 1 the page does not say it, 2 could not.
    """
    from footnotary.inspecting import describe_match, match_rows, read_page

    project, settings = where.project_and_settings()
    elsewhere = QuoteLookup(project, settings)
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
    """Print one JSON line a row as it comes; exit with 2 if any could not be done.

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


def inspect(
    source: Annotated[str, typer.Argument(help="A URL or a saved page.", metavar="URL|FILE")] = "",
    text: Annotated[bool, typer.Option("--text", help="Show the text that was read.")] = False,
    url: Annotated[str, typer.Option("--url", help="Where a file was saved from.")] = "",
    batch: Annotated[Path | None, typer.Option("--batch", hidden=True)] = None,
    *,
    fetching: Fetching,
    printing: Printing,
    where: Where,
) -> None:
    """Show what was extracted from a page: metadata, with the origin of each field, and text.

    Example: cite inspect https://docs.python.org/3/library/json.html --text

    Exit codes: 0 the page can be read, 2 it cannot (the reason is shown).
    """
    from footnotary.extract.forges import spelled_out
    from footnotary.inspecting import describe_page, inspect_rows, read_page

    if batch is not None:
        print_rows(inspect_rows(batch, with_text=text))
        return
    if not source:
        raise UsageError(
            "There is nothing to inspect.", hint="Give a URL, a saved page or --batch."
        )
    source = spelled_out(source)
    if "://" in source:
        from footnotary.fetch.readings import first_page

        project, settings = where.project_and_settings()
        try:
            with open_fetcher(settings, project.root, **asdict(fetching)) as fetcher:
                page = first_page(source, fetcher)
        except FootnotaryError as error:
            log_unread(project, printing, source, error)
            raise
        _log(project, page, printing)
    else:
        page = read_page(Path(source), url)
    answer = describe_page(page, with_text=text)
    if printing.as_json:
        print_json(answer)
    elif not printing.quiet:
        _show_page(answer, page)
    if page.unreadable is not None:
        raise typer.Exit(2)


def _log(project: "Project", page: "Page", printing: Printing) -> None:
    """Log to the current note that a page was read, or why it cannot be."""
    from footnotary.citing import WHY_UNREADABLE

    why = WHY_UNREADABLE[page.unreadable] if page.unreadable else ""
    said = (page.final_url, page.title, why, page.url)
    log_here(project, printing, lambda to: to.log_reading(project, *said))


def _show_page(answer: dict[str, Any], page: "Page") -> None:
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


def open_source(
    key: Annotated[
        str, typer.Argument(help="The citation's key, or the beginning of it.", metavar="KEY")
    ],
    print_only: Annotated[
        bool, typer.Option("--print", help="Print the link and open nothing.")
    ] = False,
    *,
    where: Where,
) -> None:
    """Open a cited page in the browser, scrolled to the quote (a text-fragment link).

    Where the last check found the source gone or changed, its snapshot is opened.

    Example: cite open docs-python-org-json
    """
    import webbrowser

    from footnotary.records import RecordStore

    project, _ = where.project_and_settings()
    url = address_to_open(RecordStore(project.citations).get(key))
    echo(url)
    if print_only:
        return
    if not url.startswith(("http://", "https://")):
        raise UsageError(
            "That is a file of this project, nothing for a browser.",
            hint="Open it in your editor.",
        )
    if not webbrowser.open(url):
        raise UsageError("No browser could be started.", hint="--print prints the link alone.")


def address_to_open(citation: "Citation") -> str:
    """Return where the words of a citation can be read now.

    Returns:
        A text-fragment link; for a file of the project its path and lines.
    """
    from footnotary.models import CheckOutcome
    from footnotary.publishing.evidence import fragment_url, sentence_url

    lost = citation.checks and citation.checks[-1].outcome in (
        CheckOutcome.GONE,
        CheckOutcome.CHANGED,
    )
    if lost and citation.archive_url:
        return fragment_url(citation.archive_url, citation.quote) or citation.archive_url
    return sentence_url(citation) or citation.final_url
