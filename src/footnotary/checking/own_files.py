"""Cited lines of the project's own files, followed where git or their own words lead.

Git knows which lines stand in the place of the cited ones: where these say something else, the
cited ones have changed, whatever is elsewhere in the file. Where nothing is in their place,
or git does not know (no repository, a shallow clone, a file that was cited before it was
committed), the words themselves are looked for: if they stand in the file once, it is they.
"""

from dataclasses import replace

from footnotary.checking.outcomes import Checked, ReadingOutcome, word_diff
from footnotary.errors import FetchError
from footnotary.extract import extract
from footnotary.extract.plain import text_page
from footnotary.fetch.local import Address, ProjectSources, lines_at
from footnotary.match import match_quote
from footnotary.models import Match, Outcome, Page, Response


def follow_lines(checked: Checked, sources: ProjectSources) -> Checked:
    """Return what became of cited lines that are no longer where they were.

    Args:
        checked: A result of the recorded place that does not hold.
        sources: Reads the project's files.

    Returns:
        `moved` with the new place, `changed` with what is there instead, or the result as
        it was.
    """
    citation = checked.citation
    blob = citation.evidence.etag.strip('"')
    there = sources.place_now(citation.final_url, blob, citation.versions.get("commit", ""))
    if there is None:
        return checked
    try:
        if there.first or ":" not in citation.final_url:  # a whole file
            return _at(checked, there, sources)
        return _by_words(checked, there.path, sources.text_of(blob), sources)
    except FetchError:
        return checked


def _at(checked: Checked, there: Address, sources: ProjectSources) -> Checked:
    """Return what a place says of the quote."""
    response = sources.get(str(there))
    page = extract(response)
    hit = match_quote(checked.citation.quote.exact, page, recorded=True)
    if hit.found:
        return _moved(checked, there, response)
    if _is_whole(checked):
        hit = _whole(hit, page)
    return replace(
        checked,
        reading=ReadingOutcome.CHANGED,
        detail="; ".join(hit.differences[:3]) or "the lines no longer say it",
        final_url=str(there),
        response=response,
        page=page,
        match=hit,
        diff=word_diff(checked.citation.quote.exact, hit.exact),
    )


def _moved(checked: Checked, there: Address, response: Response) -> Checked:
    """Return the result for a quote that is at another place."""
    if str(there) == checked.citation.final_url:
        return replace(checked, reading=ReadingOutcome.INTACT, detail="page changed, quote intact")
    return replace(
        checked,
        reading=ReadingOutcome.MOVED,
        detail=f"now at {there}",
        final_url=str(there),
        response=response,
        page=None,
        match=None,
        diff="",
    )


def _is_whole(checked: Checked) -> bool:
    """Return whether the cited lines were the quote, whole."""
    citation = checked.citation
    return citation.evidence.passage.split() == citation.quote.exact.split()


def _whole(hit: Match, page: Page) -> Match:
    """Return the match for all that is in the place of lines that were quoted whole."""
    update = {"outcome": Outcome.NEAR, "start": 0, "end": len(page.text), "exact": page.text}
    return hit.model_copy(update=update)


def _by_words(checked: Checked, path: str, before: str | None, sources: ProjectSources) -> Checked:
    """Look for a quote in the whole file; where it stood there more than once, nobody can tell."""
    quote = checked.citation.quote.exact
    now = text_page(sources.get(path), "text/plain")  # lines are counted as written
    hit = match_quote(quote, now, recorded=True)
    if not hit.found:
        return checked
    was = 1
    if before is not None:
        read = sources.get(path).model_copy(update={"body": before.encode()})
        old = text_page(read, "text/plain")
        was = match_quote(quote, old, recorded=True).occurrences
    place = lines_at(now.text, path, hit.start, hit.end)
    if was > 1 or hit.occurrences > 1:
        detail = f"{path} has these words elsewhere, first at {place}; it may be others"
        return replace(checked, reading=ReadingOutcome.CHANGED, detail=detail, diff="", match=None)
    return _moved(checked, place, sources.get(str(place)))
