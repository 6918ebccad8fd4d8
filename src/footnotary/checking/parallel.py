"""Worker threads that an interruption does not wait for."""

import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

Job = TypeVar("Job")
Result = TypeVar("Result")


def in_threads(
    work: Callable[[Job], Result], jobs: Sequence[Job], workers: int
) -> Iterator[Result]:
    """Do jobs in threads and yield the results as they come.

    An executor of the standard library joins its threads when the process ends, so that
    Ctrl-C would wait for the slowest server; these threads are left behind.

    Args:
        work: What is done with each job.
        jobs: All jobs; they are begun in their order.
        workers: How many threads there are at most.

    Raises:
        Exception: Whatever a job raised; jobs that have not begun are dropped.
    """
    waiting: queue.SimpleQueue[Job] = queue.SimpleQueue()
    for job in jobs:
        waiting.put(job)
    done: queue.SimpleQueue[tuple[Result | None, BaseException | None]] = queue.SimpleQueue()
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

    for number in range(min(workers, len(jobs))):
        threading.Thread(target=run, daemon=True, name=f"reader {number}").start()
    try:
        for _ in jobs:
            result, error = done.get()
            if error is not None:
                raise error
            yield result  # type: ignore[misc]  # None only beside an error
    finally:
        stopped.set()
