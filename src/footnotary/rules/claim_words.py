"""Words of a claim and a quote as they are compared: clauses, sentences, stems, opposites.

A claim made of nothing but its quote's own words is judged by the form of its sentences: which
word is on which side, which condition was dropped. Of a paraphrase nobody can tell by form.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

from footnotary.match.normalization import fold_text

Found = tuple[str, str]
"""The word of a claim or a quote that decides, and what differs."""


def word_set(words: str) -> frozenset[str]:
    """Return the words of a list as a set."""
    return frozenset(words.split())


_TOKEN = re.compile(r"[^\W_](?:[\w'.+#/-]*[\w+#])?|[<>]=?")
_CLAUSE = re.compile(
    r"(?<=[^\W\d])[.;:!?](?=\s|$)|(?<=[\d)\]\"'])[.;:!?](?=\s|$)|[;()\u2014\u2013]|\s-\s"
    r"|,? (?:but|whereas|although|though|aber|sondern|mais|pero|sino|ma|mas|maar) "
    r"|, (?:and|or|while|which|so|und|oder|et|ou|y|e|en) "
)
_CONTRACTED = tuple(
    (re.compile(contracted), whole)
    for contracted, whole in (
        (r"\bcannot\b|\bcan't\b", "can not"),
        (r"\bwon't\b", "will not"),
        (r"n't\b", " not"),
        (r"\bn'(?=[^\W\d])", "ne "),
        (r"\b(?:[cdjlmst]|qu)'(?=[^\W\d])", ""),
        (r"'(?:s|re|ve|ll|d)\b", ""),
    )
)
# Function words: they say little about what a clause is about.
_STOP = word_set(
    "a an the this that these those it its they them their there here of in on at to for from "
    "by with as is are was were be been being am do does did done has have had having will "
    "would shall and or if when whenever while then than so such also both either one ones "
    "own same other another you your we our us i he she his her who which what where how into "
    "onto over under about per via can could may might must should not no never nor any some "
    "all each every more most very just only even still yet already again out up down off"
)
_FOREIGN_STOP = word_set(
    "der die das den dem des ein eine einer einem einen eines ist sind war waren wird werden "
    "wurde wurden hat haben zu zum zur im auf aus bei mit nach von vor für und oder wenn als "
    "wie auch es er sie man sich ihr ihre sein seine nicht kein keine le la les un une du de "
    "et ou est sont était ont au aux en dans par pour sur avec que qui ce cette ces il elle "
    "ils elles se sa son ses leur ne pas el los las una unos unas del y o fue ha han al por "
    "para con sin su sus lo este esta estos estas gli uno è sono e ed di da nel nella viene "
    "vengono che si os um uma é são foi dos na nos nas em não het een zijn wordt worden van "
    "op te dat niet"
)
STOP = _STOP | _FOREIGN_STOP
_FOREIGN = _FOREIGN_STOP - _STOP - word_set("die man o e y al per na di son")
"""Words that an English sentence does not have."""
NEGATIONS = word_set(
    "not no never without nicht kein keine keinen keinem keiner keines nie niemals ohne pas "
    "jamais sans aucun aucune nunca jamás sin ningún ninguna ninguno non mai senza nessun "
    "nessuna não nem sem nenhum nenhuma niet geen nooit zonder"
)
# Words that deny without a negation beside what they deny.
_DENYING = re.compile(
    r"without|unless|except\w*|instead|rather|only|until|nothing|nobody|none|neither|nor|nowhere"
    r"|hardly|rarely|barely|seldom|fail\w*|refus\w*|reject\w*|den(?:y|ie[sd])|disabl\w*"
    r"|disallow\w*|forbid\w*|prohibit\w*|prevent\w*|ignor\w*|skip\w*|omit\w*|drop\w*|stop\w*"
    r"|avoid\w*|lack\w*|missing|remov\w*|deprecat\w*|los(?:e|es|t)|otherwise|optional\w*"
    r"|impossible|illegal|invalid|rais(?:e|es|ed|ing)|throw\w*|errors?|exceptions?|\w+error|crash\w*"
    r"|deadlock\w*|hangs?|undefined|unspecified|breaks?|broken|corrupt\w*|dangerous|destroys?|warn\w*"
    r"|gone|immutable|cancel\w*|terminat\w*|miss|misses|neglect\w*|read-only|außer|nur|sondern|weder|nichts"
    r"|niemand|abgelehnt|verboten|sauf|seulement|rien|personne|ni|refusé\w*|interdit\w*|salvo"
    r"|solo|sólo|nada|nadie|tampoco|excepto|rechaza\w*|prohib\w*|tranne|soltanto|niente|nulla"
    r"|apenas|ninguém|alleen|niets"
)
_ENDING = re.compile(r"(?<=\w{2})(?:(?:at)?ions?|y?ings?|ers?|i?ed|i?es|s|e|y|ly)$")
_PREFIX = re.compile(r"(?:un|in|im|ir|il|non-?|dis|dés|des|de)(?=[^\W\d_]{3})")
_BOUND = re.compile(
    r"\b(?:no|not|nicht|pas|non|não|niet) (?:more|less|fewer|later|earlier|larger|greater|longer"
    r"|smaller|higher|lower|shorter|mehr|weniger|plus|moins|más|menos|più|meno|meer|minder) "
    r"(?:than|als|de|di|do que|dan)\b|\b(?:or|oder|ou|o) (?:not|nicht|non|no)\b|\bnot (?:only|just"
    r"|necessarily|exceed)\b|\bnot (?:\w+ ){1,4}but\b|\bno (?:doubt|matter|problem|need)\b",
    re.IGNORECASE,
)
_NOT_ALL = re.compile(
    r"\b(?:not|nicht|niet) (?:all|every|each|alle|jede[rs]?|elke)\b|\bpas tous\b|\bno todos\b",
    re.IGNORECASE,
)
_SKIPPED = word_set(
    "longer more any yet be been being automatically also always necessarily currently "
    "normally usually even ever really simply just mehr plus más più mais meer se le la les "
    "lo il a to te zu"
)
_LAST = word_set("nicht niet")  # where these end a clause, the verb is before them
_OF_BOUND = re.compile(
    r"\b(?:more|less|fewer|later|earlier|larger|greater|longer|smaller|higher|lower|shorter|older"
    r"|newer|mehr|weniger|länger|plus|moins|más|menos|più|meno) (?:than|als|de|di|do que|dan)\b"
    r"|\bexceed|\btwice\b|\bonce\b(?= (?:an?|per|in|every|each|for|and|at)\b|$)"
)
_REACH = 4  # words between a negation and what it denies
CONDITIONS = word_set(
    "if unless whether when wenn falls si quand cuando sofern se quando als indien"
)
WITH = word_set("with mit avec con com met")
WITHOUT = word_set("without ohne sans sin senza sem zonder")
WHEN = word_set("before after since until vor nach seit avant après depuis antes después")
_OF_OPPOSITES = """
faster/quicker|slower fast|slow larger/bigger/greater|smaller more|less/fewer higher|lower
longer|shorter newer|older newest/latest|oldest later|earlier before|after above|below over|under
maximum/maximal|minimum/minimal most|least largest/biggest|smallest fastest|slowest highest|lowest
longest|shortest increase|decrease increases|decreases/reduces increased|decreased/reduced
ascending|descending upper|lower cheaper|costlier better|worse best|worst stronger|weaker
easier|harder safer|riskier allow|forbid allows|forbids/prevents allowed|forbidden/prohibited
enabled|disabled enable|disable enables|disables synchronously|asynchronously
schneller|langsamer größer|kleiner
mehr|weniger höher|niedriger länger|kürzer vor|nach mindestens|höchstens maximal|minimal
neuer|älter aktiviert|deaktiviert erlaubt|verboten avant|après plus|moins maximum|minimum
first|last inside|outside experimental|stable
accepts|refuses/rejects accepted|refuses/rejects accepts|refused/rejected
granted|denied online|offline ignores/ignore/ignored|rejects/reject/rejected
swallowed/swallows|raised/raises returns/return|raises/raise succeeds|fails upgrade|downgrade
mutable|immutable public|private encrypted|unencrypted parallel|sequence/sequentially opens|closes
starts|stops released|acquired default|maximum/minimum
added|removed/dropped adds|removes/drops missing|present since|until grew|shrank
rises|falls rose|fell risen|fallen raised|lowered raises|lowers allowed/accepted|refused/rejected
case-sensitive/case-sensitively|case-insensitive/case-insensitively read|written
activé|désactivé croissant|décroissant antes|después más|menos mayor|menor máximo|mínimo
activado|desactivado ascendente|descendente prima|dopo maggiore|minore antes|depois maior|menor
voor|na sneller|langzamer
"""
OPPOSITES: tuple[tuple[str, str], ...] = tuple(
    (one, other)
    for pair in _OF_OPPOSITES.split()
    for left, right in [pair.split("|")]
    for one in left.split("/")
    for other in right.split("/")
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
_LONGEST = 100  # words of a sentence: of longer ones nobody is told which words changed sides
_PART_ENDS = frozenset({*_JOINING, "that", "which"})


@dataclass(frozen=True)
class Clause:
    """A clause of a claim or a quote.

    Attributes:
        words: Its words in lower case, contractions spelled out.
    """

    words: tuple[str, ...]

    @cached_property
    def content(self) -> tuple[str, ...]:
        """Its words that say what it is about, each once."""
        return tuple(
            dict.fromkeys(word for word in self.words if word not in STOP and word not in NEGATIONS)
        )

    @cached_property
    def negated(self) -> tuple[str, ...]:
        """The words that its negations deny, one each."""
        heads = (self._denied_by(at) for at, cue in enumerate(self.words) if cue in NEGATIONS)
        return tuple(word for word in heads if word)

    def _denied_by(self, at: int) -> str:
        """Return the word that a negation denies: the next one of content, or the last one."""
        between = self.words[max(0, at - _REACH) : at]
        if "ne" in between:  # ne conserve pas
            verb = between[between.index("ne") + 1 :]
            if verb and verb[-1] not in STOP:
                return verb[-1]
        behind = self.words[at + 1 :]
        if _OF_BOUND.search(" ".join(behind)):
            return ""  # not used more than once: what is denied is the bound
        for word in behind[:_REACH]:
            if word in NEGATIONS or not word[0].isalpha():
                break
            if word not in _SKIPPED and word not in STOP and not word.endswith("ly"):
                return word
        own = [word for word in self.words[:at] if word not in STOP]
        is_last = at == len(self.words) - 1 and self.words[at] in _LAST
        return own[-1] if own and is_last else ""

    @cached_property
    def is_conditional(self) -> bool:
        """Whether it says what is so in some case alone."""
        return not CONDITIONS.isdisjoint(self.words)

    def denials(self, other: Sequence[str]) -> int:
        """Return how many words deny something: negations, `unless`, `fails`, `unsafe`.

        Args:
            other: Words of the other text: `unsafe` denies what that calls `safe`.
        """
        plain = sum(
            1
            for word in self.words
            if word in NEGATIONS or (word not in other and _DENYING.fullmatch(word))
        )
        prefixed = sum(
            1
            for word in self.words
            if (found := _PREFIX.match(word))
            and shared([word[found.end() :]], other)
            and word not in other
        )
        return plain + prefixed

    def without(self, word: str) -> "Clause":
        """Return it without a word."""
        return Clause(tuple(own for own in self.words if own != word))

    def has(self, word: str) -> bool:
        """Return whether it has a word, in whatever form."""
        return bool(shared([word], self.words))


def expand_contractions(lowered: str) -> str:
    """Return a text in lower case without contractions: `can't` is `can not`."""
    for contracted, whole in _CONTRACTED:
        lowered = contracted.sub(whole, lowered)
    return lowered


def is_denying(word: str) -> bool:
    """Return whether a word denies without a negation: `dropped`, `rejects`, `missing`."""
    return _DENYING.fullmatch(word) is not None


def is_partly_denied(text: str) -> bool:
    """Return whether a text denies something of some alone: `not all fields are indexed`."""
    return _NOT_ALL.search(text) is not None


@lru_cache(maxsize=1024)
def clauses_of(text: str) -> tuple[Clause, ...]:
    """Return the clauses of a text."""
    lowered = expand_contractions(_BOUND.sub(" ", _NOT_ALL.sub("some", fold_text(text))).lower())
    pieces = (tuple(_TOKEN.findall(piece)) for piece in _CLAUSE.split(lowered))
    return tuple(Clause(words) for words in dict.fromkeys(pieces) if words)


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """Return what forms of a word share: of `retry` and `retries`, `closed` and `close`."""
    if not word.isalpha():
        return word
    cut = _ENDING.sub("", word)
    return cut[:-1] if cut[-1:] == cut[-2:-1] else cut.removesuffix("e")


def shared(one: Iterable[str], other: Iterable[str]) -> list[str]:
    """Return the words of one text that another has in some form."""
    stems = set(map(stem, other))
    return [word for word in one if stem(word) in stems]


def share_of_words(claim: Clause, quote: Clause) -> float:
    """Return which share of a claim's words of content a clause of the quote has."""
    if not claim.content:
        return 0.0
    return len(shared(claim.content, quote.content)) / len(claim.content)


def best_clauses(claim: Clause, quote: Sequence[Clause], least: float) -> Iterator[Clause]:
    """Yield the clauses of a quote that say what a clause of the claim is about, best first."""
    rated = sorted(
        ((share_of_words(claim, each), -at) for at, each in enumerate(quote)), reverse=True
    )
    yield from (quote[-at] for share, at in rated if share >= least)


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
        return _FOREIGN.isdisjoint(self.words)

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
        """Return what is before and behind a word in its coordinated part."""
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
    """Return the sentences of a text."""
    lowered = expand_contractions(fold_text(text).lower()).replace("no longer", "no-longer")
    pieces = _END.split(_DASH.sub(" , ", lowered))
    return tuple(one for one in (_sentence(_WORD.findall(piece)) for piece in pieces) if one.words)


def read_sentences(*texts: str) -> list[ClaimSentence]:
    """Return the sentences of texts that are no longer than people write."""
    sentences = (sentence for text in texts for sentence in parse_sentences(text))
    return [one for one in sentences if len(one.words) <= _LONGEST]


def _sentence(words: Sequence[str]) -> ClaimSentence:
    """Return a sentence of all its words."""
    named = frozenset(word for article, word in pairwise(words) if article in _ARTICLES)
    return ClaimSentence(tuple(word for word in words if word not in _ARTICLES), named)
