"""A loopback server whose answers are raw bytes, so that they can be as wrong as they like."""

import contextlib
import socketserver
import threading
from datetime import timedelta

import pytest

from footnotary.fetch import asker
from footnotary.fetch.fetcher import Fetcher
from footnotary.records import RecordStore
from said_pages import NOW


class Request:
    """What the server was asked.

    Attributes:
        path: Request target.
        headers: Names in lower case.
        out: The connection's file object for writing.
        connection: The connection's socket.
    """

    def __init__(self, path, headers, out, connection):
        self.path = path
        self.headers = headers
        self.out = out
        self.connection = connection

    def send(self, status=200, body=b"", **headers):
        """Send a proper answer; header names are given with `_` for `-`."""
        if isinstance(body, str):
            body = body.encode()
        headers = {"content_length": str(len(body)), "content_type": "text/html"} | headers
        lines = [f"HTTP/1.1 {status} X"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        self.out.write("\r\n".join(lines).encode("utf-8") + b"\r\n\r\n" + body)


class _Handler(socketserver.StreamRequestHandler):
    def handle(self):
        self.server.connections.append(self.client_address)
        with contextlib.suppress(OSError):
            while line := self.rfile.readline(65_537):
                headers = {}
                while (header := self.rfile.readline(65_537)) not in (b"\r\n", b""):
                    name, _, value = header.decode("latin-1").partition(":")
                    headers[name.lower()] = value.strip()
                path = line.split()[1].decode()
                self.server.asked.append((path, headers))
                route = self.server.routes.get(path.partition("?")[0])
                request = Request(path, headers, self.wfile, self.connection)
                if route is None:
                    request.send(404, b"no such page")
                elif route(request) == "close":
                    return


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True
    request_queue_size = 128

    def handle_error(self, request, client_address):
        """Clients hang up on purpose here."""


class Site:
    """A running server.

    Attributes:
        routes: Functions that answer, by path; return "close" to hang up.
        asked: (path, headers) of every request, in order.
        connections: The client's address of every connection.
        url: Its origin.
    """

    def __init__(self, server):
        self.routes = server.routes
        self.asked = server.asked
        self.connections = server.connections
        self.port = server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def raw(self, path, data):
        """Serve bytes from now on, whatever they are."""
        self.routes[path] = lambda request: request.out.write(data) and None

    def page(self, path, body="", status=200, **headers):
        """Serve a page from now on."""
        self.routes[path] = lambda request: request.send(status, body, **headers)

    def paths(self):
        """Return the paths that were asked, without robots.txt."""
        return [path for path, _ in self.asked if path != "/robots.txt"]


@pytest.fixture(autouse=True)
def _impatient(monkeypatch):
    """Shorten the wait before a first retry; what a server asks for is waited in full."""
    monkeypatch.setattr(asker, "FIRST_WAIT", 0.05)


@pytest.fixture
def site():
    """A server on a free port of 127.0.0.1."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.routes, server.asked, server.connections = {}, [], []
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield Site(server)
        server.shutdown()
        thread.join()


@pytest.fixture
def fetcher():
    """A fetcher without cache that may ask loopback, with a small size limit."""
    with Fetcher(allow_private=True, timeout=20.0, max_bytes=1_000_000) as fetcher:
        yield fetcher


@pytest.fixture
def store(tmp_path):
    """Records in an empty folder."""
    return RecordStore(tmp_path / "citations")


@pytest.fixture
def now(monkeypatch):
    """Set the day, as `now(days)` after the first."""

    def set_day(days=0):
        monkeypatch.setenv("FOOTNOTARY_NOW", (NOW + timedelta(days=days)).isoformat())

    set_day()
    return set_day
