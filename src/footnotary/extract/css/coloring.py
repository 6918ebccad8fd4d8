"""Text in the colour of what it stands on (CSS Color 4, CSS Backgrounds 3)."""

from collections.abc import Mapping
from dataclasses import dataclass

import tinycss2
from selectolax.lexbor import LexborNode

from footnotary.extract.css.cascade import Cascade
from footnotary.extract.css.computed import Computed
from footnotary.extract.css.validity import WIDE
from footnotary.extract.css.values import (
    BLACK,
    CURRENT,
    FAINT,
    LINK,
    WHITE,
    Color,
    Tokens,
    read_color,
    significant,
    split_by,
)

_DIGITS = 6  # of a colour without its `#`
OWN_BACKGROUNDS = {"mark": Color(1, 1, 0), "button": Color(0.937, 0.937, 0.937)}
"""What HTML paints behind elements."""


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


class Coloring(Computed):
    """Computes colours of text and of what is behind it."""

    def __init__(self, cascade: Cascade) -> None:
        super().__init__(cascade)
        self._colors: dict[int, Color | None] = {}
        self._lettered: dict[int, bool] = {}
        self._behind: dict[int, Color | None] = {}

    def color_reason(self, node: LexborNode) -> Hidden | None:
        """Return whether text that stands directly in an element has its background's colour.

        Args:
            node: The element.
        """
        return Hidden("color") if self._is_in_its_background(node) else None

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
        outlined = self._declaring(node, "-webkit-text-stroke")
        if outlined is not None and any(
            token.type == "dimension" and token.value > 0
            for token in self._value(outlined, "-webkit-text-stroke")
        ):
            return True
        place = self._declaring(node, "text-shadow")
        return place is not None and self._word(place, "text-shadow") != "none"

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

    def _text_color(self, node: LexborNode) -> Color | None:
        """Return the colour that text is filled with; None where it is not known."""
        fill = self._inherited_color(node, "-webkit-text-fill-color")
        return fill if isinstance(fill, Color) else self.color(node)

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
        color: Color | None = BLACK
        while place is not None and place.is_element_node:
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
        chain: list[LexborNode] = []
        place: LexborNode | None = node
        behind: Color | None = WHITE
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
