"""Cited lines of the project's own files, followed where git or their own words lead.

Git knows which lines stand in the place of the cited ones: where these say something else, the
cited ones have changed, whatever is elsewhere in the file. Where nothing is in their place,
or git does not know (no repository, a shallow clone, a file that was cited before it was
committed), the words themselves are looked for: if they are in the file once, it is they.

How deep lines are indented says what they belong to: in Python and YAML other depths are a change
(The Python Language Reference, 2.1.8; YAML 1.2.2, 6.1), in other files they are told as a move.
"""

import ast
import contextlib
import hashlib
import textwrap
from dataclasses import replace

from footnotary.checking.outcomes import Checked, ReadingOutcome, word_diff
from footnotary.counting import counted
from footnotary.errors import FetchError
from footnotary.extract import extract
from footnotary.extract.plain import text_page
from footnotary.fetch.repositories import Address, ProjectSources, lines_at
from footnotary.match import match_quote
from footnotary.match.matching import Match, Outcome
from footnotary.match.near import ALONE, SIZES
from footnotary.models import Page, Response

_DEPTH_COUNTS = (".py", ".pyi", ".pyx", ".yml", ".yaml")


def judge_lines(checked: Checked, sources: ProjectSources) -> Checked:
    """Return what became of cited lines: of their words first, then of how deep they stand."""
    if checked.holds and not _other_depth(checked):
        return checked
    followed = follow_lines(checked, sources)
    if checked.holds and not followed.holds:
        followed = checked
    differs = _other_depth(followed) if followed.holds else ""
    if not differs or followed.response is None:
        return followed
    if not _path(followed).endswith(_DEPTH_COUNTS):
        where = f"{followed.detail}, " if followed.has_moved else "now "
        return replace(followed, reading=ReadingOutcome.MOVED, detail=f"{where}{differs}")
    page = followed.page or extract(followed.response)
    hit = match_quote(followed.citation.quote.exact, page, recorded=True)
    detail = f"the same words are {differs}"
    return replace(
        followed, reading=ReadingOutcome.CHANGED, detail=detail, page=page, match=hit, diff=""
    )


def _other_depth(checked: Checked) -> str:
    """Return how the lines of a quote that holds are indented otherwise; empty where they are not.

    It is not known of a quote so far behind in its line that the record lacks the beginning.
    """
    quote, response = checked.citation.quote, checked.response
    recorded = checked.citation.evidence.body_sha256
    if response is None or hashlib.sha256(response.body).hexdigest() == recorded:
        return ""
    page = checked.page or extract(response)
    hit = match_quote(quote.exact, page, recorded=True)
    if not hit.found or ("\n" not in quote.prefix and len(quote.prefix) in (ALONE, *SIZES)):
        return ""
    lines = [each.rpartition("\n")[2] for each in (quote.prefix, page.text[: hit.start])]
    is_kept = _path(checked).endswith(_DEPTH_COUNTS)
    if not is_kept and "".join(lines).strip():
        return ""  # prose that is wrapped otherwise
    before, now = map(_margin, lines)
    if before != now:
        return f"indented by {_columns(now)} in the place of {_columns(before)}"
    texts = {
        str(_structure(f"{before}{words}", _path(checked))) for words in (quote.exact, hit.exact)
    }
    return "indented otherwise below the first line" if is_kept and len(texts) > 1 else ""


def _path(checked: Checked) -> str:
    """Return the file that a result is about, in lower case."""
    return checked.final_url.partition(":")[0].lower()


def _margin(line: str) -> str:
    """Return the white space that begins a line."""
    return line[: len(line) - len(line.lstrip())]


def _columns(margin: str) -> str:
    """Return how wide a margin is, in words."""
    kind = "tab" if set(margin) == {"\t"} else "column"
    return counted(len(margin), kind)


def _structure(text: str, path: str) -> str | list[str]:
    """Return what the indentation of lines makes of them: as Python, else as it is written."""
    plain = textwrap.dedent(text)
    with contextlib.suppress(SyntaxError, ValueError, RecursionError, MemoryError):
        if not path.endswith((".yml", ".yaml")):
            return ast.dump(ast.parse(plain))
    return [_margin(line) for line in plain.split("\n") if line.strip()]


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
