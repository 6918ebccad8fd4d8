"""The few HTML tags that descriptions are written with, as the Markdown that means the same.

CommonMark lets HTML pass, and descriptions use it for links and lists. All other tags stay words.
"""

import re
from dataclasses import dataclass, field

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
