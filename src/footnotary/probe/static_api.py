"""An API read from its source alone: routers, decorators, prefixes, models.

Used when the application cannot be imported. What is computed at run time (paths in
variables, routes added in loops) is not seen, and the document says so.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any

from footnotary.facts.api import ApiFacts, Handler, Operation
from footnotary.probe.openapi import METHODS, api_facts
from footnotary.probe.static_models import models_of
from footnotary.probe.static_source import Source, keyword, sources, text_of, texts_of
from footnotary.probe.static_types import bounds_of, last_name, schema_of

Function = ast.FunctionDef | ast.AsyncFunctionDef
_INJECTED = {"Request", "Response", "WebSocket", "BackgroundTasks", "HTTPConnection",
             "SecurityScopes", "AsyncSession", "Session"}  # fmt: skip
_WHERE = {"Query": "query", "Header": "header", "Cookie": "cookie", "Path": "path"}
_BODIES = {"Body", "Form", "File"}
# What the source alone does not tell.
_NOT_READ = (
    "servers", "security", "tags", "websockets", "mounts", "hidden", "middleware", "handlers",
    "lifespan",
)  # fmt: skip
_SCALARS = {"string", "integer", "number", "boolean"}


@dataclass
class _Router:
    """A router or application, by the module and name it is assigned to."""

    prefix: str = ""
    tags: list[str] = field(default_factory=list)
    title: str = ""
    version: str = ""
    is_app: bool = False
    routes: list[tuple[Source, Function, ast.Call, str]] = field(default_factory=list)
    included: list[tuple[tuple[str, str], str, list[str]]] = field(default_factory=list)


def read_source(root: Path) -> ApiFacts:
    """Read the API of a project without importing it.

    Args:
        root: The project's root.

    Returns:
        The facts, with no operation where none was found.
    """
    modules, failed = sources(root)
    routers = _routers(modules)
    schemas = models_of(modules)
    paths: dict[str, dict[str, Any]] = {}
    handlers: dict[tuple[str, str], Handler] = {}
    for path, tags, module, node, call, method in _routes(routers):
        item = paths.setdefault(path, {})
        if method not in item:
            item[method] = _operation(node, call, path, tags, schemas)
            name = f"{module.name}.{node.name}"
            doc = ast.get_docstring(node) or ""
            handlers[method.upper(), path] = Handler(name=name, place=module.place(node), doc=doc)
    app = next((one for one in routers.values() if one.is_app), _Router())
    facts = api_facts(
        {
            "openapi": "3.1.0",
            "info": {"title": app.title or "FastAPI", "version": app.version},
            "paths": paths,
            "components": {"schemas": schemas},
        }
    )
    operations = tuple(_handled(one, handlers) for one in facts.operations)
    caveats = tuple(f"{name} could not be parsed." for name in failed)
    read_from = {one.handler.place.path for one in operations if one.handler and one.handler.place}
    facts = facts.model_copy(
        update={"operations": operations, "read_from": tuple(sorted(read_from))}
    )
    return facts.known_as("source").told(not_read=_NOT_READ, failed=failed, caveats=caveats)


def _handled(one: Operation, handlers: dict[tuple[str, str], Handler]) -> Operation:
    return one.model_copy(update={"handler": handlers.get((one.method, one.path))})


def _routers(modules: tuple[Source, ...]) -> dict[tuple[str, str], _Router]:
    """Return routers and applications with their routes and what they include."""
    found = {key: router for module in modules for key, router in _assigned(module)}
    for module in modules:
        names = _imported(module)
        for node in ast.walk(module.tree):
            if isinstance(node, Function):
                _add_routes(module, node, names, found)
            elif isinstance(node, ast.Call) and last_name(node.func) == "include_router":
                _include(module, node, names, found)
    return found


def _assigned(module: Source) -> Iterator[tuple[tuple[str, str], _Router]]:
    """Yield the routers and applications that a module assigns to names."""
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Assign | ast.AnnAssign):
            continue
        value = node.value
        if isinstance(value, ast.Call) and last_name(value.func) in ("APIRouter", "FastAPI"):
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                if isinstance(target, ast.Name):
                    yield (module.name, target.id), _router(value)


def _router(call: ast.Call) -> _Router:
    return _Router(
        prefix=text_of(keyword(call, "prefix")),
        tags=texts_of(keyword(call, "tags")),
        title=text_of(keyword(call, "title")),
        version=text_of(keyword(call, "version")),
        is_app=last_name(call.func) == "FastAPI",
    )


def _imported(module: Source) -> dict[str, str]:
    """Return what the names of a module's `import` statements mean, as dotted names."""
    found: dict[str, str] = {}
    package = module.name.split(".")
    if not module.path.endswith("__init__.py"):
        package = package[:-1]
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            start = ".".join([*base, *([node.module] if node.module else [])])
            for one in node.names:
                found[one.asname or one.name] = f"{start}.{one.name}".strip(".")
        elif isinstance(node, ast.Import):
            for one in node.names:
                first = one.name.split(".")[0]
                found[one.asname or first] = one.name if one.asname else first
    return found


def _key(
    node: ast.expr, module: Source, names: dict[str, str], found: dict[tuple[str, str], _Router]
) -> tuple[str, str] | None:
    """Return the router that an expression names: here, imported, or an attribute of a module."""
    dotted = ast.unparse(node)
    if (module.name, dotted) in found:
        return module.name, dotted
    first, _, rest = dotted.partition(".")
    full = ".".join(part for part in (names.get(first, first), rest) if part)
    holder, _, name = full.rpartition(".")
    for where, known in found:
        if known == name and (where == holder or where.endswith("." + holder)):
            return where, known
    return None


def _add_routes(
    module: Source, node: Function, names: dict[str, str], found: dict[tuple[str, str], _Router]
) -> None:
    """Put a function to the routers whose decorators it has."""
    for call in node.decorator_list:
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
            continue
        key = _key(call.func.value, module, names, found)
        verb = call.func.attr
        if key is None:
            continue
        methods = [one.lower() for one in texts_of(keyword(call, "methods"))] or ["get"]
        for method in methods if verb == "api_route" else [verb]:
            if method in METHODS:
                found[key].routes.append((module, node, call, method))


def _include(
    module: Source, call: ast.Call, names: dict[str, str], found: dict[tuple[str, str], _Router]
) -> None:
    """Note that one router includes another."""
    given = call.args[0] if call.args else keyword(call, "router")
    if not isinstance(call.func, ast.Attribute) or given is None:
        return
    outer = _key(call.func.value, module, names, found)
    inner = _key(given, module, names, found)
    if outer is None:
        outer = next((key for key, one in found.items() if one.is_app), None)
    if outer and inner and outer != inner:
        extra = texts_of(keyword(call, "tags"))
        found[outer].included.append((inner, text_of(keyword(call, "prefix")), extra))


def _routes(
    routers: dict[tuple[str, str], _Router],
) -> Iterator[tuple[str, list[str], Source, Function, ast.Call, str]]:
    """Yield every route with its whole path and its tags; each router from where it hangs."""
    included = {key for one in routers.values() for key, _, _ in one.included}
    roots = [key for key, one in routers.items() if one.is_app or key not in included]
    waiting = [(key, "", list[str](), frozenset([key])) for key in roots]
    while waiting:
        key, prefix, tags, seen = waiting.pop(0)
        one = routers[key]
        prefix, tags = prefix + one.prefix, tags + one.tags
        for module, node, call, method in one.routes:
            first = call.args[0] if call.args else keyword(call, "path")
            own = texts_of(keyword(call, "tags"))
            path = (prefix + text_of(first)) or "/"
            if keyword(call, "include_in_schema") is None:
                yield path, tags + own, module, node, call, method
        waiting += [
            (inner, prefix + more, tags + extra, seen | {inner})
            for inner, more, extra in one.included
            if inner not in seen
        ]


def _operation(
    node: Function, call: ast.Call, path: str, tags: list[str], schemas: dict[str, Any]
) -> dict[str, Any]:
    """Return the Operation Object that decorator and signature make."""
    parameters, body = _inputs(node, path, schemas)
    status = _status(keyword(call, "status_code"))
    model = keyword(call, "response_model") or node.returns
    answer: dict[str, Any] = {"description": text_of(keyword(call, "response_description"))}
    if (schema := schema_of(model, schemas)) and schema != {"type": "null"}:
        answer["content"] = {"application/json": {"schema": schema}}
    doc = ast.get_docstring(node) or ""
    deprecated = keyword(call, "deprecated")
    return {
        "summary": text_of(keyword(call, "summary")) or node.name.replace("_", " ").title(),
        "description": text_of(keyword(call, "description")) or doc.split("\f", 1)[0],
        "operationId": node.name,
        "tags": list(dict.fromkeys(tags)),
        "deprecated": isinstance(deprecated, ast.Constant) and deprecated.value is True,
        "parameters": parameters,
        **({"requestBody": body} if body else {}),
        "responses": {status: answer},
    }


def _inputs(
    node: Function, path: str, schemas: dict[str, Any]
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Return the parameters and the body that a signature asks for."""
    parameters: list[dict[str, Any]] = []
    body: dict[str, Any] = {}
    positional = [*node.args.posonlyargs, *node.args.args]
    defaults = [None] * (len(positional) - len(node.args.defaults)) + list(node.args.defaults)
    named = [*zip(positional, defaults, strict=True)]
    named += zip(node.args.kwonlyargs, node.args.kw_defaults, strict=True)
    for argument, default in named:
        marks = [default, *_annotated(argument.annotation)]
        called = {last_name(one.func): one for one in marks if isinstance(one, ast.Call)}
        if {"Depends", "Security"} & called.keys() or argument.arg in ("self", "cls"):
            continue
        schema = schema_of(argument.annotation, schemas)
        for mark in called.values():
            schema |= bounds_of(mark)
        where = next((place for name, place in _WHERE.items() if name in called), "")
        if f"{{{argument.arg}}}" in path or f"{{{argument.arg}:" in path:
            where = "path"
        if not where and (_BODIES & called.keys() or "$ref" in schema):
            content = {"application/json": {"schema": schema}}
            body = {"required": default is None, "content": content}
        elif where or schema.get("type") in _SCALARS or "anyOf" in schema or "enum" in schema:
            parameters.append(_parameter(argument.arg, where or "query", schema, default))
    return parameters, body


def _parameter(
    name: str, where: str, schema: dict[str, Any], default: ast.expr | None
) -> dict[str, Any]:
    """Return the Parameter Object of an argument."""
    plain = default.value if isinstance(default, ast.Constant) else None
    if plain is not None and isinstance(plain, str | int | float | bool):
        schema = {**schema, "default": plain}
    sent = name.replace("_", "-") if where == "header" else name
    required = where == "path" or default is None
    return {"name": sent, "in": where, "required": required, "schema": schema}


def _annotated(node: ast.expr | None) -> list[ast.expr]:
    """Return what `Annotated[X, …]` says besides the type."""
    if isinstance(node, ast.Subscript) and last_name(node.value) == "Annotated":
        return node.slice.elts[1:] if isinstance(node.slice, ast.Tuple) else []
    return []


def _status(node: ast.expr | None) -> str:
    """Return a status code as the document writes it; 200 where none is given."""
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return str(node.value)
    name = last_name(node) if node is not None else ""
    digits = name.split("_")[1] if name.startswith("HTTP_") else ""
    if digits.isdigit():
        return digits
    return str(int(HTTPStatus[name])) if name in HTTPStatus.__members__ else "200"
