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


@pytest.mark.parametrize(("where", "edge"), [("", "||--o|"), ("active", "||--o{")])
def test_a_partial_unique_index_makes_no_one_to_one(where, edge):
    """It says nothing of the rows that it leaves out."""
    column = Column(name="a_id", type="INTEGER", nullable=False)
    key = ForeignKey(columns=("a_id",), table="a", target_columns=("id",))
    index = TableIndex(name="i", columns=("a_id",), unique=True, where=where)
    one = Table(name="b", columns=(column,), foreign_keys=(key,), indexes=(index,))
    assert edge in draw_diagrams(SchemaFacts(tables=(Table(name="a"), one)))


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
    assert [one.count("{") for one in shown] == [9, 9, 7]
    assert "words" not in "".join(shown)
    assert "words" in draw_diagrams(SchemaFacts(tables=tables[:10]))
