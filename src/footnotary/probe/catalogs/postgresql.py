"""PostgreSQL's catalogs as entries: expressions, types and definitions are the server's words."""

import json
import re
from collections.abc import Mapping
from typing import Any

from footnotary.probe.catalogs.entries import Entry, stated_properties

_KINDS = {"r": "table", "p": "table", "v": "view", "m": "materialized view", "f": "foreign table"}
_CONSTRAINTS = {
    "p": "primary key", "u": "unique constraint", "f": "foreign key", "c": "check",
    "x": "exclusion constraint",
}  # fmt: skip
_IDENTITY = {"a": "ALWAYS", "d": "BY DEFAULT"}
_GENERATED = {"s": "STORED", "v": "VIRTUAL"}
_USING = re.compile(r"\ACREATE (UNIQUE )?INDEX .*? ON (?:ONLY )?.*? (USING .*)\Z", re.DOTALL)


def postgresql_entries(
    catalog: Mapping[str, Any], default: str, renamed: Mapping[str, str]
) -> list[Entry]:
    """Return everything in PostgreSQL's catalogs as entries."""
    kept = {kind: [row for row in found if row["of"] in renamed] for kind, found in catalog.items()}
    rows = json.dumps(kept)
    for name, real in sorted(renamed.items(), key=lambda one: -len(one[0])):
        if name != real:  # a name of our own, with random letters, that nothing else is called
            rows = rows.replace(name, real)
    return _entries(json.loads(rows), default)


def _entries(catalog: Mapping[str, Any], default: str) -> list[Entry]:
    def full(row: Mapping[str, Any], name: str) -> str:
        return str(row[name]) if row["of"] == default else f"{row['of']}.{row[name]}"

    found = [
        Entry(full(row, "name"), _KINDS[row["kind"]], "", stated_properties(
            row, "definition", "persistence", "options", "partitioned", "bound", "parents",
            "row_security", "tablespace", "comment"))
        for row in catalog["relations"] if not row["partition"]
    ]  # fmt: skip
    found += [Entry(full(row, "tbl"), "column", row["name"], _column(row))
              for row in catalog["columns"]]  # fmt: skip
    for row in catalog["constraints"]:
        index = _USING.search(row["index"] or "")
        about = stated_properties(row, "definition", "comment") | (
            {"index": index[2]} if index else {}
        )
        found.append(Entry(full(row, "tbl"), _CONSTRAINTS[row["kind"]], row["name"], about))
    for row in catalog["indexes"]:
        made = _USING.search(row["definition"])
        kind = "unique index" if made and made[1] else "index"
        about = {"definition": made[2] if made else row["definition"]}
        about |= stated_properties(row, "state", "comment")
        found.append(Entry(full(row, "tbl"), kind, row["name"], about))
    found += [
        Entry(full(row, "tbl"), row["kind"], row["name"], stated_properties(row, "definition"))
        for row in catalog["triggers"]
    ]
    found += [
        Entry(
            full(row, "name"),
            f"{row['kind']} type",
            "",
            stated_properties(row, "definition", "comment"),
        )
        for row in catalog["types"]
    ]
    found += [
        Entry(full(row, "name"), "sequence", "", stated_properties(row, "definition", "owned"))
        for row in catalog["sequences"]
    ]
    return found


def _column(row: Mapping[str, Any]) -> dict[str, str]:
    """Return the properties of a column; a generated one has an expression, no default."""
    about = stated_properties(row, "type", "null")
    if generated := _GENERATED.get(row["generated"] or ""):
        about["generated"] = f"{row['value']} {generated}"
    elif row["value"]:
        about["default"] = row["value"]
    if identity := _IDENTITY.get(row["identity"] or ""):
        about["identity"] = f"{identity} {row['numbers'] or ''}".rstrip()
    return about | stated_properties(row, "collation", "storage", "comment")
