"""Which elements of a page selectors match, in steps that grow with page and selector alone.

Lexbor tries every way in which the parts of `.a div div p` may lie among an element's ancestors:
on a deep page few parts are millions of ways. It is asked for one part at a time, which is one
look at each element; how the parts have to lie (Selectors 4, section 15) is followed here, where
no element is asked twice.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from selectolax.lexbor import LexborHTMLParser, LexborNode

from footnotary.deadline import check_deadline
from footnotary.extract.css.values import Token
from footnotary.extract.parsing import MAX_MATCHED, refuse_heavy

COUNTING = frozenset(
    (
        *("first-of-type", "last-of-type", "only-of-type", "last-child", "only-child"),
        *("nth-child", "nth-last-child", "nth-of-type", "nth-last-of-type"),
    )
)
PLAIN = frozenset(("first-child", "root", "empty"))
# True of no element as a page loads, before its reader has done anything.
NEVER = frozenset(
    (
        *("active", "active-view-transition", "autofill", "current", "focus", "focus-visible"),
        *("focus-within", "fullscreen", "future", "host", "host-context", "hover", "modal", "past"),
        *("picture-in-picture", "popover-open", "state", "target", "target-current"),
        *("user-invalid", "user-valid", "visited", "-webkit-autofill", "-webkit-full-screen"),
        *("-webkit-drag", "interest-source", "interest-target"),
    )
)
# What it depends on is not read here.
UNSURE = frozenset(
    (
        *("default", "in-range", "indeterminate", "invalid", "optional"),
        *("out-of-range", "placeholder-shown", "required", "valid"),
        "active-view-transition-type",
    )
)
_EDITED = "input, textarea, [contenteditable], [contenteditable] *"
AS_ATTRIBUTES = {
    "any-link": "a[href], area[href]",
    "-webkit-any-link": "a[href], area[href]",
    "link": "a[href], area[href]",
    "checked": "input[checked], option[selected]",
    "disabled": "button[disabled], input[disabled], select[disabled], textarea[disabled],"
    " fieldset[disabled], option[disabled], optgroup[disabled], fieldset[disabled] input,"
    " fieldset[disabled] button, fieldset[disabled] select, fieldset[disabled] textarea",
    "enabled": "button:not([disabled]), input:not([disabled]), select:not([disabled]),"
    " textarea:not([disabled]), fieldset:not([disabled]), option:not([disabled])",
    "open": "details[open], dialog[open]",
    "scope": ":root",
    "defined": "*",  # what is not is so by a script
    "read-write": _EDITED,
    "read-only": f":not({_EDITED})",
}
LEFT_TO_RIGHT = ":not([dir=rtl i], [dir=rtl i] *)"
STATED = {"dir": "[dir={0} i], [dir={0} i] *", "lang": "[lang|={0} i], [lang|={0} i] *:not([lang])"}
DRAWING = ("after", "before", "details-content", "marker")
"""Pseudo-elements with words of their own, or with those of an element in them."""
OLD_PSEUDO_ELEMENTS = ("after", "before", "first-letter", "first-line")
PSEUDO_ELEMENTS = frozenset(
    (
        *OLD_PSEUDO_ELEMENTS,
        *("backdrop", "checkmark", "column", "cue", "details-content", "file-selector-button"),
        *("grammar-error", "highlight", "marker", "part", "picker", "picker-icon", "placeholder"),
        *("scroll-button", "scroll-marker", "scroll-marker-group", "search-text", "selection"),
        *("slotted", "spelling-error", "target-text", "view-transition", "view-transition-group"),
        *("view-transition-image-pair", "view-transition-new", "view-transition-old"),
    )
)
Kind = Literal["any", "none", "has"]
Specificity = tuple[int, int, int]


class InvalidSelectorError(Exception):
    """A selector that browsers do not take; its whole rule is ignored."""


@dataclass(frozen=True, slots=True)
class Count:
    """`:nth-child()` and its like: the places `step * n + first`, for n from 0.

    Attributes:
        step: Between two places.
        first: The place for n = 0.
        last: Whether they are counted from the end.
        typed: Whether elements of the same name are counted alone.
        among: What is counted, where it is not every element.
    """

    step: int
    first: int
    last: bool
    typed: bool
    among: "tuple[Selector, ...] | None" = None

    def has(self, place: int) -> bool:
        """Return whether a place, from 1, is one of them."""
        over = place - self.first
        return over == 0 if self.step == 0 else over % self.step == 0 and over // self.step >= 0


@dataclass(frozen=True, slots=True, eq=False)
class CompoundSelector:
    """One compound selector.

    Attributes:
        plain: What Lexbor is asked for.
        key: The class, id or type by which its elements are looked up; `*` for any.
        filters: What else has to be true: some, none of other selectors, or that something
            matched by them lies below or behind.
        counts: The places that it has to be at.
        never: Whether it matches nothing as a page loads.
    """

    plain: str
    key: str = "*"
    filters: "tuple[tuple[Kind, tuple[Selector, ...]], ...]" = ()
    counts: tuple[Count, ...] = ()
    never: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Selector:
    """One complex selector.

    Attributes:
        parts: Its compounds, each with the combinator before it.
        specificity: How specific it is.
        pseudo: The pseudo-element it is about; empty for the element itself.
        unsure: Whether it depends on what is not read here.
        words: Classes and ids without which it matches nothing.
    """

    parts: tuple[tuple[str, CompoundSelector], ...]
    specificity: Specificity = (0, 0, 0)
    pseudo: str = ""
    unsure: bool = False
    words: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What the elements it matches are looked up by."""
        return self.parts[-1][1].key


Selectors = tuple[Selector, ...]


def counts_of(name: str) -> tuple[Count, ...]:
    """Return the places that a name without arguments means."""
    typed = name.endswith("of-type")
    ends = {"first": (False,), "last": (True,), "only": (False, True)}[name.partition("-")[0]]
    return tuple(Count(0, 1, last, typed) for last in ends)


def most_specific(selectors: Selectors) -> Specificity:
    """Return the specificity of the most specific selector of a list."""
    return max((one.specificity for one in selectors), default=(0, 0, 0))


def is_attribute(inner: list[Token]) -> bool:
    """Return whether brackets hold an attribute selector (Selectors 4, section 6)."""
    if not inner or inner[0].type != "ident":
        return False
    if len(inner) == 1:
        return True
    sign = inner[1].value if inner[1].type == "literal" else ""
    rest = inner[2:]
    if sign not in ("=", "~=", "|=", "^=", "$=", "*=") or not rest:
        return False
    case = [token.lower_value for token in rest[1:] if token.type == "ident"]
    known = len(rest) == 1 or (len(rest) == 2 and case in (["i"], ["s"]))  # noqa: PLR2004
    return rest[0].type in ("ident", "string") and known


Nodes = Mapping[int, LexborNode]
"""Elements by what tells them apart."""

_Step = Callable[[LexborNode], LexborNode | None]


class Selecting:
    """Matches selectors against the elements of one page.

    Args:
        tree: The page; it must not change meanwhile.
        elements: How many elements it has, about.
    """

    def __init__(self, tree: LexborHTMLParser, elements: int) -> None:
        self.tree = tree
        self._elements = elements
        self._plain: dict[str, Nodes] = {}
        self._parts: dict[CompoundSelector, Nodes] = {}
        self._whole: dict[Selector, Nodes] = {}
        self._places: dict[int, tuple[int, int, int, int]] = {}
        self._among: dict[tuple[Count, int], dict[int, int]] = {}
        self._looks = 0

    def matching(self, selector: Selector) -> Nodes:
        """Return the elements that a selector matches."""
        known = self._whole.get(selector)
        if known is None:
            check_deadline()
            known = self._whole[selector] = self._matching(selector.parts)
        return known

    def root(self) -> LexborNode | None:
        """Return the root element of the page."""
        return self.tree.root

    def _matching(self, parts: tuple[tuple[str, CompoundSelector], ...]) -> Nodes:
        """Return the elements that a selector matches, part by part from its first."""
        last = self._having(parts[-1][1])
        if len(parts) == 1 or not last:
            return last
        found = self._having(parts[0][1])
        for combinator, part in parts[1:]:
            if not found:
                return {}
            found = _beside(self._having(part), combinator, found)
        return found

    def _having(self, part: CompoundSelector) -> Nodes:
        """Return the elements that one part of a selector matches."""
        known = self._parts.get(part)
        if known is None:
            known = self._parts[part] = {} if part.never else self._filtered(part)
        return known

    def _filtered(self, part: CompoundSelector) -> Nodes:
        """Return what Lexbor finds for a part, less what its filters and counts leave out."""
        found: Nodes | None = self._asked(part.plain) if part.plain else None
        for kind, selectors in part.filters:
            if kind == "any":
                some = self._any(selectors)
                found = some if found is None else _kept(found, some, wanted=True)
                continue
            if found is None:
                found = self._asked("*")
            others = self._any(selectors) if kind == "none" else self._having_inside(selectors)
            found = _kept(found, others, wanted=kind == "has")
        if found is None:
            found = self._asked("*")
        for count in part.counts:
            found = {key: node for key, node in found.items() if self._stands_at(node, count)}
        return found

    def _any(self, selectors: Selectors) -> Nodes:
        """Return the elements that any of some selectors matches."""
        if len(selectors) == 1:
            return self.matching(selectors[0])
        return {key: node for one in selectors for key, node in self.matching(one).items()}

    def _having_inside(self, selectors: Selectors) -> Nodes:
        """Return the elements below or behind which any of some relative selectors matches."""
        held: dict[int, LexborNode] = {}
        for selector in selectors:
            check_deadline()
            found: Nodes = {}
            for place, (combinator, part) in enumerate(reversed(selector.parts)):
                having = self._having(part)
                found = having if place == 0 else _kept(having, found, wanted=True)
                found = _holders(found, combinator)
            held.update(found)
        return held

    def _asked(self, plain: str) -> Nodes:
        """Return the elements that Lexbor finds; none for what it cannot read."""
        known = self._plain.get(plain)
        if known is None:
            self._looks += self._elements
            refuse_heavy(self._looks, MAX_MATCHED)
            try:
                known = {node.mem_id: node for node in self.tree.css(plain)}
            except Exception:  # noqa: BLE001  Lexbor's one kind of error for what it cannot read
                known = {}
            self._plain[plain] = known
        return known

    def _stands_at(self, node: LexborNode, count: Count) -> bool:
        """Return whether an element is at one of the places that are counted."""
        if count.among is not None:
            return self._stands_among(node, count, self._any(count.among))
        if node.mem_id not in self._places:
            self._count_beside(node)
        first, last, first_typed, last_typed = self._places[node.mem_id]
        if count.typed:
            return count.has(last_typed if count.last else first_typed)
        return count.has(last if count.last else first)

    def _stands_among(self, node: LexborNode, count: Count, counted: Nodes) -> bool:
        """Return whether an element is at one of the places among some elements."""
        if node.mem_id not in counted:
            return False
        key = (count, node.parent.mem_id if node.parent is not None else 0)
        if key not in self._among:
            beside = list(node.parent.iter()) if node.parent is not None else [node]
            ids = [one.mem_id for one in beside if one.mem_id in counted]
            self._among[key] = {
                one: place for place, one in enumerate(ids[:: -1 if count.last else 1], 1)
            }
        return count.has(self._among[key].get(node.mem_id, 0))

    def _count_beside(self, node: LexborNode) -> None:
        """Note the places of an element and of those beside it."""
        parent = node.parent
        beside = list(parent.iter()) if parent is not None else [node]
        totals: dict[str | None, int] = {}
        for one in beside:
            totals[one.tag] = totals.get(one.tag, 0) + 1
        seen: dict[str | None, int] = {}
        for place, one in enumerate(beside, 1):
            typed = seen[one.tag] = seen.get(one.tag, 0) + 1
            behind = totals[one.tag] - typed + 1
            self._places[one.mem_id] = (place, len(beside) - place + 1, typed, behind)


def _kept(nodes: Nodes, others: Nodes, *, wanted: bool) -> Nodes:
    """Return those of some elements that are, or are not, among others."""
    return {key: node for key, node in nodes.items() if (key in others) == wanted}


def _holders(found: Nodes, combinator: str) -> Nodes:
    """Return the elements to which some of those that were found lie as a combinator says."""
    step = _above if combinator in " >" else _before
    held: dict[int, LexborNode] = {}
    for node in found.values():
        place = step(node)
        while place is not None and place.mem_id not in held:
            held[place.mem_id] = place
            if combinator in ">+":
                break
            place = step(place)
    return held


def _beside(nodes: Nodes, combinator: str, found: Nodes) -> Nodes:
    """Return those of some elements that lie to others as a combinator says."""
    step = _above if combinator in " >" else _before
    if combinator in ">+":
        return {
            key: node
            for key, node in nodes.items()
            if (place := step(node)) is not None and place.mem_id in found
        }
    known: dict[int, bool] = {}
    return {key: node for key, node in nodes.items() if _leads_to(node, step, found, known)}


def _leads_to(node: LexborNode, step: _Step, found: Nodes, known: dict[int, bool]) -> bool:
    """Return whether steps from an element lead to one that was found."""
    passed, leads = [], False
    place = step(node)
    while place is not None:
        if place.mem_id in found or known.get(place.mem_id):
            leads = True
            break
        if place.mem_id in known:
            break
        passed.append(place.mem_id)
        place = step(place)
    known.update(dict.fromkeys(passed, leads))
    return leads


def _above(node: LexborNode) -> LexborNode | None:
    """Return the parent of an element."""
    return node.parent


def _before(node: LexborNode) -> LexborNode | None:
    """Return the element before an element, among the same parent's."""
    place = node.prev
    while place is not None and not place.is_element_node:
        place = place.prev
    return place
