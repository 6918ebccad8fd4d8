"""Values of properties as an element has them: the winning declarations, lengths, font sizes."""

from selectolax.lexbor import LexborNode

from footnotary.extract.css.cascade import Cascade, Won
from footnotary.extract.css.shapes import four_sides
from footnotary.extract.css.validity import SIZE_NAMES, WIDE, font_size_of
from footnotary.extract.css.values import ROOT_SIZE, Token, read_length, significant

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
        self._origins: dict[tuple[int, str], LexborNode | None] = {}
        self._wins: dict[tuple[int, str], Won | None] = {}

    def _won(self, node: LexborNode, *names: str) -> Won | None:
        """Return the declaration that wins among properties; CSS-wide keywords are none."""
        known = (node.mem_id, names[0])
        if known not in self._wins:
            won = self._wins[known] = self._cascade.winner(node, (*names, "all"))
            if won is not None and won.unsure:
                self._doubted.add(node.mem_id)
        return self._wins[known]

    def _declaring(self, node: LexborNode, *names: str) -> LexborNode | None:
        """Return the nearest element, an ancestor or itself, for which a declaration wins."""
        passed: list[int] = []
        found: LexborNode | None = None
        place: LexborNode | None = node
        while place is not None and place.is_element_node:
            known = (place.mem_id, names[0])
            if known in self._origins:
                found = self._origins[known]
                break
            passed.append(place.mem_id)
            if self._won(place, *names) is not None:
                found = place
                break
            place = place.parent
        self._origins.update(((key, names[0]), found) for key in passed)
        return found

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

    def _length(self, node: LexborNode, *names: str, whole: float | None = None) -> float | None:
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
