"""Cite: fetch or take a saved page, extract, match, record. One source, one quote, one day.

Nothing is written before the quote was found, and what is written is what the page says.
"""

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from footnotary.bibliography.csl import MEDIA_TYPE, registered
from footnotary.errors import FetchError, RecordError, UsageError
from footnotary.extract import extract
from footnotary.fetch.local import COMMIT, is_local
from footnotary.fetch.published import address_of, doi_of
from footnotary.fetch.saved import read_saved
from footnotary.match import match
from footnotary.match.numbers import unsupported
from footnotary.models import (
    Citation,
    Evidence,
    How,
    Match,
    Outcome,
    Page,
    Quote,
    Response,
)
from footnotary.records import RecordStore, key_of
from footnotary.renditions import Rendition, Sought, seek, whole


class Fetches(Protocol):
    """What citing needs of a fetcher."""

    def get(self, url: str, *, accept: str = "") -> Response:
        """Return the page behind a URL."""
        ...


@dataclass(frozen=True)
class Request:
    """What the user wants cited.

    Attributes:
        url: The source; where a saved page came from when `file` is given.
        quote: Words that the page must contain.
        claim: The sentence it supports.
        search_terms: What was searched for to find it.
        tags: The user's own words.
        file: A page saved by hand, read instead of the web.
        as_source: Record the page's own wording when the quote is near.
    """

    url: str
    quote: str
    claim: str = ""
    search_terms: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    file: Path | None = None
    as_source: bool = False


@dataclass(frozen=True)
class Cited:
    """A quote that the page contains, recorded.

    Attributes:
        citation: The record as it was written.
        match: Where and how the quote was found.
        page: The page.
        path: The record's file.
        renewed: Whether a record of this quote existed and was re-dated.
        unsupported: Numbers, versions and comparisons of the claim that no quote contains.
    """

    citation: Citation
    match: Match
    page: Page
    path: Path
    renewed: bool
    unsupported: tuple[str, ...] = ()


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


def cite(request: Request, store: RecordStore, fetcher: Fetches) -> Cited | Refused:
    """Check a quote against its source and record it.

    Args:
        request: What is to be cited.
        store: Where records go.
        fetcher: Reads the web; not asked when the request has a file.

    Returns:
        The record, or the refusal with the nearest passage.

    Raises:
        UsageError: There is no quote.
        FetchError: The page could not be had.
        UnreadableError: A page came, but its text cannot be relied on.
        RecordError: The record cannot be written.
    """
    if not request.quote.strip():
        raise UsageError(
            "The quote is empty.", hint='Give the words the page must contain: --quote "…".'
        )
    request = replace(request, url=address_of(request.url))
    sought = _saved(request) if request.file else seek(request.quote, request.url, fetcher)
    found, page = sought.match, sought.rendition.page
    if not (found.found or (request.as_source and found.outcome is Outcome.NEAR)):
        return Refused(found, page, sought.unread)
    if not request.file and not is_local(request.url):
        page = with_registered(page, doi_of(request.url), fetcher)
    cited = _recorded(request, sought.rendition.response, page, found, store)
    return replace(cited, unsupported=unsupported_in(cited.citation, store))


def unsupported_in(citation: Citation, store: RecordStore) -> tuple[str, ...]:
    """Return the numbers, versions and comparisons of a claim that no quote for it contains.

    Args:
        citation: The record whose claim is looked at.
        store: Other records of the same claim count too.
    """
    missing = unsupported(citation.claim, [citation.quote.exact])
    if not missing:
        return ()
    others, _ = store.readable()
    quotes = [other.quote.exact for other in others if other.claim == citation.claim]
    return unsupported(citation.claim, [citation.quote.exact, *quotes])


def with_registered(page: Page, doi: str, fetcher: Fetches) -> Page:
    """Return a page with what the registry of its DOI says of it, where that can be had.

    Args:
        page: The page; what the registry leaves open stays as the page states it.
        doi: Its DOI; the page is returned as it is if empty.
        fetcher: Asks the registry, by content negotiation (citation.crosscite.org).
    """
    if not doi:
        return page
    try:
        answer = fetcher.get(f"doi:{doi}", accept=MEDIA_TYPE)
    except FetchError:
        return page
    said = registered(answer.body, doi)
    origins = dict.fromkeys(said, "CSL-JSON of the DOI")
    return page.model_copy(update=said | {"origins": page.origins | origins})


def _saved(request: Request) -> Sought:
    """Look for the quote in a page that the user saved.

    Raises:
        FetchError: The file cannot be read.
        UnreadableError: Its text cannot be relied on.
    """
    assert request.file is not None  # noqa: S101  asked by the caller
    response = read_saved(request.file, request.url)
    page = whole(extract(response))
    return Sought(Rendition(response, page), match(request.quote, page))


def _recorded(
    request: Request, response: Response, page: Page, found: Match, store: RecordStore
) -> Cited:
    """Write the record, or re-date the one there is."""
    fresh = _citation(request, response, page, found)
    fresh = fresh.model_copy(update={"key": _key_in_use(fresh, store) or fresh.key})
    try:
        return Cited(fresh, found, page, store.new(fresh), renewed=False)
    except FileExistsError:
        pass
    old = store.get(fresh.key)
    if old.quote.exact != fresh.quote.exact or old.final_url != fresh.final_url:
        raise RecordError(
            f"{fresh.key} is taken by another quote of {old.final_url}.",
            hint="Quote a few more words, which gives another key.",
        )
    renewed = _renewed(old, fresh)
    return Cited(renewed, found, page, store.save(renewed), renewed=True)


def _key_in_use(fresh: Citation, store: RecordStore) -> str:
    """Return the key under which this very quote is recorded already, or an empty string.

    A source may have got another title since, from which a fresh key would be made.
    """
    digest = fresh.key[-6:]
    known = store.keys()
    for key in known:
        if key.endswith(digest) and key != fresh.key:
            try:
                old = store.get(key)
            except RecordError:
                continue
            if (old.final_url, old.quote.exact) == (fresh.final_url, fresh.quote.exact):
                return key
    return ""


def _citation(request: Request, response: Response, page: Page, found: Match) -> Citation:
    """Make a record of what was seen today."""
    site = page.site or urlsplit(page.final_url).hostname or ""
    section = found.section or (f"p. {found.page}" if found.page else "")
    return Citation(
        key=key_of(page.final_url, found.exact, site or page.final_url, page.title),
        url=request.url,
        final_url=page.final_url,
        title=page.title or page.final_url,
        site=site,
        authors=page.authors,
        published=page.published,
        accessed=response.retrieved_at.date(),  # a kept page is as old as its last confirmation
        quote=Quote(
            exact=found.exact,
            prefix=found.prefix,
            suffix=found.suffix,
            match="exact" if found.outcome is Outcome.EXACT else "normalized",
            section=section,
        ),
        claim=request.claim.strip(),
        evidence=evidence(response, page, found),
        search_terms=request.search_terms,
        tags=request.tags,
        versions=versions_of(response) | page.versions,
        license=page.license,
    )


def versions_of(response: Response) -> dict[str, str]:
    """Return what version of a source an answer is: the commit, for the project's own files."""
    commit = response.headers.get(COMMIT, "")
    return {"commit": commit} if commit and response.how is How.FILE else {}


def evidence(response: Response, page: Page, found: Match) -> Evidence:
    """Return what is kept of a reading.

    Args:
        response: The answer the page was extracted from.
        page: The page.
        found: Where the quote stands in it.
    """
    return Evidence(
        retrieved_at=response.retrieved_at,
        how=response.how,
        status=response.status,
        media_type=page.media_type or response.media_type,
        text_url=response.text_url,
        etag=response.headers.get("etag", ""),
        last_modified=response.headers.get("last-modified", ""),
        body_sha256=hashlib.sha256(response.body).hexdigest(),
        text_sha256=hashlib.sha256(page.text.encode()).hexdigest(),
        passage=found.passage,
    )


def _renewed(old: Citation, fresh: Citation) -> Citation:
    """Return the record with the newer reading; nothing the user said is lost.

    A page out of the cache may have been read before the record was last dated.
    """
    newer = fresh if fresh.evidence.retrieved_at >= old.evidence.retrieved_at else old
    return newer.model_copy(
        update={
            "claim": fresh.claim or old.claim,
            "search_terms": _union(old.search_terms, fresh.search_terms),
            "tags": _union(old.tags, fresh.tags),
            "versions": old.versions | fresh.versions,
            "archive_url": fresh.archive_url or old.archive_url,
            "checks": old.checks,
        }
    )


def _union(old: tuple[str, ...], new: tuple[str, ...]) -> tuple[str, ...]:
    """Join two lists in order, each word once."""
    return tuple(dict.fromkeys((*old, *new)))
