"""What the documentation promises is there."""

import ast
import json
import re
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest

from footnotary import DOCUMENTATION, __version__
from footnotary.reports import Result, formatted

ROOT = Path(__file__).parent.parent


def test_every_dependency_has_its_reason():
    """No package is required whose reason docs/dependencies.md does not give."""
    data = tomllib.loads((ROOT / "pyproject.toml").read_text())
    extras = data["project"]["optional-dependencies"].values()
    lists = [data["build-system"]["requires"], data["project"]["dependencies"], *extras]
    names = {re.split(r"[\[<>=; ]", one)[0] for some in lists for one in some} - {"footnotary"}
    said = (ROOT / "docs" / "dependencies.md").read_text()
    assert not sorted(name for name in names if f"`{name}" not in said)


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_every_local_link_leads_somewhere(page):
    """The first page a reader sees has no dead link and no missing picture."""
    links = re.findall(r"\]\(([^)#]+)\)", (ROOT / page).read_text())
    missing = [one for one in links if "://" not in one and not (ROOT / one).exists()]
    assert not missing


def read_project():
    """Return the project table of pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def test_the_documentation_has_one_address():
    """What the package, its metadata, the site and the hooks say of where it is agrees."""
    urls = read_project()["urls"]
    assert set(urls) == {"Documentation", "Source", "Changelog", "Issues"}
    assert urls["Documentation"] == DOCUMENTATION
    assert f"site_url: {DOCUMENTATION}\n" in (ROOT / "mkdocs.yml").read_text()
    assert all(urls[name].startswith(f"{urls['Source']}/") for name in ("Changelog", "Issues"))
    gate = (ROOT / "docs" / "gate.md").read_text()
    assert f"- repo: {urls['Source']}\n" in gate
    assert f"- uses: {urls['Source'].removeprefix('https://github.com/')}@v{__version__}\n" in gate


@pytest.mark.slow
def test_hints_lead_to_pages_that_are_published():
    """No message sends a user to a folder of this repository; each page it names exists."""
    pages = []
    for path in sorted((ROOT / "src").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.JoinedStr):
                pages += published_pages(node)
            if isinstance(node, ast.keyword) and node.arg == "hint":
                assert not re.search(r"docs/[a-z]+(\.md|/ )", ast.unparse(node.value)), path
    assert {"settings/", "rules/"} <= set(pages)
    for page in pages:
        names = [f"docs/{page}index.md", f"docs/{page.rstrip('/')}.md"]
        assert any((ROOT / name).exists() for name in names), page


def published_pages(node):
    """Return the pages of the documentation that an f-string names by a word of its own."""
    found = []
    for part, text in pairwise(node.values):
        named = isinstance(part, ast.FormattedValue) and ast.unparse(part.value) == "DOCUMENTATION"
        if named and isinstance(text, ast.Constant):
            found.append(re.match(r"[\w/-]*", text.value)[0])
    return found


def test_a_code_scanning_report_leads_to_each_rules_page():
    """SARIF names the published page of a rule, and that page is in the documentation."""
    run = json.loads(formatted("sarif", Result(())))["runs"][0]
    for rule in run["tool"]["driver"]["rules"]:
        assert rule["helpUri"] == f"{DOCUMENTATION}rules/{rule['id']}/"
        assert (ROOT / "docs" / "rules" / f"{rule['id']}.md").exists()


def test_the_readme_names_the_package_wherever_a_runner_could_take_another():
    """`uvx cite` would run a stranger's package; only `--from` and `--spec` are recommended."""
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        text = path.read_text()
        for match in re.finditer(r"(?:uvx|pipx run|uv tool run)\b[^`\n]*", text):
            assert re.search(r"--(from|spec) footnotary ", match[0]), (path, match[0])


def test_the_changelog_knows_this_version():
    """A version is described before it is released."""
    assert f"## [{__version__}]" in (ROOT / "CHANGELOG.md").read_text()


def test_every_setting_is_documented():
    """docs/settings.md has each setting, under the name it has in pyproject.toml."""
    from footnotary.config import Settings

    said = (ROOT / "docs" / "settings.md").read_text()
    names = Settings.model_fields
    assert not [n for n in names if f"`{n}`" not in said and f"`{n.replace('_', '-')}`" not in said]
