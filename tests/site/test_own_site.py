"""Our own site is the demonstration: real claims, real sources, nothing loose."""

import json
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from footnotary.cli.running import exit_code
from footnotary.publishing.cards import UNDECIDED
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
def test_our_own_site_has_no_loose_end(own_site):
    """It builds strictly, and every marker has its record."""
    pages = {path: LexborHTMLParser(path.read_text()) for path in own_site.rglob("*.html")}
    assert not [path for path, page in pages.items() if page.css_first(".fn-dangling")]
    marks = [mark.text() for page in pages.values() for mark in page.css(".fn-sources .fn-note")]
    assert set(marks) <= {UNDECIDED}  # our claims say what we do, their quotes why
    cited = json.loads((own_site / "feeds/citations.json").read_text())["citations"]
    assert len(cited) >= 20
    assert all(one["cited_by"] for one in cited)
