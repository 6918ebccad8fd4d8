"""What keeps the words of an element from the eye: computed from the rules that win for it.

CSS Display 3, CSS 2.2 chapter 11, CSS Color 4, CSS Masking 1, CSS Transforms 2. The window is a
desktop's; what lies off it to the left or above cannot be scrolled to.
"""

import tinycss2
from selectolax.lexbor import LexborNode

from footnotary.extract.css.cascade import Cascade
from footnotary.extract.css.cutting import OVERFLOWS, Cutting
from footnotary.extract.css.placing import FAR, Hidden
from footnotary.extract.css.shapes import (
    clips_away,
    filters_away,
    masks_away,
    may_mask,
    may_shape_away,
    shapes_away,
)
from footnotary.extract.css.validity import WIDE
from footnotary.extract.css.values import (
    FAINT,
    WIDTH,
    Token,
    address_in,
    keyword_in,
    read_length,
    read_number,
)

SMALLEST = 1.0
"""Pixels of a font, and of a box, of which nothing is read."""

_ALIGNED = ("top", "text-top", "bottom", "text-bottom", "middle")
_SMALL = 0.9  # of the size of the text around, for an exponent


class Painter(Cutting):
    """Computes what the elements of a page look like.

    Args:
        cascade: The page's rules.
        blocks: Names of elements that are blocks by themselves.
    """

    def __init__(self, cascade: Cascade, blocks: frozenset[str]) -> None:
        super().__init__(cascade, blocks)
        self._opacities: dict[int, float] = {}
        self._seen: dict[int, str] = {}

    # What takes a box away with all that is in it.

    def box_reason(self, node: LexborNode) -> Hidden | None:
        """Return why nothing in an element's box is seen, or None."""
        return self._doubting(node, self._box_reason(node))

    def _doubting(self, node: LexborNode, hidden: Hidden | None) -> Hidden | None:
        """Return a reason with whether it is certain."""
        if hidden is None or node.mem_id not in self._doubted:
            return hidden
        return Hidden(hidden.reason, hidden.fades, unsure=True)

    def _box_reason(self, node: LexborNode) -> Hidden | None:
        display = self.display(node)
        if display == "none":
            return Hidden("display: none", unsure=self._is_unsure(node, "display"))
        if display == "contents":
            return None
        hidden = self._faded(node, display) or self._cut_off(node, display)
        if hidden is not None:
            return hidden
        moved = self._moved(node, display)
        if moved is None and self._is_struck(node):
            return Hidden("text-decoration: line-through")
        return moved or self._doubted_reason(node, display)

    def _doubted_reason(self, node: LexborNode, display: str) -> Hidden | None:
        """Return why it takes layout to tell whether the words of an element are seen."""
        floats = self._word(node, "position") in ("absolute", "fixed")
        clip = self._value(node, "clip") if floats else ()
        reasons = (
            ("clip-path", self._is_shaped(node)),
            ("clip", bool(clip) and clip[0].type == "function"),
            ("mask", self._is_masked_in_part(node)),
            ("off-screen", display not in ("inline", "contents") and self._may_be_off(node)),
        )
        return next((Hidden(name, unsure=True) for name, doubted in reasons if doubted), None)

    def _is_shaped(self, node: LexborNode) -> bool:
        """Return whether a shape, of the style's or of a drawing's, may cut off words."""
        value = self._value(node, "clip-path", "-webkit-clip-path")
        return may_shape_away(value) or any(map(self._is_drawn, value))

    def _is_drawn(self, token: Token) -> bool:
        """Return whether an address is that of an element in the page, or in another file."""
        url = address_in(token)
        if not url.startswith("#"):
            return bool(url)
        return any(
            node.attributes.get("id") == url[1:]
            for node in self._cascade.selecting.tree.css("clipPath, mask")
        )

    def _is_masked_in_part(self, node: LexborNode) -> bool:
        """Return whether a mask has gaps, or a size or a place of its own."""
        masks = [value for value in self._values_of_mask(node) if value]
        names = ("size", "position", "repeat", "composite")
        values = [self._value(node, f"mask-{name}", f"-webkit-mask-{name}") for name in names]
        words = {keyword_in(value) for value in values if value}
        in_part = any(
            may_mask(value) or any(one.type == "literal" for one in value) for value in masks
        )
        return bool(masks) and (in_part or not words <= _WHOLE)

    def _faded(self, node: LexborNode, display: str) -> Hidden | None:
        """Return whether opacity or a filter takes an element away."""
        if display != "inline" and self._word(node, "content-visibility") == "hidden":
            return Hidden("content-visibility: hidden")
        value = self._value(node, "opacity")
        opacity = read_number(value[0]) if value else None
        undone = self._undone(node)
        if undone:
            return Hidden(undone)
        if opacity is None or opacity >= 1 or self._opacity(node) > FAINT:
            return None
        return Hidden("opacity: 0", self._is_animated(node), self._is_unsure(node, "opacity"))

    def _undone(self, node: LexborNode) -> str:
        """Return which effect leaves nothing of an element, or nothing."""
        zoom = self._value(node, "zoom")
        effects = (
            ("filter", any(map(filters_away, self._value(node, "filter")))),
            ("mask", self._is_masked(node)),
            ("content", any(map(_is_picture, self._value(node, "content")))),
            ("z-index", self._is_behind(node)),
            ("zoom", bool(zoom) and 0 < (read_number(zoom[0]) or 0.0) < FAINT),
        )
        return next((name for name, hides in effects if hides), "")

    def _is_behind(self, node: LexborNode) -> bool:
        """Return whether an element lies behind the background of one around it."""
        depth = self._value(node, "z-index")
        if not depth or (read_number(depth[0]) or 0) >= 0:
            return False
        if self._word(node, "position") not in ("absolute", "fixed", "relative", "sticky"):
            return False
        place = node.parent
        while place is not None and place.is_element_node and place.tag != "html":
            if self._stacks(place):
                return False
            own = self._own_background(place)
            if own is not None and own.alpha >= 1 and (place.tag != "body" or self._has_canvas()):
                return True
            place = place.parent
        return False

    def _stacks(self, node: LexborNode) -> bool:
        """Return whether an element is a stack of its own (CSS 2.2, appendix E)."""
        placed = self._word(node, "position") in ("fixed", "sticky")
        layered = bool(self._value(node, "z-index")) and self._word(node, "z-index") != "auto"
        others = ("transform", "filter", "isolation", "opacity", "mask", "will-change", "contain")
        return placed or layered or any(self._value(node, name) for name in others)

    def _has_canvas(self) -> bool:
        """Return whether the root has a background of its own, so that the body's is its own."""
        root = self._cascade.selecting.root()
        return root is not None and bool(self._value(root, "background-color", "background"))

    def _opacity(self, node: LexborNode) -> float:
        """Return the opacity of an element, those around it counted in."""
        chain: list[LexborNode] = []
        place: LexborNode | None = node
        whole = 1.0
        while place is not None and place.is_element_node:
            if place.mem_id in self._opacities:
                whole = self._opacities[place.mem_id]
                break
            chain.append(place)
            place = place.parent
        for one in reversed(chain):
            value = self._value(one, "opacity")
            own = read_number(value[0]) if value else None
            whole *= 1.0 if own is None else min(1.0, max(0.0, own))
            self._opacities[one.mem_id] = whole
        return whole

    def _is_masked(self, node: LexborNode) -> bool:
        """Return whether a mask that is nowhere opaque lies over an element."""
        values = self._values_of_mask(node)
        sizes = self._value(node, "mask-size", "-webkit-mask-size")
        empty = any(values) and any(read_length(token, whole=WIDTH) == 0 for token in sizes)
        return empty or any(masks_away(token) for value in values for token in value)

    def _values_of_mask(self, node: LexborNode) -> tuple[tuple[Token, ...], ...]:
        names = (("mask-image", "mask"), ("-webkit-mask-image", "-webkit-mask"))
        return tuple(self._value(node, *pair) for pair in names)

    def changes(self, node: LexborNode) -> bool:
        """Return whether an element is made to change: it fades or slides in by a script."""
        return any(
            self._value(node, *names)
            for names in (
                ("transition",), ("animation-name", "animation"), ("will-change",),
                ("transform", "-webkit-transform"), ("translate",),
            )
        )  # fmt: skip

    def _cut_off(self, node: LexborNode, display: str) -> Hidden | None:
        """Return whether an element is clipped, or too small for what is in it."""
        if shapes_away(self._value(node, "clip-path", "-webkit-clip-path")):
            return Hidden("clip-path")
        position = self._word(node, "position")
        floats = position in ("absolute", "fixed")
        if floats and clips_away(self._value(node, "clip")):
            return Hidden("clip")
        if display == "inline" and not self._is_box(node, floats=floats):
            return None
        return Hidden(f"{small}; overflow: hidden") if (small := self._smallness(node)) else None

    def _smallness(self, node: LexborNode) -> str:
        """Return which size of a box leaves no room for what is in it and cut off, or nothing."""
        if not self._clips(node) or self.display(node).startswith("table"):
            return ""
        if self._is_emptied(node):
            return "contain: size"
        if self._is_folded(node):
            return "grid-template-rows: 0fr"
        for names in _EXTENTS:
            extent = self._extent(node, names)
            if extent is not None and extent <= SMALLEST:
                return f"{names[0]}: {extent:g}px"
        return ""

    def _is_emptied(self, node: LexborNode) -> bool:
        """Return whether a box is as large as one with nothing in it."""
        words = {token.value for token in self._value(node, "contain") if token.type == "ident"}
        if words.isdisjoint(("size", "strict")):
            return False
        return not self._value(node, "height") and not self._value(node, "min-height")

    def _is_folded(self, node: LexborNode) -> bool:
        """Return whether a box lies in a row of a grid, or a column of a flex box, of no size."""
        above = node.parent
        if above is None or not above.is_element_node:
            return False
        display = self.display(above)
        rows = self._value(above, "grid-template-rows", "grid-template")
        if display.endswith("grid") and rows and _is_nothing(rows[0]):
            return True
        flex = self._value(node, "flex")
        return (
            display == "flex"
            and len(flex) == _FLEX_PARTS
            and all(map(_is_nothing, flex))
            and not self._length(node, "min-width")
        )

    def _clips(self, node: LexborNode) -> bool:
        """Return whether what is larger than a box is cut off."""
        if node.tag in ("html", "body"):
            return False  # it is the window that scrolls
        won = [self._value(node, *names) for names in OVERFLOWS.values()]
        return any(
            token.type == "ident" and token.lower_value in _CLIPPING
            for value in (*won, self._value(node, "contain"))
            for token in value
        )

    def _extent(self, node: LexborNode, names: tuple[str, ...]) -> float | None:
        """Return a box's width or height in pixels where it is stated, its least at least."""
        least = self._length(node, f"min-{names[0].removeprefix('max-')}") or 0.0
        stated = self._length(node, *names)
        share = [one.type for one in self._value(node, *names)] == ["percentage"]
        if share and names[0] in ("height", "max-height"):
            return None  # of a height that is not stated
        return None if stated is None else max(stated, least)

    def _is_struck(self, node: LexborNode) -> bool:
        """Return whether a line is drawn through the words of an element."""
        return any(
            token.type == "ident" and token.lower_value == "line-through"
            for token in self._value(node, "text-decoration-line", "text-decoration")
        )

    def align(self, node: LexborNode) -> str:
        """Return how an element on a line is raised or lowered; empty for one that is not.

        What is merely aligned, such as an icon at the top of its line, is as large as the rest.
        """
        if node.tag in ("td", "th") or not self.display(node).startswith("inline"):
            return ""
        align = str(tinycss2.serialize(self._value(node, "vertical-align"))).strip().lower()
        above = node.parent
        if align not in _ALIGNED or above is None or not above.is_element_node:
            return align
        return align if self.font_size(node) < self.font_size(above) * _SMALL else ""

    # What takes text away, and what an element inside may undo.

    def text_reason(self, node: LexborNode) -> Hidden | None:
        """Return why the text that is directly in an element is not seen, or None."""
        return self._doubting(node, self._text_reason(node))

    def _text_reason(self, node: LexborNode) -> Hidden | None:
        visibility = self._visibility(node)
        if visibility in ("hidden", "collapse"):
            return Hidden("visibility: hidden", self._is_animated(node))
        if self.font_size(node) < SMALLEST:
            return Hidden("font-size: 0")
        if self._is_indented_away(node):
            return Hidden("text-indent")
        if self._is_crowded(node):
            return Hidden("letter-spacing", unsure=True)
        place = self._declaring(node, "-webkit-text-security")
        if place is not None and self._word(place, "-webkit-text-security") not in WIDE | {"none"}:
            return Hidden("-webkit-text-security")
        return None

    def _visibility(self, node: LexborNode) -> str:
        """Return the computed `visibility` of an element."""
        passed: list[int] = []
        place: LexborNode | None = node
        found = "visible"
        while place is not None and place.is_element_node:
            if place.mem_id in self._seen:
                found = self._seen[place.mem_id]
                break
            passed.append(place.mem_id)
            won = self._won(place, "visibility")
            word = won.keyword if won is not None else ""
            if word and word not in ("inherit", "unset", "revert", "revert-layer"):
                found = "visible" if word == "initial" else word
                break
            place = place.parent
        self._seen.update(dict.fromkeys(passed, found))
        return found

    def _is_indented_away(self, node: LexborNode) -> bool:
        """Return whether the line in an element begins far off (it is inherited)."""
        place = self._declaring(node, "text-indent")
        if place is None:
            return False
        value = [one for one in self._value(place, "text-indent") if one.type != "ident"]
        indent = read_length(value[0], self.font_size(place), WIDTH) if value else None
        if indent is None:
            return False
        cut = (
            indent >= WIDTH and self._clips(place) and self._word(place, "white-space") == "nowrap"
        )
        return indent <= -FAR or cut

    def _is_crowded(self, node: LexborNode) -> bool:
        """Return whether letters or words may be drawn over each other (they are inherited)."""
        size = self.font_size(node)
        for name, share in _CROWDED.items():
            place = self._declaring(node, name)
            value = self._value(place, name) if place is not None else ()
            spacing = read_length(value[0], size, size) if value else None
            if spacing is not None and spacing <= -share * size:
                return True
        return False


_CROWDED = {"letter-spacing": 0.25, "word-spacing": 1.0}  # of the font's size, less than none
_CLIPPING = ("auto", "clip", "content", "hidden", "paint", "scroll", "strict")
_EXTENTS = (
    ("height", "block-size"),
    ("width", "inline-size"),
    ("max-height",),
    ("max-width",),
    ("line-height",),
    ("max-block-size",),
    ("max-inline-size",),
)
_WHOLE = frozenset(("cover", "contain", "repeat", "auto", "add"))  # of a mask
_FLEX_PARTS = 3  # growth, shrinkage, basis


def _is_nothing(token: Token) -> bool:
    """Return whether a token is a size of nothing: `0`, `0fr`."""
    return token.type in ("number", "dimension", "percentage") and token.value == 0


def _is_picture(token: Token) -> bool:
    """Return whether a token is a picture, which takes the place of an element's words."""
    name = token.lower_name if token.type == "function" else ""
    return token.type == "url" or name == "url" or name.endswith(("gradient", "image-set"))
