"""What is made for the site, before any engine renders it."""

import json
import re
import shutil
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from footnotary import noting
from footnotary.documents.what_changed import HEADING
from footnotary.models import Check, Quote
from footnotary.noting.exchanging import DecisionChoice, decide_note
from footnotary.project import Project
from footnotary.publishing.cards import render_recorded
from footnotary.publishing.collection import collect
from footnotary.publishing.document_pages import _as_script
from footnotary.publishing.evidence import EvidenceOfFolder, State, fragment_url, state_of
from footnotary.publishing.markup import element, escape, web_url
from footnotary.publishing.pages import navigation, site_files, with_state
from footnotary.publishing.place import SiteFile, relative_address
from footnotary.publishing.stencil import MARKDOWN, NAME, Stencil
from footnotary.records import RecordStore
from logged_note import log_everything
from tables import each_row
from test_markers import citation


@pytest.fixture
def made(shop, today):
    """The made files by place."""
    collection = collect(shop, docs=shop.root / "docs")
    return {one.uri: one for one in site_files(collection, "shop", "https://docs.example.org/")}


def test_a_superseded_document_keeps_its_address_and_names_its_successor(made):
    """The address holds neither `current` nor `archive`."""
    page = made["documents/api-specs/API-shop-2026-11-01.md"]
    assert "Superseded" in page.content
    assert "../API-shop-2026-11-23/" in page.content
    assert not page.group


def test_the_navigation_has_the_current_documents_alone(made):
    """Archived documents and pages of single sources are reached by links."""
    nav = navigation(tuple(made.values()))
    assert [list(group) for group in nav] == [["Documents"], ["Notebook"], ["Sources"]]
    labels = [name for entry in nav[0]["Documents"] for name in entry]
    assert labels == ["Overview", "API"]


def test_the_timeline_says_what_changed_since(made):
    """The overview links to the section of the newer document that lists the changes."""
    assert "1 change since 2026-11-01" in made["documents/index.md"].content
    assert "API-shop-2026-11-23/#changes-since-2026-11-01" in made["documents/index.md"].content


def test_the_library_knows_who_cites_and_what_became_of_each(made):
    """A source has its worst state, and the pages that rest on it."""
    library = made["sources/index.md"].content
    assert 'data-state="changed"' in library
    page = next(
        one.content for uri, one in made.items() if uri.startswith("sources/notes-example-org-keys")
    )
    assert "24 became 48" in page
    assert "Research: keys" in page


def test_the_notebook_has_questions_decisions_and_search_terms(made):
    """A note shows its answers without their markers."""
    page = made["notebook/index.md"].content
    assert "How long must a key be kept?" in page
    assert "Two days." in page
    assert "postgres pool size" in page
    assert "&#60;u&#62;term" in page


def shown(project):
    """Return the made pages by place."""
    collection = collect(project, docs=project.root / "docs")
    return {one.uri: one.content for one in site_files(collection, "shop", "") if one.is_page}


def test_the_notebook_shows_the_trail_of_a_note(tmp_path, today):
    """Searches, readings used and not, refusals, quotes with links, decision; all as words."""
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "shop"\n')
    project = Project(tmp_path)
    record = citation("a-111111").model_copy(update={"tags": ("one {{ <tag>",)})
    RecordStore(tmp_path / "citations").save(record)
    note = log_everything(project, record)
    place = f"documents/research/{note.stored.stem}.md"
    pages = shown(project)
    index, page, reading = pages["notebook/index.md"], pages[place], pages["notebook/reading.md"]
    for one in (index, page, reading):
        assert "<script>" not in one
        assert "{{" not in one
        assert 'href="javascript' not in one
    order = [index.index(f"{words}</h2>") for words in ("Open questions", "Search terms", "Tags")]
    assert order == sorted(order)
    tags = index[order[-1] :]
    assert "one &#123;&#123; &#60;tag&#62;</dt>" in tags
    assert 0 < tags.index(note.stored.stem) < tags.index("#a-111111")
    assert "asked <time" in index
    assert "</time>, today" in index
    for words in ("Asked", "Searched", "Read", "Refused", "Quoted", "Left out", "Remark"):
        assert f"<strong>{words}</strong>" in page, words
    assert "#a-111111" in page
    assert "footnotary:begin" not in page
    order = [reading.index(words) for words in ("Used<", "Left out<", "Read and not used<")]
    assert order == sorted(order)
    assert "Nothing is decided yet." in pages["notebook/decisions.md"]
    choice = DecisionChoice(chosen="five <u>", why="it fits", options=("ten {{",))
    decide_note(project, note, choice)
    new = noting.start_note(project, "And now?").note
    decide_note(project, new, DecisionChoice(chosen="x", supersedes=(note.key,)))
    pages = shown(project)
    log = pages["notebook/decisions.md"]
    assert "five &#60;u&#62;" in log
    assert "Superseded by <a" in log
    assert "Supersedes <a" in log
    assert "1 decided, 1 superseded" in pages["notebook/index.md"]
    assert pages[place].count("(superseded)\n") == 1  # a search shows the heading
    assert "(superseded)" in pages[place].split("---")[1]
    note.stored.trail_path.write_text("<<<<<<< ours\n")
    pages = shown(project)
    assert "a merge conflict is not resolved" in pages["notebook/index.md"]
    assert "unknown" in pages[place]
    assert "### Searches" in pages[place]


def test_a_superseded_document_is_no_hit_of_the_search(made):
    """A search finds the newest one; titles and bookmarks say which one they are of."""
    page = made["documents/api-specs/API-shop-2026-11-01.md"].content
    matter = page.split("---")[1]
    assert "(superseded)" in matter
    assert "exclude: true" in matter
    assert "exclude: true" not in made["documents/api-specs/API-shop-2026-11-23.md"].content[:200]


def test_an_unanswered_decision_is_left_out(shop, today, tmp_path):
    """A question of the skeleton, or the rule above the closing blocks, is no answer."""
    shop = Project(shutil.copytree(shop.root, tmp_path / "shop"))
    note = shop.root / ".claude/docs/current/research/RESEARCH-keys-2026-11-22.md"
    head, _, _ = note.read_text().partition("Two days.")
    note.write_text(f"{head}_What was decided?_\n\n---\n\n**Sources and Citations:**\n")
    collection = collect(shop, docs=shop.root / "docs")
    pages = {one.uri: one.content for one in site_files(collection, "shop", "")}
    assert "How long must a key be kept?" in pages["notebook/index.md"]
    assert "Decision:" not in pages["notebook/index.md"]


def test_the_timeline_has_one_day_by_name(shop, today):
    """The newest day first; within it documents stand in an order that a reader can follow."""
    collection = collect(shop, docs=shop.root / "docs")
    page = next(
        one.content for one in site_files(collection, "shop", "") if one.uri == "documents/index.md"
    )
    events = re.findall(
        r'<time datetime="(\S+)">.*?<a href="[./]*([^"]+)', page.split("Timeline")[1]
    )
    days = [day for day, _ in events]
    assert days == sorted(days, reverse=True)
    for day in set(days):
        names = [place.rstrip("/").rpartition("/")[2] for when, place in events if when == day]
        assert names == sorted(names)


def test_no_generated_page_holds_foreign_markup(made):
    """Whatever a record says, our pages hold it as character references."""
    for one in made.values():
        if one.is_page and not one.origin:
            assert "<script>" not in one.content
            assert "{{" not in one.content
            assert "{%" not in one.content
            assert "<img" not in one.content


def test_the_feeds_can_be_read(made):
    """JSON and Atom parse, whatever titles say."""
    citations = json.loads(made["feeds/citations.json"].content)["citations"]
    assert {one["state"] for one in citations} == {"held", "changed", "gone", "recorded"}
    pool = next(one for one in citations if one["key"] == "pool-1f09aa")
    assert pool["cited_by"] == ["documents/api-specs/API-shop-2026-11-23/", "evidence/"]
    feed = ET.fromstring(made["feeds/atom.xml"].content)
    ids = [one.text for one in feed.iter("{http://www.w3.org/2005/Atom}id")]
    assert len(ids) == len(set(ids)) == 1 + 4 + 4


def test_an_openapi_script_cannot_end_its_element(made):
    """The document is loaded as a script of its own, in ASCII."""
    script = made["documents/api-specs/API-shop-2026-11-23.openapi.js"].content
    assert script.startswith("window.footnotaryOpenapi = {")
    assert json.loads(script.partition(" = ")[2].rstrip(";\n"))["openapi"] == "3.1.0"


def test_descriptions_in_swagger_ui_hold_no_html(tmp_path):
    """Its sanitiser lets pictures and headings pass; what is a value, or code, stays."""
    path = tmp_path / "API-x-2026-11-23.openapi.json"
    written = {
        "info": {"title": "<b>", "description": "a <img src=x> `<b>` b"},
        "x": [{"description": "<h1>", "example": {"description": "<i>"}, "default": "<i>"}],
        "properties": {
            "description": {"type": "string", "description": "<u>"},
            "example": {"type": "string", "description": "<u>"},
        },
    }
    path.write_text(json.dumps(written))
    script = _as_script(path)
    assert json.loads(script.partition(" = ")[2].rstrip(";\n")) == {
        "info": {"title": "<b>", "description": "a &lt;img src=x> `<b>` b"},
        "x": [{"description": "&lt;h1>", "example": {"description": "<i>"}, "default": "<i>"}],
        "properties": {
            "description": {"type": "string", "description": "&lt;u>"},
            "example": {"type": "string", "description": "&lt;u>"},
        },
    }
    path.write_text("[" * 500 + "]" * 500)
    assert _as_script(path).startswith("window.footnotaryOpenapi = ")


def test_records_are_read_again_only_when_they_change(tmp_path, shop):
    """A broken record is named and the others stay; a fixed one comes back."""
    pool = RecordStore(shop.citations).get("pool-1f09aa")
    RecordStore(tmp_path).save(pool)
    evidence = EvidenceOfFolder(tmp_path)
    evidence.refresh(now=True)
    first = evidence.citations[pool.key]
    evidence.refresh(now=True)
    assert evidence.citations[pool.key] is first
    (tmp_path / "bad-000000.yaml").write_text("schema: 1\n")
    evidence.refresh(now=True)
    assert list(evidence.broken) == ["bad-000000.yaml"]
    assert pool.key in evidence.citations
    (tmp_path / "bad-000000.yaml").unlink()
    evidence.refresh(now=True)
    assert not evidence.broken


@each_row(
    ("quote", "fragment"),
    [
        (Quote(exact="Keep keys for 24 hours"), "#:~:text=Keep%20keys%20for%2024%20hours"),
        (
            Quote(exact="a-b, c & d in five words"),
            "#:~:text=a%2Db%2C%20c%20%26%20d%20in%20five%20words",
        ),
        (
            Quote(
                exact="two words",
                prefix="ut off and some more before the ",
                suffix=" and then more of them, until cu",
            ),
            "#:~:text=before%20the-,two%20words,-and%20then",
        ),
        (
            Quote(exact="first line here\nsecond line there"),
            "#:~:text=first%20line%20here,second%20line%20there",
        ),
    ],
)
def test_a_link_leads_to_the_sentence(quote, fragment):
    """Short quotes whole, long ones by their ends, very short ones with their surroundings."""
    assert fragment_url("https://example.org/a", quote) == f"https://example.org/a{fragment}"


@each_row(
    "address",
    ["javascript:alert(1)", "data:text/html,x", "//x", "http:", "java\nscript:x", "https://["],
)
def test_only_web_addresses_are_followed(address):
    """Anything else is no link."""
    assert web_url(address) == ""
    assert fragment_url(address, Quote(exact="some words")) == ""


def test_words_are_escaped_once_and_html_never_again():
    """Attributes and text are escaped; what is HTML already is not."""
    inner = element("b", "<&>", title='"')
    assert element("p", inner) == f"<p>{inner}</p>"
    assert escape("a\x00\u202eb") == "ab"


@each_row(
    ("target", "start", "expected"),
    [
        ("sources/a/", "documents/b/c/", "../../../sources/a/"),
        ("", "a/b/", "../../"),
        ("a/b/", "", "a/b/"),
        ("sources/a.html", "documents/b.html", "../sources/a.html"),
        ("feeds/x.json", "sources/", "../feeds/x.json"),
    ],
)
def test_pages_link_to_each_other_from_any_path(target, start, expected):
    """Links are relative, so that a site works under any prefix."""
    assert relative_address(target, start) == expected


def test_pages_of_sources_share_one_frame(made, tmp_path):
    """Each has its own title, address and words in the engine's frame, and a search finds it."""
    pages = [one for one in made.values() if one.sections]
    assert len(pages) == 4
    stencil = Stencil(pages)
    title = MARKDOWN.partition("# ")[2].split(" ")[0]
    stencil.cut(
        f'<title>{title} - shop</title><link rel="canonical" href="https://x.org/sources/{NAME}/">'
        + MARKDOWN.rpartition("\n\n")[2]
    )
    (tmp_path / "search").mkdir()
    (tmp_path / "search/search_index.json").write_text('{"config": {}, "docs": []}')
    stencil.write(tmp_path)
    for one in pages:
        page = (tmp_path / one.uri.removesuffix(".md") / "index.html").read_text()
        assert one.body in page
        assert f"x.org/{one.uri.removesuffix('.md')}/" in page
        assert title not in page
        assert NAME not in page
        assert "<script>" not in page
    found = json.loads((tmp_path / "search/search_index.json").read_text())["docs"]
    assert any("5 connections" in one["text"] for one in found)
    assert not any("<" in one["title"] + one["text"] for one in found)


def test_the_sitemap_names_every_source():
    """The one page that the engine knows of is replaced by all that it stands for."""
    pages = [SiteFile(f"sources/{name}.md", "") for name in ("a", "b")]
    entry = "    <url>\n         <loc>https://x.org/{}/</loc>\n    </url>\n"
    other = entry.format("evidence")
    before = f"<urlset>\n{other}{entry.format(f'sources/{NAME}')}</urlset>"
    after = Stencil(pages).sitemap(before)
    assert after == (
        f"<urlset>\n{other}{entry.format('sources/a')}{entry.format('sources/b')}</urlset>"
    )


def test_a_page_of_the_authors_keeps_its_address(shop, tmp_path, today):
    """Ours goes elsewhere, and every link to it with it."""
    for name in ("documents.md", "sources/index.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("# Mine\n")
    collection = collect(shop, docs=tmp_path)
    made = {one.uri: one for one in site_files(collection, "shop", "")}
    assert not {"documents/index.md", "sources/index.md"} & set(made)
    assert "Timeline" in made["documents/overview.md"].content
    assert 'href="../api-specs/API-shop-2026-11-23/"' in made["documents/overview.md"].content
    assert "sources/library/" in with_state("<!-- footnotary:state -->", collection, "index.md")


def test_a_refresh_is_an_event_of_its_own(shop, today, tmp_path):
    """Timeline and feed tell the day on which a document took over what the code had become."""
    shop = Project(shutil.copytree(shop.root, tmp_path / "shop"))
    folder = shop.root / ".claude/docs/current/api-specs"
    document = folder / "API-shop-2026-11-23.md"
    text = document.read_text()
    document.write_text(f"{text}\n## {HEADING}\n\nA list.\n")
    log = {
        "refreshes": [
            {"day": "2026-11-24", "others": ["`GET /new` is new"]},
            {
                "day": "2026-11-25",
                "breaking": ["`GET /old` is gone"],
                "others": ["`GET /b` is new"],
            },
        ]
    }
    (folder / "API-shop-2026-11-23.changes.json").write_text(json.dumps(log))
    collection = collect(shop, docs=shop.root / "docs")
    made = {one.uri: one.content for one in site_files(collection, "shop", "https://x.example/")}
    timeline = made["documents/index.md"].split("Timeline")[1]
    days = re.findall(r'datetime="(\S+)"', timeline)
    assert days[:3] == ["2026-11-25", "2026-11-24", "2026-11-23"]
    assert "refreshed: 2 changes" in timeline
    assert "#changes-since-this-document-was-written" in timeline
    document.write_text(text)
    collection = collect(shop, docs=shop.root / "docs")
    bare = {one.uri: one.content for one in site_files(collection, "shop", "https://x.example/")}
    assert "refreshed: 2 changes" in bare["documents/index.md"]
    assert "#changes-since-this-document" not in bare["documents/index.md"]
    atom = "{http://www.w3.org/2005/Atom}"
    entries = [
        {child.tag.removeprefix(atom): child.text for child in one}
        for one in ET.fromstring(made["feeds/atom.xml"]).iter(f"{atom}entry")
    ]
    found = [one for one in entries if one["title"].endswith(": refreshed")]
    assert [one["updated"][:10] for one in found] == ["2026-11-25", "2026-11-24"]
    assert found[0]["summary"] == "refreshed: 2 changes"
    assert len({one["id"] for one in entries}) == len(entries)


def test_lines_that_moved_and_hold_are_not_shown_as_if_something_were_wrong():
    """A record that names the new place holds; one of the web that does not yet, has moved."""
    web, own = "https://a.example/new", "src/pool.py:7-9"
    for url, now, state in (
        (own, own, State.HELD),
        (own, "src/pool.py:12-14", State.HELD),
        (web, web, State.HELD),
        (web, "https://b.example/", State.MOVED),
    ):
        check = Check(date=date(2026, 11, 22), outcome="moved", detail=f"now at {now}")
        fields = {"url": url, "final_url": url, "checks": (check,)}
        one = citation("moved-1f09aa", quote="size = 5").model_copy(update=fields)
        assert state_of(one) is state
        assert state_of(one).holds
        read = one.evidence.model_copy(update={"how": "file"})
        shown = render_recorded(EvidenceOfFolder(Path()), one.model_copy(update={"evidence": read}))
        assert ("saved copy" in shown) is (url == web)
