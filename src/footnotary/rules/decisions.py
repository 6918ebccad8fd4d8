"""Rules about decisions: a cited one is there and in force, and a note is what its trail says."""

import re
from collections.abc import Iterator

from footnotary.facts.research import DECISION, Standing
from footnotary.findings import Severity
from footnotary.markers import keys_named
from footnotary.markers.spans import code_spans
from footnotary.rules.basis import (
    CheckedDocument,
    CitationLibrary,
    FindingPlace,
    document_rule,
)

TRAIL_DIFFERS = "DOC009"
_LOOKS_LIKE = re.compile(r"(?<!\\)(?:\^\[|\[\^)\s*decision\s*:[^\[\]]*\](?!\()", re.IGNORECASE)


def _cited(
    document: CheckedDocument, library: CitationLibrary
) -> Iterator[tuple[str, Standing | None, tuple[int, int]]]:
    """Yield each decision that a current document cites, where it does so first."""
    if document.around.archived:
        return
    seen: set[str] = set()
    for marker, keys in keys_named(document.markers, document.closing).items():
        for key in keys:
            if key.startswith(DECISION) and key not in seen:
                seen.add(key)
                place = marker.line, marker.column
                yield key.removeprefix(DECISION), library.decisions.get(key), place


@document_rule(
    "DEC001 unknown-decision",
    Severity.ERROR,
    about="A cited decision whose research note is not there, or whose trail does not read;"
    " what only looks like one is a warning.",
    why="The reader is sent to a decision that nobody can look up.",
    wrong="^[decision:which-pool] without a note of that key",
    right="^[decision:which-pool-size], which `footnotary note list` prints",
    fix="footnotary note list",
)
def _unknown(document: CheckedDocument, library: CitationLibrary) -> Iterator[FindingPlace]:
    """Decisions that are not there, or whose trail does not read."""
    for key, found, place in _cited(document, library):
        if found is None:
            yield FindingPlace(f"There is no research note {key!r}.", *place)
        elif found.problem:
            message = f"The state of the decision {key!r} is not known: {found.problem}"
            yield FindingPlace(message, *place, "Correct the trail that the message names.")
    if not document.around.archived:
        yield from _misspelt(document)


def _misspelt(document: CheckedDocument) -> Iterator[FindingPlace]:
    """Yield what looks like the marker of a decision and is none, such as words for a key."""
    if not _LOOKS_LIKE.search(document.text):
        return
    covers = document.closing.covers
    in_text = {
        number
        for block in document.blocks
        if block.kind in ("paragraph", "heading", "cell") and not covers(block.first)
        for number in range(block.first, block.last + 1)
    }
    known = {marker.offset for marker in document.markers}
    for number, line in enumerate(document.lines, 1):
        for found in _LOOKS_LIKE.finditer(line.text) if number in in_text else ():
            is_code = any(one.start <= found.start() < one.end for one in code_spans(line.text))
            if not is_code and line.offset + found.start() not in known:
                message = f"{found[0]} is not read as a decision: {DECISION}KEY has no spaces."
                yield FindingPlace(message, number, found.start() + 1, severity=Severity.WARNING)


@document_rule(
    "DEC002 decision-not-in-force",
    Severity.ERROR,
    why="The text rests on what was decided otherwise since.",
    wrong="^[decision:pool-of-ten], superseded by pool-of-five",
    right="^[decision:pool-of-five], and the text corrected",
    fix="Correct the text, and cite the decision that is in force.",
)
def _replaced(document: CheckedDocument, library: CitationLibrary) -> Iterator[FindingPlace]:
    """A cited decision that was superseded or withdrawn."""
    for key, found, place in _cited(document, library):
        if found and found.state == "superseded":
            message = f"The decision {key!r} was superseded by {found.superseded_by!r}."
            fix = f"Read it, correct the text and cite ^[{DECISION}{found.superseded_by}]."
            yield FindingPlace(message, *place, fix)
        elif found and found.state == "withdrawn":
            yield FindingPlace(f"The decision {key!r} was withdrawn.", *place)


@document_rule(
    "DEC003 open-decision",
    Severity.WARNING,
    why="The text says as settled what is still a question.",
    wrong="^[decision:which-pool-size], which is open",
    right="the same after `footnotary note decide`",
    fix="footnotary note decide --note KEY --chosen …",
)
def _open(document: CheckedDocument, library: CitationLibrary) -> Iterator[FindingPlace]:
    """A cited research note that has no decision yet."""
    for key, found, place in _cited(document, library):
        if found and found.state == "open" and not found.problem:
            yield FindingPlace(f"The question {key!r} is still open.", *place)


@document_rule(
    f"{TRAIL_DIFFERS} trail-differs",
    Severity.ERROR,
    why="After a merge, a note may lack what was searched, read or decided on one side.",
    wrong="a trail with three searches, and two in the note",
    right="the note after `doc refresh`",
    fix="doc refresh",
    fixable=True,
)
def _trail(document: CheckedDocument, library: CitationLibrary) -> Iterator[FindingPlace]:
    """A research note whose regions are not what its trail says, or whose trail does not read."""
    if document.around.archived or document.broken:
        return
    for message, line, fix in document.around.trail():
        yield FindingPlace(message, line, fix=fix or f"doc refresh {document.path}")


DECISION_RULES = (_unknown, _replaced, _open, _trail)
