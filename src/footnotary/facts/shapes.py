"""Schemas in normal form: JSON Schema 2020-12 without words for people.

The forms of OpenAPI 3.0 (`nullable`, `exclusiveMinimum: true`) become those of 2020-12
(OpenAPI Specification 3.0.3, section 4.7.24; 3.1.0, section 4.8.24), what says nothing is left out,
and references are kept. Two schemas that mean the same mostly come out equal; whether those that
do not are compatible is told by `documents.api.subtyping`.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

Shape: TypeAlias = dict[str, Any] | bool
DEEPEST = 60
# What is written below here is not kept, and never compared.
TOO_DEEP = "what is nested too deeply"
NOTES = ("deprecated", "readOnly", "writeOnly")
"""Annotations that are kept beside `default` and `xml`."""
KEPT_BESIDE = (*NOTES, "default", "xml")
"""What is said beside a reference or a union, and is no part of what either accepts."""

_WORDS = frozenset({
    "title", "description", "example", "examples", "externalDocs", "$comment", "$schema", "$id",
    "$anchor", "$defs", "definitions", "nullable", "optional", "additionalItems", "$dynamicAnchor",
    "$vocabulary", "$recursiveAnchor",
})  # fmt: skip
_NUMBERS = frozenset({
    "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength",
    "maxLength", "minItems", "maxItems", "minProperties", "maxProperties",
})  # fmt: skip
_AT_LEAST_NOTHING = frozenset({"minLength", "minItems", "minProperties"})
_MAPS = frozenset({"properties", "patternProperties", "dependentSchemas"})
_LISTS = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})
_BELOW = frozenset({
    "items", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames",
    "unevaluatedProperties", "unevaluatedItems", "contentSchema",
})  # fmt: skip
COVARIANT = frozenset({*_LISTS, "properties", "patternProperties", "items", "additionalProperties",
                       "contentSchema"})  # fmt: skip
"""Keywords whose schemas accept no less when the whole accepts no less."""
_DATA = frozenset({"default", "enum", "const", "xml", "discriminator", "dependentRequired"})
# Where no value is as good as any: the word says nothing then.
_OPEN = frozenset({"items", "unevaluatedProperties", "unevaluatedItems"})
_AS_WRITTEN = frozenset({"type", "$ref", "default"})
_TEXTS = frozenset({"$ref", "pattern", "format", "contentEncoding", "contentMediaType"})
_COUNTS = ("Length", "Items", "Properties")
_MOST_COUNTED = 1_000_000_000
_TOLD_APART = ("propertyName", "mapping")
_FORMATS = {
    "binary": ("contentMediaType", "application/octet-stream"),
    "byte": ("contentEncoding", "base64"),
}


def normal_shape(raw: Any, depth: int = 0) -> Shape:
    """Return a schema in normal form.

    Args:
        raw: A JSON Schema of any version that OpenAPI 3 allows.
        depth: How deep it is.
    """
    if not isinstance(raw, Mapping):
        return raw is not False
    if depth > DEEPEST:
        return {TOO_DEEP: True}
    found: dict[str, Any] = {}
    for key, value in raw.items():
        if key == "items" and isinstance(value, list):  # until draft 2019-09
            _add_word(found, "prefixItems", value, depth)
            _add_word(found, "items", raw.get("additionalItems", True), depth)
        elif key == "dependencies":  # until draft 2019-09
            _add_dependencies(found, value, depth)
        elif key not in _WORDS and not str(key).startswith("x-"):
            _add_word(found, str(key), value, depth)
    _settle_bounds(found)
    _settle_type(found)
    if isinstance(raw.get("$ref"), str):
        return _reference(found, raw)
    shape = _single(found) if _LISTS & found.keys() else found
    return _nullable(shape) if raw.get("nullable") is True else shape


def references_in(shape: Shape) -> Iterator[str]:
    """Yield each reference in a schema, in its order and as often as it is written."""
    waiting: list[Any] = [shape]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            if isinstance(one.get("$ref"), str):
                yield one["$ref"]
            waiting += [below for _, below in schemas_below(one)]


def schemas_below(shape: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield each schema right below one in normal form, with the keyword that it is under."""
    for key, value in shape.items():
        if key in _DATA:
            continue
        if key in _MAPS and isinstance(value, dict):
            yield from ((key, below) for below in value.values())
        elif isinstance(value, dict):
            yield key, value
        elif isinstance(value, list):
            yield from ((key, below) for below in value if isinstance(below, dict))


def _add_word(found: dict[str, Any], key: str, value: Any, depth: int) -> None:
    """Put one keyword into a schema's normal form; what says nothing is left out."""
    if key in _TEXTS and not isinstance(value, str):
        return
    if key in _AS_WRITTEN:
        found[key] = value
    elif key in _NUMBERS:
        found |= _number(key, value)
    elif key in _BELOW:
        shape = normal_shape(value, depth + 1) or value is not False
        if shape is not True or key not in _OPEN:
            found[key] = shape
    elif key in _MAPS:
        below = {str(name): normal_shape(one, depth + 1) for name, one in _mapping(value).items()}
        found |= {key: below} if below else {}
    elif key in _LISTS:
        parts = [normal_shape(one, depth + 1) for one in value] if isinstance(value, list) else []
        found |= {key: parts} if parts else {}
    elif key == "required":
        names = sorted({one for one in value if isinstance(one, str)}) if _is_list(value) else []
        found |= {key: names} if names else {}
    else:
        found |= _plain(key, value)


def _add_dependencies(found: dict[str, Any], value: Any, depth: int) -> None:
    """Put what a field asks for into the two keywords that it is since draft 2019-09."""
    for word, kind in (("dependentRequired", list), ("dependentSchemas", dict | bool)):
        asked = {name: one for name, one in _mapping(value).items() if isinstance(one, kind)}
        _add_word(found, word, asked, depth)


def _plain(key: str, value: Any) -> dict[str, Any]:
    """Return a keyword that has no schemas below it."""
    if key in (*NOTES, "uniqueItems"):
        return {key: True} if value is True else {}
    if key == "const":
        return {"enum": [value]}
    if key == "format":
        return _format(value)
    kept = _SETTLED[key](value) if key in _SETTLED else value
    return {} if kept is None and key in _SETTLED else {key: kept}


def _asked(value: Any) -> dict[str, list[str]] | None:
    """Return the fields that fields ask for; None where there are none."""
    asked = {str(name): sorted({one for one in names if isinstance(one, str)})
             for name, names in _mapping(value).items() if _is_list(names)}  # fmt: skip
    return asked if any(asked.values()) else None


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and value >= 0 else None


def _told_apart(value: Any) -> dict[str, Any] | None:
    return {word: one for word, one in _mapping(value).items() if word in _TOLD_APART} or None


def _as_xml(value: Any) -> dict[str, Any] | None:
    return {word: one for word, one in _mapping(value).items() if one not in (None, False)} or None


_SETTLED: Mapping[str, Callable[[Any], Any]] = {
    "enum": lambda value: _distinct(value) if _is_list(value) else None,
    "dependentRequired": _asked,
    "minContains": _count,
    "maxContains": _count,
    "discriminator": _told_apart,
    "xml": _as_xml,
}


def _number(key: str, value: Any) -> dict[str, Any]:
    """Return a bound; OpenAPI 3.0's `exclusiveMinimum: true` stays until bounds are settled."""
    if isinstance(value, bool):
        return {key: True} if value and key.startswith("exclusive") else {}
    if not isinstance(value, int | float) or (key in _AT_LEAST_NOTHING and value <= 0):
        return {}
    if key == "multipleOf" and value <= 0:
        return {}
    if key.endswith(_COUNTS):
        return {key: int(value)} if 0 <= value <= _MOST_COUNTED else {}
    return {key: int(value) if isinstance(value, float) and value.is_integer() else value}


def _format(value: Any) -> dict[str, Any]:
    """Return a format; a hint for people is none, and two have newer words (OpenAPI 3.1)."""
    if not isinstance(value, str) or value == "password":
        return {}
    key, word = _FORMATS.get(value, ("format", value))
    return {key: word}


def _settle_bounds(found: dict[str, Any]) -> None:
    """Write `exclusiveMinimum: true` beside `minimum` as JSON Schema does since draft 6."""
    for strict, plain in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if found.get(strict) is True:
            del found[strict]
            if plain in found:
                found[strict] = found.pop(plain)


def _settle_type(found: dict[str, Any]) -> None:
    """Write types as a sorted list; an integer is a number too (JSON Schema, section 4.2.1)."""
    if found.get("enum") and all(isinstance(one, bool) for one in found["enum"]):
        found["type"] = ["boolean"]  # in Python `true` equals 1
    if "type" not in found:
        return
    kinds = found.pop("type")
    if isinstance(kinds, str):
        found["type"] = [kinds]
        return
    named = {one for one in kinds if isinstance(one, str)} if _is_list(kinds) else set()
    if named:
        found["type"] = sorted(named - {"integer"} if "number" in named else named)


def _reference(found: dict[str, Any], raw: Mapping[str, Any]) -> Shape:
    """Return a reference; what is written beside it holds too, as in OpenAPI 3.1."""
    reference = found.pop("$ref")
    notes = {key: found.pop(key) for key in KEPT_BESIDE if key in found}
    shape: dict[str, Any] = {"$ref": reference}
    if found:
        shape = {"allOf": [shape, found]}
    if raw.get("nullable") is True:
        shape = _nullable(shape)
    return {**shape, **notes}


def _single(found: dict[str, Any]) -> Shape:
    """Return a schema; one that only wraps another is that other, with the notes of both."""
    rest = {key: value for key, value in found.items() if key not in KEPT_BESIDE}
    for word in ("allOf", "anyOf", "oneOf"):
        parts = rest.get(word)
        if parts and len(parts) == 1 and len(rest) == 1 and isinstance(parts[0], dict):
            notes = {key: value for key, value in found.items() if key not in rest}
            return {**parts[0], **notes}
    return found


def _nullable(shape: Shape) -> dict[str, Any]:
    """Return a schema that takes `null` too, as authors mean by `nullable` beside an enum."""
    if not isinstance(shape, dict):
        return {"anyOf": [shape, {"type": ["null"]}]}
    kinds = shape.get("type")
    if kinds and "enum" not in shape and not {"anyOf", "oneOf", "allOf"} & shape.keys():
        return {**shape, "type": sorted({*kinds, "null"})}
    notes = {key: shape[key] for key in KEPT_BESIDE if key in shape}
    inner = {key: value for key, value in shape.items() if key not in notes}
    return {"anyOf": [inner, {"type": ["null"]}], **notes}


def _distinct(values: list[Any]) -> list[Any]:
    """Return values once each; `1` and `true` are two, though Python has them equal."""
    found = {repr(one): one for one in values}
    return list(found.values())


def _is_list(value: Any) -> bool:
    return isinstance(value, list)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
