"""Parsing with the grammar of the project's own interpreter, where it is newer than ours."""

import ast
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from footnotary.errors import ProjectError
from footnotary.files import read_regular
from footnotary.probe.interpreter import find_interpreter
from footnotary.project import Project

SECONDS = 60
MAX_ANSWER = 500_000_000
_POSITIONS = ("lineno", "col_offset", "end_lineno", "end_col_offset")
# Nodes of later versions, as the nearest of ours.
_NEWER = {"TypeAlias": "Assign", "TemplateStr": "JoinedStr", "Interpolation": "FormattedValue"}


def parser_of(
    project: Project, wanted: str = ""
) -> Callable[[tuple[Path, ...]], Mapping[str, ast.Module]]:
    """Return what parses files with the project's interpreter; it is started when it is needed.

    Args:
        project: The user's project.
        wanted: What `--python` says.
    """

    def parse(files: tuple[Path, ...]) -> Mapping[str, ast.Module]:
        try:
            interpreter = find_interpreter(project, wanted)
        except ProjectError:
            return {}
        return {} if interpreter == sys.executable else parse_with(interpreter, files)

    return parse


def parse_with(interpreter: str, files: tuple[Path, ...]) -> dict[str, ast.Module]:
    """Parse files with an interpreter; none of their code is run.

    Args:
        interpreter: Its path.
        files: The files.

    Returns:
        Syntax trees of our own Python by path, of the files that it can parse; nothing where it
        is not newer than ours. What our Python lacks is the nearest that it has: a template
        string is a string, an alias of types an assignment.
    """
    script = Path(__file__).parent / "inside" / "grammar.py"
    with tempfile.TemporaryDirectory(prefix="footnotary-grammar-") as folder:
        answer = Path(folder, "trees.json")
        ours = ".".join(map(str, sys.version_info[:2]))
        command = [interpreter, "-I", "-S", "-B", str(script), str(answer), ours, *map(str, files)]
        try:
            subprocess.run(  # noqa: S603  the interpreter is the user's
                command, check=False, capture_output=True, timeout=SECONDS, stdin=subprocess.DEVNULL
            )
            told = json.loads(read_regular(answer, MAX_ANSWER))
        except (OSError, ValueError, RecursionError, subprocess.TimeoutExpired):
            return {}
    found = {}
    for name, tree in told.items():
        try:
            made = tree_of(tree)
            compile(made, "<tree>", "exec", ast.PyCF_ONLY_AST)
        except (TypeError, ValueError, RecursionError, KeyError):
            continue
        if isinstance(made, ast.Module):
            found[name] = made
    return found


def tree_of(told: Any) -> Any:
    """Return what a part of the answer means: a node, a list of nodes, or a constant.

    Args:
        told: From `inside.grammar.plain`.
    """
    if isinstance(told, list):
        return [made for one in told if (made := tree_of(one)) is not None or one is None]
    if not isinstance(told, dict):
        return told
    if not told["_"]:
        return _constant(told["kind"], told["text"])
    name = str(_NEWER.get(told["_"], told["_"]))
    made = getattr(ast, name, None)
    if made is None:
        return ast.Pass(**_positions(told)) if told["is_statement"] else None
    values = {each: tree_of(told[each]) for each in made._fields if each in told}
    if told["_"] == "TypeAlias":
        values["targets"] = [tree_of(told["name"])]
    elif told["_"] == "Interpolation":
        values.setdefault("conversion", -1)
    return made(**values, **_positions(told))


def _positions(told: Mapping[str, Any]) -> dict[str, int]:
    return {name: told[name] for name in _POSITIONS if isinstance(told.get(name), int)}


def _constant(kind: str, text: str) -> Any:
    """Return a constant that JSON lacks; only its kind matters where it is a number."""
    if kind in {"bytes", "int", "float", "complex"}:
        try:
            return ast.literal_eval(text)
        except (ValueError, SyntaxError, MemoryError):
            return None
    return ... if kind == "ellipsis" else None
