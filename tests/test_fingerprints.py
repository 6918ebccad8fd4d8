"""What a reading of the code depends on has another digest once it is another."""

import json
import os
import subprocess

import pytest

from footnotary.gating import freshness
from footnotary.project import Project

PACKAGES = ".venv/lib/python3.11/site-packages"


def fingerprint(project):
    """Return what a reading depends on, as a digest."""
    return freshness._FactsReading(project)._state  # noqa: SLF001  what is asked here


@pytest.fixture
def project(tmp_path):
    """A repository with an environment of its own, in which a sibling is installed in place."""
    root = tmp_path / "shop"
    address = {"url": (tmp_path / "my sibling").as_uri(), "dir_info": {"editable": True}}
    files = {
        "src/app.py": "",
        "src/site/page.py": "",
        "requirements.txt": "fastapi",
        "README.md": "# Shop",
        ".gitignore": ".venv/\n*.log\n.env\n_version.py\ndata.bin\n",
        ".env": "A=1",
        "src/_version.py": "",
        "data.bin": "",
        ".venv/pyvenv.cfg": "home = /usr/bin\n",
        ".venv/bin/python": "",
        f"{PACKAGES}/fastapi-0.1.dist-info/METADATA": "",
        f"{PACKAGES}/sibling-1.dist-info/direct_url.json": json.dumps(address),
        f"{PACKAGES}/odd-1.dist-info/direct_url.json": "[]",
        "../my sibling/src/sibling.py": "",
        "../my sibling/.venv/pyvenv.cfg": "",
    }
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    subprocess.run(["git", "-C", root, "init", "-q"], check=True)
    return Project(root)


@pytest.mark.parametrize(
    "name",
    [
        "src/app.py",
        "src/site/page.py",
        "src/new.html",
        "requirements.txt",
        ".env",
        "src/_version.py",
        ".venv/pyvenv.cfg",
        ".venv/bin/python",
        f"{PACKAGES}/fastapi-0.2.dist-info",
        f"{PACKAGES}/easy-install.pth",
        "../my sibling/src/sibling.py",
    ],
)
def test_what_is_read_counts(project, name):
    """Code, files that an import may open, interpreter, libraries, siblings installed in place."""
    before = fingerprint(project)
    assert fingerprint(project) == before
    (project.root / name).write_text("another")
    assert fingerprint(project) != before


def test_a_file_is_known_by_its_bytes(project):
    """A checkout makes every time new."""
    before = fingerprint(project)
    os.utime(project.root / "src/app.py", (1, 1))
    assert fingerprint(project) == before


def test_what_is_not_read_does_not(project):
    """Prose, what git ignores but modules and settings, what tools make, other environments."""
    before = fingerprint(project)
    for name in ("README.md", "data.bin", "app.log", "site/index.html", "../my sibling/.venv/x.py"):
        (project.root / name).parent.mkdir(exist_ok=True)
        (project.root / name).write_text("another")
    assert fingerprint(project) == before
    for name in (
        ".git", ".footnotary", "node_modules", "src/__pycache__", ".claude", ".mypy_cache",
        ".ruff_cache", ".pytest_cache", ".hypothesis", ".tox", ".nox", ".idea", ".vscode", "dist",
        "citations", "build", "htmlcov",
    ):  # fmt: skip
        (project.root / name).mkdir(exist_ok=True)
        (project.root / name / "x.py").write_text("another")
        assert fingerprint(project) == before, name
    (project.root / "src" / "nothing.py").symlink_to("nowhere")
    assert fingerprint(project) == before


def test_another_interpreter_counts(project, tmp_path, monkeypatch):
    """That of an environment which a variable names, or of the same link to another program."""
    before = fingerprint(project)
    python = project.root / ".venv/bin/python"
    python.unlink()
    for name in ("one", "two"):
        (tmp_path / name).write_text("")
        os.utime(tmp_path / name, (1, 1))
    python.symlink_to(tmp_path / "one")
    linked = fingerprint(project)
    python.unlink()
    python.symlink_to(tmp_path / "two")
    assert len({before, linked, fingerprint(project)}) == 3
    here = fingerprint(project)
    (tmp_path / "env/bin").mkdir(parents=True)
    (tmp_path / "env/bin/python").write_text("")
    monkeypatch.setenv("UV_PROJECT_ENVIRONMENT", str(tmp_path / "env"))
    assert fingerprint(project) != here
