"""What the API is, in one screen."""

from footnotary.counting import counted
from footnotary.documents import escape
from footnotary.documents.api.links import WEBHOOKS, Links, group_of
from footnotary.documents.tables import table
from footnotary.facts.api import ApiFacts
from footnotary.facts.basis import Place


def overview(facts: ApiFacts, links: Links) -> str:
    """Return title, version, counts, servers, authentication and tags."""
    counts = facts.summary
    lines = [
        f"**{escape.text(facts.title)}** {escape.text(facts.version)}: "
        f"{counted(counts['operations'], 'operation')} on {counted(counts['paths'], 'path')}, "
        f"{counted(counts['schemas'], 'model')}"
        + (f", {counted(counts['webhooks'], 'webhook')}" if counts["webhooks"] else "")
        + f" (OpenAPI {escape.text(facts.openapi)}).",
    ]
    if facts.description:
        lines.append(paragraphs(facts.description))
    if facts.servers:
        servers = "\n".join(f"- {escape.code(one)}" for one in facts.servers)
        lines.append(f"**Servers**\n\n{servers}")
    if facts.security:
        rows = [
            [escape.code(one.name), escape.text(one.type), escape.prose(one.description)]
            for one in facts.security
        ]
        lines.append("## Authentication\n\n" + table(["Scheme", "Type", "Description"], rows))
    used: dict[str, int] = {}
    for one in facts.operations:
        used[group_of(one)] = used.get(group_of(one), 0) + 1
    if len(used) > 1:
        rows = [
            [
                f"[{escape.text(tag) or 'without a tag'}]({links.tag(tag)})",
                str(count),
                escape.prose(facts.tags.get(tag, "") if tag != WEBHOOKS else ""),
            ]
            for tag, count in used.items()
        ]
        lines.append("## Operations by tag\n\n" + table(["Tag", "Operations", "About"], rows))
    return "\n\n".join(lines)


def caveats(facts: ApiFacts) -> str:
    """Return what a reader must know about how the facts were had."""
    found = [escape.prose(one) for one in facts.caveats]
    if facts.others:
        names = ", ".join(map(escape.code, facts.others))
        found.append(
            f"Read from {escape.code(facts.target)}. The project has other applications,"
            f" {names}: document one with {escape.code('--app')}."
        )
    if not found:
        return ""
    return "**How this was read**\n\n" + "\n".join(f"- {one}" for one in found)


def paragraphs(words: str) -> str:
    """Return an author's text, blank lines kept as paragraphs, headings and HTML as text."""
    blocks = (escape.prose(block) for block in words.replace("\r\n", "\n").split("\n\n"))
    return "\n\n".join(block for block in blocks if block)


def where(place: Place | None) -> str:
    """Return " at `file:line`"; for a library's file, from its package on."""
    return f" at {escape.code(str(place).removeprefix('../'))}" if place else ""
