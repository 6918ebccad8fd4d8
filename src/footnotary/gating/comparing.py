"""A document's facts against the code: like with like, or not at all.

What is not the code's makes no difference: another interpreter, other versions of libraries, the
clock, the machine. Where the code cannot be read here as it was read for the document, that is
what is said.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from footnotary.counting import counted, first_few
from footnotary.documents.ways_of_reading import what_differs, why_not_compared
from footnotary.errors import FootnotaryError
from footnotary.facts.differing import Thing, things_changed, things_in_words
from footnotary.facts.stored import OLDER_FORM
from footnotary.probe.interpreter import has_environment
from footnotary.probe.requests import wanted_by_extras
from footnotary.project import Project
from footnotary.rules.basis import Compared
from footnotary.writing.documents_on_disk import StoredDocument, facts_of
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
    words, things = list(_in_words(before, after)), things_changed(before, after)
    unsteady: list[str] = []
    if words and after.read.how == "imported":
        there = read_elsewhere()
        if there.read.how == after.read.how:
            again, still = set(_in_words(before, there)), set(things_changed(before, there))
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


def _in_words(before: "Facts", after: "Facts") -> tuple[str, ...]:
    """Return the differences in words; that facts are of an older form is none."""
    from footnotary.documents.what_changed import changes_between

    found = changes_between(before, after)
    return tuple(words for told, words in found if told is not None or not before.lacking())
