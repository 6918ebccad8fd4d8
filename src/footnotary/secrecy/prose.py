"""Sentences of the user's own (docstrings, a README, a commit's subject) without values.

Not what looks like a secret is taken out, but only what has the form of prose is left in:
words, numbers, versions, names that the code itself defines, and a short list of terms. Any
other word becomes `…`. So a key made at random is not shown, whatever its alphabet: it mixes
letters with digits or cases, or runs longer than a word.
"""

# ruff: noqa: SIM905  a list of one word a line would bury the code

import re
from collections.abc import Container
from functools import lru_cache
from inspect import cleandoc

_LEFT_OUT = "…"
# A run of letters longer than this is a name of the code, or none that is shown.
_LONGEST_WORD = 15
_MAX_DIGITS = 6

_TERMS = frozenset(
    """
    utf8 utf16 utf32 latin1 cp1252 ascii85 base16 base32 base58 base64 base85 md5 sha1 sha224 sha256
    sha384 sha512 blake2b blake2s sha3 hs256 rs256 es256 ed25519 x25519 x509 pkcs8 pkcs12 crc32
    argon2 argon2id bcrypt2 pbkdf2 uuid1 uuid3 uuid4 uuid5 uuid6 uuid7 oauth1 oauth2 http1 http2
    http3 ipv4 ipv6 rfc3339 rfc2119 iso8601 iso3166 iso4217 iso639 s3 ec2 gcp3 r2 b2b b2c p2p c2c
    e2e k8s i18n l10n a11y o11y m2m o2m py2 py3 python2 python3 py311 py312 py313 py314 pep8 pep257
    psycopg2 psycopg3 h2 h11 h5py hdf5 html4 html5 css3 es5 es6 es2015 mp3 mp4 mpeg4 jpeg2000
    kib mib gib tib nan pypi mypy numpy scipy ios macos javascript typescript
    internationalization internationalisation characterization responsibilities responsibility
    misconfiguration misconfigurations containerization interoperability parameterization
    parameterizations reinitialization straightforwardly telecommunications authentications
    synchronizations serialization deserializations incompatibilities incompatibility
    acknowledgement acknowledgements uncharacteristic representational implementations
    internationalized instrumentations disproportionate differentiation transformations
    vulnerabilities unconditionally reauthentication preauthentication multithreading
    multiprocessing autocompletions nondeterministic recommendations configurations
    reconfigurations microservices cryptographically simultaneously inconsistencies
    correspondingly materialization denormalization initializations personalization
    visualizations specifications
    h264 h265 av1 utf7 x86 x64 amd64 arm64 aarch64 win32 win64 int8 int16 int32 int64 uint8 uint16
    uint32 uint64 float16 float32 float64 bfloat16 complex64 complex128 i8 i16 i32 i64 u8 u16 u32
    u64 f32 f64 2d 3d 2fa 3des web2 web3 log2 log10 exp2 atan2 p50 p90 p95 p99 q1 q2 q3 q4 d3 neo4j
    l1 l2 f1 gpt2 gpt3 gpt4 llama2 llama3 word2vec seq2seq text2text sqlite3 urllib3 boto3 web3js
    jinja2 lxml2 sqlalchemy2 pydantic1 pydantic2 mysql8 postgres15 postgres16 redis7 bz2 gzip2 7z
    zip64 win10 win11 ubuntu22 debian12 tls1 tls12 tls13 ssl3 v8 wss2 ws2 ico9 usb2 usb3 rs232 g711
    """.split()
)
# What is where a word could: a number with its unit, an ordinal, a version.
_AMOUNT = re.compile(
    r"\d{1,6}(?:st|nd|rd|th|ns|us|ms|s|m|h|d|w|y|k|kb|kib|mb|mib|gb|gib|tb|tib|b|x|px|em|rem|pt|"
    r"bit|bits|byte|bytes|hz|khz|mhz|ghz|am|pm|v|w|kg|g|mm|cm|km|days?|hours?|minutes?|min|sec)?",
    re.IGNORECASE,
)
_VERSION = re.compile(r"v?\d{1,4}(?:a|b|rc|post|dev|alpha|beta)?\d{0,3}", re.IGNORECASE)
_STANDARD = re.compile(
    r"(?:rfc|pep|iso|cve|utf|tls|ssl|http|css|html|es|ecma|ieee|ansi)\d{1,5}", re.IGNORECASE
)
_PLURAL = re.compile(r"[A-Z]{2,6}s")
_LETTER = re.compile(r"[A-Za-z]\d{1,3}")
_RUN = re.compile(r"\w+")
_HUMP = re.compile(r"[A-Z]*[a-z]+|[A-Z]+")
_CAMEL = re.compile(r"[a-z]*(?:My)?(?:[A-Z]{1,5}[a-z]{2,})+[A-Z]{0,5}|[a-z]{1,8}[A-Z]{2,4}")
# A run of text this long, joined by signs, may be a key: its words have one case.
_JOINED = 16
_PIECE = re.compile(r"[^\s()\[\]{}'\"`,;:<>.=]+")
_PART_OF_URL = re.compile(r"[^\s()\[\]{}'\"`,;:<>.=/#?&]+")
_EDGES = "!?*@~…"
_STRANGE = re.compile(r"[!%^&*@$#~\\|+]|//")
_VOWELS = frozenset("aeiouyAEIOUY")
_PASSWORD = re.compile(r"[^/]:.", re.DOTALL)
# A word of secrecy, behind whatever else its name begins with, and what gives it a value.
_GIVING = re.compile(
    r"((?:passwords?|passwd|passphrase|passcode|secret|token|credentials?|api[_-]?key"
    r"|access[_-]?key|private[_-]?key|[_-]key|pin|pwd|auth(?:orization)?|bearer|dsn)\b)"
    r"[\"'`\]]*\s*(=>|->|=|:|\bis\b)(\s*)",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[\"'`][^\"'`\n]+[\"'`]")
_ASSIGNED = re.compile(r"[^\s,)]+")
_BARE = re.compile(r"[^\s\"'`]+")
_LINE_END = re.compile(r"[^\S\n]*(?:\n|\Z)")
_TYPES = frozenset({"str", "bytes", "int", "None", "SecretStr", "SecretBytes", "True", "False"})
# Code, which is no Markdown (a session is, unless a section holds it), and `[0][1]`, which
# Markdown takes for a link to a target "1".
_CODE = re.compile(
    r"^[ \t]*(`{3,})[\s\S]*?^[ \t]*\1|`+[^`\n]+`+|^[ \t]+(?:>>>|\.\.\.) [^\n]*", re.MULTILINE
)
_SUBSCRIPTS = re.compile(r"\] ?\[(?!\w+(?:\.\w+)+\])[^\[\]\n]+\]")
_BEARER = re.compile(r"\b(bearer|basic)\s+(?=\S*[\dA-Z=])\S{8,}", re.IGNORECASE)


def display_prose(text: str, known: Container[str] = ()) -> str:
    """Return prose with every word that is none left out.

    Args:
        text: The prose.
        known: Names that the code itself defines; shown whatever their form.

    Returns:
        The text, with `…` for what was left out; nothing but that where a key begins.
    """
    if "-----BEGIN" in text:
        return _LEFT_OUT
    plain = _BEARER.sub(rf"\1 {_LEFT_OUT}", _without_given(text, known))
    return re.sub(r"\S+", lambda found: _token(found[0], known), plain)


def is_shown(text: str, known: Container[str] = ()) -> bool:
    """Tell whether prose is shown as it is."""
    return display_prose(text, known) == text


def is_documentation(text: str, known: Container[str] = ()) -> bool:
    """Tell whether a docstring may be rendered as Markdown as it is.

    Returns:
        Whether it is shown as it is, and makes no link that leads nowhere.
    """
    return is_shown(text, known) and not _SUBSCRIPTS.search(_CODE.sub("", cleandoc(text)))


def _without_given(text: str, known: Container[str]) -> str:
    """Leave out what is behind a word of secrecy, unless it is a name such as a type."""
    parts, done, at = [], 0, 0
    runs = _Runs(text)
    while found := _GIVING.search(text, at):
        start = found.end()
        end = _end_of_value(runs, found)
        at = end or found.end(1)
        if end and (value := text[start:end]) not in known and value not in _TYPES:
            parts += [text[done:start], _LEFT_OUT]
            done = end
    return "".join((*parts, text[done:]))


class _Runs:
    """The runs of a text between spaces and quotes; each is looked for once."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._end, self._is_last = -1, False

    def end_if_last(self, start: int) -> int:
        """Return where the run at a place ends if its line ends with it, else 0."""
        if start >= self._end:
            run = _BARE.match(self.text, start)
            self._end = run.end() if run else start
            self._is_last = bool(run and _LINE_END.match(self.text, self._end))
        return self._end if self._is_last and start < self._end else 0


def _end_of_value(runs: _Runs, giving: re.Match[str]) -> int:
    """Return where the value behind a word of secrecy ends: quoted, assigned, or its line's end."""
    start = giving.end()
    quoted = _QUOTED.match(runs.text, start)
    end = quoted.end() if quoted else 0
    if runs.text.startswith("==", start - 1):
        return end
    if giving[2][0] == "=" and not giving[3]:
        assigned = _ASSIGNED.match(runs.text, start)
        return max(end, assigned.end()) if assigned else end
    return end or runs.end_if_last(start)


def _token(token: str, known: Container[str]) -> str:
    """Return a run of text between spaces, if all that is in it may be in prose."""
    return token if _is_ordinary(token) or _passes(token, known) else _LEFT_OUT


@lru_cache(maxsize=50_000)
def _is_ordinary(token: str) -> bool:
    """Tell whether a run of text is prose whatever the code defines; words come again."""
    return _passes(token, ())


def _passes(token: str, known: Container[str]) -> bool:
    """Tell whether all that is in a run of text is words and names."""
    is_url = "://" in token
    if _has_user(token) or (is_url and "@" in token):
        return False
    for piece in (_PART_OF_URL if is_url else _PIECE).findall(token):
        core = piece.strip(_EDGES)
        if len(core) >= _JOINED and not (_is_joined(core, ()) or _is_joined(core, known)):
            return False
    return all(_is_word(run, known) for run in _RUN.findall(token))


def _has_user(token: str) -> bool:
    """Tell whether a run of text has a name and a password before an `@`."""
    *before, host = token.split("@")
    return any(map(_PASSWORD.search, before if host else before[:-1]))


def _is_joined(text: str, known: Container[str]) -> bool:
    """Tell whether a long run of text is words and names of one case, joined by plain signs."""
    found = [run for run in _RUN.findall(text) if run not in known]
    runs = [part for run in found for part in run.split("_") if part and part not in known]
    if runs == [text]:
        return True  # one word: how long it may be is said elsewhere
    words = [run for run in runs if not run.isdigit() and run.casefold() not in _TERMS]
    mere_letters = sum(map(len, runs)) < 3 * len(runs)
    return not mere_letters and not _STRANGE.search(text) and _have_one_case(words)


def _have_one_case(words: list[str]) -> bool:
    """Tell whether words are all small, all large or all capitalised; the first may be so."""
    capitalised = [word[:1].isupper() and word[1:].islower() for word in words]
    small = all(word.islower() for word in words[1:])
    first = words[:1] == [] or words[0].islower() or capitalised[0]
    return (first and small) or all(capitalised) or all(word.isupper() for word in words)


def _is_word(run: str, known: Container[str]) -> bool:
    """Tell whether letters and digits that stand together are prose or a name of the code."""
    if run.casefold() in _TERMS:
        return True
    strange = [part for part in run.split("_") if part and not _is_part(part)]
    return not strange or run in known or all(part in known for part in strange)


def _is_part(part: str) -> bool:
    """Tell whether a run without underscores is a number or a word."""
    if part.isdigit():
        return len(part) <= _MAX_DIGITS
    if part.casefold() in _TERMS or _LETTER.fullmatch(part) or _STANDARD.fullmatch(part):
        return True
    if any(character.isdigit() for character in part):
        return bool(_AMOUNT.fullmatch(part) or _VERSION.fullmatch(part))
    if not part.isascii():
        return True  # keys are made of ASCII
    return len(part) <= _LONGEST_WORD and _is_cased(part)


def _is_cased(word: str) -> bool:
    """Tell whether the case of a word is one that people write: plain, or humps of syllables."""
    plain = word.islower() or word.isupper() or word[1:].islower()
    return plain or bool(_PLURAL.fullmatch(word)) or _is_camel(word)


def _is_camel(word: str) -> bool:
    """Tell whether a word is made of words or acronyms, with syllables in what is no acronym."""
    humps = _HUMP.findall(word)
    return bool(
        _CAMEL.fullmatch(word)
        and len(word) >= 3 * len(humps)
        and not any(_VOWELS.isdisjoint(hump) for hump in humps if not hump.isupper())
    )
