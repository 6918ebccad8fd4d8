"""What may be covered by a box that is drawn over it (CSS 2.2, appendix E; CSS Grid 2).

Which words lie under a box is for layout to tell: those of its containing block are in doubt.
"""

from collections.abc import Callable, Container, Iterator

from selectolax.lexbor import LexborNode

from footnotary.extract.css.coloring import background_in
from footnotary.extract.css.colors import Color, read_color
from footnotary.extract.css.cutting import has_word
from footnotary.extract.css.painting import Painter
from footnotary.extract.css.placing import LEFT, RIGHT, TOP
from footnotary.extract.css.scanning import Block
from footnotary.extract.css.values import (
    FAINT,
    HEIGHT,
    ROOT_SIZE,
    WIDTH,
    Token,
    Tokens,
    keyword_in,
    read_length,
    read_number,
    significant,
)

_PLACED = ("absolute", "fixed")
_FULL = 0.9  # of its containing block, for a cover
_LEAST = (40.0, 10.0)  # pixels of width and height of a box that can cover a word
_RAISED = 10.0  # pixels that a box is drawn up by, over what is before it
_RAISING = ("margin", "margin-top", "margin-block", "margin-block-start", "top", "inset")
_AREAS = ("grid-area", "grid-row", "grid-row-start", "grid-column", "grid-column-start")
_Read = Callable[..., Tokens]


def may_cover(block: Block) -> bool:
    """Return whether declarations may draw a box over others."""
    return has_word(block, ("position",), _PLACED) or any(
        _is_raising(token)
        for name in (*_RAISING, "translate", "transform")
        if name in block
        for token in _flattened(block[name].value)
    )


def _flattened(value: Tokens) -> Iterator[Token]:
    """Yield the tokens of a value and those in its functions."""
    for token in significant(value):
        yield token
        if token.type == "function":
            yield from significant(token.arguments)


def _is_raising(token: Token) -> bool:
    length = read_length(token, whole=HEIGHT)
    return length is not None and length <= -_RAISED


class Covering(Painter):
    """Finds what may lie under other boxes."""

    def covered(self, hidden: Container[int]) -> Iterator[LexborNode]:
        """Yield the elements that may be covered.

        Args:
            hidden: What tells the elements apart of which nothing is seen.
        """
        for node in self._cascade.declaring(may_cover).values():
            if node.mem_id not in hidden and node.tag not in ("html", "body"):
                yield from self._under(node, lambda *names, node=node: self._value(node, *names))
        for rule, selector in self._cascade.drawing:
            if selector.pseudo in ("before", "after") and may_cover(rule.block):
                for node in self._cascade.selecting.matching(selector).values():
                    read = self._reader(node, selector.pseudo)
                    if keyword_in(read("content")) not in ("", "none", "normal") or read("content"):
                        yield from self._under(node, read, selector.pseudo)
        if self._cascade.declares(*_AREAS):
            yield from self._stacked()

    def _reader(self, node: LexborNode, pseudo: str) -> _Read:
        """Return what reads the values of a pseudo-element."""

        def read(*names: str) -> Tokens:
            won = self._cascade.winner(node, names, pseudo)
            return significant(won.value) if won is not None else ()

        return read

    def _under(self, node: LexborNode, read: _Read, pseudo: str = "") -> Iterator[LexborNode]:
        """Yield what a box may cover: a part of its containing block, or what is before it."""
        position, depth = keyword_in(read("position")), read("z-index")
        layer = (read_number(depth[0]) or 0.0) if depth else 0.0
        if layer < 0 or not self._is_opaque(node, read):
            return
        if position in _PLACED:
            width, height = self._extents(read)
            bare = bool(pseudo) or not (node.text() or "").strip()
            some = width * WIDTH >= _LEAST[0] and height * HEIGHT >= _LEAST[1]
            if (width >= _FULL and height >= _FULL) or (bare and some):
                yield from self._around(node, position, layer, pseudo)
        elif not pseudo and self._is_raised(node, position):
            yield from _before(node)

    def _is_opaque(self, node: LexborNode, read: _Read) -> bool:
        """Return whether nothing is seen through a box."""
        opacity, display = read("opacity"), keyword_in(read("display"))
        if (opacity and (read_number(opacity[0]) or 0.0) < 1) or display == "none":
            return False
        if keyword_in(read("visibility")) == "hidden" or self._visibility(node) != "visible":
            return False
        if self._opacity(node) < 1 or any(map(_is_flat, (*read("scale"), *read("transform")))):
            return False
        picture = read("background-image", "background")
        if any(token.type == "url" or _has_whole_gradient(token) for token in picture):
            return True
        found = background_in(read("background-color", "background"), self.color(node))
        return found is not None and found.alpha >= 1

    def _extents(self, read: _Read) -> tuple[float, float]:
        """Return width and height of a box as parts of what it lies in."""
        found = []
        for names, ends, whole in (
            (("width", "inline-size"), (LEFT, RIGHT), WIDTH),
            (("height", "block-size"), (TOP, ("bottom", "inset")), HEIGHT),
        ):
            sizes = [read(*names), read(f"min-{names[0]}")]
            lengths = [read_length(one[0], ROOT_SIZE, whole) for one in sizes if one]
            sides = [read(*side) for side in ends]
            if all(sides) and not any(lengths):
                edges = [read_length(one[0], ROOT_SIZE, whole) for one in sides]
                lengths.append(whole - sum(edge or 0.0 for edge in edges))
            found.append(max((one or 0.0 for one in lengths), default=0.0) / whole)
        return found[0], found[1]

    def _around(
        self, cover: LexborNode, position: str, layer: float, pseudo: str
    ) -> Iterator[LexborNode]:
        """Yield what is in the containing block of a box and not drawn over it."""
        path: list[LexborNode] = [] if pseudo else [cover]
        place = cover if pseudo else cover.parent
        while place is not None and place.is_element_node and place.tag != "html":
            path.append(place)
            placed = self._word(place, "position") not in ("", "static")
            if (position == "absolute" and placed) or self._value(place, "transform"):
                break
            place = place.parent
        above = {one.mem_id for one in path}
        for place in path if pseudo else path[1:]:
            later = pseudo == "before" and place.mem_id == cover.mem_id
            children = list(place.iter(include_text=True))
            for child in children:
                if child.mem_id in above:
                    later = True
                elif child.is_element_node and not self._is_over(child, layer, later=later):
                    yield child
                elif child.is_text_node and len(children) == 1:
                    yield place

    def _is_over(self, node: LexborNode, layer: float, *, later: bool) -> bool:
        """Return whether an element is drawn over a cover."""
        if not self._stacks(node) and self._word(node, "position") in ("", "static"):
            return False
        depth = self._value(node, "z-index")
        own = (read_number(depth[0]) or 0.0) if depth else 0.0
        return own > layer or (later and own == layer)

    def _is_raised(self, node: LexborNode, position: str) -> bool:
        """Return whether a box is drawn up over what is before it."""
        step = self._transform(node)
        top = self._length(node, *TOP, whole=HEIGHT) if position in ("relative", "sticky") else 0.0
        margin = self._length(node, *_RAISING[:4], whole=0.0)
        moved = (margin or 0.0) + (top or 0.0) + step.down + step.along * HEIGHT
        return moved <= -_RAISED and (position not in ("", "static") or self._stacks(node))

    def _stacked(self) -> Iterator[LexborNode]:
        """Yield items of grids over which an opaque one lies in the same cell."""
        cells: dict[tuple[object, ...], list[LexborNode]] = {}
        for node in self._cascade.declaring(
            lambda block: not block.keys().isdisjoint(_AREAS)
        ).values():
            above = node.parent
            if above is not None and above.is_element_node and self.display(above).endswith("grid"):
                values = (self._value(node, *names) for names in _PLACES)
                written = (" ".join(one.serialize() for one in value) for value in values)
                cells.setdefault((above.mem_id, *written), []).append(node)
        for items in cells.values():
            opaque = [
                place
                for place, one in enumerate(items)
                if self._is_opaque(one, lambda *names, one=one: self._value(one, *names))
            ]
            yield from items[: max(opaque, default=0)]


_PLACES = (("grid-area",), ("grid-row", "grid-row-start"), ("grid-column", "grid-column-start"))


def _before(node: LexborNode) -> Iterator[LexborNode]:
    """Yield the element with words that is before another."""
    place = node.prev
    while place is not None and not (place.text() or "").strip():
        place = place.prev
    if place is not None and place.is_element_node:
        yield place


def _is_flat(token: Token) -> bool:
    """Return whether a token of `scale` or `transform` makes a box smaller to nothing."""
    inner = significant(token.arguments) if token.type == "function" else [token]
    scales = token.type != "function" or token.lower_name.startswith("scale")
    return scales and any(read_number(one) == 0 for one in inner)


def _has_whole_gradient(token: Token) -> bool:
    """Return whether nothing is seen through a gradient."""
    if token.type != "function" or not token.lower_name.endswith("gradient"):
        return False
    colors = [read_color(one) for one in significant(token.arguments)]
    return not any(isinstance(one, Color) and one.alpha < 1 - FAINT for one in colors)
