"""Values as elements have them, and where their boxes lie (CSS Cascade 5, CSS Transforms 2)."""

from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from footnotary.extract.css.applying import Won
from footnotary.extract.css.cascade import Cascade
from footnotary.extract.css.shapes import NUMBER, four_sides
from footnotary.extract.css.transforms import (
    STILL,
    TransformStep,
    combine_transforms,
    read_rotation,
    read_scale,
    read_steps,
    read_translation,
)
from footnotary.extract.css.validity import SIZE_NAMES, WIDE, font_size_of
from footnotary.extract.css.values import HEIGHT, ROOT_SIZE, WIDTH, Token, read_length, significant

_OWN_SIZE = {"button": 13.333, "input": 13.333, "select": 13.333, "textarea": 13.333}


class Computed:
    """Computes values for the elements of a page.

    Args:
        cascade: The page's rules.
    """

    def __init__(self, cascade: Cascade) -> None:
        self._cascade = cascade
        self._sizes: dict[int, float] = {}
        self._doubted: set[int] = set()
        self._origins: dict[str, dict[int, LexborNode | None]] = {}
        self._wins: dict[str, dict[int, Won | None]] = {}
        self._asked: dict[tuple[str, ...], dict[int, Won | None] | None] = {}

    def _won(self, node: LexborNode, *names: str) -> Won | None:
        """Return the declaration that wins among properties; CSS-wide keywords are none."""
        wins = self._asked[names] if names in self._asked else self._wins_of(names)
        if wins is None:
            return None
        identity = node.mem_id
        if identity in wins:
            return wins[identity]
        won = wins[identity] = self._cascade.winner(node, (*names, "all"))
        if won is not None and won.unsure:
            self._doubted.add(identity)
        return won

    def _wins_of(self, names: tuple[str, ...]) -> dict[int, Won | None] | None:
        """Return where winning declarations are kept; None where nothing declares any."""
        declared = self._cascade.may_declare(*names, "all")
        found = self._asked[names] = self._wins.setdefault(names[0], {}) if declared else None
        return found

    def _declaring(self, node: LexborNode, *names: str) -> LexborNode | None:
        """Return the nearest element, an ancestor or itself, for which a declaration wins."""
        wins = self._asked[names] if names in self._asked else self._wins_of(names)
        if wins is None:
            return None
        origins = self._origins.setdefault(names[0], {})
        passed: list[int] = []
        found: LexborNode | None = None
        place: LexborNode | None = node
        while place is not None and place.is_element_node:
            identity = place.mem_id
            if identity in origins:
                found = origins[identity]
                break
            passed.append(identity)
            if self._won(place, *names) is not None:
                found = place
                break
            place = place.parent
        origins.update(dict.fromkeys(passed, found))
        return found

    def _value(self, node: LexborNode, *names: str) -> tuple[Token, ...]:
        """Return the tokens of the winning declaration without white space; () for the initial."""
        won = self._won(node, *names)
        return won.tokens if won is not None else ()

    def _word(self, node: LexborNode, *names: str) -> str:
        """Return the keyword of the winning declaration, or nothing."""
        won = self._won(node, *names)
        return won.keyword if won is not None else ""

    def _is_unsure(self, node: LexborNode, *names: str) -> bool:
        won = self._won(node, *names)
        return won is not None and won.unsure

    def _length(self, node: LexborNode, *names: str, whole: float | None = None) -> float | None:
        """Return a length that is declared, in pixels."""
        won = self._won(node, *names)
        if won is None or not won.tokens:
            return None
        token = _side_of(won.name, names[0], won.tokens)
        if token is None:
            return None
        if token.type == "percentage" and token.value == 0:
            return 0.0
        return read_length(token, self.font_size(node), whole)

    def font_size(self, node: LexborNode) -> float:
        """Return the computed font size of an element, in pixels."""
        chain: list[LexborNode] = []
        place: LexborNode | None = node
        size = ROOT_SIZE
        while place is not None and place.is_element_node:
            if place.mem_id in self._sizes:
                size = self._sizes[place.mem_id]
                break
            chain.append(place)
            place = place.parent
        for one in reversed(chain):
            size = self._sizes[one.mem_id] = self._own_size(one, size)
        return size

    def _own_size(self, node: LexborNode, inherited: float) -> float:
        """Return an element's font size, given that of its parent."""
        won = self._won(node, "font-size", "font")
        if won is None or not won.value:
            return _OWN_SIZE.get(node.tag or "", inherited)
        value = significant(won.value)
        token = font_size_of(value) if won.name == "font" else value[0]
        if token is None:
            return inherited
        if token.type == "ident":
            factors = {"larger": 1.2, "smaller": 1 / 1.2}
            if token.lower_value == "initial":
                return ROOT_SIZE
            return SIZE_NAMES.get(
                token.lower_value, inherited * factors.get(token.lower_value, 1.0)
            )
        found = read_length(token, inherited, inherited)
        return inherited if found is None else found


def _side_of(declared: str, wanted: str, value: tuple[Token, ...]) -> Token | None:
    """Return the token of a shorthand that is about one side."""
    if declared in ("margin", "inset"):
        places = four_sides([float(place) for place in range(len(value))]) if len(value) < 5 else []  # noqa: PLR2004
        side = wanted.rpartition("-")[2]
        names = ("top", "right", "bottom", "left")
        if side in names and len(places) == len(names):
            return value[int(places[names.index(side)])]
        return None
    if declared in ("inset-inline", "inset-block", "margin-inline", "margin-block"):
        return value[-1] if wanted in ("right", "bottom") else value[0]
    return value[0] if len(value) == 1 else None


FAR = 600.0
"""Pixels that words are moved to the left or up by so that nothing of them is left."""

_FAR_RIGHT = 1280.0

_NEAR = 16.0  # pixels, that words may be off the edge of a window by

_NEVER_INLINE = frozenset(
    ("img", "button", "input", "select", "textarea", "video", "svg", "math", "g", "text")
)

_CELLS = ("table-row", "table-row-group", "table-column", "table-column-group")

LEFT = ("left", "inset", "inset-inline", "inset-inline-start")

RIGHT = ("right", "inset", "inset-inline", "inset-inline-end")

MARGIN_LEFT = ("margin-left", "margin", "margin-inline", "margin-inline-start")

MARGIN_TOP = ("margin-top", "margin", "margin-block", "margin-block-start")

TOP = ("top", "inset", "inset-block", "inset-block-start")

BOTTOM = ("bottom", "inset", "inset-block", "inset-block-end")


@dataclass(frozen=True, slots=True)
class Hidden:
    """Why words are not seen.

    Attributes:
        reason: In the words of CSS.
        fades: Whether a script or an animation that is there may show them.
        unsure: Whether it depends on what is not known.
    """

    reason: str
    fades: bool = False
    unsure: bool = False


class Placing(Computed):
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
        step = self._transform(node) if boxed else STILL
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
            read_translation(self._value(node, "translate")),
            read_rotation(self._value(node, "rotate")),
            read_scale(self._value(node, "scale")),
            *(read_steps(self._value(node, "transform", "-webkit-transform")) or ()),
        ]
        return combine_transforms([step for step in steps if step is not None])

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
        down = (top or 0.0) + (self._length(node, *MARGIN_TOP, whole=HEIGHT) or 0.0)
        floats = position in ("absolute", "fixed")
        if floats and (
            (step.across <= -1 and across <= 0 and left is not None)
            or (step.along <= -1 and down <= 0 and top is not None)
        ):
            return True
        bottom = self._length(node, *BOTTOM, whole=HEIGHT) if floats else None
        rooted = HEIGHT if self._is_rooted(node, position) else 2 * HEIGHT
        if floats and ((right or 0) >= WIDTH or (top is None and (bottom or 0) >= rooted)):
            return True
        if floats and right is not None and (right <= -FAR or (step.across >= 1 and right <= 0)):
            return True
        if position == "fixed" and self._is_below_window(node, down + step.down, step):
            return True
        width = self._length(node, "width", "inline-size") if floats and across < 0 else None
        if width is not None and across + width <= 0:
            return True
        return across <= -FAR or down + step.down <= -FAR or across >= _FAR_RIGHT

    def _is_below_window(self, node: LexborNode, down: float, step: TransformStep) -> bool:
        """Return whether an element that does not scroll lies below the window."""
        bottom = self._length(node, *BOTTOM, whole=HEIGHT)
        gone = bottom is not None and (
            bottom - step.down <= -HEIGHT / 3 or (step.along >= 1 and bottom <= 0)
        )
        return gone or down >= HEIGHT

    def _is_rooted(self, node: LexborNode, position: str) -> bool:
        """Return whether an element is placed in the window, not in another element."""
        place = node.parent
        while position == "absolute" and place is not None and place.is_element_node:
            if self._word(place, "position") not in ("", "static") or any(
                self._value(place, name) for name in ("transform", "filter", "contain")
            ):
                return False
            place = place.parent
        return position in ("absolute", "fixed")
