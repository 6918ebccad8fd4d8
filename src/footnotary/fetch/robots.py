"""robots.txt by RFC 9309, read by Protego."""

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from footnotary.errors import (
    AddressRefused,
    HttpStatusError,
    RedirectLoop,
    ResponseRefused,
    RobotsRefused,
    Unreachable,
)
from footnotary.fetch.semantics import is_server_error
from footnotary.fetch.urls import Url

if TYPE_CHECKING:
    from protego import Protego

TOKEN = "footnotary"  # noqa: S105  RFC 9309's word for a crawler's name
MOST_BYTES = 500 * 1024  # what RFC 9309 §2.5 asks to be read
LONGEST_DELAY = 30.0
# RFC 9309 §2.2.1: letters, "_" and "-" are the name; some files have a version behind it.
VERSION = re.compile(rb"(?im)^([ \t]*user-agent[ \t]*:[ \t]*[a-z_-]+)/[^\r\n#]*")
HINT = "Read it yourself, save it and cite it with --file; or say --ignore-robots for this page."


@dataclass
class _Site:
    """The rules of one origin.

    Attributes:
        lock: Held while they are fetched, so that they are fetched once.
        rules: The parsed file; None before it was read, or where there is none.
        delays: The same with what the RFC does not know, such as `Crawl-delay`.
        known: Whether it has been asked for.
        unread: Why it could not be read, where that forbids all; else empty.
        unreachable: The failure of the site itself, which is not waited for twice in a run.
    """

    lock: threading.Lock = field(default_factory=threading.Lock)
    rules: "Protego | None" = None
    delays: "Protego | None" = None
    known: bool = False
    unread: str = ""
    unreachable: Unreachable | None = None


class Robots:
    """The rules of all origins that one fetcher meets."""

    def __init__(self, read: Callable[[str], bytes]) -> None:
        """Remember how a robots.txt is fetched."""
        self._read = read
        self._sites: dict[str, _Site] = {}
        self._lock = threading.Lock()

    def delay(self, url: Url, read: Callable[[str], bytes] | None = None) -> float:
        """Return the seconds to leave between requests, once the URL is allowed.

        Args:
            url: What is to be asked.
            read: What fetches the site's robots.txt, where it may be asked as others may not.

        Raises:
            RobotsRefused: The site disallows this URL, or its robots.txt
                is there and cannot be read, which RFC 9309 §2.3.1.4 reads as a refusal.
            FetchError: The site cannot be reached at all.
        """
        site = self._site(url, read or self._read)
        if site.unreachable is not None:
            raise Unreachable(site.unreachable.message, hint=site.unreachable.hint)
        if site.unread:
            raise RobotsRefused(
                f"The robots.txt of {url.host} cannot be read ({site.unread}), so its"
                " pages are not fetched.",
                hint="Try again later. " + HINT,
            )
        if site.rules is None:
            return 0.0
        if not site.rules.can_fetch(url.href, TOKEN):
            raise RobotsRefused(
                f"The robots.txt of {url.host} disallows {url.target[:120]}.",
                hint=HINT,
            )
        delays = site.delays or site.rules
        return min(float(delays.crawl_delay(TOKEN) or 0.0), LONGEST_DELAY)

    def _site(self, url: Url, read: Callable[[str], bytes]) -> _Site:
        """Return an origin's rules, fetched once."""
        site = self._sites.get(url.origin)
        if site is None:
            with self._lock:
                site = self._sites.setdefault(url.origin, _Site())
        if not site.known:
            with site.lock:
                if not site.known:
                    self._learn(site, url.origin + "/robots.txt", read)
                    site.known = True
        return site

    @staticmethod
    def _learn(site: _Site, address: str, read: Callable[[str], bytes]) -> None:
        """Fetch and parse a robots.txt (RFC 9309 §2.3.1)."""
        from protego import Protego

        try:
            body = read(address)
        except HttpStatusError as error:
            if is_server_error(error.status):
                site.unread = f"HTTP {error.status}"
        except RedirectLoop:
            pass  # counts as missing (§2.3.1.2)
        except ResponseRefused as error:
            site.unread = error.message.rstrip(".")
        except AddressRefused as error:
            if error.message.startswith(f"{urlsplit(address).hostname} leads to"):
                raise  # of the site itself
            site.unread = f"it redirects: {error.message.rstrip('.')}"
        except Unreachable as error:
            site.unreachable = error
        else:
            text = _text(body)
            site.rules = Protego.parse(without_other_records(text))
            site.delays = Protego.parse(text)


def without_other_records(text: str) -> str:
    """Return a robots.txt without records that RFC 9309 does not know.

    They must not interfere with the groups (section 2.2.4); Protego ends a group of names at one.
    """
    return "\n".join(line for line in text.splitlines() if _is_record(line))


def _is_record(line: str) -> bool:
    """Return whether a line names a program or a rule, in one of their known spellings."""
    name = line.partition("#")[0].partition(":")[0].strip().lower()
    return name.startswith(_RECORDS)


# As Protego and the large crawlers read them.
_RECORDS = ("user-agent", "useragent", "user agent", "allow", "disall", "dissal", "disal", "diasl")


def _text(body: bytes) -> str:
    """Return the lines of a robots.txt that are read; half a rule is none."""
    if len(body) > MOST_BYTES:
        body = body[: body.rfind(b"\n", 0, MOST_BYTES) + 1]
    return VERSION.sub(rb"\1", body).decode("utf-8-sig", errors="replace")
