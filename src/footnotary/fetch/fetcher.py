"""The Fetcher: from a URL to a whole, decoded response, politely and within limits."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Self

from footnotary import __version__, clock
from footnotary.cache import Cache, StoredAnswer, Trail
from footnotary.deadline import Deadline, current_deadline
from footnotary.errors import FetchError, HttpStatusError, RedirectLoop, Unreachable
from footnotary.extract.forges import is_interface
from footnotary.extract.shown import refresh_target
from footnotary.fetch import TakesPages, semantics
from footnotary.fetch.asker import (
    AskedReply,
    Asker,
    Errand,
    FetchedAnswer,
    Hop,
    Turns,
    cookies_for,
    response_of,
)
from footnotary.fetch.decoding import ACCEPTED
from footnotary.fetch.robots import Robots
from footnotary.fetch.semantics import REDIRECTS, is_server_error, is_success, status_error
from footnotary.fetch.urls import Url, parse
from footnotary.models import Page, Publisher, Response

if TYPE_CHECKING:
    from footnotary.fetch.guard import GuardedBackend

USER_AGENT = f"footnotary/{__version__} (+https://pypi.org/project/footnotary/)"
PAGES = "text/html,application/xhtml+xml,application/pdf;q=0.9,*/*;q=0.8"
MOST_REDIRECTS = 10
STALE_IF_ERROR = timedelta(days=1)
FIRST_NOT_ASCII = 0x80
WHOLE = {"cache-control": "no-cache"}  # asks for the page itself, not whether it has changed


class Fetcher:
    """Fetches pages; one per run, shared by all threads, closed at its end.

    Args:
        cache: Where pages are kept; None keeps nothing.
        allow_private: Let the host that the user names be private, and be asked at any port;
            where its pages lead is guarded as ever, but for the same host.
        timeout: Seconds that one source may take in all; waiting for a turn is not counted.
        max_bytes: Largest body, on the wire and decoded.
        ignore_robots: Do not ask for robots.txt; for a page that the user named.
        offline: Answer from the cache alone, however old.
        refresh: Ask for the whole page whatever the cache holds.
        stale_if_error: How old a kept page may be that stands in for a failing origin.
        per_host: Requests to one host at a time.
        delay: Seconds between the starts of two requests to one host.
        publishers: The project's own forges and package indexes, by host.
        pages: Takes notice of each page that is read.
        network: What connects; the system's resolver and sockets, guarded, if None.
    """

    def __init__(  # noqa: PLR0913  each is a limit or a choice of the user's
        self,
        cache: Cache | None = None,
        *,
        allow_private: bool = False,
        timeout: float = 30.0,
        max_bytes: int = 20_000_000,
        ignore_robots: bool = False,
        offline: bool = False,
        refresh: bool = False,
        stale_if_error: timedelta = STALE_IF_ERROR,
        per_host: int = 2,
        delay: float = 0.0,
        publishers: Mapping[str, Publisher] | None = None,
        pages: TakesPages | None = None,
        network: "GuardedBackend | None" = None,
    ) -> None:
        self.publishers = publishers or {}
        self.timeout = timeout
        self.sheets: dict[str, str] = {}
        self._pages = pages
        self._cache = cache
        self._allow_private = allow_private
        self._offline = offline
        self._refresh = refresh
        self._stale_if_error = stale_if_error
        self._robots = None if ignore_robots else Robots(self._rules)
        self._asker = Asker(
            Turns(per_host=per_host, delay=delay),
            max_bytes=max_bytes,
            network=network,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections, the cache's too (which opens again when it is used)."""
        self._asker.close()
        if self._pages is not None:
            self._pages.close()
        if self._cache is not None:
            self._cache.close()

    def get(self, url: str, *, accept: str = "", asked_for: str = "") -> Response:
        """Fetch a page.

        Args:
            url: What to ask; its fragment is ignored.
            accept: The media types wanted; whatever a browser reads if empty.
            asked_for: The address that the user named, where a page or an answer named this
                one: no host but that of the former may be private.

        Returns:
            The page, whole and decoded, its redirects followed and listed.

        Raises:
            AddressRefused: A URL or address, here or behind a redirect, that is never asked.
            Unreachable: No name, no connection, or no whole answer in time.
            HttpStatusError: An answer that is no page.
            ResponseRefused: Too large, cut short, undecodable, or redirected too often.
            RobotsRefused: The site disallows it.
        """
        private_host = self._private_host(asked_for or url)
        deadline = current_deadline() or Deadline(self.timeout, url)
        errand = Errand(accept, deadline, self._robots, private_host)
        asked = parse(url, any_port_of=private_host)
        if self._offline:
            return self._offline_copy(url, asked, errand)
        try:
            hops, found = self._walk(asked, errand)
        except (Unreachable, HttpStatusError) as error:
            stale = self._stale_copy(url, asked, errand, error)
            if stale is None:
                raise
            return stale
        self._keep_trail(asked, accept, Trail(found.stored.url, hops))
        return response_of(url, hops, found)

    def note_page(self, response: Response, page: Page) -> None:
        """Take notice of a page that was read out of an answer."""
        if self._pages is not None:
            self._pages.add(response, page)

    def still_fresh(self, url: str) -> StoredAnswer | None:
        """Return the kept head of a page that need not be asked for, without its body.

        Returns:
            The head, if a fresh answer without a redirect is kept; else None.

        Raises:
            AddressRefused: The URL is one that is never asked.
        """
        asked = parse(url, any_port_of=self._private_host(url))
        stored = None if self._refresh or not self._cache else self._cache.page(asked.href)
        if stored is None or not (self._offline or _is_fresh(stored)):
            return None
        return stored if self._allow_private or not stored.private else None

    def _private_host(self, named: str) -> str:
        """Return the host of an address that the user named, if it may be private; else nothing."""
        return parse(named, any_port=True).host if self._allow_private else ""

    def _walk(self, asked: Url, errand: Errand) -> tuple[tuple[str, ...], FetchedAnswer]:
        """Follow redirects by hand; return the URLs on the way and the end of it."""
        here = Hop(asked)
        passed: list[Hop] = []
        while True:
            if here in passed or len(passed) > MOST_REDIRECTS:
                raise RedirectLoop(
                    f"{asked.href} leads in circles, or through more than"
                    f" {MOST_REDIRECTS} redirects.",
                    hint="Open it in a browser and cite the URL where you end.",
                )
            passed.append(here)
            got = self._step(here, errand)
            if isinstance(got, FetchedAnswer):
                return tuple(hop.url.href for hop in passed[:-1]), got
            here = got

    def _step(self, here: Hop, errand: Errand) -> FetchedAnswer | Hop:
        """Take one step: out of the cache while fresh, else by asking."""
        kept = None if self._refresh else self._kept(here.url, errand, unless=_is_spent)
        if kept and _is_fresh(kept.stored):
            return self._refreshed(here, kept, errand) or kept
        delay = self._allowed(here.url, errand)
        reply = self._asked(here, errand, self._headers(here, errand.accept, kept), delay)
        if reply.status == HTTPStatus.NOT_MODIFIED and not (
            kept is not None and semantics.confirms(kept.stored.headers, reply.headers)
        ):
            whole = self._headers(here, errand.accept, None) | WHOLE
            reply, kept = self._asked(here, errand, whole, delay), None
        if reply.status in REDIRECTS and reply.headers.get("location"):
            location = _readable(reply.headers["location"])
            target = parse(location, base=here.url, any_port_of=errand.private_host)
            return Hop(target, cookies_for(here, target, reply.cookies))
        found = self._settled(here, reply, kept, errand)
        return self._refreshed(here, found, errand) or found

    def _asked(
        self, here: Hop, errand: Errand, headers: dict[str, str], delay: float
    ) -> AskedReply:
        """Ask a hop's URL."""
        private = errand.may_be_private(here.url)
        return self._asker.ask(here.url, headers, errand.deadline, delay=delay, private=private)

    def _allowed(self, url: Url, errand: Errand) -> float:
        """Return the seconds to leave between requests, once a URL may be asked."""
        if errand.robots is None or is_interface(url.href, self.publishers):
            return 0.0
        return errand.robots.delay(url, partial(self._rules, errand=errand))

    def _refreshed(self, here: Hop, found: FetchedAnswer, errand: Errand) -> Hop | None:
        """Return the hop that the page itself asks for, if it is nothing but a redirect."""
        location = refresh_target(found.stored.headers.get("content-type", ""), found.body)
        if not location:
            return None
        target = parse(location, base=here.url, any_port_of=errand.private_host)
        return None if target == here.url else Hop(target, cookies_for(here, target, ()))

    def _settled(
        self, here: Hop, reply: AskedReply, kept: FetchedAnswer | None, errand: Errand
    ) -> FetchedAnswer:
        """Return the page that a reply brought or confirmed, and keep it."""
        url, private = here.url, errand.may_be_private(here.url)
        if reply.status == HTTPStatus.NOT_MODIFIED and kept is not None:
            headers = semantics.confirmed(kept.stored.headers, reply.headers)
            digest = kept.stored.body_sha256
            stored = StoredAnswer(url.href, 200, headers, digest, clock.now(), private=private)
            if self._cache is not None:
                self._cache.keep_page(stored, None, accept=errand.accept)
            return FetchedAnswer(stored, kept.body, from_cache=True)
        if not is_success(reply.status):
            raise status_error(url, reply.status, reply.headers)
        digest = hashlib.sha256(reply.body).hexdigest()
        stored = StoredAnswer(
            url.href, reply.status, reply.headers, digest, clock.now(), private=private
        )
        keepable = semantics.may_keep(reply.headers, with_cookies=bool(here.cookies))
        if self._cache is not None and keepable:
            self._cache.keep_page(stored, reply.body, accept=errand.accept)
        return FetchedAnswer(stored, reply.body)

    def _headers(self, here: Hop, accept: str, kept: FetchedAnswer | None) -> dict[str, str]:
        """Return the headers of a request."""
        headers = {
            "accept": accept or PAGES,
            "accept-encoding": ACCEPTED,
            "accept-language": "en, *;q=0.5",
            "user-agent": USER_AGENT,
        }
        if here.cookies:
            headers["cookie"] = "; ".join(f"{name}={value}" for name, value in here.cookies)
        if self._refresh:
            headers |= WHOLE
        elif kept is not None:
            headers |= semantics.conditions(kept.stored.headers)
        return headers

    def _kept(
        self, url: Url, errand: Errand, *, unless: Callable[[StoredAnswer], bool] = lambda _: False
    ) -> FetchedAnswer | None:
        """Return what the cache holds of a URL, body included, unless its head is refused.

        What was read where only the user may lead is not there for what a page leads to.
        """
        stored = self._cache.page(url.href, accept=errand.accept) if self._cache else None
        if stored is None or self._cache is None or unless(stored):
            return None
        if stored.private and not errand.may_be_private(url):
            return None
        body = self._cache.body(stored.body_sha256)
        return None if body is None else FetchedAnswer(stored, body, from_cache=True)

    def _keep_trail(self, asked: Url, accept: str, trail: Trail) -> None:
        """Remember where a URL led, be it nowhere else any more."""
        if self._cache is None:
            return
        if trail.redirects or self._cache.trail(asked.href, accept=accept) is not None:
            self._cache.keep_trail(asked.href, trail, accept=accept)

    def _kept_at_the_end(
        self, asked: Url, errand: Errand
    ) -> tuple[tuple[str, ...], FetchedAnswer] | None:
        """Return what the cache holds of where a URL led when it was last asked."""
        trail = self._cache.trail(asked.href, accept=errand.accept) if self._cache else None
        if trail is None:
            found = self._kept(asked, errand)
            return None if found is None else ((), found)
        try:
            end = parse(trail.final_url, any_port_of=errand.private_host)
        except FetchError:
            return None
        found = self._kept(end, errand)
        return None if found is None else (trail.redirects, found)

    def _offline_copy(self, url: str, asked: Url, errand: Errand) -> Response:
        """Return the kept page, however old."""
        kept = self._kept_at_the_end(asked, errand)
        if kept is None:
            raise Unreachable(
                f"{asked.href} is not in the cache, and --offline asks nobody.",
                hint=(self._cache.problem if self._cache else "")
                or "Run it once without --offline.",
            )
        return response_of(url, *kept)

    def _stale_copy(
        self, url: str, asked: Url, errand: Errand, error: FetchError
    ) -> Response | None:
        """Return the kept page where it may stand in for an origin that fails."""
        if isinstance(error, HttpStatusError) and not is_server_error(error.status):
            return None
        kept = self._kept_at_the_end(asked, errand)
        if kept is None or self._refresh:
            return None
        stored = kept[1].stored
        usable = semantics.may_serve_stale(
            stored.headers, stored.retrieved_at, clock.now(), self._stale_if_error
        )
        return response_of(url, *kept) if usable else None

    def _rules(self, address: str, errand: Errand | None = None) -> bytes:
        """Return a robots.txt, which may be where the errand that asks for it may go."""
        private_host = errand.private_host if errand is not None else ""
        errand = Errand("text/plain", Deadline(self.timeout, address), None, private_host)
        return self._walk(parse(address, any_port_of=private_host), errand)[1].body


def _readable(location: str) -> str:
    """Return a Location header as text: UTF-8, or escapes for bytes that are none, as browsers."""
    data = location.encode("latin-1")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return "".join(chr(byte) if byte < FIRST_NOT_ASCII else f"%{byte:02X}" for byte in data)


def _is_fresh(stored: StoredAnswer) -> bool:
    """Return whether a kept answer may be used now without asking."""
    return semantics.is_fresh(stored.headers, stored.retrieved_at, clock.now())


def _is_spent(stored: StoredAnswer) -> bool:
    """Return whether a kept answer can neither be used now nor be confirmed by a 304."""
    return not _is_fresh(stored) and not semantics.conditions(stored.headers)
