"""Claims in their quote's own words that say something else: sides, conditions, what is counted.

Each judge asks first that all words of content of the claim are the quote's: of a paraphrase it is
silent. Each yields the claim's or quote's word that decides, and what differs in one sentence.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from footnotary.rules.claim_words import (
    DENYING,
    HEDGES,
    LIMITING,
    OPPOSITES,
    UNIVERSAL,
    ClaimSentence,
    Found,
    is_content,
    is_denying,
    parse_sentences,
    read_sentences,
    shared,
    stem,
    word_set,
)

_RELATING = word_set("before after until than to from into onto over under when once")
_NOT_BEFORE_A_VERB = UNIVERSAL | word_set("of in on at to for from by with as per or no new both")
_SUBORDINATING = word_set("before after until when once if unless while")
_INVERTING = word_set("to from into between among behind under over on in at with")
_ENDED = frozenset(("no-longer",))
_NOT = DENYING - _ENDED
_BE = word_set("is are was were be been being")
_EXCEPTING = frozenset(("unless", "except", "excepting"))
_OF_ONLY_IF = frozenset(("if", "when", "while", "after"))
_LIMITS = LIMITING - {"as"}
_LIMITING_ALL = frozenset(("only", "if", "when", "default"))
_ANY_CASE = frozenset({*_LIMITS, *DENYING, "exclusively", "alone", "sole"})
_ENDS_CASE = frozenset((",", "has", "have", "can", "may", "must", "will"))
_ADDING = word_set("again then later finally additional more further extra total")
_PAST = frozenset(("was", "were", "has", "have", "had"))
_FUTURE = frozenset(("will", "going"))
_BOUNDS = {("at", "most"), ("at", "least"), ("no", "more")}
_BOUNDING = word_set("up most maximum max limit limited cap within than exceed")
_FORMERLY = frozenset(("used", "formerly", "previously", "once", "longer"))
_WHOLE = 0.99
_NEARLY = 0.8


def _in_the_same_words(
    claim: str, quotes: Sequence[str]
) -> Iterator[tuple[ClaimSentence, ClaimSentence]]:
    """Yield each English sentence of a claim with one of the quotes that has all its words."""
    said = read_sentences(*quotes)
    for own in read_sentences(claim):
        best = max(said, key=own.covered_by, default=None)
        if best is None or not own.is_english or not best.is_english:
            continue
        if len(own.content) > 1 and own.covered_by(best) >= _WHOLE:
            yield own, best


def swapped_in(claim: str, quotes: Sequence[str]) -> Iterator[Found]:
    """Yield relations that a claim states the wrong way round: `A before B`, `B before A`."""
    for each in _in_the_same_words(claim, quotes):
        own, other = map(_in_order, each)
        if _is_turned(own, other) or own.has(DENYING) != other.has(DENYING):
            continue
        for at, word in enumerate(own.words):
            crossed = _crossed(own, at, other)
            if crossed:
                left, right = crossed
                order = f"“{left}” and behind it “{right}”, the quote the other way round"
                yield word, f"the claim has before “{word}” {order}"
                return


def _in_order(sentence: ClaimSentence) -> ClaimSentence:
    """Return a sentence with a first `when …,` at its end: `A when B` for `When B, A`."""
    words = sentence.words
    if words[0] not in _SUBORDINATING or "," not in words:
        return sentence
    at = words.index(",")
    return ClaimSentence((*words[at + 1 :], *words[:at]), sentence.named)


def _is_turned(own: ClaimSentence, other: ClaimSentence) -> bool:
    """Return whether one of two sentences turns the other round: passive, before for after."""
    return own.has(frozenset(("by",))) != other.has(frozenset(("by",))) or any(
        {one, two} <= {*own.words, *other.words} and (one in own.words) != (one in other.words)
        for one, two in OPPOSITES
    )


def _crossed(own: ClaimSentence, at: int, other: ClaimSentence) -> tuple[str, str] | None:
    """Return words left and right of a relation that are on the other side in a quote."""
    left, right = own.sides(at)
    crossed = None
    for place in range(len(other.words)):
        if not _is_one_relation(own, at, other, place):
            continue
        before, behind = other.sides(place)
        to_left = _moved(left, behind, (*right, *before))
        to_right = _moved(right, before, (*left, *behind))
        if to_left and to_right:
            crossed = crossed or (to_left[-1], to_right[0])
        elif shared(left, before) and shared(right, behind):
            return None  # it is said the claim's way round too
    return crossed


def _moved(side: Sequence[str], from_side: Sequence[str], nowhere: Sequence[str]) -> list[str]:
    """Return the words of a side that are on the other one in the other text, and only there."""
    own = [word for word in side if is_content(word) and not word[0].isdigit()]
    return [word for word in shared(own, from_side) if not shared([word], nowhere)]


def _is_one_relation(own: ClaimSentence, at: int, other: ClaimSentence, place: int) -> bool:
    """Return whether two words are one relation: `before`, or a verb in the same voice."""
    word, same = own.words[at], other.words[place]
    if word in _RELATING:
        return word == same
    if not (is_content(word) and word.isalpha()) or word in own.named or same in other.named:
        return False
    if {own.words[0], other.words[0]} & _INVERTING:
        return False
    before, theirs = own.words[at - 1] if at else "", other.words[place - 1] if place else ""
    is_verb = _NOT_BEFORE_A_VERB.isdisjoint((before, theirs))
    return (
        is_verb
        and word.removesuffix("s") == same.removesuffix("s")
        and (before in _BE) == (theirs in _BE)
    )


def conditions_in(claim: str, quotes: Sequence[str]) -> Iterator[Found]:
    """Yield the `unless`, `except`, `only` and `only if` that a claim drops, adds or turns."""
    for own, other in _in_the_same_words(claim, quotes):
        found = _dropped(own, other) or _find_everywhere(own, other)
        if found:
            yield found
            return
    yield from _added(claim, quotes)


def _dropped(own: ClaimSentence, other: ClaimSentence) -> Found | None:
    """Return the `unless`, `except` or `only if` that a claim leaves out, or what it excepts."""
    pairs = [*pairwise(other.words), (other.words[-1], "")]
    at = next(
        (n for n, (word, behind) in enumerate(pairs) if word in _EXCEPTING
         or (word == "only" and behind in _OF_ONLY_IF)), -1,
    )  # fmt: skip
    if at < 0 or own.has(_EXCEPTING | DENYING | {"without", "outside", "other", "only"}):
        return None
    word = other.words[at]
    case = _case_behind(other, at)
    if shared(case, own.words):
        is_excepted = word in _EXCEPTING and not other.has(DENYING)
        return (word, f"the quote says “{word} {case[0]}”") if is_excepted else None
    rest = [one for one in other.content if one not in case]
    if own.has(_LIMITS.difference(other.words)) or len(shared(rest, own.words)) < _NEARLY * len(
        rest
    ):
        return None
    written = word if word in _EXCEPTING else f"only {pairs[at][1]}"
    return written, f"the quote says “{written}”, the claim does not"


def _case_behind(sentence: ClaimSentence, at: int) -> list[str]:
    """Return the words of content of the case that `unless` or `except` begins."""
    ends = _ENDS_CASE | _BE if sentence.words[at] == "except" else _ENDS_CASE - {"has", "have"}
    case: list[str] = []
    for word in sentence.words[at + 1 :]:
        if case and word in ends:
            break
        if is_content(word):
            case.append(word)
    return case


def _find_everywhere(own: ClaimSentence, other: ClaimSentence) -> Found | None:
    """Return the `only` or `when` of a quote of which a claim makes `every` or `all`."""
    strong = next((word for word in own.words if word in UNIVERSAL), "")
    limit = next((word for word in other.words if word in _LIMITING_ALL), "")
    if not strong or not limit or other.has(UNIVERSAL) or own.has(_LIMITS | {"default"}):
        return None
    return strong, f"the claim says “{strong}”, the quote “{limit}”"


def _added(claim: str, quotes: Sequence[str]) -> Iterator[Found]:
    """Yield the `unless`, `except` or `only` that a claim adds to what a quote says."""
    said = read_sentences(*quotes)
    for own in read_sentences(claim):
        word = next((one for one in own.words if one in _EXCEPTING or one == "only"), "")
        if not word or any(one.has(_ANY_CASE) for one in said):
            continue
        if any(len(one.content) > 1 and one.covered_by(own) >= _WHOLE for one in said):
            yield word, f"the claim says “{word}”, the quote does not"


def denied_apart(claim: str, quotes: Sequence[str]) -> Iterator[Found]:
    """Yield what a part of a quote's sentence denies by itself: `thread-safe but not reentrant`."""
    for own, other in _in_the_same_words(claim, quotes):
        if own.has(_ENDED) != other.has(_ENDED) and not _denies(own) and not _denies(other):
            yield "no longer", "only one of the claim and the quote says “no longer”"
            return
        affirmed = [w for part in other.parts if not part.has(DENYING) for w in part.words]
        for part in other.parts:
            is_denied = part.words[0] in DENYING or part.words[-1] == "not"
            denied = part.content if is_denied else ()
            word = next((one for one in denied if not shared([one], affirmed)), "")
            if word and shared([word], own.words) and not own.has(_ANY_CASE):
                yield word, f"the quote denies “{word}”, the claim affirms it"
                return


def _denies(sentence: ClaimSentence) -> bool:
    """Return whether a sentence denies something otherwise than by `no longer`."""
    return sentence.has(_NOT) or any(map(is_denying, sentence.words))


def bound_elsewhere(claim: str, quotes: Sequence[str]) -> Iterator[Found]:
    """Yield the numbers of a claim that its quotes have of another thing: `10 retries`."""
    joined = [" , ".join(" ".join(one.words) for one in parse_sentences(each)) for each in quotes]
    for own, other in _in_the_same_words(claim, joined):
        if "respectively" in other.words:
            continue
        for number in dict.fromkeys(word for word in own.words if word[0].isdigit()):
            found = _counts_another(number, own, other) or _is_of_another(number, own, other)
            if found:
                mine, theirs = found
                yield mine, f"the claim says “{mine}”, the quote “{theirs}”"
                return


def _counts_another(number: str, own: ClaimSentence, other: ClaimSentence) -> Found | None:
    """Return what a claim and its quote count with a number: `10 retries`, `10 seconds`."""
    counted = list(_counted(other))
    for mine, thing in _counted(own):
        values = [value for value, noun in counted if stem(noun) == stem(thing)]
        nouns = [noun for value, noun in counted if value == number]
        if mine == number and values and nouns and not {number, *nouns} & {*values, *_ADDING}:
            return f"{number} {thing}", f"{number} {nouns[0]}"
    return None


def _counted(sentence: ClaimSentence) -> Iterator[tuple[str, str]]:
    """Yield each number of a sentence with the word behind it."""
    for number, behind in pairwise(sentence.words):
        if number[0].isdigit() and behind.isalpha() and is_content(behind):
            yield number, behind


def _is_of_another(number: str, own: ClaimSentence, other: ClaimSentence) -> Found | None:
    """Return a number of one part of a quote that a claim says of the words of another part."""
    parts = [part for part in other.parts if any(word[0].isdigit() for word in part.words)]
    mine = [part for part in parts if number in part.words]
    others = [part for part in parts if number not in part.words]
    if len(mine) != 1 or not others or own.has(DENYING) != other.has(DENYING):
        return None
    unit = {behind for value, behind in pairwise(other.words) if value == number}
    unit |= _ADDING | {number}
    alone = [word for word in _denied_alone(mine[0], others) if word not in unit]
    theirs = [word for part in others for word in _denied_alone(part, mine)]
    wrong = shared([word for word in own.content if word != number], theirs)
    if not alone or not wrong or shared(alone, own.words):
        return None
    return f"{number}: {wrong[0]}", f"{number}: {alone[0]}"


def _denied_alone(part: ClaimSentence, others: Sequence[ClaimSentence]) -> list[str]:
    """Return the words of content and versions that a part has and others do not."""
    words = [word for other in others for word in other.words]
    own = [word for word in part.content if not word[0].isdigit() or "." in word]
    return [word for word in own if not shared([word], words)]


def bared_in(claim: str, quotes: Sequence[str]) -> Iterator[Found]:
    """Yield the `may`, `some` or `will be` of a quote that a claim in the same words leaves out."""
    for own, other in _in_the_same_words(claim, quotes):
        hedge = _find_left_out(own, other)
        if hedge:
            yield hedge, f"the quote says “{_as_said(hedge, other)}”, the claim leaves it out"
            return


def _as_said(hedge: str, other: ClaimSentence) -> str:
    """Return a hedge with the word that makes it a bound: `at most`."""
    pair = next((two for two in pairwise(other.words) if two[1] == hedge), ("", ""))
    return " ".join(pair) if pair in _BOUNDS else hedge


def _find_left_out(own: ClaimSentence, other: ClaimSentence) -> str:
    """Return the word that makes a quote weaker than a claim, or nothing."""
    if own.has(DENYING) != other.has(DENYING):
        return ""
    if other.has(_FUTURE) and own.has(_PAST) and not (own.has(_FUTURE) or other.has(_PAST)):
        return next(word for word in other.words if word in _FUTURE)
    if own.has(_FUTURE) and other.has(_PAST) and not (own.has(_PAST) or other.has(_FUTURE)):
        return next(word for word in other.words if word in _PAST)
    if ("used", "to") in pairwise(other.words) and not own.has(_PAST | _FORMERLY):
        return "used to"
    hedge = next((word for word in other.words if word in HEDGES), "")
    if ("up", "to") in pairwise(other.words) and not own.has(_BOUNDING):
        hedge = "up to"
    limits = [_LIMITS.intersection(each.words) for each in (own, other)]
    if own.has(HEDGES) or limits[0] != limits[1] or len(own.parts) != len(other.parts):
        return ""
    return hedge if other.covered_by(own) >= _NEARLY else ""
