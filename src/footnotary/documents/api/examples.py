"""Example requests that are valid against the schema, for curl and httpx."""

import json
import shlex
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from footnotary.facts.api import ApiFacts, Operation, Parameter

MAX_DEPTH = 5
_FORMATS = {
    "date": "2026-01-31",
    "date-time": "2026-01-31T12:00:00Z",
    "time": "12:00:00Z",
    "duration": "PT1H",
    "email": "user@example.org",
    "uuid": "3fa85f64-5717-4562-b3fc-2c963f66afa6",
    "uri": "https://example.org/",
    "hostname": "example.org",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "binary": "",
}


def examples(operation: Operation, facts: ApiFacts) -> str:
    """Return the same request for curl and for httpx, as two fenced blocks.

    Args:
        operation: The operation.
        facts: The whole API, for its servers and schemas.
    """
    raw = _raw_operation(operation, facts.document)
    base = facts.servers[0] if facts.servers else ""
    base = base if base.startswith("http") else "http://localhost:8000" + base.rstrip("/")
    values = {one.name: _parameter(one, raw, facts.document) for one in operation.parameters}
    path = operation.path
    for one in operation.parameters:
        if one.where == "path":
            path = path.replace("{" + one.name + "}", quote(_as_text(values[one.name]), safe=""))
    needed = [one for one in operation.parameters if one.required]
    query = {one.name: _as_text(values[one.name]) for one in needed if one.where == "query"}
    headers = {one.name: _as_text(values[one.name]) for one in needed if one.where == "header"}
    headers |= _authorisation(operation, facts)
    body = _body(raw, facts.document)
    url = base.rstrip("/") + path + (f"?{urlencode(query)}" if query else "")
    return (
        f"```bash\n{_curl(operation.method, url, headers, body)}\n```\n\n"
        f"```python\n{_httpx(operation.method, url, headers, body)}\n```"
    )


def value_of(schema: Any, document: Mapping[str, Any], depth: int = 0) -> Any:
    """Return a small value that a schema accepts.

    Examples and defaults of the document come first; required fields only; recursion ends
    after five levels.

    Args:
        schema: A JSON Schema.
        document: The whole document, for references.
        depth: How deep it stands.
    """
    schema = _followed(schema, document)
    for given in (schema.get("examples"), [schema["example"]] if "example" in schema else None):
        if isinstance(given, list) and given:
            return given[0]
    if "const" in schema:
        return schema["const"]
    if schema.get("default") is not None:
        return schema["default"]
    if isinstance(schema.get("enum"), list) and schema["enum"]:
        return schema["enum"][0]
    for word in ("oneOf", "anyOf"):
        parts = [part for part in schema.get(word) or () if _type(part) != "null"]
        if parts:
            return value_of(parts[0], document, depth + 1)
    return _typed(schema, document, depth)


def _typed(schema: Mapping[str, Any], document: Mapping[str, Any], depth: int) -> Any:
    """Return a value by the schema's type."""
    kind = _type(schema)
    if kind == "object":
        return _object(schema, document, depth)
    if kind == "array":
        if depth > MAX_DEPTH and not schema.get("minItems"):
            return []
        count = max(int(schema.get("minItems") or 1), 1)
        return [value_of(schema.get("items", {}), document, depth + 1)] * min(count, 10)
    if kind in ("integer", "number"):
        return _number(schema, whole=kind == "integer")
    return {"boolean": True, "null": None}[kind] if kind in ("boolean", "null") else _string(schema)


def _string(schema: Mapping[str, Any]) -> str:
    """Return text of the schema's format and length."""
    text = _FORMATS.get(str(schema.get("format")), "string")
    least, most = int(schema.get("minLength") or 0), schema.get("maxLength")
    text = text.ljust(least, "x")
    return text[: int(most)] if isinstance(most, int) else text


def _object(schema: Mapping[str, Any], document: Mapping[str, Any], depth: int) -> Any:
    """Return an object with its required fields, those of `allOf` parts included."""
    found: dict[str, Any] = {}
    for part in schema.get("allOf") or ():
        inner = value_of(part, document, depth + 1)
        found |= inner if isinstance(inner, dict) else {}
    fields = schema.get("properties") or {}
    for name in schema.get("required") or ():
        if depth <= MAX_DEPTH:
            found[name] = value_of(fields.get(name, {}), document, depth + 1)
    return found


def _number(schema: Mapping[str, Any], *, whole: bool) -> Any:
    """Return a number within its bounds."""
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is None and isinstance(schema.get("exclusiveMinimum"), int | float):
        low = schema["exclusiveMinimum"] + 1
    value = 1 if low is None else low
    if isinstance(high, int | float) and value > high:
        value = high
    step = schema.get("multipleOf")
    if isinstance(step, int | float) and step > 0:
        value = -(-value // step) * step
    return int(value) if whole else value


def _type(schema: Any) -> str:
    """Return a schema's first type that is not null, guessed from its other words."""
    if not isinstance(schema, Mapping):
        return "string"
    kind = schema.get("type")
    if isinstance(kind, list):
        return next((str(one) for one in kind if one != "null"), "null")
    if isinstance(kind, str):
        return kind
    return "object" if "properties" in schema or "allOf" in schema else "string"


def _followed(schema: Any, document: Mapping[str, Any]) -> Mapping[str, Any]:
    """Follow local references, at most eight deep."""
    for _ in range(8):
        reference = schema.get("$ref") if isinstance(schema, Mapping) else None
        if not isinstance(reference, str) or not reference.startswith("#/"):
            break
        target: Any = document
        for part in reference[2:].split("/"):
            key = part.replace("~1", "/").replace("~0", "~")
            target = target.get(key, {}) if isinstance(target, Mapping) else {}
        schema = target
    return schema if isinstance(schema, Mapping) else {}


def _raw_operation(one: Operation, document: Mapping[str, Any]) -> Mapping[str, Any]:
    item = document.get("paths", {}).get(one.path, {})
    raw = _followed(item, document).get(one.method.lower(), {})
    return raw if isinstance(raw, Mapping) else {}


def _parameter(one: Parameter, raw: Mapping[str, Any], document: Mapping[str, Any]) -> Any:
    for item in (_followed(given, document) for given in raw.get("parameters", ())):
        if item.get("name") == one.name and item.get("in") == one.where:
            return item["example"] if "example" in item else value_of(item.get("schema"), document)
    return "string"


def _body(raw: Mapping[str, Any], document: Mapping[str, Any]) -> Any:
    """Return a JSON body, or None where the operation takes none in JSON."""
    contents = _followed(raw.get("requestBody", {}), document).get("content", {})
    media = contents.get("application/json") if isinstance(contents, Mapping) else None
    if not isinstance(media, Mapping):
        return None
    return media["example"] if "example" in media else value_of(media.get("schema"), document)


def _authorisation(one: Operation, facts: ApiFacts) -> dict[str, str]:
    """Return the header of the first alternative, its secret as a shell variable."""
    first = next((name for name in one.security if name), "").split(" ")[0]
    scheme = next((found.type for found in facts.security if found.name == first), "")
    if scheme.startswith(("http bearer", "oauth2", "openIdConnect")):
        return {"Authorization": "Bearer $TOKEN"}
    if scheme.startswith("http basic"):
        return {"Authorization": "Basic $CREDENTIALS"}
    if scheme.startswith("apiKey in header "):
        return {scheme.rsplit(" ", 1)[-1]: "$API_KEY"}
    return {}


def _curl(method: str, url: str, headers: dict[str, str], body: Any) -> str:
    words = [f"curl -X {method} {shlex.quote(url)}"]
    if body is not None:
        headers = headers | {"Content-Type": "application/json"}
    words += [f"-H {_quoted(f'{name}: {value}')}" for name, value in headers.items()]
    if body is not None:
        words.append("-d " + shlex.quote(json.dumps(body, ensure_ascii=False, default=str)))
    return " \\\n  ".join(words)


def _httpx(method: str, url: str, headers: dict[str, str], body: Any) -> str:
    lines = ["import httpx", "", "response = httpx.request(", f"    {method!r},", f"    {url!r},"]
    if headers:
        lines.append(f"    headers={headers!r},")
    if body is not None:
        lines.append(f"    json={body!r},")
    return "\n".join([*lines, ")", "response.raise_for_status()"])


def _quoted(text: str) -> str:
    """Quote for a shell; a `$NAME` that stands for a secret is left to be expanded."""
    return f'"{text}"' if "$" in text and not set(text) & set('"`\\') else shlex.quote(text)


def _as_text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return str(value).lower() if isinstance(value, bool) else json.dumps(value, default=str)
