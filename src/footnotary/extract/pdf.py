"""PDF: text page by page (the extra `pdf`)."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from footnotary.extract.charset import without_controls
from footnotary.extract.parsing import refuse_heavy
from footnotary.extract.pdf_chars import Char
from footnotary.extract.pdf_lines import page_text
from footnotary.extract.pdf_page import read_chars
from footnotary.extract.plain import is_pdf
from footnotary.models import Page, Response, UnreadableReason, Unseen

_MOST_PAGES = 2_000
_MOST_CHARACTERS = 20_000_000
# How PDFium writes a hyphen at the end of a line, and how some files do.
_BREAKS = re.compile("[\ufffe\x02\u00ad][ \t]*\n?")
_PDF_DAY = re.compile(r"^D:((?:19|20)\d\d)([01]\d)([0-3]\d)")
# Titles that programs write without being asked: their own names, a file's.
_FILE_NAME = re.compile(
    r"^(?:microsoft (?:word|powerpoint|excel|publisher)\b.*|powerpoint presentation|untitled\b.*"
    r"|(?:la)?tex document|(?:no|sans|ohne|sin) t(?:itle|itre|itel|[ií]tulo)"
    r"|unbenannt\b.*|new microsoft .*"
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
        from footnotary.extract.metadata.names import letters_of, stated_names

        refuse_heavy(len(response.body), 0)
        texts, facts, unseen = _read(response.body)
        starts, offset = [], 0
        for text in texts:
            starts.append(offset)
            offset += len(text) + 1
        whole = "\n".join(texts)
        head = letters_of(" ".join(texts[:_FIRST_PAGES]))
        title = " ".join(facts.get("Title", "").split())
        if _FILE_NAME.match(title) and letters_of(title) not in head:
            title = ""
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
    return join_broken_words(without_furniture(texts)), unseen


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


BREAK = "\ufffe"
"""What stands for a hyphen at the end of a line."""

_BROKEN = re.compile(rf"(?<![^\W_])([^\W_]+){BREAK}\s*([^\W_]+)")
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
# A number that goes on behind a hyphen: an ISBN, a range.
_AT_LINE_END = re.compile(r"(?<=\w)-\n(?=\d)")


# TeX's older fonts draw an accent, then the letter. An acute or a grave that is typed for an
# apostrophe is before a consonant.
_ACCENTS = {
    "\u00a8": "\u0308",
    "\u00b8": "\u0327",
    "\u02c6": "\u0302",
    "\u02dc": "\u0303",
    "\u02c7": "\u030c",
    "\u02da": "\u030a",
    "\u00b4": "\u0301",
    "\u02cb": "\u0300",
}
_ACCENTED = re.compile(
    r"([\u00a8\u00b8\u02c6\u02dc\u02c7\u02da])([A-Za-z\u0131])|([\u00b4\u02cb])([AEIOUYaeiouy\u0131])"
)


def join_broken_words(texts: list[str]) -> list[str]:
    """Return texts with the words whole that their lines break, and letters with their accents.

    A word that the document writes with a hyphen elsewhere keeps it; so does what is no
    ordinary word (`HP-/GL`, `R-/help`). Any other is one word.

    Args:
        texts: The pages of one document, with `BREAK` for hyphens at line ends.
    """
    known = {word.casefold() for text in texts for word in _WORD.findall(text)}

    def whole(found: re.Match[str]) -> str:
        left, right = found[1], found[2]
        one, two = f"{left}{right}", f"{left}-{right}"
        if not (left[-1].islower() and right[0].islower()):
            return two
        return two if two.casefold() in known and one.casefold() not in known else one

    whole_words = (_BROKEN.sub(whole, text).replace(BREAK, "-") for text in texts)
    return [_ACCENTED.sub(_composed, _AT_LINE_END.sub("-", text)) for text in whole_words]


def _composed(found: re.Match[str]) -> str:
    """Return an accent and its letter as one character, where there is one."""
    accent, letter = found[1] or found[3], found[2] or found[4]
    plain = letter.replace("\u0131", "i")  # an accent takes the place of the dot
    one = unicodedata.normalize("NFC", plain + _ACCENTS[accent])
    return one if len(one) == 1 else found[0]


_EDGE = 2  # lines at the top and at the bottom of a page
_FEWEST = 3  # pages: fewer prove nothing
_SHARE = 0.2  # of the pages, for a line that repeats without a page number
_LONGEST = 120
_FOLIO = re.compile(r"^\W*(\d{1,4})\b|\b(\d{1,4})\W*$")
_AGAIN = 2
_NUMBERS = re.compile(r"\d+")
_ROMAN = re.compile(r"[ivxlc]{1,7}")


def without_furniture(texts: list[str]) -> list[str]:
    """Return the texts of pages without their running heads, feet and page numbers.

    A line at a page's edge goes if it is the page's number, as counted from the others, if it
    begins or ends with that and its words are on another page too, or if it repeats on a fifth of
    the pages. What merely ends in that number is a line of the text.
    """
    pages = [text.split("\n") for text in texts]
    offset = _offset_of(pages)
    repeated = _repeated(pages, max(_FEWEST, len(pages) * _SHARE))
    again = _repeated(pages, _AGAIN)
    return [
        "\n".join(_without_edges(lines, _Furniture(number, offset, repeated, again)))
        for number, lines in enumerate(pages)
    ]


@dataclass(frozen=True)
class _Furniture:
    """What tells the furniture of a page.

    Attributes:
        number: The page, counted from 0.
        offset: The first page's number; None where pages have none.
        repeated: Lines, but for their numbers, that are at the edges of many pages.
        again: Those that are at the edges of two.
    """

    number: int
    offset: int | None
    repeated: frozenset[str]
    again: frozenset[str]

    def has(self, line: str) -> bool:
        """Return whether a line at the edge of the page is no part of its text."""
        key = _key(line)
        if key in self.repeated:
            return True
        if self.offset is None:
            return False
        if _ROMAN.fullmatch(line.strip()):
            return True  # the numbers of the front matter
        is_alone = not any(map(str.isalpha, line))
        return (is_alone or key in self.again) and self.number + self.offset in _folios(line)


def _without_edges(lines: list[str], furniture: _Furniture) -> Iterator[str]:
    """Yield the lines of a page but for those at its edges that are furniture.

    A page that would be left without words keeps them.
    """
    taken = {place for place in _edges(lines) if furniture.has(lines[place])}
    if all(place in taken or not line.strip() for place, line in enumerate(lines)):
        taken = {place for place in taken if not any(map(str.isalpha, lines[place]))}
    yield from (line for place, line in enumerate(lines) if place not in taken)


def _edges(lines: list[str]) -> Iterator[int]:
    """Yield where the lines at the edges of a page stand."""
    filled = [place for place, line in enumerate(lines) if line.strip()]
    yield from dict.fromkeys((*filled[:_EDGE], *filled[-_EDGE:]))


def _offset_of(pages: list[list[str]]) -> int | None:
    """Return the first page's number, if most pages are numbered."""
    votes: Counter[int] = Counter()
    for number, lines in enumerate(pages):
        found = {value - number for place in _edges(lines) for value in _folios(lines[place])}
        votes.update(found)
    most = votes.most_common(1)
    return most[0][0] if most and most[0][1] >= max(_FEWEST, len(pages) / 3) else None


def _folios(line: str) -> set[int]:
    """Return the numbers that a line begins and ends with."""
    if len(line) > _LONGEST:
        return set()
    return {int(value) for found in _FOLIO.findall(line.strip()) for value in found if value}


def _repeated(pages: list[list[str]], least: float) -> frozenset[str]:
    """Return the lines, but for their numbers, that are at the edges of so many pages.

    Rows of a table have the same words and other numbers on each page: those of a running head
    are the same on most of its pages, or count with them.
    """
    found: dict[str, list[tuple[int, str]]] = {}
    for number, lines in enumerate(pages):
        edges = {_key(lines[place]): lines[place] for place in _edges(lines)}
        for key, line in edges.items():
            found.setdefault(key, []).append((number, " ".join(line.split())))
    return frozenset(
        key for key, lines in found.items() if key and len(lines) >= least and _runs_along(lines)
    )


def _runs_along(lines: list[tuple[int, str]]) -> bool:
    """Whether the lines of several pages, alike but for numbers, are one head or foot."""
    again = Counter(line for _, line in lines)
    if 2 * sum(count for count in again.values() if count > 1) > len(lines):
        return True
    numbered = [[int(one) - page for one in _NUMBERS.findall(line)] for page, line in lines]
    return any(len(set(one)) == 1 for one in zip(*numbered, strict=True))


def _key(line: str) -> str:
    """Return what is compared of a line: its words, with any number for a number."""
    return _NUMBERS.sub("#", " ".join(line.split())) if len(line) <= _LONGEST else ""
