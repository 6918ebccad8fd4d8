"""YAML of unknown origin: bounded before it is parsed, every scalar left as text."""

from typing import Any

import yaml

MAX_NESTING = 100
MAX_NODES = 200_000


def is_bounded(text: str) -> bool:
    """Tell whether a text's nesting and aliases are what people write.

    Making nodes recurses on the C stack, which hundreds of thousands of brackets end; the
    events before that are read one by one.
    """
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    depth, refers = 0, False
    try:
        for event in yaml.parse(text, Loader=loader):
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
                if depth > MAX_NESTING:
                    return False
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            refers = refers or isinstance(event, yaml.AliasEvent)
    except (yaml.YAMLError, RecursionError):
        return True  # whoever parses it says why
    return not refers or _expanded(text) <= MAX_NODES


def _expanded(text: str) -> int:
    """Return how many nodes a text has once its aliases are followed (a bomb has billions)."""
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        root = yaml.compose(text, Loader=loader)
    except (yaml.YAMLError, RecursionError):
        return 0  # whoever parses it says why
    sizes: dict[int, int] = {}

    def size(node: yaml.Node | None) -> int:
        if not isinstance(node, yaml.CollectionNode):
            return 1
        if id(node) not in sizes:
            sizes[id(node)] = MAX_NODES + 1  # an alias to what holds it has no end
            parts = [p for one in node.value for p in (one if isinstance(one, tuple) else (one,))]
            sizes[id(node)] = 1 + sum(size(part) for part in parts)
        return sizes[id(node)]

    try:
        return size(root)
    except RecursionError:
        return MAX_NODES + 1


def load(text: str) -> Any:
    """Parse YAML with every scalar as a string.

    Args:
        text: The text of one document.

    Returns:
        Mappings, lists and strings; None for an empty document.

    Raises:
        ValueError: It is no YAML, or nested too deeply; the message has the line and no
            word of the text.
    """
    if not is_bounded(text):
        raise ValueError("it is nested too deeply")
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        return yaml.load(text, Loader=loader)  # noqa: S506  the base loader makes no objects
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}" if mark else "it"
        raise ValueError(f"{where} is no valid YAML") from None
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
