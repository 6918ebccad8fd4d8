"""YAML of unknown origin: bounded before it is parsed, every scalar left as text."""

import re
from typing import Any

import yaml
from yaml.reader import Reader
from yaml.scanner import Scanner

MAX_NESTING = 100
MAX_NODES = 200_000  # that aliases may add
_ENDLESS = 1_000_000_000
# What a line can begin block collections with. YAML ends lines at more than \n.
_BEGINNING = re.compile("(?:^|[\r\x85\u2028\u2029])[ \t\ufeff?:-]*", re.MULTILINE)


class _TooDeep(Exception):
    """A token goes deeper than `MAX_NESTING`."""


class _DepthScanner(Reader, Scanner):
    """PyYAML's tokens in Python, which end where the nesting goes past our limit."""

    def __init__(self, text: str) -> None:
        Reader.__init__(self, text)
        Scanner.__init__(self)

    def fetch_flow_collection_start(self, token_class: Any) -> None:
        """Count an opening bracket."""
        self._refuse_more()
        super().fetch_flow_collection_start(token_class)

    def add_indent(self, column: int) -> bool:
        """Count the beginning of a block collection."""
        if self.indent < column:
            self._refuse_more()
        return super().add_indent(column)

    def _refuse_more(self) -> None:
        if self.flow_level + len(self.indents) >= MAX_NESTING:
            raise _TooDeep


def is_bounded(text: str) -> bool:
    """Tell whether a text's nesting and aliases are what people write.

    Returns:
        False where nothing may be built of it; True also for what is no YAML, of which the
        parser says why.
    """
    refers = "&" in text and "*" in text
    return not is_nested_deeply(text) and not (refers and _repeated(text) > MAX_NODES)


def is_nested_deeply(text: str) -> bool:
    """Tell whether a text has more levels than `MAX_NESTING`.

    The limit is ours, so that no version of libyaml decides: making nodes recurses on the C
    stack, which hundreds of thousands of brackets end in older ones; newer ones have a limit.
    """
    if _deepest_possible(text) <= MAX_NESTING:
        return False  # nearly every record, told without a parser
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    depth = 0
    try:
        for event in yaml.parse(text, Loader=loader):
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
                if depth > MAX_NESTING:
                    return True
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
    except yaml.YAMLError:
        return _is_cut_by_depth(text)
    return False


def _deepest_possible(text: str) -> int:
    """Return a number of levels that a text cannot exceed, from its characters alone.

    Each block collection is in a column of its own right of the one around it, within the
    beginning of a line; a sequence may share its mapping's column, and a pair in brackets is a
    mapping without any.
    """
    widest = max(len(run.group()) for run in _BEGINNING.finditer(text))
    return 2 * (widest + 1 + text.count("[") + text.count("{"))


def _is_cut_by_depth(text: str) -> bool:
    """Tell whether a text that a parser refused is nested too deeply before it is wrong."""
    try:
        scanner = _DepthScanner(text)
        while scanner.check_token():
            scanner.get_token()  # type: ignore[no-untyped-call]
    except _TooDeep:
        return True
    except yaml.YAMLError:
        return False
    return False


def _repeated(text: str) -> int:
    """Return how many nodes a text's aliases add once they are followed (a bomb's, billions)."""
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        root = yaml.compose(text, Loader=loader)
    except (yaml.YAMLError, RecursionError):
        return 0  # whoever parses it says why
    sizes: dict[int, int] = {}
    written = 1

    def size(node: yaml.Node | None) -> int:
        if not isinstance(node, yaml.CollectionNode):
            return 1
        if id(node) not in sizes:
            nonlocal written
            sizes[id(node)] = _ENDLESS  # an alias to what holds it has no end
            parts = [p for one in node.value for p in (one if isinstance(one, tuple) else (one,))]
            written += len(parts)
            sizes[id(node)] = 1 + sum(size(part) for part in parts)
        return sizes[id(node)]

    try:
        expanded = size(root)
    except RecursionError:
        return MAX_NODES + 1
    return expanded - written


def parse_yaml(text: str) -> Any:
    """Parse YAML with every scalar as a string.

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


class _PlainLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Reads plain scalars as text, but for `true`, `false`, `null` and integers."""


_PlainLoader.yaml_implicit_resolvers = {
    first: [
        (tag, pattern) for tag, pattern in resolvers if tag.endswith((":bool", ":null", ":int"))
    ]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def load_plain(text: str) -> Any:
    """Parse YAML that our own writer made: `1.10` and days are text, and nothing is said twice.

    Returns:
        Mappings, lists, strings, integers, truth values and None.

    Raises:
        ValueError: It is nested too deeply, or has an alias, a field twice or another type.
        yaml.YAMLError: It is no YAML.
    """
    if is_nested_deeply(text):
        raise ValueError("nested too deeply")
    return _value(yaml.compose(text, Loader=_PlainLoader), set())


def _value(node: yaml.Node | None, seen: set[int]) -> Any:
    """Return what a node holds; a third of the time that PyYAML's constructors take."""
    if node is None:
        return None
    if id(node) in seen:
        raise ValueError("aliases are not allowed in a record")
    seen.add(id(node))
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return [_value(child, seen) for child in node.value]
    fields = {str(_value(name, seen)): _value(child, seen) for name, child in node.value}
    if len(fields) != len(node.value):
        raise ValueError("a field is there twice")
    return fields


def _scalar(node: yaml.ScalarNode) -> Any:
    """Return text, an integer, a truth value or nothing."""
    if node.tag == "tag:yaml.org,2002:str":
        return node.value
    if node.tag == "tag:yaml.org,2002:int":
        return int(node.value)
    if node.tag == "tag:yaml.org,2002:bool":
        return node.value.lower() in ("true", "yes", "on")
    if node.tag == "tag:yaml.org,2002:null":
        return None
    raise ValueError(f"{node.tag} is no type of a record")
