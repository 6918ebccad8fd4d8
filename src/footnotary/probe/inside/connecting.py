"""Connections of SQLite: to a copy of the project's files, and to those of others read-only."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from . import databases, paths
from .guards import optional
from .layer import Layer
from .limits import Watch
from .replacing import replace

_URI_AT = 6  # behind the database: timeout, detect_types, isolation_level, check_same_thread, …
_ATTACH, _OK, _DENY = 24, 0, 1  # https://sqlite.org/c3ref/c_alter_table.html


def redirect(watch: Watch, layer: Layer | None) -> None:
    """Have `sqlite3.connect` open what an import may write to, or may only read.

    Args:
        watch: What judges, and remembers what was opened read-only.
        layer: Where the project's databases are copied to; None where the system does that.
    """
    replace(optional("_sqlite3"), "connect", lambda original: _connected(original, watch, layer))


def _connected(original: Any, watch: Watch, layer: Layer | None) -> Callable[..., Any]:
    def call(database: Any, *rest: Any, **options: Any) -> Any:
        told = rest[_URI_AT] if len(rest) > _URI_AT else options.get("uri", False)
        names = databases.written(database)
        if not names:
            return original(_read(database, bool(told), layer), *rest, **options)
        uri = databases.is_uri(database, uri=bool(told))
        path = names[0] if uri else os.fsdecode(database)
        elsewhere, read_only = _place(path, watch, layer)
        name, is_uri = databases.elsewhere(database, elsewhere, uri=uri, read_only=read_only)
        rest, options = rest[:_URI_AT], {**options, "uri": is_uri}
        connection = original(name, *rest, **options)
        if layer is not None:
            connection.set_authorizer(_authorizer(watch))
        return connection

    return call


def _place(path: str, watch: Watch, layer: Layer | None) -> tuple[str, bool]:
    """Return where a database is opened, and whether read-only."""
    if layer is not None and layer.is_inside(path):
        for beside in ("-journal", "-wal"):
            layer.to_change(path + beside)
        return layer.to_change(path), False
    whole = paths.resolve(path)
    if watch.may_write(whole) or not paths.is_file(whole):
        return path, False
    watch.note_read_only(whole)
    return path, True


def _read(database: Any, uri: bool, layer: Layer | None) -> Any:  # noqa: FBT001  as sqlite3 has it
    """Return where a database that is only read is found."""
    if layer is None or not layer.changed or not uri:
        return database
    path, query = databases.parted(os.fsdecode(database))
    if query.get("mode") != ["ro"] or not path:
        return database
    return databases.elsewhere(database, layer.seen(path), uri=True)[0]


def _authorizer(watch: Watch) -> Callable[..., int]:
    """Return what judges `ATTACH`, of which nothing else hears."""

    def authorize(action: int, first: str | None, *_rest: Any) -> int:
        if action != _ATTACH:
            return _OK
        try:
            if first is None:
                watch.deny("write to an attached database")
            watch.judge("sqlite3.connect", (first,))
        except PermissionError:
            return _DENY
        return _OK

    return authorize
