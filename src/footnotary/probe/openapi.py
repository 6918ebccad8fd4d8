"""From an OpenAPI document (3.0, 3.1, 3.2) to typed facts. References to schemas are kept.

Section names are those of the OpenAPI Specification 3.1.
"""

import functools
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from footnotary.documents.api.samples import follow_reference, pointed
from footnotary.errors import ProjectError
from footnotary.facts.api import (
    FORM,
    ApiFacts,
    ApiModel,
    Callback,
    Content,
    Header,
    ModelField,
    Operation,
    Parameter,
    ResponseFacts,
    SecurityScheme,
    Server,
    ServerVariable,
)
from footnotary.facts.schema_words import limits_of, type_of, write_default
from footnotary.facts.shapes import Shape, normal_shape, references_in
from footnotary.probe.secrets import without_secrets

_field = functools.lru_cache(maxsize=8192)(ModelField)  # large documents repeat them
SCHEMAS = "#/components/schemas/"
_ENCODED = ("contentType", "style", "explode")
_ALLOWS = {"allowEmptyValue": "empty value", "allowReserved": "reserved characters"}
_EXPLODED = ("form", "cookie")
_STYLES = {"query": "form", "cookie": "form", "path": "simple", "header": "simple"}
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
Json = Mapping[str, Any]


def api_facts(document: dict[str, Any], known: Collection[str] = ()) -> ApiFacts:
    """Read a whole document.

    Args:
        document: A parsed OpenAPI document; what must not be written down is taken out of it,
            in place, before anything is made of it.
        known: Values that are secrets whatever their form.

    Returns:
        The facts, without what only the application knows (handlers, mounts …).

    Raises:
        ProjectError: It is not an OpenAPI 3 document.
    """
    version = str(document.get("openapi", ""))
    if not version.startswith("3."):
        raise ProjectError(
            "This is not an OpenAPI 3 document: it has no `openapi: 3.…`.",
            hint="OpenAPI 3.0 to 3.2 and Swagger 2.0 are supported.",
        )
    without_secrets(document, known)
    operations = (*_operations(document, "paths"), *_operations(document, "webhooks"))
    schemas = _schemas(document, operations)
    models = _models(document, operations, schemas)
    info = _mapping(document.get("info"))
    return ApiFacts(
        title=_text(info.get("title")),
        version=_text(info.get("version")),
        description=_text(info.get("description")),
        openapi=version,
        servers=_servers(document.get("servers")),
        security=tuple(_security_schemes(document)),
        tags={
            _text(tag.get("name")): _text(tag.get("description") or tag.get("summary"))
            for tag in map(_mapping, _list(document.get("tags")))
        },
        tags_in={
            _text(tag.get("name")): _text(tag["parent"])
            for tag in map(_mapping, _list(document.get("tags")))
            if tag.get("parent")
        },
        operations=operations,
        models=models,
        form=FORM,
        schemas=schemas,
        summary={
            "paths": len(_mapping(document.get("paths"))),
            "operations": sum(not one.webhook for one in operations),
            "schemas": len(models),
            "webhooks": len(_mapping(document.get("webhooks"))),
            "deprecated": sum(one.deprecated for one in operations if not one.webhook),
        },
        document=document,
    )


def _operations(document: Json, section: str) -> Iterator[Operation]:
    """Read every operation of `paths` or `webhooks`."""
    for path, raw in _mapping(document.get(section)).items():
        yield from _of_path(document, str(path), raw, webhook=section == "webhooks")


def _of_path(document: Json, path: str, raw: Any, *, webhook: bool) -> Iterator[Operation]:
    """Read every operation of one Path Item Object."""
    item = _at(document, raw)
    shared = _list(item.get("parameters"))
    others = _mapping(item.get("additionalOperations"))
    methods = [(name, item[name]) for name in METHODS if name in item] + list(others.items())
    for method, operation in methods:
        if isinstance(operation, dict):
            found = _operation(document, operation, shared)
            servers = _servers(operation.get("servers") or item.get("servers"))
            yield found.model_copy(
                update={
                    "method": method.upper(),
                    "path": path,
                    "webhook": webhook,
                    "servers": servers,
                }
            )


def _operation(document: Json, raw: Json, shared: list[Any]) -> Operation:
    """Read one Operation Object, without what only its place tells."""
    body = _at(document, raw.get("requestBody"))
    security = [_mapping(one) for one in _list(raw.get("security", document.get("security")))]
    return Operation(
        method="",
        path="",
        id=_text(raw.get("operationId")),
        summary=_text(raw.get("summary")),
        description=_text(raw.get("description")),
        tags=tuple(map(_text, _list(raw.get("tags")))),
        deprecated=raw.get("deprecated") is True,
        security=tuple(map(requirement_text, security)),
        requirements=tuple(
            {str(name): tuple(map(str, _list(scopes))) for name, scopes in one.items()}
            for one in security
        ),
        parameters=_parameters(document, [*shared, *_list(raw.get("parameters"))]),
        body=_contents(document, body),
        body_required=body.get("required") is True,
        has_example=any(_has_example(document, one) for one in _contents_of(document, body)),
        responses=tuple(
            _answer(document, str(status), one)
            for status, one in _mapping(raw.get("responses")).items()
        ),
        callbacks=tuple(
            _callback(document, str(name), one)
            for name, one in _mapping(raw.get("callbacks")).items()
        ),
    )


def _callback(document: Json, name: str, raw: Any) -> Callback:
    """Read one Callback Object: path items by runtime expression."""
    found = [
        operation
        for path, item in _at(document, raw).items()
        if not str(path).startswith("x-")
        for operation in _of_path(document, str(path), item, webhook=True)
    ]
    return Callback(name=name, operations=tuple(found))


def _parameters(document: Json, raw: list[Any]) -> tuple[Parameter, ...]:
    """Read parameters; an operation's own replaces the path's of the same name and place."""
    found: dict[tuple[str, str], Parameter] = {}
    for one in raw:
        item = _at(document, one)
        name, where = _text(item.get("name")), _text(item.get("in"))
        if name:
            found[name, where] = _parameter(document, item, name, where)
    order = {"path": 0, "query": 1, "querystring": 2, "header": 3, "cookie": 4}
    return tuple(sorted(found.values(), key=lambda one: order.get(one.where, 9)))


def _parameter(document: Json, item: Json, name: str, where: str) -> Parameter:
    """Read one Parameter Object, with the style it has by default (3.1.0, section 4.8.12)."""
    media, schema = _written(document, item)
    style = "" if media else _text(item.get("style")) or _STYLES.get(where, "")
    return Parameter(
        **_value(name, schema, item),
        where=where,
        required=item.get("required") is True,
        style=style,
        explode=bool(item.get("explode", style in _EXPLODED)),
        media_type=media,
        allows=tuple(word for key, word in _ALLOWS.items() if item.get(key) is True),
        shape=_without_deprecated(normal_shape(schema)),
    )


def _value(name: str, schema: Any, holder: Json = {}) -> dict[str, Any]:  # noqa: B006  only read
    """Return what is told of a value by its schema, or by the parameter or header that holds it."""
    told = _mapping(schema)
    return {
        "name": name,
        "type": type_of(schema),
        "default": write_default(schema),
        "limits": limits_of(schema),
        "description": _text(holder.get("description")) or _text(told.get("description")),
        "deprecated": any(one.get("deprecated") is True for one in (holder, told)),
    }


def _written(document: Json, item: Json) -> tuple[str, Any]:
    """Return the media type and schema of a parameter or header; mostly there is no media type."""
    media, content = next(iter(_mapping(item.get("content")).items()), ("", {}))
    return str(media), item.get("schema", _at(document, content).get("schema", {}))


def _without_deprecated(shape: Shape) -> Shape:
    """Return a schema without a note that its parameter has."""
    if not isinstance(shape, dict):
        return shape
    return {key: value for key, value in shape.items() if key != "deprecated"}


def _contents(document: Json, raw: Json) -> tuple[Content, ...]:
    """Read the media types of a body."""
    return tuple(
        _content(str(media), _at(document, one))
        for media, one in _mapping(raw.get("content")).items()
    )


def _content(media_type: str, raw: Json) -> Content:
    """Read one Media Type Object; `itemSchema` is OpenAPI 3.2's, and FastAPI's in 3.1 as well."""
    stream = "itemSchema" in raw and "schema" not in raw
    schema = raw["itemSchema"] if stream else raw.get("schema", {})
    return Content(
        media_type=media_type,
        type=type_of(schema),
        stream=stream,
        shape=normal_shape(schema),
        encoding={
            str(field): {word: one[word] for word in _ENCODED if word in one}
            for field, one in _mapping(raw.get("encoding")).items()
            if isinstance(one, dict)
        },
    )


def _contents_of(document: Json, raw: Json) -> list[Json]:
    return [_at(document, one) for one in _mapping(raw.get("content")).values()]


def _has_example(document: Json, media: Json) -> bool:
    """Whether a media type, its schema, or one of the schema's fields has an example."""
    schema = _at(document, media.get("schema"))
    fields = map(_mapping, _mapping(schema.get("properties")).values())
    return any(one.get("example") or one.get("examples") for one in (media, schema, *fields))


def _answer(document: Json, status: str, raw: Any) -> ResponseFacts:
    item = _at(document, raw)
    return ResponseFacts(
        status=status,
        description=_text(item.get("description")),
        contents=_contents(document, item),
        headers=tuple(
            _header(document, str(name), one) for name, one in _mapping(item.get("headers")).items()
        ),
    )


def _header(document: Json, name: str, raw: Any) -> Header:
    """Read one Header Object."""
    item = _at(document, raw)
    media, schema = _written(document, item)
    told = _value(name, schema, item) | ({} if schema else {"type": ""})
    return Header(
        **told,
        required=item.get("required") is True,
        media_type=media,
        shape=normal_shape(schema),
    )


def requirement_text(names: Mapping[str, Iterable[Any]]) -> str:
    """Return one alternative of authentication for readers: `a and b (scope)`.

    Args:
        names: Scopes by scheme; none for an alternative that asks for nothing.
    """
    listed = ((str(name), ", ".join(map(str, scopes or ()))) for name, scopes in names.items())
    return " and ".join(f"{name} ({scopes})" if scopes else name for name, scopes in listed)


def _security_schemes(document: Json) -> Iterator[SecurityScheme]:
    schemes = _mapping(_mapping(document.get("components")).get("securitySchemes"))
    for name, raw in schemes.items():
        item = _at(document, raw)
        kind = _text(item.get("type"))
        extra = {
            "http": _text(item.get("scheme")),
            "apiKey": f"in {_text(item.get('in'))} {_text(item.get('name'))}",
            "oauth2": "(" + ", ".join(map(str, _mapping(item.get("flows")))) + ")",
        }.get(kind, "")
        yield SecurityScheme(
            name=str(name),
            type=f"{kind} {extra}".strip(),
            description=_text(item.get("description")),
            deprecated=item.get("deprecated") is True,
            details=tuple(_scheme_details(item)),
        )


def _scheme_details(item: Json) -> Iterator[tuple[str, str]]:
    """Yield addresses, scopes and form of a scheme, by name (3.1.0, sections 4.8.27 to 4.8.29)."""
    for name in ("bearerFormat", "openIdConnectUrl", "oauth2MetadataUrl"):
        if item.get(name):
            yield name, _address(_text(item[name]))
    for flow, raw in _mapping(item.get("flows")).items():
        for name, value in _mapping(raw).items():
            if str(name).endswith("Url"):
                yield f"{flow}.{name}", _address(_text(value))
        yield f"{flow}.scopes", ", ".join(sorted(map(str, _mapping(_mapping(raw).get("scopes")))))


def _schemas(document: Json, operations: tuple[Operation, ...]) -> dict[str, Shape]:
    """Return every schema of the components, and whatever else is referred to, in normal form."""
    own = _mapping(_mapping(document.get("components")).get("schemas"))
    found = {SCHEMAS + _escaped(str(name)): normal_shape(raw) for name, raw in own.items()}
    waiting = [*found.values(), *_shapes_of(operations)]
    while waiting:
        for reference in set(references_in(waiting.pop())) - found.keys():
            if reference.startswith("#"):
                found[reference] = normal_shape(pointed(reference, document))
                waiting.append(found[reference])
    return found


def _shapes_of(operations: tuple[Operation, ...]) -> Iterator[Any]:
    """Yield the schemas that operations have in place."""
    for one in operations:
        yield from (parameter.shape for parameter in one.parameters)
        yield from (content.shape for content in one.body)
        for answer in one.responses:
            yield from (content.shape for content in answer.contents)
            yield from (header.shape for header in answer.headers)
        yield from (found for call in one.callbacks for found in _shapes_of(call.operations))


def _escaped(name: str) -> str:
    """Return a name as a JSON Pointer has it (RFC 6901, section 3)."""
    return name.replace("~", "~0").replace("/", "~1")


def _models(
    document: Json, operations: tuple[Operation, ...], shapes: Mapping[str, Shape]
) -> tuple[ApiModel, ...]:
    """Read the schemas of the components, with who uses them."""
    schemas = _mapping(_mapping(document.get("components")).get("schemas"))
    used: dict[str, dict[str, None]] = defaultdict(dict)
    for one in operations:
        for shape in _shapes_of((one,)):
            for reference in references_in(shape):
                used[reference][f"{one.method} {one.path}"] = None
    within: dict[str, dict[str, None]] = defaultdict(dict)
    own = {SCHEMAS + _escaped(str(name)): str(name) for name in schemas}
    models = []
    for (reference, name), raw in zip(own.items(), schemas.values(), strict=True):
        models.append(_model(name, _mapping(raw)))
        for inner in references_in(shapes[reference]):
            if inner != reference:
                within[inner][name] = None
    return tuple(
        model.model_copy(
            update={"used_by": tuple(used[reference]), "within": tuple(within[reference])}
        )
        for model, reference in zip(models, own, strict=True)
    )


def _model(name: str, raw: Json) -> ApiModel:
    """Read one schema; properties of inline `allOf` parts are its own."""
    parts = [raw, *(part for part in map(_mapping, _list(raw.get("allOf"))) if "$ref" not in part)]
    fields: dict[str, ModelField] = {}
    for part in parts:
        required = {one for one in _list(part.get("required")) if isinstance(one, str)}
        for field, schema in _mapping(part.get("properties")).items():
            fields[str(field)] = _field(**_value(str(field), schema), required=field in required)
    return ApiModel(
        name=name,
        type=type_of({key: value for key, value in raw.items() if key != "enum"}),
        limits=limits_of(raw),
        deprecated=raw.get("deprecated") is True,
        description=_text(raw.get("description")),
        fields=tuple(fields.values()),
        values=tuple(str(one) for one in _list(raw.get("enum"))),
    )


def _servers(raw: Any) -> tuple[Server, ...]:
    """Read Server Objects; credentials in their addresses are left out."""
    return tuple(
        Server(
            url=_address(_text(one.get("url"))),
            name=_text(one.get("name")),
            description=_text(one.get("description")),
            variables=tuple(
                ServerVariable(
                    name=str(name),
                    default=_text(variable.get("default")),
                    values=tuple(map(_text, _list(variable.get("enum")))),
                    description=_text(variable.get("description")),
                )
                for name, variable in (
                    (name, _mapping(each)) for name, each in _mapping(one.get("variables")).items()
                )
            ),
        )
        for one in map(_mapping, _list(raw))
    )


def _address(url: str) -> str:
    """Return an address without credentials; empty for what is none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return urlunsplit(parts._replace(netloc=parts.netloc.rsplit("@", 1)[-1]))


def _at(document: Json, value: Any) -> Json:
    """Return an object, or what it refers to."""
    return follow_reference(value, document)


def _mapping(value: Any) -> Json:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)
