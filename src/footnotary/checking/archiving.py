"""Archive: have a snapshot made of a cited page, and record it if it has the quote."""

from footnotary.deadline import Deadline, running_deadline
from footnotary.errors import UnreadableError
from footnotary.extract import extract
from footnotary.fetch.archive import snapshot
from footnotary.fetch.fetches import Fetches
from footnotary.match import weighed
from footnotary.models import Citation, Response
from footnotary.records import RecordStore


def archive_source(
    citation: Citation, store: RecordStore, fetcher: Fetches, endpoint: str
) -> Citation:
    """Have an archive keep a page, make sure that the copy has the quote, and record it.

    Args:
        citation: Whose page is to be kept.
        store: Where the record is.
        fetcher: Asks the archive.
        endpoint: The archive's URL, with `{url}` for the page's.

    Returns:
        The record with its `archive_url`.

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
    return store.change(
        citation.key, lambda current: current.model_copy(update={"archive_url": address})
    )


def _has_quote(citation: Citation, response: Response) -> bool:
    """Return whether an answer is a page with the citation's quote."""
    hit = weighed(citation.quote.exact, extract(response))
    return hit is not None and hit.found
