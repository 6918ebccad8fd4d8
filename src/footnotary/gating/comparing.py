"""A document's facts against the code: like with like, or not at all.

What is not the code's makes no difference: another interpreter, other versions of libraries, the
clock, the machine. Where the code cannot be read here as it was read for the document, that is
what is said.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from footnotary.counting import counted
from footnotary.errors import FootnotaryError
from footnotary.facts.differing import things_changed, things_in_words
from footnotary.project import Project
from footnotary.rules.basis import Compared
from footnotary.writing.documents_on_disk import Stored, facts_of

if TYPE_CHECKING:
    from footnotary.facts.basis import Facts

_MOST = 100  # a renamed project is no news line by line
_FROM_DATABASE = "it was read from a live database, and the address of one is not remembered"


def compared(project: Project, stored: Stored) -> Compared | None:
    """Read the code and say what it is that a document's facts are not.

    Args:
        project: The user's project.
        stored: The document.

    Returns:
        None where there is no code that it is about: a research note, what a site publishes.
    """
    if stored.kind_name == "research":
        return None
    from footnotary.facts.options import ReadOptions
    from footnotary.writing.options import merged_options
    from footnotary.writing.reading import read_facts

    before = facts_of(stored)
    if before is None:
        return Compared(lost=f"{stored.facts_path.name} is missing or does not read")
    try:
        options = merged_options(ReadOptions(), stored, project.root)
        if options.reads_address:
            return None
        if before.read.how == "source" and stored.kind_name in ("api", "schema"):
            options = replace(options, source_only=True)

        def read_again() -> "Facts":
            return read_facts(project, stored.kind_name, stored.name, options)

        return judged(before, read_again(), read_again)
    except FootnotaryError as error:
        return Compared(unread=error.message.rstrip("."), hint=error.hint)


def judged(before: "Facts", after: "Facts", read_again: Callable[[], "Facts"]) -> Compared:
    """Compare two readings of a project.

    Args:
        before: The facts of a document.
        after: What was read now.
        read_again: Reads once more: what differs between two readings of the same code is
            neither's fault.
    """
    if before.read.how != after.read.how:
        why = _FROM_DATABASE if before.read.how == "database" else after.read.why.rstrip(".")
        return Compared(unread=why, hint=after.read.hint)
    words, things = list(_in_words(before, after)), things_changed(before, after)
    if words and after.read.how == "imported":
        once_more = read_again()
        same_way = once_more.read.how == after.read.how
        again = set(_in_words(before, once_more)) if same_way else ()
        words = [each for each in words if each in again]
        still = things_changed(before, once_more) if words else ()
        things = tuple(each for each in things if each in still)
    if not words:
        return Compared()
    missing = [each for each in before.read.extras if each not in after.read.extras]
    if missing:
        return Compared(
            unread=f"it was read with {_extras(missing)} installed", hint=_install(missing)
        )
    summary = things_in_words(things) or counted(len(words), "difference")
    same_files = bool(before.read.files) and before.read.files == after.read.files
    others = tuple(_other_versions(before, after))
    if same_files and others:
        return Compared(summary=summary, elsewhere=_cut(words), versions=others)
    return Compared(summary, _cut(words), same_files=same_files, versions=others)


def _extras(names: list[str]) -> str:
    """Return extras in words."""
    return f"the extra{'s' if len(names) > 1 else ''} {', '.join(names)}"


def _install(names: list[str]) -> str:
    """Return the command that installs extras of the project."""
    return f'Install the project with them: pip install -e ".[{",".join(names)}]".'


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
    """Return the differences in words."""
    from footnotary.documents.what_changed import changes_between

    return tuple(words for _, words in changes_between(before, after))
