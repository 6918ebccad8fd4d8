"""Whether a document's facts are still those of the code, and what changed if not.

Reading the code takes seconds, so it is done only where something that it depends on has changed
since the facts were last found to hold: a digest of that is kept beside the caches.
"""

import contextlib
import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pydantic import RootModel

from footnotary import __version__, git
from footnotary.errors import FootnotaryError
from footnotary.files import is_file, is_folder, read_regular
from footnotary.gating.comparing import compare_document
from footnotary.probe.interpreter import environment_folders, find_interpreter
from footnotary.probe.requests import is_settings
from footnotary.project import Project
from footnotary.rules.basis import Compared
from footnotary.state import read_state, write_state
from footnotary.writing.documents_on_disk import MAX_FACTS, StoredDocument

_MEMORY = "freshness.json"


class _Fresh(RootModel[dict[str, str]]):
    """What was found to hold: the state of code and facts, by document."""


def compared_all(project: Project, documents: list[StoredDocument]) -> dict[Path, Compared]:
    """Compare documents with the code, where it is not known that they hold.

    Returns:
        What came of it, by document; those that are about no code are left out.
    """
    state = fingerprint(project)
    known = _remembered(project)
    found: dict[Path, Compared] = {}
    for stored in documents:
        mark = _mark(state, stored)
        if known.get(stored.stem) == mark:
            found[stored.path] = Compared()
            continue
        came_of_it = compare_document(project, stored)
        if came_of_it is None:
            continue
        found[stored.path] = came_of_it
        if came_of_it == Compared():
            known[stored.stem] = mark
    _remember(project, known)
    return found


def remembered_fresh(project: Project, documents: list[StoredDocument]) -> dict[Path, Compared]:
    """Return which documents were found to hold and nothing has changed since; no code is read.

    Returns:
        That they hold, by document; documents of which nothing is known are left out.
    """
    known = _remembered(project)
    if not known:
        return {}
    state = fingerprint(project)
    return {
        stored.path: Compared()
        for stored in documents
        if known.get(stored.stem) == _mark(state, stored)
    }


def _mark(state: str, stored: StoredDocument) -> str:
    """Return what it is known by that a document holds: the code, its facts, how to read it."""
    beside = (stored.facts_path, stored.dated_facts_path, stored.log_path)
    return ":".join((state, *map(_digest, beside), _matter(stored.path)))


def _matter(path: Path) -> str:
    """Return a digest of a document's front matter, in which the options of its reading stand."""
    try:
        raw = read_regular(path, MAX_FACTS)
    except OSError:
        return ""
    return hashlib.sha256(raw.partition(b"\n---")[0]).hexdigest()[:32]


def _digest(path: Path) -> str:
    """Return a digest of a file; empty where there is none."""
    try:
        return hashlib.sha256(read_regular(path, MAX_FACTS)).hexdigest()[:32]
    except OSError:
        return ""


def _remembered(project: Project) -> dict[str, str]:
    """Return what was found to hold, by document."""
    kept = read_state(project.root, _MEMORY, _Fresh)
    return dict(kept.root) if kept else {}


def _remember(project: Project, known: dict[str, str]) -> None:
    """Keep what was found to hold, where there is a place for it."""
    if known != _remembered(project):
        write_state(project.root, _MEMORY, _Fresh(known))


_MAX_ADDRESS = 100_000
_SKIPPED = {
    ".git", ".footnotary", ".venv", "node_modules", "__pycache__", ".claude", ".mypy_cache",
    ".ruff_cache", ".pytest_cache", ".hypothesis", ".tox", ".nox", ".idea", ".vscode",
}  # fmt: skip
# At the root these hold what is made; deeper, and with an `__init__.py`, they are packages.
_MADE = {"site", "citations", "dist", "build", "htmlcov"}
_PROSE = {".md", ".rst", ".png", ".jpg", ".svg", ".log", ".pyc"}
_CODE = {".py", ".pyi", ".so", ".pyd"}


def fingerprint(project: Project) -> str:
    """Return a digest of what the facts of a project's documents depend on."""
    digest = hashlib.sha256(__version__.encode())
    rows = sorted((*_files(project.root), *_environment(project)))
    for path, size, time in rows:
        digest.update(os.fsencode(path) + f"\0{size}\0{time}\n".encode())
    return digest.hexdigest()[:32]


def _files(root: Path) -> Iterator[tuple[str, int, int]]:
    """Yield path, size and time of the files that facts may be read from.

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
                    yield entry.path, *_stamp(entry.stat())


def _is_skipped(folder: "os.DirEntry[str]", name: str) -> bool:
    """Return whether nothing in a folder is code of the project."""
    if folder.name in _SKIPPED or is_file(Path(folder.path, "pyvenv.cfg")):
        return True
    return name in _MADE and not is_file(Path(folder.path, "__init__.py"))


def _environment(project: Project) -> Iterator[tuple[str, int, int]]:
    """Yield what the interpreter and the distributions beside it are known by."""
    try:
        interpreter = find_interpreter(project)
    except FootnotaryError:
        return
    prefix = Path(interpreter).parent.parent
    for path in (Path(interpreter), Path(os.path.realpath(interpreter)), prefix / "pyvenv.cfg"):
        with contextlib.suppress(OSError):
            yield str(path), *_stamp(path.stat())
    for folder in environment_folders(interpreter):
        try:
            entries = list(os.scandir(folder))
        except OSError:
            continue
        for entry in entries:
            if entry.name.endswith((".dist-info", ".egg-info", ".egg-link", ".pth")):
                with contextlib.suppress(OSError):
                    yield entry.path, *_stamp(entry.stat())
            if entry.name.endswith(".dist-info"):
                yield from _installed_in_place(Path(entry.path), project.root)


def _installed_in_place(distribution: Path, root: Path) -> Iterator[tuple[str, int, int]]:
    """Yield the files of a project that is installed from its folder (PEP 610)."""
    try:
        told = json.loads(read_regular(distribution / "direct_url.json", _MAX_ADDRESS))
        is_editable = told["dir_info"].get("editable") is True
        folder = Path(unquote(urlsplit(told["url"]).path))
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return
    if is_editable and is_folder(folder) and not folder.is_relative_to(root):
        yield from _files(folder)


def _stamp(status: os.stat_result) -> tuple[int, int]:
    """Return what a file is known by."""
    return status.st_size, status.st_mtime_ns
