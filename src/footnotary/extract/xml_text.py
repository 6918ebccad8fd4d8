"""XML as a source: feeds, RFCs, drawings, build files. Its text as it was sent, then its words.

Expat reads it (the standard library's), which resolves no external entity; a document that
declares entities of its own is read as it is.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from xml.etree.ElementTree import Element, ParseError, XMLParser

from footnotary.extract.html import visible_text
from footnotary.extract.parsing import TooComplex, parse_html
from footnotary.extract.plain import APART, text_page
from footnotary.extract.sniffing import TOLD_BY_NAME
from footnotary.models import Page, Response

_TYPES = frozenset({"application/xml", "text/xml"})
_SUFFIXES = (".xml", ".svg", ".atom", ".rss", ".xsd", ".wsdl")
_LARGEST = 3_000_000  # characters; its tree takes some twenty times that in bytes
_ENTITY = re.compile(r"<!ENTITY", re.IGNORECASE)
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>")
_NOT_SHOWN = frozenset({"script", "style", "metadata"})


class XmlExtractor:
    """XML that is no page of HTML."""

    def reads(self, response: Response) -> bool:
        """Return whether the answer is XML by its type, or is text at such a file's address."""
        media_type = response.media_type
        if media_type in _TYPES or media_type.endswith("+xml"):
            return True
        return media_type in TOLD_BY_NAME and response.path.endswith(_SUFFIXES)

    def page(self, response: Response, *, text_only: bool = False) -> Page:  # noqa: ARG002  cheap
        """Return the text as it was sent, then what its elements say, one a line.

        So a line of a build file can be quoted with its tags, and a sentence of a feed or an
        RFC without.
        """
        page = text_page(response, response.media_type, markup=True)
        root = _tree(page.text)
        if root is None:
            return page
        title = next(_titles(root), "")
        return page.model_copy(
            update={
                "text": page.text + APART + "\n".join(_lines(root)),
                "title": title,
                "origins": {"title": "title element"} if title else {},
            }
        )


def _tree(text: str) -> Element | None:
    """Return the root element, or None for what is not well-formed or too much."""
    if len(text) > _LARGEST or _ENTITY.search(text):
        return None
    parser = XMLParser(encoding="utf-8")  # noqa: S314  without entities there is nothing to expand
    try:
        parser.feed(text.encode("utf-8", "replace"))
        root: Element = parser.close()
    except ParseError:
        return None
    return root


def _lines(root: Element) -> Iterator[str]:
    """Yield the words of the elements; one that mixes words and elements is one line."""
    waiting = [root]
    while waiting:
        element = waiting.pop()
        if _name(element) in _NOT_SHOWN:
            continue
        if _has_words(element):
            yield from _shown("".join(element.itertext()))
        else:
            waiting.extend(reversed(element))


def _has_words(element: Element) -> bool:
    """Return whether words stand in an element itself, beside its children."""
    return bool((element.text or "").strip() or any((one.tail or "").strip() for one in element))


def _shown(words: str) -> Iterator[str]:
    """Yield words on one line; those of HTML that is kept as text (feeds do) as they are shown."""
    if _MARKUP.search(words):
        with suppress(TooComplex):
            yield visible_text(parse_html(words)).text
            return
    yield " ".join(words.split())


def _titles(root: Element) -> Iterator[str]:
    """Yield the titles of a document: its own, or that of its channel."""
    for element in (*root, *(inner for outer in root for inner in outer)):
        if _name(element) == "title":
            yield " ".join("".join(element.itertext()).split())


def _name(element: Element) -> str:
    """Return an element's name without its namespace."""
    return element.tag.rpartition("}")[2]
