"""What changed between two readings of the same kind, in words, whatever the kind."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile
from typing import Any, TypeAlias

from footnotary.facts.basis import Facts

_NAMES = ("full_name", "name", "route", "path", "key", "service", "file", "id")
_PASSING = ("read_from", "read", "schema_version", "summary", "scope")
# Where something stands: it moves with every line that is written above it.
_WHERE = frozenset({"line", "place"})
_LINE = re.compile(r":\d+(?=[\s),]|$)|, line \d+,?")
_LONGEST = 60
_MOST = 3
_Way: TypeAlias = tuple[str, ...]
# Where something differs, and how: `("stack `x`", "image")`, "is no longer `y`".
_Difference: TypeAlias = tuple[_Way, str]


def differences(before: Facts, after: Facts) -> Iterator[str]:
    """Yield each difference as a sentence without its full stop.

    Where something stands in a file, how often things were counted and what was read are no
    differences: they change whenever anything else does. Nor is what the kind calls volatile.

    Args:
        before: The earlier facts.
        after: The later facts.
    """
    left_out = after.VOLATILE | _WHERE
    old, new = (
        _without(facts.model_dump(mode="json"), left_out, after.PLACED) for facts in (before, after)
    )
    together: dict[tuple[_Way, str], list[str]] = {}
    for where, how in _compared((), old, new):
        together.setdefault((where[1:], how), []).append(where[0])
    for (inner, how), outer in together.items():
        if inner:
            yield f"{_said((_all_of(outer), *inner))} {how}"
        else:
            yield from (f"{one} {how}" for one in outer)


def _all_of(places: list[str]) -> str:
    """Return the places where the same thing differs: two stacks that share a file, say."""
    shown = places[:_MOST]
    if len(places) > _MOST:
        shown.append(f"{len(places) - _MOST} more")
    return " and ".join(filter(None, (", ".join(shown[:-1]), shown[-1])))


def _without(value: Any, names: frozenset[str], placed: frozenset[str]) -> Any:
    """Return a value without the fields of some names, at any depth, and others without lines."""
    if isinstance(value, dict):
        return {
            name: _unplaced(one) if name in placed else _without(one, names, placed)
            for name, one in value.items()
            if name not in names
        }
    return [_without(one, names, placed) for one in value] if isinstance(value, list) else value


def _unplaced(value: Any) -> Any:
    """Return texts without the line numbers in them."""
    if isinstance(value, list):
        return [_unplaced(one) for one in value]
    return _LINE.sub("", value) if isinstance(value, str) else value


def _compared(where: _Way, before: Any, after: Any) -> Iterator[_Difference]:
    """Compare two values at one place."""
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        yield from _mappings(where, before, after)
    elif isinstance(before, list) and isinstance(after, list):
        yield from _sequences(where, before, after)
    elif before in (None, "", []):
        yield where, f"is now {_shown(after)}"
    elif after in (None, "", []):
        yield where, f"is no longer {_shown(before)}"
    else:
        old, new = _apart(before, after)
        yield where, f"was {old} and is now {new}"


def _mappings(
    where: _Way, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[_Difference]:
    """Compare two mappings field by field."""
    for name in dict.fromkeys([*before, *after]):
        if name in _PASSING:
            continue
        place = (*where, name.replace("_", " "))
        if name not in before:
            yield place, f"{_shown(after[name])} is new"
        elif name not in after:
            yield place, f"{_shown(before[name])} is gone"
        else:
            yield from _compared(place, before[name], after[name])


def _sequences(where: _Way, before: Sequence[Any], after: Sequence[Any]) -> Iterator[_Difference]:
    """Compare two lists: by name where their members have one, else as sets."""
    old, new = _by_name(before), _by_name(after)
    for name in old:
        if name not in new:
            yield _member(where, name), "is gone"
    for name in new:
        if name not in old:
            yield _member(where, name), "is new"
        elif old[name] != new[name]:
            yield from _compared(_member(where, name), old[name], new[name])
    if list(old) != list(new) and set(old) == set(new) and old == new:
        yield where, "are in another order"


def _said(where: _Way) -> str:
    """Return a place in words, the innermost first: image of service `api` of stack `x`."""
    return " of ".join(reversed(where))


# What one of a list is called, where that is not the list's name without its ending.
_ONE_OF = {"dockerfiles": "Dockerfile", "hardening": "hardening finding", "matrix": "variable"}


def _member(where: _Way, name: str) -> _Way:
    """Return the way to a member of a list: one of what the list is called."""
    kind = where[-1] if where else "entry"
    if kind in _ONE_OF:
        return (*where[:-1], f"{_ONE_OF[kind]} `{name}`")
    for ending, one in (("ies", "y"), ("sses", "ss"), ("ss", "ss"), ("us", "us"), ("s", "")):
        if kind.endswith(ending):
            kind = kind.removesuffix(ending) + one
            break
    return (*where[:-1], f"{kind} `{name}`")


def _by_name(members: Sequence[Any]) -> dict[str, Any]:
    """Return the members of a list by what they are called."""
    named: dict[str, Any] = {}
    for member in members:
        name = _name_of(member)
        again = sum(1 for known in named if known == name or known.startswith(f"{name} ("))
        named[f"{name} ({again + 1})" if again else name] = member
    return named


def _name_of(member: Any) -> str:
    """Return what a member of a list is called."""
    if isinstance(member, dict):
        if "method" in member and "path" in member:
            return f"{member['method']} {member['path']}"
        if "code" in member and "subject" in member:
            return f"{member['code']} {member['subject']}"
        for name in _NAMES:
            if isinstance(member.get(name), str) and member[name]:
                return str(member[name])
    return _shown(member).strip("`")


def _apart(before: Any, after: Any) -> tuple[str, str]:
    """Return two values for a sentence, so that it can be seen how they differ."""
    old, new = _line(before), _line(after)
    if max(len(old), len(new)) > _LONGEST:
        pairs = zip(old, new, strict=False)
        alike = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        cut = max(0, alike - _LONGEST // 3)
        if cut:
            old, new = f"…{old[cut:]}", f"…{new[cut:]}"
    return _shown(old), _shown(new)


def _shown(value: Any) -> str:
    """Return a value for a sentence."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = _line(value)
    return f"`{text if len(text) <= _LONGEST else text[: _LONGEST - 1] + '…'}`"


def _line(value: Any) -> str:
    """Return a value on one line."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = value if isinstance(value, str) else _flat(value)
    return " ".join(text.split()).replace("`", "'")


def _flat(value: Any) -> str:
    """Return a value that is no text on one line."""
    import json

    return json.dumps(value, ensure_ascii=False, sort_keys=True)
