"""Search: full text over every page that was read.

The index is brought up to date when it is asked, out of the cache and the records, so that
reading a page costs nothing more.
"""

import re
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlsplit

from footnotary import __version__
from footnotary.cache import Cache, StoredAnswer
from footnotary.deadline import Deadline, running_deadline
from footnotary.errors import OutOfTime, UsageError
from footnotary.extract import extract
from footnotary.library import BEGIN, END, LibraryEntry, TextLibrary
from footnotary.models import Citation, Response

_WORD = re.compile(r'"([^"]*)"|(\S+)')
_OUT_OF_RECORDS = "records "
_AT_ONCE = 50  # pages that are held in memory before they are written


@dataclass(frozen=True)
class Query:
    """What is looked for.

    Attributes:
        words: All of them must be on the page; `"several words"` as they stand, `begin*` as a
            beginning. Endings of English words are of no account.
        site: Part of the site's name or of the address; empty for any.
        limit: How many pages at most.
    """

    words: str
    site: str = ""
    limit: int = 10


@dataclass(frozen=True)
class SearchResult:
    """A page that has the words.

    Attributes:
        url: Where it was read.
        title: Its title; its URL if it has none.
        site: Its site's name, or its host.
        section: The heading above the passage.
        passage: The page's own words around those that were found; `…` where it is cut.
        marks: Beginning and end of each word that was found in the passage.
        read: When the page was last read.
        citations: Keys of the records that quote the page.
    """

    url: str
    title: str
    site: str
    section: str
    passage: str
    marks: tuple[tuple[int, int], ...]
    read: date
    citations: tuple[str, ...]


def search_pages(
    query: Query, library: TextLibrary, cache: Cache, citations: Iterable[Citation]
) -> list[SearchResult]:
    """Look for words on every page that was read.

    Args:
        query: What is looked for.
        library: The index; it is brought up to date first.
        cache: The pages that were fetched.
        citations: The records; of a page that is in no cache, their passages are searched.

    Returns:
        The pages, best first.

    Raises:
        UsageError: There are no words.
        FootnotaryError: The index cannot be used.
    """
    parts = _parts(query.words)
    if not parts:
        raise UsageError("There is nothing to search for.", hint="Give at least one word.")
    quoting: dict[str, tuple[Citation, ...]] = {}
    for citation in citations:
        quoting[citation.final_url] = (*quoting.get(citation.final_url, ()), citation)
    bring_up_to_date(library, cache, quoting)
    expression = " ".join(map(_phrase, parts))
    entries = library.found(expression, site=query.site, limit=query.limit)
    if not entries:  # parts of words, and languages that write no spaces
        strings = tuple(part.rstrip("*") for part in parts)
        pages = library.containing(strings, site=query.site, limit=query.limit)
        entries = [_with_marks(page, strings) for page in pages]
    return [_found(entry, quoting.get(entry.url, ())) for entry in entries]


def _parts(words: str) -> tuple[str, ...]:
    """Return the words and phrases of a query that have a letter or digit."""
    found = (phrase or word for phrase, word in _WORD.findall(words))
    return tuple(part for part in found if any(map(str.isalnum, part)))


def _phrase(part: str) -> str:
    """Return a word or phrase as FTS5 has it (SQLite's manual, "FTS5 Phrases")."""
    quoted = part.rstrip("*").replace('"', '""')
    return f'"{quoted}"' + ("*" if part.endswith("*") else "")


def _with_marks(entry: LibraryEntry, strings: tuple[str, ...]) -> LibraryEntry:
    """Return an entry with marks around strings in its text."""
    pattern = re.compile("|".join(map(re.escape, strings)), re.IGNORECASE)
    return replace(entry, text=pattern.sub(lambda found: BEGIN + found[0] + END, entry.text))


def _found(entry: LibraryEntry, citations: tuple[Citation, ...]) -> SearchResult:
    """Return an entry as a result: the line that has most of the words."""
    line, offset = best_line(entry.text)
    passage, marks = clipped(line)
    above = [words for place, words in entry.headings if place <= offset]
    return SearchResult(
        url=entry.url,
        title=entry.title or entry.url,
        site=entry.site,
        section=above[-1] if above else "",
        passage=passage,
        marks=marks,
        read=entry.read,
        citations=tuple(citation.key for citation in citations),
    )


_LONGEST = 320  # characters
_MARKED = re.compile(f"{BEGIN}([^{END}]*){END}")


def best_line(text: str) -> tuple[str, int]:
    """Return the line with most different marked words, and its offset in the unmarked text.

    Args:
        text: A page's text with marks; its first line is returned if there is none.
    """
    best, best_offset, most = text.split("\n", 1)[0], 0, 0
    offset = 0
    for line in text.split("\n"):
        words = {word.casefold() for word in _MARKED.findall(line)}
        if len(words) > most:
            best, best_offset, most = line, offset, len(words)
        offset += len(_unmarked(line)) + 1
    return best, best_offset


def clipped(line: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Return a line of bearable length, and where its marked words stand in it.

    Args:
        line: A line with marks; the first of them is kept.

    Returns:
        The words, with `…` where they are cut, and beginning and end of each marked word.
    """
    plain = _unmarked(line)
    marks = [
        (found.start() - 2 * number, found.end() - 2 * number - 2)
        for number, found in enumerate(_MARKED.finditer(line))
    ]
    begin, end = _window(plain, marks[0][0] if marks else 0)
    before, after = "… " if begin else "", " …" if end < len(plain) else ""
    shift = len(before) - begin
    inside = ((a + shift, b + shift) for a, b in marks if begin <= a and b <= end)
    return before + plain[begin:end].rstrip() + after, tuple(inside)


def _window(plain: str, focus: int) -> tuple[int, int]:
    """Return where to cut a line so that what is at an offset stays, words whole."""
    if len(plain) <= _LONGEST:
        return 0, len(plain)
    begin = max(0, min(focus - _LONGEST // 3, len(plain) - _LONGEST))
    end = min(len(plain), begin + _LONGEST)
    if begin:
        begin = plain.find(" ", begin, focus) + 1 or begin
    if end < len(plain):
        cut = plain.rfind(" ", focus + 1, end)
        end = cut if cut > 0 else end
    return begin, end


def _unmarked(text: str) -> str:
    """Return text without the marks."""
    return text.replace(BEGIN, "").replace(END, "")


def bring_up_to_date(
    library: TextLibrary, cache: Cache, quoting: Mapping[str, tuple[Citation, ...]]
) -> None:
    """Index what was read since the last search.

    Args:
        library: The index.
        cache: The pages that were fetched; what has left it stays in the index.
        quoting: The records by the page that they quote.

    Raises:
        FootnotaryError: The index cannot be used.
    """
    pages = {page.url: page for page in cache.pages()}
    _index_pages(library, cache, pages)
    _index_records(library, {url: cited for url, cited in quoting.items() if url not in pages})


def index_newest(library: TextLibrary, cache: Cache, seconds: float) -> int:
    """Index what was read since the last search, the newest pages first, for a while.

    Args:
        library: The index.
        cache: The pages that were fetched.
        seconds: How long at most.

    Returns:
        How many pages are not indexed yet.

    Raises:
        FootnotaryError: The index cannot be used.
    """
    until = time.monotonic() + seconds
    known = library.known()
    pages = cache.pages()
    new = [page for page in pages if known.get(page.url, ("",))[0] != _made_of(page)]
    new.sort(key=lambda page: page.retrieved_at, reverse=True)
    for done, page in enumerate(new):
        remaining = until - time.monotonic()
        if remaining <= 0:
            return len(new) - done
        try:
            with running_deadline(Deadline(remaining, page.url)):
                entry = _entry(page, cache)
        except OutOfTime:
            continue  # the next search takes its time for it
        if entry is not None:
            library.put([entry])
    return 0


def _index_pages(library: TextLibrary, cache: Cache, pages: Mapping[str, StoredAnswer]) -> None:
    """Index the pages whose words may have changed; re-date the others."""
    known = library.known()
    new = [page for page in pages.values() if known.get(page.url, ("",))[0] != _made_of(page)]
    for start in range(0, len(new), _AT_ONCE):
        entries = (_entry(page, cache) for page in new[start : start + _AT_ONCE])
        library.put([entry for entry in entries if entry is not None])
    days = {url: page.retrieved_at.date() for url, page in pages.items() if url in known}
    library.re_date({url: day for url, day in days.items() if known[url][1] != day})


def _index_records(library: TextLibrary, quoting: Mapping[str, tuple[Citation, ...]]) -> None:
    """Index the passages of pages that no cache has; drop those of records that are gone."""
    known = library.known()
    entries = [_entry_of_records(url, cited) for url, cited in quoting.items()]
    passages = {url for url, (made_of, _) in known.items() if made_of.startswith(_OUT_OF_RECORDS)}
    library.forget(passages - quoting.keys())
    library.put(
        [
            entry
            for entry in entries
            if (entry.url not in known or entry.url in passages)
            and known.get(entry.url, ("",))[0] != entry.made_of
        ]
    )


def _made_of(page: StoredAnswer) -> str:
    """Return what a page's entry is made of: another release may read more out of it."""
    return f"{page.body_sha256} {__version__}"


def _entry(stored: StoredAnswer, cache: Cache) -> LibraryEntry | None:
    """Return the entry of a kept page; None if its body is gone."""
    body = cache.body(stored.body_sha256)
    if body is None:
        return None
    page = extract(
        Response(
            url=stored.url,
            final_url=stored.url,
            status=stored.status,
            headers=stored.headers,
            body=body,
            retrieved_at=stored.retrieved_at,
        )
    )
    may_count = page.unreadable is None or page.unreadable.is_little
    return LibraryEntry(
        url=stored.url,
        title=page.title if may_count else "",
        site=page.site or urlsplit(stored.url).hostname or "",
        text=_unmarked(page.text) if may_count else "",
        headings=tuple((heading.offset, heading.text) for heading in page.headings),
        read=stored.retrieved_at.date(),
        made_of=_made_of(stored),
    )


def _entry_of_records(url: str, citations: tuple[Citation, ...]) -> LibraryEntry:
    """Return an entry of the passages that are kept of a page."""
    passages = dict.fromkeys(one.evidence.passage or one.quote.exact for one in citations)
    return LibraryEntry(
        url=url,
        title=citations[0].title,
        site=citations[0].site,
        text=_unmarked("\n".join(passages)),
        headings=(),
        read=max(one.accessed for one in citations),
        made_of=_OUT_OF_RECORDS + " ".join(f"{one.key} {one.accessed}" for one in citations),
    )
