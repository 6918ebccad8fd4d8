"""What a document kind is, where its documents lie, and the questions with which they begin."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from footnotary.errors import DocumentError
from footnotary.facts.basis import Facts


@dataclass(frozen=True)
class KindFolder:
    """The place of one kind.

    Attributes:
        name: Name of the kind.
        prefix: First part of the file names.
        folder: Folder under the current or the archived documents.
    """

    name: str
    prefix: str
    folder: str


FOLDERS: tuple[KindFolder, ...] = (
    KindFolder("api", "API", "api-specs"),
    KindFolder("schema", "SCHEMA", "database-schemas"),
    KindFolder("deploy", "DEPLOY", "deployment"),
    KindFolder("impl", "IMPL", "implementation"),
    KindFolder("research", "RESEARCH", "research"),
)


def folder_named(name: str) -> KindFolder:
    """Return the place of the kind of a name."""
    return next(kind for kind in FOLDERS if kind.name == name)


@dataclass(frozen=True)
class Region:
    """A part of a document that the tool owns and rewrites.

    Attributes:
        name: Unique within the document: `[a-z0-9][a-z0-9-]*`.
        markdown: Its content, without the markers, without surrounding blank lines.
    """

    name: str
    markdown: str


@dataclass(frozen=True)
class Prose:
    """A part of a document that is the author's; written once, then never touched.

    Attributes:
        markdown: Headings and the questions an author would want to answer.
        former: How earlier versions worded the questions.
    """

    markdown: str
    former: tuple[str, ...] = ()


Part = Region | Prose


@dataclass(frozen=True)
class Context:
    """What a renderer may know besides the facts.

    Attributes:
        project: The project's name, as in the file name.
        today: The document's date.
        stem: The document's file name without `.md`.
        previous: Facts of the last document of this kind, if there is one that reads.
        previous_date: Its date; None for a first document.
        lost: What is said where its facts are lost, as Markdown; empty where they read.
        links: Stems of the project's other current documents by kind, to link to.
        related: Their facts, of those kinds whose documents speak of each other.
    """

    project: str
    today: date
    stem: str
    previous: Facts | None = None
    previous_date: date | None = None
    lost: str = ""
    links: Mapping[str, str] = field(default_factory=dict)
    related: Mapping[str, Facts] = field(default_factory=dict)


def _no_attachments(_facts: Any, _context: Context) -> Mapping[str, bytes]:
    return {}


@dataclass(frozen=True)
class DocumentKind:
    """One kind of document: where it lies and how its facts become Markdown.

    Attributes:
        name: What the user types: `doc new NAME`.
        title: What the document is called in its heading.
        section: Heading under which a claim goes that is cited into it.
        facts: The facts' class, to read them back from disk.
        prose: What is its author's, in order, with the questions it begins with.
        parts: Makes the whole document in order, without front matter and closing blocks.
        options: What the user may say about how it is read: names of fields of `ReadOptions`.
        attached: Makes the files that lie beside the document, by suffix (`.openapi.json`).
    """

    name: str
    title: str
    section: str
    facts: type[Facts]
    prose: tuple[Prose, ...]
    parts: Callable[[Any, Context], tuple[Part, ...]]
    options: frozenset[str] = frozenset()
    attached: Callable[[Any, Context], Mapping[str, bytes]] = _no_attachments

    @property
    def prefix(self) -> str:
        """First part of the file name, such as `API`."""
        return folder_named(self.name).prefix

    @property
    def folder(self) -> str:
        """Folder under `.claude/docs/current`, such as `api-specs`."""
        return folder_named(self.name).folder

    def render(self, facts: Facts, context: Context) -> tuple[Part, ...]:
        """Return the whole document in order.

        Raises:
            DocumentError: The facts are of another kind.
        """
        if not isinstance(facts, self.facts):
            raise DocumentError(f"A document of kind {self.name} cannot show {facts.kind} facts.")
        return self.parts(facts, context)

    def attachments(self, facts: Facts, context: Context) -> Mapping[str, bytes]:
        """Return files that lie beside the document, by suffix."""
        return self.attached(facts, context) if isinstance(facts, self.facts) else {}


MARK = "<!-- footnotary:"
"""How a mark of ours in a document begins."""
_HEADING = re.compile(r"(#{1,6}) ")


def questions(parts: Iterable[Part]) -> frozenset[str]:
    """Return what an author is to replace: its lines, and whole questions on one line.

    Args:
        parts: A document as its kind renders it, or began in an earlier version.
    """
    found: set[str] = set()
    for markdown in _wordings(parts):
        lines = [line for line in markdown.splitlines() if not line.lstrip().startswith("#")]
        found.update(line.strip() for line in lines if line.strip())
        found.update(" ".join(each.split()) for each in "\n".join(lines).split("\n\n"))
    return frozenset(found - {""})


def lines_asked(lines: Sequence[str], asked: Collection[str]) -> frozenset[int]:
    """Return which lines of a document are questions that nobody has answered, counted from 0.

    Args:
        lines: A document, line by line.
        asked: The questions of its kind, in lines or wrapped in another way by a formatter.
    """
    found = {at for at, line in enumerate(lines) if line.strip() in asked}
    for first, last in _paragraphs(lines):
        if " ".join(" ".join(lines[first:last]).split()) in asked:
            found.update(range(first, last))
    return frozenset(found)


def without_questions(markdown: str, parts: Iterable[Part]) -> str:
    """Return a document without the questions that nobody has answered, for readers.

    A paragraph goes that is nothing but a question, and the heading above it where nothing else
    is below that. Every other line stays.
    """
    lines = markdown.split("\n")
    asked = lines_asked(lines, questions(parts))
    gone: set[int] = set()
    for first, last in _paragraphs(lines) if asked else ():
        if asked.issuperset(range(first, last)):
            heading = _lone_heading(lines, first, last)
            behind = next((at for at in range(last, len(lines)) if lines[at].strip()), last)
            gone.update(range(first if heading is None else heading, behind))
    return "\n".join(line for at, line in enumerate(lines) if at not in gone)


def _paragraphs(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield where lines without a blank one or a region's mark between them begin and end."""
    first = None
    for at, line in enumerate([*lines, ""]):
        ends = not line.strip() or line.startswith(MARK)
        if not ends and first is None:
            first = at
        elif ends and first is not None:
            yield first, at
            first = None


def _lone_heading(lines: list[str], first: int, last: int) -> int | None:
    """Return the line of the heading that has nothing but a paragraph below it, or None."""
    above = next((at for at in range(first - 1, -1, -1) if lines[at].strip()), None)
    level = _HEADING.match(lines[above]) if above is not None else None
    if level is None:
        return None
    rest = (line for line in lines[last:] if line.strip() and not line.startswith("<!--"))
    following = next(rest, "---")
    heading = _HEADING.match(following)
    ends = following.startswith("---") or (heading and len(heading[1]) <= len(level[1]))
    return above if ends else None


def reworded(markdown: str, parts: Iterable[Part]) -> str:
    """Put questions of earlier versions that nobody has touched into today's words.

    Returns:
        The document; everything that is not word for word an earlier question stays.
    """
    for part in parts:
        for former in part.former if isinstance(part, Prose) else ():
            today = "\n".join(
                line for line in part.markdown.splitlines() if not line.startswith("#")
            )
            markdown = markdown.replace(former, today.strip("\n"))
    return markdown


def _wordings(parts: Iterable[Part]) -> Iterator[str]:
    """Yield the prose of a document as it begins, and began."""
    for part in parts:
        if isinstance(part, Prose):
            yield part.markdown
            yield from part.former
