"""How facts were had, in words; and what is said where two readings cannot be compared."""

from footnotary.facts.basis import Facts, Scope
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
    """Return why two readings cannot be compared, as a sentence; empty where they can.

    Args:
        before: The facts of the last document.
        after: Those of this one.
    """
    if before.read.how == after.read.how:
        return _older(before, after) if OLDER_FORM in before.read.not_read else ""
    was, is_now = _WORDS[before.read.how], _WORDS[after.read.how]
    return f"Not compared: the last document was {was}, this one was {is_now}."


def _older(before: Facts, after: Facts) -> str:
    """Return what facts in an older form can be compared by: how many there are of each."""
    told = [
        f"{before.summary[name]} {name} → {count} {name}"
        for name, count in after.summary.items()
        if name in before.summary and before.summary[name] != count
    ]
    said = "; ".join(told) or "no count differs"
    return f"The last document has its facts in an older form: only counts compared ({said})."


def what_is_unknown(facts: Facts) -> str:
    """Return what this way of reading does not tell, as a sentence; empty where it tells all.

    Args:
        facts: The facts of a document.
    """
    names = [_FIELDS.get(name, name) for name in facts.read.not_read]
    if not names:
        return ""
    listed = ", ".join(names[:-1]) + " and " + names[-1] if len(names) > 1 else names[0]
    return f"Not known, as this was {_WORDS[facts.read.how]}: {listed}."


def notes_on_reading(facts: Facts) -> tuple[str, ...]:
    """Return what somebody who reads the code is told of how it was read, as sentences.

    Args:
        facts: What was read.
    """
    left_out = ", ".join(facts.read.left_out)
    return (*facts.caveats, *([f"Not read, as git ignores it: {left_out}."] if left_out else ()))
