"""Which elements a page's own selectors match, in steps that grow with page and selector alone.

Lexbor tries every way in which the parts of `.a div div p` may lie among an element's ancestors:
on a deep page few parts are millions of ways. It is asked for one part at a time, which is one
look at each element; how the parts have to lie (Selectors 4 §15) is followed here, where no
element is asked twice.
"""

import re
from collections.abc import Callable, Iterable, Mapping

from selectolax.lexbor import LexborHTMLParser, LexborNode

from footnotary.deadline import check_deadline

Nodes = Mapping[int, LexborNode]
"""Elements by what tells them apart."""

_PART = r"(?:\[(?:\"[^\"]*\"|'[^']*'|[^\]\"'])*\]|[^\s>+~\[\]\"'])+"
_STEP = re.compile(rf"(?:\s*([>+~])\s*|(\s+)|^)({_PART})")


class Selecting:
    """Matches selectors against the elements of one page.

    Args:
        tree: The page; it must not change meanwhile.
    """

    def __init__(self, tree: LexborHTMLParser) -> None:
        self._tree = tree
        self._parts: dict[str, Nodes] = {}
        self._whole: dict[str, Nodes] = {}

    def matching(self, selector: str) -> Nodes:
        """Return the elements that a selector matches; none if it is no selector.

        Args:
            selector: A selector without commas and pseudo-classes.
        """
        if selector not in self._whole:
            check_deadline()
            self._whole[selector] = self._matching(steps_of(selector))
        return self._whole[selector]

    def ending(self, selectors: Iterable[str]) -> Nodes:
        """Return the elements that the last parts of selectors match: all that they can match.

        Args:
            selectors: Selectors without commas and pseudo-classes.
        """
        steps = [steps_of(selector) for selector in selectors]
        return _found(self._tree, dict.fromkeys(one[-1][1] for one in steps if one))

    def _matching(self, steps: list[tuple[str, str]]) -> Nodes:
        """Return the elements that a selector matches, part by part from its first."""
        if not steps or not self._having(steps[-1][1]):
            return {}
        found = self._having(steps[0][1])
        for combinator, part in steps[1:]:
            found = _beside(self._having(part), combinator, found)
        return found

    def _having(self, part: str) -> Nodes:
        """Return the elements that one part of a selector matches."""
        if part not in self._parts:
            self._parts[part] = _found(self._tree, [part])
        return self._parts[part]


def steps_of(selector: str) -> list[tuple[str, str]]:
    """Return a selector's parts, each with the combinator before it; nothing if it is none.

    Args:
        selector: A selector without commas.
    """
    steps, position, text = [], 0, selector.strip()
    while position < len(text):
        found = _STEP.match(text, position)
        if not found:
            return []
        steps.append((found[1] or " ", found[3]))
        position = found.end()
    return steps


def _found(tree: LexborHTMLParser, selectors: Iterable[str]) -> Nodes:
    """Return the elements that any of some selectors matches; what is no selector matches none."""
    wanted = list(selectors)
    if not wanted:
        return {}
    try:
        return {node.mem_id: node for node in tree.css(", ".join(wanted))}
    except Exception:  # noqa: BLE001  Lexbor has one kind of error for a selector it cannot read
        halves = (wanted[: len(wanted) // 2], wanted[len(wanted) // 2 :]) if wanted[1:] else ()
        return {key: node for half in halves for key, node in _found(tree, half).items()}


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


def _leads_to(
    node: LexborNode,
    step: Callable[[LexborNode], LexborNode | None],
    found: Nodes,
    known: dict[int, bool],
) -> bool:
    """Return whether steps from an element lead to one that was found.

    Args:
        node: Where to begin.
        step: Leads to the next element.
        found: Where to.
        known: What is known of elements on the way, which themselves may be one; added to.
    """
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
