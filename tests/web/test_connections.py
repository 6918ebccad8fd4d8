"""What is on the wire: connections that are kept, closed and spoiled; odd heads; names of hosts."""

import os
import socket
import struct
import time

import pytest

from footnotary.errors import HttpStatusError, ResponseRefused, Unreachable
from footnotary.fetch import client
from footnotary.fetch.fetcher import Fetcher
from footnotary.fetch.guard import GuardedBackend
from footnotary.fetch.urls import normalize_url
from tables import each_row

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


@pytest.mark.parametrize(
    "behind",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged",
        b"HTTP/1.1 200 OK\r\nContent-Length: 60\r\n\r\nforged",
        b" and some words more\n",
        b"HTTP/1.1 200",
    ],
)
def test_bytes_behind_an_answer_are_no_answer_to_the_next_request(site, fetcher, behind):
    """What a server sends beyond the announced length must never pass as another page."""
    site.page("/robots.txt")
    site.raw("/long", HEAD + b"Content-Length: 5\r\n\r\nfirst" + behind)
    site.page("/x", "hello")
    assert fetcher.get(site.url + "/long").body == b"first"
    assert fetcher.get(site.url + "/x").body == b"hello"


def test_a_kept_connection_that_is_reset_is_no_failure(site, fetcher):
    """A server may drop a connection between two requests at any moment (RFC 9112 §9.5)."""
    first = []

    def reset_once(request):
        if first:
            return request.send(200, b"hello")
        first.append(request)
        request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        os.close(request.connection.detach())  # at once, with RST and not with FIN
        return "close"

    site.page("/robots.txt")
    site.routes["/x"] = reset_once
    assert fetcher.get(site.url + "/x").body == b"hello"
    assert site.paths() == ["/x", "/x"]
    assert len(site.connections) == 2  # of which the first had given robots.txt


def test_a_connection_that_is_reset_within_a_body_cuts_it_short(site, fetcher):
    """Half a page is none, and is not asked for twice: the rest may be as long."""

    def half(request):
        request.out.write(HEAD + b"Content-Length: 500\r\n\r\nhalf")
        request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        time.sleep(0.05)  # the head has to be read before
        os.close(request.connection.detach())
        return "close"

    site.routes["/x"] = half
    with pytest.raises(Unreachable, match="cut short"):
        fetcher.get(site.url + "/x")
    assert site.paths() == ["/x"]


@pytest.mark.parametrize(
    ("fields", "ends"),
    [
        (b"Location: /x\r\nLocation: /x\r\n", "/x"),
        (b"Location: /caf\xe9\r\n", "/caf%E9"),
        (b"Location: /caf\xc3\xa9\r\n", "/caf%C3%A9"),
    ],
)
def test_an_odd_location_leads_where_browsers_go(site, fetcher, fields, ends):
    """A field sent twice is one; bytes that are no UTF-8 stay the bytes that they are."""
    site.raw("/", b"HTTP/1.1 302 X\r\nContent-Length: 0\r\n" + fields + b"\r\n")
    site.page(ends, "hello")
    assert fetcher.get(site.url + "/").final_url == site.url + ends


def test_two_locations_are_refused(site, fetcher):
    """Nobody knows which of them is meant, and neither of them is "gone"."""
    site.raw("/", b"HTTP/1.1 302 X\r\nContent-Length: 0\r\nLocation: /a\r\nLocation: /b\r\n\r\n")
    with pytest.raises(ResponseRefused, match="two addresses"):
        fetcher.get(site.url + "/")


@pytest.mark.parametrize(
    ("status", "words"), [(302, "without saying where"), (300, "several pages"), (304, "no page")]
)
def test_a_redirect_without_target_is_explained(site, fetcher, status, words):
    """A status of the class 3xx that leads nowhere is one clear sentence."""
    site.page("/x", status=status)
    with pytest.raises(HttpStatusError, match=words):
        fetcher.get(site.url + "/x")


@pytest.mark.parametrize(
    "types",
    [
        (b"text/html", b"text/html"),
        (b"text/html, text/html",),
        (b"text/html charset=utf-8",),
        (b"application/octet-stream", b"text/html; charset=utf-8"),
    ],
)
def test_a_type_that_is_sent_twice_is_one(site, fetcher, types):
    """As browsers read it: the last field counts, and a forgotten semicolon hides nothing."""
    fields = b"".join(b"Content-Type: %b\r\n" % name for name in types)
    site.raw("/", b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n" + fields + b"\r\nhi")
    assert fetcher.get(site.url + "/").media_type == "text/html"


@pytest.mark.parametrize("name", ["none", "UTF-8", "aws-chunked", "identity", "gzip, nonsense"])
def test_an_encoding_that_is_none_leaves_the_page_as_it_is(site, fetcher, name):
    """Browsers show text whose Content-Encoding means nothing; several layers are refused."""
    site.page("/x", "déjà vu", content_encoding=name)
    if "," in name:
        with pytest.raises(ResponseRefused, match="not read"):
            fetcher.get(site.url + "/x")
    else:
        assert fetcher.get(site.url + "/x").body.decode() == "déjà vu"


@pytest.mark.parametrize("body", [b"\xfd7zXZ\x00packed", b"caf\xe9s", b"a\0b"])
def test_an_unknown_encoding_of_what_is_no_text_is_refused(site, fetcher, body):
    """Bytes that were packed in a way we do not know must not pass for words."""
    site.page("/x", body, content_encoding="xz")
    with pytest.raises(ResponseRefused, match="not read"):
        fetcher.get(site.url + "/x")


@pytest.mark.parametrize(
    ("host", "sent"),
    [("i❤.ws", "xn--i-7iq.ws"), ("faß.de", "xn--fa-hia.de"), ("a_b.example", "a_b.example")],
)
def test_names_are_those_of_browsers(site, host, sent):
    """IDNA 2008 forbids names that browsers open every day."""
    network = GuardedBackend(allow_private=True, resolve=lambda name, port: ["127.0.0.1"])
    site.page("/x", "hello")
    with Fetcher(allow_private=True, network=network, timeout=2) as f:
        assert f.get(f"http://{host}:{site.port}/x").body == b"hello"
    assert site.asked[-1][1]["host"] == f"{sent}:{site.port}"


@each_row(
    ("typed", "url"),
    [
        (" https://example.com/a b/é#part ", "https://example.com/a%20b/%C3%A9#part"),
        ("HTTPS://Example.COM:443/x/../y", "https://example.com/y"),
        ("https://example.com/p#:~:text=some%20words", "https://example.com/p"),
        ("https://example.com/p#part:~:text=some", "https://example.com/p#part"),
        ("src/app/main.py:10-20", "src/app/main.py:10-20"),
        ("https://[no", "https://[no"),
    ],
)
def test_records_have_urls_as_the_standard_writes_them(typed, url):
    """A blank would end the link in a document; a text directive is a place, not a source."""
    assert normalize_url(typed) == url


def test_an_empty_query_is_asked_as_one(site, fetcher):
    """`/x?` and `/x` are two resources, and browsers ask for the one that is meant."""
    site.page("/x", "hello")
    fetcher.get(site.url + "/x?")
    assert site.paths() == ["/x?"]


@pytest.mark.slow
@pytest.mark.parametrize(("body", "connections"), [(b"not here", 1), (b"x" * 200_000, 2)])
def test_the_connection_of_an_answer_without_use_is_used_again(site, fetcher, body, connections):
    """A short body that nobody wants is read for it; a long one is not worth it."""
    site.page("/robots.txt", body, status=404)
    site.page("/x", "hello")
    assert fetcher.get(site.url + "/x").body == b"hello"
    assert len(site.connections) == connections


def test_a_body_without_use_that_does_not_come_is_not_waited_for(site, fetcher):
    """The status is known: what is left on the wire changes nothing of it."""

    def drip(request):
        request.out.write(b"HTTP/1.1 404 X\r\nContent-Length: 50\r\n\r\nno")
        time.sleep(3)
        return "close"

    site.routes["/x"] = drip
    began = time.monotonic()
    with pytest.raises(HttpStatusError, match="404"):
        fetcher.get(site.url + "/x")
    assert time.monotonic() - began < 2


def test_few_connections_are_kept(site, monkeypatch):
    """The one that was least used makes room; each host has its own."""
    monkeypatch.setattr(client, "MOST_KEPT", 2)
    site.page("/x", "hello")
    network = GuardedBackend(allow_private=True, resolve=lambda name, port: ["127.0.0.1"])
    with Fetcher(allow_private=True, network=network, ignore_robots=True) as f:
        for host in ("a", "b", "a", "c", "a", "b"):
            f.get(f"http://{host}.example:{site.port}/x")
    assert len(site.connections) == 4
