"""Objects whose calls read variables: of starlette, decouple, environs and django-environ."""

import ast
from collections.abc import Iterable
from dataclasses import dataclass

from footnotary.source.names import DefinitionIndex, keyword
from footnotary.source.parsing import Source

READERS = {
    "starlette.config.Config": "starlette Config",
    "decouple.Config": "python-decouple",
    "decouple.AutoConfig": "python-decouple",
    "environs.Env": "environs",
    "environ.Env": "django-environ",
    "environ.FileAwareEnv": "django-environ",
}
"""How a document calls what reads, by the full name of its class."""
_READER_OBJECTS = {"decouple.config": "python-decouple", "environs.env": "environs"}
# Where the default stands among a call's arguments: of the object, and of its methods.
_DEFAULTS = {
    "starlette Config": (2, 2),
    "python-decouple": (1, 1),
    "environs": (1, 1),
    "django-environ": (2, 1),
}
# Methods of environs and django-environ that read no variable.
_NOT_READING = {
    *("read_env", "read_envfile", "prefixed", "seal", "dump", "add_parser", "parser_for"),
    *("add_parser_from_field", "get_value", "parse_value", "db_url_config", "cache_url_config"),
}
# Variables of django-environ's methods that are called without one.
_NAMED_METHODS = {
    "db": "DATABASE_URL", "db_url": "DATABASE_URL", "cache": "CACHE_URL", "cache_url": "CACHE_URL",
    "email": "EMAIL_URL", "email_url": "EMAIL_URL", "search_url": "SEARCH_URL",
    "channels": "CHANNELS_URL", "channels_url": "CHANNELS_URL",
}  # fmt: skip


@dataclass(frozen=True)
class ReadingObject:
    """An object that is called, or whose method is.

    Attributes:
        how: How a document calls it.
        method: The method that is called; empty where the object itself is.
        prefix: What it puts before each name; None where that is computed.
    """

    how: str
    method: str
    prefix: str | None

    @property
    def reads(self) -> bool:
        """Whether the call reads a variable that it names."""
        return self.method not in _NOT_READING

    @property
    def variable(self) -> str:
        """The variable that the method reads where none is named."""
        return _NAMED_METHODS.get(self.method, "") if self.how == "django-environ" else ""

    @property
    def default(self) -> int:
        """Where the default stands among the arguments."""
        return _DEFAULTS[self.how][bool(self.method)]


class ReaderObjects:
    """The objects of one module."""

    def __init__(self, source: Source, index: DefinitionIndex) -> None:
        self.made: dict[str, ast.Call] = {}
        self._source = source
        self._index = index

    def note(self, names: Iterable[str], call: ast.Call) -> None:
        """Note what names are bound to, if a call makes an object that reads variables."""
        if self._index.resolve(call.func, self._source) in READERS:
            self.made |= dict.fromkeys(names, call)

    def find(self, func: ast.expr) -> ReadingObject | None:
        """Return the object that is called; None for any other."""
        found, method = self._made_by(func), ""
        if found is None and isinstance(func, ast.Attribute):
            found, method = self._made_by(func.value), func.attr
        if found is None:
            return None
        made, source = found
        if not isinstance(made, ast.Call):
            return ReadingObject(_READER_OBJECTS[self._index.resolve(made, source)], method, "")
        given = keyword(made, "prefix") or keyword(made, "env_prefix")
        prefix = self._index.literal(given, source) if given else ""
        how = READERS[self._index.resolve(made.func, source)]
        return ReadingObject(how, method, prefix if isinstance(prefix, str) else None)

    def _made_by(self, node: ast.expr) -> tuple[ast.expr, Source] | None:
        """Return what an object that reads variables is made by, and where."""
        if isinstance(node, ast.Name) and node.id in self.made:
            return self.made[node.id], self._source
        if not isinstance(node, ast.Name | ast.Attribute | ast.Call):
            return None
        value, source = self._index.follow_value(node, self._source)
        if isinstance(value, ast.Call):
            is_known = self._index.resolve(value.func, source) in READERS
        else:
            is_known = self._index.resolve(value, source) in _READER_OBJECTS
        return (value, source) if is_known else None
