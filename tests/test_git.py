import subprocess

import pytest

from footnotary import git
from tables import each_row


def run(folder, *words):
    """Run git in a folder as a made-up author."""
    subprocess.run(
        ["git", "-C", str(folder), "-c", "user.name=A", "-c", "user.email=a@example.org", *words],
        check=True,
        capture_output=True,
    )


@pytest.fixture
def repository(tmp_path):
    """An empty repository on the branch `main`."""
    run(tmp_path, "init", "-q", "-b", "main")
    return tmp_path


def test_a_folder_outside_any_repository_has_no_state(tmp_path):
    """No repository is None, not an error."""
    assert git.read_repository(tmp_path) is None
    assert git.read_repository(tmp_path / "missing") is None


def test_git_is_started_in_repositories_alone(tmp_path, monkeypatch):
    """Elsewhere it would refuse; what it says of a file's content needs no repository."""
    (tmp_path / "a.txt").write_text("a\n")
    asked = git.blob_names(tmp_path, ["a.txt"])
    assert asked == ["78981922613b2afb6025042ff6bd878ac1994e85"]
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(subprocess, "run", None)
    assert git.read_repository(tmp_path) is None
    assert git.tracked(tmp_path) is None
    assert git.ignored(tmp_path) == frozenset()
    assert git.refusal(tmp_path) == ("", "")


@pytest.mark.parametrize("inside", ["", "src/deep"])
def test_a_repository_is_found_from_below_and_through_links(repository, inside):
    """As git finds it: from the folder that a path leads to, upwards; `.git` may be a file."""
    run(repository, "commit", "-q", "--allow-empty", "-m", "first")
    run(repository, "worktree", "add", "-q", "side")
    for root in (repository, repository / "side"):
        folder = root / inside
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "a.txt").write_text("a\n")
        run(root, "add", "-A")
        (root / "link").symlink_to(folder)
        assert "a.txt" in git.tracked(root / "link")


def test_a_repository_without_a_commit_has_a_branch_and_no_commit(repository):
    """Before the first commit the branch is known and everything is untracked."""
    (repository / "a.py").write_text("a = 1\n")
    state = git.read_repository(repository)
    assert state.branch == "main"
    assert state.commit is None
    assert state.changes == (git.Change("untracked", "a.py"),)


def test_the_last_commit_is_read_with_its_day_and_subject(repository):
    """Hash, day and first line come from git; a separator in the subject stays in it."""
    (repository / "a.py").write_text("a = 1\n")
    run(repository, "add", ".")
    run(repository, "commit", "-q", "-m", "feat: a \x1f b\n\nbody")
    state = git.read_repository(repository)
    assert len(state.commit.hash) == 40
    assert state.commit.subject == "feat: a \x1f b"
    assert len(state.commit.date) == 10
    assert state.changes == ()


def test_hostile_names_are_one_change_each(repository):
    """Line feeds, quotes, arrows and leading dashes in a name neither split nor merge."""
    names = ["a\nb.py", 'q".py', "x -> y.py", "-rf.py", "tab\t.py"]
    for name in names:
        (repository / name).write_text("")
    assert sorted(change.path for change in git.read_repository(repository).changes) == sorted(
        names
    )
    message = git.suggested_message((git.Change("untracked", "a\nb`$(x)`.py"),))
    assert message == "feat: add abx.py"


def test_a_rename_is_one_change_with_its_new_name(repository):
    """The old name of a rename is not read as a change of its own."""
    (repository / "a.py").write_text("a = 1\n" * 20)
    run(repository, "add", ".")
    run(repository, "commit", "-q", "-m", "one")
    run(repository, "mv", "a.py", "b.py")
    assert git.read_repository(repository).changes == (git.Change("renamed", "b.py"),)


def test_a_configured_monitor_is_not_run(repository):
    """Reading the state never starts a program that the repository configures."""
    trap = repository / "trap.sh"
    trap.write_text(f"#!/bin/sh\ntouch {repository}/sprung\n")
    trap.chmod(0o755)
    run(repository, "config", "core.fsmonitor", str(trap))
    git.read_repository(repository)
    assert not (repository / "sprung").exists()


@each_row(
    ("paths", "message"),
    [
        (["tests/test_a.py"], "test(tests): update test_a.py"),
        (["src/shop/orders/api.py", "src/shop/orders/db.py"], "fix(orders): update 2 files"),
        (["docs/a.md", "README.md"], "docs: update 2 files"),
        (["compose.yml"], "build: update compose.yml"),
        ([".github/workflows/ci.yml"], "ci(workflows): update ci.yml"),
        ([], ""),
    ],
)
def test_the_suggested_message_follows_the_paths(paths, message):
    """Type and scope are those that the paths share; nothing pending suggests nothing."""
    assert git.suggested_message(tuple(git.Change("modified", path) for path in paths)) == message
