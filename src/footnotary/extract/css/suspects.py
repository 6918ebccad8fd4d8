"""Which rules may hide anything: only elements that one of them matches are looked at closely."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from footnotary.extract.css.cascade import Cascade
from footnotary.extract.css.coloring import COLOR_FILTERS, DARK, OWN_BACKGROUNDS
from footnotary.extract.css.colors import (
    BLACK,
    CURRENT,
    LINK,
    WHITE,
    Color,
    gradient_color,
    is_by_scheme,
    read_color,
)
from footnotary.extract.css.cutting import is_anchored_far
from footnotary.extract.css.placing import FAR
from footnotary.extract.css.scanning import Block, Declaration
from footnotary.extract.css.validity import is_substituted
from footnotary.extract.css.values import (
    FAINT,
    HEIGHT,
    ROOT_SIZE,
    WIDTH,
    Token,
    keyword_in,
    read_length,
    significant,
)

_HIDING_WORDS: dict[str, frozenset[str]] = {
    "display": frozenset(("none",)),
    "visibility": frozenset(("hidden", "collapse")),
    **dict.fromkeys(("content-visibility", "backface-visibility"), frozenset(("hidden",))),
    **dict.fromkeys(("text-decoration", "text-decoration-line"), frozenset(("line-through",))),
    "contain": frozenset(("size", "strict")),
}
_MOVING = (
    *("left", "top", "right", "inset", "inset-inline", "inset-block-start", "inset-inline-start"),
    *("margin", "margin-left", "margin-top", "text-indent", "margin-inline", "margin-block"),
    *("margin-inline-start", "margin-block-start", "bottom", "inset-inline-end", "inset-block"),
)
_SIZES = (
    *("height", "width", "max-height", "max-width", "block-size", "inline-size", "line-height"),
    *("max-block-size", "max-inline-size", "mask-size", "-webkit-mask-size", "flex", "font"),
    *("font-size", "letter-spacing", "word-spacing"),
)
# Few elements have them, and their values are many: each is looked at.
_EFFECTS = (
    *("transform", "-webkit-transform", "scale", "rotate", "translate", "opacity", "content"),
    *("offset-path", "offset", "-webkit-text-security", "z-index", "filter", "zoom", "animation"),
    *("animation-fill-mode", "mask", "mask-image", "-webkit-mask", "-webkit-mask-image", "clip"),
    *("clip-path", "-webkit-clip-path", "mask-composite", "-webkit-mask-composite"),
)
_KINDS = {
    **dict.fromkeys(_HIDING_WORDS, "words"),
    **dict.fromkeys(_MOVING, "far"),
    **dict.fromkeys(_SIZES, "small"),
    **dict.fromkeys(_EFFECTS, "effect"),
}
_NO_EFFECT = frozenset(("none", "auto", "normal", "initial", "inherit", "unset"))
_NARROW = 20.0  # pixels, to the left or up, that a line may be out of sight by
_SMALL = ROOT_SIZE / 4  # pixels of a font, or of a box, that is looked at
_COLORS = ("color", "-webkit-text-fill-color")
_BACKGROUNDS = ("background", "background-color", "background-image")
_CELL = 0.125  # of a colour's part: like colours lie in one cell or in neighbours
_CROWD = 50  # colours in a cell, which are not compared one by one
_MOST_VALUES = 40
_TEXT = (BLACK, LINK)


def may_hide(block: Block) -> bool:
    """Return whether declarations may hide words, their colours aside.

    Args:
        block: The declarations of one rule, or of one `style` attribute.
    """
    return any(_may_hide(name, declared) for name, declared in block.items())


@lru_cache(maxsize=100_000)
def _may_hide(name: str, declared: Declaration) -> bool:
    """Return whether one declaration may hide words."""
    kind = _KINDS.get(name)
    if kind is None or is_substituted(declared.value):
        return kind is not None
    if kind == "effect":
        return keyword_in(declared.value) not in _NO_EFFECT
    tokens = significant(declared.value)
    if kind == "words":
        words = _HIDING_WORDS[name]
        return any(token.type == "ident" and token.lower_value in words for token in tokens)
    return any(map(_is_far if kind == "far" else _is_small, tokens))


def _is_far(token: Token) -> bool:
    length = read_length(token, whole=max(WIDTH, HEIGHT))
    if length is None:
        return is_anchored_far(token)
    return abs(length) >= FAR or length <= -_NARROW


def _is_small(token: Token) -> bool:
    length = read_length(token, ROOT_SIZE, ROOT_SIZE)
    return length is not None and length < _SMALL


def folds(block: Block) -> bool:
    """Return whether declarations make a grid whose first row has no height."""
    declared = block.get("grid-template-rows") or block.get("grid-template")
    first = significant(declared.value)[0] if declared is not None else None
    return first is not None and first.type in _SIZED and first.value == 0


_SIZED = ("number", "dimension", "percentage")


_BLENDED = ("background-blend-mode", "fill", "fill-opacity", "mix-blend-mode")


def recolors(block: Block) -> bool:
    """Return whether declarations change colours that others state."""
    if not block.keys().isdisjoint(_BLENDED):
        return True
    filters = block["filter"].value if "filter" in block else ()
    return any(token.type == "function" and token.lower_name in COLOR_FILTERS for token in filters)


def like_colors(cascade: Cascade) -> frozenset[Color]:
    """Return the colours of text that are like a background, these backgrounds, and faint ones."""
    rules = dict.fromkeys(rule for rule, _ in cascade.entries)
    blocks = (block for _, block in cascade.styled)
    every = [*(rule.block for rule in rules), *blocks, *cascade.ends.values()]
    texts, backgrounds = _colors_of_page(every, cascade)
    if len(texts) == len(_TEXT) and len(backgrounds) == 1 + len(OWN_BACKGROUNDS):
        return frozenset(texts) if any(map(_is_current, every)) else frozenset()
    cells: dict[tuple[int, ...], list[Color]] = {}
    for color in backgrounds:
        if color.alpha > FAINT:
            cells.setdefault(_cell(color), []).append(color)
    like: set[Color] = {color for color in texts if color.alpha <= FAINT}
    crowded: set[tuple[int, ...]] = set()
    for color in texts - like:
        for place in _around(_cell(color)):
            others = cells.get(place, ())
            if len(others) > _CROWD:
                crowded.add(place)
                like.add(color)
            elif near := [other for other in others if _are_like(color, other)]:
                like |= {color, *near}
    for place in crowded:
        like.update(cells[place])
    return frozenset(like)


def _colors_of_page(every: Iterable[Block], cascade: Cascade) -> tuple[set[Color], set[Color]]:
    """Return the colours of texts and those of backgrounds that may be on a page."""
    texts, backgrounds = set(_TEXT), {WHITE, *OWN_BACKGROUNDS.values()}
    for block in every:
        if "color-scheme" in block:
            texts.add(WHITE)
            backgrounds.add(DARK)
        texts |= _colors_in(block, _COLORS, cascade)
        backgrounds |= _colors_in(block, _BACKGROUNDS, cascade)
    return texts, backgrounds


def _are_like(color: Color, behind: Color) -> bool:
    """Return whether text in a colour may not be seen on another."""
    return color.alpha < 1 or behind.alpha < 1 or color.is_like(behind)


def has_color_of(block: Block, like: frozenset[Color], cascade: Cascade) -> bool:
    """Return whether declarations set one of some colours."""
    if _is_current(block):
        return True
    return not like.isdisjoint(_colors_in(block, (*_COLORS, *_BACKGROUNDS), cascade))


def _is_current(block: Block) -> bool:
    """Return whether a background is declared to be of the colour of the text."""
    declared = [block[name] for name in _BACKGROUNDS if name in block]
    return any(
        token.type == "ident" and token.lower_value == CURRENT
        for one in declared
        for token in one.value
    )


def _colors_in(block: Block, names: tuple[str, ...], cascade: Cascade) -> set[Color]:
    """Return the colours that declarations may set, custom properties followed."""
    found: set[Color] = set()
    for name in names:
        declared = block.get(name)
        if declared is None:
            continue
        if is_substituted(declared.value):
            for value in _values_of(declared, cascade):
                found |= _colors_of(value)
        else:
            found |= _colors_of(declared)
    return found


@lru_cache(maxsize=100_000)
def _colors_of(declared: Declaration) -> frozenset[Color]:
    """Return the colours among a declaration's tokens."""
    tokens = significant(declared.value)
    chosen = [
        one for token in tokens if is_by_scheme(token) for one in significant(token.arguments)
    ]
    colors = [gradient_color(token) or read_color(token) for token in (*tokens, *chosen)]
    return frozenset(color for color in colors if isinstance(color, Color))


def _values_of(declared: Declaration, cascade: Cascade) -> Iterator[Declaration]:
    """Yield the values that `var()` in a declaration may stand for."""
    waiting, seen = [declared], set[str]()
    for _ in range(_MOST_VALUES):
        if not waiting:
            return
        one = waiting.pop()
        yield one
        for token in one.value:
            if token.type == "function" and token.lower_name == "var":
                inner = significant(token.arguments)
                name = inner[0].value if inner and inner[0].type == "ident" else ""
                if name and name not in seen:
                    seen.add(name)
                    waiting += cascade.variables(name)
                waiting.append(Declaration(tuple(inner[2:])))


def _cell(color: Color) -> tuple[int, ...]:
    return tuple(int(part / _CELL) for part in color.parts)


def _around(cell: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    red, green, blue = cell
    steps = (-1, 0, 1)
    yield from ((red + a, green + b, blue + c) for a in steps for b in steps for c in steps)
