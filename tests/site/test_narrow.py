"""Pages fit a phone whatever a source, a document or a project calls itself, under any theme."""

from datetime import UTC, date, datetime

import pytest

from footnotary.models import Check, Citation, Evidence, Quote
from footnotary.project import Project
from footnotary.publishing.engine import build_site
from footnotary.publishing.initialising import initialise
from footnotary.records import RecordStore
from site_browser import IN_A_BROWSER

pytestmark = IN_A_BROWSER

WORD = "Unbroken" * 25
# The elements of our own pages whose right edge lies beyond the window, but for what scrolls in
# a frame of its own.
BEYOND = """(width) => [...document.querySelectorAll('[class^="fn-"], [class^="fn-"] *')]
  .filter((one) => !one.closest('.fn-scroll, .md-typeset__table, pre, .mermaid, .fn-card'))
  .filter((one) => one.getBoundingClientRect().right > width + 0.5)
  .map((one) => one.outerHTML.slice(0, 160))"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A site whose words are longer than a line: address, title, site, tags, quote, detail."""
    root = tmp_path_factory.mktemp("narrow")
    docs = root / "docs"
    docs.mkdir()
    (docs / "index.md").write_text(f"# {WORD}\n\nA claim.^[long-1f09aa]\n")
    (root / "pyproject.toml").write_text('[project]\nname = "narrow"\n')
    url = f"https://notes.example.org/{WORD.lower()}/page.html"
    record = Citation(
        key="long-1f09aa",
        url=url,
        final_url=url,
        accessed=date(2026, 11, 20),
        quote=Quote(exact=f"Take {WORD} and no other", prefix="", suffix=""),
        evidence=Evidence(
            retrieved_at=datetime(2026, 11, 20, tzinfo=UTC),
            body_sha256="0" * 64,
            text_sha256="0" * 64,
            passage=f"Take {WORD} and no other",
        ),
        title=WORD,
        site=f"{WORD}.example.org",
        authors=(WORD,),
        tags=(WORD,),
        search_terms=(WORD,),
        license=WORD,
        archive_url=f"https://archive.example.org/{WORD}",
        checks=(Check(date=date(2026, 11, 22), outcome="changed", detail=WORD),),
    )
    RecordStore(root / "citations").save(record)
    project = Project(root)
    initialise(project)
    return build_site(project, site_dir=root / "site").site


@pytest.mark.parametrize("width", [320, 360])
@pytest.mark.parametrize("themed", [True, False], ids=["themed", "bare"])
def test_long_words_never_make_a_page_scroll_sideways(site, serving, visiting, width, themed):
    """Nothing of ours is wider than the window, with the theme's style sheets and without them."""
    pages = sorted(str(one.relative_to(site)) for one in site.rglob("index.html"))
    assert any(one.startswith("sources/notes-example-org") for one in pages)
    with serving(site) as address, visiting(address) as visit:
        for path in pages:
            page = visit(f"/{path}", viewport={"width": width, "height": 740})
            if not themed:
                page.evaluate(
                    "document.querySelectorAll('link[rel=stylesheet]').forEach("
                    "(one) => one.href.includes('/assets/stylesheets/') && one.remove())"
                )
            page.wait_for_timeout(100)
            assert page.evaluate(BEYOND, width) == [], path
            if themed:
                assert page.evaluate("document.documentElement.scrollWidth") <= width, path
            page.close()
