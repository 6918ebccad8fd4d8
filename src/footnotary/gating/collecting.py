"""What the gate looks at: documents, pages of the user's own, records."""

import contextlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from footnotary import line_history
from footnotary.documents.research import RESEARCH
from footnotary.errors import DocumentError, UsageError
from footnotary.files import is_file, is_folder, is_there, printable
from footnotary.findings import Finding, Severity
from footnotary.gating.own_files import InstalledPackages, OwnFiles
from footnotary.markers import blocks_of
from footnotary.project import Project
from footnotary.rules.basis import Compared, Surroundings
from footnotary.rules.documents import anchors_of
from footnotary.writing.documents_on_disk import (
    StoredDocument,
    located,
    read_document,
    stored_at,
    stored_documents,
    strays,
    within,
)
from footnotary.writing.drafts import is_page
from footnotary.writing.trails import differing_regions, trail_beside

# Some 20 MB of prose, or 3 MB of a table with nothing in its cells: parsed in some 20 s.
MAX_LINES = 200_000
_KEY = re.compile(r"\b[a-z0-9][a-z0-9-]*-[0-9a-f]{6}\b")


@dataclass(frozen=True)
class Collected:
    """A document on disk.

    Attributes:
        path: Where it lies.
        shown: The path as it is printed: relative to the root, with `/`.
        stored: What its name says it is; None for a page of the user's own.
        text: Its text; None where it does not read.
        unreadable: Why it does not read.
    """

    path: Path
    shown: str
    stored: StoredDocument | None
    text: str | None
    unreadable: DocumentError | None = None

    def finding(self) -> Finding:
        """Return the finding for a document that does not read."""
        message = self.unreadable.message if self.unreadable else "it cannot be read"
        line = 0
        _, _, behind = message.partition(", line ")
        number, _, rest = behind.partition(": ")
        if number.isdigit():
            line, message = int(number), rest
        return Finding(
            code="DOC001",
            severity=Severity.ERROR,
            path=self.shown,
            line=line,
            message=message,
            fix=self.unreadable.hint if self.unreadable else "",
        )


def collected(
    project: Project, named: Sequence[str] = (), pages: Iterable[str] = ()
) -> tuple[Collected, ...]:
    """Read the documents that are checked.

    Args:
        project: The user's project.
        named: Documents or folders that the user names; everything if empty.
        pages: Patterns of the user's own pages, relative to the root.

    Raises:
        UsageError: A named document is not there.
    """
    if named:
        found = {path: stored_at(project, path) for path in _named(project, named)}
    else:
        found = {
            each.path: each
            for archived in (False, True)
            for each in stored_documents(project, archived=archived)
        }
        found |= {path: found.get(path) for path in pages_of(project, pages)}
        found |= dict.fromkeys(strays(project))
    read = [_read(project, path, stored) for path, stored in found.items()]
    return (*read, *(() if named else _split_pages(project, read)))


def _split_pages(project: Project, read: Sequence[Collected]) -> Iterator[Collected]:
    """Yield the pages of current documents: those on disk, and those that are or should be gone."""
    whole = {one.path.stem: one for one in read if one.stored and not one.stored.archived}
    for folder in dict.fromkeys(one.path.parent for one in whole.values()):
        on_disk = {path for path in folder.glob("*.*.md") if is_page(path, path.name.split(".")[0])}
        named = {
            folder / name
            for stem, one in whole.items()
            if one.path.parent == folder and one.text and f"({stem}." in one.text
            for name in re.findall(rf"\]\(({stem}\.[\w.-]+\.md)[)#]", one.text)
            if name != one.path.name
        }
        for path in sorted((on_disk | named) - {one.path for one in read}):
            document = whole.get(path.name.split(".")[0])
            if document is None or document.text is None:
                continue
            why = "" if path in on_disk & named else "no longer has" if path in on_disk else "lacks"
            error = DocumentError(
                f"{document.path.name} {why} this page.",
                hint=f"Run `doc refresh {document.path.stem}`; words of yours in pages stay.",
            )
            page = _read(project, path, None)
            yield replace(page, text=None, unreadable=error) if why else page


def _named(project: Project, named: Sequence[str]) -> Iterator[Path]:
    """Yield the files that the user names, those of folders included."""
    for words in named:
        folder = next(
            (each for each in (Path(words), project.root / words) if is_folder(each)), None
        )
        if folder is None:
            yield located(project, words)
            continue
        found = sorted(folder.resolve().rglob("*.md"))
        if not found:
            raise UsageError(f"There is no Markdown in {words}.", hint="Name another folder.")
        yield from found


def pages_of(project: Project, pages: Iterable[str]) -> Iterator[Path]:
    """Yield the user's own pages that take part; a link to another is that other.

    Args:
        project: The user's project.
        pages: Patterns relative to the root, such as `docs/**/*.md`.

    Raises:
        UsageError: A pattern leads out of the project, or is none.
    """
    for pattern in pages:
        if Path(pattern).is_absolute() or ".." in Path(pattern).parts:
            raise UsageError(
                f"{pattern!r} leads out of the project.", hint="Write patterns as docs/**/*.md."
            )
        try:
            matching = sorted(project.root.glob(pattern))
        except (ValueError, IndexError):  # IndexError: "." before Python 3.13
            raise UsageError(
                f"{pattern!r} in the setting pages is no pattern of files.",
                hint="Write patterns as docs/**/*.md.",
            ) from None
        for path in matching:
            if path.is_file():
                yield within(project, path)


def keys_in_pages(project: Project, keys: Iterable[str]) -> frozenset[str]:
    """Return which records the site's pages name, whether they take part in the check or not."""
    wanted = set(keys)
    found: set[str] = set()
    if wanted:
        for path in (*project.root.glob("*.md"), *(project.root / "docs").rglob("*.md")):
            with contextlib.suppress(OSError, DocumentError):
                found |= wanted & set(_KEY.findall(read_document(path)))
    return frozenset(found)


def _read(project: Project, path: Path, stored: StoredDocument | None) -> Collected:
    """Read one document."""
    shown = path.relative_to(project.root) if path.is_relative_to(project.root) else path
    shown = Path(printable(str(shown)))
    try:
        text = read_document(within(project, path))
    except DocumentError as error:
        return Collected(path, shown.as_posix(), stored, None, error)
    if text.count("\n") <= MAX_LINES:
        return Collected(path, shown.as_posix(), stored, text)
    too_long = DocumentError(
        f"{path}, line {MAX_LINES}: longer than what can be looked into.",
        hint="Split the document; nothing of it was checked.",
    )
    return Collected(path, shown.as_posix(), stored, None, too_long)


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
        return _read_anchors(path.resolve()) if path.suffix == ".md" and is_file(path) else None

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
        trail=lambda: _find_trail(document),
        trail_read=cache(lambda: trail_beside(document.path)),
    )


def _find_trail(document: Collected) -> tuple[tuple[str, int, str], ...]:
    """Return what of a research note is not as its trail says."""
    stored = document.stored
    if stored is None or stored.kind_name != RESEARCH.name:
        return ()
    try:
        return tuple(
            (f"the region {name} is not what the trail says.", line, "")
            for name, line in differing_regions(stored, document.text or "")
        )
    except DocumentError as error:
        return ((error.message, 0, error.hint),)


def placeholders_of(stored: StoredDocument) -> frozenset[str]:
    """Return the lines with which a document's sections began, headings left out."""
    from footnotary.documents.kinds import questions

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
def _read_anchors(path: Path) -> frozenset[str] | None:
    """Return the anchors of a page; None where it does not read."""
    try:
        return anchors_of(blocks_of(read_document(path)))
    except DocumentError:
        return None
