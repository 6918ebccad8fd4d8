""".env files: which variables they set; of the values only what may be shown."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from footnotary.facts.basis import Place
from footnotary.facts.deploy import DotenvEntry, DotenvFile
from footnotary.readers import literals
from footnotary.readers.interpolation import substituted
from footnotary.source.tree import Tree

_LINE = re.compile(r"\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_.]*)\s*(?:[=:](.*))?")
_VARIABLE = re.compile(r"\$\{\w+\}")  # of no known value: compose takes it as empty
_SAMPLE = re.compile(r"example|sample|template|dist|default|tmpl", re.IGNORECASE)


_How = Literal["value", "literal", "alone"]


@dataclass(frozen=True)
class _Line:
    """What one line sets: a value, one in single quotes, or a name alone."""

    name: str
    value: str
    line: int
    how: _How


def find(tree: Tree) -> tuple[str, ...]:
    """Return the paths of the project's .env files."""
    return tree.named(".env", ".env.*", "*.env", "env.example", "*.env.*", ".envrc")


def read(tree: Tree, path: str, *, committed: bool | None) -> DotenvFile:
    """Read one .env file.

    Args:
        tree: The project's files.
        path: Relative to the root.
        committed: Whether git tracks it.

    Returns:
        Its names; values only where their form is allow-listed.
    """
    text = tree.text(path) or ""
    return DotenvFile(
        path=path,
        example=bool(_SAMPLE.search(path.rpartition("/")[2])),
        committed=committed,
        entries=tuple(
            DotenvEntry(
                name=literals.identifier(name),
                has_value=bool(value),
                shown=literals.shown(value, name=name),
                place=Place(path=path, line=line),
            )
            for name, (value, line) in assignments(text).items()
        ),
    )


def assignments(text: str) -> dict[str, tuple[str, int]]:
    """Parse the text of a .env file as compose does.

    Args:
        text: The file's text.

    Returns:
        Value and line by name; a later line wins, a quoted value may span lines, a `#`
        after white space begins a comment, a name without `=` has an empty value.
    """
    return {one.name: (one.value, one.line) for one in _read(text)}


def without_value(text: str) -> set[str]:
    """Return the names that stand alone: a container is given the host's value, if any.

    Args:
        text: The file's text.
    """
    return {one.name for one in _read(text) if one.how == "alone"}


def values(text: str) -> dict[str, str]:
    """Return what a .env file gives to interpolations: its own are interpolated too.

    Args:
        text: The file's text.
    """
    found: dict[str, str] = {}
    for one in _read(text):
        if one.how == "literal":
            found[one.name] = one.value
        elif one.how == "value":
            found[one.name] = _VARIABLE.sub("", substituted(one.value, found))
    return found


def _read(text: str) -> Iterator[_Line]:
    """Yield what the lines of a file set."""
    lines = iter(enumerate(text.splitlines(), start=1))
    for number, line in lines:
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        matched = _LINE.fullmatch(line)
        if matched is None or (matched[2] is None and not matched[1].isupper()):
            continue  # a word alone is a name only if it is written like one
        value = (matched[2] or "").strip()
        how: _How = "alone" if matched[2] is None else "literal" if value[:1] == "'" else "value"
        if value[:1] in {'"', "'"}:
            value = _quoted(value, lines)
        else:
            value = re.split(r"\s+#", value, maxsplit=1)[0]
            value = "" if value.startswith("#") else value
        yield _Line(matched[1], value, number, how)


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
