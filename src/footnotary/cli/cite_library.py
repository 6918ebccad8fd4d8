"""`cite list`, `cite show`, `cite open`, `cite rm`, `cite export`, `cite import`."""

from typing import Annotated

import typer

from footnotary.cli.options import (
    JsonOption,
    QuietOption,
    RootOption,
    VerboseOption,
    print_json,
    project_and_settings,
)

KeyArgument = Annotated[
    str, typer.Argument(help="The citation's key, or the beginning of it.", metavar="KEY")
]


def register(app: typer.Typer) -> None:
    """Add the library's commands to the `cite` group."""
    app.command("list")(list_citations)
    app.command("show")(show)


def list_citations(
    tag: Annotated[
        list[str] | None, typer.Option("--tag", help="Only those with this tag; repeatable.")
    ] = None,
    site: Annotated[str, typer.Option("--site", help="Only those of this site.")] = "",
    json_output: JsonOption = False,
    quiet: QuietOption = False,
    verbose: VerboseOption = False,
    root: RootOption = None,
) -> None:
    """List the citations: key, day of the last reading, quote.

    Example: cite list --tag security
    """
    del verbose
    from footnotary.cli.running import tell
    from footnotary.records import RecordStore

    project, _ = project_and_settings(root)
    citations, broken = RecordStore(project.citations).readable()
    chosen = [
        citation
        for citation in citations
        if set(tag or ()) <= set(citation.tags) and site.casefold() in citation.site.casefold()
    ]
    if json_output:
        print_json([citation.model_dump(mode="json", by_alias=True) for citation in chosen])
    else:
        for citation in chosen:
            last = citation.checks[-1] if citation.checks else None
            state = f"{last.outcome.value} {last.date}" if last else f"read {citation.accessed}"
            typer.echo(f"{citation.key}  {state}  “{_shortened(citation.quote.exact)}”")
        if not chosen and not quiet:
            typer.echo("No citations yet: `cite URL --quote …` records one.", err=True)
    for error in broken:
        tell(error)
    if broken:
        raise typer.Exit(2)


def show(
    key: KeyArgument,
    json_output: JsonOption = False,
    verbose: VerboseOption = False,
    root: RootOption = None,
) -> None:
    """Show one citation: the quote in its surroundings, and what was seen when.

    Example: cite show docs-python-org-json
    """
    del verbose
    from footnotary.records import RecordStore

    project, _ = project_and_settings(root)
    citation = RecordStore(project.citations).get(key)
    if json_output:
        print_json(citation.model_dump(mode="json", by_alias=True))
        return
    rows = {
        "key": citation.key,
        "title": citation.title,
        "site": citation.site,
        "authors": ", ".join(citation.authors),
        "published": citation.published,
        "url": citation.final_url,
        "section": citation.quote.section,
        "accessed": f"{citation.accessed} ({citation.evidence.how}, {citation.quote.match} match)",
        "claim": citation.claim,
        "tags": ", ".join(citation.tags),
        "searched": ", ".join(citation.search_terms),
        "snapshot": citation.archive_url,
        "replaced by": citation.superseded_by,
    }
    for name, value in rows.items():
        if value:
            typer.echo(f"{name:<12}{value}")
    typer.echo(f"\n“{citation.quote.exact}”\n\n{citation.evidence.passage}")
    for check in citation.checks:
        typer.echo(f"{check.date}  {check.outcome.value}  {check.detail}".rstrip())


def _shortened(text: str, length: int = 72) -> str:
    """Return text on one line, cut with an ellipsis."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1] + "…"
