"""`cite --to DOC`: a claim and its marker put into a document."""

import re
from pathlib import Path

from footnotary import clock
from footnotary.documents import front_matter
from footnotary.documents.regions import regions_of
from footnotary.documents.research import FINDINGS, RESEARCH
from footnotary.errors import DocumentError
from footnotary.markers import Block, blocks_of, closing_of, escaped, synced
from footnotary.markers.structure import Line, lines_of
from footnotary.project import Project
from footnotary.records import RecordStore
from footnotary.writing.documents_on_disk import located, read_text
from footnotary.writing.transaction import apply, writing

_TEXT = ("paragraph", "heading", "cell")


def cite_into(project: Project, document_path: Path, key: str, claim: str) -> Path:
    """Put a claim with its marker into a document and number its markers.

    Where the document has the claim's sentence already, the marker goes to its end; else
    the claim is added: in a research note under Findings, elsewhere before the closing
    blocks.

    Args:
        project: Whose records and documents.
        document_path: The document: a path, a file name or a stem.
        key: Key of the record.
        claim: The sentence; the record's own claim or quote if empty.

    Returns:
        Where the document lies.

    Raises:
        UsageError: There is no such document.
        DocumentError: The document is in a state that must not be guessed at.
        RecordError: There is no such record.
    """
    path = located(project, document_path)
    with writing(project):
        store = RecordStore(project.citations)
        record = store.get(key)
        sentence = " ".join((claim or record.claim).split())
        text = read_text(path)
        try:
            marked = _marked(text, sentence or f'"{record.quote.exact}"', record.key)
            matter = front_matter.read(text)
            readable, _ = store.readable()
            result = synced(
                marked,
                {citation.key: citation for citation in readable},
                clock.today(),
                matter.versions if matter else {},
                stale_after_days=project.stale_after_days,
            )
        except DocumentError as error:
            raise DocumentError(f"{path.name}, {error.message}", hint=error.hint) from error
        if result != text:
            apply(project, {path: result.encode()})
    return path


def _marked(text: str, claim: str, key: str) -> str:
    """Return the document with the claim's marker in it."""
    blocks = blocks_of(text)
    closing = closing_of(text, blocks)
    owned = {
        number
        for region in regions_of(text, blocks)
        for number in range(region.first, region.last + 1)
    }
    lines = lines_of(text)
    marker = f"^[{key}]"
    for block in blocks:
        if block.kind not in _TEXT or block.first in owned or closing.covers(block.first):
            continue
        end = _end_of(claim, text, lines, block)
        if end >= 0:
            return text[:end] + marker + text[end:]
    words = escaped(claim).replace("&#34;", '"')  # nothing ends at a quotation mark here
    return _added(text, lines, blocks, f"{words}{marker}")


def _end_of(claim: str, text: str, lines: tuple[Line, ...], block: Block) -> int:
    """Return the offset behind a claim that stands in a block, -1 where it does not."""
    begin = lines[block.first - 1].offset
    last = lines[block.last - 1]
    end = last.offset + len(last.text)
    words = claim.rstrip(".!?").split()
    if not words:
        return -1
    gap = r"[\s>]+"
    pattern = rf"(?<!\w){gap.join(re.escape(word) for word in words)}(?!\w)[.!?]?"
    found = re.compile(pattern).search(text, begin, end)
    if not found:
        return -1
    behind = found.end()
    if re.match(r"\s*\^\[", text[behind:]):  # it is cited already: one more source
        more = re.compile(r"(?:\s*\^\[[^\]\n]*\](?:\[[^\]\n]*\])*)+").match(text, behind)
        return more.end() if more else behind
    return behind


def _added(text: str, lines: tuple[Line, ...], blocks: tuple[Block, ...], sentence: str) -> str:
    """Return the document with a paragraph or list item more."""
    end = next((line.end for line in lines if line.end), "\n")
    research = (matter := front_matter.read(text)) is not None and matter.kind == RESEARCH.name
    at = _section_end(lines, blocks) if research else 0
    item = f"- {sentence}" if at else sentence
    at = at or _before_closing(text, lines, blocks)
    before = lines[at - 1] if at else None
    offset = before.offset + len(before.text) + len(before.end) if before else 0
    tight = at and research and re.match(r"\s*[-*] ", lines[at - 1].text)
    gap = "" if not before or tight else end if before.end else end * 2
    if before and tight and not before.end:
        gap = end
    return (
        text[:offset]
        + gap
        + item
        + (end if text[offset:] or not before or before.end else "")
        + text[offset:]
    )


def _section_end(lines: tuple[Line, ...], blocks: tuple[Block, ...]) -> int:
    """Return the last line with words of the Findings section, 0 where there is none."""
    headings = [block for block in blocks if block.kind == "heading" and not block.containers]
    for at, heading in enumerate(headings):
        if lines[heading.first - 1].text.strip().casefold() != FINDINGS.casefold():
            continue
        last = (
            headings[at + 1].first - 1 if at + 1 < len(headings) else _closing_start(lines, blocks)
        )
        return _with_words(lines, last)
    return 0


def _closing_start(lines: tuple[Line, ...], blocks: tuple[Block, ...]) -> int:
    """Return the last line before the closing blocks."""
    text = "".join(line.text + line.end for line in lines)
    return _before_closing(text, lines, blocks)


def _before_closing(text: str, lines: tuple[Line, ...], blocks: tuple[Block, ...]) -> int:
    """Return the last line with words before the closing blocks."""
    start = closing_of(text, blocks).start
    return _with_words(lines, start - 1 if start else len(lines))


def _with_words(lines: tuple[Line, ...], last: int) -> int:
    """Return the last line that is not blank, at or above one."""
    while last and not lines[last - 1].text.strip():
        last -= 1
    return last
