"""Shapes that cut away, masks, and transforms (CSS Shapes 1, CSS Masking 1, CSS Transforms 2)."""

import re
from dataclasses import dataclass
from math import cos, radians

from footnotary.extract.css.colors import Color, read_color
from footnotary.extract.css.values import (
    FAINT,
    HEIGHT,
    WIDTH,
    Token,
    Tokens,
    read_angle,
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
_BIG = 1_000_000.0  # pixels of a box whose size is not known
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
    numbers = [read_length(token, whole=_BIG) for token in sizes]
    if len(numbers) != _SIDES or any(number is None for number in numbers):
        return False
    first, second, third, fourth = (float(number or 0) for number in numbers)
    if name == "xywh":
        return third < _LEAST or fourth < _LEAST
    return third - first < _LEAST or second - fourth < _LEAST


def _is_outside(sizes: Tokens, center: Tokens) -> bool:
    """Return whether a circle or an ellipse has no size, or lies left of its box or above it."""
    radii = [read_length(token, whole=_BIG) for token in sizes]
    if 0 in radii:
        return True
    places = [read_length(token, whole=_BIG) for token in center]
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
    whole = [read_length(token, whole=_BIG) for token in sizes]
    if not whole or any(length is None for length in whole):
        return False
    top, right, bottom, left = four_sides([float(length or 0) for length in whole])
    all_but = 0.98 * _BIG
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
        pair = [read_length(token, whole=_BIG) for token in significant(part)]
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
    colors = [read_color(token) for token in significant(function.arguments)]
    known = [one for one in colors if isinstance(one, Color)]
    return bool(known) and all(one.alpha <= FAINT for one in known)


_THIN = 0.02  # of its size: nobody reads what is so flat


@dataclass(frozen=True)
class TransformStep:
    """What one function of a transform does.

    Attributes:
        width: What it makes of the width, as a factor.
        height: Of the height.
        right: How far it moves to the right, in pixels.
        down: How far it moves down.
        across: How far it moves to the right, in parts of the box's own width.
        along: How far it moves down, in parts of the box's own height.
        turns: Whether the back is seen.
        near: How far it moves towards the eye, in pixels.
        eye: How far the eye is away, in pixels; 0 for infinitely far.
    """

    width: float = 1.0
    height: float = 1.0
    right: float = 0.0
    down: float = 0.0
    across: float = 0.0
    along: float = 0.0
    turns: bool = False
    near: float = 0.0
    eye: float = 0.0

    def seen_from(self, eye: float) -> bool:
        """Return whether what is moved towards an eye is before it, and not too far to be read."""
        distance = self.eye or eye
        return not distance or _THIN < distance / (distance - self.near or -1) < 1 / _THIN

    @property
    def flattens(self) -> bool:
        """Whether nothing is left to be read."""
        return abs(self.width) < _THIN or abs(self.height) < _THIN


def combine_transforms(steps: list[TransformStep]) -> TransformStep:
    """Return what steps do together, turns about the axis of sight aside."""
    whole = TransformStep()
    for step in steps:
        whole = TransformStep(
            whole.width * step.width,
            whole.height * step.height,
            whole.right + step.right * whole.width,
            whole.down + step.down * whole.height,
            whole.across + step.across * whole.width,
            whole.along + step.along * whole.height,
            whole.turns != step.turns,
            whole.near + step.near,
            whole.eye or step.eye,
        )
    return whole


def read_steps(value: Tokens) -> list[TransformStep] | None:
    """Return the steps of `transform`; None if a value is none."""
    if len(value) == 1 and value[0].type == "ident":
        return [] if value[0].lower_value == "none" else None
    steps = [_step(token) for token in value]
    return None if None in steps else [step for step in steps if step is not None]


def _step(token: Token) -> TransformStep | None:
    """Return what a function does; None if it is none."""
    if token.type != "function":
        return None
    parts = [significant(part) for part in split_by(token.arguments, ",")]
    if any(len(part) != 1 for part in parts):
        return None
    return _named(token.lower_name, [part[0] for part in parts])


def _named(name: str, values: list[Token]) -> TransformStep | None:
    """Return what a function of a name does with its values; None if it does not take them."""
    if name.startswith("scale"):
        return _scaled(name, values)
    if name.startswith("translate"):
        return _moved(name, values)
    if name.startswith("rotate"):
        return _turned(name, values)
    if name in ("matrix", "matrix3d"):
        return _mapped([read_number(value) for value in values])
    if name == "perspective":
        return TransformStep(eye=read_length(values[0]) or 0.0) if len(values) == 1 else None
    return _skewed([read_angle(value) for value in values]) if name.startswith("skew") else None


def _skewed(angles: list[float | None]) -> TransformStep | None:
    if not angles or None in angles:
        return None
    upright = min(abs(cos(radians(float(angle or 0)))) for angle in angles)
    return TransformStep(width=0.0) if upright < _THIN else TransformStep()


def _scaled(name: str, values: list[Token]) -> TransformStep | None:
    wanted = {"scale": (1, 2), "scale3d": (3,)}.get(name, (1,))
    numbers = [read_number(value) for value in values]
    if None in numbers or len(numbers) not in wanted:
        return None
    first, *rest = (float(number or 0) for number in numbers)
    factors = {
        "scale": (first, rest[0] if rest else first),
        "scale3d": (first, rest[0] if rest else 1.0),
        "scalex": (first, 1.0),
        "scaley": (1.0, first),
        "scalez": (1.0, 1.0),
    }.get(name)
    return TransformStep(*factors) if factors else None


def _moved(name: str, values: list[Token]) -> TransformStep | None:
    wanted = {"translate": (1, 2), "translate3d": (3,)}.get(name, (1,))
    if len(values) not in wanted or any(_way(value) is None for value in values):
        return None
    ways = [_way(value) or (0.0, 0.0) for value in values]
    still = (0.0, 0.0)
    pairs = {
        "translatex": (ways[0], still),
        "translatey": (still, ways[0]),
        "translatez": (still, still),
    }
    near = ways[-1][0] if name in ("translatez", "translate3d") else 0.0
    (right, across), (down, along) = pairs.get(name, (ways[0], ways[1] if len(ways) > 1 else still))
    return TransformStep(right=right, down=down, across=across, along=along, near=near)


def _way(token: Token) -> tuple[float, float] | None:
    """Return how far something moves, in pixels and in parts of its own size."""
    still = read_length(token, whole=0.0)
    if still is None:
        return None
    whole = read_length(token, whole=_BIG) or 0.0
    return still, (whole - still) / _BIG


def _turned(name: str, values: list[Token]) -> TransformStep | None:
    wanted = 4 if name == "rotate3d" else 1
    angle = read_angle(values[-1])
    if len(values) != wanted or angle is None:
        return None
    if name == "rotate3d":
        axes = [read_number(value) or 0.0 for value in values[:3]]
        turned = [axis for axis, amount in zip("xyz", axes, strict=True) if amount]
        name = f"rotate{turned[0]}" if len(turned) == 1 else "rotate"
    share, back = cos(radians(angle)), cos(radians(angle)) < 0
    if name == "rotatex":
        return TransformStep(height=abs(share), turns=back)
    return TransformStep(width=abs(share), turns=back) if name == "rotatey" else TransformStep()


def _mapped(numbers: list[float | None]) -> TransformStep | None:
    """Return what a matrix does."""
    if None in numbers or len(numbers) not in (6, 16):
        return None
    cells = [float(number or 0) for number in numbers]
    rows = 2 if len(cells) == 6 else 4  # noqa: PLR2004
    a, b, c, d = cells[0], cells[1], cells[rows], cells[rows + 1]
    right, down = (cells[4], cells[5]) if rows == 2 else (cells[12], cells[13])  # noqa: PLR2004
    if abs(a * d - b * c) < _THIN * _THIN:
        return TransformStep(0.0, 0.0)
    return TransformStep(right=right, down=down)


def read_scale(value: Tokens) -> TransformStep | None:
    """Return what the property `scale` does; None if a value is none."""
    if len(value) == 1 and value[0].type == "ident":
        return TransformStep() if value[0].lower_value == "none" else None
    numbers = [read_number(token) for token in value]
    if not 1 <= len(numbers) <= 3 or None in numbers:  # noqa: PLR2004
        return None
    first = float(numbers[0] or 0)
    return TransformStep(first, float(numbers[1] or 0) if len(numbers) > 1 else first)


def read_translation(value: Tokens) -> TransformStep | None:
    """Return what the property `translate` does; None if a value is none."""
    if len(value) == 1 and value[0].type == "ident":
        return TransformStep() if value[0].lower_value == "none" else None
    return _moved("translate" if len(value) < 3 else "translate3d", list(value))  # noqa: PLR2004


def read_rotation(value: Tokens) -> TransformStep | None:
    """Return what the property `rotate` does; None if a value is none."""
    words = [token.lower_value for token in value if token.type == "ident"]
    if words == ["none"] and len(value) == 1:
        return TransformStep()
    angles = [token for token in value if token.type == "dimension"]
    rest = len(value) - len(angles) - len(words)
    if len(angles) != 1 or rest not in (0, 3):
        return _turned("rotate", list(value)) if len(value) == 1 else None
    name = f"rotate{words[0]}" if words and words[0] in "xyz" else "rotate"
    return _turned(name, angles)
