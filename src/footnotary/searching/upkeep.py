"""Pages indexed as they are read, so that a search has nothing to make up for."""

import hashlib
import threading
from pathlib import Path
from urllib.parse import urlsplit

from footnotary.cache import Cache, StoredAnswer
from footnotary.derived import Derived
from footnotary.models import Page, Response
from footnotary.text_index import PAGE, IndexEntry, TextIndex, unmarked

AT_ONCE = 50
"""Entries that are held in memory before they are written."""


class PageUpkeep:
    """Indexes pages as they are read, some at once; shared by threads, closed at the end.

    A page that is not in the cache, such as one that its server lets nobody keep, is not indexed.

    Args:
        root: The project's root, whose index gets the pages.
        cache: Has the pages that may be kept.
        create: Make the folder of the project's state where it is not there.
    """

    def __init__(self, root: Path, cache: Cache, *, create: bool = True) -> None:
        self._derived = Derived(root, create=create)
        self._cache = cache
        self._waiting: list[tuple[Response, Page]] = []
        self._lock = threading.Lock()

    def add(self, response: Response, page: Page) -> None:
        """Take a page that was read.

        Args:
            response: The answer that it was read out of.
            page: What was read; without a title, that of the last reading stays.
        """
        with self._lock:
            self._waiting.append((response.model_copy(update={"styles": {}}), page))
            if len(self._waiting) >= AT_ONCE:
                self._write()

    def close(self) -> None:
        """Index what is left."""
        with self._lock:
            self._write()
        self._derived.close()

    def _write(self) -> None:
        """Index what was read."""
        entries: list[IndexEntry] = []
        for response, page in self._waiting:
            stored = self._cache.page(response.final_url)
            digest = hashlib.sha256(response.body).hexdigest()
            if stored is not None and stored.body_sha256 == digest:
                entries.append(page_entry(stored, page))
        self._waiting.clear()
        if entries and self._derived.keeps:
            TextIndex(self._derived).put(entries)


def page_entry(stored: StoredAnswer, page: Page) -> IndexEntry:
    """Return the entry of a page; one that cannot be read has no words."""
    may_count = page.unreadable is None or page.unreadable.is_little
    return IndexEntry(
        kind=PAGE,
        name=stored.url,
        url=stored.url,
        title=(page.title or None) if may_count else "",
        site=page.site or urlsplit(stored.url).hostname or "",
        text=unmarked(page.text) if may_count else "",
        headings=tuple((heading.offset, heading.text) for heading in page.headings),
        day=stored.retrieved_at.date(),
        made_of=stored.body_sha256,
    )
