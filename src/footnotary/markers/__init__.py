"""Markers `^[1]` in the text, and the blocks they point to. Pure: text in, text out."""

from footnotary.markers.closing import Closing, ResearchContext, Sources, closing_of
from footnotary.markers.entries import SourceEntry
from footnotary.markers.numbering import synced, with_successors
from footnotary.markers.outside import (
    bound,
    find_doubled,
    keys_named,
    markers_outside,
    without_doubled,
)
from footnotary.markers.spans import escaped, escaped_url, unescaped
from footnotary.markers.structure import (
    ANY_MARKER,
    MARKER,
    Block,
    Marker,
    blocks_of,
    markers_of,
)

__all__ = [
    "ANY_MARKER",
    "MARKER",
    "Block",
    "Closing",
    "Marker",
    "ResearchContext",
    "SourceEntry",
    "Sources",
    "blocks_of",
    "bound",
    "closing_of",
    "escaped",
    "escaped_url",
    "find_doubled",
    "keys_named",
    "markers_of",
    "markers_outside",
    "synced",
    "unescaped",
    "with_successors",
    "without_doubled",
]
