"""What a route takes, read from its source alone: parameters of handler and dependencies."""

import ast
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from footnotary.source.injected import Called, Injected, parameters_of
from footnotary.source.names import UNKNOWN, DefinitionIndex, keyword, last_name, says_true
from footnotary.source.parsing import Source
from footnotary.source.routes import Route, dependencies_of
from footnotary.source.schemas import (
    Schemas,
    annotated_fields,
    annotated_with,
    bounds_of,
    literal_default,
    with_default,
)

_Json: TypeAlias = dict[str, Any]
_INJECTED = {"Request", "Response", "WebSocket", "BackgroundTasks", "HTTPConnection",
             "SecurityScopes"}  # fmt: skip
_WHERE = {"Query": "query", "Header": "header", "Cookie": "cookie", "Path": "path"}
_BODIES = {"Body": "application/json", "Form": "application/x-www-form-urlencoded",
           "File": "multipart/form-data"}  # fmt: skip
_TEXT: _Json = {"type": "string"}
_SECRET: _Json = {"type": "string", "format": "password"}
_NULL: _Json = {"type": "null"}
_GRANT: _Json = {"type": "string", "pattern": "^password$"}
# The form of OAuth 2's password grant (RFC 6749, 4.3.2), as `fastapi.security` asks for it.
_PASSWORD_FORM: dict[str, _Json] = {
    "grant_type": {"anyOf": [_GRANT, _NULL]},
    "username": _TEXT,
    "password": _SECRET,
    "scope": _TEXT | {"default": ""},
    "client_id": {"anyOf": [_TEXT, _NULL]},
    "client_secret": {"anyOf": [_TEXT, _NULL]},
}
_FORMS = {
    "OAuth2PasswordRequestForm": _PASSWORD_FORM,
    "OAuth2PasswordRequestFormStrict": _PASSWORD_FORM | {"grant_type": _GRANT, "password": _TEXT},
}
_SCALARS = {"string", "integer", "number", "boolean"}
_MOST_INJECTED = 40


@dataclass
class RouteInputs:
    """What a handler and its dependencies ask for.

    Attributes:
        parameters: Parameter Objects by place and name.
        bodies: Of each value in the body: name, schema, whether it is required, media type.
        embed: Whether a single value of the body has a name of its own.
        unknown: Dependencies whose parameters are not known: they are not in the project.
    """

    parameters: dict[tuple[str, str], _Json] = field(default_factory=dict)
    bodies: list[tuple[str, _Json, bool, str]] = field(default_factory=list)
    embed: bool = False
    unknown: list[str] = field(default_factory=list)

    def body(self, name: str, components: _Json) -> _Json:
        """Return the Request Body Object: one model as it is, several values as one object."""
        bodies = self.bodies
        if not bodies:
            return {}
        kinds = [kind for *_, kind in bodies]
        most = ("multipart/form-data", "application/x-www-form-urlencoded", "application/json")
        media = next(kind for kind in most if kind in kinds)
        required = any(needed for _, _, needed, _ in bodies)
        alone = len(bodies) == 1 and not self.embed
        if alone and (media == "application/json" or "$ref" in bodies[0][1]):
            schema = bodies[0][1]
        else:
            schema = {"$ref": f"#/components/schemas/{name}"}
            components[name] = {
                "type": "object",
                "title": name,
                "properties": {one: each for one, each, _, _ in bodies},
                "required": [one for one, _, needed, _ in bodies if needed],
            }
        return {"required": required, "content": {media: {"schema": schema}}}


def read_inputs(route: Route, index: DefinitionIndex, schemas: Schemas) -> RouteInputs:
    """Return what a route's handler asks for, and the dependencies of it and of its routers."""
    return _Reader(route, index, schemas).read()


class _Reader:
    """Reads the parameters of one route."""

    def __init__(self, route: Route, index: DefinitionIndex, schemas: Schemas) -> None:
        self._route = route
        self._index = index
        self._schemas = schemas
        self._injected = Injected(index)
        self._found = RouteInputs()

    def read(self) -> RouteInputs:
        """Return what the handler asks for, and the dependencies of it and of its routers."""
        found = self._found
        self._of_function(self._route.node, self._route.source, found)
        waiting = [*dependencies_of(self._route, self._injected)]
        waiting += self._injected.of_function(self._route.node, self._route.source)
        seen: set[int] = set()
        while waiting and len(seen) < _MOST_INJECTED:
            name, source = waiting.pop(0)
            functions = list(self._injected.functions_of(name, source))
            for function, origin in functions:
                if id(function) not in seen:
                    seen.add(id(function))
                    self._of_function(function, origin, found)
                    waiting += self._injected.of_function(function, origin)
            if not functions:
                self._of_class(name, source, found)
        return found

    def _of_class(self, name: ast.expr, source: Source, found: RouteInputs) -> None:
        """Take in the fields of a model or dataclass that is a dependency, and FastAPI's forms."""
        full, defined = self._injected.origin_of(name, source)
        if defined and isinstance(defined[0], ast.ClassDef):
            if self._schemas.model_of(ast.Name(defined[0].name), defined[1]):
                fields = annotated_fields(self._index, defined[0], defined[1]).values()
                named = self._schemas.properties_of(defined[0], defined[1])
                for one, (each, origin) in zip(named, fields, strict=True):
                    self._parameter(one.name, each.annotation, each.value, origin, found)
        elif full.startswith("fastapi."):
            for word, schema in _FORMS.get(full.rpartition(".")[2], {}).items():
                found.bodies.append(
                    (word, schema, schema in (_TEXT, _SECRET, _GRANT), _BODIES["Form"])
                )
        elif full not in found.unknown:
            found.unknown.append(full)

    def _place_of(self, name: str, calls: dict[str, ast.Call]) -> str:
        """Return where a parameter is sent, as far as path and declaration tell."""
        if f"{{{name}}}" in self._route.path:
            return "path"
        return next((place for mark, place in _WHERE.items() if mark in calls), "")

    def _of_function(self, node: Called, source: Source, found: RouteInputs) -> None:
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
        found: RouteInputs,
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
        elif declared and not (where or media or _is_known(declared, schema)):
            found.unknown.append(self._index.resolve(declared, origin) or ast.unparse(declared))
        elif not where and (media or model is not None or not _is_simple(schema, self._schemas)):
            kind = media or "application/json"
            found.embed |= _embeds(calls.get("Body"))
            alias = self._alias(given, origin if given is not default else source)
            found.bodies.append((alias or name, with_default(schema, plain), required, kind))
        else:
            sent = self._alias(given, origin if given is not default else source)
            schema = with_default(schema, plain)
            where = where or "query"
            _add(found, sent or _sent(name, where), where, schema, required=required)

    def _default(
        self, given: ast.Call | None, default: ast.expr | None, source: Source
    ) -> tuple[Any, bool]:
        """Return the default of a parameter, as far as it is a literal, and whether it has none."""
        is_own = False
        if default is None or default is given:
            if given is None or keyword(given, "default_factory") is not None:
                return None, given is None
            default = given.args[0] if given.args else keyword(given, "default")
            is_own = True
        if isinstance(default, ast.Name | ast.Attribute):
            found = self._index.literal(default, source)
            return (None if found is UNKNOWN else found), False
        # FastAPI keeps an Ellipsis behind a mark in Annotated as it is: nothing is asked for
        is_kept = given is not None and isinstance(default, ast.Constant) and default.value is ...
        return (None, False) if is_kept and not is_own else literal_default(default)

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
    return call is not None and says_true(keyword(call, "embed"))


def _is_known(declared: ast.expr, schema: _Json) -> bool:
    """Tell whether it is known what an annotation means: each part of it."""
    if last_name(declared) == "Any":
        return True
    return bool(schema) and {} not in schema.get("anyOf", ())


def _is_simple(schema: _Json, schemas: Schemas) -> bool:
    """Tell whether a value of a schema fits into a query: a scalar, an enum, one of several."""
    if not schema:
        return True  # anything
    if "anyOf" in schema:
        return all(_is_simple(one, schemas) for one in schema["anyOf"])
    if "$ref" in schema:
        return "enum" in schemas.components.get(schema["$ref"].rpartition("/")[2], {})
    return schema.get("type") in {*_SCALARS, "null"} or "enum" in schema


def _sent(name: str, where: str) -> str:
    """Return how a parameter without alias is called in a request."""
    return name.replace("_", "-") if where == "header" else name


def _add(found: RouteInputs, name: str, where: str, schema: _Json, *, required: bool) -> None:
    """Add the Parameter Object of an argument."""
    made = {"name": name, "in": where, "required": required or where == "path", "schema": schema}
    found.parameters.setdefault((where, name), made)
