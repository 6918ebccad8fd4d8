"""A search engine of the user's own (SearXNG); which search found what; refused quotes looked up.

What it finds was neither read nor checked: `cite` does that. A page that is cited later gets the
terms that found it, so that the Research Context needs nobody's care.
"""

import re
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from urllib.parse import urlencode, urlsplit

from pydantic import BaseModel, ValidationError

from footnotary import clock
from footnotary.cache import Cache
from footnotary.derived import Derived
from footnotary.errors import FetchError, HttpStatusError, UsageError
from footnotary.fetch import Fetches
from footnotary.match import match_quote
from footnotary.models import Page
from footnotary.project import Project
from footnotary.searching.catching_up import catch_up_pages, catch_up_records
from footnotary.text_index import PAGE, QUOTE, Filters, IndexEntry, TextIndex

_FORBIDDEN = 403
_MOST_NAMED = 10
_JSON_HINT = "Its settings.yml must list json under search.formats."
# To whoever searched, example.org/a and example.org/a/#b are the same page.


class WebHit(BaseModel):
    """A result of a search engine; nothing of it was read or checked."""

    url: str
    title: str = ""
    content: str | None = None


class _Answer(BaseModel):
    """SearXNG's JSON (its documentation, "Search API", `format=json`)."""

    results: list[WebHit]
    unresponsive_engines: list[tuple[str, str] | str] = []


def search_web(
    terms: str, instance: str, fetcher: Fetches, index: TextIndex, *, limit: int = 10
) -> list[WebHit]:
    """Ask a SearXNG instance, and remember what it found.

    Args:
        terms: What to search for.
        instance: Its address, such as `http://127.0.0.1:8888`.
        fetcher: Reads the web; it must be allowed to ask the instance.
        index: Remembers the terms with each address.
        limit: How many results at most.

    Returns:
        What was found, best first, each address once.

    Raises:
        UsageError: There are no terms, or no instance.
        FetchError: The instance does not answer as it should.
    """
    if not terms.strip():
        raise UsageError("There is nothing to search for.", hint="Give at least one word.")
    if not instance:
        raise UsageError(
            "No search engine is set.",
            hint='Set searxng = "http://127.0.0.1:8888", the address of a SearXNG instance, in'
            " [tool.footnotary] of pyproject.toml.",
        )
    query = urlencode({"q": terms, "format": "json"})
    answer = _answer(f"{instance.rstrip('/')}/search?{query}", instance, fetcher)
    hits = answer.results
    if not hits and answer.unresponsive_engines:
        raise FetchError(
            f"{instance} found nothing, and these search engines did not answer it:"
            f" {_named(answer.unresponsive_engines)}.",
            hint="Try again later, or enable other engines in its settings.yml.",
        )
    pages = {hit.url: hit for hit in hits if _is_of_the_web(hit.url)}
    found = list(pages.values())[:limit]
    index.remember(terms, [_address(hit.url) for hit in found], clock.today())
    return found


def terms_that_found(url: str, index: TextIndex) -> tuple[str, ...]:
    """Return the terms of the last search of the web that found an address; none if none did."""
    terms = index.terms_for(_address(url))
    return (terms,) if terms else ()


def _answer(address: str, instance: str, fetcher: Fetches) -> _Answer:
    """Ask the instance."""
    try:
        return _Answer.model_validate_json(fetcher.get(address, accept="application/json").body)
    except HttpStatusError as error:
        if error.status != _FORBIDDEN:
            raise
        raise FetchError(f"{instance} does not answer in JSON (403).", hint=_JSON_HINT) from None
    except ValidationError:
        raise FetchError(f"{instance} does not answer in JSON.", hint=_JSON_HINT) from None


def _named(engines: list[tuple[str, str] | str]) -> str:
    """Return search engines with the reasons why they did not answer."""
    named = [one if isinstance(one, str) else f"{one[0]} ({one[1]})" for one in engines]
    return ", ".join(named[:_MOST_NAMED])


def _is_of_the_web(url: str) -> bool:
    """Return whether a result is a page: engines also list magnet links and files."""
    try:
        return urlsplit(url).scheme in ("http", "https")
    except ValueError:
        return False


def _address(url: str) -> str:
    """Return an address without its fragment and last slash."""
    return url.strip().partition("#")[0].removesuffix("/")


_SECONDS = 0.5  # for indexing what is new, and for looking
_MOST_PAGES = 30  # that are looked into
_MOST_FOUND = 3
_MOST_WORDS = 8
_WORD = re.compile(r"(?<![\w'’-])[^\W\d_]{4,}(?![\w'’-])|(?<![\w.,'’-])\d+(?![\w.,'’-])")


@dataclass(frozen=True)
class SayingPage:
    """A page that says a quote which another page was said to have.

    Attributes:
        url: Its address.
        read: When it was last read.
        is_private: Whether it was read at a private host, which the settings do not allow.
    """

    url: str
    read: date
    is_private: bool = False


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
        allow_private: The settings allow private hosts.
    """

    project: Project
    cache: Cache
    seconds: float = 10.0
    allow_private: bool = False

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
                found[entry.url] = SayingPage(
                    entry.url,
                    entry.day,
                    not self.allow_private and self.cache.was_private(entry.url),
                )
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
