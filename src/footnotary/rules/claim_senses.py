"""A claim in another sense than its quote: denied, `faster` for `slower`, `must` for `should`.

Judged only where a clause of the quote is about the same thing in the same words and exactly one
of the two has the negation: what is said in quite other words is nobody's contradiction.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from footnotary.rules.claim_words import (
    CONDITIONS,
    NEGATIONS,
    OPPOSITES,
    STOP,
    WHEN,
    WITH,
    WITHOUT,
    Clause,
    best_clauses,
    clauses_of,
    is_partly_denied,
    share_of_words,
    shared,
    stem,
    word_set,
)

_ALIKE = 0.85
_ALIKE_OPPOSITE = 0.7
_FEWEST = 2
_LAST_THAT = 5  # words of a subject, and the `that` behind it
_VERBS = word_set("is are was were be been do does did has have had can may must will")


def denials_in(claim: str, quotes: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield what a claim says in one sense and its quotes in the other: word, and who denies it."""
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
                yield word, f"the quote denies “{word}”, the claim affirms it"
                return
            word = _denied_by_claim(clause, other, said)
            if word:
                yield word, f"the claim denies “{word}”, the quote affirms it"
                return
            break


def _are_cases(clause: Clause, other: Clause) -> bool:
    """Return whether one of two clauses denies its condition: `without it`, `if it is not so`."""
    return any(
        word in WITHOUT and (at == 0 or not WITH.isdisjoint(rest.words))
        for one, rest in ((clause, other), (other, clause))
        for at, word in enumerate(one.words)
    ) or any(
        word in NEGATIONS
        and (not CONDITIONS.isdisjoint(one.words[:at]) or _is_of_subject(one.words[:at]))
        for one in (clause, other)
        for at, word in enumerate(one.words)
    )


def _is_of_subject(before: Sequence[str]) -> bool:
    """Return whether a denial says which ones a clause is about: `tasks that are not awaited …`."""
    at = before.index("that") if "that" in before else _LAST_THAT
    behind = before[at + 1 :]
    is_bare = len(behind) < _FEWEST and _VERBS.issuperset(behind)
    return 0 < at < _LAST_THAT and _VERBS.isdisjoint(before[:at]) and is_bare


def _denied_by_quote(clause: Clause, other: Clause, said: Sequence[Clause]) -> str:
    """Return the word that the quote denies and the claim affirms, or nothing."""
    word = _denied_alone(other, clause)
    own = next(iter(shared(clause.words, [word] if word else [])), "")
    return own if own and not _is_affirmed(word, other, said) else ""


def _denied_by_claim(clause: Clause, other: Clause, said: Sequence[Clause]) -> str:
    """Return the word that the claim denies and the quote affirms, or nothing."""
    if any(each.denials(clause.words) for each in said if each is not other):
        return ""
    word = _denied_alone(clause, other)
    return word if word and other.has(word) else ""


def _denied_alone(denying: Clause, other: Clause) -> str:
    """Return the one word that a clause denies and another does not, or nothing."""
    words = [word for word in denying.negated if not shared([word], other.negated)]
    both = len(denying.negated) - len(words)
    alone = len(words) == 1 and len(other.negated) == both
    if not alone or denying.denials(other.words) != other.denials(denying.words) + 1:
        return ""
    if other.denials(denying.words) != both:
        return ""
    return words[0]


def _is_affirmed(word: str, denied: Clause, said: Sequence[Clause]) -> bool:
    """Return whether another clause of the quote, or the same one elsewhere, affirms a word."""
    again = len(shared(denied.words, [word])) > 1
    return again or any(each.has(word) and not each.negated for each in said if each is not denied)


def opposites_in(claim: str, quotes: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the words of a claim for which its quotes have the opposite: `slower`, `faster`."""
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


@dataclass(frozen=True)
class _Scale:
    """Words of one kind, strong and weak.

    Attributes:
        strong: What a claim must not say alone.
        weak: What a quote says instead.
        enough: With these in the quote, its weak words are no weakening.
        bound: Which word has to be the same in both: `next` (what the word is about), or none.
    """

    strong: re.Pattern[str]
    weak: re.Pattern[str]
    enough: re.Pattern[str]
    bound: str = ""


def _words(text: str) -> re.Pattern[str]:
    """Return a pattern that finds one of several words or phrases."""
    phrases = (re.escape(one.replace("_", " ")) for one in text.split())
    return re.compile(rf"(?<![\w-])(?:{'|'.join(sorted(phrases, key=len, reverse=True))})(?![\w-])")


_ALWAYS = """
always never invariably every_time in_all_cases without_exception at_all_times immer nie niemals
stets toujours jamais siempre nunca jamás sempre mai altijd nooit
"""
_GUARANTEED = """
guarantee guarantees guaranteed ensure ensures ensured definitely certainly garantiert garantie
garantit garanti garantiza garantizado garantito garante
"""
_ALL = """
all every each everything everyone none alle jeder jede jedes tous toutes chaque todos todas cada
tutti tutte ogni elke
"""
_MUST = """
must shall has_to have_to needs_to need_to is_required are_required be_required required_to
is_mandatory are_mandatory muss müssen zwingend doit doivent obligatoire debe deben tiene_que
tienen_que obligatorio deve devono devem moet moeten
"""
_SOME = """
some most many several few certain various einige manche viele mehrere die_meisten certains
certaines quelques plusieurs algunos algunas muchos muchas varios varias alcuni alcune molti
alguns algumas sommige
"""
_USUALLY = """
usually typically often generally normally sometimes mostly rarely seldom occasionally frequently
commonly in_most_cases as_a_rule tends_to tend_to likely may might can could should meist meistens
in_der_regel üblicherweise normalerweise oft häufig manchmal selten kann können sollte sollten
généralement souvent parfois habituellement rarement peut peuvent normalmente generalmente
a_menudo a_veces raramente puede pueden suele suelen debería deberían di_solito spesso può possono
geralmente frequentemente pode podem meestal vaak soms kan kunnen
"""
_SHOULD = """
should may might can could ought_to recommended encouraged advised advisable suggested optional
optionally sollte sollten soll sollen kann können darf dürfen empfohlen devrait devraient peut
peuvent recommandé facultatif debería deberían puede pueden recomienda recomendado opcional
dovrebbe dovrebbero può possono deveria pode podem zou kan kunnen
"""
_TRIES = f"""{_USUALLY} tries_to attempts_to try_to attempt_to aims_to intended designed_to
best_effort best-effort versucht tente_de intenta"""
_NEGATED = " ".join(sorted({*NEGATIONS, "neither", "nor", "nobody", "nothing", "none", "weder"}))
_SCALES = (
    _Scale(
        _words(_MUST),
        _words(_SHOULD),
        _words(f"{_MUST} only {_NEGATED} cannot unless reject rejected rejects error fails"),
        bound="next",
    ),
    _Scale(
        _words(_ALWAYS),
        _words(_USUALLY),
        _words(f"{_ALWAYS} {_GUARANTEED} {_ALL} {_NEGATED} cannot only must"),
    ),
    _Scale(_words(_ALL), _words(_SOME), _words(f"{_ALL} {_NEGATED} cannot only"), bound="next"),
    _Scale(
        _words(_GUARANTEED),
        _words(_TRIES),
        _words(f"{_GUARANTEED} {_ALWAYS} must cannot"),
    ),
)
_ALIKE_WEAKER = 0.6
_ALIKE_STRICT = 0.75


def overstated_in(claim: str, quotes: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield what a claim says too strongly, and what its quotes say instead."""
    said = [clause for quote in quotes for clause in clauses_of(quote)]
    for clause in clauses_of(claim):
        for scale in _SCALES:
            found = _overstated(clause, said, scale)
            if found:
                strong, weak = found
                yield strong, f"the claim says “{strong}”, the quote only “{weak}”"
                break


def _overstated(clause: Clause, said: Sequence[Clause], scale: _Scale) -> tuple[str, str] | None:
    """Return the strong word of a clause and the weak one of the quote, or None."""
    text = " ".join(clause.words)
    strong = scale.strong.search(text)
    if not strong or scale.weak.search(text) or _is_order(strong):
        return None
    for other in said:
        words = " ".join(other.words)
        weak = scale.weak.search(words)
        if not weak or scale.enough.search(words) or other.is_conditional > clause.is_conditional:
            continue
        if any(
            scale.strong.search(" ".join(each.words))
            and share_of_words(clause, each) >= _ALIKE_WEAKER
            for each in said
        ):
            return None
        if _is_about_one_thing(clause, other, strong, weak, scale):
            return strong[0], weak[0]
    return None


def _is_order(strong: re.Match[str]) -> bool:
    """Return whether a word begins an order (`Never put …`), which says what should be."""
    return strong.start() == 0 and strong[0] in ("never", "always")


def _is_about_one_thing(
    clause: Clause,
    other: Clause,
    strong: re.Match[str],
    weak: re.Match[str],
    scale: _Scale,
) -> bool:
    """Return whether a strong and a weak word say how much of the same thing."""
    own = Clause(tuple(word for word in clause.words if word not in strong[0].split()))
    covered = share_of_words(own, other)
    if scale.bound == "next":
        mine, theirs = _next(strong), _next(weak)
        if not mine:  # the header is required
            return covered >= _ALIKE_STRICT
        return bool(theirs) and stem(mine) == stem(theirs) and covered >= _ALIKE_WEAKER
    return covered >= _ALIKE_WEAKER and len(shared(own.content, other.content)) > 0


def _next(found: re.Match[str]) -> str:
    """Return the first word of content behind a match."""
    rest = found.string[found.end() :].split()
    return next((word for word in rest if word not in STOP), "")
