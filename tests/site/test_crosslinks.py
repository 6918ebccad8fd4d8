"""From route to operation, from name to reference; what is no such thing stays as it is."""

import pytest

from footnotary.project import Project
from footnotary.publishing.collection import collect
from footnotary.publishing.document_pages import render_document_page

API = """# API: shop

### <a id="operation-get-orders"></a>`GET /orders`

- Handler: `shop.router.listed` at `shop/router.py:4`, not `other.router.listed`

```text
`shop.router.listed`
```
"""
SCHEMA = '# Schema\n\n### <a id="table-orders"></a>`orders`\n\nClass `shop.models.Order`.\n'
IMPL = """# Implementation

| Route | Tables |
| --- | --- |
| `GET /orders` | `orders`, `lines` |

[`orders`](#own) and ``orders`` and <!-- `orders` -->

::: shop.router
    options: {filters: ["`orders`"]}

::: shop.models
"""


@pytest.fixture
def pages(tmp_path):
    """The text of each document as the site has it."""
    current = Project(tmp_path).current
    for place, text in (
        ("api-specs/API-shop-2026-11-23", API),
        ("database-schemas/SCHEMA-shop-2026-11-23", SCHEMA),
        ("implementation/IMPL-shop-2026-11-23", IMPL),
        ("implementation/IMPL-other-2026-11-23", IMPL.replace("shop.", "nothing.")),
    ):
        path = current / f"{place}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    collection = collect(Project(tmp_path))
    return {one.stem: render_document_page(collection, one) for one in collection.documents}


def test_a_name_leads_to_its_reference(pages):
    """Where the IMPL document of the project shows the module; code blocks are left alone."""
    page = pages["API-shop-2026-11-23"]
    assert page.count('<autoref optional identifier="shop.router.listed">') == 1
    assert "`other.router.listed`" in page
    assert "```text\n`shop.router.listed`\n```" in page
    assert 'identifier="shop.models.Order"' in pages["SCHEMA-shop-2026-11-23"]


def test_a_route_leads_to_its_operation_and_its_tables(pages):
    """In the documents of one project; links, headings, comments and directives stay whole."""
    page = pages["IMPL-shop-2026-11-23"]
    assert "[`GET /orders`](../api-specs/API-shop-2026-11-23.md#operation-get-orders)" in page
    assert "[`orders`](../database-schemas/SCHEMA-shop-2026-11-23.md#table-orders), `lines`" in page
    assert "[`orders`](#own) and ``orders`` and <!-- `orders` -->" in page
    assert 'options: {filters: ["`orders`"]}' in page
    assert (
        IMPL.replace("shop.", "nothing.").partition("\n")[2].strip()
        in (pages["IMPL-other-2026-11-23"])
    )
