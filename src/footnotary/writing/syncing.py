"""`doc sync`: the markers of documents numbered, their closing blocks rewritten."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from footnotary import clock
from footnotary.documents import front_matter
from footnotary.errors import DocumentError
from footnotary.markers import synced
from footnotary.models import Citation
from footnotary.project import Project
from footnotary.writing.documents_on_disk import read_document, records_for
from footnotary.writing.trails import decisions_in
from footnotary.writing.transaction import apply, writing


def sync_documents(
    project: Project, paths: Iterable[Path], *, write: bool = True
) -> dict[Path, bool]:
    """Number the markers of documents.

    Args:
        project: Whose records they cite.
        paths: The Markdown files.
        write: Write the files; otherwise say only which would change.

    Returns:
        Whether each file changed, by path.

    Raises:
        DocumentError: A document is in a state that must not be guessed at; no file is
            changed then.
    """
    if not write:
        return {path: after is not None for path, after in _changed(project, paths).items()}
    with writing(project):
        changed = _changed(project, paths)
        apply(project, {path: text.encode() for path, text in changed.items() if text is not None})
    return {path: text is not None for path, text in changed.items()}


def synced_text(
    project: Project, path: Path, text: str, renewed: Mapping[str, Citation] | None = None
) -> str:
    """Return a document as `sync` would write it.

    Raises:
        DocumentError: The document is in a state that must not be guessed at.
    """
    citations = records_for(project, {path.name: text}) | dict(renewed or {})
    return _synced(project, path, text, citations, decisions_in(project, [text]))


def _changed(project: Project, paths: Iterable[Path]) -> dict[Path, str | None]:
    """Return each document's new text, None where it stays as it is."""
    before = {path: read_document(path) for path in paths}
    citations = records_for(project, {path.name: text for path, text in before.items()})
    decisions = decisions_in(project, before.values())
    after = {
        path: _synced(project, path, text, citations, decisions) for path, text in before.items()
    }
    return {path: after[path] if after[path] != before[path] else None for path in before}


def _synced(
    project: Project,
    path: Path,
    text: str,
    citations: Mapping[str, Citation],
    decisions: Mapping[str, str],
) -> str:
    """Return one document with its markers numbered."""
    try:
        matter = front_matter.read_front_matter(text)
        versions = matter.versions if matter else {}
        return synced(
            text,
            citations,
            clock.today(),
            versions,
            stale_after_days=project.stale_after_days,
            always=matter is not None,
            decisions=decisions,
        )
    except DocumentError as error:
        raise DocumentError(f"{path.name}, {error.message}", hint=error.hint) from error
