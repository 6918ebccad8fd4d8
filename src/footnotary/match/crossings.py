"""What a quote may not run across: headings, cells and rows, moved text, and the lines of code.

The words of a quote can all be on the page, in order, and say what the page does not: the value of
one row beside the name of the next, a statement under the heading of another section, a block of
Python or YAML whose lines are indented otherwise.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from footnotary.match.near import Near
from footnotary.match.normalization import normalize
from footnotary.models import Page

_AROUND = 2_000  # characters of a stretch that tell whether it is prose
_PROSE_SHARE = 0.5  # of the characters of a stretch, in lines of prose
_FEWEST_WORDS = 6  # of a line of prose
_WORD_SHARE = 0.75  # of the tokens of a line
_TAB_WIDTHS = (8, 4, 2, 1)
_WORD = re.compile(
    r"[(\[\"'\u201c\u2018]*[^\W\d_]+(?:['\u2019-][^\W\d_]+)*[.,;:!?)\]\"'\u201d\u2019]*"
)
_NAMED_VALUE = re.compile(r"\s*[-\w.\"']+\s*[:=]")
_LINE_END = re.compile(r"[\n\t]")


@dataclass(frozen=True)
class _Line:
    """A line of a quote, or of the passage that has it.

    Attributes:
        before: How many characters other than white space come before it.
        lead: What comes before its first word: white space, or the beginning of the page's line.
        kept: Which preformatted stretch it is in; -1 for none.
        text: Its words; of a page, those of the whole line.
    """

    before: int
    lead: str
    kept: int
    text: str


def find_crossing(quote: str, page: Page, start: int, end: int) -> Near | None:
    """Return what a passage runs across, with the passage that may be quoted instead, or None."""
    moved = _moved_crossed(page, start, end) if page.moved else None
    if moved or (not _LINE_END.search(page.text, start, end) and "\n" not in quote.strip()):
        return moved
    return (
        _border_crossed(page, start, end)
        or _row_crossed(page, start, end)
        or _lines_changed(quote, page, start, end)
    )


def joins_lines(quote: str, page: Page, start: int, end: int) -> bool:
    """Return whether a quote has lines of code on one line."""
    if "\n" in quote.strip():
        return False
    return any(
        page.text.find("\n", max(start, first), min(end, last)) >= 0 for first, last in page.kept
    )


def _moved_crossed(page: Page, start: int, end: int) -> Near | None:
    """Return the longer part of a passage that runs into, or out of, what is read elsewhere."""
    for border in {border for stretch in page.moved for border in stretch if start < border < end}:
        sides = page.text[start:border], page.text[border:end]
        if all(any(map(str.isalnum, side)) for side in sides):
            return _apart(page.text, start, border, end, "crosses moved text")
    return None


def _border_crossed(page: Page, start: int, end: int) -> Near | None:
    """Return the heading, caption or term that a passage runs into, or out of.

    A passage may begin with whole ones.
    """
    headings = ((one.offset, _line_end(page.text, one.offset)) for one in page.headings)
    kinds = ((headings, "crosses a heading"), (page.borders, "crosses a caption or term"))
    at = start
    for first, last, reason in sorted(
        (first, last, reason)
        for some, reason in kinds
        for first, last in some
        if first < end and max(first + 1, last) > start
    ):
        if first > start and _has_words(page.text[at:first]):
            return _apart(page.text, start, first, end, reason)
        if first <= start < last < end and _has_words(page.text[first:start]):
            return _apart(page.text, start, last, end, reason)
        if last > start:
            at = max(at, last)
    return None


def _apart(text: str, start: int, border: int, end: int, reason: str) -> Near:
    """Return the longer part of a passage on one side of a border."""
    left, right = text[start:border].rstrip(), text[border:end].lstrip()
    if len(left) >= len(right):
        return Near(start, start + len(left), reason)
    return Near(end - len(right), end, reason)


def _line_end(text: str, offset: int) -> int:
    """Return where the line or cell ends that begins at an offset."""
    found = _LINE_END.search(text, offset)
    return found.start() if found else len(text)


def _has_words(text: str) -> bool:
    """Return whether a text has letters: the number of a section is none."""
    return any(map(str.isalpha, text))


def _row_crossed(page: Page, start: int, end: int) -> Near | None:
    """Return the whole rows of which a passage has cells, or parts of cells, that are not one."""
    left, right, reason = start, end, ""
    overlapping = [row for row in page.rows if row[0] < end and start < row[1]]
    for row in sorted(overlapping, key=lambda row: row[0] - row[1]):
        first, last = _words_of(page.text, *row)
        if first >= end or last <= start or (start <= first and last <= end):
            continue
        if row[0] <= start and end <= row[1]:
            if not _has_border(page, row, start, end):
                continue
            reason = reason or "crosses cells"
        else:
            reason = "crosses a table row"
        left, right = min(left, row[0]), max(right, row[1])
    return Near(left, right, reason) if reason else None


def _words_of(text: str, start: int, end: int) -> tuple[int, int]:
    """Return where the words of a stretch begin and end, without punctuation around them."""
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and not text[end - 1].isalnum():
        end -= 1
    return start, end


def _has_border(page: Page, row: tuple[int, int], start: int, end: int) -> bool:
    """Return whether a passage inside a row has the border of two of its own cells."""
    inner = [one for one in page.rows if row[0] <= one[0] and one[1] <= row[1] and one != row]
    at = page.text.find("\t", start, end)
    while at >= 0:
        if not any(first <= at < last for first, last in (*inner, *page.kept)):
            return True
        at = page.text.find("\t", at + 1, end)
    return False


def _lines_changed(quote: str, page: Page, start: int, end: int) -> Near | None:
    """Return the passage if a quote breaks or indents the lines of its code in another way."""
    if not any(first < end and start < last for first, last in page.kept):
        return None
    quoted = list(_lines(quote.replace("\r\n", "\n")))
    shown = list(_lines_of_page(page, start, end))
    if not _same_breaks(quoted, shown, page):
        return Near(start, end, "line breaks")
    if not _same_indentation(quoted, shown):
        return Near(start, end, "indentation")
    return None


def _lines(text: str) -> Iterator[_Line]:
    """Yield the lines of a text that have words."""
    before = 0
    for line in text.split("\n"):
        words = line.lstrip()
        if words:
            yield _Line(before, line[: len(line) - len(words)], -1, words)
        before += _size(words)


def _lines_of_page(page: Page, start: int, end: int) -> Iterator[_Line]:
    """Yield the lines of a passage that have words."""
    before, at = 0, page.text.rfind("\n", 0, start) + 1
    stop = page.text.find("\n", end)
    for whole in page.text[at : stop if stop >= 0 else None].split("\n"):
        words = whole[max(0, start - at) : max(0, end - at)].strip()
        if words:
            first = max(at + len(whole) - len(whole.lstrip()), start)
            kept = _kept_at(page, first)
            line_start = max(at, page.kept[kept][0]) if kept >= 0 else at
            yield _Line(before, page.text[line_start:first], kept, whole.strip())
        before += _size(words)
        at += len(whole) + 1


def _kept_at(page: Page, offset: int) -> int:
    """Return which preformatted stretch an offset is in; -1 for none."""
    places = (index for index, (start, end) in enumerate(page.kept) if start <= offset < end)
    return next(places, -1)


def _size(words: str) -> int:
    """Return how many characters are compared of a line."""
    return len(normalize(words).replace(" ", "")) if words else 0


def _same_breaks(quoted: list[_Line], shown: list[_Line], page: Page) -> bool:
    """Return whether the lines of code end where a quote's do; prose may be broken anywhere."""
    ends = [line.before for line in quoted]
    begins = [line.before for line in shown]
    for line in quoted:
        place = shown[bisect_right(begins, line.before) - 1]
        is_inside = place.before != line.before and place.kept >= 0
        if is_inside and not _is_wrapped(place, place, page):
            return False
    for above, line in pairwise(shown):
        if line.kept < 0 or line.kept != above.kept or line.before in ends:
            continue
        if not _is_joined(line.kept, ends, shown) and not _is_wrapped(above, line, page):
            return False
    return True


def _is_joined(kept: int, ends: list[int], shown: list[_Line]) -> bool:
    """Return whether a quote has all lines of a stretch on one: it says nothing of lines."""
    inside = [line.before for line in shown if line.kept == kept]
    return not any(before in ends for before in inside[1:])


def _is_wrapped(above: _Line, line: _Line, page: Page) -> bool:
    """Return whether a line goes on the sentence of the one above: prose that is preformatted."""
    if not (_is_prose(above.text) and _is_wordy(line.text)):
        return False
    first, last = page.kept[line.kept]
    return _reads_as_prose(page.text[first : min(last, first + _AROUND)])


@lru_cache(maxsize=64)
def _reads_as_prose(text: str) -> bool:
    """Return whether half of a preformatted text is in lines of sentences."""
    lines = text.split("\n")
    prose = sum(len(one) for one in lines if _is_prose(one))
    return prose >= _PROSE_SHARE * sum(map(len, lines))


def _is_prose(line: str) -> bool:
    """Return whether a line is words of a sentence."""
    return len(line.split()) >= _FEWEST_WORDS and _is_wordy(line)


def _is_wordy(line: str) -> bool:
    """Return whether most of a line is words, and it names no value as settings do."""
    tokens = line.split()
    words = sum(_WORD.fullmatch(token) is not None for token in tokens)
    return words >= _WORD_SHARE * len(tokens) and not _NAMED_VALUE.match(line)


def _same_indentation(quoted: list[_Line], shown: list[_Line]) -> bool:
    """Return whether lines are indented relative to each other as on the page."""
    leads = {line.before: line.lead for line in quoted}
    for kept in {line.kept for line in shown} - {-1}:
        pairs = [
            (line.lead, leads[line.before])
            for line in shown
            if line.kept == kept and line.before in leads
        ]
        begins = bool(pairs) and shown[0].kept == kept
        if not any(_is_shifted(pairs, width, begins=begins) for width in _TAB_WIDTHS):
            return False
    return True


def _is_shifted(pairs: list[tuple[str, str]], width: int, *, begins: bool) -> bool:
    """Return whether all lines are moved alike; the first one may lack its indentation alone."""
    moved = [
        (len(shown.expandtabs(width)), len(quoted.expandtabs(width))) for shown, quoted in pairs
    ]
    if len({shown - quoted for shown, quoted in moved}) < 2:  # noqa: PLR2004  all of them alike
        return True
    return begins and moved[0][1] == 0 and all(shown == quoted for shown, quoted in moved[1:])
