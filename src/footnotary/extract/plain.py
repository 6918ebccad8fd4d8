"""Plain text and source code: what was sent is what is read."""

import json
import re
from typing import Any

from footnotary.extract.charset import decode, without_controls
from footnotary.extract.limits import MAX_CHARACTERS
from footnotary.extract.sniffing import is_binary, is_text
from footnotary.models import Page, Response, UnreadableReason

APART = "\n\n\u2042\n\n"
"""Between a text as it is written and its words: no quote runs from one into the other."""

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
_CODE_TYPES = _TEXT_TYPES - {"application/xml", "message/rfc822"} | {
    "text/css",
    "text/javascript",
    "text/x-python",
    "text/x-script.python",
    "text/x-sh",
    "text/x-yaml",
    "text/yaml",
}
_CODE_SUFFIXES = (
    *(".c", ".cc", ".cfg", ".conf", ".cpp", ".cs", ".css", ".go", ".h", ".hpp", ".ini", ".java"),
    *(".js", ".jsx", ".kt", ".lua", ".php", ".pl", ".py", ".pyi", ".pyx", ".rb", ".rs", ".scala"),
    *(".sh", ".sql", ".swift", ".tf", ".toml", ".ts", ".tsx", ".yaml", ".yml"),
    *("/dockerfile", "/makefile"),
)


class PlainExtractor:
    """Text of any kind, and bodies of other types that are text all the same."""

    def reads(self, response: Response) -> bool:
        """Return whether the answer is text."""
        media_type = response.media_type
        if media_type.startswith("text/") or media_type in _TEXT_TYPES:
            return True
        return is_text(response.body, media_type)

    def page(self, response: Response, *, text_only: bool = False) -> Page:  # noqa: ARG002  cheap
        """Return the text, line by line as it was sent."""
        page = text_page(response, response.media_type or "text/plain")
        if page.text and is_code(response):
            return page.model_copy(update={"kept": ((0, len(page.text)),)})
        return page


def is_code(response: Response) -> bool:
    """Return whether an answer is source code or settings, in which lines and indentation count.

    Args:
        response: The answer.
    """
    return response.media_type in _CODE_TYPES or response.path.endswith(_CODE_SUFFIXES)


def text_page(response: Response, media_type: str, *, markup: bool = False) -> Page:
    """Return a page whose text is the body, decoded.

    Text is short by nature (a licence line, a robots.txt): only an empty one is unreadable.

    Args:
        response: The answer.
        media_type: What it is read as.
        markup: Whether it can name its encoding inside.
    """
    content_type = response.headers.get("content-type", "")
    if is_binary(response.body, content_type):
        reason: UnreadableReason | None = UnreadableReason.UNSUPPORTED_TYPE
        text = ""
    elif len(response.body) > MAX_CHARACTERS:
        reason, text = UnreadableReason.TOO_COMPLEX, ""
    else:
        source = decode(response.body, content_type, markup=markup)
        text = without_page_breaks(source.replace("\r\n", "\n").replace("\r", "\n"))
        text = _without_terminal_marks(text)
        text = without_controls(text).replace("\f", "\n")
        reason = None if text.strip("\ufffd \t\n") else UnreadableReason.TOO_SHORT
    return Page(
        url=response.url,
        final_url=response.final_url,
        media_type=media_type,
        text=text,
        unreadable=reason,
    )


# A value takes some fifty bytes, an object or list three hundred.
_MOST_VALUES = 800_000
_MOST_CONTAINERS = 250_000
# How deep a parser reads, and what reads its value behind it, is another matter in each Python.
MOST_NESTED = 200
_BRACKET = re.compile(rb'"(?:[^"\\]|\\.)*+"|[\[{]|[\]}]', re.DOTALL)


def json_value(text: str | bytes) -> Any:
    """Return the value that JSON describes, or None for what is no JSON, or too much of it.

    Args:
        text: JSON.
    """
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    opened = data.count(b"{") + data.count(b"[")
    if data.count(b",") > _MOST_VALUES or opened > _MOST_CONTAINERS:
        return None
    if opened > MOST_NESTED and _is_nested_deeply(data):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _is_nested_deeply(data: bytes) -> bool:
    """Return whether lists and objects of JSON lie deeper in each other than `MOST_NESTED`."""
    depth = 0
    for found in _BRACKET.finditer(data):
        if found[0] in (b"[", b"{"):
            depth += 1
            if depth > MOST_NESTED:
                return True
        elif found[0] in (b"]", b"}"):
            depth -= 1
    return False


# Bold and underlined letters of manual pages (`N\bN`, `_\bN`), colours and links of terminals
# (ECMA-48, section 5.4).
_OVERSTRUCK = re.compile("[^\n]\b")
_TERMINAL = re.compile("\x1b\\[[0-?]*[ -/]*[@-~]|\x1b\\][^\x07\x1b\n]*(?:\x07|\x1b\\\\)")


def _without_terminal_marks(text: str) -> str:
    """Return text as a terminal shows it."""
    if "\b" in text:
        text = _OVERSTRUCK.sub("", text)
    return _TERMINAL.sub("", text) if "\x1b" in text else text


# The foot of one page and the head of the next, as RFCs in plain text have them.
_PAGE_BREAK = re.compile(r"(?<!\n)\n+[^\n]*\[Page [\divxlc]+\][ \t]*\n*\f\n?[^\n]*\n{1,3}")


def without_page_breaks(text: str) -> str:
    """Return text without the page furniture that cuts the sentences of RFCs in two.

    Args:
        text: Plain text with form feeds between its pages (RFC 7994 §4.1, RFC 2223 §3).
    """
    return _PAGE_BREAK.sub("\n", text) if "\f" in text else text
