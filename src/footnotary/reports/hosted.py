"""Reports for the forges: GitHub workflow commands, GitLab Code Quality."""

import json

from footnotary.findings import Finding, Severity
from footnotary.reports.formats import Result
from footnotary.reports.machine import fingerprint_finding


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
    return json.dumps(rows, indent=2, ensure_ascii=False) + "\n"


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
