"""What is imported, as `module:expression`: read from what the user wrote, and shown."""

import ast
import re
from dataclasses import dataclass
from pathlib import Path

from footnotary.errors import UsageError
from footnotary.probe.discovery import file_of, import_folders, module_of, python_files
from footnotary.project import Project


@dataclass(frozen=True)
class Target:
    """What to import.

    Attributes:
        name: `module:expression`.
        paths: Folders that must be on the import path.
        is_aside: Whether it lies among tests, examples, scripts.
    """

    name: str
    paths: tuple[str, ...]
    is_aside: bool = False


def parse_target(text: str, project: Project) -> Target:
    """Read `module:attribute` or `module:factory(literal, name=literal)`.

    Args:
        text: What the user wrote.
        project: The user's project; its root and `src` are put on the path.

    Raises:
        UsageError: It is neither, or an argument is no literal.
    """
    module, _, rest = text.partition(":")
    if not re.fullmatch(r"[A-Za-z_][\w.]*", module) or not rest:
        raise UsageError(f"{text!r} names no application.", hint="Write it as package.module:app.")
    try:
        tree = ast.parse(rest, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        tree = ast.Constant(value=None)
    if not _is_target(tree):
        raise UsageError(
            f"{rest!r} is neither a name nor a call with literal arguments.",
            hint="Write it as package.module:make_app(debug=True), literals only.",
        )
    return Target(f"{module}:{ast.unparse(tree)}", import_paths(module, project.root))


def import_paths(module: str, root: Path) -> tuple[str, ...]:
    """Return the folders that must be on the import path for a module of the project.

    Args:
        module: Its dotted name; it may be an installed one.
        root: The project's root.

    Returns:
        The root and its `src`; before them the one folder from which the module can be imported,
        if it cannot from these (`backend` of `backend/app/main.py`).
    """
    usual = import_folders(root)
    first = (
        [] if file_of(module, usual) else [folder for _, folder in files_ending_in(module, root)]
    )
    return tuple(map(str, dict.fromkeys([*first[:1], *usual])))


def files_ending_in(module: str, root: Path) -> list[tuple[Path, Path]]:
    """Return the project's files that a dotted name may mean, likely ones first.

    Args:
        module: A dotted name.
        root: The project's root.

    Returns:
        Each file with the folder from which it is imported under that name.
    """
    inner = module.replace(".", "/")
    found = []
    for path in python_files(root, aside=True):
        for end in (f"/{inner}.py", f"/{inner}/__init__.py"):
            if path.as_posix().endswith(end):
                folder = Path(path.as_posix().removesuffix(end))
                wrong_name = module_of(path, root)[1] != module
                found.append((wrong_name, len(folder.parts), path, folder))
    return [(path, folder) for *_, path, folder in sorted(found)]


def shown_target(name: str) -> str:
    """Return a target without the arguments of its calls: they may hold secrets.

    Args:
        name: `module:expression`.

    Returns:
        Such as `package.module:make_app(…)`.
    """
    module, colon, rest = name.partition(":")
    try:
        tree = ast.parse(rest, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return module
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (node.args or node.keywords):
            node.args, node.keywords = [ast.Constant(value=...)], []
    return f"{module}{colon}{ast.unparse(tree)}".replace("(...)", "(…)")


def _is_target(node: ast.expr) -> bool:
    """Whether an expression is made of names, attributes and calls with literals alone."""
    if isinstance(node, ast.Attribute):
        return _is_target(node.value)
    if not isinstance(node, ast.Call):
        return isinstance(node, ast.Name)
    given = [*node.args, *(one.value for one in node.keywords)]
    try:
        for one in given:
            ast.literal_eval(one)
    except (ValueError, TypeError):
        return False
    return all(one.arg for one in node.keywords) and _is_target(node.func)
