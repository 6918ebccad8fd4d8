"""OpenAPI documents without what must not be written down.

What is a secret is decided by `secrecy`; here is only where in a document a name and its values
stand (OpenAPI Specification 3.1, JSON Schema 2020-12).
"""

from collections.abc import Collection
from typing import Any

from footnotary.secrecy.names import Secrecy, secrecy_of
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
