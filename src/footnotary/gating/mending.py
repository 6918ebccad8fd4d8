"""`doc check --fix`: numbers put in step, stale regions rewritten. Prose is not touched."""

import difflib
from collections.abc import Iterator

from footnotary.errors import FootnotaryError
from footnotary.facts.options import ReadOptions
from footnotary.gating.checking_all import GateOptions
from footnotary.gating.collecting import Collected, collected
from footnotary.gating.freshness import stale
from footnotary.project import Project
from footnotary.rules.registry import selected
from footnotary.writing import refresh, sync
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
    if "DOC006" in codes and options.code and write:
        yield from _refreshed(project, documents)
    for each in documents if "CIT003" in codes else ():
        try:
            yield from _synced(project, each, write=write)
        except FootnotaryError as error:
            yield f"left as it is: {error.message}"


def _refreshed(project: Project, documents: list[Collected]) -> Iterator[str]:
    """Rewrite the regions of documents whose code has changed."""
    stored = [each.stored for each in documents if each.stored]
    changed = stale(project, stored)
    for each in stored:
        if not changed.get(each.path):
            continue
        try:
            refresh(project, each, ReadOptions())
            yield f"refreshed {each.path.name}"
        except FootnotaryError as error:
            yield f"left as it is: {error.message}"


def _synced(project: Project, document: Collected, *, write: bool) -> Iterator[str]:
    """Put one document's numbers in step."""
    if write:
        if sync(project, [document.path])[document.path]:
            yield f"synced {document.shown}"
        return
    before = document.text or ""
    after = synced_text(project, document.path)
    yield from difflib.unified_diff(
        before.splitlines(),
        after.splitlines(),
        f"a/{document.shown}",
        f"b/{document.shown}",
        lineterm="",
    )
