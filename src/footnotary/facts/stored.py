"""Facts as they lie beside their document, and what must not be written of them."""

import json
import operator
import re
from collections.abc import Collection, Sequence
from typing import Any, TypeVar

import pydantic_core

from footnotary.facts.basis import Fact, Facts, Scope
from footnotary.secrecy.credentials import Secrecy, secrecy_of
from footnotary.secrecy.texts import without_credentials
from footnotary.secrecy.values import (
    literals_in,
    shown_literals,
    shown_value,
    without_secret_literals,
)

Made = TypeVar("Made", bound=Fact)
# Fields that hold a value of what the fact's `name` names: as JSON, as SQL or as Python has it.
_VALUES = frozenset(
    {"default", "on_update", "server_default", "computed", "shown", "shown_default"}
)
_CHOICES = frozenset({"enum", "values"})
# SQL, or words about columns and their values.
_SQL = frozenset({"ddl", "expression", "where", "detail", "definition"})
# Not part of the facts on disk; its reader masks it before anything is made of it.
_LEFT = frozenset({"document"})


def without_secrets_in(facts: Made, known: Collection[str] = ()) -> Made:
    """Return facts with `***` for what must not be written down.

    Returns:
        The same object where nothing had to be left out.
    """
    return _Walk(known).fact(facts)


class _Walk:
    """One walk; a text that comes again is read once."""

    def __init__(self, known: Collection[str]) -> None:
        self.known = known
        self._texts: dict[str, str] = {}

    def fact(self, fact: Made) -> Made:
        """Return a fact with its texts and the facts in it masked."""
        name = getattr(fact, "name", "")
        changed: dict[str, Any] = {}
        for field, value in fact.__dict__.items():
            if not value or field in _LEFT:
                continue
            if field in _VALUES and isinstance(value, str):
                found: Any = self._value(value, str(name), getattr(fact, "enum", ()))
            elif field in _CHOICES and isinstance(value, tuple):
                found = shown_value(value, str(name), choices=value, known=self.known)
            elif field == "type" and isinstance(value, str):
                found = self._type(value, str(name))
            elif field in _SQL and isinstance(value, str):
                found = self._text(without_secret_literals(value))
            else:
                found = self._within(value)
            if found is not value and found != value:
                changed[field] = found
        return fact.model_copy(update=changed) if changed else fact

    def _within(self, value: Any) -> Any:
        """Return what is in a field: facts, texts, and tuples and mappings of them."""
        kind = type(value)
        if kind is str:
            return self._text(value)
        if kind is tuple:
            found = tuple(map(self._within, value))
            return value if all(map(operator.is_, found, value)) else found
        if kind is dict:
            if self._is_clean(value):
                return value
            return {self._within(key): self._within(one) for key, one in value.items()}
        return self.fact(value) if isinstance(value, Fact) else value

    def _is_clean(self, value: dict[Any, Any]) -> bool:
        """Tell whether nothing has to be left out of a mapping, as of most schemas."""
        texts: set[str] = set()
        waiting = [value]
        while waiting:
            one = waiting.pop()
            texts.update(one)
            for each in one.values():
                kind = type(each)
                if kind is str:
                    texts.add(each)
                elif kind is dict:
                    waiting.append(each)
                elif self._within(each) is not each:
                    return False
        return all(self._text(one) is one for one in texts)

    def _text(self, text: str) -> str:
        """Return a text without the credentials in it; the same one where it has none."""
        found = self._texts.get(text)
        if found is None:
            found = self._texts[text] = without_credentials(text, self.known)
        return text if found == text else found

    def _type(self, value: str, name: str) -> str:
        """Return a type, which may list values: `ENUM('a', 'b')`, `Literal['a']`."""
        return self._text(shown_literals(value, name, literals_in(value)))

    def _value(self, value: str, name: str, choices: Sequence[str]) -> str:
        """Return a value: JSON, a literal of Python or SQL, or an expression."""
        if secrecy_of(name) is Secrecy.OPEN:
            return self._text(without_secret_literals(value))
        try:
            read = json.loads(value)
        except (ValueError, RecursionError):
            return self._text(shown_literals(value, name, choices))
        shown = shown_value(read, name, choices=choices, known=self.known)
        return value if shown == read else json.dumps(shown, ensure_ascii=False)


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
