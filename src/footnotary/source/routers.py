"""Routers as they are put together: their prefixes, and the dependencies of all their routes."""

import ast
from collections.abc import Iterator

from footnotary.source.injected import Injected
from footnotary.source.names import Index, Placed, keyword
from footnotary.source.package import Package
from footnotary.source.parsing import Source, walk_statements

MAX_DEPTH = 4
_COMPUTED = "/…"


class Routers:
    """What applies to a route through its router, and those that include it.

    Args:
        package: The parsed package.
        index: Its definitions.
    """

    def __init__(self, package: Package, index: Index) -> None:
        self.index = index
        self._prefixes: dict[str, str] = {}
        self._dependencies: dict[str, list[Placed]] = {}
        # By the router's name: what includes it, with which prefix and dependencies.
        self._above: dict[str, tuple[str, str, list[Placed]]] = {}
        self._injected = Injected(index)
        for source in package.sources:
            included: list[ast.Call] = []
            for node in walk_statements(source.tree):
                value = getattr(node, "value", None)
                if isinstance(value, ast.Call):
                    self._made(node, value, source)
                    included += [value] if _includes(value) else []
            for call in included:
                self._included(call, source)

    def prefix(self, router: ast.expr, source: Source) -> str:
        """Return the prefix of a router's routes; `…` stands for a part that is computed."""
        name = self._name(router, source)
        path = self._prefixes.get(name, "")
        for holder, prefix, _ in self._line(name):
            path = self._prefixes.get(holder, "") + prefix + path
        return path

    def dependencies(self, router: ast.expr, source: Source) -> Iterator[Placed]:
        """Yield the dependencies that all routes of a router have, the outermost first.

        Args:
            router: The name that a route is added to.
            source: The module it stands in.
        """
        name = self._name(router, source)
        for holder, _, given in reversed(self._line(name)):
            yield from self._dependencies.get(holder, ())
            yield from given
        yield from self._dependencies.get(name, ())

    def _line(self, name: str) -> list[tuple[str, str, list[Placed]]]:
        """Return what includes a router, what includes that, and so on."""
        found: list[tuple[str, str, list[Placed]]] = []
        while name in self._above and len(found) < MAX_DEPTH:
            found.append(self._above[name])
            name = found[-1][0]
        return found

    def _made(self, node: ast.stmt, call: ast.Call, source: Source) -> None:
        """Take in `router = APIRouter(prefix=…, dependencies=[…])`, by its keywords alone."""
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        for target in targets:
            if isinstance(target, ast.Name):
                name = f"{source.name}.{target.id}"
                self._prefixes[name] = self._prefix(call, source)
                self._dependencies[name] = self._given(call, source)

    def _included(self, call: ast.Call, source: Source) -> None:
        """Take in `holder.include_router(router, prefix=…, dependencies=[…])`."""
        router = call.args[0] if call.args else keyword(call, "router")
        if router is not None and isinstance(call.func, ast.Attribute):
            self._above[self._name(router, source)] = (
                self._name(call.func.value, source),
                self._prefix(call, source),
                self._given(call, source),
            )

    def _name(self, router: ast.expr, source: Source) -> str:
        """Return the full name of a router, of one inside of a function too."""
        name = self.index.resolve(router, source)
        local = f"{source.name}.{name}"
        return local if local in self._prefixes else name

    def _prefix(self, call: ast.Call, source: Source) -> str:
        """Return the prefix that a call gives, a constant's value where it names one."""
        given = keyword(call, "prefix")
        if given is None:
            return ""
        found = self.index.literal(given, source)
        return found if isinstance(found, str) else _COMPUTED

    def _given(self, call: ast.Call, source: Source) -> list[Placed]:
        """Return the dependencies that a call gives."""
        given = keyword(call, "dependencies")
        return list(self._injected.of_expression(given, source)) if given is not None else []


def _includes(call: ast.Call) -> bool:
    """Tell whether a call includes a router."""
    return isinstance(call.func, ast.Attribute) and call.func.attr == "include_router"
