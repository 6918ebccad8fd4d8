"""Sentences of a claim and a quote by their form, and whether the one is said by the other.

A claim made of nothing but its quote's own words is decided by form: which word is on which
side, what is left out, which condition was dropped. A paraphrase is not: nobody can tell by form.
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
    is_denying,
    is_same_word,
    shared,
)

_WORD = re.compile(r"(?:(?<!\S)-(?=\d))?[^\W_](?:[\w'.+#/-]*[\w+#])?%?|[<>]=?|,(?!\d)|[$€£]")
_END = re.compile(r"(?<=[\w)\]\"'`%])[.;!?](?=\s|$)|[\u2014\u2013]|\s-\s")
_OF_ARTICLES = """
a an the
"""
_ARTICLES = frozenset(_OF_ARTICLES.split())
_OF_LIGHT = """
also simply just now then itself actually really
"""
_LIGHT = frozenset(_OF_LIGHT.split())
_OF_HEDGES = """
can could may might should would usually often typically generally normally sometimes mostly
rarely occasionally commonly likely probably perhaps possible possibly some most many few several
certain recommended optional optionally helps help tries try attempts aims intended planned plan
plans about almost nearly roughly
"""
HEDGES = frozenset(_OF_HEDGES.split())
_OF_UNIVERSAL = """
all every each always any everyone everything everybody
"""
UNIVERSAL = frozenset(_OF_UNIVERSAL.split())
_OF_LIMITING = """
unless except excepting besides only if when whenever until provided whether without outside
otherwise other apart during within before after once as
"""
LIMITING = frozenset(_OF_LIMITING.split())
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
    pieces = _END.split(lowered)
    return tuple(one for one in (_sentence(_WORD.findall(piece)) for piece in pieces) if one.words)


def _sentence(words: Sequence[str]) -> ClaimSentence:
    """Return a sentence of all its words."""
    named = frozenset(word for article, word in pairwise(words) if article in _ARTICLES)
    return ClaimSentence(tuple(word for word in words if word not in _ARTICLES), named)


def is_said_by(claim: str, quotes: Sequence[str]) -> bool:
    """Return whether each sentence of a claim is one of its quotes', whole or a part of it.

    What a claim leaves out must be a coordinated part or a member of a list: without `in test
    mode`, `only` or an adjective it would say more than the quote.

    Args:
        claim: The claim.
        quotes: Words of the sources.
    """
    stated = [quote for quote in quotes if "?" not in quote]
    said = [sentence for quote in stated for sentence in parse_sentences(quote)]
    own = parse_sentences(claim)
    return bool(own) and all(any(_is_part(each, other) for other in said) for each in own)


def _is_part(claim: ClaimSentence, quote: ClaimSentence) -> bool:
    """Return whether a sentence is what another one says, or a coordinated part of it."""
    if not quote.is_english:
        return claim.words == quote.words
    left: list[tuple[int, int]] = []  # what is left out: from, to
    at = 0
    words = [word for word in claim.words if word not in _LIGHT]
    for word in words:
        found = next((n for n in range(at, len(quote.words)) if _is_form(word, quote.words[n])), -1)
        if found < 0:
            return False
        if found > at:
            left.append((at, found))
        at = found + 1
    if at < len(quote.words):
        left.append((at, len(quote.words)))
    return all(_may_be_left_out(quote.words, first, last) for first, last in left)


def _is_form(one: str, other: str) -> bool:
    """Return whether two words are one: words of content in any form, all others as written."""
    if is_content(one) and is_content(other) and one.isalpha():
        return is_same_word(one, other)
    return one == other


def _may_be_left_out(words: Sequence[str], first: int, last: int) -> bool:
    """Return whether a run of words is a part by itself, and limits nothing of the rest."""
    run = [word for word in words[first:last] if word not in _LIGHT]
    if not run:
        return True
    if not OPERATORS.isdisjoint(run) or any(map(is_denying, run)):
        return False
    if last == len(words):
        return run[0] in _JOINING and not _JOINING.isdisjoint(run[1:] if run[0] == "," else run)
    if any(word[0].isdigit() for word in words):
        return False  # `A and B need 4 GB` may be for both
    listed = is_content(run[0]) if first == 0 else all(map(_is_listed, run))
    return run[-1] in _JOINING and listed


def _is_listed(word: str) -> bool:
    """Return whether a word can be of a member of a list: `Flake8, Black and`."""
    return word in _JOINING or (is_content(word) and not word[0].isdigit())
