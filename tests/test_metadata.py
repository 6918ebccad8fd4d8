"""What a page says about itself: each rule of docs/metadata.md on the smallest page for it."""

import importlib.util
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from footnotary.extract import extract
from footnotary.models import Response

ROOT = Path(__file__).parent.parent
FILLER = "<p>" + "Words that make the page long enough to be read as one. " * 8
URL = "https://www.example.com/2024/guide/retries.html"


def read(head="", body="", *, url=URL, html=""):
    """Return the page of a head and a body."""
    text = f"<!doctype html><html {html}><head>{head}</head><body>{body}{FILLER}</body></html>"
    return extract(
        Response(
            url=url,
            final_url=url,
            headers={"content-type": "text/html; charset=utf-8"},
            body=text.encode(),
            retrieved_at=datetime(2026, 11, 23, tzinfo=UTC),
        )
    )


def linked_data(value):
    """Return a JSON-LD script."""
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("<title>Retries - Example</title>", "", "Retries"),
        ("<title>Example | Retries and limits</title>", "", "Retries and limits"),
        (
            (
                "<title>Retries and limits :: Handbook</title>"
                "<meta property=og:site_name content=Handbook>"
            ),
            "",
            "Retries and limits",
        ),
        (
            "<title>Retries and more</title>",
            "<main><h1>Retries and limits¶</h1></main>",
            "Retries and limits",
        ),
        (
            "<title>Retries and limits</title>",
            "<h1><a href='/'>Example's handbook</a></h1>",
            "Retries and limits",
        ),
        (
            "<title>Pooling - Example Docs</title>",
            "<main><h1>Connection pooling</h1></main>",
            "Connection pooling",
        ),
        (
            "<title>Tips for everyone</title>",
            "<article><h1>Retries. HTML and such</h1></article>",
            "Tips for everyone",
        ),
        (
            linked_data({"@type": "Article", "headline": "Retries &amp; limits"}),
            "",
            "Retries & limits",
        ),
        ("<meta name=citation_title content='On Retries'><title>Journal</title>", "", "On Retries"),
        (
            "<title>Retries — Handbook 3.2 documentation</title>",
            "<h1><a href='../index.html'>Handbook 3.2 documentation</a></h1><h1>Retries</h1>",
            "Retries",
        ),
        (
            "<title>Retries | Node 20 Documentation</title>",
            "<h1>Node 20 documentation</h1><h2>Retries</h2>",
            "Retries",
        ),
        (
            "<title>Handbook -- retry_policy</title>",
            "<h1>retry_policy</h1><h2>Exports</h2>",
            "retry_policy",
        ),
        (
            "<title>Solved - Retries and limits</title>",
            "<h1><span class='label label--blue'>Solved</span>Retries and limits</h1>",
            "Retries and limits",
        ),
        (
            (
                "<meta name=dc.title content='A plain name'>"
                "<meta property=dc:title content='An RDFa property'>"
            ),
            "",
            "An RDFa property",
        ),
    ],
)
def test_the_title_is_the_pages_without_the_sites_name(head, body, title):
    """Sources outvote one another; the site's name at either end goes, a heading of it too."""
    assert read(head, body).title == title


def test_a_heading_that_the_address_names_is_the_title():
    """A `<title>` that is the same on every page loses to the heading in the page's address."""
    head, body = "<title>Trips in the Ruhr</title>", "<h1>Essen-Westviertel</h1>"
    url = "https://trips.example/essen/essenwestviertel.htm"
    assert read(head, body, url=url).title == "Essen-Westviertel"
    assert read(head, body, url="https://trips.example/7.htm").title == "Trips in the Ruhr"


@pytest.mark.parametrize(
    ("head", "body", "authors"),
    [
        ("<meta name=citation_author content='Ann Lee'>", "", ("Ann Lee",)),
        (
            linked_data({"@type": "Article", "author": [{"name": "Ann Lee"}, {"name": "Bo Chen"}]}),
            "",
            ("Ann Lee", "Bo Chen"),
        ),
        (
            linked_data(
                {
                    "@graph": [
                        {"@type": "Article", "author": {"@id": "#a"}},
                        {"@type": "Person", "@id": "#a", "name": "Ann Lee"},
                    ]
                }
            ),
            "",
            ("Ann Lee",),
        ),
        ("", "<h1>Retries</h1><p>By Ann Lee and Bo Chen</p>", ("Ann Lee", "Bo Chen")),
        ("", "<h1>Retries</h1><p>Von <a rel=author href=/x>Ann Lee</a></p>", ("Ann Lee",)),
        ("<meta name=author content='Web Studio Ltd'>", "", ()),
        ("<meta property=og:type content=article><meta name=author content=admin>", "", ()),
        ("", "<h1>Retries</h1><aside><a rel=author href=/x>Ann Lee</a></aside>", ()),
        ("", "<h1>Retries</h1><div class=comment><span class=author>Bo</span></div>", ()),
        (
            "",
            (
                "<h1>Retries</h1><div itemscope itemtype=https://schema.org/BlogPosting><aside>"
                "<b itemprop=author>Ann Lee</b></aside></div>"
            ),
            ("Ann Lee",),
        ),
        (
            "",
            (
                "<h1>Retries</h1><ol><li class='comment bypostauthor'><span class=fn>Ann Lee</span>"
                "<li class=comment><span class=fn>Bo Chen</span></ol>"
            ),
            ("Ann Lee",),
        ),
        (
            "<link rel=author href=/al>",
            (
                "<h1>Retries</h1><p>by <a rel=author href=/al>al</a></p>"
                "<p>Licence of <a rel=cc:attributionURL href=/>Ann Lee</a></p>"
            ),
            ("Ann Lee",),
        ),
        ("", "<h1>Retries</h1><p>by <a rel=author href=/al>al</a></p>", ("al",)),
        ("", "<h1>Retries</h1><p>By default three attempts are made.</p>", ()),
    ],
)
def test_an_empty_author_beats_a_guess(head, body, authors):
    """Who is named as the author is; firms, roles, commenters and side bars are not."""
    assert read(head, body).authors == authors


@pytest.mark.parametrize(
    ("head", "body", "url", "day"),
    [
        (
            "<meta property=article:published_time content=2024-03-05T10:00:00Z>",
            "",
            URL,
            "2024-03-05",
        ),
        (linked_data({"@type": "Article", "datePublished": "2024-03-05"}), "", URL, "2024-03-05"),
        ("", "", "https://blog.example/2023/11/07/retries/", "2023-11-07"),
        ("", "<h1>Retries</h1><time datetime=2024-03-05>5 March</time>", URL, "2024-03-05"),
        ("", "<h1>Retries</h1><p>Veröffentlicht am 5. März 2024</p>", URL, "2024-03-05"),
        (
            "",
            "<h1>Retries</h1><p class=datum><b>Feb</b> <b>18</b><b>2009</b></p>",
            "https://example.net/a",
            "2009-02-18",
        ),
        ("", "<h1>Retries</h1><p>5/4/2020</p>", "https://example.net/a", None),
        ("", "<h1>Retries</h1><p>5/4/2020</p>", "https://example.co.uk/a", "2020-04-05"),
        ("", "<h1>Retries</h1><p>5/4/2020</p>", "https://example.gov/a", "2020-05-04"),
        ("", "<h1>Retries</h1><p>No day is given.</p>", "https://example.net/a", None),
    ],
)
def test_the_day_of_publication_is_stated_or_unknown(head, body, url, day):
    """A day is read where it is stated; what can be read in two ways is none."""
    found = read(head, body, url=url).published
    assert found == (date.fromisoformat(day) if day else None)


def test_each_field_says_where_it_came_from():
    """`origins` names the source of every field that is not empty, and of no other."""
    page = read(
        (
            "<title>Retries</title><link rel=canonical href=/guide/retries>"
            "<meta property=og:site_name content=Handbook><link rel=license href=/licence>"
        ),
        html="lang=en-GB",
    )
    assert (page.site, page.language, page.license) == (
        "Handbook",
        "en-GB",
        "https://www.example.com/licence",
    )
    assert page.canonical_url == "https://www.example.com/guide/retries"
    assert page.origins == {
        "title": "title",
        "site": "og:site_name",
        "canonical_url": "link rel=canonical",
        "language": "html lang",
        "license": "link rel=license",
    }


def test_a_site_without_a_stated_name_has_the_one_that_leads_to_its_front_page():
    """Documentation names itself in a link to its index; an id that has "site" in it does not."""
    page = read(
        body="<h1><a href='../index.html'>Handbook 3.2</a></h1><h2 id=prerequisites>Need</h2>"
    )
    assert (page.site, page.origins["site"]) == ("Handbook 3.2", "link to the front page")
    assert read(body="<h2 id=prerequisites>Need</h2>").site == ""


@pytest.mark.slow
def test_pages_with_known_answers_are_read_as_well_as_before(corpora):
    """Accuracy on saved pages does not fall below what docs/metadata.md says of it."""
    specification = importlib.util.spec_from_file_location(
        "benchmark", ROOT / "benchmarks" / "metadata.py"
    )
    benchmark = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(benchmark)
    lines = (corpora / "pages.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [row for row in map(json.loads, lines) if row["gold"]]
    count, total, _ = benchmark.measured(benchmark.ours, rows, corpora, listing=False)
    share = {field: count[field] / total[field] for field in count}
    assert share["title"] >= 0.81
    assert share["author"] >= 0.75
    assert share["people"] >= 0.83
    assert share["invented"] <= 0.07
    assert share["date"] >= 0.93
