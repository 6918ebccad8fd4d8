"""Whether every value of one schema is a value of another: yes, no, or it cannot be told.

Undeclared fields are compared by what is written of them: an object that says nothing of others
may get fields with any name that neither schema declares.
"""

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from footnotary.documents.api.conditions import conditions_escape
from footnotary.documents.api.joining import UNREAD, field_of
from footnotary.documents.api.json_values import TooLarge, is_matched, is_multiple, matching, widths
from footnotary.documents.api.variants import Variant, World, identity_of
from footnotary.facts.shapes import TOO_DEEP, Shape

_FORMS = ("format", "contentEncoding", "contentMediaType")
# Formats whose values are values of another one too (JSON Schema 2020-12, validation section 7.3;
# OpenAPI's format registry).
_WITHIN = {
    "int8": {"int16", "int32", "int64"}, "int16": {"int32", "int64"}, "int32": {"int64"},
    "uint8": {"uint16", "uint32", "uint64", "int16", "int32", "int64"}, "float": {"double"},
    "email": {"idn-email"}, "hostname": {"idn-hostname"},
    "uri": {"uri-reference", "iri", "iri-reference"}, "iri": {"iri-reference"},
    "uri-reference": {"iri-reference"},
    "json-pointer": {"uri-reference"},
}  # fmt: skip
# How many characters a text of a format has at least and at most (RFC 3339, 9562, 791, 4291,
# 5321).
_WIDTHS = {
    "uuid": (36, 36), "date": (10, 10), "ipv4": (7, 15), "ipv6": (2, 45), "email": (3, 320),
    "date-time": (17, math.inf), "time": (5, math.inf),
}  # fmt: skip
# Of these the same words refuse nothing of each other, whatever they are and refer to.
_PLAIN = frozenset({
    "type", "format", "pattern", "default", "deprecated", "readOnly", "writeOnly", "minLength",
    "maxLength", "minimum", "maximum", "minItems", "maxItems",
})  # fmt: skip
_MAX_DEPTH = 60  # of schemas inside each other; past it, it cannot be told
Words = Mapping[str, Any]
Told = bool | None
_Question = tuple[int | str, int | str, bool, bool]


def worst(found: Iterable[Told]) -> Told:
    """Return True where any is true, else None where any cannot be told, else False."""
    unknown = False
    for one in found:
        if one:
            return True
        unknown = unknown or one is None
    return None if unknown else False


class Subtyping:
    """Comparisons between the schemas of two documents, one of them seen from either side.

    Whether a value *escapes* is asked of two schemas: whether some value of the first is refused by
    the second. What is asked again while it is being answered, as in recursive models, is taken
    to hold (subtyping of recursive types is coinductive: Amadio and Cardelli 1993). What was told
    by that is forgotten where it turns out not to hold.
    """

    def __init__(self, one: World, other: World) -> None:
        """Compare between two documents; values of either may be asked whether they escape."""
        self.worlds = (one, other)
        self._told: dict[_Question, Told] = {}
        self._open: dict[_Question, None] = {}
        self._kept: list[tuple[Shape, Shape]] = []
        self._depth = 0
        self.budget = one.budget

    def escapes(self, a: Shape, b: Shape, *, back: bool = False, text: bool = False) -> Told:
        """Return whether some value of a schema is refused by another.

        Args:
            a: A schema of the first document.
            b: A schema of the second.
            back: Whether `a` is of the second document and `b` of the first.
            text: Whether values are written as text, as in a query: a number is text there too.
        """
        self.budget.spend()
        key = (identity_of(a), identity_of(b), back, text)
        if key in self._told:
            return self._told[key]
        if key in self._open or (a == b and isinstance(a, dict) and a.keys() <= _PLAIN):
            return False
        if self._depth > _MAX_DEPTH:
            return None
        if self._open:
            return self._ask(key, a, b)
        try:
            with self.budget.share(self.budget.left // 2):
                return self._ask(key, a, b)
        except TooLarge:
            return None
        finally:
            self._open.clear()
            self._depth = 0

    def both_ways(self, one: Shape, other: Shape, *, text: bool = False) -> tuple[Told, Told]:
        """Return whether a value from before is refused now, and one from now was before."""
        return (
            self.escapes(one, other, text=text),
            self.escapes(other, one, back=True, text=text),
        )

    def _ask(self, key: _Question, a: Shape, b: Shape) -> Told:
        """Answer a question that is not answered yet; it is under way until then."""
        outermost = not self._open
        self._open[key] = None
        self._kept.append((a, b))  # so that no other schema gets its id
        self._depth += 1
        found = self._union_escapes(a, b, back=key[2], text=key[3])
        self._depth -= 1
        if found is not False:
            while self._open.popitem()[0] != key:  # what was told since may rest on it
                pass
            self._told[key] = found
        elif outermost:
            self._told |= dict.fromkeys(self._open, False)
        return found

    def _union_escapes(self, a: Shape, b: Shape, *, back: bool, text: bool) -> Told:
        one, other = self.worlds[back], self.worlds[not back]
        targets = other.variants(b)
        return worst(
            self.variant_escapes(variant, targets, back=back, text=text)
            for variant in one.variants(a)
        )

    def variant_escapes(
        self, one: Variant, targets: Iterable[Variant], *, back: bool, text: bool = False
    ) -> Told:
        """Return whether some value of a variant is refused by all of some others."""
        source, target = self.worlds[back], self.worlds[not back]
        targets = tuple(targets)
        self.budget.spend(1 + len(targets))
        if text and _is_taken_as_text(one, targets):
            return False
        alike = [other for other in targets if other.kind == one.kind]
        if one.values() is not None:
            values = one.values() or ()
            texts = targets if text else ()
            return worst(
                _not(target.accepted_by(value, alike), _as_text(value, texts, target))
                for value in values
            )
        if text and one.kind == "string" and not alike and one.words.get("pattern"):
            sample = matching(one.words["pattern"][0], one.words.get("minLength", 0))
            return True if sample and _as_text(sample, targets, target) is False else None
        alike.sort(key=lambda other: other.words != one.words)  # most likely it is unchanged
        found = []
        for other in alike:
            found.append(self.pair_escapes(one, other, back=back, text=text))
            if found[-1] is False:
                return False
        if len(found) < 2:  # noqa: PLR2004  two may cover it together
            return found[0] if found else True
        samples = source.samples(one)
        refused = (target.accepted_by(value, alike) is False for value in samples)
        return True if any(refused) else None

    def pair_escapes(self, one: Variant, other: Variant, *, back: bool, text: bool) -> Told:
        """Return whether some value of a variant is refused by another of its kind."""
        self.budget.spend(8)
        a, b = one.words, other.words
        if "enum" in b and "enum" not in a:
            return True
        plain = (check(a, b) for check in (limits_escape, form_escapes, pattern_escapes))
        found = worst([*plain, self.rest_escapes(one, other, back=back)])
        if found is True:
            return True
        if one.kind == "string":
            inner = (words.get("contentSchema", True) for words in (a, b))
            found = worst([found, self.escapes(*inner, back=back)])
        elif one.kind == "array":
            found = worst([found, worst(self._items(a, b, back=back, text=text))])
        elif one.kind == "object":
            found = worst([found, worst(self._fields(a, b, back=back, text=text))])
        return found

    def _items(self, a: Words, b: Words, *, back: bool, text: bool) -> Iterator[Told]:
        """Yield whether an item escapes, position by position."""
        for one, other in paired_items(a, b):
            yield self.escapes(one, other, back=back, text=text)

    def _fields(self, a: Words, b: Words, *, back: bool, text: bool) -> Iterator[Told]:
        """Yield whether an object escapes by a field that it lacks, has, or may have."""
        yield bool(b["required"] - a["required"])
        source, target = self.worlds[back].joints, self.worlds[not back].joints
        self.budget.spend(len(a["properties"]) + len(b["properties"]))
        for name in dict.fromkeys([*a["properties"], *b["properties"]]):
            one, other = field_of(a, name, source), field_of(b, name, target)
            if one is None or other is None:
                yield None
            elif name in a["properties"] or one is not True:
                ignored = name in a["properties"] and name in b.get("hidden", ())
                yield None if ignored else self.escapes(one, other, back=back, text=text)
        yield from self._patterns(a, b, back=back)
        others = a["additional"]
        if others is True:
            yield b["additional"] is not True
        elif others is not False:
            yield self.escapes(others, b["additional"], back=back, text=text)

    def _patterns(self, a: Words, b: Words, *, back: bool) -> Iterator[Told]:
        """Yield whether a field escapes whose name matches a pattern."""
        for pattern, shape in a["patterns"].items():
            yield self.escapes(shape, b["patterns"].get(pattern, b["additional"]), back=back)
        for pattern, shape in b["patterns"].items():
            if pattern not in a["patterns"]:
                found = self.escapes(a["additional"], shape, back=back)
                known = (self.escapes(one, shape, back=back) for one in a["patterns"].values())
                yield worst([found, *(None if one else one for one in known)])

    def rest_escapes(self, one: Variant, other: Variant, *, back: bool) -> Told:
        """Return whether conditions, or keywords that are not known, refuse some of the first."""
        return worst([others_escape(one, other), *conditions_escape(self, one, other, back=back)])


def paired_items(a: Words, b: Words) -> Iterator[tuple[Shape, Shape]]:
    """Yield the schemas of items at the same position; those of the rest at last."""
    before, after = a["prefix"], b["prefix"]
    most = a.get("maxItems")
    length = max(len(before), len(after))
    for at in range(length if most is None else min(length, most)):
        yield (
            before[at] if at < len(before) else a["items"],
            after[at] if at < len(after) else b["items"],
        )
    if most is None or most > length:
        yield a["items"], b["items"]


def limits_escape(a: Words, b: Words) -> bool:
    """Return whether bounds, lengths or steps of the second refuse some of the first."""
    low, high = b.get("low"), b.get("high")
    if low and ("low" not in a or a["low"] < low):
        return True
    if high and ("high" not in a or _reaches_over(a["high"], high)):
        return True
    for of in ("Length", "Items", "Properties"):
        if _least(a, of) < b.get(f"min{of}", 0) or _most(a, of) > b.get(f"max{of}", math.inf):
            return True
    if b.get("uniqueItems") and not a.get("uniqueItems") and a.get("maxItems", 2) > 1:
        return True
    steps = a.get("multipleOf", [1] if a.get("whole") else [])
    return any(not any(is_multiple(mine, one) for mine in steps) for one in b.get("multipleOf", ()))


def _reaches_over(one: tuple[float, bool], other: tuple[float, bool]) -> bool:
    """Whether an upper bound lets more through than another; an exclusive one lets less."""
    return one[0] > other[0] or (one[0] == other[0] and other[1] and not one[1])


def _least(words: Words, of: str) -> int:
    """Return the least length or count that is possible, by whatever is said."""
    least = int(words.get(f"min{of}", 0))
    if of == "Properties":
        return max(least, len(words["required"]) if "required" in words else 0)
    if of == "Length":
        return max([least, *(int(one[0]) for one in _widths(words))])
    return least


def _widths(words: Words) -> Iterator[tuple[float, float]]:
    """Yield the lengths that patterns and formats leave."""
    yield from (widths(one) for one in words.get("pattern", ()))
    yield from (_WIDTHS[one] for one in words.get("format", ()) if one in _WIDTHS)


def _most(words: Words, of: str) -> float:
    """Return the greatest length or count that is possible, by whatever is said."""
    most: float = words.get(f"max{of}", math.inf)
    closed = words.get("additional") is False and not words.get("patterns")
    if of == "Properties" and closed:
        return min(most, sum(one is not False for one in words["properties"].values()))
    if of == "Length":
        return min([most, *(one[1] for one in _widths(words))])
    if of == "Items" and words.get("items") is False:
        return min(most, len(words["prefix"]))
    return most


def form_escapes(a: Words, b: Words) -> bool:
    """Return whether format, encoding or wholeness of the second refuse some of the first."""
    if b.get("whole") and not a.get("whole"):
        steps = a.get("multipleOf", ())
        if not any(is_multiple(one, 1) for one in steps):
            return True
    return any(
        not any(one == mine or one in _WITHIN.get(mine, ()) for mine in a.get(word, ()))
        for word in _FORMS
        for one in b.get(word, ())
    )


def pattern_escapes(a: Words, b: Words) -> Told:
    """Return whether patterns of the second refuse some text of the first.

    Whether one regular expression is within another is not decided; a text that the first takes
    and the second refuses is a proof.
    """
    before, added = a.get("pattern", ()), [one for one in b.get("pattern", ())
                                           if one not in a.get("pattern", ())]  # fmt: skip
    if not added:
        return False
    if not before:
        return True
    shortest, longest = a.get("minLength", 0), a.get("maxLength")
    text = matching(before[0], shortest, longest)
    if text and all(is_matched(text, one) for one in before):
        return True if any(is_matched(text, one) is False for one in added) else None
    return None


def others_escape(one: Variant, other: Variant) -> Told:
    """Return whether keywords that are not known make the second refuse some of the first.

    The same words refuse the same, unless they refer to something. What JSON Schema does not know
    is a note or a rule of somebody's own (2020-12, core section 6.5): it cannot be told.
    """
    before, after = one.others, other.others
    if {UNREAD, TOO_DEEP} & (before.keys() | after.keys()):
        return None
    same = (
        before.get(key) == value and not key.startswith("$") and "'$ref'" not in repr(value)
        for key, value in after.items()
    )
    return False if all(same) else None


def _is_taken_as_text(one: Variant, targets: tuple[Variant, ...]) -> bool:
    """Whether values of a variant, written as text, are taken by plain text, or are never sent."""
    if one.kind == "null":
        return True
    plain = any(other.kind == "string" and not other.words for other in targets)
    return plain and one.kind in ("number", "boolean")


def _as_text(value: Any, targets: tuple[Variant, ...], world: World) -> Told:
    """Return whether a value, written as text, is accepted as what its text may be read as."""
    if not targets:
        return False
    if not isinstance(value, str):
        text = str(value).lower() if isinstance(value, bool) else str(value)
        return world.accepted_by(text, targets)
    try:
        read = json.loads(value)
    except (ValueError, RecursionError):
        return False
    return isinstance(read, bool | int | float) and world.accepted_by(read, targets)


def _not(*accepted: Told) -> Told:
    """Return whether a value is refused, by whether each of several ways accepts it."""
    return False if True in accepted else None if None in accepted else True
