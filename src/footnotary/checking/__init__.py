"""Check: read the cited pages again and say what became of each quote. Read-only.

reading       one citation against what its source says now
outcomes      what came of it, word by word
own_files     cited lines of the project's own files, followed where they went
superseding   RFCs and DOIs that something newer has replaced
archiving     snapshots at an archive, recorded once they are seen to have the quote
renewing      dated outcomes into the records; re-date what holds; a new record for what changed
"""

import queue
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import chain, zip_longest
from typing import TypeAlias, TypeVar
from urllib.parse import urlsplit

from footnotary import clock
from footnotary.checking.outcomes import Checked, ReadingOutcome
from footnotary.checking.reading import address, reread_source, unasked
from footnotary.errors import UsageError
from footnotary.fetch import Fetches
from footnotary.models import CheckOutcome, Citation

Job = TypeVar("Job")
Result = TypeVar("Result")
_Done: TypeAlias = tuple[Result | None, BaseException | None]


# A worker more does no good while results keep coming: parsing, the workers share one
# interpreter, and fighting for it costs a quarter of the CPU.
_QUIET = 0.02  # seconds without a result after which another worker begins
UNITS = {"d": 1, "w": 7, "m": 30, "y": 365}
HELD = (CheckOutcome.HELD, CheckOutcome.MOVED)


def days(text: str) -> timedelta:
    """Return a span of time.

    Args:
        text: A number and a unit: `90d`, `12w`, `6m` (30 days each), `1y`; bare numbers
            are days.

    Raises:
        UsageError: It is none.
    """
    found = re.fullmatch(r"(\d{1,5})\s*([dwmy]?)", text.strip().lower())
    count = int(found[1]) * UNITS[found[2] or "d"] if found else 0
    if not found or count > clock.MOST_DAYS:
        raise UsageError(
            f"Invalid span of time {text!r}.",
            hint="Write it as 90d, 12w, 6m or 1y, a hundred years at most.",
        )
    return timedelta(days=count)


def parse_check_day(text: str) -> date:
    """Return a day: `2026-11-01`, or a span of time before today.

    Raises:
        UsageError: It is none.
    """
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        pass
    try:
        return clock.today() - days(text)
    except UsageError:
        raise UsageError(
            f"{text!r} is no day.", hint="Write it as 2026-11-01, or as a span such as 30d."
        ) from None


def last_confirmed(citation: Citation) -> date:
    """Return the day on which the source was last seen to say it."""
    held = [check.date for check in citation.checks if check.outcome in HELD]
    return max([citation.accessed, *held])


def choose_citations(
    citations: Iterable[Citation],
    *,
    keys: tuple[str, ...] = (),
    since: date | None = None,
    older_than: timedelta | None = None,
) -> list[Citation]:
    """Return the citations that a check is about, in their order.

    Args:
        citations: All records.
        keys: Only these; else every record that none supersedes.
        since: Only those recorded or re-dated on that day or later.
        older_than: Only those whose source was last seen to say it longer ago.
    """
    today = clock.today()
    return [
        citation
        for citation in citations
        if (citation.key in keys if keys else not citation.superseded_by)
        and (since is None or citation.accessed >= since)
        and (older_than is None or today - last_confirmed(citation) > older_than)
    ]


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
