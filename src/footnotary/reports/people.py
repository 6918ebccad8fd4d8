"""Reports for people: a terminal, a pull request."""

from collections.abc import Iterator

from footnotary.findings import Finding, Severity
from footnotary.markers import escaped
from footnotary.reports.formats import Result

_WIDTH = 100
_SHOWN = 50


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
        piece = _plain(source[start : start + _WIDTH])
        yield f"  | {piece}"
        if finding.column:
            yield f"  | {' ' * (finding.column - 1 - start)}^"
    if result.verbose:
        yield from (f"  - {each}" for each in finding.details)
    if finding.fix:
        yield f"  = {finding.fix}"


def _plain(source: str) -> str:
    """Return a source line without characters that would steer a terminal."""
    return "".join(char if char.isprintable() else " " for char in source).rstrip()
