"""What the API is, in one screen."""

from collections.abc import Mapping
from typing import Any

from footnotary.counting import counted
from footnotary.documents import escape, prose
from footnotary.documents.api.links import WEBHOOKS, Links, group_of
from footnotary.documents.api.samples import follow_reference
from footnotary.documents.tables import table
from footnotary.facts.api import ApiFacts, Server
from footnotary.facts.basis import Place


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
                _above(tag, facts)
                + f"[{escape.escape_text(tag) or 'without a tag'}]({links.tag(tag)})",
                str(count),
                prose.line(facts.tags.get(tag, "") if tag != WEBHOOKS else ""),
            ]
            for tag, count in used.items()
        ]
        lines.append("## Operations by tag\n\n" + table(["Tag", "Operations", "About"], rows))
    return "\n\n".join(lines)


def _above(tag: str, facts: ApiFacts) -> str:
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
        choice = f" (or {', '.join(map(escape.code, others))})" if others else ""
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
            ", ".join(dict.fromkeys(map(escape.code, _addresses(flows[one.name])))),
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
        table(["Scheme", "Type", "Tokens from", "Description"], rows),
        table(["Scope", "Means", "Scheme"], listed),
    )
    return "\n\n".join(part for part in parts if part)


def _flows(name: str, document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the OAuth Flow Objects of a scheme (OpenAPI 3.1, section 4.8.28)."""
    components = follow_reference(document.get("components"), document)
    schemes = follow_reference(components.get("securitySchemes"), document)
    flows = follow_reference(follow_reference(schemes.get(name), document).get("flows"), document)
    return [follow_reference(flow, document) for flow in flows.values()]


def _addresses(flows: list[Mapping[str, Any]]) -> list[str]:
    """Return where flows send who asks for a token."""
    named = ("authorizationUrl", "deviceAuthorizationUrl", "tokenUrl")
    found = (flow.get(name) for flow in flows for name in named)
    return [one for one in found if isinstance(one, str) and one]


def caveats(facts: ApiFacts) -> str:
    """Return what a reader must know about how the facts were had."""
    found = [prose.line(one) for one in facts.caveats]
    if facts.others:
        names = ", ".join(map(escape.code, facts.others))
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
