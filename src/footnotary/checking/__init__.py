"""Check: read the cited pages again and say what became of each quote. Read-only.

reading       one citation against what its source says now
outcomes      what came of it, word by word
own_files     cited lines of the project's own files, followed where they went
superseding   RFCs and DOIs that something newer has replaced
archiving     snapshots at an archive, recorded once they are seen to have the quote
renewing      dated outcomes into the records; re-date what holds; a new record for what changed
"""

import contextlib
import queue
import re
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Generic, TypeAlias, TypeVar

from footnotary import clock
from footnotary.checking.outcomes import Checked, ReadingOutcome
from footnotary.checking.reading import address, asked_host, reread_source, unasked
from footnotary.errors import UsageError
from footnotary.fetch import Fetches
from footnotary.models import CheckOutcome, Citation

Job = TypeVar("Job")
_Result = TypeVar("_Result")
T = TypeVar("T")
_Done: TypeAlias = tuple[_Result | None, BaseException | None]


# Every so often it is looked whether more threads are of use: not while those that run keep one
# processor busy, as they share one interpreter and would only fight for it.
_LOOK = 0.02  # seconds
_BUSY = 0.7  # of the time
_UNITS = {"d": 1, "w": 7, "m": 30, "y": 365}
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
    count = int(found[1]) * _UNITS[found[2] or "d"] if found else 0
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
    among: Callable[[Citation], bool] = lambda _citation: True,
) -> list[Citation]:
    """Return the citations that a check is about, in their order.

    Args:
        citations: All records.
        keys: Only these; else every record that none supersedes.
        since: Only those recorded or re-dated on that day or later.
        older_than: Only those whose source was last seen to say it longer ago.
        among: Only those for which this holds.
    """
    today = clock.today()
    return [
        citation
        for citation in citations
        if (citation.key in keys if keys else not citation.superseded_by)
        and (since is None or citation.accessed >= since)
        and (older_than is None or today - last_confirmed(citation) > older_than)
        and among(citation)
    ]


class _Lines(Generic[Job]):
    """Lines of jobs, such as the pages of a host, that threads work off.

    A thread begins the longest line that nobody has, and works it off: so the connections to a
    host are used again, and few hosts are asked at a time. When all lines are begun, a thread
    without one helps with the longest.
    """

    def __init__(self, lines: Iterable[Sequence[Job]]) -> None:
        self._lock = threading.Lock()
        self._waiting = sorted(map(deque, lines), key=len)
        self._of_one: list[deque[Job]] = []

    def next_job(self, line: deque[Job]) -> tuple[deque[Job], Job] | None:
        """Return the next job of a line; of another one where it has none; None at the end."""
        with self._lock:
            if not line and self._waiting:
                line = self._waiting.pop()
                self._of_one.append(line)
            elif not line:
                self._of_one = [other for other in self._of_one if other]
                if not self._of_one:
                    return None
                line = max(self._of_one, key=len)
                self._of_one.remove(line)
            return line, line.popleft()


def run_in_threads(
    work: Callable[[Job], _Result], lines: Sequence[Sequence[Job]], workers: int
) -> Iterator[_Result]:
    """Do jobs in threads and yield the results as they come.

    An executor of the standard library joins its threads when the process ends, so that
    Ctrl-C would wait for the slowest server; these threads are left behind.

    Args:
        work: What is done with each job.
        lines: All jobs; those of a line begin in their order, two at a time at most.
        workers: How many threads there are at most; they begin as long as the others wait.

    Raises:
        Exception: Whatever a job raised; jobs that have not begun are dropped.
    """
    jobs = _Lines(lines)
    done: queue.SimpleQueue[_Done[_Result]] = queue.SimpleQueue()
    stopped = threading.Event()

    def run() -> None:
        line: deque[Job] = deque()
        while not stopped.is_set() and (found := jobs.next_job(line)):
            line, job = found
            try:
                done.put((work(job), None))
            except BaseException as error:  # noqa: BLE001  raised again in the caller's thread
                stopped.set()
                done.put((None, error))

    crew = _Crew(run, min(workers, 2 * len(lines)))
    try:
        for _ in range(sum(map(len, lines))):
            result, error = crew.wait_for(done)
            if error is not None:
                raise error
            yield result  # type: ignore[misc]  # None only beside an error
    finally:
        stopped.set()


class _Crew:
    """Threads that begin as they are of use: parsing, they share one interpreter."""

    def __init__(self, run: Callable[[], None], most: int) -> None:
        self._idle = [
            threading.Thread(target=run, daemon=True, name=f"reader {number}")
            for number in range(most)
        ]
        self._began = 0
        self._since, self._used = time.monotonic(), time.process_time()
        self._look()

    def wait_for(self, done: "queue.SimpleQueue[T]") -> T:
        """Return the next result; let as many threads begin as run, while the processor rests."""
        while self._idle:
            if time.monotonic() - self._since >= _LOOK:
                self._look()
            with contextlib.suppress(queue.Empty):
                return done.get(timeout=_LOOK)
        return done.get()

    def _look(self) -> None:
        """Let threads begin unless those that run have kept the processor busy."""
        now, used = time.monotonic(), time.process_time()
        if not self._began or used - self._used < _BUSY * (now - self._since):
            for _ in range(min(max(self._began, 1), len(self._idle))):
                self._idle.pop().start()
                self._began += 1
        self._since, self._used = now, used


__all__ = ["Checked", "ReadingOutcome", "check_citations"]

WAITING = 64
"""Sources that are waited for at once; one page is parsed at a time (`reading`)."""
# The megabyte that a parsed page takes goes back to the system when it is freed, and comes anew
# with the next page: 200 page faults, a fifth of the CPU. glibc keeps what is smaller than the
# largest block that was ever freed (mallopt(3), M_MMAP_THRESHOLD); elsewhere this does nothing.
_LARGEST_BLOCK = 16_000_000  # bytes


def check_citations(
    citations: Iterable[Citation],
    fetcher: Fetches,
    *,
    workers: int = WAITING,
    keep_pages: bool = False,
    progress: Callable[[Sequence[Checked]], None] | None = None,
) -> list[Checked]:
    """Read the sources of citations again, in parallel and politely.

    Citations of one URL are checked against one reading of it, and what the cache knows to
    be fresh and unchanged is not read at all. Nothing is written.

    Args:
        citations: What is checked.
        fetcher: Reads the web; it spaces the requests to one host.
        workers: How many sources are waited for at once.
        keep_pages: Keep page and response in the results; many of them take much memory.
        progress: Called with the results since the last call, as they come.

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
        progress(tuple(results.values()))

    def work(places: list[int]) -> list[tuple[int, Checked]]:
        read = reread_source([wanted[place] for place in places], fetcher, text_only=not keep_pages)
        if not keep_pages:
            read = [
                replace(result, page=None, response=None, kept_since=result.day) for result in read
            ]
        return list(zip(places, read, strict=True))

    by_host: dict[str, list[list[int]]] = {}
    for source, places in open_places.items():  # files of the project wait for nobody
        by_host.setdefault(asked_host(wanted[places[0]]) or source, []).append(places)
    for done in run_in_threads(work, list(by_host.values()), workers):
        results.update(done)
        if progress:
            progress([result for _, result in done])
    return [results[place] for place in range(len(wanted))]
