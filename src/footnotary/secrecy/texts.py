"""A text without what must not be written down, whatever it is: prose, code, SQL, a message."""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from footnotary.secrecy.credentials import (
    HEADS,
    MASK,
    NAMED,
    Secrecy,
    secrecy_of,
    split_name,
    without_forms,
    without_userinfo,
)

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
    """.split()  # noqa: SIM905  words, not code
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
_CAMEL_CASE = re.compile(r"[a-z]*(?>(?:[A-Z]{1,6}[a-z]{2,}|[A-Z]{2,6}|\d{1,4})*)")
_HEXADECIMAL = re.compile(r"[0-9a-f]{16,}|[0-9A-F]{16,}")
_IDENTIFIER = re.compile(r"[A-Za-z_ -]+")
_ALGORITHM = re.compile(r"(?:base|sha|md|utf|hs|rs|es|aes|rsa|oauth|http|uuid|argon|v)-?\d+.*")


@dataclass(frozen=True)
class _Way:
    """A way in which a value is with its name.

    Attributes:
        head: Finds the name and what is between it and its value.
        between: The latter alone, where the name is as `_NAME` has it; else None.
        value: What the value looks like; `bare` or `quoted` is the value itself.
        stems: In lower case, one of what every text that holds it has.
        counts: Whether what was found is a value, where the pattern cannot say so.
        may_list: Whether it may be a list of names, and no name with its value
            (`getenv("API_KEY", "…")`).
        always: Whether it is a secret whatever its name.
    """

    head: re.Pattern[str]
    between: re.Pattern[str] | None
    value: re.Pattern[str]
    stems: tuple[str, ...]
    counts: Callable[[str], bool]
    may_list: bool
    always: bool


def _find_way(  # noqa: PLR0913  what tells ways apart
    head: str,
    value: str,
    stems: tuple[str, ...],
    counts: Callable[[str], bool] = bool,
    *,
    may_list: bool = False,
    always: bool = False,
) -> _Way:
    """Return a way, its patterns compiled."""
    before, _, behind = head.rpartition(_NAME)
    flags = before if before.startswith("(?i)") else ""
    between = re.compile(flags + behind) if _NAME in head else None
    return _Way(re.compile(head), between, re.compile(value), stems, counts, may_list, always)


def _is_no_word(value: str) -> bool:
    """Tell a value from the first word of a sentence."""
    word = value.rstrip(".,;:")
    return not (word.isascii() and word.isalpha())


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
    _find_way(  # quoted: in code, JSON, SQL
        _NAME + r"\\?[\"'`]?\]?[ \t]*(?::[ \t]*[\w.|\[\] ]{1,40}?[ \t]*=|:=|=>|==|!="
        r"|<>|->|=|:|(?<=[\"'`]),)[ \t]*(?:[A-Za-z]{0,2}(?=[\"'])"
        r"|(?:Secret(?:Str|Bytes)?|Field|Query|Header|Body|Form|Cookie)\((?:default=)?)?",
        _QUOTED,
        ('"', "'", "`"),
        may_list=True,
    ),
    _find_way(
        r"(?i)(?P<name>\b(?:Proxy-)?Authorization|\b(?:Set-)?Cookie)"
        r"[\"'`]?\s{0,20}:\s{0,20}[\"'`]?(?:[A-Za-z]{1,20}[ \t]+(?=\S))?",
        r"(?P<bare>[^\s\"'`<>]+(?:;[ \t]*[\w.-]+=[^\s\"'`<>;]+)*)",
        ("authorization", "cookie"),
        _is_no_word,
        always=True,
    ),
    _find_way(
        r"(?i)(?P<name>\b(?:Bearer|Basic))(?:[ \t]+|%20|\+)",
        r"(?P<bare>[\w.~+/=-]{8,})",
        ("bearer", "basic"),
        _is_token,
        always=True,
    ),
    _find_way(  # in queries, connection strings, shells; also percent-encoded
        "(?i)" + _NAME + r"(?:=(?!=)|%3D)",
        r"(?i)(?P<bare>(?:(?!%26|%3B|&amp;)[^\s&;,\"'`<>|)\]}\\]){1,4000})",
        ("=", "%3d"),
    ),
    _find_way(  # alone behind a colon, to the end of the line: YAML, a header, notes
        _NAME + r"[\"'`*]{0,3}[ \t]*:[*]{0,2}[ \t]+",
        r"(?m)(?P<bare>[^\s\"'`]{1,4000}?)(?=[.!]?[ \t]*\r?$)",
        (":",),
    ),
    _find_way(  # a header as `curl -H 'X-Api-Key: …'` has it
        r"[\"'`]" + _NAME + r":[ \t]*",
        r"(?P<bare>[^\s\"'`/][^\s\"'`]{0,4000})(?=[\"'`])",  # no path of a volume
        (":",),
    ),
    _find_way(  # as HTTPie has it
        r"(?P<name>(?<![\w-])[A-Za-z]{1,40}(?:-[A-Za-z]{1,40}){1,4}):(?=[^\s:/])",
        r"(?P<bare>(?=\S{0,200}\d)[^\s\"'`,;]{8,4000})",
        (":",),
    ),
    _find_way(
        r"(?P<name>\b(?:http_?)?auth)[ \t]{0,9}=[ \t]{0,9}"
        r"\([ \t]{0,9}[\"'][^\"'\n]{0,100}[\"'],[ \t]{0,9}",
        _QUOTED,
        ("auth",),
        always=True,
    ),
    _find_way(  # SQL: the key is what the text is encrypted or signed with
        r"(?i)(?P<name>\b(?:pgp_sym_(?:en|de)crypt(?:_bytea)?|hmac|aes_(?:en|de)crypt))"
        r"\([^()\n]{1,200}?,[ \t]*",
        _QUOTED,
        ("pgp_", "hmac", "aes_"),
        always=True,
    ),
    _find_way(  # in a sentence: "user `admin` and password `…`"
        _NAME + r"[ \t]+",
        rf"(?:{_QUOTED}|(?P<bare>\w[^\s\"'`,;()<>]{{7,200}}))",
        (" ",),
        is_random,
    ),
    _find_way(
        r"(?P<name>(?<![\w-])--[A-Za-z][\w-]{1,60})[ \t]+",
        rf"(?:{_QUOTED}|(?P<bare>[^\s\"'`-][^\s\"'`]*))",
        ("--",),
    ),
    _find_way(
        r"(?P<name>(?<![\w-])(?:-u|--user))[ \t=]+[\"']?",
        r"(?P<bare>[^\s:\"'-][^\s:\"']*:[^\s\"']+)",
        ("-u", "--user"),
        always=True,
    ),
    _find_way(
        _NAME + r"[\"'`]?:?[ \t]+(?:is|are|was|equals|defaults?(?= to))"
        r"(?: set to| to| by default)?:?[ \t]+",
        rf"(?:{_QUOTED}|(?P<bare>(?=\S*\d)[^\s\"'`,;]{{5,}}))",
        ("is", "are", "was", "equals", "default"),
        _is_given,
    ),
    _find_way(
        r"<(?P<name>[A-Za-z_][\w.:-]{0,60})>",
        r"(?P<bare>[^<>\n]{1,4000})(?=</)",
        ("</",),
    ),
)


def without_assigned(text: str) -> str:
    """Return a text with `***` for the values of what is named like a secret."""
    lowered = text.casefold()
    if any(stem in lowered for stem in _STEMS):
        ways = [way for way in _WAYS if any(stem in lowered for stem in way.stems)]
        if _may_be_assigned(text, ways):
            for way in ways:
                text = "".join(_pieces(way, text))
    return text


_RUN = re.compile(r"(?i:%(?:3B|26|3F|20|22|2C|7B))|\w+(?:[.-]\w+)*")
_LONG = re.compile(r"\w{80}|(?:[.-]\w+){8}")  # a name may end within such a run


def _may_be_assigned(text: str, ways: Sequence[_Way]) -> bool:
    """Tell, faster than it can be found, whether a text may hold a value of a secret name."""
    if any(way.between is None and way.head.search(text) for way in ways) or _LONG.search(text):
        return True
    named = [(way, way.between) for way in ways if way.between]
    ends = [run.end() for run in _RUN.finditer(text) if _may_name(run[0])] if named else ()
    for end in ends:
        for way, between in named:
            found = between.match(text, end)
            value = way.value.match(text, found.end()) if found else None
            if value and way.counts(value["quoted" if value.groupdict().get("quoted") else "bare"]):
                return True
    return False


@lru_cache(maxsize=32_768)
def _may_name(run: str) -> bool:
    """Tell whether a name that ends where a run of letters does may be that of a secret."""
    return not HEADS.isdisjoint(split_name(run))


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


# Shorter values (`true`, `8000`) are no secrets and stand everywhere.
SHORTEST = 6
_DELIMITER = re.compile(r"[ \t>]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*")
_EDGE = re.compile(r"(?<!\\)\|")
_ONE_WORD = re.compile(r"[\w.+=~!$%&*-]+")  # no path, no call
_VALUE = re.compile(r"[^\s*_`\"'](?:.*[^\s*_`\"'])?")
_PASSWORDS = frozenset(("password", "passwd", "passphrase", "passcode", "pwd", "pw", "secret"))
_MOST_WORDS = 4  # of a cell that is a name


def secret_cells_in(text: str) -> Iterator[tuple[int, int]]:
    """Yield where the cells of Markdown tables hold a secret: begin and end of each."""
    if "|" not in text or "-" not in text:
        return
    header: list[str] = []
    line_before, at = "", 0
    for line in text.splitlines(keepends=True):
        bare = line.rstrip("\r\n")
        if "-" in bare and "|" in line_before + bare and _DELIMITER.fullmatch(bare):
            header = [name for _, _, name in _split_cells(line_before)]
        elif "|" not in bare:
            header = []
        elif header:
            yield from ((at + begin, at + end) for begin, end in _of_row(bare, header))
        line_before, at = bare, at + len(line)


def without_secret_cells(text: str) -> str:
    """Return a text with `***` in the cells of its tables that hold a secret."""
    pieces, done = [], 0
    for begin, end in secret_cells_in(text):
        pieces += [text[done:begin], MASK]
        done = end
    return "".join([*pieces, text[done:]])


def _split_cells(line: str) -> list[tuple[int, int, str]]:
    """Return the cells of a row: begin, end and text of each, without emphasis and quotes."""
    begin = len(line) - len(line.lstrip(" \t>"))
    edges = [each.start() for each in _EDGE.finditer(line, begin)]
    if edges[:1] != [begin]:
        edges.insert(0, begin - 1)
    if line[edges[-1] + 1 :].strip():
        edges.append(len(line))
    found = []
    for first, last in pairwise(edges):
        cell = line[first + 1 : last]
        value = _VALUE.search(cell)
        at = first + 1 + (value.start() if value else 0)
        found.append((at, at + len(value[0]) if value else at, value[0] if value else ""))
    return found


def _of_row(line: str, header: list[str]) -> Iterator[tuple[int, int]]:
    """Yield where a row holds a secret."""
    cells = _split_cells(line)
    first = cells[0][2] if cells else ""
    for at, (begin, end, value) in enumerate(cells):
        name = header[at] if at < len(header) else ""
        is_secret = _is_secret(value, name) or (
            at > 0
            and _is_name(first)
            and _ONE_WORD.fullmatch(value) is not None
            and is_random(value)
            and not is_named(value, first)
        )
        if is_secret:
            yield begin, end


def _is_secret(value: str, name: str) -> bool:
    """Return whether a cell is the secret that its column's name says it is."""
    if not _is_name(name) or " " in value or is_named(value, name):
        return False
    return not _PASSWORDS.isdisjoint(split_name(name)[-1:]) or is_random(value)


def _is_name(cell: str) -> bool:
    """Return whether a cell names a secret."""
    return 0 < len(cell.split()) <= _MOST_WORDS and secrecy_of(cell) is Secrecy.SECRET


def without_credentials(text: str, known: Collection[str] = ()) -> str:
    """Return a text with `***` for every credential in it.

    Args:
        text: Any text.
        known: Values that are secrets whatever their form, such as those of a `.env` file.
    """
    if len(text) < SHORTEST:
        return text
    for value in known:
        if value in text:
            text = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", MASK, text)
    return _mask_text(text)


@lru_cache(maxsize=65_536)
def _mask_text(text: str) -> str:
    """Return a text without credentials; what a document says comes again in its facts."""
    found = without_secret_cells(without_assigned(without_forms(without_userinfo(text))))
    return text if found == text else found
