"""How facts were had, in words; and what is said where two readings cannot be compared."""

from collections.abc import Sequence

from footnotary.counting import counted, first_few, in_words
from footnotary.facts.basis import Facts, Read, Scope
from footnotary.facts.impl import ImplFacts
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
