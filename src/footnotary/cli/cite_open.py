"""`cite open`: the quote where it is, in the user's browser."""

from typing import TYPE_CHECKING, Annotated

import typer

from footnotary.cli.options import Where
from footnotary.cli.printing import echo
from footnotary.errors import UsageError

if TYPE_CHECKING:
    from footnotary.models import Citation


def register_open(app: typer.Typer) -> None:
    """Add `cite open` to the `cite` group."""
    app.command("open")(open_source)


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

    Args:
        citation: The record; a snapshot stands in for a source that lost the words.

    Returns:
        A text-fragment link; for a file of the project its path and lines.
    """
    from footnotary.models import CheckOutcome
    from footnotary.publishing.fragments import fragment_url, sentence_url

    lost = citation.checks and citation.checks[-1].outcome in (
        CheckOutcome.GONE,
        CheckOutcome.CHANGED,
    )
    if lost and citation.archive_url:
        return fragment_url(citation.archive_url, citation.quote) or citation.archive_url
    return sentence_url(citation) or citation.final_url
