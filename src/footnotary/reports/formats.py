"""The formats by name."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from footnotary.counting import counted
from footnotary.errors import UsageError
from footnotary.findings import Finding, Severity
from footnotary.rules.documents import UNANSWERED


@dataclass(frozen=True)
class Result:
    """What is reported.

    Attributes:
        findings: The findings.
        documents: How many documents were looked at.
        citations: How many records were looked at.
        compared: How many documents were compared with the code.
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
        counts = ", ".join(
            counted(self.count(severity), severity.value)
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


def formatted(name: str, result: Result) -> str:
    """Return a report.

    Args:
        name: Name of the format.
        result: What is reported.

    Raises:
        UsageError: There is no such format.
    """
    formats = _formats()
    if name not in formats:
        raise UsageError(f"{name!r} is no format.", hint=f"The formats are {', '.join(FORMATS)}.")
    return formats[name](result)


FORMATS = ("text", "json", "sarif", "github", "gitlab", "junit", "markdown")


def _formats() -> dict[str, Callable[[Result], str]]:
    """Return the formats by name."""
    from footnotary.reports import hosted, machine, people

    return {
        "text": people.render_findings,
        "markdown": people.markdown,
        "json": machine.as_json,
        "sarif": machine.sarif,
        "junit": machine.junit,
        "github": hosted.github,
        "gitlab": hosted.gitlab,
    }
