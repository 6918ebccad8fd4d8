"""What a page of a built site leads to in vain is found, the same on every engine."""

import pytest

from footnotary.project import Project
from footnotary.publishing.engine import StrictFailure, build_site, find_dead_links
from footnotary.publishing.initialising import initialise

# What a page holds, and what of it is dead: kind and address.
CASES = [
    ('<a href="b/">x</a>', []),
    ('<a href="b/index.html#here">x</a>', []),
    ('<a href="b/#there">x</a>', [("anchor", "b/#there")]),
    ('<a href="b/#:~:text=words">x</a>', []),
    ('<a href="b/#named">x</a>', []),
    ('<a href="#">x</a><a href="#top">y</a><a href="#own">z</a>', []),
    ('<a href="#nowhere">x</a>', [("anchor", "#nowhere")]),
    ('<a href="gone.md">x</a>', [("link", "gone.md")]),
    ('<a href="empty/">a folder without a page</a>', [("link", "empty/")]),
    ('<a href="a%20b.txt?v=1">x</a>', []),
    ('<a href="../outside.html">x</a>', [("link", "../outside.html")]),
    ('<a href="https://x.example/gone">x</a><a href="//x.example/">y</a>', []),
    ('<a href="mailto:a@x.example">x</a><a href="/elsewhere/">y</a>', []),
    ('<img src="gone.png"><img src="data:,x">', [("image", "gone.png")]),
    ('<video><source src="gone.webm"></video>', [("file", "gone.webm")]),
    (f'<a href="{"a" * 300}">x</a>', [("link", "a" * 300)]),
    ('<a href="gone.md">x</a><a href="gone.md">again</a>', [("link", "gone.md")]),
]


def write(path, content):
    """Write a page whose words are in an element of their own."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"<html><body><article id=own>{content}</article></body></html>")


def test_each_address_in_the_words_of_a_page_is_followed(tmp_path):
    """Files, folders, anchors, queries and escapes as a server answers them."""
    site = tmp_path / "site"
    write(site / "b/index.html", '<h1 id="here">B</h1><a name="named">x</a>')
    (site / "empty").mkdir()
    (site / "a b.txt").write_text("x")
    (tmp_path / "outside.html").write_text("x")
    for content, dead in CASES:
        write(site / "index.html", content)
        found = find_dead_links(site, tmp_path / "docs")
        assert [(one.kind, one.address) for one in found] == dead, content


def test_pages_of_others_are_left_alone(tmp_path):
    """404.html is served at any depth, and an HTML file of the author's own is a copy."""
    site, docs = tmp_path / "site", tmp_path / "docs"
    for name in ("404.html", "report/index.html", "page/index.html"):
        write(site / name, '<a href="gone.md">x</a>')
    write(docs / "report/index.html", "as it is")
    assert [one.page for one in find_dead_links(site, docs)] == ["page/index.html"]


def test_the_entries_of_the_navigation_are_followed_once(tmp_path):
    """They are on every page; the first page's are looked at."""
    site = tmp_path / "site"
    for name in ("index.html", "b/index.html"):
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text('<nav><a href="gone/">Gone</a></nav><main>words</main>')
    assert [str(one) for one in find_dead_links(site, tmp_path)] == [
        "index.html: the link 'gone/' does not lead to a file of the site"
    ]


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["mkdocs", "properdocs", "zensical"])
def test_a_strict_build_fails_for_each_on_every_engine(tmp_path, engine):
    """A link, an image and an anchor are named in one run; without --strict they are warnings."""
    pytest.importorskip(engine)
    root = tmp_path / "shop"
    (root / "docs").mkdir(parents=True)
    (root / "docs/index.md").write_text("# A\n\n[a](gone.md) ![b](gone.png) [c](#nowhere)\n")
    (root / "pyproject.toml").write_text('[project]\nname = "shop"\nversion = "1"\n')
    project = Project(root)
    initialise(project)
    with pytest.raises(StrictFailure) as caught:
        build_site(project, strict=True, engine=engine)
    assert all(one in str(caught.value) for one in ("gone", "gone.png", "#nowhere"))
    assert caught.value.exit_code == 1
    assert len(build_site(project, engine=engine).warnings) == 3
