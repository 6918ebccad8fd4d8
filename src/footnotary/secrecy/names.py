"""What a name says of its value. The head of a name decides: `token_type` is a type.

An English compound ends with what it is about, so `password_min_length` is a length and
`db_password` a password. What is behind the head to tell copies apart (`_old`, `_2`,
`_value`, `_base64`) is passed over, and `secret_of_the_app` ends before its preposition.
"""

# ruff: noqa: SIM905  a list of one word a line would bury the code

import re
from enum import Enum
from functools import lru_cache


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
