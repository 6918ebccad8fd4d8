"""Which class is behind each schema of an OpenAPI document's components."""

from __future__ import annotations

import enum
import gc
import re
from typing import Any

from . import sources

_MODES = ("-Input", "-Output")


def name_schema_classes(document: Any, root: str) -> dict[str, dict[str, Any]]:
    """Return name and place of the class of each schema, where only one can be meant.

    FastAPI names a schema after its class; where two classes have one name it puts the module in
    front (`app__users__User`), and where a model reads and writes differently, `-Input` or
    `-Output` behind. A class of the right name that is not in the document may hide the right
    one: then neither is told.

    Args:
        document: The OpenAPI document.
        root: The project's root.
    """
    components = document.get("components") if isinstance(document, dict) else None
    schemas = components.get("schemas") if isinstance(components, dict) else None
    known = _named(_candidates())
    found = {}
    for name in schemas if isinstance(schemas, dict) else ():
        bare = next((name[: -len(one)] for one in _MODES if name.endswith(one)), name)
        meant = known.get(bare, [])
        if len(meant) == 1:
            found[name] = {
                "name": sources.qualified(meant[0]),
                "place": sources.place(meant[0], root),
            }
    return found


def _candidates() -> list[Any]:
    """Return every pydantic model and enum in memory."""
    try:
        from pydantic import BaseModel
    except ImportError:
        return []
    kinds = (BaseModel, enum.Enum)
    return [
        one
        for one in gc.get_objects()
        if issubclass(type(one), type) and issubclass(one, kinds) and one not in kinds
    ]


def _named(candidates: list[Any]) -> dict[str, list[Any]]:
    """Return classes by both names that FastAPI may give them."""
    found: dict[str, list[Any]] = {}
    for one in candidates:
        short = re.sub(r"[^a-zA-Z0-9.\-_]", "_", one.__name__)
        long = f"{one.__module__}.{one.__qualname__}".replace(".", "__")
        for name in {short, re.sub(r"[^a-zA-Z0-9.\-_]", "_", long)}:
            found.setdefault(name, []).append(one)
    return found
