# ruff: noqa: E501  programs written out as they would stand in a file
"""The SCHEMA document: what is read from models, and what is said about it."""

import re
import sys
from datetime import date
from html import unescape

import markdown
import pytest
from sqlalchemy.sql import ddl

from footnotary.documents.kinds import Context
from footnotary.documents.schema import SCHEMA, render_migrations
from footnotary.documents.schema.changes import compare_schemas
from footnotary.documents.schema.lints import circles, render_lints
from footnotary.documents.schema.tables import render_tables
from footnotary.errors import ProjectError
from footnotary.facts.schema import (
    CheckConstraint,
    Column,
    ForeignKey,
    Key,
    Numbering,
    SchemaFacts,
    Table,
    TableIndex,
)
from footnotary.probe.migrations import heads, revisions
from links import EXTENSIONS, broken_links
from tables import each_row

CONTEXT = Context("demo", date(2026, 11, 23), "SCHEMA-demo-2026-11-23")
MODELS = '''
    import enum
    from sqlalchemy import CheckConstraint, Computed, ForeignKey, ForeignKeyConstraint, Identity, MetaData, String, func
    from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


    class Base(DeclarativeBase):
        metadata = MetaData(naming_convention={"uq": "%(table_name)s_%(column_0_name)s_key"})


    class Level(enum.StrEnum):
        LOW = "low"
        HIGH = "high"


    def fresh() -> str:
        return "x"


    class Parent(Base):
        """Whose children are counted.

        By nobody."""

        __tablename__ = "parents"
        __table_args__ = {"comment": "All of them"}
        id: Mapped[int] = mapped_column(Identity(), primary_key=True)
        label: Mapped[str] = mapped_column("lbl", String(20), unique=True, default="none", comment="<b>|`x`")
        level: Mapped[Level] = mapped_column(default=Level.LOW)
        """How loud it is."""
        key: Mapped[str] = mapped_column(default=fresh, onupdate=fresh)
        api_token: Mapped[str] = mapped_column(server_default="hunter2hunter2", default="hunter2hunter2")
        double: Mapped[int] = mapped_column(Computed("id * 2"))
        at: Mapped[str] = mapped_column(server_default=func.now())
        children: Mapped[list["Child"]] = relationship(back_populates="parent", cascade="all, delete-orphan")


    class Special(Parent):
        """In the same table."""


    class Child(Base):
        __tablename__ = "children"
        __table_args__ = (CheckConstraint("age > 0", name="age_positive"),)
        one: Mapped[int] = mapped_column(primary_key=True)
        two: Mapped[int] = mapped_column(primary_key=True)
        age: Mapped[int | None]
        parent_id: Mapped[int] = mapped_column(ForeignKey("parents.id", ondelete="CASCADE"))
        parent: Mapped[Parent] = relationship(back_populates="children")


    class Toy(Base):
        __tablename__ = "toys"
        __table_args__ = (ForeignKeyConstraint(["a", "b"], ["children.one", "children.two"]),)
        id: Mapped[int] = mapped_column(primary_key=True)
        a: Mapped[int]
        b: Mapped[int]
        lost: Mapped[int] = mapped_column(ForeignKey("nowhere.id"))
'''
SCHEMAS = """
    from pydantic import BaseModel, ConfigDict
    from shop import models

    class ParentOut(BaseModel):
        model_config = ConfigDict(from_attributes=True)
        id: int
        label: str
"""
PLAIN = """
    from sqlalchemy import Column, Integer, Table
    from shop.models import Base

    log = Table("log", Base.metadata, Column("line", Integer))
"""


@pytest.fixture
def facts(made):
    """The facts of a project with one of each."""
    made.write({"shop/__init__.py": "from shop import schemas\n", "shop/models.py": MODELS,
                "shop/schemas.py": SCHEMAS, "shop/log.py": PLAIN})  # fmt: skip
    return made.schema(dialect="postgresql")


def page(facts):
    """The document as HTML."""
    text = "\n\n".join(part.markdown for part in SCHEMA.render(facts, CONTEXT))
    return markdown.markdown(text, extensions=EXTENSIONS)


@pytest.mark.slow
def test_a_module_of_many_models_is_read_once(made):
    """What is read from a file's text costs its length once, not once for every class in it."""
    head = "from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\nclass Base(DeclarativeBase): ...\n"
    column = "    column_{0}: Mapped[int | None] = mapped_column(comment='number {0}')\n    'Kept {0}.'\n"
    columns = "".join(column.format(n) for n in range(30))
    model = "class Model{0}(Base):\n    __tablename__ = 'table_{0}'\n    id: Mapped[int] = mapped_column(primary_key=True)\n{1}"
    text = head + "".join(model.format(n, columns) for n in range(150))
    made.write({"shop/__init__.py": "", "shop/models.py": text})
    facts = made.schema(dialect="postgresql", timeout=20.0)
    assert facts.summary["columns"] == 150 * 31
    assert {one.columns[-1].doc for one in facts.tables} == {"Kept 29."}


@pytest.mark.slow
def test_tables_are_read_with_everything_they_say(facts):
    """Names, types, defaults, comments, docstrings, inheritance, exposure; secrets are left out."""
    assert facts.summary == {"tables": 4, "columns": 16, "fks": 3, "composite_pks": 1, "no_pk": 1,
                             "indexes": 0, "uniques": 1, "checks": 1,
                             "exclusions": 0, "views": 0}  # fmt: skip
    tables = {one.name: one for one in facts.tables}
    parent = tables["parents"]
    columns = {one.name: one for one in parent.columns}
    assert (parent.class_name, parent.classes) == ("Parent", ("Parent", "Special"))
    assert parent.doc.startswith("Whose children are counted.")
    assert str(parent.place) == "shop/models.py:20"
    assert (columns["lbl"].attribute, columns["lbl"].default) == ("label", "'none'")
    assert (columns["level"].enum, columns["level"].doc) == (("LOW", "HIGH"), "How loud it is.")
    assert columns["level"].default == "Level.LOW"
    assert columns["key"].default.endswith("fresh()")
    assert columns["key"].on_update.endswith("fresh()")
    assert columns["id"].numbering.kind == "by default"
    assert (columns["double"].computed, columns["double"].generated) == ("id * 2", "stored")
    assert "GENERATED ALWAYS AS (id * 2) STORED" in parent.ddl
    assert columns["at"].server_default == "now()"
    assert "hunter2" not in facts.model_dump_json()
    assert parent.relationships[0].cascade.find("delete-orphan") >= 0
    assert [one.name for one in parent.exposed_by] == ["ParentOut"]
    assert parent.uniques[0].name == "parents_lbl_key"
    assert str(tables["log"].place) == "shop/log.py:5"
    assert tables["toys"].foreign_keys[0].target_columns == ("one", "two")


@pytest.mark.slow
def test_the_document_is_whole(facts):
    """Links resolve, tables are intact, hostile comments are text, and diagrams are fenced."""
    html = page(facts)
    assert list(broken_links({"x": html})) == []
    assert "<b>|<code>x</code>" in unescape(html)
    assert not re.search(r"<b>", html)
    text = "\n".join(part.markdown for part in SCHEMA.render(facts, CONTEXT))
    assert text.count("```mermaid") == 4  # all tables, and the three that have neighbours
    assert "CREATE TABLE parents" in text


@pytest.mark.slow
def test_the_source_alone_gives_the_same_tables(made):
    """Where the models cannot be imported, names, keys and docstrings are read from the source."""
    made.write(
        {
            "models.py": "import not_installed\n"
            + "\n".join(line[4:] for line in MODELS.splitlines())
        }
    )
    facts = made.schema()
    assert facts.read.how == "source"
    assert [one.name for one in facts.tables] == ["children", "parents", "toys"]
    children, parents, _ = facts.tables
    assert children.primary_key.columns == ("one", "two")
    assert children.foreign_keys[0].on_delete == "CASCADE"
    assert [one.nullable for one in children.columns] == [False, False, True, False]
    assert parents.columns[1].name == "lbl"
    assert "could not be imported" in facts.caveats[0]
    assert list(broken_links({"x": page(facts)})) == []


@pytest.mark.slow
def test_migrations_are_a_graph_without_a_database(made):
    """Order, heads and merges come from the files alone."""
    files = {"shop/__init__.py": "", "shop/models.py": MODELS, "alembic/env.py": ""}
    for name, down, words in (("c3", ("a1", "b2"), "Join"), ("a1", "r0", "One"), ("b2", "r0", "Two"),
                              ("r0", None, "First"), ("d4", "c3", "Next"), ("e5", "c3", "Side")):  # fmt: skip
        files[f"alembic/versions/{name}.py"] = (
            f'"""{words}"""\nrevision: str = "{name}"\ndown_revision = {down!r}\n'
        )
    facts = made.write(files).schema()
    names = [one.id for one in facts.revisions]
    assert names[0] == "r0"
    assert names.index("c3") > max(names.index("a1"), names.index("b2"))
    assert set(facts.heads) == {"d4", "e5"}
    text = "\n".join(part.markdown for part in SCHEMA.render(facts, CONTEXT))
    assert "2 heads" in text


def made_table(name, *columns, **more):
    """A table of facts."""
    return Table(name=name, columns=tuple(Column(name=one, type="INTEGER", nullable=False) for one in columns),
                 **{"primary_key": Key(name=f"{name}_pkey", columns=columns[:1]), "doc": "x", **more})  # fmt: skip


def made_facts(*tables):
    """Facts of tables."""
    return SchemaFacts(tables=tables, convention={"ix": "%(column_0_label)s_idx", "pk": "%(table_name)s_pkey"},
                       summary=dict.fromkeys(["tables", "columns", "fks", "indexes", "uniques", "checks"], 0))  # fmt: skip


@each_row(
    ("tables", "words"),
    [
        ([made_table("a", "x", primary_key=Key())], "no primary key"),
        ([made_table("a", "x", "b", foreign_keys=(ForeignKey(columns=("b",), table="a", target_columns=("x",)),))],
         "foreign key without an index"),
        ([made_table("a", "x", "b", indexes=(TableIndex(name="a_x_idx", columns=("x",)),))], "covered by `a_pkey`"),
        ([made_table("a", "x", indexes=(TableIndex(name="i"),))], "index without columns"),
        ([made_table("a", "x", foreign_keys=(ForeignKey(columns=("x",), table="z", target_columns=("y",)),))],
         "which is not declared"),
        ([made_table("a", "x", checks=(CheckConstraint(name="c", expression="x > 0"), CheckConstraint(name="c", expression="x < 9")))],
         "several constraints have this name"),
        ([made_table("a", "x"), made_table("b", "x")], "related to no other table"),
        ([made_table("a", "x", doc="")], "say nothing about themselves"),
        ([made_table("a", "x", "y", indexes=(TableIndex(name="ix_y", columns=("y",)),))], "name deviates"),
    ],
)  # fmt: skip
def test_a_reviewer_s_remarks(tables, words):
    """Each lint finds what it is for."""
    assert words in render_lints(made_facts(*tables))


@each_row(
    ("dialect", "remarked"),
    [
        ("postgresql", {"without an index", "NULLS NOT DISTINCT", "same name", "covered by"}),
        ("sqlite", {"without an index", "NULLs never collide", "same name", "covered by"}),
        ("mysql", {"NULLs never collide", "covered by"}),
        ("mssql", {"without an index", "covered by"}),
        ("oracle", {"without an index", "same name", "covered by"}),
    ],
)
def test_remarks_are_those_of_the_database(dialect, remarked):
    """What a database does by itself, or sees otherwise, is no remark."""
    columns = tuple(Column(name=one, type="INTEGER") for one in ("id", "b"))
    plain = TableIndex(name="i", columns=("id",))
    key = ForeignKey(columns=("id",), table="b", target_columns=("id",))
    one = Table(name="a", doc="x", columns=columns, uniques=(Key(columns=("b", "id")),),
                indexes=(plain,), foreign_keys=(key,))  # fmt: skip
    gin = TableIndex(name="g", columns=("id",), using="gin")
    two = made_table("b", "id", indexes=(plain, gin))
    bare = one.model_copy(update={"indexes": ()})
    words = render_lints(made_facts(one, two).model_copy(update={"dialect": dialect}))
    words += render_lints(made_facts(bare, two).model_copy(update={"dialect": dialect}))
    every = {
        "without an index",
        "NULLS NOT DISTINCT",
        "NULLs never collide",
        "same name",
        "covered by",
    }
    seen = {one for one in every if one in words} - (
        {"NULLs never collide"} if dialect == "postgresql" else set()
    )
    assert seen == remarked
    assert "b.g" not in words


@each_row(
    "index",
    [
        TableIndex(name="i", columns=("x",), using="gin"),
        TableIndex(name="i", columns=("x text_pattern_ops",)),
        TableIndex(name="i", columns=("x",), where="x > 1"),
        TableIndex(name="i", columns=("lower(x)",)),
    ],
)
def test_an_index_of_another_kind_is_covered_by_none_and_covers_none(index):
    """A trigram, a pattern, a partial or an expression index does what no other does."""
    plain = TableIndex(name="b_x", columns=("x",))
    unique = Key(name="u", columns=("x",))
    shown = render_lints(made_facts(made_table("a", "id", "x", indexes=(index, plain))))
    assert "covered by" not in shown
    shown = render_lints(
        made_facts(made_table("a", "id", "x", indexes=(index,), uniques=(unique,)))
    )
    assert "covered by" not in shown


def test_a_gin_index_does_not_help_a_foreign_key():
    """It cannot find the rows that point to one that is deleted."""
    key = ForeignKey(columns=("x",), table="a", target_columns=("id",))
    index = TableIndex(name="i", columns=("x",), using="gin")
    table = made_table("a", "id", "x", foreign_keys=(key,), indexes=(index,))
    assert "foreign key without an index" in render_lints(made_facts(table))


@pytest.mark.slow
def test_parts_of_an_index_are_what_is_indexed(made):
    """An expression is its SQL, not the name of its function; operator classes are said."""
    made.write(
        {
            "shop/__init__.py": "",
            "shop/models.py": """
                from sqlalchemy import Index, String, func
                from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
                class Base(DeclarativeBase): ...
                class Flow(Base):
                    __tablename__ = "flow"
                    id: Mapped[int] = mapped_column(primary_key=True)
                    name: Mapped[str] = mapped_column(String(9))
                Index("ix_a", Flow.id, func.coalesce(Flow.name, ""))
                Index("ix_b", Flow.name, postgresql_using="gin",
                      postgresql_ops={"name": "gin_trgm_ops"})
                Index("ix_c", Flow.name.desc())
            """,
        }
    )
    (table,) = made.schema(dialect="postgresql").tables
    columns = {index.name: index.columns for index in table.indexes}
    assert columns == {
        "ix_a": ("id", "coalesce(name, '')"),
        "ix_b": ("name gin_trgm_ops",),
        "ix_c": ("name DESC",),
    }


WHOLE = """
    from sqlalchemy import CheckConstraint, Column, Computed, Enum, ForeignKeyConstraint, Identity, Index, Integer, MetaData, Sequence, String, Table, UniqueConstraint, func, select, text
    from sqlalchemy.dialects.postgresql import ExcludeConstraint, TSTZRANGE
    from sqlalchemy.sql.ddl import CreateView

    metadata = MetaData(naming_convention={"ix": "ix_%(column_0_label)s", "uq": "uq_%(table_name)s"})
    numbers = Sequence("numbers", start=5)
    rooms = Table(
        "rooms", metadata,
        Column("id", Integer, Identity(always=True, start=100, cycle=True), primary_key=True),
        Column("no", Integer, numbers, server_default=numbers.next_value(), index=True),
        Column("label", String(20, collation="C"), server_default="it's"),
        Column("level", Enum("low", "high", name="level", create_constraint=True)),
        Column("double", Integer, Computed("no * 2")),
        Column("during", TSTZRANGE),
        CheckConstraint("label LIKE 'a%'", name="likes"),
        UniqueConstraint("no", "label", deferrable=True, initially="DEFERRED", postgresql_include=["level"], postgresql_nulls_not_distinct=True),
        ForeignKeyConstraint(["no"], ["app.rooms.id"], onupdate="cascade", deferrable=True, match="full"),
        ExcludeConstraint(("during", "&&"), ("no", "="), where=text("no > 1"), name="apart", ops={"no": "gist_int4_ops"}),
        Index("low", func.lower(text("label")), postgresql_using="hash", postgresql_where=text("no > 2"), postgresql_with={"fillfactor": 50}),
        CheckConstraint("no > 0").ddl_if(dialect="sqlite"),
        schema="app", comment="All",
    )
    few = CreateView(select(rooms.c.id).where(rooms.c.no > 3), "few_rooms", metadata=metadata, materialized=True).table
"""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(ddl, "CreateView"), reason="views are in SQLAlchemy since 2.1")
def test_what_a_database_is_told_is_kept_as_structure(made):
    """Each property of a column, a constraint or a view is a fact of its own, not a text."""
    facts = made.write({"models.py": WHOLE}).schema(dialect="postgresql")
    (table,), (view,) = facts.tables, facts.views
    columns = {one.name: one for one in table.columns}
    assert columns["id"].numbering == Numbering(
        kind="always", options={"start": "100", "cycle": "yes"}
    )
    assert columns["no"].numbering == Numbering(
        kind="sequence", name="numbers", options={"start": "5"}
    )
    assert (columns["label"].type, columns["label"].collation) == ("VARCHAR(20)", "C")
    assert columns["label"].server_default == "'it''s'"
    (unique,), (key,), (exclusion,), (check,) = (
        table.uniques,
        table.foreign_keys,
        table.exclusions,
        table.checks,
    )
    assert (unique.deferrable, unique.initially, unique.include) == (True, "DEFERRED", ("level",))
    assert unique.options == {"nulls_not_distinct": "yes"}
    assert (key.deferrable, key.on_update, key.match) == (True, "CASCADE", "FULL")
    assert exclusion.elements == ("during WITH &&", "no gist_int4_ops WITH =")
    assert (exclusion.where, exclusion.using) == ("no > 1", "gist")
    assert (check.name, check.expression) == ("likes", "label LIKE 'a%'")
    low = next(one for one in table.indexes if one.name == "low")
    assert (low.where, low.using, low.options) == ("no > 2", "hash", {"with": "fillfactor=50"})
    assert (view.name, view.materialized, view.depends_on) == ("few_rooms", True, ("app.rooms",))
    assert facts.summary["tables"] == facts.summary["views"] == 1
    assert "CREATE MATERIALIZED VIEW few_rooms" in view.ddl
    assert render_lints(facts).count("deviate") == 0
    html = page(facts)
    assert list(broken_links({"x": html})) == []
    assert "apart" in html


def test_an_enum_says_what_in_the_database_holds_it():
    """A native type or a check of its values refuses others; of other checks nobody knows."""

    def column(name, kind, called=""):
        return Column(name=name, type=kind, enum=("p", "it's"), enum_name=called)

    columns = (
        column("native", "app.kind[]", "kind"),
        column("written", "ENUM('p','it''s')"),
        column("checked", "VARCHAR(4)", "checked"),
        column("loose", "VARCHAR(4)"),
        column("half", "VARCHAR(4)", "half"),
        column("other", "VARCHAR(4)", "other"),
    )
    checks = (
        CheckConstraint(expression="checked IN ('p', 'it''s')"),
        CheckConstraint(expression="half IN ('p', 'it''s') OR id IS NULL"),
        CheckConstraint(expression="other = ANY (ARRAY['p', 'it''s'])"),
    )
    table = Table(name="t", columns=columns, checks=checks)
    text = render_tables(made_facts(table))
    held = {line.split(" | ")[2]: line.split(" | ")[3].strip(" |") for line in text.splitlines()
            if line.startswith("| `") and "`t." in line}  # fmt: skip
    assert held == {
        "`t.native`": "its type",
        "`t.written`": "its type",
        "`t.checked`": "a check constraint",
        "`t.half`": "not known",
        "`t.other`": "not known",
        "`t.loose`": "nothing in the database",
    }
    source = table.model_copy(update={"scope": "source"})
    assert "not known" in render_tables(made_facts(source))


def test_a_clean_schema_has_no_remarks():
    """Nothing is said where there is nothing to say."""
    key = ForeignKey(columns=("a_id",), table="a", target_columns=("id",))
    index = TableIndex(name="b_a_id_idx", columns=("a_id",))
    clean = made_facts(
        made_table("a", "id"), made_table("b", "id", "a_id", foreign_keys=(key,), indexes=(index,))
    )
    assert render_lints(clean) == ""


def test_circles_of_foreign_keys_are_found_once():
    """Two circles, a chain and a table that points to itself."""

    def points(name, *to):
        return made_table(name, "id", foreign_keys=tuple(
            ForeignKey(columns=("id",), table=one, target_columns=("id",)) for one in to))  # fmt: skip

    tables = (points("a", "b"), points("b", "c"), points("c", "a", "x"), points("x", "x"),
              points("p", "q"), points("q", "p"))  # fmt: skip
    assert circles(tables) == [["a", "b", "c"], ["p", "q"]]


def test_changes_of_a_schema_are_said_in_words():
    """A table or column gone, NOT NULL without a default, a narrowed type: these break."""
    before = made_facts(made_table("a", "id", "old"), made_table("gone", "id"))
    strict = Column(name="new", type="INTEGER", nullable=False)
    wide = made_table("a", "id")
    after = made_facts(
        wide.model_copy(update={"columns": (*wide.columns, strict)}), made_table("fresh", "id")
    )
    found = list(compare_schemas(before, after))
    breaking = [words.replace("`", "") for is_breaking, words in found if is_breaking]
    assert any("gone" in one and "a.old" not in one for one in breaking)
    assert any("a.old" in one for one in breaking)
    assert any("a.new" in one for one in breaking)
    assert any("fresh" in words for is_breaking, words in found if not is_breaking)


@pytest.mark.slow
def test_diagrams_stay_inside_mermaids_limits():
    """200 tables with 40 columns each: every diagram is under 50,000 characters and 500 edges."""
    tables = []
    for number in range(200):
        keys = tuple(ForeignKey(columns=(f"c{at}",), table=f"t{(number + at) % 200}", target_columns=("c0",))
                     for at in range(1, 8))  # fmt: skip
        tables.append(made_table(f"t{number}", *(f"c{at}" for at in range(40)), foreign_keys=keys))
    text = "\n".join(part.markdown for part in SCHEMA.render(made_facts(*tables), CONTEXT))
    diagrams = re.findall(r"```mermaid\n(.*?)```", text, re.DOTALL)
    assert len(diagrams) > 200
    assert all(len(one) < 50_000 and one.count("--") < 500 for one in diagrams)


@pytest.mark.slow
def test_imports_decide_which_tables_are_read(made):
    """A metadata is what was imported: all that declare tables, or those that are named."""
    base = "from sqlalchemy.orm import DeclarativeBase\nclass Base(DeclarativeBase): ...\n"
    model = (
        "from sqlalchemy.orm import Mapped, mapped_column\nfrom shop.base import Base\n"
        "class {0}(Base):\n    __tablename__ = '{0}'\n"
        "    id: Mapped[int] = mapped_column(primary_key=True)\n"
    )
    made.write({"shop/__init__.py": "", "shop/base.py": base, "shop/one.py": model.format("one"),
                "shop/two.py": model.format("two")})  # fmt: skip
    whole = made.schema(metadata="shop.base:Base")
    assert [one.name for one in whole.tables] == ["one", "two"]
    assert any("Also imported, for their tables: shop.one, shop.two" in c for c in whole.caveats)
    for options in ({"metadata": "shop.base:Base"}, {}):
        named = made.schema(imports=("shop.two",), **options)
        assert [one.name for one in named.tables] == ["two"]
        assert not any("Also imported" in one for one in named.caveats)
    with pytest.raises(ProjectError, match="three"):
        made.write({"shop/one.py": "", "shop/two.py": ""}).schema(imports=("shop.three",))


def test_each_alembic_environment_has_heads_of_its_own(tmp_path):
    """Two environments are no two heads; migrations may lie in folders by year."""
    text = 'revision = "{0}"\ndown_revision = {1}\n'
    for name, revision, down in (
        ("main/versions/2026/b.py", "b", "'a'"), ("main/versions/2025/a.py", "a", None),
        ("auth/versions/c.py", "c", None)):  # fmt: skip
        path = tmp_path / name
        path.parent.mkdir(parents=True)
        path.write_text(text.format(revision, down))
    found = revisions(tmp_path)
    shown = render_migrations(SchemaFacts(revisions=found, heads=heads(found)))
    assert "2 Alembic revisions in `main`, head: `b`." in shown
    assert "1 Alembic revision in `auth`, head: `c`." in shown
    assert "merge heads" not in shown


def test_each_database_has_its_own_history_where_the_folders_do_not_follow_each_other(tmp_path):
    """One environment for two databases, chosen when it runs: names may stand in both folders."""
    text = 'revision = "{0}"\ndown_revision = {1}\n'
    for folder, last in (("postgresql", "c"), ("sqlite", "d")):
        for revision, down in (("a", None), ("b", "'a'"), (last, "'b'")):
            path = tmp_path / "db" / "versions" / folder / f"{revision}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text.format(revision, down))
    found = revisions(tmp_path)
    assert len(found) == 6
    assert set(heads(found)) == {"c", "d"}
    shown = render_migrations(SchemaFacts(revisions=found, heads=heads(found)))
    assert "3 Alembic revisions in `db/versions/postgresql`, head: `c`." in shown
    assert "merge heads" not in shown
    assert shown.count('id="revision-a"') == 1


def test_a_module_with_many_classes_is_parsed_once(tmp_path, monkeypatch):
    """Hundreds of classes in one file of ten thousand lines took minutes, one parsing each."""
    import ast
    import importlib.util

    from footnotary.probe.inside import mapping, sources

    text = "".join(
        f"class C{n}:\n    a = 1\n    '''Of {n}.'''\n\n    def m(self): ...\n\n" for n in range(40)
    )
    path = tmp_path / "many_classes.py"
    path.write_text(text)
    spec = importlib.util.spec_from_file_location("many_classes", path)
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "many_classes", module)
    spec.loader.exec_module(module)
    parsed = []
    parse = ast.parse
    monkeypatch.setattr(sources.ast, "parse", lambda *a, **k: parsed.append(1) or parse(*a, **k))
    found = [mapping.read_attribute_docstrings(getattr(module, f"C{n}")) for n in range(40)]
    assert found == [{"a": f"Of {n}."} for n in range(40)]
    assert len(parsed) == 1
