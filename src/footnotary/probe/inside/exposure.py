"""Pydantic models that are read from ORM objects (`from_attributes`), matched to tables."""

from __future__ import annotations

import gc
from typing import Any

from . import sources

LEAST_SHARED = 0.6


def link_models(tables: list[dict[str, Any]], root: str) -> None:
    """Add `exposed_by` to each table that a model shows.

    Args:
        tables: Descriptions of tables; changed in place.
        root: The project's root.
    """
    for model in _models():
        table = _shown(model, tables)
        if table is not None:
            table["exposed_by"].append(
                {
                    "name": model.__name__,
                    "module": model.__module__,
                    "place": sources.place(model, root),
                }
            )
    for table in tables:
        table["exposed_by"].sort(key=lambda one: (one["name"], one["module"]))


def _models() -> list[Any]:
    """Return the models that are read from attributes."""
    try:
        from pydantic import BaseModel
    except ImportError:
        return []
    found = []
    for one in gc.get_objects():
        if not issubclass(type(one), type) or not issubclass(one, BaseModel):
            continue
        configured = getattr(one, "model_config", None)
        shows = isinstance(configured, dict) and configured.get("from_attributes")
        if shows and not hasattr(one, "__table__"):
            found.append(one)
    return found


def _shown(model: Any, tables: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Return the table whose columns a model's fields are, or None."""
    fields = set(getattr(model, "model_fields", {}))
    best: tuple[float, int, dict[str, Any]] | None = None
    for table in tables:
        names = {column["attribute"] or column["name"] for column in table["columns"]}
        names |= {one["name"] for one in table["relationships"]}
        shared = len(fields & names) / len(fields) if fields else 0.0
        named = table["class_name"] and table["class_name"].lower() in model.__name__.lower()
        if shared < LEAST_SHARED or not named:
            continue
        rank = (shared, len(table["class_name"]), table)
        if best is None or rank[:2] > best[:2]:
            best = rank
    return best[2] if best else None
