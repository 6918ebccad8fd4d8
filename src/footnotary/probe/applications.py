"""Finding the application of a project as a person would, by reading its files only."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from footnotary.errors import ProjectError
from footnotary.probe.discovery import (
    Target,
    file_of,
    files_ending_in,
    import_folders,
    module_of,
    parse_target,
    python_files,
    text_of_file,
)
from footnotary.probe.makers import (
    FASTAPI,
    OTHERS,
    SPECTACULAR,
    Framework,
    Made,
    django_settings,
    find_factories,
    find_made,
    parse_module,
    served_targets,
    targets_in_commands,
    uses,
)
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
_RUNS = ("uvicorn.run", "uvicorn.Config", "run", "Config")


@dataclass(frozen=True)
class Choice:
    """Which application is read.

    Attributes:
        target: What to import.
        others: The project's other applications of the framework, at most ten, as `--app` takes
            them.
        framework: Name of its framework.
        django: Settings module of the Django project that it belongs to, or empty.
        gone: The one that was read before and is no longer in the project; empty if it is read.
    """

    target: Target
    others: tuple[str, ...] = ()
    framework: str = FASTAPI.name
    django: str = ""
    gone: str = ""


def choose_application(project: Project, wanted: str = "", former: str = "") -> Choice:
    """Choose the application of a project: FastAPI's, else one that has an OpenAPI document.

    Args:
        project: The user's project.
        wanted: What `--app` says: `module:attribute`, or a factory call with literals.
        former: The one that was chosen before; it is again, while the project has it.

    Raises:
        UsageError: `wanted` is no such thing.
        ProjectError: No application was found, or one that has no OpenAPI document.
    """
    texts = {path: text_of_file(path) for path in python_files(project.root, aside=True)}
    django = django_settings(texts)
    declared = wanted or declared_target(project)
    found = find_applications(project, FASTAPI, texts)
    if declared:
        chosen = parse_target(declared, project)
        return Choice(chosen, _others(found, chosen), django=django[1] if django else "")
    if not found or found[0].is_aside:
        other = _of_another_framework(project, texts, django)
        if other and (not found or not other.target.is_aside):
            return other
    if not found:
        raise _not_found(project, texts)
    known = {one.name: one for one in reversed(found)}
    if former not in known:
        _refuse_guess(project, texts, found, former)
    chosen, gone = known.get(former, found[0]), "" if former in known else former
    return Choice(chosen, _others(found, chosen), django=django[1] if django else "", gone=gone)


def _refuse_guess(
    project: Project, texts: dict[Path, str], found: tuple[Target, ...], former: str
) -> None:
    """Refuse to choose an application while another one may be where nothing could be found.

    Raises:
        ProjectError: The former one's file is there without it, or a file that may make one
            cannot be parsed and no server is started with what was found.
    """
    root, hint = project.root, f"Correct the file, or name the application: --app {found[0].name}."
    module = former.partition(":")[0]
    if former and file_of(module, (root, *import_folders(root))):
        raise ProjectError(
            f"{former}, the application that the document describes, was not found.", hint=hint
        )
    parsed = {one.name.partition(":")[0] for one in found}
    for path, text in texts.items():
        inner, name = path.relative_to(root), module_of(path, root)[1]
        if "FastAPI" not in text or name in parsed or _lies_aside(path, root, ""):
            continue
        is_template = not all(part.isidentifier() for part in inner.with_suffix("").parts)
        if is_template or parse_module(text) is not None:
            continue
        started = {f"{module_of(at, root)[1]}:{each}" for at, each in _started_targets(root, texts)}
        if found[0].name not in started:
            raise ProjectError(
                f"{inner.as_posix()} cannot be parsed, so it is not known whether the application"
                " is there.",
                hint=hint,
            )


def _not_found(project: Project, texts: dict[Path, str]) -> ProjectError:
    """Return the error for a project without an application; it names what wants arguments."""
    root, makers = project.root, FASTAPI.makers
    trees = {path: parse_module(text) for path, text in texts.items() if "FastAPI(" in text}
    wanting = [
        f"{module_of(path, root)[1]}:{name}"
        for path, tree in trees.items()
        if tree is not None and not _lies_aside(path, root, "")
        for name in find_factories(texts[path], tree, makers)
        if not name.startswith("_")
    ][:MAX_OTHERS]
    said = f"No FastAPI application was found in {root.name}"
    if wanting:
        return ProjectError(
            f"{said} that needs no arguments; these make one: {', '.join(wanting)}.",
            hint=f"Give literals: --app '{wanting[0]}(…)', or write a module with app = …(…).",
        )
    return ProjectError(
        f"{said}.", hint="Name it: --app package.module:app, or --openapi FILE for a document."
    )


def _others(found: tuple[Target, ...], chosen: Target) -> tuple[str, ...]:
    """Return the names of the applications besides the one that is read."""
    names = dict.fromkeys(one.name for one in found if one.name != chosen.name)
    return tuple(names)[:MAX_OTHERS]


def _of_another_framework(
    project: Project, texts: dict[Path, str], django: tuple[Path, str] | None
) -> Choice | None:
    """Return an application that is not FastAPI's; None where there is none."""
    root = project.root
    own = {path: text for path, text in texts.items() if not _lies_aside(path, root, "")}
    module = django[1] if django else ""
    if django and uses("drf_spectacular", own | {django[0]: texts[django[0]]}):
        paths = tuple(map(str, dict.fromkeys((django[0].parent, *import_folders(root)))))
        return Choice(Target(SPECTACULAR, paths), framework="drf-spectacular", django=module)
    for one in OTHERS:
        found = find_applications(project, one, own) if uses(one.package, own) else ()
        if found and one.describes:
            paths = (*((str(django[0].parent),) if django else ()), *found[0].paths)
            target = replace(found[0], paths=tuple(dict.fromkeys(paths)))
            return Choice(target, _others(found, target), one.name, module)
        if found:
            raise _not_described(project, f"{one.name} application at {found[0].name}")
    if django:
        raise _not_described(project, f"Django project with the settings {module}")
    return None


def _not_described(project: Project, what: str) -> ProjectError:
    """Return the error for an application that has no OpenAPI document."""
    return ProjectError(
        f"No FastAPI application was found in {project.root.name}, but a {what}, which makes no"
        " OpenAPI document of its own.",
        hint="Read a document that you have: doc new api --openapi FILE_OR_URL.",
    )


def find_applications(
    project: Project, framework: Framework = FASTAPI, texts: dict[Path, str] | None = None
) -> tuple[Target, ...]:
    """Return the applications and factories of a project, likely ones first.

    What a server is started with comes first (Dockerfile, compose, scripts, `uvicorn.run`), then
    the project's own package, then the usual names; whatever lies among scripts, benchmarks,
    tests and examples is last.
    """
    root, makers = project.root, framework.makers
    if texts is None:
        texts = {path: text_of_file(path) for path in python_files(root, aside=True)}
    one_of = "|".join(sorted(makers))
    made = re.compile(rf"\b({one_of})\s*\(|->[^\n]*\b({one_of})\b|:[^\n]*\b({one_of})\b\s*=|"
                      rf"^\s*class [^\n]*\b({one_of})\b", re.MULTILINE)  # fmt: skip
    trees = {path: parse_module(text) for path, text in texts.items() if made.search(text)}
    factories = {
        one
        for path, tree in trees.items()
        for one in (find_factories(texts[path], tree, makers) if tree else ())
    }
    called = re.compile(rf"\b({'|'.join(map(re.escape, sorted(factories)))})\b")
    trees |= {
        path: parse_module(text)
        for path, text in texts.items()
        if factories and path not in trees and called.search(text)
    }
    found = [
        one
        for path, tree in trees.items()
        for one in find_made(path, texts[path], tree, makers, factories)
    ]
    started = _started_targets(root, texts) if len(found) > 1 else {}
    word = project.declared_name.replace("-", "_")
    ordered = sorted(found, key=lambda one: _rank_application(one, root, word, started))
    return tuple(_target(one, root, word, started) for one in ordered)


def _lies_aside(path: Path, root: Path, word: str) -> bool:
    """Whether a file is no part of what a project delivers."""
    inner = path.relative_to(root)
    is_aside = any(_ASIDE.fullmatch(part) for part in inner.parts[:-1] if part != word)
    return is_aside or _ASIDE_FILE.fullmatch(inner.name) is not None


def _rank_application(
    one: Made, root: Path, word: str, started: dict[tuple[Path, str], tuple[int, str]]
) -> tuple[object, ...]:
    """Return what an application is sorted by: likely ones first."""
    inner = one.path.relative_to(root)
    folders = inner.parts[:-1]
    shown = inner.as_posix()
    likely = _LIKELY.index(shown) if shown in _LIKELY else len(_LIKELY)
    return (
        _lies_aside(one.path, root, word),
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


def _target(
    one: Made, root: Path, word: str, started: dict[tuple[Path, str], tuple[int, str]]
) -> Target:
    """Return an application as it is imported: by the name that its server is started with."""
    folder, module = module_of(one.path, root)
    _, told = started.get((one.path, one.name), (0, ""))
    if told and told != module:
        file = one.path.with_suffix("") if one.path.stem != "__init__" else one.path.parent
        folder, module = Path(file.as_posix().removesuffix("/" + told.replace(".", "/"))), told
    paths = dict.fromkeys(map(str, (folder, *import_folders(root))))
    return Target(f"{module}:{one.name}", tuple(paths), _lies_aside(one.path, root, word))


def _started_targets(root: Path, texts: dict[Path, str]) -> dict[tuple[Path, str], tuple[int, str]]:
    """Return what servers are started with: order and module's name, by file and attribute.

    What more files start comes first: a worker's own server is started by one script.
    """
    found: dict[tuple[Path, str], str] = {}
    starting: dict[tuple[Path, str], set[str]] = {}
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
                found.setdefault((path, each), module if name else "")
                starting.setdefault((path, each), set()).add(where)
    ordered = sorted(found, key=lambda one: -len(starting[one]))
    return {one: (at, found[one]) for at, one in enumerate(ordered)}


def _run_in_code(text: str) -> Iterator[str]:
    """Yield what `uvicorn.run` is called with in a module: a text, or what it has imported."""
    tree = parse_module(text) if "uvicorn" in text else None
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
    """Return the file of a module that a command names, from where it is outwards."""
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


def declared_target(project: Project) -> str:
    """Return the entry point of `[tool.fastapi]`."""
    tools = project.pyproject().get("tool", {})
    table = tools.get("fastapi", {}) if isinstance(tools, dict) else {}
    return str(table.get("entrypoint", "")) if isinstance(table, dict) else ""
