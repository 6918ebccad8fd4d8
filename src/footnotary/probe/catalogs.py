"""What databases say of themselves, brought into one form, so that two can be compared."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from footnotary.probe.drift import Entry, stated_properties
from footnotary.probe.sqlite_catalog import sqlite_entries

_RELATIONS = {
    "r": "table",
    "p": "table",
    "v": "view",
    "m": "materialized view",
    "f": "foreign table",
}
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
        Entry(full(row, "name"), _RELATIONS[row["kind"]], "", stated_properties(
            row, "definition", "persistence", "options", "partitioned", "bound", "parents",
            "row_security", "tablespace", "replica_identity", "access_method", "server",
            "toast_options", "of_type", "foreign_keys", "comment"))
        for row in catalog["relations"] if not row["partition"]
    ]  # fmt: skip
    found += [Entry(full(row, "tbl"), "column", row["name"], _column(row))
              for row in catalog["columns"]]  # fmt: skip
    for row in catalog["constraints"]:
        index = _USING.search(row["index"] or "")
        about = stated_properties(row, "definition", "state", "comment") | (
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
        Entry(
            full(row, "tbl"),
            row["kind"],
            row["name"],
            stated_properties(row, "definition", "comment"),
        )
        for row in catalog["triggers"]
    ]
    found += [
        Entry(
            full(row, "name"),
            row["kind"] if row["kind"] == "collation" else f"{row['kind']} type",
            "",
            stated_properties(row, "definition", "comment"),
        )
        for row in catalog["types"]
    ]
    found += [
        Entry(
            full(row, "name"),
            "sequence",
            "",
            stated_properties(row, "definition", "owned", "persistence", "comment"),
        )
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
    return about | stated_properties(
        row, "collation", "storage", "compression", "statistics", "options", "comment"
    )


_NAME = r"`((?:[^`]|``)*)`"
_COLUMN = re.compile(rf"\A{_NAME} (.*)\Z", re.DOTALL)
_KEY = re.compile(rf"\A((?:UNIQUE |FULLTEXT |SPATIAL |VECTOR )?KEY) {_NAME} (.*)\Z", re.DOTALL)
_CONSTRAINT = re.compile(rf"\ACONSTRAINT {_NAME} (FOREIGN KEY|CHECK) ?(.*)\Z", re.DOTALL)
_OPTION = re.compile(r"((?:DEFAULT )?[A-Z_]+)=('(?:[^'\\]|''|\\.)*'|\S+)")
_VIEW = re.compile(r"\ACREATE .*? VIEW .*? AS (?=select|with|\()", re.DOTALL | re.IGNORECASE)
_KINDS = {"UNIQUE KEY": "unique", "KEY": "index"}


def mysql_entries(
    catalog: Mapping[str, Any], default: str, renamed: Mapping[str, str]
) -> list[Entry]:
    """Return everything that MySQL or MariaDB shows as entries.

    Args:
        catalog: `tables` with the statement of each, `triggers`, and `default`, the database.
        default: What the default database is called on the live side.
        renamed: By the name that a database has here, its real one.
    """
    here = str(catalog["default"])
    names = {**renamed, here: default}
    found = []
    for row in catalog["tables"]:
        of = names.get(row["of"], row["of"])
        table = row["name"] if of == default else f"{of}.{row['name']}"
        sql = _within(row["sql"], row["of"], names)
        if row["kind"] == "VIEW":
            found.append(Entry(table, "view", "", {"definition": _VIEW.sub("", sql)}))
        elif row["kind"] == "SEQUENCE":
            found.append(Entry(table, "sequence", "", {"definition": sql.partition("` ")[2]}))
        else:
            found += _table(table, sql)
    for row in catalog["triggers"]:
        of = names.get(row["of"], row["of"])
        table = row["tbl"] if of == default else f"{of}.{row['tbl']}"
        about = {"definition": f"{row['timing']} {row['event']} {row['sql_text']}"}
        found.append(Entry(table, "trigger", row["name"], about))
    return found


def _within(sql: str, here: str, names: Mapping[str, str]) -> str:
    """Return a statement without the name of its own database, others by their real names."""
    text = sql.replace(f"`{here}`.", "")
    for name, real in names.items():
        text = text.replace(f"`{name}`.", f"`{real}`.")
    return text


def _table(table: str, sql: str) -> Iterator[Entry]:
    """Yield a table, its columns, keys and constraints: each is a line."""
    lines = sql.split("\n")
    end = next((at for at, line in enumerate(lines) if at and line.startswith(")")), len(lines))
    rest = re.sub(r" AUTO_INCREMENT=\d+", "", " ".join(lines[end:]).removeprefix(")").strip())
    about = {name.lower(): value for name, value in _OPTION.findall(rest)}
    if other := _OPTION.sub("", rest).strip():
        about["more"] = " ".join(other.split())
    yield Entry(table, "table", "", about)
    for line in lines[1:end]:
        yield _part(table, line.strip().removesuffix(","))


def _part(table: str, line: str) -> Entry:
    if found := _COLUMN.match(line):
        return Entry(table, "column", _plain(found[1]), {"definition": found[2]})
    if line.startswith("PRIMARY KEY"):
        return Entry(table, "primary key", "", {"definition": line.removeprefix("PRIMARY KEY ")})
    if found := _KEY.match(line):
        kind = _KINDS.get(found[1], f"{found[1].removesuffix('KEY').lower()}index")
        return Entry(table, kind, _plain(found[2]), {"definition": found[3]})
    if found := _CONSTRAINT.match(line):
        return Entry(table, found[2].lower(), _plain(found[1]), {"definition": found[3]})
    return Entry(table, "part", "", {"definition": line})


def _plain(name: str) -> str:
    return name.replace("``", "`")


__all__ = ["Entry", "mysql_entries", "postgresql_entries", "sqlite_entries"]
