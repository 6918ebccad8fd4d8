"""`doc check`: every rule over every document and record."""

import fnmatch
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from footnotary import clock
from footnotary.derived import Derived, FileDigests
from footnotary.errors import UsageError
from footnotary.facts.research import DECISION
from footnotary.files import read_inside
from footnotary.findings import Finding, Severity
from footnotary.gating import baseline
from footnotary.gating.baseline import Changed, find_changed
from footnotary.gating.collecting import Collected, collected, keys_in_pages, surroundings
from footnotary.gating.freshness import compared_all
from footnotary.gating.own_files import InstalledPackages, OwnFiles
from footnotary.gating.remembering import Memory, Remembered, listening
from footnotary.project import Project, repository_of
from footnotary.records import Records
from footnotary.reports import Result
from footnotary.rules.basis import (
    UNREAD,
    CheckedDocument,
    CitationLibrary,
    Compared,
    FindingPlace,
    Rule,
    Surroundings,
)
from footnotary.rules.registry import kept, select_rules, suppressions_in
from footnotary.rules.sources import last_fresh_day
from footnotary.writing.documents_on_disk import MAX_FACTS
from footnotary.writing.trails import standings_in

_LONGEST = 2_000


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
        since: Commit whose differences alone are checked, `HEAD` for the last one; everything
            if empty.
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
    since: str = ""


@dataclass(frozen=True)
class Report(Result):
    """What a check found.

    Attributes:
        held: The documents whose tables were found to be those of the code.
    """

    held: frozenset[str] = frozenset()

    @property
    def weighty(self) -> tuple[Finding, ...]:
        """The errors and warnings, without the notes."""
        return tuple(one for one in self.findings if one.severity is not Severity.NOTE)

    @property
    def incomplete(self) -> bool:
        """Whether the code of a document could not be read, so that nothing was compared."""
        return any(one.message.startswith(UNREAD) for one in self.weighty)

    @property
    def failed(self) -> bool:
        """Whether there is an error or a warning."""
        return bool(self.weighty)


_OF_RECORDS = frozenset(("CIT005", "CIT010"))  # of a whole library each is named in its file
_OF_A_DAY = frozenset(("DOC002", "CIT003"))  # a day to come; blocks that would be written today


def check_project(project: Project, options: GateOptions) -> Report:
    """Check the documents and records of a project. Nothing is written but the caches.

    Raises:
        UsageError: There is nothing to look at, or a rule or document is not there.
    """
    rules = select_rules(options.select, options.ignore)
    documents = collected(project, options.named, options.pages)
    records = Records(project.citations)
    changed = _changed(project, records, options)
    if changed:
        documents = tuple(one for one in documents if changed.concerns(one))
    elif not (documents or len(records) or options.since):
        raise UsageError(
            f"There is nothing to check in {project.root}: no document and no citation.",
            hint="`doc new KIND` writes a document; `--root` names another project.",
        )
    library = CitationLibrary(
        records,
        records.broken,
        clock.today(),
        options.stale_after_days,
        options.stale_after_days_by_tag,
        standings_in(project, (one.text for one in documents if one.text)),
        project.marker,
    )
    in_code = _compared(project, documents, rules) if options.code else {}
    judged = _documents(project, documents, records, library, rules, options, in_code)
    findings = [finding for each in judged.values() for finding in each.findings]
    if not options.named:
        findings = _with_library(project, records, library, changed, rules, judged, findings)
    records.close()
    findings = [each for each in findings if not _ignored(each, options.per_file_ignores)]
    known = 0
    if options.baseline is not None:
        before = len(findings)
        findings, _ = baseline.without_known(options.baseline, findings)
        known = before - len(findings)
    findings.sort(key=lambda each: (each.path, each.line, each.column, each.code))
    return Report(
        tuple(findings),
        len(documents),
        len(changed.keys & set(records.keys_on_disk)) if changed else len(records),
        sum(1 for each in in_code.values() if not (each.unread or each.lost)),
        sum(each.suppressed for each in judged.values()),
        known,
        {
            (path, line): source
            for path, each in judged.items()
            for line, source in each.sources.items()
        },
        held=frozenset(one.shown for one in documents if (c := in_code.get(one.path)) and c.holds),
    )


def _documents(  # noqa: PLR0913, PLR0917  one pass over all of it
    project: Project,
    documents: Sequence[Collected],
    records: Records,
    library: CitationLibrary,
    rules: Sequence[Rule],
    options: GateOptions,
    in_code: Mapping[Path, Compared],
) -> dict[str, Remembered]:
    """Judge every document, those that have not changed from memory."""
    memory = Memory(project, _run(rules, options, project), records.digest)
    digests = FileDigests(Derived(project.root), project.root, ".claude/")
    digests.load()
    installed = InstalledPackages(project)
    own_files = OwnFiles(project, records)
    judged: dict[str, Remembered] = {}
    for document in documents:
        if document.text is None:
            judged[document.shown] = Remembered(findings=(document.finding(),))
            continue
        stored = document.stored
        beside = (stored.facts_path, stored.trail_path) if stored else ()
        facts = [digests.of(path, MAX_FACTS) for path in beside]
        decided = library.decisions if DECISION in document.text else ""
        compared = in_code.get(document.path)
        around = surroundings(project, document, compared, installed, own_files)
        depends = f"{facts}\0{compared}\0{decided}"
        found = memory.recall(document.shown, document.text, depends, around)
        if found is None or not found.days[0] <= library.today.toordinal() <= found.days[1]:
            noting, asked = listening(around)
            checked = CheckedDocument(document.shown, document.text, noting)
            found = _judged(checked, library, rules)
            memory.keep(document.shown, document.text, depends, _keys(checked), asked, found)
        judged[document.shown] = found
    memory.close(None if options.named or options.since else judged)
    digests.save()
    return judged


def _judged(
    checked: CheckedDocument, library: CitationLibrary, rules: Sequence[Rule]
) -> Remembered:
    """Judge one document by every rule."""
    own = [
        rule.finding(checked.path, place)
        for rule in rules
        if rule.document is not None
        for place in rule.document(checked, library)
    ]
    remaining = kept(own, suppressions_in(checked))
    lines = {finding.line for finding in remaining if 0 < finding.line <= len(checked.lines)}
    cited = {key for keys in checked.bound(library).values() for key in keys if key}
    cited |= _quoted_by_trail(checked) & library.citations.keys()
    today = library.today.toordinal()
    ends = [last_fresh_day(library.citations[key], library)[2] for key in cited]
    ends = [end for end in ends if end >= today]  # what is old stays old
    is_of_today = any(one.code in _OF_A_DAY for one in own)
    return Remembered(
        findings=tuple(remaining),
        suppressed=len(own) - len(remaining),
        cited=tuple(cited),
        sources={line: checked.lines[line - 1].text[:_LONGEST] for line in lines},
        days=(today, today if is_of_today else min(ends, default=date.max.toordinal())),
    )


def _keys(checked: CheckedDocument) -> set[str]:
    """Return the keys that a document names, of records that are there or not."""
    entries = checked.closing.sources.entries if checked.closing.sources else ()
    labels = {label for marker in checked.markers for label in marker.labels}
    return {entry.key for entry in entries if entry.key} | labels | _quoted_by_trail(checked)


def _quoted_by_trail(checked: CheckedDocument) -> set[str]:
    """Return the keys of the records that the trail of a note quotes."""
    trail = checked.around.trail_read()
    return set(trail.quoted) if trail else set()


def _run(rules: Sequence[Rule], options: GateOptions, project: Project) -> str:
    """Return what the findings of every document depend on."""
    codes = [rule.code for rule in rules]
    limits = (options.stale_after_days, sorted(options.stale_after_days_by_tag.items()))
    return f"{codes}\0{limits}\0{project.marker}"


def _compared(
    project: Project, documents: Sequence[Collected], rules: Sequence[Rule]
) -> dict[Path, Compared]:
    """Compare the current documents with the code, where a rule asks for it."""
    if not any(rule.code == "DOC006" for rule in rules):
        return {}
    stored = [each.stored for each in documents if each.stored and not each.stored.archived]
    return compared_all(project, stored)


def _with_library(  # noqa: PLR0913, PLR0917  as _documents
    project: Project,
    records: Records,
    library: CitationLibrary,
    changed: Changed | None,
    rules: Sequence[Rule],
    judged: Mapping[str, Remembered],
    findings: list[Finding],
) -> list[Finding]:
    """Return the findings of documents with those of the records and the site."""
    if not changed:
        findings = [one for one in findings if one.code not in _OF_RECORDS]
    cited = {key for each in judged.values() for key in each.cited}
    said = {one.message for one in findings}  # a document's finding names the key
    findings += [
        one
        for one in _of_library(project, records, library, cited, rules, changed)
        if f"{one.message[:-1]} ({Path(one.path).stem})." not in said
    ]
    if not changed or any(changed.has(project.root / name) for name in _SITE_FILES):
        findings += site_findings(project, rules)
    return findings


def _of_library(  # noqa: PLR0913, PLR0917  as _documents
    project: Project,
    records: Records,
    library: CitationLibrary,
    cited: set[str],
    rules: Sequence[Rule],
    changed: Changed | None,
) -> Iterator[Finding]:
    """Judge the records by every rule, from memory where nothing has changed."""
    keys = set(records.keys_on_disk) & (changed.keys if changed else set(records.keys_on_disk))
    if changed and not keys:
        return
    cited |= keys_in_pages(project, keys - cited)
    if changed:
        every = _judge_library(library, cited, rules)
        yield from (one for one in every if Path(one.path).stem in keys or _names(one, keys))
        return
    memory = Memory(project, repr([rule.code for rule in rules]), records.digest, "records")
    digests = [(key, records.digest(key)) for key in records.keys_on_disk]
    state = f"{digests}\0{sorted(cited)}"
    found = memory.recall("citations", state, "", Surroundings())
    if found is None:
        found = Remembered(findings=tuple(_judge_library(library, cited, rules)))
        memory.keep("citations", state, "", (), [], found)
        memory.close()
    yield from found.findings


def _judge_library(
    library: CitationLibrary, cited: set[str], rules: Sequence[Rule]
) -> Iterator[Finding]:
    """Judge the records by every rule."""
    for rule in rules:
        if rule.library is not None:
            for path, place in rule.library(library, cited):
                yield rule.finding(path, place)


def _names(finding: Finding, keys: set[str]) -> bool:
    """Return whether a finding about one record is about another of some as well."""
    return any(key in finding.message for key in keys)


def _changed(project: Project, records: Records, options: GateOptions) -> Changed | None:
    """Return what differs from the commit of the options; None where everything is checked."""
    if not options.since:
        return None
    since = "" if options.since == "HEAD" else options.since
    changed = find_changed(project, records, since, options.baseline)
    return None if changed.everything else changed


def _ignored(finding: Finding, patterns: Mapping[str, Sequence[str]]) -> bool:
    """Return whether a finding's file is one on which its rule does not run."""
    return any(
        fnmatch.fnmatch(finding.path, pattern)
        and any(finding.code.startswith(code) for code in codes)
        for pattern, codes in patterns.items()
    )


_MAX_BYTES = 1_000_000
# By file: what begins a setting, an address in it, a theme with fonts, and that it has none.
_SITE_FILES = {
    "mkdocs.yml": (
        r"([a-z_]+):",
        r"^\s*-?\s*(?:path:\s*)?[\"']?((?:https?:)?//[^\s\"']+)",
        r"^\s+name:\s*material\b",
        r"^\s+font:\s*false\b",
    ),
    "zensical.toml": (
        r"([a-z_]+)\s*=|\[",
        r"[^\"']*[\"']((?:https?:)?//[^\s\"']+)",
        r"^site_name\b",
        r"^\s*(?:theme\.)?font\s*=\s*false\b",
    ),
}
_LISTS = ("extra_javascript", "extra_css")


def site_findings(project: Project, rules: Sequence[Rule]) -> Iterator[Finding]:
    """Yield what the configuration of the site loads from third parties."""
    rule = next((each for each in rules if each.code == "SAF003"), None)
    for name in _SITE_FILES if rule else ():
        path = project.root / name
        try:
            data = read_inside(path, repository_of(project.root), _MAX_BYTES)
        except OSError:
            continue
        for place in _third_parties(name, data.decode("utf-8", "replace")):
            if rule:
                yield rule.finding(name, place)


def _third_parties(name: str, text: str) -> Iterator[FindingPlace]:
    """Yield what one configuration loads from third parties."""
    top, remote, theme, off = _SITE_FILES[name]
    within = ""
    for number, line in enumerate(text.splitlines(), 1):
        begins = re.match(top, line)
        within = (begins[1] or "") if begins else within
        found = re.match(remote, line)
        if found and within in _LISTS:
            host = found[1].split("/")[2]
            yield FindingPlace(f"{within} loads {host} in the reader's browser.", number)
    if re.search(theme, text, re.MULTILINE) and not re.search(off, text, re.MULTILINE):
        message = "the theme loads fonts from a third party."
        yield FindingPlace(message, 0, 0, "Set theme.font: false.")
