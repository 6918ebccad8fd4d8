"""Which declaration wins for an element of a page (CSS Cascade 5), and custom properties."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any, NamedTuple

import tinycss2
from selectolax.lexbor import LexborHTMLParser, LexborNode

from footnotary.deadline import check_deadline
from footnotary.extract.css.applying import MOST_SUBSTITUTED, Substituting, Won
from footnotary.extract.css.matching import DRAWING, Nodes, Selecting, Selector, Selectors
from footnotary.extract.css.page_sheets import OrderedRules, StyleSource
from footnotary.extract.css.scanning import Block, Declaration, read_block
from footnotary.extract.css.sheets import StyleRule
from footnotary.extract.css.validity import is_substituted, is_valid
from footnotary.extract.css.values import keyword_in
from footnotary.extract.parsing import ANYTHING, HOST, Written, refuse_heavy, shadow_tree_of

MAX_LOOKED = 5_000_000
"""Most looks at a rule, over all elements, that a page may ask for here."""

_FEW_LOOKS = 100_000
_ATTACHED = 1
_DRAWN = frozenset(
    (
        *("svg", "g", "text", "tspan", "textPath", "foreignObject", "rect", "circle", "ellipse"),
        "polygon",
    )
)
_PRESENTED = frozenset(
    ("display", "fill", "fill-opacity", "font-size", "opacity", "transform", "visibility")
)
_ANIMATION = frozenset(("animation", "animation-name", "animation-fill-mode"))
_HIDING = {
    name: tuple(tinycss2.parse_component_value_list(value))
    for name, value in (("display", "none"), ("visibility", "hidden"), ("opacity", "0"))
}
_NAMED = re.compile(r' (?:class|id)="([^"]*)"')
_UNESCAPED_WORDS = frozenset('&"<>\u00a0')


@dataclass(frozen=True, slots=True, eq=False)
class _Entry:
    """One selector of a rule, with where it is in the cascade."""

    selector: Selector
    rule: StyleRule
    layer: tuple[float, ...]
    order: int
    tree: str

    def rank(self, name: str) -> tuple[Any, ...]:
        """Return how strong its declaration of a property is."""
        declared = self.rule.block[name]
        important, place = declared.important, declared.place
        layer = tuple(-index for index in self.layer) if important else self.layer
        return (important, 0, layer, self.selector.specificity, self.order, place)


_Found = tuple[tuple[Any, ...], str, Declaration]
_Candidates = list[tuple[str, _Entry]]


class _Kind(NamedTuple):
    """Elements of one name with the same id and classes.

    Attributes:
        keys: What they are looked up by.
        candidates: What may declare some properties for them, by these.
    """

    keys: tuple[str, ...]
    candidates: dict[tuple[str, tuple[str, ...]], _Candidates]


class Cascade(Substituting):
    """The style rules of one page.

    Args:
        tree: The page; it must not change meanwhile.
        sources: Its style sheets in order.
        linked: Sheets that these import, by address.
        written: What is in the markup of the page.
    """

    def __init__(
        self,
        tree: LexborHTMLParser,
        sources: Sequence[StyleSource],
        linked: Mapping[str, str],
        written: Written = ANYTHING,
    ) -> None:
        super().__init__()
        self.written = written
        self.styled = [
            (node, read_block(node.attributes.get("style") or ""))
            for node in written.find(tree, "[style]", "style")
        ]
        self.markup = (tree.html or "") if sources or self.styled else ""
        self.selecting = Selecting(tree, self.markup.count("<") // 2 + 1)
        self._words = _words_in(self.markup)
        self._attached = frozenset(name for _, block in self.styled for name in block)
        drawn = written.has(*(f"<{name.lower()}" for name in sorted(_DRAWN)))
        self._has_drawings = drawn and tree.css_first(", ".join(sorted(_DRAWN))) is not None
        self._looks = 0
        self._pseudo = (0, "")  # the element and the name of the one that is asked for
        self._draws_custom = False
        self._selected: dict[Selectors, Nodes] = {}
        self._trees: dict[int, str] = {}
        self._ends_of: dict[int, Block] = {}
        self._facts: dict[int, tuple[_Kind, Block]] = {}
        self._kinds: dict[tuple[str | None, ...], _Kind] = {}
        self._made: dict[tuple[str, Declaration, bool], Won] = {}
        self._index: dict[str, dict[str, list[_Entry]]] = {}
        self.entries: list[tuple[StyleRule, Selector]] = []
        self.drawing: list[tuple[StyleRule, Selector]] = []
        ordered = OrderedRules(sources, linked, self._words)
        self.keyframes, self.ends = ordered.keyframes, ordered.ends
        self.counters = ordered.counters
        self._registered.update(ordered.properties)
        self._ending = frozenset(name for block in self.ends.values() for name in block)
        has_shadows = bool(written.find(tree, f"[{HOST}]", "shadowrootmode"))
        for order, (rule, rank, about) in enumerate(ordered.rules):
            self._add(rule, rank, order, about if has_shadows else "")

    def _add(self, rule: StyleRule, rank: tuple[float, ...], order: int, tree: str) -> None:
        """Add a rule's selectors, but for those that nothing on the page can match."""
        for selector in rule.selectors:
            if not all(map(self._may_have, selector.words)):
                continue
            entry = _Entry(selector, rule, rank, order, tree)
            drawn = selector.pseudo if selector.pseudo in DRAWING else ""
            (self.drawing if drawn else self.entries).append((rule, selector))
            for name in rule.block:
                self._draws_custom |= bool(drawn) and name.startswith("--")
                key = f"{drawn}::{name}" if drawn else name
                self._index.setdefault(key, {}).setdefault(selector.key, []).append(entry)

    def _may_have(self, word: str) -> bool:
        """Return whether a class or an id may be on the page."""
        return word.lower() in self._words or not _UNESCAPED_WORDS.isdisjoint(word)

    def declares(self, *names: str) -> bool:
        """Return whether anything on the page may declare one of some properties."""
        return any(name in self._index or name in self._attached for name in names)

    def may_declare(self, *names: str) -> bool:
        """Return whether one of some properties may win for any element, a drawing's included."""
        drawn = self._has_drawings and not _PRESENTED.isdisjoint(names)
        return drawn or not self._ending.isdisjoint(names) or self.declares(*names)

    def matching(self, selectors: Iterable[Selector]) -> Nodes:
        """Return the elements that any of some selectors matches."""
        return {
            key: node for one in selectors for key, node in self.selecting.matching(one).items()
        }

    def selected(self, selectors: Selectors) -> Nodes:
        """Return the elements that some selectors match; the answer is kept."""
        known = self._selected.get(selectors)
        if known is None:
            known = self._selected[selectors] = self.matching(selectors)
        return known

    def winner(self, node: LexborNode, names: Sequence[str], pseudo: str = "") -> Won | None:
        """Return the declaration that wins for an element among some properties, or None.

        Args:
            node: The element.
            names: A property and the shorthands that set it.
            pseudo: The one of `DRAWING` that is meant, not the element itself.
        """
        kind, style = self._facts_of(node)
        if self._looks > _FEW_LOOKS:
            check_deadline()
            refuse_heavy(self._looks, MAX_LOOKED)
        prefix = f"{pseudo}::" if pseudo else ""
        candidates = self._candidates_of(tuple(names), prefix, kind)
        if pseudo:
            style = {}
        ends = not (pseudo or self._ending.isdisjoint(names))
        drawn = not pseudo and kind.keys[1] in _DRAWN
        if not (candidates or drawn or ends) and style.keys().isdisjoint(names):
            return None
        best, doubtful = self._strongest(node, candidates) if candidates else (None, None)
        if style:
            best = _stronger(best, style, names)
        while best is not None and keyword_in(best[2].value) == "revert-layer":
            below = best[0][2] if best[0][1] != _ATTACHED else (inf, inf)
            best = self._strongest(node, candidates, below)[0]
        if best is None and drawn:
            best = _stronger(None, _presented(node), names)
        if ends and not (best is not None and best[2].important):
            best = self._ended(node, names) or best
        unsure = doubtful is not None and (best is None or doubtful[0] > best[0])
        winning = doubtful if unsure else best
        if winning is None:
            return None
        if not (pseudo and self._draws_custom):
            return self._substituted(node, *winning[1:], unsure=unsure)
        self._pseudo, kept, self._custom = (node.mem_id, prefix), self._custom, {}
        won = self._substituted(node, *winning[1:], unsure=unsure)
        self._pseudo, self._custom = (0, ""), kept
        return won

    def declaring(self, judge: Callable[[Block], object]) -> dict[int, LexborNode]:
        """Return the elements for which a rule, or their `style`, declares what is looked for."""
        judged: dict[StyleRule, bool] = {}
        selectors = []
        for rule, selector in self.entries:
            if rule not in judged:
                judged[rule] = bool(judge(rule.block))
            if judged[rule]:
                selectors.append(selector)
        found = dict(self.matching(selectors))
        for node, block in self.styled:
            if judge(block):
                found[node.mem_id] = node
        return found

    def _candidates_of(self, names: tuple[str, ...], prefix: str, kind: _Kind) -> _Candidates:
        """Return what may declare some properties for elements of a kind."""
        asked = (prefix, names)
        known = kind.candidates.get(asked)
        if known is None:
            known = kind.candidates[asked] = [
                (name, entry)
                for name in names
                if (index := self._index.get(prefix + name))
                for key in kind.keys
                if key in index
                for entry in index[key]
            ]
        return known

    def _strongest(
        self, node: LexborNode, candidates: _Candidates, below: object = None
    ) -> tuple[_Found | None, _Found | None]:
        """Return the strongest declaration of some properties, and the strongest that may apply."""
        best: _Found | None = None
        doubtful: _Found | None = None
        self._looks += len(candidates)
        identity, matching = node.mem_id, self.selecting.matching
        for name, entry in candidates:
            if identity not in matching(entry.selector):
                continue
            rank = entry.rank(name)
            applies = self._applies(node, entry)
            if applies is False or (below is not None and not rank[2] < below):
                continue
            found = (rank, name, entry.rule.block[name])
            if applies is None:
                doubtful = found if doubtful is None or rank > doubtful[0] else doubtful
            elif best is None or rank > best[0]:
                best = found
        return best, doubtful

    def _applies(self, node: LexborNode, entry: _Entry) -> bool | None:
        """Return whether a rule applies to an element that it matches; None where it is unknown."""
        if entry.tree and entry.tree != shadow_tree_of(node, self._trees):
            return False
        unsure = entry.selector.unsure or entry.rule.unsure
        for condition in entry.rule.conditions:
            holds = condition.holds(node, self)
            if holds is False:
                return False
            unsure = unsure or holds is None
        return None if unsure else True

    def _ended(self, node: LexborNode, names: Sequence[str]) -> _Found | None:
        """Return what the end of an animation that stays declares for an element, or None."""
        if not _ANIMATION.isdisjoint(names):
            return None
        return _stronger(None, self.end_of(node), names)

    def end_of(self, node: LexborNode) -> Block:
        """Return the last frame of the animation that an element stays in."""
        key = node.mem_id
        if key not in self._ends_of:
            self._ends_of[key] = self._last_frame(node)
        return self._ends_of[key]

    def _last_frame(self, node: LexborNode) -> Block:
        named = self.winner(node, ("animation-name", "animation"))
        filled = self.winner(node, ("animation-fill-mode", "animation"))
        tokens = [token for won in (named, filled) if won is not None for token in won.value]
        words = {token.value for token in tokens if token.type in ("ident", "string")}
        if words.isdisjoint(("forwards", "both")) or not words.isdisjoint(("infinite", "paused")):
            return {}
        return next((self.ends[word] for word in words if word in self.ends), {})

    def _facts_of(self, node: LexborNode) -> tuple[_Kind, Block]:
        """Return what an element is looked up by, and the declarations of its own attribute."""
        known = self._facts.get(node.mem_id)
        if known is None:
            attributes = node.attributes
            style = attributes.get("style")
            named = (node.tag, attributes.get("id"), attributes.get("class"))
            kind = self._kinds.get(named)
            if kind is None:
                kind = self._kinds[named] = _Kind(_keys_of(node.tag or "", attributes), {})
            known = self._facts[node.mem_id] = (kind, read_block(style) if style else {})
        return known

    def _substituted(
        self, node: LexborNode, name: str, declared: Declaration, *, unsure: bool
    ) -> Won:
        """Return a declaration with its `var()` put in; `unset` where that makes it invalid.

        What a function of the page's own or of its siblings gives may be what hides.
        """
        known = self._made.get((name, declared, unsure))
        if known is not None:
            return known
        value = declared.value
        if is_substituted(value):
            found = self._with_variables(node, value, MOST_SUBSTITUTED)
            if found is None or not is_valid(name, found):
                return Won(name, (), unsure)
            value = tuple(found)
            if name in _HIDING and is_substituted(value):
                return Won(name, _HIDING[name], unsure=True)
            return Won(name, value, unsure)
        made = self._made[name, declared, unsure] = Won(name, value, unsure)
        return made

    def _own_custom(self, node: LexborNode, name: str) -> Declaration | None:
        """Return the custom property that wins on an element itself."""
        if not node.is_element_node:
            return None
        kind, style = self._facts_of(node)
        if node.mem_id == self._pseudo[0]:
            drawn = self._candidates_of((name,), self._pseudo[1], kind)
            best = self._strongest(node, drawn)[0]
            if best is not None:
                return best[2]
        best = None
        candidates = self._candidates_of((name,), "", kind)
        self._looks += len(candidates)
        for _, entry in candidates:
            matched = node.mem_id in self.selecting.matching(entry.selector)
            if matched and self._applies(node, entry) is not False:
                rank = entry.rank(name)
                if best is None or rank > best[0]:
                    best = (rank, name, entry.rule.block[name])
        best = _stronger(best, style, (name,))
        return best[2] if best else None

    def variables(self, name: str) -> Iterator[Declaration]:
        """Yield every value that the sheets give a custom property."""
        for entries in self._index.get(name, {}).values():
            yield from (entry.rule.block[name] for entry in entries)
        registered = self._registered.get(name)
        if registered is not None and registered.initial is not None:
            yield registered.initial


def _presented(node: LexborNode) -> Block:
    """Return what the attributes of a drawing's element declare (SVG 2, section 6.6)."""
    attributes = node.attributes
    named = (f"{name}:{attributes[name]}" for name in _PRESENTED if attributes.get(name))
    return read_block(";".join(named))


def _stronger(best: _Found | None, block: Block, names: Sequence[str]) -> _Found | None:
    """Return the stronger of a rule's declaration and those of a `style` attribute."""
    for name, declared in block.items():
        if name in names:
            rank = (declared.important, _ATTACHED, (), (), 0, declared.place)
            if best is None or rank > best[0]:
                best = (rank, name, declared)
    return best


def _words_in(markup: str) -> frozenset[str]:
    """Return the classes and ids in what a serialiser wrote, in lower case, and maybe others."""
    return frozenset(" ".join(_NAMED.findall(markup)).lower().split())


def _keys_of(tag: str, attributes: Mapping[str, str | None]) -> tuple[str, ...]:
    """Return what the selectors that may match an element are looked up by."""
    keys = ["*", tag]
    identifier = attributes.get("id")
    if identifier:
        keys.append(f"#{identifier}")
    named = attributes.get("class")
    if named:
        keys += {f".{name}" for name in named.split()}
    return tuple(keys)
