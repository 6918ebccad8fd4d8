"""The schema as JSON that tbls reads."""

import json
from typing import Any

from footnotary.facts.schema import SchemaFacts, Table, View


def render_tbls(facts: SchemaFacts, name: str) -> bytes:
    """Return the schema in tbls' layout (its `schema.Schema`)."""
    whole = {
        "name": name,
        "desc": "",
        "tables": [*map(_table, facts.tables), *map(_view, facts.views)],
        "relations": [one for table in facts.tables for one in _relations(table, facts)],
        "enums": [
            {"name": name, "values": list(values)}
            for name, values in sorted(
                {
                    (column.enum_name or column.type, column.enum)
                    for table in facts.tables
                    for column in table.columns
                    if column.enum
                }
            )
        ],
        "driver": {"name": facts.dialect, "database_version": facts.server},
    }
    return json.dumps(whole, indent=2, ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def _view(one: View) -> dict[str, Any]:
    """Return a view with its columns."""
    kind = "MATERIALIZED VIEW" if one.materialized else "VIEW"
    return _head(one, kind) | {
        "indexes": [],
        "constraints": [],
        "triggers": [],
        "referenced_tables": list(one.depends_on),
        "def": one.ddl,
    }


def _head(one: Table | View, kind: str) -> dict[str, Any]:
    """Return what tables and views have: name, type, comment and columns."""
    return {
        "name": one.full_name,
        "type": kind,
        "comment": one.comment or one.doc,
        "columns": [
            {
                "name": column.name,
                "type": column.type,
                "nullable": column.nullable,
                "default": column.server_default or None,
                "comment": column.comment or column.doc,
                "extra_def": f"generated as {column.computed}" if column.computed else "",
            }
            for column in one.columns
        ],
    }


def _table(one: Table) -> dict[str, Any]:
    """Return a table with columns, indexes and constraints."""
    return _head(one, "BASE TABLE") | {
        "indexes": [
            {
                "name": index.name,
                "def": f"{'UNIQUE ' if index.unique else ''}INDEX ({', '.join(index.columns)})",
                "table": one.full_name,
                "columns": list(index.columns),
            }
            for index in one.indexes
        ],
        "constraints": list(_constraints(one)),
        "triggers": [],
        "def": one.ddl,
    }


def _constraints(one: Table) -> list[dict[str, Any]]:
    """Return keys and checks as tbls names them."""
    found: list[tuple[str, str, tuple[str, ...], str, tuple[str, ...]]] = []
    if one.primary_key.columns:
        found.append((one.primary_key.name, "PRIMARY KEY", one.primary_key.columns, "", ()))
    found += [(key.name, "FOREIGN KEY", key.columns, key.table, key.target_columns)
              for key in one.foreign_keys]  # fmt: skip
    found += [(key.name, "UNIQUE", key.columns, "", ()) for key in one.uniques]
    constraints = [
        {
            "name": name,
            "type": kind,
            "def": f"{kind} ({', '.join(columns)})",
            "table": one.full_name,
            "referenced_table": target or None,
            "columns": list(columns),
            "referenced_columns": list(others),
        }
        for name, kind, columns, target, others in found
    ]
    return constraints + [
        {
            "name": check.name,
            "type": "CHECK",
            "def": f"CHECK ({check.expression})",
            "table": one.full_name,
            "referenced_table": None,
            "columns": [],
            "referenced_columns": [],
        }
        for check in one.checks
    ]


def _relations(one: Table, facts: SchemaFacts) -> list[dict[str, Any]]:
    """Return a table's foreign keys to tables that are there."""
    known = {table.full_name for table in facts.tables}
    return [
        {
            "table": one.full_name,
            "columns": list(key.columns),
            "cardinality": "zero_or_more",
            "parent_table": key.table,
            "parent_columns": list(key.target_columns),
            "parent_cardinality": "exactly_one",
            "def": f"FOREIGN KEY ({', '.join(key.columns)}) REFERENCES {key.table}"
            f" ({', '.join(key.target_columns)})",
            "virtual": False,
        }
        for key in one.foreign_keys
        if key.table in known
    ]
