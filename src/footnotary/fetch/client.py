"""One request, one answer: the only module that knows httpx (with `guard`, httpcore).

Redirects are not followed and nothing is decoded here. Every failure leaves as one of our
errors, with a sentence that names the host.
"""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import httpcore
import httpx

from footnotary.deadline import Deadline, running_deadline
from footnotary.errors import FetchError, ResponseRefused, Unreachable
from footnotary.fetch.guard import GuardedBackend, GuardedStream
from footnotary.fetch.urls import Url

_PRIVATE = "private"  # the extension of a request that may go to a private address
_KEPT = "kept"  # the extension of a request that went over a connection which was there already
MOST_KEPT = 64  # connections that wait for the next request to their hosts
KEPT_SECONDS = 15.0
REST_BYTES = 64_000  # of a body that is read only for its connection's sake
REST_SECONDS = 0.5
_SAVED_HINT = "Save the page in your browser and cite it with --file."
# Fields that are no lists: of repeated ones the first counts. Some servers and the proxies
# before them send them twice.
SINGLE = frozenset(
    {"age", "content-location", "date", "etag", "expires", "last-modified", "location"}
    | {"retry-after"}
)


@dataclass(frozen=True)
class AnswerHead:
    """The head of an answer, its body still on the wire.

    Attributes:
        status: HTTP status.
        headers: Names in lower case; repeated lists joined with ", ".
        chunks: The body as it comes, content encoding untouched; read it once.
        cookies: Names and values that Set-Cookie asks for, for the next hop of one fetch.
    """

    status: int
    headers: dict[str, str]
    chunks: Iterator[bytes]
    cookies: tuple[tuple[str, str], ...] = field(default=(), repr=False)


class ConnectionDropped(Unreachable):
    """The connection brought no answer to what was asked: asking again is safe."""


class KeptConnectionDropped(ConnectionDropped):
    """It was a kept one, which says nothing of the server: there is no reason to wait."""


class Client:
    """A pool of guarded connections, shared by threads."""

    def __init__(self, network: GuardedBackend) -> None:
        self._transport = GuardedTransport(network)

    def close(self) -> None:
        """Close all connections."""
        self._transport.close()

    @contextmanager
    def ask(
        self, url: Url, headers: dict[str, str], deadline: Deadline, *, private: bool = False
    ) -> Iterator[AnswerHead]:
        """Send a GET request.

        Args:
            url: What is asked.
            headers: All request headers but Host.
            deadline: When to give up, body included.
            private: Whether the host may be at a private address.

        Yields:
            The answer; its body can be read while the block runs.

        Raises:
            AddressRefused: The host leads to an address that is not public.
            Unreachable: No answer, or not the whole of it in time.
            ResponseRefused: The answer breaks the protocol or was cut short.
        """
        with running_deadline(deadline), _explaining(url, deadline):
            # No httpx.Client: its cookie jar would be shared by all threads and sites, and
            # its proxies, netrc and redirects are what must not happen here.
            request = httpx.Request("GET", url.href, headers=_on_the_wire(url, headers))
            request.extensions[_PRIVATE] = private
            request.extensions["target"] = url.target.encode("ascii")
            with _asking_again_is_safe(url, request):
                response = self._transport.handle_request(request)
            response.request = request
            try:
                yield _answer(url, response)
                _read_rest(response)
            finally:
                response.close()


def _read_rest(response: httpx.Response) -> None:
    """Read a short body that nobody wants, such as a 404's: its connection can be used again."""
    if response.is_stream_consumed:
        return
    with contextlib.suppress(*_FAILURES), running_deadline(Deadline(REST_SECONDS)):
        size = 0
        for chunk in response.iter_raw():
            size += len(chunk)
            if size > REST_BYTES:
                return


_FAILURES = (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError)
_Place = tuple[bytes, bytes, int | None, bool]  # scheme, host, port, whether it may be private


class GuardedTransport(httpx.BaseTransport):
    """A small pool of connections an origin, each over a socket of the guard's.

    Connections to hosts that may be private are kept apart: one that was made for the user is
    not there for a page.
    """

    def __init__(self, backend: GuardedBackend) -> None:
        self._backends = {False: backend, True: backend.opened()}
        self._lock = threading.Lock()
        self._kept: list[tuple[_Place, httpcore.HTTPConnection]] = []  # the last used at the end
        self._busy: set[httpcore.HTTPConnection] = set()
        self._trusted: ssl.SSLContext | None = None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request over a connection that nothing else uses meanwhile.

        Raises:
            httpcore.ReadError: The connection had an answer before anything was asked: bytes
                behind the end of the last one (RFC 9112 §6.3), which are no answer to this.
        """
        url = request.url
        place = (url.raw_scheme, url.raw_host, url.port, bool(request.extensions.get(_PRIVATE)))
        asked = httpcore.Request(
            request.method,
            httpcore.URL(
                scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
            ),
            headers=request.headers.raw,
            extensions=request.extensions,
        )
        connection = self._take(place)
        request.extensions[_KEPT] = connection is not None
        if connection is None:
            connection = self._new(asked.url.origin, private=place[-1])
        try:
            answer = connection.handle_request(asked)
        except BaseException:
            self._close(connection)
            raise
        stream = answer.extensions.get("network_stream")
        if isinstance(stream, GuardedStream) and not stream.heard:
            self._close(connection)
            raise httpcore.ReadError("it answered before it was asked")
        body = _Stream(answer.stream, partial(self._keep, place, connection))
        return httpx.Response(answer.status, headers=answer.headers, stream=body)

    def close(self) -> None:
        """Close all connections."""
        with self._lock:
            connections = [*self._busy, *(connection for _, connection in self._kept)]
            self._busy, self._kept = set(), []
        for connection in connections:
            connection.close()

    def _take(self, place: _Place) -> httpcore.HTTPConnection | None:
        """Return a kept connection to an origin that its server has not closed, if there is one."""
        while True:
            with self._lock:
                found = next((one for one in reversed(self._kept) if one[0] == place), None)
                if found is None:
                    return None
                self._kept.remove(found)
                self._busy.add(found[1])
            if found[1].is_available() and not found[1].has_expired():
                return found[1]
            self._close(found[1])

    def _keep(self, place: _Place, connection: httpcore.HTTPConnection) -> None:
        """Keep a connection whose answer was read to its end; close the least used beyond a few."""
        if not connection.is_idle():
            self._close(connection)
            return
        with self._lock:
            self._busy.discard(connection)
            self._kept.append((place, connection))
            surplus = self._kept.pop(0)[1] if len(self._kept) > MOST_KEPT else None
        if surplus is not None:
            surplus.close()

    def _close(self, connection: httpcore.HTTPConnection) -> None:
        with self._lock:
            self._busy.discard(connection)
        connection.close()

    def _new(self, origin: httpcore.Origin, *, private: bool) -> httpcore.HTTPConnection:
        """Return a connection that connects at its first request."""
        connection = httpcore.HTTPConnection(
            origin,
            ssl_context=self._trust() if origin.scheme == b"https" else None,
            keepalive_expiry=KEPT_SECONDS,
            network_backend=self._backends[private],
        )
        with self._lock:
            self._busy.add(connection)
        return connection

    def _trust(self) -> ssl.SSLContext:
        """Return a context that trusts the system's certificates and certifi's, loaded once."""
        with self._lock:
            if self._trusted is None:
                import certifi

                self._trusted = ssl.create_default_context()
                self._trusted.load_verify_locations(certifi.where())
            return self._trusted


class _Stream(httpx.SyncByteStream):
    """A body of httpcore's as httpx wants it."""

    def __init__(self, stream: Any, closed: Callable[[], None]) -> None:
        self._stream = stream
        self._closed = closed

    def __iter__(self) -> Iterator[bytes]:
        yield from self._stream

    def close(self) -> None:
        try:
            self._stream.close()
        finally:
            self._closed()


def _on_the_wire(url: Url, headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    """Return request headers as bytes; what a server once sent goes back as it came.

    Host is named here: httpx would read the name as IDNA 2008 does, which knows fewer names
    than browsers do (the WHATWG URL standard).
    """
    sent = {"host": url.origin.partition("://")[2]} | headers
    return [(name.encode("ascii"), _latin(value)) for name, value in sent.items()]


def _latin(value: str) -> bytes:
    """Return a field's value as bytes: those of `_answer`, or of a cookie in UTF-8."""
    try:
        return value.encode("latin-1")
    except UnicodeEncodeError:
        return value.encode("utf-8", "replace")


def _answer(url: Url, response: httpx.Response) -> AnswerHead:
    """Return the head of a response; header bytes that are no ASCII are kept as Latin-1."""
    headers: dict[str, str] = {}
    for name, value in response.headers.raw:
        key = name.decode("latin-1").lower()
        text = value.decode("latin-1")
        if key not in headers or key == "content-type":  # the last of these, as browsers do
            headers[key] = text
        elif key not in SINGLE:
            headers[key] = f"{headers[key]}, {text}"
        elif key == "location" and headers[key] != text:
            raise ResponseRefused(
                f"{url.host} redirects to two addresses at once.", hint=_SAVED_HINT
            )
    cookies: tuple[tuple[str, str], ...] = ()
    if "set-cookie" in headers:
        jar = response.cookies.jar
        cookies = tuple((cookie.name, cookie.value or "") for cookie in jar)
        del headers["set-cookie"]  # what is kept on disk holds no session
    return AnswerHead(response.status_code, headers, response.iter_raw(), cookies)


@contextmanager
def _asking_again_is_safe(url: Url, request: httpx.Request) -> Iterator[None]:
    """Tell a connection that was lost before its answer from an answer that is broken.

    A server may close a kept connection at any moment (RFC 9112 §9.5), and what is left on
    one of an answer that was longer than announced spoils the next: neither says anything of
    the page.
    """
    try:
        yield
    except (httpcore.ReadError, httpcore.WriteError, httpcore.RemoteProtocolError) as error:
        if request.extensions.get(_KEPT):
            raise KeptConnectionDropped(
                f"{url.host} closed the connection without an answer.", hint="Try again later."
            ) from None
        if isinstance(error, httpcore.RemoteProtocolError):
            raise  # the first answer on a connection is the server's own
        raise _unreachable(url, error, ConnectionDropped) from None


@contextmanager
def _explaining(url: Url, deadline: Deadline) -> Iterator[None]:
    """Turn what httpx and httpcore raise into our errors."""
    try:
        yield
    except (httpcore.TimeoutException, httpx.TimeoutException):
        raise Unreachable(
            f"{url.host} did not answer in whole within {deadline.seconds:g} seconds.",
            hint="Try again later, or raise timeout in [tool.footnotary].",
        ) from None
    except httpcore.ReadError as error:  # of the body: one of the head is asked again
        reason = " ".join(str(_deepest(error)).split())
        raise Unreachable(
            f"The answer of {url.host} was cut short ({reason}).", hint="Try again later."
        ) from None
    except (httpcore.ConnectError, httpcore.NetworkError, httpx.TransportError) as error:
        raise _unreachable(url, error) from None
    except (httpcore.ProtocolError, httpx.HTTPError) as error:
        raise _broken(url, error) from None
    except (httpx.InvalidURL, httpx.CookieConflict, UnicodeError) as error:
        raise ResponseRefused(f"{url.href} cannot be asked: {error}.", hint=_SAVED_HINT) from None


def _unreachable(url: Url, error: Exception, kind: type[Unreachable] = Unreachable) -> FetchError:
    """Return the error for a connection that failed, by its deepest cause."""
    cause = _deepest(error)
    reason = " ".join(str(getattr(cause, "strerror", None) or cause).split())
    if isinstance(cause, socket.gaierror | UnicodeError):
        return Unreachable(
            f"The name {url.host} cannot be resolved ({reason}).",
            hint="Check the spelling and your connection.",
        )
    if isinstance(cause, ssl.SSLCertVerificationError):
        return Unreachable(
            f"The certificate of {url.host} is not valid: {cause.verify_message}.",
            hint="Open the page in a browser; if you trust it, save it and cite it with --file.",
        )
    if isinstance(cause, ssl.SSLError):
        return Unreachable(
            f"No secure connection to {url.host} ({cause.reason or reason}).", hint=_SAVED_HINT
        )
    return kind(
        f"{url.host} cannot be reached ({reason or type(cause).__name__}).",
        hint="Check your connection and try again later.",
    )


def _broken(url: Url, error: Exception) -> FetchError:
    """Return the error for an answer that is no proper HTTP."""
    text = " ".join(str(error).split())
    if "without sending a response" in text:
        return ConnectionDropped(
            f"{url.host} closed the connection without an answer.", hint="Try again later."
        )
    if "incomplete" in text or "without sending complete" in text:
        return ResponseRefused(f"The answer of {url.host} was cut short.", hint="Try again later.")
    return ResponseRefused(f"{url.host} sent no proper HTTP ({text[:120]}).", hint=_SAVED_HINT)


def _deepest(error: BaseException) -> BaseException:
    """Return the first cause of an error."""
    seen = {id(error)}
    while (cause := error.__cause__ or error.__context__) and id(cause) not in seen:
        seen.add(id(cause))
        error = cause
    return error
