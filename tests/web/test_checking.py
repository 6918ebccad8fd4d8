"""A site whose pages change, move, die, hide and come back: each outcome named right."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import date, timedelta

import pytest

from footnotary.cache import Cache
from footnotary.checking import (
    ReadingOutcome,
    check_citations,
    choose_citations,
    days,
    last_confirmed,
    parse_check_day,
    run_in_threads,
)
from footnotary.checking.outcomes import word_diff
from footnotary.checking.renewing import proposal, renew, replace_quote, save_outcomes
from footnotary.checking.superseding import linked_addresses, newer_doi, newer_rfc, snapshot
from footnotary.citing import Cited, Overclaimed, Refused, Request, cite_quote
from footnotary.errors import FetchError, RecordError, ResponseRefused, UnreadableError, UsageError
from footnotary.fetch.fetcher import Fetcher
from footnotary.models import Check, CheckOutcome, How, Response
from said_pages import FILLER, NOW, QUOTE, said_page
from tables import each_row


@pytest.fixture
def cited(site, fetcher, store, now):
    """Cite the quote from a path of the site, as of today."""

    def cite_path(path="/x", quote=QUOTE, claim="It waits."):
        result = cite_quote(Request(url=site.url + path, quote=quote, claim=claim), store, fetcher)
        assert isinstance(result, Cited)
        return result.citation

    return cite_path


def _check(fetcher, *citations, **options):
    """Check citations and return the results."""
    return check_citations(citations, fetcher, **options)


def test_an_unchanged_page_holds(site, fetcher, cited):
    """The same bytes are the same evidence."""
    site.page("/x", said_page())
    (result,) = _check(fetcher, cited())
    assert result.reading is ReadingOutcome.UNCHANGED
    assert result.outcome is CheckOutcome.HELD


def test_page_changed_quote_intact_is_its_own_line(site, fetcher, cited):
    """A page's hash says nothing about the quote."""
    site.page("/x", said_page())
    citation = cited()
    site.page("/x", said_page(extra="<p>Last updated today by somebody.</p>"))
    (result,) = _check(fetcher, citation)
    assert result.reading is ReadingOutcome.INTACT
    assert result.outcome is CheckOutcome.HELD
    assert result.detail == "page changed, quote intact"


def test_a_changed_quote_shows_the_words_that_went_and_came(site, fetcher, cited):
    """The reader sees what the source says now, word by word."""
    site.page("/x", said_page())
    citation = cited()
    site.page("/x", said_page("The default timeout of the service is 60 seconds."))
    (result,) = _check(fetcher, citation)
    assert result.reading is ReadingOutcome.CHANGED
    assert "[-30-] {+60+}" in result.diff
    assert result.detail


@pytest.mark.parametrize("status", [301, 302, 308])
def test_a_moved_page_that_still_says_it_is_moved(site, fetcher, cited, status):
    """Where it is now is named."""
    site.page("/x", said_page())
    citation = cited()
    site.page("/x", status=status, location="/new/place")
    site.page("/new/place", said_page())
    (result,) = _check(fetcher, citation)
    assert result.reading is ReadingOutcome.MOVED
    assert result.outcome is CheckOutcome.MOVED
    assert result.final_url == site.url + "/new/place"
    assert "/new/place" in result.detail


def test_a_page_that_moved_and_changed_is_changed(site, fetcher, cited):
    """The quote counts, not the address."""
    site.page("/x", said_page())
    citation = cited()
    site.page("/x", status=301, location="/new")
    site.page("/new", said_page("Timeouts are a thing of the past here."))
    (result,) = _check(fetcher, citation)
    assert result.reading is ReadingOutcome.CHANGED


@pytest.mark.parametrize("status", [404, 410])
def test_a_dead_page_is_gone(site, fetcher, cited, status):
    """Only the server's own word makes a page gone."""
    site.page("/x", said_page())
    citation = cited()
    site.page("/x", status=status)
    (result,) = _check(fetcher, citation)
    assert result.reading is ReadingOutcome.GONE


@pytest.mark.parametrize("status", [401, 403, 429, 451, 500])
def test_a_blocked_or_failing_page_is_unreachable_not_gone(site, fetcher, cited, status):
    """Being kept out says nothing about the quote."""
    site.page("/x", said_page())
    citation = cited()
    site.page("/x", status=status, retry_after="3600")
    (result,) = _check(fetcher, citation)
    assert result.reading is ReadingOutcome.UNREACHABLE
    assert str(status) in result.detail


def test_a_page_behind_a_login_is_unreadable_not_changed(site, fetcher, cited):
    """A form in place of the page is no evidence that the words went."""
    site.page("/x", said_page())
    citation = cited()
    site.page("/x", status=302, location="/login?next=/x")
    form = (
        "<!doctype html><title>Log in</title><h1>Log in</h1><form action=/login method=post>"
        '<label>Email <input type="email" name="email"></label>'
        '<label>Password <input type="password" name="password"></label>'
        "<button>Log in</button></form><p>Please log in to continue.</p>"
    )
    site.page("/login", form)
    (result,) = _check(fetcher, citation)
    assert result.reading is ReadingOutcome.UNREADABLE
    assert result.outcome is CheckOutcome.UNREACHABLE
    assert "says nothing about the quote" in result.detail


def test_robots_txt_that_closes_is_unreachable(site, cited):
    """A site that stops welcoming programs is named as such, and left alone."""
    site.page("/x", said_page())
    citation = cited()
    site.page("/robots.txt", "User-agent: *\nDisallow: /\n")
    with Fetcher(allow_private=True) as fresh:
        (result,) = _check(fresh, citation)
    assert result.reading is ReadingOutcome.UNREACHABLE
    assert "robots.txt" in result.detail


def test_a_page_that_comes_back_holds_again(site, fetcher, cited, store, now):
    """The history keeps each day's outcome, newest last."""
    site.page("/x", said_page())
    citation = cited()
    now(1)
    site.page("/x", status=404)
    assert save_outcomes(_check(fetcher, citation), store) == 1
    now(2)
    site.page("/x", said_page())
    assert save_outcomes(_check(fetcher, store.get(citation.key)), store) == 1
    assert [(check.date.day, check.outcome.value) for check in store.get(citation.key).checks] == [
        (24, "gone"),
        (25, "held"),
    ]
    assert last_confirmed(store.get(citation.key)) == date(2026, 11, 25)


def test_saving_twice_a_day_keeps_one_check_and_loses_nothing(site, fetcher, cited, store, now):
    """The last check of a day counts; what another process wrote meanwhile stays."""
    site.page("/x", said_page())
    citation = cited()
    results = _check(fetcher, citation)
    assert save_outcomes(results, store) == 1
    assert save_outcomes(results, store) == 0
    store.save(store.get(citation.key).model_copy(update={"tags": ("meanwhile",)}))
    site.page("/x", status=404)
    assert save_outcomes(_check(fetcher, citation), store) == 1
    saved = store.get(citation.key)
    assert saved.tags == ("meanwhile",)
    assert saved.checks == (
        Check(date=NOW.date(), outcome=CheckOutcome.GONE, detail=saved.checks[0].detail),
    )


def test_checking_writes_nothing(site, fetcher, cited, store):
    """Without --save a check is read-only."""
    site.page("/x", said_page())
    citation = cited()
    before = store.path(citation.key).read_bytes()
    site.page("/x", status=404)
    _check(fetcher, citation)
    assert store.path(citation.key).read_bytes() == before


def test_citations_of_one_page_are_read_once(site, fetcher, cited):
    """One request, one parse, each quote judged by itself, in the order asked for."""
    site.page("/x", said_page(extra="<p>Retries are made three times at most, then it stops.</p>"))
    first = cited()
    second = cited(quote="Retries are made three times at most, then it stops.")
    site.page("/x", said_page())
    asked = len(site.paths())
    results = _check(fetcher, second, first)
    assert len(site.paths()) == asked + 1
    assert [result.reading for result in results] == [ReadingOutcome.CHANGED, ReadingOutcome.INTACT]
    assert [result.citation.key for result in results] == [second.key, first.key]


def test_a_fresh_unchanged_page_is_not_even_asked(site, cited, tmp_path):
    """What the cache knows to be fresh and the same costs one look."""
    site.page("/x", said_page(), cache_control="max-age=600")
    with Fetcher(Cache(tmp_path / "cache"), allow_private=True) as fetcher:
        citation = cited()
        fetcher.get(citation.url)
        asked = len(site.asked)
        (result,) = _check(fetcher, citation)
        assert result.reading is ReadingOutcome.UNCHANGED
        assert len(site.asked) == asked
    site.page("/x", said_page("Something else entirely is written here."))
    with Fetcher(Cache(tmp_path / "cache"), allow_private=True, refresh=True) as fetcher:
        assert _check(fetcher, citation)[0].reading is ReadingOutcome.CHANGED


def test_a_304_is_unchanged(site, cited, tmp_path):
    """A conditional request is enough."""

    def page(request):
        same = request.headers.get("if-none-match") == '"1"'
        request.send(304 if same else 200, b"" if same else said_page(), etag='"1"')

    site.routes["/x"] = page
    citation = cited()
    with Fetcher(Cache(tmp_path / "cache"), allow_private=True) as fetcher:
        fetcher.get(citation.url)
        (result,) = _check(fetcher, citation)
    assert result.reading is ReadingOutcome.UNCHANGED
    assert site.asked[-1][1]["if-none-match"] == '"1"'


def test_a_kept_copy_never_hides_a_failing_site(site, cited, tmp_path):
    """What was read yesterday is no answer to what is there today."""
    site.page("/x", said_page())
    citation = cited()
    with Fetcher(Cache(tmp_path / "cache"), allow_private=True, stale_if_error=timedelta(0)) as f:
        f.get(citation.url)
        site.page("/x", status=500)
        assert _check(f, citation)[0].reading is ReadingOutcome.UNREACHABLE


def test_a_redirect_to_the_front_page_is_unreadable_not_changed(site, fetcher, cited):
    """However long the front page is: it says nothing about the words of another page."""
    site.page("/deep/page", said_page())
    citation = cited("/deep/page")
    site.page("/deep/page", status=302, location="/")
    site.page("/", said_page("Welcome to all that we have to offer.", extra=f"<p>{FILLER}</p>"))
    (result,) = _check(fetcher, citation)
    assert result.reading is ReadingOutcome.UNREADABLE
    assert "front page" in result.detail


def test_a_redirect_that_points_elsewhere_falls_back_to_the_cited_page(site, fetcher, cited):
    """`/latest` moves on to the next version; the version that was read still says it."""
    site.page("/latest", status=302, location="/v1")
    site.page("/v1", said_page())
    citation = cited("/latest")
    site.page("/latest", status=302, location="/v2")
    site.page("/v2", said_page("This version knows no timeouts any more at all."))
    (result,) = _check(fetcher, citation)
    assert result.reading is ReadingOutcome.INTACT
    assert "/v1 still says it" in result.detail


def test_a_dead_source_falls_back_to_its_snapshot_and_says_so(site, fetcher, cited, store):
    """The outcome stays the source's; the detail says where the words still stand."""
    site.page("/x", said_page())
    citation = cited()
    archive = "/web/20261123120000/https://example.com/x"
    site.page(archive, said_page(), memento_datetime="Mon, 23 Nov 2026 12:00:00 GMT")
    citation = citation.model_copy(update={"archive_url": site.url + archive})
    site.page("/x", status=410)
    (result,) = _check(fetcher, citation, keep_pages=True)
    assert result.reading is ReadingOutcome.GONE
    assert f"the snapshot still has it: {site.url}{archive}" in result.detail
    assert result.response.how is How.ARCHIVE


def test_a_page_may_name_its_own_successor(site, fetcher, cited):
    """RFC 5829: `Link: <…>; rel="successor-version"`."""
    site.page("/x", said_page())
    citation = cited()
    site.page("/x", said_page(), link='</css>; rel="preload", </v2>; rel="successor-version"')
    (result,) = _check(fetcher, citation)
    assert result.reading is ReadingOutcome.SUPERSEDED
    assert result.outcome is CheckOutcome.HELD
    assert result.successor == site.url + "/v2"
    assert f"superseded by {site.url}/v2" in result.detail


def test_rfcs_and_dois_name_what_replaced_them():
    """The RFC Editor's index and Crossref's CSL-JSON, whatever else they hold."""
    assert newer_rfc({"obsoleted_by": ["RFC9110", "RFC9112 "]}).endswith("/rfc9112")
    assert newer_rfc({"obsoleted_by": []}) == newer_rfc({}) == newer_rfc({"obsoleted_by": 7}) == ""
    replaced = {"relation": {"is-replaced-by": [{"id-type": "doi", "id": "10.1000/new"}]}}
    assert newer_doi(replaced) == "https://doi.org/10.1000/new"
    assert newer_doi({"updated-by": [{"DOI": "10.1000/retraction"}]}).endswith("/retraction")
    for odd in ({}, {"relation": []}, {"relation": {"is-replaced-by": "x"}}, {"updated-by": [7]}):
        assert newer_doi(odd) == ""


@each_row(
    "link", ["", "nonsense", '<>; rel="successor-version"', "<javascript:x>; rel=successor-version"]
)
def test_a_link_header_that_names_nothing_is_ignored(link):
    """Only a web address can be a successor."""
    page = Response(
        url="https://a.example/", final_url="https://a.example/", retrieved_at=NOW,
        headers={"link": link},
    )  # fmt: skip
    assert list(linked_addresses(page, "successor-version")) == []


def test_an_rfc_is_looked_up_in_the_index(site, fetcher, cited):
    """For known hosts the registry is asked, once a source, and its failure costs nothing."""
    site.page("/x", said_page())
    citation = cited()
    asked = []

    class Registry:
        """The web with an RFC Editor that runs here."""

        def __init__(self, body):
            self.body = body

        timeout = 20.0

        def get(self, url, *, accept="", asked_for=""):
            asked.append(url)
            page = fetcher.get(site.url + "/x")
            if url.endswith(".json"):
                return page.model_copy(update={"body": self.body})
            return page.model_copy(update={"url": url, "final_url": url})

        def still_fresh(self, url):
            raise AssertionError("an RFC may be superseded although its text never changes")

    rfc = "https://www.rfc-editor.org/rfc/rfc2616.html"
    citation = citation.model_copy(update={"url": rfc, "final_url": rfc})
    (result,) = _check(Registry(b'{"obsoleted_by": ["RFC7230"]}'), citation)
    assert result.reading is ReadingOutcome.SUPERSEDED
    assert result.successor == "https://www.rfc-editor.org/rfc/rfc7230"
    assert asked == [rfc, "https://www.rfc-editor.org/rfc/rfc2616.json"]
    assert _check(Registry(b"<html>"), citation)[0].reading is ReadingOutcome.UNCHANGED


def test_update_redates_what_holds(site, fetcher, cited, store, now):
    """Same key, new day, new evidence; what the user said stays."""
    site.page("/x", said_page())
    citation = cited()
    now(30)
    site.page("/x", status=301, location="/new")
    site.page("/new", said_page(extra="<p>And one more line.</p>"))
    (result,) = _check(fetcher, citation, keep_pages=True)
    renewed = renew(result, store)
    assert renewed == store.get(citation.key)
    assert renewed.accessed == date(2026, 12, 23)
    assert renewed.final_url == site.url + "/new"
    assert renewed.quote.exact == QUOTE
    assert [claim.text for claim in renewed.claims] == ["It waits."]
    assert renewed.evidence.body_sha256 != citation.evidence.body_sha256
    assert renewed.checks[-1].outcome is CheckOutcome.MOVED


def test_update_proposes_the_new_words_and_never_takes_them_by_itself(site, fetcher, cited, store):
    """A changed quote becomes a new record that supersedes the old one, when told to."""
    site.page("/x", said_page())
    citation = cited()
    new = "The default timeout of the service is 60 seconds."
    site.page("/x", said_page(new))
    (result,) = _check(fetcher, citation, keep_pages=True)
    with pytest.raises(ValueError, match="holds"):
        renew(result, store)
    assert proposal(result) == new
    refused = replace_quote(result, "The default timeout is never reached at all.", store, fetcher)
    assert isinstance(refused, Refused)
    assert store.get(citation.key) == citation
    made = replace_quote(result, new, store, fetcher)
    assert isinstance(made, Cited)
    old = store.get(citation.key)
    assert old.superseded_by == made.citation.key
    assert old.checks[-1].outcome is CheckOutcome.CHANGED
    assert [claim.text for claim in made.citation.claims] == ["It waits."]
    assert choose_citations(store) == [made.citation]
    assert choose_citations(store, keys=(old.key,)) == [old]


@pytest.mark.usefixtures("project")
def test_new_words_that_do_not_support_the_claims_are_not_taken(site, cited, store, capsys):
    """No claim is carried over to another number, unless its author insists."""
    site.page("/x", said_page())
    citation = cited(claim="It waits for 30 seconds.")
    site.page("/x", said_page("The default timeout of the service is 60 seconds."))
    words = [citation.key, "--accept", "--allow-private", "--refresh"]
    assert _run("update", *words) == 1
    assert "do not support “It waits for 30 seconds.”" in capsys.readouterr().out
    assert list(store) == [citation]
    assert _run("update", *words, "--as-claimed", "--json") == 0
    new = store.get(json.loads(capsys.readouterr().out)["results"][0]["new_key"])
    assert [claim.support for claim in new.claims] == ["insisted"]
    assert store.get(citation.key).superseded_by == new.key


def test_the_archive_is_asked_and_its_copy_is_looked_at(site, fetcher, cited, store):
    """A snapshot that does not have the quote is not recorded."""
    from footnotary.checking.superseding import archive_source

    site.page("/x", said_page())
    citation = cited()
    asked = f"/save/{site.url}/x"
    kept = f"/web/20261123120000/{site.url}/x"
    site.page(asked, status=302, location=kept)
    site.page(kept, said_page(), memento_datetime="Mon, 23 Nov 2026 12:00:00 GMT")
    archived = archive_source(citation, store, fetcher, site.url + "/save/{url}")
    assert archived.archive_url == site.url + kept
    assert store.get(citation.key).archive_url == archived.archive_url
    site.page(kept, said_page("The archive was shown something else, namely a puzzle."))
    with pytest.raises(UnreadableError, match="does not have the quote"):
        archive_source(citation, store, fetcher, site.url + "/save/{url}")


def test_an_archive_may_name_the_snapshot_in_its_headers(site, fetcher):
    """Content-Location, or RFC 7089's Link; else there is none."""
    page = "https://example.com/x"
    site.page("/save", "ok", content_location="/web/1/x")
    assert snapshot(page, fetcher, site.url + "/save?{url}").final_url == site.url + "/web/1/x"
    site.page("/save", "ok", link='</x>; rel="original", </web/2/x>; rel="first memento"')
    assert snapshot(page, fetcher, site.url + "/save?{url}").final_url == site.url + "/web/2/x"
    site.page("/save", "ok")
    with pytest.raises(ResponseRefused, match="without a snapshot"):
        snapshot(page, fetcher, site.url + "/save?{url}")
    with pytest.raises(UsageError, match="url"):
        snapshot(page, fetcher, site.url + "/save")
    with pytest.raises(FetchError):
        snapshot(page, fetcher, site.url + "/none/{url}")


def test_spans_and_days_are_read_or_refused(now):
    """90d, 12w, 6m, 1y; a date or a span before today."""
    assert days("90d") == days("90") == timedelta(days=90)
    assert (days("2w"), days("6m"), days("1Y")) == (timedelta(14), timedelta(180), timedelta(365))
    assert parse_check_day("2026-11-01") == date(2026, 11, 1)
    assert parse_check_day("10d") == date(2026, 11, 13)
    for wrong in ("", "soon", "-3d", "3h", "2026-13-01"):
        with pytest.raises(UsageError):
            parse_check_day(wrong)


def test_old_and_recent_citations_are_told_apart(site, cited, store, now):
    """A later check that held counts as seen; one that failed does not."""
    site.page("/x", said_page())
    citation = cited()
    now(100)
    assert choose_citations(store, older_than=days("90d")) == [citation]
    assert choose_citations(store, older_than=days("100d")) == []
    assert choose_citations(store, since=parse_check_day("2026-11-23")) == [citation]
    assert choose_citations(store, since=parse_check_day("30d")) == []
    for outcome, seen in ((CheckOutcome.GONE, NOW.date()), (CheckOutcome.HELD, date(2027, 1, 1))):
        check = Check(date=date(2027, 1, 1), outcome=outcome)
        assert last_confirmed(citation.model_copy(update={"checks": (check,)})) == seen


def test_a_word_diff_shows_both_sides():
    """The marks of wdiff, which people know."""
    assert word_diff("a b c", "a x c") == "a [-b-] {+x+} c"
    assert word_diff("a b", "a b") == "a b"
    assert word_diff("", "a") == "{+a+}"
    assert len(word_diff("a " * 9999, "b " * 9999)) < 5000


def test_a_saved_copy_is_not_called_changed_by_what_programs_are_shown(site, fetcher, cited):
    """A browser that was logged in saw more than we do; once we have seen it too, it counts."""
    site.page("/x", said_page())
    citation = cited()
    saved = citation.model_copy(
        update={"evidence": citation.evidence.model_copy(update={"how": How.FILE})}
    )
    site.page("/x", said_page("Subscribe to read the whole article about it."))
    (result,) = _check(fetcher, saved)
    assert result.reading is ReadingOutcome.UNREADABLE
    check = Check(date=NOW.date(), outcome=CheckOutcome.HELD)
    (result,) = _check(fetcher, saved.model_copy(update={"checks": (check,)}))
    assert result.reading is ReadingOutcome.CHANGED


def test_an_error_in_a_worker_is_the_callers_and_stops_the_rest():
    """Nothing is swallowed in a thread, and nothing runs on behind the caller's back."""
    begun = []

    def work(job):
        begun.append(job)
        if job == 1:
            raise KeyError(job)
        return job * 2

    doubled = run_in_threads(lambda job: job * 2, [range(3), range(3, 5)], 3)
    assert sorted(doubled) == [0, 2, 4, 6, 8]
    assert list(run_in_threads(work, [], 3)) == []
    with pytest.raises(KeyError):
        list(run_in_threads(work, [range(1000)], 1))
    assert len(begun) < 1000


@pytest.fixture
def interruptible():
    """Ctrl-C raises, here and in what is started: a shell's background would ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.slow
@pytest.mark.usefixtures("interruptible")
def test_ctrl_c_does_not_wait_for_a_slow_server(site, cited, project):
    """The command leaves at once with 130, whatever its threads are waiting for."""
    site.page("/x", said_page())
    cited()
    site.routes["/x"] = lambda request: time.sleep(20)
    words = [sys.executable, "-m", "footnotary", "cite", "check", "--allow-private"]
    command = subprocess.Popen(words, cwd=project, stderr=subprocess.PIPE)
    while "/x" not in site.paths()[1:]:
        time.sleep(0.05)
        assert command.poll() is None
    began = time.monotonic()
    command.send_signal(signal.SIGINT)
    assert command.wait(timeout=10) == 130
    assert time.monotonic() - began < 3
    assert b"Traceback" not in command.stderr.read()
    command.stderr.close()


@pytest.mark.usefixtures("project")
def test_a_clock_that_went_back_is_told(site, cited, store, now, capsys):
    """An outcome of today says nothing beside one of tomorrow, and its loss is no success."""
    site.page("/x", said_page())
    citation = cited()
    now(9)
    assert _run("check", "--allow-private", "--save") == 0
    now(2)
    assert _run("check", "--allow-private", "--save") == 2
    assert "1 record with a check after today (2026-11-25), such as" in capsys.readouterr().err
    assert len(store.get(citation.key).checks) == 1
    assert _run("check", "--allow-private") == 0


def test_a_kept_answer_is_dated_the_day_it_was_heard(site, cited, project, store, now):
    """What the cache knows of yesterday was not heard today, whatever it says of the quote."""
    site.page("/x", said_page(extra="<p>First.</p>"))
    citation = cited()
    site.page("/x", said_page(), cache_control="max-age=86000")
    assert _run("check", "--allow-private", "--save") == 0
    now(0.9)
    assert _run("check", "--allow-private", "--save") == 0
    assert [check.date for check in store.get(citation.key).checks] == [NOW.date()]


@pytest.mark.usefixtures("interruptible", "project")
def test_what_was_read_before_ctrl_c_is_kept(site, cited, store):
    """Outcomes are saved and pages are in the cache, although the check was not finished."""
    site.page("/x", said_page())
    site.page("/y", said_page())
    first, second = cited("/x"), cited("/y")
    site.page("/x", said_page(extra="<p>More words here.</p>"))

    def interrupt(request):
        site.page("/y", status=404)  # should a thread that is left behind ask again
        time.sleep(0.2)  # within which the other page is judged
        os.kill(os.getpid(), signal.SIGINT)
        return "close"

    site.routes["/y"] = interrupt
    assert _run("check", "--allow-private", "--save") == 130
    assert [len(store.get(one.key).checks) for one in (first, second)] == [1, 0]
    assert _run("check", first.key, "--offline", "--allow-private") == 0


def test_progress_counts_every_citation_once(site, fetcher, cited):
    """A bar that ends early or late is worse than none."""
    site.page("/x", said_page())
    site.page("/y", said_page())
    citations = [cited("/x"), cited("/y")]
    done = []
    _check(fetcher, *citations, progress=done.extend)
    assert len(done) == 2


def test_nothing_to_check_is_no_result(fetcher):
    """The face decides that this is a failure; the use case has nothing to say."""
    assert check_citations([], fetcher) == []


# The commands


@pytest.fixture
def project(tmp_path, monkeypatch, store):
    """A project whose citations are the store's, as the current folder."""
    (tmp_path / "pyproject.toml").write_text("[tool.footnotary]\ndelay = 0\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _run(*words):
    """Run a `cite` command and return its exit code."""
    from footnotary.cli.running import exit_code

    return exit_code("cite", list(words))


def test_cite_check_prints_what_is_not_simply_unchanged(site, cited, project, capsys):
    """A line for each, the counts at the end, exit 0 while nothing failed."""
    site.page("/x", said_page())
    site.page("/y", said_page())
    first, second = cited("/x"), cited("/y")
    site.page("/y", said_page(extra="<p>More words here.</p>"))
    assert _run("check", "--allow-private") == 0
    out = capsys.readouterr().out
    assert first.key not in out
    assert f"{second.key}  page changed, quote intact" in out
    assert "2 checked: 1 unchanged, 1 intact." in out


def test_cite_check_fails_on_what_it_was_told_to_fail_on(site, cited, project, capsys):
    """Changed and gone by default; anything on request."""
    site.page("/x", said_page())
    citation = cited()
    site.page("/x", status=301, location="/y")
    site.page("/y", said_page())
    assert _run("check", "--allow-private") == 0
    assert _run("check", "--allow-private", "--fail-on", "moved,gone") == 1
    assert _run("check", "--allow-private", "--fail-on", "any") == 1
    assert _run("check", "--allow-private", "--fail-on", "nonsense") == 2
    site.page("/x", said_page("Nothing about it is said here any longer."))
    capsys.readouterr()
    assert _run("check", citation.key, "--allow-private") == 1
    assert "[-" in capsys.readouterr().out
    assert _run("check", "--allow-private", "--fail-on", "none") == 0


def test_cite_check_json_is_the_documented_schema(site, cited, project, capsys):
    """Stdout carries JSON and nothing else."""
    site.page("/x", said_page())
    citation = cited()
    assert _run("check", "--allow-private", "--json", "--save") == 0
    data = json.loads(capsys.readouterr().out)
    assert (data["schema"], data["checked"], data["failed"], data["saved"]) == (1, 1, 0, 1)
    assert data["counts"] == {"unchanged": 1}
    (row,) = data["results"]
    assert (row["key"], row["outcome"], row["reading"]) == (citation.key, "held", "unchanged")


@pytest.mark.parametrize(
    "words", [("check",), ("check", "--older-than", "900d"), ("check", "nokey")]
)
def test_a_run_that_checked_nothing_fails(site, project, cited, words, capsys):
    """Silence must never look like success."""
    if len(words) > 1:
        site.page("/x", said_page())
        cited()
    assert _run(*words) == 2
    assert "error:" in capsys.readouterr().err


def test_a_run_that_reached_nothing_fails(site, cited, project, capsys):
    """All sources unreachable is not a passed check, whatever --fail-on says."""
    site.page("/x", said_page())
    cited()
    site.page("/x", status=403)
    assert _run("check", "--allow-private") == 2
    assert "nothing was checked" in capsys.readouterr().err


def test_a_page_that_is_gone_is_a_finding_though_it_is_the_only_one(site, cited, project, capsys):
    """404 says something about the source: exit 1, not 2."""
    site.page("/x", said_page())
    cited()
    site.page("/x", status=404)
    assert _run("check", "--allow-private") == 1
    out, err = capsys.readouterr()
    assert "1 checked: 1 gone." in out
    assert not err


def test_a_run_in_which_every_page_hides_fails(site, cited, project, capsys):
    """Pages behind a login say nothing about their quotes, so nothing was checked."""
    site.page("/x", said_page())
    cited()
    site.page("/x", "<!doctype html><title>Log in</title><form><input type=password></form>")
    assert _run("check", "--allow-private") == 2
    assert "nothing was checked" in capsys.readouterr().err


def test_broken_records_do_not_keep_the_others_from_being_checked(site, cited, project, capsys):
    """What can be read is checked; each broken file is named, and the run fails."""
    site.page("/x", said_page())
    cited()
    broken = project / "citations" / "broken-000000.yaml"
    broken.write_text("<<<<<<< HEAD\nschema: 1\n")
    assert _run("check", "--allow-private", "--json") == 2
    out, err = capsys.readouterr()
    answer = json.loads(out)
    assert (answer["checked"], len(answer["broken"])) == (1, 1)
    assert "broken-000000.yaml" in err
    assert _run("update", "--allow-private") == 2
    assert "re-dated" in capsys.readouterr().out


def test_a_record_deleted_during_a_check_keeps_no_other_from_its_outcome(
    site, fetcher, cited, store
):
    """The others are saved, and the one that is gone is named."""
    site.page("/x", said_page())
    site.page("/y", said_page())
    first, second = cited("/x"), cited("/y")
    results = _check(fetcher, first, second)
    store.remove(first.key)
    with pytest.raises(RecordError, match=first.key):
        save_outcomes(results, store)
    assert len(store.get(second.key).checks) == 1


def test_cite_update_redates_proposes_and_replaces(  # noqa: PLR0913, PLR0917  a whole scene
    site, cited, project, store, now, capsys
):
    """The three things that can happen to a citation, and their exit codes."""
    site.page("/x", said_page())
    citation = cited()
    now(10)
    assert _run("update", "--allow-private") == 0
    assert store.get(citation.key).accessed == date(2026, 12, 3)
    new = "The default timeout of the service is 60 seconds."
    site.page("/x", said_page(new))
    capsys.readouterr()
    assert _run("update", "--allow-private") == 1
    out = capsys.readouterr().out
    assert "[-30-] {+60+}" in out
    assert f"cite update {citation.key} --accept" in out
    assert store.get(citation.key).superseded_by == ""
    assert _run("update", "--accept", "--allow-private") == 2
    assert _run("update", citation.key, "--quote", new, "--allow-private") == 0
    assert store.get(citation.key).superseded_by
    assert len(store.keys()) == 2


def test_cite_update_archives_on_request(site, cited, project, store, capsys):
    """The snapshot's URL goes into the record; a failing archive costs nothing else."""
    site.page("/x", said_page())
    citation = cited()
    text = f'[tool.footnotary]\ndelay = 0\narchive = "{site.url}/save/{{url}}"\n'
    (project / "pyproject.toml").write_text(text)
    assert _run("update", "--archive", "--allow-private") == 0
    assert "error:" in capsys.readouterr().err
    assert store.get(citation.key).archive_url == ""
    site.page(f"/save/{site.url}/x", said_page(), content_location="/web/20261123120000/x")
    assert _run("update", "--archive", "--allow-private", "--json") == 0
    (row,) = json.loads(capsys.readouterr().out)["results"]
    assert row["snapshot"] == site.url + "/web/20261123120000/x"
    assert store.get(citation.key).archive_url == row["snapshot"]


def test_cite_archive_records_the_snapshot_with_the_quote(site, project, store, now, capsys):
    """One command reads the page, records the quote and has the page kept."""
    text = f'[tool.footnotary]\narchive = "{site.url}/save/{{url}}"\n'
    (project / "pyproject.toml").write_text(text)
    site.page("/x", said_page())
    site.page("/robots.txt", "User-agent: *\nDisallow: /save\n")
    site.page(f"/save/{site.url}/x", said_page(), content_location="/web/20261123120000/x")
    words = ("--quote", QUOTE, "--archive", "--allow-private", "--json")
    assert _run(site.url + "/x", *words) == 0
    kept = site.url + "/web/20261123120000/x"
    assert json.loads(capsys.readouterr().out)["citation"]["archive_url"] == kept
    assert [citation.archive_url for citation in store] == [kept]


def test_a_claim_that_the_quote_does_not_support_is_refused(site, project, store, now, capsys):
    """Nothing is written, and what differs is said; its author may insist, which is recorded."""
    site.page("/x", said_page())
    words = (site.url + "/x", "--quote", QUOTE, "--allow-private", "--claim")
    assert _run(*words, "It waits for 60 seconds.") == 1
    said = capsys.readouterr().err
    assert "the claim says “60 seconds”, the quote says “30 seconds”" in said
    assert list(store) == []
    assert _run(*words, "It waits for 60 seconds.", "--json") == 1
    told = json.loads(capsys.readouterr().out)
    assert told["outcome"] == "unsupported-claim"
    assert [each["rule"] for each in told["unsupported"]] == ["number"]
    assert _run(*words, "It waits for 30 seconds.", "--json") == 0
    assert json.loads(capsys.readouterr().out)["unsupported"] == []
    assert _run(*words, "It waits for 60 seconds.", "--as-claimed", "--json") == 0
    assert json.loads(capsys.readouterr().out)["unsupported"][0]["said"] == "60 seconds"
    (record,) = store
    assert [(claim.text, claim.support) for claim in record.claims] == [
        ("It waits for 30 seconds.", "undecided"),
        ("It waits for 60 seconds.", "insisted"),
    ]


def test_the_same_quote_with_another_claim_adds_it(site, project, store, now):
    """A claim is never overwritten, and the same one again changes nothing."""
    site.page("/x", said_page())
    words = (site.url + "/x", "--quote", QUOTE, "--allow-private", "--claim")
    assert _run(*words, "It waits for 30 seconds.") == 0
    assert _run(*words, "The service gives up after half a minute.") == 0
    before = [path.read_bytes() for path in sorted(store.folder.glob("*.yaml"))]
    assert _run(*words, "It waits for 30 seconds.") == 0
    assert [path.read_bytes() for path in sorted(store.folder.glob("*.yaml"))] == before
    (record,) = store
    assert [claim.text for claim in record.claims] == [
        "It waits for 30 seconds.",
        "The service gives up after half a minute.",
    ]


def test_another_quote_for_the_same_claim_may_hold_its_number(site, fetcher, store, now):
    """A claim can rest on several quotes."""
    other = "After 3 failed attempts the client gives up for good."
    site.page("/x", said_page(extra=f"<p>{other}</p>"))
    claim = "It waits 30 seconds, 3 times."
    alone = Request(url=site.url + "/x", quote=QUOTE, claim=claim)
    assert isinstance(cite_quote(alone, store, fetcher), Overclaimed)
    first = cite_quote(replace(alone, as_claimed=True), store, fetcher)
    assert first.unsupported
    second = cite_quote(Request(url=site.url + "/x", quote=other, claim=claim), store, fetcher)
    assert second.unsupported == ()
    supports = {one.claims[0].support for one in store}
    assert supports == {"undecided"}


def test_cite_open_leads_to_the_words(site, cited, project, store, capsys):
    """A text-fragment link; the snapshot once the source lost the words."""
    site.page("/x", said_page())
    citation = cited()
    assert _run("open", citation.key, "--print") == 0
    printed = capsys.readouterr().out
    assert printed.startswith(site.url + "/x#:~:text=The%20default")
    snapshot_url = "https://archive.example/web/20261123120000/https://a.example/x"
    gone = Check(date=NOW.date(), outcome=CheckOutcome.GONE)
    store.save(citation.model_copy(update={"archive_url": snapshot_url, "checks": (gone,)}))
    assert _run("open", citation.key, "--print") == 0
    assert capsys.readouterr().out.startswith(snapshot_url)
    assert _run("open", "nokey", "--print") == 2


@pytest.mark.slow
def test_cite_open_starts_the_users_browser(site, cited, project, tmp_path):
    """The link is handed over whole, as one argument."""
    site.page("/x", said_page())
    citation = cited()
    browser, seen = tmp_path / "browser", tmp_path / "seen"
    browser.write_text(f'#!/bin/sh\nprintf "%s" "$1" > {seen}\n')
    browser.chmod(0o755)
    words = [sys.executable, "-m", "footnotary", "cite", "open", citation.key]
    environment = os.environ | {"BROWSER": f"{browser} %s"}
    subprocess.run(words, cwd=project, env=environment, check=True, capture_output=True)
    assert seen.read_text().startswith(site.url + "/x#:~:text=")


def test_what_may_be_done_is_said_where_nothing_could_be_read(site, cited, project, capsys):
    """The reason is one for all: the address is one that is not asked unless it is allowed."""
    site.page("/x", said_page())
    site.page("/y", said_page())
    cited("/x")
    cited("/y")
    assert _run("check") == 2
    assert "--allow-private" in capsys.readouterr().err
