"""Texts that are credentials by their form, whatever they are called.

The prefixes are those by which issuers mark their tokens, the blocks those of RFC 7468, the
three parts of a token those of RFC 7519. Users and passwords in URLs (RFC 3986, section 3.2.1) are
such texts, also where the URL is none any more: a password with `@`, `/` or `#` is told from a
path by what is behind the first colon, as a port is a number. Percent-encoded URLs, as queries hold
them, are read the same way.

And what a name says of its value. An English compound ends with what it is about, so
`password_min_length` is a length and `db_password` a password. What is behind the head to tell
copies apart (`_old`, `_2`, `_value`, `_base64`) is passed over, and `secret_of_the_app` ends before
its preposition.
"""

# ruff: noqa: SIM905  a list of one word a line would bury the code

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from urllib.parse import unquote


class Secrecy(Enum):
    """What a name says of its value.

    Attributes:
        SECRET: It is a secret.
        GUARDED: It may be one: only plain words are shown.
        OPEN: It is none.
    """

    SECRET = "secret"  # noqa: S105  the word, no password
    GUARDED = "guarded"
    OPEN = "open"


_SECRETS = frozenset(
    """
    password passwd passphrase passcode pwd pw psw secret token jwt credential cred authorization
    bearer salt pepper psk otp totp pin cvv cvc ssn keypair mnemonic
    """.split()
)
_GUARDED = frozenset("auth authentication session signature sig cookie dsn csrf xsrf".split())
# A head that is a secret only with one of these before it, nearest first.
_QUALIFIED = {
    "key": frozenset(
        """
        api access secret private signing sign signature encryption encrypt decryption crypto cipher
        auth authentication authorization master account shared service session cookie hmac jwt jws
        jwe rsa dsa ecdsa ssh ssl tls pgp gpg aes des fernet license licence admin root deploy
        webhook consumer client vault kms subscription host
        """.split()
    ),
    "hash": frozenset("password passwd pwd pw passphrase token secret key".split()),
    "code": frozenset(
        """
        verification auth authorization authentication otp totp mfa sms recovery backup reset pin
        access security pass unlock login
        """.split()
    ),
    "phrase": frozenset("seed recovery mnemonic secret pass backup".split()),
    "seed": frozenset("wallet secret private key".split()),
    "string": frozenset("secret token".split()),
}
# What is no secret though its last word is: `sort_key`, `boarding_pass`, `page_token`.
_PUBLIC = {
    "key": frozenset(
        """
        primary foreign sort sorting partition cache public publishable unique natural surrogate
        composite candidate index dict dictionary map mapping lookup group grouping order ordering
        search filter routing shard sharding message translation i18n label object field column
        attribute attr config configuration setting settings property metadata registry event topic
        idempotency dedup deduplication dedupe correlation context parent child row record item
        entry json query param parameter body response request header issue project task ticket
        file path hot shortcut arrow enter escape tab locale language country category tag feature
        flag experiment slug join link bucket range hash redis memcached dataset document doc
        business reference ref state step node edge type kind name section option choice answer
        """.split()
    ),
    "pass": frozenset(
        "boarding season ski day low high band single multi two first second last final by on test"
        " did".split()
    ),
    "token": frozenset(
        """
        page pagination continuation cursor next sync pad eos bos unk sep mask cls stop special
        start end max min num total prompt completion input output
        """.split()
    ),
}
HEADS = frozenset({*_SECRETS, *_GUARDED, *_QUALIFIED, "pass", "id"})
"""Words, one of which every name has that is not open."""
# Behind the head, to tell copies and forms of one thing apart.
_TRAILING = frozenset(
    """
    value old new current previous prev next first second last confirm confirmation confirmed again
    repeat repeated plain plaintext cleartext raw text str bytes b base hex encoded decoded default
    prod production dev development test testing staging local main backup primary secondary
    fallback override env var json blob material content data literal
    """.split()
)
_PREPOSITIONS = frozenset("for of in from to with by on at per via as".split())
_PHRASAL = frozenset("sign log check opt built plug add".split())
_FLAGS = frozenset(
    "is has have use enable disable require requires show hide allow need needs skip forgot no"
    " without".split()
)
_PIECE = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
# Written as one word: what ends so is two, or three.
_GLUED = re.compile(
    r"(.*?)(?:(api|access|secret|private|auth|account|shared|master|signing|encryption)(key)"
    r"|(?<=.)(password|passwd|passphrase|passcode|secret|token|credential|pwd)"
    r"|(?<=user)(pass)|(?<=db)(pass)|(?<=smtp)(pass)|(?<=mail)(pass)|(?<=admin)(pass)"
    r"|(?<=root)(pass)|(?<=my)(pass)|(?<=ftp)(pass)|(?<=sql)(pass))"
)


@lru_cache(maxsize=8192)
def secrecy_of(name: str) -> Secrecy:
    """Return what a name says of its value.

    Args:
        name: A variable, field, column, parameter or header: `DB_PASSWORD`, `apiKey`,
            `X-API-Key`, `spring.datasource.password`.
    """
    words = _from_the_head(split_name(name))
    if not words or (len(words) > 1 and words[-1] in _FLAGS):
        return Secrecy.OPEN
    head = words[0]
    nearest = words[1] if len(words) > 1 else ""
    if nearest in _PUBLIC.get(head, ()):
        return Secrecy.OPEN
    if head in _SECRETS or head == "pass" or nearest in _QUALIFIED.get(head, ()):
        return Secrecy.SECRET
    guarded = head in _GUARDED or head == "key" or words == ["id", "session"]
    return Secrecy.GUARDED if guarded else Secrecy.OPEN


def speaks_of_a_secret(name: str) -> bool:
    """Tell whether a variable's name says that its value is to be kept from others.

    Args:
        name: As for `secrecy_of`; a bare `key` counts, a `sort_key` does not.
    """
    found = secrecy_of(name)
    if found is not Secrecy.GUARDED:
        return found is Secrecy.SECRET
    return _from_the_head(split_name(name))[0] in ("key", "dsn")


def split_name(name: str) -> list[str]:
    """Return the words of a name in lower case and in the singular, glued ones apart."""
    found: list[str] = []
    for piece in _PIECE.findall(name):
        word = _singular(piece.casefold())
        glued = None if word in _SECRETS else _GLUED.fullmatch(word)
        found += [part for part in glued.groups() if part] if glued else [word]
    return found


def _singular(word: str) -> str:
    """Return `token` for `tokens`; nothing else is changed."""
    bare = word.removesuffix("s")
    known = bare in _SECRETS or bare in _GUARDED or bare in _QUALIFIED or _GLUED.fullmatch(bare)
    return bare if known else word


def _from_the_head(words: list[str]) -> list[str]:
    """Return the words of a name from its head backwards."""
    cut = len(words)
    for at, word in enumerate(words):
        if at and word in _PREPOSITIONS and words[at - 1] not in _PHRASAL:
            cut = at
            break
    kept = words[:cut]
    while len(kept) > 1 and (kept[-1] in _TRAILING or kept[-1].isdigit()):
        kept.pop()
    return kept[::-1]


MASK = "***"
_STEMS = ("://", ":\\/\\/", "%3a%2f%2f")
# Everything from the slashes to the next blank. A line may end behind a colon, a slash or an
# at-sign; a quote may be in it where an at-sign follows.
_RUN = re.compile(
    r"(?:(?<![A-Za-z0-9+.-])|(?<=%3D)|(?<=%22)|(?<=%20)|(?<=%26))"
    r"(?P<scheme>[A-Za-z0-9][A-Za-z0-9+.-]*)(?P<slashes>:/{2,3}|:\\/\\/|%3A%2F%2F)"
    r"(?P<rest>(?:[^\s<>\"'`]"
    r"|(?<=[:@/])\\?\r?\n[ \t]*(?=[^\s<>\"'`]*@)"
    r"|[<{][\w .-]{1,60}[>}]"
    r"|['\"](?=[^\s<>\"'`,]*@))+)",
    re.IGNORECASE,
)
# The name of a value rather than the value: `${DB_PASSWORD}`, `<token>`, `%(user)s`, `***`.
NAMED = re.compile(
    r"\$\{\w+(?::?[-?+]?\}|\})|\$\w+|\{\w*\}|\{\{[\w .]+\}\}|<[\w .-]+>|%\(\w+\)s|%s|\*+|…|\.{3}"
)
# A DSN without its scheme: `shop:…@db.internal:5432/shop`, `//shop:…@nas/share`.
_BARE = re.compile(
    r"(?:(?<![\w.@:/+-])|(?<=\A//)|(?<=[\s\"'`=,(]//))(?P<user>(?!mailto:|sips?:|xmpp:|acct:|npm:|pip:|pypi:)[A-Za-z_][\w.+-]{0,60}):"
    r"(?P<password>[^\s:@/\"'`<>()\[\]{},;]{3,200})@(?!sha\d)"
    r"(?P<host>[A-Za-z0-9][\w.-]*)(?P<behind>:\d{1,5}|/\w)?"
)
_PORT = re.compile(r"\d{1,5}\Z|\Z")
# Accounts by which services are reached with a key: a user that is no secret.
_ACCOUNTS = frozenset({"git", "hg", "svn", "anonymous"})
_WEB = re.compile(r"(?:.*\+)?(?:https?|wss?)", re.IGNORECASE)


@dataclass(frozen=True)
class CredentialForm:
    """A form of credentials.

    Attributes:
        name: What it is called in a sentence: "an AWS access key".
        pattern: Finds it.
        stems: In lower case, one of what every text that holds it has; besides these every
            credential has fifteen characters without a blank, or is in a PEM block.
    """

    name: str
    pattern: re.Pattern[str]
    stems: tuple[str, ...]


def _form(name: str, pattern: str, *stems: str) -> CredentialForm:
    """Return a form; the stems are what a text is asked for first."""
    return CredentialForm(name, re.compile(pattern), stems)


_HEX32 = r"[0-9a-f]{32}"
_FORMS = (
    _form(
        "a private key",
        r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----"
        r"(?>(?:[^-]|-(?!----))*)(?:-----END (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----)?",
        "private key",
    ),
    _form("an AWS access key", r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b", "akia", "asia"),
    _form(
        "a GitHub token",
        r"\b(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,})",
        "ghp_",
        "gho_",
        "ghu_",
        "ghs_",
        "ghr_",
        "github_pat_",
    ),
    _form("a GitLab token", r"\bgl(?:pat|dt|rt|cbt|ptt|ft|soat)-[A-Za-z0-9_-]{18,}", "gl"),
    _form(
        "a Slack token", r"\b(?:xox[abeoprs](?:\.xox[bp])?|xapp)-[A-Za-z0-9-]{10,}", "xox", "xapp-"
    ),
    _form(
        "the address of a webhook",
        r"\bhooks\.slack\.com/(?:services|workflows)/[A-Za-z0-9/_-]{10,}"
        r"|\bdiscord(?:app)?\.com/api/webhooks/\d+/[\w-]{20,}"
        r"|\b[\w-]+\.webhook\.office\.com/\S{20,}",
        "hooks.slack",
        "/webhooks/",
        "webhook.office",
    ),
    _form("a Stripe key", r"\b(?:[sr]k_(?:live|test)_|whsec_)[A-Za-z0-9]{16,}", "k_", "whsec_"),
    _form("a Google API key", r"\bAIza[0-9A-Za-z_-]{30,}", "aiza"),
    _form("a Google token", r"\bya29\.[\w-]{20,}|\bGOCSPX-[\w-]{20,}", "ya29.", "gocspx-"),
    _form("an API key", r"\bsk-(?=[\w-]*\d)(?:ant-|proj-|or-|svcacct-)?[\w-]{20,}", "sk-"),
    _form("a PyPI token", r"\bpypi-AgE[A-Za-z0-9_-]{30,}", "pypi-age"),
    _form("an npm token", r"\bnpm_[A-Za-z0-9]{30,}", "npm_"),
    _form("a Hugging Face token", r"\bhf_[A-Za-z0-9]{24,}", "hf_"),
    _form("a SendGrid key", r"\bSG\.[\w-]{16,}\.[\w-]{16,}", "sg."),
    _form("a Twilio key", rf"\bSK{_HEX32}\b", "sk"),
    _form("a Mailgun key", rf"\bkey-{_HEX32}\b", "key-"),
    _form("a DigitalOcean token", r"\bdo[opr]_v1_[0-9a-f]{40,}", "_v1_"),
    _form("a Shopify token", rf"\bshp(?:at|ca|pa|ss)_{_HEX32}", "shp"),
    _form("a Square token", r"\bsq0[a-z]{3}-[\w-]{20,}", "sq0"),
    _form("a Vault token", r"\bhv[sbr]\.[\w-]{20,}", "hv"),
    _form("a Databricks token", rf"\bdapi{_HEX32}", "dapi"),
    _form("a Telegram token", r"\b\d{8,10}:AA[\w-]{30,}", ":aa"),
    _form("an age key", r"\bAGE-SECRET-KEY-1[0-9A-Z]{40,}", "age-secret-key-"),
    _form("a Linear, Figma or New Relic key",
          r"\b(?:lin_(?:api|oauth)_|figd_|NRAK-|PMAK-|dop_v1_|glsa_|atlasv1\.)[\w-]{16,}",
          "lin_", "figd_", "nrak-", "pmak-", "glsa_", "atlasv1."),
    _form("a JSON Web Token", r"\beyJ[\w-]{8,}\.eyJ[\w-]{8,}(?:\.[\w-]*)?", "eyj"),
    _form(
        "a password hash",
        r"\$(?:2[abxy]?|argon2(?:id?|d)|scrypt|pbkdf2(?:-\w+)?|5|6|y|1)\$[\w.,=/$+-]{16,}"
        r"|\bpbkdf2_sha\d+\$\d+\$[\w./$+=-]{16,}",
        "$",
    ),
)  # fmt: skip
_STEMMED = tuple((stem, form) for form in _FORMS for stem in form.stems)
_MAY_HOLD_ONE = re.compile(r"\S{15}|-----BEGIN")
# What authors of documentation write in the place of one.
_SAMPLE = re.compile(r"EXAMPLE|(?:[Xx]{6})|\.{3}|…")


def forms_in(text: str, forms: tuple[CredentialForm, ...] = _FORMS) -> tuple[CredentialForm, ...]:
    """Return the forms that a text may hold, by its longest word and their stems alone."""
    if forms is _FORMS and not _MAY_HOLD_ONE.search(text):
        return ()
    lowered = text.casefold()
    if forms is _FORMS:
        return tuple(dict.fromkeys([form for stem, form in _STEMMED if stem in lowered]))
    return tuple(form for form in forms if any(stem in lowered for stem in form.stems))


def credentials_in(text: str) -> Iterator[tuple[str, re.Match[str]]]:
    """Yield each credential that a text holds, with what it is called.

    Args:
        text: Any text; what samples of documentation hold (`AKIA…EXAMPLE`) does not count.
    """
    for form in forms_in(text):
        for found in form.pattern.finditer(text):
            if not _SAMPLE.search(found[0]):
                yield form.name, found


def without_forms(text: str) -> str:
    """Return a text with `***` for what is a credential by its form."""
    for form in forms_in(text):
        text = form.pattern.sub(_masked, text)
    return text


def _masked(found: re.Match[str]) -> str:
    """Return what stands for a credential; a sample's stays."""
    return found[0] if _SAMPLE.search(found[0]) else MASK


def without_userinfo(text: str) -> str:
    """Return a text with `***` for users and passwords in URLs."""
    lowered = text.casefold()
    if "@" not in text and "%40" not in text:
        return text
    if any(stem in lowered for stem in _STEMS):
        text = _RUN.sub(_masked_url, text)
    return _BARE.sub(_bare_masked, text) if ":" in text and "@" in text else text


def passwords_in(url: str) -> tuple[str, ...]:
    """Return the password that a URL holds, as it is written and as it is meant."""
    found = _RUN.match(url)
    end = _userinfo_end(found["rest"], found["scheme"], "@", ":", r"[/\\]") if found else -1
    password = _around(found["rest"][:end], ":")[1] if found and end > 0 else ""
    return tuple({password, unquote(password)}) if password else ()


def _bare_masked(found: re.Match[str]) -> str:
    """Return a DSN that has no scheme without user and password; other words stay."""
    password = found["password"]
    is_one = found["behind"] or found["host"] == "localhost" or not password.isalpha()
    if not is_one or NAMED.fullmatch(password):
        return found[0]
    return f"{MASK}@{found['host']}{found['behind'] or ''}"


def _masked_url(found: re.Match[str]) -> str:
    """Return a URL with what is before its host left out."""
    rest = found["rest"]
    at, colon, slash = ("@", ":", r"[/\\]") if found["slashes"][0] == ":" else ("%40", "%3a", "%2f")
    end = _userinfo_end(rest, found["scheme"], at, colon, slash)
    if end < 0:
        return found[0]
    user, password = _around(rest[:end], colon)
    if not password and user.casefold() in _ACCOUNTS:
        return found[0]
    if all(not part or NAMED.fullmatch(part) for part in (user, password)):
        return found[0]
    return f"{found['scheme']}{found['slashes']}{MASK}{rest[end:]}"


def _userinfo_end(rest: str, scheme: str, at: str, colon: str, slash: str) -> int:
    """Return where user and password end, -1 where there are none."""
    last = rest.casefold().rfind(at)
    if rest.startswith("[") or rest.startswith("sha", last + 1):  # an address, an image's digest
        return -1
    authority = re.split(rf"{slash}|[?#]|%3f", rest, maxsplit=1, flags=re.IGNORECASE)[0]
    within = authority.casefold().rfind(at)
    user, behind = _around(authority, colon)
    if last <= 0 or len(user) == len(authority):
        return within
    if within >= 0 or not _PORT.match(behind):
        return last
    return last if behind and not _WEB.fullmatch(scheme) else -1


def _around(text: str, sign: str) -> tuple[str, str]:
    """Return what is before and behind the first sign, which may be written in capitals."""
    at = text.casefold().find(sign)
    return (text, "") if at < 0 else (text[:at], text[at + len(sign) :])
