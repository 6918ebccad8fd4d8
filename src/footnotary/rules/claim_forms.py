"""Sentences of a claim and a quote by their form.

A claim made of nothing but its quote's own words is judged by form: which word is on which side,
which condition was dropped. A paraphrase is not: nobody can tell by form.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

from footnotary.match.normalization import fold_text
from footnotary.rules.claim_words import (
    FOREIGN,
    NEGATIONS,
    STOP,
    expand_contractions,
    shared,
    word_set,
)

_WORD = re.compile(r"(?:(?<!\S)-(?=\d))?[^\W_](?:[\w'.+#/-]*[\w+#])?%?|[<>]=?|,(?!\d)|[$€£]")
_END = re.compile(r"(?<=[\w)\]\"'`%])[.!?](?=\s|$)")
_DASH = re.compile(r"[;:](?=\s|$)|[\u2014\u2013]|\s-\s")  # what is behind it limits what is before
_ARTICLES = word_set("a an the")
HEDGES = word_set(
    "can could may might should would usually often typically generally normally sometimes "
    "mostly rarely occasionally commonly likely probably perhaps possible possibly some most "
    "many few several certain recommended optional optionally helps help tries try attempts "
    "aims intended planned plan plans about almost nearly roughly"
)
UNIVERSAL = word_set("all every each always any everyone everything everybody")
LIMITING = word_set(
    "unless except excepting besides only if when whenever until provided whether without "
    "outside otherwise other apart during within before after once as"
)
DENYING = frozenset({*NEGATIONS, "neither", "nor", "no-longer"})
OPERATORS = frozenset({*DENYING, *HEDGES, *UNIVERSAL, *LIMITING, "or", "yet", "still"})
_JOINING = frozenset(("and", ",", "but", "while", "whereas"))
_PART_ENDS = frozenset({*_JOINING, "that", "which"})


@dataclass(frozen=True)
class ClaimSentence:
    """A sentence of a claim or a quote.

    Attributes:
        words: Its words in lower case and commas, contractions spelled out, without articles.
        named: Those behind an article: they are no verbs.
    """

    words: tuple[str, ...]
    named: frozenset[str] = frozenset()

    @cached_property
    def is_english(self) -> bool:
        """Whether no word of it is of another language: their order of words is freer."""
        return FOREIGN.isdisjoint(self.words)

    @cached_property
    def content(self) -> tuple[str, ...]:
        """Its words of content, each once."""
        return tuple(dict.fromkeys(word for word in self.words if is_content(word)))

    @cached_property
    def parts(self) -> tuple["ClaimSentence", ...]:
        """What is between its commas, `and`, `but`, `which`."""
        parts: list[list[str]] = [[]]
        for word in self.words:
            if word in _PART_ENDS:
                parts.append([])
            else:
                parts[-1].append(word)
        return tuple(ClaimSentence(tuple(part)) for part in parts if part)

    def sides(self, at: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return what is before and behind a word in its coordinated part.

        Args:
            at: Where the word is.
        """
        ends = [-1, *(n for n, word in enumerate(self.words) if word in _JOINING), len(self.words)]
        first = max(end for end in ends if end <= at)
        last = min(end for end in ends if end > at)
        return self.words[first + 1 : at], self.words[at + 1 : last]

    def has(self, words: frozenset[str]) -> bool:
        """Return whether it has one of some words as they are written."""
        return not words.isdisjoint(self.words)

    def covered_by(self, other: "ClaimSentence") -> float:
        """Return which share of its words of content another sentence has."""
        return len(shared(self.content, other.words)) / max(1, len(self.content))


def is_content(word: str) -> bool:
    """Return whether a word says what a sentence is about."""
    return word[0].isalnum() and word not in STOP and word not in OPERATORS


@lru_cache(maxsize=1024)
def parse_sentences(text: str) -> tuple[ClaimSentence, ...]:
    """Return the sentences of a text.

    Args:
        text: A claim or a quote.
    """
    lowered = expand_contractions(fold_text(text).lower()).replace("no longer", "no-longer")
    pieces = _END.split(_DASH.sub(" , ", lowered))
    return tuple(one for one in (_sentence(_WORD.findall(piece)) for piece in pieces) if one.words)


def _sentence(words: Sequence[str]) -> ClaimSentence:
    """Return a sentence of all its words."""
    named = frozenset(word for article, word in pairwise(words) if article in _ARTICLES)
    return ClaimSentence(tuple(word for word in words if word not in _ARTICLES), named)
