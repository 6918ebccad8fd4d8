"""Modules, and traces: route, dependency, service, model, table, where names show them.

What a call means is followed by names alone: an attribute of an unknown object is no step,
so a trace may be short but is never guessed.
"""

import ast
import re
from collections.abc import Container, Iterator, Mapping

from footnotary.extract.plain import json_value
from footnotary.facts.impl import Module, Trace, TraceStep
from footnotary.readers import literals
from footnotary.readers.stubs import stubs
from footnotary.secrecy import prose
from footnotary.source import Tree
from footnotary.source.injected import Function, Injected
from footnotary.source.names import (
    Defined,
    DefinitionIndex,
    Identifiers,
    assigned_value,
    defined_names,
    keyword,
    read_exports,
    says_true,
)
from footnotary.source.package import Definition, Package, definitions, is_public_path
from footnotary.source.parsing import Source
from footnotary.source.routes import Route, dependencies_of, read_routes

_SENTENCE = re.compile(r"(.+?[.!?])(?:\s|$)", re.DOTALL)
MAX_PURPOSE = 300


def describe_modules(package: Package, coverage: Mapping[str, float]) -> tuple[Module, ...]:
    """Describe every module of a package, by name."""
    return tuple(_module(source, coverage) for source in package.sources)


def _module(source: Source, coverage: Mapping[str, float]) -> Module:
    """Describe one module."""
    names = Identifiers(source)
    public = [(p, node) for p, node, _ in definitions(source) if is_public_path(p)]
    exported = read_exports(source.tree)
    defined = (path for path, _, _ in definitions(source, variants=True))
    top = [path for path in dict.fromkeys(defined) if "." not in path and is_public_path(path)]
    named = exported and [one for one in dict.fromkeys(exported.names) if one.isidentifier()]
    return Module(
        name=source.name,
        path=source.path,
        purpose=purpose(source.tree, names),
        public=is_public_path(source.name),
        api=tuple(top if named is None else named),
        exported=exported is not None,
        computed=exported is not None and not exported.is_whole,
        lines=source.text.count("\n") + (not source.text.endswith("\n") and bool(source.text)),
        definitions=len(public),
        documented=sum(ast.get_docstring(node, clean=False) is not None for _, node in public),
        coverage=coverage.get(source.path),
        docstring_shown=prose.is_documentation(ast.get_docstring(source.tree) or "", names),
        stubs=stubs(source, names) if is_public_path(source.name) else (),
    )


def purpose(node: ast.Module | Definition, names: Container[str] = ()) -> str:
    """Return the first sentence of a docstring on one line; empty without one."""
    docstring = ast.get_docstring(node)
    if not docstring:
        return ""
    paragraph = " ".join(docstring.strip().split("\n\n", 1)[0].split())
    found = _SENTENCE.match(paragraph)
    return prose.display_prose((found[1] if found else paragraph)[:MAX_PURPOSE], names)


def read_coverage(tree: Tree) -> dict[str, float]:
    """Return per cent of covered statements by path, from `coverage json`'s output."""
    try:
        files = json_value(tree.text("coverage.json") or "{}").get("files", {})
        return {
            str(path).replace("\\", "/"): float(entry["summary"]["percent_covered"])
            for path, entry in files.items()
        }
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}


_PARAMETER = re.compile(r"\{\w{1,60}(?::\w{1,20})?\}")
_MAX_DEPTH = 4
MAX_STEPS = 40


def read_traces(package: Package, index: DefinitionIndex) -> tuple[Trace, ...]:
    """Follow every route of a package.

    Returns:
        One trace a route, in the order of the modules.
    """
    routes = read_routes(package.sources, index)
    found = (one for one in routes.all if one.root not in routes.callbacks)
    return tuple(_Follower(index, one.source).trace(one) for one in found)


def _shown_path(path: str) -> str:
    """Return a route's path, each part of it a parameter or words."""
    return "/".join(
        p if _PARAMETER.fullmatch(p) else prose.display_prose(p) for p in path.split("/")
    )


class _Follower:
    """Follows one route through the definitions of its package."""

    def __init__(self, index: DefinitionIndex, source: Source) -> None:
        self.index = index
        self.source = source
        self.injected = Injected(index)
        self.dependencies: dict[str, TraceStep] = {}
        self.services: dict[str, TraceStep] = {}
        self.models: dict[str, TraceStep] = {}
        self.tables: dict[str, None] = {}

    def trace(self, route: Route) -> Trace:
        """Follow a route's function, after what runs before it."""
        before = dependencies_of(route, self.injected)
        for name, source in (*before, *self.injected.of_function(route.node, self.source)):
            self._dependency(name, source)
        self._body(route.node, self.source, _MAX_DEPTH, {route.node})
        return Trace(
            route=f"{route.method.upper()} {_shown_path(route.path)}",
            place=self.source.place(route.node),
            dependencies=tuple(self.dependencies.values()),
            services=tuple(self.services.values())[:MAX_STEPS],
            models=tuple(self.models.values()),
            tables=tuple(self.tables),
        )

    def _dependency(self, name: ast.expr, source: Source) -> None:
        """Take in a dependency and those it has itself."""
        full, definition, injected = self.injected.of_dependency(name, source)
        if not full or full in self.dependencies or len(self.dependencies) >= MAX_STEPS:
            return
        self.dependencies[full] = _step("dependency", full, definition)
        for inner, origin in injected:
            self._dependency(inner, origin)

    def _body(self, node: ast.AST, source: Source, depth: int, seen: set[ast.AST]) -> None:
        """Take in the functions and models that a body names."""
        for name, (found, origin) in self._named(node, source):
            if found in seen:
                continue
            if isinstance(found, ast.ClassDef):
                table = _table_name(found)
                if table:
                    self.models.setdefault(name, _step("model", name, (found, origin)))
                    self.tables[table] = None
            elif isinstance(found, Function) and name not in self.dependencies:
                self.services.setdefault(name, _step("service", name, (found, origin)))
                if depth and len(self.services) < MAX_STEPS:
                    self._body(found, origin, depth - 1, seen | {found})

    def _named(self, node: ast.AST, source: Source) -> Iterator[tuple[str, Defined]]:
        """Yield full name and definition of what a body uses, in order of the text, each once."""
        found: dict[str, Defined] = {}
        body = getattr(node, "body", [])
        for statement in body if isinstance(body, list) else []:
            for inner in ast.walk(statement):
                if isinstance(inner, ast.Name | ast.Attribute):
                    definition = self.index.define(inner, source)
                    if definition is not None:
                        found[self.index.resolve(inner, source)] = definition
        yield from found.items()


def _step(kind: str, full: str, definition: Defined | None) -> TraceStep:
    """Describe one step."""
    place = definition[1].place(definition[0]) if definition else None
    return TraceStep.model_validate({"kind": kind, "name": full, "place": place})


def _table_name(node: ast.ClassDef) -> str:
    """Return the table of a mapped class: `__tablename__`, or SQLModel's default."""
    for statement in node.body:
        value = assigned_value(statement)
        if "__tablename__" in defined_names(statement) and isinstance(value, ast.Constant):
            return literals.identifier(value.value)
    return node.name.lower() if says_true(keyword(node, "table")) else ""
