"""The state of each document, and how it went over its dates: for people, scripts and the site."""

import json

import pytest

from footnotary import writing
from footnotary.cli.running import exit_code
from footnotary.facts.options import ReadOptions
from footnotary.gating import GateOptions, check_project
from footnotary.gating.quality import histories, qualities
from footnotary.models import Check, CheckOutcome
from footnotary.project import Project
from footnotary.publishing.collection import collect
from footnotary.publishing.pages import quality_page
from footnotary.records import RecordStore
from test_markers import citation

UNCITED = "Argon2 is 40% slower than MD5."


@pytest.fixture
def project(tmp_path, today):
    """A project with a compose file and two records."""
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "shop"\n')
    (tmp_path / "docker-compose.yml").write_text("services:\n  db:\n    image: postgres:16\n")
    store = RecordStore(tmp_path / "citations")
    store.new(citation("a-111111", quote="Keep keys for at least 24 hours"))
    store.new(citation("b-222222", quote="Start with a pool of 5 connections"))
    return Project(tmp_path)


def test_citations_are_counted_by_what_is_known_of_them(project):
    """Read, changed, superseded, missing: each record counts once, whatever cites it."""
    store = RecordStore(project.citations)
    changed = Check(date="2026-11-22", outcome=CheckOutcome.CHANGED, detail="2 words differ")
    store.save(store.get("b-222222").model_copy(update={"checks": (changed,)}))
    path = writing.write_document(project, "research", "pools", ReadOptions()).path
    said = (
        f"So.^[a-111111] So too.^[a-111111][b-222222] And.^[gone-333333] {UNCITED}\n\n## Decision"
    )
    path.write_text(path.read_text().replace("## Decision", said))
    (found,) = qualities(project, writing.stored_documents(project)).values()
    assert found.citations == {"changed": 1, "no record": 1, "recorded": 1}
    assert (found.cited_claims, found.uncited_claims) == (2, 1)
    assert qualities(project, writing.stored_documents(project))[path] == found  # from memory


def test_a_record_that_goes_is_noticed_though_the_text_is_remembered(project):
    """Only what depends on the text alone is remembered."""
    path = writing.write_document(project, "research", "pools", ReadOptions()).path
    writing.cite_into(project, path, "a-111111", "Keys are kept for 24 hours.")
    documents = writing.stored_documents(project)
    assert qualities(project, documents)[path].citations == {"recorded": 1}
    (project.citations / "a-111111.yaml").unlink()
    assert qualities(project, documents)[path].citations == {"no record": 1}


def test_a_document_that_does_not_read_is_said_to(project, capsys):
    """One broken file does not hide the others."""
    good = writing.write_document(project, "research", "pools", ReadOptions()).path
    (good.parent / "RESEARCH-bad-2026-11-23.md").write_bytes(b"\xff")
    assert exit_code("doc", ["list", "--json", "--root", str(project.root)]) == 0
    rows = {row["project"]: row["unreadable"] for row in json.loads(capsys.readouterr().out)}
    assert "not UTF-8" in rows["bad"]
    assert rows["pools"] is None


def test_drift_is_known_without_reading_the_code_where_nothing_has_changed(project):
    """The last comparison holds until a source file changes; then it is unknown, not fine."""
    path = writing.write_document(project, "deploy", "shop", ReadOptions()).path
    documents = writing.stored_documents(project)
    assert qualities(project, documents)[path].drift is None
    check_project(project, GateOptions())
    assert qualities(project, documents)[path].drift == ()
    (project.root / "docker-compose.yml").write_text("services:\n  db:\n    image: postgres:17\n")
    assert qualities(project, documents)[path].drift is None
    assert qualities(project, documents, drift=True)[path].drift


def test_the_trend_goes_over_the_archived_documents(project, monkeypatch):
    """Each version with its own figures, oldest first, on the site newest first."""
    writing.write_document(project, "deploy", "shop", ReadOptions())
    monkeypatch.setenv("FOOTNOTARY_NOW", "2026-12-01")
    path = writing.write_document(project, "deploy", "shop", ReadOptions()).path
    writing.cite_into(project, path, "a-111111", "Keys are kept for 24 hours.")
    (history,) = histories(project)
    dates = [(one.date.isoformat(), found.cited_claims) for one, found in history.versions]
    assert dates == [("2026-11-23", 0), ("2026-12-01", 1)]
    (page,) = quality_page(collect(project))
    assert page.content.index("2026-12-01") < page.content.index("2026-11-23")
    assert "1 of 1 (100%)" in page.content
    assert 'href="../deployment/DEPLOY-shop-2026-11-23/"' in page.content


def test_a_project_without_documents_has_no_quality_page(project):
    """Nothing is said of nothing."""
    assert not list(quality_page(collect(project)))
