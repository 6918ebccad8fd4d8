"""The sections of Google-style docstrings as Markdown (Google Python Style Guide, 3.8.3)."""

import re
import textwrap

_SECTION = re.compile(
    r"(Args|Arguments|Keyword Args|Parameters|Attributes|Raises|Returns?|Yields?|Examples?"
    r"|Notes?|Warnings?|See Also|Todo):[ \t]*"
)
_OF_ENTRIES = frozenset(("Args", "Arguments", "Keyword Args", "Parameters", "Attributes", "Raises"))
_ENTRY = re.compile(r"(\*{0,2}[A-Za-z_][\w.]*)(?: *(\([^()\n]*\)))?: *(.*)")


def with_sections(words: str) -> str:
    """Return a text in which its sections are bold words with what belongs to them.

    Args:
        words: A docstring, or any other text.

    Returns:
        The text; as it is if it has no sections.
    """
    if not _SECTION.search(words):
        return words
    lines = words.split("\n")
    out: list[str] = []
    place = 0
    while place < len(lines):
        section = _SECTION.fullmatch(lines[place])
        end = _end_of(lines, place + 1) if section else place
        if section and end > place + 1:
            body = textwrap.dedent("\n".join(lines[place + 1 : end])).strip("\n")
            out += ["", *_rendered(section[1], body), ""]
            place = end
        else:
            out.append(lines[place])
            place += 1
    return "\n".join(out)


def _end_of(lines: list[str], place: int) -> int:
    """Return where the indented lines from a place on end."""
    end = place
    for at in range(place, len(lines)):
        if lines[at].strip() and not lines[at].startswith((" ", "\t")):
            break
        if lines[at].strip():
            end = at + 1
    return end


def _rendered(name: str, body: str) -> list[str]:
    """Return the lines of a section."""
    if name in _OF_ENTRIES and _ENTRY.match(body):
        return [f"**{name}:**", "", *_entries(body)]
    if name.rstrip("s") in ("Return", "Yield") and "\n\n" not in body:
        return [f"**{name}:** {' '.join(body.split())}"]
    return [f"**{name}:**", "", body]


def _entries(body: str) -> list[str]:
    """Return one item an entry; deeper lines belong to the entry above them."""
    items: list[str] = []
    for line in body.split("\n"):
        entry = _ENTRY.fullmatch(line)
        if entry:
            kind = f" {entry[2]}" if entry[2] else ""
            items.append(f"- `{entry[1]}`{kind}: {entry[3]}")
        elif line.strip() and items:
            items[-1] += f" {line.strip()}"
    return items
