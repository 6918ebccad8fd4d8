"""robots.txt by RFC 9309, read by Protego."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from footnotary.errors import HttpStatusError, ResponseRefused, RobotsRefused
from footnotary.fetch.statuses import is_server_error
from footnotary.fetch.urls import Url

if TYPE_CHECKING:
    from protego import Protego

TOKEN = "footnotary"  # noqa: S105  RFC 9309's word for a crawler's name
MOST_BYTES = 500 * 1024  # what RFC 9309 §2.5 asks to be read
LONGEST_DELAY = 30.0
HINT = "Read it yourself, save it and cite it with --file; or say --ignore-robots for this page."


@dataclass
class _Site:
    """The rules of one origin.

    Attributes:
        lock: Held while they are fetched, so that they are fetched once.
        rules: The parsed file; None before it was read, or where there is none.
        known: Whether it has been asked for.
        status: The server error that kept it from being read, or 0.
    """

    lock: threading.Lock = field(default_factory=threading.Lock)
    rules: "Protego | None" = None
    known: bool = False
    status: int = 0


class Robots:
    """The rules of all origins that one fetcher meets."""

    def __init__(self, read: Callable[[str], bytes]) -> None:
        """Remember how a robots.txt is fetched.

        Args:
            read: Fetches a URL and returns its body; raises FetchError.
        """
        self._read = read
        self._sites: dict[str, _Site] = {}
        self._lock = threading.Lock()

    def delay(self, url: Url) -> float:
        """Return the seconds to leave between requests, once the URL is allowed.

        Raises:
            RobotsRefused: The site asks programs not to read this URL, or its robots.txt
                fails on the server's side, which RFC 9309 §2.3.1.4 reads as a refusal.
            FetchError: The site cannot be reached at all.
        """
        site = self._site(url)
        if site.status:
            raise RobotsRefused(
                f"The robots.txt of {url.host} cannot be read (HTTP {site.status}), so its"
                " pages are not asked.",
                hint="Try again later. " + HINT,
            )
        if site.rules is None:
            return 0.0
        if not site.rules.can_fetch(url.href, TOKEN):
            raise RobotsRefused(
                f"The robots.txt of {url.host} asks programs not to read {url.target[:120]}.",
                hint=HINT,
            )
        return min(float(site.rules.crawl_delay(TOKEN) or 0.0), LONGEST_DELAY)

    def _site(self, url: Url) -> _Site:
        """Return an origin's rules, fetched once."""
        site = self._sites.get(url.origin)
        if site is None:
            with self._lock:
                site = self._sites.setdefault(url.origin, _Site())
        if not site.known:
            with site.lock:
                if not site.known:
                    self._learn(site, url.origin + "/robots.txt")
                    site.known = True
        return site

    def _learn(self, site: _Site, address: str) -> None:
        """Fetch and parse a robots.txt (RFC 9309 §2.3.1)."""
        from protego import Protego

        try:
            body = self._read(address)
        except HttpStatusError as error:
            if is_server_error(error.status):
                site.status = error.status
            return
        except ResponseRefused:
            return  # no rules that could be read
        site.rules = Protego.parse(body[:MOST_BYTES].decode("utf-8", errors="replace"))
