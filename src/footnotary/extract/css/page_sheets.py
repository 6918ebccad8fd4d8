"""The style sheets of a page: in `<style>`, and those it links, by address."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

import tinycss2
from selectolax.lexbor import LexborHTMLParser, LexborNode

from footnotary.extract.css.conditions import matches_media
from footnotary.extract.css.sheets import MOST_CHARACTERS, read_sheet
from footnotary.extract.css.values import joined_address
from footnotary.extract.parsing import HOST, IN_SHADOW, PAGE, SLOTTED

MOST_SHEETS = 24
"""Most linked sheets of a page, imported ones included, that are read."""

_SHEETS = 'style, link[rel~="stylesheet" i], link[rel~="preload" i][as="style" i][onload]'
_MOST_IMPORTS = 8
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_RULE = re.compile(r"(?<=[{};])([^{};]*)(\{[^{}]*\})")
_PART = re.compile(r"::part\(\s*([-\w]+)\s*\)", re.IGNORECASE)
_OUTWARD = re.compile(r":host|::slotted", re.IGNORECASE)
_TRANSLATED = (
    (re.compile(r":host-context\(", re.IGNORECASE), ":scope:is(*,"),
    (re.compile(r":host\(", re.IGNORECASE), ":scope:is("),
    (re.compile(r":host\b(?!-)", re.IGNORECASE), ":scope"),
    (re.compile(r"[^\s,{}()]{0,64}::slotted\(", re.IGNORECASE), f":is([{SLOTTED}]):is("),
)


class StyleSource(NamedTuple):
    """One style sheet.

    Attributes:
        text: Its rules.
        base: The address that its own are relative to.
        tree: The tree that it is about: `PAGE`, the number of a host, or nothing for any.
    """

    text: str
    base: str = ""
    tree: str = ""


@dataclass(frozen=True)
class PageSheets:
    """What a page has of style.

    Attributes:
        sources: The sheets that could be had.
        missing: Addresses of those that could not.
    """

    sources: tuple[StyleSource, ...] = ()
    missing: tuple[str, ...] = ()


def page_sheets(tree: LexborHTMLParser, url: str, linked: Mapping[str, str]) -> PageSheets:
    """Return the style sheets of a page that apply on a desktop's screen."""
    nodes = tree.css(_SHEETS)
    if not nodes:
        return PageSheets()
    base = _base_of(tree, url)
    sources: list[StyleSource] = []
    inner: list[StyleSource] = []
    missing: list[str] = []
    for node in filter(_applies, nodes):
        host, is_linked = node.attributes.get(IN_SHADOW), node.tag != "style"
        address = joined_address(base, node.attributes.get("href") or "") if is_linked else base
        text = linked.get(address, None if address else "") if is_linked else node.text()
        if text is None or len(text) > MOST_CHARACTERS or (host and _closes_more(text)):
            missing.append(address)
            continue
        missing += _unread_imports(text, address, linked, _MOST_IMPORTS)
        if host is None:
            sources.append(StyleSource(text, address, PAGE))
            if "::part(" in text:
                sources.append(StyleSource(_parts_sheet(text), address))
            continue
        sources.insert(0, StyleSource(_outward_sheet(text, host), address))
        inner.append(StyleSource(text, address, host))
    return PageSheets((*sources, *inner), tuple(dict.fromkeys(missing)))


def _outward_sheet(text: str, host: str) -> str:
    """Return the rules of a shadow tree's sheet about its host and what it slots.

    Those of the page win, but for important ones (CSS Cascade 5, "Context").
    """
    outward = _rules_about(_OUTWARD, text)
    for pattern, words in _TRANSLATED:
        outward = pattern.sub(words, outward)
    return f'@layer{{@scope ([{HOST}="{host}"]){{{outward}}}}}' if outward else ""


def _parts_sheet(text: str) -> str:
    """Return the rules of a sheet about parts of shadow trees (CSS Shadow Parts 1)."""
    return _PART.sub(r' [part~="\1"]', _rules_about(_PART, text))


def _rules_about(pattern: re.Pattern[str], text: str) -> str:
    """Return the rules of a sheet in whose selectors a pattern is found."""
    rules = _RULE.findall(f";{_COMMENT.sub(' ', text)}")
    return "".join(selector + block for selector, block in rules if pattern.search(selector))


def _closes_more(text: str) -> bool:
    """Return whether a sheet closes blocks that it has not opened."""
    braces = (1 if one == "{" else -1 for one in text if one in "{}")
    return min(accumulate(braces), default=0) < 0


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
