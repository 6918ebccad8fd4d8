"""From an OpenAPI document (3.0, 3.1, 3.2) to typed facts. References are never expanded.

Section names are those of the OpenAPI Specification 3.1.
"""

import functools
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from footnotary.errors import ProjectError
from footnotary.facts.api import (
    Answer,
    ApiFacts,
    ApiModel,
    Content,
    ModelField,
    Operation,
    Parameter,
    SecurityScheme,
)
from footnotary.probe.schema_types import default_of, limits_of, names_in, type_of
from footnotary.probe.secrets import without_secrets

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
        ProjectError: It is no OpenAPI 3 document.
    """
    version = str(document.get("openapi", ""))
    if not version.startswith("3."):
        raise ProjectError(
            "This is no OpenAPI document: it does not begin with its version.",
            hint="OpenAPI 3.0 to 3.2 and Swagger 2.0 are read.",
        )
    without_secrets(document, known)
    operations = (*_operations(document, "paths"), *_operations(document, "webhooks"))
    models = _models(document, operations)
    info = _mapping(document.get("info"))
    return ApiFacts(
        title=_text(info.get("title")),
        version=_text(info.get("version")),
        description=_text(info.get("description")),
        openapi=version,
        servers=tuple(_server(one) for one in _list(document.get("servers"))),
        security=tuple(_security_schemes(document)),
        tags={
            _text(tag.get("name")): _text(tag.get("description"))
            for tag in map(_mapping, _list(document.get("tags")))
        },
        operations=operations,
        models=models,
        summary={
            "paths": len(_mapping(document.get("paths"))),
            "operations": sum(not one.webhook for one in operations),
            "schemas": len(models),
            "webhooks": len(_mapping(document.get("webhooks"))),
            "deprecated": sum(one.deprecated for one in operations if not one.webhook),
        },
        document=document,
    )


def resolved(document: Json, value: Any) -> Json:
    """Follow a local reference (`#/components/…`), at most eight deep.

    Args:
        document: The whole document.
        value: An object that may be a Reference Object.

    Returns:
        What it points to; an empty mapping where it points nowhere.
    """
    found = _mapping(value)
    for _ in range(8):
        reference = found.get("$ref")
        if not isinstance(reference, str) or not reference.startswith("#/"):
            break
        target: Any = document
        for part in reference[2:].split("/"):
            target = _mapping(target).get(part.replace("~1", "/").replace("~0", "~"))
        found = _mapping(target)
    return found


def _operations(document: Json, section: str) -> Iterator[Operation]:
    """Read every operation of `paths` or `webhooks`."""
    for path, raw in _mapping(document.get(section)).items():
        item = resolved(document, raw)
        shared = _list(item.get("parameters"))
        others = _mapping(item.get("additionalOperations"))
        methods = [(name, item[name]) for name in METHODS if name in item] + list(others.items())
        for method, operation in methods:
            if isinstance(operation, dict):
                yield _operation(
                    document, method, str(path), operation, shared, section == "webhooks"
                )


def _operation(  # noqa: PLR0913, PLR0917  the parts of one operation
    document: Json,
    method: str,
    path: str,
    raw: Json,
    shared: list[Any],
    webhook: bool,  # noqa: FBT001
) -> Operation:
    body = resolved(document, raw.get("requestBody"))
    security = raw.get("security", document.get("security"))
    return Operation(
        method=method.upper(),
        path=path,
        id=_text(raw.get("operationId")),
        summary=_text(raw.get("summary")),
        description=_text(raw.get("description")),
        tags=tuple(map(_text, _list(raw.get("tags")))),
        deprecated=raw.get("deprecated") is True,
        security=tuple(_requirement(one) for one in _list(security)),
        parameters=_parameters(document, [*shared, *_list(raw.get("parameters"))]),
        body=_contents(body),
        body_required=body.get("required") is True,
        has_example=any(_has_example(document, one) for one in _contents_of(body)),
        responses=tuple(
            _answer(document, str(status), one)
            for status, one in _mapping(raw.get("responses")).items()
        ),
        callbacks=tuple(map(str, _mapping(raw.get("callbacks")))),
        webhook=webhook,
    )


def _parameters(document: Json, raw: list[Any]) -> tuple[Parameter, ...]:
    """Read parameters; an operation's own replaces the path's of the same name and place."""
    found: dict[tuple[str, str], Parameter] = {}
    for one in raw:
        item = resolved(document, one)
        name, where = _text(item.get("name")), _text(item.get("in"))
        contents = list(_mapping(item.get("content")).values())
        schema = item.get("schema", _mapping(contents[0]).get("schema") if contents else {})
        if name:
            found[name, where] = Parameter(
                name=name,
                where=where,
                type=type_of(schema),
                required=item.get("required") is True,
                default=default_of(schema),
                limits=limits_of(schema),
                description=_text(item.get("description"))
                or _text(_mapping(schema).get("description")),
                deprecated=item.get("deprecated") is True,
            )
    order = {"path": 0, "query": 1, "header": 2, "cookie": 3}
    return tuple(sorted(found.values(), key=lambda one: order.get(one.where, 9)))


def _contents(raw: Json) -> tuple[Content, ...]:
    """Read the media types of a body."""
    return tuple(
        Content(media_type=str(media), type=type_of(_mapping(one).get("schema", {})))
        for media, one in _mapping(raw.get("content")).items()
    )


def _contents_of(raw: Json) -> list[Json]:
    return [_mapping(one) for one in _mapping(raw.get("content")).values()]


def _has_example(document: Json, media: Json) -> bool:
    """Whether a media type, its schema, or one of the schema's fields has an example."""
    schema = resolved(document, media.get("schema"))
    fields = map(_mapping, _mapping(schema.get("properties")).values())
    return any(one.get("example") or one.get("examples") for one in (media, schema, *fields))


def _answer(document: Json, status: str, raw: Any) -> Answer:
    item = resolved(document, raw)
    return Answer(
        status=status,
        description=_text(item.get("description")),
        contents=_contents(item),
        headers=tuple(map(str, _mapping(item.get("headers")))),
    )


def _requirement(raw: Any) -> str:
    """Return one alternative of a Security Requirement: `a and b (scope)`."""
    parts = []
    for name, scopes in _mapping(raw).items():
        listed = ", ".join(map(str, _list(scopes)))
        parts.append(f"{name} ({listed})" if listed else str(name))
    return " and ".join(parts)


def _security_schemes(document: Json) -> Iterator[SecurityScheme]:
    schemes = _mapping(_mapping(document.get("components")).get("securitySchemes"))
    for name, raw in schemes.items():
        item = resolved(document, raw)
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
        )


def _models(document: Json, operations: tuple[Operation, ...]) -> tuple[ApiModel, ...]:
    """Read the schemas of the components, with who uses them."""
    schemas = _mapping(_mapping(document.get("components")).get("schemas"))
    used: dict[str, dict[str, None]] = defaultdict(dict)
    for one in operations:
        answered = [content for answer in one.responses for content in answer.contents]
        types = [*(part.type for part in (*one.body, *answered)), *(p.type for p in one.parameters)]
        for text in types:
            for name in names_in(text):
                used[name][f"{one.method} {one.path}"] = None
    models = [_model(str(name), _mapping(raw)) for name, raw in schemas.items()]
    within: dict[str, dict[str, None]] = defaultdict(dict)
    for model in models:
        for text in (model.type, *(field.type for field in model.fields)):
            for name in names_in(text):
                if name != model.name:
                    within[name][model.name] = None
    return tuple(
        model.model_copy(
            update={"used_by": tuple(used[model.name]), "within": tuple(within[model.name])}
        )
        for model in models
    )


def _model(name: str, raw: Json) -> ApiModel:
    """Read one schema; properties of inline `allOf` parts are its own."""
    parts = [raw, *(part for part in map(_mapping, _list(raw.get("allOf"))) if "$ref" not in part)]
    fields: dict[str, ModelField] = {}
    for part in parts:
        required = {one for one in _list(part.get("required")) if isinstance(one, str)}
        for field, schema in _mapping(part.get("properties")).items():
            fields[str(field)] = _field(
                str(field),
                type_of(schema),
                default_of(schema),
                limits_of(schema),
                _text(_mapping(schema).get("description")),
                required=field in required,
            )
    return ApiModel(
        name=name,
        type=type_of({key: value for key, value in raw.items() if key != "enum"}),
        description=_text(raw.get("description")),
        fields=tuple(fields.values()),
        values=tuple(str(one) for one in _list(raw.get("enum"))),
    )


@functools.lru_cache(maxsize=8192)
def _field(  # noqa: PLR0913  the parts of one field
    name: str, type_: str, default: str, limits: str, description: str, *, required: bool
) -> ModelField:
    """Return a field; those that say the same are one object: large documents repeat them."""
    return ModelField(
        name=name,
        type=type_,
        required=required,
        default=default,
        limits=limits,
        description=description,
    )


def _server(raw: Any) -> str:
    """Return a server's URL without credentials."""
    url = _text(_mapping(raw).get("url"))
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return urlunsplit(parts._replace(netloc=parts.netloc.rsplit("@", 1)[-1]))


def _mapping(value: Any) -> Json:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)
