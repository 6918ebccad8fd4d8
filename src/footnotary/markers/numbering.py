"""Markers numbered by first appearance, and the closing blocks rewritten to match.

The author's text changes in one way only: the labels inside markers.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from footnotary.errors import DocumentError
from footnotary.markers.closing import NOTHING_YET, Closing, SourceEntry, closing_of
from footnotary.markers.plain import escaped, escaped_url
from footnotary.markers.structure import Block, Line, Marker, blocks_of, lines_of, markers_of
from footnotary.models import Citation

STALE_AFTER_DAYS = 365
_OWN_LABELS = ("Analysis Date", "Search Terms Used", "Data Recency", "Versions")
_CONFLICT = re.compile(r"(?:<{7} |={7}$|>{7} )")


@dataclass(frozen=True)
class _Source:
    """What one number stands for: a record, or an entry without one."""

    number: int
    key: str
    citation: Citation | None
    entry: SourceEntry | None


def synced(  # noqa: PLR0913  the switches are keywords
    markdown: str,
    citations: Mapping[str, Citation],
    today: date,
    versions: Mapping[str, str],
    *,
    stale_after_days: int = STALE_AFTER_DAYS,
    always: bool = False,
    renewed: bool = False,
    blocks: tuple[Block, ...] | None = None,
) -> str:
    """Return a document with its markers numbered and its closing blocks rewritten.

    Twice is the same as once, on any day: the analysis date moves only when something else
    in the blocks does. Markers whose key has no record stay as they are, and so do numbers
    without an entry; entries that were written by hand are kept word for word.

    Args:
        markdown: The document.
        citations: The records by key.
        today: The date of the analysis, if something changes.
        versions: Installed versions of the libraries the document is about.
        stale_after_days: Age in days from which a source counts as old.
        always: Write the closing blocks even if the document cites nothing.
        renewed: Date the analysis today whatever else is the same: the document is a new one.
        blocks: The document's blocks, if they are known already.

    Raises:
        DocumentError: The blocks are in a state that must not be guessed at (doubled blocks
            or numbers, merge conflicts); the message names the line.
    """
    blocks = blocks_of(markdown) if blocks is None else blocks
    lines = lines_of(markdown)
    refuse_conflicts(lines, blocks)
    closing = closing_of(markdown, blocks)
    markers = [m for m in markers_of(markdown) if not closing.covers(m.line)]
    if not markers and closing.sources is None and not always:
        return markdown
    labels, sources = _numbered(markers, closing, citations)
    prose = _relabelled(markdown, markers, labels)
    if not sources and closing.sources is None and not always:
        return prose
    lines = lines_of(prose)  # relabelling keeps the lines
    before = _analysis_date(closing)

    def written(day: date) -> str:
        context = _context_lines(closing, sources, day, versions, stale_after_days)
        return _with_blocks(lines, closing, _source_lines(sources), context)

    if before and not renewed and written(before) == markdown:
        return markdown
    return written(today)


def bound(
    markers: Sequence[Marker], closing: Closing, citations: Mapping[str, Citation]
) -> dict[Marker, tuple[str, ...]]:
    """Return the citation keys that each marker stands for.

    Args:
        markers: Markers of the text, without those in the closing blocks.
        closing: The document's closing blocks.
        citations: The records by key.

    Returns:
        One key a label: of the record, or of the entry that names one; an empty string
        where the label stands for no record.
    """
    return {
        marker: tuple(key if key in citations else "" for key in keys)
        for marker, keys in keys_named(markers, closing).items()
    }


def keys_named(markers: Sequence[Marker], closing: Closing) -> dict[Marker, tuple[str, ...]]:
    """Return the keys that each marker names, of records that are there or not.

    Args:
        markers: Markers of the text, without those in the closing blocks.
        closing: The document's closing blocks.

    Returns:
        One key a label; an empty string for a number that has no entry with a key.
    """
    numbered = {number: entry.key for number, entry in _by_number(closing).items()}
    return {
        marker: tuple(
            numbered.get(int(label), "") if label.isdigit() else label for label in marker.labels
        )
        for marker in markers
    }


def with_successors(
    markdown: str, markers: Sequence[Marker], closing: Closing, successors: Mapping[str, str]
) -> str:
    """Return a document whose markers name other records; their numbers are out of step then.

    Args:
        markdown: The document.
        markers: The markers that may change.
        closing: The document's closing blocks.
        successors: The key that takes the place of another.
    """
    labels = {
        label: successors.get(key, label)
        for marker, keys in keys_named(markers, closing).items()
        for label, key in zip(marker.labels, keys, strict=True)
    }
    return _relabelled(markdown, markers, labels)


def refuse_conflicts(lines: tuple[Line, ...], blocks: tuple[Block, ...]) -> None:
    """Refuse a document with merge conflict markers outside code.

    Args:
        lines: Its lines.
        blocks: Its blocks.

    Raises:
        DocumentError: There is one.
    """
    suspects = [n for n, line in enumerate(lines, 1) if _CONFLICT.match(line.text)]
    if not any(lines[n - 1].text.startswith(("<<<<<<< ", ">>>>>>> ")) for n in suspects):
        return
    code = [block for block in blocks if block.kind == "code"]
    for number in suspects:
        if not any(block.first <= number <= block.last for block in code):
            raise DocumentError(
                f"line {number}: a merge conflict is not resolved.",
                hint="Resolve it and run again; nothing was changed.",
            )


def _by_number(closing: Closing) -> dict[int, SourceEntry]:
    """Return the entries of the Sources block by number."""
    return {entry.number: entry for entry in closing.sources.entries} if closing.sources else {}


def _numbered(
    markers: Sequence[Marker], closing: Closing, citations: Mapping[str, Citation]
) -> tuple[dict[str, str], list[_Source]]:
    """Number what the markers stand for.

    Returns:
        The new label of each label, and the sources in order of their numbers.
    """
    entries = _by_number(closing)
    dangling = {
        int(label)
        for marker in markers
        for label in marker.labels
        if label.isdigit() and int(label) not in entries
    }
    labels: dict[str, str] = {}
    numbers: dict[str, int] = {}  # by key, or by `[old number]` for entries without one
    sources: list[_Source] = []

    def number_of(identity: str, key: str, entry: SourceEntry | None) -> int:
        if identity not in numbers:
            taken = set(numbers.values()) | dangling
            number = next(n for n in range(len(numbers) + 1, 100_000) if n not in taken)
            numbers[identity] = number
            sources.append(_Source(number, key, citations.get(key), entry))
        return numbers[identity]

    for label in (label for marker in markers for label in marker.labels):
        if label in labels:
            continue
        entry = entries.get(int(label)) if label.isdigit() else None
        key = entry.key if entry else "" if label.isdigit() else label
        if entry is None and key not in citations:
            labels[label] = label
        else:
            labels[label] = str(number_of(key or f"[{label}]", key, entry))
    used = {source.entry.number for source in sources if source.entry}
    for entry in entries.values():
        if entry.number not in used and not entry.key:
            number_of(f"[{entry.number}]", "", entry)
    return labels, sources


def _relabelled(markdown: str, markers: Sequence[Marker], labels: Mapping[str, str]) -> str:
    """Return the text with the labels inside markers replaced."""
    parts = []
    at = 0
    for marker in markers:
        for label, (begin, end) in zip(marker.labels, marker.spans, strict=True):
            parts += [markdown[at:begin], labels[label]]
            at = end
    return "".join([*parts, markdown[at:]])


def _source_lines(sources: Sequence[_Source]) -> list[str]:
    """Return the Sources block."""
    lines = ["**Sources and Citations:**", ""]
    for source in sources:
        lines += [_entry_line(source), *(source.entry.rest if source.entry else ()), ""]
    if not sources:
        lines += [NOTHING_YET, ""]
    return lines[:-1]


def _entry_line(source: _Source) -> str:
    """Return the line of one source, in the seed's form."""
    comment = f" <!-- cite:{source.key} -->" if source.key else ""
    citation = source.citation
    if citation is None:
        text = source.entry.text if source.entry else ""
        return f"[{source.number}] {text}{comment}".rstrip()
    title = escaped(citation.title or citation.site or citation.final_url)
    return (
        f"[{source.number}] {title} - {escaped_url(citation.final_url)}"
        f" - [Date Accessed: {citation.accessed.isoformat()}]"
        f' - "{escaped(citation.quote.exact)}"{comment}'
    )


def _analysis_date(closing: Closing) -> date | None:
    """Return the day that the Research Context states, if it states one."""
    said = closing.context.values.get("Analysis Date", "") if closing.context else ""
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None


def _context_lines(
    closing: Closing,
    sources: Sequence[_Source],
    day: date,
    versions: Mapping[str, str],
    stale_after_days: int,
) -> list[str]:
    """Return the Research Context block; items under other labels stay."""
    citations = [source.citation for source in sources if source.citation]
    terms = dict.fromkeys(term for citation in citations for term in citation.search_terms)
    known = dict(versions)
    for citation in citations:
        own = {name: said for name, said in citation.versions.items() if name != "commit"}
        known = own | known
    lines = ["**Research Context:**", "", f"- Analysis Date: {day.isoformat()}"]
    said = ", ".join(f'"{escaped(term)}"' for term in terms) or "none recorded"
    lines.append(f"- Search Terms Used: {said}")
    lines.append(f"- Data Recency: {_recency(citations, day, stale_after_days)}")
    if known:
        listed = (f"{escaped(name)} {escaped(known[name])}" for name in sorted(known))
        lines.append(f"- Versions: {', '.join(listed)}")
    for label, text in closing.context.items if closing.context else ():
        if label not in _OWN_LABELS:
            lines += text.split("\n")
    return lines


def _recency(citations: Sequence[Citation], day: date, stale_after_days: int) -> str:
    """Say how old the sources are: by their own date, else by the day they were read."""
    days = sorted(citation.published or citation.accessed for citation in citations)
    if not days:
        return "no sources"
    limit = day - timedelta(days=stale_after_days)
    old = sum(1 for each in days if each < limit)
    return (
        f"oldest source {days[0].isoformat()}, newest {days[-1].isoformat()};"
        f" {old} of {len(days)} older than {stale_after_days} days"
    )


def _with_blocks(
    lines: Sequence[Line], closing: Closing, sources: Sequence[str], context: Sequence[str]
) -> str:
    """Put the blocks where they stand, or behind everything else."""
    end = _line_end(lines)
    final = lines[-1].end if lines else ""
    texts = [line.text + line.end for line in lines]
    places = _places(closing, len(texts))
    if places is None:
        body = "".join(texts)
        gap = "" if not body.strip() else end if body.endswith(("\n", "\r")) else end * 2
        block = end.join(["---", "", *sources, "", *context])
        return body + gap + block + (final or (end if not body else ""))
    fitted = _fitted(closing, sources, context)
    for (first, last), replacement in sorted(zip(places, fitted, strict=True), reverse=True):
        tail = texts[last - 1][len(texts[last - 1].rstrip("\r\n")) :] if last >= first else ""
        inserted = end.join(replacement) + (tail or (end if last < len(texts) else ""))
        texts[first - 1 : last] = [inserted]
    return "".join(texts)


def _places(closing: Closing, count: int) -> list[tuple[int, int]] | None:
    """Return the lines that each block replaces; None where neither block is there."""
    del count
    if closing.sources is None and closing.context is None:
        return None
    found = []
    if closing.sources:
        found.append((closing.sources.first, closing.sources.last))
    if closing.context:
        found.append((closing.context.first, closing.context.last))
    return found


def _fitted(
    closing: Closing, sources: Sequence[str], context: Sequence[str]
) -> list[Sequence[str]]:
    """Return the text for each place: a missing block joins the one that is there."""
    rule = [] if closing.sources and closing.sources.rule else ["---", ""]
    if closing.sources is None:
        return [[*rule, *sources, "", *context]]
    if closing.context is None:
        return [[*rule, *sources, "", *context]]
    return [[*rule, *sources], context]


def _line_end(lines: Sequence[Line]) -> str:
    """Return the line end that the document uses first; LF for a single line."""
    return next((line.end for line in lines if line.end), "\n")
