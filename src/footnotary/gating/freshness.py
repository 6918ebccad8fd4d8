"""Whether a document's facts are still those of the code, and what changed if not.

Reading the code takes seconds, so it is done only where something that it depends on has changed
since the facts were last found to hold: a digest of that is kept beside the caches.
"""

import hashlib
from pathlib import Path

from pydantic import RootModel

from footnotary.files import read_regular
from footnotary.gating.comparing import compared
from footnotary.gating.fingerprints import fingerprint
from footnotary.project import Project
from footnotary.rules.basis import Compared
from footnotary.state import read_state, write_state
from footnotary.writing.documents_on_disk import MAX_FACTS, Stored

_MEMORY = "freshness.json"


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
    state = fingerprint(project)
    known = _remembered(project)
    found: dict[Path, Compared] = {}
    for stored in documents:
        mark = _mark(state, stored)
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
    state = fingerprint(project)
    return {
        stored.path: Compared()
        for stored in documents
        if known.get(stored.stem) == _mark(state, stored)
    }


def _mark(state: str, stored: Stored) -> str:
    """Return what it is known by that a document holds: the code, its facts, how to read it."""
    return f"{state}:{_digest(stored.facts_path)}:{_matter(stored.path)}"


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
