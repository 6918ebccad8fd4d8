"""Secrets that stand in a text with their name: `password=…`, `"token": "…"`, `--api-key …`.

The name decides by its head, as everywhere; what stands behind it is left out unless it is a
name itself: a type, a variable, a call, a placeholder.
"""

# ruff: noqa: SIM905  a list of one word a line would bury the code

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from footnotary.secrecy.credentials import MASK
from footnotary.secrecy.names import Secrecy, secrecy_of, words_of
from footnotary.secrecy.urls import NAMED

_STEMS = (
    "pass", "pwd", "pw", "secret", "token", "key", "cred", "auth", "bearer", "basic", "salt",
    "pepper", "jwt", "cookie", "otp", "pin", "psk", "psw", "code", "mnemonic", "phrase", "cvv",
    "cvc", "ssn", "hash", "--user", "-u ",
)  # fmt: skip
_NAME = (
    r"(?:(?<![\w$])|(?<=%3B)|(?<=%26)|(?<=%3F)|(?<=%20)|(?<=%22)|(?<=%2C)|(?<=%7B))"
    r"(?P<name>(?>-{0,2}[A-Za-z_]\w{0,80}(?:[.-]\w{1,80}){0,8}))"
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
    r"(?:your|my|the|some|an?)[-_ ][a-z_ -]+|[xX*.•]+|#/.*|\$[\w.#/]+|(?:id|type)=.*", re.DOTALL
)
_WORD = re.compile(r"[A-Za-z]+")
_IDENTIFIER = re.compile(r"[A-Za-z_ -]+")
_ALGORITHM = re.compile(r"(?:base|sha|md|utf|hs|rs|es|aes|rsa|oauth|http|uuid|argon|v)-?\d+.*")


@dataclass(frozen=True)
class _Way:
    """A way in which a value stands with its name.

    Attributes:
        pattern: Finds it; `name` and `bare` or `quoted` are its parts.
        stems: In lower case, one of what every text that holds it has.
        counts: Whether what was found is one, where the pattern cannot say so.
        always: Whether it is a secret whatever its name.
    """

    pattern: re.Pattern[str]
    stems: tuple[str, ...]
    counts: Callable[[re.Match[str]], bool] = bool
    always: bool = False


def _is_no_list(found: re.Match[str]) -> bool:
    """Tell a name with its value (`getenv("API_KEY", "…")`) from a list of names."""
    return "," not in found["sign"] or not _IDENTIFIER.fullmatch(found["quoted"])


def _is_no_word(found: re.Match[str]) -> bool:
    """Tell a value from the first word of a sentence."""
    return not _WORD.fullmatch(found["bare"].rstrip(".,;:"))


def _is_token(found: re.Match[str]) -> bool:
    """Tell a token from a word behind "Bearer" or "Basic"."""
    value = found["bare"]
    mixed = len(value) >= 12 and re.search(r"[a-z][A-Z]", value)  # noqa: PLR2004  "OpenID" is none
    return bool(re.search(r"\d|=$", value) or mixed) and not _ALGORITHM.fullmatch(value.casefold())


def _is_given(found: re.Match[str]) -> bool:
    """Tell a value behind "is" from what is said of it: `base64-encoded`."""
    return bool(found["quoted"]) or not _ALGORITHM.fullmatch(found["bare"].casefold())


_WAYS = (
    _Way(  # quoted: in code, JSON, SQL
        re.compile(
            _NAME + r"(?P<sign>\\?[\"'`]?\]?[ \t]*(?::[ \t]*[\w.|\[\] ]{1,40}?[ \t]*=|:=|=>|==|!="
            r"|<>|->|=|:|(?<=[\"'`]),)[ \t]*(?:[A-Za-z]{0,2}(?=[\"'])"
            r"|(?:Secret(?:Str|Bytes)?|Field|Query|Header|Body|Form|Cookie)\((?:default=)?)?)"
            + _QUOTED
        ),
        ('"', "'", "`"),
        _is_no_list,
    ),
    _Way(
        re.compile(
            r"(?P<name>\b(?:Proxy-)?Authorization|\b(?:Set-)?Cookie)"
            r"(?P<sign>[\"'`]?\s*:\s*[\"'`]?(?:[A-Za-z]+[ \t]+(?=\S))?)"
            r"(?P<bare>[^\s\"'`<>]+(?:;[ \t]*[\w.-]+=[^\s\"'`<>;]+)*)",
            re.IGNORECASE,
        ),
        ("authorization", "cookie"),
        _is_no_word,
        always=True,
    ),
    _Way(
        re.compile(
            r"(?P<name>\b(?:Bearer|Basic))(?P<sign>[ \t]+|%20|\+)(?P<bare>[\w.~+/=-]{8,})",
            re.IGNORECASE,
        ),
        ("bearer", "basic"),
        _is_token,
        always=True,
    ),
    _Way(  # in queries, connection strings, shells; also percent-encoded
        re.compile(
            _NAME + r"(?P<sign>=|%3D)"
            r"(?P<bare>(?!=)(?:(?!%26|%3B|&amp;)[^\s&;,\"'`<>|)\]}\\]){1,4000})",
            re.IGNORECASE,
        ),
        ("=", "%3d"),
    ),
    _Way(  # alone behind a colon, to the end of the line: YAML, a header, notes
        re.compile(
            _NAME + r"(?P<sign>[\"'`*]{0,3}[ \t]*:[*]{0,2}[ \t]+)(?P<bare>[^\s\"'`]{1,4000}?)"
            r"(?=[.!]?[ \t]*\r?$)",
            re.MULTILINE,
        ),
        (":",),
    ),
    _Way(
        re.compile(
            r"(?P<name>(?<![\w-])--[A-Za-z][\w-]{1,60})(?P<sign>[ \t]+)"
            r"(?:" + _QUOTED + r"|(?P<bare>[^\s\"'`-][^\s\"'`]*))"
        ),
        ("--",),
    ),
    _Way(
        re.compile(
            r"(?P<name>(?<![\w-])(?:-u|--user))(?P<sign>[ \t=]+[\"']?)"
            r"(?P<bare>[^\s:\"'-][^\s:\"']*:[^\s\"']+)"
        ),
        ("-u", "--user"),
        always=True,
    ),
    _Way(
        re.compile(
            _NAME + r"(?P<sign>[\"'`]?[ \t]+(?:is|are|was|equals)(?: set to| by default)?:?[ \t]+)"
            r"(?:" + _QUOTED + r"|(?P<bare>(?=\S*\d)[^\s\"'`,;]{5,}))"
        ),
        ("is", "are", "was", "equals"),
        _is_given,
    ),
    _Way(
        re.compile(r"<(?P<name>[A-Za-z_][\w.:-]{0,60})>(?P<sign>)(?P<bare>[^<>\n]{1,4000})(?=</)"),
        ("</",),
    ),
)


def without_assigned(text: str) -> str:
    """Return a text with `***` for the values of what is named like a secret.

    Args:
        text: Any text: prose, code, a line of a shell, JSON.
    """
    lowered = text.casefold()
    if any(stem in lowered for stem in _STEMS):
        for way in _WAYS:
            if any(stem in lowered for stem in way.stems):
                text = way.pattern.sub(partial(_left_out, way), text)
    return text


def _left_out(way: _Way, found: re.Match[str]) -> str:
    """Return a name with its value left out, where the name speaks of a secret."""
    parts = found.groupdict()
    group = "quoted" if parts.get("quoted") else "bare"
    known = way.always or secrecy_of(parts["name"]) is Secrecy.SECRET
    if not known or is_named(parts[group], parts["name"]) or not way.counts(found):
        return found[0]
    begin, end = found.start(group) - found.start(), found.end(group) - found.start()
    return found[0][:begin] + MASK + found[0][end:]


def is_named(value: str, name: str = "") -> bool:
    """Tell whether what stands in the place of a value is a name, a type or a placeholder.

    Args:
        value: What stands there.
        name: What it is the value of: `token=token` says nothing.
    """
    plain = value.strip("`'\"*.,;:()[]{}")
    lowered = plain.casefold().replace("-", "_")
    if not plain or lowered in _WORDS or lowered == name.lstrip("-").replace("-", "_").casefold():
        return True
    if plain.isdigit():
        return words_of(name)[-1:] == ["token"]  # as many of them
    if NAMED.fullmatch(value) or _EXPRESSION.fullmatch(value) or _PLACEHOLDER.fullmatch(plain):
        return True
    return _IDENTIFIER.fullmatch(plain) is not None and secrecy_of(plain) is Secrecy.SECRET
