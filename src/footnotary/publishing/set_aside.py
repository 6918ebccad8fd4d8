"""What is HTML already, kept out of an engine's way until a page is written.

Markdown extensions, search indexes and other plugins read every tag of every page in Python:
five sources with their quotes cost them more than the rest of a page, a library of a thousand
sources a second. They need not see them: each source has a page of its own, and is found there.
"""

import re

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
        """Return a page's content with a comment in the place of its Sources block.

        Args:
            html: The content.
        """
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
