"""The text of compose files before merging: raw values, interpolations, named files.

The loader replaces `${X:-default}` by its default; what was written is read here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from footnotary.facts.basis import Place
from footnotary.readers import yaml_text
from footnotary.readers.tree import Tree

MAX_DEPTH = 200
_VARIABLE = re.compile(
    r"\$\$|\$\{(?P<braced>[A-Za-z_]\w*)(?P<form>:?[-?+])?|\$(?P<plain>[A-Za-z_]\w*)"
)


@dataclass(frozen=True)
class Use:
    """One `${NAME…}` of a text.

    Attributes:
        name: The variable.
        form: The operator behind it: `:-`, `-`, `:?`, `?`, `:+`, `+`, or empty.
        default: What follows `:-` or `-`; empty otherwise.
    """

    name: str
    form: str = ""
    default: str = ""


@dataclass
class Text:
    """One compose file as written.

    Attributes:
        path: Relative to the project's root.
        scalars: Values by line and key (empty key for the items of a list).
        uses: Interpolations with their places.
        named: Files that `include` and `extends` name, with their line, as written.
    """

    path: str
    scalars: dict[tuple[int, str], list[str]] = field(default_factory=dict)
    uses: list[tuple[Use, Place]] = field(default_factory=list)
    named: list[tuple[str, str, int]] = field(default_factory=list)


def uses(text: str) -> Iterator[Use]:
    """Find the interpolations of a value; a nested default is read too.

    Args:
        text: A scalar as written.

    Yields:
        Each use, outer ones first; `$$` is an escaped dollar and no use.
    """
    for found in _VARIABLE.finditer(text):
        name = found["braced"] or found["plain"]
        if not name:
            continue
        form = found["form"] or ""
        rest = _until_brace(text, found.end()) if form else ""
        yield Use(name, form, rest if form.endswith("-") else "")


def _until_brace(text: str, start: int) -> str:
    """Return the text up to the brace that closes an interpolation."""
    depth = 1
    for index in range(start, len(text)):
        if text.startswith("${", index):
            depth += 1
        elif text[index] == "}":
            depth -= 1
            if not depth:
                return text[start:index]
    return text[start:]


def read(tree: Tree, path: str) -> Text:
    """Read one compose file as written.

    Args:
        tree: The project's files.
        path: Relative to the root.

    Returns:
        What stands in it; nothing where it is no YAML (the loader says why).
    """
    result = Text(path)
    text = tree.text(path)
    if text is None or not yaml_text.is_bounded(text):
        return result
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        node = yaml.compose(text, Loader=loader)
    except (yaml.YAMLError, RecursionError):
        return result
    seen: set[int] = set()
    if node is not None:
        _walk(node, result, (), seen)
    return result


def _walk(node: yaml.Node, result: Text, keys: tuple[str, ...], seen: set[int]) -> None:
    """Collect the scalars below a node, each anchored node once."""
    if id(node) in seen or len(keys) > MAX_DEPTH:
        return
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else ""
            if isinstance(value, yaml.ScalarNode):
                _scalar(value, result, (*keys, name), key.start_mark.line + 1, name)
            else:
                _walk(value, result, (*keys, name), seen)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            if isinstance(item, yaml.ScalarNode):
                _scalar(item, result, (*keys, "[]"), item.start_mark.line + 1, "")
            else:
                _walk(item, result, (*keys, "[]"), seen)


def _scalar(
    node: yaml.ScalarNode, result: Text, keys: tuple[str, ...], line: int, name: str
) -> None:
    """Take in one value."""
    result.scalars.setdefault((line, name), []).append(node.value)
    place = Place(path=result.path, line=line)
    result.uses.extend((use, place) for use in uses(node.value))
    steps = tuple(key for key in keys if key != "[]")
    if steps in {("include",), ("include", "path")}:
        result.named.append(("include", node.value, line))
    elif len(steps) == 4 and steps[0] == "services" and steps[2:] == ("extends", "file"):  # noqa: PLR2004  services.NAME.extends.file
        result.named.append(("extends", node.value, line))
