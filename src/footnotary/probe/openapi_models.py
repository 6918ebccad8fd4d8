"""Schemas of an OpenAPI document: in normal form, and as models with who uses them."""

import functools
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from footnotary.documents.api.samples import pointed
from footnotary.facts.api import ApiModel, ModelField, Operation
from footnotary.facts.schema_words import limits_of, type_of, write_default
from footnotary.facts.shapes import Shape, normal_shape, references_in

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
