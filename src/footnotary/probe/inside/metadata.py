"""What SQLAlchemy's metadata says: tables, columns, keys, indexes, relationships."""

from __future__ import annotations

import gc
import importlib
import inspect
import os
import re
import sys
from typing import Any

from .application import _place
from .loading import attribute

_SKIPPED = {"tests", "test", "migrations", "alembic", "versions", "__pycache__"}
_TABLES = re.compile(r"__tablename__|\bTable\(|table=True")
_SYSTEM_SCHEMAS = {"pg_catalog", "information_schema"}


def describe(request: dict[str, Any]) -> dict[str, Any]:
    """Import the modules that define tables and describe the metadata.

    Args:
        request: `target` (`module:attr` or empty), `modules` to import before, `dialect`,
            `root`.

    Returns:
        `tables`, `failed` (modules that could not be imported, with the reason),
        `convention`, `dialect`, `versions`.
    """
    failed: dict[str, str] = {}
    last: Exception | None = None
    chosen = _metadata(attribute(request["target"], None)) if request["target"] else None
    for name in (*request["modules"], *_siblings(request["target"])):
        try:
            importlib.import_module(name)
        except Exception as error:
            if not request["target"] and len(request["modules"]) == 1:
                raise
            failed[name] = type(error).__name__ + ": " + str(error).split("\n", 1)[0]
            last = error
    metadatas = [chosen] if chosen is not None else _all_metadata()
    if not metadatas and last is not None:
        raise last
    dialect = _dialect(request["dialect"])
    mapped = _mapped_classes()
    tables = [
        _table(table, dialect, mapped.get(table), request["root"])
        for metadata in metadatas
        for table in metadata.sorted_tables
        if table.schema not in _SYSTEM_SCHEMAS
    ]
    return {
        "tables": tables,
        "failed": failed,
        "convention": _convention(metadatas),
        "dialect": dialect.name,
        "versions": _versions(),
    }


def _siblings(target: str) -> list[str]:
    """Return the modules of the target's own package that define tables, by their text.

    A metadata is empty until the modules of its models are imported; installed packages
    are not searched by the caller.
    """
    top = target.partition(":")[0].partition(".")[0]
    folders = list(getattr(sys.modules.get(top), "__path__", ()))
    found = []
    for base in folders:
        for folder, below, names in os.walk(base):
            below[:] = sorted(one for one in below if one not in _SKIPPED)
            for name in sorted(names):
                path = os.path.join(folder, name)  # noqa: PTH118  as os.walk gives it
                if name.endswith(".py") and _defines_tables(path):
                    relative = os.path.relpath(path, base)[: -len(".py")]
                    parts = [top, *relative.replace(os.sep, "/").split("/")]
                    found.append(".".join(parts[:-1] if parts[-1] == "__init__" else parts))
    return found


def _defines_tables(path: str) -> bool:
    try:
        with open(path, encoding="utf-8", errors="replace") as stream:  # noqa: PTH123  fast
            return bool(_TABLES.search(stream.read()))
    except OSError:
        return False


def _metadata(found: Any) -> Any:
    """Return the metadata of a metadata, a declarative base or a registry."""
    return found if hasattr(found, "sorted_tables") else found.metadata


def _all_metadata() -> list[Any]:
    """Return every metadata with tables that the imports left behind.

    `isinstance` would wake lazy proxies; the type alone is asked.
    """
    from sqlalchemy import MetaData

    found = [one for one in gc.get_objects() if issubclass(type(one), MetaData) and one.tables]
    return sorted(found, key=lambda one: -len(one.tables))


def _mapped_classes() -> dict[Any, Any]:
    """Return the mapped class of each table."""
    try:
        from sqlalchemy.orm import mapperlib

        registries = mapperlib._all_registries()  # noqa: SLF001  there is no public list
    except (ImportError, AttributeError):
        return {}
    found: dict[Any, Any] = {}
    for registry in registries:
        for mapper in registry.mappers:
            found.setdefault(mapper.local_table, mapper)
    return found


def _dialect(name: str) -> Any:
    """Return a dialect for compiling types; the default one where its driver is missing."""
    from sqlalchemy.engine import default
    from sqlalchemy.engine.url import URL

    if not name:
        return default.DefaultDialect()
    return URL.create(name).get_dialect()()


def _table(table: Any, dialect: Any, mapper: Any, root: str) -> dict[str, Any]:
    from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint

    constraints = sorted(table.constraints, key=lambda one: str(one.name or ""))
    cls = mapper.class_ if mapper is not None else None
    return {
        "name": table.name,
        "schema": table.schema or "",
        "comment": table.comment or "",
        "class_name": cls.__qualname__ if cls else "",
        "module": cls.__module__ if cls else "",
        "place": _place(cls, root) if cls else None,
        "doc": ((cls.__dict__.get("__doc__") and inspect.getdoc(cls)) or "") if cls else "",
        "columns": [_column(one, dialect) for one in table.columns],
        "primary_key": {
            "name": _constraint_name(table.primary_key, dialect),
            "columns": [one.name for one in table.primary_key.columns],
        },
        "foreign_keys": [
            _foreign_key(one, dialect)
            for one in constraints
            if isinstance(one, ForeignKeyConstraint)
        ],
        "uniques": [
            {
                "name": _constraint_name(one, dialect),
                "columns": [column.name for column in one.columns],
            }
            for one in constraints
            if isinstance(one, UniqueConstraint)
        ],
        "checks": [
            {"name": _constraint_name(one, dialect), "expression": _sql(one.sqltext, dialect)}
            for one in constraints
            if isinstance(one, CheckConstraint)
        ],
        "indexes": [
            _index(one, dialect) for one in sorted(table.indexes, key=lambda i: str(i.name))
        ],
        "relationships": _relationships(mapper),
    }


def _column(column: Any, dialect: Any) -> dict[str, Any]:
    enums = getattr(column.type, "enums", None)
    return {
        "name": column.name,
        "type": _type(column.type, dialect),
        "nullable": bool(column.nullable),
        "primary_key": bool(column.primary_key),
        "default": _default(column.default),
        "server_default": _server_default(column.server_default, dialect),
        "computed": _sql(column.computed.sqltext, dialect) if column.computed is not None else "",
        "identity": column.identity is not None,
        "comment": column.comment or column.doc or "",
        "enum": [str(one) for one in enums] if enums else [],
        "enum_name": str(getattr(column.type, "name", "") or "") if enums else "",
    }


def _type(kind: Any, dialect: Any) -> str:
    try:
        return str(kind.compile(dialect=dialect))
    except Exception:  # noqa: BLE001  a type of another dialect says its own name
        return repr(kind)


def _default(default: Any) -> str:
    """Name a Python-side default; only plain literals are shown, never text (it may be secret)."""
    if default is None:
        return ""
    value = getattr(default, "arg", default)
    if callable(value):
        return getattr(value, "__name__", "function").replace("<lambda>", "lambda") + "()"
    if isinstance(value, (bool, int, float)):
        return str(value)
    if hasattr(value, "name") and hasattr(value, "value"):
        return f"{type(value).__name__}.{value.name}"
    return type(value).__name__ if value != "" else "''"


def _server_default(default: Any, dialect: Any) -> str:
    value = getattr(default, "arg", None)
    if value is None:
        return ""
    return str(value) if isinstance(value, str) else _sql(value, dialect)


def _sql(expression: Any, dialect: Any) -> str:
    try:
        return str(expression.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
    except Exception:  # noqa: BLE001  shown as SQLAlchemy prints it
        return str(expression)


def _constraint_name(constraint: Any, dialect: Any) -> str:
    try:
        return dialect.identifier_preparer.format_constraint(constraint) or ""
    except Exception:  # noqa: BLE001  nameless constraints raise under some conventions
        return str(constraint.name or "")


def _foreign_key(constraint: Any, dialect: Any) -> dict[str, Any]:
    targets = [element.target_fullname for element in constraint.elements]
    return {
        "name": _constraint_name(constraint, dialect),
        "columns": [element.parent.name for element in constraint.elements],
        "table": targets[0].rsplit(".", 1)[0],
        "target_columns": [one.rsplit(".", 1)[-1] for one in targets],
        "on_delete": constraint.ondelete or "",
        "on_update": constraint.onupdate or "",
    }


def _index(index: Any, dialect: Any) -> dict[str, Any]:
    where = index.dialect_options.get(dialect.name, {}).get("where") if dialect.name else None
    return {
        "name": str(index.name or ""),
        "columns": [getattr(one, "name", None) or _sql(one, dialect) for one in index.expressions],
        "unique": bool(index.unique),
        "where": _sql(where, dialect) if where is not None else "",
    }


def _relationships(mapper: Any) -> list[dict[str, Any]]:
    if mapper is None:
        return []
    try:
        return [
            {
                "name": one.key,
                "table": one.mapper.local_table.fullname,
                "class_name": one.mapper.class_.__qualname__,
                "direction": one.direction.name,
            }
            for one in mapper.relationships
        ]
    except Exception:  # noqa: BLE001  mappers that do not configure are the project's own fault
        return []


def _convention(metadatas: list[Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for metadata in metadatas:
        for key, pattern in (metadata.naming_convention or {}).items():
            if isinstance(key, str) and isinstance(pattern, str):
                found.setdefault(key, pattern)
    return found


def _versions() -> dict[str, str]:
    from importlib.metadata import PackageNotFoundError, version

    found = {}
    for name in ("sqlalchemy", "alembic", "sqlmodel", "psycopg", "psycopg2", "asyncpg"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
