"""Which declarations count: an invalid one is ignored (CSS Syntax 3, section 2.2)."""

from collections.abc import Callable
from functools import partial

from footnotary.extract.css.colors import read_color
from footnotary.extract.css.shapes import is_clip, is_clip_path
from footnotary.extract.css.transforms import (
    read_rotation,
    read_scale,
    read_steps,
    read_translation,
)
from footnotary.extract.css.values import (
    Token,
    Tokens,
    keyword_in,
    read_length,
    read_number,
    significant,
)

WIDE = frozenset(("inherit", "initial", "revert", "revert-layer", "unset"))
"""Keywords that every property has."""

CONCERNED = frozenset(
    (
        *("all", "animation", "animation-name", "background", "background-clip"),
        *("background-color", "background-image", "block-size", "clip", "clip-path", "color"),
        *("content-visibility", "display", "filter", "float", "font", "font-size", "height"),
        *("inline-size", "inset", "inset-block-start", "inset-inline", "inset-inline-start"),
        *("left", "line-height", "margin", "margin-left", "margin-top", "max-height"),
        *("max-width", "opacity", "overflow", "overflow-x", "overflow-y", "position", "right"),
        *("rotate", "scale", "text-decoration", "text-decoration-line", "text-indent", "top"),
        *("transform", "transition", "translate", "visibility", "vertical-align", "white-space"),
        *("width", "will-change", "z-index", "-webkit-background-clip", "-webkit-clip-path"),
        *("-webkit-text-fill-color", "-webkit-transform", "backface-visibility", "min-height"),
        *("bottom", "min-width", "text-shadow", "-webkit-text-stroke", "margin-inline", "contain"),
        *("margin-inline-start", "margin-block", "margin-block-start", "zoom", "mask"),
        *("mask-image", "-webkit-mask", "-webkit-mask-image", "animation-fill-mode"),
        *("container", "container-type", "container-name", "max-block-size", "max-inline-size"),
        *("min-block-size", "content", "-webkit-text-security", "offset-path", "offset"),
        *("offset-distance", "perspective", "mask-size", "-webkit-mask-size", "mix-blend-mode"),
        *("isolation", "color-scheme", "grid-template-rows", "grid-template-columns", "flex"),
        *("flex-basis", "fill", "fill-opacity", "stroke", "grid-template", "grid-auto-flow"),
        *("grid-template-areas", "grid", "order", "flex-direction", "flex-flow", "direction"),
        *("unicode-bidi", "writing-mode", "font-variant-position", "font-variant", "quotes"),
        *("font-variant-numeric", "font-feature-settings", "white-space-collapse", "list-style"),
        *("list-style-type", "background-blend-mode", "padding"),
        *("letter-spacing", "word-spacing"),
        *("grid-area", "grid-row", "grid-column", "grid-row-start", "grid-column-start"),
        *("padding-left", "padding-right", "padding-inline", "border", "border-left"),
        "border-right",
        *("user-select", "-webkit-user-select", "-moz-user-select", "baseline-shift"),
        *("flex-wrap", "-webkit-box-direction", "-webkit-box-ordinal-group"),
        *("-webkit-line-clamp", "text-wrap", "text-wrap-mode", "aspect-ratio"),
        *("grid-auto-rows", "padding-top", "padding-bottom", "overflow-block", "overflow-inline"),
        *("inset-inline-end", "outline", "box-shadow", "backdrop-filter", "border-top"),
        *("border-bottom", "mask-composite", "mask-position", "mask-repeat"),
        *("inset-block", "inset-block-end", "columns", "margin-inline-end", "margin-right"),
        *("caption-side", "clear", "grid-row-end", "grid-column-end", "-webkit-order"),
        *("-webkit-flex-direction", "-webkit-flex-flow", "-webkit-flex-wrap"),
    )
)
"""Properties that decide whether words are seen, and where."""

SIZE_NAMES = {
    "xx-small": 9.0,
    "x-small": 10.0,
    "small": 13.0,
    "medium": 16.0,
    "large": 18.0,
    "x-large": 24.0,
    "xx-large": 32.0,
    "xxx-large": 48.0,
}
_RELATIVE_SIZES = ("larger", "smaller", "math")
_DISPLAYS = frozenset(
    (
        *("block", "contents", "flex", "flow-root", "grid", "inline", "inline-block"),
        *("inline-flex", "inline-grid", "inline-table", "list-item", "math", "none", "ruby"),
        *("ruby-text", "table", "table-caption", "table-cell", "table-column"),
        *("table-column-group", "table-footer-group", "table-header-group", "table-row"),
        *("table-row-group", "-webkit-box", "-webkit-inline-box", "-webkit-flex"),
        *("-webkit-inline-flex", "flow"),
    )
)
_DISPLAY_PARTS = frozenset(
    ("block", "inline", "flow", "flow-root", "table", "flex", "grid", "ruby", "math", "list-item")
)
_SIZING = frozenset(
    (
        *("auto", "none", "min-content", "max-content", "fit-content", "stretch"),
        *("-webkit-fill-available", "-webkit-min-content", "-webkit-max-content", "content"),
        *("-webkit-fit-content", "intrinsic", "min-intrinsic"),
    )
)
_OVERFLOWS = frozenset(("visible", "hidden", "clip", "scroll", "auto", "overlay"))
_FUNCTIONS = frozenset(("calc", "min", "max", "clamp", "anchor", "anchor-size", "calc-size"))
_MATHS = frozenset(
    (
        *("abs", "acos", "asin", "atan", "atan2", "attr", "cos", "exp", "hypot", "log", "mod"),
        *("pow", "progress", "rem", "round", "sibling-count", "sibling-index", "sign", "sin"),
        *("sqrt", "tan", "fit-content", "random", "if"),
    )
)
_COLOR_FUNCTIONS = frozenset(
    (
        *("color", "color-mix", "contrast-color", "device-cmyk", "hsl", "hsla", "hwb", "lab"),
        *("lch", "light-dark", "oklab", "oklch", "rgb", "rgba"),
    )
)
_FILTERS = frozenset(
    (
        *("blur", "brightness", "contrast", "drop-shadow", "grayscale", "hue-rotate", "invert"),
        *("opacity", "saturate", "sepia", "url"),
    )
)
_SUBSTITUTED = frozenset(("var", "env", "attr", "if", "inherit"))
_UNKNOWN = frozenset(("sibling-count", "sibling-index", "random", "progress"))
_LINES = frozenset(("none", "underline", "overline", "line-through", "blink"))
_FEWEST_OF_FONT = 2  # a size and a family


def is_substituted(tokens: Tokens) -> bool:
    """Return whether a value has to be put together first: it is valid until then."""
    waiting = list(tokens)
    while waiting:
        token = waiting.pop()
        if token.type == "function" and token.lower_name in _SUBSTITUTED | _UNKNOWN:
            return True
        if token.type == "function" and token.lower_name.startswith("--"):
            return True
        waiting += _inside(token)
    return False


def _inside(token: Token) -> Tokens:
    """Return what is inside a function or brackets."""
    inner = token.arguments if token.type == "function" else getattr(token, "content", None)
    return inner if isinstance(inner, list) else ()


def is_valid(name: str, tokens: Tokens) -> bool:
    """Return whether browsers take a declaration.

    Args:
        name: A property; a custom one, and one that nothing here asks for, takes any value.
        tokens: Its value.
    """
    value = significant(tokens)
    judge = _JUDGES.get(name)
    if not value:
        return name.startswith("--")
    if judge is None or is_substituted(value):
        return True
    if len(value) == 1 and value[0].type == "ident" and value[0].lower_value in WIDE:
        return True
    return judge(value)


def _is_one_of(words: frozenset[str], value: Tokens) -> bool:
    return len(value) == 1 and value[0].type == "ident" and value[0].lower_value in words


def _is_display(value: Tokens) -> bool:
    if len(value) == 1:
        return _is_one_of(_DISPLAYS, value)
    words = [token.lower_value if token.type == "ident" else "" for token in value]
    return len(set(words)) == len(words) and _DISPLAY_PARTS.issuperset(words)


def _is_length(token: Token, words: frozenset[str], *, negative: bool) -> bool:
    """Return whether a token is a length, a percentage or one of some words."""
    if token.type == "ident":
        return token.lower_value in words
    if token.type == "function":
        return token.lower_name in _FUNCTIONS or token.lower_name in _MATHS
    found = read_length(token, whole=1.0)
    return found is not None and (negative or found >= 0)


def _are_lengths(most: int, words: frozenset[str], value: Tokens, *, negative: bool = True) -> bool:
    return len(value) <= most and all(_is_length(one, words, negative=negative) for one in value)


def _is_font_size(value: Tokens) -> bool:
    words = frozenset((*SIZE_NAMES, *_RELATIVE_SIZES))
    return _are_lengths(1, words, value, negative=False)


def _is_text_indent(value: Tokens) -> bool:
    sizes = [token for token in value if token.type != "ident"]
    words = [token for token in value if token.type == "ident"]
    return _are_lengths(1, frozenset(), sizes) and all(
        token.lower_value in ("hanging", "each-line") for token in words
    )


def _is_number(value: Tokens) -> bool:
    if len(value) != 1:
        return False
    token = value[0]
    maths = token.type == "function" and (token.lower_name in _FUNCTIONS | _MATHS)
    return maths or read_number(token) is not None


def _is_integer(value: Tokens) -> bool:
    if _is_one_of(frozenset(("auto",)), value):
        return True
    token = value[0]
    whole = bool(token.type == "number" and token.is_integer)
    return len(value) == 1 and bool(whole or token.type == "function")


def is_color(token: Token) -> bool:
    """Return whether a token is a colour, known or not."""
    if token.type == "function":
        known = token.lower_name in _COLOR_FUNCTIONS
        return known and (read_color(token) is not None or _is_odd_color(token))
    return read_color(token) is not None


def _is_odd_color(function: Token) -> bool:
    """Return whether a colour function has what is not read here."""
    if function.lower_name in ("color", "color-mix", "contrast-color", "lab", "lch", "light-dark"):
        return True
    return any(token.type in ("function", "ident") for token in significant(function.arguments))


def _is_color(value: Tokens) -> bool:
    return len(value) == 1 and is_color(value[0])


def _is_filter(value: Tokens) -> bool:
    if _is_one_of(frozenset(("none",)), value):
        return True
    return all(
        token.type == "url" or (token.type == "function" and token.lower_name in _FILTERS)
        for token in value
    )


def _is_line(value: Tokens) -> bool:
    return all(token.type == "ident" and token.lower_value in _LINES for token in value)


def font_size_of(value: Tokens) -> Token | None:
    """Return the size that a `font` shorthand sets; None if it is no font."""
    for place, token in enumerate(value):
        if token.type == "ident" and token.lower_value not in SIZE_NAMES:
            if token.lower_value in _RELATIVE_SIZES[:2]:
                return token if len(value) > place + 1 else None
            continue
        if token.type == "number" and token.value >= 1:
            continue  # a weight
        return token if len(value) > place + 1 and _is_font_size([token]) else None
    return None


def _is_font(value: Tokens) -> bool:
    if len(value) < _FEWEST_OF_FONT:
        return bool(value[0].type == "ident")  # a system's font
    return font_size_of(value) is not None


_ANY_SIDE = frozenset(("auto",))
_Judge = Callable[[Tokens], bool]
_JUDGES: dict[str, _Judge] = {
    "display": _is_display,
    "visibility": partial(_is_one_of, frozenset(("visible", "hidden", "collapse"))),
    "content-visibility": partial(_is_one_of, frozenset(("visible", "auto", "hidden"))),
    "position": partial(
        _is_one_of,
        frozenset(("static", "relative", "absolute", "fixed", "sticky", "-webkit-sticky")),
    ),
    "float": partial(
        _is_one_of, frozenset(("none", "left", "right", "inline-start", "inline-end"))
    ),
    "white-space": lambda value: all(token.type == "ident" for token in value),
    "grid-template-rows": lambda value: keyword_in(value) != "masonry",
    "opacity": _is_number,
    "z-index": _is_integer,
    "font-size": _is_font_size,
    "font": _is_font,
    "text-indent": _is_text_indent,
    "line-height": lambda value: (
        _are_lengths(1, frozenset(("normal",)), value, negative=False)
        or (_is_number(value) and (read_number(value[0]) or 0.0) >= 0)
    ),
    "color": _is_color,
    "background-color": _is_color,
    "-webkit-text-fill-color": _is_color,
    "text-decoration-line": _is_line,
    "clip": is_clip,
    "clip-path": is_clip_path,
    "-webkit-clip-path": is_clip_path,
    "transform": lambda value: read_steps(value) is not None,
    "-webkit-transform": lambda value: read_steps(value) is not None,
    "scale": lambda value: read_scale(value) is not None,
    "rotate": lambda value: read_rotation(value) is not None,
    "translate": lambda value: read_translation(value) is not None,
    "filter": _is_filter,
    "overflow": lambda value: (
        len(value) <= 2  # noqa: PLR2004
        and all(_is_one_of(_OVERFLOWS, [token]) for token in value)
    ),
    "overflow-x": partial(_is_one_of, _OVERFLOWS),
    "overflow-y": partial(_is_one_of, _OVERFLOWS),
    "margin": partial(_are_lengths, 4, _ANY_SIDE),
    "inset": partial(_are_lengths, 4, _ANY_SIDE),
    **{
        prefix + side: partial(_are_lengths, 1, _ANY_SIDE)
        for prefix in ("", "margin-")
        for side in ("left", "right", "top", "bottom")
    },
    **{
        name: partial(_are_lengths, 2 if name.startswith("inset") else 1, _ANY_SIDE)
        for name in ("inset-inline", "inset-block", "inset-inline-start", "inset-block-start")
    },
    **{
        prefix + name: partial(_are_lengths, 1, _SIZING, negative=False)
        for prefix in ("", "max-", "min-")
        for name in ("width", "height", "inline-size", "block-size")
    },
}
