"""From a parsed tree to the words a reader sees, block by block.

Lexbor serialises the tree, which makes well-formed markup of whatever came in; a few
regular expressions then turn tags into line breaks (blocks), tabs (cells) or nothing
(inline), at the speed of C. Walking the tree node by node costs five times as much.
"""

import re
from dataclasses import dataclass
from html import unescape

from selectolax.lexbor import LexborHTMLParser

from footnotary.extract.marks import (
    AS_BEFORE,
    BORDER,
    BORDER_END,
    BREAK,
    CELL,
    CLOSED,
    DOUBTFUL,
    DRAWN,
    GAP,
    GENERATED,
    HEADING,
    KEEPING_ELEMENTS,
    KEPT,
    KEPT_BREAK,
    KEPT_END,
    KEPT_SPACE,
    KEPT_TAB,
    LEVEL_END,
    LOWERED,
    MOVED,
    OPENED,
    PLACED,
    RAISED,
    ROW,
    ROW_END,
    SHIFTED,
    UNSURE,
    in_rows,
    keep_spaces,
    resolve_places,
    without_blank_ends,
)
from footnotary.extract.parsing import ANYTHING, Written
from footnotary.models import EDGE, UNREADABLE, Heading, Unseen

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
# Lexbor writes each attribute as ` name="value"` with quotes inside values escaped, but
# names keep what they had, quotes included.
_ATTRIBUTES = r"""(?>(?: [^\s/>][^\s/>=]*+="[^"]*+")*)"""
_TAG = re.compile(rf"<(/?[^\s>/]++){_ATTRIBUTES}/?>")
# The same, faster, where no attribute's value has an angle bracket.
_PLAIN_TAG = re.compile(r"<(/?[^\s>/]++)[^>]*+>")
_ANGLED_VALUE = re.compile(r'="[^"<>]*+[<>]')
_HEADING = re.compile(rf"<h([1-6])({_ATTRIBUTES})>")
_ID = re.compile(r' id="([^"]*)"')
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
# Links whose words touch are things of their own: a menu, a row of tags.
_TOUCHING_LINK = re.compile(rf"</a>(?=<a{_ATTRIBUTES}>(?>(?:<[^\s/>]++{_ATTRIBUTES}>)*)\w)")
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
_ROLES = (
    ("[role=row]:not(tr)", ROW, ROW_END),
    (
        "[role=heading]:not(h1, h2, h3, h4, h5, h6), [role=term], [role=caption]",
        BREAK + BORDER,
        BORDER_END + BREAK,
    ),
)
_PERMALINK = " \u00b6\u00a7#\U0001f517\ufffc"  # what documentation tools put behind headings
# 10<sup>6</sup> is no 106, and the mark of a note behind a number is no part of it.
_EXPONENT = re.compile(r"(?<=\d)([\x06\x07])([0-9+\-\u2212]+)\x08")
_OTHER_LEVEL = re.compile(r"(?<=\d)[\x06-\x08]+(?=\d)")
_DIGITS_AND_SIGNS = "0123456789+-\u2212"
_SUPERSCRIPTS = str.maketrans(_DIGITS_AND_SIGNS, "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")
_SUBSCRIPTS = str.maketrans(_DIGITS_AND_SIGNS, "₀₁₂₃₄₅₆₇₈₉₊₋₋")
# In brackets it cannot be taken for more of the number.
_NOTE_MARK = re.compile(
    rf"<sup(?={_ATTRIBUTES}><a{_ATTRIBUTES}>(?>(?:<[^\s/>]++{_ATTRIBUTES}>)*)[^\[(<])"
)

_CAPTIONS = ("caption", "dt", "figcaption", "legend")


class _Marks(dict[str, str]):
    """What stands for a tag while the text is put together; nothing for an inline one."""

    def __missing__(self, name: str) -> str:
        return ""


# Spelled out because they are most of the tags of most pages; any other is inline as well.
_INLINE = ("a", "b", "code", "em", "font", "i", "label", "small", "span", "strong")
_PICTURES = ("img", "input", "svg")
_IN_PLACE = _Marks(
    dict.fromkeys((*_INLINE, *(f"/{name}" for name in _INLINE)), "")
    | dict.fromkeys((*BLOCKS, *(f"/{name}" for name in BLOCKS)), BREAK)
    | {f"h{level}": BREAK + HEADING for level in range(1, 7)}
    | dict.fromkeys(_PICTURES, GAP)
    | {"tr": BREAK + ROW, "/tr": ROW_END + BREAK, "dd": BREAK + BORDER + BORDER_END}
    | dict.fromkeys(_CAPTIONS, BREAK + BORDER)
    | {f"/{name}": BORDER_END + BREAK for name in _CAPTIONS}
    | {"td": CELL, "th": CELL, "sup": RAISED, "/sup": LEVEL_END, "sub": LOWERED, "/sub": LEVEL_END}
)


class _Edges(_Marks):
    """The same, with a mark for every inline tag."""

    def __missing__(self, name: str) -> str:
        return EDGE


# Browsers look across these.
SEAMLESS = ("sub", "sup", "wbr")
_MARKED = _Edges(
    {name: mark for name, mark in _IN_PLACE.items() if mark}
    | dict.fromkeys((*SEAMLESS, *(f"/{name}" for name in SEAMLESS)), "")
)
# Drawn nowhere: the places where a word may be broken, and the byte order mark.
_INVISIBLE = ("\u00ad", "\u200b", "\ufeff")


_NOSCRIPT = re.compile("<[nN][oO][sS][cC][rR][iI][pP][tT]")
_SAVED_NOSCRIPT = re.compile(r"(<noscript\b[^>]*>)([^<]*&lt;[^<]*)(?=</noscript)", re.IGNORECASE)


_ATTRIBUTE = r"""(?>(?:[^>"']++|"[^"]*+"|'[^']*+')*)"""
_IN_HEAD = re.compile(
    rf"\s++|<!--.*?-->|<!doctype[^>]*+>|</?(?:html|head|meta|link|base)\b{_ATTRIBUTE}>"
    rf"|<(script|style|title|noscript|template)\b{_ATTRIBUTE}>.*?</\1\s*>",
    re.IGNORECASE | re.DOTALL,
)


def with_noscript_as_written(source: str) -> str:
    """Return markup in which `<noscript>` holds elements again, as its author wrote it.

    A browser that runs scripts has text there, and escapes it where it saves the page. In the head
    it shows nothing of it; a parser without scripts would end the head at its first word.
    """
    if not _NOSCRIPT.search(source):
        return source
    head: list[str] = []
    place = 0
    while (found := _IN_HEAD.match(source, place)) is not None:
        head += [] if (found[1] or "").lower() == "noscript" else [found[0]]
        place = found.end()
    source = "".join(head) + source[place:]
    if "&lt;" not in source:
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
        borders: Captions and terms: a quote may begin with whole ones.
        moved: Stretches that the style puts elsewhere: a quote does not run across their ends.
        generated: Offsets of words that a style generates, with the words.
        unseen: Words that nobody sees, with the reason.
        style_read: Whether all style sheets of the page were read.
    """

    text: str
    headings: tuple[Heading, ...]
    closed: tuple[tuple[int, int], ...] = ()
    unsure: tuple[tuple[int, int], ...] = ()
    doubtful: tuple[tuple[int, int], ...] = ()
    rows: tuple[tuple[int, int], ...] = ()
    kept: tuple[tuple[int, int], ...] = ()
    borders: tuple[tuple[int, int], ...] = ()
    moved: tuple[tuple[int, int], ...] = ()
    generated: tuple[tuple[int, str], ...] = ()
    unseen: tuple[Unseen, ...] = ()
    style_read: bool = True


def mark_roles(tree: LexborHTMLParser, written: Written = ANYTHING) -> None:
    """Put the marks of rows, cells and headings around what has these roles (WAI-ARIA 1.2)."""
    if not written.has("role"):
        return
    for selector, before, behind in _ROLES:
        for node in tree.css(selector):
            if node.first_child is not None:
                node.first_child.insert_before(before)
                node.insert_child(behind)
    for cell in tree.css(_CELL_ROLES):
        cell.insert_before(CELL)


def text_of_tree(serialised: str, *, marked: bool = False) -> PageText:
    """Return the text of a serialised tree.

    Args:
        serialised: What Lexbor's serialiser wrote for the body, without the elements of
            `NOT_TEXT` and without those that are hidden.
        marked: Whether the text has `EDGE` wherever markup begins or ends within a line.
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
    if names & KEEPING_ELEMENTS or AS_BEFORE in markup:
        keep_spaces(parts)
    parts[1::2] = map((_MARKED if marked else _IN_PLACE).__getitem__, tags)
    joined = "".join(parts)
    if LEVEL_END in joined:
        joined = _OTHER_LEVEL.sub(SHIFTED, _EXPONENT.sub(_small, joined))
        joined = joined.replace(RAISED, "").replace(LOWERED, "").replace(LEVEL_END, "")
    joined = _with_single_spaces(joined)
    if KEPT in joined:
        joined = without_blank_ends(joined)
    if ROW in joined:
        joined = in_rows(joined)
    lines = joined.split(BREAK)
    stripped = [line.strip(_STRIPPED) for line in lines]
    text = _unescaped("\n".join([line for line in stripped if line]))
    text, made = resolve_places(_restored(text))
    return _with_headings(text, anchors, made)


def _with_single_spaces(text: str) -> str:
    """Return text with one space for each gap that is not marked as its own."""
    for space in "\n\t\r\f":
        if space in text:
            text = text.replace(space, " ")
    return _SPACES.sub(" ", text) if "  " in text else text


_STRIPPED = " " + CELL + KEPT_BREAK + DRAWN + SHIFTED + PLACED
_OPENING = {
    OPENED: CLOSED,
    UNSURE: CLOSED,
    DOUBTFUL: CLOSED,
    MOVED: CLOSED,
    ROW: ROW_END,
    KEPT: KEPT_END,
    BORDER: BORDER_END,
}
_CLOSING = (CLOSED, KEPT_END, ROW_END, BORDER_END)
_RESTORED = (
    (f"{HEADING} ", HEADING),
    (f"{HEADING}\n", HEADING),
    *((f"{mark}\n", mark) for mark in _OPENING),
    *((f"\n{mark}", mark) for mark in _CLOSING),
    (f" {BORDER_END}", BORDER_END),
    (CELL, "\t"),
    (KEPT_BREAK, "\n"),
    (KEPT_SPACE, " "),
    (KEPT_TAB, "\t"),
    *((character, "") for character in _INVISIBLE),
)


def _restored(text: str) -> str:
    """Return text with its own white space again, and marks at the words they belong to."""
    for place, character in _RESTORED:
        if place[0] in text and place[-1] in text:
            text = text.replace(place, character)
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
    return found[2].translate(_SUPERSCRIPTS if found[1] == RAISED else _SUBSCRIPTS)


def _anchors(markup: str) -> list[tuple[int, str]]:
    """Return level and id of each heading."""
    return [(int(found[1]), _anchor(found[2])) for found in _HEADING.finditer(markup)]


def _anchor(attributes: str) -> str:
    """Return the id among an element's attributes, or nothing."""
    identifier = _ID.search(attributes)
    return _unescaped(identifier[1]) if identifier else ""


def _unescaped(text: str) -> str:
    """Resolve what the serialiser escapes: no other references are left by then."""
    if "&" not in text:
        return text
    text = text.replace("&nbsp;", "\u00a0").replace("&lt;", "<").replace("&gt;", ">")
    return text.replace("&quot;", '"').replace("&amp;", "&")


def _with_headings(text: str, anchors: list[tuple[int, str]], made: list[str]) -> PageText:
    """Take the marks out and note where they were; `made` are words that a style generates."""
    parts = _parts_at_marks(text)
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
        elif mark == HEADING and (anchor := next(unread, None)) and (line := _first_line(part)):
            level, name = anchor
            headings.append(Heading(offset=offset, level=level, text=line, anchor=name))
        offset += len(part)
    whole = "".join(parts[::2])
    places = [place for place, one in enumerate(whole) if one == GENERATED] if made else []
    return PageText(
        whole.replace(GENERATED, UNREADABLE),
        tuple(headings),
        rows=tuple(row for row in stretches[ROW] if whole.find("\t", *row) >= 0),
        kept=tuple(stretches[KEPT]),
        closed=tuple(stretches[OPENED]),
        unsure=tuple(stretches[UNSURE]),
        doubtful=tuple(stretches[DOUBTFUL]),
        borders=tuple(sorted(stretches[BORDER])),
        moved=tuple(stretches[MOVED]),
        generated=tuple(zip(places, made, strict=True)),
    )


_MARKS = (HEADING, *_OPENING, *_CLOSING)
_ANY_MARK = re.compile(f"([{''.join(_MARKS)}])")


def _parts_at_marks(text: str) -> list[str]:
    """Return a text's parts and the marks between them, in turn."""
    found = [mark for mark in _MARKS if mark in text]
    if len(found) > 1:
        return _ANY_MARK.split(text)
    parts = text.split(found[0]) if found else [text]
    return [one for part in parts for one in (part, *found)][: 2 * len(parts) - 1]


def _first_line(part: str) -> str:
    """Return the words of a heading, without what documentation tools put behind them."""
    line = part.lstrip("\n").split("\n", 1)[0].split("\t", 1)[0]
    return line.replace(GENERATED, "").strip().rstrip(_PERMALINK)
