"""Sources blocks kept out of sight of an engine's other plugins until a page is written.

A search index reads every tag of every page in Python: five sources with their quotes cost it
more than the rest of a page. It need not see them, because each source has a page of its own.
"""

import re

_BLOCK = re.compile(r'<section class="footnote fn-sources".*?</section>', re.DOTALL)
_MARK = re.compile(r"<!--footnotary:sources:(\d+)-->")


class SetAside:
    """The Sources blocks of one build."""

    def __init__(self) -> None:
        self._blocks: list[str] = []

    def take(self, html: str) -> str:
        """Return a page's content with a comment in the place of its Sources block.

        Args:
            html: The content.
        """
        found = _BLOCK.search(html)
        if found is None:
            return html
        self._blocks.append(found[0])
        mark = f"<!--footnotary:sources:{len(self._blocks) - 1}-->"
        return html[: found.start()] + mark + html[found.end() :]

    def put_back(self, page: str) -> str:
        """Return a page with every Sources block where it was.

        Args:
            page: A whole page; it may show the content of several.
        """
        if "<!--footnotary:sources:" not in page:
            return page
        return _MARK.sub(self._block, page)

    def _block(self, found: re.Match[str]) -> str:
        number = int(found[1])
        return self._blocks[number] if number < len(self._blocks) else found[0]
