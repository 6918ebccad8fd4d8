"""The nearest passage and what differs, in words. For showing only, never for accepting."""

import re
from bisect import bisect_right
from difflib import SequenceMatcher

from footnotary.deadline import check_deadline
from footnotary.match.normalization import normal_text, normalize
from footnotary.models import Page

_FLOOR = 50.0  # per cent alike, below which nothing is worth showing
# A number or a word with the space before it, or one sign: `24`, ` hours`, `>=`.
_TOKEN = re.compile(r"\s*(?:\d+(?:[.,]\d+)*|[^\W\d]+(?:['’-]\w+)*|\w+|[^\w\s]+)")
MOST_DIFFERENCES = 6
_ROOM = 60  # characters on either side of an end that may be too early or too late
_TRIED = 9  # ends that are tried
_ALIGNED = 1_000  # characters by which the place of a long quote is found
_COMPARED = 200  # words that are compared, from the first that differs


def nearest(quote: str, text: str) -> tuple[int, int] | None:
    """Return where the passage most like a quote is in a text, or None.

    Args:
        quote: The quote.
        text: The page's text.
    """
    from rapidfuzz.fuzz import partial_ratio_alignment

    page = normal_text(text)
    needle = normalize(quote)
    if not needle or not page.text:
        return None
    check_deadline()
    found = partial_ratio_alignment(needle[:_ALIGNED], page.text, score_cutoff=_FLOOR)
    if found is None or found.dest_end <= found.dest_start:
        return None
    stop = min(found.dest_end + max(0, len(needle) - _ALIGNED), len(page.text))
    start, end = _fitted(needle, page.text, found.dest_start, stop)
    if needle[-1].isalnum():
        end = start + len(page.text[start:end].rstrip(".,:;!?"))
    return page.raw_span(start, max(end, start + 1))


def _fitted(needle: str, text: str, start: int, end: int) -> tuple[int, int]:
    """Return the whole words at a stretch that are most like a quote.

    An alignment is as long as the quote: where the page has a word more, it lacks one at an end.
    """
    from rapidfuzz.fuzz import ratio

    left = text.rfind(" ", 0, start + 1) + 1
    right = text.find(" ", max(end - 1, left))
    right = len(text) if right < 0 else max(right, left + 1)
    if len(needle) > _ALIGNED:
        return left, right
    begins = [*_borders(text, left, -1), *([0] if left < _ROOM else [])]
    finishes = [*_borders(text, right, 1), *([len(text)] if right + _ROOM > len(text) else [])]
    return max(
        ((begin, finish) for begin in begins for finish in finishes if begin < finish),
        key=lambda span: (ratio(needle, text[slice(*span)]), span[0] - span[1]),
        default=(left, right),
    )


def _borders(text: str, at: int, outwards: int) -> list[int]:
    """Return where words begin (outwards -1) or end (1) at such a place or near it."""
    low, high = max(0, at - _ROOM), min(len(text), at + _ROOM)
    spaces = [place for place in range(low, high) if text[place] == " "]
    places = [place + 1 for place in spaces] if outwards < 0 else spaces
    return sorted({at, *places}, key=lambda place: abs(place - at))[:_TRIED]


def _unlike(left: list[str], right: list[str]) -> tuple[list[str], list[str]]:
    """Return two lists of words, of long ones a stretch from where they differ.

    Comparing takes the cube of the length where words repeat.
    """
    if max(len(left), len(right)) <= _COMPARED:
        return left, right
    pairs = enumerate(zip(left, right, strict=False))
    alike = next((at for at, (one, other) in pairs if one != other), min(len(left), len(right)))
    begin = max(0, alike - 1)
    return left[begin : begin + _COMPARED], right[begin : begin + _COMPARED]


def describe_edits(quote: str, passage: str) -> tuple[str, ...]:
    """Return what differs between a quote and a passage, in words a person understands.

    Args:
        quote: The quote.
        passage: The page's words.
    """
    left, right = _unlike(_TOKEN.findall(normalize(quote)), _TOKEN.findall(normalize(passage)))
    found = []
    for kind, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        ours, theirs = "".join(left[a:b]).strip(), "".join(right[c:d]).strip()
        if kind == "replace":
            found.append(f'quote has "{ours}", page has "{theirs}"')
        elif kind == "delete":
            found.append(f'quote has "{ours}", page lacks it')
        elif kind == "insert":
            found.append(f'page has "{theirs}", quote lacks it')
    return tuple(found[:MOST_DIFFERENCES])


PASSAGE = 600
# A stretch that is the only one of its words has 32 characters on either side: no other has.
ALONE = 32
SIZES = (16, 64, 128, 256, 512, 1_000)


def section_at(page: Page, offset: int) -> str:
    """Return the heading above an offset, or nothing.

    Args:
        page: The page.
        offset: Offset in its text.
    """
    index = bisect_right([heading.offset for heading in page.headings], offset) - 1
    return page.headings[index].text if index >= 0 else ""


def passage_around(text: str, start: int, end: int) -> str:
    """Return some 600 characters around a stretch, cut between words.

    Args:
        text: The page's text.
        start: Where the stretch begins.
        end: Where it ends.
    """
    room = max(80, (PASSAGE - (end - start)) // 2)
    left, right = max(0, start - room), min(len(text), end + room)
    if left:
        left += max(0, text[left:start].find(" ") + 1)
    if right < len(text):
        cut = text[end:right].rfind(" ")
        right = end + cut if cut > 0 else right
    return text[left:right].strip()


def grown(text: str, start: int, end: int) -> tuple[str, str]:
    """Return the words before and behind a stretch, grown until they make it unique.

    Args:
        text: The page's text.
        start: Where the stretch begins.
        end: Where it ends.
    """
    size = SIZES[0]
    for size in SIZES:
        left, right = max(0, start - size), min(len(text), end + size)
        around = text[left:right]
        if text.find(around, text.find(around) + 1) < 0:
            break
    return text[max(0, start - size) : start], text[end : end + size]
