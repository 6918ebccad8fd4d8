"""Style sheets cut into rules and declarations, at the speed of regular expressions.

CSS Syntax 3, section 5.4. A rule is cut out where its brackets, strings, comments and escapes are
whole. From the first one of which they are not, tinycss2 reads what is left of the sheet. Few of a
sheet's rules can match anything on a page: only these are parsed.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import tinycss2

from footnotary.extract.css.validity import CONCERNED, is_valid
from footnotary.extract.css.values import Token, Tokens, significant

_BLANK = r"[ \t\n\r\f]"
_COMMENT = r"/\*[^*]*+\*++(?>(?:[^/*][^*]*+\*++)*)/"
_ESCAPE = r"\\[^\n\r\f]"
_STRING = rf"""(?:"(?>(?:[^"\\\n\r\f]++|{_ESCAPE})*)"|'(?>(?:[^'\\\n\r\f]++|{_ESCAPE})*)')"""
_SIGNS = rf"/(?!\*)|{_ESCAPE}|{_STRING}|{_COMMENT}"
_PIECE = rf"""[^{{}}()\[\]"'\\/]++|{_SIGNS}"""
_URL = r"[uU][rR][lL]"
_BRACKETS = (
    rf"(?<=[^-\w\\]{_URL})\({_BLANK}*+(?:{_STRING}{_BLANK}*+|(?![\"'])[^)\\]*+)\)"
    rf"|(?<!{_URL})\((?>(?:{_PIECE})*)\)|\[(?>(?:{_PIECE})*)\]"
)
# Up to a bracket that holds others, or what is not as it should be.
_IN_BLOCK = re.compile(rf"(?>(?:{_PIECE}|{_BRACKETS})*)")
_IN_PRELUDE = re.compile(rf"""(?>(?:[^{{}}()\[\]"'\\/;@<]++|{_SIGNS}|{_BRACKETS})*)""")
_DECLARATION = re.compile(
    rf"""(?>(?:{_BLANK}++|{_COMMENT})*)(?:([-\w]++)(?>(?:{_BLANK}++|{_COMMENT})*):)?"""
    rf"""((?>(?:[^{{}}()\[\]"'\\/;]++|{_SIGNS}|{_BRACKETS})*))(?:;|\Z)"""
)
_KEYWORD = re.compile(r"@([-\w]++)|")
_BETWEEN = re.compile(rf"(?>(?:{_BLANK}++|{_COMMENT})*)")
_BETWEEN_OUTERMOST = re.compile(rf"(?>(?:{_BLANK}++|{_COMMENT}|<!--|-->)*)")
_CLOSING = {"{": "}", "(": ")", "[": "]"}
_WORD = re.compile(r"[.#]([-\w\u0080-\U0010ffff]+)")
# What is in brackets asks for no class of its own; comments and strings hold anything.
_ASIDE = re.compile(
    rf"{_COMMENT}|\((?>(?:[^()\[\]\"']++|{_STRING})*)\)|\[(?>(?:[^()\[\]\"']++|{_STRING})*)\]"
)
_NESTING = frozenset("{}@\\")
_ANYTHING = frozenset("\\()[]\"'&\u00a0")


class RawRule(NamedTuple):
    """A rule as it is written, with the names that tinycss2 has for its parts.

    Attributes:
        lower_at_keyword: Its keyword, empty for a style rule.
        source: What is before its block.
        body: What is in its block; None where it has none.
    """

    lower_at_keyword: str
    source: str
    body: str | None

    @property
    def type(self) -> str:
        """Return which kind of rule it is."""
        return "at-rule" if self.lower_at_keyword else "qualified-rule"

    @property
    def prelude(self) -> Tokens:
        """Return the tokens before its block."""
        return _tokens_in(self.source)

    @property
    def content(self) -> Tokens | None:
        """Return the tokens in its block."""
        return None if self.body is None else _tokens_in(self.body)


def _tokens_in(source: str) -> Tokens:
    return list(tinycss2.parse_component_value_list(source, skip_comments=True))


def scan_rules(source: str, *, outermost: bool = False) -> Iterator[Token]:
    """Yield the rules of a sheet, or of an at-rule's block.

    Args:
        source: The text.
        outermost: Whether it is a whole sheet, where `<!--` and `-->` are left out.
    """
    between = _BETWEEN_OUTERMOST if outermost else _BETWEEN
    begin = _end_of(between, source, 0)
    while begin < len(source):
        keyword = _KEYWORD.match(source, begin)
        name = (keyword and keyword[1]) or ""
        first = begin + len(name) + bool(name)
        last = _prelude_end(source, first)
        has_block = source.startswith("{", last)
        end = _block_end(source, last + 1, "}") if has_block else last + 1 if name else 0
        if not (last and end):
            break
        yield RawRule(
            name.lower(), source[first:last], source[last + 1 : end - 1] if has_block else None
        )
        begin = _end_of(between, source, end)
    if begin < len(source):
        read = tinycss2.parse_stylesheet if outermost else tinycss2.parse_rule_list
        yield from read(source[begin:], skip_comments=True, skip_whitespace=True)


def _end_of(pattern: re.Pattern[str], source: str, place: int) -> int:
    """Return where a pattern that matches anywhere ends."""
    found = pattern.match(source, place)
    return found.end() if found else place


def _prelude_end(source: str, place: int) -> int:
    """Return where the prelude of a rule ends; 0 where a bracket or string in it is open."""
    while True:
        place = _end_of(_IN_PRELUDE, source, place)
        sign = source[place : place + 1]
        if sign in ("{", ";"):
            return place
        place = _block_end(source, place + 1, _CLOSING[sign]) if sign in ("(", "[") else 0
        if not place:
            return 0


def _block_end(source: str, place: int, closing: str) -> int:
    """Return the place behind the sign that ends a block; 0 where a bracket or string is open."""
    waiting = [closing]
    while waiting:
        place = _end_of(_IN_BLOCK, source, place)
        sign = source[place : place + 1]
        if sign in _CLOSING and sign and source[place - 3 : place].lower() != "url":
            waiting.append(_CLOSING[sign])
        elif sign and sign == waiting[-1]:
            waiting.pop()
        else:
            return 0
        place += 1
    return place


def scan_declarations(source: str) -> list[tuple[str, str]] | None:
    """Return the names and values of a block's declarations; None where tinycss2 has to read it."""
    if not _NESTING.isdisjoint(source):
        return None
    declared: list[tuple[str, str]] = []
    place = 0
    while place < len(source):
        found = _DECLARATION.match(source, place)
        if found is None:
            return None
        place = found.end()
        if found[1]:
            declared.append((found[1], found[2]))
    return declared


def words_needed(source: str) -> tuple[tuple[str, ...], ...]:
    """Return, for each selector of a list, classes and ids without which it matches nothing."""
    plain = _ASIDE.sub("", _ASIDE.sub("", source))
    if not _ANYTHING.isdisjoint(plain):
        return ((),)
    return tuple(tuple(map(str.lower, _WORD.findall(part))) for part in plain.split(","))


@dataclass(frozen=True, slots=True, eq=False)
class Declaration:
    """One declaration.

    Attributes:
        value: Its tokens, without white space at its ends.
        important: Whether it is `!important`.
        place: Its place in its block.
    """

    value: tuple[Token, ...]
    important: bool = False
    place: int = 0


Block = dict[str, Declaration]
"""Declarations by property, the winning one of each."""


@lru_cache(maxsize=4_096)
def read_block(source: str) -> Block:
    """Read the declarations of a `style` attribute, or of a rule in which no other is."""
    declared = scan_declarations(source)
    if declared is None:
        found = tinycss2.parse_blocks_contents(source, skip_comments=True, skip_whitespace=True)
        return select_declarations([one for one in found if one.type == "declaration"])
    block: Block = {}
    for place, (written, value) in enumerate(declared):
        name = written if written.startswith("--") else written.lower()
        if name in CONCERNED or name.startswith("--"):
            _declare(block, name, _declaration(name, value, place))
    return block


@lru_cache(maxsize=20_000)
def _declaration(name: str, value: str, place: int) -> Declaration | None:
    """Return one declaration; None where it is invalid."""
    found = tinycss2.parse_blocks_contents(f"{name}:{value}", skip_comments=True)
    is_one = len(found) == 1 and found[0].type == "declaration"
    return select_declarations(found, place).get(name) if is_one else None


def select_declarations(declarations: list[Token], first: int = 0) -> Block:
    """Return the valid declarations of what is concerned."""
    block: Block = {}
    for place, one in enumerate(declarations, first):
        name = one.name if one.name.startswith("--") else one.lower_name
        custom = name.startswith("--")
        if not (custom or name in CONCERNED) or not (custom or is_valid(name, one.value)):
            continue
        _declare(block, name, Declaration(tuple(trim_tokens(one.value)), one.important, place))
    return block


def _declare(block: Block, name: str, declared: Declaration | None) -> None:
    """Add a declaration to a block unless one that is stronger is there."""
    before = block.get(name)
    if declared is not None and (before is None or declared.important or not before.important):
        block[name] = declared


def trim_tokens(tokens: Tokens) -> list[Token]:
    """Return tokens without comments, and without white space at either end."""
    found = [token for token in tokens if token.type != "comment"]
    words = [place for place, token in enumerate(found) if token.type != "whitespace"]
    return found[words[0] : words[-1] + 1] if words else []


def rules_in(rule: Token) -> Iterable[Token]:
    """Return the rules in the block of an at-rule."""
    if isinstance(rule, RawRule):
        return scan_rules(rule.body or "")
    return list(
        tinycss2.parse_rule_list(rule.content or [], skip_comments=True, skip_whitespace=True)
    )


def last_frames(frames: Iterable[Token]) -> Iterator[Block]:
    """Yield what the frames of an animation declare of its end (CSS Animations 1, section 3)."""
    for frame in frames:
        if frame.type != "qualified-rule":
            continue
        places = tinycss2.serialize(frame.prelude).strip().lower().replace(",", " ").split()
        if not {"to", "100%"}.isdisjoint(places):
            found = tinycss2.parse_blocks_contents(frame.content, skip_comments=True)
            block = select_declarations([one for one in found if one.type == "declaration"])
            if block:
                yield block


def drawn_counter(rule: Token) -> dict[str, str]:
    """Return the words that a style of counters draws, by its name (CSS Counter Styles 3)."""
    strings = [token.value for token in rule.content if token.type == "string"]
    names = [one.value for one in significant(rule.prelude) if one.type == "ident"]
    drawn = len(names) == 1 and any(map(str.isalpha, "".join(strings)))
    return {names[0]: " ".join(strings)} if drawn else {}
