"""Whether a page's text can be relied on. "Cannot be read" is never "not there"."""

import re
from urllib.parse import urlsplit

from footnotary.models import Response, UnreadableReason

SHORT = 200
_SENTENCE = re.compile(r"\w[^.!?。！？]{20,}[.!?。！？]")
_BLOCKED_STATUS = frozenset({401, 403, 407, 429, 451, 503})
_CHALLENGE = re.compile(
    r"just a moment\.\.\.|attention required! \| cloudflare|checking your browser"
    r"|verify(?:ing)? (?:that )?you are (?:a )?human|are you a robot|access denied"
    r"|request blocked|pardon our interruption|unusual traffic from your computer"
    r"|enable javascript and cookies to continue|captcha",
    re.IGNORECASE,
)
_NOT_FOUND = re.compile(
    r"\b404\b|page not found|not found|no longer (?:exists|available)|does(?:n't| not) exist"
    r"|seite (?:wurde )?nicht gefunden|page introuvable|p[áa]gina no encontrada",
    re.IGNORECASE,
)
_LOGIN = re.compile(
    r"\b(?:sign|log) ?in\b|\blogin\b|anmelden|einloggen|se connecter|iniciar sesi[óo]n",
    re.IGNORECASE,
)
_CONSENT = re.compile(
    r"before you continue|accept (?:all )?cookies|we value your privacy|consent"
    r"|zustimmen|cookie-einstellungen|tout accepter",
    re.IGNORECASE,
)
_NEEDS_SCRIPT = re.compile(
    r"(?:enable|requires?|need|activate|turn on|without) (?:\w+ ){0,3}javascript"
    r"|javascript (?:\w+ ){0,4}(?:enabled|required|disabled|aktivieren)",
    re.IGNORECASE,
)
_MOUNT_POINT = re.compile(
    r"""<(?:div|main|app-root)\b[^>]*\bid=["']?(?:root|app|__next|__nuxt|main|application)\b"""
    r"|<app-root|<script[^>]+type=[\"']?module",
    re.IGNORECASE,
)
WALL_LENGTH = 1_500
"""Characters of text that no wall has; an article about logging in says more."""


def unreadable_reason(
    response: Response, source: str, text: str, title: str
) -> UnreadableReason | None:
    """Return why a page's text cannot be relied on, or None.

    Args:
        response: The answer.
        source: Its markup, decoded.
        text: Its visible text.
        title: Its title.
    """
    if response.status in _BLOCKED_STATUS:
        return UnreadableReason.BLOCKED
    if len(text) < WALL_LENGTH:
        wall = _wall(response, source, text, title)
        if wall is not None:
            return wall
    if len(text) >= SHORT or _SENTENCE.search(text):
        return None
    if "<script" in source and _MOUNT_POINT.search(source):
        return UnreadableReason.SCRIPT_ONLY
    return UnreadableReason.TOO_SHORT


def _wall(response: Response, source: str, text: str, title: str) -> UnreadableReason | None:
    """Return what stands between the reader and a page that says little."""
    head = f"{title}\n{text[:400]}"
    if _CHALLENGE.search(head):
        return UnreadableReason.BLOCKED
    if _NOT_FOUND.search(title) or _sent_home(response):
        return UnreadableReason.SOFT_404
    if 'type="password"' in source and _LOGIN.search(head):
        return UnreadableReason.LOGIN_WALL
    if len(text) < SHORT * 3 and _CONSENT.search(head):
        return UnreadableReason.CONSENT_WALL
    if len(text) < SHORT and _NEEDS_SCRIPT.search(source):
        return UnreadableReason.SCRIPT_ONLY
    return None


def _sent_home(response: Response) -> bool:
    """Return whether a deep address ended at the site's front page."""
    asked, found = urlsplit(response.url), urlsplit(response.final_url)
    if not response.redirects or asked.hostname != found.hostname:
        return False
    return found.path in ("", "/") and not found.query and len(asked.path) > len("/xx")
