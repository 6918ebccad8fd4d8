"""What a fetch brings back, what it reuses, and how politely it asks."""

import threading
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from statistics import median

import pytest

from footnotary.cache import Cache
from footnotary.errors import (
    AddressRefused,
    HttpStatusError,
    ResponseRefused,
    RobotsRefused,
    Unreachable,
)
from footnotary.fetch import semantics
from footnotary.fetch.fetcher import Fetcher
from footnotary.fetch.robots import Robots
from footnotary.fetch.urls import parse
from footnotary.models import How
from tables import each_row

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def cache(tmp_path):
    """An empty cache."""
    cache = Cache(tmp_path / ".footnotary")
    yield cache
    cache.close()


@pytest.fixture
def cached(cache):
    """A fetcher with that cache."""
    with Fetcher(cache, allow_private=True, timeout=5.0) as fetcher:
        yield fetcher


def _at(monkeypatch, moment):
    monkeypatch.setenv("FOOTNOTARY_NOW", moment.isoformat())


def test_redirects_are_followed_and_listed(site, fetcher):
    """The record names where the page was found and how it was reached."""
    site.page("/a", status=301, location="/b?x=1#f")
    site.page("/b", status=307, location=f"{site.url}/c#part")
    site.page("/c", "<p>there", content_type="Text/HTML; charset=utf-8", x_a="1")
    response = fetcher.get(site.url + "/a")
    assert response.final_url == site.url + "/c"
    assert response.redirects == (site.url + "/a", site.url + "/b?x=1")
    assert response.body == b"<p>there"
    assert response.status == 200
    assert response.media_type == "text/html"
    assert response.how is How.WEB
    assert response.headers["x-a"] == "1"
    assert not response.from_cache


def test_a_site_that_sets_a_cookie_and_redirects_to_itself_is_read(site, fetcher):
    """Publishers do this; the cookie lives for one fetch."""

    def page(request):
        if "seen=1" in request.headers.get("cookie", ""):
            request.send(200, "<p>in")
        else:
            request.send(302, location="/x", set_cookie="seen=1; Path=/")

    site.routes["/x"] = page
    assert fetcher.get(site.url + "/x").body == b"<p>in"
    assert fetcher.get(site.url + "/x").body == b"<p>in"
    assert [("cookie" in headers) for path, headers in site.asked if path == "/x"] == [
        False, True, False, True,
    ]  # fmt: skip


def test_the_request_is_honest(site, fetcher):
    """We say who we are, ask for what we can read, and send nothing else."""
    site.page("/x", "hello")
    fetcher.get(site.url + "/x", accept="application/json")
    headers = site.asked[-1][1]
    assert headers["user-agent"].startswith("footnotary/")
    assert headers["accept"] == "application/json"
    assert set(headers) == {"host", "accept", "accept-encoding", "accept-language", "user-agent"}


def test_the_path_is_sent_as_the_standard_writes_it(site, fetcher):
    """No second opinion about escapes: the URL in the record is the URL that was asked."""
    target = "/a%20b/%7Ec/%e4|%2F?q=a+b&x=%zz"
    site.routes["/a%20b/%7Ec/%e4|%2F"] = lambda request: request.send(200, "hello")
    assert fetcher.get(site.url + target).final_url == site.url + target
    assert site.paths()[-1] == target


def test_environment_proxies_are_not_used(site, fetcher, monkeypatch):
    """A proxy would resolve names for us, behind the guard's back."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    site.page("/x", "hello")
    assert fetcher.get(site.url + "/x").body == b"hello"


def test_a_fresh_page_is_not_asked_again(site, cached, monkeypatch):
    """max-age is honoured, and `retrieved_at` stays the moment of the real answer."""
    site.page("/x", "hello", cache_control="max-age=600")
    _at(monkeypatch, NOW)
    first = cached.get(site.url + "/x")
    _at(monkeypatch, NOW + timedelta(seconds=599))
    second = cached.get(site.url + "/x")
    assert (second.body, second.from_cache, second.retrieved_at) == (b"hello", True, NOW)
    assert not first.from_cache
    _at(monkeypatch, NOW + timedelta(seconds=601))
    assert not cached.get(site.url + "/x").from_cache
    assert site.paths() == ["/x", "/x"]


@pytest.mark.parametrize("validator", ["etag", "last_modified"])
def test_a_stale_page_is_confirmed_by_a_304(site, cached, validator, monkeypatch):
    """An unchanged page costs a header, and counts as seen now."""
    value = {"etag": '"abc"', "last_modified": "Sun, 22 Nov 2026 00:00:00 GMT"}[validator]
    asked = {"etag": "if-none-match", "last_modified": "if-modified-since"}[validator]

    def page(request):
        status = 304 if request.headers.get(asked) == value else 200
        extra = (
            {validator: value, "cache_control": "max-age=60"}
            if status == 304
            else {validator: value}
        )
        request.send(status, b"hello" if status == 200 else b"", **extra)

    site.routes["/x"] = page
    _at(monkeypatch, NOW)
    cached.get(site.url + "/x")
    later = NOW + timedelta(hours=2)
    _at(monkeypatch, later)
    second = cached.get(site.url + "/x")
    assert (second.status, second.body, second.from_cache) == (200, b"hello", True)
    assert second.retrieved_at == later
    _at(monkeypatch, later + timedelta(seconds=30))
    assert cached.get(site.url + "/x").from_cache  # fresh by the 304's own max-age
    assert site.paths() == ["/x", "/x"]


def test_a_304_whose_kept_body_is_lost_is_not_an_empty_page(site, cache, cached):
    """The cache may lose anything at any time."""
    site.routes["/x"] = lambda request: (
        request.send(304)
        if "if-none-match" in request.headers
        else request.send(200, "hello", etag='"1"')
    )
    cached.get(site.url + "/x")
    cache.clear()
    assert cached.get(site.url + "/x").body == b"hello"


def test_refresh_asks_for_the_whole_page_and_offline_asks_nobody(site, cache):
    """--refresh overrides freshness; --offline overrides everything."""
    site.page("/a", status=302, location="/x")
    site.page("/x", "one", cache_control="max-age=600", etag='"1"')
    with Fetcher(cache, allow_private=True) as f:
        f.get(site.url + "/a")
    site.page("/x", "two", etag='"1"')
    with Fetcher(cache, allow_private=True, refresh=True) as f:
        assert f.get(site.url + "/x").body == b"two"
    assert site.asked[-1][1]["cache-control"] == "no-cache"
    assert "if-none-match" not in site.asked[-1][1]
    count = len(site.asked)
    with Fetcher(cache, allow_private=True, offline=True) as f:
        copy = f.get(site.url + "/a")
        assert (copy.body, copy.from_cache, copy.final_url) == (b"two", True, site.url + "/x")
        assert copy.redirects == (site.url + "/a",)
        with pytest.raises(Unreachable, match="not in the cache"):
            f.get(site.url + "/other")
    assert len(site.asked) == count


@pytest.mark.parametrize(
    "control", ["no-store", "no-cache, max-age=600", "max-age=0", "private", ""]
)
def test_what_is_not_called_fresh_is_asked_again(site, cached, control):
    """No freshness is guessed: records say when the origin was last asked."""
    site.page("/x", "hello", cache_control=control)
    cached.get(site.url + "/x")
    cached.get(site.url + "/x")
    assert site.paths() == ["/x", "/x"]


def test_no_store_is_not_kept(site, cached, cache):
    """The origin decides what may lie on disk."""
    site.page("/x", "hello", cache_control="no-store")
    cached.get(site.url + "/x")
    assert cache.page(site.url + "/x") is None


def test_a_kept_page_stands_in_for_a_failing_origin_for_a_day(site, cache, monkeypatch):
    """Stale-if-error is bounded, keeps the old date, and never hides that a page is gone."""
    site.page("/x", "hello")
    _at(monkeypatch, NOW)
    with Fetcher(cache, allow_private=True, timeout=2) as f:
        f.get(site.url + "/x")
        site.page("/x", status=500)
        _at(monkeypatch, NOW + timedelta(hours=23))
        stale = f.get(site.url + "/x")
        assert (stale.body, stale.from_cache, stale.retrieved_at) == (b"hello", True, NOW)
        site.page("/x", status=404)
        with pytest.raises(HttpStatusError):
            f.get(site.url + "/x")
        site.page("/x", status=500)
        _at(monkeypatch, NOW + timedelta(hours=25))
        with pytest.raises(HttpStatusError):
            f.get(site.url + "/x")
    _at(monkeypatch, NOW)
    with (
        Fetcher(cache, allow_private=True, stale_if_error=timedelta(0)) as f,
        pytest.raises(HttpStatusError),
    ):
        f.get(site.url + "/x")


@each_row(
    ("headers", "age", "fresh"),
    [
        ({"cache-control": "max-age=60"}, 59, True),
        ({"cache-control": "max-age=60"}, 60, False),
        ({"cache-control": 'Max-Age="60"'}, 59, True),
        ({"cache-control": "max-age=60", "age": "50"}, 20, False),
        ({"cache-control": "max-age=banana"}, 0, False),
        ({"cache-control": "s-maxage=60"}, 0, False),
        ({"cache-control": "max-age=99999999999999999999"}, 86_399, True),
        ({"cache-control": "max-age=99999999999999999999"}, 86_401, False),
        ({"expires": format_datetime(NOW + timedelta(60)), "date": format_datetime(NOW)}, 9, True),
        # it was sixty days old when it came, and its time was over
        ({"expires": format_datetime(NOW), "date": format_datetime(NOW - timedelta(60))}, 9, False),
        ({"cache-control": "max-age=60", "date": format_datetime(NOW - timedelta(1))}, 0, False),
        ({"cache-control": "max-age=60", "date": format_datetime(NOW + timedelta(1))}, 9, True),
        ({"cache-control": "max-age=60", "age": "90, 1"}, 0, False),
        ({"cache-control": "max-age=60, max-age=0"}, 9, False),
        ({"cache-control": "max-age=0, max-age=60"}, 9, False),
        ({"cache-control": "max-age=60", "vary": "accept, *"}, 0, False),
        ({"expires": "0", "date": format_datetime(NOW)}, 0, False),
        ({"cache-control": "max-age=60", "vary": "*"}, 0, False),
        ({"cache-control": 'no-cache="set-cookie", max-age=60'}, 0, False),
        ({}, 0, False),
    ],
)
def test_freshness_is_what_the_origin_states(headers, age, fresh):
    """RFC 9111 §4.2, without heuristics, and a day at most."""
    assert semantics.is_fresh(headers, NOW, NOW + timedelta(seconds=age)) is fresh


def test_a_clock_that_was_set_back_makes_nothing_older(monkeypatch):
    """A retrieval in the future counts as now."""
    assert semantics.is_fresh({"cache-control": "max-age=5"}, NOW + timedelta(1), NOW)


def test_robots_txt_is_obeyed_and_asked_once(site, fetcher):
    """RFC 9309: rules for our own name win over those for all."""
    rules = "User-agent: *\nDisallow: /\n\nUser-agent: footnotary\nDisallow: /private\n"
    site.page("/robots.txt", rules, content_type="text/plain")
    site.page("/open", "hello")
    site.page("/private/x", "secret")
    assert fetcher.get(site.url + "/open").body == b"hello"
    with pytest.raises(RobotsRefused, match="/private/x"):
        fetcher.get(site.url + "/private/x")
    assert [path for path, _ in site.asked] == ["/robots.txt", "/open"]


def test_robots_txt_is_obeyed_behind_a_redirect(site, fetcher):
    """Being led to a page does not make it allowed."""
    site.page("/robots.txt", "User-agent: *\nDisallow: /private\n")
    site.page("/open", status=302, location="/private/x")
    with pytest.raises(RobotsRefused):
        fetcher.get(site.url + "/open")


def test_ignore_robots_does_not_even_ask(site):
    """A page that the user named by hand may be read when the user says so."""
    site.page("/robots.txt", "User-agent: *\nDisallow: /\n")
    site.page("/x", "hello")
    with Fetcher(allow_private=True, ignore_robots=True) as f:
        assert f.get(site.url + "/x").body == b"hello"
    assert [path for path, _ in site.asked] == ["/x"]


@pytest.mark.parametrize(
    ("status", "allowed"), [(404, True), (403, True), (401, True), (500, False)]
)
def test_a_missing_robots_txt_allows_and_a_failing_one_forbids(site, fetcher, status, allowed):
    """RFC 9309 §2.3.1.3 and §2.3.1.4."""
    site.page("/robots.txt", status=status)
    site.page("/x", "hello")
    if allowed:
        assert fetcher.get(site.url + "/x").body == b"hello"
    else:
        with pytest.raises(RobotsRefused, match="500"):
            fetcher.get(site.url + "/x")


@each_row(
    "rules",
    [
        b"",
        b"\xff\xfe\x00garbage",
        b"<html>not found</html>",
        b"Disallow: /\n",
        # a rule that the limit cuts in two would forbid more than was written
        b"User-agent: *\n".ljust(500 * 1024 - 12, b"#") + b"\nDisallow: /private\n",
    ],
)
def test_a_robots_txt_that_is_none_allows(rules):
    """What has no group of rules forbids nothing."""
    robots = Robots(lambda address: rules)
    assert robots.delay(parse("https://example.com/x")) == 0


@each_row(
    "rules",
    [
        b"\xef\xbb\xbfUser-agent: *\nDisallow: /x\n",
        b"User-agent: Footnotary/1.0\nDisallow: /x\n\nUser-agent: *\nAllow: /\n",
        b"User-agent: other/2.0\nUser-agent: footnotary/3 # ours\r\nDisallow: /x\n",
    ],
)
def test_a_robots_txt_that_is_meant_is_obeyed(rules):
    """Behind a byte order mark too, and where a version is behind our name."""
    robots = Robots(lambda address: rules)
    assert robots.delay(parse("https://example.com/")) == 0
    with pytest.raises(RobotsRefused):
        robots.delay(parse("https://example.com/x"))


@pytest.mark.parametrize(
    ("answer", "allowed"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\nUser-agent: *\n", False),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc", False),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1000001\r\n\r\n", False),
        (b"HTTP/1.1 301 X\r\nLocation: /robots.txt\r\nContent-Length: 0\r\n\r\n", True),
    ],
)
def test_a_robots_txt_that_cannot_be_read_forbids(site, fetcher, answer, allowed):
    """RFC 9309 §2.3.1.4: what is there and comes broken may forbid; §2.3.1.2: a loop is none."""
    site.routes["/robots.txt"] = lambda request: request.out.write(answer) and "close"
    site.page("/x", "hello")
    if allowed:
        assert fetcher.get(site.url + "/x").body == b"hello"
    else:
        with pytest.raises(RobotsRefused, match="cannot be read"):
            fetcher.get(site.url + "/x")


def test_a_site_that_does_not_answer_is_waited_for_once(site):
    """Fifty citations of a site that hangs must not take fifty times the limit."""
    site.routes["/robots.txt"] = lambda request: time.sleep(1)
    with Fetcher(allow_private=True, timeout=0.3) as f:
        for _ in range(2):
            with pytest.raises(Unreachable, match="in whole"):
                f.get(site.url + "/x")
    assert len(site.asked) == 1


def test_crawl_delay_is_kept_but_not_without_bound():
    """A delay of an hour would be a refusal in disguise; half a minute is the most."""
    url = parse("https://example.com/x")
    assert Robots(lambda address: b"User-agent: *\nCrawl-delay: 2\n").delay(url) == 2
    assert Robots(lambda address: b"User-agent: *\nCrawl-delay: 3600\n").delay(url) == 30


def test_a_host_is_asked_by_few_at_a_time_and_with_a_pause(site):
    """Concurrency and delay hold over all threads of a fetcher."""
    running, most, starts = [0], [0], []
    lock = threading.Lock()

    def page(request):
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
            starts.append(time.monotonic())
        time.sleep(0.05)
        with lock:
            running[0] -= 1
        request.send(200, "hello")

    for number in range(8):
        site.routes[f"/{number}"] = page
    with Fetcher(allow_private=True, per_host=2, delay=0.02, ignore_robots=True) as f:
        threads = [threading.Thread(target=f.get, args=(f"{site.url}/{n}",)) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert most[0] == 2
    gaps = [later - earlier for earlier, later in pairwise(starts)]
    assert median(gaps) > 0.01  # a busy machine may wake two of the server's threads at once


@pytest.mark.slow
def test_waiting_for_a_turn_is_not_counted_against_the_deadline(site):
    """A long queue at one host must not make its pages unreachable."""
    site.page("/x", "hello")
    with Fetcher(allow_private=True, per_host=1, delay=0.25, timeout=0.4, ignore_robots=True) as f:
        results = []
        threads = [
            threading.Thread(target=lambda: results.append(f.get(site.url + "/x").body))
            for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert results == [b"hello"] * 4


@pytest.mark.slow
def test_a_busy_answer_is_waited_out_when_it_is_short(site, fetcher):
    """429 and 503 with a short Retry-After are retried after it."""
    answers = iter([(429, "0"), (503, "1"), (200, None)])

    def page(request):
        status, wait = next(answers)
        request.send(status, "hello", **({"retry_after": wait} if wait else {}))

    site.routes["/x"] = page
    began = time.monotonic()
    with Fetcher(allow_private=True, timeout=5) as f:
        assert f.get(site.url + "/x").body == b"hello"
    assert time.monotonic() - began >= 1


def test_a_long_retry_after_ends_the_fetch_and_the_host_is_left_alone(site, fetcher):
    """After "not before an hour from now" no other page of that host is asked in this run."""
    site.page("/x", status=429, retry_after="3600")
    site.page("/y", "hello")
    with pytest.raises(HttpStatusError, match="3600 seconds") as refused:
        fetcher.get(site.url + "/x")
    assert refused.value.status == 429
    with pytest.raises(HttpStatusError, match="less often"):
        fetcher.get(site.url + "/y")
    assert site.paths() == ["/x"]


def test_a_deadline_that_has_passed_is_no_word_of_the_site(site):
    """Nobody asked to be asked less often: it was our own time that was over."""
    with (
        Fetcher(allow_private=True, ignore_robots=True, timeout=0.0) as f,
        pytest.raises(Unreachable, match="within 0 seconds"),
    ):
        f.get(site.url + "/x")


def test_retry_after_may_be_a_date(monkeypatch):
    """RFC 9110 §10.2.3 knows both forms."""
    from footnotary.fetch.semantics import retry_after

    assert retry_after({"retry-after": format_datetime(NOW + timedelta(seconds=90))}, NOW) == 90
    assert retry_after({"retry-after": format_datetime(NOW - timedelta(seconds=90))}, NOW) == 0
    assert retry_after({"retry-after": "soon"}, NOW) is None
    assert retry_after({}, NOW) is None


def test_a_failing_gateway_is_tried_again_and_a_missing_page_is_not(site, fetcher):
    """Only what may pass by itself is retried."""
    answers = iter([502, 200])
    site.routes["/x"] = lambda request: request.send(next(answers), "hello")
    assert fetcher.get(site.url + "/x").body == b"hello"
    with pytest.raises(HttpStatusError):
        fetcher.get(site.url + "/none")
    assert site.paths() == ["/x", "/x", "/none"]


def test_connections_are_reused(site, fetcher):
    """One connection serves many pages of a host."""
    site.page("/robots.txt")
    for number in range(5):
        site.page(f"/{number}", "hello")
        fetcher.get(f"{site.url}/{number}")
    assert len(site.asked) == 6
    assert len(site.connections) == 1


@pytest.mark.parametrize(
    "location", ["ftp://example.com/", "http://user:pw@127.0.0.1/", "http://["]
)
def test_a_redirect_to_what_is_never_asked_is_refused(site, fetcher, location):
    """The rules for URLs hold at every hop."""
    site.page("/x", status=302, location=location)
    with pytest.raises(AddressRefused):
        fetcher.get(site.url + "/x")


def test_too_many_redirects_name_the_page(site, fetcher):
    """Ten hops are enough for any page worth citing."""
    for number in range(12):
        site.page(f"/{number}", status=302, location=f"/{number + 1}")
    site.page("/12", "hello")
    with pytest.raises(ResponseRefused, match="redirects"):
        fetcher.get(site.url + "/0")
    assert fetcher.get(site.url + "/2").body == b"hello"


@pytest.mark.parametrize(
    "meta",
    [
        '<meta http-equiv="refresh" content="0; url=/new">',
        "<META HTTP-EQUIV=Refresh CONTENT='0;URL=\"/new\"'>",
        '<meta content="0;/new" http-equiv="refresh">',
        '<meta http-equiv="refresh" content="3, url=\'/new\'">',
    ],
)
def test_a_page_that_only_sends_its_reader_on_is_a_redirect(site, fetcher, meta):
    """Static sites have no other way to say that a page moved."""
    site.page("/old", f"<!doctype html><title>Redirecting</title>{meta}<a href=/new>here</a>")
    site.page("/new", "<p>there")
    response = fetcher.get(site.url + "/old")
    assert response.final_url == site.url + "/new"
    assert response.redirects == (site.url + "/old",)


@pytest.mark.parametrize(
    "body",
    [
        '<meta http-equiv="refresh" content="0; url=/x">itself',
        '<meta http-equiv="refresh" content="300; url=/new">news',
        '<meta http-equiv="refresh" content="0">reloads',
        '<meta http-equiv="refresh" content="soon">nonsense',
        '<meta name="refresh" content="0; url=/new">no directive',
        '<!-- <meta http-equiv="refresh" content="0; url=/new"> -->a comment',
        """<script>'<meta http-equiv="refresh" content="0; url=/new">'</script>code""",
        '<textarea><meta http-equiv="refresh" content="0; url=/new"></textarea>a sample',
        '<meta http-equiv="refresh" data-content="0; url=/new" content="9">another attribute',
        '<meta http-equiv="refresh" content="0; url=/new">' + "a real page " * 1000,
    ],
)
def test_a_page_that_reloads_or_is_long_stays_itself(site, fetcher, body):
    """A slow or self-directed refresh is no move."""
    site.page("/x", body)
    assert fetcher.get(site.url + "/x").final_url == site.url + "/x"


def test_a_meta_refresh_meets_the_same_guard(site, fetcher):
    """However a page sends its reader on, the rules for addresses hold."""
    site.page("/x", '<meta http-equiv="refresh" content="0; url=ftp://example.com/">')
    with pytest.raises(AddressRefused):
        fetcher.get(site.url + "/x")
