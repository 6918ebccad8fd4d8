"""Links to the very sentence on the source's page, where a reader may follow them."""

from footnotary.match.fragment import recorded_link
from footnotary.models import Citation, Quote
from footnotary.publishing.markup import web_url


def sentence_url(citation: Citation) -> str:
    """Return where a reader finds the words of a citation.

    Args:
        citation: The record; words that were read beside the page may not be on it, so it is
            opened as it was cited (a file at its lines).
    """
    if citation.evidence.text_url:
        return web_url(citation.url)
    return fragment_url(citation.final_url, citation.quote)


def fragment_url(address: str, quote: Quote) -> str:
    """Return a link that makes the browser scroll to a quote and mark it.

    Args:
        address: The page's URL; a fragment of its own is kept in front.
        quote: The quote of a record.

    Returns:
        The URL, without a directive where it would not be certain to lead to the quote, or an
        empty string where the address is none a reader may follow.
    """
    target = web_url(address)
    return recorded_link(target, quote) if target else ""
