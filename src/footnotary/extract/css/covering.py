"""What may be covered by a box that is drawn over it (CSS 2.2, appendix E; CSS Grid 2).

Which words lie under a box is for layout to tell: those of its containing block are in doubt.
"""

from collections.abc import Callable, Container, Iterator

from selectolax.lexbor import LexborNode

from footnotary.extract.css.coloring import background_in
from footnotary.extract.css.colors import Color, read_color
from footnotary.extract.css.cutting import flatten_tokens, has_word
from footnotary.extract.css.painting import Painter
from footnotary.extract.css.placing import BOTTOM, LEFT, MARGIN_LEFT, RIGHT, TOP
from footnotary.extract.css.scanning import Block
from footnotary.extract.css.shapes import filters_away
from footnotary.extract.css.transforms import TransformStep
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
_LARGE = 0.1  # of the window, for a cover that does not scroll
_CONTROLS = ("a", "button", "input", "select", "textarea", "img", "svg", "video", "iframe")
_RAISED = 10.0  # pixels that a box is drawn up by, over what is before it
_RAISING = ("margin-top", "margin", "margin-block", "margin-block-start", "top", "inset")
_AREAS = ("grid-area", "grid-row", "grid-row-start", "grid-column", "grid-column-start")
_Read = Callable[..., Tokens]


def may_cover(block: Block) -> bool:
    """Return whether declarations may draw a box over others."""
    return has_word(block, ("position",), _PLACED) or any(
        _is_raising(token)
        for name in (*_RAISING, "margin-left", "translate", "transform")
        if name in block
        for token in flatten_tokens(block[name].value)
    )


def _is_raising(token: Token) -> bool:
    length = read_length(token, whole=HEIGHT)
    return length is not None and length <= -_RAISED


class Covering(Painter):
    """Finds what may lie under other boxes."""

    _is_whole = True

    def covered(self, hidden: Container[int], *, whole: bool) -> Iterator[LexborNode]:
        """Yield the elements that may be covered.

        Args:
            hidden: What tells the elements apart of which nothing is seen.
            whole: Whether the page's style was read whole. Of other pages it is not known which
                elements are containing blocks: the nearest is taken for one.
        """
        self._is_whole = whole
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
            width, height = self._extents(node, read, pseudo)
            if (width >= _FULL and height >= _FULL) or (
                self._is_bare(node, read, pseudo)
                and width * WIDTH >= _LEAST[0]
                and height * HEIGHT >= _LEAST[1]
                and (position == "absolute" or width * height >= _LARGE)
            ):
                yield from self._around(node, position, layer, pseudo)
        elif not pseudo and self._is_raised(node, position):
            yield from _before(node)

    def _is_bare(self, node: LexborNode, read: _Read, pseudo: str) -> bool:
        """Return whether a box has nothing but its colour, so that it can only cover."""
        picture = read("background-image", "background")
        if any(token.type == "url" for token in picture):
            return False
        plain = node.tag not in _CONTROLS and not (node.text() or "").strip()
        return bool(pseudo) or (plain and node.css_first(", ".join(_CONTROLS)) is None)

    def _is_opaque(self, node: LexborNode, read: _Read) -> bool:
        """Return whether nothing is seen through a box."""
        opacity, display = read("opacity"), keyword_in(read("display"))
        if (opacity and (read_number(opacity[0]) or 0.0) < 1) or display == "none":
            return False
        if keyword_in(read("visibility")) == "hidden" or self._visibility(node) != "visible":
            return False
        if self._opacity(node) < 1 or any(map(_is_flat, (*read("scale"), *read("transform")))):
            return False
        if any(map(_is_veil, read("backdrop-filter"))) or any(_thickness(read)):
            return True
        picture = read("background-image", "background")
        if any(token.type == "url" or _has_whole_gradient(token) for token in picture):
            return True
        found = background_in(read("background-color", "background"), self.color(node))
        return found is not None and found.alpha >= 1

    def _extents(self, node: LexborNode, read: _Read, pseudo: str) -> tuple[float, float]:
        """Return width and height of a box as parts of what it lies in."""
        step = TransformStep() if pseudo else self._transform(node)
        shadow, outline, *borders = _thickness(read)
        if shadow or outline:
            return 1.0, 1.0
        found = []
        for names, ends, whole in (
            (("width", "inline-size"), (LEFT, RIGHT), WIDTH),
            (("height", "block-size"), (TOP, BOTTOM), HEIGHT),
        ):
            sizes = [read(*names), read(f"min-{names[0]}")]
            lengths = [read_length(one[0], ROOT_SIZE, whole) for one in sizes if one]
            sides = [read(*side) for side in ends]
            if all(sides) and not any(lengths):
                edges = [read_length(one[0], ROOT_SIZE, whole) for one in sides]
                lengths.append(whole - sum(edge or 0.0 for edge in edges))
            found.append(max((one or 0.0 for one in lengths), default=0.0) / whole)
        padding = max((read_length(one) or 0.0 for one in read("padding")), default=0.0)
        more = 2 * padding + sum(borders)
        return (found[0] + more / WIDTH) * step.width, (found[1] + more / HEIGHT) * step.height

    def _around(
        self, cover: LexborNode, position: str, layer: float, pseudo: str
    ) -> Iterator[LexborNode]:
        """Yield what is in the containing block of a box and not drawn over it."""
        path: list[LexborNode] = [] if pseudo else [cover]
        place = cover if pseudo else cover.parent
        if cover.tag == "html":
            place = self._cascade.selecting.tree.body
        while place is not None and place.is_element_node and place.tag != "html":
            path.append(place)
            placed = not self._is_whole or self._word(place, "position") not in ("", "static")
            if (position == "absolute" and placed) or self._value(place, "transform"):
                break
            place = place.parent
        above = {one.mem_id for one in path}
        for place in path if pseudo else path[1:]:
            later = pseudo == "before" and place.mem_id == cover.mem_id
            for child in place.iter(include_text=True):
                if child.mem_id in above:
                    later = True
                elif child.is_element_node and not self._is_over(child, layer, later=later):
                    yield child
                elif child.is_text_node and (child.text(deep=False) or "").strip():
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
        aside = self._length(node, *MARGIN_LEFT, whole=0.0) or 0.0
        return min(moved, aside / 4) <= -_RAISED and (
            position not in ("", "static")
            or self._stacks(node)
            or self.display(node).startswith("inline-")
        )

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
    above = node.parent
    if place is not None and place.is_element_node:
        yield place
    elif place is not None and above is not None:
        yield above


def _is_veil(token: Token) -> bool:
    """Return whether nothing is seen through a function of `backdrop-filter`."""
    dark = token.type == "function" and token.lower_name in ("brightness", "contrast")
    return filters_away(token) or (dark and any(read_number(one) == 0 for one in token.arguments))


def _thickness(read: _Read) -> Iterator[float]:
    """Yield how thick a box's shadow and outline are, where they cover, and its borders."""
    for names in _EDGES:
        value = read(*names)
        lengths = [abs(read_length(token) or 0.0) for token in value]
        colors = [one for one in map(read_color, value) if one is not None]
        clear = any(isinstance(one, Color) and one.alpha < 1 for one in colors)
        thick = max(lengths, default=0.0)
        yield thick if thick >= _THICK and not clear else 0.0


_EDGES = (("box-shadow",), ("outline",), ("border", "border-top"), ("border-bottom",))
_THICK = 50.0  # pixels


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
