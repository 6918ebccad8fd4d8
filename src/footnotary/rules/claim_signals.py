"""What makes a sentence need a source.

The rule that people labelled by: a sentence needs a source if it states, as a fact about the
world outside this project, something that a reader would act on and cannot see in the code:
a measured figure, a comparison, a limit or default of somebody else's software, what is
recommended, deprecated or new since a version, what somebody said, or a statement about
security or licences. What the author decides, requires, plans, instructs or supposes needs none.
"""

import re

_UNITS = (
    r"%|percent(?:age points?)?|per ?cent|[x×](?![\w=])|-?fold|times|"
    r"(?:nano|micro|milli)?seconds?|ns|[µu]s|ms|s|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|"
    r"months?|years?|"
    r"[kKMGT]i?B|[kmg]bit|bytes?|bits?|(?:kilo|mega|giga)bytes?|characters|"
    r"[kMG]?Hz|cores?|rps|qps|req(?:uests)?(?:/s)?|connections?|threads?|users?|developers|"
    r"rows|columns|entries|tokens|queries|packets|points|dollars|euros|USD|EUR"
)
_FIGURE = re.compile(
    rf"(?:(?<![\w.-])(?!(?:100|0) ?%)\d[\d,.]*\s?-?(?:{_UNITS})(?![\w])|[$€£]\d|"
    r"\b(?:half|a third|two thirds|a quarter|three quarters|most|the majority) of (?:all|the"
    r" (?:time|users|developers|companies|requests|cost))\b|"
    r"\b(?:doubles|halves|triples|twice as|three times|an order of magnitude|tenfold)\b)",
    re.IGNORECASE,
)
# What is measured is somebody else's where a name stands beside it, or a share is stated.
_ABROAD = re.compile(
    r"%|\bper ?cent\b|[x×](?![\w=])|-?fold\b|\b(?:times|doubles|halves|triples|twice|magnitude)\b|"
    r"\b\w*[a-z][A-Z]\w*|(?<=[a-z,·] )(?!I\b)[A-Z][\w.+-]+|\b[A-Z]{2,}\b|^(?!The|A|An|Each|"
    r"Every|All|No|Both|Only|Two|Three"
    r"|It|This|There|When|If|In|On|At|For|Our|New|Old|Some|Any|Most|"
    r"One)[A-Z]\w*(?:'s)? (?:[A-Z]|\d)"
)
_DEFAULT = re.compile(
    r"\b(?:defaults? to|by default|default (?:\w+ ){1,3}(?:of (?:\w+ ){1,3})?is|"
    r"the default (?:value|size|limit|timeout|port|is)|"
    r"(?:maximum|minimum|limit|limited to|at most|no more than|up to|at least) (?:of )?[\d·])",
    re.IGNORECASE,
)
_COMPARISON = re.compile(
    r"\b(?:(?:much |far |significantly |considerably |even |up to )?"
    r"(?:faster|slower|quicker|cheaper|safer|smaller|larger|lighter|better|worse|simpler|"
    r"more \w+|less \w+|fewer \w+|higher|lower|greater) (?:\w+ ){0,3}?than|"
    r"outperforms?|superior to|inferior to|compared (?:to|with)|as (?:fast|efficient|"
    r"reliable) as)\b",
    re.IGNORECASE,
)
_SUPERLATIVE = re.compile(
    r"\b(?:(?:the|one of the|among the) (?:\w+ )?(?:fastest|slowest|best|worst|largest|smallest|"
    r"safest|cheapest|lightest|most (?:popular|common|used|widely|efficient|reliable|secure|"
    r"performant|mature|downloaded|important|expensive))|"
    r"(?:most|more) widely|de facto standard|industry standard|state of the art|widely"
    r" (?:used|adopted|considered|regarded)|the only (?:way|framework|library|database|"
    r"reliable))\b",
    re.IGNORECASE,
)
_ADVICE = re.compile(
    r"\b(?:(?:is|are|was|were|been|not|strongly|officially|generally|usually|highly|often|now) "
    r"(?:strongly |highly |generally |officially |no longer )?"
    r"(?:recommended|discouraged|advised|encouraged|considered)|the recommended \w+|"
    r"recommends?|recommendation is|"
    r"best practices?|bad practice|anti-?pattern|advises?|discourages)\b",
    re.IGNORECASE,
)
_VERSION = re.compile(
    r"(?-i:\b[A-Z][\w.+-]+) v?\d+(?:\.\d+)* (?:added|adds|removed|removes|ships|introduced|"
    r"introduces|"
    r"dropped|drops|deprecated|deprecates|improves|improved|supports|requires|replaces|replaced)\b|"
    r"\b(?:deprecated|removed|introduced|added|dropped|supported|available|changed|renamed|"
    r"required|"
    r"stable|experimental|fixed|new|unsupported|released) (?:\w+ ){0,3}?(?:in|since|as of|"
    r"from|with|until|by|on)"
    r" (?:version |release |v|Python |\w+ )?v?\d|"
    r"\b(?:since|as of|starting with|starting from|prior to|before|until|from|with) "
    r"(?:version |release |v|(?:[A-Z][\w.+]*|·) )v?\d+(?:\.\d+)*\b|"
    r"\b(?:is|are|was|were|been|now|has been|have been|officially) (?:now |officially )?"
    r"(?:deprecated|obsolete|end[- ]of[- ]life|unmaintained|discontinued|abandoned)\b|"
    r"\b(?:reach(?:es|ed)|will reach) (?:its )?end[- ]of[- ]life|no longer (?:maintained|"
    r"supported)\b",
    re.IGNORECASE,
)
_ATTRIBUTION = re.compile(
    r"\b(?:according to|(?:studies|research|surveys?|benchmarks?|tests|experts?|analysts?|reports?|"
    r"documentation|docs|manual|specification|standard|RFC \d+|authors?|maintainers?|vendors?|"
    r"users) "
    r"(?:\w+ ){0,2}?(?:shows?|showed|found|finds|suggests?|indicates?|says?|states|reports|"
    r"reported|"
    r"proves?|confirms?|demonstrates?|agrees?|claims|warns?|requires|defines|mandates|notes|"
    r"specif(?:y|ies)|reveals)|"
    r"(?:as|was|were|is|are|been) (?:reported|described|stated|documented|defined|specified|shown|"
    r"measured|published|estimated|proven|standardi[sz]ed) (?:by|in)|"
    r"it is (?:well )?known that|(?:is|are) (?:well[- ]known|said) to)\b",
    re.IGNORECASE,
)
_SECURITY = re.compile(
    r"\b(?:CVE-\d|vulnerab\w+|exploit(?:s|ed|able)|insecure|remote code execution|"
    r"(?:SQL|command|code|header|template|prompt) injection|cross-site|XSS|CSRF|SSRF|"
    r"man-in-the-middle|side[- ]channel|timing attacks?|brute[- ]force|"
    r"cryptographically (?:secure|broken|weak)|(?:is|are|not) (?:considered )?(?:secure|"
    r"broken|unsafe|safe) "
    r"(?:against|for|to|by)|memory[- ]safe|arbitrary code|prevents? (?:\w+ ){0,2}attacks?)",
    re.IGNORECASE,
)
_LICENCE = re.compile(
    r"\b(?:(?:licen[sc]ed|released|published|distributed|available) under (?:the |"
    r"an? )?(?:\w+[- ]){0,3}"
    r"(?:licen[cs]e|MIT|BSD|GPL|LGPL|AGPL|Apache|MPL|ISC|CC)|(?:MIT|BSD|Apache|GPL|LGPL|AGPL|MPL)"
    r"(?:[- ][\d.]+)?[- ]licen[sc]ed?|(?:permits?|forbids?|requires?|allows?) (?:\w+ ){0,2}"
    r"(?:commercial use|redistribution|attribution))\b",
    re.IGNORECASE,
)
_SIGNALS = (
    ("a statement about security", _SECURITY),
    ("a statement about a licence", _LICENCE),
    ("what somebody else says", _ATTRIBUTION),
    ("a recommendation", _ADVICE),
    ("a statement about versions", _VERSION),
    ("a comparison", _COMPARISON),
    ("a superlative", _SUPERLATIVE),
    ("a figure", _FIGURE),
    ("a default or limit", _DEFAULT),
)
_OWN = re.compile(
    r"\b(?:we|our|ours|us|I|my|you|your|let's|this (?:project|service|document|page|repository|"
    r"team|application|app|section|guide|table|note|example|tutorial|chapter|endpoint|module|"
    r"function|class|method|job|column|command|variable|setting|option|adapter|decision|step))\b",
    re.IGNORECASE,
)
_INSTRUCTION = re.compile(
    r"^(?:(?:first|then|next|now|finally|to \w[^,]*|if [^,]+|when [^,]+|for [^,]+|note that|also|"
    r"always|never|please|after [^,]+|before [^,]+|once [^,]+),?\s+)?(?:do not |don't )?"
    r"(?:add|adjust|allow|apply|ask|assume|avoid|be|begin|build|call|change|check|choose|clone|"
    r"combine|compare|configure|connect|consider|copy|create|define|delete|deploy|disable|"
    r"download|edit|enable|ensure|enter|exclude|export|fetch|fix|follow|generate|get|give|go|"
    r"ignore|import|include|increase|inspect|install|keep|leave|let|limit|list|load|look|lower|"
    r"make|mark|merge|move|name|note|open|pass|pin|place|prefer|press|provide|pull|push|put|"
    r"raise|read|record|reduce|refer|remember|remove|rename|replace|reset|restart|retry|return|"
    r"review|rotate|run|save|see|select|send|set|show|skip|specify|start|stop|store|switch|take|"
    r"test|treat|try|turn|type|update|upgrade|upload|use|verify|visit|wait|watch|write)\b"
    r"(?!'|\s+(?:is|are|was|were|has|have|can|does|hints?)\b)",
    re.IGNORECASE,
)
_SUPPOSED = re.compile(
    r"\b(?:may be|might|perhaps|suppose|assum(?:e|ing)|for example|e\.g\.|such as|imagine|"
    r"it is better to|target(?:s|ed)?|goal|budget|planned|plan to|todo|tbd|estimate[ds]? at|"
    r"should|must|shall)\b",
    re.IGNORECASE,
)
# No signal is without one of these: most sentences are done with here.
_TRIGGER = re.compile(
    r"\d|[$€£]|half|third|quarter|most|majority|doubl|halv|tripl|twice|magnitude|fold|default|"
    r"limit|maxim|minim|than|outperform|superior|inferior|compared|as fast|as eff|as rel|est\b|"
    r"popular|standard|state of the art|widely|only|recommend|discourag|advis|encourag|consider|"
    r"practice|pattern|deprecat|obsolete|end[- ]of|unmaintain|discontinu|abandon|no longer|accord|"
    r"said|says?\b|stud|research|survey|bench|test|expert|analyst|report|doc|manual|speci|RFC|author|"
    r"maintainer|vendor|user|known|vulnerab|exploit|insecure|remote code|injection|cross-site|XSS|"
    r"CSRF|SSRF|middle|channel|attack|brute|crypto|secur|safe|broken|arbitrary|licen|commercial|"
    r"redistribut|attribution|publish|estimat|proven|measured|stated|described|shown|times|more|less",
    re.IGNORECASE,
)
_STRONG = {"a statement about a licence", "what somebody else says", "a statement about security"}
_TASK = re.compile(r"\[[ xX]\]\s")
_MEASURED = {"a figure", "a default or limit"}
MINIMUM_WORDS = 4


def signal_of(claim: str) -> str:
    """Return what makes a sentence need a source, or an empty string.

    Args:
        claim: The sentence without markup, code spans as `·`.

    Returns:
        A few words for a message, such as `a figure`.
    """
    if _TASK.match(claim):
        return ""
    if len(claim.split()) < MINIMUM_WORDS or claim.rstrip('"”’) ').endswith("?"):
        return ""
    if not _TRIGGER.search(claim) or _INSTRUCTION.match(claim):
        return ""
    found = next((name for name, pattern in _SIGNALS if pattern.search(claim)), "")
    if found in _STRONG and not _OWN.search(claim):
        return found
    if found in _MEASURED and not _ABROAD.search(claim):
        return ""
    return "" if not found or _OWN.search(claim) or _SUPPOSED.search(claim) else found
