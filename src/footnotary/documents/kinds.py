"""What a document kind is, and the folder that its documents lie in."""

from collections.abc import Callable, Mapping
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
