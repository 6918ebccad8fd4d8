"""Sentences of a claim and a quote by their form, and whether the one is said by the other.

A claim is said by a quote if it is a sentence of it to the letter. One made of the quote's own
words is judged by form: which word is on which side, which condition was dropped. Of a paraphrase
nobody can tell by form.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

from footnotary.match.normalization import bounded, fold_text
from footnotary.rules.claim_words import (
    FOREIGN,
    NEGATIONS,
    STOP,
    expand_contractions,
    is_denying,
    shared,
    word_set,
)
from footnotary.rules.sentences import split

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
# A sentence that may be beside the claim's in a quote: without code, quotation or dashes.
_PLAIN = re.compile(r"[A-Z][A-Za-z0-9 ,-]+\.")
_FEWEST_WORDS = 4  # of fewer nobody can tell whether they are a heading: `On Windows.`
_APART = (
    NEGATIONS
    | FOREIGN
    | word_set(
        "it its they them their this that these those such so here there he she his her we us our "
        "you your above below following follow follows former latter previous other others "
        "another one ones same both similar first second last wrong false untrue incorrect "
        "inaccurate myth myths mistake mistakes mistaken lie lies joke outdated obsolete legacy "
        "believe believes believed think thinks thought argue argues claim claims claimed say "
        "says said write writes wrote suppose supposes supposed assume assumes assumed imagine "
        "pretend example examples hypothetical rumour rumours rumor rumors story stories fiction "
        "parody fact facts truth reality statement statements sentence sentences paragraph text "
        "quote quotes question questions answer answers advice rule rules however though although "
        "unlike versus contrast different differ differs differently vary varies depend depends "
        "contrary opposite special specific particular caveat caution beware careful note "
        "remember limit limits limited restriction restrictions restricted provided was were had "
        "formerly earlier later now soon new old older newer plan plans planned propose proposed "
        "proposal hope hopes wish goal aim aims intend intended promise draft experimental beta "
        "alpha preview change changes changed future next today"
    )
)
_STOP_BEHIND = re.compile(r"(?<=[^\s.])\.$")
_ENGLISH = frozenset(("the", "are", "is", "and"))
_LETTERS = re.compile(r"[^\W_]+")


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


def is_said_by(claim: str, quotes: Sequence[str]) -> bool:
    """Return whether a claim is whole sentences of a quote, to the letter, that nothing limits.

    White space, backticks of the claim and its last full stop do not matter. Letter case, signs,
    operators, units and articles do. What else the quotes say must be about other things.

    Args:
        claim: The claim.
        quotes: Words of the sources.
    """
    own = _sentences_as_written(claim.replace("`", ""))
    if not own or "?" in claim:
        return False
    is_found = False
    beside: list[str] = []
    for quote in quotes:
        said = _sentences_as_written(quote)
        places = range(len(said) - len(own) + 1)
        at = next((n for n in places if _is_equal(said[n : n + len(own)], own)), -1)
        is_found = is_found or at >= 0
        beside += said if at < 0 else (*said[:at], *said[at + len(own) :])
    return is_found and all(_is_apart(each, own) for each in beside)


def _sentences_as_written(text: str) -> list[str]:
    """Return the sentences of a text in the form that is compared; a colon ends none."""
    sentences: list[str] = []
    for _, piece in split(bounded(text)):
        if sentences and sentences[-1].endswith(":"):
            sentences[-1] += f" {piece}"
        else:
            sentences.append(piece)
    return sentences


def _is_equal(*texts: Sequence[str]) -> bool:
    """Return whether sentences are the same but for the last full stop."""
    one, other = (_STOP_BEHIND.sub("", " ".join(sentences)) for sentences in texts)
    return one == other


def _is_apart(sentence: str, own: Sequence[str]) -> bool:
    """Return whether a sentence beside a claim's is about other things and points at none."""
    words = _LETTERS.findall(sentence.lower())
    begins = words[0] if words else ""
    return (
        _PLAIN.fullmatch(sentence) is not None
        and len(words) >= _FEWEST_WORDS
        and (begins in _ARTICLES or is_content(begins))
        and _APART.isdisjoint(words)
        and not _ENGLISH.isdisjoint(words)
        and not any(map(is_denying, words))
        and not shared(filter(is_content, words), _LETTERS.findall(" ".join(own).lower()))
    )
