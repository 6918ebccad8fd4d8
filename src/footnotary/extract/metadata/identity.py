"""Site, address, language and licence of a page."""

import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from footnotary.extract.metadata.json_ld import names_in, types_of
from footnotary.extract.metadata.signals import Signals, tidy
from footnotary.extract.metadata.site_names import names_on_page

_LANGUAGE = re.compile(r"^[a-z]{2,3}(?:[-_][a-z0-9]{2,8})*$", re.IGNORECASE)
_LONGEST_SITE = 80


def canonical_of(signals: Signals) -> tuple[str, str]:
    """Return the address that the page calls its own, and where it says so."""
    named = [(link, "link rel=canonical") for link in signals.links.get("canonical", ())]
    named += [(content, "og:url") for content, _ in signals.meta("og:url")]
    for address, origin in named:
        try:
            absolute = urljoin(signals.base, address)
            parts = urlsplit(absolute)
        except ValueError:
            continue
        if parts.scheme in ("http", "https") and parts.hostname:
            return absolute, origin
    return "", ""


def site_of(signals: Signals) -> tuple[str, str]:
    """Return the site's name, and where it says so; empty rather than guessed."""
    for name, origin in _site_names(signals):
        if 0 < len(name) <= _LONGEST_SITE and "://" not in name:
            return name, origin
    return "", ""


def _site_names(signals: Signals) -> Iterator[tuple[str, str]]:
    """Yield what may be the site's name, the surest first."""
    yield from signals.meta("og:site_name", "citation_journal_title")
    for value in signals.objects:
        if "website" in types_of(value):
            for name in names_in(value.get("name")):
                yield tidy(name), "JSON-LD WebSite"
    for value in signals.objects:
        for name in names_in(value.get("publisher"), signals.objects):
            yield tidy(name), "JSON-LD publisher"
    yield from signals.meta("application-name", "apple-mobile-web-app-title")
    for name in names_on_page(signals):
        yield name, "link to the front page"


def language_of(signals: Signals) -> tuple[str, str]:
    """Return the page's language as a BCP 47 tag, and where it says so."""
    named = [(signals.html.get("lang") or signals.html.get("xml:lang") or "", "html lang")]
    named += signals.meta("content-language", "dc.language", "dcterms.language", "language")
    named += signals.meta("og:locale")
    for value, origin in named:
        tag = value.strip().replace("_", "-")
        if _LANGUAGE.match(tag):
            return tag, origin
    return "", ""


def license_of(signals: Signals) -> tuple[str, str]:
    """Return the licence that the page states, and where it says so."""
    for link in signals.links.get("license", ()):
        return urljoin(signals.base, link), "link rel=license"
    for value in signals.objects:
        stated = value.get("license")
        for name in names_in(stated) or [_address_of(stated)]:
            if name:
                return tidy(name), "JSON-LD license"
    for content, name in signals.meta("dc.rights", "dcterms.license", "dcterms.rights"):
        return content, name
    node = signals.tree.css_first('a[rel~="license"][href]')
    if node is not None:
        return urljoin(signals.base, node.attributes.get("href") or ""), "a rel=license"
    return "", ""


def _address_of(value: object) -> str:
    """Return the address of a JSON-LD value, or nothing."""
    if not isinstance(value, dict):
        return ""
    address = value.get("url") or value.get("@id")
    return address if isinstance(address, str) else ""
