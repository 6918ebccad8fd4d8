"""URLs as browsers read them (the WHATWG URL standard, by ada), and which may be asked."""

from dataclasses import dataclass
from functools import lru_cache

import ada_url

from footnotary.errors import AddressRefused

_PORTS = {"http": 80, "https": 443}
OPEN_PORTS = frozenset({80, 443, 8080, 8443})
LONGEST = 8000
_SHOWN = 200


@dataclass(frozen=True)
class Url:
    """A URL that may be asked, in its parsed form.

    Attributes:
        href: The URL without fragment, as the standard serialises it.
        scheme: `http` or `https`.
        host: Name (punycode) or address; IPv6 in brackets.
        port: The port that is connected to.
        target: Path and query.
    """

    href: str
    scheme: str
    host: str
    port: int
    target: str

    @property
    def origin(self) -> str:
        """Scheme, host and port, such as `https://example.com`."""
        port = "" if _PORTS[self.scheme] == self.port else f":{self.port}"
        return f"{self.scheme}://{self.host}{port}"


def parse(
    text: str, *, base: Url | None = None, any_port: bool = False, any_port_of: str = ""
) -> Url:
    """Read a URL and refuse what is never asked.

    Args:
        text: A URL; relative ones need a base, as in a Location header.
        base: What it is relative to.
        any_port: Allow other ports than 80, 443, 8080 and 8443.
        any_port_of: Allow them for this host.

    Returns:
        The URL, without its fragment.

    Raises:
        AddressRefused: It is invalid, has another scheme, a user name or password, or
            another port.
    """
    url = _parse(text, base.href if base else "")
    if url.port not in OPEN_PORTS and not any_port and url.host != any_port_of:
        raise AddressRefused(
            f"Port {url.port} of {url.host} is not allowed.",
            hint="Only 80, 443, 8080 and 8443 are; --allow-private lifts this for the host that"
            " you name.",
        )
    return url


@lru_cache(maxsize=256)
def _parse(text: str, base: str) -> Url:
    """Read a URL of any port; one page's is read at several places."""
    shown = text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
    if len(text) > LONGEST:
        raise AddressRefused(
            f"A URL of {len(text)} characters is too long: {shown}",
            hint=f"{LONGEST} is the limit.",
        )
    try:
        url = ada_url.URL(text, base=base) if base else ada_url.URL(text)
    except ValueError:
        raise AddressRefused(f"Invalid URL {shown!r}.", hint=_completed(text)) from None
    scheme = url.protocol.rstrip(":")
    host = url.hostname
    if scheme not in _PORTS or not host:
        raise AddressRefused(
            f"{shown!r} cannot be fetched: only http and https URLs are.",
            hint="Save the page to a file and cite it with --file.",
        )
    if url.username or url.password:
        raise AddressRefused(
            f"A URL with a user name or password is not fetched (host {host}).",
            hint="Citations are shared: leave the credentials out, or cite a saved copy"
            " with --file.",
        )
    port = int(url.port) if url.port else _PORTS[scheme]
    url.hash = ""
    href = url.href
    target = href.partition("://")[2].partition("/")[2]  # an empty query keeps its mark
    return Url(href, scheme, host, port, f"/{target}")


def normalize_url(text: str) -> str:
    """Return a URL as it is in records: as the standard writes it, with its fragment.

    A text directive (`#:~:text=…`), which links from search engines have, is no part of it:
    the record has its own words to lead to.
    """
    if not text.strip().lower().startswith(("http:", "https:")):
        return text
    try:
        url = ada_url.URL(text)
    except ValueError:
        return text
    fragment, _, _ = url.hash.partition(":~:")
    url.hash = "" if fragment == "#" else fragment
    href: str = url.href
    return href


def _completed(text: str) -> str:
    """Return a hint: the URL with a scheme where only that is missing."""
    bare = text.strip()
    host = bare.partition("/")[0]
    if "." in host and " " not in host and "://" not in bare:
        return f"Did you mean https://{bare} ?"
    return "Write it as https://example.com/page."
