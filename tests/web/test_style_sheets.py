"""Style sheets that a page links: had as pages are, within bounds, and said where they were not."""

import pytest

from footnotary.citing import Cited, Refused, Request, cite_quote
from footnotary.extract import extract
from footnotary.extract.css.page_sheets import MOST_SHEETS
from footnotary.fetch.fetcher import Fetcher
from footnotary.fetch.readings import readings
from footnotary.fetch.saved import read_saved
from footnotary.match.matching import Outcome
from footnotary.records import RecordStore

WORDS = "Seventeen connections wait for each worker."
BESIDE = "<p>" + "Words that make the page long enough to be read as one. " * 12
PAGE = (
    "<!doctype html><title>Pools</title><link rel=stylesheet href=a.css>"
    f"<p class=a>{WORDS}</p>{BESIDE}"
)


@pytest.fixture
def fetcher():
    """A fetcher that may ask the loopback server."""
    with Fetcher(allow_private=True, timeout=20.0) as one:
        yield one


def css(text, status=200, kind="text/css"):
    """Return a route that answers with a sheet."""
    return lambda request: request.send(status, text, content_type=kind)


def read(site, fetcher, path="/page"):
    """Return the page of the first reading."""
    return next(readings(f"{site.url}{path}", fetcher)).page


def test_what_a_linked_sheet_hides_is_refused(site, fetcher, tmp_path):
    """Words that a linked sheet hides are not shown; one that hides others changes nothing."""
    store = RecordStore(tmp_path)
    site.routes |= {
        "/page": lambda request: request.send(body=PAGE),
        "/a.css": css(".a{display:none}"),
    }
    refused = cite_quote(Request(f"{site.url}/page", WORDS), store, fetcher)
    assert isinstance(refused, Refused)
    assert (refused.match.outcome, refused.match.reason) == (Outcome.NOT_SHOWN, "display: none")
    fetcher.sheets.clear()
    site.routes["/a.css"] = css(".b{display:none}")
    cited = cite_quote(Request(f"{site.url}/page", WORDS), store, fetcher)
    assert isinstance(cited, Cited)
    assert cited.citation.evidence.style_read is True


@pytest.mark.parametrize(
    ("answer", "shown", "was_read"),
    [
        (css("", 404), True, True),
        (css(".a{display:none}", 500), True, False),
        (css(".a{display:none}", 403), True, False),
        (css(".a{display:none}", kind="text/html"), True, True),
        (css("/*" + "x" * 1_200_000 + "*/"), True, False),
        (lambda _: "close", True, False),
    ],
)
def test_a_sheet_that_is_not_had_is_said(site, fetcher, answer, shown, was_read):
    """No sheet and one of another type hide nothing in a browser; any other failure is told."""
    site.routes |= {"/page": lambda request: request.send(body=PAGE), "/a.css": answer}
    page = read(site, fetcher)
    assert (WORDS in page.text, page.style_read) == (shown, was_read)


def test_sheets_are_asked_for_once_and_within_bounds(site, fetcher):
    """Two pages of one run share their sheets; of very many, no more than the most are asked."""
    links = "".join(f"<link rel=stylesheet href=/{number}.css>" for number in range(60))
    site.routes |= {
        "/page": lambda request: request.send(body=PAGE),
        "/other": lambda request: request.send(body=PAGE),
        "/many": lambda request: request.send(body=links + BESIDE),
        "/a.css": css("@import 'a.css'; @import 'b.css'; .a{display:none}"),
        "/b.css": css("@import 'a.css'; .b{display:none}"),
    }
    assert WORDS not in read(site, fetcher).text + read(site, fetcher, "/other").text
    paths = [path for path, _ in site.asked]
    assert (paths.count("/a.css"), paths.count("/b.css")) == (1, 1)
    assert read(site, fetcher, "/many").style_read is False
    assert sum(path.endswith(".css") for path, _ in site.asked) == 2 + MOST_SHEETS


def test_a_sheet_leads_to_no_private_host(site, fetcher):
    """No page makes the tool ask a host of the user's network for its sheet."""
    page = PAGE.replace("a.css", "http://127.0.0.2:9/a.css")
    site.routes |= {"/page": lambda request: request.send(body=page)}
    assert read(site, fetcher).style_read is False


def test_sheets_beside_a_saved_page_are_read(tmp_path):
    """A browser saves sheets in a folder beside the page; links cannot lead out of it."""
    file = tmp_path / "site" / "page.html"
    (tmp_path / "site" / "page_files").mkdir(parents=True)
    (tmp_path / "out.css").write_text(".a{display:none}")
    (tmp_path / "site" / "page_files" / "a b.css").write_text(".a{display:none}")
    for href, shown, was_read in (
        ("page_files/a%20b.css", False, True),
        ("../out.css", True, False),
        ("https://elsewhere.example/a.css", True, False),
    ):
        file.write_text(PAGE.replace("a.css", href))
        page = extract(read_saved(file, "https://docs.example/guide/page.html"))
        assert (WORDS in page.text, page.style_read) == (shown, was_read), href


def test_sheets_in_a_single_file_page_are_read(tmp_path):
    """MHTML has a page's sheets as parts of their own, by their address."""
    file = tmp_path / "page.mhtml"
    part = "--B\r\nContent-Type: {}\r\nContent-Location: {}\r\n\r\n{}\r\n"
    file.write_text(
        "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=B\r\n\r\n"
        + part.format("text/html", "https://docs.example/p", PAGE.replace("a.css", "cid:1@mhtml"))
        + part.format("text/css", "cid:1@mhtml", ".a{visibility:hidden}")
        + "--B--\r\n"
    )
    page = extract(read_saved(file, "https://docs.example/p"))
    assert (WORDS in page.text, page.style_read) == (False, True)


def test_a_page_of_very_many_elements_has_its_sheets(tmp_path, monkeypatch):
    """A page that is read in a process of its own takes the sheets along that its head links."""
    monkeypatch.setattr("footnotary.extract.parsing._Process.reads_one_page", False)
    file = tmp_path / "page.html"
    file.write_text(PAGE + "<br>x" * 20_001, encoding="utf-8")
    (tmp_path / "a.css").write_text(".a{display:none}", encoding="utf-8")
    styles = read_saved(file, "https://docs.example/page.html").styles
    assert list(styles) == ["https://docs.example/a.css"]
