"""What a style does to the flow of words: boxes, cells, order, level, white space.

CSS Display 3, CSS Flexbox 1, CSS Grid 2, CSS Positioned Layout 3, CSS Writing Modes 4, CSS Text 4.
The words of an element can be the source's, and be read in another order, on another level of the
line or in boxes of their own. Each such place gets a mark of `marks`.
"""

import re
from collections.abc import Iterator
from typing import Literal

from selectolax.lexbor import LexborNode

from footnotary.deadline import check_deadline
from footnotary.extract.css.cascade import Cascade
from footnotary.extract.css.generating import Insertion
from footnotary.extract.css.matching import Nodes
from footnotary.extract.css.ordering import FLEX, GRID, NOT_FLOWING, Ordering, around
from footnotary.extract.css.scanning import Block
from footnotary.extract.css.validity import WIDE
from footnotary.extract.css.values import keyword_in, significant
from footnotary.extract.formulas import raised_digits
from footnotary.extract.marks import (
    AS_BEFORE,
    BREAK,
    CELL,
    COLLAPSES,
    GAP,
    KEEPING_ELEMENTS,
    KEEPS,
    KEEPS_LINES,
    PLACED,
    ROW,
    ROW_END,
    SHIFTED,
)

_BOXES = frozenset(("display",))
_LEVELS = frozenset(
    ("float", "font-variant", "font-variant-position", "unicode-bidi", "vertical-align")
)
_HARMLESS = re.compile(
    r"--|-webkit-(?!transform)|all$|animation|background|color|contain|content|fill|mix-|opacity"
    r"|outline|overflow|stroke|text-(?!indent)|transition|visibility|white-space|will-|quotes|list-"
    r"|isolation|line-|aspect|padding-(?:top|bottom)|box-|border-(?:top|bottom)|backdrop|filter|max-|min-|mask|clip|backface|z-index|perspective|user-|-moz-user"
)
_NEUTRAL = WIDE | {
    *("auto", "baseline", "horizontal-tb", "inline", "isolate", "ltr", "none", "normal"),
    *("relative", "static", "tabular-nums"),
}
# Searched for by its first sign, which is faster than by a digit.
_INLINE_TAG = (
    r"/?(?:a|abbr|b|bd[io]|big|cite|code|data|del|dfn|em|font|i|ins|kbd|label|mark|q|s|samp|small|span|strong"
    r"|su[bp]|time|tt|u|var|[a-z]+-[a-z-]+)\b[^>]*>"
)
_TOUCHING = re.compile(rf"<(?<=\d<){_INLINE_TAG}(?:<{_INLINE_TAG})*\d")
_SIGNS = ".,'+-\u2212"
_SPACING = frozenset(("white-space", "white-space-collapse"))
_BLOCKY = frozenset(
    (
        *("block", "flex", "flow-root", "grid", "list-item", "table", "table-caption", "table-row"),
        *("table-row-group", "table-header-group", "table-footer-group", "-webkit-box"),
        *("-webkit-flex", "table-cell"),
    )
)
_KEEPING = {
    **dict.fromkeys(("pre", "pre-wrap", "break-spaces", "preserve", "preserve-spaces"), KEEPS),
    **dict.fromkeys(("pre-line", "preserve-breaks"), KEEPS_LINES),
    **dict.fromkeys(("normal", "nowrap", "collapse", "initial"), COLLAPSES),
}
_ALIGNS = {
    **dict.fromkeys(("super", "text-top", "top"), "super"),
    **dict.fromkeys(("sub", "text-bottom", "bottom"), "sub"),
}


class Flow(Ordering):
    """Finds what the style of a page does to the flow of its words.

    Args:
        cascade: The page's rules.
        blocks: Names of elements that are blocks by themselves.

    Attributes:
        shifted: Elements that are raised or lowered, and how, by what tells them apart.
        mirrored: Elements whose letters are drawn from right to left, by what tells them apart.
    """

    def __init__(self, cascade: Cascade, blocks: frozenset[str]) -> None:
        super().__init__(cascade, blocks)
        self.shifted: dict[int, tuple[LexborNode, str]] = {}
        self.mirrored: dict[int, LexborNode] = {}
        self._rows: set[int] = set()
        self._modes: dict[int, str] = {}

    def insertions(self) -> Iterator[Insertion]:
        """Yield what has to be put into the tree before anything is taken out."""
        for node in self._flowing(_BOXES).values():
            check_deadline()
            yield from self._boxed(node)
        for node in self._flowing(_LEVELS).values():
            check_deadline()
            yield from self._leveled(node)
        tree = self._cascade.selecting.tree
        for node in self._cascade.written.find(tree, _ISOLATED, "<bdi", "<bdo", "dir"):
            if self._is_mirrored(node):
                self.mirrored[node.mem_id] = node
            yield Insertion(node, "before", GAP)
            yield Insertion(node, "after", GAP)
        yield from self._digits_apart()
        yield from self.moved()
        yield from self.generated()
        for node in self._cascade.declaring(_SPACING.intersection).values():
            check_deadline()
            yield from self._spaced(node)  # the first in an element, where `marks` looks for it

    def _flowing(self, names: frozenset[str]) -> Nodes:
        """Return the elements among the words of which something is declared."""
        found = self._cascade.declaring(names.intersection)
        return {key: node for key, node in found.items() if node.tag not in NOT_FLOWING}

    # Boxes of their own, beside each other or below.

    def _boxed(self, node: LexborNode) -> Iterator[Insertion]:
        """Yield the borders of an element that is a box, and of the boxes in it."""
        display = self.display(node)
        if display in FLEX | GRID:
            yield from self._contained(node, display)
        if display == "table-cell":
            yield Insertion(node, "before", CELL)
            above = node.parent
            if above is not None and above.tag != "tr":
                yield from self._row(above)
        elif display == "table-row":
            yield from self._row(node)
        elif display in _BLOCKY and node.tag not in self._blocks:
            yield Insertion(node, "first", BREAK)
            yield Insertion(node, "last", BREAK)

    def _row(self, node: LexborNode) -> Iterator[Insertion]:
        """Yield the marks of a row, once."""
        if node.mem_id in self._rows or node.tag in ("body", "html", "tr"):
            return
        self._rows.add(node.mem_id)
        border = "" if self.display(node).startswith("inline") else BREAK
        yield Insertion(node, "first", border + ROW)
        yield Insertion(node, "last", ROW_END + border)

    def _contained(self, node: LexborNode, display: str) -> Iterator[Insertion]:
        """Yield the borders between the items of a flexible box or a grid."""
        items = self.items_of(node)
        if len(items) < 2:  # noqa: PLR2004  one has nobody beside it
            return
        beside = self._has_columns(node, display)
        border = CELL if beside else BREAK
        is_reordered = self.is_reordered(node, items, beside=beside)
        for place, item in enumerate(items):
            if place:
                yield Insertion(item, "before", border)
            if is_reordered:
                yield from around(item)
        if beside:
            yield from self._row(node)

    def _has_columns(self, node: LexborNode, display: str) -> bool:
        """Return whether items lie beside each other."""
        if display in FLEX:
            words = self._words(node, "flex-direction", "flex-flow")
            return words.isdisjoint(("column", "column-reverse"))
        if "column" in self._words(node, "grid-auto-flow", "grid"):
            return True
        columns = self._value(node, "grid-template-columns", "grid-template", "grid")
        slashes = [place for place, one in enumerate(columns) if getattr(one, "value", "") == "/"]
        areas = self._value(node, "grid-template-areas", "grid-template", "grid")
        named = [set(one.value.split()) for one in areas if one.type == "string"]
        tracks = columns[slashes[0] + 1 :] if slashes else columns
        tracks = tuple(one for one in tracks if one.type not in ("[] block", "string"))
        repeated = any(one.type == "function" and one.lower_name == "repeat" for one in tracks)
        return repeated or len(tracks) > 1 or any(len(row) > 1 for row in named)

    # What is on a line, and not in its place.

    def _leveled(self, node: LexborNode) -> Iterator[Insertion]:
        """Yield the borders of an element that is not in the order of the words around it."""
        if self._cascade.declares("unicode-bidi") and self._is_mirrored(node):
            self.mirrored[node.mem_id] = node
        if not self.display(node).startswith("inline"):
            return  # what is a block has nothing beside it
        level = self._level(node)
        floats = self._words(node, "float") - WIDE - {"none"}
        text = (node.text(deep=True) or "").strip() if level or floats else ""
        if level and raised_digits(text) is not None:
            self.shifted[node.mem_id] = (node, level)
        mark = GAP if self._words(node, "unicode-bidi") & _ISOLATING else ""
        if floats and (not text.isalpha() or _has_before(node)):
            mark = PLACED  # not the large first letter of a paragraph
        if mark:
            yield Insertion(node, "before", mark)
            yield Insertion(node, "after", mark)

    def _level(self, node: LexborNode) -> str:
        """Return `super` or `sub` for what is raised or lowered on its line, or nothing."""
        align = self.align(node)
        if align in _ALIGNS:
            return _ALIGNS[align]
        if any(map(str.isdigit, align.replace("0", ""))):
            return "sub" if align.startswith("-") else "super"
        words = self._words(node, "font-variant-position", "font-variant")
        return next((level for level in ("super", "sub") if level in words), "")

    def _digits_apart(self) -> Iterator[Insertion]:
        """Yield the borders of elements between digits that a style may draw in another place.

        Whatever is declared of such an element, but for colours and their like, may part it from
        the digits beside it: raise it, move it, turn it, leave room.
        """
        if not _TOUCHING.search(self._cascade.markup):
            return
        for node in self._cascade.declaring(_displaces).values():
            check_deadline()
            if node.tag in NOT_FLOWING or node.mem_id in self.shifted:
                continue
            text = node.text(deep=True) or ""
            before, behind = _beside(node, "prev")[-1:], _beside(node, "next")[:1]
            if before.isdigit() and (text.strip(_SIGNS)[:1] or behind).isdigit():
                yield Insertion(node, "before", SHIFTED)
            if behind.isdigit() and (text.strip(_SIGNS)[-1:] or before).isdigit():
                yield Insertion(node, "after", SHIFTED)

    def _is_mirrored(self, node: LexborNode) -> bool:
        """Return whether the letters of an element are drawn from right to left."""
        words = self._words(node, "unicode-bidi")
        if node.tag == "bdo" and not words:
            words = {"bidi-override"}
        if words.isdisjoint(("bidi-override", "isolate-override")):
            return False
        stated = (node.attributes.get("dir") or "").lower()
        word = self._word(node, "direction") or stated
        return word == "rtl" or (not word and self._is_leftwards(node))

    # White space.

    def _spaced(self, node: LexborNode) -> Iterator[Insertion]:
        """Yield the marks of an element whose white space is its own, or is so no more."""
        mode = self._mode(node)
        by_tag = KEEPS if node.tag in KEEPING_ELEMENTS else self._mode_around(node.parent)
        if not mode or mode == by_tag:
            return
        inline = self.display(node) == "inline"
        if inline and mode != COLLAPSES and "\n" not in (node.text(deep=True) or ""):
            return
        yield Insertion(node, "first", mode)
        yield Insertion(node, "last", AS_BEFORE)

    def _mode(self, node: LexborNode) -> str:
        """Return the mark of what a style declares of an element's white space, or nothing."""
        won = self._won(node, "white-space", "white-space-collapse")
        if won is None:
            return ""
        words = {token.lower_value for token in won.value if token.type == "ident"}
        if words & {"inherit", "unset"}:
            return self._mode_around(node.parent)
        return next((_KEEPING[word] for word in words if word in _KEEPING), "")

    def keeps_spaces(self, node: LexborNode) -> bool:
        """Return whether the white space around an element is kept by its style."""
        return self._mode_around(node.parent) == KEEPS

    def _mode_around(self, node: LexborNode | None) -> str:
        """Return the mark of what holds in an element."""
        passed: list[int] = []
        mode = COLLAPSES
        while node is not None and node.is_element_node:
            passed.append(node.mem_id)
            known = self._modes.get(node.mem_id) or self._mode(node)
            if known or node.tag in KEEPING_ELEMENTS:
                mode = known or KEEPS
                break
            node = node.parent
        self._modes.update(dict.fromkeys(passed, mode))
        return mode


_ISOLATED = "bdi, bdo[dir], span[dir], b[dir], i[dir], em[dir], a[dir]"
_ISOLATING = {"embed", "isolate", "bidi-override", "isolate-override", "plaintext"}


def _has_before(node: LexborNode) -> bool:
    """Return whether words are before an element in what it is in."""
    place = node.prev
    for _ in range(_MOST_BESIDE):
        if place is None:
            return False
        if (place.text(deep=True) or "").strip():
            return True
        place = place.prev
    return True


def _displaces(block: Block) -> bool:
    """Return whether declarations may draw an element elsewhere than on its line."""
    return any(
        not _HARMLESS.match(name)
        and keyword_in(declared.value) not in _NEUTRAL
        and any(getattr(token, "value", 1) != 0 for token in significant(declared.value))
        for name, declared in block.items()
    )


def _beside(node: LexborNode, side: Literal["prev", "next"]) -> str:
    """Return the text that touches an element on one side; nothing of another block's."""
    place: LexborNode | None = node
    for _ in range(_MOST_NESTED):
        if place is None:
            break
        beside = getattr(place, side)
        if beside is not None:
            return "" if beside.tag in NOT_FLOWING else beside.text(deep=True) or ""
        place = place.parent
    return ""


_MOST_NESTED = 5
_MOST_BESIDE = 20  # neighbours that are looked at
