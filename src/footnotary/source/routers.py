"""Routers and applications: what makes one, what it is called, and what it does to paths."""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from types import UnionType
from typing import TypeAlias

from footnotary.source.injected import Function, Injected
from footnotary.source.names import DefinitionIndex, keyword, last_name
from footnotary.source.parsing import Source, walk_statements

COMPUTED = "/…"
# Methods that are given a path.
_TAKES_PATH = {
    "__init__", "get", "put", "post", "delete", "options", "head", "patch", "trace", "websocket",
    "api_route", "route", "include_router", "add_api_route", "add_route",
    "add_api_websocket_route", "add_websocket_route",
}  # fmt: skip
# What a router, an application, an inclusion or a route says by keywords, and where it is.
Said: TypeAlias = tuple[ast.Call, Source]


@dataclass
class Router:
    """A router or application, by the name it is assigned to."""

    said: Said
    is_app: bool


class Routers:
    """The routers and applications of a project, by full name.

    Of several with one name in a module, each has its line with it, but the one that a name means
    in other modules.

    Attributes:
        found: Them.
        unread: Where options are passed on by `**` that the source does not tell.
    """

    def __init__(self, index: DefinitionIndex) -> None:
        self.found: dict[str, Router] = {}
        self.unread: list[str] = []
        self.injected = Injected(index)
        self._index = index
        self._nodes: dict[str, list[ast.stmt]] = {}
        # By name: the line, the lines of the function around it, and the name with the line.
        self._again: dict[str, list[tuple[int, range, str]]] = {}

    def add(self, nodes: list[ast.stmt], source: Source) -> None:
        """Take in `router = APIRouter(…)`, and classes made of it, of a module."""
        self._nodes[source.path] = nodes
        made: dict[str, list[tuple[ast.expr, Router]]] = {}
        for node in nodes:
            for target, router in self._made_in(node, source):
                made.setdefault(self._plain(target, source), []).append((target, router))
        for name, every in made.items():
            tops = [one for one in every if one[0].col_offset == 0]
            chosen = tops[-1] if tops else every[0]
            for one in every:
                target, router = one
                key = name if one is chosen else f"{name}@{target.lineno}"
                self.found[key] = router
                around = _lines(self._around(target, source, Function))
                self._again.setdefault(name, []).append((target.lineno, around, key))

    def _made_in(self, node: ast.stmt, source: Source) -> Iterator[tuple[ast.expr, Router]]:
        """Yield what a statement assigns a router to, and the router."""
        value = getattr(node, "value", None)
        if not isinstance(node, ast.Assign | ast.AnnAssign) or not isinstance(value, ast.Call):
            return
        kind = self._kind(value.func, source)
        if not kind and isinstance(node, ast.AnnAssign):
            kind = self._kind(node.annotation, source)
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            if kind and isinstance(target, ast.Name | ast.Attribute):
                yield target, Router(self.said(value, source), is_app=kind == "FastAPI")

    def said(self, call: ast.Call, source: Source) -> Said:
        """Return a call with the options that `**` passes on, as far as the source tells."""
        words: list[ast.keyword] = []
        for one in call.keywords:
            given = self._index.follow_value(one.value, source)[0] if one.arg is None else None
            if isinstance(given, ast.Dict) and all(isinstance(k, ast.Constant) for k in given.keys):
                words += [
                    ast.keyword(str(key.value), value)
                    for key, value in zip(given.keys, given.values, strict=True)
                    if isinstance(key, ast.Constant)
                ]
            else:
                words.append(one)
                self.unread += [placed(call, source)] if one.arg is None else []
        made = ast.Call(call.func, call.args, words)
        return ast.copy_location(made, call), source

    def _kind(self, made: ast.expr, source: Source) -> str:
        """Return `FastAPI` or `APIRouter` of what makes one; else nothing."""
        full, found = self._index.resolve(made, source), self._index.define(made, source)
        names = {full.rpartition(".")[2]}
        if found and isinstance(found[0], ast.ClassDef):
            names = {one.rpartition(".")[2] for one in self._index.roots(found[0], found[1])}
        known = next((one for one in ("FastAPI", "APIRouter") if one in names), "")
        return known or ("APIRouter" if any(one.endswith("Router") for one in names) else "")

    def is_app(self, name: str) -> bool:
        """Tell whether a name is an application's."""
        return name in self.found and self.found[name].is_app

    def name(self, router: ast.expr, source: Source) -> str:
        """Return the full name of a router, of one inside of a function too."""
        if isinstance(router, ast.Call):
            return self._made_by(router, source)
        if isinstance(router, ast.Attribute) and router.attr == "router":
            holder = self.name(router.value, source)  # an application's own router
            if self.is_app(holder):
                return holder
        local = self._local(router, source)
        if isinstance(router, ast.Attribute) and isinstance(router.value, ast.Call | ast.Name):
            owner = self.injected.origin_of(router.value, source)[1]
            if owner and isinstance(owner[0], ast.ClassDef):  # an object's own router
                local = f"{owner[1].name}.{owner[0].name}.self.{router.attr}"
        return local if local in self.found else self._index.resolve(router, source)

    def _plain(self, router: ast.expr, source: Source) -> str:
        """Return a router's name without its line; an object's own has that of its class."""
        text = ast.unparse(router)
        around = self.around(router, source) if text.startswith("self.") else None
        return f"{source.name}.{around.name}.{text}" if around else f"{source.name}.{text}"

    def _local(self, router: ast.expr, source: Source) -> str:
        """Return the full name of a router where it is used: of several, the one that is seen."""
        name = self._plain(router, source)
        seen = [one for one in self._again.get(name, ()) if router.lineno in one[1]]
        before = [one for one in seen if one[0] <= router.lineno] or seen
        return max(before, key=lambda one: (one[1].start, one[0]))[2] if before else name

    def around(self, node: ast.expr, source: Source) -> ast.ClassDef | None:
        """Return the innermost class that something is written in."""
        found = self._around(node, source, ast.ClassDef)
        return found if isinstance(found, ast.ClassDef) else None

    def _around(self, node: ast.expr, source: Source, kind: type | UnionType) -> ast.stmt | None:
        every = [one for one in self._nodes.get(source.path, ()) if isinstance(one, kind)]
        return next((one for one in reversed(every) if node.lineno in _lines(one)
                     and one.lineno < node.lineno), None)  # fmt: skip

    def _made_by(self, call: ast.Call, source: Source) -> str:
        """Return the router that a function returns."""
        found = self._index.define(call.func, source)
        for node in walk_statements(found[0]) if found else ():
            if found and isinstance(node, ast.Return) and isinstance(node.value, ast.Name):
                return self._local(node.value, found[1])
        return ""

    def prefix(self, said: Said) -> str:
        """Return the prefix that a router or an inclusion gives."""
        call, source = said
        if self._kind(call.func, source) == "FastAPI":
            return ""
        if any(_makes_paths(one, "prefix") for one in self._classes_of(call.func, source)):
            return COMPUTED
        return self.text(keyword(call, "prefix"), source)

    def may_rewrite(self, said: Said) -> bool:
        """Tell whether a router's class, or that of its routes, may serve other paths."""
        call, source = said
        routes = keyword(call, "route_class")
        inside = self._classes_of(routes, source) if routes is not None else []
        return any(_makes_paths(one, "path") for one in inside) or any(
            _makes_paths(one) for one in self._classes_of(call.func, source)
        )

    def _classes_of(self, made: ast.expr, source: Source) -> list[ast.ClassDef]:
        """Return a class of the project and its bases in it."""
        found = self._index.define(made, source)
        if not found or not isinstance(found[0], ast.ClassDef):
            return []
        return [one for one, _ in self._index.lineage(found[0], found[1])]

    def text(self, node: ast.expr | None, source: Source) -> str:
        """Return a text, `…` for what is computed of it."""
        if node is None:
            return ""
        found = self._index.literal(node, source)
        if isinstance(found, str):
            return found
        parts: list[ast.expr] = []
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            parts = [node.left, node.right]
        elif isinstance(node, ast.JoinedStr):
            parts = [getattr(one, "value", one) if isinstance(one, ast.FormattedValue) else one
                     for one in node.values]  # fmt: skip
        whole = "".join(self.text(one, source) for one in parts) or COMPUTED
        return whole.replace("//", "/")


def _lines(node: ast.stmt | None) -> range:
    """Return the lines of a statement; of a whole module without one."""
    return range(node.lineno, (node.end_lineno or 0) + 1) if node else range(sys.maxsize)


def placed(node: ast.expr, source: Source) -> str:
    """Return where something is, as documents write it."""
    return f"{source.path}:{node.lineno}"


def _makes_paths(router: ast.ClassDef, made_with: str = "") -> bool:
    """Return whether a class may serve other paths than those that it is given.

    Args:
        router: The class.
        made_with: What its `__init__` is given; its other methods are given paths.
    """
    return any(
        _changes_path(one, made_with)
        for one in router.body
        if isinstance(one, Function)
        and one.name in _TAKES_PATH
        and (one.name == "__init__") is bool(made_with)
    )


def _changes_path(method: Function, made_with: str) -> bool:
    """Return whether a method does anything with a path but pass it on."""
    inside = [node for one in method.body for node in ast.walk(one)]
    given = [one.arg for one in method.args.args[1:2]] if not made_with else []
    for name in {made_with or "path", *given}:
        passed: set[int] = set()
        for call in inside:
            if isinstance(call, ast.Call) and last_name(call) in _TAKES_PATH:
                named = [one.value for one in call.keywords if one.arg in {name, "path"}]
                passed |= {id(one) for one in [*call.args[:1], *named]}
        if any(_names(node, name) and id(node) not in passed for node in inside):
            return True
    every = method.args.vararg.arg if method.args.vararg else ""
    return any(isinstance(one, ast.Subscript) and last_name(one) == every for one in inside)


def _names(node: ast.AST, name: str) -> bool:
    """Return whether a node is a name, an attribute, a keyword of another value or its text."""
    if isinstance(node, ast.keyword):
        return node.arg == name and not isinstance(node.value, ast.Name)
    said = getattr(node, "id", None) or getattr(node, "attr", None) or getattr(node, "value", None)
    return said == name
