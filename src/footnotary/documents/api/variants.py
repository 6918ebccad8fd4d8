"""What a schema accepts, as alternatives of one kind each: references followed, `allOf` joined.

A schema is `anyOf` of variants, a variant the conjunction of what is written of one kind of JSON
value (JSON Schema 2020-12, core section 4.2.1). `oneOf` is read as `anyOf`: its members are meant
to exclude each other.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

from footnotary.documents.api.joining import (
    JSON_KINDS,
    UNDERSTOOD,
    UNREAD,
    Joints,
    field_of,
    is_empty,
    join_words,
    kinds_of,
)
from footnotary.documents.api.json_values import (
    Budget,
    fits_number,
    fits_text,
    is_counted,
    json_kind_of,
    sample_number,
    value_key,
)
from footnotary.facts.shapes import Shape

MAX_VARIANTS, MAX_COMBINED = 512, 64
MAX_TRAIL = 32
MAX_FINITE = 256
_COMBINED = frozenset({
    "$ref", "allOf", "anyOf", "oneOf", "unevaluatedProperties", "unevaluatedItems",
})  # fmt: skip


# Keywords of several parts that hold together, by the identity of each part.
_Conjunction: TypeAlias = dict[int, dict[str, Any]]


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

    @cached_property
    def others(self) -> dict[str, Any]:
        """Keywords whose meaning is not looked into."""
        return {key: value for key, value in self.words.items() if key not in UNDERSTOOD}

    @cached_property
    def enum_keys(self) -> frozenset[Hashable]:
        """What its values in an enumeration are known by."""
        return frozenset(map(value_key, self.words.get("enum", ())))

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
        budget: The steps that may be taken; `TooLarge` is raised past them.
        joints: Schemas that hold together.
    """

    schemas: Mapping[str, Shape | None]
    sent: bool
    budget: Budget = field(default_factory=Budget)
    _found: dict[int | str, tuple[Any, tuple[Variant, ...]]] = field(default_factory=dict)
    _plain: dict[int, tuple[Any, dict[str, Any]]] = field(default_factory=dict)
    joints: Joints = field(default_factory=Joints)
    _told: dict[tuple[int, int | str], tuple[Any, Shape, bool | None]] = field(default_factory=dict)

    def variants(self, shape: Shape) -> tuple[Variant, ...]:
        """Return the alternatives of a schema; none for what accepts nothing."""
        known = self._found.get(identity_of(shape))
        if known is None:
            try:
                joined = self._conjunctions(shape, ())
                made = tuple(one for parts in joined for one in self._made([*parts.values()]))
            except RecursionError:
                unread = [{UNREAD: "nested too deeply"}]
                made = tuple(
                    Variant(kind, join_words(kind, unread, self.joints)) for kind in JSON_KINDS
                )
            known = self._found[identity_of(shape)] = (
                shape,
                made,
            )  # kept, so that no other has its id
        return known[1]

    def marks(self, parts: Iterable[Shape]) -> list[set[Hashable]]:
        """Return what each member of a union is known by; those that share no mark share no value.

        Returns:
            The kinds of its values; of objects, where each has a field of few values, these.
        """
        members = [self.variants(part) for part in parts]
        objects = [one for member in members for one in member if one.kind == "object"]
        tags = [frozenset(one.words["required"]) for one in objects]
        for name in sorted(frozenset.intersection(*tags)) if tags else ():
            told = {id(one): self._few(one.words["properties"].get(name, True)) for one in objects}
            if None not in told.values():
                return [
                    {mark for one in member for mark in told.get(id(one)) or {one.kind}}
                    for member in members
                ]
        return [{one.kind for one in member} for member in members]

    def _few(self, shape: Shape) -> set[Hashable] | None:
        """Return all values of a schema, where they are few."""
        values = [one.values() for one in self.variants(shape)]
        if None in values:
            return None
        return {("value", value_key(each)) for some in values for each in some or ()}

    def _conjunctions(self, shape: Shape, trail: tuple[str, ...]) -> list[_Conjunction]:
        """Return a schema as alternatives, each of keywords that hold together."""
        if isinstance(shape, bool):
            return [{}] if shape else []
        plain = self._plain_words(shape)
        found: list[_Conjunction] = [{id(plain): plain} if plain else {}]
        unions = [shape[word] for word in ("anyOf", "oneOf") if word in shape]
        if "$ref" in shape:
            unions.append([shape["$ref"]])
        unions += [[part] for part in shape.get("allOf", ())]
        for members in unions:
            listed = [one for part in members for one in self._member(part, trail)]
            most = MAX_VARIANTS if len(found) == 1 else MAX_COMBINED
            if len(found) * len(listed) > most:
                return [_unread("more alternatives than are compared")]
            found = self._product(found, listed)
        if "unevaluatedProperties" in shape or "unevaluatedItems" in shape:
            found = [self._closed(shape, one) for one in found]
        return found

    @staticmethod
    def _closed(shape: dict[str, Any], parts: _Conjunction) -> _Conjunction:
        """Return keywords with what holds of fields and items that none of them tells of."""
        told = [*parts.values()]
        if any(word in part for part in told for word in ("if", "dependentSchemas", "contains")):
            return {**parts, **_unread("unevaluated fields or items")}
        words: dict[str, Any] = {}
        if "unevaluatedProperties" in shape and not any("additionalProperties" in o for o in told):
            for word in ("properties", "patternProperties"):
                words[word] = {name: True for part in told for name in part.get(word, ())}
            words["additionalProperties"] = shape["unevaluatedProperties"]
        if "unevaluatedItems" in shape and not any("items" in part for part in told):
            longest = max(len(part.get("prefixItems", ())) for part in told)
            words |= {"prefixItems": [True] * longest, "items": shape["unevaluatedItems"]}
        return {**parts, id(words): words}

    def _plain_words(self, shape: dict[str, Any]) -> dict[str, Any]:
        """Return the keywords of a schema that combine no others; the same ones each time."""
        known = self._plain.get(id(shape))
        if known is None:
            plain = {key: value for key, value in shape.items() if key not in _COMBINED}
            known = self._plain[id(shape)] = (shape, plain)
        return known[1]

    def _product(self, found: list[_Conjunction], listed: list[_Conjunction]) -> list[_Conjunction]:
        """Return each alternative joined with each of others; what is in both is there once."""
        self.budget.spend(1 + len(listed) * sum(map(len, found)) + len(found) * len(listed))
        every = [{**one, **other} for one in found for other in listed]
        return [*{frozenset(one): one for one in every}.values()]

    def _member(self, part: Shape | str, trail: tuple[str, ...]) -> list[_Conjunction]:
        """Return a part of a schema as alternatives; a reference that is in a circle is unknown."""
        self.budget.spend()
        if not isinstance(part, str):
            return self._conjunctions(part, trail)
        target = self.schemas.get(part)
        if target is None or part in trail or len(trail) > MAX_TRAIL:
            return [_unread(part)]
        return self._conjunctions(target, (*trail, part))

    def _made(self, parts: list[dict[str, Any]]) -> Iterator[Variant]:
        """Yield the variants of keywords that hold together, one for each kind they allow."""
        for kind in kinds_of(parts):
            self.budget.spend(sum(map(_weight, parts)))
            words = join_words(kind, parts, self.joints)
            if kind == "object":
                self._leave_hidden(words)
            if "enum" in words:
                words["enum"] = [one for one in words["enum"] if json_kind_of(one) == kind]
            plain = Variant(kind, {key: one for key, one in words.items() if key != "enum"})
            if "enum" in words and plain.words and kind in {"number", "string"}:
                words["enum"] = [e for e in words["enum"] if self.fits(e, plain) is not False]
            if not is_empty(words):
                yield Variant(kind, words)

    def _leave_hidden(self, words: dict[str, Any]) -> None:
        """Take out fields that do not go this way (OpenAPI 3.0.3, section 4.7.24.2)."""
        note = "readOnly" if self.sent else "writeOnly"
        hidden = {name for name, one in words["properties"].items() if self._has(one, note)}
        if hidden:
            shown = words["properties"].items()
            words["properties"] = {name: one for name, one in shown if name not in hidden}
            words["required"] = words["required"] - hidden
            words["hidden"] = hidden if self.sent else set()  # what is sent may be ignored

    def _has(self, shape: Shape, note: str) -> bool:
        """Whether a schema has a note, by itself or by what it refers to."""
        waiting: list[Any] = [shape]
        followed: set[str] = set()
        while waiting:
            one = waiting.pop()
            if not isinstance(one, dict):
                continue
            self.budget.spend()
            if one.get(note) is True:
                return True
            waiting += one.get("allOf", ())
            if "$ref" in one and one["$ref"] not in followed:
                followed.add(one["$ref"])
                waiting.append(self.schemas.get(one["$ref"]))
        return False

    def accepts(self, value: Any, shape: Shape) -> bool | None:
        """Return whether a schema accepts a value; None where that cannot be told."""
        self.budget.spend()
        key = id(value), identity_of(shape)
        if key not in self._told:  # the two are kept, so that no others have their ids
            self._told[key] = (value, shape, None)  # under way, as in `not` of a schema in itself
            told = self.accepted_by(value, self.variants(shape))
            self._told[key] = (value, shape, told)
        return self._told[key][2]

    def accepted_by(self, value: Any, variants: Iterable[Variant]) -> bool | None:
        """Return whether any of some variants accepts a value; None where it cannot be told."""
        kind = json_kind_of(value)
        found = {self.fits(value, one) for one in variants if one.kind == kind}
        return True if True in found else None if None in found else False

    def fits(self, value: Any, variant: Variant) -> bool | None:
        """Return whether a value of a variant's kind fits it; None where that cannot be told."""
        words = variant.words
        self.budget.spend(2)
        if "enum" in words and value_key(value) not in variant.enum_keys:
            return False
        found: set[bool | None] = {None} if variant.others else {True}
        found |= {*self._meets(value, words)}
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
            found.add(len({*map(value_key, value)}) == len(value))
        prefix = words["prefix"]
        for at, one in enumerate(value):
            found.add(self.accepts(one, prefix[at] if at < len(prefix) else words["items"]))
        return found

    def _fits_object(self, value: dict[str, Any], words: dict[str, Any]) -> set[bool | None]:
        found: set[bool | None] = {is_counted(len(value), words, "Properties")}
        found.add(words["required"] <= value.keys())
        for name, one in value.items():
            shape = field_of(words, name, self.joints)
            found.add(None if shape is None else self.accepts(one, shape))
        return found

    def _meets(self, value: Any, words: dict[str, Any]) -> Iterator[bool | None]:
        """Yield whether a value meets each condition."""
        for shape in words.get("not", ()):
            told = self.accepts(value, shape)
            of_other = is_untyped(shape) and json_kind_of(value) not in {
                one.kind for one in self.variants(shape)
            }
            yield None if told is None or of_other else not told
        for test, then, other in words.get("if", ()):
            told = self.accepts(value, test)
            sides = {True: (then,), False: (other,), None: (then, other)}[told]
            found = {self.accepts(value, one) for one in sides}
            yield found.pop() if len(found) == 1 else None
        for shape, least, most in words.get("contains", ()):
            items = [self.accepts(one, shape) for one in value]
            sure, maybe = items.count(True), items.count(None)
            fits = least <= sure and sure + maybe <= most
            yield fits or (None if maybe and least <= sure + maybe and sure <= most else False)
        for shape in words.get("propertyNames", ()):
            yield from (self.accepts(name, shape) for name in value)
        for asked in words.get("dependentRequired", ()):
            yield from ({*names} <= value.keys() for name, names in asked.items() if name in value)
        for asked in words.get("dependentSchemas", ()):
            yield from (self.accepts(value, one) for name, one in asked.items() if name in value)

    def samples(self, variant: Variant) -> Iterator[Any]:
        """Yield a few values of a variant: the least, and one with every field."""
        for full in (False, True):
            yield self._sample(variant, full=full, depth=0)

    def _sample(self, variant: Variant, *, full: bool, depth: int) -> Any:
        """Return a value of a variant; what its patterns and other keywords ask for is not met."""
        self.budget.spend()
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


def is_untyped(shape: Shape) -> bool:
    """Return whether it is a guess of which kinds of values a schema speaks."""
    typed = {"type", "enum", "$ref", "anyOf", "oneOf", "allOf"}
    return isinstance(shape, dict) and not typed & shape.keys()


def identity_of(shape: Shape) -> int | str:
    """Return what a schema is known by while it is kept: a reference by what it refers to."""
    if isinstance(shape, dict) and len(shape) == 1 and "$ref" in shape:
        return str(shape["$ref"])
    return id(shape)


def _unread(why: str) -> _Conjunction:
    """Return the keywords of what is not known."""
    words = {UNREAD: why}
    return {id(words): words}


def _weight(part: Mapping[str, Any]) -> int:
    """Return how much is to be read of one part."""
    fields = len(part.get("properties", ())) + len(part.get("required", ()))
    return 2 + fields + len(part.get("enum", ())) // 10
