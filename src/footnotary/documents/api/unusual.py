"""What needs a second look: undeclared, unprotected, hidden; and what is outside."""

from collections.abc import Iterable

from footnotary.counting import counted, first_few
from footnotary.documents import escape, prose
from footnotary.documents.api.links import Links, operation_key
from footnotary.documents.api.overview import where
from footnotary.documents.tables import render_folded, table
from footnotary.documents.ways_of_reading import what_is_unknown
from footnotary.facts.api import ApiFacts, ApplicationPart, Operation

MAX_LISTED = 30
MAX_ROWS = 200
_FEW = 4


def unusual(facts: ApiFacts, links: Links) -> str:
    """Return the sections that have something in them."""
    deprecated = [one for one in facts.operations if one.deprecated]
    parts = [
        _undeclared(facts, links),
        _unprotected(facts, links),
        _operations("Deprecated", deprecated, links),
        _names("Not in the OpenAPI document", map(escape.code, facts.hidden)),
        _endpoints(facts),
        _mounts(facts),
        _parts("Middleware, outermost first", "Options", facts.middleware),
        _parts("Exception handlers", "Catches", facts.handlers),
        _parts("At start and end", "About", facts.lifespan),
        _unknown(facts),
    ]
    found = [part for part in parts if part]
    return "## Worth a second look\n\n" + "\n\n".join(found) if found else ""


def _undeclared(facts: ApiFacts, links: Links) -> str:
    """Return the statuses that the code raises and the document does not name.

    What is said in the same words in several places is one row.
    """
    places: dict[tuple[int, str, str], dict[str, None]] = {}
    named: dict[tuple[int, str, str], dict[str, None]] = {}
    for one in facts.operations:
        for error in one.undeclared:
            place = where(error.place).removeprefix(" at ")
            key = (error.status, error.detail, "" if error.detail else place)
            places.setdefault(key, {})[place] = None
            named.setdefault(key, {})[_link(one, links)] = None
    lost = _lost(facts, links)
    if not named:
        return f"### Not followed\n\n{lost}" if lost else ""
    rows = [
        [
            str(key[0]),
            prose.line(key[1]),
            first_few(list(places[key]), _FEW),
            first_few(list(named[key]), _FEW),
        ]
        for key in sorted(named)
    ]
    return (
        "### Raised but not declared\n\nThe code can answer with these statuses; the"
        " OpenAPI document does not say so. Declare them with `responses={…}`.\n\n"
        + table(["Status", "Detail", "Where", "Operations"], rows, MAX_ROWS)
        + (f"\n\n{lost}" if lost else "")
    )


def _lost(facts: ApiFacts, links: Links) -> str:
    """Return what of the code was not followed: it may raise others."""
    named: dict[str, list[str]] = {}
    for one in facts.operations:
        for name in one.unfollowed:
            named.setdefault(name, []).append(_link(one, links))
    rows = [[escape.code(name), first_few(found, _FEW)] for name, found in sorted(named.items())]
    if not rows:
        return ""
    words = "These may raise others: they were not followed, or what they raise is not known."
    return f"{words}\n\n{table(['What', 'Operations'], rows, MAX_ROWS)}"


def _unprotected(facts: ApiFacts, links: Links) -> str:
    """Return the operations that let in who has no credentials, or that all do."""
    asked = [one for one in facts.operations if not one.webhook]
    found = [one for one in asked if "" in one.security or not one.security]
    if "security" in facts.read.not_read:
        return ""
    if asked and not facts.security:
        return (
            "### Without authentication\n\nThe OpenAPI document declares no security scheme: as far"
            " as it says, every operation is open. Middleware may say otherwise."
        )
    shown = (
        _link(one, links) + (" (open: the scheme is optional)" if any(one.security) else "")
        for one in found
    )
    return _names("Without authentication", shown)


def _operations(title: str, found: list[Operation], links: Links) -> str:
    return _names(title, (_link(one, links) for one in found))


def _link(one: Operation, links: Links) -> str:
    return f"[{escape.code(f'{one.method} {one.path}')}]({links.operation(operation_key(one))})"


def _unknown(facts: ApiFacts) -> str:
    """Return what is not known: where nothing is shown of it, there may be some."""
    words = what_is_unknown(facts)
    return f"### Not read\n\n{words}" if words else ""


def _endpoints(facts: ApiFacts) -> str:
    shown = (
        " ".join(filter(None, [escape.code(one.path), escape.code(one.what)])) + where(one.place)
        for one in facts.websockets
    )
    return _names("WebSockets", shown)


def _mounts(facts: ApiFacts) -> str:
    """Return the mounted applications, with the operations of those that FastAPI made."""
    if not facts.mounts:
        return ""
    parts = ["### Mounted applications"]
    if any(not one.operations for one in facts.mounts):
        parts.append("What an application without a count serves is not in this document.")
    rows = [
        [escape.code(one.path or "/"), escape.code(one.what), str(len(one.operations) or "")]
        for one in facts.mounts
    ]
    parts.append(table(["Path", "Application", "Operations"], rows))
    for one in facts.mounts:
        if one.operations:
            listed = "\n".join(f"- {escape.code(name)}" for name in one.operations)
            parts.append(render_folded(f"Operations below {escape.escape_text(one.path)}", listed))
    return "\n\n".join(parts)


def _parts(title: str, column: str, found: tuple[ApplicationPart, ...]) -> str:
    rows = [
        [escape.code(one.name), where(one.place).removeprefix(" at "), prose.line(one.detail)]
        for one in found
    ]
    return f"### {title}\n\n{table(['Name', 'Where', column], rows)}" if rows else ""


def _names(title: str, shown: Iterable[str]) -> str:
    """Return a list; a long one is folded."""
    lines = [f"- {one}" for one in shown]
    if not lines:
        return ""
    listed = "\n".join(lines)
    if len(lines) > MAX_LISTED:
        listed = render_folded(counted(len(lines), "operation"), listed)
    return f"### {title}\n\n{listed}"
