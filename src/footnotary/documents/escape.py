r"""Foreign text into Markdown so that it stays text.

Specials become character references, never backslash escapes: extensions such as
arithmatex read `\(` as mathematics, but every Markdown reader leaves `&#40;` alone.
Control and bidirectional characters are dropped (Unicode UAX #9: they reorder what a
reader sees), and everything is put on one line.

What acts in a site's Markdown is written down here and nowhere else: in `_ACTIVE` and `_OPENING`,
and for code in `_ACTIVE_IN_CODE`. It is what the extensions act on that `footnotary init` switches
on, what mkdocstrings and footnotary itself act on, and what authors switch on besides.
"""

import functools
import re
import unicodedata
from collections.abc import Iterable
from urllib.parse import quote, urlsplit

from footnotary.markers.spans import BACKTICKS

_ACTIVE = (
    r"[&<>|\\\[\]{}^$@`*~]"  # elements, links, notes, markers, attributes, mathematics, mentions
    r"|(?<![^\W_])_|_(?![^\W_])"  # emphasis; inside of a name it is none
    r"|[=+](?=[=+])|(?<=[=+])[=+]"  # ==marked==, ++key++, === "a tab"
    r"|!(?=!!)|(?<=!)!|\?(?=\?\?)|(?<=\?)\?|/(?=//)|(?<=//)/"  # !!! note, ??? note, /// note
    r"|-(?=--)|(?<=--)-"  # a rule, or what makes a heading of the line above
    r"|:(?=//|::)|(?<=::):"  # a bare address; ::: name, where mkdocstrings puts the code of a name
    r"|:(?=\d*[a-zA-Z_+-][\w+-]*:)|(?<!\d):(?=\d+:)"  # :emoji:
    r"|(?<=[wW]{3})\.|[#!?](?=\d)"  # www.example.org; an issue, a request, a discussion
    r"|\b[0-9a-f](?=[0-9a-f]{39}\b)"  # a commit
)
# What begins a block: a heading, an item of a list (1., a), iv.), a definition, and the titles of
# the blocks that close a document.
_OPENING = (
    r"\A(?:[#=+:-]|(?:\d+|[a-zA-Z]|[ivxlcdmIVXLCDM]+)[.)](?=\s|\Z)"
    r"|\*{0,2}(?i:s(?=ources\s+and\s+citations)|r(?=esearch\s+context)))"
)
# What changes letters, not structure: quotation marks, dashes, (c), 1/2, 1st.
_TYPOGRAPHIC = (
    r"[\"'#!]|-(?=-)|(?<=-)-|\.(?=\.)|(?<=\.)\.|\((?=(?:c|r|tm|p)\))"
    r"|(?<=[+=\d])/(?=[-=\d])|(?<=\bc)/(?=o\b)|(?<=\d)(?:s(?=t\b)|[nr](?=d\b)|t(?=h\b))"
)
_SOFT = re.compile(_ACTIVE)
_STRICT = re.compile(f"{_OPENING}|{_ACTIVE}|{_TYPOGRAPHIC}", re.IGNORECASE)
_START = re.compile(_OPENING)
# Read before code is: templates ({{ x }}), comments of critics ({++x++}), files (-8<- "name").
_READ_FIRST = r"\{(?:[{%#!]|--|\+\+|~~|==|>>)|-8<-"
_ACTIVE_IN_CODE = re.compile(rf"[`|\\]|<[/!?a-zA-Z]|:::|\^\[|\A#!|{_READ_FIRST}")
_READ_FIRST_IN_CODE = re.compile(_READ_FIRST)
_CODE_SPAN = re.compile(r"(?<!`)``?([^`]+)``?(?!`)")  # reStructuredText's two backticks too
_NOT_PLAIN = re.compile(r"[^\w ,/-]|_|-(?=[-8])|(?<=-)-")
_DROPPED = {"Cc", "Cf", "Cs", "Co"}
_SCHEMES = ("http", "https")
# The same types, names and sentences are in thousands of cells.
_REMEMBERED = 4096


@functools.lru_cache(maxsize=_REMEMBERED)
def escape_text(words: str) -> str:
    """Return text as Markdown that renders as exactly these words, on one line.

    Returns:
        Markdown without active characters; white space runs are one space.
    """
    return _STRICT.sub(_reference, one_line(words))


@functools.lru_cache(maxsize=_REMEMBERED)
def prose(words: str) -> str:
    """Return a developer's own text (a summary, a docstring) as Markdown, softly escaped.

    Inline code and punctuation stay; what could become HTML, a link, a table
    cell, a marker or a block does not survive.
    """
    parts = _CODE_SPAN.split(one_line(words))
    shown = (code(part) or " " if at % 2 else softly(part) for at, part in enumerate(parts))
    return guard_start("".join(shown))


def softly(words: str) -> str:
    """Return text whose characters mean nothing to Markdown; harmless ones stay as they are.

    Args:
        words: Part of a line, without code spans; `guard_start` is for the whole line.
    """
    return _SOFT.sub(_reference, words)


def guard_start(line: str) -> str:
    """Return a line of Markdown that begins no heading, list or definition."""
    return _START.sub(_reference, line, count=1)


def _reference(found: re.Match[str]) -> str:
    """Return what was found with its last character as a reference."""
    return f"{found[0][:-1]}&#{ord(found[0][-1])};"


@functools.lru_cache(maxsize=_REMEMBERED)
def code(words: str) -> str:
    """Return text as inline code that cannot break out, also inside a table.

    Returns:
        A code span in backticks; where the text holds what acts inside of one or ends it, a
        `<code>` element with references.
    """
    line = one_line(words)
    if not line:
        return ""
    return f"<code>{_as_references(line)}</code>" if _ACTIVE_IN_CODE.search(line) else f"`{line}`"


def list_codes(words: Iterable[str]) -> str:
    """Return texts as inline code, with commas between them."""
    return ", ".join(map(code, words))


def fenced(content: str, language: str = "") -> str:
    """Return a code sample as a block of its own that holds exactly these lines.

    Args:
        content: Any text; control and bidirectional characters are dropped.
        language: What it is highlighted as; plain words if empty.

    Returns:
        A fenced block; where the text holds what is read before fences are, a `<pre>` element
        with references, on one line.
    """
    lines = "\n".join(display_code(line) for line in content.splitlines())
    if _READ_FIRST_IN_CODE.search(lines):
        return f"<pre><code>{_as_references(lines)}</code></pre>"
    longest = max((len(run) for run in BACKTICKS.findall(lines)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{lines}\n{fence}"


def _as_references(words: str) -> str:
    """Return text with all but letters, digits and the plainest signs as references."""
    return _NOT_PLAIN.sub(lambda found: f"&#{ord(found[0])};", words)


def url(address: str) -> str:
    """Return a URL that can stand between the parentheses of a link, or an empty string.

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
    return quote(line, safe=":/?#@!&*+,;=%~-._")


def write_link(words: str, address: str) -> str:
    """Return a link, or the words alone where the address is none to follow."""
    target = url(address)
    return f"[{escape_text(words)}]({target})" if target else escape_text(words)


def one_line(words: str) -> str:
    """Return text without control and bidi characters, white space collapsed."""
    spaced = " ".join(words.split())
    if spaced.isascii() and spaced.isprintable():
        return spaced
    kept = (char for char in spaced if unicodedata.category(char) not in _DROPPED)
    return " ".join("".join(kept).split())


def display_code(words: str) -> str:
    """Return a line of code without control and bidi characters; its spaces stay."""
    expanded = words.expandtabs(4)
    if expanded.isprintable():
        return expanded
    return "".join(char for char in expanded if unicodedata.category(char) not in _DROPPED)


def make_anchor(words: str) -> str:
    """Return an anchor: lower-case letters, digits and hyphens.

    Returns:
        The anchor; `section` where nothing is left.
    """
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-") or "section"
