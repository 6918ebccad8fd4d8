"""How a live database differs from the models: both sides as entries of catalogs."""

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from typing import TypeAlias

from footnotary.facts.schema import Drift
from footnotary.probe.catalogs.entries import Entry

# Alembic's own table, and PostGIS's where it came without its extension.
_IGNORED = frozenset({"alembic_version", "spatial_ref_sys"})
_WHOLE = frozenset({"table", "view", "materialized view", "foreign table"})
# Of these a table has one.
_ALONE = _WHOLE | {"primary key", "sequence", "enum type", "domain type"}
_MOST_SAID = 400
Key: TypeAlias = Callable[[Entry], Hashable]


def find_drift(
    models: Iterable[Entry], database: Iterable[Entry], named: Collection[str]
) -> tuple[Drift, ...]:
    """Return every difference, table by table.

    Args:
        models: What the models make.
        database: What the live database has; Alembic's own table is left out.
        named: Names that the models give: of others, the database's choice is no difference.
    """
    ours, theirs = _by_table(models), _by_table(database)
    found: list[Drift] = []
    for name in sorted(ours.keys() | theirs.keys()):
        mine, real = ours.get(name, []), theirs.get(name, [])
        whole = next((one.kind for one in (*mine, *real) if one.kind in _WHOLE), "")
        if not mine or not real:
            shown = [Entry(name, f"the {whole}", "")] if whole else [*mine, *real]
            found += [_only(one, in_models=bool(mine)) for one in shown]
        else:
            found += _differences(name, mine, real, named)
    return tuple(found)


def _by_table(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    for one in entries:
        if one.table not in _IGNORED:
            found.setdefault(one.table, []).append(one)
    return {
        name: sorted(ones, key=lambda one: one.kind != "column") for name, ones in found.items()
    }


def _only(one: Entry, *, in_models: bool) -> Drift:
    detail = _cut(one.words)
    if in_models:
        return Drift(table=one.table, what="only in the models", detail=detail)
    return Drift(table=one.table, what="only in the database", detail=detail)


def _differences(
    table: str, mine: list[Entry], real: list[Entry], named: Collection[str]
) -> Iterator[Drift]:
    """Pair what belongs together, and compare it: by name, by name alone, by what it says."""
    left, right = list(mine), list(real)
    pairs = _paired(left, right, lambda one: (one.kind, one.name) if one.name or one.kind in _ALONE
                    else None)  # fmt: skip
    others = _paired(left, right, lambda one: one.name or None)
    same = _paired(left, right, lambda one: (one.kind, tuple(sorted(one.properties.items()))))
    about = _paired(left, right, lambda one: one.words if one.properties and not one.name else None)
    for one, other in (*pairs, *about):
        yield from _properties(one, other)
    for one, other in others:
        words = f"models {one.words}, database {other.words}"
        yield Drift(table=table, what="differs", detail=_cut(words))
    for one, other in same:
        if one.name and one.name in named:
            words = f"name of {one.kind}: models {one.name}, database {other.name or 'none'}"
            yield Drift(table=table, what="differs", detail=words)
    yield from (_only(one, in_models=True) for one in left)
    yield from (_only(one, in_models=False) for one in right)


def _paired(left: list[Entry], right: list[Entry], key: Key) -> list[tuple[Entry, Entry]]:
    """Take out of two lists what has the same key; None pairs with nothing."""
    waiting: dict[Hashable, list[Entry]] = {}
    for other in right:
        waiting.setdefault(key(other), []).append(other)
    found = []
    for one in list(left):
        known = key(one)
        if known is not None and waiting.get(known):
            other = waiting[known].pop(0)
            left.remove(one)
            right.remove(other)
            found.append((one, other))
    return found


def _properties(one: Entry, other: Entry) -> Iterator[Drift]:
    """Compare all that is said of one thing on both sides."""
    what = (
        " ".join(filter(None, (one.kind, one.name)))
        if one.name or one.kind in _ALONE
        else one.words
    )
    for name in dict.fromkeys([*one.properties, *other.properties]):
        was, now = one.properties.get(name, ""), other.properties.get(name, "")
        if was != now:
            label = f"{what}: {name}: models {was or 'none'}, database {now or 'none'}"
            yield Drift(table=one.table, what="differs", detail=_cut(label))


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _MOST_SAID else line[: _MOST_SAID - 1] + "…"


def without_unjudged(
    entries: Iterable[Entry], failed: Iterable[Mapping[str, str]], default: str
) -> list[Entry]:
    """Return the entries that both sides could have: not what could not be made.

    Args:
        entries: Of either side.
        failed: Statements that failed: `table`, `what`.
        default: The default schema.
    """
    tables, parts = set(), set()
    for one in failed:
        table = one["table"].removeprefix(f"{default}.")
        kind, _, name = one["what"].rpartition(" ")
        if one["what"] in _WHOLE or not kind:
            tables.add(table)
        else:
            parts.add((table, name))
    return [
        one
        for one in entries
        if one.table not in tables
        and (one.table, one.name) not in parts
        and ("", one.name or one.table) not in parts
    ]
