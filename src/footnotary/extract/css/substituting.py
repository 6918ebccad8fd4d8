"""What stands for a value: custom properties, `env()`, `attr()` and `if()` (CSS Values 5)."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

import tinycss2
from selectolax.lexbor import LexborNode

from footnotary.extract.css.conditions import choice_holds
from footnotary.extract.css.sheets import Declaration
from footnotary.extract.css.validity import WIDE, is_substituted
from footnotary.extract.css.values import Token, Tokens, keyword_in, significant, split_by

MOST_SUBSTITUTED = 8
"""How often what is put in may have more put in."""

_MOST_TOKENS = 200
_MOST_ANCESTORS = 600


@dataclass(frozen=True, slots=True)
class Won:
    """The declaration that wins for an element.

    Attributes:
        name: The property that was declared, which may be a shorthand.
        value: Its tokens, with custom properties put in.
        unsure: Whether another might win, for all that is known.
    """

    name: str
    value: tuple[Token, ...]
    unsure: bool = False

    @property
    def keyword(self) -> str:
        """The one keyword that it is, or nothing."""
        return keyword_in(self.value)


class Substituting(ABC):
    """Puts values together for the elements of a page."""

    def __init__(self) -> None:
        self._initials: dict[str, Declaration] = {}
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
        place: LexborNode | None = node
        while place is not None and len(passed) < _MOST_ANCESTORS:
            known = (place.mem_id, name)
            if known in self._custom:
                found = self._custom[known]
                break
            passed.append(place.mem_id)
            own = self._own_custom(place, name)
            if own is not None:
                found = own if keyword_in(own.value) not in WIDE else None
                break
            place = place.parent
        found = found or self._initials.get(name)
        self._custom.update(((key, name), found) for key in passed)
        return found


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
