"""Findings that an author accepts, with the reason, beside the sentence.

    A claim that is common knowledge. <!-- footnotary:ignore CLM001 everybody knows -->

It is about the sentence before it, on whatever lines; on a line of its own with a blank line or
nothing above, about the next block.
"""

import re
from bisect import bisect
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from footnotary.findings import Finding, Severity
from footnotary.rules.basis import CheckedDocument, CitationLibrary, FindingPlace, Rule

_COMMENT = re.compile(
    r"<!--\s*footnotary:ignore\s+([A-Z]{3}\d{3}(?:\s*,\s*[A-Z]{3}\d{3})*)\s*(.{0,999}?)\s*-->",
    re.DOTALL,
)


@dataclass(frozen=True)
class Suppression:
    """One comment."""

    codes: frozenset[str]
    reason: str
    line: int
    first: int
    last: int


def suppressions_in(document: CheckedDocument) -> tuple[Suppression, ...]:
    """Return the suppressions of a document."""
    if "footnotary:ignore" not in document.text:
        return ()
    return tuple(_found(document))


def kept(findings: Iterable[Finding], suppressions: tuple[Suppression, ...]) -> list[Finding]:
    """Return the findings that nobody suppresses."""
    return [
        finding
        for finding in findings
        if not any(
            finding.code in each.codes and each.first <= finding.line <= each.last
            for each in suppressions
        )
    ]


def _found(document: CheckedDocument) -> Iterator[Suppression]:
    """Yield the comments outside of code."""
    code = {n for b in document.blocks if b.kind == "code" for n in range(b.first, b.last + 1)}
    offsets = [line.offset for line in document.lines]
    for comment in _COMMENT.finditer(document.text):
        number = bisect(offsets, comment.start())
        if number in code:
            continue
        codes = frozenset(re.split(r"\s*,\s*", comment[1]))
        reason = " ".join(comment[2].split())
        yield Suppression(codes, reason, number, *_lines_meant(document, number, comment))


def _lines_meant(document: CheckedDocument, number: int, comment: re.Match[str]) -> tuple[int, int]:
    """Return the first and the last line that a comment is about."""
    line = document.lines[number - 1]
    begins = not document.text[line.offset : comment.start()].strip()
    is_apart = number == 1 or not document.lines[number - 2].text.strip()
    if begins and is_apart:
        block = next((one for one in document.blocks if one.first > number), None)
        return (block.first, block.last) if block else (number, number)
    column = comment.start() - line.offset + 1
    above = number - begins  # a comment at the beginning of a line is a block of its own
    block = next((one for one in document.blocks if one.first <= above <= one.last), None)
    started = [
        one.line
        for one in document.sentences
        if block and (block.first, 0) <= (one.line, 0) and (one.line, one.column) < (number, column)
    ]
    return max(started, default=number), number


def _without_reason(document: CheckedDocument, library: CitationLibrary) -> Iterator[FindingPlace]:
    """Suppressions that do not say why."""
    del library
    for each in suppressions_in(document):
        if not each.reason:
            yield FindingPlace(
                f"{', '.join(sorted(each.codes))} is ignored without a reason.", each.line
            )


SUPPRESSION_RULES = (
    Rule(
        code="SUP001",
        name="ignored-without-reason",
        severity=Severity.WARNING,
        about="A suppression that does not say why.",
        why="Whoever reads it next cannot tell whether it still holds.",
        wrong="<!-- footnotary:ignore CLM001 -->",
        right="<!-- footnotary:ignore CLM001 measured by ourselves, see bench/ -->",
        fix="Write the reason behind the code.",
        document=_without_reason,
    ),
)
