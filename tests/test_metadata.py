"""What a page says about itself: each rule of docs/metadata.md on the smallest page for it."""

import importlib.util
import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from footnotary.extract import extract
from footnotary.models import Response
from tables import each_row

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


@each_row(
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


@each_row(
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


@each_row(
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
        ("", "<h1>Retries</h1><p>Posted 5/4/2020</p>", "https://example.net/a", None),
        ("", "<h1>Retries</h1><p>Posted 5/4/2020</p>", "https://pool.rs/a", None),
        ("", "<h1>Retries</h1><p>Posted 5/4/2020</p>", "https://pool.app/a", None),
        ("", "<h1>Retries</h1><p>Posted 5/4/2020</p>", "https://example.co.uk/a", "2020-04-05"),
        ("", "<h1>Retries</h1><p>Posted 5/4/2020</p>", "https://example.gov/a", "2020-05-04"),
        ("", "<h1>R</h1><b class=published>5/4/2020</b>", "https://example.co.uk/a", "2020-04-05"),
        (linked_data({"@type": "FAQPage", "datePublished": "2024-03-05"}), "", URL, "2024-03-05"),
        ("", "<h1>Retries</h1><p>No day is given.</p>", "https://example.net/a", None),
    ],
)
def test_the_day_of_publication_is_stated_or_unknown(head, body, url, day):
    """A day is read where it is stated; what can be read in two ways is none."""
    found = read(head, body, url=url).published
    assert found == (date.fromisoformat(day) if day else None)


@each_row(
    "body",
    [
        "<h1>Retries</h1><p>Support for the old protocol ended on January 1, 2020.</p>",
        "<h1>Retries</h1><pre>2010-12-12 11:41:42,612 WARNING the pool is exhausted</pre>",
        "<h1>Retries</h1><p><code>Published 2010-12-12</code></p>",
        "<h1>Retries</h1><table><tr><th>File<th>Day<tr><td>a.tar.gz<td>12-Mar-2019 10:11</table>",
        "<h1>Retries</h1><table><tr><td>Published 12 March 2019</table>",
        "<h1>Retries</h1><p>Copyright 1 January 2019 by the authors</p>",
        "<h1>Retries</h1><p>Version 3.2 of May 4, 2019</p>",
        "<h1>Retries</h1><p>Release 3.11, 4 May 2023</p>",
        "<h1>Retries</h1><p>Accessed on 4 May 2023. Expires: 4 June 2024</p>",
        "<h1>Retries</h1><p>May 4, 2023</p>",
        "<h1>Retries</h1><p>The protocol was published on July 3, 2010 by many.</p>",
        (
            "<h1>Retries</h1><p>It ended on <time datetime=2020-01-01>1 January 2020</time> and"
            " nobody has asked for it any more.</p>"
        ),
        "<h1>Retries</h1><aside class=related><time datetime=2019-02-02>Feb 2, 2019</time></aside>",
        (
            "<h1>News</h1><ul><li><a href=/a>A</a> <time>2 Feb 2019</time><li><a href=/b>B</a>"
            " <time>3 Feb 2019</time><li><a href=/c>C</a> <time>4 Feb 2019</time></ul>"
        ),
        "<h1>Retries</h1><blockquote>Posted 4 May 2023</blockquote>",
        "<h1>Retries</h1><ul><li><a href=/b>B</a> <time datetime=2019-02-02>2 Feb</time></ul>",
        "<h1>Retries</h1><p>The outage of <time datetime=2019-02-02>2 Feb</time> showed it.</p>",
        "<h1>Retries</h1><h2>2.1.0 (2023-05-04)</h2>",
    ],
)
def test_a_day_that_no_word_of_publishing_belongs_to_is_none(body):
    """Days in prose, code, tables, quotations, lists, of versions and of rights date no page."""
    assert read("", body, url="https://docs.example/a").published is None


@each_row(
    ("head", "body", "published", "modified"),
    [
        (
            "",
            "<h1>Retries</h1><p>Last updated May 4, 2024. First published January 3, 2020.</p>",
            "2020-01-03",
            "2024-05-04",
        ),
        (
            "",
            "<h1>Retries</h1><ul><li>Received: 10 March 2022<li>Published: 2 January 2023</ul>",
            "2023-01-02",
            None,
        ),
        (
            "",
            "<h1>Retries</h1><p>This page was last modified on 4 May 2024</p>",
            None,
            "2024-05-04",
        ),
        ("", "<h1>Retries</h1><p>4 May 2024 (updated)</p>", None, "2024-05-04"),
        (
            "",
            "<h1>Retries</h1><p>公開日\uff1a2024年3月5日 更新日\uff1a2024年4月6日</p>",
            "2024-03-05",
            "2024-04-06",
        ),
        ("", "<h1>Retries</h1><p>Zuletzt geändert am 4. Mai 2024</p>", None, "2024-05-04"),
        ("", "<h1>Retries</h1><div>Last update:</div><div>May 4, 2024</div>", None, "2024-05-04"),
        (
            "<meta property=article:modified_time content=2024-05-04>",
            "<h1>Retries</h1>",
            None,
            "2024-05-04",
        ),
        ("<meta name=docbuild:last-update content=2024-05-04>", "", None, "2024-05-04"),
        ("<meta name=dc.created content=2024-05-04>", "", "2024-05-04", None),
        (
            linked_data(
                {
                    "@type": "TechArticle",
                    "datePublished": {"@type": "xsd:date", "@value": "2006-10-03"},
                    "dateModified": ["2007-01-02"],
                }
            ),
            "",
            "2006-10-03",
            "2007-01-02",
        ),
        (
            "",
            "<h1>Retries</h1><span class='post-date date updated'>4 May 2024</span>",
            "2024-05-04",
            None,
        ),
        (
            "",
            "<h1>Retries</h1><time class=updated datetime=2024-05-04>x</time>",
            None,
            "2024-05-04",
        ),
        (linked_data({"@type": "Article", "datePublished": "0001-01-01"}), "", None, None),
    ],
)
def test_a_day_of_change_is_not_one_of_publication(head, body, published, modified):
    """The words beside a day, or the name of its field, say which of the two it is."""
    page = read(head, body, url="https://docs.example/a")
    days = [day.isoformat() if day else None for day in (page.published, page.modified)]
    assert days == [published, modified]


def test_months_first_or_last_follow_the_pages_country():
    """A government's `07/11/2023` is in July, in a stated field as in the text."""
    head = "<meta property=article:published_time content='Tue, 07/11/2023 - 17:57'>"
    assert read(head, url="https://www.example.gov/a").published == date(2023, 7, 11)
    assert read(head, url="https://www.example.co.uk/a").published == date(2023, 11, 7)
    assert read(head, url="https://www.example.com/a").published is None


@each_row(
    ("head", "body", "authors"),
    [
        (
            (
                "<meta name=citation_author content='Ruiz Ibarra, Maria Elena'>"
                "<meta name=citation_author content='Doe, Jane'>"
            ),
            "",
            ("Maria Elena Ruiz Ibarra", "Jane Doe"),
        ),
        ("<meta name=dc.creator content='Doe, Jane; Chen, Bo'>", "", ("Jane Doe", "Bo Chen")),
        ("<meta name=citation_author content='Doe, Jr.'>", "", ("Doe, Jr.",)),
        (
            linked_data(
                {
                    "@type": "TechArticle",
                    "author": [
                        {"@type": "Organization", "name": "Ministry of Health and Social Care"},
                        {"@type": "Organization", "name": "Cloudworks, Inc."},
                        {"@type": "Person", "name": "Robert Doe, Jr."},
                        {"@type": "Person", "name": "Doe, Jane"},
                    ],
                }
            ),
            "",
            (
                "Ministry of Health and Social Care",
                "Cloudworks, Inc.",
                "Robert Doe, Jr.",
                "Jane Doe",
            ),
        ),
        (
            linked_data({"@type": "Article", "author": "Ann Lee, Bo Chen and Cy Dee"}),
            "",
            ("Ann Lee", "Bo Chen", "Cy Dee"),
        ),
        (linked_data({"@type": "Article", "author": "Smith and Sons"}), "", ("Smith and Sons",)),
        (
            linked_data(
                {
                    "@type": "Article",
                    "author": {"@type": "Organization", "name": "Handbook"},
                    "publisher": {"@type": "Organization", "name": "Handbook"},
                }
            ),
            "",
            (),
        ),
        ("", "<h1>Retries</h1><p class=author>作者\uff1a王小明、李华</p>", ("王小明", "李华")),
        ("", "<h1>Retries</h1><p class=byline>By Robert Doe, Jr.</p>", ("Robert Doe, Jr.",)),
        ("", "<h1>Retries</h1><p class=byline>By Ann Lee März 12, 2024</p>", ("Ann Lee",)),
        ("", "<h1>Retries</h1><p class=byline>By Ann Lee Staff Writer</p>", ("Ann Lee",)),
    ],
)
def test_one_stated_author_is_one_name(head, body, authors):
    """Commas and `and` inside a stated name do not divide it; in a byline they part people."""
    assert read(head, body, url="https://docs.example/a").authors == authors


def test_a_label_is_no_part_of_a_name_and_other_labels_name_no_author():
    """What stands before a colon, or in brackets, says who is named: editors are not authors."""
    bylines = {
        "【作者】王小明": ("王小明",),
        "责任编辑\uff1a王小明": (),
        "作者\uff1a王小明 来源\uff1a新华社": ("王小明",),
        "Автор: Иван Петров": ("Иван Петров",),
        "Autora: Joana Doe": ("Joana Doe",),
        "By Robert Doe, Jr. and Jane Roe": ("Robert Doe, Jr.", "Jane Roe"),
        "Photos: Ann Lee": (),
    }
    for line, authors in bylines.items():
        assert read("", f"<h1>Retries</h1><p class=author>{line}</p>").authors == authors, line


def test_names_of_linked_data_are_values_of_any_form():
    """Given and family names, typed values and other schemes of `<meta>` name authors."""
    forms = {
        "Jane Doe": linked_data(
            {"@type": "Article", "author": {"givenName": "Jane", "familyName": "Doe"}}
        ),
        "Jane Roe": linked_data({"@type": "Article", "author": {"name": {"@value": "Jane Roe"}}}),
        "Food; Drink Agency": linked_data(
            {
                "@type": "Article",
                "author": {"@type": "Organization", "name": "Food; Drink Agency"},
            }
        ),
        "Bo Chen": "<meta name=bepress_citation_author content='Chen, Bo'>",
    }
    for name, head in forms.items():
        assert read(head, "<h1>Retries</h1>").authors == (name,), name


def test_relative_addresses_of_a_page_follow_its_base():
    """`<base>` decides what a canonical link is relative to (HTML Living Standard)."""
    head = "<base href='https://docs.example/v2/'><link rel=canonical href=pool.html>"
    assert read(head).canonical_url == "https://docs.example/v2/pool.html"


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


def test_rights_are_a_license():
    """Dublin Core states a licence in three fields."""
    for name in ("dc.rights", "dcterms.license", "dcterms.rights"):
        assert read(f"<meta name={name} content='CC BY 4.0'>", "<h1>A</h1>").license == "CC BY 4.0"


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
    assert share["date"] >= 0.87


BOXED = {
    "<title>Pools \u2014 Docs</title><div class='admonition warning'><h1>Warning</h1></div>"
    "<h2>Pools</h2>": "Pools",
    "<title>Pools - Docs</title><main><div role=alert><h1>Oh</h1></div><h1>Pools</h1>": "Pools",
    "<title>Use of pools</title><div class='note'><h3 class=title>Note</h3></div>"
    "<h2 class=title>Use of pools</h2>": "Use of pools",
    "<title>Pools</title><div class='callout'><h1>Tip</h1></div>": "Pools",
    "<title>FAQ</title><h1>The library of pools</h1><h2>FAQ</h2>": "FAQ",
    "<meta name=generator content=makeinfo><title>Pool Use (The Pools)</title>"
    "<h4>2.3.1 Use of Pools</h4>": "2.3.1 Use of Pools",
    "<h1>Release 12<br>What is new</h1>": "Release 12 What is new",
    "<h1>Pools<a class=headerlink href='#p'>\uf0c1</a></h1>": "Pools",
}


def test_a_documentation_page_is_named_by_its_own_heading():
    """No heading of a box, no glyph of a link and no name of a manual is the title."""
    for markup, title in BOXED.items():
        assert read(markup).title == title, markup


def test_an_author_in_docbook_is_a_name_without_an_employer():
    """What DocBook writes beside a name is where its owner works."""
    author = (
        "<div class=author><h3 class=author><span>Ann</span> <span>Lee</span></h3>"
        "<div class=affiliation>Pools Corporation</div></div>"
    )
    assert read(body=f"<h1>Pools and their use</h1>{author}").authors == ("Ann Lee",)


@each_row(
    "line, authors",
    [
        ("Published on 5 March 2024 by Ann Lee", ("Ann Lee",)),
        ("March 5, 2024 by Ann Lee", ("Ann Lee",)),
        ("Publié le 5 mars 2024 par Anne Leroy", ("Anne Leroy",)),
        ("Veröffentlicht am 5. März 2024 von Anna Klein", ("Anna Klein",)),
        ("Published on 5 March 2024", ()),
        ("By April May | 5 March 2024", ("April May",)),
    ],
)
def test_a_day_before_the_name_in_a_byline_is_no_author(line, authors):
    """A byline may begin with its day; neither the day nor the word before it is a name."""
    body = f"<article><h1>The pool</h1><p class=byline>{line}</p><p>Words of it.</p></article>"
    assert read(body=body).authors == authors
