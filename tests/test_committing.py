"""`doc commit` commits the documents and citations, and nothing else."""

import subprocess

import pytest

from footnotary.errors import FootnotaryError, UsageError
from footnotary.project import Project
from footnotary.writing import committing
from footnotary.writing.committing import commit_documents, pending

RESEARCH = ".claude/docs/current/research/RESEARCH-{}-2026-11-23.md"
API = ".claude/docs/current/api-specs/API-{}-2026-11-23.md"


@pytest.fixture
def root(tmp_path):
    """A repository with one commit, in a folder with a space in its name."""
    root = tmp_path / "a project"
    put(root, "pyproject.toml")
    git(root, "init", "-q", "-b", "main")
    git(root, "config", "user.name", "a")
    git(root, "config", "user.email", "a@example.org")
    git(root, "add", ".")
    git(root, "commit", "-qm", "first")
    return root


def put(root, *names, words="x\n"):
    """Write files."""
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(words)


def git(root, *words):
    """Run git and return what it prints."""
    done = subprocess.run(["git", *words], cwd=root, check=True, capture_output=True, text=True)
    return done.stdout


def committed(root, message="docs: x"):
    """Commit what is pending; the files of the new commit."""
    project = Project(root)
    found = pending(project)
    assert (
        commit_documents(project, found, message)
        == git(root, "rev-parse", "--short", "HEAD").strip()
    )
    return git(root, "show", "--name-only", "--no-renames", "--format=").split()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("new", "changed", "message"),
    [
        ([RESEARCH.format("a")], [], "docs(research): add RESEARCH-a-2026-11-23"),
        ([RESEARCH.format("a"), RESEARCH.format("b")], [], "docs(research): add 2 documents"),
        ([RESEARCH.format("a"), API.format("b")], [], "docs: add 2 documents"),
        ([], [API.format("a")], "docs(api): update API-a-2026-11-23"),
        ([API.format("a")], [API.format("b")], "docs(api): update 2 documents"),
        (["citations/a-111111.yaml"], [], "docs(citations): record a-111111"),
        (["citations/a-1.yaml", "citations/b-2.yaml"], [], "docs(citations): record 2 citations"),
        (["citations/a-1.yaml", API.format("a")], [], "docs(api): add API-a-2026-11-23"),
        (["citations/README.md"], [], "docs(citations): add README.md"),
    ],
)
def test_the_message_says_what_documents_or_citations_they_are(root, new, changed, message):
    """Kind and name of one, else how many; `add` only where all of them are new."""
    if changed:
        put(root, *changed)
        committed(root)
        put(root, *changed, words="y\n")
    put(root, *new)
    assert pending(Project(root)).message == message


def test_nothing_but_documents_and_citations_is_committed(root):
    """Files beside them, staged or not, and files that are not yet whole are left as they are."""
    ours = ["citations/a-111111.yaml", RESEARCH.format("a"), "citations/deep/b.yaml"]
    others = ["app.py", ".claude/docs/current/x.md", "citationsx/a.yaml"]
    put(root, *ours, *others, "citations/.footnotary.abcd1234.tmp")
    git(root, "add", "app.py")
    assert {change.path for change in pending(Project(root)).changes} == set(ours)
    assert sorted(committed(root)) == sorted(ours)
    status = git(root, "status", "--porcelain", "--untracked-files=all").splitlines()
    assert status[0] == "A  app.py"
    assert {line[3:] for line in status} == {*others, "citations/.footnotary.abcd1234.tmp"}


@pytest.mark.slow
def test_what_was_removed_is_committed_though_its_folder_is_gone(root):
    """The last record, and a document that moved to the archive; other files stay as they are."""
    archived = RESEARCH.format("a").replace("current", "archive")
    put(root, "citations/a-111111.yaml", RESEARCH.format("a"))
    committed(root)
    put(root, "app.py")
    (root / "citations" / "a-111111.yaml").unlink()
    (root / "citations").rmdir()
    assert committed(root) == ["citations/a-111111.yaml"]
    assert git(root, "status", "--porcelain") == "?? app.py\n"
    put(root, archived)
    (root / RESEARCH.format("a")).unlink()
    (root / RESEARCH.format("a")).parent.rmdir()
    assert committed(root) == sorted([archived, RESEARCH.format("a")])
    assert git(root, "status", "--porcelain") == "?? app.py\n"


def test_a_project_in_a_folder_of_a_repository_is_committed_from_there(root):
    """Its files are named from the top; those of its neighbours are not its own."""
    put(root, "shop/citations/a-111111.yaml", "citations/b-222222.yaml")
    found = pending(Project(root / "shop"))
    assert [change.path for change in found.changes] == ["shop/citations/a-111111.yaml"]
    commit_documents(Project(root / "shop"), found, "docs: x")
    assert git(root, "show", "--name-only", "--format=").split() == ["shop/citations/a-111111.yaml"]


@pytest.mark.slow
def test_where_there_is_nothing_to_commit_it_is_said(root, tmp_path):
    """No repository, nothing pending, a conflict that is not resolved."""
    (tmp_path / "elsewhere").mkdir()
    with pytest.raises(UsageError, match="not a git repository"):
        pending(Project(tmp_path / "elsewhere"))
    put(root, "app.py")
    with pytest.raises(UsageError, match="No document and no citation"):
        pending(Project(root))
    put(root, "citations/a-111111.yaml", words="one\n")
    committed(root)
    git(root, "checkout", "-qb", "other")
    put(root, "citations/a-111111.yaml", words="two\n")
    committed(root)
    git(root, "checkout", "-q", "main")
    put(root, "citations/a-111111.yaml", words="three\n")
    committed(root)
    subprocess.run(["git", "merge", "other"], cwd=root, capture_output=True, check=False)
    with pytest.raises(UsageError, match="merge conflict"):
        pending(Project(root))


def hook(root, script):
    """Make git run a script before each commit."""
    path = root / ".git" / "hooks" / "pre-commit"
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


@pytest.mark.slow
def test_the_user_s_hooks_run_and_may_refuse(root, capfd):
    """Their first line is the hint, all of it the detail; nothing is printed or asked for."""
    put(root, "citations/a-111111.yaml")
    hook(root, 'cat; echo "no $GIT_TERMINAL_PROMPT"; echo more; exit 1')
    with pytest.raises(FootnotaryError, match="git commit failed") as refused:
        committed(root)
    assert (refused.value.hint, refused.value.detail) == ("no 0", "no 0\nmore")
    hook(root, "exit 1")
    with pytest.raises(FootnotaryError) as refused:
        committed(root)
    assert refused.value.hint == ""
    assert git(root, "log", "--format=%s") == "first\n"
    assert capfd.readouterr() == ("", "")


def test_a_hook_that_never_ends_is_left(root, monkeypatch):
    """After a time limit git is ended, and that is what is said."""
    put(root, "citations/a-111111.yaml")
    hook(root, "exec >/dev/null 2>&1; exec sleep 2")
    monkeypatch.setattr(committing, "_TIMEOUT", 0.3)
    with pytest.raises(FootnotaryError, match="git commit could not be run"):
        committed(root)
