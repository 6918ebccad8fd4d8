"""The models: a table each, linked, never expanded."""

from collections.abc import Iterable, Mapping
from typing import Any

from footnotary.documents import escape, prose
from footnotary.documents.api.in_place import HEADERS, field_rows
from footnotary.documents.api.links import Links
from footnotary.documents.api.overview import where
from footnotary.documents.api.samples import follow_reference
from footnotary.documents.headings import heading
from footnotary.documents.tables import table
from footnotary.documents.types import render_type
from footnotary.facts.api import ApiFacts, ApiModel, ModelField

MAX_USES = 8


def models(facts: ApiFacts, links: Links) -> str:
    """Return every model by name."""
    if not facts.models:
        return ""
    return "\n\n".join(["## Models", *each_model(facts, facts.models, links)])


def each_model(facts: ApiFacts, found: Iterable[ApiModel], links: Links) -> Iterable[str]:
    """Yield each of some models."""
    components = follow_reference(facts.document.get("components"), facts.document)
    schemas = follow_reference(components.get("schemas"), facts.document)
    for one in found:
        yield _model(one, follow_reference(schemas.get(one.name), {}), links)


def _model(one: ApiModel, raw: Mapping[str, Any], links: Links) -> str:
    """Return one model; objects written in place are rows below their field."""
    parts = [heading(3, escape.code(one.name), links.models[one.name][1])]
    parts += ["_Deprecated._" if one.deprecated else "", _source(one, links)]
    if one.description:
        parts.append(prose.paragraphs(one.description))
    if one.values:
        parts.append("One of " + ", ".join(map(escape.code, one.values)) + ".")
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
    parts.append(table(list(HEADERS), rows))
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
