"""What a style reads in another place than where the source has it.

CSS 2.2 sections 9.5 (floats) and 17.2 (row groups), CSS Flexbox 1 and Grid 2 (`order`, placement),
CSS Positioned Layout 3, CSS Transforms 2, CSS Writing Modes 4. A quote may be inside of such words,
or outside, and does not run across their ends: they are a stretch that `marks.MOVED` begins.
"""

from collections.abc import Iterator
from typing import Literal

from selectolax.lexbor import LexborNode

from footnotary.deadline import check_deadline
from footnotary.extract.css.generating import Generating, Insertion
from footnotary.extract.css.placing import (
    BOTTOM,
    LEFT,
    MARGIN_LEFT,
    MARGIN_TOP,
    RIGHT,
    TOP,
)
from footnotary.extract.css.scanning import Block
from footnotary.extract.css.values import HEIGHT, WIDTH, keyword_in, read_number
from footnotary.extract.marks import CLOSED, MOVED, runs_leftwards

FLEX = frozenset(
    (
        *("flex", "inline-flex", "-webkit-flex", "-webkit-inline-flex", "-webkit-box"),
        "-webkit-inline-box",
    )
)
GRID = frozenset(("grid", "inline-grid"))
NOT_FLOWING = frozenset(
    ("body", "head", "html", "script", "style", "svg", "math", "br", "td", "th")
)
"""Elements that are not among the words of a page, or whose place is the table's."""

_MOVING = frozenset(
    (
        *("float", "position", "transform", "-webkit-transform", "translate", "scale", "rotate"),
        *("margin", "margin-left", "margin-top", "margin-inline", "margin-inline-start"),
        *("margin-block", "margin-block-start"),
    )
)
_WAYS = (
    ("flex-direction", "flex-flow", "-webkit-flex-direction", "-webkit-flex-flow"),
    ("flex-wrap", "-webkit-flex-wrap"),
    ("-webkit-box-direction",),
)
_REVERSED = ("reverse", "row-reverse", "column-reverse", "wrap-reverse")
_PLACEMENTS = (
    *("grid-area", "grid-row", "grid-column", "grid-row-start", "grid-column-start"),
    *("grid-row-end", "grid-column-end"),
)
_GROUPS = {"thead": "table-header-group", "tfoot": "table-footer-group", "caption": "table-caption"}
_GROUPED = frozenset(("display", "caption-side"))
_ATOMIC = ("inline-block", "inline-flex", "inline-grid", "inline-table")
_ATOMS = "button, bdi, [dir]:not([dir=''])"
_LEVELS = ("sub", "sup")
_NUDGE = 0.75  # parts of its size that words are moved by, and still are in their place
_LINES = 2.0  # the same, for a block
_OVERLAP = 3.0  # the same, for a block that its margin draws up
_MOST_BESIDE = 20  # neighbours that are looked at


class Ordering(Generating):
    """Finds what is not read where the source has it.

    Attributes:
        mirrored: Elements whose letters are drawn from right to left, by what tells them apart.
    """

    mirrored: dict[int, LexborNode]

    def moved(self) -> Iterator[Insertion]:
        """Yield the ends of all that is moved, but for the items of flexible boxes and grids."""
        found = self._cascade.declaring(_may_move)
        for node in found.values():
            check_deadline()
            if node.tag not in NOT_FLOWING and _has_words(node) and self._is_moved(node):
                yield from around(node)
        yield from self._groups()
        tree, written = self._cascade.selecting.tree, self._cascade.written
        if self._cascade.declares("direction") or written.find(tree, _RTL, "dir"):
            yield from self._atoms()

    def items_of(self, node: LexborNode) -> list[LexborNode]:
        """Return the items of a flexible box or a grid: elements, and texts beside them."""
        items: list[LexborNode] = []
        for one in node.iter(include_text=True):
            if one.is_text_node:
                items += [one] if (one.text(deep=False) or "").strip() else []
            elif one.is_element_node and one.tag not in ("script", "style", "template", "br"):
                has_none = self.display(one) == "contents"
                items += self.items_of(one) if has_none else [one]
        return items

    def is_reordered(self, node: LexborNode, items: list[LexborNode], *, beside: bool) -> bool:
        """Return whether items are not read in the order of the source."""
        words = {word for names in _WAYS for word in self._words(node, *names)}
        if not words.isdisjoint(_REVERSED):
            return True
        if "dense" in self._words(node, "grid-auto-flow", "grid"):
            return True
        if beside and self._is_leftwards(node) and not runs_leftwards(node.text(deep=True) or ""):
            return True
        names = (
            *("order", "-webkit-order", "-webkit-box-ordinal-group"),
            *(_PLACEMENTS if self.display(node) in GRID else ()),
        )
        return self._cascade.declares(*names) and any(
            item.is_element_node and any(self._is_placed(item, name) for name in names)
            for item in items
        )

    def _is_placed(self, node: LexborNode, name: str) -> bool:
        value = self._value(node, name)
        return bool(value) and keyword_in(value) != "auto" and read_number(value[0]) != 0

    def _words(self, node: LexborNode, *names: str) -> set[str]:
        """Return the words of a declaration."""
        value = self._value(node, *names)
        return {token.lower_value for token in value if token.type == "ident"}

    def _is_leftwards(self, node: LexborNode | None) -> bool:
        """Return whether the lines of an element run from right to left."""
        while node is not None and node.is_element_node:
            word = self._word(node, "direction") or (node.attributes.get("dir") or "").lower()
            if word in ("rtl", "ltr"):
                return word == "rtl"
            node = node.parent
        return False

    def _is_moved(self, node: LexborNode) -> bool:
        """Return whether an element is read elsewhere than between the words around it."""
        display = self.display(node)
        position = self._word(node, "position")
        if position in ("absolute", "fixed"):
            return True
        side = self._word(node, "float")
        if side in _SIDES:
            return self._floats_away(node, side)
        inline = display.startswith("inline")
        size = self.font_size(node)
        down, right = self._nudge(node) if position == "relative" else (0.0, 0.0)
        if display != "inline":
            step = self._transform(node)
            down, right = down + step.down, right + step.right
            if step.width < 0 < step.height and not step.turns:
                self.mirrored[node.mem_id] = node
            if max(abs(step.across), abs(step.along)) > _NUDGE:
                return True
        if inline:
            right += min(0.0, self._length(node, *MARGIN_LEFT, whole=WIDTH) or 0.0)
            level = node.tag in _LEVELS and abs(down) <= size * _LINES
            return abs(right) > size * _NUDGE or (abs(down) > size * _NUDGE and not level)
        up = self._length(node, *MARGIN_TOP, whole=WIDTH) or 0.0
        up += (self._length(node, "padding-top", "padding") or 0.0) if up < 0 else 0.0
        return max(abs(down), abs(right)) > size * _LINES or up < -size * _OVERLAP

    def _nudge(self, node: LexborNode) -> tuple[float, float]:
        """Return how far an element is moved down and to the right, relatively, in pixels."""
        top, left = (
            self._length(node, *TOP, whole=HEIGHT),
            self._length(node, *LEFT, whole=WIDTH),
        )
        if top is None:
            top = -(self._length(node, *BOTTOM, whole=HEIGHT) or 0.0)
        if left is None:
            left = -(self._length(node, *RIGHT, whole=WIDTH) or 0.0)
        return top, left

    def _floats_away(self, node: LexborNode, side: str) -> bool:
        """Return whether a float is drawn before words before it, or behind those behind it."""
        leftwards = self._is_leftwards(node.parent)
        starts = side in ("inline-start", "right" if leftwards else "left")
        return self._has_beside(node, "prev" if starts else "next")

    def _has_beside(self, node: LexborNode, way: Literal["prev", "next"]) -> bool:
        """Return whether words are beside an element: before it on its line, or behind it."""
        place: LexborNode | None = getattr(node, way)
        for _ in range(_MOST_BESIDE):
            if place is None:
                break
            if place.is_text_node and _has_words(place):
                return True
            if place.is_element_node and place.tag not in ("script", "style", "template"):
                known = self._beside(place, way)
                if known is not None:
                    return known
            place = getattr(place, way)
        above = node.parent
        inline = above is not None and above.is_element_node and self.display(above) == "inline"
        return inline and above is not None and self._has_beside(above, way)

    def _beside(self, node: LexborNode, way: Literal["prev", "next"]) -> bool | None:
        """Return whether a neighbour has words beside a float; None where it tells nothing."""
        display = self.display(node)
        clears = self._word(node, "clear") not in ("", "none", *_WIDE)
        if display == "none" or not _has_words(node):
            return False if node.tag in ("br", "hr") and (way == "prev" or clears) else None
        if clears:
            return False
        if way == "next":
            return True
        if self._word(node, "float") in _SIDES:
            return None
        return display.startswith("inline")

    def _groups(self) -> Iterator[Insertion]:
        """Yield the ends of row groups and captions that are drawn elsewhere in their table."""
        cascade = self._cascade
        found = cascade.declaring(_GROUPED.intersection) if cascade.declares(*_GROUPED) else {}
        tree, names = cascade.selecting.tree, ("<thead", "<tfoot", "<caption")
        parts = cascade.written.find(tree, "thead, tfoot, caption", *names)
        found |= {node.mem_id: node for node in parts}
        for node in found.values():
            kind = self._group(node)
            if kind == "table-caption" and self._word_above(node, "caption-side") == "bottom":
                kind = "table-footer-group"
            way: Literal["prev", "next"] = "next" if kind == "table-footer-group" else "prev"
            if kind in _GROUPS.values() and self._has_rows(node, way, kind):
                yield from around(node)

    def _group(self, node: LexborNode) -> str:
        """Return the `display` of a part of a table, if it has one of its own."""
        declared = self._word(node, "display")
        return declared or _GROUPS.get(node.tag or "", "")

    def _word_above(self, node: LexborNode, name: str) -> str:
        """Return the keyword that an element inherits."""
        place = self._declaring(node, name)
        return self._word(place, name) if place is not None else ""

    def _has_rows(self, node: LexborNode, way: Literal["prev", "next"], kind: str) -> bool:
        """Return whether rows are before a group that is drawn first, or behind the last."""
        place = getattr(node, way)
        for _ in range(_MOST_BESIDE):
            if place is None:
                return False
            if place.is_element_node and _has_words(place):
                other = self._group(place)
                if other == kind != "table-caption":
                    return False  # the first one alone is moved
                if other not in ("none", "table-caption"):
                    return True
            place = getattr(place, way)
        return False

    def _atoms(self) -> Iterator[Insertion]:
        """Yield the ends of what is a unit on a line that runs from right to left."""
        found = self._cascade.declaring({"display", "unicode-bidi"}.intersection)
        found |= {node.mem_id: node for node in self._cascade.selecting.tree.css(_ATOMS)}
        for node in found.values():
            check_deadline()
            atomic = self.display(node) in _ATOMIC or node.tag == "button"
            isolated = self.display(node) == "inline" and (
                node.tag == "bdi"
                or "dir" in node.attributes
                or bool(self._words(node, "unicode-bidi") & _ISOLATING)
            )
            if not (atomic or isolated) or not self._is_leftwards(node.parent):
                continue
            around_it = node.parent.text(deep=True) if node.parent is not None else ""
            if not runs_leftwards(around_it or ""):
                yield from around(node)


_SIDES = ("left", "right", "inline-start", "inline-end")
_WIDE = ("initial", "inherit", "unset", "revert", "revert-layer")
_RTL = "[dir=rtl i]"
_ISOLATING = {"isolate", "embed", "plaintext"}


def around(node: LexborNode) -> Iterator[Insertion]:
    """Yield the ends of the stretch that an element, or a text, is moved with."""
    inside = node.is_element_node
    yield Insertion(node, "first" if inside else "before", MOVED)
    yield Insertion(node, "last" if inside else "after", CLOSED)


def _has_words(node: LexborNode) -> bool:
    """Return whether letters or digits are in an element or a text."""
    return any(map(str.isalnum, node.text(deep=node.is_element_node) or ""))


def _may_move(block: Block) -> bool:
    """Return whether declarations may put an element elsewhere."""
    return any(
        keyword_in(declared.value) not in ("none", "static", "sticky", "auto", *_WIDE)
        and (not name.startswith("margin") or any(_is_below_zero(one) for one in declared.value))
        for name, declared in block.items()
        if name in _MOVING
    )


def _is_below_zero(token: object) -> bool:
    """Return whether a token of a margin may be less than zero."""
    if getattr(token, "type", "") == "function":
        return True
    value = getattr(token, "value", 0)
    return isinstance(value, (int, float)) and value < 0
