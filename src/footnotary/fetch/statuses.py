"""What an HTTP status means for somebody who wants to read the page."""

from datetime import datetime

from footnotary import clock
from footnotary.errors import HttpStatusError
from footnotary.fetch.freshness import moment
from footnotary.fetch.urls import Url

REDIRECTS = frozenset({301, 302, 303, 307, 308})
GONE = frozenset({404, 410})
BLOCKED = frozenset({401, 402, 403, 407, 429, 451, 503})  # not ours to read; says nothing of it
BUSY = frozenset({429, 503})
RETRIED = frozenset({429, 502, 503, 504})

SAVED_HINT = "Open it in your browser, save it and cite it with --file."
ARCHIVE_HINT = "Check the URL, or look for an archived copy."
LATER_HINT = "Try again later."
NO_TARGET = ("it leads elsewhere without saying where", SAVED_HINT)
MEANINGS = {
    300: ("there are several pages, of which it names none", "Cite one of them by its own URL."),
    **dict.fromkeys(REDIRECTS, NO_TARGET),
    304: ("it sends no page, only that nothing has changed", LATER_HINT + " " + SAVED_HINT),
    401: ("it wants a login", SAVED_HINT),
    402: ("it wants to be paid", SAVED_HINT),
    403: ("it lets no program read this page, which does not mean that it is gone", SAVED_HINT),
    404: ("no such page", ARCHIVE_HINT),
    407: ("a proxy wants a login", SAVED_HINT),
    410: ("the page was removed", ARCHIVE_HINT),
    429: ("it wants to be asked less often", LATER_HINT),
    451: ("it may not show this page here, for legal reasons", SAVED_HINT),
    503: ("it is busy, or keeps programs out", LATER_HINT + " " + SAVED_HINT),
}


def is_success(status: int) -> bool:
    """Return whether a status is of the class 2xx."""
    return status // 100 == 2  # noqa: PLR2004  the class is the first digit


def is_server_error(status: int) -> bool:
    """Return whether a status is of the class 5xx."""
    return status // 100 == 5  # noqa: PLR2004  the class is the first digit


def status_error(url: Url, status: int, headers: dict[str, str]) -> HttpStatusError:
    """Return the error for an answer that is no page: blocked is told apart from gone.

    Args:
        url: What was asked.
        status: HTTP status.
        headers: The answer's headers.
    """
    failed = ("the server failed", LATER_HINT) if is_server_error(status) else ("", SAVED_HINT)
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
