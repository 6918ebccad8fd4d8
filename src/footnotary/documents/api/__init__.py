"""The API document: overview, index, operations, models, what is missing, what changed."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from footnotary.documents import escape, prose
from footnotary.documents.across import shown_tables
from footnotary.documents.api.changes import render_api_changes
from footnotary.documents.api.examples import HEADERS, field_rows
from footnotary.documents.api.links import MAIN, Links, places, weight_of
from footnotary.documents.api.operations import (
    group_operations,
    render_operation_index,
    render_operations,
    tag_section,
    validation_note,
)
from footnotary.documents.api.overview import (
    measure_api_coverage,
    render_api_caveats,
    render_api_overview,
    render_unusual,
    where,
)
from footnotary.documents.api.samples import follow_reference
from footnotary.documents.kinds import Context, DocumentKind, Part, Prose, Region
from footnotary.documents.tables import name_span, render_type, write_heading, write_table
from footnotary.facts.api import ApiFacts, ApiModel, ModelField

MAX_USES = 8


def render_models(facts: ApiFacts, links: Links) -> str:
    """Return every model by name."""
    if not facts.models:
        return ""
    return "\n\n".join(["## Models", *each_model(facts, facts.models, links)])


def each_model(facts: ApiFacts, found: Iterable[ApiModel], links: Links) -> Iterable[str]:
    """Yield each of some models."""
    components = follow_reference(facts.document.get("components"), facts.document)
    schemas = follow_reference(components.get("schemas"), facts.document)
    for one in found:
        raw = follow_reference(schemas.get(one.name), {})
        yield _model(one, raw, (facts.unsaid or {}).get(one.name, {}), links)


def _model(one: ApiModel, raw: Mapping[str, Any], unsaid: Mapping[str, str], links: Links) -> str:
    """Return one model; objects written in place are rows below their field."""
    parts = [write_heading(3, escape.code(one.name), links.models[one.name][1])]
    parts += ["_Deprecated._" if one.deprecated else "", _source(one, links)]
    if one.description:
        parts.append(prose.paragraphs(one.description))
    if one.values:
        parts.append("One of " + escape.list_codes(one.values) + ".")
    elif not one.fields and one.type != "object":
        parts.append(f"Is {render_type(one.type, links.model)}.")
    elif " & " in one.type:
        parts.append(f"Is all of {render_type(one.type, links.model)}.")
    if one.limits:
        parts.append(f"Limits: {escape.escape_text(one.limits)}.")
    below = follow_reference(raw.get("properties"), {})
    rows = [
        row
        for field in one.fields
        for row in (_row(field, links), *field_rows(below.get(field.name), links, field.name, 1))
    ]
    parts.append(write_table(list(HEADERS), rows))
    limits = [
        f"{escape.code(key or one.name)} {escape.escape_text(said)}" for key, said in unsaid.items()
    ]
    if limits:
        parts.append(f"Held by the class, unsaid in the document: {'; '.join(limits)}.")
    parts.append(_uses(one, links))
    return "\n\n".join(part for part in parts if part)


def _row(field: ModelField, links: Links) -> list[str]:
    """Return a field as a row."""
    return [
        escape.code(field.name) + (" (deprecated)" if field.deprecated else ""),
        render_type(field.type, links.model),
        "yes" if field.required else "",
        escape.code(field.default),
        escape.escape_text(field.limits),
        prose.line(field.description),
    ]


def _source(one: ApiModel, links: Links) -> str:
    """Return the model's class and where it is, and the table whose rows it shows."""
    made = f"Class {escape.code(one.class_name)}{where(one.place)}." if one.class_name else ""
    table_shown = links.shown.of(one)
    return f"{made} Shows rows of {table_shown}.".strip() if table_shown else made


def _uses(one: ApiModel, links: Links) -> str:
    """Return who takes, gives or contains a model."""
    uses = [(use, links.operation(use) or links.operation(f"webhook {use}")) for use in one.used_by]
    uses += [(name, links.model(name)) for name in one.within]
    if not uses:
        return "_Not used by any operation._"
    shown = [f"[{escape.code(name)}]({target})" for name, target in uses[:MAX_USES] if target]
    more = f" and {len(uses) - MAX_USES} more" if len(uses) > MAX_USES else ""
    return "Used by " + ", ".join(shown) + more + "."


# Counted before anything is rendered: an operation is some 2,000 characters.
_MAX_WEIGHT = 300_000
OPERATION_WEIGHT = 2_000


def is_large(facts: ApiFacts) -> bool:
    """Return whether a document would be too long for one page."""
    operations = len(facts.operations) * OPERATION_WEIGHT
    return operations + sum(map(weight_of, facts.models)) > _MAX_WEIGHT


def render_contents(facts: ApiFacts, links: Links) -> str:
    """Return where the operations and models are, for the first page of a split document."""
    rows = [
        [f"[{escape.escape_text(tag) or 'Without a tag'}]({links.tag(tag)})", str(len(members))]
        for tag, members in group_operations(facts).items()
    ]
    parts = [
        "## Operations",
        validation_note(facts, links),
        write_table(["Page", "Operations"], rows),
    ]
    rows = [
        [
            f"[{escape.escape_text(name_span(found[0].name, found[-1].name))}]({links.stem}{page})",
            str(len(found)),
        ]
        for page, found in _by_page(facts, links).items()
    ]
    if rows:
        parts += ["## Models", write_table(["Page", "Models"], rows)]
    return "\n\n".join(part for part in parts if part)


def _by_page(facts: ApiFacts, links: Links) -> dict[str, list[ApiModel]]:
    """Return the models of each page."""
    found: dict[str, list[ApiModel]] = {}
    for one in facts.models:
        found.setdefault(links.models[one.name][0], []).append(one)
    return found


def render_pages(facts: ApiFacts, links: Links) -> Iterator[tuple[str, str]]:
    """Yield suffix and Markdown of each page besides the first."""
    back = f"[← {escape.escape_text(facts.title or 'The API')}]({links.stem}{MAIN})"
    for tag, (page, _) in links.tags.items():
        seen = links.on(page)
        title = escape.escape_text(tag) or "Operations without a tag"
        section = tag_section(tag, facts, seen)
        yield page, f"# {escape.escape_text(facts.title)}: {title}\n\n{back}\n\n{section}\n"
    for page, found in _by_page(facts, links).items():
        span = name_span(found[0].name, found[-1].name)
        title = f"# {escape.escape_text(facts.title)}: models, {escape.escape_text(span)}"
        yield (
            page,
            "\n\n".join([title, back, "## Models", *each_model(facts, found, links.on(page))])
            + "\n",
        )


_INTRODUCTION = """## For whom and what for

_Who calls this API, and what do they want from it? What must a caller know before the first
request (environments, credentials, limits)?_"""
_DECISIONS = """## Decisions

_Why is the API as it is: versioning, pagination, errors, idempotency? Write each claim with its
source: `cite URL --quote "…" --claim "…" --to` this file._"""
_DEFAULT_TITLE = "FastAPI"
_UNTITLED = (
    "The application has no title: its OpenAPI document is called FastAPI"
    " (`FastAPI(title=…, version=…)` names it)."
)


def _api_parts(facts: ApiFacts, context: Context) -> tuple[Part, ...]:
    """Return the document's parts."""
    facts = _titled(facts, context)
    split = is_large(facts)
    links = places(facts, context.stem, split=split, shown=shown_tables(context))
    introduction, decisions = API.prose
    return (
        Region("overview", render_api_overview(facts, links)),
        Region("caveats", render_api_caveats(facts)),
        introduction,
        Region("index", render_operation_index(facts, links)),
        Region("operations", (render_contents if split else render_operations)(facts, links)),
        Region("models", "" if split else render_models(facts, links)),
        Region("unusual", render_unusual(facts, links)),
        Region("coverage", measure_api_coverage(facts, links)),
        decisions,
        Region("changes", render_api_changes(facts, context)),
    )


def _attach_openapi(facts: ApiFacts, context: Context) -> Mapping[str, bytes]:
    """Return the OpenAPI document, and the pages of a document that is split."""
    facts = _titled(facts, context)
    found: dict[str, bytes] = {}
    if facts.document:
        found[".openapi.json"] = _json(facts.document)
    if is_large(facts):
        links = places(facts, context.stem, split=True, shown=shown_tables(context))
        found |= {suffix: text.encode() for suffix, text in render_pages(facts, links)}
    return found


def _titled(facts: ApiFacts, context: Context) -> ApiFacts:
    """Return the facts with the project's name where the application has FastAPI's own title."""
    if facts.read.how != "imported" or facts.title != _DEFAULT_TITLE:
        return facts
    facts = facts.told(caveats=(*facts.caveats, _UNTITLED))
    return facts.model_copy(update={"title": context.project})


def _json(document: Mapping[str, object]) -> bytes:
    """Return a document on one line."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n"
    return text.encode("utf-8", "replace")


API = DocumentKind(
    name="api",
    title="API",
    section="Decisions",
    facts=ApiFacts,
    prose=(Prose(_INTRODUCTION), Prose(_DECISIONS)),
    parts=_api_parts,
    options=frozenset({"app", "openapi", "python", "env_file", "mocks", "timeout"}),
    attached=_attach_openapi,
)


__all__ = ["API"]
