"""Jupyter notebooks: their cells as they are shown, by nbformat 3 and 4."""

from collections.abc import Iterator
from itertools import chain
from typing import Any

from footnotary.extract.charset import without_controls
from footnotary.extract.html_text import Text
from footnotary.extract.markdown import shown_text
from footnotary.extract.plain import json_value
from footnotary.extract.sniffing import is_binary
from footnotary.models import Heading, Page, Response

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


def _shown(cell: dict[str, Any]) -> Iterator[Text]:
    """Yield what a reader sees of a cell."""
    source = _joined(cell.get("source", cell.get("input")))
    if cell.get("cell_type") == "markdown":
        yield shown_text(source)
    elif source:
        yield Text(source, (), kept=((0, len(source)),))
    outputs = cell.get("outputs")
    for output in outputs if isinstance(outputs, list) else ():
        if isinstance(output, dict) and (text := _printed(output)):
            yield Text(text, ())


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
