# ruff: noqa: E501  one case a line
"""Changes made in live databases behind the models' back: each is seen, and an unchanged one is none.

What the child does is called here in the process: it is the same code, and a server's transaction
takes each change back.
"""

import datetime as dt
import decimal
import enum
import sqlite3
import uuid
from contextlib import closing

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.sql import ddl

from footnotary.probe import live
from footnotary.probe.catalogs import mysql_entries, postgresql_entries, sqlite_entries
from footnotary.probe.drift import find_drift, without_unjudged
from footnotary.probe.inside import catalogs, description
from footnotary.probe.inside.statements import script
from mariadb import mariadb  # noqa: F401  a fixture
from postgres import postgres  # noqa: F401  a fixture

NOTHING = {"statements": [], "schemas": {}, "as_live": {}, "passing": False}


class Level(enum.Enum):
    """A native type where there are such."""

    LOW = 1
    HIGH = 2


def plain_models():
    """Tables that every database takes."""

    class Base(DeclarativeBase):
        pass

    class Author(Base):
        __tablename__ = "authors"
        __table_args__ = (sa.UniqueConstraint("name", "born", name="authors_name_key"),)
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str] = mapped_column(sa.String(6), comment="As on the cover")
        born: Mapped[dt.date]
        level: Mapped[Level]
        small: Mapped[Level] = mapped_column(
            sa.Enum(Level, native_enum=False, length=20, create_constraint=True, name="small")
        )
        active: Mapped[bool] = mapped_column(sa.Boolean(create_constraint=True, name="active"))
        seen: Mapped[dt.datetime] = mapped_column(server_default=sa.func.now())
        on: Mapped[bool] = mapped_column(server_default=sa.true())
        said: Mapped[str] = mapped_column(sa.String(40), server_default="it's, 100%")
        key: Mapped[uuid.UUID]
        rest: Mapped[dict] = mapped_column(sa.JSON)
        size: Mapped[float]
        picture: Mapped[bytes]
        note: Mapped[str | None] = mapped_column(sa.Text)

    class Book(Base):
        __tablename__ = "books"
        __table_args__ = (
            sa.CheckConstraint("price > 0", name="positive"),
            sa.CheckConstraint("title LIKE 'a%'"),
            sa.Index("books_price", "price", sa.text("title DESC")),
            sa.ForeignKeyConstraint(
                ["shelf_a", "shelf_b"],
                ["shelves.a", "shelves.b"],
                name="books_shelf",
                onupdate="CASCADE",
            ),
        )
        id: Mapped[int] = mapped_column(
            sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True
        )
        title: Mapped[str] = mapped_column(sa.String(80), index=True, unique=True)
        price: Mapped[decimal.Decimal] = mapped_column(sa.Numeric(10, 2), server_default="1")
        twice: Mapped[int] = mapped_column(sa.Computed("price * 2", persisted=True))
        author_id: Mapped[int] = mapped_column(
            sa.ForeignKey("authors.id", name="books_author", ondelete="CASCADE")
        )
        shelf_a: Mapped[int]
        shelf_b: Mapped[int]

    class Shelf(Base):
        __tablename__ = "shelves"
        a: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
        b: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)

    return Base.metadata


def made_by(metadata, dialect, version=()):
    """The statements that make a metadata's tables."""
    written = script([metadata], description.dialect_of(dialect), list(version), "")
    assert written["failed"] == []
    return [one["sql"] for one in written["statements"]]


def run(connection, statements):
    """Execute statements, parted by semicolons where they are a text."""
    listed = statements.split("; ") if isinstance(statements, str) else statements
    for one in listed:
        catalogs.execute(connection, one)


def missed(changes, drift_of):
    """The changes that were not seen, and those that were seen as another thing."""
    found = {}
    for statements, expected in changes:
        words = [f"{one.table} {one.what} {one.detail}" for one in drift_of(statements)]
        if not any(expected in " ".join(one.split()) for one in words):
            found[statements] = words
    return found


POSTGRESQL = [
    ("REFRESH MATERIALIZED VIEW kept WITH NO DATA", "kept differs materialized view: populated: models none, database no"),
    ('ALTER TYPE couple ALTER ATTRIBUTE b TYPE text COLLATE "C"', "couple differs composite type"),
    ('DROP TYPE words; CREATE TYPE words AS RANGE (subtype = text, collation = "C")', "words differs range type"),
    ("DROP TYPE words; CREATE TYPE words AS RANGE (subtype = text, subtype_opclass = text_pattern_ops)", "words differs range type"),
    ("ALTER INDEX u1 SET (fillfactor = 50)", "u1"),
    ("COMMENT ON COLUMN few.id IS 'x'", "few differs column id: comment"),
    ("ALTER VIEW few ALTER COLUMN id SET DEFAULT 3", "few differs column id: default"),
    ("ALTER TABLE r DROP CONSTRAINT apart", "exclusion constraint apart"),
    ("ALTER TABLE r DROP CONSTRAINT u2; ALTER TABLE r ADD CONSTRAINT u2 UNIQUE (no)", "u2"),
    ("ALTER TABLE r DROP CONSTRAINT u2; CREATE UNIQUE INDEX u2 ON r (no)", "u2"),
    ("ALTER TABLE r DROP CONSTRAINT u1; ALTER TABLE r ADD CONSTRAINT u1 UNIQUE (no, o)", "u1"),
    ("ALTER TABLE r DROP CONSTRAINT u1; ALTER TABLE r ADD CONSTRAINT u1 UNIQUE NULLS NOT DISTINCT (no, o) INCLUDE (t)", "u1"),
    ("ALTER TABLE r DROP CONSTRAINT u1; ALTER TABLE r ADD CONSTRAINT u1 UNIQUE (o, no) INCLUDE (t)", "u1"),
    ("ALTER TABLE r ALTER CONSTRAINT fk_o DEFERRABLE INITIALLY DEFERRED", "fk_o"),
    ("ALTER TABLE r DROP CONSTRAINT fk_o; ALTER TABLE r ADD CONSTRAINT fk_o FOREIGN KEY (o) REFERENCES p (id)", "fk_o"),
    ("ALTER TABLE r DROP CONSTRAINT fk_o; ALTER TABLE r ADD CONSTRAINT fk_o FOREIGN KEY (o) REFERENCES p (id) ON DELETE CASCADE ON UPDATE CASCADE", "fk_o"),
    ("ALTER TABLE r DROP CONSTRAINT fk_o; ALTER TABLE r ADD CONSTRAINT fk_o FOREIGN KEY (o) REFERENCES p (id) ON DELETE CASCADE NOT VALID", "fk_o"),
    ("ALTER TABLE r DROP CONSTRAINT fk_o", "fk_o"),
    ("ALTER TABLE r RENAME CONSTRAINT fk_o TO fk_other", "models fk_o, database fk_other"),
    ("ALTER TABLE p ALTER id DROP IDENTITY", "p differs column id: identity"),
    ("ALTER TABLE p ALTER id SET GENERATED BY DEFAULT", "column id: identity"),
    ("ALTER TABLE p ALTER id SET INCREMENT 10", "column id: identity"),
    ("ALTER TABLE r ALTER id DROP DEFAULT", "column id: default"),
    ("ALTER SEQUENCE r_id_seq INCREMENT 5", "sequence"),
    ("DROP INDEX ix_no; CREATE INDEX ix_no ON r (no) WHERE no > 9", "ix_no"),
    ("DROP INDEX ix_no; CREATE INDEX ix_no ON r (no)", "ix_no"),
    ("DROP INDEX ix_t; CREATE INDEX ix_t ON r (t)", "ix_t"),
    ("DROP INDEX ix_ops; CREATE INDEX ix_ops ON r (t)", "ix_ops"),
    ("DROP INDEX ix_ops; CREATE INDEX ix_ops ON r (t text_pattern_ops) WITH (fillfactor = 50)", "ix_ops"),
    ("DROP INDEX ix_ops; CREATE INDEX ix_ops ON r (t text_pattern_ops DESC)", "ix_ops"),
    ("DROP INDEX low; CREATE INDEX low ON r (upper(t))", "low"),
    ("DROP INDEX low", "low"),
    ("ALTER TABLE r DROP g; ALTER TABLE r ADD g int GENERATED ALWAYS AS (no * 3) STORED NOT NULL", "column g: generated"),
    ("ALTER TABLE r ALTER g DROP EXPRESSION", "column g: generated"),
    ("ALTER TABLE r ALTER sd SET DEFAULT 'y'", "column sd: default"),
    ("ALTER TABLE r ALTER sd DROP DEFAULT", "column sd: default"),
    ("ALTER TABLE r ALTER t SET DEFAULT 'y'", "column t: default"),
    ("ALTER TABLE r DROP CONSTRAINT c1; ALTER TABLE r ADD CONSTRAINT c1 CHECK (no > 100)", "check c1"),
    ("ALTER TABLE r DROP CONSTRAINT c1; ALTER TABLE r ADD CONSTRAINT c1 CHECK (no > 0) NO INHERIT", "check c1"),
    ("ALTER TYPE level ADD VALUE 'MID' BEFORE 'HIGH'", "level differs enum type"),
    ("ALTER TYPE level RENAME VALUE 'LOW' TO 'NONE'", "enum type"),
    ("ALTER TABLE r ALTER t DROP NOT NULL", "column t: null"),
    ("ALTER TABLE r ALTER t TYPE varchar(5)", "column t: type"),
    ("ALTER TABLE r ALTER n TYPE numeric(10, 3)", "column n: type"),
    ("ALTER TABLE r ALTER at TYPE timestamp", "column at: type"),
    ("ALTER TABLE r ALTER ci TYPE text", "column ci: collation"),
    ("COMMENT ON COLUMN r.c IS 'other'", "column c: comment"),
    ("COMMENT ON TABLE r IS NULL", "table: comment"),
    ("COMMENT ON INDEX ix_t IS 'new'", "ix_t: comment"),
    ("ALTER TABLE r ENABLE ROW LEVEL SECURITY", "row security"),
    ("CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW;END'; CREATE TRIGGER tr BEFORE INSERT ON r FOR EACH ROW EXECUTE FUNCTION f()", "trigger tr"),
    ("ALTER TABLE r SET (fillfactor = 70)", "table: options"),
    ("ALTER TABLE r SET UNLOGGED", "table: persistence"),
    ("CREATE OR REPLACE VIEW few AS SELECT r.id FROM r WHERE r.no > 4", "view: definition"),
    ("DROP VIEW few", "only in the models the view"),
    ("ALTER TABLE r ADD extra int", "only in the database column extra integer"),
    ("ALTER TABLE r DROP c", "only in the models column c"),
    ("CREATE TABLE audit (id int)", "audit only in the database the table"),
    ("ALTER TABLE p RENAME TO q", "the table"),
    ("ALTER TABLE r DROP CONSTRAINT r_pkey; ALTER TABLE r ADD PRIMARY KEY (id, no)", "primary key"),
    ("CREATE STATISTICS st (dependencies) ON no, o FROM r", "statistics st"),
    ("ALTER TABLE r ALTER no SET STATISTICS 500", "column no: statistics"),
    ("ALTER TABLE r ALTER no SET (n_distinct = 5)", "column no: options"),
    ("ALTER TABLE r ALTER t SET STORAGE EXTERNAL", "column t: storage"),
    ("ALTER TABLE r ALTER t SET COMPRESSION pglz", "column t: compression"),
    ("ALTER TABLE r REPLICA IDENTITY FULL", "table: replica identity"),
    ("CLUSTER r USING r_pkey", "clustered"),
    ("ALTER TABLE r DISABLE TRIGGER ALL", "table"),
    ("ALTER TABLE r FORCE ROW LEVEL SECURITY", "row security"),
    ("CREATE POLICY po ON r FOR SELECT TO CURRENT_USER USING (no > 1)", "policy po"),
    ("CREATE RULE ru AS ON DELETE TO r DO INSTEAD NOTHING", "rule ru"),
    ("CREATE TYPE pair AS (a int, b int)", "pair"),
    ("CREATE TYPE floats AS RANGE (subtype = float8)", "floats"),
    ("CREATE DOMAIN plz AS text CHECK (VALUE ~ '^[0-9]{5}$')", "plz"),
    ("CREATE COLLATION german (locale = 'C')", "german"),
    ("CREATE SEQUENCE loose", "loose"),
    ("ALTER SEQUENCE r_id_seq OWNED BY NONE", "owned"),
    ("ALTER SEQUENCE r_id_seq AS smallint", "sequence"),
    ("COMMENT ON SEQUENCE r_id_seq IS 'x'", "sequence: comment"),
    ("COMMENT ON CONSTRAINT c1 ON r IS 'x'", "check c1: comment"),
    ("COMMENT ON TYPE level IS 'x'", "comment"),
    ("COMMENT ON COLUMN few.id IS 'x'", "column id: comment"),
    ("COMMENT ON VIEW few IS 'x'", "view: comment"),
    ("ALTER VIEW few SET (security_barrier)", "view: options"),
    ("ALTER TABLE r DROP CONSTRAINT u1; ALTER TABLE r ADD CONSTRAINT u1 UNIQUE NULLS NOT DISTINCT (no, o)", "u1"),
    ("CREATE TABLE kid () INHERITS (r)", "kid only in the database the table"),
    ("CREATE TABLE dad (); ALTER TABLE p INHERIT dad", "table: parents"),
    ("DROP TABLE shelves CASCADE; CREATE TABLE shelves (a int, b int, PRIMARY KEY (a, b)) PARTITION BY RANGE (a)", "partitioned"),
    ("ALTER TABLE p ALTER id SET MAXVALUE 100", "identity"),
    ("CREATE MATERIALIZED VIEW mv AS SELECT 1 AS x", "mv only in the database the materialized view"),
    ("CREATE UNIQUE INDEX more ON r (no DESC NULLS LAST)", "unique index more"),
    ('DROP INDEX low; CREATE INDEX low ON r (lower(t) COLLATE "C")', "low"),
    ("ALTER TABLE r ALTER at SET DEFAULT now()", "column at: default"),
    ("ALTER TABLE r ALTER s TYPE text USING s::text", "column s: type"),
    ("ALTER TYPE level RENAME TO stufe", "stufe"),
    ("ALTER TABLE r RENAME no TO number", "number"),
    ("ALTER TABLE books ALTER CONSTRAINT books_author DEFERRABLE", "books_author"),
    ("CREATE FUNCTION f2() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW;END'; CREATE CONSTRAINT TRIGGER ct AFTER INSERT ON r DEFERRABLE FOR EACH ROW EXECUTE FUNCTION f2()", "trigger ct"),
    ("CREATE FUNCTION f3() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW;END'; CREATE TRIGGER t3 BEFORE INSERT ON r FOR EACH ROW EXECUTE FUNCTION f3(); ALTER TABLE r DISABLE TRIGGER t3", "trigger t3"),
    ("CREATE TABLE parted (a int) PARTITION BY LIST (a); CREATE TABLE part1 PARTITION OF parted FOR VALUES IN (1)", "parted"),
    ("ALTER TABLE r ADD CHECK (no < 1000)", "check r_no_check"),
    ("ALTER TABLE r ADD CONSTRAINT nn CHECK (o IS NOT NULL) NOT VALID", "check nn"),
    ("CREATE TABLE many (a int); ALTER TABLE many SET (autovacuum_enabled = false)", "many"),
    ("ALTER TABLE r SET (autovacuum_enabled = false)", "options"),
    ("ALTER TABLE r SET (toast.autovacuum_enabled = false)", "options"),
    ("ALTER INDEX low SET (fillfactor = 40)", "low"),
    ("ALTER INDEX low ALTER COLUMN 1 SET STATISTICS 300", "low"),
    ("CREATE FOREIGN DATA WRAPPER w; CREATE SERVER sv FOREIGN DATA WRAPPER w; CREATE FOREIGN TABLE ft (a int) SERVER sv", "ft only in the database the foreign table"),
    ("ALTER TABLE few ALTER id SET DEFAULT 3", "column id: default"),
]  # fmt: skip


def postgresql_models():
    """Tables with much of what only PostgreSQL has."""
    metadata = plain_models()
    sa.Table("p", metadata, sa.Column("id", sa.Integer, sa.Identity(always=True), primary_key=True))
    r = sa.Table(
        "r", metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("no", sa.Integer, nullable=False),
        sa.Column("o", sa.ForeignKey("p.id", name="fk_o", ondelete="CASCADE")),
        sa.Column("t", sa.String, nullable=False),
        sa.Column("n", sa.Numeric(10, 2)),
        sa.Column("at", sa.DateTime(timezone=True)),
        sa.Column("d", pg.TSTZRANGE),
        sa.Column("g", sa.Integer, sa.Computed("no * 2"), nullable=False),
        sa.Column("sd", sa.String, server_default="x"),
        sa.Column("s", sa.Enum(Level)),
        sa.Column("ci", sa.Text(collation="C")),
        sa.Column("c", sa.String, comment="words"),
        pg.ExcludeConstraint(("d", "&&"), using="gist", name="apart"),
        sa.UniqueConstraint("no", "o", name="u1", postgresql_include=["t"]),
        sa.UniqueConstraint("no", name="u2", deferrable=True),
        sa.CheckConstraint("no > 0", name="c1"),
        sa.Index("ix_no", "no", postgresql_where=sa.text("no > 3")),
        sa.Index("ix_t", "t", postgresql_using="hash"),
        sa.Index("ix_ops", "t", postgresql_ops={"t": "text_pattern_ops"}),
        sa.Index("low", sa.func.lower(sa.text("t"))),
        comment="Rooms",
    )  # fmt: skip
    ddl.CreateView(sa.select(r.c.id).where(r.c.no > 3), "few", metadata=metadata)
    return metadata


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(ddl, "CreateView"), reason="views are in SQLAlchemy since 2.1")
def test_changes_in_postgresql_are_seen(postgres):  # noqa: F811  the fixture
    """Exclusions, predicates, methods, expressions, identities, comments: PostgreSQL's own words."""
    engine = sa.create_engine(postgres.replace("postgresql:", "postgresql+psycopg:"))
    metadata = postgresql_models()

    def entries(connection):
        found = catalogs.read_postgresql(connection, NOTHING)
        catalogs.execute(connection, "SET LOCAL search_path = public")
        return postgresql_entries(found, "public", {"public": "public"})

    with engine.connect() as connection:
        version = connection.dialect.server_version_info
        run(
            connection,
            [
                "DROP SCHEMA public CASCADE",
                "CREATE SCHEMA public",
                *made_by(metadata, "postgresql", version),
                "CREATE MATERIALIZED VIEW kept AS SELECT 1 AS one",
                "CREATE TYPE couple AS (a text, b text)",
                "CREATE TYPE words AS RANGE (subtype = text)",
            ],
        )
        models = entries(connection)

        def drift_of(statements):
            with connection.begin_nested() as change:
                run(connection, statements)
                found = find_drift(models, entries(connection), {"fk_o"})
                change.rollback()
            return found

        wrong = missed(POSTGRESQL, drift_of)
        assert drift_of("SELECT 1") == ()
        connection.rollback()
    engine.dispose()
    assert len(POSTGRESQL) >= 60
    assert wrong == {}


MARIADB = [
    ("CREATE OR REPLACE SQL SECURITY INVOKER VIEW some AS SELECT b FROM shelves", "some differs view: security: models none, database INVOKER"),
    ("CREATE OR REPLACE ALGORITHM=TEMPTABLE VIEW some AS SELECT b FROM shelves", "some differs view: algorithm"),
    ("CREATE OR REPLACE VIEW some AS SELECT a FROM shelves", "some differs view: definition"),
    ("DROP TRIGGER t2; CREATE TRIGGER t2 BEFORE INSERT ON shelves FOR EACH ROW PRECEDES t1 SET NEW.b = 2", "trigger t1: runs as: models none, database number 2"),
    ("ALTER TABLE books DROP CONSTRAINT positive", "check positive"),
    ("ALTER TABLE books DROP CONSTRAINT positive; ALTER TABLE books ADD CONSTRAINT positive CHECK (price > 9)", "check positive"),
    ("ALTER TABLE books DROP FOREIGN KEY books_author; ALTER TABLE books ADD CONSTRAINT books_author FOREIGN KEY (author_id) REFERENCES authors (id)", "books_author"),
    ("ALTER TABLE books DROP FOREIGN KEY books_shelf; ALTER TABLE books ADD CONSTRAINT books_shelf FOREIGN KEY (shelf_a, shelf_b) REFERENCES shelves (a, b)", "books_shelf"),
    ("ALTER TABLE books DROP FOREIGN KEY books_author", "books_author"),
    ("ALTER TABLE books DROP COLUMN price, DROP COLUMN twice, DROP CONSTRAINT positive", "books"),
    ("ALTER TABLE books ADD isbn varchar(13)", "only in the database column isbn"),
    ("ALTER TABLE books MODIFY price decimal(10, 3) NOT NULL DEFAULT 1", "column price"),
    ("ALTER TABLE books ALTER price SET DEFAULT 2", "column price"),
    ("ALTER TABLE books ALTER price DROP DEFAULT", "column price"),
    ("ALTER TABLE books MODIFY id bigint NOT NULL", "column id"),
    ("ALTER TABLE books MODIFY title varchar(80) COLLATE utf8mb4_bin NOT NULL", "column title"),
    ("ALTER TABLE books MODIFY title varchar(80)", "column title"),
    ("ALTER TABLE books DROP COLUMN twice; ALTER TABLE books ADD twice int AS (price * 3) STORED", "column twice"),
    ("ALTER TABLE books DROP COLUMN twice; ALTER TABLE books ADD twice int AS (price * 2) VIRTUAL", "column twice"),
    ("DROP INDEX books_price ON books", "index books_price"),
    ("DROP INDEX books_price ON books; CREATE INDEX books_price ON books (title, price)", "index books_price"),
    ("DROP INDEX books_price ON books; CREATE INDEX books_price ON books (price, title(9))", "index books_price"),
    ("DROP INDEX books_price ON books; CREATE UNIQUE INDEX books_price ON books (price, title)", "books_price"),
    ("DROP INDEX ix_books_title ON books", "ix_books_title"),
    ("ALTER TABLE authors MODIFY name varchar(60) NOT NULL COMMENT 'As on the cover'", "column name"),
    ("ALTER TABLE authors MODIFY name varchar(6) NOT NULL COMMENT 'other'", "column name"),
    ("ALTER TABLE authors MODIFY level enum('LOW','MID','HIGH') NOT NULL", "column level"),
    ("ALTER TABLE authors MODIFY level enum('HIGH','LOW') NOT NULL", "column level"),
    ("ALTER TABLE authors DROP CONSTRAINT active", "check active"),
    ("ALTER TABLE authors MODIFY seen datetime NOT NULL", "column seen"),
    ("ALTER TABLE authors MODIFY seen datetime NOT NULL DEFAULT current_timestamp() ON UPDATE current_timestamp()", "column seen"),
    ("ALTER TABLE authors MODIFY size float NOT NULL", "column size"),
    ("ALTER TABLE authors MODIFY note longtext", "column note"),
    ("ALTER TABLE authors DROP INDEX authors_name_key", "authors_name_key"),
    ("ALTER TABLE authors DROP INDEX authors_name_key, ADD UNIQUE authors_name_key (born, name)", "authors_name_key"),
    ("ALTER TABLE authors COMMENT 'People'", "table: comment"),
    ("ALTER TABLE authors ROW_FORMAT = COMPRESSED", "table: row_format"),
    ("ALTER TABLE shelves CONVERT TO CHARACTER SET latin1", "table"),
    ("CREATE TABLE audit (id bigint PRIMARY KEY)", "audit only in the database the table"),
    ("CREATE TRIGGER tr BEFORE INSERT ON shelves FOR EACH ROW SET NEW.a = 1", "trigger tr"),
    ("CREATE VIEW few AS SELECT a FROM shelves", "few only in the database the view"),
    ("CREATE SEQUENCE numbers", "numbers"),
    ("ALTER TABLE books ADD CHECK (price < 100)", "check"),
    ("ALTER TABLE books ALTER INDEX books_price IGNORED", "books_price"),
    ("ALTER TABLE books ADD FULLTEXT INDEX ft (title)", "ft"),
    ("ALTER TABLE books DROP INDEX books_price, ADD INDEX books_price (price, title DESC) COMMENT 'x'", "books_price"),
    ("ALTER TABLE authors MODIFY note text INVISIBLE", "column note"),
    ("ALTER TABLE authors MODIFY size double unsigned NOT NULL", "column size"),
    ("ALTER TABLE shelves DROP PRIMARY KEY, ADD PRIMARY KEY (b, a)", "primary key"),
    ("ALTER TABLE authors ADD SYSTEM VERSIONING", "VERSIONING"),
    ("CREATE TABLE parts (a int) PARTITION BY HASH (a) PARTITIONS 3", "parts"),
    ("ALTER TABLE books RENAME COLUMN price TO cost", "cost"),
    ("CREATE VIEW v AS SELECT a FROM shelves WITH CHECK OPTION", "v only in the database the view"),
    ("ALTER TABLE books DROP FOREIGN KEY books_author; ALTER TABLE books ADD CONSTRAINT books_author FOREIGN KEY (author_id) REFERENCES authors (id) ON DELETE CASCADE ON UPDATE CASCADE", "books_author"),
    ("ALTER TABLE authors MODIFY rest longtext NOT NULL", "column rest"),
    ("ALTER TABLE authors ENCRYPTED = NO", "ENCRYPTED"),
    ("RENAME TABLE shelves TO racks", "racks"),
]  # fmt: skip


@pytest.mark.slow
def test_changes_in_mariadb_are_seen(mariadb):  # noqa: F811  the fixture
    """Lengths, orders of keys, actions, collations, engines: what MariaDB itself shows."""
    engine = sa.create_engine(mariadb.replace("mysql:", "mariadb+pymysql:"))
    with engine.connect() as connection:
        version = connection.dialect.server_version_info
        statements = [
            *made_by(plain_models(), "mariadb", version),
            "CREATE VIEW some AS SELECT b FROM shelves",
            "CREATE TRIGGER t1 BEFORE INSERT ON shelves FOR EACH ROW SET NEW.a = 1",
            "CREATE TRIGGER t2 BEFORE INSERT ON shelves FOR EACH ROW SET NEW.b = 2",
        ]

        def entries():
            found = catalogs.read_mysql(connection, NOTHING)
            return mysql_entries(found, "drift", {"drift": "drift"})

        def fresh():
            run(
                connection,
                [
                    "DROP DATABASE IF EXISTS drift",
                    "CREATE DATABASE drift CHARACTER SET utf8mb4",
                    "USE drift",
                    *statements,
                ],
            )

        def drift_of(changes):
            fresh()
            run(connection, changes)
            return find_drift(models, entries(), set())

        fresh()
        models = entries()
        assert drift_of("SELECT 1") == ()
        wrong = missed(MARIADB, drift_of)
    engine.dispose()
    assert len(MARIADB) >= 40
    assert wrong == {}


# What is replaced in the text of the statement that made a table, as another migration had it.
SQLITE = [
    ("books", "price > 0", "price > 9", "check positive"),
    ("books", "CONSTRAINT positive CHECK (price > 0)", "CONSTRAINT other CHECK (price > 0)", "name of check"),
    ("books", "title LIKE 'a%'", "title LIKE 'b%'", "check"),
    ("books", " ON DELETE CASCADE", "", "books_author: on delete"),
    ("books", " ON DELETE CASCADE", " ON DELETE SET NULL", "books_author: on delete"),
    ("books", " ON UPDATE CASCADE", "", "books_shelf: on update"),
    ("books", " ON DELETE CASCADE", " ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED", "books_author: deferrable"),
    ("books", "REFERENCES shelves (a, b)", "REFERENCES shelves (b, a)", "books_shelf"),
    ("books", "NUMERIC(10, 2)", "NUMERIC(10, 3)", "column price: type"),
    ("books", "DEFAULT '1'", "DEFAULT '2'", "column price: default"),
    ("books", "DEFAULT '1'", "", "column price: default"),
    ("books", "price * 2", "price * 3", "column twice: generated"),
    ("books", "STORED", "VIRTUAL", "column twice: generated"),
    ("books", "title VARCHAR(80) NOT NULL", "title VARCHAR(80)", "column title: null"),
    ("books", "title VARCHAR(80)", "title VARCHAR", "column title: type"),
    ("books", "title VARCHAR(80)", "title VARCHAR(80) COLLATE NOCASE", "column title: collate"),
    ("books", "title VARCHAR(80) NOT NULL", "title VARCHAR(80) NOT NULL, more TEXT", "column more"),
    ("books", "\tid INTEGER NOT NULL", "\tid BIGINT NOT NULL", "column id: type"),
    ("shelves", "PRIMARY KEY (a, b)", "PRIMARY KEY (b, a)", "primary key: columns"),
    ("shelves", "PRIMARY KEY (a, b)", "UNIQUE (a, b)", "unique a, b"),
    ("shelves", "PRIMARY KEY (a, b)\n)", "PRIMARY KEY (a, b)\n) STRICT", "table: strict"),
    ("shelves", "PRIMARY KEY (a, b)\n)", "PRIMARY KEY (a, b)\n) WITHOUT ROWID", "table: without rowid"),
    ("shelves", "a INTEGER NOT NULL", "a INTEGER NOT NULL ON CONFLICT IGNORE", "not null on conflict"),
    ("authors", "UNIQUE (name, born)", "UNIQUE (born, name)", "authors_name_key"),
    ("authors", "UNIQUE (name, born)", "UNIQUE (name, born) ON CONFLICT REPLACE", "authors_name_key: on conflict"),
    ("authors", "PRIMARY KEY (id)", "PRIMARY KEY (id AUTOINCREMENT)", "primary key"),
    ("authors", "'LOW', 'HIGH'", "'LOW', 'MID'", "check small"),
    ("authors", "CHECK (active IN (0, 1))", "CHECK (active IN (0, 1, 2))", "check active"),
    ("authors", "it''s, 100%", "it''s, 99%", "column said: default"),
    ("authors", "name VARCHAR(6)", "name VARCHAR(60)", "column name: type"),
    ("books", "author_id INTEGER NOT NULL", "author_id INTEGER NOT NULL REFERENCES shelves (a)", "foreign key"),
    ("books", "REFERENCES authors (id)", "REFERENCES shelves (id)", "books_author"),
    ("authors", "note TEXT", "note BLOB", "note: type"),
    ("authors", "note TEXT", "note TEXT UNIQUE", "unique"),
    ("authors", "note TEXT", "note TEXT CHECK (length(note) < 9)", "check"),
    ("authors", "note TEXT", "note TEXT AS (name || 'x')", "column note: generated"),
    ("authors", "DEFAULT CURRENT_TIMESTAMP", "DEFAULT (datetime('now'))", "seen: default"),
    ("authors", "UNIQUE (name, born)", "UNIQUE (name COLLATE NOCASE, born)", "authors_name_key"),
    ("shelves", "a INTEGER NOT NULL", "a NOT NULL", "column a: type"),
]  # fmt: skip
SQLITE_INDEXES = [
    ("DROP INDEX books_price", "index books_price"),
    ("DROP INDEX books_price; CREATE INDEX books_price ON books (price, title)", "books_price"),
    ("DROP INDEX books_price; CREATE INDEX books_price ON books (price, title DESC) WHERE price > 1", "books_price: where"),
    ("DROP INDEX ix_books_title; CREATE INDEX ix_books_title ON books (title)", "ix_books_title"),
    ("CREATE VIEW few AS SELECT a FROM shelves", "few only in the database the view"),
    ("CREATE TABLE audit (id INTEGER PRIMARY KEY)", "audit only in the database the table"),
    ("ALTER TABLE shelves RENAME COLUMN b TO c", ""),
    ("ALTER TABLE shelves ADD c TEXT DEFAULT 'x, y'", "only in the database column c TEXT"),
    ("CREATE TRIGGER tr AFTER INSERT ON shelves BEGIN SELECT 1 ;END", "trigger tr"),
    ("CREATE UNIQUE INDEX ux ON authors (note) WHERE note IS NOT NULL", "ux"),
    ("CREATE INDEX cx ON authors (name COLLATE NOCASE)", "cx"),
    ("CREATE VIRTUAL TABLE ft USING fts5(body)", "ft"),
    ("ALTER TABLE authors DROP COLUMN note", "only in the models column note"),
]  # fmt: skip
# Written otherwise, and the same: as other tools and other versions have it.
SAME = [
    "CREATE TABLE 'shelves' (\"a\" integer NOT NULL, -- first\n `b` INTEGER not null, primary key ([a], [b]))",
    "CREATE TABLE main.shelves(a INTEGER NOT NULL,b INTEGER NOT NULL,PRIMARY KEY(a,b))",
    "CREATE TABLE IF NOT EXISTS shelves (b INTEGER NOT NULL, a INTEGER CONSTRAINT x NOT NULL /* , */, PRIMARY KEY (a, b))",
]


# Two statements, and what differs; nothing where SQLite takes them for the same.
SQLITE_PAIRS = [
    ("r (p INTEGER REFERENCES p (id))", "r (p INTEGER REFERENCES p)", ""),
    ("r (p INTEGER, FOREIGN KEY (p) REFERENCES p (id))", "r (p INTEGER REFERENCES P ON DELETE NO ACTION)", ""),
    ("r (a TEXT, b TEXT, FOREIGN KEY (a, b) REFERENCES q (x, y))",
     "r (a TEXT, b TEXT, FOREIGN KEY (a, b) REFERENCES q)", ""),
    ("r (a TEXT, b TEXT, FOREIGN KEY (a, b) REFERENCES q (y, x))",
     "r (a TEXT, b TEXT, FOREIGN KEY (a, b) REFERENCES q)", "(y, x)"),
    ("r (p INTEGER REFERENCES p (code))", "r (p INTEGER REFERENCES p)", "(code)"),
    ("r (p INTEGER REFERENCES p)", "r (p INTEGER REFERENCES p DEFERRABLE INITIALLY IMMEDIATE)", ""),
    ("r (p INTEGER REFERENCES p)", "r (p INTEGER REFERENCES p DEFERRABLE INITIALLY DEFERRED)",
     "foreign key (p) → p (id): deferrable: models none, database DEFERRED"),
    ("r (p INTEGER REFERENCES p)", "r (p INTEGER REFERENCES p ON DELETE CASCADE)", "on delete: models none"),
    ("r (p INTEGER REFERENCES p)", "r (p INTEGER REFERENCES p MATCH SIMPLE)", ""),
    ("r (p INTEGER REFERENCES p)", "r (p INTEGER REFERENCES p MATCH FULL)", "match: models none, database FULL"),
    ("r (a INTEGER DEFAULT 1)", "r (a INTEGER DEFAULT +1)", ""),
    ("r (a INTEGER DEFAULT 1)", "r (a INTEGER DEFAULT '1')", "default: models 1, database '1'"),
    ("r (a TEXT, UNIQUE (a))", "r (a TEXT, UNIQUE (a ASC))", ""),
    ("r (a TEXT, UNIQUE (a))", "r (a TEXT, UNIQUE (a DESC))", "a desc"),
    ("r (a INTEGER, PRIMARY KEY (a))", "r (a INTEGER PRIMARY KEY ASC)", ""),
    ("r (a INTEGER NOT NULL, PRIMARY KEY (a))", "r (a INTEGER PRIMARY KEY)", ""),
    ("r (a TEXT NOT NULL, PRIMARY KEY (a))", "r (a TEXT PRIMARY KEY)", "null: models NOT NULL"),
    ("r (a INT NOT NULL, PRIMARY KEY (a))", "r (a INT PRIMARY KEY)", "null: models NOT NULL"),
    ("r (a TEXT NOT NULL, PRIMARY KEY (a)) WITHOUT ROWID", "r (a TEXT PRIMARY KEY) WITHOUT ROWID", ""),
    ("r (a TEXT, CHECK (a = 'X'))", 'r (a TEXT, CHECK ("a" = "X"))', ""),
    ("r (a TEXT, CHECK (a = 'x'))", 'r (a TEXT, CHECK ("a" = "X"))', "'X'"),
    ("r (a TEXT, x TEXT, CHECK (a = 'x'))", 'r (a TEXT, x TEXT, CHECK ("a" = "x"))', "x"),
    ("r (a TEXT, CHECK (a <> ''))", "r (a TEXT, CHECK (a != ''))", ""),
    ("r (a TEXT DEFAULT 'it''s')", 'r (a TEXT DEFAULT "it\'s")', ""),
    ("r (a TEXT DEFAULT 'a')", 'r (a TEXT DEFAULT "A")', "'A'"),
    ("r (a TEXT)", "r (a TEXT DEFAULT NULL)", ""),
    ("r (a BOOLEAN DEFAULT 1)", "r (a BOOLEAN DEFAULT (TRUE))", ""),
    ("r (a TEXT)", "r (a TEXT COLLATE BINARY)", ""),
    ("r (a TEXT NOT NULL)", "r (a TEXT NOT NULL ON CONFLICT ABORT)", ""),
    ("r (a TEXT); CREATE INDEX i ON r (a)", 'r (a TEXT); CREATE INDEX i ON "r" ("a" ASC)', ""),
    ("r (a TEXT); CREATE INDEX i ON r (a) WHERE a = 'N'", 'r (a TEXT); CREATE INDEX i ON r (a) WHERE ("a" == "N")', ""),
    ("r (a TEXT); CREATE INDEX i ON r (a) WHERE a = 'N'", "r (a TEXT); CREATE INDEX i ON r (a) WHERE a = 'n'", "'n'"),
]  # fmt: skip


def test_two_statements_of_sqlite_are_one_where_they_mean_the_same():
    """What SQLite adds by itself, quotes and orders are no difference; all else is one."""
    others = "CREATE TABLE p (id INTEGER PRIMARY KEY, code TEXT); CREATE TABLE q (x, y, PRIMARY KEY (x, y))"

    def entries(text):
        with closing(sqlite3.connect(":memory:")) as connection:
            connection.executescript(f"{others}; CREATE TABLE {text}")
            asked = connection.execute(
                "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL"
            )
            names = ("type", "name", "tbl_name", "sql")
            made = [dict(zip(names, row, strict=True)) | {"of": ""} for row in asked]
        return sqlite_entries({"made": made}, "", {})

    for one, other, expected in SQLITE_PAIRS:
        found = [drift.detail for drift in find_drift(entries(one), entries(other), set())]
        assert any(expected in each for each in found) if expected else found == [], (
            one,
            other,
            found,
        )


@pytest.mark.slow
def test_changes_in_sqlite_are_seen():
    """Both sides are SQLite's own texts, read clause by clause: how they are written is nothing."""
    statements = made_by(plain_models(), "sqlite")

    def entries(texts, more=""):
        engine = sa.create_engine("sqlite://")
        with engine.connect() as connection:
            run(connection, texts)
            run(connection, more or "SELECT 1")
            found = catalogs.read_sqlite(connection, NOTHING)
        engine.dispose()
        return sqlite_entries(found, "", {})

    models = entries(statements)

    def changed(table, old, new):
        at = next(
            n
            for n, one in enumerate(statements)
            if one.lstrip().startswith(f"CREATE TABLE {table}")
        )
        assert old in statements[at], statements[at]
        text = statements[at].replace(old, new)
        return find_drift(
            models, entries([*statements[:at], text, *statements[at + 1 :]]), {"positive"}
        )

    wrong = missed([((table, old, new), expected) for table, old, new, expected in SQLITE],
                   lambda one: changed(*one))  # fmt: skip
    wrong |= missed(
        SQLITE_INDEXES, lambda more: find_drift(models, entries(statements, more), set())
    )
    assert len(SQLITE) + len(SQLITE_INDEXES) >= 40
    assert wrong == {}
    assert find_drift(models, entries(statements), set()) == ()
    plain = [one for one in models if one.table == "shelves"]
    for text in SAME:
        assert find_drift(plain, entries([text]), set()) == (), text


@pytest.mark.slow
def test_nothing_that_a_scratch_schema_is_told_stays(postgres):  # noqa: F811  the fixture
    """A default that closes its quotes, commits and drops a table: all of it is refused or rolled back."""
    engine = sa.create_engine(postgres.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        run(
            connection,
            ["DROP SCHEMA public CASCADE", "CREATE SCHEMA public", "CREATE TABLE kept (id int)"],
        )
    bad = ["CREATE TABLE x (id int); COMMIT; DROP TABLE kept", "COMMIT", "DROP TABLE public.kept",
           "CREATE TABLE y (id int DEFAULT 1)$statement$; END $footnotary$; COMMIT; DROP TABLE kept"]  # fmt: skip
    asked = {"statements": [{"sql": one, "table": "", "what": "table"} for one in bad], "socket": "",
             "schemas": {"": "footnotary_test_"}, "as_live": {}, "passing": True, "task": "catalog", "database_url": postgres}  # fmt: skip
    answer = catalogs.describe_catalogs(asked)
    assert len(answer["failed"]) == 3
    with engine.connect() as connection:
        found = connection.execute(
            sa.text("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'footnotary%'")
        )
        assert found.all() == []
        assert connection.execute(sa.text("SELECT count(*) FROM kept")).scalar() == 0
    engine.dispose()


def test_a_view_that_the_server_does_not_show_is_not_compared():
    """A user without the right to see a statement: its reason is told, and no column of it is gone."""
    shown = {"of": "shop", "name": "few", "kind": "VIEW", "sql": "", "reason": "SHOW VIEW denied"}
    catalog = {"tables": [shown], "triggers": [], "default": "shop"}
    refused = live.refused_parts(catalog, "shop")
    assert refused == [{"table": "few", "what": "view", "reason": "SHOW VIEW denied"}]
    entries = mysql_entries(catalog, "shop", {})
    assert without_unjudged(entries, refused, "shop") == []
