"""The engine, the session and the declarative base."""

from collections.abc import Iterator
from functools import cache

from sqlalchemy import Engine, MetaData, create_engine
from sqlalchemy.orm import DeclarativeBase, Session

from src.core.config import settings

NAMING_CONVENTION = {
    "ix": "%(column_0_label)s_idx",
    "uq": "%(table_name)s_%(column_0_name)s_key",
    "ck": "%(table_name)s_%(constraint_name)s_check",
    "fk": "%(table_name)s_%(column_0_name)s_fkey",
    "pk": "%(table_name)s_pkey",
}


@cache
def engine() -> Engine:
    """Return the process's engine; made on first use, so that imports need no driver."""
    return create_engine(
        settings.database_url, echo=settings.echo_sql, pool_size=settings.pool_size
    )


class Base(DeclarativeBase):
    """Base of every table; constraints are named by one convention."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)


def session() -> Iterator[Session]:
    """Yield a session for one request and close it behind."""
    with Session(engine()) as opened:
        yield opened
