"""Interpolation, and the `.env` files that give values to it (compose-spec, "Interpolation").

`$NAME`, `${NAME}`, the operators `:-`, `-`, `:?`, `?`, `:+` and `+` with anything nested in
them, and `$$` for a dollar.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

_MAX_DEPTH = 20
_VARIABLE = re.compile(
    r"\$\$|\$\{(?P<braced>[A-Za-z_]\w*)?(?P<form>:?[-?+])?|\$(?P<plain>[A-Za-z_]\w*)"
)
_BRACE = re.compile(r"\$\{|\}")
_UNKNOWN = re.compile(r"\$\{\w+\}")  # of no known value: compose takes it as empty
_ASSIGNMENT = re.compile(r"\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_.]*)\s*(?:[=:](.*))?")

_How = Literal["value", "literal", "alone"]


@dataclass(frozen=True)
class VariableUse:
    """One `${NAME…}` of a text.

    Attributes:
        name: The variable; empty where none is named.
        form: The operator behind it: `:-`, `-`, `:?`, `?`, `:+`, `+`, or empty.
        rest: What follows the operator.
        is_valid: Whether compose accepts its form.
    """

    name: str
    form: str = ""
    rest: str = ""
    is_valid: bool = True

    @property
    def default(self) -> str:
        """What follows `:-` or `-`."""
        return self.rest if self.form.endswith("-") else ""


def find_uses(text: str, depth: int = 0) -> Iterator[VariableUse]:
    """Find the interpolations of a value, those nested in others too.

    Yields:
        Each use, outer ones first; `$$` is an escaped dollar and no use.
    """
    for part in _parts(text) if "$" in text else ():
        if isinstance(part, VariableUse):
            yield part
            if depth < _MAX_DEPTH:
                yield from find_uses(part.rest, depth + 1)


def fill_variables(text: str, given: Mapping[str, str], depth: int = 0) -> str:
    """Interpolate a text.

    Returns:
        The text with values, defaults and alternatives in place; a variable that has none
        of them stays as `${NAME}`. It may hold anything that a file holds: never show it
        without asking `literals`.
    """
    if depth > _MAX_DEPTH:
        return ""
    return "".join(
        _value(part, given, depth)
        if isinstance(part, VariableUse)
        else "$"
        if part == "$$"
        else part
        for part in _parts(text)
    )


def _value(use: VariableUse, given: Mapping[str, str], depth: int) -> str:
    """Return what one interpolation becomes."""
    known = use.name in given and (bool(given[use.name]) or not use.form.startswith(":"))
    if use.form.endswith("+"):
        return fill_variables(use.rest, given, depth + 1) if known else ""
    if known:
        return given[use.name]
    if use.form.endswith("-"):
        return fill_variables(use.rest, given, depth + 1)
    return f"${{{use.name}}}"


def reduce_variables(text: str) -> str:
    """Reduce every interpolation to `${NAME}`, however it is nested; `$$` stays."""
    if "$" not in text:
        return text
    parts = _parts(text)
    return "".join(f"${{{one.name}}}" if isinstance(one, VariableUse) else one for one in parts)


def _parts(text: str) -> Iterator[str | VariableUse]:
    """Cut a text into its interpolations, `$$`, and what lies between."""
    position = 0
    while found := _VARIABLE.search(text, position):
        yield text[position : found.start()]
        position = found.end()
        if found[0] == "$$":
            yield "$$"
        elif found["plain"]:
            yield VariableUse(found["plain"])
        else:
            end = _end(text, position)
            rest = text[position:end]
            valid = bool(found["braced"]) and (found["form"] or not rest) and end < len(text)
            yield VariableUse(found["braced"] or "", found["form"] or "", rest, bool(valid))
            position = end + 1
    yield text[position:]


def _end(text: str, position: int) -> int:
    """Return where the brace is closed that was opened before; the text's end where it is not."""
    depth = 1
    for brace in _BRACE.finditer(text, position):
        depth += 1 if brace[0] == "${" else -1
        if not depth:
            return brace.start()
    return len(text)


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

    Returns:
        The assignments by name; a later line wins, a quoted value may span lines, a `#`
        after white space begins a comment.
    """
    return {one.name: one for one in _assignments(text)}


def read_values(text: str) -> dict[str, str]:
    """Return what a `.env` file gives to interpolations: its own are interpolated too."""
    found: dict[str, str] = {}
    for one in _assignments(text):
        if one.how == "literal":
            found[one.name] = one.value
        elif one.how == "value":
            found[one.name] = _UNKNOWN.sub("", fill_variables(one.value, found))
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
