"""Finding the application and the models in a project, by reading its files only."""

import ast
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from footnotary import git
from footnotary.errors import ProjectError, UsageError
from footnotary.files import read_regular
from footnotary.project import Project

# FastAPI CLI's own list, then the layouts people have.
_LIKELY = (
    "main.py", "app.py", "api.py", "app/main.py", "app/app.py", "app/api.py",
    "src/main.py", "src/app.py", "src/api.py", "src/app/main.py", "backend/app/main.py",
)  # fmt: skip
_SKIPPED = {
    ".git", ".venv", "venv", "env", "node_modules", "site-packages", "__pycache__", "tests",
    "test", "docs", "examples", "migrations", "alembic", "build", "dist", ".tox", ".nox",
}  # fmt: skip
MAX_FILES = 20_000
MAX_OTHERS = 10
MAX_FILE_BYTES = 2_000_000
_TABLES = re.compile(r"__tablename__|\bTable\(|DeclarativeBase|declarative_base\(|table=True")
_MADE = re.compile(r"^(\w+)(?:\s*:[^=\n]+)?\s*=\s*(?:\w+\.)*FastAPI\(", re.MULTILINE)
_EXPOSES = re.compile(r"\bfrom_attributes\b|\borm_mode\b")


@dataclass(frozen=True)
class Target:
    """What to import.

    Attributes:
        name: `module:expression`.
        paths: Folders that must be on the import path.
    """

    name: str
    paths: tuple[str, ...]


def find_application(project: Project, wanted: str = "") -> Target:
    """Find the FastAPI application of a project.

    Args:
        project: The user's project.
        wanted: What `--app` says: `module:attribute`, or a factory call with literals.

    Returns:
        What to import.

    Raises:
        UsageError: `wanted` is no such thing.
        ProjectError: No application was found.
    """
    declared = wanted or _declared(project)
    if declared:
        return parse_target(declared, project)
    found = next(_applications(project), None)
    if found is None:
        raise ProjectError(
            f"No FastAPI application was found in {project.root.name}.",
            hint="Name it: --app package.module:app, or --openapi FILE for a document.",
        )
    return found


def other_applications(project: Project, chosen: str) -> tuple[str, ...]:
    """Return the project's other applications, at most ten, as `--app` takes them.

    Args:
        project: The user's project.
        chosen: The one that is read.
    """
    names = (one.name for one in _applications(project))
    return tuple(dict.fromkeys(name for name in names if name != chosen))[:MAX_OTHERS]


def _applications(project: Project) -> Iterator[Target]:
    """Yield what the files define, likely places first."""
    likely = [project.root / name for name in _LIKELY]
    for path in (*filter(Path.is_file, likely), *python_files(project.root)):
        attribute = _application_in(path)
        if attribute:
            folder, module = module_of(path, project.root)
            yield Target(f"{module}:{attribute}", (str(folder),))


def parse_target(text: str, project: Project) -> Target:
    """Read `module:attribute` or `module:factory(literal, name=literal)`.

    Args:
        text: What the user wrote.
        project: The user's project; its root and `src` are put on the path.

    Raises:
        UsageError: It is neither, or an argument is no literal.
    """
    module, _, rest = text.partition(":")
    paths = tuple(str(folder) for folder in import_folders(project.root))
    if not re.fullmatch(r"[A-Za-z_][\w.]*", module) or not rest:
        raise UsageError(f"{text!r} names no application.", hint="Write it as package.module:app.")
    try:
        tree = ast.parse(rest, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        tree = ast.Constant(value=None)
    if not _is_target(tree):
        raise UsageError(
            f"{rest!r} is no name and no call with literal arguments.",
            hint="Write it as package.module:make_app(debug=True), literals only.",
        )
    return Target(f"{module}:{ast.unparse(tree)}", paths)


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


def model_modules(project: Project) -> tuple[tuple[str, str], ...]:
    """Return the modules that define tables, by their text.

    Args:
        project: The user's project.

    Returns:
        `(folder for the import path, module name)` each, in the order of their paths.
    """
    return _modules_with(_TABLES, project)


def exposing_modules(project: Project) -> tuple[tuple[str, str], ...]:
    """Return the modules with pydantic models that are read from rows, as `model_modules`."""
    return _modules_with(_EXPOSES, project)


def _modules_with(pattern: re.Pattern[str], project: Project) -> tuple[tuple[str, str], ...]:
    """Return folder and name of the modules whose text has a pattern."""
    found = []
    for path in python_files(project.root):
        if pattern.search(_text(path)):
            folder, module = module_of(path, project.root)
            found.append((str(folder), module))
    return tuple(found)


def import_folders(root: Path) -> tuple[Path, ...]:
    """Return the folders from which a project's packages are imported."""
    return tuple(folder for folder in (root, root / "src") if folder.is_dir())


def module_of(path: Path, root: Path) -> tuple[Path, str]:
    """Return the folder that must be on the import path, and the module's name.

    As FastAPI CLI does it: up while there is an `__init__.py`. A `src` folder without one
    still is a package where the code imports `src.…` (the layout of `src.main:app`).
    """
    names = [path.stem] if path.stem != "__init__" else []
    folder = path.parent
    while folder != root and (
        (folder / "__init__.py").exists()
        or (folder.name == "src" and folder.parent == root and _imports_src(folder))
    ):
        names.insert(0, folder.name)
        folder = folder.parent
    return folder, ".".join(names)


def python_files(root: Path) -> Iterator[Path]:
    """Yield the project's Python files in a fixed order; links are not followed.

    What git ignores is not the project's: no other copy of it has that.
    """
    count = 0
    ignored = git.ignored(root)
    for folder, below, names in os.walk(root):
        here = Path(folder)
        inner = here.relative_to(root).as_posix()
        prefix = "" if inner == "." else f"{inner}/"
        below[:] = sorted(
            name for name in below
            if name not in _SKIPPED and not name.startswith(".")
            and f"{prefix}{name}/" not in ignored
            and not (here / name / "pyvenv.cfg").exists()
        )  # fmt: skip
        for name in sorted(names):
            if name.endswith(".py") and prefix + name not in ignored:
                count += 1
                if count > MAX_FILES:
                    return
                yield here / name


def _declared(project: Project) -> str:
    """Return the entry point of `[tool.fastapi]`."""
    tools = project.pyproject().get("tool", {})
    table = tools.get("fastapi", {}) if isinstance(tools, dict) else {}
    return str(table.get("entrypoint", "")) if isinstance(table, dict) else ""


def _application_in(path: Path) -> str:
    """Return the name of the application or factory that a file defines, or nothing."""
    text = _text(path)
    if "FastAPI" not in text:
        return ""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        made = _MADE.search(text)  # for the project's own interpreter it may be no error
        return made[1] if made else ""
    names = []
    for node in tree.body:
        if isinstance(node, ast.Assign) and _makes_application(node.value):
            names += [one.id for one in node.targets if isinstance(one, ast.Name)]
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            if node.value is not None and _makes_application(node.value):
                names.append(node.target.id)
        elif isinstance(node, ast.FunctionDef) and _returns_application(node):
            names.append(node.name)
    return next((name for name in ("app", "api", "application") if name in names), "") or (
        names[0] if names else ""
    )


def _returns_application(node: ast.FunctionDef) -> bool:
    """Whether a function without arguments is annotated to return an application."""
    annotated = node.returns is not None and ast.unparse(node.returns).endswith("FastAPI")
    return annotated and not node.args.args


def _makes_application(value: ast.expr) -> bool:
    return isinstance(value, ast.Call) and ast.unparse(value.func).split(".")[-1] == "FastAPI"


def _imports_src(folder: Path) -> bool:
    """Whether the code below a folder named `src` imports it under that name."""
    pattern = re.compile(r"^\s*(from|import) src[. ]", re.MULTILINE)
    return any(pattern.search(_text(path)) for path in python_files(folder))


def _text(path: Path) -> str:
    """Return a source file's text; nothing where it is too large or cannot be read."""
    try:
        return read_regular(path, MAX_FILE_BYTES, follow=True).decode("utf-8", "replace")
    except OSError:
        return ""
