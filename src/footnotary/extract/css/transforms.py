"""Transforms (CSS Transforms 2)."""

from dataclasses import dataclass
from math import cos, radians

from footnotary.extract.css.shapes import BIG
from footnotary.extract.css.values import (
    Token,
    Tokens,
    read_angle,
    read_length,
    read_number,
    significant,
    split_by,
)

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


STILL = TransformStep()
"""What does nothing."""


def combine_transforms(steps: list[TransformStep]) -> TransformStep:
    """Return what steps do together, turns about the axis of sight aside."""
    whole = steps[0] if steps else STILL
    for step in steps[1:]:
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
    whole = read_length(token, whole=BIG) or 0.0
    return still, (whole - still) / BIG


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
