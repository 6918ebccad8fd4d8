"""When a rule applies: media queries for a desktop's window, and what a browser supports.

Media Queries 4 (what is unknown is not true, nor is its negation) and CSS Conditional 3 to 5.
"""

from collections.abc import Callable, Mapping
from functools import cache, partial
from importlib.resources import files
from operator import eq, ge, gt, le, lt

import tinycss2

from footnotary.extract.css.selectors import parse_selectors
from footnotary.extract.css.validity import is_valid
from footnotary.extract.css.values import (
    HEIGHT,
    WIDTH,
    Token,
    Tokens,
    read_length,
    read_number,
    significant,
    split_by,
)

_MOST_NESTED = 20
_TYPES = frozenset(("all", "screen"))
# Features of a desktop in light mode, with scripts, read with a mouse.
_DISCRETE = {
    "any-hover": "hover",
    "any-pointer": "fine",
    "color-gamut": "srgb",
    "display-mode": "browser",
    "dynamic-range": "standard",
    "environment-blending": "opaque",
    "forced-colors": "none",
    "hover": "hover",
    "orientation": "landscape",
    "overflow-block": "scroll",
    "overflow-inline": "scroll",
    "pointer": "fine",
    "prefers-color-scheme": "light",
    "prefers-contrast": "no-preference",
    "prefers-reduced-data": "no-preference",
    "prefers-reduced-motion": "no-preference",
    "prefers-reduced-transparency": "no-preference",
    "scan": "progressive",
    "scripting": "enabled",
    "update": "fast",
    "video-dynamic-range": "standard",
}
_RANGED = {
    "aspect-ratio": WIDTH / HEIGHT,
    "color": 8.0,
    "color-index": 0.0,
    "device-aspect-ratio": WIDTH / HEIGHT,
    "device-height": HEIGHT,
    "device-width": WIDTH,
    "grid": 0.0,
    "height": HEIGHT,
    "monochrome": 0.0,
    "resolution": 1.0,
    "width": WIDTH,
    "-webkit-device-pixel-ratio": 1.0,
    "-webkit-transform-3d": 1.0,
}
_FALSE_ALONE = frozenset(("none", "no-preference"))
_COMPARED: dict[str, Callable[[float, float], bool]] = {
    "<": lt,
    "<=": le,
    "=": eq,
    ">": gt,
    ">=": ge,
}
_RESOLUTIONS = {"dppx": 1.0, "x": 1.0, "dpi": 1 / 96, "dpcm": 2.54 / 96}


def matches_media(tokens: Tokens) -> bool:
    """Return whether a media query list holds on a desktop's screen.

    Args:
        tokens: What is behind `@media` or in a `media` attribute; nothing means all.
    """
    queries = split_by(significant(tokens), ",")
    return queries == [[]] or any(map(_query_holds, queries))


def _query_holds(tokens: list[Token]) -> bool:
    """Return whether one media query holds."""
    negated, rest = False, tokens
    words = [token.lower_value if token.type == "ident" else "" for token in tokens[:2]]
    if words[:1] in (["not"], ["only"]) and len(words) > 1 and words[1]:
        negated, rest = words[0] == "not", tokens[1:]
    if not rest:
        return False
    if rest[0].type != "ident" or rest[0].lower_value == "not":
        return bool(_condition(tokens, _feature, _MOST_NESTED))
    holds: bool | None = rest[0].lower_value in _TYPES
    if len(rest) > 1:
        if rest[1].type != "ident" or rest[1].lower_value != "and":
            return False
        inner = _condition(rest[2:], _feature, _MOST_NESTED)
        holds = _both(holds, inner)
    return bool(_not(holds) if negated else holds)


def container_holds(
    tokens: list[Token],
    contained: bool,  # noqa: FBT001
    width: float | None,
    by_style: Callable[[Token], bool | None],
) -> bool | None:
    """Return whether the query of a container holds; None where that is unknown.

    Args:
        tokens: The query.
        contained: Whether there is a container of the width of which it may ask.
        width: That width, in pixels; None where it is not known.
        by_style: Judges a `style()`.
    """

    def judge(token: Token, depth: int) -> bool | None:
        if token.type == "function":
            return by_style(token) if token.lower_name == "style" else None
        if not contained:
            return False
        if width is None:
            narrow, wide = (_feature(token, depth, {"width": edge}) for edge in _EDGES)
            return narrow if narrow == wide else None
        return _feature(token, depth, {"width": width, "inline-size": width})

    return _condition(tokens, judge, _MOST_NESTED)


def choice_holds(tokens: list[Token], by_style: Callable[[Token], bool | None]) -> bool | None:
    """Return whether the condition of an `if()` holds (CSS Values 5, section 7.9).

    Args:
        tokens: The condition, but `else`.
        by_style: Judges a `style()`.
    """

    def judge(token: Token, depth: int) -> bool | None:
        if token.type == "() block":
            return _condition(significant(token.content), judge, depth - 1)
        name = token.lower_name if token.type == "function" else ""
        if name == "media":
            return matches_media(token.arguments) or matches_media(_bracketed(token.arguments))
        if name == "supports":
            inner = token.arguments
            return supports_holds(inner) or supports_holds(_bracketed(inner))
        return by_style(token) if name == "style" else None

    return _condition(tokens, judge, _MOST_NESTED)


def _bracketed(tokens: Tokens) -> Tokens:
    """Return tokens in brackets, which a function's own stand for."""
    (brackets,) = tinycss2.parse_component_value_list("()")
    brackets.content = list(tokens)
    return [brackets]


_EDGES = (300.0, WIDTH)  # pixels between which a container's width is


def supports_holds(tokens: Tokens) -> bool:
    """Return whether an `@supports` condition holds in today's browsers."""
    return bool(_condition(significant(tokens), _supported, _MOST_NESTED))


def _condition(
    tokens: list[Token], judge: Callable[[Token, int], bool | None], depth: int
) -> bool | None:
    """Return whether a condition of `not`, `and` and `or` holds; None where that is unknown."""
    if not tokens or depth == 0:
        return None
    if _is_word(tokens[0], "not"):
        return _not(judge(tokens[1], depth)) if len(tokens) == 2 else None  # noqa: PLR2004
    holds = judge(tokens[0], depth)
    joint = ""
    for word, token in zip(tokens[1::2], tokens[2::2], strict=False):
        if word.type != "ident" or (joint and word.lower_value != joint):
            return None
        joint = word.lower_value
        if joint == "and":
            holds = _both(holds, judge(token, depth))
        elif joint == "or":
            holds = _not(_both(_not(holds), _not(judge(token, depth))))
        else:
            return None
    return holds if len(tokens) % 2 else None


def _is_word(token: Token, word: str) -> bool:
    return bool(token.type == "ident" and token.lower_value == word)


def _not(holds: bool | None, /) -> bool | None:  # noqa: FBT001  a truth value
    return None if holds is None else not holds


def _both(one: bool | None, other: bool | None, /) -> bool | None:  # noqa: FBT001  as above
    if one is False or other is False:
        return False
    return None if one is None or other is None else True


def _feature(token: Token, depth: int, ranged: Mapping[str, float] | None = None) -> bool | None:
    """Return whether a media feature in brackets is a desktop's; None if it is unknown."""
    if token.type != "() block":
        return None
    inner = significant(token.content)
    if inner and (inner[0].type == "() block" or _is_word(inner[0], "not")):
        return _condition(inner, partial(_feature, ranged=ranged), depth - 1)
    if len(inner) == 1 and inner[0].type == "ident":
        return _alone(inner[0].lower_value)
    name, *value = split_by(inner, ":")
    if len(value) == 1 and len(name) == 1 and name[0].type == "ident":
        return _stated(name[0].lower_value, value[0], ranged or _RANGED)
    return _range(inner, ranged or _RANGED)


def _alone(name: str) -> bool | None:
    """Return whether a feature without a value holds."""
    if name in _RANGED:
        return bool(_RANGED[name])
    return _DISCRETE[name] not in _FALSE_ALONE if name in _DISCRETE else None


def _stated(name: str, value: list[Token], ranged: Mapping[str, float]) -> bool | None:
    """Return whether a feature has a value."""
    if name in _DISCRETE:
        return _is_word(value[0], _DISCRETE[name]) if len(value) == 1 else None
    comparison = "="
    for prefix, sign in (("min-", ">="), ("max-", "<=")):
        plain = (
            name.replace(prefix, "", 1) if name.startswith((prefix, f"-webkit-{prefix}")) else ""
        )
        if plain in ranged:
            name, comparison = plain, sign
    amount = _amount(value)
    if name not in ranged or amount is None:
        return None
    return _COMPARED[comparison](ranged[name], amount)


def _range(tokens: list[Token], ranged: Mapping[str, float]) -> bool | None:
    """Return whether a feature lies in a range, as in `(400px <= width < 900px)`."""
    operands: list[list[Token]] = [[]]
    signs: list[str] = []
    for token in tokens:
        if token.type == "literal" and token.value in ("<", ">", "=", "<=", ">="):
            if token.value == "=" and not operands[-1] and signs:
                signs[-1] += "="
                continue
            signs.append(token.value)
            operands.append([])
        else:
            operands[-1].append(token)
    values = [_operand(part, ranged) for part in operands]
    if not signs or len(signs) > 2 or None in values:  # noqa: PLR2004
        return None
    numbers = [float(value or 0) for value in values]
    return all(
        _COMPARED[sign](one, other)
        for sign, one, other in zip(signs, numbers, numbers[1:], strict=False)
    )


def _operand(tokens: list[Token], ranged: Mapping[str, float]) -> float | None:
    """Return the number on one side of a comparison."""
    if len(tokens) == 1 and tokens[0].type == "ident":
        return ranged.get(tokens[0].lower_value)
    return _amount(tokens)


def _amount(tokens: list[Token]) -> float | None:
    """Return a length, a resolution, a ratio or a number."""
    if len(tokens) == 3 and getattr(tokens[1], "value", "") == "/":  # noqa: PLR2004
        one, other = read_number(tokens[0]), read_number(tokens[2])
        return one / other if one is not None and other else None
    if len(tokens) != 1:
        return None
    token = tokens[0]
    if token.type == "dimension" and token.lower_unit in _RESOLUTIONS:
        return float(token.value * _RESOLUTIONS[token.lower_unit])
    return float(token.value) if token.type == "number" else read_length(token)


def _supported(token: Token, depth: int) -> bool | None:
    """Return whether a browser supports what is in brackets; what is unknown it does not."""
    if token.type == "function":
        if token.lower_name == "selector":
            return parse_selectors(token.arguments) is not None
        return token.lower_name in ("at-rule", "font-tech", "font-format")
    inner = significant(token.content) if token.type == "() block" else []
    if not inner:
        return False
    if inner[0].type in ("() block", "function") or _is_word(inner[0], "not"):
        return _condition(inner, _supported, depth - 1)
    return _takes(inner)


def _takes(declaration: list[Token]) -> bool:
    """Return whether a browser takes a declaration."""
    name, *value = split_by(declaration, ":")
    if len(name) != 1 or name[0].type != "ident" or not value or not value[0]:
        return False
    named = name[0].value if name[0].value.startswith("--") else name[0].lower_value
    known = named.startswith("--") or named in _known_properties()
    return known and is_valid(named, value[0])


@cache
def _known_properties() -> frozenset[str]:
    """Return the names of properties that browsers know."""
    names = files("footnotary.extract.css").joinpath("known_properties.txt").read_text("utf-8")
    return frozenset(line for line in names.splitlines() if line and not line.startswith("#"))
