"""Where the boxes of a page lie: off the window, behind others, turned away (CSS Transforms 2)."""

from selectolax.lexbor import LexborNode

from footnotary.extract.css.cascade import Cascade
from footnotary.extract.css.coloring import Coloring, Hidden
from footnotary.extract.css.shapes import NUMBER
from footnotary.extract.css.transforms import (
    TransformStep,
    combine_transforms,
    read_rotation,
    read_scale,
    read_steps,
    read_translation,
)
from footnotary.extract.css.validity import WIDE
from footnotary.extract.css.values import HEIGHT, WIDTH, read_number

FAR = 600.0
"""Pixels that words are moved to the left or up by so that nothing of them is left."""

_FAR_RIGHT = 1280.0

_NEAR = 16.0  # pixels, that words may be off the edge of a window by

_NEVER_INLINE = frozenset(
    ("img", "button", "input", "select", "textarea", "video", "svg", "math", "g", "text")
)

_CELLS = ("table-row", "table-row-group", "table-column", "table-column-group")

LEFT = ("left", "inset", "inset-inline", "inset-inline-start")

RIGHT = ("right", "inset", "inset-inline")

MARGIN_LEFT = ("margin-left", "margin", "margin-inline", "margin-inline-start")

_MARGIN_TOP = ("margin-top", "margin", "margin-block", "margin-block-start")

TOP = ("top", "inset", "inset-block-start")


class Placing(Coloring):
    """Computes where the elements of a page lie.

    Args:
        cascade: The page's rules.
        blocks: Names of elements that are blocks by themselves.
    """

    def __init__(self, cascade: Cascade, blocks: frozenset[str]) -> None:
        super().__init__(cascade)
        self._blocks = blocks

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

    def _is_animated(self, node: LexborNode) -> bool:
        """Return whether an element changes by itself, or by a script with a transition."""
        if self._cascade.ends and self._cascade.end_of(node):
            return False  # it stays as it is at the end
        value = self._value(node, "animation-name", "animation")
        words = {token.value for token in value if token.type in ("ident", "string")}
        return not words.isdisjoint(self._cascade.keyframes)

    def _is_box(self, node: LexborNode, *, floats: bool) -> bool:
        """Return whether an inline element is a box of its own after all."""
        return floats or self._word(node, "float") in ("left", "right") or node.tag in _NEVER_INLINE

    def _moved(self, node: LexborNode, display: str) -> Hidden | None:
        """Return whether an element is moved out of sight, flattened or turned away."""
        position = self._word(node, "position")
        floats = position in ("absolute", "fixed")
        boxed = display != "inline" or self._is_box(node, floats=floats)
        step = self._transform(node) if boxed else TransformStep()
        eye = (
            self._length(node.parent, "perspective") if boxed and node.parent is not None else None
        )
        if step.near and not step.seen_from(eye or 0.0):
            return Hidden("transform: translateZ()")
        if boxed and self._is_led_away(node):
            return Hidden("offset-path")
        if step.flattens:
            return Hidden("transform: scale(0)", self._is_animated(node))
        if step.turns and self._word(node, "backface-visibility") == "hidden":
            return Hidden("backface-visibility: hidden")
        if boxed and display not in _CELLS and self._is_off(node, position, step):
            return Hidden("off-screen", self._is_animated(node))
        return None

    def _is_led_away(self, node: LexborNode) -> bool:
        """Return whether a path leads an element away: its middle is put on the path."""
        value = self._value(node, "offset-path", "offset")
        paths = [token for token in value if token.type == "function"]
        if not paths or paths[0].lower_name not in ("path", "ray"):
            return False
        if paths[0].lower_name == "ray":
            distance = self._length(node, "offset-distance", whole=WIDTH)
            return abs(distance or 0.0) >= FAR or bool(self._value(node, "offset-position"))
        source = "".join(str(token.value) for token in paths[0].arguments if token.type == "string")
        numbers = [float(found) for found in NUMBER.findall(source)]
        wide = self.display(node) == "block" and self._length(node, "width") is None
        least = WIDTH / 2 - 2 * _NEAR if wide else 0.0
        return not numbers or min(numbers[::2]) < least or min(numbers[1::2] or [0.0]) < 0

    def _transform(self, node: LexborNode) -> TransformStep:
        """Return what the transforms of an element do together."""
        steps = [
            read_translation(self._value(node, "translate")) or TransformStep(),
            read_rotation(self._value(node, "rotate")) or TransformStep(),
            read_scale(self._value(node, "scale")) or TransformStep(),
            *(read_steps(self._value(node, "transform", "-webkit-transform")) or ()),
        ]
        return combine_transforms(steps)

    def _is_off(self, node: LexborNode, position: str, step: TransformStep) -> bool:
        """Return whether an element lies where no window is."""
        placed = position in ("absolute", "fixed", "relative")
        left = self._length(node, *LEFT, whole=WIDTH) if placed else None
        right = self._length(node, *RIGHT, whole=WIDTH) if placed and left is None else None
        top = self._length(node, *TOP, whole=HEIGHT) if placed else None
        across = (left or 0.0) - (right or 0.0) if position == "relative" else (left or 0.0)
        # A share of the width is drawn back over what floats beside: columns are laid out so.
        floating = self._word(node, "float") in ("left", "right")
        margin = self._length(node, *MARGIN_LEFT, whole=0.0 if floating else WIDTH)
        across += (margin or 0.0) + step.right
        down = (top or 0.0) + (self._length(node, *_MARGIN_TOP, whole=HEIGHT) or 0.0)
        floats = position in ("absolute", "fixed")
        if floats and (
            (step.across <= -1 and across <= 0 and left is not None)
            or (step.along <= -1 and down <= 0 and top is not None)
        ):
            return True
        bottom = self._length(node, "bottom", "inset", whole=HEIGHT) if floats else None
        if floats and ((right or 0) >= WIDTH or (top is None and (bottom or 0) >= 2 * HEIGHT)):
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
