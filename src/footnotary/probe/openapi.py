"""From an OpenAPI document (3.0, 3.1, 3.2) to typed facts. References to schemas are kept.

Section names are those of the OpenAPI Specification 3.1.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from footnotary.documents.api.samples import follow_reference
from footnotary.errors import ProjectError
from footnotary.facts.api import (
    FORM,
    ApiFacts,
    Callback,
    Content,
    Header,
    Operation,
    Parameter,
    ResponseFacts,
    SecurityScheme,
    Server,
    ServerVariable,
)
from footnotary.facts.schema_words import type_of
from footnotary.facts.shapes import Shape, normal_shape
from footnotary.probe.openapi_models import (
    list_of,
    mapping_of,
    read_models,
    read_schemas,
    text_in,
    told_value,
    without_secrets,
)

_ENCODED = ("contentType", "style", "explode", "allowReserved")
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
    schemas = read_schemas(document, operations)
    models = read_models(document, operations, schemas)
    info = mapping_of(document.get("info"))
    tags = [*map(mapping_of, list_of(document.get("tags")))]
    return ApiFacts(
        title=text_in(info.get("title")),
        version=text_in(info.get("version")),
        description=text_in(info.get("description")),
        openapi=version,
        servers=_servers(document.get("servers")),
        security=tuple(_security_schemes(document)),
        tags={
            text_in(tag.get("name")): text_in(tag.get("description") or tag.get("summary"))
            for tag in tags
        },
        tags_in={
            text_in(tag.get("name")): text_in(tag["parent"]) for tag in tags if tag.get("parent")
        },
        operations=operations,
        models=models,
        form=FORM,
        schemas=schemas,
        summary={
            "paths": len(mapping_of(document.get("paths"))),
            "operations": sum(not one.webhook for one in operations),
            "schemas": len(models),
            "webhooks": len(mapping_of(document.get("webhooks"))),
            "deprecated": sum(one.deprecated for one in operations if not one.webhook),
        },
        document=document,
    )


def _operations(document: Json, section: str) -> Iterator[Operation]:
    """Read every operation of `paths` or `webhooks`."""
    for path, raw in mapping_of(document.get(section)).items():
        yield from _of_path(document, str(path), raw, webhook=section == "webhooks")


def _of_path(document: Json, path: str, raw: Any, *, webhook: bool) -> Iterator[Operation]:
    """Read every operation of one Path Item Object."""
    item = _at(document, raw)
    shared = list_of(item.get("parameters"))
    others = mapping_of(item.get("additionalOperations"))
    methods = [(name, item[name]) for name in METHODS if name in item] + list(others.items())
    for method, operation in methods:
        if isinstance(operation, dict):
            yield _operation(
                document,
                operation,
                shared,
                method=method.upper(),
                path=path,
                webhook=webhook,
                servers=_servers(operation.get("servers") or item.get("servers")),
            )


def _operation(document: Json, raw: Json, shared: list[Any], **place: Any) -> Operation:
    """Read one Operation Object; what only its place tells is given."""
    body = _at(document, raw.get("requestBody"))
    security = [mapping_of(one) for one in list_of(raw.get("security", document.get("security")))]
    return Operation(
        **place,
        id=text_in(raw.get("operationId")),
        summary=text_in(raw.get("summary")),
        description=text_in(raw.get("description")),
        tags=tuple(map(text_in, list_of(raw.get("tags")))),
        deprecated=raw.get("deprecated") is True,
        security=tuple(map(requirement_text, security)),
        requirements=tuple(
            {str(name): tuple(map(str, list_of(scopes))) for name, scopes in one.items()}
            for one in security
        ),
        parameters=_parameters(document, [*shared, *list_of(raw.get("parameters"))]),
        body=_contents(document, body),
        body_required=body.get("required") is True,
        has_example=any(
            _has_example(document, one) for one in mapping_of(body.get("content")).values()
        ),
        responses=tuple(
            _answer(document, str(status), one)
            for status, one in mapping_of(raw.get("responses")).items()
        ),
        callbacks=tuple(
            _callback(document, str(name), one)
            for name, one in mapping_of(raw.get("callbacks")).items()
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
        name, where = text_in(item.get("name")), text_in(item.get("in"))
        if name:
            found[name, where] = _parameter(document, item, name, where)
    order = {"path": 0, "query": 1, "querystring": 2, "header": 3, "cookie": 4}
    return tuple(sorted(found.values(), key=lambda one: order.get(one.where, 9)))


def _parameter(document: Json, item: Json, name: str, where: str) -> Parameter:
    """Read one Parameter Object, with the style it has by default (3.1.0, section 4.8.12)."""
    media, schema = _written(document, item)
    style = "" if media else text_in(item.get("style")) or _STYLES.get(where, "")
    return Parameter(
        **told_value(name, schema, item),
        where=where,
        required=item.get("required") is True,
        style=style,
        explode=bool(item.get("explode", style in _EXPLODED)),
        media_type=media,
        allows=tuple(word for key, word in _ALLOWS.items() if item.get(key) is True),
        shape=_without_deprecated(normal_shape(schema)),
    )


def _written(document: Json, item: Json) -> tuple[str, Any]:
    """Return the media type and schema of a parameter or header; mostly there is no media type."""
    media, content = next(iter(mapping_of(item.get("content")).items()), ("", {}))
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
        for media, one in mapping_of(raw.get("content")).items()
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
            for field, one in mapping_of(raw.get("encoding")).items()
            if isinstance(one, dict)
        },
    )


def _has_example(document: Json, raw: Any) -> bool:
    """Whether a media type, its schema, or one of the schema's fields has an example."""
    media = _at(document, raw)
    schema = _at(document, media.get("schema"))
    fields = map(mapping_of, mapping_of(schema.get("properties")).values())
    return any(one.get("example") or one.get("examples") for one in (media, schema, *fields))


def _answer(document: Json, status: str, raw: Any) -> ResponseFacts:
    item = _at(document, raw)
    return ResponseFacts(
        status=status,
        description=text_in(item.get("description")),
        contents=_contents(document, item),
        headers=tuple(
            _header(document, str(name), one)
            for name, one in mapping_of(item.get("headers")).items()
        ),
    )


def _header(document: Json, name: str, raw: Any) -> Header:
    """Read one Header Object."""
    item = _at(document, raw)
    media, schema = _written(document, item)
    told = told_value(name, schema, item) | ({} if schema else {"type": ""})
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
    schemes = mapping_of(mapping_of(document.get("components")).get("securitySchemes"))
    for name, raw in schemes.items():
        item = _at(document, raw)
        kind = text_in(item.get("type"))
        extra = {
            "http": text_in(item.get("scheme")),
            "apiKey": f"in {text_in(item.get('in'))} {text_in(item.get('name'))}",
            "oauth2": "(" + ", ".join(map(str, mapping_of(item.get("flows")))) + ")",
        }.get(kind, "")
        yield SecurityScheme(
            name=str(name),
            type=f"{kind} {extra}".strip(),
            description=text_in(item.get("description")),
            deprecated=item.get("deprecated") is True,
            details=tuple(_scheme_details(item)),
        )


def _scheme_details(item: Json) -> Iterator[tuple[str, str]]:
    """Yield addresses, scopes and form of a scheme, by name (3.1.0, sections 4.8.27 to 4.8.29)."""
    for name in ("bearerFormat", "openIdConnectUrl", "oauth2MetadataUrl"):
        if item.get(name):
            yield name, _address(text_in(item[name]))
    for flow, raw in mapping_of(item.get("flows")).items():
        for name, value in mapping_of(raw).items():
            if str(name).endswith("Url"):
                yield f"{flow}.{name}", _address(text_in(value))
        yield (
            f"{flow}.scopes",
            ", ".join(sorted(map(str, mapping_of(mapping_of(raw).get("scopes"))))),
        )


def _servers(raw: Any) -> tuple[Server, ...]:
    """Read Server Objects; credentials in their addresses are left out."""
    return tuple(
        Server(
            url=_address(text_in(one.get("url"))),
            name=text_in(one.get("name")),
            description=text_in(one.get("description")),
            variables=tuple(_variable(*each) for each in mapping_of(one.get("variables")).items()),
        )
        for one in map(mapping_of, list_of(raw))
    )


def _variable(name: Any, raw: Any) -> ServerVariable:
    one = mapping_of(raw)
    return ServerVariable(
        name=str(name),
        default=text_in(one.get("default")),
        values=tuple(map(text_in, list_of(one.get("enum")))),
        description=text_in(one.get("description")),
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
