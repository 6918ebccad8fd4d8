"""The formats of a report: for people, hosts, and other programs (SARIF 2.1.0, JUnit XML)."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from footnotary import DOCUMENTATION, __version__
from footnotary.counting import counted
from footnotary.errors import UsageError
from footnotary.findings import Finding, Severity
from footnotary.markers import escaped
from footnotary.rules.documents import UNANSWERED
from footnotary.rules.registry import RULES

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_WIDTH = 100  # characters of a source line that are shown
_SHOWN = 50  # findings in a comment


@dataclass(frozen=True)
class Result:
    """What is reported.

    Attributes:
        findings: The findings.
        documents: How many documents were looked at.
        citations: How many records were looked at.
        compared: How many documents were compared with the code, now or when nothing differed.
        suppressed: How many findings their authors accept.
        known: How many findings the baseline holds.
        sources: The lines that findings are about.
        verbose: Whether the details of findings are told to people.
    """

    findings: Sequence[Finding]
    documents: int = 0
    citations: int = 0
    compared: int = 0
    suppressed: int = 0
    known: int = 0
    sources: Mapping[tuple[str, int], str] = field(default_factory=dict)
    verbose: bool = False

    def count(self, severity: Severity) -> int:
        """Return how many findings have a severity."""
        return sum(1 for finding in self.findings if finding.severity is severity)

    @property
    def told(self) -> Sequence[Finding]:
        """The findings that people are told one by one."""
        if self.verbose:
            return self.findings
        return [each for each in self.findings if each.code != UNANSWERED]

    @property
    def unanswered(self) -> str:
        """One line about the questions that nobody has answered; empty where each is told."""
        documents = [each for each in self.findings if each.code == UNANSWERED]
        if self.verbose or not documents:
            return ""
        questions = sum(max(1, len(each.details)) for each in documents)
        return (
            f"note {UNANSWERED}: {counted(questions, 'question')} not answered in"
            f" {counted(len(documents), 'document')} (--verbose lists them)."
        )

    @property
    def summary(self) -> str:
        """One line with the counts."""
        folded = len(self.findings) - len(self.told)
        counts = ", ".join(
            counted(self.count(severity), severity.value)
            + f" ({folded} folded, --verbose)" * (severity is Severity.NOTE and folded > 0)
            for severity in Severity
            if self.count(severity)
        )
        extra = "".join(
            f", {number} {words}"
            for number, words in (
                (self.suppressed, "accepted"),
                (self.known, "known from the baseline"),
            )
            if number
        )
        looked = (
            f"{counted(self.documents, 'document')} and"
            f" {counted(self.citations, 'citation')} checked"
        )
        if self.compared:
            looked += f", {self.compared} compared with the code"
        return f"{looked}: {counts or 'nothing found'}{extra}"


def github(result: Result) -> str:
    """Return workflow commands, which GitHub shows beside the lines of a pull request."""
    commands = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
    lines = [
        f"::{commands[each.severity]} {_properties(each)}::"
        + _escaped(f"{each.message} {each.fix}".strip())
        for each in result.told
    ]
    return "\n".join(filter(None, [*lines, result.unanswered, result.summary])) + "\n"


def gitlab(result: Result) -> str:
    """Return a Code Quality report; fingerprints differ where findings repeat."""
    levels = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.NOTE: "info"}
    seen: dict[str, int] = {}
    rows = []
    for each in result.findings:
        mark = fingerprint_finding(each)
        seen[mark] = seen.get(mark, 0) + 1
        rows.append(
            {
                "description": f"{each.message} {each.fix}".strip(),
                "check_name": each.code,
                "fingerprint": mark if seen[mark] == 1 else f"{mark}{seen[mark]}",
                "severity": levels[each.severity],
                "location": {"path": each.path, "lines": {"begin": max(1, each.line)}},
            }
        )
    return _dumped(rows)


def _properties(finding: Finding) -> str:
    """Return the properties of a workflow command."""
    values = {
        "file": finding.path,
        "line": str(finding.line) if finding.line else "",
        "col": str(finding.column) if finding.column else "",
        "title": finding.code,
    }
    return ",".join(
        f"{name}={_escaped(value).replace(':', '%3A').replace(',', '%2C')}"
        for name, value in values.items()
        if value
    )


def _escaped(words: str) -> str:
    """Return words as a workflow command takes them."""
    return words.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def render_findings(result: Result) -> str:
    """Return findings with their line and a caret, and a line of counts."""
    lines = [line for finding in result.told for line in _lines(finding, result)]
    return "\n".join(filter(None, [*lines, result.unanswered, result.summary])) + "\n"


def markdown(result: Result) -> str:
    """Return findings as a comment for a pull request."""
    marks = {Severity.ERROR: "❌", Severity.WARNING: "⚠️", Severity.NOTE: "💬"}
    lines = ["### footnotary", "", f"{result.summary}.", ""]
    shown = [each for each in result.findings if each.severity is not Severity.NOTE][:_SHOWN]
    if shown:
        lines += ["| | Rule | Place | Finding |", "| --- | --- | --- | --- |"]
    for each in shown:
        place = f"{each.path}:{each.line}" if each.line else each.path
        words = escaped(each.message) + (f" {escaped(each.fix)}" if each.fix else "")
        lines.append(f"| {marks[each.severity]} | {each.code} | {escaped(place)} | {words} |")
    rest = len(result.findings) - len(shown)
    if rest:
        lines += ["", f"{rest} more are not shown here."]
    return "\n".join(lines).rstrip() + "\n"


def _lines(finding: Finding, result: Result) -> Iterator[str]:
    """Yield a finding's lines."""
    place = finding.path
    if finding.line:
        place += f":{finding.line}" + (f":{finding.column}" if finding.column else "")
    yield f"{place}: {finding.severity.value} {finding.code}: {finding.message}"
    source = result.sources.get((finding.path, finding.line), "")
    if source.strip():
        start = max(0, finding.column - 1 - _WIDTH // 2) if len(source) > _WIDTH else 0
        piece = "".join(
            char if char.isprintable() else " " for char in source[start : start + _WIDTH]
        ).rstrip()
        yield f"  | {piece}"
        if finding.column:
            yield f"  | {' ' * (finding.column - 1 - start)}^"
    if result.verbose:
        yield from (f"  - {each}" for each in finding.details)
    if finding.fix:
        yield f"  = {finding.fix}"


def as_json(result: Result) -> str:
    """Return the report as JSON, the schema of docs/gate.md."""
    return _dumped(
        {
            "schema": 1,
            "documents": result.documents,
            "citations": result.citations,
            "compared": result.compared,
            "errors": result.count(Severity.ERROR),
            "warnings": result.count(Severity.WARNING),
            "notes": result.count(Severity.NOTE),
            "suppressed": result.suppressed,
            "known": result.known,
            "findings": [finding.model_dump(mode="json") for finding in result.findings],
        }
    )


def sarif(result: Result) -> str:
    """Return the report as SARIF, as code scanning services take it."""
    places = {rule.code: at for at, rule in enumerate(RULES)}
    rules = [
        {
            "id": rule.code,
            "name": "".join(word.capitalize() for word in rule.name.split("-")),
            "shortDescription": {"text": rule.about},
            "fullDescription": {"text": rule.why},
            "help": {"text": rule.fix},
            "helpUri": f"{DOCUMENTATION}rules/{rule.code}/",
            "defaultConfiguration": {"level": rule.severity.value},
        }
        for rule in RULES
    ]
    driver = {
        "name": "footnotary",
        "version": __version__,
        "informationUri": DOCUMENTATION,
        "rules": rules,
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_sarif_result(finding, places) for finding in result.findings],
    }
    return _dumped({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def junit(result: Result) -> str:
    """Return the report as JUnit XML, one test case a finding."""
    from xml.etree import ElementTree as ET

    failing = [each for each in result.findings if each.severity is not Severity.NOTE]
    suite = ET.Element(
        "testsuite",
        name="footnotary",
        tests=str(max(1, len(failing))),
        failures=str(len(failing)),
    )
    for finding in failing:
        case = ET.SubElement(
            suite,
            "testcase",
            classname=_xml(finding.path),
            name=_xml(f"{finding.code} line {finding.line}"),
        )
        failure = ET.SubElement(
            case, "failure", message=_xml(finding.message), type=finding.severity.value
        )
        failure.text = _xml(f"{finding.path}:{finding.line}: {finding.message}\n{finding.fix}")
    if not failing:
        ET.SubElement(suite, "testcase", classname="footnotary", name=result.summary)
    body = ET.tostring(suite, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'


def fingerprint_finding(finding: Finding) -> str:
    """Return what a finding is known by from one run to the next, whatever its line."""
    words = f"{finding.code}\0{finding.path}\0{finding.message}"
    return hashlib.sha256(words.encode()).hexdigest()[:32]


def _sarif_result(finding: Finding, places: dict[str, int]) -> dict[str, Any]:
    """Return one finding as a SARIF result."""
    region = {"startLine": max(1, finding.line)}  # a finding about a file is at its top
    if finding.line and finding.column:
        region["startColumn"] = finding.column
    location = {"artifactLocation": {"uri": quote(finding.path)}, "region": region}
    summed_up = "".join(f"\n- {each}" for each in finding.details)
    message = f"{finding.message} {finding.fix}".strip() + summed_up
    return {
        "ruleId": finding.code,
        "ruleIndex": places.get(finding.code, -1),
        "level": finding.severity.value,
        "message": {"text": message},
        "locations": [{"physicalLocation": location}],
        "partialFingerprints": {"footnotary/v1": fingerprint_finding(finding)},
    }


def _xml(words: str) -> str:
    """Return words without the characters that XML cannot hold (XML 1.0, section 2.2)."""
    return "".join(
        char
        if char in "\t\n"
        or " " <= char <= "\ud7ff"
        or "\ue000" <= char <= "\ufffd"
        or char > "\uffff"
        else " "
        for char in words
    )


def _dumped(value: object) -> str:
    """Return JSON, two spaces, keys in their order."""
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


_FORMATS: dict[str, Callable[[Result], str]] = {
    "text": render_findings,
    "json": as_json,
    "sarif": sarif,
    "github": github,
    "gitlab": gitlab,
    "junit": junit,
    "markdown": markdown,
}
FORMATS = tuple(_FORMATS)


def formatted(name: str, result: Result) -> str:
    """Return a report.

    Raises:
        UsageError: Unknown format.
    """
    if name not in _FORMATS:
        raise UsageError(f"{name!r} is no format.", hint=f"The formats are {', '.join(FORMATS)}.")
    return _FORMATS[name](result)
