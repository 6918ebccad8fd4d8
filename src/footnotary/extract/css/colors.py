"""Colours of CSS (CSS Color 4 and 5)."""

from collections.abc import Callable, Mapping
from colorsys import rgb_to_hls
from dataclasses import dataclass
from functools import lru_cache
from math import atan2, cos, degrees, hypot, radians, sin, sqrt

import tinycss2
import tinycss2.color5

from footnotary.extract.css.values import (
    Token,
    calculated,
    read_angle,
    read_number,
    significant,
    split_by,
)

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


def read_color(token: Token) -> Color | str | None:
    """Return a colour, `CURRENT`, or None if a token is none."""
    return _color_of(token) if token.type in ("ident", "hash", "function") else None


@lru_cache(maxsize=10_000)
def _color_of(token: Token) -> Color | str | None:
    """Return the colour that a word or a function is."""
    special = _special(token) if token.type == "function" else None
    if special is not None:
        return special(token)
    if token.type == "ident" and token.lower_value in _SYSTEM_COLORS:
        token = _SYSTEM_COLORS[token.lower_value]
    try:
        color = tinycss2.color5.parse_color(token)
        if color is None or isinstance(color, str):
            return CURRENT if color else None
        parts = [float(part or 0) for part in color.to("srgb").coordinates]
        red, green, blue = (min(1.0, max(0.0, part)) for part in parts)
        return Color(red, green, blue, float(color.alpha))
    except (ArithmeticError, AttributeError, NotImplementedError, TypeError, ValueError):
        return None


def _special(function: Token) -> Callable[[Token], Color | str | None] | None:
    """Return what reads a colour that tinycss2 does not, or None."""
    return _relative_color if _is_relative(function) else _CHOSEN.get(function.lower_name)


def _is_relative(function: Token) -> bool:
    """Return whether a colour is made from another (CSS Color 5, section 4)."""
    first = significant(function.arguments)[:1]
    return bool(first) and first[0].type == "ident" and first[0].lower_value == "from"


def _relative_color(function: Token) -> Color | str | None:
    """Return a colour that is made from the parts of another."""
    inner = significant(function.arguments)
    origin = read_color(inner[1]) if len(inner) > 1 else None
    if origin is None:
        return None
    name, rest = function.lower_name, inner[2:]
    space = [token for token in rest[:1] if name == "color"]
    known = _parts_of(origin, name.rstrip("a") if name in ("rgba", "hsla") else name)
    parts = [_put_in(token, known) for token in rest[len(space) :]]
    if None in parts or len([part for part in parts if part]) < _CHANNELS:
        # the parts of `currentcolor` are not known here
        return None
    if name in ("hsl", "hsla", "hwb"):
        parts[1:3] = [part if str(part).endswith("%") else f"{part}%" for part in parts[1:3]]
    words = " ".join(map(str, [*(token.value for token in space), *parts]))
    made = tinycss2.parse_one_component_value(f"{name}({words})")
    return read_color(made) if made.type == "function" else None


_CHANNELS = 3


def _put_in(token: Token, known: Mapping[str, float]) -> str | None:
    """Return a part of a relative colour with the parts of its origin put in; None if unknown."""
    if token.type == "literal":
        return str(token.value)
    if token.type == "ident":
        value = known.get(token.lower_value)
        return "none" if token.lower_value == "none" else None if value is None else f"{value:.6f}"
    if token.type != "function":
        return str(token.serialize())

    def read(inner: Token) -> float | None:
        if inner.type == "ident":
            return known.get(inner.lower_value)
        return float(inner.value) if inner.type in ("number", "percentage") else None

    value = calculated(token, read)
    return None if value is None else f"{value:.6f}"


def _parts_of(origin: Color | str, name: str) -> dict[str, float]:
    """Return the parts of a colour under the names that they have in a space."""
    if isinstance(origin, str):
        return {}
    red, green, blue = origin.parts
    hue, light, full = rgb_to_hls(red, green, blue)
    first, second, third = _oklab_of(origin)
    spaces: dict[str, dict[str, float]] = {
        "rgb": {"r": red * 255, "g": green * 255, "b": blue * 255},
        "color": {"r": red, "g": green, "b": blue},
        "hsl": {"h": hue * 360, "s": full * 100, "l": light * 100},
        "hwb": {"h": hue * 360, "w": min(origin.parts) * 100, "b": (1 - max(origin.parts)) * 100},
        "oklab": {"l": first, "a": second, "b": third},
        "oklch": {"l": first, "c": hypot(second, third), "h": degrees(atan2(third, second))},
        "lab": {"l": first * 100, "a": second * 100, "b": third * 100},
        "lch": {
            "l": first * 100,
            "c": hypot(second, third) * 100,
            "h": degrees(atan2(third, second)),
        },
    }
    return spaces.get(name, {}) | {"alpha": origin.alpha}


def _oklab_of(color: Color) -> tuple[float, float, float]:
    """Return a colour in Oklab (CSS Color 4, section 9)."""
    red, green, blue = map(_linear, color.parts)
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    middle = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


def _contrasting(function: Token) -> Color | None:
    """Return black or white, whichever can be read on a colour (CSS Color 6)."""
    inner = significant(function.arguments)
    color = read_color(inner[0]) if inner else None
    if not isinstance(color, Color):
        return None
    return BLACK if color.luminance > _MIDDLE else WHITE


_MIDDLE = 0.1791  # luminance that contrasts alike with black and white


def _light(function: Token) -> Color | str | None:
    """Return the colour for light mode of `light-dark()`."""
    first = significant(split_by(function.arguments, ",")[0])
    return read_color(first[0]) if first else None


def is_by_scheme(token: Token) -> bool:
    """Return whether a colour is one for light mode and one for dark mode."""
    return bool(token.type == "function" and token.lower_name == "light-dark")


def gradient_color(function: Token) -> Color | None:
    """Return the colour of a gradient between colours that nobody can tell apart, or None."""
    if function.type != "function" or not function.lower_name.endswith("gradient"):
        return None
    stops = [read_color(token) for token in significant(function.arguments)]
    colors = [one for one in stops if isinstance(one, Color)]
    if not colors or CURRENT in stops or any(one.alpha < 1 for one in colors):
        return None
    return colors[0] if all(one.is_like(colors[0]) for one in colors) else None


def _hard_light(one: float, behind: float) -> float:
    twice = 2 * one
    return behind * twice if one <= 0.5 else behind + twice - 1 - behind * (twice - 1)  # noqa: PLR2004


def _soft_light(one: float, behind: float) -> float:
    if one <= 0.5:  # noqa: PLR2004
        return behind - (1 - 2 * one) * behind * (1 - behind)
    dark = ((16 * behind - 12) * behind + 4) * behind
    return behind + (2 * one - 1) * ((dark if behind <= 0.25 else sqrt(behind)) - behind)  # noqa: PLR2004


_BLENDS: dict[str, Callable[[float, float], float]] = {
    "multiply": lambda one, behind: one * behind,
    "screen": lambda one, behind: one + behind - one * behind,
    "overlay": lambda one, behind: _hard_light(behind, one),
    "darken": min,
    "lighten": max,
    "difference": lambda one, behind: abs(one - behind),
    "exclusion": lambda one, behind: one + behind - 2 * one * behind,
    "plus-lighter": lambda one, behind: min(1.0, one + behind),
    "hard-light": _hard_light,
    "soft-light": _soft_light,
    "color-dodge": lambda one, behind: (
        min(1.0, behind / (1 - one)) if one < 1 else float(behind > 0)
    ),
    "color-burn": lambda one, behind: (
        1 - min(1.0, (1 - behind) / one) if one else float(behind >= 1)
    ),
}
_Parts = tuple[float, float, float]


def blend_colors(mode: str, color: Color, behind: Color) -> Color:
    """Return what is seen of an opaque colour on another (Compositing 1, sections 9 and 10)."""
    one, other = color.parts, behind.parts
    if mode in _BLENDS:
        return Color(*map(_BLENDS[mode], one, other))
    if mode == "hue":
        return Color(*_lit(_saturated(one, max(other) - min(other)), _luma(other)))
    if mode == "saturation":
        return Color(*_lit(_saturated(other, max(one) - min(one)), _luma(other)))
    if mode == "color":
        return Color(*_lit(one, _luma(other)))
    return Color(*_lit(other, _luma(one))) if mode == "luminosity" else color


def _luma(parts: _Parts) -> float:
    return 0.3 * parts[0] + 0.59 * parts[1] + 0.11 * parts[2]


def _lit(parts: _Parts, light: float) -> _Parts:
    """Return a colour with another luminosity, clipped to what there is."""
    by = light - _luma(parts)
    red, green, blue = (part + by for part in parts)
    low, high = min(red, green, blue), max(red, green, blue)
    share = min(
        light / (light - low) if low < 0 else 1.0, (1 - light) / (high - light) if high > 1 else 1.0
    )
    return tuple(light + (part - light) * share for part in (red, green, blue))  # type: ignore[return-value]


def _saturated(parts: _Parts, saturation: float) -> _Parts:
    """Return a colour with another saturation; grey stays grey."""
    low, wide = min(parts), max(parts) - min(parts)
    return tuple((part - low) * saturation / wide if wide else 0.0 for part in parts)  # type: ignore[return-value]


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


_CHOSEN: dict[str, Callable[[Token], Color | str | None]] = {
    "contrast-color": _contrasting,
    "light-dark": _light,
    **dict.fromkeys(("oklab", "oklch"), _ok_color),
    **dict.fromkeys(("lab", "lch", "color", "color-mix"), _other_color),
}
