"""A project is installed with its own tool, told by its files."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from footnotary.cli.running import exit_code
from footnotary.errors import ProjectError
from footnotary.installing import PYTHON, find_installer, install_project, run_visibly
from footnotary.project import Project
from tables import each_row

TABLE = '[project]\nname = "shop"\nversion = "1"\ndependencies = ["iniconfig"]\n'
EXTRAS = TABLE + '[project.optional-dependencies]\nmore = ["pluggy"]\n'
BUILDS = '[build-system]\nrequires = ["hatchling"]\n'
PIP = f"{PYTHON} -m pip install --quiet"
VENV = "python -m venv .venv"


def laid(root, files):
    """Return a project with these files."""
    for name, text in files.items():
        (root / name).write_text(text)
    return Project(root)


@each_row(
    ("files", "extras", "commands"),
    [
        ({"uv.lock": "", "pyproject.toml": TABLE}, (), ["uv sync --frozen"]),
        ({"uv.lock": "", "pyproject.toml": EXTRAS}, ("more",), ["uv sync --frozen --extra more"]),
        ({"pyproject.toml": f"{TABLE}[tool.uv]\n"}, (), ["uv sync"]),
        (
            {"poetry.lock": "", "pyproject.toml": "[tool.poetry]\n"},
            ("a", "b"),
            [VENV, "poetry install --no-interaction --extras a --extras b"],
        ),
        ({"pyproject.toml": "[tool.poetry]\n"}, (), [VENV, "poetry install --no-interaction"]),
        (
            {"pdm.lock": "", "pyproject.toml": TABLE},
            (),
            [VENV, f"pdm use -f {PYTHON}", "pdm install --frozen-lockfile"],
        ),
        # A lock file says more than a table that another tool left behind.
        ({"uv.lock": "", "pyproject.toml": "[tool.poetry]\n"}, (), ["uv sync --frozen"]),
        (
            {"requirements.txt": "iniconfig\n"},
            (),
            [VENV, f"{PIP} --requirement requirements.txt"],
        ),
        ({"pyproject.toml": TABLE}, (), [VENV, f"{PIP} iniconfig"]),
        ({"pyproject.toml": EXTRAS}, ("more",), [VENV, f"{PIP} iniconfig pluggy"]),
        ({"pyproject.toml": TABLE + BUILDS}, (), [VENV, f"{PIP} --editable ."]),
        ({"pyproject.toml": EXTRAS + BUILDS}, ("more",), [VENV, f"{PIP} --editable .[more]"]),
        ({"setup.py": ""}, (), [VENV, f"{PIP} --editable ."]),
        (
            {"requirements.txt": "", "pyproject.toml": TABLE},
            (),
            [VENV, f"{PIP} --requirement requirements.txt", f"{PIP} iniconfig"],
        ),
        ({}, (), []),
        ({"pyproject.toml": "[tool.footnotary]\n"}, (), []),
        ({"pyproject.toml": 'project = "no table"\ntool = 3\n'}, (), []),
    ],
)
def test_the_projects_files_tell_how_it_is_installed(tmp_path, files, extras, commands):
    """A lock file first, then a tool's table, then pip; no build system: dependencies alone."""
    found = find_installer(laid(tmp_path, files), extras)
    assert [" ".join(one) for one in found.commands] == commands
    assert bool(found.tool) == bool(commands)


def test_an_extra_that_the_project_lacks_is_named(tmp_path):
    """A typing error is no reason to install less than was asked for."""
    with pytest.raises(ProjectError) as caught:
        find_installer(laid(tmp_path, {"pyproject.toml": EXTRAS}), ("mroe",))
    assert "mroe" in caught.value.message
    assert "more" in caught.value.hint


def test_a_command_that_fails_is_named_and_nothing_follows(tmp_path):
    """The first failure ends it, with the command and its exit code."""
    asked = []

    def run(command, _folder):
        asked.append(command)
        return 7

    project = laid(tmp_path, {"requirements.txt": "x\n"})
    with pytest.raises(ProjectError, match="exited with 7"):
        install_project(find_installer(project), project, run)
    assert asked == [[sys.executable, "-m", "venv", ".venv"]]


def test_a_tool_that_is_not_there_is_fetched_for_the_run_alone(tmp_path, monkeypatch):
    """It is installed by pip into a folder that is gone afterwards, never into the project."""
    monkeypatch.setenv("PATH", "")
    asked = []

    def run(command, folder):
        asked.append((command, folder))
        return 0

    project = laid(tmp_path, {"uv.lock": "", "pyproject.toml": TABLE})
    install_project(find_installer(project), project, run)
    (made, place), (fetched, _), (synced, root) = asked
    assert made[1:3] == ["-m", "venv"]
    assert fetched[1:] == ["-m", "pip", "install", "--quiet", "uv"]
    assert synced == [str(Path(fetched[0]).with_name("uv")), "sync", "--frozen"]
    assert root == tmp_path
    assert not place.exists()
    assert sorted(one.name for one in tmp_path.iterdir()) == ["pyproject.toml", "uv.lock"]


def test_a_program_that_is_missing_is_an_exit_code(tmp_path):
    """What the shell says of an unknown program, 127, and no traceback."""
    assert run_visibly(["no-such-program-here"], tmp_path) == 127


def test_an_active_environment_is_not_told(tmp_path, monkeypatch, capfd):
    """Poetry and pdm would install into it; and the child's words go to stderr."""
    monkeypatch.setenv("VIRTUAL_ENV", "/somewhere")
    words = "import os; print(os.environ.get('VIRTUAL_ENV', 'none'))"
    assert run_visibly([sys.executable, "-c", words], tmp_path) == 0
    out, err = capfd.readouterr()
    assert (out, err.strip()) == ("", "none")


def test_the_command_shows_what_it_would_do(tmp_path, capsys):
    """`--dry-run` prints commands; `--if-missing` leaves an environment alone; nothing is 0."""
    root = laid(tmp_path, {"pyproject.toml": TABLE}).root
    words = ["install-project", "--root", str(root)]
    assert exit_code("footnotary", [*words, "--dry-run"]) == 0
    assert capsys.readouterr().out == f"{VENV}\n{PIP} iniconfig\n"
    (root / PYTHON).parent.mkdir(parents=True)
    (root / PYTHON).write_text("")
    assert exit_code("footnotary", [*words, "--if-missing", "--dry-run"]) == 0
    assert capsys.readouterr().out == ""
    (root / "pyproject.toml").write_text("")
    assert exit_code("footnotary", words) == 0
    assert "Nothing to install" in capsys.readouterr().err


def write_wheel(folder):
    """Write a package of one module and return its address: a dependency that needs no index."""
    path = folder / "pebble-1.0-py3-none-any.whl"
    info = "pebble-1.0.dist-info"
    files = {
        "pebble.py": "SIZE = 3\n",
        f"{info}/METADATA": "Metadata-Version: 2.1\nName: pebble\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    files[f"{info}/RECORD"] = "".join(f"{name},,\n" for name in (*files, f"{info}/RECORD"))
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return path.as_uri()


@pytest.mark.slow
@pytest.mark.parametrize("tool", ["uv", "poetry", "pdm", "pip"])
def test_each_tool_installs_a_project(tool, tmp_path, monkeypatch):
    """The real tool, fetched where it is missing, puts the dependency into `.venv`.

    Fetching it needs the package index, as the README's commands do.
    """
    root = tmp_path / "shop"
    root.mkdir()
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("UV_PYTHON_DOWNLOADS", "never")
    table = (
        '[project]\nname = "shop"\nversion = "1"\nrequires-python = ">=3.11"\n'
        f'dependencies = ["pebble @ {write_wheel(tmp_path)}"]\n'
    )
    poetry = "[tool.poetry]\npackage-mode = false\n"
    pdm = "[tool.pdm]\ndistribution = false\n"
    extra = {"uv": "[tool.uv]\npackage = false\n", "poetry": poetry, "pdm": pdm}.get(tool, "")
    project = laid(root, {"pyproject.toml": table + extra})
    install_project(find_installer(project), project, run_visibly)
    words = "import pebble, sys; print(sys.prefix)"
    done = subprocess.run([root / PYTHON, "-c", words], capture_output=True, text=True, check=True)
    assert Path(done.stdout.strip()) == root / ".venv"
    if tool != "pip":  # the lock file that this first run made is kept to by the next
        assert find_installer(project).reason == f"{tool}.lock"
