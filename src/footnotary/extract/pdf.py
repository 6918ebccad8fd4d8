"""PDF: text page by page, through pypdf (extra `pdf`)."""

import io
import logging
import re
from itertools import accumulate
from typing import TYPE_CHECKING

from footnotary.errors import UnreadableError
from footnotary.extract.html_text import without_controls
from footnotary.models import Page, Response, UnreadableReason

if TYPE_CHECKING:
    from pypdf import PdfReader

MAX_PAGES = 3000
MAX_CHARACTERS = 20_000_000
_TYPES = frozenset({"application/pdf", "application/x-pdf"})
_BROKEN_WORD = re.compile(r"([^\W\d_]+)[-\u2010\u00ad][ \t]*\n[ \t]*([^\W\d_]+)")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


class PdfExtractor:
    """PDF files that hold text."""

    def reads(self, response: Response) -> bool:
        """Return whether the answer is PDF, whatever its type says."""
        return response.media_type in _TYPES or response.body.startswith(b"%PDF-")

    def page(self, response: Response) -> Page:
        """Return the text with the offset at which each page begins.

        Raises:
            UnreadableError: The extra `pdf` is not installed.
        """
        page = Page(url=response.url, final_url=response.final_url, media_type="application/pdf")
        try:
            from pypdf import PdfReader
        except ImportError:
            raise UnreadableError(
                f"{response.final_url} is PDF, and the reader for PDF is not installed.",
                reason=UnreadableReason.UNSUPPORTED_TYPE.value,
                hint='pip install "footnotary[pdf]"',
            ) from None
        if b"%PDF-" not in response.body[:1024]:
            return page.model_copy(update={"unreadable": UnreadableReason.UNSUPPORTED_TYPE})
        # It reports every flaw of a file on stderr, which is for our own sentences.
        logging.getLogger("pypdf").setLevel(logging.CRITICAL)
        try:
            reader = PdfReader(io.BytesIO(response.body), strict=False)
            pages = _pages(reader)
            about = _about(reader)
        except Exception:  # noqa: BLE001  pypdf raises on broken files whatever its code met
            return page.model_copy(update={"unreadable": UnreadableReason.UNSUPPORTED_TYPE})
        if not any(pages):  # pictures of text
            return page.model_copy(update={"unreadable": UnreadableReason.TOO_SHORT})
        starts = tuple(accumulate((len(text) + 1 for text in pages[:-1]), initial=0))
        return page.model_copy(update={"text": "\n".join(pages), "page_starts": starts, **about})


def _pages(reader: "PdfReader") -> list[str]:
    """Return the text of each page."""
    if len(reader.pages) > MAX_PAGES:
        raise ValueError("more pages than are read")
    raw, size = [], 0
    for page in reader.pages:
        raw.append(_lines(page.extract_text()))
        size += len(raw[-1])
        if size > MAX_CHARACTERS:
            raise ValueError("more text than is read")
    words = {word.lower() for text in raw for word in _WORD.findall(text)}
    return [unbroken(text, words) for text in raw]


def _lines(text: str) -> str:
    """Return a page's lines without the white space around them."""
    # Broken fonts give halves of surrogate pairs, which no file can hold.
    text = without_controls(text).encode("utf-8", "replace").decode()
    return "\n".join(line.strip() for line in text.split("\n") if line.strip())


def unbroken(text: str, words: set[str]) -> str:
    """Join the words that a line end broke.

    A hyphen at a line's end may be the word's own (`well-` `known`): it stays where the file
    has the hyphenated word elsewhere, or has the second half and not the joined word.

    Args:
        text: Lines.
        words: Every word of the file in lower case.
    """

    def join(found: re.Match[str]) -> str:
        first, second = found.groups()
        joined, hyphenated = f"{first}{second}", f"{first}-{second}"
        if joined.lower() in words or not second[0].islower():
            return joined if second[0].islower() else f"{hyphenated}\n"
        return f"{hyphenated}\n" if hyphenated.lower() in words else f"{joined}\n"

    return _BROKEN_WORD.sub(join, text)


def _about(reader: "PdfReader") -> dict[str, object]:
    """Return what the file's information dictionary says, with its origin."""
    info = reader.metadata
    if info is None:
        return {}
    fields: dict[str, object] = {
        "title": " ".join(str(info.title or "").split()),
        "authors": tuple(
            name.strip() for name in str(info.author or "").split(";") if name.strip()
        ),
    }
    created = info.creation_date
    if created is not None:
        fields["published"] = created.date()
    fields = {name: value for name, value in fields.items() if value}
    return fields | {"origins": dict.fromkeys(fields, "pdf information")}
