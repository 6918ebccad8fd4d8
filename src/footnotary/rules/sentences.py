"""The sentences of a document's prose, with the markers they carry."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from footnotary.markers import Block, Marker
from footnotary.markers.plain import unescaped
from footnotary.markers.spans import Span, blanked, code_spans, html_spans, with_spans
from footnotary.markers.structure import Line

# No part of a pattern here may run over what it begins with: each would look to the end of the
# text for every beginning that has no end.
_MARKER = r"\^\[[^\[\]\n]*\](?:\[[^\[\]\n]*\])*"
_END = re.compile(rf"(?:(?<![.!?…])[.!?…]++[\"”’)\]*_]*+|:)(?:\s*+{_MARKER})*+(?=\s|$)")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|cf|approx|resp|incl|fig|no|vol|ca|dr|mr|mrs|ms|prof|st|inc|ltd|al)"
    r"|\b[A-Z])\.$",
    re.IGNORECASE,
)
_LONGEST_ABBREVIATION = 12  # with the character before it
_ORDINAL = re.compile(r"\d{1,9}\.")
_BEGINNING = re.compile(r"\s*+(?:\Z|[\"“‘'(*_\[`]*+[A-Z0-9·À-ÞА-ЯΑ-Ω一-鿿])")
_ADDRESS = r"\([^()]*+(?:\([^()]*+\)[^()]*+)*+\)"
_IMAGE = re.compile(rf"!\[([^\[\]]*+)\]{_ADDRESS}")
_LINK = re.compile(rf"\[([^\[\]]*+)\](?:{_ADDRESS}|\[[^\[\]]*+\])")
_KEPT = re.compile("\x00(\\d{1,9})\x00")
_SAYING = re.compile(r"</?(?:del|s|strike|su[bp])\b", re.IGNORECASE)
# A mark without a partner is a sign: `a*` is not `a`.
_EMPHASIS = re.compile(
    r"(?<![\w*])(\*{1,3})(?=\S)([^*]++)(?<=\S)\1(?![\w*])|(?<!\w)(_{1,3})(?=\S)([^_]++)(?<=\S)\3(?!\w)"
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
        quoted: Whether it is in a block quotation.
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
    hidden = blanked(content, code_spans(content), "·")
    start = 0
    for end in _END.finditer(hidden):
        if "^[" not in end[0] and _is_abbreviated(hidden, start, end.end()):
            continue
        if not _BEGINNING.match(hidden, end.end()):
            continue
        yield from _trimmed(content, start, end.end())
        start = end.end()
    yield from _trimmed(content, start, len(content))


def plain_sentence(markdown: str, *, code: bool = True) -> str:
    """Return the words of a sentence without markup and markers.

    Args:
        markdown: Its Markdown.
        code: Keep the words of code spans; otherwise each becomes `·`.
    """
    text = markdown.replace("\x00", "\ufffd")
    kept: list[str] = []

    def keep(span: Span) -> str:
        kept.append(text[span.inner_start : span.inner_end].strip() if code else "·")
        return f"\x00{len(kept) - 1}\x00"

    words = re.sub(_MARKER, "", with_spans(text, code_spans(text), keep))
    words = _LINK.sub(r"\1", _IMAGE.sub(r"\1", words))
    words = with_spans(words, html_spans(words), lambda tag: _kept_tag(words[tag.start : tag.end]))
    for _ in ("inner", "outer"):
        words = _EMPHASIS.sub(lambda found: found[2] or found[4], words)
    words = _KEPT.sub(lambda found: kept[int(found[1])], words)
    return " ".join(unescaped(words).split())


def _kept_tag(tag: str) -> str:
    """Return a tag without which words say something else: `10<sup>6</sup>`, `<del>not</del>`."""
    return tag if _SAYING.match(tag) else ""


def _is_abbreviated(text: str, start: int, end: int) -> bool:
    """Return whether a full stop ends an abbreviation, or the number of a list's item."""
    if _ORDINAL.fullmatch(text, start, end):
        return True
    return _ABBREVIATION.search(text[max(start, end - _LONGEST_ABBREVIATION) : end]) is not None


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
    if not pieces:  # blanks alone, such as a no-break space that keeps a cell open
        return
    places = list(_places(block, lines, pieces))
    starts = [lines[line - 1].offset + column - 1 for line, column in places]
    last = lines[block.last - 1]
    stop = starts[-1] + len(pieces[-1][1]) if block.kind == "cell" else 0
    ends = [*starts[1:], stop or last.offset + len(last.text) + 1]
    for (_, source), (line, column), begin, end in zip(pieces, places, starts, ends, strict=True):
        words = plain_sentence(source)
        own = tuple(markers[bisect_left(offsets, begin) : bisect_left(offsets, end)])
        yield Sentence(
            text=words,
            claim=plain_sentence(source, code=False) if "`" in source else words,
            source=source,
            line=line,
            column=column,
            markers=own,
            covered=covered or bool(own),
            quoted="blockquote" in block.containers,
            kind=block.kind,
        )


def _places(
    block: Block, lines: Sequence[Line], pieces: Sequence[tuple[int, str]]
) -> Iterator[tuple[int, int]]:
    """Yield line and column of each piece of a block's content."""
    row, row_start = 0, 0  # of the content's line that a piece begins in
    for offset, source in pieces:
        while 0 <= (end := block.content.find("\n", row_start)) < offset:
            row, row_start = row + 1, end + 1
        start = max(offset - row_start, block.column - 1)
        text = lines[block.first + row - 1].text
        column = text.find(source.split("\n", 1)[0].rstrip(), start)
        yield block.first + row, max(column, 0) + 1
