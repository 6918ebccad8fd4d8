"""What has to be true of an element for a rule to apply to it, besides its selector."""

from dataclasses import dataclass
from typing import Protocol

from selectolax.lexbor import LexborNode

from footnotary.extract.css.conditions import container_holds
from footnotary.extract.css.matching import Nodes, Selector, Selectors
from footnotary.extract.css.values import WIDTH, Token, Tokens, keyword_in, read_length, significant

_ONE_LINE = 120  # characters, which are a line of a desktop's window
_MARGINS = 16.0  # pixels of a page's body, left and right
_MOST_ANCESTORS = 600
_SIZED = ("width", "max-width", "inline-size", "float", "position")


class WinningDeclaration(Protocol):
    """A winning declaration."""

    @property
    def value(self) -> tuple[Token, ...]:
        """Its tokens."""
        ...

    @property
    def unsure(self) -> bool:
        """Whether another may win."""
        ...


class Rules(Protocol):
    """The rules of a page, of which a condition may ask."""

    def winner(self, node: LexborNode, names: tuple[str, ...]) -> WinningDeclaration | None:
        """Return the declaration that wins for an element among some properties, or None."""
        ...

    def selected(self, selectors: Selectors) -> Nodes:
        """Return the elements that some selectors match."""
        ...

    def style_holds(self, node: LexborNode, tokens: Tokens) -> bool:
        """Return whether a style query holds for an element."""
        ...


class Condition(Protocol):
    """One condition."""

    def holds(self, node: LexborNode, rules: Rules) -> bool | None:
        """Return whether it holds for an element; None where that is unknown."""
        ...


@dataclass(frozen=True, slots=True)
class FirstLine:
    """`::first-line`: all of a text that is one line, and an unknown part of a longer one."""

    def holds(self, node: LexborNode, rules: Rules) -> bool | None:  # noqa: ARG002
        """Return whether the element has no more than a line."""
        return True if len(" ".join(node.text().split())) <= _ONE_LINE else None


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """`@scope (roots) to (limits)`.

    Attributes:
        roots: Where a scope begins.
        limits: Where it ends, above these elements.
    """

    roots: Selectors
    limits: tuple[Selector, ...] = ()

    def holds(self, node: LexborNode, rules: Rules) -> bool | None:
        """Return whether an element is in a scope."""
        roots = rules.selected(self.roots)
        limits = rules.selected(self.limits) if self.limits else {}
        place: LexborNode | None = node
        for _ in range(_MOST_ANCESTORS):
            if place is None or (place.mem_id in limits and place.mem_id not in roots):
                return False
            if place.mem_id in roots:
                return True
            place = place.parent
        return None


@dataclass(frozen=True, slots=True, eq=False)
class Container:
    """`@container name (condition)` (CSS Conditional 5)."""

    tokens: tuple[Token, ...]

    def holds(self, node: LexborNode, rules: Rules) -> bool | None:
        """Return whether the query holds in the container of an element."""
        first = self.tokens[0] if self.tokens else None
        named = first is not None and first.type == "ident" and first.lower_value != "not"
        name = first.value if named and first is not None else ""
        query = list(self.tokens[1:] if named else self.tokens)
        above = _container_of(node, rules, name, {"inline-size", "size"})

        def by_style(token: Token) -> bool | None:
            place = _container_of(node, rules, name, set())
            return place is not None and rules.style_holds(place, [token])

        width = _width_of(above, rules) if above is not None else None
        return container_holds(query, above is not None, width, by_style)


def _container_of(node: LexborNode, rules: Rules, name: str, types: set[str]) -> LexborNode | None:
    """Return the nearest element around another that is a container of some types, or None."""
    place = node.parent
    for _ in range(_MOST_ANCESTORS):
        if place is None or not place.is_element_node:
            return None
        words = _words(rules, place, "container-type", "container")
        names = _words(rules, place, "container-name", "container")
        if (words & types or not types) and (not name or name in names):
            return place
        place = place.parent
    return None


def _words(rules: Rules, node: LexborNode, *names: str) -> set[str]:
    """Return the words of a declaration."""
    won = rules.winner(node, names)
    return {token.value for token in won.value if token.type == "ident"} if won else set()


def _width_of(node: LexborNode, rules: Rules) -> float | None:
    """Return how wide an element is, in pixels; None where that depends on what is not read."""
    place: LexborNode | None = node
    while place is not None and place.is_element_node:
        for name in _SIZED:
            won = rules.winner(place, (name,))
            if won is None:
                continue
            value = significant(won.value)
            length = read_length(value[0]) if len(value) == 1 else None
            if place is node and name == "width" and length is not None:
                return length
            if keyword_in(won.value) not in ("auto", "none", "static", "relative"):
                return None
        won = rules.winner(place, ("display",))
        if (
            place is not node
            and won is not None
            and keyword_in(won.value) not in ("block", "flow-root")
        ):
            return None
        place = place.parent
    return WIDTH - _MARGINS
