"""`cite --to DOC`: a claim and its marker put into a document, under the section it belongs to."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path

from footnotary import clock
from footnotary.documents import front_matter
from footnotary.documents.regions import FoundRegion, regions_of
from footnotary.errors import DocumentError, UsageError
from footnotary.markers import (
    ANY_MARKER,
    Block,
    Closing,
    blocks_of,
    bound,
    closing_of,
    escaped,
    synced,
)
from footnotary.markers.structure import first_line_end, lines_of, markers_of
from footnotary.models import Citation
from footnotary.project import Project
from footnotary.records import RecordStore
from footnotary.writing.documents_on_disk import located, read_document, records_for, stored_at
from footnotary.writing.trails import decisions_in, trail_beside
from footnotary.writing.transaction import apply, writing

_TEXT = ("paragraph", "heading", "cell")
_MARKERS = re.compile(rf"(?:\s*{ANY_MARKER})+")
_MOST_PLACES = 20  # of one sentence: each is tried by parsing the document
_ITEM = re.compile(r"\s*([-*+]) |(\d{1,8})([.)]) ")
_NO_WORDS = re.compile(rf"\{{[#.:][^}}]*\}}\s*$|{ANY_MARKER}|[*_`]|:\s*$")


def document_name(project: Project, path: Path) -> str:
    """Return how records name a document: its stem, or the path of a page of the user's own."""
    stored = stored_at(project, path)
    return stored.stem if stored else path.relative_to(project.root).as_posix()


def cite_into(
    project: Project, document_path: Path, key: str, claim: str, *, section: str = ""
) -> Path:
    """Put a claim with its marker into a document and number its markers.

    Where the document has the claim's sentence already, the marker goes to its end; where that
    carries the marker, nothing changes. Else the claim is added under its section.

    Args:
        project: Whose records and documents.
        document_path: The document: a path, a file name or a stem.
        key: Key of the record.
        claim: The sentence; the record's last claim, or its quote, if empty.
        section: Heading under which a new claim goes; that of the document's kind if empty.

    Raises:
        UsageError: There is no such document or section.
        DocumentError: The document is in a state that must not be guessed at.
        RecordError: There is no such record.
    """
    path = located(project, document_path)
    with writing(project):
        store = RecordStore(project.citations)
        record = store.get(key)
        sentence = " ".join((claim or _last_claim(record)).split())
        text = read_document(path)
        citations = records_for(project, {path.name: text})
        try:
            wanted = section or _section_of(project, path)
            target = _Target(text, citations)
            words = sentence or f'"{record.quote.exact}"'
            marked = target.with_claim(words, record.key, wanted, is_named=bool(section))
            matter = front_matter.read_front_matter(text)
            result = synced(
                marked,
                citations,
                clock.today(),
                matter.versions if matter else {},
                stale_after_days=project.stale_after_days,
                form=project.marker,
                decisions=decisions_in(project, [marked]),
                trail=trail_beside(path),
            )
        except DocumentError as error:
            raise DocumentError(f"{path.name}, {error.message}", hint=error.hint) from error
        if result != text:
            apply(project, {path: result.encode()})
    return path


def refuse_missing_section(path: Path, section: str) -> None:
    """Refuse a section that a document does not have, before anything is recorded.

    Raises:
        UsageError: There is no such section; the message names those there are.
        DocumentError: The document cannot be read.
    """
    _Target(read_document(path), {}).heading(section, is_named=True)


def _last_claim(record: Citation) -> str:
    """Return the claim that a record got last."""
    return record.claims[-1].text if record.claims else ""


def _section_of(project: Project, path: Path) -> str:
    """Return the heading under which claims go in a document of this kind."""
    stored = stored_at(project, path)
    return stored.kind.section if stored else ""


def _heading_words(markdown: str) -> str:
    """Return the words of a heading as they are compared: without emphasis, anchor and colon."""
    return " ".join(_NO_WORDS.sub("", markdown.strip("# \n")).split()).casefold()


def _next_sign(item: re.Match[str] | None) -> str:
    """Return what begins a list's next item: the sign of the last one, or the next number."""
    if item is None:
        return "-"
    return item[1] or f"{int(item[2]) + 1}{item[3]}"


@dataclass(frozen=True)
class _Target:
    """A document that gets a claim."""

    text: str
    citations: Mapping[str, Citation]

    @cached_property
    def closing(self) -> Closing:
        """Its closing blocks."""
        return closing_of(self.text, blocks_of(self.text))

    @cached_property
    def regions(self) -> tuple[FoundRegion, ...]:
        """Its regions."""
        return tuple(regions_of(self.text, blocks_of(self.text)))

    def with_claim(self, claim: str, key: str, section: str, *, is_named: bool) -> str:
        """Return the document with a claim and the marker of its record."""
        words = escaped(claim).replace("&#34;", '"')  # nothing ends at a quotation mark here
        for written in dict.fromkeys((claim, words)):
            for end in islice(self._ends_of(written), _MOST_PLACES):
                marked = self._with_marker(end, key)
                if marked is not None:
                    return marked
        return self._with_sentence(f"{words}^[{key}]", section, is_named=is_named)

    def _ends_of(self, claim: str) -> Iterator[int]:
        """Yield the offsets behind a claim that is in the author's blocks of text."""
        words = claim.rstrip(".!?").split()
        if not words:
            return
        said = r"(?<!\w)" + r"[\s>]+".join(map(re.escape, words))
        ends = r"[,;:)]|\s*(?:\^\[|\[\^)|\s*\Z"
        sentence = re.compile(rf"{said}(?:[.!?]|(?={ends}))")
        in_cell = re.compile(rf"{said}(?:[.!?]|(?={ends}|\s*\|))")
        owned = {n for region in self.regions for n in range(region.first, region.last + 1)}
        for block in blocks_of(self.text):
            if block.kind not in _TEXT or block.first in owned or self.closing.covers(block.first):
                continue
            last = lines_of(self.text)[block.last - 1]
            begin, end = lines_of(self.text)[block.first - 1].offset, last.offset + len(last.text)
            pattern = in_cell if block.kind == "cell" else sentence
            yield from (begin + each.end() for each in pattern.finditer(self.text[begin:end]))

    def _with_marker(self, end: int, key: str) -> str | None:
        """Return the document with a marker behind a sentence, unless it carries that one."""
        behind = _MARKERS.match(self.text, end)
        last = behind.end() if behind else end
        keys = bound(markers_of(self.text), self.closing, self.citations)
        cited = {
            each
            for marker, its_keys in keys.items()
            if end <= marker.offset < last
            for each in its_keys
        }
        if key in cited:
            return self.text
        marked = f"{self.text[:last]}^[{key}]{self.text[last:]}"
        return marked if any(each.offset == last for each in markers_of(marked)) else None

    def heading(self, section: str, *, is_named: bool) -> Block | None:
        """Return the heading of a section, None where there is none and none was named.

        Raises:
            UsageError: A section was named that is not there.
        """
        owned = {n for region in self.regions for n in range(region.first, region.last + 1)}
        own = [
            block
            for block in blocks_of(self.text)
            if block.kind == "heading"
            and not block.containers
            and block.first not in owned
            and not self.closing.covers(block.first)
        ]
        wanted = _heading_words(section)
        named = [one for one in own if wanted and _heading_words(one.content) == wanted]
        if named:
            return min(named, key=lambda block: block.info)  # h2 before h3, of two the first
        if is_named:
            names = ", ".join(f"“{block.content.strip()}”" for block in own)
            raise UsageError(
                f"This document has no section {section!r} that is yours to write in.",
                hint=f"Sections: {names}." if names else "The document has no headings.",
            )
        return None

    def _with_sentence(self, sentence: str, section: str, *, is_named: bool) -> str:
        """Return the document with a list item or paragraph more."""
        heading = self.heading(section, is_named=is_named)
        end = first_line_end(lines_of(self.text))
        if heading is None and section:  # its author took the section out
            sentence = f"## {section}{end}{end}- {sentence}"
        at = self._section_end(heading) if heading else self._before_closing()
        before = lines_of(self.text)[at - 1] if at else None
        offset = before.offset + len(before.text) + len(before.end) if before else 0
        item = _ITEM.match(before.text) if before and heading else None
        written = f"{_next_sign(item)} {sentence}" if heading else sentence
        is_tight = item is not None or (heading is not None and self._ends_in_list(at))
        gap = "" if not before or is_tight else end
        if before and not before.end:
            gap += end
        rest = self.text[offset:]
        closed = end if rest or not before or before.end else ""
        needs_gap = heading is not None and rest.strip() and not rest.startswith(("\n", "\r"))
        return self.text[:offset] + gap + written + closed + (end if needs_gap else "") + rest

    def _ends_in_list(self, line: int) -> bool:
        """Return whether a line is the last one of a list."""
        return any(
            block.first <= line <= block.last and block.containers[-1:] == ("list",)
            for block in blocks_of(self.text)
        )

    def _section_end(self, heading: Block) -> int:
        """Return the last line with words of a section's own prose."""
        starts = [
            *(
                b.first
                for b in blocks_of(self.text)
                if b.kind == "heading" and b.first > heading.last
            ),
            *(region.first for region in self.regions if region.first > heading.last),
            *([self.closing.start] if self.closing.start else []),
            len(lines_of(self.text)) + 1,
        ]
        return self._with_words(min(starts) - 1)

    def _before_closing(self) -> int:
        """Return the last line with words before the closing blocks."""
        start = self.closing.start
        return self._with_words(start - 1 if start else len(lines_of(self.text)))

    def _with_words(self, last: int) -> int:
        """Return the last line that is not blank, at or above one."""
        while last and not lines_of(self.text)[last - 1].text.strip():
            last -= 1
        return last
