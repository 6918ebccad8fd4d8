"""Objects that are written in place, without a name of their own: their fields as rows."""

from collections.abc import Iterator, Mapping
from typing import Any

from footnotary.documents import escape, prose
from footnotary.documents.api.links import Links
from footnotary.documents.api.requests import raw_operation
from footnotary.documents.api.samples import follow_reference
from footnotary.documents.tables import table
from footnotary.documents.types import render_type
from footnotary.facts.api import ApiFacts, Operation
from footnotary.facts.schema_words import limits_of, type_of, write_default

MAX_NESTED = 3
MAX_FIELDS = 60
HEADERS = ("Field", "Type", "Required", "Default", "Limits", "Description")


def body_fields(one: Operation, facts: ApiFacts, links: Links) -> str:
    """Return the fields of bodies that are written in place, as tables."""
    raw = raw_operation(one, facts.document)
    body = follow_reference(raw.get("requestBody"), facts.document)
    return "\n\n".join(_tables("It takes", body, facts, links))


def answer_fields(one: Operation, facts: ApiFacts, links: Links) -> str:
    """Return the fields of answers that are written in place, as tables."""
    answers = raw_operation(one, facts.document).get("responses")
    parts = [
        part
        for status, raw in (answers.items() if isinstance(answers, dict) else ())
        for part in _tables(
            f"**{escape.escape_text(str(status))}** gives",
            follow_reference(raw, facts.document),
            facts,
            links,
        )
    ]
    return "\n\n".join(parts)


def _tables(words: str, holder: Mapping[str, Any], facts: ApiFacts, links: Links) -> Iterator[str]:
    """Yield a table for each media type whose schema has fields in place."""
    contents = holder.get("content")
    for media, raw in contents.items() if isinstance(contents, dict) else ():
        told = follow_reference(raw, facts.document)
        rows = list(field_rows(told.get("schema", told.get("itemSchema")), links))
        if rows:
            shown = table(HEADERS, rows, MAX_FIELDS)
            yield f"{words} as {escape.code(str(media))}:\n\n{shown}"


def field_rows(schema: Any, links: Links, path: str = "", depth: int = 0) -> Iterator[list[str]]:
    """Yield a row for each field of an object in place, and for those in it, three levels deep."""
    for inner, steps in _objects(schema, path):
        needed = inner.get("required")
        for name, one in inner["properties"].items() if depth < MAX_NESTED else ():
            told = one if isinstance(one, dict) else {}
            where = f"{steps}.{name}" if steps else str(name)
            yield [
                escape.code(where) + (" (deprecated)" if told.get("deprecated") is True else ""),
                render_type(type_of(one), links.model),
                "yes" if isinstance(needed, list) and name in needed else "",
                escape.code(write_default(one)),
                escape.escape_text(limits_of(one)),
                prose.line(str(told.get("description") or "")),
            ]
            yield from field_rows(one, links, where, depth + 1)


def _objects(schema: Any, path: str) -> Iterator[tuple[Mapping[str, Any], str]]:
    """Yield the objects with fields in a schema: itself, its items, its alternatives and parts."""
    waiting = [(schema, path)]
    while waiting:
        one, steps = waiting.pop(0)
        if not isinstance(one, dict) or "$ref" in one:
            continue
        if isinstance(one.get("properties"), dict):
            yield one, steps
        for word in ("anyOf", "oneOf", "allOf"):
            parts = one.get(word)
            waiting += [(part, steps) for part in parts] if isinstance(parts, list) else []
        if isinstance(one.get("items"), dict):
            waiting.append((one["items"], f"{steps}[]"))
        if isinstance(one.get("additionalProperties"), dict):
            waiting.append((one["additionalProperties"], f"{steps}{{}}"))
