"""An API read from its source alone: routers, decorators, prefixes, models.

Used when the application cannot be imported, or cannot describe itself. What is computed at run
time (paths in variables, routes added in loops) is not seen, and the document says so.
"""

import ast
import re
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any, TypeAlias

from footnotary.facts.api import ApiFacts, Handler
from footnotary.probe.discovery import module_of, python_files
from footnotary.probe.openapi import METHODS, api_facts
from footnotary.source.injected import Function, Injected, parameters_of
from footnotary.source.names import UNKNOWN, DefinitionIndex, keyword, last_name, text_of
from footnotary.source.parsing import Modules, ParseElsewhere, Source
from footnotary.source.routes import Route, Routes, read_routes
from footnotary.source.schemas import Schemas, annotated_with, bounds_of, literal_default
from footnotary.source.tree import Tree

_INJECTED = {"Request", "Response", "WebSocket", "BackgroundTasks", "HTTPConnection",
             "SecurityScopes"}  # fmt: skip
_WHERE = {"Query": "query", "Header": "header", "Cookie": "cookie", "Path": "path"}
_BODIES = {"Body": "application/json", "Form": "application/x-www-form-urlencoded",
           "File": "multipart/form-data"}  # fmt: skip
# What the source alone does not tell.
NOT_READ = (
    "servers", "security", "tags", "websockets", "mounts", "hidden", "middleware", "handlers",
    "lifespan",
)  # fmt: skip
_SCALARS = {"string", "integer", "number", "boolean"}
_MOST_INJECTED = 40
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
    for route in routes.served_by(app):
        item = paths.setdefault(route.path, {}) if route.method in METHODS else {route.method: {}}
        if route.method not in item and not route.is_hidden():
            item[route.method] = _Operation(route, index, schemas).described()
            module = module_of(root / route.source.path, root)[1]
            handlers[route.method.upper(), route.path] = Handler(
                name=f"{module}.{route.node.name}",
                place=route.source.place(route.node),
                doc=ast.get_docstring(route.node) or "",
            )
    components = {"schemas": dict(sorted(schemas.components.items()))}
    info = _info(routes, app, index)
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
            caveats=tuple(f"{name} could not be parsed." for name in failed),
        )
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


def _info(routes: Routes, app: str, index: DefinitionIndex) -> _Json:
    """Return title and version of the application."""
    apps = [one for name, one in routes.routers.items() if one.is_app and app in {name, ""}]
    for one in apps[:1]:
        call, source = one.said
        given = {word: index.literal(keyword(call, word), source) for word in ("title", "version")}
        told = {word: value for word, value in given.items() if isinstance(value, str)}
        return {"title": "FastAPI", "version": "", **told}
    return {"title": "FastAPI", "version": ""}


@dataclass
class _Inputs:
    """What a handler and its dependencies ask for."""

    parameters: dict[tuple[str, str], _Json] = field(default_factory=dict)
    # name, schema, whether it is required, media type
    bodies: list[tuple[str, _Json, bool, str]] = field(default_factory=list)
    embed: bool = False


class _Operation:
    """Describes one route as FastAPI would."""

    def __init__(self, route: Route, index: DefinitionIndex, schemas: Schemas) -> None:
        self._route = route
        self._index = index
        self._schemas = schemas
        self._injected = Injected(index)
        self._call, self._where = route.said[-1]

    def described(self) -> _Json:
        """Return the Operation Object that decorator and signature make."""
        inputs = self._inputs()
        node, call = self._route.node, self._call
        doc = ast.get_docstring(node) or ""
        deprecated = (keyword(said, "deprecated") for said, _ in self._route.said)
        body = _body(inputs)
        return {
            "summary": text_of(keyword(call, "summary")) or node.name.replace("_", " ").title(),
            "description": text_of(keyword(call, "description")) or doc.split("\f", 1)[0],
            "operationId": text_of(keyword(call, "operation_id")) or self._id(),
            "tags": self._tags(),
            "deprecated": any(isinstance(d, ast.Constant) and d.value is True for d in deprecated),
            "parameters": list(inputs.parameters.values()),
            **({"requestBody": body} if body else {}),
            "responses": self._responses(),
        }

    def _id(self) -> str:
        """Return FastAPI's own operation id."""
        route = self._route
        return re.sub(r"\W", "_", f"{route.node.name}{route.path}") + f"_{route.method}"

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
        answer: _Json = {"description": text_of(keyword(call, "response_description"))}
        schema = self._schemas.schema_of(*model)
        if schema and schema != {"type": "null"}:
            answer["content"] = {"application/json": {"schema": schema}}
        found: _Json = {self._status(keyword(call, "status_code"), self._where): answer}
        for said, source in route.said:
            declared = keyword(said, "responses")
            if declared is not None:
                found |= self._declared(declared, source)
        return found

    def _declared(self, node: ast.expr, source: Source) -> _Json:
        """Return `responses={404: {"model": …, "description": …}}`."""
        node, source = self._index.follow_value(node, source)
        found: _Json = {}
        if not isinstance(node, ast.Dict):
            return found
        for key, value in zip(node.keys, node.values, strict=True):
            if key is None:
                found |= self._declared(value, source)
                continue
            status = self._status(key, source)
            said = {text_of(k): v for k, v in zip(value.keys, value.values, strict=True)
                    if k is not None} if isinstance(value, ast.Dict) else {}  # fmt: skip
            one: _Json = {"description": text_of(said.get("description"))}
            if "model" in said:
                schema = self._schemas.schema_of(said["model"], source)
                one["content"] = {"application/json": {"schema": schema}}
            found[status] = one
        return found

    def _status(self, node: ast.expr | None, source: Source) -> str:
        """Return a status as the document writes it; 200 where none is given."""
        if node is None:
            return "200"
        found = self._index.literal(node, source)
        if isinstance(found, int | str):
            text = str(found)
            return text.lower() if text.lower() == "default" else text.upper()
        node, _ = self._index.follow_value(node, source)
        name = last_name(node.value if last_name(node) == "value" else node)  # type: ignore[attr-defined]
        digits = name.split("_")[1] if name.startswith("HTTP_") else ""
        if digits.isdigit():
            return digits
        return str(int(HTTPStatus[name])) if name in HTTPStatus.__members__ else "200"

    def _inputs(self) -> _Inputs:
        """Return what the handler asks for, and the dependencies of it and of its routers."""
        found = _Inputs()
        self._of_function(self._route.node, self._route.source, found)
        waiting = [
            one
            for call, source in self._route.said
            if (given := keyword(call, "dependencies")) is not None
            for one in self._injected.of_expression(given, source)
        ]
        waiting += self._injected.of_function(self._route.node, self._route.source)
        seen: set[int] = set()
        while waiting and len(seen) < _MOST_INJECTED:
            name, source = waiting.pop(0)
            for function, origin in self._injected.functions_of(name, source):
                if id(function) not in seen:
                    seen.add(id(function))
                    self._of_function(function, origin, found)
                    waiting += self._injected.of_function(function, origin)
        return found

    def _place_of(self, name: str, calls: dict[str, ast.Call]) -> str:
        """Return where a parameter is sent, as far as path and declaration tell."""
        if f"{{{name}}}" in self._route.path:
            return "path"
        return next((place for mark, place in _WHERE.items() if mark in calls), "")

    def _of_function(self, node: Function, source: Source, found: _Inputs) -> None:
        """Take in the parameters of a function."""
        for name, annotation, default in parameters_of(node.args):
            if name not in {"self", "cls"}:
                self._parameter(name, annotation, default, source, found)

    def _parameter(
        self,
        name: str,
        annotation: ast.expr | None,
        default: ast.expr | None,
        source: Source,
        found: _Inputs,
    ) -> None:
        """Take in one parameter: of the path, the query, a header, a cookie, or the body."""
        annotation = self._index.annotation(annotation)
        declared, origin = annotation, source
        if annotation is not None:
            declared, origin = self._index.follow_value(annotation, source)
        marks = [(default, source), *((one, origin) for one in annotated_with(declared))]
        called = {self._named(o, at): o for o, at in marks if isinstance(o, ast.Call | ast.Name)}
        is_hidden = any(
            isinstance(one, ast.Call)
            and getattr(keyword(one, "include_in_schema"), "value", 0) is False
            for one in called.values()
        )
        is_asked = (
            {"Depends", "Security"} & called.keys()
            or is_hidden
            or any(
                one is not None and self._injected.makes_dependency(one, at) for one, at in marks
            )
        )
        if is_asked or last_name(declared) in _INJECTED:
            return
        calls = {mark: one for mark, one in called.items() if isinstance(one, ast.Call)}
        schema = self._schemas.schema_of(declared, origin)
        for mark in calls.values():
            schema = schema | bounds_of(mark)
        where = self._place_of(name, calls)
        given = next((one for mark, one in calls.items() if mark in {*_WHERE, *_BODIES}), None)
        plain, required = self._default(given, default, source)
        media = _media_of(calls, declared)
        model = self._schemas.model_of(declared, origin)
        if model is not None and where in {"query", "header", "cookie"}:
            for one in self._schemas.properties_of(*model):
                _add(found, _sent(one.name, where), where, one.schema, required=one.required)
        elif not where and (media or model is not None or not _is_simple(schema, self._schemas)):
            if schema or media:
                kind = media or "application/json"
                found.embed |= _embeds(calls.get("Body"))
                alias = self._alias(given, origin if given is not default else source)
                found.bodies.append((alias or name, schema, required, kind))
        else:
            sent = self._alias(given, origin if given is not default else source)
            if isinstance(plain, str | int | float | bool | list | dict):
                schema = {**schema, "default": plain}
            where = where or "query"
            _add(found, sent or _sent(name, where), where, schema, required=required)

    def _default(
        self, given: ast.Call | None, default: ast.expr | None, source: Source
    ) -> tuple[Any, bool]:
        """Return the default of a parameter, as far as it is a literal, and whether it has none."""
        if default is None or default is given:
            if given is None or keyword(given, "default_factory") is not None:
                return None, given is None
            default = given.args[0] if given.args else keyword(given, "default")
        if isinstance(default, ast.Name | ast.Attribute):
            found = self._index.literal(default, source)
            return (None if found is UNKNOWN else found), False
        return literal_default(default)

    def _named(self, node: ast.Call | ast.Name, source: Source) -> str:
        """Return how FastAPI calls what a mark is, whatever it was imported as."""
        func = node.func if isinstance(node, ast.Call) else node
        return self._index.resolve(func, source).rpartition(".")[2] or last_name(node)

    def _alias(self, given: ast.Call | None, source: Source) -> str:
        """Return the name that a parameter is sent under; `…` for one that is computed."""
        alias = keyword(given, "alias") if given is not None else None
        found = self._index.literal(alias, source) if alias is not None else ""
        return found if isinstance(found, str) else "…"


def _media_of(calls: dict[str, ast.Call], declared: ast.expr | None) -> str:
    """Return the media type that a parameter of the body is declared with; else nothing."""
    if declared is not None and "UploadFile" in ast.unparse(declared):
        return _BODIES["File"]
    return next((kind for mark, kind in _BODIES.items() if mark in calls), "")


def _embeds(call: ast.Call | None) -> bool:
    given = keyword(call, "embed") if call is not None else None
    return isinstance(given, ast.Constant) and given.value is True


def _is_simple(schema: _Json, schemas: Schemas) -> bool:
    """Tell whether a value of a schema fits into a query: a scalar, an enum, one of several."""
    if "anyOf" in schema:
        return all(_is_simple(one, schemas) for one in schema["anyOf"])
    if "$ref" in schema:
        return "enum" in schemas.components.get(schema["$ref"].rpartition("/")[2], {})
    return schema.get("type") in {*_SCALARS, "null"} or "enum" in schema


def _sent(name: str, where: str) -> str:
    """Return how a parameter without alias is called in a request."""
    return name.replace("_", "-") if where == "header" else name


def _add(found: _Inputs, name: str, where: str, schema: _Json, *, required: bool) -> None:
    """Add the Parameter Object of an argument."""
    made = {"name": name, "in": where, "required": required or where == "path", "schema": schema}
    found.parameters.setdefault((where, name), made)


def _body(inputs: _Inputs) -> _Json:
    """Return the Request Body Object: one model as it is, several values as one object."""
    bodies = inputs.bodies
    if not bodies:
        return {}
    kinds = [kind for *_, kind in bodies]
    most = ("multipart/form-data", "application/x-www-form-urlencoded", "application/json")
    media = next(kind for kind in most if kind in kinds)
    required = any(needed for _, _, needed, _ in bodies)
    alone = len(bodies) == 1 and not inputs.embed
    if alone and (media == "application/json" or "$ref" in bodies[0][1]):
        schema = bodies[0][1]
    else:
        schema = {
            "type": "object",
            "properties": {name: one for name, one, _, _ in bodies},
            "required": [name for name, _, needed, _ in bodies if needed],
        }
    return {"required": required, "content": {media: {"schema": schema}}}
