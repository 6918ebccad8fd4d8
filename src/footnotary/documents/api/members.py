"""The members of a union, and which of two unions' members belong together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from footnotary.documents.api.joining import CONDITIONS
from footnotary.documents.api.subtyping import Subtyping
from footnotary.documents.api.variants import Variant
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
    return one is other or (one == other and repr(one) == repr(other))


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
