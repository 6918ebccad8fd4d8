"""Plain text, source code and JSON: what was sent is what is read."""

import json
import re
from typing import Any

from footnotary.extract.charset import declares_utf16, decode
from footnotary.extract.html_text import without_controls
from footnotary.extract.limits import MAX_CHARACTERS
from footnotary.models import Page, Response, UnreadableReason

_TEXT_TYPES = frozenset(
    {
        "application/ecmascript",
        "application/javascript",
        "application/sql",
        "application/toml",
        "application/xml",
        "application/x-python-code",
        "application/x-sh",
        "application/x-yaml",
        "application/yaml",
        "message/rfc822",
    }
)


class PlainExtractor:
    """Text of any kind, and bodies without a type that are no binary."""

    def reads(self, response: Response) -> bool:
        """Return whether the answer is text."""
        media_type = response.media_type
        if media_type.startswith("text/") or media_type in _TEXT_TYPES:
            return True
        unknown = media_type in ("", "application/octet-stream", "binary/octet-stream")
        return unknown and not is_binary(response.body, _content_type(response))

    def page(self, response: Response, *, text_only: bool = False) -> Page:  # noqa: ARG002  cheap
        """Return the text, line by line as it was sent."""
        return text_page(response, response.media_type or "text/plain")


class JsonExtractor:
    """JSON: its text as it was sent, so that a quote can be copied from either view."""

    def reads(self, response: Response) -> bool:
        """Return whether the answer says that it is JSON."""
        media_type = response.media_type
        return media_type.endswith(("/json", "+json", "/x-ndjson", "/jsonl"))

    def page(self, response: Response, *, text_only: bool = False) -> Page:  # noqa: ARG002  cheap
        """Return the text, laid out over lines where it came on one."""
        page = text_page(response, "application/json")
        if "\n" in page.text.strip():
            return page
        value = json_value(page.text)
        if value is None:
            return page
        text = json.dumps(value, indent=2, ensure_ascii=False)
        # an escape may be half a character, which no text can be written with
        return page.model_copy(update={"text": text.encode("utf-8", "replace").decode()})


def text_page(response: Response, media_type: str) -> Page:
    """Return a page whose text is the body, decoded.

    Text is short by nature (a licence line, a robots.txt): only an empty one is unreadable.

    Args:
        response: The answer.
        media_type: What it is read as.
    """
    content_type = _content_type(response)
    if is_binary(response.body, content_type):
        reason: UnreadableReason | None = UnreadableReason.UNSUPPORTED_TYPE
        text = ""
    elif len(response.body) > MAX_CHARACTERS:
        reason, text = UnreadableReason.TOO_COMPLEX, ""
    else:
        source = decode(response.body, content_type, markup=False)
        text = without_page_breaks(source.replace("\r\n", "\n").replace("\r", "\n"))
        text = without_controls(text).replace("\f", "\n")
        reason = None if text.strip("\ufffd \t\n") else UnreadableReason.TOO_SHORT
    return Page(
        url=response.url,
        final_url=response.final_url,
        media_type=media_type,
        text=text,
        unreadable=reason,
    )


def json_value(text: str | bytes) -> Any:
    """Return the value that JSON describes, or None for what is no JSON.

    Args:
        text: JSON.
    """
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


# The foot of one page and the head of the next, as RFCs in plain text have them.
_PAGE_BREAK = re.compile(r"(?<!\n)\n+[^\n]*\[Page [\divxlc]+\][ \t]*\n*\f\n?[^\n]*\n{1,3}")


def without_page_breaks(text: str) -> str:
    """Return text without the page furniture that cuts the sentences of RFCs in two.

    Args:
        text: Plain text with form feeds between its pages (RFC 7994 §4.1, RFC 2223 §3).
    """
    return _PAGE_BREAK.sub("\n", text) if "\f" in text else text


def is_binary(body: bytes, content_type: str = "") -> bool:
    """Return whether bytes are no text: they hold NUL, and nothing says that they are UTF-16.

    Args:
        body: The bytes, or the first of them.
        content_type: The `Content-Type` header.
    """
    if b"\0" not in body[:8192] or body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    return not declares_utf16(content_type)


def _content_type(response: Response) -> str:
    return response.headers.get("content-type", "")
