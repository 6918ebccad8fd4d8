"""Which page an engine is rendering, and how that page reaches the others of the site.

Python-Markdown knows text, not pages. MkDocs renders one page after the other, so the plugin
names each before it is rendered; without a name no page of a source is linked.

What HTML in Markdown links to is left alone by MkDocs: it is relative to the page's address.
Zensical takes it for relative to the Markdown file, as links in Markdown are, and rewrites it.
"""

import hashlib
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from footnotary.project import make_slug

_current: ContextVar[str] = ContextVar("_current", default="")
_address: ContextVar[str | None] = ContextVar("_address", default=None)
_start: ContextVar[str] = ContextVar("_start", default="")
BODY = '<div class="fn-page">'


@dataclass(frozen=True)
class Section:
    """What a search finds."""

    anchor: str
    title: str
    text: str


@dataclass(frozen=True)
class SiteFile:
    """One file of the site.

    Attributes:
        uri: Its place under the folder of sources; pages end in `.md`.
        content: Its text or bytes, or the file that is copied.
        label: What the navigation calls it; empty for what is no page of the navigation.
        group: Under which heading the navigation has it.
        origin: The file on disk that it was made from, for edits and messages.
        sections: What a search finds in a page that shares its frame with the others of its
            kind, the page itself first; a page without any has a frame of its own.
    """

    uri: str
    content: str | bytes | Path
    label: str = ""
    group: str = ""
    origin: Path | None = None
    sections: tuple["Section", ...] = ()

    @property
    def is_page(self) -> bool:
        """Whether an engine renders it."""
        return self.uri.endswith(".md")

    @property
    def body(self) -> str:
        """What is under the heading of a page that is made whole, as HTML."""
        if not isinstance(self.content, str) or self.origin or not self.is_page:
            return ""
        at = self.content.find(BODY)
        return self.content[at:].rstrip("\n") if at >= 0 else ""


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


def page_address(uri: str) -> str:
    """Return the relative address of a page of ours; empty where it cannot be known.

    Args:
        uri: Its place under the folder of sources, ending in `.md`.
    """
    address = _address.get()
    if address is None:
        return ""
    end = "/" if is_folder_address(address) else ".html"
    return relative_address(uri.removesuffix(".md") + end, _start.get())


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
