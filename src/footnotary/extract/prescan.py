"""The encoding that a page of HTML names in its head, found in its bytes before it is parsed.

WHATWG HTML, "prescan a byte stream to determine its encoding", as browsers do it on real
pages: what stands in scripts, styles and titles is no tag, and the whole head is looked
through, however long its styles are.
"""

import re
from collections.abc import Iterator

UNCONDITIONAL = 1024
"""Bytes that are looked through whatever stands in them; behind them only the head counts."""

_LONGEST = 2_000_000
_TAG = re.compile(rb"<(?:(!--)|[!?]|(/?)([a-zA-Z][^\s/>]*))")
_ATTRIBUTE = re.compile(
    rb"""[\s/]*([^\s/>][^\s/>=]*)\s*(?:=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]*)))?"""
)
_IN_CONTENT = re.compile(
    rb"""charset\s*=\s*(?:"([^"]*)"|'([^']*)'|(?!["'])([^\s;]*))""", re.IGNORECASE
)
_WITHOUT_TAGS = {
    name: re.compile(rb"</%b[\s/>]" % name, re.IGNORECASE)
    for name in (b"script", b"style", b"title")
}
_OF_HEAD = frozenset(
    (b"html", b"head", b"meta", b"link", b"base", b"object", b"noscript", *_WITHOUT_TAGS)
)


def labels(body: bytes) -> Iterator[bytes]:
    """Yield the labels that the `<meta>` elements of a page's head give, in order.

    Args:
        body: The page, in an encoding that writes ASCII as ASCII.
    """
    position, in_head, end = 0, True, min(len(body), _LONGEST)
    while tag := _TAG.search(body, position, end):
        if not in_head and tag.start() >= UNCONDITIONAL:
            break
        name = (tag[3] or b"").lower()
        if not name:
            position = _behind(body, b"-->" if tag[1] else b">", tag.start() + 2, end)
            continue
        attributes, position = _attributes(body, tag.end(), end)
        if tag[2]:
            in_head = in_head and name in _OF_HEAD and name not in (b"head", b"html")
            continue
        in_head = in_head and name in _OF_HEAD
        if name == b"meta" and (label := _label(attributes)):
            yield label
        if name in _WITHOUT_TAGS:
            closing = _WITHOUT_TAGS[name].search(body, position, end)
            position = closing.start() if closing else end


def _behind(body: bytes, mark: bytes, position: int, end: int) -> int:
    """Return the place behind a mark; the end where there is none."""
    found = body.find(mark, position, end)
    return found + len(mark) if found >= 0 else end


def _attributes(body: bytes, position: int, end: int) -> tuple[dict[bytes, bytes], int]:
    """Return a tag's attributes, the first of each name, and the place behind the tag."""
    attributes: dict[bytes, bytes] = {}
    while found := _ATTRIBUTE.match(body, position, end):
        value = found[2] or found[3] or found[4] or b""
        attributes.setdefault(found[1].lower(), value)
        position = found.end()
    return attributes, _behind(body, b">", position, end)


def _label(attributes: dict[bytes, bytes]) -> bytes:
    """Return the label that one `<meta>` gives, or nothing."""
    if b"charset" in attributes:
        return attributes[b"charset"].strip()
    if attributes.get(b"http-equiv", b"").strip().lower() != b"content-type":
        return b""
    found = _IN_CONTENT.search(attributes.get(b"content", b""))
    return (found[1] or found[2] or found[3] or b"").strip() if found else b""
