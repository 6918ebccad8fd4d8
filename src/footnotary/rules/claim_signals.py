"""What makes a sentence need a source.

The rule that people labelled by is in tests/data/claims.md: a sentence needs a source if,
read on its own, it states as a fact a measured figure, a comparison or superlative, a
recommendation, something about versions, what somebody else says, or a statement about security
or licences. What the author decides, requires, plans, instructs, asks or supposes needs none,
nor does what a document says of the thing it describes.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from footnotary.rules.claim_patterns import (
    ADVICE,
    ATTRIBUTION,
    BOUND,
    COMPARISON,
    FOREIGN,
    LICENCE,
    MEASURE,
    MEASURED,
    SECURITY,
    SHARE,
    SUPERLATIVE,
    VERSIONS,
)

_CONDITION = re.compile(
    r"\b(?:if|when|whenever|whether|unless|until|in case)\b[^,;]*$", re.IGNORECASE
)


def _compared(claim: str) -> bool:
    """Return whether a sentence compares, outside of a condition."""
    return any(
        not _CONDITION.search(claim[: found.start()]) for found in COMPARISON.finditer(claim)
    )


def _figure(claim: str) -> bool:
    """Return whether a sentence states a measured figure, or the limit of a named software."""
    if SHARE.search(claim):
        return True
    if not MEASURE.search(claim) or _REQUIRED.search(claim):
        return False
    if MEASURED.search(claim):
        return True
    return bool(BOUND.search(claim) and FOREIGN.search(claim))


_REQUIRED = re.compile(
    r"\b(?:should|must|shall|target(?:s|ed)?|goal|budget|planned|plan to|if the)\b", re.IGNORECASE
)
_OWN = re.compile(
    r"\b(?:we|our|ours|us|I|I'm|my|let's|this (?:project|service|document|page|repository|"
    r"team|application|app|section|guide|table|note|example|tutorial|chapter|endpoint|module|"
    r"function|class|method|job|column|command|variable|setting|option|adapter|decision|step))\b",
    re.IGNORECASE,
)
_INSTRUCTION = re.compile(
    r"^(?:(?:first|then|next|now|finally|note that|also|always|never|please|instead|otherwise|"
    r"so|and|but|or),?\s+|"
    r"(?:to|if|when|for|after|before|once|in|on|with) [^,]+,\s+)*"
    r"(?:do not |don't )?"
    r"(?:add|adjust|allow|apply|ask|assume|avoid|be|begin|build|call|change|check|choose|clone|"
    r"combine|compare|configure|connect|consider|convert|copy|create|decode|define|delete|deploy|"
    r"disable|download|edit|enable|encode|ensure|enter|exclude|export|fetch|fix|follow|generate|"
    r"get|give|go|ignore|import|include|increase|inspect|install|keep|learn|leave|let|limit|list|load|look|"
    r"lower|"
    r"make|mark|merge|move|name|note(?! that)|open|parse|pass|pin|place|prefer|press|provide|"
    r"pull|push|put|"
    r"raise|read|record|reduce|refer|remember|remove|rename|replace|report|reset|restart|retry|"
    r"return|"
    r"review|rotate|run|save|see|select|send|set|show|skip|specify|start|stop|store|switch|take|"
    r"test|treat|try|turn|type|update|upgrade|upload|use|verify|visit|wait|watch|write)\b"
    r"(?!'|\s+(?:is|are|was|were|has|have|can|does|hints?|of|cases?)\b)",
    re.IGNORECASE,
)
# The first line of a docstring: `Returns the …`, `Raises a …`.
_DESCRIBED = re.compile(
    r"^(?:\w+s (?:an?|the|whether|if|all|any|each|this) |(?:whether|number of|maximum|minimum) )",
    re.IGNORECASE,
)
_POINTER = re.compile(
    r"\b(?:as|is|are) (?:described|discussed|explained|shown|listed|given|"
    r"documented) (?:in (?:section|chapter|the (?:section|"
    r"next|previous))|below|above|here)\b|^(?:details|more information|see)\b",
    re.IGNORECASE,
)
_SUPPOSED = re.compile(
    r"\b(?:perhaps|suppose|assum(?:e|ing)|imagine|target(?:s|ed)?|goal|budget|planned|plan to|"
    r"todo|tbd|"
    r"estimate[ds]? at)\b",
    re.IGNORECASE,
)
_TASK = re.compile(r"\[[ xX]\]\s")
_MINIMUM_WORDS = 4


class _Signal(NamedTuple):
    """One thing that needs a source.

    Attributes:
        name: What it is called.
        found: What finds it in a claim.
        stems: No claim has it without one of these, in lower case: most are done with here.
    """

    name: str
    found: Callable[[str], object]
    stems: tuple[str, ...]


_DIGITS = "0 1 2 3 4 5 6 7 8 9"
SIGNALS = tuple(
    _Signal(name, found, tuple(stem.replace("_", " ") for stem in stems.split()))
    for name, found, stems in (
        (
            "a statement about security",
            SECURITY.search,
            """secur safe vulnerab attack exploit arbitrary remote_code cve- broken cryptograph
            injection xss csrf ssrf redos mitm jacking sniffing spoofing denial brute
            tampering eavesdrop forgery password""",
        ),
        (
            "a statement about a licence",
            LICENCE.search,
            "licen under_ gpl mit bsd apache mpl commercial redistribution attribution",
        ),
        (
            "what somebody else says",
            ATTRIBUTION.search,
            """accord rfc pep iso w3c whatwg ietf ieee nist owasp ecma spec standard document
            docs manual guideline paper survey study studies research report benchmark author
            maintain vendor expert analyst say recommend discourag advis warn mandat known
            certified approved published estimated engineers""",
        ),
        (
            "a recommendation",
            ADVICE.search,
            """recommend discourag advis encourag prefer consider practice pattern best idiomatic
            canonical standard safest easiest simplest fastest right good bad better wise""",
        ),
        (
            "a statement about versions",
            VERSIONS.search,
            f"""{_DIGITS} deprecated obsolete life unmaintained discontinued abandoned supersed
            legacy no_longer support""",
        ),
        (
            "a comparison",
            _compared,
            """than outperform superior inferior as_fast as_efficient as_reliable as_secure
            as_expensive perform throughput latency bandwidth memory response even_""",
        ),
        (
            "a superlative",
            SUPERLATIVE.search,
            "est worst most widely facto industry state_of only half third quarter majority",
        ),
        (
            "a figure",
            _figure,
            f"""{_DIGITS} $ € £ double halve triple quadruple twice times half magnitude fold
            third quarter second two_ three_ five_ six_ seven_ eight_ ten_ twelve thirty sixty
            hundred""",
        ),
    )
)
_NO_CLAIM = (_TASK, _INSTRUCTION, _DESCRIBED, _OWN, _SUPPOSED, _POINTER)


def signal_of(claim: str) -> str:
    """Return what makes a sentence need a source, or an empty string.

    Args:
        claim: The sentence without markup, code spans as `·`.

    Returns:
        A few words for a message, such as `a figure`.
    """
    claim = claim.replace("’", "'")
    if len(claim.split()) < _MINIMUM_WORDS or claim.rstrip("\"'” )").endswith("?"):
        return ""
    lowered = claim.lower()
    for signal in SIGNALS:
        if any(stem in lowered for stem in signal.stems) and signal.found(claim):
            own = any(pattern.search(claim) for pattern in _NO_CLAIM)
            return "" if own else signal.name
    return ""
