# ruff: noqa: E501  one case a line
"""Changes of a schema in words: what breaks writers or readers, and what does not."""

import pytest

from footnotary.documents.schema.changes import differences
from footnotary.documents.schema.widening import is_wider
from footnotary.facts.schema import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Key,
    SchemaFacts,
    Table,
)

COLUMNS = (
    Column(name="id", type="INTEGER", nullable=False, primary_key=True),
    Column(name="a", type="VARCHAR(50)"),
    Column(name="n", type="NUMERIC(10, 2)", nullable=False),
    Column(name="e", type="kind", enum=("x", "y"), nullable=False),
)
KEY = ForeignKey(columns=("a",), table="u", target_columns=("id",), on_delete="CASCADE")
BASE = Table(name="t", columns=COLUMNS, primary_key=Key(columns=("id",)), foreign_keys=(KEY,),
             uniques=(Key(columns=("a",)),), checks=(CheckConstraint(name="c", expression="n > 0"),),
             indexes=(Index(name="ix", columns=("n",)),))  # fmt: skip


def column(name, **changes):
    """The columns, one of them changed."""
    return {
        "columns": tuple(
            one.model_copy(update=changes) if one.name == name else one for one in COLUMNS
        )
    }


def added(**about):
    """The columns and one more."""
    return {"columns": (*COLUMNS, Column(name="z", type="TEXT", **about))}


CASES = [
    (added(), False, "t.z is new"),
    (added(nullable=False), True, "t.z is new and NOT NULL without a server default"),
    (added(nullable=False, server_default="0"), False, "t.z is new"),
    ({"columns": COLUMNS[:3]}, True, "t.e is gone"),
    (column("a", nullable=False), True, "t.a became NOT NULL without a server default"),
    (column("n", nullable=True), False, "t.n became nullable"),
    (column("a", type="VARCHAR(90)"), False, "t.a: type VARCHAR(50) → VARCHAR(90), wider"),
    (column("a", type="VARCHAR(9)"), True, "t.a: type VARCHAR(50) → VARCHAR(9)"),
    (column("e", enum=("x",)), True, "t.e no longer has y"),
    (column("e", enum=("x", "y", "z")), False, "t.e may also be z"),
    (column("n", server_default="0"), False, "t.n: server default none → 0"),
    (column("n", default="1"), False, "t.n: default none → 1"),
    (column("n", computed="id * 2"), True, "t.n: generated none → id * 2"),
    ({"primary_key": Key(columns=("id", "a"))}, True, "t: primary key id → id, a"),
    ({"foreign_keys": ()}, False, "t: foreign key (a) → u (id) is gone"),
    ({"foreign_keys": (KEY.model_copy(update={"on_delete": "SET NULL"}),)}, True,
     "t: foreign key (a) → u (id): ON DELETE CASCADE → ON DELETE SET NULL"),
    ({"uniques": ()}, False, "t: unique (a) is gone"),
    ({"uniques": (*BASE.uniques, Key(columns=("n",)))}, True, "t: unique (n) is new"),
    ({"indexes": (*BASE.indexes, Index(name="u", columns=("e",), unique=True))}, True, "t: unique (e) is new"),
    ({"indexes": ()}, False, "t: index (n) is gone"),
    ({"checks": (CheckConstraint(name="c", expression="n > 1"),)}, True, "t: check c: n > 0 → n > 1"),
    ({"comment": "Other words"}, None, ""),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "breaks", "words"), CASES)
def test_a_change_is_one_sentence_and_breaks_or_not(changes, breaks, words):
    """What refuses rows that were accepted breaks; what accepts more does not."""
    before, after = (
        SchemaFacts(tables=(BASE,)),
        SchemaFacts(tables=(BASE.model_copy(update=changes),)),
    )
    found = [
        (is_breaking, said.replace("`", "")) for is_breaking, said in differences(before, after)
    ]
    assert found == ([(breaks, words)] if words else [])


@pytest.mark.parametrize(
    ("old", "new", "wider"),
    [("INTEGER", "BIGINT", True), ("BIGINT", "INTEGER", False), ("VARCHAR(5)", "TEXT", True),
     ("VARCHAR(5)", "VARCHAR", True), ("VARCHAR", "VARCHAR(5)", False), ("TEXT", "VARCHAR(5)", False),
     ("NUMERIC(10, 2)", "NUMERIC(10, 4)", False), ("NUMERIC(10, 2)", "DECIMAL(12, 4)", True),
     ("CHAR(4)", "VARCHAR(3)", False), ("TIMESTAMP", "DATE", False), ("vector(3)[]", "TEXT", False)],
)  # fmt: skip
def test_a_wider_type_holds_all_that_the_other_holds(old, new, wider):
    """What is not known to be wider is not called so."""
    assert is_wider(old, new) is wider
