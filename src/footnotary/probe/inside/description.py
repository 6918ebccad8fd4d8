"""A SQLAlchemy table as plain data, with types and SQL compiled for one dialect."""

from __future__ import annotations

import enum
import importlib
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from . import mapping, sources, statements

PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_ .,/+-]{0,39}")


def dialect_of(name: str) -> Any:
    """Return a dialect for compiling, without its driver; SQLAlchemy's default without a name."""
    if not name:
        from sqlalchemy.engine import default

        return default.DefaultDialect()
    base = name.split("+", maxsplit=1)[0].replace("mariadb", "mysql")
    return importlib.import_module("sqlalchemy.dialects." + base).dialect()


def tables(
    ones: Iterable[Any],
    dialect: Any,
    mapped: mapping.Mapped | None,
    places: dict[str, Any],
    root: str = "",
) -> list[dict[str, Any]]:
    """Describe tables with their columns, constraints, indexes, relationships and statements.

    Args:
        ones: SQLAlchemy `Table`s; a type that several use is made with the first.
        dialect: What types and SQL are compiled for.
        mapped: Their ORM classes; None for reflected tables.
        places: Where tables without a class are declared, by name: `(file, line, module)`.
        root: The project's root.
    """
    types: dict[str, str] = {}
    return [
        _table(one, dialect, mapped, places, root) | {"ddl": statements.ddl(one, dialect, types)}
        for one in ones
    ]


def _table(
    one: Any, dialect: Any, mapped: mapping.Mapped | None, places: dict[str, Any], root: str
) -> dict[str, Any]:
    """Describe a table, without its statements."""
    mapper = mapped.mapper(one) if mapped else None
    made = mapper.class_ if mapper is not None else None
    place = sources.place(made, root) if made else None
    file, line, core_module = places.get(one.name) or ("", 0, "")
    if place is None and file:
        place = {"path": sources.relative(file, root), "line": line}
    strings = mapping.docstrings(made) if made else {}
    attributes = mapping.attributes(mapper) if mapper is not None else {}
    return {
        "name": one.name,
        "schema": one.schema or "",
        "comment": one.comment or "",
        "class_name": made.__qualname__ if made else "",
        "classes": mapped.classes(one) if mapped else [],
        "module": made.__module__ if made else core_module,
        "place": place,
        "doc": mapping.described(made) if made else "",
        "columns": [_column(column, dialect, attributes, strings) for column in one.columns],
        "relationships": mapping.relationships(mapper) if mapper is not None else [],
        "exposed_by": [],
        **_constraints(one, dialect),
    }


def _column(
    column: Any, dialect: Any, attributes: dict[str, str], strings: dict[str, str]
) -> dict[str, Any]:
    """Describe a column."""
    attribute = attributes.get(column.name, column.name)
    decorated = type(column.type)
    return {
        "name": column.name,
        "attribute": attribute if attribute != column.name else "",
        "type": _type(column.type, dialect),
        "decorator": ""
        if decorated.__module__.startswith(("sqlalchemy.", "sqlmodel."))
        else decorated.__name__ + _of(column.type),
        "enum": [str(value) for value in getattr(column.type, "enums", None) or []],
        "enum_name": str(getattr(column.type, "name", "") or "")
        if getattr(column.type, "enums", None)
        else "",
        "nullable": bool(column.nullable),
        "primary_key": bool(column.primary_key),
        "default": _default(column.default, dialect),
        "on_update": _default(column.onupdate, dialect),
        "server_default": _server_default(column, dialect),
        "computed": _sql(column.computed.sqltext, dialect) if column.computed is not None else "",
        "identity": getattr(column, "identity", None) is not None,
        "autoincrement": column is column.table._autoincrement_column,  # noqa: SLF001  `autoincrement_column` warns
        "comment": column.comment or "",
        "doc": strings.get(attribute) or column.doc or "",
    }


def _of(made: Any) -> str:
    """Return the enum that a project's own type keeps, as `(Colour)`; empty where it has none."""
    held = [one for one in vars(made).values() if isinstance(one, type)]
    names = [one.__name__ for one in held if issubclass(one, enum.Enum)]
    return f"({names[0]})" if names else ""


def _type(made: Any, dialect: Any) -> str:
    """Return a type as the dialect writes it; its own name where it cannot."""
    try:
        return str(made.compile(dialect=dialect))
    except Exception:  # noqa: BLE001  NullType and foreign types raise whatever they like
        return "" if type(made).__name__ == "NullType" else type(made).__name__


def _default(default: Any, dialect: Any) -> str:
    """Return a Python-side default: a safe literal, a function's name, or SQL."""
    if default is None:
        return ""
    if getattr(default, "is_callable", False):
        return _function(default.arg)
    if getattr(default, "is_sequence", False):
        return f"sequence {default.name}"
    argument = getattr(default, "arg", default)
    if getattr(default, "is_clause_element", False):
        return _sql(argument, dialect)
    return _literal(argument)


def _function(call: Any) -> str:
    """Return the name of a default's function, as a call."""
    name = sources.qualified(call)
    return "a function" if "<lambda>" in name else f"{name.split('.<locals>.')[-1]}()"


def _literal(value: Any) -> str:
    """Return a value of a plain form, or a word for it; its name is judged where it is read."""
    if isinstance(value, enum.Enum):
        return f"{type(value).__name__}.{value.name}"
    if value is None or isinstance(value, (bool, int, float, Decimal)):
        return str(value)
    if isinstance(value, str) and (not value or PLAIN.fullmatch(value)):
        return f"'{value}'"
    return (
        f"a {type(value).__name__}" if not isinstance(value, (list, dict)) or value else repr(value)
    )


def _server_default(column: Any, dialect: Any) -> str:
    """Return the default that the database sets, as SQL."""
    default = column.server_default
    if default is None or column.computed is not None or getattr(column, "identity", None):
        return ""
    argument = getattr(default, "arg", None)
    if argument is None:
        return "set by the database"
    return f"'{argument}'" if isinstance(argument, str) else _sql(argument, dialect)


def _sql(clause: Any, dialect: Any) -> str:
    """Return an expression as SQL text of the dialect, columns without their table as in DDL."""
    words = {"literal_binds": True, "include_table": False}
    try:
        compiled = clause.compile(dialect=dialect, compile_kwargs=words)
        return " ".join(str(compiled).split())
    except Exception:  # noqa: BLE001  some literals have no SQL form
        return " ".join(str(clause).split())


def _name(constraint: Any, dialect: Any) -> str:
    """Return a constraint's name as the naming convention makes it, or an empty string."""
    try:
        name = dialect.identifier_preparer.format_constraint(constraint)
    except Exception:  # noqa: BLE001  a convention that cannot be applied leaves it unnamed
        name = None
    return str(name).strip('"`') if name else ""


def _constraints(one: Any, dialect: Any) -> dict[str, Any]:
    """Describe a table's keys, constraints and indexes."""
    from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint

    kinds: dict[type, list[Any]] = {
        CheckConstraint: [],
        ForeignKeyConstraint: [],
        UniqueConstraint: [],
    }
    for constraint in one.constraints:
        for kind, found in kinds.items():
            if isinstance(constraint, kind):
                found.append(constraint)
    key = [column.name for column in one.primary_key.columns]
    uniques = [
        {"name": _name(c, dialect), "columns": [x.name for x in c.columns]}
        for c in kinds[UniqueConstraint]
    ]
    checks = [
        {"name": _name(c, dialect), "expression": _sql(c.sqltext, dialect)}
        for c in kinds[CheckConstraint]
    ]
    return {
        "primary_key": {"name": _name(one.primary_key, dialect) if key else "", "columns": key},
        "foreign_keys": sorted(
            (_foreign_key(c, dialect) for c in kinds[ForeignKeyConstraint]),
            key=lambda c: (c["columns"], c["table"]),
        ),
        "uniques": sorted(uniques, key=lambda c: (c["columns"], c["name"])),
        "checks": sorted(checks, key=lambda c: (c["name"], c["expression"])),
        "indexes": sorted(
            (_index(index, dialect) for index in one.indexes),
            key=lambda c: (c["name"], c["columns"]),
        ),
    }


def _foreign_key(constraint: Any, dialect: Any) -> dict[str, Any]:
    """Describe a foreign key; the table it refers to need not exist."""
    elements = list(constraint.elements)
    targets = [element.target_fullname.rpartition(".") for element in elements]
    return {
        "name": _name(constraint, dialect),
        "columns": [element.parent.name for element in elements],
        "table": targets[0][0] if targets else "",
        "target_columns": [target[2] for target in targets],
        "on_delete": constraint.ondelete or "",
        "on_update": constraint.onupdate or "",
        "deferrable": bool(constraint.deferrable),
        "use_alter": bool(constraint.use_alter),
    }


def _index(index: Any, dialect: Any) -> dict[str, Any]:
    """Describe an index; its parts are columns or expressions."""
    options = dialect.name
    given = index.dialect_options.get(options, {}) if hasattr(index, "dialect_options") else {}
    where = given.get("where") if given else None
    classes = (given.get("ops") if given else None) or {}
    return {
        "name": str(index.name or ""),
        "columns": [_index_part(part, dialect, classes) for part in index.expressions],
        "unique": bool(index.unique),
        "where": _sql(where, dialect) if where is not None else "",
        "using": str((given.get("using") if given else "") or ""),
    }


def _index_part(part: Any, dialect: Any, classes: dict[str, str]) -> str:
    """Return a column's name, or an expression, with its operator class: `name gin_trgm_ops`.

    A function has a name too, which says nothing of what is indexed.
    """
    is_column = hasattr(part, "table") and hasattr(part, "primary_key")
    shown = str(part.name) if is_column else _sql(part, dialect)
    operators = classes.get(str(getattr(part, "key", None) or getattr(part, "name", None)))
    return f"{shown} {operators}" if operators else shown
