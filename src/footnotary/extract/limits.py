"""Which markup is refused before it is parsed, so that no page costs minutes or gigabytes.

Measured with Lexbor: 100,000 nested elements take ten seconds (the time grows with the square
of the depth), and an unclosed formatting element is opened again in every block behind it, so
that 40 KB can become millions of elements.
"""

import re
from collections.abc import Callable, Iterable
from itertools import accumulate
from operator import sub

MAX_CHARACTERS = 12_000_000
"""Longest markup that is parsed; its tree takes some ten times that in bytes."""

MAX_DEPTH = 3_000
"""Deepest nesting that is parsed; browsers stop at 512."""

MAX_REOPENED = 2_000_000
"""Most formatting elements that parsing may have to open again."""

MAX_TAGS = 900_000
"""Most tags, which with their text take some 250 bytes each."""

MAX_ATTRIBUTES = 5_000
"""Most attributes of one tag; each is compared with all before it."""

# So many tags can neither nest too deeply nor, half of them formatting, reopen too much.
_FEW_OPENED = 2_800
_LONG_TAG = 20_000  # characters
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]*")
# Their end is implied or they have none: their start tags say nothing of depth.
_UNNESTED = frozenset(
    (
        *("area", "base", "br", "circle", "col", "dd", "dt", "embed", "frame", "hr", "image"),
        *("img", "input", "li", "line", "link", "meta", "p", "param", "path"),
        *("polygon", "rect", "source", "td", "th", "tr", "track", "use", "wbr"),
    )
)
# HTML standard, "Reconstruct the active formatting elements".
_FORMATTING = frozenset(
    (
        *("a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong"),
        *("tt", "u"),
    )
)


def is_too_complex(html: str) -> bool:
    """Say whether markup is too large or too deeply nested to be parsed.

    Args:
        html: The decoded page.
    """
    tags = html.count("<")
    if len(html) > MAX_CHARACTERS or tags > MAX_TAGS or _has_endless_tag(html):
        return True
    return tags - html.count("</") > _FEW_OPENED and _is_deep(html)


def _has_endless_tag(html: str) -> bool:
    """Say whether a tag has more attributes than anybody writes."""
    position = 0
    while len(html) - position > _LONG_TAG:
        following = html.rfind("<", position, position + _LONG_TAG)
        if following < 0:
            following = html.find("<", position) % (len(html) + 1)  # its end, if there is none
            tag = html[position:following].partition(">")[0]
            if len(_QUOTED.sub("", tag).split()) > MAX_ATTRIBUTES:
                return True
        position = following + 1
    return False


def _is_deep(html: str) -> bool:
    """Say whether the tags nest too deeply, or reopen too much."""
    tags = _TAG.findall(html)
    deepest = _highest(map(_NESTING.__getitem__, tags))
    unclosed = _highest(map(_FORMATTED.__getitem__, tags))
    if deepest + unclosed > MAX_DEPTH:
        return True
    return unclosed * len(tags) > MAX_REOPENED and _reopened(tags) > MAX_REOPENED


def _highest(steps: Iterable[int]) -> int:
    """Return how high a walk gets that never goes below the ground."""
    heights = list(accumulate(steps, initial=0))
    highest: int = max(map(sub, heights, accumulate(heights, min)))
    return highest


def _reopened(tags: list[str]) -> int:
    """Return how many formatting elements the blocks open again, at most."""
    unclosed = reopened = 0
    for tag in tags:
        step = _FORMATTED[tag]
        if step:
            unclosed = max(0, unclosed + step)
        else:
            reopened += unclosed
    return reopened


class _Steps(dict[str, int]):
    """What a tag adds to the elements of one kind that are open; letter case is of no account."""

    def __init__(self, counted: Callable[[str], bool]) -> None:
        super().__init__()
        self._counted = counted
        for name in (*_UNNESTED, *_FORMATTING, "div", "h2", "h3", "section", "span", "ul"):
            self[f"<{name}"], self[f"</{name}"] = self[f"<{name}"], self[f"</{name}"]

    def __missing__(self, tag: str) -> int:
        name = tag.lstrip("</").lower()
        return (-1 if tag[1] == "/" else 1) if self._counted(name) else 0


_NESTING = _Steps(lambda name: name not in _UNNESTED and name not in _FORMATTING)
_FORMATTED = _Steps(lambda name: name in _FORMATTING)
