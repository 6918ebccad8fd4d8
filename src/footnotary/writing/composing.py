"""`doc new` and `doc refresh`: today's document from the code, yesterday's prose in it."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from footnotary import clock
from footnotary.documents import front_matter
from footnotary.documents.front_matter import with_front_matter
from footnotary.documents.kinds import Context, DocumentKind, Part, Prose, reworded
from footnotary.documents.regions import refreshed, regions_of, write_regions
from footnotary.documents.registry import kind_named
from footnotary.documents.what_changed import ChangeLog, how_differs, what_differs
from footnotary.errors import DocumentError, ProjectError, UsageError
from footnotary.facts.basis import Facts, Read
from footnotary.facts.options import ReadOptions
from footnotary.facts.research import ResearchFacts, ResearchTrail
from footnotary.facts.stored import facts_bytes, is_same
from footnotary.files import read_regular
from footnotary.markers import synced
from footnotary.project import Project, checked_name
from footnotary.writing.documents_on_disk import (
    MAX_FACTS,
    StoredDocument,
    facts_of,
    last_document,
    make_stem,
    read_document,
    records_for,
)
from footnotary.writing.drafts import (
    Draft,
    SplitPages,
    archived,
    context_of,
    front_matter_of,
    relinked,
)
from footnotary.writing.options import options_to_read_with
from footnotary.writing.reading import Fetch, collector_paused, read_facts
from footnotary.writing.recounting import kept_beside, log_with, notes_on_history, with_log
from footnotary.writing.trails import decisions_in
from footnotary.writing.transaction import apply, writing


@dataclass(frozen=True)
class WrittenDocument:
    """What became of a document.

    Attributes:
        path: Where it lies.
        facts: What it was made from.
        action: `created`, `updated` or `unchanged`.
        superseded: The document it replaced, where that lies now; None if it replaced none.
        notes: What its writer must know of its history, as sentences.
    """

    path: Path
    facts: Facts
    action: str
    superseded: Path | None = None
    notes: tuple[str, ...] = ()


@collector_paused()
def write_document(  # noqa: PLR0913  each is a choice of the user's
    project: Project,
    kind_name: str,
    name: str = "",
    options: ReadOptions | None = None,
    *,
    force: bool = False,
    fetch: Fetch | None = None,
) -> WrittenDocument:
    """Write today's document of a kind.

    The prose of the last one is carried over, and the last one moves to the archive in the
    same transaction. On the same day, the document is refreshed in place.

    Args:
        project: The user's project.
        kind_name: Name of the document kind.
        name: The project's name, or the topic of a research note; the project's if empty.
        options: How the project is read; as the settings say if None.
        force: Overwrite regions that were edited by hand.
        fetch: Reads a document at an address.

    Raises:
        UsageError: The name cannot be one, or there is no such kind.
        ProjectError: The project cannot be read.
        RegionEdited: A region was edited by hand, and `force` is not set.
        DocumentError: The last document is in a broken state.
    """
    kind, name = kind_named(kind_name), name or project.name
    checked_name(name)
    options = options or ReadOptions()
    options = options_to_read_with(project, kind, options, last_document(project, kind_name, name))
    facts = read_facts(project, kind_name, name, options, fetch)
    with writing(project):
        last = last_document(project, kind_name, name)
        today = clock.today()
        if last is not None and last.date > today:
            raise DocumentError(
                f"{last.path.name} is dated in the future.",
                hint="Check the clock, or FOOTNOTARY_NOW; nothing was written.",
            )
        if last is not None and last.stem == make_stem(kind, name, today) and not force:
            facts = _as_settled(last, facts)
        return _write(project, Draft(kind, name, today, facts, last, force, options))


@collector_paused()
def refresh_document(
    project: Project,
    stored: StoredDocument,
    options: ReadOptions,
    *,
    force: bool = False,
    fetch: Fetch | None = None,
) -> WrittenDocument:
    """Rewrite a document's regions from the code, in place; date and prose stay.

    Args:
        project: The user's project.
        stored: The document.
        options: How the project is read.
        force: Overwrite regions that were edited by hand.
        fetch: Reads a document at an address.

    Raises:
        ProjectError: The project cannot be read.
        RegionEdited: A region was edited by hand, and `force` is not set.
        DocumentError: The document is in a broken state.
    """
    if stored.archived:
        raise UsageError(
            f"{stored.path.name} is superseded.", hint="Refresh the document that supersedes it."
        )
    draft = _redrafted(project, stored, options, fetch, force=force, across=force)
    with writing(project):
        return _write(project, draft)


@collector_paused()
def preview(
    project: Project,
    stored: StoredDocument,
    options: ReadOptions,
    *,
    force: bool = False,
    fetch: Fetch | None = None,
) -> str:
    """Return what `refresh` would write; nothing is written.

    The branch and commit alone are no change.

    Args:
        project: The user's project.
        stored: The document.
        options: How the project is read.
        force: Overwrite regions that were edited by hand.
        fetch: Gives the document behind a URL of `--openapi`.

    Raises:
        ProjectError: The project cannot be read.
        RegionEdited: A region was edited by hand, and `force` is not set.
        DocumentError: The document is in a broken state.
    """
    draft = _redrafted(project, stored, options, fetch, force=force, across=False)
    return _unless_unmoved(read_document(stored.path), composed(project, draft)[0])


def _unless_unmoved(before: str, after: str) -> str:
    """Return a document as it was where nothing but branch and commit would change in it.

    Each commit makes a new one of the documents themselves.
    """
    was, is_now = front_matter.read_front_matter(before), front_matter.read_front_matter(after)
    if was is None or is_now is None:
        return after
    unmoved = replace(is_now, branch=was.branch, commit=was.commit, read=was.read)
    return before if with_front_matter(after, unmoved) == before else after


def _redrafted(  # noqa: PLR0913  as `refresh`
    project: Project,
    stored: StoredDocument,
    options: ReadOptions,
    fetch: Fetch | None,
    *,
    force: bool,
    across: bool,
) -> Draft:
    """Return a stored document with what the code is now."""
    before = facts_of(stored)
    used = options_to_read_with(project, stored.kind, options, stored, before)
    facts = read_facts(project, stored.kind_name, stored.name, used, fetch)
    if not across:
        _refuse_other_way(stored, before, facts)
    if before and not across:
        facts = _settled(before, facts)
    return Draft(stored.kind, stored.name, stored.date, facts, stored, force, used)


def _settled(before: Facts, facts: Facts) -> Facts:
    """Return facts with what passes as it was, where they say the same of the code."""
    is_alike = _is_read_alike(facts.read, before.read) and facts.read.why == before.read.why
    if not (is_alike and is_same(facts, before)):
        return facts
    # another Python and other releases that read the same are no change; other files are told
    read = before.read.model_copy(update={"files": facts.read.files})
    kept = {name: getattr(before, name) for name in facts.OF_COMMIT}
    return facts.model_copy(update={"read": read, **kept})


def _refuse_other_way(stored: StoredDocument, before: Facts | None, facts: Facts) -> None:
    """Refuse to put what was read in one way in the place of what was read in another.

    Where its facts are lost a document's front matter tells how it was read; what was read from
    the source alone may be read better then.
    """
    how = _how_read(stored) if before is None else before.read.how
    lost = how_differs(how, facts.read.how) if how != "source" else ""
    if differs := what_differs(before, facts) if before else lost:
        raise ProjectError(
            f"{stored.path.name} cannot be read again as it was: {differs}.",
            hint=f"{facts.read.why} {facts.read.hint} Or write it anew, as it can be read now:"
            " doc refresh --force.".strip(),
        )


def _how_read(stored: StoredDocument) -> str:
    """Return how a document was read, as its front matter tells it; empty where it does not."""
    try:
        matter = front_matter.read_front_matter(read_document(stored.path))
    except DocumentError:  # told when the document is composed
        return ""
    return matter.read.get("how", "") if matter else ""


def _as_settled(stored: StoredDocument, facts: Facts) -> Facts:
    """Return facts for today's document, which is not to be overwritten with less."""
    before = facts_of(stored)
    how = before.read.how if before else _how_read(stored)
    if how == "imported" and facts.read.how == "source":
        _refuse_other_way(stored, before, facts)
    return _settled(before, facts) if before else facts


def _is_read_alike(one: Read, other: Read) -> bool:
    """Return whether two readings had the same means: what the gate compares by."""
    return all(
        getattr(one, name) == getattr(other, name)
        for name in ("how", "extras", "failed", "not_read")
    )


def composed(project: Project, draft: Draft) -> tuple[str, Context, ChangeLog]:
    """Return a document's new text, without writing it.

    Returns:
        The text with front matter and closing blocks, the context it was rendered in, and the
        document's own change log.

    Raises:
        RegionEdited: A region was edited by hand, and the draft does not force.
        DocumentError: The last document is in a broken state.
    """
    last = draft.last
    before = read_document(last.path) if last else ""
    context = context_of(project, draft, before)
    log = log_with(project, last, draft.stem, draft.facts)
    rendered = _titled(draft.kind, context, draft.kind.render(draft.facts, context))
    parts = with_log(rendered, log)
    try:
        matter = front_matter.read_front_matter(before)
        body = (
            refreshed(
                reworded(before, parts),
                parts,
                known=matter.regions if matter else (),
                force=draft.force,
            )
            if last
            else write_regions(parts)
        )
        former = facts_of(last) if last else None
        named = former.versions if former else {}
        text = with_front_matter(
            body,
            front_matter_of(project, draft, parts, matter),
            gone=named.keys() - draft.facts.versions.keys(),
        )
        text = synced(
            text,
            records_for(project, {(last.path.name if last else draft.stem): text}),
            clock.today(),
            draft.facts.versions,
            stale_after_days=project.stale_after_days,
            form=project.marker,
            always=True,
            renewed=last is not None and last.stem != draft.stem,
            former=named,
            decisions=decisions_in(project, [text]),
            trail=draft.facts.trail if isinstance(draft.facts, ResearchFacts) else ResearchTrail(),
        )
        regions_of(text)
    except DocumentError as error:
        if last:
            error.message = f"{last.path.name}, {error.message}"
        raise
    return text, context, log


def _write(project: Project, draft: Draft) -> WrittenDocument:
    """Write a document, its facts and attachments, and archive the one it replaces."""
    kind, last, facts = draft.kind, draft.last, draft.facts
    text, context, log = composed(project, draft)
    if last and last.stem == context.stem and not draft.force:
        text = _unless_unmoved(read_document(last.path), text)
    path = project.current / kind.folder / f"{context.stem}.md"
    changes: dict[Path, bytes | None] = {path: text.encode()}
    changes[path.with_name(f"{context.stem}.facts.json")] = facts_bytes(facts)
    changes |= kept_beside(last, draft.stem, log)
    attached = kind.attachments(facts, context)
    changes |= {
        path.with_name(context.stem + suffix): content
        for suffix, content in attached.items()
        if not suffix.endswith(".md")
    }
    pages = {suffix: each for suffix, each in attached.items() if suffix.endswith(".md")}

    def earlier() -> Mapping[str, bytes]:
        before = facts_of(last) if last else None
        return kind.attachments(before, replace(context, stem=last.stem)) if before and last else {}

    changes |= SplitPages(path, last, pages, earlier, draft.force).changes()
    replaced = last if last and last.stem != context.stem else None
    if replaced:
        changes |= relinked(project, replaced, changes)
        changes |= archived(project, replaced, context.stem)
    needed = {p: content for p, content in changes.items() if _differs(p, content)}
    told = notes_on_history(last, context, log)
    if needed:
        apply(project, needed)
    action = "created" if last is None or replaced else "updated" if needed else "unchanged"
    return WrittenDocument(
        path,
        facts,
        action,
        project.archive / kind.folder / replaced.path.name if replaced else None,
        told,
    )


def _titled(kind: DocumentKind, context: Context, parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """Return the parts with a title on top, where the kind brings none."""
    if parts and parts[0].markdown.startswith("# "):
        return parts
    return (Prose(f"# {kind.title}: {context.project}"), *parts)


def _differs(path: Path, content: bytes | None) -> bool:
    """Return whether a file is not yet what it is to be."""
    try:
        return read_regular(path, MAX_FACTS) != content
    except OSError:
        return content is not None or os.path.lexists(path)
