"""`cite URL --quote …`: the command that records, and the group of all `cite` commands."""

from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from footnotary.cli.fetching import Fetching, open_fetcher
from footnotary.cli.note import log_here, log_unread
from footnotary.cli.options import Printing, Where
from footnotary.cli.printing import echo, print_json
from footnotary.cli.refusals import QuoteLookup, tell_overclaim, tell_refusal
from footnotary.errors import FootnotaryError, UsageError

if TYPE_CHECKING:
    from footnotary.citing import Cited, Overclaimed, Refused, Request
    from footnotary.config import Settings
    from footnotary.fetch.repositories import ProjectSources
    from footnotary.project import Project


def add(
    url: Annotated[
        str,
        typer.Argument(
            metavar="URL",
            help="The source: a URL, doi:10…, arXiv:…, or lines of your own files:"
            " app/main.py:10-20.",
        ),
    ] = "",
    quote: Annotated[str, typer.Option("--quote", "-Q", help="Words the page must contain.")] = "",
    claim: Annotated[str, typer.Option("--claim", "-c", help="The sentence it supports.")] = "",
    search: Annotated[
        list[str] | None, typer.Option("--search", help="Search terms that led to it; repeatable.")
    ] = None,
    tag: Annotated[list[str] | None, typer.Option("--tag", help="A tag; repeatable.")] = None,
    to: Annotated[
        Path | None, typer.Option("--to", help="Document that gets the claim and its marker.")
    ] = None,
    section: Annotated[
        str,
        typer.Option("--section", help="Heading of --to's document. [default: that of its kind]"),
    ] = "",
    file: Annotated[
        Path | None, typer.Option("--file", help="A page saved by hand, read instead of the web.")
    ] = None,
    result_number: Annotated[
        int, typer.Option("--result", min=0, help="The page of that result of the last search.")
    ] = 0,
    as_source: Annotated[
        bool, typer.Option("--as-source", help="Record the page's wording of a near quote.")
    ] = False,
    as_claimed: Annotated[
        bool,
        typer.Option("--as-claimed", help="Record a claim that the quote does not support."),
    ] = False,
    archive: Annotated[
        bool, typer.Option("--archive", help="Have an archive keep a snapshot of the page.")
    ] = False,
    *,
    fetching: Fetching,
    printing: Printing,
    where: Where,
) -> None:
    """Record a quote from a page, or refuse it when the page does not say it.

    The word `add` may be left out; `cite result 3` cites the third result of the last search,
    with the words that it showed unless --quote says others. A claim that the quote does not
    support (another number, the opposite, `always` for `usually`) is refused too.

    Example: cite https://docs.python.org/3/library/json.html
    --quote "Be cautious when parsing JSON data from untrusted sources."

    Exit codes: 0 recorded, 1 the page does not say it, or the quote does not support the
    claim (nothing is written), 2 the page could not be read.
    """
    from footnotary.citing import Cited, Overclaimed, Request

    _refuse_no_text(quote=[quote], claim=[claim], section=[section], search=search, tag=tag)
    project, settings = where.project_and_settings()
    if result_number or not url:
        url, quote = _of_result(project, result_number, url, quote)
    document = name_document(project, to, section)
    request = Request(
        url=url,
        quote=quote,
        claim=claim,
        document=document,
        search_terms=tuple(search or ()) or _remembered_terms(url, project),
        tags=tuple(tag or ()),
        file=file,
        as_source=as_source,
        as_claimed=as_claimed,
    )
    result = check_quote(project, settings, request, fetching, printing, tuple(search or ()))
    if isinstance(result, Overclaimed):
        tell_overclaim(result, printing)
        raise typer.Exit(1)
    if not isinstance(result, Cited):
        options: list[tuple[str, str | bool]] = [
            ("quote", request.quote),
            ("claim", claim),
            ("to", str(to or "")),
        ]
        options += [("section", section), *(("search", words) for words in search or ())]
        options += [*(("tag", word) for word in tag or ()), ("root", str(where.root or ""))]
        options += [("as-claimed", as_claimed), ("archive", archive)]
        options += [(name.replace("_", "-"), value) for name, value in asdict(fetching).items()]
        _refuse(result, request.quote, options, project, settings, printing)
        raise typer.Exit(1)
    synced = place_record(project, settings, result, to, claim, section)
    if archive:
        from footnotary.cli.fetching import keep_snapshot
        from footnotary.records import RecordStore

        store = RecordStore(project.citations)
        kept = keep_snapshot(result.citation, store, settings, allow_private=fetching.allow_private)
        result = replace(result, citation=kept)
    _tell_record(result, claim, project, printing, synced)


def check_quote(
    project: "Project",
    settings: "Settings",
    request: "Request",
    fetching: Fetching,
    printing: Printing,
    searched: tuple[str, ...] = (),
) -> "Cited | Refused | Overclaimed":
    """Check a quote against its page, record it where it holds, and log what came of it."""
    from footnotary.citing import cite_quote
    from footnotary.fetch.repositories import ProjectSources
    from footnotary.records import RecordStore

    try:
        with open_fetcher(settings, project.root, **asdict(fetching)) as fetcher:
            sources = ProjectSources(project.root, fetcher, max_bytes=settings.max_bytes)
            request = _in_the_project(request, project.root, sources)
            result = cite_quote(request, RecordStore(project.citations), sources)
    except FootnotaryError as error:
        log_unread(project, printing, request.url, error)
        raise
    _log(project, request, result, searched, printing)
    return result


def place_record(
    project: "Project",
    settings: "Settings",
    made: "Cited",
    to: Path | None,
    claim: str,
    section: str,
) -> tuple[str, ...]:
    """Write a claim with its marker into a document, and bring others that cite it in step.

    Returns:
        The documents that were brought in step.
    """
    synced: tuple[str, ...] = ()
    if made.renewed:
        from footnotary.gating.mending import sync_citing

        synced = sync_citing(project, [made.citation.key], settings.pages)
    if to is not None:
        from footnotary.writing import cite_into

        cite_into(project, to, made.citation.key, claim, section=section)
    return synced


def _log(
    project: "Project",
    request: "Request",
    result: "Cited | Refused | Overclaimed",
    searched: tuple[str, ...],
    printing: Printing,
) -> None:
    """Log what came of a quote to the current note."""
    from footnotary.citing import Cited, Overclaimed

    def log(to: Any) -> Any:
        for terms in searched:
            to.log_search(project, to.ENGINE_ELSEWHERE, terms, None)
        page, url = result.page, result.page.final_url
        if isinstance(result, Cited):
            record = result.citation
            said = (record.key, record.quote.exact, page.url)
            return to.log_quote(project, url, page.title, *said)
        outcome = {"quote": request.quote, "outcome": "unsupported-claim", "claim": request.claim}
        if not isinstance(result, Overclaimed):
            outcome |= {"outcome": result.match.outcome.value, "claim": ""}
        return to.log_refusal(project, url, page.title, **outcome)

    log_here(project, printing, log)


def _refuse_no_text(**options: list[str] | None) -> None:
    """Refuse options whose bytes are not UTF-8: Python reads them as halves of surrogate pairs."""
    for name, values in options.items():
        try:
            "".join(values or ()).encode()
        except UnicodeEncodeError:
            raise UsageError(
                f"--{name} holds bytes that are not UTF-8.",
                hint="Give it as Unicode text; the terminal's encoding may be another one.",
            ) from None


def _refuse(
    refused: "Refused",
    quote: str,
    options: list[tuple[str, str | bool]],
    project: "Project",
    settings: "Settings",
    printing: Printing,
) -> None:
    """Say what the page says instead, and which page that was read says it."""
    but = {refused.page.url, refused.page.final_url}
    elsewhere = QuoteLookup(project, settings).look_up(quote, but)
    tell_refusal(refused, quote, printing, elsewhere, options)


def name_document(project: "Project", to: Path | None, section: str) -> str:
    """Return how the record names the document; a typing error leaves no record.

    Raises:
        UsageError: There is no such document or section.
    """
    if to is None:
        if section:
            raise UsageError("--section is a heading of the document that --to names.")
        return ""
    from footnotary.writing.citing_into import document_name, refuse_missing_section
    from footnotary.writing.documents_on_disk import located

    path = located(project, to)
    if section:
        refuse_missing_section(path, section)
    return document_name(project, path)


def _of_result(project: "Project", number: int, url: str, quote: str) -> tuple[str, str]:
    """Return address and quote of a result of the last search."""
    from footnotary.searching import result_of_last_search

    if bool(number) == bool(url):
        raise UsageError(
            "Give a URL or --result, not both." if url else "There is no source to cite.",
            hint='cite URL --quote "…", or cite result 3 after footnotary search.',
        )
    found, shown = result_of_last_search(project, number)
    return found, quote or shown


def _remembered_terms(url: str, project: "Project") -> tuple[str, ...]:
    """Return the terms of the last `footnotary search --web` that found an address."""
    from footnotary.derived import Derived
    from footnotary.searching.web import terms_that_found
    from footnotary.text_index import TextIndex

    return terms_that_found(url, TextIndex(Derived(project.root)))


def _in_the_project(request: "Request", root: Path, sources: "ProjectSources") -> "Request":
    """Name a file of the project as records do; without a quote its lines are the quote."""
    from footnotary.fetch.repositories import find_local_file

    address = None if request.file else find_local_file(request.url, root, Path.cwd())
    if address is None:
        return request
    quote = request.quote
    if not quote and address.first:
        quote = sources.get(str(address)).body.decode("utf-8", "replace")
        if not quote.strip("\ufeff \t\n\f"):
            from footnotary.citing import NAME_LINES

            raise UsageError(f"{address} is blank.", hint=NAME_LINES)
    return replace(request, url=str(address), quote=quote)


def _tell_record(
    result: "Cited", said: str, project: "Project", printing: Printing, synced: tuple[str, ...]
) -> None:
    """Print the marker to paste, and on stderr what was found where."""
    from footnotary.markers.structure import write_marker

    citation = result.citation
    marker = write_marker([citation.key], project.marker)
    if printing.as_json:
        print_json(
            {
                "outcome": result.match.outcome.value,
                "key": citation.key,
                "marker": marker,
                "path": str(result.path.relative_to(project.root)),
                "renewed": result.renewed,
                "unsupported": [asdict(each) for each in result.unsupported],
                "unpinned": result.unpinned,
                "synced": list(synced),
                "citation": citation.model_dump(mode="json", by_alias=True),
            }
        )
        return
    echo(marker)
    if result.unpinned:
        echo(
            "warning: the forge did not say which commit that is, so the file may change under"
            " this address.",
            err=True,
        )
    for each in result.unsupported:
        echo(f"warning: recorded as insisted on: {each.message}.", err=True)
    if printing.quiet:
        return
    for claim in citation.claims:
        if claim.is_of(said) and claim.support == "undecided":
            echo(
                f"note: could not tell whether the quote says “{claim.text}”: it does"
                " not repeat a whole sentence of the quote, and no rule found a contradiction.",
                err=True,
            )
    if citation.evidence.style_read is False:
        echo(
            "note: a style sheet of the page could not be read, so whether its readers see these"
            " words is not known.",
            err=True,
        )
    if citation.evidence.text_url:
        echo(f"read in {citation.evidence.text_url}", err=True)
    where = f", section “{citation.quote.section}”" if citation.quote.section else ""
    source = " - ".join(filter(None, (citation.title, citation.site)))
    verb = "re-dated" if result.renewed else "recorded"
    echo(
        f"{verb}: {source}{where}\n"
        f"  “{citation.quote.exact}”\n"
        f"  {result.match.outcome.value}, read {citation.accessed},"
        f" in {result.path.relative_to(project.root)}",
        err=True,
    )
    for shown in synced:
        echo(f"synced: {shown}", err=True)
