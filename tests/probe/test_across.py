"""Links between the API and the SCHEMA document of one project, both ways."""

import re
import shutil
from pathlib import Path

import pytest

from footnotary import writing
from footnotary.documents.across import Relinking
from footnotary.documents.kinds import Region
from footnotary.documents.regions import regions_of, write_regions
from footnotary.facts.options import ReadOptions
from footnotary.probe.migrations import revisions
from footnotary.project import Project

SHOP = Path(__file__).parents[2] / "examples" / "shop"
MIGRATION = '''"""Say who ordered.

Revision ID: 1a
"""
from alembic import op
import sqlalchemy as sa

revision = "1a"
down_revision = None


def upgrade():
    op.create_table("orders", sa.Column("id", sa.Integer))
    op.create_index("ix", "products", ["sku"], schema="old")
    with op.batch_alter_table("customers") as batch_op:
        batch_op.drop_column("nickname")


def downgrade():
    op.drop_table("orders")
'''


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """The documents of the example with a migration, which speak of each other."""
    root = tmp_path_factory.mktemp("across") / "shop"
    shutil.copytree(
        SHOP, root, ignore=shutil.ignore_patterns(".venv", "__pycache__", ".claude", "citations")
    )
    versions = root / "alembic" / "versions"
    versions.mkdir(parents=True)
    (root / "alembic" / "env.py").write_text("")
    (versions / "1a.py").write_text(MIGRATION)
    project = Project(root)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FOOTNOTARY_NOW", "2026-11-23T12:00:00+00:00")
        for kind in ("api", "schema", "api"):
            writing.write_document(project, kind, "shop", ReadOptions())
    folder = root / ".claude/docs/current"
    return {path.name: path.read_text() for path in folder.rglob("*.md")}


@pytest.mark.slow
def test_models_and_tables_link_to_each_other(shop):
    """A model names the table whose rows it shows; the table the model and its operations."""
    api, schema = shop["API-shop-2026-11-23.md"], shop["SCHEMA-shop-2026-11-23.md"]
    shown = "Shows rows of [`orders`](../database-schemas/SCHEMA-shop-2026-11-23.md#table-orders)"
    assert "Class `src.orders.schemas.OrderOut` at `src/orders/schemas.py:25`. " + shown in api
    exposed = next(line for line in schema.splitlines() if "schemas.OrderOut" in line)
    assert "](../api-specs/API-shop-2026-11-23.md#model-orderout)" in exposed
    assert "[`POST /orders`](../api-specs/API-shop-2026-11-23.md#operation-post-orders)" in exposed


@pytest.mark.slow
def test_tables_and_migrations_link_to_each_other(shop):
    """A migration names its tables, and each table that is there its migrations."""
    schema = shop["SCHEMA-shop-2026-11-23.md"]
    row = next(line for line in schema.splitlines() if 'id="revision-1a"' in line)
    assert "`customers`, `old.products`, [`orders`](#table-orders)" in row
    assert "Migrations: [`1a`](#revision-1a)." in schema


@pytest.mark.slow
def test_every_link_between_the_documents_leads_somewhere(shop):
    """Each target is a file that is there, each anchor an element of that file."""
    anchors = {name: set(re.findall(r'<a id="([^"]+)"', text)) for name, text in shop.items()}
    links = [(name, *found) for name, text in shop.items()
             for found in re.findall(r"\]\(([^)#\s]*)#([^)]+)\)", text)]  # fmt: skip
    assert len(links) > 50
    for name, target, anchor in links:
        page = target.rpartition("/")[2] or name
        natural = "## " + anchor.replace("-", " ") in shop[page].lower()
        assert anchor in anchors[page] or natural, (name, target, anchor)


def test_a_batch_operation_names_its_table_once(tmp_path):
    """Columns of a batch are no tables."""
    folder = tmp_path / "migrations" / "versions"
    folder.mkdir(parents=True)
    (folder.parent / "env.py").write_text("")
    (folder / "1a.py").write_text(MIGRATION)
    (found,) = revisions(tmp_path)
    assert found.tables == ("customers", "old.products", "orders")


@pytest.mark.slow
def test_links_follow_a_document_that_was_renewed(tmp_path, monkeypatch):
    """The successor is linked to in the same transaction; prose stays as it is."""
    root = tmp_path / "shop"
    shutil.copytree(
        SHOP, root, ignore=shutil.ignore_patterns(".venv", "__pycache__", ".claude", "citations")
    )
    project = Project(root)
    monkeypatch.setenv("FOOTNOTARY_NOW", "2026-11-01")
    for kind in ("schema", "api"):
        writing.write_document(project, kind, "shop", ReadOptions())
    api = root / ".claude/docs/current/api-specs/API-shop-2026-11-01.md"
    prose = "My words about ](../database-schemas/SCHEMA-shop-2026-11-01.md#table-orders)."
    api.write_text(api.read_text().replace("## Decisions\n", f"## Decisions\n\n{prose}\n"))
    monkeypatch.setenv("FOOTNOTARY_NOW", "2026-11-20")
    writing.write_document(project, "schema", "shop", ReadOptions())
    text = api.read_text()
    assert "](../database-schemas/SCHEMA-shop-2026-11-20.md#table-orders)" in text
    assert text.count("SCHEMA-shop-2026-11-01") == 1
    assert prose in text
    (stored,) = (one for one in writing.stored_documents(project) if one.kind_name == "api")
    assert writing.refresh_document(project, stored, ReadOptions()).action == "unchanged"


def test_a_link_whose_anchor_is_gone_stays():
    """The superseded page still has it; on another page of the successor it is found."""
    moved = Relinking("API-a-1", {"API-a-2.md": "", "API-a-2.models-2.md": '<a id="model-x"></a>'})
    before = "[x](../api-specs/API-a-1.models.md#model-x) [y](../api-specs/API-a-1.md#model-y)"
    text = moved.document(f"{before}\n\n{write_regions((Region('page', before),))}")
    (region,) = regions_of(text)
    assert region.content.strip() == before.replace("1.models.md", "2.models-2.md")
    assert not region.edited
    assert text.startswith(f"{before}\n\n<!--")
