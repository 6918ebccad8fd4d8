"""One name for one thing, all through the package."""

import ast
import re
from collections import defaultdict
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent.parent / "src/footnotary"


def read_definitions():
    """Yield the functions and classes at the top of each module, with its path."""
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                yield node.name, path.relative_to(SOURCE).as_posix()


@pytest.mark.slow
def test_no_public_name_is_in_two_modules():
    """Whoever reads or greps a public function or class finds one definition."""
    places = defaultdict(list)
    for name, path in read_definitions():
        if not name.startswith("_"):
            places[name].append(path)
    assert {name: paths for name, paths in places.items() if len(paths) > 1} == {}


def test_no_repeated_group_is_possessive():
    """`(?:…)*+` matches otherwise in Python 3.11.0 to 3.11.4 (gh-106052); `(?>(?:…)*)` does not.

    Nor by way of a name: what is put into a pattern and repeated so is one set of characters.
    """
    possessive = re.compile(r"(?:(?<!\\)\)|\{(_?[A-Z]\w*)\})(?:[*+?]|\{+[0-9,]+\}+)\+")
    found = [
        f"{path.name}: {line.strip()}"
        for path in (Path(__file__).parent.parent / "src").rglob("*.py")
        for text in [path.read_text(encoding="utf-8")]
        for line in text.splitlines()
        for repeat in possessive.finditer(line)
        if ("(?" in line or repeat[1]) and f'\n{repeat[1]} = r"[' not in text
    ]
    assert found == []
