"""One deadline for everything that reading a source takes: fetching, extracting, matching.

Waiting for the network is cut where it waits. Work is checked: between its stages and inside
its loops, so that what runs past the moment is one bounded stage at most (`extract.parsing`).
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from footnotary.errors import OutOfTime


class Deadline:
    """A moment after which nothing more is waited for, and no new work begun."""

    def __init__(self, seconds: float, source: str = "") -> None:
        self.seconds = seconds
        self.source = source
        self._end = time.monotonic() + seconds

    def remaining(self) -> float:
        """Return the seconds that are left; zero or less when it has passed."""
        return self._end - time.monotonic()

    def put_off(self, seconds: float) -> None:
        """Move it by what was waited for others, not for the answer."""
        self._end += seconds


_current = threading.local()


@contextmanager
def running_deadline(deadline: Deadline | None) -> Iterator[None]:
    """Let this thread's sockets and readers see the deadline while the block runs.

    A connection outlives the request that made it, so its deadline cannot be its own.
    """
    before = getattr(_current, "deadline", None)
    _current.deadline = deadline or before
    try:
        yield
    finally:
        _current.deadline = before


def current_deadline() -> Deadline | None:
    """Return the deadline that runs in this thread, if any."""
    deadline: Deadline | None = getattr(_current, "deadline", None)
    return deadline


def check_deadline() -> None:
    """End work that has gone on for too long.

    Raises:
        OutOfTime: The deadline that runs in this thread has passed.
    """
    deadline = current_deadline()
    if deadline is not None and deadline.remaining() <= 0:
        raise OutOfTime(
            f"{deadline.source or 'The source'} could not be read within"
            f" {deadline.seconds:g} seconds.",
            hint="Raise timeout in [tool.footnotary].",
        )
