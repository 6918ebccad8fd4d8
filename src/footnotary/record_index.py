"""What the records hold, in one SQLite file, so that a record is parsed once a change.

The files are what counts. A row is used for a file whose size and times are those of its last
reading by this release, or whose bytes are the same; anything else is read again. A file changed
within `_SETTLED` seconds of its reading is not kept, as the clock of a file system is coarse.
"""

import contextlib
import hashlib
import os
import sqlite3
import stat
import time
import weakref
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from footnotary import __version__
from footnotary.files import is_linked
from footnotary.state import is_believed, state_folder

FILE_NAME = "records.db"
_SETTLED = 2.0
_LAYOUT = 1
_LOCK_SECONDS = 2.0
_TABLE = """CREATE TABLE records (
    key TEXT PRIMARY KEY, stamp TEXT NOT NULL, sha256 TEXT NOT NULL, record TEXT NOT NULL
) WITHOUT ROWID"""


class RecordIndex:
    """The rows of one folder of records; without a place for the file, it holds nothing.

    Args:
        folder: The folder of the records.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._changed: dict[str, tuple[str, str, str, str]] = {}
        self._database = _open(folder.parent)
        if self._database is not None:
            weakref.finalize(self, self._database.close)

    def recall(self, key: str, read: Callable[[Path], bytes]) -> tuple[str, bytes]:
        """Return what is known of a record.

        Args:
            key: The record's key.
            read: Returns the bytes of its file.

        Returns:
            The record as JSON, or an empty text and the bytes that are to be parsed.

        Raises:
            Exception: What `read` raises.
        """
        path = self._folder / f"{key}.yaml"
        stamp = _stamp(path)
        known = self._row(key)
        if known and stamp and known[0] == stamp:
            return known[2], b""
        raw = read(path)
        digest = hashlib.sha256(f"{__version__}\0".encode() + raw).hexdigest()
        self._changed[key] = (key, stamp, digest, "")
        if known and known[1] == digest:
            self.keep(key, known[2])
            return known[2], b""
        return "", raw

    def keep(self, key: str, record: str) -> None:
        """Keep a record that was just parsed.

        Args:
            key: Its key, whose bytes `recall` returned; for others nothing is kept.
            record: It, as JSON.
        """
        if key in self._changed:
            self._changed[key] = (*self._changed[key][:3], record)

    def close(self, keys: Iterable[str]) -> None:
        """Write what was learned, and forget the records that are gone.

        Args:
            keys: Keys of all records that there are.
        """
        database, self._database = self._database, None
        if database is None:
            return
        rows = [row for row in self._changed.values() if row[1] and row[3]]
        with contextlib.closing(database), contextlib.suppress(sqlite3.Error), database:
            known = {key for (key,) in database.execute("SELECT key FROM records")}
            gone = known - set(keys)
            if rows:
                database.executemany("INSERT OR REPLACE INTO records VALUES (?, ?, ?, ?)", rows)
            if gone:
                database.executemany("DELETE FROM records WHERE key = ?", [(key,) for key in gone])

    def _row(self, key: str) -> tuple[str, str, str] | None:
        """Return stamp, digest and JSON of a record."""
        if self._database is None:
            return None
        query = "SELECT stamp, sha256, record FROM records WHERE key = ?"
        try:
            row = self._database.execute(query, (key,)).fetchone()
        except sqlite3.Error:
            self._database.close()
            self._database = None
            return None
        return row if row and all(isinstance(value, str) for value in row) else None


def _stamp(path: Path) -> str:
    """Return what a settled regular file is known by; empty for any other."""
    try:
        status = path.lstat()
    except OSError:
        return ""
    changed = max(status.st_mtime, status.st_ctime)
    if not stat.S_ISREG(status.st_mode) or not 0 < changed < time.time() - _SETTLED:
        return ""
    return f"{__version__} {status.st_size} {status.st_mtime_ns} {status.st_ctime_ns}"


def _open(root: Path) -> sqlite3.Connection | None:
    """Return the database below a root, laid out; None where there is no place to trust."""
    folder = state_folder(root)
    file = folder / FILE_NAME
    if not folder.is_dir() or is_linked(file, root) or not os.access(folder, os.W_OK):
        return None
    if not all(_is_ours(path, root) for path in _files(file)):
        return None
    try:
        return _laid_out(file)
    except sqlite3.OperationalError:  # locked, read-only, no space
        return None
    except sqlite3.DatabaseError:  # damaged, or no database at all
        with contextlib.suppress(OSError):
            file.unlink()
        return None


def _files(file: Path) -> Iterator[Path]:
    """Yield the files that SQLite reads for a database."""
    for suffix in ("", "-journal", "-wal", "-shm"):
        yield file.with_name(file.name + suffix)


def _is_ours(path: Path, root: Path) -> bool:
    """Return whether a file is not there, or a regular one that did not come with the project."""
    try:
        status = path.lstat()
    except OSError:
        return True
    return stat.S_ISREG(status.st_mode) and is_believed(path, root)


def _laid_out(file: Path) -> sqlite3.Connection:
    """Open a database and make its table anew where it is not of this layout.

    Raises:
        sqlite3.Error: It cannot be used.
    """
    database = sqlite3.connect(file, timeout=_LOCK_SECONDS)
    try:
        database.execute("PRAGMA trusted_schema = OFF")  # views and triggers of others
        names = [tuple(row) for row in database.execute("SELECT type, sql FROM sqlite_schema")]
        is_ours = names == [("table", _TABLE)]
        if not is_ours or database.execute("PRAGMA user_version").fetchone() != (_LAYOUT,):
            if names:
                raise sqlite3.DatabaseError("another layout")
            with database:
                database.execute(_TABLE)
                database.execute(f"PRAGMA user_version = {_LAYOUT}")
    except sqlite3.Error:
        database.close()
        raise
    return database
