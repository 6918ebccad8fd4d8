"""Swagger 2.0 to OpenAPI 3.0: the same operations and models in the newer notation.

Section names are those of the OpenAPI Specification 2.0; what moved where is told in 3.0.0's
"Components Object", "Request Body Object" and "Server Object".
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from footnotary.errors import ProjectError

Json = Mapping[str, Any]
_METHODS = ("get", "put", "post", "delete", "options", "head", "patch")
_KEPT = ("info", "tags", "externalDocs", "security")
_JSON = "application/json"
_FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")
# Words of a parameter, header or items object that are words of a schema.
_SCHEMA_WORDS = frozenset({
    "type", "format", "items", "default", "maximum", "exclusiveMaximum", "minimum",
    "exclusiveMinimum", "maxLength", "minLength", "pattern", "maxItems", "minItems",
    "uniqueItems", "enum", "multipleOf",
})  # fmt: skip
_STYLES: dict[str, dict[str, Any]] = {
    "csv": {"style": "form", "explode": False},
    "ssv": {"style": "spaceDelimited", "explode": False},
    "pipes": {"style": "pipeDelimited", "explode": False},
    "multi": {"style": "form", "explode": True},
}
_MOVED = {
    "#/definitions/": "#/components/schemas/",
    "#/responses/": "#/components/responses/",
}
_FLOWS = {"application": "clientCredentials", "accessCode": "authorizationCode"}


@dataclass(frozen=True)
class Converted:
    """A converted document."""

    document: dict[str, Any]
    left_out: tuple[str, ...]


def openapi_of(old: Json) -> Converted:
    """Convert a document.

    Raises:
        ProjectError: It is of another version, or nested too deeply.
    """
    version = str(old.get("swagger"))
    if version not in ("2.0", "2"):  # YAML reads an unquoted 2.0 as a number
        raise ProjectError(
            f"Swagger {version} is not read.", hint="Versions 2.0 to 3.2 of OpenAPI are."
        )
    try:
        converter = _Converter(old)
        return Converted(converter.document(), tuple(dict.fromkeys(converter.left_out)))
    except RecursionError:
        raise ProjectError(
            "The document is nested too deeply.", hint="Name its inner schemas, and refer to them."
        ) from None


class _Converter:
    """One conversion; global lists of media types apply where an operation has none."""

    def __init__(self, old: Json) -> None:
        self._old = old
        self.left_out: list[str] = []

    def document(self) -> dict[str, Any]:
        """Return the whole document."""
        old = self._old
        kept = {key: old[key] for key in old if key in _KEPT or str(key).startswith("x-")}
        schemes = {
            name: _security_scheme(_mapping(one))
            for name, one in _mapping(old.get("securityDefinitions")).items()
        }
        return {
            "openapi": "3.0.3",
            **kept,
            "servers": [{"url": url} for url in _servers(old)],
            "paths": {
                path: self._item(_mapping(item))
                for path, item in _mapping(old.get("paths")).items()
            },
            "components": {
                "schemas": _schema(old.get("definitions"), names=True),
                "responses": {
                    name: self._response(_mapping(one), self._produces({}))
                    for name, one in _mapping(old.get("responses")).items()
                },
                "securitySchemes": schemes,
            },
        }

    def _item(self, item: Json) -> dict[str, Any]:
        """Convert a Path Item Object; body parameters of the path go to each operation."""
        if isinstance(item.get("$ref"), str):
            return {"$ref": item["$ref"]}
        shared = self._parameters(item)
        bodies = [one for one in shared if one.get("in") in ("body", "formData")]
        found: dict[str, Any] = {
            "parameters": [_parameter(one, self.left_out) for one in shared if one not in bodies]
        }
        for key, value in item.items():
            if key in _METHODS and isinstance(value, Mapping):
                found[key] = self._operation(value, bodies)
            elif str(key).startswith("x-"):
                found[key] = value
        return found

    def _operation(self, raw: Json, shared: list[Json]) -> dict[str, Any]:
        """Convert an Operation Object."""
        moved = ("parameters", "responses", "consumes", "produces", "schemes")
        found = {key: value for key, value in raw.items() if key not in moved}
        own = self._parameters(raw)
        plain = [one for one in own if one.get("in") not in ("body", "formData")]
        bodies = [one for one in own if one not in plain] or shared
        found["parameters"] = [_parameter(one, self.left_out) for one in plain]
        consumes = _texts(raw.get("consumes", self._old.get("consumes")))
        if bodies:
            found["requestBody"] = _body(bodies, consumes)
        produces = self._produces(raw)
        found["responses"] = {
            str(status): self._response(_mapping(one), produces)
            for status, one in _mapping(raw.get("responses")).items()
        }
        return found

    def _produces(self, raw: Json) -> list[str]:
        return _texts(raw.get("produces", self._old.get("produces"))) or [_JSON]

    def _parameters(self, holder: Json) -> list[Json]:
        """Return parameters, references to `#/parameters/…` followed."""
        known = _mapping(self._old.get("parameters"))
        found = []
        for one in holder.get("parameters") or ():
            reference = _mapping(one).get("$ref")
            name = str(reference).removeprefix("#/parameters/") if reference else ""
            found.append(_mapping(known.get(name) if name else one))
        return found

    def _response(self, raw: Json, produces: list[str]) -> dict[str, Any]:
        """Convert a Response Object."""
        if isinstance(raw.get("$ref"), str):
            return {"$ref": _moved(raw["$ref"])}
        moved = ("schema", "examples", "headers")
        found = {key: value for key, value in raw.items() if key not in moved}
        examples = _mapping(raw.get("examples"))
        if "schema" in raw:
            schema = _schema(raw["schema"])
            found["content"] = {
                media: {"schema": schema}
                | ({"example": examples[media]} if media in examples else {})
                for media in produces
            }
        if headers := _mapping(raw.get("headers")):
            found["headers"] = {
                name: _header(_mapping(one), self.left_out) for name, one in headers.items()
            }
        return found


def _servers(old: Json) -> Iterator[str]:
    """Yield the URLs of the servers: each scheme with the host and the base path."""
    host, base = str(old.get("host") or ""), str(old.get("basePath") or "")
    if not host:
        if base:
            yield base
        return
    for scheme in _texts(old.get("schemes")) or ["https"]:
        yield f"{scheme}://{host}{base}".rstrip("/")


def _parameter(raw: Json, left_out: list[str]) -> dict[str, Any]:
    """Convert a parameter in path, query or header: its schema's words move below `schema`."""
    found = {
        key: value
        for key, value in raw.items()
        if key not in _SCHEMA_WORDS and key not in ("collectionFormat", "allowEmptyValue")
    }
    if "type" in raw:
        found["schema"] = _schema({key: raw[key] for key in raw if key in _SCHEMA_WORDS})
    if raw.get("type") == "array":
        form = str(raw.get("collectionFormat") or "csv")
        if form not in _STYLES:
            left_out.append(f"{raw.get('name')} is separated by {form}, which OpenAPI 3 lacks.")
        elif raw.get("in") in ("query", "formData"):
            found |= _STYLES[form]
        elif form == "csv":
            found["style"] = "simple"
    return found


def _header(raw: Json, left_out: list[str]) -> dict[str, Any]:
    """Convert a Header Object, which has no name and no place."""
    found = _parameter({**raw, "in": "header"}, left_out)
    del found["in"]
    return found


def _body(found: list[Json], consumes: list[str]) -> dict[str, Any]:
    """Convert the body parameter, or the fields of a form, to a Request Body Object."""
    body = next((one for one in found if one.get("in") == "body"), None)
    if body is not None:
        schema = _schema(body.get("schema", {}))
        medias = consumes or [_JSON]
        result: dict[str, Any] = {"content": {media: {"schema": schema} for media in medias}}
        result |= {key: body[key] for key in ("description", "required") if key in body}
        return result
    has_file = any(one.get("type") == "file" for one in found)
    medias = [media for media in consumes if media in _FORMS]
    medias = medias or [_FORMS[0] if has_file else _FORMS[1]]
    fields = {str(one.get("name")): _form_field(one) for one in found}
    required = [str(one.get("name")) for one in found if one.get("required") is True]
    schema = {"type": "object", "properties": fields} | ({"required": required} if required else {})
    return {"content": {media: {"schema": schema} for media in medias}, "required": bool(required)}


def _form_field(raw: Json) -> dict[str, Any]:
    """Return the schema of one field of a form."""
    found: dict[str, Any] = _schema({key: raw[key] for key in raw if key in _SCHEMA_WORDS})
    return found | ({"description": raw["description"]} if "description" in raw else {})


def _schema(value: Any, *, names: bool = False) -> Any:
    """Convert a schema and all below it."""
    if isinstance(value, list):
        return [_schema(one) for one in value]
    if not isinstance(value, Mapping):
        return {} if names else value
    if names:
        return {str(name): _schema(one) for name, one in value.items()}
    found = dict(_word(str(key), one) for key, one in value.items())
    if found.get("type") == "file":
        found |= {"type": "string", "format": "binary"}
    return found


def _word(key: str, value: Any) -> tuple[str, Any]:
    """Convert one word of a schema."""
    if key == "$ref" and isinstance(value, str):
        return key, _moved(value)
    if key == "discriminator" and isinstance(value, str):
        return key, {"propertyName": value}
    if key == "x-nullable":
        return "nullable", value
    if key in ("default", "example", "enum"):
        return key, value
    if key == "items" and isinstance(value, list):  # no list is allowed, and many have one
        return key, _schema(value[0] if len(value) == 1 else {})
    return key, _schema(value, names=key == "properties")


def _security_scheme(raw: Json) -> dict[str, Any]:
    """Convert a Security Scheme Object."""
    kind = raw.get("type")
    found = {key: raw[key] for key in raw if key == "description" or str(key).startswith("x-")}
    if kind == "basic":
        return {"type": "http", "scheme": "basic", **found}
    if kind != "oauth2":
        return dict(raw)
    flow = str(raw.get("flow") or "")
    urls = {key: raw[key] for key in ("authorizationUrl", "tokenUrl") if key in raw}
    flows = {_FLOWS.get(flow, flow): {**urls, "scopes": raw.get("scopes") or {}}} if flow else {}
    return {"type": "oauth2", "flows": flows, **found}


def _moved(reference: str) -> str:
    """Return a reference to where its target is now."""
    for old, new in _MOVED.items():
        if reference.startswith(old):
            return new + reference.removeprefix(old)
    return reference


def _mapping(value: Any) -> Json:
    return value if isinstance(value, Mapping) else {}


def _texts(value: Any) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
