"""HTML from foreign words: everything that is not markup of ours appears as text.

What is made here is in blocks of HTML that Python-Markdown passes on as they are; template
engines may see it before, so braces are references too, and it is always one line.
"""

import html
import json
import re
from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import urlsplit

# C0, C1 and bidirectional formatting characters (UAX #9): they reorder what a reader sees.
_DROPPED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
_SPECIAL = re.compile(r"[&<>\"'{}]")
# What any of the three would change: most words hold nothing of it, and one look tells.
_ODD = re.compile(f"{_DROPPED.pattern}|{_SPECIAL.pattern}|[^\\S ]|  ")
_SPACE = re.compile(r"\s+")
_VOID = frozenset(("br", "hr", "img", "input", "link", "meta"))


class Html(str):
    """Text that is HTML already and must not be escaped again."""

    __slots__ = ()


def reference(char: str) -> Html:
    """Return a character of ours as its reference.

    A page of ASCII alone is half as long in memory, and its copies a quarter of the work;
    only the words of sources may make it otherwise.
    """
    return Html(f"&#{ord(char)};")


DOT = Html(f" {reference('·')} ")


def plain_words(words: str) -> str:
    """Return words on one line, without control and bidirectional characters."""
    return _DROPPED.sub("", " ".join(words.split()))


def escape(words: str) -> Html:
    """Return words as HTML text, on one line, that no template engine reads as anything else."""
    if isinstance(words, Html):
        return words
    if not _ODD.search(words):
        return Html(words)
    line = _DROPPED.sub("", _SPACE.sub(" ", words))  # one space is kept at either end
    return Html(_SPECIAL.sub(lambda found: f"&#{ord(found[0])};", line))


def heading_words(markdown: str) -> str:
    """Return the words of a heading.

    Args:
        markdown: Its Markdown; foreign words in it are escaped, as `documents.escape` does.
    """
    return plain_words(html.unescape(re.sub(r"<[^<>]*>|[`*]", "", markdown)))


def titled_as(words: str) -> str:
    """Return the line of a page's front matter that says how the page is called.

    Engines and themes make titles of the first heading, and give its words back unescaped in
    some places and escaped in others. What a page says of itself they put everywhere as it is:
    so it is HTML.
    """
    return f"title: {json.dumps(escape(words), ensure_ascii=True)}\n"


def element(tag: str, *children: str, **attributes: str | None) -> Html:
    """Return an element.

    Args:
        tag: Its name.
        children: Text (escaped here) and `Html` (taken as it is).
        attributes: Values (escaped here); `None` leaves the attribute out. A trailing
            underscore is dropped and others become hyphens: `class_`, `data_key`.
    """
    written = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(value)}"'
        for name, value in attributes.items()
        if value is not None
    )
    if tag in _VOID:
        return Html(f"<{tag}{written}>")
    return Html(f"<{tag}{written}>{join_markup(*children)}</{tag}>")


def join_markup(*children: str) -> Html:
    """Return text and HTML one behind the other, as HTML."""
    return Html("".join(escape(child) for child in children))


def render_table(heads: Sequence[Html], rows: Sequence[Html], **attributes: str | None) -> Html:
    """Return a table.

    Args:
        heads: The cells of its head, `th` elements.
        rows: Its rows, `tr` elements.
        attributes: As for `element`.
    """
    head = element("thead", element("tr", *heads))
    return element("table", head, element("tbody", *rows), **attributes)


def render_row(*cells: str) -> Html:
    """Return a row of a table."""
    return element("tr", *(element("td", cell) for cell in cells))


def render_heads(*names: str) -> list[Html]:
    """Return the cells of a table's head."""
    return [element("th", name, scope="col") for name in names]


@lru_cache(maxsize=4096)
def web_url(address: str) -> str:
    """Return an address a link may lead to: http or https with a host, else nothing."""
    line = plain_words(address)
    try:
        parts = urlsplit(line)
    except ValueError:
        return ""
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname:
        return ""
    return line.replace(" ", "%20").replace('"', "%22").replace("<", "%3C").replace(">", "%3E")


def render_link(words: str, address: str, **attributes: str | None) -> Html:
    """Return a link out of the site, or the words alone where there is nothing to follow."""
    target = web_url(address)
    if not target:
        return element("span", words)
    return element("a", words, href=target, rel="noopener noreferrer external", **attributes)
