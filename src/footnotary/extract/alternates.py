"""Where a page says that its site gives the same text in another form. Pure.

The page's own statements only: `<link rel="alternate" type="text/markdown">` (HTML §4.6.7),
`citation_pdf_url` (Google Scholar's inclusion guidelines), and arXiv's address of a paper,
which has its PDF at the same number and version.
"""

import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

_MARKDOWN = frozenset({"text/markdown", "text/x-markdown"})
_ARXIV = re.compile(r"^/abs/((?:[a-z-]+(?:\.[A-Z]{2})?/)?\d[\d.]*(?:v\d+)?)$")
_MOST = 2


def alternates_of(tree: LexborHTMLParser, url: str) -> tuple[str, ...]:
    """Return the addresses of a page's text in other forms: Markdown first, then PDF.

    Args:
        tree: The page.
        url: Where it was found. What stands on another site is left out: anybody could have
            written it.
    """
    found = dict.fromkeys(
        address
        for target in (*_twins(tree), *_papers(tree, url))
        if (address := _absolute(url, target)) and same_site(address, url)
    )
    return tuple(found)[:_MOST]


def same_site(one: str, other: str) -> bool:
    """Return whether two addresses are of one site: the same host, but for `www.`, and port.

    Args:
        one: An absolute address.
        other: Another one.
    """
    try:
        first, second = urlsplit(one), urlsplit(other)
        return bool(first.hostname) and (
            (first.hostname or "").removeprefix("www."),
            first.port,
        ) == ((second.hostname or "").removeprefix("www."), second.port)
    except ValueError:
        return False


def _twins(tree: LexborHTMLParser) -> Iterator[str]:
    """Yield what a page links to as itself in Markdown."""
    for node in tree.css("link[rel][href][type]"):
        attributes = node.attributes
        relations = (attributes.get("rel") or "").lower().split()
        media_type = (attributes.get("type") or "").partition(";")[0].strip().lower()
        if "alternate" in relations and media_type in _MARKDOWN:
            yield (attributes.get("href") or "").strip()


def _papers(tree: LexborHTMLParser, url: str) -> Iterator[str]:
    """Yield what a page names as the PDF of the paper that it is about."""
    number = _ARXIV.match(urlsplit(url).path)
    if number and tree.css_first('meta[name="citation_arxiv_id"]') is not None:
        # of this version: what the page names may be the newest one
        yield f"/pdf/{number[1]}"
        return
    for node in tree.css('meta[name="citation_pdf_url"][content]'):
        yield (node.attributes.get("content") or "").strip()


def _absolute(url: str, target: str) -> str:
    """Return a link's target as an http address without fragment, or an empty string."""
    try:
        address = urljoin(url, target).partition("#")[0]
        usable = urlsplit(address).scheme in ("http", "https")
    except ValueError:
        return ""
    return address if target and usable and address != url.partition("#")[0] else ""
