"""Markdown: rendered and then read as a page is, so that a quote needs no marks."""

import re
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser

from footnotary.extract.charset import decode
from footnotary.extract.html import visible_text
from footnotary.extract.html_text import without_controls
from footnotary.extract.limits import is_too_complex
from footnotary.extract.plain import is_binary
from footnotary.models import Page, Response, UnreadableReason

MAX_CHARACTERS = 3_000_000
_TYPES = frozenset({"text/markdown", "text/x-markdown"})
_SUFFIXES = (".md", ".markdown", ".mdx")
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_TITLE = re.compile(r"""^title:[ \t]*(["']?)(.+?)\1[ \t]*$""", re.MULTILINE)


class MarkdownExtractor:
    """A README, or the Markdown twin of a page."""

    def reads(self, response: Response) -> bool:
        """Return whether the answer is Markdown: by type (RFC 7763), or text at a path in .md."""
        if response.media_type in _TYPES:
            return True
        path = urlsplit(response.final_url).path.lower()
        return response.media_type == "text/plain" and path.endswith(_SUFFIXES)

    def page(self, response: Response) -> Page:
        """Return the words as they are rendered; the first heading is the title."""
        page = Page(url=response.url, final_url=response.final_url, media_type="text/markdown")
        if is_binary(response.body):
            return page.model_copy(update={"unreadable": UnreadableReason.UNSUPPORTED_TYPE})
        source = decode(response.body, response.headers.get("content-type", ""), markup=False)
        source = without_controls(source.replace("\r\n", "\n").replace("\r", "\n"))
        if len(source) > MAX_CHARACTERS:
            return page.model_copy(update={"unreadable": UnreadableReason.TOO_COMPLEX})
        html = _rendered(_FRONT_MATTER.sub("", source))
        if is_too_complex(html):
            return page.model_copy(update={"unreadable": UnreadableReason.TOO_COMPLEX})
        words = visible_text(LexborHTMLParser(html))
        title, origin = _title(source)
        if not title and words.headings:
            title, origin = words.headings[0].text, "heading"
        return page.model_copy(
            update={
                "text": words.text,
                "headings": words.headings,
                "title": title,
                "origins": {"title": origin} if title else {},
                "unreadable": None if words.text else UnreadableReason.TOO_SHORT,
            }
        )


def _rendered(source: str) -> str:
    """Return the HTML of a CommonMark text with tables."""
    from markdown_it import MarkdownIt

    renderer = MarkdownIt("commonmark", {"maxNesting": 100}).enable(["table", "strikethrough"])
    html: str = renderer.render(source)
    return f"<body>{html}"


def _title(source: str) -> tuple[str, str]:
    """Return the title that the front matter gives, and its origin."""
    front = _FRONT_MATTER.match(source)
    found = _TITLE.search(front[1]) if front else None
    return (found[2].strip(), "front matter") if found else ("", "")
