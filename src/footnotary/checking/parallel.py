"""Worker threads that an interruption does not wait for."""

import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias, TypeVar

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
