"""Whatever a server does, a fetch ends within its limits, in a response or one sentence."""

import contextlib
import gzip
import resource
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
import zlib

import brotli
import pytest

from footnotary.errors import (
    AddressRefused,
    FetchError,
    HttpStatusError,
    ResponseRefused,
    Unreachable,
)
from footnotary.fetch.decoding import decode_content
from footnotary.fetch.fetcher import Fetcher
from footnotary.fetch.guard import GuardedBackend
from tables import each_row

try:
    from compression import zstd
except ImportError:
    from backports import zstd

ZEROS = bytes(50_000_000)


def _drip(request):
    request.out.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n")
    for _ in range(100):
        request.out.write(b"x")
        time.sleep(0.1)


def _drip_headers(request):
    request.out.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(100):
        request.out.write(b"x-%d: y\r\n" % number)
        time.sleep(0.1)


def _stall(request):
    time.sleep(3)
    return "close"


def _endless_body(request):
    request.out.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        request.out.write(bytes(65_536))


def _endless_headers(request):
    request.out.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        request.out.write(b"x-filler: " + b"y" * 8000 + b"\r\n")


def _endless_continue(request):
    while True:
        request.out.write(b"HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n" * 100)


def _cut_short(request):
    request.out.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nhalf")
    return "close"


def _cut_chunked(request):
    request.out.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n")
    return "close"


def _bad_length(request):
    request.out.write(b"HTTP/1.1 200 OK\r\ncontent-length: -5\r\n\r\nhello")
    return "close"


def _two_lengths(request):
    request.out.write(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 50\r\n\r\nhello")
    return "close"


def _no_http(request):
    request.out.write(b"SSH-2.0-OpenSSH_9.2\r\n" * 10)
    return "close"


def _lies_about_gzip(request):
    request.send(200, b"<html>plain</html>", content_encoding="gzip")


def _cut_gzip(request):
    request.send(200, gzip.compress(b"text " * 1000)[:-20], content_encoding="gzip")


def _twice_gzip(request):
    twice = gzip.compress(gzip.compress(b"text"))
    request.send(200, twice, content_encoding="gzip, gzip")


def _gzip_bomb(request):
    request.send(200, gzip.compress(ZEROS), content_encoding="gzip")


def _brotli_bomb(request):
    request.send(200, brotli.compress(ZEROS, quality=1), content_encoding="br")


def _zstd_bomb(request):
    request.send(200, zstd.compress(ZEROS), content_encoding="zstd")


def _deflate_bomb(request):
    request.send(200, zlib.compress(ZEROS), content_encoding="deflate")


def _fifty_megabytes(request):
    request.out.write(b"HTTP/1.1 200 OK\r\ncontent-length: 50000000\r\n\r\n")
    request.out.write(ZEROS)


def _redirect_endless(request):
    number = int(request.path.partition("?")[2] or 0) + 1
    request.send(302, b"x" * 1000, location=f"/redirect_endless?{number}")


def _redirect_to_itself(request):
    request.send(302, location=request.path)


HOSTILE = {
    _drip: Unreachable,
    _drip_headers: Unreachable,
    _stall: Unreachable,
    _endless_body: ResponseRefused,
    _endless_headers: ResponseRefused,
    _endless_continue: FetchError,
    _cut_short: ResponseRefused,
    _cut_chunked: ResponseRefused,
    _bad_length: ResponseRefused,
    _two_lengths: ResponseRefused,
    _no_http: Unreachable,
    _lies_about_gzip: ResponseRefused,
    _cut_gzip: ResponseRefused,
    _twice_gzip: ResponseRefused,
    _gzip_bomb: ResponseRefused,
    _brotli_bomb: ResponseRefused,
    _zstd_bomb: ResponseRefused,
    _deflate_bomb: ResponseRefused,
    _fifty_megabytes: ResponseRefused,
    _redirect_endless: ResponseRefused,
    _redirect_to_itself: ResponseRefused,
}


SLOW = (_drip, _drip_headers, _stall, _endless_continue)  # what the deadline alone ends


@pytest.mark.slow
@pytest.mark.parametrize("route", HOSTILE, ids=lambda route: route.__name__.strip("_"))
def test_a_hostile_answer_ends_in_one_sentence_within_the_limits(site, route):
    """Time and memory stay bounded, and the error is one sentence with a hint."""
    path = "/" + route.__name__.strip("_")
    site.routes[path] = route
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.monotonic()
    timeout = 0.6 if route in SLOW else 10
    with (
        Fetcher(allow_private=True, timeout=timeout, max_bytes=1_000_000, ignore_robots=True) as f,
        pytest.raises(HOSTILE[route]) as refused,
    ):
        f.get(site.url + path)
    assert time.monotonic() - began < 8
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150_000  # server too
    assert "\n" not in refused.value.message
    assert refused.value.message.endswith(".")
    assert refused.value.hint


def test_a_server_that_hangs_up_is_asked_again_and_then_unreachable(site):
    """A dropped connection is retried, because nothing was answered; then it is named."""
    site.routes["/drop"] = lambda request: "close"
    with (
        Fetcher(allow_private=True, timeout=20.0) as fetcher,
        pytest.raises(Unreachable, match="closed the connection"),
    ):
        fetcher.get(site.url + "/drop")
    assert site.paths().count("/drop") >= 2


@pytest.mark.parametrize("encoding", ["gzip", "x-gzip", "deflate", "br", "zstd", "", "identity"])
def test_every_encoding_that_we_ask_for_is_read(site, fetcher, encoding):
    """One content encoding is removed, whatever the size of the pieces."""
    text = b"".join(b"line %d\n" % number for number in range(20_000))
    pack = {
        "gzip": gzip.compress,
        "x-gzip": gzip.compress,
        "deflate": zlib.compress,
        "br": brotli.compress,
        "zstd": zstd.compress,
    }.get(encoding, bytes)
    site.routes["/"] = lambda request: request.send(200, pack(text), content_encoding=encoding)
    assert fetcher.get(site.url + "/").body == text


def test_raw_deflate_several_gzip_members_and_trailing_bytes_are_read_as_browsers_do():
    """Servers send all of these under their proper names."""
    bare = zlib.compressobj(wbits=-15)
    raw = bare.compress(b"hello") + bare.flush()
    assert decode_content([raw], "deflate", limit=100, host="h") == b"hello"
    two = gzip.compress(b"hello ") + gzip.compress(b"world")
    for size in (1, 7, len(two)):
        pieces = [two[at : at + size] for at in range(0, len(two), size)]
        assert decode_content(pieces, "gzip", limit=100, host="h") == b"hello world"
    assert (
        decode_content([gzip.compress(b"hello") + bytes(9)], "gzip", limit=100, host="h")
        == b"hello"
    )
    frames = zstd.compress(b"hello ") + zstd.compress(b"world")
    assert decode_content([frames], "zstd", limit=100, host="h") == b"hello world"


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
def test_no_decoder_makes_more_than_it_has_room_for(encoding):
    """The cap holds before the bytes exist, not after."""
    pack = {
        "gzip": gzip.compress,
        "deflate": zlib.compress,
        "br": lambda data: brotli.compress(data, quality=1),
        "zstd": zstd.compress,
    }[encoding]
    bomb = pack(ZEROS)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(ResponseRefused, match="larger than"):
        decode_content([bomb], encoding, limit=100_000, host="h")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000


def test_a_zstd_window_above_eight_megabytes_is_refused():
    """A frame may not ask its reader for memory beyond RFC 9659's limit."""
    options = {zstd.CompressionParameter.window_log: 27}
    packer = zstd.ZstdCompressor(options=options)
    bomb = packer.compress(bytes(1000)) + packer.compress(ZEROS) + packer.flush()
    with pytest.raises(ResponseRefused, match="no zstd"):
        decode_content([bomb], "zstd", limit=100_000_000, host="h")


@pytest.mark.parametrize(
    ("status", "word"),
    [
        (404, "no such page"),
        (410, "removed"),
        (403, "lets no program"),
        (500, "failed"),
        (401, "login"),
        (451, "legal"),
        (418, "418"),
    ],
)
def test_a_status_is_an_error_that_says_what_it_means(site, fetcher, status, word):
    """Blocked is told apart from gone, and both from a failing server."""
    site.page("/x", status=status)
    with pytest.raises(HttpStatusError, match=word) as refused:
        fetcher.get(site.url + "/x")
    assert refused.value.status == status


def test_a_partial_answer_nobody_asked_for_is_refused(site, fetcher):
    """A part of a page must not be taken for the page."""
    site.page("/x", "half", status=206, content_range="bytes 0-3/8")
    with pytest.raises(ResponseRefused, match="part"):
        fetcher.get(site.url + "/x")


def _resolving(resolve):
    """Return a guarded network with another resolver."""
    return GuardedBackend(allow_private=False, resolve=resolve)


def test_nobody_listens_and_no_such_name(fetcher):
    """A closed port and an unknown name are one sentence each."""
    with pytest.raises(Unreachable, match="cannot be reached"):
        fetcher.get("http://127.0.0.1:9/")

    def no_name(host, port):
        raise socket.gaierror(-2, "Name or service not known")

    with (
        Fetcher(network=_resolving(no_name)) as alone,
        pytest.raises(Unreachable, match="cannot be resolved"),
    ):
        alone.get("http://no-such-name.example/")


def test_a_resolver_that_hangs_is_cut_by_the_deadline():
    """The system's resolver knows no time limit; we do."""

    def hang(host, port):
        time.sleep(2)
        return []

    began = time.monotonic()
    with (
        Fetcher(network=_resolving(hang), timeout=0.3) as f,
        pytest.raises(Unreachable, match=r"0\.3 sec"),
    ):
        f.get("http://slow.example/")
    assert time.monotonic() - began < 1.8


def test_plain_http_where_tls_is_expected_is_one_sentence(fetcher):
    """A TLS failure is named, with what to do."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer():
            connection, _ = server.accept()
            with connection:
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                connection.recv(1000)

        threading.Thread(target=answer, daemon=True).start()
        with pytest.raises(Unreachable, match="No secure connection") as refused:
            fetcher.get(f"https://127.0.0.1:{server.getsockname()[1]}/")
    assert refused.value.hint


def test_a_certificate_nobody_vouches_for_is_named(fetcher, tmp_path):
    """The user is told that it is the certificate, not that the page is gone."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl, which makes the certificate, is not installed")
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    words = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=x"
    subprocess.run(
        [openssl, *words.split(), "-keyout", key, "-out", certificate],
        check=True,
        capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer():
            connection, _ = server.accept()
            with connection, contextlib.suppress(OSError):
                context.wrap_socket(connection, server_side=True).close()

        threading.Thread(target=answer, daemon=True).start()
        with pytest.raises(Unreachable, match="certificate") as refused:
            fetcher.get(f"https://127.0.0.1:{server.getsockname()[1]}/")
    assert "127.0.0.1" in refused.value.message


@each_row(
    "url",
    [
        "",
        "nonsense",
        "ftp://example.com/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "http://",
        "http://user:pw@example.com/",
        "http://user@example.com/",
        "http://exa mple/",
        "http://example.com:22/",
        "http://[::1",
        "http://" + "a" * 9000 + "/",
    ],
)
def test_what_is_no_url_to_ask_is_refused_without_asking(url):
    """Schemes, ports and credentials are decided before any name is resolved."""

    def never(host, port):
        raise AssertionError("asked")

    with (
        Fetcher(network=_resolving(never)) as alone,
        pytest.raises((AddressRefused, AssertionError)) as no,
    ):
        alone.get(url)
    assert isinstance(no.value, AddressRefused)
    assert "pw" not in no.value.message


@pytest.mark.slow
def test_eight_threads_full_of_bombs_stay_under_300_megabytes():
    """Memory is bounded for the process, not only for one fetch."""
    script = (
        "import sys, zlib\n"
        "from concurrent.futures import ThreadPoolExecutor\n"
        "from footnotary.errors import ResponseRefused\n"
        "from footnotary.fetch.decoding import decode_content\n"
        # made piece by piece: what the test itself holds is not what is measured
        "packer = zlib.compressobj(1, zlib.DEFLATED, 31)\n"
        "bomb = b''.join(packer.compress(bytes(100_000)) for _ in range(600)) + packer.flush()\n"
        "def explode(_):\n"
        "    try:\n"
        "        decode_content([bomb], 'gzip', limit=20_000_000, host='h')\n"
        "    except ResponseRefused:\n"
        "        return 1\n"
        "with ThreadPoolExecutor(8) as pool:\n"
        "    assert sum(pool.map(explode, range(64))) == 64\n"
        # not ru_maxrss: a child starts with its parent's (exec keeps it)
        "status = open('/proc/self/status').read()\n"
        "print(int(status.split('VmHWM:')[1].split()[0]) // 1024)\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert int(result.stdout) < 300
