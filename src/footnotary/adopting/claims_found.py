"""What a document cites: the seed's form and what is found in its place in the wild.

Forms: a Sources block with `[1] Title - URL - [Date Accessed: …] - "quote"` and its variants;
such lines without a block; a numbered list under References; footnotes `[^1]: …`; reference
links `[1]: URL "title"`; bare addresses in a sentence.
"""

import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from footnotary.errors import DocumentError
from footnotary.markers import (
    ANY_MARKER,
    Block,
    Closing,
    SourceEntry,
    blocks_of,
    closing_of,
    markers_outside,
)
from footnotary.markers.entries import read_source_entry
from footnotary.markers.structure import Line, lines_of
from footnotary.rules.sentences import Sentence, sentences_of

_LISTED = re.compile(
    r"[*_]{0,2}(?:references|sources|bibliography|citations|works cited|further reading"
    r"|quellen(?:angaben|verzeichnis)?|literatur(?:verzeichnis)?|références|bibliographie|fuentes"
    r"|referencias|bibliografía|fonti|riferimenti|bibliografia|bronnen|referências|źródła|källor"
    r"|источники|литература|参考文献|参考资料|出典|참고문헌)"
    r"(?:\s+(?:and|und|et|y|e|en|i|och|и)\s+\w+)?\s*[:\uff1a]?[*_]{0,2}:?",
    re.IGNORECASE,
)
_LOOSE = re.compile(r"\s{0,3}(?:[-*]\s+)?\[(\d{1,4})\](?![(:])\s++(.*https?://.*)$")
_NUMBERED = re.compile(r"\s{0,3}(?:(\d{1,4})[.)]|[-*+])\s++(.*https?://.*)$")
_REFERENCE = re.compile(r"\s{0,3}\[([^\]^]+)\]:\s+<?(https?://\S+?)>?(?:\s+[\"'(](.*)[\"')])?\s*$")
_START = re.compile(r"\s{0,3}(?:\d{1,4}[.)]\s|[-*+]\s|\[\^?[^\]\s]+\])")
_BARE = re.compile(r"(?<![(<\"'\[])https?://[^\s<>()\"'`\]]+")
_ANY = re.compile(r"https?://[^\s<>\"'`\]]+")
_CODE = re.compile(r"`[^`]*`")
_QUOTATION = re.compile(r"[\"“](?=((?:[^\s\"“”]++\s++){4}[^\"“”]++)[\"”])")
BRACKETED = re.compile(r"\[([^\[\]]+)\]")
_MARKER_AT_END = re.compile(ANY_MARKER)
_LINES = ("loose", "list")
_NUMBERING = ("block", *_LINES)
_SAMPLE_MARKER = re.compile(r"\^\[\d{1,4}\]|\[\^\d{1,4}\](?!:)")


@dataclass(frozen=True)
class FoundSource:
    """A source that a document names.

    Attributes:
        form: `block`, `loose`, `list`, `footnote`, `reference`, `quoted` (a sentence with a
            quotation and an address) or `bare`.
        entry: What is there.
        cited_on: Lines of the markers that point to it.
        label: The label of a footnote or reference, as it is written.
        end: Offset behind the sentence that quotes it, for bare addresses and links; 0
            where no quotation is beside it.
        shared: Whether its number is that of another source as well: nobody can tell which of
            them a marker means, except for an entry of the Sources block.
    """

    form: str
    entry: SourceEntry
    cited_on: tuple[int, ...]
    label: str = ""
    end: int = 0
    shared: bool = False


@dataclass(frozen=True)
class Survey:
    """What a document cites, before anything was read.

    Attributes:
        path: The document, as it is printed.
        sources: The sources that it names, in order.
        markers: How many numbers its markers in the text name.
        dangling: Numbers that have no source, with the lines of their markers.
        uncited: Numbers of sources that no marker names.
        has_sources_block: Whether there is a Sources block.
        has_research_context: Whether there is a Research Context.
        sample_markers: Markers inside code samples: text, never citations.
        broken: Why its blocks do not read, or an empty string.
        links: Addresses that its text links to and that no source has, with their lines.
    """

    path: str
    sources: tuple[FoundSource, ...]
    markers: int
    dangling: tuple[tuple[str, int], ...]
    uncited: tuple[str, ...]
    has_sources_block: bool
    has_research_context: bool
    sample_markers: int = 0
    broken: str = ""
    links: tuple[tuple[str, int], ...] = ()


def surveyed(path: str, text: str) -> Survey:
    """Read what a document cites."""
    blocks = blocks_of(text)
    lines = lines_of(text)
    broken = ""
    try:
        closing = closing_of(text, blocks)
    except DocumentError as error:
        closing, broken = Closing(), error.message
    markers = markers_outside(text, closing)
    cited: dict[str, list[int]] = {}
    for marker in markers:
        for label in marker.labels:
            cited.setdefault(label, []).append(marker.line)
    named = list(_named(lines, blocks, closing))
    quoted = list(_quoted_in_prose(blocks, lines, closing, named))
    numbers = Counter(str(each.entry.number) for each in named if each.form in _NUMBERING)
    named = [
        replace(each, shared=each.form in _LINES and numbers[str(each.entry.number)] > 1)
        for each in named
    ]
    mentioned = _mentions(lines)
    sources = tuple(
        replace(one, cited_on=_lines_citing(one, cited, mentioned)) for one in (*named, *quoted)
    )
    samples = [block.content for block in blocks if block.kind == "code"]
    return Survey(
        path=path,
        sources=sources,
        markers=sum(len(where) for where in cited.values()),
        dangling=tuple(
            (label, line)
            for label, where in cited.items()
            if label.isdigit() and label not in numbers
            for line in where
        ),
        uncited=tuple(
            str(source.entry.number)
            for source in sources
            if source.form in ("block", "loose") and not source.cited_on
        ),
        has_sources_block=closing.sources is not None,
        has_research_context=closing.context is not None,
        sample_markers=sum(len(_SAMPLE_MARKER.findall(sample)) for sample in samples),
        broken=broken,
        links=tuple(_links(lines, blocks, closing, {one.entry.url for one in sources})),
    )


def _links(
    lines: tuple[Line, ...], blocks: tuple[Block, ...], closing: Closing, known: set[str]
) -> Iterator[tuple[str, int]]:
    """Yield the addresses of a text that none of its sources has, each once."""
    seen = set(known)
    for number in (n for b in blocks if b.kind != "code" for n in range(b.first, b.last + 1)):
        if not closing.covers(number):
            for found in _ANY.findall(_CODE.sub("", lines[number - 1].text)):
                if (address := _address(found)) not in seen:
                    seen.add(address)
                    yield address, number


def _named(
    lines: tuple[Line, ...], blocks: tuple[Block, ...], closing: Closing
) -> Iterator[FoundSource]:
    """Yield every source that a line of the document names."""
    if closing.sources:
        for entry in closing.sources.entries:
            yield FoundSource("block", entry, ())
    code = {n for b in blocks if b.kind in ("code", "html") for n in range(b.first, b.last + 1)}
    listed = False
    wrapped = _wrapped(lines, blocks)
    read = 0  # the last line of a source that a formatter wrapped
    for number, line in enumerate(lines, 1):
        if number <= read or number in code or closing.covers(number):
            continue
        text, last = line.text, wrapped.get(number, number)
        if text.lstrip().startswith("#") or _LISTED.fullmatch(text.strip()):
            listed = _LISTED.fullmatch(text.strip(" #")) is not None
        whole = " ".join(each.text.strip() for each in lines[number - 1 : last])
        found = _in_line(_without_markers(whole), number, listed=listed)
        if found and last > number:
            end = lines[last - 1].offset + len(lines[last - 1].text.rstrip())
            found, read = replace(found, end=end if found.form == "list" else 0), last
        found = found or _in_line(_without_markers(text), number, listed=listed)
        if found:
            yield found
        elif not listed:
            for bare in _BARE.finditer(text):
                yield FoundSource("bare", read_source_entry(0, bare[0].rstrip(".,;:"), number), ())


def _wrapped(lines: tuple[Line, ...], blocks: tuple[Block, ...]) -> dict[int, int]:
    """Return the last line of what begins like a source and goes on below, by its first line."""
    found: dict[int, int] = {}
    for block in blocks:
        if block.kind != "paragraph":
            continue
        starts = [n for n in range(block.first, block.last + 1) if _START.match(lines[n - 1].text)]
        for first, following in pairwise([*starts, block.last + 1]):
            found[first] = following - 1
    return found


def _without_markers(text: str) -> str:
    """Return a line without the markers at its end: they name the source, it does not hold them."""
    end = len(text.rstrip())
    while (at := max(text.rfind(sign, 0, end) for sign in ("^[", "[^"))) >= 0:
        if not _MARKER_AT_END.fullmatch(text, at, end):
            break
        end = at
        while end and text[end - 1].isspace():
            end -= 1
    return text[:end]


def _in_line(text: str, number: int, *, listed: bool) -> FoundSource | None:
    """Return the source that a whole line names."""
    if loose := _LOOSE.match(text):
        return FoundSource("loose", read_source_entry(int(loose[1]), loose[2], number), ())
    if footnote := re.match(r"\s{0,3}\[\^([^\]\s]+)\]:\s+(.*)$", text):
        label = int(footnote[1]) if footnote[1].isdigit() else 0
        return FoundSource(
            "footnote", read_source_entry(label, footnote[2], number), (), footnote[1]
        )
    if reference := _REFERENCE.match(text):
        label = int(reference[1]) if reference[1].isdigit() else 0
        words = f"{reference[3] or reference[1]} - {reference[2]}"
        return FoundSource("reference", read_source_entry(label, words, number), (), reference[1])
    if listed and (numbered := _NUMBERED.match(text)):
        return FoundSource(
            "list", read_source_entry(int(numbered[1] or 0), numbered[2], number), ()
        )
    return None


def _quoted_in_prose(
    blocks: tuple[Block, ...],
    lines: tuple[Line, ...],
    closing: Closing,
    named: list[FoundSource],
) -> Iterator[FoundSource]:
    """Yield the sentences that have a quotation and one address: each is a source by itself.

    A bare address that was found already is taken out of `named` for it.
    """
    prose = tuple(b for b in blocks if b.kind == "paragraph" and not closing.covers(b.first))
    taken = {one.entry.line for one in named if one.form not in ("bare", "block")}
    bare: dict[str, deque[FoundSource]] = {}
    for one in named:
        if one.form == "bare":
            bare.setdefault(one.entry.url, deque()).append(one)
    quoted: set[int] = set()
    for sentence in sentences_of(prose, lines, ()):
        addresses = dict.fromkeys(_address(each) for each in _ANY.findall(sentence.source))
        quotations = _QUOTATION.findall(sentence.text)
        if len(addresses) != 1 or len(quotations) != 1 or sentence.line in taken:
            continue
        (url,) = addresses
        begin = lines[sentence.line - 1].offset + sentence.column - 1
        entry = read_source_entry(0, f'{url} - "{quotations[0]}"', sentence.line)
        if bare.get(entry.url):
            quoted.add(id(bare[entry.url].popleft()))
        yield FoundSource("quoted", entry, (), end=_end(sentence, lines, begin))
    named[:] = (one for one in named if id(one) not in quoted)


def _end(sentence: Sentence, lines: tuple[Line, ...], begin: int) -> int:
    """Return where a sentence ends in the document: line ends and indentation may differ."""
    pieces = sentence.source.split("\n")
    line = lines[sentence.line - 1 + len(pieces) - 1]
    last = pieces[-1].rstrip()
    start = line.text.find(last, begin - line.offset if len(pieces) == 1 else 0)
    return line.offset + max(start, 0) + len(last)


def _address(found: str) -> str:
    """Return an address without the punctuation behind it."""
    url = found.rstrip(".,;:!?")
    while url.endswith(")") and url.count("(") < url.count(")"):
        url = url[:-1].rstrip(".,;:!?")
    return url


def _mentions(lines: tuple[Line, ...]) -> dict[str, list[int]]:
    """Return the lines on which each label is in brackets."""
    found: dict[str, list[int]] = {}
    for number, line in enumerate(lines, 1):
        for label in dict.fromkeys(BRACKETED.findall(line.text)):
            found.setdefault(label, []).append(number)
    return found


def _lines_citing(
    source: FoundSource, cited: dict[str, list[int]], mentioned: dict[str, list[int]]
) -> tuple[int, ...]:
    """Return the lines whose markers point to a source."""
    entry = source.entry
    if source.form in ("bare", "quoted"):
        return (entry.line,)
    if source.form in ("footnote", "reference"):
        label = f"^{source.label}" if source.form == "footnote" else source.label
        return tuple(number for number in mentioned.get(label, ()) if number != entry.line)
    return () if source.shared else tuple(cited.get(str(entry.number), ()))
