"""The full-text index of the pages that were read, in one SQLite file (FTS5).

It is made out of the cache and the records and is nobody's only copy: a damaged one is dropped
and made anew, and where there is none that may be believed or written, it is made in memory.
Beside the pages it remembers which searches of the web found which addresses.
"""

import contextlib
import json
import os
import sqlite3
import stat
import weakref
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from footnotary.errors import FootnotaryError, UsageError
from footnotary.files import make_folder
from footnotary.state import is_believed

FILE_NAME = "library.db"
BEGIN, END = "\ue0a0", "\ue0a1"
"""What is around the words that were found: private characters."""

_LAYOUT = 1
_LOCK_SECONDS = 5.0
_MOST_SEARCHES = 2_000
_TITLE_WEIGHT = 4.0  # a word in the title counts as much as four in the text
_OF_FTS5 = frozenset(
    f"words_{name}" for name in ("data", "idx", "content", "docsize", "config")
)  # the tables that FTS5 keeps for itself
_TABLES = """
CREATE TABLE pages (
    id INTEGER PRIMARY KEY, url TEXT UNIQUE NOT NULL, site TEXT NOT NULL, read TEXT NOT NULL,
    made_of TEXT NOT NULL, headings TEXT NOT NULL
);
CREATE VIRTUAL TABLE words USING fts5 (
    title, text, tokenize = 'porter unicode61 remove_diacritics 2'
);
CREATE TABLE searches (url TEXT PRIMARY KEY, terms TEXT NOT NULL, day TEXT NOT NULL);
"""


@dataclass(frozen=True)
class LibraryEntry:
    """A page as it is kept to be found.

    Attributes:
        url: Where it was read.
        title: Its title.
        site: Its site's name, or its host.
        text: A block a line; empty for a page that could not be read.
        headings: Offset in the text and words of each heading.
        read: When it was last read.
        made_of: What this was made of: another value means that it has to be made anew.
    """

    url: str
    title: str
    site: str
    text: str
    headings: tuple[tuple[int, str], ...]
    read: date
    made_of: str


class TextLibrary:
    """The index of one project.

    Args:
        folder: The folder of its caches; made with the first entry.
        create: Make folder and file where they are not there; otherwise the index is then one
            in memory, and goes with this object.
    """

    def __init__(self, folder: Path, *, create: bool = True) -> None:
        self._file = folder / FILE_NAME
        self._create = create
        self._in_memory: sqlite3.Connection | None = None

    def known(self) -> dict[str, tuple[str, date]]:
        """Return what each page's entry was made of and when it was read, by URL."""
        with self._opened() as database:
            rows = database.execute("SELECT url, made_of, read FROM pages").fetchall()
            try:
                return {str(url): (str(made), date.fromisoformat(read)) for url, made, read in rows}
            except (TypeError, ValueError):  # nothing that we have written
                _empty(database)
                return {}

    def count(self) -> int:
        """Return how many pages there are."""
        if not self._exists():
            return 0
        with self._opened() as database:
            return int(database.execute("SELECT count(*) FROM pages").fetchone()[0])

    def clear(self) -> None:
        """Drop all pages; which search found what stays known."""
        if self._exists():
            with self._opened() as database:
                _empty(database)

    def put(self, entries: Iterable[LibraryEntry]) -> None:
        """Add pages, in the place of older entries of the same URL.

        Args:
            entries: Pages; they are written in one transaction.
        """
        with self._opened() as database:
            for entry in entries:
                _remove(database, entry.url)
                cursor = database.execute(
                    "INSERT INTO pages (url, site, read, made_of, headings) VALUES (?, ?, ?, ?, ?)",
                    (
                        entry.url,
                        entry.site,
                        entry.read.isoformat(),
                        entry.made_of,
                        json.dumps(entry.headings, ensure_ascii=False),
                    ),
                )
                database.execute(
                    "INSERT INTO words (rowid, title, text) VALUES (?, ?, ?)",
                    (cursor.lastrowid, entry.title, entry.text),
                )

    def re_date(self, days: Mapping[str, date]) -> None:
        """Set when pages were last read.

        Args:
            days: The day of each, by URL.
        """
        with self._opened() as database:
            rows = [(day.isoformat(), url) for url, day in days.items()]
            database.executemany("UPDATE pages SET read = ? WHERE url = ?", rows)

    def forget(self, urls: Iterable[str]) -> None:
        """Drop entries.

        Args:
            urls: Their addresses; unknown ones are passed over.
        """
        with self._opened() as database:
            for url in urls:
                _remove(database, url)

    def found(self, expression: str, *, site: str, limit: int) -> list[LibraryEntry]:
        """Return the pages that match, best first, with `BEGIN` and `END` around what matches.

        Args:
            expression: A query of FTS5.
            site: Part of the site's name or of the address; empty for any.
            limit: How many at most.

        Raises:
            UsageError: The expression is none.
        """
        columns = "p.url, highlight(words, 0, '', ''), p.site, highlight(words, 1, ?, ?)"
        query = (
            f"SELECT {columns}, p.headings, p.read, p.made_of"  # noqa: S608  constants alone
            " FROM words JOIN pages p ON p.id = words.rowid WHERE words MATCH ?"
            " AND (p.site LIKE ? ESCAPE '\\' OR p.url LIKE ? ESCAPE '\\')"
            f" ORDER BY bm25(words, {_TITLE_WEIGHT}, 1.0) LIMIT ?"
        )
        part = f"%{_escaped(site)}%"
        with self._opened() as database:
            try:
                rows = database.execute(query, (BEGIN, END, expression, part, part, limit))
                return [_entry(row) for row in rows]
            except sqlite3.OperationalError as error:
                if "fts5" not in str(error):
                    raise
                raise UsageError(
                    f"The search terms cannot be read: {error}.", hint="Use plain words."
                ) from None

    def texts(self, expression: str, *, limit: int) -> list[LibraryEntry]:
        """Return the pages whose text matches, best first, with their text as it is.

        Args:
            expression: A query of FTS5, of words in quotation marks alone.
            limit: How many at most.
        """
        query = (
            "SELECT p.url, words.title, p.site, words.text, p.headings, p.read, p.made_of"
            " FROM words JOIN pages p ON p.id = words.rowid WHERE words MATCH ?"
            " ORDER BY rank LIMIT ?"
        )
        with self._opened() as database:
            rows = database.execute(query, (f"text : ({expression})", limit))
            return [_entry(row) for row in rows]

    def containing(self, parts: tuple[str, ...], *, site: str, limit: int) -> list[LibraryEntry]:
        """Return the pages whose text has all of some strings, wherever words begin and end.

        Args:
            parts: What the text must contain; letter case of ASCII is of no account.
            site: Part of the site's name or of the address; empty for any.
            limit: How many at most.
        """
        conditions = " AND ".join("words.text LIKE ? ESCAPE '\\'" for _ in parts)
        query = (
            "SELECT p.url, words.title, p.site, words.text, p.headings, p.read, p.made_of"  # noqa: S608
            f" FROM words JOIN pages p ON p.id = words.rowid WHERE {conditions}"
            " AND (p.site LIKE ? ESCAPE '\\' OR p.url LIKE ? ESCAPE '\\')"
            " ORDER BY p.read DESC, p.url LIMIT ?"
        )
        wanted = [f"%{_escaped(part)}%" for part in (*parts, site, site)]
        with self._opened() as database:
            return [_entry(row) for row in database.execute(query, (*wanted, limit))]

    def remember(self, terms: str, urls: Iterable[str], day: date) -> None:
        """Remember that a search of the web found addresses; a later one of them wins.

        Args:
            terms: What was searched for.
            urls: What was found.
            day: When.
        """
        with self._opened() as database:
            database.executemany(
                "INSERT OR REPLACE INTO searches VALUES (?, ?, ?)",
                [(url, terms, day.isoformat()) for url in urls],
            )
            database.execute(
                "DELETE FROM searches WHERE rowid NOT IN"
                " (SELECT rowid FROM searches ORDER BY day DESC, rowid DESC LIMIT ?)",
                (_MOST_SEARCHES,),
            )

    def terms_for(self, url: str) -> str:
        """Return the terms of the last search that found an address, or nothing.

        Args:
            url: The address as the search gave it.
        """
        if not self._exists():
            return ""
        with self._opened() as database:
            row = database.execute("SELECT terms FROM searches WHERE url = ?", (url,)).fetchone()
        return str(row[0]) if row else ""

    def _exists(self) -> bool:
        """Tell whether there is anything to be read."""
        return self._in_memory is not None or self._file.is_file()

    @contextlib.contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        """Open the index for one transaction.

        Raises:
            FootnotaryError: It cannot be opened, read or written.
        """
        try:
            database = self._connected()
        except sqlite3.Error as error:
            raise self._problem(error) from None
        try:
            with database:
                yield database
        except sqlite3.Error as error:
            raise self._problem(error) from None
        finally:
            if database is not self._in_memory:
                database.close()

    def _connected(self) -> sqlite3.Connection:
        """Return a connection to the file, or to one in memory where there can be no file."""
        if self._in_memory is None and self._may_use_file():
            return self._on_disk()
        if self._in_memory is None:
            self._in_memory = sqlite3.connect(":memory:")
            weakref.finalize(self, self._in_memory.close)
            _lay_out(self._in_memory)
        return self._in_memory

    def _may_use_file(self) -> bool:
        """Tell whether there is a file that may be believed and written, or one can be made."""
        folder = self._file.parent
        if self._create:
            make_folder(folder)
        if not os.path.lexists(self._file):
            return folder.is_dir() and os.access(folder, os.W_OK)
        return (
            stat.S_ISREG(self._file.lstat().st_mode)
            and is_believed(self._file, folder)
            and os.access(folder, os.W_OK)
            and os.access(self._file, os.W_OK)
        )

    def _on_disk(self) -> sqlite3.Connection:
        """Return a connection to a file with our tables; what is no such file is made anew."""
        database = sqlite3.connect(self._file, timeout=_LOCK_SECONDS)
        try:
            database.execute("PRAGMA trusted_schema = OFF")  # views and triggers of others
            if _is_laid_out(database):
                return database
            _lay_out(database)
        except sqlite3.DatabaseError as error:
            database.close()
            if isinstance(error, sqlite3.OperationalError):
                raise
            self._file.unlink(missing_ok=True)
            return self._on_disk()
        if _is_laid_out(database):
            return database
        database.close()  # others' tables are in the way
        self._file.unlink(missing_ok=True)
        return self._on_disk()

    def _problem(self, error: sqlite3.Error) -> FootnotaryError:
        """Return the error for a file that cannot be used; a damaged one is dropped."""
        if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
            self._file.unlink(missing_ok=True)
        return FootnotaryError(
            f"{self._file} cannot be used: {error}.",
            hint="It is made out of the cache and the records: delete it and search again.",
        )


def _lay_out(database: sqlite3.Connection) -> None:
    """Make our tables, in the place of older ones."""
    with database:
        database.execute("BEGIN IMMEDIATE")  # another process may be making them as well
        if not _is_laid_out(database):
            for name in ("pages", "words", "searches"):
                database.execute(f"DROP TABLE IF EXISTS {name}")
            for statement in filter(str.strip, _TABLES.split(";")):
                database.execute(statement)
            database.execute(f"PRAGMA user_version = {_LAYOUT}")


def _is_laid_out(database: sqlite3.Connection) -> bool:
    """Tell whether a database has our tables and no other tables, views or triggers."""
    if database.execute("PRAGMA user_version").fetchone()[0] != _LAYOUT:
        return False
    rows = database.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    made = {" ".join(sql.split()) for name, sql in rows if name not in _OF_FTS5}
    return made == {" ".join(each.split()) for each in _TABLES.split(";") if each.strip()}


def _empty(database: sqlite3.Connection) -> None:
    """Drop all pages."""
    database.execute("DELETE FROM words")
    database.execute("DELETE FROM pages")


def _remove(database: sqlite3.Connection, url: str) -> None:
    """Drop the entry of a URL, if there is one."""
    row = database.execute("SELECT id FROM pages WHERE url = ?", (url,)).fetchone()
    if row:
        database.execute("DELETE FROM words WHERE rowid = ?", row)
        database.execute("DELETE FROM pages WHERE id = ?", row)


def _entry(row: tuple[str, str, str, str, str, str, str]) -> LibraryEntry:
    """Return a row as the page that was found."""
    url, title, site, text, headings, read, made_of = row
    day = date.fromisoformat(read)
    return LibraryEntry(str(url), str(title), str(site), str(text), _places(headings), day, made_of)


def _places(headings: str) -> tuple[tuple[int, str], ...]:
    """Return where the headings stand; nothing where that does not read."""
    try:
        return tuple((int(offset), str(words)) for offset, words in json.loads(headings))
    except (TypeError, ValueError, RecursionError):
        return ()


def _escaped(text: str) -> str:
    """Return text as a LIKE pattern that matches it alone."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
