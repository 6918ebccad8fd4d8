"""Values of CSS: lengths in pixels, numbers, angles, addresses (CSS Values 4)."""

from collections.abc import Callable, Sequence
from math import (
    ceil,
    cos,
    e,
    exp,
    floor,
    fmod,
    hypot,
    isfinite,
    log,
    pi,
    sin,
    sqrt,
    tan,
    trunc,
)
from typing import Any
from urllib.parse import urljoin

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
Token = Any
Tokens = Sequence[Token]


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
        return calculated(token, read_number)
    return None


def read_angle(token: Token) -> float | None:
    """Return an angle in degrees; None if a token is none."""
    if token.type == "dimension" and token.lower_unit in _ANGLES:
        return float(token.value * _ANGLES[token.lower_unit])
    if token.type == "number" and token.value == 0:
        return 0.0
    if token.type == "function":
        return calculated(token, read_angle)
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

        return calculated(token, read)
    return None


def calculated(
    token: Token, read: Callable[[Token], float | None], depth: int = _MOST_NESTED
) -> float | None:
    """Return what a mathematical function is (CSS Values 4, section 10), or None.

    Args:
        token: The function.
        read: Reads a value in it.
        depth: How many more functions may lie in it.
    """
    function = _MATHS.get(token.lower_name)
    if function is None or depth == 0:
        return None
    parts = split_by(token.arguments, ",")
    if token.lower_name == "calc-size":
        read, parts = _with_size(_sum_of(parts[0], read, depth), read), parts[1:]
    if token.lower_name == "round" and keyword_in(parts[0]) in _ROUNDED:
        function, parts = _ROUNDED[keyword_in(parts[0])], parts[1:]
    sums = [_sum_of(part, read, depth) for part in parts]
    values = [value for value in sums if value is not None]
    if len(values) < len(sums) or not values:
        return None
    try:
        found = function(*values)
        return float(found) if isfinite(found) else None
    except (ArithmeticError, TypeError, ValueError):
        return None


def _with_size(
    basis: float | None, read: Callable[[Token], float | None]
) -> Callable[[Token], float | None]:
    """Return what reads `size` too, which is much where nothing states it (CSS Values 5)."""
    size = _MUCH if basis is None else basis
    return lambda token: size if keyword_in([token]) == "size" else read(token)


_MUCH = 1e6  # pixels
_CONSTANTS = {"pi": pi, "e": e, "infinity": 1e9, "-infinity": -1e9}
_ROUNDED: dict[str, Callable[..., float]] = {
    "down": lambda value, step=1.0: floor(value / step) * step,
    "up": lambda value, step=1.0: ceil(value / step) * step,
    "nearest": lambda value, step=1.0: floor(value / step + 0.5) * step,
    "to-zero": lambda value, step=1.0: trunc(value / step) * step,
}
_MATHS: dict[str, Callable[..., float]] = {
    "calc": lambda value: value,
    "calc-size": lambda value: value,
    "min": lambda *values: min(values),
    "max": lambda *values: max(values),
    "clamp": lambda least, value, most: max(least, min(value, most)),
    "round": _ROUNDED["nearest"],
    "mod": lambda value, step: value - floor(value / step) * step,
    "rem": fmod,
    "abs": abs,
    "sign": lambda value: float((value > 0) - (value < 0)),
    "sin": sin,
    "cos": cos,
    "tan": tan,
    "pow": pow,
    "sqrt": sqrt,
    "hypot": hypot,
    "exp": exp,
    "log": log,
}


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
    if token.type == "ident" and token.lower_value in _CONSTANTS:
        return _CONSTANTS[token.lower_value]
    if token.type == "function":
        return calculated(token, read, depth - 1)
    return read(token)


def address_in(token: Token) -> str:
    """Return the address in a `url()`; empty if a token is none."""
    if token.type == "url":
        return str(token.value)
    if token.type != "function" or token.lower_name != "url":
        return ""
    return "".join(str(one.value) for one in token.arguments if one.type == "string")


def joined_address(base: str, url: str) -> str:
    """Return an address that a sheet or a page names, as an absolute one; empty if it is none."""
    try:
        return urljoin(base, url.strip()).partition("#")[0]
    except ValueError:
        return ""
