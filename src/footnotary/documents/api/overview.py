"""What the API is, in one screen; and what stands outside its OpenAPI document."""

from collections import Counter

from footnotary.documents import escape
from footnotary.documents.tables import table
from footnotary.facts.api import ApiFacts, Endpoint


def overview(facts: ApiFacts) -> str:
    """Return title, version, counts, servers, authentication and tags."""
    counts = facts.summary
    lines = [
        f"**{escape.text(facts.title)}** {escape.text(facts.version)}: "
        f"{_count(counts['operations'], 'operation')} on {_count(counts['paths'], 'path')}, "
        f"{_count(counts['schemas'], 'model')}"
        + (f", {_count(counts['webhooks'], 'webhook')}" if counts["webhooks"] else "")
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
    used = Counter(tag for one in facts.operations for tag in one.tags[:1])
    if used:
        rows = [
            [f"[{escape.text(tag)}](#tag-{escape.slug(tag)})", str(count),
             escape.prose(facts.tags.get(tag, ""))]
            for tag, count in used.items()
        ]  # fmt: skip
        lines.append("## Operations by tag\n\n" + table(["Tag", "Operations", "About"], rows))
    return "\n\n".join(lines)


def caveats(facts: ApiFacts) -> str:
    """Return what a reader must know about how the facts were had."""
    if not facts.caveats:
        return ""
    return "**How this was read**\n\n" + "\n".join(f"- {escape.text(one)}" for one in facts.caveats)


def unusual(facts: ApiFacts) -> str:
    """Return what needs a second look: unprotected, undeclared, hidden, deprecated, mounted."""
    parts = []
    raised = [(one, raise_) for one in facts.operations for raise_ in one.undeclared]
    if raised:
        rows = [
            [escape.code(f"{one.method} {one.path}"), str(error.status),
             escape.text(error.detail), escape.code(str(error.place))]
            for one, error in raised
        ]  # fmt: skip
        parts.append(
            "### Raised but not declared {#undeclared}\n\nThe code raises these statuses; the"
            " OpenAPI document does not say so. Declare them with `responses={…}`.\n\n"
            + table(["Operation", "Status", "Detail", "Where"], rows)
        )
    open_to_all = [one for one in facts.operations if not any(one.security) and not one.webhook]
    if facts.security and open_to_all:
        parts.append(_listed("Without authentication {#unprotected}",
                             [f"{one.method} {one.path}" for one in open_to_all]))  # fmt: skip
    deprecated = [f"{one.method} {one.path}" for one in facts.operations if one.deprecated]
    for heading, names in (
        ("Deprecated {#deprecated}", deprecated),
        ("Not in the OpenAPI document {#hidden}", facts.hidden),
        ("Middleware, outermost first {#middleware}", [one.name for one in facts.middleware]),
    ):
        if names:
            parts.append(_listed(heading, names))
    for heading, ends in (("WebSockets", facts.websockets), ("Mounted applications", facts.mounts)):
        if ends:
            anchor = f"{heading} {{#{escape.slug(heading)}}}"
            parts.append(_listed(anchor, [_endpoint(one) for one in ends]))
    return "## Worth a second look\n\n" + "\n\n".join(parts) if parts else ""


def paragraphs(words: str) -> str:
    """Return an author's text, blank lines kept as paragraphs, headings and HTML as text."""
    blocks = (escape.prose(block) for block in words.replace("\r\n", "\n").split("\n\n"))
    return "\n\n".join(block for block in blocks if block)


def _endpoint(one: Endpoint) -> str:
    where = f" at {one.place}" if one.place else ""
    return f"{one.path} {one.what}".strip() + where


def _listed(heading: str, names: list[str] | tuple[str, ...]) -> str:
    return f"### {heading}\n\n" + "\n".join(f"- {escape.code(name)}" for name in names)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
