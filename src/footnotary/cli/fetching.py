"""How a face opens a fetcher: settings and flags become plain values here; and `--archive`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from footnotary.errors import FootnotaryError

if TYPE_CHECKING:
    from pathlib import Path

    from footnotary.config import Settings
    from footnotary.fetch.fetcher import Fetcher
    from footnotary.models import Citation, Response
    from footnotary.records import RecordStore


_BATCH = 64  # rows of the cache that are written together where many pages are read


@dataclass(frozen=True)
class Private:
    """Which addresses may be asked."""

    allow_private: Annotated[
        bool,
        typer.Option(
            "--allow-private", help="Allow the named host to be private or loopback, at any port."
        ),
    ] = False


@dataclass(frozen=True)
class Rechecking(Private):
    """How pages are read again."""

    offline: Annotated[bool, typer.Option("--offline", help="Use cached pages only.")] = False
    refresh: Annotated[
        bool, typer.Option("--refresh", help="Fetch the page again, even if it is cached.")
    ] = False


@dataclass(frozen=True)
class Fetching(Rechecking):
    """How one page is read that the user named."""

    ignore_robots: Annotated[
        bool, typer.Option("--ignore-robots", help="Fetch what robots.txt disallows.")
    ] = False


def open_fetcher(
    settings: "Settings",
    root: "Path | None" = None,
    *,
    allow_private: bool = False,
    offline: bool = False,
    refresh: bool = False,
    ignore_robots: bool = False,
    rechecking: bool = False,
    create: bool = True,
) -> "Fetcher":
    """Return a fetcher over the project's cache; close it, or use it as a context.

    Args:
        settings: The project's settings.
        root: The project's root, in whose index the pages are found that are read.
        allow_private: Also fetch from private and loopback addresses.
        offline: Use the cache alone.
        refresh: Ask the site again, however fresh the cache is.
        ignore_robots: Fetch what robots.txt disallows.
        rechecking: Many pages are read to learn what the web says now: leave pauses
            between them, and let no kept page stand in for a site that fails.
        create: Make the cache's folder; a command that only reads keeps pages where it is there.
    """
    from datetime import timedelta

    from footnotary.cache import Cache
    from footnotary.fetch.fetcher import Fetcher
    from footnotary.searching.catching_up import PageUpkeep

    cache = Cache(settings.cache_dir, create=create, batch=_BATCH if rechecking else 1)
    return Fetcher(
        cache,
        pages=PageUpkeep(root, cache, create=create) if root else None,
        allow_private=allow_private or settings.allow_private,
        timeout=settings.timeout,
        max_bytes=settings.max_bytes,
        offline=offline,
        refresh=refresh,
        ignore_robots=ignore_robots,
        publishers=settings.publishers,
        delay=settings.delay if rechecking else 0.0,
        stale_if_error=timedelta(days=0 if rechecking else 1),
    )


def document_reader(
    settings: "Settings", *, allow_private: bool = False, create: bool = True
) -> "Callable[[str, str], Response]":
    """Return what fetches a document for programs that the user named: `fetch(url, accept)`.

    robots.txt is about programs that wander: it is not asked here.

    Args:
        settings: The project's settings.
        allow_private: Also fetch from private and loopback addresses.
        create: As for `open_fetcher`.
    """

    def fetch(url: str, accept: str) -> "Response":
        with open_fetcher(
            settings, allow_private=allow_private, ignore_robots=True, create=create
        ) as fetcher:
            return fetcher.get(url, accept=accept)

    return fetch


PATIENCE = 120.0  # seconds; an archive first reads the page itself


def keep_snapshot(
    citation: "Citation",
    store: "RecordStore",
    settings: "Settings",
    *,
    allow_private: bool,
) -> "Citation":
    """Have a snapshot made and record it; a failing archive is told and costs nothing else.

    Args:
        citation: Whose page is to be kept.
        store: Where the record is.
        settings: Name the archive.
        allow_private: Also ask private and loopback addresses.

    Returns:
        The record, with its `archive_url` where that went well.
    """
    from footnotary.checking.superseding import archive_source
    from footnotary.cli.running import tell

    patient = settings.model_copy(update={"timeout": max(settings.timeout, PATIENCE)})
    # the archive is a service that the user chose to ask, not a site that is crawled
    with open_fetcher(patient, allow_private=allow_private, ignore_robots=True) as fetcher:
        try:
            return archive_source(citation, store, fetcher, settings.archive)
        except FootnotaryError as error:
            tell(error)
            return citation
