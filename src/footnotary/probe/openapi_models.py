"""Schemas of an OpenAPI document: in normal form, and as models with who uses them."""

import functools
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from footnotary.documents.api.samples import pointed
from footnotary.facts.api import ApiModel, ModelField, Operation
from footnotary.facts.schema_words import limits_of, type_of, write_default
from footnotary.facts.shapes import Shape, normal_shape, references_in
from footnotary.secrecy.credentials import Secrecy, secrecy_of
from footnotary.secrecy.texts import without_credentials
from footnotary.secrecy.values import shown_value

_VALUES = ("default", "example", "const", "value")
# Keys whose members are what their keys say, such as fields.
_NAMED = frozenset({"properties", "patternProperties", "headers", "variables"})
# Keys whose members have any name: `default` is a response there, and no value.
_MAPS = frozenset(
    {
        "responses", "schemas", "$defs", "definitions", "dependentSchemas", "parameters", "paths",
        "webhooks", "callbacks", "pathItems", "requestBodies", "securitySchemes", "links",
        "encoding", "content", "examples", "scopes", "mapping",
        "additionalOperations",
    }
)  # fmt: skip
# What is named here, and what is known of it from elsewhere than its name.
_Named = tuple[str, Secrecy | None]
_ANONYMOUS: _Named = ("", None)
_Below = tuple[Any, _Named]


def without_secrets(document: dict[str, Any], known: Collection[str] = ()) -> dict[str, Any]:
    """Take secret values out of a document, in place: large documents are not copied.

    Args:
        document: A parsed OpenAPI document.
        known: Values that are secrets whatever their form, such as those of a `.env` file.

    Returns:
        The same document; names, types and limits are untouched.
    """
    waiting: list[_Below] = [(document, _ANONYMOUS)]
    while waiting:
        value, named = waiting.pop()
        if isinstance(value, dict):
            waiting += _mapping(value, known, named)
        else:
            waiting += _sequence(value, known, named)
    return document


def _mapping(value: dict[str, Any], known: Collection[str], named: _Named) -> list[_Below]:
    """Clean an object's own texts; return what is below it, each with its name."""
    named = _named(value, named)
    if _is_link(value):
        return _link(value, known)
    choices = value.get("enum") if isinstance(value.get("enum"), list) else ()
    below: list[_Below] = []
    for key, one in list(value.items()):
        if key in _VALUES:
            value[key] = _shown(one, named, choices or (), known)
        elif key in ("enum", "examples") and isinstance(one, list):
            value[key] = _shown(one, named, choices if key == "enum" else (), known)
        elif isinstance(one, dict) and (key in _NAMED or key in _MAPS):
            value[key] = members = _with_texts(one, known)
            below += _members(members, None if key in _NAMED else named)
        elif key.startswith("x-"):
            value[key] = shown_value(one, key, known=known)
        elif isinstance(one, str):
            value[key] = without_credentials(one, known)
        elif isinstance(one, dict | list):
            below.append((one, named))
    return below


def _is_link(value: dict[str, Any]) -> bool:
    """Return whether an object is a Link Object (OpenAPI 3.1, 4.8.20), not an operation."""
    names_operation = "operationRef" in value or isinstance(value.get("operationId"), str)
    is_operation = "responses" in value or isinstance(value.get("parameters"), list)
    return names_operation and not is_operation and not _has_content(value.get("requestBody"))


def _has_content(body: Any) -> bool:
    """Return whether a value is a Request Body Object or a reference to one."""
    return isinstance(body, dict) and ("content" in body or "$ref" in body)


def _link(link: dict[str, Any], known: Collection[str]) -> list[_Below]:
    """Clean a link: its parameters and its body are values, or expressions that give one."""
    for key, one in list(link.items()):
        if key == "parameters" and isinstance(one, dict):
            link[key] = {
                name: _given(value, str(name).rpartition(".")[2], known)
                for name, value in one.items()
            }
        elif key == "requestBody" or key.startswith("x-"):
            link[key] = _given(one, key, known)
        elif isinstance(one, str):
            link[key] = without_credentials(one, known)
    server = link.get("server")
    return [(server, _ANONYMOUS)] if isinstance(server, dict) else []


def _given(value: Any, name: str, known: Collection[str]) -> Any:
    """Return a value as it may be shown; a runtime expression holds none."""
    if isinstance(value, str) and value.startswith(("$", "{$")):
        return without_credentials(value, known)
    return shown_value(value, name, known=known)


def _members(members: dict[str, Any], named: _Named | None) -> list[_Below]:
    """Return the members of a map that are looked at, each with what it is called."""
    return [
        (one, named or (str(name), None))
        for name, one in members.items()
        if isinstance(one, dict | list)
    ]


def _with_texts(members: dict[str, Any], known: Collection[str]) -> dict[str, Any]:
    """Return the members of a map with their keys and texts cleaned."""
    return {
        without_credentials(name, known) if "://" in str(name) else name: (
            without_credentials(one, known) if isinstance(one, str) else one
        )
        for name, one in members.items()
    }


def _named(value: dict[str, Any], named: _Named) -> _Named:
    """Return what an object is called: a parameter by itself, a schema by what holds it."""
    if isinstance(value.get("in"), str) and isinstance(value.get("name"), str):
        named = (value["name"], Secrecy.GUARDED if value["in"] == "cookie" else None)
    if value.get("format") == "password" or value.get("writeOnly") is True:
        return (named[0], Secrecy.SECRET)
    return named


def _shown(value: Any, named: _Named, choices: Any, known: Collection[str]) -> Any:
    """Return a value as it may be shown."""
    name, secrecy = named
    if secrecy is Secrecy.GUARDED and secrecy_of(name) is Secrecy.SECRET:
        secrecy = None
    return shown_value(value, name, choices=choices, secrecy=secrecy, known=known)


def _sequence(value: list[Any], known: Collection[str], named: _Named) -> list[_Below]:
    """Clean a list's own texts; return what is below it."""
    for at, one in enumerate(value):
        if isinstance(one, str):
            value[at] = without_credentials(one, known)
    return [(one, named) for one in value if isinstance(one, dict | list)]


_field = functools.lru_cache(maxsize=8192)(ModelField)  # large documents repeat them
SCHEMAS = "#/components/schemas/"
Json = Mapping[str, Any]


def told_value(name: str, schema: Any, holder: Json = {}) -> dict[str, Any]:  # noqa: B006  only read
    """Return what is told of a value by its schema, or by the parameter or header that holds it."""
    told = mapping_of(schema)
    return {
        "name": name,
        "type": type_of(schema),
        "default": write_default(schema),
        "limits": limits_of(schema),
        "description": text_in(holder.get("description")) or text_in(told.get("description")),
        "deprecated": any(one.get("deprecated") is True for one in (holder, told)),
    }


def read_schemas(document: Json, operations: tuple[Operation, ...]) -> dict[str, Shape]:
    """Return every schema of the components, and whatever else is referred to, in normal form."""
    own = mapping_of(mapping_of(document.get("components")).get("schemas"))
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


def read_models(
    document: Json, operations: tuple[Operation, ...], shapes: Mapping[str, Shape]
) -> tuple[ApiModel, ...]:
    """Read the schemas of the components, with who uses them."""
    schemas = mapping_of(mapping_of(document.get("components")).get("schemas"))
    used: dict[str, dict[str, None]] = defaultdict(dict)
    for one in operations:
        for shape in _shapes_of((one,)):
            for reference in references_in(shape):
                used[reference][f"{one.method} {one.path}"] = None
    within: dict[str, dict[str, None]] = defaultdict(dict)
    own = {SCHEMAS + _escaped(str(name)): str(name) for name in schemas}
    for reference, name in own.items():
        for inner in references_in(shapes[reference]):
            if inner != reference:
                within[inner][name] = None
    return tuple(
        _model(name, mapping_of(raw), tuple(used[reference]), tuple(within[reference]))
        for (reference, name), raw in zip(own.items(), schemas.values(), strict=True)
    )


def _model(name: str, raw: Json, used: tuple[str, ...], within: tuple[str, ...]) -> ApiModel:
    """Read one schema; properties of inline `allOf` parts are its own."""
    parts = [
        raw,
        *(part for part in map(mapping_of, list_of(raw.get("allOf"))) if "$ref" not in part),
    ]
    fields: dict[str, ModelField] = {}
    for part in parts:
        required = {one for one in list_of(part.get("required")) if isinstance(one, str)}
        for field, schema in mapping_of(part.get("properties")).items():
            fields[str(field)] = _field(
                **told_value(str(field), schema), required=field in required
            )
    return ApiModel(
        name=name,
        type=type_of({key: value for key, value in raw.items() if key != "enum"}),
        limits=limits_of(raw),
        deprecated=raw.get("deprecated") is True,
        description=text_in(raw.get("description")),
        fields=tuple(fields.values()),
        values=tuple(str(one) for one in list_of(raw.get("enum"))),
        used_by=used,
        within=within,
    )


def mapping_of(value: Any) -> Json:
    """Return a value that is an object; an empty one for any other."""
    return value if isinstance(value, dict) else {}


def list_of(value: Any) -> list[Any]:
    """Return a value that is a list; an empty one for any other."""
    return value if isinstance(value, list) else []


def text_in(value: Any) -> str:
    """Return a value as text."""
    return value if isinstance(value, str) else "" if value is None else str(value)
