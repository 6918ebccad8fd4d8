"""A claim that says `must`, `always`, `all` where its quote says `should`, `usually`, `some`."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from footnotary.rules.claim_words import (
    NEGATIONS,
    STOP,
    Clause,
    clauses_of,
    coverage,
    is_same_word,
    shared,
)


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
_ALIKE = 0.6
_ALIKE_STRICT = 0.75


def overstated_in(claim: str, quotes: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield what a claim says too strongly, and the weaker word of its quotes.

    Args:
        claim: The claim.
        quotes: Words of the sources.
    """
    said = [clause for quote in quotes for clause in clauses_of(quote)]
    for clause in clauses_of(claim):
        for scale in _SCALES:
            found = _overstated(clause, said, scale)
            if found:
                yield found
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
            scale.strong.search(" ".join(each.words)) and coverage(clause, each) >= _ALIKE
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
    covered = coverage(own, other)
    if scale.bound == "next":
        mine, theirs = _next(strong), _next(weak)
        if not mine:  # the header is required
            return covered >= _ALIKE_STRICT
        return bool(theirs) and is_same_word(mine, theirs) and covered >= _ALIKE
    return covered >= _ALIKE and len(shared(own.content, other.content)) > 0


def _next(found: re.Match[str]) -> str:
    """Return the first word of content behind a match."""
    rest = found.string[found.end() :].split()
    return next((word for word in rest if word not in STOP), "")
