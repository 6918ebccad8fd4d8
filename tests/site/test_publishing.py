"""What carries a site to its readers: image, workflows, versions, and what programs read."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urljoin, urlsplit
from xml.etree import ElementTree as ET

import pytest

from footnotary import writing
from footnotary.documents.registry import KINDS
from footnotary.facts.options import ReadOptions
from footnotary.project import Project
from footnotary.publishing.engine import build_site
from footnotary.publishing.initialising import initialise, workflow

ROOT = Path(__file__).parent.parent.parent
ATOM = {"a": "http://www.w3.org/2005/Atom"}
MAP = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def linted(tool, *words, folder=ROOT):
    """Return what a linter says; skip where it is not installed."""
    path = shutil.which(tool, path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if path is None:
        pytest.skip(f"{tool} is not installed")
    return subprocess.run([path, *words], cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_the_image_of_the_site_passes_its_linters():
    """Hadolint finds nothing in the Dockerfile, the compose schema nothing in the service."""
    done = linted("hadolint", "Dockerfile.docs")
    assert (done.returncode, done.stdout) == (0, "")
    schema = ("--builtin-schema", "vendor.compose-spec")
    done = linted("check-jsonschema", *schema, "compose.docs.yml")
    assert done.returncode == 0, done.stdout


def test_the_image_of_the_site_is_pinned_and_without_rights():
    """Versions for images, hashes for packages, a user, a health check, one port on loopback."""
    text = (ROOT / "Dockerfile.docs").read_text()
    images = re.findall(r"^FROM (\S+)", text, re.MULTILINE)
    assert len(images) == 2
    assert all(re.search(r":\d+\.\d+\.\d+-", image) for image in images)
    assert "--require-hashes -r requirements.txt" in text
    last = text.rpartition("FROM ")[2]
    assert re.search(r"^USER [1-9]\d*$", last, re.MULTILINE)
    assert "HEALTHCHECK" in last
    assert "127.0.0.1:8001:8001" in (ROOT / "compose.docs.yml").read_text()
    server = (ROOT / "scripts/docs-server.conf").read_text()
    assert "listen 8001;" in server
    assert "EXPOSE 8001" in last


@pytest.mark.slow
@pytest.mark.parametrize(
    ("host", "schema"),
    [
        ("github", ("vendor.github-workflows",)),
        ("gitlab", ("vendor.gitlab-ci", "--data-transform", "gitlab-ci")),
    ],
)
def test_the_workflows_that_init_writes_pass_their_linters(host, schema, tmp_path):
    """Each fits its host's schema; zizmor finds nothing, and every action is pinned by commit."""
    name, content = workflow(host)
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    done = linted("check-jsonschema", "--builtin-schema", *schema, str(path))
    assert done.returncode == 0, done.stdout
    if host == "github":
        done = linted("zizmor", "--offline", str(path))
        assert done.returncode == 0, done.stdout
        used = re.findall("uses:.*", content)
        assert used
        assert all(re.search(r"@[0-9a-f]{40} # v", line) for line in used)


@pytest.fixture(scope="module")
def published(shop, tmp_path_factory):
    """The shop's site as it is published at an address."""
    root = tmp_path_factory.mktemp("published") / "shop"
    shutil.copytree(shop.root, root, ignore=shutil.ignore_patterns("site", ".footnotary"))
    project = Project(root)
    initialise(project)
    writing.write_document(project, "research", "pools", ReadOptions())
    path = root / "mkdocs.yml"
    path.write_text(path.read_text() + "site_url: https://docs.example.org/shop/\n")
    return build_site(project, strict=True).site


def _file_of(site, address):
    """Return the file behind an address of the published site."""
    path = urlsplit(address).path.removeprefix("/shop/")
    return site / path / "index.html" if not path or path.endswith("/") else site / path


@pytest.mark.slow
def test_feeds_lead_to_pages(published):
    """JSON, Atom, llms.txt and sitemap name files that are there, and anchors that are in them."""
    cited = json.loads((published / "feeds/citations.json").read_text())
    told = json.loads((published / "feeds/documents.json").read_text())
    assert (cited["schema"], told["schema"]) == (2, 1)
    for address in [
        *(one["page"] for one in (*cited["citations"], *told["documents"])),
        *(page for one in cited["citations"] for page in one["cited_by"]),
    ]:
        assert _file_of(published, f"/shop/{address}").is_file(), address
    listed = re.findall(r"\]\(([^)]+)\)", (published / "llms.txt").read_text())
    assert listed
    assert [one for one in listed if not (published / one).is_file()] == []
    places = [one.text for one in ET.parse(published / "sitemap.xml").iterfind("s:url/s:loc", MAP)]
    assert len(places) == len(set(places))
    assert [one for one in places if not _file_of(published, one).is_file()] == []
    for one in cited["citations"]:
        assert f"https://docs.example.org/shop/{one['page']}" in places
        assert f'id="{one["key"]}"' in _file_of(published, f"/shop/{one['page']}").read_text()


@pytest.mark.slow
def test_no_question_of_a_skeleton_is_published(published):
    """Neither on a page, nor in its Markdown, nor in the search index; the document keeps it."""
    asked = [
        line
        for kind in KINDS
        for part in kind.prose
        for line in part.markdown.split("\n")
        if line and not line.startswith("#")
    ]
    words = [plain for line in asked for plain in [re.sub(r"`.*", "", line).strip("_ ")] if plain]
    sources = [path.read_text() for path in Project(published.parent).current.rglob("*.md")]
    assert {line for line in asked for text in sources if line in text}
    assert list(published.rglob("RESEARCH-pools-*"))
    for path in published.rglob("*"):
        if path.suffix in (".html", ".md", ".json", ".xml", ".txt"):
            text = path.read_text("utf-8")
            assert not [one for one in words if one in text], path


@pytest.mark.slow
def test_the_atom_feed_is_one(published):
    """What RFC 4287 demands: ids, titles, dates, an author, links that lead to pages."""
    feed = ET.parse(published / "feeds/atom.xml").getroot()
    assert feed.tag == "{http://www.w3.org/2005/Atom}feed"
    assert feed.find("a:author/a:name", ATOM).text
    assert feed.find("a:link[@rel='self']", ATOM) is not None
    moment = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
    ids = []
    for part in (feed, *feed.iterfind("a:entry", ATOM)):
        assert len(part.findall("a:id", ATOM)) == len(part.findall("a:title", ATOM)) == 1
        assert moment.fullmatch(part.findtext("a:updated", namespaces=ATOM))
        ids.append(part.findtext("a:id", namespaces=ATOM))
    assert len(ids) == len(set(ids))
    for entry in feed.iterfind("a:entry", ATOM):
        address = urljoin(
            "https://docs.example.org/shop/feeds/", entry.find("a:link", ATOM).get("href")
        )
        assert _file_of(published, address).is_file()


@pytest.mark.slow
def test_every_page_has_valid_data_and_its_markdown(published):
    """JSON-LD parses and names what is cited; the Markdown lies beside every page."""
    named = 0
    for page in published.rglob("index.html"):
        assert page.with_name("index.md").is_file(), page
        for text in re.findall(
            r'<script type="application/ld\+json">(.*?)</script>', page.read_text()
        ):
            data = json.loads(text)
            assert data["@context"] == "https://schema.org"
            assert all(one["@type"] == "WebPage" and one["name"] for one in data["citation"])
            assert all(one["hasPart"]["@type"] == "Quotation" for one in data["citation"])
            named += len(data["citation"])
    assert named


@pytest.mark.slow
def test_versions_of_a_site_stand_side_by_side(shop, tmp_path):
    """Mike commits each into the branch that is published, pages of sources and feeds too."""
    pytest.importorskip("mike")
    root = tmp_path / "shop"
    shutil.copytree(shop.root, root, ignore=shutil.ignore_patterns("site", ".footnotary"))
    initialise(Project(root))

    def run(*words):
        environment = {
            **os.environ,
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "NO_MKDOCS_2_WARNING": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
        }
        done = subprocess.run(
            words, cwd=root, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    run("git", "init", "-q", "-b", "main")
    for name, value in (("user.name", "A"), ("user.email", "a@example.org")):
        run("git", "config", name, value)
    run("git", "add", "-A")
    run("git", "commit", "-qm", "all")
    for version in ("1.0", "2.0"):
        run(sys.executable, "-c", "from mike.driver import main; main()", "deploy", version)
    files = run("git", "ls-tree", "-r", "--name-only", "gh-pages").splitlines()
    for version in ("1.0", "2.0"):
        assert f"{version}/feeds/citations.json" in files
        assert any(
            re.fullmatch(rf"{version}/sources/notes-example-org-pool-\S+/index\.html", one)
            for one in files
        )
    versions = json.loads(run("git", "show", "gh-pages:versions.json"))
    assert {one["version"] for one in versions} == {"1.0", "2.0"}
