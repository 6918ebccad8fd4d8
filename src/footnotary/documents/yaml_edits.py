"""Fields of a YAML mapping set in place: every other character stays as its author wrote it.

The text is composed to nodes (PyYAML), whose marks tell where each value is; only values that
differ are written anew. Comments, anchors, quotation marks, order and fields of others stay.
"""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from footnotary.errors import DocumentError
from footnotary.markers.structure import WHOLE_LINE

Value = str | tuple[str, ...] | Mapping[str, str | tuple[str, ...]]
_Edit = tuple[int, int, str]

_PLAIN = re.compile(r"[A-Za-z0-9_/.][A-Za-z0-9_/. +@~-]*(?<![ ])")
_PROPERTIES = re.compile(r"(?:[&!][^\s,\]}]*[ \t]+)*")
_ALIAS = re.compile(r"\*[^\s,\]}]+")
_COMMENT = re.compile(r"(?:^|(?<=\s))#.*$")


def with_fields(
    text: str, fields: Mapping[str, Value], own: Mapping[str, Collection[str]], end: str
) -> str:
    """Return YAML with some fields set, in the place where they are or behind the one before.

    Args:
        text: A mapping; it ends in a line end, unless it is empty.
        fields: Every field that is ours, in order; one with an empty value is removed.
        own: For a field that is a mapping: which of its fields are ours and may be removed.
        end: The line end of new lines.

    Raises:
        yaml.YAMLError: The text is no YAML.
        DocumentError: It is nested too deeply, or its aliases repeat too much.
    """
    import yaml

    from footnotary.yaml_text import is_bounded

    if not is_bounded(text):
        raise DocumentError("line 1: the front matter is larger than any can be.")
    root = yaml.compose(text, Loader=yaml.BaseLoader)
    if not isinstance(root, yaml.MappingNode):
        lines = [line for name, value in fields.items() if value for line in _lines(name, value)]
        return "".join(line + end for line in lines) + text
    edits = _Mapping(text, root, end).edits(fields, fields, own)
    parts, at = [], 0
    for begin, behind, words in sorted(edits, key=lambda edit: edit[:2]):
        parts += [text[at:begin], words]
        at = max(at, behind)
    return "".join([*parts, text[at:]])


class _Mapping:
    """A mapping whose fields are set.

    Args:
        text: The whole text.
        node: The mapping's node.
        end: The line end of new lines.
    """

    def __init__(self, text: str, node: Any, end: str) -> None:
        self.text = text
        self.node = node
        self.end = end
        self.pairs = {str(key.value): (key, value) for key, value in node.value}

    def edits(
        self,
        fields: Mapping[str, Value],
        removable: Collection[str],
        own: Mapping[str, Collection[str]],
    ) -> Iterator[_Edit]:
        """Yield what is replaced by what."""
        place = None
        for name in dict.fromkeys((*fields, *(each for each in self.pairs if each in removable))):
            value = fields.get(name, "")
            if name not in self.pairs:
                if value:
                    yield self._inserted(name, value, place)
                continue
            key, node = self.pairs[name]
            inner = own.get(name, ())
            if value:
                yield from self._set(key, node, value, inner)
            elif node.id == "mapping" and any(str(one.value) not in inner for one, _ in node.value):
                yield from _Mapping(self.text, node, self.end).edits({}, inner, {})
            elif name in removable:
                yield self._removed(key, node)
            place = name

    def _set(self, key: Any, node: Any, value: Value, own: Collection[str]) -> Iterator[_Edit]:
        """Yield the edits that make a value another, none where it is that already."""
        is_here = not self._is_alias(key, node) and bool(node.value)
        if _values(node) == value:
            return
        if isinstance(value, Mapping) and node.id == "mapping" and is_here:
            yield from _Mapping(self.text, node, self.end).edits(value, own, {})
        elif isinstance(value, tuple) and node.id == "sequence" and is_here and not node.flow_style:
            yield self._items(node, value)
        else:
            begin, behind = self._span(key, node)
            yield begin, behind, (" " if begin == behind else "") + _flow(value)

    def _items(self, node: Any, values: tuple[str, ...]) -> _Edit:
        """Return the edit of a block sequence: lines of items that stay are kept, and comments."""
        first = node.value[0]
        sign = self.text[self._line_start(first.start_mark.index) : first.start_mark.index]
        begin = at = self._line_start(first.start_mark.index)
        rows: list[tuple[str, str]] = []
        for item in node.value:
            behind = self._line_end(self._end(item))
            rows.append((str(item.value).strip(), self.text[at:behind]))
            at = behind
        kept: list[str] = []
        wanted = list(values)
        for said, row in rows:
            if said in wanted:
                at_last = wanted.index(said)
                kept += [f"{sign}{_scalar(new)}{self.end}" for new in wanted[:at_last]]
                kept.append(row)
                del wanted[: at_last + 1]
            else:
                kept += [line for line in row.splitlines(keepends=True) if line.lstrip()[:1] == "#"]
        kept += [f"{sign}{_scalar(new)}{self.end}" for new in wanted]
        return begin, at, "".join(kept)

    def _inserted(self, name: str, value: Value, place: str | None) -> _Edit:
        """Return the edit that puts a field behind another one, or before all."""
        if self.node.flow_style:
            at = self.text.rindex("}", 0, self.node.end_mark.index)
            comma = ", " if self.pairs else ""
            return at, at, f"{comma}{_scalar(name)}: {_flow(value)}"
        start = self.node.start_mark
        indent = " " * start.column
        lines = "".join(f"{indent}{line}{self.end}" for line in _lines(name, value))
        if place is None:
            at = self._line_start(start.index)
        else:
            at = self._line_end(self._span(*self.pairs[place])[1])
        return at, at, lines

    def _removed(self, key: Any, node: Any) -> _Edit:
        """Return the edit that takes a field out; comments on its lines stay."""
        behind = self._span(key, node)[1]
        if self.node.flow_style:
            rest = re.compile(r"\s*,\s*").match(self.text, behind)
            if rest:
                return key.start_mark.index, rest.end(), ""
            before = re.search(r",\s*$", self.text[: key.start_mark.index])
            return before.start() if before else key.start_mark.index, behind, ""
        begin, last = self._line_start(key.start_mark.index), self._line_end(behind)
        comments = (
            found[0]
            for line in self.text[begin:last].splitlines()
            if (found := _COMMENT.search(line)) and line[: found.start()].count('"') % 2 == 0
        )
        return begin, last, "".join(f"{each}{self.end}" for each in comments)

    def _is_alias(self, key: Any, node: Any) -> bool:
        """Tell whether a value is an alias: its node is that of the anchor, further up."""
        return bool(node.start_mark.index < key.end_mark.index)

    def _span(self, key: Any, node: Any) -> tuple[int, int]:
        """Return where a value is, behind its anchor and tag."""
        if self._is_alias(key, node):
            found = _ALIAS.search(self.text, key.end_mark.index)
            return found.span() if found else (key.end_mark.index, key.end_mark.index)
        begin = node.start_mark.index
        properties = _PROPERTIES.match(self.text, begin)
        begin = properties.end() if properties else begin
        behind = max(begin, self._end(node))
        if behind > begin:
            return begin, behind
        at = self.text.index(":", key.end_mark.index) + 1  # the field has no value
        return at, at

    def _end(self, node: Any) -> int:
        """Return the offset behind a node; marks of block nodes are behind comments below it."""
        if node.id == "scalar":
            behind = int(node.end_mark.index)
            is_block = node.style in ("|", ">")
            return len(self.text[:behind].rstrip()) if is_block else behind
        if node.flow_style or not node.value:
            return int(node.end_mark.index)
        last = node.value[-1]
        return self._span(*last)[1] if isinstance(last, tuple) else self._end(last)

    def _line_start(self, at: int) -> int:
        """Return the offset of the beginning of a line."""
        return max(self.text.rfind("\n", 0, at), self.text.rfind("\r", 0, at)) + 1

    def _line_end(self, at: int) -> int:
        """Return the offset behind the end of a line."""
        found = WHOLE_LINE.match(self.text, at)
        return found.end() if found else at


def _values(node: Any) -> Value | None:
    """Return the texts of a scalar or of a list of scalars; None for any other node."""
    if node.id == "scalar":
        return str(node.value).strip()
    if node.id == "sequence":
        return tuple(str(item.value).strip() for item in node.value)
    return None


def _lines(name: str, value: Value) -> list[str]:
    """Return a field as YAML in block style."""
    if isinstance(value, str):
        return [f"{_scalar(name)}: {_scalar(value)}"]
    if isinstance(value, tuple):
        return [f"{_scalar(name)}:", *(f"  - {_scalar(item)}" for item in value)]
    rows = [f"  {_scalar(each)}: {_flow(said)}" for each, said in value.items() if said]
    return [f"{_scalar(name)}:", *rows]


def _flow(value: Value) -> str:
    """Return a value as YAML on one line."""
    if isinstance(value, str):
        return _scalar(value)
    if isinstance(value, tuple):
        return json.dumps(list(value), ensure_ascii=False)
    rows = (f"{_scalar(name)}: {_flow(said)}" for name, said in value.items() if said)
    return f"{{{', '.join(rows)}}}"


def _scalar(value: str) -> str:
    """Return text as a YAML scalar, plain where every YAML reader takes it for text."""
    if _PLAIN.fullmatch(value) and not re.fullmatch(
        r"[\d._+-]+|true|false|yes|no|on|off|null|~|\.|\.\.", value, re.IGNORECASE
    ):
        return value
    if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return value
    return json.dumps(value, ensure_ascii=False)
