"""Example requests that are valid against the schema, for curl and httpx."""

import json
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from footnotary.documents import escape
from footnotary.documents.api.samples import fits, followed, merged_schema, value_of
from footnotary.facts.api import ApiFacts, Operation, Parameter

_URL = ":/?#[]@!$&'()*+,;=%-._~{}"
_FORM = ("application/x-www-form-urlencoded", "multipart/form-data")
_SECRET = re.compile(r"((?:Bearer |Basic )?)\$(TOKEN|CREDENTIALS|API_KEY)")
_JSON = re.compile(r"application/(?:[\w.+-]+\+)?json|\*/\*")


def examples(operation: Operation, facts: ApiFacts) -> str:
    """Return the same request for curl and for httpx, as two fenced blocks.

    Args:
        operation: The operation.
        facts: The whole API, for its servers and schemas.
    """
    raw = raw_operation(operation, facts.document)
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
    body = body_of(raw, facts.document)
    url = quote(base.rstrip("/") + path, safe=_URL) + (f"?{urlencode(query)}" if query else "")
    return (
        f"{escape.fenced(_curl(operation.method, url, headers, body), 'bash')}\n\n"
        f"{escape.fenced(_httpx(operation.method, url, headers, body), 'python')}"
    )


def raw_operation(one: Operation, document: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return an Operation Object with the parameters of its path in front of its own."""
    item = followed(document.get("paths", {}).get(one.path, {}), document)
    more = item.get("additionalOperations")
    raw = item.get(one.method.lower()) or (more or {}).get(one.method) or {}
    shared = item.get("parameters")
    if not isinstance(raw, Mapping) or not isinstance(shared, list):
        return raw if isinstance(raw, Mapping) else {}
    return {**raw, "parameters": [*raw.get("parameters", ()), *shared]}


def _parameter(one: Parameter, raw: Mapping[str, Any], document: Mapping[str, Any]) -> Any:
    """Return a value for a parameter: the author's example where it fits its schema."""
    for given in (followed(entry, document) for entry in raw.get("parameters", ())):
        if given.get("name") == one.name and given.get("in") == one.where:
            return _given(given, document)
    return "text"


def _given(holder: Mapping[str, Any], document: Mapping[str, Any]) -> Any:
    """Return the example of a parameter or media type, or a value of its schema."""
    named = holder.get("examples")
    wrapped = named.values() if isinstance(named, Mapping) else ()
    given = [holder.get("example"), *(followed(one, document).get("value") for one in wrapped)]
    written = [one for one in given if one is not None]
    schema = merged_schema(holder.get("schema", {}), document) if written else {}
    fitting = (one for one in written if fits(one, schema, document))
    found = next(fitting, None)
    return value_of(holder.get("schema", {}), document) if found is None else found


@dataclass(frozen=True)
class Body:
    """What a request carries.

    Attributes:
        media_type: Its media type.
        value: As JSON has it.
    """

    media_type: str
    value: Any

    @property
    def is_form(self) -> bool:
        """Whether it is sent as a form."""
        return self.media_type in _FORM and isinstance(self.value, dict)


def body_of(raw: Mapping[str, Any], document: Mapping[str, Any]) -> Body | None:
    """Return the body: JSON where it is taken, else a form; None for anything else."""
    contents = followed(raw.get("requestBody", {}), document).get("content", {})
    named = {str(name).split(";")[0].strip(): media for name, media in contents.items()}
    chosen = [name for name in named if _JSON.fullmatch(name)] + [n for n in _FORM if n in named]
    if not chosen or not isinstance(named[chosen[0]], Mapping):
        return None
    media_type = "application/json" if chosen[0] == "*/*" else chosen[0]
    return Body(media_type, _given(named[chosen[0]], document))


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


def _curl(method: str, url: str, headers: dict[str, str], body: Body | None) -> str:
    words = [f"curl -X {method} {shlex.quote(url)}"]
    if body is not None and not body.is_form:
        headers = headers | {"Content-Type": body.media_type}
    words += [
        f"-H {_quoted(escape.one_line(f'{name}: {value}'))}" for name, value in headers.items()
    ]
    if body is not None and body.is_form:
        option = "-F" if body.media_type == "multipart/form-data" else "--data-urlencode"
        fields = (f"{name}={_as_text(value)}" for name, value in body.value.items())
        words += [f"{option} {shlex.quote(escape.one_line(field))}" for field in fields]
    elif body is not None:
        words.append("-d " + shlex.quote(json.dumps(body.value, ensure_ascii=False, default=str)))
    return " \\\n  ".join(words)


def _httpx(method: str, url: str, headers: dict[str, str], body: Body | None) -> str:
    written = [f"{name!r}: {_python(value)}" for name, value in headers.items()]
    secret = any("os.environ[" in one for one in written)
    lines = ["import os", ""] if secret else []
    lines += ["import httpx", "", "response = httpx.request(", f"    {method!r},", f"    {url!r},"]
    if headers:
        lines.append(f"    headers={{{', '.join(written)}}},")
    if body is not None:
        lines.append(f"    {'data' if body.is_form else 'json'}={body.value!r},")
    return "\n".join([*lines, ")", "response.raise_for_status()"])


def _python(value: str) -> str:
    """Write a header's value for Python; a secret is read from the environment, as in a shell."""
    found = _SECRET.fullmatch(value)
    if not found:
        return repr(value)
    read = f'os.environ["{found[2]}"]'
    return f"f'{found[1]}{{{read}}}'" if found[1] else read


def _quoted(text: str) -> str:
    """Quote for a shell; a `$NAME` that stands for a secret is left to be expanded."""
    return f'"{text}"' if "$" in text and not set(text) & set('"`\\') else shlex.quote(text)


def _as_text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return str(value).lower() if isinstance(value, bool) else json.dumps(value, default=str)
