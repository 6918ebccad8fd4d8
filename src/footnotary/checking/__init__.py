"""Check: read the cited pages again and say what became of each quote. Read-only.

reading       one citation against what its source says now
outcomes      what came of it
own_files     cited lines of the project's own files, followed where they went
parallel      worker threads that an interruption does not wait for
superseding   RFCs and DOIs that something newer has replaced
differing     what changed, word by word
saving        dated outcomes into the records
choosing      which citations a check is about
archiving     snapshots at an archive, recorded once they are seen to have the quote
renewing      re-date what holds; a new record for what changed
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import chain, zip_longest
from urllib.parse import urlsplit

from footnotary.checking.outcomes import Checked, ReadingOutcome
from footnotary.checking.parallel import in_threads
from footnotary.checking.reading import address, reread_source, unasked
from footnotary.fetch.fetches import Fetches
from footnotary.models import Citation

__all__ = ["Checked", "ReadingOutcome", "check_citations"]

WORKERS = 8
# The megabyte that a parsed page takes goes back to the system when it is freed, and comes anew
# with the next page: 200 page faults, a fifth of the CPU. glibc keeps what is smaller than the
# largest block that was ever freed (mallopt(3), M_MMAP_THRESHOLD); elsewhere this does nothing.
_LARGEST_BLOCK = 16_000_000  # bytes


def check_citations(
    citations: Iterable[Citation],
    fetcher: Fetches,
    *,
    workers: int = WORKERS,
    keep_pages: bool = False,
    progress: Callable[[int], None] | None = None,
) -> list[Checked]:
    """Read the sources of citations again, in parallel and politely.

    Citations of one URL are checked against one reading of it, and what the cache knows to
    be fresh and unchanged is not read at all. Nothing is written.

    Args:
        citations: What is checked.
        fetcher: Reads the web; it spaces the requests to one host.
        workers: How many sources are read at once.
        keep_pages: Keep page and response in the results; many of them take much memory.
        progress: Called with the number of citations done since the last call.

    Returns:
        One result a citation, in their order.
    """
    bytes(_LARGEST_BLOCK)  # never touched: it takes addresses, no memory
    wanted = list(citations)
    results: dict[int, Checked] = {}
    open_places: dict[str, list[int]] = {}
    for place, citation in enumerate(wanted):
        known = unasked(citation, fetcher)
        if known is None:
            open_places.setdefault(address(citation), []).append(place)
        else:
            results[place] = known
    if progress and results:
        progress(len(results))

    def work(places: list[int]) -> list[tuple[int, Checked]]:
        read = reread_source([wanted[place] for place in places], fetcher, text_only=not keep_pages)
        if not keep_pages:
            read = [replace(result, page=None, response=None) for result in read]
        return list(zip(places, read, strict=True))

    for done in in_threads(work, _mixed(open_places), workers):
        results.update(done)
        if progress:
            progress(len(done))
    return [results[place] for place in range(len(wanted))]


def _mixed(groups: dict[str, list[int]]) -> list[list[int]]:
    """Return the groups with hosts taking turns, so that no worker waits for a busy host."""
    by_host: dict[str, list[list[int]]] = {}
    for url, places in groups.items():
        by_host.setdefault(urlsplit(url).netloc, []).append(places)
    rounds = zip_longest(*by_host.values())
    return [places for places in chain.from_iterable(rounds) if places is not None]
