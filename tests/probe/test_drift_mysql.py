# ruff: noqa: E501  programs written out as they would stand in a file
"""A live MariaDB beside the models: reflection, and drift in both directions."""

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
        for table in sorted(made.schema(dialect="mysql").tables, key=lambda one: one.name):
            for statement in table.ddl.split(";\n"):
                connection.execute(sa.text(statement.rstrip(";").replace("%", "%%")))
    engine.dispose()
    made.url = mariadb.removesuffix("mysql") + "shop"
    made.engine = sa.create_engine(made.url.replace("mysql:", "mysql+pymysql:"))
    yield made
    made.engine.dispose()


@pytest.mark.parametrize("scheme", ["mysql", "mariadb", "mysql+aiomysql"])
def test_a_database_made_from_the_models_has_no_drift(server, scheme):
    """The DDL of the document runs on MariaDB, and what it makes is what the models say."""
    facts = server.schema(database_url=server.url.replace("mysql:", f"{scheme}:"))
    assert facts.drift == ()
    assert facts.server.startswith((f"{scheme} 1", "mysql 1"))


def test_drift_shows_in_both_directions(server):
    """What a migration took away, added or changed is named, each on its side."""
    statements = (
        "ALTER TABLE books DROP CONSTRAINT price_positive",
        "ALTER TABLE books DROP COLUMN price",
        "ALTER TABLE books ADD COLUMN isbn varchar(13)",
        "ALTER TABLE authors MODIFY name varchar(120) NOT NULL",
        "ALTER TABLE authors MODIFY about text NOT NULL",
        "ALTER TABLE authors MODIFY colour enum('RED','BLUE','GREEN') NOT NULL",
        "DROP INDEX ix_authors_name ON authors",
        "ALTER TABLE books DROP FOREIGN KEY books_ibfk_1",
        "CREATE TABLE audit (id bigint PRIMARY KEY)",
        "CREATE TABLE alembic_version (version_num varchar(32))",
    )
    with server.engine.begin() as connection:
        for statement in statements:
            connection.execute(sa.text(statement))
    found = {
        (one.table, one.what, one.detail) for one in server.schema(database_url=server.url).drift
    }
    ours, theirs, both = "only in the models", "only in the database", "differs"
    assert found == {
        ("books", ours, "column price NUMERIC(10, 2)"),
        ("books", ours, "check price_positive"),
        ("books", ours, "index on (price)"),
        ("books", theirs, "column isbn VARCHAR(13)"),
        ("books", ours, "foreign key (author_id) → authors ON DELETE CASCADE"),
        ("books", theirs, "index on (author_id)"),
        ("authors", both, "column name: models VARCHAR(80), database VARCHAR(120)"),
        ("authors", both, "column about: models NULL, database NOT NULL"),
        ("authors", both, "values of colour: the models lack GREEN"),
        ("authors", ours, "index on (name)"),
        ("audit", theirs, "the table"),
    }


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
