"""Check: read the cited pages again and say what became of each quote. Read-only.

reading       one citation against what its source says now
outcomes      what came of it, word by word
own_files     cited lines of the project's own files, followed where they went
superseding   RFCs and DOIs that something newer has replaced
choosing      which citations a check is about
archiving     snapshots at an archive, recorded once they are seen to have the quote
renewing      dated outcomes into the records; re-date what holds; a new record for what changed
"""

import queue
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, zip_longest
from typing import TypeAlias, TypeVar
from urllib.parse import urlsplit

from footnotary.checking.outcomes import Checked, ReadingOutcome
from footnotary.checking.reading import address, reread_source, unasked
from footnotary.fetch import Fetches
from footnotary.models import Citation

Job = TypeVar("Job")
Result = TypeVar("Result")
_Done: TypeAlias = tuple[Result | None, BaseException | None]


# A worker more does no good while results keep coming: parsing, the workers share one
# interpreter, and fighting for it costs a quarter of the CPU.
_QUIET = 0.02  # seconds without a result after which another worker begins


def in_threads(
    work: Callable[[Job], Result], jobs: Sequence[Job], workers: int
) -> Iterator[Result]:
    """Do jobs in threads and yield the results as they come.

    An executor of the standard library joins its threads when the process ends, so that
    Ctrl-C would wait for the slowest server; these threads are left behind.

    Args:
        work: What is done with each job.
        jobs: All jobs; they are begun in their order.
        workers: How many threads there are at most; they begin one by one, as long as the
            others are waiting.

    Raises:
        Exception: Whatever a job raised; jobs that have not begun are dropped.
    """
    waiting: queue.SimpleQueue[Job] = queue.SimpleQueue()
    for job in jobs:
        waiting.put(job)
    done: queue.SimpleQueue[_Done[Result]] = queue.SimpleQueue()
    stopped = threading.Event()

    def run() -> None:
        while not stopped.is_set():
            try:
                job = waiting.get_nowait()
            except queue.Empty:
                return
            try:
                done.put((work(job), None))
            except BaseException as error:  # noqa: BLE001  raised again in the caller's thread
                stopped.set()
                done.put((None, error))

    idle = [
        threading.Thread(target=run, daemon=True, name=f"reader {number}")
        for number in range(min(workers, len(jobs)))
    ]
    try:
        for place in range(len(jobs)):
            if not place:
                idle.pop().start()
            result, error = _next(done, idle)
            if error is not None:
                raise error
            yield result  # type: ignore[misc]  # None only beside an error
    finally:
        stopped.set()


def _next(done: queue.SimpleQueue[_Done[Result]], idle: list[threading.Thread]) -> _Done[Result]:
    """Return the next result; begin a worker whenever there is none for a while."""
    while idle:
        try:
            return done.get(timeout=_QUIET)
        except queue.Empty:
            idle.pop().start()
    return done.get()


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
