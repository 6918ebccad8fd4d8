"""Parts of SQLAlchemy's constructs as text of one dialect."""

from __future__ import annotations

from typing import Any

# What an identity or a sequence may be told (SQLAlchemy's `IdentityOptions`).
_NUMBERS = ("start", "increment", "minvalue", "maxvalue", "nominvalue", "nomaxvalue", "cycle",
            "cache", "order", "on_null", "data_type")  # fmt: skip
# Options that say how something is made, not what it is.
_PASSING = {"concurrently", "not_valid", "ignore_search_path", "invalid", "if_not_exists",
            "on_commit"}  # fmt: skip


def sql(clause: Any, dialect: Any) -> str:
    """Return an expression as SQL text of the dialect, columns without their table as in DDL."""
    words = {"literal_binds": True, "include_table": False}
    if hasattr(clause, "selected_columns"):
        words["include_table"] = True
    try:
        compiled = clause.compile(dialect=dialect, compile_kwargs=words)
        return " ".join(str(compiled).split())
    except Exception:  # noqa: BLE001  some literals have no SQL form
        return " ".join(str(clause).split())


def options(made: Any, dialect: Any, told: tuple[str, ...] = ()) -> dict[str, str]:
    """Return what a construct is told for this dialect alone, by option, as text.

    Args:
        made: A SQLAlchemy construct.
        dialect: Whose options are wanted; those for MySQL count for MariaDB.
        told: Options that are told otherwise.
    """
    names = {dialect.name, *(("mysql",) if dialect.name == "mariadb" else ())}
    found = {}
    for key, value in sorted(getattr(made, "dialect_kwargs", {}).items()):
        of, _, name = key.partition("_")
        if of not in names or name in _PASSING or name in told or value in (None, False, [], {}):
            continue
        found[name] = option(value, dialect)
    if getattr(made, "prefixes", None) and hasattr(made, "columns"):
        found["prefixes"] = " ".join(map(str, made.prefixes))
    return found


def given(made: Any, dialect: Any, name: str) -> Any:
    """Return the value of one option of a construct; None where it has none.

    Args:
        made: A SQLAlchemy construct.
        dialect: Whose option it is.
        name: The option, such as `where`.
    """
    try:
        return made.dialect_options[dialect.name].get(name)
    except Exception:  # noqa: BLE001  a dialect that takes no options of this construct
        return None


def option(value: Any, dialect: Any) -> str:
    """Return an option's value as text: SQL, names with commas, `name=value` with commas."""
    if hasattr(value, "compile") or hasattr(value, "__clause_element__"):
        return str(getattr(value, "key", "") or sql(value, dialect))
    if isinstance(value, dict):
        return ", ".join(f"{key}={option(one, dialect)}" for key, one in sorted(value.items()))
    if isinstance(value, (list, tuple, set, frozenset)):
        return ", ".join(option(one, dialect) for one in value)
    return "yes" if value is True else str(value)


def numbering(column: Any, dialect: Any) -> dict[str, Any] | None:
    """Return how the database numbers a column: its identity, or its sequence.

    Args:
        column: A SQLAlchemy `Column`.
        dialect: What SQL is compiled for.
    """
    identity = getattr(column, "identity", None)
    if identity is not None:
        kind = "always" if identity.always else "by default"
        return {"kind": kind, "name": "", "options": _numbers(identity, dialect)}
    for default in (column.default, getattr(column.server_default, "arg", None)):
        made = default if getattr(default, "is_sequence", False) else None
        made = made or getattr(default, "sequence", None)  # `next_value()`
        if made is not None:
            name = ".".join(filter(None, (made.schema, str(made.name))))
            return {"kind": "sequence", "name": name, "options": _numbers(made, dialect)}
    return None


def _numbers(made: Any, dialect: Any) -> dict[str, str]:
    """Return what an identity or sequence is told, by option."""
    found = {}
    for name in _NUMBERS:
        value = getattr(made, name, None)
        if value is None or value is False:
            continue
        kind = name == "data_type"
        found[name] = str(value.compile(dialect=dialect)) if kind else option(value, dialect)
    return found
