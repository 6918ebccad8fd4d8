"""Routes as applications and routers put them together: paths, tags, dependencies.

Shared by the API that is read from its source alone and by the traces of IMPL, so that the two
cannot contradict each other.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from footnotary.source.injected import Function, Injected
from footnotary.source.names import DefinitionIndex, Placed, keyword, last_name
from footnotary.source.parsing import Source, walk_statements

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "websocket")
COMPUTED = "/…"
MAX_DEPTH = 8
# `{path:path}`: an OpenAPI document has the name alone.
_CONVERTOR = re.compile(r"\{(\w+):\w+\}")
_ADDING = {"add_api_route", "add_route", "add_api_websocket_route", "add_websocket_route"}
# What a router, an application, an inclusion or a route says by keywords, and where it is.
Said: TypeAlias = tuple[ast.Call, Source]


@dataclass
class Router:
    """A router or application, by the name it is assigned to."""

    said: Said
    is_app: bool


@dataclass(frozen=True)
class Route:
    """One route under one path; a router that is included twice has each of its routes twice.

    Attributes:
        method: In lower case; `websocket` for a WebSocket.
        path: The whole path, `…` for a part that is computed.
        node: The function that serves it.
        source: The module of the function.
        said: What says something about it, outermost first: the application, each inclusion and
            router, and last the route itself.
        root: Full name of the application or router that it hangs from.
    """

    method: str
    path: str
    node: Function
    source: Source
    said: tuple[Said, ...]
    root: str

    def is_hidden(self) -> bool:
        """Tell whether it is left out of the OpenAPI document."""
        given = (keyword(call, "include_in_schema") for call, _ in self.said)
        return any(isinstance(one, ast.Constant) and one.value is False for one in given)


@dataclass
class Routes:
    """The routes of a project.

    Attributes:
        routers: Routers and applications by full name.
        all: Every route.
        callbacks: Routers whose routes describe callbacks, and are no operations.
        mounted: By application, the applications of the project that are mounted on it, by path.
        is_whole: Whether each router that is included is known.
    """

    routers: dict[str, Router] = field(default_factory=dict)
    all: list[Route] = field(default_factory=list)
    callbacks: set[str] = field(default_factory=set)
    mounted: dict[str, dict[str, str]] = field(default_factory=dict)
    is_whole: bool = True

    def served_by(self, app: str) -> list[Route]:
        """Return the routes of an application; of all where it is not known."""
        apps = {app} if app in self.routers else {n for n, r in self.routers.items() if r.is_app}
        others = {name for name, router in self.routers.items() if router.is_app} - apps
        if apps and self.is_whole:
            return [one for one in self.all if one.root in apps]
        left_out = self.callbacks | others
        known = (one for one in self.all if one.root in self.routers or len(one.said) > 1)
        return [one for one in known if one.root not in left_out]


def read_routes(sources: Iterable[Source], index: DefinitionIndex) -> Routes:
    """Read the routes of some modules."""
    return _Reader(tuple(sources), index).read()


class _Reader:
    """Puts routers together."""

    def __init__(self, sources: tuple[Source, ...], index: DefinitionIndex) -> None:
        self._sources = sources
        self._index = index
        self._found = Routes()
        # By the router's name: what includes it, and the call that does.
        self._above: dict[str, list[tuple[str, Said]]] = {}

    def read(self) -> Routes:
        """Find routers, then what includes them, then their routes."""
        statements = [(list(walk_statements(one.tree)), one) for one in self._sources]
        for nodes, source in statements:
            for node in nodes:
                self._find_router(node, source)
        for nodes, source in statements:
            loops = [one for one in nodes if isinstance(one, ast.For)]
            for node in nodes:
                value = getattr(node, "value", None)
                if isinstance(value, ast.Call) and last_name(value.func) == "include_router":
                    self._include(value, source, loops)
        for nodes, source in statements:
            for node in nodes:
                self._find_routes(node, source)
        return self._found

    def _find_router(self, node: ast.stmt, source: Source) -> None:
        """Take in `router = APIRouter(…)`, and classes made of it."""
        value = getattr(node, "value", None)
        if not isinstance(node, ast.Assign | ast.AnnAssign) or not isinstance(value, ast.Call):
            return
        kind = self._kind(value.func, source)
        if not kind and isinstance(node, ast.AnnAssign):
            kind = self._kind(node.annotation, source)
        if not kind:
            return
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            if isinstance(target, ast.Name | ast.Attribute):
                made = Router((value, source), is_app=kind == "FastAPI")
                self._found.routers.setdefault(f"{source.name}.{ast.unparse(target)}", made)

    def _kind(self, made: ast.expr, source: Source) -> str:
        """Return `FastAPI` or `APIRouter` of what makes one; else nothing."""
        full, found = self._index.resolve(made, source), self._index.define(made, source)
        names = {full.rpartition(".")[2]}
        if found and isinstance(found[0], ast.ClassDef):
            names = {one.rpartition(".")[2] for one in self._index.roots(found[0], found[1])}
        known = next((one for one in ("FastAPI", "APIRouter") if one in names), "")
        return known or ("APIRouter" if any(one.endswith("Router") for one in names) else "")

    def _name(self, router: ast.expr, source: Source) -> str:
        """Return the full name of a router, of one inside of a function too."""
        if isinstance(router, ast.Call):
            return self._made_by(router, source)
        full = self._index.resolve(router, source)
        local = f"{source.name}.{ast.unparse(router)}"
        return full if full in self._found.routers or local not in self._found.routers else local

    def _made_by(self, call: ast.Call, source: Source) -> str:
        """Return the router that a function returns."""
        found = self._index.define(call.func, source)
        for node in walk_statements(found[0]) if found else ():
            if found and isinstance(node, ast.Return) and isinstance(node.value, ast.Name):
                return f"{found[1].name}.{node.value.id}"
        return ""

    def _include(self, call: ast.Call, source: Source, loops: list[ast.For]) -> None:
        """Take in `holder.include_router(router, prefix=…, dependencies=[…])`."""
        given = call.args[0] if call.args else keyword(call, "router")
        if given is None or not isinstance(call.func, ast.Attribute):
            return
        outer = self._name(call.func.value, source)
        if outer not in self._found.routers:
            apps = [name for name, one in self._found.routers.items() if one.is_app]
            outer = apps[0] if len(apps) == 1 else outer
        loop = next((one for one in loops if _goes_over(one, given, call)), None)
        every = getattr(loop.iter, "elts", []) if loop is not None else [given]
        for one in every:
            inner = self._name(one, source)
            self._found.is_whole &= inner in self._found.routers
            if inner != outer:
                self._above.setdefault(inner, []).append((outer, (call, source)))
        self._found.is_whole &= bool(every)

    def _find_routes(self, node: ast.stmt, source: Source) -> None:
        """Add the routes that a decorated function serves, or that a statement adds."""
        if isinstance(node, Function):
            for call in node.decorator_list:
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
                    self._note_callbacks(call, source)
                    for method in self._methods(call, call.func.attr, source):
                        self._add(method, call.func.value, node, source, (call, source))
        value = getattr(node, "value", None)
        if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
            self._note_callbacks(value, source)
            if value.func.attr in _ADDING:
                self._find_added(value, value.func, source)
            elif value.func.attr == "mount":
                self._find_mounted(value, value.func.value, source)

    def _find_added(self, call: ast.Call, adding: ast.Attribute, source: Source) -> None:
        """Add the routes of `router.add_api_route("/path", function)`."""
        served = call.args[1] if len(call.args) > 1 else keyword(call, "endpoint")
        found = self._index.define(served, source) if served is not None else None
        if found and isinstance(found[0], Function):
            for method in self._methods(call, adding.attr, source):
                self._add(method, adding.value, found[0], found[1], (call, source))

    def _find_mounted(self, call: ast.Call, holder: ast.expr, source: Source) -> None:
        """Note `application.mount("/path", other)`."""
        given = [*call.args, *[None, None]]
        path = self._text(given[0] or keyword(call, "path"), source)
        app = given[1] or keyword(call, "app")
        name = self._name(app, source) if app is not None else ""
        if name in self._found.routers and self._found.routers[name].is_app:
            self._found.mounted.setdefault(self._name(holder, source), {})[path] = name

    def _note_callbacks(self, call: ast.Call, source: Source) -> None:
        """Note `callbacks=router.routes`."""
        given = keyword(call, "callbacks")
        if isinstance(given, ast.Attribute) and given.attr == "routes":
            self._found.callbacks.add(self._name(given.value, source))

    def _methods(self, call: ast.Call, verb: str, source: Source) -> list[str]:
        """Return the methods that a decorator or a call serves."""
        if "websocket" in verb:
            return ["websocket"]
        if verb not in {"api_route", "add_api_route", "add_route"}:
            return [verb] if verb in METHODS else []
        given = keyword(call, "methods")
        if given is None:
            return ["get"]
        listed, origin = self._index.follow_value(given, source)
        elements = getattr(listed, "elts", ())
        named = [str(self._index.literal(one, origin)).lower() for one in elements]
        return [one for one in named if one in METHODS]

    def _add(self, method: str, holder: ast.expr, node: Function, source: Source,
             said: Said) -> None:  # fmt: skip
        """Add a route under each path that its router has."""
        call, where = said
        first = call.args[0] if call.args else keyword(call, "path")
        path = self._text(first, where)
        if path[:1] not in {"", "/"} and self._name(holder, where) not in self._found.routers:
            return  # something else with a method of that name
        name = self._name(holder, where)
        for root, line in self._lines(name):
            prefix = "".join(self._prefix(one) for one in line)
            whole = _CONVERTOR.sub(r"{\1}", prefix + path) or "/"
            self._found.all.append(Route(method, whole, node, source, (*line, said), root))

    def _lines(self, name: str, depth: int = 0) -> Iterator[tuple[str, tuple[Said, ...]]]:
        """Yield each way from a root down to a router: the root, and what is said on the way."""
        router = self._found.routers.get(name)
        own = (router.said,) if router else ()
        above = [] if depth > MAX_DEPTH else self._above.get(name, [])
        if not above:
            yield name, own
        for outer, said in above:
            for root, line in self._lines(outer, depth + 1):
                yield root, (*line, said, *own)

    def _prefix(self, said: Said) -> str:
        call, source = said
        if self._kind(call.func, source) == "FastAPI":
            return ""
        found = self._index.define(call.func, source)
        if found and isinstance(found[0], ast.ClassDef):
            every = (one for one, _ in self._index.lineage(found[0], found[1]))
            if any(map(_makes_paths, every)):
                return COMPUTED
        return self._text(keyword(call, "prefix"), source)

    def _text(self, node: ast.expr | None, source: Source) -> str:
        """Return a text, `…` where it is computed."""
        if node is None:
            return ""
        found = self._index.literal(node, source)
        return found if isinstance(found, str) else COMPUTED


def _goes_over(loop: ast.For, given: ast.expr, call: ast.Call) -> bool:
    """Return whether a loop around a call gives it what it goes over."""
    is_around = loop.lineno <= call.lineno <= (loop.end_lineno or 0)
    return is_around and ast.unparse(loop.target) == ast.unparse(given)


def _makes_paths(router: ast.ClassDef) -> bool:
    """Return whether a class of routers may serve other paths than those that it is given."""
    for function in router.body:
        if isinstance(function, Function):
            name = "prefix" if function.name == "__init__" else "path"
            inside = [node for one in function.body for node in ast.walk(one)]
            passed: set[int] = set()
            for call in inside:
                if isinstance(call, ast.Call):
                    named = [one.value for one in call.keywords if one.arg == name]
                    passed |= {id(one) for one in [*call.args[:1], *named]}
            if any(_names(node, name) and id(node) not in passed for node in inside):
                return True
    return False


def _names(node: ast.AST, name: str) -> bool:
    """Return whether a node is a name, an attribute, a keyword of another value or its text."""
    if isinstance(node, ast.keyword):
        return node.arg == name and not isinstance(node.value, ast.Name)
    said = getattr(node, "id", None) or getattr(node, "attr", None) or getattr(node, "value", None)
    return said == name


def dependencies_of(route: Route, injected: Injected) -> Iterator[Placed]:
    """Yield the dependencies that applications, routers and the decorator give a route."""
    for call, source in route.said:
        given = keyword(call, "dependencies")
        if given is not None:
            yield from injected.of_expression(given, source)
