"""Commands that only read: the project is the same afterwards, and nothing was opened to write."""

import http.server
import os
import sys
import threading
from pathlib import Path

import pytest

from footnotary import writing
from footnotary.cli.running import exit_code
from footnotary.facts.options import ReadOptions
from footnotary.project import Project
from footnotary.records import RecordStore
from test_markers import citation

WORDS = "The limit is thirteen bananas and no more. "
PAGE = f"<html><title>Fruit</title><body><p>{WORDS * 10}</p></body></html>"
NOTE = "RESEARCH-pools-2026-11-23"
READING = [
    "cite list",
    "cite list --json",
    "cite show a-111111",
    "cite export",
    "cite export --format csl-json",
    "cite inspect page.html",
    "cite match page.html --quote thirteen_bananas_and_no_more",
    "cite check --allow-private",
    "doc list",
    "doc list --archived --drift",
    "doc facts deploy",
    "doc diff",
    "doc check",
    "doc check --no-code --format sarif",
    "doc check --diff",
    f"doc check {NOTE}",
    "doc sync --check",
    "doc adopt --offline DOCUMENT",
    "doc adopt DOCUMENT --allow-private",
    "footnotary search bananas",
    "footnotary cache show",
    "footnotary cache clear",
]
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_CHANGES = {
    "os.mkdir",
    "os.rename",
    "os.remove",
    "os.rmdir",
    "os.link",
    "os.symlink",
    "os.truncate",
    "os.chmod",
    "os.utime",
    "shutil.rmtree",
    "sqlite3.connect",
    "fcntl.flock",
}
_watched = {"root": "", "seen": []}


def _listen(event, arguments, watched=_watched):  # at exit a module's names are None
    """Note what would change a file below the watched folder."""
    if not watched["root"] or (event != "open" and event not in _CHANGES):
        return
    if event == "open":
        path, mode, flags = arguments
        writes = bool(set(mode or "") & set("wax+")) or bool((flags or 0) & _WRITING)
    else:
        path, writes = arguments[0], True
    if writes and path != ":memory:" and isinstance(path, str | bytes | os.PathLike):
        full = Path.cwd() / os.fsdecode(path)
        if full.is_relative_to(watched["root"]):
            watched["seen"].append((event, str(full)))


sys.addaudithook(_listen)


@pytest.fixture(scope="module")
def address():
    """A page on this machine."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200 if self.path == "/fruit" else 404)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(PAGE)))
            self.end_headers()
            self.wfile.write(PAGE.encode())

        def log_message(self, *_):
            """Print nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/fruit"
    server.shutdown()
    server.server_close()


@pytest.fixture
def project(tmp_path, today, address, monkeypatch):
    """A project as it is cloned: records, documents, an interrupted write, and no `.footnotary`."""
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "shop"\n')
    (tmp_path / "docker-compose.yml").write_text("services:\n  db:\n    image: postgres:16\n")
    (tmp_path / "page.html").write_text(PAGE)
    record = citation("a-111111", quote="The limit is thirteen bananas and no more.")
    record = record.model_copy(update={"url": address, "final_url": address})
    RecordStore(tmp_path / "citations").new(record)
    project = Project(tmp_path)
    writing.write_document(project, "research", "pools", ReadOptions())
    written = writing.write_document(project, "deploy", "shop", ReadOptions())
    written.path.write_text(written.path.read_text() + f"\nA claim.^[a-111111] {address}\n")
    for path in (tmp_path / ".footnotary").iterdir():
        path.unlink()
    (tmp_path / ".footnotary").rmdir()
    monkeypatch.chdir(tmp_path)
    return project


def run(project, command, address):
    """Run a command with its paths filled in, and return its exit code."""
    note = next(project.current.rglob("RESEARCH-*.md"))
    program, *words = command.replace("URL", address).replace("DOCUMENT", str(note)).split()
    words = [word.replace("_", " ") if "bananas_" in word else word for word in words]
    if words[0] != "match":
        words += ["--root", str(project.root)]
    return exit_code(program, words)


def tree(root):
    """Every path of a folder with its kind, bytes and times."""
    return {
        path.relative_to(root).as_posix(): (
            path.stat().st_mode,
            path.stat().st_mtime_ns,
            path.read_bytes() if path.is_file() else b"",
        )
        for path in sorted(root.rglob("*"))
    }


@pytest.fixture
def watched(project):
    """What is opened for writing below the project."""
    _watched.update(root=str(project.root), seen=[])
    yield _watched["seen"]
    _watched.update(root="", seen=[])


@pytest.mark.slow
@pytest.mark.parametrize("command", READING)
def test_a_command_that_reads_opens_nothing_for_writing(project, watched, command, address):
    """No file, folder, lock or database is made, and none is changed."""
    before = tree(project.root)
    assert run(project, command, address) in (0, 1), command
    assert watched == []
    assert tree(project.root) == before


@pytest.mark.slow
@pytest.mark.parametrize("command", READING)
def test_a_command_that_reads_finishes_no_journal(project, watched, command, address):
    """What an interrupted command left is left; of `.footnotary/` only caches may change."""
    folder = project.root / ".footnotary"
    (folder / "staged").mkdir(parents=True)
    (folder / ".gitignore").write_text("*\n")
    (folder / "staged" / "0").write_bytes(b"new")
    document = next(project.current.rglob("RESEARCH-*.md")).relative_to(project.root)
    (folder / "journal.json").write_text(f'[{{"path": "{document.as_posix()}", "from": "0"}}]')
    before = tree(project.root)
    run(project, command, address)
    after = tree(project.root)
    changed = {name for name in before | after if before.get(name) != after.get(name)}
    caches = ("derived.db", "pages")
    assert {name for name in changed if not name.startswith(".footnotary")} == set()
    kept = {name.split("/")[1] for name in changed if "/" in name}
    assert {name for name in kept if not name.startswith(caches)} == set()


def test_inspecting_an_address_keeps_the_page_and_nothing_else(project, address):
    """A page that the user names is read once: what was fetched goes into the cache."""
    before = tree(project.root)
    assert run(project, "cite inspect URL --allow-private", address) == 0
    after = tree(project.root)
    assert all(name.startswith(".footnotary") for name, _ in before.items() ^ after.items())


@pytest.mark.slow
def test_the_hook_sees_what_writes(project, watched, address):
    """The test is none without this: a command that writes is noticed."""
    assert run(project, "doc sync", address) == 0
    assert {event for event, _ in watched} >= {"open", "os.mkdir", "os.rename"}
