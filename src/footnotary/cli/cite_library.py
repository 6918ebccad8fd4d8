"""`cite list`, `cite show`, `cite open`, `cite rm`, `cite export`, `cite import`."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from footnotary.cli.fetching import Private, open_fetcher
from footnotary.cli.options import Printing, Where
from footnotary.cli.printing import echo, print_json
from footnotary.cli.refusals import QuoteLookup

if TYPE_CHECKING:
    from collections.abc import Iterable

    from footnotary.keeping import Brought
    from footnotary.models import Citation
    from footnotary.records import Records

_LINES_AT_ONCE = 500

KeyArgument = Annotated[
    str, typer.Argument(help="The citation's key, or the beginning of it.", metavar="KEY")
]


def list_citations(
    tag: Annotated[
        list[str] | None, typer.Option("--tag", help="Only those with this tag; repeatable.")
    ] = None,
    site: Annotated[str, typer.Option("--site", help="Only those of this site.")] = "",
    *,
    printing: Printing,
    where: Where,
) -> None:
    """List the citations: key, day of the last reading, quote.

    Example: cite list --tag security
    """
    from footnotary.cli.running import tell
    from footnotary.records import Records

    project, _ = where.project_and_settings()
    records = Records(project.citations)
    chosen = (
        citation
        for citation in records.stream()
        if set(tag or ()) <= set(citation.tags) and site.casefold() in citation.site.casefold()
    )
    if printing.as_json:
        print_json(_with_support(chosen, records))
    elif not _tell_citations(chosen) and not printing.quiet and not records.broken:
        none = "No citations yet: `cite URL --quote …` records one."
        echo("No citation has this tag or site." if tag or site else none, err=True)
    broken = records.broken.values()
    for error in broken:
        tell(error)
    if broken:
        raise typer.Exit(2)


def _with_support(chosen: "Iterable[Citation]", records: "Records") -> list[dict[str, Any]]:
    """Return citations as JSON values, their claims with what is known of them today."""
    from footnotary.claiming import with_known_support

    return [
        with_known_support(citation, records.values()).model_dump(mode="json", by_alias=True)
        for citation in chosen
    ]


def _tell_citations(chosen: "Iterable[Citation]") -> int:
    """Print a line for each citation and return how many there are."""
    lines: list[str] = []
    count = 0
    for count, citation in enumerate(chosen, 1):  # noqa: B007  counted
        last = citation.checks[-1] if citation.checks else None
        state = f"{last.outcome.value} {last.date}" if last else f"read {citation.accessed}"
        lines.append(f"{citation.key}  {state}  “{_shortened(citation.quote.exact)}”")
        if len(lines) >= _LINES_AT_ONCE:
            echo("\n".join(lines))
            lines = []
    if lines:
        echo("\n".join(lines))
    return count


def run_show(
    key: KeyArgument,
    *,
    printing: Printing,
    where: Where,
) -> None:
    """Show one citation: the quote in its surroundings, and what was seen when.

    Example: cite show docs-python-org-json
    """
    from footnotary.claiming import with_known_support
    from footnotary.models import StatedBy
    from footnotary.records import Records, RecordStore

    project, _ = where.project_and_settings()
    found = RecordStore(project.citations).get(key)
    citation = with_known_support(found, Records(project.citations).values())
    if printing.as_json:
        print_json(citation.model_dump(mode="json", by_alias=True))
        return
    rows = {
        "key": citation.key,
        "title": citation.title,
        "site": citation.site,
        "authors": ", ".join(citation.authors),
        "published": citation.published,
        "modified": citation.modified,
        "stated by": "the imported file" if citation.stated_by is StatedBy.FILE else "",
        "url": citation.final_url,
        "section": citation.quote.section,
        "accessed": f"{citation.accessed} ({citation.evidence.how}, {citation.quote.match} match)",
        "tags": ", ".join(citation.tags),
        "searched": ", ".join(citation.search_terms),
        "snapshot": citation.archive_url,
        "replaced by": citation.superseded_by,
    }
    for name, value in rows.items():
        if value:
            echo(f"{name:<12}{value}")
    for claim in citation.claims:
        document = f" ({claim.document})" if claim.document else ""
        mark = {"insisted": ", not supported by the quote", "undecided": ", undecided"}.get(
            claim.support, ""
        )
        echo(f"{'claim':<12}{claim.text}  {claim.added}{mark}{document}")
    echo(f"\n“{citation.quote.exact}”\n\n{citation.evidence.passage}")
    for check in citation.checks:
        echo(f"{check.date}  {check.outcome.value}  {check.detail}".rstrip())


def run_remove(
    key: KeyArgument,
    force: Annotated[
        bool, typer.Option("--force", help="Delete it although a document uses it.")
    ] = False,
    *,
    printing: Printing,
    where: Where,
) -> None:
    """Delete a citation that no document uses.

    Example: cite rm docs-python-org-json
    """
    from footnotary.keeping import remove_citation
    from footnotary.records import RecordStore

    project, _ = where.project_and_settings()
    gone = remove_citation(project, RecordStore(project.citations), key, force=force)
    if printing.as_json:
        print_json({"deleted": gone})
    elif not printing.quiet:
        echo(f"deleted: {gone}", err=True)


def export(
    keys: Annotated[list[str] | None, typer.Argument(help="Keys; all citations if none.")] = None,
    format_name: Annotated[
        str, typer.Option("--format", "-f", help="bibtex, csl-json or ris.")
    ] = "bibtex",
    tag: Annotated[list[str] | None, typer.Option("--tag", help="Only with this tag.")] = None,
    *,
    where: Where,
) -> None:
    """Print citations as BibTeX, CSL-JSON or RIS, with their quotes.

    Example: cite export --format csl-json > sources.json
    """
    from footnotary.bibliography import write_bibliography
    from footnotary.records import RecordStore

    project, _ = where.project_and_settings()
    store = RecordStore(project.citations)
    chosen = map(store.get, keys) if keys else iter(store)
    wanted = set(tag or ())
    tagged = (one for one in chosen if wanted <= set(one.tags))
    echo(write_bibliography(tagged, format_name), nl=False)


def import_(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A .bib, .json (CSL-JSON) or .ris file.")
    ],
    format_name: Annotated[
        str, typer.Option("--format", "-f", help="bibtex, csl-json or ris. [default: the suffix]")
    ] = "",
    *,
    private: Private,
    printing: Printing,
    where: Where,
) -> None:
    """Verify the references of a bibliography one by one and record those that hold.

    A reference needs a URL and a quote (`annote`, `annotation` or `N1`). Title, authors, day and
    snapshot that the file states are kept in the record, which says where they are from.

    Example: cite import sources.bib

    Exit codes: 0 all were recorded, 1 a quote was refused or is missing, 2 a page could
    not be read, or an entry of the file is broken.
    """
    from footnotary.bibliography import format_of, read_bibliography
    from footnotary.citing import Cited
    from footnotary.errors import FootnotaryError, UsageError
    from footnotary.extract.charset import decode
    from footnotary.gating.mending import sync_citing
    from footnotary.keeping import bring_in
    from footnotary.records import RecordStore

    project, settings = where.project_and_settings()
    try:
        raw = file.read_bytes()
    except OSError:
        raise UsageError(f"{file} cannot be read.", hint="Name a text file.") from None
    text = decode(raw, markup=False)  # each quote is verified anyway
    listed = read_bibliography(text, format_name or format_of(file.suffix))
    with open_fetcher(settings, project.root, allow_private=private.allow_private) as fetcher:
        found = list(bring_in(listed.references, RecordStore(project.citations), fetcher))
    renewed = [one.result.citation.key for one in found if isinstance(one.result, Cited)]
    synced = sync_citing(project, renewed, settings.pages)
    elsewhere = QuoteLookup(project, settings)
    said_by = [_said_by(one, elsewhere) for one in found]
    if printing.as_json:
        print_json(
            [
                {"key": one.entry.key, "outcome": _outcome(one), "elsewhere": pages}
                for one, pages in zip(found, said_by, strict=True)
            ]
            + [{"key": "", "outcome": f"broken: {why}", "elsewhere": []} for why in listed.broken]
        )
    elif not printing.quiet:
        for one, pages in zip(found, said_by, strict=True):
            says = f" ({pages[0]} says it)" if pages else ""
            echo(f"{_outcome(one)}  {one.entry.key or one.entry.url}{says}")
        for why in listed.broken:
            echo(f"broken: {why}")
        for shown in synced:
            echo(f"synced: {shown}")
    if not found:
        raise UsageError(
            f"There is no reference in {file}.", hint="Is --format what the file is of?"
        )
    if listed.broken or any(isinstance(one.result, FootnotaryError) for one in found):
        raise typer.Exit(2)
    if any(_outcome(one) != "recorded" for one in found):
        raise typer.Exit(1)


def run_migrate(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be written and write nothing.")
    ] = False,
    *,
    printing: Printing,
    where: Where,
) -> None:
    """Write the records of older versions in today's layout; nothing of them is lost.

    Older records are read without it. Claims that the quote does not support are named.

    Example: cite migrate --dry-run

    Exit codes: 0 all records are in today's layout, 2 a record does not read.
    """
    from footnotary.cli.running import tell
    from footnotary.counting import counted
    from footnotary.keeping import migrate_records
    from footnotary.records import RecordStore

    project, _ = where.project_and_settings()
    done = migrate_records(RecordStore(project.citations), dry_run=dry_run)
    if printing.as_json:
        unsupported = [
            {"key": key, "claim": claim.text, "unsupported": [asdict(each) for each in found]}
            for key, claim, found in done.unsupported
        ]
        broken = [error.message for error in done.broken]
        answer = {"schema": 1, "dry_run": dry_run, "migrated": list(done.keys)}
        print_json(answer | {"unsupported": unsupported, "broken": broken})
    else:
        for key, claim, found in done.unsupported:
            differing = "; ".join(each.message for each in found)
            echo(f"warning: {key}: “{claim.text}”: {differing}.", err=True)
        if not printing.quiet:
            verb = "would be migrated" if dry_run else "migrated"
            echo(f"{counted(len(done.keys), 'record')} {verb}.", err=True)
    for error in done.broken:
        tell(error)
    if done.broken:
        raise typer.Exit(2)


def merge_record(
    base: Annotated[Path, typer.Argument(metavar="BASE", help="The common ancestor.")],
    ours: Annotated[Path, typer.Argument(metavar="OURS", help="Our version; gets the result.")],
    theirs: Annotated[Path, typer.Argument(metavar="THEIRS", help="The other version.")],
) -> None:
    """Merge a record that two branches have changed: the claims of both are kept.

    git calls it where `footnotary init` has set it up.

    Example: git config merge.footnotary-record.driver "footnotary merge-record %O %A %B"

    Exit codes: 0 merged, 1 both sides have changed one field differently (the file holds
    both versions with conflict markers), 2 a file cannot be read.
    """
    from footnotary.errors import UsageError
    from footnotary.keeping import merge_record_files

    for path in (base, ours, theirs):
        if not path.is_file():
            raise UsageError(f"{path} cannot be read.", hint="Name three versions of a record.")
    problem = merge_record_files(base, ours, theirs)
    if problem:
        echo(f"conflict: {problem}", err=True)
        raise typer.Exit(1)


def _said_by(brought: "Brought", elsewhere: QuoteLookup) -> list[str]:
    """Return the pages that were read and say the quote of a reference that was refused."""
    from footnotary.citing import Refused

    if not isinstance(brought.result, Refused):
        return []
    but = {brought.entry.url, brought.result.page.final_url}
    return [page.url for page in elsewhere.look_up(brought.entry.quote, but).pages]


def _outcome(brought: "Brought") -> str:
    """Return one word for what became of an imported reference, and why."""
    from footnotary.citing import Cited, Overclaimed
    from footnotary.errors import FootnotaryError

    if brought.result is None:
        return "no quote"
    if isinstance(brought.result, FootnotaryError):
        return f"unread: {brought.result.message}"
    if isinstance(brought.result, Overclaimed):
        return f"refused: {'; '.join(each.message for each in brought.result.unsupported)}"
    return "recorded" if isinstance(brought.result, Cited) else "refused"


def _shortened(text: str, length: int = 72) -> str:
    """Return text on one line, cut with an ellipsis."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[: length - 1] + "…"
