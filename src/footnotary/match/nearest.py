"""The nearest passage and what differs, in words. For showing only, never for accepting."""

import re
from difflib import SequenceMatcher

from footnotary.match.normalization import normal_text, normalize

_FLOOR = 50.0  # per cent alike, below which nothing is worth showing
# A number or a word with the space before it, or one sign: `24`, ` hours`, `>=`.
_TOKEN = re.compile(r"\s*(?:\d+(?:[.,]\d+)*|[^\W\d]+(?:['’-]\w+)*|\w+|[^\w\s]+)")
MOST_DIFFERENCES = 6


def nearest(quote: str, text: str) -> tuple[int, int] | None:
    """Return where the passage most like a quote stands in a text, or None.

    Args:
        quote: The quote.
        text: The page's text.
    """
    from rapidfuzz.fuzz import partial_ratio_alignment

    page = normal_text(text)
    needle = normalize(quote)
    if not needle or not page.text:
        return None
    found = partial_ratio_alignment(needle, page.text, score_cutoff=_FLOOR)
    if found is None or found.dest_end <= found.dest_start:
        return None
    start, end = _to_words(page.text, found.dest_start, found.dest_end)
    if needle[-1].isalnum():
        end = start + len(page.text[start:end].rstrip(".,:;!?"))
    return page.raw_span(start, max(end, start + 1))


def _to_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen a stretch to whole words."""
    left = text.rfind(" ", 0, start + 1) + 1
    right = text.find(" ", max(end - 1, left))
    return left, len(text) if right < 0 else max(right, left + 1)


def differences(quote: str, passage: str) -> tuple[str, ...]:
    """Return what differs between a quote and a passage, in words a person understands.

    Args:
        quote: The quote.
        passage: The page's words.
    """
    left, right = _TOKEN.findall(normalize(quote)), _TOKEN.findall(normalize(passage))
    found = []
    for kind, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        ours, theirs = "".join(left[a:b]).strip(), "".join(right[c:d]).strip()
        if kind == "replace":
            found.append(f'quote has "{ours}", page has "{theirs}"')
        elif kind == "delete":
            found.append(f'quote has "{ours}", page lacks it')
        elif kind == "insert":
            found.append(f'page has "{theirs}", quote lacks it')
    return tuple(found[:MOST_DIFFERENCES])
