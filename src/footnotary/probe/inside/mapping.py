"""Which classes are mapped to which table."""

from __future__ import annotations

import gc
import inspect
import sys
from typing import Any

from . import sources


class Mapped:
    """The ORM's side of one or more metadatas.

    Args:
        metadatas: Whose tables are asked for.
    """

    def __init__(self, metadatas: list[Any]) -> None:
        self._mappers: dict[int, list[Any]] = {}
        wanted = {id(one) for one in metadatas}
        for mapper in _all_mappers():
            table = mapper.local_table
            if id(getattr(table, "metadata", None)) in wanted:
                self._mappers.setdefault(id(table), []).append(mapper)
        for mappers in self._mappers.values():
            mappers.sort(key=lambda one: (len(list(one.iterate_to_root())), one.class_.__name__))

    def mapper(self, table: Any) -> Any:
        """Return the mapper of a table (the topmost class of a hierarchy), or None."""
        return (self._mappers.get(id(table)) or [None])[0]

    def classes(self, table: Any) -> list[str]:
        """Return the names of all classes that live in a table."""
        return [one.class_.__name__ for one in self._mappers.get(id(table), [])]

    def module(self, table: Any) -> str:
        """Return the module of a table's class, or an empty string."""
        mapper = self.mapper(table)
        return str(mapper.class_.__module__) if mapper is not None else ""


def holders_of(metadatas: list[Any]) -> dict[int, set[str]]:
    """Return the names of the modules that hold each metadata, a table or a registry of it.

    What a module holds is asked for by type alone: other objects may do anything when they are
    asked for an attribute.

    Args:
        metadatas: Metadatas, whose `id` is the key.
    """
    found: dict[int, set[str]] = {id(one): set() for one in metadatas}
    for name, module in list(sys.modules.items()):
        for value in list(getattr(module, "__dict__", {}).values()):
            for each in (value, *_inner(value)):
                metadata = id(_metadata_of(each))
                if metadata in found:
                    found[metadata].add(name)
    return found


def _inner(value: Any) -> list[Any]:
    """Return the plain attributes of a class or an object; none of a module."""
    if inspect.ismodule(value):
        return []
    try:
        return list(object.__getattribute__(value, "__dict__").values())
    except Exception:  # noqa: BLE001  a lazy proxy, whose class computes it
        return []


def _metadata_of(value: Any) -> Any:
    """Return a metadata, or that of a table or a registry; None of anything else."""
    kinds = {
        one.__name__ for one in type(value).__mro__ if str(one.__module__).startswith("sqlalchemy.")
    }
    if "MetaData" in kinds:
        return value
    return vars(value).get("metadata") if kinds & {"Table", "registry"} else None


def relationships(mapper: Any) -> list[dict[str, Any]]:
    """Return the relationships of a mapper by name; empty where they cannot be resolved."""
    if mapper is None:
        return []
    try:
        found = list(mapper.relationships)
    except Exception:  # noqa: BLE001  configuring foreign mappers can fail in any way
        return []
    return sorted((_relationship(one) for one in found), key=lambda one: str(one["name"]))


def _relationship(one: Any) -> dict[str, Any]:
    """Describe a relationship."""
    return {
        "name": one.key,
        "table": str(getattr(one.mapper.local_table, "fullname", "")),
        "class_name": one.mapper.class_.__qualname__,
        "direction": one.direction.name,
        "many": bool(one.uselist),
        "back_populates": one.back_populates or "",
        "secondary": str(getattr(one.secondary, "fullname", "") or ""),
        "cascade": str(", ".join(sorted(one.cascade))) if one.cascade else "",
        "viewonly": bool(one.viewonly),
    }


def attribute_names(mapper: Any) -> dict[str, str]:
    """Return attribute names by column name, where they differ is for the caller to see."""
    try:
        return {
            column.name: mapper.get_property_by_column(column).key
            for column in mapper.local_table.columns
            if column in mapper._columntoproperty  # noqa: SLF001  no public test
        }
    except Exception:  # noqa: BLE001  as in `relationships`
        return {}


def read_attribute_docstrings(made: type) -> dict[str, str]:
    """Return the strings that stand below a class's attributes (PEP 257), bases included."""
    found: dict[str, str] = {}
    for base in reversed(made.__mro__):
        if base.__module__.startswith(("sqlalchemy", "builtins")):
            continue
        found.update(sources.attribute_docstrings(base))
    return found


def read_class_docstring(made: type) -> str:
    """Return a class's own docstring; the one that dataclasses generate does not count."""
    text = vars(made).get("__doc__") or ""
    if not isinstance(text, str) or text.startswith(f"{made.__name__}("):
        return ""
    return inspect.cleandoc(text)


def _all_mappers() -> list[Any]:
    """Return every mapper in memory; lazy proxies are not touched."""
    try:
        from sqlalchemy.orm import Mapper
    except ImportError:
        return []
    return [one for one in gc.get_objects() if issubclass(type(one), Mapper)]
