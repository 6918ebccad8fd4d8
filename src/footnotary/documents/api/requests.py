"""The sample request of an operation: what the API would take, before it is written for a tool."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from footnotary.documents.api.samples import (
    first_type_of,
    fits,
    follow_reference,
    make_value,
    merged_schema,
)
from footnotary.facts.api import ApiFacts, Operation, Parameter, Server

URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
BINARY = "application/octet-stream"
SAMPLE_FILE = b"content"
_DELIMITERS = {"form": ",", "spaceDelimited": "%20", "pipeDelimited": "%7C"}
_IN_COOKIE = "!#$&'()*+-./:<=>?@[]^_`{|}~"


@dataclass(frozen=True)
class FormPart:
    """One part of a form.

    Attributes:
        name: Name of its field.
        value: Its text; empty for a file.
        filename: Name of the file that is sent; empty for a text.
        media_type: Its media type, where that is said.
    """

    name: str
    value: str = ""
    filename: str = ""
    media_type: str = ""


def wire_text(value: Any) -> str:
    """Return a value as text outside of JSON: `true`, `1`, words without quotes."""
    if isinstance(value, str):
        return value
    return str(value).lower() if isinstance(value, bool) else json.dumps(value, default=str)


def path_text(one: Parameter, value: Any) -> str:
    """Return what takes the place of a parameter in a path."""
    if one.media_type:
        return _quoted(_json(value))
    style = one.style or "simple"
    if isinstance(value, dict):
        pairs = [(_quoted(str(key)), _quoted(wire_text(each))) for key, each in value.items()]
        named = [f"{key}={each}" for key, each in pairs]
        atoms = named if one.explode else [atom for pair in pairs for atom in pair]
    else:
        atoms = [
            _quoted(wire_text(each)) for each in (value if isinstance(value, list) else [value])
        ]
    if style == "label":
        return "." + ("." if one.explode else ",").join(atoms)
    if style == "matrix":
        if isinstance(value, dict) and one.explode:
            return "".join(f";{atom}" for atom in atoms)
        name = _quoted(one.name)
        if one.explode:
            return "".join(f";{name}={atom}" for atom in atoms)
        return f";{name}={','.join(atoms)}"
    return ",".join(atoms)


def query_text(one: Parameter, value: Any) -> str:
    """Return a parameter as a part of a query, `name=value` joined by `&`; percent-encoded."""
    name = _quoted(one.name)
    if one.where == "querystring":
        is_form = one.media_type == URLENCODED and isinstance(value, dict)
        return _fields(value) if is_form else _quoted(_json(value))
    if one.media_type:
        return f"{name}={_quoted(_json(value))}"
    if one.style == "deepObject" and isinstance(value, dict):
        return "&".join(_deep(one.name, value))
    if one.explode and isinstance(value, dict):
        return _fields(value)
    atoms = [_quoted(wire_text(each)) for each in _atoms(value)]
    if one.explode:
        return "&".join(f"{name}={atom}" for atom in atoms)
    return f"{name}={_DELIMITERS.get(one.style, ',').join(atoms)}"


def _fields(value: dict[str, Any]) -> str:
    """Return the fields of an object as a query of its own."""
    return "&".join(f"{_quoted(name)}={_quoted(wire_text(one))}" for name, one in value.items())


def _atoms(value: Any) -> list[Any]:
    """Return what is written one by one: items, or names and values in turn."""
    if isinstance(value, dict):
        return [atom for pair in value.items() for atom in pair]
    return value if isinstance(value, list) else [value]


def header_texts(one: Parameter, value: Any) -> list[str]:
    """Return the values of a header: a list is sent line by line (RFC 9110, section 5.3)."""
    if one.media_type:
        return [_json(value)]
    if isinstance(value, dict):
        pairs = [(str(key), wire_text(each)) for key, each in value.items()]
        joined = ["=".join(pair) if one.explode else ",".join(pair) for pair in pairs]
        return [",".join(joined)]
    return [wire_text(each) for each in value] if isinstance(value, list) else [wire_text(value)]


def cookie_texts(one: Parameter, value: Any) -> list[str]:
    """Return a cookie as `name=value`; a list that is exploded comes several times."""
    if one.explode and isinstance(value, dict):
        return [f"{name}={_in_cookie(wire_text(each))}" for name, each in value.items()]
    values = [_json(value)] if one.media_type else [wire_text(each) for each in _atoms(value)]
    values = values if one.explode else [",".join(values)]
    return [f"{one.name}={_in_cookie(each)}" for each in values]


def form_parts(
    fields: Mapping[str, Any], files: frozenset[str], encoding: Mapping[str, Any], media: str
) -> Iterator[FormPart]:
    """Yield the parts of a form."""
    for name, value in fields.items():
        told = encoding.get(name, {})
        kind = str(told.get("contentType") or "").split(",")[0].strip()
        values = value if isinstance(value, list) else [value]
        if name in files:
            for each in values or [""]:
                yield FormPart(name, wire_text(each), "file.bin", kind or BINARY)
        elif kind == "application/json" or isinstance(value, dict):
            yield FormPart(name, _json(value), "", "application/json" if media == MULTIPART else "")
        elif told.get("explode") is False:
            yield FormPart(name, ",".join(map(wire_text, values)), "", kind)
        else:
            yield from (FormPart(name, wire_text(each), "", kind) for each in values)


def _deep(name: str, value: Any) -> Iterator[str]:
    """Yield an object as `name[key]=value`, whatever is in it."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _deep(f"{name}[{key}]", each)
    else:
        for each in value if isinstance(value, list) else [value]:
            yield f"{quote(name, safe='[]')}={_quoted(wire_text(each))}"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _quoted(text: str) -> str:
    return quote(text, safe="")


def _in_cookie(text: str) -> str:
    return quote(text, safe=_IN_COOKIE)


LOCAL = "http://localhost:8000"
_URL = ":/?#[]@!$&'()*+,;=%-._~{}"
_FORMS = (URLENCODED, MULTIPART)
_JSON = re.compile(r"application/(?:[\w.+-]+\+)?json|\*/\*")


@dataclass(frozen=True)
class Body:
    """What a request carries.

    Attributes:
        media_type: Its media type.
        value: As JSON has it; the text of what is neither JSON nor a form.
        parts: The parts of a form.
        is_file: Whether it is a file as a whole.
    """

    media_type: str
    value: Any
    parts: tuple[FormPart, ...] = ()
    is_file: bool = False

    @property
    def is_form(self) -> bool:
        """Whether it is sent as a form."""
        return self.media_type in _FORMS and isinstance(self.value, dict)

    @property
    def is_json(self) -> bool:
        """Whether it is sent as JSON."""
        return _JSON.fullmatch(self.media_type) is not None


@dataclass(frozen=True)
class SampleRequest:
    """A sample request; secrets are `$TOKEN`, `$CREDENTIALS` and `$API_KEY`.

    Attributes:
        method: In upper case.
        url: Percent-encoded; the value of an API key in the query is left out.
        keys: Names of API keys in the query.
        headers: In their order; one may come twice.
        body: What it carries; None for nothing.
    """

    method: str
    url: str
    keys: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    body: Body | None = None


@dataclass
class _Asked:
    """What authentication adds to a request."""

    headers: list[tuple[str, str]] = field(default_factory=list)
    cookies: list[str] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)


def sample_request(operation: Operation, facts: ApiFacts) -> SampleRequest:
    """Return a request that has what an operation asks for, and no more.

    Args:
        operation: The operation.
        facts: The whole API, for its servers, security schemes and schemas.
    """
    raw = raw_operation(operation, facts.document)
    values = {
        (one.where, one.name): _parameter(one, raw, facts.document) for one in operation.parameters
    }
    path = operation.path
    for one in operation.parameters:
        if one.where == "path":
            text = path_text(one, values[one.where, one.name]) or "text"
            path = path.replace("{" + one.name + "}", text)
    needed = [(one, values[one.where, one.name]) for one in operation.parameters if one.required]
    asked = _authorisation(operation, facts)
    query = [query_text(one, value) for one, value in needed if one.where.startswith("query")]
    cookies = [text for one, value in needed if one.where == "cookie"
               for text in cookie_texts(one, value)] + asked.cookies  # fmt: skip
    headers = [
        (one.name, text)
        for one, value in needed
        if one.where == "header"
        for text in header_texts(one, value)
    ]
    headers += asked.headers + ([("Cookie", "; ".join(cookies))] if cookies else [])
    base = base_address(operation.servers or facts.servers)
    joined = "&".join(filter(None, query))
    url = quote(base.rstrip("/") + path, safe=_URL) + (f"?{joined}" if joined else "")
    body = body_of(raw, facts.document)
    return SampleRequest(operation.method, url, tuple(asked.keys), tuple(headers), body)


def base_address(servers: tuple[Server, ...]) -> str:
    """Return where requests are sent: the first server, its variables at their defaults."""
    base = servers[0].filled if servers else ""
    return base if base.startswith("http") else LOCAL + "/" * (base[:1] not in {"", "/"}) + base


def raw_operation(one: Operation, document: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return an Operation Object with the parameters of its path behind its own."""
    item = follow_reference(document.get("paths", {}).get(one.path, {}), document)
    more = item.get("additionalOperations")
    raw = item.get(one.method.lower()) or (more or {}).get(one.method) or {}
    shared = item.get("parameters")
    if not isinstance(raw, Mapping) or not isinstance(shared, list):
        return raw if isinstance(raw, Mapping) else {}
    return {**raw, "parameters": [*raw.get("parameters", ()), *shared]}


def body_of(raw: Mapping[str, Any], document: Mapping[str, Any]) -> Body | None:
    """Return the body: JSON where it is taken, else a form, a file or a text; None for no other.

    A form with a file is sent as `multipart/form-data`, whatever the document says: no other form
    can carry one (HTML, section 4.10.21).
    """
    contents = follow_reference(raw.get("requestBody", {}), document).get("content", {})
    named = {str(name).split(";")[0].strip(): follow_reference(media, document)
             for name, media in contents.items()}  # fmt: skip
    chosen = [name for name in named if _JSON.fullmatch(name)]
    chosen += [name for name in _FORMS if name in named]
    chosen += [name for name in named if _is_text(named[name], document)]
    if not chosen:
        return None
    media_type, media = chosen[0], named[chosen[0]]
    value = given_value(media, document)
    if media_type in _FORMS and isinstance(value, dict):
        files = frozenset(_files_of(media.get("schema", {}), document))
        media_type = MULTIPART if files & value.keys() else media_type
        encoding = media.get("encoding")
        told = encoding if isinstance(encoding, dict) else {}
        return Body(media_type, value, tuple(form_parts(value, files, told, media_type)))
    if media_type in _FORMS or _JSON.fullmatch(media_type):
        return Body("application/json" if media_type == "*/*" else media_type, value)
    is_file = media_type == BINARY or _is_file(media.get("schema", {}), document)
    return Body(media_type, wire_text(value), is_file=is_file)


def given_value(holder: Mapping[str, Any], document: Mapping[str, Any]) -> Any:
    """Return the example of a parameter or media type where it fits, or a value of its schema."""
    schema = holder.get("schema", {})
    named = holder.get("examples")
    wrapped = named.values() if isinstance(named, Mapping) else ()
    told = [follow_reference(one, document) for one in wrapped]
    given = [holder.get("example"), *(one.get("dataValue", one.get("value")) for one in told)]
    written = [one for one in given if one is not None]
    found = next((one for one in written if fits(one, schema, document)), None)
    return make_value(schema, document) if found is None else found


def _parameter(one: Parameter, raw: Mapping[str, Any], document: Mapping[str, Any]) -> Any:
    """Return a value for a parameter."""
    for given in (follow_reference(entry, document) for entry in raw.get("parameters", ())):
        if given.get("name") == one.name and given.get("in") == one.where:
            contents = given.get("content")
            if isinstance(contents, Mapping) and contents:
                given = follow_reference(next(iter(contents.values())), document)  # noqa: PLW2901
            return given_value(given, document)
    return "text"


def _is_text(media: Mapping[str, Any], document: Mapping[str, Any]) -> bool:
    """Whether a media type carries a text or a file as a whole."""
    merged = merged_schema(media.get("schema", {}), document)
    return first_type_of(merged) == "string" or not merged


def _files_of(schema: Any, document: Mapping[str, Any]) -> Iterator[str]:
    """Yield the fields of a form that are files, or lists of files."""
    fields = merged_schema(schema, document).get("properties")
    for name, one in fields.items() if isinstance(fields, dict) else ():
        merged = merged_schema(one, document)
        items = merged.get("items") if first_type_of(merged) == "array" else one
        if _is_file(items, document):
            yield name


def _is_file(schema: Any, document: Mapping[str, Any]) -> bool:
    """Whether a schema is that of a file (OpenAPI 3.0: `format: binary`; 3.1: media type)."""
    merged = merged_schema(schema, document)
    told = merged.get("contentMediaType")
    is_media = isinstance(told, str) and "contentEncoding" not in merged and "json" not in told
    return first_type_of(merged) in ("string", "") and (
        merged.get("format") == "binary" or is_media
    )


def _authorisation(one: Operation, facts: ApiFacts) -> _Asked:
    """Return what the first alternative that asks for something asks for: all of its schemes."""
    first = next((names for names in one.requirements if names), {})
    types = {found.name: found.type for found in facts.security}
    asked = _Asked()
    for name in first:
        kind = types.get(name, "")
        if kind.startswith(("http bearer", "oauth2", "openIdConnect")):
            asked.headers.append(("Authorization", "Bearer $TOKEN"))
        elif kind.startswith("http basic"):
            asked.headers.append(("Authorization", "Basic $CREDENTIALS"))
        elif kind.startswith("apiKey in header "):
            asked.headers.append((kind.removeprefix("apiKey in header "), "$API_KEY"))
        elif kind.startswith("apiKey in cookie "):
            asked.cookies.append(kind.removeprefix("apiKey in cookie ") + "=$API_KEY")
        elif kind.startswith("apiKey in query "):
            asked.keys.append(kind.removeprefix("apiKey in query "))
    return asked
