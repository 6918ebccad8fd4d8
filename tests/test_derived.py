"""What is derived: the files are what counts, and nothing of it is believed over them."""

import os
import shutil
import sqlite3
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path

import pytest

from footnotary import records
from footnotary.derived import FILE_NAME, Derived, FileDigests
from footnotary.record_files import dumped
from footnotary.records import RecordStore
from test_markers import citation

LONG_AGO = 1_700_000_000


@pytest.fixture
def store(tmp_path):
    """Three records of a project that has a place for its state."""
    (tmp_path / ".footnotary").mkdir()
    store = RecordStore(tmp_path / "citations")
    for number in range(3):
        store.new(citation(f"a-{number:06}"))
    return store


@pytest.fixture
def parsed(monkeypatch):
    """The names of the files that were parsed; the clock is past every change."""
    names, parse = [], records.parse_record

    def noting(raw, name):
        names.append(name)
        return parse(raw, name)

    monkeypatch.setattr(records, "parse_record", noting)
    monkeypatch.setattr("footnotary.derived.SETTLED", -60)
    return names


@contextmanager
def database(store):
    """A connection to the index, committed and closed at the end."""
    with closing(sqlite3.connect(store.folder.parent / ".footnotary" / FILE_NAME)) as rows, rows:
        yield rows


def test_a_record_is_parsed_once_a_change(store, parsed):
    """Equal records come back without parsing; a changed file is parsed, one touched is not."""
    first = store.readable()
    parsed.clear()
    assert store.readable() == first
    assert store.all() == first[0]
    os.utime(store.path("a-000000"), (LONG_AGO, LONG_AGO))
    assert store.readable() == first
    assert parsed == []
    store.save(citation("a-000001", title="Another"))
    assert [one.title for one in store.readable()[0]] == ["A page", "Another", "A page"]
    assert parsed == ["a-000001.yaml"]


def test_a_change_of_the_same_size_and_time_is_seen(store, parsed):
    """Whoever sets the time of a file back cannot set its change time back."""
    store.readable()
    path = store.path("a-000002")
    before = path.stat()
    path.write_bytes(dumped(citation("a-000002", title="B page")))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size
    assert store.readable()[0][2].title == "B page"
    assert parsed[3:] == ["a-000002.yaml"]


def test_what_has_just_changed_is_known_by_its_bytes_alone(store, parsed, monkeypatch):
    """Two writes within one tick of the clock have one stamp; so have files of the future."""
    monkeypatch.setattr("footnotary.derived.SETTLED", 60)
    store.readable()
    store.readable()
    assert len(parsed) == 3
    path = store.path("a-000001")
    before = path.stat()
    path.write_bytes(dumped(citation("a-000001", title="B page")))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert store.readable()[0][1].title == "B page"
    with database(store) as rows:
        assert set(rows.execute("SELECT stamp FROM files")) == {("",)}


def test_what_is_gone_is_forgotten_and_what_is_broken_stays_an_error(store, parsed):
    """A removed record leaves the index; a broken one is told each time."""
    store.readable()
    store.remove("a-000000")
    store.path("a-000001").write_text("schema: 2\n")
    for _ in range(2):
        good, bad = store.readable()
        assert [one.key for one in good] == ["a-000002"]
        assert len(bad) == 1
    with database(store) as rows:
        keys = [key for (key,) in rows.execute("SELECT key FROM records ORDER BY key")]
        names = [name for (name,) in rows.execute("SELECT name FROM files ORDER BY name")]
    assert keys == ["a-000001", "a-000002"]
    assert names == ["citations/a-000001.yaml", "citations/a-000002.yaml"]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE records SET record = replace(record, 'a-00000', 'b-00000')",
        "UPDATE records SET record = '{}'",
        "UPDATE records SET record = 7",
        "UPDATE records SET record = '[[['",
        "DROP TABLE records",
        "CREATE TABLE other (x)",
        "CREATE TRIGGER t AFTER INSERT ON records BEGIN DELETE FROM records; END",
        "PRAGMA user_version = 99",
    ],
)
def test_a_damaged_index_costs_time_alone(store, parsed, change):
    """Rows that are no record of their key, and tables that are not ours, are read anew."""
    first = store.readable()
    with database(store) as rows:
        rows.execute(change)
    assert store.readable() == first
    assert store.readable() == first


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0" + bytes(200)])
def test_a_file_that_is_no_database_is_made_anew(store, parsed, content):
    """What lies in the index's place is no reason to fail."""
    first = store.readable()
    (store.folder.parent / ".footnotary" / FILE_NAME).write_bytes(content)
    assert store.readable() == first
    assert store.readable() == first
    parsed.clear()
    assert store.readable() == first
    assert parsed == []


@pytest.mark.parametrize("suffix", ["", "-journal", "-wal"])
def test_an_index_that_came_with_the_project_is_not_read(store, parsed, suffix):
    """A cloned repository cannot say what records hold."""
    root = store.folder.parent
    store.readable()
    with database(store) as rows:
        rows.execute("UPDATE records SET record = replace(record, 'A page', 'A forged page')")
    assert {one.title for one in store.readable()[0]} == {"A forged page"}
    file = root / ".footnotary" / (FILE_NAME + suffix)
    if suffix:
        file.write_bytes(b"")
    for words in (["init", "-q"], ["add", "-f", str(file)]):
        subprocess.run(["git", *words], cwd=root, check=True)
    assert {one.title for one in store.readable()[0]} == {"A page"}


def test_another_release_parses_the_records_anew(store, parsed, monkeypatch):
    """What an earlier release read out of the same bytes is not believed."""
    first = store.readable()
    Derived(store.folder.parent).keep("kind", {"name": ("mark", "value")})
    assert Derived(store.folder.parent).kept("kind") == {"name": ("mark", "value")}
    parsed.clear()
    monkeypatch.setattr("footnotary.derived.__version__", "99.0")
    assert Derived(store.folder.parent).kept("kind") == {}
    assert store.readable() == first
    assert len(parsed) == 3


def test_without_a_folder_of_the_state_nothing_is_made(store, parsed):
    """A command that only reads makes no folder."""
    shutil.rmtree(store.folder.parent / ".footnotary")
    assert len(store.readable()[0]) == 3
    assert not (store.folder.parent / ".footnotary").exists()


def test_a_name_that_no_record_can_have_has_no_digest(store, parsed):
    """Names come from documents too: nothing beside the records is read for one."""
    (store.folder.parent / "beside.yaml").write_text("words")
    found = records.Records(store.folder)
    assert [found.digest(key) != "" for key in ("a-000001", "a-000009", "../beside", "")] == [
        True,
        False,
        False,
        False,
    ]


def test_an_index_cut_short_is_made_anew(store, parsed):
    """At whatever byte: what was lost is read again, and the next command has it."""
    first = store.readable()
    file = store.folder.parent / ".footnotary" / FILE_NAME
    whole = file.read_bytes()
    for length in (50, 1000, 4096, 9000, len(whole) - 4096, len(whole) - 1):
        file.write_bytes(whole[:length])
        for _ in range(2):
            assert store.readable() == first, length
        parsed.clear()
        assert store.readable() == first
        assert parsed == [], length


def test_an_index_of_another_library_says_nothing(store, parsed, tmp_path):
    """Another folder's file, copied in: records of the same keys are those of the files here."""
    other = tmp_path / "other"
    (other / ".footnotary").mkdir(parents=True)
    twin = RecordStore(other / "citations")
    twin.new(citation("a-000000", title="Another's page"))
    twin.new(citation("b-000000"))
    twin.readable()
    file = store.folder.parent / ".footnotary" / FILE_NAME
    file.write_bytes((other / ".footnotary" / FILE_NAME).read_bytes())
    assert [(one.key, one.title) for one in store.readable()[0]] == [
        (f"a-{number:06}", "A page") for number in range(3)
    ]


def test_a_folder_that_cannot_be_written_is_read(store, parsed, monkeypatch):
    """What is known is used, and nothing is opened for writing."""
    first = store.readable()
    parsed.clear()
    monkeypatch.setattr("footnotary.derived.Derived.may_write", False)
    store.path("a-000001").write_bytes(dumped(citation("a-000001", title="Another")))
    file = store.folder.parent / ".footnotary" / FILE_NAME
    before = file.read_bytes()
    assert store.readable()[0][1].title == "Another"
    assert store.readable()[0][::2] == first[0][::2]
    assert parsed == ["a-000001.yaml"] * 2
    derived = Derived(store.folder.parent)
    derived.write(("DELETE FROM files WHERE name = ?", [("a",)]))
    assert derived.problem == ""
    assert file.read_bytes() == before
    file.unlink()
    assert len(store.readable()[0]) == 3
    assert not file.exists()


def test_an_index_that_another_command_holds_is_not_waited_for(store, parsed, monkeypatch):
    """Its rows are not known for now; nobody's command fails, and nothing is removed or made."""
    monkeypatch.chdir(store.folder.parent)
    monkeypatch.setattr("footnotary.derived._LOCK_SECONDS", 0.01)
    first = store.readable()
    with database(store) as holder:
        for begin in ("BEGIN IMMEDIATE", "BEGIN EXCLUSIVE"):
            holder.execute(begin)
            store.path("a-000001").touch()
            assert store.readable() == first
            holder.rollback()
    assert sorted(path.name for path in Path.cwd().iterdir()) == [".footnotary", "citations"]
    parsed.clear()
    assert store.readable() == first
    assert parsed == []


def test_several_commands_at_once_make_one_index(store, parsed):
    """Whoever comes second finds the tables, not an error."""
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: store.readable(), range(16)))
    assert all(one == found[0] for one in found)
    parsed.clear()
    assert store.readable() == found[0]
    assert parsed == []


def test_a_disk_without_space_costs_no_command(store, parsed):
    """A write that fails changes nothing: what was kept stays, and the records are read."""
    store.readable()
    derived = Derived(store.folder.parent)
    pages = derived.rows("PRAGMA page_count")[0][0]
    derived.rows(f"PRAGMA max_page_count = {pages}")
    derived.keep("gate", {str(number): ("m", "v" * 5000) for number in range(9)})
    assert "full" in derived.problem
    assert derived.kept("gate") == {}
    assert len(derived.rows("SELECT * FROM records")) == 3


@pytest.mark.parametrize("is_tracked", [False, True])
def test_files_of_earlier_releases_are_removed(store, parsed, is_tracked):
    """With the first write of the new one; what git tracks is the author's."""
    root = store.folder.parent
    old = [root / ".footnotary" / name for name in ("records.db", "gate.json", "quality.json")]
    for path in old:
        path.write_bytes(b"old")
    if is_tracked:
        for words in (["init", "-q"], ["add", "-f", "."]):
            subprocess.run(["git", *words], cwd=root, check=True)
    (root / ".footnotary" / FILE_NAME).unlink(missing_ok=True)
    store.readable()
    assert [path.exists() for path in old] == [is_tracked] * 3


def test_a_file_whose_name_is_no_text_has_a_digest(store):
    """Names of files are bytes: one that is no UTF-8 is known like any other."""
    root = store.folder.parent
    path = root / os.fsdecode(b"caf\xe9.py")
    path.write_bytes(b"x = 1")
    for _ in range(2):
        digests = FileDigests(Derived(root), root)
        assert digests.of(path, 100) == sha256(b"x = 1").hexdigest()
        digests.save()


def test_digests_are_loaded_once_for_all_files(store, parsed, monkeypatch):
    """Once loaded they are asked for one by one no more, and a new file is read."""
    root = store.folder.parent
    known = FileDigests(Derived(root), root)
    path = store.path("a-000001")
    digest = known.of(path, 10_000)
    known.save()
    assert known.of(path, 10_000) == digest
    derived = Derived(root)
    again = FileDigests(derived, root, "citations/")
    again.load()
    monkeypatch.setattr(derived, "rows", None)
    again.load()
    assert again.look("citations/a-000001.yaml", None) == (digest, None)
    assert (
        again.of(store.path("a-000002"), 10_000)
        == sha256(store.path("a-000002").read_bytes()).hexdigest()
    )


def test_a_lock_of_another_command_is_waited_for_once(tmp_path, monkeypatch):
    """Whoever finds the database locked goes on without it, and so does all else of the process."""
    monkeypatch.setattr("footnotary.derived._LOCK_SECONDS", 0.2)
    known = Derived(tmp_path, create=True)
    known.keep("kind", {"name": ("mark", "value")})
    other = sqlite3.connect(tmp_path / ".footnotary" / "derived.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    began = time.monotonic()
    for one in (known, known, *(Derived(tmp_path) for _ in range(10))):
        assert one.kept("kind") == {}
        one.keep("kind", {"name": ("mark", "other")})
    assert time.monotonic() - began < 1
    assert "locked" in known.problem
    other.close()
    assert Derived(tmp_path).kept("kind") == {"name": ("mark", "value")}
