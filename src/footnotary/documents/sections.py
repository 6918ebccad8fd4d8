"""The sections of Google-style docstrings, as griffe parses them, and as Markdown."""

import re
import textwrap
from typing import Any

# Sections of Google's style guide (3.8.3) and those that mkdocstrings knows besides.
_NAMED = (
    "Args|Arguments|Params|Parameters|Keyword Args|Keyword Arguments|Other Parameters|Attributes"
    "|Raises|Exceptions|Returns?|Yields?|Receives|Warns|Examples?|Notes?|Warnings?|See Also|Todo"
    "|References"
)
_SECTION = re.compile(rf"^(?:{_NAMED}):[ \t]*$", re.MULTILINE)
# A section directly under a line of text, which griffe reads as more of that text.
_CROWDED = re.compile(rf"(?<=[^\n])\n(?=(?:{_NAMED}):[ \t]*\n[ \t]+\S)")
# A word with a colon that nothing indented follows, which griffe would drop.
_EMPTY = re.compile(rf"^({_NAMED}):(?=[ \t]*(?:\Z|\n(?![ \t]+\S)))", re.MULTILINE)
# A section whose content is behind an empty line, which griffe reads as text.
_LOOSE = re.compile(rf"^({_NAMED}):[ \t]*\n(?:[ \t]*\n){{1,9}}(?=[ \t]+\S)", re.MULTILINE)
_MARK = "\ufdd0"  # a noncharacter, which no text has
_TITLE = re.compile(_NAMED)
_WORDS = {"parameters": "Args", "other parameters": "Keyword Args"}


def parse_sections(docstring: str) -> list[Any]:
    """Return the sections of a docstring.

    Args:
        docstring: As `inspect.cleandoc` returns it.

    Returns:
        `griffe.DocstringSection` each, in order.
    """
    import griffe

    joined = _LOOSE.sub(r"\1:\n", docstring)
    apart = _CROWDED.sub("\n\n", _EMPTY.sub(rf"\1{_MARK}:", joined))
    starts = _SECTION.match(docstring) is not None  # what griffe reads as a summary
    text = griffe.Docstring(f"…\n\n{apart}" if starts else apart)
    try:
        found = griffe.parse_google(text, warnings=False)
    except Exception:  # noqa: BLE001  a section that it cannot read: then it is text
        return [griffe.DocstringSectionText(docstring)]
    if starts:
        found[0].value = found[0].value.removeprefix("…").lstrip("\n")
    for one in found:
        if isinstance(one.value, str):
            one.value = one.value.replace(_MARK, "")
    return [one for one in found if one.value]


def with_sections(words: str) -> str:
    """Return a text in which its sections are bold words with what belongs to them."""
    if not _SECTION.search(words):
        return words
    return "\n\n".join(filter(None, map(_rendered, parse_sections(words))))


def _rendered(section: Any) -> str:
    """Return a section as Markdown."""
    kind, value = section.kind.value, section.value
    if kind == "text":
        return str(value)
    if kind == "admonition":
        body = str(value.description)
        if _TITLE.fullmatch(section.title or ""):
            return f"**{section.title}:**\n\n{body}"
        return f"{section.title}:\n{textwrap.indent(body, '    ')}"
    name = _WORDS.get(kind, kind.capitalize())
    if kind == "examples":
        return f"**{name}:**\n\n" + "\n\n".join(str(text) for _, text in value)
    if kind in {"returns", "yields", "receives"}:
        return f"**{name}:** " + " ".join(filter(None, map(_given, value)))
    return f"**{name}:**\n\n" + "\n".join(map(_entry, value))


def _given(element: Any) -> str:
    """Return what is returned or yielded: its type, where it is named, and the words."""
    words = " ".join(str(element.description).split())
    named = [str(one) for one in (element.name, element.annotation) if one]
    return ": ".join([*named[-1:], words]) if words else "".join(named[-1:])


def _entry(element: Any) -> str:
    """Return an entry as an item of a list."""
    name = getattr(element, "name", "")
    kind = f" ({element.annotation})" if element.annotation and name else ""
    words = " ".join(str(element.description).split())
    return f"- `{name or element.annotation}`{kind}: {words}"
