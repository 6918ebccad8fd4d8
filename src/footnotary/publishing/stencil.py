"""Pages of one kind in one frame: rendered by the engine once, filled in for each of them.

Head, navigation and footer of a page cost an engine 20 ms and more, whatever is between
them. The pages of the sources differ in nothing else, and there may be thousands: so the
engine renders one, and the others are that one with other words in three places.
"""

import html
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from footnotary.publishing.collection import site_address
from footnotary.publishing.markup import escape, plain_words
from footnotary.publishing.place import SiteFile

NAME = "footnotary-page-of-a-source"
URI = f"sources/{NAME}.md"
_TITLE = "FootnotaryTitleOfASource"
_BODY = "<!--footnotary:body-of-a-source-->"
MARKDOWN = f"""\
---
hide:
  - toc
search:
  exclude: true
---

# {_TITLE} {{#source}}

{_BODY}
"""
_PLACES = re.compile(f"({_TITLE}|{_BODY}|{NAME})")
_ENTRY = re.compile(rf"[ \t]*<url>(?:(?!</url>).)*{NAME}.*?</url>\n?", re.DOTALL)
_INDEX = Path("search") / "search_index.json"
_BLOCK = re.compile(r'<section class="footnote fn-sources".*?</section>', re.DOTALL)
_OPENING = '<section class="footnote fn-sources"'
_MARK = re.compile(r"<!--footnotary:set-aside:(\d+)-->")
_BEGINNING = "<!--footnotary:set-aside:"


class SetAside:
    """The blocks of one build."""

    def __init__(self) -> None:
        self._blocks: list[str] = []

    def keep(self, block: str) -> str:
        """Return the comment that stands for a block of HTML."""
        self._blocks.append(block)
        return f"{_BEGINNING}{len(self._blocks) - 1}-->"

    def take(self, html: str) -> str:
        """Return a page's content with a comment in the place of its Sources block."""
        if _OPENING not in html:
            return html
        return _BLOCK.sub(lambda found: self.keep(found[0]), html, count=1)

    def put_back(self, page: str) -> str:
        """Return a page with every block where it was.

        Args:
            page: A whole page; it may show the content of several.
        """
        # Pages are long and the comments few: found by their first words, joined once.
        end = 0
        parts: list[str] = []
        at = page.find(_BEGINNING)
        while at >= 0:
            found = _MARK.match(page, at)
            if found is not None and int(found[1]) < len(self._blocks):
                parts += (page[end:at], self._blocks[int(found[1])])
                end = found.end()
            at = page.find(_BEGINNING, at + 1)
        return "".join((*parts, page[end:])) if parts else page


class Stencil:
    """The frame that pages share.

    Args:
        pages: The pages; each has sections, the first of which names it.
        directories: Whether pages are folders (`a/b/`) rather than files.
    """

    def __init__(self, pages: Sequence[SiteFile] = (), *, directories: bool = True) -> None:
        self.pages = pages
        self.directories = directories
        self._parts: list[str] = []

    def cut(self, page: str) -> None:
        """Take the frame."""
        self._parts = _PLACES.split(page)

    def sitemap(self, text: str) -> str:
        """Return a sitemap with an entry for each page."""
        found = _ENTRY.search(text)
        if found is None:
            return text
        entries = (found[0].replace(NAME, _name(page)) for page in self.pages)
        return text[: found.start()] + "".join(entries) + text[found.end() :]

    def write(self, site: Path) -> None:
        """Write every page, and let the search find it."""
        if not self._parts or not self.pages:
            return
        own = self._target(site, SiteFile(URI, ""))
        own.unlink(missing_ok=True)  # the engine's own copy: a page of nothing
        if own.parent.name == NAME and own.parent.is_dir():
            own.parent.rmdir()
        for page in self.pages:
            target = self._target(site, page)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(self._filled(page).encode("utf-8", "xmlcharrefreplace"))
        self._add_to_search(site / _INDEX)

    def _target(self, site: Path, page: SiteFile) -> Path:
        address = site_address(page.uri, directories=self.directories)
        return site / (f"{address}index.html" if address.endswith("/") else address)

    def _filled(self, page: SiteFile) -> str:
        """Return a page: the frame with its own words."""
        words = {_TITLE: escape(page.sections[0].title), _BODY: page.body, NAME: _name(page)}
        return "".join(words.get(part, part) for part in self._parts)

    def _add_to_search(self, path: Path) -> None:
        """Add the pages to the index that the engine's search reads, where there is one."""
        try:
            index: Any = json.loads(path.read_bytes())
            index["docs"].extend(self._entries())
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return  # no search, or none that we know
        path.write_text(json.dumps(index, separators=(",", ":")), encoding="utf-8")

    def _entries(self) -> list[dict[str, str]]:
        """Return what the search finds, as the theme's own search takes it: text is HTML."""
        return [
            {
                "location": site_address(page.uri, directories=self.directories)
                + (f"#{section.anchor}" if section.anchor else ""),
                "title": html.escape(plain_words(section.title), quote=False),
                "text": html.escape(plain_words(section.text), quote=False),
            }
            for page in self.pages
            for section in page.sections
        ]


def _name(page: SiteFile) -> str:
    """Return the name of a page, as it is in its address."""
    return page.uri.rpartition("/")[2].removesuffix(".md")
