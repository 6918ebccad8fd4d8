"""What changed between two readings of the same kind, in words, whatever the kind."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile
from typing import Any, TypeAlias

from footnotary.counting import counted
from footnotary.facts.basis import Facts

Thing: TypeAlias = tuple[str, str]
"""What differs: what it is one of, and its name: `("operation", "GET /users")`."""

_NAMES = ("full_name", "name", "route", "path", "key", "service", "file", "id", "words")
_PASSING = ("read_from", "read", "schema_version", "summary", "scope")
# Where something is: it moves with every line that is written above it.
_WHERE = frozenset({"line", "place"})
# What follows from another fact; where that differs, one thing has changed, not two.
_DERIVED = frozenset({"used_by", "within", "schemas"})
_GONE = "is gone"
_LONGEST = 60
_MOST = 3
_Way: TypeAlias = tuple[str, ...]
# Where something differs, and how: `("stack `x`", "image")`, "is no longer `y`".
_Difference: TypeAlias = tuple[_Way, str]


def describe_differences(before: Facts, after: Facts) -> Iterator[str]:
    """Yield each difference as a sentence without its full stop.

    Where something is in a file, how often things were counted and what was read are no
    differences: they change whenever anything else does. Nor is what the kind calls volatile.
    """
    old, new = _comparable(before, after)
    together: dict[tuple[_Way, str], list[str]] = {}
    for where, how in _compared((), old, new):
        together.setdefault((where[1:], how), []).append(where[0])
    for (inner, how), outer in together.items():
        if inner:
            yield f"{_said((_all_of(outer), *inner))} {how}"
        else:
            for one in outer:
                lost = how == _GONE and after.leaves_out(one.partition(" ")[0])
                yield f"{one} {'was not found again' if lost else how}"


def things_changed(before: Facts, after: Facts) -> tuple[Thing, ...]:
    """Return what differs by the things it is about, each once: for counting.

    Returns:
        Members of lists with what they are one of; of other fields the field's name, and no name.
    """
    old, new = _comparable(before, after, _DERIVED)
    found: list[Thing] = []
    for field in new:
        if field in _PASSING or old.get(field) == new[field]:
            continue
        words = field.replace("_", " ")
        was, now = old.get(field), new[field]
        if not (isinstance(was, list) and isinstance(now, list)):
            found.append((_CALLED.get(field, words), ""))
            continue
        one, other = _by_name(was), _by_name(now)
        names = [name for name in {**one, **other} if one.get(name) != other.get(name)]
        found += [(_one_of(words), name) for name in names] or [(f"order of {_many(words)}", "")]
    return tuple(found)


def things_in_words(things: Sequence[Thing]) -> str:
    """Return what differs as words: `2 operations, 1 model and the version`."""
    counts = Counter(kind for kind, name in things if name)
    words = [counted(number, kind, _plural(kind)) for kind, number in counts.items()]
    words += [f"the {kind}" for kind, name in things if not name]
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def _comparable(
    before: Facts, after: Facts, besides: frozenset[str] = frozenset()
) -> tuple[Any, Any]:
    """Return two facts as data, without what is no difference."""
    left_out = after.VOLATILE | _WHERE | besides | before.lacking() | after.lacking()
    old, new = (
        _without(facts.model_dump(mode="json"), left_out, after.PLACED) for facts in (before, after)
    )
    return old, new


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
    return re.sub(r":\d+(?=[\s),]|$)|, line \d+,?", "", value) if isinstance(value, str) else value


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
        old, new = show_apart(before, after)
        yield where, f"was {old} and is now {new}"


def _mappings(
    where: _Way, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[_Difference]:
    """Compare two mappings field by field."""
    for name in dict.fromkeys([*before, *after]):
        if name in _PASSING:
            continue
        place = (*where, _SHOWN.get(name, name.replace("_", " ")))
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
            yield _name_member(where, name), _GONE
    for name in new:
        if name not in old:
            yield _name_member(where, name), "is new"
        elif old[name] != new[name]:
            yield from _compared(_name_member(where, name), old[name], new[name])
    if list(old) != list(new) and set(old) == set(new) and old == new:
        yield (*where[:-1], _many(where[-1])), "are in another order"


def _said(where: _Way) -> str:
    """Return a place in words, the innermost first: image of service `api` of stack `x`."""
    return " of ".join(reversed(where))


# What one of a list is called, where that is not the list's name without its ending.
_ONE_OF = {
    "traces": "path from a route",
    "unmigrated": "change without a migration",
    "api": "public definition",
    "dockerfiles": "Dockerfile",
    "docstrings": "docstring problem",
    "hardening": "hardening finding",
    "hidden": "hidden route",
    "legacy": "module of an older copy",
    "lifespan": "function of the lifespan",
    "matrix": "variable",
    "middleware": "middleware",
    "others": "other application",
    "read from": "file",
    "security": "security scheme",
    "unparsed": "module not parsed",
}
# Fields that are no lists, where another word says more.
_CALLED = {"convention": "naming convention", "openapi": "version of OpenAPI"}
_SHOWN = {"shown": "value", "shown_default": "default"}
_PLURALS = {
    "middleware": "middleware",
    "module of an older copy": "modules of an older copy",
    "function of the lifespan": "functions of the lifespan",
    "module not parsed": "modules not parsed",
    "path from a route": "paths from routes",
    "change without a migration": "changes without a migration",
}


def _name_member(where: _Way, name: str) -> _Way:
    """Return the way to a member of a list: one of what the list is called."""
    return (*where[:-1], f"{_one_of(where[-1] if where else 'entry')} `{name}`")


def _one_of(kind: str) -> str:
    """Return what a member of a list is called, by the list's name."""
    if kind in _ONE_OF:
        return _ONE_OF[kind]
    for ending, one in (("ies", "y"), ("sses", "ss"), ("xes", "x"), ("ss", "ss"), ("us", "us"),
                        ("s", "")):  # fmt: skip
        if kind.endswith(ending):
            return kind.removesuffix(ending) + one
    return kind


def _many(words: str) -> str:
    """Return what the members of a list are called, by the list's name."""
    kind = _one_of(words)
    return _plural(kind) or f"{kind}s"


def _plural(kind: str) -> str:
    """Return the plural of what a member of a list is called; empty where an s makes it."""
    if kind in _PLURALS:
        return _PLURALS[kind]
    if kind.endswith("y"):
        return kind.removesuffix("y") + "ies"
    return kind + "es" if kind.endswith(("ss", "x")) else ""


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
        if "importer" in member and "imported" in member:
            return f"{member['importer']} → {member['imported']}"
    return _shown(member).strip("`")


def show_apart(before: Any, after: Any) -> tuple[str, str]:
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
    text = value if isinstance(value, str) else _flatten_facts(value)
    return " ".join(text.split()).replace("`", "'")


def _flatten_facts(value: Any) -> str:
    """Return a value that is no text on one line, as people write lists."""
    if isinstance(value, dict):
        named = ((name, one) for name, one in value.items() if one not in (None, "", [], {}))
        return ", ".join(f"{name}: {_inner(one)}" for name, one in named)
    if isinstance(value, list):
        return ", ".join(map(_inner, value))
    return "none" if value is None else str(value)


def _inner(value: Any) -> str:
    """Return a value within another: lists and mappings in brackets."""
    text = _line(value)
    return f"({text})" if isinstance(value, dict | list) else text
