"""Rules about citations: every marker stands for a record, and every record still holds."""

import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

from footnotary.documents.research import render_standing
from footnotary.errors import DocumentError
from footnotary.facts.research import DECISION
from footnotary.findings import Severity
from footnotary.markers import Marker, find_doubled, keys_named, synced
from footnotary.markers.structure import write_marker
from footnotary.models import Citation
from footnotary.rules.basis import (
    CheckedDocument,
    CitationLibrary,
    FindingPlace,
    Rule,
    document_rule,
    library_rule,
)
from footnotary.rules.edits import EDITED_RECORD
from footnotary.rules.sources import contradictions

QUOTED_WORDS = 5
_QUOTATION = re.compile(r"[\"“]([^\"“”\n]{12,}?)[\"”]")
_NOTE_LABEL = re.compile(r"\s*(?:\[!\w+\]|\*\*[^*]{1,40}\*\*|(?:Note|Warning|Tip|Important)\b)")


@document_rule(
    "CIT001 unknown-citation",
    Severity.ERROR,
    why="A reader who follows it finds nothing; the claim rests on nothing.",
    wrong="Pools start at five.^[no-such-key]",
    right="Pools start at five.^[docs-example-org-pools-1a2b3c]",
    fix="Cite the source, or take the marker out: `cite list` prints the keys there are.",
)
def _unknown(document: CheckedDocument, library: CitationLibrary) -> Iterator[FindingPlace]:
    """A marker whose key or number leads to no citation."""
    entries = document.closing.sources.entries if document.closing.sources else ()
    numbers = {entry.number: entry for entry in entries}
    for marker in document.markers:
        for label in marker.labels:
            entry = numbers.get(int(label)) if label.isdigit() else None
            if label.isdigit() and entry is None:
                yield FindingPlace(
                    f"{marker.show(label)} has no entry in the Sources block.",
                    marker.line,
                    marker.column,
                )
            key = entry.key if entry else "" if label.isdigit() else label
            if key.startswith(DECISION):
                continue  # DEC001
            if key and key not in library.citations and not library.is_broken(key):
                yield FindingPlace(
                    f"{marker.show(label)} stands for the citation {key}, which is not there.",
                    marker.line,
                    marker.column,
                )


@document_rule(
    "CIT002 claim-without-record",
    Severity.ERROR,
    why="Sources that are typed by hand, or by a model, are often not there or do not say it.",
    wrong="40% faster.^[1]  with a [1] that names no citation key",
    right="40% faster.^[1]  with a [1] that `cite` recorded",
    fix="cite URL --quote … --to DOC",
)
def _unrecorded(document: CheckedDocument, library: CitationLibrary) -> Iterator[FindingPlace]:
    """A claim whose source is named in the Sources block but was never read by a machine."""
    entries = document.closing.sources.entries if document.closing.sources else ()
    numbers = {entry.number: entry for entry in entries}
    for marker in document.markers:
        for label in marker.labels:
            entry = numbers.get(int(label)) if label.isdigit() else None
            if entry is not None and not entry.key:
                yield FindingPlace(
                    f"the source of {marker.show(label)} has no record: no machine has seen"
                    + (f" its quote on {entry.url}." if entry.url else " it."),
                    marker.line,
                    marker.column,
                    f'cite {entry.url or "URL"} --quote "…" --to {document.path}',
                )


@document_rule(
    "CIT003 out-of-step",
    Severity.ERROR,
    why="A number that points to another source than its author meant is worse than none.",
    wrong="First^[2], second^[1].",
    right="First^[1], second^[2].",
    fix="doc sync",
    fixable=True,
)
def _out_of_step(document: CheckedDocument, library: CitationLibrary) -> Iterator[FindingPlace]:
    """Numbers or closing blocks that do not follow from the citations."""
    if document.around.archived or document.broken:
        return
    if _broken_records(document, library):
        return  # `doc sync` does not touch it either
    matter = document.matter
    try:
        wanted = synced(
            document.text,
            library.citations,
            library.today,
            matter.versions if matter else {},
            stale_after_days=library.stale_after_days,
            form=library.marker,
            blocks=document.blocks,
            decisions={
                key: render_standing(one)
                for key, one in library.decisions.items()
                if not one.problem
            },
            trail=document.around.trail_read(),
        )
    except DocumentError as error:
        yield place_of(error)
        return
    if wanted == document.text:
        return
    before, after = document.text.splitlines(), wanted.splitlines()
    line = next(
        (n for n, (old, new) in enumerate(zip(before, after, strict=False), 1) if old != new),
        min(len(before), len(after)) + 1,
    )
    yield FindingPlace(
        "markers or closing blocks are out of step with the citations.",
        line,
        0,
        f"doc sync {document.path}",
    )


@document_rule(
    "CIT011 doubled-marker",
    Severity.WARNING,
    why="Two notes that are one make a claim look better supported than it is.",
    wrong="Pools start at five.^[1]^[1]",
    right="Pools start at five.^[1]",
    fix="doc check --fix",
    fixable=True,
)
def _doubled(document: CheckedDocument, library: CitationLibrary) -> Iterator[FindingPlace]:
    """A marker that repeats the one before it."""
    if document.around.archived or document.broken:
        return
    found = find_doubled(document.text, document.own_markers, document.blocks, document.closing)
    for doubled in found:
        marker = doubled.marker
        shown = write_marker(list(dict.fromkeys(doubled.repeated)), marker.form)
        yield FindingPlace(
            f"{shown} is cited twice in a row.",
            marker.line,
            marker.column,
            f"doc check --fix {document.path}",
        )


@document_rule(
    "CIT009 unbound-quotation",
    Severity.WARNING,
    why="Quotation marks promise somebody's very words.",
    wrong='The manual says "never more than five connections at once".',
    right='The manual says "never more than five connections at once".^[key]',
    fix='cite URL --quote "…" --to DOC',
)
def _quotation(document: CheckedDocument, library: CitationLibrary) -> Iterator[FindingPlace]:
    """A quotation in the prose that is bound to no record, or differs from its record."""
    keys = document.bound(library)
    for sentence in document.sentences:
        for quotation in _QUOTATION.finditer(sentence.text):
            words = quotation[1]
            if len(words.split()) < QUOTED_WORDS:
                continue
            records = [
                library.citations[key]
                for marker in sentence.markers
                for key in keys.get(marker, ())
                if key
            ]
            yield from _judged(words, records, sentence.line, sentence.column)
    for line, words, cited in _block_quotations(document, keys):
        yield from _judged(words, [library.citations[key] for key in cited], line, 1)


def _judged(
    words: str, records: Sequence[Citation], line: int, column: int
) -> Iterator[FindingPlace]:
    """Judge one quotation by the records of its markers."""
    shown = words if len(words) < 60 else f"{words[:57]}…"  # noqa: PLR2004  a line's worth
    if not records:
        yield FindingPlace(f"the quotation “{shown}” is bound to no record.", line, column)
    elif not any(_says(record, words) for record in records):
        yield FindingPlace(
            f"the quotation “{shown}” differs from the quote of {records[0].key}.",
            line,
            column,
            f"The record has: “{records[0].quote.exact}”.",
            Severity.ERROR,
        )


def _says(record: Citation, words: str) -> bool:
    """Return whether a record's quote or its surroundings contain words, by the one matcher."""
    from footnotary.match import find_quote

    stripped = words.strip(" .,;:!?…")
    return any(
        stripped in text or find_quote(stripped, text) is not None
        for text in (record.quote.exact, record.evidence.passage)
    )


def _block_quotations(
    document: CheckedDocument, keys: Mapping[Marker, tuple[str, ...]]
) -> Iterator[tuple[int, str, list[str]]]:
    """Yield each block quotation: line, words, keys of its markers."""
    group: list[int] = []
    prose = document.prose
    for at, block in enumerate(prose):
        if "blockquote" in block.containers and block.kind == "paragraph":
            group.append(at)
        following = prose[at + 1] if at + 1 < len(prose) else None
        if group and (following is None or "blockquote" not in following.containers):
            blocks = [prose[index] for index in group]
            last = max(each.last for each in blocks) + (
                following.last - following.first + 2
                if following and following.content.lstrip().startswith(("—", "–", "-- "))
                else 0
            )
            sentences = [s for s in document.sentences if blocks[0].first <= s.line <= last]
            words = " ".join(s.text for s in sentences if s.quoted)
            words = words.split(" — ")[0].strip('"“” ')
            cited = [
                key
                for sentence in sentences
                for marker in sentence.markers
                for key in keys.get(marker, ())
                if key
            ]
            is_note = _NOTE_LABEL.match(blocks[0].content) is not None
            has_own = any(_QUOTATION.search(sentence.text) for sentence in sentences)
            if len(words.split()) >= QUOTED_WORDS and not is_note and not has_own:
                yield blocks[0].first, words, cited
            group = []


def place_of(error: DocumentError) -> FindingPlace:
    """Return an error about a document as a place in it."""
    found = re.match(r"line (\d+): (.*)", error.message, re.DOTALL)
    return (
        FindingPlace(found[2], int(found[1]), 0, error.hint)
        if found
        else FindingPlace(error.message, 0, 0, error.hint)
    )


@library_rule(
    "CIT004 unused-record",
    Severity.NOTE,
    why="It may be what a deleted sentence rested on, or a source still to be used.",
    wrong="a file in citations/ that no marker names",
    right="the same file, cited or removed",
    fix="Cite it, or `cite rm KEY`",
)
def _unused(
    library: CitationLibrary, cited: AbstractSet[str]
) -> Iterator[tuple[str, FindingPlace]]:
    """A record that no document cites."""
    for key, citation in library.citations.items():
        if key not in cited and not citation.superseded_by:
            yield f"citations/{key}.yaml", FindingPlace(f"no document cites the record {key}.")


def _broken_records(
    document: CheckedDocument, library: CitationLibrary
) -> list[tuple[Marker, str]]:
    """Return the markers whose record does not read, each with its key."""
    named = keys_named(document.markers, document.closing)
    return [
        (marker, key)
        for marker, keys in named.items()
        for key in keys
        if key and key not in library.citations and library.is_broken(key)
    ]


def _cites_unreadable(
    document: CheckedDocument, library: CitationLibrary
) -> Iterator[FindingPlace]:
    """Markers whose record does not read; of a whole library each is named once, in its file."""
    for marker, key in _broken_records(document, library):
        error = library.broken[f"{key}.yaml"]
        yield FindingPlace(error.message, marker.line, marker.column, error.hint)


def _unreadable(
    library: CitationLibrary, cited: AbstractSet[str]
) -> Iterator[tuple[str, FindingPlace]]:
    """Records that do not read."""
    del cited
    list(library.citations)  # reads those that nobody has asked for yet
    for name, error in sorted(library.broken.items()):
        yield f"citations/{name}", FindingPlace(error.message, 0, 0, error.hint)


@library_rule(
    "CIT008 contradicting-records",
    Severity.WARNING,
    why="At most one of them is right about the thing that the documents describe.",
    wrong='"The default is 5 connections." and "The default is 10 connections."',
    right="one of them superseded, or the versions named that each is about",
    fix="Look at both: `cite show KEY`.",
)
def _contradicting(
    library: CitationLibrary, cited: AbstractSet[str]
) -> Iterator[tuple[str, FindingPlace]]:
    """Two records that say different things in the same words."""
    for first, second, words in contradictions(library.citations.values()):
        yield (
            f"citations/{first.key}.yaml",
            FindingPlace(f"contradicts {second.key}: {words}."),
        )


CITATION_RULES = (
    _unknown,
    _unrecorded,
    _out_of_step,
    _unused,
    EDITED_RECORD,
    _contradicting,
    _quotation,
    Rule(
        code="CIT010",
        name="broken-record",
        severity=Severity.ERROR,
        about="A citation record that cannot be read.",
        why="What cannot be read is no evidence.",
        wrong="a record with an unknown field",
        right="the record as `cite` wrote it",
        fix="Restore it from git.",
        document=_cites_unreadable,
        library=_unreadable,
    ),
    _doubled,
)
