"""PDF: text page by page (the extra `pdf`)."""

import re
from datetime import date
from typing import Any

from footnotary.extract.charset import without_controls
from footnotary.extract.limits import refuse_heavy
from footnotary.extract.metadata.names import letters_of, stated_names
from footnotary.extract.page_furniture import without_furniture
from footnotary.extract.pdf_lines import page_text
from footnotary.extract.pdf_page import Char, read_chars
from footnotary.extract.sniffing import is_pdf
from footnotary.extract.typesetting import BREAK, joined
from footnotary.models import Page, Response, UnreadableReason, Unseen

_MOST_PAGES = 2_000
_MOST_CHARACTERS = 20_000_000
# How PDFium writes a hyphen at the end of a line, and how some files do.
_BREAKS = re.compile("[\ufffe\x02\u00ad][ \t]*\n?")
_PDF_DAY = re.compile(r"^D:((?:19|20)\d\d)([01]\d)([0-3]\d)")
# Titles that programs write without being asked: their own names, a file's.
_FILE_NAME = re.compile(
    r"^(?:microsoft (?:word|powerpoint|excel|publisher)\b.*|powerpoint presentation|untitled\b.*"
    r"|(?:document|slide|book|layout|page|presentation|new \w+ document)\W*\d*|.*\.\w{2,4}|\S*)$",
    re.IGNORECASE,
)
_FIRST_PAGES = 3  # on which a document names its title and its authors


class PdfExtractor:
    """PDF by its type or its first bytes."""

    def reads(self, response: Response) -> bool:
        """Return whether the answer is a PDF."""
        return response.media_type in ("application/pdf", "application/x-pdf") or is_pdf(
            response.body
        )

    def page(self, response: Response, *, text_only: bool = False) -> Page:  # noqa: ARG002  cheap
        """Return the text, each page beginning at one of `page_starts`.

        An author that the first pages do not name is the owner of an account, not an author.
        A scan has no text: too short. Without the extra `pdf`, and for files that are
        broken or locked, the type is unsupported.
        """
        refuse_heavy(len(response.body), 0)
        texts, facts, unseen = _read(response.body)
        starts, offset = [], 0
        for text in texts:
            starts.append(offset)
            offset += len(text) + 1
        whole = "\n".join(texts)
        head = letters_of(" ".join(texts[:_FIRST_PAGES]))
        title = _title(" ".join(facts.get("Title", "").split()), head)
        authors = tuple(
            name for name in stated_names([facts.get("Author", "")]) if letters_of(name) in head
        )
        modified = _day(facts.get("ModDate", "")) or _day(facts.get("CreationDate", ""))
        origins = {
            "title": "PDF Title" if title else "",
            "authors": "PDF Author" if authors else "",
            "modified": "PDF ModDate" if modified else "",
        }
        reason = None if whole.strip() else UnreadableReason.TOO_SHORT
        if len(texts) > _MOST_PAGES or len(whole) > _MOST_CHARACTERS:
            whole, reason = "", UnreadableReason.TOO_COMPLEX  # half a text is no evidence
        return Page(
            url=response.url,
            final_url=response.final_url,
            title=title,
            authors=authors,
            modified=modified,
            media_type="application/pdf",
            text=whole,
            page_starts=tuple(starts),
            unseen=unseen,
            origins={name: origin for name, origin in origins.items() if origin},
            unreadable=reason if texts else UnreadableReason.UNSUPPORTED_TYPE,
        )


def _read(body: bytes) -> tuple[list[str], dict[str, str], tuple[Unseen, ...]]:
    """Return the text of each page, what the file says of itself, and what nobody sees."""
    try:
        import pypdfium2
    except ImportError:
        return [], {}, ()
    try:
        document = pypdfium2.PdfDocument(body)
    except pypdfium2.PdfiumError:
        return [], {}, ()
    try:
        texts, unseen = _pages(document, pypdfium2.PdfiumError)
        return texts, _facts(document), tuple(unseen)
    finally:
        document.close()


def _pages(document: Any, broken: type[Exception]) -> tuple[list[str], list[Unseen]]:
    """Return the text of each page, a broken page being an empty one, and what nobody sees."""
    texts: list[str] = []
    unseen: list[Unseen] = []
    length = 0
    for index in range(min(len(document), _MOST_PAGES + 1)):
        try:
            page = document[index]
            chars = read_chars(page)
            page.close()
            text = page_text([one for one in chars if not one.hidden])
            unseen += _unseen(chars)
        except (broken, ValueError):
            text = ""
        text = _BREAKS.sub(BREAK, text.replace("\r\n", "\n").replace("\r", "\n"))
        texts.append(without_controls(text))
        length += len(text)
        if length > _MOST_CHARACTERS:
            break
    return joined(without_furniture(texts)), unseen


def _unseen(chars: list[Char]) -> list[Unseen]:
    """Return the words of a page that nobody sees, by what hides them."""
    found: dict[str, list[Char]] = {}
    for one in chars:
        if one.hidden:
            found.setdefault(one.hidden, []).append(one)
    texts = {reason: without_controls(page_text(hidden)) for reason, hidden in found.items()}
    return [Unseen(text=text, reason=reason) for reason, text in texts.items() if text.strip()]


def _facts(document: Any) -> dict[str, str]:
    """Return the document's information dictionary."""
    found = document.get_metadata_dict()
    return {str(name): without_controls(str(value)) for name, value in found.items()}


def _title(title: str, head: str) -> str:
    """Return a file's title; one that may be a file's name has to stand on the first pages."""
    printed = bool(title) and letters_of(title) in head
    return title if printed or not _FILE_NAME.match(title) else ""


def _day(stated: str) -> date | None:
    """Return the day of a PDF date (ISO 32000-1 §7.9.4), or None.

    It is the day on which a program wrote the file, not one of publication.
    """
    found = _PDF_DAY.match(stated)
    if found is None:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None
