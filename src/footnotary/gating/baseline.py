"""Which findings count: those that a baseline lacks; which documents a change concerns.

A finding is known by rule, file and message, not by its line, so that text above it may
grow; two of the same count twice.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, NonNegativeInt, ValidationError

from footnotary import git
from footnotary.errors import UsageError
from footnotary.facts.research import DECISION
from footnotary.files import read_regular, write_atomically
from footnotary.findings import Finding
from footnotary.gating.collecting import Collected
from footnotary.gating.freshness import PROSE
from footnotary.project import Project
from footnotary.records import Records
from footnotary.writing.committing import no_repository

_TOPIC = re.compile(r"RESEARCH-([a-z0-9-]+)-\d{4}-\d\d-\d\d(?:\.trail\.jsonl|\.md)")


@dataclass(frozen=True)
class Changed:
    """What differs from a commit.

    Attributes:
        paths: The files, gone ones included; absolute.
        keys: Names of the records among them, and of those that cite lines of these files.
        names: Names of the files, as a document may write them.
        code: Whether code is among them.
        everything: Whether it may concern every document, as settings do.
    """

    paths: frozenset[Path]
    keys: frozenset[str]
    names: frozenset[str]
    code: bool
    everything: bool

    def has(self, path: Path) -> bool:
        """Return whether a file has changed."""
        return path.parent.resolve() / path.name in self.paths

    def concerns(self, document: Collected) -> bool:
        """Return whether a document may be judged otherwise than before the change."""
        path = document.path.resolve()
        beside = f"{document.path.name.split('.')[0]}."
        own = any(one.parent == path.parent and one.name.startswith(beside) for one in self.paths)
        stored = document.stored
        about_code = stored is not None and not stored.archived and stored.kind_name != "research"
        if self.everything or own or document.text is None or (self.code and about_code):
            return True
        text = document.text
        return any(word in text for word in (*self.keys, *self.names))


def find_changed(
    project: Project, records: Records, since: str = "", baseline: Path | None = None
) -> Changed:
    """Return what differs from a commit, as git tells it; ignored files are not seen.

    Raises:
        UsageError: There is no repository, or no such commit.
    """
    paths = git.changed_files(project.root, since)
    if paths is None:
        if since and git.changed_files(project.root) is not None:
            raise UsageError(
                f"Unknown commit {since!r}.",
                hint="Name a commit, branch or tag that is in this clone; `git fetch` gets others.",
            )
        raise no_repository(project)
    paths = frozenset(path.parent.resolve() / path.name for path in paths)
    root, folder = project.root.resolve(), project.citations.resolve()
    recorded = {path for path in paths if path.parent == folder and path.suffix == ".yaml"}
    ours = (root / ".claude" / "docs", folder)
    others = {path for path in paths if not any(path.is_relative_to(one) for one in ours)}
    cited = {
        key
        for key, citation in (records.items() if others else ())
        if "://" not in citation.url
        and bool({root / citation.final_url, root / citation.final_url.rpartition(":")[0]} & others)
    }
    named = {path.name for path in paths - recorded}
    notes = {_TOPIC.fullmatch(path.name) for path in paths}
    named |= {f"{DECISION}{found[1]}" for found in notes if found}
    whole = {root / "pyproject.toml", *([baseline.resolve()] if baseline else [])}
    return Changed(
        paths,
        frozenset(path.stem for path in recorded) | cited,
        frozenset(named | {quote(name) for name in named}),
        any(path.suffix not in PROSE for path in others),
        bool(whole & paths),
    )


_MAX_BYTES = 50_000_000
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
        raw = read_regular(path, _MAX_BYTES, follow=True)
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
