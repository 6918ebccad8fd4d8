"""What the reference leaves out because this Python cannot parse it."""

import pytest
from markdown import Markdown

from footnotary.project import Project
from footnotary.publishing.engine import build_site
from footnotary.publishing.initialising import initialise
from site_browser import ENGINES

FILES = {
    "shop/__init__.py": '"""A shop."""',
    "shop/good.py": 'def sell():\n    """Sell it."""\n',
    "shop/new.py": "\ntype of = = None\n",
    "shop/closed/__init__.py": "match = = 1\n",
    "shop/closed/inner.py": "x = 1\n",
    "src/other/__init__.py": "",
    "src/other/new.py": "x = = 1\n",
}
DIRECTIVES = {
    "shop": "",
    "shop.good": "",
    "shop.good.sell": "",
    "shop.new": "shop/new.py, line 2",
    "shop.new.anything": "shop/new.py, line 2",
    "shop.closed": "shop/closed/__init__.py, line 1",
    "shop.closed.inner": "shop/closed/__init__.py, line 1",
    "other.new": "src/other/new.py, line 1",
    "shop.nowhere": "",
    "elsewhere.new": "",
}


@pytest.fixture
def project(tmp_path):
    """A package of whose modules some are in a grammar that nobody has."""
    for name, text in {**FILES, "pyproject.toml": '[project]\nname = "shop"\n'}.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return Project(tmp_path)


def test_a_directive_is_left_out_where_a_file_on_the_way_cannot_be_parsed(project):
    """With the file and the line; samples and all that this Python can parse stay as they are."""
    extensions = ["pymdownx.superfences", "footnotary"]
    options = {"footnotary": {"root": str(project.root)}}
    for name, where in DIRECTIVES.items():
        text = f"Before.\n\n::: {name}\n    options: {{heading_level: 3}}\n\nBehind."
        html = Markdown(extensions=extensions, extension_configs=options).convert(text)
        assert ('class="fn-left-out"' in html) == bool(where), name
        assert ("heading_level" in html) != bool(where)
        assert where in html.replace("<code>", "").replace("</code>", "")
        assert html.startswith("<p>Before.</p>")
        assert html.endswith("<p>Behind.</p>") or not where
    sample = "```\n::: shop.new\n```\n\n    ::: shop.new\n"
    html = Markdown(extensions=extensions, extension_configs=options).convert(sample)
    assert "fn-left-out" not in html


@pytest.mark.slow
@pytest.mark.parametrize("engine", ENGINES)
def test_a_site_is_built_without_what_cannot_be_parsed(project, engine):
    """The page and the result say what is missing; a strict build does not fail."""
    pytest.importorskip(engine)
    initialise(project)
    (project.root / "docs/index.md").write_text("# Shop\n\n::: shop.new\n\n::: shop.good\n")
    built = build_site(project, strict=True, site_dir=project.root / "out", engine=engine)
    (left_out,) = built.left_out
    assert left_out.startswith("The reference of shop.new is left out: shop/new.py, line 2, cannot")
    assert "Sell it." in (built.site / "index.html").read_text()
