"""What a schema accepts, as alternatives of one kind each: references followed, `allOf` joined.

A schema is `anyOf` of variants, a variant the conjunction of what is written of one kind of JSON
value (JSON Schema 2020-12, core section 4.2.1). `oneOf` is read as `anyOf`: its members are meant
to exclude each other.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from footnotary.documents.api.json_values import (
    fits_number,
    fits_text,
    is_counted,
    json_kind_of,
    same_value,
    sample_number,
)
from footnotary.facts.shapes import NOTES, Shape

JSON_KINDS = ("null", "boolean", "number", "string", "array", "object")
_NEUTRAL = frozenset({*NOTES, "default", "discriminator", "xml", "type"})
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
    }),
}  # fmt: skip
_ANY_KIND = {word: kind for kind, words in _BY_KIND.items() for word in words}
_ONLY = {
    "array": ("contains", "minContains", "maxContains", "unevaluatedItems"),
    "object": ("patternProperties", "propertyNames", "dependentRequired", "dependentSchemas",
               "unevaluatedProperties"),
}  # fmt: skip
_SEVERAL = frozenset({"pattern", "multipleOf", "format", "contentEncoding", "contentMediaType"})
_LEAST = frozenset({"minLength", "minItems", "minProperties"})
_MOST = frozenset({"maxLength", "maxItems", "maxProperties"})
_UNDERSTOOD = frozenset({
    "enum", "whole", "low", "high", "prefix", "items", "properties", "required", "additional",
    "open", "uniqueItems", "contentSchema", *_SEVERAL, *_LEAST, *_MOST,
})  # fmt: skip
UNREAD = "reference"
"""Keyword of what is not known: a reference that leads nowhere, or in a circle."""

MAX_VARIANTS, MAX_COMBINED = 512, 64
MAX_TRAIL = 32
MAX_FINITE = 256
_COMBINED = frozenset({"$ref", "allOf", "anyOf", "oneOf"})


@dataclass(frozen=True, eq=False)
class Variant:
    """One alternative of a schema.

    Attributes:
        kind: The kind of its values, one of `JSON_KINDS`.
        words: What holds of them. Objects always have `properties`, `required` and `additional`,
            arrays `prefix` and `items`; numbers may have `whole`, `low` and `high` (a bound and
            whether it is exclusive); what several parts say of one word is a sorted list.
    """

    kind: str
    words: dict[str, Any]

    @property
    def others(self) -> dict[str, Any]:
        """Keywords whose meaning is not looked into."""
        return {key: value for key, value in self.words.items() if key not in _UNDERSTOOD}

    def values(self) -> list[Any] | None:
        """Return all its values where they are few, else None."""
        if "enum" in self.words:
            return list(self.words["enum"])
        low, high = self.words.get("low"), self.words.get("high")
        if not self.words.get("whole") or not low or not high or high[0] - low[0] > MAX_FINITE:
            return None
        found: list[Any] = list(range(int(low[0]), int(high[0]) + 1))
        return [one for one in found if fits_number(one, self.words)]


@dataclass(eq=False)
class World:
    """The schemas of one document, seen by who sends or by who is given.

    Attributes:
        schemas: Schemas by reference.
        sent: Whether values are sent: fields that are `readOnly` are no part of them then, and
            those that are `writeOnly` no part of others.
    """

    schemas: Mapping[str, Shape | None]
    sent: bool
    _found: dict[int, tuple[Any, tuple[Variant, ...]]] = field(default_factory=dict)

    def variants(self, shape: Shape) -> tuple[Variant, ...]:
        """Return the alternatives of a schema; none for what accepts nothing."""
        known = self._found.get(id(shape))
        if known is None:
            try:
                joined = self._conjunctions(shape, ())
                made = tuple(one for parts in joined for one in self._made(parts))
            except RecursionError:
                unread = [{UNREAD: "nested too deeply"}]
                made = tuple(Variant(kind, _joined(kind, unread)) for kind in JSON_KINDS)
            known = self._found[id(shape)] = (shape, made)  # kept, so that no other has its id
        return known[1]

    def _conjunctions(self, shape: Shape, trail: tuple[str, ...]) -> list[list[dict[str, Any]]]:
        """Return a schema as alternatives, each a list of keywords that hold together."""
        if isinstance(shape, bool):
            return [[]] if shape else []
        plain = {key: value for key, value in shape.items() if key not in _COMBINED}
        found: list[list[dict[str, Any]]] = [[plain]] if plain else [[]]
        unions = [shape[word] for word in ("anyOf", "oneOf") if word in shape]
        if "$ref" in shape:
            unions.append([shape["$ref"]])
        unions += [[part] for part in shape.get("allOf", ())]
        for members in unions:
            listed = [one for part in members for one in self._member(part, trail)]
            most = MAX_VARIANTS if len(found) == 1 else MAX_COMBINED
            if len(found) * len(listed) > most:
                return [[{UNREAD: "more alternatives than are compared"}]]
            found = [[*one, *other] for one in found for other in listed]
        return found

    def _member(self, part: Shape | str, trail: tuple[str, ...]) -> list[list[dict[str, Any]]]:
        """Return a part of a schema as alternatives; a reference that is in a circle is unknown."""
        if not isinstance(part, str):
            return self._conjunctions(part, trail)
        target = self.schemas.get(part)
        if target is None or part in trail or len(trail) > MAX_TRAIL:
            return [[{UNREAD: part}]]
        return self._conjunctions(target, (*trail, part))

    def _made(self, parts: list[dict[str, Any]]) -> Iterator[Variant]:
        """Yield the variants of keywords that hold together, one for each kind they allow."""
        for kind in _kinds_of(parts):
            words = _joined(kind, parts)
            if kind == "object":
                self._leave_hidden(words)
            if "enum" in words:
                words["enum"] = [one for one in words["enum"] if json_kind_of(one) == kind]
            if "enum" in words and kind in {"number", "string"}:
                plain = Variant(kind, {key: one for key, one in words.items() if key != "enum"})
                words["enum"] = [e for e in words["enum"] if self.fits(e, plain) is not False]
            if not _is_empty(words):
                yield Variant(kind, words)

    def _leave_hidden(self, words: dict[str, Any]) -> None:
        """Take out fields that do not go this way (OpenAPI 3.0.3, section 4.7.24.2)."""
        note = "readOnly" if self.sent else "writeOnly"
        hidden = {name for name, one in words["properties"].items() if self._has(one, note)}
        if hidden:
            shown = words["properties"].items()
            words["properties"] = {name: one for name, one in shown if name not in hidden}
            words["required"] = words["required"] - hidden

    def _has(self, shape: Shape, note: str, depth: int = 0) -> bool:
        """Whether a schema has a note, by itself or by what it refers to."""
        if not isinstance(shape, dict) or depth > MAX_TRAIL:
            return False
        parts: list[Any] = list(shape.get("allOf", ()))
        parts += [self.schemas.get(shape["$ref"])] if "$ref" in shape else []
        return shape.get(note) is True or any(self._has(one, note, depth + 1) for one in parts)

    def accepts(self, value: Any, shape: Shape) -> bool | None:
        """Return whether a schema accepts a value; None where that cannot be told."""
        return self.accepted_by(value, self.variants(shape))

    def accepted_by(self, value: Any, variants: Iterable[Variant]) -> bool | None:
        """Return whether any of some variants accepts a value; None where it cannot be told."""
        kind = json_kind_of(value)
        found = {self.fits(value, one) for one in variants if one.kind == kind}
        return True if True in found else None if None in found else False

    def fits(self, value: Any, variant: Variant) -> bool | None:
        """Return whether a value of a variant's kind fits it; None where that cannot be told."""
        words = variant.words
        if "enum" in words and not any(same_value(value, one) for one in words["enum"]):
            return False
        found: set[bool | None] = {None} if variant.others else {True}
        if variant.kind == "number":
            found.add(fits_number(value, words))
        elif variant.kind == "string":
            found |= fits_text(value, words)
        elif variant.kind == "array":
            found |= self._fits_array(value, words)
        elif variant.kind == "object":
            found |= self._fits_object(value, words)
        return False if False in found else None if None in found else True

    def _fits_array(self, value: list[Any], words: dict[str, Any]) -> set[bool | None]:
        found: set[bool | None] = {is_counted(len(value), words, "Items")}
        if words.get("uniqueItems"):
            found.add(not any(same_value(a, b) for at, a in enumerate(value) for b in value[:at]))
        prefix = words["prefix"]
        for at, one in enumerate(value):
            found.add(self.accepts(one, prefix[at] if at < len(prefix) else words["items"]))
        return found

    def _fits_object(self, value: dict[str, Any], words: dict[str, Any]) -> set[bool | None]:
        found: set[bool | None] = {is_counted(len(value), words, "Properties")}
        found.add(words["required"] <= value.keys())
        for name, one in value.items():
            found.add(self.accepts(one, words["properties"].get(name, words["additional"])))
        return found

    def samples(self, variant: Variant) -> Iterator[Any]:
        """Yield a few values of a variant: the least, and one with every field."""
        for full in (False, True):
            yield self._sample(variant, full=full, depth=0)

    def _sample(self, variant: Variant, *, full: bool, depth: int) -> Any:
        """Return a value of a variant; what its patterns and other keywords ask for is not met."""
        words, kind = variant.words, variant.kind
        if "enum" in words:
            return words["enum"][-1 if full else 0]
        if kind == "number":
            return sample_number(words)
        if kind == "string":
            return "x" * min(words.get("minLength", 1), 10_000)
        if kind == "array":
            shapes = [
                *words["prefix"],
                *[words["items"]] * min(words.get("minItems", int(full)), 3),
            ]
            return [self._of(one, full=full, depth=depth) for one in shapes]
        names = [n for n in words["properties"] if full or n in words["required"]]
        shown = {n: self._of(words["properties"][n], full=full, depth=depth) for n in names}
        return {**dict.fromkeys(words["required"], 1), **shown}

    def _of(self, shape: Shape, *, full: bool, depth: int) -> Any:
        """Return a value of a schema inside another."""
        found = self.variants(shape) if depth < 6 else ()  # noqa: PLR2004  enough for a sample
        full = full and depth < 2  # noqa: PLR2004  a recursive model has no end
        return self._sample(found[0], full=full, depth=depth + 1) if found else None


def _kinds_of(parts: list[dict[str, Any]]) -> list[str]:
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


def _joined(kind: str, parts: list[dict[str, Any]]) -> dict[str, Any]:
    """Return what keywords say together of one kind of values."""
    words = _first_words(kind)
    for part in parts:
        if kind == "number" and "integer" in part.get("type", ()):
            words["whole"] = True
        if kind == "object":
            _join_object(words, part)
        elif kind == "array":
            _join_array(words, part)
        for key, value in part.items():
            if _is_of(kind, key):
                _join_word(words, key, value)
    if kind == "number":
        _settle_bounds(words)
    return words


def _first_words(kind: str) -> dict[str, Any]:
    """Return what holds of every value of a kind."""
    found: dict[str, dict[str, Any]] = {
        "boolean": {"enum": [False, True]},
        "null": {"enum": [None]},
        "object": {"properties": {}, "required": frozenset(), "additional": True},
        "array": {"prefix": [], "items": True},
    }
    return found.get(kind, {})


def _is_of(kind: str, key: str) -> bool:
    """Whether a keyword says something of a kind of values that is not joined elsewhere."""
    if key in _NEUTRAL:
        return False
    if key in _ANY_KIND:
        elsewhere = ("properties", "required", "additionalProperties", "items", "prefixItems")
        return _ANY_KIND[key] == kind and key not in elsewhere
    if key == "format":
        return kind in ("string", "number")
    return all(kind == one or key not in words for one, words in _ONLY.items())


def _join_word(words: dict[str, Any], key: str, value: Any) -> None:
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
        known = words.get("enum", value)
        words["enum"] = [one for one in known if any(same_value(one, two) for two in value)]
    elif key == "uniqueItems":
        words[key] = True
    elif key == "contentSchema":
        words[key] = _both(words.get(key, True), value)
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


def _join_object(words: dict[str, Any], part: Mapping[str, Any]) -> None:
    """Join what a part says of the fields of objects; each closes its own list of fields."""
    fields, others = part.get("properties", {}), part.get("additionalProperties", True)
    known, rest = words["properties"], words["additional"]
    words["properties"] = {
        name: _both(known.get(name, rest), fields.get(name, others))
        for name in dict.fromkeys([*known, *fields])
    }
    words["additional"] = _both(rest, others)
    if part.get("additionalProperties") is True:
        words["open"] = True
    words["required"] = words["required"] | frozenset(part.get("required", ()))


def _join_array(words: dict[str, Any], part: Mapping[str, Any]) -> None:
    """Join what a part says of the items of arrays."""
    prefix, items = part.get("prefixItems", []), part.get("items", True)
    known, rest = words["prefix"], words["items"]
    words["prefix"] = [
        _both(known[at] if at < len(known) else rest, prefix[at] if at < len(prefix) else items)
        for at in range(max(len(known), len(prefix)))
    ]
    words["items"] = _both(rest, items)


def _both(one: Shape, other: Shape) -> Shape:
    """Return a schema of what two schemas both accept."""
    if one is True or one == other:
        return other
    if other is True:
        return one
    return {"allOf": [one, other]} if one is not False and other is not False else False


def _is_empty(words: Mapping[str, Any]) -> bool:
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
    rest = words.get("additional", True)
    return any(fields.get(name, rest) is False for name in words.get("required", ()))
