"""What is kept in `.footnotary/` is as foreign as a page: believed only where it can be ours."""

import json
import os
import shutil
import socket
import subprocess
import warnings
from pathlib import Path

import pytest

from footnotary import state, writing
from footnotary.cache import Cache, Trail
from footnotary.cli.running import exit_code
from footnotary.config import load_settings
from footnotary.errors import (
    DocumentError,
    FootnotaryError,
    FootnotaryWarning,
    ProjectError,
    SettingsError,
)
from footnotary.facts.options import ReadOptions
from footnotary.models import Model
from footnotary.project import Project
from footnotary.records import RecordStore
from footnotary.writing.transaction import apply
from footnotary.writing.transaction import writing as locked
from tables import each_row
from test_markers import citation

OPTIONS = ReadOptions()
NOTE = ".claude/docs/current/research/RESEARCH-pools-2026-11-23.md"


@pytest.fixture
def outside(tmp_path):
    """A folder beside the project with a file that nobody may touch."""
    folder = tmp_path / "outside"
    folder.mkdir()
    (folder / "victim.md").write_text("not yours\n")
    (folder / "victim.yaml").write_text("not yours\n")
    yield folder
    assert sorted(path.name for path in folder.iterdir()) == ["victim.md", "victim.yaml"]
    assert {path.read_text() for path in folder.iterdir()} == {"not yours\n"}


@pytest.fixture
def project(tmp_path, today):
    """A project with a record and a research note."""
    root = tmp_path / "project"
    root.mkdir()
    (root / "pyproject.toml").write_text('[project]\nname = "shop"\n')
    RecordStore(root / "citations").new(citation("a-111111"))
    (root / NOTE).parent.mkdir(parents=True)
    (root / NOTE).write_text("# Research: pools\n")
    state.make_state_folder(root)
    return Project(root)


def steps(*pairs):
    """A journal's text: targets and staged names."""
    return json.dumps([{"path": path, "from": staged} for path, staged in pairs])


def journal(project, text, staged=("0",)):
    """Put a journal, and staged files, where a killed process leaves them."""
    folder = project.root / ".footnotary"
    (folder / "staged").mkdir(parents=True, exist_ok=True)
    for name in staged:
        (folder / "staged" / name).write_bytes(b"hostile\n")
    (folder / "journal.json").write_text(text)
    return folder / "journal.json"


OUTSIDE_PATHS = [
    "../outside/victim.md",
    "citations/../../outside/victim.md",
    ".claude/docs/current/../../../../outside/victim.md",
    "pyproject.toml",
    "src/app.py",
    ".git/config",
    ".footnotary/x",
    "citations",
    ".claude/docs/current",
    ".claude/docs",
    ".claude/docs/other/x.md",
    "citationsx/a.yaml",
    ".",
    "",
    "citations\\..\\..\\outside\\victim.md",
    "citations/c:x",
    "citations/a\x00b.yaml",
    "citations/" + "a" * 5000,
    "citations/" + "a" * 300,
    "citations/a-111111.yaml/b",
]


@pytest.mark.parametrize("path", OUTSIDE_PATHS)
@pytest.mark.parametrize("staged", ["0", None], ids=["written", "removed"])
def test_a_journal_that_leads_out_of_documents_and_records_is_forgotten(
    project, outside, path, staged
):
    """No path but those below the documents and the records is written or removed."""
    (project.root / "src").mkdir()
    (project.root / "src" / "app.py").write_text("x = 1\n")
    before = contents(project.root)
    left = journal(project, steps((path, staged)))
    with pytest.warns(FootnotaryWarning, match=r"journal\.json was forgotten"):
        writing.sync_documents(project, [])
    assert not left.exists()
    assert contents(project.root) == before


def test_a_journal_with_an_absolute_path_is_forgotten(project, outside):
    """The same for a path from the root of the disk, in the project or not."""
    for path in (outside / "victim.md", project.root / "citations" / "a-111111.yaml"):
        journal(project, steps((str(path), None)))
        with pytest.warns(FootnotaryWarning):
            writing.sync_documents(project, [])
        assert path.exists()


def test_one_bad_step_forgets_the_whole_journal(project, outside):
    """Nothing of a journal is done before all of it was looked at."""
    before = contents(project.root)
    journal(project, steps((NOTE, None), ("../outside/victim.md", "0")))
    with pytest.warns(FootnotaryWarning):
        writing.sync_documents(project, [])
    assert contents(project.root) == before


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "{}",
        '"x"',
        "1",
        "[1]",
        "[null]",
        "[[]]",
        "[{}]",
        json.dumps([{"path": NOTE}]),
        json.dumps([{"from": None}]),
        json.dumps([{"path": NOTE, "from": 0}]),
        json.dumps([{"path": 1, "from": None}]),
        json.dumps([{"path": NOTE, "from": "../0"}]),
        json.dumps([{"path": NOTE, "from": "0\n"}]),
        json.dumps([{"path": NOTE, "from": "²"}]),
        json.dumps([{"path": NOTE, "from": ""}]),
        json.dumps([{"path": NOTE, "from": None, "more": 1}]),
        json.dumps([{"path": "citations/\ud800.md", "from": None}]),
        json.dumps([{"path": NOTE, "from": None}] * 10_001),
        "[" * 101 + "]" * 101,
        '[{"path": "citations/x", "from": NaN}]',
    ],
)
def test_a_journal_of_another_form_is_forgotten(project, text):
    """Whatever is no list of paths and staged numbers changes nothing, and heals."""
    before = contents(project.root)
    left = journal(project, text)
    with pytest.warns(FootnotaryWarning):
        writing.sync_documents(project, [])
    assert contents(project.root) == before
    assert not left.exists()
    writing.sync_documents(project, [])  # no second warning


def test_a_journal_that_git_tracks_is_a_stranger_s(project):
    """What came with the repository is not followed, though every path in it is a document's."""
    git(project.root, "init", "--quiet")
    journal(project, steps((NOTE, None)))
    git(project.root, "add", "--force", ".footnotary/journal.json")
    with pytest.warns(FootnotaryWarning):
        writing.sync_documents(project, [])
    assert (project.root / NOTE).exists()


def test_a_journal_is_not_believed_where_git_cannot_be_asked(project, monkeypatch):
    """Without an answer of git, a working copy's journal counts as tracked."""
    (project.root / ".git").mkdir()
    journal(project, steps((NOTE, None)))
    monkeypatch.setenv("PATH", "")
    with pytest.warns(FootnotaryWarning):
        writing.sync_documents(project, [])
    assert (project.root / NOTE).exists()


def test_a_journal_that_git_does_not_track_is_finished(project):
    """In a repository too, what a killed process left is done."""
    git(project.root, "init", "--quiet")
    git(project.root, "add", "pyproject.toml")
    journal(project, steps((NOTE, None)))
    writing.sync_documents(project, [])
    assert not (project.root / NOTE).exists()


def test_what_stopped_halfway_is_finished_by_the_next(project):
    """The journal that is written names every file: the next run puts all of them in place."""
    note = project.root / NOTE
    first, last = note.with_name("FIRST.md"), note.with_name("LAST.md")
    first.mkdir()  # a folder in the way of the first of three steps
    with locked(project), pytest.raises(FootnotaryError):
        apply(project, {first: b"first\n", note: None, last: b"last\n"})
    assert note.exists()
    assert not last.exists()
    first.rmdir()
    with locked(project):
        assert sorted(one.name for one in note.parent.iterdir()) == [first.name, last.name]
    assert (first.read_bytes(), last.read_bytes()) == (b"first\n", b"last\n")


@pytest.mark.parametrize(
    "place",
    ["citations/deep", ".claude/docs/current/deep", ".claude/docs/archive/deep"],
)
def test_a_journal_follows_no_link(project, outside, place):
    """A folder of documents or records that is a link does not make its target theirs."""
    link = project.root / place
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(outside)
    journal(project, steps((f"{place}/victim.md", "0"), (f"{place}/victim.yaml", None)))
    with pytest.warns(FootnotaryWarning):
        writing.sync_documents(project, [])


@pytest.mark.parametrize("kind", ["link", "folder", "fifo", "socket"])
def test_a_staged_file_is_a_plain_one(project, outside, kind, tmp_path, monkeypatch):
    """What is no regular file is not moved into the documents."""
    left = journal(project, steps((NOTE, "0")), staged=())
    before = (project.root / NOTE).read_bytes()
    make(left.with_name("staged") / "0", kind, outside / "victim.md", monkeypatch)
    with pytest.warns(FootnotaryWarning):
        writing.sync_documents(project, [])
    assert (project.root / NOTE).read_bytes() == before


@pytest.mark.parametrize("name", ["journal.json", "writing.lock", "staged", ".gitignore"])
@pytest.mark.parametrize("kind", ["link", "folder link", "dangling", "folder", "fifo", "socket"])
def test_nothing_in_the_folder_leads_out_of_it(project, outside, name, kind, monkeypatch):
    """Links, pipes, sockets and folders in the place of our files neither harm nor hang."""
    targets = {"folder link": outside, "dangling": outside.with_name("nothing")}
    path = project.root / ".footnotary" / name
    path.unlink(missing_ok=True)
    make(path, kind, targets.get(kind, outside / "victim.md"), monkeypatch)
    archived = project.archive / "research" / Path(NOTE).name
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FootnotaryWarning)
        with locked(project):
            apply(project, {archived: b"old", project.root / NOTE: None})
    assert archived.read_bytes() == b"old"
    assert not (project.root / NOTE).exists()
    assert not outside.with_name("nothing").exists()


@pytest.mark.parametrize("command", ["doc new research x", "doc sync", "cite list", "doc check"])
def test_a_folder_that_is_a_link_is_refused_in_one_sentence(
    project, outside, command, capsys, monkeypatch
):
    """`.footnotary` that leads elsewhere: exit 2, and nothing is written there."""
    shutil.rmtree(project.root / ".footnotary")
    (project.root / ".footnotary").symlink_to(outside)
    program, *words = command.split()
    assert exit_code(program, [*words, "--root", str(project.root)]) == 2
    said = capsys.readouterr().err
    assert ".footnotary" in said
    assert "link" in said
    with pytest.raises(FootnotaryError, match="symbolic link"):
        writing.sync_documents(project, [])


@pytest.mark.parametrize(
    ("place", "command"),
    [
        *(("citations", command) for command in ("doc check", "doc new research x", "cite list")),
        *(
            (place, command)
            for place in (".claude", ".claude/docs", ".claude/docs/current")
            for command in ("doc check", "doc new research x", "doc list")
        ),
    ],
)
def test_folders_that_lead_out_of_the_project_are_refused(project, outside, place, command, capsys):
    """Records and documents behind a link to elsewhere are neither read nor written."""
    shutil.rmtree(project.root / place)
    (project.root / place).symlink_to(outside)
    program, *words = command.split()
    assert exit_code(program, [*words, "--root", str(project.root)]) == 2
    assert "leads out of the project" in capsys.readouterr().err


def test_links_in_a_circle_are_one_sentence(project):
    """A folder that is a link to itself is refused, not followed for ever."""
    shutil.rmtree(project.root / "citations")
    (project.root / "citations").symlink_to(project.root / "citations")
    with pytest.raises(ProjectError, match="leads out"):
        _ = project.citations


def test_a_link_inside_the_project_is_followed(project):
    """Records that lie elsewhere in the project are the project's."""
    (project.root / "citations").rename(project.root / "sources")
    (project.root / "citations").symlink_to("sources")
    assert RecordStore(project.citations).keys() == ("a-111111",)


def test_a_folder_of_a_kind_that_leads_out_is_refused(project, outside, capsys):
    """The same one folder deeper, for reading and for writing."""
    shutil.rmtree(project.root / ".claude/docs/current/research")
    (project.root / ".claude/docs/current/research").symlink_to(outside)
    for words in (["list"], ["check"], ["new", "research", "x"]):
        assert exit_code("doc", [*words, "--root", str(project.root)]) == 2
        assert "leads out of the project" in capsys.readouterr().err


def test_writing_behind_a_link_that_leads_out_is_refused(project, outside):
    """`apply` itself refuses, whoever calls it."""
    (project.root / "docs").symlink_to(outside)
    with locked(project), pytest.raises(DocumentError, match="leads out"):
        apply(project, {project.root / "docs" / "victim.md": b"x"})


def test_what_a_link_beside_a_document_shows_is_not_archived(project, outside, monkeypatch):
    """A file elsewhere does not get into the repository by standing beside a document."""
    note = project.root / NOTE
    note.with_name(f"{note.stem}.openapi.json").symlink_to(outside / "victim.md")
    monkeypatch.setenv("FOOTNOTARY_NOW", "2026-12-01")
    writing.write_document(project, "research", "pools", OPTIONS)
    archived = list((project.root / ".claude/docs/archive/research").iterdir())
    assert archived
    assert all(b"not yours" not in path.read_bytes() for path in archived)


def test_a_document_that_is_a_link_to_elsewhere_is_a_finding(project, outside, capsys):
    """Its words are not shown, and it is not passed over in silence."""
    folder = project.root / ".claude/docs/current/research"
    (folder / "RESEARCH-x-2026-11-23.md").symlink_to(outside / "victim.md")
    assert exit_code("doc", ["check", "--root", str(project.root)]) == 1
    said = capsys.readouterr().out
    assert "symbolic link" in said
    assert "not yours" not in said


@pytest.mark.parametrize("named", ["/ELSEWHERE", "..", "../..", "x/../../y", "here", "here/x"])
def test_a_project_keeps_its_pages_in_itself(project, outside, named, monkeypatch):
    """`cache-dir` of a cloned project names no folder of the user's; the environment may."""
    (project.root / "here").symlink_to(outside)
    named = named.replace("/ELSEWHERE", str(outside))
    (project.root / "pyproject.toml").write_text(f'[tool.footnotary]\ncache-dir = "{named}"\n')
    said = "here is a symbolic link" if "here" in named else "cache-dir.*outside of the project"
    with pytest.raises(SettingsError, match=said):
        load_settings(project)
    monkeypatch.setenv("footnotary_cache_dir", str(outside))
    assert load_settings(project).cache_dir == outside


@pytest.mark.parametrize("named", ["~/x", "$HOME", "${HOME}/x"])
def test_a_cache_expands_no_name(project, outside, named, monkeypatch):
    """A tilde and a dollar are characters of a folder's name, or the cache is not used."""
    monkeypatch.setenv("HOME", str(outside))
    (project.root / "pyproject.toml").write_text(f'[tool.footnotary]\ncache-dir = "{named}"\n')
    folder = load_settings(project).cache_dir
    assert folder == project.root / named
    cache = Cache(folder)
    cache.keep_trail("0" * 64, Trail("words"), accept="reader")
    cache.close()
    assert ("variable" in cache.problem) == ("$" in named)


class Count(Model):
    """A small state."""

    count: int


def test_state_comes_back_and_is_ignored_by_git(tmp_path):
    """What was written is read, in a folder that keeps itself out of commits."""
    state.make_state_folder(tmp_path)
    state.write_state(tmp_path, "count.json", Count(count=3))
    assert state.read_state(tmp_path, "count.json", Count) == Count(count=3)
    git(tmp_path, "init", "--quiet")
    assert git(tmp_path, "status", "--porcelain", "--untracked-files=all") == ""


def test_state_is_written_only_where_its_folder_is(tmp_path):
    """A command that only reads makes no folder."""
    state.write_state(tmp_path, "count.json", Count(count=3))
    assert list(tmp_path.iterdir()) == []


@each_row("kind", ["link", "folder", "fifo", "socket"])
def test_state_that_is_no_plain_file_is_none(tmp_path, kind, monkeypatch):
    """Links, folders, pipes and sockets hold no state."""
    folder = state.make_state_folder(tmp_path)
    (tmp_path / "real.json").write_text('{"count": 3}')
    make(folder / "count.json", kind, tmp_path / "real.json", monkeypatch)
    assert state.read_state(tmp_path, "count.json", Count) is None


def test_state_that_is_too_large_is_none(tmp_path, monkeypatch):
    """No more is read than a limit."""
    monkeypatch.setattr(state, "MAX_STATE_BYTES", 20)
    folder = state.make_state_folder(tmp_path)
    (folder / "count.json").write_text('{"count": 3}' + " " * 9)
    assert state.read_state(tmp_path, "count.json", Count) is None
    (folder / "count.json").write_text('{"count": 3}' + " " * 8)
    assert state.read_state(tmp_path, "count.json", Count) == Count(count=3)


@each_row("tracked", [".footnotary", ".footnotary/count.json", ".Footnotary"])
def test_state_that_git_tracks_is_none(tmp_path, tracked):
    """In whatever letter case: some file systems do not tell them apart."""
    git(tmp_path, "init", "--quiet")
    folder = tmp_path / tracked.split("/")[0]
    folder.mkdir()
    (folder / "count.json").write_text('{"count": 3}')
    git(tmp_path, "add", "--force", tracked)
    if not (tmp_path / ".footnotary").exists():
        folder.rename(tmp_path / ".footnotary")
    assert state.read_state(tmp_path, "count.json", Count) is None


def contents(root):
    """Every file of a project but what is kept beside it, with its bytes."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and ".footnotary" not in path.parts
    }


def git(folder, *words):
    """Run git and return what it prints."""
    return subprocess.run(
        ["git", "-C", str(folder), *words], check=True, capture_output=True, text=True
    ).stdout


def make(path, kind, target, monkeypatch):
    """Make something that is no regular file."""
    match kind:
        case "link" | "folder link" | "dangling":
            path.symlink_to(target)
        case "folder":
            path.mkdir()
            (path / "x").write_text("x")
        case "fifo":
            os.mkfifo(path)
        case "socket":
            monkeypatch.chdir(path.parent)  # a socket's address is a short path
            with socket.socket(socket.AF_UNIX) as one:
                one.bind(path.name)
