"""Facts of tables as entries: what can be compared where a catalog cannot be asked twice.

Both sides are SQLAlchemy's words, its own and what it reads by reflection, so only what both
write alike is compared.
"""

import re
from collections.abc import Iterator

from footnotary.facts.schema import Column, Table
from footnotary.probe.catalogs.entries import Entry

NOT_COMPARED = (
    "checks that only the database has, as it names those that the models leave without a name",
    "expressions: of checks, generated columns, server defaults, indexes and their predicates",
    "index methods, operator classes, INCLUDE, orders, and other options of the database",
    "deferrable constraints, exclusion constraints, identities, sequences, collations, comments",
    "views, triggers",
)
# What one dialect writes in several ways, and reflection spells out differently.
_SAME = (
    (re.compile(r"\s+WITHOUT TIME ZONE"), ""),
    (re.compile(r"\bDOUBLE PRECISION\b|\bFLOAT\(53\)"), "FLOAT"),
    (re.compile(r"\bDECIMAL\b"), "NUMERIC"),
    (re.compile(r"\bNUMERIC\((\d+)\)"), r"NUMERIC(\1,0)"),
    (re.compile(r"\bFLOAT\(\d+\)"), "REAL"),
    (re.compile(r"\bCHARACTER VARYING\b"), "VARCHAR"),
    (re.compile(r"\bSERIAL\b|\bINT\b|\bINT4\b"), "INTEGER"),
    (re.compile(r"\bBIGSERIAL\b|\bINT8\b"), "BIGINT"),
    (re.compile(r"\bBOOL\b"), "BOOLEAN"),
    (re.compile(r"\s*COLLATE \"?[\w.-]+\"?"), ""),
    (re.compile(r"[\s\"`]+"), " "),
)
# MySQL's and MariaDB's: display widths say nothing of what fits, JSON is text in MariaDB, and
# BOOL is TINYINT.
_SAME_MYSQL = (
    (re.compile(r"\b((?:TINY|SMALL|MEDIUM|BIG)?INT(?:EGER)?)\(\d+\)"), r"\1"),
    (re.compile(r"\s*CHARACTER SET \w+"), ""),
    (re.compile(r"\bLONGTEXT\b"), "JSON"),
    (re.compile(r"\bBOOL(?:EAN)?\b"), "TINYINT"),
    (re.compile(r"\b(?:NUMERIC|DECIMAL)\b(?!\()"), "NUMERIC(10,0)"),
    (re.compile(r"\bDOUBLE PRECISION\b|\bREAL\b|\bFLOAT\((?:2[5-9]|[3-5]\d)\)"), "DOUBLE"),
    (re.compile(r"\bFLOAT\(\d+\)"), "FLOAT"),
    (re.compile(r"\b(?:TINY|MEDIUM|LONG)?BLOB\b(?:\(\d+\))?"), "BLOB"),
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
        type_ = pattern.sub(short, type_)
    about = {"type": type_.replace(" ", ""), "null": "NULL" if column.nullable else "NOT NULL"}
    if column.enum and not re.match(r"N?(?:VAR)?CHAR\b|.*\[\]$", column.type.upper()):
        about |= {"type": "ENUM", "values": ", ".join(sorted(column.enum))}
    return about


def _plain(columns: tuple[str, ...]) -> bool:
    return all(re.fullmatch(r"\w+", _OPERATORS.sub("", one)) for one in columns)


def _listed(columns: tuple[str, ...]) -> str:
    return f"({', '.join(_OPERATORS.sub('', one) for one in columns)})"
