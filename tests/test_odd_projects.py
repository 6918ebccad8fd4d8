"""What a cloned project may hold in the place of ours: one sentence, never a crash or a hang."""

import contextlib
import os
import shutil
import socket
import stat

import pytest

from footnotary import writing
from footnotary.cli.running import exit_code
from footnotary.facts.options import ReadOptions
from footnotary.project import Project
from footnotary.records import RecordStore
from test_markers import citation

KEY = "citations/a-111111.yaml"
CURRENT = ".claude/docs/current"
DEPLOY = f"{CURRENT}/deployment/DEPLOY-shop-2026-11-23"
QUICK = ["cite list", "doc check"]
ALL = [
    *QUICK,
    "doc new research other",
    "doc sync",
    "cite show a-1",
    "cite export",
    "cite export --format ris",
    "cite check --offline",
    "cite rm a-111111",
    "doc check --no-code --format json",
    "doc check --fix",
    "doc list",
    "doc list --archived --drift",
    "doc sync --check",
    "doc diff",
    "doc refresh",
    "doc new deploy --force",
    "doc adopt --offline docs",
    "footnotary search bananas",
    "footnotary cache show",
    "footnotary cache clear",
    "footnotary init",
]
NO_UTF8 = os.fsdecode(b"x\xff")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A project with a record, two documents and a page, made once."""
    root = tmp_path_factory.mktemp("made") / "shop"
    root.mkdir()
    (root / "pyproject.toml").write_text('[project]\nname = "shop"\n')
    (root / "docker-compose.yml").write_text("services:\n  db:\n    image: postgres:16\n")
    (root / "docs").mkdir()
    (root / "docs" / "index.md").write_text("# Docs\n\nWords.^[a-111111]\n")
    RecordStore(root / "citations").new(citation("a-111111"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FOOTNOTARY_NOW", "2026-11-23")
        writing.write_document(Project(root), "deploy", "shop", ReadOptions())
        writing.write_document(Project(root), "research", "pools", ReadOptions())
    return root


@pytest.fixture
def root(made, tmp_path, today, monkeypatch):
    """A copy of it, as the current folder."""
    shutil.copytree(made, tmp_path / "shop", symlinks=True)
    monkeypatch.chdir(tmp_path / "shop")
    return tmp_path / "shop"


def replaced(path):
    """Take away what is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def fifo(*names):
    """Pipes, which nobody writes into."""
    return lambda root: [os.mkfifo(replaced(root / name)) for name in names]


def sockets(*names):
    """Sockets, which cannot be opened."""

    def make(root):
        for name in names:
            path = replaced(root / name)
            with socket.socket(socket.AF_UNIX) as one, contextlib.chdir(path.parent):
                one.bind(path.name)

    return make


def devices(*names):
    """Devices without an end; what stands in for them where they may not be made is a skip."""

    def make(root):
        for name in names:
            try:
                os.mknod(replaced(root / name), 0o644 | stat.S_IFCHR, os.makedev(1, 5))
            except PermissionError:
                pytest.skip("making devices is not allowed here")

    return make


def folders(*names):
    """Folders with something in them."""

    def make(root):
        for name in names:
            replaced(root / name).mkdir()
            (root / name / "x").write_text("x")

    return make


def links(target, *names):
    """Symbolic links."""
    return lambda root: [replaced(root / name).symlink_to(target) for name in names]


def files(content, *names):
    """Files with some content."""
    return lambda root: [replaced(root / name).write_bytes(content) for name in names]


def lines(name, *changes):
    """A file with other lines: each that begins so becomes another."""

    def make(root):
        text = (root / name).read_text()
        for begin, line in changes:
            old = next(each for each in text.splitlines() if each.strip().startswith(begin))
            text = text.replace(old, line)
        (root / name).write_text(text)

    return make


PLACES = (KEY, f"{CURRENT}/research/RESEARCH-p-2026-11-23.md", f"{DEPLOY}.facts.json")
ODD = {
    **{f"{make.__name__} {name}": make(name) for make in (fifo, sockets, devices, folders)
       for name in (*PLACES, f"{CURRENT}/research/x.md", "docs/x.md", "x.py", "mkdocs.yml")},
    "fifo pyproject": fifo("pyproject.toml"),
    "dangling": links("nothing", *PLACES, "x.py", "docs/x.md"),
    "circles": links("circle", "circle", "citations/circle-aaaaaa.yaml"),
    "out": links("/etc/hostname", *PLACES, "docs/x.md"),
    "names": files(
        b"x", f"citations/{NO_UTF8}.yaml", "citations/Foo Bar.yaml", "citations/.yaml",
        "citations/a\nb.yaml", "citations/\u00e9-aaaaaa.yaml", f"{CURRENT}/research/{NO_UTF8}.md",
        f"{CURRENT}/research/RESEARCH-z-2026-99-99.md", f"{NO_UTF8}.py", f"docs/{NO_UTF8}.md",
    ),
    "stray": files(b"---\ngenerator: footnotary 1\nkind: x\n---\n", f"{CURRENT}/{NO_UTF8}.md"),
    "days": files(
        b"# x\n", f"{CURRENT}/research/RESEARCH-x-9999-12-31.md",
        f"{CURRENT}/research/RESEARCH-y-0001-01-01.md",
    ),
    "late record": lines(KEY, ("accessed:", "accessed: '9999-12-31'"),
                         ("published:", "published: '0001-01-01'")),
    "early record": lines(KEY, ("accessed:", "accessed: '0001-01-01'"),
                          ("retrieved_at:", "  retrieved_at: '0001-01-01T00:00:00+14:00'")),
    "half a pair": lines(KEY, ("title:", 'title: "\\ud800x"')),
    "controls": lines(KEY, ("title:", 'title: "\\0\\e[2J\\u2028\\u202ex"')),
    "large numbers": lines(KEY, ("schema:", f"schema: {'9' * 5000}")),
    "hexadecimal": lines(KEY, ("status:", f"  status: 0x{'f' * 40}")),
    "empty record": files(b"", KEY),
    "facts of another form": files(b'{"kind": []}', f"{DEPLOY}.facts.json"),
    "facts that are none": files(b"[" * 101, f"{DEPLOY}.facts.json"),
    "archive is a file": files(b"", ".claude/docs/archive"),
    "records are a file": files(b"", "citations"),
    "state is a file": files(b"", ".footnotary"),
    "settings no text": files(b"\xff\xfe", "pyproject.toml"),
    "settings no table": files(b"[tool]\nfootnotary = 3\n", "pyproject.toml"),
    "settings of years": files(b"[tool.footnotary]\nstale-after-days = 99999999\n",
                               "pyproject.toml"),
    "settings of years by tag": files(
        b"[tool.footnotary.stale-after-days-by-tag]\na = 99999999\n", "pyproject.toml"),
    "settings nested": files(b"a = " + b"[" * 101 + b"]" * 101, "pyproject.toml"),
    "endless baseline": files(b'[tool.footnotary]\nbaseline = "/dev/zero"\n', "pyproject.toml"),
    "pages": lambda root: (
        (root / "pyproject.toml").write_text('[tool.footnotary]\npages = ["docs/**/*.md", "*.md"]'),
        os.mkfifo(root / "pipe.md"),
        (root / f"{NO_UTF8}.md").write_text("# x\n"),
        (root / "out.md").symlink_to("/etc/hostname"),
        (root / "in.md").symlink_to("docs/index.md"),
    ),
}  # fmt: skip


def run(root, command):
    """Run a command and return its exit code."""
    program, *words = command.split()
    return exit_code(program, [*words, "--root", str(root)])


@pytest.mark.slow
@pytest.mark.parametrize("odd", ODD)
def test_an_odd_project_is_one_sentence(root, odd, capsys):
    """The commands that are run most end with 0, 1 or 2, and say what is wrong where it is."""
    ODD[odd](root)
    for command in QUICK:
        assert run(root, command) in (0, 1, 2), command
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        assert "\ud800" not in said.out + said.err


@pytest.mark.slow
@pytest.mark.parametrize("odd", ODD)
def test_every_command_bears_an_odd_project(root, odd, capsys):
    """The same for every command that reads what a project holds, one after the other."""
    ODD[odd](root)
    codes = {command: run(root, command) for command in ALL}
    assert {command: code for command, code in codes.items() if code not in (0, 1, 2)} == {}


@pytest.mark.parametrize(
    ("make", "name", "said"),
    [
        (fifo, KEY, "not a regular file"),
        (folders, KEY, "not a regular file"),
        (files, f"citations/{NO_UTF8}.yaml", "x\\xff.yaml"),
        (files, "citations/Foo Bar.yaml", "Foo Bar.yaml"),
    ],
)
def test_a_record_that_is_none_is_a_finding_with_its_name(root, make, name, said, capsys):
    """What lies in the place of a record is named, by the gate and by the list."""
    (make(b"x", name) if make is files else make(name))(root)
    assert run(root, "doc check") == 1
    found = next(line for line in capsys.readouterr().out.splitlines() if said in line)
    assert "CIT010" in found
    run(root, "cite list")
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    "now",
    [
        "9999-12-31",
        "9999-12-31T23:59:59-12:00",
        "0001-01-01",
        "0001-01-01T00:00+14:00",
        "1969-12-31",
        "9000-01-01",
        "2026-13-01",
        "2026-02-30",
        "soon",
        "1e9",
        os.fsdecode(b"\xff"),
        "\uff12\uff10\uff12\uff16-11-23",
    ],
)
@pytest.mark.parametrize("command", ["cite add", "doc new research other"])
def test_a_day_that_cannot_be_is_one_sentence(root, now, command, monkeypatch, capsys):
    """Whatever is in FOOTNOTARY_NOW: exit 2, the variable named, nothing written."""
    monkeypatch.setenv("FOOTNOTARY_NOW", now)
    page = root / "page.html"
    page.write_text("<p>" + "The limit is thirteen bananas and no more. " * 10)
    before = sorted(path for path in root.rglob("*") if ".footnotary" not in path.parts)
    if command == "cite add":
        words = ["https://example.org/", "--quote", "The limit is thirteen bananas"]
        code = exit_code("cite", [*words, "--file", str(page), "--root", str(root)])
    else:
        code = run(root, command)
    assert code == 2
    assert "FOOTNOTARY_NOW" in capsys.readouterr().err
    assert sorted(path for path in root.rglob("*") if ".footnotary" not in path.parts) == before


@pytest.mark.parametrize(
    "now", ["1970-01-01", "8999-12-31", "2026-11-23T10:00:00-12:00", "20261123"]
)
def test_days_at_the_edges_are_days(root, now, monkeypatch):
    """The first and last days that may be "now" can be written, checked and listed."""
    monkeypatch.setenv("FOOTNOTARY_NOW", now)
    page = root / "page.html"
    page.write_text("<p>" + "The limit is thirteen bananas and no more. " * 10)
    words = ["https://example.org/", "--quote", "The limit is thirteen bananas"]
    assert exit_code("cite", [*words, "--file", str(page), "--root", str(root)]) == 0
    assert run(root, "doc new research other") == 0
    assert run(root, "doc check") in (0, 1)
    assert run(root, "cite check --offline --older-than 100y") in (0, 2)


@pytest.mark.parametrize("span", ["99999y", "36501d", "99999999999d", "-1d", "\u0661d0"])
@pytest.mark.parametrize("option", ["--older-than", "--since"])
def test_a_span_of_time_that_cannot_be_is_one_sentence(root, span, option, capsys):
    """Spans longer than a hundred years are refused, not added to a day."""
    assert run(root, f"cite check --offline {option} {span}") == 2
    assert "footnotary itself" not in capsys.readouterr().err
