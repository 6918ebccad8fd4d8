"""From a parsed tree to the words a reader sees, block by block.

Lexbor serialises the tree, which makes well-formed markup of whatever came in; a few
regular expressions then turn tags into line breaks (blocks), tabs (cells) or nothing
(inline), at the speed of C. Walking the tree node by node costs five times as much.
"""

import re
from dataclasses import dataclass, replace
from html import unescape

from selectolax.lexbor import LexborHTMLParser

from footnotary.models import Heading, Unseen

# Elements whose content is no text of the page. `iframe`, `object`, `video` and their
# like hold a fallback that a browser does not show; `rt` and `rp` are readings set
# above the words (the words themselves stay whole); `datalist` is a list of suggestions,
# `select` and `textarea` hold what a reader may choose or write. What is struck out the page
# no longer says.
NOT_TEXT = ("head", "iframe", "script", "select", "style", "template", "textarea")
# The same, which few pages have: they are looked for where one was seen.
RARELY_TEXT = frozenset(
    (
        *("annotation", "annotation-xml", "audio", "canvas", "datalist", "del", "meter", "noembed"),
        *("noframes", "object", "progress", "rp", "rt", "rtc", "s", "strike", "video"),
    )
)
# `display: block` and its like in the HTML standard's rendering section, plus controls,
# which a reader sees as boxes of their own.
BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "body", "br", "button", "caption"),
        *("center", "dd", "details", "dialog", "dir", "div", "dl", "dt", "fieldset"),
        *("figcaption", "figure", "footer", "form", "frameset", "h1", "h2", "h3", "h4", "h5"),
        *("h6", "header", "hgroup", "hr", "html", "legend", "li", "listing", "main", "menu"),
        *("nav", "ol", "p", "plaintext", "pre", "search", "section", "summary", "table", "tbody"),
        *("tfoot", "thead", "tr", "ul", "xmp"),
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
# What documentation tools hang on headings: a link to the place where it is.
_PERMALINK_MARK = re.compile(
    rf"<a(?={_ATTRIBUTES}>)[^>]* href=\"[^\"]*#[^>]*>[¶🔗\ue000-\uf8ff]</a>"
)
_WORD_BEFORE = re.compile(r"\w(?:</[^\s>]+>)*\Z")
_FAR_BEFORE = 200  # characters: more closing tags than a link has
_SPACES = re.compile(" {2,}")
_CELL_ROLES = ", ".join(
    f"[role={role}]:not(td):not(th)" for role in ("cell", "gridcell", "columnheader", "rowheader")
)
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
# Around the rows of tables, and around preformatted text.
_ROW, _ROW_END, _KEPT, _KEPT_END = "\x12", "\x13", "\x14", "\x15"
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
    | {"tr": _BREAK + _ROW, "/tr": _ROW_END + _BREAK}
    | {"td": _CELL, "th": _CELL, "sup": _RAISED, "/sup": _LEVEL, "sub": _LOWERED, "/sub": _LEVEL}
)
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
class PageText:
    """The words of a page.

    Attributes:
        text: One block a line.
        headings: Headings in order.
        closed: Stretches that are closed as the page loads, as offsets.
        unsure: Stretches that the style hides and a script may show.
        doubtful: Stretches of which it is not known whether the style hides them.
        rows: Rows of tables that have more than one cell; a tab parts the cells.
        kept: Preformatted stretches, whose lines and spaces are their own.
        unseen: Words that nobody sees, with the reason.
        style_read: Whether all style sheets of the page were read.
        not_text: Elements of `RARELY_TEXT` that were among the markup, and so in the text.
    """

    text: str
    headings: tuple[Heading, ...]
    closed: tuple[tuple[int, int], ...] = ()
    unsure: tuple[tuple[int, int], ...] = ()
    doubtful: tuple[tuple[int, int], ...] = ()
    rows: tuple[tuple[int, int], ...] = ()
    kept: tuple[tuple[int, int], ...] = ()
    unseen: tuple[Unseen, ...] = ()
    style_read: bool = True
    not_text: frozenset[str] = frozenset()


def mark_rows(tree: LexborHTMLParser) -> None:
    """Put the marks of rows and cells around what has these roles (WAI-ARIA 1.2).

    Args:
        tree: The page; changed in place.
    """
    for row in tree.css("[role=row]:not(tr)"):
        if row.first_child is not None:
            row.first_child.insert_before(_ROW)
            row.insert_child(_ROW_END)
    for cell in tree.css(_CELL_ROLES):
        cell.insert_before(_CELL)


def text_of_tree(serialised: str) -> PageText:
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
    if _KEPT in joined:
        joined = _without_blank_ends(joined)
    if _ROW in joined:
        joined = _in_rows(joined)
    lines = joined.split(_BREAK)
    stripped = [line.strip(_STRIPPED) for line in lines]
    text = _unescaped("\n".join([line for line in stripped if line]))
    return replace(_with_headings(_restored(text), anchors), not_text=RARELY_TEXT & names)


_STRIPPED = " " + _CELL + _KEPT_BREAK
# Line breaks beside the border of a cell, and cells without words at the ends of a row.
_ROW_STARTS = re.compile(f"{_ROW}[ {_BREAK}{_CELL}]+")
_ROW_ENDS = re.compile(f"(?<![ {_BREAK}{_CELL}])[ {_BREAK}{_CELL}]+{_ROW_END}")
_CELL_BORDER = re.compile(f"(?<![ {_BREAK}{_CELL}])[ {_BREAK}{_CELL}]*{_CELL}[ {_BREAK}{_CELL}]*")
_KEPT_STARTS = re.compile(f"{_KEPT}{_KEPT_BREAK}+")
_KEPT_ENDS = re.compile(f"(?<!{_KEPT_BREAK}){_KEPT_BREAK}+{_KEPT_END}")


def _in_rows(joined: str) -> str:
    """Return text in which a cell of blocks begins and ends on the line of its row."""
    joined = _ROW_ENDS.sub(_ROW_END, _ROW_STARTS.sub(_ROW, joined))
    joined = _CELL_BORDER.sub(lambda found: _CELL * found[0].count(_CELL), joined)
    return joined.replace(_ROW + _ROW_END, "")


def _without_blank_ends(joined: str) -> str:
    """Return text without the blank lines at the ends of what is preformatted."""
    joined = _KEPT_ENDS.sub(_KEPT_END, _KEPT_STARTS.sub(_KEPT, joined))
    return joined.replace(_KEPT + _KEPT_END, "")


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
    for mark in _OPENING:
        text = text.replace(mark + "\n", mark)
    for mark in _CLOSING:
        text = text.replace("\n" + mark, mark)
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
            if name.startswith("/"):
                parts[index - 1] += _KEPT_END if depth == 1 else ""
                depth = max(0, depth - 1)
            else:
                depth += 1
        if depth:
            parts[index + 1] = parts[index + 1].translate(_KEEPING)
            if depth == 1 and name in _KEEPING_ELEMENTS:
                parts[index + 1] = _KEPT + parts[index + 1]


def _unescaped(text: str) -> str:
    """Resolve what the serialiser escapes: no other references are left by then."""
    if "&" not in text:
        return text
    text = text.replace("&nbsp;", "\u00a0").replace("&lt;", "<").replace("&gt;", ">")
    return text.replace("&quot;", '"').replace("&amp;", "&")


def _with_headings(text: str, anchors: list[tuple[int, str]]) -> PageText:
    """Take the marks out and note where they were."""
    parts = _MARKS.split(text)
    offset = len(parts[0])
    headings: list[Heading] = []
    stretches: dict[str, list[tuple[int, int]]] = {mark: [] for mark in _OPENING}
    opened: dict[str, list[tuple[str, int]]] = {mark: [] for mark in _CLOSING}
    unread = iter(anchors)
    for mark, part in zip(parts[1::2], parts[2::2], strict=True):
        if mark in _OPENING:
            opened[_OPENING[mark]].append((mark, offset))
        elif mark in _CLOSING and opened[mark]:
            kind, start = opened[mark].pop()
            stretches[kind].append((start, offset))
        line = part.lstrip("\n").split("\n", 1)[0].split("\t", 1)[0].strip().rstrip(_PERMALINK)
        if mark == _MARK and (anchor := next(unread, None)) and line:
            level, name = anchor
            headings.append(Heading(offset=offset, level=level, text=line, anchor=name))
        offset += len(part)
    whole = "".join(parts[::2])
    return PageText(
        whole,
        tuple(headings),
        rows=tuple(row for row in stretches[_ROW] if whole.find("\t", *row) >= 0),
        kept=tuple(stretches[_KEPT]),
        closed=tuple(stretches[OPENED]),
        unsure=tuple(stretches[UNSURE]),
        doubtful=tuple(stretches[DOUBTFUL]),
    )


_OPENING = {
    OPENED: CLOSED,
    UNSURE: CLOSED,
    DOUBTFUL: CLOSED,
    _ROW: _ROW_END,
    _KEPT: _KEPT_END,
}
_CLOSING = (CLOSED, _KEPT_END, _ROW_END)
_MARKS = re.compile(f"([{_MARK}{''.join((*_OPENING, *_CLOSING))}])")
