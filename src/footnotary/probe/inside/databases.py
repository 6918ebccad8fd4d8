"""Which files a connection of SQLite writes to, as `sqlite3.connect` names them."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import parse_qs, quote, unquote

_MEMORY = (":memory:", "")


def written_files(database: Any) -> list[str]:
    """Return the files that may be written when a database is connected to.

    A name that begins with `file:` is taken for a URI (https://sqlite.org/uri.html): where it is
    none, because neither the call nor the library says so, it names a file in the same folder.

    Args:
        database: The first argument of `sqlite3.connect`.
    """
    try:
        name = os.fsdecode(database)
    except TypeError:
        return []
    if not name.startswith("file:"):
        return [] if name in _MEMORY else [name]
    path, query = parted(name)
    mode = query.get("mode", [""])[-1]
    if mode in ("memory", "ro") or path in _MEMORY:
        return []
    return [path]


def parted(uri: str) -> tuple[str, dict[str, list[str]]]:
    """Return the path of a database's URI, and its query."""
    whole, _, query = uri.partition("#")[0].partition("?")
    path = whole[len("file:") :]
    if path.startswith("//"):
        path = "/" + path[2:].partition("/")[2]
    return unquote(path), parse_qs(query, keep_blank_values=True)


def elsewhere(database: Any, path: str, *, uri: bool, read_only: bool = False) -> tuple[str, bool]:
    """Return the name of a database at another path, and whether it is a URI.

    Args:
        database: What the application named.
        path: Where it is instead.
        uri: Whether that was a URI.
        read_only: Whether nothing may be written to it.
    """
    if not uri and not read_only:
        return path, False
    _, query = parted(os.fsdecode(database)) if uri else ("", {})
    if read_only:
        query["mode"] = ["ro"]
    words = "&".join(f"{quote(name)}={quote(value[-1])}" for name, value in query.items())
    return "file:" + quote(path) + ("?" + words if words else ""), True


def is_uri(database: Any, *, uri: bool) -> bool:
    """Tell whether a database's name is a URI: some libraries take every `file:` for one."""
    if not os.fsdecode(database).startswith("file:"):
        return False
    if uri:
        return True
    import sqlite3

    with_options = sqlite3.Connection(":memory:")
    options = [one for (one,) in with_options.execute("PRAGMA compile_options")]
    with_options.close()
    return any(one.startswith("USE_URI") and not one.endswith("=0") for one in options)
