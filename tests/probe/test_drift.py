# ruff: noqa: E501  programs written out as they would stand in a file
"""A live PostgreSQL beside the models: reflection, and drift in both directions."""

import pytest
import sqlalchemy as sa

from footnotary.documents.schema.overview import drifted
from footnotary.errors import ProjectError
from postgres import postgres  # noqa: F401  a fixture

pytestmark = pytest.mark.slow

MODELS = """
    import datetime
    import decimal
    import enum
    import uuid

    from sqlalchemy import ARRAY, CheckConstraint, DateTime, Enum, ForeignKey, Index, Numeric, String, func
    from sqlalchemy.dialects.postgresql import JSONB
    from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


    class Base(DeclarativeBase):
        pass


    class Colour(enum.Enum):
        RED = 1
        BLUE = 2


    class Author(Base):
        '''Who writes.'''

        __tablename__ = "authors"
        id: Mapped[int] = mapped_column(primary_key=True)
        key: Mapped[uuid.UUID] = mapped_column(unique=True)
        name: Mapped[str] = mapped_column(String(80), index=True, comment="As on the cover")
        colour: Mapped[Colour]
        seen: Mapped[datetime.datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
        extra: Mapped[dict] = mapped_column(JSONB)
        names: Mapped[list[str]] = mapped_column(ARRAY(String))
        moods: Mapped[list[str]] = mapped_column(ARRAY(Enum("good", "bad", name="mood")))


    class Book(Base):
        __tablename__ = "books"
        __table_args__ = (
            CheckConstraint("price > 0", name="price_positive"),
            Index("books_title_idx", "title", postgresql_where="price > 1"),
            Index("books_author", "author_id", postgresql_ops={"author_id": "int4_ops"}),
        )
        id: Mapped[int] = mapped_column(primary_key=True)
        title: Mapped[str] = mapped_column(unique=True)
        cover: Mapped[Colour]
        price: Mapped[decimal.Decimal] = mapped_column(Numeric(10, 2), default=1)
        author_id: Mapped[int] = mapped_column(ForeignKey("authors.id", ondelete="CASCADE"))
"""


@pytest.fixture
def server(made, postgres):  # noqa: F811  the fixture
    """A connection to an empty schema, and the project whose models are in it."""
    made.write({"shop/__init__.py": "", "shop/models.py": MODELS})
    made.url = postgres
    engine = sa.create_engine(postgres.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        connection.execute(sa.text("DROP SCHEMA public CASCADE"))
        connection.execute(sa.text("CREATE SCHEMA public"))
        facts = made.schema(dialect="postgresql")
        for table in facts.tables:
            for statement in table.ddl.split(";\n"):
                connection.execute(sa.text(statement.rstrip(";")))
    made.engine = engine
    yield made
    engine.dispose()


def migrate(made, *statements):
    """Change the live database behind the models' back."""
    with made.engine.begin() as connection:
        for statement in statements:
            connection.execute(sa.text(statement))


def test_a_database_made_from_the_models_has_no_drift(server):
    """The DDL of the document runs on PostgreSQL, and what it makes is what the models say."""
    facts = server.schema(database_url=server.url)
    assert facts.drift == ()
    assert facts.server.startswith("postgresql 1")
    assert "No difference" in drifted(facts)


def test_drift_shows_in_both_directions(server):
    """What a migration took away, added or changed is named, each on its side."""
    migrate(
        server,
        "ALTER TABLE books DROP COLUMN price",
        "ALTER TABLE books ADD COLUMN isbn varchar(13)",
        "ALTER TABLE authors ALTER COLUMN name TYPE varchar(120)",
        "ALTER TABLE authors ALTER COLUMN extra DROP NOT NULL",
        "ALTER TYPE colour ADD VALUE 'GREEN'",
        "DROP INDEX ix_authors_name",
        "ALTER TABLE books DROP CONSTRAINT books_author_id_fkey",
        "CREATE TABLE audit (id bigint PRIMARY KEY)",
        "CREATE TABLE alembic_version (version_num varchar(32))",
    )
    found = {
        (one.table, one.what, one.detail) for one in server.schema(database_url=server.url).drift
    }
    ours, theirs, both = "only in the models", "only in the database", "differs"
    assert found == {
        ("books", ours, "column price NUMERIC(10, 2)"),
        ("books", ours, "check price_positive"),
        ("books", theirs, "column isbn VARCHAR(13)"),
        ("books", ours, "foreign key (author_id) → authors ON DELETE CASCADE"),
        ("books", ours, "index on (title)"),
        ("authors", both, "column name: models VARCHAR(80), database VARCHAR(120)"),
        ("authors", both, "column extra: models NOT NULL, database NULL"),
        ("authors", both, "values of colour: the models lack GREEN"),
        ("books", both, "values of cover: the models lack GREEN"),
        ("authors", ours, "index on (name)"),
        ("audit", theirs, "the table"),
    }


def test_a_database_without_models_is_a_document_too(made, server):
    """Reflection alone gives tables, comments, keys and enums."""
    for path in server.root.rglob("*.py"):
        path.unlink()
    migrate(server, "COMMENT ON COLUMN authors.name IS 'As on the cover'")
    facts = server.schema(database_url=server.url)
    assert facts.read.how == "database"
    assert facts.summary["tables"] == 2
    assert facts.summary["fks"] == 1
    authors = next(one for one in facts.tables if one.name == "authors")
    columns = {one.name: one for one in authors.columns}
    assert columns["name"].comment == "As on the cover"
    assert columns["colour"].enum == ("RED", "BLUE")
    assert columns["seen"].type == "TIMESTAMP WITH TIME ZONE"


def test_a_database_that_cannot_be_read_names_no_password(made):
    """The message says why; the password of the URL is nowhere in it."""
    made.write({"shop/__init__.py": "", "shop/models.py": MODELS})
    with pytest.raises(ProjectError, match="database cannot be read") as caught:
        made.schema(database_url="postgresql://me:hunter2pass@127.0.0.1:1/none")
    assert "hunter2pass" not in caught.value.message + caught.value.detail + caught.value.hint


def test_sqlite_is_compared_as_well(made):
    """A SQLite file made from the models has no drift; a column that is gone is named."""
    models = """
        from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

        class Base(DeclarativeBase):
            pass

        class Note(Base):
            __tablename__ = "notes"
            id: Mapped[int] = mapped_column(primary_key=True)
            text: Mapped[str] = mapped_column(index=True)
    """
    made.write({"models.py": models})
    url = f"sqlite:///{made.root}/live.db"
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE notes (id INTEGER NOT NULL PRIMARY KEY)"))
    engine.dispose()
    details = [one.detail for one in made.schema(database_url=url).drift]
    assert details == ["column text VARCHAR", "index on (text)"]
