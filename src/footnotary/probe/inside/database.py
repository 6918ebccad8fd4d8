"""What a live database holds, by reflection; imports nothing of the application."""

from __future__ import annotations

from typing import Any

from . import description

DRIVERS = {
    "postgresql": ("psycopg", "psycopg2", "pg8000"),
    "mysql": ("pymysql", "MySQLdb"),
    "mariadb": ("pymysql", "MySQLdb"),
}


def describe(request: dict[str, Any]) -> dict[str, Any]:
    """Reflect the tables of a database.

    Args:
        request: `database_url`, and `schemas`: names to read besides the default one.

    Returns:
        `tables`, `dialect`, `versions`, as `metadata.describe` has them.
    """
    from sqlalchemy import MetaData, create_engine, inspect

    engine = create_engine(_synchronous(request["database_url"]))
    metadata = MetaData()
    with engine.connect() as connection:
        names = set(inspect(connection).get_schema_names())
        metadata.reflect(connection)
        for schema in request.get("schemas", []):
            if schema in names:
                metadata.reflect(connection, schema=schema)
    dialect = engine.dialect
    engine.dispose()
    found = [metadata.tables[key] for key in sorted(metadata.tables)]
    return {
        "tables": description.tables(found, dialect, None, {}),
        "views": [],
        "dialect": dialect.name,
        "versions": {},
        "server": ".".join(str(part) for part in dialect.server_version_info or ()),
    }


def _synchronous(url: str) -> str:
    """Return the URL with a driver that needs no event loop and is installed."""
    import importlib.util

    scheme, separator, rest = url.partition("://")
    name = scheme.split("+")[0]
    name = "postgresql" if name == "postgres" else name
    for driver in DRIVERS.get(name, ()):
        if importlib.util.find_spec(driver):
            return f"{name}+{driver.lower()}{separator}{rest}"
    return f"{name}{separator}{rest}"
