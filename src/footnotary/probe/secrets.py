"""Values that must not be written down, taken out of an OpenAPI document.

Patterns for secret values miss half and cry wolf; what is named like a secret loses its
literal values instead, and credentials in URLs are removed wherever they stand.
"""

import re
from typing import Any

SHOWN = "***"
_NAMES = re.compile(
    r"passw|secret|token|api[_-]?key|private[_-]?key|credential|authorization|cookie|\bdsn\b|salt",
    re.IGNORECASE,
)
_CREDENTIALS = re.compile(r"(\b[a-z][a-z0-9+.-]*://)[^\s/?#@:]*:[^\s/?#@]+@", re.IGNORECASE)
_VALUES = ("default", "example", "examples", "const")
SHORTEST = 6
Below = tuple[Any, bool]


def without_secrets(document: dict[str, Any], settings: dict[str, str]) -> dict[str, Any]:
    """Take secret values out of a document, in place: large documents are not copied.

    Args:
        document: A parsed OpenAPI document.
        settings: Values the user gave to the application (`--env-file`); those whose name
            is a secret's are removed wherever they stand.

    Returns:
        The same document; names, types and limits are untouched.
    """
    known = tuple(
        value for name, value in settings.items() if _NAMES.search(name) and len(value) >= SHORTEST
    )
    waiting: list[tuple[Any, bool]] = [(document, False)]
    while waiting:
        value, secret = waiting.pop()
        if isinstance(value, dict):
            waiting += _mapping(value, known, secret=secret)
        else:
            waiting += _sequence(value, known, secret=secret)
    return document


def _mapping(value: dict[str, Any], known: tuple[str, ...], *, secret: bool) -> list[Below]:
    """Clean an object's own texts; return what is below it, each with whether it is secret."""
    if isinstance(value.get("in"), str) and isinstance(value.get("name"), str):
        secret = bool(_NAMES.search(value["name"]))
    below: list[Below] = []
    for key, one in value.items():
        if key in _VALUES and (secret or isinstance(one, dict | list)):
            value[key] = _hidden(one) if secret else _literal(one, known)
        elif isinstance(one, str):
            if "://" in one or known:
                value[key] = _text(one, known)
        elif key == "properties" and isinstance(one, dict):
            below += [(schema, bool(_NAMES.search(name))) for name, schema in one.items()
                      if isinstance(schema, dict | list)]  # fmt: skip
        elif isinstance(one, dict | list):
            below.append((one, secret))
    return below


def _sequence(value: list[Any], known: tuple[str, ...], *, secret: bool) -> list[Below]:
    """Clean a list's own texts; return what is below it."""
    for at, one in enumerate(value):
        if isinstance(one, str) and ("://" in one or known):
            value[at] = _text(one, known)
    return [(one, secret) for one in value if isinstance(one, dict | list)]


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
