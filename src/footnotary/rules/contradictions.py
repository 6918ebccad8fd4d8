"""Records that contradict each other: the same words with another number or a negation."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from footnotary.models import Citation

_NUMBER = re.compile(r"(?<![\w.])[-+]?\d+(?:[.,]\d+)*(?![\w])")
_NEGATION = {"not", "no", "never", "without"}
MINIMUM_WORDS = 4


def contradictions(citations: Iterable[Citation]) -> Iterator[tuple[Citation, Citation, str]]:
    """Yield pairs of records that contradict each other, and how.

    Records about different versions of a library do not contradict.

    Args:
        citations: The records; superseded ones are left out.
    """
    alike: dict[str, list[Citation]] = defaultdict(list)
    for citation in citations:
        words = _words(citation.quote.exact)
        if not citation.superseded_by and len(words) >= MINIMUM_WORDS:
            alike[" ".join("#" if _NUMBER.fullmatch(w) else w for w in words)].append(citation)
    for group in alike.values():
        yield from _pairs(group)


def _pairs(group: list[Citation]) -> Iterator[tuple[Citation, Citation, str]]:
    """Yield the contradictions among records with the same words."""
    for at, first in enumerate(group):
        for second in group[at + 1 :]:
            if first.versions != second.versions and first.versions and second.versions:
                continue
            numbers = [_numbers(each.quote.exact) for each in (first, second)]
            denied = [_denied(each.quote.exact) for each in (first, second)]
            if numbers[0] != numbers[1]:
                yield first, second, f"{_shown(numbers[0])} against {_shown(numbers[1])}"
            elif denied[0] != denied[1]:
                yield first, second, "one of them denies what the other says"


def _tokens(quote: str) -> list[str]:
    """Return the words and numbers of a quote in lower case, contractions spelled out."""
    text = quote.lower().replace("’", "'").replace("cannot", "can not").replace("won't", "will not")
    text = text.replace("can't", "can not").replace("n't", " not")
    return re.findall(r"[-+]?\d+(?:[.,]\d+)*|[^\W\d][\w'-]*", text)


def _words(quote: str) -> list[str]:
    """Return the words of a quote, negations left out."""
    return [word for word in _tokens(quote) if word not in _NEGATION]


def _numbers(quote: str) -> list[str]:
    """Return the numbers of a quote in order."""
    return _NUMBER.findall(quote)


def _denied(quote: str) -> int:
    """Return how many negations a quote has."""
    return sum(1 for word in _tokens(quote) if word in _NEGATION)


def _shown(numbers: list[str]) -> str:
    """Return numbers for a message."""
    return ", ".join(numbers)
