"""`init` adds what is missing, keeps all else, and a second run changes nothing."""

import subprocess
import time
import tomllib
from dataclasses import replace

import pytest
import yaml

from footnotary.cli.running import exit_code
from footnotary.config import load_settings
from footnotary.errors import SiteError, UsageError
from footnotary.project import Project
from footnotary.publishing.configuration import (
    find_configuration,
    new_configuration,
    read_mkdocs_yml,
)
from footnotary.publishing.initialising import initialise, propose_settings
from footnotary.publishing.pages import home_page
from tables import each_row

AUTHORS = """\
# The author's own site
site_name: Mine   # with a comment
theme:
    name: material
    features: &features
      - navigation.tabs
plugins:
  - search:
      lang: en
  - footnotary
extra:
  version: !ENV [VERSION, "dev"]
  same: *features
markdown_extensions:
  - admonition
  - pymdownx.emoji:
      emoji_index: !!python/name:material.extensions.emoji.twemoji
nav:
  - Home: index.md
"""


def test_an_empty_project_gets_all_it_needs(tmp_path):
    """mkdocs.yml, a home page, citations/ and .gitignore, named after the project."""
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "a: b"\ndescription = "Its {x}."\n')
    plan = initialise(Project(tmp_path))
    assert [one.path for one in plan.changes] == [
        "mkdocs.yml",
        "docs/index.md",
        "citations/README.md",
        ".gitignore",
    ]
    text = (tmp_path / "mkdocs.yml").read_text()
    data = yaml.load(text.replace("!!python/name:", ""), yaml.SafeLoader)
    assert data["site_name"] == "a: b"
    assert data["theme"]["font"] is False
    assert "footnotary" in data["plugins"]
    assert ".footnotary/" in (tmp_path / ".gitignore").read_text()


@pytest.mark.slow
def test_a_second_run_changes_nothing(tmp_path):
    """`init` is idempotent, on its own file and on an author's."""
    for before in ("", AUTHORS, "site_name: x\nplugins: [search]\n"):
        root = tmp_path / str(len(before))
        root.mkdir()
        if before:
            (root / "mkdocs.yml").write_text(before)
        initialise(Project(root))
        assert initialise(Project(root)).changes == ()


def test_an_authors_file_is_only_added_to(tmp_path):
    """Comments, anchors, tags, order and options stay; lists are merged by name."""
    (tmp_path / "mkdocs.yml").write_text(AUTHORS)
    plan = initialise(Project(tmp_path))
    after = (tmp_path / "mkdocs.yml").read_text()
    removed = [
        line
        for line in plan.changes[0].diff.splitlines()
        if line.startswith("-") and line[1:2] != "-"
    ]
    assert removed == []
    assert "# with a comment" in after
    assert "&features" in after
    assert "*features" in after
    assert '!ENV [VERSION, "dev"]' in after
    assert "!!python/name:material.extensions.emoji.twemoji" in after
    assert after.count("footnotary") == 1
    assert after.count("admonition") == 1
    assert "mkdocstrings" in after
    assert "font: false" in after


def test_a_dry_run_writes_nothing(tmp_path):
    """The plan is the same, the folder stays empty."""
    assert initialise(Project(tmp_path), dry_run=True).changes
    assert list(tmp_path.iterdir()) == []


def test_another_theme_stays(tmp_path):
    """An author's choice of theme is none of ours."""
    (tmp_path / "mkdocs.yml").write_text("site_name: x\ntheme:\n  name: readthedocs\n")
    initialise(Project(tmp_path))
    assert "name: readthedocs" in (tmp_path / "mkdocs.yml").read_text()
    assert "font" not in (tmp_path / "mkdocs.yml").read_text()


@each_row("text", ["- a\n- b\n", "a: [1\n", "x: &a\n  <<: *b\n", "\tsite_name: x"])
def test_what_is_no_configuration_is_refused_and_left(tmp_path, text):
    """A file that cannot be read is an error, and stays as it is."""
    (tmp_path / "mkdocs.yml").write_text(text)
    with pytest.raises(SiteError):
        initialise(Project(tmp_path))
    assert (tmp_path / "mkdocs.yml").read_text() == text


def test_the_docs_folder_of_the_author_is_used(tmp_path):
    """The home page goes where mkdocs.yml looks for it, and only where there is none."""
    (tmp_path / "mkdocs.yml").write_text("site_name: x\ndocs_dir: handbook  # ours\n")
    paths = [one.path for one in initialise(Project(tmp_path)).changes]
    assert "handbook/index.md" in paths


@pytest.mark.parametrize(
    ("host", "path"), [("github", ".github/workflows/docs.yml"), ("gitlab", ".gitlab-ci.yml")]
)
def test_a_workflow_is_added_once(tmp_path, host, path):
    """`--ci` writes a workflow that is valid YAML; one that is there is left, with a note."""
    initialise(Project(tmp_path), ci=host)
    assert yaml.safe_load((tmp_path / path).read_text())
    (tmp_path / path).write_text("mine: true\n")
    plan = initialise(Project(tmp_path), ci=host)
    assert plan.notes
    assert (tmp_path / path).read_text() == "mine: true\n"


README = """# Shop

[![build](https://ci.example.org/b.svg)](https://ci.example.org) ![x](y.png)

<p align="center"><img src="logo.png"></p>

A **small** shop, see [its API](docs/api.md#top), [the licence](LICENSE) and
[the web](https://example.org/a).

![A picture](docs/a.png)

- one
- two

## Install

pip install shop
"""


def test_the_home_page_links_the_repository(tmp_path):
    """As pyproject.toml names it, by any of the usual labels; no other address."""
    for label, url, shown in (
        ('"Source Code"', "https://a.example/x", True),
        ("Repository", "https://a.example/)[x]", True),
        ("Repository", "javascript:alert(1)", False),
        ("Changelog", "https://a.example/c", False),
    ):
        project = Project(tmp_path / f"{abs(hash((label, url)))}")
        project.root.mkdir()
        urls = f'[project]\nname = "shop"\n[project.urls]\n{label} = "{url}"\n'
        (project.root / "pyproject.toml").write_text(urls)
        initialise(project)
        page = (project.root / "docs" / "index.md").read_text()
        assert ("[Repository](" in page) is shown, url


def test_the_home_page_is_the_readmes_own_words(tmp_path):
    """Up to the second heading; what does not lead into the site is words, badges are left out."""
    (tmp_path / "docs").mkdir()
    for name in ("docs/api.md", "docs/a.png", "LICENSE"):
        (tmp_path / name).write_text("x")
    (tmp_path / "README.md").write_text(README)
    page = home_page("shop_a", "Unused.", tmp_path / "README.md", tmp_path / "docs")
    assert page == (
        "# shop_a\n\nA **small** shop, see [its API](api.md#top), the licence and "
        "[the web](https://example.org/a).\n\n![A picture](a.png)\n\n- one\n- two\n\n"
        "<!-- footnotary:state -->\n"
    )
    assert home_page("x", "About.", tmp_path / "nowhere", tmp_path) == (
        "# x\n\nAbout.\n\n<!-- footnotary:state -->\n"
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    "words",
    [
        "<!--" * 20_000,
        "# x" + " " * 50_000 + "y",
        "# x\n\n" + "[a](" * 20_000,
        "```\n" * 20_000,
        "x\n" + "[![" * 20_000,
        "\n" * 100_000 + "x",
    ],
)
def test_a_readme_of_any_shape_is_read_at_once(tmp_path, words):
    """The time that a home page takes grows with its README, not with the square."""
    (tmp_path / "README.md").write_text(words)
    started = time.process_time()
    home_page("x", "", tmp_path / "README.md", tmp_path)
    assert time.process_time() - started < 10


def test_what_would_act_in_a_readme_is_words(tmp_path):
    """HTML, directives and instructions of extensions do not reach the home page."""
    (tmp_path / "README.md").write_text(
        "# x\n\nA <img src=x onerror=a> of\n::: json\n\n!!! note\n\n<!-- no -->Yes. {{ x }}\n"
    )
    page = home_page("</title>", "", tmp_path / "README.md", tmp_path)
    assert page == (
        "# &#60;/title&#62;\n\nA &#60;img src=x onerror=a&#62; of &#58;:&#58; json\n\n"
        "&#33;&#33;&#33; note\n\nYes. &#123;&#123; x &#125;&#125;\n\n<!-- footnotary:state -->\n"
    )


def test_a_name_and_a_description_are_html_in_the_configuration(tmp_path):
    """Themes put both into the head of every page as they are."""
    (tmp_path / "pyproject.toml").write_text(
        """[project]\nname = "</title>"\ndescription = 'So "it" is.'\n"""
    )
    initialise(Project(tmp_path))
    data = yaml.load(
        (tmp_path / "mkdocs.yml").read_text().replace("!!python/name:", ""), yaml.SafeLoader
    )
    assert data["site_name"] == "&lt;/title&gt;"
    assert data["site_description"] == "So &quot;it&quot; is."


def test_a_workflow_that_a_deploy_document_lacks_is_said_with_what_to_do(tmp_path):
    """Else the first run of CI is red; nothing is said where there is no such document."""
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "shop"\n')
    project = Project(tmp_path)
    assert initialise(project, ci="github", dry_run=True).notes == ()
    folder = project.current / "deployment"
    folder.mkdir(parents=True)
    (folder / "DEPLOY-shop-2026-11-23.md").write_text("# Deployment\n")
    for host in ("github", "gitlab"):
        (note,) = initialise(project, ci=host).notes
        assert "run `doc refresh DEPLOY-shop-2026-11-23` and commit both" in note
        (note,) = initialise(project, ci=host).notes
        assert note.endswith("is there already and was left as it is.")


def test_zensical_gets_a_toml_that_says_what_mkdocs_yml_says(tmp_path):
    """Plugins, extensions and theme are those of mkdocs.yml; what is there already is kept."""
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "a: b"\ndescription = "Its {x}."\n')
    project = Project(tmp_path)
    files = [one.path for one in initialise(project, engine="zensical").changes]
    assert files == ["zensical.toml", "docs/index.md", "citations/README.md", ".gitignore"]
    assert not initialise(project).changes
    assert not initialise(project, engine="zensical").changes
    toml = read_mkdocs_yml(find_configuration(tmp_path))
    (tmp_path / "mkdocs.yml").write_text(new_configuration("a: b", "Its {x}."))
    wanted = read_mkdocs_yml(find_configuration(tmp_path, "mkdocs"))

    def named(entries):
        return {next(iter(one)) if isinstance(one, dict) else one: one for one in entries}

    for field in ("plugins", "markdown_extensions"):
        assert list(named(toml[field])) == list(named(wanted[field]))
    for part in ("inventories", "paths", "options"):
        ours, theirs = (
            named(one["plugins"])["mkdocstrings"]["mkdocstrings"]["handlers"]["python"][part]
            for one in (toml, wanted)
        )
        assert ours == theirs
    assert (toml["site_name"], toml["site_description"]) == ("a: b", "Its {x}.")
    assert toml["theme"]["features"] == wanted["theme"]["features"]
    assert toml["theme"]["font"] is False
    (note,) = initialise(project, engine="zensical").notes
    assert note.startswith("Zensical reads mkdocs.yml")
    with pytest.raises(UsageError, match="nosuch"):
        initialise(project, engine="nosuch")


@each_row("text", ["[project", "", "project = 1", "x = " + "[" * 5_000])
def test_a_zensical_toml_that_cannot_be_read_is_named(tmp_path, text):
    """One sentence, whatever is in it."""
    (tmp_path / "zensical.toml").write_text(text)
    with pytest.raises(SiteError, match=r"zensical\.toml"):
        read_mkdocs_yml(tmp_path / "zensical.toml")


def test_init_in_a_folder_of_another_project_says_which_project_it_is(
    tmp_path, monkeypatch, capsys
):
    """Below another repository the outer project is named, and how to take this folder."""
    (tmp_path / ".git").mkdir()
    (tmp_path / "inner").mkdir()
    monkeypatch.chdir(tmp_path / "inner")
    assert exit_code("footnotary", ["init", "--dry-run"]) == 0
    assert f"note: Project: {tmp_path}; `--root .` uses this folder" in capsys.readouterr().err
    assert exit_code("footnotary", ["init", "--dry-run", "--root", "."]) == 0
    assert "Project:" not in capsys.readouterr().err


def _application(root, files, table=""):
    """A project of git with an application, and the settings that `init` proposes for it."""
    (root / "pyproject.toml").write_text(f'[project]\nname = "shop"\n{table}')
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    subprocess.run(["git", "add", "."], cwd=root, check=True)
    return _proposed(root)


def _proposed(root):
    """What `init` proposes for a project as its own settings say it is read."""
    project = Project(root)
    return propose_settings(replace(project, usual_reading=load_settings(project).reading))


def test_what_a_reading_needs_is_proposed_and_written_where_it_is_asked_for(tmp_path, capsys):
    """The application and an environment file that git tracks, once, where nothing says them."""
    app = "from fastapi import FastAPI\napp = FastAPI()\n"
    root = tmp_path / "shop"
    root.mkdir()
    wanted = {"app": "shop.main:app", "env-file": ".env.test"}
    files = {"shop/__init__.py": "", "shop/main.py": app, ".env.test": "A=1\n", ".env": "A=2\n"}
    assert _application(root, files) == wanted
    before = (root / "pyproject.toml").read_text()
    assert exit_code("footnotary", ["init", "--root", str(root)]) == 0
    assert "shop.main:app" in capsys.readouterr().err
    assert (root / "pyproject.toml").read_text() == before
    assert exit_code("footnotary", ["init", "--root", str(root), "--save"]) == 0
    table = tomllib.loads((root / "pyproject.toml").read_text())["tool"]["footnotary"]
    assert table == wanted
    assert _proposed(root) == {}


def test_no_setting_is_proposed_that_is_said_or_not_known(tmp_path):
    """Nor an application of tests or benchmarks, nor an environment file that only we have."""
    app = "from fastapi import FastAPI\napp = FastAPI()\n"
    rows = (
        ({"main.py": app}, '[tool.fastapi]\nentrypoint = "main:app"\n', {}),
        ({"main.py": app}, '[tool.footnotary]\napp = "main:app"\n', {}),
        ({"benchmarks/main.py": app}, "", {}),
        ({"main.py": "x = 1\n"}, "", {}),
        ({"main.py": app, ".gitignore": ".env\n", ".env": "A=1\n"}, "", {"app": "main:app"}),
    )
    for number, (files, table, wanted) in enumerate(rows):
        root = tmp_path / str(number)
        root.mkdir()
        assert _application(root, files, table) == wanted, number
    (tmp_path / "none").mkdir()
    assert _proposed(tmp_path / "none") == {}
