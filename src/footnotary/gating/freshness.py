"""Whether a document's facts are still those of the code, and what changed if not.

Reading the code takes seconds, so it is done only where something that it depends on has changed
since the facts were last found to hold: a digest of that is kept in `derived.Derived`. Files are
known by their content, so that a checkout, which makes every time new, changes nothing.
"""

import contextlib
import hashlib
import json
import os
import stat
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote, urlsplit

from footnotary import __version__, git
from footnotary.derived import Derived, FileDigests
from footnotary.errors import FootnotaryError
from footnotary.files import is_file, is_folder, read_regular
from footnotary.gating.comparing import compare_document
from footnotary.probe.interpreter import environment_folders, find_interpreter
from footnotary.probe.requests import is_settings
from footnotary.project import Project
from footnotary.rules.basis import Compared
from footnotary.writing.documents_on_disk import MAX_FACTS, StoredDocument

_KIND = "fresh"
_LARGEST = 1_000_000  # bytes of a file that is known by its content; by its time above


def compared_all(project: Project, documents: list[StoredDocument]) -> dict[Path, Compared]:
    """Compare documents with the code, where it is not known that they hold.

    Returns:
        What came of it, by document; those that are about no code are left out.
    """
    reading = _Reading(project)
    found: dict[Path, Compared] = {}
    fresh: dict[str, tuple[str, str]] = {}
    for stored in documents:
        if reading.is_fresh(stored):
            found[stored.path] = Compared()
            continue
        came_of_it = compare_document(project, stored)
        if came_of_it is None:
            continue
        found[stored.path] = came_of_it
        if came_of_it == Compared() and reading.derived.keeps:
            fresh[stored.stem] = (reading.mark(stored), "")
    reading.derived.keep(_KIND, fresh)
    reading.digests.save()
    return found


def remembered_fresh(project: Project, documents: list[StoredDocument]) -> dict[Path, Compared]:
    """Return which documents were found to hold and nothing has changed since; no code is read.

    Returns:
        That they hold, by document; documents of which nothing is known are left out.
    """
    reading = _Reading(project)
    fresh = {stored.path: Compared() for stored in documents if reading.is_fresh(stored)}
    reading.digests.save()
    return fresh


class _Reading:
    """What a reading of the code depends on, and which documents were found to hold with it."""

    def __init__(self, project: Project) -> None:
        self.derived = Derived(project.root)
        self.digests = FileDigests(self.derived, project.root)
        self._project = project
        self._known = self.derived.kept(_KIND)

    def is_fresh(self, stored: StoredDocument) -> bool:
        """Return whether a document was found to hold, and nothing has changed since."""
        known = self._known.get(stored.stem)
        return known is not None and known[0] == self.mark(stored)

    def mark(self, stored: StoredDocument) -> str:
        """Return what it is known by that a document holds: the code, its facts, how to read it."""
        beside = (stored.facts_path, stored.dated_facts_path, stored.log_path)
        digests = (self.digests.of(path, MAX_FACTS)[:32] for path in beside)
        return ":".join((self._state, *digests, _matter(stored.path)))

    @cached_property
    def _state(self) -> str:
        """A digest of what the facts of all documents depend on."""
        self.digests.load()
        digest = hashlib.sha256(__version__.encode())
        for row in sorted(self._rows()):
            digest.update(os.fsencode("\0".join(row) + "\n"))
        return digest.hexdigest()[:32]

    def _rows(self) -> Iterator[tuple[str, str]]:
        """Yield name and state of each file: its digest, or size and time where it is large."""
        for path, status in (*_files(self._project.root), *_environment(self._project)):
            root = self._project.root
            name = str(path.relative_to(root) if path.is_relative_to(root) else path)
            whole = stat.S_ISREG(status.st_mode) and status.st_size <= _LARGEST
            digest = self.digests.of(path, _LARGEST) if whole else ""
            yield name, digest or f"{status.st_size} {status.st_mtime_ns}"


def _matter(path: Path) -> str:
    """Return a digest of a document's front matter, in which the options of its reading stand."""
    try:
        raw = read_regular(path, MAX_FACTS)
    except OSError:
        return ""
    return hashlib.sha256(raw.partition(b"\n---")[0]).hexdigest()[:32]


_MAX_ADDRESS = 100_000
_SKIPPED = {
    ".git", ".footnotary", ".venv", "node_modules", "__pycache__", ".claude", ".mypy_cache",
    ".ruff_cache", ".pytest_cache", ".hypothesis", ".tox", ".nox", ".idea", ".vscode",
}  # fmt: skip
# At the root these hold what is made; deeper, and with an `__init__.py`, they are packages.
_MADE = {"site", "citations", "dist", "build", "htmlcov"}
_PROSE = {".md", ".rst", ".png", ".jpg", ".svg", ".log", ".pyc"}
_CODE = {".py", ".pyi", ".so", ".pyd"}


def _files(root: Path) -> Iterator[tuple[Path, os.stat_result]]:
    """Yield the files that facts may be read from; of a link, the state of what it leads to.

    Of what git ignores, modules and settings count: an import may read them.
    """
    ignored = frozenset(one for one in git.ignored(root) if not is_settings(one))
    top = f"{root}/"
    waiting = [str(root)]
    while waiting:
        try:
            entries = list(os.scandir(waiting.pop()))
        except OSError:
            continue
        for entry in entries:
            name, suffix = entry.path.removeprefix(top), os.path.splitext(entry.name)[1]  # noqa: PTH122  quick
            if entry.is_dir(follow_symlinks=False):
                if not _is_skipped(entry, name):
                    waiting.append(entry.path)
            elif suffix not in _PROSE and (name not in ignored or suffix in _CODE):
                with contextlib.suppress(OSError):  # a link to nothing
                    yield Path(entry.path), entry.stat()


def _is_skipped(folder: "os.DirEntry[str]", name: str) -> bool:
    """Return whether nothing in a folder is code of the project."""
    if folder.name in _SKIPPED or is_file(Path(folder.path, "pyvenv.cfg")):
        return True
    return name in _MADE and not is_file(Path(folder.path, "__init__.py"))


def _environment(project: Project) -> Iterator[tuple[Path, os.stat_result]]:
    """Yield what the interpreter and the distributions beside it are known by."""
    try:
        interpreter = find_interpreter(project)
    except FootnotaryError:
        return
    prefix = Path(interpreter).parent.parent
    for path in (Path(interpreter), Path(os.path.realpath(interpreter)), prefix / "pyvenv.cfg"):
        with contextlib.suppress(OSError):
            yield path, path.stat()
    for folder in environment_folders(interpreter):
        try:
            entries = list(os.scandir(folder))
        except OSError:
            continue
        for entry in entries:
            if entry.name.endswith((".dist-info", ".egg-info", ".egg-link", ".pth")):
                with contextlib.suppress(OSError):
                    yield Path(entry.path), entry.stat()
            if entry.name.endswith(".dist-info"):
                yield from _installed_in_place(Path(entry.path), project.root)


def _installed_in_place(distribution: Path, root: Path) -> Iterator[tuple[Path, os.stat_result]]:
    """Yield the files of a project that is installed from its folder (PEP 610)."""
    try:
        told = json.loads(read_regular(distribution / "direct_url.json", _MAX_ADDRESS))
        is_editable = told["dir_info"].get("editable") is True
        folder = Path(unquote(urlsplit(told["url"]).path))
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return
    if is_editable and is_folder(folder) and not folder.is_relative_to(root):
        yield from _files(folder)
