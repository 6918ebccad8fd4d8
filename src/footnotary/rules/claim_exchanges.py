"""One thing in the place of another, in a claim of otherwise its quote's own words.

`on Linux` for `on Windows`, `per host` for `per process`, `to 70%` for `by 70%`, `from 3 to 2` for
`from 2 to 3`. A synonym is none of these: where two words may be one thing, nothing is found.
"""

import re
from collections.abc import Iterator, Sequence

from footnotary.match.normalization import fold_text
from footnotary.match.numbers import plain_numbers
from footnotary.rules.claim_words import (
    NEGATIONS,
    ClaimSentence,
    Found,
    is_content,
    read_sentences,
    stem,
    word_set,
)

_FEWEST = 5  # words of a sentence in which one is exchanged
_NEARLY = 0.8
_VERSION = re.compile(r"v?\d+(?:\.\d+)+")
_NAME = re.compile(
    r"(?<=[\w,;)] )[A-Z](?:[\w.+#-]*\w)?|\w*[a-z\d][A-Z]\w*|\w+[_]\w+|\b[A-Z]{2,}\w*"
    r"|\b[a-z]+[a-z-]*\d[\w-]*"
)
_MEASURES = word_set("bytes bits characters tokens words lines rows columns pages records fields")
_EACH = word_set("each every")
_SHORT_NAME = 4
_UP_TO = word_set("up close down compared next equal similar")


def exchanged_in(claim: str, quotes: Sequence[str]) -> Iterator[Found]:
    """Yield the name, version or measure that a claim has in the place of its quote's."""
    said = read_sentences(*map(plain_numbers, quotes))
    names = {found.lower() for text in (claim, *quotes) for found in _NAME.findall(fold_text(text))}
    for own in read_sentences(plain_numbers(claim)):
        for other in said if own.is_english else ():
            found = _find_exchanged(own, other, names) or _find_ends(own, other)
            if found and not any(one.has(frozenset((found[0],))) for one in said):
                mine, theirs = found
                yield mine, f"the claim says “{mine}” where the quote says “{theirs}”"
                return


def other_times(claim: str, quotes: Sequence[str]) -> Iterator[Found]:
    """Yield `exactly once` and its kin of a claim of which the quotes have another alone."""
    said = [found for quote in quotes for found in _ONCE.findall(quote)]
    for found in _ONCE.finditer(claim):
        own = _times_of(found[1])
        is_denied = not NEGATIONS.isdisjoint(claim[: found.start()].lower().split())
        if said and not is_denied and all(own - _times_of(one) for one in said):
            yield found[0], f"{said[0]} once"


_ONCE = re.compile(r"\b(at[ -]least|at[ -]most|exactly|no more than)[ -]once\b", re.IGNORECASE)


def _times_of(words: str) -> frozenset[str]:
    """Return the bounds of `at least` (once), `exactly` (once)."""
    least, most = words.lower().startswith(("at least", "at-least")), "exactly" in words.lower()
    return frozenset(("least", "most") if most else ("least",) if least else ("most",))


def _find_exchanged(own: ClaimSentence, other: ClaimSentence, names: set[str]) -> Found | None:
    """Return the one word in which two sentences differ, where it cannot be the same thing."""
    if len(own.words) != len(other.words) or len(own.words) < _FEWEST:
        return None
    pairs = zip(own.words, other.words, strict=True)
    apart = [at for at, (one, two) in enumerate(pairs) if stem(one) != stem(two)]
    if len(apart) != 1:
        return None
    at = apart[0]
    mine, theirs = own.words[at], other.words[at]
    is_named = {mine, theirs} <= names or (at == 0 and _is_subject(own) and _is_subject(other))
    is_named = is_named or all(map(_VERSION.fullmatch, (mine, theirs)))
    is_other = is_named or _is_measured(own, at, theirs)
    is_reach = {mine, theirs} == {"by", "to"} and any(w[0].isdigit() for w in own.words[at:][:3])
    return (mine, theirs) if is_reach or (is_other and not _may_be_one(mine, theirs)) else None


def _is_subject(sentence: ClaimSentence) -> bool:
    """Return whether a sentence begins with a name: `Redis removes`, not `The key expires`."""
    first, second = sentence.words[:2]
    is_verb = second.endswith("s") and not second.endswith(("ss", "us", "is"))
    return is_verb and is_content(first) and first not in sentence.named


def _is_measured(own: ClaimSentence, at: int, theirs: str) -> bool:
    """Return whether a word is what a number is of: `per host`, `72 bytes`."""
    mine, before = own.words[at], own.words[at - 1] if at else ""
    has_number = any(word[0].isdigit() for word in own.words)
    if before == "per" or (before in _EACH and has_number):
        return is_content(mine) and is_content(theirs)
    return bool(before) and before[0].isdigit() and {mine, theirs} <= _MEASURES


def _may_be_one(one: str, other: str) -> bool:
    """Return whether two names may be those of one thing: `Postgres`, `PostgreSQL`, `pg`."""
    short, long = sorted((one.lower(), other.lower()), key=len)
    letters = iter(long)
    return short in long or (len(short) <= _SHORT_NAME and all(char in letters for char in short))


def _find_ends(own: ClaimSentence, other: ClaimSentence) -> Found | None:
    """Return the ends of a change that a claim has the other way round: `from 3 to 2`."""
    if own.covered_by(other) < _NEARLY:
        return None
    mine = list(_ends_in(own))
    for first, last in _ends_in(other):
        if (last, first) in mine:
            return f"from {last} to {first}", f"from {first} to {last}"
        for before, word, behind in zip(("", *own.words), own.words, own.words[1:], strict=False):
            if (word, behind) == ("to", first) and not mine and before not in _UP_TO:
                return f"to {first}", f"from {first} to {last}"
    return None


def _ends_in(sentence: ClaimSentence) -> Iterator[Found]:
    """Yield the numbers of each `from 2 to 3` of a sentence."""
    words = sentence.words
    for at, word in enumerate(words):
        rest = words[at + 1 :]
        numbers = [one for one in rest[:6] if one[0].isdigit()] if word == "from" else []
        if len(numbers) > 1 and "to" in rest[: rest.index(numbers[1])] and numbers[0] != numbers[1]:
            yield numbers[0], numbers[1]
