import json

import pytest

from footnotary.cli.running import exit_code
from footnotary.config import load_settings, write_settings
from footnotary.errors import ProjectError, SettingsError, UsageError
from footnotary.project import Project, checked_name, discover, make_slug
from tables import each_row


def test_the_nearest_marked_folder_is_the_root(tmp_path):
    """A command run in any sub-folder works on the project above it."""
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "My.Shop"\n')
    inner = tmp_path / "src" / "app"
    inner.mkdir(parents=True)
    assert discover(inner).root == tmp_path.resolve()
    assert discover(inner).name == "my-shop"


@each_row("name", ["../evil", "a/b", "", "A", "a" * 61, "-a", "a.b", "ä"])
def test_names_that_could_leave_the_folder_are_refused(name):
    """A name becomes part of a path: only a-z, 0-9 and hyphens pass."""
    with pytest.raises(UsageError):
        checked_name(name)


def test_a_refused_name_comes_with_one_that_would_do():
    """The hint is something to paste."""
    with pytest.raises(UsageError) as refused:
        checked_name("My Shop")
    assert "my-shop" in refused.value.hint
    assert make_slug("Ünïcode only ☃") == "n-code-only"


def test_settings_come_from_pyproject_and_the_environment_wins(tmp_path, monkeypatch):
    """Environment over pyproject.toml over defaults."""
    (tmp_path / "pyproject.toml").write_text("[tool.footnotary]\ntimeout = 5\nmax-bytes = 2000\n")
    assert load_settings(Project(tmp_path)).timeout == 5
    assert load_settings(Project(tmp_path)).max_bytes == 2000
    monkeypatch.setenv("FOOTNOTARY_TIMEOUT", "7")
    assert load_settings(Project(tmp_path)).timeout == 7


@pytest.mark.parametrize("line", ["timeout = 'soon'", "tineout = 5"])
def test_a_wrong_setting_is_one_sentence_that_names_it(tmp_path, line):
    """A wrong setting is our error with a hint, never pydantic's traceback."""
    (tmp_path / "pyproject.toml").write_text(f"[tool.footnotary]\n{line}\n")
    with pytest.raises(SettingsError) as wrong:
        load_settings(Project(tmp_path))
    assert line.split()[0] in wrong.value.message
    assert "\n" not in wrong.value.message


READABLE = [
    ("PAGES", "docs/**/*.md", "pages", ("docs/**/*.md",)),
    ("PAGES", "a.md, [bc]*.md,", "pages", ("a.md", "[bc]*.md")),
    ("PAGES", '["a,b.md"]', "pages", ("a,b.md",)),
    ("PAGES", "", "pages", ()),
    ("SELECT", "CLM001", "select", ("CLM001",)),
    ("IGNORE", "CIT004,CLM001", "ignore", ("CIT004", "CLM001")),
    ("PUBLISHERS", "", "publishers", {}),
    ("PUBLISHERS", '{"git.e.org": "gitea"}', "publishers", {"git.e.org": "gitea"}),
    ("PER_FILE_IGNORES", '{"a/*": ["CIT"]}', "per_file_ignores", {"a/*": ("CIT",)}),
    ("STALE_AFTER_DAYS_BY_TAG", '{"law": 30}', "stale_after_days_by_tag", {"law": 30}),
    ("BASELINE", "", "baseline", None),
]
UNREADABLE = [
    ("PAGES", '["docs/*.md"'),
    ("PAGES", "[1]"),
    ("PAGES", '["\\u0000"]'),
    ("IGNORE", "['CIT004']"),
    ("STALE_AFTER_DAYS_BY_TAG", "law=30"),
    ("STALE_AFTER_DAYS_BY_TAG", '{"law": 0}'),
    ("STALE_AFTER_DAYS_BY_TAG", "[" * 100_000),
    ("PER_FILE_IGNORES", "["),
    ("PER_FILE_IGNORES", '["CIT"]'),
    ("PUBLISHERS", "x"),
    ("PUBLISHERS", '{"git.e.org": "x"}'),
    ("TIMEOUT", ""),
    ("BASELINE", "x" * 256),
    ("CACHE_DIR", "é" * 128),
    ("PYTHON", "x/" * 3000),
]


@pytest.fixture
def empty_project(tmp_path, monkeypatch):
    """A folder with one page, as the current folder."""
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "a.md").write_text("# A page\n")
    (tmp_path / "documentation").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("row", READABLE)
def test_lists_and_mappings_are_read_from_variables(empty_project, monkeypatch, row):
    """Lists are words with commas or JSON, mappings are JSON, and empty is empty."""
    name, value, setting, read = row
    monkeypatch.setenv(f"FOOTNOTARY_{name}", value)
    assert getattr(load_settings(Project(empty_project)), setting) == read
    assert exit_code("doc", ["check", "a.md"]) == 0


@pytest.mark.parametrize(("name", "value"), UNREADABLE)
def test_a_variable_that_cannot_be_read_is_named(empty_project, monkeypatch, name, value, capsys):
    """Exit 2 and one sentence with the variable's name."""
    monkeypatch.setenv(f"FOOTNOTARY_{name}", value)
    assert exit_code("doc", ["check", "a.md"]) == 2
    first, second = capsys.readouterr().err.splitlines()
    assert f"FOOTNOTARY_{name}" in first
    assert second.startswith("hint: ")


def test_a_mapping_in_a_variable_is_added_to_that_of_the_project(empty_project, monkeypatch):
    """The variable wins where both have a key."""
    (empty_project / "pyproject.toml").write_text(
        "[tool.footnotary.stale-after-days-by-tag]\nlaw = 10\nnews = 5\n"
    )
    monkeypatch.setenv("FOOTNOTARY_STALE_AFTER_DAYS_BY_TAG", '{"law": 30}')
    assert load_settings(Project(empty_project)).stale_after_days_by_tag == {"law": 30, "news": 5}


@pytest.mark.parametrize("path", ["a\0", "a/" + "x" * 256, "a/" * 3000])
@pytest.mark.parametrize("setting", ["baseline", "cache-dir", "python", "pages"])
def test_a_path_that_no_file_can_have_is_refused(empty_project, setting, path, capsys):
    """Exit 2 and one sentence that names the setting."""
    value = json.dumps([path] if setting == "pages" else path)
    (empty_project / "pyproject.toml").write_text(f"[tool.footnotary]\n{setting} = {value}\n")
    assert exit_code("doc", ["check", "a.md"]) == 2
    assert setting.replace("-", "_") in capsys.readouterr().err.splitlines()[0]


@pytest.mark.parametrize("pattern", ["", ".", "..", "**a", "/etc/*.md", "[", "a.md/**/b"])
def test_no_pattern_of_pages_is_our_failure(empty_project, pattern, capsys):
    """A pattern that is none ends with exit 2 (or, where Python reads it, matches nothing)."""
    (empty_project / "pyproject.toml").write_text(
        f"[tool.footnotary]\npages = [{json.dumps(pattern)}]\n"
    )
    assert exit_code("doc", ["check"]) == 2
    assert capsys.readouterr().err.startswith("error: ")


def test_a_file_in_another_encoding_is_told_how_to_save_it(tmp_path):
    """TOML is UTF-8 without a byte order mark; the message says which of the two is wrong."""
    text = "[project]\nname = 'caf\u00e9'\n"
    for encoding, hint in (
        ("utf-8-sig", "without a byte order mark"),
        ("utf-16", "without a byte order mark"),
        ("latin-1", "as UTF-8 and run again"),
        ("utf-8", ""),
    ):
        (tmp_path / "pyproject.toml").write_bytes(text.encode(encoding))
        if not hint:
            assert Project(tmp_path).pyproject()["project"]
            continue
        with pytest.raises(ProjectError) as caught:
            Project(tmp_path).pyproject()
        assert hint in caught.value.hint, encoding


@each_row(
    ("text", "expected"),
    [
        ("[project]\nname = 'x'\n", "[project]\nname = 'x'\n\n[tool.footnotary]\n{}\n"),
        (
            "[tool.footnotary]  # ours\ndelay = 1\n\n[tool.x]\n",
            "[tool.footnotary]  # ours\n{}\ndelay = 1\n\n[tool.x]\n",
        ),
        ("[tool.footnotary]", "[tool.footnotary]\n{}\n"),
        ("[tool.footnotary]\napp = 'other:app'\n", None),
        ("tool = {footnotary = {delay = 1}}\n", None),
        ("not toml", None),
    ],
)
def test_settings_are_added_and_nothing_else_is_changed(tmp_path, text, expected):
    """`--save` adds lines to [tool.footnotary]; where that cannot be done, nothing is written."""
    file = tmp_path / "pyproject.toml"
    file.write_text(text)
    given = {"app": 'a.b:make("x")', "mocks": ["one", "two"]}
    lines = 'app = "a.b:make(\\"x\\")"\nmocks = ["one", "two"]'
    if expected is None:
        with pytest.raises(SettingsError, match=r"settings of that name|cannot be read"):
            write_settings(Project(tmp_path), given)
        assert file.read_text() == text
    else:
        write_settings(Project(tmp_path), given)
        assert file.read_text() == expected.format(lines)
        assert load_settings(Project(tmp_path)).mocks == ("one", "two")


def test_common_options_may_precede_the_command(tmp_path, capsys):
    """`footnotary --root X doc list` is `footnotary doc list --root X`, for every program."""
    (tmp_path / "pyproject.toml").touch()
    root = str(tmp_path)
    for program, words in (
        ("footnotary", ["--root", root, "doc", "list"]),
        ("footnotary", [f"--root={root}", "-q", "cite", "list"]),
        ("footnotary", ["doc", "--root", root, "list"]),
        ("cite", ["--root", root, "list"]),
        ("doc", ["--quiet", "--root", root, "list", "--json"]),
    ):
        assert exit_code(program, words) == 0, words
    assert exit_code("cite", ["--root", root, f"{root}/none.md", "--quote", "x"]) == 2
    assert "none.md" in capsys.readouterr().err
    assert exit_code("footnotary", ["--root", root]) == 2
    assert "Commands:" in capsys.readouterr().err


def test_paths_are_read_from_where_the_user_is_and_from_the_root(tmp_path, monkeypatch, capsys):
    """A path that was typed in a sub-folder is found there; in the document it is the root's."""
    (tmp_path / "pyproject.toml").touch()
    inner = tmp_path / "deploy"
    inner.mkdir()
    (inner / "prod.yml").write_text("services: {db: {image: 'postgres:16'}}\n")
    (inner / "api.json").write_text('{"openapi": "3.1.0", "info": {}, "paths": {"/a": {}}}')
    for folder, file in (
        (inner, "prod.yml"),
        (inner, "deploy/prod.yml"),
        (tmp_path, "deploy/prod.yml"),
    ):
        monkeypatch.chdir(folder)
        assert exit_code("doc", ["facts", "deploy", "--compose-file", file, "--json"]) == 0, file
        assert json.loads(capsys.readouterr().out)["stacks"][0]["files"] == ["deploy/prod.yml"]
    monkeypatch.chdir(inner)
    assert exit_code("doc", ["facts", "api", "--openapi", "api.json"]) == 0


def test_what_could_not_be_read_at_all_is_not_described(tmp_path, capsys):
    """Nothing of the kind read: exit code 2 and nothing written; a part of it: 0 and a note."""
    words = [f"--root={tmp_path}"]
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "shop"\n')
    (tmp_path / "compose.yml").write_text("services: [\n")
    (tmp_path / "shop.py").write_text("def f(:\n")
    for kind, file in (("deploy", "compose.yml"), ("impl", "shop.py")):
        assert exit_code("doc", ["new", kind, *words]) == 2
        assert file in capsys.readouterr().err
    assert not (tmp_path / ".claude").exists()
    (tmp_path / "Dockerfile").write_text("FROM python:3.13\n")
    assert exit_code("doc", ["new", "deploy", *words]) == 0
    assert "note: compose.yml could not be read" in capsys.readouterr().err
