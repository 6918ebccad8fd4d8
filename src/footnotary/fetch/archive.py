"""Snapshots of pages at an archive that speaks Memento (RFC 7089) or Save Page Now."""

import re
from urllib.parse import urljoin

from footnotary.errors import ResponseRefused, UsageError
from footnotary.fetch.fetches import Fetches
from footnotary.fetch.urls import parse
from footnotary.models import How, Response

REPLAY = re.compile(r"/\d{14}(?:[a-z]{2}_)?/https?:/")
LINK = re.compile(r'<([^<>]*)>\s*;[^,]*?\brel\s*=\s*"?([^";,]*)')


def snapshot(url: str, fetcher: Fetches, endpoint: str) -> Response:
    """Ask an archive for a snapshot of a page.

    Args:
        url: The page.
        fetcher: Asks the archive.
        endpoint: The archive's URL in which `{url}` stands for the page's: a Save Page Now
            service, or a Memento TimeGate.

    Returns:
        The archive's answer, with `how` = archive; its `final_url` is the snapshot's.

    Raises:
        UsageError: The endpoint has no `{url}`.
        FetchError: The archive cannot be reached, refuses, or made no snapshot.
    """
    if "{url}" not in endpoint:
        raise UsageError(
            f"The archive {endpoint!r} cannot be asked: its URL has no {{url}}.",
            hint="Set archive in [tool.footnotary], such as https://web.archive.org/save/{url}.",
        )
    page = parse(url, any_port=True).href
    response = fetcher.get(endpoint.replace("{url}", page))
    address = _address(response)
    if not address:
        raise ResponseRefused(
            f"{endpoint.partition('{url}')[0]} answered without a snapshot of {page}.",
            hint="Try again later, or make one by hand and open it in a browser.",
        )
    return response.model_copy(update={"final_url": address, "how": How.ARCHIVE})


def _address(response: Response) -> str:
    """Return the URL of the snapshot that an answer is, or names."""
    headers = response.headers
    if "memento-datetime" in headers or REPLAY.search(response.final_url):
        return response.final_url
    named = [headers.get("content-location", "")]
    links: list[tuple[str, str]] = LINK.findall(headers.get("link", ""))
    named += [target for target, relations in links if "memento" in relations.lower().split()]
    for target in named:
        address: str = urljoin(response.final_url, target.strip())
        if target and address.startswith(("http://", "https://")):
            return address
    return ""
