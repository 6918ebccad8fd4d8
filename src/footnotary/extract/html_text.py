"""From a parsed tree to the words a reader sees, block by block.

Lexbor serialises the tree, which makes well-formed markup of whatever came in; a few
regular expressions then turn tags into line breaks (blocks), tabs (cells) or nothing
(inline), at the speed of C. Walking the tree node by node costs five times as much.
"""

import re
from dataclasses import dataclass

from footnotary.models import Heading

# Elements whose content is no text of the page. `iframe`, `object`, `video` and their
# like hold a fallback that a browser does not show; `rt` and `rp` are readings set
# above the words (the words themselves stay whole); `datalist` is a list of suggestions.
NOT_TEXT = (
    "annotation",
    "annotation-xml",
    "audio",
    "canvas",
    "datalist",
    "head",
    "iframe",
    "noembed",
    "noframes",
    "object",
    "rp",
    "rt",
    "rtc",
    "script",
    "style",
    "template",
    "video",
)
# `display: block` and its like in the HTML standard's rendering section, plus controls,
# which a reader sees as boxes of their own.
BLOCKS = (
    "address|article|aside|blockquote|body|br|button|caption|center|dd|details|dialog|dir|div"
    "|dl|dt|fieldset|figcaption|figure|footer|form|frameset|h[1-6]|header|hgroup|hr|html|legend"
    "|li|listing|main|menu|nav|ol|optgroup|option|p|plaintext|pre|search|section|select|summary"
    "|table|tbody|textarea|tfoot|thead|tr|ul|xmp"
)
# Lexbor writes each attribute as ` name="value"` with quotes inside values escaped, but
# names keep what they had, quotes included.
_ATTRIBUTES = r"""(?: [^\s/>][^\s/>=]*="[^"]*")*"""
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_HEADING = re.compile(rf"<h([1-6])({_ATTRIBUTES})>")
_ID = re.compile(r' id="([^"]*)"')
_PRE = re.compile(rf"<(pre|listing|xmp|plaintext|textarea){_ATTRIBUTES}>(.*?)</\1>", re.DOTALL)
_CELL = re.compile(rf"</t[dh]>\s*<t[dh]{_ATTRIBUTES}>")
_BLOCK = re.compile(rf"</?(?:{BLOCKS}|td|th){_ATTRIBUTES}>")
_TAG = re.compile(rf"</?[^\s>/]+{_ATTRIBUTES}/?>")
_TAG_PARTS = re.compile(rf"(</?[^\s>/]+{_ATTRIBUTES}/?>)")
_SPACES = re.compile(r"[ \t\n\r\f]+")
# Each of these runs after the one before has made long runs short: a run that is scanned
# in vain from each of its characters costs the square of its length.
_AROUND_CELL = re.compile(r"[ \t]*\t[ \t]*")
_AROUND_BREAK = re.compile(r"[ \t\v]*\v[ \t\v]*")
_AROUND_MARK = re.compile(r"[ \t\n]*\x01[ \t\n]*")
# Stand-ins while tags are being removed. Control characters are dropped from the input.
_BREAK = "\v"
_MARK = "\x01"
_KEPT_BREAK = "\x02"
_KEPT_SPACE = "\x03"
_KEPT_TAB = "\x04"
_KEEPING = str.maketrans({"\n": _KEPT_BREAK, " ": _KEPT_SPACE, "\t": _KEPT_TAB})
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")
# Drawn nowhere: the places where a word may be broken, and the byte order mark.
_INVISIBLE = ("\u00ad", "\u200b", "\ufeff")


@dataclass(frozen=True)
class Text:
    """The words of a page.

    Attributes:
        text: One block a line.
        headings: Headings in order.
    """

    text: str
    headings: tuple[Heading, ...]


def without_controls(source: str) -> str:
    """Return markup without the control characters that this module uses as marks."""
    return _CONTROL.sub("", source) if _CONTROL.search(source) else source


def text_of(serialised: str) -> Text:
    """Return the text of a serialised tree.

    Args:
        serialised: What Lexbor's serialiser wrote for the body, without the elements of
            `NOT_TEXT` and without those that are hidden.
    """
    markup = _COMMENT.sub("", serialised)
    anchors: list[tuple[int, str]] = []
    markup = _HEADING.sub(lambda found: _marked(found, anchors), markup)
    markup = _PRE.sub(_kept, markup)
    markup = _CELL.sub("\t", _SPACES.sub(" ", markup))
    markup = _BLOCK.sub(_BREAK, markup)
    text = _unescaped(_TAG.sub("", markup))
    text = _AROUND_BREAK.sub("\n", _AROUND_CELL.sub("\t", text))
    text = _AROUND_MARK.sub("\n\x01", text)
    text = text.replace(_KEPT_BREAK, "\n").replace(_KEPT_SPACE, " ").replace(_KEPT_TAB, "\t")
    for character in _INVISIBLE:
        if character in text:
            text = text.replace(character, "")
    return _with_headings(text.strip(" \n\t"), anchors)


def _marked(found: re.Match[str], anchors: list[tuple[int, str]]) -> str:
    """Leave a mark where a heading begins, and keep its level and id."""
    identifier = _ID.search(found[2])
    anchors.append((int(found[1]), _unescaped(identifier[1]) if identifier else ""))
    return f"{found[0]}{_MARK}"


def _kept(found: re.Match[str]) -> str:
    """Return a preformatted element whose white space outlives the collapsing."""
    parts = _TAG_PARTS.split(found[2])
    parts[::2] = [part.translate(_KEEPING) for part in parts[::2]]
    return f"<pre>{''.join(parts).strip(_KEPT_BREAK)}</pre>"


def _unescaped(text: str) -> str:
    """Resolve what the serialiser escapes: no other references are left by then."""
    if "&" not in text:
        return text
    text = text.replace("&nbsp;", "\u00a0").replace("&lt;", "<").replace("&gt;", ">")
    return text.replace("&quot;", '"').replace("&amp;", "&")


def _with_headings(text: str, anchors: list[tuple[int, str]]) -> Text:
    """Take the marks out and note where they stood."""
    parts = text.split(_MARK)
    offset = len(parts[0])
    headings = []
    for part, (level, anchor) in zip(parts[1:], anchors, strict=False):
        line = part.lstrip("\n").split("\n", 1)[0].strip()
        if line:
            headings.append(Heading(offset=offset, level=level, text=line, anchor=anchor))
        offset += len(part)
    return Text("".join(parts), tuple(headings))
