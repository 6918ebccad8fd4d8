"""What changed between two schemas, in words, and whether callers can tell.

What is sent may only be widened, what is given only be narrowed. Schemas that are referred to are
compared once, by what they hold: a model's name is no part of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from footnotary.documents import escape
from footnotary.documents.api.aspects import (
    Aspect,
    ValuePlace,
    discriminator_changes,
    limit_changes,
    note_changes,
    null_changes,
    required_changes,
    shown_type,
    type_words,
    value_changes,
)
from footnotary.documents.api.budget import Budget, TooLarge
from footnotary.documents.api.members import Members, matched, members_of, model_name_of
from footnotary.documents.api.subtyping import (
    Subtyping,
    Told,
    form_escapes,
    others_escape,
    paired_items,
    worst,
)
from footnotary.documents.api.variants import Variant, World
from footnotary.facts.shapes import NOTES, TOO_DEEP, Shape, references_in

_MAX_DEPTH = 20
_MAX_SHARE = 100_000  # steps, for one model or one schema in place

_NOTED = frozenset({*NOTES, "default", "xml"})


@dataclass
class Comparison:
    """One comparison of schemas of two documents, seen by who sends or by who is given.

    Attributes:
        before: The schemas of the earlier document.
        after: Those of the later one.
        pairs: The schemas that are referred to in the same place, and whether they are written as
            text there, in the order they were met.
        met: Schemas that are referred to on one side and written in place on the other.
        budget: The steps that may be taken, by both worlds too; what is past them is not compared.
    """

    before: World
    after: World
    pairs: dict[tuple[str, str, bool], None] = field(default_factory=dict)
    met: set[str] = field(default_factory=set)
    budget: Budget = field(default_factory=Budget)

    def __post_init__(self) -> None:
        """Ask both worlds."""
        self.before.budget = self.after.budget = self.budget
        self.subtyping = Subtyping(self.before, self.after)
        self._under_way: set[tuple[int, int, bool]] = set()

    def models(self) -> Iterator[tuple[str, str, list[Aspect]]]:
        """Yield each pair of schemas that are referred to, with what changed in it."""
        done: set[tuple[str, str, bool]] = set()
        while waiting := [pair for pair in self.pairs if pair not in done]:
            for old, new, text in waiting:
                done.add((old, new, text))
                place = ValuePlace(model_name_of(new), is_model=True, text=text)
                before, after = self.before.schemas.get(old), self.after.schemas.get(new)
                if before is None or after is None:
                    words = f"{place.words} was not read"
                    yield old, new, [Aspect(words, narrower=None, wider=None)]
                else:
                    yield old, new, self.compare(before, after, place)

    def compare(self, old: Shape, new: Shape, place: ValuePlace) -> list[Aspect]:
        """Return what changed between two schemas at one place.

        Where there is more than is compared, one aspect says so.
        """
        found: list[Aspect] = []
        try:
            with self.budget.share(_MAX_SHARE):
                for one in self._compare(old, new, place, 0):
                    found.append(one)
                    self.budget.spend(len(one.words) // 20)
        except TooLarge:
            which = f"{place.words}: the rest" if found else place.words
            words = f"{which} was not compared: too large"
            found.append(Aspect(words, narrower=None, wider=None))
            self._meet(old, new, text=place.text)
        return found

    def _meet(self, old: Shape, new: Shape, *, text: bool) -> None:
        """Note the references on both sides of what is not compared: they are, by themselves."""
        after = {*references_in(new)}
        for reference in references_in(old):
            if reference in after:
                self.pairs.setdefault((reference, reference, text))

    def _compare(self, old: Shape, new: Shape, place: ValuePlace, depth: int) -> Iterator[Aspect]:
        """Yield what changed; in a schema inside itself, at the outer place only."""
        self.budget.spend(10 + depth**2)  # the deeper, the likelier are many ways to one model
        if depth > _MAX_DEPTH:
            yield Aspect(f"{place.words} is nested too deeply", narrower=None, wider=None)
            self._meet(old, new, text=place.text)
            return
        pair = (id(old), id(new), place.text)
        if pair in self._under_way:
            return
        self._under_way.add(pair)
        try:
            yield from self._changes(old, new, place, depth)
        finally:
            self._under_way.remove(pair)

    def _changes(self, old: Shape, new: Shape, place: ValuePlace, depth: int) -> Iterator[Aspect]:
        """Yield what changed between two schemas, at one place and below it."""
        yield from note_changes(old, new, place)
        old, new = _bare(old), _bare(new)
        if old == new:
            yield from self._same(old, place)
            return
        one, other = members_of(old), members_of(new)
        nulls = self.before.accepts(None, old), self.after.accepts(None, new)
        if one.parts and other.parts and None not in nulls and not place.text:
            yield from null_changes(bool(nulls[0]), bool(nulls[1]), place)
        if one.discriminator != other.discriminator:
            told = one.discriminator or other.discriminator
            always = self._always_has(str(told.get("propertyName")), old, new)
            yield from discriminator_changes(one, other, place, always=always)
        found = self._members(old, new, one, other, place, depth)
        several = max(len(one.parts), len(other.parts)) > 1
        yield from self._held([*found], old, new, place) if several else found

    def _always_has(self, name: str, old: Shape, new: Shape) -> bool:
        """Whether a field is always there, in every object on both sides."""
        return all(
            name in one.words["required"]
            for world, shape in ((self.before, old), (self.after, new))
            for one in world.variants(shape)
            if one.kind == "object"
        )

    def _same(self, shape: Shape, place: ValuePlace) -> Iterator[Aspect]:
        """Note what an unchanged schema refers to: that may have changed."""
        for reference in references_in(shape):
            self.pairs.setdefault((reference, reference, place.text))
        if isinstance(shape, dict) and TOO_DEEP in shape:
            yield Aspect(f"{place.words} is {TOO_DEEP}", narrower=None, wider=None)

    def _held(
        self, found: list[Aspect], old: Shape, new: Shape, place: ValuePlace
    ) -> Iterator[Aspect]:
        """Yield changes in the members of a union: what one no longer takes, another may."""
        if not found:
            return
        narrower = self.subtyping.escapes(old, new, text=place.text)
        wider = self.subtyping.escapes(new, old, back=True, text=place.text)
        for one in found:
            yield replace(
                one,
                narrower=one.narrower if narrower is not False else False,
                wider=one.wider if wider is not False else False,
            )

    def _members(  # noqa: PLR0913, PLR0917  both sides, whole and in parts
        self, old: Shape, new: Shape, one: Members, other: Members, place: ValuePlace, depth: int
    ) -> Iterator[Aspect]:
        """Compare the members of two unions, or two schemas that are none."""
        pairs, gone, added = matched(one.parts, other.parts, self.subtyping)
        for was, now in pairs:
            yield from self._pair(was, now, place, depth)
        if gone and added:
            self.met.update(filter(None, map(_reference, (*gone, *added))))
        before = [variant for part in gone for variant in self.before.variants(part)]
        after = [variant for part in added for variant in self.after.variants(part)]
        if place.text:
            before, after = ([v for v in some if v.kind != "null"] for some in (before, after))
        if not pairs and place.text and (items := self._listed(before, after)):
            yield self._to_list(before, after, items, type_words(place, old, new))
            return
        left, right = list(before), list(after)
        self.budget.spend(len(before) * len(after))
        for variant, match in _alike(before, after):
            left.remove(variant)
            right.remove(match)
            yield from self._variants(variant, match, old, new, place, depth)
        if left or right:
            yield self._replaced(left, right, old, new, place)

    def _pair(self, was: Shape, now: Shape, place: ValuePlace, depth: int) -> Iterator[Aspect]:
        """Compare two members that belong together; two references are compared elsewhere."""
        old, new = _reference(was), _reference(now)
        if old and new:
            if self._is_other_model(old, new):
                yield from self._swapped(was, now, place)
            else:
                self.pairs.setdefault((old, new, place.text))
            return
        yield from self._compare(was, now, place, depth + 1)

    def _is_other_model(self, old: str, new: str) -> bool:
        """Whether a reference is to another model, both of which are in both documents."""
        return old != new and old in self.after.schemas and new in self.before.schemas

    def _swapped(self, was: Shape, now: Shape, place: ValuePlace) -> Iterator[Aspect]:
        """Yield that another model is in a place; models that hold the same are no change."""
        narrower = self.subtyping.escapes(was, now, text=place.text)
        wider = self.subtyping.escapes(now, was, back=True, text=place.text)
        if narrower is not False or wider is not False:
            lost = self._loses_fields(was, now)
            yield Aspect(type_words(place, was, now), narrower, worst([wider, lost]))

    def _loses_fields(self, was: Shape, now: Shape) -> bool:
        """Whether fields that readers were given are not in another model."""
        after = self.after.variants(now)
        if any(isinstance(one.words.get("additional"), dict) for one in after):
            return False
        named = {name for one in after for name in one.words.get("properties", ())}
        before = self.before.variants(was)
        return any(one.words.get("properties", {}).keys() - named for one in before)

    @staticmethod
    def _listed(before: list[Variant], after: list[Variant]) -> Shape | None:
        """Return the items of a list that took the place of single values; None for no such."""
        if not before or len(after) != 1 or after[0].kind != "array":
            return None
        scalar = all(one.kind not in ("array", "object") for one in before)
        words = after[0].words
        most, least = words.get("maxItems", 1), words.get("minItems", 0)
        items: Shape = words["items"]
        return items if scalar and most and least < 2 and not words["prefix"] else None  # noqa: PLR2004

    def _to_list(
        self, before: list[Variant], after: list[Variant], items: Shape, words: str
    ) -> Aspect:
        """Return that one value became a list: written as text, one value is a list of one."""
        taken = self.after.variants(items)
        narrower = worst(
            self.subtyping.variant_escapes(one, taken, back=False, text=True) for one in before
        )
        return Aspect(words, narrower, after[0].words.get("maxItems") != 1 or None)

    def _replaced(
        self, gone: list[Variant], added: list[Variant], old: Shape, new: Shape, place: ValuePlace
    ) -> Aspect:
        """Return that types took the place of others."""
        before, after = self.before.variants(old), self.after.variants(new)
        told = self.subtyping
        narrower = worst(
            told.variant_escapes(one, after, back=False, text=place.text) for one in gone
        )
        wider = worst(
            told.variant_escapes(one, before, back=True, text=place.text) for one in added
        )
        return Aspect(type_words(place, old, new), narrower, wider)

    def _variants(  # noqa: PLR0913, PLR0917  both sides, whole and in parts
        self, one: Variant, other: Variant, old: Shape, new: Shape, place: ValuePlace, depth: int
    ) -> Iterator[Aspect]:
        """Compare two variants of one kind."""
        yield from self._plain(one, other, old, new, place)
        if one.kind == "string":
            was, now = (each.words.get("contentSchema", True) for each in (one, other))
            below = replace(place.below("{JSON}"), text=False)
            yield from self._compare(was, now, below, depth + 1)
        elif one.kind == "array":
            fixed = max(len(one.words["prefix"]), len(other.words["prefix"]))
            for at, (was, now) in enumerate(paired_items(one.words, other.words)):
                step = f"[{at}]" if at < fixed else "[]"
                yield from self._compare(was, now, place.below(step), depth + 1)
        elif one.kind == "object":
            yield from self._fields(one, other, place, depth)

    def _plain(
        self, one: Variant, other: Variant, old: Shape, new: Shape, place: ValuePlace
    ) -> Iterator[Aspect]:
        """Compare what two variants say of their own values."""
        a, b = one.words, other.words
        if "enum" in a and "enum" in b:
            yield from value_changes(a["enum"], b["enum"], place)
            return
        if "enum" in a or "enum" in b:
            told = self.subtyping
            yield Aspect(
                type_words(place, old, new),
                told.variant_escapes(one, (other,), back=False, text=place.text),
                told.variant_escapes(other, (one,), back=True, text=place.text),
            )
            return
        form = form_escapes(a, b), form_escapes(b, a)
        if any(form):
            yield Aspect(type_words(place, old, new), *form)
        yield from limit_changes(one, other, place)
        narrower, wider = others_escape(one, other), others_escape(other, one)
        if narrower is not False or wider is not False:
            changed = {**one.others, **other.others}
            named = sorted(k for k in changed if one.others.get(k) != other.others.get(k))
            listed = ", ".join(map(escape.code, named or sorted(changed)))
            yield Aspect(f"{place.words}: {listed} changed", narrower, wider)

    def _fields(
        self, one: Variant, other: Variant, place: ValuePlace, depth: int
    ) -> Iterator[Aspect]:
        """Compare the fields of two objects."""
        a, b = one.words, other.words
        for name in b["properties"]:
            if name not in a["properties"]:
                yield self._new_field(name, one, other, place)
                continue
            below = place.below(name)
            yield from required_changes(name in a["required"], name in b["required"], below)
            yield from self._compare(a["properties"][name], b["properties"][name], below, depth + 1)
        for name, shape in a["properties"].items():
            if name in b["properties"]:
                continue
            if isinstance(b["additional"], dict):  # one of those of any name now
                yield from self._compare(shape, b["additional"], place.below(name), depth + 1)
                yield from required_changes(
                    name in a["required"], name in b["required"], place.below(name)
                )
            else:
                yield Aspect(f"{place.below(name).words} is gone", narrower=True, wider=True)
        for name in sorted((a["required"] ^ b["required"]) - a["properties"].keys()
                           - b["properties"].keys()):  # fmt: skip
            yield from required_changes(
                name in a["required"], name in b["required"], place.below(name)
            )
        yield from self._additional(a["additional"], b["additional"], place, depth)
        if a["additional"] is b["additional"] is True and a.get("open") != b.get("open"):
            word = "takes other fields now" if "open" in b else "does not say that it takes others"
            yield Aspect(f"{place.words} {word}")

    def _new_field(self, name: str, one: Variant, other: Variant, place: ValuePlace) -> Aspect:
        """Return that a field is new; it may be one of those that a map had under any name."""
        rest, shape = one.words["additional"], other.words["properties"][name]
        needed = name in other.words["required"]
        narrower: Told = needed
        wider: Told = rest is False
        if isinstance(rest, dict):
            narrower = worst([needed, self.subtyping.escapes(rest, shape)])
            wider = self.subtyping.escapes(shape, rest, back=True)
        words = f"{place.below(name).words} is new"
        return Aspect(words + " and required" * needed, narrower, wider, given=words)

    def _additional(
        self, old: Shape, new: Shape, place: ValuePlace, depth: int
    ) -> Iterator[Aspect]:
        """Compare what objects may have besides the fields that are named."""
        if isinstance(old, dict) and isinstance(new, dict):
            yield from self._compare(old, new, place.below("{}"), depth + 1)
        elif old != new:
            escapes = new is not True and old is not False, old is not True and new is not False
            if new is False:
                words = (
                    f"{place.words} has no other fields now",
                    f"{place.words}: other fields are refused now",
                )
            elif new is True:
                words = (f"{place.words} may have other fields now",) * 2
            else:
                words = (f"{place.words}: other fields are {shown_type(new)} now",) * 2
            yield Aspect(words[1], *escapes, given=words[0])


def _bare(shape: Shape) -> Shape:
    """Return a schema without its notes, which are compared by themselves."""
    if not isinstance(shape, dict):
        return shape
    if _NOTED.isdisjoint(shape):
        return shape
    return {key: value for key, value in shape.items() if key not in _NOTED}


def _reference(shape: Shape) -> str:
    """Return what a schema refers to, where it is nothing but a reference."""
    bare = _bare(shape)
    return str(bare["$ref"]) if isinstance(bare, dict) and bare.keys() == {"$ref"} else ""


def _alike(before: list[Variant], after: list[Variant]) -> Iterator[tuple[Variant, Variant]]:
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
