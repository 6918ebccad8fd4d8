"""Keys, constraints and indexes of a SQLAlchemy table as plain data."""

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
    """Return the value of one option of a construct; None where it has none."""
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
    """Return how the database numbers a column: its identity, or its sequence."""
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


def describe_constraints(one: Any, dialect: Any) -> dict[str, Any]:
    """Describe the keys, constraints, indexes and dialect options of a table.

    Args:
        one: A SQLAlchemy `Table`.
        dialect: What SQL is compiled for; what another dialect alone would make is left out.
    """
    from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint

    # a check in the arguments of a column is a constraint of the column alone
    every = [*one.constraints, *(each for column in one.columns for each in column.constraints)]
    made = [each for each in every if _is_made(each, dialect)]
    key = [column.name for column in one.primary_key.columns]

    def of(kind: type) -> list[Any]:
        return [each for each in made if isinstance(each, kind)]

    excluding = [each for each in made if hasattr(each, "_render_exprs")]
    uniques = [_key(each, dialect) for each in of(UniqueConstraint)]
    checks = [
        _common_names(each, dialect) | {"expression": sql(each.sqltext, dialect)}
        for each in of(CheckConstraint)
    ]
    indexes = [index(each, dialect) for each in one.indexes if _is_made(each, dialect)]
    return {
        "primary_key": _key(one.primary_key, dialect) if key else {"columns": []},
        "foreign_keys": sorted(
            (_foreign_key(each, dialect) for each in of(ForeignKeyConstraint)),
            key=lambda each: (each["columns"], each["table"]),
        ),
        "uniques": sorted(uniques, key=lambda each: (each["columns"], each["name"])),
        "checks": sorted(checks, key=lambda each: (each["name"], each["expression"])),
        "exclusions": sorted(
            (_exclusion(each, dialect) for each in excluding),
            key=lambda each: (each["name"], each["elements"]),
        ),
        "indexes": sorted(indexes, key=lambda each: (each["name"], each["columns"])),
        "options": options(one, dialect),
    }


def _is_made(made: Any, dialect: Any) -> bool:
    """Return whether a constraint or index is made on this database.

    The check of an `Enum` is not where the type itself is native, and `ddl_if` names databases.
    """
    rule = getattr(made, "_create_rule", None)
    condition = getattr(made, "_ddl_if", None)
    try:
        # the rule of a foreign key in a circle only says that it is added later
        of_type = rule if getattr(made, "_type_bound", False) else None
        if of_type is not None and not of_type(dialect.ddl_compiler(dialect, None)):
            return False
        if condition is not None and isinstance(condition.dialect, (str, tuple, list, set)):
            named = condition.dialect
            return dialect.name == named if isinstance(named, str) else dialect.name in named
    except Exception:  # noqa: BLE001  a rule of the project's own
        return True
    return True


def _name(constraint: Any, dialect: Any) -> str:
    """Return a constraint's name as the naming convention makes it, or an empty string."""
    try:
        name = dialect.identifier_preparer.format_constraint(constraint)
    except Exception:  # noqa: BLE001  a convention that cannot be applied leaves it unnamed
        name = None
    return str(name).strip('"`') if name else ""


def _common_names(made: Any, dialect: Any, told: tuple[str, ...] = ()) -> dict[str, Any]:
    """Describe what every constraint has."""
    return {
        "name": _name(made, dialect),
        "deferrable": bool(made.deferrable),
        "initially": "DEFERRED" if str(made.initially or "").upper() == "DEFERRED" else "",
        "comment": str(getattr(made, "comment", None) or ""),
        "options": options(made, dialect, told),
    }


def _key(made: Any, dialect: Any) -> dict[str, Any]:
    """Describe a primary key or a unique constraint."""
    return _common_names(made, dialect, ("include",)) | {
        "columns": [column.name for column in made.columns],
        "include": _included(made, dialect),
    }


def _included(made: Any, dialect: Any) -> list[str]:
    """Return the columns that an index holds besides those that it orders."""
    return [option(each, dialect) for each in given(made, dialect, "include") or ()]


def _foreign_key(made: Any, dialect: Any) -> dict[str, Any]:
    """Describe a foreign key; the table it refers to need not exist."""
    elements = list(made.elements)
    targets = [element.target_fullname.rpartition(".") for element in elements]
    return _common_names(made, dialect) | {
        "columns": [element.parent.name for element in elements],
        "table": targets[0][0] if targets else "",
        "target_columns": [target[2] for target in targets],
        "on_delete": str(made.ondelete or "").upper(),
        "on_update": str(made.onupdate or "").upper(),
        "match": str(made.match or "").upper(),
        "use_alter": bool(made.use_alter),
    }


def _exclusion(made: Any, dialect: Any) -> dict[str, Any]:
    """Describe an exclusion constraint."""
    elements = []
    for expression, _, operator in made._render_exprs:  # noqa: SLF001  no public list of them
        classes = made.ops.get(getattr(expression, "key", None))
        parts = [sql(expression, dialect), *([classes] if classes else []), "WITH", operator]
        elements.append(" ".join(parts))
    return _common_names(made, dialect) | {
        "elements": elements,
        "where": sql(made.where, dialect) if made.where is not None else "",
        "using": str(made.using or "").lower(),
    }


def index(made: Any, dialect: Any) -> dict[str, Any]:
    """Describe an index; its parts are columns or expressions."""
    where = given(made, dialect, "where")
    classes = given(made, dialect, "ops") or {}
    return {
        "name": str(made.name or ""),
        "columns": [_part(each, dialect, classes) for each in made.expressions],
        "unique": bool(made.unique),
        "where": sql(where, dialect) if hasattr(where, "compile") else str(where or ""),
        "using": str(given(made, dialect, "using") or ""),
        "include": _included(made, dialect),
        "options": options(made, dialect, ("where", "using", "ops", "include")),
    }


def _part(part: Any, dialect: Any, classes: dict[str, str]) -> str:
    """Return a column's name, or an expression, with its operator class: `name gin_trgm_ops`.

    A function has a name too, which says nothing of what is indexed.
    """
    is_column = hasattr(part, "table") and hasattr(part, "primary_key")
    shown = str(part.name) if is_column else sql(part, dialect)
    operators = classes.get(str(getattr(part, "key", None) or getattr(part, "name", None)))
    return f"{shown} {operators}" if operators else shown
