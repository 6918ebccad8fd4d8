"""A site whose every foreign text is a payload is the site of plain words, word for word else.

Nothing runs, nothing is loaded from elsewhere, nothing is blocked (so nothing tried), and every
page has the elements that the same page of plain words has.
"""

import contextlib
import io
import re

import pytest
from selectolax.lexbor import LexborHTMLParser

from footnotary.cli.running import exit_code
from payload_project import write_project
from site_browser import ENGINES, IN_A_BROWSER, VISITS_ALL

pytestmark = IN_A_BROWSER

# What a page is made of. Paragraphs, lists and code are a text's own form: CommonMark has them.
STRUCTURE = (
    *("h1", "h2", "h3", "h4", "h5", "h6", "nav", "main", "header", "footer", "aside", "article"),
    *("section", "table", "tr", "th", "td", "details", "summary", "form", "input", "button", "img"),
    *("svg", "script", "style", "link", "meta", "title", "base", "iframe", "object", "embed"),
    *("video", "math", "dl", "blockquote", ".md-nav__item", ".md-nav__link", ".fn-source"),
    *(".fn-quote", ".mkdocstrings", ".doc-heading", "[lang]", "[role]", "[hidden]"),
)
ACTIVE = (
    "[class~=payload], [src*=payload], link[href*=payload], iframe, object, embed, base,"
    " article img, [href^='javascript' i], [action^='javascript' i], [onclick], [onerror],"
    " [onload], [onfocus], [ontoggle], [onmouseover], [onpageshow], meta[http-equiv=refresh]"
)
EACH = 50  # texts of a kind, so that every payload comes up


def run(root, *words):
    """Run a command of ours in a project."""
    said = io.StringIO()
    with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
        code = exit_code(words[0], [*words[1:], "--root", str(root), "--verbose"])
    assert code == 0, said.getvalue()[-3000:]


def written(root, *, hostile):
    """Write a project, its documents and its configuration; return its words."""
    root.mkdir()
    words = write_project(root, hostile=hostile, each=EACH, tags=8)
    run(root, "doc", "new", "api", "shop", "--openapi", "openapi.json")
    run(root, "doc", "new", "schema", "shop", "--import", "shop.models")
    run(root, "doc", "new", "deploy", "shop")
    run(root, "doc", "new", "impl", "shop", "--package", "shop")
    run(root, "footnotary", "init")
    return words


@pytest.fixture(scope="module", autouse=True)
def _day():
    """Both projects are of one day."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FOOTNOTARY_NOW", "2026-11-23T12:00:00+00:00")
        yield


@pytest.fixture(scope="module")
def projects(tmp_path_factory):
    """The hostile project's words, its folder, and the folder of the plain one."""
    folder = tmp_path_factory.mktemp("payloads")
    words = written(folder / "hostile", hostile=True)
    written(folder / "plain", hostile=False)
    return words, folder / "hostile", folder / "plain"


@pytest.fixture(scope="module", params=ENGINES)
def sites(request, projects, tmp_path_factory):
    """The words and the folder of the hostile site, and the folder of the plain one."""
    engine = request.param
    pytest.importorskip(engine)
    words, *roots = projects
    folder = tmp_path_factory.mktemp(engine)
    for root in roots:
        where = str(folder / root.name)
        run(root, "footnotary", "site", "build", "--strict", "--engine", engine, "-d", where)
    return words, folder / "hostile", folder / "plain"


def pages(site):
    """The pages of a site by what is the same in both: the number in their name, or all of it."""
    found = {}
    for path in site.rglob("*.html"):
        name = path.relative_to(site).as_posix()
        number = re.search(r"w\d{5}", name)
        found[number[0] if number else name] = path
    return found


def test_every_page_is_made_of_what_the_page_of_plain_words_is_made_of(sites):
    """Headings, landmarks, tables, entries of the navigation: as many, on each page."""
    words, hostile, plain = sites
    assert len(words.used) >= 300
    ours, theirs = pages(hostile), pages(plain)
    assert ours.keys() == theirs.keys()
    assert len(ours) > 30
    different = {}
    for name, path in ours.items():
        one, other = (LexborHTMLParser(p.read_text()) for p in (path, theirs[name]))
        counts = {kind: (len(one.css(kind)), len(other.css(kind))) for kind in STRUCTURE}
        different[name] = {kind: both for kind, both in counts.items() if both[0] != both[1]}
        assert [node.html[:200] for node in one.css(ACTIVE)] == [], name
    assert {name: kinds for name, kinds in different.items() if kinds} == {}


def test_nothing_runs_or_asks_for_anything_in_a_browser(sites, serving, visiting):
    """No script is called, and the policy has nothing to block: no message, no request.

    Of the pages that Zensical makes, which have the same content as MkDocs', every third is opened
    (`GROUNDS=all`: every page).
    """
    _, hostile, _ = sites
    is_sampled = hostile.parent.name.startswith("zensical") and not VISITS_ALL
    paths = sorted(hostile.rglob("*.html"))
    with serving(hostile) as address, visiting(address) as visit:
        page = visit("/", hits=True)
        for path in paths[:: 3 if is_sampled else 1]:
            page.goto(f"{address}/{path.relative_to(hostile).as_posix()}", wait_until="load")
            if path.name.endswith(".swagger.html"):
                page.locator(".opblock").first.wait_for()
            page.evaluate("document.querySelectorAll('details').forEach(e => e.open = true)")
            assert page.evaluate("window.hits") == [], path
            assert page.locator(ACTIVE).count() == 0, path


def test_what_a_search_finds_is_words(sites, serving, visiting):
    """The theme's search builds its results of HTML; payloads appear in them as text."""
    _, hostile, _ = sites
    with serving(hostile) as address, visiting(address) as visit:
        for words in ("script", "payload"):
            page = visit("/", hits=True)
            page.wait_for_timeout(800)  # until the theme has read its index
            material = page.locator("input.md-search__input")
            if material.count():
                material.first.click()
            else:
                page.keyboard.press("Control+k")
                page.wait_for_timeout(500)
            page.keyboard.type(words, delay=30)
            page.wait_for_timeout(1500)
            assert page.evaluate("window.hits") == []
            assert page.locator(ACTIVE).count() == 0
            page.close()
