"""The sample request of an operation: what the API would take, before it is written for a tool."""

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
from footnotary.documents.api.serializing import (
    BINARY,
    MULTIPART,
    URLENCODED,
    FormPart,
    cookie_texts,
    form_parts,
    header_texts,
    path_text,
    query_text,
    wire_text,
)
from footnotary.facts.api import ApiFacts, Operation, Parameter, Server

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
