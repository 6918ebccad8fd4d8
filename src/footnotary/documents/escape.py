r"""Foreign text into Markdown so that it stays text.

Specials become character references, never backslash escapes: extensions such as
arithmatex read `\(` as mathematics, but every Markdown reader leaves `&#40;` alone.
Control and bidirectional characters are dropped (Unicode UAX #9: they reorder what a
reader sees), and everything is put on one line.
"""

import functools
import re
import unicodedata
from urllib.parse import quote, urlsplit

_SPECIAL = re.compile(
    r"[&<>\\`*{}\[\]#!|~^$@\"']"
    r"|:(?!\s|$)|^:|(?<=\W):|_(?![^\W_])|(?<![^\W_])_|=(?==)|(?<==)="
    r"|^[-+=]|-(?=-)|(?<=-)-|(?<=^\d)[.)](?=\s|$)|(?<=^\d\d)[.)](?=\s|$)|(?<=^\d\d\d)[.)](?=\s|$)"
)
_CODE_SPAN = re.compile(r"(?<!`)``?([^`]+)``?(?!`)")  # reStructuredText's two backticks too
_ACTIVE = re.compile(
    r"[&<>|\\\[\]{}^$@`]|^[#>+*=-]|^\d+(?=[.)])|://|(?<!\w)_|_(?!\w)|(?<!\w)\*|\*(?!\w)|~~"
)
_DROPPED = {"Cc", "Cf", "Cs", "Co"}
_SCHEMES = ("http", "https")
# The same types, names and sentences stand in thousands of cells.
_REMEMBERED = 4096


@functools.lru_cache(maxsize=_REMEMBERED)
def text(words: str) -> str:
    """Return text as Markdown that renders as exactly these words, on one line.

    Args:
        words: Any text, hostile or not.

    Returns:
        Markdown without active characters; white space runs are one space.
    """
    return _SPECIAL.sub(lambda found: f"&#{ord(found[0])};", one_line(words))


@functools.lru_cache(maxsize=_REMEMBERED)
def prose(words: str) -> str:
    """Return a developer's own text (a summary, a docstring) as Markdown, softly escaped.

    Inline code and punctuation stay; what could become HTML, a link, a table
    cell, a marker or a block does not survive.

    Args:
        words: Text from the user's own code.
    """
    parts = _CODE_SPAN.split(one_line(words))
    return "".join(code(part) if at % 2 else softly(part) for at, part in enumerate(parts))


def softly(words: str) -> str:
    """Return text whose characters mean nothing to Markdown; harmless ones stay as they are.

    Args:
        words: Text on one line, without code spans.
    """
    return _ACTIVE.sub(lambda found: "".join(f"&#{ord(char)};" for char in found[0]), words)


@functools.lru_cache(maxsize=_REMEMBERED)
def code(words: str) -> str:
    """Return text as inline code that cannot break out, also inside a table.

    Args:
        words: Any text; empty text gives an empty string.

    Returns:
        A code span in backticks; where the text holds a pipe, a backtick or anything that a
        code span cannot carry through a table, a `<code>` element with references.
    """
    line = one_line(words)
    if not line:
        return ""
    if re.search(r"[`|\\]|:::|\^\[", line):
        return "<code>" + re.sub(r"[^\w ,/-]|_", lambda f: f"&#{ord(f[0])};", line) + "</code>"
    return f"`{line}`"


def url(address: str) -> str:
    """Return a URL that can stand between the parentheses of a link, or an empty string.

    Args:
        address: Any text.

    Returns:
        The percent-encoded URL; empty unless it is http or https with a host.
    """
    line = one_line(address)
    try:
        parts = urlsplit(line)
    except ValueError:
        return ""
    if parts.scheme.lower() not in _SCHEMES or not parts.hostname:
        return ""
    return quote(line, safe=":/?#@!$&*+,;=%~-._")


def link(words: str, address: str) -> str:
    """Return a link, or the words alone where the address is none to follow.

    Args:
        words: What is shown.
        address: Where it leads.
    """
    target = url(address)
    return f"[{text(words)}]({target})" if target else text(words)


def one_line(words: str) -> str:
    """Return text without control and bidi characters, white space collapsed."""
    spaced = " ".join(words.split())
    if spaced.isascii() and spaced.isprintable():
        return spaced
    kept = (char for char in spaced if unicodedata.category(char) not in _DROPPED)
    return " ".join("".join(kept).split())


def shown(words: str) -> str:
    """Return a line of code without control and bidi characters; its spaces stay.

    Args:
        words: The line.
    """
    expanded = words.expandtabs(4)
    if expanded.isprintable():
        return expanded
    return "".join(char for char in expanded if unicodedata.category(char) not in _DROPPED)


def slug(words: str) -> str:
    """Return an anchor: lower-case letters, digits and hyphens.

    Args:
        words: Any text.

    Returns:
        The anchor; `section` where nothing is left.
    """
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-") or "section"
