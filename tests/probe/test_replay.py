# ruff: noqa: E501  programs and cases as they would stand in a file
"""What Alembic's migrations build up, beside the models: each operation, and what it cannot know."""

import textwrap

import sqlalchemy as sa

from footnotary.documents.schema import render_migrations as shown
from footnotary.facts.schema import SchemaFacts, Table
from footnotary.probe.inside import constraints, description
from footnotary.probe.inside.replay import replay
from footnotary.probe.migrations import find_unmigrated, heads, revisions
from footnotary.probe.schema import _migrations
from tables import each_row

FIRST = """
    op.create_table("gone", sa.Column("id", sa.Integer(), primary_key=True))
    op.create_table(
        "a", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("nm", sa.String(50), nullable=False),
        sa.UniqueConstraint("nm"))
    op.create_table(
        "b", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("x", sa.BigInteger()),
        sa.Column("a_id", sa.Integer(), sa.ForeignKey("a.id")))
    op.create_index(op.f("ix_nm"), "a", ["nm"], unique=False)
    op.create_index("old", "b", ["x"])
"""
SECOND = """
    bind = op.get_bind()
    if bind.dialect.name != "postgresql":
        raise ValueError(bind.dialect.name)
    sa.Enum("x", "y", name="level").create(bind, checkfirst=True)
    op.drop_table("gone")
    op.rename_table("b", "books")
    op.alter_column("a", "nm", new_column_name="name")
    op.drop_constraint("a_nm_key", "a", type_="unique")
    op.drop_index("old", table_name="books")
    with op.batch_alter_table("books", schema=None) as batch:
        batch.drop_constraint("b_a_id_fkey", type_="foreignkey")
        batch.alter_column("x", existing_type=sa.BigInteger(), type_=sa.Integer(), nullable=False)
        batch.add_column(sa.Column("level", sa.Enum("x", "y", name="level"), nullable=False))
        batch.create_unique_constraint("u", ["x", "a_id"])
        batch.create_check_constraint("positive", "x > 0")
        batch.create_foreign_key("fk", "a", ["a_id"], ["id"], ondelete="CASCADE")
        batch.create_index("ix_level", ["level"])
    op.execute("UPDATE a SET name = 'create table'  ")
    op.bulk_insert(sa.table("a", sa.column("name")), [{"name": "x"}])
"""


def models(**more):
    """The models that these migrations are of."""
    metadata = sa.MetaData()
    sa.Table("a", metadata, sa.Column("id", sa.Integer, primary_key=True),
             sa.Column("name", sa.String(50), nullable=False, index=True),
             *(sa.Column(name, kind) for name, kind in more.items()))  # fmt: skip
    sa.Table("books", metadata, sa.Column("id", sa.Integer, primary_key=True),
             sa.Column("x", sa.Integer, nullable=False), sa.Column("a_id", sa.ForeignKey("a.id", ondelete="CASCADE")),
             sa.Column("level", sa.Enum("x", "y", name="level"), nullable=False, index=True),
             sa.UniqueConstraint("x", "a_id"), sa.CheckConstraint("x > 0", name="positive"))  # fmt: skip
    dialect = description.dialect_of("postgresql")
    tables = [
        Table(name=one.name, columns=description.columns(one, dialect, None), **constraints.describe_constraints(one, dialect))
        for one in metadata.sorted_tables
    ]  # fmt: skip
    return SchemaFacts(dialect="postgresql", tables=tuple(tables)).known_as("imported")


def replayed(folder, *bodies):
    """The models' side of what migrations with these bodies build up."""
    (folder / "alembic" / "versions").mkdir(parents=True, exist_ok=True)
    for number, body in enumerate(bodies):
        text = f"from alembic import op\nimport sqlalchemy as sa\nrevision = 'r{number}'\n"
        text += f"down_revision = {f'r{number - 1}' if number else None!r}\ndef upgrade():\n"
        text += textwrap.indent(textwrap.dedent(body), "    ")
        (folder / "alembic" / "versions" / f"{number}.py").write_text(text)
    found = revisions(folder)
    given = [{"id": one.id, "path": str(folder / one.place.path)} for one in found]
    return found, replay(given, description.dialect_of("postgresql"))


def test_migrations_that_build_up_the_models_are_no_difference(tmp_path):
    """Tables and columns renamed, types changed, keys by the names that PostgreSQL gives."""
    found, built = replayed(tmp_path, FIRST, SECOND)
    assert built["unjudged"] == []
    facts = models()
    assert find_unmigrated(facts, built, whole=True) == ((), ())
    facts = facts.model_copy(update={"revisions": found, "heads": heads(found), "replayed": True})
    assert "No difference in what was compared." in shown(facts)


def test_migrations_that_were_not_followed_are_not_called_equal(tmp_path):
    """They took too long, or nobody ran them: nothing is known of what they build up."""
    found, _ = replayed(tmp_path, FIRST, SECOND)
    said = shown(models().model_copy(update={"revisions": found, "heads": heads(found)}))
    assert "was not compared with the models" in said
    assert "No difference" not in said


@each_row(
    ("more", "expected"),
    [
        ("", ("a", "only in the models", "column late INTEGER")),
        ("op.add_column('a', sa.Column('late', sa.Text()))", ("a", "differs", "models INTEGER, migrations TEXT")),
        ("op.drop_column('books', 'level')", ("books", "only in the models", "column level ENUM")),
        ("op.drop_constraint('fk', 'books')", ("books", "only in the models", "foreign key (a_id) → a (id)")),
        ("op.create_table('c', sa.Column('id', sa.Integer()))", ("c", "only in the migrations", "the table")),
        ("op.drop_table('a')", ("a", "only in the models", "the table")),
        ("op.alter_column('books', 'x', nullable=True)", ("books", "differs", "models NOT NULL, migrations NULL")),
    ],
)  # fmt: skip
def test_what_no_migration_makes_is_named(tmp_path, more, expected):
    """A column of the models, a type, a key; and what migrations make that no model has."""
    _, built = replayed(tmp_path, FIRST, SECOND, more or "pass")
    found, skipped = find_unmigrated(models(late=sa.Integer), built, whole=True)
    assert skipped == ()
    table, what, words = expected
    assert any((one.table, one.what) == (table, what) and words in one.detail for one in found), (
        found
    )


@each_row(
    "more",
    [
        "op.execute('ALTER TABLE a ADD late int')",
        "op.get_bind().execute(sa.text('select 1')).fetchall()\nop.add_column('a', sa.Column('late', sa.Integer()))",
        "op.create_entity('view of a')",
        "import not_installed_at_all  # for a",
        "raise SystemExit('a')",
    ],
)
def test_what_cannot_be_followed_is_said_and_its_tables_are_not_compared(tmp_path, more):
    """SQL of its own, a query's rows, operations of a plugin, a module that is not there."""
    _, built = replayed(tmp_path, FIRST, SECOND, more)
    found, skipped = find_unmigrated(models(late=sa.Integer), built, whole=True)
    assert found == ()
    assert len(skipped) == 1
    assert skipped[0].startswith("revision r2: ")
    assert skipped[0].endswith("(a)")


def test_of_several_databases_only_the_migrations_of_this_one_are_followed(tmp_path):
    """One folder a database, each with a history of its own."""
    for folder in ("postgresql", "sqlite"):
        path = tmp_path / "db" / "versions" / folder / "a.py"
        path.parent.mkdir(parents=True)
        path.write_text("revision = 'a'\ndown_revision = None\n")
    assert _migrations(tmp_path, "sqlite") == (("a", str(path)),)
    assert len(_migrations(tmp_path, "mysql")) == 2
