"""The style sheets of a page: in `<style>`, and those it links, by address."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import inf
from typing import NamedTuple

import tinycss2
from selectolax.lexbor import LexborHTMLParser, LexborNode

from footnotary.extract.css.applying import RegisteredProperty
from footnotary.extract.css.conditions import matches_media
from footnotary.extract.css.scanning import Block
from footnotary.extract.css.sheets import MOST_CHARACTERS, Layer, StyleRule, UnreadRule, read_sheet
from footnotary.extract.css.values import joined_address
from footnotary.extract.parsing import HOST, IN_SHADOW, PAGE, SLOTTED

MOST_SHEETS = 24
"""Most linked sheets of a page, imported ones included, that are read."""

_SHEETS = 'style, link[rel~="stylesheet" i], link[rel~="preload" i][as="style" i][onload]'
LINKING = ("<style", "<link")
"""One of them begins each element that is a sheet or links one, in the markup of a page."""

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


class OrderedRules:
    """The rules of a page's sheets in the order of the cascade (CSS Cascade 5, section 6.4).

    Args:
        sources: The sheets, in order.
        linked: Sheets that these import, by address.
        words: The classes and ids of the page, in lower case, and maybe others.

    Attributes:
        rules: Each rule with the place of its layer, and the shadow tree that it is about.
        keyframes: Names of animations.
        ends: The last frame of each.
        properties: Custom properties with what `@property` says of them.
        counters: Styles of counters that draw words, with these.
    """

    def __init__(
        self, sources: Sequence[StyleSource], linked: Mapping[str, str], words: frozenset[str]
    ) -> None:
        self.keyframes: set[str] = set()
        self.ends: dict[str, Block] = {}
        self.properties: dict[str, RegisteredProperty] = {}
        self.counters: dict[str, str] = {}
        self._words = words
        self._layers: dict[Layer, dict[str, int]] = {}
        placed = [
            (*some, one.tree)
            for number, one in enumerate(sources)
            for some in self._in_order(one.text, one.base, linked, (), f"{number}", _MOST_IMPORTS)
        ]
        self.rules = [(rule, self._rank_of(layer), tree) for rule, layer, tree in placed]

    def _in_order(  # noqa: PLR0913, PLR0917
        self, source: str, base: str, linked: Mapping[str, str], layer: Layer, name: str, depth: int
    ) -> Iterator[tuple[StyleRule, Layer | None]]:
        """Yield the rules of a sheet behind those it imports, with the layers they are in."""
        sheet = read_sheet(source)
        self.keyframes |= sheet.keyframes
        self.ends.update(sheet.ends)
        self.properties.update(sheet.properties)
        self.counters.update(sheet.counters)
        for one in sheet.layers:
            self._name_layer((*layer, *_named(one, name)))
        for number, imported in enumerate(sheet.imports if depth else ()):
            address = joined_address(base, imported.url)
            text = linked.get(address)
            if text is not None:
                inner = (*layer, *_named(imported.layer or (), name))
                yield from self._in_order(
                    text, address, linked, inner, f"{name}.{number}", depth - 1
                )
        for noted in sheet.rules:
            for rule in noted.read(self._words) if isinstance(noted, UnreadRule) else (noted,):
                yield rule, (*layer, *_named(rule.layer or (), name)) or None

    def _name_layer(self, layer: Layer) -> None:
        """Give a layer its place among those beside it."""
        for size in range(len(layer)):
            beside = self._layers.setdefault(layer[:size], {})
            beside.setdefault(layer[size], len(beside))

    def _rank_of(self, layer: Layer | None) -> tuple[float, ...]:
        """Return a layer's place; rules in no layer are behind all layers."""
        if layer:
            self._name_layer(layer)
        places = [
            float(self._layers[(layer or ())[:size]][name]) for size, name in enumerate(layer or ())
        ]
        return (*places, inf)


def _named(layer: Layer, sheet: str) -> Layer:
    """Return a layer whose parts without a name have one of their own."""
    return tuple(f"{sheet}:{part}" if part.endswith(" ") else part for part in layer)
