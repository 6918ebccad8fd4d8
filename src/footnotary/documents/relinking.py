"""Links from one document to another, moved to the one that takes its place."""

import re
from collections.abc import Mapping

from footnotary.documents.regions import checksum_of, regions_of
from footnotary.markers.structure import lines_of

_ANCHOR = re.compile(r'<a id="([\w-]+)">')


class Relinking:
    """Moves links from a superseded document to its successor.

    A link is moved where the successor has its anchor, on whatever page; else it stays: the
    superseded document keeps its address on the site.

    Args:
        old: Stem of the superseded document.
        pages: The successor's pages by file name, the first one among them.
    """

    def __init__(self, old: str, pages: Mapping[str, str]) -> None:
        self._link = re.compile(
            rf"\]\((\.\./[\w-]+/){re.escape(old)}((?:\.[\w-]+)*\.md)#([\w-]+)\)"
        )
        self._homes: dict[str, str] = {}
        for name, text in pages.items():
            for anchor in _ANCHOR.findall(text):
                self._homes.setdefault(anchor, name)

    def document(self, markdown: str) -> str:
        """Return a document or page with the links in its regions moved; all else stays.

        Raises:
            DocumentError: The document's regions are in a broken state.
        """
        if not self._link.search(markdown):
            return markdown
        lines = [line.text + line.end for line in lines_of(markdown)]
        for region in reversed(regions_of(markdown)):
            content = self._link.sub(self._moved, region.content)
            if region.edited or content == region.content:
                continue
            end = lines[region.last - 1].replace(region.checksum, checksum_of(content))
            lines[region.first : region.last] = [content, end]
        return "".join(lines)

    def _moved(self, found: re.Match[str]) -> str:
        """Return a link to where its anchor is now."""
        home = self._homes.get(found[3])
        return f"]({found[1]}{home}#{found[3]})" if home else found[0]
