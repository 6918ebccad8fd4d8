"""What changed between two schemas, in words, and whether callers can tell.

What is sent may only be widened, what is given only be narrowed. Schemas that are referred to are
compared once, by what they hold: a model's name is no part of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from footnotary.documents import escape
from footnotary.documents.api.aspects import (
    Aspect,
    Members,
    ValuePlace,
    additional_change,
    alike_variants,
    bare_shape,
    below_conditions,
    changed_words,
    discriminator_changes,
    exclusive_changes,
    is_same_shape,
    limit_changes,
    listed_items,
    loses_fields,
    matched,
    members_of,
    model_name_of,
    note_changes,
    null_changes,
    reference_of,
    required_changes,
    shown_type,
    type_words,
    value_changes,
)
from footnotary.documents.api.joining import field_of
from footnotary.documents.api.json_values import Budget, TooLarge
from footnotary.documents.api.subtyping import (
    Subtyping,
    Told,
    Words,
    form_escapes,
    paired_items,
    worst,
)
from footnotary.documents.api.variants import Variant, World
from footnotary.facts.shapes import COVARIANT, TOO_DEEP, Shape, references_in, schemas_below

_UNFOLLOWED = frozenset({TOO_DEEP, "$dynamicRef", "$recursiveRef"})
_MAX_DEPTH = 20
_MAX_SHARE = 100_000  # steps, for one model or one schema in place


@dataclass
class Comparison:
    """One comparison of schemas of two documents, seen by who sends or by who is given.

    Attributes:
        before: The schemas of the earlier document.
        after: Those of the later one.
        pairs: The schemas that are referred to in the same place, and how they are written there,
            in the order they were met.
        met: Schemas that are referred to on one side and written in place on the other.
        budget: The steps that may be taken, by both worlds too; what is past them is not compared.
    """

    before: World
    after: World
    pairs: dict[tuple[str, str, str], None] = field(default_factory=dict)
    met: set[str] = field(default_factory=set)
    budget: Budget = field(default_factory=Budget)

    def __post_init__(self) -> None:
        """Ask both worlds."""
        self.before.budget = self.after.budget = self.budget
        self.subtyping = Subtyping(self.before, self.after)
        self._under_way: set[tuple[int, int, str]] = set()

    def models(self) -> Iterator[tuple[str, str, list[Aspect]]]:
        """Yield each pair of schemas that are referred to, with what changed in it."""
        done: set[tuple[str, str, str]] = set()
        while waiting := [pair for pair in self.pairs if pair not in done]:
            for old, new, how in waiting:
                done.add((old, new, how))
                place = ValuePlace(model_name_of(new), is_model=True, how=how)
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
            self._meet(old, new, place.how)
        return found

    def _meet(self, old: Shape, new: Shape, how: str) -> None:
        """Note the references on both sides of what is not compared: they are, by themselves."""
        after = {*references_in(new)}
        for reference in references_in(old):
            if reference in after:
                self.pairs.setdefault((reference, reference, how))

    def _compare(self, old: Shape, new: Shape, place: ValuePlace, depth: int) -> Iterator[Aspect]:
        """Yield what changed; in a schema inside itself, at the outer place only."""
        self.budget.spend(10 + depth**2)  # the deeper, the likelier are many ways to one model
        if depth > _MAX_DEPTH:
            yield Aspect(f"{place.words} is nested too deeply", narrower=None, wider=None)
            self._meet(old, new, place.how)
            return
        pair = (id(old), id(new), place.how)
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
        old, new = bare_shape(old), bare_shape(new)
        if is_same_shape(old, new):
            yield from self._same(old, place)
            return
        one, other = members_of(old), members_of(new)
        yield from exclusive_changes(old, new, self.before.marks(one.parts), place)
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
        waiting = [shape]
        while waiting:
            one = waiting.pop()
            if not isinstance(one, dict):
                continue
            for word in _UNFOLLOWED & one.keys():
                yield Aspect(f"{place.words}: {word} is not followed", narrower=None, wider=None)
            if "$ref" in one:
                self.pairs.setdefault((one["$ref"], one["$ref"], place.how))
            below = [*schemas_below(one)]
            waiting += [each for word, each in below if word in COVARIANT]
            turned = [(word, each) for word, each in below if word not in COVARIANT]
            if held := {name: word for word, each in turned for name in references_in(each)}:
                yield from self._below_conditions(one, held, place)

    def _below_conditions(
        self, shape: Shape, held: dict[str, str], place: ValuePlace
    ) -> Iterator[Aspect]:
        """Yield that models changed which an unchanged condition refers to, such as `not`."""
        self.met.update(held)
        narrower, wider = self.subtyping.both_ways(shape, shape, text=place.text)
        if narrower is not False or wider is not False:
            words = ", ".join(escape.code(one) for one in sorted({*held.values()}))
            named = ", ".join(escape.code(model_name_of(one)) for one in sorted(held))
            yield Aspect(f"{place.words}: {words} changed by {named}", narrower, wider)

    def _held(
        self, found: list[Aspect], old: Shape, new: Shape, place: ValuePlace
    ) -> Iterator[Aspect]:
        """Yield changes in the members of a union: what one no longer takes, another may."""
        if not found:
            return
        narrower, wider = self.subtyping.both_ways(old, new, text=place.text)
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
            self.met.update(filter(None, map(reference_of, (*gone, *added))))
        before = [variant for part in gone for variant in self.before.variants(part)]
        after = [variant for part in added for variant in self.after.variants(part)]
        if place.text:
            before, after = ([v for v in some if v.kind != "null"] for some in (before, after))
        if not pairs and place.text and (items := listed_items(before, after)):
            yield self._to_list(before, after, items, type_words(place, old, new))
            return
        left, right = list(before), list(after)
        self.budget.spend(len(before) * len(after))
        for variant, match in alike_variants(before, after):
            left.remove(variant)
            right.remove(match)
            yield from self._variants(variant, match, old, new, place, depth)
        if left or right:
            yield from self._replaced(left, right, old, new, place)

    def _pair(self, was: Shape, now: Shape, place: ValuePlace, depth: int) -> Iterator[Aspect]:
        """Compare two members that belong together; two references are compared elsewhere."""
        old, new = reference_of(was), reference_of(now)
        if old and new:
            if self._is_other_model(old, new):
                yield from self._swapped(was, now, place)
            else:
                self.pairs.setdefault((old, new, place.how))
            return
        yield from self._compare(was, now, place, depth + 1)

    def _is_other_model(self, old: str, new: str) -> bool:
        """Whether a reference is to another model, both of which are in both documents."""
        return old != new and old in self.after.schemas and new in self.before.schemas

    def _swapped(self, was: Shape, now: Shape, place: ValuePlace) -> Iterator[Aspect]:
        """Yield that another model is in a place; models that hold the same are no change."""
        narrower, wider = self.subtyping.both_ways(was, now, text=place.text)
        if narrower is not False or wider is not False:
            lost = loses_fields(self.before.variants(was), self.after.variants(now))
            yield Aspect(type_words(place, was, now), narrower, worst([wider, lost]))

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
    ) -> Iterator[Aspect]:
        """Yield that types took the place of others, unless it is what the others cover."""
        before, after = self.before.variants(old), self.after.variants(new)
        told, text = self.subtyping, place.text
        narrower = worst(told.variant_escapes(one, after, back=False, text=text) for one in gone)
        wider = worst(told.variant_escapes(one, before, back=True, text=text) for one in added)
        if shown_type(old) != shown_type(new) or (narrower, wider) != (False, False):
            yield Aspect(type_words(place, old, new), narrower, wider)

    def _variants(  # noqa: PLR0913, PLR0917  both sides, whole and in parts
        self, one: Variant, other: Variant, old: Shape, new: Shape, place: ValuePlace, depth: int
    ) -> Iterator[Aspect]:
        """Compare two variants of one kind."""
        yield from self._plain(one, other, old, new, place)
        if one.kind == "string":
            was, now = (each.words.get("contentSchema", True) for each in (one, other))
            below = replace(place.below("{JSON}"), how="")
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
        if "enum" in a or "enum" in b:
            changed = (
                [*value_changes(a["enum"], b["enum"], place)] if "enum" in a and "enum" in b else []
            )
            yield from changed
            told = self.subtyping
            escapes = (told.variant_escapes(one, (other,), back=False, text=place.text),
                       told.variant_escapes(other, (one,), back=True, text=place.text))  # fmt: skip
            if not changed and escapes != (False, False):
                yield Aspect(type_words(place, old, new), *escapes)
            return
        form = form_escapes(a, b), form_escapes(b, a)
        if any(form):
            yield Aspect(type_words(place, old, new), *form)
        yield from limit_changes(one, other, place)
        narrower = self.subtyping.rest_escapes(one, other, back=False)
        wider = self.subtyping.rest_escapes(other, one, back=True)
        if narrower is not False or wider is not False:
            listed = escape.list_codes(changed_words(one, other))
            yield Aspect(f"{place.words}: {listed} changed", narrower, wider)
        self.met.update(below_conditions(one), below_conditions(other))

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
            now = field_of(b, name, self.after.joints)
            if name in b.get("hidden", ()):
                words = (
                    f"{place.below(name).words} is read-only now: what is sent is not taken over"
                )
                yield Aspect(words, narrower=None)
            elif isinstance(now, dict):  # one of those of any name, or of some, now
                yield from self._compare(shape, now, place.below(name), depth + 1)
                yield from required_changes(
                    name in a["required"], name in b["required"], place.below(name)
                )
            elif shape is False:
                yield Aspect(f"{place.below(name).words} is no longer excluded", wider=True)
            else:
                yield Aspect(f"{place.below(name).words} is gone", narrower=True, wider=True)
        for name in sorted((a["required"] ^ b["required"]) - a["properties"].keys()
                           - b["properties"].keys()):  # fmt: skip
            yield from required_changes(
                name in a["required"], name in b["required"], place.below(name)
            )
        yield from self._patterns(a, b, place, depth)
        yield from self._additional(a["additional"], b["additional"], place, depth)
        if a["additional"] is b["additional"] is True and a.get("open") != b.get("open"):
            word = "takes other fields now" if "open" in b else "does not say that it takes others"
            yield Aspect(f"{place.words} {word}")

    def _new_field(self, name: str, one: Variant, other: Variant, place: ValuePlace) -> Aspect:
        """Return that a field is new; it may be one of those that a map had under any name."""
        rest = field_of(one.words, name, self.before.joints)
        shape = other.words["properties"][name]
        needed = name in other.words["required"]
        if shape is False:
            return Aspect(f"{place.below(name).words} is excluded now", narrower=rest is not False)
        narrower: Told = needed
        wider: Told = None if rest is None else rest is False
        if isinstance(rest, dict):
            narrower = worst([needed, self.subtyping.escapes(rest, shape)])
            wider = self.subtyping.escapes(shape, rest, back=True)
        words = f"{place.below(name).words} is new"
        return Aspect(words + " and required" * needed, narrower, wider, given=words)

    def _patterns(self, a: Words, b: Words, place: ValuePlace, depth: int) -> Iterator[Aspect]:
        """Compare the fields whose names match a pattern."""
        before, after = a["patterns"], b["patterns"]
        for pattern in dict.fromkeys([*before, *after]):
            below = place.below("{" + pattern + "}")
            one = before.get(pattern, a["additional"])
            other = after.get(pattern, b["additional"])
            if pattern in before and pattern in after:
                yield from self._compare(one, other, below, depth + 1)
                continue
            narrower, wider = self.subtyping.both_ways(one, other)
            word = "is new" if pattern in after else "is gone"
            yield Aspect(f"{below.words} {word}", narrower, wider)

    def _additional(
        self, old: Shape, new: Shape, place: ValuePlace, depth: int
    ) -> Iterator[Aspect]:
        """Compare what objects may have besides the fields that are named."""
        if isinstance(old, dict) and isinstance(new, dict):
            yield from self._compare(old, new, place.below("{}"), depth + 1)
        elif old != new:
            yield additional_change(old, new, place)
