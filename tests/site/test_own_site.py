"""Our own site is the demonstration: real claims, real sources, nothing loose."""

import json
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from footnotary.cli.running import exit_code
from footnotary.project import Project
from footnotary.publishing import build
from footnotary.records import RecordStore

ROOT = Path(__file__).parent.parent.parent


def test_our_own_documents_pass_the_gate(capsys):
    """What we say of others' pages is checked as theirs is; the code is the gate's other half."""
    assert exit_code("doc", ["check", "--no-code", "--root", str(ROOT)]) == 0
    assert capsys.readouterr()


def test_our_citations_are_what_they_say():
    """Each was made from a saved page and says so."""
    citations = RecordStore(ROOT / "citations").all()
    assert len(citations) >= 20
    assert {one.evidence.how.value for one in citations} == {"file"}
    assert all(one.title and one.claims for one in citations)


@pytest.mark.slow
def test_our_own_site_has_no_loose_end(tmp_path):
    """It builds strictly, every marker has its record, every link between pages its anchor."""
    site = build(Project(ROOT), strict=True, site_dir=tmp_path / "site").site
    pages = {path: LexborHTMLParser(path.read_text()) for path in site.rglob("*.html")}
    assert not [path for path, page in pages.items() if page.css_first(".fn-dangling")]
    assert not [
        path for path, page in pages.items() if page.css_first(".fn-sources .fn-state.fn-note")
    ]
    cited = json.loads((site / "feeds/citations.json").read_text())["citations"]
    assert len(cited) >= 20
    assert all(one["cited_by"] for one in cited)
    assert dead_links(site, pages) == []


def dead_links(site, pages):
    """Return the links inside the site that lead to no file, or to no element of a page."""
    ids = {
        path: {one.attributes.get("id") or "" for one in page.css("[id]")} | {""}
        for path, page in pages.items()
    }
    dead = []
    for path, page in pages.items():
        for link in page.css("article a[href], .md-content a[href]"):
            target, _, anchor = (link.attributes["href"] or "").partition("#")
            if "://" in target or target.startswith(("mailto:", "data:")) or ":~:" in anchor:
                continue
            file = (path.parent / target).resolve() if target else path
            file = file / "index.html" if file.is_dir() else file
            if not file.is_file():
                dead.append((str(path.relative_to(site)), target))
            elif file in ids and anchor and anchor not in ids[file]:
                dead.append((str(path.relative_to(site)), f"{target}#{anchor}"))
    return sorted(set(dead))
