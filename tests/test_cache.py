"""The cache: losing it costs time and nothing else, and reading it runs no code."""

import os
import pickle
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import diskcache
import pytest
from diskcache.core import MODE_BINARY, MODE_PICKLE, MODE_TEXT

from footnotary.cache import SIZE_LIMIT, Cache, StoredAnswer, Trail
from footnotary.cache.disk import SMALL, SafeDisk

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
URL = "https://example.com/"


class Payload:
    """Runs code when it is unpickled."""

    def __reduce__(self):
        return (os.mkdir, (os.environ.get("PWNED", "pwned"),))


def _stored(body, url=URL):
    return StoredAnswer(url, 200, {"content-type": "text/html"}, sha256(body).hexdigest(), NOW)


@pytest.fixture
def cache(tmp_path):
    """An empty cache."""
    cache = Cache(tmp_path / ".footnotary")
    yield cache
    cache.close()


@pytest.mark.parametrize("size", [0, 10, 40_000])
def test_what_is_kept_comes_back(cache, size):
    """Small values lie in the database, large ones in files; neither changes."""
    body = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    stored = _stored(body)
    cache.keep_page(stored, body, accept="a/b")
    assert cache.page(URL, accept="a/b") == stored
    assert cache.page(URL) is None
    assert cache.body(stored.body_sha256) == body
    text = "wörds\r\n\u2028" * (size // 4)
    cache.keep_trail(stored.body_sha256, Trail(text), accept="html 1")
    assert cache.trail(stored.body_sha256, accept="html 1") == Trail(text)
    assert cache.trail(stored.body_sha256, accept="html 2") is None
    cache.keep_trail(URL, Trail(URL + "b", (URL,)))
    assert cache.trail(URL) == Trail(URL + "b", (URL,))
    assert cache.problem == ""


def test_the_folder_ignores_itself(cache):
    """A cache is never committed, whatever the project's own .gitignore says."""
    cache.keep_trail("a", Trail("c"), accept="b")
    assert (cache.folder / ".gitignore").read_text().splitlines()[-1] == "*"


def test_an_unused_cache_leaves_no_folder(tmp_path):
    """Making the object touches nothing; printed, it shows its settings alone."""
    cache = Cache(tmp_path / ".footnotary")
    cache.close()
    assert cache.size_limit == SIZE_LIMIT
    assert " _" not in repr(cache)
    assert not (tmp_path / ".footnotary").exists()


def _rows(cache, **columns):
    """Write columns into every row behind the cache's back."""
    cache.close()
    with sqlite3.connect(cache.folder / "pages" / "cache.db") as database:
        for name, value in columns.items():
            database.execute(f"UPDATE Cache SET {name} = ?", (value,))
    database.close()


def test_pickles_in_rows_keys_and_files_are_never_loaded(cache, tmp_path, monkeypatch):
    """Whoever can write the folder must not be able to run code (CVE-2025-69872)."""
    monkeypatch.setenv("PWNED", str(tmp_path / "pwned"))
    payload = pickle.dumps(Payload())
    evil = tmp_path / "evil.val"
    evil.write_bytes(payload)
    for mode, raw, filename, value in [
        (4, 1, None, payload),
        (4, 1, "../../evil.val", None),
        (1, 0, None, payload),
        (4, 0, None, payload),
    ]:
        cache.keep_page(_stored(b"x"), b"x")
        _rows(cache, mode=mode, raw=raw, filename=filename, value=value)
        cache.page(URL)
        cache.body(_stored(b"x").body_sha256)
        with diskcache.Cache(str(cache.folder / "pages"), disk=SafeDisk) as store:
            assert all(list(store))
        cache.clear()
    assert not (tmp_path / "pwned").exists()
    assert evil.exists()


@pytest.mark.parametrize("how", ["climb", "absolute", "link", "folder"])
def test_no_file_outside_the_folder_is_read_or_removed(cache, tmp_path, how):
    """A row's file name is anybody's word: it must name one of our own files."""
    secret = tmp_path / "secret"
    secret.write_text('{"status":200,"headers":{},"body":"x","at":"2026-11-23T00:00:00+00:00"}')
    cache.keep_page(_stored(b"x"), b"x")
    link = "ab/cd/" + "0" * 28 + ".val"
    filename = {"climb": "../../secret", "absolute": str(secret)}.get(how, link)
    if how == "link":
        (cache.folder / "pages" / "ab" / "cd").mkdir(parents=True)
        (cache.folder / "pages" / link).symlink_to(secret)
    elif how == "folder":
        secret = secret.rename(tmp_path / link.rpartition("/")[2])
        (cache.folder / "pages" / "ab").mkdir()
        (cache.folder / "pages" / "ab" / "cd").symlink_to(tmp_path)
    _rows(cache, mode=3, filename=filename, value=None)
    assert cache.page(URL) is None
    cache.clear()
    assert secret.exists()


@pytest.mark.parametrize(
    "row", ["nonsense", "[]", "{}", '{"status":"x"}', "null", "[" * 100_000,
            '{"status":200,"headers":[],"body":"x","at":"now"}',
            '{"status":200,"headers":{},"body":"x","at":"2026-11-23T00:00:00"}'],
)  # fmt: skip
def test_a_row_that_is_none_counts_as_missing(cache, row):
    """What is in the cache is checked like any other input."""
    cache.keep_page(_stored(b"x"), b"x")
    _rows(cache, value=row)
    assert cache.page(URL) is None
    assert cache.trail(URL) is None


def test_what_was_kept_before_hosts_could_be_private_is_public(cache):
    """A row of an older release has no word for it; what is private comes back as private."""
    private = StoredAnswer(URL, 200, {}, "x", NOW, private=True)
    cache.keep_page(private, b"x")
    assert cache.page(URL) == private
    _rows(cache, value='{"status":200,"headers":{},"body":"x","at":"2026-11-23T12:00:00+00:00"}')
    assert cache.page(URL) == StoredAnswer(URL, 200, {}, "x", NOW)
    assert not cache.page(URL).private


def test_a_damaged_body_counts_as_missing(cache):
    """A body is what its hash says or nothing."""
    cache.keep_page(_stored(b"x"), b"x")
    with sqlite3.connect(cache.folder / "pages" / "cache.db") as database:
        database.execute("UPDATE Cache SET value = ? WHERE key LIKE '%body%'", (b"y",))
    database.close()
    assert cache.body(_stored(b"x").body_sha256) is None


def test_a_database_that_is_none_is_replaced(tmp_path):
    """A corrupt cache fixes itself; a cache is nobody's only copy."""
    folder = tmp_path / ".footnotary"
    (folder / "pages").mkdir(parents=True)
    (folder / "pages" / "cache.db").write_bytes(b"this is no database" * 500)
    cache = Cache(folder)
    cache.keep_trail("a", Trail("c"), accept="b")
    assert cache.trail("a", accept="b") == Trail("c")
    cache.close()


def test_the_values_of_a_damaged_database_go_with_it(tmp_path):
    """Only it knew their names; a file that none of ours can be stays."""
    cache = Cache(tmp_path / "c")
    body = b"x" * 2 * SMALL
    cache.keep_page(_stored(body), body)
    cache.close()
    (database,) = (tmp_path / "c").rglob("cache.db")
    (value,) = (tmp_path / "c").rglob("*.val")
    other = value.with_name("notes.val")
    other.write_text("mine")
    database.write_bytes(b"no database at all" * 100)
    assert cache.body(_stored(body).body_sha256) is None
    cache.close()
    assert not value.exists()
    assert other.read_text() == "mine"


def test_a_row_that_names_no_file_of_ours_is_no_value(tmp_path):
    """Neither a way out of the folder, nor another mode, nor nothing."""
    disk = SafeDisk(str(tmp_path))
    for mode, name in ((MODE_BINARY, "../x.val"), (MODE_TEXT, None), (MODE_PICKLE, "a.val")):
        assert disk.fetch(mode, name, None, False) is None  # noqa: FBT003  diskcache's signature


def test_no_write_waits_for_the_disk(cache):
    """Losing the cache costs time, waiting for the disk costs it at every page."""
    cache.keep_trail("0" * 64, Trail("words"), accept="reader")
    store = cache._store  # noqa: SLF001  its connection, opened again
    store.close()
    assert store._con.execute("PRAGMA synchronous").fetchone() == (0,)  # noqa: SLF001


@pytest.mark.parametrize("obstacle", ["file", "read-only"])
def test_an_unusable_folder_is_bypassed_and_named(tmp_path, obstacle):
    """No command fails because of its cache; it can say what is wrong with it."""
    folder = tmp_path / ".footnotary"
    if obstacle == "file":
        folder.write_text("a file")
    else:
        folder = folder.__class__("/proc/footnotary")
    cache = Cache(folder)
    cache.keep_page(_stored(b"x"), b"x")
    assert cache.page(URL) is None
    assert cache.clear() == 0
    assert str(folder) in cache.problem
    assert "\n" not in cache.problem
    assert "TypeError" not in cache.problem
    cache.close()


def test_what_is_wrong_with_a_cache_is_said_in_200_characters():
    """An error with a long path in it is cut: the sentence goes into a line of a terminal."""
    cache = Cache(Path("/proc", "x" * 250))
    assert cache.page(URL) is None
    cache.keep_page(_stored(b"x"), b"x")
    said = cache.problem.partition("Error: ")[2]
    assert said.endswith("x).")
    assert len(said) == 200 + len(").")
    cache.close()


def test_a_cache_is_shown_without_what_it_keeps(cache):
    """Pages that wait to be written can be private ones; its settings are what is shown."""
    cache.batch = 2
    cache.keep_page(_stored(b"secret"), b"secret")
    assert repr(cache) == (
        f"Cache(folder={cache.folder!r}, size_limit={SIZE_LIMIT}, create=True, batch=2, problem='')"
    )


def test_threads_share_a_cache(cache):
    """Worker threads read and write the same rows."""

    def work(number):
        body = b"%d" % number * 40_000
        cache.keep_page(_stored(body, f"{URL}{number % 5}"), body)
        return cache.body(sha256(body).hexdigest()) == body

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(40)))
    assert cache.problem == ""


@pytest.mark.slow
def test_processes_share_a_cache(tmp_path):
    """Several commands at once on one folder: nothing is lost and nothing fails."""
    script = (
        "import sys\nfrom pathlib import Path\nfrom footnotary.cache import Cache, Trail\n"
        "cache = Cache(Path(sys.argv[1]))\n"
        "for n in range(50):\n"
        "    cache.keep_trail(f'{sys.argv[2]}-{n}', Trail('text' * 20_000), accept='r')\n"
        "    kept = cache.trail(f'{sys.argv[2]}-{n}', accept='r')\n"
        "    assert kept == Trail('text' * 20_000), cache.problem\n"
        "assert not cache.problem, cache.problem\n"
    )
    words = [sys.executable, "-c", script, str(tmp_path / "c")]
    children = [
        subprocess.Popen([*words, str(number)], stderr=subprocess.PIPE, text=True)
        for number in range(4)
    ]
    for child in children:
        _, errors = child.communicate(timeout=60)
        assert child.returncode == 0, errors


def test_a_database_that_breaks_while_it_is_open_is_emptied(tmp_path):
    """Damage found in the middle of a run costs that run its cache, and not the next."""
    cache = Cache(tmp_path / "c")
    for number in range(200):
        cache.keep_trail(f"{number}", Trail("text" * 1000), accept="r")
    cache.close()
    file = cache.folder / "pages" / "cache.db"
    data = bytearray(file.read_bytes())
    data[4096 * 3 :] = b"\xa5" * (len(data) - 4096 * 3)
    file.write_bytes(data)
    damaged = Cache(tmp_path / "c")
    for number in range(200):
        damaged.trail(f"{number}", accept="r")
    damaged.close()
    fixed = Cache(tmp_path / "c")
    fixed.keep_trail("a", Trail("new"), accept="r")
    assert fixed.trail("a", accept="r") == Trail("new")
    assert fixed.problem == ""
    fixed.close()


def test_a_database_that_is_lost_before_the_end_breaks_no_command(cache):
    """What is too much is dropped at the end, and that may fail like everything else."""
    cache.keep_trail("a", Trail("c"))
    with sqlite3.connect(cache.folder / "pages" / "cache.db") as database:
        database.execute("DROP TABLE Cache")
    database.close()
    cache.close()


def test_the_cache_stays_under_its_limit(tmp_path):
    """What was stored first goes first, and the files go with it."""
    cache = Cache(tmp_path / "c", size_limit=2_000_000)
    for number in range(40):
        body = b"%04d" % number * 50_000
        cache.keep_page(_stored(body, f"{URL}{number}"), body)
    cache.close()
    files = [file for file in cache.folder.rglob("*") if file.is_file()]
    assert sum(file.stat().st_size for file in files) < 3_000_000
    assert cache.body(sha256(b"0039" * 50_000).hexdigest())
    assert cache.body(sha256(b"0000" * 50_000).hexdigest()) is None
    cache.close()


def test_a_folder_with_other_things_gets_no_gitignore(tmp_path):
    """A cache put into the project's own folder must not make git ignore the project."""
    (tmp_path / "README.md").write_text("mine")
    cache = Cache(tmp_path)
    cache.keep_trail("a", Trail("b"), accept="r")
    cache.close()
    assert not (tmp_path / ".gitignore").exists()


def test_the_pages_are_those_that_a_browser_would_have_been_sent(cache):
    """What was asked for as another type, trails, bodies and broken rows are none of them."""
    one, two = (
        StoredAnswer(
            f"https://a.example/{name}", 200, {"etag": name}, sha256(b"x").hexdigest(), NOW
        )
        for name in ("one", "two")
    )
    cache.keep_page(one, b"x")
    cache.keep_page(two, None)
    cache.keep_page(one, None, accept="application/json")
    cache.keep_trail("https://a.example/", Trail("https://a.example/one"))
    cache.keep_trail(one.body_sha256, Trail("x"), accept="reader 1")
    assert sorted(cache.pages(), key=lambda stored: stored.url) == [one, two]
    _rows(cache, value="{}")
    assert cache.pages() == []


def test_clearing_drops_everything_and_counts_it(cache):
    """Rows of every kind; an empty cache has none."""
    assert cache.clear() == 0
    page = StoredAnswer("https://a.example/", 200, {}, sha256(b"x").hexdigest(), NOW)
    cache.keep_page(page, b"x")
    cache.keep_trail(page.url, Trail(page.url))
    assert cache.size() > 0
    assert cache.clear() == 3
    assert (cache.pages(), cache.trail(page.url), cache.body(page.body_sha256)) == ([], None, None)
    assert cache.clear() == 0


def test_a_closed_cache_opens_again(cache):
    """Closing twice is closing once; what was kept is there."""
    cache.keep_trail("0", Trail("é" * 200_000), accept="reader 1")
    for _ in range(2):
        cache.close()
    assert cache.trail("0", accept="reader 1") == Trail("é" * 200_000)
    assert cache.trail("0", accept="reader 2") is None


def test_rows_of_several_pages_are_written_together(tmp_path):
    """Whoever keeps them sees them at once, another reader when enough wait or at the end."""
    cache, other = Cache(tmp_path, batch=4), Cache(tmp_path)
    pages = {f"{URL}{body.decode()}": body for body in (b"one", b"two", b"three")}
    for url, body in pages.items():
        cache.keep_page(_stored(body, url), body)
    assert [other.page(url) is None for url in pages] == [False, False, True]
    assert cache.page(f"{URL}three") is not None
    assert len(cache.pages()) == 3
    cache.keep_page(_stored(b"four", f"{URL}four"), b"four")
    assert other.page(f"{URL}four") is None
    assert cache.body(sha256(b"three").hexdigest()) == b"three"
    cache.close()
    assert other.body(sha256(b"three").hexdigest()) == b"three"
    other.close()
