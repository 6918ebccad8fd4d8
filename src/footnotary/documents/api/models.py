"""The models: a table each, linked, never expanded."""

from footnotary.documents import escape
from footnotary.documents.api.anchors import model_anchor, model_links, operation_links
from footnotary.documents.api.overview import paragraphs
from footnotary.documents.tables import table
from footnotary.documents.types import linked
from footnotary.facts.api import ApiFacts, ApiModel

MAX_USES = 8


def models(facts: ApiFacts) -> str:
    """Return every model by name, FastAPI's own error models last."""
    if not facts.models:
        return ""
    parts = ["## Models"]
    parts += [_model(one, facts) for one in facts.models]
    return "\n\n".join(parts)


def _model(one: ApiModel, facts: ApiFacts) -> str:
    """Return one model."""
    links = model_links(facts)
    parts = [f"### {escape.code(one.name)} {{#{model_anchor(one.name)}}}"]
    if one.description:
        parts.append(paragraphs(one.description))
    if one.values:
        parts.append("One of " + ", ".join(map(escape.code, one.values)) + ".")
    elif not one.fields and one.type != "object":
        parts.append(f"Is {linked(one.type, links)}.")
    elif " & " in one.type:
        parts.append(f"Is all of {linked(one.type, links)}.")
    rows = [
        [
            escape.code(field.name),
            linked(field.type, links),
            "yes" if field.required else "",
            escape.code(field.default),
            escape.text(field.limits),
            escape.prose(field.description),
        ]
        for field in one.fields
    ]
    parts.append(table(["Field", "Type", "Required", "Default", "Limits", "Description"], rows))
    parts.append(_uses(one, facts))
    return "\n\n".join(part for part in parts if part)


def _uses(one: ApiModel, facts: ApiFacts) -> str:
    """Return who takes, gives or contains a model."""
    targets = operation_links(facts)
    uses = [f"[{escape.code(use)}]({targets[use]})" for use in one.used_by if use in targets]
    uses += [f"[{escape.code(name)}](#{model_anchor(name)})" for name in one.within]
    if not uses:
        return "_Not used by any operation._"
    more = f" and {len(uses) - MAX_USES} more" if len(uses) > MAX_USES else ""
    return "Used by " + ", ".join(uses[:MAX_USES]) + more + "."
