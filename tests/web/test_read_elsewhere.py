"""Words read elsewhere than on the cited page: never false, never "not there" when unread."""

import json

import httpcore
import pytest

from footnotary.cache import Cache
from footnotary.checking import ReadingOutcome, check_citations
from footnotary.checking.renewing import renew
from footnotary.citing import Cited, Refused, Request, cite_quote
from footnotary.cli.running import exit_code
from footnotary.errors import (
    AddressRefused,
    FootnotaryError,
    HttpStatusError,
    Unreachable,
    UnreadableError,
)
from footnotary.fetch.fetcher import Fetcher
from footnotary.fetch.guard import GuardedBackend
from footnotary.record_files import dumped, read_record
from footnotary.records import RecordStore

pytestmark = pytest.mark.usefixtures("read_here")

QUOTE = "The default timeout of the service is 30 seconds."
OTHER = " ".join(f"Sentence number {number} says something else." for number in range(40))
TWIN = '<link rel="alternate" type="text/markdown" href="/guide.md">'
MARKDOWN = f"# Timeouts\n\nThe **default timeout** of the service is `30` seconds.\n\n{OTHER}\n"
SCRIPTED = (
    '<!doctype html><title>Guide</title>{head}<div id="root"></div><script src="a.js"></script>'
)


def _html(body=OTHER, head=""):
    return (
        f'<!doctype html><title>Guide</title><meta property="og:site_name" content="Docs">{head}'
        f"<main><h1>The guide</h1><p>{body}</p></main>"
    )


@pytest.fixture
def store(tmp_path):
    """Records in an empty folder."""
    return RecordStore(tmp_path / "citations")


KINDS = {"/project": "pypi", "/package": "npm", "/10.": "doi", "/abs/": "arxiv"}


@pytest.fixture
def cited(site, fetcher, store):
    """Cite a quote from a path of the site, which is then what publishers have such paths."""

    def cite_it(path, quote=QUOTE):
        kinds = [kind for start, kind in KINDS.items() if path.startswith(start)]
        fetcher.publishers = {f"127.0.0.1:{site.port}": kind for kind in kinds}
        return cite_quote(Request(url=site.url + path, quote=quote), store, fetcher)

    return cite_it


@pytest.fixture
def check(fetcher):
    """Check one citation as `cite check` does."""

    def check_it(citation, **options):
        (result,) = check_citations([citation], fetcher, **options)
        return result

    return check_it


def _json(site, path, value, **headers):
    """Serve JSON."""
    site.page(path, json.dumps(value), content_type="application/json", **headers)


# Markdown twins


@pytest.mark.parametrize("page", [_html(head=TWIN), SCRIPTED.format(head=TWIN)])
def test_the_markdown_twin_holds_what_the_page_lacks(site, cited, store, page):
    """The record says which text held the quote, and what was cited stays the page."""
    site.page("/guide", page)
    site.page("/guide.md", MARKDOWN, content_type="text/markdown; charset=utf-8")
    citation = cited("/guide").citation
    assert citation.url == citation.final_url == site.url + "/guide"
    assert citation.evidence.text_url == site.url + "/guide.md"
    assert citation.evidence.media_type == "text/markdown"
    assert citation.quote.exact == QUOTE
    assert read_record(store.path(citation.key)) == citation
    assert site.paths() == ["/guide", "/guide.md"]


def test_a_page_that_says_it_is_read_alone(site, cited):
    """Nothing else is asked, and the record has the bytes that records always had."""
    site.page("/guide", _html(QUOTE + OTHER, TWIN))
    citation = cited("/guide").citation
    assert site.paths() == ["/guide"]
    assert citation.evidence.text_url == ""
    assert b"text_url" not in dumped(citation)


def test_metadata_comes_from_a_page_that_can_be_read(site, cited):
    """The twin has the words, the page says whose they are."""
    site.page("/guide", _html(head=TWIN))
    site.page("/guide.md", MARKDOWN, content_type="text/markdown")
    citation = cited("/guide").citation
    assert (citation.title, citation.site) == ("The guide", "Docs")


@pytest.mark.parametrize(
    "target", ["https://elsewhere.example/guide.md", "javascript:alert(1)", "//[", "http://[::1]/x"]
)
def test_a_twin_on_another_site_is_not_asked(site, cited, target):
    """Only the same publisher can speak for the page."""
    site.page("/guide", _html(head=TWIN.replace("/guide.md", target)))
    result = cited("/guide")
    assert isinstance(result, Refused)
    assert site.paths() == ["/guide"]


def test_a_twin_that_leads_to_another_site_is_no_twin(site, store):
    """A redirect does not make another site the publisher."""
    site.page("/guide", _html(head=TWIN))
    site.page("/guide.md", status=302, location="http://other.example/other.md")
    site.page("/other.md", MARKDOWN, content_type="text/markdown")
    network = _PublicSite(site.port, "public.example", "other.example")
    with Fetcher(ignore_robots=True, network=network) as guarded:
        result = cite_quote(Request(url="http://public.example/guide", quote=QUOTE), store, guarded)
    assert isinstance(result, Refused)
    assert site.paths() == ["/guide", "/guide.md", "/other.md"]
    assert "is not a version of" in result.unread[0]


class _PublicSite(GuardedBackend):
    """A network in which some public names are the loopback site; all else is guarded."""

    def __init__(self, port, *names):
        super().__init__(allow_private=False)
        self.port = port
        self.names = names or ("public.example",)

    def connect_tcp(self, host, port, **options):
        """Connect to the site for its own name, and as ever for others."""
        if host in self.names:
            return httpcore.SyncBackend().connect_tcp("127.0.0.1", self.port)
        return super().connect_tcp(host, port, **options)


def test_a_twin_leading_to_a_private_address_is_refused(site, store):
    """The address guard holds at every hop of every text."""
    site.page("/guide", _html(head=TWIN))
    site.page("/guide.md", status=302, location=f"http://127.0.0.1:{site.port}/secret.md")
    site.page("/secret.md", MARKDOWN, content_type="text/markdown")
    network = _PublicSite(site.port)
    with Fetcher(ignore_robots=True, network=network) as guarded:
        result = cite_quote(Request(url="http://public.example/guide", quote=QUOTE), store, guarded)
    assert isinstance(result, Refused)
    assert site.paths() == ["/guide", "/guide.md"]
    assert result.unread


@pytest.mark.parametrize("media_type", ["text/html", "application/json", "image/png"])
def test_a_twin_must_be_markdown(site, cited, media_type):
    """A single-page application answers every address with itself."""
    site.page("/guide", SCRIPTED.format(head=""))
    site.page("/guide.md", MARKDOWN, content_type=media_type)
    with pytest.raises(UnreadableError):
        cited("/guide")


def test_markdown_beside_an_unreadable_page_is_found(site, cited):
    """`.md` is tried only where the page cannot be read, once."""
    site.page("/guide/", SCRIPTED.format(head=""))
    site.page("/guide.md", MARKDOWN, content_type="text/plain; charset=utf-8")
    citation = cited("/guide/").citation
    assert citation.evidence.text_url == site.url + "/guide.md"
    assert citation.quote.exact == QUOTE
    assert site.paths() == ["/guide/", "/guide.md"]


def test_markdown_beside_an_absent_page_is_found(site, cited, check):
    """The server says that there is no page, and has its Markdown."""
    site.page("/guide.md", MARKDOWN, content_type="text/markdown")
    citation = cited("/guide").citation
    assert citation.final_url == site.url + "/guide"
    assert check(citation).reading is ReadingOutcome.UNCHANGED


def test_a_readable_page_without_the_quote_refuses_it_after_one_request(site, cited):
    """No address is guessed for a page that can be read."""
    site.page("/guide", _html())
    site.page("/guide.md", MARKDOWN, content_type="text/markdown")
    assert isinstance(cited("/guide"), Refused)
    assert site.paths() == ["/guide"]


def test_what_could_not_be_read_is_said_beside_a_refusal(site, cited):
    """A page that lacks the quote says nothing about its twin."""
    site.page("/guide", _html(head=TWIN))
    site.page("/guide.md", "", status=403)
    result = cited("/guide")
    assert isinstance(result, Refused)
    assert "403" in result.unread[0]


def test_an_unreadable_page_stays_unreadable_when_its_twin_lacks_the_quote(site, cited):
    """The twin may be shorter than the page: that is no "not there"."""
    site.page("/guide", SCRIPTED.format(head=TWIN))
    site.page("/guide.md", f"# Guide\n\n{OTHER}", content_type="text/markdown")
    with pytest.raises(UnreadableError):
        cited("/guide")


def test_a_false_quote_is_found_in_no_text(site, cited):
    """The twin is held to the same rule as the page."""
    site.page("/guide", _html(head=TWIN))
    site.page("/guide.md", MARKDOWN, content_type="text/markdown")
    assert isinstance(cited("/guide", QUOTE.replace("30", "3")), Refused)


def test_robots_hold_for_twins(site, cited):
    """What the site asks programs not to read is not read."""
    site.page("/robots.txt", "User-agent: *\nDisallow: /*.md", content_type="text/plain")
    site.page("/guide", _html(head=TWIN))
    site.page("/guide.md", MARKDOWN, content_type="text/markdown")
    result = cited("/guide")
    assert isinstance(result, Refused)
    assert "robots.txt" in result.unread[0]


@pytest.mark.parametrize("text_only", [True, False])
@pytest.mark.parametrize(
    ("page", "twin", "reading"),
    [
        (None, None, ReadingOutcome.UNCHANGED),
        (_html(QUOTE + OTHER), (404, ""), ReadingOutcome.INTACT),
        (None, (200, MARKDOWN + "\nMore."), ReadingOutcome.INTACT),
        (None, (200, MARKDOWN.replace("30", "60")), ReadingOutcome.CHANGED),
        (None, (404, ""), ReadingOutcome.GONE),
        (None, (403, ""), ReadingOutcome.UNREACHABLE),
        (None, (200, ""), ReadingOutcome.UNREADABLE),
        ("gone", (404, ""), ReadingOutcome.GONE),
        ("gone", None, ReadingOutcome.UNCHANGED),
        (SCRIPTED.format(head=""), None, ReadingOutcome.UNCHANGED),
    ],
)
def test_a_check_reads_the_text_that_held_the_quote(  # noqa: PLR0913, PLR0917  three are a case
    site, cited, check, page, twin, reading, text_only
):
    """The text that held it decides: the page beside it never said it."""
    site.page("/guide", _html(head=TWIN))
    site.page("/guide.md", MARKDOWN, content_type="text/markdown")
    citation = cited("/guide").citation
    if page == "gone":
        del site.routes["/guide"]
    elif page:
        site.page("/guide", page)
    if twin:
        site.page("/guide.md", twin[1], status=twin[0], content_type="text/markdown")
    assert check(citation, keep_pages=not text_only).reading is reading


# Papers

ABSTRACT = "We show that citations can be verified by machines in linear time."
LANDING = f"""<!doctype html><title>Page title of the publisher</title>
<meta name="citation_title" content="A paper">{{head}}
<main><h1>A paper</h1><p>{ABSTRACT}</p><p>{OTHER}</p></main>"""
CSL = {
    "type": "article-journal",
    "DOI": "10.1000/xyz",
    "title": "On <i>Verified</i> Citations &amp; Notes",
    "container-title": "Journal of Footnotes",
    "author": [
        {"given": "Ada", "family": "Lovelace", "sequence": "first", "affiliation": []},
        {"name": "The Notaries", "sequence": "additional"},
    ],
    "issued": {"date-parts": [[2024, 5, 17]]},
}


def _pdf(text):
    """Return a PDF of one page with a line of text."""
    stream = f"BT /F1 12 Tf 72 700 Td ({text}) Tj ET".encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources 6 0 R>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Font<</F1 5 0 R>>>>",
    ]
    body, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj%s endobj\n" % (number, one)
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"xref\n0 7\n0000000000 65535 f \n%strailer<</Size 7/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
    return body + end % (rows, len(body))


def _doi(site, csl=CSL, head=""):
    """Serve a DOI's landing page, and its metadata to those who ask for that."""

    def resolve(request):
        if "citationstyles" not in request.headers["accept"]:
            request.send(302, location="/article/xyz")
        elif csl is None:
            request.send(406)
        else:
            body = csl if isinstance(csl, str | bytes) else json.dumps(csl)
            request.send(body=body, content_type="application/vnd.citationstyles.csl+json")

    site.routes["/10.1000/xyz"] = resolve
    site.page("/article/xyz", LANDING.format(head=head))


def test_a_doi_is_cited_with_the_metadata_of_its_registry(site, cited):
    """The abstract holds the quote, the registry says whose it is."""
    _doi(site)
    citation = cited("/10.1000/xyz", ABSTRACT).citation
    assert citation.url == site.url + "/10.1000/xyz"
    assert citation.final_url == site.url + "/article/xyz"
    assert citation.title == "On Verified Citations & Notes"
    assert citation.authors == ("Ada Lovelace", "The Notaries")
    assert citation.site == "Journal of Footnotes"
    assert str(citation.published) == "2024-05-17"


@pytest.mark.parametrize(
    "csl",
    [
        None,
        "no JSON",
        "[" * 100_000,
        [],
        {},
        CSL | {"DOI": "10.1000/other"},
        {"DOI": "10.1000/xyz", "title": 7, "author": "x", "issued": {"date-parts": [[None]]}},
        {"DOI": "10.1000/xyz", "author": [7, {}, None], "issued": {"date-parts": [[2024]]}},
    ],
)
def test_metadata_is_never_invented(site, cited, csl):
    """A failed negotiation leaves what the page itself says."""
    _doi(site, csl)
    citation = cited("/10.1000/xyz", ABSTRACT).citation
    assert (citation.title, citation.authors, citation.published) == ("A paper", (), None)


def test_a_paper_is_not_recorded_twice_when_the_registry_fails(site, cited, store):
    """The same quote is re-dated under its key, whatever the title is today."""
    _doi(site)
    first = cited("/10.1000/xyz", ABSTRACT).citation
    _doi(site, None)
    again = cited("/10.1000/xyz", ABSTRACT)
    assert again.renewed
    assert again.citation.key == first.key
    assert store.keys() == (first.key,)


@pytest.mark.parametrize(
    ("later", "reading"),
    [
        (None, ReadingOutcome.UNCHANGED),
        (_pdf("Something else is written on this page of the paper."), ReadingOutcome.CHANGED),
        (403, ReadingOutcome.UNREACHABLE),
        (404, ReadingOutcome.GONE),
        (b"%PDF-broken", ReadingOutcome.UNREADABLE),
    ],
)
def test_what_the_landing_page_lacks_is_looked_for_in_the_pdf(site, cited, check, later, reading):
    """The record has the PDF's page, and a check reads the PDF again."""
    _doi(site, head='<meta name="citation_pdf_url" content="/article/xyz.pdf">')
    site.page("/article/xyz.pdf", _pdf(QUOTE), content_type="application/pdf")
    citation = cited("/10.1000/xyz").citation
    assert citation.quote.section == "p. 1"
    assert citation.title == "On Verified Citations & Notes"
    assert citation.evidence.text_url == site.url + "/article/xyz.pdf"
    assert citation.evidence.media_type == "application/pdf"
    if isinstance(later, int):
        site.page("/article/xyz.pdf", "", status=later)
    elif later:
        site.page("/article/xyz.pdf", later, content_type="application/pdf")
    assert check(citation).reading is reading


def test_an_arxiv_paper_has_its_pdf_at_the_same_version(site, cited):
    """The page may name the PDF of the newest version, which says something else."""
    head = (
        '<meta name="citation_arxiv_id" content="2301.00001">'
        '<meta name="citation_pdf_url" content="/pdf/2301.00001">'
    )
    site.page("/abs/2301.00001v2", LANDING.format(head=head))
    site.page("/pdf/2301.00001", _pdf("The newest version."), content_type="application/pdf")
    site.page("/pdf/2301.00001v2", _pdf(QUOTE), content_type="application/pdf")
    citation = cited("/abs/2301.00001v2").citation
    assert citation.evidence.text_url == site.url + "/pdf/2301.00001v2"
    assert "/pdf/2301.00001" not in site.paths()


# Packages

PYPI = {
    "info": {
        "author": None,
        "author_email": '"Ramírez, Ada" <ada@example.org>, Bob <bob@example.org>',
        "classifiers": ["License :: OSI Approved :: MIT License"],
        "description": "# timekeeper\n\nThe **default timeout** of the service is `30` seconds.\n",
        "description_content_type": "text/markdown; charset=UTF-8; variant=GFM",
        "license": None,
        "license_expression": "MIT",
        "name": "timekeeper",
        "requires_dist": ["starlette<0.42.0,>=0.40.0", 'email-validator>=2; extra == "all"'],
        "requires_python": ">=3.9",
        "summary": "Keeps the time of backend services",
        "version": "2.1.0",
        "yanked": False,
        "yanked_reason": None,
    },
    "last_serial": 1,
    "releases": {},
    "urls": [
        {"filename": "b.whl", "upload_time_iso_8601": "2026-02-03T23:59:00.000000Z"},
        {"filename": "a.tar.gz", "upload_time_iso_8601": "2026-02-02T10:00:00.000000Z"},
    ],
    "vulnerabilities": [],
}
NPM = {
    "_id": "@acme/clock",
    "name": "@acme/clock",
    "dist-tags": {"latest": "1.3.0"},
    "versions": {
        "1.2.0": {
            "name": "@acme/clock",
            "version": "1.2.0",
            "description": "An older clock, slow",
            "dist": {},
        },
        "1.3.0": {
            "name": "@acme/clock",
            "version": "1.3.0",
            "description": "A clock for services",
            "author": {"name": "Ada Example", "email": "ada@example.org"},
            "license": "ISC",
            "dist": {"tarball": "https://packages.example/clock.tgz"},
            "engines": {"node": ">= 18.12.0"},
            "dependencies": {"accepts": "~1.3.8"},
        },
    },
    "time": {"created": "2020-01-01T00:00:00.000Z", "1.3.0": "2026-03-04T05:06:07.000Z"},
    "readme": "# Clock\n\nThe **default timeout** of the service is `30` seconds.\n",
    "readmeFilename": "README.md",
}


@pytest.mark.parametrize(
    "path", ["/project/timekeeper/", "/project/timekeeper", "/project/timekeeper/#history"]
)
def test_a_python_package_is_read_by_its_index(site, cited, store, path):
    """The description as it is shown holds the quote; the version that it is of is recorded."""
    _json(site, "/pypi/timekeeper/json", PYPI)
    citation = cited(path).citation
    assert citation.url == site.url + path
    assert citation.final_url == (site.url + path).partition("#")[0]
    assert citation.evidence.text_url == site.url + "/pypi/timekeeper/json"
    assert citation.evidence.media_type == "application/json"
    assert (citation.title, citation.site, citation.license) == ("timekeeper 2.1.0", "PyPI", "MIT")
    assert citation.authors == ("Ramírez, Ada", "Bob")
    assert "@" not in str(citation.authors)
    assert str(citation.published) == "2026-02-02"
    assert citation.versions == {"timekeeper": "2.1.0"}
    assert citation.quote.section == "timekeeper"
    assert site.paths() == ["/pypi/timekeeper/json"]
    assert read_record(store.path(citation.key)) == citation


@pytest.mark.parametrize(
    "quote",
    [
        "Keeps the time of backend services",
        "Requires: Python >=3.9",
        "starlette<0.42.0,>=0.40.0",
    ],
)
def test_the_short_facts_of_a_package_can_be_quoted(site, cited, quote):
    """Summary and requirements stand on the project page too."""
    _json(site, "/pypi/timekeeper/json", PYPI)
    assert cited("/project/timekeeper/", quote).citation.quote.exact == quote
    assert isinstance(cited("/project/timekeeper/", "Requires: Python >=3.10"), Refused)


def test_a_release_is_read_at_its_own_address(site, cited):
    """A page with a version is about that version."""
    _json(site, "/pypi/timekeeper/2.1.0/json", PYPI)
    citation = cited("/project/timekeeper/2.1.0/").citation
    assert citation.title == "timekeeper 2.1.0"
    assert site.paths() == ["/pypi/timekeeper/2.1.0/json"]


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/package/@acme/clock", "/@acme%2Fclock"),
        ("/package/@acme/clock?activeTab=readme", "/@acme%2Fclock"),
    ],
)
def test_a_node_package_is_read_by_its_registry(site, cited, path, asked):
    """The README of the package is that of its latest version."""
    _json(site, "/@acme%2Fclock", NPM)
    citation = cited(path).citation
    assert citation.evidence.text_url == site.url + asked
    assert citation.title == "@acme/clock 1.3.0"
    assert (citation.site, citation.license) == ("npm", "ISC")
    assert citation.authors == ("Ada Example",)
    assert str(citation.published) == "2026-03-04"
    assert citation.versions == {"@acme/clock": "1.3.0"}


def test_a_release_whose_readme_is_not_given_says_nothing_about_it(site, cited):
    """The registry has the README of the latest version alone: that is "cannot read"."""
    _json(site, "/@acme%2Fclock/1.2.0", NPM["versions"]["1.2.0"])
    with pytest.raises(UnreadableError, match=r"README of @acme/clock 1\.2\.0") as unread:
        cited("/package/@acme/clock/v/1.2.0")
    assert unread.value.reason == "too-short"
    assert isinstance(cited("/package/@acme/clock/v/1.2.0", "An older clock, slow"), Cited)


def test_a_newer_release_redates_the_record_of_the_same_words(site, cited, store):
    """The title has the release in it, the key need not: no second record of one quote."""
    _json(site, "/pypi/timekeeper/json", PYPI)
    first = cited("/project/timekeeper/").citation
    _json(site, "/pypi/timekeeper/json", PYPI | {"info": PYPI["info"] | {"version": "2.2.0"}})
    again = cited("/project/timekeeper/")
    assert again.renewed
    assert again.citation.key == first.key
    assert again.citation.versions == {"timekeeper": "2.2.0"}
    assert store.keys() == (first.key,)


def test_one_version_is_read_where_all_are_too_large(site, cited):
    """Some packages have thousands of versions; the limits hold for them too."""
    site.page("/@acme%2Fclock", b"x" * 1_100_000, content_type="application/json")
    one = NPM["versions"]["1.3.0"] | {"readme": NPM["readme"]}
    _json(site, "/@acme%2Fclock/latest", one)
    citation = cited("/package/@acme/clock").citation
    assert citation.evidence.text_url == site.url + "/@acme%2Fclock/latest"


@pytest.mark.parametrize(
    ("later", "reading"),
    [
        (PYPI, ReadingOutcome.UNCHANGED),
        (PYPI | {"last_serial": 2}, ReadingOutcome.INTACT),
        (
            PYPI | {"info": PYPI["info"] | {"version": "3.0.0", "description": "New text."}},
            ReadingOutcome.CHANGED,
        ),
        (PYPI | {"info": None}, ReadingOutcome.UNREADABLE),
        (PYPI | {"info": PYPI["info"] | {"description": {"x": 1}}}, ReadingOutcome.UNREADABLE),
        (404, ReadingOutcome.GONE),
        (403, ReadingOutcome.UNREACHABLE),
    ],
)
def test_a_check_of_a_package_reads_its_index_again(  # noqa: PLR0913, PLR0917  two are a case
    site, cited, check, store, later, reading
):
    """Held, changed, gone and unreadable are told apart."""
    _json(site, "/pypi/timekeeper/json", PYPI)
    citation = cited("/project/timekeeper/").citation
    if isinstance(later, int):
        site.page("/pypi/timekeeper/json", "", status=later)
    else:
        _json(site, "/pypi/timekeeper/json", later)
    site.asked.clear()
    result = check(citation, keep_pages=True)
    assert result.reading is reading
    assert site.paths()[0] == "/pypi/timekeeper/json"
    if result.holds:
        assert renew(result, store).evidence.text_url == citation.evidence.text_url


@pytest.mark.parametrize(
    "body",
    [
        "",
        "null",
        "[]",
        "[" * 100_000,
        '{"info": []}',
        '{"info": {"name": 7, "version": null}}',
        "\0\0",
        "<html>",
        "9" * 5000,
    ],
)
def test_an_index_that_answers_nonsense_is_unreadable(site, cited, body):
    """No traceback, and never "not there"."""
    site.page("/pypi/x/json", body, content_type="application/json")
    with pytest.raises(UnreadableError):
        cited("/project/x/")


def test_fields_of_wrong_types_are_left_out(site, cited):
    """Anybody can publish anything; the quote is still judged by what can be read."""
    info = dict.fromkeys(PYPI["info"], 7) | {
        "name": "x\ud800",
        "version": "1",
        "description": f"<script>hidden words are not text</script>{QUOTE}<div hidden>unseen</div>",
        "description_content_type": "text/markdown",
        "requires_dist": [7, None, {"a": 1}],
    }
    _json(site, "/pypi/x/json", {"info": info, "urls": [7, {"upload_time": "never"}]})
    citation = cited("/project/x/").citation
    assert (citation.authors, citation.published, citation.license) == ((), None, "")
    assert isinstance(cited("/project/x/", "hidden words are not text"), Refused)


def test_half_a_character_in_json_is_no_traceback(site, cited, store):
    """JSON can spell what no file can hold; the rest of the text is evidence all the same."""
    body = '{"note": "\\ud800", "said": "' + QUOTE + '"}'
    site.page("/data.json", body, content_type="application/json")
    citation = cited("/data.json").citation
    assert read_record(store.path(citation.key)) == citation


def test_a_huge_answer_of_an_index_is_one_clear_sentence(site, cited):
    """The limits of fetching hold for indexes."""
    site.page("/pypi/x/json", b'{"info": "' + b"x" * 1_100_000, content_type="application/json")
    with pytest.raises(FootnotaryError, match="MB"):
        cited("/project/x/")


def test_an_index_that_leads_to_another_scheme_is_refused(site, cited):
    """Redirects of an API go through the address guard like all others."""
    site.page("/pypi/x/json", status=302, location="file:///etc/passwd")
    with pytest.raises(AddressRefused):
        cited("/project/x/")


def test_robots_speak_to_crawlers_and_not_of_documented_interfaces(site, cited):
    """An index's JSON is asked for one project; its pages are robots.txt's business."""
    rules = "User-agent: *\nDisallow: /pypi/*/json\nDisallow: /project/a/b"
    site.page("/robots.txt", rules, content_type="text/plain")
    _json(site, "/pypi/timekeeper/json", PYPI)
    assert cited("/project/timekeeper/").page.site == "PyPI"
    with pytest.raises(FootnotaryError, match=r"robots\.txt"):
        cited("/project/a/b/c")


@pytest.mark.parametrize(
    "path", ["/project/a/b/c/", "/project/", "/project/..%2f..%2fx/", "/project/a%00b/"]
)
def test_other_pages_of_an_index_are_pages(site, cited, path):
    """Only a project's page is read by the API; nothing can lead out of it."""
    with pytest.raises((HttpStatusError, FootnotaryError)):
        cited(path)
    assert not [asked for asked in site.paths() if asked.startswith("/pypi/")]


def test_offline_reads_all_of_them_from_the_cache(site, store, tmp_path):
    """What was read once can be cited and checked again without a connection."""
    site.page("/guide", _html(head=TWIN), etag='"a"')
    site.page("/guide.md", MARKDOWN, content_type="text/markdown", etag='"b"')
    _json(site, "/pypi/timekeeper/json", PYPI, etag='"c"')
    site.page("/app", SCRIPTED.format(head=""), etag='"d"')
    site.page("/app.md", MARKDOWN, content_type="text/markdown", etag='"e"')
    own = {f"127.0.0.1:{site.port}": "pypi"}

    def records(*, offline):
        cache = Cache(tmp_path / "cache")
        with Fetcher(cache, allow_private=True, offline=offline, publishers=own) as fetcher:
            made = [
                cite_quote(Request(url=site.url + path, quote=QUOTE), store, fetcher).citation
                for path in ("/guide", "/app", "/project/timekeeper/")
            ]
            readings = [one.reading for one in check_citations(made, fetcher)]
        return [one.evidence.text_url for one in made], readings

    online = records(offline=False)
    assert online[1] == [ReadingOutcome.UNCHANGED] * 3
    asked = len(site.asked)
    assert records(offline=True) == online
    assert len(site.asked) == asked
    request = Request(url=site.url + "/project/timekeeper/", quote=QUOTE)
    with (
        Fetcher(allow_private=True, offline=True, publishers=own) as empty,
        pytest.raises(Unreachable),
    ):
        cite_quote(request, store, empty)


def test_an_update_names_the_release_that_the_words_are_of_now(site, cited, check, store):
    """A record that is re-dated by a newer release says which one that is."""
    _json(site, "/pypi/timekeeper/json", PYPI)
    citation = cited("/project/timekeeper/").citation
    _json(site, "/pypi/timekeeper/json", PYPI | {"info": PYPI["info"] | {"version": "2.2.0"}})
    renewed = renew(check(citation, keep_pages=True), store)
    assert renewed.versions == {"timekeeper": "2.2.0"}
    assert renewed.final_url == citation.final_url
    assert store.keys() == (citation.key,)


# The commands


@pytest.fixture
def project(site, tmp_path, monkeypatch):
    """A project in whose settings the site is a package index and a resolver of DOIs."""
    (tmp_path / "pyproject.toml").write_text(
        "[tool.footnotary]\nallow-private = true\ndelay = 0\n[tool.footnotary.publishers]\n"
        f'"127.0.0.1:{site.port}" = "pypi"\n"localhost:{site.port}" = "doi"\n'
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_commands_read_them_all(site, project, capsys):
    """`cite`, `cite inspect` and `cite check` know papers, packages and twins."""
    _doi(site)
    _json(site, "/pypi/timekeeper/json", PYPI)
    site.page("/guide", _html(head=TWIN))
    site.page("/guide.md", MARKDOWN, content_type="text/markdown")
    named = {
        f"http://localhost:{site.port}/10.1000/xyz": ABSTRACT,
        f"{site.url}/project/timekeeper/": QUOTE,
        f"{site.url}/guide": QUOTE,
    }
    titles = []
    for source, quote in named.items():
        assert exit_code("cite", [source, "--quote", quote]) == 0
        assert exit_code("cite", [source, "--quote", quote.replace(" ", " not ", 1)]) == 1
        capsys.readouterr()
        assert exit_code("cite", ["inspect", source, "--json"]) == 0
        titles.append(json.loads(capsys.readouterr().out)["title"])
    assert titles == ["On Verified Citations & Notes", "timekeeper 2.1.0", "The guide"]
    assert exit_code("cite", ["check"]) == 0
    assert "3 checked: 3 unchanged." in capsys.readouterr().out
    assert len(list(project.glob("citations/*.yaml"))) == 3
