"""Asking one URL politely: a turn at the host, a few safe retries, a body within limits."""

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING

from footnotary import clock
from footnotary.cache import StoredAnswer
from footnotary.deadline import Deadline
from footnotary.errors import ResponseRefused, Unreachable
from footnotary.fetch.decoding import decode_content, too_large
from footnotary.fetch.robots import Robots
from footnotary.fetch.semantics import BUSY, RETRIED, is_success, retry_after, status_error
from footnotary.fetch.urls import Url
from footnotary.models import Response

if TYPE_CHECKING:
    from footnotary.fetch.client import AnswerHead, Client
    from footnotary.fetch.guard import GuardedBackend


RETRIES = 2
FIRST_WAIT = 0.5  # seconds; doubled at each retry, with jitter
_LONGEST_WAIT = 10.0
NO_BODY = frozenset({HTTPStatus.NO_CONTENT, HTTPStatus.RESET_CONTENT})


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


Cookies = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class AskedReply:
    """An answer that was read.

    Attributes:
        status: HTTP status.
        headers: Names in lower case.
        body: The decoded body of a success; of anything else it is left unread.
        cookies: What the site set, in order of name.
    """

    status: int
    headers: dict[str, str]
    body: bytes = b""
    cookies: Cookies = ()


class Asker:
    """Asks hosts in turn, for all threads of one fetcher."""

    def __init__(
        self,
        turns: Turns,
        *,
        max_bytes: int,
        network: "GuardedBackend | None",
    ) -> None:
        self._turns = turns
        self._max_bytes = max_bytes
        self._network = network
        self._client: Client | None = None
        self._connecting = threading.Lock()
        self._closed = False

    def close(self) -> None:
        """Close all connections; threads that were left behind make no new ones."""
        with self._connecting:
            self._closed = True
            if self._client is not None:
                self._client.close()

    def ask(
        self,
        url: Url,
        headers: dict[str, str],
        deadline: Deadline,
        *,
        delay: float = 0.0,
        private: bool = False,
    ) -> AskedReply:
        """Send a GET request; again after 429, 502, 503, 504 or a dropped connection.

        Args:
            url: What is asked.
            headers: All request headers but Host.
            deadline: When to give up; put off by the time spent waiting for a turn.
            delay: Seconds that robots.txt wants between requests.
            private: Whether the host may be at a private address.

        Returns:
            The reply, whatever its status.

        Raises:
            FetchError: There is no reply, or one that breaks a limit.
        """
        from footnotary.fetch.client import ConnectionDropped, KeptConnectionDropped

        for attempt in range(RETRIES + 1):
            self._leave_closed_alone(url, deadline)
            pause = FIRST_WAIT * 2**attempt * random.uniform(1.0, 1.5)  # noqa: S311  jitter
            may_retry = attempt < RETRIES
            try:
                with self._turns.turn(url.host, delay=delay) as waited:
                    deadline.put_off(waited)
                    reply = self._once(url, headers, deadline, private=private)
            except ConnectionDropped as error:
                if not may_retry or pause >= deadline.remaining():
                    raise
                if isinstance(error, KeptConnectionDropped):
                    pause = 0.0
            else:
                wait = self._wanted_wait(url, reply, pause)
                if (
                    not may_retry
                    or wait is None
                    or wait >= min(_LONGEST_WAIT, deadline.remaining())
                ):
                    return reply
                pause = wait
            time.sleep(pause)
        raise AssertionError("the last attempt returns or raises")

    def _once(
        self, url: Url, headers: dict[str, str], deadline: Deadline, *, private: bool
    ) -> AskedReply:
        """Ask once and read what there is to read."""
        with self._connected().ask(url, headers, deadline, private=private) as answer:
            body = self._body(url, answer) if is_success(answer.status) else b""
            return AskedReply(answer.status, answer.headers, body, answer.cookies)

    def _body(self, url: Url, answer: "AnswerHead") -> bytes:
        """Read and decode the body of a success."""
        headers = answer.headers
        if answer.status in NO_BODY:
            return b""
        if answer.status == HTTPStatus.PARTIAL_CONTENT:
            raise ResponseRefused(
                f"{url.host} sent a part of {url.href} although the whole was asked for.",
                hint="Try again later.",
            )
        length = headers.get("content-length", "")
        if length.isdigit() and int(length[:18]) > self._max_bytes:
            raise too_large(url.host, self._max_bytes)
        return decode_content(
            answer.chunks,
            headers.get("content-encoding", ""),
            limit=self._max_bytes,
            host=url.host,
        )

    def _wanted_wait(self, url: Url, reply: AskedReply, pause: float) -> float | None:
        """Return the seconds to wait before a retry, or None where none is due."""
        if reply.status not in RETRIED:
            return None
        wanted = retry_after(reply.headers, clock.now())
        wait = pause if wanted is None else wanted
        if reply.status in BUSY:
            self._turns.close(url.host, wait)
        return wait

    def _leave_closed_alone(self, url: Url, deadline: Deadline) -> None:
        """Wait while the host wants to be left alone, or give up where that is too long."""
        wait = self._turns.closed_for(url.host)
        if wait <= 0:
            return
        if wait >= min(_LONGEST_WAIT, deadline.remaining()):
            raise status_error(url, HTTPStatus.TOO_MANY_REQUESTS, {"retry-after": str(round(wait))})
        time.sleep(wait)

    def _connected(self) -> "Client":
        """Return the client, made when the web is first asked: httpx takes 0.2 s to load."""
        from footnotary.fetch.client import Client
        from footnotary.fetch.guard import GuardedBackend

        with self._connecting:
            if self._closed:
                raise Unreachable("The check was ended.", hint="Start it again.")
            if self._client is None:
                network = self._network or GuardedBackend(allow_private=False)
                self._client = Client(network)
            return self._client


@dataclass(frozen=True)
class Hop:
    """A URL on the way, with the cookies that were set before it."""

    url: Url
    cookies: Cookies = ()


@dataclass(frozen=True)
class Errand:
    """What one fetch is for, the same at each of its hops.

    Attributes:
        accept: The media types wanted.
        deadline: When to give up.
        robots: Whose rules are asked for; None for nobody's.
        private_host: The host that the user named, if it may be private: no other one may.
    """

    accept: str
    deadline: Deadline
    robots: Robots | None
    private_host: str

    def may_be_private(self, url: Url) -> bool:
        """Return whether a URL's address may be private, and its port any."""
        return url.host == self.private_host


@dataclass(frozen=True)
class FetchedAnswer:
    """The end of the way: an answer and its body."""

    stored: StoredAnswer
    body: bytes
    from_cache: bool = False


def cookies_for(here: Hop, target: Url, cookies: Cookies) -> Cookies:
    """Return the cookies that go on to a redirect's target: those of the same host only."""
    if here.url.host != target.host:
        return ()
    return tuple(sorted((dict(here.cookies) | dict(cookies)).items()))


def response_of(url: str, hops: tuple[str, ...], found: FetchedAnswer) -> Response:
    """Return what callers see."""
    return Response(
        url=url,
        final_url=found.stored.url,
        status=found.stored.status,
        headers=found.stored.headers,
        body=found.body,
        retrieved_at=found.stored.retrieved_at,
        redirects=hops,
        from_cache=found.from_cache,
    )
