"""Text in the colour of what it is on (CSS Color 4, CSS Backgrounds 3)."""

from collections.abc import Callable, Mapping

import tinycss2
from selectolax.lexbor import LexborNode

from footnotary.extract.css.cascade import Cascade
from footnotary.extract.css.colors import (
    BLACK,
    CURRENT,
    LINK,
    WHITE,
    Color,
    blend_colors,
    gradient_color,
    is_by_scheme,
    read_color,
)
from footnotary.extract.css.placing import Hidden, Placing
from footnotary.extract.css.validity import WIDE
from footnotary.extract.css.values import (
    FAINT,
    Tokens,
    keyword_in,
    read_length,
    read_number,
    significant,
    split_by,
)

_DIGITS = 6  # of a colour without its `#`
OWN_BACKGROUNDS = {"mark": Color(1, 1, 0), "button": Color(0.937, 0.937, 0.937)}
"""What HTML paints behind elements."""


DARK = Color(0.071, 0.071, 0.071)
"""The canvas of a page that is for dark mode only."""

_NONE = Color(0, 0, 0, 0)
_FAR = 600.0  # pixels that a shadow is thrown by, out of sight
_DRAWN_TEXT = frozenset(("text", "tspan", "textPath"))
_DRAWINGS = "rect, path, circle, ellipse, polygon, polyline, image, use"
COLOR_FILTERS: dict[str, Callable[[float, float], float]] = {
    "invert": lambda part, share: part + min(1.0, share) * (1 - 2 * part),
    "brightness": lambda part, share: part * share,
    "contrast": lambda part, share: (part - 0.5) * share + 0.5,
}
"""Functions of `filter` that change colours, by part and amount (Filter Effects 1)."""


class Coloring(Placing):
    """Computes colours of text and of what is behind it."""

    def __init__(self, cascade: Cascade, blocks: frozenset[str]) -> None:
        super().__init__(cascade, blocks)
        self._colors: dict[int, Color | None] = {}
        self._lettered: dict[int, bool] = {}
        self._behind: dict[int, Color | None] = {}
        self._colored: dict[int, Hidden | None] = {}
        self._dark: bool | None = None

    def color_reason(self, node: LexborNode) -> Hidden | None:
        """Return whether text that is directly in an element has its background's colour."""
        identity = node.mem_id
        if identity not in self._colored:
            sure = self._is_in_its_background(node)
            hides = sure or self._is_on_blended(node)
            self._colored[identity] = Hidden("color", unsure=not sure) if hides else None
        return self._colored[identity]

    def _is_on_blended(self, node: LexborNode) -> bool:
        """Return whether a background that is blended out of several is behind text."""
        if not self._cascade.declares("background-blend-mode"):
            return False
        place: LexborNode | None = node
        while place is not None and place.is_element_node:
            blended = self._value(place, "background-blend-mode")
            if blended and keyword_in(blended) != "normal":
                return True
            own = self._own_background(place)
            if own is not None and own.alpha >= 1:
                return False
            place = place.parent
        return False

    def _is_in_its_background(self, node: LexborNode) -> bool:
        """Return whether text has the colour of what it is on, or none."""
        color, behind = self._text_color(node), self.background(node)
        if color is None:
            return False
        if color.alpha <= FAINT and self._has_text_as_background(node):
            return self._is_lettered_alike(node)
        if self._is_outlined(node, color, behind):
            return False
        if color.alpha <= FAINT:
            return True
        if behind is None:
            return False
        seen, under = self._filtered(node, color.over(behind), behind)
        return seen.is_like(under)

    def _is_outlined(self, node: LexborNode, color: Color, behind: Color | None) -> bool:
        """Return whether text is seen by its shadow or its outline alone."""
        for name in ("-webkit-text-stroke", "text-shadow"):
            place = self._declaring(node, name)
            value = self._value(place, name) if place is not None else ()
            if any(_is_drawn(part, color, behind) for part in split_by(value, ",")):
                return True
        return False

    def _filtered(self, node: LexborNode, seen: Color, behind: Color) -> tuple[Color, Color]:
        """Return text and what is behind it as `filter` and blending leave them."""
        if not self._cascade.declares("filter", "mix-blend-mode"):
            return seen, behind
        place: LexborNode | None = node
        inside = False  # whether what is behind it is behind the filtered elements too
        while place is not None and place.is_element_node:
            own = self._own_background(place)
            inside = inside or own is None or own.alpha > 0
            for token in self._value(place, "filter"):
                change = COLOR_FILTERS.get(token.lower_name) if token.type == "function" else None
                if change is not None:
                    amount = [read_number(one) for one in significant(token.arguments)[:1]]
                    share = amount[0] if amount and amount[0] is not None else 1.0
                    seen = _changed(seen, change, share)
                    behind = _changed(behind, change, share) if inside else behind
            mode = self._word(place, "mix-blend-mode")
            if mode and self._has_paint_behind(place):
                seen = blend_colors(mode, seen, behind)
            place = place.parent
        return seen, behind

    def _has_paint_behind(self, node: LexborNode) -> bool:
        """Return whether something is painted behind an element with which it may be blended."""
        place = node.parent
        while place is not None and place.is_element_node:
            own = self._own_background(place)
            if own is not None and own.alpha > 0:
                return True
            place = place.parent
        return False

    def _has_text_as_background(self, node: LexborNode) -> bool:
        """Return whether the background is cut out in the form of the letters."""
        chain: list[LexborNode] = []
        place: LexborNode | None = node
        found = False
        while place is not None and place.is_element_node and not found:
            if place.mem_id in self._lettered:
                found = self._lettered[place.mem_id]
                break
            chain.append(place)
            found = self._is_lettered(place)
            place = place.parent
        self._lettered.update((one.mem_id, found) for one in chain)
        return found

    def _is_lettered(self, node: LexborNode) -> bool:
        """Return whether an element's own background is cut out in the form of its letters."""
        values = (
            self._value(node, "background-clip", "background"),
            self._value(node, "-webkit-background-clip"),
        )
        tokens = [token for value in values for token in value if token.type == "ident"]
        return any(token.lower_value == "text" for token in tokens)

    def _is_lettered_alike(self, node: LexborNode) -> bool:
        """Return whether the background that letters are cut out of is like what is behind it."""
        place: LexborNode | None = node
        while place is not None and place.is_element_node:
            if self._is_lettered(place):
                own = self._own_background(place)
                above = place.parent
                behind = self.background(above) if above is not None else WHITE
                return own is not None and behind is not None and own.over(behind).is_like(behind)
            place = place.parent
        return False

    def _text_color(self, node: LexborNode) -> Color | None:
        """Return the colour that text is filled with; None where it is not known."""
        if node.tag in _DRAWN_TEXT:
            return self._drawn_color(node)
        fill = self._inherited_color(node, "-webkit-text-fill-color")
        return fill if isinstance(fill, Color) else self.color(node)

    def _drawn_color(self, node: LexborNode) -> Color | None:
        """Return the colour of text in a drawing; None where something is drawn behind it."""
        place = self._declaring(node, "fill-opacity")
        opacity = self._value(place, "fill-opacity") if place is not None else ()
        place = self._declaring(node, "stroke")
        if "stroke" in node.attributes or (
            place is not None and self._word(place, "stroke") != "none"
        ):
            return None
        if opacity and (read_number(opacity[0]) or 0.0) <= FAINT:
            return _NONE
        place = self._declaring(node, "fill")
        value = self._value(place, "fill") if place is not None else ()
        if value and keyword_in(value) == "none":
            return _NONE
        drawing = node.parent
        while drawing is not None and drawing.tag != "svg":
            drawing = drawing.parent
        if drawing is None or drawing.css_first(_DRAWINGS) is not None:
            return None
        found = read_color(value[0]) if value else BLACK
        return self.color(node) if found == CURRENT else found if isinstance(found, Color) else None

    def _inherited_color(self, node: LexborNode, name: str) -> Color | None:
        """Return a colour that is inherited and that has no other default than none."""
        place = self._declaring(node, name)
        value = self._value(place, name) if place is not None else ()
        found = read_color(value[0]) if value else None
        return found if isinstance(found, Color) else None

    def color(self, node: LexborNode) -> Color | None:
        """Return the computed `color` of an element; None where it is not known."""
        chain: list[LexborNode] = []
        place: LexborNode | None = node
        color: Color | None = WHITE if self._is_dark() else BLACK
        while place is not None and place.is_element_node:
            if place.mem_id in self._colors:
                color = self._colors[place.mem_id]
                break
            chain.append(place)
            place = place.parent
        for one in reversed(chain):
            color = self._colors[one.mem_id] = self._own_color(one, color)
        return color

    def _is_dark(self) -> bool:
        """Return whether the page is for dark mode only (CSS Color Adjustment 1)."""
        if self._dark is None:
            root = self._cascade.selecting.root()
            value = self._value(root, "color-scheme") if root is not None else ()
            words = {token.lower_value for token in value if token.type == "ident"}
            self._dark = "dark" in words and "light" not in words
        return self._dark

    def _own_color(self, node: LexborNode, inherited: Color | None) -> Color | None:
        """Return an element's colour, given that of its parent."""
        won = self._won(node, "color")
        if won is not None and won.unsure:
            return None
        if won is None or not won.value:
            return _default_color(node.tag or "", node.attributes, inherited)
        if won.keyword in WIDE:
            return BLACK if won.keyword == "initial" else inherited
        found = read_color(self._by_scheme(significant(won.value))[0])
        if found == CURRENT:
            return inherited
        return found if isinstance(found, Color) else None

    def _by_scheme(self, value: Tokens) -> Tokens:
        """Return a value with the colours for dark mode on a page that has no other."""
        if not any(map(is_by_scheme, value)) or not self._is_dark():
            return value
        parts = [split_by(one.arguments, ",")[-1] if is_by_scheme(one) else [one] for one in value]
        return [token for part in parts for token in significant(part)]

    def background(self, node: LexborNode) -> Color | None:
        """Return the colour behind the text of an element; None where a picture may be."""
        chain: list[LexborNode] = []
        place: LexborNode | None = node
        behind: Color | None = DARK if self._is_dark() else WHITE
        while place is not None and place.is_element_node:
            if place.mem_id in self._behind:
                behind = self._behind[place.mem_id]
                break
            chain.append(place)
            place = place.parent
        for one in reversed(chain):
            own = self._own_background(one)
            if own is None or own.alpha >= 1:
                behind = own
            else:
                behind = own.over(behind) if behind is not None else None
            self._behind[one.mem_id] = behind
        return behind

    def _own_background(self, node: LexborNode) -> Color | None:
        """Return an element's own background; None where it is a picture or not known."""
        if self._value(node, "background-blend-mode"):
            return None
        pictures = self._value(node, "background-image")
        if any(token.type in ("url", "function") for token in pictures):
            return gradient_color(pictures[0]) if len(pictures) == 1 else None
        won = self._won(node, "background-color", "background")
        if won is None or not won.value or won.keyword in WIDE:
            return _default_background(node.tag or "", node.attributes)
        return (
            None
            if won.unsure
            else background_in(self._by_scheme(significant(won.value)), self.color(node))
        )


def _changed(color: Color, change: Callable[[float, float], float], share: float) -> Color:
    """Return a colour behind a filter."""
    return Color(*(min(1.0, max(0.0, change(part, share))) for part in color.parts))


def _is_drawn(part: Tokens, color: Color, behind: Color | None) -> bool:
    """Return whether a shadow or an outline is seen."""
    lengths = [read_length(token) for token in part]
    sizes = [abs(length) for length in lengths if length is not None]
    if not sizes or max(sizes) >= _FAR or (len(sizes) == 1 and not sizes[0]):
        return False
    stated = [one for one in map(read_color, part) if one is not None]
    drawn = stated[0] if stated and isinstance(stated[0], Color) else color
    if drawn.alpha <= FAINT:
        return False
    return behind is None or not drawn.over(behind).is_like(behind)


def background_in(value: Tokens, current: Color | None) -> Color | None:
    """Return the colour in a background; None where there is a picture, or no telling."""
    found: Color | None = Color(0, 0, 0, 0)
    for layer in split_by(value, ","):  # the first is on top
        for token in layer:
            color = read_color(token)
            if isinstance(color, Color):
                found = color
            elif color == CURRENT:
                found = current
            elif token.type in ("url", "function"):
                covers = all(getattr(one, "value", "") not in ("/", "no-repeat") for one in layer)
                return gradient_color(token) if covers else None
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
    return LINK if tag == "a" and "href" in attributes else inherited


def _default_background(tag: str, attributes: Mapping[str, str | None]) -> Color | None:
    """Return the background that HTML gives an element."""
    if attributes.get("background") and tag in ("body", "table", "td", "th", "tr"):
        return None
    stated = attributes.get("bgcolor")
    if stated:
        return read_color_text(stated) or Color(0, 0, 0, 0)
    return OWN_BACKGROUNDS.get(tag, Color(0, 0, 0, 0))


def read_color_text(text: str) -> Color | None:
    """Return the colour that an attribute names.

    Args:
        text: The attribute's value; digits may lack their `#`.
    """
    for source in (text, f"#{text}") if len(text) == _DIGITS else (text,):
        token = tinycss2.parse_one_component_value(source)
        found = read_color(token) if token.type != "error" else None
        if isinstance(found, Color):
            return found
    return None
