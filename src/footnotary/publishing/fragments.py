"""Links to the very sentence on the source's page: text fragments.

Source: WICG, URL Fragment Text Directives, https://wicg.github.io/scroll-to-text-fragment/
"""

import re
from urllib.parse import quote as percent_encoded

from footnotary.models import Quote
from footnotary.publishing.markup import web_url

WHOLE = 300  # characters: longer quotes are named by their first and last words
ENDS = 5  # words
FEW = 3  # words: quotes this short need their surroundings to be found


def fragment_url(address: str, quote: Quote) -> str:
    """Return a link that makes the browser scroll to a quote and mark it.

    Args:
        address: The page's URL; a fragment of its own is kept in front.
        quote: The quote; its prefix and suffix are used where it is short.

    Returns:
        The URL, or an empty string where the address is none a reader may follow.
    """
    target = web_url(address)
    if not target:
        return ""
    directive = _directive(quote)
    return f"{target}{'' if '#' in target else '#'}:~:text={directive}" if directive else target


def _directive(quote: Quote) -> str:
    """Return `[prefix-,]start[,end][,-suffix]`."""
    lines = [line.strip() for line in quote.exact.splitlines() if line.strip()]
    words = " ".join(lines).split()
    if not words:
        return ""
    if len(lines) == 1 and len(quote.exact) <= WHOLE:
        parts = [_encoded(" ".join(words))]
    else:
        size = min(ENDS, max(1, len(words) // 2))
        parts = [_encoded(" ".join(words[:size])), _encoded(" ".join(words[-size:]))]
    if len(words) <= FEW:
        before, behind = _edge(quote.prefix, last=True), _edge(quote.suffix, last=False)
        parts = [f"{before}-"] * bool(before) + parts + [f"-{behind}"] * bool(behind)
    return ",".join(parts)


def _edge(text: str, *, last: bool) -> str:
    """Return the nearest whole words of a quote's surroundings, within its block."""
    block = text.rstrip("\n").rsplit("\n", 1)[-1] if last else text.lstrip("\n").split("\n", 1)[0]
    words = re.findall(r"\S+", block)
    # The outermost word may be cut in the middle.
    inner = words[1:] if last else words[:-1]
    return _encoded(" ".join(inner[-FEW:] if last else inner[:FEW]))


def _encoded(text: str) -> str:
    """Percent-encode text; `-`, `,` and `&` have a meaning in the directive."""
    return percent_encoded(text, safe="").replace("-", "%2D")
