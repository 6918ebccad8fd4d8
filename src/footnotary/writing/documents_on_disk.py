"""The documents that lie in a project, found by folder and file name."""

import contextlib
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from footnotary.documents.kinds import FOLDERS, KindFolder
from footnotary.errors import DocumentError, UsageError
from footnotary.files import is_file, read_regular
from footnotary.markers import blocks_of, closing_of, keys_named, markers_outside
from footnotary.models import Citation
from footnotary.project import Project, record_names
from footnotary.records import RecordStore

if TYPE_CHECKING:
    from footnotary.documents.kinds import DocumentKind
    from footnotary.documents.what_changed import ChangeLog
    from footnotary.facts.basis import Facts

_MAX_BYTES = 50_000_000
MAX_FACTS = 200_000_000
TRAIL = ".trail.jsonl"
_HEAD = 4000
_GENERATED = re.compile(rb"(?:\xef\xbb\xbf)?---\s*\n(?:[^\n]*\n)*?generator: footnotary ")
_NAME = re.compile(r"([A-Z]+)-([a-z0-9][a-z0-9-]{0,59})-(\d{4}-\d\d-\d\d)\.md")


@dataclass(frozen=True)
class StoredDocument:
    """A document file whose name says what it is.

    Attributes:
        path: Where it lies.
        kind_name: Name of its kind, by folder and prefix.
        name: The project or topic in its name.
        date: The date in its name.
        archived: Whether it lies in the archive.
    """

    path: Path
    kind_name: str
    name: str
    date: date
    archived: bool = False

    @property
    def kind(self) -> "DocumentKind":
        """Its kind."""
        from footnotary.documents.registry import kind_named

        return kind_named(self.kind_name)

    @property
    def stem(self) -> str:
        """The file name without `.md`."""
        return self.path.name.removesuffix(".md")

    @property
    def facts_path(self) -> Path:
        """Where the facts lie that it was made from."""
        return self.path.with_name(f"{self.stem}.facts.json")

    @property
    def dated_facts_path(self) -> Path:
        """Where the facts of its date lie, if it was refreshed since."""
        return self.path.with_name(f"{self.stem}.dated.facts.json")

    @property
    def log_path(self) -> Path:
        """Where its own change log lies."""
        return self.path.with_name(f"{self.stem}.changes.json")

    @property
    def trail_path(self) -> Path:
        """Where the trail of a research note lies."""
        return self.path.with_name(f"{self.stem}{TRAIL}")


def make_stem(kind: "DocumentKind", name: str, day: date) -> str:
    """Return a document's file name without `.md`."""
    return f"{kind.prefix}-{name}-{day.isoformat()}"


def is_stem(words: str) -> bool:
    """Tell whether a text has the form of a document's file name without `.md`."""
    return any(_named(kind, Path(f"{words}.md"), archived=False) for kind in FOLDERS)


def stored_documents(project: Project, *, archived: bool = False) -> tuple[StoredDocument, ...]:
    """Return the documents of a project, by kind, name and date.

    Args:
        project: Whose documents.
        archived: Those of the archive instead of the current ones.
    """
    return tuple(_found(project, archived=archived))


def last_document(project: Project, kind_name: str, name: str) -> StoredDocument | None:
    """Return the newest current document of a kind and name, None where there is none."""
    matching = [
        stored
        for stored in stored_documents(project)
        if stored.kind_name == kind_name and stored.name == name
    ]
    return max(matching, key=lambda stored: stored.date, default=None)


def read_document(path: Path) -> str:
    """Read a document; line ends and a byte order mark stay as they are.

    Raises:
        DocumentError: It is missing, a link, no regular file, larger than any document, or not
            UTF-8.
    """
    try:
        raw = read_regular(path, _MAX_BYTES)
    except OSError as error:
        raise DocumentError(
            f"{path} cannot be read: {error.strerror or error}.",
            hint="`doc list` prints the documents there are.",
        ) from error
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise DocumentError(
            f"{path}, line {line}: not UTF-8.", hint="Save the file as UTF-8; nothing was changed."
        ) from None


def facts_of(stored: StoredDocument) -> "Facts | None":
    """Return the facts that a document shows; None where they do not read.

    An earlier version may have written what must not be: it is left out here as well.
    """
    return facts_at(stored.facts_path, stored)


def facts_at(path: Path, stored: StoredDocument) -> "Facts | None":
    """Return the facts in a file; None where they are missing or do not read."""
    try:
        about = path.stat()
        return _facts_in(path, stored.kind.facts, (about.st_ino, about.st_mtime_ns, about.st_size))
    except (OSError, ValueError, RecursionError):
        return None


@lru_cache(maxsize=2)  # a refresh reads the same file three times
def _facts_in(path: Path, kind: "type[Facts]", _is_file: tuple[int, int, int]) -> "Facts":
    from footnotary.facts.stored import parsed_facts, without_secrets_in

    return without_secrets_in(parsed_facts(kind, read_regular(path, MAX_FACTS)))


def log_of(stored: StoredDocument) -> "ChangeLog":
    """Return a document's own change log; an empty one where there is none that reads."""
    return log_at(stored.log_path)


def log_at(path: Path) -> "ChangeLog":
    """Return the change log in a file; an empty one where there is none that reads."""
    from footnotary.documents.what_changed import ChangeLog

    try:
        return ChangeLog.model_validate_json(read_regular(path, MAX_FACTS))
    except (OSError, ValueError, RecursionError):
        return ChangeLog()


def located(project: Project, words: str | Path) -> Path:
    """Return the document that a user names: a path, a file name or a stem.

    Args:
        project: Whose documents.
        words: What was typed; paths may be relative to the current folder or the root.

    Raises:
        UsageError: There is no such document, or it is not the project's.
    """
    typed = Path(words)
    for path in (typed, project.root / typed):
        if is_file(path):
            return _inside(project, path.resolve())
    for stored in stored_documents(project):
        if typed.name in (stored.stem, stored.path.name):
            return stored.path
    raise UsageError(
        f"There is no document {str(words)!r}.", hint="`doc list` prints the documents there are."
    )


def _inside(project: Project, path: Path) -> Path:
    """Return a path of the project."""
    if path.is_relative_to(project.root):
        return path
    raise UsageError(
        f"{path} is outside of the project in {project.root}.",
        hint="Name a document of this project, or the other project's folder with --root.",
    )


def within(project: Project, path: Path) -> Path:
    """Return what a link inside the project leads to; a link out of it stays as it is.

    Args:
        project: Whose file it is.
        path: A file, which `read_text` refuses as long as it is a link.
    """
    real = path.resolve() if path.is_symlink() else path
    return real if real.is_relative_to(project.root.resolve()) else path


def stored_at(project: Project, path: Path) -> StoredDocument | None:
    """Return what a path says of the document that lies there; None where it says nothing."""
    for top, archived in ((project.current, False), (project.archive, True)):
        for kind in FOLDERS:
            if path.parent == top / kind.folder:
                return _named(kind, path, archived=archived)
    return None


def strays(project: Project) -> Iterator[Path]:
    """Yield documents of ours among the current ones that were renamed or moved by hand.

    The archive is not looked through: others keep dated copies there.
    """
    current = project.current
    kinds = {current / kind.folder: kind for kind in FOLDERS}
    for path in sorted(current.rglob("*.md")):
        kind = kinds.get(path.parent)
        if path.is_symlink() or not path.is_file():
            continue
        if kind is not None and _named(kind, path, archived=False) is not None:
            continue
        with contextlib.suppress(OSError), path.open("rb") as stream:
            if _GENERATED.match(stream.read(_HEAD)):
                yield path


def _found(project: Project, *, archived: bool) -> Iterator[StoredDocument]:
    """Yield the files whose folder and name are those of a document."""
    top = "archive" if archived else "current"
    for kind in FOLDERS:
        folder = project.inside(".claude", "docs", top, kind.folder)
        if not folder.is_dir():
            continue
        with os.scandir(folder) as entries:
            names = sorted(entry.name for entry in entries if not entry.is_dir())
        for name in names:
            stored = _named(kind, folder / name, archived=archived)
            if stored is not None:
                yield stored


def _named(kind: KindFolder, path: Path, *, archived: bool) -> StoredDocument | None:
    """Return what a file name says; None where it is no document's."""
    matched = _NAME.fullmatch(path.name)
    if not matched or matched[1] != kind.prefix:
        return None
    try:
        day = date.fromisoformat(matched[3])
    except ValueError:
        return None
    return StoredDocument(path, kind.name, matched[2], day, archived)


def records_for(project: Project, texts: Mapping[str, str]) -> dict[str, Citation]:
    """Return the records that documents may cite, by key.

    Raises:
        DocumentError: A document cites a record that is there and cannot be read: numbered
            without it, the document would lose what it says of that source.
    """
    readable, _ = RecordStore(project.citations).readable()
    citations = {citation.key: citation for citation in readable}
    unread = set(record_names(project.citations)[0]) - citations.keys()
    for name, text in texts.items() if unread else ():
        closing = closing_of(text, blocks_of(text))
        named = keys_named(markers_outside(text, closing), closing)
        for key in sorted(unread.intersection(key for keys in named.values() for key in keys)):
            raise DocumentError(
                f"{name} cites {key}, whose record cannot be read; nothing was changed.",
                hint=f"`cite show {key}` says why.",
            )
    return citations
