"""Shapes that cut away, and masks (CSS Shapes 1, CSS Masking 1)."""

import re

from footnotary.extract.css.colors import Color, read_color
from footnotary.extract.css.values import (
    FAINT,
    HEIGHT,
    WIDTH,
    Token,
    Tokens,
    read_length,
    read_number,
    significant,
    split_by,
)

_SHAPES = frozenset(
    ("circle", "ellipse", "inset", "path", "polygon", "rect", "shape", "url", "xywh")
)
_BOXES = frozenset(
    (
        *("border-box", "content-box", "fill-box", "margin-box", "padding-box", "stroke-box"),
        *("view-box", "none"),
    )
)
_SIDES = 4
BIG = 1_000_000.0
"""Pixels of a box whose size is not known."""

_LONGEST = 100_000.0  # pixels: what is more is a share of a box whose size is not known
_LEAST = 2.0  # pixels, of which nobody reads anything
_AUTO = "auto"


def is_clip(value: Tokens) -> bool:
    """Return whether `clip` takes a value."""
    if len(value) != 1:
        return False
    if value[0].type == "ident":
        return bool(value[0].lower_value == _AUTO)
    return _rectangle(value[0]) is not None


def _rectangle(token: Token) -> list[float | None] | None:
    """Return the edges of a `rect()`, None for those that are left alone; None if it is none."""
    if token.type != "function" or token.lower_name != "rect":
        return None
    parts = [significant(part) for part in split_by(token.arguments, ",")]
    tokens = [one for part in parts for one in part]
    if len(tokens) != _SIDES or len(parts) not in (1, _SIDES):
        return None
    edges: list[float | None] = []
    for one in tokens:
        length = read_length(one)
        if length is None and not (one.type == "ident" and one.lower_value == _AUTO):
            return None
        edges.append(length)
    return edges


def clips_away(value: Tokens) -> bool:
    """Return whether `clip` leaves nothing of a box."""
    edges = _rectangle(value[0]) if value else None
    if edges is None:
        return False
    top, right, bottom, left = edges
    flat = top is not None and bottom is not None and bottom - top < _LEAST
    narrow = left is not None and right is not None and right - left < _LEAST
    none_above = bottom is not None and bottom < _LEAST
    none_beside = right is not None and right < _LEAST
    return flat or narrow or none_above or none_beside


def is_clip_path(value: Tokens) -> bool:
    """Return whether `clip-path` takes a value."""
    return all(
        (token.type == "ident" and token.lower_value in _BOXES)
        or token.type == "url"
        or (token.type == "function" and token.lower_name in _SHAPES)
        for token in value
    )


def shapes_away(value: Tokens) -> bool:
    """Return whether `clip-path` leaves nothing of a box."""
    return any(token.type == "function" and _is_empty(token) for token in value)


def _is_empty(function: Token) -> bool:
    """Return whether a shape has no area."""
    name, inner = function.lower_name, significant(function.arguments)
    until = next(
        (place for place, token in enumerate(inner) if _is_word(token, ("at", "round"))), len(inner)
    )
    sizes = inner[:until]
    if name in ("circle", "ellipse"):
        return _is_outside(sizes, inner[until + 1 :])
    if name == "inset":
        return _insets_all(sizes)
    if name in ("rect", "xywh"):
        return _is_thin(name, sizes)
    if name == "polygon":
        return _is_flat(function)
    return name in ("path", "shape") and _is_empty_path(function)


def _is_thin(name: str, sizes: Tokens) -> bool:
    """Return whether a `rect()` or `xywh()` has no width or no height."""
    numbers = [read_length(token, whole=BIG) for token in sizes]
    if len(numbers) != _SIDES or any(number is None for number in numbers):
        return False
    first, second, third, fourth = (float(number or 0) for number in numbers)
    if name == "xywh":
        return third < _LEAST or fourth < _LEAST
    return third - first < _LEAST or second - fourth < _LEAST


def _is_outside(sizes: Tokens, center: Tokens) -> bool:
    """Return whether a circle or an ellipse has no size, or lies left of its box or above it."""
    radii = [read_length(token, whole=BIG) for token in sizes]
    if 0 in radii:
        return True
    places = [read_length(token, whole=BIG) for token in center]
    return any(
        place is not None and radius is not None and place + radius <= 0
        for place in places
        for radius in radii
    )


def _is_empty_path(function: Token) -> bool:
    """Return whether the points of a `path()` or `shape()` lie on a line, or off their box."""
    source = " ".join(
        str(token.value) if token.type == "string" else str(token.serialize())
        for token in function.arguments
    )
    numbers = [float(found) for found in NUMBER.findall(source)]
    return not numbers or max(numbers) <= 0 or (len(set(numbers)) == 1 and numbers[0] == 0)


NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)")


def _is_word(token: Token, words: tuple[str, ...]) -> bool:
    return bool(token.type == "ident" and token.lower_value in words)


def _insets_all(sizes: Tokens) -> bool:
    """Return whether insets from opposite sides meet."""
    whole = [read_length(token, whole=BIG) for token in sizes]
    if not whole or any(length is None for length in whole):
        return False
    top, right, bottom, left = four_sides([float(length or 0) for length in whole])
    all_but = 0.98 * BIG
    return top + bottom >= all_but or left + right >= all_but or HEIGHT <= top + bottom < _LONGEST


def four_sides(values: list[float]) -> list[float]:
    """Return one to four values for the four sides, as CSS spreads them."""
    if len(values) == 1:
        return values * 4
    top, right, bottom, *left = (*values, *values[:1])[: max(3, len(values))]
    return [top, right, bottom, left[0] if left else right]


def _is_flat(function: Token) -> bool:
    """Return whether the points of a polygon lie on one line across or down, or off the window."""
    points = []
    for part in split_by(function.arguments, ","):
        pair = [read_length(token, whole=BIG) for token in significant(part)]
        if len(pair) == 2 and None not in pair:  # noqa: PLR2004
            points.append(pair)
    ways = [{float(point[axis] or 0) for point in points} for axis in (0, 1)]
    off = any(max(way) <= 0 or WIDTH <= min(way) < _LONGEST for way in ways) if points else False
    return bool(points) and (off or any(len(way) == 1 for way in ways))


def filters_away(function: Token) -> bool:
    """Return whether a function of `filter` leaves nothing that can be read."""
    inner = significant(function.arguments) if function.type == "function" else []
    if not inner:
        return False
    if function.lower_name == "blur":
        return (read_length(inner[0]) or 0.0) >= _BLURRED
    amount = read_number(inner[0])
    return amount is not None and function.lower_name == "opacity" and amount <= FAINT


_BLURRED = 12.0  # pixels, through which no word is read


def masks_away(function: Token) -> bool:
    """Return whether a picture in `mask` may let nothing through: a gradient, or one not read."""
    if function.type == "url" or (function.type == "function" and function.lower_name == "url"):
        return True
    if function.type != "function" or not function.lower_name.endswith("gradient"):
        return False
    faint = _faint_stops(function)
    return bool(faint) and all(faint)


def _faint_stops(gradient: Token) -> list[bool]:
    """Return of each colour of a gradient whether it lets nothing through."""
    colors = [read_color(token) for token in significant(gradient.arguments)]
    return [isinstance(one, Color) and one.alpha <= FAINT for one in colors if one is not None]


def may_shape_away(value: Tokens) -> bool:
    """Return whether `clip-path` leaves out more of a box than its corners."""
    return any(token.type == "function" and _leaves_out(token) for token in value)


def _leaves_out(function: Token) -> bool:
    """Return whether a shape leaves out more of a box than nobody would miss."""
    name, inner = function.lower_name, significant(function.arguments)
    until = next(
        (place for place, token in enumerate(inner) if _is_word(token, ("at", "round"))), len(inner)
    )
    sizes = inner[:until]
    if name == "inset":
        lengths = [(token, read_length(token, whole=100.0)) for token in sizes]
        least = {"percentage": _MARGIN_SHARE}
        return any((length or 0) > least.get(token.type, _MARGIN) for token, length in lengths)
    if name == "polygon":
        return _area_of(function) < _MOST_OF
    if name in ("circle", "ellipse"):
        radii = [read_length(token, whole=BIG) or 0.0 for token in sizes]
        return not radii or min(radii) < _WHOLE_RADIUS * BIG
    return True


_MARGIN, _MARGIN_SHARE = 8.0, 2.0  # pixels and percent of a box, where hardly any word is
_MOST_OF = 0.8  # of the area of a box
_WHOLE_RADIUS = 0.7  # of the width of a box, for a circle around it


def _area_of(polygon: Token) -> float:
    """Return which part of a box lies in a polygon."""
    points = []
    for part in split_by(polygon.arguments, ","):
        pair = [read_length(token, whole=BIG) for token in significant(part)]
        if len(pair) == 2:  # noqa: PLR2004
            points.append([min(1.0, max(0.0, (one or 0.0) / BIG)) for one in pair])
    turned = zip(points, [*points[1:], *points[:1]], strict=True)
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in turned)) / 2


def may_mask(value: Tokens) -> bool:
    """Return whether a mask lets nothing through where words may be."""
    words = {token.lower_value for token in value if token.type == "ident"}
    functions = [one for one in value if one.type == "function"]
    gradients = [one for one in functions if one.lower_name.endswith("gradient")]
    return not words.isdisjoint(_PARTING) or any(map(_has_gap, gradients))


_PARTING = (
    *("no-repeat", "round", "space", "exclude", "intersect", "subtract", "xor", "source-in"),
    "source-out",
)


def _has_gap(gradient: Token) -> bool:
    """Return whether a gradient is transparent over more than the end that it fades to."""
    faint = _faint_stops(gradient)
    if not any(faint):
        return False
    inner = significant(gradient.arguments)
    places = [read_length(token, whole=100.0) for token in inner if token.type == "percentage"]
    fades = sum(faint) == 1 and (faint[-1] or faint[0]) and gradient.lower_name == "linear-gradient"
    last = faint[-1] and inner[-1].type in ("percentage", "dimension", "function")
    first = faint[0] and bool(places)
    return not fades or last or first
