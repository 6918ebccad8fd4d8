"""Inventories: fetched once a week, kept, and never asked for by a build."""

import contextlib
import functools
import http.server
import subprocess
import sys
import threading
import zlib

import pytest

from footnotary.fetch.fetcher import Fetcher
from footnotary.project import Project
from footnotary.publishing.engine import build_site
from footnotary.publishing.inventories import (
    FOLDER,
    USUAL,
    localise,
    refresh_inventories,
    stale_inventories,
)

ENTRIES = b"int py:class 1 library/functions.html#$ -\nshop.Thing py:class 1 thing.html#$ -\n"
INVENTORY = (
    b"# Sphinx inventory version 2\n# Project: Python\n# Version: 3\n"
    b"# The remainder of this file is compressed using zlib.\n" + zlib.compress(ENTRIES)
)
SIGNATURES = (
    "separate_signature",
    "show_signature_annotations",
    "signature_crossrefs",
    "show_root_heading",
)
CONFIGURATION = """\
site_name: shop
theme: {{name: material, font: false}}
plugins:
  - search
  - mkdocstrings: {{handlers: {{python: {{paths: [.], inventories: ["{url}"]}}}}}}
  - footnotary
markdown_extensions: [attr_list, md_in_html, tables]
"""


@contextlib.contextmanager
def serving(folder):
    """Serve a folder on loopback; yields its address."""
    handler = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        """Print nothing."""


@pytest.fixture
def library(tmp_path):
    """A served folder with an inventory, and one file that is none."""
    folder = tmp_path / "library"
    folder.mkdir()
    (folder / "objects.inv").write_bytes(INVENTORY)
    (folder / "page.inv").write_text("<html>Not here</html>")
    with serving(folder) as address:
        yield address


def shop(tmp_path, url):
    """A project whose reference has a type of the library."""
    root = tmp_path / "project"
    (root / "docs").mkdir(parents=True)
    (root / "mkdocs.yml").write_text(CONFIGURATION.format(url=url))
    (root / "shop.py").write_text(
        '"""The shop."""\n\n\ndef buy(count: int) -> int:\n    """Buy."""\n'
    )
    options = ", ".join(f"{name}: true" for name in SIGNATURES)
    (root / "docs" / "index.md").write_text(f"# Shop\n\n::: shop\n    options: {{{options}}}\n")
    return Project(root)


def refreshed(project):
    """Fetch what is stale, from loopback."""
    with Fetcher(allow_private=True, timeout=5) as fetcher:
        return refresh_inventories(project, stale_inventories(project), fetcher.get)


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["mkdocs", "properdocs", "zensical"])
def test_types_link_out_by_what_was_kept_and_the_build_asks_nobody(tmp_path, library, engine):
    """The link leads to the library's own address, after its server is gone too."""
    project = shop(tmp_path, f"{library}/objects.inv")
    assert refreshed(project) == ()
    (tmp_path / "library" / "objects.inv").unlink()
    built = build_site(project, strict=True, engine=engine)
    page = (built.site / "index.html").read_text()
    assert f"{library}/library/functions.html#int" in page


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["mkdocs", "zensical"])
def test_without_the_network_a_strict_build_holds(tmp_path, engine):
    """Nothing was ever kept: the types stand there without a link, and nobody warns."""
    project = shop(tmp_path, "https://127.0.0.1:9/objects.inv")
    notes = refreshed(project)
    assert len(notes) == 1
    assert notes[0].startswith("Types are not linked to https://127.0.0.1:9/objects.inv: ")
    built = build_site(project, strict=True, engine=engine)
    assert built.warnings == ()
    assert "buy" in (built.site / "index.html").read_text()


def test_an_inventory_is_fetched_once_a_week(tmp_path, library, monkeypatch):
    """Kept for seven days, then fetched again; what then fails stays as it was."""
    monkeypatch.setenv("FOOTNOTARY_NOW", "2026-11-23")
    project = shop(tmp_path, f"{library}/objects.inv")
    refreshed(project)
    assert stale_inventories(project) == ()
    monkeypatch.setenv("FOOTNOTARY_NOW", "2026-12-01")
    assert stale_inventories(project) == (f"{library}/objects.inv",)
    (tmp_path / "library" / "objects.inv").unlink()
    assert refreshed(project) == ()
    handlers = {"python": {"inventories": [f"{library}/objects.inv"]}}
    assert localise(handlers, project.root) == ()
    assert handlers["python"]["inventories"][0]["base_url"] == f"{library}/"


def test_what_is_no_inventory_is_not_kept(tmp_path, library):
    """A page of words behind the address is said to be none."""
    project = shop(tmp_path, f"{library}/page.inv")
    assert refreshed(project) == (
        f"Types are not linked to {library}/page.inv: not a Sphinx inventory.",
    )
    assert not (project.root / FOLDER).exists()


def test_a_kept_index_cannot_point_elsewhere(tmp_path):
    """Whoever can write the cache cannot make a build read other files."""
    project = shop(tmp_path, "https://docs.example.org/objects.inv")
    folder = project.root / FOLDER
    folder.mkdir(parents=True)
    (folder / "index.json").write_text(
        '{"https://docs.example.org/objects.inv": {"file": "../../secret.inv",'
        ' "base": "https://docs.example.org/", "fetched": "2026-11-23T00:00:00+00:00"}}'
    )
    (project.root / "secret.inv").write_bytes(INVENTORY)
    handlers = {"python": {"inventories": ["https://docs.example.org/objects.inv"]}}
    assert localise(handlers, project.root) == ("https://docs.example.org/objects.inv",)
    assert handlers["python"]["inventories"] == []


def test_an_author_decides_which_inventories(tmp_path):
    """None named: the usual ones; a list, an empty one too, is the author's word."""
    project = Project(tmp_path)
    assert stale_inventories(project) == ()
    (tmp_path / "mkdocs.yml").write_text("site_name: x\nplugins: [mkdocstrings]\n")
    assert stale_inventories(project) == USUAL
    (tmp_path / "mkdocs.yml").write_text(
        "plugins:\n  - mkdocstrings: {handlers: {python: {inventories: []}}}\n"
    )
    assert stale_inventories(project) == ()
    own = {"python": {"inventories": ["file:///own.inv", {"url": "own.inv"}]}}
    assert localise(own, tmp_path) == ()
    assert own["python"]["inventories"] == ["file:///own.inv", {"url": "own.inv"}]


@pytest.mark.slow
def test_the_command_says_what_is_not_linked_and_builds(tmp_path):
    """`footnotary site build` without a network ends well, with one note."""
    project = shop(tmp_path, "https://127.0.0.1:9/objects.inv")
    script = "from footnotary.cli.running import run; run('footnotary', ['site', 'build'])"
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=project.root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("note: Types are not linked to") == 1


@pytest.mark.slow
def test_a_superseded_reference_is_not_rendered_from_todays_code(tmp_path):
    """Two documents of one package: one set of anchors, and a strict build holds."""
    project = shop(tmp_path, "")
    (project.root / "mkdocs.yml").write_text(
        (project.root / "mkdocs.yml").read_text().replace('inventories: [""]', "inventories: []")
    )
    (project.root / "docs" / "index.md").write_text("# Shop\n")
    for folder, day in (("archive", "22"), ("current", "23")):
        path = project.root / ".claude/docs" / folder / f"implementation/IMPL-shop-2026-11-{day}.md"
        path.parent.mkdir(parents=True)
        options = "options: {show_root_heading: true}"
        path.write_text(f"# Implementation: shop\n\n::: shop\n    {options}\n\nAfter.\n")
    built = build_site(project, strict=True, engine="mkdocs")
    old = built.site / "documents/implementation/IMPL-shop-2026-11-22/index.html"
    assert "After." in old.read_text()
    assert 'id="shop' not in old.read_text()
    new = built.site / "documents/implementation/IMPL-shop-2026-11-23/index.html"
    assert 'id="shop.buy"' in new.read_text()
