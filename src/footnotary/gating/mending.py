"""`doc check --fix`: numbers, superseded keys, doubled markers and stale regions put right.

Prose is not touched.
"""

import contextlib
import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from footnotary import clock
from footnotary.documents.research import RESEARCH
from footnotary.errors import DocumentError, FootnotaryError
from footnotary.facts.options import ReadOptions
from footnotary.gating.checking_all import GateOptions
from footnotary.gating.collecting import Collected, collected
from footnotary.gating.freshness import compared_all
from footnotary.gating.own_files import OwnFiles
from footnotary.markers import keys_named, with_successors, without_doubled
from footnotary.models import Citation
from footnotary.project import Project
from footnotary.records import Records
from footnotary.rules.basis import CheckedDocument, CitationLibrary
from footnotary.rules.decisions import TRAIL_DIFFERS
from footnotary.rules.registry import select_rules
from footnotary.writing import refresh_document, sync_documents
from footnotary.writing.composing import preview
from footnotary.writing.documents_on_disk import StoredDocument, read_document
from footnotary.writing.exporting import synced_text
from footnotary.writing.trails import differing_regions
from footnotary.writing.transaction import apply, writing

if TYPE_CHECKING:
    from footnotary.checking.outcomes import Checked


def fixed(project: Project, options: GateOptions, *, write: bool) -> Iterator[str]:
    """Fix documents, or show what would be changed.

    Yields:
        Lines that say what was done, or a unified diff.
    """
    codes = {rule.code for rule in select_rules(options.select, options.ignore) if rule.fixable}
    documents = [
        each
        for each in collected(project, options.named, options.pages)
        if each.text is not None and not (each.stored and each.stored.archived)
    ]
    moved = _moved(project, documents) if "CIT012" in codes else {}
    for key, lines in moved.items():
        yield from _updated(project, key, lines, write=write)
    if write:
        yield from (f"synced {shown}" for shown in sync_citing(project, moved, options.pages))
    outdated = _outdated(project, documents) if "DOC006" in codes and options.code else set()
    outdated |= _behind_trails(documents) if TRAIL_DIFFERS in codes else set()
    for each in documents:
        try:
            stored = each.stored if each.stored in outdated else None
            if write:
                yield from _written(project, each, stored, codes)
            else:
                yield from _shown(project, each, stored, codes, moved)
        except FootnotaryError as error:
            yield f"left as it is: {each.shown}: {error.message}"


def sync_citing(
    project: Project, keys: Iterable[str], pages: Iterable[str] = ()
) -> tuple[str, ...]:
    """Bring the Sources blocks of all that the gate checks in step with records that changed.

    Args:
        project: Whose records and documents.
        keys: Keys of the records.
        pages: Patterns of the user's own pages, relative to the root.

    Returns:
        The documents that were written; one that cannot be synced is left to `doc check`.
    """
    wanted = tuple(keys)
    outdated: dict[Path, str] = {}
    for each in collected(project, (), pages) if wanted else ():
        is_archived = each.stored is not None and each.stored.archived
        if is_archived or not any(key in (each.text or "") for key in wanted):
            continue
        with contextlib.suppress(DocumentError):
            if sync_documents(project, [each.path], write=False)[each.path]:
                outdated[each.path] = each.shown
    sync_documents(project, outdated)
    return tuple(outdated.values())


def _outdated(project: Project, documents: list[Collected]) -> set[StoredDocument]:
    """Return the documents whose facts are no longer those of the code."""
    stored = [each.stored for each in documents if each.stored]
    found = compared_all(project, stored)
    return {each for each in stored if (one := found.get(each.path)) and one.is_outdated}


def _behind_trails(documents: list[Collected]) -> set[StoredDocument]:
    """Return the research notes whose regions are not what their trails say."""
    found = set()
    for each in documents:
        if each.stored and each.stored.kind_name == RESEARCH.name:
            with contextlib.suppress(DocumentError):
                if any(differing_regions(each.stored, each.text or "")):
                    found.add(each.stored)
    return found


def _moved(project: Project, documents: Iterable[Collected]) -> dict[str, "Checked"]:
    """Return where cited lines of the project's own files stand now, by the key of their record."""
    records = Records(project.citations)
    library = CitationLibrary(records, {}, clock.today())
    checked = [CheckedDocument(each.shown, each.text) for each in documents if each.text]
    bound = [keys for each in checked for keys in each.bound(library).values()]
    keys = dict.fromkeys(key for cited in bound for key in cited if key)
    return {one.citation.key: one for one in OwnFiles(project, records).moved(keys)}


def _updated(project: Project, key: str, lines: "Checked", *, write: bool) -> Iterator[str]:
    """Move one citation to where its lines stand now."""
    from footnotary.checking.renewing import renew
    from footnotary.record_files import dumped
    from footnotary.records import RecordStore

    store = RecordStore(project.citations)
    if write:
        renew(lines, store)
        yield f"updated {key}: {lines.detail}"
        return
    shown = f"citations/{key}.yaml"
    before = dumped(lines.citation).decode().splitlines()
    after = dumped(_renewed(project, key, lines)).decode().splitlines()
    yield from difflib.unified_diff(before, after, f"a/{shown}", f"b/{shown}", lineterm="")


def _renewed(project: Project, key: str, lines: "Checked") -> Citation:
    """Return a record as moving it would write it."""
    from footnotary.checking.renewing import renewed_by
    from footnotary.records import RecordStore

    return renewed_by(lines, RecordStore(project.citations).get(key))


def _written(
    project: Project, document: Collected, outdated: StoredDocument | None, codes: set[str]
) -> Iterator[str]:
    """Fix one document: its keys, its regions and numbers; then its doubled markers."""
    if "CIT007" in codes:
        yield from _replaced(
            project, document, _with_successors, "replaced superseded citations in"
        )
    if outdated:
        written = refresh_document(project, outdated, ReadOptions())
        yield f"refreshed {document.shown}"
        yield from (f"note: {document.shown}: {words}" for words in written.notes)
    elif "CIT003" in codes and sync_documents(project, [document.path])[document.path]:
        yield f"synced {document.shown}"
    if "CIT011" in codes:
        yield from _replaced(project, document, _without_doubled, "removed doubled markers from")


def _replaced(
    project: Project, document: Collected, change: Callable[[Project, str], str], done: str
) -> Iterator[str]:
    """Write one document changed, where that changes anything."""
    with writing(project):
        before = read_document(document.path)
        after = change(project, before)
        if after != before:
            apply(project, {document.path: after.encode()})
            yield f"{done} {document.shown}"


def _shown(
    project: Project,
    document: Collected,
    outdated: StoredDocument | None,
    codes: set[str],
    moved: Mapping[str, "Checked"],
) -> Iterator[str]:
    """Yield what mending one document would change."""
    after = document.text or ""
    if "CIT007" in codes:
        after = _with_successors(project, after)
    if outdated:
        after = preview(project, outdated, ReadOptions())
    elif "CIT003" in codes:
        renewed = {key: _renewed(project, key, lines) for key, lines in moved.items()}
        after = synced_text(project, document.path, after, renewed)
    yield from _diff(document, _without_doubled(project, after) if "CIT011" in codes else after)


def _with_successors(project: Project, text: str) -> str:
    """Return a document that cites the successors of superseded records."""
    checked = CheckedDocument("", text)
    if checked.broken:
        return text
    records = Records(project.citations)
    keys = {
        key for named in keys_named(checked.own_markers, checked.closing).values() for key in named
    }
    successors = {key: last for key in keys if (last := _last_successor(key, records)) != key}
    return with_successors(text, checked.own_markers, checked.closing, successors)


def _last_successor(key: str, records: Records) -> str:
    """Return the key of the record that took a record's place; its own where none reads."""
    seen = {key}
    while key in records and (after := records[key].superseded_by) not in seen and after in records:
        key = after
        seen.add(key)
    return key


def _without_doubled(project: Project, text: str) -> str:
    """Return a document without doubled markers; one that does not read stays as it is."""
    del project
    checked = CheckedDocument("", text)
    if checked.broken:
        return text
    return without_doubled(text, checked.own_markers, checked.blocks, checked.closing)


def _diff(document: Collected, after: str) -> Iterator[str]:
    """Yield what would change as a unified diff."""
    yield from difflib.unified_diff(
        (document.text or "").splitlines(),
        after.splitlines(),
        f"a/{document.shown}",
        f"b/{document.shown}",
        lineterm="",
    )
