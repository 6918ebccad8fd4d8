"""Routes as applications and routers put them together: paths, tags, dependencies.

Shared by the API that is read from its source alone and by the traces of IMPL, so that the two
cannot contradict each other.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from footnotary.source.injected import Function, Injected, Served
from footnotary.source.names import DefinitionIndex, Placed, keyword, last_name
from footnotary.source.parsing import Source, walk_statements
from footnotary.source.routers import COMPUTED, Router, Routers, Said, placed

_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "websocket")
_MAX_DEPTH = 8
# `{path:path}`: an OpenAPI document has the name alone.
_CONVERTOR = re.compile(r"\{(\w+):\w+\}")
_ADDING = {"add_api_route", "add_route", "add_api_websocket_route", "add_websocket_route"}
_MANY = {"api_route", "add_api_route", "add_route"}


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


@dataclass
class Routes:
    """The routes of a project.

    Attributes:
        routers: Routers and applications by full name.
        all: Every route.
        callbacks: Routers whose routes describe callbacks, and are no operations.
        mounted: By application, the applications of the project that are mounted on it, by path.
        untold: Where routes are added that the source does not tell: computed methods, functions
            that cannot be found.
        unplaced: Where routers are included that the source does not tell.
        unread: Where options are passed on by `**` that the source does not tell.
    """

    routers: dict[str, Router] = field(default_factory=dict)
    all: list[Route] = field(default_factory=list)
    callbacks: set[str] = field(default_factory=set)
    mounted: dict[str, dict[str, str]] = field(default_factory=dict)
    untold: list[str] = field(default_factory=list)
    unplaced: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)

    def served_by(self, app: str) -> list[Route]:
        """Return the routes of an application; of all where it is not known."""
        every = {name for name, router in self.routers.items() if router.is_app}
        apps = {app} if app in self.routers else every
        if apps and not self.unplaced_in(app):
            return [one for one in self.all if one.root in apps]
        left_out, elsewhere = self.callbacks | every - apps, self._modules_besides(app)
        known = (one for one in self.all if one.root in self.routers or len(one.said) > 1)
        own = [one for one in known if one.root not in left_out]
        return [
            one
            for one in own
            if one.root in apps or not any(source.path in elsewhere for _, source in one.said)
        ]

    def unplaced_in(self, app: str) -> list[str]:
        """Return the places of `unplaced` but those in the modules of other applications."""
        elsewhere = self._modules_besides(app)
        places = (one for one in self.unplaced if one.rpartition(":")[0] not in elsewhere)
        return list(dict.fromkeys(places))

    def _modules_besides(self, app: str) -> set[str]:
        """Return the paths of the modules that make other applications, and not this one."""
        if app not in self.routers:
            return set()
        made = {router.said[1].path for router in self.routers.values() if router.is_app}
        return made - {self.routers[app].said[1].path}


def read_routes(sources: Iterable[Source], index: DefinitionIndex) -> Routes:
    """Read the routes of some modules."""
    return _Reader(tuple(sources), index).read()


class _Reader:
    """Puts routers together."""

    def __init__(self, sources: tuple[Source, ...], index: DefinitionIndex) -> None:
        self._sources = sources
        self._index = index
        self._routers = Routers(index)
        self._found = Routes(self._routers.found, unread=self._routers.unread)
        # By the router's name: what includes it, and the call that does.
        self._above: dict[str, list[tuple[str, Said]]] = {}

    def read(self) -> Routes:
        """Find routers, then what includes them, then their routes."""
        statements = [(list(walk_statements(one.tree)), one) for one in self._sources]
        for nodes, source in statements:
            self._routers.add(nodes, source)
        for nodes, source in statements:
            loops = [one for one in nodes if isinstance(one, ast.For)]
            for node in nodes:
                value = getattr(node, "value", None)
                if isinstance(value, ast.Call) and last_name(value.func) == "include_router":
                    self._include(value, source, loops)
        for nodes, source in statements:
            for node in nodes:
                self._find_routes(node, source)
        for name, router in self._found.routers.items():
            given = keyword(router.said[0], "routes")
            for one in [] if given is None else getattr(given, "elts", [given]):
                self._find_made(one, name, router.said[1])
        return self._found

    def _include(self, call: ast.Call, source: Source, loops: list[ast.For]) -> None:
        """Take in `holder.include_router(router, prefix=…, dependencies=[…])`."""
        given = call.args[0] if call.args else keyword(call, "router")
        if given is None or not isinstance(call.func, ast.Attribute):
            return
        outer = self._routers.name(call.func.value, source)
        if outer not in self._found.routers:
            apps = [name for name, one in self._found.routers.items() if one.is_app]
            outer = apps[0] if len(apps) == 1 else outer
        loop = next((one for one in loops if _goes_over(one, given, call)), None)
        every = getattr(loop.iter, "elts", []) if loop is not None else [given]
        for one in every:
            inner = self._routers.name(one, source)
            if inner not in self._found.routers:
                self._found.unplaced.append(placed(call, source))
            if inner != outer:
                self._above.setdefault(inner, []).append((outer, self._routers.said(call, source)))
        if not every:
            self._found.unplaced.append(placed(call, source))

    def _find_routes(self, node: ast.stmt, source: Source) -> None:
        """Add the routes that a decorated function serves, or that a statement adds."""
        if isinstance(node, Function):
            for call in node.decorator_list:
                if isinstance(call, ast.Call):
                    self._find_served(call, (node, source), source)
        value = getattr(node, "value", None)
        if not isinstance(value, ast.Call):
            return
        if isinstance(value.func, ast.Call) and value.args:  # app.get("/path")(function)
            self._find_served(value.func, self._served(value.args[0], source), source)
        elif isinstance(value.func, ast.Attribute):
            self._note_callbacks(value, source)
            holder = value.func.value
            if value.func.attr in _ADDING:
                self._find_added(value, value.func.attr, self._routers.name(holder, source), source)
            elif value.func.attr == "mount":
                self._find_mounted(value, holder, source)
            elif last_name(holder) == "routes" and isinstance(holder, ast.Attribute) and value.args:
                self._find_made(value.args[-1], self._routers.name(holder.value, source), source)

    def _find_served(self, call: ast.Call, served: Served | None,
                     source: Source) -> None:  # fmt: skip
        """Add the routes of a decorator that is called: `app.get("/path")`."""
        func, origin = self._index.follow_value(call.func, source)
        holder: ast.expr | None = None
        verb: object = ""
        if isinstance(func, ast.Attribute):
            verb, holder = func.attr, func.value
            self._note_callbacks(call, source)
        elif isinstance(func, ast.Call) and last_name(func) == "getattr" and len(func.args) > 1:
            verb, holder = self._index.literal(func.args[1], origin), func.args[0]
        elif self._leads_to_routes(func, origin):
            self._found.untold.append(placed(call, source))
        name = self._routers.name(holder, origin) if holder is not None else ""
        methods = self._methods(call, verb, source) if isinstance(verb, str) else []
        is_route = methods or not isinstance(verb, str) or verb in _MANY
        if name in self._found.routers and is_route and not (methods and served):
            self._found.untold.append(placed(call, source))
        self._add(methods, name, served, self._routers.said(call, source))

    def _leads_to_routes(self, func: ast.expr, source: Source) -> bool:
        """Tell whether a function, or a call such as `partial(app.get)`, adds routes."""
        found = self._index.define(func, source)
        inside: Iterable[ast.AST] = ast.walk(found[0]) if found else ()
        if isinstance(func, ast.Call):
            inside = func.args
        where = found[1] if found else source
        return any(isinstance(one, ast.Attribute) and one.attr in {*_METHODS, *_MANY}
                   and self._routers.name(one.value, where) in self._found.routers
                   for one in inside)  # fmt: skip

    def _served(self, node: ast.expr | None, source: Source) -> Served | None:
        """Return the function that serves a route."""
        if node is None:
            return None
        return self._routers.injected.endpoint_of(node, source, self._routers.around(node, source))

    def _find_added(self, call: ast.Call, verb: str, name: str, source: Source) -> None:
        """Add the routes of `router.add_api_route("/path", function)`."""
        if isinstance(call.func, ast.Attribute) and last_name(call.func.value) == "super":
            return
        given = call.args[1] if len(call.args) > 1 else keyword(call, "endpoint")
        served, methods = self._served(given, source), self._methods(call, verb, source)
        self._add(methods, name, served, self._routers.said(call, source))
        if not ((methods and served) or "websocket" in verb or verb == "add_route"):
            self._found.untold.append(placed(call, source))

    def _find_made(self, given: ast.expr, name: str, source: Source) -> None:
        """Add a route that is given as an object: `APIRoute("/path", function)`."""
        given, source = self._index.follow_value(given, source)
        made = given.func if isinstance(given, ast.Call) else None
        kind = self._index.resolve(made, source).rpartition(".")[2] if made else ""
        if isinstance(given, ast.Call) and kind == "APIRoute":
            self._find_added(given, "add_api_route", name, source)
        elif kind not in {"Route", "Mount", "WebSocketRoute", "APIWebSocketRoute", "Host"}:
            self._found.untold.append(placed(given, source))

    def _find_mounted(self, call: ast.Call, holder: ast.expr, source: Source) -> None:
        """Note `application.mount("/path", other)`."""
        given = [*call.args, *[None, None]]
        path = self._routers.text(given[0] or keyword(call, "path"), source)
        app = given[1] or keyword(call, "app")
        name = self._routers.name(app, source) if app is not None else ""
        if name in self._found.routers and self._found.routers[name].is_app:
            self._found.mounted.setdefault(self._routers.name(holder, source), {})[path] = name

    def _note_callbacks(self, call: ast.Call, source: Source) -> None:
        """Note `callbacks=router.routes`."""
        given = keyword(call, "callbacks")
        if isinstance(given, ast.Attribute) and given.attr == "routes":
            self._found.callbacks.add(self._routers.name(given.value, source))

    def _methods(self, call: ast.Call, verb: str, source: Source) -> list[str]:
        """Return the methods that a decorator or a call serves."""
        if "websocket" in verb:
            return ["websocket"]
        if verb not in _MANY:
            return [verb] if verb in _METHODS else []
        given = keyword(call, "methods")
        if given is None:
            return ["get"]
        listed, origin = self._index.follow_value(given, source)
        waiting, named = [*getattr(listed, "elts", ())], []
        for one in waiting:
            if isinstance(one, ast.Starred):
                waiting += getattr(self._index.follow_value(one.value, origin)[0], "elts", ())
            else:
                named.append(str(self._index.literal(one, origin)).lower())
        if not waiting or not set(named) <= set(_METHODS):
            self._found.untold.append(placed(call, source))
        return [one for one in named if one in _METHODS]

    def _add(self, methods: list[str], name: str, served: Served | None, said: Said) -> None:
        """Add a route under each path that its router has."""
        if served is None:
            return
        call, where = said
        first = call.args[0] if call.args else keyword(call, "path")
        path = self._routers.text(first, where)
        if path[:1] not in {"", "/"} and name not in self._found.routers:
            return  # something else with a method of that name
        if (router := self._found.routers.get(name)) and self._routers.may_rewrite(router.said):
            path = COMPUTED + path
        for root, line in self._lines(name):
            prefix = "".join(self._routers.prefix(one) for one in line)
            whole = _CONVERTOR.sub(r"{\1}", prefix + path) or "/"
            self._found.all += [Route(one, whole, *served, (*line, said), root) for one in methods]

    def _lines(self, name: str, depth: int = 0) -> Iterator[tuple[str, tuple[Said, ...]]]:
        """Yield each way from a root down to a router: the root, and what is said on the way."""
        router = self._found.routers.get(name)
        own = (router.said,) if router else ()
        above = [] if depth > _MAX_DEPTH else self._above.get(name, [])
        if not above:
            yield name, own
        for outer, said in above:
            for root, line in self._lines(outer, depth + 1):
                yield root, (*line, said, *own)


def _goes_over(loop: ast.For, given: ast.expr, call: ast.Call) -> bool:
    """Return whether a loop around a call gives it what it goes over."""
    is_around = loop.lineno <= call.lineno <= (loop.end_lineno or 0)
    return is_around and ast.unparse(loop.target) == ast.unparse(given)


def dependencies_of(route: Route, injected: Injected) -> Iterator[Placed]:
    """Yield the dependencies that applications, routers and the decorator give a route."""
    for call, source in route.said:
        given = keyword(call, "dependencies")
        if given is not None:
            yield from injected.of_expression(given, source)
