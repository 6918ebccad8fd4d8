"""`doc check --fix`: numbers put in step, stale regions rewritten. Prose is not touched."""

import difflib
from collections.abc import Iterator

from footnotary.errors import FootnotaryError
from footnotary.facts.options import ReadOptions
from footnotary.gating.checking_all import GateOptions
from footnotary.gating.collecting import Collected, collected
from footnotary.gating.freshness import compared_all
from footnotary.project import Project
from footnotary.rules.registry import selected
from footnotary.writing import refresh, sync
from footnotary.writing.composing import preview
from footnotary.writing.documents_on_disk import Stored
from footnotary.writing.syncing import synced_text


def mended(project: Project, options: GateOptions, *, write: bool) -> Iterator[str]:
    """Mend documents, or show what would be changed.

    Args:
        project: The user's project.
        options: What is checked.
        write: Write the documents; otherwise yield a diff of what would be written.

    Yields:
        Lines that say what was done, or a unified diff.
    """
    codes = {rule.code for rule in selected(options.select, options.ignore) if rule.fixable}
    documents = [
        each
        for each in collected(project, options.named, options.pages)
        if each.text is not None and not (each.stored and each.stored.archived)
    ]
    outdated = _outdated(project, documents) if "DOC006" in codes and options.code else set()
    for each in documents:
        try:
            if each.stored and each.stored in outdated:
                yield from _refreshed(project, each, each.stored, write=write)
            elif "CIT003" in codes:
                yield from _synced(project, each, write=write)
        except FootnotaryError as error:
            yield f"left as it is: {each.shown}: {error.message}"


def _outdated(project: Project, documents: list[Collected]) -> set[Stored]:
    """Return the documents whose facts are no longer those of the code."""
    stored = [each.stored for each in documents if each.stored]
    found = compared_all(project, stored)
    return {each for each in stored if each.path in found and found[each.path].changed}


def _refreshed(
    project: Project, document: Collected, stored: Stored, *, write: bool
) -> Iterator[str]:
    """Rewrite the regions of one document, and its numbers with them."""
    if write:
        refresh(project, stored, ReadOptions())
        yield f"refreshed {document.shown}"
    else:
        yield from _diff(document, preview(project, stored, ReadOptions()))


def _synced(project: Project, document: Collected, *, write: bool) -> Iterator[str]:
    """Put one document's numbers in step."""
    if not write:
        yield from _diff(document, synced_text(project, document.path))
    elif sync(project, [document.path])[document.path]:
        yield f"synced {document.shown}"


def _diff(document: Collected, after: str) -> Iterator[str]:
    """Yield what would change as a unified diff."""
    yield from difflib.unified_diff(
        (document.text or "").splitlines(),
        after.splitlines(),
        f"a/{document.shown}",
        f"b/{document.shown}",
        lineterm="",
    )
