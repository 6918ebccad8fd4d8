"""One deadline for everything that a fetch does, whatever the number of steps."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Deadline:
    """A moment after which nothing more is waited for.

    Attributes:
        seconds: How long it was in all.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    def remaining(self) -> float:
        """Return the seconds that are left; zero or less when it has passed."""
        return self._end - time.monotonic()

    def put_off(self, seconds: float) -> None:
        """Move it by what was waited for others, not for the answer."""
        self._end += seconds


_current = threading.local()


@contextmanager
def running(deadline: Deadline) -> Iterator[None]:
    """Let this thread's sockets see the deadline while the block runs.

    A connection outlives the request that made it, so its deadline cannot be its own.
    """
    before = getattr(_current, "deadline", None)
    _current.deadline = deadline
    try:
        yield
    finally:
        _current.deadline = before


def current() -> Deadline | None:
    """Return the deadline that runs in this thread, if any."""
    deadline: Deadline | None = getattr(_current, "deadline", None)
    return deadline
