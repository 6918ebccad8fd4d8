# ruff: noqa: E501  one case a line
"""Which diagrams a SCHEMA document has, and what they are called."""

import re
from pathlib import Path

import pytest

from footnotary.documents.schema.diagrams import draw_diagrams, neighbourhood
from footnotary.facts.schema import Column, ForeignKey, SchemaFacts, Table, TableIndex
from site_browser import IN_A_BROWSER
from tables import each_row

GOLDEN = Path(__file__).parent / "golden"
MERMAID = Path(__file__).parents[1] / "src/footnotary/assets/vendor/mermaid.min.js"
_PARSING = (
    "async text => { try { await mermaid.parse(text); return '' } catch (e) { return e + '' } }"
)
NAMES = [
    "pk",
    "FK",
    "Uk",
    "pk-1",
    "fk(",
    "ª",
    "xº",
    "é",
    "名前",
    "\U0001d4b3",
    "a b",
    "1st",
    "-",
    "end",
    "%%{init}",
    'q"q',
    "a;b",
    "{",
    "}",
    "<b>",
    "\\",
    "__proto__",
    "title",
    "style",
    "classDef",
    "[",
    "",
    "e\u0301",
]


def titles(modules):
    """The headings of the diagrams of tables, one in each module of a list."""
    tables = [
        Table.model_validate({"name": f"t{number}", "module": module, "columns": []})
        for number, module in enumerate(modules)
    ]
    facts = SchemaFacts.model_validate({"tables": tables, "dialect": "postgresql"})
    return re.findall(r"^### (.*)", draw_diagrams(facts), re.MULTILINE)


@each_row(
    ("modules", "expected"),
    [
        # few tables are one diagram, whatever modules they are in
        (["shop.users", "shop.orders"] * 5, []),
        # domains are packages, without what all of them begin with and without `models`
        (["shop.users.models"] * 8 + ["shop.orders.models"] * 8, ["users", "orders"]),
        # a module for each table is no domain: the package above them is
        ([f"shop.users.t{n}" for n in range(9)] + [f"shop.orders.t{n}" for n in range(9)],
         ["users", "orders"]),
        ([f"shop.schemas.t{n}" for n in range(20)],
         ["All tables, part 1 of 2", "All tables, part 2 of 2"]),
        # tables without a class, beside others
        ([""] * 8 + ["shop.models"] * 8, ["Tables without a class", "shop"]),
    ],
)  # fmt: skip
def test_a_diagram_is_a_domain(modules, expected):
    """As many diagrams as there are domains worth one, named as short as can be."""
    assert titles(modules) == expected


@pytest.mark.slow
@IN_A_BROWSER[1]
def test_every_diagram_is_one_for_the_real_mermaid(chromium):
    """Those of all golden documents, and of a schema whose every name is a trap."""
    tables = []
    for at, name in enumerate(NAMES):
        columns = tuple(Column(name=one, type=other, nullable=False)
                        for one, other in zip(NAMES, [*NAMES[1:], "VARCHAR(3)"], strict=True))  # fmt: skip
        key = ForeignKey(columns=(name,), table=NAMES[at - 1] or "t", target_columns=("pk",))
        tables.append(Table(name=name or "t", columns=columns, foreign_keys=(key,)))
    known = {one.full_name: one for one in tables}
    texts = [draw_diagrams(SchemaFacts(tables=tuple(some))) for some in (tables, tables[:9])]
    texts += [neighbourhood(one, [tables[0]], known) for one in tables]
    texts += [path.read_text() for path in GOLDEN.glob("*.md")]
    found = [one for text in texts for one in re.findall(r"```mermaid\n(.*?)```", text, re.DOTALL)]
    assert len(found) > len(tables)
    assert 'pk_ "pk"' in "".join(found)
    page = chromium.new_page()
    page.add_script_tag(path=MERMAID)
    wrong = [(one, said) for one in found if (said := page.evaluate(_PARSING, one))]
    page.close()
    assert wrong == []


def grow_schema(count, shape):
    """A schema of so many tables: all of one (`hub`), each of the last (`chain`), or as a tree."""
    tables = []
    for at in range(count):
        targets = {"hub": [0], "chain": [at - 1], "tree": [0, at // 3]}.get(shape, [])
        columns = [Column(name="id", type="UUID", primary_key=True)]
        keys = [(f"organization_{n}_id", f"customer_order_{target}")
                for n, target in enumerate(targets) if 0 <= target < at]  # fmt: skip
        columns += [Column(name=name, type="UUID") for name, _ in keys]
        columns += [
            Column(name=f"created_{n}_at", type="TIMESTAMP WITH TIME ZONE") for n in range(9)
        ]
        tables.append(
            Table(
                name=f"customer_order_{at}",
                columns=tuple(columns),
                foreign_keys=tuple(
                    ForeignKey(columns=(name,), table=target, target_columns=("id",))
                    for name, target in keys
                ),
            )
        )
    return tuple(tables)


@pytest.mark.slow
@IN_A_BROWSER[1]
def test_the_text_of_a_diagram_is_large_enough_to_read(chromium):
    """At 1,280 px, where a page has 688 for it, its smallest text (14 px) is shown with 11."""
    spacing = re.search(
        r"SPACING = (\{.*?\});", MERMAID.parents[1].joinpath("diagrams.js").read_text()
    )
    page = chromium.new_page()
    page.add_script_tag(path=MERMAID)
    page.evaluate(f"mermaid.initialize({{startOnLoad: false, er: {spacing[1]}}})")
    small, found = [], {}
    for count in (10, 25, 60):
        for shape in ("hub", "chain", "tree", "alone"):
            tables = grow_schema(count, shape)
            text = draw_diagrams(SchemaFacts(tables=tables))
            text += neighbourhood(tables[0], list(tables[1:]), {t.full_name: t for t in tables})
            drawn = re.findall(r"```mermaid\n(.*?)```", text, re.DOTALL)
            found[count, shape] = len(drawn) - 1
            for one in drawn:
                svg = page.evaluate("async t => (await mermaid.render('one', t)).svg", one)
                width = float(re.search(r'viewBox="\S+ \S+ (\S+)', svg)[1])
                if 14 * 688 / width < 11:
                    small.append((count, shape, round(width), one))
    page.close()
    assert small == []
    assert all(number <= count / 2 for (count, _), number in found.items()), found


@pytest.mark.parametrize(("where", "edge"), [("", "||--o|"), ("active", "||--o{")])
def test_a_partial_unique_index_makes_no_one_to_one(where, edge):
    """It says nothing of the rows that it leaves out."""
    column = Column(name="a_id", type="INTEGER", nullable=False)
    key = ForeignKey(columns=("a_id",), table="a", target_columns=("id",))
    index = TableIndex(name="i", columns=("a_id",), unique=True, where=where)
    one = Table(name="b", columns=(column,), foreign_keys=(key,), indexes=(index,))
    assert edge in draw_diagrams(SchemaFacts(tables=(Table(name="a"), one)))


def test_a_type_is_shown_without_what_mermaid_cannot_hold():
    """Neither a comma nor the module of a class; the table in full is in the document."""
    types = {
        "NUMERIC(8, 2)": "NUMERIC",
        "DECIMAL(10,2)[]": "DECIMAL[]",
        "VARCHAR(20)": "VARCHAR(20)",
        "TIMESTAMP WITH TIME ZONE": "TIMESTAMPTZ",
        "TIMESTAMP(3) WITH TIME ZONE": "TIMESTAMPTZ(3)",
        "TIMESTAMP (3) WITHOUT TIME ZONE[]": "TIMESTAMP(3)[]",
        "time with time zone": "TIMETZ",
        "TIMESTAMP WITH LOCAL TIME ZONE": "TIMESTAMP_WITH_LOCAL_TIME_ZONE",
        "DOUBLE PRECISION": "DOUBLE_PRECISION",
        "ENUM('a', 'b')": "ENUM",
        "sa.Enum(Color, name=get('c'))": "Enum",
        "guid.GUID": "GUID",
        "UUID(as_uuid=True)": "UUID",
        "": "unnamed",
    }
    for written, shown in types.items():
        table = Table(name="t", columns=(Column(name="price", type=written),))
        text = draw_diagrams(SchemaFacts(tables=(table,)))
        assert re.search(r"(\S+) price", text)[1].strip("()") == shown.strip("()"), written


def test_a_large_schema_shows_keys_only_ten_tables_at_a_time():
    """What a reader can take in at once; the tables in full are below."""
    columns = (
        Column(name="id", type="INTEGER", primary_key=True),
        Column(name="words", type="TEXT"),
    )
    tables = tuple(Table(name=f"t{n}", columns=columns) for n in range(25))
    shown = re.findall(
        r"```mermaid\n(.*?)```", draw_diagrams(SchemaFacts(tables=tables)), re.DOTALL
    )
    assert [one.count(" {") for one in shown] == [9, 9, 7]
    assert "words" not in "".join(shown)
    assert "words" in draw_diagrams(SchemaFacts(tables=tables[:10]))
