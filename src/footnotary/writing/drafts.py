"""What a document is made from, before it is written: facts, what is around them, front matter."""

from dataclasses import dataclass, field
from datetime import date

from footnotary import __version__, git
from footnotary.documents import front_matter
from footnotary.documents.front_matter import FrontMatter
from footnotary.documents.kinds import Context, DocumentKind, Part, Region
from footnotary.errors import DocumentError
from footnotary.facts.basis import Facts
from footnotary.facts.options import ReadOptions
from footnotary.project import Project
from footnotary.writing.documents_on_disk import (
    StoredDocument,
    facts_of,
    is_stem,
    make_stem,
    stored_documents,
)
from footnotary.writing.options import stored_options
from footnotary.writing.recounting import DocumentHistory, read_history, render_loss
from footnotary.writing.superseding import SPEAKING


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
