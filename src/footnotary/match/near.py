"""Differences that are named and shown, and refused all the same: docs/matching.md, "near".

And, of what differs otherwise, the nearest passage; for showing only, never for accepting.
"""

import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import islice, product

from footnotary.deadline import check_deadline
from footnotary.match.boundaries import cuts_token, stretches, whole
from footnotary.match.normalization import NormalText, normal_text, normalize
from footnotary.models import Page


@dataclass(frozen=True)
class Near:
    """A passage that differs from the quote in one kind of thing only."""

    start: int
    end: int
    reason: str


_LINK = re.compile(r"!?\[([^\[\]]*)\]\((?:[^()\s]|\([^()\s]*\))*(?:\s+\"[^\"]*\")?\)")
_REFERENCE = re.compile(r"!?\[([^\[\]]+)\]\[[^\[\]]*\]")
_EMPHASIS = re.compile(r"(\*\*|__|~~|\*|(?<!\w)_(?=\S)|(?<=\S)_(?!\w))")
_LINE_START = re.compile(r"^[ \t]*(?:#{1,6}\s+|>\s?|[-*+]\s+|\d+[.)]\s+)", re.MULTILINE)
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|<>~])")
_ELLIPSIS = re.compile(r"\[\s*(?:\u2026|\.\.\.)\s*\]|\(\s*(?:\u2026|\.\.\.)\s*\)|\u2026|\.{3,}")
_BROKEN_WORD = re.compile(r"(?<=\w)-[ \t]*\n\s*(?=\w)")
# Of normal forms, where a space is one character: a search that may begin with many is slow.
_REFMARK = re.compile(r" ?\[ ?(?:\d{1,3}|[a-z]|note \d+|citation needed) ?\]")
# What an interpreter or a shell asks with; browsers leave them out of what is copied.
# All of it begins with one of some signs, for which it is searched fast.
_PROMPT = re.compile(
    r"[>.$#%IO](?:(?<=>)>>(?<!\S>>>)|(?<=\.)\.\.(?<!\S\.\.\.)|(?<=[$#%])(?<!\S[$#%])"
    r"|(?:(?<=I)n|(?<=O)ut) ?\[\d+\]:)(?: |\Z)"
)
MAXIMUM_GAP = 400
_MOST_BREAKS = 5  # of words in a quote; each doubles what is tried
_PART = 4  # characters that a part beside an ellipsis must have
_MOST_PARTS = 20
_MOST_COMPARED = 20_000_000  # characters of needles that stand inside of tokens
_MOST_BEGINNINGS = 1_000  # of what has the first part in many places


def near_kind(quote: str, text: str) -> Near | None:
    """Return the passage that differs in one named kind only, or None."""
    page = normal_text(text)
    for reason, search in _KINDS:
        check_deadline()
        span = search(quote, page)
        if span is None:
            continue
        start, end = page.raw_span(*span)
        if not cuts_token(page.raw, start, end):
            return Near(start, end, reason)
    return None


def _first(needle: str, haystack: str) -> tuple[int, int] | None:
    """Return the first stretch between token boundaries."""
    return next(stretches(needle, haystack), None)


def _by_case(quote: str, page: NormalText) -> tuple[int, int] | None:
    """Letter case differs."""
    is_alike = len(page.lowered) == len(page.text)
    return _first(normalize(quote).lower(), page.lowered) if is_alike else None


def without_markup(quote: str) -> str:
    """Return a quote without Markdown's marks."""
    plain = _LINK.sub(r"\1", _LINE_START.sub("", quote))
    plain = _REFERENCE.sub(r"\1", plain)
    return _ESCAPE.sub(r"\1", _EMPHASIS.sub("", plain.replace("`", "")))


def _by_markup(quote: str, page: NormalText) -> tuple[int, int] | None:
    """The quote has Markdown marks that the page's text has not."""
    plain = normalize(without_markup(quote))
    lighter = normalize(quote.replace("`", ""))
    return _first(lighter, page.text) or _first(plain, page.text)


def _by_ellipsis(quote: str, page: NormalText) -> tuple[int, int] | None:
    """The quote leaves words out and says so; its parts are in order, close together."""
    parts = [normalize(part) for part in _ELLIPSIS.split(quote)]
    parts = [part for part in parts if part]
    if not 1 < len(parts) <= _MOST_PARTS or min(map(len, parts)) < _PART:
        return None
    for start, end in islice(stretches(parts[0], page.text), _MOST_BEGINNINGS):
        if last := _chained(parts, page.text, end):
            return start, last
    return None


def _chained(parts: list[str], text: str, end: int) -> int:
    """Return where the last part ends if all follow the first one within bounds, or 0."""
    for part in parts[1:]:
        following = _first(part, text[end : end + MAXIMUM_GAP + len(part)])
        if following is None:
            return 0
        end += following[1]
    return end


def _by_hyphenation(quote: str, page: NormalText) -> tuple[int, int] | None:
    """The quote breaks a word at the end of a line, as print does."""
    pieces = _BROKEN_WORD.split(quote)
    breaks = len(pieces) - 1
    # A hyphen at a break may be the word's own: `self-` line break `explanatory`.
    for hyphens in product(("", "-"), repeat=breaks) if 0 < breaks <= _MOST_BREAKS else ():
        joined = "".join(map("".join, zip(pieces, (*hyphens, ""), strict=True)))
        if found := _first(normalize(joined), page.text):
            return found
    return None


def _by_pattern(
    dropped: re.Pattern[str], signs: str
) -> Callable[[str, NormalText], tuple[int, int] | None]:
    """Return a search that leaves out of both sides what a pattern finds, by one of its signs."""

    def search(quote: str, page: NormalText) -> tuple[int, int] | None:
        needle = dropped.sub("", normalize(quote))
        bare = page.without(dropped, signs)
        if not needle or needle not in bare:
            return None
        return _in_pieces(needle, bare, page.text, dropped)

    return search


def _in_pieces(
    needle: str, bare: str, text: str, dropped: re.Pattern[str]
) -> tuple[int, int] | None:
    """Return where a needle is in a text without what was dropped, in offsets of the text."""
    starts, gone = [0], [0]  # where the pieces begin in what is left, and what was dropped by then
    for found in dropped.finditer(text):
        starts.append(found.start() - gone[-1])
        gone.append(gone[-1] + len(found[0]))

    def back(offset: int) -> int:
        return offset + gone[bisect_right(starts, offset) - 1]

    compared, at = 0, bare.find(needle)
    while at >= 0 and compared <= _MOST_COMPARED:
        start, end = back(at), back(at + len(needle) - 1) + 1
        if whole(text, start, end):
            return start, end
        compared += len(needle)
        at = bare.find(needle, at + 1)
    return None


_WORD_START = re.compile(r"(?:[^\W\d_]|[-'](?=[^\W\d_]))+")
_WORD_END = re.compile(r"[^\W\d_](?:[^\W\d_]|[-'](?=[^\W\d_]))*[-']?$")


def _by_cut(quote: str, page: NormalText) -> tuple[int, int] | None:
    """The quote begins or ends inside a word; a number cut short is another number."""
    needle = normalize(quote)
    start = page.text.find(needle)
    if start < 0:
        return None
    end = start + len(needle)
    before = _WORD_END.search(page.text[max(0, start - 80) : start])
    behind = _WORD_START.match(page.text, end)
    left = start - len(before[0]) if before and _inside_word(page.text, start) else start
    right = behind.end() if behind and _inside_word(page.text, end) else end
    widened = (left, right) != (start, end)
    return (left, right) if widened and whole(page.bounds, left, right) else None


def _inside_word(text: str, at: int) -> bool:
    """Return whether an offset is inside a word of letters, or beside its hyphen or apostrophe."""
    pair = text[at - 1 : at + 1]
    return pair.isalpha() or (("-" in pair or "'" in pair) and " " not in pair)


_KINDS: tuple[tuple[str, Callable[[str, NormalText], tuple[int, int] | None]], ...] = (
    ("cut", _by_cut),
    ("case", _by_case),
    ("markup", _by_markup),
    ("ellipsis", _by_ellipsis),
    ("hyphenation", _by_hyphenation),
    ("reference marks", _by_pattern(_REFMARK, "[")),
    ("prompts", _by_pattern(_PROMPT, ">.$#%[")),
    ("spacing", _by_pattern(re.compile(" "), " ")),
)


_FLOOR = 50.0  # per cent alike, below which nothing is worth showing
# A number or a word with the space before it, or one sign: `24`, ` hours`, `>=`.
_TOKEN = re.compile(r"\s*(?:\d+(?:[.,]\d+)*|[^\W\d]+(?:['’-]\w+)*|\w+|[^\w\s]+)")
MOST_DIFFERENCES = 6
_ROOM = 60  # characters on either side of an end that may be too early or too late
_TRIED = 9  # ends that are tried
_ALIGNED = 1_000  # characters by which the place of a long quote is found
_COMPARED = 200  # words that are compared, from the first that differs


def nearest(quote: str, text: str) -> tuple[int, int] | None:
    """Return where the passage most like a quote is in a text, or None."""
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
    """Return what differs between a quote and a passage, in words a person understands."""
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
    """Return the heading above an offset, or nothing."""
    index = bisect_right([heading.offset for heading in page.headings], offset) - 1
    return page.headings[index].text if index >= 0 else ""


def passage_around(text: str, start: int, end: int) -> str:
    """Return some 600 characters around a stretch, cut between words."""
    room = max(80, (PASSAGE - (end - start)) // 2)
    left, right = max(0, start - room), min(len(text), end + room)
    if left:
        left += max(0, text[left:start].find(" ") + 1)
    if right < len(text):
        cut = text[end:right].rfind(" ")
        right = end + cut if cut > 0 else right
    return text[left:right].strip()


def grown(text: str, start: int, end: int) -> tuple[str, str]:
    """Return the words before and behind a stretch, grown until they make it unique."""
    size = SIZES[0]
    for size in SIZES:
        left, right = max(0, start - size), min(len(text), end + size)
        around = text[left:right]
        if text.find(around, text.find(around) + 1) < 0:
            break
    return text[max(0, start - size) : start], text[end : end + size]
