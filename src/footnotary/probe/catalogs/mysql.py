"""What MySQL and MariaDB show of their tables (`SHOW CREATE`) as entries, line by line."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from footnotary.probe.catalogs.entries import Entry

_NAME = r"`((?:[^`]|``)*)`"
_COLUMN = re.compile(rf"\A{_NAME} (.*)\Z", re.DOTALL)
_KEY = re.compile(rf"\A((?:UNIQUE |FULLTEXT |SPATIAL |VECTOR )?KEY) {_NAME} (.*)\Z", re.DOTALL)
_CONSTRAINT = re.compile(rf"\ACONSTRAINT {_NAME} (FOREIGN KEY|CHECK) ?(.*)\Z", re.DOTALL)
_COUNTED = re.compile(r" AUTO_INCREMENT=\d+")
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
    rest = _COUNTED.sub("", " ".join(lines[end:]).removeprefix(")").strip())
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
