"""The words by which sentences that need a source are known, one pattern for each reason.

What each is for is in `claim_signals`, which also says what makes a sentence none.
"""

import re

_NAME = (
    r"(?-i:(?!Table|Section|Chapter|Figure|Appendix|RFC|PEP|Step|Part)"
    r"(?:[A-Z][\w+#]*[\w.+#-]*|[a-z]+[A-Z]\w+|·))"
)
_WHO = r"(?-i:[A-Z][\w+#]*[a-z][\w+#-]*|[A-Z]{3,})"
_VERSION = r"v?\d+(?:\.(?:\d+|x))*"
_OF_VERSION = (
    rf"(?:(?:version|release|v|the) ?)?(?:(?:{_NAME} ){{1,3}}(?:version )?{_VERSION}|"
    rf"(?:version|release) {_VERSION}|v?\d+(?:\.(?:\d+|x))+)"
)
_UNIT = (
    r"(?:percent(?:age points?)?|per ?cent|-?fold|times|(?:nano|micro|milli)?seconds?|ns|[µu]s|"
    r"ms|"
    r"s|secs?|minutes?|mins?|hours?|hrs?|days?|[kKMGT]i?B|[kmg]bit|bytes?|"
    r"digits|(?:kilo|mega|giga)bytes?|characters|[kMG]?Hz|rps|qps|req(?:uests)?(?:/s)?|"
    r"connections?|threads?|users?|developers|employees|rows|columns|entries|tokens|queries|"
    r"packets|dollars|euros|USD|EUR)(?!\w)"
)
_AMOUNT = rf"(?:(?<![\w.-])\d(?:[\d,.]*\d)?(?:\s?-?{_UNIT}|\s?%)|[$€£]\d)"
_AUTHORITY = (
    r"(?:RFC[ -]?\d+|PEP[ -]?\d+|ISO\b[ \d]*|W3C|WHATWG|IETF|IEEE|NIST|OWASP|ECMA\b|"
    r"(?:the|its|an?) (?:[\w/.+-]+ ){0,2}?(?:specifications?|spec|standards?|documentation|docs|"
    r"manual|"
    r"guidelines?|paper|survey|study|report|benchmarks?|authors?|maintainers?|vendor)\b|"
    r"(?:studies|research|surveys|benchmarks|experts|analysts)\b)"
)
_QUALITY = (
    r"(?:faster|slower|quicker|cheaper|safer|lighter|better|worse|simpler|easier|stronger|weaker|"
    r"(?:more|less) (?:\w+ly )?(?:efficient|expensive|secure|reliable|accurate|flexible|flexibly|"
    r"popular|common|commonly|widely|readable|robust|performant|mature|verbose|complex|compact|"
    r"convenient|portable|powerful|stable|efficiently|quickly|often|memory|CPU|energy|time|code|"
    r"effective|scalable|maintainable|precise|vulnerable|sensible|suitable|idiomatic)|"
    r"(?:fewer|less) (?:\w+ )?(?:resources|memory|bugs|errors|requests|queries|defects))"
)
_ATTACK = (
    r"(?:attacks?|attackers?|XSS|CSRF|SSRF|ReDoS|MITM|clickjacking|sniffing|injections?|spoofing|"
    r"denial[- ]of[- ]service|brute[- ]forc\w+|tampering|eavesdropping|hijacking|forgery)"
)
SECURITY = re.compile(
    rf"\bCVE-\d|\bremote code execution\b|\barbitrary (?:code|commands?)\b|\bvulnerable (?:to|"
    rf"against)\b|"
    r"\b(?:security (?:risk|hole|flaw|issue|problem|proof|vulnerabilit(?:y|ies))|"
    r"vulnerabilit(?:y|ies)) "
    r"(?:in|when|that|of|where|because|was|were|is|are|has|have)\b|\bintroduces? (?:a |"
    r"another )?security\b|"
    r"\b(?:is|are|be|been|being|was|not|isn't|aren't|n[o']t considered|considered) (?:(?:very|"
    r"completely|"
    r"cryptographically|entirely|fully|generally|inherently|not|also|still|always|only|a) )*"
    r"(?:insecure|unsafe|broken for|cryptographically \w+|secure(?!d)|exploitable|memory[- ]safe|"
    r"safe (?:against|from|for (?:concurrent|untrusted|user|cryptographic)))\b|"
    rf"\b(?:an |the |malicious |potential )?attackers?(?: \w+){{0,2}} (?:can|could|may|might|"
    rf"only needs?|"
    r"needs?|will|would|who|to (?:guess|read|steal|execute|forge|learn))\b|"
    rf"\b(?:prevent|mitigat|protect|defend|guard|thwart|stop)(?:s|e|es|ed|ing|ion)?\b"
    rf"(?: [\w'·/-]+){{0,6}}? {_ATTACK}\b|\b{_ATTACK} (?:is|are) (?:prevented|possible|"
    rf"mitigated)\b|"
    rf"\b(?:against|susceptible to|open to|exposed? \w* ?to|resistant to|leads? to|allows?|"
    rf"enables?) "
    rf"(?:[\w-]+ ){{0,3}}?{_ATTACK}\b|\bsecurity of the\b|\b(?:designed|suitable|"
    rf"sufficient) for secure\b|"
    r"\bpassword (?:hashing|verification)\b",
    re.IGNORECASE,
)
LICENCE = re.compile(
    r"\b(?:licen[sc]ed|released|published|distributed|available|"
    r"dual-licensed) under (?:both )?(?:the |"
    r"an? )?(?:\w+[- ]){0,3}(?:licen[cs]e|MIT|BSD|A?GPL|LGPL|Apache|MPL|ISC|CC|RSAL\w*|SSPL)|"
    r"\b(?:MIT|BSD|Apache|A?GPL|LGPL|MPL)(?:[- ]?v?[\d.]+)?[- ]licen[sc]ed\b|\b(?:MIT|BSD|"
    r"Apache|A?GPL|LGPL|"
    r"MPL)\b[^.]{0,40}\b(?:permits?|forbids?|requires?|allows?)\b|"
    r"\b(?:permits?|forbids?|requires?|allows?) (?:\w+ ){0,2}(?:commercial use|redistribution|"
    r"attribution|"
    r"a (?:paid|commercial) (?:licen[cs]e|subscription))\b",
    re.IGNORECASE,
)
_SAYS = (
    r"(?:says?|states?|recommends?|requires?|defines?|mandates?|forbids?|allows?|permits?|"
    r"specif(?:y|ies)|"
    r"shows?|showed|found|finds|suggests?|indicates?|reports|reported|estimates?|advises?|"
    r"warns?|notes|"
    r"claims|demonstrates?|confirms?|proves?|discourages?|reveals?|promises?|guarantees?)"
)
ATTRIBUTION = re.compile(
    rf"\baccording to (?:{_AUTHORITY}|{_WHO})|\bas (?:required|specified|mandated|recommended|"
    rf"stated|reported|"
    rf"documented|measured|published|shown) (?:by|in) (?:{_AUTHORITY}|the {_NAME} )|"
    rf"\b(?:required|specified|defined|forbidden) by {_AUTHORITY}|\b(?:standardi[sz]ed|"
    rf"recommended|mandated|"
    rf"discouraged|deprecated|estimated|published|maintained|approved|"
    rf"certified) by (?:{_AUTHORITY}|(?:the )?{_WHO})|"
    rf"\b(?:as {_AUTHORITY} {_SAYS}|says {_AUTHORITY})\b|"
    rf"(?:^|[,;:] |\bbut |\bwhile |\bthat ){_AUTHORITY}(?: (?!of\b)\w+){{0,4}}? {_SAYS}\b|"
    rf"(?:^|, |\bbut |\bwhile )(?:the )?(?-i:[A-Z]\w+(?: [A-Z]\w+)?)(?: (?:documentation|docs|"
    rf"team|project|manual|"
    r"guidelines))? (?:says?|recommends?|discourages?|advises?|warns?|mandates?)\b|"
    r"(?:,|—) (?:the )?(?:\w+ ){0,3}(?:manual|documentation|docs|survey|study|report|engineers) "
    r"(?:says|reports?|reported|explains|found)|\bas the (?:\w+ )?(?:manual|documentation|"
    r"docs) (?:says|explains)|"
    r"\bit is (?:well )?known that\b|\b(?:is|are) well[- ]known to\b|"
    rf"\b(?:part of|conform(?:s|ing)? to|complian(?:t|ce) with) (?:the )?RFC[ -]?\d+",
    re.IGNORECASE,
)
ADVICE = re.compile(
    r"\b(?:is|are|was|were|be|been|it's|'s|remains?) (?:(?:not|an?|very|strongly|highly|"
    r"generally|"
    r"officially|usually|often|now|also|still|always|only|therefore|thus|widely|no longer|"
    r"commonly|\w+ly) )*"
    r"(?:recommended|recommendable|discouraged|advisable|advised|encouraged|preferred(?! name)|"
    r"preferable|"
    r"considered (?:an? )?(?:good|bad|best|poor|harmful|legacy|safe|an anti-?pattern|outdated|"
    r"obsolete|standard)|"
    r"(?:good|bad|best|poor|common|sound|safe) (?:\w+ )?practices?|an? anti-?pattern|"
    r"anti-?patterns?)\b|"
    r"\b(?:is|are|be|was) (?:not )?(?:an? |the |one of the )?(?:\w+, )?(?:preferred|"
    r"recommended)\b|"
    r"\bthe (?:\w+ly )?(?:preferred|recommended)(?:, \w+)? (?:\w+ ){0,2}?(?:ways?|approach|"
    r"method|practice|"
    r"algorithm|setting|value|choice|tool|option|pattern|one|solution|size|version|form)\b"
    r"(?! (?:is|are) (?:shown|described|discussed|listed|given))|"
    r"\b(?:the|a) (?:best|idiomatic|canonical|standard|safest|easiest|simplest|fastest|"
    r"right) (?:ways?|approach|"
    r"method|practice|choice) (?:to (?!do (?:this|that|so)\b)|of |for |is |that )|"
    r"\bbest practice (?:is|requires|suggests|says|says)\b|"
    r"\bit (?:is|can be|may be) (?:(?:a |very |probably |usually |always |much |generally )*)"
    r"(?:good|bad|best|better|wise) (?:general )?(?:practice|idea|to)\b|\bprobably best to\b",
    re.IGNORECASE,
)
VERSIONS = re.compile(
    rf"\b(?:deprecated|removed|introduced|added|dropped|supported|available|changed|renamed|"
    rf"required|moved|"
    rf"stable|experimental|fixed|new|unsupported|released|replaced|shipped|enabled|disabled|"
    rf"optional|ended|"
    rf"default)\b(?: [\w·()./*'-]+){{0,6}}? (?:in|since|as of|from|with|until|by|on|before|"
    rf"after) (?:{_OF_VERSION}|(?:\w+ )?(?:19|20)\d\d)(?!\d)|"
    rf"\b(?:since|as of|starting (?:with|from|in)|prior to|until|up to|"
    rf"from) {_OF_VERSION}(?!\d)(?: onwards?\b)?|"
    rf"\b(?:before|in) (?:(?:{_NAME} ){{1,2}}\d+\.\d+|version \d+(?:\.\d+)*)[\d.]*(?:,? \w|$)|"
    rf"\b(?:kernels?|versions?|releases?) (?:before|prior to|until|since|from) \d+\.\d+|"
    rf"^{_NAME}(?: {_NAME})? {_VERSION} (?:\w+ly )?(?:add(?:s|ed)|remov(?:es|ed)|ships?|shipped|"
    rf"introduc(?:es|ed)|"
    rf"drop(?:s|ped)|deprecat(?:es|ed)|improv(?:es|ed)|supports|requires|replac(?:es|ed)|"
    rf"renam(?:es|ed)|changed)\b|"
    rf"^{_NAME}(?: {_NAME})? versions? (?:before|prior|from|older|earlier|{_VERSION})|"
    r"^\(?(?:deprecated|changed|added|new|removed)(?:;| (?:in|since) (?:version )?\d)|"
    r"\b(?:is|are|was|were|been|now|be|officially) (?:(?:now|officially|already|also|considered|"
    r"therefore) )*"
    r"(?:deprecated|obsolete|end[- ]of[- ]life|unmaintained|discontinued|abandoned|"
    r"superseded by|legacy as of)\b|"
    r"\breach(?:es|ed)? (?:its )?end[- ]of[- ]life\b|\bno longer (?:maintained|supported)\b|"
    r"\b(?:ended|dropped|drops|ends) support for\b|\bhas shipped\b[^.]* since\b",
    re.IGNORECASE,
)
COMPARISON = re.compile(
    rf"(?<!equal or )(?<!same or )(?<!good or )"
    rf"\b{_QUALITY} (?:[\w·-]+ ){{0,4}}?than\b(?! (?:expected|is |usual|necessary|needed|"
    rf"nothing|before|zero|this|that|"
    r"one\b|\d|or equal))|\b(?:outperforms?|superior to|inferior to|as (?:fast|efficient|"
    r"reliable|secure|expensive) as)\b|"
    r"\b(?:usually|typically|generally|significantly|considerably|much|far|often|"
    r"roughly)(?: \w+)? "
    r"(?:larger|smaller|bigger|heavier|lower|higher) than\b|"
    r"\b(?:(?:improv|increas|reduc|degrad|doubl|halv)es|hurts|boosts|(?:can|may|will|would|"
    r"could)(?: \w+ly)? "
    r"(?:improve|increase|reduce|degrade|double|halve|hurt|boost)) (?:the )?(?:\w+ )?"
    r"(?:performance|throughput|latency|bandwidth|memory (?:usage|footprint)|response times?)\b|"
    r"(?<!without )(?<!no )\bperformance (?:gain|increase|improvement|boost|penalt(?:y|ies)|hit|"
    r"impact|cost|benefit)\b|"
    rf"\beven {_QUALITY}(?=[ ,.]|$)(?! to\b)",
    re.IGNORECASE,
)
_BEST = (
    r"(?:fastest|slowest|worst|safest|cheapest|lightest|simplest|easiest|best[- ]known|"
    r"most (?:popular|common|"
    r"commonly|used|widely|efficient|reliable|secure|performant|mature|downloaded|expensive|"
    r"frequent|"
    r"advanced|powerful)|the most (?:useful|critical|important))"
)
SUPERLATIVE = re.compile(
    rf"\b(?:is|are|was|were|be|been|remains?|becom\w+|became|among|"
    rf"one of)(?: \w+){{0,3}}? {_BEST}\b(?! if\b)|"
    rf"(?:^|, |: |; )(?:the |its |one of the |by far the )?{_BEST} (?:[\w·'-]+ ){{0,6}}?(?:is|"
    rf"are|was|were)\b|"
    rf"^(?:the )?{_BEST} (?:[\w-]+ ){{1,3}}(?:for|of|in|to)\b|"
    r"\bmost widely\b|\bde facto standard\b|\bindustry standard\b|\bstate of the art\b|"
    r"\bwidely (?:used|adopted|considered|regarded|supported|deployed)\b|"
    r"\bthe only (?:framework|library|database|reliable (?:way|method)|language)\b|"
    r"\bsafest (?:bet|choice)\b|"
    r"\b(?:half|two thirds|three quarters|the majority|most) of (?:all (?:the )?\w+|the "
    r"(?:time|users|developers|companies|requests|cost|traffic|market|web|page weight))\b|"
    r"^most (?:developers|users|companies|teams|browsers|people|outages|breaches) \w",
    re.IGNORECASE,
)
SHARE = re.compile(
    r"(?<![\w.-])(?!(?:100|0) ?%)\d(?:[\d,.]*\d)?\s?(?:%|per ?cent\b|-?fold\b|times (?:\w+er|"
    r"more|less|as|slower|a)\b)|"
    r"(?<![\w.-])(?!0)\d(?:[\d,.]*\d)?[x×](?![\w=])|"
    r"\b(?:doubles|halves|triples|quadruples) (?:the|its|throughput|performance|memory)\b|"
    r"\b(?:twice|three times|ten times|half) as (?:fast|slow|expensive|efficient|much memory|"
    r"many requests)\b|"
    r"\b(?:three|four|five|ten|hundred) times \w+er\b|"
    r"\borders? of magnitude\b|\btenfold\b|\bby (?:a third(?! party)|half|a quarter)\b",
    re.IGNORECASE,
)
MEASURE = re.compile(
    rf"{_AMOUNT}|\ban? (?:milli|micro|nano)second\b|\b(?:at most|up to|no more than|maximum of|"
    rf"limited to|limit of|to) \d[\d,.]*\b|"
    r"\b(?:two|three|five|six|seven|eight|ten|twelve|thirty|sixty) (?:seconds|minutes|hours|"
    r"days|weeks|months|years)\b",
    re.IGNORECASE,
)
MEASURED = re.compile(
    r"\b(?:about|around|approximately|roughly|nearly|average|median|typical(?:ly)?|penalty|"
    r"overhead|latency|"
    r"takes?|took|adds?|costs?|benchmark\w*|sufficient|enough|weighs?|consumes?|saves?)\b|~",
    re.IGNORECASE,
)
BOUND = re.compile(
    r"\b(?:by default|defaults?|at most|at least|no more than|up to|maximum|minimum|max\.?|"
    r"min\.?|limits?|limited|"
    r"allows?|requires?|truncates?|closes|terminates|keeps|expires?|times out|range|precision|"
    r"timeout|supports?|"
    r"stores?|rejects?|accepts?|recommends?|needs?|retains?|valid|rate-limits?|lasts?|"
    r"expires?)\b",
    re.IGNORECASE,
)
# Whose limit it is must be said: a name, not at the beginning of a sentence, or one with a verb.
FOREIGN = re.compile(
    r"\b[a-z]+[A-Z]\w*|(?<=[a-z,·)] )(?!I\b)[A-Z][\w.+-]+|\b[A-Z]{2,}\b|"
    r"^[a-z]\w+ [a-z]+s\b|"
    r"^(?!The|A|An|Each|Every|All|No|Both|Only|Two|Three|It|This|There|When|If|In|On|At|For|Our|"
    r"New|Old|Some|Any|"
    r"Most|One|By|Keys|Set|Values|These|Those|However|You|They|That)[A-Z]\w*(?:'s)? (?:[A-Z]|\d|"
    r"\w+s\b)"
)
