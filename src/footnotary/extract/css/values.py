"""Values of CSS: lengths in pixels, numbers, colours (CSS Values 4, CSS Color 4 and 5)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import cos, radians, sin
from typing import Any

import tinycss2.color5

WIDTH, HEIGHT = 1280.0, 720.0
"""The window of a desktop, in which most people read; in CSS pixels."""

ROOT_SIZE = 16.0
_MOST_NESTED = 12
_UNITS = {
    "px": 1.0,
    "in": 96.0,
    "cm": 96 / 2.54,
    "mm": 9.6 / 2.54,
    "q": 2.4 / 2.54,
    "pt": 4 / 3,
    "pc": 16.0,
    "rem": ROOT_SIZE,
    "rlh": 1.2 * ROOT_SIZE,
} | {
    prefix + name: size / 100
    for prefix in ("", "s", "l", "d")
    for name, size in (
        ("vw", WIDTH),
        ("vi", WIDTH),
        ("vmax", WIDTH),
        ("vh", HEIGHT),
        ("vb", HEIGHT),
        ("vmin", HEIGHT),
    )
}
_FONT_UNITS = {"em": 1.0, "ex": 0.5, "ch": 0.5, "cap": 0.7, "ic": 1.0, "lh": 1.2}
_ANGLES = {"deg": 1.0, "grad": 0.9, "rad": 57.29577951308232, "turn": 360.0}
_SYSTEM_COLORS = {
    **dict.fromkeys(("canvas", "field", "buttonborder"), "#fff"),
    **dict.fromkeys(("canvastext", "fieldtext", "buttontext", "marktext"), "#000"),
    "buttonface": "#efefef",
    "graytext": "#6d6d6d",
    "highlight": "#3367d1",
    "highlighttext": "#fff",
    "linktext": "#0000ee",
    "visitedtext": "#551a8b",
    "mark": "#ff0",
}

Token = Any
Tokens = Sequence[Token]


@dataclass(frozen=True, slots=True)
class Color:
    """A colour in sRGB, each part from 0 to 1."""

    red: float
    green: float
    blue: float
    alpha: float = 1.0

    def over(self, behind: "Color") -> "Color":
        """Return what is seen of this colour over another, which is opaque."""
        share = self.alpha
        parts = zip(self.parts, behind.parts, strict=True)
        return Color(*(one * share + other * (1 - share) for one, other in parts))

    @property
    def parts(self) -> tuple[float, float, float]:
        """Red, green and blue."""
        return (self.red, self.green, self.blue)

    def is_like(self, other: "Color") -> bool:
        """Return whether nobody can tell two opaque colours apart (contrast below 1.08)."""
        if max(abs(a - b) for a, b in zip(self.parts, other.parts, strict=True)) > _FAR_APART:
            return False
        light, dark = sorted((self.luminance + 0.05, other.luminance + 0.05), reverse=True)
        return light / dark < _SEEN_CONTRAST

    @property
    def luminance(self) -> float:
        """Relative luminance (WCAG 2)."""
        red, green, blue = map(_linear, self.parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue


_FAR_APART = 0.12
_SEEN_CONTRAST = 1.08
WHITE, BLACK = Color(1, 1, 1), Color(0, 0, 0)
LINK = Color(0.0, 0.0, 0.933)
CURRENT = "currentcolor"

FAINT = 0.05
"""Opacity that nobody sees."""


def significant(tokens: Tokens) -> list[Token]:
    """Return tokens without white space and comments."""
    return [token for token in tokens if token.type not in ("whitespace", "comment")]


def keyword_in(tokens: Tokens) -> str:
    """Return the one keyword that a value is, in lower case; empty if it is anything else."""
    found = significant(tokens)
    return str(found[0].lower_value) if len(found) == 1 and found[0].type == "ident" else ""


def split_by(tokens: Tokens, separator: str) -> list[list[Token]]:
    """Return the stretches of tokens between separators."""
    parts: list[list[Token]] = [[]]
    for token in tokens:
        if token.type == "literal" and token.value == separator:
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def read_number(token: Token) -> float | None:
    """Return a number, or a percentage as a share of one; None if a token is neither."""
    if token.type == "number":
        return float(token.value)
    if token.type == "percentage":
        return float(token.value) / 100
    if token.type == "function":
        return _calculated(token, read_number, _MOST_NESTED)
    return None


def read_angle(token: Token) -> float | None:
    """Return an angle in degrees; None if a token is none."""
    if token.type == "dimension" and token.lower_unit in _ANGLES:
        return float(token.value * _ANGLES[token.lower_unit])
    if token.type == "number" and token.value == 0:
        return 0.0
    if token.type == "function":
        return _calculated(token, read_angle, _MOST_NESTED)
    return None


def read_length(token: Token, size: float = ROOT_SIZE, whole: float | None = None) -> float | None:
    """Return a length in pixels; None if a token is none.

    Args:
        token: The token.
        size: Pixels of the font, of which some units are parts.
        whole: Pixels of what a percentage is of; None where there is no percentage.
    """
    if token.type == "dimension":
        unit = token.lower_unit
        factor = _UNITS.get(unit) or size * _FONT_UNITS.get(unit, 0.0)
        return float(token.value * factor) if factor or unit in _FONT_UNITS else None
    if token.type == "number":
        return 0.0 if token.value == 0 else None
    if token.type == "percentage" and whole is not None:
        return float(token.value) * whole / 100
    if token.type == "function":

        def read(inner: Token) -> float | None:
            if inner.type == "number":
                return float(inner.value)
            return read_length(inner, size, whole)

        return _calculated(token, read, _MOST_NESTED)
    return None


def _calculated(token: Token, read: Callable[[Token], float | None], depth: int) -> float | None:
    """Return what a mathematical function is (CSS Values 4, section 10)."""
    name = token.lower_name
    if name not in ("calc", "min", "max", "clamp") or depth == 0:
        return None
    sums = [_sum_of(part, read, depth) for part in split_by(token.arguments, ",")]
    values = [value for value in sums if value is not None]
    if len(values) < len(sums) or not values:
        return None
    if name == "clamp":
        return max(values[0], min(values[1], values[2])) if len(values) == 3 else None  # noqa: PLR2004
    if name == "calc":
        return values[0] if len(values) == 1 else None
    return min(values) if name == "min" else max(values)


def _sum_of(tokens: Tokens, read: Callable[[Token], float | None], depth: int) -> float | None:
    """Return a sum of products."""
    total, sign, product, operator = 0.0, 1.0, None, "+"
    for token in significant(tokens):
        if token.type == "literal" and token.value in ("+", "-", "*", "/"):
            if token.value in "+-" and product is not None:
                total, sign, product = (
                    total + sign * product,
                    -1.0 if token.value == "-" else 1.0,
                    None,
                )
            operator = token.value
            continue
        value = _factor(token, read, depth)
        if value is None:
            return None
        if product is None:
            product = value
        elif operator == "*":
            product *= value
        elif operator == "/" and value:
            product /= value
        else:
            return None
    return None if product is None else total + sign * product


def _factor(token: Token, read: Callable[[Token], float | None], depth: int) -> float | None:
    """Return one factor: a value, or a sum in brackets."""
    if token.type == "() block":
        return _sum_of(token.content, read, depth - 1) if depth else None
    if token.type == "function":
        return _calculated(token, read, depth - 1)
    return read(token)


def read_color(token: Token) -> Color | str | None:
    """Return a colour, `CURRENT`, or None if a token is none.

    Args:
        token: The token; relative colours and mixtures are no colours that are known.
    """
    if token.type == "ident" and token.lower_value in _SYSTEM_COLORS:
        token = _SYSTEM_COLORS[token.lower_value]
    elif token.type == "function" and token.lower_name in ("oklab", "oklch"):
        return _ok_color(token)
    elif token.type == "function" and token.lower_name in ("lab", "lch", "color", "color-mix"):
        return _other_color(token)
    try:
        color = tinycss2.color5.parse_color(token)
        if color is None or isinstance(color, str):
            return CURRENT if color else None
        parts = [float(part or 0) for part in color.to("srgb").coordinates]
        red, green, blue = (min(1.0, max(0.0, part)) for part in parts)
        return Color(red, green, blue, float(color.alpha))
    except (ArithmeticError, AttributeError, NotImplementedError, TypeError, ValueError):
        return None


def _linear(part: float) -> float:
    """Return a part of an sRGB colour without its gamma."""
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4  # noqa: PLR2004


def _curved(part: float) -> float:
    """Return a linear part with the gamma of sRGB."""
    part = min(1.0, max(0.0, part))
    return part * 12.92 if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055  # noqa: PLR2004


def _ok_color(function: Token) -> Color | None:
    """Return an Oklab or Oklch colour (CSS Color 4, section 9)."""
    before, *behind = split_by(significant(function.arguments), "/")
    parts = [
        read_number(token) if token.type != "dimension" else read_angle(token) for token in before
    ]
    alpha = read_number(behind[0][0]) if behind and len(behind[0]) == 1 else 1.0
    if len(parts) != 3 or None in parts or alpha is None:  # noqa: PLR2004
        return None
    light, first, second = (float(part or 0) for part in parts)
    scale = [0.4 if token.type == "percentage" else 1.0 for token in before]
    a, b = first * scale[1], second * scale[2]
    if function.lower_name == "oklch":
        a, b = a * cos(radians(second)), a * sin(radians(second))
    long = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return Color(
        _curved(4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short),
        _curved(-1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short),
        _curved(-0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short),
        alpha,
    )


def _other_color(function: Token) -> Color | None:
    """Return a colour of another space, as near as whether text is seen needs it."""
    inner = significant(function.arguments)
    if function.lower_name == "color-mix":
        return _mixture(function)
    if function.lower_name == "color":
        numbers = [read_number(token) for token in split_by(inner, "/")[0][1:]]
        if len(numbers) != 3 or None in numbers:  # noqa: PLR2004
            return None
        red, green, blue = (min(1.0, max(0.0, float(number or 0))) for number in numbers)
        return Color(red, green, blue)
    light = inner[0] if inner else None
    if light is None or light.type not in ("number", "percentage"):
        return None
    sides = [abs(read_number(token) or 0.0) for token in inner[1:2]]
    if not sides or sides[0] > _GREY:
        return None
    grey = _curved(_lightness(float(light.value) / 100))
    return Color(grey, grey, grey)


_GREY = 3.0  # of CIE Lab's axes: what is nearer to their middle has no colour


def _lightness(light: float) -> float:
    """Return the linear part of CIE lightness (CSS Color 4, section 10.2)."""
    return ((light * 100 + 16) / 116) ** 3 if light > 0.08 else light * 100 / 903.3  # noqa: PLR2004


def _mixture(function: Token) -> Color | None:
    """Return a mixture of two colours, half and half unless it is said."""
    parts = [significant(part) for part in split_by(function.arguments, ",")][1:]
    colors = [read_color(part[0]) for part in parts if part]
    shares = [read_number(part[1]) if len(part) > 1 else None for part in parts if part]
    if len(colors) != 2 or not all(isinstance(one, Color) for one in colors):  # noqa: PLR2004
        return None
    first, second = shares
    share = first if first is not None else 1 - second if second is not None else 0.5
    one, other = (color for color in colors if isinstance(color, Color))
    parts_of = zip((*one.parts, one.alpha), (*other.parts, other.alpha), strict=True)
    return Color(*(a * share + b * (1 - share) for a, b in parts_of))
