"""Secrets that stand in a text with their name: `password=…`, `"token": "…"`, `--api-key …`.

The name decides by its head, as everywhere; what is behind it is left out unless it is a
name itself: a type, a variable, a call, a placeholder.
"""

# ruff: noqa: SIM905  a list of one word a line would bury the code

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from footnotary.secrecy.credentials import MASK, NAMED
from footnotary.secrecy.names import Secrecy, secrecy_of, split_name

_STEMS = (
    "pass", "pwd", "pw", "secret", "token", "key", "cred", "auth", "bearer", "basic", "salt",
    "pepper", "jwt", "cookie", "otp", "pin", "psk", "psw", "code", "mnemonic", "phrase", "cvv",
    "cvc", "ssn", "hash", "sig", "--user", "-u ", "pgp_", "hmac", "aes_",
)  # fmt: skip
_NAME = (
    r"(?:(?<![\w$])|(?<=%3B)|(?<=%26)|(?<=%3F)|(?<=%20)|(?<=%22)|(?<=%2C)|(?<=%7B))"
    r"(?P<name>(?:(?i:api|access|secret|private|client|auth|account|signing|encryption|shared) )?"
    r"(?>-{0,2}[A-Za-z_]\w{0,80}(?:[.-]\w{1,80}){0,8}))"
)
_QUOTED = r"(?P<quote>\\?[\"'`])(?P<quoted>(?:(?!(?P=quote))[^\n]){1,4000})(?P=quote)"
# What people write in the place of a value: a type, a word of the interface, nothing.
_WORDS = frozenset(
    """
    str string text bytes int integer number float bool boolean object array list dict tuple set any
    uuid date datetime none null nil undefined true false yes no on off required optional secret
    secretstr secretbytes file path query header cookie body form bearer basic digest token jwt
    opaque hashed encrypted hidden redacted masked password passwd username user email default
    unknown empty missing invalid valid expired unset n/a tbd todo public private apikey oauth2
    oauth varchar char
    """.split()
)
_EXPRESSION = re.compile(
    r"[A-Za-z_][\w.]*\(.*|(?:self|cls|settings|config|cfg|os|request|data|form|payload|body|user"
    r"|args|kwargs|env|environ|secrets|ctx|app|current_app|process)\.[\w.]+.*"
    r"|[A-Z][A-Z0-9]*_[A-Z0-9_]+"
)
_PLACEHOLDER = re.compile(
    r"(?:your|my|the|some|an?)[-_ ][a-z_ -]+|[xX*.•]+|#/.*|\$[\w.#/]+|(?:id|type)=.*"
    r"|\S*(?:\.{3}|…|[xX]{4,})",
    re.DOTALL,
)
_SHORTEST = 4  # of a value that can be a secret: others stand anywhere
_SHORTEST_KEY = 8
_CAMEL_CASE = re.compile(r"[a-z]*(?:[A-Z]{1,6}[a-z]{2,}|[A-Z]{2,6}|\d{1,4})*+")
_HEXADECIMAL = re.compile(r"[0-9a-f]{16,}|[0-9A-F]{16,}")
_WORD = re.compile(r"[A-Za-z]+")
_IDENTIFIER = re.compile(r"[A-Za-z_ -]+")
_ALGORITHM = re.compile(r"(?:base|sha|md|utf|hs|rs|es|aes|rsa|oauth|http|uuid|argon|v)-?\d+.*")


@dataclass(frozen=True)
class _Way:
    """A way in which a value is with its name.

    Attributes:
        head: Finds the name and what is between it and its value.
        value: What the value looks like; `bare` or `quoted` is the value itself.
        stems: In lower case, one of what every text that holds it has.
        counts: Whether what was found is a value, where the pattern cannot say so.
        may_list: Whether it may be a list of names, and no name with its value
            (`getenv("API_KEY", "…")`).
        always: Whether it is a secret whatever its name.
    """

    head: re.Pattern[str]
    value: re.Pattern[str]
    stems: tuple[str, ...]
    counts: Callable[[str], bool]
    may_list: bool
    always: bool


def _way(  # noqa: PLR0913  what tells ways apart
    head: str,
    value: str,
    stems: tuple[str, ...],
    counts: Callable[[str], bool] = bool,
    *,
    may_list: bool = False,
    always: bool = False,
) -> _Way:
    """Return a way, its patterns compiled."""
    return _Way(re.compile(head), re.compile(value), stems, counts, may_list, always)


def _is_no_word(value: str) -> bool:
    """Tell a value from the first word of a sentence."""
    return not _WORD.fullmatch(value.rstrip(".,;:"))


def _is_token(value: str) -> bool:
    """Tell a token from a word behind "Bearer" or "Basic"."""
    mixed = len(value) >= 12 and re.search(r"[a-z][A-Z]", value)  # noqa: PLR2004  "OpenID" is none
    looks = bool(re.search(r"\d|=$", value) or mixed)
    return looks and not _ALGORITHM.fullmatch(value.casefold())


def _is_given(value: str) -> bool:
    """Tell a value behind "is" from what is said of it: `base64-encoded`."""
    return not _ALGORITHM.fullmatch(value.casefold())


def is_random(value: str) -> bool:
    """Tell whether a value looks made at random: letters of both cases and digits, or a digest."""
    if len(value) < _SHORTEST_KEY or len(value.split()) > 1 or _CAMEL_CASE.fullmatch(value):
        return False
    kinds = [any(map(kind, value)) for kind in (str.isdigit, str.isupper, str.islower)]
    return all(kinds) or bool(_HEXADECIMAL.fullmatch(value) and kinds[0])


_WAYS = (
    _way(  # quoted: in code, JSON, SQL
        _NAME + r"\\?[\"'`]?\]?[ \t]*(?::[ \t]*[\w.|\[\] ]{1,40}?[ \t]*=|:=|=>|==|!="
        r"|<>|->|=|:|(?<=[\"'`]),)[ \t]*(?:[A-Za-z]{0,2}(?=[\"'])"
        r"|(?:Secret(?:Str|Bytes)?|Field|Query|Header|Body|Form|Cookie)\((?:default=)?)?",
        _QUOTED,
        ('"', "'", "`"),
        may_list=True,
    ),
    _way(
        r"(?i)(?P<name>\b(?:Proxy-)?Authorization|\b(?:Set-)?Cookie)"
        r"[\"'`]?\s{0,20}:\s{0,20}[\"'`]?(?:[A-Za-z]{1,20}[ \t]+(?=\S))?",
        r"(?P<bare>[^\s\"'`<>]+(?:;[ \t]*[\w.-]+=[^\s\"'`<>;]+)*)",
        ("authorization", "cookie"),
        _is_no_word,
        always=True,
    ),
    _way(
        r"(?i)(?P<name>\b(?:Bearer|Basic))(?:[ \t]+|%20|\+)",
        r"(?P<bare>[\w.~+/=-]{8,})",
        ("bearer", "basic"),
        _is_token,
        always=True,
    ),
    _way(  # in queries, connection strings, shells; also percent-encoded
        "(?i)" + _NAME + r"(?:=(?!=)|%3D)",
        r"(?i)(?P<bare>(?:(?!%26|%3B|&amp;)[^\s&;,\"'`<>|)\]}\\]){1,4000})",
        ("=", "%3d"),
    ),
    _way(  # alone behind a colon, to the end of the line: YAML, a header, notes
        _NAME + r"[\"'`*]{0,3}[ \t]*:[*]{0,2}[ \t]+",
        r"(?m)(?P<bare>[^\s\"'`]{1,4000}?)(?=[.!]?[ \t]*\r?$)",
        (":",),
    ),
    _way(  # a header as `curl -H 'X-Api-Key: …'` has it
        r"[\"'`]" + _NAME + r":[ \t]*",
        r"(?P<bare>[^\s\"'`/][^\s\"'`]{0,4000})(?=[\"'`])",  # no path of a volume
        (":",),
    ),
    _way(  # as HTTPie has it
        r"(?P<name>(?<![\w-])[A-Za-z]{1,40}(?:-[A-Za-z]{1,40}){1,4}):(?=[^\s:/])",
        r"(?P<bare>(?=\S{0,200}\d)[^\s\"'`,;]{8,4000})",
        (":",),
    ),
    _way(
        r"(?P<name>\b(?:http_?)?auth)[ \t]{0,9}=[ \t]{0,9}"
        r"\([ \t]{0,9}[\"'][^\"'\n]{0,100}[\"'],[ \t]{0,9}",
        _QUOTED,
        ("auth",),
        always=True,
    ),
    _way(  # SQL: the key is what the text is encrypted or signed with
        r"(?i)(?P<name>\b(?:pgp_sym_(?:en|de)crypt(?:_bytea)?|hmac|aes_(?:en|de)crypt))"
        r"\([^()\n]{1,200}?,[ \t]*",
        _QUOTED,
        ("pgp_", "hmac", "aes_"),
        always=True,
    ),
    _way(  # in a sentence: "user `admin` and password `…`"
        _NAME + r"[ \t]+",
        rf"(?:{_QUOTED}|(?P<bare>\w[^\s\"'`,;()<>]{{7,200}}))",
        (" ",),
        is_random,
    ),
    _way(
        r"(?P<name>(?<![\w-])--[A-Za-z][\w-]{1,60})[ \t]+",
        rf"(?:{_QUOTED}|(?P<bare>[^\s\"'`-][^\s\"'`]*))",
        ("--",),
    ),
    _way(
        r"(?P<name>(?<![\w-])(?:-u|--user))[ \t=]+[\"']?",
        r"(?P<bare>[^\s:\"'-][^\s:\"']*:[^\s\"']+)",
        ("-u", "--user"),
        always=True,
    ),
    _way(
        _NAME + r"[\"'`]?:?[ \t]+(?:is|are|was|equals|defaults?(?= to))"
        r"(?: set to| to| by default)?:?[ \t]+",
        rf"(?:{_QUOTED}|(?P<bare>(?=\S*\d)[^\s\"'`,;]{{5,}}))",
        ("is", "are", "was", "equals", "default"),
        _is_given,
    ),
    _way(
        r"<(?P<name>[A-Za-z_][\w.:-]{0,60})>",
        r"(?P<bare>[^<>\n]{1,4000})(?=</)",
        ("</",),
    ),
)


def without_assigned(text: str) -> str:
    """Return a text with `***` for the values of what is named like a secret."""
    lowered = text.casefold()
    if any(stem in lowered for stem in _STEMS):
        for way in _WAYS:
            if any(stem in lowered for stem in way.stems):
                text = "".join(_pieces(way, text))
    return text


def _pieces(way: _Way, text: str) -> Iterator[str]:
    """Yield a text piece by piece; the value of another name may hold names of its own."""
    at = 0
    while head := way.head.search(text, at):
        secrecy = Secrecy.SECRET if way.always else secrecy_of(head["name"])
        found = way.value.match(text, head.end()) if secrecy is not Secrecy.OPEN else None
        if found is None:
            yield text[at : head.end("name")]
            at = head.end("name")
            continue
        group = "quoted" if found.groupdict().get("quoted") else "bare"
        value = found[group]
        between = text[head.end("name") : head.end()]
        is_list = way.may_list and "," in between and _IDENTIFIER.fullmatch(value) is not None
        counts = way.counts(value) and (
            secrecy is Secrecy.SECRET  # of what may be one, what looks like one
            or (" " not in head["name"] and is_random(value))
        )
        kept = is_list or not counts or is_named(value, head["name"])
        yield text[at : found.end(group)] if kept else text[at : found.start(group)] + MASK
        at = found.end(group)
    yield text[at:]


def is_named(value: str, name: str = "") -> bool:
    """Tell whether what is in the place of a value is a name, a type or a placeholder.

    Args:
        value: What is there.
        name: What it is the value of: `token=token` says nothing.
    """
    plain = value.strip("`'\"*.,;:()[]{} \t")
    lowered = plain.casefold().replace("-", "_")
    if (
        len(plain) < _SHORTEST
        or lowered in _WORDS
        or lowered == name.lstrip("-").replace("-", "_").casefold()
    ):
        return True
    if plain.isdigit():
        return split_name(name)[-1:] == ["token"]  # as many of them
    if NAMED.fullmatch(value) or _EXPRESSION.fullmatch(value) or _PLACEHOLDER.fullmatch(value):
        return True
    return _IDENTIFIER.fullmatch(plain) is not None and secrecy_of(plain) is Secrecy.SECRET
