"""Which page an engine is rendering, and how that page reaches the others of the site.

Python-Markdown knows text, not pages. MkDocs renders one page after the other, so the plugin
names each before it is rendered; without a name no page of a source is linked.

What HTML in Markdown links to is left alone by MkDocs: it is relative to the page's address.
Zensical takes it for relative to the Markdown file, as links in Markdown are, and rewrites it.
"""

import hashlib
from contextvars import ContextVar
from functools import lru_cache

from footnotary.project import make_slug

_current: ContextVar[str] = ContextVar("_current", default="")
_address: ContextVar[str | None] = ContextVar("_address", default=None)
_start: ContextVar[str] = ContextVar("_start", default="")


def enter_page(name: str, address: str | None, *, start: str | None = None) -> None:
    """Say which page is rendered next.

    Args:
        name: Its source, for messages.
        address: Its URL under the site's root; None where the site has no pages of sources.
        start: What its HTML links from, if that is not its address.
    """
    _current.set(name)
    _address.set(address)
    _start.set((address or "") if start is None else start)


def current_page() -> str:
    """Return the name of the page that is rendered, or an empty string."""
    return _current.get()


def source_page(final_url: str) -> str:
    """Return the relative address of a source's page; empty where it cannot be known."""
    address = _address.get()
    if address is None:
        return ""
    end = "/" if is_folder_address(address) else ".html"
    return f"{_sources(_start.get())}{source_name(final_url)}{end}"


@lru_cache(maxsize=4)
def _sources(start: str) -> str:
    """Return how a page reaches the folder of the sources."""
    return relative_address("sources/", start)


@lru_cache(maxsize=16384)
def source_name(final_url: str) -> str:
    """Return the name of a source's page: readable, and different for different URLs."""
    digest = hashlib.sha256(final_url.encode()).hexdigest()[:6]
    readable = make_slug(final_url.partition("://")[2].split("?")[0])[:50].strip("-")
    return f"{readable or 'source'}-{digest}"


def is_folder_address(address: str) -> bool:
    """Return whether a page's address is that of a folder (`a/b/`) rather than a file."""
    return address in ("", "./") or address.endswith("/")


def relative_address(target: str, start: str) -> str:
    """Return how a page reaches another.

    Args:
        target: Address under the site's root, `a/b/` or `a/b.html`.
        start: Address of the page that links.
    """
    here = start.removeprefix("./").split("/")[:-1]
    *there, name = target.removeprefix("./").split("/")
    shared = 0
    while shared < min(len(here), len(there)) and here[shared] == there[shared]:
        shared += 1
    path = "../" * (len(here) - shared) + "".join(f"{one}/" for one in there[shared:]) + name
    return path or "./"
