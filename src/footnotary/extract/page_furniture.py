"""Running heads and page numbers of printed pages: they interrupt sentences, and say nothing.

RFCs have their own (`rfc`); here are the pages of a PDF.
"""

import re
from collections import Counter
from collections.abc import Iterator

_EDGE = 2  # lines at the top and at the bottom of a page
_FEWEST = 3  # pages: fewer prove nothing
_SHARE = 0.2  # of the pages, for a line that repeats without a page number
_LONGEST = 120
_FOLIO = re.compile(r"^\W*(\d{1,4})\b|\b(\d{1,4})\W*$")
_NUMBERS = re.compile(r"\d+")
_ROMAN = re.compile(r"[ivxlc]{1,7}")


def without_furniture(texts: list[str]) -> list[str]:
    """Return the texts of pages without their running heads, feet and page numbers.

    A line at a page's edge goes if it begins or ends with the page's number, as counted from
    the others, or repeats on a fifth of the pages.

    Args:
        texts: One text a page.
    """
    pages = [text.split("\n") for text in texts]
    offset = _offset_of(pages)
    repeated = _repeated(pages)
    return [
        "\n".join(_without_edges(lines, number, offset, repeated))
        for number, lines in enumerate(pages)
    ]


def _without_edges(
    lines: list[str], number: int, offset: int | None, repeated: frozenset[str]
) -> Iterator[str]:
    """Yield the lines of a page but for those at its edges that are furniture."""
    edges = frozenset(_edges(lines))
    for place, line in enumerate(lines):
        if place not in edges or not _is_furniture(line, number, offset, repeated):
            yield line


def _edges(lines: list[str]) -> Iterator[int]:
    """Yield where the lines at the edges of a page stand."""
    filled = [place for place, line in enumerate(lines) if line.strip()]
    yield from dict.fromkeys((*filled[:_EDGE], *filled[-_EDGE:]))


def _offset_of(pages: list[list[str]]) -> int | None:
    """Return the first page's number, if most pages are numbered."""
    votes: Counter[int] = Counter()
    for number, lines in enumerate(pages):
        found = {value - number for place in _edges(lines) for value in _folios(lines[place])}
        votes.update(found)
    most = votes.most_common(1)
    return most[0][0] if most and most[0][1] >= max(_FEWEST, len(pages) / 3) else None


def _folios(line: str) -> set[int]:
    """Return the numbers that a line begins and ends with."""
    if len(line) > _LONGEST:
        return set()
    return {int(value) for found in _FOLIO.findall(line.strip()) for value in found if value}


def _repeated(pages: list[list[str]]) -> frozenset[str]:
    """Return the lines, but for their numbers, that stand at the edges of many pages."""
    counts = Counter(
        key for lines in pages for key in {_key(lines[place]) for place in _edges(lines)}
    )
    least = max(_FEWEST, len(pages) * _SHARE)
    return frozenset(key for key, count in counts.items() if key and count >= least)


def _key(line: str) -> str:
    """Return what is compared of a line: its words, with any number for a number."""
    return _NUMBERS.sub("#", " ".join(line.split())) if len(line) <= _LONGEST else ""


def _is_furniture(line: str, number: int, offset: int | None, repeated: frozenset[str]) -> bool:
    """Return whether a line at the edge of a page is no part of its text."""
    if offset is not None and number + offset in _folios(line):
        return True
    if _ROMAN.fullmatch(line.strip()) and offset is not None:
        return True  # the numbers of the front matter
    return _key(line) in repeated
