"""Parts of a reference that cannot be rendered, because this Python cannot parse their module.

mkdocstrings reads the code with the Python that builds the site, and ends the build at the first
name that it does not find. Here such a directive becomes a paragraph that says what is missing.
"""

import platform
import re
from functools import cached_property
from html import unescape
from pathlib import Path

from footnotary.publishing.markup import element
from footnotary.readers.layout import import_roots
from footnotary.source import Tree
from footnotary.source.parsing import Modules, Unparsed

_CLASS = "fn-left-out"
# A directive of mkdocstrings (its `AutoDocProcessor.regex`) with the options below it.
_DIRECTIVE = re.compile(r"^(?:#{1,6} *)?::: ?([\w.]+) *\n?(?: {4}[^\n]*(?:\n|\Z))*", re.MULTILINE)
_SHOWN = re.compile(rf'<p class="{_CLASS}">(.*?)</p>', re.DOTALL)


class ReferenceOfCode:
    """What of a project's code the reference can show.

    Args:
        root: The project's root.
    """

    def __init__(self, root: Path) -> None:
        self._tree = Tree(root)
        self._modules = Modules(self._tree)

    def leave_out(self, markdown: str) -> str:
        """Return a page's Markdown with paragraphs for directives that cannot be rendered."""
        return _DIRECTIVE.sub(self._say_left_out, markdown) if ":::" in markdown else markdown

    def _say_left_out(self, found: re.Match[str]) -> str:
        """Return a directive as it is, or why it is left out."""
        broken = self._find_broken(found[1])
        if broken is None:
            return found[0]
        reason = (
            f", line {broken.line}, cannot be parsed by Python {platform.python_version()},"
            " which builds this site."
        )
        words = ("The reference of ", element("code", found[1]), " is left out: ",
                 element("code", broken.path), reason)  # fmt: skip
        return f"{element('p', *words, class_=_CLASS)}\n\n"

    def _find_broken(self, name: str) -> Unparsed | None:
        """Return the first file on the way to a name that cannot be parsed."""
        for folder in self._roots:
            at = folder
            for part in name.split("."):
                at = f"{at}/{part}".lstrip("/")
                path = next((p for p in (f"{at}/__init__.py", f"{at}.py") if self._tree.has(p)), "")
                if path and self._modules.parse(path) is None:
                    return self._modules.unparsed.get(path)
                if path.endswith(f"{part}.py"):
                    break
        return None

    @cached_property
    def _roots(self) -> tuple[str, ...]:
        """The folders from which the project's packages are imported."""
        return tuple(dict.fromkeys(("src", "", *import_roots(self._tree))))


def find_left_out(site: Path) -> tuple[str, ...]:
    """Return what the pages of a built site say is left out of the reference, as words."""
    mark = _CLASS.encode()
    pages = (path.read_bytes() for path in sorted(site.rglob("*.html")))
    shown = (one for page in pages if mark in page for one in _SHOWN.findall(page.decode()))
    return tuple(dict.fromkeys(unescape(re.sub(r"<[^>]+>", "", one)) for one in shown))
