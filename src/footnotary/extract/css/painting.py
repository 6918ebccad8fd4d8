"""What keeps the words of an element from the eye: computed from the rules that win for it.

CSS Display 3, CSS 2.2 chapter 11, CSS Color 4, CSS Masking 1, CSS Transforms 2. The window is a
desktop's; what lies off it to the left or above cannot be scrolled to.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from footnotary.extract.css.cascade import Cascade, Won
from footnotary.extract.css.shapes import clips_away, four_sides, shapes_away
from footnotary.extract.css.transforms import (
    Step,
    joined,
    read_rotation,
    read_scale,
    read_steps,
    read_translation,
)
from footnotary.extract.css.validity import SIZE_NAMES, WIDE, font_size_of
from footnotary.extract.css.values import (
    BLACK,
    CURRENT,
    HEIGHT,
    ROOT_SIZE,
    WHITE,
    WIDTH,
    Color,
    Token,
    Tokens,
    read_color,
    read_length,
    read_number,
    significant,
    split_by,
)

FAR = 600.0
"""Pixels that words are moved to the left or up by so that nothing of them is left."""

FAINT = 0.05
"""Opacity that nobody sees."""

SMALLEST = 1.0
"""Pixels of a font, and of a box, of which nothing is read."""

_FAR_RIGHT = 1280.0
_MOST_ANCESTORS = 600
_NEVER_INLINE = frozenset(("img", "button", "input", "select", "textarea", "video", "svg", "math"))
_CELLS = ("table-row", "table-row-group", "table-column", "table-column-group")
_LINK = Color(0.0, 0.0, 0.933)
_OWN_SIZE = {"button": 13.333, "input": 13.333, "select": 13.333, "textarea": 13.333}


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


class Painter:
    """Computes what the elements of a page look like.

    Args:
        cascade: The page's rules.
        blocks: Names of elements that are blocks by themselves.
    """

    def __init__(self, cascade: Cascade, blocks: frozenset[str]) -> None:
        self._cascade = cascade
        self._blocks = blocks
        self._sizes: dict[int, float] = {}
        self._colors: dict[int, Color | None] = {}
        self._behind: dict[int, Color | None] = {}
        self._seen: dict[int, str] = {}
        self._wins: dict[tuple[int, str], Won | None] = {}

    def _won(self, node: LexborNode, *names: str) -> Won | None:
        """Return the declaration that wins among properties; CSS-wide keywords are none."""
        known = (node.mem_id, names[0])
        if known not in self._wins:
            self._wins[known] = self._cascade.winner(node, (*names, "all"))
        return self._wins[known]

    def _value(self, node: LexborNode, *names: str) -> tuple[Token, ...]:
        """Return the tokens of the winning declaration without white space; () for the initial."""
        won = self._won(node, *names)
        if won is None or won.keyword in WIDE:
            return ()
        return tuple(significant(won.value))

    def _word(self, node: LexborNode, *names: str) -> str:
        """Return the keyword of the winning declaration, or nothing."""
        won = self._won(node, *names)
        return won.keyword if won is not None else ""

    def _is_unsure(self, node: LexborNode, *names: str) -> bool:
        won = self._won(node, *names)
        return won is not None and won.unsure

    # What takes a box away with all that is in it.

    def display(self, node: LexborNode) -> str:
        """Return the computed `display` of an element, or what it amounts to."""
        won = self._won(node, "display")
        word = won.keyword if won is not None else ""
        if node.tag == "input" and (node.attributes.get("type") or "").lower() == "hidden":
            return "none"
        if won is not None and won.value and word not in WIDE:
            return word or "block"
        if word == "inherit" and node.parent is not None and node.parent.is_element_node:
            return self.display(node.parent)
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
        for token in self._value(node, "filter"):
            if token.type == "function" and token.lower_name == "opacity":
                inner = significant(token.arguments)
                opacity = read_number(inner[0]) if inner else opacity
        if opacity is None or opacity > FAINT:
            return None
        return Hidden("opacity: 0", self._is_animated(node), self._is_unsure(node, "opacity"))

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
        return (
            floats or self._word(node, "float") in ("left", "right") or node.tag in _NEVER_INLINE
        )

    def _clips(self, node: LexborNode) -> bool:
        """Return whether what is larger than a box is cut off."""
        won = [
            self._value(node, f"overflow-{axis}", "overflow") for axis in "xy"
        ]
        return any(
            token.type == "ident" and token.lower_value in ("hidden", "clip")
            for value in won
            for token in value
        )

    def _extent(self, node: LexborNode, names: tuple[str, ...]) -> float | None:
        """Return a box's width or height in pixels where it is stated, its least at least."""
        least = self._length(node, f"min-{names[0].removeprefix('max-')}") or 0.0
        stated = self._length(node, *names)
        return None if stated is None else max(stated, least)

    def _length(
        self, node: LexborNode, *names: str, whole: float | None = None
    ) -> float | None:
        """Return a length that is declared, in pixels."""
        value = self._value(node, *names)
        won = self._won(node, *names)
        if not value or won is None:
            return None
        token = _side_of(won.name, names[0], value)
        if token is None:
            return None
        if token.type == "percentage" and token.value == 0:
            return 0.0
        return read_length(token, self.font_size(node), whole)

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
        placed = position in ("absolute", "fixed", "relative", "-webkit-sticky", "sticky")
        left = self._length(node, *_LEFT, whole=WIDTH) if placed else None
        right = self._length(node, *_RIGHT, whole=WIDTH) if placed and left is None else None
        top = self._length(node, *_TOP, whole=HEIGHT) if placed else None
        across = (left or 0.0) - (right or 0.0) if position == "relative" else (left or 0.0)
        across += (self._length(node, "margin-left", "margin", whole=WIDTH) or 0.0) + step.right
        down = (top or 0.0) + (self._length(node, "margin-top", "margin", whole=HEIGHT) or 0.0)
        floats = position in ("absolute", "fixed")
        if floats and (
            (step.across <= -1 and across <= 0 and left is not None)
            or (step.along <= -1 and down <= 0 and top is not None)
        ):
            return True
        if floats and right is not None and (right <= -FAR or (step.across >= 1 and right <= 0)):
            return True
        return across <= -FAR or down + step.down <= -FAR or across >= _FAR_RIGHT

    def _is_struck(self, node: LexborNode) -> bool:
        """Return whether a line is drawn through the words of an element."""
        return any(
            token.type == "ident" and token.lower_value == "line-through"
            for token in self._value(node, "text-decoration-line", "text-decoration")
        )

    # What takes text away, and what an element inside may undo.

    def text_reason(self, node: LexborNode) -> Hidden | None:
        """Return why the text that stands directly in an element is not seen, or None.

        Args:
            node: The element.
        """
        visibility = self._visibility(node)
        if visibility in ("hidden", "collapse"):
            return Hidden("visibility: hidden", self._is_animated(node))
        if self.font_size(node) < SMALLEST:
            return Hidden("font-size: 0")
        if self._is_indented_away(node):
            return Hidden("text-indent")
        return None

    def color_reason(self, node: LexborNode) -> Hidden | None:
        """Return whether text that stands directly in an element has its background's colour.

        Args:
            node: The element.
        """
        return Hidden("color") if self._is_in_its_background(node) else None

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

    def font_size(self, node: LexborNode) -> float:
        """Return the computed font size of an element, in pixels."""
        chain: list[LexborNode] = []
        place: LexborNode | None = node
        size = ROOT_SIZE
        while place is not None and place.is_element_node and len(chain) < _MOST_ANCESTORS:
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

    def _is_indented_away(self, node: LexborNode) -> bool:
        """Return whether the line in an element begins far off (it is inherited)."""
        place: LexborNode | None = node
        for _ in range(_MOST_ANCESTORS):
            if place is None or not place.is_element_node:
                return False
            if self._won(place, "text-indent") is not None:
                break
            place = place.parent
        if place is None or not place.is_element_node:
            return False
        indent = self._length(place, "text-indent", whole=WIDTH)
        if indent is None:
            return False
        cut = indent >= WIDTH and self._clips(place) and self._word(place, "white-space") == "nowrap"
        return indent <= -FAR or cut

    def _is_in_its_background(self, node: LexborNode) -> bool:
        """Return whether text has the colour of what it stands on, or none."""
        color = self._text_color(node)
        if color is None or self._is_shadowed(node):
            return False
        if color.alpha <= FAINT:
            return not self._has_text_as_background(node)
        behind = self.background(node)
        return behind is not None and color.over(behind).is_like(behind)

    def _is_shadowed(self, node: LexborNode) -> bool:
        """Return whether text may be seen by its shadow or its outline alone."""
        place: LexborNode | None = node
        for _ in range(_MOST_ANCESTORS):
            if place is None or not place.is_element_node:
                return False
            if self._value(place, "-webkit-text-stroke"):
                return True
            if self._won(place, "text-shadow") is not None:
                return self._word(place, "text-shadow") != "none"
            place = place.parent
        return False

    def _has_text_as_background(self, node: LexborNode) -> bool:
        """Return whether the background is cut out in the form of the letters."""
        place: LexborNode | None = node
        while place is not None and place.is_element_node:
            for names in (("background-clip", "background"), ("-webkit-background-clip",)):
                words = [token for token in self._value(place, *names) if token.type == "ident"]
                if any(token.lower_value == "text" for token in words):
                    return True
            place = place.parent
        return False

    def _text_color(self, node: LexborNode) -> Color | None:
        """Return the colour that text is filled with; None where it is not known."""
        fill = self._inherited_color(node, "-webkit-text-fill-color")
        return fill if isinstance(fill, Color) else self.color(node)

    def _inherited_color(self, node: LexborNode, name: str) -> Color | None:
        place: LexborNode | None = node
        for _ in range(_MOST_ANCESTORS):
            if place is None or not place.is_element_node:
                return None
            value = self._value(place, name)
            if value:
                found = read_color(value[0])
                return found if isinstance(found, Color) else None
            place = place.parent
        return None

    def color(self, node: LexborNode) -> Color | None:
        """Return the computed `color` of an element; None where it is not known."""
        chain: list[LexborNode] = []
        place: LexborNode | None = node
        color: Color | None = BLACK
        while place is not None and place.is_element_node and len(chain) < _MOST_ANCESTORS:
            if place.mem_id in self._colors:
                color = self._colors[place.mem_id]
                break
            chain.append(place)
            place = place.parent
        for one in reversed(chain):
            color = self._colors[one.mem_id] = self._own_color(one, color)
        return color

    def _own_color(self, node: LexborNode, inherited: Color | None) -> Color | None:
        """Return an element's colour, given that of its parent."""
        won = self._won(node, "color")
        if won is not None and won.unsure:
            return None
        if won is None or not won.value:
            return _default_color(node.tag or "", node.attributes, inherited)
        if won.keyword in WIDE:
            return BLACK if won.keyword == "initial" else inherited
        found = read_color(significant(won.value)[0])
        if found == CURRENT:
            return inherited
        return found if isinstance(found, Color) else None

    def background(self, node: LexborNode) -> Color | None:
        """Return the colour behind the text of an element; None where a picture may be.

        Args:
            node: The element.
        """
        layers: list[Color] = []
        chain: list[int] = []
        place: LexborNode | None = node
        behind: Color | None = WHITE
        while place is not None and place.is_element_node and len(chain) < _MOST_ANCESTORS:
            own = self._own_background(place)
            if own is None:
                behind = None
                break
            layers.append(own)
            if own.alpha >= 1:
                break
            chain.append(place.mem_id)
            place = place.parent
        for layer in reversed(layers):
            behind = layer.over(behind) if behind is not None else None
        return behind

    def _own_background(self, node: LexborNode) -> Color | None:
        """Return an element's own background; None where it is a picture or not known."""
        known = node.mem_id
        if known not in self._behind:
            self._behind[known] = self._read_background(node)
        return self._behind[known]

    def _read_background(self, node: LexborNode) -> Color | None:
        pictures = self._value(node, "background-image")
        if any(token.type in ("url", "function") for token in pictures):
            return None
        won = self._won(node, "background-color", "background")
        if won is None or not won.value or won.keyword in WIDE:
            return _default_background(node.tag or "", node.attributes)
        return None if won.unsure else background_in(significant(won.value), self.color(node))


def background_in(value: Tokens, current: Color | None) -> Color | None:
    """Return the colour in a background; None where there is a picture, or no telling.

    Args:
        value: The tokens of `background` or `background-color`.
        current: What `currentcolor` is.
    """
    found: Color | None = Color(0, 0, 0, 0)
    for token in split_by(value, ",")[-1]:
        color = read_color(token)
        if isinstance(color, Color):
            found = color
        elif color == CURRENT:
            found = current
        elif token.type in ("url", "function"):
            return None
    return found


def _default_color(
    tag: str, attributes: Mapping[str, str | None], inherited: Color | None
) -> Color | None:
    """Return the colour that HTML gives an element."""
    stated = attributes.get("color") if tag == "font" else attributes.get("text")
    if stated and tag in ("font", "body"):
        found = read_color_text(stated)
        return found if found is not None else inherited
    if tag in ("button", "input", "select", "textarea", "mark"):
        return BLACK
    return _LINK if tag == "a" and "href" in attributes else inherited


def _default_background(tag: str, attributes: Mapping[str, str | None]) -> Color | None:
    """Return the background that HTML gives an element."""
    if attributes.get("background") and tag in ("body", "table", "td", "th", "tr"):
        return None
    stated = attributes.get("bgcolor")
    if stated:
        return read_color_text(stated) or Color(0, 0, 0, 0)
    return Color(1, 1, 0) if tag == "mark" else Color(0, 0, 0, 0)


def read_color_text(text: str) -> Color | None:
    """Return the colour that an attribute names.

    Args:
        text: The attribute's value; digits may lack their `#`.
    """
    import tinycss2

    for source in (text, f"#{text}"):
        token = tinycss2.parse_one_component_value(source)
        found = read_color(token) if token.type != "error" else None
        if isinstance(found, Color):
            return found
    return None


def _side_of(declared: str, wanted: str, value: tuple[Token, ...]) -> Token | None:
    """Return the token of a shorthand that is about one side."""
    if declared in ("margin", "inset"):
        places = four_sides([float(place) for place in range(len(value))]) if len(value) < 5 else []  # noqa: PLR2004
        side = wanted.rpartition("-")[2]
        names = ("top", "right", "bottom", "left")
        if side in names and len(places) == len(names):
            return value[int(places[names.index(side)])]
        return None
    if declared in ("inset-inline", "inset-block"):
        return value[-1] if wanted in ("right", "bottom") else value[0]
    return value[0] if len(value) == 1 else None


_LEFT = ("left", "inset", "inset-inline", "inset-inline-start")
_RIGHT = ("right", "inset", "inset-inline")
_TOP = ("top", "inset", "inset-block-start")
_EXTENTS = (
    ("height", "block-size"),
    ("width", "inline-size"),
    ("max-height",),
    ("max-width",),
)
