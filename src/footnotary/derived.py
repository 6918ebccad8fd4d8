"""What is derived from a project's files, in one SQLite file: `.footnotary/derived.db`.

Digests of files, records as they were parsed, what the gate found, the text that is searched
(`text_index`). The files are what counts: a row is believed for a file whose size and times, or
whose bytes, are those that it was made of. The database may have come with a cloned repository:
one that git tracks, that is reached through a link, is not a regular file, is damaged or not laid
out as here is not read and is made anew; what another release parsed is forgotten.

Where the folder is not there (commands that only read make none) or cannot be trusted, the database
is one in memory; where it cannot be written, it is opened for reading alone. A write that fails (a
full disk, a lock of another command) is no reason for a command to fail: `problem` says why.
"""

import contextlib
import hashlib
import os
import sqlite3
import stat
import time
import weakref
from collections.abc import Callable, Collection, Iterable, Mapping
from math import inf
from pathlib import Path
from typing import Any
from urllib.parse import quote

from footnotary import __version__
from footnotary.errors import FootnotaryError
from footnotary.files import is_linked, printable, read_regular
from footnotary.state import is_believed, is_damage, make_state_folder, state_folder

FILE_NAME = "derived.db"
SETTLED = 2.0
"""Seconds after which a change is seen by its time: the clock of a file system is coarse."""

OF_ANOTHER = "-1"
"""What is noted of the pages where the database was another folder's: they may not be ours."""

_EARLIER = ("records.db", "gate.json", "quality.json", "freshness.json", "library.db")
_SUFFIXES = ("-journal", "-wal", "-shm", "")
_LAYOUT = 1
_LOCK_SECONDS = 2.0
_LOCKED_SECONDS = 60.0  # in which nobody in this process waits for the same lock again
_LOCKED: dict[Path, float] = {}  # when one was waited for in vain, by root
_FTS5_TABLES = frozenset(
    f"words_{name}" for name in ("data", "idx", "content", "docsize", "config")
)
_TABLES = """
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE files (
    name TEXT PRIMARY KEY, stamp TEXT NOT NULL, sha256 TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE records (
    key TEXT PRIMARY KEY, sha256 TEXT NOT NULL, record TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE kept (
    kind TEXT, name TEXT, mark TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (kind, name)
) WITHOUT ROWID;
CREATE TABLE entries (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, url TEXT NOT NULL,
    site TEXT NOT NULL, headings TEXT NOT NULL, tags TEXT NOT NULL, day TEXT NOT NULL,
    made_of TEXT NOT NULL, UNIQUE (kind, name)
);
CREATE INDEX entries_by_url ON entries (url);
CREATE VIRTUAL TABLE words USING fts5 (
    title, text, own, tokenize = 'porter unicode61 remove_diacritics 2'
);
CREATE TABLE searches (url TEXT PRIMARY KEY, terms TEXT NOT NULL, day TEXT NOT NULL);
"""

Row = tuple[Any, ...]


def forget_locked() -> None:
    """Wait for locks again: another command begins in this process."""
    _LOCKED.clear()


class Derived:
    """The database of one project; opened when it is first used, closed with the object.

    Attributes:
        problem: Why something could not be read or kept; empty where nothing was in the way.

    Args:
        root: The project's root.
        create: Make the folder of the project's state where it is not there.
    """

    def __init__(self, root: Path, *, create: bool = False) -> None:
        self.problem = ""
        self._root = root
        self._create = create
        self._database: sqlite3.Connection | None = None
        self._keeps = False
        self._is_readonly = False

    @property
    def keeps(self) -> bool:
        """Whether what is written is there for the next command."""
        self._opened()
        return self._keeps

    def rows(self, query: str, values: Iterable[object] = ()) -> list[Row]:
        """Return the rows of a query; none where the database cannot be read."""
        try:
            return self._opened().execute(query, tuple(values)).fetchall()
        except sqlite3.Error as error:
            self._give_up(error)
            return []

    def write(self, *statements: tuple[str, Collection[Row]]) -> None:
        """Run statements over rows in one transaction; in memory where there is no file to write.

        One that fails changes nothing, and `problem` says why.
        """
        database = self._opened()
        if self._is_readonly or not any(rows for _, rows in statements):
            return
        try:
            with database:
                database.execute("BEGIN IMMEDIATE")
                for statement, rows in statements:
                    database.executemany(statement, rows)
        except sqlite3.Error as error:
            self._give_up(error)

    def kept(self, kind: str) -> dict[str, tuple[str, str]]:
        """Return what was kept of a kind: mark and value, by name."""
        rows = self.rows("SELECT name, mark, value FROM kept WHERE kind = ?", (kind,))
        return {name: (mark, value) for name, mark, value in rows if _are_texts(name, mark, value)}

    def keep(
        self, kind: str, new: Mapping[str, tuple[str, str]], gone: Collection[str] = ()
    ) -> None:
        """Keep something until it is asked for again, where there is a place for it."""
        if (new or gone) and self.keeps:
            added = [(kind, name, *row) for name, row in new.items()]
            self.write(
                ("INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?)", added),
                ("DELETE FROM kept WHERE kind = ? AND name = ?", [(kind, one) for one in gone]),
            )

    def close(self) -> None:
        """Close the database; it opens again when it is used."""
        if self._database is not None:
            self._database.close()
            self._database = None

    def _opened(self) -> sqlite3.Connection:
        """Return the connection, opened once."""
        if self._database is None:
            self._database = self._from_file()
            self._keeps = self._database is not None and self.may_write
            self._is_readonly = self._database is not None and not self._keeps
            self._database = self._database or _in_memory()
            weakref.finalize(self, self._database.close)
        return self._database

    @property
    def may_write(self) -> bool:
        """Whether the folder of the state is there and may be written."""
        folder = state_folder(self._root)
        file = folder / FILE_NAME
        return os.access(folder, os.W_OK) and (not file.exists() or os.access(file, os.W_OK))

    def _from_file(self) -> sqlite3.Connection | None:
        """Return a connection to the file; None where there is none to trust."""
        if self._create:
            with contextlib.suppress(FootnotaryError):
                make_state_folder(self._root)
        folder = state_folder(self._root)
        file = folder / FILE_NAME
        if not folder.is_dir() or is_linked(file, self._root):
            return None
        if not all(_is_ours(file.with_name(file.name + end), self._root) for end in _SUFFIXES):
            return None
        try:
            return self._laid_out(file)
        except sqlite3.Error as error:
            if self._is_locked(error) or not is_damage(error) or not self.may_write:
                self.problem = f"{file} cannot be used: {error}."
                return None
        with contextlib.suppress(OSError, sqlite3.Error):
            _remove(file)
            return self._laid_out(file)
        return None

    def _laid_out(self, file: Path) -> sqlite3.Connection:
        """Open the file and make its tables where it is new."""
        address = f"file:{quote(str(file))}?mode={'rwc' if self.may_write else 'ro'}"
        waited = time.monotonic() - _LOCKED.get(self._root, -inf) < _LOCKED_SECONDS
        patience = 0.0 if waited else _LOCK_SECONDS
        database = sqlite3.connect(address, timeout=patience, uri=True, check_same_thread=False)
        try:
            database.execute("PRAGMA trusted_schema = OFF")  # views and triggers of others
            database.text_factory = _decode
            is_new = not database.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
            if is_new and self.may_write:
                _lay_out(database)
                for name in _EARLIER:
                    self._remove_earlier(file.with_name(name))
            if not _is_laid_out(database):
                raise sqlite3.DatabaseError("another layout")
            self._forget_others(database)
        except sqlite3.Error:
            database.close()
            raise
        return database

    def _forget_others(self, database: sqlite3.Connection) -> None:
        """Drop what another release parsed, and note whose database it is."""
        about = {"release": __version__, "root": str(self._root)}
        known = dict(database.execute("SELECT name, value FROM about"))
        if about.items() <= known.items():
            return
        with database:
            database.execute("BEGIN IMMEDIATE")
            if known.get("release") != __version__:
                database.execute("DELETE FROM records")
                database.execute("DELETE FROM kept")
            if known.get("root", about["root"]) != about["root"]:
                about["pages"] = OF_ANOTHER
                database.execute("DELETE FROM searches")
            database.executemany("INSERT OR REPLACE INTO about VALUES (?, ?)", about.items())

    def _remove_earlier(self, file: Path) -> None:
        """Remove a file that an earlier release wrote."""
        for path in (file.with_name(file.name + end) for end in _SUFFIXES):
            with contextlib.suppress(OSError):
                if path.exists() and _is_ours(path, self._root):
                    path.unlink()

    def _is_locked(self, error: sqlite3.Error) -> bool:
        """Return whether another command has the file, of which all of this process is told."""
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        if code not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return False
        _LOCKED[self._root] = time.monotonic()
        return True

    def _give_up(self, error: sqlite3.Error) -> None:
        """Go on without the file; a damaged one is removed, a locked one not waited for."""
        self.problem = f"{state_folder(self._root) / FILE_NAME} cannot be used: {error}."
        if self._is_locked(error):
            self.close()
            self._database, self._keeps, self._is_readonly = _in_memory(), False, False
            weakref.finalize(self, self._database.close)
        elif self._keeps and is_damage(error):
            self.close()
            with contextlib.suppress(OSError):
                _remove(state_folder(self._root) / FILE_NAME)


class FileDigests:
    """Digests of a project's files; one is read again only where size or times are others.

    Args:
        derived: Where the digests are kept.
        root: The project's root.
        beginning: How the names of all files begin that are asked for; loaded at once where
            it is not empty.
    """

    def __init__(self, derived: Derived, root: Path, beginning: str = "") -> None:
        self._derived = derived
        self._root = root
        self._known: dict[str, tuple[str, str]] = {}
        self._new: dict[str, tuple[str, str]] = {}
        self._beginning = beginning
        self._is_loaded = False

    def load(self) -> None:
        """Read all digests that are known at once."""
        if not self._is_loaded:
            self._is_loaded = True
            rows = self._derived.rows(
                "SELECT name, stamp, sha256 FROM files WHERE name >= ? AND name < ?",
                (self._beginning, self._beginning + "\U0010ffff"),
            )
            self._known = {row[0]: row[1:] for row in rows if _are_texts(*row)}

    def look(self, name: str, read: Callable[[Path], bytes]) -> tuple[str, bytes | None]:
        """Return the digest of a file, and its bytes where it had to be read for that.

        Args:
            name: Its path below the root, with `/`.
            read: Returns its bytes.

        Raises:
            Exception: What `read` raises.
        """
        path, name = os.path.join(self._root, name), printable(name)  # noqa: PTH118  quick
        stamp = _stamp(path)
        known = self._new.get(name) or self._row(name)
        if known and stamp and known[0] == stamp:
            return known[1], None
        raw = read(Path(path))
        digest = hashlib.sha256(raw).hexdigest()
        if known != (stamp, digest):
            self._new[name] = (stamp, digest)
        return digest, raw

    def of(self, path: Path, limit: int) -> str:
        """Return the digest of a regular file; empty where there is none that can be read."""
        name = str(path.relative_to(self._root) if path.is_relative_to(self._root) else path)
        with contextlib.suppress(OSError):
            return self.look(name, lambda _: read_regular(path, limit))[0]
        return ""

    def save(self, names: Iterable[str] | None = None) -> None:
        """Keep what was learned."""
        gone: set[str] = set() if names is None else self._known.keys() - set(names)
        if (self._new or gone) and self._derived.keeps:
            new = [(name, *row) for name, row in self._new.items()]
            self._derived.write(
                ("INSERT OR REPLACE INTO files VALUES (?, ?, ?)", new),
                ("DELETE FROM files WHERE name = ?", [(name,) for name in gone]),
            )
        self._known |= self._new
        self._new = {}

    def _row(self, name: str) -> tuple[str, str] | None:
        """Return stamp and digest of a file as they were kept."""
        if self._is_loaded:
            return self._known.get(name)
        rows = self._derived.rows("SELECT stamp, sha256 FROM files WHERE name = ?", (name,))
        return rows[0] if rows and _are_texts(*rows[0]) else None


def _stamp(path: str) -> str:
    """Return what a settled regular file is known by; empty for any other."""
    try:
        status = os.lstat(path)
    except (OSError, ValueError):
        return ""
    changed = max(status.st_mtime, status.st_ctime)
    if not stat.S_ISREG(status.st_mode) or not 0 < changed < time.time() - SETTLED:
        return ""
    return f"{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns}"


def _decode(text: bytes) -> str:
    """Return a text of a row, whoever has written it."""
    return text.decode("utf-8", "replace")


def _are_texts(*values: object) -> bool:
    """Return whether all values of a row are text, as they were written."""
    return all(isinstance(value, str) for value in values)


def _is_ours(path: Path, root: Path) -> bool:
    """Return whether a file is not there, or a regular one that did not come with the project."""
    try:
        status = path.lstat()
    except OSError:
        return True
    return stat.S_ISREG(status.st_mode) and is_believed(path, root)


def _remove(file: Path) -> None:
    """Remove a database with what SQLite has beside it: a journal of it would spoil the next."""
    for end in _SUFFIXES:
        file.with_name(file.name + end).unlink(missing_ok=True)


def _in_memory() -> sqlite3.Connection:
    """Return a new database that goes with its connection."""
    database = sqlite3.connect(":memory:", check_same_thread=False)
    _lay_out(database)
    return database


def _lay_out(database: sqlite3.Connection) -> None:
    """Make our tables, unless another process has made them meanwhile."""
    with database:
        database.execute("BEGIN IMMEDIATE")
        if not database.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
            for statement in filter(str.strip, _TABLES.split(";")):
                database.execute(statement)
            database.execute(f"PRAGMA user_version = {_LAYOUT}")


def _is_laid_out(database: sqlite3.Connection) -> bool:
    """Return whether a database has our tables and no other tables, views or triggers."""
    if database.execute("PRAGMA user_version").fetchone()[0] != _LAYOUT:
        return False
    rows = database.execute("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL").fetchall()
    made = {" ".join(sql.split()) for name, sql in rows if name not in _FTS5_TABLES}
    return made == {" ".join(each.split()) for each in _TABLES.split(";") if each.strip()}
