"""What a document's rules need to know besides its text, asked of disk and git when needed."""

from functools import cache
from pathlib import Path

from footnotary import line_history
from footnotary.documents.research import RESEARCH
from footnotary.errors import DocumentError
from footnotary.files import is_file, is_there
from footnotary.gating.collecting import Collected
from footnotary.gating.installed import InstalledPackages
from footnotary.gating.own_files import OwnFiles
from footnotary.markers import blocks_of
from footnotary.project import Project
from footnotary.rules.basis import Compared, Surroundings
from footnotary.rules.links import anchors_of
from footnotary.writing.documents_on_disk import StoredDocument, read_document
from footnotary.writing.trails import differing_regions


def surroundings(
    project: Project,
    document: Collected,
    compared: Compared | None,
    installed: InstalledPackages,
    own_files: OwnFiles,
) -> Surroundings:
    """Return what is known about a document.

    Args:
        project: The user's project.
        document: The document.
        compared: What came of comparing it with the code; None where it was not asked.
        installed: What can be imported.
        own_files: What became of cited lines of the project's own files.
    """
    stored = document.stored
    none: frozenset[str] = frozenset()
    folder = document.path.parent

    def exists(target: str) -> bool:
        return is_there(folder / target)

    def anchors(target: str) -> frozenset[str] | None:
        path = folder / target if target else document.path
        return _anchors(path.resolve()) if path.suffix == ".md" and is_file(path) else None

    def touched(path: str, line: int) -> str:
        commit = _commit(document.text or "") if is_file(project.root / path) else ""
        return line_history.changed_since(project.root, commit, path, line) if commit else ""

    return Surroundings(
        expected=(stored.kind_name, stored.name, stored.date) if stored else None,
        archived=bool(stored and stored.archived),
        placeholders=lambda: placeholders_of(stored) if stored and not stored.archived else none,
        compared=compared,
        exists=exists,
        anchors=anchors,
        touched=touched,
        installed=installed.has,
        own_file=own_files.state,
        trail=lambda: _trail(document),
    )


def _trail(document: Collected) -> tuple[tuple[str, int], ...]:
    """Return what of a research note is not as its trail says."""
    stored = document.stored
    if stored is None or stored.kind_name != RESEARCH.name:
        return ()
    try:
        return tuple(
            (f"the region {name} is not what the trail says.", line)
            for name, line in differing_regions(stored, document.text or "")
        )
    except DocumentError as error:
        return ((error.message, 0),)


def placeholders_of(stored: StoredDocument) -> frozenset[str]:
    """Return the lines with which a document's sections began, headings left out."""
    from footnotary.documents.skeleton import questions

    return questions(stored.kind.prose)


def _commit(text: str) -> str:
    """Return the commit that a document's front matter names."""
    from footnotary.documents import front_matter

    try:
        matter = front_matter.read_front_matter(text)
    except DocumentError:
        return ""
    return matter.commit if matter else ""


@cache
def _anchors(path: Path) -> frozenset[str] | None:
    """Return the anchors of a page; None where it does not read."""
    try:
        return anchors_of(blocks_of(read_document(path)))
    except DocumentError:
        return None
