"""The rules that fetching keeps, each by itself: freshness, robots.txt, turns, URLs, statuses."""

import threading
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from footnotary.errors import (
    AddressRefused,
    HttpStatusError,
    RedirectLoop,
    ResponseRefused,
    RobotsRefused,
    Unreachable,
)
from footnotary.fetch import robots, semantics
from footnotary.fetch.asker import Turns
from footnotary.fetch.robots import MOST_BYTES, Robots
from footnotary.fetch.semantics import retry_after, status_error
from footnotary.fetch.urls import LONGEST, Url, normalize_url, parse
from tables import each_row

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def ago(**span):
    """Return a moment before now as an HTTP date."""
    return format_datetime(NOW - timedelta(**span), usegmt=True)


# Freshness (RFC 9111)


@each_row(
    ("headers", "with_cookies", "kept"),
    [
        ({}, False, True),
        ({}, True, True),
        ({"cache-control": "no-store"}, False, False),
        ({"cache-control": "private, No-Store"}, False, False),
        ({"cache-control": "private"}, False, True),
        ({"vary": "*"}, False, False),
        ({"vary": "Accept, *"}, False, False),
        ({"vary": "Cookie"}, False, True),
        ({"vary": "Accept-Encoding, cookie"}, True, False),
        ({"vary": "Accept"}, True, True),
    ],
)
def test_what_may_be_kept(headers, with_cookies, kept):
    """Not what the origin forbids, nor what depends on what the next request lacks (§3, §4.1)."""
    assert semantics.may_keep(headers, with_cookies=with_cookies) is kept


@each_row(
    ("headers", "age", "fresh"),
    [
        ({}, timedelta(), False),
        ({"cache-control": "max-age=60"}, timedelta(seconds=59), True),
        ({"cache-control": "max-age=60"}, timedelta(seconds=60), False),
        ({"cache-control": 'max-age="60"'}, timedelta(seconds=59), True),
        ({"cache-control": "max-age=60, max-age=10"}, timedelta(seconds=30), False),
        ({"cache-control": "max-age=10, max-age=60"}, timedelta(seconds=30), False),
        ({"cache-control": "max-age=60, no-cache"}, timedelta(), False),
        ({"cache-control": "max-age=60", "vary": "*"}, timedelta(), False),
        ({"cache-control": "max-age=-60"}, timedelta(), False),
        ({"cache-control": "max-age=soon"}, timedelta(), False),
        ({"cache-control": "max-age=\u0661"}, timedelta(), False),
        ({"cache-control": "max-age=60", "age": "50"}, timedelta(seconds=9), True),
        ({"cache-control": "max-age=60", "age": "50"}, timedelta(seconds=10), False),
        ({"cache-control": "max-age=60", "age": "50, 1"}, timedelta(seconds=10), False),
        ({"cache-control": "max-age=60", "date": ago(seconds=55)}, timedelta(), True),
        ({"cache-control": "max-age=60", "date": ago(seconds=60)}, timedelta(), False),
        ({"cache-control": "max-age=60", "date": ago(seconds=-60)}, timedelta(), True),
        ({"expires": ago(hours=-1)}, timedelta(), False),
        ({"cache-control": "max-age=999999999999999999999"}, timedelta(hours=23.9), True),
        ({"cache-control": "max-age=999999999999999999999"}, timedelta(hours=24), False),
        ({"cache-control": "max-age=60"}, -HOUR, True),
    ],
)
def test_how_long_an_answer_is_fresh(headers, age, fresh):
    """By what the origin states alone, less the age that it had; a day at most (§4.2)."""
    assert semantics.is_fresh(headers, NOW - age, NOW) is fresh


@each_row(
    ("expires", "more", "age", "fresh"),
    [
        (HOUR, {}, timedelta(minutes=59), True),
        (HOUR, {}, HOUR, False),
        (-HOUR, {}, timedelta(), False),
        (HOUR, {"cache-control": "max-age=0"}, timedelta(), False),
        (timedelta(), {"cache-control": "max-age=60"}, timedelta(seconds=59), True),
        (HOUR, {"expires": "0"}, timedelta(), False),
        (HOUR, {"date": "soon"}, timedelta(), False),
    ],
)
def test_without_max_age_the_date_of_expiry_counts(expires, more, age, fresh):
    """Less the date of the answer; what is no date is in the past (§4.2.1, §5.3)."""
    retrieved = NOW - age
    headers = {
        "date": format_datetime(retrieved, usegmt=True),
        "expires": format_datetime(retrieved + expires, usegmt=True),
    }
    assert semantics.is_fresh(headers | more, retrieved, NOW) is fresh


@each_row(
    ("headers", "age", "serves"),
    [
        ({}, HOUR, True),
        ({}, 2 * HOUR, False),
        ({"cache-control": "max-age=1"}, HOUR, True),
        ({"cache-control": "must-revalidate"}, HOUR, False),
        ({"cache-control": "max-age=1, Must-Revalidate"}, HOUR, False),
        ({"cache-control": "no-cache"}, HOUR, False),
        ({"cache-control": "stale-if-error=3601"}, HOUR, True),
        ({"cache-control": "stale-if-error=3600"}, HOUR, False),
        ({"cache-control": "max-age=1, stale-if-error=3600"}, HOUR, True),
        ({"cache-control": "stale-if-error=999999"}, 2 * HOUR, False),
        ({"cache-control": "stale-if-error"}, timedelta(seconds=1), False),
    ],
)
def test_when_a_stale_answer_stands_in(headers, age, serves):
    """Not where the origin wants to be asked, and within its limit and ours (RFC 5861 §4)."""
    longest = timedelta(hours=2)
    assert semantics.may_serve_stale(headers, NOW - age, NOW, longest) is serves


@each_row(
    ("kept", "said", "confirms"),
    [
        ({"etag": '"1"'}, {}, True),
        ({"etag": '"1"'}, {"etag": '"1"'}, True),
        ({"etag": 'W/"1"'}, {"etag": '"1"'}, True),
        ({"etag": '"1"'}, {"etag": 'W/"1"'}, True),
        ({"etag": '"1"'}, {"etag": '"2"'}, False),
        ({}, {"etag": '"2"'}, False),
        ({"last-modified": "a"}, {"last-modified": "a"}, True),
        ({"last-modified": "a"}, {"last-modified": "b"}, False),
        ({}, {"last-modified": "b"}, False),
        ({"etag": '"1"', "last-modified": "a"}, {"etag": '"1"', "last-modified": "b"}, True),
    ],
)
def test_a_304_confirms_only_the_version_that_it_names(kept, said, confirms):
    """By the entity tag, compared weakly, and without one by the date (§4.3.4)."""
    assert semantics.confirms(kept, said) is confirms


def test_a_304_brings_headers_but_no_description_of_a_body():
    """New fields replace old ones, the old age goes, and what the body is stays (§3.2)."""
    kept = {
        "etag": '"1"',
        "age": "50",
        "content-type": "text/html",
        "content-length": "7",
        "a": "1",
    }
    said = {
        "etag": 'W/"1"', "a": "2", "b": "3", "content-type": "text/plain", "content-length": "0",
        "content-encoding": "br", "content-range": "bytes 0-1/2",
    }  # fmt: skip
    assert semantics.confirmed(kept, said) == {
        "etag": 'W/"1"', "content-type": "text/html", "content-length": "7", "a": "2", "b": "3",
    }  # fmt: skip
    assert semantics.confirmed(kept, {"age": "9"})["age"] == "9"


def test_a_kept_answer_is_asked_for_by_its_validators():
    """Both, where it has both (RFC 9110 §13.1)."""
    assert semantics.conditions({"etag": '"1"', "last-modified": "a", "date": "b"}) == {
        "if-none-match": '"1"',
        "if-modified-since": "a",
    }
    assert semantics.conditions({"etag": '"1"'}) == {"if-none-match": '"1"'}
    assert semantics.conditions({"etag": "", "content-type": "text/html"}) == {}


def test_directives_are_read_whatever_their_form():
    """Names in any case, values with quotes or without, commas inside quotes are no end."""
    said = 'Max-Age = 5 , private="set-cookie, x", no-transform,stale-if-error="7"'
    assert semantics.read_cache_control({"cache-control": said}) == {
        "max-age": "5", "private": "set-cookie, x", "no-transform": "", "stale-if-error": "7",
    }  # fmt: skip
    assert semantics.read_cache_control({}) == {}


@each_row(
    ("text", "moment"),
    [
        ("Mon, 23 Nov 2026 12:00:00 GMT", NOW),
        ("Monday, 23-Nov-26 12:00:00 GMT", NOW),
        ("Mon, 23 Nov 2026 13:00:00 +0100", NOW),
        ("Mon, 23 Nov 2026 12:00:00 -0000", NOW),
        ("Mon, 23 Nov 2026 25:00:00 GMT", None),
        ("soon", None),
        ("0", None),
        ("", None),
    ],
)
def test_a_date_is_a_moment_or_none(text, moment):
    """Always with its time zone, so that two can be compared (RFC 9110 §5.6.7)."""
    found = semantics.moment(text)
    assert found == moment
    assert found is None or found.tzinfo is not None


# robots.txt (RFC 9309)


def rules_of(text):
    """Return the rules of sites that all have one robots.txt."""
    return Robots(lambda address: text if isinstance(text, bytes) else text.encode())


def is_allowed(found, path="/x", host="https://a.example"):
    """Return whether a page may be asked for."""
    try:
        found.delay(parse(host + path))
    except RobotsRefused:
        return False
    return True


@each_row(
    ("text", "allowed"),
    [
        ("User-agent: *\nDisallow: /x", False),
        ("User-agent: *\nDisallow: /y", True),
        ("User-agent: *\nDisallow: /\nAllow: /x", True),
        ("User-agent: *\nDisallow: /x$\nAllow: /", False),
        ("User-agent: *\nDisallow: /*x", False),
        ("User-agent: footnotary\nDisallow:\n\nUser-agent: *\nDisallow: /", True),
        ("User-agent: Footnotary/1.0 # ours\nDisallow: /\n\nUser-agent: *\nDisallow:", False),
        ("  user-agent :\tfootnotary/2\nDisallow: /", False),
        ("User-agent: other/1.0\nDisallow: /", True),
        ("User-agent: *\nDisallow:", True),
        ("Disallow: /", True),
        ("", True),
        # other records must not interfere with the groups (§2.2.4)
        ("User-agent: footnotary\nFoo: bar\nUser-agent: other\nDisallow: /x", False),
        (
            "User-agent: footnotary\nSitemap: https://a.example/s\nUser-agent: o\nDisallow: /x",
            False,
        ),
        ("User-agent: footnotary\nCrawl-delay: 1\nUser-agent: other\nDisallow: /x", False),
        ("User-agent: footnotary\nHost: a\n\nClean-param: x\nUser-agent: o\nDisallow: /x", False),
        ("User-agent: footnotary\nAllow: /\nUser-agent: other\nDisallow: /x", True),
        ("Foo: bar\nUser-agent: *\nContent-Signal: ai-train=no\nDisallow: /x", False),
        ("User-agent: *\nNoindex: /x\nDisallow: /y", True),
    ],
)
def test_the_rules_of_a_site(text, allowed):
    """The group of our own name, else that of all; the longest rule wins (§2.2)."""
    assert is_allowed(rules_of(text)) is allowed


def test_a_refusal_names_the_host_and_the_page():
    """The user is told what the site asks, and what to do instead."""
    with pytest.raises(RobotsRefused, match=r"a\.example .*/x\?y=1") as error:
        rules_of("User-agent: *\nDisallow: /").delay(parse("https://a.example/x?y=1"))
    assert error.value.hint == robots.HINT
    with pytest.raises(RobotsRefused) as error:
        rules_of("User-agent: *\nDisallow: /").delay(parse(f"https://a.example/{'x' * 500}"))
    assert len(error.value.message) < 250


def test_a_long_file_is_read_up_to_its_limit_and_no_half_rule_counts():
    """500 KiB are read (§2.5); a rule that is cut there would forbid too much or too little."""
    head = b"User-agent: *\nDisallow: /first\n"
    tail = b"Disallow: /whole\nDisallow: /half"
    filler = b"#" * (MOST_BYTES - len(head) - len(tail) - 1) + b"\n"
    body = head + filler + tail
    assert len(body) == MOST_BYTES
    assert not is_allowed(rules_of(body), "/half")
    longer = rules_of(body + b"-and-more\nDisallow: /behind\n")
    assert not is_allowed(longer, "/first")
    assert not is_allowed(longer, "/whole")
    assert is_allowed(longer, "/half")
    assert is_allowed(longer, "/behind")


def test_each_origin_has_rules_of_its_own_and_is_asked_once():
    """Scheme, host and port make an origin (§2.3); many threads ask it once."""
    asked = []

    def read(address):
        asked.append(address)
        time.sleep(0.05)
        return b"User-agent: *\nDisallow: /x" if "a.example" in address else b""

    found = Robots(read)
    assert is_allowed(found, host="https://b.example")
    threads = [threading.Thread(target=is_allowed, args=(found,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not is_allowed(found)
    assert is_allowed(found, host="http://b.example:8080")
    assert asked == [
        "https://b.example/robots.txt",
        "https://a.example/robots.txt",
        "http://b.example:8080/robots.txt",
    ]


@each_row(
    ("failure", "outcome"),
    [
        (HttpStatusError("no", status=404), None),
        (HttpStatusError("no", status=403), None),
        (HttpStatusError("no", status=500), "HTTP 500"),
        (HttpStatusError("no", status=599), "HTTP 599"),
        (RedirectLoop("round and round"), None),
        (ResponseRefused("It is too large."), "It is too large),"),
        (Unreachable("It did not answer.", hint="Wait."), Unreachable),
    ],
)
def test_a_file_that_cannot_be_had(failure, outcome):
    """4xx and a loop allow, what is there and broken forbids, a dead site is waited for once."""
    asked = []

    def read(address):
        asked.append(address)
        raise failure

    found = Robots(read)
    url = parse("https://a.example/x")
    for _ in range(2):
        if outcome is None:
            assert found.delay(url) == 0
        elif outcome is Unreachable:
            with pytest.raises(Unreachable, match="It did not answer") as error:
                found.delay(url)
            assert error.value.hint == "Wait."
        else:
            with pytest.raises(RobotsRefused, match=r"a\.example") as error:
                found.delay(url)
            assert outcome in error.value.message
            assert robots.HINT in error.value.hint
    assert len(asked) == 1


def test_a_file_that_leads_where_nobody_may_go_is_named():
    """A private port or address behind a redirect of robots.txt; the site's own is the site's."""

    def refusing(message):
        def read(address):
            raise AddressRefused(message, hint="--allow-private")

        return Robots(read)

    url = parse("https://a.example/x")
    for message in (
        "Port 22 of a.example is not allowed.",
        "b.example leads to 10.0.0.1, which is no address of the public web.",
    ):
        with pytest.raises(RobotsRefused, match=r"robots\.txt of a\.example") as error:
            refusing(message).delay(url)
        assert message.rstrip(".") in error.value.message
    own = "a.example leads to 10.0.0.1, which is no address of the public web."
    with pytest.raises(AddressRefused, match="leads to"):
        refusing(own).delay(url)


@each_row(
    ("text", "delay"),
    [
        ("User-agent: *\nCrawl-delay: 2.5\nDisallow:", 2.5),
        ("User-agent: *\nCrawl-delay: 30\nDisallow:", 30),
        ("User-agent: *\nCrawl-delay: 31\nDisallow:", 30),
        ("User-agent: footnotary\nCrawl-delay: 1\nDisallow:\n\nUser-agent: *\nCrawl-delay: 9", 1),
        ("User-agent: *\nDisallow:", 0),
        ("User-agent: *\nCrawl-delay: soon\nDisallow:", 0),
    ],
)
def test_the_pause_that_a_site_wants(text, delay):
    """Of our own group, in fractions too, half a minute at most."""
    assert rules_of(text).delay(parse("https://a.example/x")) == delay


# Turns


def test_requests_to_a_host_are_spaced():
    """By the longer of our delay and the site's; the first is not held up, nor is another host."""
    turns = Turns(per_host=2, delay=0.05)
    with turns.turn("a") as waited:
        assert waited < 0.04
    with turns.turn("a", delay=0.15):
        begun = time.monotonic()
    with turns.turn("a"):
        assert time.monotonic() - begun >= 0.14  # from one request to the next, by the longer delay
    with turns.turn("b", delay=9) as waited:
        assert waited < 0.04


def test_a_host_has_so_many_seats():
    """A request more waits until one has ended, also when that one failed."""
    turns = Turns(per_host=2, delay=0)
    inside, most, lock = [], [], threading.Lock()

    def ask():
        with turns.turn("a"):
            with lock:
                inside.append(1)
                most.append(len(inside))
            time.sleep(0.02)
            with lock:
                inside.pop()
        with pytest.raises(KeyError), turns.turn("a"):
            raise KeyError

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert max(most) == 2
    assert not [thread for thread in threads if thread.is_alive()]


def test_a_host_that_asked_to_be_left_alone_is_closed_for_as_long():
    """The longest of what it said counts, for that host alone, and it ends."""
    turns = Turns(per_host=1, delay=0)
    assert turns.closed_for("a") == 0
    turns.close("a", 100)
    turns.close("a", 10)
    assert 99 < turns.closed_for("a") <= 100
    assert turns.closed_for("b") == 0
    turns.close("c", 0.01)
    time.sleep(0.02)
    assert turns.closed_for("c") == 0


# URLs


@each_row(
    ("text", "href", "port", "target", "origin"),
    [
        ("https://Docs.Example", "https://docs.example/", 443, "/", "https://docs.example"),
        ("http://a.example:80/x?y#z", "http://a.example/x?y", 80, "/x?y", "http://a.example"),
        ("https://a.example:8443/", "https://a.example:8443/", 8443, "/", "https://a.example:8443"),
        ("http://a.example:443/", "http://a.example:443/", 443, "/", "http://a.example:443"),
        ("https://a.example/x?", "https://a.example/x?", 443, "/x?", "https://a.example"),
        ("https://a.example//x", "https://a.example//x", 443, "//x", "https://a.example"),
        ("https:a.example\\b", "https://a.example/b", 443, "/b", "https://a.example"),
        ("https://[2001:db8::1]/", "https://[2001:db8::1]/", 443, "/", "https://[2001:db8::1]"),
    ],
)
def test_a_url_is_what_a_browser_makes_of_it(text, href, port, target, origin):
    """Host, port, target and origin of the WHATWG URL standard, without the fragment."""
    url = parse(text)
    assert (url.href, url.port, url.target, url.origin) == (href, port, target, origin)
    assert url == Url(href, href.partition(":")[0], url.host, port, target)


@each_row(
    ("text", "says", "hint"),
    [
        ("docs.example/x", "Invalid URL", "Did you mean https://docs.example/x ?"),
        (" docs.example ", "Invalid URL", "Did you mean https://docs.example ?"),
        ("no url at all", "Invalid URL", "Write it as"),
        ("words.with spaces", "Invalid URL", "Write it as"),
        ("localhost", "Invalid URL", "Write it as"),
        ("https://", "Invalid URL", "Write it as"),
        ("https://a.example:99999/", "Invalid URL", "Write it as"),
        ("ftp://a.example/", "only http and https", "--file"),
        ("file:///etc/passwd", "only http and https", "--file"),
        ("javascript:alert(1)", "only http and https", "--file"),
        ("https://user@a.example/", "host a.example", "leave the credentials out"),
        ("https://:secret@a.example/", "host a.example", "leave the credentials out"),
        ("https://a.example:22/", "Port 22 of a.example", "--allow-private"),
        ("http://a.example:8081/", "Port 8081", "--allow-private"),
    ],
)
def test_what_is_never_asked(text, says, hint):
    """One sentence says what is wrong and the hint what to do; no secret is repeated."""
    with pytest.raises(AddressRefused) as error:
        parse(text)
    assert says in error.value.message
    assert hint in error.value.hint
    assert "secret" not in error.value.message + error.value.hint


def test_other_ports_are_asked_only_on_request():
    """The user's own machines have them."""
    assert parse("http://a.example:22/", any_port=True).port == 22
    with pytest.raises(AddressRefused):
        parse("ftp://a.example/", any_port=True)


def test_a_url_has_a_longest_length():
    """At the limit it is read; beyond it is refused, and shown cut."""
    longest = "https://a.example/" + "x" * (LONGEST - 18)
    assert len(parse(longest).href) == LONGEST
    with pytest.raises(AddressRefused, match=f"{LONGEST + 1} characters") as error:
        parse(longest + "x")
    assert len(error.value.message) < 300
    with pytest.raises(AddressRefused) as error:
        parse("x" * 201)
    assert "'" + "x" * 200 + "…'" in error.value.message
    with pytest.raises(AddressRefused) as error:
        parse("x" * 200)
    assert "'" + "x" * 200 + "'" in error.value.message


def test_a_relative_url_is_relative_to_where_it_was_found():
    """As in a Location header."""
    base = parse("https://a.example/b/c?d")
    assert parse("e", base=base).href == "https://a.example/b/e"
    assert parse("//f.example/g", base=base).href == "https://f.example/g"
    assert parse("?h", base=base).href == "https://a.example/b/c?h"
    with pytest.raises(AddressRefused):
        parse("ftp:x", base=base)


@each_row(
    ("typed", "url"),
    [
        ("HTTP://A.Example/#part", "http://a.example/#part"),
        ("https://a.example/#:~:text=words", "https://a.example/"),
        ("https://a.example/#part:~:text=words", "https://a.example/#part"),
        ("https://a.example/#", "https://a.example/"),
        (" https://a.example/b ", "https://a.example/b"),
        ("https://[", "https://["),
        ("src/main.py:3", "src/main.py:3"),
        ("ftp://A.Example/", "ftp://A.Example/"),
    ],
)
def test_a_record_has_the_url_as_the_standard_writes_it(typed, url):
    """With its fragment, without a text directive; what is no web address stays as it is."""
    assert normalize_url(typed) == url


# Statuses


@each_row(
    ("status", "says", "hint"),
    [
        (300, "several pages", "its own URL"),
        (302, "without saying where", "--file"),
        (304, "nothing has changed", "Try again later"),
        (401, "login", "--file"),
        (402, "paid", "--file"),
        (403, "does not mean that it is gone", "--file"),
        (404, "no such page", "archived"),
        (407, "proxy", "--file"),
        (410, "removed", "archived"),
        (429, "less often", "later"),
        (451, "legal", "--file"),
        (500, "the server failed", "later"),
        (502, "the server failed", "later"),
        (503, "busy", "later"),
        (599, "the server failed", "later"),
    ],
)
def test_a_status_is_said_in_words(status, says, hint):
    """Blocked, busy, failed and gone are told apart, each with what can be done."""
    error = status_error(parse("https://a.example/x"), status, {})
    assert error.status == status
    assert error.message.startswith(f"a.example answered {status} for https://a.example/x: ")
    assert says in error.message
    assert error.message.endswith(".")
    assert hint in error.hint


def test_an_unknown_status_is_a_number():
    """Nothing is made up about it."""
    error = status_error(parse("https://a.example/x"), 418, {})
    assert error.message == "a.example answered 418 for https://a.example/x."
    assert "--file" in error.hint


@each_row(("status", "told"), [(429, True), (503, True), (403, False), (500, False)])
def test_how_long_to_wait_is_told_where_it_is_said(status, told, monkeypatch):
    """Retry-After belongs to the two statuses that mean "not now" (RFC 9110 §10.2.3)."""
    monkeypatch.setenv("FOOTNOTARY_NOW", NOW.isoformat())
    url = parse("https://a.example/x")
    for value in ("90", ago(seconds=-90)):
        message = status_error(url, status, {"retry-after": value}).message
        assert ("not before 90 seconds from now." in message) is told
    assert "not before" not in status_error(url, status, {"retry-after": "soon"}).message


@each_row(
    ("text", "seconds"),
    [
        ("120", 120), (" 5 ", 5), ("0", 0), ("1234567890", 123456789), (ago(seconds=-90), 90),
        (ago(hours=1), 0), ("-5", None), ("\u0665", None), ("soon", None), ("", None),
    ],
)  # fmt: skip
def test_retry_after_is_read_in_both_forms(text, seconds):
    """Seconds or a date; a date that has passed is now, and what is neither is nothing."""
    assert retry_after({"retry-after": text}, NOW) == seconds
    assert retry_after({}, NOW) is None
