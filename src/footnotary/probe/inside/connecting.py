"""Connections of SQLite: to a copy of the project's files, and to those of others read-only."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from . import paths
from .guards import optional, replace, stand_in
from .layer import Layer
from .limits import Watch

_URI_AT = 6  # behind the database: timeout, detect_types, isolation_level, check_same_thread, …
_FACTORY_AT = 4  # behind the database, too
_ATTACH, _OK, _DENY = 24, 0, 1  # https://sqlite.org/c3ref/c_alter_table.html


def redirect_databases(watch: Watch, layer: Layer | None) -> None:
    """Have `sqlite3.connect` open what an import may write to, or may only read.

    Args:
        watch: What judges, and remembers what was opened read-only.
        layer: Where the project's databases are copied to; None where the system does that.
    """
    library, kind = optional("_sqlite3"), None
    if library is not None and layer is not None:
        kind = _guarded(library.Connection, watch)
        stand_in(library.Connection, kind)
    replace(library, "connect", lambda original: _connected(original, kind, watch, layer))


def _guarded(kind: Any, watch: Watch) -> Any:
    """Return a class of connections that ask before a file is attached, whatever else they ask."""
    ours = _authorizer(watch)

    class Connection(kind):  # type: ignore[misc]
        def __init__(self, database: Any, *rest: Any, **options: Any) -> None:
            watch.judge("sqlite3.connect", (database,))  # which Python 3.9 does not tell of a class
            super().__init__(database, *rest, **options)
            super().set_authorizer(ours)

        def set_authorizer(self, authorizer_callback: Any) -> None:
            def both(action: int, *rest: Any) -> Any:
                denied = ours(action, *rest) != _OK
                return _DENY if denied else authorizer_callback(action, *rest)

            super().set_authorizer(ours if authorizer_callback is None else both)

    Connection.__module__, Connection.__qualname__ = kind.__module__, kind.__qualname__
    return Connection


def _connected(original: Any, kind: Any, watch: Watch, layer: Layer | None) -> Callable[..., Any]:
    def call(database: Any, *rest: Any, **options: Any) -> Any:
        if kind is not None and len(rest) <= _FACTORY_AT:
            options.setdefault("factory", kind)
        told = rest[_URI_AT] if len(rest) > _URI_AT else options.get("uri", False)
        names = paths.written_files(database)
        if not names:
            return asking(original(_read(database, bool(told), layer), *rest, **options))
        uri = paths.is_uri(database, uri=bool(told))
        path = names[0] if uri else os.fsdecode(database)
        elsewhere, read_only = _place(path, watch, layer)
        name, is_uri = paths.elsewhere(database, elsewhere, uri=uri, read_only=read_only)
        rest, options = rest[:_URI_AT], {**options, "uri": is_uri}
        return asking(original(name, *rest, **options))

    def asking(connection: Any) -> Any:
        if kind is not None and not isinstance(connection, kind):  # of the application's own making
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
    if watch.may_write(whole) or not paths.is_regular_file(whole):
        return path, False
    watch.note_read_only(whole)
    return path, True


def _read(database: Any, uri: bool, layer: Layer | None) -> Any:  # noqa: FBT001  as sqlite3 has it
    """Return where a database that is only read is found."""
    if layer is None or not layer.changed or not uri:
        return database
    path, query = paths.parted(os.fsdecode(database))
    if query.get("mode") != ["ro"] or not path:
        return database
    return paths.elsewhere(database, layer.seen(path), uri=True)[0]


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
