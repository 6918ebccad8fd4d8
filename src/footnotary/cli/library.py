"""`footnotary library`: the documentation of an installed library, or of a site, to search in."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from footnotary.cli.fetching import Rechecking, open_fetcher
from footnotary.cli.note import log_here
from footnotary.cli.options import Printing, Where
from footnotary.cli.printing import echo, print_json, tell_progress
from footnotary.counting import counted

if TYPE_CHECKING:
    from footnotary.crawling import CrawlReport, Documentation

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
        cache.close()
    named = f"Documentation of {site.package} {site.stated}".strip() if site.package else ""
    log_here(project, printing, lambda to: to.log_reading(project, site.url, named))
    if printing.as_json:
        print_json(_as_json(report))
    else:
        _tell(report, printing)
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


def _tell(report: "CrawlReport", printing: Printing) -> None:
    """Say what was read, and of which version it is."""
    site = report.documentation
    words = _version_words(site)
    if words and (not printing.quiet or site.is_of_installed is False):
        echo(words, err=True)
    for url, why in report.refused[:_SHOWN]:
        echo(f"not read: {url}: {why}", err=True)
    if len(report.refused) > _SHOWN:
        echo(f"… and {len(report.refused) - _SHOWN} more could not be read", err=True)
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
        "left": report.left,
        "refused": [{"url": url, "reason": why} for url, why in report.refused],
        "stopped": report.stopped,
    }
