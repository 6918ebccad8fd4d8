"""Sample requests, written for curl and httpx."""

import json
import re
import shlex
from urllib.parse import quote

from footnotary.documents import escape
from footnotary.documents.api.requests import Body, SampleRequest, sample_request
from footnotary.documents.api.serializing import BINARY, MULTIPART, SAMPLE_FILE, FormPart
from footnotary.facts.api import ApiFacts, Operation

# What comes of schemas whose limits are no numbers, or that no document can hold.
_NO_SAMPLE = (TypeError, ValueError, AttributeError, ArithmeticError, RecursionError)
_SECRET = re.compile(r"(.*?)\$(TOKEN|CREDENTIALS|API_KEY)(.*)", re.DOTALL)


def examples(operation: Operation, facts: ApiFacts) -> str:
    """Return the same request for curl and for httpx, as two fenced blocks; empty for none."""
    try:
        request = sample_request(operation, facts)
        texts = curl_text(request), httpx_text(request)
    except _NO_SAMPLE:
        return ""
    return f"{escape.fenced(texts[0], 'bash')}\n\n{escape.fenced(texts[1], 'python')}"


def curl_text(request: SampleRequest) -> str:
    """Return a request as a command of curl."""
    url = request.url
    if request.keys:
        keys = "&".join(f"{quote(name, safe='')}=$API_KEY" for name in request.keys)
        url = f"{url.replace('$', '%24')}{'&' if '?' in url else '?'}{keys}"
        words = [f"curl -X {request.method} {_quoted(url)}"]
    else:
        words = [f"curl -X {request.method} {shlex.quote(url)}"]
    headers, body = list(request.headers), request.body
    if body is not None and not body.is_form:
        headers.append(("Content-Type", body.media_type))
    words += [f"-H {_quoted(escape.one_line(f'{name}: {value}'))}" for name, value in headers]
    return " \\\n  ".join([*words, *(_curl_body(body) if body is not None else ())])


def _curl_body(body: Body) -> list[str]:
    """Return the options that send a body."""
    if body.is_form:
        option = "-F" if body.media_type == MULTIPART else "--data-urlencode"
        return [f"{option} {shlex.quote(escape.one_line(_curl_part(one)))}" for one in body.parts]
    if body.is_file:
        return ["--data-binary @file.bin"]
    if body.is_json:
        return ["-d " + shlex.quote(json.dumps(body.value, ensure_ascii=False, default=str))]
    return ["--data-raw " + shlex.quote(body.value)]


def _curl_part(one: FormPart) -> str:
    """Return a part of a form; what begins with @ or < would be read as a file's name."""
    kind = f";type={one.media_type}" if one.media_type not in {"", "text/plain", BINARY} else ""
    if one.filename:
        return f"{one.name}=@{one.filename}{kind}"
    return f"{one.name}={one.value}{kind}"


def httpx_text(request: SampleRequest) -> str:
    """Return a request as a call of httpx."""
    headers = [(name, _python(value)) for name, value in request.headers]
    body = request.body
    if body is not None and not body.is_form and body.media_type != "application/json":
        headers.append(("Content-Type", repr(body.media_type)))
    secret = bool(request.keys) or any("os.environ[" in value for _, value in headers)
    lines = ["import os", ""] if secret else []
    lines += ["import httpx", "", "response = httpx.request(", f"    {request.method!r},"]
    lines.append(f"    {_python_url(request)},")
    if headers:
        lines.append(f"    headers={_python_headers(headers)},")
    if body is not None:
        lines += [f"    {line}," for line in _httpx_body(body)]
    return "\n".join([*lines, ")", "response.raise_for_status()"])


def _python_headers(headers: list[tuple[str, str]]) -> str:
    """Return headers as a mapping; as pairs where one comes twice."""
    names = {name.casefold() for name, _ in headers}
    if len(names) < len(headers):
        return f"[{', '.join(f'({name!r}, {value})' for name, value in headers)}]"
    return f"{{{', '.join(f'{name!r}: {value}' for name, value in headers)}}}"


def _httpx_body(body: Body) -> list[str]:
    """Return the arguments that send a body."""
    if body.is_file:
        return [f"content={SAMPLE_FILE!r}"]
    if not body.is_form:
        return [f"json={body.value!r}" if body.is_json else f"content={body.value!r}"]
    if body.media_type == MULTIPART:
        parts = ", ".join(f"({one.name!r}, {_httpx_part(one)!r})" for one in body.parts)
        return [f"files=[{parts}]"]
    fields: dict[str, list[str]] = {}
    for one in body.parts:
        fields.setdefault(one.name, []).append(one.value)
    shown = {name: found if len(found) > 1 else found[0] for name, found in fields.items()}
    return [f"data={shown!r}"]


def _httpx_part(one: FormPart) -> tuple[object, ...]:
    """Return a part of a form as httpx takes it: a text is a file without a name."""
    value = (one.filename, SAMPLE_FILE) if one.filename else (None, one.value)
    return (*value, one.media_type) if one.media_type else value


def _python_url(request: SampleRequest) -> str:
    """Return the URL for Python; API keys in it are read from the environment."""
    if not request.keys:
        return repr(request.url)
    url = request.url + ("&" if "?" in request.url else "?")
    url = url.replace("{", "{{").replace("}", "}}").replace("'", "%27")
    keys = "&".join(quote(name, safe="") + '={os.environ["API_KEY"]}' for name in request.keys)
    return f"f'{url}{keys}'"


def _python(value: str) -> str:
    """Write a header's value for Python; a secret is read from the environment, as in a shell."""
    found = _SECRET.fullmatch(value)
    if not found or set(value) & set("'{}\\"):
        return repr(value)
    read = f'os.environ["{found[2]}"]'
    return f"f'{found[1]}{{{read}}}{found[3]}'" if found[1] or found[3] else read


def _quoted(text: str) -> str:
    """Quote for a shell; a `$NAME` that stands for a secret is left to be expanded."""
    return f'"{text}"' if "$" in text and not set(text) & set('"`\\') else shlex.quote(text)
