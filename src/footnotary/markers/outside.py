"""The markers of a document's own text: what they name, and which of them repeat others."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from footnotary.markers.closing import Closing
from footnotary.markers.entries import SourceEntry
from footnotary.markers.structure import (
    DEFINITION,
    FORMS,
    Block,
    Marker,
    blocks_of,
    lines_of,
    markers_of,
    write_marker,
)
from footnotary.models import Citation

_TEXT = ("paragraph", "heading", "cell")
_NOTHING = re.compile(r"<!--.*?-->|&(?:nbsp|ensp|emsp|thinsp);", re.DOTALL)


def markers_outside(markdown: str, closing: Closing) -> tuple[Marker, ...]:
    """Return the markers of a document's own text.

    A footnote that is defined outside of the Sources block is its author's, and so is one with
    a number where the entries of that block are no footnotes.

    Args:
        markdown: The document.
        closing: Its closing blocks.
    """
    found = [one for one in markers_of(markdown) if not closing.covers(one.line)]
    if all(one.form == FORMS[0] for one in found):
        return tuple(found)
    own = notes_defined(markdown, closing)
    has_notes = any(one.form != FORMS[0] for one in entries_by_number(closing).values())
    return tuple(
        one
        for one in found
        if one.form == FORMS[0]
        or (one.labels[0] not in own and (has_notes or not one.labels[0].isdigit()))
    )


def notes_numbered(markdown: str, closing: Closing) -> set[int]:
    """Return the numbers of the footnotes that are their author's, defined or not."""
    if "[^" not in markdown:
        return set()
    ours = {one.offset for one in markers_outside(markdown, closing)}
    labels = notes_defined(markdown, closing) | {
        one.labels[0]
        for one in markers_of(markdown)
        if one.form != FORMS[0] and one.offset not in ours and not closing.covers(one.line)
    }
    return {int(label) for label in labels if label.isdigit()}


def notes_defined(markdown: str, closing: Closing) -> set[str]:
    """Return the labels of the footnotes that the author of a document defined."""
    if "[^" not in markdown:
        return set()
    code = {
        line
        for block in blocks_of(markdown)
        if block.kind == "code"
        for line in range(block.first, block.last + 1)
    }
    return {
        found[1]
        for number, line in enumerate(lines_of(markdown), 1)
        if (found := DEFINITION.match(line.text)) and number not in code
        if not closing.covers(number)
    }


def bound(
    markers: Sequence[Marker], closing: Closing, citations: Mapping[str, Citation]
) -> dict[Marker, tuple[str, ...]]:
    """Return the citation keys that each marker stands for.

    Args:
        markers: Markers of the text, without those in the closing blocks.
        closing: The document's closing blocks.
        citations: The records by key.

    Returns:
        One key a label: of the record, or of the entry that names one; an empty string
        where the label stands for no record.
    """
    return {
        marker: tuple(key if key in citations else "" for key in keys)
        for marker, keys in keys_named(markers, closing).items()
    }


def keys_named(markers: Sequence[Marker], closing: Closing) -> dict[Marker, tuple[str, ...]]:
    """Return the keys that each marker names, of records that are there or not.

    Args:
        markers: Markers of the text, without those in the closing blocks.
        closing: The document's closing blocks.

    Returns:
        One key a label; an empty string for a number that has no entry with a key.
    """
    numbered = {number: entry.key for number, entry in entries_by_number(closing).items()}
    return {
        marker: tuple(
            numbered.get(int(label), "") if label.isdigit() else label for label in marker.labels
        )
        for marker in markers
    }


def entries_by_number(closing: Closing) -> dict[int, SourceEntry]:
    """Return the entries of the Sources block by number."""
    return {entry.number: entry for entry in closing.sources.entries} if closing.sources else {}


@dataclass(frozen=True)
class Doubled:
    """A marker that repeats what is before it: `^[1]^[1]`, `^[1] ^[1]`, `^[1,1]`.

    Nothing but spaces and punctuation is between them, in one paragraph, heading or cell.

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
        written = write_marker(doubled.kept, marker.form) if doubled.kept else ""
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
