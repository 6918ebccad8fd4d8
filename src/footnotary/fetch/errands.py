"""What one fetch is for, where it is on its way, and what it found at the end."""

from dataclasses import dataclass

from footnotary.cache import StoredAnswer
from footnotary.deadline import Deadline
from footnotary.fetch.asker import Cookies
from footnotary.fetch.robots import Robots
from footnotary.fetch.urls import Url
from footnotary.models import Response


@dataclass(frozen=True)
class Hop:
    """A URL on the way, with the cookies that were set before it."""

    url: Url
    cookies: Cookies = ()


@dataclass(frozen=True)
class Errand:
    """What one fetch is for, the same at each of its hops.

    Attributes:
        accept: The media types wanted.
        deadline: When to give up.
        robots: Whose rules are asked for; None for nobody's.
        private_host: The host that the user named, if it may be private: no other one may.
    """

    accept: str
    deadline: Deadline
    robots: Robots | None
    private_host: str

    def may_be_private(self, url: Url) -> bool:
        """Return whether a URL's address may be private, and its port any."""
        return url.host == self.private_host


@dataclass(frozen=True)
class FetchedAnswer:
    """The end of the way: an answer and its body."""

    stored: StoredAnswer
    body: bytes
    from_cache: bool = False


def cookies_for(here: Hop, target: Url, cookies: Cookies) -> Cookies:
    """Return the cookies that go on to a redirect's target: those of the same host only.

    Args:
        here: The hop that leads there.
        target: Where it leads.
        cookies: What its answer set.
    """
    if here.url.host != target.host:
        return ()
    return tuple(sorted((dict(here.cookies) | dict(cookies)).items()))


def response_of(url: str, hops: tuple[str, ...], found: FetchedAnswer) -> Response:
    """Return what callers see.

    Args:
        url: What was asked for.
        hops: The URLs on the way.
        found: The end of it.
    """
    return Response(
        url=url,
        final_url=found.stored.url,
        status=found.stored.status,
        headers=found.stored.headers,
        body=found.body,
        retrieved_at=found.stored.retrieved_at,
        redirects=hops,
        from_cache=found.from_cache,
    )
