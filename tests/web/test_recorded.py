"""What a record holds of a reading, and what another reading of the same words changes in it."""

from datetime import date
from hashlib import sha256

import pytest

from footnotary.cache import Cache
from footnotary.citing import Overclaimed, Refused, Request, cite_quote
from footnotary.errors import OutOfTime, RecordError, UnreadableError, UsageError
from footnotary.fetch.fetcher import Fetcher
from footnotary.models import Check, CheckOutcome, How, UnreadableReason
from pdf_files import pdf
from said_pages import FILLER, NOW, QUOTE

pytestmark = pytest.mark.usefixtures("read_here")


def _html(quote=QUOTE, head="<title>Timeouts</title>"):
    return f"<!doctype html>{head}<main><h1>Waiting</h1><p>{quote}</p><p>{FILLER}</p></main>"


@pytest.fixture
def cite_it(site, fetcher, store, now):
    """Cite from the site's page `/x`, as of the day that is set."""

    def call(quote=QUOTE, path="/x", **words):
        return cite_quote(Request(url=site.url + path, quote=quote, **words), store, fetcher)

    return call


# One reading


def test_the_record_says_what_was_seen(site, cite_it, store):
    """Address, day, headers, both digests and the passage are those of the answer and its page."""
    site.page("/old", status=301, location="/x")
    dated = {"etag": '"7"', "last_modified": "Mon, 02 Nov 2026 10:00:00 GMT"}
    site.page("/x", _html(), x_git_commit="0123abc", **dated)  # a commit is of the project's files
    cited = cite_it(path="/old", claim=" It waits. ", search_terms=("wait",), tags=("ops",))
    record = cited.citation
    assert store.get(record.key) == record
    assert cited.path == store.path(record.key)
    assert (cited.renewed, cited.unpinned, cited.unsupported) == (False, False, ())
    assert (record.url, record.final_url) == (site.url + "/old", site.url + "/x")
    assert record.accessed == NOW.date()
    assert [claim.text for claim in record.claims] == ["It waits."]
    assert (record.search_terms, record.tags) == (("wait",), ("ops",))
    assert (record.quote.match, record.quote.section) == ("exact", "Waiting")
    assert record.quote.prefix + record.quote.exact + record.quote.suffix in cited.page.text
    seen = record.evidence
    assert (seen.retrieved_at, seen.how, seen.status) == (NOW, How.WEB, 200)
    assert (seen.media_type, seen.text_url) == ("text/html", "")
    assert (seen.etag, seen.last_modified) == ('"7"', "Mon, 02 Nov 2026 10:00:00 GMT")
    assert seen.body_sha256 == sha256(_html().encode()).hexdigest()
    assert seen.text_sha256 == sha256(cited.page.text.encode()).hexdigest()
    assert QUOTE in seen.passage
    assert (seen.style_read, record.versions) == (True, {})


def test_a_record_keeps_a_link_only_where_markup_changes_it(site, cite_it):
    """What can be made of the quote alone is made when it is asked for."""
    site.page("/x", _html())
    assert cite_it().citation.quote.fragment == ""
    site.page("/y", _html(QUOTE.replace("timeout", "<kbd>time</kbd>out")))
    assert cite_it(path="/y").citation.quote.fragment.startswith(":~:text=")


def test_a_page_without_title_and_site_is_called_by_its_address(site, cite_it):
    """A record is never without a name: the address stands for a title, the host for a site."""
    site.page("/x", f"{QUOTE}\n\n{FILLER}\n", content_type="text/plain")
    record = cite_it().citation
    assert record.title
    assert record.site == "127.0.0.1"
    assert record.key.startswith("127-0-0-1")


def test_words_of_a_paged_file_say_their_page(site, cite_it):
    """Without headings, `p. N` is where the reader finds the words."""
    lines = [f"Line {number} of the report is about something else." for number in range(8)]
    body = pdf(lines, [*lines, QUOTE])
    site.routes["/x"] = lambda request: request.send(200, body, content_type="application/pdf")
    assert cite_it().citation.quote.section == "p. 2"


def test_words_in_another_typography_are_recorded_as_the_page_has_them(site, cite_it):
    """The record quotes the source, not the user, and says that it had to be normalized."""
    site.page("/x", _html("The “default” timeout — for all — is 30 seconds."))
    record = cite_it('The "default" timeout - for all - is 30 seconds.').citation
    assert record.quote.exact == "The “default” timeout — for all — is 30 seconds."
    assert record.quote.match == "normalized"


def test_an_accent_is_part_of_its_letter_however_it_is_coded(site, cite_it):
    """A letter and its combining accent are quoted whole, and not found without it."""
    site.page("/x", _html("The kitchen closes at ten, and so does the cafe\u0301 below it."))
    for quote in ("and so does the caf\u00e9", "and so does the cafe\u0301"):
        assert cite_it(quote).citation.quote.exact == "and so does the cafe\u0301"
    assert isinstance(cite_it("and so does the cafe"), Refused)


def test_a_near_quote_is_recorded_in_the_pages_wording_only_on_request(site, cite_it, store):
    """Without `as_source` nothing is written; with it, the record has what the page says."""
    site.page("/x", _html())
    quote = QUOTE.lower()
    assert isinstance(cite_it(quote), Refused)
    assert store.keys() == ()
    assert cite_it(quote, as_source=True).citation.quote.exact == QUOTE
    assert isinstance(cite_it("The default timeout is never reached.", as_source=True), Refused)
    style = "<style>b::before{content:'not '}</style>"
    site.page("/y", _html(f"{style}<p>The pool is <b></b>shared between two processes.</p>"))
    refused = cite_it("shared between two processes", as_source=True, path="/y")
    assert isinstance(refused, Refused)  # what would be recorded has U+FFFC in it


@pytest.mark.parametrize("quote", ["", " \n"])
def test_an_empty_quote_is_no_quote(site, cite_it, store, quote):
    """Nothing is asked for and nothing is written."""
    site.page("/x", _html())
    with pytest.raises(UsageError, match="empty"):
        cite_it(quote)
    assert site.asked == []
    assert store.keys() == ()


def test_what_cannot_be_read_is_told_from_what_is_not_there(site, cite_it, store):
    """A page without text that can be relied on is an error with its reason, and no refusal."""
    form = "<title>Log in</title><form><input type=password></form><p>Please log in.</p>"
    site.page("/x", "<!doctype html>" + form)
    with pytest.raises(UnreadableError, match=f"^{site.url}/x cannot be read") as error:
        cite_it()
    assert error.value.reason == UnreadableReason.LOGIN_WALL.value
    assert "--file" in error.value.hint
    body = bytes(range(256)) * 20
    site.routes["/x"] = lambda request: request.send(200, body, content_type="image/x-unheard-of")
    with pytest.raises(UnreadableError, match="image/x-unheard-of") as error:
        cite_it()
    assert error.value.reason == UnreadableReason.UNSUPPORTED_TYPE.value
    site.routes["/x"] = lambda request: request.send(200, body, content_type="")
    with pytest.raises(
        UnreadableError, match=r"cannot be read: footnotary does not read what it sends"
    ) as error:
        cite_it()
    assert error.value.reason == UnreadableReason.UNSUPPORTED_TYPE.value
    assert store.keys() == ()


def test_a_pdf_that_nobody_can_read_is_not_blamed_on_the_extra(site, cite_it):
    """The hint to install the extra is for those who lack it."""
    body = pdf([""])
    site.routes["/x"] = lambda request: request.send(200, body, content_type="application/pdf")
    with pytest.raises(UnreadableError) as error:
        cite_it()
    assert "footnotary[pdf]" not in error.value.hint


@pytest.mark.slow
def test_without_the_extra_a_pdf_says_what_to_install(site, cite_it, monkeypatch):
    """Where PDFs cannot be read, the hint is the command that changes it."""
    from footnotary import citing

    monkeypatch.setattr(citing, "find_spec", lambda name: None)
    body = pdf([""])
    site.routes["/x"] = lambda request: request.send(200, body, content_type="application/pdf")
    with pytest.raises(UnreadableError) as error:
        cite_it()
    assert "footnotary[pdf]" in error.value.hint


# Another reading of the same words


def test_another_reading_keeps_what_the_user_said(site, cite_it, store, now):
    """Terms, tags, versions, the snapshot and the checks stay; the newer evidence counts."""
    site.page("/x", _html())
    first = cite_it(claim="It waits.", search_terms=("a", "b"), tags=("x",)).citation
    check = Check(date=NOW.date(), outcome=CheckOutcome.HELD)
    said = {
        "archive_url": "https://archive.example/x",
        "checks": (check,),
        "versions": {"lib": "1"},
    }
    store.save(first.model_copy(update=said))
    now(5)
    site.page("/x", _html() + "<p>One more line.</p>")
    again = cite_it(search_terms=("b", "c"), tags=("y", "x"))
    record = store.get(first.key)
    assert again.renewed
    assert (again.citation, again.path) == (record, store.path(first.key))
    assert [claim.text for claim in record.claims] == ["It waits."]
    assert (record.search_terms, record.tags) == (("a", "b", "c"), ("x", "y"))
    assert record.archive_url == "https://archive.example/x"
    assert (record.checks, record.versions) == ((check,), {"lib": "1"})
    assert record.accessed == date(2026, 11, 28)
    assert record.evidence.body_sha256 != first.evidence.body_sha256
    claims = cite_it(claim="It waits for long.").citation.claims
    assert [claim.text for claim in claims] == ["It waits.", "It waits for long."]


def test_a_record_is_never_dated_back(site, cite_it, store, now, tmp_path):
    """A kept page that was read before the record's last reading adds words, but no evidence."""
    site.page("/x", _html())
    with Fetcher(Cache(tmp_path / "cache"), allow_private=True) as early:
        early.get(site.url + "/x")
    now(9)
    site.page("/x", _html() + "<p>One more line.</p>")
    newer = cite_it(tags=("new",)).citation
    with Fetcher(Cache(tmp_path / "cache"), offline=True, allow_private=True) as kept:
        cite_quote(Request(url=site.url + "/x", quote=QUOTE, tags=("old",)), store, kept)
    record = store.get(newer.key)
    assert record.accessed == newer.accessed == date(2026, 12, 2)
    assert record.evidence == newer.evidence
    assert record.tags == ("new", "old")


def test_a_page_with_another_title_keeps_its_record(site, cite_it, store):
    """The key is made of the title, but the same words of the same page are one record."""
    site.page("/x", _html())
    first = cite_it().citation
    site.page("/x", _html(head="<title>Everything about waiting</title>"))
    again = cite_it()
    assert again.renewed
    assert again.citation.key == first.key
    assert store.keys() == (first.key,)


def test_a_broken_record_beside_it_keeps_nobody_from_citing(site, cite_it, store):
    """A file whose key ends alike is looked at, and left to `doc check` when it is no record."""
    site.page("/x", _html())
    first = cite_it().citation
    broken = store.path(first.key).parent / f"0-{first.key[-6:]}.yaml"
    broken.write_text("schema: 1\n")
    site.page("/x", _html(head="<title>Everything about waiting</title>"))
    assert cite_it().citation.key == first.key
    broken.unlink()
    site.page("/x", _html())
    store.path(first.key).unlink()
    (store.path(first.key).parent / f"another-{first.key[-6:]}.yaml").write_text("schema: 1\n")
    assert cite_it().citation.key == first.key


@pytest.mark.parametrize("differs", ["quote", "final_url"])
def test_a_key_that_other_words_have_is_refused(site, cite_it, store, differs):
    """Six digits of a digest can meet: the other record is not written over."""
    site.page("/x", _html())
    first = cite_it().citation
    other = {
        "quote": first.quote.model_copy(update={"exact": "Other words that a page had."}),
        "final_url": "https://example.org/other",
    }
    taken = first.model_copy(update={differs: other[differs]})
    store.save(taken)
    with pytest.raises(RecordError, match=first.key):
        cite_it()
    assert store.get(first.key) == taken


def test_other_claims_do_not_lend_their_numbers(site, cite_it, now):
    """What a claim says must be in a quote of that claim, also with broken records around."""
    other = "After 3 failed attempts the client gives up for good."
    site.page("/x", _html(f"{QUOTE} {other}"))
    assert cite_it(other, claim="It gives up after 3.").unsupported == ()
    beyond = cite_it(claim="It waits 30 seconds, 3 times.")
    assert isinstance(beyond, Overclaimed)
    assert (beyond.quote, beyond.page.title) == (QUOTE, "Timeouts")
    assert cite_it(claim="It waits 30 seconds.").unsupported == ()


def test_the_quote_that_is_replaced_supports_nothing_any_more(site, cite_it, now):
    """Quotes of a claim may support it together, but not with the one whose place is taken."""
    other = "The default timeout of the service may be raised by 9 percent."
    site.page("/x", _html(f"{QUOTE} {other}"))
    first = cite_it(claim="The default timeout is 30 seconds.").citation
    replacing = {"quote": other, "claims": first.claims}
    assert isinstance(cite_it(**replacing, replaces=first.key), Overclaimed)
    assert cite_it(**replacing).unsupported == ()


def test_a_saved_page_is_read_in_its_time_or_named(tmp_path, store, now):
    """A page saved by hand may be as heavy as any."""
    saved = tmp_path / "page.html"
    saved.write_text(_html())
    request = Request(url="https://docs.example/x", quote=QUOTE, file=saved)
    with Fetcher(offline=True, timeout=0.0) as web, pytest.raises(OutOfTime, match=r"page\.html"):
        cite_quote(request, store, web)


def test_a_saved_page_stands_for_an_address_that_nobody_asks(site, store, tmp_path, now):
    """The file is read, the web is not, and the evidence says which it was."""
    saved = tmp_path / "page.html"
    saved.write_text(_html())
    request = Request(url=" HTTPS://Docs.Example/a/../x ", quote=QUOTE, file=saved)
    with Fetcher(offline=True) as web:
        cited = cite_quote(request, store, web)
    record = cited.citation
    assert record.url == record.final_url == "https://docs.example/x"
    assert record.evidence.how is How.FILE
    assert record.evidence.text_sha256 == sha256(cited.page.text.encode()).hexdigest()
