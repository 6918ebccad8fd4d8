"""Citations of the project's own files are looked at by the gate, without a network."""

import subprocess

import pytest

from footnotary import writing
from footnotary.checking import own_files
from footnotary.citing import Request, cite_quote
from footnotary.cli.running import exit_code
from footnotary.fetch.fetcher import Fetcher
from footnotary.fetch.repositories import ProjectSources
from footnotary.gating import GateOptions, check_project
from footnotary.gating.mending import fixed
from footnotary.line_history import Hunk, moved_lines
from footnotary.project import Project
from footnotary.records import RecordStore
from tables import each_row

CODE = """\
import os


class Pool:
    size = 5
    timeout = 30


class Queue:
    size = 100
    timeout = 60
"""
OPTIONS = GateOptions(select=("CIT", "DOC001"))


@each_row(
    ("hunks", "now"),
    [
        ([], (5, 7)),
        ([(0, 0, 1, 3)], (8, 10)),  # three lines above
        ([(1, 2, 0, 0)], (3, 5)),  # two fewer above
        ([(4, 0, 5, 1)], (6, 8)),  # one right above
        ([(5, 0, 6, 2)], (5, 9)),  # two within
        ([(6, 1, 6, 1)], (5, 7)),  # one changed within
        ([(5, 3, 4, 0)], None),  # gone
        ([(5, 3, 5, 1)], (5, 5)),  # one in the place of three
        ([(4, 2, 4, 1)], (4, 6)),  # the first one joined with the one above
        ([(7, 3, 7, 1)], (5, 7)),  # the last one with those below
        ([(7, 0, 8, 4)], (5, 7)),  # below
        ([(1, 1, 1, 2), (6, 1, 7, 1), (9, 1, 10, 5)], (6, 8)),
    ],
)
def test_lines_move_with_what_changes_around_them(hunks, now):
    """Where one side has no lines, the one above is named (GNU diff, "Detailed Unified")."""
    assert moved_lines([Hunk(*hunk) for hunk in hunks], 5, 7) == now


@each_row("error", [SyntaxError, ValueError, RecursionError, MemoryError])
def test_lines_that_do_not_parse_are_compared_as_they_are_indented(monkeypatch, error):
    """Whatever Python's parser says of lines out of the middle of a file, nested or not."""

    def fail(_):
        raise error

    monkeypatch.setattr(own_files.ast, "parse", fail)
    assert own_files._structure("  a\n\n    b\n", "x.py") == ["", "  "]  # noqa: SLF001


def git(folder, *words):
    """Run git."""
    names = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", "-C", folder, *names, *words], capture_output=True, check=True)


@pytest.fixture
def project(tmp_path, today):
    """A repository whose page cites lines 4 to 6 of a file."""
    (tmp_path / "pool.py").write_text(CODE)
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "feat: pool")
    project = Project(tmp_path)
    cited(project, "pool.py:4-6")
    return project


def cited(project, lines):
    """Cite lines whole, from a page of their own; return the record's key."""
    with Fetcher(offline=True) as web:
        sources = ProjectSources(project.root, web)
        quote = sources.get(lines).body.decode()
        store = RecordStore(project.citations)
        key = cite_quote(Request(url=lines, quote=quote), store, sources).citation.key
    page = project.root / "page.md"
    before = page.read_text() if page.exists() else ""
    page.write_text(f"So it is.^[{key}]\n\n{before}")
    writing.sync_documents(project, [page])
    return key


def said(project):
    """What the gate says: code, severity, message."""
    options = GateOptions(named=(str(project.root / "page.md"),), select=("CIT",))
    return [
        (one.code, one.severity.value, one.message)
        for one in check_project(project, options).findings
    ]


@pytest.mark.slow
@pytest.mark.parametrize("kept", ["# before: size = 5\n", "\n\nclass Old:\n    size = 5\n"])
def test_a_changed_line_is_changed_whatever_stands_elsewhere(project, kept):
    """Git says what is in the place of the line; its words at another place are others."""
    cited(project, "pool.py:5")
    file = project.root / "pool.py"
    file.write_text(CODE.replace("size = 5", "size = 9") + kept)
    told = {
        message.partition(" ")[0]: (code, severity) for code, severity, message in said(project)
    }
    assert set(told.values()) == {("CIT012", "error")}, told
    git(project.root, "commit", "-qam", "feat: nine")
    assert {severity for _, severity, _ in said(project)} == {"error"}


@pytest.mark.slow
def test_an_empty_file_and_one_of_another_name_are_named(project):
    """What is there instead is said: nothing, or other words under the name by now."""
    file = project.root / "pool.py"
    file.write_text("")
    ((_, _, message),) = said(project)
    assert message.startswith("pool.py:4-6 has changed: pool.py is empty (")
    file.write_text(CODE)
    git(project.root, "mv", "pool.py", "core.py")
    (project.root / "core.py").write_text(CODE.replace("size = 5", "size = 9"))
    ((_, _, message),) = said(project)
    assert message.startswith("pool.py:4-6 has changed: core.py:4-6 has class Pool: size = [-5-]")


def test_line_zero_is_refused_by_name(project, capsys):
    """Not taken for an empty quote."""
    for lines in ("0-9999", "0", "00-3"):
        words = [f"pool.py:{lines}", f"--root={project.root}"]
        assert exit_code("cite", words) == 2
        assert "Invalid line 0" in capsys.readouterr().err


@pytest.mark.slow
def test_what_has_no_words_is_said_to_be_blank(project, capsys):
    """With a quote or without; nothing is to be opened in a browser."""
    (project.root / "gap.py").write_text("\ufeff\n \t\n")
    (project.root / "image.py").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\0")
    git(project.root, "add", ".")
    told = {
        ("pool.py:2",): "pool.py:2 is blank.",
        ("pool.py:2-3",): "pool.py:2-3 is blank.",
        ("gap.py:1",): "gap.py:1 is blank.",
        ("pool.py:2", "--quote=size = 5"): "pool.py:2 cannot be read: it is blank.",
        ("gap.py", "--quote=size = 5"): "gap.py cannot be read: it is blank.",
        ("image.py", "--quote=size = 5"): "image.py cannot be read: it is not text.",
    }
    for words, message in told.items():
        assert exit_code("cite", [*words, f"--root={project.root}"]) == 2
        hint = "hint: Name lines that have words: src/app.py:10-20."
        assert capsys.readouterr().err.splitlines() == [f"error: {message}", hint]


def test_a_file_that_git_stops_tracking_is_an_error(project):
    """It is still here, and nobody else has it; added again, the finding goes."""
    git(project.root, "rm", "-q", "--cached", "pool.py")
    ((code, severity, message),) = said(project)
    assert (code, severity) == ("CIT012", "error")
    assert message.startswith("pool.py is not tracked by git, so nobody else can check it (")
    git(project.root, "add", "pool.py")
    assert said(project) == []


@pytest.mark.slow
def test_lines_that_moved_are_a_note_that_fix_follows(project):
    """By git where the same words stand twice; record, document and title move, the key stays."""
    file = project.root / "pool.py"
    assert said(project) == []
    file.write_text(CODE.replace("import os\n", "import os\nimport sys\n\nDEBUG = False\n"))
    ((code, severity, message),) = said(project)
    assert (code, severity) == ("CIT012", "note")
    assert message.startswith("pool.py:4-6 is now at pool.py:7-9 (")
    page = str(project.root / "page.md")
    options = GateOptions(named=(page,), select=("CIT",))
    shown = "\n".join(fixed(project, options, write=False))
    assert "+url: pool.py:7-9" in shown.replace("'", "").replace('"', "")
    assert "pool.py:7-9" in shown.partition("page.md")[2]
    key = RecordStore(project.citations).keys()[0]
    assert f"--- a/citations/{key}.yaml\n+++ b/citations/{key}.yaml\n@@" in shown
    assert (
        exit_code("doc", ["check", page, "--fix", "--select", "CIT", f"--root={project.root}"]) == 0
    )
    (record,) = RecordStore(project.citations)
    assert (record.url, record.title) == ("pool.py:7-9", "pool.py:7-9")
    assert "pool.py:7-9" in (project.root / "page.md").read_text()
    assert said(project) == []
    git(project.root, "add", ".")
    git(project.root, "commit", "-qm", "feat: debug")
    git(project.root, "mv", "pool.py", "pools.py")
    ((_, severity, message),) = said(project)
    assert (severity, message.startswith("pool.py:7-9 is now at pools.py:7-9")) == ("note", True)


@pytest.mark.slow
def test_lines_that_changed_are_an_error_with_the_difference(project):
    """Also where they moved, committed or not; another place with the same words is no home."""
    file = project.root / "pool.py"
    file.write_text("# Pools\n" + CODE.replace("size = 5", "size = 8"))
    for commit in (False, True):
        if commit:
            git(project.root, "commit", "-qam", "feat: more")
        ((code, severity, message),) = said(project)
        assert (code, severity) == ("CIT012", "error")
        assert "[-5-] {+8+}" in message
        assert "timeout = 30" in message
    key = RecordStore(project.citations).keys()[0]
    assert exit_code("cite", ["update", key, "--accept", f"--root={project.root}"]) == 0
    new = next(one for one in RecordStore(project.citations) if not one.superseded_by)
    assert new.url == "pool.py:5-7"
    assert "size = 8" in new.quote.exact


@pytest.mark.slow
def test_the_same_words_elsewhere_are_not_those_that_were_cited(project):
    """Line 6 changed, and a line of another class says what it said: that is no move."""
    file = project.root / "pool.py"
    file.write_text(CODE.replace("timeout = 60", "timeout = 30"))
    git(project.root, "commit", "-qam", "fix: queue")
    cited(project, "pool.py:6")
    file.write_text(CODE.replace("timeout = 30", "timeout = 5").replace("60", "30"))
    assert {one[:2] for one in said(project)} == {("CIT012", "error")}
    assert any("[-30-] {+5+}" in message for *_, message in said(project))
    file.write_text(CODE.replace("    timeout = 30\n", "").replace("60", "30"))
    assert {one[:2] for one in said(project)} == {("CIT012", "error")}
    assert any("elsewhere, first at pool.py:10; it may be" in one[2] for one in said(project))


@pytest.mark.slow
def test_files_that_are_gone_or_not_read_are_said_to_be(project):
    """Gone is an error; what git does not track any more was not read, which is a warning."""
    file = project.root / "pool.py"
    file.write_text(CODE + "\n")
    git(project.root, "rm", "--cached", "-q", "pool.py")
    file.write_text("x = 1\n" + CODE)
    ((code, severity, message),) = said(project)
    assert (code, severity) == ("CIT012", "warning")
    assert "was not read, so it is unknown whether it holds: pool.py is not tracked" in message
    file.unlink()
    ((_, severity, message),) = said(project)
    assert severity == "error"
    assert message.startswith("pool.py is not in the project any more")


@pytest.mark.slow
def test_without_git_words_that_stand_once_are_followed(project):
    """In an export of the repository; where they stand twice nobody can tell which they are."""
    import shutil

    shutil.rmtree(project.root / ".git")
    (project.root / "pool.py").write_text("# Pools\n" + CODE)
    ((_, severity, message),) = said(project)
    assert severity == "note"
    assert message.startswith("pool.py:4-6 is now at pool.py:5-7")
    pool = "class Pool:\n    size = 5\n    timeout = 30\n"
    (project.root / "pool.py").write_text(f"# Pools\n{pool}\n{pool}")
    ((_, severity, message),) = said(project)
    assert severity == "error"
    assert "elsewhere, first at pool.py:2-4; it may be others" in message


@pytest.mark.slow
def test_each_document_that_cites_a_renewed_record_is_synced(project, monkeypatch, capsys):
    """By `cite`, `cite update` and `--fix` of another page, which name it: no gate turns red."""
    page = project.root / "page.md"
    research = project.current / "research"
    research.mkdir(parents=True)
    other = research / "RESEARCH-pool-2026-11-23.md"
    other.write_text(page.read_text())
    root = f"--root={project.root}"
    key = RecordStore(project.citations).keys()[0]
    code = project.root / "pool.py"
    at_first = [["cite", "add", "pool.py:4-6", "--to=page.md"], ["cite", "update"]]
    moved = ["doc", "check", "--fix", "--select=CIT", "page.md"]
    for day, (group, *words) in enumerate([*at_first, moved], 1):
        if group == "doc":
            code.write_text(f"# Pools\n{CODE}")
        monkeypatch.setenv("FOOTNOTARY_NOW", f"2026-12-0{day}T12:00:00Z")
        assert exit_code(group, [*words, root]) == 0
        told = capsys.readouterr()
        shown = next(line for line in f"{told.out}{told.err}".splitlines() if "RESEARCH" in line)
        verb = "synced:" if words[0] == "add" else "synced"
        assert shown.split() == [verb, str(other.relative_to(project.root))]
        assert f"[Date Accessed: 2026-12-0{day}]" in other.read_text()
        options = GateOptions(select=("CIT003",), code=False)
        assert check_project(project, options).findings == ()
    assert "pool.py:5-7" in other.read_text()
    assert RecordStore(project.citations).keys() == (key,)


DEEP = (
    'def f(x):\n    if x:\n        raise ValueError("no such thing")\n    return g(\n        x)\n'
)


@pytest.mark.slow
def test_how_deep_lines_are_indented_is_part_of_what_they_say(tmp_path, today, capsys):
    """An error in Python and YAML, a note elsewhere; nothing where only other lines changed."""
    raised = "        raise"
    cases = [  # name, cited lines, what is replaced by what, severity
        ("deep.py", "3", raised, "    raise", "error"),
        ("deep.py", "3", raised, "            raise", "error"),
        ("deep.py", "3", raised, "\traise", "error"),
        ("deep.yml", "3", raised, "    raise", "error"),
        ("deep.js", "3", raised, "    raise", "note"),
        ("deep.js", "2-3", "    if x:\n        ", "  if x:\n    ", "note"),
        ("deep.py", "2-3", "    if x:\n        ", "  if x:\n    ", "error"),
        ("deep.py", "2-4", "    return", "        return", "error"),
        ("deep.py", "1-5", raised, "    raise", "error"),
        ("deep.py", "1-5", "return g(\n        x)", "return g(\n            x)", ""),
        ("deep.py", "1-5", "if x:\n        raise", "if x:\n          raise", ""),
        ("deep.yaml", "1-5", "        x)", "          x)", "error"),
        ("deep.md", "3", raised, "so raise", ""),
        ("deep.md", "3", raised, "raise", "note"),
        ("deep.js", "1-5", "        x)", "          x)", ""),
        ("deep.py", "3", "def f(x)", "import os\n\n\ndef f(x)", "note"),  # moved, no deeper
        ("deep.py", "3", "def f(x):\n    if x:\n    ", "import os\nif x:\n", "error"),
        ("deep.py", "3", DEEP, DEEP + DEEP, ""),
    ]  # fmt: skip
    for number, (name, lines, old, new, severity) in enumerate(cases):
        root = tmp_path / str(number)
        root.mkdir()
        (root / name).write_text(DEEP)
        git(root, "init", "-q")
        git(root, "add", ".")
        git(root, "commit", "-qm", "feat: deep")
        project = Project(root)
        key = cited(project, f"{name}:{lines}")
        (root / name).write_text(DEEP.replace(old, new, 1))
        found = said(project)
        assert [one[:2] for one in found] == [("CIT012", severity)] * bool(severity), (
            number,
            found,
        )
        if "deep.py:3 has" in str(found):
            assert "the same words are indented by" in found[0][2]
        if severity == "note":
            assert list(fixed(project, GateOptions(named=(str(root / "page.md"),)), write=True))
        elif severity:
            assert exit_code("cite", ["update", key, "--accept", f"--root={root}"]) == 0
            now = RecordStore(project.citations).get(key).superseded_by
            assert capsys.readouterr().out.startswith("replaced" if now else "held")
            options = GateOptions(named=(str(root / "page.md"),), select=("CIT",))
            list(fixed(project, options, write=True))
        assert said(project) == [], (number, said(project))
