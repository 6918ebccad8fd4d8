"""Findings that were there when the gate was adopted: only new ones count.

A finding is known by rule, file and message, not by its line, so that text above it may
grow; two of the same count twice.
"""

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from footnotary.errors import UsageError
from footnotary.files import write_atomically
from footnotary.findings import Finding


def write(path: Path, findings: Iterable[Finding]) -> int:
    """Write a baseline.

    Args:
        path: The file.
        findings: What there is.

    Returns:
        How many findings it holds.
    """
    known = Counter(_identity(finding) for finding in findings)
    rows = [
        {"code": code, "path": shown, "message": message, "count": count}
        for (code, shown, message), count in sorted(known.items())
    ]
    write_atomically(path, (json.dumps({"findings": rows}, indent=1) + "\n").encode())
    return sum(known.values())


def without_known(path: Path, findings: Iterable[Finding]) -> tuple[list[Finding], int]:
    """Leave out the findings of a baseline.

    Args:
        path: The file.
        findings: What there is now.

    Returns:
        What is new, and how many findings of the baseline are gone.

    Raises:
        UsageError: The file cannot be read.
    """
    try:
        rows = json.loads(path.read_bytes())["findings"]
        known = Counter({(r["code"], r["path"], r["message"]): int(r["count"]) for r in rows})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(
            f"The baseline {path.name} cannot be read: {error}.",
            hint="Write it with `doc check --write-baseline FILE`.",
        ) from None
    new: list[Finding] = []
    for finding in findings:
        identity = _identity(finding)
        if known[identity] > 0:
            known[identity] -= 1
        else:
            new.append(finding)
    return new, sum(count for count in known.values() if count > 0)


def _identity(finding: Finding) -> tuple[str, str, str]:
    """Return what a finding is known by."""
    return finding.code, finding.path, finding.message
