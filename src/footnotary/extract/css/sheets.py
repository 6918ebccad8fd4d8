"""Style sheets as rules that may apply on a desktop's screen, with what hides among them.

What depends on a reader (`:hover`), on paper or on another size of window is left out here, so
that a sheet is read once for all the pages that use it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import count

import tinycss2

from footnotary.deadline import check_deadline
from footnotary.extract.css.applying import (
    Condition,
    Container,
    FirstLine,
    RegisteredProperty,
    Scope,
)
from footnotary.extract.css.conditions import choice_holds, matches_media, supports_holds
from footnotary.extract.css.matching import DRAWING, Selectors
from footnotary.extract.css.scanning import (
    Block,
    Declaration,
    RawRule,
    drawn_counter,
    last_frames,
    read_block,
    rules_in,
    scan_rules,
    select_declarations,
    trim_tokens,
    words_needed,
)
from footnotary.extract.css.selectors import parse_selectors
from footnotary.extract.css.validity import CONCERNED
from footnotary.extract.css.values import (
    Token,
    Tokens,
    keyword_in,
    significant,
    split_by,
)

MOST_CHARACTERS = 1_000_000
"""Longest sheet that is read."""

_OF_A_LINE = ("color", "font-size", "font", "background", "background-color")
_MOST_NESTED = 12
_SHEETS_KEPT = 128
Layer = tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class StyleRule:
    """A style rule.

    Attributes:
        selectors: Those of its selectors that are about elements.
        block: Its declarations of what is concerned, and its custom properties.
        layer: The cascade layer it is in; None for none.
        unsure: Whether it is under a condition that is not judged here.
        conditions: What has to be true of an element besides.
    """

    selectors: Selectors
    block: Block
    layer: Layer | None
    unsure: bool = False
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class StyleImport:
    """An `@import` that applies.

    Attributes:
        url: What it imports, as it is written.
        layer: The layer its rules go to; None for none.
    """

    url: str
    layer: Layer | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """A style sheet.

    Attributes:
        rules: Its rules, in order.
        imports: What it imports before them.
        layers: Its layers in the order in which they are named first.
        keyframes: Names of animations.
        ends: The last frame of each.
        properties: Custom properties with what `@property` says of them.
        counters: Styles of counters that draw words, with these.
    """

    rules: "tuple[StyleRule | UnreadRule, ...]" = ()
    imports: tuple[StyleImport, ...] = ()
    layers: tuple[Layer, ...] = ()
    keyframes: frozenset[str] = frozenset()
    ends: tuple[tuple[str, Block], ...] = ()
    properties: tuple[tuple[str, RegisteredProperty], ...] = ()
    counters: tuple[tuple[str, str], ...] = ()


class UnreadRule:
    """A style rule that is read once a page has what it is about.

    Args:
        rule: The rule, in which no other at-rule is.
        place: Where in the sheet it is.
    """

    __slots__ = ("_place", "_read", "_rule", "_words")

    def __init__(self, rule: RawRule, place: "_Place") -> None:
        self._rule = rule
        self._place = place
        self._words: tuple[tuple[str, ...], ...] | None = None
        self._read: tuple[StyleRule, ...] | None = None

    def read(self, words: frozenset[str]) -> tuple[StyleRule, ...]:
        """Return the rules that it amounts to on a page; none where nothing can match it.

        Args:
            words: The classes and ids of the page, in lower case, and maybe others.
        """
        if self._words is None:
            self._words = words_needed(self._rule.source)
        if not any(all(map(words.__contains__, group)) for group in self._words):
            return ()
        if self._read is None:
            reading = _Reading()
            _read(self._rule, reading, self._place)
            self._read = tuple(rule for rule in reading.rules if isinstance(rule, StyleRule))
        return self._read


@dataclass
class _Reading:
    """What has been read of a sheet."""

    rules: list[StyleRule | UnreadRule] = field(default_factory=list)
    imports: list[StyleImport] = field(default_factory=list)
    layers: dict[Layer, None] = field(default_factory=dict)
    keyframes: set[str] = field(default_factory=set)
    ends: list[tuple[str, Block]] = field(default_factory=list)
    properties: list[tuple[str, RegisteredProperty]] = field(default_factory=list)
    counters: dict[str, str] = field(default_factory=dict)
    unnamed: Iterator[int] = field(default_factory=count)


@dataclass(frozen=True)
class _Place:
    """Where in a sheet something is."""

    layer: Layer | None = None
    parents: Selectors | None = None
    unsure: bool = False
    depth: int = _MOST_NESTED
    conditions: tuple[Condition, ...] = ()
    scope: Selectors | None = None


@lru_cache(maxsize=_SHEETS_KEPT)
def read_sheet(source: str) -> Sheet:
    """Read a style sheet."""
    if len(source) > MOST_CHARACTERS:
        return Sheet()
    reading = _Reading()
    begun = False
    for rule in scan_rules(source, outermost=True):
        check_deadline()
        if rule.type == "at-rule" and rule.lower_at_keyword == "import":
            if not begun:
                _import(rule, reading)
            continue
        named = rule.type == "at-rule" and rule.lower_at_keyword in ("charset", "layer")
        begun = begun or not (named and rule.content is None)
        _note(rule, reading, _Place())
    return Sheet(
        tuple(reading.rules),
        tuple(reading.imports),
        tuple(reading.layers),
        frozenset(reading.keyframes),
        tuple(reading.ends),
        tuple(reading.properties),
        tuple(reading.counters.items()),
    )


def _note(rule: Token, reading: _Reading, place: _Place) -> None:
    """Note a style rule for later, or read a rule of another kind."""
    later = isinstance(rule, RawRule) and not rule.lower_at_keyword and "@" not in (rule.body or "")
    if later and place.parents is None:
        reading.rules.append(UnreadRule(rule, place))
    else:
        _read(rule, reading, place)


def _read(rule: Token, reading: _Reading, place: _Place) -> None:
    """Read one rule of any kind."""
    if place.depth == 0:
        return
    if rule.type == "qualified-rule":
        content = _content_of(rule)
        if not content or not (isinstance(content, dict) or _concerns(content)):
            return
        selectors = parse_selectors(rule.prelude, place.parents, scope=place.scope)
        if selectors is not None:
            _read_inside(content, selectors, reading, place)
    elif rule.type == "at-rule":
        _read_at_rule(rule, reading, place)


def _content_of(rule: Token) -> Tokens | Block:
    """Return what is in a style rule: its declarations, or tokens where rules may be among them."""
    if isinstance(rule, RawRule) and not ("{" in (rule.body or "") or "@" in (rule.body or "")):
        return read_block(rule.body or "")
    content: Tokens = rule.content
    return content


def _read_inside(
    content: Tokens | Block, selectors: Selectors, reading: _Reading, place: _Place
) -> None:
    """Read what is in the block of a style rule: declarations, and rules nested in it."""
    nested: list[Token] = []
    if isinstance(content, dict):
        block = content
    elif _concerns(content):
        found = tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True)
        block = select_declarations([one for one in found if one.type == "declaration"])
        nested = [one for one in found if one.type in ("qualified-rule", "at-rule")]
    else:
        return
    about = tuple(one for one in selectors if not one.pseudo)
    for some in (about, tuple(one for one in selectors if one.pseudo in DRAWING)):
        if block and some:
            rule = StyleRule(some, block, place.layer, place.unsure, place.conditions)
            reading.rules.append(rule)
    first = tuple(one for one in selectors if one.pseudo == "first-line")
    lettered = {name: one for name, one in block.items() if name in _OF_A_LINE}
    if first and lettered:
        reading.rules.append(
            StyleRule(first, lettered, place.layer, conditions=(*place.conditions, FirstLine()))
        )
    inner = replace(place, parents=about, depth=place.depth - 1)
    for one in nested if about else ():
        _read(one, reading, inner)


def _concerns(content: Tokens) -> bool:
    """Return whether a block may have a declaration that is concerned, or a rule."""
    for token in content:
        if token.type == "ident":
            if token.lower_value in CONCERNED or token.value.startswith("--"):
                return True
        elif token.type == "{} block":
            return True
    return False


def _read_at_rule(rule: Token, reading: _Reading, place: _Place) -> None:
    """Read what is in an at-rule, if it may apply."""
    name, content = rule.lower_at_keyword, rule.content
    if name == "layer":
        _read_layer(rule, reading, place)
    elif name in ("keyframes", "-webkit-keyframes"):
        _read_keyframes(rule, reading)
    elif content is None:
        return
    elif name == "property":
        _read_property(rule, reading)
    elif name == "counter-style":
        reading.counters.update(drawn_counter(rule))
    elif (name == "media" and matches_media(rule.prelude)) or (
        name == "supports" and supports_holds(rule.prelude)
    ):
        _read_group(rule, reading, place)
    elif name == "container":
        condition = Container(tuple(significant(rule.prelude)))
        inner = replace(place, conditions=(*place.conditions, condition))
        _read_group(rule, reading, inner)
    elif name == "scope":
        _read_scope(rule, reading, place)


def _read_scope(rule: Token, reading: _Reading, place: _Place) -> None:
    """Read the rules of a scope (CSS Cascade 6, section 2.5)."""
    blocks = [one for one in significant(rule.prelude) if one.type == "() block"]
    if not blocks:  # of the element that the sheet is in
        _read_group(rule, reading, replace(place, unsure=True))
        return
    roots, *limits = (parse_selectors(one.content, place.parents) for one in blocks)
    if roots:
        scope = Scope(roots, (limits[0] if limits else None) or ())
        inner = _Place(
            place.layer, None, place.unsure, place.depth, (*place.conditions, scope), roots
        )
        _read_group(rule, reading, inner)


def _read_keyframes(rule: Token, reading: _Reading) -> None:
    """Note an animation, and what it ends in."""
    words = [str(one.value) for one in significant(rule.prelude)[:1] if hasattr(one, "value")]
    reading.keyframes.update(words)
    for block in last_frames(rules_in(rule)):
        reading.ends.extend((word, block) for word in words)


def _read_property(rule: Token, reading: _Reading) -> None:
    """Note what a custom property is registered as (CSS Properties and Values 1, section 2)."""
    found = tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True)
    names = [one.value for one in significant(rule.prelude) if one.type == "ident"]
    stated = {one.lower_name: trim_tokens(one.value) for one in found if one.type == "declaration"}
    syntax = significant(stated.get("syntax", ()))
    inherits = keyword_in(stated.get("inherits", ()))
    if len(names) != 1 or [one.type for one in syntax] != ["string"] or not inherits:
        return
    initial = stated.get("initial-value")
    if initial is not None or syntax[0].value == "*":
        first = Declaration(tuple(initial)) if initial is not None else None
        registered = RegisteredProperty(first, inherits == "true", syntax[0].value)
        reading.properties.append((names[0], registered))


def _read_group(rule: Token, reading: _Reading, place: _Place) -> None:
    """Read the rules in a conditional group or a layer."""
    inner = replace(place, depth=place.depth - 1)
    if place.parents is not None:  # nested: what is there directly is the parent's
        _read_inside(rule.content, place.parents, reading, inner)
        return
    for one in rules_in(rule):
        _note(one, reading, inner)


def _read_layer(rule: Token, reading: _Reading, place: _Place) -> None:
    """Read a layer, or the statement that orders layers (CSS Cascade 5, section 6.4)."""
    names = [_layer_name(part) for part in split_by(significant(rule.prelude), ",")]
    here = place.layer or ()
    if rule.content is None:
        for name in names:
            _name_layer((*here, *name), reading)
        return
    layer = (*here, *(names[0] or (f"{next(reading.unnamed)} ",)))
    _name_layer(layer, reading)
    _read_group(rule, reading, replace(place, layer=layer))


def _layer_name(tokens: Tokens) -> Layer:
    """Return the name of a layer, part by part."""
    return tuple(token.value for token in tokens if token.type == "ident")


def _name_layer(layer: Layer, reading: _Reading) -> None:
    """Note a layer and those around it."""
    for size in range(1, len(layer) + 1):
        reading.layers.setdefault(layer[:size])


def _import(rule: Token, reading: _Reading) -> None:
    """Note what a sheet imports, if it applies."""
    tokens = significant(rule.prelude)
    if not tokens:
        return
    url, rest = _address(tokens[0]), tokens[1:]
    layer: Layer | None = None
    if rest and keyword_in(rest[:1]) == "layer":
        layer, rest = (f"{next(reading.unnamed)} ",), rest[1:]
    elif rest and rest[0].type == "function" and rest[0].lower_name == "layer":
        layer, rest = _layer_name(significant(rest[0].arguments)), rest[1:]
    if layer:
        _name_layer(layer, reading)
    if rest and rest[0].type == "function" and rest[0].lower_name == "supports":
        if not choice_holds(rest[:1], lambda _: None):
            return
        rest = rest[1:]
    if url and matches_media(rest):
        reading.imports.append(StyleImport(url, layer))


def _address(token: Token) -> str:
    """Return the address in `"…"` or `url(…)`."""
    if token.type in ("string", "url"):
        return str(token.value)
    if token.type == "function" and token.lower_name == "url":
        inner = significant(token.arguments)
        return str(inner[0].value) if inner and inner[0].type == "string" else ""
    return ""
