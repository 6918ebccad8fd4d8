"""Finding the application of a project as a person would, by reading its files only."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from footnotary.errors import ProjectError
from footnotary.probe.discovery import (
    file_of,
    import_folders,
    module_of,
    python_files,
    text_of_file,
)
from footnotary.probe.serving import served_targets, targets_in_commands
from footnotary.probe.targets import Target, files_ending_in, parse_target
from footnotary.project import Project

# FastAPI CLI's own list, then the layouts people have.
_LIKELY = (
    "main.py", "app.py", "api.py", "app/main.py", "app/app.py", "app/api.py",
    "src/main.py", "src/app.py", "src/api.py", "src/app/main.py", "backend/app/main.py",
)  # fmt: skip
_MODULES = ("main", "app", "asgi", "application", "api", "server", "web", "__init__")
_NAMES = ("app", "application", "api", "asgi_app", "create_app")
MAX_OTHERS = 10
# What is no part of what a project delivers.
_ASIDE = re.compile(
    r"(?i)(bench(mark)?s?|scripts?|tools?|tests?|testing|examples?|samples?|demos?|docs?(_src)?"
    r"|tutorials?|playground|sandbox|notebooks?|e2e|load_?tests?|fixtures|migrations|alembic"
    r"|mocks?|stubs?|dev|contrib)"
)
_ASIDE_FILE = re.compile(
    r"(?i)(test_.*|.*_test|conftest|locustfile.*|(bench(mark)?|example|demo|sample|mock|fake)(_.*)?"
    r"|.*_(bench(mark)?|example|demo|sample|mock))\.py"
)
_OF_COMMANDS = ("script", "scripts", "tools", "dev")  # where commands of the project itself stand
_MADE = re.compile(r"^(\w+)(?:\s*:[^=\n]+)?\s*=\s*(?:\w+\.)*FastAPI\(", re.MULTILINE)
_RUNS = ("uvicorn.run", "uvicorn.Config", "run", "Config")


@dataclass(frozen=True)
class _Found:
    """An application or a factory that a file defines."""

    path: Path
    name: str
    is_factory: bool


def choose_application(
    project: Project, wanted: str = "", former: str = ""
) -> tuple[Target, tuple[str, ...]]:
    """Choose the FastAPI application of a project.

    Args:
        project: The user's project.
        wanted: What `--app` says: `module:attribute`, or a factory call with literals.
        former: The one that was chosen before; it is again, while the project has it.

    Returns:
        What to import, and the others, at most ten, as `--app` takes them.

    Raises:
        UsageError: `wanted` is no such thing.
        ProjectError: No application was found.
    """
    declared = wanted or _declared(project)
    chosen = parse_target(declared, project) if declared else None
    found = find_applications(project)
    if chosen is None and not found:
        raise ProjectError(
            f"No FastAPI application was found in {project.root.name}.",
            hint="Name it: --app package.module:app, or --openapi FILE for a document.",
        )
    chosen = chosen or next((one for one in found if one.name == former), found[0])
    others = dict.fromkeys(one.name for one in found if one.name != chosen.name)
    return chosen, tuple(others)[:MAX_OTHERS]


def find_applications(project: Project) -> tuple[Target, ...]:
    """Return the applications and factories of a project, likely ones first.

    What a server is started with comes first (Dockerfile, compose, scripts, `uvicorn.run`), then
    the project's own package, then the usual names; whatever lies among scripts, benchmarks,
    tests and examples is last.

    Args:
        project: The user's project.
    """
    root = project.root
    texts = {path: text_of_file(path) for path in python_files(root, aside=True)}
    trees = {path: _parsed(text) for path, text in texts.items() if "FastAPI" in text}
    factories = {one for tree in trees.values() if tree for one in _factories(tree)}
    called = re.compile(rf"\b({'|'.join(map(re.escape, sorted(factories)))})\b")
    trees |= {
        path: _parsed(text)
        for path, text in texts.items()
        if factories and path not in trees and called.search(text)
    }
    found = [
        one for path, tree in trees.items() for one in _defined(path, texts[path], tree, factories)
    ]
    started = _started(root, texts)
    word = project.declared_name.replace("-", "_")
    ordered = sorted(found, key=lambda one: _rank(one, root, word, started))
    return tuple(_target(one, root, started) for one in ordered)


def _rank(
    one: _Found, root: Path, word: str, started: dict[tuple[Path, str], tuple[int, str]]
) -> tuple[object, ...]:
    """Return what an application is sorted by: likely ones first."""
    inner = one.path.relative_to(root)
    folders = inner.parts[:-1]
    shown = inner.as_posix()
    is_aside = any(_ASIDE.fullmatch(part) for part in folders if part != word)
    likely = _LIKELY.index(shown) if shown in _LIKELY else len(_LIKELY)
    return (
        is_aside or _ASIDE_FILE.fullmatch(inner.name) is not None,
        started.get((one.path, one.name), (len(started), ""))[0],
        word not in folders[:2],
        likely,
        _index(_MODULES, inner.stem),
        _index(_NAMES, one.name),
        one.is_factory,
        len(folders),
        shown,
        one.name,
    )


def _index(names: tuple[str, ...], name: str) -> int:
    """Return the place of a name in a list; that behind its end if it is not there."""
    return names.index(name) if name in names else len(names)


def _target(one: _Found, root: Path, started: dict[tuple[Path, str], tuple[int, str]]) -> Target:
    """Return an application as it is imported: by the name that its server is started with."""
    folder, module = module_of(one.path, root)
    _, told = started.get((one.path, one.name), (0, ""))
    if told and told != module:
        file = one.path.with_suffix("") if one.path.stem != "__init__" else one.path.parent
        folder, module = Path(file.as_posix().removesuffix("/" + told.replace(".", "/"))), told
    paths = dict.fromkeys(map(str, (folder, *import_folders(root))))
    return Target(f"{module}:{one.name}", tuple(paths))


def _started(root: Path, texts: dict[Path, str]) -> dict[tuple[Path, str], tuple[int, str]]:
    """Return what servers are started with: order and module's name, by file and attribute."""
    found: dict[tuple[Path, str], tuple[int, str]] = {}
    commands = [
        (where, told) for where, told in served_targets(root)
        if not any(
            _ASIDE.fullmatch(part) for part in Path(where).parts[:-1] if part not in _OF_COMMANDS
        )
    ]  # fmt: skip
    commands += [
        (path.relative_to(root).as_posix(), told)
        for path, text in sorted(texts.items(), key=lambda one: one[0].name != "__main__.py")
        for told in _run_in_code(text)
    ]
    for where, told in commands:
        module, _, name = told.partition(":")
        near = (root / where).parent
        path = _file_named(module, root, near) if name else _path_named(told, root, near)
        for each in (name,) if name else _NAMES:
            if path is not None:
                found.setdefault((path, each), (len(found), module if name else ""))
    return found


def _run_in_code(text: str) -> Iterator[str]:
    """Yield what `uvicorn.run` is called with in a module: a text, or what it has imported."""
    tree = _parsed(text) if "uvicorn" in text else None
    if tree is None:
        return
    nodes = list(ast.walk(tree))
    imported = {
        each.asname or each.name: f"{one.module}:{each.name}"
        for one in nodes
        if isinstance(one, ast.ImportFrom) and one.module and not one.level
        for each in one.names
    }
    for node in nodes:
        if not isinstance(node, ast.Call) or ast.unparse(node.func) not in _RUNS:
            continue
        given = [*node.args[:1], *(one.value for one in node.keywords if one.arg == "app")]
        for one in given[:1]:
            called = one.func if isinstance(one, ast.Call) else one
            if isinstance(one, ast.Constant) and isinstance(one.value, str):
                yield from targets_in_commands(f"uvicorn {one.value}")
            elif isinstance(called, ast.Name) and called.id in imported:
                yield imported[called.id]


def _file_named(module: str, root: Path, near: Path) -> Path | None:
    """Return the file of a module that a command names, from where it stands outwards."""
    found = file_of(module, (near, near / "src", *import_folders(root)))
    return found or next((path for path, _ in files_ending_in(module, root)), None)


def _path_named(told: str, root: Path, near: Path) -> Path | None:
    """Return the file that `fastapi run FILE` names; the folders of an image are not here."""
    parts = Path(told).parts
    tails = [Path(*parts[at:]) for at in range(len(parts)) if parts[at] not in ("/", ".")]
    near_ones = (folder / tail for tail in tails for folder in (near, root, root / "src"))
    found = next((one for one in near_ones if one.is_file()), None)
    long = [f"/{tail.as_posix()}" for tail in tails if len(tail.parts) > 1]
    paths = list(python_files(root)) if found is None and long else []
    return found or next((one for end in long for one in paths if str(one).endswith(end)), None)


def _declared(project: Project) -> str:
    """Return the entry point of `[tool.fastapi]`."""
    tools = project.pyproject().get("tool", {})
    table = tools.get("fastapi", {}) if isinstance(tools, dict) else {}
    return str(table.get("entrypoint", "")) if isinstance(table, dict) else ""


def _parsed(text: str) -> ast.Module | None:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _factories(tree: ast.Module) -> Iterator[str]:
    """Yield the functions of a module that return an application, and subclasses of FastAPI."""
    for node in _statements(tree.body):
        if isinstance(node, ast.ClassDef):
            if any(ast.unparse(base).split(".")[-1] == "FastAPI" for base in node.bases):
                yield node.name
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _returns_one(node):
            yield node.name


def _returns_one(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a function says that it returns an application, or returns one it makes."""
    hint = ast.unparse(node.returns).strip("'\"") if node.returns is not None else ""
    if hint.split(".")[-1] == "FastAPI":
        return True
    made = {
        target.id
        for one in ast.walk(node)
        if isinstance(one, ast.Assign | ast.AnnAssign) and _makes_one(one.value, {"FastAPI"})
        for target in (one.targets if isinstance(one, ast.Assign) else [one.target])
        if isinstance(target, ast.Name)
    }
    returned = [one.value for one in ast.walk(node) if isinstance(one, ast.Return)]
    return any(
        _makes_one(one, {"FastAPI"}) or (isinstance(one, ast.Name) and one.id in made)
        for one in returned
    )


def _defined(
    path: Path, text: str, tree: ast.Module | None, factories: set[str]
) -> Iterator[_Found]:
    """Yield the applications that a file makes, and its factories that need no argument."""
    if tree is None:  # for the project's own interpreter it may be no error
        yield from (_Found(path, name, is_factory=False) for name in _MADE.findall(text))
        return
    makers = factories | {"FastAPI"}
    renamed = {
        one.asname: one.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        for one in node.names
        if one.asname and one.name in makers
    }
    for node in _statements(tree.body):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            if _returns_one(node) and not _needed(node.args):
                yield _Found(path, node.name, is_factory=True)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            hint = node.annotation if isinstance(node, ast.AnnAssign) else None
            is_told = hint is not None and ast.unparse(hint).split(".")[-1] == "FastAPI"
            if node.value and (is_told or _makes_one(node.value, makers | renamed.keys())):
                for one in targets:
                    if isinstance(one, ast.Name):
                        yield _Found(path, one.id, is_factory=False)


def _needed(arguments: ast.arguments) -> bool:
    """Whether a function cannot be called without arguments."""
    positional = len(arguments.posonlyargs) + len(arguments.args) - len(arguments.defaults)
    return positional > 0 or any(one is None for one in arguments.kw_defaults)


def _makes_one(value: ast.expr | None, makers: set[str]) -> bool:
    """Whether an expression is a call of FastAPI or of a factory."""
    if isinstance(value, ast.Await):
        value = value.value
    return isinstance(value, ast.Call) and ast.unparse(value.func).split(".")[-1] in makers


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements that run when a module is imported, those under `if` and `try` too."""
    for node in body:
        yield node
        if isinstance(node, ast.If) and "__main__" in ast.unparse(node.test):
            continue
        if isinstance(node, ast.If | ast.Try | ast.With):
            for inner in ("body", "orelse", "finalbody"):
                yield from _statements(getattr(node, inner, []))
            for handler in getattr(node, "handlers", []):
                yield from _statements(handler.body)
