"""Dated outcomes into the records; a changed quote gets a new record that supersedes the old."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from footnotary import clock
from footnotary.checking.outcomes import Checked, ReadingOutcome
from footnotary.citing import (
    Cited,
    Overclaimed,
    Refused,
    Request,
    cite_quote,
    evidence,
    quote_of,
    read_statement,
    versions_of,
)
from footnotary.counting import counted
from footnotary.errors import RecordError
from footnotary.extract import extract
from footnotary.extract.package_index import package_in
from footnotary.fetch import Fetches
from footnotary.fetch.repositories import is_local
from footnotary.match import match_quote
from footnotary.match.matching import Match
from footnotary.models import Check, Citation, Page, Response, StatedBy
from footnotary.records import RecordStore
from footnotary.rules.edits import is_edited, restate_record, seal_record

LONGEST_DETAIL = 300


def save_outcomes(results: list[Checked], store: RecordStore) -> int:
    """Append the dated outcome to each record that was checked.

    A second check on one day replaces the first. The record is read again before it is
    written, so that what another process put there meanwhile is kept. One that is gone or
    broken by now does not keep the others from theirs.

    Returns:
        How many records were written; one that has its outcome of today already is not.

    Raises:
        RecordError: A record is gone or broken by now; the first of them is named.
    """
    written, problems = 0, []
    for result in results:
        try:
            written += _is_saved(result, store)
        except RecordError as error:
            problems.append(error)
    if problems:
        raise problems[0]
    return written


def refuse_future(results: Iterable[Checked]) -> Iterator[RecordError]:
    """Yield an error for records whose last check is of a day to come: no outcome of today counts.

    Args:
        results: What was to be saved.
    """
    today = clock.today()
    ahead = {
        result.citation.key: check.date
        for result in results
        for check in result.citation.checks
        if check.date > today
    }
    if ahead:
        key, day = next(iter(ahead.items()))
        yield RecordError(
            f"{counted(len(ahead), 'record')} with a check after today ({today}), such as {key}"
            f" ({day}): not saved.",
            hint="The clock is wrong, or was: correct it, or take that check out of the record.",
        )


def _is_saved(result: Checked, store: RecordStore) -> bool:
    """Append an outcome to its record; return whether that changed it."""
    before: list[Citation] = []

    def appended(current: Citation) -> Citation:
        before.append(current)
        return with_outcome(current, result)

    return store.change(result.citation.key, appended) != before[0]


def with_outcome(citation: Citation, result: Checked) -> Citation:
    """Return a record with an outcome as its last check, dated the day the source was heard.

    A kept answer that is older than the record's last check says nothing new.
    """
    detail = " ".join(result.detail.split())
    if len(detail) > LONGEST_DETAIL:
        detail = detail[: LONGEST_DETAIL - 1] + "…"
    day = result.day
    if any(past.date > day for past in citation.checks):
        return citation
    check = Check(date=day, outcome=result.outcome, detail=detail)
    earlier = tuple(past for past in citation.checks if past.date != day)
    return citation.model_copy(update={"checks": (*earlier, check)})


# A full stop ends a sentence before a space; those of Chinese and Japanese need none.
SENTENCE_END = re.compile(r"[.!?](?:\s+|$)|[\u3002\uff01\uff1f]\s*")
LONGEST_PROPOSAL = 500


def renew(checked: Checked, store: RecordStore) -> Citation:
    """Re-date a citation whose source still says it, with what was seen today as evidence.

    The key stays, so that documents that use it stay whole.

    Args:
        checked: A result that holds, with its response (see `check_citations(keep_pages)`).
        store: Where the record is.

    Raises:
        ValueError: The result does not hold or has no response.
        RecordError: The record is gone or broken by now.
    """
    return store.change(checked.citation.key, lambda current: renewed_by(checked, current))


def renewed_by(checked: Checked, current: Citation) -> Citation:
    """Return a record with what was seen today as its evidence.

    Raises:
        ValueError: The result does not hold or has no response.
    """
    response = checked.response
    if not checked.holds or response is None:
        raise ValueError("only a result that holds, with its response, can be renewed")
    page = checked.page or extract(response)
    found = checked.match or match_quote(current.quote.exact, page, recorded=True)
    renewed = with_outcome(current, checked)
    text_url = response.final_url if current.evidence.text_url else ""
    if found.found and response.retrieved_at >= current.evidence.retrieved_at:
        renewed = _reread(renewed, response, page, found)
    renewed = renewed.model_copy(update={"accessed": max(current.accessed, checked.day)})
    package = package_in(response) if text_url else None
    if package is not None and package.name in current.versions:
        release = {package.name: package.version}  # the words are this one's by now
        renewed = renewed.model_copy(update={"versions": current.versions | release})
    if is_local(renewed.url):
        commit = versions_of(response)
        update = {"url": renewed.final_url, "versions": renewed.versions | commit}
        if current.title == current.final_url:
            update["title"] = renewed.final_url
        renewed = restate_record(renewed, **update)
    return renewed


def _reread(current: Citation, response: Response, page: Page, found: Match) -> Citation:
    """Return a record with the quote and evidence of a reading, and their digest.

    Of one that was edited nobody knows what its source stated: the page is asked anew, and where
    that is not what was read, the record stays an edited one.
    """
    text_url = response.final_url if current.evidence.text_url else ""
    seen = evidence(response, page, found, text_url)
    update: dict[str, Any] = {
        "quote": quote_of(found, response, on_page=not text_url),
        "modified": page.modified or current.modified,
        "final_url": current.final_url if text_url else response.final_url,
    }
    if not is_edited(current):
        return seal_record(current.model_copy(update=update | {"evidence": seen}))
    if text_url:
        known = {"words_sha256": current.evidence.words_sha256}
        seen = seen.model_copy(update=known)
        return current.model_copy(update=update | {"evidence": seen})
    stated = read_statement(page) | {"url": response.final_url, "stated_by": StatedBy.PAGE}
    return seal_record(current.model_copy(update=update | {"evidence": seen} | stated))


def proposal(checked: Checked) -> str:
    """Return the words that could replace a changed quote.

    Args:
        checked: A changed result, with its page (see `check_citations(keep_pages)`).

    Returns:
        The whole sentences of the page that the nearest passage is part of; empty where
        nothing is near.
    """
    near, page = checked.match, checked.page
    if (
        checked.reading is not ReadingOutcome.CHANGED
        or near is None
        or page is None
        or near.start < 0
    ):
        return ""
    line_start = page.text.rfind("\n", 0, near.start) + 1
    line_end = page.text.find("\n", near.end)
    line_end = len(page.text) if line_end < 0 else line_end
    starts = [found.end() for found in SENTENCE_END.finditer(page.text, line_start, near.start)]
    stop = SENTENCE_END.search(page.text, max(near.end - 1, near.start), line_end)
    start, end = max([line_start, *starts]), stop.start() + 1 if stop else line_end
    if end - start > LONGEST_PROPOSAL:
        start, end = near.start, near.end
    return " ".join(page.text[start:end].split())


def replace_quote(
    checked: Checked,
    quote: str,
    store: RecordStore,
    fetcher: Fetches,
    *,
    as_claimed: bool = False,
) -> Cited | Refused | Overclaimed:
    """Record a new quote from the same source; the old record names it as its successor.

    The claims go with it, each held against the new words.

    Args:
        checked: What was found of the old citation.
        quote: The new words, which the page must contain.
        store: Where both records are.
        fetcher: Reads the source.
        as_claimed: Carry claims over that the new words do not support, as insisted ones.

    Returns:
        The new record, the refusal, or the claim that the new words do not support; with the
        last two the old record is as it was.

    Raises:
        FetchError: The page could not be had.
        UnreadableError: Its text cannot be relied on.
    """
    old = checked.citation
    request = Request(
        url=(checked.final_url if is_local(old.url) else "") or old.url,
        quote=quote,
        claims=old.claims,
        replaces=old.key,
        search_terms=old.search_terms,
        tags=old.tags,
        as_source=True,
        as_claimed=as_claimed,
    )
    result = cite_quote(request, store, fetcher)
    if isinstance(result, Cited) and result.citation.key != old.key:
        successor = {"superseded_by": result.citation.key}
        store.change(
            old.key, lambda current: with_outcome(current, checked).model_copy(update=successor)
        )
    return result
