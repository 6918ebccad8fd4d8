"""From a parsed tree to the words a reader sees, block by block.

Lexbor serialises the tree, which makes well-formed markup of whatever came in; a few
regular expressions then turn tags into line breaks (blocks), tabs (cells) or nothing
(inline), at the speed of C. Walking the tree node by node costs five times as much.
"""

import re
from dataclasses import dataclass, replace
from html import unescape

from footnotary.models import Heading, Unseen

# Elements whose content is no text of the page. `iframe`, `object`, `video` and their
# like hold a fallback that a browser does not show; `rt` and `rp` are readings set
# above the words (the words themselves stay whole); `datalist` is a list of suggestions,
# `select` and `textarea` hold what a reader may choose or write. What is struck out the page
# no longer says.
NOT_TEXT = ("head", "iframe", "script", "select", "style", "template", "textarea")
# The same, which few pages have: they are looked for where one was seen.
RARELY_TEXT = frozenset(
    {
        "annotation",
        "annotation-xml",
        "audio",
        "canvas",
        "datalist",
        "del",
        "noembed",
        "noframes",
        "object",
        "rp",
        "rt",
        "rtc",
        "s",
        "strike",
        "video",
    }
)
# `display: block` and its like in the HTML standard's rendering section, plus controls,
# which a reader sees as boxes of their own.
BLOCKS = frozenset(
    (
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "button",
        "caption",
        "center",
        "dd",
        "details",
        "dialog",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "frameset",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hgroup",
        "hr",
        "html",
        "legend",
        "li",
        "listing",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "plaintext",
        "pre",
        "search",
        "section",
        "summary",
        "table",
        "tbody",
        "tfoot",
        "thead",
        "tr",
        "ul",
        "xmp",
    )
)
"""Elements that are blocks by themselves."""
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_KEEPING_ELEMENTS = frozenset({"listing", "plaintext", "pre", "xmp"})
# Lexbor writes each attribute as ` name="value"` with quotes inside values escaped, but
# names keep what they had, quotes included.
_ATTRIBUTES = r"""(?: [^\s/>][^\s/>=]*+="[^"]*+")*+"""
_TAG = re.compile(rf"<(/?[^\s>/]++){_ATTRIBUTES}/?>")
# The same, faster, where no attribute's value has an angle bracket.
_PLAIN_TAG = re.compile(r"<(/?[^\s>/]++)[^>]*+>")
_ANGLED_VALUE = re.compile(r'="[^"<>]*+[<>]')
_HEADING = re.compile(rf"<h([1-6])({_ATTRIBUTES})>")
_ID = re.compile(r' id="([^"]*)"')
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
# Links whose words touch are things of their own: a menu, a row of tags.
_TOUCHING_LINK = re.compile(rf"</a>(?=<a{_ATTRIBUTES}>(?:<[^\s/>]++{_ATTRIBUTES}>)*+\w)")
# What documentation tools hang on headings: a link to the place where it stands.
_PERMALINK_MARK = re.compile(
    rf"<a(?={_ATTRIBUTES}>)[^>]* href=\"[^\"]*#[^>]*>[¶🔗\ue000-\uf8ff]</a>"
)
_WORD_BEFORE = re.compile(r"\w(?:</[^\s>]+>)*\Z")
_FAR_BEFORE = 200  # characters: more closing tags than a link has
_SPACES = re.compile(" {2,}")
# Stand-ins while tags are being removed. Control characters are dropped from the input.
_BREAK = "\v"
_MARK = "\x01"
_PERMALINK = " \u00b6\u00a7#\U0001f517"  # what documentation tools put behind headings
_KEPT_BREAK = "\x02"
_KEPT_SPACE = "\x03"
_KEPT_TAB = "\x04"
_CELL = "\x05"
_RAISED, _LOWERED, _LEVEL = "\x06", "\x07", "\x08"
# Around what a reader opens with one act; text nodes that `hiding` puts into the tree.
OPENED, CLOSED = "\x0e", "\x0f"
# Before what a script shows, which ends with the same mark.
UNSURE = "\x10"
# Before what may be hidden, for all that is known.
DOUBTFUL = "\x11"
# 10<sup>6</sup> is no 106, and the mark of a note behind a number is no part of it.
_EXPONENT = re.compile(r"(?<=\d)([\x06\x07])([0-9+\-\u2212]+)\x08")
_DIGITS_AND_SIGNS = "0123456789+-\u2212"
_SUPERSCRIPTS = str.maketrans(_DIGITS_AND_SIGNS, "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")
_SUBSCRIPTS = str.maketrans(_DIGITS_AND_SIGNS, "₀₁₂₃₄₅₆₇₈₉₊₋₋")
# In brackets it cannot be taken for more of the number.
_NOTE_MARK = re.compile(
    rf"<sup(?={_ATTRIBUTES}><a{_ATTRIBUTES}>(?:<[^\s/>]++{_ATTRIBUTES}>)*+[^\[(<])"
)
_KEEPING = str.maketrans({"\n": _KEPT_BREAK, " ": _KEPT_SPACE, "\t": _KEPT_TAB})


class _Marks(dict[str, str]):
    """What stands for a tag while the text is put together; nothing for an inline one."""

    def __missing__(self, name: str) -> str:
        return ""


# Spelled out because they are most of the tags of most pages; any other is inline as well.
_INLINE = ("a", "b", "code", "em", "font", "i", "img", "label", "small", "span", "strong", "svg")
_IN_PLACE = _Marks(
    dict.fromkeys((*_INLINE, *(f"/{name}" for name in _INLINE)), "")
    | dict.fromkeys((*BLOCKS, *(f"/{name}" for name in BLOCKS)), _BREAK)
    | {f"h{level}": _BREAK + _MARK for level in range(1, 7)}
    | {"td": _CELL, "th": _CELL, "sup": _RAISED, "/sup": _LEVEL, "sub": _LOWERED, "/sub": _LEVEL}
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")
# The same as numeric character references, which a parser resolves like any other.
_CONTROL_REFERENCE = re.compile(
    r"&#(?:0*(?:[0-8]|11|1[4-9]|2\d|3[01]|127)(?!\d)"
    r"|[xX]0*(?:[0-8bBeEfF]|1[0-9a-fA-F]|7[fF])(?![0-9a-fA-F]));?"
)
_CONTROL_BYTES = bytes((*range(9), 0x0B, *range(0x0E, 0x20)))
# Drawn nowhere: the places where a word may be broken, and the byte order mark.
_INVISIBLE = ("\u00ad", "\u200b", "\ufeff")


_SAVED_NOSCRIPT = re.compile(r"(<noscript\b[^>]*>)([^<]*&lt;[^<]*)(?=</noscript)", re.IGNORECASE)


def with_saved_noscript(source: str) -> str:
    """Return markup in which `<noscript>` holds elements again, as its author wrote it.

    A browser that runs scripts has text there, and escapes it where it saves the page.

    Args:
        source: A page's markup.
    """
    if "&lt;" not in source or "<noscript" not in source.lower():
        return source
    return _SAVED_NOSCRIPT.sub(lambda found: found[1] + unescape(found[2]), source)


@dataclass(frozen=True)
class Text:
    """The words of a page.

    Attributes:
        text: One block a line.
        headings: Headings in order.
        closed: Stretches that are closed as the page loads, as offsets.
        unsure: Stretches that the style hides and a script may show.
        doubtful: Stretches of which it is not known whether the style hides them.
        unseen: Words that nobody sees, with the reason.
        style_read: Whether all style sheets of the page were read.
        not_text: Elements of `RARELY_TEXT` that were among the markup, and so in the text.
    """

    text: str
    headings: tuple[Heading, ...]
    closed: tuple[tuple[int, int], ...] = ()
    unsure: tuple[tuple[int, int], ...] = ()
    doubtful: tuple[tuple[int, int], ...] = ()
    unseen: tuple[Unseen, ...] = ()
    style_read: bool = True
    not_text: frozenset[str] = frozenset()


def without_controls(source: str) -> str:
    """Return markup without the control characters that this module uses as marks."""
    return _CONTROL.sub("", source) if _CONTROL.search(source) else source


def without_control_references(source: str) -> str:
    """Return markup without references to control characters: nobody sees them.

    They could pass for this module's marks, and would steer a terminal.

    Args:
        source: A page's markup.
    """
    return _CONTROL_REFERENCE.sub("", source) if _CONTROL_REFERENCE.search(source) else source


def has_controls(body: bytes) -> bool:
    """Return whether a body may have control characters.

    No encoding of the web makes one of another byte, and bytes are looked through ten times
    as fast as text.

    Args:
        body: A page as it came.
    """
    return len(body.translate(None, _CONTROL_BYTES)) != len(body)


def text_of(serialised: str) -> Text:
    """Return the text of a serialised tree.

    Args:
        serialised: What Lexbor's serialiser wrote for the body, without the elements of
            `NOT_TEXT` and without those that are hidden.
    """
    markup = _COMMENT.sub("", serialised) if "<!--" in serialised else serialised
    if not markup.isascii():
        markup = _PERMALINK_MARK.sub("", markup)
    if "</a><a " in markup:
        markup = _TOUCHING_LINK.sub(_parted, markup)
    if "<sup" in markup:
        markup = _NOTE_MARK.sub(_set_apart, markup)
    parts = (_TAG if _ANGLED_VALUE.search(markup) else _PLAIN_TAG).split(markup)
    tags = parts[1::2]
    names = set(tags)
    anchors = _anchors(markup) if names & _HEADINGS else []
    if names & _KEEPING_ELEMENTS:
        _keep_spaces(parts)
    parts[1::2] = map(_IN_PLACE.__getitem__, tags)
    joined = "".join(parts)
    if _LEVEL in joined:
        joined = _EXPONENT.sub(_small, joined)
        joined = joined.replace(_RAISED, "").replace(_LOWERED, "").replace(_LEVEL, "")
    for space in "\n\t\r\f":
        joined = joined.replace(space, " ")
    if "  " in joined:
        joined = _SPACES.sub(" ", joined)
    lines = joined.split(_BREAK)
    stripped = [line.strip(_STRIPPED) for line in lines]
    text = _unescaped("\n".join([line for line in stripped if line]))
    return replace(_with_headings(_restored(text), anchors), not_text=RARELY_TEXT & names)


_STRIPPED = " " + _CELL + _KEPT_BREAK
_RESTORED = (
    (_CELL, "\t"),
    (_KEPT_BREAK, "\n"),
    (_KEPT_SPACE, " "),
    (_KEPT_TAB, "\t"),
    *((character, "") for character in _INVISIBLE),
)


def _restored(text: str) -> str:
    """Return text with its own white space again, and marks at the words they belong to."""
    text = text.replace(_MARK + " ", _MARK).replace(_MARK + "\n", _MARK)
    if CLOSED in text:
        for mark in (OPENED, UNSURE, DOUBTFUL):
            text = text.replace(mark + "\n", mark)
        text = text.replace("\n" + CLOSED, CLOSED)
    for mark, character in _RESTORED:
        if mark in text:
            text = text.replace(mark, character)
    return text


def _parted(found: re.Match[str]) -> str:
    """Return the end of a link whose words touch those of the next, with a space behind it."""
    end = found.start()
    touches = _WORD_BEFORE.search(found.string, max(0, end - _FAR_BEFORE), end)
    return f"{found[0]} " if touches else found[0]


def _set_apart(found: re.Match[str]) -> str:
    """Return the beginning of a note's mark, with a space before it where a number ends."""
    before = found.string[max(0, found.start() - 2) : found.start()].rstrip(".,;:")
    return f" {found[0]}" if before[-1:].isdecimal() else found[0]


def _small(found: re.Match[str]) -> str:
    """Return raised or lowered digits behind a number as characters of their own."""
    return found[2].translate(_SUPERSCRIPTS if found[1] == _RAISED else _SUBSCRIPTS)


def _anchors(markup: str) -> list[tuple[int, str]]:
    """Return level and id of each heading."""
    return [(int(found[1]), _anchor(found[2])) for found in _HEADING.finditer(markup)]


def _anchor(attributes: str) -> str:
    """Return the id among an element's attributes, or nothing."""
    identifier = _ID.search(attributes)
    return _unescaped(identifier[1]) if identifier else ""


def _keep_spaces(parts: list[str]) -> None:
    """Let the white space of preformatted elements outlive the collapsing.

    Args:
        parts: Text and tag names, alternating; changed in place.
    """
    depth = 0
    for index in range(1, len(parts), 2):
        name = parts[index]
        if name.removeprefix("/") in _KEEPING_ELEMENTS:
            depth = max(0, depth - 1) if name.startswith("/") else depth + 1
        if depth:
            parts[index + 1] = parts[index + 1].translate(_KEEPING)


def _unescaped(text: str) -> str:
    """Resolve what the serialiser escapes: no other references are left by then."""
    if "&" not in text:
        return text
    text = text.replace("&nbsp;", "\u00a0").replace("&lt;", "<").replace("&gt;", ">")
    return text.replace("&quot;", '"').replace("&amp;", "&")


def _with_headings(text: str, anchors: list[tuple[int, str]]) -> Text:
    """Take the marks out and note where they stood."""
    parts = _MARKS.split(text)
    offset = len(parts[0])
    headings: list[Heading] = []
    stretches: dict[str, list[tuple[int, int]]] = {
        OPENED: [],
        UNSURE: [],
        DOUBTFUL: [],
    }
    opened: list[tuple[str, int]] = []
    unread = iter(anchors)
    for mark, part in zip(parts[1::2], parts[2::2], strict=True):
        if mark in stretches:
            opened.append((mark, offset))
        elif mark == CLOSED and opened:
            kind, start = opened.pop()
            stretches[kind].append((start, offset))
        line = part.lstrip("\n").split("\n", 1)[0].strip().rstrip(_PERMALINK)
        if mark == _MARK and (anchor := next(unread, None)) and line:
            level, name = anchor
            headings.append(Heading(offset=offset, level=level, text=line, anchor=name))
        offset += len(part)
    return Text(
        "".join(parts[::2]),
        tuple(headings),
        closed=tuple(stretches[OPENED]),
        unsure=tuple(stretches[UNSURE]),
        doubtful=tuple(stretches[DOUBTFUL]),
    )


_MARKS = re.compile(f"([{_MARK}{OPENED}{CLOSED}{UNSURE}{DOUBTFUL}])")
