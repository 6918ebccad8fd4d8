# ruff: noqa: E501  programs written out as they would stand in a file
"""A live MariaDB beside the models, as the command line compares the two."""

import pytest
import sqlalchemy as sa

from mariadb import mariadb  # noqa: F401  a fixture

pytestmark = pytest.mark.slow

MODELS = """
    import datetime
    import decimal
    import enum
    import uuid

    from sqlalchemy import JSON, BigInteger, CheckConstraint, DateTime, ForeignKey, Index, Numeric, String, Text, UniqueConstraint, func
    from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


    class Base(DeclarativeBase):
        pass


    class Colour(enum.Enum):
        RED = 1
        BLUE = 2


    class Author(Base):
        __tablename__ = "authors"
        id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
        key: Mapped[uuid.UUID] = mapped_column(unique=True)
        name: Mapped[str] = mapped_column(String(80), index=True, comment="As on the cover")
        colour: Mapped[Colour]
        active: Mapped[bool] = mapped_column(default=True)
        rating: Mapped[float]
        seen: Mapped[datetime.datetime] = mapped_column(DateTime, server_default=func.now())
        born: Mapped[datetime.date | None]
        extra: Mapped[dict] = mapped_column(JSON)
        about: Mapped[str | None] = mapped_column(Text)
        picture: Mapped[bytes | None]


    class Book(Base):
        __tablename__ = "books"
        __table_args__ = (
            CheckConstraint("price > 0", name="price_positive"),
            UniqueConstraint("title", "author_id", name="books_title_key"),
            Index("books_price_idx", "price"),
        )
        id: Mapped[int] = mapped_column(primary_key=True)
        title: Mapped[str] = mapped_column(String(120))
        price: Mapped[decimal.Decimal] = mapped_column(Numeric(10, 2), default=1)
        author_id: Mapped[int] = mapped_column(ForeignKey("authors.id", ondelete="CASCADE"))
"""


@pytest.fixture
def server(made, mariadb):  # noqa: F811  the fixture
    """A connection to a database made by the document's own DDL, and the project of its models."""
    made.write({"shop/__init__.py": "", "shop/models.py": MODELS})
    engine = sa.create_engine(mariadb.replace("mysql:", "mysql+pymysql:"))
    with engine.begin() as connection:
        connection.execute(sa.text("DROP DATABASE IF EXISTS shop"))
        connection.execute(sa.text("CREATE DATABASE shop CHARACTER SET utf8mb4"))
        connection.execute(sa.text("USE shop"))
        for table in sorted(made.schema(dialect="mariadb").tables, key=lambda one: one.name):
            for statement in table.ddl.split(";\n"):
                connection.execute(sa.text(statement.rstrip(";").replace("%", "%%")))
    engine.dispose()
    made.url = mariadb.removesuffix("mysql") + "shop"
    made.engine = sa.create_engine(made.url.replace("mysql:", "mysql+pymysql:"))
    yield made
    made.engine.dispose()


@pytest.mark.parametrize(("scheme", "scratch"), [("mysql", False), ("mariadb+aiomysql", True)])
def test_a_database_made_from_the_models_has_no_drift(server, scheme, scratch):
    """The DDL of the document runs on MariaDB, and what it makes is what the models say."""
    url = server.url.replace("mysql:", f"{scheme}:")
    facts = server.schema(database_url=url, scratch=scratch)
    assert (facts.drift, facts.not_compared) == ((), ())
    assert facts.server.startswith("mariadb 1")
    assert ("a scratch schema" in facts.compared) is scratch
    with server.engine.begin() as connection:
        names = connection.execute(sa.text("SHOW DATABASES LIKE 'footnotary%'")).all()
        connection.execute(sa.text("ALTER TABLE books DROP CONSTRAINT price_positive"))
    assert names == []
    found = server.schema(database_url=url, scratch=scratch).drift
    assert [one.detail for one in found] == ["check price_positive (`price` > 0)"]


def test_a_database_without_models_is_a_document_too(server):
    """Reflection alone gives tables, comments, keys and enums."""
    for path in server.root.rglob("*.py"):
        path.unlink()
    facts = server.schema(database_url=server.url)
    assert facts.read.how == "database"
    assert {key: facts.summary[key] for key in ("tables", "columns", "fks", "checks")} == {
        "tables": 2, "columns": 15, "fks": 1, "checks": 1}  # fmt: skip
    columns = {one.name: one for table in facts.tables for one in table.columns}
    assert columns["name"].comment == "As on the cover"
    assert columns["colour"].enum == ("RED", "BLUE")
