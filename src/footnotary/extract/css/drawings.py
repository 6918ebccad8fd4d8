"""Words in drawings: off their drawing, clipped, or under what is drawn over them (SVG 2).

Positions are those of the innermost `<svg>`, whose `viewBox` or size is all that is seen of it.
"""

import re
from collections.abc import Iterable, Iterator
from math import cos, radians, sin
from typing import NamedTuple

import tinycss2
from selectolax.lexbor import LexborNode

from footnotary.deadline import check_deadline
from footnotary.extract.css.cascade import Cascade
from footnotary.extract.css.colors import BLACK, Color, read_color
from footnotary.extract.css.covering import Covering
from footnotary.extract.css.placing import Hidden
from footnotary.extract.css.shapes import NUMBER
from footnotary.extract.css.values import ROOT_SIZE, keyword_in, read_length

_WORDS = "svg text, svg tspan[x], svg tspan[y], svg foreignObject"
_SHAPES = "rect, circle, ellipse, image, polygon, foreignObject"
_MOST_SHAPES = 500
_FUNCTION = re.compile(r"([a-zA-Z]+)\s*\(([^)]*)\)")
_CONDITIONS = ("systemLanguage", "requiredExtensions")
_DEFAULT = (300.0, 150.0)  # pixels of a drawing that states no size
_NARROW = 0.35  # of the font's size, for the width of letters
_STILL = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_Matrix = tuple[float, float, float, float, float, float]


class _Box(NamedTuple):
    """A rectangle.

    Attributes:
        left: Its left edge.
        top: Its upper edge.
        right: Its right edge.
        bottom: Its lower edge.
    """

    left: float
    top: float
    right: float
    bottom: float

    def misses(self, other: "_Box", by: float = 0.0) -> bool:
        """Return whether another box is beside this one."""
        across = other.left >= self.right + by or other.right <= self.left - by
        return across or other.top >= self.bottom + by or other.bottom <= self.top - by

    def holds(self, other: "_Box", by: float = 0.0) -> bool:
        """Return whether another box lies in this one."""
        across = other.left >= self.left - by and other.right <= self.right + by
        return across and other.top >= self.top - by and other.bottom <= self.bottom + by


class Drawing(Covering):
    """Finds which words of drawings are not seen.

    Args:
        cascade: The page's rules.
        blocks: Names of elements that are blocks by themselves.
    """

    def __init__(self, cascade: Cascade, blocks: frozenset[str]) -> None:
        super().__init__(cascade, blocks)
        self._painted: dict[int, list[tuple[int, _Box | None, Color | None]]] = {}

    def undrawn(self) -> Iterator[tuple[LexborNode, Hidden]]:
        """Yield elements of drawings that are not seen, or perhaps not."""
        tree = self._cascade.selecting.tree
        is_written = self._cascade.written.has("<svg")
        if not is_written or tree.css_first("svg text, svg foreignObject, svg switch") is None:
            return
        for switch in tree.css("svg switch"):
            yield from self._unchosen(switch)
        for node in tree.css("svg textPath"):
            attributes = node.attributes
            target = attributes.get("href") or attributes.get("xlink:href") or ""
            if not any(one.attributes.get("id") == target[1:] for one in tree.css("svg [id]")):
                yield node, Hidden("textPath")
        for node in tree.css(_WORDS):
            check_deadline()
            hidden = self._reason_in_drawing(node)
            if hidden is not None:
                yield node, hidden

    def _unchosen(self, switch: LexborNode) -> Iterator[tuple[LexborNode, Hidden]]:
        """Yield the children of a `<switch>` that are not drawn: the first that may be alone is."""
        chosen = False
        for child in switch.iter():
            conditional = not child.attributes.keys().isdisjoint(_CONDITIONS)
            if chosen or conditional:
                yield child, Hidden("switch", unsure=conditional)
            chosen = chosen or not conditional

    def _reason_in_drawing(self, node: LexborNode) -> Hidden | None:
        """Return why words are not seen where they are drawn, or None."""
        drawing = _drawing_of(node)
        box = self._box_of(node, drawing) if drawing is not None else None
        if drawing is None or box is None:
            return None
        if self._is_clipped(node, drawing):
            return Hidden("clip-path", unsure=True)
        view = self._view_of(drawing)
        if view is not None and not view.holds(box, self.font_size(node)):
            styled = self._cascade.declares("width", "height", "overflow", "transform", "translate")
            return Hidden("off-screen", unsure=styled or not view.misses(box))
        if node.tag == "foreignObject":
            return self._cut_in_drawing(node)
        over = self._is_drawn_over(node, drawing, box)
        return Hidden("covered", unsure=True) if over else None

    def _is_clipped(self, node: LexborNode, drawing: LexborNode) -> bool:
        """Return whether an attribute of an element, or of one around it, cuts it."""
        return any(
            (one.attributes.get(name) or "none").strip() != "none"
            for one in (node, *_between(node, drawing))
            for name in ("clip-path", "mask")
        )

    def _cut_in_drawing(self, node: LexborNode) -> Hidden | None:
        """Return whether a `<foreignObject>` has no room for its words, or perhaps not."""
        if self._overflow_word(node, "y") == "visible":
            return None
        wide, high = (_number(node.attributes.get(name)) or 0.0 for name in ("width", "height"))
        size = self.font_size(node)
        letters = len(" ".join((node.text() or "").split())) * size * _NARROW
        if letters * size <= wide * high * 2:
            return None
        return Hidden("foreignObject", unsure=min(wide, high) > 1)

    def _view_of(self, drawing: LexborNode) -> _Box | None:
        """Return what is seen of a drawing; None where all of it is, or that is not stated."""
        attributes = drawing.attributes
        overflow = self._word(drawing, "overflow") or attributes.get("overflow") or "hidden"
        if overflow in ("visible", "auto", "scroll"):
            return None
        wide, high = (_number(attributes.get(name)) for name in ("width", "height"))
        view = [float(one) for one in NUMBER.findall(attributes.get("viewBox") or "")]
        if len(view) != 4:  # noqa: PLR2004
            stated = [attributes.get(name) for name in ("width", "height")]
            if any(one is not None and _number(one) is None for one in stated):
                return None
            return _Box(
                0, 0, _DEFAULT[0] if wide is None else wide, _DEFAULT[1] if high is None else high
            )
        left, top, width, height = view
        if wide and high and width and height:  # what is beside it when it is made to fit
            scale = min(wide / width, high / height)
            more = (wide / scale - width, high / scale - height)
            return _Box(
                left - more[0], top - more[1], left + width + more[0], top + height + more[1]
            )
        return _Box(left, top, left + width, top + height)

    def _box_of(self, node: LexborNode, drawing: LexborNode) -> _Box | None:
        """Return about where words are, in the system of their drawing; None where unknown."""
        size, attributes = self.font_size(node), node.attributes
        owner = node.parent if node.tag == "tspan" and node.parent is not None else node
        x, y = (
            _number(
                (attributes.get(name) or owner.attributes.get(name) or "0")
                .split(",")[0]
                .split(" ")[0],
                size,
            )
            for name in "xy"
        )
        if x is None or y is None:
            return None
        if node.tag == "foreignObject":
            wide, high = (_number(attributes.get(name)) for name in ("width", "height"))
            if wide is None or high is None:
                return None
            box = _Box(x, y, x + wide, y + high)
        else:
            length = len(" ".join((node.text() or "").split())) * size * _NARROW
            anchor = attributes.get("text-anchor") or owner.attributes.get("text-anchor")
            place = self._declaring(node, "text-anchor")
            anchor = self._word(place, "text-anchor") if place is not None else anchor
            start = x - length * {"middle": 0.5, "end": 1.0}.get(anchor or "", 0.0)
            box = _Box(start, y - size * 0.7, start + length, y)
        matrix = _matrix_of([node, *_between(node, drawing)])
        return _moved(box, matrix) if matrix is not None else None

    def _is_drawn_over(self, node: LexborNode, drawing: LexborNode, box: _Box) -> bool:
        """Return whether a shape lies over words, or one in their own colour under them."""
        if drawing.mem_id not in self._painted:
            self._painted[drawing.mem_id] = list(self._shapes_in(drawing))
        later, color, below = False, self._fill_of(node), None
        for key, shape, fill in self._painted[drawing.mem_id]:
            later = later or key == node.mem_id
            if shape is None or not shape.holds(box) or (fill is not None and fill.alpha < 1):
                continue
            if later:
                return True
            below = fill
        return below is not None and color is not None and color.over(below).is_like(below)

    def _shapes_in(self, drawing: LexborNode) -> Iterator[tuple[int, _Box | None, Color | None]]:
        """Yield what is painted in a drawing, in order: shapes with their place and colour."""
        for one in drawing.css(f"text, tspan, {_SHAPES}")[:_MOST_SHAPES]:
            inner = _drawing_of(one)
            shape = None
            if (
                one.tag not in ("text", "tspan")
                and inner is not None
                and inner.mem_id == drawing.mem_id
            ):
                matrix = _matrix_of([one, *_between(one, drawing)])
                shape = _shape_of(one, matrix) if matrix is not None else None
            yield one.mem_id, shape, None if one.tag == "image" else self._fill_of(one)

    def _fill_of(self, node: LexborNode) -> Color | None:
        """Return the colour that fills a shape or letters; None where it is not known."""
        place: LexborNode | None = node
        while place is not None and place.tag != "svg":
            value = self._value(place, "fill")
            if value:
                found = _NO_FILL if keyword_in(value) == "none" else read_color(value[0])
                return found if isinstance(found, Color) else None
            place = place.parent
        return BLACK


def _drawing_of(node: LexborNode) -> LexborNode | None:
    """Return the innermost drawing that an element is drawn in; None for what others use."""
    place = node.parent
    while place is not None and place.tag != "svg":
        if place.tag in _USED:
            return None
        place = place.parent
    return place


def _between(node: LexborNode, drawing: LexborNode) -> Iterator[LexborNode]:
    """Yield the elements between an element and its drawing."""
    place = node.parent
    while place is not None and place.mem_id != drawing.mem_id:
        yield place
        place = place.parent


def _number(text: str | None, size: float = ROOT_SIZE) -> float | None:
    """Return a length that an attribute states; None for a share of what is not known."""
    token = tinycss2.parse_one_component_value((text or "").strip())
    if token.type == "number":
        return float(token.value)
    return read_length(token, size) if token.type == "dimension" else None


def _matrix_of(nodes: Iterable[LexborNode]) -> _Matrix | None:
    """Return what the transforms of an element and those around it do; None where unknown."""
    whole = _STILL
    for node in nodes:
        for name, inside in reversed(_FUNCTION.findall(node.attributes.get("transform") or "")):
            step = _step_of(name, [float(one) for one in NUMBER.findall(inside)])
            if step is None:
                return None
            whole = _combined(step, whole)
    return whole


def _step_of(name: str, values: list[float]) -> _Matrix | None:
    """Return the matrix of a function of `transform` (SVG 1.1, section 7.6); None if unknown."""
    first, second, *_ = (*values, *([values[0]] if name == "scale" and values else [0.0]), 0.0, 0.0)
    if name == "matrix" and len(values) == len(_STILL):
        return tuple(values)  # type: ignore[return-value]
    if name == "rotate" and values:
        turned, back = radians(first), values[1:3] if len(values) > 2 else [0.0, 0.0]  # noqa: PLR2004
        rotated = (cos(turned), sin(turned), -sin(turned), cos(turned), 0.0, 0.0)
        there, home = (1.0, 0.0, 0.0, 1.0, *back), (1.0, 0.0, 0.0, 1.0, -back[0], -back[1])
        return _combined(_combined(there, rotated), home)  # type: ignore[arg-type]
    known: dict[str, _Matrix] = {
        "translate": (1.0, 0.0, 0.0, 1.0, first, second),
        "scale": (first, 0.0, 0.0, second, 0.0, 0.0),
    }
    return known.get(name) if values else None


def _combined(outer: _Matrix, inner: _Matrix) -> _Matrix:
    """Return what two matrices do one behind the other."""
    a, b, c, d, e, f = outer
    g, h, i, j, k, m = inner
    return (
        *(a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j),
        *(a * k + c * m + e, b * k + d * m + f),
    )


def _moved(box: _Box, matrix: _Matrix) -> _Box:
    """Return the box around what a matrix makes of one."""
    a, b, c, d, e, f = matrix
    corners = [(x, y) for x in (box.left, box.right) for y in (box.top, box.bottom)]
    across = [a * x + c * y + e for x, y in corners]
    down = [b * x + d * y + f for x, y in corners]
    return _Box(min(across), min(down), max(across), max(down))


def _shape_of(node: LexborNode, matrix: _Matrix) -> _Box | None:
    """Return the box around a shape; None where its place is not stated in numbers."""
    attributes = node.attributes
    read = {name: _number(attributes.get(name) or "0") for name in _PLACES}
    if node.tag == "polygon":
        points = [float(one) for one in NUMBER.findall(attributes.get("points") or "")]
        x, y = points[::2], points[1::2]
        return _moved(_Box(min(x), min(y), max(x), max(y)), matrix) if x and y else None
    if node.tag in ("circle", "ellipse"):
        names = ("cx", "cy", "r", "r") if node.tag == "circle" else ("cx", "cy", "rx", "ry")
        x0, y0, wide, high = (read[name] or 0.0 for name in names)
        return _moved(_Box(x0 - wide, y0 - high, x0 + wide, y0 + high), matrix)
    left, top, width, height = (read[name] for name in ("x", "y", "width", "height"))
    if left is None or top is None:
        return None
    wide, high = _FAR if width is None else width, _FAR if height is None else height
    return _moved(_Box(left, top, left + wide, top + high), matrix)


_PLACES = ("x", "y", "width", "height", "cx", "cy", "r", "rx", "ry")
_FAR = 10_000.0  # what `100%` amounts to
_NO_FILL = Color(0, 0, 0, 0)
_USED = ("clipPath", "defs", "marker", "mask", "pattern", "symbol")
