"""Plain text, source code and RFCs: what was sent is what is read."""

import calendar
import json
import re
from datetime import date
from typing import Any

from footnotary.extract.charset import declares_utf16, decode, without_controls
from footnotary.extract.parsing import MAX_CHARACTERS
from footnotary.models import Heading, Page, Response, UnreadableReason

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
    """Return whether an answer is source code or settings, in which lines and indentation count."""
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
_BRACKET = re.compile(rb'"(?>(?:[^"\\]|\\.)*)"|[\[{]|[\]}]', re.DOTALL)


def json_value(text: str | bytes) -> Any:
    """Return the value that JSON describes, or None for what is not JSON, or too much of it."""
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


_SIGN = re.compile(
    rb"^\s*(?:Network Working Group|Internet Engineering Task Force|Internet Architecture Board"
    rb"|Independent Submission|Internet Research Task Force)\b|^(?:Request for Comments: +\d+"
    rb"|RFC: *\d+|Internet-Draft )",
    re.IGNORECASE | re.MULTILINE,
)
_FOOT_AND_HEAD = re.compile(
    r"\n[^\n]*\[[Pp]age +[\divxlc]+\][ \t]*\n+(?:\f\n*(?:(?:RFC|Internet-Draft)[^\n]*\n+)?)?"
    r"(?:RFC \d+ [^\n]* (?:January|February|March|April|May|June|July|August|September|October"
    r"|November|December) \d{4}\n+)?"
)
_HEADING = re.compile(
    r"^(?P<number>\d+(?:\.\d+)*|(?:Appendix )?[A-Z](?:\.\d+)*)\.? {1,3}"
    r"(?P<words>[A-Z\"][^\n]{2,70})$",
    re.MULTILINE,
)
_LEADERS = re.compile(r"\.{3,}|(?: \.){2,}|\s\d+$")
_MONTHS = tuple(calendar.month_name)[1:]
_DATE = re.compile(
    rf"\b(?:(\d{{1,2}}) )?({'|'.join(_MONTHS)}) (?:(\d{{1,2}}), )?(\d{{4}})$", re.MULTILINE
)
_CENTRED = re.compile(r"\n\n {3,}(\S[^\n]*(?:\n {3,}\S[^\n]*){0,3})\n\n")
_HEAD = 3000


class RfcExtractor:
    """Plain text laid out as the RFC Editor does."""

    def reads(self, response: Response) -> bool:
        """Return whether the answer is the text of an RFC or Internet-Draft."""
        return response.media_type in ("text/plain", "") and bool(
            _SIGN.search(response.body[:2000])
        )

    def page(self, response: Response, *, text_only: bool = False) -> Page:  # noqa: ARG002  cheap
        """Return the text without page breaks, with title, date and sections."""
        page = text_page(response, response.media_type or "text/plain")
        text = join_text_pages(page.text).strip("\n")
        published = _published(text)
        fields = {"title": _title(text), "published": published}
        return page.model_copy(
            update={
                **fields,
                "text": text,
                "headings": _headings(text),
                "language": "en",
                "origins": {name: "text" for name, value in fields.items() if value},
            }
        )


def join_text_pages(text: str) -> str:
    """Return a text without feet, form feeds and heads of pages."""
    plain = _FOOT_AND_HEAD.sub("\n", text).replace("\f", "\n")
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"(?<![ \t])[ \t]+$", "", plain, flags=re.MULTILINE))


def _headings(text: str) -> tuple[Heading, ...]:
    """Return the numbered sections; lines of the table of contents are none."""
    return tuple(
        Heading(
            offset=found.start(),
            level=min(6, 1 + found["number"].count(".")),
            text=found[0],
            anchor=_anchor(found["number"]),
        )
        for found in _HEADING.finditer(text)
        if not _LEADERS.search(found["words"])
    )


def _anchor(number: str) -> str:
    """Return the id that the RFC Editor's pages give a section."""
    if number.startswith("Appendix "):
        return f"appendix-{number.removeprefix('Appendix ')}"
    return f"{'section' if number[0].isdigit() else 'appendix'}-{number}"


def _title(text: str) -> str:
    """Return the centred title above the first paragraph, or nothing."""
    found = _CENTRED.search(text, 0, _HEAD)
    return " ".join(found[1].split()) if found else ""


def _published(text: str) -> date | None:
    """Return the day in the head; the first of the month where only that is given."""
    found = _DATE.search(text, 0, _HEAD)
    if found is None:
        return None
    day = int(found[1] or found[3] or 1)
    try:
        return date(int(found[4]), _MONTHS.index(found[2]) + 1, day)
    except ValueError:
        return None


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

_SNIFFED = 8192
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
    """Return whether a body begins as PDF files do, whatever its type says."""
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
    """Return whether a text is none: it holds NUL, and nothing says that it is UTF-16."""
    if b"\0" not in body[:_SNIFFED] or body.startswith(_UTF16):
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
    if _BINARY.search(body, 0, _SNIFFED):
        return False
    if media_type in UNTYPED:
        return True
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
