"""Bounds of a claim (`at most 5`, `before 2.3`) of which its quotes state another, or none."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from footnotary.match.number_words import VALUES, WORD
from footnotary.match.numbers import Number, numbers_in, supports_number
from footnotary.match.units import UNIT, dimension
from footnotary.rules.claim_words import STOP, Clause, clauses_of, share_of_words, word_set

_LARGER = r"(?:more|greater|larger|longer|bigger|higher|older|newer|later|wider|deeper)"
_SMALLER = r"(?:less|fewer|smaller|shorter|lower|younger|earlier|narrower)"
_NO = r"(?:\bno|\bnot|n't|\bcannot|\bnever)(?: be)? "
# How a bound is said before its number: at least, at most, more than, less than.
_BEFORE = {
    ">=": rf">=|\u2265|\bat least\b|{_NO}{_SMALLER} than\b|{_LARGER} than or equal(?: to)?\b"
    r"|\bminimum\b|\bmin[._ ]|\bstarting (?:with|from|at)\b|\bmindestens\b|\bwenigstens\b"
    r"|\bau moins\b|\bal menos\b|\bcomo mínimo\b|\balmeno\b|\bpelo menos\b|\bno mínimo\b"
    r"|\bfrühestens\b|\bau plus tôt\b|\bminstens\b|\bten minste\b|\bà partir de\b|\ba partir de\b"
    r"|\bab\b|\bsince\b",
    "<=": rf"<=|\u2264|\bat most\b|{_NO}(?:{_LARGER} than|exceed\w*)\b"
    rf"|{_SMALLER} than or equal(?: to)?\b|\bup to\b|\bmaximum\b|\bmax\b[._ ]?|\blimited to\b"
    r"|\bcapped at\b|\bwithin\b|\bhöchstens\b|\bmaximal\b|\bbis zu\b|\bau plus\b"
    r"|\bau maximum\b|\bjusqu'à\b|\bcomo máximo\b|\bhasta\b|\bal massimo\b|\bfino a\b"
    r"|\bno máximo\b|\baté\b|\bspätestens\b|\bau plus tard\b|\ba más tardar\b"
    r"|\bentro\b|\bhoogstens\b|\bno (?:later|longer) than\b",
    ">": rf"(?<![-=<])>(?!=)|\b{_LARGER} than\b|\bexceed\w*\b|\bover\b|\babove\b"
    r"|\bbeyond\b|\bafter\b|\bmehr als\b|\blänger als\b|\bplus de\b|\bau-delà de\b"
    r"|\bmás de\b|\bpiù di\b|\bmais de\b|\bmeer dan\b",
    "<": rf"(?<![-=>])<(?![=/!])|\b{_SMALLER} than\b|\bunder\b|\bbelow\b"
    r"|\bbefore\b|\bprior to\b|\bweniger als\b|\bmoins de\b|\bmenos de\b"
    r"|\bmeno di\b|\bminder dan\b",
}
# How it is said behind its number.
_BEHIND = {
    ">=": r"\+|,? (?:or|and|und|oder) (?:more|later|newer|higher|above|greater|up|longer|older"
    r"|neuer|höher|mehr)\b|,? onwards?\b|,? at (?:the )?least\b|,? (?:and|or) newer\b",
    "<=": r",? (?:or|and|und|oder) (?:less|fewer|earlier|older|lower|below|under|shorter|weniger"
    r"|älter)\b|,? at (?:the )?(?:most|latest)\b",
}
_READ_BEFORE, _READ_BEHIND = (
    {sign: re.compile(words, re.IGNORECASE) for sign, words in told.items()}
    for told in (_BEFORE, _BEHIND)
)
# Around these a bound stands for what is not: `larger than 1 MB is rejected` is at most 1 MB.
_TURNING = re.compile(
    r"\b(?:not?|never|cannot|without|unless|until|except|otherwise|only|nobody|nothing|neither|nor"
    r"|reject\w*|refus\w*|den(?:y|ied|ies)|disallow\w*|forbid\w*|forbidden|invalid|illegal|error\w*"
    r"|fail\w*|truncat\w*|cut off|clamp\w*|ignor\w*|abort\w*|clos(?:e|es|ed)|drop\w*|delet\w*"
    r"|remov\w*|discard\w*|replac\w*|releas\w*|evict\w*|exceed\w*|limit\w*|too(?= \w)|avoid\w*"
    r"|discourag\w*|warn\w*|stop\w*|cancel\w*|terminat\w*|kill\w*|throttl\w*|slow\w*|rarely|unlikely|kein\w*|nicht|nie"
    r"|ohne|abgelehnt|pas|jamais|sans|refusé\w*|nunca|sin|rechaza\w*|non|mai|senza|não|sem|niet"
    r"|geen|zonder|left out|exclud\w*|rais(?:e|es|ed)|throws?|[45]\d\d|break\w*|los(?:t|e|es))\b"
    r"|n't\b",
    re.IGNORECASE,
)
_REFUSING = re.compile(
    r"\b(?:not|cannot|never|reject\w*|refus\w*|den(?:y|ied|ies)|disallow\w*|forbid\w*|invalid"
    r"|fail\w*|rais(?:e|es|ed))\b|n't\b",
    re.IGNORECASE,
)
_DIRECTION = {">=": 1, ">": 1, "<=": -1, "<": -1}
_BETWEEN = r"(?:[\s:=(\"'`]|of|is|are|be|a|an|the|about|version|versions|PostgreSQL|Python|v)*"
_TO = r"(?:to|-|through|and|bis|und|à|et|a|y|e|tot)"
_RANGE_BEHIND = re.compile(
    rf" ?(?:{UNIT})? ?{_TO} ?\d| (?:to|and|through|bis|und) {WORD.pattern}", re.IGNORECASE
)
_RANGE_BEFORE = re.compile(
    rf"(?<![\w.])(?:\d[\d.,]* ?(?:{UNIT})? ?{_TO}|{WORD.pattern} (?:to|and|through|bis|und)) ?$",
    re.IGNORECASE,
)
_IN_TIME = re.compile(r"after|before|since|prior to|ab", re.IGNORECASE)
_SENTENCE = re.compile(r"[.;:!?](?:\s|$)")
_ALIKE = 0.75
_FEW_WORDS = 2
_OF_SIZE = word_set(
    "at least most up more less fewer than larger smaller longer shorter bigger higher lower "
    "older newer later earlier minimum maximum over under above below before after since "
    "mindestens höchstens maximal mehr weniger als moins plus au más menos mínimo máximo como "
    "al"
)
_MOST_BOUNDS = 8  # of more nobody can tell which one a claim is about
_ROOM = 40  # characters before a number in which its bound is looked for
_PERIODS = {
    name: period
    for period, names in {
        "second": "second s sec",
        "minute": "minute min",
        "hour": "hour h hr",
        "day": "day d daily",
        "week": "week weekly",
        "month": "month mo monthly",
        "year": "year yr yearly",
    }.items()
    for name in names.split()
}
_PERIOD = "|".join(sorted(_PERIODS, key=len, reverse=True))
_RATE = re.compile(rf"(?:\bper |(?<=[a-z0-9])/)({_PERIOD})\b", re.IGNORECASE)
_CLAIMED_RATE = re.compile(
    rf"(?:\bper |(?<=[a-z0-9])/|(?<=\d)(?: [a-z]+)? an? )({_PERIOD})\b", re.IGNORECASE
)
_QUOTED_RATE = re.compile(rf"(?:\b(?:per|an?|each|every) |/ ?|\b)({_PERIOD})\b", re.IGNORECASE)


@dataclass(frozen=True)
class Bound:
    """A bound as a text states it."""

    sign: str
    number: Number
    written: str

    @property
    def direction(self) -> int:
        """1 for a lower bound, -1 for an upper one."""
        return _DIRECTION[self.sign]


@lru_cache(maxsize=1024)  # several rules ask for the same few texts
def bounds_in(text: str, *, ranges: bool = False) -> tuple[Bound, ...]:
    """Return the bounds of a plain text, each with its number.

    Args:
        text: A claim or a quote in plain form.
        ranges: Whether the ends of a range (`5 to 10`) are bounds.
    """
    return tuple(_read_bounds(text, ranges=ranges))


def _read_bounds(text: str, *, ranges: bool) -> Iterator[Bound]:
    """Yield the bounds of a plain text."""
    for number in _counted(text):
        before = text[max(0, number.start - _ROOM) : number.start]
        found = [
            (match.end(), match.end() - match.start(), sign, match[0])
            for sign, pattern in _READ_BEFORE.items()
            for match in pattern.finditer(before)
            if re.fullmatch(_BETWEEN, before[match.end() :], re.IGNORECASE)
        ]
        if found:
            *_, sign, words = max(found)
            if not _IN_TIME.fullmatch(words.strip()) or _is_in_time(number):
                yield Bound(sign, number, words.strip())
        if ranges and _RANGE_BEHIND.match(text, number.end):
            yield Bound(">=", number, number.written)
        if ranges and _RANGE_BEFORE.search(before):
            yield Bound("<=", number, number.written)
        for sign, pattern in _READ_BEHIND.items():
            behind = pattern.match(_behind(text, number))
            if behind:
                words = behind[0].strip(" ,")
                is_age = not words.endswith(("older", "älter")) or dimension(number.unit) == "time"
                yield Bound(sign if is_age else "<=", number, words)
                break


def _is_in_time(number: Number) -> bool:
    """Return whether a number is a version or a day: `after 2.3` is a bound, `after 5 s` none."""
    is_version = number.version or ("." in number.value and not number.unit)
    return is_version or number.is_day or re.fullmatch(r"(?:19|20)\d\d", number.value) is not None


@lru_cache(maxsize=1024)
def _counted(text: str) -> tuple[Number, ...]:
    """Return the numbers of a text in digits and in words, with their places."""
    in_words = [
        Number(VALUES[w[0].lower()], "", version=False, written=w[0], start=w.start(), end=w.end())
        for w in WORD.finditer(text)
    ]
    return (*numbers_in(text), *in_words)


def _behind(text: str, number: Number) -> str:
    """Return what follows a number and the noun that it counts."""
    rest = text[number.end : number.end + _ROOM]
    return re.sub(r"^ [a-z]+(?= (?:or|and|at) )", "", rest)


def other_bounds(claim: str, quotes: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the bounds of a claim that its quotes do not state: as written, and what they say.

    Args:
        claim: The claim in plain form.
        quotes: Words of the sources in plain form.
    """
    said = {
        (bound.sign, bound.number): (bound, quote)
        for quote in quotes
        for bound in bounds_in(quote, ranges=True)
    }.values()
    for bound in bounds_in(claim):
        same = [
            (other, quote) for other, quote in said if supports_number(other.number, bound.number)
        ]
        alike = [(other, quote) for other, quote in same if other.sign == bound.sign]
        if alike and all(_is_unturned(bound, claim, *each) for each in alike):
            other, quote = alike[0]
            refusing = _REFUSING.search(_sentence(quote, other.number))
            yield bound.written, f"{other.written} … {refusing[0] if refusing else ''}".rstrip()
        default = "" if same else _stated_default(bound.number, claim, quotes)
        if default:
            yield bound.written, default
        if alike or not same:
            continue
        if all(_is_opposite(bound, claim, other, quote) for other, quote in same) or all(
            (bound.direction == other.direction and len(bound.sign) > len(other.sign))
            for other, _ in same
        ):
            yield bound.written, same[0][0].written


_DEFAULT = re.compile(r"\b(?:by )?default\w*(?: (?!and\b)[\w-]+){0,4}[ :=]+$", re.IGNORECASE)
_UNASKED = re.compile(
    r"\b(?:default|unless|otherwise|initial|preset|omit|standard|without|if (?:no|not|none|un))"
    r"|\b(?:not|un)[ -]?(?:set|given|specified|stated|configured)",
    re.IGNORECASE,
)
_LIMIT = re.compile(r"\b(?:max|min|limit|cap(?:ped)?\b|bound|most\b|least\b)", re.IGNORECASE)


def _stated_default(number: Number, claim: str, quotes: Sequence[str]) -> str:
    """Return how quotes say that a number is a default, where they know no limit: or nothing."""
    if "default" in claim.lower() or any(map(_LIMIT.search, quotes)):
        return ""
    found = (_as_default(other, quote) for quote in quotes for other in _counted(quote)
             if supports_number(other, number))  # fmt: skip
    return next(filter(None, found), "")


def _as_default(number: Number, text: str) -> str:
    """Return how a text says that a number is a default; empty if it does not."""
    found = _DEFAULT.search(text[max(0, number.start - _ROOM) : number.start])
    return found[0].strip(" :=") if found else ""


def claimed_defaults(claim: str, quotes: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the defaults of a claim that its quotes know as a bound alone: how each says it."""
    if any(map(_UNASKED.search, quotes)):
        return
    bounds = [bound for quote in quotes for bound in bounds_in(quote)]
    for number in _counted(claim):
        own = _as_default(number, claim)
        same = (one for one in bounds if own and supports_number(one.number, number))
        yield from ((own, one.written) for one in same)


def _is_opposite(bound: Bound, claim: str, other: Bound, quote: str) -> bool:
    """Return whether two bounds of one number are opposite, in sentences that say the same."""
    if other.direction == bound.direction or _turns(claim, bound) != _turns(quote, other):
        return False
    return _is_alike(_sentence(claim, bound.number), _sentence(quote, other.number))


def _is_unturned(bound: Bound, claim: str, other: Bound, quote: str) -> bool:
    """Return whether a claim leaves out what turns a quote's bound: `larger ones are rejected`."""
    mine, theirs = _sentence(claim, bound.number), _sentence(quote, other.number)
    if _TURNING.search(mine) or not _turns(quote, other) or not _REFUSING.search(theirs):
        return False
    return any(
        share_of_words(_about(one), _about(two)) >= 1
        for one in clauses_of(mine)
        for two in clauses_of(theirs)
    )


def _is_alike(claim: str, quote: str) -> bool:
    """Return whether a claim and a sentence of a quote say the same, sizes apart."""
    return any(
        share_of_words(_about(mine), _about(theirs)) >= _ALIKE
        or _is_part(_about(theirs), _about(mine))
        for mine in clauses_of(claim)
        for theirs in clauses_of(quote)
    )


def keeps_bound(number: Number, claim: str, quotes: Sequence[str]) -> bool | None:
    """Return whether a number that no quote has is on the side of its bound that a claim says.

    `TLS 1.1 is not accepted` keeps `TLS 1.2 or later`, and `1.1 is accepted` does not.

    Args:
        number: A number of the claim.
        claim: The claim in plain form.
        quotes: Words of the sources in plain form.

    Returns:
        None where the claim does not say what is accepted, or the quotes have no such bound.
    """
    bounds = [(bound, quote) for quote in quotes for bound in bounds_in(quote)]
    if len(bounds) > _MOST_BOUNDS:
        return None
    alike = [(b, q) for b, q in bounds if _is_one_measure(b.number, number, q, claim)]
    if len(alike) != 1 or _DEMANDS.search(claim):
        return None
    is_one_of_them = _OF_SIZE_OF.search(number.before(claim)) and _is_alike(claim, alike[0][1])
    if not _ADMITS.search(claim) and not is_one_of_them:
        return None
    if any(own.number.value == number.value for own in bounds_in(claim)):
        return None
    bound, quote = alike[0]
    order = _order_of(number, bound.number)
    is_beyond = order > 0 if bound.direction > 0 else order < 0
    is_in = is_beyond or (order == 0 and len(bound.sign) > 1)
    turned = len(_TURNING.findall(_sentence(claim, number))) % 2
    return is_in == (turned == _turns(quote, bound))


_ADMITS = re.compile(
    r"\b(?:accept\w*|allow\w*|support\w*|permit\w*|valid|works?|runs?|rejected|refused|forbidden"
    r"|too|log(?:s|ged)|fails?|usable|used|possible|fine|ok)\b",
    re.IGNORECASE,
)
_OF_SIZE_OF = re.compile(r"\b(?:of|with) $")  # a row of 3 KB
_DEMANDS = re.compile(
    r"\b(?:requir\w*|needs?|needed|must|default\w*|only|limit\w*|max\w*|min\w*)\b"
)
_NAMED = re.compile(r"\b(?!(?:and|or)\b)([A-Za-z][\w.+#-]*) (?:and |or |[\d.]+,? )*$")


def _is_one_measure(one: Number, other: Number, quote: str, claim: str) -> bool:
    """Return whether two numbers can be compared: of one unit, or versions of one name."""
    if one.unit or other.unit:
        return one.unit == other.unit and not one.version and not other.version
    is_version = "." in one.value and "." in other.value
    names = [
        _NAMED.search(text[max(0, n.start - _ROOM) : n.start])
        for n, text in ((one, quote), (other, claim))
    ]
    named = {found[1].lower() for found in names if found}
    same = names[0] is not None and len(named) == 1  # a claim may leave the name out
    if is_version:
        return same
    behind = [
        re.match(r" ([A-Za-z]+)", text[n.end :]) for n, text in ((one, quote), (other, claim))
    ]
    nouns = {found[1].lower() for found in behind if found}
    if same and STOP.isdisjoint(named) and nouns <= STOP:
        return True  # libpq 14 or newer, libpq 13 is too old
    return all(behind) and len(nouns) == 1


def _order_of(one: Number, other: Number) -> int:
    """Return -1, 0 or 1 as one number is less than another, equal, or greater."""
    if one.unit:
        return (float(one.value) > float(other.value)) - (float(one.value) < float(other.value))
    mine, theirs = (tuple(map(int, re.findall(r"\d+", each.value))) for each in (one, other))
    return (mine > theirs) - (mine < theirs)


def _is_part(fragment: Clause, clause: Clause) -> bool:
    """Return whether a quote of a few words is all in the claim: `at least 5 workers`."""
    return 0 < len(fragment.content) <= _FEW_WORDS and share_of_words(fragment, clause) >= 1


def _about(clause: Clause) -> Clause:
    """Return a clause without numbers and the words of bounds."""
    return Clause(
        tuple(word for word in clause.words if word[0].isalpha() and word not in _OF_SIZE)
    )


def _turns(text: str, bound: Bound) -> int:
    """Return how many words of a bound's sentence turn it into its opposite, odd or even."""
    return len(_TURNING.findall(_sentence(text, bound.number).replace(bound.written, " ", 1))) % 2


def _sentence(text: str, number: Number) -> str:
    """Return the sentence in which a number is."""
    first, last = 0, len(text)
    for end in _SENTENCE.finditer(text):
        if end.start() < number.start:
            first = end.end()
        elif end.start() >= number.end:
            last = end.start()
            break
    return text[first:last]


def unstated_rates(claim: str, quotes: Sequence[str]) -> list[str]:
    """Return the rates of a claim (`per hour`) of which the quotes have other periods alone.

    Args:
        claim: The claim in plain form.
        quotes: Words of the sources in plain form.
    """
    said = {_PERIODS[found[1].lower()] for quote in quotes for found in _RATE.finditer(quote)}
    known = {
        _PERIODS[found[1].lower()] for quote in quotes for found in _QUOTED_RATE.finditer(quote)
    }
    return [
        found[0].strip()
        for found in _CLAIMED_RATE.finditer(claim)
        if said and _PERIODS[found[1].lower()] not in known
    ]
