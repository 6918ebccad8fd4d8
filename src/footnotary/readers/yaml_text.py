"""YAML of unknown origin: bounded before it is parsed, every scalar left as text."""

import re
from typing import Any

import yaml

MAX_NESTING = 100
MAX_INDENT = 400
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"|\'[^\']*\'|#[^\n]*')
_DASHES = re.compile(r"^\s*(?:-\s+){20}", re.MULTILINE)


def is_bounded(text: str) -> bool:
    """Tell whether a text's nesting is what people write.

    The C parser recurses on its own stack, which hundreds of thousands of brackets end.
    """
    bare = _QUOTED.sub("", text)
    depth = deepest = 0
    for bracket in re.findall(r"[\[\]{}]", bare):
        depth = depth + 1 if bracket in "[{" else max(depth - 1, 0)
        deepest = max(deepest, depth)
    indent = max((len(line) - len(line.lstrip(" ")) for line in bare.splitlines()), default=0)
    return deepest <= MAX_NESTING and indent <= MAX_INDENT and not _DASHES.search(bare)


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
