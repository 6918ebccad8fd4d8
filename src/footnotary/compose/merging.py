"""Merging of nodes (compose-spec, "Merge"): mappings by key, lists by adding, the rest replaced.

A list is only added to here; which of its items replace each other is decided where the items
are read, because it depends on what they mean (the target of a mount, the parts of a port).
"""

from collections.abc import Callable
from copy import copy

from footnotary.compose.interpolation import reduce_variables
from footnotary.compose.nodes import ListNode, MapNode, Node, NodeSource, ScalarNode, get_text

Rule = Callable[[Node, Node, tuple[str, ...]], Node]


def merge_nodes(base: Node, over: Node, path: tuple[str, ...] = ()) -> Node:
    """Merge one value over another.

    Args:
        base: What an earlier file says.
        over: What a later one says. `!override` replaces, `!reset` removes: the marked value
            is returned, `settled` takes it away.
        path: Keys from the root.

    Returns:
        The merged value. Where the two have forms that cannot be merged, the later one.
    """
    if over.directive or base.directive == "reset":
        return over
    rule = _RULES.get(_pattern(path), _merge_alike)
    if rule is not _replace and (over.is_null or base.is_null):
        return base if over.is_null else over
    return rule(base, over, path)


def _merge_alike(base: Node, over: Node, path: tuple[str, ...]) -> Node:
    """Merge two values by their form; keys of two forms are pairs, or a list and one item."""
    forms = {type(base), type(over)}
    if forms == {MapNode}:
        return _merge_tables(as_pairs(base), as_pairs(over), path)
    if forms == {MapNode, ListNode}:
        return _replace_pairs(base, over, path)
    return _add_lists(base, over, path) if ListNode in forms else over


def drop_directives(node: Node) -> Node:
    """Return a value without what `!reset` removes, and without marks."""
    done = copy(node)
    done.directive = ""
    if isinstance(done, MapNode):
        kept = {
            key: drop_directives(one) for key, one in done.items.items() if one.directive != "reset"
        }
        done.items = kept
    elif isinstance(done, ListNode):
        done.items = [drop_directives(one) for one in done.items if one.directive != "reset"]
    return done


def as_pairs(node: Node) -> MapNode:
    """Return `KEY=value` items as a mapping; a mapping as it is; a lone `KEY` has no value."""
    if isinstance(node, MapNode):
        return node
    found: dict[str, Node] = {}
    for item in node.items if isinstance(node, ListNode) else [node]:
        if not isinstance(item, ScalarNode):
            continue
        name, sign, value = _cut(item.raw)
        found[reduce_variables(name)] = ScalarNode(item.source, item.line, value, plain=not sign)
    return MapNode(node.source, node.line, found)


def as_names(node: Node) -> MapNode:
    """Return a list of names as a mapping of names to nothing; a mapping as it is."""
    if isinstance(node, MapNode):
        return node
    items = node.items if isinstance(node, ListNode) else [node]
    found: dict[str, Node] = {
        get_text(item): ScalarNode(item.source, item.line, "", plain=True) for item in items
    }
    return MapNode(node.source, node.line, found)


def as_dependencies(node: Node) -> MapNode:
    """Return `depends_on` in its long form."""
    if isinstance(node, MapNode):
        return node
    items = node.items if isinstance(node, ListNode) else [node]
    return MapNode(
        node.source, node.line,
        {get_text(one): _started(one.source, one.line) for one in items},
    )  # fmt: skip


def _started(source: NodeSource, line: int) -> MapNode:
    """Return the condition that the short form of `depends_on` means."""
    pairs = {"condition": "service_started", "required": "true"}
    return MapNode(
        source, line, {key: ScalarNode(source, line, value) for key, value in pairs.items()}
    )


def as_build(node: Node) -> MapNode:
    """Return `build` in its long form."""
    return node if isinstance(node, MapNode) else MapNode(node.source, node.line, {"context": node})


def _cut(raw: str) -> tuple[str, str, str]:
    """Cut a text at its first `=` that is not in an interpolation."""
    depth = 0
    for index, character in enumerate(raw):
        if raw.startswith("${", index):
            depth += 1
        elif character == "}" and depth:
            depth -= 1
        elif character == "=" and not depth:
            return raw[:index], "=", raw[index + 1 :]
    return raw, "", ""


def _merge_tables(base: MapNode, over: MapNode, path: tuple[str, ...]) -> MapNode:
    """Merge two mappings key by key."""
    items = dict(base.items)
    for key, value in over.items.items():
        found = items.get(key)
        items[key] = value if found is None else merge_nodes(found, value, (*path, key))
    return MapNode(base.source, base.line, items, directive=base.directive)


def _add_lists(base: Node, over: Node, path: tuple[str, ...]) -> Node:
    """Add a list to another; a single value is a list of one."""
    del path
    parts = [one.items if isinstance(one, ListNode) else [one] for one in (base, over)]
    return ListNode(base.source, base.line, [*parts[0], *parts[1]])


def _replace(base: Node, over: Node, path: tuple[str, ...]) -> Node:
    """Take the later value."""
    del base, path
    return over


def _in_form(form: Callable[[Node], MapNode]) -> Rule:
    """Return a rule that merges two values as mappings of one form."""
    return lambda base, over, path: _merge_tables(form(base), form(over), path)


def _replace_pairs(base: Node, over: Node, path: tuple[str, ...]) -> Node:
    """Replace the values of a mapping key by key, nothing merged below."""
    del path
    return MapNode(base.source, base.line, {**as_pairs(base).items, **as_pairs(over).items})


def _pattern(path: tuple[str, ...]) -> tuple[str, ...]:
    """Return a path without the name of the service, network or volume."""
    return (path[0], *path[2:]) if len(path) > 2 else ()  # noqa: PLR2004  services.NAME.key


# Where a value's form alone does not tell how it merges.
_RULES: dict[tuple[str, ...], Rule] = {
    **{("services", key): _replace for key in ("command", "entrypoint")},
    ("services", "healthcheck", "test"): _replace,
    **{("services", key): _add_lists for key in ("env_file", "tmpfs")},
    **{("services", key): _replace_pairs for key in ("environment", "labels")},
    ("services", "build", "args"): _replace_pairs,
    ("services", "build"): _in_form(as_build),
    ("services", "depends_on"): _in_form(as_dependencies),
}
