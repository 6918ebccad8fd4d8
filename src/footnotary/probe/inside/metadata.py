"""What a SQLAlchemy project declares, once every module with tables is imported."""

from __future__ import annotations

import gc
import importlib
import inspect
import os
import re
import sys
from collections.abc import Iterator
from typing import Any

from . import (
    description,
    mapping,
    reasons,
    replay,
    sources,
    statements,
)
from .answers import settled
from .loading import (
    WrongTarget,
    installed_extras,
    installed_versions,
    load_value,
)

_SYSTEM_SCHEMAS = {"pg_catalog", "information_schema"}
_LIBRARIES = ("SQLAlchemy", "alembic", "sqlmodel", "geoalchemy2")
_DRIVERS = {
    "postgresql": ("psycopg", "psycopg2", "psycopg2-binary", "asyncpg", "pg8000"),
    "mysql": ("pymysql", "mysqlclient", "aiomysql", "asyncmy"),
    "mariadb": ("pymysql", "mysqlclient", "aiomysql", "asyncmy", "mariadb"),
    "sqlite": ("aiosqlite",),
}
LEAST_SHARED = 0.6
_DECLARES = re.compile(rb"__tablename__|table\s*=\s*True|mapped_column\(|\bTable\(|\bColumn\(")
_SPEAKS = re.compile(rb"sqlalchemy|sqlmodel|__tablename__", re.IGNORECASE)
_SKIPPED = {
    "tests", "test", "testing", "versions", "migrations", "alembic", "node_modules", "docs",
    "examples", "benchmarks", "scripts", "__pycache__",
}  # fmt: skip
_MODULES = 300
_BYTES = 2_000_000


def describe_metadata(request: dict[str, Any]) -> dict[str, Any]:
    """Import the modules that define tables and describe the metadata.

    Args:
        request: `target` (`module:expression` or empty), `modules` to import, `only`
            (whether no other module is looked for), `exposing` (modules with models that show
            rows), `dialect`, `root`, and `restore`, to be called when the project's code is
            imported.

    Returns:
        `tables`, `failed` (modules that could not be imported, with the reason), `adding`
        (modules that declare tables which the target's own import does not bring),
        `convention`, `metadatas` (how many were found), `dialect`, `versions`.
    """
    target, root = request["target"], request["root"]
    modules = list(request["modules"])
    if request["only"]:
        for name in modules:
            importlib.import_module(name)
    if target:
        importlib.import_module(target.partition(":")[0])
        request["restore"]()
    chosen = _metadata(load_value(target)) if target else None
    brought = set(chosen.tables) if chosen is not None else set()
    if chosen is not None and not request["only"]:
        modules += declaring_modules(target.split(":")[0])
    failed, last = _imported(modules, must=True)
    request["restore"]()
    metadatas = [chosen] if chosen is not None else _all_metadata()
    if not metadatas and last is not None:
        raise last
    failed.update(_configured())
    if chosen is None:
        metadatas = _own(metadatas, {name.split(".")[0] for name in modules}, root)
    dialect = description.dialect_of(request["dialect"])
    mapped = mapping.Mapped(metadatas)
    places = _declared_places()
    own = [
        metadata.tables[key]
        for metadata in metadatas
        for key in sorted(metadata.tables)
        if metadata.tables[key].schema not in _SYSTEM_SCHEMAS
    ]
    views = [one for one in own if description.is_view(one)]
    real = [one for one in own if not description.is_view(one)]
    tables = settled(description.describe_tables(real, dialect, mapped, places, root), root)
    _imported(request["exposing"])  # after the tables: what these import adds none
    link_models(tables, root)
    return {
        "tables": tables,
        "views": settled(description.describe_views(views, dialect, mapped, root), root),
        "failed": failed,
        "adding": _modules_of(tables, brought) if chosen is not None else [],
        "convention": _convention(metadatas),
        "metadatas": len(metadatas),
        "package": _package_folder(target, root),
        "dialect": dialect.name,
        "versions": installed_versions((*_LIBRARIES, *_DRIVERS.get(dialect.name, ()))),
        "extras": installed_extras(request["extras"]),
        "script": _script(metadatas, request),
        "replayed": settled(replay.replay(request["migrations"], dialect), root)
        if request["migrations"]
        else None,
    }


def _script(metadatas: list[Any], request: dict[str, Any]) -> dict[str, Any] | None:
    """Return the statements that make the schema in the live database; None without one."""
    if not request["server"]:
        return None
    about = request["server"]
    dialect = description.dialect_of(about["flavour"])
    return statements.script(metadatas, dialect, about["version"], about["prefix"])


def _modules_of(tables: list[dict[str, Any]], brought: set[str]) -> list[str]:
    """Return the modules of the tables that were not there when the target was imported."""
    added = (
        one for one in tables if ".".join(filter(None, (one["schema"], one["name"]))) not in brought
    )
    return sorted({one["module"] for one in added if one["module"]})


def _package_folder(target: str, root: str) -> str:
    """Return the folder of the target's package where that is not in the project; else ""."""
    package = sys.modules.get(target.partition(":")[0].split(".", maxsplit=1)[0])
    folders = list(getattr(package, "__path__", ())) if target else []
    outside = [one for one in folders if not os.path.realpath(one).startswith(root + os.sep)]
    return str(outside[0]) if outside else ""


def _metadata(found: Any) -> Any:
    """Return the metadata of a metadata, a declarative base, a registry or a module."""
    candidates = [found, getattr(found, "metadata", None)]
    if inspect.ismodule(found):
        for one in vars(found).values():
            candidates += [one, getattr(one, "metadata", None) if inspect.isclass(one) else None]
    for one in candidates:
        if hasattr(type(one), "sorted_tables"):
            return one
    raise WrongTarget("it is no SQLAlchemy metadata and no declarative base")


def _imported(
    modules: list[str], *, must: bool = False
) -> tuple[dict[str, Any], BaseException | None]:
    """Import modules; those that fail are noted and do not stop the others."""
    failed: dict[str, Any] = {}
    last: BaseException | None = None
    for name in dict.fromkeys(modules):
        try:
            importlib.import_module(name)
        except (Exception, SystemExit) as error:
            if modules == [name] and must:
                raise
            failed[name] = reasons.as_told(error)
            last = error
    return failed, last


def _configured() -> dict[str, Any]:
    """Let SQLAlchemy resolve its mappers; a relationship that is broken is noted."""
    try:
        from sqlalchemy.orm import configure_mappers

        configure_mappers()
    except Exception as error:  # noqa: BLE001  the tables stay readable
        return {"a relationship": reasons.as_told(error)}
    return {}


def _all_metadata() -> list[Any]:
    """Return every metadata with tables that the imports left behind, largest first.

    `isinstance` would wake lazy proxies; the type alone is asked.
    """
    from sqlalchemy import MetaData

    found = [one for one in gc.get_objects() if issubclass(type(one), MetaData) and one.tables]
    real = [one for one in found if {t.schema for t in one.tables.values()} - _SYSTEM_SCHEMAS]
    return sorted(real, key=lambda one: -len(one.tables))


def _own(found: list[Any], packages: set[str], root: str) -> list[Any]:
    """Leave out the metadatas of libraries: those that no module of the project maps or holds."""
    mapped, holders = mapping.Mapped(found), mapping.holders_of(found)
    files = {name: getattr(one, "__file__", None) for name, one in list(sys.modules.items())}

    def is_own(name: str) -> bool:
        inside = not sources.relative_to_project(files.get(name) or "", root).startswith("../")
        return name.split(".", maxsplit=1)[0] in packages or (bool(files.get(name)) and inside)

    owned = []
    for metadata in found:
        modules = {mapped.module(table) for table in metadata.tables.values()} - {""}
        held = {one for one in holders[id(metadata)] if not one.startswith("sqlalchemy.")}
        if any(map(is_own, modules | held)) or not modules | holders[id(metadata)]:
            owned.append(metadata)
    return owned


def _declared_places() -> dict[str, tuple[str, int, str]]:
    """Return where `Table("name", …)` is in the imported modules: file, line, module."""
    places: dict[str, tuple[str, int, str]] = {}
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None) or ""
        if not file.endswith(".py") or name.startswith(("sqlalchemy", "alembic", __package__)):
            continue
        if not {"Table", "sqlalchemy", "sa", "db"} & vars(module).keys():
            continue
        try:
            with open(file, encoding="utf-8") as stream:
                text = stream.read()
        except (OSError, UnicodeDecodeError):
            continue
        for hit in re.finditer(r"\bTable\(\s*(?:name=)?['\"]([^'\"]+)['\"]", text):
            places.setdefault(hit[1], (file, text.count("\n", 0, hit.start()) + 1, name))
    return places


def _convention(metadatas: list[Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for metadata in metadatas:
        for key, pattern in (metadata.naming_convention or {}).items():
            if isinstance(key, str) and isinstance(pattern, str):
                found.setdefault(key, pattern)
    return found


def link_models(tables: list[dict[str, Any]], root: str) -> None:
    """Add `exposed_by` to each table that a model shows."""
    for model in _models():
        table = _table_shown_by(model, tables)
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
    for one in sources.classes_in_memory(BaseModel):
        configured = getattr(one, "model_config", None)
        shows = isinstance(configured, dict) and configured.get("from_attributes")
        if shows and not hasattr(one, "__table__"):
            found.append(one)
    return found


def _table_shown_by(model: Any, tables: list[dict[str, Any]]) -> dict[str, Any] | None:
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


def declaring_modules(module: str) -> list[str]:
    """Return modules that declare tables, in the package that a module belongs to.

    A metadata is empty until its modules are imported; nothing but their text tells which.

    Returns:
        At most 300 names, by path.
    """
    package = module.split(".", maxsplit=1)[0]
    folders = list(getattr(sys.modules.get(package), "__path__", ()))
    found: list[str] = []
    for folder in folders[:1]:
        found += _declaring(folder, package)
    return found[:_MODULES]


def _declaring(folder: str, package: str) -> Iterator[str]:
    """Yield the modules below a package's folder whose text declares tables."""
    for where, below, names in os.walk(folder):
        below[:] = sorted(name for name in below if name not in _SKIPPED and name.isidentifier())
        inner = os.path.relpath(where, folder)
        prefix = package if inner == "." else ".".join([package, *inner.split(os.sep)])
        for name in sorted(names):
            if _is_read(name) and _declares(os.path.join(where, name)):
                yield prefix if name == "__init__.py" else prefix + "." + name[:-3]


def _is_read(name: str) -> bool:
    """Whether a file is a module that can be imported for its tables."""
    return name.endswith(".py") and not name.startswith(("test_", "conftest", "__main__"))


def _declares(path: str) -> bool:
    """Whether a file's text looks as if it declared tables."""
    try:
        with open(path, "rb") as stream:
            text = stream.read(_BYTES)
    except OSError:
        return False
    return bool(_SPEAKS.search(text) and _DECLARES.search(text))
