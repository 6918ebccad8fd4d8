"""The few HTML tags that descriptions are written with, as the Markdown that means the same.

CommonMark lets HTML pass, and descriptions use it for links and lists. All other tags stay words.
"""

import re

_CODE = re.compile(r"(```.*?```|~~~.*?~~~|`[^`]+`)", re.DOTALL)
_LINK = re.compile(
    r"<a\s(?:[^<>]*?\s)?href\s*=\s*[\"']?([^\"'<>\s]+)[\"']?[^<>]*>([^<>]*)</a\s*>", re.IGNORECASE
)
_AROUND = tuple(
    (re.compile(rf"<({names})\s*>\s*([^<>]+?)\s*</\1\s*>", re.IGNORECASE), rf"{mark}\2{mark}")
    for names, mark in (("b|strong", "**"), ("i|em", "*"), ("code|tt", "`"))
)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_BLOCK = re.compile(r"</?(?:p|ul|ol|div)(?:\s[^<>]*)?>", re.IGNORECASE)
_ITEM = re.compile(r"\s*<li(?:\s[^<>]*)?>\s*", re.IGNORECASE)
_ITEM_END = re.compile(r"</li\s*>", re.IGNORECASE)
_OPENS = re.compile(r"</?(?:a|b|br|code|div|em|i|li|ol|p|strong|tt|ul)\b", re.IGNORECASE)


def as_markdown(words: str) -> str:
    """Return a text in which usual tags are Markdown; those inside code stay.

    Args:
        words: A description.
    """
    if not _OPENS.search(words):
        return words
    parts = _CODE.split(words)
    parts[::2] = map(_converted, parts[::2])
    return "".join(parts)


def _converted(words: str) -> str:
    """Return text outside code with its tags as Markdown."""
    for pattern, markdown in _AROUND:
        words = pattern.sub(markdown, words)
    words = _LINK.sub(_link, words)
    words = _ITEM_END.sub("", _ITEM.sub("\n- ", _BREAK.sub("  \n", words)))
    return _BLOCK.sub("\n\n", words)


def _link(found: re.Match[str]) -> str:
    """Return a link to a web page, or the words of any other."""
    words = found[2].strip()
    return f"[{words}]({found[1]})" if found[1].startswith(("http://", "https://")) else words
