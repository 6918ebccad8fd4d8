"""Whether a document's facts are still those of the code, and what changed if not.

Reading the code takes seconds, so it is done only where something in the project has changed
since the facts were last found to hold: the sizes and times of its source files are kept
beside the caches.
"""

import contextlib
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from pydantic import RootModel

from footnotary.files import read_regular
from footnotary.gating.comparing import compared
from footnotary.project import Project
from footnotary.rules.basis import Compared
from footnotary.state import read_state, write_state
from footnotary.writing.documents_on_disk import MAX_FACTS, Stored

_MEMORY = "freshness.json"
_SKIPPED = {
    ".git",
    ".footnotary",
    ".venv",
    "venv",
    "node_modules",
    "__pycache__",
    "site",
    ".claude",
    ".mypy_cache",
    ".ruff_cache",
    ".pytest_cache",
    "citations",
    "dist",
    "build",
    ".tox",
    ".nox",
}
_SUFFIXES = {
    ".py",
    ".pyi",
    ".toml",
    ".yml",
    ".yaml",
    ".json",
    ".env",
    ".cfg",
    ".ini",
    ".lock",
    ".sh",
}


class _Fresh(RootModel[dict[str, str]]):
    """What was found to hold: the state of code and facts, by document."""


def compared_all(project: Project, documents: list[Stored]) -> dict[Path, Compared]:
    """Compare documents with the code, where it is not known that they hold.

    Args:
        project: The user's project.
        documents: Current documents.

    Returns:
        What came of it, by document; those that are about no code are left out.
    """
    state = fingerprint(project.root)
    known = _remembered(project)
    found: dict[Path, Compared] = {}
    for stored in documents:
        mark = f"{state}:{_digest(stored.facts_path)}"
        if known.get(stored.stem) == mark:
            found[stored.path] = Compared()
            continue
        came_of_it = compared(project, stored)
        if came_of_it is None:
            continue
        found[stored.path] = came_of_it
        if came_of_it == Compared():
            known[stored.stem] = mark
    _remember(project, known)
    return found


def remembered_fresh(project: Project, documents: list[Stored]) -> dict[Path, Compared]:
    """Return which documents were found to hold and nothing has changed since; no code is read.

    Args:
        project: The user's project.
        documents: Current documents.

    Returns:
        That they hold, by document; documents of which nothing is known are left out.
    """
    known = _remembered(project)
    if not known:
        return {}
    state = fingerprint(project.root)
    return {
        stored.path: Compared()
        for stored in documents
        if known.get(stored.stem) == f"{state}:{_digest(stored.facts_path)}"
    }


def fingerprint(root: Path) -> str:
    """Return a digest of the sizes and times of a project's source files.

    Args:
        root: The project's root.
    """
    digest = hashlib.sha256()
    for path, size, time in sorted(_files(root)):
        digest.update(os.fsencode(path) + f"\0{size}\0{time}\n".encode())
    return digest.hexdigest()[:32]


def _files(folder: Path) -> Iterator[tuple[str, int, int]]:
    """Yield path, size and time of the files that facts may be read from."""
    waiting = [str(folder)]
    while waiting:
        try:
            entries = list(os.scandir(waiting.pop()))
        except OSError:
            continue
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in _SKIPPED:
                    waiting.append(entry.path)
            elif Path(entry.name).suffix in _SUFFIXES or entry.name.startswith(
                ("Dockerfile", ".env", "Makefile", ".dockerignore", "justfile")
            ):
                with contextlib.suppress(OSError):  # a link to nothing
                    status = entry.stat()
                    yield entry.path, status.st_size, status.st_mtime_ns


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
