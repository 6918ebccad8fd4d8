"""Citations of the project's own files, looked at where they are: no network is needed for that."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from footnotary import git
from footnotary.models import Citation
from footnotary.project import Project

if TYPE_CHECKING:
    from footnotary.checking.outcomes import Checked


class OwnFiles:
    """The project's own files, as its citations have them."""

    def __init__(self, project: Project, records: Mapping[str, Citation]) -> None:
        self.project = project
        self.records = records
        self._known: dict[str, str] = {}

    def state(self, key: str) -> str:
        """Return what became of the lines that a record cites.

        Returns:
            Nothing where they are as they were; else reading, detail and differing words, a
            line each.
        """
        if key not in self._known:
            self._known[key] = self._looked_at(self.records[key])
        return self._known[key]

    def moved(self, keys: Iterable[str]) -> Iterator["Checked"]:
        """Yield the citations whose lines stand elsewhere by now.

        Args:
            keys: Keys of records; those of other sources are passed over.
        """
        from footnotary.checking.outcomes import ReadingOutcome

        own = [self.records[key] for key in keys if "://" not in self.records[key].url]
        changed = [one for one in own if not self._is_as_recorded(one)]
        yield from (one for one in self._checked(changed) if one.reading is ReadingOutcome.MOVED)

    def _looked_at(self, citation: Citation) -> str:
        """Look at one citation."""
        if "://" in citation.url:
            return ""
        if self._is_as_recorded(citation):
            return self._untracked(citation)
        (checked,) = self._checked([citation])
        diff = checked.diff
        if diff and checked.final_url.partition(":")[0] != citation.final_url.partition(":")[0]:
            diff = f"{checked.final_url} has {diff}"  # the file has another name by now
        words = (checked.detail.rstrip("."), diff)
        reading = "" if checked.holds and not checked.has_moved else checked.reading.name.lower()
        return "\n".join((reading, *(" ".join(each.split()) for each in words))) if reading else ""

    def _is_as_recorded(self, citation: Citation) -> bool:
        """Return whether the cited bytes are the recorded ones, at the cheapest."""
        from footnotary.fetch.local import read_lines

        data = read_lines(citation.final_url, self._root)
        recorded = citation.evidence.body_sha256
        return data is not None and hashlib.sha256(data).hexdigest() == recorded

    def _untracked(self, citation: Citation) -> str:
        """Say that git does not track a cited file any more: others have nothing to look at."""
        path = citation.final_url.rpartition(":")[0] or citation.final_url
        known = self._tracked is None or {path, citation.final_url} & self._tracked
        return "" if known else f"untracked\n{path} is not tracked by git\n"

    @cached_property
    def _tracked(self) -> frozenset[str] | None:
        """The files that git tracks, None where there is no repository."""
        return git.tracked(self._root)

    @cached_property
    def _root(self) -> Path:
        """The project's root, links resolved."""
        return self.project.root.resolve()

    def _checked(self, citations: list[Citation]) -> "list[Checked]":
        """Read the files of citations again."""
        if not citations:
            return []
        from footnotary.checking import check_citations
        from footnotary.fetch.fetcher import Fetcher
        from footnotary.fetch.local import ProjectSources

        with Fetcher(offline=True) as web:
            sources = ProjectSources(self._root, web)
            return check_citations(citations, sources, workers=1, keep_pages=True)
