"""What the gate remembers is used only while everything that it depends on is what it was."""

import json
import os
import sqlite3
import subprocess
from datetime import timedelta

import pytest

from footnotary import state, writing
from footnotary.cli.running import exit_code
from footnotary.derived import FILE_NAME
from footnotary.facts.options import ReadOptions
from footnotary.gating import GateOptions, check_project
from footnotary.gating.mending import sync_citing
from footnotary.models import Check, CheckOutcome
from footnotary.project import Project
from footnotary.records import RecordStore
from test_markers import citation


@pytest.fixture
def project(tmp_path, today):
    """A project with a page that cites a record, and a place for what is learned."""
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "shop"\n')
    RecordStore(tmp_path / "citations").new(
        citation("a-111111", quote="Keys are kept for 24 hours.")
    )
    page(tmp_path, "Keys are kept for 24 hours.^[a-111111]\n")
    state.make_state_folder(tmp_path)
    return Project(tmp_path)


def page(root, text):
    """Write the page and number its markers."""
    (root / "docs").mkdir(exist_ok=True)
    (root / "docs" / "page.md").write_text(text)
    writing.sync_documents(Project(root), [root / "docs" / "page.md"])


def git(project, *words):
    """Run git in the project as a made-up author."""
    who = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    subprocess.run(["git", *who, *words], cwd=project.root, check=True, capture_output=True)


def found(project, **options):
    """The codes that the gate finds, with the file of each."""
    report = check_project(project, GateOptions(**{"pages": ("docs/*.md",)} | options))
    return {(finding.code, finding.path) for finding in report.findings}


def kept(project, *statement):
    """The rows that the gate keeps of documents, once a statement was run over the database."""
    with sqlite3.connect(project.root / ".footnotary" / FILE_NAME) as database:
        if statement:
            database.execute(*statement)
        rows = database.execute("SELECT name, mark, value FROM kept WHERE kind = 'documents'")
        found = {name: (mark, value) for name, mark, value in rows}
    database.close()
    return found


def rewritten(project, change):
    """Change what is remembered of the page."""
    value = json.loads(kept(project)["docs/page.md"][1])
    change(value)
    kept(project, "UPDATE kept SET value = ? WHERE name = 'docs/page.md'", (json.dumps(value),))


def test_a_document_that_has_not_changed_is_not_judged_again(project):
    """Its findings are those that were kept, with its lines and keys."""
    (project.root / "docs" / "page.md").write_text("A claim.^[nobody-123456]\n")
    first = check_project(project, GateOptions(pages=("docs/*.md",)))
    again = check_project(project, GateOptions(pages=("docs/*.md",)))
    assert (first.findings, first.sources) == (again.findings, again.sources)
    assert first.sources["docs/page.md", 1] == "A claim.^[nobody-123456]"
    rewritten(project, lambda entry: entry["found"].update(findings=[], cited=["a-111111"]))
    assert found(project) == set()


def test_a_record_that_has_changed_is_seen(project):
    """Checked since, removed, broken or come back: each time the document is judged anew."""
    path = project.citations / "a-111111.yaml"
    assert found(project) == set()
    store = RecordStore(project.citations)
    gone = Check(date="2026-11-22", outcome=CheckOutcome.GONE, detail="404")
    store.save(store.get("a-111111").model_copy(update={"checks": (gone,)}))
    assert ("CIT007", "docs/page.md") in found(project)
    kept = path.read_bytes()
    path.unlink()
    assert ("CIT001", "docs/page.md") in found(project)
    path.write_bytes(kept)
    assert ("CIT007", "docs/page.md") in found(project)
    path.write_text("schema: 1\n")
    assert ("CIT010", "citations/a-111111.yaml") in found(project)


def test_a_record_of_the_same_size_and_time_is_another_file(project):
    """An edit that keeps both is seen by the time at which the file itself was changed."""
    path = project.citations / "a-111111.yaml"
    assert found(project) == set()
    before = path.stat()
    path.write_text(path.read_text().replace("24 hours", "36 hours"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert ("CLM002", "docs/page.md") in found(project)


def test_what_a_rule_asked_of_the_disk_is_asked_again(project):
    """A page that is linked to, and its headings."""
    other = project.root / "docs" / "other.md"
    other.write_text("# There\n")
    page(project.root, "Keys are kept for 24 hours.^[a-111111] See [it](other.md#there).\n")
    assert found(project) == set()
    other.write_text("# Elsewhere\n")
    from footnotary.gating.collecting import _read_anchors

    _read_anchors.cache_clear()  # a run of its own
    assert ("DOC007", "docs/page.md") in found(project)
    other.write_text("# There\n")
    _read_anchors.cache_clear()
    assert found(project) == set()
    other.unlink()
    assert ("DOC007", "docs/page.md") in found(project)


def test_the_rules_their_limits_the_day_and_the_text_are_part_of_it(project, monkeypatch):
    """Whatever a run was asked, another one gets its own answer."""
    old = ("CIT006", "docs/page.md")
    assert found(project) == set()
    assert old in found(project, stale_after_days=1)
    assert found(project, select=("DOC",)) == set()
    assert found(project) == set()
    monkeypatch.setenv("FOOTNOTARY_NOW", "2028-11-26")
    assert old in found(project)
    (project.root / "docs" / "page.md").write_text("A claim.^[nobody-123456]\n")
    assert ("CIT001", "docs/page.md") in found(project)


def test_a_document_that_is_gone_is_forgotten_by_a_check_of_all(project):
    """A check of named documents says nothing about the others."""
    (project.root / "docs" / "other.md").write_text("# There\n")
    assert found(project) == set()
    (project.root / "docs" / "page.md").unlink()
    found(project, named=(str(project.root / "docs" / "other.md"),))
    assert set(kept(project)) == {"docs/page.md", "docs/other.md"}
    found(project)
    assert set(kept(project)) == {"docs/other.md"}


def test_a_checkout_that_makes_every_time_new_costs_no_judging(project, monkeypatch):
    """Files are known by their bytes where their times differ, as in CI with a restored cache."""
    writing.write_document(project, "research", "pools", ReadOptions())
    wanted = found(project)
    for path in project.root.rglob("*"):
        os.utime(path, (2_000_000_000, 2_000_000_000))
    monkeypatch.setattr("footnotary.gating.checking_all._judged", None)
    assert found(project) == wanted


def test_a_document_is_known_until_a_source_turns_old(project, monkeypatch):
    """A clock that went back is a day of which nothing is known; what is old stays old."""
    assert found(project) == set()
    with monkeypatch.context() as patched:
        patched.setattr("footnotary.gating.checking_all._judged", None)
        patched.setenv("FOOTNOTARY_NOW", "2026-12-24")
        assert found(project) == set()
        for day in ("2028-11-26", "2026-11-20"):
            patched.setenv("FOOTNOTARY_NOW", day)
            with pytest.raises(TypeError):
                found(project)
    seen = RecordStore(project.citations).get("a-111111").accessed
    for after, old in ((365, False), (366, True)):
        monkeypatch.setenv("FOOTNOTARY_NOW", (seen + timedelta(days=after)).isoformat())
        assert (("CIT006", "docs/page.md") in found(project)) is old
    monkeypatch.setattr("footnotary.gating.checking_all._judged", None)
    monkeypatch.setenv("FOOTNOTARY_NOW", (seen + timedelta(days=400)).isoformat())
    assert ("CIT006", "docs/page.md") in found(project)


def test_what_a_document_of_the_future_is_told_holds_for_a_day(project, monkeypatch):
    """On its own day its date is right."""
    path = writing.write_document(project, "research", "pools", ReadOptions()).path
    monkeypatch.setenv("FOOTNOTARY_NOW", "2026-11-20")
    shown = path.relative_to(project.root).as_posix()
    assert ("DOC002", shown) in found(project, code=False)
    monkeypatch.setenv("FOOTNOTARY_NOW", "2026-11-23")
    assert ("DOC002", shown) not in found(project, code=False)


def test_questions_are_known_whatever_lies_beside_a_document(project):
    """Which lines its author has not written yet follows from the document's kind alone."""
    path = writing.write_document(project, "research", "pools", ReadOptions()).path
    shown = path.relative_to(project.root).as_posix()
    assert ("DOC004", shown) in found(project, code=False)
    path.with_suffix(".facts.json").unlink()
    assert ("DOC004", shown) in found(project, code=False)


def test_a_commit_is_part_of_it(project):
    """What git says of a file that a document names is asked again after each commit."""
    (project.root / "app.py").write_text("one = 1\ntwo = 2\n")
    git(project, "init", "-q")
    git(project, "add", "app.py")
    git(project, "commit", "-qm", "first")
    path = writing.write_document(project, "research", "pools", ReadOptions()).path
    path.write_text(path.read_text().replace("## Decision", "See app.py:2 here.\n\n## Decision"))
    shown = path.relative_to(project.root).as_posix()
    assert ("DOC008", shown) not in found(project)
    (project.root / "app.py").write_text("one = 1\ntwo = 3\n")
    git(project, "commit", "-qam", "second")
    assert ("DOC008", shown) in found(project)


def nested(value, path=()):
    """Every place in a JSON value."""
    yield path
    keys = range(len(value)) if isinstance(value, list) else value
    for key in keys if isinstance(value, dict | list) else ():
        yield from nested(value[key], (*path, key))


def replaced(value, path, other):
    """A JSON value with another one in a place."""
    if not path:
        return other
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = replaced(copy[path[0]], path[1:], other)
    return copy


OTHERS = (None, True, -1, 1.5, 10**400, "", "\0", "a" * 300, "\ud800", [], {}, [[]], {"": None})


@pytest.mark.slow
def test_whatever_json_is_there_the_gate_ends_in_its_findings(project):
    """Any other value in any place is not believed, or changes no more than its finding."""
    page(project.root, "Keys are kept for 24 hours.^[a-111111] See [it](page.md#x) and `a.py:1`.\n")
    git(project, "init", "-q")  # which is asked once a process what it tracks
    wanted = found(project)
    assert wanted
    whole = json.loads(kept(project)["docs/page.md"][1])
    places = list(nested(whole))
    assert len(places) > 30
    change = "UPDATE kept SET value = ? WHERE name = 'docs/page.md'"
    for number, place in enumerate(places):
        other = OTHERS[number % len(OTHERS)]
        kept(project, change, (json.dumps(replaced(whole, place, other)),))
        found(project, code=False)
    kept(project, change, (json.dumps(OTHERS[-1]),))
    assert found(project) == wanted


def test_any_shape_of_a_memory_is_forgotten(project, capsys):
    """Never exit 3, whichever command reads it."""
    root = ["--root", str(project.root)]
    writing.write_document(project, "research", "pools", ReadOptions())
    assert exit_code("doc", ["check", *root]) == 0
    texts = [
        "{",
        "[" * 101 + "]" * 101,
        '{"found": {"x": 1}}',
        '{"x": "\\ud800"}',
        b"\xff",
        7,
        "{}",
    ]
    for text in texts:
        kept(project, "UPDATE kept SET value = ?", (text,))
        assert exit_code("doc", ["list", *root]) == 0, text
        assert exit_code("doc", ["check", *root]) == 0, text
    capsys.readouterr()


def test_sources_follow_a_record_on_every_page_that_cites_it(project):
    """Pages that do not cite it are passed over, wherever they lie; what was written is told."""
    root = project.root
    for name in ("a.md", "z.md"):
        (root / "docs" / name).write_text("Nothing is cited here.\n")
    RecordStore(root / "citations").change(
        "a-111111", lambda one: one.model_copy(update={"title": "Keys"})
    )
    assert sync_citing(project, ["a-111111"], ("docs/*.md",)) == ("docs/page.md",)
    assert "Keys" in (root / "docs" / "page.md").read_text()


def test_an_edited_record_is_told_once(project):
    """Of a change, in the page that cites it; of a whole library, in its own file."""
    git(project, "init", "--quiet")
    git(project, "add", "--all")
    git(project, "commit", "--quiet", "--message", "begin")
    record = project.root / "citations" / "a-111111.yaml"
    record.write_text(record.read_text().replace("24 hours", "36 hours"))
    assert ("CIT005", "docs/page.md") in found(project, since="HEAD")
    assert ("CIT005", "citations/a-111111.yaml") not in found(project, since="HEAD")
    assert ("CIT005", "citations/a-111111.yaml") in found(project)
