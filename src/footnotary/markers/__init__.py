"""Markers `^[1]` in the text, and the blocks they point to. Pure: text in, text out."""

from footnotary.markers.closing import Closing, ResearchContext, Sources, closing_of
from footnotary.markers.doubled import find_doubled, without_doubled
from footnotary.markers.entries import SourceEntry
from footnotary.markers.numbering import bound, keys_named, synced, with_successors
from footnotary.markers.spans import escaped, escaped_url, unescaped
from footnotary.markers.structure import MARKER, Block, Marker, blocks_of, markers_of

__all__ = [
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
    "synced",
    "unescaped",
    "with_successors",
    "without_doubled",
]
