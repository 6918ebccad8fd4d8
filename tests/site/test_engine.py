"""Building and serving: what fails says why; what changes is shown."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

from footnotary.cli.running import exit_code
from footnotary.errors import SiteError
from footnotary.project import Project
from footnotary.publishing import build, initialise
from footnotary.publishing.engine import StrictFailure

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("engine")]


@pytest.fixture
def copy(shop, tmp_path):
    """A copy of the shop that a test may change."""
    root = tmp_path / "shop"
    shutil.copytree(shop.root, root, ignore=shutil.ignore_patterns("site", ".footnotary"))
    project = Project(root)
    initialise(project)
    return project


def test_a_project_without_configuration_is_told_what_to_run(tmp_path):
    """No mkdocs.yml: one sentence, and the command that writes it."""
    with pytest.raises(SiteError, match=r"no mkdocs\.yml") as caught:
        build(Project(tmp_path))
    assert "footnotary init" in caught.value.hint


@pytest.mark.parametrize("engine", ["mkdocs", "properdocs", "zensical"])
def test_a_broken_record_fails_a_strict_build_with_its_file(copy, engine):
    """Without --strict the site is built, and the health page names the file."""
    (copy.citations / "bad-000000.yaml").write_text("schema: 1\n")
    with pytest.raises(StrictFailure, match=r"bad-000000\.yaml") as caught:
        build(copy, strict=True, engine=engine)
    assert caught.value.exit_code == 1
    built = build(copy, engine=engine)
    assert any("bad-000000.yaml" in warning for warning in built.warnings)
    assert "bad-000000.yaml" in (built.site / "sources/health/index.html").read_text().replace(
        "&#45;", "-"
    )


def test_a_missing_plugin_is_named_with_the_command_that_installs_it(copy):
    """The engine's own error becomes a sentence and a hint."""
    path = copy.root / "mkdocs.yml"
    path.write_text(path.read_text().replace("  - search\n", "  - search\n  - nosuch\n"))
    with pytest.raises(SiteError, match="nosuch") as caught:
        build(copy)
    assert "install" in caught.value.hint


def test_every_page_has_its_markdown_beside_it(copy):
    """Agents read the Markdown; llms.txt lists it."""
    site = build(copy, strict=True).site
    name = "documents/api-specs/API-shop-2026-11-23/index.md"
    assert "Seven operations.^[1]" in (site / name).read_text()
    listing = (site / "llms.txt").read_text()
    assert f"]({name})" in listing
    assert "API-shop-2026-11-01" in (site / "sitemap.xml").read_text() or "evidence" in listing


def test_a_site_of_files_links_with_files(copy):
    """`use_directory_urls: false` makes a site that opens without a server."""
    path = copy.root / "mkdocs.yml"
    path.write_text(path.read_text() + "use_directory_urls: false\n")
    site = build(copy, strict=True).site
    evidence = (site / "evidence.html").read_text()
    assert 'href="sources/notes-example-org-pool-1f09aa-' in evidence
    broken = [
        (page.name, target)
        for page in site.rglob("*.html")
        for target in _targets(page)
        if not (page.parent / target).resolve().is_file()
    ]
    assert broken == []


def _targets(page):
    """Return the relative files that the generated parts of a page link to."""
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(page.read_text())
    links = tree.css(".fn-page a, .fn-document a, .fn-source a")
    targets = [(one.attributes.get("href") or "").partition("#")[0] for one in links]
    return [one for one in targets if one and "://" not in one]


def test_the_authors_own_navigation_is_added_to(copy):
    """What is made follows the author's entries, and what they place themselves stays there."""
    path = copy.root / "mkdocs.yml"
    path.write_text(
        path.read_text() + "nav:\n  - Start: index.md\n  - Evidence: evidence.md\n"
        "  - Our API: documents/api-specs/API-shop-2026-11-23.md\n"
    )
    home = (build(copy, strict=True).site / "index.html").read_text()
    assert "Our API" in home
    assert home.index("Our API") < home.index("Notebook")


def test_wrong_words_end_with_a_sentence(tmp_path, monkeypatch, capsys):
    """The command's errors are one sentence and a hint, with the right exit code."""
    monkeypatch.chdir(tmp_path)
    assert exit_code("footnotary", ["site", "build"]) == 2
    assert "has no mkdocs.yml" in capsys.readouterr().err
    assert exit_code("footnotary", ["init", "--ci", "svn"]) == 2
    assert exit_code("footnotary", ["site", "build", "--engine", "nosuch"]) == 2


@pytest.mark.parametrize("engine", ["mkdocs", "zensical"])
def test_serving_shows_a_changed_document_and_a_new_citation(copy, engine):
    """The site is rebuilt when a document under the dot-folder or a record changes.

    A record that cannot be read does not end it.
    """
    (copy.citations / "bad-000000.yaml").write_text("schema: 1\n")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    choice = ("--engine", engine)
    server = subprocess.Popen(
        [sys.executable, "-m", "footnotary", "site", "serve", "-a", f"127.0.0.1:{port}", *choice],
        cwd=copy.root,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        page = f"{address}/documents/api-specs/API-shop-2026-11-23/"
        assert _shows(page, "Seven operations.")
        document = copy.current / "api-specs/API-shop-2026-11-23.md"
        document.write_text(document.read_text().replace("Seven operations", "Eight operations"))
        assert _shows(page, "Eight operations.")
        record = copy.citations / "keys-2f09aa.yaml"
        record.write_text(record.read_text().replace("Idempotency keys", "Keys, renamed"))
        assert _shows(f"{address}/sources/", "Keys, renamed")
        assert _shows(f"{address}/sources/health/", "bad-000000.yaml")
    finally:
        os.killpg(server.pid, signal.SIGTERM)  # SIGINT is ignored by jobs in a background
        server.wait(60)


def _shows(url, words):
    """Whether a page shows words within a minute."""
    for _ in range(120):
        try:
            with urllib.request.urlopen(url, timeout=20) as answer:
                if words in answer.read().decode():
                    return True
        except OSError:
            pass
        time.sleep(0.5)
    return False
