"""The questions with which a document begins: known until answered, in whatever wording."""

from collections.abc import Iterable, Iterator

from footnotary.documents.kinds import Part, Prose


def questions(parts: Iterable[Part]) -> frozenset[str]:
    """Return the lines that an author is to replace, those of earlier versions too.

    Args:
        parts: A document as its kind renders it.
    """
    return frozenset(
        line.strip()
        for markdown in _wordings(parts)
        for line in markdown.splitlines()
        if line.strip() and not line.lstrip().startswith("#")
    )


def reworded(markdown: str, parts: Iterable[Part]) -> str:
    """Put questions of earlier versions that nobody has touched into today's words.

    Args:
        markdown: A document.
        parts: The document as its kind renders it today.

    Returns:
        The document; everything that is not word for word an earlier question stays.
    """
    for part in parts:
        for former in part.former if isinstance(part, Prose) else ():
            today = "\n".join(
                line for line in part.markdown.splitlines() if not line.startswith("#")
            )
            markdown = markdown.replace(former, today.strip("\n"))
    return markdown


def _wordings(parts: Iterable[Part]) -> Iterator[str]:
    """Yield the prose of a document as it begins, and began."""
    for part in parts:
        if isinstance(part, Prose):
            yield part.markdown
            yield from part.former
