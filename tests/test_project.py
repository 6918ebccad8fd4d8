import pytest

from footnotary.config import load
from footnotary.errors import SettingsError, UsageError
from footnotary.project import Project, checked_name, discover, slug


def test_the_nearest_marked_folder_is_the_root(tmp_path):
    """A command run in any sub-folder works on the project above it."""
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "My.Shop"\n')
    inner = tmp_path / "src" / "app"
    inner.mkdir(parents=True)
    assert discover(inner).root == tmp_path.resolve()
    assert discover(inner).name == "my-shop"


@pytest.mark.parametrize("name", ["../evil", "a/b", "", "A", "a" * 61, "-a", "a.b", "ä"])
def test_names_that_could_leave_the_folder_are_refused(name):
    """A name becomes part of a path: only a-z, 0-9 and hyphens pass."""
    with pytest.raises(UsageError):
        checked_name(name)


def test_a_refused_name_comes_with_one_that_would_do():
    """The hint is something to paste."""
    with pytest.raises(UsageError) as refused:
        checked_name("My Shop")
    assert "my-shop" in refused.value.hint
    assert slug("Ünïcode only ☃") == "n-code-only"


def test_settings_come_from_pyproject_and_the_environment_wins(tmp_path, monkeypatch):
    """Environment over pyproject.toml over defaults."""
    (tmp_path / "pyproject.toml").write_text("[tool.footnotary]\ntimeout = 5\nmax-bytes = 2000\n")
    assert load(Project(tmp_path)).timeout == 5
    assert load(Project(tmp_path)).max_bytes == 2000
    monkeypatch.setenv("FOOTNOTARY_TIMEOUT", "7")
    assert load(Project(tmp_path)).timeout == 7


@pytest.mark.parametrize("line", ["timeout = 'soon'", "tineout = 5"])
def test_a_wrong_setting_is_one_sentence_that_names_it(tmp_path, line):
    """A wrong setting is our error with a hint, never pydantic's traceback."""
    (tmp_path / "pyproject.toml").write_text(f"[tool.footnotary]\n{line}\n")
    with pytest.raises(SettingsError) as wrong:
        load(Project(tmp_path))
    assert line.split()[0] in wrong.value.message
    assert "\n" not in wrong.value.message
