"""What stands for a value, and what has to be true of an element for a rule to apply to it.

Custom properties, `env()`, `attr()` and `if()` (CSS Values 5); scopes and containers.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

import tinycss2
from selectolax.lexbor import LexborNode

from footnotary.extract.css.colors import read_color
from footnotary.extract.css.conditions import choice_holds, container_holds
from footnotary.extract.css.matching import Nodes, Selector, Selectors
from footnotary.extract.css.scanning import Declaration
from footnotary.extract.css.validity import WIDE, is_substituted
from footnotary.extract.css.values import (
    WIDTH,
    Token,
    Tokens,
    keyword_in,
    read_angle,
    read_length,
    read_number,
    significant,
    split_by,
)

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


MOST_SUBSTITUTED = 8
"""How often what is put in may have more put in."""

_MOST_TOKENS = 200


@dataclass(frozen=True, slots=True)
class Won:
    """The declaration that wins for an element.

    Attributes:
        name: The property that was declared, which may be a shorthand.
        value: Its tokens, with custom properties put in.
        unsure: Whether another might win, for all that is known.
        keyword: The one keyword that it is, or nothing.
        tokens: Its tokens without white space; none for a CSS-wide keyword.
    """

    name: str
    value: tuple[Token, ...]
    unsure: bool = False
    keyword: str = field(init=False)
    tokens: tuple[Token, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Read what is asked for more than once."""
        object.__setattr__(self, "keyword", keyword_in(self.value))
        tokens = () if self.keyword in WIDE else tuple(significant(self.value))
        object.__setattr__(self, "tokens", tokens)


class Substituting(ABC):
    """Puts values together for the elements of a page."""

    def __init__(self) -> None:
        self._registered: dict[str, RegisteredProperty] = {}
        self._custom: dict[tuple[int, str], Declaration | None] = {}

    @abstractmethod
    def _own_custom(self, node: LexborNode, name: str) -> Declaration | None:
        """Return the custom property that wins on an element itself."""

    def _with_variables(self, node: LexborNode, tokens: Tokens, depth: int) -> list[Token] | None:
        """Return tokens with custom properties in the place of `var()`; None if one is missing."""
        found: list[Token] = []
        for token in tokens:
            if token.type == "function" and token.lower_name in _PUT_IN:
                inner = _PUT_IN[token.lower_name](self, node, token, depth)
                if inner is None:
                    return None
                found += inner
            elif token.type == "function" and is_substituted(token.arguments):
                arguments = self._with_variables(node, token.arguments, depth - 1)
                if arguments is None:
                    return None
                found.append(_with_arguments(token, arguments))
            else:
                found.append(token)
            if len(found) > _MOST_TOKENS or depth < 0:
                return None
        return found

    def _variable(self, node: LexborNode, function: Token, depth: int) -> list[Token] | None:
        """Return what a `var()` stands for."""
        names = significant(split_by(function.arguments, ",")[0])
        if len(names) != 1 or names[0].type != "ident" or depth == 0:
            return None
        declared = self._custom_of(node, names[0].value)
        if declared is not None:
            value = self._with_variables(node, declared.value, depth - 1)
            if value is not None:
                return value
        return self._fallback(node, function, depth)

    def _environment(self, node: LexborNode, function: Token, depth: int) -> list[Token] | None:
        """Return the fallback of `env()`: a desktop's window has no notch."""
        return self._fallback(node, function, depth)

    def _attribute(self, node: LexborNode, function: Token, depth: int) -> list[Token] | None:
        """Return what an `attr()` stands for (CSS Values 5, section 7.7)."""
        first = significant(split_by(function.arguments, ",")[0])
        name = first[0].lower_value if first and first[0].type == "ident" else ""
        value = node.attributes.get(name)
        if len(first) == 1:  # as it is written, as one string
            fallback = self._fallback(node, function, depth) if value is None else None
            string = tinycss2.ast.StringToken(0, 0, value or "", "")
            return [string] if fallback is None else fallback
        if value is None:
            return self._fallback(node, function, depth)
        return list(tinycss2.parse_component_value_list(value))

    def _choice(self, node: LexborNode, function: Token, depth: int) -> list[Token] | None:
        """Return the branch of an `if()` whose condition holds (CSS Values 5, section 7.9)."""
        for branch in split_by(function.arguments, ";"):
            condition, *rest = split_by(branch, ":")
            tokens = significant(condition)
            if len(rest) == 1 and tokens and self.style_holds(node, tokens):
                return self._with_variables(node, rest[0], depth - 1)
        return None

    def style_holds(self, node: LexborNode, tokens: Tokens) -> bool:
        """Return whether the condition of an `if()` holds for an element.

        Args:
            node: The element.
            tokens: `else`, or a condition of `style()`, `media()` and `supports()`.
        """
        return keyword_in(tokens) == "else" or bool(
            choice_holds(list(tokens), lambda token: self._has_style(node, token))
        )

    def _has_style(self, node: LexborNode, query: Token) -> bool:
        """Return whether a `style()` query holds for an element."""
        name, *value = split_by(significant(query.arguments), ":")
        declared = self._custom_of(node, name[0].value) if len(name) == 1 else None
        if declared is None or not value:
            return declared is not None
        return _written(declared.value) == _written(value[0])

    def _fallback(self, node: LexborNode, function: Token, depth: int) -> list[Token] | None:
        """Return what is behind the first comma of a function."""
        first, *rest = split_by(function.arguments, ",")
        after = function.arguments[len(first) + 1 :]
        return self._with_variables(node, after, depth - 1) if rest else None

    def _custom_of(self, node: LexborNode, name: str) -> Declaration | None:
        """Return a custom property of an element: its own or an ancestor's."""
        passed: list[int] = []
        found: Declaration | None = None
        registered = self._registered.get(name, _UNREGISTERED)
        place: LexborNode | None = node
        while place is not None and len(passed) < _MOST_ANCESTORS:
            known = (place.mem_id, name)
            if known in self._custom:
                found = self._custom[known]
                break
            passed.append(place.mem_id)
            own = self._own_custom(place, name)
            word = keyword_in(own.value) if own is not None else "unset"
            if own is not None and word not in WIDE and registered.takes(own.value):
                found = own
                break
            if word != "inherit" and (word == "initial" or not registered.inherits):
                break
            place = place.parent
        found = found or registered.initial
        kept = passed if registered.inherits else passed[:1]
        self._custom.update(((key, name), found) for key in kept)
        return found


@dataclass(frozen=True, slots=True)
class RegisteredProperty:
    """What `@property` says of a custom property (CSS Properties and Values 1).

    Attributes:
        initial: Its value where nothing declares one.
        inherits: Whether it is inherited.
        syntax: What its values have to be.
    """

    initial: Declaration | None = None
    inherits: bool = True
    syntax: str = "*"

    def takes(self, value: Tokens) -> bool:
        """Return whether it may have a value; what stands for another is not looked into."""
        kinds = [kind.strip() for kind in self.syntax.split("|")]
        tokens = significant(value)
        if is_substituted(tokens) or any(kind == "*" or kind[-1:] in "+#" for kind in kinds):
            return True
        return len(tokens) == 1 and any(_is_of_kind(tokens[0], kind) for kind in kinds)


_UNREGISTERED = RegisteredProperty()
_KINDS: dict[str, Callable[[Token], object]] = {
    "<number>": lambda token: None if token.type == "percentage" else read_number(token),
    "<integer>": lambda token: read_number(token) if token.type != "percentage" else None,
    "<percentage>": lambda token: (
        read_length(token, whole=1.0) if token.type != "dimension" else None
    ),
    "<length>": read_length,
    "<length-percentage>": lambda token: read_length(token, whole=1.0),
    "<color>": read_color,
    "<angle>": read_angle,
}


def _is_of_kind(token: Token, kind: str) -> bool:
    """Return whether a token is of a kind of values; of kinds that are not read here it is."""
    if kind in _KINDS:
        return _KINDS[kind](token) is not None
    return kind.startswith("<") or keyword_in([token]) == kind.lower()


_PUT_IN = {
    "var": Substituting._variable,  # noqa: SLF001  its own
    "env": Substituting._environment,  # noqa: SLF001
    "attr": Substituting._attribute,  # noqa: SLF001
    "if": Substituting._choice,  # noqa: SLF001
}


def _written(tokens: Tokens) -> str:
    """Return a value as it is written, for comparison."""
    return str(tinycss2.serialize(significant(tokens)))


def _with_arguments(function: Token, arguments: list[Token]) -> Token:
    """Return a function with other arguments."""
    kind = type(function)
    return kind(function.source_line, function.source_column, function.name, arguments)
