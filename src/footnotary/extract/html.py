"""HTML and XHTML: text, metadata and whether either can be relied on."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from selectolax.lexbor import LexborHTMLParser

from footnotary.extract.charset import (
    decode,
    has_controls,
    without_control_references,
    without_controls,
)
from footnotary.extract.code_lines import restore_code_lines
from footnotary.extract.formulas import write_formulas
from footnotary.extract.hiding import remove_hidden
from footnotary.extract.html_text import (
    NOT_TEXT,
    Text,
    mark_rows,
    text_of,
    with_saved_noscript,
)
from footnotary.extract.limits import TooComplex
from footnotary.extract.metadata import Metadata, metadata_of
from footnotary.extract.metadata.signals import gathered
from footnotary.extract.parsing import parse_html
from footnotary.extract.readability import unreadable_reason
from footnotary.extract.shadow_roots import compose_shadow_roots
from footnotary.extract.sniffing import (
    MARKDOWN_SUFFIXES,
    UNSENT,
    UNTYPED,
    begins_as_html,
    is_binary,
)
from footnotary.models import Page, Response, UnreadableReason

_TYPES = frozenset({"text/html", "application/xhtml+xml", "application/vnd.wap.xhtml+xml"})
_XML = frozenset({"application/xml", "text/xml"})
_NOTHING_KNOWN = Metadata()


def is_html(response: Response) -> bool:
    """Return whether an answer is HTML.

    Args:
        response: The answer.
    """
    if response.media_type in _TYPES:
        return True
    if response.media_type in _XML:
        return b"<html" in response.body[:1024].lower()
    if response.media_type not in UNTYPED:
        return False
    is_markdown = response.path.endswith(MARKDOWN_SUFFIXES)
    whole = is_markdown or response.media_type not in UNSENT
    return begins_as_html(response.body, whole=whole)


class HtmlExtractor:
    """HTML by its type, or by its first bytes where the type says nothing."""

    def reads(self, response: Response) -> bool:
        """Return whether the answer is HTML."""
        return is_html(response)

    def page(self, response: Response, *, text_only: bool = False) -> Page:
        """Return the page."""
        content_type = response.headers.get("content-type", "")
        if is_binary(response.body[:512], content_type):
            return _unread(response, UnreadableReason.UNSUPPORTED_TYPE)
        source = decode(response.body, content_type)
        if has_controls(response.body):
            source = without_controls(source)
        source = without_control_references(with_saved_noscript(source))
        try:
            text, found = _read(source, response, text_only=text_only)
            # The tree is gone by now: what comes next may need one of its own.
            reason = unreadable_reason(response, source, text.text)
        except TooComplex:
            return _unread(response, UnreadableReason.TOO_COMPLEX)
        return _page(response, text, reason, found)


def _read(source: str, response: Response, *, text_only: bool) -> tuple[Text, Metadata]:
    """Return a page's text and metadata."""
    tree = parse_html(source)
    url, styles = response.final_url, response.styles
    if text_only:
        return visible_text(tree, url, styles), _NOTHING_KNOWN
    signals = gathered(tree, url)
    text = visible_text(tree, url, styles)
    return text, metadata_of(signals, text.text, text.headings)


def _unread(response: Response, reason: UnreadableReason) -> Page:
    """Return the page of an answer that is not parsed."""
    return _page(response, Text("", ()), reason)


def _page(
    response: Response,
    text: Text,
    unreadable: UnreadableReason | None,
    found: Metadata = _NOTHING_KNOWN,
) -> Page:
    """Return the page in an answer."""
    return Page(
        url=response.url,
        final_url=response.final_url,
        canonical_url=found.canonical_url,
        title=found.title,
        site=found.site,
        authors=found.authors,
        published=found.published,
        modified=found.modified,
        language=found.language,
        license=found.license,
        media_type=response.media_type or "text/html",
        text=text.text,
        headings=text.headings,
        closed=text.closed,
        unsure=text.unsure,
        doubtful=text.doubtful,
        rows=text.rows,
        kept=text.kept,
        unseen=text.unseen,
        style_read=text.style_read if unreadable is None else None,
        origins=found.origins,
        unreadable=unreadable,
    )


def visible_text(
    tree: LexborHTMLParser, url: str = "", styles: Mapping[str, str] | None = None
) -> Text:
    """Return the words that a reader sees.

    Args:
        tree: The page; what is not text is taken out of it.
        url: Its address.
        styles: The style sheets that it links, by address.
    """
    compose_shadow_roots(tree)
    write_formulas(tree)
    restore_code_lines(tree)
    removed = remove_hidden(tree, url, styles)
    mark_rows(tree)
    text = _text_without(tree, NOT_TEXT)
    if text.not_text:
        names = text.not_text - {"object"}
        # what no browser can load an object into shows what is written there
        text = _text_without(tree, {*names, "object[data]", "object[type]"})
    return replace(text, unseen=tuple(removed.unseen), style_read=removed.style_read)


def _text_without(tree: LexborHTMLParser, elements: Iterable[str]) -> Text:
    """Return the text of what is left of a tree without some elements."""
    for node in tree.css(", ".join(elements)):
        node.decompose(recursive=False)
    body = tree.body
    return text_of((body.html or "") if body is not None else "")
