"""The sources that hold become records and markers; every other word stays.

A line of a Sources block gets its record's key as an invisible comment. Elsewhere the marker
`^[key]` goes where the source is cited: in place of the number in `^[1]`, behind a footnote's
`[^1]` or a reference's `[1]`, at the end of the sentence that has quotation and address, at the
end of a list's line. `doc sync` then numbers all of them.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from footnotary.adopting.claims_found import BRACKETED, FoundSource, Survey
from footnotary.citing import Cited, Request, cite_quote, unreadable
from footnotary.deadline import Deadline, running_deadline
from footnotary.errors import (
    DocumentError,
    FetchError,
    FootnotaryError,
    HttpStatusError,
    OutOfTime,
    UnreadableError,
)
from footnotary.fetch import Fetches
from footnotary.fetch.readings import first_page
from footnotary.markers import (
    Block,
    Closing,
    Marker,
    blocks_of,
    closing_of,
    keys_named,
    markers_outside,
)
from footnotary.markers.structure import lines_of
from footnotary.match import match_quote, weighed
from footnotary.models import Page
from footnotary.project import Project
from footnotary.records import RecordStore
from footnotary.rules.sentences import sentences_of
from footnotary.writing.documents_on_disk import read_document
from footnotary.writing.transaction import apply, writing

_GONE = (404, 410)
_MINIMUM_WORDS = 4


class Verdict(StrEnum):
    """What a source turned out to be; as checks and matches say it, where they do."""

    HELD = "held"
    ABSENT = "absent"
    NO_QUOTE = "no quote"
    GONE = "gone"
    UNREADABLE = "unreadable"
    UNREACHABLE = "unreachable"
    NOT_READ = "not read"
    NO_ADDRESS = "no address"


@dataclass(frozen=True)
class JudgedSource:
    """One source, judged.

    Attributes:
        source: The source.
        verdict: What it turned out to be.
        detail: The nearest passage, or why it could not be read.
        differences: What differs in words.
    """

    source: FoundSource
    verdict: Verdict
    detail: str = ""
    differences: tuple[str, ...] = ()


def judge_sources(
    survey: Survey, fetcher: Fetches | None, text: str = ""
) -> Iterator[JudgedSource]:
    """Read the sources of a document and say what became of each.

    Args:
        survey: What the document cites.
        fetcher: Reads the web; None leaves every source unread.
        text: The document: where a source has no quote, the page's passage nearest to the
            sentence that cites it is shown. It is never taken for a quote.

    Yields:
        Each source: `not read` without a fetcher or an answer, never verified and never false.
    """
    pages: dict[str, Page | JudgedSource] = {}
    claims = _claims_by_line(text)
    for source in survey.sources:
        url = source.entry.url
        if not url:
            yield JudgedSource(source, Verdict.NO_ADDRESS)
            continue
        if fetcher is None:
            yield JudgedSource(source, Verdict.NOT_READ, "the network was not used")
            continue
        if url not in pages:
            pages[url] = _read(source, fetcher)
        page = pages[url]
        if isinstance(page, JudgedSource):
            yield JudgedSource(source, page.verdict, page.detail)
            continue
        yield _compared_in_time(source, page, claims, fetcher.timeout)


def _read(source: FoundSource, fetcher: Fetches) -> Page | JudgedSource:
    """Fetch and extract one page, or say why that could not be done."""
    try:
        return first_page(source.entry.url, fetcher)
    except HttpStatusError as error:
        verdict = Verdict.GONE if error.status in _GONE else Verdict.UNREACHABLE
        return JudgedSource(source, verdict, error.message)
    except UnreadableError as error:
        return JudgedSource(source, Verdict.UNREADABLE, error.message)
    except FetchError as error:
        return JudgedSource(source, Verdict.UNREACHABLE, error.message)
    except FootnotaryError as error:
        return JudgedSource(source, Verdict.UNREADABLE, error.message)


def _claims_by_line(text: str) -> dict[int, str]:
    """Return the first sentence that begins on each line of a document."""
    found: dict[int, str] = {}
    for sentence in sentences_of(blocks_of(text), lines_of(text), ()):
        found.setdefault(sentence.line, sentence.text)
    return found


def _compared_in_time(
    source: FoundSource, page: Page, claims: dict[int, str], timeout: float
) -> JudgedSource:
    """Look for the quote of a source on its page, within the timeout."""
    try:
        with running_deadline(Deadline(timeout, source.entry.url)):
            return _compared(source, page, claims)
    except OutOfTime as error:
        return JudgedSource(source, Verdict.NOT_READ, error.message)


def _compared(source: FoundSource, page: Page, claims: dict[int, str]) -> JudgedSource:
    """Look for the quote of a source on its page."""
    if not source.entry.quote and page.unreadable is not None:
        return JudgedSource(source, Verdict.UNREADABLE, unreadable(page).message)
    if not source.entry.quote:
        return JudgedSource(source, Verdict.NO_QUOTE, _nearest(source, page, claims))
    found = weighed(source.entry.quote, page)
    if found is None:
        return JudgedSource(source, Verdict.UNREADABLE, unreadable(page).message)
    if found.found:
        return JudgedSource(source, Verdict.HELD, found.exact)
    return JudgedSource(source, Verdict.ABSENT, found.exact, found.differences)


def _nearest(source: FoundSource, page: Page, claims: dict[int, str]) -> str:
    """Return the page's words nearest to the first sentence that cites a source."""
    cited = (claims.get(line) for line in source.cited_on if line != source.entry.line)
    claim = next(filter(None, cited), "")
    words = re.sub(r"https?://\S+|\[\^?[^\]\s]+\]", "", claim)
    return match_quote(words, page).exact if len(words.split()) >= _MINIMUM_WORDS else ""


# What only looks like a reference: code, comments, targets of links.
_HIDDEN = re.compile(r"(?<!`)(`++).+?(?<!`)\1(?!`)|<!--.*?-->|\]\([^)]*\)", re.DOTALL)
# What makes another thing of a label in brackets (`·`): a marker, a link, a definition, code.
_OTHER_THAN_NUMBER = re.compile(r"[\]^\w]·|·[\[(:]")
_OTHER_THAN_FOOTNOTE = re.compile(r"·:")
_OTHER_THAN_REFERENCE = re.compile(r"\^·|·[\[(:]")
_ENDS_IN_ADDRESS = re.compile(r"https?://\S*\Z")


def taken_over(
    project: Project, path: Path, verdicts: Iterable[JudgedSource], fetcher: Fetches
) -> tuple[str, ...]:
    """Record the sources of a document that hold, and name the records in it.

    Args:
        project: Where the records go.
        path: The document.
        verdicts: Its sources, judged.
        fetcher: Reads the pages, from the cache they were just put in.
    """
    store = RecordStore(project.citations)
    keys: list[tuple[JudgedSource, str]] = []
    for each in verdicts:
        entry = each.source.entry
        if each.verdict is not Verdict.HELD or entry.key:
            continue
        result = cite_quote(Request(url=entry.url, quote=entry.quote), store, fetcher)
        if isinstance(result, Cited):
            keys.append((each, result.citation.key))
    if keys:
        with writing(project):
            apply(project, {path: name_records(read_document(path), keys).encode()})
    return tuple(key for _, key in keys)


def name_records(text: str, keys: Iterable[tuple[JudgedSource, str]]) -> str:
    """Return a document that names its records; nothing else in it differs."""
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
        blocks = blocks_of(text)
        try:
            closing = closing_of(text, blocks)
        except DocumentError:
            blocks, closing = (), Closing()
        markers = markers_outside(text, closing)
        self.labels: dict[str, list[tuple[int, int]]] = {}
        for marker in markers:
            for label, span in zip(marker.labels, marker.spans, strict=True):
                self.labels.setdefault(label, []).append(span)
        self.references: dict[str, list[_Reference]] = {}
        for block in _prose(blocks, closing):
            for label, reference in self._references(block):
                self.references.setdefault(label, []).append(reference)
        self._runs = list(_runs(text, keys_named(markers, closing)))

    def names(self, at: int, key: str) -> bool:
        """Tell whether the markers at a place name a record already."""
        first = bisect_left(self._runs, at, key=lambda run: run[1])
        return any(
            begin - 1 <= at <= end and key in keys
            for begin, end, keys in self._runs[first : first + 2]
        )

    def _references(self, block: Block) -> Iterator[tuple[str, _Reference]]:
        """Yield the labels in brackets of one block."""
        begin = self.lines[block.first - 1].offset
        last = self.lines[block.last - 1]
        raw = self.text[begin : last.offset + len(last.text)]
        shown = _HIDDEN.sub(lambda found: " " * len(found[0]), raw)
        line, counted = block.first, 0
        for found in BRACKETED.finditer(shown):
            line += shown.count("\n", counted, found.start())
            counted = found.start()
            before = shown[found.start() - 1 : found.start()]
            behind = shown[found.end() : found.end() + 1]
            yield found[1], _Reference(line, begin + found.end(), before, behind)


def _edits(places: _Places, judged: JudgedSource, key: str) -> Iterator[tuple[int, int, str]]:
    """Yield what is put where for one source: begin, end, words."""
    source = judged.source
    number = str(source.entry.number)
    if source.form == "block":
        end = _line_end(places, source.entry.line)
        yield end, end, f" <!-- cite:{key} -->"
    elif source.form in ("loose", "list") and number != "0":
        if source.shared:
            return
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
        yield from _marked(places, source.end, key, " " if ends_in_address else "")
    else:
        yield from _marked(places, _line_end(places, source.entry.line), key, " ")


def _line_end(places: _Places, number: int) -> int:
    """Return the offset behind the last word of a line."""
    line = places.lines[number - 1]
    return line.offset + len(line.text.rstrip())


def _marked(places: _Places, at: int, key: str, gap: str = "") -> Iterator[tuple[int, int, str]]:
    """Yield the edit that puts a marker at a place, none where that names the record already."""
    if not places.names(at, key):
        yield at, at, f"{gap}^[{key}]"


def _behind(
    places: _Places, label: str, source: FoundSource, key: str, other: re.Pattern[str]
) -> Iterator[tuple[int, int, str]]:
    """Yield the edits that put a marker behind each reference to a source in the prose."""
    for found in places.references.get(label, ()):
        is_own = found.line == source.entry.line
        if not is_own and not other.search(f"{found.before}·{found.behind}"):
            yield from _marked(places, found.end, key)


def _runs(
    text: str, keys: Mapping[Marker, tuple[str, ...]]
) -> Iterator[tuple[int, int, frozenset[str]]]:
    """Yield where markers stand side by side, in order: begin, end, the keys that they name."""
    begin, end, named_here = 0, 0, frozenset[str]()
    for marker in sorted(keys, key=lambda one: one.offset):
        if named_here and not text[end : marker.offset].strip():
            named_here |= frozenset(keys[marker])
        else:
            if named_here:
                yield begin, end, named_here
            begin, named_here = marker.offset, frozenset(keys[marker])
        end = marker.end
    if named_here:
        yield begin, end, named_here


def _prose(blocks: Iterable[Block], closing: Closing) -> Iterator[Block]:
    """Yield the blocks of text in which sources are cited, each place once."""
    seen: set[int] = set()
    for block in blocks:
        if block.kind in ("paragraph", "heading", "cell") and block.first not in seen:
            seen.add(block.first)  # the cells of a row share their line
            if not closing.covers(block.first):
                yield block
