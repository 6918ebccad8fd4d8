"""What the documentation promises is there."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from footnotary import __version__

ROOT = Path(__file__).parent.parent


def test_every_dependency_has_its_reason():
    """No package is required whose reason docs/dependencies.md does not give."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lists = [project["dependencies"], *project["optional-dependencies"].values()]
    names = {re.split(r"[\[<>=; ]", one)[0] for some in lists for one in some} - {"footnotary"}
    said = (ROOT / "docs" / "dependencies.md").read_text()
    assert not sorted(name for name in names if f"`{name}" not in said)


def test_every_dependency_is_pinned_with_its_hash_within_its_range():
    """requirements.txt installs what pyproject.toml allows, and only what its hashes name."""
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    pins = re.findall(
        r"^([a-z0-9-]+)==(\S+)[^\n]*((?:\n +--hash=sha256:[0-9a-f]{64}(?: \\)?)+)$",
        (ROOT / "requirements.txt").read_text(),
        re.MULTILINE,
    )
    pinned: dict[str, list[str]] = {}
    for name, version, _hashes in pins:
        pinned.setdefault(name, []).append(version)
    for requirement in map(Requirement, wanted):
        versions = pinned.get(canonicalize_name(requirement.name))
        assert versions, requirement.name
        assert all(requirement.specifier.contains(one) for one in versions), requirement


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_every_local_link_leads_somewhere(page):
    """The first page a reader sees has no dead link and no missing picture."""
    links = re.findall(r"\]\(([^)#]+)\)", (ROOT / page).read_text())
    missing = [one for one in links if "://" not in one and not (ROOT / one).exists()]
    assert not missing


def test_the_changelog_knows_this_version():
    """A version is described before it is released."""
    assert f"## [{__version__}]" in (ROOT / "CHANGELOG.md").read_text()


def test_every_setting_is_documented():
    """docs/settings.md has each setting, under the name it has in pyproject.toml."""
    from footnotary.config import Settings

    said = (ROOT / "docs" / "settings.md").read_text()
    names = Settings.model_fields
    assert not [n for n in names if f"`{n}`" not in said and f"`{n.replace('_', '-')}`" not in said]
