"""What a check says of a source, keeps in the record, and proposes instead: rule by rule."""

from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from footnotary.cache import Cache
from footnotary.checking import ReadingOutcome, check_citations, run_in_threads
from footnotary.checking.outcomes import MOST_WORDS, word_diff
from footnotary.checking.reading import Checked
from footnotary.checking.renewing import (
    LONGEST_DETAIL,
    LONGEST_PROPOSAL,
    proposal,
    renew,
    replace_quote,
    save_outcomes,
    with_outcome,
)
from footnotary.checking.superseding import (
    archive_source,
    has_registry,
    newer_doi,
    newer_rfc,
    successor,
)
from footnotary.citing import Cited, Request, cite_quote
from footnotary.errors import Unreachable
from footnotary.fetch.fetcher import Fetcher
from footnotary.match.matching import Match, Outcome
from footnotary.models import Check, CheckOutcome, Page, Response
from said_pages import FILLER, NOW, QUOTE, said_page
from tables import each_row


@pytest.fixture
def cited(site, fetcher, store, now):
    """Cite the quote from a path of the site, as of today."""

    def cite_path(path="/x", quote=QUOTE, **words):
        result = cite_quote(Request(url=site.url + path, quote=quote, **words), store, fetcher)
        assert isinstance(result, Cited)
        return result.citation

    return cite_path


def _check(fetcher, citation, **options):
    (result,) = check_citations([citation], fetcher, **options)
    return result


# What was found

WRITTEN = {  # what `cite check --json` writes, which programs read
    ReadingOutcome.UNCHANGED: "unchanged",
    ReadingOutcome.INTACT: "page changed, quote intact",
    ReadingOutcome.MOVED: "moved",
    ReadingOutcome.SUPERSEDED: "superseded",
    ReadingOutcome.CHANGED: "changed",
    ReadingOutcome.GONE: "gone",
    ReadingOutcome.UNREADABLE: "unreadable",
    ReadingOutcome.UNREACHABLE: "unreachable",
}


@each_row(
    ("reading", "outcome", "holds", "is_judged"),
    [
        (ReadingOutcome.UNCHANGED, "held", True, True),
        (ReadingOutcome.INTACT, "held", True, True),
        (ReadingOutcome.MOVED, "moved", True, True),
        (ReadingOutcome.SUPERSEDED, "held", True, True),
        (ReadingOutcome.CHANGED, "changed", False, True),
        (ReadingOutcome.GONE, "gone", False, True),
        (ReadingOutcome.UNREADABLE, "unreachable", False, False),
        (ReadingOutcome.UNREACHABLE, "unreachable", False, False),
    ],
)
def test_a_reading_is_kept_as_an_outcome(reading, outcome, holds, is_judged):
    """What could not be read is neither held nor judged; a superseded text still holds."""
    checked = Checked(None, reading)
    assert checked.outcome.value == outcome
    assert checked.reading.value == WRITTEN[reading]
    assert (checked.holds, checked.is_judged) == (holds, is_judged)
    told = checked.detail, checked.final_url, checked.diff, checked.successor, checked.hint
    assert set(told) == {""}


def test_an_outcome_is_dated_by_what_was_heard_of_the_source(site, cited, now):
    """An answer by its own day, a kept one by the day it was kept, nothing at all by today."""
    site.page("/x", said_page())
    citation = cited()
    now(9)
    answer = Response(url="https://a.example/", final_url="https://a.example/", retrieved_at=NOW)
    kept = date(2026, 11, 27)
    assert Checked(citation, ReadingOutcome.GONE, response=answer).day == date(2026, 11, 23)
    assert Checked(citation, ReadingOutcome.UNCHANGED, kept_since=kept).day == kept
    assert Checked(citation, ReadingOutcome.UNREACHABLE).day == date(2026, 12, 2)


def test_a_kept_answer_is_trusted_only_for_the_recorded_body(site, cited, tmp_path, now):
    """Fresh and the same: not asked, and dated when it was kept. Another body: read again."""
    site.page("/x", said_page(), cache_control="max-age=600000")
    citation = cited()
    now(1)
    with Fetcher(Cache(tmp_path / "cache"), allow_private=True) as fetcher:
        fetcher.get(citation.url)
        now(1.6)
        result = _check(fetcher, citation)
        assert (result.reading, result.kept_since) == (ReadingOutcome.UNCHANGED, date(2026, 11, 24))
        assert result.final_url == site.url + "/x"
        evidence = citation.evidence.model_copy(update={"body_sha256": "0" * 64})
        other = citation.model_copy(update={"evidence": evidence})
        assert _check(fetcher, other).reading is ReadingOutcome.INTACT
        elsewhere = citation.model_copy(update={"final_url": site.url + "/y"})
        assert _check(fetcher, elsewhere).reading is ReadingOutcome.MOVED


def test_pages_are_kept_in_results_only_on_request(site, cited, fetcher):
    """Thousands of pages do not fit into memory; an update needs the one it is about."""
    site.page("/x", said_page())
    citation = cited()
    site.page("/x", said_page(extra="<p>More.</p>"))
    result = _check(fetcher, citation)
    assert (result.page, result.response) == (None, None)
    result = _check(fetcher, citation, keep_pages=True)
    assert "More." in result.page.text
    assert result.match.exact == QUOTE
    assert result.response.final_url == site.url + "/x"


def test_a_host_is_finished_before_the_next_one_begins(site, cited, fetcher):
    """Its pages come over one connection, robots.txt too; the host with the most comes first."""
    paths = ("/a", "/b", "/c")
    for path in paths:
        site.page(path, said_page())
    citations = [cited(path) for path in paths]
    other = site.url.replace("127.0.0.1", "localhost")
    moved = {"url": other + "/d", "final_url": other + "/d"}
    citations.insert(0, citations[0].model_copy(update=moved))
    site.page("/d", said_page())
    site.asked.clear()
    site.connections.clear()
    with Fetcher(allow_private=True) as new:
        results = check_citations(citations, new, workers=1)
    assert site.paths() == ["/a", "/b", "/c", "/d"]
    assert len(site.connections) == 2
    assert [result.citation for result in results] == citations
    assert {result.reading for result in results} == {ReadingOutcome.UNCHANGED}


def test_progress_counts_what_was_not_asked_too(site, cited, tmp_path):
    """What the cache answers for is done at once; each other source counts when it is read."""
    site.page("/x", said_page(), cache_control="max-age=600000")
    site.page("/y", said_page())
    citations = [cited("/x"), cited("/y")]
    done = []
    with Fetcher(Cache(tmp_path / "cache"), allow_private=True) as fetcher:
        fetcher.get(site.url + "/x")
        check_citations(citations, fetcher, progress=done.append)
        assert [len(results) for results in done] == [1, 1]
        check_citations(citations[1:], fetcher, progress=done.append)
    assert [one.citation for results in done for one in results] == [*citations, citations[1]]


def test_a_changed_quote_names_what_differs(site, cited, fetcher):
    """At most three differences, and the words that went and came."""
    site.page("/x", said_page())
    citation = cited()
    site.page("/x", said_page("A default timeout of any service was 60 minutes."))
    result = _check(fetcher, citation)
    assert result.detail.count("quote has") == 3
    assert result.diff.startswith("[-The-] {+A+} default timeout of")
    site.page("/x", f"<!doctype html><title>x</title><p>{'Lorem ipsum dolor. ' * 60}</p>")
    result = _check(fetcher, citation)
    assert result.reading is ReadingOutcome.CHANGED
    assert result.detail


def test_a_source_that_cannot_be_had_passes_the_hint_on(site, cited):
    """What to do about it is told where the check is read."""
    site.page("/x", said_page())
    citation = cited()
    with Fetcher(offline=True, allow_private=True) as fetcher:
        result = _check(fetcher, citation)
    assert result.reading is ReadingOutcome.UNREACHABLE
    assert result.detail
    assert result.hint


def test_a_page_that_is_too_short_may_still_say_it(site, cited, fetcher):
    """Hardly any text is no reason against words that stand in it."""
    site.page("/x", said_page())
    citation = cited()
    site.page("/x", f"<!doctype html><title>Timeouts</title><p>{QUOTE}</p>")
    assert _check(fetcher, citation).reading is ReadingOutcome.INTACT
    site.page("/x", "<!doctype html><title>Timeouts</title><p>Soon.</p>")
    result = _check(fetcher, citation)
    assert result.reading is ReadingOutcome.UNREADABLE
    assert result.detail.startswith("too-short: ")


def test_words_read_beside_the_page_are_compared_with_where_they_were_read(site, fetcher, store):
    """A twin that is where it stood has not moved, though the page has another address."""
    head = '<link rel="alternate" type="text/markdown" href="/x.md">'
    site.page("/x", f"<!doctype html><title>T</title>{head}<main><p>{FILLER}</p></main>")
    site.page("/x.md", f"# Timeouts\n\n{QUOTE}\n\n{FILLER}\n", content_type="text/markdown")
    citation = cite_quote(Request(url=site.url + "/x", quote=QUOTE), store, fetcher).citation
    assert citation.evidence.text_url == site.url + "/x.md"
    assert _check(fetcher, citation).reading is ReadingOutcome.UNCHANGED
    site.page("/x.md", status=301, location="/y.md")
    site.page("/y.md", f"# Timeouts\n\n{QUOTE}\n\n{FILLER}\n", content_type="text/markdown")
    assert _check(fetcher, citation).reading is ReadingOutcome.MOVED


def test_a_twin_that_lost_the_words_falls_back_to_the_page(site, fetcher, store):
    """The cited page itself says it by now: that is intact, and where is said."""
    head = '<link rel="alternate" type="text/markdown" href="/x.md">'
    site.page("/x", f"<!doctype html><title>T</title>{head}<main><p>{FILLER}</p></main>")
    site.page("/x.md", f"# Timeouts\n\n{QUOTE}\n\n{FILLER}\n", content_type="text/markdown")
    citation = cite_quote(Request(url=site.url + "/x", quote=QUOTE), store, fetcher).citation
    site.page("/x.md", f"# Timeouts\n\n{FILLER}\n", content_type="text/markdown")
    assert _check(fetcher, citation).reading is ReadingOutcome.CHANGED
    site.page("/x", said_page())
    result = _check(fetcher, citation, keep_pages=True)
    assert result.reading is ReadingOutcome.INTACT
    assert result.final_url == result.response.final_url == site.url + "/x"
    assert QUOTE in result.page.text
    assert result.diff == ""


def test_a_snapshot_without_the_words_is_no_help(site, fetcher, cited):
    """Neither is one that cannot be had; the outcome and its detail stay the source's."""
    site.page("/x", said_page())
    citation = cited().model_copy(update={"archive_url": site.url + "/kept"})
    site.page("/x", status=410)
    site.page("/kept", said_page("Something else stood here."))
    for _ in range(2):
        result = _check(fetcher, citation)
        assert result.reading is ReadingOutcome.GONE
        assert "snapshot" not in result.detail
        site.page("/kept", status=500, retry_after="3600")


def test_a_front_page_is_unreadable_only_when_it_lacks_the_words(site, fetcher, cited):
    """A site that moved the words to its front page moved them."""
    site.page("/deep/page", said_page())
    citation = cited("/deep/page")
    site.page("/deep/page", status=302, location="/")
    site.page("/", said_page())
    assert _check(fetcher, citation).reading is ReadingOutcome.MOVED


# What replaced a source


def _answer(url, headers=None, body=b""):
    return Response(url=url, final_url=url, headers=headers or {}, body=body, retrieved_at=NOW)


class _Registry:
    """The web in which every registry gives one answer."""

    def __init__(self, body):
        self.body, self.asked = body, []

    def get(self, url, *, accept=""):
        """Return the answer, or fail if there is none."""
        self.asked.append((url, accept))
        if self.body is None:
            raise Unreachable("nobody answers")
        return _answer(url, body=self.body)


CSL = "application/vnd.citationstyles.csl+json"


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("https://www.rfc-editor.org/rfc/rfc2616.html", ("rfc/rfc2616.json", "application/json")),
        ("https://datatracker.ietf.org/doc/html/rfc0793", ("rfc/rfc793.json", "application/json")),
        ("https://tools.ietf.org/html/RFC2616#section-3", ("/rfc2616.json", "application/json")),
        ("https://httpwg.org/specs/rfc7230.html", ("rfc/rfc7230.json", "application/json")),
        ("https://www.ietf.org/rfc/rfc2616.txt", ("rfc/rfc2616.json", "application/json")),
        ("https://rfc-editor.org/rfc/rfc2616", ("rfc/rfc2616.json", "application/json")),
        ("https://doi.org/10.1000/a%20b", ("https://doi.org/10.1000/a%20b", CSL)),
        ("https://www.doi.org/10.1000/a", ("https://doi.org/10.1000/a", CSL)),
        ("https://dx.doi.org/10.1000/a(b)", ("https://doi.org/10.1000/a%28b%29", CSL)),
    ],
)
def test_the_registry_of_a_source_is_asked(site, cited, url, asked):
    """RFCs in the RFC Editor's index, DOIs at their resolver, wherever they were cited from."""
    site.page("/x", said_page())
    citation = cited().model_copy(update={"url": url})
    registry = _Registry(b'{"obsoleted_by": ["RFC1"], "updated-by": {"DOI": "10.1000/new"}}')
    found = successor(citation, _answer(url), registry)
    assert found == (
        "https://www.rfc-editor.org/rfc/rfc1"
        if "rfc" in url.lower()
        else "https://doi.org/10.1000/new"
    )
    ((address, accept),) = registry.asked
    assert address.endswith(asked[0])
    assert accept == asked[1]
    assert has_registry(url)


@pytest.mark.parametrize("body", [None, b"<html>", b"[]", b"null", b"[" * 101, b"\xff"])
def test_a_registry_that_says_nothing_names_no_successor(site, cited, body):
    """Its failure, or an answer of another kind, costs the check nothing."""
    site.page("/x", said_page())
    url = "https://www.rfc-editor.org/rfc/rfc2616"
    assert successor(cited().model_copy(update={"url": url}), _answer(url), _Registry(body)) == ""


@pytest.mark.parametrize(
    "url",
    [
        "https://www.rfc-editor.org/about/",
        "https://www.rfc-editor.org/rfc/rfc123456",
        "https://example.org/rfc2616",
    ],
)
def test_other_pages_have_no_registry_to_ask(site, cited, url):
    """A page of the host that is no RFC, and an RFC's number elsewhere, ask nobody."""
    site.page("/x", said_page())
    registry = _Registry(b'{"obsoleted_by": ["RFC1"]}')
    assert successor(cited().model_copy(update={"url": url}), _answer(url), registry) == ""
    assert registry.asked == []


@each_row(
    ("entry", "number"),
    [
        ({"obsoleted_by": ["RFC7230", "RFC7231"]}, "7231"),
        ({"obsoleted_by": ["rfc 0042"]}, "42"),
        ({"obsoleted_by": "RFC9110"}, "9110"),
    ],
)
def test_the_newest_rfc_is_the_last_that_is_named(entry, number):
    """In whatever spelling, without leading zeros."""
    assert newer_rfc(entry) == f"https://www.rfc-editor.org/rfc/rfc{number}"


@each_row(
    ("record", "doi"),
    [
        ({"relation": {"is-replaced-by": {"id": "10.1000/a"}}}, "10.1000/a"),
        ({"relation": {"is-preprint-of": [{"id": "10.1000/b"}]}}, "10.1000/b"),
        ({"relation": {"is-replaced-by": [{"id": "https://doi.org/10.1000/c"}]}}, "10.1000/c"),
        ({"relation": {"is-replaced-by": [7, {"id": "x"}, {"id": "10.1000/d"}]}}, "10.1000/d"),
        (
            {
                "relation": {"is-preprint-of": [{"id": "10.1000/e"}]},
                "updated-by": [{"DOI": "10.1000/f"}],
            },
            "10.1000/e",
        ),
        ({"relation": {"has-part": [{"id": "10.1000/g"}]}}, ""),
        ({"relation": {"is-replaced-by": [{"id": "10.1000/with space"}]}}, ""),
        ({"relation": {"is-replaced-by": [{"id": "10.12/short"}]}}, ""),
    ],
)
def test_what_replaced_a_doi_is_a_doi(record, doi):
    """Replacement before update; what is no DOI, and other relations, are passed over."""
    assert newer_doi(record) == (f"https://doi.org/{doi}" if doi else "")


@each_row(
    ("link", "target"),
    [
        ('</v2>; rel="successor-version"', "https://a.example/v2"),
        ("</v2>; rel=Successor-Version", "https://a.example/v2"),
        ('< /v2 >; title=x; rel="next successor-version"', "https://a.example/v2"),
        ('<https://b.example/n>; rel="successor-version"', "https://b.example/n"),
        (
            '</page>; rel="successor-version", </v3>; rel="successor-version"',
            "https://a.example/v3",
        ),
        ('</v2>; rel="predecessor-version"', ""),
        ('</v2>; rel="not-successor-version"', ""),
    ],
)
def test_a_page_names_its_successor_in_its_link_header(link, target):
    """RFC 5829, as RFC 8288 spells it: any case, several relations, never the page itself."""
    page = "https://a.example/page"
    cited = SimpleNamespace(url=page)
    assert successor(cited, _answer(page, {"link": link}), None) == target
    assert successor(cited, _answer(page), None) == ""


# What is kept of a check


def _past(*outcomes):
    return tuple(Check(date=date(2026, 11, day), outcome=outcome) for day, outcome in outcomes)


def test_outcomes_stay_in_the_order_of_their_days(site, cited):
    """One a day, the last of the day; what is older than the newest says nothing new."""
    site.page("/x", said_page())
    held, gone = CheckOutcome.HELD, CheckOutcome.GONE
    citation = cited().model_copy(update={"checks": _past((20, held), (23, held))})
    today = with_outcome(citation, Checked(citation, ReadingOutcome.GONE))
    assert [(c.date.day, c.outcome) for c in today.checks] == [(20, held), (23, gone)]
    early = Checked(citation, ReadingOutcome.GONE, kept_since=date(2026, 11, 22))
    assert with_outcome(citation, early) == citation
    late = Checked(citation, ReadingOutcome.GONE, kept_since=date(2026, 11, 24))
    assert [c.date.day for c in with_outcome(citation, late).checks] == [20, 23, 24]


def test_a_detail_is_one_short_line(site, cited):
    """A record is read by people: white space is collapsed, and what is long ends in `…`."""
    site.page("/x", said_page())
    citation = cited()
    for detail, kept in (
        (" a\n  b ", "a b"),
        ("x" * LONGEST_DETAIL, "x" * LONGEST_DETAIL),
        ("x" * (LONGEST_DETAIL + 1), "x" * (LONGEST_DETAIL - 1) + "…"),
    ):
        checked = Checked(citation, ReadingOutcome.GONE, detail=detail)
        assert with_outcome(citation, checked).checks[-1].detail == kept


def test_saving_counts_the_records_that_it_changed(site, cited, store):
    """A record that has today's outcome already is none of them."""
    site.page("/x", said_page())
    site.page("/y", said_page())
    first, second = cited("/x"), cited("/y")
    results = [Checked(first, ReadingOutcome.UNCHANGED), Checked(second, ReadingOutcome.UNCHANGED)]
    assert save_outcomes(results[:1], store) == 1
    assert save_outcomes(results, store) == 1
    assert save_outcomes(results, store) == 0
    gone = [Checked(first, ReadingOutcome.GONE), Checked(second, ReadingOutcome.GONE)]
    assert save_outcomes(gone, store) == 2


# Updates


def test_an_update_dates_nothing_back(site, cited, store, now):
    """An answer that was kept may be older than the record: its day stays."""
    site.page("/x", said_page())
    now(9)
    citation = cited()
    kept = _answer(citation.final_url, body=said_page().encode())
    assert kept.retrieved_at.date() < citation.accessed
    assert renew(
        Checked(citation, ReadingOutcome.UNCHANGED, response=kept), store
    ).accessed == date(2026, 12, 2)


def test_an_update_records_the_page_as_it_is_now(site, cited, fetcher, store, now):
    """Wording, surroundings and heading are the new page's; the old evidence goes."""
    quote = 'The "default" timeout of the service is 30 seconds.'
    site.page("/x", said_page(f"It is documented. {quote} Then it ends."))
    citation = cited(quote=quote)
    assert citation.quote.match == "exact"
    now(3)
    site.page(
        "/x",
        said_page("The “default” timeout of the service is 30 seconds.").replace(
            "<h1>Timeouts", "<h1>Waiting"
        ),
    )
    result = _check(fetcher, citation, keep_pages=True)
    renewed = renew(result, store)
    assert renewed.quote.exact == "The “default” timeout of the service is 30 seconds."
    assert renewed.quote.match == "normalized"
    assert renewed.quote.section == "Waiting"
    surrounded = renewed.quote.prefix + renewed.quote.exact + renewed.quote.suffix
    assert surrounded in result.page.text
    assert (renewed.quote.prefix, renewed.quote.suffix) == (
        result.match.prefix,
        result.match.suffix,
    )
    assert renewed.quote.suffix
    assert renewed.evidence.passage != citation.evidence.passage
    assert renewed.evidence.retrieved_at == NOW + timedelta(days=3)
    assert renewed.checks == (
        Check(
            date=date(2026, 11, 26), outcome=CheckOutcome.HELD, detail="page changed, quote intact"
        ),
    )
    assert store.get(citation.key) == renewed


def test_an_update_of_an_unchanged_page_has_new_evidence_too(site, cited, fetcher, store, now):
    """The quote is looked for again: a record is re-dated by what was read, not by a digest."""
    site.page("/x", said_page(), etag='"1"')
    citation = cited()
    now(3)
    site.page("/x", said_page(), etag='"2"')
    renewed = renew(_check(fetcher, citation, keep_pages=True), store)
    assert (renewed.accessed, renewed.evidence.etag) == (date(2026, 11, 26), '"2"')
    assert renewed.quote == citation.quote


def test_only_what_holds_can_be_renewed(site, cited, store):
    """Neither a changed quote nor a result without its answer says anything new."""
    site.page("/x", said_page())
    citation = cited()
    answer = _answer(site.url + "/x", body=said_page().encode())
    for checked in (
        Checked(citation, ReadingOutcome.CHANGED, response=answer),
        Checked(citation, ReadingOutcome.UNCHANGED),
    ):
        with pytest.raises(ValueError, match="can be renewed"):
            renew(checked, store)
    assert store.get(citation.key) == citation


def _near(text, words, reading=ReadingOutcome.CHANGED, citation=None):
    """Return a result whose nearest passage is some words of a text."""
    start = text.index(words)
    near = Match(outcome=Outcome.ABSENT, start=start, end=start + len(words), exact=words)
    page = Page(url="https://a.example/", final_url="https://a.example/", text=text)
    return Checked(citation, reading, match=near, page=page)


@each_row(
    ("text", "words", "proposed"),
    [
        ("One. Two is here. Three.", "is", "Two is here."),
        ("One. Two is here. Three.", "Two is here.", "Two is here."),
        ("One. Two is here. Three follows.", "is here. Three", "Two is here. Three follows."),
        ("Title\nTwo is here\nThree.", "is", "Two is here"),
        ("Only this", "this", "Only this"),
        ("Is it? It is! Well.", "It", "It is!"),
        ("版本一。版本二在这里。版本三。", "在这里", "版本二在这里。"),
        ("Use 3.5 now. Not 3.4.", "now", "Use 3.5 now."),
        ("One. Two   is\there. Three.", "is", "Two is here."),
        ("a " * LONGEST_PROPOSAL + "near it " + "b " * 9, "near it", "near it"),
    ],
)
def test_a_proposal_is_whole_sentences_of_one_line(text, words, proposed):
    """A reader is shown what can be cited; what is too long is cut to the nearest passage."""
    assert proposal(_near(text, words)) == proposed


def test_nothing_is_proposed_where_nothing_is_near():
    """Neither for a result that holds, nor without page, match or place."""
    near = _near("One. Two is here.", "is")
    assert proposal(replace(near, reading=ReadingOutcome.GONE)) == ""
    assert proposal(replace(near, page=None)) == ""
    assert proposal(replace(near, match=None)) == ""
    assert proposal(replace(near, match=Match(outcome=Outcome.ABSENT))) == ""


def test_a_replacement_carries_over_what_the_user_said(site, cited, fetcher, store, now):
    """Claim, terms and tags go to the new record, which the old one names; its own stay."""
    site.page("/x", said_page())
    citation = cited(claim="It waits.", search_terms=("wait",), tags=("ops",))
    new = "The default timeout of the service is 60 seconds."
    site.page("/x", said_page(new))
    result = _check(fetcher, citation, keep_pages=True)
    made = replace_quote(result, new.lower(), store, fetcher)
    record = made.citation
    assert record.quote.exact == new
    assert [claim.text for claim in record.claims] == ["It waits."]
    assert (record.search_terms, record.tags) == (("wait",), ("ops",))
    old = store.get(citation.key)
    assert (old.superseded_by, old.quote) == (record.key, citation.quote)
    assert old.claims == citation.claims
    assert old.checks[-1].outcome is CheckOutcome.CHANGED


def test_a_record_does_not_supersede_itself(site, cited, fetcher, store):
    """The same words again are the same record."""
    site.page("/x", said_page())
    citation = cited()
    made = replace_quote(_check(fetcher, citation, keep_pages=True), QUOTE, store, fetcher)
    assert made.citation.key == citation.key
    assert store.get(citation.key).superseded_by == ""


def test_a_snapshot_is_made_of_the_text_that_has_the_words(site, cited, fetcher, store):
    """Where a twin was read, the twin is what the archive keeps; the answer itself may be it."""
    site.page("/x", said_page())
    citation = cited()
    read = citation.evidence.model_copy(update={"text_url": site.url + "/x.md"})
    store.save(citation.model_copy(update={"evidence": read}))
    kept = f"/web/20261123120000/{site.url}/x.md"
    site.page(f"/save/{site.url}/x.md", "ok", content_location=kept)
    site.page(kept, said_page())
    archived = archive_source(store.get(citation.key), store, fetcher, site.url + "/save/{url}")
    assert archived.archive_url == site.url + kept
    site.asked.clear()
    site.page(f"/save/{site.url}/x.md", said_page(), content_location=kept)
    archive_source(store.get(citation.key), store, fetcher, site.url + "/save/{url}")
    assert site.paths() == [f"/save/{site.url}/x.md"]


# Small parts


def test_a_word_diff_of_long_passages_is_bounded():
    """The comparison grows with the square of the words: so many are looked at, and no more."""
    words = [f"w{number}" for number in range(MOST_WORDS + 50)]
    shown = word_diff(" ".join(words), " ".join([*words[:-60], "new", *words[-59:]]))
    assert f"w{MOST_WORDS - 1}" in shown
    assert f"w{MOST_WORDS}" not in shown
    assert word_diff("a b c d", "b c x d") == "[-a-] b c {+x+} d"
    often = " the" * 250  # a word that is frequent is a word like any other
    assert word_diff(f"cat{often}", f"dog{often}") == f"[-cat-] {{+dog+}}{often}"


def test_workers_begin_while_others_wait_and_not_more_than_allowed():
    """A line's jobs begin in order, the longest line first; two workers share a line at its end."""
    import threading

    seen = set()
    began = []

    def work(job):
        began.append(job)
        seen.add(threading.current_thread().name)
        return job

    lines = [range(3), range(3, 20)]
    assert list(run_in_threads(work, lines, 1)) == [*range(3, 20), 0, 1, 2]
    assert began == [*range(3, 20), 0, 1, 2]
    assert len(seen) == 1
    held = threading.Barrier(3, timeout=20)

    def meet(job):
        held.wait()
        return job

    assert sorted(run_in_threads(meet, [[0, 1], [2]], 3)) == [0, 1, 2]
