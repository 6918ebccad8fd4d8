"""Modules in a syntax newer than our own: parsed by the project's interpreter, or unknown."""

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from footnotary.documents import impl_overview
from footnotary.documents.impl import render_architecture, render_traces
from footnotary.facts.options import ReadOptions
from footnotary.probe import interpreter
from footnotary.probe.inside import grammar as inside
from footnotary.project import Project
from footnotary.readers import impl
from tables import each_row

PLAIN = """
import os
class A(B, metaclass=C):
    x: int = 1
    async def f(self, *a, b=1.5, **k) -> "None":
        return [1j, b"x", ..., 10 ** 30, f"{a!r:>{b}}", None, True]
"""


def newer_python():
    """An interpreter that is newer than ours, if the machine has one."""
    root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    found = sorted(root.glob("versions/3.*/bin/python"))
    for one in found:
        version = re.findall(r"\d+", one.parent.parent.name)[:2]
        if tuple(map(int, version)) > sys.version_info[:2]:
            return str(one)
    return ""


def test_a_tree_comes_back_as_it_was():
    """What is sent as JSON is the tree that our own parser makes, with its positions."""
    tree = ast.parse(PLAIN)
    sent = json.loads(json.dumps(inside.plain(tree)))
    assert ast.dump(interpreter.tree_of(sent), include_attributes=True) == ast.dump(
        tree, include_attributes=True
    )


@each_row(
    ("told", "code"),
    [
        ({"_": "TypeAlias", "is_statement": True, "lineno": 1, "name": {"_": "Name", "is_statement": False, "id": "X"},
          "type_params": [], "value": {"_": "Name", "is_statement": False, "id": "int"}}, "X = int"),
        ({"_": "Expr", "is_statement": True, "value": {"_": "TemplateStr", "is_statement": False, "values": [
            {"_": "Interpolation", "is_statement": False, "value": {"_": "Name", "is_statement": False, "id": "x"},
             "str": "x", "conversion": -1}]}}, "f'{x}'"),
        ({"_": "NotInventedYet", "is_statement": True}, "pass"),
        ({"_": "Import", "is_statement": True, "is_lazy": 1,
          "names": [{"_": "alias", "is_statement": False, "name": "json", "asname": None}]}, "import json"),
    ],
)  # fmt: skip
def test_nodes_of_later_versions_are_the_nearest_of_ours(told, code):
    """Aliases of types, template strings, lazy imports and what is not invented yet."""
    assert ast.unparse(interpreter.tree_of(told)) == code


def test_an_interpreter_that_is_not_newer_is_not_asked(tmp_path):
    """Its grammar knows nothing that ours does not."""
    (tmp_path / "a.py").write_text("x = 1\n")
    assert interpreter.parse_with(sys.executable, (tmp_path / "a.py",)) == {}
    assert interpreter.parse_with(str(tmp_path / "gone"), (tmp_path / "a.py",)) == {}


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="our own Python reads this syntax")
@pytest.mark.skipif(not newer_python(), reason="no newer Python on this machine")
def test_the_projects_own_grammar_is_used(tmp_path):
    """Python 3.12 reads `type X = …` and generics of PEP 695; what they import is known."""
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "__init__.py").write_text('"""X."""\nimport httpx\n')
    (tmp_path / "x" / "new.py").write_text(
        '"""New."""\nimport redis\ntype Key = str\nclass Box[T]:\n    """B."""\ndef f[T](x: T) -> T: ...\n'
    )
    project = Project(tmp_path, python=newer_python())
    alone = impl.read_impl(project, ReadOptions())
    assert [one.partition(":")[0] for one in alone.unparsed] == ["x/new.py"]
    facts = impl.read_impl(project, ReadOptions(), elsewhere=interpreter.parser_of(project))
    assert facts.unparsed == ()
    assert {one.path for one in facts.api} >= {"x.new.Box", "x.new.f"}


UNKNOWN = [
    "No docstring contradicts its signature.",
    "None was found in its modules, or in Markdown samples that could be parsed.",
    "The package has no parts that could import each other.",
    "The package defines no route that its source shows.",
]


def test_nothing_is_said_to_be_absent_of_modules_that_were_not_read(tmp_path):
    """A module that cannot be parsed makes what it would have told unknown, in every section."""
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "__init__.py").write_text('"""X."""\n')
    for text, expected in (("y = 1\n", True), ("def f(:\n", False)):
        (tmp_path / "x" / "new.py").write_text(text)
        facts = impl.read_impl(Project(tmp_path), ReadOptions())
        sections = (impl_overview.docstrings, impl_overview.remnants, render_traces)
        document = "\n".join(render(facts) for render in (*sections, render_architecture))
        for sentence in UNKNOWN:
            assert (sentence in document) is expected, sentence
        assert ("could not be parsed" in document) is not expected


def test_the_script_runs_alone(tmp_path):
    """It is started without site packages, and writes only its answer."""
    (tmp_path / "a.py").write_text("x = 1\n")
    answer = tmp_path / "answer.json"
    script = Path(inside.__file__)
    command = [sys.executable, "-I", "-S", str(script), str(answer), "3.0", str(tmp_path / "a.py")]
    subprocess.run(command, check=True)
    assert list(json.loads(answer.read_text())) == [str(tmp_path / "a.py")]
