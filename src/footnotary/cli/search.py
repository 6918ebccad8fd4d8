"""`search` and `library`: find what was read and written, and read a whole site."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from footnotary.cli.fetching import Rechecking, open_fetcher
from footnotary.cli.note import ENGINE_HERE, log_here
from footnotary.cli.options import Printing, Where
from footnotary.cli.printing import echo, print_json, tell_progress, waiting
from footnotary.counting import counted
from footnotary.errors import FootnotaryError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from footnotary.config import Settings
    from footnotary.crawling import CrawlReport, Documentation
    from footnotary.project import Project
    from footnotary.searching import Found, Query
    from footnotary.searching.web import WebHit

_SHOWN = 5


def run_library(
    package: Annotated[
        str, typer.Argument(metavar="PACKAGE|URL", help="A library, or a documentation site.")
    ],
    limit: Annotated[
        int, typer.Option("--limit", "-n", min=1, max=5000, help="Pages that are read at most.")
    ] = 200,
    *,
    fetching: Rechecking,
    printing: Printing,
    where: Where,
) -> None:
    """Read the documentation of a library, as installed in this project, so that search finds it.

    The site is that of the installed distribution's metadata; its version is compared with the
    installed one. Pages of one host below one path are read, as its inventory or sitemap lists
    them or its pages link to them; robots.txt is followed. Run it again to go on: pages that are
    kept are not read again, unless --refresh says so.

    Example: footnotary library sqlalchemy

    Exit codes: 0 read, 1 some pages could not be read or the documentation is of another
    version, 2 none could be read.
    """
    from footnotary.cache import Cache
    from footnotary.crawling import find_site, read_site
    from footnotary.crawling.libraries import find_library
    from footnotary.searching.catching_up import kept_entry

    project, settings = where.project_and_settings()
    options: dict[str, bool] = dict(vars(fetching))
    with open_fetcher(settings, project.root, rechecking=True, **options) as fetcher:
        is_site = "://" in package
        site = find_site(package, fetcher) if is_site else find_library(project, package, fetcher)
        cache = Cache(settings.cache_dir)
        with _progress(hidden=printing.quiet or printing.as_json) as progress:
            report = read_site(
                site, fetcher, cache, limit=limit, progress=progress, again=fetching.refresh
            )
    first = cache.page(site.url)
    entry = kept_entry(first, cache) if first else None
    cache.close()
    title = (entry.title if entry else None) or ""
    named = f"Documentation of {site.package} {site.stated}".strip() if site.package else title
    log_here(project, printing, lambda to: to.log_reading(project, site.url, named))
    if printing.as_json:
        print_json(_as_json(report))
    else:
        _tell_crawled(report, printing)
    if report.refused or report.stopped or site.is_of_installed is False:
        raise typer.Exit(1)


@contextmanager
def _progress(*, hidden: bool) -> Iterator[Callable[[int, int], None]]:
    """Show a bar on stderr where that is a terminal; yield what moves it."""
    if hidden or not sys.stderr.isatty():
        yield tell_progress
        return
    with typer.progressbar(length=1, label="reading pages", file=sys.stderr) as bar:

        def move(done: int, whole: int) -> None:
            bar.length = whole
            bar.update(done - bar.pos)

        yield move


def _version_words(site: "Documentation") -> str:
    """Return what is known of the version that a site documents."""
    if not site.package:
        return ""
    installed = f"{site.package} {site.installed} is installed"
    if "doc" not in site.label:
        installed = f"{installed} and names no documentation ({site.label}: {site.url})"
    if site.is_of_installed is None:
        said = f"which is of {site.stated!r}" if site.stated else "which does not say its version"
        return f"{installed}; could not tell whether this is its documentation, {said}"
    if site.is_of_installed:
        return f"{installed}; the documentation is of {site.stated}"
    return f"warning: {installed}, but the documentation is of {site.stated}"


def _tell_crawled(report: "CrawlReport", printing: Printing) -> None:
    """Say what was read, and of which version it is."""
    site = report.documentation
    words = _version_words(site)
    if words and (not printing.quiet or site.is_of_installed is False):
        echo(words, err=True)
    for url, why in report.refused[:_SHOWN]:
        echo(f"not read: {url}: {why}", err=True)
    if len(report.refused) > _SHOWN:
        echo(f"… and {len(report.refused) - _SHOWN} more could not be read", err=True)
    if report.alike and not printing.quiet:
        said = counted(report.alike, "page")
        echo(f"{said} not followed: the same as another, but for dates and numbers", err=True)
    if report.stopped:
        echo(f"stopped: {report.stopped}", err=True)
    left = f", {report.left} left: run it again to go on" if report.left else ""
    echo(
        f"{site.url}: {counted(report.read, 'page')} read, {report.kept} kept already{left}"
        f" (by {site.how})"
    )


def _as_json(report: "CrawlReport") -> dict[str, Any]:
    """Return what was read, for scripts."""
    site = report.documentation
    return {
        "url": site.url,
        "package": site.package,
        "installed": site.installed,
        "stated": site.stated,
        "is_of_installed": site.is_of_installed,
        "label": site.label,
        "how": site.how,
        "read": report.read,
        "kept": report.kept,
        "alike": report.alike,
        "left": report.left,
        "refused": [{"url": url, "reason": why} for url, why in report.refused],
        "stopped": report.stopped,
    }


def run_search(
    terms: Annotated[list[str], typer.Argument(metavar="TERMS...", help="Words to look for.")],
    site: Annotated[
        str, typer.Option("--site", help="Only pages of this site, by name or address.")
    ] = "",
    limit: Annotated[
        int, typer.Option("--limit", "-n", min=1, help="Maximum number of results.")
    ] = 10,
    web: Annotated[
        bool, typer.Option("--web", help="Ask the search engine of the setting searxng.")
    ] = False,
    *,
    printing: Printing,
    where: Where,
) -> None:
    """Look for words in pages, quotes, notes, decisions and documents, or on the web with --web.

    All words must be there; '"two words"' looks for them as they stand, 'pool*' for a beginning.
    site:NAME, kind:page,quote,note,decision,document, tag:WORD, after:2026-11-01 and
    before:2026-12-01 narrow it. `cite result 3` cites the third result. What --web finds was not
    read: `cite` reads it, and remembers the terms.

    Example: footnotary search connection pool size kind:page

    Exit codes: 0 found, 1 nothing found, 2 could not search.
    """
    from footnotary.searching import Query

    project, settings = where.project_and_settings()
    words = " ".join(terms)
    if web:
        hits = _on_the_web(words, project, settings, limit)
        _tell_web(hits, printing)
        nothing, results = "" if hits else "Nothing was found.", len(hits)
    else:
        found = _read_and_written(Query(words, site, limit), project, settings, printing)
        _tell(found, printing)
        results = len(found.results)
        nothing = "" if results else "No results in pages, quotes, notes and documents."
        if nothing and found.problem:
            raise FootnotaryError(
                f"The index is not whole: {found.problem}", hint="Search again when it is free."
            )
    engine = settings.searxng if web else ENGINE_HERE
    log_here(project, printing, lambda to: to.log_search(project, engine, words, results, limit))
    if nothing:
        if not printing.as_json and not printing.quiet:
            echo(nothing, err=True)
        raise typer.Exit(1)


def _read_and_written(
    query: "Query", project: "Project", settings: "Settings", printing: Printing
) -> "Found":
    """Search the index."""
    from footnotary.cache import Cache
    from footnotary.cli.running import tell
    from footnotary.searching import search_read_and_written
    from footnotary.text_index import MOST_RANKED

    cache = Cache(settings.cache_dir, create=False)
    with waiting("indexing what was read", hidden=printing.quiet):
        found = search_read_and_written(
            query,
            project,
            cache,
            _own_pages(project, settings),
            allow_private=settings.allow_private,
        )
    cache.close()
    for error in found.broken:
        tell(error)
    if found.are_latest and not printing.quiet:
        words = f"More than {MOST_RANKED:,} match: those that were indexed last were ranked alone."
        echo(f"{words} More words or site:NAME narrow it.", err=True)
    return found


def _own_pages(project: "Project", settings: "Settings") -> "Iterable[Path]":
    """Return the user's own pages."""
    if not settings.pages:
        return ()
    from footnotary.gating.collecting import pages_of

    return pages_of(project, settings.pages)


def _on_the_web(words: str, project: "Project", settings: "Settings", limit: int) -> "list[WebHit]":
    """Ask the search engine."""
    from footnotary.cli.fetching import open_fetcher
    from footnotary.derived import Derived
    from footnotary.searching.web import search_web
    from footnotary.text_index import TextIndex

    index = TextIndex(Derived(project.root, create=True))
    # It is the user's own, named in the settings, and mostly on this machine.
    with open_fetcher(settings, allow_private=True, ignore_robots=True, refresh=True) as fetcher:
        return search_web(words, settings.searxng, fetcher, index, limit=limit)


def _tell(found: "Found", printing: Printing) -> None:
    """Print what was found."""
    if printing.as_json:
        print_json([asdict(one) | {"read": one.read.isoformat()} for one in found.results])
        return
    for one in found.results:
        named = f"{one.title} - {one.site}" if one.site else one.title
        section = f", section “{one.section}”" if one.section else ""
        is_page = one.kind == "page"
        cited = f", cited as {', '.join(one.citations)}" if is_page and one.citations else ""
        read = "read" if is_page else f"{one.kind},"
        echo(f"{one.result}. {named}\n   {one.url}\n   “{one.passage}”")
        echo(f"   {read} {one.read}{section}{cited}")
        if one.command:
            echo(f"   {one.command}")
        echo()


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
    from footnotary.derived import Derived
    from footnotary.text_index import PAGE, TextIndex

    project, settings = where.project_and_settings()
    cache = Cache(settings.cache_dir, create=False)
    pages = cache.pages()
    days = sorted(page.retrieved_at.date() for page in pages)
    size, searchable = cache.size(), TextIndex(Derived(project.root)).count(PAGE)
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
    from footnotary.derived import Derived
    from footnotary.text_index import TextIndex

    project, settings = where.project_and_settings()
    cache = Cache(settings.cache_dir, create=False)
    pages = len(cache.pages())
    cache.clear()
    cache.close()
    if cache.problem:
        raise FootnotaryError(cache.problem, hint="Delete the folder by hand.")
    TextIndex(Derived(project.root)).clear()
    if printing.as_json:
        print_json({"dropped": pages})
    elif not printing.quiet:
        echo(f"dropped: {pages} pages of {settings.cache_dir}", err=True)
