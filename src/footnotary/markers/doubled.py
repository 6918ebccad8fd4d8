"""Markers of one citation that follow each other: `^[1]^[1]`, `^[1] ^[1]`, `^[1,1]`.

Nothing but spaces and punctuation is between them, in one paragraph, heading or cell: the
second one says what the first has said.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from footnotary.markers.closing import Closing
from footnotary.markers.structure import Block, Marker

_TEXT = ("paragraph", "heading", "cell")
_NOTHING = re.compile(r"<!--.*?-->|&(?:nbsp|ensp|emsp|thinsp);", re.DOTALL)


@dataclass(frozen=True)
class Doubled:
    """A marker that repeats what is before it.

    Attributes:
        marker: The marker.
        repeated: Its labels that repeat.
        kept: Its labels that do not.
        begin: Offset behind the marker before it; its own offset for the first of a run.
    """

    marker: Marker
    repeated: tuple[str, ...]
    kept: tuple[str, ...]
    begin: int


def find_doubled(
    markdown: str, markers: Sequence[Marker], blocks: Sequence[Block], closing: Closing
) -> Iterator[Doubled]:
    """Yield the markers that repeat a citation of their run."""
    places = sorted((block.first, block.column) for block in blocks if block.kind in _TEXT)
    entries = closing.sources.entries if closing.sources else ()
    keys = {str(entry.number): entry.key for entry in entries if entry.key}
    seen: set[str] = set()
    end, before = -1, -1
    for marker in markers:
        block = bisect_right(places, (marker.line, marker.column))
        is_behind = block == before and _is_joint(markdown[end : marker.offset])
        seen = seen if is_behind else set()
        kept: list[str] = []
        repeated: list[str] = []
        for label in marker.labels:
            identity = keys.get(label, label)
            (repeated if identity in seen else kept).append(label)
            seen.add(identity)
        if repeated:
            begin = end if is_behind else marker.offset
            yield Doubled(marker, tuple(repeated), tuple(kept), begin)
        end, before = marker.end, block


def without_doubled(
    markdown: str, markers: Sequence[Marker], blocks: Sequence[Block], closing: Closing
) -> str:
    """Return a document without the labels that repeat, and without markers that have no others."""
    parts: list[str] = []
    at = 0
    for doubled in find_doubled(markdown, markers, blocks, closing):
        marker = doubled.marker
        begin, behind = marker.offset, marker.end
        gap = markdown[doubled.begin : begin]
        if not doubled.kept and gap.isspace() and not set("\r\n") & set(gap):
            begin = doubled.begin
        elif not doubled.kept and gap[-1:].isspace() and markdown[behind : behind + 1] == " ":
            behind += 1
        written = f"^[{','.join(doubled.kept)}]" if doubled.kept else ""
        parts += [markdown[at:begin], written]
        at = behind
    return "".join([*parts, markdown[at:]])


def _is_joint(gap: str) -> bool:
    """Return whether what is between two markers says nothing: spaces and punctuation."""
    shown = _NOTHING.sub(" ", gap)
    return all(
        sign.isspace() or sign == ">" or unicodedata.category(sign).startswith("P")
        for sign in shown
    )
