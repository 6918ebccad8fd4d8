"""What a body is by its bytes, where its type says nothing (WHATWG MIME Sniffing)."""

import re

from footnotary.extract.charset import declares_utf16

UNTYPED = frozenset(
    (
        *("", "*/*", "unknown/unknown", "application/unknown", "application/octet-stream"),
        *("binary/octet-stream", "application/download", "application/force-download"),
        *("application/x-download", "application/x-force-download"),
    )
)
"""Media types that say nothing of what is in a body."""

UNSENT = frozenset({"", "*/*", "unknown/unknown", "application/unknown"})
"""Those of them that browsers take for no type at all; the others are downloads."""

TOLD_BY_NAME = UNTYPED | {"text/plain"}
"""Those under which servers send files of all kinds: their names say what they are."""

MARKDOWN_SUFFIXES = (".md", ".markdown", ".mdx", ".mdown", ".mkd", ".mkdn")
"""How names of Markdown files end."""

_HEAD = 8192
_FIRST = 1024
_BLANK = b"\xef\xbb\xbf \t\r\n\x0c"
# "binary data bytes" of the standard, section 3
_BINARY = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_PAGE = (b"<!doctype html", b"<html", b"<head", b"<body")
# section 7.1, "identifying a resource with an unknown MIME type"
_HTML = re.compile(
    rb"<(?:!doctype html|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p)[\s>]"
    rb"|<!--",
    re.IGNORECASE,
)


def is_pdf(body: bytes) -> bool:
    """Return whether a body begins as PDF files do, whatever its type says.

    Args:
        body: The body.
    """
    return body[:_FIRST].lstrip().startswith(b"%PDF-")


def begins_as_html(body: bytes, *, whole: bool) -> bool:
    """Return whether a body begins as a web page.

    Args:
        body: The body.
        whole: Whether it has to be a whole page, as in a download or a file of Markdown; a
            fragment of HTML will do for browsers where no type was sent.
    """
    head = body[:_FIRST].lstrip(_BLANK)
    return head.lower().startswith(_PAGE) or (not whole and _HTML.match(head) is not None)


def is_binary(body: bytes, content_type: str = "") -> bool:
    """Return whether a text is none: it holds NUL, and nothing says that it is UTF-16.

    Args:
        body: The bytes, or the first of them.
        content_type: The `Content-Type` header.
    """
    if b"\0" not in body[:_HEAD] or body.startswith(_UTF16):
        return False
    return not declares_utf16(content_type)


def is_text(body: bytes, media_type: str) -> bool:
    """Return whether a body of a type that is no text is text all the same.

    Servers give `.ts` the type of a video and `.proto` that of a message; what is UTF-8
    throughout, without a control byte, is neither.

    Args:
        body: The body.
        media_type: Its media type; where that says nothing, older encodings count too.
    """
    if body.startswith(_UTF16):
        return media_type in UNTYPED
    if _BINARY.search(body, 0, _HEAD):
        return False
    if media_type in UNTYPED:
        return True
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
