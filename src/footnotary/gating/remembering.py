"""Findings of documents that have not changed, kept beside the caches.

A document's findings are taken from the memory only if its text, its facts, the records it
cites, the answers that its rules got from disk, the rules and the day are what they were.
Files other than the document itself are known by size and times.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, NonNegativeInt

from footnotary import __version__
from footnotary.findings import Finding
from footnotary.models import Model
from footnotary.project import Project
from footnotary.rules.basis import Surroundings
from footnotary.state import read_state, write_state

_FILE = "gate.json"

Asking = Literal["exists", "anchors", "touched", "installed", "own_file"]
Question = tuple[Asking, str, int]
"""What a rule asked of disk: which of the surroundings, about what, on which line."""

Answer = str | bool | None
FiguresT = TypeVar("FiguresT", bound=BaseModel)


class Remembered(Model):
    """What is known of one document.

    Attributes:
        findings: Its findings.
        suppressed: How many findings its author accepts.
        cited: Keys of the records that it cites.
        sources: The lines that its findings are about, by line.
    """

    findings: tuple[Finding, ...] = ()
    suppressed: NonNegativeInt = 0
    cited: tuple[str, ...] = ()
    sources: dict[int, str] = Field(default_factory=dict)


class _Entry(Model):
    """What is known of one document, and what it depends on."""

    model_config = ConfigDict(strict=True)

    mark: str
    records: dict[str, str]
    asked: tuple[tuple[Question, Answer], ...]
    found: Remembered


class _Entries(Model):
    """What the file holds."""

    entries: dict[str, _Entry]


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
        kept = read_state(project.root, _FILE, _Entries)
        self._entries = dict(kept.entries) if kept else {}
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
        if entry is None or entry.mark != self._mark(text, beside):
            return None
        if any(self.stamp(key) != stamp for key, stamp in entry.records.items()):
            return None
        if any(_asked(around, *question) != answer for question, answer in entry.asked):
            return None
        return entry.found

    def keep(  # noqa: PLR0913, PLR0917  what a document's findings depend on
        self,
        path: str,
        text: str,
        beside: str,
        labels: Iterable[str],
        asked: Iterable[tuple[Question, Answer]],
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
        self._entries[path] = _Entry(
            mark=self._mark(text, beside),
            records={key: self.stamp(key) for key in labels},
            asked=tuple(asked),
            found=found,
        )

    def close(self) -> None:
        """Write what was learned, where there is a place for it."""
        if self._changed:
            write_state(self.project.root, _FILE, _Entries(entries=self._entries))

    def _mark(self, text: str, beside: str) -> str:
        """Return what a document's own state is known by."""
        return hashlib.sha256(f"{self.run}\0{beside}\0{text}".encode()).hexdigest()


class _Texts(Model, Generic[FiguresT]):
    """What the file of a `TextMemory` holds."""

    entries: dict[str, FiguresT]


class TextMemory(Generic[FiguresT]):
    """What was made of texts, by the text: parsing 1,000 documents takes seconds.

    Attributes:
        root: The project's root.
        name: Name of the file that keeps it.
    """

    def __init__(self, project: Project, name: str, figures: type[FiguresT]) -> None:
        self.root = project.root
        self.name = f"{name}.json"
        self._form = _Texts[figures]  # type: ignore[valid-type]
        kept = read_state(self.root, self.name, self._form)
        self._known: dict[str, FiguresT] = dict(kept.entries) if kept else {}
        self._used: dict[str, FiguresT] = {}

    def recall(self, text: str, make: Callable[[str], FiguresT]) -> FiguresT:
        """Return what is made of a text, made now or earlier.

        Args:
            text: The text.
            make: Makes it.
        """
        mark = hashlib.sha256(f"{__version__}\0{text}".encode()).hexdigest()
        if mark not in self._used:
            self._used[mark] = self._known.get(mark) or make(text)
        return self._used[mark]

    def close(self) -> None:
        """Keep what was used, where there is a place for it."""
        if self._used.keys() - self._known.keys():
            write_state(self.root, self.name, self._form(entries=self._known | self._used))


def stamp_of(path: Path) -> str:
    """Return size and times of a file; empty where there is none."""
    try:
        status = path.lstat()
    except OSError:
        return ""
    return f"{status.st_size}:{status.st_mtime_ns}:{status.st_ctime_ns}"


def listening(around: Surroundings) -> tuple[Surroundings, list[tuple[Question, Answer]]]:
    """Return surroundings that note what is asked of them.

    Args:
        around: The surroundings.

    Returns:
        The same, and the list that fills with questions and answers.
    """
    asked: list[tuple[Question, Answer]] = []
    known: dict[Question, Any] = {}

    def noting(name: Asking) -> Callable[..., Any]:
        answer = getattr(around, name)

        def ask(subject: str, line: int = 0) -> Any:
            question: Question = (name, subject, line)
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
        own_file=noting("own_file"),
    )
    return heard, asked


def _asked(around: Surroundings, name: str, subject: str, line: int) -> Answer:
    """Ask again what was asked before."""
    answer = getattr(around, name)
    return _plain(answer(subject, line) if name == "touched" else answer(subject))


def _plain(answer: Answer | frozenset[str]) -> Answer:
    """Return an answer as JSON keeps it; many words as their digest."""
    if not isinstance(answer, frozenset):
        return answer
    return hashlib.sha256("\0".join(sorted(answer)).encode()).hexdigest()
