"""What an answer means (RFC 9110), and what of it is kept and asked again (RFC 9111, RFC 5861).

Freshness is only what the origin states; none is guessed, and no answer is taken as
confirmed for longer than a day, because the records say when a page was last seen.
"""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from footnotary import clock
from footnotary.errors import HttpStatusError
from footnotary.fetch.urls import Url

LONGEST_FRESH = timedelta(days=1)
DIRECTIVE = re.compile(r'([!#$%&\'*+.^_`|~0-9A-Za-z-]+)(?:\s*=\s*("(?:[^"\\]|\\.)*"|[^,;\s]*))?')
DESCRIBES_BODY = frozenset({"content-encoding", "content-length", "content-range", "content-type"})


def may_keep(headers: dict[str, str], *, with_cookies: bool = False) -> bool:
    """Return whether an answer may be kept at all (RFC 9111 §3).

    Args:
        headers: The answer's.
        with_cookies: Whether it was asked for with cookies, which a later request has not:
            then it must not depend on them (§4.1). All else that is sent is always the same.
    """
    varying = _varying(headers)
    if "*" in varying or (with_cookies and "cookie" in varying):
        return False
    return "no-store" not in read_cache_control(headers)


def is_fresh(headers: dict[str, str], retrieved_at: datetime, now: datetime) -> bool:
    """Return whether a kept answer may be used without asking (RFC 9111 §4.2).

    Args:
        headers: The kept headers.
        retrieved_at: When the origin last confirmed it.
        now: The moment of use.
    """
    age = max(now - retrieved_at, timedelta()) + _age_then(headers, retrieved_at)
    return age < min(_lifetime(headers), LONGEST_FRESH)


def may_serve_stale(
    headers: dict[str, str], retrieved_at: datetime, now: datetime, longest: timedelta
) -> bool:
    """Return whether a kept answer may stand in for an origin that fails (RFC 5861 §4).

    Args:
        headers: The kept headers.
        retrieved_at: When the origin last confirmed it.
        now: The moment of use.
        longest: Our own limit; the origin's `stale-if-error` may only shorten it.
    """
    said = read_cache_control(headers)
    if {"no-cache", "must-revalidate"} & said.keys():
        return False
    if "stale-if-error" in said:
        longest = min(longest, _lifetime(headers) + _seconds(said["stale-if-error"]))
    return now - retrieved_at < longest


def conditions(headers: dict[str, str]) -> dict[str, str]:
    """Return the request headers that ask whether a kept answer still holds (RFC 9110 §13)."""
    asked: dict[str, str] = {}
    if etag := headers.get("etag"):
        asked["if-none-match"] = etag
    if modified := headers.get("last-modified"):
        asked["if-modified-since"] = modified
    return asked


def confirms(kept: dict[str, str], said: dict[str, str]) -> bool:
    """Return whether a 304 is of the kept answer (RFC 9111 §4.3.4).

    One that names another validator is of another version, and confirms nothing.
    """
    if etag := said.get("etag"):
        return etag.removeprefix("W/") == kept.get("etag", "").removeprefix("W/")
    modified = said.get("last-modified")
    return not modified or modified == kept.get("last-modified")


def confirmed(kept: dict[str, str], said: dict[str, str]) -> dict[str, str]:
    """Return kept headers brought up to date by those of a 304 (RFC 9111 §3.2)."""
    kept = {name: value for name, value in kept.items() if name != "age"}
    return kept | {name: value for name, value in said.items() if name not in DESCRIBES_BODY}


def read_cache_control(headers: dict[str, str]) -> dict[str, str]:
    """Return the directives of Cache-Control, names in lower case, values unquoted."""
    found: dict[str, str] = {}
    for name, quoted in DIRECTIVE.findall(headers.get("cache-control", "")):
        key, value = name.lower(), quoted.strip('"')
        # where an answer contradicts itself, its shortest time counts (RFC 9111 §4.2.1)
        found[key] = min(found[key], value, key=_seconds) if key in found else value
    return found


def moment(text: str) -> datetime | None:
    """Return an HTTP date as an aware moment, or None for what is none."""
    try:
        parsed = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed


def _lifetime(headers: dict[str, str]) -> timedelta:
    """Return how long the origin calls the answer fresh (RFC 9111 §4.2.1)."""
    said = read_cache_control(headers)
    if "no-cache" in said or "*" in _varying(headers):
        return timedelta()
    if "max-age" in said:
        return _seconds(said["max-age"])
    expires, date = moment(headers.get("expires", "")), moment(headers.get("date", ""))
    if expires is None or date is None:
        return timedelta()
    return max(expires - date, timedelta())


def _age_then(headers: dict[str, str], retrieved_at: datetime) -> timedelta:
    """Return how old an answer was when it came: by Age or by Date, whichever is more (§4.2.3)."""
    told = _seconds(headers.get("age", "").partition(",")[0].strip())
    date = moment(headers.get("date", ""))
    return max(told, retrieved_at - date) if date is not None else told


def _varying(headers: dict[str, str]) -> set[str]:
    """Return the names of the request headers that an answer depends on."""
    return {name.strip().lower() for name in headers.get("vary", "").split(",")}


def _seconds(text: str | None) -> timedelta:
    """Return delta-seconds (RFC 9111 §1.2.2); zero for what is none, a year at most."""
    if not text or not text.isascii() or not text.isdigit():
        return timedelta()
    return timedelta(seconds=min(int(text[:12]), 31_536_000))


REDIRECTS = frozenset({301, 302, 303, 307, 308})
GONE = frozenset({404, 410})
BLOCKED = frozenset({401, 402, 403, 407, 429, 451, 503})  # not ours to read; says nothing of it
BUSY = frozenset({429, 503})
RETRIED = frozenset({429, 502, 503, 504})

_SAVED_HINT = "Open it in your browser, save it and cite it with --file."
ARCHIVE_HINT = "Check the URL, or look for an archived copy."
LATER_HINT = "Try again later."
NO_TARGET = ("it leads elsewhere without saying where", _SAVED_HINT)
MEANINGS = {
    300: ("there are several pages, of which it names none", "Cite one of them by its own URL."),
    **dict.fromkeys(REDIRECTS, NO_TARGET),
    304: ("it sends no page, only that nothing has changed", LATER_HINT + " " + _SAVED_HINT),
    401: ("it wants a login", _SAVED_HINT),
    402: ("it wants to be paid", _SAVED_HINT),
    403: ("it lets no program read this page, which does not mean that it is gone", _SAVED_HINT),
    404: ("no such page", ARCHIVE_HINT),
    407: ("a proxy wants a login", _SAVED_HINT),
    410: ("the page was removed", ARCHIVE_HINT),
    429: ("it wants to be asked less often", LATER_HINT),
    451: ("it may not show this page here, for legal reasons", _SAVED_HINT),
    503: ("it is busy, or keeps programs out", LATER_HINT + " " + _SAVED_HINT),
}


def is_success(status: int) -> bool:
    """Return whether a status is of the class 2xx."""
    return status // 100 == 2  # noqa: PLR2004  the class is the first digit


def is_server_error(status: int) -> bool:
    """Return whether a status is of the class 5xx."""
    return status // 100 == 5  # noqa: PLR2004  the class is the first digit


def status_error(url: Url, status: int, headers: dict[str, str]) -> HttpStatusError:
    """Return the error for an answer that is no page: blocked is told apart from gone."""
    failed = ("the server failed", LATER_HINT) if is_server_error(status) else ("", _SAVED_HINT)
    meaning, hint = MEANINGS.get(status, failed)
    message = f"{url.host} answered {status} for {url.href}"
    if meaning:
        message += f": {meaning}"
    if status in BUSY:
        message += _until(headers)
    return HttpStatusError(message + ".", status=status, hint=hint)


def retry_after(headers: dict[str, str], now: datetime) -> float | None:
    """Return the seconds that Retry-After asks for (RFC 9110 §10.2.3), or None."""
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    at = moment(text)
    return None if at is None else max(0.0, (at - now).total_seconds())


def _until(headers: dict[str, str]) -> str:
    """Return for how long, in words, where the server says so."""
    seconds = retry_after(headers, clock.now())
    return "" if seconds is None else f", not before {seconds:g} seconds from now"
