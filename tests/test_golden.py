"""The four documents of the example, whole; `pytest --update-golden` rewrites them."""

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from footnotary.documents.kinds import Context
from footnotary.documents.registry import kind_named
from footnotary.facts.options import ReadOptions
from footnotary.project import Project
from footnotary.writing.reading import read_facts

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
SHOP = HERE.parent / "examples" / "shop"


@pytest.mark.parametrize("name", ["api", "schema", "deploy", "impl"])
def test_the_documents_of_the_example_are_as_agreed(name, tmp_path, request):
    """A change in what a document says is a change that somebody has looked at."""
    root = tmp_path / "shop"
    shutil.copytree(SHOP, root, ignore=shutil.ignore_patterns("__pycache__"))
    options = ReadOptions(dialect="postgresql")
    kind = kind_named(name)
    facts = read_facts(Project(root), name, "shop", options)
    context = Context(
        project="shop", today=date(2026, 11, 23), stem=f"{kind.prefix}-shop-2026-11-23"
    )
    parts = kind.render(facts, context)
    said = "\n\n".join(part.markdown for part in parts if part.markdown) + "\n"
    said = re.sub(r"(fastapi|sqlalchemy|starlette)/\S+?\.py:\d+", r"\1/….py", said)
    golden = HERE / "golden" / f"{name}.md"
    if request.config.getoption("--update-golden"):
        golden.write_text(said, encoding="utf-8")
    assert said == golden.read_text(encoding="utf-8"), "look at the diff, then --update-golden"
