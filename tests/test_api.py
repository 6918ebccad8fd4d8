"""The Python API: typed, loaded when it is used, and of one behaviour with the commands."""

import inspect
import json
import re
import typing
from pathlib import Path

import pytest

import footnotary
from footnotary.cli.running import exit_code

ROOT = Path(__file__).parent.parent
PAGE = "<title>Pools</title><p>Start with a pool of 5 connections a worker, and measure."


@pytest.fixture
def project(tmp_path, today):
    """A project with a compose file and a page that was saved by hand."""
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "shop"\n')
    (tmp_path / "compose.yml").write_text("services:\n  db:\n    image: postgres:16\n")
    (tmp_path / "pools.html").write_text(PAGE)
    (tmp_path / "src").mkdir()
    return footnotary.open_project(tmp_path / "src")


def test_what_holds_is_recorded_and_what_does_not_is_a_value(project):
    """A true quote is `Cited`, a false one `Refused`, a claim too large `Overclaimed`."""
    saved = {"url": "https://example.org/pools", "file": project.root / "pools.html"}
    false = footnotary.cite(project, quote="Start with a pool of 50 connections", **saved)
    assert isinstance(false, footnotary.Refused)
    assert "50" in false.match.differences[0]
    quote = "Start with a pool of 5 connections a worker"
    large = footnotary.cite(project, quote=quote, claim="Start with 8 connections.", **saved)
    assert isinstance(large, footnotary.Overclaimed)
    note = footnotary.write_document(project, "research", "pools")
    claim = "Start with a pool of 5 connections a worker."
    made = footnotary.cite(project, quote=quote, claim=claim, document=note.path, **saved)
    assert isinstance(made, footnotary.Cited)
    assert f"{claim}^[1]" in note.path.read_text()
    found = footnotary.search(project, "connections worker kind:quote")
    assert [one.citations for one in found.results] == [(made.citation.key,)]
    assert (found.broken, found.problem) == ((), "")
    with pytest.raises(footnotary.FootnotaryError, match="empty"):
        footnotary.cite(project, "https://example.org/", "")


def test_documents_and_the_gate(project):
    """A document is written from the code, and the gate says when it is no longer so."""
    facts = footnotary.read_facts(project, "deploy")
    assert facts.summary["services"] == 1
    written = footnotary.write_document(project, "deploy")
    assert written.path.name.startswith("DEPLOY-shop-")
    assert not footnotary.check(project).failed
    (project.root / "compose.yml").write_text("services:\n  db:\n    image: postgres:17\n")
    report = footnotary.check(project)
    assert {one.code for one in report.weighty} == {"DOC006"}
    assert not footnotary.check(project, code=False).failed
    with pytest.raises(footnotary.FootnotaryError, match="git"):
        footnotary.check(project, since="HEAD")


def test_the_command_and_the_function_agree(project, capsys):
    """`doc check --json` has the findings of `check`."""
    page = project.root / "page.md"
    page.write_text("Pools make it 40 % faster.\n")
    assert exit_code("doc", ["check", "--json", "--root", str(project.root), str(page)]) == 1
    said = json.loads(capsys.readouterr().out)["findings"]
    found = footnotary.check(project, documents=[page]).findings
    assert said == [one.model_dump(mode="json") for one in found]


def test_every_name_is_there_typed_and_documented():
    """What `__all__` names loads, is completed by `dir`, and is on the page of the API."""
    page = (ROOT / "docs" / "api.md").read_text()
    for name in footnotary.__all__:
        found = getattr(footnotary, name)
        assert name in dir(footnotary)
        assert re.search(rf"^::: footnotary\.[\w.]*\b{name}$", page, re.MULTILINE), name
        if inspect.isfunction(found):
            hints = typing.get_type_hints(found)
            assert set(hints) == {*inspect.signature(found).parameters, "return"}
            assert "Raises:" in found.__doc__
    with pytest.raises(AttributeError):
        _ = footnotary.nothing
    with pytest.raises(footnotary.FootnotaryError, match="no folder"):
        footnotary.open_project("/no/such/folder")
