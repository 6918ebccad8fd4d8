"""Markdown of every kind: headings, tables (GFM spec, section 4.10), types with links."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from footnotary.documents import escape

T = TypeVar("T")

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


def write_heading(level: int, markdown: str, anchor: str) -> str:
    """Return a heading.

    Args:
        level: 1 to 6.
        markdown: Its words, escaped.
        anchor: Lower-case letters, digits and hyphens; unique on its page.
    """
    return f"{'#' * level} {with_anchor(markdown, anchor)}"


def with_anchor(markdown: str, anchor: str) -> str:
    """Return words that can be linked to.

    Args:
        markdown: The words, escaped; of a heading or of a table's cell.
        anchor: As for `heading`.
    """
    return f'<a id="{anchor}"></a>{markdown}'


def write_table(
    headers: Sequence[str], rows: Iterable[Sequence[str]], most: int | None = None
) -> str:
    """Return a table; columns that are empty in every row are left out.

    Args:
        headers: Markdown of the head.
        rows: Markdown of the cells, escaped by `documents.escape`; as many a row as headers.
        most: How many rows are shown; how many more there are is said below. All if None.

    Returns:
        The table without a final newline; an empty string without rows.
    """
    listed = list(rows)
    body = [[_write_cell(cell) for cell in row] for row in listed[:most]]
    if not body:
        return ""
    kept = [at for at in range(len(headers)) if at == 0 or any(row[at] for row in body)]
    lines = [[headers[at] for at in kept], ["---"] * len(kept)]
    lines += [[row[at] for at in kept] for row in body]
    rest = len(listed) - len(body)
    more = f"\n\n… and {rest} more." if rest else ""
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + more


def write_rows(things: Iterable[T], columns: Mapping[str, Callable[[T], str]]) -> str:
    """Return a table with a row for each thing, by what is written of it in each column."""
    return write_table([*columns], ([write(one) for write in columns.values()] for one in things))


def _write_cell(markdown: str) -> str:
    """Return a cell on one line; a pipe that was left becomes a reference."""
    return " ".join(markdown.split()).replace("|", "&#124;") if markdown else ""


def render_folded(summary: str, markdown: str) -> str:
    """Return a block that is folded until it is asked for; reads on GitHub and on the site."""
    return (
        f'<details markdown="1">\n<summary>{summary}</summary>\n\n{markdown.strip()}\n\n</details>'
    )


def name_span(first: str, last: str) -> str:
    """Return the first and the last name of those on a page."""
    return first if first == last else f"{first} to {last}"
