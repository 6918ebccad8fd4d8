"""Where a source's words are read: on its page, or where its publisher gives them otherwise.

A file at a forge is read raw, at its commit; a project of a package index out of the index's
JSON; a paper on its page and then in its PDF; and a page that lacks the words, or cannot be
read, in the Markdown that it names as its own. What was read is part of the record.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from footnotary.errors import FetchError, UsageError
from footnotary.extract import extract
from footnotary.extract.forges import SourceFile, is_commit, selected, source_file
from footnotary.extract.publishers import (
    Publisher,
    package_address,
    paper_address,
    publisher_of,
    registry_address,
)
from footnotary.fetch.fetches import Fetches
from footnotary.models import Page, Response

CSL_JSON = "application/vnd.citationstyles.csl+json"
_MARKDOWN = ("text/markdown", "text/x-markdown")
_AS_TEXT = "text/markdown, text/plain;q=0.9, */*;q=0.1"
_COMMIT_ALONE = "application/vnd.github.sha"
_LARGEST_HEAD = 2_000_000  # characters of a page in which its alternates are looked for


@dataclass(frozen=True)
class Reading:
    """A source's words, read once.

    Attributes:
        cited: The address that is cited: what was asked for, with its commit where it has one.
        response: The answer that had the words.
        page: Them, with the source's metadata.
        text_url: Where they were read, if not on the cited page; else empty.
        versions: Of which version of the source they are.
        selected: The lines that the address names; empty if it names none.
        unpinned: Whether it is a file at a forge that did not say which commit it is of.
    """

    cited: str
    response: Response
    page: Page
    text_url: str = ""
    versions: dict[str, str] = field(default_factory=dict)
    selected: str = ""
    unpinned: bool = False


def readings(url: str, fetcher: Fetches) -> Iterator[Reading]:
    """Yield the readings of a source, the likeliest first; each is fetched as it is asked for.

    Args:
        url: The source.
        fetcher: Reads the web.

    Yields:
        At least one reading; its page may be unreadable.

    Raises:
        FetchError: The first of them could not be had.
    """
    publisher = publisher_of(url, fetcher.publishers)
    file = source_file(url, fetcher.publishers)
    if file is not None:
        yield _of_file(file, fetcher)
    elif publisher and (address := package_address(url, publisher)):
        yield _of_package(url, address, fetcher)
    else:
        yield from _of_page(url, fetcher, publisher)


def _of_file(file: SourceFile, fetcher: Fetches) -> Reading:
    """Read a file at a forge, at its commit where the forge tells it."""
    pinned = file if file.pinned else _pinned(file, fetcher)
    response = fetcher.get(pinned.raw_url)
    page = extract(response)
    name = f"{pinned.path.rpartition('/')[2]} in {pinned.project}"
    about = {"title": name, "site": urlsplit(pinned.root).hostname or ""}
    return Reading(
        cited=pinned.page_url,
        response=response,
        page=page.model_copy(update=about | {"final_url": pinned.page_url.partition("#")[0]}),
        text_url=response.final_url,
        versions={"commit": pinned.ref} if pinned.pinned else {},
        selected=selected(page.text, pinned.lines) if pinned.lines else "",
        unpinned=not pinned.pinned,
    )


def _pinned(file: SourceFile, fetcher: Fetches) -> SourceFile:
    """Return a file at the commit that its branch or tag is now; as it is if nobody tells."""
    accept = _COMMIT_ALONE if file.forge == "github" else "application/json"
    try:
        body = fetcher.get(file.commit_url, accept=accept).body
    except FetchError:
        return file
    text = body[:200].decode("ascii", "replace").strip()
    if not is_commit(text):
        data = _parsed(body)
        first = data[0] if isinstance(data, list) and data else data
        named = first if isinstance(first, dict) else {}
        text = str(named.get("id") or named.get("sha") or "")
    return file.at(text) if is_commit(text) else file


def _of_package(url: str, address: str, fetcher: Fetches) -> Reading:
    """Read a project's page out of its index's JSON."""
    response = fetcher.get(address)
    page = extract(response).model_copy(update={"url": url, "final_url": url.partition("#")[0]})
    name, _, version = page.title.rpartition(" ")
    versions = {name: version} if page.origins.get("title") == "package index" else {}
    return Reading(url, response, page, response.final_url, versions)


def _of_page(url: str, fetcher: Fetches, publisher: Publisher | None) -> Iterator[Reading]:
    """Read a page, then the paper or the Markdown behind it."""
    response = fetcher.get(url)
    page = extract(response)
    if publisher and (registry := registry_address(url, publisher, fetcher.publishers)):
        page = _with_metadata(page, registry, fetcher)
    yield Reading(url, response, page)
    for address, accept in _alternates(url, response, publisher):
        try:
            other = fetcher.get(address, accept=accept)
        except FetchError:
            continue
        text = extract(other)
        if text.unreadable is None and _is_asked_for(other, accept):
            yield Reading(url, other, _with_text(page, text), other.final_url)


def _alternates(
    url: str, response: Response, publisher: Publisher | None
) -> Iterator[tuple[str, str]]:
    """Yield where else a page's publisher gives its words, and what is wanted there."""
    if publisher and (paper := paper_address(url, publisher)):
        yield paper, "application/pdf"
    if "html" not in response.media_type:
        return
    tree = LexborHTMLParser(response.body[:_LARGEST_HEAD].decode("utf-8", "replace"))
    site = urlsplit(response.final_url).hostname
    for selector, name, accept in (
        ('link[rel~="alternate"][type="text/markdown"][href]', "href", _AS_TEXT),
        ('meta[name="citation_pdf_url"][content]', "content", "application/pdf"),
    ):
        for node in tree.css(selector)[:1]:
            target = urljoin(response.final_url, (node.attributes.get(name) or "").strip())
            if urlsplit(target).hostname == site:  # another site may say what it likes
                yield target, accept


def _is_asked_for(response: Response, accept: str) -> bool:
    """Return whether an answer is of the kind that was asked for, not the page once more."""
    if accept == _AS_TEXT:
        return response.media_type in (*_MARKDOWN, "text/plain")
    return response.media_type == accept


def _with_text(page: Page, text: Page) -> Page:
    """Return a page with the words that were read elsewhere."""
    if page.unreadable is not None:  # what it says of itself is the wall's
        return text.model_copy(update={"url": page.url, "final_url": page.final_url})
    taken = ("text", "headings", "page_starts", "media_type", "unreadable")
    return page.model_copy(update={name: getattr(text, name) for name in taken})


def _with_metadata(page: Page, url: str, fetcher: Fetches) -> Page:
    """Return a page with what a registry says of it in CSL-JSON; its own where that is silent."""
    from footnotary.bibliography import imported

    try:
        body = fetcher.get(url, accept=CSL_JSON).body
        entry = imported(body.decode("utf-8", "replace"), "csl-json")[0]
    except (FetchError, UsageError, IndexError):
        return page
    stated: dict[str, Any] = {
        "title": " ".join(entry.title.split()),
        "authors": entry.authors,
        "site": entry.site,
        "published": entry.published,
    }
    stated = {name: value for name, value in stated.items() if value}
    origins = page.origins | dict.fromkeys(stated, "CSL-JSON")
    return page.model_copy(update=stated | {"origins": origins})


def _parsed(body: bytes) -> Any:
    """Return a body's JSON value, or None."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
