"""What may be cut off: where layout would tell, the room that words need is estimated.

CSS Overflow 3 and 4, CSS Text 4. An estimate is on the side of doubt: letters are wide, and boxes
beside others are narrow.
"""

from collections.abc import Collection, Iterator
from math import ceil, inf
from unicodedata import east_asian_width

from selectolax.lexbor import LexborNode

from footnotary.extract.css.coloring import Coloring
from footnotary.extract.css.placing import BOTTOM, FAR, LEFT, MARGIN_LEFT, MARGIN_TOP, RIGHT, TOP
from footnotary.extract.css.scanning import Block
from footnotary.extract.css.values import (
    HEIGHT,
    WIDTH,
    Token,
    Tokens,
    keyword_in,
    read_length,
    read_number,
    significant,
)

_CUTTING = frozenset(("hidden", "clip", "content", "paint", "strict"))
_SCROLLING = frozenset(("auto", "scroll", "overlay"))
_CELLS = ("td", "th")
_UNWRAPPED = frozenset(("nowrap", "pre"))
OVERFLOWS = {
    "x": ("overflow-x", "overflow", "overflow-inline"),
    "y": ("overflow-y", "overflow", "overflow-block"),
}
"""The properties of each axis."""
_OVERFLOWS = (*OVERFLOWS["x"], *OVERFLOWS["y"], "contain")
_WRAPS = ("white-space", "text-wrap", "text-wrap-mode")
_HEIGHTS = (("height", "block-size"), ("max-height",), ("max-block-size",))
_WIDTHS = (("width", "inline-size"), ("max-width",), ("max-inline-size",))
_ABOVE = (
    *(("padding-top", "padding"), ("margin-top", "margin", "margin-block"), ("top", "inset")),
    *(("height", "block-size"), ("min-height", "min-block-size")),
)
_LETTER = 0.6  # of the font's size, for the width of most letters
_LEADING = 1.25  # of the font's size, for a line
_BESIDE = 160.0  # pixels: the least that is left to a box beside others
_MOST_LOOKED = 200  # elements in a box that are looked at one by one
_PICTURES = "img, svg, video, iframe, canvas, embed, object"
_PICTURE = 100.0  # pixels of the height of one that states none
_PUSHING = (
    *("left", "inset", "margin-left", "margin", "padding-left", "padding", "text-indent"),
    *("transform", "translate"),
)
_HUGE = 10.0  # times its size, of which only a part is in the window
_UP = 100.0  # pixels that words are moved up by, over what is above them or off the page
_SPACED = "p, ul, ol, dl, blockquote, pre, figure, hr, h1, h2, h3, h4, h5, h6"


def may_cut(block: Block) -> bool:
    """Return whether declarations may cut off what is too long."""
    return has_word(block, _OVERFLOWS, _CUTTING) or has_word(block, ("position",), ("fixed",))


def may_run_on(block: Block) -> bool:
    """Return whether declarations keep words on one line."""
    return has_word(block, _WRAPS, _UNWRAPPED)


def may_push(block: Block) -> bool:
    """Return whether declarations may move words far to the right, or down by their height."""
    return any(
        (length := read_length(token, whole=WIDTH)) is not None and length >= _BESIDE
        for name in _PUSHING
        if name in block
        for token in flatten_tokens(block[name].value)
    )


def flatten_tokens(value: Tokens) -> Iterator[Token]:
    """Yield the tokens of a value and those in its functions."""
    for token in significant(value):
        yield token
        if token.type == "function":
            yield from significant(token.arguments)


def has_word(block: Block, names: Collection[str], words: Collection[str]) -> bool:
    """Return whether a declaration of some properties has one of some words."""
    return any(
        token.type == "ident" and token.lower_value in words
        for name in names
        if name in block
        for token in block[name].value
    )


class Cutting(Coloring):
    """Estimates what is cut off."""

    def cut_off(self) -> Iterator[LexborNode]:
        """Yield the elements of which a part may be cut off."""
        yield from self._folded()
        cutting = self._cascade.declaring(may_cut)
        if not cutting:
            return
        for node in cutting.values():
            room = self._height_of_room(node)
            if room < inf and self._needed_height(node, room) > room:
                yield from self._unscrolled(node)
        for node in (self._cascade.declaring(may_run_on) | self._preformatted()).values():
            if self._runs_out(node):
                yield node
        for node in self._cascade.declaring(may_push).values():
            if self._is_pushed_out(node):
                yield node

    def _folded(self) -> Iterator[LexborNode]:
        """Yield tables with a column that is taken out, and `<details>` whose content is hidden."""
        for node in self._cascade.declaring(lambda block: "visibility" in block).values():
            place: LexborNode | None = node if node.tag in ("col", "colgroup") else None
            if place is not None and self._word(place, "visibility") == "collapse":
                while place is not None and place.tag != "table":
                    place = place.parent
                yield from (place,) if place is not None else ()
        for _, selector in self._cascade.drawing:
            if selector.pseudo == "details-content":
                for node in self._cascade.selecting.matching(selector).values():
                    if "open" in node.attributes and self._is_content_hidden(node):
                        yield node

    def _is_content_hidden(self, node: LexborNode) -> bool:
        """Return whether the style hides what an open `<details>` has in it."""
        names = ("display", "visibility", "content-visibility", "opacity", "height", "block-size")
        won = [self._cascade.winner(node, (name,), "details-content") for name in names]
        values = [significant(one.value) for one in won if one is not None]
        return any(
            keyword_in(value) in ("none", "hidden", "collapse")
            or (len(value) == 1 and read_number(value[0]) == 0)
            for value in values
        )

    def _preformatted(self) -> dict[int, LexborNode]:
        return {node.mem_id: node for node in self._cascade.selecting.tree.css("pre")}

    def _overflow(self, node: LexborNode, axis: str) -> str:
        """Return `cut`, `scroll` or nothing for what does not fit into a box along an axis."""
        contained = {one.value for one in self._value(node, "contain") if one.type == "ident"}
        words = {name: self._overflow_word(node, name) for name in "xy"}
        word, other = words[axis], words["y" if axis == "x" else "x"]
        if word in _CUTTING or not contained.isdisjoint(_CUTTING):
            return "cut"
        # `visible` beside anything else but `clip` is `auto` (CSS Overflow 3, section 3.1).
        return "scroll" if word in _SCROLLING or other in {*_SCROLLING, "hidden"} else ""

    def _overflow_word(self, node: LexborNode, axis: str) -> str:
        won = self._won(node, *OVERFLOWS[axis])
        words = [one.lower_value for one in won.value if one.type == "ident"] if won else []
        both = won is not None and won.name == "overflow" and len(words) > 1
        return words[1] if both and axis == "y" else words[0] if words else ""

    def _height_of_room(self, node: LexborNode) -> float:
        """Return how much of an element's height is seen; infinite where all of it is."""
        fixed = self._word(node, "position") == "fixed"
        overflow = self._overflow(node, "y")
        if overflow == "scroll" or not (overflow or fixed) or self.display(node) == "inline":
            return inf
        if node.tag in ("html", "body") or fixed:
            return HEIGHT
        lines = self._value(node, "-webkit-line-clamp")
        clamped = self.display(node) in ("-webkit-box", "-webkit-inline-box") and bool(lines)
        most = (read_number(lines[0]) if clamped else None) or inf
        stated = (self._length(node, *names) for names in _HEIGHTS)
        rooms = [length for length in stated if length is not None]
        rooms += [most * self._line_height(node), self._share_of_width(node), self._track(node)]
        return min(rooms)

    def _share_of_width(self, node: LexborNode) -> float:
        """Return the height that `aspect-ratio` gives a box; infinite where it gives none."""
        ratio = [read_number(one) for one in self._value(node, "aspect-ratio")]
        numbers = [one for one in ratio if one]
        if not numbers:
            return inf
        return self._width_of_room(node) * (numbers[1] if len(numbers) > 1 else 1.0) / numbers[0]

    def _track(self, node: LexborNode) -> float:
        """Return the height of the row that a box is in, where it is stated."""
        above = node.parent
        if above is None or not above.is_element_node or not self.display(above).endswith("grid"):
            return inf
        tracks = (
            *self._value(above, "grid-template-rows", "grid-template"),
            *self._value(above, "grid-auto-rows"),
        )
        lengths = (read_length(token) for token in tracks)
        return min((one for one in lengths if one is not None), default=inf)

    def _line_height(self, node: LexborNode) -> float:
        place = self._declaring(node, "line-height")
        value = self._value(place, "line-height") if place is not None else ()
        size = self.font_size(node)
        factor = read_number(value[0]) if value else None
        length = read_length(value[0], size, size) if value else None
        return length or (factor or _LEADING) * size

    def _width_of_room(self, node: LexborNode) -> float:
        """Return the least width that an element has, as far as it is stated."""
        room = WIDTH
        place: LexborNode | None = node
        while place is not None and place.is_element_node:
            above = place.parent
            stated = [self._length(place, *names) for names in _WIDTHS]
            room = min([room, *(one for one in stated if one is not None)])
            beside = above is not None and above.is_element_node and self._is_beside(place, above)
            if beside and not any(one is not None for one in stated):
                return min(room, _BESIDE)
            place = above
        return room

    def _is_beside(self, node: LexborNode, above: LexborNode) -> bool:
        """Return whether others may lie beside an element."""
        return node.tag in _CELLS or self.display(above) in ("flex", "grid", "-webkit-flex")

    def _needed_height(self, node: LexborNode, room: float) -> float:
        """Return how high the words of an element are, about; of many only that it is more."""
        size, leading = self.font_size(node), self._line_height(node)
        width = max(size, self._width_of_room(node))
        text = node.text() or ""
        if not text.strip():
            return 0.0
        if len(text.split()) * size / width * leading > room:
            return inf
        lines = [line for line in self._lines_in(node) if line.strip()]
        needed = sum(ceil(_width(line) * size / width) for line in lines) * leading
        needed += max(0, len(node.css(_SPACED)) - 1) * size
        for picture in node.css(_PICTURES):
            stated = (picture.attributes.get("height") or "").removesuffix("px")
            needed += float(stated) if stated.isdecimal() else _PICTURE
        return needed + self._stated_above(node, leading * len(lines))

    def _lines_in(self, node: LexborNode) -> list[str]:
        """Return the lines of an element's words, but for those of elements not displayed."""
        lines = [""]
        for child in node.iter(include_text=True):
            if child.is_text_node:
                lines[-1] += " ".join(f"_{child.text(deep=False)}_".split())[1:-1]
            elif child.is_element_node and child.tag not in ("script", "style", "template"):
                display = self.display(child)
                if display == "none":
                    continue
                inner = self._lines_in(child)
                if display.startswith("inline") or display == "contents":
                    lines[-1] += inner[0]
                    lines += inner[1:]
                else:
                    lines += [*inner, ""]
        return lines

    def _stated_above(self, node: LexborNode, lines: float) -> float:
        """Return the pixels that what is in an element states to be above its words."""
        needed = sum(self._drawn_above(one) for one in node.css("*")[:_MOST_LOOKED])
        for one in node.css("*")[:_MOST_LOOKED]:
            lengths = (
                self._length(one, *names)
                for names in (_ABOVE if one.mem_id != node.mem_id else _ABOVE[:1])
            )
            needed += sum(max(0.0, length) for length in lengths if length is not None)
            step = self._transform(one)
            needed += max(0.0, step.down) + max(0.0, step.along) * HEIGHT
            needed += max(0.0, self._line_height(one) - lines)
        return needed

    def _drawn_above(self, node: LexborNode) -> float:
        """Return the height of what a style draws before the words of an element."""
        return sum(
            max(0.0, read_length(token) or 0.0)
            for rule, selector in self._cascade.drawing
            if selector.pseudo == "before"
            and node.mem_id in self._cascade.selecting.matching(selector)
            for name in ("height", "padding", "padding-top", "margin", "margin-top")
            if name in rule.block
            for token in rule.block[name].value
        )

    def _is_pushed_out(self, node: LexborNode) -> bool:
        """Return whether an element begins behind the right edge of what cuts it, or under it."""
        names = (LEFT, MARGIN_LEFT, ("padding-left", "padding", "padding-inline"), ("text-indent",))
        place = self._cutting_box(node)
        if place is None:
            return False
        room, step = self._width_of_room(place), self._transform(node)
        inner = place.mem_id != node.mem_id
        ways = names if inner else names[3:]
        pushed = sum(self._length(node, *one, whole=room) or 0.0 for one in ways)
        moved = inner and (step.across >= 1 or step.along >= 1)
        return moved or pushed + (step.right if inner else 0.0) >= room - _BESIDE / 2

    def _cutting_box(self, node: LexborNode) -> LexborNode | None:
        """Return the nearest element, or itself, that cuts off what runs out to the right."""
        place: LexborNode | None = node
        while place is not None and place.is_element_node:
            boxed = place.tag in _CELLS or self.display(place) != "inline"
            overflow = self._overflow(place, "x") if boxed else ""
            if overflow:
                return place if overflow == "cut" else None
            place = place.parent
        return None

    def _unscrolled(self, node: LexborNode) -> Iterator[LexborNode]:
        """Yield what is in an element and in no part of it that scrolls by itself."""
        inner = [one for one in node.css("*") if self._scrolls(one)]
        if not inner:
            yield node
            return
        around: set[int] = set()
        for one in inner:
            place: LexborNode | None = one
            while place is not None and place.mem_id != node.mem_id and place.mem_id not in around:
                around.add(place.mem_id)
                place = place.parent
        scrolling = {one.mem_id for one in inner}
        waiting = [node]
        while waiting:
            for child in waiting.pop().iter():
                if child.mem_id not in around:
                    yield child
                elif child.mem_id not in scrolling:
                    waiting.append(child)

    def _scrolls(self, node: LexborNode) -> bool:
        return self._cascade.declares(*_OVERFLOWS) and self._overflow(node, "y") == "scroll"

    def _may_be_off(self, node: LexborNode) -> bool:
        """Return whether an element may lie left of the window or above it."""
        position, step = self._word(node, "position"), self._transform(node)
        if min(step.across, step.along) <= -1 or max(step.width, step.height) >= _HUGE:
            return True
        if any(
            is_anchored_far(token)
            for names in (LEFT, RIGHT, TOP, BOTTOM)
            for token in self._value(node, *names)
        ):
            return True
        rooted = self._is_rooted(node, position)
        top, left = self._length(node, *TOP, whole=HEIGHT), self._length(node, *LEFT, whole=WIDTH)
        margins = [
            self._length(node, *names, whole=HEIGHT) or 0.0 for names in (MARGIN_TOP, MARGIN_LEFT)
        ]
        down = (top or 0.0) * (position != "static") + margins[0] + step.down
        down += self._length(node, "padding-top", "padding") or 0.0
        across = (left or 0.0) * (position != "static") + margins[1] + step.right
        if not rooted:
            bottom = self._length(node, *BOTTOM, whole=HEIGHT) or 0.0
            return down <= -_UP or (position == "absolute" and top is None and bottom >= HEIGHT)
        widest = max(map(_width, self._lines_in(node)), default=0.0) * self.font_size(node)
        return (across < 0 and -across >= widest / 2) or (
            top is not None and down < 0 and -down >= self._line_height(node)
        )

    def _runs_out(self, node: LexborNode) -> bool:
        """Return whether words that are kept on one line may go on behind what cuts it off."""
        wrap = self._word(node, "text-wrap", "text-wrap-mode") or self._word(node, "white-space")
        if (wrap or ("pre" if node.tag == "pre" else "")) not in _UNWRAPPED:
            return False
        place = self._cutting_box(node)
        widest = max(map(_width, self._rows_of(node)), default=0.0) if place is not None else 0.0
        return widest * self.font_size(node) > self._width_of_room(node)

    def _rows_of(self, node: LexborNode) -> list[str]:
        if node.tag == "pre":
            return (node.text() or "").split("\n")
        return self._lines_in(node)


def is_anchored_far(token: Token) -> bool:
    """Return whether a token is a sum of what only layout knows and of a length that is far."""
    if token.type != "function" or read_length(token, whole=WIDTH) is not None:
        return False
    lengths = (read_length(one, whole=0.0) for one in token.arguments if one.type == "dimension")
    return any(abs(length or 0.0) >= FAR for length in lengths)


def _width(line: str) -> float:
    """Return how wide a line is, about, in sizes of its font."""
    if line.isascii():
        return _LETTER * len(line)
    return sum(1.0 if east_asian_width(one) in "WF" else _LETTER for one in line)
