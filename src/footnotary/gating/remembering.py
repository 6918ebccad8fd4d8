"""Findings of documents that have not changed, kept beside the caches.

A document's findings are taken from the memory only if its text, its facts, the records it
cites, the answers that its rules got from disk, the rules and the day are what they were.
Files other than the document itself are known by size and time.
"""

import contextlib
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from footnotary import __version__
from footnotary.errors import FootnotaryError
from footnotary.files import write_atomically
from footnotary.findings import Finding
from footnotary.project import Project
from footnotary.rules.basis import Surroundings

_FOLDER = ".footnotary"
_FILE = "gate.json"


@dataclass(frozen=True)
class Remembered:
    """What is known of one document.

    Attributes:
        findings: Its findings.
        suppressed: How many findings its author accepts.
        cited: Keys of the records that it cites.
        sources: The lines that its findings are about, by line.
    """

    findings: tuple[Finding, ...]
    suppressed: int
    cited: tuple[str, ...]
    sources: Mapping[int, str]


class Memory:
    """What the last runs found.

    Attributes:
        project: The user's project.
        run: What all documents of one run depend on: rules, options, day.
        stamp: Gives size and time of a record by its key.
    """

    def __init__(self, project: Project, run: str, stamp: Callable[[str], str]) -> None:
        self.project = project
        self.run = hashlib.sha256(f"{__version__}\0{run}".encode()).hexdigest()
        self.stamp = stamp
        self._entries = _entries_in(project.root / _FOLDER / _FILE)
        self._changed = False

    def recall(self, path: str, text: str, beside: str, around: Surroundings) -> Remembered | None:
        """Return what is known of a document; None if anything has changed.

        Args:
            path: The document.
            text: Its text.
            beside: What else it depends on, as one string.
            around: What its rules may ask.
        """
        entry = self._entries.get(path)
        if not entry or entry["mark"] != self._mark(text, beside):
            return None
        if any(self.stamp(key) != stamp for key, stamp in entry["records"].items()):
            return None
        if any(_asked(around, *question) != answer for question, answer in entry["asked"]):
            return None
        return Remembered(
            tuple(Finding.model_validate(each) for each in entry["findings"]),
            entry["suppressed"],
            tuple(entry["cited"]),
            {int(line): source for line, source in entry["sources"].items()},
        )

    def keep(  # noqa: PLR0913, PLR0917  what a document's findings depend on
        self,
        path: str,
        text: str,
        beside: str,
        labels: Iterable[str],
        asked: list[tuple[tuple[str, str, int], Any]],
        found: Remembered,
    ) -> None:
        """Remember what was found in a document.

        Args:
            path: The document.
            text: Its text.
            beside: What else it depends on, as one string.
            labels: Keys that it names, of records that are there or not.
            asked: What its rules asked, and the answers.
            found: What was found.
        """
        self._changed = True
        self._entries[path] = {
            "mark": self._mark(text, beside),
            "records": {key: self.stamp(key) for key in labels},
            "asked": asked,
            "findings": [finding.model_dump(mode="json") for finding in found.findings],
            "suppressed": found.suppressed,
            "cited": list(found.cited),
            "sources": dict(found.sources),
        }

    def close(self) -> None:
        """Write what was learned; a folder that cannot be written is no reason to fail."""
        if self._changed:
            data = json.dumps({"entries": self._entries}, ensure_ascii=False)
            with contextlib.suppress(FootnotaryError):
                write_atomically(self.project.root / _FOLDER / _FILE, data.encode())

    def _mark(self, text: str, beside: str) -> str:
        """Return what a document's own state is known by."""
        return hashlib.sha256(f"{self.run}\0{beside}\0{text}".encode()).hexdigest()


class TextMemory:
    """What was made of texts, by the text: parsing 1,000 documents takes seconds.

    Attributes:
        path: The file that keeps it.
    """

    def __init__(self, project: Project, name: str) -> None:
        self.path = project.root / _FOLDER / f"{name}.json"
        self._known = _entries_in(self.path)
        self._used: dict[str, Any] = {}

    def recall(self, text: str, make: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
        """Return what is made of a text, made now or earlier.

        Args:
            text: The text.
            make: Makes it; JSON must be able to keep it.
        """
        mark = hashlib.sha256(f"{__version__}\0{text}".encode()).hexdigest()
        if mark not in self._used:
            self._used[mark] = self._known.get(mark) or make(text)
        found: dict[str, Any] = self._used[mark]
        return found

    def close(self) -> None:
        """Keep what was used; a folder that cannot be written is no reason to fail."""
        if self._used.keys() - self._known.keys():
            data = json.dumps({"entries": self._known | self._used}, ensure_ascii=False)
            with contextlib.suppress(FootnotaryError):
                write_atomically(self.path, data.encode())


def stamp_of(path: Path) -> str:
    """Return size and time of a file; empty where there is none."""
    try:
        status = path.stat()
    except OSError:
        return ""
    return f"{status.st_size}:{status.st_mtime_ns}"


def _entries_in(path: Path) -> dict[str, Any]:
    """Return what the last run wrote; nothing where it does not read."""
    try:
        entries = json.loads(path.read_bytes())["entries"]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return entries if isinstance(entries, dict) else {}


def listening(around: Surroundings) -> tuple[Surroundings, list[tuple[tuple[str, str, int], Any]]]:
    """Return surroundings that note what is asked of them.

    Args:
        around: The surroundings.

    Returns:
        The same, and the list that fills with questions and answers.
    """
    asked: list[tuple[tuple[str, str, int], Any]] = []
    known: dict[tuple[str, str, int], Any] = {}

    def noting(name: str) -> Callable[..., Any]:
        answer = getattr(around, name)

        def ask(subject: str, line: int = 0) -> Any:
            question = (name, subject, line)
            if question not in known:
                known[question] = answer(subject, line) if name == "touched" else answer(subject)
                asked.append((question, _plain(known[question])))
            return known[question]

        return ask

    heard = replace(
        around,
        exists=noting("exists"),
        anchors=noting("anchors"),
        touched=noting("touched"),
        installed=noting("installed"),
    )
    return heard, asked


def _asked(around: Surroundings, name: str, subject: str, line: int) -> Any:
    """Ask again what was asked before."""
    answer = getattr(around, name)
    return _plain(answer(subject, line) if name == "touched" else answer(subject))


def _plain(answer: Any) -> Any:
    """Return an answer as JSON keeps it; many words as their digest."""
    if not isinstance(answer, frozenset):
        return answer
    return hashlib.sha256("\0".join(sorted(answer)).encode()).hexdigest()
