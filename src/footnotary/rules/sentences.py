"""The sentences of a document's prose, with the markers they carry."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from footnotary.markers import ANY_MARKER, Block, Marker
from footnotary.markers.spans import Span, blanked, code_spans, html_spans, unescaped, with_spans
from footnotary.markers.structure import Line

# No part of a pattern here may run over what it begins with: each would look to the end of the
# text for every beginning that has no end.
_END = re.compile(rf"(?:(?<![.!?…])[.!?…]++[\"”’)\]*_]*+|:)(?>(?:\s*+{ANY_MARKER})*)(?=\s|$)")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|vs|cf|approx|resp|incl|fig|no|vol|ca|dr|mr|mrs|ms|prof|st|inc|ltd|al)"
    r"|\b[A-Z])\.$",
    re.IGNORECASE,
)
_LONGEST_ABBREVIATION = 12  # with the character before it
_ORDINAL = re.compile(r"\d{1,9}\.")
_BEGINNING = re.compile(r"\s*+(?:\Z|[\"“‘'(*_\[`]*+[A-Z0-9·À-ÞА-ЯΑ-Ω一-鿿])")
_ADDRESS = r"\([^()]*+(?>(?:\([^()]*+\)[^()]*+)*)\)"
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
        covering: Markers that cover it from elsewhere: its heading's, its row's, its column's, or
            those of the line that introduces its list or table.
        quoted: Whether it is in a block quotation.
        kind: Kind of its block.
    """

    text: str
    claim: str
    source: str
    line: int
    column: int
    markers: tuple[Marker, ...]
    covering: tuple[Marker, ...]
    quoted: bool
    kind: str

    @property
    def basis(self) -> tuple[Marker, ...]:
        """The markers that it rests on: its own, else those that cover it."""
        return self.markers or self.covering


def sentences_of(
    blocks: Sequence[Block], lines: Sequence[Line], markers: Sequence[Marker]
) -> tuple[Sentence, ...]:
    """Return the sentences of paragraphs, headings and cells."""
    offsets = [marker.offset for marker in markers]
    found: list[Sentence] = []
    covers = _Covers(lines, markers)
    for block in blocks:
        if block.kind in ("code", "html", "long"):
            continue
        covers.leave(block)
        covering = covers.of(block)
        own = list(_of_block(block, lines, markers, offsets, covering))
        found.extend(own)
        covers.enter(block, own)
    return tuple(found)


class _Covers:
    """The markers that cover what follows them: a heading's, a lead-in's, a row's, a column's.

    Args:
        lines: The lines of the document.
        markers: The markers of the document in order.
    """

    def __init__(self, lines: Sequence[Line], markers: Sequence[Marker]) -> None:
        self._lines = lines
        # By the level of headings and the depth of lists: whether quoted, and the markers.
        self._section: list[tuple[int, bool, tuple[Marker, ...]]] = []
        self._introducing: list[tuple[int, bool, tuple[Marker, ...]]] = []
        self._columns: dict[int, tuple[Marker, ...]] = {}
        self._row, self._at = 0, 0
        self._of_rows = {
            line: tuple(found) for line, found in groupby(markers, lambda one: one.line)
        }

    def leave(self, block: Block) -> None:
        """Forget what does not reach as far as a block."""
        if block.kind == "heading":
            level = int(block.info[1:] or 1)
            self._section = [each for each in self._section if each[0] < level]
        if block.kind != "cell":
            depth = block.containers.count("list")
            self._introducing = [each for each in self._introducing if each[0] < depth]
        if block.kind != "cell" or self._is_head(block):
            self._columns = {} if block.first != self._row else self._columns
        if block.kind == "cell":
            self._at = self._at + 1 if block.first == self._row else 0
        self._row = block.first

    def of(self, block: Block) -> tuple[Marker, ...]:
        """Return the markers that cover a block from elsewhere."""
        if block.kind == "cell" and block.first in self._of_rows:
            return self._of_rows[block.first]
        above = (*self._section, *self._introducing)
        found = [one for _, quoted, own in above if quoted is _is_quoted(block) for one in own]
        if block.kind == "cell":
            found += self._columns.get(self._at, ())
        return tuple(dict.fromkeys(found))

    def enter(self, block: Block, sentences: Sequence[Sentence]) -> None:
        """Remember what a block's own markers cover."""
        own = tuple(marker for sentence in sentences for marker in sentence.markers)
        if own and block.kind == "heading":
            self._section.append((int(block.info[1:] or 1), _is_quoted(block), own))
        if own and block.kind == "cell" and self._is_head(block):
            self._columns[self._at] = own
        if own and block.kind == "paragraph" and sentences[-1].text.endswith(":"):
            depth = block.containers.count("list")
            self._introducing.append((depth, _is_quoted(block), own))

    def _is_head(self, block: Block) -> bool:
        """Return whether a cell is of a table's header: below it are dashes."""
        below = self._lines[block.last].text if block.last < len(self._lines) else ""
        return "-" in below and not below.strip(" \t>|:-")


def _is_quoted(block: Block) -> bool:
    """Return whether a block is in a block quotation."""
    return "blockquote" in block.containers


_MARKED_UP = re.compile(r"[`\[\]*_~<>&\\^!]")


def split(content: str) -> Iterator[tuple[int, str]]:
    """Yield the sentences of one block's Markdown, each with its offset."""
    hidden = blanked(content, code_spans(content), "·")
    start = 0
    for end in _END.finditer(hidden):
        if "^" not in end[0] and _is_abbreviated(hidden, start, end.end()):
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
    if not _MARKED_UP.search(text):
        return " ".join(text.split())
    kept: list[str] = []

    def keep(span: Span) -> str:
        kept.append(text[span.inner_start : span.inner_end].strip() if code else "·")
        return f"\x00{len(kept) - 1}\x00"

    words = re.sub(ANY_MARKER, "", with_spans(text, code_spans(text), keep))
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
    covering: tuple[Marker, ...],
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
            covering=covering,
            quoted=_is_quoted(block),
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
