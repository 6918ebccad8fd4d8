"""Foreign words on one line of Markdown, so that they stay words and can be read back.

What could become markup, a link, a mention, mathematics or a field separator is written as a
character reference; ordinary punctuation stays readable, because people and agents read these
lines in their source. The words of `escaped` are given back by `unescaped`.
"""

import html
import re
from urllib.parse import quote

_ALWAYS = r"[&<>\\`*\[\]{}|~^$@\"\t\n\r\x0c\u2028\u2029]"
_SOMETIMES = (
    r"(?<![^\W_])_|_(?![^\W_])"  # emphasis; inside a word it is none
    r"|:(?=//)|(?<=www)\.|:(?=[\w+-]+:)|(?<=\w):(?=$)"  # bare links, emoji
    r"|[#!?](?=\d)|\b[0-9a-f](?=[0-9a-f]{39}\b)"  # issues, requests, commits
    r"|==|\+\+|--"
    r"|\((?=(?:c|r|tm|p)\))"
)
_SPECIAL = re.compile(f"{_ALWAYS}|{_SOMETIMES}", re.IGNORECASE)
# White space that no character reference stands for (HTML Standard, 13.2.5.80).
_SPACES = re.compile("[\x0b\x1c-\x1f\x85]")
# Control characters no HTML can hold, and those that reorder what a reader sees (UAX #9).
_DROPPED = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)
_URL_SAFE = ":/?#@!$&'()+,;=%~-._"


def escaped(words: str) -> str:
    """Return words as Markdown that shows exactly these words, on one line.

    Args:
        words: Any text. Control and bidirectional formatting characters are dropped; the
            matcher ignores them too. Line breaks that HTML cannot name become spaces.
    """
    return _SPECIAL.sub(_references, _SPACES.sub(" ", _DROPPED.sub("", words)))


def unescaped(markdown: str) -> str:
    """Return the words behind `escaped` Markdown.

    Args:
        markdown: What `escaped` returned, or text that somebody typed.
    """
    return html.unescape(markdown) if "&" in markdown else markdown


def escaped_url(address: str) -> str:
    """Return a URL that ends at the next space whoever reads the line."""
    return quote(_DROPPED.sub("", address).strip(), safe=_URL_SAFE)


def _references(found: re.Match[str]) -> str:
    """Return character references for what was found."""
    return "".join(f"&#{ord(char)};" for char in found[0])
