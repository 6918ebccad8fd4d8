"""Facts as they lie on disk: version 2, and version 1 as footnotary 0.1 wrote it."""

import json
import re
from typing import Any, TypeVar

import pydantic_core

from footnotary.facts.basis import Facts, Scope

Kind = TypeVar("Kind", bound=Facts)
OLDER_FORM = "structure"
"""Of facts that hold texts where later ones have structure: nothing in them is absence."""
_VERSION = re.compile(rb'\s*\{\s*"kind"\s*:\s*"\w+"\s*,\s*"schema_version"\s*:\s*(\d{1,9})')
_NAMED = {"kind", "schema_version"}  # without them any object would read as empty facts
_HOW: dict[str, Scope] = {
    "application": "imported",
    "models": "imported",
    "source": "source",
    "document": "document",
    "database": "database",
}


def facts_bytes(facts: Facts) -> bytes:
    """Return facts as they lie beside their document."""
    # as `model_dump_json` has it, without the text between: that of a large API is 20 MB
    return pydantic_core.to_json(facts, indent=2, by_alias=False) + b"\n"


def is_same(one: Facts, other: Facts) -> bool:
    """Tell whether two facts say the same of the code, however they were read."""
    if type(one) is not type(other):
        return False
    passing = {"read", *one.OF_COMMIT}
    names = [name for name, field in type(one).model_fields.items() if not field.exclude]
    return all(getattr(one, name) == getattr(other, name) for name in names if name not in passing)


def version_of(raw: bytes) -> int:
    """Return the version of the layout in which facts are written; 0 where none is told."""
    found = _VERSION.match(raw)
    return int(found[1]) if found else 0


def parsed_facts(kind: type[Kind], raw: bytes) -> Kind:
    """Read facts of this version or an earlier one.

    Raises:
        ValueError: They are no facts of this kind, or those of a later version.
    """
    if version_of(raw) > Facts.SCHEMA_VERSION:
        raise ValueError(f"written by a later footnotary: version {version_of(raw)}")
    if version_of(raw) != 1:
        found = kind.model_validate_json(raw)
        if found.kind != kind.KIND or not found.model_fields_set >= _NAMED:
            raise ValueError(f"no facts of {kind.KIND}")
        return found
    data = json.loads(raw)
    how = _of_version_1(data)
    return kind.model_validate(data).known_as(how)


def _of_version_1(data: dict[str, Any]) -> Scope:
    """Bring facts of version 1 into this version's layout, in place; return how they were had.

    Version 1 kept what is told about the reading beside the facts, and not how each is known.
    """
    versions = data.pop("versions", {})
    read = {"versions": versions, "caveats": data.pop("caveats", ())}
    read["python"] = versions.get("python", "") if isinstance(versions, dict) else ""
    if data.get("kind") == "schema":
        _schema_of_version_1(data)
        read["not_read"] = [OLDER_FORM]
    data |= {"schema_version": Facts.SCHEMA_VERSION, "read": read}
    return _HOW.get(str(data.pop("source", "source")), "source")


def _schema_of_version_1(data: dict[str, Any]) -> None:
    """Take out of tables what version 1 told in another form: that a column is an identity."""
    for table in data.get("tables", ()):
        for column in table.get("columns", ()) if isinstance(table, dict) else ():
            if isinstance(column, dict) and column.pop("identity", False):
                column["numbering"] = {"kind": "by default"}


def as_named(value: Any) -> Any:
    """Bring what older facts kept as a name alone into today's form."""
    return {"name": value} if isinstance(value, str) else value


def as_addressed(value: Any) -> Any:
    """Bring a server that older facts kept as an address alone into today's form."""
    return {"url": value} if isinstance(value, str) else value
