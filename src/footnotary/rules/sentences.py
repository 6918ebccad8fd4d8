"""The sentences of a document's prose, with the markers they carry."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from footnotary.markers import Block, Marker
from footnotary.markers.plain import unescaped
from footnotary.markers.structure import Line

_MARKER = r"\^\[[^\]\n]*\](?:\[[^\]\n]*\])*"
_END = re.compile(rf"(?:[.!?…]+[\"”’)\]*_]*|[:])(?:\s*{_MARKER})*(?=\s|$)")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|cf|approx|resp|incl|fig|no|vol|ca|dr|mr|mrs|ms|prof|st|inc|ltd|al)"
    r"|\b[A-Z]|^\d+)\.$",
    re.IGNORECASE,
)
_CODE = re.compile(r"(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
_IMAGE = re.compile(r"!\[([^\]]*)\]\([^)]*\)")
_LINK = re.compile(r"\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])")
_TAG = re.compile(r"<!--.*?-->|</?[A-Za-z][^<>]*>", re.DOTALL)
_EMPHASIS = re.compile(
    r"(?<![\w*])\*{1,3}(?=\S)|(?<=\S)\*{1,3}(?![\w*])|(?<!\w)_{1,3}(?=\S)|(?<=\S)_{1,3}(?!\w)"
)


@dataclass(frozen=True)
class Sentence:
    """One sentence of prose.

    Attributes:
        text: Its words without markup; code as written, without backticks.
        claim: The same with each code span as `·`, for rules about words.
        source: Its Markdown.
        line: Line on which it begins.
        column: Column at which it begins.
        markers: Markers it carries.
        covered: Whether a marker covers it: its own, its heading's, its row's, or that of
            the line that introduces its list.
        quoted: Whether it stands in a block quotation.
        kind: Kind of its block.
    """

    text: str
    claim: str
    source: str
    line: int
    column: int
    markers: tuple[Marker, ...]
    covered: bool
    quoted: bool
    kind: str


def sentences_of(
    blocks: Sequence[Block], lines: Sequence[Line], markers: Sequence[Marker]
) -> tuple[Sentence, ...]:
    """Return the sentences of paragraphs, headings and cells.

    Args:
        blocks: The blocks of prose in order.
        lines: The lines of the document.
        markers: The markers of the document in order.
    """
    offsets = [marker.offset for marker in markers]
    found: list[Sentence] = []
    section: list[int] = []  # levels of the headings above that carry a marker
    introduced = False
    cited_rows = {marker.line for marker in markers}
    for block in blocks:
        if block.kind == "heading":
            level = int(block.info[1:] or 1)
            section = [above for above in section if above < level]
        if block.kind in ("code", "html", "long"):
            continue
        if "list" not in block.containers and block.kind != "heading":
            introduced = False
        whole = introduced and "list" in block.containers
        covered = bool(section) or whole or (block.kind == "cell" and block.first in cited_rows)
        own = list(_of_block(block, lines, markers, offsets, covered=covered))
        found.extend(own)
        marked = any(sentence.markers for sentence in own)
        if block.kind == "heading" and marked:
            section.append(int(block.info[1:] or 1))
        if "list" not in block.containers:
            introduced = marked and block.content.rstrip().endswith(":")
    return tuple(found)


def split(content: str) -> Iterator[tuple[int, str]]:
    """Yield the sentences of one block's Markdown, each with its offset.

    Args:
        content: Markdown of a paragraph, heading or cell.
    """
    hidden = _CODE.sub(lambda code: "·" * len(code[0]), content)
    start = 0
    for end in _END.finditer(hidden):
        head = hidden[start : end.end()]
        if _ABBREVIATION.search(re.sub(_MARKER, "", head).rstrip()) and "^[" not in end[0]:
            continue
        if not _begins_sentence(hidden[end.end() :]):
            continue
        yield from _trimmed(content, start, end.end())
        start = end.end()
    yield from _trimmed(content, start, len(content))


def plain(markdown: str, *, code: bool = True) -> str:
    """Return the words of a sentence without markup and markers.

    Args:
        markdown: Its Markdown.
        code: Keep the words of code spans; otherwise each becomes `·`.
    """
    text = re.sub(_MARKER, "", markdown)
    spans: list[str] = []

    def keep(found: re.Match[str]) -> str:
        spans.append(found[2].strip() if code else "·")
        return f"\x00{len(spans) - 1}\x00"

    text = _CODE.sub(keep, text)
    text = _LINK.sub(r"\1", _IMAGE.sub(r"\1", text))
    text = _EMPHASIS.sub("", _TAG.sub("", text))
    text = re.sub("\x00(\\d+)\x00", lambda found: spans[int(found[1])], text)
    return " ".join(unescaped(text).split())


def _begins_sentence(rest: str) -> bool:
    """Return whether what follows an end can begin a sentence."""
    following = rest.lstrip()
    return not following or bool(re.match(r"[\"“‘'(*_\[`·]*[A-Z0-9·À-ÞА-ЯΑ-Ω一-鿿]", following))


def _trimmed(content: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    """Yield a stretch without the white space around it, if anything is left."""
    piece = content[start:end]
    if piece.strip():
        yield start + len(piece) - len(piece.lstrip()), piece.strip()


def _of_block(
    block: Block,
    lines: Sequence[Line],
    markers: Sequence[Marker],
    offsets: Sequence[int],
    *,
    covered: bool,
) -> Iterator[Sentence]:
    """Yield the sentences of one block with their places and markers."""
    pieces = list(split(block.content))
    places = [_place(block, lines, offset, source) for offset, source in pieces]
    starts = [lines[line - 1].offset + column - 1 for line, column in places]
    last = lines[block.last - 1]
    stop = starts[-1] + len(pieces[-1][1]) if block.kind == "cell" and pieces else 0
    ends = [*starts[1:], stop or last.offset + len(last.text) + 1]
    for (_, source), (line, column), begin, end in zip(pieces, places, starts, ends, strict=True):
        words = plain(source)
        own = tuple(markers[bisect_left(offsets, begin) : bisect_left(offsets, end)])
        yield Sentence(
            text=words,
            claim=plain(source, code=False) if "`" in source else words,
            source=source,
            line=line,
            column=column,
            markers=own,
            covered=covered or bool(own),
            quoted="blockquote" in block.containers,
            kind=block.kind,
        )


def _place(block: Block, lines: Sequence[Line], offset: int, source: str) -> tuple[int, int]:
    """Return line and column of a piece of a block's content."""
    line = block.first + block.content.count("\n", 0, offset)
    within = offset - (block.content.rfind("\n", 0, offset) + 1)
    start = max(within, block.column - 1)
    column = lines[line - 1].text.find(source.split("\n", 1)[0].rstrip(), start)
    return line, max(column, 0) + 1
