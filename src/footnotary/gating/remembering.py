"""Findings of documents that have not changed, kept in `derived.Derived`.

A document's findings are taken from the memory only if its text, its facts, the records it
cites, the answers that its rules got from disk and the rules are what they were, and as long as no
source that it cites turns old.
"""

import contextlib
import hashlib
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, NonNegativeInt, ValidationError

from footnotary.derived import Derived
from footnotary.findings import Finding
from footnotary.models import Model
from footnotary.project import Project
from footnotary.rules.basis import Surroundings

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
        days: First and last day on which it holds, as ordinals (`date.toordinal`).
    """

    findings: tuple[Finding, ...] = ()
    suppressed: NonNegativeInt = 0
    cited: tuple[str, ...] = ()
    sources: dict[int, str] = Field(default_factory=dict)
    days: tuple[int, int] = (0, 0)


class _Entry(Model):
    """What was found in one document, and what else it depends on."""

    model_config = ConfigDict(strict=True)

    records: dict[str, str]
    asked: tuple[tuple[Question, Answer], ...]
    found: Remembered


class Memory:
    """What the last runs found.

    Attributes:
        run: What all documents of one run depend on: rules and options.
        digest: Gives the digest of a record's file by its key.
        kind: What is remembered.
    """

    def __init__(
        self, project: Project, run: str, digest: Callable[[str], str], kind: str = "documents"
    ) -> None:
        self.run = run
        self.digest = digest
        self.kind = kind
        self._derived = Derived(project.root)
        self._known = self._derived.kept(kind)
        self._new: dict[str, tuple[str, str]] = {}

    def recall(self, path: str, text: str, beside: str, around: Surroundings) -> Remembered | None:
        """Return what is known of a document; None if anything has changed.

        Args:
            path: The document.
            text: Its text.
            beside: What else it depends on, as one string.
            around: What its rules may ask.
        """
        mark, value = self._known.get(path, ("", ""))
        if mark != self._mark(text, beside):
            return None
        try:
            entry = _Entry.model_validate_json(value)
        except ValidationError:  # somebody else has written it
            return None
        if any(self.digest(key) != digest for key, digest in entry.records.items()):
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
        records = {key: self.digest(key) for key in labels}
        entry = _Entry(records=records, asked=tuple(asked), found=found)
        self._new[path] = (self._mark(text, beside), entry.model_dump_json())

    def close(self, paths: Collection[str] | None = None) -> None:
        """Write what was learned, where there is a place for it.

        Args:
            paths: All documents that there are, whose others are forgotten.
        """
        gone = set() if paths is None else self._known.keys() - set(paths)
        self._derived.keep(self.kind, self._new, gone)

    def _mark(self, text: str, beside: str) -> str:
        """Return what a document's own state is known by."""
        return hashlib.sha256(f"{self.run}\0{beside}\0{text}".encode()).hexdigest()


class TextMemory(Generic[FiguresT]):
    """What was made of texts, by the text: parsing 1,000 documents takes seconds."""

    def __init__(self, project: Project, kind: str, figures: type[FiguresT]) -> None:
        self.kind = kind
        self._figures = figures
        self._derived = Derived(project.root)
        self._known = self._derived.kept(kind)
        self._new: dict[str, tuple[str, str]] = {}

    def recall(self, text: str, make: Callable[[str], FiguresT]) -> FiguresT:
        """Return what is made of a text, made now or earlier."""
        mark = hashlib.sha256(text.encode()).hexdigest()
        with contextlib.suppress(ValidationError):
            if mark in self._known:
                return self._figures.model_validate_json(self._known[mark][1])
        made = make(text)
        self._new[mark] = ("", made.model_dump_json())
        return made

    def close(self) -> None:
        """Keep what was made, where there is a place for it."""
        self._derived.keep(self.kind, self._new)


def listening(around: Surroundings) -> tuple[Surroundings, list[tuple[Question, Answer]]]:
    """Return surroundings that note what is asked of them.

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
