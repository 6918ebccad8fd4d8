"""An API read from its source alone: routers, decorators, prefixes, models.

Used when the application cannot be imported, or cannot describe itself. What is computed at run
time (paths in variables, routes added in loops) is not seen, and the document says so.
"""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Any, TypeAlias

from footnotary.counting import first_few
from footnotary.facts.api import ApiFacts, Handler
from footnotary.probe.discovery import module_of, python_files
from footnotary.probe.openapi import METHODS, api_facts
from footnotary.probe.static_inputs import read_inputs
from footnotary.source import Tree
from footnotary.source.names import UNKNOWN, DefinitionIndex, Placed, keyword, last_name, text_of
from footnotary.source.parsing import Modules, ParseElsewhere, Source, walk_statements
from footnotary.source.routes import Route, Routes, read_routes
from footnotary.source.schemas import Schemas

# What the source alone does not tell.
NOT_READ = (
    "servers", "security", "tags", "websockets", "mounts", "hidden", "middleware", "handlers",
    "lifespan",
)  # fmt: skip
_DEEPEST = 5  # of responses made of others
_Json: TypeAlias = dict[str, Any]


def read_modules(
    root: Path, elsewhere: ParseElsewhere | None = None
) -> tuple[Modules, tuple[Source, ...], tuple[str, ...]]:
    """Parse a project's Python files.

    Args:
        root: The project's root.
        elsewhere: Parses what our own grammar cannot.

    Returns:
        All modules, those that could be parsed, and the paths of the others.
    """
    modules = Modules(Tree(root), elsewhere)
    paths = [path.relative_to(root).as_posix() for path in python_files(root)]
    found = modules.parse_all(paths)
    return modules, found, tuple(sorted(modules.unparsed))


def read_api_source(
    root: Path, target: str = "", elsewhere: ParseElsewhere | None = None
) -> ApiFacts:
    """Read the API of a project without importing it.

    Args:
        root: The project's root.
        target: The application, as `module:expression`; every one's routes without it.
        elsewhere: Parses what our own grammar cannot.

    Returns:
        The facts, with no operation where none was found.
    """
    modules, sources, failed = read_modules(root, elsewhere)
    index = DefinitionIndex(modules)
    routes = read_routes(sources, index)
    app = _find_app(routes, modules, target)
    schemas = Schemas(index)
    paths: _Json = {}
    handlers: dict[tuple[str, str], Handler] = {}
    doubts = _Doubts(routes, app)
    for route in routes.served_by(app):
        shows = [index.literal(given, source) for call, source in route.said
                 if (given := keyword(call, "include_in_schema")) is not None]  # fmt: skip
        if route.method not in METHODS or False in shows:
            continue
        shown = doubts.shown_path(route, paths)
        operation = _Operation(route, index, schemas)
        paths.setdefault(shown, {})[route.method] = operation.described()
        named = f"{route.method.upper()} {shown}"
        doubts.note(route, named, operation, is_shown=UNKNOWN not in shows)
        module = module_of(root / route.source.path, root)[1]
        handlers[route.method.upper(), shown] = Handler(
            name=f"{module}.{route.node.name}",
            place=route.source.place(route.node),
            doc=ast.get_docstring(route.node) or "",
        )
    components = {"schemas": dict(sorted(schemas.components.items()))}
    info = _info(routes, app, index)
    mounted = {
        path: f"{module_of(root / routes.routers[name].said[1].path, root)[1]}:"
        + name.rpartition(".")[2]
        for path, name in routes.mounted.get(app, {}).items()
    }
    facts = api_facts({"openapi": "3.1.0", "info": info, "paths": paths, "components": components})
    operations = tuple(
        one.model_copy(update={"handler": handlers.get((one.method, one.path))})
        for one in facts.operations
    )
    read_from = {one.handler.place.path for one in operations if one.handler and one.handler.place}
    update = {"operations": operations, "read_from": tuple(sorted(read_from))}
    return (
        facts.model_copy(update=update)
        .known_as("source")
        .told(
            not_read=NOT_READ,
            failed=failed,
            caveats=(*_choose(routes, app, target), *_caveats(failed, doubts, schemas, mounted)),
        )
    )


class _Doubts:
    """What the source does not tell of the routes, for the caveats."""

    def __init__(self, routes: Routes, app: str) -> None:
        self._routes = routes
        self._app = app
        self.unknown: dict[str, list[str]] = {}
        self._computed: list[str] = []
        self._conditional: list[str] = []
        self._unsure: dict[str, list[str]] = {}
        self._conditions: dict[str, list[tuple[int, int]]] = {}

    def shown_path(self, route: Route, paths: _Json) -> str:
        """Return a route's path; of several with one computed path each has another."""
        if "…" not in route.path or route.method not in paths.get(route.path, {}):
            return route.path
        named = f"{route.path} ({route.node.name})"
        number = 2
        while route.method in paths.get(named, {}):
            named, number = f"{route.path} ({route.node.name} {number})", number + 1
        return named

    def note(self, route: Route, shown: str, operation: "_Operation", *, is_shown: bool) -> None:
        """Note what is not certain of a route."""
        for name in operation.unknown:
            self.unknown.setdefault(name, []).append(shown)
        for name in (*operation.unsure, *(() if is_shown else ("include_in_schema",))):
            self._unsure.setdefault(name, []).append(shown)
        if "…" in shown:
            self._computed.append(shown)
        if any(map(self._is_conditional, route.said)):
            self._conditional.append(shown)

    def _is_conditional(self, said: tuple[ast.Call, Source]) -> bool:
        call, source = said
        found = self._conditions.get(source.path)
        if found is None:
            found = [
                (node.lineno, node.end_lineno or 0)
                for node in walk_statements(source.tree)
                if isinstance(node, ast.If) and "__main__" not in ast.unparse(node.test)
            ]
            self._conditions[source.path] = found
        return any(first <= call.lineno <= last for first, last in found)

    def said(self) -> Iterator[str]:
        """Yield the caveats."""
        if places := list(dict.fromkeys(self._routes.untold)):
            yield (
                "Routes are added in a way that the source alone does not tell, so that operations"
                f" may be missing: {first_few(places)}."
            )
        if places := self._routes.unplaced_in(self._app):
            yield (
                "What is included here cannot be read in the project's source: its operations are"
                f" missing, or without their prefix: {first_few(places)}."
            )
        if places := list(dict.fromkeys(self._routes.unread)):
            yield f"The options that ** passes on here are not known: {first_few(places)}."
        for name, every in self._unsure.items():
            yield f"{name} is computed, and not known, of {first_few(every)}."
        if self._computed:
            yield f"… is what the program computes of a path: {first_few(self._computed)}."
        if self._conditional:
            yield (
                "Added under a condition, which is not known:"
                f" {first_few(list(dict.fromkeys(self._conditional)))}."
            )


def _caveats(
    failed: Sequence[str],
    doubts: _Doubts,
    schemas: Schemas,
    mounted: Mapping[str, str],
) -> Iterator[str]:
    """Say what the source does not tell: each kind once, however often it is met."""
    if failed:
        yield f"{first_few(failed)} could not be parsed."
    for path, target in mounted.items():
        yield (
            f"What is mounted at {path} is an API of its own, and not in this document:"
            f" --app {target} reads it."
        )
    yield from doubts.said()
    if unknown := doubts.unknown:
        asking = list(dict.fromkeys(one for every in unknown.values() for one in every))
        yield (
            f"What these take cannot be read in the project's source: {first_few(sorted(unknown))}."
            " Parameters and bodies of these operations may be missing:"
            f" {first_few(asking)}."
        )
    if schemas.renamed:
        yield (
            f"A function that is not known makes the names of the fields of these models:"
            f" {first_few(sorted(schemas.renamed))}. They are shown as the code has them."
        )


def _find_app(routes: Routes, modules: Modules, target: str) -> str:
    """Return the full name of the application that a target means; nothing if it is not found."""
    module, _, rest = target.partition(":")
    source = modules.find(module, "") if module else None
    name = re.split(r"[^\w]", rest)[0]
    if source is None:
        return ""
    apps = [full for full, one in routes.routers.items()
            if one.is_app and one.said[1] is source]  # fmt: skip
    full = f"{source.name}.{name}"
    return full if full in apps or not apps else apps[0]


def _choose(routes: Routes, app: str, target: str) -> Iterator[str]:
    """Say that the operations of several applications are listed, where it is so."""
    count = sum(one.is_app for one in routes.routers.values())
    if target and app not in routes.routers and count > 1:
        yield f"Which of {count} applications {target} is, is not known: all operations are listed."


def _info(routes: Routes, app: str, index: DefinitionIndex) -> _Json:
    """Return title and version of the application."""
    apps = [one for name, one in routes.routers.items() if one.is_app and app in {name, ""}]
    for one in apps[:1]:
        call, source = one.said
        given = {word: index.literal(keyword(call, word), source) for word in ("title", "version")}
        told = {word: value for word, value in given.items() if isinstance(value, str)}
        return {"title": "FastAPI", "version": "", **told}
    return {"title": "FastAPI", "version": ""}


class _Operation:
    """Describes one route as FastAPI would."""

    def __init__(self, route: Route, index: DefinitionIndex, schemas: Schemas) -> None:
        self._route = route
        self._index = index
        self._schemas = schemas
        self._call, self._where = route.said[-1]
        self.unknown: list[str] = []  # dependencies that are not in the project
        self.unsure: list[str] = []  # options that are computed
        self._name = self._text("name") or route.node.name

    def described(self) -> _Json:
        """Return the Operation Object that decorator and signature make."""
        inputs = read_inputs(self._route, self._index, self._schemas)
        self.unknown = inputs.unknown
        node = self._route.node
        doc = ast.get_docstring(node) or ""
        deprecated = [self._option("deprecated", *said) for said in self._route.said]
        operation_id = self._id()
        body = inputs.body(f"Body_{operation_id}", self._schemas.components)
        return {
            "summary": self._text("summary") or self._name.replace("_", " ").title(),
            "description": self._text("description") or doc.split("\f", 1)[0],
            "operationId": operation_id,
            "tags": self._tags(),
            "deprecated": True in deprecated,
            "parameters": list(inputs.parameters.values()),
            **({"requestBody": body} if body else {}),
            "responses": self._responses(),
        }

    def _option(self, name: str, call: ast.Call, source: Source) -> object:
        """Return what a call gives an option; None without it, `UNKNOWN` for what is computed."""
        given = keyword(call, name)
        found = None if given is None else self._index.literal(given, source)
        if found is UNKNOWN and name not in self.unsure:
            self.unsure.append(name)
        return found

    def _text(self, name: str) -> str:
        """Return a text that the route itself says; nothing for what is computed."""
        found = self._option(name, self._call, self._where)
        return found if isinstance(found, str) else ""

    def _id(self) -> str:
        """Return the operation id, FastAPI's own without another; nothing where it is computed."""
        route = self._route
        given = self._option("operation_id", self._call, self._where)
        if given:
            return given if isinstance(given, str) else ""
        if any(keyword(call, "generate_unique_id_function") for call, _ in route.said):
            self.unsure.append("operationId")
            return ""
        return re.sub(r"\W", "_", f"{self._name}{route.path}") + f"_{route.method}"

    def _tags(self) -> list[str]:
        """Return the tags that application, routers and decorator give."""
        found: list[str] = []
        for call, source in self._route.said:
            given = keyword(call, "tags")
            if given is not None:
                listed, origin = self._index.follow_value(given, source)
                every = (self._index.literal(o, origin) for o in getattr(listed, "elts", ()))
                found += [one for one in every if isinstance(one, str)]
        return list(dict.fromkeys(found))

    def _responses(self) -> _Json:
        """Return the responses that are declared."""
        route, call = self._route, self._call
        given = keyword(call, "response_model")
        model = (given, self._where) if given is not None else (route.node.returns, route.source)
        answer: _Json = {"description": self._text("response_description")}
        schema = self._schemas.schema_of(*model)
        if schema and schema != {"type": "null"}:
            answer["content"] = {"application/json": {"schema": schema}}
        status = keyword(call, "status_code")
        usual = (
            "200" if status or not self._redirects() else str(int(HTTPStatus.TEMPORARY_REDIRECT))
        )
        found: _Json = {self._status(status, self._where, usual): answer}
        for said, source in route.said:
            declared = keyword(said, "responses")
            if declared is not None:
                found |= self._declared(declared, source)
        return found

    def _declared(self, node: ast.expr, source: Source, depth: int = 0) -> _Json:
        """Return `responses={404: {"model": …, "description": …}}`, or what makes such a one."""
        node, source = self._index.follow_value(node, source)
        found: _Json = {}
        if depth < _DEEPEST and isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            for side in (node.left, node.right):
                found |= self._declared(side, source, depth + 1)
        elif depth < _DEEPEST and isinstance(node, ast.Call) and not (node.args or node.keywords):
            found = self._declared(*self._returned(node, source), depth + 1)
        elif isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                found |= (
                    self._declared(value, source, depth + 1)
                    if key is None
                    else self._response(key, value, source)
                )
        elif text_of(node) or not isinstance(node, ast.Constant):
            self.unsure += [] if "responses" in self.unsure else ["responses"]
        return found

    def _returned(self, call: ast.Call, source: Source) -> Placed:
        """Return what a function of the project that is called returns; else the function."""
        made = self._index.define(call.func, source)
        if made and isinstance(made[0], ast.FunctionDef):
            given = [one for one in walk_statements(made[0]) if isinstance(one, ast.Return)]
            if len(given) == 1 and isinstance(given[0].value, ast.Dict):
                return given[0].value, made[1]
        return call.func, source

    def _response(self, key: ast.expr, value: ast.expr, source: Source) -> _Json:
        """Return one response under its status."""
        pairs = zip(value.keys, value.values, strict=True) if isinstance(value, ast.Dict) else ()
        said = {text_of(k): v for k, v in pairs if k is not None}
        one: _Json = {"description": text_of(said.get("description"))}
        if "model" in said:
            schema = self._schemas.schema_of(said["model"], source)
            one["content"] = {"application/json": {"schema": schema}}
        return {self._status(key, source): one}

    def _redirects(self) -> bool:
        """Tell whether the answers are of a class that redirects, which has a status of its own."""
        for call, source in reversed(self._route.said):
            given = keyword(call, "response_class") or keyword(call, "default_response_class")
            if given is not None:
                found = self._index.define(given, source)
                roots = {self._index.resolve(given, source)}
                if found and isinstance(found[0], ast.ClassDef):
                    roots |= self._index.roots(found[0], found[1])
                return any(one.endswith(".RedirectResponse") for one in roots)
        return False

    def _status(self, node: ast.expr | None, source: Source, usual: str = "200") -> str:
        """Return a status as the document writes it; the usual one where none is given."""
        if node is None:
            return usual
        found = self._index.literal(node, source)
        if isinstance(found, int | str):
            text = str(found)
            return text.lower() if text.lower() == "default" else text.upper()
        node, _ = self._index.follow_value(node, source)
        if isinstance(node, ast.Call) and last_name(node) == "int" and node.args:
            node = node.args[0]  # int(HTTPStatus.OK)
        name = last_name(node.value if last_name(node) == "value" else node)  # type: ignore[attr-defined]
        digits = name.split("_")[1] if name.startswith("HTTP_") else ""
        if digits.isdigit():
            return digits
        if name in HTTPStatus.__members__:
            return str(int(HTTPStatus[name]))
        self.unsure.append("a status")
        return "default"
