"""`footnotary search` and `footnotary cache`: the pages that were read."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from footnotary.cli.note import ENGINE_OF_PAGES, log_here
from footnotary.cli.options import Printing, Where
from footnotary.cli.printing import echo, print_json, waiting

if TYPE_CHECKING:
    from footnotary.config import Settings
    from footnotary.project import Project
    from footnotary.searching import Query, SearchResult
    from footnotary.searching.web import WebHit


def run_search(
    terms: Annotated[list[str], typer.Argument(metavar="TERMS...", help="Words to look for.")],
    site: Annotated[
        str, typer.Option("--site", help="Only pages of this site, by name or address.")
    ] = "",
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="How many at most.")] = 10,
    web: Annotated[
        bool, typer.Option("--web", help="Ask the search engine of the setting searxng.")
    ] = False,
    *,
    printing: Printing,
    where: Where,
) -> None:
    """Look for words on every page that was read, or on the web with --web.

    A page must have all words; '"two words"' looks for them as they stand, 'pool*' for a
    beginning. What --web finds was not read: `cite` reads it, and remembers the terms.

    Example: footnotary search connection pool size

    Exit codes: 0 found, 1 nothing found, 2 could not search.
    """
    from footnotary.searching import Query

    project, settings = where.project_and_settings()
    words = " ".join(terms)
    if web:
        hits = _on_the_web(words, settings, limit)
        _tell_web(hits, printing)
        nothing, results = "" if hits else "Nothing was found.", len(hits)
    else:
        found = _among_the_read(Query(words, site, limit), project, settings, printing)
        _tell(found, printing)
        nothing, results = "" if found else "No page that was read says so.", len(found)
    engine = settings.searxng if web else ENGINE_OF_PAGES
    log_here(project, printing, lambda to: to.log_search(project, engine, words, results, limit))
    if nothing:
        if not printing.as_json and not printing.quiet:
            echo(nothing, err=True)
        raise typer.Exit(1)


def _among_the_read(
    query: "Query", project: "Project", settings: "Settings", printing: Printing
) -> "list[SearchResult]":
    """Search the index."""
    from footnotary.cache import Cache
    from footnotary.cli.running import tell
    from footnotary.library import TextLibrary
    from footnotary.records import RecordStore
    from footnotary.searching import search_pages as search_read

    citations, broken = RecordStore(project.citations).readable()
    for error in broken:
        tell(error)
    cache = Cache(settings.cache_dir, create=False)
    with waiting("indexing what was read", hidden=printing.quiet):
        found = search_read(query, TextLibrary(settings.cache_dir, create=False), cache, citations)
    cache.close()
    return found


def _on_the_web(words: str, settings: "Settings", limit: int) -> "list[WebHit]":
    """Ask the search engine."""
    from footnotary.cli.fetching import open_fetcher
    from footnotary.library import TextLibrary
    from footnotary.searching.web import search_web

    # It is the user's own, named in the settings, and mostly on this machine.
    with open_fetcher(settings, allow_private=True, ignore_robots=True, refresh=True) as fetcher:
        return search_web(
            words, settings.searxng, fetcher, TextLibrary(settings.cache_dir), limit=limit
        )


def _tell(found: "list[SearchResult]", printing: Printing) -> None:
    """Print the pages that were found."""
    if printing.as_json:
        print_json([asdict(page) | {"read": page.read.isoformat()} for page in found])
        return
    for page in found:
        named = f"{page.title} - {page.site}" if page.site else page.title
        section = f", section “{page.section}”" if page.section else ""
        cited = f", cited as {', '.join(page.citations)}" if page.citations else ""
        echo(f"{named}\n  {page.url}\n  “{page.passage}”\n  read {page.read}{section}{cited}\n")


def _tell_web(hits: "list[WebHit]", printing: Printing) -> None:
    """Print what the engine lists."""
    if printing.as_json:
        print_json([hit.model_dump(mode="json") for hit in hits])
        return
    for hit in hits:
        extract = " ".join((hit.content or "").split())
        echo(f"{hit.title or hit.url}\n  {hit.url}\n" + (f"  {extract}\n" if extract else ""))
    if hits and not printing.quiet:
        echo("Nothing of this was read or checked: `cite URL --quote …` does that.", err=True)


def show_cache(*, printing: Printing, where: Where) -> None:
    """Show where pages are kept, how many there are and how large they are.

    Example: footnotary cache show
    """
    from footnotary.cache import Cache
    from footnotary.library import TextLibrary

    _, settings = where.project_and_settings()
    cache = Cache(settings.cache_dir, create=False)
    pages = cache.pages()
    days = sorted(page.retrieved_at.date() for page in pages)
    size, searchable = cache.size(), TextLibrary(settings.cache_dir, create=False).count()
    cache.close()
    if printing.as_json:
        print_json(
            {
                "folder": str(settings.cache_dir),
                "pages": len(pages),
                "bytes": size,
                "oldest": days[0].isoformat() if days else None,
                "newest": days[-1].isoformat() if days else None,
                "indexed": searchable,
                "problem": cache.problem,
            }
        )
        return
    period = f", read between {days[0]} and {days[-1]}" if days else ""
    echo(f"{settings.cache_dir}: {len(pages)} pages, {size / 1_000_000:.1f} MB{period}")
    echo(f"{searchable} of the pages that were ever read are in the index of `footnotary search`.")
    if cache.problem:
        echo(f"warning: {cache.problem}", err=True)


def clear(*, printing: Printing, where: Where) -> None:
    """Drop the kept pages and the search index; records and documents are not touched.

    Example: footnotary cache clear
    """
    from footnotary.cache import Cache
    from footnotary.errors import FootnotaryError
    from footnotary.library import TextLibrary

    _, settings = where.project_and_settings()
    cache = Cache(settings.cache_dir, create=False)
    pages = len(cache.pages())
    cache.clear()
    cache.close()
    if cache.problem:
        raise FootnotaryError(cache.problem, hint="Delete the folder by hand.")
    TextLibrary(settings.cache_dir, create=False).clear()
    if printing.as_json:
        print_json({"dropped": pages})
    elif not printing.quiet:
        echo(f"dropped: {pages} pages of {settings.cache_dir}", err=True)
