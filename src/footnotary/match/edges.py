"""What is just outside a quote and turns it round: a negation, a condition, a bound, a unit.

A quote may begin and end where a sentence does, or in the middle of one; but words cut off right
behind "is not", in front of "unless", or a number without its unit say something else than the
page. The languages are those whose numbers and bounds the matcher reads.
"""

import re
from collections.abc import Sequence

from footnotary.match.near import Near
from footnotary.match.units import UNIT

_LOOK_BACK, _LOOK_AHEAD = 200, 300  # characters: more than a clause has
_OPEN_MARKS = r"[\s\"'`(\[\u201c\u2018\u00ab\u201e*_]*"
# Words between a negation and what it denies.
_BETWEEN = (
    r"(?:[\s,(]+(?:all|every|each|both|alle|jede[mnrs]?|tous les|toutes les|todos|todas|tutti|tutte|be|been|being|to|have|had|a|an|the|any|yet|currently|generally|usually|normally|necessarily"
    r"|fully|really|actually|directly|automatically|explicitly|officially|by default|able to|allowed to"
    r"|required to|supposed to|meant to|intended to|possible to|need to|safe to|mehr|noch|der|die|das|den|dem"
    r"|ein|eine|einen|le|la|les|un|une|el|los|las|una|il|lo|gli|de|het|een)[,)]?){0,3}"
)
_AUXILIARY = r"(?:(?:is|are|was|were|be|been|do|does|did|can|could|may|might|must|shall|should|will|would|has|have|had|need)\s+)?"
_RARELY = (
    r"(?:(?:hardly|scarcely|barely|rarely|seldom)(?: ever)?|kaum(?: je)?|selten|rarement|raramente|rara vez"
    r"|zelden|s\u00e4llan|sjelden|\u0440\u0435\u0434\u043a\u043e)"
)
_NEGATIONS = (
    rf"{_AUXILIARY}(?<!\bor )(?<!\bif )(?<!\bwhy )(?:not|never)(?!\s+(?:only|just|merely)\b)",
    r"cannot|\w+n['\u2019]t|no longer|without|neither|nor|none(?: of)?|nothing|nobody|no one|no",
    r"in no way|by no means|nowhere|anything but|niemand|keiner|nadie|nessuno|ningu\u00e9m|nikt|ingen",
    rf"{_RARELY}|(?<!\ba )(?:few|little)",
    r"nicht(?!\s+nur\b)|kein(?:e[nmrs]?)?|nie|niemals|ohne|weder(?:\s+(?:[\w-]+\s+){1,4}noch)?",
    r"(?:ne\s+\w+\s+|n['\u2019]\w+\s+)(?:plus|que|gu\u00e8re|rien|personne)|ne|personne n['\u2019]",
    r"(?:ne\s+\w+\s+|n['\u2019]\w+\s+)?(?:pas|jamais|aucune?)|sans|ni|non\s+\w+\s+(?:pi\u00f9|mai|ancora)",
    r"nunca|jam\u00e1s|sin|ning\u00fan|ninguna|tampoco",
    r"non(?!\s+solo\b)|mai|senza|nessun[oa]?",
    r"n\u00e3o|sem|nenhuma?",
    r"niet(?!\s+alleen\b)|geen|nooit|zonder",
    r"inte|aldrig|utan|ikke|aldri|uden|uten|ei|eiv\u00e4t",
    r"nie|nigdy|bez|\u043d\u0435|\u0431\u0435\u0437|\u043d\u0438\u043a\u043e\u0433\u0434\u0430",
)
_NEGATED_BEFORE = re.compile(
    rf"(?<![\w-])(?P<word>{'|'.join(_NEGATIONS)}){_BETWEEN}{_OPEN_MARKS}$"
    r"|(?P<sign>\u4e0d[\u4f1a\u6703\u80fd\u53ef\u5e94\u61c9\u8981\u518d\u662f\u5f97\u5fc5]?|[\u6ca1\u6c92]\u6709?|\u672a[\u80fd\u66fe]?|\u7981\u6b62|\u52ff)$",
    re.IGNORECASE,
)
# Verbs that come before their negation, at the end of the clause or right behind the verb.
_NEGATED_BEHIND = re.compile(
    rf"\s+(?P<word>(?:(?:only |very |nur |sehr )?{_RARELY}|less and less)"
    r"|(?:not|never)(?!\s+(?:only|just|merely)\b)|nicht(?!\s+nur\b)|kein(?:e[nmrs]?)?|nie|niemals"
    r"|pas|jamais|niet|geen|nooit|inte|aldrig|ikke|aldri|de\u011fil|\uc54a\w*|\uc544\ub2c8\w*)\b",
    re.IGNORECASE,
)
# What says of a clause behind "that" that it is not so, or not known to be; but "no doubt that" affirms.
_AFFIRMED = r"doubt|question|wonder|secret|surpris\w+|forget|ignore|overlook|miss|coincidence|accident|worth|matter|by|only|just|merely|den(?:y|ied)"
_DENIALS = (
    rf"(?:not|never|cannot|\w+n['\u2019]t|no)(?!\s+(?:\w+\s+)?(?:{_AFFIRMED})\b)|nobody|no one|none|nothing|neither|hardly|rarely|few",
    r"false(?:ly)?|untrue|wrong(?:ly)?|incorrect(?:ly)?|(?<!no )mistak(?:en|enly|es?)|myths?|misconceptions?|fallacy|lies?|rumou?rs?|hoax",
    r"nonsense|absurd|impossible|improbable|implausible|unlikely|doubtful|questionable|debatable|unclear|uncertain|unproven|(?<!no )doubts?",
    r"den(?:y|ies|ied|ying)|disput(?:es?|ed)|refut(?:es?|ed)|rejects?|rejected|pretend(?:s|ed|ing)?|alleged(?:ly)?|if only|as if",
    r"contrary to|without|little|only a fool|remains to be|yet to be|were it|refus(?:es?|ed)|far from|fail(?:s|ed|ure)?|lack|absence|wish(?:es|ed)?|used to be|gone are|under no circumstances",
    r"nicht(?!\s+nur\b)|kein(?:e[nmrs]?)?|niemand|niemals|nie|falsch|unwahr|Irrtum|M\u00e4rchen|Mythos|pas|jamais|aucune?|personne|faux",
    r"mythe|nunca|jam\u00e1s|nadie|falso|falsa|mito|non|mai|nessuno|n\u00e3o|ningu\u00e9m|niet|geen|niemand|onjuist|fabel|inte|ikke|nie",
    r"\u043d\u0435|\u043d\u0438\u043a\u0442\u043e|\u043d\u0435\u043f\u0440\u0430\u0432\u0434\u0430|\u043c\u0438\u0444",
)
_THAT = r"(?:that|dass|da\u00df|que|che|dat|att|\u017ce|\u0447\u0442\u043e)"
_WORDS = r"(?:[^\W\d_][\w'\u2019-]*\s+){0,4}"
_THINKING = (
    r"(?:believ|think|thought|assum|suppos|expect|imagin|claim|conclud|rely on|count on|glaub|denk|annehm|crois|pens|cree"
    r"|mean|impl[iy]|guarantee|promise|ensure|suggest|prove|say|said|tell|told|hear)\w*"
)
_CLAUSE = (
    r"(?:(?!\b(?:because|since|although|though|while|but|and|weil|aber|mais|pero)\b)[^.!?;:,])"
)
_DENIED_BEFORE = re.compile(
    rf"(?<![\w-])(?P<word>{'|'.join(_DENIALS)})(?![\w-]){_CLAUSE}{{0,80}}?(?:,{_CLAUSE}{{1,40}},|,)?\s(?:{_THAT}|{_THINKING})"
    rf"\s+{_WORDS}{_OPEN_MARKS}$",
    re.IGNORECASE,
)
_CONDITIONS = (
    r"unless|except(?:ing)?|only (?:if|when|where|for|after|before|until|with|within|in|on|during|as long as)"
    r"|provided that|provided|(?:as|so) long as|with (?:the exception|one exception|exceptions)|apart from|aside from|other than"
    r"|subject to|barring|excluding|(?:but|just) (?:not|only|never)|(?:al)?though not|(?<=[(\[])not (?:on|in|for|under|between|with|when|if|by|from|at|all|any|every|always)|no longer|save for|on condition"
    r"|when, and only|(?:in|under|at|on) no (?:case|time|account|circumstances)|es sei denn|au\u00dfer|ausgenommen|nur,? (?:wenn|falls|f\u00fcr|unter)|falls|sofern|solange"
    r"|nicht mehr|sauf|\u00e0 moins|hormis|seulement,? (?:si|quand|lorsque)|except\u00e9|a menos que|salvo|excepto|s[o\u00f3]lo,? (?:si|cuando)|a meno che|tranne"
    r"|solo se|exceto|tenzij|behalve|om inte|utom|chyba \u017ce"
    r"|\u043a\u0440\u043e\u043c\u0435|\u0435\u0441\u043b\u0438 \u0442\u043e\u043b\u044c\u043a\u043e"
)
_ASKED_BEFORE = re.compile(
    rf"(?<![\w-])(?P<word>(?:if|whether|wenn|si|se|als)\s+(?:[\w'\u2019-]+\s+){{1,3}}{_THINKING})"
    rf",?\s+{_WORDS}{_OPEN_MARKS}$"
    rf"|(?<![\w-])(?P<open>(?:{_CONDITIONS}|(?:is|was) it (?:true|so|the case|possible)|if|whether|as though|assuming|in case|until|lest|gone are the days when)(?: that| when| where| if)?){_OPEN_MARKS}$"
    rf"|^\W*(?P<sign>(?:let us |let['\u2019]s )?(?:suppose|assume|imagine|pretend)(?: that)?)\s{_OPEN_MARKS}$"
    rf"|(?<![\w-])(?P<act>(?:fail(?:s|ed)?|refus(?:es?|ed)) to|(?:stop(?:s|ped)?|avoid(?:s|ed)?|cease[sd]?)|instead of|rather than|far from|lack of|absence of){_BETWEEN}{_OPEN_MARKS}$",
    re.IGNORECASE,
)
_CLOSE_MARKS = r"[\"'`)\]\u201d\u2019\u00bb*_]*"
_CONDITION_BEHIND = re.compile(
    rf"{_CLOSE_MARKS}(?:\s*[,;:(\[\u2013\u2014-]+\s*|\s+)(?P<word>if|{_CONDITIONS})\b",
    re.IGNORECASE,
)
_UNTRUE = (
    r"(?:false|wrong|untrue|incorrect|mistaken|nonsense|(?:a|an) (?:\w+ )?(?:myth|misconception|lie|mistake|error|fallacy)|obsolete"
    r"|(?:not|\w+n['\u2019]t(?: be)?|cannot be|no longer|never|hardly|used to be) (?:\w+ )?(?:true|the case|correct|so|right)"
    r"|(?:true|so) (?:until|before)|disproved|refuted|debunked|falsch|nicht wahr|faux|falso|onjuist|niet waar)"
)
# Possessive: marks and blanks in a row are read in one way alone.
# What denies the words before it: `X? No.`, `X: false`, `X \u2014 not!`, `X is a myth`, `X, you are wrong`.
_DENIED_BEHIND = re.compile(
    rf"\s*+{_CLOSE_MARKS}+[.,;:!?\u2026]{{0,3}}+{_CLOSE_MARKS}+\s*+(?:(?:A|Answer|Antwort|R\u00e9ponse)\s*[:.])?\s*+[(=\u2026\u2013\u2014-]*+\s*+"
    rf"(?P<word>(?:(?:or )?not|no|nope|no way|not (?:really|any ?more|yet|at all|quite)|never|far from it|(?:or )?so they say|just kidding"
    rf"|think again|nein|nee|nej|non|myth|{_UNTRUE}))"
    rf"(?=\s*(?:[.!?,;)]|$))"
    rf"|{_CLOSE_MARKS}+(?:[.,;?!\u2026]?{_CLOSE_MARKS}+[\s\u2013\u2014-]*+(?<=\s)|[^.!?;:]{{1,60}}? but )(?P<sign>(?:which |this |that |it |you |they |ist |est |es |\u00e8 |is |are |was |were |ha[sd] |have |turned out |proved |used )"
    rf"(?:(?:is|are|was|were|would|will|be|been|now|simply|just|of course|also|to) ){{0,3}}{_UNTRUE})(?!\w)",
    re.IGNORECASE,
)
_LABEL_BEFORE = re.compile(
    r"(?:^|[\s(])(?P<word>(?:false|wrong|myth|incorrect|untrue|not true|fiction|misconception|falsch|mythos|faux|falso)|don['\u2019]?ts?)"
    rf"(?: #?\d+)?\)?\s*[:\u2013\u2014-]\s*{_OPEN_MARKS}$",
    re.IGNORECASE,
)
_ASKED_BEHIND = re.compile(rf"{_CLOSE_MARKS}(?P<sign>\?)(?![^\s\"')\u201d\u2019\u00bb])")
_CONDITION_BEFORE = re.compile(
    rf"^[\s\"'\u201c(*-]*(?P<word>{_CONDITIONS})\b[^.!?;:]*,{_OPEN_MARKS}$", re.IGNORECASE
)
# `Without a pool every request …`: what is so only where something is missing.
_WITHOUT = r"without|lacking|in the absence of|ohne|sans|sin|senza|sem|zonder|utan|uden|uten|bez|\u0431\u0435\u0437"
_WITHOUT_BEFORE = re.compile(
    rf"^[\s\"'\u201c(*-]*(?P<word>(?:only )?(?:{_WITHOUT}))\s(?!(?:further|any further|exception|(?:any |a )?doubt"
    r"|(?:a |any )?question|loss of|going|saying|zweifel|ausnahme|aucun doute|duda|dubbio|twijfel)\b)"
    rf"(?:[\w'\u2019-]+\s+){{0,3}}?(?:[\w'\u2019-]+\s|[^.!?;:]*,){_OPEN_MARKS}$",
    re.IGNORECASE,
)
_BOUND_BEFORE = re.compile(
    r"(?<![\w-])(?P<word>(?:no |not )?(?:more|less|fewer|greater|larger|higher|lower|longer|shorter|older|newer|later|earlier)"
    r" than(?: or equal to)?|at least|at most|up to|minimum(?: of)?|maximum(?: of)?|over|under|above|below|exceeds?|minus"
    r"|mindestens|h\u00f6chstens|bis zu|mehr als|weniger als|\u00fcber|unter|au moins|au plus|jusqu['\u2019]\u00e0|plus de|moins de"
    r"|al menos|como m\u00e1ximo|hasta|m\u00e1s de|menos de|almeno|al massimo|fino a|pi\u00f9 di|meno di|pelo menos|no m\u00e1ximo|mais de"
    r"|minstens|maximaal|meer dan|minder dan|minst|h\u00f6gst|upp till|mer \u00e4n|mindre \u00e4n)"
    rf"{_OPEN_MARKS}$|(?P<sign>[<>]=?|[\u2264\u2265\u2260\u2212]|!=|~=)\s*$",
    re.IGNORECASE,
)
_BOUND_BEHIND = re.compile(
    r"\s+(?P<word>(?:or|and|oder|und|ou|et|o|y|e|of|en|eller)\s+(?:more|less|fewer|later|earlier|higher|lower|above|below"
    r"|greater|newer|older|up|mehr|weniger|h\u00f6her|neuer|sp\u00e4ter|plus|moins|m\u00e1s|menos|pi\u00f9|meno|mais|meer|minder|mer|mindre)\b)"
    r"|\s+(?P<range>(?:to|through|bis|\u00e0|a|tot|till)\s+\d[\d.,]*)"
    r"|\s?(?P<sign>\u4ee5\u4e0a|\u4ee5\u4e0b|\u672a\u6e80|\u4ee5\u5185|\u8d85)",
    re.IGNORECASE,
)
_MULTIPLIERS = (
    "hundred|thousand|million|billion|trillion|dozen|tausend|million(?:en)?|milliarden?|mille|millions?|milliards?"
    "|mil|mill\u00f3n|millones|milioni|miliardi|miljoen|miljard|miljoner|milh\u00f5es|\u0442\u044b\u0441\u044f\u0447\\w*|\u043c\u0438\u043b\u043b\u0438\u043e\u043d\\w*"
)
_MEASURE = rf"(?:{UNIT}|{_MULTIPLIERS}|px|kwh|kw|mw|mm|cm|km|kg|mg|db|rpm|dpi)"
_MEASURE_BEHIND = re.compile(
    rf"[\s\u00a0\u202f-]?(?P<word>{_MEASURE})(?![\w/-])|(?P<sign>[\u5343\u4e07\u842c\u5104\u4ebf\ub9cc\uc5b5])",
    re.IGNORECASE,
)
_NUMBER_BEFORE = re.compile(r"(?<![\w.])(?P<word>\d[\d.,]*)[\s\u00a0\u202f]$")
_STARTS_WITH_MEASURE = re.compile(rf"{_MEASURE}(?![\w/-])", re.IGNORECASE)
# What goes on behind a name: `src/shop` of `src/shop/api.py`, `pool` of `pool.size`.
_NAME_BEHIND = re.compile(r"(?P<word>(?:[/\\](?=\w)|\.(?=[a-z_])|::(?=\w)|->(?=\w))[\w./\\:>-]*\w)")
_NAME_BEFORE = re.compile(r"(?P<word>[\w./\\:>-]*\w(?:[/\\]|::|->|\.(?=$)))$")
_FIRST_HALF = re.compile(
    r"(?<![\w-])(?P<word>neither|not|never|cannot|no|\w+n['\u2019]t|weder|ni|n\u00e9|noch)(?![\w-])",
    re.IGNORECASE,
)
_SECOND_HALF = re.compile(r"(?<!^)(?<![\w-])(?:nor|noch)(?![\w-])")
_SENTENCE_END = re.compile(
    r"(?<=[^\W\d_]{2})[.!?]\s|[\u3002\uff01\uff1f]|[;:]\s|\s[\u2013\u2014]\s|\u2014"
)


def find_edge(
    text: str, start: int, end: int, generated: Sequence[tuple[int, str]] = ()
) -> Near | None:
    """Return what is outside a passage and changes what it says, or None.

    Args:
        text: The page's text.
        start: Where the passage begins.
        end: Where it ends.
        generated: Offsets of words that a style generates, with these.
    """
    passage = text[start:end]
    found = _edge_before(_drawn(text, max(0, start - _LOOK_BACK), start, generated), passage)
    if found is not None:
        left = start - (len(found.string) - found.start())
        return Near(max(0, left), end, _cut_from(found))
    found = _edge_behind(passage, _drawn(text, end, end + _LOOK_AHEAD, generated))
    if found is None:
        return None
    wide = found.end()
    if found.re in (_CONDITION_BEHIND, _NEGATED_BEHIND, _DENIED_BEHIND):
        stop = _SENTENCE_END.search(found.string, wide)
        wide = stop.start() + (stop[0][:1] in ".!?") if stop else len(found.string.rstrip())
    return Near(start, min(end + wide, len(text)), _cut_from(found))


def _drawn(text: str, first: int, last: int, generated: Sequence[tuple[int, str]]) -> str:
    """Return a stretch of a text with the words that a style generates in it."""
    stretch = text[first:last]
    for offset, words in reversed(generated):
        if first <= offset < last:
            stretch = stretch[: offset - first] + words + stretch[offset - first + 1 :]
    return stretch


def _edge_before(before: str, passage: str) -> re.Match[str] | None:
    """Return what is before a passage, among the words of its clause."""
    line = before.rpartition("\n")[2].rpartition("\t")[2]
    clause = _SENTENCE_END.split(line)[-1]
    first = passage.lstrip("\"'`(*_\u201c\u2018")[:20]
    return (
        _LABEL_BEFORE.search(line)
        or _NEGATED_BEFORE.search(clause)
        or _DENIED_BEFORE.search(clause)
        or _ASKED_BEFORE.search(clause)
        or _CONDITION_BEFORE.search(clause)
        or _WITHOUT_BEFORE.search(clause)
        or _half_before(clause, passage)
        or (_BOUND_BEFORE.search(clause) if first[:1].isdigit() else None)
        or (_NUMBER_BEFORE.search(clause) if _STARTS_WITH_MEASURE.match(first) else None)
        or (_NAME_BEFORE.search(clause) if first[:1].islower() or first[:1] == "_" else None)
    )


def _half_before(clause: str, passage: str) -> re.Match[str] | None:
    """Return the first half of `neither \u2026 nor`, of which a passage has the second alone."""
    second = _SECOND_HALF.search(passage)
    if second is None or _FIRST_HALF.search(passage, 0, second.start()):
        return None
    return _FIRST_HALF.search(clause)


def _edge_behind(passage: str, behind: str) -> re.Match[str] | None:
    """Return what is behind a passage, in its block."""
    rest = behind.partition("\n")[0].partition("\t")[0]
    last = passage[-1]
    found = None if last in "?:" else _DENIED_BEHIND.match(rest)  # a question is quoted as one
    if found is not None or not (last.isalnum() or last in "_)]`\"'%,"):
        return found
    return (
        (_NEGATED_BEHIND.match(rest) if last.isalnum() else None)
        or _CONDITION_BEHIND.match(rest)
        or _ASKED_BEHIND.match(rest)
        or (_BOUND_BEHIND.match(rest) if _ends_measured(passage) else None)
        or (_MEASURE_BEHIND.match(rest) if last.isdigit() else None)
        or (_NAME_BEHIND.match(rest) if last.isalnum() or last == "_" else None)
    )


def _cut_from(found: re.Match[str]) -> str:
    """Return the reason of a refusal: the words or the sign outside of a quote."""
    word = next(filter(None, found.groups()))
    return f'cut from "{" ".join(word.split())}"'


def _ends_measured(passage: str) -> bool:
    """Return whether the last word of a passage is a number, or the unit behind one."""
    words = passage[-40:].split()
    return any(word[:1].isdigit() or word[-1:].isdigit() for word in words[-2:])
