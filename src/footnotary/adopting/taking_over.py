"""The sources that hold become records and markers; every other word stays.

A line of a Sources block gets its record's key as an invisible comment. Elsewhere the marker
`^[key]` goes where the source is cited: in place of the number in `^[1]`, behind a footnote's
`[^1]` or a reference's `[1]`, at the end of the sentence that has quotation and address, at the
end of a list's line. `doc sync` then numbers all of them.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from footnotary.adopting.claims_found import FoundSource
from footnotary.adopting.judging import Judged, Verdict
from footnotary.citing import Cited, Request, cite
from footnotary.errors import DocumentError
from footnotary.fetch.fetches import Fetches
from footnotary.markers import closing_of, markers_of
from footnotary.markers.structure import Block, blocks_of, lines_of
from footnotary.project import Project
from footnotary.records import RecordStore
from footnotary.writing.documents_on_disk import read_text
from footnotary.writing.transaction import apply, writing

# What only looks like a reference: code, comments, targets of links.
_HIDDEN = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)|<!--.*?-->|\]\([^)]*\)", re.DOTALL)
# What makes another thing of a label in brackets (`·`): a marker, a link, a definition, code.
_OTHER_THAN_NUMBER = re.compile(r"[\]^\w]·|·[\[(:]")
_OTHER_THAN_FOOTNOTE = re.compile(r"·:")
_OTHER_THAN_REFERENCE = re.compile(r"\^·|·[\[(:]")
_LABEL = re.compile(r"\[([^\[\]]+)\]")
_ENDS_IN_ADDRESS = re.compile(r"https?://\S*\Z")


def taken_over(
    project: Project, path: Path, verdicts: Iterable[Judged], fetcher: Fetches
) -> tuple[str, ...]:
    """Record the sources of a document that hold, and name the records in it.

    Args:
        project: Where the records go.
        path: The document.
        verdicts: Its sources, judged.
        fetcher: Reads the pages, from the cache they were just put in.

    Returns:
        The keys of the records.
    """
    store = RecordStore(project.citations)
    keys: list[tuple[Judged, str]] = []
    for each in verdicts:
        entry = each.source.entry
        if each.verdict is not Verdict.HOLDS or entry.key:
            continue
        result = cite(Request(url=entry.url, quote=entry.quote), store, fetcher)
        if isinstance(result, Cited):
            keys.append((each, result.citation.key))
    if keys:
        with writing(project):
            apply(project, {path: named(read_text(path), keys).encode()})
    return tuple(key for _, key in keys)


def named(text: str, keys: Iterable[tuple[Judged, str]]) -> str:
    """Return a document that names its records; nothing else in it differs.

    Args:
        text: The document.
        keys: Its sources that hold, each with its record's key.
    """
    edits: dict[tuple[int, int], str] = {}
    places = _Places(text)
    for judged, key in keys:
        for begin, end, words in _edits(places, judged, key):
            edits[begin, end] = edits.get((begin, end), "") + words
    parts, at = [], 0
    for (begin, end), words in sorted(edits.items()):
        if begin < at:
            continue
        parts += [text[at:begin], words]
        at = end
    return "".join([*parts, text[at:]])


@dataclass(frozen=True)
class _Reference:
    """A label in brackets in a document's prose.

    Attributes:
        line: The line on which it begins.
        end: Offset behind its last bracket.
        before: The character before its first bracket, if any.
        behind: The character behind its last one, if any.
    """

    line: int
    end: int
    before: str
    behind: str


class _Places:
    """Where a document names its sources, found once for all of them.

    Args:
        text: The document.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = lines_of(text)
        self.labels: dict[str, list[tuple[int, int]]] = {}
        for marker in markers_of(text):
            for label, span in zip(marker.labels, marker.spans, strict=True):
                self.labels.setdefault(label, []).append(span)
        self.references: dict[str, list[_Reference]] = {}
        for block in _prose(text):
            for label, reference in self._references(block):
                self.references.setdefault(label, []).append(reference)

    def _references(self, block: Block) -> Iterator[tuple[str, _Reference]]:
        """Yield the labels in brackets of one block."""
        begin = self.lines[block.first - 1].offset
        last = self.lines[block.last - 1]
        raw = self.text[begin : last.offset + len(last.text)]
        shown = _HIDDEN.sub(lambda found: " " * len(found[0]), raw)
        line, counted = block.first, 0
        for found in _LABEL.finditer(shown):
            line += shown.count("\n", counted, found.start())
            counted = found.start()
            before = shown[found.start() - 1 : found.start()]
            behind = shown[found.end() : found.end() + 1]
            yield found[1], _Reference(line, begin + found.end(), before, behind)


def _edits(places: _Places, judged: Judged, key: str) -> Iterator[tuple[int, int, str]]:
    """Yield what is put where for one source: begin, end, words."""
    source = judged.source
    number = str(source.entry.number)
    if source.form == "block":
        yield _behind_line(places, source.entry.line, f" <!-- cite:{key} -->")
    elif source.form in ("loose", "list") and number != "0":
        yield from ((begin, end, key) for begin, end in places.labels.get(number, ()))
        yield from _behind(places, number, source, key, _OTHER_THAN_NUMBER)
    elif source.form == "footnote":
        yield from _behind(places, f"^{source.label}", source, key, _OTHER_THAN_FOOTNOTE)
    elif source.form == "reference":
        yield from _behind(places, source.label, source, key, _OTHER_THAN_REFERENCE)
    elif source.end:
        ends_in_address = _ENDS_IN_ADDRESS.search(
            places.text, max(0, source.end - 2_000), source.end
        )
        yield source.end, source.end, f"{' ' if ends_in_address else ''}^[{key}]"
    else:
        yield _behind_line(places, source.entry.line, f" ^[{key}]")


def _behind_line(places: _Places, number: int, words: str) -> tuple[int, int, str]:
    """Return the edit that puts words at the end of a line."""
    line = places.lines[number - 1]
    end = line.offset + len(line.text.rstrip())
    return end, end, words


def _behind(
    places: _Places, label: str, source: FoundSource, key: str, other: re.Pattern[str]
) -> Iterator[tuple[int, int, str]]:
    """Yield the edits that put a marker behind each reference to a source in the prose.

    Args:
        places: Where the document names its sources.
        label: What stands in the brackets.
        source: The source; the line that names it is no reference to it.
        key: Its record's key.
        other: What stands around brackets that are another thing, `·` in the place of these.
    """
    for found in places.references.get(label, ()):
        is_own = found.line == source.entry.line
        if not is_own and not other.search(f"{found.before}·{found.behind}"):
            yield found.end, found.end, f"^[{key}]"


def _prose(text: str) -> Iterator[Block]:
    """Yield the blocks of text in which sources are cited, each place once."""
    blocks = blocks_of(text)
    try:
        closing = closing_of(text, blocks)
    except DocumentError:
        return
    seen: set[int] = set()
    for block in blocks:
        if block.kind in ("paragraph", "heading", "cell") and block.first not in seen:
            seen.add(block.first)  # the cells of a row share their line
            if not closing.covers(block.first):
                yield block
