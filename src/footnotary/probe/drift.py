"""How a live database differs from the models: both sides as entries of catalogs."""

import re
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from footnotary.facts.schema import Column, Drift, Table


@dataclass(frozen=True)
class Entry:
    """A table, a column, a constraint, an index … of one side.

    Attributes:
        table: Full name of the table that it belongs to; without the default schema.
        kind: What it is, such as `column` or `foreign key`.
        name: Its name; empty where the database gave it none.
        properties: All that the database says of it, by property; empty ones left out. The first
            one is what it is in short.
    """

    table: str
    kind: str
    name: str
    properties: dict[str, str] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """Kind, name and the first property."""
        first = next(iter(self.properties.values()), "")
        return " ".join(filter(None, (self.kind, self.name, first)))


def stated_properties(row: Mapping[str, Any], *names: str) -> dict[str, str]:
    """Return the properties of a row of a catalog that say something.

    Args:
        row: The row.
        names: Its columns that are properties; an underscore is shown as a space.
    """
    return {
        name.replace("_", " "): str(row[name]) for name in names if row.get(name) not in (None, "")
    }


# Alembic's own table, and PostGIS's where it came without its extension.
_IGNORED = frozenset({"alembic_version", "spatial_ref_sys"})
_WHOLE = frozenset({"table", "view", "materialized view", "foreign table"})
# Of these a table has one.
_ALONE = _WHOLE | {"primary key", "sequence", "enum type", "domain type", "composite type",
                   "range type", "collation"}  # fmt: skip
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


NOT_COMPARED = (
    "checks that only the database has, as it names those that the models leave without a name",
    "expressions: of checks, generated columns, server defaults, indexes and their predicates",
    "index methods, operator classes, INCLUDE, orders, and other options of the database",
    "deferrable constraints, exclusion constraints, identities, sequences, collations, comments",
    "views, triggers",
)
# What one dialect writes in several ways, and reflection spells out differently.
_SAME = (
    (r"\s+WITHOUT TIME ZONE", ""),
    (r"\bDOUBLE PRECISION\b|\bFLOAT\(53\)", "FLOAT"),
    (r"\bDECIMAL\b", "NUMERIC"),
    (r"\bNUMERIC\((\d+)\)", r"NUMERIC(\1,0)"),
    (r"\bFLOAT\(\d+\)", "REAL"),
    (r"\bCHARACTER VARYING\b", "VARCHAR"),
    (r"\bSERIAL\b|\bINT\b|\bINT4\b", "INTEGER"),
    (r"\bBIGSERIAL\b|\bINT8\b", "BIGINT"),
    (r"\bBOOL\b", "BOOLEAN"),
    (r"\s*COLLATE \"?[\w.-]+\"?", ""),
    (r"[\s\"`]+", " "),
)
# MySQL's and MariaDB's: display widths say nothing of what fits, JSON is text in MariaDB, and
# BOOL is TINYINT.
_SAME_MYSQL = (
    (r"\b((?:TINY|SMALL|MEDIUM|BIG)?INT(?:EGER)?)\(\d+\)", r"\1"),
    (r"\s*CHARACTER SET \w+", ""),
    (r"\bLONGTEXT\b", "JSON"),
    (r"\bBOOL(?:EAN)?\b", "TINYINT"),
    (r"\b(?:NUMERIC|DECIMAL)\b(?!\()", "NUMERIC(10,0)"),
    (r"\bDOUBLE PRECISION\b|\bREAL\b|\bFLOAT\((?:2[5-9]|[3-5]\d)\)", "DOUBLE"),
    (r"\bFLOAT\(\d+\)", "FLOAT"),
    (r"\b(?:TINY|MEDIUM|LONG)?BLOB\b(?:\(\d+\))?", "BLOB"),
)
# SQLAlchemy before 2.1 does not read these from a database.
_OPERATORS = re.compile(r" \w+_ops\Z")
_MYSQL = ("mysql", "mariadb")


def reflected_entries(tables: tuple[Table, ...], dialect: str) -> list[Entry]:
    """Return what can be compared of tables that are only known as SQLAlchemy tells them.

    Args:
        tables: Of the models, or as they were reflected.
        dialect: Decides what counts as the same type.
    """
    return [entry for one in tables for entry in _table(one, dialect)]


def _table(one: Table, dialect: str) -> Iterator[Entry]:
    name = one.name if one.schema_name in ("", "public") else one.full_name
    yield Entry(name, "table", "")
    for column in one.columns:
        yield Entry(name, "column", column.name, _column(column, dialect))
    key = _listed(one.primary_key.columns)
    yield Entry(name, "primary key", "", {"columns": key})
    for foreign in one.foreign_keys:
        target = f"{foreign.table.removeprefix('public.')} {_listed(foreign.target_columns)}"
        # InnoDB takes both for the same (MySQL manual, FOREIGN KEY Constraints)
        same = ("", "NO ACTION", "RESTRICT") if dialect in _MYSQL else ("", "NO ACTION")
        action = f"ON DELETE {foreign.on_delete}" if foreign.on_delete not in same else ""
        words = f"{_listed(foreign.columns)} → {target} {action}".strip()
        yield Entry(name, "foreign key", "", {"columns": words})
    whole = [one.columns for one in one.indexes if one.unique and not one.where]
    for columns in dict.fromkeys([*(each.columns for each in one.uniques), *whole]):
        if _plain(columns):  # a unique index and a unique constraint are reflected alike
            yield Entry(name, "unique", "", {"columns": _listed(columns)})
    keys = {each.columns for each in one.foreign_keys} if dialect in _MYSQL else set()
    for index in one.indexes:
        # MySQL makes an index for every foreign key by itself
        if not index.unique and _plain(index.columns) and index.columns not in keys:
            yield Entry(name, "index", "", {"columns": _listed(index.columns)})
    yield from (Entry(name, "check", each.name) for each in one.checks if each.name)


def _column(column: Column, dialect: str) -> dict[str, str]:
    type_ = column.type.upper()
    for pattern, short in (*(_SAME_MYSQL if dialect in _MYSQL else ()), *_SAME):
        type_ = re.sub(pattern, short, type_)
    about = {"type": type_.replace(" ", ""), "null": "NULL" if column.nullable else "NOT NULL"}
    if column.enum and not re.match(r"N?(?:VAR)?CHAR\b|.*\[\]$", column.type.upper()):
        about |= {"type": "ENUM", "values": ", ".join(sorted(column.enum))}
    return about


def _plain(columns: tuple[str, ...]) -> bool:
    return all(re.fullmatch(r"\w+", _OPERATORS.sub("", one)) for one in columns)


def _listed(columns: tuple[str, ...]) -> str:
    return f"({', '.join(_OPERATORS.sub('', one) for one in columns)})"
