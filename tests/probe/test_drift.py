# ruff: noqa: E501  programs written out as they would stand in a file
"""A live database beside the models, as the command line compares the two.

What is seen of each change is in `test_catalogs`.
"""

import pytest
import sqlalchemy as sa

from footnotary.documents.schema import render_drift
from footnotary.errors import ProjectError
from footnotary.probe import live
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

STATEMENTS = []


@pytest.fixture
def server(made, postgres):  # noqa: F811  the fixture
    """A connection to an empty schema, and the project whose models are in it."""
    made.write({"shop/__init__.py": "", "shop/models.py": MODELS})
    made.url = postgres
    engine = sa.create_engine(postgres.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        connection.execute(sa.text("DROP SCHEMA public CASCADE"))
        connection.execute(sa.text("CREATE SCHEMA public"))
        if not STATEMENTS:  # read once for all tests
            STATEMENTS.extend(
                statement.rstrip(";")
                for table in made.schema(dialect="postgresql").tables
                for statement in table.ddl.split(";\n")
            )
        for statement in STATEMENTS:
            connection.execute(sa.text(statement))
    made.engine = engine
    yield made
    engine.dispose()


def migrate(made, *statements):
    """Change the live database behind the models' back."""
    with made.engine.begin() as connection:
        for statement in statements:
            connection.execute(sa.text(statement))


@pytest.mark.parametrize("scratch", [True, False])
def test_a_database_made_from_the_models_has_no_drift(server, scratch):
    """The DDL of the document runs on PostgreSQL, and what it makes is what the models say.

    Nothing of ours stays in the database, and without `--scratch` nothing of ours is ever in it.
    """
    with server.engine.begin() as connection:
        was = connection.execute(sa.text("SELECT pg_current_xact_id()::text::bigint")).scalar()
    facts = server.schema(database_url=server.url, scratch=scratch)
    assert (facts.drift, facts.not_compared) == ((), ())
    assert facts.server.startswith("postgresql 1")
    assert ("a scratch schema" in facts.compared) is scratch
    assert render_drift(facts).endswith("No difference.")
    with server.engine.begin() as connection:
        named = sa.text("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'footnotary%'")
        assert connection.execute(named).all() == []
        now = connection.execute(sa.text("SELECT pg_current_xact_id()::text::bigint")).scalar()
    assert scratch or now == was + 1


def test_what_cannot_be_made_is_not_compared_and_the_rest_is(server):
    """A type that is only in the live database: its table is named, and is no difference."""
    models = MODELS.replace(
        "class Book(Base)",
        """class Own(sa.types.UserDefinedType):
        def get_col_spec(self):
            return "nowhere"


    class Odd(Base):
        __tablename__ = "odd"
        id: Mapped[int] = mapped_column(Own, primary_key=True)


    class Book(Base)""",
    ).replace("    import uuid", "    import uuid\n    import sqlalchemy as sa")
    server.write({"shop/models.py": models})
    migrate(server, "CREATE DOMAIN nowhere AS int", "CREATE TABLE odd (id nowhere PRIMARY KEY)",
            "COMMENT ON COLUMN authors.name IS 'other'", "ALTER TABLE books DROP CONSTRAINT books_title_key")  # fmt: skip
    facts = server.schema(database_url=server.url)
    assert [one for one in facts.not_compared if one.startswith("odd, table: ")] == list(
        facts.not_compared
    )
    details = {(one.table, one.detail) for one in facts.drift}
    assert details == {
        ("authors", "column name: comment: models As on the cover, database other"),
        ("books", "unique constraint books_title_key UNIQUE (title)"),
        ("nowhere", "domain type integer"),
    }
    assert "No difference" not in render_drift(facts)


def test_without_a_server_of_our_own_what_is_not_compared_is_listed(server, monkeypatch):
    """Reflection tells only some of it: no sentence says more than was compared."""
    monkeypatch.setattr(live, "find_programs", lambda *_: None)
    migrate(server, "DROP INDEX books_title_idx", "ALTER TABLE authors ALTER name TYPE varchar(9)")
    facts = server.schema(database_url=server.url)
    assert [one.detail for one in facts.drift] == [
        "column name: type: models VARCHAR(80), database VARCHAR(9)", "index (title)"]  # fmt: skip
    assert any("expressions" in one for one in facts.not_compared)
    assert "--scratch" in facts.compared
    whole = render_drift(facts.model_copy(update={"drift": ()}))
    assert "No difference in what was compared." in whole
    assert "**Not compared**" in whole


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
    assert details == ["column text VARCHAR", "index ix_notes_text text"]
