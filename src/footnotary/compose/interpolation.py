"""Interpolation, and the `.env` files that give values to it (compose-spec, "Interpolation").

`$NAME`, `${NAME}`, the operators `:-`, `-`, `:?`, `?`, `:+` and `+` with anything nested in
them, and `$$` for a dollar.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

MAX_DEPTH = 20
_VARIABLE = re.compile(
    r"\$\$|\$\{(?P<braced>[A-Za-z_]\w*)(?P<form>:?[-?+])?|\$(?P<plain>[A-Za-z_]\w*)"
)
_BRACE = re.compile(r"\$\{|\}")
_OPENING = re.compile(r"\$\$|\$\{(?P<name>[A-Za-z_]\w*)?(?P<rest>:?[-?+]|\})?")
_UNKNOWN = re.compile(r"\$\{\w+\}")  # of no known value: compose takes it as empty
_ASSIGNMENT = re.compile(r"\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_.]*)\s*(?:[=:](.*))?")

_How = Literal["value", "literal", "alone"]


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
    first = text.find("${")
    if first < 0 or text.find("${", first + 2) < 0:  # nearly every text
        end = text.find("}", first)
        return {first: (end if end >= 0 else len(text), 1)} if first >= 0 else {}
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


def reduced(text: str) -> str:
    """Reduce every interpolation to `${NAME}`, however it is nested; `$$` stays.

    Args:
        text: A scalar as written.
    """
    parts = []
    position = 0
    closings = _closings(text)
    while found := _VARIABLE.search(text, position):
        name = found["braced"] or found["plain"]
        parts += [text[position : found.start()], f"${{{name}}}" if name else "$$"]
        position = closings[found.start()][0] + 1 if found["braced"] else found.end()
    return "".join([*parts, text[position:]])


def is_invalid(text: str) -> bool:
    """Tell whether a `${` has a form that compose refuses.

    Args:
        text: A scalar as written.
    """
    closings = _closings(text)
    return any(
        found[0] != "$$"
        and (not found["name"] or not found["rest"] or closings[found.start()][0] == len(text))
        for found in _OPENING.finditer(text)
    )


@dataclass(frozen=True)
class Assignment:
    """What one line of a `.env` file sets.

    Attributes:
        name: The variable.
        value: Its value without quotes; empty where there is none.
        line: Its line.
        how: `value`, `literal` (in single quotes), or `alone` (a name without `=`).
    """

    name: str
    value: str
    line: int
    how: _How


def read_assignments(text: str) -> dict[str, Assignment]:
    """Parse the text of a `.env` file as compose does.

    Args:
        text: The file's text.

    Returns:
        The assignments by name; a later line wins, a quoted value may span lines, a `#`
        after white space begins a comment.
    """
    return {one.name: one for one in _assignments(text)}


def read_values(text: str) -> dict[str, str]:
    """Return what a `.env` file gives to interpolations: its own are interpolated too.

    Args:
        text: The file's text.
    """
    found: dict[str, str] = {}
    for one in _assignments(text):
        if one.how == "literal":
            found[one.name] = one.value
        elif one.how == "value":
            found[one.name] = _UNKNOWN.sub("", substituted(one.value, found))
    return found


def _assignments(text: str) -> Iterator[Assignment]:
    """Yield what the lines of a `.env` file set."""
    lines = iter(enumerate(text.splitlines(), start=1))
    for number, line in lines:
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        matched = _ASSIGNMENT.fullmatch(line)
        if matched is None or (matched[2] is None and not matched[1].isupper()):
            continue  # a word alone is a name only if it is written like one
        value = (matched[2] or "").strip()
        how: _How = "alone" if matched[2] is None else "literal" if value[:1] == "'" else "value"
        if value[:1] in {'"', "'"}:
            value = _quoted(value, lines)
        else:
            value = re.split(r"\s+#", value, maxsplit=1)[0]
            value = "" if value.startswith("#") else value
        yield Assignment(matched[1], value, number, how)


def _quoted(value: str, lines: Iterator[tuple[int, str]]) -> str:
    """Return a quoted value, reading on until its closing quote."""
    quote, body = value[0], value[1:]
    while (end := _closing(body, quote)) < 0:
        following = next(lines, None)
        if following is None:
            return body
        body += "\n" + following[1]
    return body[:end]


def _closing(body: str, quote: str) -> int:
    """Return the index of the quote that closes a value, or -1."""
    escaped = False
    for index, character in enumerate(body):
        if character == quote and not escaped:
            return index
        escaped = character == "\\" and not escaped and quote == '"'
    return -1
