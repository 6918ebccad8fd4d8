"""Declarative shadow roots as a browser composes them.

HTML Living Standard, "The template element" (`shadowrootmode`), and DOM, "Assigning slottables":
only `open` and `closed` make a root, one a host, and only on elements that may be hosts; of the
host's own children those are rendered that a slot takes.
"""

from selectolax.lexbor import LexborHTMLParser, LexborNode

_MODES = ("open", "closed")
# Elements that may be hosts, besides custom elements (DOM, "valid shadow host name").
_HOSTS = frozenset(
    ("article", "aside", "blockquote", "body", "div", "footer", "h1", "h2", "h3", "h4", "h5", "h6",
     "header", "main", "nav", "p", "section", "span")
)  # fmt: skip
_MOST_NESTED = 20


def compose_shadow_roots(tree: LexborHTMLParser) -> None:
    """Put the content of declarative shadow roots where a browser renders it.

    Args:
        tree: The page; changed in place.
    """
    if tree.root is not None:
        _compose_in(tree.root, _MOST_NESTED)


def _compose_in(root: LexborNode, depth: int) -> None:
    """Compose the shadow roots below a node, the innermost first: copies have no templates."""
    for host, template in reversed(_hosts_in(root)):
        fragments = template.template_fragments()
        if fragments and depth:
            _compose_in(fragments[0], depth - 1)
        _compose(host, template, list(fragments[0].iter(include_text=True)) if fragments else [])


def _hosts_in(root: LexborNode) -> list[tuple[LexborNode, LexborNode]]:
    """Return the hosts below a node, each with the template that is its root."""
    found: dict[int, tuple[LexborNode, LexborNode]] = {}
    for template in root.css("template[shadowrootmode]"):
        host = template.parent
        mode = (template.attributes.get("shadowrootmode") or "").lower()
        if mode not in _MODES or host is None or not _may_host(host.tag or ""):
            continue
        found.setdefault(host.mem_id, (host, template))
    return list(found.values())


def _may_host(tag: str) -> bool:
    """Return whether an element of this name may have a shadow root."""
    return tag in _HOSTS or "-" in tag


def _compose(host: LexborNode, template: LexborNode, shadow: list[LexborNode]) -> None:
    """Replace a host's children by its shadow tree, with those in it that slots take."""
    own = [child for child in host.iter(include_text=True) if child.mem_id != template.mem_id]
    for node in shadow:
        host.insert_child(node)
    copies = list(host.iter(include_text=True))[len(own) + 1 :]
    assigned = _by_slot(own)
    taken: set[str] = set()
    for copy in copies:
        for slot in _slots_in(copy):
            name = (slot.attributes.get("name") or "").strip()
            if name not in taken:  # the first of a name takes all
                taken.add(name)
                _fill(slot, assigned.get(name, []))
    for child in (template, *own):
        child.decompose()


def _slots_in(node: LexborNode) -> list[LexborNode]:
    """Return the slots in a subtree, itself included."""
    inside = node.css("slot") if node.is_element_node else []
    return [node, *inside] if node.tag == "slot" and node not in inside else inside


def _by_slot(children: list[LexborNode]) -> dict[str, list[LexborNode]]:
    """Return a host's children by the name of the slot that they are for."""
    named: dict[str, list[LexborNode]] = {}
    for child in children:
        if child.is_comment_node or child.tag == "template":
            continue
        name = (child.attributes.get("slot") or "").strip() if child.is_element_node else ""
        named.setdefault(name, []).append(child)
    return named


def _fill(slot: LexborNode, children: list[LexborNode]) -> None:
    """Put what is assigned to a slot into it; without any, what the slot itself holds stays."""
    if not any(
        child.is_element_node or (child.text(deep=False) or "").strip() for child in children
    ):
        return
    for fallback in list(slot.iter(include_text=True)):
        fallback.decompose()
    for child in children:
        slot.insert_child(child)
