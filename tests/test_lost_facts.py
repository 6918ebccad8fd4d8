"""Facts and logs beside a document that are gone: said so, and never "No change"."""

import json
import subprocess
from dataclasses import replace
from datetime import date

import pytest

from footnotary import writing
from footnotary.cli.running import exit_code
from footnotary.documents.api.changes import render_api_changes
from footnotary.documents.kinds import Context
from footnotary.documents.schema.changes import render_schema_changes
from footnotary.errors import ProjectError
from footnotary.facts.api import ApiFacts
from footnotary.facts.options import ReadOptions
from footnotary.facts.schema import SchemaFacts
from footnotary.gating import GateOptions, check_project
from footnotary.gating.quality import qualities
from footnotary.project import Project
from footnotary.writing.documents_on_disk import last_document, read_document
from footnotary.writing.recounting import read_history

OPTIONS = ReadOptions()
NOT_WHOLE = {
    "missing": None,
    "cut": "{",
    "empty": "",
    "no facts": "{}",
    "not an object": "[]",
    "of another kind": '{"kind": "api", "schema_version": 2}',
    "of a later version": '{"kind": "deploy", "schema_version": 9}',
    "conflict": "<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> b\n",
}


@pytest.fixture
def project(tmp_path, today):
    """A project with a DEPLOY document of 2026-11-23."""
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "shop"\n')
    made = Project(tmp_path)
    run_image(made, "shop:1")
    writing.write_document(made, "deploy", "shop", OPTIONS)
    return made


def run_image(project, image):
    """Have the one service run an image."""
    (project.root / "compose.yml").write_text(f"services: {{api: {{image: '{image}'}}}}\n")


def deploy_document(project):
    """The current document."""
    return last_document(project, "deploy", "shop")


def refresh(project):
    """Refresh the current document."""
    return writing.refresh_document(project, deploy_document(project), OPTIONS)


def break_file(path, text):
    """Remove a file, or have it say something else."""
    path.unlink() if text is None else path.write_text(text)


def stale(project):
    """What the gate says of facts."""
    found = check_project(project, GateOptions()).findings
    return [one for one in found if one.code == "DOC006"]


def write_next(project, monkeypatch):
    """Write the document of a later day; return it, and what it says has changed."""
    monkeypatch.setenv("FOOTNOTARY_NOW", "2026-12-01")
    new = writing.write_document(project, "deploy", "shop", OPTIONS)
    return new, read_document(new.path).partition("## Changes since 2026-11-23")[2]


@pytest.mark.slow
@pytest.mark.parametrize("how", ["missing", "conflict"])
def test_a_refresh_without_facts_says_so_and_so_does_the_next_document(project, how, monkeypatch):
    """Nothing was compared: said by the command, in the log, and in the next document."""
    stored = deploy_document(project)
    break_file(stored.facts_path, NOT_WHOLE[how])
    run_image(project, "shop:2")
    (found,) = stale(project)
    assert "doc refresh" in found.fix
    (quality,) = qualities(project, [stored], drift=True).values()
    assert quality.drift is None  # not compared is not unchanged
    assert "the facts of 2026-11-23 are" in refresh(project).notes[0]
    assert f"Could not be compared: {read_history(stored).log.refreshes[0].lost}." in (
        read_document(stored.path)
    )
    assert stale(project) == []
    assert refresh(project).action == "unchanged"
    run_image(project, "shop:3")
    assert refresh(project).notes == ()
    assert not stored.dated_facts_path.exists()  # those beside are of a later day
    new, said = write_next(project, monkeypatch)
    assert "Could not be compared: the facts of 2026-11-23 are missing" in said
    assert "was `shop:2` and is now `shop:3`" in said
    assert "No change" not in said
    assert "Could not be compared" in new.notes[0]
    assert refresh(project).action == "unchanged"


def test_whatever_is_not_the_facts_of_a_document_does_not_read(project):
    """Empty, cut, of another kind or a later version: none of it is a baseline."""
    stored = deploy_document(project)
    assert read_history(stored).lost == ""
    for words, text in NOT_WHOLE.items():
        stored.facts_path.unlink(missing_ok=True)
        if text is not None:
            stored.facts_path.write_text(text)
        assert read_history(stored).lost, words


def test_a_new_document_says_that_the_last_ones_facts_are_lost(project, monkeypatch):
    """The section is there, and says why it tells nothing."""
    deploy_document(project).facts_path.write_text("{")
    _, said = write_next(project, monkeypatch)
    assert said.strip().startswith("Could not be compared: the facts of 2026-11-23 are")


@pytest.mark.slow
def test_refreshed_facts_are_not_those_of_the_day(project, monkeypatch):
    """Where the day's are lost the gate names the file, and the log is all that is told."""
    run_image(project, "shop:2")
    refresh(project)
    stored = deploy_document(project)
    assert stale(project) == []
    stored.dated_facts_path.write_text(NOT_WHOLE["conflict"])
    (found,) = stale(project)
    assert f"({stored.dated_facts_path.name})" in found.message
    assert "doc refresh" in found.fix
    _, said = write_next(project, monkeypatch)
    assert (project.archive / "deployment" / stored.dated_facts_path.name).exists()
    assert said.strip().startswith("Could not be compared: the facts of 2026-11-23 are")
    assert "was `shop:1` and is now `shop:2`" in said
    assert "No change" not in said


@pytest.mark.slow
def test_the_fix_of_the_gate_has_the_document_say_what_is_lost(project, capsys):
    """`--fix` is green once the log says it, and prints what could not be compared."""
    run_image(project, "shop:2")
    refresh(project)
    deploy_document(project).dated_facts_path.unlink()
    assert exit_code("doc", ["check", "--fix", "--root", str(project.root)]) == 0
    assert "Could not be compared: the facts of 2026-11-23 are missing" in capsys.readouterr().err
    assert "Could not be compared" in read_document(deploy_document(project).path)
    assert exit_code("doc", ["refresh", "--json", "--root", str(project.root)]) == 0
    assert json.loads(capsys.readouterr().out)[0]["notes"] == []


@pytest.mark.slow
def test_facts_of_the_day_are_the_baseline_where_those_of_a_refresh_are_lost(project, monkeypatch):
    """An older baseline that reads is one, and is named."""
    run_image(project, "shop:2")
    refresh(project)
    deploy_document(project).facts_path.write_text("{")
    run_image(project, "shop:3")
    (note,) = refresh(project).notes
    assert note.startswith("Compared with 2026-11-23, as the facts of the last refresh are")
    assert "was `shop:1` and is now `shop:3`" in read_document(deploy_document(project).path)
    assert stale(project) == []
    _, said = write_next(project, monkeypatch)
    assert "was `shop:1` and is now `shop:3`" in said
    assert "Could not" not in said


def test_lost_facts_are_no_way_around_how_a_document_was_read(project):
    """What was imported is not overwritten with what the source tells; `--force` does it."""
    stored = deploy_document(project)
    stored.facts_path.unlink()
    text = read_document(stored.path)
    assert "  how: source\n" in text
    stored.path.write_text(text.replace("  how: source\n", "  how: imported\n"))
    before = stored.path.read_bytes()
    for again in (writing.refresh_document, writing.write_document):
        named = (stored,) if again is writing.refresh_document else ("deploy", "shop")
        with pytest.raises(ProjectError, match="the last document was read from the imported code"):
            again(project, *named, OPTIONS)
    assert stored.path.read_bytes() == before
    assert writing.refresh_document(project, stored, OPTIONS, force=True).notes


@pytest.mark.slow
@pytest.mark.parametrize("both", [True, False])
def test_a_log_that_is_lost_is_named(project, both, monkeypatch):
    """The document itself shows that there was one, where all beside it is gone."""
    run_image(project, "shop:2")
    refresh(project)
    stored = deploy_document(project)
    stored.log_path.unlink()
    if both:
        stored.dated_facts_path.unlink()
    (found,) = stale(project)
    assert stored.log_path.name in found.message
    refresh(project)
    assert stale(project) == []
    assert f"({stored.log_path.name})" in read_document(stored.path)
    _, said = write_next(project, monkeypatch)
    assert ("Could not be compared" in said) == both
    assert "No change" not in said


def test_a_document_whose_predecessor_is_gone_says_so(project, monkeypatch):
    """A refresh does not take the section away."""
    new, said = write_next(project, monkeypatch)
    assert "No change in compose stacks" in said
    new.superseded.unlink()
    refresh(project)
    said = read_document(new.path).partition("## Changes since 2026-11-23")[2]
    assert "the document that this one replaced is missing (DEPLOY-shop-2026-11-23.md)" in said


def test_other_kinds_say_that_they_could_not_compare(project, monkeypatch):
    """API, SCHEMA and IMPL have the sentence in the place of their changes."""
    context = Context("x", date(2026, 1, 2), "s", None, date(2026, 1, 1), "Could not be compared.")
    told = "## Changes since 2026-01-01\n\nCould not be compared."
    assert render_api_changes(ApiFacts(), context) == told
    assert render_schema_changes(SchemaFacts(), context) == told
    first = replace(context, previous_date=None, lost="")
    assert render_api_changes(ApiFacts(), first) == ""
    (project.root / "shop.py").write_text("def pay() -> None: ...\n")
    path = writing.write_document(project, "impl", "shop", OPTIONS).path
    path.with_name(f"{path.stem}.facts.json").unlink()
    monkeypatch.setenv("FOOTNOTARY_NOW", "2026-12-01")
    said = read_document(writing.write_document(project, "impl", "shop", OPTIONS).path)
    assert "## API changes\n\nCould not be compared: the facts of 2026-11-23" in said
    assert "This is the first document" not in said


@pytest.mark.slow
def test_an_implementation_document_is_a_fixed_point_whatever_is_committed(tmp_path, today):
    """What a commit alone changes is no reason to write; a change of the code is, and `--force`."""

    def commit():
        who = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org"]
        for words in (["add", "."], ["commit", "-qm", "one more"]):
            subprocess.run([*who, *words], cwd=tmp_path, check=True)

    def refreshed(**more):
        (stored,) = writing.stored_documents(project)
        return writing.refresh_document(project, stored, OPTIONS, **more).action

    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "shop"\n')
    (tmp_path / "shop.py").write_text("def pay() -> None: ...\n")
    project = Project(tmp_path)
    commit()
    path = writing.write_document(project, "impl", "shop", OPTIONS).path
    for time in range(2):
        before = {one.name: one.read_bytes() for one in path.parent.iterdir()}
        commit()
        assert refreshed() == "unchanged"
        assert writing.write_document(project, "impl", "shop", OPTIONS).action == "unchanged"
        assert before == {one.name: one.read_bytes() for one in path.parent.iterdir()}
        with (tmp_path / "shop.py").open("a") as code:
            code.write(f"def owe_{time}() -> None: ...\n")
        assert refreshed() == "updated"
    commit()
    assert refreshed(force=True) == "updated"
