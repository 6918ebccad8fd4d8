"""Headings that can be linked to, on a site and on GitHub alike.

The anchor is an element of its own: `{#anchor}` after a heading is shown as text by GitHub, and
the id that GitHub makes of a heading's words changes with them.
"""


def heading(level: int, markdown: str, anchor: str) -> str:
    """Return a heading.

    Args:
        level: 1 to 6.
        markdown: Its words, escaped.
        anchor: Lower-case letters, digits and hyphens; unique on its page.
    """
    return f"{'#' * level} {anchored(markdown, anchor)}"


def anchored(markdown: str, anchor: str) -> str:
    """Return words that can be linked to.

    Args:
        markdown: The words, escaped; of a heading or of a table's cell.
        anchor: As for `heading`.
    """
    return f'<a id="{anchor}"></a>{markdown}'
