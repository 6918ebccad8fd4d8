"""The texts of a source: its page, and where else its site gives the same text. In their order.

The first that can be read and holds the quote wins. A text that cannot be read says nothing:
neither that the quote is there, nor that it is not.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Protocol
from urllib.parse import urlsplit, urlunsplit

from footnotary.errors import FootnotaryError, HttpStatusError, UnreadableError
from footnotary.extract import extract
from footnotary.extract.alternates import same_site
from footnotary.fetch.statuses import GONE
from footnotary.match import match
from footnotary.models import Match, Page, Response, UnreadableReason

WHY_UNREADABLE = {
    UnreadableReason.TOO_SHORT: "it has hardly any text",
    UnreadableReason.SCRIPT_ONLY: "its text is put there by a script",
    UnreadableReason.LOGIN_WALL: "it asks to log in",
    UnreadableReason.CONSENT_WALL: "it asks for consent before it shows anything",
    UnreadableReason.SOFT_404: "it says that there is no such page",
    UnreadableReason.BLOCKED: "it turns programs away",
    UnreadableReason.UNSUPPORTED_TYPE: "its type is none that footnotary reads",
    UnreadableReason.TOO_COMPLEX: "it is too large or too deeply nested to be read",
}
_MARKDOWN = frozenset({"text/markdown", "text/x-markdown", "text/plain"})
FORMS = _MARKDOWN | {"application/pdf"}
_METADATA = ("canonical_url", "title", "site", "authors", "published", "language", "license")


class Fetches(Protocol):
    """What is needed of a fetcher."""

    def get(self, url: str, *, accept: str = "") -> Response:
        """Return the page behind a URL."""
        ...


@dataclass(frozen=True)
class Rendition:
    """One text of a source.

    Attributes:
        response: The answer that it came in; `text_url` says where, if not at the page.
        page: The text, with what is known of the source.
    """

    response: Response
    page: Page


@dataclass(frozen=True)
class Sought:
    """What became of looking for a quote in a source.

    Attributes:
        rendition: The text that holds it, else the one with the nearest passage.
        match: Where it stands, or the nearest passage.
        unread: For a quote that was not found, why other texts of the source were not read.
    """

    rendition: Rendition
    match: Match
    unread: tuple[str, ...] = ()


def seek(quote: str, url: str, fetcher: Fetches) -> Sought:
    """Look for a quote in the texts of a source.

    Args:
        quote: The words.
        url: The source.
        fetcher: Reads the web.

    Returns:
        Where it stands, or the nearest passage in the page.

    Raises:
        FetchError: The page could not be had, and no other text of it holds the quote.
        UnreadableError: Likewise, for a page whose text cannot be relied on, or that lacks
            a part in which the quote may stand.
    """
    try:
        response = fetcher.get(url)
    except HttpStatusError as error:
        for other in other_texts(url, None, fetcher, gone=error.status in GONE):
            if isinstance(other, Rendition) and (hit := match(quote, other.page)).found:
                return Sought(other, hit)
        raise
    page = extract(response)
    here = Sought(Rendition(response, page), match(quote, page))
    if here.match.found and page.unreadable is None:
        return here
    unread = []
    for other in other_texts(url, page, fetcher):
        if isinstance(other, FootnotaryError):
            unread.append(other.message)
        elif (hit := match(quote, other.page)).found:
            return Sought(other, hit)
    whole(page)
    return replace(here, unread=tuple(unread))


def other_texts(
    url: str, page: Page | None, fetcher: Fetches, *, recorded: str = "", gone: bool = False
) -> Iterator[Rendition | FootnotaryError]:
    """Yield the texts of a source besides its page, or why one could not be read.

    Args:
        url: The source.
        page: Its page, if there is one.
        fetcher: Reads the web.
        recorded: Where a text of it was found before; comes first.
        gone: Whether the server says that there is no such page.
    """
    declared = page.alternates if page else ()
    for address in dict.fromkeys(filter(None, (recorded, *declared))):
        try:
            yield _rendition(address, url, page, fetcher)
        except FootnotaryError as error:
            yield error
    if not declared and not recorded and (gone or (page and page.unreadable)):
        guess = _markdown_beside(page.final_url if page else url)
        with suppress(FootnotaryError):  # nobody said that there is one
            if guess:
                yield _rendition(guess, url, page, fetcher, accept="text/markdown,text/plain")


def whole(page: Page) -> Page:
    """Insist on a page's whole text, as a quote that was not found demands.

    Args:
        page: The page.

    Raises:
        UnreadableError: Its text cannot be relied on, or a part of it is missing.
    """
    if not readable(page).incomplete:
        return page
    raise UnreadableError(
        f"{page.final_url} cannot be read whole: {page.incomplete} is not to be had.",
        reason=UnreadableReason.TOO_SHORT.value,
        hint="Open it in a browser, save it, and cite the saved page with --file SAVED.html;"
        " what could be read does not have the quote.",
    )


def readable(page: Page) -> Page:
    """Insist on text that can be relied on.

    Args:
        page: The page.

    Raises:
        UnreadableError: It cannot; this says nothing about any quote.
    """
    if page.unreadable is None:
        return page
    raise UnreadableError(
        f"{page.final_url} cannot be read: {WHY_UNREADABLE[page.unreadable]}.",
        reason=page.unreadable.value,
        hint="Open it in a browser, save it, and cite the saved page with --file SAVED.html;"
        " this says nothing about the quote.",
    )


def _rendition(
    address: str,
    url: str,
    page: Page | None,
    fetcher: Fetches,
    *,
    accept: str = "",
) -> Rendition:
    """Read a text of a source at another address of its site.

    Raises:
        FetchError: It could not be had.
        UnreadableError: It cannot be read, is none of the forms, or stands on another site.
    """
    final_url = page.final_url if page else url.partition("#")[0]
    answer = fetcher.get(address, accept=accept)
    forms = _MARKDOWN if accept else FORMS
    if not same_site(answer.final_url, final_url) or answer.media_type not in forms:
        raise UnreadableError(
            f"{address} is no text of {final_url}.",
            reason=UnreadableReason.UNSUPPORTED_TYPE.value,
            hint="Open the page in a browser to see what it offers.",
        )
    moved = {
        "url": url,
        "final_url": final_url,
        "text_url": answer.text_url or answer.final_url,
        "redirects": (),
    }
    response = answer.model_copy(update=moved)
    text = extract(response)
    if text.unreadable is not None:
        readable(text.model_copy(update={"final_url": address}))
    return Rendition(response, _of_the_source(text, page))


def _of_the_source(text: Page, page: Page | None) -> Page:
    """Return a text with what its page says of the source, where the page can be read."""
    if page is None or page.unreadable is not None:
        return text
    origins = text.origins | page.origins
    stated = {name: value for name in _METADATA if (value := getattr(page, name))}
    return text.model_copy(update=stated | {"origins": origins})


def _markdown_beside(url: str) -> str:
    """Return where a page's Markdown would stand, or an empty string for a front page."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    path = parts.path.rstrip("/")
    if not parts.hostname or not path or path.endswith((".md", ".pdf", ".json", ".txt")):
        return ""
    return urlunsplit((parts.scheme, parts.netloc, f"{path}.md", "", ""))
