"""The index of operations, and each operation in full."""

from collections.abc import Callable, Iterable, Iterator

from footnotary.documents import escape
from footnotary.documents.api.anchors import model_links, operation_anchor
from footnotary.documents.api.examples import examples
from footnotary.documents.api.overview import paragraphs
from footnotary.documents.tables import folded, table
from footnotary.documents.types import linked
from footnotary.facts.api import Answer, ApiFacts, Content, Dependency, Operation, Parameter

Linker = Callable[[str], str]
VALIDATION_MODEL = "{HTTPValidationError}"


def operation_index(facts: ApiFacts) -> str:
    """Return one row an operation: method, path, summary, authentication."""
    rows = [
        [
            escape.code(one.method),
            f"[{escape.code(one.path)}](#{operation_anchor(one)})",
            escape.prose(one.summary) + (" (deprecated)" if one.deprecated else ""),
            _security(one),
        ]
        for one in facts.operations
    ]
    return "## Index of operations\n\n" + table(["Method", "Path", "Summary", "Auth"], rows)


def operations(facts: ApiFacts) -> str:
    """Return every operation, grouped by its first tag."""
    groups: dict[str, list[Operation]] = {}
    for one in facts.operations:
        name = "Webhooks" if one.webhook else (one.tags[0] if one.tags else "")
        groups.setdefault(name, []).append(one)
    links = model_links(facts)
    parts = ["## Operations"]
    if any(_is_validation(answer) for one in facts.operations for answer in one.responses):
        parts.append(
            "Every operation that takes parameters or a body answers **422** with"
            f" {linked(VALIDATION_MODEL, links)} when they do not validate; it is not repeated"
            " below."
        )
    for tag, members in groups.items():
        heading = escape.text(tag) if tag else "Without a tag"
        parts.append(f"### {heading} {{#tag-{escape.slug(tag or 'untagged')}}}")
        parts.extend(_operation(one, links, facts) for one in members)
    return "\n\n".join(parts)


def _operation(one: Operation, links: Linker, facts: ApiFacts) -> str:
    """Return one operation."""
    parts = [f"#### {escape.code(f'{one.method} {one.path}')} {{#{operation_anchor(one)}}}"]
    title = f"**{escape.prose(one.summary)}**" if one.summary else ""
    if one.deprecated:
        title += " _Deprecated._"
    parts += [title.strip(), paragraphs(_description(one)), _facts_line(one)]
    parts.append(_parameters(one.parameters, links))
    if one.body:
        need = "required" if one.body_required else "optional"
        parts.append(f"Takes ({need}): {_contents(one.body, links)}")
    parts.append(_answers(one, links))
    if one.callbacks:
        parts.append("Calls back: " + ", ".join(map(escape.code, one.callbacks)))
    if not one.webhook:
        parts.append(folded("Examples", examples(one, facts)))
    return "\n\n".join(part for part in parts if part)


def _description(one: Operation) -> str:
    """Return the description, or the handler's docstring where it says more."""
    doc = one.handler.doc if one.handler else ""
    return doc if len(doc) > len(one.description) and one.description in doc else one.description


def _facts_line(one: Operation) -> str:
    """Return authentication, handler and dependencies on one line each."""
    lines = []
    if auth := _security(one):
        lines.append(f"- Authentication: {auth}")
    if one.handler:
        where = f" at {escape.code(str(one.handler.place))}" if one.handler.place else ""
        lines.append(f"- Handler: {escape.code(one.handler.name)}{where}")
        lines.extend(_dependencies(one.handler.dependencies))
    for error in one.undeclared:
        detail = f" “{escape.text(error.detail)}”" if error.detail else ""
        lines.append(
            f"- Raises **{error.status}**{detail}, not declared, at {escape.code(str(error.place))}"
        )
    return "\n".join(lines)


def _dependencies(found: Iterable[Dependency], depth: int = 0) -> Iterator[str]:
    """Yield the tree of dependencies as a nested list."""
    for one in found:
        where = f" at {escape.code(str(one.place))}" if one.place else ""
        yield f"{'    ' * depth}- Depends on {escape.code(one.name)}{where}"
        yield from _dependencies(one.dependencies, depth + 1)


def _parameters(found: tuple[Parameter, ...], links: Linker) -> str:
    rows = [
        [
            escape.code(one.name) + (" (deprecated)" if one.deprecated else ""),
            one.where,
            linked(one.type, links),
            "yes" if one.required else "",
            escape.code(one.default),
            escape.text(one.limits),
            escape.prose(one.description),
        ]
        for one in found
    ]
    headers = ["Parameter", "In", "Type", "Required", "Default", "Limits", "Description"]
    return table(headers, rows)


def _contents(found: tuple[Content, ...], links: Linker) -> str:
    return ", ".join(f"{linked(one.type, links)} as {escape.code(one.media_type)}" for one in found)


def _answers(one: Operation, links: Linker) -> str:
    rows = [
        [
            f"**{escape.text(answer.status)}**",
            escape.prose(answer.description),
            _contents(answer.contents, links),
            ", ".join(map(escape.code, answer.headers)),
        ]
        for answer in one.responses
        if not _is_validation(answer)
    ]
    return table(["Status", "Description", "Gives", "Headers"], rows)


def _is_validation(answer: Answer) -> bool:
    """Whether this is FastAPI's own 422."""
    return answer.status == "422" and any(one.type == VALIDATION_MODEL for one in answer.contents)


def _security(one: Operation) -> str:
    """Return the alternatives; the empty one is "none"."""
    return " or ".join(escape.code(name) if name else "none" for name in one.security)
