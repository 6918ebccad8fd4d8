"""Links, images and anchors of a built site that lead nowhere, whichever engine built it.

The engines differ in what they look at: MkDocs reads links in Markdown, by default without anchors;
Zensical passes missing images. What a reader follows is the built page, so that is what is read.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from footnotary.publishing.policy import parse_built_page

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

_CONTENT = "article, main, [role=main]"
_KINDS = {"a": "link", "area": "link", "img": "image", "source": "file", "video": "file"}
_NODES = "a[href], area[href], img[src], source[src], video[src], audio[src]"


@dataclass(frozen=True, order=True)
class DeadLink:
    """An address in a page that leads to no file, or to no element.

    Attributes:
        page: The page, relative to the site.
        kind: `link`, `image`, `file` or `anchor`.
        address: The address as the page has it.
    """

    page: str
    kind: str
    address: str

    def __str__(self) -> str:
        """Return it as one sentence without a full stop."""
        where = "an element of that page" if self.kind == "anchor" else "a file of the site"
        return f"{self.page}: the {self.kind} {self.address!r} does not lead to {where}"


def find_dead_links(site: Path, docs: Path) -> list[DeadLink]:
    """Find what the pages of a built site lead to in vain.

    Addresses with a host, a scheme or a leading slash are not looked at: they depend on where the
    site is published. Nor are 404.html, which is served at any depth, and the author's HTML files.

    Args:
        site: The site's folder.
        docs: The folder of the author's pages.

    Returns:
        Each dead link once, by page.
    """
    ids = lru_cache(maxsize=None)(_ids)
    found: set[DeadLink] = set()
    for path in sorted(site.rglob("*.html")):
        page = path.relative_to(site)
        if page.as_posix() != "404.html" and not (docs / page).exists():
            found.update(_dead(path, site, ids))
    return sorted(found)


def _dead(path: Path, site: Path, ids: Callable[[Path], frozenset[str]]) -> Iterator[DeadLink]:
    """Yield the dead links of a page."""
    page = path.relative_to(site).as_posix()
    where = f"{_CONTENT}, nav" if page == "index.html" else _CONTENT  # navigation: once
    for address, kind in _addresses(_parse(path), where):
        parts = urlsplit(address)
        if parts.scheme or parts.netloc or parts.path.startswith("/"):
            continue
        target = _file(path.parent / unquote(parts.path)) if parts.path else path
        anchor = unquote(parts.fragment).partition(":~:")[0]
        if target is None or not target.resolve().is_relative_to(site.resolve()):
            yield DeadLink(page, kind, address)
        elif anchor and target.suffix == ".html" and anchor not in ids(target):
            yield DeadLink(page, "anchor", address)


def _addresses(tree: "LexborHTMLParser", where: str) -> Iterator[tuple[str, str]]:
    """Yield what some parts of a page link to or show, and what kind of thing that is."""
    seen = set()
    for content in tree.css(where):
        for node in content.css(_NODES):
            address = (node.attributes.get("href") or node.attributes.get("src") or "").strip()
            if address and address not in seen:
                seen.add(address)
                yield address, _KINDS.get(node.tag or "", "file")


def _ids(path: Path) -> frozenset[str]:
    """Return what an address may name in a page (HTML Standard, "scrolling to a fragment")."""
    tree = _parse(path)
    named = {node.attributes.get("id") or "" for node in tree.css("[id]")}
    named |= {node.attributes.get("name") or "" for node in tree.css("a[name]")}
    return frozenset(named | {"top"})


def _file(path: Path) -> Path | None:
    """Return the file that a server answers an address with, if there is one."""
    try:
        found = path / "index.html" if path.is_dir() else path
        return found if found.is_file() else None
    except (OSError, ValueError):  # longer than a name may be, or with a null character
        return None


def _parse(path: Path) -> "LexborHTMLParser":
    """Return a page as a browser reads it."""
    return parse_built_page(path.read_text(encoding="utf-8", errors="replace"))
