"""The two closing blocks of a document: Sources and Citations, and Research Context.

Both are read as CommonMark, in the form that footnotary writes, in the forms that people and
agents write by hand and in what formatters make of either: wrapped lines, escaped signs, lists,
other thematic breaks. What is not understood is kept as it is.
"""

import re
from bisect import bisect
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import zip_longest

from footnotary.errors import DocumentError
from footnotary.markers.entries import ADDRESS, CITE, SourceEntry, read_source_entry
from footnotary.markers.rendering import TopBlock, top_blocks
from footnotary.markers.structure import FORMS, Block, Line, blocks_of, lines_of

_TITLE = r"\s*(?:#{{1,6}}\s+)?[*_]{{0,2}}{words}:?[*_]{{0,2}}:?(?:\s+#+)?\s*"
SOURCES_TITLE = re.compile(_TITLE.format(words=r"Sources\s+and\s+Citations"), re.IGNORECASE)
CONTEXT_TITLE = re.compile(_TITLE.format(words=r"Research\s+Context"), re.IGNORECASE)
NOTHING_YET = "None yet."
_RULE = re.compile(r" {0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-+)[ \t]*$")
_ITEM = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)])\s+")
_NUMBER = re.compile(r"(?<!\S)\\?\[(\d{1,4})\\?\](?![(:])\s*")
# A definition; mdformat escapes it, or moves it to the end of the document (mdformat-footnote).
_DEFINED = re.compile(r"^([ \t>]*)(\\?)\[\^(\d{1,4})\\?\]:", re.MULTILINE)
_MOVED = re.compile(r"^\[\^(\d{1,4})\]:((?:.|\n(?![ \t]*\n|\[\^))*)", re.MULTILINE)
_TEXT = ("paragraph", "item", "heading")
_REGION = re.compile(r"\s{0,3}<!--\s*footnotary:\s*(begin|end)\b")
_LABELLED = re.compile(
    r"(\s{0,3}(?:[-*+]|\d{1,9}[.)])\s+[*_]{0,2}([^:\n]{1,60}?)[*_]{0,2}:[*_]{0,2}(?:[ \t]+|$))(.*)",
    re.DOTALL,
)


@dataclass(frozen=True)
class Sources:
    """The Sources block.

    Attributes:
        entries: Its entries in order.
        first: Line of its title.
        last: Its last line.
        title_last: Last line of its title.
        rule: Line of the thematic break above it, or 0.
        has_others: Whether it has something else in the place of entries: a table, plain words.
        moved: Lines of each entry that is a definition behind the block.
    """

    entries: tuple[SourceEntry, ...]
    first: int
    last: int
    title_last: int
    rule: int = 0
    has_others: bool = False
    moved: tuple[tuple[int, int], ...] = ()

    @property
    def told_last(self) -> int:
        """Its last line that is not the author's own text."""
        return self.title_last if self.has_others else self.last


@dataclass(frozen=True)
class ContextItem:
    """One list item of the Research Context.

    Attributes:
        label: Its label; empty where it has none.
        value: The Markdown behind the label, on one line.
        head: What is before the value, as it is written.
        first: Its first line.
        told: Last line of the value; what follows is more of the item.
        last: Its last line.
    """

    label: str
    value: str
    head: str
    first: int
    told: int
    last: int


@dataclass(frozen=True)
class ResearchContext:
    """The Research Context block."""

    items: tuple[ContextItem, ...]
    first: int
    last: int
    title_last: int


@dataclass(frozen=True)
class Closing:
    """Both blocks; None where a document lacks one."""

    sources: Sources | None = None
    context: ResearchContext | None = None

    @property
    def start(self) -> int:
        """The line on which they begin, the rule above them included; 0 where there are none."""
        firsts = [block.first for block in (self.sources, self.context) if block]
        if self.sources and self.sources.rule:
            firsts.append(self.sources.rule)
        return min(firsts, default=0)

    def covers(self, line: int) -> bool:
        """Return whether a line belongs to one of the blocks."""
        told = self.sources.told_last if self.sources else 0
        moved = self.sources.moved if self.sources else ()
        is_source = self.sources is not None and self.sources.first <= line <= told
        is_source |= any(first <= line <= last for first, last in moved)
        context = self.context
        return is_source or (context is not None and context.first <= line <= context.last)


def closing_of(markdown: str, blocks: tuple[Block, ...] | None = None) -> Closing:
    """Read the closing blocks of a document.

    Raises:
        DocumentError: A block is there twice, or two entries have one number; the
            message names the line.
    """
    folded = markdown.casefold()
    if "sources" not in folded and "research" not in folded:
        return Closing()
    lines = lines_of(markdown)
    known = blocks_of(markdown) if blocks is None else blocks
    sources = _title_line(lines, known, SOURCES_TITLE, "Sources and Citations")
    context = _title_line(lines, known, CONTEXT_TITLE, "Research Context")
    return Closing(
        _sources(lines, *sources) if sources else None,
        _context(lines, *context) if context else None,
    )


def sources_at_end(markdown: str) -> tuple[SourceEntry, ...]:
    """Return the entries of a document's last Sources block; what is above it is not parsed."""
    lines = lines_of(markdown) if CITE.search(markdown) else ()
    titles = [at for at, line in enumerate(lines) if SOURCES_TITLE.fullmatch(line.text)]
    try:
        return _sources(lines[titles[-1] :], 1, 1).entries if titles else ()
    except DocumentError:
        return ()


def _title_line(
    lines: tuple[Line, ...], blocks: Iterable[Block], title: re.Pattern[str], name: str
) -> tuple[int, int] | None:
    """Return the line of a block's title and the last one that is the title's own."""
    found: list[tuple[int, int]] = []
    for block in blocks:
        if block.kind not in ("paragraph", "heading") or block.containers:
            continue
        found.extend(
            (number, number + (number < len(lines) and bool(_UNDERLINE.match(lines[number].text))))
            for number in range(block.first, block.last + 1)
            if title.fullmatch(lines[number - 1].text)
        )
    found = list(_outside_regions(lines, found)) if found else []
    if len(found) > 1:
        raise DocumentError(
            f"line {found[1][0]}: a second {name} block; the first is on line {found[0][0]}.",
            hint="Move its entries into the first one.",
        )
    return found[0] if found else None


def _outside_regions(
    lines: tuple[Line, ...], titles: Iterable[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    """Yield the titles that are in no region: the nearest marker above begins none."""
    marks = [
        (n, found[1]) for n, line in enumerate(lines, 1) if (found := _REGION.match(line.text))
    ]
    for title in titles:
        above = bisect(marks, title[:1])
        if not above or marks[above - 1][1] == "end":
            yield title


@dataclass(frozen=True)
class _BlockPiece:
    """A stretch of what is below the title: an entry, or what is between entries.

    Attributes:
        number: Number of an entry; None for what is none.
        begin: Where it begins, its number included.
        start: Offset behind its number.
        end: Offset behind it.
        indent: How far its lines are indented, in a list.
        apart: Whether a blank line is above it.
        is_in_brackets: Whether its number is in brackets, and not that of a list item.
    """

    number: int | None
    begin: int
    start: int
    end: int
    indent: int = 0
    apart: bool = True
    is_in_brackets: bool = False


def _sources(lines: tuple[Line, ...], first: int, at: int) -> Sources:
    """Read the Sources block that begins on a line and whose title ends on another."""
    stop = next((n for n in range(at, len(lines)) if CONTEXT_TITLE.fullmatch(lines[n].text)), None)
    raw = "\n".join(line.text for line in lines[at:stop])
    text = _DEFINED.sub(_undefined, raw)
    entries: list[_BlockPiece] = []
    end = others = 0
    for piece in _pieces(text):
        said, between = text[piece.begin : piece.end].strip(), text[end : piece.begin].strip()
        is_entry = piece.number is not None and (
            piece.is_in_brackets or not entries or not entries[0].is_in_brackets
        )
        if is_entry and (
            not between or (entries and bool(ADDRESS.search(said) or CITE.search(said)))
        ):
            if between:
                entries[-1] = replace(entries[-1], end=end + len(text[end : piece.begin].rstrip()))
            entries.append(piece)
        elif between or (not entries and said != NOTHING_YET):
            others = piece.end
            continue
        elif entries and (
            not piece.apart
            or _is_key_of(said, entries[-1], text)
            or text.startswith(("    ", "\t"), piece.begin)  # further ones of a footnote
        ):
            entries[-1] = replace(entries[-1], end=piece.end)
        elif said != NOTHING_YET:
            continue
        end = piece.end
    found = tuple(_entry_of(piece, text, raw, at) for piece in entries)
    end = end or others
    last = at + 1 + text.count("\n", 0, end) if end else at
    moved = list(_moved(lines, last, keyed=bool(found)))
    found = (*found, *(entry for entry, _ in moved))
    _refuse_doubled_block(found)
    has_others = bool(others) and end == others
    rule, places = _rule_above(lines, first), tuple(place for _, place in moved)
    return Sources(found, first, last, at, rule, has_others, places)


def _undefined(found: re.Match[str]) -> str:
    """Return a definition's number as our own form writes it, of the same length."""
    return f"{found[1]}[{found[3]}]".ljust(len(found[0]))


def _moved(
    lines: tuple[Line, ...], last: int, *, keyed: bool
) -> Iterator[tuple[SourceEntry, tuple[int, int]]]:
    """Yield the definitions behind the block, and their lines; those with keys of records alone."""
    text = "\n".join(line.text for line in lines[last:])
    for found in _MOVED.finditer(text) if "[^" in text else ():
        if not keyed or CITE.search(found[2]):
            line = last + 1 + text.count("\n", 0, found.start())
            written = re.sub(r"\n {1,4}", "\n", found[2].strip())
            entry = read_source_entry(int(found[1]), written, line, FORMS[1])
            yield entry, (line, line + found[0].count("\n"))


def _is_key_of(said: str, entry: _BlockPiece, text: str) -> bool:
    """Tell whether text is nothing but the key that an entry above it lacks.

    A comment at the beginning of a line is a block of its own: formatters set it apart.
    """
    return bool(CITE.match(said)) and not CITE.search(text, entry.start, entry.end)


def _entry_of(piece: _BlockPiece, text: str, raw: str, at: int) -> SourceEntry:
    """Return the entry that a piece is."""
    written = text[piece.start : piece.end]
    if piece.indent:
        written = re.sub(rf"\n {{1,{piece.indent}}}", "\n", written)
    form = FORMS["[^" in raw[piece.begin : piece.start]]
    line = at + 1 + text.count("\n", 0, piece.begin)
    return read_source_entry(piece.number or 0, written, line, form)


def _pieces(text: str) -> Iterator[_BlockPiece]:
    """Yield the pieces of what is below the title, up to a heading or region."""
    starts = [0, *(found.end() for found in re.finditer("\n", text)), len(text) + 1]
    below = 0
    for block in top_blocks(text):
        begin, end = starts[block.first - 1], starts[block.last] - 1
        apart, below = block.first > below + 1, block.last
        shown = text[begin:end]
        ends_in_rule = _RULE.match(shown.rpartition("\n")[2])
        if block.kind == "html" and _REGION.match(shown):
            return
        if block.kind == "heading" and not ends_in_rule:
            return
        if block.kind == "heading":  # a paragraph with a thematic break directly below
            yield from _split(block, text, begin, begin + shown.rindex("\n"), apart=apart)
            return
        yield from _split(block, text, begin, end, apart=apart)


def _split(
    block: TopBlock, text: str, begin: int, end: int, *, apart: bool
) -> Iterator[_BlockPiece]:
    """Yield the entries of a paragraph or list item; the block itself where it holds none."""
    sign = _ITEM.match(text, begin, end) if block.kind == "item" else None
    head = sign.end() if sign else begin
    indent = head - begin if sign else 0
    numbers = list(_numbers(text, head, end)) if block.kind in _TEXT else []
    if not numbers or text[head : numbers[0].start()].strip():
        yield _BlockPiece(block.number, begin, head, end, indent, apart)
        return
    for found, following in zip_longest(numbers, numbers[1:]):
        until = following.start() if following else end
        yield _BlockPiece(
            int(found[1]), begin, found.end(), until, indent, apart, is_in_brackets=True
        )
        begin, apart = until, False


def _numbers(text: str, head: int, end: int) -> Iterator[re.Match[str]]:
    """Yield the numbers in brackets that begin entries, of one paragraph.

    A number in a quotation begins none, nor does one that a line happens to begin with: what
    follows such a number has the key of the entry and no address of its own.
    """
    current = 0
    has_address = has_key = is_quoted = False  # since the current entry's number
    candidates = list(_NUMBER.finditer(text, head, end))
    for found, following in zip_longest(candidates, candidates[1:]):
        behind = text[found.end() : following.start() if following else end]
        address, key = ADDRESS.search(behind) is not None, CITE.search(behind) is not None
        line = text.rfind("\n", head, found.start()) + 1
        if not current and not text[head : found.start()].strip():
            is_entry = True
        elif is_quoted or not current:
            is_entry = False
        elif not text[max(line, head) : found.start()].strip():
            is_entry = address or not (key and has_address and not has_key)
        else:
            is_entry = int(found[1]) == current + 1 and address and has_address
        if is_entry:
            current, has_address, has_key, is_quoted = int(found[1]), False, False, False
            yield found
        has_address, has_key = has_address or address, has_key or key
        is_quoted ^= bool((behind.count('"') + behind.count("“") + behind.count("”")) % 2)


def _refuse_doubled_block(entries: Iterable[SourceEntry]) -> None:
    """Refuse two entries with one number: nobody can tell which a marker means."""
    seen: dict[int, int] = {}
    for entry in entries:
        if entry.number in seen:
            raise DocumentError(
                f"line {entry.line}: [{entry.number}] is in the Sources block twice;"
                f" the first is on line {seen[entry.number]}.",
                hint="Give one of them another number, in the text too.",
            )
        seen[entry.number] = entry.line


def _rule_above(lines: tuple[Line, ...], first: int) -> int:
    """Return the line of the thematic break above a title, 0 where there is none."""
    for number in range(first - 1, 0, -1):
        text = lines[number - 1].text
        underlines = number > 1 and "-" in text and lines[number - 2].text.strip()
        if _RULE.match(text) and not underlines:
            return number
        if text.strip():
            break
    return 0


def _context(lines: tuple[Line, ...], first: int, at: int) -> ResearchContext:
    """Read the Research Context block that begins on a line and whose title ends on another."""
    items: list[ContextItem] = []
    for block in top_blocks("\n".join(line.text for line in lines[at:])):
        text = lines[block.first + at - 1].text
        if block.kind == "html" and not _REGION.match(text):
            continue  # a comment between items
        if block.kind != "item":
            break
        items.append(_context_item(lines, block.first + at, block.last + at))
    return ResearchContext(tuple(items), first, items[-1].last if items else at, at)


def _context_item(lines: tuple[Line, ...], first: int, last: int) -> ContextItem:
    """Read one item: its label, and its value up to a blank line or a list in it."""
    told = first
    while told < last and lines[told].text.strip() and not _ITEM.match(lines[told].text):
        told += 1
    text = "\n".join(line.text for line in lines[first - 1 : told])
    found = _LABELLED.match(text)
    if found is None:
        return ContextItem("", "", "", first, told, last)
    value = " ".join(found[3].split())
    return ContextItem(found[2].strip(), value, found[1], first, told, last)
