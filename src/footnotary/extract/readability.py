"""Whether a page's text can be relied on. "Cannot be read" is never "not there".

A wall is told by what it is (its headline in whole, where a redirect led, a field for a
password, a button to consent, an application that has not begun), not by words that an
article about walls has as well.
"""

import re
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from footnotary.extract.shown import Shown, headline, shown_on, words
from footnotary.models import Response, UnreadableReason

SHORT = 200
WALL_LENGTH = 1_500
"""Characters of text that no wall has; an article about logging in says more."""

# All in characters of a page's main part.
_AMONG_MENUS = 8_000  # of the whole text: a wall may stand among long menus
_NOTICE = 700  # what turns somebody away is no longer
_TEASER = 800
_HEAD = 400
_LINE = 80  # a headline and hardly more
_REST = 100  # beside a banner, a form or a notice, this says something
_LEAST = 20
_HEAD_OF_MARKUP = 20_000

_SENTENCE = re.compile(r"\w[^.!?。！？]{20,}[.!?。！？]")
_LONG_LINE = re.compile(r"[^\n]{60,}")
_TITLE = re.compile(r"<title[^>]*>([^<]{1,120})", re.IGNORECASE)
_BESIDE_TITLE = re.compile(r"\s[|\u2013\u2014\u00b7-]\s")
_BLOCKED_STATUS = frozenset({401, 403, 407, 429, 451, 503})


def unreadable_reason(response: Response, source: str, text: str) -> UnreadableReason | None:
    """Return why a page's text cannot be relied on, or None."""
    if response.status in _BLOCKED_STATUS:
        return UnreadableReason.BLOCKED
    if len(text) > _AMONG_MENUS:
        return None
    if len(text) >= WALL_LENGTH and not _is_suspect(response, source):
        return None
    visit = _Visit(response, source, shown_on(source))
    if len(visit.page.main) >= WALL_LENGTH:
        return None
    for reason, looks_so in _WALLS:
        if looks_so(visit):
            return reason
    return None if _says_something(visit.page, text) else UnreadableReason.TOO_SHORT


def _is_suspect(response: Response, source: str) -> bool:
    """Return whether a text of some length may be the menus of a wall."""
    visit = _Visit(response, source)
    if visit.is_at_the_front or any(map(visit.led_to, ("login", "consent", "missing"))):
        return True
    title = _TITLE.search(source[:_HEAD_OF_MARKUP])
    first = _BESIDE_TITLE.split(title[1])[0].strip(_MARKS) if title is not None else ""
    return any(
        headline(wall).fullmatch(first) for wall in ("challenge", "missing", "login", "failing")
    )


_MARKS = " .!?:\u2026\u00bb\u2192\n\t"
_EMPTY = Shown()


@dataclass(frozen=True)
class _Visit:
    """What was asked for, what came, and what it shows."""

    response: Response
    source: str
    page: Shown = _EMPTY

    def is_named(self, wall: str) -> bool:
        """Whether a headline says it, and nothing else."""
        pattern = headline(wall)
        return any(pattern.fullmatch(line.strip(_MARKS)) for line in self.page.headlines)

    def says(self, wall: str, kind: str = "phrases", within: int = _NOTICE) -> bool:
        """Whether the beginning of the main part has words of a wall."""
        return words(wall, kind).search(self.page.main[:within]) is not None

    def led_to(self, kind: str) -> bool:
        """Whether a redirect led to such an address from one that was none."""
        asked, found = urlsplit(self.response.url), urlsplit(self.response.final_url)
        if (asked.hostname, asked.path) == (found.hostname, found.path):
            return False
        return _is_at(found, kind) and not _is_at(asked, kind)

    @property
    def is_at_the_front(self) -> bool:
        """Whether a deep address ended at the site's front page."""
        return ended_at_front(self.response)


def ended_at_front(response: Response) -> bool:
    """Return whether redirects led from a deep address to its site's front page."""
    asked, found = urlsplit(response.url), urlsplit(response.final_url)
    if not response.redirects or asked.hostname != found.hostname:
        return False
    return found.path in ("", "/") and not found.query and len(asked.path) > len("/xx")


def _is_at(parts: SplitResult, kind: str) -> bool:
    """Return whether a host or a path is such an address."""
    pattern = words("addresses", kind)
    return any(map(pattern.search, (parts.hostname or "", parts.path)))


def _is_challenge(visit: _Visit) -> bool:
    """Return whether a page asks whether its reader is a robot, or turns it away."""
    page = visit.page
    if len(page.main) > _NOTICE:
        return False
    named = visit.is_named("challenge")
    if words("challenge", "marks").search(visit.source):
        return named or len(page.beside_forms) < SHORT
    if named:
        return len(page.main) < _LINE or visit.says("challenge")
    lines = page.main[:_HEAD].split("\n")[:3]
    return any(words("challenge", "openings").match(line) for line in lines)


def _is_missing(visit: _Visit) -> bool:
    """Return whether a page says that there is none."""
    if visit.is_at_the_front or visit.led_to("missing"):
        return True
    if len(visit.page.main) > _NOTICE:
        return False
    if visit.is_named("missing"):
        return len(visit.page.main) < _LINE or visit.says("missing", within=_HEAD)
    return visit.says("missing", "parked", within=_HEAD)


def _is_failing(visit: _Visit) -> bool:
    """Return whether a server shows that it fails, or is being worked on."""
    if len(visit.page.main) > _NOTICE or not visit.is_named("failing"):
        return False
    return len(visit.page.main) < _LINE or visit.says("failing")


def _is_login(visit: _Visit) -> bool:
    """Return whether a page asks who its reader is, or to pay, before it shows more."""
    page = visit.page
    asks = page.asks_password or page.asks_address
    if visit.led_to("login") and (asks or len(page.main) < _NOTICE):
        return True
    if asks and visit.is_named("login"):
        return len(page.beside_forms) < _HEAD
    if page.asks_password and len(page.beside_forms) < _REST // 2:
        return True
    return len(page.main) < _TEASER and visit.says("login", "paywall", within=_TEASER)


def _is_consent(visit: _Visit) -> bool:
    """Return whether a page asks for consent and shows nothing else."""
    if visit.led_to("consent"):
        return True
    page = visit.page
    if not page.asks_consent or visit.is_named("consent"):
        return page.asks_consent
    return len(page.beside_banner) < _REST and not _SENTENCE.search(page.beside_banner)


def _is_script(visit: _Visit) -> bool:
    """Return whether the text of a page is put there by a script that has not run."""
    page = visit.page
    if len(page.main) >= SHORT or page.has_data or _SENTENCE.search(page.main):
        return False
    asked = "javascript" in page.without_script.lower()
    return "<script" in visit.source.lower() and (page.mounts or asked)


_WALLS = (
    (UnreadableReason.BLOCKED, _is_challenge),
    (UnreadableReason.SOFT_404, _is_missing),
    (UnreadableReason.BLOCKED, _is_failing),
    (UnreadableReason.LOGIN_WALL, _is_login),
    (UnreadableReason.CONSENT_WALL, _is_consent),
    (UnreadableReason.SCRIPT_ONLY, _is_script),
)


def _says_something(page: Shown, text: str) -> bool:
    """Return whether a short page has a sentence, code, a table or a list."""
    if page.leads_on and len(page.main) < SHORT:
        return False
    if len(text) >= SHORT or _SENTENCE.search(text) or _LONG_LINE.search(text):
        return True
    return page.has_data and len(page.main) >= _LEAST
