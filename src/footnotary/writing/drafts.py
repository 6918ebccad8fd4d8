"""A document before it is written: from its parts, on its pages, with what it takes over."""

import contextlib
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from footnotary import __version__, git
from footnotary.documents import front_matter
from footnotary.documents.across import Relinking
from footnotary.documents.front_matter import FrontMatter, with_front_matter
from footnotary.documents.kinds import Context, DocumentKind, Part, Region
from footnotary.documents.regions import RegionEdited, refreshed, regions_of, write_regions
from footnotary.errors import DocumentError
from footnotary.facts.basis import Facts
from footnotary.facts.options import ReadOptions
from footnotary.files import read_regular
from footnotary.markers.rendering import rendered_form
from footnotary.project import Project
from footnotary.writing.documents_on_disk import (
    MAX_FACTS,
    TRAIL,
    StoredDocument,
    facts_of,
    is_stem,
    make_stem,
    read_document,
    stored_documents,
)
from footnotary.writing.options import stored_options
from footnotary.writing.recounting import DocumentHistory, read_history, render_loss

_REGION = "page"
_HEAD = 4_000


def find_pages(stored: StoredDocument) -> tuple[Path, ...]:
    """Return the pages of ours that lie beside a document, whether it still has them or not."""
    beside = sorted(stored.path.parent.glob(f"{stored.stem}.*.md"))
    return tuple(one for one in beside if is_page(one, stored.stem))


def is_page(path: Path, stem: str) -> bool:
    """Tell whether a file is a page that we wrote, with words of its author's in it or not."""
    try:
        text = read_document(path)
    except DocumentError:
        return False
    is_linked_back = text.lstrip("\ufeff").startswith("# ") and f"]({stem}.md)" in text[:_HEAD]
    return is_linked_back or f"<!-- footnotary:begin {_REGION} -->" in text


@dataclass(frozen=True)
class SplitPages:
    """The pages of a document that is about to be written.

    Attributes:
        path: Where the document goes.
        last: The document whose prose is carried over, if there is one.
        pages: What each page says, by its suffix.
        earlier: Gives what the pages of the last document said, as they are rendered today.
        force: Whether regions that were edited by hand are overwritten.
    """

    path: Path
    last: StoredDocument | None
    pages: Mapping[str, bytes]
    earlier: Callable[[], Mapping[str, bytes]]
    force: bool = False

    def changes(self) -> dict[Path, bytes | None]:
        """Return what is written: every page, and what is left of those that are no longer its.

        Raises:
            RegionEdited: A page was edited by hand, and `force` is not set.
            DocumentError: A page is in a broken state, or a file is in the place of one.
        """
        found: dict[Path, bytes | None] = {}
        for suffix, said in self.pages.items():
            path = self.path.with_name(f"{self.path.stem}{suffix}")
            with _naming(path):
                found[path] = self._written(path, suffix, Region(_REGION, said.decode())).encode()
        for path in find_pages(self.last) if self.last and self.last.path == self.path else ():
            if path not in found:
                with _naming(path):
                    left = self._left(path)
                found[path] = left.encode() if left.strip() else None
        return found

    def _written(self, path: Path, suffix: str, region: Region) -> str:
        """Return a page: a new one, or the last one with its region rewritten."""
        if os.path.lexists(path) and not is_page(path, self.path.stem):
            raise DocumentError(
                "this file is in the place of a page and was not written by footnotary.",
                hint="Move it or rename it; nothing was changed.",
            )
        before = path
        if self.last and not os.path.lexists(path):
            before = self.last.path.with_name(f"{self.last.stem}{suffix}")
        if self.last is None or not is_page(before, before.name.removesuffix(suffix)):
            return write_regions((region,))
        text = read_document(before)
        if self._is_replaced(text, suffix):
            return write_regions((region,))
        return refreshed(text, (region,), force=self.force)

    def _is_replaced(self, text: str, suffix: str) -> bool:
        """Tell whether a page has no region, and is replaced whole: nobody has written into it."""
        if any(region.name == _REGION for region in regions_of(text)):
            return False
        said = self.earlier().get(suffix, b"").decode()
        if self.force or rendered_form(said) == rendered_form(text):
            return True
        raise RegionEdited(
            "the page has no region markers (an earlier version wrote none), and may have been"
            " edited by hand; nothing was changed.",
            diff="",
        )

    def _left(self, path: Path) -> str:
        """Return what is left of a page that the document no longer has: its author's words."""
        text = read_document(path)
        if self._is_replaced(text, path.name.removeprefix(self.path.stem)):
            return ""
        if not self.force and any(region.edited for region in regions_of(text)):
            raise RegionEdited(
                "the document no longer has this page, which was edited by hand;"
                " nothing was changed.",
                diff="",
            )
        return refreshed(text, (), force=self.force)


@contextlib.contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Name the page in an error about it."""
    try:
        yield
    except DocumentError as error:
        error.message = f"{path.name}: {error.message}"
        error.args = (error.message,)
        raise


SPEAKING = ("api", "schema")
"""Kinds whose documents link to what is in each other."""


def relinked(
    project: Project, replaced: StoredDocument, changes: Mapping[Path, bytes | None]
) -> dict[Path, bytes | None]:
    """Return the documents that link to a replaced one, with links to its successor."""
    if replaced.kind_name not in SPEAKING:
        return {}
    pages = {
        path.name: content.decode()
        for path, content in changes.items()
        if content is not None and path.suffix == ".md"
    }
    relinking = Relinking(replaced.stem, pages)
    found: dict[Path, bytes | None] = {}
    for each in stored_documents(project):
        if each.name != replaced.name or each.kind_name not in SPEAKING:
            continue
        if each.kind_name == replaced.kind_name:
            continue
        with contextlib.suppress(DocumentError):  # a broken document is left to `doc check`
            found[each.path] = relinking.document(read_document(each.path)).encode()
            for page in find_pages(each):
                found[page] = relinking.document(read_document(page)).encode()
    return found


def archived(
    project: Project, replaced: StoredDocument, successor: str
) -> Mapping[Path, bytes | None]:
    """Return the changes that move a document and what lies beside it to the archive.

    Raises:
        DocumentError: Its front matter is broken, or something beside it cannot be read.
    """
    folder = project.archive / replaced.kind.folder
    text = read_document(replaced.path)
    matter = front_matter.read_front_matter(text) or FrontMatter(
        replaced.kind_name, replaced.name, replaced.date
    )
    marked = with_front_matter(text, replace(matter, status="superseded", superseded_by=successor))
    changes: dict[Path, bytes | None] = {folder / replaced.path.name: marked.encode()}
    beside = sorted(replaced.path.parent.glob(f"{replaced.stem}.*"))
    for path in beside:
        if path != replaced.path and _is_plain(path):
            changes[folder / path.name] = read_regular(path, MAX_FACTS)
    changes |= {path: None for path in beside if _is_plain(path)}
    if replaced.trail_path in changes:  # the successor goes on with the trail
        trail = read_regular(replaced.trail_path, MAX_FACTS)
        changes[replaced.path.with_name(successor + TRAIL)] = trail
    return changes


def _is_plain(path: Path) -> bool:
    """Tell whether what lies beside a document moves with it; what a link shows stays away."""
    return path.is_file() and not path.is_symlink()


@dataclass(frozen=True)
class Draft:
    """A document that is about to be written.

    Attributes:
        kind: Its kind.
        name: The project's name or the topic.
        day: Its date.
        facts: What the code is now.
        last: The document whose prose is carried over, if there is one.
        force: Whether regions that were edited by hand are overwritten.
        options: How the project was read.
    """

    kind: DocumentKind
    name: str
    day: date
    facts: Facts
    last: StoredDocument | None = None
    force: bool = False
    options: ReadOptions = field(default_factory=ReadOptions)

    @property
    def stem(self) -> str:
        """The file name without `.md`."""
        return make_stem(self.kind, self.name, self.day)


def context_of(project: Project, draft: Draft, before: str) -> Context:
    """Return what a renderer may know besides the facts.

    Raises:
        DocumentError: The last document's front matter is broken.
    """
    last = draft.last
    former = last.stem if last else ""
    if former == draft.stem:
        former = _superseded_by(last, before) if last else ""
    earlier = _stored_as(project, former, last)
    history = read_history(earlier) if earlier else DocumentHistory()
    if former and not earlier:
        history = DocumentHistory(
            lost=f"the document that this one replaced is missing ({former}.md)"
        )
    others = [
        each
        for each in stored_documents(project)
        if each.name == draft.name and each.kind_name != draft.kind.name
    ]
    speaking = SPEAKING if draft.kind.name in SPEAKING else ()
    facts = {each.kind_name: facts_of(each) for each in others if each.kind_name in speaking}
    return Context(
        project=draft.name,
        today=draft.day,
        stem=draft.stem,
        previous=history.day,
        previous_date=date.fromisoformat(former[-10:]) if former else None,
        lost=render_loss(history),
        links={each.kind_name: each.stem for each in others},
        related={kind: found for kind, found in facts.items() if found is not None},
    )


def _superseded_by(last: StoredDocument, text: str) -> str:
    """Return the stem of the document that another one replaced; empty where it replaced none."""
    try:
        matter = front_matter.read_front_matter(text)
    except DocumentError as error:
        raise DocumentError(f"{last.path.name}, {error.message}", hint=error.hint) from error
    former = matter.supersedes if matter else ""
    return former if is_stem(former) else ""


def _stored_as(project: Project, stem: str, last: StoredDocument | None) -> StoredDocument | None:
    """Return the document of a stem: the last one, or one in the archive; None where it is gone."""
    known = (*([last] if last else ()), *stored_documents(project, archived=True))
    return next((one for one in known if one.stem == stem), None)


def front_matter_of(
    project: Project, draft: Draft, parts: tuple[Part, ...], before: FrontMatter | None
) -> FrontMatter:
    """Return the front matter of a document."""
    repository = git.read_repository(project.root)
    commit = repository.commit if repository else None
    replaced = draft.last.stem if draft.last else ""
    if replaced == draft.stem:
        replaced = before.supersedes if before else ""
    return FrontMatter(
        kind=draft.kind.name,
        project=draft.name,
        date=draft.day,
        status="current",
        supersedes=replaced,
        generator=f"footnotary {__version__}",
        branch=repository.branch if repository else "",
        commit=commit.hash if commit else "",
        options=stored_options(draft.options, project.root),
        read=_read_as(draft.facts),
        read_from=draft.facts.read_from,
        versions=dict(draft.facts.versions),
        regions=tuple(part.name for part in parts if isinstance(part, Region)),
    )


def _read_as(facts: Facts) -> dict[str, str]:
    """Return how facts were had, as front matter tells it."""
    read = facts.read
    return {"how": read.how, "python": read.python, "extras": ", ".join(read.extras)}
