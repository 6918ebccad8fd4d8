"""Pages that were fetched before, on disk; losing them costs time and nothing else.

Built on diskcache with a `Disk` of our own: diskcache's own one unpickles rows, keys and
files, so that whoever can write the folder could run code (CVE-2025-69872). Ours keeps
bytes and str only and opens no file outside the cache's folder.

A cache that is corrupt, locked or read-only never breaks a command: reads find nothing,
writes keep nothing, and `Cache.problem` says why in one sentence.
"""

import contextlib
import hashlib
import json
import os
import sqlite3
import stat
import threading
import weakref
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from footnotary.errors import FootnotaryError
from footnotary.files import write_atomically
from footnotary.state import is_believed, is_damage

if TYPE_CHECKING:
    import diskcache

T = TypeVar("T")

LAYOUT = "1"
SIZE_LIMIT = 1_000_000_000
CULL_EVERY = 500  # rows; and when the cache is closed
MOST_WAITING = 4_000_000  # bytes of rows that wait to be written together
DATABASE = ("cache.db", "cache.db-wal", "cache.db-shm")
_PAGES = "pages"


class CacheRefused(Exception):
    """The cache is not to be believed."""


@dataclass(frozen=True)
class StoredAnswer:
    """One answer of a server as it is kept, its body apart.

    Attributes:
        url: The URL that gave this very answer (no redirect lies behind it).
        status: HTTP status.
        headers: Response headers, names in lower case.
        body_sha256: Hex digest of the decoded body.
        retrieved_at: When the origin last confirmed it (aware, UTC).
        private: Whether it was read at a host that the user let be private.
    """

    url: str
    status: int
    headers: dict[str, str]
    body_sha256: str
    retrieved_at: datetime
    private: bool = False


@dataclass(frozen=True)
class Trail:
    """Where a URL led when it was last asked.

    Attributes:
        final_url: Where the redirects ended.
        redirects: Every URL on the way, first to last, without `final_url`.
    """

    final_url: str
    redirects: tuple[str, ...] = ()


@dataclass
class Cache:
    """Answers and bodies, shared by threads and processes.

    Attributes:
        folder: Where everything is kept; made on the first write, with a .gitignore.
        size_limit: Bytes above which the least recently stored entries are dropped.
        create: Make the folder where it is not there; otherwise nothing is kept then.
        batch: Rows that are written together, at the latest when the cache is closed: a
            transaction costs as much as what it writes of a page.
        problem: One sentence when the cache could not be used; else empty.
    """

    folder: Path
    size_limit: int = SIZE_LIMIT
    create: bool = True
    batch: int = 1
    problem: str = ""
    _written: int = field(default=0, repr=False)
    _waiting: dict[str, str | bytes] = field(default_factory=dict, repr=False)
    _store: "diskcache.Cache | None" = field(default=None, repr=False)
    _lock: threading.RLock = field(default_factory=threading.RLock, repr=False)

    def page(self, url: str, *, accept: str = "") -> StoredAnswer | None:
        """Return the answer kept for a URL (asked with this Accept header), or None."""
        row = self._row(_key("page", accept, url))
        try:
            return StoredAnswer(
                url=url,
                status=int(row["status"]),
                headers={str(name): str(value) for name, value in row["headers"].items()},
                body_sha256=str(row["body"]),
                retrieved_at=_moment(row["at"]),
                private=bool(row.get("private")),
            )
        except (KeyError, TypeError, ValueError, AttributeError):
            return None

    def was_private(self, url: str) -> bool:
        """Return whether a page is kept that was read at a host which the user let be private."""
        stored = self.page(url)
        return stored is not None and stored.private

    def pages(self, since: float = 0.0) -> list[StoredAnswer]:
        """Return the answers that are kept of pages, whatever a browser would have asked for.

        Args:
            since: Only those that were written at that time or later, in seconds since 1970.
        """
        beginning = _key("page", "", "")
        query = "SELECT key FROM Cache WHERE store_time >= ?"
        with self._lock:
            self._write()
            rows = self._with_store(lambda store: store._con.execute(query, (since,)).fetchall())  # noqa: SLF001
        keys = (str(key) for (key,) in rows or ())
        urls = (key.removeprefix(beginning) for key in keys if key.startswith(beginning))
        return [stored for stored in map(self.page, urls) if stored is not None]

    def trail(self, url: str, *, accept: str = "") -> Trail | None:
        """Return where a URL led when it was last asked, or None."""
        row = self._row(_key("trail", accept, url))
        try:
            return Trail(str(row["final"]), tuple(str(hop) for hop in row["redirects"]))
        except (KeyError, TypeError):
            return None

    def body(self, sha256: str) -> bytes | None:
        """Return the body with this digest, or None; a damaged one counts as missing."""
        body = self._get(_key("body", sha256))
        if isinstance(body, bytes) and hashlib.sha256(body).hexdigest() == sha256:
            return body
        return None

    def keep_page(self, stored: StoredAnswer, body: bytes | None, *, accept: str = "") -> None:
        """Keep an answer; `body` is None where the kept one was confirmed."""
        row = {
            "status": stored.status,
            "headers": stored.headers,
            "body": stored.body_sha256,
            "at": stored.retrieved_at.isoformat(),
            "private": stored.private,
        }
        rows: dict[str, str | bytes] = {_key("page", accept, stored.url): _dump(row)}
        if body is not None:
            rows[_key("body", stored.body_sha256)] = body
        self._set(rows)

    def keep_trail(self, url: str, trail: Trail, *, accept: str = "") -> None:
        """Keep where a URL led."""
        row = {"final": trail.final_url, "redirects": list(trail.redirects)}
        self._set({_key("trail", accept, url): _dump(row)})

    def size(self) -> int:
        """Return how many bytes everything takes on disk."""
        with self._lock:
            self._write()
            return int(self._with_store(lambda store: store.volume()) or 0)

    def clear(self) -> int:
        """Drop everything and return how many rows there were."""
        with self._lock:
            self._write()
            return int(self._with_store(lambda store: store.clear()) or 0)

    def close(self) -> None:
        """Write what waits and close the connection; it opens again when the cache is used."""
        with self._lock:
            self._write()
            store, self._store = self._store, None
            if store is not None:
                with contextlib.suppress(Exception):
                    if self._written:
                        store.cull()
                store.close()

    def _row(self, key: str) -> dict[str, Any]:
        """Return a JSON row; empty where there is none that reads."""
        text = self._get(key)
        try:
            row = json.loads(text) if isinstance(text, str) else {}
        except (ValueError, RecursionError):
            return {}
        return row if isinstance(row, dict) else {}

    def _get(self, key: str) -> str | bytes | None:
        with self._lock:
            if key in self._waiting:
                return self._waiting[key]
            return self._with_store(lambda store: store.get(key))

    def _set(self, rows: dict[str, str | bytes]) -> None:
        with self._lock:
            self._waiting |= rows
            waiting = sum(map(len, self._waiting.values()))
            if len(self._waiting) >= self.batch or waiting >= MOST_WAITING:
                self._write()

    def _write(self) -> None:
        """Write the rows that wait, in one transaction."""
        rows, self._waiting = self._waiting, {}

        def write(store: "diskcache.Cache") -> None:
            with store.transact():
                for key, value in rows.items():
                    if isinstance(value, str) or key not in store:  # bytes are named by hash
                        store.set(key, value)
            before, self._written = self._written, self._written + len(rows)
            if self._written // CULL_EVERY > before // CULL_EVERY:
                store.cull()

        if rows:
            self._with_store(write)

    def _with_store(self, act: Callable[["diskcache.Cache"], T]) -> T | None:
        """Act on the open store; where that fails, note the problem and return None."""
        with self._noting_problems(), self._lock:
            store = self._store or self._open()
            if store is not None:
                return act(store)
        return None

    @contextlib.contextmanager
    def _noting_problems(self) -> Iterator[None]:
        """Turn any failure of the cache into `problem`."""
        try:
            yield
        except Exception as error:  # noqa: BLE001  a foreign file can break SQLite in any way
            self.problem = (
                f"The cache in {self.folder} cannot be used"
                f" ({type(error).__name__}: {' '.join(str(error).split())[:200]})."
            )
            if is_damage(error):
                self._mend()

    def _mend(self) -> None:
        """Drop a damaged database: a cache is nobody's only copy."""
        self._waiting = {}
        self.close()
        with contextlib.suppress(OSError):
            _remove_database(self.folder / _PAGES)
            self.problem = f"The cache in {self.folder} was damaged and was emptied."

    def _open(self) -> "diskcache.Cache | None":
        """Open the store once, making the folder; None after a problem or without a folder."""
        if self._store is None and not self.problem:
            if not self.create and not self.folder.is_dir():
                return None
            _refuse_foreign(self.folder)
            _ignored_by_git(self.folder)
            try:
                self._store = _opened(self.folder / _PAGES, self.size_limit)
            except sqlite3.DatabaseError as error:
                if not is_damage(error):
                    raise
                _remove_database(self.folder / _PAGES)
                self._store = _opened(self.folder / _PAGES, self.size_limit)
            weakref.finalize(self, self._store.close)
        return self._store


def _refuse_foreign(folder: Path) -> None:
    """Refuse a cache that may have come with the project: its pages may never have been read."""
    for name in (".", *DATABASE):
        path = folder / _PAGES / name
        if not os.path.lexists(path):
            continue
        if name != "." and not stat.S_ISREG(path.lstat().st_mode):
            raise CacheRefused(f"{name} is not a regular file")
        if not is_believed(path, folder):
            raise CacheRefused(
                "git tracks it, or a symbolic link leads to it: another's pages are not believed"
            )


def _opened(folder: Path, size_limit: int) -> "diskcache.Cache":
    """Return a diskcache over a folder, with our own `Disk`."""
    from footnotary.cache.disk import LOCK_SECONDS, SafeDisk, Store

    if os.path.expandvars(folder) != str(folder):  # diskcache would go elsewhere
        raise CacheRefused("its path holds the name of an environment variable")
    return Store(
        str(folder),
        timeout=LOCK_SECONDS,
        disk=SafeDisk,
        size_limit=size_limit,
        eviction_policy="least-recently-stored",
        statistics=0,
        cull_limit=0,  # at every write it costs more than the write: see CULL_EVERY
    )


def _remove_database(folder: Path) -> None:
    """Remove a database that is none, and the value files that only it knew."""
    from footnotary.cache.disk import FILE_NAME

    for name in DATABASE:
        (folder / name).unlink(missing_ok=True)
    for file in folder.glob("??/??/*.val"):
        if FILE_NAME.fullmatch(str(file.relative_to(folder))):
            file.unlink(missing_ok=True)


def _ignored_by_git(folder: Path) -> None:
    """Give the cache's folder a .gitignore of its own, unless it holds other things too."""
    with contextlib.suppress(FootnotaryError, OSError):
        if not folder.exists() or not any(folder.iterdir()):
            ignore = b"# Made by footnotary: a cache, safe to delete.\n*\n"
            write_atomically(folder / ".gitignore", ignore)


def _key(kind: str, *parts: str) -> str:
    """Return a row's key: the layout's version, the kind and its parts."""
    return "\n".join((LAYOUT, kind, *parts))


def _dump(row: Mapping[str, object]) -> str:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"))


def _moment(text: object) -> datetime:
    """Return an aware moment from a row."""
    moment = datetime.fromisoformat(str(text))
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} has no time zone")
    return moment
