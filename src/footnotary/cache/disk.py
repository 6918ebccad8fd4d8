"""How values lie on disk: bytes and str only, never pickle, never outside the folder.

diskcache's own `Disk` unpickles rows, keys and files (CVE-2025-69872), and joins whatever
file name a row holds to its folder, for reading and for deleting.
"""

import re
import sqlite3
from pathlib import Path

import diskcache
from diskcache.core import DBNAME, DEFAULT_SETTINGS, METADATA, MODE_BINARY, MODE_RAW, MODE_TEXT

from footnotary.files import is_linked, read_regular

LOCK_SECONDS = 5.0  # that other processes are waited for
SMALL = 131_072
_NO_SETTING = object()
MAX_VALUE_BYTES = 1_000_000_000
FILE_NAME = re.compile(r"[0-9a-f]{2}[/\\][0-9a-f]{2}[/\\][0-9a-f]{28}\.val")


class Store(diskcache.Cache):  # type: ignore[misc]  # diskcache has no types
    """A diskcache over one connection, which `close` closes whoever opened it.

    diskcache opens one for each thread, and only that thread can close it. Callers of this
    class hold a lock.
    """

    _connection: sqlite3.Connection | None = None

    def __init__(self, directory: str, **settings: object) -> None:
        try:
            super().__init__(directory, **settings)
        except BaseException:
            self.close()  # a database that is none has been opened all the same
            raise

    @property
    def _con(self) -> sqlite3.Connection:
        """The connection."""
        if self._connection is None:
            self._connection = sqlite3.connect(
                Path(self._directory) / DBNAME,
                timeout=LOCK_SECONDS,
                isolation_level=None,
                check_same_thread=False,
            )
            # a power cut may cost the cache, which costs time
            self._connection.execute("PRAGMA synchronous = 0")
            self._connection.execute("PRAGMA trusted_schema = OFF")
        return self._connection

    def reset(self, key: str, value: object = diskcache.core.ENOVAL, update: bool = True) -> object:  # noqa: FBT001, FBT002  diskcache's signature
        """Set one of diskcache's settings; a database with others was not written by it.

        diskcache makes an attribute of every row of its settings, and a PRAGMA of some.

        Raises:
            sqlite3.DatabaseError: There is no such setting, or its value is not the usual one.
        """
        usual = DEFAULT_SETTINGS.get(key, METADATA.get(key, _NO_SETTING))
        given = value is not diskcache.core.ENOVAL
        if usual is _NO_SETTING or (given and key.startswith("sqlite_") and value != usual):
            raise sqlite3.DatabaseError(f"unknown setting {key!r}")
        return super().reset(key, value, update)

    def close(self) -> None:
        """Close the connection."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


class SafeDisk(diskcache.Disk):  # type: ignore[misc]  # diskcache has no types
    """A `Disk` that a hostile cache folder cannot turn against its reader."""

    def __init__(
        self,
        directory: str,
        min_file_size: int = SMALL,
        pickle_protocol: int = 0,
        **unknown: object,
    ) -> None:
        if unknown:
            raise sqlite3.DatabaseError(f"unknown setting disk_{next(iter(unknown))}")
        del min_file_size  # a row of the database, so anybody's word: `store` goes by SMALL
        super().__init__(directory, pickle_protocol=pickle_protocol)

    def put(self, key: object) -> tuple[str, bool]:
        """Return a key as it is in the database.

        Raises:
            TypeError: It is no str.
        """
        if not isinstance(key, str):
            raise TypeError(f"cache keys are str, not {type(key).__name__}")
        return key, True

    def get(self, key: object, raw: object) -> str:
        """Return a key read from the database; what is no str is never decoded."""
        del raw
        return key if isinstance(key, str) else ""

    def store(
        self,
        value: object,
        read: bool,  # noqa: FBT001  diskcache passes it by position
        key: object = None,
    ) -> tuple[int, int, str | None, object]:
        """Return size, mode, file name and database value for a bytes or str value.

        Raises:
            TypeError: It is neither.
        """
        if read or not isinstance(value, bytes | str):
            raise TypeError(f"cached values are bytes or str, not {type(value).__name__}")
        if len(value) < SMALL:
            return 0, MODE_RAW, None, value
        filename, full_path = self.filename(key, value)
        if is_linked(Path(full_path), Path(self._directory)):
            raise OSError(f"a symbolic link is in the way of {filename}")
        mode, data = (MODE_TEXT, value.encode()) if isinstance(value, str) else (MODE_BINARY, value)
        return self._write(full_path, iter((data,)), "xb"), mode, filename, None

    def fetch(
        self,
        mode: int,
        filename: str | None,
        value: object,
        read: bool,  # noqa: FBT001  diskcache passes it by position
    ) -> bytes | str | None:
        """Return a value, or None for a row that this class would not have written."""
        if read:
            raise TypeError("cached values are never handed out as files")
        if mode == MODE_RAW:
            return value if isinstance(value, bytes | str) else None
        path = self._inside(filename) if mode in (MODE_BINARY, MODE_TEXT) else None
        if path is None:
            return None
        data = read_regular(path, MAX_VALUE_BYTES)
        return data if mode == MODE_BINARY else data.decode("utf-8", errors="replace")

    def remove(self, file_path: str) -> None:
        """Remove a value's file; a name that leads anywhere else is left alone."""
        if self._inside(file_path) is not None:
            super().remove(file_path)

    def _inside(self, filename: object) -> Path | None:
        """Return the file's path if it can only lie in the folder, no link on the way."""
        if not isinstance(filename, str) or not FILE_NAME.fullmatch(filename):
            return None
        folder = Path(self._directory)
        path = folder / filename
        if path.is_symlink() or path.resolve() != folder.resolve() / filename:
            return None
        return path
