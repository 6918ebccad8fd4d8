"""One compose file as nodes: each value as it was written, with its file and line.

Nodes are made of the parser's events, so that depth and aliases are bounded while reading.
They are never changed: merging makes new ones.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import isfinite
from typing import Any

import yaml

from footnotary.compose.interpolation import fill_variables
from footnotary.facts.basis import Place
from footnotary.yaml_text import MAX_NESTING, MAX_NODES

_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_TRUE = frozenset({"true", "y", "yes", "on", "1"})
# What YAML 1.2 and Go's parser take for a number that is not written as it is passed on.
_NUMBER = re.compile(
    r"(?=.*\d)[-+]?(?:0[xX][0-9a-fA-F_]+|0[oO]?[0-7_]+|0[bB][01_]+|[\d_]+(?:\.\d*)?(?:[eE][-+]?\d+)?|\.\d+)"
)
# A day, with a time of it behind a blank, or behind a T and with a zone (yaml.v3, "resolve").
_TIME = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:(?: |([Tt]))(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.\d+)?(?(4)(?:Z|[+-]\d\d:\d\d)))?"
)
_LONG = 19  # digits from which a number may not fit an integer
_BASES = {"x": 16, "o": 8, "b": 2}
_DIRECTIVES = {"!reset": "reset", "!override": "override"}


@dataclass(frozen=True, eq=False, slots=True)
class NodeSource:
    """The file that nodes were read from, and what its values mean there.

    Attributes:
        path: The file, relative to the project's root.
        folder: The folder that its relative paths start from.
        given: Values for its interpolations, from `.env` files; never shown.
    """

    path: str
    folder: str = ""
    given: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Node:
    """A value; equal to another one that says the same, wherever they stand.

    Attributes:
        source: Where it was read.
        line: Its line; for the value of a key, the key's.
        directive: `reset`, `override`, or empty.
    """

    source: NodeSource = field(compare=False)
    line: int = field(compare=False)
    directive: str = field(default="", kw_only=True)

    @property
    def place(self) -> Place:
        """Its file and line."""
        return Place(path=self.source.path, line=self.line)

    @property
    def is_null(self) -> bool:
        """Whether it is YAML's null."""
        return isinstance(self, ScalarNode) and self.plain and self.raw in _NULLS


@dataclass(slots=True)
class ScalarNode(Node):
    """A value without parts.

    Attributes:
        raw: The text between the quotes, interpolations as written.
        plain: Whether it has no quotes and no tag, so that its form decides its type.
        first_line: The line of a block's first line of text; 0 for any other scalar.
    """

    raw: str
    plain: bool = False
    first_line: int = field(default=0, compare=False)

    @property
    def text(self) -> str:
        """The value as compose passes it on, unknown variables as `${NAME}`; may be secret."""
        if "$" in self.raw:
            return fill_variables(self.raw, self.source.given)
        return _plain_text(self.raw) if self.plain else self.raw

    @property
    def is_time(self) -> bool:
        """Whether Go's parser takes it for a time, which has no place in a compose file."""
        found = _TIME.fullmatch(self.raw) if self.plain else None
        if found is None:
            return False
        year, month, day, _, hour, minute, second = found.groups("0")
        try:
            datetime(
                int(year), int(month), int(day), int(hour), int(minute), int(second), tzinfo=UTC
            )
        except ValueError:
            return False
        return True

    @property
    def is_interpolated(self) -> bool:
        """Whether its text is not what the file says."""
        return "$" in self.raw


@dataclass(slots=True)
class ListNode(Node):
    """A list."""

    items: list[Node]


@dataclass(slots=True)
class MapNode(Node):
    """A mapping.

    Attributes:
        items: Its values by key, in the order of the file.
    """

    items: dict[str, Node]


def get_text(node: Node | None) -> str:
    """Return the text of a scalar; empty for anything else and for null."""
    return node.text if isinstance(node, ScalarNode) else ""


def is_true(node: Node | None) -> bool:
    """Tell whether a value is true, as compose reads booleans."""
    return get_text(node).casefold() in _TRUE


def get_entries(node: Node | None) -> dict[str, Node]:
    """Return the values of a mapping by key; empty for anything else."""
    return node.items if isinstance(node, MapNode) else {}


def get_members(node: Node | None) -> list[Node]:
    """Return the items of a list; of a single value, that one; none of null or a mapping."""
    if isinstance(node, ListNode):
        return node.items
    return [node] if isinstance(node, ScalarNode) and not node.is_null else []


def find_below(node: Node | None, *keys: str) -> Node | None:
    """Return what is under keys of nested mappings; None where one is missing."""
    for key in keys:
        node = get_entries(node).get(key)
    return node


def parse_nodes(text: str, source: NodeSource) -> list[Node]:
    """Parse one compose file.

    Returns:
        The root of each document in it; none of an empty file.

    Raises:
        ValueError: It cannot be read; one sentence with the line, without its words.
    """
    return _Reader(source).read(text)


def walk_scalars(node: Node, without: str | None = None) -> Iterator[ScalarNode]:
    """Yield every scalar of a document once, however often aliases name it.

    Args:
        node: The document's root.
        without: What keys begin with whose values are left out; None for none.
    """
    waiting, seen = [node], set()
    while waiting:
        one = waiting.pop()
        if isinstance(one, ScalarNode):
            yield one
        elif isinstance(one, MapNode | ListNode) and id(one.items) not in seen:
            seen.add(id(one.items))
            if isinstance(one, ListNode):
                items = one.items
            else:
                items = [
                    value for key, value in one.items.items()
                    if without is None or not key.startswith(without)
                ]  # fmt: skip
            waiting += items[::-1]


@dataclass(slots=True)
class _Frame:
    """A collection that is still open.

    Attributes:
        node: The collection.
        anchor: Its anchor, or None.
        key: The key whose value comes next; None where a key comes next.
        line: That key's line.
        merged: What its `<<` keys name.
        size: How many nodes it holds, aliases followed.
    """

    node: MapNode | ListNode
    anchor: str | None
    key: str | None = None
    line: int = 0
    merged: list[Node] = field(default_factory=list)
    size: int = 1


class _Reader:
    """Makes nodes of events.

    Attributes:
        source: What the nodes belong to.
        roots: The documents read so far.
        open: Collections that are not closed yet.
        anchors: Anchored nodes, with their sizes.
        added: How many nodes aliases have added.
    """

    def __init__(self, source: NodeSource) -> None:
        self.source = source
        self.roots: list[Node] = []
        self.open: list[_Frame] = []
        self.anchors: dict[str, tuple[Node, int]] = {}
        self.added = 0

    def read(self, text: str) -> list[Node]:
        """Return the documents of a text."""
        loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
        try:
            for event in yaml.parse(text, Loader=loader):
                self._take(event)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            where = f", line {mark.line + 1}," if mark else ""
            raise ValueError(f"{self.source.path}{where} is not valid YAML") from None
        return self.roots

    def _take(self, event: Any) -> None:
        """Take in one event."""
        kind = type(event)
        if kind is yaml.ScalarEvent:
            self._scalar(event)
        elif kind is yaml.MappingStartEvent:
            node = MapNode(self.source, _line(event), {}, directive=_directive(event))
            self._begin(event, node)
        elif kind is yaml.SequenceStartEvent:
            listed = ListNode(self.source, _line(event), [], directive=_directive(event))
            self._begin(event, listed)
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            self._end()
        elif kind is yaml.AliasEvent:
            self._alias(event)
        elif kind is yaml.DocumentStartEvent:
            self.anchors.clear()

    def _begin(self, event: Any, node: MapNode | ListNode) -> None:
        """Open a collection."""
        if len(self.open) >= MAX_NESTING:
            self._refuse("is nested too deeply", _line(event))
        self.open.append(_Frame(node, event.anchor))

    def _end(self) -> None:
        """Close a collection."""
        frame = self.open.pop()
        if frame.merged and isinstance(frame.node, MapNode):
            self._merge(frame.node, frame.merged)
        if frame.anchor:
            self.anchors[frame.anchor] = frame.node, frame.size
        self._add(frame.node, frame.size)

    def _scalar(self, event: Any) -> None:
        """Take in a scalar."""
        line = event.start_mark.line + 1
        plain = not event.style and not event.tag
        block = line + 1 if event.style == "|" else 0
        node = ScalarNode(self.source, line, event.value, plain, block, directive=_directive(event))
        if event.anchor:
            self.anchors[event.anchor] = node, 1
        self._add(node, 1)

    def _alias(self, event: Any) -> None:
        """Take in what an alias names."""
        if any(frame.anchor == event.anchor for frame in self.open):
            self._refuse("is nested too deeply: an alias names what holds it", _line(event))
        if event.anchor not in self.anchors:
            self._refuse("names an anchor that is not defined", _line(event))
        node, size = self.anchors[event.anchor]
        self.added += size
        if self.added > MAX_NODES:
            self._refuse("is nested too deeply by its aliases", _line(event))
        self._add(copy(node), size)

    def _add(self, node: Node, size: int) -> None:
        """Put a node where it belongs."""
        if not self.open:
            self.roots.append(node)
            return
        frame = self.open[-1]
        frame.size += size
        holder = frame.node
        if isinstance(holder, ListNode):
            holder.items.append(node)
        elif frame.key is None:
            self._key(frame, holder, node)
        else:
            key, frame.key = frame.key, None
            node.line = frame.line
            if key == "<<":
                frame.merged.append(node)
            else:
                holder.items[key] = node

    def _key(self, frame: _Frame, holder: MapNode, node: Node) -> None:
        """Take a node as the key of the next value."""
        key = node.raw if isinstance(node, ScalarNode) else None
        if key is None:
            self._refuse("has a key that is not text", node.line)
        elif key in holder.items or (key == "<<" and frame.merged):
            self._refuse("defines a key twice", node.line)
        frame.key, frame.line = key, node.line

    def _merge(self, node: MapNode, merged: Iterable[Node]) -> None:
        """Add what `<<` names; a key of the mapping's own wins, then the first that has it."""
        for one in merged:
            for part in one.items if isinstance(one, ListNode) else [one]:
                if not isinstance(part, MapNode):
                    self._refuse("merges what is not a mapping", one.line)
                for key, value in get_entries(part).items():
                    self._inherit(node.items, key, value)

    def _inherit(self, items: dict[str, Node], key: str, value: Node) -> None:
        """Take a merged value; under `!reset` it is alone, whatever earlier files say."""
        if key not in items:
            items[key] = value
        elif items[key].directive == "reset":
            items[key] = copy(value)
            items[key].directive = "override"

    def _refuse(self, why: str, line: int) -> None:
        """Stop reading."""
        raise ValueError(f"{self.source.path}, line {line}, {why}")


def _line(event: Any) -> int:
    """Return the line that an event begins on."""
    return int(event.start_mark.line) + 1


def _directive(event: Any) -> str:
    """Return the directive in an event's tag."""
    return _DIRECTIVES.get(event.tag, "") if event.tag else ""


def _plain_text(raw: str) -> str:
    """Write a plain scalar as Go does once it has read it: `1.10` is passed on as `1.1`."""
    if raw in _NULLS:
        return ""
    if raw in {"True", "TRUE", "False", "FALSE"}:
        return raw.casefold()
    if not _NUMBER.fullmatch(raw) or (raw.isdigit() and raw[0] != "0" and len(raw) < _LONG):
        return raw
    text = raw.replace("_", "")
    try:
        return _integer(text)
    except ValueError:
        return _fraction(text)


def _integer(text: str) -> str:
    """Write an integer of any base in decimal; `017` is octal as `0o17` is."""
    sign, digits = (text[0], text[1:]) if text[0] in "+-" else ("", text)
    letter = digits[1:2].lower()
    base = _BASES.get(letter, 8 if len(digits) > 1 and digits[0] == "0" else 10)
    value = int(digits[2:] if letter in _BASES else digits, base)
    if value >= 2**64:
        raise ValueError  # too large for an integer of Go's
    return str(-value if sign == "-" else value)


def _fraction(text: str) -> str:
    """Write a number with a fraction or an exponent as short as it can be."""
    try:
        value = float(text)
    except ValueError:
        return text
    if not isfinite(value):
        return text
    if value.is_integer() and abs(value) < 1e21:  # noqa: PLR2004  Go writes an exponent from there
        return str(int(value))
    return repr(value)
