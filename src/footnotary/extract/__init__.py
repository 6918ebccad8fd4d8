"""Extract: an answer becomes a page, by its media type. Pure; never raises on bad bytes.

Extractors are asked in order whether they read it.
"""

from functools import cache
from typing import Protocol

from footnotary.deadline import check_deadline
from footnotary.extract.marks import without_overridden
from footnotary.extract.parsing import TooHeavy
from footnotary.models import Page, Response, UnreadableReason


class Extractor(Protocol):
    """Reads one kind of document."""

    def reads(self, response: Response) -> bool:
        """Return whether the answer is of this kind."""
        ...

    def page(self, response: Response, *, text_only: bool = False) -> Page:
        """Return the page in the answer; never raises on bad bytes."""
        ...


__all__ = ["extract"]


@cache
def _extractors() -> tuple[Extractor, ...]:
    """Return the extractors in their order; they are imported when the first page is read."""
    from footnotary.extract.data_text import JsonExtractor, NotebookExtractor, XmlExtractor
    from footnotary.extract.html import HtmlExtractor
    from footnotary.extract.markup import ASCIIDOC, RST, LightweightExtractor, MarkdownExtractor
    from footnotary.extract.package_index import PackageExtractor
    from footnotary.extract.pdf import PdfExtractor
    from footnotary.extract.plain import PlainExtractor, RfcExtractor

    return (
        PdfExtractor(),
        HtmlExtractor(),
        MarkdownExtractor(),
        PackageExtractor(),
        NotebookExtractor(),
        JsonExtractor(),
        XmlExtractor(),
        LightweightExtractor(RST),
        LightweightExtractor(ASCIIDOC),
        RfcExtractor(),
        PlainExtractor(),
    )


def extract(response: Response, *, text_only: bool = False) -> Page:
    """Read a page out of an answer.

    Args:
        response: The answer, decoded and whole.
        text_only: Whether text, headings and readability are enough: metadata may be left out.

    Returns:
        The page. Where its text cannot be relied on, `unreadable` says why; an answer of
        a kind that no extractor reads is `unsupported-type`.

    Raises:
        OutOfTime: The deadline that runs in this thread has passed.
    """
    check_deadline()
    try:
        page = _read(response, text_only=text_only)
    except TooHeavy:
        from footnotary.extract.apart import extract_apart

        page = extract_apart(response, text_only=text_only)
    check_deadline()
    if (text := without_overridden(page.text)) != page.text:
        page = page.model_copy(update={"text": text})
    if page.unreadable is None and not page.text.strip():
        return page.model_copy(update={"unreadable": UnreadableReason.TOO_SHORT})
    return page


def _read(response: Response, *, text_only: bool) -> Page:
    """Return what the first extractor that reads an answer makes of it."""
    for extractor in _extractors():
        if extractor.reads(response):
            return extractor.page(response, text_only=text_only)
    return Page(
        url=response.url,
        final_url=response.final_url,
        media_type=response.media_type,
        unreadable=UnreadableReason.UNSUPPORTED_TYPE,
    )
