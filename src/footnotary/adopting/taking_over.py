"""The sources that hold become records and markers; every other word stays.

A line of a Sources block gets its record's key as an invisible comment. Elsewhere the marker
`^[key]` goes where the source is cited: in place of the number in `^[1]`, behind a footnote's
`[^1]` or a reference's `[1]`, at the end of the sentence that has quotation and address, at the
end of a list's line. `doc sync` then numbers all of them.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

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
_SPACE_BEHIND_ADDRESS = re.compile(r"https?://\S*$")


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
    for judged, key in keys:
        for begin, end, words in _edits(text, judged, key):
            edits[begin, end] = edits.get((begin, end), "") + words
    parts, at = [], 0
    for (begin, end), words in sorted(edits.items()):
        if begin < at:
            continue
        parts += [text[at:begin], words]
        at = end
    return "".join([*parts, text[at:]])


def _edits(text: str, judged: Judged, key: str) -> Iterator[tuple[int, int, str]]:
    """Yield what is put where for one source: begin, end, words."""
    source = judged.source
    number = source.entry.number
    if source.form == "block":
        yield _behind_line(text, source.entry.line, f" <!-- cite:{key} -->")
    elif source.form in ("loose", "list") and number:
        yield from _relabelled(text, str(number), key)
        yield from _behind(text, rf"(?<![\]^\w])\[{number}\](?![\[(:])", key, source.entry.line)
    elif source.form == "footnote":
        label = re.escape(source.label)
        yield from _behind(text, rf"\[\^{label}\](?!:)", key, source.entry.line)
    elif source.form == "reference":
        label = re.escape(source.label)
        yield from _behind(text, rf"(?<!\^)\[{label}\](?![\[(:])", key, source.entry.line)
    elif source.end:
        space = " " if _SPACE_BEHIND_ADDRESS.search(text[: source.end]) else ""
        yield source.end, source.end, f"{space}^[{key}]"
    else:
        yield _behind_line(text, source.entry.line, f" ^[{key}]")


def _behind_line(text: str, number: int, words: str) -> tuple[int, int, str]:
    """Return the edit that puts words at the end of a line."""
    line = lines_of(text)[number - 1]
    end = line.offset + len(line.text.rstrip())
    return end, end, words


def _relabelled(text: str, number: str, key: str) -> Iterator[tuple[int, int, str]]:
    """Yield the edits that put a key in place of a number in markers."""
    for marker in markers_of(text):
        for label, (begin, end) in zip(marker.labels, marker.spans, strict=True):
            if label == number:
                yield begin, end, key


def _behind(text: str, pattern: str, key: str, own: int) -> Iterator[tuple[int, int, str]]:
    """Yield the edits that put a marker behind each reference in the prose."""
    lines = lines_of(text)
    for block in _prose(text):
        begin = lines[block.first - 1].offset
        last = lines[block.last - 1]
        raw = text[begin : last.offset + len(last.text)]
        shown = _HIDDEN.sub(lambda found: " " * len(found[0]), raw)
        for found in re.finditer(pattern, shown):
            line = block.first + shown.count("\n", 0, found.start())
            if line != own:
                end = begin + found.end()
                yield end, end, f"^[{key}]"


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
