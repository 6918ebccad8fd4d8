"""A SQLAlchemy table as plain data, with types and SQL compiled for one dialect."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from . import constraints, mapping, sources, statements
from .constraints import numbering, options, sql

_MAX_INSIDE = 4
PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_ .,/+-]{0,39}")


def dialect_of(name: str) -> Any:
    """Return a dialect for compiling, without its driver; SQLAlchemy's default without a name."""
    if not name:
        from sqlalchemy.engine import default

        return default.DefaultDialect()
    base = name.split("+", maxsplit=1)[0]
    if base == "mariadb":
        from sqlalchemy.dialects.mysql.mariadb import MariaDBDialect

        made = MariaDBDialect()
    else:
        from sqlalchemy.dialects import registry

        made = registry.load(base)()
    # `%` is doubled for drivers, which these texts never reach
    made.identifier_preparer._double_percents = False  # noqa: SLF001  no public switch
    return made


def describe_tables(
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
        _head(one, mapped, places, root)
        | {
            "columns": columns(one, dialect, mapped),
            "relationships": mapping.relationships(mapped.mapper(one) if mapped else None),
            "exposed_by": [],
            "classes": mapped.classes(one) if mapped else [],
            **constraints.describe_constraints(one, dialect),
            "ddl": statements.ddl(one, dialect, types),
        }
        for one in ones
    ]


def describe_views(
    ones: Iterable[Any], dialect: Any, mapped: mapping.Mapped | None, root: str = ""
) -> list[dict[str, Any]]:
    """Describe views with their columns and the SELECT that they are.

    Args:
        ones: SQLAlchemy `Table`s that stand for views.
        dialect: What types and SQL are compiled for.
        mapped: Their ORM classes; None for reflected views.
        root: The project's root.
    """
    found = []
    for one in ones:
        made = getattr(one, "_creator_ddl", None)
        select = getattr(made, "selectable", None)
        found.append(
            _head(one, mapped, {}, root)
            | {
                "materialized": bool(getattr(made, "materialized", False)),
                "columns": columns(one, dialect, mapped),
                "definition": sql(select, dialect)
                if select is not None
                else " ".join(str(one.info.get("definition", "")).split()),
                "depends_on": _sources(select, one),
                "ddl": statements.view(made, dialect) if made is not None else "",
            }
        )
    return found


def is_view(one: Any) -> bool:
    """Return whether a SQLAlchemy `Table` stands for a view.

    SQLAlchemy 2.1 says so itself; before, `info={"is_view": True}` is how Alembic's cookbook
    marks one.
    """
    return bool(getattr(one, "is_view", False) or one.info.get("is_view"))


def _sources(select: Any, view: Any) -> list[str]:
    """Return the tables that a SELECT reads, at any depth."""
    if select is None:
        return []
    from sqlalchemy.sql import visitors

    names = {
        str(found.fullname)
        for found in visitors.iterate(select)
        if hasattr(found, "fullname") and hasattr(found, "metadata")
    }
    return sorted(names - {str(view.fullname)})


def _head(
    one: Any, mapped: mapping.Mapped | None, places: dict[str, Any], root: str
) -> dict[str, Any]:
    """Describe what a table or view is called, and where it is declared."""
    mapper = mapped.mapper(one) if mapped else None
    made = mapper.class_ if mapper is not None else None
    place = sources.place(made, root) if made else None
    file, line, core_module = places.get(one.name) or ("", 0, "")
    if place is None and file:
        place = {"path": sources.relative_to_project(file, root), "line": line}
    return {
        "name": one.name,
        "schema": one.schema or "",
        "comment": one.comment or "",
        "class_name": made.__qualname__ if made else "",
        "module": made.__module__ if made else core_module,
        "place": place,
        "doc": mapping.read_class_docstring(made) if made else "",
    }


def columns(one: Any, dialect: Any, mapped: mapping.Mapped | None) -> list[dict[str, Any]]:
    """Describe the columns of a table or view.

    Args:
        one: A SQLAlchemy `Table`.
        dialect: What types and SQL are compiled for.
        mapped: Its ORM classes; None where it is reflected.
    """
    mapper = mapped.mapper(one) if mapped else None
    strings = mapping.read_attribute_docstrings(mapper.class_) if mapper is not None else {}
    attributes = mapping.attribute_names(mapper) if mapper is not None else {}
    return [_column(column, dialect, attributes, strings) for column in one.columns]


def _column(
    column: Any, dialect: Any, attributes: dict[str, str], strings: dict[str, str]
) -> dict[str, Any]:
    """Describe a column."""
    attribute = attributes.get(column.name, column.name)
    decorated = type(column.type)
    collation = str(getattr(column.type, "collation", None) or "")
    held = _element(column.type)
    enums = getattr(held, "enums", None) or []
    return {
        "name": column.name,
        "attribute": attribute if attribute != column.name else "",
        "type": _without_collation(_type(column.type, dialect), collation),
        "collation": collation,
        "decorator": ""
        if decorated.__module__.startswith(("sqlalchemy.", "sqlmodel."))
        else decorated.__name__ + _of(column.type),
        "enum": [str(value) for value in enums],
        "enum_name": str(getattr(held, "name", "") or "") if enums else "",
        "nullable": bool(column.nullable),
        "primary_key": bool(column.primary_key),
        "default": _default(column.default, dialect),
        "on_update": _default(column.onupdate, dialect),
        "server_default": _server_default(column, dialect),
        "computed": sql(column.computed.sqltext, dialect) if column.computed is not None else "",
        "generated": _generated(column.computed, dialect),
        "numbering": numbering(column, dialect),
        "autoincrement": column is column.table._autoincrement_column,  # noqa: SLF001  `autoincrement_column` warns
        "comment": column.comment or "",
        "options": options(column, dialect) | _domain(held, dialect),
        "doc": strings.get(attribute) or column.doc or "",
    }


def _element(made: Any) -> Any:
    """Return what the items of an array are, else the type itself; of a project's own, its type."""
    for _ in range(_MAX_INSIDE):
        inner = getattr(made, "item_type", None) or getattr(made, "impl", None)
        if inner is None or getattr(made, "enums", None) or inner is made:
            break
        made = inner
    return made


def _domain(made: Any, dialect: Any) -> dict[str, str]:
    """Return what a domain is and refuses (`CREATE DOMAIN`), as the option `domain`."""
    if getattr(made, "__visit_name__", "") != "DOMAIN":
        return {}
    check, default = (getattr(made, name, None) for name in ("check", "default"))
    parts = [_type(made.data_type, dialect)]
    parts += [f"DEFAULT {sql(default, dialect)}"] * (default is not None)
    parts += ["NOT NULL"] * bool(made.not_null)
    parts += [f"CHECK ({sql(check, dialect)})"] * (check is not None)
    return {"domain": " ".join(parts)}


def _without_collation(type_: str, collation: str) -> str:
    """Return a type as SQL without its collation, which is told beside it."""
    if not collation:
        return type_
    return re.sub(rf"\s*COLLATE\s+[\"`]?{re.escape(collation)}[\"`]?", "", type_)


def _generated(computed: Any, dialect: Any) -> str:
    """Return where the values of a generated column are; each server has its own default."""
    if computed is None:
        return ""
    if computed.persisted is None:
        return "stored" if dialect.name == "postgresql" else "virtual"
    return "stored" if computed.persisted else "virtual"


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
        return sql(argument, dialect)
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
    if isinstance(argument, str):
        return "'" + argument.replace("'", "''") + "'"
    return sql(argument, dialect)
