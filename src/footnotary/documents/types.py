"""Types of the facts (`array of {Item} | null`) as Markdown with links to their models."""

import re
from collections.abc import Callable

from footnotary.documents import escape

_NAMES = re.compile(r"\{([^{}]+)\}")
_LITERAL = re.compile(r'("(?:[^"\\]|\\.)*")')


def render_type(text: str, target: Callable[[str], str]) -> str:
    """Return a type as Markdown.

    Args:
        text: The type, names of models in braces.
        target: Returns a model's link target, or "" where it has none.
    """
    parts = []
    end = 0
    for found in _NAMES.finditer(text):
        parts.append(_plain(text[end : found.start()]))
        name, address = found[1], target(found[1])
        parts.append(f"[{escape.code(name)}]({address})" if address else escape.code(name))
        end = found.end()
    parts.append(_plain(text[end:]))
    return "".join(parts)


def _plain(text: str) -> str:
    """Return words between two models: values as code, spaces at their ends kept."""
    if '"' not in text:
        return _words(text)
    parts = _LITERAL.split(text)
    return "".join(escape.code(one) if at % 2 else _words(one) for at, one in enumerate(parts))


def _words(text: str) -> str:
    """Return words; spaces at the ends are kept."""
    escaped = escape.escape_text(text)
    lead = " " if text[:1] == " " and escaped else ""
    trail = " " if text[-1:] == " " and text.strip() else ""
    return f"{lead}{escaped}{trail}"
