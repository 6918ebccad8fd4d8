"""A cache or an index that came with the project is nobody's word: it is not believed."""

import os
import sqlite3
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256

import pytest

from footnotary import cache as cache_module
from footnotary.cache import Cache, StoredAnswer, Trail
from footnotary.derived import FILE_NAME, Derived
from footnotary.text_index import Filters, IndexEntry, TextIndex

URL = "https://example.org/"
BODY = b"<p>The limit is thirteen bananas."
PAGE = StoredAnswer(URL, 200, {}, sha256(BODY).hexdigest(), datetime(2026, 11, 23, tzinfo=UTC))
ENTRY = IndexEntry(
    "page", URL, URL, "Limits", "Example", "The limit is thirteen bananas.", date(2026, 11, 23), "x"
)


@pytest.fixture
def folder(tmp_path):
    """The folder of a project's caches, with one page in both."""
    folder = tmp_path / "project" / ".footnotary"
    with_page(folder)
    return folder


def with_page(folder):
    """Keep a page in a cache and an index."""
    cache = Cache(folder)
    cache.keep_page(PAGE, BODY)
    cache.close()
    assert not cache.problem
    index_of(folder).put([ENTRY])


def index_of(folder):
    """The index of the project whose caches a folder has."""
    return TextIndex(Derived(folder.parent))


def read(folder):
    """What the cache says of the page, and why it was not used."""
    cache = Cache(folder)
    try:
        return cache.page(URL), cache.problem
    finally:
        cache.close()


def execute(path, *statements):
    """Change a database behind its owner's back."""
    with sqlite3.connect(path) as database:
        for statement in statements:
            database.execute(statement)
    database.close()


def track(folder, name):
    """Put a file of the project under git's control."""
    root = folder.parent
    for words in (["init", "-q"], ["add", "--force", f"{folder.name}/{name}"]):
        subprocess.run(["git", *words], cwd=root, check=True, capture_output=True)


@pytest.mark.parametrize("name", ["pages/cache.db", "pages/cache.db-wal", ".gitignore"])
def test_a_cache_that_git_tracks_is_not_believed(folder, name):
    """What was committed was put there by somebody; that is said, and nothing is written to it."""
    (folder / name).touch()
    track(folder, name)
    before = (folder / "pages" / "cache.db").read_bytes()
    found, problem = read(folder)
    if name == ".gitignore":
        assert (found, problem) == (PAGE, "")
        return
    assert found is None
    assert "git tracks it" in problem
    cache = Cache(folder)
    cache.keep_page(PAGE, BODY)
    assert (cache.size(), cache.clear(), cache.pages()) == (0, 0, [])
    cache.close()
    assert (folder / "pages" / "cache.db").read_bytes() == before


@pytest.mark.parametrize("kind", ["folder", "database", "fifo", "directory"])
def test_a_cache_that_is_no_plain_file_is_not_believed(folder, tmp_path, kind):
    """A link to another's pages, a pipe that never ends, a folder in the place of the database."""
    pages, elsewhere = folder / "pages", tmp_path / "elsewhere"
    database = pages / "cache.db"
    if kind == "folder":
        pages.rename(elsewhere)
        pages.symlink_to(elsewhere)
    else:
        database.rename(elsewhere)
        {
            "database": lambda: database.symlink_to(elsewhere),
            "fifo": lambda: os.mkfifo(database),
            "directory": database.mkdir,
        }[kind]()
    found, problem = read(folder)
    assert found is None
    assert ("symbolic link" in problem) or ("not a regular file" in problem)
    assert "\n" not in problem


@pytest.mark.parametrize(
    "row",
    [
        "('evil', 1)",
        "('disk_evil', 1)",
        "('sqlite_mmap_size', 1)",
        "('sqlite_journal_mode', 'off')",
    ],
)
def test_a_cache_with_settings_that_are_not_ours_is_made_anew(folder, row):
    """Each row of them becomes an attribute, and of some a PRAGMA."""
    database = folder / "pages" / "cache.db"
    execute(database, f"INSERT OR REPLACE INTO Settings VALUES {row}")
    assert read(folder) == (None, "")
    with_page(folder)
    assert read(folder) == (PAGE, "")


def test_a_closed_cache_leaves_no_open_file(folder):
    """Nothing but the database is left beside the pages, so that the folder can be removed."""
    cache = Cache(folder)
    assert cache.page(URL) == PAGE
    names = ["cache.db", "cache.db-shm", "cache.db-wal"]
    assert sorted(path.name for path in (folder / "pages").iterdir()) == names
    cache.close()
    assert [path.name for path in (folder / "pages").iterdir()] == names[:1]


def test_a_long_run_keeps_its_cache_under_the_limit(folder, monkeypatch):
    """What is too much is dropped once in a number of writes, not at each of them."""
    monkeypatch.setattr(cache_module, "CULL_EVERY", 4)
    cache = Cache(folder, size_limit=300_000)
    sizes = []
    for number in range(4):
        cache.keep_trail(str(number), Trail(str(number) * 200_000), accept="r")
        sizes.append(cache.size())
    assert sizes[0] < sizes[1] < sizes[2]
    assert sizes[2] > 600_000
    assert sizes[3] < 300_000
    cache.close()


def test_a_folder_that_is_not_there_is_made_only_by_who_may(tmp_path):
    """A command that only reads the project keeps nothing where there is no folder."""
    cache = Cache(tmp_path / "no", create=False)
    cache.keep_page(PAGE, BODY)
    assert (cache.page(URL), cache.problem, cache.size()) == (None, "", 0)
    index = TextIndex(Derived(tmp_path / "no"))
    assert (index.count("page"), index.terms_for(URL)) == (0, "")
    index.put([ENTRY])
    assert index.count("page") == 1  # in memory
    assert list(tmp_path.iterdir()) == []


def test_an_index_that_git_tracks_is_not_believed(folder):
    """Another's words are not found, and the file stays as it is; what was read is found."""
    track(folder, FILE_NAME)
    before = (folder / FILE_NAME).read_bytes()
    index = index_of(folder)
    assert index.known("page") == {}
    index.put([ENTRY])
    index.remember("terms", [URL], date(2026, 11, 23))
    assert (index.count("page"), index.terms_for(URL)) == (1, "terms")
    assert (folder / FILE_NAME).read_bytes() == before
    assert index_of(folder).known("page") == {}


@pytest.mark.parametrize("kind", ["link", "fifo", "directory"])
def test_an_index_that_is_no_plain_file_is_not_believed(folder, tmp_path, kind):
    """A link, a pipe and a folder are left alone."""
    file, elsewhere = folder / FILE_NAME, tmp_path / "elsewhere"
    file.rename(elsewhere)
    before = elsewhere.read_bytes()
    make = {"link": lambda: file.symlink_to(elsewhere), "fifo": lambda: os.mkfifo(file)}
    make.get(kind, file.mkdir)()
    index = index_of(folder)
    assert index.known("page") == {}
    index.put([ENTRY])
    assert index.count("page") == 1
    assert elsewhere.read_bytes() == before


def test_an_index_with_tables_that_are_not_ours_is_made_anew(folder):
    """Views, triggers and tables of others run nothing and say nothing."""
    for statement in (
        "CREATE VIEW evil AS SELECT 1",
        "CREATE TRIGGER evil AFTER INSERT ON entries BEGIN DELETE FROM entries; END",
        "CREATE TABLE evil (x)",
        "CREATE INDEX evil ON entries (day)",
        "DROP TABLE searches",
        "ALTER TABLE entries ADD COLUMN evil TEXT",
        "PRAGMA user_version = 99",
    ):
        execute(folder / FILE_NAME, statement)
        index = index_of(folder)
        assert index.known("page") == {}, statement
        index.put([ENTRY])
        assert index_of(folder).known("page") == {URL: ("x", "2026-11-23")}, statement


def test_rows_that_we_have_not_written_are_not_found(folder):
    """Days that are none, headings that do not read, bytes that are no text."""
    whole = Filters(("page",))
    assert index_of(folder).found('"bananas"', whole, 9)[0]
    half = "day = CAST(x'ff' AS TEXT)"
    for change in ("day = 'soon'", half, "day = ''", "headings = '[[['", "headings = 7"):
        with_page(folder)
        execute(folder / FILE_NAME, f"UPDATE entries SET {change}")
        assert index_of(folder).found('"bananas"', whole, 9) == ([], False), change
        assert index_of(folder).found("", whole, 9) == ([], False), change


def test_a_folder_that_is_called_like_a_variable_is_not_used(tmp_path, monkeypatch):
    """Diskcache would put the pages where the variable says; that is said, and nothing is kept."""
    monkeypatch.setenv("ELSEWHERE", str(tmp_path / "elsewhere"))
    cache = Cache(tmp_path / "$ELSEWHERE")
    cache.keep_page(PAGE, BODY)
    assert cache.page(URL) is None
    assert "environment variable" in cache.problem
    assert not (tmp_path / "elsewhere").exists()


def test_several_commands_index_one_page_once(folder):
    """Whoever comes second replaces the page of the first, words and all."""
    entries = [replace(ENTRY, name=f"{URL}{number % 3}") for number in range(12)]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda entry: index_of(folder).put([entry]), entries))
    index = index_of(folder)
    assert index.count("page") == 4
    assert len(index.found('"bananas"', Filters(), 99)[0]) == 4
    assert index.derived.rows("SELECT count(*) FROM words") == [(4,)]
