"""Where a source's words are read: on its page, or where its publisher gives them otherwise.

A file at a forge is read raw, at its commit; a project of a package index out of the index's
JSON; a paper on its page and then in its PDF; and a page that lacks the words, or cannot be
read, in the Markdown that it names as its own. What was read is part of the record.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit, urlunsplit

from footnotary.deadline import Deadline, running_deadline
from footnotary.errors import FetchError, HttpStatusError, ResponseRefused, UsageError
from footnotary.extract import extract
from footnotary.extract.charset import decode
from footnotary.extract.forges import (
    SourceFile,
    latest_release_address,
    package_address,
    paper_address,
    publisher_of,
    readme_address,
    registry_address,
    source_file,
)
from footnotary.extract.parsing import TooComplex, TooHeavy, parse_html
from footnotary.extract.plain import json_value
from footnotary.fetch import Fetches
from footnotary.fetch.repositories import is_pointer, pinned_now, raw, words_of_lines
from footnotary.fetch.semantics import GONE
from footnotary.match import weighed
from footnotary.match.matching import Match
from footnotary.models import Page, Publisher, Response, UnreadableReason

_CSL_JSON = "application/vnd.citationstyles.csl+json"
_MARKDOWN = ("text/markdown", "text/x-markdown", "text/plain")
_REGISTRY = "CSL-JSON"
_PDF = ("application/pdf",)
_TAG = re.compile(r"</?(?:[a-z]{1,12}:)?[a-z]{1,12}(?: [^<>]{0,200})?/?>", re.IGNORECASE)
_LARGEST_HEAD = 500_000  # bytes of a page in which its alternates are looked for


@dataclass(frozen=True)
class ReadSource:
    """A source's words, read once.

    Attributes:
        cited: The address that is cited: what was asked for, with its commit where it has one.
        response: The answer that had the words.
        page: Them, with the source's metadata.
        text_url: Where they were read, if not on the cited page; else empty.
        versions: Of which version of the source they are.
        selected: The lines that the address names; empty if it names none.
        unpinned: Whether it is a file at a forge that did not say which commit it is of.
        missing: What of the source is known not to be in the words, such as the README of an
            old release: a quote that is not found may stand there. Empty if nothing is.
        deadline: By when it has to be fetched, extracted and searched; None if ever.
    """

    cited: str
    response: Response
    page: Page
    text_url: str = ""
    versions: dict[str, str] = field(default_factory=dict)
    selected: str = ""
    unpinned: bool = False
    missing: str = ""
    deadline: Deadline | None = field(default=None, compare=False)

    def weigh(self, quote: str) -> Match | None:
        """Look for a quote in the words, by the deadline.

        Returns:
            What was found; None where the page cannot be relied on.

        Raises:
            OutOfTime: The deadline has passed.
        """
        with running_deadline(self.deadline):
            return weighed(quote, self.page)


@dataclass(frozen=True)
class Unread:
    """Words of a source that could not be read: they may be those that are looked for."""

    reason: str


def readings(url: str, fetcher: Fetches) -> Iterator[ReadSource | Unread]:
    """Yield the readings of a source, the likeliest first; each is fetched as it is asked for.

    Yields:
        First a reading, whose page may be unreadable; then others, or why one of them, which
        the page names, could not be read.

    Raises:
        FetchError: The page could not be had.
    """
    publisher = publisher_of(url, fetcher.publishers)
    file = source_file(url, fetcher.publishers)
    if file is not None:
        yield _of_file(file, fetcher)
    elif publisher and (address := package_address(url, publisher)):
        yield _of_package(url, address, fetcher)
    else:
        yield from _of_page(url, fetcher, publisher)


def first_page(url: str, fetcher: Fetches) -> Page:
    """Return the page of a source's first reading.

    Raises:
        FetchError: It could not be had.
    """
    return next(one.page for one in readings(url, fetcher) if isinstance(one, ReadSource))


def _of_file(file: SourceFile, fetcher: Fetches) -> ReadSource:
    """Read a file at a forge, at its commit where the forge tells it."""
    pinned = file if file.pinned else pinned_now(file, fetcher)
    deadline = Deadline(fetcher.timeout, pinned.page_url)
    with running_deadline(deadline):
        response = raw(pinned, fetcher)
        page = _read(response, fetcher)
    if is_pointer(response):
        page = page.model_copy(update={"text": "", "unreadable": UnreadableReason.UNSUPPORTED_TYPE})
    name = f"{pinned.path.rpartition('/')[2]} in {pinned.project}"
    about = {"title": name, "site": urlsplit(pinned.root).hostname or ""}
    return ReadSource(
        cited=pinned.page_url,
        response=response,
        page=page.model_copy(update=about | {"final_url": pinned.page_url.partition("#")[0]}),
        text_url=response.final_url,
        versions={"commit": pinned.ref} if pinned.pinned else {},
        selected=words_of_lines(response, page, pinned.lines),
        unpinned=not pinned.pinned,
        deadline=deadline,
    )


def _of_package(url: str, address: str, fetcher: Fetches) -> ReadSource:
    """Read a project's page out of its index's JSON."""
    deadline = Deadline(fetcher.timeout, url)
    with running_deadline(deadline):
        response = _described(url, address, fetcher)
        from footnotary.extract.package_index import package_in

        package = package_in(response)
        page = _read(response, fetcher).model_copy(
            update={"url": url, "final_url": url.partition("#")[0]}
        )
    if package is None:
        page = page.model_copy(update={"unreadable": UnreadableReason.UNSUPPORTED_TYPE})
        return ReadSource(url, response, page, response.final_url, deadline=deadline)
    release = f"{package.name} {package.version}"
    return ReadSource(
        url,
        response,
        page,
        response.final_url,
        versions={package.name: package.version},
        missing="" if package.has_description else f"the README of {release}",
        deadline=deadline,
    )


def _described(url: str, address: str, fetcher: Fetches) -> Response:
    """Return an index's description of a project, or of its latest release alone.

    npm's document of a package holds every release there ever was.
    """
    try:
        return fetcher.get(address)
    except ResponseRefused:
        latest = latest_release_address(url, address)
        if not latest:
            raise
        return fetcher.get(latest)


def _of_page(
    url: str, fetcher: Fetches, publisher: Publisher | None
) -> Iterator[ReadSource | Unread]:
    """Read a page, then the paper or the Markdown behind it."""
    deadline = Deadline(fetcher.timeout, url)
    try:
        with running_deadline(deadline):
            from footnotary.fetch.style_sheets import with_styles

            response = with_styles(fetcher.get(url), fetcher)
            page = _read(response, fetcher)
            named = tuple(_alternates(url, response, publisher))
    except HttpStatusError as error:
        if error.status in GONE:
            yield from _beside(url, None, fetcher)
        raise
    if publisher and (registry := registry_address(url, publisher, fetcher.publishers)):
        page = _with_metadata(page, registry, fetcher)
    yield ReadSource(url, response, page, deadline=deadline)
    for address, wanted in named:
        try:
            other = _alternate(url, page, address, wanted, fetcher)
        except FetchError as error:
            yield Unread(error.message)
        else:
            yield other or Unread(f"{address} is not a version of {url} that can be read.")
    if readme := readme_address(url, fetcher.publishers):
        yield from _readme(url, page, readme, fetcher)
    elif page.unreadable is not None and not named:
        yield from _beside(url, page, fetcher)


def _readme(url: str, page: Page, address: str, fetcher: Fetches) -> Iterator[ReadSource | Unread]:
    """Read the README that a project's front page shows by a script, if there is one."""
    try:
        reading = _alternate(url, page, address, _MARKDOWN, fetcher)
    except HttpStatusError as error:
        if error.status not in GONE:
            yield Unread(error.message)
    except FetchError as error:
        yield Unread(error.message)
    else:
        if reading is not None:
            yield reading


def _beside(url: str, page: Page | None, fetcher: Fetches) -> Iterator[ReadSource]:
    """Read the Markdown beside a page that is absent or unreadable, if the server has it.

    Many documentation servers have it at the page's address with `.md`; nobody said that this
    one does, so that what is not there is not missed.
    """
    here = page or Page(
        url=url, final_url=url.partition("#")[0], unreadable=UnreadableReason.SOFT_404
    )
    address = _markdown_address(here.final_url)
    try:
        reading = _alternate(url, here, address, _MARKDOWN, fetcher) if address else None
    except FetchError:
        return
    if reading is not None:
        yield reading


def _markdown_address(url: str) -> str:
    """Return a page's address with `.md`; nothing for a front page, or what is no page."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    path = parts.path.rstrip("/")
    if not parts.hostname or not path or path.endswith((".md", ".pdf", ".json", ".txt")):
        return ""
    return urlunsplit((parts.scheme, parts.netloc, f"{path}.md", "", ""))


def _alternate(
    url: str, page: Page, address: str, wanted: tuple[str, ...], fetcher: Fetches
) -> ReadSource | None:
    """Return what is read beside a page, or None where it is not what the page named."""
    deadline = Deadline(fetcher.timeout, address)
    with running_deadline(deadline):
        other = fetcher.get(address, asked_for=url)
        text = _read(other, fetcher)
    if text.unreadable is not None or other.media_type not in wanted:
        return None  # mostly the page once more, or a wall
    if not _same_site(other.final_url, page.final_url):
        return None  # a redirect makes nobody else the publisher
    return ReadSource(url, other, _with_text(page, text), other.final_url, deadline=deadline)


def _alternates(
    url: str, response: Response, publisher: Publisher | None
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield where else a page's publisher gives its words, and in which media types."""
    if publisher and (paper := paper_address(url, publisher)):
        yield paper, _PDF
    if "html" not in response.media_type:
        return
    try:
        tree = parse_html(decode(response.body[:_LARGEST_HEAD], response.headers["content-type"]))
    except (TooComplex, TooHeavy):
        return
    for selector, name, wanted in (
        ('link[rel~="alternate"][type="text/markdown"][href]', "href", _MARKDOWN),
        ('meta[name="citation_pdf_url"][content]', "content", _PDF),
    ):
        for node in tree.css(selector)[:1]:
            target = _joined(response.final_url, (node.attributes.get(name) or "").strip())
            if target and _same_site(target, response.final_url):
                yield target, wanted


def _read(response: Response, fetcher: Fetches) -> Page:
    """Return the page of an answer, and take notice of it."""
    page = extract(response)
    fetcher.note_page(response, page)
    return page


def _joined(base: str, target: str) -> str:
    """Return a link's target as an address of its own; empty if it is none."""
    try:
        return urljoin(base, target) if target else ""
    except ValueError:
        return ""


def _same_site(one: str, other: str) -> bool:
    """Return whether two addresses are of one host and port, `www.` aside: one publisher's."""
    try:
        first, second = urlsplit(one), urlsplit(other)
        hosts = [(parts.hostname or "").removeprefix("www.") for parts in (first, second)]
        return bool(hosts[0]) and hosts[0] == hosts[1] and first.port == second.port
    except ValueError:
        return False


def _with_text(page: Page, text: Page) -> Page:
    """Return a page with the words that were read elsewhere."""
    if page.unreadable is not None:  # what it says of itself is the wall's
        registered = {
            name: getattr(page, name) for name, from_ in page.origins.items() if from_ == _REGISTRY
        }
        here = {"url": page.url, "final_url": page.final_url}
        return text.model_copy(update=here | registered)
    taken = ("text", "headings", "page_starts", "media_type", "unreadable")
    return page.model_copy(update={name: getattr(text, name) for name in taken})


def _with_metadata(page: Page, url: str, fetcher: Fetches) -> Page:
    """Return a page with what a registry says of it in CSL-JSON; its own where that is silent."""
    from footnotary.bibliography import read_bibliography

    try:
        body = fetcher.get(url, accept=_CSL_JSON).body
        item = json_value(body)
        doi = str(item.get("DOI", "")) if isinstance(item, dict) else ""
        if doi.lower() != unquote(urlsplit(url).path).strip("/").lower():
            return page  # of another paper, or of none
        entry = read_bibliography(body.decode("utf-8", "replace"), "csl-json").references[0]
    except (FetchError, UsageError, IndexError):
        return page
    stated: dict[str, Any] = {
        "title": _untagged(entry.title),
        "authors": tuple(filter(None, map(_untagged, entry.authors))),
        "site": _untagged(entry.site),
        "published": entry.published,
    }
    stated = {name: value for name, value in stated.items() if value}
    origins = page.origins | dict.fromkeys(stated, _REGISTRY)
    return page.model_copy(update=stated | {"origins": origins})


def _untagged(text: str) -> str:
    """Return a registry's text on one line without the markup that is in titles."""
    text = _TAG.sub("", html.unescape(_TAG.sub("", text)))
    return " ".join(text.encode("utf-8", "replace").decode().split())
