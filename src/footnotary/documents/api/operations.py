"""The index of operations, and each operation in full."""

from collections.abc import Iterable, Iterator

from footnotary.counting import counted, first_few
from footnotary.documents import escape, prose
from footnotary.documents.api.examples import answer_fields, body_fields, examples
from footnotary.documents.api.links import WEBHOOKS, Links, group_of, operation_key
from footnotary.documents.api.overview import server_line, where
from footnotary.documents.tables import render_folded, render_type, write_heading, write_table
from footnotary.facts.api import (
    ApiFacts,
    Content,
    HandlerDependency,
    Header,
    Operation,
    Parameter,
    Raised,
    ResponseFacts,
)

VALIDATION_MODEL = "{HTTPValidationError}"
_LOWEST_ERROR = 400
_FRAMEWORK = ("fastapi.", "starlette.")


def render_operation_index(facts: ApiFacts, links: Links) -> str:
    """Return one row an operation: method, path, summary, authentication, by tag."""
    groups = group_operations(facts)
    parts = ["## Index of operations"]
    for tag, members in groups.items():
        rows = [
            [
                escape.code(one.method),
                f"[{escape.code(one.path)}]({links.operation(operation_key(one))})",
                prose.brief(one.summary) + (" (deprecated)" if one.deprecated else ""),
                security_of(one),
            ]
            for one in members
        ]
        if len(groups) > 1:
            parts.append(f"**{escape.escape_text(tag) or 'Without a tag'}**")
        parts.append(write_table(["Method", "Path", "Summary", "Auth"], rows))
    parts.append(_by_handler(facts, links))
    return "\n\n".join(part for part in parts if part)


def _by_handler(facts: ApiFacts, links: Links) -> str:
    """Return where each handler is and what it serves: from the code to the document."""
    placed = [one for one in facts.operations if one.handler and one.handler.place]
    ordered = sorted(placed, key=_place_of)
    rows = [
        [
            escape.code(str(one.handler.place).removeprefix("../")),
            escape.code(one.handler.name.rpartition(".")[2]),
            f"[{escape.code(f'{one.method} {one.path}')}]({links.operation(operation_key(one))})",
        ]
        for one in ordered
        if one.handler
    ]
    listed = write_table(["Where", "Handler", "Serves"], rows)
    return render_folded("Handlers by file", listed) if rows else ""


def _place_of(one: Operation) -> tuple[str, int]:
    """Return where an operation's handler is, to sort by."""
    place = one.handler.place if one.handler else None
    return (place.path, place.line) if place else ("", 0)


def group_operations(facts: ApiFacts) -> dict[str, list[Operation]]:
    """Return the operations by their first tag, in the document's order."""
    groups: dict[str, list[Operation]] = {}
    for one in facts.operations:
        groups.setdefault(group_of(one), []).append(one)
    return groups


def render_operations(facts: ApiFacts, links: Links) -> str:
    """Return every operation, grouped by its first tag."""
    parts = ["## Operations", validation_note(facts, links)]
    parts += [tag_section(tag, facts, links) for tag in group_operations(facts)]
    return "\n\n".join(part for part in parts if part)


def tag_section(tag: str, facts: ApiFacts, links: Links) -> str:
    """Return the operations of one tag, below a heading."""
    words = escape.escape_text(tag) if tag else "Without a tag"
    parts = [write_heading(3, words, links.tags[tag][1])]
    if tag != WEBHOOKS and (about := facts.tags.get(tag)):
        parts.append(prose.paragraphs(about))
    parts += [_operation(one, links, facts) for one in group_operations(facts)[tag]]
    return "\n\n".join(parts)


def validation_note(facts: ApiFacts, links: Links) -> str:
    """Return what is said once about FastAPI's own 422."""
    if not any(_is_validation(answer) for one in facts.operations for answer in one.responses):
        return ""
    by = next((one for one in facts.handlers if one.detail == "RequestValidationError"), None)
    said = (
        "very operation that takes parameters or a body answers **422** with"
        f" {render_type(VALIDATION_MODEL, links.model)} when they do not validate;"
        " it is not repeated below."
    )
    if by is None:
        return f"E{said}"
    return (
        f"The OpenAPI document says that e{said} **The code says otherwise**: such requests are"
        f" answered by {escape.code(by.name)}{where(by.place)}."
    )


def _operation(one: Operation, links: Links, facts: ApiFacts) -> str:
    """Return one operation."""
    anchor = links.operations[operation_key(one)][1]
    parts = [write_heading(4, escape.code(f"{one.method} {one.path}"), anchor)]
    title = f"**{prose.line(one.summary)}**" if one.summary else ""
    if not prose.is_brief(one.summary):
        title = prose.paragraphs(one.summary)
    parts += [title, "_Deprecated._" if one.deprecated else ""]
    about, listed = prose.paragraphs(_description(one)), _facts_line(one, links)
    parts += [about, "<!-- -->" if listed and prose.ends_in_list(about) else "", listed]
    parts.append(_parameters(one.parameters, links))
    if one.body:
        need = "required" if one.body_required else "optional"
        parts.append(f"Takes ({need}): {_contents(one.body, links)}")
        parts.append(body_fields(one, facts, links))
    parts += [_answers(one, links), answer_fields(one, facts, links)]
    parts.append(_callbacks(one, links))
    shown = examples(one, facts) if facts.document and not one.webhook else ""
    parts.append(render_folded("Examples", shown) if shown else "")
    return "\n\n".join(part for part in parts if part)


def _callbacks(one: Operation, links: Links) -> str:
    """Return what an operation calls back: address, what is sent there, what it must answer."""
    lines = []
    for call in one.callbacks:
        if not call.operations:
            lines.append(f"- {escape.code(call.name)}")
        for inner in call.operations:
            body = f", sends {_contents(inner.body, links)}" if inner.body else ""
            names = ", ".join(escape.code(each.name) for each in inner.parameters)
            given = f", with {names}" if names else ""
            statuses = ", ".join(escape.escape_text(each.status) for each in inner.responses)
            summary = f": {prose.line(inner.summary)}" if inner.summary else ""
            wants = f", expects {statuses}" if statuses else ""
            address = escape.code(f"{inner.method} {inner.path}")
            lines.append(f"- {escape.code(call.name)}: {address}{given}{body}{wants}{summary}")
    return "Calls back:\n\n" + "\n".join(lines) if lines else ""


def _description(one: Operation) -> str:
    """Return the description, or the handler's docstring where it says more."""
    doc = one.handler.doc if one.handler else ""
    return doc if len(doc) > len(one.description) and one.description in doc else one.description


def _facts_line(one: Operation, links: Links) -> str:
    """Return authentication, handler and dependencies on one line each."""
    lines = []
    if auth := security_of(one):
        lines.append(f"- Authentication: {auth}")
    lines.extend(f"- Server: {server_line(server)}" for server in one.servers)
    lines.extend(
        f"- **The code says otherwise**: {prose.line(words)}"
        + (where(one.handler.place) if one.handler else "")
        for words in one.remarks
    )
    if one.handler:
        lines.append(f"- Handler: {escape.code(one.handler.name)}{where(one.handler.place)}")
        lines.extend(_dependencies(one.handler.dependencies))
    if one.max_body is not None:
        lines.append(f"- A body of more than {counted(one.max_body, 'byte')} is answered with 413")
    lines.extend(_raised(one, links))
    return "\n".join(lines)


def _raised(one: Operation, links: Links) -> Iterator[str]:
    """Yield a line for each status that is raised and not declared, by its first place."""
    by_status: dict[int, list[Raised]] = {}
    for error in one.undeclared:
        by_status.setdefault(error.status, []).append(error)
    section = links.section("statuses-not-declared")
    for status, errors in by_status.items():
        first = next((error for error in errors if error.detail), errors[0])
        detail = f" “{escape.escape_text(first.detail)}”" if first.detail else ""
        rest = len(errors) - 1
        more = f" and [{rest} more {'place' if rest == 1 else 'places'}]({section})" if rest else ""
        verb = "Raises" if status >= _LOWEST_ERROR else "Answers"
        yield f"- {verb} **{status}**{detail}, not declared,{where(first.place)}{more}"
    if one.unfollowed:
        yield f"- May raise others: not followed: {first_few([*map(escape.code, one.unfollowed)])}"


def _dependencies(found: Iterable[HandlerDependency]) -> Iterator[str]:
    """Yield the tree of dependencies as a nested list; security schemes stand in their own line.

    FastAPI calls a dependency once a request, and what it depends on is said once too.
    """
    told: set[HandlerDependency] = set()
    waiting = [(one, 0) for one in dict.fromkeys(found)][::-1]
    while waiting:
        one, depth = waiting.pop()
        if one.name.startswith(_FRAMEWORK) and not one.dependencies:
            continue
        again = one in told and bool(one.dependencies)
        scopes = f" with {escape.list_codes(one.scopes)}" if one.scopes else ""
        above = ", as above" if again else ""
        name = escape.code(one.name)
        yield f"{'    ' * depth}- Depends on {name}{where(one.place)}{scopes}{above}"
        if not again:
            told.add(one)
            waiting += [(inner, depth + 1) for inner in reversed(one.dependencies)]


def _parameters(found: tuple[Parameter, ...], links: Links) -> str:
    rows = [
        [
            escape.code(one.name) + (" (deprecated)" if one.deprecated else ""),
            escape.escape_text(one.where),
            render_type(one.type, links.model),
            "yes" if one.required else "",
            escape.code(one.default),
            escape.escape_text(one.limits),
            prose.line(one.description),
        ]
        for one in found
    ]
    headers = ["Parameter", "In", "Type", "Required", "Default", "Limits", "Description"]
    return write_table(headers, rows)


def _contents(found: tuple[Content, ...], links: Links) -> str:
    return ", ".join(
        ("a stream of " if one.stream else "")
        + f"{render_type(one.type, links.model)} as {escape.code(one.media_type)}"
        for one in found
    )


def _answers(one: Operation, links: Links) -> str:
    rows = [
        [
            f"**{escape.escape_text(answer.status)}**",
            prose.line(answer.description),
            _contents(answer.contents, links),
            ", ".join(map(_header, answer.headers)),
        ]
        for answer in one.responses
        if not _is_validation(answer)
    ]
    return write_table(["Status", "Description", "Gives", "Headers"], rows)


def _header(one: Header) -> str:
    """Return a header with its type, and whether it is always there."""
    kind = f" {escape.escape_text(one.type)}" if one.type else ""
    notes = [*["required"] * one.required, *["deprecated"] * one.deprecated]
    return escape.code(one.name) + kind + (f" ({', '.join(notes)})" if notes else "")


def _is_validation(answer: ResponseFacts) -> bool:
    """Whether this is FastAPI's own 422."""
    return answer.status == "422" and any(one.type == VALIDATION_MODEL for one in answer.contents)


def security_of(one: Operation) -> str:
    """Return the alternatives; the empty one is "none"."""
    return " or ".join(escape.code(name) if name else "none" for name in one.security)
