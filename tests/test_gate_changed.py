"""`doc check --changed`: what a change concerns is checked, and nothing else is."""

import json
import subprocess

import pytest

from footnotary.cli.running import exit_code
from footnotary.project import Project
from footnotary.records import RecordStore
from test_markers import citation

RESEARCH = ".claude/docs/current/research"


def git(root, *words):
    """Run git in a project."""
    author = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    subprocess.run(["git", "-C", root, *author, *words], check=True, capture_output=True)


@pytest.fixture
def project(tmp_path, today):
    """A committed project with two pages of its own, a deployment document, two records."""
    root = tmp_path / "shop"
    (root / "docs").mkdir(parents=True)
    (root / "pyproject.toml").write_text(
        '[project]\nname = "shop"\n[tool.footnotary]\npages = ["docs/*.md"]\n'
    )
    (root / "compose.yml").write_text("services:\n  db:\n    image: postgres:16\n")
    store = RecordStore(root / "citations")
    store.new(citation("a-111111", quote="Keep keys for at least 24 hours"))
    store.new(citation("b-222222", quote="Start with a pool of 5 connections"))
    (root / "docs" / "keys.md").write_text("Keys are kept for 2 hours.^[a-111111]\n")
    (root / "docs" / "pools.md").write_text("Pools begin at 50 connections.^[b-222222]\n")
    assert exit_code("doc", ["new", "deploy", "--root", str(root), "--quiet"]) == 0
    git(tmp_path, "init", "--quiet", "shop")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "begin")
    return Project(root)


def checked(project, capsys, *words):
    """Return exit code, the files with errors or warnings, and the report of a check."""
    code = exit_code("doc", ["check", "--json", "--root", str(project.root), *words])
    said = capsys.readouterr()
    if code == 2:
        return code, said.err, {}
    report = json.loads(said.out)
    weighty = {one["path"] for one in report["findings"] if one["severity"] != "note"}
    return code, weighty, report


@pytest.mark.slow
def test_a_change_chooses_what_it_concerns(project, capsys):
    """Each change, alone: the documents it concerns are checked, those of code by any code."""
    root = project.root
    deploy = next((root / ".claude/docs/current/deployment").glob("*.md"))
    record = root / "citations" / "a-111111.yaml"
    (root / "outer").mkdir()
    keys, pools = {"docs/keys.md"}, {"docs/pools.md"}
    table = (
        (lambda: None, set(), (0, 0, 0)),
        (lambda: (root / "notes.rst").write_text("x"), set(), (0, 0, 0)),
        (lambda: (root / "requirements.txt").write_text("x"), None, (1, 0, 1)),
        (lambda: append(root / "docs/pools.md", "More.\n"), pools, (1, 0, 0)),
        (lambda: append(record, "\n"), keys, (1, 1, 0)),
        (record.unlink, keys, (1, 0, 0)),
        (lambda: append(record, "nothing: [\n"), {"docs/keys.md", "citations/a-111111.yaml"}, None),
        (lambda: append(root / "compose.yml", "# as it was\n"), set(), (1, 0, 1)),
        (
            lambda: append(root / "compose.yml", "  cache:\n    image: redis:7\n"),
            {deploy.relative_to(root).as_posix()},
            (1, 0, 1),
        ),
        (lambda: deploy.with_suffix(".facts.json").unlink(), None, (1, 0, 0)),
        (lambda: append(root / "docs/new.md", "See compose.yml: 40 % faster.\n"), None, (1, 0, 0)),
        (lambda: append(root / "pyproject.toml", "\n# all\n"), keys | pools, (3, 2, 1)),
        (lambda: append(root / "outer" / "with blank.py", "a = 1\n"), set(), (1, 0, 1)),
    )
    for at, (change, wanted, counts) in enumerate(table):
        change()
        code, found, report = checked(project, capsys, "--changed")
        assert wanted is None or found == wanted, at
        assert code == (1 if found else 0), at
        looked = tuple(report[name] for name in ("documents", "citations", "compared"))
        assert counts is None or looked == counts, at
        git(root, "checkout", "--quiet", "--", ".")
        git(root, "clean", "--quiet", "--force")


def append(path, text):
    """Add text at the end of a file."""
    with path.open("a") as file:
        file.write(text)


@pytest.mark.slow
def test_since_a_commit(project, capsys):
    """Committed changes count from the commit that is named; one that is unknown ends it."""
    append(project.root / "docs/pools.md", "More.\n")
    git(project.root, "commit", "--quiet", "--all", "--message", "more")
    assert checked(project, capsys, "--changed")[1] == set()
    assert checked(project, capsys, "--since", "HEAD~1")[1] == {"docs/pools.md"}
    assert checked(project, capsys, "--since", "HEAD~1", "docs/keys.md")[1] == set()
    for unknown in ("nothing", "--output=x", "HEAD:docs"):
        code, said, _ = checked(project, capsys, f"--since={unknown}")
        assert (code, "Unknown commit" in said) == (2, True), unknown
    assert checked(project, capsys, "--changed", "--fix")[0] == 2


def test_before_the_first_commit_everything_has_changed(tmp_path, capsys):
    """A new repository is checked whole; without one nobody can tell what has changed."""
    (tmp_path / "pyproject.toml").write_text('[tool.footnotary]\npages = ["*.md"]\n')
    (tmp_path / "page.md").write_text("Pools make it 40 % faster.\n")
    code, said, _ = checked(Project(tmp_path), capsys, "--changed")
    assert (code, "not a git repository" in said) == (2, True)
    git(tmp_path, "init", "--quiet")
    assert checked(Project(tmp_path), capsys, "--changed")[1] == {"page.md"}
    git(tmp_path, "add", "--all")
    assert checked(Project(tmp_path), capsys, "--changed")[1] == {"page.md"}
