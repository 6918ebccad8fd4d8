"""The documents of a project as the site sees them: where they lie, what they say they are."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from footnotary.documents import front_matter
from footnotary.documents.front_matter import FrontMatter
from footnotary.documents.kinds import without_questions
from footnotary.documents.registry import KINDS
from footnotary.errors import DocumentError
from footnotary.files import is_inside, read_inside
from footnotary.markers.closing import sources_at_end
from footnotary.markers.structure import FOOTNOTE, LABELS_OF_MARKER, MARKER, front_matter_end
from footnotary.models import Citation
from footnotary.project import Project, repository_of
from footnotary.publishing import place
from footnotary.publishing.evidence import EvidenceOfFolder, evidence_in
from footnotary.publishing.markup import heading_words

MAX_BYTES = 20_000_000
_STEM = re.compile(r"([A-Z]+)-(.+)-(\d{4}-\d{2}-\d{2})")
_CODE = re.compile(r"^(`{3,}|~{3,}).*?^\1[`~]*\s*$|(`+)[^`].*?\2", re.MULTILINE | re.DOTALL)
_ANY_MARKER = re.compile(f"{MARKER.pattern}|{FOOTNOTE.pattern}(?!:)")
_HEADING = re.compile(r"^#\s+(.+?)\s*#*\s*$", re.MULTILINE)
# Where a page of ours goes if the author has one at its address, such as `documents.md`.
_ELSEWHERE = {
    "documents/index.md": "documents/overview.md",
    "notebook/index.md": "notebook/notes.md",
    "sources/index.md": "sources/library.md",
    "sources/health.md": "sources/state.md",
}
_LABELS = {
    "API": "API",
    "SCHEMA": "Database schema",
    "DEPLOY": "Deployment",
    "IMPL": "Implementation",
    "RESEARCH": "Research",
}


@dataclass(frozen=True)
class Document:
    """One document on disk.

    Attributes:
        path: Where it lies.
        folder: Its folder under `current` or `archive`, such as `api-specs`.
        stem: Its file name without `.md`.
        text: All of it.
        body: What follows the front matter, without questions that nobody has answered.
        matter: What its front matter says of ours; None where it has none that reads.
        archived: Whether it lies in the archive.
        attachments: Files beside it, by suffix, such as `.openapi.json`.
    """

    path: Path
    folder: str
    stem: str
    text: str
    body: str
    matter: FrontMatter | None = None
    archived: bool = False
    attachments: tuple[tuple[str, Path], ...] = ()

    @property
    def uri(self) -> str:
        """Its place in the site, which stays the same when it is superseded."""
        folder = f"{self.folder}/" if self.folder else ""
        return f"documents/{folder}{self.stem}.md"

    @property
    def prefix(self) -> str:
        """`API`, `SCHEMA`, `DEPLOY`, `IMPL`, `RESEARCH`, or empty."""
        found = _STEM.fullmatch(self.stem)
        return found[1] if found else ""

    @property
    def whole(self) -> tuple[str, str]:
        """Prefix and name of the document that it is, or is a part of."""
        found = _STEM.fullmatch(self.stem.partition(".")[0])
        return (found[1], found[2]) if found else ("", self.stem)

    @property
    def label(self) -> str:
        """What kind of document it is, in words."""
        return _LABELS.get(self.prefix, "Document")

    @property
    def name(self) -> str:
        """The project or topic it is about."""
        found = _STEM.fullmatch(self.stem)
        return found[2] if found else self.stem

    @property
    def date(self) -> str:
        """Its day as `YYYY-MM-DD`, or empty."""
        found = _STEM.fullmatch(self.stem)
        if self.matter and self.matter.date:
            return self.matter.date.isoformat()
        return found[3] if found else ""

    @property
    def is_part(self) -> bool:
        """Whether it is one file of a document that was split: `API-shop-2026-11-23.models`."""
        return "." in self.stem

    @property
    def superseded(self) -> bool:
        """Whether a newer one has taken its place."""
        return self.archived or (self.matter is not None and self.matter.status == "superseded")

    @property
    def title(self) -> str:
        """The words of its first heading, or a name made of what it is."""
        found = _HEADING.search(self.body)
        return heading_words(found[1]) if found else f"{self.label}: {self.name}"

    @cached_property
    def cited_keys(self) -> tuple[str, ...]:
        """The keys of the citations it rests on, in order, each once.

        Markers are read with patterns, not with the Markdown parser: 1,000 pages are read before
        each build. A marker in an indented sample counts; the gate is exact.
        """
        if "^[" not in self.body and "[^" not in self.body:
            return ()
        numbered = {str(entry.number): entry.key for entry in sources_at_end(self.body)}
        labels = [
            label
            for marker in _ANY_MARKER.finditer(_CODE.sub("", self.body))
            for label in LABELS_OF_MARKER.findall(marker[0])
        ]
        keys = [numbered.get(label, "" if label.isdigit() else label) for label in labels]
        return tuple(dict.fromkeys(key for key in keys if key))


def documents_of(project: Project) -> Iterator[Document]:
    """Yield every document, the current ones first, each folder by name."""
    for root, archived in ((project.current, False), (project.archive, True)):
        for path in sorted(root.rglob("*.md")):
            relative = path.relative_to(root)
            if path.is_file() and not any(part.startswith(".") for part in relative.parts):
                document = _read(project, path, relative.parent.as_posix(), archived=archived)
                if document is not None:
                    yield document


def others_of(project: Project, folders: Sequence[str]) -> tuple[Project, ...]:
    """Return the projects in folders that a site's settings name."""
    return tuple(Project((project.root / folder).resolve()) for folder in folders)


def document_at(path: Path, project: Project) -> Document | None:
    """Read one document; None for a file that is none."""
    for root, archived in ((project.current, False), (project.archive, True)):
        if path.is_relative_to(root):
            folder = path.relative_to(root).parent.as_posix()
            return _read(project, path, folder, archived=archived)
    return None


def _has_answer(stem: str, body: str) -> str:
    """Return a document's body without the questions that nobody has answered."""
    found = _STEM.fullmatch(stem)
    kind = next((one for one in KINDS if found and one.prefix == found[1]), None)
    return without_questions(body, kind.prose) if kind else body


def _read(
    project: Project, path: Path, folder: str, *, archived: bool = False, beside: bool = True
) -> Document | None:
    """Read one document; None for what cannot be one."""
    top = project.root if beside else repository_of(project.root)
    try:
        text = read_inside(path, top, MAX_BYTES).decode("utf-8-sig", errors="replace")
    except OSError:
        return None
    end = front_matter_end(text)
    # The author's own pages (in no folder of documents) have nothing beside them; listing a
    # folder for each of its pages would cost the square of their number.
    names = sorted(path.parent.glob(f"{path.stem}.*")) if beside else []
    return Document(
        path=path,
        folder="" if folder == "." else folder,
        stem=path.stem,
        text=text,
        body=_has_answer(path.stem, text[end:].lstrip("\r\n")),
        matter=_matter(text),
        archived=archived,
        attachments=tuple(
            (one.name.removeprefix(path.stem), one)
            for one in names
            if one.suffix == ".json" and is_inside(one, project.root)
        ),
    )


def _matter(text: str) -> FrontMatter | None:
    """Return what the front matter says; None where it cannot be read."""
    try:
        return front_matter.read_front_matter(text)
    except DocumentError:
        return None


@dataclass(frozen=True)
class PageRef:
    """A page that cites something.

    Attributes:
        title: What it is called.
        uri: Its place in the site, ending in `.md`.
        superseded: Whether a newer document has taken its place.
    """

    title: str
    uri: str
    superseded: bool = False


@dataclass(frozen=True)
class Collection:
    """All that the site shows of a project.

    Attributes:
        project: Whose site it is.
        documents: Every document, current and archived.
        evidence: The citation records.
        citing: The pages that rest on each citation, by key.
        directories: Whether pages are folders (`a/b/`) rather than files (`a/b.html`).
        moved: Pages of ours that are elsewhere, because the author has one at their address.
        from_files: Whether HTML links are relative to Markdown files (`place` says why).
    """

    project: Project
    documents: tuple[Document, ...]
    evidence: EvidenceOfFolder
    citing: dict[str, tuple[PageRef, ...]]
    directories: bool = True
    moved: dict[str, str] = field(default_factory=dict)
    from_files: bool = False

    @property
    def current(self) -> tuple[Document, ...]:
        """The documents that no newer one has superseded; no research notes, no parts."""
        return tuple(
            one
            for one in self.documents
            if not (one.superseded or one.is_part or one.prefix == "RESEARCH")
        )

    @property
    def notes(self) -> tuple[Document, ...]:
        """The research notes that hold, newest first."""
        found = [one for one in self.documents if one.prefix == "RESEARCH" and not one.superseded]
        return tuple(sorted(found, key=lambda one: (one.date, one.stem), reverse=True))

    @property
    def sources(self) -> dict[str, tuple[Citation, ...]]:
        """The citations of each source, by final URL, in the order of site and title."""
        groups: dict[str, list[Citation]] = {}
        for citation in self.evidence.citations.values():
            groups.setdefault(citation.final_url, []).append(citation)
        names = {
            url: (found[0].site.casefold(), found[0].title.casefold(), url)
            for url, found in groups.items()
        }
        return {url: tuple(groups[url]) for url in sorted(groups, key=names.__getitem__)}

    def address(self, uri: str) -> str:
        """Return the URL under the site's root of a file of the site."""
        return site_address(self.moved.get(uri, uri), directories=self.directories)

    def href(self, target: str, start: str) -> str:
        """Return how one page links to another.

        Args:
            target: Place of the file that is linked, such as `sources/index.md`.
            start: Place of the page that links.
        """
        here = self.moved.get(start, start) if self.from_files else self.address(start)
        return place.relative_address(self.address(target), here)


def site_address(uri: str, *, directories: bool) -> str:
    """Return where an engine puts a file."""
    if not uri.endswith(".md"):
        return uri
    stem = uri.removesuffix(".md")
    if not directories:
        return f"{stem}.html"
    if stem == "index":
        return ""
    return f"{stem.removesuffix('/index')}/"


def collect(
    project: Project,
    *,
    others: Sequence[Project] = (),
    docs: Path | None = None,
    directories: bool = True,
    from_files: bool = False,
) -> Collection:
    """Read all that the site shows.

    Args:
        project: Whose site it is.
        others: Projects whose documents it shows too; the first of two with one name wins.
        docs: Folder of the author's own pages, which may cite too.
        directories: Whether pages are folders (`a/b/`) rather than files.
        from_files: Whether HTML links are relative to Markdown files.
    """
    found: dict[str, Document] = {}
    for one in (project, *others):
        for document in documents_of(one):
            found.setdefault(document.uri, document)
    documents = tuple(found.values())
    evidence = evidence_in(project.citations)
    evidence.refresh(now=True)
    citing: dict[str, list[PageRef]] = {}
    for document in documents:
        page = PageRef(document.title, document.uri, document.superseded)
        for key in document.cited_keys:
            citing.setdefault(key, []).append(page)
    pages = sorted(docs.rglob("*.md")) if docs and docs.is_dir() else []
    uris = {path.relative_to(docs).as_posix(): path for path in pages} if docs else {}
    for page, keys in _citing_pages(project, uris):
        for key in keys:
            citing.setdefault(key, []).append(page)
    taken = {site_address(uri, directories=directories) for uri in uris}
    moved = {
        uri: place
        for uri, place in _ELSEWHERE.items()
        if site_address(uri, directories=directories) in taken
    }
    cited_by = {key: tuple(pages) for key, pages in citing.items()}
    return Collection(project, documents, evidence, cited_by, directories, moved, from_files)


def _citing_pages(
    project: Project, pages: dict[str, Path]
) -> Iterator[tuple[PageRef, tuple[str, ...]]]:
    """Yield the author's own pages that cite, with the keys."""
    for uri, path in pages.items():
        document = _read(project, path, "", beside=False)
        if document is not None and document.cited_keys:
            yield PageRef(document.title, uri), document.cited_keys
