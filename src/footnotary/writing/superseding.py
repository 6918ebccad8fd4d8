"""What a new document changes in others: the old one goes to the archive, links follow."""

import contextlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from footnotary.documents import front_matter
from footnotary.documents.across import Relinking
from footnotary.documents.front_matter import FrontMatter, with_front_matter
from footnotary.errors import DocumentError
from footnotary.files import read_regular
from footnotary.project import Project
from footnotary.writing.documents_on_disk import (
    MAX_FACTS,
    TRAIL,
    StoredDocument,
    read_document,
    stored_documents,
)
from footnotary.writing.split_pages import find_pages

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
