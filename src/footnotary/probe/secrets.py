"""Values that must not be written down, taken out of an OpenAPI document.

Patterns for secret values miss half and cry wolf; what is named like a secret loses its
literal values instead, and credentials in URLs are removed wherever they stand.
"""

import re
from typing import Any

SHOWN = "***"
_NAMES = re.compile(
    r"passw|secret|token|api_?key|private_?key|credential|authorization|cookie|\bdsn\b|salt",
    re.IGNORECASE,
)
_CREDENTIALS = re.compile(r"(\b[a-z][a-z0-9+.-]*://)[^\s/?#@:]*:[^\s/?#@]+@", re.IGNORECASE)
_VALUES = ("default", "example", "examples", "const")


def without_secrets(document: dict[str, Any], settings: dict[str, str]) -> dict[str, Any]:
    """Return a document in which no secret value is left.

    Args:
        document: A parsed OpenAPI document.
        settings: Values the user gave to the application (`--env-file`); those whose name
            is a secret's are removed wherever they stand.

    Returns:
        A copy; names, types and limits are untouched.
    """
    known = tuple(
        value
        for name, value in settings.items()
        if _NAMES.search(name) and len(value) > 5  # noqa: PLR2004
    )
    cleaned: dict[str, Any] = _cleaned(document, "", known)
    return cleaned


def _cleaned(value: Any, name: str, known: tuple[str, ...]) -> Any:
    """Return a part of the document; `name` is that of the property or parameter it is of."""
    if isinstance(value, dict):
        return _mapping(value, name, known)
    if isinstance(value, list):
        return [_cleaned(one, name, known) for one in value]
    if isinstance(value, str):
        return _text(value, known)
    return value


def _mapping(value: dict[str, Any], name: str, known: tuple[str, ...]) -> dict[str, Any]:
    """Return an object; literal values of what is named like a secret are replaced."""
    named = value.get("name")
    if isinstance(named, str) and "in" in value:
        name = named
    secret = bool(name) and bool(_NAMES.search(name))
    found: dict[str, Any] = {}
    for key, below in value.items():
        if secret and key in _VALUES:
            found[key] = _hidden(below)
        elif key == "properties" and isinstance(below, dict):
            found[key] = {one: _cleaned(schema, one, known) for one, schema in below.items()}
        elif key in _VALUES:
            found[key] = _literal(below, known)
        else:
            found[key] = _cleaned(below, name, known)
    return found


def _literal(value: Any, known: tuple[str, ...]) -> Any:
    """Return an example; in an object, what is named like a secret is hidden."""
    if isinstance(value, dict):
        return {
            key: _hidden(below)
            if _NAMES.search(str(key)) and not isinstance(below, dict | list)
            else _literal(below, known)
            for key, below in value.items()
        }
    if isinstance(value, list):
        return [_literal(one, known) for one in value]
    return _text(value, known) if isinstance(value, str) else value


def _hidden(value: Any) -> Any:
    """Return what stands for a hidden value; nothing is hidden by hiding a number or null."""
    if isinstance(value, str):
        return SHOWN if value else value
    if isinstance(value, list):
        return [_hidden(one) for one in value]
    if isinstance(value, dict):
        return {key: _hidden(below) for key, below in value.items()}
    return value


def _text(text: str, known: tuple[str, ...]) -> str:
    """Return text without credentials in URLs and without the user's own secrets."""
    if "://" in text and "@" in text:
        text = _CREDENTIALS.sub(rf"\1{SHOWN}@", text)
    for value in known:
        if value in text:
            text = text.replace(value, SHOWN)
    return text
