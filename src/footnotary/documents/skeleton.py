"""The questions with which a document begins: known until answered, in whatever wording."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence

from footnotary.documents.kinds import Part, Prose

MARK = "<!-- footnotary:"
"""How a mark of ours in a document begins."""
_HEADING = re.compile(r"(#{1,6}) ")


def questions(parts: Iterable[Part]) -> frozenset[str]:
    """Return what an author is to replace: its lines, and whole questions on one line.

    Args:
        parts: A document as its kind renders it, or began in an earlier version.
    """
    found: set[str] = set()
    for markdown in _wordings(parts):
        lines = [line for line in markdown.splitlines() if not line.lstrip().startswith("#")]
        found.update(line.strip() for line in lines if line.strip())
        found.update(" ".join(each.split()) for each in "\n".join(lines).split("\n\n"))
    return frozenset(found - {""})


def lines_asked(lines: Sequence[str], asked: Collection[str]) -> frozenset[int]:
    """Return which lines of a document are questions that nobody has answered, counted from 0.

    Args:
        lines: A document, line by line.
        asked: The questions of its kind, in lines or wrapped in another way by a formatter.
    """
    found = {at for at, line in enumerate(lines) if line.strip() in asked}
    for first, last in _paragraphs(lines):
        if " ".join(" ".join(lines[first:last]).split()) in asked:
            found.update(range(first, last))
    return frozenset(found)


def without_questions(markdown: str, parts: Iterable[Part]) -> str:
    """Return a document without the questions that nobody has answered, for readers.

    A paragraph goes that is nothing but a question, and the heading above it where nothing else
    is below that. Every other line stays.
    """
    lines = markdown.split("\n")
    asked = lines_asked(lines, questions(parts))
    gone: set[int] = set()
    for first, last in _paragraphs(lines) if asked else ():
        if asked.issuperset(range(first, last)):
            heading = _lone_heading(lines, first, last)
            behind = next((at for at in range(last, len(lines)) if lines[at].strip()), last)
            gone.update(range(first if heading is None else heading, behind))
    return "\n".join(line for at, line in enumerate(lines) if at not in gone)


def _paragraphs(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield where lines without a blank one or a region's mark between them begin and end."""
    first = None
    for at, line in enumerate([*lines, ""]):
        ends = not line.strip() or line.startswith(MARK)
        if not ends and first is None:
            first = at
        elif ends and first is not None:
            yield first, at
            first = None


def _lone_heading(lines: list[str], first: int, last: int) -> int | None:
    """Return the line of the heading that has nothing but a paragraph below it, or None."""
    above = next((at for at in range(first - 1, -1, -1) if lines[at].strip()), None)
    level = _HEADING.match(lines[above]) if above is not None else None
    if level is None:
        return None
    rest = (line for line in lines[last:] if line.strip() and not line.startswith("<!--"))
    following = next(rest, "---")
    heading = _HEADING.match(following)
    ends = following.startswith("---") or (heading and len(heading[1]) <= len(level[1]))
    return above if ends else None


def reworded(markdown: str, parts: Iterable[Part]) -> str:
    """Put questions of earlier versions that nobody has touched into today's words.

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
