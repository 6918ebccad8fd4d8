"""A dash typed as two hyphens: `--` for — where a page prints one, and the other way round.

Two hyphens are not folded for good: `--no-cache` and `git checkout -- file` mean them.
"""

import re

from footnotary.match.boundaries import stretches
from footnotary.match.normalization import NormalText, normalize

_LONG = "\u2014\u2015"
_PRINTED = re.compile("[\u2013\u2014\u2015]")
_TYPED = re.compile(r"(?<=\w)--(?=\w)|(?<=\s)--(?=\s)|(?<=[\w.,;:!?)\"'\u2019\u201d])--(?=\s)")


def dashed(quote: str, page: NormalText) -> list[tuple[int, int]]:
    """Return where a page has a quote but for how its dashes are typed.

    Args:
        quote: The quote as it was given.
        page: The page's text.
    """
    return _printed_on_page(quote, page) or _typed_on_page(quote, page)


def _printed_on_page(quote: str, page: NormalText) -> list[tuple[int, int]]:
    """The quote types two hyphens where the page has a dash."""
    folded, count = _TYPED.subn("\u2014", quote)
    if not count:
        return []
    found = []
    for span in stretches(normalize(folded), page.text, page.bounds):
        start, end = page.raw_span(*span)
        if _outline(folded) == _outline(page.raw[start:end]):
            found.append(span)
    return found


def _typed_on_page(quote: str, page: NormalText) -> list[tuple[int, int]]:
    """The page types two hyphens where the quote has a dash."""
    if not any(mark in quote for mark in _LONG):
        return []
    typed = quote
    for mark in _LONG:
        typed = typed.replace(mark, "--")
    return list(stretches(normalize(typed), page.text, page.bounds))


def _outline(text: str) -> str:
    """Return which dashes a text has in order: printed ones, and plain hyphens."""
    return re.sub("[^-\u2014]", "", _PRINTED.sub("\u2014", text))
