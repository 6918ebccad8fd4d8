"""`doc check`: every rule over every document and record."""

import fnmatch
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from footnotary import clock
from footnotary.errors import UsageError
from footnotary.findings import Finding, Severity
from footnotary.gating import baseline
from footnotary.gating.around import surroundings
from footnotary.gating.collecting import Collected, collected
from footnotary.gating.freshness import stale
from footnotary.gating.installed import Installed
from footnotary.gating.site import site_findings
from footnotary.project import Project
from footnotary.records import RecordStore
from footnotary.rules.basis import CheckedDocument, Library, Rule
from footnotary.rules.registry import selected
from footnotary.rules.suppression import kept, suppressions_in


@dataclass(frozen=True)
class GateOptions:
    """What is checked, and how.

    Attributes:
        named: Documents or folders; everything if empty.
        pages: Patterns of the user's own pages.
        select: Rules that run; all if empty.
        ignore: Rules that do not.
        per_file_ignores: Rules that do not run on files of a pattern.
        stale_after_days: Age from which a source is old.
        stale_after_days_by_tag: The same for tags.
        baseline: Findings that do not count.
        code: Whether the facts are compared with the code.
    """

    named: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    per_file_ignores: Mapping[str, Sequence[str]] = field(default_factory=dict)
    stale_after_days: int = 365
    stale_after_days_by_tag: Mapping[str, int] = field(default_factory=dict)
    baseline: Path | None = None
    code: bool = True


@dataclass(frozen=True)
class Report:
    """What a check found.

    Attributes:
        findings: By file and line.
        documents: How many documents were looked at.
        citations: How many records were looked at.
        suppressed: How many findings their authors accept.
        known: How many findings the baseline holds.
        sources: The lines that findings are about, by file and line.
    """

    findings: tuple[Finding, ...]
    documents: int
    citations: int
    suppressed: int = 0
    known: int = 0
    sources: Mapping[tuple[str, int], str] = field(default_factory=dict)

    @property
    def failed(self) -> bool:
        """Whether there is an error or a warning."""
        return any(finding.severity is not Severity.NOTE for finding in self.findings)


def check(project: Project, options: GateOptions) -> Report:
    """Check the documents and records of a project. Nothing is written but the caches.

    Args:
        project: The user's project.
        options: What is checked, and how.

    Returns:
        The report.

    Raises:
        UsageError: There is nothing to look at, or a rule or document is not there.
    """
    rules = selected(options.select, options.ignore)
    documents = collected(project, options.named, options.pages)
    library = _library(project, options)
    if not documents and not library.citations and not library.broken:
        raise UsageError(
            "There is nothing to check: no document and no citation.",
            hint="`doc new KIND` writes a document; `--root` names another project.",
        )
    changed = _changed(project, documents, rules) if options.code else {}
    installed = Installed(project)
    findings: list[Finding] = []
    sources: dict[tuple[str, int], str] = {}
    cited: dict[str, list[str]] = {}
    suppressed = 0
    for document in documents:
        if document.text is None:
            findings.append(document.finding())
            continue
        checked = CheckedDocument(
            document.shown,
            document.text,
            surroundings(project, document, changed.get(document.path), installed),
        )
        own = list(_of_document(checked, library, rules))
        remaining = kept(own, suppressions_in(checked))
        suppressed += len(own) - len(remaining)
        findings += remaining
        for finding in remaining:
            if 0 < finding.line <= len(checked.lines):
                sources[finding.path, finding.line] = checked.lines[finding.line - 1].text
        for keys in checked.bound(library).values():
            for key in keys:
                cited.setdefault(key, []).append(document.shown)
    if not options.named:
        findings += _of_library(library, cited, rules)
        findings += site_findings(project, rules)
    findings = [each for each in findings if not _ignored(each, options.per_file_ignores)]
    known = 0
    if options.baseline is not None:
        before = len(findings)
        findings, _ = baseline.without_known(options.baseline, findings)
        known = before - len(findings)
    findings.sort(key=lambda each: (each.path, each.line, each.column, each.code))
    return Report(
        tuple(findings), len(documents), len(library.citations), suppressed, known, sources
    )


def _library(project: Project, options: GateOptions) -> Library:
    """Read the records."""
    store = RecordStore(project.citations)
    good, bad = store.readable()
    return Library(
        {citation.key: citation for citation in good},
        {error.message.split(" ", 1)[0].rstrip(":"): error for error in bad},
        clock.today(),
        options.stale_after_days,
        options.stale_after_days_by_tag,
    )


def _changed(
    project: Project, documents: Sequence[Collected], rules: Sequence[Rule]
) -> dict[Path, tuple[str, ...]]:
    """Compare the current documents with the code, where a rule asks for it."""
    if not any(rule.code == "DOC006" for rule in rules):
        return {}
    stored = [each.stored for each in documents if each.stored and not each.stored.archived]
    return stale(project, stored)


def _of_document(
    checked: CheckedDocument, library: Library, rules: Sequence[Rule]
) -> Iterator[Finding]:
    """Judge one document by every rule."""
    for rule in rules:
        if rule.document is not None:
            for place in rule.document(checked, library):
                yield rule.finding(checked.path, place)


def _of_library(
    library: Library, cited: Mapping[str, Sequence[str]], rules: Sequence[Rule]
) -> Iterator[Finding]:
    """Judge the records by every rule."""
    for rule in rules:
        if rule.library is not None:
            for path, place in rule.library(library, cited):
                yield rule.finding(path, place)


def _ignored(finding: Finding, patterns: Mapping[str, Sequence[str]]) -> bool:
    """Return whether a finding's file is one on which its rule does not run."""
    return any(
        fnmatch.fnmatch(finding.path, pattern)
        and any(finding.code.startswith(code) for code in codes)
        for pattern, codes in patterns.items()
    )
