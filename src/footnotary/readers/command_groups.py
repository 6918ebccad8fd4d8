"""Typer applications and Click groups as the source puts them together.

Decorators, `add_typer` and `add_command` are followed through imports, by names alone; what
is registered while the program runs (a lazy group, a plugin) is not shown.
"""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from footnotary.facts.basis import Place
from footnotary.readers.traces import purpose
from footnotary.source.names import (
    DefinitionIndex,
    defined_names,
    keyword,
    last_name,
    says_true,
    text_of,
)
from footnotary.source.parsing import Source

_MAX_HOPS = 8
_CLICK = {"click", "rich_click", "asyncclick"}
_ENDINGS = ("_command", "_cmd", "_group", "_grp")  # which Click 8.2 takes away
_DECORATORS = {"command", "group", "callback"}


@dataclass
class CommandNode:
    """A command, or a group of them.

    Attributes:
        name: As it is typed; empty for an application that has none.
        place: Where it is defined.
        note: First sentence of its docstring.
        typer: Whether Typer runs it, and not Click.
        group: Whether it holds commands.
        hidden: Whether its help leaves it out.
        called_first: Whether a callback is before its commands.
        members: Name given where it is added (empty for its own) and full name of each.
    """

    name: str
    place: Place
    note: str = ""
    typer: bool = False
    group: bool = False
    hidden: bool = False
    called_first: bool = False
    members: list[tuple[str, str]] = field(default_factory=list)


class CommandGroups:
    """The commands of a project's modules by full name.

    Args:
        sources: The modules.
        index: What their names mean.
    """

    def __init__(self, sources: Sequence[Source], index: DefinitionIndex) -> None:
        self._sources = sources
        self._index = index
        self._commands: dict[str, CommandNode] = {}
        self._runs: dict[str, list[str]] = {}  # what a function or a started module calls
        waiting = [(source, node) for source in sources for node in source.tree.body]
        for source, node in waiting:
            self._running(source, node)
        before = -1
        while len(waiting) != before:  # what is added to something must wait for it
            before = len(waiting)
            waiting = [one for one in waiting if not self._taken(*one)]

    def _running(self, source: Source, node: ast.stmt) -> None:
        """Note what a function calls, and what a module that is started does."""
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            self._runs[f"{source.name}.{node.name}"] = self._called(source, node.body)
        started = isinstance(node, ast.If) and "__main__" in ast.unparse(node.test)
        is_main = source.path.endswith("__main__.py") and isinstance(node, ast.Expr | ast.If)
        if started or is_main:
            body = node.body if isinstance(node, ast.If) else [node]
            self._runs.setdefault(source.name, []).extend(self._called(source, body))

    def _taken(self, source: Source, node: ast.stmt) -> bool:
        """Take in a statement; False where what it is added to is not known, yet."""
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            return self._decorated(source, node)
        if isinstance(node, ast.Assign | ast.AnnAssign):
            return self._assigned(source, node)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            return self._added(source, node.value)
        return False

    def started(self, name: str) -> CommandNode | None:
        """Return what runs when a function is called, or a module started with `python -m`."""
        for _ in range(_MAX_HOPS):
            name = self._followed(name)
            if name in self._commands:
                return self._commands[name]
            behind = [one for one in self._runs.get(name, ()) if one != name]
            known = [one for one in behind if self._followed(one) in self._commands]
            runs = [one for one in behind if self._followed(one) in self._runs]
            if not known and not runs:
                return None
            name = (known or runs)[0]
        return None

    def modules(self) -> Iterator[str]:
        """Yield the modules that can be started with `python -m`."""
        yield from (one.name for one in self._sources if self._runs.get(one.name))

    def typed(self, command: CommandNode, hops: int = 0) -> Iterator[tuple[str, CommandNode]]:
        """Yield the words of each command below a group, and the command."""
        members = [
            (given, found)
            for given, full in command.members
            if (found := self._commands.get(self._followed(full))) and not found.hidden
        ]
        # Typer makes an application of a single command that command itself.
        alone = command.typer and not (command.called_first or hops or command.members[1:])
        for given, found in members if hops < _MAX_HOPS else ():
            name = given or found.name
            if not found.group:
                yield ("" if alone else name), found
                continue
            for words, inner in self.typed(found, hops + 1):
                yield f"{name} {words}".strip(), inner

    def _followed(self, name: str) -> str:
        """Follow a full name through modules that re-export it."""
        return self._index.follow(name, self._sources[0]) if self._sources else name

    def _called(self, source: Source, body: list[ast.stmt]) -> list[str]:
        """Return what the calls of a body name."""
        calls = (one for statement in body for one in ast.walk(statement))
        return [self._index.resolve(one.func, source) for one in calls if isinstance(one, ast.Call)]

    def _decorated(self, source: Source, node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
        """Take in a function that a decorator makes a command, a group or a callback."""
        for decorator in node.decorator_list:
            call = decorator if isinstance(decorator, ast.Call) else None
            full = self._index.resolve(call.func if call else decorator, source)
            holder, _, verb = full.rpartition(".")
            above = self._commands.get(self._followed(holder))
            if verb not in _DECORATORS or (above is None and holder not in _CLICK):
                continue
            if verb == "callback":
                if above:
                    above.called_first = True
                return True
            self._commands[f"{source.name}.{node.name}"] = CommandNode(
                name=_given_name(call) or _own_name(node.name, typer=bool(above and above.typer)),
                place=source.place(node),
                note=purpose(node),
                group=verb == "group",
                hidden=call is not None and says_true(keyword(call, "hidden")),
            )
            if above:
                above.members.append(("", f"{source.name}.{node.name}"))
            return True
        return False

    def _assigned(self, source: Source, node: ast.Assign | ast.AnnAssign) -> bool:
        """Take in `app = typer.Typer(…)`."""
        if not isinstance(node.value, ast.Call) or last_name(node.value.func) != "Typer":
            return False
        for name in defined_names(node):
            self._commands[f"{source.name}.{name}"] = CommandNode(
                name=_given_name(node.value, positional=False),
                place=source.place(node),
                typer=True,
                group=True,
                hidden=says_true(keyword(node.value, "hidden")),
                called_first=keyword(node.value, "callback") is not None,
            )
        return True

    def _added(self, source: Source, call: ast.Call) -> bool:
        """Take in `app.add_typer(other, name=…)` and `cli.add_command(other, …)`."""
        if not isinstance(call.func, ast.Attribute) or not call.args:
            return False
        above = self._commands.get(self._index.resolve(call.func.value, source))
        if above is None or call.func.attr not in {"add_typer", "add_command"}:
            return False
        named = _given_name(ast.Call(call.func, call.args[1:], call.keywords))
        if not says_true(keyword(call, "hidden")):
            above.members.append((named, self._index.resolve(call.args[0], source)))
        return True


def _given_name(call: ast.Call | None, *, positional: bool = True) -> str:
    """Return the name that a call gives as its first argument or as `name=`, or empty."""
    if call is None:
        return ""
    first = call.args[0] if positional and call.args else None
    return text_of(first) or text_of(keyword(call, "name"))


def _own_name(name: str, *, typer: bool) -> str:
    """Return what a function without a given name is called on the command line."""
    if not typer:
        ending = next((one for one in _ENDINGS if name.endswith(one) and name != one), "")
        name = name.removesuffix(ending)
    return name.strip("_").replace("_", "-").lower()
