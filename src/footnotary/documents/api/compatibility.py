"""Whether a changed value still suits callers: what they send, and what they are given.

What is sent may only be widened, what is given only be narrowed. New values of an enumeration
that is given count as compatible, as callers are told to expect them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from footnotary.documents import escape

Change = tuple[bool, str]
_NULL = "null"
_LIMIT = re.compile(r"(.*?)([≥≤<>])?\s*(-?[\d.]+(?:e[+-]?\d+)?)", re.IGNORECASE)


@dataclass(frozen=True)
class Direction:
    """Which way a value goes.

    Attributes:
        sent: Callers send it.
        given: Callers are given it.
    """

    sent: bool = False
    given: bool = False


def type_changes(name: str, old: str, new: str, way: Direction) -> Iterator[Change]:
    """Yield what changed in a type, in words.

    Args:
        name: Markdown of what has the type.
        old: The type before, as the facts have it.
        new: The type now.
        way: Which way the value goes.
    """
    before, after = _members(old), _members(new)
    rest = {one for one in before ^ after if one.startswith("…")}  # of a long list, how many more
    if rest:
        before, after = before - rest, after - rest
        yield False, f"{name}: the number of its values changed"
    gone, added = before - after, after - before
    if not gone and not added:
        return
    if _NULL in added and before - gone:
        yield way.given, f"{name} may be null now"
    if _NULL in gone and after - added:
        yield way.sent, f"{name} must not be null now" if way.sent else f"{name} is never null now"
    gone, added = gone - {_NULL}, added - {_NULL}
    if gone and all(map(_is_literal, gone | added)) and before - gone:
        yield way.sent, f"{name} no longer has the value {_listed(gone)}"
        gone = set()
    if added and not gone and all(map(_is_literal, added)) and before:
        yield False, f"{name} may also be {_listed(added)}"
        added = set()
    if gone or added:
        breaks = (bool(gone) and way.sent) or (bool(added) and way.given) or not (before & after)
        yield breaks, f"{name}: type {shown(old)} → {shown(new)}"


def limit_changes(name: str, old: str, new: str, way: Direction) -> Iterator[Change]:
    """Yield how the limits of a value changed, in words."""
    if old == new:
        return
    narrower = _is_narrower(old, new)
    words = "narrower" if narrower else "wider"
    yield narrower and way.sent, f"{name}: limits {shown(old)} → {shown(new)}, {words}"


def required_changes(name: str, *, old: bool, new: bool, way: Direction) -> Iterator[Change]:
    """Yield whether a value became required or optional, in words."""
    if new and not old:
        yield way.sent, f"{name} is required now" if way.sent else f"{name} is always there now"
    if old and not new:
        yield way.given, f"{name} may be missing now" if way.given else f"{name} is optional now"


def default_changes(name: str, old: str, new: str) -> Iterator[Change]:
    """Yield a changed default, in words."""
    if old != new:
        yield False, f"{name}: default {shown(old)} → {shown(new)}"


def shown(text: str) -> str:
    """Return a type or limit as code, without the braces around names of models."""
    return escape.code(text.replace("{", "").replace("}", "")) if text else "none"


def _members(text: str) -> set[str]:
    """Return the members of a union; those inside brackets and quotes stay together."""
    found: list[str] = []
    depth, quoted, start = 0, False, 0
    for at, char in enumerate(text):
        if char == '"' and text[at - 1 : at] != "\\":
            quoted = not quoted
        elif not quoted and char in "([":
            depth += 1
        elif not quoted and char in ")]":
            depth -= 1
        elif char == "|" and not quoted and not depth:
            found.append(text[start:at])
            start = at + 1
    return {one.strip() for one in [*found, text[start:]] if one.strip()}


def _is_literal(member: str) -> bool:
    """Whether a member of a union is one value rather than a type."""
    return member.startswith('"') or member.lstrip("-").replace(".", "", 1).isdigit()


def _listed(members: set[str]) -> str:
    return ", ".join(escape.code(one) for one in sorted(members))


def _is_narrower(old: str, new: str) -> bool:
    """Whether limits let less through than before: a bound is new, or closer."""
    before, after = _bounds(old), _bounds(new)
    for kind, value in after.items():
        earlier = before.get(kind)
        if earlier is None or (isinstance(value, str) and value != earlier):
            return True
        if isinstance(value, float) and isinstance(earlier, float):
            closer = value > earlier if kind[-1] in "≥>" else value < earlier
            if closer:
                return True
    return False


def _bounds(text: str) -> dict[str, float | str]:
    """Return limits by kind, such as `length ≤`; a pattern by its own words."""
    limits, found, pattern = text.partition("matches ")
    bounds: dict[str, float | str] = {"matches": pattern} if found else {}
    for part in filter(None, limits.split(", ")):
        number = _LIMIT.fullmatch(part)
        if number and number[2]:
            bounds[number[1] + number[2]] = float(number[3])
        else:
            bounds[part] = part
    return bounds
