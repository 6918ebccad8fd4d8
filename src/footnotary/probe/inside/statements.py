"""The statements that make a table, in one dialect."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any


def ddl(one: Any, dialect: Any, types: dict[str, str]) -> str:
    """Return CREATE TYPE, TABLE, INDEX and COMMENT ON; a comment where one cannot be compiled.

    Args:
        one: A SQLAlchemy `Table`.
        dialect: What SQL is compiled for.
        types: The table that brings a type, by the type's name; added to.
    """
    from sqlalchemy.schema import CreateIndex, CreateTable, SetColumnComment, SetTableComment

    parts: list[str] = []
    elements: list[Any] = []
    for name, element in _named_types(one, dialect):
        table = types.setdefault(name, one.fullname)
        if table == one.fullname:
            elements.append(element)
        else:
            parts.append(f"-- the type {name} is made with {table}")
    ordered = sorted(one.indexes, key=lambda index: str(index.name))
    comments: list[Any] = []
    if dialect.supports_comments and not dialect.inline_comments:
        comments = [SetTableComment(one)] if one.comment else []
        comments += [SetColumnComment(column) for column in one.columns if column.comment]
    parts += [
        _compiled(element, dialect, one)
        for element in (*elements, CreateTable(one), *map(CreateIndex, ordered), *comments)
    ]
    return "\n".join(parts)


def view(made: Any, dialect: Any) -> str:
    """Return CREATE VIEW.

    Args:
        made: SQLAlchemy's `CreateView`.
        dialect: What SQL is compiled for.
    """
    return _compiled(made, dialect, None)


def _compiled(element: Any, dialect: Any, table: Any) -> str:
    """Return a statement with its semicolon; a comment where there is none."""
    computed = [column.computed for column in table.columns] if table is not None else []
    if dialect.name == "postgresql" and dialect.server_version_info is None:
        # without a server, STORED is written where nothing is said: PostgreSQL 17 and before
        # demand it, and later ones take it (CREATE TABLE in the manual)
        virtual = any(one is not None and one.persisted is False for one in computed)
        dialect.supports_virtual_generated_columns = virtual
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            text = str(element.compile(dialect=dialect)).strip() + ";"
    except Exception as error:  # noqa: BLE001  an index without columns, a foreign type
        text = f"-- {(str(error).splitlines() or [''])[0][:160]}"
    return "\n".join(line.rstrip() for line in text.splitlines())


def _named_types(one: Any, dialect: Any) -> Iterator[tuple[str, Any]]:
    """Yield PostgreSQL's enumerations and domains of a table, each once, with their statements."""
    if dialect.name != "postgresql":
        return
    from sqlalchemy.dialects import postgresql

    statements = {
        kind: getattr(postgresql, statement, None)
        for kind, statement in (("ENUM", "CreateEnumType"), ("DOMAIN", "CreateDomainType"))
    }
    seen = set()
    for column in one.columns:
        made = _compiled_type(column.type, dialect)
        statement = statements.get(type(made).__name__)
        name = ".".join(filter(None, (getattr(made, "schema", None), getattr(made, "name", None))))
        if statement is not None and name and name not in seen:
            seen.add(name)
            yield name, statement(made)


def _compiled_type(kind: Any, dialect: Any) -> Any:
    """Return the dialect's own type behind a column's; of an array that of its items."""
    try:
        while hasattr(kind, "item_type"):
            kind = kind.item_type
        if hasattr(kind, "load_dialect_impl"):  # a decorated type
            kind = kind.load_dialect_impl(dialect)
        return kind.dialect_impl(dialect)
    except Exception:  # noqa: BLE001  a project's own type, which may do anything
        return None
