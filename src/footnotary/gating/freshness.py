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
from typing import TYPE_CHECKING

from pydantic import RootModel

from footnotary.errors import FootnotaryError
from footnotary.files import read_regular
from footnotary.project import Project
from footnotary.rules.basis import UNREAD
from footnotary.state import read_state, write_state
from footnotary.writing.documents_on_disk import MAX_FACTS, Stored, facts_of

if TYPE_CHECKING:
    from footnotary.facts.basis import Facts

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
_MOST = 8


class _Fresh(RootModel[dict[str, str]]):
    """What was found to hold: the state of code and facts, by document."""


def stale(project: Project, documents: list[Stored]) -> dict[Path, tuple[str, ...]]:
    """Compare documents with the code.

    Args:
        project: The user's project.
        documents: Current documents.

    Returns:
        What changed since, in words, by document; an empty tuple where nothing did.
    """
    state = fingerprint(project.root)
    known = _remembered(project)
    found: dict[Path, tuple[str, ...]] = {}
    for stored in documents:
        mark = f"{state}:{_digest(stored.facts_path)}"
        if known.get(stored.stem) == mark:
            found[stored.path] = ()
            continue
        found[stored.path] = changes(project, stored)
        if not found[stored.path]:
            known[stored.stem] = mark
    _remember(project, known)
    return found


def remembered_fresh(project: Project, documents: list[Stored]) -> dict[Path, tuple[str, ...]]:
    """Return which documents were found to hold and nothing has changed since; no code is read.

    Args:
        project: The user's project.
        documents: Current documents.

    Returns:
        An empty tuple by document; documents of which nothing is known are left out.
    """
    known = _remembered(project)
    if not known:
        return {}
    state = fingerprint(project.root)
    return {
        stored.path: ()
        for stored in documents
        if known.get(stored.stem) == f"{state}:{_digest(stored.facts_path)}"
    }


def changes(project: Project, stored: Stored) -> tuple[str, ...]:
    """Read the code and say what it is that the document's facts are not.

    Args:
        project: The user's project.
        stored: The document.
    """
    if stored.kind_name == "research":
        return ()
    from footnotary.facts.options import ReadOptions
    from footnotary.writing.options import merged_options
    from footnotary.writing.reading import read_facts

    before = facts_of(stored)
    if before is None:
        return (f"{stored.facts_path.name} is missing or does not read",)
    try:
        options = merged_options(ReadOptions(), stored, project.root)
        if options.reads_address:
            return ()  # what a site publishes is no code of the project; `doc refresh` asks it
        after = read_facts(project, stored.kind_name, stored.name, options)
    except FootnotaryError as error:
        return (f"{UNREAD}: {error.message.rstrip('.')}",)
    words = list(_in_words(before, after))
    rest = len(words) - _MOST
    return (*words[:_MOST], *((f"and {rest} more changes",) if rest > 0 else ()))


def fingerprint(root: Path) -> str:
    """Return a digest of the sizes and times of a project's source files.

    Args:
        root: The project's root.
    """
    digest = hashlib.sha256()
    for path, size, time in sorted(_files(root)):
        digest.update(os.fsencode(path) + f"\0{size}\0{time}\n".encode())
    return digest.hexdigest()[:32]


def _in_words(before: "Facts", after: "Facts") -> Iterator[str]:
    """Yield the differences in the words of the kind, or in general ones."""
    from footnotary.facts.api import ApiFacts
    from footnotary.facts.differing import differences
    from footnotary.facts.schema import SchemaFacts

    words: list[str] = []
    if isinstance(before, ApiFacts) and isinstance(after, ApiFacts):
        from footnotary.documents.api.changes import differences as api_differences

        words = [each for _, each in api_differences(before, after)]
    elif isinstance(before, SchemaFacts) and isinstance(after, SchemaFacts):
        from footnotary.documents.schema.changes import differences as schema_differences

        words = [each for _, each in schema_differences(before, after)]
    yield from words or differences(before, after)


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
