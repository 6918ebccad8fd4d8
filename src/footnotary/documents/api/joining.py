"""What several parts of a schema say together: `allOf` joined, keyword by keyword."""

import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from footnotary.documents.api.json_values import is_matched, json_kind_of, value_key
from footnotary.facts.shapes import KEPT_BESIDE, Shape

UNREAD = "reference"
"""Keyword of what is not known: a reference that leads nowhere, or in a circle."""
JSON_KINDS = ("null", "boolean", "number", "string", "array", "object")
_NEUTRAL = frozenset({*KEPT_BESIDE, "discriminator", "type", "then", "else", "minContains",
                      "maxContains"})  # fmt: skip
_BY_KIND = {
    "number": frozenset({
        "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
    }),
    "string": frozenset({
        "minLength", "maxLength", "pattern", "contentEncoding", "contentMediaType",
        "contentSchema",
    }),
    "array": frozenset({"items", "prefixItems", "minItems", "maxItems", "uniqueItems"}),
    "object": frozenset({
        "properties", "required", "additionalProperties", "minProperties", "maxProperties",
        "patternProperties",
    }),
}  # fmt: skip
_ANY_KIND = {word: kind for kind, words in _BY_KIND.items() for word in words}
_ONLY = {
    "array": ("contains", "unevaluatedItems"),
    "object": ("propertyNames", "dependentRequired", "dependentSchemas", "unevaluatedProperties"),
}
CONDITIONS = ("not", "if", "contains", "propertyNames", "dependentRequired", "dependentSchemas")
"""Keywords that hold for some values only, or of something else than the value; each is a list of
what every part says: of `if` with `then` and `else`, of `contains` with its least and most."""
_SEVERAL = frozenset({"pattern", "multipleOf", "format", "contentEncoding", "contentMediaType"})
_LEAST = frozenset({"minLength", "minItems", "minProperties"})
_MOST = frozenset({"maxLength", "maxItems", "maxProperties"})
UNDERSTOOD = frozenset({
    "enum", "whole", "low", "high", "prefix", "items", "properties", "required", "additional",
    "open", "uniqueItems", "contentSchema", "patterns", "hidden", *CONDITIONS, *_SEVERAL, *_LEAST,
    *_MOST,
})  # fmt: skip


class Joints:
    """Schemas that hold together, each set of them once.

    A model that contains itself beside other keywords would otherwise give a new, larger schema at
    each step. The parts of all joints are parts of the document, so there is an end of them.
    """

    def __init__(self) -> None:
        """Begin without any."""
        self._known: dict[frozenset[str], Shape] = {}
        self._texts: dict[int, tuple[Shape, str]] = {}

    def both(self, one: Shape, other: Shape) -> Shape:
        """Return a schema of what two schemas both accept; the same one for the same parts."""
        if one is True or one is other:
            return other
        if other is True:
            return one
        if one is False or other is False:
            return False
        parts = {self._text(part): part for part in (*_parts_of(one), *_parts_of(other))}
        if False in parts.values():
            return False
        if len(parts) == 1:
            return next(iter(parts.values()))
        return self._known.setdefault(frozenset(parts), {"allOf": [*parts.values()]})

    def _text(self, part: Shape) -> str:
        known = self._texts.get(id(part))
        if known is None:  # the schema is kept, so that no other has its id
            known = self._texts[id(part)] = (part, repr(part))
        return known[1]


def _parts_of(shape: Shape) -> Iterator[Shape]:
    """Yield the schemas that hold together in a schema; itself where it is no `allOf` alone."""
    if isinstance(shape, dict) and shape.keys() == {"allOf"}:
        for part in shape["allOf"]:
            yield from _parts_of(part)
    elif shape is not True:
        yield shape


def kinds_of(parts: Collection[Mapping[str, Any]]) -> list[str]:
    """Return the kinds of values that keywords allow; guessed by what is said where no type is."""
    kinds = set(JSON_KINDS)
    stated = False
    for part in parts:
        if "type" in part:
            stated = True
            kinds &= {"number" if one == "integer" else one for one in part["type"]}
        if "enum" in part:
            stated = True
            kinds &= {json_kind_of(one) for one in part["enum"]}
    if not stated:
        told = {_ANY_KIND[word] for part in parts for word in part if word in _ANY_KIND}
        kinds = told or kinds
    return [one for one in JSON_KINDS if one in kinds]


def join_words(kind: str, parts: Iterable[Mapping[str, Any]], joints: Joints) -> dict[str, Any]:
    """Return what keywords say together of one kind of values.

    Args:
        kind: The kind, one of `JSON_KINDS`.
        parts: The keywords of each part.
        joints: The schemas of the same document that hold together.
    """
    words = _first_words(kind)
    for part in parts:
        if kind == "number" and "integer" in part.get("type", ()):
            words["whole"] = True
        if kind == "object":
            _join_object(words, part, joints)
        elif kind == "array":
            _join_array(words, part, joints)
        for key, value in part.items():
            if _is_of(kind, key):
                _join_word(words, key, _whole(part, key, value), joints)
    if kind == "number":
        _settle_bounds(words)
    asked = [pair for one in words.get("dependentRequired", ()) for pair in one.items()]
    for _ in asked:  # what a required field asks for is required, too
        more = {name for field, names in asked if field in words["required"] for name in names}
        words["required"] = words["required"] | more
    return words


def _whole(part: Mapping[str, Any], key: str, value: Any) -> Any:
    """Return the value of a keyword with those that say more of it."""
    if key == "if":
        return value, part.get("then", True), part.get("else", True)
    if key == "contains":
        return value, part.get("minContains", 1), part.get("maxContains", math.inf)
    return value


def field_of(words: Mapping[str, Any], name: str, joints: Joints) -> Shape | None:
    """Return the schema of a field of objects; None where a pattern cannot be read."""
    if name in words["properties"]:
        shape: Shape = words["properties"][name]
        return shape
    found = [(is_matched(name, one), shape) for one, shape in words.get("patterns", {}).items()]
    if any(matched is None for matched, _ in found):
        return None
    joined: Shape = True
    for _, shape in (one for one in found if one[0]):
        joined = joints.both(joined, shape)
    return joined if any(matched for matched, _ in found) else words["additional"]


def _first_words(kind: str) -> dict[str, Any]:
    """Return what holds of every value of a kind."""
    found: dict[str, dict[str, Any]] = {
        "boolean": {"enum": [False, True]},
        "null": {"enum": [None]},
        "object": {"properties": {}, "required": frozenset(), "additional": True, "patterns": {}},
        "array": {"prefix": [], "items": True},
    }
    return found.get(kind, {})


def _is_of(kind: str, key: str) -> bool:
    """Whether a keyword says something of a kind of values that is not joined elsewhere."""
    if key in _NEUTRAL:
        return False
    if key in _ANY_KIND:
        elsewhere = ("properties", "required", "additionalProperties", "items", "prefixItems",
                     "patternProperties")  # fmt: skip
        return _ANY_KIND[key] == kind and key not in elsewhere
    if key == "format":
        return kind in ("string", "number")
    return all(kind == one or key not in words for one, words in _ONLY.items())


def _join_word(words: dict[str, Any], key: str, value: Any, joints: Joints) -> None:
    """Join one keyword to what other parts said."""
    if key in ("minimum", "exclusiveMinimum"):
        bound = (value, key != "minimum")
        words["low"] = max(words.get("low", bound), bound)
    elif key in ("maximum", "exclusiveMaximum"):
        bound = (value, key != "maximum")
        words["high"] = min(words.get("high", bound), bound, key=lambda one: (one[0], not one[1]))
    elif key in _LEAST:
        words[key] = max(words.get(key, value), value)
    elif key in _MOST:
        words[key] = min(words.get(key, value), value)
    elif key in _SEVERAL:
        words[key] = sorted({*words.get(key, ()), value}, key=str)
    elif key == "enum":
        shared = {value_key(one) for one in value}
        words["enum"] = [one for one in words.get("enum", value) if value_key(one) in shared]
    elif key == "uniqueItems":
        words[key] = True
    elif key == "contentSchema":
        words[key] = joints.both(words.get(key, True), value)
    else:
        words[key] = [*words.get(key, ()), value]


def _settle_bounds(words: dict[str, Any]) -> None:
    """Bring bounds to values that are taken: a whole number more than 0 is at least 1."""
    step = next(iter(words.get("multipleOf", ())), 1 if words.get("whole") else None)
    if not isinstance(step, int) or step <= 0:
        return
    if "low" in words:
        value, strict = words["low"]
        words["low"] = ((value // step + 1 if strict else -(-value // step)) * step, False)
    if "high" in words:
        value, strict = words["high"]
        words["high"] = ((-(-value // step) - 1 if strict else value // step) * step, False)


def _join_object(words: dict[str, Any], part: Mapping[str, Any], joints: Joints) -> None:
    """Join what a part says of the fields of objects; each closes its own list of fields."""
    said = {"properties": part.get("properties", {}), "patterns": part.get("patternProperties", {}),
            "additional": part.get("additionalProperties", True)}  # fmt: skip
    if said["patterns"]:
        for name, shape in said["properties"].items():
            alone = field_of({**said, "properties": {}, "additional": True}, name, joints)
            said["properties"] = {**said["properties"], name: _both(shape, alone, joints)}
    names = dict.fromkeys([*words["properties"], *said["properties"]])
    fields = {
        name: _both(field_of(words, name, joints), field_of(said, name, joints), joints)
        for name in names
    }
    before, after = words["patterns"], said["patterns"]
    others = words["additional"], said["additional"]
    unmatched = before.keys() - after.keys() if others[1] is not True else set()
    unmatched |= after.keys() - before.keys() if others[0] is not True else set()
    if before and after and unmatched:  # a name may match a pattern of both
        words.setdefault(UNREAD, []).append("patterns of names that hold together")
    words["patterns"] = {
        one: joints.both(before.get(one, others[0]), after.get(one, others[1]))
        for one in dict.fromkeys([*before, *after])
    }
    words["properties"] = fields
    words["additional"] = joints.both(*others)
    if part.get("additionalProperties") is True:
        words["open"] = True
    words["required"] = words["required"] | frozenset(part.get("required", ()))


def _both(one: Shape | None, other: Shape | None, joints: Joints) -> Shape:
    """Return what two schemas accept; what is not known is nothing that is known."""
    unknown = {UNREAD: "a pattern that cannot be read"}
    return joints.both(unknown if one is None else one, unknown if other is None else other)


def _join_array(words: dict[str, Any], part: Mapping[str, Any], joints: Joints) -> None:
    """Join what a part says of the items of arrays."""
    prefix, items = part.get("prefixItems", []), part.get("items", True)
    known, rest = words["prefix"], words["items"]
    words["prefix"] = [
        joints.both(
            known[at] if at < len(known) else rest, prefix[at] if at < len(prefix) else items
        )
        for at in range(max(len(known), len(prefix)))
    ]
    words["items"] = joints.both(rest, items)


def is_empty(words: Mapping[str, Any]) -> bool:
    """Whether nothing can fit: bounds that cross, no value left, a required field without any."""
    if words.get("enum") == []:
        return True
    low, high = words.get("low"), words.get("high")
    if low and high and (low[0] > high[0] or (low[0] == high[0] and (low[1] or high[1]))):
        return True
    for of in ("Length", "Items", "Properties"):
        if words.get(f"min{of}", 0) > words.get(f"max{of}", math.inf):
            return True
    fields = words.get("properties", {})
    rest = words.get("additional", True) if not words.get("patterns") else True
    return any(fields.get(name, rest) is False for name in words.get("required", ()))
