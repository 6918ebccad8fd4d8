"""Users and passwords in URLs (RFC 3986, section 3.2.1), also where the URL is none any more.

A password that holds `@`, `/` or `#` is told from a path by what is behind the first colon:
a port is a number. Percent-encoded URLs, as queries hold them, are read the same way.
"""

import re
from urllib.parse import unquote

from footnotary.secrecy.credentials import MASK

_STEMS = ("://", ":\\/\\/", "%3a%2f%2f")
# Everything from the slashes to the next blank. A line may end behind a colon, a slash or an
# at-sign; a quote may stand in it where an at-sign follows.
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


def without_userinfo(text: str) -> str:
    """Return a text with `***` for users and passwords in URLs.

    Args:
        text: Any text; a URL may stand anywhere in it.
    """
    lowered = text.casefold()
    if "@" not in text and "%40" not in text:
        return text
    if any(stem in lowered for stem in _STEMS):
        text = _RUN.sub(_masked, text)
    return _BARE.sub(_bare_masked, text) if ":" in text and "@" in text else text


def passwords_in(url: str) -> tuple[str, ...]:
    """Return the password that a URL holds, as it is written and as it is meant.

    Args:
        url: A URL, or anything else.
    """
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


def _masked(found: re.Match[str]) -> str:
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
