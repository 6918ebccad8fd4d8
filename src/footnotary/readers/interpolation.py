"""Interpolation in compose and `.env` files (compose-spec, "Interpolation").

`$NAME`, `${NAME}`, the operators `:-`, `-`, `:?`, `?`, `:+` and `+` with anything nested in
them, and `$$` for a dollar.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

MAX_DEPTH = 20
_VARIABLE = re.compile(
    r"\$\$|\$\{(?P<braced>[A-Za-z_]\w*)(?P<form>:?[-?+])?|\$(?P<plain>[A-Za-z_]\w*)"
)
_BRACE = re.compile(r"\$\{|\}")


@dataclass(frozen=True)
class Use:
    """One `${NAME…}` of a text.

    Attributes:
        name: The variable.
        form: The operator behind it: `:-`, `-`, `:?`, `?`, `:+`, `+`, or empty.
        default: What follows `:-` or `-`; empty otherwise, and deeper than `MAX_DEPTH`.
    """

    name: str
    form: str = ""
    default: str = ""


def uses(text: str) -> Iterator[Use]:
    """Find the interpolations of a value; a nested default is read too.

    Args:
        text: A scalar as written.

    Yields:
        Each use, outer ones first; `$$` is an escaped dollar and no use.
    """
    closings = _closings(text)
    for found in _VARIABLE.finditer(text):
        name = found["braced"] or found["plain"]
        if not name:
            continue
        form, rest = found["form"] or "", ""
        if form and closings[found.start()][1] <= MAX_DEPTH:
            rest = text[found.end() : closings[found.start()][0]]
        yield Use(name, form, rest if form.endswith("-") else "")


def substituted(text: str, given: Mapping[str, str], *, depth: int = 0) -> str:
    """Interpolate a text.

    Args:
        text: A scalar as written.
        given: Values by name.
        depth: How deep it is nested in other interpolations.

    Returns:
        The text with values, defaults and alternatives in place; a variable that has none
        of them stays as `${NAME}`. It may hold anything that a file holds: never show it
        without asking `literals`.
    """
    parts = []
    position = 0
    closings = _closings(text)
    while found := _VARIABLE.search(text, position):
        parts.append(text[position : found.start()])
        position = found.end()
        name = found["braced"] or found["plain"]
        if not name:
            parts.append("$")
            continue
        rest = ""
        if found["braced"]:
            rest = text[position : closings[found.start()][0]]
            position += len(rest) + 1
        if depth < MAX_DEPTH:
            parts.append(_value(name, found["form"] or "", rest, given, depth))
    return "".join([*parts, text[position:]])


def _value(name: str, form: str, rest: str, given: Mapping[str, str], depth: int) -> str:
    """Return what one interpolation becomes."""
    known = name in given and (bool(given[name]) or not form.startswith(":"))
    if form.endswith("+"):
        return substituted(rest, given, depth=depth + 1) if known else ""
    if known:
        return given[name]
    if form.endswith("-"):
        return substituted(rest, given, depth=depth + 1)
    return f"${{{name}}}"


def _closings(text: str) -> dict[int, tuple[int, int]]:
    """Return where each `${` of a text is closed, and how deep it is nested, by its place.

    What is never closed goes to the end of the text.
    """
    found: dict[int, tuple[int, int]] = {}
    opened: list[int] = []
    for brace in _BRACE.finditer(text):
        if brace[0] == "${":
            opened.append(brace.start())
            found[brace.start()] = len(text), len(opened)
        elif opened:
            opening = opened.pop()
            found[opening] = brace.start(), found[opening][1]
    return found
