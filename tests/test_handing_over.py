"""`footnotary handoff`: what is open, decided, broken, to be read first, and not known."""

import json
import subprocess

import pytest

from footnotary.cli.running import exit_code
from footnotary.records import RecordStore
from test_gate_changed import git
from test_markers import citation

FOLDER = ".claude/docs/current/research"


@pytest.fixture
def project(tmp_path, today):
    """A committed project with a deployment document, an open question and a decision."""
    root = tmp_path / "shop"
    root.mkdir()
    (root / "pyproject.toml").write_text('[project]\nname = "shop"\n')
    (root / "AGENTS.md").write_text("# Rules\n")
    (root / "compose.yml").write_text("services:\n  db:\n    image: postgres:16\n")
    RecordStore(root / "citations").new(citation("a-111111", quote="Keep keys for 24 hours"))
    for words in (["deploy"], ["research", "keys"], ["research", "pools"]):
        assert exit_code("doc", ["new", *words, "--root", str(root), "--quiet"]) == 0
    answer(root, "keys", "_What has to be known", "How long are keys kept?^[a-111111]")
    answer(root, "pools", "_What has to be known", "How large is a pool <!-- at first -->?")
    answer(root, "pools", "_What would change it", "Five connections; a measured wait changes it.")
    assert exit_code("doc", ["sync", "--root", str(root), "--quiet"]) == 0
    git(tmp_path, "init", "--quiet", "--initial-branch=main", "shop")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "begin <b>`here`</b>")
    return root


def answer(root, topic, question, words):
    """Put an answer in the place of a question in a note."""
    (path,) = (root / FOLDER).glob(f"RESEARCH-{topic}-*.md")
    lines = path.read_text().splitlines()
    (at,) = (at for at, line in enumerate(lines) if line.startswith(question))
    lines[at] = words
    path.write_text("\n".join(lines) + "\n")


def handed(root, capsys, *words):
    """Return the hand-off as a program and a person get it."""
    capsys.readouterr()
    for more in (["--json"], []):
        assert exit_code("footnotary", ["handoff", "--root", str(root), *more, *words]) == 0
    said, _, text = capsys.readouterr().out.partition("\n# Hand-off")
    return json.loads(said), text


@pytest.mark.slow
def test_a_hand_off_has_the_state_of_a_project(project, capsys):
    """Git, questions, decisions, documents, gate and what to read first, each where it stands."""
    (project / "new.py").write_text("")
    found, text = handed(project, capsys)
    assert found["schema"] == 1
    assert found["branch"] == "main"
    assert [one["subject"] for one in found["commits"]] == ["begin <b>`here`</b>"]
    assert "`begin <b>'here'</b>`" in text
    assert (found["pending"], found["changes"]) == (1, [{"status": "untracked", "path": "new.py"}])
    asked, decided = found["research"]
    assert (asked["question"], asked["decision"]) == ("How long are keys kept?", "")
    assert decided["question"] == "How large is a pool ?"
    assert decided["decision"] == "Five connections; a measured wait changes it."
    assert "How long are keys kept?" in text.partition("## Open questions")[2].partition("##")[0]
    states = {one["kind"]: one["code"] for one in found["documents"]}
    assert states == {"deploy": "unchanged", "research": ""}
    assert found["gate"]["outcome"] == "passed"
    first = [path for path, _ in found["read_first"]]
    assert first[:2] == ["AGENTS.md", asked["path"]]
    assert found["unknown"] == [
        "Whether 1 cited source still says it: `cite check --save` has not read them again."
    ]


@pytest.mark.slow
def test_a_hand_off_says_the_same_of_footnotes(project, capsys):
    """A project that writes `[^1]` hands over the same citations, claims, decisions and gate."""
    before, _ = handed(project, capsys)
    with (project / "pyproject.toml").open("a") as settings:
        settings.write('\n[tool.footnotary]\nmarker = "[^1]"\n')
    assert exit_code("doc", ["sync", "--root", str(project), "--quiet"]) == 0
    assert any("[^1]: " in path.read_text() for path in (project / FOLDER).glob("*.md"))
    after, _ = handed(project, capsys)
    for part in ("research", "documents", "read_first", "unknown"):
        assert after[part] == before[part]
    assert after["gate"]["outcome"] == before["gate"]["outcome"] == "passed"


def test_what_is_broken_comes_first(project, capsys):
    """A gate that fails names what to read after the rules, and the document whose code changed."""
    compose = project / "compose.yml"
    compose.write_text(compose.read_text() + "  cache:\n    image: redis:7\n")
    found, text = handed(project, capsys)
    assert found["gate"]["outcome"] == "failed"
    deploy = next(one for one in found["documents"] if one["kind"] == "deploy")
    assert deploy["code"] == "changed"
    assert found["read_first"][1] == [deploy["path"], "1 finding"]
    assert "DOC006" in text


@pytest.mark.slow
def test_what_cannot_be_told_is_said(tmp_path, project, capsys):
    """No repository, a gate that did not run, a note that does not read: each a sentence."""
    found, text = handed(project, capsys, "--no-check")
    assert "Whether the gate passes: it was not run." in found["unknown"]
    assert {one["questions"] for one in found["documents"]} == {None}
    assert any("is still what the code is" in one for one in found["unknown"])
    (note,) = (project / FOLDER).glob("RESEARCH-keys-*.md")
    note.write_bytes(b"\xff")
    found, text = handed(project, capsys)
    assert any(note.name in one and "could not be read" in one for one in found["unknown"])
    assert "could not be read" in text
    empty = tmp_path / "empty"
    empty.mkdir()
    found, text = handed(empty, capsys)
    assert found["gate"]["outcome"] == "impossible"
    assert ["no git repository" in one for one in found["unknown"]] == [True, False]
    assert "No repository was read." in text
    subprocess.run(["git", "init", "--quiet", "-b", "new", empty], check=True)
    found, text = handed(empty, capsys)
    assert (found["branch"], found["commits"]) == ("new", [])
    assert "Nothing is committed yet." in text


def test_of_a_broken_document_nothing_is_stated(project, capsys):
    """Neither its citations nor its tables are told where its front matter does not read."""
    (path,) = (project / ".claude/docs/current/deployment").glob("DEPLOY-*.md")
    path.write_text(path.read_text().replace("kind: deploy", "kind: [deploy", 1))
    _, text = handed(project, capsys)
    told = [one for one in text.split("## Documents")[1].splitlines() if "DEPLOY" in one]
    assert "could not be read" in told[0]
    assert "records cited" not in told[0]
    assert "those of the code" not in told[0]
