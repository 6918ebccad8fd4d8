"""What is uploaded to a package index works where the checkout is not."""

import email
import json
import re
import shutil
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from checkout import copy_tracked, run
from footnotary import DOCUMENTATION, __version__

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The wheel and the source distribution, built from what git tracks by the locked hatchling."""
    pytest.importorskip("hatchling")
    folder = tmp_path_factory.mktemp("built")
    tree = copy_tracked(folder / "tree")
    words = ("-m", "hatchling", "build", "-t", "sdist", "-t", "wheel", "-d", folder / "dist")
    run(sys.executable, *words, folder=tree)
    shutil.rmtree(tree)
    (wheel,) = (folder / "dist").glob("*.whl")
    (sdist,) = (folder / "dist").glob("*.tar.gz")
    return wheel, sdist


@pytest.fixture(scope="module")
def installed(built, tmp_path_factory):
    """The folder of commands of an environment with the wheel; the checkout is not on its path."""
    folder = tmp_path_factory.mktemp("installed") / "environment"
    run(sys.executable, "-m", "venv", "--without-pip", folder, folder=folder.parent)
    (packages,) = folder.glob("lib/python3*/site-packages")
    # The libraries of this environment, without its links to the checkout: a folder that a .pth
    # file adds is not searched for further .pth files.
    (packages / "libraries.pth").write_text(str(Path(pytest.__file__).parent.parent))
    words = ("--no-deps", "--no-index", "--no-compile", "--quiet", built[0])
    python = folder / "bin" / "python"
    run(sys.executable, "-m", "pip", "--python", python, "install", *words, folder=folder.parent)
    return folder / "bin"


def test_the_wheel_runs_without_the_checkout(installed, tmp_path):
    """The three commands start from the wheel's own files, and a rule explains itself."""
    where = "import footnotary; print(footnotary.__file__)"
    said = run(installed / "python", "-c", where, folder=tmp_path)
    assert str(installed.parent) in said
    assert __version__ in run(installed / "footnotary", "--version", folder=tmp_path)
    for name in ("cite", "doc"):
        assert name in run(installed / name, "--help", folder=tmp_path)
    assert "CIT001" in run(installed / "doc", "check", "--explain", "CIT001", folder=tmp_path)


def test_library_skills_lists_the_skill_of_the_wheel(installed, tmp_path):
    """A project that declares footnotary is offered its skill, of the version that is installed."""
    pytest.importorskip("library_skills")
    (tmp_path / "pyproject.toml").write_text(
        '[project]\nname = "shop"\nversion = "1"\ndependencies = ["footnotary"]\n'
    )
    words = ("-m", "library_skills", "list", "--json")
    environment = {"UV_PROJECT_ENVIRONMENT": str(installed.parent), "PATH": "/usr/bin:/bin"}
    said = json.loads(run(sys.executable, *words, folder=tmp_path, env=environment))
    assert [(one["package"], one["version"]) for one in said["skills"]] == [
        ("footnotary", __version__)
    ]
    assert said["warnings"] == []


def test_the_tour_runs_from_the_wheel(installed, tmp_path):
    """Example, assets and theme layer are in the wheel: documents and site are made from it."""
    environment = {"PATH": f"{installed}:/usr/bin:/bin", "HOME": str(tmp_path), "NO_COLOR": "1"}
    run(installed / "footnotary", "tour", folder=tmp_path, env=environment)
    assert (tmp_path / "shop-tour" / "site" / "index.html").exists()
    assert sorted((tmp_path / "shop-tour").glob(".claude/docs/current/*/*.md"))


def test_the_source_distribution_builds_the_same_wheel(built, tmp_path):
    """Nothing that the wheel holds is missing from the source, and no site or record is in it."""
    wheel, sdist = built
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    (tree,) = tmp_path.iterdir()
    names = {path.name for path in tree.iterdir()}
    assert {"pyproject.toml", "requirements.txt", "requirements-dev.txt", "tests"} <= names
    assert not names & {"site", "citations", ".venv", ".git"}
    run(
        sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path / "x", folder=tree
    )
    (again,) = (tmp_path / "x").glob("*.whl")
    assert contents(again) == contents(wheel)


def contents(wheel):
    """Return the files of a wheel with the checksum of each."""
    with zipfile.ZipFile(wheel) as archive:
        return {one.filename: one.CRC for one in archive.infolist()}


def test_an_index_page_has_no_link_into_the_repository(built):
    """Every link and picture of the README leads to a page on the web, and says which."""
    with zipfile.ZipFile(built[0]) as archive:
        (name,) = (one for one in archive.namelist() if one.endswith(".dist-info/METADATA"))
        message = email.message_from_bytes(archive.read(name))
    body = message.get_payload(decode=True).decode()
    links = re.findall(r"\]\(([^)]+)\)", body)
    assert [one for one in links if not one.startswith(("https://", "#"))] == []
    for page in ("gate/", "rules/", "images/site.png"):
        assert f"]({DOCUMENTATION}{page})" in body
    assert message["Description-Content-Type"] == "text/markdown"
    labels = {one.partition(",")[0] for one in message.get_all("Project-URL")}
    assert labels == {"Documentation", "Source", "Changelog", "Issues"}
