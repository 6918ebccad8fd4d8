"""Commands that a project's own programs offer: console scripts, and modules that can be run."""

import ast
import contextlib
import re
from collections.abc import Iterator, Mapping
from typing import Any

from footnotary.facts.basis import Place
from footnotary.facts.deploy import Command
from footnotary.readers import literals
from footnotary.readers.command_groups import CommandGroups
from footnotary.readers.identity import read_pyproject
from footnotary.source.tree import Tree

_LIBRARIES = re.compile(r"\b(typer|click)\b")
_LEADING = ("__init__.py", "__main__.py")
MAX_COMMANDS = 60


def read(tree: Tree) -> Iterator[Command]:
    """Yield console scripts and runnable modules, each with its subcommands.

    Args:
        tree: The project's files.
    """
    scripts = list(_scripts(tree))
    groups = _groups(tree, {target.rpartition(".")[0] for _, target, _ in scripts})
    shown: set[str] = set()
    for name, target, path in scripts:
        found = list(_subcommands(groups, target, name))
        shown |= {str(one.origin) for one in found}
        entry = Command(purpose="task", words=name, origin=Place(path=path), note="console script")
        yield from found or [entry]
    for module in groups.modules():
        program = f"python -m {module.removesuffix('.__main__')}"
        found = list(_subcommands(groups, module, program))
        yield from (one for one in found if str(one.origin) not in shown)


def purpose_of(name: str) -> str:
    """Return what a task is for, where its name says so."""
    words = set(re.split(r"[-_.\s]+", name.casefold()))
    for kind, signs in (
        ("rollback", {"rollback", "downgrade"}),
        ("migrate", {"migrate", "migration", "migrations", "upgrade"}),
        ("back-up", {"backup", "dump"}),
    ):
        if words & signs:
            return kind
    return "task"


def _subcommands(groups: CommandGroups, target: str, program: str) -> Iterator[Command]:
    """Yield the commands below what a script or a module starts."""
    started = groups.started(target)
    if started is None:
        return
    members = list(groups.typed(started)) if started.group else [("", started)]
    for words, one in members[:MAX_COMMANDS]:
        shown = " ".join(map(literals.label, words.split()))
        yield Command(
            purpose=purpose_of(words),
            words=f"{program} {shown}".strip(),
            origin=one.place,
            note=one.note,
        )


def _groups(tree: Tree, targets: set[str]) -> CommandGroups:
    """Read the modules that speak of Typer or Click, and those that lead there."""
    projects = [path.rpartition("/")[0] for path in tree.named("pyproject.toml", "setup.py")]
    parsed = []
    for path in tree.files:
        if not path.endswith(".py"):
            continue
        module = _module(path, projects)
        leads = path.endswith(_LEADING) or module in targets
        text = tree.text(path) or ""
        if leads or _LIBRARIES.search(text):
            with contextlib.suppress(SyntaxError, ValueError, RecursionError, MemoryError):
                parsed.append((module, path, ast.parse(text)))
    return CommandGroups(parsed)


def _module(path: str, projects: list[str]) -> str:
    """Return the name a module is imported by: from its project's folder, or `src` in it."""
    inside = [one for one in projects if one and path.startswith(f"{one}/")]
    name = path.removeprefix(f"{max(inside, key=len)}/") if inside else path
    name = name.removeprefix("src/").removesuffix(".py").removesuffix("/__init__")
    return name.replace("/", ".")


def _scripts(tree: Tree) -> Iterator[tuple[str, str, str]]:
    """Yield name, full name of the function, and file of each console script."""
    for path in tree.named("pyproject.toml"):
        data = read_pyproject(tree, path)
        for table in (data.get("project"), _at(data, "tool", "poetry")):
            scripts = _at(table, "scripts")
            for name, target in scripts.items() if isinstance(scripts, dict) else ():
                full = str(target).partition("[")[0].strip().replace(":", ".")
                yield literals.label(name), full, path


def _at(table: Any, *names: str) -> Any:
    """Return what lies in nested tables, or None."""
    for name in names:
        table = table.get(name) if isinstance(table, Mapping) else None
    return table
