"""The text of compose files before merging: raw values, interpolations, named files.

The loader replaces `${X:-default}` by its default; what was written is read here.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from footnotary import yaml_text
from footnotary.facts.basis import Place
from footnotary.readers.interpolation import Use, uses
from footnotary.source.tree import Tree

MAX_DEPTH = 200


@dataclass(frozen=True)
class Include:
    """One entry of `include` (compose-spec, "Include").

    Attributes:
        paths: Its files, as written.
        folder: Its `project_directory`; empty for that of its first file.
        env_files: Its `env_file`; empty for the `.env` of its folder.
    """

    paths: tuple[str, ...]
    folder: str = ""
    env_files: tuple[str, ...] = ()


@dataclass
class Text:
    """One compose file as written.

    Attributes:
        path: Relative to the project's root.
        scalars: Values by line and key (empty key for the items of a list).
        uses: Interpolations with their places.
        named: Files that `include` and `extends` name, with their line, as written.
        includes: The entries of `include`.
    """

    path: str
    scalars: dict[tuple[int, str], list[str]] = field(default_factory=dict)
    uses: list[tuple[Use, Place]] = field(default_factory=list)
    named: list[tuple[str, str, int]] = field(default_factory=list)
    includes: list[Include] = field(default_factory=list)


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
    result.includes.extend(_includes(node))
    return result


def _includes(root: yaml.Node | None) -> Iterator[Include]:
    """Yield the entries of `include`, in the short and the long form."""
    for entry in getattr(_below(root, "include"), "value", None) or ():
        if isinstance(entry, yaml.ScalarNode):
            yield Include((entry.value,))
        elif isinstance(entry, yaml.MappingNode):
            yield Include(
                _words(_below(entry, "path")),
                next(iter(_words(_below(entry, "project_directory"))), ""),
                _words(_below(entry, "env_file")),
            )


def _below(node: yaml.Node | None, name: str) -> yaml.Node | None:
    """Return the value of a key; None where there is no such key."""
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    return next((value for key, value in pairs if key.value == name), None)


def _words(node: yaml.Node | None) -> tuple[str, ...]:
    """Return a scalar, or the scalars of a list."""
    nodes = node.value if isinstance(node, yaml.SequenceNode) else [node]
    return tuple(one.value for one in nodes if isinstance(one, yaml.ScalarNode))


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
