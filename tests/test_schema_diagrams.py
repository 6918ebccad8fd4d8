"""Which diagrams a SCHEMA document has, and what they are called."""

import re

import pytest

from footnotary.documents.schema.diagrams import diagrams
from footnotary.facts.schema import SchemaFacts, Table


def titles(modules):
    """The headings of the diagrams of tables, one in each module of a list."""
    tables = [
        Table.model_validate({"name": f"t{number}", "module": module, "columns": []})
        for number, module in enumerate(modules)
    ]
    facts = SchemaFacts.model_validate({"tables": tables, "dialect": "postgresql"})
    return re.findall(r"^### (.*)", diagrams(facts), re.MULTILINE)


@pytest.mark.parametrize(
    ("modules", "expected"),
    [
        # few tables are one diagram, whatever modules they are in
        (["shop.users", "shop.orders"] * 5, []),
        # domains are packages, without what all of them begin with and without `models`
        (["shop.users.models"] * 8 + ["shop.orders.models"] * 8, ["users", "orders"]),
        # a module for each table is no domain: the package above them is
        ([f"shop.users.t{n}" for n in range(9)] + [f"shop.orders.t{n}" for n in range(9)],
         ["users", "orders"]),
        ([f"shop.schemas.t{n}" for n in range(20)], []),
        # tables without a class, beside others
        ([""] * 8 + ["shop.models"] * 8, ["Tables without a class", "shop"]),
    ],
)  # fmt: skip
def test_a_diagram_is_a_domain(modules, expected):
    """As many diagrams as there are domains worth one, named as short as can be."""
    assert titles(modules) == expected
