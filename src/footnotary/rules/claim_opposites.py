"""A claim that denies what its quote says, or affirms what it denies; and `faster` for `slower`.

Judged only where a clause of the quote is about the same thing in the same words and exactly one
of the two has the negation: what is said in quite other words is nobody's contradiction.
"""

from collections.abc import Iterator, Sequence

from footnotary.rules.claim_words import (
    CONDITIONS,
    NEGATIONS,
    OPPOSITES,
    WHEN,
    WITH,
    WITHOUT,
    Clause,
    best_clauses,
    clauses_of,
    is_partly_denied,
    is_same_word,
    shared,
)

_ALIKE = 0.85
_ALIKE_OPPOSITE = 0.7
_FEWEST = 2


def denials_in(claim: str, quotes: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield what a claim says in one sense and its quotes in the other: word, and who denies it.

    Args:
        claim: The claim.
        quotes: Words of the sources.

    Yields:
        The word, and `claim` or `quote`.
    """
    said = [clause for quote in quotes for clause in clauses_of(quote)]
    is_partial = any(map(is_partly_denied, quotes))
    for clause in clauses_of(claim):
        if len(clause.content) < _FEWEST or (is_partial and "some" in clause.words):
            continue
        for other in best_clauses(clause, said, _ALIKE):
            if WHEN.intersection(clause.words) != WHEN.intersection(other.words):
                break  # what was not so before 2.0 is so since 2.0
            if clause.is_conditional != other.is_conditional or _are_cases(clause, other):
                break  # `if it is not there` does not say that it is not
            word = _denied_by_quote(clause, other, said)
            if word:
                yield word, "quote"
                return
            word = _denied_by_claim(clause, other, said)
            if word:
                yield word, "claim"
                return
            break


def _are_cases(clause: Clause, other: Clause) -> bool:
    """Return whether one of two clauses denies its condition: `without it`, `if it is not so`."""
    return any(
        word in WITHOUT and (at == 0 or not WITH.isdisjoint(rest.words))
        for one, rest in ((clause, other), (other, clause))
        for at, word in enumerate(one.words)
    ) or any(
        word in NEGATIONS and not CONDITIONS.isdisjoint(one.words[:at])
        for one in (clause, other)
        for at, word in enumerate(one.words)
    )


def _denied_by_quote(clause: Clause, other: Clause, said: Sequence[Clause]) -> str:
    """Return the word that the quote denies and the claim affirms, or nothing."""
    word = _denied_alone(other, clause)
    own = next((w for w in clause.words if word and is_same_word(w, word)), "")
    return own if own and not _is_affirmed(word, other, said) else ""


def _denied_by_claim(clause: Clause, other: Clause, said: Sequence[Clause]) -> str:
    """Return the word that the claim denies and the quote affirms, or nothing."""
    if any(each.denials(clause.words) for each in said if each is not other):
        return ""
    word = _denied_alone(clause, other)
    return word if word and other.has(word) else ""


def _denied_alone(denying: Clause, other: Clause) -> str:
    """Return the one word that a clause denies and another does not, or nothing."""
    words = [
        word
        for word in denying.negated
        if not any(is_same_word(word, denied) for denied in other.negated)
    ]
    both = len(denying.negated) - len(words)
    alone = len(words) == 1 and len(other.negated) == both
    if not alone or denying.denials(other.words) != other.denials(denying.words) + 1:
        return ""
    if other.denials(denying.words) != both:
        return ""
    return words[0]


def _is_affirmed(word: str, denied: Clause, said: Sequence[Clause]) -> bool:
    """Return whether another clause of the quote, or the same one elsewhere, affirms a word."""
    again = sum(is_same_word(word, own) for own in denied.words) > 1
    return again or any(each.has(word) and not each.negated for each in said if each is not denied)


def opposites_in(claim: str, quotes: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the words of a claim for which its quotes have the opposite: `slower`, `faster`.

    Args:
        claim: The claim.
        quotes: Words of the sources.
    """
    said = [clause for quote in quotes for clause in clauses_of(quote)]
    words = {word for clause in said for word in clause.words}
    for clause in clauses_of(claim):
        pairs = [pair for pair in _pairs(clause.words) if pair[1] in words and pair[0] not in words]
        if len({own for own, _ in pairs}) != 1:
            continue
        for own, opposite in pairs:
            for other in said:
                if opposite in other.words and _says_the_opposite(clause, own, other, opposite):
                    yield own, opposite
                    return


def _pairs(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield each word that has opposites with each of them."""
    for one, other in OPPOSITES:
        if one in words:
            yield one, other
        if other in words:
            yield other, one


def _says_the_opposite(clause: Clause, own: str, other: Clause, opposite: str) -> bool:
    """Return whether two clauses say the same but for one word, about the same sides."""
    if clause.without(own).denials(other.words) != other.without(opposite).denials(clause.words):
        return False
    if NEGATIONS.isdisjoint(clause.words) != NEGATIONS.isdisjoint(other.words):
        return False
    rest = tuple(word for word in clause.content if word not in (own, opposite))
    common = shared(rest, other.content)
    if len(common) < min(_FEWEST, max(1, len(rest))) or len(common) < _ALIKE_OPPOSITE * len(rest):
        return False
    left, right = _sides(clause.words, clause.words.index(own))
    return any(
        len(shared(left, other_left)) + len(shared(right, other_right))
        > len(shared(left, other_right)) + len(shared(right, other_left))
        for at, word in enumerate(other.words)
        if word == opposite
        for other_left, other_right in [_sides(other.words, at)]
    )


def _sides(words: Sequence[str], at: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the words of content before and behind a place."""
    skipped = NEGATIONS | {"than", "als", "que", "de", "di", "dan"}
    before = Clause(tuple(w for w in words[:at] if w not in skipped)).content
    return before, Clause(tuple(w for w in words[at + 1 :] if w not in skipped)).content
