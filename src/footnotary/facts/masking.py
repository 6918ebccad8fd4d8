"""Facts without what must not be written down: one walk over a whole tree, whatever its kind.

Every text is read by `secrecy.texts`; the values of something that has a name (a default, the
values of an enum) by `secrecy.values`; SQL by the names that stand in it.
"""

import json
from collections.abc import Collection, Sequence
from typing import Any, TypeVar

from footnotary.facts.basis import Fact
from footnotary.secrecy.names import Secrecy, secrecy_of
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
        for field in type(fact).model_fields:
            value = getattr(fact, field)
            if field in _LEFT or not value:
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
            if found != value:
                changed[field] = found
        return fact.model_copy(update=changed) if changed else fact

    def _within(self, value: Any) -> Any:
        """Return what is in a field: facts, texts, and tuples and mappings of them."""
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, Fact):
            return self.fact(value)
        if isinstance(value, tuple):
            return tuple(map(self._within, value))
        if isinstance(value, dict):
            return {self._within(key): self._within(one) for key, one in value.items()}
        return value

    def _text(self, text: str) -> str:
        """Return a text without the credentials in it."""
        if text not in self._texts:
            self._texts[text] = without_credentials(text, self.known)
        return self._texts[text]

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
