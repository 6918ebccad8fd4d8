"""Which interpreter a project is imported with."""

import os
import sys
from pathlib import Path

import pytest

from footnotary.errors import ProjectError
from footnotary.installing import find_installer
from footnotary.probe.interpreter import find_interpreter, has_environment, is_borrowed
from footnotary.project import Project

# Of the path /srv/shop, as poetry 2 and hatch 1 make it.
MARK = "58fqC6Q1"
SHOP = Project(Path("/srv/shop"))


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """An empty home, and no environment that a shell has active."""
    for name in ("VIRTUAL_ENV", "UV_PROJECT_ENVIRONMENT", "POETRY_CACHE_DIR", "HATCH_DATA_DIR",
                 "POETRY_VIRTUALENVS_PATH", "XDG_CACHE_HOME", "XDG_DATA_HOME", "CONDA_PREFIX",
                 "PYENV_ROOT", "WORKON_HOME", "MAMBA_ROOT_PREFIX"):  # fmt: skip
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def environment(folder, age=0):
    """Make a folder look like a virtual environment."""
    python = folder / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.touch()
    os.utime(folder, (1_000_000 - age, 1_000_000 - age))
    return str(python)


def test_our_own_interpreter_is_the_last_resort():
    """Without an environment of the project's, what runs us imports it."""
    assert find_interpreter(SHOP) == sys.executable


def test_poetrys_environment_is_that_of_the_path(home):
    """Another project of the same name has another mark; of two Pythons the newer is taken."""
    kept = home / ".cache" / "pypoetry" / "virtualenvs"
    environment(kept / "shop-AAAAAAAA-py3.12")
    environment(kept / f"shop-{MARK}-py3.11", age=10)
    newest = environment(kept / f"shop-{MARK}-py3.12")
    assert find_interpreter(SHOP) == newest


def test_hatchs_default_environment_comes_first(home):
    """The environment that is named like the project is the one that runs it."""
    kept = home / ".local" / "share" / "hatch" / "env" / "virtual" / "shop" / MARK
    environment(kept / "docs")
    default = environment(kept / "shop", age=10)
    assert find_interpreter(SHOP) == default


@pytest.mark.parametrize(
    ("name", "below"),
    [("POETRY_VIRTUALENVS_PATH", f"x-{MARK}-py3.11"), ("VIRTUAL_ENV", "."),
     ("POETRY_CACHE_DIR", f"virtualenvs/x-{MARK}-py3.11"),
     ("HATCH_DATA_DIR", f"env/virtual/shop/{MARK}/shop"), ("UV_PROJECT_ENVIRONMENT", ".")],
)  # fmt: skip
def test_what_the_shell_says_about_the_tools_counts(home, monkeypatch, name, below):
    """Each tool's own variable moves its environments."""
    monkeypatch.setenv(name, str(home / "moved"))
    made = environment(home / "moved" / below)
    assert find_interpreter(SHOP) == made


def test_the_projects_own_folder_comes_before_the_shells(home, monkeypatch):
    """A shell may have another project's environment active."""
    monkeypatch.setenv("VIRTUAL_ENV", str(home / "other"))
    environment(home / "other")
    own = environment(home / "shop" / ".venv")
    assert find_interpreter(Project(home / "shop")) == own


def test_what_is_named_must_be_there():
    """A wrong --python is told, not replaced."""
    with pytest.raises(ProjectError, match="no interpreter"):
        find_interpreter(SHOP, "python-that-is-not-there")


def test_the_projects_setting_is_taken_unless_the_command_names_another(home, tmp_path):
    """An environment in no usual place is named once, and every later command reads with it."""
    usual, other = tmp_path / "conda", tmp_path / "else"
    for folder in (usual, other):
        environment(folder)
        (folder / "bin" / "python").chmod(0o755)
    project = Project(tmp_path, python="conda/bin/python")
    assert find_interpreter(project) == str(usual / "bin" / "python")
    assert find_interpreter(project, "else/bin/python") == str(other / "bin" / "python")


@pytest.mark.parametrize(
    ("inner", "words", "is_member"),
    [
        ("packages/shop", 'members = ["packages/*"]', True),
        ("packages/deep/shop", 'members = ["packages/*"]', False),
        ("packages/deep/shop", 'members = ["packages/**"]', True),
        ("packages/shop", 'members = ["packages/*"]\nexclude = ["packages/shop"]', False),
        ("shop", 'members = ["shop"]', True),
        ("shop", "members = 3", False),
        ("shop", "", False),
    ],
)
def test_a_member_of_a_workspace_has_its_environment(home, inner, words, is_member):
    """Uv keeps lock file and environment at the workspace's root; its own environment is first."""
    (home / "pyproject.toml").write_text(f"[tool.uv.workspace]\n{words}\n")
    (home / "uv.lock").write_text("")
    shared = environment(home / ".venv")
    project = Project(home / inner)
    project.root.mkdir(parents=True)
    (project.root / "pyproject.toml").write_text('[project]\nname = "shop"\n')
    assert find_interpreter(project) == (shared if is_member else sys.executable)
    assert has_environment(project) == is_member
    commands = find_installer(project).commands
    assert (("uv", "sync", "--frozen") in commands) == is_member
    own = environment(project.root / ".venv")
    assert find_interpreter(project) == own


def test_an_interpreter_that_is_gone_is_named(home):
    """No other one is taken in its place: it has other libraries."""
    project = Project(home / "shop")
    (project.root / ".venv/bin").mkdir(parents=True)
    (project.root / ".venv/bin/python").symlink_to("/opt/python3.9/bin/python")
    with pytest.raises(ProjectError, match=r"\.venv/bin/python leads to /opt/python3\.9") as caught:
        find_interpreter(project)
    assert "footnotary install-project" in caught.value.hint
    assert not has_environment(project)


def test_the_environment_of_the_repository_is_that_of_its_folders(home):
    """`backend/` is read with `.venv` beside it; what lies above the repository is another's."""
    environment(home / ".venv")
    project = Project(home / "shop" / "backend")
    project.root.mkdir(parents=True)
    (home / "shop" / ".git").mkdir()
    assert is_borrowed(project)
    shared = environment(home / "shop" / ".venv")
    assert find_interpreter(project) == shared
    assert not is_borrowed(project)
    own = environment(project.root / "venv")
    assert find_interpreter(project) == own


def test_environments_that_a_file_of_the_project_names(home, monkeypatch):
    """Of pdm its interpreter, of pyenv and conda a name; a name that is a path is none."""
    kept = {
        "pdm": environment(home / "elsewhere"),
        "pyenv": environment(home / ".pyenv" / "versions" / "shop"),
        "conda": environment(home / "miniforge3" / "envs" / "shop"),
    }
    (home / ".pyenv/versions/shop/pyvenv.cfg").write_text("")
    files = {"pdm": (".pdm-python", kept["pdm"]), "pyenv": (".python-version", "shop\n"),
             "conda": ("environment.yml", "name: shop\n")}  # fmt: skip
    for tool, (name, text) in files.items():
        project = Project(home / tool)
        project.root.mkdir()
        (project.root / name).write_text(text)
        assert (tool, find_interpreter(project)) == (tool, kept[tool])
    (project.root / "environment.yml").write_text("name: ../envs/shop\n")
    assert is_borrowed(project)
    (project.root / "environment.yml").write_text("name: [a\n")
    assert is_borrowed(project)
    monkeypatch.setenv("CONDA_PREFIX", str(home / "miniforge3" / "envs" / "shop"))
    assert find_interpreter(project) == kept["conda"]


def test_pipenvs_environment_is_that_of_the_pipfile(home):
    """Its mark is made of the Pipfile's path."""
    kept = home / ".local/share/virtualenvs"
    environment(kept / "shop-AAAAAAAA")
    own = environment(kept / "shop-F2F75yho")
    assert find_interpreter(SHOP) == own
