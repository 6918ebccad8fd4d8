"""The schema as diagrams (Mermaid), and as JSON that tbls reads."""

import json
import re
from collections import defaultdict
from itertools import takewhile
from typing import Any

from footnotary.documents import escape
from footnotary.facts.schema import Column, SchemaFacts, Table, View


def tbls_json(facts: SchemaFacts, name: str) -> bytes:
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


MAX_CHARACTERS = 45_000
MAX_TABLES = 10
MAX_COLUMNS = 12
_OWN_WORDS = re.compile(r"^([PFU]K)(?!\w)", re.IGNORECASE)
_FEWEST = 2.5  # tables a domain on average; where there are fewer, a module is no domain


def draw_diagrams(facts: SchemaFacts) -> str:
    """Return one diagram a domain, of at most ten tables; large schemas show keys only."""
    parts = ["## Diagrams"]
    domains = _domains(facts)
    large = len(facts.tables) > MAX_TABLES
    parts += ["Keys only; each table in full is below."] if large else []
    known = {table.full_name: table for table in facts.tables}
    for name, members in domains.items():
        chunks = _chunks(members)
        for number, chunk in enumerate(chunks, 1):
            more = f", part {number} of {len(chunks)}" if len(chunks) > 1 else ""
            if len(domains) > 1 or more:
                parts.append(f"### {escape.escape_text(name)}{more}")
            parts.append(_fence_diagram(chunk, known, keys_only=large))
    return "\n\n".join(parts)


def neighbourhood(one: Table, pointing: list[Table], known: dict[str, Table]) -> str:
    """Return a table with those it points to and those that point to it."""
    others = [known[key.table] for key in one.foreign_keys if key.table in known] + pointing
    around = {other.full_name: other for other in others if other.full_name != one.full_name}
    shown = list(around.values())[:MAX_TABLES]
    lines = ["erDiagram", *_entities([one], MAX_COLUMNS), *_entities(shown, 0)]
    near = {other.full_name: other for other in [one, *shown]}
    edges = [
        edge
        for other in [one, *shown]
        for edge in _draw_edges([other], near if other is one else {one.full_name: one})
    ]
    return "```mermaid\n" + "\n".join([*lines, *dict.fromkeys(edges)]) + "\n```"


def _domains(facts: SchemaFacts) -> dict[str, list[Table]]:
    """Group tables by database schema, else by the package their classes are in."""
    if len(facts.tables) <= MAX_TABLES:
        return {"All tables": list(facts.tables)}
    found: dict[str, list[Table]] = defaultdict(list)
    for table in facts.tables:
        found[table.schema_name or _package_tables(table.module)].append(table)
    while len(facts.tables) < _FEWEST * len(found) and any("." in name for name in found):
        above: dict[str, list[Table]] = defaultdict(list)
        for name, members in found.items():
            above[name.rpartition(".")[0] or name].extend(members)
        found = above
    if len(found) == 1:
        return {"All tables": list(facts.tables)}
    common = _common_package(list(found))
    return {name.removeprefix(common): members for name, members in found.items()}


def _common_package(names: list[str]) -> str:
    """Return what dotted names begin with, each of them with more behind it; ends in a dot."""
    parts = [name.split(".")[:-1] for name in names]
    shared = takewhile(lambda at: len(set(at)) == 1, zip(*parts, strict=False))
    return "".join(f"{one[0]}." for one in shared)


def _package_tables(module: str) -> str:
    """Return a module's domain: its name without `models` at the end."""
    names = [name for name in module.split(".") if name not in ("models", "model")]
    return ".".join(names) or "Tables without a class"


def _chunks(tables: list[Table]) -> list[list[Table]]:
    """Return tables in parts of about one size, those that foreign keys join side by side."""
    count = -(-len(tables) // MAX_TABLES)
    size = -(-len(tables) // count) if count else 1
    ordered = _joined(tables)
    return [ordered[at : at + size] for at in range(0, len(ordered), size)]


def _joined(tables: list[Table]) -> list[Table]:
    """Return tables in the order in which foreign keys lead from one to the next."""
    if len(tables) <= MAX_TABLES:
        return tables
    near: dict[str, list[str]] = defaultdict(list)
    for table in tables:
        for key in table.foreign_keys:
            near[table.full_name].append(key.table)
            near[key.table].append(table.full_name)
    left = {one.full_name: one for one in tables}
    ordered: list[Table] = []
    while left:
        waiting = [min(left, key=lambda name: (-len(near[name]), name))]
        while waiting:
            found = left.pop(waiting.pop(0), None)
            if found is not None:
                ordered.append(found)
                waiting += sorted(near[found.full_name], key=lambda name: len(near[name]))
    return ordered


def _fence_diagram(tables: list[Table], known: dict[str, Table], *, keys_only: bool) -> str:
    """Return a fenced diagram; columns are dropped when it grows too long."""
    text = ""
    for limit in (MAX_COLUMNS, 4, 0):
        entities = _entities(tables, limit, keys_only=keys_only)
        text = "\n".join(["erDiagram", *entities, *_draw_edges(tables, known)])
        if len(text) < MAX_CHARACTERS:
            break
    return f"```mermaid\n{text}\n```"


def _entities(tables: list[Table], limit: int, *, keys_only: bool = False) -> list[str]:
    """Return each table with its keys first and as many columns as fit."""
    lines = []
    for table in tables:
        foreign = {name for key in table.foreign_keys for name in key.columns}
        ranked = sorted(
            (one for one in table.columns
             if not keys_only or one.primary_key or one.name in foreign),
            key=lambda one: (not one.primary_key, one.name not in foreign),
        )[:limit]  # fmt: skip
        if not ranked:
            lines.append(f"    {_name(table.full_name)}")
            continue
        lines.append(f"    {_name(table.full_name)} {{")
        lines += [f"        {_draw_attribute(one, one.name in foreign)}" for one in ranked]
        lines.append("    }")
    return lines


def _draw_attribute(column: Column, is_foreign: bool) -> str:  # noqa: FBT001  one mark of two
    """Return a column: type, name, keys, and its real name where Mermaid cannot hold it."""
    marks = ", ".join(["PK"] * column.primary_key + ["FK"] * is_foreign)
    word = _word(column.name)
    real = "" if word == column.name else _name(column.name)
    return " ".join(filter(None, (_word(column.type), word, marks, real)))


def _draw_edges(tables: list[Table], known: dict[str, Table]) -> list[str]:
    """Return an edge a foreign key: many (or one, where it is unique) to one or none."""
    lines = []
    for table in tables:
        columns = {column.name: column for column in table.columns}
        for key in table.foreign_keys:
            optional = any(columns[name].nullable for name in key.columns if name in columns)
            target = "|o" if optional else "||"
            mine = "o|" if _is_unique(table, key.columns) else "o{"
            label = _name(", ".join(key.columns))
            if key.table in known:
                lines.append(
                    f"    {_name(key.table)} {target}--{mine} {_name(table.full_name)} : {label}"
                )
    return lines


def _is_unique(table: Table, columns: tuple[str, ...]) -> bool:
    wanted = set(columns)
    keys = [table.primary_key.columns, *(key.columns for key in table.uniques)]
    # a partial unique index says nothing of the other rows
    keys += [index.columns for index in table.indexes if index.unique and not index.where]
    return any(set(key) == wanted for key in keys)


def _name(text: str) -> str:
    """Return text in quotes, as Mermaid takes names of entities, comments and labels."""
    return '"' + (re.sub(r"[^\w ,.-]", "_", text).strip() or "unnamed") + '"'


def _word(text: str) -> str:
    """Return text as Mermaid takes names and types of attributes.

    Its lexer (`erDiagram.jison`) has letters from U+00C0 on, digits and `_-()[]`; `PK`, `FK` and
    `UK` are words of its own in any case.
    """
    word = re.sub(r"[^A-Za-z0-9_()\[\]\u00c0-\uffff-]+", "_", text).strip("_") or "unnamed"
    word = _OWN_WORDS.sub(r"\1_", word)
    return word if re.match(r"[A-Za-z_\u00c0-\uffff]", word) else "_" + word
