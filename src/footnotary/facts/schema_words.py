"""JSON Schema as a short line of text: type, limits, default. Nothing is dereferenced.

A model's name is in braces, so that a renderer can link it: `array of {Item} | null`.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_BOUNDS = (
    ("minimum", "≥ {}"), ("exclusiveMinimum", "> {}"), ("maximum", "≤ {}"),
    ("exclusiveMaximum", "< {}"), ("multipleOf", "multiple of {}"),
    ("minLength", "length ≥ {}"), ("maxLength", "length ≤ {}"),
    ("minItems", "items ≥ {}"), ("maxItems", "items ≤ {}"),
    ("minProperties", "properties ≥ {}"), ("maxProperties", "properties ≤ {}"),
)  # fmt: skip
_BOUNDED = frozenset(name for name, _ in _BOUNDS)
MAX_DEPTH = 6
MAX_CHOICES = 12


def type_of(schema: Any, depth: int = 0) -> str:
    """Return a schema's type.

    Args:
        schema: A JSON Schema: an object, `true` or `false`.
        depth: How deep it is; past six levels it is `object`.

    Returns:
        Such as `string | null`, `array of {Item}`, `"a" | "b"`, `map of integer`.
    """
    if not isinstance(schema, dict):
        return "nothing" if schema is False else "any"
    if isinstance(reference := schema.get("$ref"), str):
        return "{" + reference.rsplit("/", 1)[-1].replace("~1", "/") + "}"
    if depth > MAX_DEPTH:
        return "object"
    text = _combined(schema, depth) or _choices(schema) or _plain(schema, depth)
    nullable = schema.get("nullable") is True and "null" not in text.split(" | ")
    return f"{text} | null" if nullable else text


def write_default(schema: Any) -> str:
    """Return a default as JSON on one line; empty where there is none.

    `null` counts as none where the type says `null` anyway.
    """
    if not isinstance(schema, dict) or schema.get("default") is None:
        return ""
    text = json.dumps(schema["default"], ensure_ascii=False)
    return text if len(text) <= 80 else text[:79] + "…"  # noqa: PLR2004  what fits a table cell


def limits_of(schema: Any) -> str:
    """Return a schema's bounds, format and pattern, those of its one non-null variant too."""
    if not isinstance(schema, dict):
        return ""
    parts = schema.get("anyOf")
    variants = [one for one in parts if isinstance(one, dict)] if isinstance(parts, list) else []
    real = [one for one in variants if one.get("type") != "null"]
    numbers = [one for one in real if one.get("type") in ("number", "integer")]
    texts = [one for one in real if one.get("type") == "string" and "pattern" in one]
    if len(real) == len(numbers) + len(texts) == 2 and numbers:  # noqa: PLR2004  pydantic's Decimal
        real = numbers
    merged = {**real[0], **schema} if len(real) == 1 else schema
    found = [
        text.format(_number(merged[name]))
        for name, text in (_BOUNDS if not _BOUNDED.isdisjoint(merged) else ())
        if name in merged and _is_bound(merged[name])
    ]
    if merged.get("uniqueItems") is True:
        found.append("unique")
    if isinstance(pattern := merged.get("pattern"), str):
        found.append(f"matches {pattern}")
    if merged.get("additionalProperties") is False:
        found.append("no other fields")
    if len(real) > 1:
        found += _limits_by_type(real)
    told = schema.get("discriminator")
    if isinstance(told, dict) and told.get("propertyName"):
        found.append(f"told apart by {told['propertyName']}")
    for name, label in (("readOnly", "read-only"), ("writeOnly", "write-only")):
        if merged.get(name) is True:
            found.append(label)
    return ", ".join(found)


def _limits_by_type(variants: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield the limits of each simple variant of a union with its type: `number ≥ 0`."""
    for one in variants:
        kind = one.get("type")
        if kind in ("string", "number", "integer", "array") and (limits := limits_of(one)):
            yield f"{kind} {limits}"


def _number(value: Any) -> Any:
    """Return a whole number as one: pydantic writes bounds of `int | None` as `1.0`."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _is_bound(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _combined(schema: Mapping[str, Any], depth: int) -> str:
    """Return a union, or an intersection, of parts."""
    for word, joint in (("anyOf", " | "), ("oneOf", " | "), ("allOf", " & ")):
        parts = schema.get(word)
        if isinstance(parts, list) and parts:
            texts = list(dict.fromkeys(type_of(part, depth + 1) for part in parts))
            if word == "allOf" and schema.get("properties"):
                texts.append("object")
            if "null" in texts:
                texts.remove("null")
                texts.append("null")
            return joint.join(texts)
    return ""


def _choices(schema: Mapping[str, Any]) -> str:
    """Return the values of an enum or a constant."""
    values = schema.get("enum") if isinstance(schema.get("enum"), list) else None
    if "const" in schema:
        values = [schema["const"]]
    if not values:
        return ""
    shown = [json.dumps(one, ensure_ascii=False) for one in values[:MAX_CHOICES]]
    more = [f"… {len(values) - MAX_CHOICES} more"] if len(values) > MAX_CHOICES else []
    return " | ".join(shown + more)


def _plain(schema: Mapping[str, Any], depth: int) -> str:
    """Return a type that is no combination."""
    kinds = schema.get("type")
    if isinstance(kinds, list):
        texts = [_one({**schema, "type": kind}, str(kind), depth) for kind in kinds]
        return " | ".join(sorted(texts, key=lambda text: text == "null"))
    if isinstance(kinds, str):
        return _one(schema, kinds, depth)
    if "properties" in schema or "additionalProperties" in schema:
        return _one(schema, "object", depth)
    return _one(schema, "array", depth) if "items" in schema else "any"


def _one(schema: Mapping[str, Any], kind: str, depth: int) -> str:
    """Return one named type with what it is made of."""
    if kind == "array":
        if isinstance(parts := schema.get("prefixItems"), list):
            return "[" + ", ".join(type_of(part, depth + 1) for part in parts) + "]"
        inner = type_of(schema.get("items", True), depth + 1)
        return f"array of ({inner})" if " | " in inner or " & " in inner else f"array of {inner}"
    if kind == "object":
        values = schema.get("additionalProperties")
        if not schema.get("properties") and values not in (None, False, True):
            return f"map of {type_of(values, depth + 1)}"
        return "object"
    if kind == "string" and isinstance(schema.get("contentSchema"), dict):
        return f"string (JSON of {type_of(schema['contentSchema'], depth + 1)})"
    form = schema.get("format") or schema.get("contentMediaType")
    return f"{kind} ({form})" if isinstance(form, str) and form and kind != "null" else kind
