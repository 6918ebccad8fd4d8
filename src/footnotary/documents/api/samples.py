"""Small values that a JSON Schema accepts: the bodies and parameters of examples."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeGuard
from urllib.parse import unquote

from footnotary.documents.api.json_values import TooLarge, matching
from footnotary.documents.api.variants import World
from footnotary.facts.shapes import Shape, normal_shape

Json = Mapping[str, Any]
_MAX_DEPTH = 7
_MAX_VALUES = 1_000  # inside one another
SHOWN_OPTIONAL = 3
_FORMATS = {
    "date": "2026-01-31",
    "date-time": "2026-01-31T12:00:00Z",
    "time": "12:00:00Z",
    "duration": "PT1H",
    "email": "user@example.org",
    "idn-email": "user@example.org",
    "uuid": "3fa85f64-5717-4562-b3fc-2c963f66afa6",
    "uri": "https://example.org/",
    "url": "https://example.org/",
    "uri-reference": "/path",
    "hostname": "example.org",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "byte": "Zm9vdG5vdGU=",
    "binary": "",
    "password": "correct horse",
    "json-pointer": "/a",
    "regex": "^a$",
    "uuid1": "c9a646d3-9c61-11ee-8c90-0242ac120002",
    "uuid3": "6fa459ea-ee8a-3ca4-894e-db77e160355e",
    "uuid4": "3fa85f64-5717-4562-b3fc-2c963f66afa6",
    "uuid5": "886313e1-3b8a-5372-9b90-0c9aee199e5d",
    "ipv4network": "192.0.2.0/24",
    "ipv4interface": "192.0.2.1/24",
    "ipv6network": "2001:db8::/32",
    "ipv6interface": "2001:db8::1/32",
    "ipvanyaddress": "192.0.2.1",
    "ipvanynetwork": "192.0.2.0/24",
    "ipvanyinterface": "192.0.2.1/24",
    "multi-host-uri": "postgresql://db.example.org/name",
    "color": "black",
}


@dataclass(frozen=True)
class _Trail:
    """References that were followed to come to a value, and how many values there are by now."""

    followed: frozenset[str] = frozenset()
    made: list[None] = field(default_factory=list)

    def beyond(self, references: list[str]) -> "_Trail":
        """Return the trail of the values below, which count to the same sum."""
        return replace(self, followed=self.followed.union(references))


def make_value(schema: Any, document: Json, depth: int = 0, trail: _Trail | None = None) -> Any:
    """Return a small value that a schema accepts.

    Examples and defaults of the document come first, if they fit their own schema; objects
    get their required fields; a model inside itself ends there, and so does a value of too many.

    Args:
        schema: A JSON Schema: an object, `true` or `false`.
        document: The whole document, for references.
        depth: How deep it is.
        trail: How it was come to.
    """
    trail = trail or _Trail()
    trail.made.append(None)
    followed_here: list[str] = []
    merged = merged_schema(schema, document, depth, followed_here)
    again = not trail.followed.isdisjoint(followed_here) or depth > _MAX_DEPTH
    again = again or len(trail.made) > _MAX_VALUES
    if again and _allows_null(merged):
        return None
    given = [*_list(merged.get("examples")), *([merged["example"]] if "example" in merged else [])]
    given += [merged["default"]] if merged.get("default") is not None else []
    for one in given:
        if fits(one, merged, document):
            return one
    if "const" in merged:
        return merged["const"]
    if values := _list(merged.get("enum")):
        return next((one for one in values if one is not None), values[0])
    if again and (kind := first_type_of(merged)) in ("object", "array"):
        return {} if kind == "object" else []
    return _typed(merged, document, depth, trail.beyond(followed_here))


def merged_schema(
    schema: Any, document: Json, depth: int = 0, seen: list[str] | None = None
) -> dict[str, Any]:
    """Return a schema with its reference followed, `allOf` joined and one alternative chosen.

    Args:
        schema: A JSON Schema.
        document: The whole document.
        depth: How deep it is; past twice the limit nothing is followed.
        seen: Where the references that are followed are noted; each is followed once.
    """
    seen = [] if seen is None else seen
    if not isinstance(schema, dict) or depth > 2 * _MAX_DEPTH:
        return {}
    found: dict[str, Any] = {}
    reference = schema.get("$ref")
    if isinstance(reference, str) and reference not in seen:  # what holds twice holds once
        seen.append(reference)
        _join(found, merged_schema(follow_reference(schema, document), document, depth + 1, seen))
    _join(found, {key: value for key, value in schema.items() if key != "$ref"})
    for part in _list(found.pop("allOf", None)):
        _join(found, merged_schema(part, document, depth + 1, seen))
    for word in ("oneOf", "anyOf"):
        parts = _list(found.pop(word, None))
        real = [part for part in parts if not _is_null(part, document)]
        if len(real) < len(parts):
            found["nullable"] = True
        if real:
            _join(found, merged_schema(real[0], document, depth + 1, seen))
    told = found.get("discriminator")
    if isinstance(told, dict) and told.get("propertyName") in (found.get("properties") or {}):
        _join(found, {"required": [told["propertyName"]]})
    return found


def follow_reference(schema: Any, document: Json) -> Json:
    """Follow local references, at most sixteen deep."""
    for _ in range(16):
        reference = schema.get("$ref") if isinstance(schema, dict) else None
        if not isinstance(reference, str) or not reference.startswith("#"):
            break
        schema = pointed(reference, document)
    return schema if isinstance(schema, dict) else {}


def pointed(reference: str, document: Json) -> Any:
    """Return what a local reference points to (RFC 6901, section 6); an empty object for nothing.

    Args:
        reference: Such as `#/components/schemas/Item`.
        document: The whole document.
    """
    target: Any = document
    for part in filter(None, reference[1:].split("/")):
        key = unquote(part).replace("~1", "/").replace("~0", "~")
        if isinstance(target, list) and key.isdigit() and int(key) < len(target):
            target = target[int(key)]
        else:
            target = target.get(key, {}) if isinstance(target, dict) else {}
    return target


@dataclass(frozen=True)
class _Shapes(Mapping[str, Shape | None]):
    """The schemas of a document in normal form, by reference, each made when it is asked for."""

    document: Json

    def __getitem__(self, reference: str) -> Shape | None:
        found = pointed(reference, self.document) if reference.startswith("#") else None
        return normal_shape(found) if isinstance(found, dict | bool) else None

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def fits(value: Any, schema: Any, document: Json) -> bool:
    """Return whether a value fits a schema, or it cannot be told.

    Args:
        value: An example or default that somebody wrote.
        schema: A schema.
        document: The whole document.
    """
    try:
        return World(_Shapes(document), sent=True).accepts(value, normal_shape(schema)) is not False
    except TooLarge:
        return False


def first_type_of(schema: Json) -> str:
    """Return a schema's first type that is not null, guessed from its other words."""
    kind = schema.get("type")
    if isinstance(kind, list):
        return next((str(one) for one in kind if one != "null"), "null")
    if isinstance(kind, str):
        return kind
    if "properties" in schema or "required" in schema or "additionalProperties" in schema:
        return "object"
    return "array" if "items" in schema else "string" if "pattern" in schema else ""


def bounds(schema: Json) -> tuple[float | None, float | None]:
    """Return the least and the greatest number; exclusive bounds are one step inside.

    OpenAPI 3.0 has `exclusiveMinimum: true` beside `minimum`, 3.1 a number.
    """
    step = 1 if schema.get("type") == "integer" else 0.5
    low: Any = schema.get("minimum")
    high: Any = schema.get("maximum")
    over, under = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
    if over is True and low is not None:
        low += step
    elif _is_number(over):
        low = over + step if low is None else max(low, over + step)
    if under is True and high is not None:
        high -= step
    elif _is_number(under):
        high = under - step if high is None else min(high, under - step)
    if low is not None and high is not None and low > high:
        low = high = (low + high) / 2
    return low, high


def _join(found: dict[str, Any], more: Json) -> None:
    """Put one schema's words to another's: fields and requirements add up, others replace."""
    for key, value in more.items():
        if key == "properties" and isinstance(found.get(key), dict) and isinstance(value, dict):
            found[key] = {**found[key], **value}
        elif key in ("required", "allOf") and isinstance(found.get(key), list):
            found[key] = [*found[key], *(one for one in _list(value) if one not in found[key])]
        elif key == "enum" and isinstance(found.get(key), list) and isinstance(value, list):
            found[key] = [one for one in found[key] if one in value] or value
        else:
            found[key] = value


def _typed(schema: Json, document: Json, depth: int, trail: _Trail) -> Any:
    """Return a value by the schema's type."""
    kind = first_type_of(schema)
    if kind == "object":
        return _object(schema, document, depth, trail)
    if kind == "array":
        return _array(schema, document, depth, trail)
    if kind in ("integer", "number"):
        return _number(schema, whole=kind == "integer")
    if kind in ("boolean", "null"):
        return {"boolean": True, "null": None}[kind]
    if (
        schema.get("contentMediaType") == "application/json"
        or schema.get("format") == "json-string"
    ):
        inner = make_value(schema.get("contentSchema", {}), document, depth + 1, trail)
        return json.dumps(inner, default=str)
    return _string(schema)


def _object(schema: Json, document: Json, depth: int, trail: _Trail) -> dict[str, Any]:
    """Return an object with its required fields; a few optional ones where none is required."""
    fields = schema.get("properties") or {}
    names = [name for name in _list(schema.get("required")) if isinstance(name, str)]
    if not names and depth == 0:
        writable = [
            n for n, one in fields.items() if not follow_reference(one, document).get("readOnly")
        ]
        names = writable[:SHOWN_OPTIONAL]
    least = min(int(schema.get("minProperties") or 0), 20)
    names += [name for name in fields if name not in names][: max(least - len(names), 0)]
    found = {
        name: make_value(fields.get(name, {}), document, depth + 1, trail)
        for name in dict.fromkeys(names)
        if depth <= _MAX_DEPTH
    }
    extra = schema.get("additionalProperties")
    while len(found) < least and depth <= _MAX_DEPTH and extra is not False:
        found[f"key{len(found) + 1}"] = make_value(extra, document, depth + 1, trail)
    return found


def _array(schema: Json, document: Json, depth: int, trail: _Trail) -> list[Any]:
    """Return an array of as few items as are allowed, one where it may be empty."""
    least = int(schema.get("minItems") or 0)
    fixed = [
        make_value(one, document, depth + 1, trail) for one in _list(schema.get("prefixItems"))
    ]
    if fixed or (depth >= _MAX_DEPTH and not least) or schema.get("maxItems") == 0:
        return fixed
    items = schema.get("items", True)
    inner: list[str] = []
    merged = merged_schema(items, document, 0, inner)
    if not least and not trail.followed.isdisjoint(inner):
        return []
    one = make_value(items, document, depth + 1, trail)
    count = min(max(least, 1), 20, max(_MAX_VALUES // _size(one), 1))
    if schema.get("uniqueItems") is True and count > 1:
        choices = _list(merged.get("enum"))
        numbered = [one + at if _is_number(one) else f"{one}{at}" for at in range(count)]
        return choices[:count] if len(choices) >= count else numbered
    return [one] * count


def _size(value: Any) -> int:
    """Return how many values are in a value, itself included."""
    below = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + sum(map(_size, below))


def _number(schema: Json, *, whole: bool) -> Any:
    """Return a number within its bounds."""
    low, high = bounds(schema)
    value: float = 1 if low is None else low
    if low is None and high is not None and value > high:
        value = high
    elif low is not None and low <= 1 and (high is None or high >= 1):
        value = 1
    step = schema.get("multipleOf")
    if _is_number(step) and step > 0:
        value = -(-value // step) * step
    return int(value) if whole or value == int(value) else value


def _string(schema: Json) -> str:
    """Return text of the schema's format, pattern and length."""
    least, most = int(schema.get("minLength") or 0), schema.get("maxLength")
    most = int(most) if _is_number(most) else None
    if isinstance(schema.get("pattern"), str) and (
        text := matching(schema["pattern"], least, most)
    ):
        return text
    text = _FORMATS.get(str(schema.get("format")), "text")
    text = text.ljust(min(least, 10_000), "x")
    return text[:most] if most is not None else text


def _allows_null(schema: Json) -> bool:
    kind = schema.get("type")
    return schema.get("nullable") is True or kind == "null" or (
        isinstance(kind, list) and "null" in kind
    )  # fmt: skip


def _is_null(schema: Any, document: Json) -> bool:
    return follow_reference(schema, document).get("type") == "null"


def _is_number(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
