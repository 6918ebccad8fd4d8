"""What a style writes between the words of a page (CSS Content 3, CSS Lists 3)."""

import re
from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

from selectolax.lexbor import LexborNode

from footnotary.deadline import check_deadline
from footnotary.extract.css.applying import Won
from footnotary.extract.css.colors import Color, read_color
from footnotary.extract.css.drawings import Drawing
from footnotary.extract.css.matching import Selector
from footnotary.extract.css.transforms import combine_transforms, read_steps
from footnotary.extract.css.values import (
    FAINT,
    Token,
    Tokens,
    keyword_in,
    read_length,
    read_number,
    significant,
)
from footnotary.extract.marks import BREAK, DRAWN, GAP, GENERATED, GENERATED_END, PAD, SIGN

Where = Literal["before", "first", "last", "after"]


class Insertion(NamedTuple):
    """A text to be put into the tree.

    Attributes:
        node: The element that it is about.
        where: Beside it, or inside of it as its first or last child.
        text: The text: marks, and words that a style generates.
    """

    node: LexborNode
    where: Where
    text: str

    def put(self) -> None:
        """Put the text into the tree."""
        first = self.node.first_child
        if self.where == "before" or (first is None and self.text == BREAK):
            self.node.insert_before(self.text)
        elif self.where == "after":
            self.node.insert_after(self.text)
        elif self.where == "first" and first is not None:
            first.insert_before(self.text)
        else:
            self.node.insert_child(self.text)


_PLACES: dict[str, Where] = {"before": "first", "marker": "first", "after": "last"}
# What takes the place of an element's content, and what has no words.
_REPLACED = frozenset(
    (
        *("area", "audio", "base", "br", "canvas", "col", "embed", "head", "hr", "iframe", "img"),
        *("input", "link", "math", "meta", "object", "option", "param", "script", "select"),
        *("source", "style", "svg", "template", "textarea", "title", "track", "video", "wbr"),
    )
)
_PICTURE = "\ue000"
_NUMBER = "1"  # for a counter, whatever it counts
# Signs that say nothing where they are parted from words: bullets, brackets, quotation marks.
_PLAIN = frozenset(
    " .,:;-\u2010\u2012\u2013\u2014\u2026/|()[]{}#$>*_&\"'`\\"
    "\u00b7\u2022\u00a7\u00b6\u00ab\u00bb\u2039\u203a\u201c\u201d\u2018\u2019\u201e\u201a"
)
# Arrows, boxes, bullets and other shapes but for boxes that are ticked, and the icons of fonts.
_DECORATING = re.compile(
    r"[\s\u00b7\u2022\u00a7\u00b6\u00ab\u00bb\u2039\u203a#|\u2190-\u21ff\u2500-\u260f\u2613-\u26a0"
    r"\u27a1-\u27bf\u2b00-\u2bff\ue000-\uf8ff\U0001f517\U000f0000-\U0010ffff]+"
)
_SIGNS = frozenset(">.,-\u2010\u2012\u2013^_~/$")  # that are of the number behind them
_LONGEST = 200


class Generating(Drawing):
    """Finds what a style writes before, behind and beside the words of elements."""

    def generated(self) -> Iterator[Insertion]:
        """Yield what the style of a page writes."""
        wanted: dict[str, list[Selector]] = {
            selector.pseudo: [] for _, selector in self._cascade.drawing
        }
        for rule, selector in self._cascade.drawing:
            if "content" in rule.block and selector.pseudo in _PLACES:
                wanted[selector.pseudo].append(selector)
        for pseudo, selectors in wanted.items():
            for node in self._cascade.matching(selectors).values():
                check_deadline()
                if node.tag not in _REPLACED:
                    yield from self._drawn(node, pseudo)
        yield from self._quoted()
        yield from self._listed()

    def _drawn(self, node: LexborNode, pseudo: str) -> Iterator[Insertion]:
        """Yield what is written for one pseudo-element."""
        won = self._cascade.winner(node, ("content",), pseudo)
        words = self._content(node, won) if won is not None else None
        if words is None or not self._is_painted(node, pseudo):
            return
        boxed = pseudo != "marker" and self._is_boxed_apart(node, pseudo)
        text = _marked(words, boxed=boxed)
        counts = _counts(won) and not any(map(str.isalpha, words))
        if pseudo != "after" and (counts or words.strip().isdigit()):
            item = counts and self.display(node) not in ("inline", "contents")
            if item or (is_preformatted(node) and begins_line(node)):  # as the number of an item
                text = SIGN if words[-1].isdigit() and not boxed else ""
        if text:
            yield Insertion(node, _PLACES[pseudo], text)

    def _content(self, node: LexborNode, won: Won) -> str | None:
        """Return the words of a `content` declaration; None where nothing is drawn at all."""
        found: list[str] = []
        if won.keyword in ("none", "normal", "initial", "unset"):
            return None
        for token in significant(won.value):
            if token.type == "literal" and token.value == "/":
                break  # what follows is for those who do not see it
            found.append(self._piece(node, token))
        return "".join(found)[:_LONGEST] if found else None

    def _piece(self, node: LexborNode, token: Token) -> str:
        """Return what one part of generated content draws."""
        if token.type == "string":
            return str(token.value)
        if token.type == "ident":
            marks = self._quotation_marks(node)
            return {"open-quote": marks[0], "close-quote": marks[1]}.get(token.lower_value, "")
        name = token.lower_name if token.type == "function" else ""
        if name in ("counter", "counters"):
            return _NUMBER + "".join(one.value for one in token.arguments if one.type == "string")
        return _PICTURE

    def _quotation_marks(self, node: LexborNode) -> tuple[str, str]:
        """Return what is drawn around quotations in an element."""
        place = self._declaring(node, "quotes")
        value = self._value(place, "quotes") if place is not None else ()
        strings = [str(token.value) for token in value if token.type == "string"]
        if strings:
            return " ".join(strings[::2]), " ".join(strings[1::2])
        none = place is not None and self._word(place, "quotes") == "none"
        return ("", "") if none else ('"', '"')

    def _is_painted(self, node: LexborNode, pseudo: str) -> bool:
        """Return whether a pseudo-element is seen, for all that is declared of it alone."""
        for name, hides in _HIDING.items():
            won = self._cascade.winner(node, (name,), pseudo)
            if won is not None and won.value and hides(significant(won.value)):
                return False
        return True

    def _is_boxed_apart(self, node: LexborNode, pseudo: str) -> bool:
        """Return whether generated content is a box with room around it, or elsewhere."""
        won = self._cascade.winner(node, ("display",), pseudo)
        if won is not None and won.keyword not in ("", "inline"):
            return True
        names = ("position", "float", "margin", "margin-right", "margin-left", "padding")
        return any(self._cascade.winner(node, (name,), pseudo) is not None for name in names)

    def _quoted(self) -> Iterator[Insertion]:
        """Yield what is drawn around the quotations of a page, where a style says what."""
        if not self._cascade.declares("quotes"):
            return
        for node in self._cascade.selecting.tree.css("q"):
            before, behind = self._quotation_marks(node)
            yield Insertion(node, "first", _marked(before, boxed=False))
            yield Insertion(node, "last", _marked(behind, boxed=False))

    def _listed(self) -> Iterator[Insertion]:
        """Yield the words that are drawn before the items of lists."""
        if not self._cascade.declares("list-style-type", "list-style"):
            return
        for node in self._cascade.selecting.tree.css("li, summary"):
            place = self._declaring(node, "list-style-type", "list-style")
            for token in self._value(place, "list-style-type", "list-style") if place else ():
                word = str(token.value) if token.type in ("string", "ident") else ""
                if token.type == "ident":
                    word = self._cascade.counters.get(word, "")
                if any(map(str.isalpha, word)):
                    yield Insertion(node, "first", _marked(word + " ", boxed=False))


def begins_line(node: LexborNode) -> bool:
    """Return whether an element is the first of its line, or of the element that is its line."""
    before = node.prev
    if before is None:
        return True
    if before.is_text_node:
        text = before.text(deep=False) or ""
        return text.endswith("\n") or (not text.strip() and before.prev is None)
    return (before.text(deep=True) or "").endswith("\n")


def is_preformatted(node: LexborNode) -> bool:
    """Return whether an element is in preformatted text."""
    place = node.parent
    while place is not None and place.tag != "pre":
        place = place.parent
    return place is not None


def _counts(won: Won | None) -> bool:
    """Return whether content has a counter."""
    tokens = won.value if won is not None else ()
    return any(one.type == "function" and one.lower_name.startswith("counter") for one in tokens)


def _is_faint(value: Tokens) -> bool:
    """Return whether an opacity, a scale, a size or a colour leaves nothing to be seen."""
    color, number = read_color(value[0]), read_number(value[0])
    if isinstance(color, Color):
        return color.alpha <= FAINT
    length = read_length(value[0]) if number is None else number
    return length is not None and length <= FAINT


_HIDING: dict[str, Callable[[Tokens], bool]] = {
    "display": lambda value: keyword_in(value) == "none",
    "visibility": lambda value: keyword_in(value) in ("hidden", "collapse"),
    **dict.fromkeys(("opacity", "scale", "font-size", "color"), _is_faint),
    "transform": lambda value: combine_transforms(read_steps(value) or []).flattens,
}


def _marked(words: str, *, boxed: bool) -> str:
    """Return the text that stands for generated words: nothing, a mark, or the words in marks."""
    words = "".join(one if one.isprintable() else " " for one in words)
    shown = " ".join(words.split())
    if not shown:
        return DRAWN if boxed else " " if words else ""
    if _DECORATING.fullmatch(shown):
        return DRAWN
    if _PLAIN.issuperset(shown):
        sign = SIGN if words[-1] in _SIGNS and not boxed else ""
        return f"{' ' * words[0].isspace()}{GAP}{sign}{' ' * words[-1].isspace()}"
    left = PAD if boxed or not (shown[0].isalnum()) else ""
    right = PAD if boxed or not (shown[-1].isalnum()) else ""
    left, right = (" " if words[:1] == " " else left), (" " if words[-1:] == " " else right)
    return f"{left}{GENERATED}{shown}{GENERATED_END}{right}"
