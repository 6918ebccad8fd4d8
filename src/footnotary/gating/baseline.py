"""Findings that were there when the gate was adopted: only new ones count.

A finding is known by rule, file and message, not by its line, so that text above it may
grow; two of the same count twice.
"""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from pydantic import BaseModel, ConfigDict, NonNegativeInt, ValidationError

from footnotary.errors import UsageError
from footnotary.files import read_regular, write_atomically
from footnotary.findings import Finding

MAX_BYTES = 50_000_000
_HINT = "Write it with `doc check --write-baseline FILE`."


class _Row(BaseModel):
    """A finding that does not count, and how often it is known."""

    model_config = ConfigDict(strict=True)

    code: str
    path: str
    message: str
    count: NonNegativeInt


class _Baseline(BaseModel):
    """What the file holds."""

    findings: tuple[_Row, ...]


def write(path: Path, findings: Iterable[Finding]) -> int:
    """Write a baseline.

    Returns:
        How many findings it holds.
    """
    known = Counter(_identify_finding(finding) for finding in findings)
    rows = tuple(
        _Row(code=code, path=shown, message=message, count=count)
        for (code, shown, message), count in sorted(known.items())
    )
    write_atomically(path, (_Baseline(findings=rows).model_dump_json(indent=1) + "\n").encode())
    return sum(known.values())


def without_known(path: Path, findings: Iterable[Finding]) -> tuple[list[Finding], int]:
    """Leave out the findings of a baseline.

    Returns:
        What is new, and how many findings of the baseline are gone.

    Raises:
        UsageError: The file cannot be read.
    """
    try:
        raw = read_regular(path, MAX_BYTES, follow=True)
        rows = _Baseline.model_validate_json(raw).findings
    except OSError as error:
        raise UsageError(
            f"The baseline {path.name} cannot be read: {error.strerror}.", hint=_HINT
        ) from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise UsageError(
            f"Invalid baseline {path.name}: {where}: {first['msg']}.".replace(": :", ":"),
            hint=_HINT,
        ) from None
    known: Counter[tuple[str, str, str]] = Counter()
    for row in rows:
        known[row.code, row.path, row.message] += row.count
    new: list[Finding] = []
    for finding in findings:
        identity = _identify_finding(finding)
        if known[identity] > 0:
            known[identity] -= 1
        else:
            new.append(finding)
    return new, sum(count for count in known.values() if count > 0)


def _identify_finding(finding: Finding) -> tuple[str, str, str]:
    """Return what a finding is known by."""
    return finding.code, finding.path, finding.message
