"""Whether conditions of a schema refuse what another accepts: `not`, `if`, `contains` and others.

What a condition's own schema gains, the whole may lose: below `not`, `if` and with `maxContains`.
Yes is said where a value proves it, no where the schemas do; all else cannot be told.
"""

import math
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeAlias

from footnotary.documents.api.joining import CONDITIONS, field_of
from footnotary.documents.api.json_values import json_kind_of, value_key
from footnotary.documents.api.variants import Variant, World, is_untyped
from footnotary.facts.shapes import Shape, schemas_below

if TYPE_CHECKING:
    from footnotary.documents.api.subtyping import Subtyping

_Told: TypeAlias = bool | None
_MAX_VALUES = 64
_TEXT: Shape = {"type": ["string"]}


def conditions_escape(
    told: "Subtyping", one: Variant, other: Variant, *, back: bool
) -> Iterator[_Told]:
    """Yield whether each condition of a variant refuses some of another.

    Args:
        told: The comparison.
        one: The variant whose values may be refused.
        other: The variant that may refuse them.
        back: Whether `one` is of the later document.
    """
    words = other.words.keys() & {*CONDITIONS}
    if not words:
        return
    both = _Both(told, one, other, back=back)
    for word in CONDITIONS:
        if word in words:
            yield from _ASKED[word](both)


class _Both:
    """Two variants of one kind: `a` may have values that `b` refuses."""

    def __init__(self, told: "Subtyping", one: Variant, other: Variant, *, back: bool) -> None:
        self.told, self.back = told, back
        self.one, self.other = one, other
        self.a, self.b = one.words, other.words
        self.source, self.target = told.worlds[back], told.worlds[not back]

    def escapes(self, was: Shape, now: Shape) -> _Told:
        """Return whether some value of a schema of `a` is refused by one of `b`."""
        return self.told.escapes(was, now, back=self.back)

    def returns(self, now: Shape, was: Shape) -> _Told:
        """Return whether some value of a schema of `b` is refused by one of `a`."""
        return self.told.escapes(now, was, back=not self.back)

    def proof(self, *values: Iterator[Any]) -> _Told:
        """Return True where a value is accepted by `a` and refused by `b`; else it is not known."""
        tried = [*self.source.samples(self.one), *self.target.samples(self.other)]
        least = tried[0]
        for some in values:
            for value in islice(some, _MAX_VALUES):
                tried.append(value)
                if isinstance(value, dict) and isinstance(least, dict):
                    tried.append({**least, **value})
        found = (
            self.source.fits(value, self.one) is True
            and self.target.fits(value, self.other) is False
            for value in tried
            if json_kind_of(value) == self.one.kind
        )
        return True if any(found) else None

    def values(self, world: World, shape: Shape) -> Iterator[Any]:
        """Yield values of a schema: all of an enumeration, else samples; and those it names."""
        for variant in world.variants(shape):
            found = variant.values()
            yield from world.samples(variant) if found is None else found
        waiting: list[Any] = [shape]
        followed = {""}
        while waiting:
            one = waiting.pop()
            if isinstance(one, dict):
                yield from one.get("enum", ())
                waiting += [below for word, below in schemas_below(one) if word != "properties"]
                reference = one.get("$ref", "")
                waiting += [world.schemas.get(reference)] * (reference not in followed)
                followed.add(reference)


def _not(both: _Both) -> Iterator[_Told]:
    """Compare what is excluded: no more than before."""
    before: Shape = {"anyOf": [*both.a.get("not", [])]} if "not" in both.a else False
    for shape in both.b["not"]:
        if both.returns(shape, before) is False:
            yield False
            continue
        alike = [v for v in both.target.variants(shape) if v.kind == both.one.kind]
        values = [one.values() for one in alike]
        if not alike and is_untyped(shape):
            yield None  # of which kinds it speaks is a guess
        elif None not in values:
            few = [value for some in values for value in some or ()]
            fit = [both.source.fits(value, both.one) for value in few]
            yield True if True in fit else None if None in fit else False
        else:
            former = (both.values(both.source, one) for one in both.a.get("not", ()))
            yield both.proof(both.values(both.target, shape), *former)


def _if(both: _Both) -> Iterator[_Told]:
    """Compare what holds of values that meet a test, and of those that do not."""
    for test, then, other in both.b["if"]:
        held = any(
            both.escapes(was, test) is False
            and both.returns(test, was) is False
            and both.escapes(yes, then) is False
            and both.escapes(no, other) is False
            for was, yes, no in both.a.get("if", ())
        )
        if not (held or (then is True and other is True)):
            conditions = [*both.a.get("if", ()), (test, then, other)]
            met = [one for tested, *_ in conditions for one in _few(both, tested)]
            meeting = [
                one for _, *sides in conditions for side in sides for one in _few(both, side)
            ]
            joined = ({**one, **more} for one in met for more in meeting
                      if isinstance(one, dict) and isinstance(more, dict))  # fmt: skip
            yield both.proof(iter(met), joined)


def _few(both: _Both, shape: Shape) -> list[Any]:
    """Return a few values of a schema of either side."""
    worlds = (both.source, both.target)
    return [one for world in worlds for one in islice(both.values(world, shape), 8)]


def _contains(both: _Both) -> Iterator[_Told]:
    """Compare how many items are of a schema."""
    before = both.a.get("contains", [])
    for shape, least, most in both.b["contains"]:
        enough = (
            least == 0
            or (
                both.a.get("minItems", 0) >= least and both.escapes(both.a["items"], shape) is False
            )
            or any(low >= least and both.escapes(was, shape) is False for was, low, _ in before)
        )
        few = both.a.get("maxItems", math.inf) <= most or any(
            high <= most and both.returns(shape, was) is False for was, _, high in before
        )
        if not (enough and few):
            wanted = [(was, low) for was, low, _ in before] or [(both.a["items"], 0)]
            every = {value_key(one): one for one in both.values(both.target, shape)}
            every |= {
                value_key(one): one for was, _ in wanted for one in both.values(both.source, was)
            }
            length = both.a.get("minItems", 0)
            yield both.proof(
                iter([[*every.values()]]),
                ([one] * min(max(low, length, over), _MAX_VALUES)
                 for low in {least, *(low for _, low in wanted)}
                 for one in every.values()
                 for over in (0, 1, most + 1 if most < _MAX_VALUES else 1)),
            )  # fmt: skip


def _names(both: _Both) -> Iterator[_Told]:
    """Compare the names that fields may have."""
    a = both.a
    before = [_TEXT, *a.get("propertyNames", ())]
    for shape in both.b["propertyNames"]:
        for name, field in a["properties"].items():
            if field is not False:
                fits = both.target.accepts(name, shape)
                yield None if fits is None else not fits
        if a["additional"] is not False or a["patterns"]:
            found = both.escapes({"allOf": before}, {"allOf": [_TEXT, shape]})
            yield None if found and a["patterns"] else found


def _required(both: _Both) -> Iterator[_Told]:
    """Compare the fields that a field asks for."""
    a = both.a
    for asked in both.b["dependentRequired"]:
        for name, names in asked.items():
            known = set(a["required"])
            for one in a.get("dependentRequired", ()):
                known |= {*one.get(name, ())}
            if {*names} - known:
                yield _may_have(both, name)


def _schemas(both: _Both) -> Iterator[_Told]:
    """Compare what a field asks of its object."""
    for asked in both.b["dependentSchemas"]:
        for name, shape in asked.items():
            before = [one[name] for one in both.a.get("dependentSchemas", ()) if name in one]
            if _may_have(both, name) is False or any(
                both.escapes(was, shape) is False for was in before
            ):
                continue
            some = (one for was in before or [True] for one in both.values(both.source, was))
            yield both.proof({name: value, **(one if isinstance(one, dict) else {})}
                             for one in [*islice(some, _MAX_VALUES), {}]
                             for value in _of_field(both, name))  # fmt: skip


def _may_have(both: _Both, name: str) -> _Told:
    """Return whether an object may have a field."""
    field = field_of(both.a, name, both.source.joints)
    return None if field is None else field is not False


def _of_field(both: _Both, name: str) -> Iterator[Any]:
    """Yield a value of a field."""
    field = field_of(both.a, name, both.source.joints)
    yield from islice(both.values(both.source, True if field is None else field), 1)


_ASKED: Mapping[str, Any] = {
    "not": _not, "if": _if, "contains": _contains, "propertyNames": _names,
    "dependentRequired": _required, "dependentSchemas": _schemas,
}  # fmt: skip
