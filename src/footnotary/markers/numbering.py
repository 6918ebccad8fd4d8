"""Markers numbered by first appearance, and the closing blocks rewritten to match.

The author's text changes in one way only: the labels inside markers.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from footnotary.errors import DocumentError
from footnotary.facts.research import ResearchTrail
from footnotary.markers.closing import (
    NOTHING_YET,
    Closing,
    closing_of,
)
from footnotary.markers.entries import (
    DAY,
    LABELS,
    ContextFacts,
    SourceEntry,
    analysis_date,
    number_entry,
    remark_behind,
    remark_in,
)
from footnotary.markers.outside import (
    entries_by_number,
    keys_named,
    markers_outside,
    notes_numbered,
)
from footnotary.markers.rendering import rendered_form
from footnotary.markers.spans import escaped, escaped_url
from footnotary.markers.structure import (
    FORMS,
    Block,
    Line,
    Marker,
    blocks_of,
    first_line_end,
    is_footnote,
    lines_of,
    write_marker,
)
from footnotary.models import Citation

STALE_AFTER_DAYS = 365
_NO_TRAIL = ResearchTrail()
_CONFLICT = re.compile(r"(?:<{7} |={7}$|>{7} )")


@dataclass(frozen=True)
class _Source:
    """What one number stands for: a record, or an entry without one."""

    number: int
    key: str
    citation: Citation | None
    entries: tuple[SourceEntry, ...]
    decision: str = ""  # its entry, where it is a decision


def synced(  # noqa: PLR0913  the switches are keywords
    markdown: str,
    citations: Mapping[str, Citation],
    today: date,
    versions: Mapping[str, str],
    *,
    stale_after_days: int = STALE_AFTER_DAYS,
    always: bool = False,
    renewed: bool = False,
    former: Collection[str] = (),
    blocks: tuple[Block, ...] | None = None,
    decisions: Mapping[str, str] | None = None,
    trail: ResearchTrail | None = _NO_TRAIL,
    form: str = FORMS[0],
) -> str:
    """Return a document with its markers numbered and its closing blocks rewritten.

    Twice is the same as once, on any day: the analysis date moves only when something else
    in the blocks does. Markers whose key has no record stay as they are, and so do numbers
    without an entry; entries that were written by hand are kept word for word, and so is each
    line that renders what it should, however a formatter wrapped it.

    Args:
        markdown: The document.
        citations: The records by key.
        today: The date of the analysis, if something changes.
        versions: Installed versions of the libraries the document is about.
        stale_after_days: Age in days from which a source counts as old.
        always: Write the closing blocks even if the document cites nothing.
        renewed: Date the analysis today whatever else is the same: the document is a new one.
        former: Libraries whose versions the document named when it was last written.
        blocks: The document's blocks, if they are known already.
        decisions: The entries of the decisions that may be cited, by key (`decision:…`).
        trail: The trail of a research note; None where it does not read.
        form: How markers are written, one of `FORMS`.

    Raises:
        DocumentError: The blocks are in a state that must not be guessed at (doubled blocks
            or numbers, merge conflicts); the message names the line.
    """
    blocks = blocks_of(markdown) if blocks is None else blocks
    lines = lines_of(markdown)
    refuse_conflicts(lines, blocks)
    closing = closing_of(markdown, blocks)
    markers = markers_outside(markdown, closing)
    if not markers and closing.sources is None and not always:
        return markdown
    own = notes_numbered(markdown, closing) if form != FORMS[0] else set()
    labels, sources = _numbered(markers, closing, citations, decisions or {}, own)
    prose = _relabelled(markdown, markers, labels, form)
    if not sources and closing.sources is None and not always:
        return prose
    lines = lines_of(prose)  # relabelling keeps the lines
    dates = [
        one.value for one in (closing.context.items if closing.context else ()) if one.label == DAY
    ]
    before = analysis_date(dates[0]) if dates else None
    keys = dict.fromkeys(source.key for source in sources if source.citation)
    keys |= dict.fromkeys(trail.quoted if trail else ())
    cited = [citations[key] for key in keys if key in citations]
    names = {*versions, *former}

    def written(day: date) -> str:
        known = citations.values()
        facts = ContextFacts(day, cited, known, versions, names, stale_after_days, trail)
        context = _context_block(lines, closing, facts)
        return _with_blocks(lines, closing, _sources_block(lines, closing, sources, form), context)

    if before and not renewed and written(before) == markdown:
        return markdown
    return written(today)


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


def _numbered(
    markers: Sequence[Marker],
    closing: Closing,
    citations: Mapping[str, Citation],
    decisions: Mapping[str, str],
    own_notes: Collection[int],
) -> tuple[dict[str, str], list[_Source]]:
    """Number what the markers are for; numbers of the author's own notes are left out."""
    entries = entries_by_number(closing)
    by_key: dict[str, list[SourceEntry]] = {}
    for each in entries.values():
        by_key.setdefault(each.key or f"[{each.number}]", []).append(each)
    dangling = {
        int(label)
        for marker in markers
        for label in marker.labels
        if label.isdigit() and int(label) not in entries
    } | {*own_notes}
    labels: dict[str, str] = {}
    numbers: dict[str, int] = {}  # by key, or by `[old number]` for entries without one
    sources: list[_Source] = []

    def number_of(identity: str, key: str) -> int:
        if identity not in numbers:
            taken = set(numbers.values()) | dangling
            number = next(n for n in range(len(numbers) + 1, 100_000) if n not in taken)
            numbers[identity] = number
            own = tuple(by_key.get(identity, ()))
            decision = decisions.get(key, "")
            sources.append(_Source(number, key, citations.get(key), own, decision))
        return numbers[identity]

    for label in (label for marker in markers for label in marker.labels):
        if label in labels:
            continue
        entry = entries.get(int(label)) if label.isdigit() else None
        key = entry.key if entry else "" if label.isdigit() else label
        is_known = key in citations or key in by_key or key in decisions
        if entry is not None or is_known:
            labels[label] = str(number_of(key or f"[{label}]", key))
    for identity, own in by_key.items():
        key = own[0].key
        is_remarked = (
            any(map(remark_behind, own))
            if key in decisions
            else _has_remark(own, citations.get(key))
        )
        if identity not in numbers and (not key or is_remarked):
            number_of(identity, key)
    return labels, sources


def _relabelled(
    markdown: str, markers: Sequence[Marker], labels: Mapping[str, str], form: str = ""
) -> str:
    """Return the text with the labels inside markers replaced, and ours in another form.

    A footnote whose key is not known may be its author's own: its form stays.
    """
    parts: list[str] = []
    at = 0
    for marker in markers:
        named = [labels.get(label, label) for label in marker.labels]
        is_ours = marker.form == FORMS[0] or all(
            label in labels or label.isdigit() for label in marker.labels
        )
        gap, at = markdown[at : marker.offset], marker.end
        if form in ("", marker.form) or not is_ours or not all(map(is_footnote, named)):
            parts += [gap, _with_labels(markdown, marker, named)]
            continue
        is_joint = parts and parts[-1].endswith("]") and gap in ("", " ")
        if is_joint and form == FORMS[0] and parts[-1].startswith("^["):
            parts[-1] = f"{parts[-1][:-1]},{','.join(named)}]"
            continue
        parts += [" " if is_joint else gap, write_marker(named, form)]
        begins_line = not "".join(parts[-20:-1]).rpartition("\n")[2].strip()
        if form != FORMS[0] and begins_line and markdown.startswith(":", at):
            parts.append("\\")  # or it were a definition
    return "".join([*parts, markdown[at:]])


def _with_labels(markdown: str, marker: Marker, labels: Sequence[str]) -> str:
    """Return a marker as it is written, with other labels."""
    parts, at = [], marker.offset
    for label, (begin, end) in zip(labels, marker.spans, strict=True):
        parts += [markdown[at:begin], label]
        at = end
    return "".join([*parts, markdown[at : marker.end]])


def _has_remark(entries: Sequence[SourceEntry], citation: Citation | None) -> bool:
    """Tell whether an author wrote something into the entries of one record."""
    words = citation.quote.exact if citation else ""
    return any(remark_in(entry, words) for entry in entries)


def _entry_text(source: _Source, form: str) -> str:
    """Return the entry of one source: as it is, if it says what its record says.

    The author's remarks behind the quote stay, wherever lines were wrapped.
    """
    citation = source.citation
    if source.decision:
        remarks = "".join(map(remark_behind, source.entries))
        if len(source.entries) == 1 and _is_alike(
            source.entries[0].text, source.decision + remarks
        ):
            return number_entry(source.number, source.entries[0].written, form)
        written = f"{source.decision} <!-- cite:{source.key} -->{remarks}"
        return number_entry(source.number, written, form)
    if citation is None:
        return number_entry(source.number, source.entries[0].written, form)
    title = escaped(citation.title or citation.site or citation.final_url)
    own = (
        f"{title} - {escaped_url(citation.final_url)}"
        f" - [Date Accessed: {citation.accessed.isoformat()}]"
        f' - "{escaped(citation.quote.exact)}"'
    )
    remarks = "".join(remark_in(entry, citation.quote.exact) for entry in source.entries)
    if len(source.entries) == 1 and _is_alike(source.entries[0].text, own + remarks):
        return number_entry(source.number, source.entries[0].written, form)
    return number_entry(source.number, f"{own} <!-- cite:{source.key} -->{remarks}", form)


def _is_alike(one: str, other: str) -> bool:
    """Tell whether two entries render alike, behind their numbers."""
    return rendered_form(f"[1] {one}") == rendered_form(f"[1] {other}")


def _sources_block(
    lines: Sequence[Line], closing: Closing, sources: Sequence[_Source], form: str
) -> list[str]:
    """Return the lines of the Sources block: as they are, if no entry changes."""
    block = closing.sources
    others = lines[block.title_last : block.last] if block and block.has_others else ()
    texts = [_entry_text(source, form) for source in sources]
    if others or not texts:
        texts.append("\n".join(line.text for line in others).strip("\n") or NOTHING_YET)
    if block is None:
        return ["**Sources and Citations:**", *_apart(texts)]
    here = block.entries[: len(block.entries) - len(block.moved)]
    before = [number_entry(one.number, one.written, one.form) for one in here] or [NOTHING_YET]
    if (not sources and others) or (texts == before and block.last > block.title_last):
        return [line.text for line in lines[block.first - 1 : block.last]]
    title = [line.text for line in lines[block.first - 1 : block.title_last]]
    return [*title, *_apart(texts)]


def _apart(texts: Sequence[str]) -> list[str]:
    """Return paragraphs line by line, a blank line above each."""
    return [line for text in texts for line in ("", *text.split("\n"))]


def _context_block(lines: Sequence[Line], closing: Closing, facts: ContextFacts) -> list[str]:
    """Return the lines of the Research Context: as they are, but for values of ours."""
    block = closing.context
    items = block.items if block else ()
    texts = [line.text for line in lines]
    at = items[0].first - 1 if items else 0
    head = texts[block.first - 1 : at or block.title_last] if block else ["**Research Context:**"]
    rows: dict[str, list[str]] = {}
    for number, item in enumerate(items):
        is_ours = item.label in LABELS and item.label not in rows
        value = facts.value(item.label, item.value) if is_ours else item.value
        told = texts[item.first - 1 : item.told]
        if not _is_alike(value, item.value):
            told = [f"{item.head.rstrip()} {value}".rstrip()]
        row = [*texts[at : item.first - 1], *told, *texts[item.told : item.last]]
        rows[item.label if is_ours else str(number)] = row
        at = item.last
    names = list(rows)
    for label in LABELS:
        value = "" if label in rows else facts.value(label, "")
        if value:
            before = LABELS[: LABELS.index(label)]
            names.insert(
                max((names.index(one) + 1 for one in before if one in names), default=0), label
            )
            rows[label] = [f"- {label}: {value}"]
    return [*head, *([] if items else [""]), *(text for name in names for text in rows[name])]


def _with_blocks(
    lines: Sequence[Line], closing: Closing, sources: Sequence[str], context: Sequence[str]
) -> str:
    """Put the blocks where they stand, or behind everything else."""
    end = first_line_end(lines)
    final = lines[-1].end if lines else ""
    texts = [line.text + line.end for line in lines]
    for begin, last in closing.sources.moved if closing.sources else ():
        is_apart = not "".join(texts[begin - 2 : begin - 1]).strip()
        texts[begin - 1 - is_apart : last] = [""] * (last - begin + 1 + is_apart)
    blocks = [one for one in (closing.sources, closing.context) if one]
    if not blocks:
        body = "".join(texts)
        gap = "" if not body.strip() else end if body.endswith(("\n", "\r")) else end * 2
        block = end.join(["---", "", *sources, "", *context])
        return body + gap + block + (final or (end if not body else ""))
    rule = [] if closing.sources and closing.sources.rule else ["---", ""]
    both = [[*rule, *sources], context] if len(blocks) > 1 else [[*rule, *sources, "", *context]]
    places = [(one.first, one.last) for one in blocks]
    for (first, last), replacement in sorted(zip(places, both, strict=True), reverse=True):
        tail = texts[last - 1][len(texts[last - 1].rstrip("\r\n")) :]
        inserted = end.join(replacement) + (tail or (end if last < len(texts) else ""))
        is_as_before = inserted == "".join(texts[first - 1 : last])
        gap = end if not is_as_before and "".join(texts[last : last + 1]).strip() else ""
        texts[first - 1 : last] = [inserted + gap]
    return "".join(texts)
