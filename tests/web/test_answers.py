"""What an answer is made of: its fields, and what is said of one that is broken."""

import socket
import threading
import zlib

import pytest

from footnotary.cache import Cache
from footnotary.citing import Request, cite_quote
from footnotary.deadline import current_deadline
from footnotary.errors import ResponseRefused, Unreachable
from footnotary.fetch.decoding import decode_content
from footnotary.fetch.fetcher import Fetcher
from footnotary.fetch.saved import MEDIA_TYPES, read_saved
from footnotary.records import RecordStore
from tables import each_row

SINGLE = (
    "Age", "Content-Location", "Date", "ETag", "Expires", "Last-Modified", "Retry-After",
)  # fmt: skip


def _answer(fields, body=b"hi"):
    """Return an answer as bytes."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields)
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {len(body)}\r\n"
    return f"{head}{lines}\r\n".encode("latin-1") + body


@pytest.mark.parametrize("name", SINGLE)
def test_of_a_field_that_is_no_list_the_first_counts(site, fetcher, name):
    """Proxies send theirs behind the server's own (RFC 9110 §5.3 forbids it)."""
    site.raw("/x", _answer([(name, "7"), (name, "8")]))
    assert fetcher.get(site.url + "/x").headers[name.lower()] == "7"


def test_a_list_that_is_sent_in_parts_is_one_list(site, fetcher):
    """In the order in which it came (RFC 9110 §5.2), whatever the case of its name."""
    site.raw("/x", _answer([("Vary", "a"), ("X-Y", "1"), ("VARY", "b, c")]))
    headers = fetcher.get(site.url + "/x").headers
    assert (headers["vary"], headers["x-y"]) == ("a, b, c", "1")


def test_no_session_is_kept_on_disk(site, tmp_path):
    """A cookie lives for one fetch: it is no part of the answer, nor of the cache."""
    site.raw("/x", _answer([("Set-Cookie", "sid=topsecret; Path=/"), ("ETag", '"1"')]))
    with Fetcher(Cache(tmp_path / "cache"), allow_private=True) as fetcher:
        assert "set-cookie" not in fetcher.get(site.url + "/x").headers
        fetcher.get(site.url + "/x")
    assert [headers.get("cookie") for _, headers in site.asked] == [None] * len(site.asked)
    kept = [path.read_bytes() for path in (tmp_path / "cache").rglob("*") if path.is_file()]
    assert kept
    assert not [data for data in kept if b"topsecret" in data]


@pytest.mark.parametrize(
    ("data", "error", "says"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi", ResponseRefused, "was cut short"),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhi",
            ResponseRefused,
            "was cut short",
        ),
        (b"SSH-2.0-OpenSSH_9\r\n\r\n", ResponseRefused, "sent no proper HTTP"),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnone\r\n",
            ResponseRefused,
            "sent no proper HTTP",
        ),
        (b"", Unreachable, "closed the connection without an answer"),
    ],
)
def test_a_broken_answer_is_said_to_be_what_it_is(site, fetcher, data, error, says):
    """Cut short, no HTTP, or none at all: each in one sentence that names the host."""

    def answer(request):
        request.out.write(data)
        return "close"

    site.routes["/x"] = answer
    with pytest.raises(error, match=says) as raised:
        fetcher.get(site.url + "/x")
    assert "127.0.0.1" in raised.value.message
    assert "\n" not in raised.value.message
    assert raised.value.hint


def test_a_closed_port_is_said_with_its_reason(fetcher):
    """What the system says of it is what the user can look for."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, and not listening
        with pytest.raises(Unreachable, match=r"127\.0\.0\.1 cannot be reached \(.*refused\)"):
            fetcher.get(f"http://127.0.0.1:{taken.getsockname()[1]}/x")


def test_a_twin_is_found_in_a_page_of_any_encoding(site, fetcher, tmp_path):
    """What names it is ASCII, whatever the rest of the page is."""
    filler = "Sentence after sentence says something else. " * 40
    twin = '<link rel="alternate" type="text/markdown" href="/x.md">'
    page = f"<!doctype html><meta charset=latin-1><title>Café</title>{twin}<p>Déjà vu. {filler}</p>"
    site.page("/x", page.encode("latin-1"))
    site.page(
        "/x.md", f"# Café\n\nThe words are here alone.\n\n{filler}", content_type="text/plain"
    )
    request = Request(url=site.url + "/x", quote="The words are here alone.")
    citation = cite_quote(request, RecordStore(tmp_path / "citations"), fetcher).citation
    assert citation.evidence.text_url == site.url + "/x.md"


@each_row(
    ("suffix", "media_type"),
    [
        ("html", "text/html"), ("htm", "text/html"), ("xhtml", "application/xhtml+xml"),
        ("xht", "application/xhtml+xml"), ("md", "text/markdown"), ("markdown", "text/markdown"),
        ("json", "application/json"), ("xml", "application/xml"), ("pdf", "application/pdf"),
        ("txt", "text/plain"), ("rst", "text/x-rst"), ("adoc", "text/asciidoc"),
        ("ipynb", "application/x-ipynb+json"), ("svg", "image/svg+xml"),
    ],
)  # fmt: skip
def test_a_saved_file_is_read_as_what_its_name_says(tmp_path, suffix, media_type):
    """In any case; the two that pack a whole page are unpacked."""
    path = tmp_path / f"page.{suffix.upper()}"
    path.write_bytes(b"x")
    assert read_saved(path, "https://a.example/").headers == {"content-type": media_type}
    assert {".mhtml", ".mht"} <= MEDIA_TYPES.keys()


def test_bytes_behind_a_packed_body_are_none_of_it():
    """What is behind the end of a deflate stream is ignored, as browsers do."""
    packed = zlib.compress(b"hello world")
    assert decode_content([packed, b"more"], "deflate", limit=100, host="h") == b"hello world"


def test_outside_of_a_fetch_there_is_no_deadline():
    """A thread that fetches nothing is not hurried."""
    seen = []
    thread = threading.Thread(target=lambda: seen.append(current_deadline()))
    thread.start()
    thread.join()
    assert seen == [None]
