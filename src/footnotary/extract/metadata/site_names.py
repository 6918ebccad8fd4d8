"""The names that a site goes by on its own pages: they are no part of a page's title."""

import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborNode

from footnotary.extract.metadata.signals import (
    Signals,
    element_words,
    is_aside,
    naming,
    person_names,
    tidy,
    types_of,
)

SEPARATOR = re.compile(
    r"\s+[|\u2013\u2014\u00b7\u2022\u00bb\u00ab\u203a\u2039\u2192*~-]+\s+|\s*(?:\||::|\u2503|\uff5c)\s*"
)
SHORT_NAME = 3
"""A host's label with more characters than that may name the site."""

_HOME = "h1, h2, a[rel~=home], [class*=site-title], [class*=site-name], [id*=site-title]"
_SITE_NAME = re.compile(r"\b(?:web)?site[-_]?(?:title|name|logo|branding|header)")
_INDEX = re.compile(r"(?:index|default|home)\.[a-z]{3,5}$")
_LONGEST_NAME = 80
_MOST_HEADINGS = 30
_MARKS = " \u00b6\u00a7#"


def site_keys_of(signals: Signals, site: str) -> set[str]:
    """Return the names that the site goes by, as they are compared."""
    host = (urlsplit(signals.url).hostname or "").removeprefix("www.")
    labels = host.split(".")
    keys = {comparison_key(site), comparison_key(host)}
    if len(labels) > 1:
        keys |= {comparison_key(label) for label in labels[:-1] if len(label) > SHORT_NAME}
    keys.update(map(comparison_key, names_on_page(signals)))
    keys.update(_tails(signals))
    return {key for key in keys if key}


def names_on_page(signals: Signals) -> Iterator[str]:
    """Yield the words that lead to the front page, or stand where the site's name does."""
    for node in signals.tree.css(_HOME)[:_MOST_HEADINGS]:
        if node.tag == "h2" and is_aside(node):
            continue  # the part of the site that a side bar lists
        name = element_words(node)
        named = node.tag != "a" and _SITE_NAME.search(naming(node)) is not None
        if (
            comparison_key(name)
            and len(name) <= _LONGEST_NAME
            and (named or leads_home(node, signals.url))
        ):
            yield name


def _tails(signals: Signals) -> Iterator[str]:
    """Yield the last part of the title where it and what is before it both head something.

    `Readline | Node.js Documentation` over a heading for each: the latter is on every page.
    """
    parts = SEPARATOR.split(signals.title)
    if len(parts) < 2:  # noqa: PLR2004  one part is the whole
        return
    headings = {
        comparison_key(element_words(node).rstrip(_MARKS))
        for node in signals.tree.css("h1, h2")[:_MOST_HEADINGS]
    }
    if comparison_key(parts[-1]) in headings and comparison_key("".join(parts[:-1])) in headings:
        yield comparison_key(parts[-1])


def comparison_key(text: str) -> str:
    """Return what is compared of a title or a name: letters and digits, without case."""
    return _NO_LETTER.sub("", text.casefold())


_NO_LETTER = re.compile(r"[\W_]+")


def leads_home(node: LexborNode, url: str) -> bool:
    """Return whether a heading is the site's name: a link to its front page or an index above."""
    link = node.css_first("a[href]")
    if link is not None and element_words(link) != element_words(node):
        return False
    target = (link.attributes.get("href") or "") if link is not None else ""
    if link is None and node.parent is not None and node.parent.tag == "a":
        target = node.parent.attributes.get("href") or ""
    try:
        there, here = urlsplit(urljoin(url, target)), urlsplit(url)
    except ValueError:
        return False
    if not target or there.query or there.fragment or here.path in ("", "/", there.path):
        return False
    above = _INDEX.sub("", there.path)
    if above in ("", "/"):
        return True
    named = above != there.path or target.startswith("../")
    return named and above.endswith("/") and here.path.startswith(above)


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
            for name in person_names(value.get("name")):
                yield tidy(name), "JSON-LD WebSite"
    for value in signals.objects:
        for name in person_names(value.get("publisher"), signals.objects):
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
        for name in person_names(stated) or [_address_of(stated)]:
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
