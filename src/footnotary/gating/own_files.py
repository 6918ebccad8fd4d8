"""Citations of the project's own files, looked at where they are: no network is needed for that."""

import ast
import hashlib
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from footnotary import git
from footnotary.errors import FootnotaryError
from footnotary.files import is_file, is_folder, read_regular
from footnotary.models import Citation
from footnotary.probe.interpreter import environment_folders, find_interpreter
from footnotary.project import Project

if TYPE_CHECKING:
    from footnotary.checking.outcomes import Checked

MAX_SOURCE = 2_000_000


class InstalledPackages:
    """What is installed beside a project."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._names: dict[str, bool | None] = {}

    def has(self, name: str) -> bool | None:
        """Return whether something can be imported.

        Args:
            name: `package.module`, or `package.module:name`.

        Returns:
            None where the package is not installed at all, or it cannot be known.
        """
        if name not in self._names:
            self._names[name] = self._look(name)
        return self._names[name]

    @cached_property
    def _folders(self) -> tuple[Path, ...]:
        """The folders from which the project's interpreter imports packages."""
        try:
            return environment_folders(find_interpreter(self.project))
        except FootnotaryError:
            return ()

    def _look(self, name: str) -> bool | None:
        """Look for a module, and for a name in it."""
        module, _, attribute = name.partition(":")
        parts = module.split(".")
        if parts[0] in sys.stdlib_module_names:
            return None
        for folder in self._folders:
            if not is_folder(folder / parts[0]) and not is_file(folder / f"{parts[0]}.py"):
                continue
            source = _source_of(folder, parts)
            if source is None:
                return None if _is_native(folder, parts) else False
            return _binds(source, attribute) if attribute else True
        return None


def _source_of(folder: Path, parts: list[str]) -> Path | None:
    """Return the source file of a module; None where there is none."""
    path = folder.joinpath(*parts)
    candidates = (path / "__init__.py", path.with_name(f"{path.name}.py"))
    return next((each for each in candidates if is_file(each)), None)


def _is_native(folder: Path, parts: list[str]) -> bool:
    """Return whether a module may be there in another form than source."""
    path = folder.joinpath(*parts)
    if is_folder(path) or any(path.parent.glob(f"{path.name}.*")):
        return True
    above = _source_of(folder, parts[:-1]) if len(parts) > 1 else None
    return above is not None and _binds(above, parts[-1]) is not False


def _binds(source: Path, name: str) -> bool | None:
    """Return whether a module binds a name; None where its source cannot tell."""
    if is_folder(source.parent / name) or any(source.parent.glob(f"{name}.*")):
        return True
    try:
        data = read_regular(source, MAX_SOURCE, follow=True)
        tree = ast.parse(data)
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    names: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                names.add(node.name)
            case ast.Name(id=bound, ctx=ast.Store()):
                names.add(bound)
            case ast.alias(name=full, asname=short):
                names.add(short or full.partition(".")[0])
            case ast.Constant(value=str(text)) if text == name:
                names.add(text)  # `__all__`, a lazy table, a call that makes the name
            case _:
                pass
    if name in names:
        return True
    return None if {"*", "__getattr__"} & names or b"globals" in data else False


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
        from footnotary.fetch.repositories import read_lines

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
        from footnotary.fetch.repositories import ProjectSources

        with Fetcher(offline=True) as web:
            sources = ProjectSources(self._root, web)
            return check_citations(citations, sources, workers=1, keep_pages=True)
