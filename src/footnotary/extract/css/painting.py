"""What keeps the words of an element from the eye: computed from the rules that win for it.

CSS Display 3, CSS 2.2 chapter 11, CSS Color 4, CSS Masking 1, CSS Transforms 2. The window is a
desktop's; what lies off it to the left or above cannot be scrolled to.
"""

import tinycss2
from selectolax.lexbor import LexborNode

from footnotary.extract.css.cascade import Cascade
from footnotary.extract.css.coloring import Coloring, Hidden
from footnotary.extract.css.shapes import clips_away, filters_away, masks_away, shapes_away
from footnotary.extract.css.transforms import (
    Step,
    joined,
    read_rotation,
    read_scale,
    read_steps,
    read_translation,
)
from footnotary.extract.css.validity import WIDE
from footnotary.extract.css.values import FAINT, HEIGHT, WIDTH, read_number

FAR = 600.0
"""Pixels that words are moved to the left or up by so that nothing of them is left."""

SMALLEST = 1.0
"""Pixels of a font, and of a box, of which nothing is read."""

_FAR_RIGHT = 1280.0
_NEVER_INLINE = frozenset(("img", "button", "input", "select", "textarea", "video", "svg", "math"))
_ALIGNED = ("top", "text-top", "bottom", "text-bottom", "middle")
_SMALL = 0.9  # of the size of the text around, for an exponent
_CELLS = ("table-row", "table-row-group", "table-column", "table-column-group")


class Painter(Coloring):
    """Computes what the elements of a page look like.

    Args:
        cascade: The page's rules.
        blocks: Names of elements that are blocks by themselves.
    """

    def __init__(self, cascade: Cascade, blocks: frozenset[str]) -> None:
        super().__init__(cascade)
        self._blocks = blocks
        self._opacities: dict[int, float] = {}
        self._seen: dict[int, str] = {}

    # What takes a box away with all that is in it.

    def display(self, node: LexborNode) -> str:
        """Return the computed `display` of an element, or what it amounts to."""
        won = self._won(node, "display")
        word = won.keyword if won is not None else ""
        if node.tag == "input" and (node.attributes.get("type") or "").lower() == "hidden":
            return "none"
        if won is not None and won.value and word not in WIDE:
            return word or "block"
        if word == "inherit":
            above = node.parent
            declared = self._declaring(above, "display") if above is not None else None
            inherited = self._word(declared, "display") if declared is not None else ""
            return inherited if declared is above and inherited not in WIDE else "block"
        if word in ("initial", "unset") or (won is not None and not won.value and not won.unsure):
            return "inline"
        return self._own_display(node)

    def _own_display(self, node: LexborNode) -> str:
        """Return the `display` of the HTML standard's rendering section."""
        attributes = node.attributes
        if "hidden" in attributes and (attributes["hidden"] or "").lower() != "until-found":
            return "none"
        if node.tag == "dialog" and "open" not in attributes:
            return "none"
        if "popover" in attributes:
            return "none"
        return "block" if (node.tag or "") in self._blocks else "inline"

    def box_reason(self, node: LexborNode) -> Hidden | None:
        """Return why nothing in an element's box is seen, or None.

        Args:
            node: The element.
        """
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
        hidden = self._faded(node) or self._cut_off(node, display)
        if hidden is not None or display == "contents":
            return hidden
        moved = self._moved(node, display)
        if moved is None and self._is_struck(node):
            return Hidden("text-decoration: line-through")
        return moved

    def _faded(self, node: LexborNode) -> Hidden | None:
        """Return whether opacity or a filter takes an element away."""
        if self._word(node, "content-visibility") == "hidden":
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
            ("zoom", bool(zoom) and 0 < (read_number(zoom[0]) or 0.0) < FAINT),
            ("animation", self._ends_hidden(node)),
        )
        return next((name for name, hides in effects if hides), "")

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
        values = (
            self._value(node, "mask-image", "mask"),
            self._value(node, "-webkit-mask-image", "-webkit-mask"),
        )
        return any(masks_away(token) for value in values for token in value)

    def _ends_hidden(self, node: LexborNode) -> bool:
        """Return whether an animation ends in what hides, and stays there."""
        tokens = (
            *self._value(node, "animation-name", "animation"),
            *self._value(node, "animation-fill-mode"),
        )
        words = {token.value for token in tokens if token.type in ("ident", "string")}
        ending = words & self._cascade.hiding_keyframes
        return bool(ending) and not words.isdisjoint(("forwards", "both"))

    def _is_animated(self, node: LexborNode) -> bool:
        """Return whether an element changes by itself, or by a script with a transition."""
        value = self._value(node, "animation-name", "animation")
        words = {token.value for token in value if token.type in ("ident", "string")}
        return not words.isdisjoint(self._cascade.keyframes)

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
        if display == "contents" or (display == "inline" and not self._is_box(node, floats=floats)):
            return None
        if self._clips(node):
            for names in _EXTENTS:
                extent = self._extent(node, names)
                if extent is not None and extent <= SMALLEST:
                    return Hidden(f"{names[0]}: {extent:g}px; overflow: hidden")
        return None

    def _is_box(self, node: LexborNode, *, floats: bool) -> bool:
        """Return whether an inline element is a box of its own after all."""
        return floats or self._word(node, "float") in ("left", "right") or node.tag in _NEVER_INLINE

    def _clips(self, node: LexborNode) -> bool:
        """Return whether what is larger than a box is cut off."""
        if node.tag in ("html", "body"):
            return False  # it is the window that scrolls
        won = [self._value(node, f"overflow-{axis}", "overflow") for axis in "xy"]
        return any(
            token.type == "ident" and token.lower_value in _CLIPPING
            for value in (*won, self._value(node, "contain"))
            for token in value
        )

    def _extent(self, node: LexborNode, names: tuple[str, ...]) -> float | None:
        """Return a box's width or height in pixels where it is stated, its least at least."""
        least = self._length(node, f"min-{names[0].removeprefix('max-')}") or 0.0
        stated = self._length(node, *names)
        return None if stated is None else max(stated, least)

    def _moved(self, node: LexborNode, display: str) -> Hidden | None:
        """Return whether an element is moved out of sight, flattened or turned away."""
        position = self._word(node, "position")
        floats = position in ("absolute", "fixed")
        boxed = display != "inline" or self._is_box(node, floats=floats)
        step = self._transform(node) if boxed else Step()
        if step.flattens:
            return Hidden("transform: scale(0)", self._is_animated(node))
        if step.turns and self._word(node, "backface-visibility") == "hidden":
            return Hidden("backface-visibility: hidden")
        if boxed and display not in _CELLS and self._is_off(node, position, step):
            return Hidden("off-screen", self._is_animated(node))
        return None

    def _transform(self, node: LexborNode) -> Step:
        """Return what the transforms of an element do together."""
        steps = [
            read_translation(self._value(node, "translate")) or Step(),
            read_rotation(self._value(node, "rotate")) or Step(),
            read_scale(self._value(node, "scale")) or Step(),
            *(read_steps(self._value(node, "transform", "-webkit-transform")) or ()),
        ]
        return joined(steps)

    def _is_off(self, node: LexborNode, position: str, step: Step) -> bool:
        """Return whether an element lies where no window is."""
        placed = position in ("absolute", "fixed", "relative")
        left = self._length(node, *_LEFT, whole=WIDTH) if placed else None
        right = self._length(node, *_RIGHT, whole=WIDTH) if placed and left is None else None
        top = self._length(node, *_TOP, whole=HEIGHT) if placed else None
        across = (left or 0.0) - (right or 0.0) if position == "relative" else (left or 0.0)
        across += (self._length(node, *_MARGIN_LEFT, whole=WIDTH) or 0.0) + step.right
        down = (top or 0.0) + (self._length(node, *_MARGIN_TOP, whole=HEIGHT) or 0.0)
        floats = position in ("absolute", "fixed")
        if floats and (
            (step.across <= -1 and across <= 0 and left is not None)
            or (step.along <= -1 and down <= 0 and top is not None)
        ):
            return True
        if floats and right is not None and (right <= -FAR or (step.across >= 1 and right <= 0)):
            return True
        if position == "fixed" and self._is_below_window(node, down):
            return True
        width = self._length(node, "width", "inline-size") if floats and across < 0 else None
        if width is not None and across + width <= 0:
            return True
        return across <= -FAR or down + step.down <= -FAR or across >= _FAR_RIGHT

    def _is_below_window(self, node: LexborNode, down: float) -> bool:
        """Return whether an element that does not scroll lies below the window."""
        bottom = self._length(node, "bottom", "inset", whole=HEIGHT)
        return down >= HEIGHT or (bottom is not None and bottom <= -HEIGHT / 3)

    def _is_struck(self, node: LexborNode) -> bool:
        """Return whether a line is drawn through the words of an element."""
        return any(
            token.type == "ident" and token.lower_value == "line-through"
            for token in self._value(node, "text-decoration-line", "text-decoration")
        )

    def align(self, node: LexborNode) -> str:
        """Return how an element on a line is raised or lowered; empty for one that is not.

        What is merely aligned, such as an icon at the top of its line, is as large as the rest.

        Args:
            node: The element.
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
        """Return why the text that stands directly in an element is not seen, or None.

        Args:
            node: The element.
        """
        return self._doubting(node, self._text_reason(node))

    def _text_reason(self, node: LexborNode) -> Hidden | None:
        visibility = self._visibility(node)
        if visibility in ("hidden", "collapse"):
            return Hidden("visibility: hidden", self._is_animated(node))
        if self.font_size(node) < SMALLEST:
            return Hidden("font-size: 0")
        if self._is_indented_away(node):
            return Hidden("text-indent")
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
        indent = self._length(place, "text-indent", whole=WIDTH)
        if indent is None:
            return False
        cut = (
            indent >= WIDTH and self._clips(place) and self._word(place, "white-space") == "nowrap"
        )
        return indent <= -FAR or cut


_CLIPPING = ("hidden", "clip", "paint", "strict", "content")
_LEFT = ("left", "inset", "inset-inline", "inset-inline-start")
_RIGHT = ("right", "inset", "inset-inline")
_MARGIN_LEFT = ("margin-left", "margin", "margin-inline", "margin-inline-start")
_MARGIN_TOP = ("margin-top", "margin", "margin-block", "margin-block-start")
_TOP = ("top", "inset", "inset-block-start")
_EXTENTS = (
    ("height", "block-size"),
    ("width", "inline-size"),
    ("max-height",),
    ("max-width",),
    ("line-height",),
)
