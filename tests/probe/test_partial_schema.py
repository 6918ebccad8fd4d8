"""Half an import is told as half of one, and the source's half is right."""

import pytest

from footnotary.documents.schema import render_schema_overview
from footnotary.documents.schema.lints import render_lints
from footnotary.documents.what_changed import counts_in_words
from footnotary.probe.static_schema import read_tables

BASE = """
    from typing import Annotated
    from sqlalchemy import ForeignKey
    from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

    intpk = Annotated[int, mapped_column(primary_key=True)]
    OWNER = "owner.id"


    class Base(DeclarativeBase): ...


    class IdMixin:
        id: Mapped[int] = mapped_column(primary_key=True)


    class Deep(IdMixin):
        @declared_attr
        def owner_id(cls) -> Mapped[int]:
            return mapped_column(ForeignKey(OWNER))


    class Named(Base):
        __abstract__ = True

        @declared_attr.directive
        def __tablename__(cls) -> str:
            return cls.__name__.lower()
"""
GOOD = """
    from sqlalchemy.orm import Mapped
    from .base import Base, Deep, IdMixin


    class Owner(IdMixin, Base):
        __tablename__ = "owner"


    class Item(Deep, Base):
        __tablename__ = "item"
        name: Mapped[str | None]
"""
MORE = """
    import sqlalchemy as sa
    from sqlalchemy import ForeignKey
    from sqlalchemy.orm import Mapped, mapped_column
    from . import good
    from .base import Base, Deep, Named, intpk
    from .good import Item as Thing


    class Order(Deep, Base):
        __tablename__ = "orders"
        __table_args__ = (sa.UniqueConstraint("item_id", "other_id"), {"schema": None})
        item_id = mapped_column(ForeignKey(Thing.id, ondelete="CASCADE"))
        other_id: Mapped[int] = mapped_column(sa.ForeignKey(good.Owner.id), index=True)
        kind: Mapped[str]
        __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "order"}


    class BigOrder(Order):
        extra: Mapped[str | None]
        __mapper_args__ = {"polymorphic_identity": "big"}


    class Joined(Order):
        __tablename__ = "joined"
        id: Mapped[int] = mapped_column(ForeignKey("orders.id"), primary_key=True)
        __mapper_args__ = {"polymorphic_identity": "joined"}


    class Plain(Named):
        key: Mapped[intpk]


    pairs = sa.Table(
        "pairs", Base.metadata,
        sa.Column("a", sa.ForeignKey(Thing.id), primary_key=True),
        sa.Column("b", sa.Integer, sa.ForeignKey("owner.id"), primary_key=True),
    )
    more = sa.Table("more", Base.metadata, sa.Column("a", sa.Integer, sa.ForeignKey(pairs.c.a)))
"""
RICH = """
    import sqlalchemy as sa
    from sqlalchemy import CheckConstraint, Column, Computed, ForeignKey, Identity, Index, Sequence, Table
    from sqlalchemy.orm import Mapped, mapped_column, relationship
    from .base import Base


    links = Table("links", Base.metadata,
        Column("left", sa.ForeignKey("nodes.id", onupdate="CASCADE"), primary_key=True),
        Column("right", sa.ForeignKey("nodes.id", deferrable=True, initially="DEFERRED"), primary_key=True),
        comment="Edges")


    class Node(Base):
        __tablename__ = "nodes"
        id = Column(sa.Integer, Identity(start=10), primary_key=True)
        number = Column(sa.Integer, Sequence("numbers"))
        always = Column(sa.Integer, Identity(always=True), nullable=False)
        size: Mapped[int] = mapped_column(CheckConstraint("size > 0"), insert_default=1)
        half: Mapped[int] = mapped_column(Computed("size / 2", persisted=True))
        seen: Mapped[int | None] = mapped_column(onupdate=1)
        parent_id: Mapped[int | None] = mapped_column(ForeignKey("nodes.id", name="above", use_alter=True))
        others: Mapped[list["Node"]] = relationship(secondary=links, primaryjoin=id == links.c.left,
                                                    secondaryjoin=id == links.c.right)
        label: Mapped["Label"] = relationship(back_populates="node", uselist=False)
        __table_args__ = (
            Index("by_size", "size", unique=True, postgresql_where=sa.text("size > 5")),
            Index("by_lower", sa.text("lower(id)")),
            CheckConstraint(sa.text("half < 9"), name="small"),
            {"comment": "Nodes"},
        )


    class Label(Base):
        __tablename__ = "labels"
        __table_args__ = (
            sa.PrimaryKeyConstraint("node_id", "text"),
            sa.UniqueConstraint("text", name="once", deferrable=True),
        )
        node_id = Column(sa.Integer, sa.ForeignKey(Node.id))
        text = Column(sa.String(9))
        node: Mapped[Node] = relationship(back_populates="label")
"""  # noqa: E501
FILES = {
    "shop/__init__.py": "",
    "shop/base.py": BASE,
    "shop/good.py": GOOD,
    "shop/more.py": MORE,
    "shop/rich.py": RICH,
}


def told(tables):
    """Return what both ways of reading tell of tables."""
    return {
        one.name: (
            {
                (
                    c.name,
                    c.primary_key,
                    c.nullable,
                    bool(c.default),
                    bool(c.on_update),
                    c.computed,
                    c.generated,
                    str(c.numbering),
                )
                for c in one.columns
            },
            {
                (
                    *(key.columns, key.table, key.target_columns, key.on_delete, key.on_update),
                    *(key.deferrable, key.initially, key.use_alter),
                )
                for key in one.foreign_keys
            },
            set(one.primary_key.columns),
            {(key.columns, key.deferrable) for key in one.uniques},
            {(index.columns, index.unique, index.where) for index in one.indexes},
            set(one.classes),
            {(each.expression, each.deferrable) for each in one.checks},
            {
                (each.name, each.table, each.direction, each.many, each.secondary)
                for each in one.relationships
            },
            one.comment,
        )
        for one in tables
    }


def test_source_tells_what_mixins_heirs_and_foreign_classes_bring(made):
    """Each table with its own key, and foreign keys that name a class or a column."""
    tables, failed, missing = read_tables(made.write(FILES).root)
    found = told(tables)
    assert (failed, missing) == ((), ())
    assert {name: one[2] for name, one in found.items() if name != "more"} == {
        "links": {"left", "right"}, "nodes": {"id"}, "labels": {"node_id", "text"},
        "owner": {"id"}, "item": {"id"}, "orders": {"id"}, "joined": {"id"}, "plain": {"key"},
        "pairs": {"a", "b"},
    }  # fmt: skip
    assert {key[1] for key in found["orders"][1]} == {"owner", "item"}
    assert {column[:2] for column in found["joined"][0]} == {("id", True)}


@pytest.mark.slow
def test_source_and_import_tell_the_same_tables(made):
    """Names, columns, keys, constraints, indexes and classes of what both can read."""
    made.write(FILES)
    facts = made.schema()
    assert facts.read.how == "imported"
    assert told(read_tables(made.root)[0]) == told(facts.tables)


OLD = """
    import sqlalchemy as sa
    from sqlalchemy import Boolean, ForeignKey as FK, Integer, String
    from sqlalchemy.orm import backref, declarative_base, relationship as related
    try:
        from sqlalchemy.orm import mapped_column
        _Column = mapped_column
    except ImportError:
        from sqlalchemy import Column as _Column

    Base = declarative_base()


    class Shelf(Base):
        __tablename__ = "shelves"
        id = _Column(Integer, primary_key=True)
        code = _Column(String(9), default=None)
        height = _Column(Integer, default=30)
        is_open = _Column(Boolean, default=False)
        books = related("Book", back_populates="shelf", cascade="all")
        sign = related("Sign", back_populates="shelf", uselist=False)


    class Book(Base):
        __tablename__ = "books"
        number = _Column(sa.BigInteger, primary_key=True, autoincrement=False)
        shelf_id = _Column(Integer, FK("shelves.id", ondelete="cascade"))
        shelf = related("Shelf", back_populates="books")
        above_id = _Column(sa.BigInteger, FK("books.number"))
        beneath = related("Book", backref=backref("above", remote_side=[number]))
        marks = related("Mark", backref="book", cascade="save-update, delete")


    class Mark(Base):
        __tablename__ = "marks"
        book_number = _Column(sa.BigInteger, FK("books.number"), primary_key=True)
        page = _Column(Integer, primary_key=True)


    class Sign(Base):
        __tablename__ = "signs"
        shelf_id = _Column(Integer, FK(Shelf.id), primary_key=True)
        shelf = related(Shelf, back_populates="sign", viewonly=True)
"""


@pytest.mark.slow
def test_older_models_are_told_by_source_as_by_import(made):
    """Names under other names, lists without annotations, `backref`, numbers and `default=None`."""
    made.write({"old/__init__.py": "", "old/models.py": OLD})
    found = [
        {one.name: one for one in each}
        for each in (read_tables(made.root)[0], made.schema().tables)
    ]
    assert len(found[0]) == 4
    for name, table in found[0].items():
        other = found[1][name]
        assert {one.name: one for one in table.relationships} == {
            one.name: one for one in other.relationships
        }
        assert {one.columns: one.on_delete for one in table.foreign_keys} == {
            one.columns: one.on_delete for one in other.foreign_keys
        }
        assert [(one.name, one.autoincrement, one.default) for one in table.columns] == [
            (one.name, one.autoincrement, one.default) for one in other.columns
        ]


def test_what_is_computed_is_named_as_left_out(made):
    """Neither a table nor a foreign key is silently missing."""
    made.write(FILES).write({
        "shop/computed.py": """
            from .base import Base, IdMixin, OWNER
            from sqlalchemy import ForeignKey
            from sqlalchemy.orm import Mapped, declared_attr, mapped_column

            class Prefixed:
                @declared_attr.directive
                def __tablename__(cls):
                    return snake(cls.__name__)

            class Thing(Prefixed, IdMixin, Base):
                a: Mapped[int]

            class Other(IdMixin, Base):
                __tablename__ = "other"
                a: Mapped[int] = mapped_column(ForeignKey(f"{OWNER}"))

            def made(name):
                return Table(name, Base.metadata, Column("id", Integer, primary_key=True))

            shown = rich.Table("Name", "Value")

            def documented(model):
                return type(model.__name__ + "Docs", (Base,), {})

            def kept(name):
                class Kept(Base):
                    __tablename__ = name

            class Meta(type):
                def __new__(cls, name, bases, space):
                    return type.__new__(cls, name, bases, space)
        """
    })  # fmt: skip
    (made.root / "shop/docs").mkdir()
    (made.root / "docs").mkdir()
    page = "class Page(Base):\n    __tablename__ = 'page'\n    id: Mapped[int]\n"
    (made.root / "shop/docs/page.py").write_text(page)
    (made.root / "docs/other.py").write_text(page.replace("page", "elsewhere"))
    tables, _, missing = read_tables(made.root)
    assert {"page"} == {"page", "elsewhere"} & {one.name for one in tables}
    assert missing == (
        "1 mapped class left out, whose table's name is computed: Thing.",
        (
            "3 calls that make tables left out (in functions, loops, or with a computed name):"
            " shop/computed.py:19, shop/computed.py:24, shop/computed.py:27."
        ),
        "1 foreign key left out, whose target is computed: other.a.",
    )


@pytest.mark.slow
def test_modules_that_fail_are_counted_named_once_and_filled_from_source(made):
    """The headline says how many of how many; no remark rests on what was not imported."""
    broken = {
        f"shop/more{number}.py": f"import nowhere_at_all\nfrom .base import Base, IdMixin\n"
        f"class B{number}(IdMixin, Base):\n    __tablename__ = 'b{number}'\n"
        for number in range(3)
    }
    facts = made.write(FILES).write(broken | {"shop/rich.py": ""}).schema()
    assert facts.summary["tables"] == 10
    assert facts.summary["not_imported"] == 3
    assert facts.summary["no_pk"] == 1  # `more`, which was imported
    reason = "ModuleNotFoundError: No module named 'nowhere_at_all'"
    assert counts_in_words(facts).startswith(f"7 of 10 tables (3 not imported: {reason}), ")
    assert f"**7 of 10 tables (3 not imported: {reason})**" in render_schema_overview(facts)
    (note,) = [one for one in facts.caveats if "nowhere_at_all" in one]
    assert note == f"shop.more0, shop.more1, shop.more2 could not be read (3 modules): {reason}."
    assert render_schema_overview(facts).count("_Not imported: read from the source._") == 3
    said = render_lints(facts)
    assert "related to no other table" not in said
    assert "not declared" not in said
    assert "`b0`" not in said


def test_private_attributes_and_defaults_of_sqlmodel_are_no_columns_and_no_keys(tmp_path):
    """As SQLModel has it: `_x` is private, and a ForeignKey in the place of a default is none."""
    (tmp_path / "models.py").write_text(
        "from pydantic import PrivateAttr\nfrom sqlmodel import Field, ForeignKey, SQLModel\n"
        "class Owner(SQLModel, table=True):\n"
        "    model_config: dict = {}\n"
        "    id: int = Field(primary_key=True)\n"
        "    _seen: list = PrivateAttr(default_factory=list)\n"
        "class Item(SQLModel, table=True):\n"
        "    id: int = Field(primary_key=True)\n"
        "    a: int = Field(ForeignKey('owner.id'))\n"
        "    b: int = Field(foreign_key='owner.id')\n"
    )
    item, owner = read_tables(tmp_path)[0]
    assert [one.name for one in owner.columns] == ["id"]
    assert [one.name for one in item.columns] == ["id", "a", "b"]
    assert [one.columns for one in item.foreign_keys] == [("b",)]


def test_a_base_that_renames_tables_is_told(tmp_path):
    """What `__init_subclass__` makes of a table's name is not known from the source."""
    (tmp_path / "models.py").write_text(
        "from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\n"
        "class Base(DeclarativeBase):\n"
        "    def __init_subclass__(cls):\n"
        "        cls.__tablename__ = 'shop_' + cls.__tablename__\n"
        "        super().__init_subclass__()\n"
        "class Item(Base):\n"
        "    __tablename__ = 'item'\n"
        "    id: Mapped[int] = mapped_column(primary_key=True)\n"
    )
    notes = read_tables(tmp_path)[2]
    assert notes == ("Tables may have other names: models.py:4 sets them.",)


def test_classes_of_migration_scripts_are_no_tables(tmp_path):
    """A script maps the tables of another day, for its own queries: those of models count."""
    models = (
        "from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\n"
        "class Base(DeclarativeBase): ...\n"
        "class Item(Base):\n"
        "    __tablename__ = 'now'\n"
        "    id: Mapped[int] = mapped_column(primary_key=True)\n"
    )
    script = "from alembic import op\nrevision = 'a'\ndown_revision = None\n" + models
    (tmp_path / "models.py").write_text(models)
    (tmp_path / "revisions").mkdir()
    (tmp_path / "revisions" / "a_first.py").write_text(script.replace("now", "then"))
    assert [one.name for one in read_tables(tmp_path)[0]] == ["now"]


def test_a_base_is_the_one_that_is_imported_whatever_else_has_its_name(tmp_path):
    """Of two mixins of one name the one counts that a package hands on under another name."""
    for path, text in {
        "shop/__init__.py": "from shop.kept import Stamped as Dated\nTABLE = 'orders'\n",
        "shop/kept.py": "class Stamped:\n    made = mapped_column(DateTime)\n",
        "shop/other.py": "class Stamped:\n    other = mapped_column(Integer)\n",
        "shop/models.py": "from sqlalchemy import Integer\nfrom shop import Dated, TABLE\n"
        "class Order(Base, Dated):\n    __tablename__ = TABLE\n"
        "    id = mapped_column(Integer, primary_key=True)\n",
    }.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    (table,) = read_tables(tmp_path)[0]
    assert (table.name, [one.name for one in table.columns]) == ("orders", ["made", "id"])
