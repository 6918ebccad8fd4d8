"""Cite: fetch or take a saved page, extract, match, record. One source, one quote, one day.

Nothing is written before the quote was found, and what is written is what the page says.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from footnotary.claiming import confirm_elsewhere, joined_claims, judge_claims
from footnotary.deadline import Deadline, running_deadline
from footnotary.errors import RecordError, UnreadableError, UsageError
from footnotary.extract import extract
from footnotary.extract.forges import open_address, source_file, spelled_out
from footnotary.fetch import Fetches
from footnotary.fetch.readings import ReadSource, Unread, readings
from footnotary.fetch.repositories import COMMIT, is_local
from footnotary.fetch.saved import read_saved
from footnotary.fetch.urls import normalize_url
from footnotary.match.fragment import find_marked, fragment_of_record, text_fragment
from footnotary.match.matching import Match, Outcome
from footnotary.models import (
    UNREADABLE,
    Citation,
    Claim,
    Evidence,
    How,
    Page,
    Quote,
    Response,
    StatedBy,
    UnreadableReason,
)
from footnotary.records import RecordStore, make_key
from footnotary.rules.edits import is_edited, restate_record, seal_record

if TYPE_CHECKING:
    from footnotary.rules.claim_support import Unsupported

WHY_UNREADABLE = {
    UnreadableReason.TOO_SHORT: "it has hardly any text",
    UnreadableReason.SCRIPT_ONLY: "its text is put there by a script",
    UnreadableReason.LOGIN_WALL: "it asks to log in",
    UnreadableReason.CONSENT_WALL: "it asks for consent before it shows anything",
    UnreadableReason.SOFT_404: "it says that there is no such page",
    UnreadableReason.BLOCKED: "it turns readers away, or its server fails",
    UnreadableReason.UNSUPPORTED_TYPE: "footnotary does not read its type",
    UnreadableReason.TOO_COMPLEX: "it is too large or too deeply nested to be read",
}
NAME_LINES = "Name lines that have words: src/app.py:10-20."


@dataclass(frozen=True)
class Request:
    """What the user wants cited.

    Attributes:
        url: The source; where a saved page came from when `file` is given.
        quote: Words that the page must contain.
        claim: The sentence it supports.
        document: Stem of the document that gets the claim; may be empty.
        claims: More sentences it supports: those of a record that this one replaces.
        replaces: Key of that record; its quote supports nothing any more.
        search_terms: What was searched for to find it.
        tags: The user's own words.
        file: A page saved by hand, read instead of the web.
        as_source: Record the page's own wording when the quote is near.
        as_claimed: Record claims that the quote's words do not support, as insisted ones.
    """

    url: str
    quote: str
    claim: str = ""
    document: str = ""
    claims: tuple[Claim, ...] = ()
    replaces: str = ""
    search_terms: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    file: Path | None = None
    as_source: bool = False
    as_claimed: bool = False


@dataclass(frozen=True)
class Cited:
    """A quote that the page contains, recorded.

    Attributes:
        citation: The record as it was written.
        match: Where and how the quote was found.
        page: The page.
        path: The record's file.
        renewed: Whether a record of this quote existed and was re-dated.
        unsupported: What its insisted claims say that the quote does not support.
        unpinned: Whether it is a file at a forge that did not say which commit it is of.
    """

    citation: Citation
    match: Match
    page: Page
    path: Path
    renewed: bool
    unsupported: "tuple[Unsupported, ...]" = ()
    unpinned: bool = False


@dataclass(frozen=True)
class Refused:
    """A quote that the page lacks; nothing was written.

    Attributes:
        match: The nearest passage and what differs.
        page: The page.
        unread: Why other texts of the source, which may say it, could not be read.
    """

    match: Match
    page: Page
    unread: tuple[str, ...] = ()


@dataclass(frozen=True)
class Overclaimed:
    """A quote that the page contains, and a claim that it does not support; nothing was written.

    Attributes:
        claim: The claim.
        quote: The page's own words.
        page: The page.
        unsupported: What the claim says that the quote does not support.
    """

    claim: str
    quote: str
    page: Page
    unsupported: "tuple[Unsupported, ...]"


def cite_quote(
    request: Request,
    store: RecordStore,
    fetcher: Fetches,
) -> Cited | Refused | Overclaimed:
    """Check a quote against its source and record it.

    Args:
        request: What is to be cited.
        store: Where records go.
        fetcher: Reads the web; not asked when the request has a file.

    Returns:
        The record, the refusal with the nearest passage, or what a claim says beyond the quote.

    Raises:
        UsageError: There is no quote.
        FetchError: The page could not be had.
        UnreadableError: A page came, but its text cannot be relied on.
        RecordError: The record cannot be written.
    """
    if not request.quote.strip() and not _names_lines(request, fetcher):
        raise UsageError(
            "The quote is empty.", hint='Give the words the page must contain: --quote "…".'
        )
    first: ReadSource | None = None
    refused: Refused | None = None
    unread: list[str] = []
    for reading in _readings(request, fetcher):
        if isinstance(reading, Unread):
            unread.append(reading.reason)
            continue
        first, page = first or reading, reading.page
        found = reading.weigh(request.quote if request.quote.strip() else reading.selected)
        if found is None:
            continue
        offered = found.outcome is Outcome.NEAR and UNREADABLE not in found.exact
        if found.found or (request.as_source and offered):
            return _weighed_claims(request, reading, found, store)
        refused = refused or Refused(found, page)
    if first is None or refused is None or first.page.unreadable is not None:
        # what another text lacks, the page itself may have
        raise unreadable(first.page if first else None)
    if first.missing:
        raise _incomplete(first)
    return replace(refused, unread=tuple(unread))


def _names_lines(request: Request, fetcher: Fetches) -> bool:
    """Return whether a source is lines of a file at a forge: they may be the quote themselves."""
    file = None if request.file else source_file(request.url, fetcher.publishers)
    return file is not None and file.lines is not None


def _readings(request: Request, fetcher: Fetches) -> Iterator[ReadSource | Unread]:
    """Yield the saved page, or the readings of the source on the web."""
    url = normalize_url(open_address(spelled_out(request.url.strip())))
    if request.file is None:
        yield from readings(url, fetcher)
        return
    deadline = Deadline(fetcher.timeout, str(request.file))
    with running_deadline(deadline):
        response = read_saved(request.file, url)
        page = extract(response)
    yield ReadSource(url, response, page, deadline=deadline)


def _weighed_claims(
    request: Request, reading: ReadSource, found: Match, store: RecordStore
) -> Cited | Overclaimed:
    """Record a quote that was found, unless it does not support what is claimed."""
    fresh = _citation(request, reading, found)
    judged = judge_claims(_claims_of(request, fresh.accessed), fresh, store, request.replaces)
    if judged.beyond and not request.as_claimed:
        claim, unsupported = judged.beyond[0]
        return Overclaimed(claim.text, found.exact, reading.page, unsupported)
    with_claims = fresh.model_copy(update={"claims": judged.claims})
    cited = _recorded(with_claims, reading, found, store)
    confirm_elsewhere(judged.joint, cited.citation, store)
    differing = tuple(one for _, unsupported in judged.beyond for one in unsupported)
    return replace(cited, unsupported=differing, unpinned=reading.unpinned)


def _claims_of(request: Request, day: date) -> tuple[Claim, ...]:
    """Return the claims of a request."""
    text = " ".join(request.claim.split())
    own = (Claim(text=text, document=request.document, added=day),) if text else ()
    return (*request.claims, *own)


def unreadable(page: Page | None) -> UnreadableError:
    """Return the error for a source without a text that can be relied on."""
    reason = page.unreadable if page is not None else None
    why = WHY_UNREADABLE[reason or UnreadableReason.TOO_SHORT]
    hint = (
        "Open it in a browser, save it, and cite the saved page with --file SAVED.html;"
        " this says nothing about the quote."
    )
    if page is not None and reason is UnreadableReason.UNSUPPORTED_TYPE:
        named = f"what it sends as {page.media_type}" if page.media_type else "what it sends"
        why = f"footnotary does not read {named}"
        hint = (
            "Cite where the same words are published as a page, a PDF or text, or convert it"
            " and cite that copy with --file; this says nothing about the quote."
        )
    if page is not None and is_local(page.final_url):
        is_blank = reason in (None, UnreadableReason.TOO_SHORT)
        why, hint = "it is blank" if is_blank else "it is not text", NAME_LINES
    if page is not None and page.media_type == "application/pdf" and not find_spec("pypdfium2"):
        why, hint = "PDF needs an extra", "Install it: pip install 'footnotary[pdf]'."
    return UnreadableError(
        f"{page.final_url if page is not None else 'It'} cannot be read: {why}.",
        reason=(reason or UnreadableReason.TOO_SHORT).value,
        hint=hint,
    )


def _incomplete(reading: ReadSource) -> UnreadableError:
    """Return the error for a source of which a part that may have the quote is not available."""
    return UnreadableError(
        f"{reading.page.final_url} cannot be read whole: {reading.missing} is not available.",
        reason=UnreadableReason.TOO_SHORT.value,
        hint="What could be read does not have the quote. Open the page in a browser, save it,"
        " and cite the saved page with --file SAVED.html.",
    )


def _recorded(fresh: Citation, reading: ReadSource, found: Match, store: RecordStore) -> Cited:
    """Write the record, or re-date the one there is."""
    page = reading.page
    fresh = fresh.model_copy(update={"key": _key_in_use(fresh, store) or fresh.key})
    try:
        return Cited(fresh, found, page, store.new(fresh), renewed=False)
    except FileExistsError:
        pass
    renewed = store.change(fresh.key, lambda old: _renewed(old, fresh))
    return Cited(renewed, found, page, store.path(renewed.key), renewed=True)


def _key_in_use(fresh: Citation, store: RecordStore) -> str:
    """Return the key under which this very quote is recorded already, or an empty string.

    A source may have got another title since, such as a newer release: of which a fresh key
    would be made, and a second record.
    """
    known = store.keys()
    for key in known:
        if key[-6:] != fresh.key[-6:] or key == fresh.key:
            continue
        try:
            old = store.get(key)
        except RecordError:
            continue
        if (old.final_url, old.quote.exact) == (fresh.final_url, fresh.quote.exact):
            return key
    return ""


def _citation(request: Request, reading: ReadSource, found: Match) -> Citation:
    """Make a record of what was seen today."""
    response, page = reading.response, reading.page
    stated = read_statement(page)
    read = Citation(
        key=make_key(page.final_url, found.exact, stated["site"] or page.final_url, page.title),
        url=reading.cited,
        final_url=page.final_url,
        accessed=response.retrieved_at.date(),  # a kept page is as old as its last confirmation
        quote=quote_of(found, response, on_page=not reading.text_url),
        evidence=evidence(response, page, found, reading.text_url),
        search_terms=request.search_terms,
        tags=request.tags,
        versions=versions_of(response) | reading.versions,
        **stated,
    )
    return seal_record(read)


def read_statement(page: Page) -> dict[str, Any]:
    """Return the fields of a record that a page states of itself."""
    return {
        "title": page.title or page.final_url,
        "site": page.site or urlsplit(page.final_url).hostname or "",
        "authors": page.authors,
        "published": page.published,
        "modified": page.modified,
        "license": page.license,
    }


def quote_of(found: Match, response: Response, *, on_page: bool) -> Quote:
    """Return the quote of a record: words that were found, and the link that opens them."""
    quote = Quote(
        exact=found.exact,
        prefix=found.prefix,
        suffix=found.suffix,
        match="exact" if found.outcome is Outcome.EXACT else "normalized",
        section=found.place,
    )
    from footnotary.extract.html import marked_text

    marked = marked_text(response) if on_page else ""
    place = find_marked(marked, quote) if marked else None
    fragment = text_fragment(marked, *place) if place else ""
    is_plain = fragment == fragment_of_record(quote)
    return quote if is_plain else quote.model_copy(update={"fragment": fragment})


def versions_of(response: Response) -> dict[str, str]:
    """Return what version of a source an answer is: the commit, for the project's own files."""
    commit = response.headers.get(COMMIT, "")
    return {"commit": commit} if commit and response.how is How.FILE else {}


def evidence(response: Response, page: Page, found: Match, text_url: str = "") -> Evidence:
    """Return what is kept of a reading."""
    return Evidence(
        retrieved_at=response.retrieved_at,
        how=response.how,
        status=response.status,
        media_type=page.media_type or response.media_type,
        etag=response.headers.get("etag", ""),
        last_modified=response.headers.get("last-modified", ""),
        body_sha256=hashlib.sha256(response.body).hexdigest(),
        text_sha256=hashlib.sha256(page.text.encode()).hexdigest(),
        passage=found.passage,
        text_url=text_url,
        style_read=page.style_read,
    )


def _renewed(old: Citation, fresh: Citation) -> Citation:
    """Return the record with the newer reading; nothing the user said is lost.

    A page out of the cache may have been read before the record was last dated.
    """
    if old.quote.exact != fresh.quote.exact or old.final_url != fresh.final_url:
        raise RecordError(
            f"{fresh.key} is taken by another quote of {old.final_url}.",
            hint="Quote a few more words, which gives another key.",
        )
    newer = fresh if fresh.evidence.retrieved_at >= old.evidence.retrieved_at else old
    imported = old.stated_by is StatedBy.FILE and not is_edited(old)
    kept = ("title", "authors", "published", "stated_by") if imported else ()
    joined = {
        "claims": joined_claims(old.claims, fresh.claims),
        "search_terms": _union(old.search_terms, fresh.search_terms),
        "tags": _union(old.tags, fresh.tags),
        "versions": old.versions | fresh.versions,
        "archive_url": fresh.archive_url or old.archive_url,
        "checks": old.checks,
    }
    return restate_record(newer, **{name: getattr(old, name) for name in kept}, **joined)


def _union(old: tuple[str, ...], new: tuple[str, ...]) -> tuple[str, ...]:
    """Join two lists in order, each word once."""
    return tuple(dict.fromkeys((*old, *new)))
