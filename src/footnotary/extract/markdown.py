"""Markdown, read as it is shown: its marks are no part of the text."""

from footnotary.extract.charset import decode, without_controls
from footnotary.extract.html import visible_text
from footnotary.extract.html_text import Text
from footnotary.extract.limits import TooComplex
from footnotary.extract.parsing import parse_html
from footnotary.extract.plain import text_page
from footnotary.extract.sniffing import MARKDOWN_SUFFIXES, TOLD_BY_NAME
from footnotary.models import Page, Response

_TYPES = frozenset({"text/markdown", "text/x-markdown"})
_LONGEST = 2_000_000  # characters; longer ones are read as plain text
# A parser of inline Markdown takes quadratic time over a line; nobody writes such lines.
_LONGEST_LINE = 20_000
_FRONT_MATTER = "---\n"


class MarkdownExtractor:
    """Markdown by its type, or plain text at an address that ends like a Markdown file's."""

    def reads(self, response: Response) -> bool:
        """Return whether the answer is Markdown."""
        if response.media_type in _TYPES:
            return True
        return response.media_type in TOLD_BY_NAME and response.path.endswith(MARKDOWN_SUFFIXES)

    def page(self, response: Response, *, text_only: bool = False) -> Page:  # noqa: ARG002  cheap
        """Return the text as it is shown, CommonMark with tables and strike-through."""
        page = text_page(response, "text/markdown")
        if page.unreadable is not None or _is_too_much(page.text):
            return page
        source = decode(response.body, response.headers.get("content-type", ""), markup=False)
        shown = shown_text(source)
        title = next((heading.text for heading in shown.headings if heading.level == 1), "")
        return page.model_copy(
            update={
                "text": shown.text,
                "headings": shown.headings,
                "rows": shown.rows,
                "kept": shown.kept,
                "title": title,
                "origins": {"title": "first heading"} if title else {},
            }
        )


def shown_text(source: str) -> Text:
    """Return the words of Markdown as a reader sees them; of what is too much, as they stand.

    Args:
        source: The Markdown.
    """
    if _is_too_much(source):
        return Text(source, ())
    markup = _html(_without_front_matter(without_controls(source)))
    try:
        return visible_text(parse_html(markup))
    except TooComplex:
        return Text(source, ())


def _is_too_much(text: str) -> bool:
    """Whether a text is none that anybody wrote as Markdown."""
    return len(text) > _LONGEST or max(map(len, text.split("\n"))) > _LONGEST_LINE


def _html(source: str) -> str:
    """Return Markdown as HTML."""
    from markdown_it import MarkdownIt

    return str(MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(source))


def _without_front_matter(source: str) -> str:
    """Return Markdown without the YAML at its beginning."""
    source = source.replace("\r\n", "\n")
    if not source.startswith(_FRONT_MATTER):
        return source
    end = source.find("\n" + _FRONT_MATTER, len(_FRONT_MATTER) - 1)
    return source[end + len(_FRONT_MATTER) + 1 :] if end >= 0 else source
