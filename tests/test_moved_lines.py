"""Facts that differ in line numbers alone are the same facts."""

import pytest

from footnotary.facts.differing import describe_differences
from footnotary.facts.options import ReadOptions
from footnotary.project import Project
from footnotary.readers import deploy, impl

COMPOSE = """\
include: [lost.yaml]
services:
  web:
    image: x
    build: {context: .}
    ports: ['80:80', '81:81']
    env_file: [lost.env]
    volumes: ['data:/data', '/var/run/docker.sock:/s']
    environment: {TOKEN: abc, MODE: "${MODE:?needed}"}
  empty:
volumes: {data: }
"""
CODE = """\
import os
from pydantic import BaseModel
NAME = os.environ["NAME"]
OTHER = os.environ[NAME]
class Item(BaseModel):
    class Config:
        orm_mode = True
def make(word):
    '''Make.

    Args:
        words: Many.
    '''
    return Item.parse_obj(word)
"""
FILES = {
    "compose.yaml": COMPOSE,
    "broken/compose.yaml": "services:\n  a:\n    image: [\n",
    "Dockerfile": "FROM python\nARG TOKEN=abc\nUSER root\n",
    "Makefile": "test:\n\tpytest\n",
    ".env": "NAME=1\nUNUSED=1\n",
    "shop/__init__.py": "",
    "shop/main.py": CODE,
    "shop/broken.py": "def f(:\n",
    "README.md": "# Shop\n\n```python\nclass A(BaseModel):\n    class Config: ...\n```\n",
}


def facts(reader, root, above):
    """Read a project whose files begin with some blank lines."""
    for path, text in FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(above + text)
    return reader(Project(root), ReadOptions(compose_files=(), package=""))


@pytest.mark.parametrize("reader", [deploy.read_deploy, impl.read_impl], ids=["deploy", "impl"])
def test_lines_that_moved_make_no_document_stale(tmp_path, reader):
    """Three lines on top of every file move every place, and change nothing."""
    before = facts(reader, tmp_path, "")
    after = facts(reader, tmp_path, "\n\n\n")
    assert before != after
    assert list(describe_differences(before, after)) == []


def test_a_change_of_more_than_lines_is_still_one(tmp_path):
    """Ports, tags and missing files of other names are differences."""
    before = facts(deploy.read_deploy, tmp_path, "")
    for old, new in (("'80:80'", "'90:80'"), ("image: x", "image: x:2"), ("lost.env", "gone.env")):
        (tmp_path / "compose.yaml").write_text(COMPOSE.replace(old, new))
        after = deploy.read_deploy(Project(tmp_path), ReadOptions())
        assert list(describe_differences(before, after)), (old, new)
