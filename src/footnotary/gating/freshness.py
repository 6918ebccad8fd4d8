"""Whether a document's facts are still those of the code, and what changed if not.

Reading the code takes seconds, so it is done only where something that it depends on has changed
since the facts were last found to hold: a digest of that is kept in `derived.Derived`. Files are
known by their content, so that a checkout, which makes every time new, changes nothing.
"""

import contextlib
import hashlib
import json
import os
import re
import stat
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from footnotary import __version__, git
from footnotary.counting import counted, first_few
from footnotary.derived import Derived, FileDigests
from footnotary.documents.what_changed import what_differs, why_not_compared
from footnotary.errors import FootnotaryError
from footnotary.facts.differing import Thing, things_changed, things_in_words
from footnotary.facts.stored import OLDER_FORM
from footnotary.files import is_file, is_folder, read_regular
from footnotary.probe.interpreter import environment_folders, find_interpreter, has_environment
from footnotary.probe.requests import is_settings, wanted_by_extras
from footnotary.project import Project
from footnotary.rules.basis import Compared
from footnotary.writing.documents_on_disk import MAX_FACTS, StoredDocument, facts_of
from footnotary.writing.recounting import read_history

if TYPE_CHECKING:
    from footnotary.facts.basis import Facts, Read

_MOST = 100  # a renamed project is no news line by line
INSTALL = "Install the project first: footnotary install-project"
_NEWER = "a Python that reads what could not be read"
_ANEW = "Write its facts anew: doc refresh"
_NO_MODULE = "No module named"
_AS_IT_WAS = "Read it as it was (settings app, env-file, mocks), or write it anew: doc new"
_FROM_DATABASE = "it was read from a live database, and the address of one is not remembered"


def compare_document(project: Project, stored: StoredDocument) -> Compared | None:
    """Read the code and say what it is that a document's facts are not.

    Returns:
        None where there is no code that it is about: a research note, what a site publishes.
    """
    if stored.kind_name == "research":
        return None
    found, untold = _with_code(project, stored), read_history(stored).untold
    if not untold:
        return found
    return replace(found, history=untold) if found else Compared(lost=untold)


def _with_code(project: Project, stored: StoredDocument) -> Compared | None:
    """Compare a document's facts with the code; None where they are of a published document."""
    from footnotary.facts.options import ReadOptions
    from footnotary.writing.options import options_to_read_with
    from footnotary.writing.reading import read_facts

    before = facts_of(stored)
    if before is None:
        return Compared(lost=f"{stored.facts_path.name} is missing or does not read")
    try:
        options = options_to_read_with(project, stored.kind, ReadOptions(), stored, before)
        if options.reads_address:
            return None
        if before.read.how == "source" and stored.kind_name in ("api", "schema"):
            options = replace(options, source_only=True)

        def read_elsewhere() -> "Facts":
            there = replace(options, elsewhere=True)
            return read_facts(project, stored.kind_name, stored.name, there)

        after = read_facts(project, stored.kind_name, stored.name, options)
        found = judge_readings(before, after, read_elsewhere, wanted_by_extras(project))
    except FootnotaryError as error:
        return Compared(unread=error.message.rstrip("."), hint=error.hint)
    not_installed = _NO_MODULE in found.unread and not has_environment(project)
    return replace(found, hint=INSTALL) if not_installed else found


def judge_readings(
    before: "Facts",
    after: "Facts",
    read_elsewhere: Callable[[], "Facts"],
    wanted: Mapping[str, Collection[str]],
) -> Compared:
    """Compare two readings of a project.

    Args:
        before: The facts of a document.
        after: What was read now.
        read_elsewhere: Reads once more, as if on another machine on another day: what differs
            between two readings of the same code is not the code's.
        wanted: The distributions that the project wants now, by extra; its own under none.
    """
    if before.read.how != after.read.how:
        why = _FROM_DATABASE if before.read.how == "database" else after.read.why.rstrip(".")
        return Compared(unread=why or what_differs(before, after), hint=after.read.hint)
    if differs := what_differs(before, after) or why_not_compared(before, after).rstrip("."):
        hint = _ANEW if OLDER_FORM in before.read.not_read else _AS_IT_WAS
        return Compared(unread=differs, hint=hint)
    words, things = list(_list_in_words(before, after)), things_changed(before, after)
    unsteady: list[str] = []
    if words and after.read.how == "imported":
        there = read_elsewhere()
        if there.read.how == after.read.how:
            again, still = set(_list_in_words(before, there)), set(things_changed(before, there))
            unsteady = [each for each in words if each not in again]
            words = [each for each in words if each in again]
            things = tuple(each for each in things if each in still)
    found = _found(before, after, words, things, wanted)
    return replace(found, unsteady=_cut(unsteady)) if unsteady else found


def _found(
    before: "Facts",
    after: "Facts",
    words: list[str],
    things: Sequence[Thing],
    wanted: Mapping[str, Collection[str]],
) -> Compared:
    """Return what came of comparing facts that differ in some words."""
    if not words:
        return Compared()
    if lacking := _lacking(before.read, after.read, wanted):
        return lacking
    summary = things_in_words(things) or counted(len(words), "difference")
    known = bool(before.read.files and after.read.files)
    same_files = before.read.files == after.read.files if known else None
    others = tuple(_other_versions(before, after))
    if set(before.read.failed) - set(after.read.failed):
        others = (*others, _NEWER)
    if same_files and others:
        return Compared(summary=summary, elsewhere=_cut(words), versions=others)
    return Compared(summary, _cut(words), same_files=same_files, versions=others)


def _lacking(
    before: "Read", after: "Read", wanted: Mapping[str, Collection[str]]
) -> Compared | None:
    """Return what this machine lacks of what a document was read with; None where it has all."""
    failed = [each for each in after.failed if each not in before.failed]
    if failed:
        told = next((one for one in after.caveats if failed[0] in one), "").rstrip(".")
        hint = INSTALL if _NO_MODULE in told else ""
        return Compared(unread=told or f"{failed[0]} could not be read", hint=hint)
    missing = [each for each in before.extras if each in wanted and each not in after.extras]
    named = [each for each in missing if each]
    names = {_normalised(each) for each in chain.from_iterable(wanted.values())}
    libraries = [
        each
        for each in before.versions
        if each not in after.versions and _normalised(each) in names
    ]
    if named:
        what = f"the extra{'s' if len(named) > 1 else ''} {', '.join(named)}"
    elif libraries:
        what = first_few(libraries, 3)
    elif missing:
        what = "all of the project's dependencies"
    else:
        return None
    options = "".join(f" --extra {each}" for each in named)
    return Compared(unread=f"it was read with {what} installed", hint=f"{INSTALL}{options}")


def _normalised(name: str) -> str:
    """Return a distribution's normalised name (PyPA name normalization, PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _other_versions(before: "Facts", after: "Facts") -> Iterator[str]:
    """Yield the libraries of which another version was read with: `fastapi 0.1 → 0.2`."""
    old, new = before.read.versions, after.read.versions
    for name in dict.fromkeys([*old, *new]):
        if old.get(name) != new.get(name):
            yield f"{name} {old.get(name, 'none')} → {new.get(name, 'none')}"


def _cut(words: list[str]) -> tuple[str, ...]:
    """Return the first differences, and how many more there are."""
    rest = len(words) - _MOST
    return (*words[:_MOST], *((f"and {rest} more changes",) if rest > 0 else ()))


def _list_in_words(before: "Facts", after: "Facts") -> tuple[str, ...]:
    """Return the differences in words; that facts are of an older form is none."""
    from footnotary.documents.what_changed import changes_between

    found = changes_between(before, after)
    return tuple(words for told, words in found if told is not None or not before.lacking())


_KIND = "fresh"
_LARGEST = 1_000_000  # bytes of a file that is known by its content; by its time above


def compared_all(project: Project, documents: list[StoredDocument]) -> dict[Path, Compared]:
    """Compare documents with the code, where it is not known that they hold.

    Returns:
        What came of it, by document; those that are about no code are left out.
    """
    reading = _FactsReading(project)
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
    reading = _FactsReading(project)
    fresh = {stored.path: Compared() for stored in documents if reading.is_fresh(stored)}
    reading.digests.save()
    return fresh


class _FactsReading:
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
        return ":".join((self._state, *digests, _read_matter(stored.path)))

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


def _read_matter(path: Path) -> str:
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
PROSE = {".md", ".rst", ".png", ".jpg", ".svg", ".log", ".pyc"}
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
            elif suffix not in PROSE and (name not in ignored or suffix in _CODE):
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
