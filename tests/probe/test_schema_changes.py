# ruff: noqa: E501  one case a line
"""Changes of a schema in words: what breaks writers or readers, and what does not."""

from footnotary.documents.schema.changes import compare_schemas
from footnotary.documents.schema.said import holds_all
from footnotary.facts.schema import (
    CheckConstraint,
    Column,
    Exclusion,
    ForeignKey,
    Key,
    Numbering,
    Relationship,
    SchemaFacts,
    Table,
    TableIndex,
    View,
)
from tables import each_row

COLUMNS = (
    Column(name="id", type="INTEGER", nullable=False, primary_key=True),
    Column(name="a", type="VARCHAR(50)"),
    Column(name="n", type="NUMERIC(10, 2)", nullable=False),
    Column(name="e", type="kind", enum=("x", "y"), nullable=False),
)
KEY = ForeignKey(columns=("a",), table="u", target_columns=("id",), on_delete="CASCADE")
BASE = Table(name="t", columns=COLUMNS, primary_key=Key(columns=("id",)), foreign_keys=(KEY,),
             uniques=(Key(columns=("a",)),), checks=(CheckConstraint(name="c", expression="n > 0"),),
             indexes=(TableIndex(name="ix", columns=("n",)),))  # fmt: skip


ALWAYS = Numbering(kind="always", options={"start": "3"})
KIDS = Relationship(name="kids", table="t", class_name="T", direction="ONETOMANY")
OVERLAP = Exclusion(name="no_overlap", elements=("d WITH &&",), using="gist")


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
    (column("a", type="vector(3)"), None, "t.a: type VARCHAR(50) → vector(3)"),
    (column("a", decorator="Secret"), None, "t.a: values are written by Secret, no longer by none"),
    (column("a", attribute="b"), False, "t.a: attribute of the class a → b"),
    (column("a", enum=("x",), type="kind"), True, "t.a: type VARCHAR(50) → kind"),
    (column("e", enum=()), False, "t.e may be any value now"),
    (column("e", type="VARCHAR(2)"), None, "t.e: type kind → VARCHAR(2)"),
    (column("e", type="kind[]"), True, "t.e: type kind → kind[]"),
    (column("n", options={"domain": "NUMERIC CHECK (VALUE > 0)"}), None, "t.n: domain none → NUMERIC CHECK (VALUE > 0)"),
    ({"columns": COLUMNS[::-1]}, False, "t: columns in another order: e, n, a, id"),
    ({"relationships": (KIDS,)}, False, "t: relationship kids is new"),
    ({"ddl": "CREATE TABLE t () WITHOUT OIDS"}, None, "t: its DDL differs in what is not compared"),
    (column("n", computed="id * 2"), True, "t.n: generated none → id * 2"),
    ({"primary_key": Key(columns=("id", "a"))}, True, "t: primary key id → id, a"),
    ({"foreign_keys": ()}, False, "t: foreign key (a) → u (id) is gone"),
    ({"foreign_keys": (KEY.model_copy(update={"on_delete": "SET NULL"}),)}, True,
     "t: foreign key (a) → u (id): ON DELETE CASCADE → SET NULL"),
    ({"uniques": ()}, False, "t: unique (a) is gone"),
    ({"uniques": (*BASE.uniques, Key(columns=("n",)))}, True, "t: unique (n) is new"),
    ({"indexes": (*BASE.indexes, TableIndex(name="u", columns=("e",), unique=True))}, True, "t: unique (e) is new"),
    ({"indexes": ()}, False, "t: index (n) is gone"),
    ({"checks": (CheckConstraint(name="c", expression="n > 1"),)}, True, "t: check c: n > 0 → n > 1"),
    ({"comment": "Other words"}, False, "t: comment none → Other words"),
    ({"doc": "Other words"}, None, ""),
    (added(nullable=False, computed="n * 2", generated="stored"), False, "t.z is new"),
    (added(nullable=False, numbering=ALWAYS), False, "t.z is new"),
    (column("n", numbering=ALWAYS), True, "t.n: no identity → identity ALWAYS (start 3)"),
    (column("n", numbering=Numbering(kind="by default")), False, "t.n: no identity → identity BY DEFAULT"),
    (column("n", collation="de"), True, "t.n: collation none → de: order and equality of its values are others"),
    (column("n", comment="x"), False, "t.n: comment none → x"),
    (column("n", options={"on_conflict_not_null": "IGNORE"}), False, "t.n: on_conflict_not_null none → IGNORE"),
    (column("e", enum=("y", "x")), False, "t.e: values in another order: y, x"),
    ({"exclusions": (OVERLAP,)}, True, "t: exclusion no_overlap is new: (d WITH &&) USING gist"),
    ({"uniques": (Key(columns=("a",), deferrable=True),)}, False, "t: unique (a): DEFERRABLE none → INITIALLY IMMEDIATE"),
    ({"uniques": (Key(columns=("a",), options={"nulls_not_distinct": "yes"}),)}, True,
     "t: unique (a): nulls_not_distinct none → yes"),
    ({"uniques": (Key(columns=("a",), include=("n",)),)}, False, "t: unique (a): INCLUDE none → n"),
    ({"primary_key": Key(columns=("id",), include=("n",))}, False, "t: primary key (id): INCLUDE none → n"),
    ({"foreign_keys": (KEY.model_copy(update={"on_update": "CASCADE"}),)}, True,
     "t: foreign key (a) → u (id): ON UPDATE none → CASCADE"),
    ({"foreign_keys": (KEY.model_copy(update={"deferrable": True, "initially": "DEFERRED"}),)}, False,
     "t: foreign key (a) → u (id): DEFERRABLE none → INITIALLY DEFERRED"),
    ({"indexes": (TableIndex(name="ix", columns=("n",), where="n > 9"),)}, False, "t: index (n): WHERE none → n > 9"),
    ({"indexes": (TableIndex(name="ix", columns=("n",), using="gin"),)}, False, "t: index (n): USING none → gin"),
    ({"indexes": (TableIndex(name="ix", columns=("n",), include=("a",)),)}, False, "t: index (n): INCLUDE none → a"),
    ({"indexes": (*BASE.indexes, TableIndex(name="u", columns=("e",), unique=True, where="n > 1"))}, True,
     "t: partial unique index (e) is new: WHERE n > 1"),
    ({"indexes": (TableIndex(name="iy", columns=("n",)),)}, False, "t: index (n): name ix → iy"),
    ({"uniques": (Key(name="u", columns=("a",)),)}, False, "t: unique (a): name none → u"),
    ({"options": {"strict": "yes"}}, True, "t: strict none → yes"),
    ({"options": {"engine": "InnoDB"}}, False, "t: engine none → InnoDB"),
]  # fmt: skip


@each_row(("changes", "breaks", "words"), CASES)
def test_a_change_is_one_sentence_and_breaks_or_not(changes, breaks, words):
    """What refuses rows that were accepted breaks; what accepts more does not."""
    before, after = (
        SchemaFacts(tables=(BASE,)),
        SchemaFacts(tables=(BASE.model_copy(update=changes),)),
    )
    found = [
        (is_breaking, said.replace("`", "")) for is_breaking, said in compare_schemas(before, after)
    ]
    assert found == ([(breaks, words)] if words else [])


def test_types_of_two_dialects_are_not_compared():
    """`UUID` and `CHAR(32)` may be one type: only names are compared, and that is said."""
    other = BASE.model_copy(update={"columns": COLUMNS[:3]})
    other = other.model_copy(
        update={
            "columns": (*COLUMNS[1:], Column(name="z", type="LONGTEXT", nullable=False)),
            "foreign_keys": (),
        }
    )
    shown = View(name="v", columns=(Column(name="a", type="LONGTEXT"),))
    found = list(
        compare_schemas(
            SchemaFacts(dialect="postgresql", tables=(BASE,)),
            SchemaFacts(dialect="mysql", tables=(other,), views=(shown,)),
        )
    )
    assert [(breaks, said.replace("`", "")) for breaks, said in found] == [
        (
            None,
            "types are written for mysql instead of postgresql: only names, NULL and the columns of keys are compared",
        ),
        (True, "t.z is new and NOT NULL without a server default"),
        (True, "t.id is gone"),
        (False, "t: foreign key (a) → u (id) is gone"),
        (False, "view v is new"),
    ]


LOST = [
    (column("n", server_default="0"), {}, "t.n: server default 0 → none, and it is NOT NULL"),
    (column("n", numbering=ALWAYS), {}, "t.n: identity ALWAYS (start 3) → no identity"),
    (column("n", numbering=Numbering(kind="by default")), column("n", numbering=ALWAYS),
     "t.n: identity BY DEFAULT → identity ALWAYS (start 3)"),
    (column("n", autoincrement=True), {}, "t.n: no longer numbered"),
    ({"uniques": (Key(columns=("a",), deferrable=True),)}, {}, "t: unique (a): DEFERRABLE INITIALLY IMMEDIATE → none"),
    ({"exclusions": (OVERLAP,)}, {"exclusions": (OVERLAP.model_copy(update={"where": "n > 1"}),)}, None),
    ({"exclusions": (OVERLAP,)}, {}, None),
    (column("n", numbering=ALWAYS), column("n", numbering=Numbering(kind="by default")), None),
    (column("n", computed="id", generated="stored"), column("n", computed="id", generated="virtual"), None),
]  # fmt: skip


@each_row(("old", "new", "breaks"), LOST)
def test_what_was_promised_and_is_not_any_more(old, new, breaks):
    """Rows that left a column out, or waited for the end of the transaction, are refused now."""
    sides = (SchemaFacts(tables=(BASE.model_copy(update=one),)) for one in (old, new))
    ((is_breaking, said),) = compare_schemas(*sides)
    assert is_breaking is bool(breaks)
    assert breaks in (None, said.replace("`", ""))


def test_a_view_is_compared_by_its_columns_and_its_select():
    """A view is no table: its columns need no value, its rows are its SELECT's."""
    one = View(name="v", definition="SELECT 1", columns=COLUMNS[:1])
    more = one.model_copy(update={"columns": COLUMNS[:3], "definition": "SELECT 2"})
    found = list(compare_schemas(SchemaFacts(views=(one,)), SchemaFacts(views=(more,))))
    assert [is_breaking for is_breaking, _ in found] == [False, False, True]
    assert list(compare_schemas(SchemaFacts(views=(one,)), SchemaFacts())) == [
        (True, "view `v` is gone")
    ]


HELD = {
    "postgresql": (
        ("INTEGER", "BIGINT", True), ("BIGINT", "INTEGER", False), ("VARCHAR(5)", "TEXT", True),
        ("VARCHAR(5)", "VARCHAR", True), ("VARCHAR", "VARCHAR(5)", False), ("TEXT", "VARCHAR(5)", False),
        ("NUMERIC(10, 2)", "NUMERIC(10, 4)", False), ("NUMERIC(10, 2)", "DECIMAL(12, 4)", True),
        ("NUMERIC(10, 2)", "NUMERIC", True), ("NUMERIC", "NUMERIC(10, 2)", False), ("CHAR(4)", "VARCHAR(3)", False),
        ("CHAR(10)", "CHAR", False), ("CHAR", "CHAR(1)", True), ("VARCHAR(9)", "CHAR(9)", False), ("BIT(8)", "BIT", False),
        ("BIT(8)", "BIT(16)", False), ("BIT(8)", "BIT VARYING(8)", True), ("REAL", "FLOAT", True), ("FLOAT", "REAL", False),
        ("FLOAT(53)", "DOUBLE PRECISION", True), ("FLOAT(24)", "REAL", True), ("TIMESTAMP", "DATE", None),
        ("TIMESTAMP(3) WITHOUT TIME ZONE", "TIMESTAMP WITHOUT TIME ZONE", True), ("TIMESTAMP", "TIMESTAMP(3)", False),
        ("TIMESTAMP WITHOUT TIME ZONE", "TIMESTAMP WITH TIME ZONE", None), ("INTEGER[]", "BIGINT[]", True),
        ("BIGINT[]", "INTEGER[]", False), ("INTEGER[]", "INTEGER[][]", True), ("INTEGER", "INTEGER[]", False),
        ("vector(3)[]", "TEXT", None), ("vector(3)", "vector(4)", None), ("JSON", "JSONB", None), ("INTERVAL", "INTERVAL (3)", False),
        ("INTERVAL(3)", "INTERVAL", True), ("UUID", "TEXT", False)),
    "mysql": (
        ("NUMERIC(10, 2)", "NUMERIC", False), ("NUMERIC(8)", "NUMERIC", True), ("DATETIME(6)", "DATETIME", False),
        ("DATETIME", "DATETIME(6)", True), ("TIMESTAMP(3)", "TIMESTAMP", False), ("FLOAT(53)", "FLOAT", False),
        ("FLOAT", "FLOAT(53)", True), ("REAL", "FLOAT", False), ("FLOAT", "REAL", True), ("CHAR(10)", "CHAR", False),
        ("BINARY(4)", "BINARY", False), ("INTEGER", "INTEGER UNSIGNED", False), ("TINYINT UNSIGNED", "SMALLINT", True),
        ("INTEGER UNSIGNED", "BIGINT", True), ("NUMERIC(10, 2) UNSIGNED", "NUMERIC(10, 2)", True),
        ("LONGTEXT", "TEXT", False), ("BLOB(10)", "BLOB(5)", True),
        ("BLOB(100000)", "BLOB(10)", False), ("TEXT", "TEXT(200)", False), ("VARCHAR(50)", "TINYTEXT", True), ("BLOB", "MEDIUMBLOB", True),
        ("VARCHAR(9) CHARACTER SET utf8mb3", "VARCHAR(9)", None)),
    "sqlite": (("CHAR(10)", "CHAR", True), ("NUMERIC(10, 2)", "NUMERIC", True), ("REAL", "FLOAT", True)),
    "": (  # of the source alone
        ("String(50)", "String(90)", True), ("String(90)", "String(50)", False), ("Integer", "BigInteger", True),
        ("String(50)", "Text", True), ("String(50)", "String", True), ("str", "int", False), ("Unicode(9)", "String(9)", True),
        ("DateTime(timezone=True)", "DateTime", None), ("SmallInteger", "Integer", True), ("LargeBinary", "Text", False)),
    "oracle": (("NUMERIC(10, 2)", "NUMERIC", None), ("VARCHAR(9)", "VARCHAR", None), ("CHAR(9)", "CHAR", False)),
    "mssql": (("NUMERIC(10, 2)", "NUMERIC", False), ("TINYINT", "SMALLINT", True), ("SMALLINT", "TINYINT", False)),
}  # fmt: skip


def test_a_type_holds_all_that_another_holds_or_not_or_it_cannot_be_told():
    """A type without a length has the server's own; what is not known is neither wider nor not."""
    for dialect, cases in HELD.items():
        for old, new, fits in cases:
            assert holds_all(old, new, dialect) is fits, (dialect, old, new)
