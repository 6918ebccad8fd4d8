"""Traces: route, dependency, service, model, table, where names show them.

What a call means is followed by names alone: an attribute of an unknown object is no step,
so a trace may be short but is never guessed.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from footnotary.facts.basis import Place
from footnotary.facts.impl import Step, Trace
from footnotary.readers import literals, prose
from footnotary.readers.depends import (
    Function,
    callable_in,
    dependencies_in,
    dependencies_of,
    parts_of,
)
from footnotary.readers.names import Index, last_name, statements
from footnotary.readers.package import Package, Source

_METHODS = {"get", "post", "put", "patch", "delete", "head", "options", "websocket"}
_PARAMETER = re.compile(r"\{\w{1,60}(?::\w{1,20})?\}")
# `APIRouter`, and classes that projects derive from it.
_HOLDERS = ("Router", "FastAPI")
MAX_DEPTH = 4
MAX_STEPS = 40


def read_traces(package: Package, index: Index) -> tuple[Trace, ...]:
    """Follow every route of a package.

    Args:
        package: The parsed package.
        index: Its definitions.

    Returns:
        One trace a route, in the order of the modules.
    """
    routers = _Routers(package, index)
    return tuple(
        _Follower(index, source).trace(route, node)
        for source in package.sources
        for node in statements(source.tree)
        if isinstance(node, Function) and node.decorator_list
        for route in _routes(node, source, routers)
    )


@dataclass(frozen=True)
class _Route:
    """A route decorator.

    Attributes:
        shown: `METHOD /path`.
        guards: What its routers and applications depend on, outermost first.
    """

    shown: str
    guards: tuple[tuple[ast.expr, Source], ...]


def _routes(node: Function, source: Source, routers: "_Routers") -> Iterator[_Route]:
    """Yield each route decorator of a function."""
    for decorator in node.decorator_list:
        if not isinstance(decorator, ast.Call) or not isinstance(decorator.func, ast.Attribute):
            continue
        method = decorator.func.attr
        path = decorator.args[0] if decorator.args else None
        for keyword in decorator.keywords:
            if keyword.arg == "path" and path is None:
                path = keyword.value
        if method not in _METHODS or not isinstance(path, ast.Constant):
            continue
        if isinstance(path.value, str) and path.value[:1] in {"", "/"}:
            router = decorator.func.value
            full = routers.prefix_of(router, source) + path.value or "/"
            guards = tuple(routers.guards_of(router, source))
            yield _Route(f"{method.upper()} {_shown_path(full)}", guards)


def _shown_path(path: str) -> str:
    """Return a route's path, each part of it a parameter or words."""
    return "/".join(p if _PARAMETER.fullmatch(p) else prose.shown(p) for p in path.split("/"))


class _Routers:
    """Prefixes and dependencies of routers, through the routers and applications above them."""

    def __init__(self, package: Package, index: Index) -> None:
        self.index = index
        self.own: dict[str, str] = {}
        self.above: dict[str, tuple[str, str]] = {}
        self.guards: dict[tuple[str, bool], tuple[ast.expr, Source]] = {}
        for source in package.sources:
            for node in statements(source.tree):
                value = getattr(node, "value", None)
                if isinstance(value, ast.Call):
                    self._call(node, value, source)

    def _call(self, node: ast.stmt, call: ast.Call, source: Source) -> None:
        """Take in `router = APIRouter(prefix=…)` or `holder.include_router(router, prefix=…)`."""
        given = next((k.value for k in call.keywords if k.arg == "prefix"), None)
        prefix = ""
        if given is not None:
            literal = isinstance(given, ast.Constant) and isinstance(given.value, str)
            prefix = str(given.value) if literal and isinstance(given, ast.Constant) else "/…"
        names: list[str] = []
        if isinstance(node, ast.Assign) and last_name(call.func).endswith(_HOLDERS):
            targets = [target.id for target in node.targets if isinstance(target, ast.Name)]
            names = [f"{source.name}.{name}" for name in targets]
            self.own.update(dict.fromkeys(names, prefix))
        elif isinstance(call.func, ast.Attribute) and call.func.attr == "include_router":
            names = [self.index.resolve(call.args[0], source)] if call.args else []
            for name in names:
                self.above[name] = (self.index.resolve(call.func.value, source), prefix)
        is_inclusion = isinstance(call.func, ast.Attribute)
        for keyword in call.keywords:
            if keyword.arg == "dependencies":
                for name in names:
                    self.guards[name, is_inclusion] = (keyword.value, source)

    def guards_of(self, router: ast.expr, source: Source) -> Iterator[tuple[ast.expr, Source]]:
        """Yield what all routes of a router depend on, in the order in which FastAPI asks it."""
        name = self.index.resolve(router, source)
        chain = [name]
        while name in self.above and len(chain) <= MAX_DEPTH:
            name = self.above[name][0]
            chain.append(name)
        for holder in reversed(chain):
            for is_inclusion in (True, False):
                if (holder, is_inclusion) in self.guards:
                    expression, origin = self.guards[holder, is_inclusion]
                    yield from dependencies_in(expression, origin, self.index)

    def prefix_of(self, router: ast.expr, source: Source) -> str:
        """Return the prefix of a router's routes; `…` stands for a part that is computed."""
        name = self.index.resolve(router, source)
        path = self.own.get(name, "")
        for _ in range(MAX_DEPTH):
            if name not in self.above:
                break
            name, prefix = self.above[name]
            path = self.own.get(name, "") + prefix + path
        return path


class _Follower:
    """Follows one route through the definitions of its package."""

    def __init__(self, index: Index, source: Source) -> None:
        self.index = index
        self.source = source
        self.dependencies: dict[str, Step] = {}
        self.services: dict[str, Step] = {}
        self.models: dict[str, Step] = {}
        self.tables: dict[str, None] = {}

    def trace(self, route: "_Route", node: Function) -> Trace:
        """Follow a route's function."""
        for name, source in (
            *route.guards,
            *dependencies_of(node, self.source, self.index),
        ):
            self._dependency(name, source)
        self._body(node, self.source, MAX_DEPTH, {node})
        return Trace(
            route=route.shown,
            place=Place(path=self.source.path, line=node.lineno),
            dependencies=tuple(self.dependencies.values()),
            services=tuple(self.services.values())[:MAX_STEPS],
            models=tuple(self.models.values()),
            tables=tuple(self.tables),
        )

    def _dependency(self, name: ast.expr, source: Source) -> None:
        """Take in a dependency and those it has itself."""
        full = self.index.resolve(callable_in(name), source)
        if not full or full in self.dependencies or len(self.dependencies) >= MAX_STEPS:
            return
        found = self.index.definitions.get(full)
        self.dependencies[full] = self._step("dependency", full)
        if found is None:
            return
        for part in parts_of(found[0]):
            for inner, origin in dependencies_of(part, found[1], self.index):
                self._dependency(inner, origin)

    def _body(self, node: ast.AST, source: Source, depth: int, seen: set[ast.AST]) -> None:
        """Take in the functions and models that a body names."""
        for name in self._named(node, source):
            definition = self.index.definitions.get(name)
            if definition is None or definition[0] in seen:
                continue
            found, origin = definition
            if isinstance(found, ast.ClassDef):
                table = _table_name(found)
                if table:
                    self.models.setdefault(name, self._step("model", name))
                    self.tables[table] = None
            elif isinstance(found, Function) and name not in self.dependencies:
                self.services.setdefault(name, self._step("service", name))
                if depth and len(self.services) < MAX_STEPS:
                    self._body(found, origin, depth - 1, seen | {found})

    def _named(self, node: ast.AST, source: Source) -> Iterator[str]:
        """Yield the full names that a body uses, in order of the text, each once."""
        found: dict[str, None] = {}
        body = getattr(node, "body", [])
        for statement in body if isinstance(body, list) else []:
            for inner in ast.walk(statement):
                if isinstance(inner, ast.Name | ast.Attribute):
                    name = self.index.resolve(inner, source)
                    if name in self.index.definitions:
                        found[name] = None
        yield from found

    def _step(self, kind: str, full: str) -> Step:
        """Describe one step."""
        definition = self.index.definitions.get(full)
        place = None
        if definition:
            place = Place(path=definition[1].path, line=definition[0].lineno)
        return Step.model_validate({"kind": kind, "name": full, "place": place})


def _table_name(node: ast.ClassDef) -> str:
    """Return the table of a mapped class: `__tablename__`, or SQLModel's default."""
    for statement in node.body:
        targets = statement.targets if isinstance(statement, ast.Assign) else []
        if isinstance(statement, ast.AnnAssign):
            targets = [statement.target]
        named = any(isinstance(t, ast.Name) and t.id == "__tablename__" for t in targets)
        value = getattr(statement, "value", None)
        if named and isinstance(value, ast.Constant):
            return literals.identifier(value.value)
    mapped = any(
        keyword.arg == "table"
        and isinstance(keyword.value, ast.Constant)
        and keyword.value.value is True
        for keyword in node.keywords
    )
    return node.name.lower() if mapped else ""
