"""Sources whose words stand elsewhere than on their page: which text is read, and told."""

import json

import pytest

from footnotary.checking import ReadingOutcome, check_citations
from footnotary.citing import Cited, Refused, Request, cite_quote
from footnotary.errors import HttpStatusError, OutOfTime, RobotsRefused, UnreadableError
from footnotary.extract.forges import (
    open_address,
    package_address,
    publisher_of,
    source_file,
    spelled_out,
)
from footnotary.fetch.fetcher import Fetcher
from footnotary.fetch.readings import _same_site, readings
from footnotary.record_files import dumped, read_record
from footnotary.records import RecordStore
from pdf_files import pdf
from tables import each_row

pytestmark = pytest.mark.usefixtures("read_here")

COMMIT = "0123456789abcdef0123456789abcdef01234567"
SOURCE = "import os\n\n\ndef retries() -> int:\n    return 7  # attempts, then give up\n"
LONG = "<p>" + "Words that make the page long enough to be read as one. " * 12


@pytest.fixture
def store(tmp_path):
    """An empty record store."""
    return RecordStore(tmp_path / "citations")


@pytest.fixture
def fetching(site):
    """Return a fetcher to which the loopback server is a publisher of some kind."""
    opened = []

    def fetching(kind=None):
        own = {f"127.0.0.1:{site.port}": kind} if kind else {}
        opened.append(Fetcher(allow_private=True, timeout=20.0, publishers=own))
        return opened[-1]

    yield fetching
    for one in opened:
        one.close()


def checked(citation, fetcher):
    """Return what a check says of one citation."""
    return check_citations([citation], fetcher)[0]


@pytest.mark.parametrize(
    "forge",
    [
        (
            "github",
            "/o/r/blob/main/src/x.py#L4-L5",
            "/o/r/raw/{ref}/src/x.py",
            "/api/v3/repos/o/r/commits/main",
            COMMIT,
        ),
        (
            "gitlab",
            "/g/s/p/-/blob/main/src/x.py#L4-5",
            "/api/v4/projects/g%2Fs%2Fp/repository/files/src%2Fx.py/raw?ref={ref}",
            "/api/v4/projects/g%2Fs%2Fp/repository/commits/main",
            json.dumps({"id": COMMIT}),
        ),
        (
            "gitea",
            "/o/r/src/branch/main/src/x.py#L4-L5",
            "/api/v1/repos/o/r/raw/src/x.py?ref={ref}",
            "/api/v1/repos/o/r/commits",
            json.dumps([{"sha": COMMIT}]),
        ),
    ],
)
def test_a_file_at_a_forge_is_read_raw_and_pinned(site, store, fetching, forge):
    """The raw file is read at the commit that the branch is now, and the record names both.

    GitLab's and Forgejo's own robots.txt keep crawlers from raw files, not programs from the API.
    """
    kind, page, raw, commit, told = forge
    if kind != "github":
        rules = "User-agent: *\nDisallow: /api\nDisallow: /*/*/raw\nDisallow: /*/*/src/\n"
        site.page("/robots.txt", rules, content_type="text/plain")
    site.page(commit, told, content_type="application/json")
    where = raw.format(ref=COMMIT).partition("?")[0]
    site.page(where, SOURCE, content_type="text/plain; charset=utf-8")
    web = fetching(kind)
    made = cite_quote(Request(url=site.url + page, quote="return 7  # attempts"), store, web)
    assert isinstance(made, Cited)
    assert not made.unpinned
    citation = made.citation
    assert COMMIT in citation.url
    assert citation.url.endswith(page.partition("#")[2])
    assert citation.evidence.text_url == site.url + raw.format(ref=COMMIT)
    assert citation.versions == {"commit": COMMIT}
    assert "x.py in " in citation.title
    assert checked(citation, web).reading is ReadingOutcome.UNCHANGED
    lines = cite_quote(Request(url=site.url + page, quote=""), store, web)
    assert lines.citation.quote.exact.startswith("def retries() -> int:")


def test_a_forge_that_tells_no_commit_is_cited_by_its_branch(site, store, fetching):
    """Nothing is made up: the file is read at the branch, and the result says it is unpinned."""
    site.page("/g/p/-/raw/main/x.py", SOURCE, content_type="text/plain")
    web = fetching()
    made = cite_quote(
        Request(url=f"{site.url}/g/p/-/blob/main/x.py", quote="return 7  # attempts"), store, web
    )
    assert made.unpinned
    assert made.citation.versions == {}
    site.page("/g/p/-/raw/main/x.py", SOURCE.replace("7", "8"), content_type="text/plain")
    assert checked(made.citation, web).reading is ReadingOutcome.CHANGED


MARKDOWN = "# Retries\n\nOpen the `pool` **before** the first request.\n\n- Close it last.\n"


@pytest.mark.parametrize(
    ("page", "quote", "words"),
    [
        ("/g/p/-/blob/{ref}/docs/README.md", "Open the pool before the first request.", ""),
        ("/g/p/-/blob/{ref}/docs/README.md?plain=1#L3", "", "Open the pool before"),
        ("/g/p/-/blob/{ref}/docs/README.md#L5", "", "Close it last."),
        ("/g/p/-/blob/{ref}/docs/README.md#L3-5", "", "Close it last."),
    ],
)
def test_markdown_at_a_forge_is_read_as_shown_and_counted_as_written(  # noqa: PLR0913, PLR0917  three are a case
    site, store, fetching, page, quote, words
):
    """Lines are those of the file, whatever is left of them where Markdown is shown."""
    path = "/api/v4/projects/g%2Fp/repository/files/docs%2FREADME.md/raw"
    site.page(path, MARKDOWN, content_type="text/plain; charset=utf-8")
    web = fetching()
    made = cite_quote(Request(url=site.url + page.format(ref=COMMIT), quote=quote), store, web)
    assert (words or quote) in made.citation.quote.exact
    assert checked(made.citation, web).reading is ReadingOutcome.UNCHANGED


@each_row(
    ("url", "raw"),
    [
        ("https://github.com/o/r/blob/refs/heads/main/x.py", "o/r/main/x.py"),
        ("https://github.com/o/r/raw/refs/tags/v1/x.py", "o/r/v1/x.py"),
        ("https://codeberg.org/o/r/media/branch/main/x.py", "o/r/raw/branch/main/x.py"),
        ("https://codeberg.org/o/r/blame/tag/v1/x.py", "o/r/raw/tag/v1/x.py"),
        ("https://gitlab.com/g/p/blob/main/x.py", "g/p/-/raw/main/x.py"),
        ("https://gitlab.com/g/p/-/blob/main/x.py?ref_type=heads", "g/p/-/raw/main/x.py"),
        ("https://example.com/g/p/blob/main/x.py", None),
    ],
)
def test_every_address_of_a_file_is_known(url, raw):
    """Forges have several for one file: with its kind of branch, its history, older ones."""
    file = source_file(url)
    assert (file.raw_url.split("/", 3)[3] if file else None) == raw


def test_a_pointer_to_a_file_is_not_the_file(site, store, fetching):
    """Git LFS keeps large files elsewhere: what their pointer lacks, they may say."""
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n"
    site.page("/o/r/raw/main/data.csv", pointer, content_type="text/plain")
    request = Request(url=f"{site.url}/o/r/blob/main/data.csv", quote="three, then give up")
    with pytest.raises(UnreadableError):
        cite_quote(request, store, fetching("github"))


def test_an_interface_that_redirects_to_a_page_opens_no_page(site, fetching):
    """robots.txt is asked at every hop that is no documented interface."""
    site.page("/robots.txt", "User-agent: *\nDisallow: /private\n", content_type="text/plain")
    path = "/api/v4/projects/g%2Fp/repository/files/x/raw"
    site.page(path, status=302, location="/private")
    site.page("/private", "words")
    with pytest.raises(RobotsRefused):
        fetching().get(f"{site.url}{path}?ref=main")
    assert site.paths() == [f"{path}?ref=main"]


def test_a_project_of_gitlab_is_read_by_its_readme(site, store, fetching):
    """Its front page puts the README there by a script; a page of another kind is a page."""
    site.page("/g/p", "<html><body><div id=app></div><script src=x.js></script>")
    web = fetching("gitlab")
    with pytest.raises(UnreadableError):
        cite_quote(Request(url=site.url + "/g/p", quote="Open the pool before"), store, web)
    path = "/api/v4/projects/g%2Fp/repository/files/README.md/raw"
    site.page(path, MARKDOWN, content_type="text/plain; charset=utf-8")
    made = cite_quote(Request(url=site.url + "/g/p", quote="Open the pool before the"), store, web)
    assert made.citation.evidence.text_url == f"{site.url}{path}?ref=HEAD"
    assert made.citation.final_url == site.url + "/g/p"


PYPI = {
    "info": {
        "name": "httpx",
        "version": "0.28.1",
        "summary": "The next generation HTTP client.",
        "author": "Tom Christie",
        "license_expression": "BSD-3-Clause",
        "requires_python": ">=3.8",
        "requires_dist": ["anyio", "httpcore==1.*"],
        "description": "# HTTPX\n\nA **fully featured** HTTP client, with [docs](https://x.example).\n",
        "description_content_type": "text/markdown; charset=UTF-8",
    },
    "urls": [{"upload_time": "2024-12-06T15:37:23"}],
    "releases": {},
}
NPM = {
    "name": "mermaid",
    "dist-tags": {"latest": "11.2.0"},
    "time": {"11.2.0": "2024-09-10T08:00:00.000Z"},
    "author": {"name": "Knut Sveidqvist"},
    "license": "MIT",
    "readme": "# mermaid\n\nGeneration of *diagrams* from text in a similar manner as Markdown.\n",
    "versions": {"11.2.0": {"dependencies": {"d3": "^7.9.0"}, "license": "MIT"}},
}


@pytest.mark.parametrize(
    "project",
    [
        (
            "pypi",
            "/project/httpx/",
            "/pypi/httpx/json",
            PYPI,
            "A fully featured HTTP client, with docs.",
            {"httpx": "0.28.1"},
        ),
        (
            "pypi",
            "/project/httpx/0.28.1/",
            "/pypi/httpx/0.28.1/json",
            PYPI,
            "Requires: Python >=3.8",
            {"httpx": "0.28.1"},
        ),
        (
            "npm",
            "/package/mermaid",
            "/mermaid",
            NPM,
            "Generation of diagrams from text",
            {"mermaid": "11.2.0"},
        ),
    ],
)
def test_a_project_of_an_index_is_read_from_its_json(site, store, fetching, project):
    """The page is drawn by scripts; its words, author, licence and day are in the index's JSON."""
    kind, page, api, data, quote, versions = project
    site.page(api, json.dumps(data), content_type="application/json")
    web = fetching(kind)
    made = cite_quote(Request(url=site.url + page, quote=quote), store, web)
    assert isinstance(made, Cited)
    assert made.citation.url == site.url + page
    assert made.citation.evidence.text_url == site.url + api
    assert made.citation.versions == versions
    assert made.citation.published.year == 2024
    assert made.citation.authors
    assert page not in site.paths()
    assert isinstance(
        cite_quote(Request(url=site.url + page, quote="no such words here"), store, web), Refused
    )
    newer = json.loads(
        json.dumps(data)
        .replace("Generation of", "Making")
        .replace("fully", "well")
        .replace(">=3.8", ">=3.9")
    )
    site.page(api, json.dumps(newer), content_type="application/json")
    assert checked(made.citation, web).reading is ReadingOutcome.CHANGED


@pytest.mark.parametrize(
    "body",
    [
        '{"info": 3, "urls": []}',
        '{"info": {"name": 1, "version": []}, "urls": 0}',
        "[" * 90_000,
        "{",
    ],
)
def test_json_that_describes_no_package_says_nothing(site, store, fetching, body):
    """A project's JSON that is broken or of wrong types is unreadable: never "not there"."""
    site.page("/pypi/x/json", body, content_type="application/json")
    with pytest.raises(UnreadableError):
        cite_quote(
            Request(url=f"{site.url}/project/x/", quote="Requires: Python >=3.8"),
            store,
            fetching("pypi"),
        )


def test_the_markdown_beside_a_page_has_the_words_that_its_html_lacks(site, store, fetching):
    """A page names its Markdown; what was read there is recorded, and read again by a check."""
    link = '<link rel=alternate type="text/markdown" href="/guide.md">'
    html = f"<html><head><title>Guide</title>{link}</head><body><main><h1>Guide</h1>{LONG}"
    site.page("/guide", html)
    site.page(
        "/guide.md",
        "# Guide\n\nThe limit is **10 requests** a second.\n",
        content_type="text/markdown",
    )
    web = fetching()
    made = cite_quote(
        Request(url=f"{site.url}/guide", quote="The limit is 10 requests a second."), store, web
    )
    assert made.citation.title == "Guide"
    assert made.citation.final_url == f"{site.url}/guide"
    assert made.citation.evidence.text_url == f"{site.url}/guide.md"
    assert made.citation.evidence.media_type == "text/markdown"
    assert read_record(made.path) == made.citation
    site.asked.clear()
    assert checked(made.citation, web).reading is ReadingOutcome.UNCHANGED
    assert site.paths() == ["/guide.md"]
    site.page(
        "/guide.md", "# Guide\n\nThe limit is 20 requests a second.\n", content_type="text/markdown"
    )
    assert checked(made.citation, web).reading is ReadingOutcome.CHANGED


def test_what_has_an_ending_of_its_own_has_no_markdown_beside_it(site, store, fetching):
    """An absent page is asked for once more as Markdown; a file of text, data or a PDF is not."""
    for path, asked in {
        "/guide": ["/guide", "/guide.md"],
        "/guide/": ["/guide/", "/guide.md"],
        "/": ["/"],
        "/llms.txt": ["/llms.txt"],
        "/guide.md": ["/guide.md"],
        "/guide.json": ["/guide.json"],
        "/guide.pdf": ["/guide.pdf"],
    }.items():
        site.asked.clear()
        with pytest.raises(HttpStatusError):
            cite_quote(Request(url=site.url + path, quote="The limit is 10."), store, fetching())
        assert [one for one in site.paths() if one != "/robots.txt"] == asked


def test_every_reading_is_searched_by_its_deadline(site, fetching):
    """A file, a package, a page and its Markdown: what is fetched in time is searched in time."""
    link = '<link rel=alternate type="text/markdown" href="/guide.md">'
    site.page("/guide", f"<head>{link}</head><h1>Guide</h1>{LONG}")
    site.page("/guide.md", "# Guide\n\nThe limit is 10 requests.\n", content_type="text/markdown")
    site.page("/g/p/-/raw/main/x.py", SOURCE, content_type="text/plain")
    site.page(
        "/pypi/x/json",
        json.dumps({"info": {"name": "x", "version": "1", "description": LONG}}),
        content_type="application/json",
    )
    read = [
        *readings(f"{site.url}/guide", fetching()),
        *readings(f"{site.url}/g/p/-/blob/main/x.py", fetching()),
        *readings(f"{site.url}/project/x/", fetching("pypi")),
    ]
    assert [one.response.url.removeprefix(site.url) for one in read] == [
        "/guide",
        "/guide.md",
        "/g/p/-/raw/main/x.py",
        "/pypi/x/json",
    ]
    for one in read:
        one.weigh("The limit is 10 requests.")
        one.deadline.put_off(-one.deadline.seconds)
        with pytest.raises(OutOfTime):
            one.weigh("The limit is 10 requests.")


def test_the_page_itself_comes_first(site, store, fetching):
    """Where the page has the words nothing else is asked, and the record has no other address."""
    link = '<link rel=alternate type="text/markdown" href="/guide.md">'
    site.page("/guide", f"<head>{link}</head><h1>Guide</h1>{LONG}<p>The limit is 10 requests.")
    made = cite_quote(
        Request(url=f"{site.url}/guide", quote="The limit is 10 requests."), store, fetching()
    )
    assert site.paths() == ["/guide"]
    assert made.citation.evidence.text_url == ""
    assert b"text_url" not in dumped(made.citation)


@pytest.mark.parametrize(
    "href", ["https://other.example/guide.md", "javascript:alert(1)", "/guide"]
)
def test_only_the_pages_own_site_speaks_for_it(site, store, fetching, href):
    """Markdown at another site, or that is the page once more, is not the page's."""
    link = f'<link rel=alternate type="text/markdown" href="{href}">'
    site.page("/guide", f"<head>{link}</head><h1>Guide</h1>{LONG}")
    made = cite_quote(
        Request(url=f"{site.url}/guide", quote="The limit is 10 requests."), store, fetching()
    )
    assert isinstance(made, Refused)
    assert set(site.paths()) == {"/guide"}


def test_a_paper_has_its_metadata_from_the_registry(site, store, fetching):
    """A DOI is asked for CSL-JSON; names and day are the registry's, the words the page's."""
    record = {
        "DOI": "10.1234/abc",
        "title": "On Retries",
        "author": [{"given": "Ann", "family": "Lee"}, {"literal": "The Retry Group"}],
        "container-title": "Journal of Waiting",
        "issued": {"date-parts": [[2023, 5, 4]]},
    }

    def answer(request):
        if "csl+json" in request.headers["accept"]:
            request.send(200, json.dumps(record), content_type="application/json")
        else:
            request.send(
                200, f"<title>x</title><h1>On retries!</h1>{LONG}<p>Waiting is half of it."
            )

    site.routes["/10.1234/abc"] = answer
    made = cite_quote(
        Request(url=f"{site.url}/10.1234/abc", quote="Waiting is half of it."),
        store,
        fetching("doi"),
    )
    citation = made.citation
    assert (citation.title, citation.authors) == ("On Retries", ("Ann Lee", "The Retry Group"))
    assert (citation.site, str(citation.published)) == ("Journal of Waiting", "2023-05-04")


def test_a_paper_that_its_page_only_summarises_is_read_in_its_pdf(site, store, fetching):
    """The abstract lacks the words, the PDF has them: its page of the hit is recorded."""
    site.page("/abs/2301.00001", f"<title>On Retries</title><h1>On Retries</h1>{LONG}")
    body = pdf(["Waiting is half of it."], ["A pool keeps ten connections."])
    site.page("/pdf/2301.00001", body, content_type="application/pdf")
    source = f"{site.url}/abs/2301.00001"
    web = fetching("arxiv")
    made = cite_quote(Request(url=source, quote="A pool keeps ten connections."), store, web)
    assert made.citation.title == "On Retries"
    assert made.citation.quote.section == "p. 2"
    assert made.citation.evidence.text_url == f"{site.url}/pdf/2301.00001"
    assert checked(made.citation, web).reading is ReadingOutcome.UNCHANGED


def test_a_registry_that_fails_leaves_the_pages_own_metadata(site, fetching):
    """Metadata is never made up: no record, no change."""
    site.page("/10.1234/abc", f"<title>On retries</title><h1>On retries</h1>{LONG}")
    reading = next(readings(f"{site.url}/10.1234/abc", fetching("doi")))
    assert reading.page.title == "On retries"
    assert reading.page.authors == ()


@each_row(
    ("named", "url"),
    [
        ("doi:10.1000/xyz.1", "https://doi.org/10.1000/xyz.1"),
        ("arXiv:2301.00001v2", "https://arxiv.org/abs/2301.00001v2"),
        ("https://x.example/doi:10.1000/x", "https://x.example/doi:10.1000/x"),
        ("src/app.py:10-20", "src/app.py:10-20"),
    ],
)
def test_a_name_is_spelled_out_as_its_address(named, url):
    """`doi:` and `arXiv:` are addresses; nothing else is changed."""
    assert spelled_out(named) == url


@each_row(
    ("permanent", "opened"),
    [
        (
            "https://en.wikipedia.org/w/index.php?title=C%2B%2B_(language)&oldid=12#History",
            "https://en.wikipedia.org/wiki/C%2B%2B_(language)?oldid=12#History",
        ),
        ("https://www.mediawiki.org/w/index.php?oldid=7&title=A b", "/wiki/A_b?oldid=7"),
        ("https://en.wikipedia.org/w/index.php?title=A&action=raw", None),
        ("https://en.wikipedia.org/wiki/A?oldid=12", None),
        ("https://wikipedia.org.example/w/index.php?title=A&oldid=1", None),
        ("https://wiki.example.com/w/index.php?title=A&oldid=1", None),
        ("doi:10.1000/1", None),
        ("https://[no", None),
    ],
)
def test_a_permanent_link_of_wikimedia_is_asked_where_robots_may(permanent, opened):
    """Its robots.txt closes /w/, and the same version is at /wiki/."""
    assert open_address(permanent).endswith(opened or permanent)


@each_row(
    ("page", "address"),
    [
        ("https://pypi.org/p/httpx/#files", "https://pypi.org/pypi/httpx/json"),
        ("https://pypi.python.org/pypi/httpx/0.28", "https://pypi.python.org/pypi/httpx/0.28/json"),
        ("https://test.pypi.org/project/httpx/", "https://test.pypi.org/pypi/httpx/json"),
        ("https://pypi.org/pypi/httpx/json", ""),
        (
            "https://www.npmjs.com/package/@scope/name/v/1.2.3",
            "https://registry.npmjs.org/@scope%2Fname/1.2.3",
        ),
        ("https://www.npmjs.com/package/name", "https://registry.npmjs.org/name"),
        ("https://www.npmjs.com/search?q=name", ""),
    ],
)
def test_a_package_has_one_address_at_its_registry(page, address):
    """Scoped names are one path segment (npm's registry API); other pages are ordinary."""
    assert package_address(page, publisher_of(page, {})) == address


def test_an_address_that_does_not_parse_is_of_no_site():
    """Neither its own nor another's."""
    assert _same_site("https://www.example.org/a", "https://example.org/b")
    for other in ("https://example.org:99999/", "https://[example.org/", "https:///", ""):
        assert not _same_site(other, "https://example.org/"), other
