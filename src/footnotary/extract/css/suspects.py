"""Which rules may hide anything: only elements that one of them matches are looked at closely."""

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, partial

from footnotary.extract.css.cascade import Cascade
from footnotary.extract.css.coloring import COLOR_FILTERS, DARK, OWN_BACKGROUNDS
from footnotary.extract.css.colors import (
    BLACK,
    CURRENT,
    LINK,
    WHITE,
    Color,
    gradient_color,
    read_color,
)
from footnotary.extract.css.matching import Selector
from footnotary.extract.css.painting import SMALLEST
from footnotary.extract.css.placing import FAR
from footnotary.extract.css.shapes import clips_away, filters_away, masks_away, shapes_away
from footnotary.extract.css.sheets import Block, Declaration, StyleRule
from footnotary.extract.css.transforms import (
    TransformStep,
    combine_transforms,
    read_rotation,
    read_scale,
    read_steps,
    read_translation,
)
from footnotary.extract.css.validity import font_size_of, is_substituted
from footnotary.extract.css.values import (
    FAINT,
    HEIGHT,
    ROOT_SIZE,
    WIDTH,
    Token,
    Tokens,
    keyword_in,
    read_length,
    read_number,
    significant,
)

_HIDING_WORDS = {
    "display": ("none",),
    "visibility": ("hidden", "collapse"),
    "content-visibility": ("hidden",),
    "backface-visibility": ("hidden",),
}
_MOVING = (
    *("left", "top", "right", "inset", "inset-inline", "inset-block-start", "inset-inline-start"),
    *("margin", "margin-left", "margin-top", "text-indent", "margin-inline", "margin-block"),
    *("margin-inline-start", "margin-block-start", "bottom"),
)
_SIZES = (
    *("height", "width", "max-height", "max-width", "block-size", "inline-size", "line-height"),
    *("max-block-size", "max-inline-size"),
)
_COLORS = ("color", "-webkit-text-fill-color")
_BACKGROUNDS = ("background", "background-color", "background-image")
_TURNING: dict[str, Callable[[Tokens], list[TransformStep] | TransformStep | None]] = {
    "transform": read_steps,
    "-webkit-transform": read_steps,
    "scale": read_scale,
    "rotate": read_rotation,
    "translate": read_translation,
}
_NARROW = 100.0  # pixels, to the left or up, that a narrow box is out of sight by
_LOW = 0.35  # opacity: two of them on top of each other show nothing
_CELL = 0.125  # of a colour's part: like colours lie in one cell or in neighbours
_CROWD = 50  # colours in a cell, which are not compared one by one
_MOST_VALUES = 40
_TEXT = (BLACK, LINK)


def may_hide(block: Block) -> bool:
    """Return whether declarations may hide words, their colours aside.

    Args:
        block: The declarations of one rule, or of one `style` attribute.
    """
    return any(_may_hide(name, declared.value) for name, declared in block.items())


@lru_cache(maxsize=100_000)
def rule_may_hide(rule: StyleRule) -> bool:
    """Return whether a rule's declarations may hide words, their colours aside."""
    return may_hide(rule.block)


def _may_hide(name: str, value: Tokens) -> bool:
    """Return whether one declaration may hide words."""
    if name in _HIDING_WORDS:
        return is_substituted(value) or keyword_in(value) in _HIDING_WORDS[name]
    judge = _JUDGES.get(name)
    return judge is not None and (is_substituted(value) or judge(significant(value)))


def _turns(
    read: Callable[[Tokens], list[TransformStep] | TransformStep | None], tokens: Tokens
) -> bool:
    """Return whether a transform may take words away."""
    found = read(tokens)
    step = combine_transforms(found) if isinstance(found, list) else (found or TransformStep())
    moved = max(-step.right, -step.down, step.right) >= FAR
    by_size = max(abs(step.across), abs(step.along)) >= 1
    return step.flattens or step.turns or moved or by_size or step.near != 0


def _are_far(tokens: Tokens) -> bool:
    return any(map(_is_far, tokens))


def _are_tiny(tokens: Tokens) -> bool:
    return any(map(_is_tiny, tokens))


def _is_far(token: Token) -> bool:
    length = read_length(token, whole=max(WIDTH, HEIGHT))
    return length is not None and (abs(length) >= FAR or length <= -_NARROW)


def _is_tiny(token: Token) -> bool:
    length = read_length(token, whole=ROOT_SIZE)
    return length is not None and length <= SMALLEST


def _is_faint(tokens: Tokens) -> bool:
    number = read_number(tokens[0]) if tokens else None
    return number is not None and number <= _LOW


def _has_faint_filter(tokens: Tokens) -> bool:
    return any(map(filters_away, tokens))


def _masks(tokens: Tokens) -> bool:
    return any(map(masks_away, tokens))


def _is_tiny_zoom(tokens: Tokens) -> bool:
    number = read_number(tokens[0]) if tokens else None
    return number is not None and 0 < number < FAINT


def _stays(tokens: Tokens) -> bool:
    return any(token.type == "ident" and token.value in ("forwards", "both") for token in tokens)


def _is_small_font(tokens: Tokens) -> bool:
    token = font_size_of(tokens) if len(tokens) > 1 else tokens[0] if tokens else None
    length = read_length(token, ROOT_SIZE, ROOT_SIZE) if token is not None else None
    return length is not None and length < ROOT_SIZE / 4


def _has_function(tokens: Tokens) -> bool:
    return any(token.type in ("function", "url") for token in tokens)


def _cuts_off(tokens: Tokens) -> bool:
    words = {token.value for token in tokens if token.type == "ident"}
    return not words.isdisjoint(("size", "strict"))


def _strikes(tokens: Tokens) -> bool:
    return any(token.type == "ident" and token.lower_value == "line-through" for token in tokens)


_JUDGES: dict[str, Callable[[Tokens], bool]] = {
    **dict.fromkeys(_MOVING, _are_far),
    **dict.fromkeys(_SIZES, _are_tiny),
    **{name: partial(_turns, read) for name, read in _TURNING.items()},
    "opacity": _is_faint,
    **dict.fromkeys(("content", "offset-path", "offset"), _has_function),
    **dict.fromkeys(("contain", "overflow", "overflow-y"), _cuts_off),
    **dict.fromkeys(("mask-size", "-webkit-mask-size"), _are_tiny),
    "-webkit-text-security": lambda tokens: keyword_in(tokens) != "none",
    "flex": _are_tiny,
    "z-index": lambda tokens: bool(tokens) and (read_number(tokens[0]) or 0) < 0,
    "filter": _has_faint_filter,
    "zoom": _is_tiny_zoom,
    "animation": _stays,
    "animation-fill-mode": _stays,
    **dict.fromkeys(("mask", "mask-image", "-webkit-mask", "-webkit-mask-image"), _masks),
    "font-size": _is_small_font,
    "font": _is_small_font,
    "clip": clips_away,
    "clip-path": shapes_away,
    "-webkit-clip-path": shapes_away,
    "text-decoration": _strikes,
    "text-decoration-line": _strikes,
}


def hiding_selectors(cascade: Cascade) -> Iterator[Selector]:
    """Yield the selectors of the rules that may hide what they match, their colours aside.

    Args:
        cascade: The page's rules.
    """
    return (selector for rule, selector in cascade.entries if rule_may_hide(rule))


def coloring_selectors(cascade: Cascade, like: frozenset[Color]) -> Iterator[Selector]:
    """Yield the selectors of the rules that set one of some colours.

    Args:
        cascade: The page's rules.
        like: The colours.
    """
    for rule, selector in cascade.entries:
        if recolors(rule.block) or has_color_of(rule.block, like, cascade):
            yield selector


def folding_selectors(cascade: Cascade) -> Iterator[Selector]:
    """Yield the selectors of the grids whose first row has no height.

    Args:
        cascade: The page's rules.
    """
    for rule, selector in cascade.entries:
        declared = rule.block.get("grid-template-rows") or rule.block.get("grid-template")
        if declared is not None and _is_zero(significant(declared.value)[0]):
            yield selector


def _is_zero(token: Token) -> bool:
    return token.type in ("number", "dimension", "percentage") and token.value == 0


def recolors(block: Block) -> bool:
    """Return whether declarations change colours that others state.

    Args:
        block: The declarations.
    """
    if not block.keys().isdisjoint(("fill", "fill-opacity", "mix-blend-mode")):
        return True
    filters = block["filter"].value if "filter" in block else ()
    return any(token.type == "function" and token.lower_name in COLOR_FILTERS for token in filters)


def like_colors(cascade: Cascade, blocks: Iterable[Block]) -> frozenset[Color]:
    """Return the colours of text that are like a background, these backgrounds, and faint ones.

    Args:
        cascade: The page's rules.
        blocks: Declarations of its `style` attributes.
    """
    rules = dict.fromkeys(rule for rule, _ in cascade.entries)
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
    colors = [gradient_color(token) or read_color(token) for token in tokens]
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
