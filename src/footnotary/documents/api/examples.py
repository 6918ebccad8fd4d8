"""Sample requests, written for curl and httpx."""

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from footnotary.documents import escape, prose
from footnotary.documents.api.links import Links
from footnotary.documents.api.requests import (
    BINARY,
    MULTIPART,
    SAMPLE_FILE,
    Body,
    FormPart,
    SampleRequest,
    raw_operation,
    sample_request,
)
from footnotary.documents.api.samples import follow_reference
from footnotary.documents.tables import render_type, write_table
from footnotary.facts.api import ApiFacts, Operation
from footnotary.facts.schema_words import limits_of, type_of, write_default

_MAX_NESTED = 3
MAX_FIELDS = 60
HEADERS = ("Field", "Type", "Required", "Default", "Limits", "Description")


def body_fields(one: Operation, facts: ApiFacts, links: Links) -> str:
    """Return the fields of bodies that are written in place, as tables."""
    raw = raw_operation(one, facts.document)
    body = follow_reference(raw.get("requestBody"), facts.document)
    return "\n\n".join(_tables("It takes", body, facts, links))


def answer_fields(one: Operation, facts: ApiFacts, links: Links) -> str:
    """Return the fields of answers that are written in place, as tables."""
    answers = raw_operation(one, facts.document).get("responses")
    parts = [
        part
        for status, raw in (answers.items() if isinstance(answers, dict) else ())
        for part in _tables(
            f"**{escape.escape_text(str(status))}** gives",
            follow_reference(raw, facts.document),
            facts,
            links,
        )
    ]
    return "\n\n".join(parts)


def _tables(words: str, holder: Mapping[str, Any], facts: ApiFacts, links: Links) -> Iterator[str]:
    """Yield a table for each media type whose schema has fields in place."""
    contents = holder.get("content")
    for media, raw in contents.items() if isinstance(contents, dict) else ():
        told = follow_reference(raw, facts.document)
        rows = list(field_rows(told.get("schema", told.get("itemSchema")), links))
        if rows:
            shown = write_table(HEADERS, rows, MAX_FIELDS)
            yield f"{words} as {escape.code(str(media))}:\n\n{shown}"


def field_rows(schema: Any, links: Links, path: str = "", depth: int = 0) -> Iterator[list[str]]:
    """Yield a row for each field of an object in place, and for those in it, three levels deep."""
    for inner, steps in _objects(schema, path):
        needed = inner.get("required")
        for name, one in inner["properties"].items() if depth < _MAX_NESTED else ():
            told = one if isinstance(one, dict) else {}
            where = f"{steps}.{name}" if steps else str(name)
            yield [
                escape.code(where) + (" (deprecated)" if told.get("deprecated") is True else ""),
                render_type(type_of(one), links.model),
                "yes" if isinstance(needed, list) and name in needed else "",
                escape.code(write_default(one)),
                escape.escape_text(limits_of(one)),
                prose.line(str(told.get("description") or "")),
            ]
            yield from field_rows(one, links, where, depth + 1)


def _objects(schema: Any, path: str) -> Iterator[tuple[Mapping[str, Any], str]]:
    """Yield the objects with fields in a schema: itself, its items, its alternatives and parts."""
    waiting = [(schema, path)]
    while waiting:
        one, steps = waiting.pop(0)
        if not isinstance(one, dict) or "$ref" in one:
            continue
        if isinstance(one.get("properties"), dict):
            yield one, steps
        for word in ("anyOf", "oneOf", "allOf"):
            parts = one.get(word)
            waiting += [(part, steps) for part in parts] if isinstance(parts, list) else []
        if isinstance(one.get("items"), dict):
            waiting.append((one["items"], f"{steps}[]"))
        if isinstance(one.get("additionalProperties"), dict):
            waiting.append((one["additionalProperties"], f"{steps}{{}}"))


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
