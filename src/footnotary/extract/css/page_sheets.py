"""The style sheets of a page: in `<style>`, and those it links, by address."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import tinycss2
from selectolax.lexbor import LexborHTMLParser, LexborNode

from footnotary.extract.css.conditions import matches_media
from footnotary.extract.css.sheets import MOST_CHARACTERS, read_sheet
from footnotary.extract.css.values import joined_address

MOST_SHEETS = 24
"""Most linked sheets of a page, imported ones included, that are read."""

_SHEETS = 'style, link[rel~="stylesheet" i], link[rel~="preload" i][as="style" i][onload]'
_MOST_IMPORTS = 8


@dataclass(frozen=True)
class PageSheets:
    """What a page has of style.

    Attributes:
        sources: The sheets that could be had, each with the address its own are relative to.
        missing: Addresses of those that could not.
    """

    sources: tuple[tuple[str, str], ...] = ()
    missing: tuple[str, ...] = ()


def page_sheets(tree: LexborHTMLParser, url: str, linked: Mapping[str, str]) -> PageSheets:
    """Return the style sheets of a page that apply on a desktop's screen."""
    nodes = tree.css(_SHEETS)
    if not nodes:
        return PageSheets()
    base = _base_of(tree, url)
    sources: list[tuple[str, str]] = []
    missing: list[str] = []
    for node in nodes:
        if not _applies(node):
            continue
        if node.tag == "style":
            sources.append((node.text(), base))
            if len(sources[-1][0]) > MOST_CHARACTERS:
                missing.append(base)
            continue
        address = joined_address(base, node.attributes.get("href") or "")
        text = linked.get(address)
        if text is not None:
            sources.append((text, address))
        elif address:
            missing.append(address)
    for source, address in sources:
        missing += _unread_imports(source, address, linked, _MOST_IMPORTS)
    return PageSheets(tuple(sources), tuple(dict.fromkeys(missing)))


def linked_sheets(tree: LexborHTMLParser, url: str, linked: Mapping[str, str]) -> tuple[str, ...]:
    """Return the addresses of the sheets that a page needs and that are not had."""
    return tuple(one for one in page_sheets(tree, url, linked).missing if one != url)


def _unread_imports(source: str, base: str, linked: Mapping[str, str], depth: int) -> Iterator[str]:
    """Yield the addresses that a sheet imports and that are not had."""
    if "@import" not in source.lower() or depth == 0:
        return
    for one in read_sheet(source).imports:
        address = joined_address(base, one.url)
        text = linked.get(address)
        if text is None:
            yield address
        else:
            yield from _unread_imports(text, address, linked, depth - 1)


def _base_of(tree: LexborHTMLParser, url: str) -> str:
    """Return the address that a page's own addresses are relative to."""
    node = tree.css_first("base[href]")
    href = (node.attributes.get("href") or "") if node is not None else ""
    return joined_address(url, href) if href else url


def _applies(node: LexborNode) -> bool:
    """Return whether a sheet applies on a desktop's screen once scripts have run."""
    attributes = node.attributes
    parent = node.parent
    if (parent is not None and parent.tag == "noscript") or "disabled" in attributes:
        return False
    kind = (attributes.get("type") or "").partition(";")[0].strip().lower()
    if kind not in ("", "text/css"):
        return False
    if "alternate" in (attributes.get("rel") or "").lower().split():
        return False
    if "media" in (attributes.get("onload") or ""):
        return True  # a trick to load it late
    media = attributes.get("media")
    return not media or matches_media(tinycss2.parse_component_value_list(media))
