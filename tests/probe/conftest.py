"""A project on disk from a few files, read as the command line would read it."""

import sys
import textwrap

import pytest

from footnotary.facts.options import ReadOptions
from footnotary.project import Project
from footnotary.writing.reading import read_facts


class Made:
    """A project of a test, and what is read from it."""

    def __init__(self, root):
        self.root = root
        self.project = Project(root, python=sys.executable)

    def write(self, files):
        """Write files by their path."""
        for name, text in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(text), encoding="utf-8")
        return self

    def api(self, **options):
        """Read the API."""
        return self._read("api", options)

    def schema(self, **options):
        """Read the schema."""
        return self._read("schema", options)

    def _read(self, kind, options):
        """Read as every command does."""
        given = ReadOptions(**{"timeout": 30.0, **options})
        return read_facts(self.project, kind, "project", given)


@pytest.fixture
def made(tmp_path, monkeypatch):
    """An empty project; `made.write({path: text})` fills it."""
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    root = tmp_path / "project"
    root.mkdir()
    return Made(root)
