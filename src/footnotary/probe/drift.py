"""How a live database differs from the models: both sides as facts, compared by name."""

import re
from collections.abc import Iterator

from footnotary.facts.schema import Column, Drift, ForeignKey, Table

# What one dialect writes in several ways, and reflection spells out differently.
_SAME = (
    (re.compile(r"\s+WITHOUT TIME ZONE"), ""),
    (re.compile(r"\bDOUBLE PRECISION\b|\bFLOAT\(53\)"), "FLOAT"),
    (re.compile(r"\bDECIMAL\b"), "NUMERIC"),
    (re.compile(r"\bCHARACTER VARYING\b"), "VARCHAR"),
    (re.compile(r"\bSERIAL\b|\bINT\b|\bINT4\b"), "INTEGER"),
    (re.compile(r"\bBIGSERIAL\b|\bINT8\b"), "BIGINT"),
    (re.compile(r"\bBOOL\b"), "BOOLEAN"),
    (re.compile(r"\s*COLLATE \"?[\w.-]+\"?"), ""),
    (re.compile(r"[\s\"`]+"), " "),
)
# MySQL's and MariaDB's: display widths say nothing of what fits, and JSON is text in MariaDB.
_SAME_MYSQL = (
    (re.compile(r"\b((?:TINY|SMALL|MEDIUM|BIG)?INT(?:EGER)?)\(\d+\)"), r"\1"),
    (re.compile(r"\s*CHARACTER SET \w+"), ""),
    (re.compile(r"\bLONGTEXT\b"), "JSON"),
)
_MYSQL = ("mysql", "mariadb")
_IGNORED = {"alembic_version", "spatial_ref_sys"}

_OPERATORS = re.compile(r" \w+_ops\Z")


def drift(
    models: tuple[Table, ...], database: tuple[Table, ...], dialect: str
) -> tuple[Drift, ...]:
    """Return every difference, table by table.

    Args:
        models: Tables as the code declares them.
        database: Tables as the database has them; Alembic's own is left out.
        dialect: The database's; decides what counts as the same type.
    """
    ours = {_key(one): one for one in models}
    theirs = {_key(one): one for one in database if one.name not in _IGNORED}
    found: list[Drift] = []
    for name in sorted(ours.keys() | theirs.keys()):
        if name not in theirs:
            found.append(Drift(table=name, what="only in the models", detail="the table"))
        elif name not in ours:
            found.append(Drift(table=name, what="only in the database", detail="the table"))
        else:
            found += _table(name, ours[name], theirs[name], dialect)
    return tuple(found)


def _key(one: Table) -> str:
    """Return a table's name; PostgreSQL's default schema is left out."""
    return one.name if one.schema_name in ("", "public") else one.full_name


def _table(name: str, model: Table, live: Table, dialect: str) -> Iterator[Drift]:
    """Compare the columns, keys and indexes of one table."""
    ours = {one.name: one for one in model.columns}
    theirs = {one.name: one for one in live.columns}
    for column in [*ours, *(one for one in theirs if one not in ours)]:
        if column not in theirs:
            words = f"column {column} {ours[column].type}".rstrip()
            yield Drift(table=name, what="only in the models", detail=words)
        elif column not in ours:
            words = f"column {column} {theirs[column].type}".rstrip()
            yield Drift(table=name, what="only in the database", detail=words)
        else:
            yield from _column(name, ours[column], theirs[column], dialect)
    if set(model.primary_key.columns) != set(live.primary_key.columns):
        was, now = model.primary_key.columns, live.primary_key.columns
        words = f"primary key: models ({', '.join(was)}), database ({', '.join(now)})"
        yield Drift(table=name, what="differs", detail=words)
    for kind, mine, real in _keys(model, live, dialect):
        for words in sorted(mine - real):
            yield Drift(table=name, what="only in the models", detail=f"{kind} {words}")
        for words in sorted(real - mine):
            yield Drift(table=name, what="only in the database", detail=f"{kind} {words}")


def _column(table: str, model: Column, live: Column, dialect: str) -> Iterator[Drift]:
    """Compare type and nullability of one column."""
    if model.type and live.type and not _same_type(model, live, dialect):
        words = f"column {model.name}: models {model.type}, database {live.type}"
        yield Drift(table=table, what="differs", detail=words)
    if model.enum and live.enum and set(model.enum) != set(live.enum):
        lacks = [one for one in model.enum if one not in live.enum]
        more = [one for one in live.enum if one not in model.enum]
        parts = [f"the database lacks {', '.join(lacks)}"] * bool(lacks)
        parts += [f"the models lack {', '.join(more)}"] * bool(more)
        words = f"values of {model.name}: {'; '.join(parts)}"
        yield Drift(table=table, what="differs", detail=words)
    if model.nullable != live.nullable:
        sides = ("NULL" if one.nullable else "NOT NULL" for one in (model, live))
        words = "column {}: models {}, database {}".format(model.name, *sides)
        yield Drift(table=table, what="differs", detail=words)
    if bool(model.server_default) != bool(live.server_default) and not _numbered(live):
        holder = "models" if model.server_default else "database"
        other = "database" if model.server_default else "models"
        value = model.server_default or live.server_default
        words = f"column {model.name}: default {value} in the {holder}, none in the {other}"
        yield Drift(table=table, what="differs", detail=words)


def _numbered(live: Column) -> bool:
    """Whether the default is the sequence that numbers the column."""
    return "nextval(" in live.server_default or live.numbering is not None or live.autoincrement


def _same_type(model: Column, live: Column, dialect: str) -> bool:
    """Whether two types mean the same in a database."""
    ours, theirs = _plain(model.type, dialect), _plain(live.type, dialect)
    if ours == theirs or (model.enum and live.enum):
        return True
    if dialect in _MYSQL:
        return {ours, theirs} == {"BOOLEAN", "TINYINT"} or ours == "BOOL"
    # SQLite keeps what it was told; an enum is a VARCHAR there.
    return dialect == "sqlite" and ours.split("(")[0] == theirs.split("(")[0]


def _plain(type_: str, dialect: str) -> str:
    """Return a type in its shortest spelling."""
    text = type_.upper()
    for pattern, short in (*(_SAME_MYSQL if dialect in _MYSQL else ()), *_SAME):
        text = pattern.sub(short, text)
    return text.replace(" ", "").replace("(6)", "")


def _keys(model: Table, live: Table, dialect: str) -> Iterator[tuple[str, set[str], set[str]]]:
    """Yield kind and words of the foreign keys, uniques, checks and indexes of both sides."""
    yield "foreign key", _foreign(model), _foreign(live)
    # A unique index and a unique constraint are the same promise.
    yield "unique", _unique(model), _unique(live)
    ours = {_index(one.columns) for one in model.indexes if not one.unique}
    real = {_index(one.columns) for one in live.indexes if not one.unique}
    if dialect in _MYSQL:  # which makes an index for every foreign key by itself
        real -= {_index(one.columns) for one in live.foreign_keys} - ours
    yield "index on", ours - {""}, real - {""}
    names = ({one.name for one in side.checks if one.name} for side in (model, live))
    mine, theirs = names
    yield "check", mine, theirs


def _foreign(one: Table) -> set[str]:
    return {
        f"({', '.join(key.columns)}) → {key.table.removeprefix('public.')}{_action(key)}"
        for key in one.foreign_keys
    }


def _action(key: ForeignKey) -> str:
    action = key.on_delete.upper()
    return f" ON DELETE {action}" if action not in ("", "NO ACTION") else ""


def _unique(one: Table) -> set[str]:
    indexes = (index.columns for index in one.indexes if index.unique and not index.where)
    return {_index(columns) for columns in (*(key.columns for key in one.uniques), *indexes)}


def _index(columns: tuple[str, ...]) -> str:
    """Return columns; an index on expressions is not compared, its text is never the same.

    Nor are operator classes, which SQLAlchemy before 2.1 does not read from a database.
    """
    plain = [_OPERATORS.sub("", one) for one in columns]
    return f"({', '.join(plain)})" if all(re.fullmatch(r"\w+", one) for one in plain) else ""
