"""How often a host is asked: few at a time, with a pause, and not at all while it says so."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class _Host:
    """What is known of one host.

    Attributes:
        seats: Requests that may run at once.
        lock: Guards the two moments (`time.monotonic`).
        next_start: When the next request may begin.
        closed_until: Until when the host asked not to be asked.
    """

    seats: threading.Semaphore
    lock: threading.Lock = field(default_factory=threading.Lock)
    next_start: float = 0.0
    closed_until: float = 0.0


class Turns:
    """Turns to ask a host, for all threads of one fetcher."""

    def __init__(self, *, per_host: int, delay: float) -> None:
        self._per_host = per_host
        self._delay = delay
        self._hosts: dict[str, _Host] = {}
        self._lock = threading.Lock()

    @contextmanager
    def turn(self, host: str, *, delay: float = 0.0) -> Iterator[float]:
        """Wait for a turn and hold it.

        Args:
            host: Who is asked.
            delay: Seconds that robots.txt wants between requests; ours may be longer.

        Yields:
            The seconds that were waited.
        """
        known = self._known(host)
        began = time.monotonic()
        with known.seats:
            pause = self._booked(known, max(delay, self._delay))
            if pause > 0:
                time.sleep(pause)
            yield time.monotonic() - began

    def close(self, host: str, seconds: float) -> None:
        """Remember that a host asked to be left alone."""
        known = self._known(host)
        with known.lock:
            known.closed_until = max(known.closed_until, time.monotonic() + seconds)

    def closed_for(self, host: str) -> float:
        """Return the seconds for which a host still wants to be left alone."""
        return max(0.0, self._known(host).closed_until - time.monotonic())

    @staticmethod
    def _booked(known: _Host, delay: float) -> float:
        """Book the host's next start and return how long it is until then."""
        with known.lock:
            now = time.monotonic()
            start = max(now, known.next_start)
            known.next_start = start + delay
            return start - now

    def _known(self, host: str) -> _Host:
        known = self._hosts.get(host)
        if known is None:
            with self._lock:
                known = self._hosts.setdefault(host, _Host(threading.Semaphore(self._per_host)))
        return known
