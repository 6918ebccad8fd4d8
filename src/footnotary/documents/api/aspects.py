"""One change of a schema in words, and whether it narrows or widens what is accepted."""

import json
import marshal
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from typing import Any

from footnotary.counting import first_few
from footnotary.documents import escape
from footnotary.documents.api.joining import CONDITIONS
from footnotary.documents.api.json_values import same_value, value_key
from footnotary.documents.api.subtyping import (
    Subtyping,
    Told,
    limits_escape,
    pattern_escapes,
    worst,
)
from footnotary.documents.api.variants import Variant
from footnotary.facts.schema_words import limits_of, type_of
from footnotary.facts.shapes import KEPT_BESIDE, Shape, references_in

_NOTED = frozenset(KEPT_BESIDE)
_ALIKE = 0.6  # of the letters of two models' names, one of which took the other's place


@dataclass(frozen=True)
class Members:
    """A schema as a union.

    Attributes:
        parts: Its members without null; the schema itself where it is no union.
        null: Whether null is one.
        discriminator: How they are told apart.
    """

    parts: tuple[Shape, ...]
    null: bool
    discriminator: dict[str, Any] = field(default_factory=dict)


def members_of(shape: Shape) -> Members:
    """Return the members of a schema; unions in unions are one union."""
    if not isinstance(shape, dict):
        return Members((shape,) if shape else (), null=False)
    rest = shape.keys() - {*KEPT_BESIDE, "discriminator"}
    word = next(iter(rest)) if len(rest) == 1 else ""
    if word in ("anyOf", "oneOf"):
        below = [members_of(one) for one in shape[word]]
        parts = tuple(part for one in below for part in one.parts)
        told = next((one.discriminator for one in below if one.discriminator), {})
        told = shape.get("discriminator") or told
        return Members(parts, any(one.null for one in below), told)
    kinds, values = shape.get("type", ()), shape.get("enum")
    if "null" not in kinds and (kinds or values is None or None not in values):
        return Members((shape,), null=False, discriminator=shape.get("discriminator", {}))
    null = values is None or None in values
    left = [one for one in kinds if one != "null"]
    whole = {**shape, "type": left} if kinds else dict(shape)
    if values is not None:
        whole["enum"] = [one for one in values if one is not None]
    is_null = kinds == ["null"] or whole.get("enum") == []
    return Members(() if is_null else (whole,), null=null)


def is_same_shape(one: Shape, other: Shape) -> bool:
    """Return whether two schemas say the same; `1` is not `true`, though Python has them equal."""
    if one is other or one != other:
        return one is other
    try:
        return marshal.dumps(one, 2) == marshal.dumps(other, 2)  # the fastest that tells them apart
    except ValueError:  # numbers as they were written in YAML
        return repr(one) == repr(other)


def model_name_of(reference: str) -> str:
    """Return the name at the end of a reference."""
    return reference.rsplit("/", 1)[-1].replace("~1", "/").replace("~0", "~")


def matched(
    before: Sequence[Shape], after: Sequence[Shape], told: Subtyping
) -> tuple[list[tuple[Shape, Shape]], list[Shape], list[Shape]]:
    """Return which members belong together, which are gone, and which are new.

    Members that are equal do, and references: those of one name, then those that hold the same,
    then those whose names are most alike.
    """
    told.budget.spend(1 + len(before) * len(after) // 40)
    gone, added = list(before), list(after)
    pairs: list[tuple[Shape, Shape]] = []

    def pair(one: Shape, other: Shape) -> None:
        pairs.append((one, other))
        gone.remove(one)
        added.remove(other)

    for one in list(gone):
        if (other := next((each for each in added if is_same_shape(one, each)), None)) is not None:
            pair(one, other)
    for one in [each for each in gone if _is_reference(each)]:
        others = [each for each in added if _is_reference(each)]
        same = next((each for each in others if _holds_the_same(one, each, told)), None)
        if same is None and others:
            told.budget.spend(10 * len(others))
            likeness = [(_likeness(one, each), at) for at, each in enumerate(others)]
            best, at = max(likeness)
            alone = len(gone) == len(added) == 1
            same = others[at] if best >= _ALIKE or alone else None
        if same is not None:
            pair(one, same)
    return pairs, gone, added


def _is_reference(shape: Shape) -> bool:
    return isinstance(shape, dict) and "$ref" in shape


def _holds_the_same(one: Shape, other: Shape, told: Subtyping) -> bool:
    return told.both_ways(one, other) == (False, False)


def _likeness(one: Shape, other: Shape) -> float:
    """Return how alike the names of two models are; that of a model and its half is 1."""
    was, now = (model_name_of(each["$ref"]) for each in (one, other) if isinstance(each, dict))
    if was.split("-")[0] == now.split("-")[0]:
        return 1
    return SequenceMatcher(None, was, now).ratio()


def bare_shape(shape: Shape) -> Shape:
    """Return a schema without its notes, which are compared by themselves."""
    if not isinstance(shape, dict):
        return shape
    if _NOTED.isdisjoint(shape):
        return shape
    return {key: value for key, value in shape.items() if key not in _NOTED}


def changed_words(one: Variant, other: Variant) -> list[str]:
    """Return the conditions and unknown keywords that changed, in themselves or what they use."""
    a, b = one.words, other.words
    said = sorted({*CONDITIONS, *one.others, *other.others} & (a.keys() | b.keys()))
    return [word for word in said if a.get(word) != b.get(word)] or said


def below_conditions(variant: Variant) -> Iterator[str]:
    """Yield what the conditions of a variant refer to."""
    for word in CONDITIONS:
        for each in variant.words.get(word, ()):
            for one in each if isinstance(each, tuple) else (each,):
                yield from references_in(one)


def reference_of(shape: Shape) -> str:
    """Return what a schema refers to, where it is nothing but a reference."""
    bare = bare_shape(shape)
    return str(bare["$ref"]) if isinstance(bare, dict) and bare.keys() == {"$ref"} else ""


def alike_variants(
    before: list[Variant], after: list[Variant]
) -> Iterator[tuple[Variant, Variant]]:
    """Yield the variants of one kind, where both sides have one of it."""
    for kind in dict.fromkeys(one.kind for one in before):
        was, now = ([one for one in some if one.kind == kind] for some in (before, after))
        same = [(one, other) for one in was for other in now if one.words == other.words]
        for one, other in same:
            if one in was and other in now:
                was.remove(one)
                now.remove(other)
                yield one, other
        if len(was) == len(now) == 1:
            yield was[0], now[0]


def listed_items(before: list[Variant], after: list[Variant]) -> Shape | None:
    """Return the items of a list that took the place of single values; None for no such."""
    if not before or len(after) != 1 or after[0].kind != "array":
        return None
    scalar = all(one.kind not in ("array", "object") for one in before)
    words = after[0].words
    most, least = words.get("maxItems", 1), words.get("minItems", 0)
    items: Shape = words["items"]
    return items if scalar and most and least < 2 and not words["prefix"] else None  # noqa: PLR2004


def loses_fields(before: Sequence[Variant], after: Sequence[Variant]) -> bool:
    """Return whether fields that readers were given are not in another model."""
    if any(isinstance(one.words.get("additional"), dict) for one in after):
        return False
    named = {name for one in after for name in one.words.get("properties", ())}
    return any(one.words.get("properties", {}).keys() - named for one in before)


_MAX_VALUES = 20


@dataclass(frozen=True)
class ValuePlace:
    """Where a value is.

    Attributes:
        subject: Markdown of the parameter, body or answer it is in; or the name of its model.
        path: The way to it from there, such as `items[].price`.
        is_model: Whether the subject is a model, which a path is a field of.
        how: How the value is written there: as `text`, as `xml`, or empty for JSON.
    """

    subject: str
    path: str = ""
    is_model: bool = False
    how: str = ""

    @property
    def text(self) -> bool:
        """Whether the value is written as text there."""
        return self.how == "text"

    def below(self, step: str) -> "ValuePlace":
        """Return a place inside this one: the name of a field, or `[]` for items."""
        joint = "." if self.path and not step.startswith(("[", "{")) else ""
        return replace(self, path=f"{self.path}{joint}{step}")

    @property
    def words(self) -> str:
        """The place as Markdown."""
        if self.is_model:
            joint = "." if self.path and not self.path.startswith(("[", "{")) else ""
            return escape.code(f"{self.subject}{joint}{self.path}")
        return f"{self.subject}: {escape.code(self.path)}" if self.path else self.subject


@dataclass(frozen=True)
class Aspect:
    """One thing that changed.

    Attributes:
        words: The change as Markdown.
        narrower: Whether less is accepted than before; None where that cannot be told.
        wider: Whether more is.
        given: Other words of it for who is given the value; or empty.
    """

    words: str
    narrower: Told = False
    wider: Told = False
    given: str = ""


def note_changes(old: Shape, new: Shape, place: ValuePlace) -> Iterator[Aspect]:
    """Compare default and deprecation, and names in XML."""
    was, now = (one if isinstance(one, dict) else {} for one in (old, new))
    if ("default" in was) != ("default" in now) or not same_value(
        was.get("default"), now.get("default")
    ):
        shown = (escape.code(_json(one["default"])) if "default" in one else "none"
                 for one in (was, now))  # fmt: skip
        yield Aspect(f"{place.words}: default {' → '.join(shown)}")
    if place.how == "xml" and was.get("xml") != now.get("xml"):
        shown = (escape.code(_json(one["xml"])) if "xml" in one else "none" for one in (was, now))
        yield Aspect(f"{place.words}: XML {' → '.join(shown)}", narrower=True, wider=True)
    if now.get("deprecated") != was.get("deprecated"):
        word = "is deprecated now" if now.get("deprecated") else "is no longer deprecated"
        yield Aspect(f"{place.words} {word}")


def null_changes(was: bool, now: bool, place: ValuePlace) -> Iterator[Aspect]:  # noqa: FBT001
    """Compare whether null is among the values."""
    if now and not was:
        yield Aspect(f"{place.words} may be null now", wider=True)
    elif was and not now:
        words = f"{place.words} must not be null now"
        yield Aspect(words, narrower=True, given=f"{place.words} is never null now")


def discriminator_changes(
    one: Members, other: Members, place: ValuePlace, *, always: bool
) -> Iterator[Aspect]:
    """Compare how the members of a union are told apart.

    Args:
        one: The union before.
        other: The union now.
        place: Where it is.
        always: Whether the field that tells them apart is always there, on both sides.
    """
    was, now = one.discriminator, other.discriminator
    if was == now:
        return
    names = [escape.code(str(told.get("propertyName", ""))) if told else "" for told in (was, now)]
    if not was or not now:
        word = "is told apart by" if now else "is no longer told apart by"
        told = False if always else None
        narrower, wider = (told, False) if now else (False, told)
        yield Aspect(f"{place.words} {word} {names[bool(now)]}", narrower, wider)
    elif names[0] != names[1]:
        words = f"{place.words} is told apart by {names[1]}, no longer by {names[0]}"
        yield Aspect(words, narrower=True, wider=True)
    else:
        before, after = (told.get("mapping") or {} for told in (was, now))
        below = replace(place, path=place.below(str(now["propertyName"])).path)
        yield from value_changes(sorted(before), sorted(after), below)


def exclusive_changes(
    old: Shape, new: Shape, marks: Iterable[set[Hashable]], place: ValuePlace
) -> Iterator[Aspect]:
    """Compare whether a value may be of several members: `oneOf` refuses it, `anyOf` does not."""
    exclusive = [isinstance(one, dict) and "oneOf" in one for one in (old, new)]
    unions = all(isinstance(one, dict) and {"oneOf", "anyOf"} & one.keys() for one in (old, new))
    listed = [mark for some in marks for mark in some]
    if unions and exclusive[0] != exclusive[1] and len(listed) > len({*listed}):
        now = "oneOf" if exclusive[1] else "anyOf"
        told = (None, False) if exclusive[1] else (False, None)
        yield Aspect(f"{place.words}: {now} now, of members that may overlap", *told)


def value_changes(old: list[object], new: list[object], place: ValuePlace) -> Iterator[Aspect]:
    """Compare the values of two enumerations, however many they have."""
    gone, added = _without(old, new), _without(new, old)
    if gone:
        yield Aspect(f"{place.words} no longer has the value {_listed(gone)}", narrower=True)
    if added:
        yield Aspect(f"{place.words} may also be {_listed(added)}", wider=True)


def _without(some: list[object], others: list[object]) -> list[object]:
    known = {value_key(one) for one in others}
    return [one for one in some if value_key(one) not in known]


def limit_changes(one: Variant, other: Variant, place: ValuePlace) -> Iterator[Aspect]:
    """Compare bounds and patterns."""
    a, b = one.words, other.words
    before, after = (limits_of(_as_schema(words)) for words in (a, b))
    if before == after:
        return
    narrower = worst([limits_escape(a, b), pattern_escapes(a, b)])
    wider = worst([limits_escape(b, a), pattern_escapes(b, a)])
    words = f"{place.words}: limits {_limit(before)} → {_limit(after)}"
    said = [*["narrower"] * bool(narrower), *["wider"] * bool(wider)]
    yield Aspect(f"{words}, {' and '.join(said)}" if said else words, narrower, wider)


def _as_schema(words: dict[str, object]) -> dict[str, object]:
    """Return the limits of a variant as a schema has them."""
    found = {key: value for key, value in words.items() if key.startswith(("min", "max", "unique"))}
    for word, name in (("low", "inimum"), ("high", "aximum")):
        if isinstance(bound := words.get(word), tuple):
            first = "m" if not bound[1] else "exclusiveM"
            found[first + name] = bound[0]
    for word, joint in (("pattern", " and "), ("multipleOf", " and ")):
        values = words.get(word)
        if isinstance(values, list) and values:
            one = len(values) == 1
            found[word] = values[0] if one else joint.join(map(str, values))
    return found


def _limit(text: str) -> str:
    return escape.code(text) if text else "none"


def required_changes(old: bool, new: bool, place: ValuePlace) -> Iterator[Aspect]:  # noqa: FBT001
    """Compare whether a value must be there."""
    if new and not old:
        words = f"{place.words} is required now"
        yield Aspect(words, narrower=True, given=f"{place.words} is always there now")
    elif old and not new:
        words = f"{place.words} is optional now"
        yield Aspect(words, wider=True, given=f"{place.words} may be missing now")


def additional_change(old: Shape, new: Shape, place: ValuePlace) -> Aspect:
    """Return that other fields than the named ones are refused, or are of another type, now."""
    escapes = new is not True and old is not False, old is not True and new is not False
    if new is False:
        refused = f"{place.words}: other fields are refused now"
        return Aspect(refused, *escapes, given=f"{place.words} has no other fields now")
    if new is True:
        return Aspect(f"{place.words} may have other fields now", *escapes)
    return Aspect(f"{place.words}: other fields are {shown_type(new)} now", *escapes)


def type_words(place: ValuePlace, old: Shape, new: Shape) -> str:
    """Return that a type became another, as Markdown."""
    return f"{place.words}: type {shown_type(old)} → {shown_type(new)}"


def shown_type(shape: Shape) -> str:
    """Return a type as code, without the braces around names of models."""
    return escape.code(type_of(shape).replace("{", "").replace("}", ""))


def _listed(values: list[object]) -> str:
    return first_few([escape.code(_json(one)) for one in values], _MAX_VALUES)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str, sort_keys=True)
