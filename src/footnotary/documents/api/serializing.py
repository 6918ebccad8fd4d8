"""Values as a request carries them: the one place where `style`, `explode` and content types count.

OpenAPI Specification 3.1.0, sections 4.8.12.6 (style examples) and 4.8.15 (encoding); RFC 6570.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from footnotary.facts.api import Parameter

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
