"""All that is said of a table's constraints and indexes, by what each is about."""

import math
import re
from dataclasses import dataclass, field, replace

from footnotary.documents.what_changed import Told
from footnotary.facts.schema import (
    CheckConstraint,
    Constraint,
    Exclusion,
    ForeignKey,
    Key,
    Table,
    TableIndex,
)

_TYPE = re.compile(
    r"\s*([A-Z][A-Z0-9_ ]*?)\s*(?:\(\s*(\d+)\s*(?:,\s*(-?\d+)\s*)?\)\s*([A-Z ]*))?((?:\[\])*)\s*",
    re.IGNORECASE,
)
_ALIASES = {
    "CHARACTER VARYING": "VARCHAR", "NVARCHAR": "VARCHAR", "NCHAR": "CHAR", "CHARACTER": "CHAR",
    "DECIMAL": "NUMERIC", "DEC": "NUMERIC", "DOUBLE PRECISION": "DOUBLE", "FLOAT8": "DOUBLE",
    "FLOAT4": "REAL", "INT": "INTEGER", "INT4": "INTEGER", "SERIAL": "INTEGER", "INT8": "BIGINT",
    "BIGSERIAL": "BIGINT", "INT2": "SMALLINT", "SMALLSERIAL": "SMALLINT", "BOOL": "BOOLEAN",
    "BIT VARYING": "VARBIT", "TIMESTAMPTZ": "TIMESTAMP WITH TIME ZONE",
    "TIMESTAMP WITHOUT TIME ZONE": "TIMESTAMP", "TIMETZ": "TIME WITH TIME ZONE",
    "TIME WITHOUT TIME ZONE": "TIME",
    # SQLAlchemy's own names, and Python's, as the source has them
    "STRING": "VARCHAR", "STR": "VARCHAR", "UNICODE": "VARCHAR", "UNICODETEXT": "TEXT",
    "BIGINTEGER": "BIGINT", "SMALLINTEGER": "SMALLINT", "LARGEBINARY": "BLOB",
}  # fmt: skip
_BITS = {"TINYINT": 8, "SMALLINT": 16, "MEDIUMINT": 24, "INTEGER": 32, "BIGINT": 64}
# Lengths in bytes (MySQL 8.0 Reference Manual, section 13.7); elsewhere they have no limit.
_LONGEST = {"TINY": 2**8 - 1, "": 2**16 - 1, "MEDIUM": 2**24 - 1, "LONG": 2**32 - 1}
_MOMENTS = ("INTERVAL", "DATE", "TIME", "TIMESTAMP", "DATETIME", "TIME WITH TIME ZONE",
            "TIMESTAMP WITH TIME ZONE")  # fmt: skip
_OWN = ("BOOLEAN", "UUID", "INET", "CIDR", "MACADDR", "MONEY", "BYTEA", "YEAR")
_JSON = ("JSON", "JSONB")
_PADDED = ("CHAR", "BINARY", "BIT")
_LENGTHS = {"CHAR": "text", "VARCHAR": "text", "BINARY": "bytes", "VARBINARY": "bytes",
            "BIT": "bits", "VARBIT": "bits"}  # fmt: skip
_MYSQL = ("mysql", "mariadb")
_Told = float | None


@dataclass(frozen=True)
class _Type:
    """What a type holds.

    Attributes:
        kind: What its values are; types of two kinds share none.
        low: The least value or length; None where that is not known.
        high: The greatest value, length, digits before the point, or bits of a float.
        scale: Digits after the point, or of a second.
        own: What tells it from other types of its kind that hold other values.
        array: Whether it is an array of them; how deep is not enforced (PostgreSQL 17, section
            8.15.1).
    """

    kind: str
    low: _Told = 0
    high: _Told = 0
    scale: _Told = 0
    own: str = ""
    array: bool = False


def holds_all(old: str, new: str, dialect: str = "postgresql") -> Told:
    """Return whether every value of a type fits another type; None where that is not known.

    Args:
        old: A type as a dialect writes it, such as `VARCHAR(50)`.
        new: The type that takes its place.
        dialect: The dialect: what a type without a length holds differs between them.
    """
    before, after = _parsed(old, dialect), _parsed(new, dialect)
    if before is None or after is None:
        return None
    if (before.kind, before.array) != (after.kind, after.array):
        return False
    if before.own != after.own:
        return None
    return _within(before, after)


def _within(one: _Type, other: _Type) -> Told:
    """Return whether the values of a type are within those of another of its kind."""
    pairs = ((other.low, one.low), (one.high, other.high), (one.scale, other.scale))
    found = [None if a is None or b is None else a <= b for a, b in pairs]
    return False if False in found else None if None in found else True


def _parsed(text: str, dialect: str) -> _Type | None:
    """Return what a type holds; None where that is not known."""
    found = _TYPE.fullmatch(text)
    if found is None:
        return None
    name = " ".join(filter(None, (found[1], found[4]))).upper()
    name, unsigned = name.removesuffix(" UNSIGNED"), name.endswith(" UNSIGNED")
    name = _ALIASES.get(" ".join(name.split()), name)
    first, second = (None if one is None else int(one) for one in found.group(2, 3))
    one = _numeric(name, first, second, dialect, unsigned=unsigned) or _other(name, first, dialect)
    return one and replace(one, array=bool(found[5]))


def _numeric(
    name: str, first: int | None, second: int | None, dialect: str, *, unsigned: bool
) -> _Type | None:
    """Return what a type of numbers holds; None for other types."""
    if name in _BITS:
        unsigned = unsigned or (dialect == "mssql" and name == "TINYINT")
        half = 2 ** (_BITS[name] - 1)
        return _Type("integer", 0 if unsigned else -half, (2 * half if unsigned else half) - 1)
    low = 0 if unsigned else -1
    if name == "NUMERIC":
        if first is None and dialect in ("postgresql", "sqlite"):
            return _Type("number", low, math.inf, math.inf)
        whole = {"mysql": 10, "mariadb": 10, "mssql": 18}.get(dialect) if first is None else first
        scale = None if whole is None else second or 0
        return _Type("number", low, None if whole is None else whole - (second or 0), scale)
    if name in ("REAL", "FLOAT", "DOUBLE") and second is None:
        return _Type("float", low, _float_bits(name, first, dialect))
    return None


def _float_bits(name: str, first: int | None, dialect: str) -> _Told:
    """Return the bits of a float; REAL is double in MySQL, and FLOAT without a number single."""
    if name == "DOUBLE" or dialect == "sqlite":
        return 53
    if name == "FLOAT" and first is not None:
        return 24 if first <= 24 else 53  # noqa: PLR2004  ISO/IEC 9075-2, section 6.1
    mysql = {"REAL": 53, "FLOAT": 24}
    known = {"postgresql": {"REAL": 24, "FLOAT": 53}, "mssql": {"REAL": 24, "FLOAT": 53}}
    return (mysql if dialect in _MYSQL else known.get(dialect, {})).get(name)


def _other(name: str, length: int | None, dialect: str) -> _Type | None:
    """Return what a type of texts, bytes, bits or moments holds; None for what is not known."""
    if name in _LENGTHS:
        most: _Told = length
        if length is None:
            most = 1 if name in _PADDED else math.inf
            most = {"sqlite": math.inf, "postgresql": most, "": most}.get(
                dialect, 1 if most == 1 else None
            )
        fixed = name in _PADDED
        bits = fixed and name == "BIT" and dialect not in _MYSQL  # neither cut nor padded
        return _Type(_LENGTHS[name], most if bits else 0, most, 0 if fixed else 1)
    for word, kind in (("TEXT", "text"), ("BLOB", "bytes")):
        if name.endswith(word) and name.removesuffix(word) in _LONGEST:
            most = _LONGEST[name.removesuffix(word)] if dialect in _MYSQL else math.inf
            if length is not None and dialect in _MYSQL:  # the least one that holds so much
                most = next((one for one in sorted(_LONGEST.values()) if one >= length), None)
            return _Type(kind, 0, most, 1)
    if name in _MOMENTS:
        digits = 0 if dialect in _MYSQL else 6 if dialect == "postgresql" else None
        exact = name == "DATE" or dialect == "sqlite"
        return _Type("moment", 0, 0, 0 if exact else digits if length is None else length, name)
    if name in _JSON:
        return _Type("json", own=name)
    return _Type(name) if name in _OWN else None


# Properties whose every change may refuse what was accepted; of the others, only some do.
_STRICT = frozenset({"", "ON DELETE", "ON UPDATE", "MATCH", "expression"})


@dataclass(frozen=True)
class Said:
    """What is said of one constraint or index.

    Attributes:
        kind: What it is, in words.
        properties: What is said, by name; an empty name where the value says it.
        refuses: Whether it refuses rows; an index that is not unique does not.
        name: Its name, where that is not what it is about.
    """

    kind: str
    properties: dict[str, str] = field(default_factory=dict)
    refuses: bool = True
    name: str = ""

    @property
    def words(self) -> str:
        """All properties on one line."""
        return " ".join(f"{name} {value}".strip() for name, value in self.properties.items())

    def narrows(self, name: str, was: str, now: str) -> bool:
        """Return whether another value of a property refuses what was accepted before."""
        if not self.refuses:
            return False
        if name == "WHERE":  # of a partial unique index: fewer rows are held to it
            return not (now and not was)
        if name == "DEFERRABLE":
            return bool(was) and not now
        if name == "nulls_not_distinct":
            return bool(now)
        return name in _STRICT


def said_of(table: Table, kind: str) -> dict[str, Said]:
    """Return the constraints of one kind: what each is about, and what is said of it.

    Args:
        table: The table.
        kind: `primary key`, `foreign key`, `unique`, `check`, `exclusion` or `index`. A unique
            index of all rows is the same promise as a unique constraint.
    """
    found: dict[str, Said] = {}
    for about, name, one in _said(table, kind):
        key = f"{about} {name}" if about in found else about
        found[key] = replace(one, name="" if about == name else name)
    return found


def index_words(index: TableIndex) -> str:
    """Return what is said of an index besides its columns, on one line."""
    return _index(index).words


def constraint_words(one: Constraint) -> str:
    """Return what is said of a key, a check or an exclusion besides its columns, on one line."""
    return " ".join(f"{name} {value}".strip() for name, value in _properties(one).items())


def _said(table: Table, kind: str) -> list[tuple[str, str, Said]]:
    """Return what each constraint of a kind is about, its name, and what is said of it."""
    if kind == "foreign key":
        return [
            (
                f"{_list(key.columns)} → {key.table} {_list(key.target_columns)}",
                key.name,
                Said(kind, _properties(key)),
            )
            for key in table.foreign_keys
        ]
    if kind == "index":
        rest = [one for one in table.indexes if not one.unique or one.where]
        return [(_list(one.columns), one.name, _index(one)) for one in rest]
    whole = [one for one in table.indexes if one.unique and not one.where]
    found = [(_list(one.columns), one.name, _index(one)) for one in whole if kind == "unique"]
    keys = {
        "primary key": [table.primary_key] * bool(table.primary_key.columns),
        "unique": table.uniques,
        "check": table.checks,
        "exclusion": table.exclusions,
    }[kind]
    return found + [(_about(one), one.name, Said(kind, _properties(one))) for one in keys]


def _about(one: Constraint) -> str:
    """Return what a constraint is about: its columns, else its name, else what it says."""
    if isinstance(one, Key):
        return _list(one.columns)
    if isinstance(one, Exclusion):
        return one.name or _list(one.elements)
    return one.name or (one.expression if isinstance(one, CheckConstraint) else "")


def _index(one: TableIndex) -> Said:
    found = {
        "USING": one.using if one.using != "btree" else "",
        "WHERE": one.where,
        "INCLUDE": ", ".join(one.include),
        **one.options,
    }
    kind = ("partial unique index" if one.where else "unique") if one.unique else "index"
    return Said(kind, {name: value for name, value in found.items() if value}, one.unique)


def _properties(one: Constraint) -> dict[str, str]:
    """Return what is said of a constraint besides what it is about."""
    found: dict[str, str] = {}
    if isinstance(one, CheckConstraint) and one.name:
        found[""] = one.expression
    if isinstance(one, Exclusion):
        found[""] = _list(one.elements) if one.name else ""
        found |= {"USING": one.using, "WHERE": one.where}
    if isinstance(one, ForeignKey):
        found |= {"ON DELETE": one.on_delete, "ON UPDATE": one.on_update, "MATCH": one.match}
    if isinstance(one, Key):
        found["INCLUDE"] = ", ".join(one.include)
    if one.deferrable:
        found["DEFERRABLE"] = f"INITIALLY {one.initially or 'IMMEDIATE'}"
    found |= {"comment": one.comment, **one.options}
    return {name: value for name, value in found.items() if value}


def _list(names: tuple[str, ...]) -> str:
    return f"({', '.join(names)})"
