"""Every rule, in the order of the codes' groups; its page; comments that silence it."""

import re
from bisect import bisect
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from footnotary import DOCUMENTATION
from footnotary.errors import UsageError
from footnotary.findings import Finding, Severity
from footnotary.rules.basis import (
    CheckedDocument,
    CitationLibrary,
    FindingPlace,
    Rule,
    document_rule,
)
from footnotary.rules.citations import CITATION_RULES
from footnotary.rules.claims import CLAIM_RULES
from footnotary.rules.decisions import DECISION_RULES
from footnotary.rules.documents import DOCUMENT_RULES
from footnotary.rules.samples import SAMPLE_RULES
from footnotary.rules.sources import SAFETY_RULES, SOURCE_RULES

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


@document_rule(
    "SUP001 ignored-without-reason",
    Severity.WARNING,
    why="Whoever reads it next cannot tell whether it still holds.",
    wrong="<!-- footnotary:ignore CLM001 -->",
    right="<!-- footnotary:ignore CLM001 measured by ourselves, see bench/ -->",
    fix="Write the reason behind the code.",
)
def _without_reason(document: CheckedDocument, library: CitationLibrary) -> Iterator[FindingPlace]:
    """A suppression that does not say why."""
    for each in suppressions_in(document):
        if not each.reason:
            yield FindingPlace(
                f"{', '.join(sorted(each.codes))} is ignored without a reason.", each.line
            )


SUPPRESSION_RULES = (_without_reason,)


_WEIGHTS = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.NOTE: "note (does not fail the check)",
}


def render_rule_page(rule: Rule) -> str:
    """Return a rule's page in Markdown."""
    fix = "yes, with `doc check --fix`" if rule.fixable else "no"
    return f"""# {rule.code} {rule.name}

{rule.about}

{rule.why}

Severity: {_WEIGHTS[rule.severity]}. Fixed by the tool: {fix}.

Found:

{_sample(rule.wrong)}

Better:

{_sample(rule.right)}

To fix it: {_sentence(rule.fix)}

To accept it, with the reason, beside the sentence or above the block:

```markdown
<!-- footnotary:ignore {rule.code} why it is right here -->
```
"""


def index_page() -> str:
    """Return the page that lists all rules."""
    rows = "\n".join(
        f"| [{rule.code}]({rule.code}.md) | {rule.name} | {rule.severity.value} |"
        f" {'yes' if rule.fixable else ''} | {rule.about} |"
        for rule in RULES
    )
    return f"""# Rules of the gate

`doc check --explain CODE` prints a rule's page. These pages are made from the rules by
`python -m footnotary.rules.registry docs/rules`.

| Code | Name | Severity | `--fix` | Finds |
| --- | --- | --- | --- | --- |
{rows}
"""


def _sample(words: str) -> str:
    """Return an example as a code block whose fence it cannot close."""
    return f"````text\n{words}\n````"


def _sentence(words: str) -> str:
    """Return words as a sentence."""
    return words if words.endswith(".") else f"{words}."


def rule_named(words: str) -> Rule:
    """Return a rule by its code or name.

    Args:
        words: Such as `CIT001` or `unknown-citation`.

    Raises:
        UsageError: There is no such rule.
    """
    for rule in RULES:
        if words.upper() == rule.code or words == rule.name:
            return rule
    raise _unknown(words)


def select_rules(select: tuple[str, ...], ignore: tuple[str, ...]) -> tuple[Rule, ...]:
    """Return the rules that run.

    Args:
        select: Codes, beginnings of codes (`CIT`) or names; all rules if empty.
        ignore: The same, left out.

    Raises:
        UsageError: One of them is no rule.
    """
    for words in (*select, *ignore):
        if not any(_is_meant(rule, words) for rule in RULES):
            raise _unknown(words)
    return tuple(
        rule
        for rule in RULES
        if (not select or any(_is_meant(rule, words) for words in select))
        and not any(_is_meant(rule, words) for words in ignore)
    )


def _unknown(words: str) -> UsageError:
    """Return the error about a rule that does not exist."""
    return UsageError(
        f"Unknown rule {words!r}.", hint=f"All rules are listed on {DOCUMENTATION}rules/."
    )


def _is_meant(rule: Rule, words: str) -> bool:
    """Return whether words name a rule or its group."""
    return words == rule.name or (bool(words) and rule.code.startswith(words.upper()))


RULES: tuple[Rule, ...] = (
    *CITATION_RULES,
    *SOURCE_RULES,
    *CLAIM_RULES,
    *DOCUMENT_RULES,
    *DECISION_RULES,
    *SAMPLE_RULES,
    *SAFETY_RULES,
    *SUPPRESSION_RULES,
)


if __name__ == "__main__":
    import sys
    from pathlib import Path

    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "index.md").write_text(index_page(), "utf-8")
    for each in RULES:
        (folder / f"{each.code}.md").write_text(render_rule_page(each), "utf-8")
