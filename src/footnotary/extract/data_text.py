"""JSON, notebooks and XML: as they were sent, then the words of strings, cells and elements."""

import re
from collections.abc import Iterator
from contextlib import suppress
from io import StringIO
from itertools import chain, islice
from typing import Any
from xml.etree.ElementTree import Element, ParseError, XMLParser

from footnotary.extract.charset import without_controls
from footnotary.extract.html import visible_text
from footnotary.extract.html_text import PageText
from footnotary.extract.markup import shown_text
from footnotary.extract.parsing import TooComplex, parse_html
from footnotary.extract.plain import APART, TOLD_BY_NAME, is_binary, json_value, text_page
from footnotary.models import Heading, Page, Response

_STRING = re.compile(r'"(?:[^"\\\n]|\\.)*"?')  # an open one ends with its line
_SUFFIXES = (".json", ".jsonc", ".jsonl", ".geojson", ".webmanifest")
_MOST = 50_000  # strings
_LAYOUT = str.maketrans(
    {",": ",\n", ":": ": ", "{": "{\n", "[": "[\n", "}": "\n}", "]": "\n]", " ": "", "\t": ""}
)


class JsonExtractor:
    """JSON by its type, or plain text at an address that ends like a JSON file's."""

    def reads(self, response: Response) -> bool:
        """Return whether the answer says that it is JSON."""
        media_type = response.media_type
        if media_type.endswith(("/json", "+json", "/x-ndjson", "/jsonl")):
            return True
        return media_type in TOLD_BY_NAME and response.path.endswith(_SUFFIXES)

    def page(self, response: Response, *, text_only: bool = False) -> Page:  # noqa: ARG002  cheap
        """Return the text, laid out over lines where it came on one, then its strings.

        Those that are written with escapes stand below as they read, each in quotes: a quote
        can be copied from the file or from where its words are shown, and none goes from one
        string on into another.
        """
        page = text_page(response, "application/json")
        text = page.text
        if "\n" not in text.strip():
            text = _laid_out(text)
        text = "\n".join((text, *_unescaped(page.text)))
        # an escape may be half a character, which no text can be written with
        return page.model_copy(update={"text": text.encode("utf-8", "replace").decode()})


def _laid_out(text: str) -> str:
    """Return JSON over lines, each value as it is written: `1.10` is not `1.1`."""
    out = StringIO()
    end = 0
    for string in _STRING.finditer(text):
        out.write(text[end : string.start()].translate(_LAYOUT))
        out.write(string[0])
        end = string.end()
    out.write(text[end:].translate(_LAYOUT))
    return out.getvalue().replace("{\n\n}", "{}").replace("[\n\n]", "[]")


def _unescaped(text: str) -> list[str]:
    """Return the strings of JSON that are written with escapes, as they read."""
    if "\\" not in text:
        return []
    escaped = (found[0] for found in _STRING.finditer(text) if "\\" in found[0])
    values = map(json_value, dict.fromkeys(islice(escaped, _MOST)))
    return [f'"{value}"' for value in values if isinstance(value, str) and value.strip()]


_MARKS = (b'"cells"', b'"nbformat"')
_LARGEST = 8_000_000  # bytes, which take some thirty times that to parse


class NotebookExtractor:
    """JSON that is a notebook, at an address or of a type that says so."""

    def reads(self, response: Response) -> bool:
        """Return whether the answer is a notebook."""
        named = response.media_type == "application/x-ipynb+json"
        named = named or response.path.endswith(".ipynb")
        return named and _cells(response.body) is not None

    def page(self, response: Response, *, text_only: bool = False) -> Page:  # noqa: ARG002  cheap
        """Return the words of the cells in order, with what running them printed."""
        parts: list[str] = []
        headings: list[Heading] = []
        rows: list[tuple[int, int]] = []
        kept: list[tuple[int, int]] = []
        length = 0
        for cell in _cells(response.body) or ():
            for shown in _shown(cell):
                headings += (
                    one.model_copy(update={"offset": one.offset + length}) for one in shown.headings
                )
                rows += ((start + length, end + length) for start, end in shown.rows)
                kept += ((start + length, end + length) for start, end in shown.kept)
                parts.append(shown.text)
                length += len(shown.text) + 1
        title = next((heading.text for heading in headings if heading.level == 1), "")
        return Page(
            url=response.url,
            final_url=response.final_url,
            title=title,
            media_type="application/x-ipynb+json",
            text="\n".join(parts),
            headings=tuple(headings),
            rows=tuple(rows),
            kept=tuple(kept),
            origins={"title": "first heading"} if title else {},
        )


def _cells(body: bytes) -> list[dict[str, Any]] | None:
    """Return a notebook's cells, or None for what is none."""
    if len(body) > _LARGEST or is_binary(body) or not all(mark in body for mark in _MARKS):
        return None
    data = json_value(body)
    if not isinstance(data, dict):
        return None
    sheets = data.get("worksheets")  # nbformat 3
    holders = sheets if isinstance(sheets, list) else [data]
    cells = [one.get("cells") for one in holders if isinstance(one, dict)]
    if not any(isinstance(one, list) for one in cells):
        return None
    found = chain.from_iterable(one for one in cells if isinstance(one, list))
    return [cell for cell in found if isinstance(cell, dict)]


def _shown(cell: dict[str, Any]) -> Iterator[PageText]:
    """Yield what a reader sees of a cell."""
    source = _joined(cell.get("source", cell.get("input")))
    if cell.get("cell_type") == "markdown":
        yield shown_text(source)
    elif source:
        yield PageText(source, (), kept=((0, len(source)),))
    outputs = cell.get("outputs")
    for output in outputs if isinstance(outputs, list) else ():
        if isinstance(output, dict) and (text := _printed(output)):
            yield PageText(text, ())


def _printed(output: dict[str, Any]) -> str:
    """Return the text that an output shows."""
    data = output.get("data")
    shown = data.get("text/plain") if isinstance(data, dict) else None
    return _joined(output.get("text", shown))


def _joined(value: Any) -> str:
    """Return a text that may be kept as a list of lines."""
    lines = value if isinstance(value, list) else [value]
    text = "".join(line for line in lines if isinstance(line, str))
    return without_controls(text.encode("utf-8", "replace").decode())


_XML_TYPES = frozenset({"application/xml", "text/xml"})
_XML_SUFFIXES = (".xml", ".svg", ".atom", ".rss", ".xsd", ".wsdl")
_LARGEST_XML = 3_000_000  # characters; its tree takes some twenty times that in bytes
_ENTITY = re.compile(r"<!ENTITY", re.IGNORECASE)
_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>")
_NOT_SHOWN = frozenset({"script", "style", "metadata"})


class XmlExtractor:
    """XML that is no page of HTML."""

    def reads(self, response: Response) -> bool:
        """Return whether the answer is XML by its type, or is text at such a file's address."""
        media_type = response.media_type
        if media_type in _XML_TYPES or media_type.endswith("+xml"):
            return True
        return media_type in TOLD_BY_NAME and response.path.endswith(_XML_SUFFIXES)

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
    if len(text) > _LARGEST_XML or _ENTITY.search(text):
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
            yield from _shown_words("".join(element.itertext()))
        else:
            waiting.extend(reversed(element))


def _has_words(element: Element) -> bool:
    """Return whether words are in an element itself, beside its children."""
    return bool((element.text or "").strip() or any((one.tail or "").strip() for one in element))


def _shown_words(words: str) -> Iterator[str]:
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
