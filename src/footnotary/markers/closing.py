"""The two closing blocks of a document: Sources and Citations, and Research Context.

Both are read where they stand, in the form that footnotary writes and in the forms that
people and agents write by hand; what is not understood is kept as it is.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from footnotary.errors import DocumentError
from footnotary.markers.plain import unescaped
from footnotary.markers.structure import Block, Line, blocks_of, lines_of

_TITLE = r"\s*(?:#{{1,6}}\s+)?\*{{0,2}}{words}:?\*{{0,2}}:?(?:\s+#+)?\s*"
SOURCES_TITLE = re.compile(_TITLE.format(words=r"Sources\s+and\s+Citations"), re.IGNORECASE)
CONTEXT_TITLE = re.compile(_TITLE.format(words=r"Research\s+Context"), re.IGNORECASE)
NOTHING_YET = "None yet."
_RULE = re.compile(r" {0,3}(?:-[ \t]*){3,}$")
_ENTRY = re.compile(r"\s{0,3}(?:[-*]\s+)?\[(\d{1,4})\](?!\(|:)\s*(.*)$")
_CITE = re.compile(r"<!--\s*cite:\s*([A-Za-z0-9._-]+)\s*-->")
_ADDRESS = re.compile(r"<?(https?://[^\s<>]+)>?", re.IGNORECASE)
_ACCESSED = re.compile(r"(?:Accessed|Retrieved)(?:\s++on)?\s*+:?\s*+", re.IGNORECASE)
_ACCESSED_TEXT = re.compile(r"(\[[^\]]*+\]|[^\]\s]*+(?:\s(?!-\s)[^\]\s]*+)*+)\]?\s*(?=$|\s-\s)")
_ACCESSED_DAY = re.compile(
    r"(?:Accessed|Retrieved)(?:\s++on)?\s*+:?\s*+\[?"
    r"(\d{4}-\d\d-\d\d|\w+ \d{1,2},? \d{4}|\d{1,2} \w+ \d{4})\s*[\])]*",
    re.IGNORECASE,
)
_LINK = re.compile(r"\[([^\[\]]+)\]\(<?(https?://[^\s()<>]+(?:\([^\s()]*\))?)>?\)", re.IGNORECASE)
_BETWEEN = " -\u2013\u2014.,;:|"
_OPENING = re.compile(r"[\"“]")
_LABELLED = re.compile(r"\s{0,3}[-*]\s+([^:]{1,60}):\s*(.*)$")


@dataclass(frozen=True)
class SourceEntry:
    """One line of the Sources block.

    Attributes:
        number: The number in brackets.
        title: Title of the source.
        url: Its address; empty where the line has none.
        accessed: The day, where the line states one.
        accessed_text: What is in place of the day, such as `[current date]`.
        quote: The quote; empty where the line has none.
        note: Words behind the day that are no quote.
        key: Key of the citation, where the line names one.
        line: Its line.
        text: Its Markdown behind the number, without the key.
        rest: Lines below that belong to it.
    """

    number: int
    title: str
    url: str
    accessed: date | None
    accessed_text: str
    quote: str
    note: str
    key: str
    line: int
    text: str
    rest: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sources:
    """The Sources block.

    Attributes:
        entries: Its lines in order.
        first: Line of its title.
        last: Its last line.
        rule: Line of the `---` above it, or 0.
    """

    entries: tuple[SourceEntry, ...]
    first: int
    last: int
    rule: int = 0


@dataclass(frozen=True)
class ResearchContext:
    """The Research Context block.

    Attributes:
        values: What is behind each label, by the label as it is written.
        items: Its list items as they are written, in order.
        first: Line of its title.
        last: Its last line.
    """

    values: dict[str, str]
    items: tuple[tuple[str, str], ...]
    first: int
    last: int


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
        return any(
            block is not None and block.first <= line <= block.last
            for block in (self.sources, self.context)
        )


def closing_of(markdown: str, blocks: tuple[Block, ...] | None = None) -> Closing:
    """Read the closing blocks of a document.

    Args:
        markdown: The document.
        blocks: Its blocks, if they are known already.

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
        _sources(lines, sources) if sources else None,
        _context(lines, context) if context else None,
    )


def read_source_entry(
    number: int, text: str, line: int = 0, rest: tuple[str, ...] = ()
) -> SourceEntry:
    """Read one entry, in the seed's form or one of its variants.

    Args:
        number: The number in brackets.
        text: The Markdown behind it.
        line: Its line.
        rest: Lines below that belong to it.
    """
    cite = _CITE.search(text)
    key = cite[1] if cite else ""
    plain = text[: cite.start()].rstrip() + text[cite.end() :] if cite else text
    plain = plain.rstrip()
    title, url, behind = _addressed(plain)
    accessed = _ACCESSED_DAY.search(behind) or _accessed_text(behind)
    said = accessed[1].strip() if accessed else ""
    after = behind[accessed.end() :] if accessed else behind
    quoted = _quoted(after)
    whole = bool(quoted) and after.strip(_BETWEEN) == quoted
    return SourceEntry(
        number=number,
        title=unescaped(_without_dash(title)),
        url=unescaped(url),
        accessed=_day(said),
        accessed_text=said,
        quote=unescaped(quoted[1:-1]) if whole else "",
        note="" if whole else unescaped(after.strip(" -")),
        key=key,
        line=line,
        text=plain,
        rest=rest,
    )


def _accessed_text(text: str) -> re.Match[str] | None:
    """Return what is in the place of a day, up to a dash, a bracket or the end."""
    failed = -1  # a text that ends in a bracket, and so that nothing may follow, does for all in it
    for label in _ACCESSED.finditer(text):
        if label.end() <= failed:
            continue
        found = _ACCESSED_TEXT.match(text, label.end())
        if found:
            return found
        failed = text.find("]", label.end())
    return None


def _quoted(text: str) -> str:
    """Return a text from its first opening quotation mark to its last closing one."""
    opening = _OPENING.search(text)
    closing = max(text.rfind('"'), text.rfind("”"))
    return text[opening.start() : closing + 1] if opening and opening.start() < closing else ""


def _without_dash(title: str) -> str:
    """Return a title without the dash or bar that parts it from what follows."""
    words = title.rstrip()
    return (words[:-1] if words.endswith(("-", "\u2013", "\u2014", "|")) else words).strip()


def _addressed(plain: str) -> tuple[str, str, str]:
    """Return what is before the address of an entry, the address, and what is behind."""
    if link := _LINK.search(plain):
        return plain[: link.start()] + link[1], link[2], plain[link.end() :]
    address = _ADDRESS.search(plain)
    if address is None:
        title = plain.partition(" - ")[0]
        return title, "", plain[len(title) :]
    url = address[1].rstrip(".,;")
    while url.endswith(")") and url.count("(") < url.count(")"):
        url = url[:-1].rstrip(".,;")
    return plain[: address.start()], url, plain[address.end() :]


def _title_line(
    lines: tuple[Line, ...], blocks: Iterable[Block], title: re.Pattern[str], name: str
) -> int:
    """Return the line of a block's title, 0 where there is none.

    Raises:
        DocumentError: It is there twice.
    """
    found: list[int] = []
    for block in blocks:
        if block.kind not in ("paragraph", "heading") or block.containers:
            continue
        found.extend(
            number
            for number in range(block.first, block.last + 1)
            if title.fullmatch(lines[number - 1].text)
        )
    if len(found) > 1:
        raise DocumentError(
            f"line {found[1]}: a second {name} block; the first is on line {found[0]}.",
            hint="Move its entries into the first one.",
        )
    return found[0] if found else 0


def _sources(lines: tuple[Line, ...], first: int) -> Sources:
    """Read the Sources block that begins on a line."""
    entries: list[SourceEntry] = []
    last = first
    at = first
    while at < len(lines):
        text = lines[at].text
        at += 1
        found = _ENTRY.match(text)
        if found:
            rest = _continuation(lines, at)
            entries.append(read_source_entry(int(found[1]), found[2], at, rest))
            at += len(rest)
            last = at
        elif text.strip() == NOTHING_YET:
            last = at
        elif text.strip():
            break
    _refuse_doubled(entries)
    return Sources(tuple(entries), first, last, _rule_above(lines, first))


def _continuation(lines: tuple[Line, ...], at: int) -> tuple[str, ...]:
    """Return the lines below an entry that are part of its paragraph."""
    rest = []
    for number in range(at, len(lines)):
        text = lines[number].text
        if (
            not text.strip()
            or _ENTRY.match(text)
            or _RULE.match(text)
            or text.strip() == NOTHING_YET
            or CONTEXT_TITLE.fullmatch(text)
        ):
            break
        rest.append(text)
    return tuple(rest)


def _refuse_doubled(entries: Iterable[SourceEntry]) -> None:
    """Refuse two entries with one number: nobody can tell which a marker means.

    Raises:
        DocumentError: Two entries have one number.
    """
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
    """Return the line of the `---` above a title, 0 where there is none."""
    for number in range(first - 1, 0, -1):
        text = lines[number - 1].text
        if _RULE.match(text) and (number == 1 or not lines[number - 2].text.strip()):
            return number
        if text.strip():
            break
    return 0


def _context(lines: tuple[Line, ...], first: int) -> ResearchContext:
    """Read the Research Context block that begins on a line."""
    items = list(_items(lines, first))
    values = {label: value for label, value, _, _ in items if label}
    return ResearchContext(
        values,
        tuple((label, text) for label, _, text, _ in items),
        first,
        items[-1][3] if items else first,
    )


def _items(lines: tuple[Line, ...], first: int) -> Iterator[tuple[str, str, str, int]]:
    """Yield the list items of a block: label, value, source, last line."""
    label, value, source, last = "", "", "", 0
    for at, line in enumerate(lines[first:], start=first + 1):
        text = line.text
        found = _LABELLED.match(text)
        plain = re.match(r"\s{0,3}[-*]\s+\S", text)
        if plain:
            if source:
                yield label, value, source, last
            label, value = (found[1].strip(" *"), found[2].strip()) if found else ("", "")
            source, last = text, at
        elif text.strip() and source and text.startswith((" ", "\t")) and last == at - 1:
            source, last = f"{source}\n{text}", at
        elif text.strip():
            break
    if source:
        yield label, value, source, last


def _day(said: str) -> date | None:
    """Return an ISO date that somebody wrote, or None."""
    try:
        return date.fromisoformat(said.strip("[] "))
    except ValueError:
        return None
