"""The index brought up to date: what was fetched since, and what the records keep of the rest."""

import time
from collections.abc import Mapping
from urllib.parse import urlsplit

from footnotary import __version__
from footnotary.cache import Cache, StoredAnswer
from footnotary.deadline import Deadline, running_deadline
from footnotary.errors import OutOfTime
from footnotary.extract import extract
from footnotary.library import BEGIN, END, LibraryEntry, TextLibrary
from footnotary.models import Citation, Response

_OUT_OF_RECORDS = "records "
_AT_ONCE = 50  # pages that are held in memory before they are written


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
        text=_without_marks(page.text) if may_count else "",
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
        text=_without_marks("\n".join(passages)),
        headings=(),
        read=max(one.accessed for one in citations),
        made_of=_OUT_OF_RECORDS + " ".join(f"{one.key} {one.accessed}" for one in citations),
    )


def _without_marks(text: str) -> str:
    """Return text without the characters that stand around what is found."""
    return text.replace(BEGIN, "").replace(END, "")
