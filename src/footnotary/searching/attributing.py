"""A refused quote looked up in every page that was read: another one may say it.

The index finds pages and passages of records that have its words, the matcher decides. Bounded in
time: what is not indexed yet is indexed for a moment only, newest first, and it is said how many
pages were left out.
"""

import re
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from footnotary.cache import Cache
from footnotary.derived import Derived
from footnotary.match import match_quote
from footnotary.models import Page
from footnotary.project import Project
from footnotary.searching.catching_up import catch_up_pages, catch_up_records
from footnotary.text_index import PAGE, QUOTE, Filters, IndexEntry, TextIndex

_SECONDS = 0.5  # for indexing what is new, and for looking
_MOST_PAGES = 30  # that are looked into
_MOST_FOUND = 3
_MOST_WORDS = 8
_WORD = re.compile(r"(?<![\w'’-])[^\W\d_]{4,}(?![\w'’-])|(?<![\w.,'’-])\d+(?![\w.,'’-])")


@dataclass(frozen=True)
class SayingPage:
    """A page that says a quote which another page was said to have."""

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
        project: Whose records keep passages of pages that no cache has.
        cache: The pages that were fetched.
        seconds: How long all lookups together may take; then nothing is looked up any more.
    """

    project: Project
    cache: Cache
    seconds: float = 10.0

    @cached_property
    def index(self) -> TextIndex:
        """The index of what was read."""
        return TextIndex(Derived(self.project.root))

    @cached_property
    def left(self) -> int:
        """How many pages are not indexed yet; what was read lately is indexed, once."""
        until = time.monotonic() + _SECONDS
        left = catch_up_pages(self.index, self.cache, until)
        catch_up_records(self.index, self.project, until)
        return left

    def attribute(self, quote: str, but: Collection[str] = ()) -> Attribution:
        """Look a quote up."""
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
        for entry in _candidates(quote, self.index):
            page = Page(url=entry.url, final_url=entry.url, text=entry.text)
            if entry.url not in {*found, *but} and page.text and match_quote(quote, page).found:
                found[entry.url] = SayingPage(entry.url, entry.day)
            if len(found) >= _MOST_FOUND or time.monotonic() > until:
                break
        return found


def _candidates(quote: str, index: TextIndex) -> Iterator[IndexEntry]:
    """Yield the pages and passages that may say a quote, best first."""
    words = sorted(dict.fromkeys(_WORD.findall(quote)), key=len, reverse=True)[:_MOST_WORDS]
    for joint in (" ", " OR ") if words else ():  # a ligature or soft hyphen hides a word or two
        yield from index.texts(joint.join(f'"{word}"' for word in words), limit=_MOST_PAGES)
    longest = "" if words else max(re.split(r"\W+", quote), key=len, default="")
    if longest:  # languages that write no spaces
        yield from index.containing((longest,), Filters((PAGE, QUOTE)), _MOST_PAGES)
