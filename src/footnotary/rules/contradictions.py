"""Records that contradict each other: the same words with another number or a negation."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from footnotary.models import Citation

_NUMBER = re.compile(r"(?<![\w.])[-+]?\d+(?:[.,]\d+)*(?![\w])")
_NEGATION = {"not", "no", "never", "without"}
MINIMUM_WORDS = 4
SERIES = 3


def contradictions(citations: Iterable[Citation]) -> Iterator[tuple[Citation, Citation, str]]:
    """Yield pairs of records that contradict each other, and how.

    Records about different versions of a library do not contradict.
    """
    alike: dict[str, list[Citation]] = defaultdict(list)
    for citation in citations:
        words = _words(citation.quote.exact)
        if not citation.superseded_by and len(words) >= MINIMUM_WORDS:
            alike[" ".join("#" if _NUMBER.fullmatch(w) else w for w in words)].append(citation)
    for group in alike.values():
        yield from _pairs(group)


def _pairs(group: list[Citation]) -> Iterator[tuple[Citation, Citation, str]]:
    """Yield the contradictions among records with the same words.

    Many versions of one sentence are a series (rows of a table, releases), no contradiction;
    so are sentences that differ in more than one number.
    """
    versions: dict[tuple[tuple[str, ...], int], Citation] = {}
    for citation in group:
        quote = citation.quote.exact
        versions.setdefault((tuple(_NUMBER.findall(quote)), _denied(quote)), citation)
    if not 1 < len(versions) <= SERIES:
        return
    for at, ((numbers, denied), first) in enumerate(versions.items()):
        for (others, other_denied), second in list(versions.items())[at + 1 :]:
            if first.versions and second.versions and first.versions != second.versions:
                continue
            differing = [
                f"{one} against {other}"
                for one, other in zip(numbers, others, strict=False)
                if one != other
            ]
            if len(differing) == 1:
                yield first, second, differing[0]
            elif not differing and denied != other_denied:
                yield first, second, "one of them denies what the other says"


def _tokens(quote: str) -> list[str]:
    """Return the words and numbers of a quote in lower case, contractions spelled out."""
    text = quote.lower().replace("’", "'").replace("cannot", "can not").replace("won't", "will not")
    text = text.replace("can't", "can not").replace("n't", " not")
    return re.findall(r"[-+]?\d+(?:[.,]\d+)*|[^\W\d][\w'-]*", text)


def _words(quote: str) -> list[str]:
    """Return the words of a quote, negations left out."""
    return [word for word in _tokens(quote) if word not in _NEGATION]


def _denied(quote: str) -> int:
    """Return how many negations a quote has."""
    return sum(1 for word in _tokens(quote) if word in _NEGATION)
