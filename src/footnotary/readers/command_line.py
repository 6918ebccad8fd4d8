"""The commands of a project's own Typer and Click programs, followed through its modules."""

import ast
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass

from footnotary.facts.basis import Place
from footnotary.readers import literals
from footnotary.readers.modules import purpose
from footnotary.readers.names import imported_names, last_name
from footnotary.readers.tree import Tree

_MAX_DEPTH = 4
_FUNCTION = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Program:
    """What is typed to start a command.

    Attributes:
        words: The program with its groups and its command.
        place: Where the command is defined; of a program without known commands, its entry.
        about: The first sentence of its docstring; may be empty.
    """

    words: str
    place: Place
    about: str = ""


@dataclass(frozen=True)
class _Module:
    """A module of the project.

    Attributes:
        path: Its file.
        name: Its import name.
        tree: Its syntax tree.
    """

    path: str
    name: str
    tree: ast.Module

    def assigned(self, name: str) -> ast.expr | None:
        """Return what a name of the module was assigned."""
        for node in self.tree.body:
            targets = node.targets if isinstance(node, ast.Assign) else []
            if any(isinstance(target, ast.Name) and target.id == name for target in targets):
                return getattr(node, "value", None)
        return None

    def function(self, name: str) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
        """Return a function of the module."""
        found = (n for n in self.tree.body if isinstance(n, _FUNCTION) and n.name == name)
        return next(found, None)


def programs(tree: Tree) -> Iterator[Program]:
    """Yield the commands of console scripts, then of modules that `python -m` runs.

    Args:
        tree: The project's files.
    """
    told: set[str] = set()
    for script, target in _scripts(tree):
        name, _, attribute = target.partition(":")
        module = _module(tree, name)
        place = Place(path="pyproject.toml")
        if module is None:
            yield Program(script, place, "console script")
            continue
        told.add(module.path)
        group = _group_behind(module, attribute)
        yield from _commands(tree, module, group, script) or [
            Program(script, place, "console script")
        ]
    for path in tree.files:
        if path.endswith(".py") and path not in told:
            yield from _run_as_module(tree, path)


def _scripts(tree: Tree) -> Iterator[tuple[str, str]]:
    """Yield name and target of the console scripts of the pyproject.toml at the root."""
    try:
        data = tomllib.loads(tree.text("pyproject.toml") or "")
    except tomllib.TOMLDecodeError:
        return
    project = data.get("project")
    scripts = project.get("scripts") if isinstance(project, dict) else None
    for name, target in scripts.items() if isinstance(scripts, dict) else ():
        yield literals.label(name), str(target)


def _run_as_module(tree: Tree, path: str) -> Iterator[Program]:
    """Yield the commands of a module that runs a program where it is the main one."""
    text = tree.text(path) or ""
    if "__main__" not in text + path or not ("typer" in text or "click" in text):
        return
    dotted = path.removeprefix("src/") if not tree.has("src/__init__.py") else path
    name = dotted.removesuffix(".py").replace("/", ".")
    module = _parsed(path, name, text)
    for node in module.tree.body if module else ():
        group = _called_in(node) if isinstance(node, ast.If) else ""
        if module and group and _is_program(module, group):
            shown = name.removesuffix(".__main__")
            yield from _commands(tree, module, group, f"python -m {shown}")
            return


def _commands(tree: Tree, module: _Module, group: str, program: str) -> list[Program]:
    """Return the commands of a program; one alone is run without its name."""
    found = list(_below(tree, module, group, program, _MAX_DEPTH))
    makes_typer = last_name(module.assigned(group) or ast.Name("")) == "Typer"
    if makes_typer and len(found) == 1 and not _has_callback(module, group):
        return [Program(program, found[0].place, found[0].about)]
    return found


def _below(tree: Tree, module: _Module, group: str, words: str, depth: int) -> Iterator[Program]:
    """Yield the commands of a group and of the groups in it."""
    for node in module.tree.body:
        if isinstance(node, _FUNCTION):
            for kind, given in _decorators(node, group):
                name = _literal(given, "name") or node.name.strip("_").replace("_", "-").lower()
                name = literals.label(name)
                if kind == "command":
                    place = Place(path=module.path, line=node.lineno)
                    yield Program(f"{words} {name}", place, purpose(node))
                elif depth:
                    yield from _below(tree, module, node.name, f"{words} {name}", depth - 1)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and depth:
            yield from _added(tree, module, group, node.value, words, depth)


def _added(  # noqa: PLR0913, PLR0917  where it stands, and what is typed up to here
    tree: Tree, module: _Module, group: str, call: ast.Call, words: str, depth: int
) -> Iterator[Program]:
    """Yield the commands of `app.add_typer(other, name=…)` and `group.add_command(other)`."""
    function = call.func
    if not (
        isinstance(function, ast.Attribute)
        and function.attr in ("add_typer", "add_command")
        and isinstance(function.value, ast.Name)
        and function.value.id == group
        and call.args
    ):
        return
    origin, name = _resolved(tree, module, call.args[0])
    if origin is None:
        return
    own = origin.assigned(name)
    title = _literal(call, "name") or (_literal(own, "name") if isinstance(own, ast.Call) else "")
    defined = origin.function(name)
    if defined is not None:
        title = title or name.replace("_", "-").lower()
    below = f"{words} {literals.label(title)}" if title else words
    found = list(_below(tree, origin, name, below, depth - 1))
    if not found and defined is not None:
        found = [Program(below, Place(path=origin.path, line=defined.lineno), purpose(defined))]
    yield from found


def _decorators(
    node: ast.FunctionDef | ast.AsyncFunctionDef, group: str
) -> Iterator[tuple[str, ast.Call | None]]:
    """Yield `command` or `group` for each decorator by which a group takes in a function."""
    for decorator in node.decorator_list:
        call = decorator if isinstance(decorator, ast.Call) else None
        function = call.func if call else decorator
        if (
            isinstance(function, ast.Attribute)
            and function.attr in ("command", "group")
            and isinstance(function.value, ast.Name)
            and function.value.id == group
        ):
            yield function.attr, call


def _has_callback(module: _Module, group: str) -> bool:
    """Return whether a Typer program has a callback: then its only command keeps its name."""
    return any(
        isinstance(node, ast.Attribute)
        and node.attr == "callback"
        and isinstance(node.value, ast.Name)
        and node.value.id == group
        for node in ast.walk(module.tree)
    )


def _group_behind(module: _Module, attribute: str) -> str:
    """Return the program that an entry point names, or that the function it names calls."""
    function = module.function(attribute)
    if function is None or function.decorator_list:
        return attribute
    called = (_called_in(node) for node in function.body)
    return next((name for name in called if name and _is_program(module, name)), attribute)


def _called_in(node: ast.stmt) -> str:
    """Return the name that a statement calls, such as `app` of `app()`."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name):
            return inner.func.id
    return ""


def _is_program(module: _Module, name: str) -> bool:
    """Return whether a name is a Typer application or a decorated function."""
    function = module.function(name)
    return (
        bool(function and function.decorator_list)
        or last_name(module.assigned(name) or ast.Name("")) == "Typer"
    )


def _resolved(tree: Tree, module: _Module, node: ast.expr) -> tuple[_Module | None, str]:
    """Return the module in which a name is defined, and its name there."""
    if isinstance(node, ast.Name) and (module.assigned(node.id) or module.function(node.id)):
        return module, node.id
    names = imported_names(module.tree, module.name, is_package=module.path.endswith("__init__.py"))
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return _module(tree, names.get(node.value.id, "")), node.attr
    full = names.get(node.id, "") if isinstance(node, ast.Name) else ""
    owner, _, name = full.rpartition(".")
    return _module(tree, owner), name


def _module(tree: Tree, name: str) -> _Module | None:
    """Return a module of the project by its import name."""
    path = name.replace(".", "/")
    for start in ("src/", "") if path else ():
        for end in (".py", "/__init__.py"):
            if tree.has(f"{start}{path}{end}"):
                return _parsed(f"{start}{path}{end}", name, tree.text(f"{start}{path}{end}") or "")
    return None


def _parsed(path: str, name: str, text: str) -> _Module | None:
    """Return a module, or None where it is no Python."""
    try:
        return _Module(path, name, ast.parse(text))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _literal(call: ast.Call | None, keyword: str) -> str:
    """Return the first argument of a call, or one by its name, where it is written out."""
    if call is None:
        return ""
    named = [k.value for k in call.keywords if k.arg == keyword]
    for node in (*named, *call.args[:1]):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return node.value
    return ""
