"""A refused quote looked up in every page that was read: another one may say it.

The index finds pages that have its words, the matcher decides. Bounded in time: what was read since
the last search is indexed for a moment only, newest first, and it is said how many pages were left
out.
"""

import re
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from footnotary.cache import Cache
from footnotary.errors import RecordError
from footnotary.files import read_regular
from footnotary.library import TextLibrary
from footnotary.match import match_quote
from footnotary.models import Page
from footnotary.project import record_names
from footnotary.record_files import MAX_RECORD_BYTES, read_record
from footnotary.searching import index_newest

_SECONDS = 0.5  # for indexing what is new, and for looking
_MOST_PAGES = 30  # that are looked into
_MOST_FOUND = 3
_MOST_WORDS = 8
_WORD = re.compile(r"(?<![\w'’-])[^\W\d_]{4,}(?![\w'’-])|(?<![\w.,'’-])\d+(?![\w.,'’-])")
_ASCII = re.compile(rb"[A-Za-z]{4,}")


@dataclass(frozen=True)
class SayingPage:
    """A page that says a quote which another page was said to have.

    Attributes:
        url: Where it was read.
        read: When.
    """

    url: str
    read: date


@dataclass(frozen=True)
class Attribution:
    """What came of looking a quote up.

    Attributes:
        pages: Pages that say it.
        left: Pages that were read and are not indexed yet, so that they were not looked at.
    """

    pages: tuple[SayingPage, ...] = ()
    left: int = 0


@dataclass
class ReadPages:
    """Every page that was read, to look quotes up in.

    Attributes:
        library: The index; what was read lately is added to it, once.
        cache: The pages that were fetched.
        records: Folder of the records, which keep passages of pages that no cache has.
        seconds: How long all lookups together may take; then nothing is looked up any more.
    """

    library: TextLibrary
    cache: Cache
    records: Path
    seconds: float = 10.0

    @cached_property
    def left(self) -> int:
        """How many pages are not indexed yet.

        Raises:
            FootnotaryError: The index cannot be used.
        """
        return index_newest(self.library, self.cache, _SECONDS)

    def attribute(self, quote: str, but: Collection[str] = ()) -> Attribution:
        """Look a quote up.

        Args:
            quote: The words.
            but: Addresses of the page that does not say it.

        Raises:
            FootnotaryError: The index cannot be used.
        """
        begun = time.monotonic()
        if self.seconds <= 0:
            return Attribution()
        left = self.left
        found = self._found(quote, but, time.monotonic() + _SECONDS)
        self.seconds -= time.monotonic() - begun
        return Attribution(tuple(found.values()), left)

    def _found(self, quote: str, but: Collection[str], until: float) -> dict[str, SayingPage]:
        """Return the pages that say a quote, by their address."""
        found: dict[str, SayingPage] = {}
        for page, read in _candidates(quote, self.library, self.records, until):
            url = page.final_url
            if url not in found and url not in but and page.text and match_quote(quote, page).found:
                found[url] = SayingPage(url, read)
            if len(found) >= _MOST_FOUND or time.monotonic() > until:
                break
        return found


def _candidates(
    quote: str, library: TextLibrary, records: Path, until: float
) -> Iterator[tuple[Page, date]]:
    """Yield the pages that may say a quote, best first, with the day they were read."""
    words = sorted(dict.fromkeys(_WORD.findall(quote)), key=len, reverse=True)[:_MOST_WORDS]
    for joint in (" ", " OR ") if words else ():  # a ligature or soft hyphen hides a word or two
        for entry in library.texts(joint.join(f'"{word}"' for word in words), limit=_MOST_PAGES):
            yield _page(entry.url, entry.text), entry.read
    longest = "" if words else max(re.split(r"\W+", quote), key=len, default="")
    if longest:  # languages that write no spaces
        for entry in library.containing((longest,), site="", limit=_MOST_PAGES):
            yield _page(entry.url, entry.text), entry.read
    yield from _passages(quote, records, until)


def _passages(quote: str, folder: Path, until: float) -> Iterator[tuple[Page, date]]:
    """Yield the passages of records that have a quote's longest word."""
    longest = max(_ASCII.findall(quote.encode()), key=len, default=b"")
    for key in record_names(folder)[0] if longest else ():
        if time.monotonic() > until:
            return
        path = folder / f"{key}.yaml"
        try:
            record = read_record(path) if longest in read_regular(path, MAX_RECORD_BYTES) else None
        except (OSError, RecordError):
            continue
        if record is not None:
            yield _page(record.final_url, record.evidence.passage), record.accessed


def _page(url: str, text: str) -> Page:
    """Return a text as a page."""
    return Page(url=url, final_url=url, text=text)
