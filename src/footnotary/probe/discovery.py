"""A project's Python files, and the names under which its modules are imported."""

import ast
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path

from footnotary import git
from footnotary.errors import ProjectError, UsageError
from footnotary.files import read_regular
from footnotary.project import Project

_SKIPPED = {
    ".git", ".venv", "venv", "env", "node_modules", "site-packages", "__pycache__", "build",
    "dist", ".tox", ".nox", "__pypackages__",
}  # fmt: skip
_ASIDE = {"tests", "test", "docs", "examples", "migrations", "alembic"}
_TEST = re.compile(r"(test_.*|.*_test|conftest)\.py")
_MAX_FILES = 20_000
MAX_FILE_BYTES = 2_000_000
_MOST_ASKED = 2000  # files that are asked how they import each other
_TABLES = re.compile(r"__tablename__|\bTable\(|DeclarativeBase|declarative_base\(|table=True")
# Alembic, SQLAlchemy-Migrate, Yoyo: they make tables when a database is changed.
_MIGRATION = re.compile(
    r"^\s*from alembic import .*\b(op|context)\b|^import alembic\.op|^down_revision\s*[:=]"
    r"|^def upgrade\(migrate_engine|^from yoyo import ",
    re.MULTILINE,
)
_EXPOSES = re.compile(r"\bfrom_attributes\b|\borm_mode\b")


def model_modules(project: Project) -> tuple[tuple[str, str], ...]:
    """Return the modules that define tables, by their text; neither tests nor migrations.

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
        text = "" if _TEST.fullmatch(path.name) else text_of_file(path)
        if pattern.search(text) and not is_migration(text):
            folder, module = module_of(path, project.root)
            found.append((str(folder), module))
    return tuple(found)


def is_migration(text: str) -> bool:
    """Whether a file is a migration script: the tables in it are those of another day."""
    return _MIGRATION.search(text) is not None


def import_folders(root: Path) -> tuple[Path, ...]:
    """Return the folders from which a project's packages are imported."""
    return tuple(folder for folder in (root, root / "src") if folder.is_dir())


def module_of(path: Path, root: Path) -> tuple[Path, str]:
    """Return the folder that must be on the import path, and the module's name.

    As FastAPI CLI does it: up while there is an `__init__.py`. A folder without one is a package,
    too (PEP 420), where the code below imports itself by its name (`src.main`, `acme.api`), or
    where pyproject.toml names a module below it.
    """
    names = [path.stem] if path.stem != "__init__" else []
    folder = path.parent
    while folder not in (root, folder.parent) and (
        (folder / "__init__.py").exists() or _is_namespace(folder, root)
    ):
        names.insert(0, folder.name)
        folder = folder.parent
    return folder, ".".join(names)


def file_of(module: str, folders: tuple[Path, ...]) -> Path | None:
    """Return the file of a module, looked for in folders; None where none has it."""
    inner = Path(*module.split("."))
    for folder in folders:
        for path in (folder / inner.with_suffix(".py"), folder / inner / "__init__.py"):
            if path.is_file():
                return path
    return None


def python_files(root: Path, *, aside: bool = False) -> Iterator[Path]:
    """Yield the project's Python files in a fixed order; links are not followed.

    What git ignores is not the project's: no other copy of it has that.

    Args:
        root: The project's root.
        aside: Whether tests, examples, documentation and migrations are among them.
    """
    count = 0
    ignored = git.ignored(root)
    skipped = _SKIPPED if aside else _SKIPPED | _ASIDE
    for folder, below, names in os.walk(root):
        here = Path(folder)
        inner = here.relative_to(root).as_posix()
        prefix = "" if inner == "." else f"{inner}/"
        # a package's own `docs` is code of it
        passed = skipped - {"docs"} if "__init__.py" in names else skipped
        below[:] = sorted(
            name for name in below
            if name not in passed and not name.startswith(".")
            and f"{prefix}{name}/" not in ignored
            and not (here / name / "pyvenv.cfg").exists()
        )  # fmt: skip
        for name in sorted(names):
            if name.endswith(".py") and prefix + name not in ignored:
                count += 1
                if count > _MAX_FILES:
                    return
                yield here / name


def text_of_file(path: Path) -> str:
    """Return a source file's text; nothing where it is too large or cannot be read."""
    try:
        return read_regular(path, MAX_FILE_BYTES, follow=True).decode("utf-8", "replace")
    except OSError:
        return ""


def _is_namespace(folder: Path, root: Path) -> bool:
    """Whether a folder without `__init__.py` is a package by what its code and project say."""
    if not folder.name.isidentifier():
        return False
    declared = _declared_modules(root) if folder.parent in import_folders(root) else frozenset()
    return any(one.startswith(folder.name + ".") for one in declared) or _imports_itself(folder)


@lru_cache(maxsize=1024)
def _declared_modules(root: Path) -> frozenset[str]:
    """Return the dotted names of modules in pyproject.toml: those of scripts and of the build."""
    try:
        data = Project(root).pyproject()
    except ProjectError:
        return frozenset()
    found: set[str] = set()
    waiting: list[tuple[str, object]] = list(data.items())
    while waiting:
        name, value = waiting.pop()
        if isinstance(value, dict):
            inherited = name if name in ("scripts", "gui-scripts") else ""
            waiting += [(inherited or key, one) for key, one in value.items()]
        elif isinstance(value, list):
            waiting += [(name, one) for one in value]
        elif isinstance(value, str) and name in ("module-name", "import-names", "packages"):
            found.add(value.removeprefix("src/").replace("/", "."))
        elif isinstance(value, str) and name in ("scripts", "gui-scripts", "entrypoint"):
            found.add(value.partition(":")[0])
    return frozenset(found)


@lru_cache(maxsize=1024)
def _imports_itself(folder: Path) -> bool:
    """Whether code below a folder imports a module of the folder under the folder's name."""
    pattern = re.compile(
        rf"^\s*(?:from|import)\s+{folder.name}(?:\.(\w+)|\s+import\s+\(?\s*(\w+))", re.MULTILINE
    )
    for path in islice(python_files(folder, aside=True), _MOST_ASKED):
        for dotted, named in pattern.findall(text_of_file(path)):
            inner = folder / (dotted or named)
            if inner.is_dir() or inner.with_suffix(".py").is_file():
                return True
    return False


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
        raise UsageError(f"Invalid name {text!r}.", hint="Write it as package.module:name.")
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
