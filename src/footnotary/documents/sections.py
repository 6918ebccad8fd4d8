"""Parts of a developer's text: sections of docstrings, as griffe reads them, and HTML tags."""

import re
import textwrap
from dataclasses import dataclass, field
from typing import Any

_CODE = re.compile(r"(```.*?```|~~~.*?~~~|`[^`]+`)", re.DOTALL)
_TAG = re.compile(r"<(/?)([a-zA-Z]+)(\s[^<>]*|/)?>")
_HREF = re.compile(r"\bhref\s*=\s*[\"']?([^\"'\s]+)", re.IGNORECASE)
_MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*", "code": "`", "tt": "`"}
_BLOCKS = frozenset(("p", "ul", "ol", "div"))
_KNOWN = frozenset((*_MARKS, *_BLOCKS, "a", "br", "li"))
# Deeper than descriptions are; what is deeper stays words.
_DEEPEST = 4


@dataclass
class _Open:
    """A tag that waits for its end."""

    name: str = ""
    tag: str = ""
    parts: list[str] = field(default_factory=list)


def as_markdown(words: str) -> str:
    """Return a text in which usual tags are Markdown; those inside code stay."""
    if "<" not in words:
        return words
    parts = _CODE.split(words)
    parts[::2] = map(_convert_tag, parts[::2])
    return "".join(parts)


def _convert_tag(words: str) -> str:
    """Return text outside code with its tags as Markdown."""
    stack = [_Open()]
    end = 0
    for found in _TAG.finditer(words):
        name = found[2].lower()
        if name not in _KNOWN:
            continue
        stack[-1].parts.append(words[end : found.start()])
        end = found.end()
        if name in _BLOCKS or name in ("br", "li"):
            stack = stack if len(stack) == 1 else [_Open(parts=_flatten_parts(stack))]
            _break(stack[0].parts, name, closes=bool(found[1]))
            end = _skip_tag(words, end) if name == "li" else end
        elif found[1]:
            _close(stack, name, found[0])
        elif len(stack) > _DEEPEST:
            stack[-1].parts.append(found[0])
        else:
            stack.append(_Open(name, found[0]))
    return "".join([*_flatten_parts(stack), words[end:]])


def _flatten_parts(stack: list[_Open]) -> list[str]:
    """Return all parts, with the tags that were never closed as words."""
    return [part for one in stack for part in (one.tag, *one.parts)]


def _break(parts: list[str], name: str, *, closes: bool) -> None:
    """Add what a tag means that divides lines."""
    if name == "br":
        parts.append("  \n")
    elif name != "li":
        parts.append("\n\n")
    elif not closes:
        parts[-1] = parts[-1].rstrip()
        parts.append("\n- ")


def _skip_tag(words: str, place: int) -> int:
    """Return where the white space from a place on ends."""
    while place < len(words) and words[place].isspace():
        place += 1
    return place


def _close(stack: list[_Open], name: str, tag: str) -> None:
    """Put the Markdown of an element in its place; an end without a beginning is words."""
    if stack[-1].name != name:
        stack[-1].parts.append(tag)
        return
    opened = stack.pop()
    words = "".join(opened.parts).strip()
    stack[-1].parts.append(_convert_element(opened, words) if words else f"{opened.tag}{tag}")


def _convert_element(opened: _Open, words: str) -> str:
    """Return the Markdown of an element; of a link that leads to no web page, its words."""
    mark = _MARKS.get(opened.name)
    if mark == "`" and "`" in words:
        return f"`` {words} ``"
    if mark:
        return f"{mark}{words}{mark}"
    target = _HREF.search(opened.tag)
    follows = target is not None and target[1].startswith(("http://", "https://"))
    return f"[{words}]({target[1]})" if target is not None and follows else words


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
