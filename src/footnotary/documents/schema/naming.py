"""Names of constraints and indexes against a naming convention.

The metadata's own patterns count; without any, the five that PostgreSQL itself follows.
Tokens are those of SQLAlchemy's `MetaData.naming_convention`.
"""

import re
from collections.abc import Iterator

from footnotary.facts.schema import SchemaFacts, Table

POSTGRESQL = {
    "ix": "%(column_0_label)s_idx",
    "uq": "%(table_name)s_%(column_0_name)s_key",
    "ck": "%(table_name)s_%(constraint_name)s_check",
    "fk": "%(table_name)s_%(column_0_name)s_fkey",
    "pk": "%(table_name)s_pkey",
}
_TOKEN = re.compile(r"%\((\w+)\)s")
# What SQLAlchemy gives every metadata: it names indexes only.
_BUILT_IN = {"ix": "ix_%(column_0_label)s"}


def has_own(facts: SchemaFacts) -> bool:
    """Return whether the metadata has a convention beyond SQLAlchemy's built-in one."""
    return bool(facts.convention) and facts.convention != _BUILT_IN


def deviations(facts: SchemaFacts) -> Iterator[tuple[str, str, str]]:
    """Yield table, name and what the convention would have called it.

    Args:
        facts: The schema; names that are empty are the database's to choose.
    """
    patterns = facts.convention if has_own(facts) else POSTGRESQL
    for table in facts.tables:
        for kind, name, columns, target in _named(table):
            pattern = patterns.get(kind)
            if not name or not pattern or name.startswith("_unnamed"):
                continue
            if not _follows(name, pattern, table, columns, target):
                yield table.full_name, name, _expanded(pattern, table, columns, target)


def _named(table: Table) -> Iterator[tuple[str, str, tuple[str, ...], str]]:
    """Yield kind, name, columns and referred table of everything that has a name."""
    yield "pk", table.primary_key.name, table.primary_key.columns, ""
    for key in table.foreign_keys:
        yield "fk", key.name, key.columns, key.table.rpartition(".")[2]
    for unique in table.uniques:
        yield "uq", unique.name, unique.columns, ""
    for check in table.checks:
        yield "ck", check.name, (), ""
    for index in table.indexes:
        if all(re.fullmatch(r"\w+", column) for column in index.columns):
            yield "ix", index.name, index.columns, ""


def _follows(name: str, pattern: str, table: Table, columns: tuple[str, ...], target: str) -> bool:
    """Whether a name is what a pattern makes; all columns may stand where it has the first.

    Names that are too long end in four hexadecimal digits of their hash, as SQLAlchemy cuts
    them.
    """
    wide = pattern.replace("column_0_name", "column_0_N_name")
    wide = wide.replace("column_0_label", "column_0_N_label")
    cut = re.sub(r"_[0-9a-f]{4}$", "", name)
    every = pattern.replace("%(column_0_label)s", "%(table_name)s_%(column_0_N_name)s")
    for one in (pattern, wide, every):
        if re.fullmatch(_expression(one, table, columns, target), name):
            return True
        if cut != name and _expanded(one, table, columns, target).startswith(cut):
            return True
    return False


def _values(table: Table, columns: tuple[str, ...], target: str) -> dict[str, str]:
    """Return what the tokens stand for."""
    # as SQLAlchemy's `Column._label` has it: the schema is a part of it
    label = f"{table.schema_name.replace('.', '_')}_" if table.schema_name else ""
    labels = [f"{label}{table.name}_{column}" for column in columns]
    return {
        "table_name": table.name,
        "referred_table_name": target,
        "column_0_name": columns[0] if columns else "",
        "column_0_key": columns[0] if columns else "",
        "column_0_label": labels[0] if labels else "",
        "column_0_N_name": "_".join(columns),
        "column_0N_name": "".join(columns),
        "column_0_N_label": "_".join(labels),
        "column_0N_label": "".join(labels),
    }


def _expression(pattern: str, table: Table, columns: tuple[str, ...], target: str) -> str:
    """Return a regular expression; a token that is not known matches anything."""
    values = _values(table, columns, target)
    parts = _TOKEN.split(pattern)
    built = [
        re.escape(part) if at % 2 == 0 else re.escape(values[part]) if part in values else r".+"
        for at, part in enumerate(parts)
    ]
    return "".join(built)


def _expanded(pattern: str, table: Table, columns: tuple[str, ...], target: str) -> str:
    """Return the name that a pattern makes; tokens that are not known stay in braces."""
    values = _values(table, columns, target)
    return _TOKEN.sub(lambda found: values.get(found[1], f"{{{found[1]}}}"), pattern)
