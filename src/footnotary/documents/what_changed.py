"""How facts were had, in words; what changed between two readings, or why that is not known."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict

from footnotary.counting import counted, first_few, in_words
from footnotary.documents import escape
from footnotary.documents.kinds import Context
from footnotary.facts.api import ApiFacts
from footnotary.facts.basis import Facts, Read, Scope
from footnotary.facts.differing import describe_differences, things_changed
from footnotary.facts.impl import ImplFacts
from footnotary.facts.schema import SchemaFacts
from footnotary.facts.stored import OLDER_FORM

_WORDS: dict[Scope, str] = {
    "imported": "read from the imported code",
    "source": "read from the source alone",
    "document": "read from a published document",
    "database": "read from a live database",
    "not read": "not read",
}
_FIELDS = {
    "servers": "servers",
    "security": "security schemes",
    "tags": "descriptions of tags",
    "websockets": "WebSockets",
    "mounts": "mounted applications",
    "hidden": "routes left out of the OpenAPI document",
    "middleware": "middleware",
    "handlers": "exception handlers",
    "lifespan": "what runs at start and end",
    "convention": "the naming convention",
    OLDER_FORM: "what constraints and columns are in full (facts in an older form)",
}


def why_not_compared(before: Facts, after: Facts) -> str:
    """Return why two readings cannot be compared, as a sentence; empty where they can."""
    differs = what_differs(before, after)
    if differs:
        return f"Not compared: {differs}."
    return _older(before, after) if OLDER_FORM in before.read.not_read else ""


def what_differs(before: Facts, after: Facts) -> str:
    """Return how two readings differ, as a clause; empty where they can be compared."""
    old, new = before.read, after.read
    if differs := how_differs(old.how, new.how):
        return differs
    if apart := before.known_apart(after):
        return f"{apart} were imported for one of the documents, and read from source for the other"
    former, now = (getattr(one, "target", "") for one in (before, after))
    if former != now and former in getattr(after, "others", ()):
        return f"the last document was read from {former}, this one from {now}"
    if isinstance(before, ImplFacts) and isinstance(after, ImplFacts):
        packages = [one.package_names for one in (before, after)]
        if packages[0] & set(after.others) or packages[1] & set(before.others):
            told = [first_few(sorted(names)) for names in packages]
            return (
                f"another package: the last document is about {told[0]}, this one about {told[1]}"
            )
    return _what_was_given(old, new)


def how_differs(before: str, after: Scope) -> str:
    """Return that two documents were read in different ways, as a clause; empty where not.

    Args:
        before: How the last document was read, as its front matter may tell it.
        after: How this one was.
    """
    words = {str(how): said for how, said in _WORDS.items()}.get(before, "")
    if before == after or not words:
        return ""
    return f"the last document was {words}, this one was {_WORDS[after]}"


def _what_was_given(old: Read, new: Read) -> str:
    """Return what one of two readings was given and the other not; empty where that is unknown."""
    if old.settings is None or new.settings is None:
        return ""
    if missing := [one for one in old.settings if one not in new.settings]:
        return (
            f"the last document was read with settings that are not given now: {first_few(missing)}"
        )
    if new.settings and not old.settings:
        return f"the last document was read without the settings {first_few(new.settings)}"
    if set(old.mocks) != set(new.mocks):
        mocked = [first_few(one.mocks) or "none" for one in (old, new)]
        return f"other modules were mocked: {mocked[0]} then, {mocked[1]} now"
    return ""


def _older(before: Facts, after: Facts) -> str:
    """Return what facts in an older form can be compared by: how many there are of each."""
    told = [
        f"{before.summary[name]} {name} → {count} {name}"
        for name, count in after.summary.items()
        if name in before.summary and before.summary[name] != count
    ]
    said = "; ".join(told) or "no count differs"
    return f"The last document has its facts in an older form: only counts compared ({said})."


def counts_in_words(facts: Facts) -> str:
    """Return the counts of facts as words; where half was imported, of how many that is."""
    counts, partial = dict(facts.summary), what_is_partial(facts)
    for name in ("tables", "not_imported") if partial else ():
        counts.pop(name, None)
    return ", ".join(filter(None, (partial, in_words(counts))))


def what_is_partial(facts: Facts) -> str:
    """Return how much was imported, as `41 of 58 tables (17 not imported: why)`; or nothing."""
    if facts.kind != "schema" or facts.read.how != "imported" or not facts.read.failed:
        return ""
    every, rest = facts.summary.get("tables", 0), facts.summary.get("not_imported", 0)
    why = facts.read.why.rstrip(".")
    if rest:
        return f"{every - rest} of {counted(every, 'table')} ({rest} not imported: {why})"
    modules = counted(len(facts.read.failed), "module")
    return f"at least {counted(every, 'table')} ({modules} not imported: {why})"


def what_is_unknown(facts: Facts) -> str:
    """Return what this way of reading does not tell, as a sentence; empty where it tells all."""
    names = [_FIELDS.get(name, name) for name in facts.read.not_read]
    if not names:
        return ""
    listed = ", ".join(names[:-1]) + " and " + names[-1] if len(names) > 1 else names[0]
    return f"Not known, as this was {_WORDS[facts.read.how]}: {listed}."


def said_of_nothing(sentence: str, unparsed: Sequence[str]) -> str:
    """Return that nothing was found, where every module was read; else that it is not known."""
    if not unparsed:
        return sentence
    rest = counted(len(unparsed), "module")
    return f"Nothing was found in the modules that were read. {rest} could not be parsed."


def notes_on_reading(facts: Facts) -> tuple[str, ...]:
    """Return what somebody who reads the code is told of how it was read, as sentences."""
    left_out = ", ".join(facts.read.left_out)
    ignored = (f"Not read, as git ignores it: {left_out}.",) if left_out else ()
    return (*_chosen(facts), *facts.caveats, *ignored)


def _chosen(facts: Facts) -> tuple[str, ...]:
    """Return which application was read, and what chooses another."""
    target, others = getattr(facts, "target", ""), getattr(facts, "others", ())
    if facts.kind != "api" or not target:
        return ()
    rest = f"; --app reads another: {', '.join(others)}" if others else ""
    return (f"Application: {target}{rest}.",)


Kind = TypeVar("Kind", bound=Facts)
Told = bool | None
Change = tuple[Told, str]
"""Whether a change breaks callers or writers, None where that cannot be told, and what it is."""

MOST = 100  # of one section: a renamed project is no news line by line
_TITLES: tuple[tuple[Told, str], ...] = (
    (True, "Breaking"),
    (False, "Compatible"),
    (None, "Not compared"),
)


def gone_and_new(kind: str, old: Iterable[str], new: Iterable[str]) -> Iterator[Change]:
    """Yield which of some things are gone, which breaks, and which are new."""
    before, after = dict.fromkeys(old), dict.fromkeys(new)
    yield from ((True, f"{kind} {escape.code(one)} is gone") for one in before if one not in after)
    yield from ((False, f"{kind} {escape.code(one)} is new") for one in after if one not in before)


def render_changes_since(
    facts: Kind,
    context: Context,
    compare: Callable[[Kind, Kind], Iterable[Change]],
    scope: Callable[[Kind, Kind], str],
    *,
    judged: bool = True,
) -> str:
    """Return the section "Changes since" the last document, or nothing for a first document.

    Args:
        facts: The facts of today.
        context: Has the last document's date, and its facts or that they are lost.
        compare: Returns the changes between the two.
        scope: Returns what was compared, said where nothing of it changed.
        judged: Whether it is told which changes break something.
    """
    heading, before = f"## Changes since {context.previous_date}", context.previous
    if not isinstance(before, type(facts)) or context.previous_date is None:
        return f"{heading}\n\n{context.lost}" if context.lost else ""
    if why := why_not_compared(before, facts):
        return f"{heading}\n\n{why}"
    found, words = compare(before, facts), scope(before, facts)
    return list_changes(heading, found, words, judged=judged)


def list_changes(heading: str, found: Iterable[Change], scope: str, *, judged: bool = True) -> str:
    """Return a section of changes, breaking ones first.

    Args:
        heading: The heading of the section.
        found: The changes.
        scope: What was compared, said where nothing of it changed.
        judged: Whether it is told which changes break something.
    """
    listed = list(found)
    parts = [heading]
    for told, title in _TITLES if judged else ():
        if lines := [f"- {words}" for breaks, words in listed if breaks is told]:
            parts.append(f"**{title}**\n\n" + "\n".join(lines))
    if listed and not judged:
        lines = [f"- {words}" for _, words in listed[:MOST]]
        more = len(listed) - MOST
        lines += [f"- and {more} more"] if more > 0 else []
        parts += ["\n".join(lines), f"Compared: {scope}."]
    elif all(told is None for told, _ in listed):
        parts.append(f"No {'other ' * bool(listed)}change in {scope}.")
    return "\n\n".join(parts)


def of_source(before: Facts, after: Facts) -> str:
    """Return what is to be said of what was compared where the source alone was read."""
    alone = any(one.read.how == "source" for one in (before, after))
    return "; what the code makes when it runs is not known, and was not compared" if alone else ""


def changes_between(before: Facts, after: Facts) -> tuple[Change, ...]:
    """Return each change: whether it breaks callers or writers, and what it is, as Markdown.

    Returns:
        Nothing where the readings cannot be compared.
    """
    if why_not_compared(before, after):
        return ()
    found: list[Change] = []
    if isinstance(before, ApiFacts) and isinstance(after, ApiFacts):
        from footnotary.documents.api.changes import compare_apis as api_differences

        found = api_differences(before, after)
    elif isinstance(before, SchemaFacts) and isinstance(after, SchemaFacts):
        from footnotary.documents.schema.changes import compare_schemas as schema_differences

        found = list(schema_differences(before, after))
    elif isinstance(before, ImplFacts) and isinstance(after, ImplFacts):
        found = list(_of_implementation(before, after))
    if all(told is None for told, _ in found) and not things_changed(before, after):
        found = []  # what cannot be compared is no change by itself
    return tuple(
        dict.fromkeys(
            found or ((False, escape.prose(words)) for words in describe_differences(before, after))
        )
    )


def _of_implementation(before: ImplFacts, after: ImplFacts) -> Iterator[Change]:
    """Yield what differs in the public API as callers see it, and then everything else."""
    from footnotary.documents.api_changes import OLDER_API, find_api_changes

    yield from ((one.told == "breaking", one.sentence) for one in find_api_changes(before, after))
    rest = (one.model_copy(update={"api": ()}) for one in (before, after))
    yield from ((False, escape.prose(words)) for words in describe_differences(*rest))
    if before.lacking() or after.lacking():
        yield None, OLDER_API


HEADING = "Changes since this document was written"
REGION = "log"


class Refresh(BaseModel):
    """What one refresh found.

    Attributes:
        day: When.
        commit: The commit that the project was at; empty where there is none.
        breaking: Changes that break callers or writers, as Markdown.
        others: Other changes, as Markdown.
        note: What else is to be said, such as why two readings were not compared; or empty.
        lost: Which facts it had to do without, as a clause; empty where none are lost.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    day: date
    commit: str = ""
    breaking: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    note: str = ""
    lost: str = ""

    @property
    def count(self) -> int:
        """How many changes it found."""
        return len(self.breaking) + len(self.others)


class ChangeLog(BaseModel):
    """What changed since a document's date, newest last."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_version: Literal[1] = 1
    refreshes: tuple[Refresh, ...] = ()

    @property
    def tells_loss(self) -> bool:
        """Whether it says that facts of the document's date are lost."""
        return any(one.lost for one in self.refreshes)

    def with_refresh(self, found: Refresh) -> "ChangeLog":
        """Return the log with one refresh more; one of the same day and commit is joined."""
        last = self.refreshes[-1] if self.refreshes else None
        if last is None or (last.day, last.commit) != (found.day, found.commit):
            return self.model_copy(update={"refreshes": (*self.refreshes, found)})
        joined = found.model_copy(
            update={
                "breaking": tuple(dict.fromkeys((*last.breaking, *found.breaking))),
                "others": tuple(dict.fromkeys((*last.others, *found.others))),
                "note": found.note or last.note,
                "lost": found.lost or last.lost,
            }
        )
        return self.model_copy(update={"refreshes": (*self.refreshes[:-1], joined)})


def rendered_log(log: ChangeLog) -> str:
    """Return a change log as Markdown; empty where nothing changed."""
    if not log.refreshes:
        return ""
    return "\n\n".join([f"## {HEADING}", render_refreshes(log)])


def render_refreshes(log: ChangeLog) -> str:
    """Return what each refresh found as Markdown, without a heading."""
    return "\n\n".join(map(_rendered, log.refreshes))


def not_compared(lost: str) -> str:
    """Return what is said where facts are lost, as a sentence."""
    return f"Could not be compared: {lost}."


def _rendered(one: Refresh) -> str:
    """Return what one refresh found."""
    at = f", commit {escape.code(one.commit)}" if one.commit else ""
    lines = [f"- **Breaking:** {words}" for words in one.breaking]
    lines += [f"- {words}" for words in one.others]
    lines += [f"- {not_compared(one.lost)}"] if one.lost else []
    lines += [f"- {one.note}"] if one.note else []
    return f"**{one.day}**{at}:\n\n" + "\n".join(lines)
