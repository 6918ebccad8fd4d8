"""Selectors as parts and how the parts lie to each other (Selectors 4).

One part is what Lexbor is asked for; `:is()`, `:not()`, `:has()` and counting ones are followed in
`matching`, in steps that grow with page and selector alone.
"""

from typing import NamedTuple

import tinycss2
import tinycss2.nth

from footnotary.extract.css.matching import (
    AS_ATTRIBUTES,
    COUNTING,
    LEFT_TO_RIGHT,
    NEVER,
    OLD_PSEUDO_ELEMENTS,
    PLAIN,
    PSEUDO_ELEMENTS,
    STATED,
    UNSURE,
    CompoundSelector,
    Count,
    InvalidSelectorError,
    Kind,
    Selector,
    Selectors,
    counts_of,
    is_attribute,
    most_specific,
)
from footnotary.extract.css.values import Token, Tokens, significant, split_by

_MOST_PARTS = 40
_MOST_SIMPLE = 80  # tokens of one compound
_MOST_NESTED = 6


def parse_selectors(
    tokens: Tokens,
    parents: Selectors | None = None,
    *,
    relative: bool = False,
    scope: Selectors | None = None,
) -> Selectors | None:
    """Parse a list of selectors.

    Args:
        tokens: What is before a rule's block.
        parents: The selectors of the rule around it, for nested rules.
        relative: Whether they may begin with a combinator, as those of `:has()` do.
        scope: What `:scope` stands for, and `&` where there is no rule around.

    Returns:
        The selectors; None where a browser takes one of them for invalid, and so the list.
    """
    try:
        return _list_of(tokens, _Around(parents, scope), _MOST_NESTED, relative=relative)
    except InvalidSelectorError:
        return None


class _Around(NamedTuple):
    """What selectors stand in: the rule around them, and the roots of their scope."""

    parents: Selectors | None = None
    scope: Selectors | None = None
    inside: bool = False  # of a pseudo-class, where nothing is put before a selector


def _list_of(tokens: Tokens, around: _Around, depth: int, *, relative: bool = False) -> Selectors:
    """Return the selectors of a list, all of which have to be valid."""
    if depth == 0:
        raise InvalidSelectorError
    return tuple(
        _Parser(part, around, depth, relative=relative).parsed() for part in split_by(tokens, ",")
    )


def _forgiving(tokens: Tokens, around: _Around, depth: int) -> Selectors:
    """Return the valid selectors of a list (`:is()` and `:where()` forgive the others)."""
    if depth == 0:
        raise InvalidSelectorError
    found = []
    for part in split_by(tokens, ","):
        try:
            found.append(_Parser(part, around, depth).parsed())
        except InvalidSelectorError:
            continue
    return tuple(found)


class _Parser:
    """Reads one complex selector."""

    def __init__(
        self, tokens: Tokens, around: _Around, depth: int, *, relative: bool = False
    ) -> None:
        self._tokens = [token for token in tokens if token.type != "comment"]
        self._around = around
        self._inside = around._replace(inside=True)
        self._parents = around.parents
        self._depth = depth
        self._relative = relative
        self._place = 0
        self._specificity = (0, 0, 0)
        self._unsure = False
        self._words: list[str] = []
        self._pseudo = ""
        self._named_parent = False

    def parsed(self) -> Selector:
        """Return the selector."""
        parts = []
        combinator = self._combinator()
        if combinator.strip() and not (self._relative or self._parents or self._around.scope):
            raise InvalidSelectorError
        first = combinator
        while self._place < len(self._tokens):
            parts.append((combinator or " ", self._part()))
            if len(parts) > _MOST_PARTS or (self._pseudo and self._rest()):
                raise InvalidSelectorError
            combinator = self._combinator()
        if not parts or (combinator.strip()):
            raise InvalidSelectorError
        begins = self._parents or self._around.scope
        if begins and not (self._named_parent or self._relative or self._around.inside):
            parts.insert(0, (" ", self._parent_part(begins)))
            parts[1] = (first.strip() or " ", parts[1][1])
        return Selector(
            tuple(parts), self._specificity, self._pseudo, self._unsure, tuple(self._words)
        )

    def _rest(self) -> bool:
        return any(token.type != "whitespace" for token in self._tokens[self._place :])

    def _next(self) -> Token | None:
        return self._tokens[self._place] if self._place < len(self._tokens) else None

    def _combinator(self) -> str:
        """Return the combinator at this place: empty at the beginning or the end, or a space."""
        found = ""
        while (token := self._next()) is not None:
            if token.type == "whitespace":
                found = found or " "
            elif token.type == "literal" and token.value in (">", "+", "~"):
                if found.strip():
                    raise InvalidSelectorError
                found = token.value
            else:
                return found
            self._place += 1
        return found if found.strip() else ""

    def _part(self) -> CompoundSelector:
        """Return the compound at this place."""
        building = _Building()
        begun = self._place
        while (token := self._next()) is not None:
            if self._place - begun > _MOST_SIMPLE:
                raise InvalidSelectorError
            if token.type == "whitespace" or (
                token.type == "literal" and token.value in (">", "+", "~")
            ):
                break
            self._place += 1
            self._simple(token, building)
        return building.part()

    def _simple(self, token: Token, building: "_Building") -> None:
        """Read one simple selector."""
        if token.type == "ident":
            self._type(token, building)
        elif token.type == "hash":
            if not token.is_identifier:
                raise InvalidSelectorError
            building.add(token.serialize(), f"#{token.value}")
            self._words.append(token.value)
            self._more(1, 0, 0)
        elif token.type == "[] block":
            if not is_attribute(significant(token.content)):
                raise InvalidSelectorError
            building.add(token.serialize())
            self._more(0, 1, 0)
        elif token.type == "literal":
            self._literal(token.value, building)
        else:
            raise InvalidSelectorError

    def _type(self, token: Token, building: "_Building") -> None:
        """Read the name of an element."""
        if building.plain or building.used:
            raise InvalidSelectorError
        if getattr(self._next(), "value", "") == "|":
            raise InvalidSelectorError  # no name spaces are declared that a page could use
        building.add(token.serialize().lower(), token.lower_value)
        self._more(0, 0, 1)

    def _literal(self, sign: str, building: "_Building") -> None:
        """Read what begins with a sign."""
        following = self._next()
        if sign in ("*", "|"):
            if building.plain or building.used:
                raise InvalidSelectorError
            building.used = True
            if sign == "|" or getattr(following, "value", "") == "|":
                self._any_name_space(sign, building)
        elif sign == "." and following is not None and following.type == "ident":
            self._place += 1
            building.add(f".{following.serialize()}", f".{following.value}")
            self._words.append(following.value)
            self._more(0, 1, 0)
        elif sign == "&":
            self._named_parent = True
            building.used = True
            stands_for = self._parents or self._around.scope
            if stands_for:
                building.filters.append(("any", stands_for))
                self._more(*most_specific(stands_for))
        elif sign == ":" and following is not None:
            self._place += 1
            self._colon(following, building)
        else:
            raise InvalidSelectorError

    def _any_name_space(self, sign: str, building: "_Building") -> None:
        """Read what is behind `*|` or `|`."""
        self._place += sign == "*"
        token = self._next()
        self._place += 1
        building.used = False
        if token is None or not (token.type == "ident" or getattr(token, "value", "") == "*"):
            raise InvalidSelectorError
        if token.type == "ident":
            self._type(token, building)
        building.used = True

    def _parent_part(self, parents: Selectors) -> CompoundSelector:
        """Return the part that stands for the rule or the scope around."""
        if self._parents:
            self._more(*most_specific(parents))
        return CompoundSelector("", filters=(("any", parents),))

    def _more(self, ids: int, classes: int, types: int) -> None:
        one, two, three = self._specificity
        self._specificity = (one + ids, two + classes, three + types)

    def _colon(self, token: Token, building: "_Building") -> None:
        """Read a pseudo-class or a pseudo-element."""
        building.used = True
        if token.type == "literal" and token.value == ":":
            named = self._next()
            self._place += 1
            self._pseudo_element(named)
            return
        if token.type == "ident":
            self._pseudo_class(token.lower_value, building)
        elif token.type == "function":
            self._function(token, building)
        else:
            raise InvalidSelectorError

    def _pseudo_element(self, token: Token | None) -> None:
        if token is None or token.type not in ("ident", "function"):
            raise InvalidSelectorError
        name = token.lower_value if token.type == "ident" else token.lower_name
        if name not in PSEUDO_ELEMENTS and not name.startswith("-webkit-"):
            raise InvalidSelectorError
        self._pseudo = name
        self._more(0, 0, 1)

    def _pseudo_class(self, name: str, building: "_Building") -> None:
        """Read a pseudo-class without arguments."""
        if name in OLD_PSEUDO_ELEMENTS:
            self._pseudo = name
            self._more(0, 0, 1)
            return
        self._more(0, 1, 0)
        if self._pseudo:
            return  # a state of the pseudo-element
        if name == "scope" and self._around.scope:
            self._named_parent = True
            building.filters.append(("any", self._around.scope))
        elif name in PLAIN:
            building.add(f":{name}")
        elif name in COUNTING and not name.startswith("nth"):
            building.counts += counts_of(name)
        elif name in AS_ATTRIBUTES:
            source = tinycss2.parse_component_value_list(AS_ATTRIBUTES[name])
            building.filters.append(("any", _list_of(source, _Around(), self._depth - 1)))
        elif name in NEVER:
            building.never = True
        elif name in UNSURE:
            self._unsure = True
        else:
            raise InvalidSelectorError

    def _function(self, token: Token, building: "_Building") -> None:
        """Read a pseudo-class with arguments."""
        name, inner = token.lower_name, token.arguments
        if name in ("is", "where", "-webkit-any", "any"):
            found = _forgiving(inner, self._inside, self._depth - 1)
            building.filters.append(("any", found))
            self._inner(found, counted=name != "where")
        elif name == "not":
            found = _list_of(inner, self._inside, self._depth - 1)
            building.filters.append(("none", found))
            self._inner(found)
        elif name == "has":
            found = _list_of(inner, self._inside, self._depth - 1, relative=True)
            building.filters.append(("has", found))
            self._inner(found)
        elif name in COUNTING:
            building.counts += (self._nth(name, inner),)
            self._more(0, 1, 0)
        elif name in ("dir", "lang"):
            self._stated(name, inner, building)
        elif name in ("host", "host-context", "state"):
            building.never = True
            self._more(0, 1, 0)
        elif name in UNSURE:
            self._unsure = True
            self._more(0, 1, 0)
        else:
            raise InvalidSelectorError

    def _stated(self, name: str, inner: Tokens, building: "_Building") -> None:
        """Read `:dir()` and `:lang()` as what the attributes of a page say."""
        words = [one.value for one in significant(inner) if one.type in ("ident", "string")]
        if not words:
            raise InvalidSelectorError
        form = LEFT_TO_RIGHT if (name, words[0]) == ("dir", "ltr") else STATED[name]
        source = ", ".join(form.format(word) for word in words if word.isascii())
        found = _list_of(tinycss2.parse_component_value_list(source), _Around(), self._depth - 1)
        building.filters.append(("any", found))
        self._more(0, 1, 0)

    def _nth(self, name: str, inner: Tokens) -> Count:
        """Read An+B, and `of` what."""
        words = [
            place for place, token in enumerate(inner) if getattr(token, "lower_value", "") == "of"
        ]
        among: Selectors | None = None
        if words:
            among = _list_of(inner[words[0] + 1 :], self._inside, self._depth - 1)
            self._inner(among)
            inner = inner[: words[0]]
        found = tinycss2.nth.parse_nth(inner)
        if found is None:
            raise InvalidSelectorError
        return Count(found[0], found[1], "last" in name, "type" in name, among)

    def _inner(self, selectors: Selectors, *, counted: bool = True) -> None:
        """Take over what inner selectors are unsure of, and how specific they are."""
        self._unsure = self._unsure or any(one.unsure for one in selectors)
        if counted:
            self._more(*most_specific(selectors))
        if any(one.pseudo for one in selectors):
            raise InvalidSelectorError


class _Building:
    """A compound that is being read."""

    def __init__(self) -> None:
        self.plain = ""
        self.used = False
        self.key = "*"
        self.filters: list[tuple[Kind, Selectors]] = []
        self.counts: tuple[Count, ...] = ()
        self.never = False

    def add(self, plain: str, key: str = "") -> None:
        """Add what Lexbor is asked for; the key is an id, else a class, else a type."""
        self.plain += plain
        if key and (
            self.key == "*" or key[0] == "#" or (key[0] == "." and self.key[0] not in ".#")
        ):
            self.key = key

    def part(self) -> CompoundSelector:
        """Return the compound."""
        if not self.plain and not self.used:
            raise InvalidSelectorError
        return CompoundSelector(self.plain, self.key, tuple(self.filters), self.counts, self.never)
