"""Which values may be shown: allow-listed forms that cannot be a secret, and nothing else.

Guessing what looks like a secret misses a quarter of them and more; so a value is shown
only if its form is listed here *and* its name does not speak of a secret.
"""

# ruff: noqa: SIM905  a list of one word a line would bury the code

import re
from collections.abc import Collection
from functools import lru_cache

from footnotary.compose.interpolation import reduce_variables
from footnotary.secrecy.credentials import speaks_of_a_secret

_WORDS = frozenset(
    """
    true false yes no on off none null debug info warning warn error critical trace fatal
    notset development dev production prod staging stage local test testing ci default auto
    json text console utf-8 utc lax strict always never localhost 0.0.0.0 127.0.0.1 ::1 ::
    host.docker.internal http https tcp udp redis memory sqlite postgres postgresql mysql en
    de fr es
    """.split()
)
_VERBS = frozenset(
    """
    run start serve server dev build exec migrate upgrade downgrade head worker beat test
    install module shell api web runserver collectstatic celery uvicorn gunicorn hypercorn
    fastapi flask alembic pytest python python3 node npm yarn pnpm uv poetry bash sh curl
    wget pg_isready mysqladmin mariadb-admin redis-cli ping start-dev launch up watch
    scheduler CMD CMD-SHELL healthcheck health dotnet java mvn nginx main daemon postgres
    mariadbd mysqld
    """.split()
)
_APPLICATION = re.compile(r"[a-z_][a-z0-9_.]{0,60}:(?:app|application|api|asgi|wsgi|create_app)")
_NUMBER = re.compile(r"[+-]?(?:\d{1,5}|\d{1,4}\.\d{1,4})")
_AMOUNT = re.compile(r"\d{1,6}(?:\.\d+)?\s?(?:ms|us|s|m|h|d|b|k|kb|ki|mb|mi|gb|gi|g|kib|mib|gib|%)")
_IMAGE = re.compile(
    r"(?:[a-zA-Z0-9.-]+(?::\d+)?/)?[a-z0-9]+(?:[._/-]+[a-z0-9]+)*"
    r"(?::[\w][\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?"
)
_DSN = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{0,30})://(.*)", re.DOTALL)
_HOST_PORT = re.compile(r"([A-Za-z0-9._-]+|\[[0-9a-fA-F:]+\])(?::(\d{1,5}))?")
# Names of which no value is shown, whatever else they say.
_GUARDED = re.compile(
    r"private|auth|signature|cert|pin$|webhook|cookie|session|otp|seed", re.IGNORECASE
)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.]{0,99}")
_LABEL = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_. /@:+-]{0,99}")
_LONG_TOKEN = re.compile(r"[A-Za-z0-9+/=_.~-]{16,}")
# What holds a URL or a user and a password, whole or cut at its colons; of a path or label, nothing
# is shown then.
_USER = re.compile(r"[^/\\]@")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:/")
_VARIABLE = re.compile(r"\$\{\w+\}")
NOT_SHOWN = "(not shown)"
UNKNOWN_VALUE = "unknown value"
# Shorter than any key that is made at random.
RANDOM_LENGTH = 16
# Prefixes by which issuers mark their tokens.
_KNOWN_TOKEN = re.compile(
    r"\b(?:(?:gh[pousr]|github_pat|glpat|sk|pk|rk|npm|pypi|hf|xox[abeprs])[_-](?=\S*[A-Z0-9])"
    r"|AKIA|ASIA|AIza|eyJ)[A-Za-z0-9_.-]{12,}"
)


def display_value(value: str, *, name: str = "", hosts: Collection[str] = ()) -> str:
    """Return a value if it may be shown.

    Args:
        value: The value as written.
        name: The variable it belongs to: if its name speaks of a secret, nothing is shown.
        hosts: Names of the stack's own services, which may be shown as hosts.

    Returns:
        The value, or what may be shown of a URL (`scheme://…@host:port/…`); else empty.
    """
    text = value.strip()
    if not text or speaks_of_a_secret(name) or _GUARDED.search(name):
        return ""
    if text.casefold() in _WORDS or text in hosts:
        return text
    if _NUMBER.fullmatch(text) or _AMOUNT.fullmatch(text.casefold()):
        return text
    return _url(text, hosts)


def _url(text: str, hosts: Collection[str]) -> str:
    """Return scheme, host and port of a URL whose host is one of ours; else empty.

    User, password, path and query are never shown: where a password holds `@` or `/`,
    parsers disagree about where it ends, so only what follows the last `@` can be a host.
    """
    found = _DSN.fullmatch(text)
    if found is None:
        return ""
    scheme, rest = found.groups()
    user, at, behind = rest.rpartition("@")
    place = re.split(r"[/?#]", behind, maxsplit=1)
    known = _HOST_PORT.fullmatch(place[0])
    if known is None or (known[1].casefold() not in _WORDS and known[1] not in hosts):
        return ""
    tail = "/…" if len(place) > 1 and place[1] else ""
    return f"{scheme}://{'…@' if at and user else ''}{place[0]}{tail}"


def has_password(value: str) -> bool:
    """Tell whether a value is a URL with a literal password in it."""
    found = _DSN.fullmatch(value.strip())
    if found is None or "@" not in found[2]:
        return False
    user = found[2].rpartition("@")[0]
    password = user.partition(":")[2]
    return bool(_VARIABLE.sub("", reduce_variables(password)))


def image(reference: str) -> str:
    """Return an image reference if it has the grammar of one, variables as `${NAME}`.

    The grammar is that of the distribution project's `reference` package.
    """
    plain = reduce_variables(reference.strip())
    bare = re.sub(r"\$\{\w+\}", "x", plain)
    return plain if len(plain) <= 300 and _IMAGE.fullmatch(bare) else NOT_SHOWN  # noqa: PLR2004


def identifier(name: object) -> str:
    """Return the name of a variable, or `(not shown)` where it has not the form of one."""
    text = str(name)
    return text if _NAME.fullmatch(text) and _token(text) == text else NOT_SHOWN


@lru_cache(4096)
def label(text: object) -> str:
    """Return a short name (service, profile, job), or `(not shown)`."""
    plain = str(text)
    long = _LONG_TOKEN.findall(plain)
    named = _LABEL.fullmatch(plain) and not _KNOWN_TOKEN.search(plain)
    named = named and not holds_userinfo(plain)
    return plain if named and all(_token(word) == word for word in long) else NOT_SHOWN


def path(text: object) -> str:
    """Return a path of the host or a container, variables as `${NAME}`, or `(not shown)`."""
    plain = reduce_variables(str(text))
    is_url = holds_userinfo(plain) or _SCHEME.match(plain)
    return plain if len(plain) <= 300 and plain.isprintable() and not is_url else NOT_SHOWN  # noqa: PLR2004


def holds_userinfo(text: str) -> bool:
    """Tell whether a path is a URL, or may hold a user and a password as one does."""
    host = text.find("//")
    query = min((at for at in map(text.find, "?&") if at >= 0), default=-1)
    return (
        "://" in text
        or _USER.search(text) is not None
        or -1 < host < text.rfind("@")
        or -1 < query < text.rfind("=")
    )


def one_of(known: Collection[str] | re.Pattern[str], text: str) -> str:
    """Return a value of a closed set, variables as `${NAME}`; else that it is unknown.

    Args:
        known: The values, or what the whole value must match, each variable in it as `1`.
        text: The value, variables as `${NAME}`; an empty one stays empty.
    """
    if isinstance(known, re.Pattern):
        is_known = known.fullmatch(_VARIABLE.sub("1", text)) is not None
    else:
        is_known = text in known
    return text if not text or is_known or _VARIABLE.fullmatch(text) else UNKNOWN_VALUE


def command_words(command: object, files: Collection[str] = ()) -> str:
    """Return the program and the flags of a command, without the values of the flags.

    Returns:
        The words that may be shown; each run of others is one `…`.
    """
    given = command if isinstance(command, list) else str(command).split()
    kept: list[str] = []
    for index, word in enumerate(str(part) for part in given):
        text = _word(word, first=index == 0, files=files)
        if text != "…" or kept[-1:] != ["…"]:
            kept.append(text)
    return " ".join(kept)


def _word(word: str, *, first: bool, files: Collection[str]) -> str:
    """Return one word of a command, or `…`."""
    if first and re.fullmatch(r"[\w./-]{1,60}", word) and not _LONG_TOKEN.fullmatch(word):
        return word
    if word in files or word.removeprefix("./") in files or word in {"&&", "||", ";", "|"}:
        return word
    flag = re.fullmatch(r"(--?[A-Za-z][A-Za-z0-9.-]{0,40})(=.*)?", word, re.DOTALL)
    if flag and word.startswith("--"):
        value = display_value((flag[2] or "=")[1:], name=flag[1].lstrip("-").replace("-", "_"))
        return flag[1] + (f"={value or '…'}" if flag[2] else "")
    if re.fullmatch(r"-[A-Za-z]", word):
        return word
    if word in _VERBS or _APPLICATION.fullmatch(word):
        return word
    return display_value(word) or "…"


def _token(word: str) -> str:
    """Keep a long word that reads as a dotted, snake-case or CamelCase name or a path."""
    parts = [part for part in re.split(r"[._/=~+-]+", word) if len(part) >= RANDOM_LENGTH]
    return word if all(_is_camel_case(part) for part in parts) else NOT_SHOWN


def _is_camel_case(word: str) -> bool:
    """Tell whether a word is made of words: two digits at most, four letters on average."""
    words = re.findall(r"[A-Z]*[a-z]+|[A-Z]+", word)
    letters = sum(map(len, words))
    if word.isupper() and letters < len(word):
        return False
    return len(word) - letters <= 2 and letters >= 4 * len(words)  # noqa: PLR2004  as above
