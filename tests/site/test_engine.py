"""Building and serving: what fails says why; what changes is shown."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from base64 import b64encode
from hashlib import sha256

import pytest

from footnotary import writing
from footnotary.cli.running import exit_code
from footnotary.errors import FootnotaryError, SiteError
from footnotary.facts.options import ReadOptions
from footnotary.project import Project
from footnotary.publishing import engine as engine_module
from footnotary.publishing.engine import StrictFailure, build_site
from footnotary.publishing.initialising import initialise
from site_browser import ENGINES

pytestmark = pytest.mark.slow


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
        build_site(Project(tmp_path))
    assert "footnotary init" in caught.value.hint


@pytest.mark.parametrize("engine", ENGINES)
def test_a_strict_build_fails_with_what_is_broken_or_blocked(copy, engine):
    """A record that does not read, a script that is not the theme's: each is named with its file.

    Without --strict the site is built: the health page names the record, and the policy has as
    many hashes as that of a page without the script.
    """
    pytest.importorskip(engine)
    (copy.citations / "bad-000000.yaml").write_text("schema: 1\n")
    page = copy.root / "docs/evidence.md"
    page.write_text(f"{page.read_text()}\n<script>window.own = 1</script>\n")
    with pytest.raises(StrictFailure, match=r"bad-000000\.yaml") as caught:
        build_site(copy, strict=True, engine=engine)
    assert caught.value.exit_code == 1
    assert re.search(r"evidence.*blocks an inline script, 'window.own = 1'", str(caught.value))
    built = build_site(copy, engine=engine)
    for words in ("bad-000000.yaml", "window.own"):
        assert any(words in warning for warning in built.warnings), words
    health = built.site / "sources/health/index.html"
    assert "bad-000000.yaml" in health.read_text().replace("&#45;", "-")
    allowed = hashes(built.site / "evidence/index.html")
    assert len(allowed) == len(hashes(health)) > 0
    assert f"'sha256-{b64encode(sha256(b'window.own = 1').digest()).decode()}'" not in allowed
    assert hashes(built.site / "404.html")


@pytest.mark.parametrize("engine", ["mkdocs", "zensical"])
def test_a_site_stays_until_the_next_one_is_whole(copy, engine):
    """What fails, or may not be published, replaces nothing; hidden files stay; nothing is left."""
    pytest.importorskip(engine)
    site = copy.root / "site"
    (site / "gone").mkdir(parents=True)
    for name in ("index.html", "gone/index.html", ".git"):
        (site / name).write_text("before")
    there = {path.name for path in copy.root.iterdir()}
    path = copy.root / "mkdocs.yml"
    whole = path.read_text()
    path.write_text(whole.replace("theme:", "theme: {name: nowhere}\nother:"))
    with pytest.raises(SiteError):
        build_site(copy, engine=engine)
    path.write_text(whole)
    page = copy.root / "docs/index.md"
    page.write_text(page.read_text() + "\n[nowhere](nowhere.md)\n")
    with pytest.raises(StrictFailure):
        build_site(copy, strict=True, engine=engine)
    for folder in (copy.root, copy.root / "docs"):
        with pytest.raises(SiteError, match="is in it"):
            build_site(copy, site_dir=folder, engine=engine)
    assert (site / "gone/index.html").read_text() == (site / "index.html").read_text() == "before"
    build_site(copy, engine=engine)
    assert (site / ".git").read_text() == "before"
    assert "nowhere" in (site / "index.html").read_text()
    assert not (site / "gone").exists()
    assert {path.name for path in copy.root.iterdir()} - there <= {".footnotary"}


def hashes(page):
    """The hashes of scripts in a page's policy."""
    return set(re.findall(r"'sha256-[^']+'", page.read_text()))


@pytest.mark.parametrize("engine", ["mkdocs", "zensical"])
def test_an_author_may_do_without_policy_and_guard(copy, engine):
    """The plugin's options hold for every engine."""
    path = copy.root / "mkdocs.yml"
    path.write_text(
        path.read_text().replace(
            "  - footnotary\n",
            "  - footnotary:\n      policy: false\n      guard_docstrings: false\n",
        )
    )
    (copy.root / "marked.py").write_text('"""Its <b class=marked>words</b>."""\n')
    (copy.root / "docs/marked.md").write_text("# Marked\n\n::: marked\n")
    page = (build_site(copy, strict=True, engine=engine).site / "marked/index.html").read_text()
    assert "Content-Security-Policy" not in page
    assert "<b class=marked>" in page


def test_a_site_that_is_put_in_its_place_is_whole_or_as_before(tmp_path, monkeypatch):
    """An interruption while folders are moved, or a full disk, leaves the earlier site."""
    for error, told in ((KeyboardInterrupt(), KeyboardInterrupt), (OSError(28, "full"), SiteError)):
        folder = tmp_path / told.__name__
        for name in ("site/old", "site/same", "made/new", "made/same"):
            (folder / name).mkdir(parents=True)
            (folder / name / "index.html").write_text(name)
        calls = iter([None, None, None, error])
        move = shutil.move

        def failing(source, target, calls=calls, move=move):
            """Move, but for the fourth time."""
            if (failure := next(calls, None)) is not None:
                raise failure
            return move(source, target)

        monkeypatch.setattr("footnotary.publishing.engine.shutil.move", failing)
        with pytest.raises(told):
            engine_module._replace(folder / "site", folder / "made", folder / "before")
        monkeypatch.undo()
        there = {one.name: (one / "index.html").read_text() for one in (folder / "site").iterdir()}
        assert there == {"old": "site/old", "same": "site/same"}


def test_a_site_behind_a_link_is_replaced_where_it_is(copy, tmp_path, monkeypatch):
    """The link stays, and what is built lies on the file system of what it leads to."""
    behind = tmp_path / "elsewhere" / "published"
    behind.mkdir(parents=True)
    (behind / "old.html").write_text("old")
    (copy.root / "site").symlink_to(behind)
    made = []
    folder = tempfile.TemporaryDirectory

    def noted(**where):
        made.append(where["dir"])
        return folder(**where)

    monkeypatch.setattr("footnotary.publishing.engine.tempfile.TemporaryDirectory", noted)
    build_site(copy, engine="mkdocs")
    assert (copy.root / "site").is_symlink()
    assert (behind / "index.html").is_file()
    assert not (behind / "old.html").exists()
    assert made[:1] == [behind.parent]
    assert [one.name for one in behind.parent.iterdir()] == ["published"]


def test_a_folder_of_ours_that_leads_elsewhere_is_not_written_to(copy, tmp_path):
    """A link in `.footnotary` may have come with the project."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (copy.root / ".footnotary").symlink_to(elsewhere)
    with pytest.raises(FootnotaryError, match=r"symbolic link.*\.footnotary"):
        build_site(copy, engine="zensical")
    assert list(elsewhere.iterdir()) == []
    (copy.root / ".footnotary").unlink()
    (copy.root / ".footnotary/zensical").mkdir(parents=True)
    (copy.root / ".footnotary/zensical/docs").symlink_to(elsewhere)
    build_site(copy, engine="zensical")
    assert list(elsewhere.iterdir()) == []


def test_a_module_may_be_shown_by_an_authors_page_too(copy):
    """The IMPL document shows all modules; a name leads to the nearest page, without a warning."""
    package = copy.root / "shop"
    package.mkdir()
    (package / "__init__.py").write_text('"""The shop; see `shop.models.Order`."""\n')
    (package / "models.py").write_text('"""Models."""\n\n\nclass Order:\n    """An order."""\n')
    writing.write_document(copy, "impl", "shop", ReadOptions())
    (copy.root / "docs" / "models.md").write_text("# Models\n\n::: shop.models\n")
    site = build_site(copy, strict=True, engine="mkdocs").site
    assert 'id="shop.models.Order"' in (site / "models/index.html").read_text()
    (page,) = site.glob("documents/implementation/IMPL-shop-*/index.html")
    assert 'id="shop.models.Order"' in page.read_text()


def test_a_missing_plugin_is_named_with_the_command_that_installs_it(copy):
    """The engine's own error becomes a sentence and a hint."""
    path = copy.root / "mkdocs.yml"
    path.write_text(path.read_text().replace("  - search\n", "  - search\n  - nosuch\n"))
    with pytest.raises(SiteError, match="nosuch") as caught:
        build_site(copy)
    assert "install" in caught.value.hint


@pytest.mark.parametrize("engine", ["mkdocs", "zensical"])
def test_every_page_has_its_markdown_beside_it(copy, engine):
    """Agents read the Markdown; llms.txt lists that of every page but those of single sources."""
    site = build_site(copy, strict=True, engine=engine).site
    pages = {path.relative_to(site) for path in site.rglob("index.html")}
    assert len(pages) > 10
    assert [page for page in pages if not (site / page).with_suffix(".md").is_file()] == []
    beside = {page.with_suffix(".md").as_posix() for page in pages}
    of_sources = {one for one in beside if one.startswith("sources/")}
    listed = set(re.findall(r"\]\(([^)]+\.md)\)", (site / "llms.txt").read_text()))
    assert listed == beside - of_sources
    for name, words in (
        ("documents/api-specs/API-shop-2026-11-23", "Seven operations.^[1]"),
        ("documents/api-specs/API-shop-2026-11-01", "Six operations."),
        ("evidence", "A pool of five.^[pool-1f09aa]"),
    ):
        assert words in (site / name / "index.md").read_text()
        assert f"{name}/index.md" in listed


def test_a_site_of_files_links_with_files(copy):
    """`use_directory_urls: false` makes a site that opens without a server."""
    path = copy.root / "mkdocs.yml"
    path.write_text(path.read_text() + "use_directory_urls: false\n")
    site = build_site(copy, strict=True).site
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
    home = (build_site(copy, strict=True).site / "index.html").read_text()
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
