"""A finding: one broken rule at one place. Findings are values; they are never raised."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Severity(StrEnum):
    """How much a finding weighs: errors and warnings fail a check, notes do not."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Finding(BaseModel):
    """One broken rule at one place.

    Attributes:
        code: The rule's code, such as `CIT001`.
        severity: How much it weighs.
        path: The file, relative to the project's root, with `/`.
        line: 1-based line, or 0 where the finding is about the whole file.
        column: 1-based column, or 0.
        message: One sentence that says what is wrong.
        fix: The one command or edit that fixes it; may be empty.
        details: What the sentence sums up, one sentence each; shown where there is room.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    severity: Severity
    path: str
    line: int = 0
    column: int = 0
    message: str
    fix: str = ""
    details: tuple[str, ...] = ()
