"""What a live database holds, by reflection; imports nothing of the application."""

from __future__ import annotations

from typing import Any

from . import description
from .catalogs import synchronous


def describe(request: dict[str, Any]) -> dict[str, Any]:
    """Reflect the tables of a database.

    Args:
        request: `database_url`.

    Returns:
        `tables`, `dialect`, `versions`, as `metadata.describe` has them.
    """
    from sqlalchemy import MetaData, create_engine

    engine = create_engine(synchronous(request["database_url"]))
    metadata = MetaData()
    with engine.connect() as connection:
        metadata.reflect(connection)
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
