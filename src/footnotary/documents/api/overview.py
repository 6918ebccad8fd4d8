"""The API as a whole: what it is, what is unusual, how much of it is documented."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from footnotary.counting import counted, first_few
from footnotary.documents import escape, prose
from footnotary.documents.api.links import WEBHOOKS, Links, group_of, operation_key
from footnotary.documents.api.samples import follow_reference
from footnotary.documents.tables import render_folded, write_table
from footnotary.documents.what_changed import what_is_unknown
from footnotary.facts.api import ApiFacts, ApplicationPart, Operation, Server
from footnotary.facts.basis import Place

_MAX_LISTED = 30
_MAX_ROWS = 200
_FEW = 4


def render_unusual(facts: ApiFacts, links: Links) -> str:
    """Return the sections that have something in them."""
    deprecated = [one for one in facts.operations if one.deprecated]
    parts = [
        _undeclared(facts, links),
        _unprotected(facts, links),
        _count_operations("Deprecated", deprecated, links),
        _names("Not in the OpenAPI document", map(escape.code, facts.hidden)),
        _list_endpoints(facts),
        _render_mounts(facts),
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
        "### Statuses not declared\n\nThe code can answer with these statuses; the"
        " OpenAPI document does not say so. Declare them with `responses={…}`.\n\n"
        + write_table(["Status", "Detail", "Where", "Operations"], rows, _MAX_ROWS)
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
    return f"{words}\n\n{write_table(['What', 'Operations'], rows, _MAX_ROWS)}"


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


def _count_operations(title: str, found: list[Operation], links: Links) -> str:
    return _names(title, (_link(one, links) for one in found))


def _link(one: Operation, links: Links) -> str:
    return f"[{escape.code(f'{one.method} {one.path}')}]({links.operation(operation_key(one))})"


def _unknown(facts: ApiFacts) -> str:
    """Return what is not known: where nothing is shown of it, there may be some."""
    words = what_is_unknown(facts)
    return f"### Not read\n\n{words}" if words else ""


def _list_endpoints(facts: ApiFacts) -> str:
    shown = (
        " ".join(filter(None, [escape.code(one.path), escape.code(one.what)])) + where(one.place)
        for one in facts.websockets
    )
    return _names("WebSockets", shown)


def _render_mounts(facts: ApiFacts) -> str:
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
    parts.append(write_table(["Path", "Application", "Operations"], rows))
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
    return f"### {title}\n\n{write_table(['Name', 'Where', column], rows)}" if rows else ""


def _names(title: str, shown: Iterable[str]) -> str:
    """Return a list; a long one is folded."""
    lines = [f"- {one}" for one in shown]
    if not lines:
        return ""
    listed = "\n".join(lines)
    if len(lines) > _MAX_LISTED:
        listed = render_folded(counted(len(lines), "operation"), listed)
    return f"### {title}\n\n{listed}"


MAX_GAPS = 50


def _declares_error(one: Operation) -> bool | None:
    """Whether a client error other than FastAPI's own 422 is declared; None if none is possible."""
    if any(a.status.startswith("4") and a.status != "422" for a in one.responses):
        return True
    return False if one.parameters or one.body or any(one.security) else None


def _describes_parameters(one: Operation) -> bool | None:
    """Whether every parameter is described; None where there is none."""
    return all(p.description for p in one.parameters) if one.parameters else None


_ASKED: tuple[tuple[str, Callable[[Operation], bool | None]], ...] = (
    ("summary", lambda one: bool(one.summary)),
    ("description", lambda one: bool(one.description)),
    ("examples", lambda one: one.has_example if one.body else None),
    ("error responses", _declares_error),
    ("parameter descriptions", _describes_parameters),
    ("no undeclared statuses", lambda one: not (one.undeclared or one.unfollowed)),
)

_LACKS = {"no undeclared statuses": "undeclared statuses"}


def _asked(facts: ApiFacts) -> tuple[tuple[str, Callable[[Operation], bool | None]], ...]:
    """Return the questions; what is raised is known where every handler was read."""
    served = (one.handler for one in facts.operations if not one.webhook)
    return _ASKED if facts.read.how == "imported" and all(served) else _ASKED[:-1]


def score(facts: ApiFacts) -> int:
    """Return the share of questions that apply and are answered, in percent; 100 if none does."""
    operations = [one for one in facts.operations if not one.webhook]
    asked = [ask(one) for one in operations for _, ask in _asked(facts)]
    answers = [answer for answer in asked if answer is not None]
    return round(100 * sum(answers) / len(answers)) if answers else 100


def measure_api_coverage(facts: ApiFacts, links: Links) -> str:
    """Return the score, a row a question, and the gaps folded."""
    operations = [one for one in facts.operations if not one.webhook]
    if not operations:
        return ""
    rows = []
    gaps: dict[str, list[str]] = {}
    for name, ask in _asked(facts):
        answers = [ask(one) for one in operations]
        missing = [one for one, answer in zip(operations, answers, strict=True) if answer is False]
        applies = len(answers) - answers.count(None)
        if applies:
            rows.append([name, f"{applies - len(missing)} of {applies}"])
        for one in missing:
            gaps.setdefault(f"{one.method} {one.path}", []).append(_LACKS.get(name, name))
    parts = [
        "## Documentation coverage",
        f"**{score(facts)} %** of what can be documented is documented.",
        write_table(["Operations with", "Of those where it applies"], rows),
    ]
    if gaps:
        lines = [
            f"- [{escape.code(key)}]({links.operation(key)}): {', '.join(lacks)}"
            for key, lacks in gaps.items()
        ]
        more = [f"- … and {len(lines) - MAX_GAPS} more"] if len(lines) > MAX_GAPS else []
        named = f"{counted(len(gaps), 'operation')} with gaps"
        parts.append(render_folded(named, "\n".join(lines[:MAX_GAPS] + more)))
    return "\n\n".join(parts)


def render_api_overview(facts: ApiFacts, links: Links) -> str:
    """Return title, version, counts, servers, authentication and tags."""
    counts = facts.summary
    lines = [
        f"**{escape.escape_text(facts.title)}** {escape.escape_text(facts.version)}: "
        f"{counted(counts['operations'], 'operation')} on {counted(counts['paths'], 'path')}, "
        f"{counted(counts['schemas'], 'model')}"
        + (f", {counted(counts['webhooks'], 'webhook')}" if counts["webhooks"] else "")
        + f" (OpenAPI {escape.escape_text(facts.openapi)}).",
    ]
    if facts.description:
        lines.append(prose.paragraphs(facts.description))
    if facts.servers:
        servers = "\n".join(f"- {server_line(one)}" for one in facts.servers)
        lines.append(f"**Servers**\n\n{servers}")
    if facts.security:
        lines.append(f"## Authentication\n\n{_authentication(facts)}")
    used: dict[str, int] = {}
    for one in facts.operations:
        used[group_of(one)] = used.get(group_of(one), 0) + 1
    if len(used) > 1:
        rows = [
            [
                _describe_above(tag, facts)
                + f"[{escape.escape_text(tag) or 'without a tag'}]({links.tag(tag)})",
                str(count),
                prose.line(facts.tags.get(tag, "") if tag != WEBHOOKS else ""),
            ]
            for tag, count in used.items()
        ]
        lines.append("## Operations by tag\n\n" + write_table(["Tag", "Operations", "About"], rows))
    return "\n\n".join(lines)


def _describe_above(tag: str, facts: ApiFacts) -> str:
    """Return the tags that a tag belongs to, the outermost first (OpenAPI 3.2)."""
    found: list[str] = []
    while (tag := facts.tags_in.get(tag, "")) and tag not in found:
        found.append(tag)
    return "".join(f"{escape.escape_text(one)} / " for one in reversed(found))


def server_line(one: Server) -> str:
    """Return a server: its address, what it is, and what its variables may be."""
    about = [escape.escape_text(one.name), prose.line(one.description)]
    shown = ": ".join(filter(None, [escape.code(one.url), ", ".join(filter(None, about))]))
    for variable in one.variables:
        others = [each for each in variable.values if each != variable.default]
        choice = f" (or {escape.list_codes(others)})" if others else ""
        words = prose.line(variable.description)
        shown += f"; {escape.code(variable.name)} is {escape.code(variable.default)}{choice}"
        shown += f", {words}" if words else ""
    return shown


def _authentication(facts: ApiFacts) -> str:
    """Return the security schemes, where their tokens come from, and what the scopes mean."""
    flows = {one.name: _flows(one.name, facts.document) for one in facts.security}
    rows = [
        [
            escape.code(one.name),
            escape.escape_text(one.type),
            ", ".join(dict.fromkeys(map(escape.code, _list_addresses(flows[one.name])))),
            prose.line(one.description),
        ]
        for one in facts.security
    ]
    scopes = {
        (name, str(scope)): str(means or "")
        for name, found in flows.items()
        for flow in found
        for scope, means in follow_reference(flow.get("scopes"), facts.document).items()
    }
    listed = [
        [escape.code(scope), prose.line(means), escape.code(name)]
        for (name, scope), means in scopes.items()
    ]
    parts = (
        write_table(["Scheme", "Type", "Tokens from", "Description"], rows),
        write_table(["Scope", "Means", "Scheme"], listed),
    )
    return "\n\n".join(part for part in parts if part)


def _flows(name: str, document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the OAuth Flow Objects of a scheme (OpenAPI 3.1, section 4.8.28)."""
    components = follow_reference(document.get("components"), document)
    schemes = follow_reference(components.get("securitySchemes"), document)
    flows = follow_reference(follow_reference(schemes.get(name), document).get("flows"), document)
    return [follow_reference(flow, document) for flow in flows.values()]


def _list_addresses(flows: list[Mapping[str, Any]]) -> list[str]:
    """Return where flows send who asks for a token."""
    named = ("authorizationUrl", "deviceAuthorizationUrl", "tokenUrl")
    found = (flow.get(name) for flow in flows for name in named)
    return [one for one in found if isinstance(one, str) and one]


def render_api_caveats(facts: ApiFacts) -> str:
    """Return what a reader must know about how the facts were had."""
    found = [prose.line(one) for one in facts.caveats]
    if facts.others:
        names = escape.list_codes(facts.others)
        found.append(
            f"Read from {escape.code(facts.target)}. The project has other applications,"
            f" {names}: document one with {escape.code('--app')}."
        )
    if not found:
        return ""
    return "**How this was read**\n\n" + "\n".join(f"- {one}" for one in found)


def where(place: Place | None) -> str:
    """Return " at `file:line`"; for a library's file, from its package on."""
    return f" at {escape.code(str(place).removeprefix('../'))}" if place else ""
