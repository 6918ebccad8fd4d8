"""The names that a site goes by on its own pages: they are no part of a page's title."""

import re
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborNode

from footnotary.extract.metadata.signals import Signals, is_aside, naming, words_of

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
    """Return the names that the site goes by, as they are compared.

    Args:
        signals: What the page says of itself.
        site: The site's name, or empty.
    """
    host = (urlsplit(signals.url).hostname or "").removeprefix("www.")
    labels = host.split(".")
    keys = {key_of(site), key_of(host)}
    if len(labels) > 1:
        keys |= {key_of(label) for label in labels[:-1] if len(label) > SHORT_NAME}
    keys.update(map(key_of, names_on_page(signals)))
    keys.update(_tails(signals))
    return {key for key in keys if key}


def names_on_page(signals: Signals) -> Iterator[str]:
    """Yield the words that lead to the front page, or stand where the site's name does.

    Args:
        signals: What the page says of itself.
    """
    for node in signals.tree.css(_HOME)[:_MOST_HEADINGS]:
        if node.tag == "h2" and is_aside(node):
            continue  # the part of the site that a side bar lists
        name = words_of(node)
        named = node.tag != "a" and _SITE_NAME.search(naming(node)) is not None
        if key_of(name) and len(name) <= _LONGEST_NAME and (named or leads_home(node, signals.url)):
            yield name


def _tails(signals: Signals) -> Iterator[str]:
    """Yield the last part of the title where it and what stands before it both head something.

    `Readline | Node.js Documentation` over a heading for each: the latter is on every page.
    """
    parts = SEPARATOR.split(signals.title)
    if len(parts) < 2:  # noqa: PLR2004  one part is the whole
        return
    headings = {
        key_of(words_of(node).rstrip(_MARKS))
        for node in signals.tree.css("h1, h2")[:_MOST_HEADINGS]
    }
    if key_of(parts[-1]) in headings and key_of("".join(parts[:-1])) in headings:
        yield key_of(parts[-1])


def key_of(text: str) -> str:
    """Return what is compared of a title or a name: letters and digits, without case.

    Args:
        text: The title or name.
    """
    return _NO_LETTER.sub("", text.casefold())


_NO_LETTER = re.compile(r"[\W_]+")


def leads_home(node: LexborNode, url: str) -> bool:
    """Return whether a heading is the site's name: a link to its front page or an index above.

    Args:
        node: The heading.
        url: The page's address.
    """
    link = node.css_first("a[href]")
    if link is not None and words_of(link) != words_of(node):
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
