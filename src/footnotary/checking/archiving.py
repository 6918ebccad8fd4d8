"""Archive: have a snapshot made of a cited page, and record it if it has the quote.

The archive speaks Memento (RFC 7089) or Save Page Now.
"""

import re
from urllib.parse import urljoin

from footnotary.checking.superseding import linked_addresses
from footnotary.deadline import Deadline, running_deadline
from footnotary.errors import ResponseRefused, UnreadableError, UsageError
from footnotary.extract import extract
from footnotary.fetch import Fetches
from footnotary.fetch.urls import parse
from footnotary.match import weighed
from footnotary.models import Citation, How, Response
from footnotary.records import RecordStore
from footnotary.rules.edits import restate_record

REPLAY = re.compile(r"/\d{14}(?:[a-z]{2}_)?/https?:/")


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
    address = _snapshot_address(response)
    if not address:
        raise ResponseRefused(
            f"{endpoint.partition('{url}')[0]} answered without a snapshot of {page}.",
            hint="Try again later, or make one by hand and open it in a browser.",
        )
    return response.model_copy(update={"final_url": address, "how": How.ARCHIVE})


def _snapshot_address(response: Response) -> str:
    """Return the URL of the snapshot that an answer is, or names."""
    headers = response.headers
    if "memento-datetime" in headers or REPLAY.search(response.final_url):
        return response.final_url
    here = headers.get("content-location", "").strip()
    if here and (url := urljoin(response.final_url, here)).startswith(("http://", "https://")):
        return url
    return next(linked_addresses(response, "memento"), "")


def archive_source(
    citation: Citation, store: RecordStore, fetcher: Fetches, endpoint: str
) -> Citation:
    """Have an archive keep a page, make sure that the copy has the quote, and record it.

    Args:
        citation: Whose page is to be kept.
        store: Where the record is.
        fetcher: Asks the archive.
        endpoint: The archive's URL, with `{url}` for the page's.

    Raises:
        FetchError: The archive cannot be reached, or made no snapshot.
        UnreadableError: There is a snapshot, but it does not have the quote.
    """
    response = snapshot(citation.evidence.text_url or citation.final_url, fetcher, endpoint)
    address = response.final_url
    with running_deadline(Deadline(fetcher.timeout, address)):
        has_quote = _has_quote(citation, response) or _has_quote(
            citation, fetcher.get(address, asked_for=endpoint)
        )
    if not has_quote:
        raise UnreadableError(
            f"The snapshot {address} does not have the quote of {citation.key}, so it was"
            " not recorded.",
            reason="snapshot",
            hint="Open it in a browser to see what the archive was shown.",
        )
    return store.change(citation.key, lambda current: restate_record(current, archive_url=address))


def _has_quote(citation: Citation, response: Response) -> bool:
    """Return whether an answer is a page with the citation's quote."""
    hit = weighed(citation.quote.exact, extract(response))
    return hit is not None and hit.found
