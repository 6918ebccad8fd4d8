"""Tables of GitHub Flavored Markdown (GFM spec, section 4.10)."""

from collections.abc import Iterable, Sequence


def table(headers: Sequence[str], rows: Iterable[Sequence[str]], most: int | None = None) -> str:
    """Return a table; columns that are empty in every row are left out.

    Args:
        headers: Markdown of the head.
        rows: Markdown of the cells, escaped by `documents.escape`; as many a row as headers.
        most: How many rows are shown; how many more there are is said below. All if None.

    Returns:
        The table without a final newline; an empty string without rows.
    """
    listed = list(rows)
    body = [[_cell(cell) for cell in row] for row in listed[:most]]
    if not body:
        return ""
    kept = [at for at in range(len(headers)) if at == 0 or any(row[at] for row in body)]
    lines = [[headers[at] for at in kept], ["---"] * len(kept)]
    lines += [[row[at] for at in kept] for row in body]
    rest = len(listed) - len(body)
    more = f"\n\n… and {rest} more." if rest else ""
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + more


def _cell(markdown: str) -> str:
    """Return a cell on one line; a pipe that was left becomes a reference."""
    return " ".join(markdown.split()).replace("|", "&#124;") if markdown else ""


def render_folded(summary: str, markdown: str) -> str:
    """Return a block that is folded until it is asked for; reads on GitHub and on the site."""
    return (
        f'<details markdown="1">\n<summary>{summary}</summary>\n\n{markdown.strip()}\n\n</details>'
    )
