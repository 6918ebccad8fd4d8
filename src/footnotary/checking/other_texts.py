"""A quote looked for in the other texts of its source, when the page itself does not have it."""

import hashlib
from dataclasses import replace

from footnotary.checking.verdict import Checked, Reading, changed, failed
from footnotary.errors import FetchError, FootnotaryError
from footnotary.fetch.local import is_local
from footnotary.match import match
from footnotary.models import Match, Page
from footnotary.renditions import FORMS, Fetches, Rendition, other_texts


def in_other_texts(checked: Checked, page: Page | None, fetcher: Fetches) -> Checked:
    """Look for a quote in the other texts of a source, first in the one that held it.

    Where none has it, the text that held it decides: another one may never have had it.

    Args:
        checked: What the page itself gave, which is not that it holds.
        page: The page, if there is one.
        fetcher: Reads the web.
    """
    citation = checked.citation
    held_by = citation.evidence.text_url
    if is_local(citation.url) or (checked.response and checked.response.text_url == held_by != ""):
        return checked
    if held_by and citation.evidence.media_type not in FORMS:
        return _without_index(checked)
    gone = checked.reading is Reading.GONE
    verdict = checked
    for place, other in enumerate(
        other_texts(citation.url, page, fetcher, recorded=held_by, gone=gone)
    ):
        if isinstance(other, Rendition):
            hit = match(citation.quote.exact, other.page)
            if hit.found:
                return _held_in(checked, other, hit)
            if place == 0 and held_by:
                verdict = changed(_seen_in(checked, other), hit)
        elif place == 0 and held_by:
            verdict = _unread(checked, other)
    return verdict


def _without_index(checked: Checked) -> Checked:
    """Return the result for a quote out of a package index that was not what answered now."""
    if checked.response is None:
        return checked
    detail = f"read at {checked.citation.evidence.text_url} then, which is not asked any more"
    return replace(checked, reading=Reading.UNREADABLE, detail=detail, diff="", match=None)


def _held_in(checked: Checked, other: Rendition, hit: Match) -> Checked:
    """Return the result for a quote that another text of its source holds."""
    citation, place = checked.citation, other.response.text_url
    found = replace(_seen_in(checked, other), match=hit, diff="")
    no_page = checked.response is None
    same = hashlib.sha256(other.response.body).hexdigest() == citation.evidence.body_sha256
    if same and not no_page:
        return replace(found, reading=Reading.UNCHANGED, detail="")
    detail = "page changed, quote intact"
    if no_page or place != citation.evidence.text_url:
        detail = f"{checked.detail.rstrip('.')}; {place} still says it"
    return replace(found, reading=Reading.INTACT, detail=detail)


def _seen_in(checked: Checked, other: Rendition) -> Checked:
    """Return a result that another text of the source is the ground of."""
    return replace(
        checked, final_url=other.page.final_url, page=other.page, response=other.response
    )


def _unread(checked: Checked, error: FootnotaryError) -> Checked:
    """Return the result for a text that held the quote and cannot be read now."""
    if isinstance(error, FetchError):
        return replace(failed(checked.citation, error), final_url=checked.final_url)
    return replace(checked, reading=Reading.UNREADABLE, detail=error.message, diff="", match=None)
